/* SPDX-License-Identifier: Apache-2.0 */
/* The originator's last word: pause and its end, notice and its withdrawal, recall, destruction, what may
 * be passed on.  Each verb is one act of docs/format/acts.md, and a row here says how its body is made. */
#include <stdlib.h>

#include "agreement/standing.h"
#include "cli/act.h"
#include "cli/given.h"
#include "cli/party.h"
#include "cli/verbs.h"
#include "cli/word.h"
#include "wire/id.h"

#define EPOCHS_MAX 3000 /* of one order: an attachment that fits a request of the desk */
#define LIST_MAX   (EPOCHS_MAX * 128) /* of a file of them: a line each, with words behind */

static bool is_name(const char *key)
{
    static const char *const keys[] = {"agreement", "display", "feed",   "originator", "partner",
                                       "party",     "person",  "reader", "room",       "source",
                                       "terminal",  "to",      "visitor"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static err line_value(struct call *c, const struct word_line *l, const char **out)
{
    *out = l->arg >= 0 ? c->arg[l->arg] : call_option(c, l->key);
    *out = *out == NULL ? l->otherwise : *out;
    if (*out == NULL) {
        TRY(call_need(c, l->key, out));
    }
    if ((*out)[0] == 0) {
        call_about(c, "%s", l->key);
        return call_misuse(c, FAIL(MALFORMED, "what is left empty says nothing"));
    }
    TRY(given_text(c, *out));
    return is_name(l->key) ? given_name(c, *out) : OK;
}

err word_put(struct call *c, const struct word *word, struct writer *w)
{
    for (const struct word_line *l = word->line; l->key != NULL; l++) {
        const char *value;
        TRY(line_value(c, l, &value));
        line_text(w, l->key, span_text(value));
    }
    return OK;
}

err word_run(struct call *c, const struct word *word)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    TRY(word_put(c, word, &w));
    TRY(act_run(c, word->act, &w, (span){NULL, 0}, NULL));
    call_tell(c, word->said, c->arg_count > 0 ? c->arg[0] : "");
    return OK;
}

#define AGREEMENT                                                                                  \
    {                                                                                              \
        "agreement", 0, NULL                                                                       \
    }

err do_pause(struct call *c)
{
    static const struct word word = {
        "pause", {AGREEMENT, {"direction", -1, "both"}, REASON}, "%s is paused"};
    const char          *direction = call_option(c, "direction");
    enum pause_direction read;
    if (direction != NULL && err_is(pause_direction_of(span_text(direction), &read))) {
        call_about(c, "--direction %s", direction);
        return call_misuse(c, FAIL(MALFORMED, "write giving, opening or both"));
    }
    return word_run(c, &word);
}

err do_resume(struct call *c)
{
    static const struct word word = {"resume", {AGREEMENT, REASON}, "%s goes on"};
    return word_run(c, &word);
}

err do_notice(struct call *c)
{
    static const struct word give = {"notice", {AGREEMENT, REASON}, "notice is given on %s"};
    static const struct word suspend = {
        "notice-suspend", {AGREEMENT, REASON}, "the notice on %s is suspended"};
    return word_run(c, call_has(c, "suspend") ? &suspend : &give);
}

err do_withdraw(struct call *c)
{
    static const struct word word = {
        "notice-withdraw", {AGREEMENT, REASON}, "the notice on %s is withdrawn"};
    return word_run(c, &word);
}

err do_amend(struct call *c)
{
    static const struct word word = {"amend",
                                     {AGREEMENT, {"into", 1, NULL}, {"at", -1, NULL}, REASON},
                                     "consent to another text in place of %s is signed"};
    return word_run(c, &word);
}

err do_terminate(struct call *c)
{
    static const struct word word = {
        "terminate", {AGREEMENT, {"at", -1, NULL}, REASON}, "consent to the end of %s is signed"};
    return word_run(c, &word);
}

err do_reading(struct call *c)
{
    static const struct word word = {
        "reading", {AGREEMENT, {"reading", 1, NULL}, REASON}, "the reading of %s is signed"};
    enum reading r;
    if (err_is(reading_of(span_text(c->arg[1]), &r))) {
        call_about(c, "%s", c->arg[1]);
        return call_misuse(c, FAIL(MALFORMED, "a suspended notice is read as lapsed or as held"));
    }
    return word_run(c, &word);
}

/* ---- what may be passed on ---- */

err do_ask(struct call *c)
{
    static const struct word word = {
        "onward-ask",
        {{"handle", 0, NULL}, {"to", 1, NULL}, {"level", -1, NULL}, {"purpose", -1, NULL}},
        "the originator of %s is asked"};
    id handle;
    TRY(given_handle(c, c->arg[0], &handle));
    return word_run(c, &word);
}

err do_relay_add(struct call *c)
{
    static const struct word word = {
        "relay",
        {{"originator", 0, NULL},
         {"feed", -1, "-"},
         {"to", 1, NULL},
         {"level", -1, NULL},
         {"purpose", -1, NULL}},
        "what comes from %s is passed on when its originator approves"};
    return word_run(c, &word);
}

err do_relay_end(struct call *c)
{
    static const struct word word = {"relay-end",
                                     {{"originator", 0, NULL}, {"feed", -1, "-"}, {"to", 1, NULL}},
                                     "what comes from %s is passed on no more"};
    return word_run(c, &word);
}

err word_time(struct call *c, const char *key, const char *text, struct writer *w)
{
    instant at;
    call_about(c, "--%s %s", key, text);
    if (err_is(text_date(span_text(text), &at)) && err_is(text_instant(span_text(text), &at))) {
        return call_misuse(c, FAIL(MALFORMED, "write 2026-12-31 or 2026-12-31T12:00:00Z"));
    }
    c->about[0] = 0;
    line_instant(w, key, at);
    return OK;
}

err word_until(struct call *c, struct writer *w)
{
    const char *text;
    TRY(call_need(c, "until", &text));
    return word_time(c, "until", text, w);
}

#define MINUTES_MAX 720

err word_minutes(struct call *c, struct writer *w)
{
    static const struct number_option minutes = {"minutes", 1, MINUTES_MAX, MINUTES_MAX,
                                                 "--minutes is a number, from 1 to 720 minutes"};
    uint64_t                          number;
    TRY(given_number(c, &minutes, &number));
    line_number(w, "minutes", number);
    return OK;
}

static err count_put(struct call *c, struct writer *w)
{
    static const struct number_option count = {"count", 1, UINT32_MAX, 1,
                                               "--count is a number from 1 on"};
    uint64_t                          number;
    TRY(given_number(c, &count, &number));
    line_number(w, "count", number);
    return OK;
}

err do_approval_give(struct call *c)
{
    static const struct word word = {"onward-approve",
                                     {{"partner", 0, NULL},
                                      {"epoch", -1, "-"},
                                      {"feed", -1, "-"},
                                      {"to", 1, NULL},
                                      {"purpose", -1, NULL}},
                                     NULL};
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    if (call_has(c, "epoch") == call_has(c, "feed")) {
        return call_misuse(c, FAIL(MALFORMED, "an approval is for one --epoch or one --feed"));
    }
    if (call_has(c, "epoch")) {
        id epoch;
        TRY(given_epoch(c, call_option(c, "epoch"), &epoch));
    }
    TRY(word_put(c, &word, &w));
    TRY(word_until(c, &w));
    TRY(count_put(c, &w));
    TRY(act_run(c, word.act, &w, (span){NULL, 0}, NULL));
    call_tell(c, "%s may pass it on to %s", c->arg[0], c->arg[1]);
    return OK;
}

err approval_run(struct call *c, const struct word *word)
{
    uint64_t leaf;
    if (err_is(text_decimal(span_text(c->arg[0]), INT64_MAX, &leaf))) {
        return call_misuse(c, FAIL(MALFORMED, "an approval is named by the number of its leaf"));
    }
    return word_run(c, word);
}

err do_approval_revoke(struct call *c)
{
    static const struct word word = {
        "onward-revoke", {{"approval", 0, NULL}, REASON}, "the approval of leaf %s is revoked"};
    return approval_run(c, &word);
}

/* ---- recall and destruction ---- */

/* order - the epochs of one act, as its attachment carries them */
struct order {
    uint8_t  bytes[ACT_ATTACHED_MAX];
    unsigned count;
};

/* What is named twice counts once. */
static err epoch_add(struct order *o, const id *epoch)
{
    for (unsigned i = 0; i < o->count; i++) {
        if (memcmp(&o->bytes[ID_LEN * i], epoch->bytes, ID_LEN) == 0) {
            return OK;
        }
    }
    if (o->count == EPOCHS_MAX) {
        return FAIL(LIMIT, "one order names at most 3,000 epochs: give several");
    }
    memcpy(&o->bytes[ID_LEN * o->count++], epoch->bytes, ID_LEN);
    return OK;
}

/* --list FILE: an epoch a line; what follows a blank is for people. */
static err epochs_list(struct call *c, struct order *o)
{
    static uint8_t buf[LIST_MAX];
    const char    *file = call_option(c, "list");
    span           text = {NULL, 0};
    if (file != NULL) {
        call_about(c, "%s", file);
        TRY(file_read(file, buf, sizeof buf, &text));
    }
    for (unsigned number = 1; text.len > 0; number++) {
        span line = span_cut(&text, '\n');
        id   epoch;
        if (line.len == 0) {
            continue;
        }
        call_about(c, "%s, line %u", file, number);
        if (err_is(text_hex(span_cut(&line, ' '), epoch.bytes, ID_LEN))) {
            return FAIL(MALFORMED,
                        "a line begins with an epoch: 32 hexadecimal digits, small letters");
        }
        TRY(epoch_add(o, &epoch));
    }
    c->about[0] = 0;
    return OK;
}

/* A line of the guard's result; "-" when it is not there */
static span result_line(const char *result, const char *key)
{
    struct lines l = lines_of(span_text(result == NULL ? "" : result));
    span         value = SPAN_LIT("-");
    while (l.rest.len > 0 && !take_more(&l, key, &value)) {
        span_cut(&l.rest, '\n');
    }
    return value;
}

/* The guard's result says which partners have any of it, and which have what was made coarser of it. */
static void order_tell(struct call *c, const char *act, unsigned count, const char *result)
{
    span partners = result_line(result, "partners"), coarser = result_line(result, "coarser");
    call_set_number(c, "epochs", count);
    if (!span_is(coarser, "-")) {
        call_set_text(c, "coarser", coarser);
        call_tell(c, "what was made coarser of it for " SPAN_FMT " is taken back with it",
                  SPAN_ARG(coarser));
    }
    if (span_is(partners, "-")) {
        call_tell(c, "%s of %u: no partner has any of it, there is nothing to take back there", act,
                  count);
    } else {
        call_tell(c, "%s of %u: ordered from " SPAN_FMT "; accord orders tells what they did", act,
                  count, SPAN_ARG(partners));
    }
}

static err order_run(struct call *c, const struct word *word)
{
    static struct order o;
    char               *result = NULL;
    uint8_t             buf[ACT_BODY_MAX];
    struct writer       w = WRITER_OF(buf);
    o.count = 0;
    for (unsigned i = 0; i < c->arg_count; i++) {
        id epoch;
        TRY(given_epoch(c, c->arg[i], &epoch));
        TRY(epoch_add(&o, &epoch));
    }
    TRY(epochs_list(c, &o));
    if (o.count == 0) {
        return call_misuse(c, FAIL(MALFORMED, "name an epoch, or a --list of them"));
    }
    TRY(word_put(c, word, &w));
    TRY(act_run(c, word->act, &w, (span){o.bytes, (size_t)o.count * ID_LEN}, &result));
    order_tell(c, word->act, o.count, result);
    free(result);
    return OK;
}

err do_recall(struct call *c)
{
    static const struct word word = {"recall", {{"partner", -1, "-"}, REASON}, NULL};
    return order_run(c, &word);
}

err do_destroy(struct call *c)
{
    static const struct word word = {"destroy", {{"partner", -1, "-"}, REASON}, NULL};
    return order_run(c, &word);
}

/* ---- a gateway that does not trust itself ---- */

err do_head_sign(struct call *c)
{
    static const struct word word = {
        "head-sign", {REASON}, "the ledger as it is here is taken for the true one%s"};
    return word_run(c, &word);
}

err do_clock_confirm(struct call *c)
{
    static const struct word word = {"clock-confirm", {REASON}, "the clock is taken for right%s"};
    return word_run(c, &word);
}
