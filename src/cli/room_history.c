/* SPDX-License-Identifier: Apache-2.0 */
/* room history: who was in a room while what was shown, from the ledger alone (docs/format/rooms.md). */
#include <inttypes.h>

#include "cli/act_text.h"
#include "cli/audit.h"
#include "cli/given.h"
#include "cli/party.h"
#include "cli/verbs.h"

/* told - what is asked of the ledger */
struct told {
    struct call *call;
    span         room;
    instant      from, until;
    unsigned     rows;
    bool         known; /* the ledger has it: it was made, or something is told of it */
    bool         there; /* and it was not removed since */
};

/* entry - one leaf about a room, as it is told */
struct entry {
    const char *what;
    span        person, how, witness, reason;
    json_t     *who, *classes;
};

static void entry_line(struct told *t, const struct entry *e, const struct history_step *step)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    put_instant(&w, step->head.time);
    call_tell(t->call, SPAN_FMT "  %s%s" SPAN_FMT "%s" SPAN_FMT "%s" SPAN_FMT,
              SPAN_ARG(writer_span(&w)), e->what, e->person.len > 0 ? "  " : "",
              SPAN_ARG(e->person), e->how.len > 0 ? " " : "", SPAN_ARG(e->how),
              e->reason.len > 0    ? ": "
              : e->witness.len > 0 ? ", says "
                                   : "",
              SPAN_ARG(e->reason.len > 0 ? e->reason : e->witness));
    for (size_t i = 0; i < json_array_size(e->classes); i++) {
        call_tell(t->call, "    %s", json_string_value(json_array_get(e->classes, i)));
    }
    if (json_array_size(e->who) > 0) {
        char *who = json_dumps(e->who, JSON_COMPACT);
        call_tell(t->call, "    in the room: %s", who == NULL ? "" : who);
        free(who);
    }
}

static void set_span(json_t *row, const char *key, span value)
{
    if (value.len > 0) {
        (void)json_object_set_new(row, key, json_span(value));
    }
}

static void entry_tell(struct told *t, const struct entry *e, const struct history_step *step)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    json_t       *row = json_pack("{s:s, s:I}", "what", e->what, "leaf", (json_int_t)step->index);
    put_instant(&w, step->head.time);
    set_span(row, "time", writer_span(&w));
    set_span(row, "person", e->person);
    set_span(row, "how", e->how);
    set_span(row, "witness", e->witness);
    set_span(row, "reason", e->reason);
    entry_line(t, e, step);
    (void)json_object_set(row, "who", e->who);
    (void)json_object_set(row, "classes", e->classes);
    call_append(t->call, "history", row);
    t->rows++;
}

static void rest_read(struct lines *l, const char *key, json_t *into)
{
    span value;
    while (take_more(l, key, &value)) {
        (void)json_array_append_new(into, json_span(value));
    }
}

static err occupancy_read(struct lines *l, struct entry *e)
{
    span number;
    e->person = take_text(l, "person");
    e->how = take_text(l, "how");
    e->witness = take_text(l, "witness");
    (void)take_more(l, "number", &number);
    return lines_end(l);
}

static err showing_read(struct lines *l, struct entry *e)
{
    (void)take_number(l, "turn", UINT32_MAX);
    (void)take_more(l, "person", &e->person);
    e->reason = take_text(l, "reason");
    rest_read(l, "who", e->who);
    rest_read(l, "class", e->classes);
    return lines_end(l);
}

static err displays_read(struct lines *l, struct entry *e)
{
    span silent;
    (void)take_number(l, "turn", UINT32_MAX);
    e->how = SPAN_LIT("acknowledged");
    while (take_more(l, "silent", &silent)) {
        e->how = SPAN_LIT("acknowledged, but not by all");
    }
    return OK; /* a line `repeated` may follow */
}

static const struct {
    enum leaf_kind kind;
    const char    *what;
    err (*read)(struct lines *l, struct entry *e);
} entry_row[] = {
    {LEAF_OCCUPANCY, "occupancy", occupancy_read},
    {LEAF_SHOWN, "shown", showing_read},
    {LEAF_MASKED, "masked", showing_read},
    {LEAF_DISPLAYS, "displays", displays_read},
};

static bool in_time(const struct told *t, const struct history_step *step)
{
    return step->head.time >= t->from && step->head.time <= t->until;
}

static err room_leaf(struct told *t, const struct history_step *step, unsigned row)
{
    struct lines l = lines_of(step->head.body);
    struct entry e = {.what = entry_row[row].what};
    if (!span_equal(take_text(&l, "room"), t->room)) {
        return OK;
    }
    t->known = true;
    if (!in_time(t, step)) {
        return OK;
    }
    e.who = json_array();
    e.classes = json_array();
    err bad = entry_row[row].read(&l, &e);
    if (!err_is(bad)) {
        entry_tell(t, &e, step);
    }
    json_decref(e.who);
    json_decref(e.classes);
    return bad;
}

static err act_leaf(struct told *t, const struct history *h, const struct history_step *step)
{
    static struct act_text a;
    static const name      made = {"room-add"}, gone = {"room-remove"};
    bool                   found;
    TRY(act_text_read(h, step->head.body, &a, &found));
    bool adds = name_equal(&a.act, &made);
    if (found && (adds || name_equal(&a.act, &gone))) {
        struct lines l = lines_of(a.body);
        bool         it = span_equal(take_text(&l, "room"), t->room);
        t->known = t->known || it;
        t->there = it ? adds : t->there;
    }
    return OK;
}

/* A start ends all that was shown; nobody but a display tells of it again. */
static err leaf_take(void *ctx, const struct history *h, const struct history_step *step)
{
    struct told *t = ctx;
    if (step->head.kind == LEAF_ACT) {
        return act_leaf(t, h, step);
    }
    if (step->head.kind == LEAF_STARTED && t->there && in_time(t, step)) {
        struct entry e = {.what = "started",
                          .reason = SPAN_LIT("nothing is shown any more"),
                          .who = json_array(),
                          .classes = json_array()};
        entry_tell(t, &e, step);
        json_decref(e.who);
        json_decref(e.classes);
        return OK;
    }
    for (unsigned i = 0; i < ARRAY_LEN(entry_row); i++) {
        if (entry_row[i].kind == step->head.kind) {
            return room_leaf(t, step, i);
        }
    }
    return OK;
}

err do_room_history(struct call *c)
{
    struct told  t = {.call = c, .room = span_text(c->arg[0])};
    struct audit a = {.take = leaf_take, .ctx = &t};
    const char  *dir;
    if (call_option(c, "from") != NULL) {
        TRY(party_time(c, "from", &t.from));
    }
    TRY(party_time(c, "until", &t.until));
    if (t.from > t.until) {
        call_about(c, "--from %s", call_option(c, "from"));
        return call_misuse(c, FAIL(MALFORMED, "--from is after --until, or after now"));
    }
    TRY(party_dir(c, &dir));
    TRY(call_dir_is_party(c, dir));
    call_set(c, "history", json_array());
    TRY(audit_ledger(&a, dir));
    audit_done(&a);
    if (!t.known) {
        call_about(c, "%s", c->arg[0]);
        return FAIL(UNKNOWN, "the ledger has no room of that name");
    }
    call_note(c, "%u entries about %s", t.rows, c->arg[0]);
    return OK;
}
