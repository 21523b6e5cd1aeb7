/* SPDX-License-Identifier: Apache-2.0 */
/* Letters: recorded before they go, kept until they are acknowledged; taken in the order of their numbers,
 * recorded when they come, and answered for by the next beat. */
#include "crypt/hash.h"
#include "guard/kept.h"

#define LETTERS_A_TURN 8 /* two multiplications on the curve each, and up to 12 KiB of mail */

void letter_say(struct writer *w, span text)
{
    while (text.len > 0) {
        line_text(w, "say", span_cut(&text, '\n'));
    }
}

void letter_said(struct lines *l, struct writer *w)
{
    span line;
    while (take_more(l, "say", &line)) {
        put_span(w, line);
        put_u8(w, '\n');
    }
}

static const struct letter_row *row_of(const name *kind)
{
    for (unsigned i = 0; i < letter_row_count; i++) {
        if (span_is(name_span(kind), letter_rows[i].kind)) {
            return &letter_rows[i];
        }
    }
    return NULL;
}

/* ---- out ---- */

static void outgoing_drop(struct outgoing *o)
{
    uint32_t len = o->letter[0].len;
    o->used -= len;
    o->count--;
    memmove(o->text, o->text + len, o->used);
    memmove(&o->letter[0], &o->letter[1], o->count * sizeof o->letter[0]);
}

static bool outgoing_fits(const struct outgoing *o, size_t len)
{
    return o->count < LETTERS_EACH_MAX && len <= sizeof o->text - o->used;
}

static void outgoing_keep(struct outgoing *o, uint64_t number, span text)
{
    while (!outgoing_fits(o, text.len)) {
        outgoing_drop(o);
    }
    o->letter[o->count].number = number;
    o->letter[o->count].again_boot_ms = 0;
    o->letter[o->count].len = (uint32_t)text.len;
    memcpy(o->text + o->used, text.ptr, text.len);
    o->used += (uint32_t)text.len;
    o->count++;
}

void letters_acked(struct guard *g, unsigned partner, uint64_t number)
{
    struct outgoing *o = &g->outgoing[partner];
    struct mailbox  *m = &g->partner[partner].mailbox;
    if (number <= m->sent && number > m->acked) {
        m->acked = number;
    }
    while (o->count > 0 && o->letter[0].number <= m->acked) {
        outgoing_drop(o);
    }
}

static void envelope_mail(struct guard *g, unsigned partner, uint64_t number, span text)
{
    struct partner     *p = &g->partner[partner];
    uint8_t             sealed[ENVELOPE_MAX];
    struct writer       w = WRITER_OF(sealed);
    struct envelope_row row = {.partner = p->name, .number = number};
    if (err_is(envelope_seal(text, g->signer, &p->notice.day_key, g->random, &w))) {
        return; /* a day key that is no point: its own guard signed it */
    }
    row.envelope = writer_span(&w);
    envelope_row_put(mail_begin(g, CALLER_COURIER, ANSWER_LETTER, 0), &row);
    mail_end(g);
}

bool partner_reachable(const struct guard *g, unsigned partner)
{
    return g->partner[partner].notice.until > g->now;
}

void beat_mail(struct guard *g, unsigned partner, span text)
{
    envelope_mail(g, partner, 0, text);
}

/* Those of one partner that are due, oldest first, at most so many */
static unsigned letters_mail(struct guard *g, unsigned partner, unsigned most)
{
    struct outgoing *o = &g->outgoing[partner];
    uint32_t         at = 0;
    unsigned         count = 0;
    for (unsigned i = 0; i < o->count && count < most; at += o->letter[i++].len) {
        if (o->letter[i].again_boot_ms > g->boot_ms) {
            continue;
        }
        envelope_mail(g, partner, o->letter[i].number, (span){o->text + at, o->letter[i].len});
        o->letter[i].again_boot_ms = g->boot_ms + LETTER_AGAIN_MS;
        count++;
    }
    return count;
}

void letters_turn(struct guard *g)
{
    unsigned left = LETTERS_A_TURN;
    for (unsigned i = 0; i < g->partner_count && left > 0; i++) {
        left -= partner_reachable(g, i) ? letters_mail(g, i, left) : 0;
    }
}

uint64_t letters_due(const struct guard *g)
{
    uint64_t due = UINT64_MAX;
    for (unsigned i = 0; i < g->partner_count; i++) {
        const struct outgoing *o = &g->outgoing[i];
        for (unsigned k = 0; partner_reachable(g, i) && k < o->count; k++) {
            due = o->letter[k].again_boot_ms < due ? o->letter[k].again_boot_ms : due;
        }
    }
    return due;
}

void letters_greeted(struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        letters_again(g, i);
    }
}

void letters_again(struct guard *g, unsigned partner)
{
    struct outgoing *o = &g->outgoing[partner];
    for (unsigned k = 0; k < o->count; k++) {
        o->letter[k].again_boot_ms = 0;
    }
}

bool letter_room(const struct guard *g, unsigned partner)
{
    return outgoing_fits(&g->outgoing[partner], LETTER_TEXT_MAX);
}

static void letter_record(struct guard *g, const struct partner *p, span text)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_LETTER);
    line_name(&l.w, "partner", &p->name);
    letter_say(&l.w, text);
    record(g, &l);
}

err letter_send(struct guard *g, unsigned partner, const char *kind, span body)
{
    const struct partner *p = &g->partner[partner];
    uint8_t               text[LETTER_TEXT_MAX];
    struct writer         w = WRITER_OF(text);
    struct letter         l = {.from = g->party,
                               .to = p->name,
                               .number = p->mailbox.sent + 1,
                               .at = leaf_time(g),
                               .body = body};
    TRY(name_of(span_text(kind), &l.kind));
    if (!letter_room(g, partner)) {
        return FAIL(FULL, "too many letters to that partner wait to be acknowledged");
    }
    if (body.len > LETTER_BODY_MAX) {
        return FAIL(LIMIT, "a letter is longer than one may be");
    }
    letter_write(&l, &w);
    TRY(letter_read(writer_span(&w), &l));
    letter_record(g, p, writer_span(&w));
    if (partner_reachable(g, partner)) {
        (void)letters_mail(g, partner, LETTERS_EACH_MAX);
    }
    return OK;
}

/* ---- the folds ---- */

/* recorded_letter - what a leaf says of a letter; text in the caller's room */
struct recorded_letter {
    struct letter_view view;
    struct letter      letter;
    span               text;
    uint8_t            room[LETTER_TEXT_MAX];
};

static err leaf_letter(struct guard *g, const struct leaf_head *head, struct recorded_letter *out)
{
    struct lines    l = lines_of(head->body);
    struct writer   w = WRITER_OF(out->room);
    name            who = take_name(&l, "partner");
    struct partner *p = partner_find(g, &who);
    letter_said(&l, &w);
    if (l.bad || p == NULL) {
        return FAIL(MALFORMED, "the leaf of a letter is not as it should be");
    }
    TRY(writer_end(&w, &out->text));
    TRY(letter_read(out->text, &out->letter));
    out->view = (struct letter_view){.partner = (unsigned)(p - g->partner),
                                     .number = out->letter.number,
                                     .leaf = g->ledger.tree.size - 1,
                                     .at = out->letter.at,
                                     .time = head->time,
                                     .body = out->letter.body};
    return OK;
}

err letter_fold(struct guard *g, const struct leaf_head *head)
{
    struct recorded_letter r;
    TRY(leaf_letter(g, head, &r));
    struct mailbox          *m = &g->partner[r.view.partner].mailbox;
    const struct letter_row *row = row_of(&r.letter.kind);
    if (row == NULL || r.view.number <= m->sent) {
        return FAIL(MALFORMED, "the ledger holds a letter of no known kind, or a number twice");
    }
    m->sent = r.view.number;
    outgoing_keep(&g->outgoing[r.view.partner], r.view.number, r.text);
    return row->sent_fold == NULL ? OK : row->sent_fold(g, &r.view);
}

static void letter_seen(struct guard *g, const struct recorded_letter *r)
{
    struct mailbox *m = &g->partner[r->view.partner].mailbox;
    unsigned        place = r->view.number % LETTERS_SEEN_MAX;
    m->received = r->view.number;
    m->last_at = r->view.at > m->last_at ? r->view.at : m->last_at;
    m->seen[place].number = r->view.number;
    m->seen[place].leaf = r->view.leaf;
    m->seen[place].fraud = false;
    sha256(r->text, m->seen[place].digest);
}

err letter_received_fold(struct guard *g, const struct leaf_head *head)
{
    struct recorded_letter r;
    TRY(leaf_letter(g, head, &r));
    const struct letter_row *row = row_of(&r.letter.kind);
    if (row == NULL) {
        return FAIL(MALFORMED, "the ledger holds a letter of no known kind");
    }
    letter_seen(g, &r);
    return row->fold == NULL ? OK : row->fold(g, &r.view);
}

err letter_refused_fold(struct guard *g, const struct leaf_head *head)
{
    struct recorded_letter r;
    TRY(leaf_letter(g, head, &r));
    letter_seen(g, &r);
    g->partner[r.view.partner].mailbox.refused_leaf = r.view.leaf;
    return OK;
}

err fraud_fold(struct guard *g, const struct leaf_head *head)
{
    struct recorded_letter r;
    TRY(leaf_letter(g, head, &r));
    struct mailbox *m = &g->partner[r.view.partner].mailbox;
    unsigned        place = r.view.number % LETTERS_SEEN_MAX;
    m->seen[place].fraud = m->seen[place].fraud || m->seen[place].number == r.view.number;
    return OK;
}

/* ---- in ---- */

void letter_refuse(struct guard *g, const name *partner, const char *why)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_RECEIVE_REFUSED);
    line_name(&l.w, "partner", partner);
    line_text(&l.w, "reason", span_text(why));
    record_repeatable(g, &l);
}

/* incoming - a letter whose signature is good */
struct incoming {
    struct partner    *partner;
    struct letter      letter;
    struct letter_view view;
    span               text, signature;
};

static void letter_leaf(struct guard *g, const struct incoming *in, enum leaf_kind kind,
                        struct leaf *l)
{
    leaf_start(g, l, kind);
    line_name(&l->w, "partner", &in->partner->name);
    letter_say(&l->w, in->text);
    line_hex(&l->w, "signature", in->signature);
}

/* The first content stands in an own leaf, with its signature; this is the second. */
static void fraud_record(struct guard *g, const struct incoming *in, uint64_t first)
{
    struct leaf   l;
    uint8_t       body[LETTER_TEXT_MAX];
    struct writer w = WRITER_OF(body);
    letter_leaf(g, in, LEAF_FRAUD, &l);
    line_number(&l.w, "first", first);
    record(g, &l);
    line_number(&w, "letter", in->letter.number);
    line_hex(&w, "signature", in->signature);
    letter_say(&w, in->text);
    if (letter_room(g, in->view.partner) && w.len <= LETTER_BODY_MAX && !w.bad) {
        err e = letter_send(g, in->view.partner, "fraud", writer_span(&w));
        MUST(!err_is(e) || e.code == ERR_MALFORMED);
    }
}

/* A number that is past: the same again, or a second content under it */
static void letter_repeated(struct guard *g, const struct incoming *in)
{
    struct mailbox *m = &in->partner->mailbox;
    unsigned        place = in->letter.number % LETTERS_SEEN_MAX;
    uint8_t         digest[SHA256_LEN];
    sha256(in->text, digest);
    if (m->seen[place].number != in->letter.number) {
        letter_refuse(g, &in->partner->name, "a letter came that is older than what is remembered");
    } else if (memcmp(m->seen[place].digest, digest, sizeof digest) == 0) {
        letter_refuse(g, &in->partner->name, "a letter came again that was taken before");
    } else if (m->seen[place].fraud) {
        letter_refuse(g, &in->partner->name, "a letter has another content than one of its number");
    } else {
        fraud_record(g, in, m->seen[place].leaf);
    }
}

static err letter_judge(struct guard *g, const struct incoming *in, const struct letter_row *row)
{
    if (row == NULL) {
        return FAIL(UNKNOWN, "there is no such kind of letter");
    }
    if (in->letter.at < in->partner->mailbox.last_at) {
        return FAIL(DENIED, "the letter is dated before the one that precedes it");
    }
    return row->check == NULL ? OK : row->check(g, &in->view);
}

/* What cannot be judged because the disk does not answer is not taken: it comes again. */
static void letter_record_received(struct guard *g, struct incoming *in)
{
    const struct letter_row *row = row_of(&in->letter.kind);
    struct leaf              l;
    err                      e = letter_judge(g, in, row);
    if (e.code == ERR_IO) {
        letter_refuse(g, &in->partner->name, e.why);
        return;
    }
    letter_leaf(g, in, err_is(e) ? LEAF_LETTER_REFUSED : LEAF_LETTER_RECEIVED, &l);
    if (err_is(e)) {
        line_text(&l.w, "reason", span_text(e.why));
    }
    record(g, &l);
    if (!err_is(e) && row->done != NULL) {
        row->done(g, &in->view);
    }
}

static err letter_for_us(const struct guard *g, const struct incoming *in)
{
    if (!name_equal(&in->letter.from, &in->partner->name) ||
        !name_equal(&in->letter.to, &g->party)) {
        return FAIL(FORGED, "a letter is of another party, or for another party");
    }
    return OK;
}

static err letter_take(struct guard *g, struct incoming *in)
{
    struct mailbox *m = &in->partner->mailbox;
    if (err_is(needs(g, NEED_VOICE))) {
        return OK; /* it comes again */
    }
    TRY(letter_read(in->text, &in->letter));
    TRY(letter_for_us(g, in));
    if (in->letter.at > g->now + g->clock_error_ms &&
        !times_agree(g, (unsigned)(in->partner - g->partner))) {
        return OK; /* whoever is wrong: it comes again */
    }
    in->view = (struct letter_view){.partner = (unsigned)(in->partner - g->partner),
                                    .number = in->letter.number,
                                    .leaf = g->ledger.tree.size,
                                    .at = in->letter.at,
                                    .time = leaf_time(g),
                                    .body = in->letter.body};
    if (in->letter.number <= m->received) {
        letter_repeated(g, in);
    } else if (in->letter.number > m->received + 1) {
        return FAIL(STATE, "a letter came before the one that precedes it");
    } else {
        letter_record_received(g, in);
    }
    return OK;
}

static err envelope_take(struct guard *g, struct partner *p, span sealed)
{
    uint8_t         room[ENVELOPE_LARGE];
    struct hpke_key key;
    struct incoming in = {.partner = p};
    TRY(day_key_of(g, sealed, &key));
    err e = envelope_open(sealed, &key, p->identity, &in.text, &in.signature, room);
    hpke_key_wipe(&key);
    TRY(e);
    return span_starts(in.text, SPAN_LIT(BEAT_TITLE "\n"))
               ? beat_take(g, (unsigned)(p - g->partner), in.text)
               : letter_take(g, &in);
}

err on_letter(struct guard *g, const struct request_context *c, struct reader *body)
{
    name who = read_name(body);
    span sealed = read_block16(body, ENVELOPE_MAX);
    (void)c;
    TRY(reader_end(body));
    struct partner *p = partner_find(g, &who);
    if (p == NULL) {
        err unknown = FAIL(UNKNOWN, "a letter is of a party that is no partner");
        if (who.text[0] != 0) {
            letter_refuse(g, &who, unknown.why);
        }
        return unknown;
    }
    err e = envelope_take(g, p, sealed);
    if (err_is(e)) {
        letter_refuse(g, &p->name, e.why);
    }
    return OK;
}
