/* SPDX-License-Identifier: Apache-2.0 */
/* assurance give, load: the recipient's signed word before anything is given (GSOMIA article 7(5)). */
#include <stdlib.h>

#include "cli/act.h"
#include "cli/marking_args.h"
#include "cli/verbs.h"

static err list_line(struct call *c, const char *key, struct writer *w)
{
    const char *list;
    TRY(call_need(c, key, &list));
    put_text(w, key);
    put_u8(w, ' ');
    TRY(put_sorted(w, span_text(list)));
    put_u8(w, '\n');
    return OK;
}

static err option_line(struct call *c, const char *option, struct writer *w)
{
    const char *text;
    TRY(call_need(c, option, &text));
    line_text(w, option, span_text(text));
    return OK;
}

static err day_option(struct call *c, const char *option, instant otherwise, instant *out)
{
    const char *text = call_option(c, option);
    if (text == NULL && otherwise != INSTANT_NEVER) {
        *out = otherwise;
        return OK;
    }
    TRY(call_need(c, option, &text));
    call_about(c, "--%s %s", option, text);
    if (err_is(text_date(span_text(text), out))) {
        return call_misuse(c, FAIL(MALFORMED, "a day is written 2026-12-31"));
    }
    c->about[0] = 0;
    return OK;
}

static err statement_put(struct call *c, struct writer *w)
{
    struct party p;
    instant      from, until;
    TRY(day_option(c, "valid-from", party_now(c), &from));
    TRY(day_option(c, "until", INSTANT_NEVER, &until));
    TRY(party_read(c, &p));
    line_name(w, "from", &p.code);
    TRY(option_line(c, "to", w));
    TRY(option_line(c, "agreement", w));
    TRY(list_line(c, "levels", w));
    TRY(list_line(c, "topics", w));
    line_instant(w, "valid-from", from);
    line_instant(w, "valid-until", until);
    return option_line(c, "authority", w);
}

err do_assurance_give(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    char         *result = NULL;
    TRY(signers_need(c));
    TRY(statement_put(c, &w));
    TRY(act_run(c, "assurance-give", &w, (span){NULL, 0}, &result));
    err e = call_write(c, span_text(result));
    free(result);
    return e;
}

/* Only whether it is one: what it says, and who signed it, the guard judges. */
static bool is_assurance(span text)
{
    static const char *const key[] = {"from", "to", "agreement", "levels", "topics"};
    uint8_t                  signature[SIGNATURE_LEN];
    struct lines             l = lines_of(text);
    utf8                     checked;
    take_title(&l, "accord assurance 1");
    for (size_t i = 0; i < ARRAY_LEN(key); i++) {
        (void)take_text(&l, key[i]);
    }
    (void)take_instant(&l, "valid-from");
    (void)take_instant(&l, "valid-until");
    (void)take_text(&l, "authority");
    take_hex(&l, "signature", signature, sizeof signature);
    return !err_is(lines_end(&l)) && !err_is(text_utf8(text, &checked));
}

err do_assurance_load(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    span          text = {NULL, 0};
    call_about(c, "%s", c->arg[0]);
    err e = file_read(c->arg[0], buf, sizeof buf, &text);
    if (e.code == ERR_LIMIT || (!err_is(e) && !is_assurance(text))) {
        return FAIL(MALFORMED, "this is not an assurance");
    }
    TRY(e);
    w.len = text.len;
    c->about[0] = 0;
    TRY(act_run(c, "assurance-load", &w, (span){NULL, 0}, NULL));
    call_tell(c, "the assurance is loaded");
    return OK;
}
