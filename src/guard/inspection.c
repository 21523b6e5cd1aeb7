/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/inspection.h"

#include "agreement/terms.h"
#include "crypt/hash.h"
#include "guard/derived.h"
#include "guard/origin.h"
#include "guard/tell.h"
#include "reduce/reduce.h"

/* HEARD_MS    - three of what it says each second
 * STOP_REST_MS - a source whose epoch was stopped begins a new one at most so often: what is wrong each time would else be
 *                a leaf each few milliseconds */
#define HEARD_MS     (3 * MS_PER_SECOND)
#define STOP_REST_MS MS_PER_MINUTE

void began_tell(struct guard *g, const id *epoch)
{
    put_id(mail_begin(g, CALLER_CHECK, ANSWER_AHEAD, 0), epoch);
    mail_end(g);
}

void again_tell(struct guard *g, const id *epoch)
{
    put_id(mail_begin(g, CALLER_COURIER, ANSWER_AGAIN, 0), epoch);
    mail_end(g);
}

bool inspection_heard(const struct guard *g)
{
    return g->inspection.heard_boot_ms != 0 && g->boot_ms - g->inspection.heard_boot_ms <= HEARD_MS;
}

bool guard_inspected(const struct guard *g)
{
    return inspection_heard(g);
}

/* ---- what an epoch must be ---- */

static bool was_stopped(const struct guard *g, const id *epoch)
{
    bool found = false;
    for (unsigned i = 0; i < STOPPED_KNOWN; i++) {
        found = found || id_equal(&g->inspection.stopped[i], epoch);
    }
    return found;
}

static const struct source *source_of(struct guard *g, const struct kept *k)
{
    unsigned hidden = k->source - 1u;
    if (k->only != 0) {
        return hidden < g->source_count ? &g->source[hidden] : NULL;
    }
    return source_find(g, &k->cover.feed);
}

/* What its source says of itself is no reduction of ours: only what is more than that was asked of intake. */
static err derived_row_of(struct guard *g, const struct kept *k, const struct source *s,
                          struct inspect_row *out)
{
    struct reduction   all;
    struct reduce_keys keys;
    SECRET             of;
    unsigned           partner = k->only - 1u;
    if (partner >= g->partner_count) {
        return FAIL(UNKNOWN, "it is derived for somebody who is no partner");
    }
    TRY(reduction_read(span_text(k->cover.reduced), &all));
    derived_key(g, &of);
    reduce_keys_of(&of, name_span(&g->partner[partner].name), &keys);
    out->derived = true;
    out->position_m = all.position_m > s->reduced.position_m ? all.position_m : 0;
    out->height_m = all.height_m > s->reduced.height_m ? all.height_m : 0;
    out->delay_ms = all.delay_ms > s->reduced.delay_ms ? all.delay_ms : 0;
    out->every_ms = all.every_ms > s->reduced.every_ms ? all.every_ms : 0;
    out->less = all.without & ~s->reduced.without;
    out->mark = keys.mark;
    reduce_keys_wipe(&keys);
    return OK;
}

static err feed_row_of(struct guard *g, const struct kept *k, struct inspect_row *out)
{
    const struct source *s = source_of(g, k);
    if (s == NULL) {
        return FAIL(UNKNOWN, "its source is not known");
    }
    out->source = s->row.number;
    out->form = s->row.form;
    out->tracks = s->row.kind == KIND_TRACK;
    out->dated = s->row.dated;
    out->bounded = s->row.bounded;
    memcpy(out->box, s->row.box, sizeof out->box);
    out->without = s->row.without;
    return k->only == 0 ? OK : derived_row_of(g, k, s, out);
}

static err row_of(struct guard *g, const struct kept *k, struct inspect_row *out)
{
    *out = (struct inspect_row){.epoch = k->cover.epoch,
                                .key = k->key,
                                .items_max = EPOCH_ITEMS_MAX,
                                .lease_ms = LEASE_MS,
                                .product = !cover_is_feed(&k->cover)};
    memcpy(out->commitment, k->cover.commitment, sizeof out->commitment);
    memcpy(out->sealer, k->cover.sealer, sizeof out->sealer);
    if (!out->product) {
        return feed_row_of(g, k, out);
    }
    out->content_len = k->cover.content_len;
    memcpy(out->content_digest, k->cover.content_digest, sizeof out->content_digest);
    return OK;
}

/* What came from others is not looked at: it was sealed elsewhere, and its key is no business of this process. */
static err own_get(struct guard *g, const id *epoch, struct kept *k)
{
    TRY(kept_get(g, epoch, k));
    if (k->kind != KEPT_OWN) {
        secret_wipe(&k->key);
        return FAIL(DENIED, "what was received is not inspected");
    }
    return OK;
}

err on_inspect(struct guard *g, const struct request_context *c, struct reader *body)
{
    id                 epoch = read_id(body);
    struct kept        k;
    struct inspect_row row;
    TRY(reader_end(body));
    if (was_stopped(g, &epoch)) {
        return FAIL(DENIED, "it was stopped");
    }
    TRY(own_get(g, &epoch, &k));
    err e = row_of(g, &k, &row);
    if (!err_is(e)) {
        inspect_row_put(mail_begin(g, c->from, ANSWER_INSPECT, c->tag), &row);
        mail_end(g);
    }
    secret_wipe(&k.key);
    bytes_wipe(&row, sizeof row);
    return e;
}

/* ---- what it says ---- */

static void heeded_tell(struct guard *g, const id *epoch)
{
    put_id(mail_begin(g, CALLER_CHECK, ANSWER_HEEDED, 0), epoch);
    mail_end(g);
}

/* Said once more after a crash, it changes nothing. */
err on_whole(struct guard *g, const struct request_context *c, struct reader *body)
{
    id          epoch = read_id(body);
    struct kept k;
    (void)c;
    TRY(reader_end(body));
    TRY(own_get(g, &epoch, &k));
    err e = OK;
    if (k.looked == LOOKED_DUE) {
        k.looked = LOOKED_NOTHING;
        e = kept_change(g, &epoch, &k);
        again_tell(g, &epoch);
    }
    secret_wipe(&k.key);
    TRY(e);
    heeded_tell(g, &epoch);
    return OK;
}

static void stopped_record(struct guard *g, const struct kept *k, uint64_t item, const name *word)
{
    struct leaf          l;
    const struct source *s = cover_is_feed(&k->cover) ? source_of(g, k) : NULL;
    leaf_start(g, &l, LEAF_STOPPED);
    line_hex(&l.w, "epoch", id_span(&k->cover.epoch));
    line_name(&l.w, s != NULL ? "source" : "author", s != NULL ? &s->row.name : &k->from);
    line_number(&l.w, "item", item);
    line_name(&l.w, "because", word);
    record(g, &l);
}

/* What is honest again should go on soon, and what is wrong again each time not fill the ledger. */
static void begin_anew(struct guard *g, const struct kept *k)
{
    const struct source *s = cover_is_feed(&k->cover) ? source_of(g, k) : NULL;
    uint64_t            *last = s != NULL ? &g->inspection.stop_boot_ms[s - g->source] : NULL;
    if (last != NULL && (*last == 0 || g->boot_ms - *last >= STOP_REST_MS)) {
        *last = g->boot_ms;
        stop_tell(g, &k->cover.epoch);
    }
}

err on_stopped(struct guard *g, const struct request_context *c, struct reader *body)
{
    id          epoch = read_id(body);
    uint64_t    item = read_u64(body);
    name        word = read_name(body);
    struct kept k;
    (void)c;
    TRY(reader_end(body));
    TRY(own_get(g, &epoch, &k));
    k.looked = LOOKED_STOPPED;
    err e = kept_change(g, &epoch, &k);
    secret_wipe(&k.key);
    TRY(e);
    if (!was_stopped(g, &epoch)) {
        stopped_record(g, &k, item, &word);
    }
    begin_anew(g, &k);
    heeded_tell(g, &epoch);
    return OK;
}

err stopped_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    uint8_t      bytes[ID_LEN];
    take_hex(&l, "epoch", bytes, sizeof bytes);
    if (l.bad) {
        return FAIL(MALFORMED, "the leaf of something that was stopped is not as it should be");
    }
    memcpy(g->inspection.stopped[g->inspection.stopped_next++ % STOPPED_KNOWN].bytes, bytes,
           ID_LEN);
    g->counters.stopped++;
    return OK;
}
