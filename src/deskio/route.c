/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/route.h"

#include "wire/told.h"

/* All terminals may ask all: who may have what is the guard's to say. */
#define ANYBODY 1

static const struct route routes[] = {
    {METHOD_POST, "/v1/acts", ANYBODY, ASK_ACT},
    {METHOD_POST, "/v1/acts/{act}/signatures", ANYBODY, ASK_SIGN},
    {METHOD_GET, "/v1/opened/{ticket}", ANYBODY, ASK_OPENED},
    {METHOD_POST, "/v1/submissions", ANYBODY, ASK_SUBMIT},
    {METHOD_POST, "/v1/uploads/{ticket}", ANYBODY, ASK_UPLOAD},
    {METHOD_GET, "/v1/items", ANYBODY, ASK_ITEMS},
    {METHOD_GET, "/v1/stream", ANYBODY, ASK_STREAM},
    {METHOD_GET, "/v1/queue", ANYBODY, ASK_QUEUE},
    {METHOD_GET, "/v1/persons", ANYBODY, ASK_PERSONS},
    {METHOD_GET, "/v1/sources", ANYBODY, ASK_SOURCES},
    {METHOD_GET, "/v1/agreements", ANYBODY, ASK_AGREEMENTS},
    {METHOD_GET, "/v1/status", ANYBODY, ASK_STATUS},
    {METHOD_GET, "/v1/partners", ANYBODY, ASK_PARTNERS},
    {METHOD_GET, "/v1/asked", ANYBODY, ASK_ASKED},
    {METHOD_GET, "/v1/orders", ANYBODY, ASK_ORDERS},
    {METHOD_GET, "/v1/duties", ANYBODY, ASK_DUTIES},
    {METHOD_GET, "/v1/rooms", ANYBODY, ASK_ROOMS},
    {METHOD_GET, "/v1/levels", ANYBODY, ASK_LEVELS},
    {METHOD_GET, "/v1/acts/{act}", ANYBODY, ASK_WAITING},
    {METHOD_POST, "/v1/presence", ANYBODY, ASK_PRESENCE},
    {METHOD_GET, "/v1/display", ANYBODY, ASK_DISPLAY},
    {METHOD_POST, "/v1/display/done", ANYBODY, ASK_DONE},
};

bool route_upload(const struct request *r)
{
    struct route_match m;
    unsigned           allow;
    enum fault         f = route_find(routes, ARRAY_LEN(routes), r->method, r->path, &m, &allow);
    return f == FAULT_NONE && m.route->handler == ASK_UPLOAD;
}

/* ---- the query ---- */

#define QUERY_VALUE_MAX (DESK_RESUME_MAX * (NAME_MAX_LEN + 1))

static err session_take(span value, struct desk_request *out)
{
    uint8_t       bytes[8];
    struct reader r = reader_of(SPAN_OF(bytes));
    if (err_is(text_hex(value, bytes, sizeof bytes))) {
        return FAIL(MALFORMED, "a session is 16 hexadecimal digits, small letters");
    }
    out->session = read_u64(&r);
    return OK;
}

err route_seen(span ids, struct desk_request *out)
{
    out->resumes = true;
    out->seen_count = 0;
    while (ids.len > 0) {
        if (out->seen_count == DESK_RESUME_MAX) {
            return FAIL(LIMIT, "a stream goes on after 16 events at most");
        }
        span           text = span_trim(span_cut(&ids, ','));
        struct told_id told;
        if (err_is(told_id_read(text, &told))) {
            return FAIL(MALFORMED, "`after` (or Last-Event-ID) names no event of a stream: its ids "
                                   "are as 6fd3a01b9c-17 or now-6fd3a01b9c");
        }
        TRY(name_of(text, &out->seen[out->seen_count++]));
    }
    return OK;
}

/* Of a list a number, of a stream the id of an event. */
static err after_take(span value, struct desk_request *out)
{
    if (out->what == ASK_STREAM) {
        return route_seen(value, out);
    }
    return err_is(text_decimal(value, UINT32_MAX, &out->after))
               ? FAIL(MALFORMED, "`after` of a list is the `next` of the page before")
               : OK;
}

static err originator_take(span value, struct desk_request *out)
{
    return name_of(value, &out->originator);
}

static err feed_take(span value, struct desk_request *out)
{
    return name_of(value, &out->feed);
}

static const struct {
    const char *key;
    err (*take)(span value, struct desk_request *out);
} query_row[] = {
    {"session", session_take},
    {"after", after_take},
    {"originator", originator_take},
    {"feed", feed_take},
};

static err query_read(span query, struct desk_request *out)
{
    for (size_t i = 0; i < ARRAY_LEN(query_row); i++) {
        uint8_t buf[QUERY_VALUE_MAX];
        utf8    value;
        err     e = query_value(query, query_row[i].key, buf, sizeof buf, &value);
        if (e.code == ERR_UNKNOWN) {
            continue;
        }
        TRY(e);
        TRY(query_row[i].take(value.bytes, out));
    }
    return OK;
}

enum fault route_read(const struct request *r, struct desk_request *out, unsigned *allow, err *why)
{
    struct route_match m;
    enum fault         f = route_find(routes, ARRAY_LEN(routes), r->method, r->path, &m, allow);
    if (f == FAULT_NONE) {
        *out = (struct desk_request){.what = (enum ask)m.route->handler,
                                     .named = m.count > 0 ? m.capture[0] : (span){0},
                                     .body = r->body,
                                     .body_len = r->body_len};
        *why = query_read(r->query, out);
    }
    return f;
}
