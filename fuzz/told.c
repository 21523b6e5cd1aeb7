/* links: client */
/* SPDX-License-Identifier: Apache-2.0 */
/* What a desk tells a program by libaccord, after a first byte: an event of several reports, what a caller kept of an
 * earlier stream, an answer.  What is taken is written back as it was. */
#include "wire/told.h"
#include "client/inside.h"

static err report(void *ctx, const name *event_id, span bytes)
{
    unsigned      *count = ctx;
    struct told_id id;
    MUST(!err_is(told_id_read(name_span(event_id), &id)) && bytes.len > 0);
    return ++*count > 1000 ? FAIL(LIMIT, "enough") : OK;
}

static void event(span bytes)
{
    unsigned count = 0;
    name     id;
    span     first = span_cut(&bytes, '\n');
    if (!err_is(name_of(first, &id))) {
        (void)told_each(&id, bytes, report, &count);
    }
}

static void kept(span bytes)
{
    static struct seen s, again;
    char               out[ACCORD_SEEN_MAX], twice[ACCORD_SEEN_MAX];
    struct writer      w = WRITER_OF(out), x = WRITER_OF(twice);
    if (!err_is(seen_read(&s, bytes))) {
        seen_put(&s, true, &w);
        MUST(!w.bad && !err_is(seen_read(&again, writer_span(&w))));
        seen_put(&again, true, &x);
        MUST(span_equal(writer_span(&w), writer_span(&x)));
    }
}

static void answer(span bytes)
{
    const char *text;
    json_t     *root = json_loadb((const char *)bytes.ptr, bytes.len, 0, NULL);
    (void)text_of(root, "text", &text);
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static void (*const read[])(span) = {event, kept, answer};
    if (len > 0) {
        read[data[0] % ARRAY_LEN(read)]((span){data + 1, len - 1});
    }
    return 0;
}
