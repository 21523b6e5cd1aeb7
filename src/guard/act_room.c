/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on rooms: what they are, who reports for them, and an officer's own word of who is there. */
#include "guard/act.h"

static err room_known(struct guard *g, const name *n, struct room **out)
{
    *out = room_find(&g->showing.rooms, n);
    return *out == NULL ? FAIL(UNKNOWN, "there is no room of that name") : OK;
}

static err choice_read(span text, const char *yes, const char *no, bool *out)
{
    *out = span_is(text, yes);
    return *out || span_is(text, no)
               ? OK
               : FAIL(MALFORMED, "comes-back is rule or officer, door is yes or no");
}

/* ---- room-add, room-remove ---- */

struct room_asked {
    name             name;
    uint32_t         presence_ms;
    struct room_show show;
};

static err room_decode(struct guard *g, const struct act_view *v, struct room_asked *out)
{
    struct lines l = lines_of(v->body);
    *out = (struct room_asked){.show = {.open_door = true}};
    out->name = take_name(&l, "room");
    span ceiling = take_text(&l, "ceiling");
    out->presence_ms = (uint32_t)take_number(&l, "presence", UINT32_MAX);
    span comes_back = take_text(&l, "comes-back"), door = take_text(&l, "door");
    TRY(body_end(&l));
    TRY(choice_read(comes_back, "officer", "rule", &out->show.by_officer));
    TRY(choice_read(door, "yes", "no", &out->show.door));
    return ranks_read(g, ceiling, &out->show.ceiling);
}

err room_add_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room_asked asked;
    struct room      *r;
    (void)shown;
    TRY(room_decode(g, v, &asked));
    TRY(ceiling_check(asked.show.ceiling));
    TRY(room_add(&g->showing.rooms, &asked.name, asked.presence_ms, &r));
    room_remove(r);
    return OK;
}

/* The place may have been another room's: nothing of that is left. */
err room_add_fold(struct guard *g, const struct act_view *v)
{
    struct room_asked asked;
    struct room      *r;
    TRY(room_decode(g, v, &asked));
    TRY(room_add(&g->showing.rooms, &asked.name, asked.presence_ms, &r));
    asked.show.turn = 1; /* to the desk 0 says that there is no such room */
    *room_show_of(g, r) = asked.show;
    return OK;
}

static err room_decode_only(struct guard *g, const struct act_view *v, struct room **out)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "room");
    TRY(body_end(&l));
    return room_known(g, &n, out);
}

err room_remove_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r;
    (void)shown;
    return room_decode_only(g, v, &r);
}

err room_remove_fold(struct guard *g, const struct act_view *v)
{
    struct room *r;
    TRY(room_decode_only(g, v, &r));
    room_gone(g, r);
    displays_remove(g, &r->name);
    *room_show_of(g, r) = (struct room_show){0};
    room_remove(r);
    return OK;
}

/* ---- reader-add, reader-remove ---- */

static err reader_decode(struct guard *g, const struct act_view *v, struct room **r, name *reader,
                         uint8_t key[static READER_KEY_LEN], bool *log)
{
    struct lines l = lines_of(v->body);
    *reader = take_name(&l, "reader");
    name n = take_name(&l, "room");
    span text = take_text(&l, "key");
    TRY(body_end(&l));
    TRY(room_known(g, &n, r));
    *log = span_is(text, "log");
    return *log ? OK : text_hex(text, key, READER_KEY_LEN);
}

err reader_add_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r, copy;
    name         reader;
    uint8_t      key[READER_KEY_LEN];
    bool         log;
    TRY(reader_decode(g, v, &r, &reader, key, &log));
    if (log) {
        line_text(shown, "shown",
                  SPAN_LIT("what this reader says is the desk's word: nobody signs it"));
    }
    TRY(log ? OK : sign_key_check(key));
    copy = *r;
    return reader_add(&copy, &reader, log ? NULL : key);
}

err reader_add_fold(struct guard *g, const struct act_view *v)
{
    struct room *r;
    name         reader;
    uint8_t      key[READER_KEY_LEN];
    bool         log;
    TRY(reader_decode(g, v, &r, &reader, key, &log));
    TRY(reader_add(r, &reader, log ? NULL : key));
    room_changed(g, r);
    return OK;
}

static err reader_gone_decode(struct guard *g, const struct act_view *v, struct room **r,
                              name *reader)
{
    struct lines l = lines_of(v->body);
    *reader = take_name(&l, "reader");
    name n = take_name(&l, "room");
    TRY(body_end(&l));
    TRY(room_known(g, &n, r));
    return reader_find(*r, reader) == NULL ? FAIL(UNKNOWN, "the room has no reader of that name")
                                           : OK;
}

err reader_remove_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r;
    name         reader;
    (void)shown;
    return reader_gone_decode(g, v, &r, &reader);
}

err reader_remove_fold(struct guard *g, const struct act_view *v)
{
    struct room *r;
    name         reader;
    TRY(reader_gone_decode(g, v, &r, &reader));
    reader_remove(r, &reader);
    room_changed(g, r);
    return OK;
}

/* ---- room-enter, room-leave: an officer as witness ---- */

static err word_decode(struct guard *g, const struct act_view *v, struct room **r, name *who)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "room");
    *who = take_name(&l, "person");
    TRY(body_end(&l));
    return room_known(g, &n, r);
}

err room_enter_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r;
    name         who;
    (void)shown;
    return word_decode(g, v, &r, &who);
}

/* Whoever goes is no witness of it. */
err room_leave_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r;
    name         who;
    TRY(word_decode(g, v, &r, &who));
    if (name_equal(&who, &v->by)) {
        return FAIL(DENIED, "that somebody has left is said by two others");
    }
    const struct occupant *o = occupant_find(r, &who);
    if (o == NULL) {
        return FAIL(UNKNOWN, "nobody of that name is in the room");
    }
    line_text(shown, "shown",
              o->told.kind == WITNESS_NONE
                  ? SPAN_LIT("another witness must say the same within five minutes")
                  : SPAN_LIT("another witness has said that he left"));
    return OK;
}

static void word_done(struct guard *g, const struct act_view *v, bool enters, struct writer *result)
{
    struct room *r;
    name         who;
    MUST(!err_is(word_decode(g, v, &r, &who)));
    enum room_change how = presence_by_officer(g, r, &who, enters, &v->by);
    line_text(result, "how", span_text(room_change_name(how)));
}

void room_enter_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    word_done(g, v, true, result);
}

void room_leave_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    word_done(g, v, false, result);
}

/* ---- room-show: what was taken away may come back ---- */

static err show_decode(struct guard *g, const struct act_view *v, struct room **r)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "room");
    (void)take_text(&l, "reason");
    TRY(body_end(&l));
    return room_known(g, &n, r);
}

err room_show_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct room *r;
    TRY(show_decode(g, v, &r));
    line_text(shown, "shown", SPAN_LIT("what everybody who is in the room now may see comes back"));
    return OK;
}

err room_show_fold(struct guard *g, const struct act_view *v)
{
    struct room *r;
    TRY(show_decode(g, v, &r));
    room_show_of(g, r)->held = false;
    return OK;
}

void room_show_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct room *r;
    MUST(!err_is(show_decode(g, v, &r)));
    room_call(r, g->boot_ms);
    room_changed(g, r);
    line_text(result, "outcome", SPAN_LIT("shown to whom may see it"));
}
