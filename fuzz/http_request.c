/* links: http */
/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"
#include "http/route.h"

static const struct route table[] = {
    {METHOD_GET, "/items/{id}", 1, 0},
    {METHOD_POST, "/a/{b}/c/{d}", 1, 1},
};

/* What was taken keeps its promises: spans within the head, escapes that decode */
static void check(const struct request *r, span head)
{
    uint8_t            buf[TARGET_MAX];
    utf8               out;
    struct route_match m;
    unsigned           allow;
    MUST(r->path.ptr >= head.ptr && r->path.ptr + r->path.len <= head.ptr + head.len);
    MUST(r->path.len + r->query.len <= TARGET_MAX && r->path.ptr[0] == '/');
    MUST(r->fields.count <= HEAD_FIELDS_MAX && r->host.len > 0);
    MUST(!err_is(path_segment(r->path, buf, sizeof buf, &out)));
    err e = query_value(r->query, "a", buf, sizeof buf, &out);
    MUST(!err_is(e) || e.code == ERR_UNKNOWN || e.code == ERR_MALFORMED);
    enum fault f = route_find(table, ARRAY_LEN(table), r->method, r->path, &m, &allow);
    MUST(f == FAULT_NONE || f == FAULT_NO_ROUTE || f == FAULT_WRONG_METHOD);
}

/* The first byte says where the bytes are cut; both ways must give the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct request r;
    struct head_scan      whole = {0}, cut = {0};
    size_t                head = 0, head_cut = 0;
    if (len == 0) {
        return 0;
    }
    span       all = {data + 1, len - 1};
    size_t     at = data[0] < all.len ? data[0] : all.len;
    enum fault g = request_read(&cut, (span){all.ptr, at}, 1 << 20, &r, &head_cut);
    if (g == FAULT_NONE && head_cut == 0) {
        g = request_read(&cut, all, 1 << 20, &r, &head_cut);
    }
    enum fault f = request_read(&whole, all, 1 << 20, &r, &head);
    MUST(f == g && head == head_cut && head <= all.len);
    if (f == FAULT_NONE && head > 0) {
        check(&r, (span){all.ptr, head});
    }
    return 0;
}
