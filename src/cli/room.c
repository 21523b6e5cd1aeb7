/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms, their readers and displays, visits, and an officer's word of who is there (docs/format/rooms.md). */
#include <stdlib.h>

#include "cli/act.h"
#include "cli/given.h"
#include "cli/marking_args.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/word.h"
#include "crypt/cert.h"

static err room_run(struct call *c, const char *act, const struct writer *w, const char *said)
{
    TRY(act_run(c, act, w, (span){NULL, 0}, NULL));
    call_tell(c, said, c->arg[0]);
    return OK;
}

/* ---- room add, remove ---- */

static err presence_line(struct call *c, struct writer *w)
{
    static const struct number_option presence = {"presence", 0, 43200, 10,
                                                  "a presence lease is seconds, 43200 at most"};
    uint64_t                          seconds;
    TRY(given_number(c, &presence, &seconds));
    line_number(w, "presence", seconds * 1000);
    return OK;
}

err do_room_add(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    const char   *ceiling, *back = call_option(c, "comes-back");
    TRY(given_name(c, c->arg[0]));
    TRY(call_need(c, "ceiling", &ceiling));
    line_text(&w, "room", span_text(c->arg[0]));
    TRY(line_list(&w, "ceiling", ceiling));
    TRY(presence_line(c, &w));
    line_text(&w, "comes-back", span_text(back == NULL ? "rule" : back));
    line_text(&w, "door", span_text(call_has(c, "door") ? "yes" : "no"));
    return room_run(c, "room-add", &w, "room %s is there");
}

err do_room_remove(struct call *c)
{
    static const struct word word = {"room-remove", {{"room", 0, NULL}}, "room %s is gone"};
    return word_run(c, &word);
}

/* ---- room reader ---- */

err do_room_reader_add(struct call *c)
{
    static const struct word add = {
        "reader-add",
        {{"reader", 1, NULL}, {"room", 0, NULL}, {"key", -1, NULL}},
        "a reader of %s is there: nothing classified shows until it is heard"};
    static const struct word follow = {"reader-add",
                                       {{"reader", 1, NULL}, {"room", 0, NULL}, {"key", -1, "log"}},
                                       "a log of %s is followed: what it says is the desk's word"};
    if (call_has(c, "key") == call_has(c, "log")) {
        return call_misuse(c, FAIL(MALFORMED, "a reader has --key HEX, or --log"));
    }
    return word_run(c, call_has(c, "log") ? &follow : &add);
}

err do_room_reader_remove(struct call *c)
{
    static const struct word word = {
        "reader-remove", {{"reader", 1, NULL}, {"room", 0, NULL}}, "a reader of %s is gone"};
    return word_run(c, &word);
}

/* ---- room display, on, off ---- */

static err display_body(struct call *c, struct writer *w)
{
    const char   *given = call_option(c, "key"), *ceiling;
    uint8_t       spki[CERT_SPKI_MAX];
    struct writer s = WRITER_OF(spki);
    TRY(given_name(c, c->arg[0]));
    TRY(given_name(c, c->arg[1]));
    TRY(call_need(c, "ceiling", &ceiling));
    line_text(w, "display", span_text(c->arg[1]));
    line_text(w, "room", span_text(c->arg[0]));
    put_text(w, "key ");
    if (given != NULL) {
        put_text(w, given);
    } else {
        TRY(terminal_public(c, c->arg[1], &s));
        put_base64(w, writer_span(&s));
    }
    put_u8(w, '\n');
    return line_list(w, "ceiling", ceiling);
}

err do_room_display_add(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    char         *result = NULL;
    struct writer w = WRITER_OF(buf);
    TRY(display_body(c, &w));
    TRY(act_run(c, "display-add", &w, (span){NULL, 0}, &result));
    err e = result == NULL ? OK : terminal_keep(c, c->arg[1], result); /* NULL: it waits */
    free(result);
    return e;
}

err do_room_display_remove(struct call *c)
{
    static const struct word word = {
        "display-remove", {{"display", 0, NULL}}, "display %s is gone"};
    return word_run(c, &word);
}

err do_room_display_on(struct call *c)
{
    static const struct word word = {NULL, {{"display", 0, NULL}}, NULL};
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    TRY(word_put(c, &word, &w));
    TRY(word_minutes(c, &w));
    return room_run(c, "display-on", &w, "display %s is on");
}

err do_room_display_off(struct call *c)
{
    static const struct word word = {"display-off", {{"display", 0, NULL}}, "display %s is off"};
    return word_run(c, &word);
}

/* ---- room visit ---- */

static err list_line(struct call *c, struct writer *w, const char *key)
{
    const char *value;
    TRY(call_need(c, key, &value));
    return line_list(w, key, value);
}

static err need_line(struct call *c, struct writer *w, const char *key,
                     err (*check)(struct call *c, const char *value))
{
    const char *value;
    TRY(call_need(c, key, &value));
    TRY(check(c, value));
    line_text(w, key, span_text(value));
    return OK;
}

static err time_line(struct call *c, struct writer *w, const char *key)
{
    const char *value;
    TRY(call_need(c, key, &value));
    return word_time(c, key, value, w);
}

err do_room_visit_end(struct call *c)
{
    static const struct word word = {
        "visit-end", {{"visitor", 0, NULL}}, "the visit of %s has ended"};
    return word_run(c, &word);
}

err do_room_visit_add(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    TRY(given_name(c, c->arg[0]));
    line_text(&w, "visitor", span_text(c->arg[0]));
    TRY(need_line(c, &w, "party", given_name));
    TRY(need_line(c, &w, "agreement", given_name));
    TRY(list_line(c, &w, "clearance"));
    TRY(list_line(c, &w, "ceiling"));
    TRY(list_line(c, &w, "topics"));
    TRY(need_line(c, &w, "scope", given_text));
    TRY(list_line(c, &w, "rooms"));
    TRY(time_line(c, &w, "from"));
    TRY(time_line(c, &w, "until"));
    return room_run(c, "visit-add", &w, "the visit of %s is there");
}

/* ---- room enter, leave, show ---- */

/* how - the guard's word for what became of it, and ours */
static const struct {
    const char *how, *said;
} happened[] = {
    {"entered", "%s came to %s"},
    {"crowded", "%s came to %s, which holds no more names: somebody unlisted is there"},
    {"leaving",
     "it stands that %s left %s: he is there until another witness says the same, within "
     "five minutes"},
    {"left", "%s left %s: two witnesses have said so"},
};

static err happened_tell(struct call *c, const char *result, const char *same)
{
    struct lines l = lines_of(span_text(result));
    span         how = take_text(&l, "how");
    const char  *said = span_is(how, "same") ? same : NULL;
    for (size_t i = 0; i < ARRAY_LEN(happened); i++) {
        said = span_is(how, happened[i].how) ? happened[i].said : said;
    }
    if (said == NULL) {
        return FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    call_tell(c, said, c->arg[1], c->arg[0]);
    return OK;
}

/* same - what is said when nothing has changed by it */
static err witness_run(struct call *c, const char *act, const char *same)
{
    static const struct word word = {NULL, {{"room", 0, NULL}, {"person", 1, NULL}}, NULL};
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    char                    *result = NULL;
    TRY(word_put(c, &word, &w));
    TRY(act_run(c, act, &w, (span){NULL, 0}, &result));
    err e = result == NULL ? OK : happened_tell(c, result, same);
    free(result);
    return e;
}

err do_room_enter(struct call *c)
{
    return witness_run(c, "room-enter", "%s was in %s already");
}

err do_room_leave(struct call *c)
{
    return witness_run(c, "room-leave", "%s was not in %s");
}

err do_room_show(struct call *c)
{
    static const struct word word = {
        "room-show", {{"room", 0, NULL}, REASON}, "what may be seen in %s comes back"};
    return word_run(c, &word);
}
