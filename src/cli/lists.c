/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and figures of a running gateway: list, queue, levels, person list, source list, agreement list, status. */
#include <inttypes.h>

#include "cli/act.h"
#include "cli/table.h"
#include "cli/verbs.h"

#define LOOK_MINUTES 1
#define PAGES_MAX    4096 /* of 64 rows; the desk keeps 65,536 items */

/* listing - a list of the desk: its path, the member with the rows, what is shown of a row */
struct listing {
    const char   *path, *member;
    struct column column[TABLE_COLUMNS_MAX];
};

/* One page; *next is where to go on, 0 when there is no more. */
static err page_take(struct desk *d, const struct listing *l, const char *session, json_int_t *next,
                     json_t *rows)
{
    char    target[256];
    json_t *answer = NULL, *page;
    int     len = snprintf(target, sizeof target, "%s?session=%s", l->path, session);
    if (*next > 0) {
        (void)snprintf(target + len, sizeof target - (size_t)len, "&after=%" JSON_INTEGER_FORMAT,
                       *next);
    }
    TRY(desk_ask(d, METHOD_GET, target, NULL, &answer));
    page = json_object_get(answer, l->member);
    (void)json_array_extend(rows, page);
    json_int_t after = json_integer_value(json_object_get(answer, "next"));
    *next = json_array_size(page) > 0 && after > *next ? after : 0;
    json_decref(answer);
    return OK;
}

static err pages_take(struct desk *d, const struct listing *l, json_t *rows)
{
    char       session[ACT_SESSION_LEN];
    json_int_t next = 0;
    TRY(act_session(d, LOOK_MINUTES, session));
    for (unsigned i = 0; i < PAGES_MAX && (i == 0 || next > 0); i++) {
        TRY(page_take(d, l, session, &next, rows));
    }
    return OK;
}

static err list(struct call *c, const struct listing *l)
{
    struct desk *d = NULL;
    TRY(signers_need(c));
    TRY(desk_open(c, &d));
    json_t *rows = json_array();
    err     e = pages_take(d, l, rows);
    desk_close(d);
    if (err_is(e)) {
        json_decref(rows);
        return e;
    }
    table_tell(c, l->member, l->column, rows);
    return OK;
}

/* TIME - a length of time; an instant is a TEXT, with its zone in the head */
/* clang-format off */
#define TEXT(key, head) {key, head, false}
#define TIME(key, head) {key, head, true}

err do_list(struct call *c)
{
    static const struct listing l = {"/v1/items", "items", {
        TEXT("handle", "HANDLE"), TEXT("banner", "BANNER"), TEXT("own-level", "HANDLED AS"),
        TEXT("own-level-chosen", "CHOSEN"), TEXT("kind", "KIND"), TEXT("length", "BYTES"), TEXT("created", "CREATED (UTC)"), TEXT("title", "TITLE")}};
    return list(c, &l);
}

err do_queue(struct call *c)
{
    static const struct listing l = {"/v1/queue", "held", {
        TEXT("held", "EPOCH"), TEXT("partner", "PARTNER"), TEXT("since", "SINCE (UTC)"),
        TEXT("approvals", "APPROVALS"), TEXT("officers", "OF"), TEXT("author", "AUTHOR"),
        TEXT("kind", "KIND"), TEXT("marking", "MARKING"), TEXT("title", "TITLE")}};
    return list(c, &l);
}

err do_levels(struct call *c)
{
    static const struct listing l = {"/v1/levels", "levels", {
        TEXT("handle", "HANDLE"), TEXT("originator", "ORIGINATOR"), TEXT("marking", "MARKING"),
        TEXT("own-level", "HANDLED AS"), TEXT("candidates", "ONE OF"), TEXT("kind", "KIND"),
        TEXT("created", "CREATED (UTC)"), TEXT("title", "TITLE")}};
    return list(c, &l);
}

err do_person_list(struct call *c)
{
    static const struct listing l = {"/v1/persons", "persons", {
        TEXT("person", "PERSON"), TEXT("chain", "CHAIN"), TEXT("nationality", "NATIONALITY"),
        TEXT("employer", "EMPLOYER"), TEXT("firm", "FIRM"), TEXT("facility", "FACILITY"),
        TEXT("registered", "REGISTERED"), TEXT("roles", "ROLES"),
        TEXT("clearance", "CLEARANCE"), TEXT("topics", "TOPICS")}};
    return list(c, &l);
}

err do_source_list(struct call *c)
{
    static const struct listing l = {"/v1/sources", "sources", {
        TEXT("source", "SOURCE"), TEXT("transport", "TRANSPORT"), TEXT("address", "ADDRESS"),
        TEXT("listening", "LISTENING"), TEXT("form", "FORM"), TEXT("kind", "KIND"), TEXT("marking", "MARKING"),
        TEXT("terminal", "TERMINAL"), TEXT("site", "STANDS AT"), TEXT("unknown", "UNKNOWN"),
        TEXT("dated", "DATED"), TEXT("retention", "KEPT (DAYS)"), TEXT("extent", "EXTENT"),
        TEXT("shows-less", "SHOWS LESS"), TEXT("reduced", "COARSER, OR NOTHING")}};
    return list(c, &l);
}

err do_agreement_list(struct call *c)
{
    static const struct listing l = {"/v1/agreements", "agreements", {
        TEXT("agreement", "AGREEMENT"), TEXT("standing", "STANDING"),
        TEXT("signed", "SIGNED BY"), TEXT("missing", "WAITS FOR"),
        TEXT("term-end", "TERM ENDS (UTC)"), TEXT("notice-by", "NOTICE BY (UTC)"),
        TEXT("ends", "ENDS (UTC)"), TEXT("paused-giving", "GIVING PAUSED BY"),
        TEXT("paused-opening", "OPENING PAUSED BY"), TEXT("digest", "DIGEST"),
        TEXT("title", "TITLE")}};
    return list(c, &l);
}

err do_partners(struct call *c)
{
    static const struct listing l = {"/v1/partners", "partners", {
        TEXT("partner", "PARTNER"), TEXT("fresh", "HEARD IN TIME"),
        TIME("last-beat-age", "LAST BEAT AGO"), TIME("lease-left", "OPENS FOR"),
        TEXT("sent", "LETTERS SENT"), TEXT("acked", "ACKNOWLEDGED"),
        TEXT("received", "RECEIVED"), TIME("offset-low", "ITS CLOCK FROM"),
        TIME("offset-high", "TO"), TEXT("day-key", "DAY KEY")}};
    return list(c, &l);
}

err do_asked(struct call *c)
{
    static const struct listing l = {"/v1/asked", "asked", {
        TEXT("what", "WHAT"), TEXT("partner", "PARTNER"), TEXT("to", "TO"),
        TEXT("approval", "LEAF"), TEXT("epoch", "EPOCH"), TEXT("feed", "FEED"),
        TEXT("since", "SINCE (UTC)"), TEXT("until", "UNTIL (UTC)"), TEXT("count", "LEFT"),
        TEXT("state", "STATE"), TEXT("level", "LEVEL"), TEXT("purpose", "PURPOSE"),
        TEXT("firm", "FIRM"), TEXT("facility", "FACILITY"), TEXT("agreement", "AGREEMENT"),
        TEXT("topics", "TOPICS")}};
    return list(c, &l);
}

err do_room_list(struct call *c)
{
    static const struct listing l = {"/v1/rooms", "rooms", {
        TEXT("what", "WHAT"), TEXT("room", "ROOM"), TEXT("reader", "READER"),
        TEXT("number", "LAST NUMBER"), TEXT("display", "DISPLAY"), TEXT("person", "PERSON"), TEXT("is", "WHO IS"),
        TEXT("party", "PARTY"), TEXT("agreement", "AGREEMENT"), TEXT("ceiling", "CEILING"),
        TEXT("topics", "TOPICS"), TEXT("rooms", "ROOMS"), TEXT("scope", "SCOPE"),
        TIME("lease-left", "KNOWN FOR"), TEXT("shows", "SHOWS"),
        TEXT("comes-back", "COMES BACK BY"), TEXT("waits", "WAITS"),
        TEXT("leaving", "LEAVING"), TEXT("on", "ON"), TEXT("from", "FROM (UTC)"),
        TEXT("until", "UNTIL (UTC)"), TEXT("runs", "RUNS")}};
    return list(c, &l);
}

err do_orders(struct call *c)
{
    static const struct listing l = {"/v1/orders", "orders", {
        TEXT("what", "WHAT"), TEXT("leaf", "LEAF"), TEXT("partner", "PARTNER"),
        TEXT("count", "ITEMS"), TEXT("state", "STATE"), TEXT("since", "SINCE (UTC)"),
        TEXT("gone", "DESTROYED"), TEXT("not-here", "NOT THERE"),
        TEXT("opened", "WERE OPENED"), TEXT("due", "DUE (UTC)"), TEXT("handle", "HANDLE")}};
    return list(c, &l);
}

err do_duties(struct call *c)
{
    static const struct listing l = {"/v1/duties", "duties", {
        TEXT("what", "WHAT"), TEXT("partner", "PARTNER"), TEXT("handle", "HANDLE"),
        TEXT("state", "STATE"), TEXT("due", "DUE (UTC)"), TEXT("since", "SINCE (UTC)"),
        TEXT("certified", "CERTIFIED BY"), TEXT("certifiers", "OF"),
        TEXT("copied", "COPIES"), TEXT("copies", "AT MOST"), TEXT("leaf", "LEAF")}};
    return list(c, &l);
}
/* clang-format on */

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
        char text[CELL_MAX];
        cell_text(value, false, text);
        (void)fprintf(c->out, "%s%-18s %s\n", indent, key, text);
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

/* refused: by TLS, so that another terminal's certificate may do */
static err status_take(struct call *c, unsigned skip, json_t **answer, bool *refused)
{
    struct desk *d = NULL;
    *refused = false;
    TRY(desk_open_other(c, skip, &d));
    err e = status_ask(d, answer);
    *refused = e.code == ERR_DENIED && c->refusal[0] == 0;
    if (*refused) {
        call_about(c, "the terminal of %s", d->terminal.text);
    }
    desk_close(d);
    return e;
}

/* Who names nobody is shown what any terminal here is: one that is revoked, or has run out, is passed over. */
static err status_of_any(struct call *c, json_t **answer)
{
    bool refused = false;
    err  e = status_take(c, 0, answer, &refused);
    for (unsigned skip = 1; refused && c->as_count == 0; skip++) {
        char about[sizeof c->about];
        memcpy(about, c->about, sizeof about);
        err next = status_take(c, skip, answer, &refused);
        if (next.code == ERR_UNKNOWN && *answer == NULL) {
            memcpy(c->about, about, sizeof about); /* that was the last of them */
            return e;
        }
        call_note(c, "%s: %s: another is taken", about, e.why);
        e = next;
    }
    return e;
}

err do_status(struct call *c)
{
    json_t *answer = NULL;
    TRY(status_of_any(c, &answer));
    room_add(c, answer);
    if (!c->json) {
        figures_tell(c, "", answer);
    }
    (void)json_object_update(c->answer, answer);
    json_decref(answer);
    return OK;
}
