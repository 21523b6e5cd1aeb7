/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hash.h"
#include "guard/state.h"

/* A clock that jumped says nothing: then both go on from where they stood. */
static instant time_now(const struct guard *g)
{
    const struct watch *w = &g->watch;
    return w->clock_astray ? w->clock_real + (instant)(g->boot_ms - w->clock_boot) : g->now;
}

/* Leaf time never runs backwards: the clock may.  Nor does it follow a clock that jumped: what is on record
 * would be hours ahead of everybody when it is set right. */
instant leaf_time(const struct guard *g)
{
    instant now = time_now(g);
    return now > g->ledger.last_time ? now : g->ledger.last_time;
}

/* A ledger whose last leaf was written by a wrong clock is ahead: what partners are told is not. */
instant told_time(const struct guard *g)
{
    instant at = leaf_time(g), most = time_now(g) + g->clock_error_ms;
    return at < most ? at : most;
}

void leaf_start_after(struct guard *g, struct leaf *l, enum leaf_kind kind, instant least)
{
    instant now = leaf_time(g);
    l->kind = kind;
    l->w = WRITER_OF(l->text);
    leaf_begin(&l->w, kind, now > least ? now : least, &g->party);
}

void leaf_start(struct guard *g, struct leaf *l, enum leaf_kind kind)
{
    leaf_start_after(g, l, kind, 0);
}

/* One framed record into this turn's buffer; guard_has_room keeps room for a whole step. */
static struct recorded append(struct guard *g, span text)
{
    struct recorded out = {0};
    uint8_t         bytes[RECORD_MAX];
    struct writer   w = WRITER_OF(bytes);
    err             e = ledger_append_leaf(&g->ledger, g->random, text, &w, &out.index, &out.hash);
    MUST(!err_is(e));
    put_block32(&g->records, writer_span(&w));
    MUST(!g->records.bad);
    g->leaf_hash = out.hash;
    return out;
}

static struct recorded append_and_fold(struct guard *g, span text)
{
    struct leaf_head head;
    MUST(!err_is(leaf_head_read(text, &head)));
    struct recorded out = append(g, text);
    MUST(!err_is(fold_leaf(g, &head)));
    return out;
}

struct recorded record(struct guard *g, struct leaf *l)
{
    MUST(!l->w.bad);
    return append_and_fold(g, writer_span(&l->w));
}

void record_repeatable(struct guard *g, struct leaf *l)
{
    struct leaf_head head;
    uint8_t          text[LEAF_TEXT_MAX];
    struct writer    flushed = WRITER_OF(text);
    MUST(!l->w.bad && !err_is(leaf_head_read(writer_span(&l->w), &head)));
    enum repeats_answer answer = repeats_offer(&g->repeats, leaf_time(g), &head, &flushed);
    if (flushed.len > 0) {
        append_and_fold(g, writer_span(&flushed));
    }
    if (answer == REPEATS_RECORD) {
        append_and_fold(g, writer_span(&l->w));
    }
}

void record_attachment(struct guard *g, struct leaf *l, span bytes)
{
    uint8_t       digest[SHA256_LEN], buf[RECORD_MAX];
    struct writer w = WRITER_OF(buf);
    MUST(bytes.len <= sizeof g->attached && !err_is(ledger_attach(bytes, &w, digest)));
    put_block32(&g->records, writer_span(&w));
    MUST(!g->records.bad);
    memcpy(g->attached, bytes.ptr, bytes.len);
    g->attached_len = (uint32_t)bytes.len;
    line_hex(&l->w, "attachment", SPAN_OF(digest));
}
