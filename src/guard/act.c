/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/act.h"

#define TITLE "accord act 1"

static const struct act_row *row_find(const name *n, uint8_t *place)
{
    for (unsigned i = 0; i < act_row_count; i++) {
        if (span_is(name_span(n), act_rows[i].name)) {
            *place = (uint8_t)i;
            return &act_rows[i];
        }
    }
    return NULL;
}

/* The text is read with one reader, when it is asked for, when it is signed, and at every later start. */
static err view_of(span text, span attachment, struct act_view *out)
{
    struct lines l = lines_of(text);
    uint8_t      nonce[ID_LEN];
    take_title(&l, TITLE);
    (void)take_name(&l, "party");
    out->act = take_name(&l, "act");
    out->by = take_name(&l, "by");
    take_hex(&l, "nonce", nonce, sizeof nonce);
    out->time = take_instant(&l, "time");
    out->body = l.rest;
    out->attachment = attachment;
    if (l.bad) {
        return FAIL(MALFORMED, "the text of an act is not as it should be");
    }
    return OK;
}

static enum need need_of(const struct act_row *row)
{
    return (row->traits & ACT_MUTE_TOO) != 0 ? NEED_NOTHING
           : (row->traits & ACT_CLOCK) != 0  ? NEED_CLOCK
                                             : NEED_VOICE;
}

static span act_text(const struct act *a)
{
    return (span){a->text, a->text_len};
}

static span act_attachment(const struct act *a)
{
    return (span){a->attachment, a->attachment_len};
}

static err act_view(const struct act *a, struct act_view *out)
{
    return view_of(act_text(a), act_attachment(a), out);
}

void act_leaf(struct leaf *l, const struct act *a)
{
    span text = act_text(a);
    line_text(&l->w, "act", span_text(act_rows[a->row].name));
    while (text.len > 0) {
        line_text(&l->w, "say", span_cut(&text, '\n'));
    }
    for (unsigned i = 0; i < a->signer_count; i++) {
        line_name(&l->w, "by", &a->signer[i]);
        line_hex(&l->w, "signature", SPAN_OF(a->signature[i]));
    }
}

err act_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines    l = lines_of(head->body);
    uint8_t         text[ACT_TEXT_MAX], digest[SHA256_LEN], same[SHA256_LEN];
    struct writer   w = WRITER_OF(text);
    struct act_view v;
    name            named;
    uint8_t         place;
    span            line, attachment = {NULL, 0};
    if (take_more(&l, "attachment", &line)) {
        TRY(text_hex(line, digest, sizeof digest));
        attachment = (span){g->attached, g->attached_len};
        sha256(attachment, same);
        if (memcmp(same, digest, sizeof same) != 0) {
            return FAIL(FORGED, "the attachment of an act is not the one that its leaf names");
        }
    }
    named = take_name(&l, "act");
    while (take_more(&l, "say", &line)) {
        put_span(&w, line);
        put_u8(&w, '\n');
    }
    if (l.bad || w.bad) {
        return FAIL(MALFORMED, "the leaf of an act is not as it should be");
    }
    TRY(view_of(writer_span(&w), attachment, &v));
    const struct act_row *row = row_find(&v.act, &place);
    if (row == NULL || !name_equal(&v.act, &named)) {
        return FAIL(UNKNOWN, "the ledger holds an act of no known kind");
    }
    return row->fold == NULL ? OK : row->fold(g, &v);
}

/* ---- asking ---- */

/* A free place, or that of the oldest act that nobody has signed yet: who asks and does not sign cannot
 * keep others from acting. */
static struct act *act_free(struct guard *g)
{
    struct act *oldest = NULL;
    for (unsigned i = 0; i < ACTS_MAX; i++) {
        struct act *a = &g->act[i];
        if (!a->open || a->until_boot_ms <= g->boot_ms) {
            return a;
        }
        if (a->signer_count == 0 && (oldest == NULL || a->number < oldest->number)) {
            oldest = a;
        }
    }
    return oldest;
}

static void text_begin(struct guard *g, struct writer *w, const char *act, const name *by)
{
    uint8_t nonce[ID_LEN];
    random_fill(g->random, nonce, sizeof nonce);
    line_title(w, TITLE);
    line_name(w, "party", &g->party);
    line_text(w, "act", span_text(act));
    line_name(w, "by", by);
    line_hex(w, "nonce", SPAN_OF(nonce));
    line_instant(w, "time", g->now);
}

static err person_may(struct guard *g, const name *n, const struct act_row *row,
                      struct person **out)
{
    struct person *p = person_find(g, n);
    if (p == NULL || !p->reader.registered) {
        return FAIL(UNKNOWN, "nobody of that name is on the registry");
    }
    if ((p->roles & row->roles) == 0) {
        return FAIL(DENIED, "this person does not have the role that the act needs");
    }
    *out = p;
    return OK;
}

static bool body_has_shown(span body)
{
    while (body.len > 0) {
        if (span_starts(span_cut(&body, '\n'), SPAN_LIT("shown"))) {
            return true;
        }
    }
    return false;
}

static err act_prepare(struct guard *g, struct act *a, const struct act_row *row, span body,
                       span attachment)
{
    struct writer   w = writer_of(a->text, sizeof a->text);
    struct act_view v;
    utf8            checked;
    TRY(text_utf8(body, &checked));
    if (memchr(body.ptr, '\t', body.len) != NULL) {
        return FAIL(MALFORMED, "what is signed has no tabs: lists would show them as columns");
    }
    if (attachment.len > sizeof a->attachment ||
        (attachment.len > 0) != ((row->traits & ACT_ATTACHED) != 0)) {
        return FAIL(MALFORMED, "the act does not bring along what it should, or too much");
    }
    if (body_has_shown(body)) {
        return FAIL(MALFORMED, "what is shown beside an act is the guard's to say");
    }
    if (attachment.len > 0) {
        memcpy(a->attachment, attachment.ptr, attachment.len);
    }
    a->attachment_len = (uint32_t)attachment.len;
    text_begin(g, &w, row->name, &a->by);
    put_span(&w, body);
    a->text_len = (uint32_t)w.len;
    TRY(act_view(a, &v));
    TRY(row->check(g, &v, &w));
    span text;
    TRY(writer_end(&w, &text));
    a->text_len = (uint32_t)text.len;
    return OK;
}

err on_act(struct guard *g, const struct request_context *c, struct reader *body)
{
    name    by = read_name(body), act = read_name(body);
    span    text = read_block16(body, ACT_TEXT_MAX);
    span    attachment = read_block16(body, ATTACHED_MAX);
    uint8_t place = 0;
    TRY(reader_end(body));
    const struct act_row *row = row_find(&act, &place);
    struct person        *person;
    if (row == NULL) {
        return FAIL(UNKNOWN, "there is no such act");
    }
    TRY(needs(g, need_of(row)));
    TRY(person_may(g, &by, row, &person));
    struct act *a = act_free(g);
    if (a == NULL) {
        return FAIL(FULL, "too many acts wait for a signature");
    }
    a->open = false;
    a->later = false;
    a->row = place;
    a->by = by;
    a->signer_count = 0;
    TRY(act_prepare(g, a, row, text, attachment));
    a->open = true;
    a->number = ++g->act_next;
    a->until_boot_ms = g->boot_ms + ACT_MS_MAX;
    struct writer *w = mail_begin(g, c->from, ANSWER_CHALLENGE, c->tag);
    put_u32(w, a->number);
    put_block16(w, act_text(a));
    mail_end(g);
    return OK;
}

/* ---- signing ---- */

static struct act *act_find(struct guard *g, uint32_t number)
{
    for (unsigned i = 0; i < ACTS_MAX; i++) {
        struct act *a = &g->act[i];
        if (a->open && !a->later && a->number == number && a->until_boot_ms > g->boot_ms) {
            return a;
        }
    }
    return NULL;
}

/* The second officer is another person of another chain of command. */
static err signer_differs(struct guard *g, const struct act *a, const struct person *p)
{
    for (unsigned i = 0; i < a->signer_count; i++) {
        const struct person *other = person_find(g, &a->signer[i]);
        if (other == NULL || name_equal(&other->name, &p->name)) {
            return FAIL(CONFLICT, "the same person cannot sign twice");
        }
        if (name_equal(&other->chain, &p->chain)) {
            return FAIL(DENIED, "the second signature must come from another chain of command");
        }
    }
    return OK;
}

static err signature_add(struct guard *g, struct act *a, const name *n, span signature)
{
    struct person *p;
    TRY(person_may(g, n, &act_rows[a->row], &p));
    if (a->signer_count == 0 && !name_equal(n, &a->by)) {
        return FAIL(DENIED, "whoever asked for the act signs first");
    }
    TRY(signer_differs(g, a, p));
    TRY(sign_check(p->key, TITLE, act_text(a), signature.ptr));
    a->signer[a->signer_count] = *n;
    memcpy(a->signature[a->signer_count], signature.ptr, SIGNATURE_LEN);
    a->signer_count++;
    return OK;
}

static err act_complete(struct guard *g, struct act *a, struct writer *result)
{
    const struct act_row *row = &act_rows[a->row];
    struct act_view       v;
    uint8_t               unread[ACT_TEXT_MAX];
    struct writer         shown = WRITER_OF(unread);
    a->open = false;
    TRY(needs(g, need_of(row)));
    for (unsigned i = 0; i < a->signer_count; i++) {
        struct person *p; /* who signed first may have been revoked since */
        TRY(person_may(g, &a->signer[i], row, &p));
    }
    TRY(act_view(a, &v));
    TRY(row->check(g, &v, &shown));
    if (row->perform != NULL) {
        return row->perform(g, a, &v, result);
    }
    struct leaf l;
    leaf_start(g, &l, row->leaf);
    if ((row->traits & ACT_ATTACHED) != 0) {
        record_attachment(g, &l, act_attachment(a));
    }
    act_leaf(&l, a);
    if (l.w.bad) {
        return FAIL(LIMIT, "the act is too long for the ledger");
    }
    record(g, &l);
    if (row->done != NULL) {
        row->done(g, &v, result);
    }
    return OK;
}

static unsigned signatures_needed(const struct act *a)
{
    return act_rows[a->row].signers - (unsigned)a->signer_count;
}

void act_later(struct guard *g, struct act *a)
{
    a->open = true;
    a->later = true;
    a->until_boot_ms = g->boot_ms + ACT_MS_MAX;
}

void act_answer(struct guard *g, struct act *a, const struct writer *result)
{
    struct writer *w = mail_begin(g, (enum caller)a->asker, ANSWER_DONE, a->tag);
    put_u32(w, a->number);
    put_u8(w, (uint8_t)signatures_needed(a));
    put_block16(w, writer_span(result));
    mail_end(g);
    a->open = a->open && !a->later;
}

err on_sign(struct guard *g, const struct request_context *c, struct reader *body)
{
    uint32_t number = read_u32(body);
    name     who = read_name(body);
    span     signature = read_bytes(body, SIGNATURE_LEN);
    TRY(reader_end(body));
    struct act *a = act_find(g, number);
    if (a == NULL) {
        return FAIL(UNKNOWN, "no act waits under this number; it may have waited too long");
    }
    TRY(signature_add(g, a, &who, signature));
    a->asker = (uint8_t)c->from;
    a->tag = c->tag;
    uint8_t       room[2 * 4096];
    struct writer result = WRITER_OF(room);
    if (signatures_needed(a) == 0) {
        TRY(act_complete(g, a, &result));
    }
    if (!a->later) {
        act_answer(g, a, &result);
    }
    bytes_wipe(room, sizeof room);
    return OK;
}
