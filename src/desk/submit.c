/* SPDX-License-Identifier: Apache-2.0 */
/* Submissions: what its author signed goes to the guard, which gives leave to seal the content. */
#include "base/lines.h"
#include "desk/body.h"
#include "desk/rows.h"
#include "desk/state.h"

#define CONTENT_LEN_MAX (UINT64_C(1) << 40)

/* docs/format/submission.md: the guard reads all of it; the desk wants the content's length and digest. */
static err submission_read(span text, struct errand *out)
{
    static const char *const stated[] = {"extent", "reduced", "translation-of"}; /* or not */
    struct lines             l = lines_of(text);
    uint8_t                  nonce[ID_LEN];
    span                     value;
    take_title(&l, "accord submission 1");
    (void)take_name(&l, "party");
    (void)take_name(&l, "author");
    take_hex(&l, "nonce", nonce, sizeof nonce);
    (void)take_instant(&l, "time");
    (void)take_text(&l, "kind");
    (void)take_text(&l, "precedence");
    (void)take_text(&l, "marking");
    for (unsigned i = 0; i < ARRAY_LEN(stated); i++) {
        (void)take_more(&l, stated[i], &value);
    }
    (void)take_text(&l, "title");
    out->len = take_number(&l, "length", CONTENT_LEN_MAX);
    take_hex(&l, "content", out->digest, sizeof out->digest);
    return lines_end(&l);
}

static err submit_send(struct desk *d, struct asker a, const struct desk_request *r,
                       const struct body *b)
{
    struct errand signed_one = {0};
    uint8_t       signature[SIGNATURE_LEN];
    if (b->value[0].len > ACT_TEXT_MAX) {
        return FAIL(LIMIT, "the text of a submission is longer than it may be");
    }
    TRY(submission_read(b->value[0], &signed_one));
    TRY(text_hex(b->value[1], signature, sizeof signature));
    struct errand *e = errand_begin(d, ERRAND_SUBMIT, REQUEST_SUBMIT);
    if (e == NULL) {
        return FAIL(FULL, "too much is being asked of the guard; try again");
    }
    e->asker = a;
    e->len = signed_one.len;
    memcpy(e->digest, signed_one.digest, sizeof e->digest);
    memcpy(e->terminal, r->terminal, TERMINAL_LEN);
    put_block16(&d->out, b->value[0]);
    put_span(&d->out, SPAN_OF(signature));
    return errand_send(d, e);
}

void ask_submit(struct desk *d, struct asker a, const struct desk_request *r)
{
    static const struct body_field field[] = {{"text", false}, {"signature", false}};
    struct body                    b;
    err                            e = body_read(r->body, field, ARRAY_LEN(field), &b);
    e = err_is(e) ? e : submit_send(d, a, r, &b);
    body_done(&b);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

static err leave_take(struct desk *d, const struct errand *e, struct reader *r, struct ticket **out)
{
    struct epoch_row row = {0};
    epoch_row_read(r, &row);
    err read = reader_end(r);
    read = err_is(read) ? read : ticket_make(d, TICKET_UPLOAD, e->terminal, out);
    if (!err_is(read)) {
        struct ticket *t = *out;
        t->epoch = row.epoch;
        t->handle = row.epoch;
        t->key = row.key;
        t->lease_ms = d->boot_ms + row.lease_ms;
        t->len = e->len;
        memcpy(t->digest, e->digest, sizeof t->digest);
    }
    secret_wipe(&row.key);
    return read;
}

void submit_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct writer  w = WRITER_OF(d->text);
    struct ticket *t;
    err            taken = leave_take(d, e, r, &t);
    if (err_is(taken)) {
        refuse(d, e->asker, taken);
        return;
    }
    put_u8(&w, '{');
    json_hex(&w, true, "epoch", id_span(&t->epoch));
    json_hex(&w, false, "ticket", id_span(&t->number));
    put_u8(&w, '}');
    answer_text(d, e->asker, 201, &w);
}
