/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and figures of a running gateway: list, queue, person list, source list, agreement list, status. */
#include <inttypes.h>

#include "cli/act.h"
#include "cli/verbs.h"

#define LOOK_MINUTES 1
#define COLUMNS_MAX  8
#define PAGES_MAX    4096 /* of 64 rows; the desk keeps 65,536 items */

/* listing - a list of the desk: its path, the member with the rows, what is shown of a row */
struct listing {
    const char *path, *member;
    const char *column[COLUMNS_MAX];
};

static void cell_put(FILE *out, const json_t *value, bool last)
{
    const char *tail = last ? "\n" : "  ";
    if (json_is_string(value)) {
        (void)fprintf(out, "%s%s", json_string_value(value), tail);
    } else if (json_is_integer(value)) {
        (void)fprintf(out, "%" JSON_INTEGER_FORMAT "%s", json_integer_value(value), tail);
    } else {
        (void)fprintf(out, "%s%s", json_is_true(value) ? "yes" : "-", tail);
    }
}

static void row_tell(struct call *c, const struct listing *l, json_t *row)
{
    if (c->json) {
        call_append(c, l->member, json_incref(row));
        return;
    }
    for (unsigned i = 0; i < COLUMNS_MAX && l->column[i] != NULL; i++) {
        bool last = i + 1 == COLUMNS_MAX || l->column[i + 1] == NULL;
        cell_put(c->out, json_object_get(row, l->column[i]), last);
    }
}

/* One page; *next is where to go on, 0 when there is no more. */
static err page_tell(struct desk *d, const struct listing *l, const char *session, json_int_t *next)
{
    char    target[256];
    json_t *answer = NULL, *rows, *row;
    size_t  i;
    int     len = snprintf(target, sizeof target, "%s?session=%s", l->path, session);
    if (*next > 0) {
        (void)snprintf(target + len, sizeof target - (size_t)len, "&after=%" JSON_INTEGER_FORMAT,
                       *next);
    }
    TRY(desk_ask(d, METHOD_GET, target, NULL, &answer));
    rows = json_object_get(answer, l->member);
    json_array_foreach(rows, i, row)
    {
        row_tell(d->call, l, row);
    }
    json_int_t after = json_integer_value(json_object_get(answer, "next"));
    *next = json_array_size(rows) > 0 && after > *next ? after : 0;
    json_decref(answer);
    return OK;
}

static err pages_tell(struct desk *d, const struct listing *l)
{
    char       session[ACT_SESSION_LEN];
    json_int_t next = 0;
    TRY(act_session(d, LOOK_MINUTES, session));
    for (unsigned i = 0; i < PAGES_MAX && (i == 0 || next > 0); i++) {
        TRY(page_tell(d, l, session, &next));
    }
    return OK;
}

static err list(struct call *c, const struct listing *l)
{
    struct desk *d = NULL;
    TRY(signers_need(c));
    TRY(desk_open(c, &d));
    if (c->json) {
        call_set(c, l->member, json_array());
    }
    err e = pages_tell(d, l);
    desk_close(d);
    return e;
}

err do_list(struct call *c)
{
    static const struct listing l = {
        "/v1/items", "items", {"handle", "banner", "kind", "length", "created", "title"}};
    return list(c, &l);
}

err do_queue(struct call *c)
{
    static const struct listing l = {
        "/v1/queue",
        "held",
        {"held", "partner", "approvals", "officers", "author", "kind", "marking", "title"}};
    return list(c, &l);
}

err do_person_list(struct call *c)
{
    static const struct listing l = {
        "/v1/persons",
        "persons",
        {"person", "chain", "nationality", "roles", "clearance", "topics", "registered"}};
    return list(c, &l);
}

err do_source_list(struct call *c)
{
    static const struct listing l = {
        "/v1/sources", "sources", {"source", "transport", "address", "kind", "marking"}};
    return list(c, &l);
}

err do_agreement_list(struct call *c)
{
    static const struct listing l = {"/v1/agreements",
                                     "agreements",
                                     {"agreement", "standing", "digest", "term-end", "notice-by",
                                      "ends", "paused-giving", "title"}};
    return list(c, &l);
}

err do_partners(struct call *c)
{
    static const struct listing l = {
        "/v1/partners",
        "partners",
        {"partner", "fresh", "lease-left", "sent", "acked", "received", "last-beat-age"}};
    return list(c, &l);
}

err do_asked(struct call *c)
{
    static const struct listing l = {
        "/v1/asked",
        "asked",
        {"what", "partner", "to", "epoch", "feed", "approval", "count", "state"}};
    return list(c, &l);
}

err do_orders(struct call *c)
{
    static const struct listing l = {
        "/v1/orders",
        "orders",
        {"what", "leaf", "partner", "count", "state", "gone", "opened", "due"}};
    return list(c, &l);
}

/* ---- status ---- */

static void figures_tell(struct call *c, const char *indent, const json_t *figures);

static void figure_tell(struct call *c, const char *indent, const char *key, const json_t *value)
{
    char    deeper[32];
    size_t  i;
    json_t *one;
    (void)snprintf(deeper, sizeof deeper, "%s  ", indent);
    if (json_is_object(value)) {
        (void)fprintf(c->out, "%s%s\n", indent, key);
        figures_tell(c, deeper, value);
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, one)
        {
            figure_tell(c, indent, key, one);
        }
    } else {
        (void)fprintf(c->out, "%s%-18s ", indent, key);
        cell_put(c->out, value, true);
    }
}

static void figures_tell(struct call *c, const char *indent, const json_t *figures)
{
    const char *key;
    json_t     *value, *all = json_copy((json_t *)(uintptr_t)figures);
    json_object_foreach(all, key, value)
    {
        figure_tell(c, indent, key, value);
    }
    json_decref(all);
}

/* Figures are for whom the guard knows by a session; anybody learns that the gateway answers. */
static err status_ask(struct desk *d, json_t **answer)
{
    char session[ACT_SESSION_LEN], target[64] = "/v1/status";
    if (d->call->as_count > 1) {
        return signers_need(d->call);
    }
    if (d->call->as_count > 0) {
        TRY(act_session(d, LOOK_MINUTES, session));
        (void)snprintf(target, sizeof target, "/v1/status?session=%s", session);
    }
    return desk_ask(d, METHOD_GET, target, NULL, answer);
}

static json_t *decimal_json(span text)
{
    uint64_t n = 0;
    return err_is(text_decimal(text, INT64_MAX, &n)) ? json_span(text)
                                                     : json_integer((json_int_t)n);
}

/* DIR/run/room, as accordd wrote it last: a log's lines begin with `log`, days-left is of all. */
static void room_lines(span text, json_t *to)
{
    json_t *logs = json_array(), *log = NULL;
    while (text.len > 0) {
        span line = span_cut(&text, '\n'), word = span_cut(&line, ' ');
        char key[32] = "";
        if (word.len >= sizeof key || line.len == 0) {
            continue;
        }
        memcpy(key, word.ptr, word.len);
        if (span_is(word, "log")) {
            log = json_object();
            (void)json_array_append_new(logs, log);
        }
        bool of_all = log == NULL || span_is(word, "days-left");
        if (!span_is(word, "accord")) {
            (void)json_object_set_new(of_all ? to : log, key, decimal_json(line));
        }
    }
    (void)json_object_set_new(to, "logs", logs);
}

/* Only at the gateway itself: a terminal elsewhere has no such file. */
static void room_add(struct call *c, json_t *answer)
{
    char    path[FILE_PATH_MAX];
    uint8_t buf[4096];
    span    text;
    json_t *room = json_object();
    if (!err_is(party_path(c, "run/room", path)) &&
        !err_is(file_read(path, buf, sizeof buf, &text))) {
        room_lines(text, room);
        (void)json_object_set(answer, "room", room);
    }
    json_decref(room);
    c->about[0] = 0;
}

err do_status(struct call *c)
{
    struct desk *d = NULL;
    json_t      *answer = NULL;
    TRY(desk_open(c, &d));
    err e = status_ask(d, &answer);
    desk_close(d);
    TRY(e);
    room_add(c, answer);
    if (!c->json) {
        figures_tell(c, "", answer);
    }
    (void)json_object_update(c->answer, answer);
    json_decref(answer);
    return OK;
}
