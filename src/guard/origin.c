/* SPDX-License-Identifier: Apache-2.0 */
/* Where items begin: epochs for feeds, products that an author signed. */
#include "guard/origin.h"

#include "crypt/hash.h"
#include "guard/derived.h"
#include "guard/inspection.h"
#include "guard/receive.h"
#include "guard/terminals.h"
#include "guard/translated.h"

err on_greet(struct guard *g, const struct request_context *c, struct reader *body)
{
    uint8_t sealer[SIGN_PUBLIC_LEN];
    read_copy(body, sealer, sizeof sealer);
    TRY(reader_end(body));
    if (c->from == CALLER_INTAKE || c->from == CALLER_DESK) {
        memcpy(g->sealer[c->from == CALLER_DESK], sealer, sizeof sealer);
        running_left(g, c->from == CALLER_DESK);
    }
    terminals_tell(g, c->from); /* before it gets a certificate, and takes connections */
    put_name(mail_begin(g, c->from, ANSWER_GREETED, c->tag), &g->party);
    mail_end(g);
    if (c->from == CALLER_DESK) {
        rooms_greeted(g);
        arrived_tell_again(g);
    } else if (c->from == CALLER_COURIER) {
        letters_greeted(g);
    }
    return OK;
}

err on_lease(struct guard *g, const struct request_context *c, struct reader *body)
{
    TRY(reader_end(body));
    if (c->from == CALLER_CHECK) {
        g->inspection.heard_boot_ms = g->boot_ms;
    }
    put_u32(mail_begin(g, c->from, ANSWER_LEASE, c->tag), LEASE_MS);
    mail_end(g);
    return OK;
}

/* ---- epochs ---- */

/* The key comes from the guard's secret, this boot and fresh randomness, so that neither a weak
 * generator nor a restored disk repeats one. */
static void epoch_key(struct guard *g, const id *epoch, secret *out)
{
    uint8_t       fresh[32], info[64];
    struct writer w = WRITER_OF(info);
    random_fill(g->random, fresh, sizeof fresh);
    put_text(&w, "accord epoch key 1");
    put_span(&w, SPAN_OF(g->boot));
    put_id(&w, epoch);
    hkdf_sha256(SPAN_OF(fresh), SPAN_OF(g->master.key), writer_span(&w), out->key, SECRET_LEN);
    bytes_wipe(fresh, sizeof fresh);
}

static void put_short_name(name *out, const char *text)
{
    err e = name_of(span_text(text), out);
    MUST(!err_is(e));
}

static void text_of(struct writer *w, char *out)
{
    MUST(!w->bad);
    out[w->len] = 0;
}

void cover_said(const struct extent *e, const struct reduction *r, struct cover *out)
{
    struct writer extent = writer_of(out->extent, sizeof out->extent - 1);
    struct writer reduced = writer_of(out->reduced, sizeof out->reduced - 1);
    extent_format(e, &extent);
    reduction_format(r, &reduced);
    text_of(&extent, out->extent);
    text_of(&reduced, out->reduced);
}

static err cover_of(struct guard *g, const id *epoch, const struct marking *m, uint8_t kind,
                    uint8_t precedence, struct cover *out)
{
    struct writer w = writer_of(out->marking, sizeof out->marking - 1);
    out->epoch = *epoch;
    out->originator = g->party;
    put_short_name(&out->kind, kind_name((enum kind)kind));
    put_short_name(&out->precedence, precedence_name((enum precedence)precedence));
    marking_format(&g->tables.policies, m, &w);
    out->created = told_time(g);
    span text;
    TRY(writer_end(&w, &text));
    out->marking[text.len] = 0;
    return OK;
}

static void origin_lines(struct guard *g, const struct epoch_origin *from, struct writer *w)
{
    uint8_t       clause[128];
    struct writer c = WRITER_OF(clause);
    clause_ref_format(&g->tables.agreements, from->permit, &c);
    line_name(w, "source", from->source);
    line_hex(w, "of", id_span(from->of));
    line_name(w, "for", from->recipient);
    line_text(w, "clause", writer_span(&c));
}

static void epoch_lines(struct guard *g, const struct cover *c, const struct epoch_origin *from,
                        struct leaf *l)
{
    line_hex(&l->w, "epoch", id_span(&c->epoch));
    line_name(&l->w, "kind", &c->kind);
    if (cover_is_feed(c)) {
        line_name(&l->w, "feed", &c->feed);
    } else {
        line_text(&l->w, "title", span_text(c->title));
    }
    if (from != NULL) {
        origin_lines(g, from, &l->w);
    }
    line_text(&l->w, "marking", span_text(c->marking));
    line_said(&l->w, "extent", c->extent);
    line_said(&l->w, "reduced", c->reduced);
    line_hex(&l->w, "commitment", SPAN_OF(c->commitment));
    line_hex(&l->w, "sealer", SPAN_OF(c->sealer));
}

static void epoch_tell(struct guard *g, const struct request_context *c, struct epoch_row *row)
{
    epoch_row_put(mail_begin(g, c->from, ANSWER_EPOCH, c->tag), row);
    mail_end(g);
    secret_wipe(&row->key);
}

err epoch_make(struct guard *g, struct kept *k, const uint8_t sealer[static SIGN_PUBLIC_LEN],
               const struct epoch_origin *from, struct leaf *l)
{
    memcpy(k->cover.sealer, sealer, SIGN_PUBLIC_LEN);
    epoch_key(g, &k->cover.epoch, &k->key);
    cover_commit(&k->cover.epoch, &k->key, k->cover.commitment);
    k->kind = KEPT_OWN;
    TRY(kept_put(g, &k->cover.epoch, k));
    epoch_lines(g, &k->cover, from, l);
    return OK;
}

err feed_kept(struct guard *g, const struct source *s, const id *epoch, struct kept *k)
{
    TRY(cover_of(g, epoch, &s->marking, s->row.kind, s->row.precedence, &k->cover));
    cover_said(&s->extent, &s->reduced, &k->cover);
    k->cover.feed = s->row.name;
    k->from = g->party;
    k->handled_as = s->marking.level.rank;
    k->kind = KEPT_OWN;
    k->leaf = g->ledger.tree.size;
    return OK;
}

void ahead_tell(struct guard *g, const struct source *s, const id *epoch)
{
    began_tell(g, epoch);
    if (s->row.precedence == PRECEDENCE_FLASH) {
        put_id(mail_begin(g, CALLER_COURIER, ANSWER_AHEAD, 0), epoch);
        mail_end(g);
    }
}

err on_origin(struct guard *g, const struct request_context *c, struct reader *body)
{
    uint16_t number = read_u16(body);
    TRY(reader_end(body));
    if (number >= g->source_count || g->source[number].removed) {
        return FAIL(UNKNOWN, "there is no source of this number");
    }
    struct source *s = &g->source[number];
    struct kept    k = KEPT_NEW;
    struct leaf    l;
    struct wants   wants;
    id             epoch;
    random_fill(g->random, epoch.bytes, ID_LEN);
    TRY(feed_kept(g, s, &epoch, &k));
    derived_wants(g, &k, &wants);
    k.instead = wants_partners(&wants);
    leaf_start(g, &l, LEAF_EPOCH);
    TRY(epoch_make(g, &k, g->sealer[0], NULL, &l));
    record(g, &l);
    derived_begin(g, c, s, &k, &wants);
    struct epoch_row row = {.epoch = epoch,
                            .source = number,
                            .kind = s->row.kind,
                            .precedence = s->row.precedence,
                            .key = k.key,
                            .lease_ms = LEASE_MS,
                            .items_max = EPOCH_ITEMS_MAX};
    secret_wipe(&k.key);
    s->epoch = epoch;
    running_begin(g, &epoch, number);
    epoch_tell(g, c, &row);
    ahead_tell(g, s, &epoch);
    arrived_own(g, &k.cover, s->row.kind);
    return OK;
}

static void closed_record(struct guard *g, const id *epoch, uint64_t items, span root)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_CLOSED);
    line_hex(&l.w, "epoch", id_span(epoch));
    line_number(&l.w, "items", items);
    line_hex(&l.w, "root", root);
    record(g, &l);
}

/* From its sealer: the epoch is over.  From the courier, which was told to halt: how far it came. */
err on_closed(struct guard *g, const struct request_context *c, struct reader *body)
{
    id          epoch = read_id(body);
    uint64_t    items = read_u64(body);
    uint8_t     root[32];
    struct kept k;
    read_copy(body, root, sizeof root);
    TRY(reader_end(body));
    if (c->from == CALLER_COURIER) {
        pause_closed(g, c->from, &epoch, items);
        return OK;
    }
    TRY(kept_get(g, &epoch, &k));
    secret_wipe(&k.key);
    if (k.kind != KEPT_OWN || cover_is_feed(&k.cover) != (c->from == CALLER_INTAKE)) {
        return FAIL(DENIED, "an epoch is closed by the process that seals under it");
    }
    closed_record(g, &epoch, items, SPAN_OF(root));
    running_closed(g, &epoch, items);
    pause_closed(g, c->from, &epoch, items);
    return OK;
}

/* ---- submitted products ---- */

struct submission {
    name            author;
    enum kind       kind;
    enum precedence precedence;
    struct marking  marking;
    bool            translation; /* of what came under this handle: */
    id              original;
    struct cover    cover; /* title, content digest and length */
};

static err submission_title(span text, struct submission *s)
{
    utf8 checked;
    TRY(text_utf8(text, &checked));
    if (text.len == 0) {
        return FAIL(MALFORMED, "a product has a title");
    }
    if (memchr(text.ptr, '\t', text.len) != NULL) {
        return FAIL(MALFORMED, "a title has no tabs: lists would show it as two columns");
    }
    return text_copy(text, s->cover.title, sizeof s->cover.title,
                     FAIL(LIMIT, "a title is longer than it may be"));
}

static err submission_read(struct guard *g, span text, struct submission *out)
{
    struct lines      l = lines_of(text);
    struct submission s = {0};
    uint8_t           nonce[ID_LEN];
    struct extent     extent = {0};
    struct reduction  reduced = {0};
    take_title(&l, SUBMISSION_TITLE);
    name party = take_name(&l, "party");
    s.author = take_name(&l, "author");
    take_hex(&l, "nonce", nonce, sizeof nonce);
    instant at = take_instant(&l, "time");
    span    kind = take_text(&l, "kind");
    span    precedence = take_text(&l, "precedence");
    span    marking = take_text(&l, "marking");
    TRY(said_take(&l, &extent, &reduced));
    cover_said(&extent, &reduced, &s.cover);
    span original;
    s.translation = take_more(&l, "translation-of", &original);
    if (s.translation) {
        TRY(text_hex(original, s.original.bytes, ID_LEN));
    }
    span title = take_text(&l, "title");
    s.cover.content_len = take_number(&l, "length", UINT64_C(1) << 40);
    take_hex(&l, "content", s.cover.content_digest, sizeof s.cover.content_digest);
    TRY(lines_end(&l));
    if (!name_equal(&party, &g->party) || at > g->now + g->clock_error_ms) {
        return FAIL(DENIED, "the submission is for another party, or from the future");
    }
    TRY(kind_of(kind, &s.kind));
    if (s.kind == KIND_TRACK || s.kind == KIND_WARNING) {
        return FAIL(DENIED, "tracks and warnings come from sources; a product is a report, an "
                            "image, a thing or oral");
    }
    TRY(precedence_of(precedence, &s.precedence));
    TRY(s.translation ? marking_read(&g->tables.policies, marking, &s.marking)
                      : own_marking(g, marking, &s.marking));
    TRY(submission_title(title, &s));
    *out = s;
    return OK;
}

static err author_check(struct guard *g, span text, span signature, const name *author)
{
    const struct person *p = person_find(g, author);
    if (p == NULL || !p->reader.registered || (p->roles & PERSON_AUTHOR) == 0) {
        return FAIL(DENIED, "the submission is of nobody who is an author here");
    }
    return sign_check(p->key, SUBMISSION_TITLE, text, signature.ptr);
}

static err submit(struct guard *g, span text, span signature, struct kept *k,
                  struct submission *out)
{
    uint8_t digest[SHA256_LEN];
    id      epoch;
    TRY(submission_read(g, text, out));
    TRY(author_check(g, text, signature, &out->author));
    /* The id comes from the signed text: the same submission a second time finds its slot taken. */
    sha256(text, digest);
    memcpy(epoch.bytes, digest, ID_LEN);
    k->cover = out->cover;
    k->from = out->author;
    TRY(cover_of(g, &epoch, &out->marking, (uint8_t)out->kind, (uint8_t)out->precedence,
                 &k->cover));
    if (out->translation) {
        TRY(translated(g, &out->original, person_find(g, &out->author), &out->marking, k));
    }
    k->handled_as = out->marking.level.rank;
    k->looked = LOOKED_DUE;
    struct leaf l;
    leaf_start(g, &l, LEAF_EPOCH);
    err e = epoch_make(g, k, g->sealer[1], NULL, &l);
    if (e.code == ERR_CONFLICT) {
        return FAIL(CONFLICT, "this was submitted before");
    }
    TRY(e);
    line_name(&l.w, "author", &out->author);
    while (text.len > 0) {
        line_text(&l.w, "say", span_cut(&text, '\n'));
    }
    line_hex(&l.w, "signature", signature);
    record(g, &l);
    return OK;
}

void submit_refused(struct guard *g, span text, const char *step, err e)
{
    struct leaf l;
    uint8_t     digest[SHA256_LEN];
    sha256(text, digest);
    leaf_start(g, &l, LEAF_SUBMIT_REFUSED);
    line_hex(&l.w, "submission", SPAN_OF(digest));
    line_text(&l.w, "step", span_text(step));
    line_text(&l.w, "reason", span_text(e.why));
    record_repeatable(g, &l);
}

err submission_take(struct guard *g, const struct request_context *c, span text, span signature)
{
    struct kept       k = KEPT_NEW;
    struct submission s;
    err               e = submit(g, text, signature, &k, &s);
    if (err_is(e)) {
        submit_refused(g, text, "marking", e);
        return e;
    }
    struct epoch_row row = {.epoch = k.cover.epoch,
                            .source = SOURCE_NONE,
                            .kind = (uint8_t)s.kind,
                            .precedence = (uint8_t)s.precedence,
                            .key = k.key,
                            .lease_ms = UPLOAD_MS_MAX,
                            .items_max = EPOCH_ITEMS_MAX};
    secret_wipe(&k.key);
    running_begin(g, &row.epoch, SOURCE_NONE);
    epoch_tell(g, c, &row);
    began_tell(g, &row.epoch);
    return OK;
}
