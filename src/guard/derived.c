/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/derived.h"

#include "crypt/hash.h"
#include "guard/giving.h"
#include "guard/origin.h"
#include "guard/receive.h"
#include "guard/tell.h"
#include "reduce/reduce.h"

/* LOOKED_A_TURN - feeds that are looked at in one second */
#define LOOKED_A_TURN 8
#define LOOK_MS       1000

/* ---- what a partner is to have ---- */

/* The cover tells the box of the whole feed: if that is no wider than two cells, a coarser place hides little. */
static bool box_hides(const struct extent *e, uint32_t position_m)
{
    const struct cell_box box = {e->south, e->west, e->north, e->east};
    return !e->known || position_m == 0 || cell_box_hides(position_m, &box);
}

static struct reducing reducing_of(const struct reduction *r)
{
    return (struct reducing){.position_m = r->position_m,
                             .height_m = r->height_m,
                             .delay_ms = r->delay_ms,
                             .every_ms = r->every_ms,
                             .without = r->without};
}

static struct wanted want(struct guard *g, const struct kept *k, const struct partner *p)
{
    const struct law_now law = giving_law(g);
    struct wanted        w = {.any = false};
    struct crossing      plain;
    bool                 differ = false;
    if (err_is(crossing_of(g, k, p, 0, &plain))) {
        return w;
    }
    struct least l = least_of(&law, &plain);
    if (l.any) {
        const struct reducing reducing = reducing_of(&l.reduced);
        w.verdict = verdict_decide(&g->tables, guard_index(g), &l.crossing, &differ);
        w.any = !differ && !err_is(reducing_valid(&reducing)) &&
                box_hides(&plain.extent, l.reduced.position_m);
        w.reduced = l.reduced;
        w.crossing = l.crossing;
    }
    return w;
}

void derived_wants(struct guard *g, const struct kept *k, struct wants *out)
{
    *out = (struct wants){0};
    for (unsigned i = 0; i < g->partner_count; i++) {
        out->of[i] = want(g, k, &g->partner[i]);
    }
}

uint16_t wants_partners(const struct wants *w)
{
    uint16_t out = 0;
    for (unsigned i = 0; i < PARTNERS_MAX; i++) {
        out = (uint16_t)(out | (w->of[i].any ? 1u << i : 0));
    }
    return out;
}

/* ---- its epoch ---- */

void derived_key(const struct guard *g, secret *out)
{
    hkdf_sha256(SPAN_LIT("accord derived 1"), SPAN_OF(g->master.key), name_span(&g->party),
                out->key, SECRET_LEN);
}

/* Out of the epoch that it is derived from, so that who takes that back finds it; to anybody else it is as any id. */
void derived_id(const struct guard *g, const id *of, unsigned partner, id *out)
{
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT("accord derived epoch 1"), SPAN_OF(g->slot_key.key), id_span(of),
                         name_span(&g->partner[partner].name)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    memcpy(out->bytes, hash, ID_LEN);
}

set64 derived_partners(struct guard *g, const id *of)
{
    struct kept k = {.kind = KEPT_OWN, .instead = UINT16_MAX};
    err         e = kept_get(g, of, &k);
    secret_wipe(&k.key);
    return e.code == ERR_UNKNOWN || k.kind != KEPT_OWN
               ? 0
               : k.instead & (set_one(g->partner_count) - 1);
}

static unsigned derived_count(const struct guard *g)
{
    static const id none;
    unsigned        count = 0;
    for (unsigned i = 0; i < g->source_count; i++) {
        for (unsigned p = 0; p < g->partner_count; p++) {
            count += id_equal(&g->source[i].derived[p].epoch, &none) ? 0 : 1u;
        }
    }
    return count;
}

/* Where the source is not to be known, neither is the name of its feed. */
static void feed_hide(const struct reduction *r, const struct reduce_keys *keys, name *feed)
{
    char digits[REPORT_UID_MAX + 1];
    if ((r->without & (WITHOUT_SOURCE | WITHOUT_IDENTITY)) != 0) {
        reduce_uid(&keys->mark, feed->text, digits);
        *feed = (name){FEED_HIDDEN};
        memcpy(feed->text + sizeof FEED_HIDDEN - 1, digits, strlen(digits));
    }
}

static void derived_tell(struct guard *g, const struct request_context *c, const struct source *s,
                         const struct kept *d, const id *of, const struct wanted *w,
                         const struct reduce_keys *keys)
{
    struct derived_row row = {.epoch = {.epoch = d->cover.epoch,
                                        .source = s->row.number,
                                        .kind = s->row.kind,
                                        .precedence = s->row.precedence,
                                        .key = d->key,
                                        .lease_ms = LEASE_MS,
                                        .items_max = EPOCH_ITEMS_MAX},
                              .of = *of,
                              .recipient = g->partner[d->only - 1].name,
                              .position_m = w->reduced.position_m,
                              .height_m = w->reduced.height_m,
                              .delay_ms = w->reduced.delay_ms,
                              .every_ms = w->reduced.every_ms,
                              .without = w->reduced.without,
                              .shift = keys->shift,
                              .mark = keys->mark};
    derived_row_put(mail_begin(g, c->from, ANSWER_DERIVED, c->tag), &row);
    mail_end(g);
    bytes_wipe(&row, sizeof row);
}

static err derived_make(struct guard *g, const struct request_context *c, struct source *s,
                        const struct kept *k, unsigned partner, const struct wanted *w)
{
    uint8_t            text[CASE_TEXT_MAX];
    struct writer      matter = WRITER_OF(text);
    struct kept        d = *k;
    struct leaf        l;
    struct reduce_keys keys;
    struct reduction   all = s->reduced;
    SECRET             of;
    reduction_unite(&all, &w->reduced);
    derived_key(g, &of);
    reduce_keys_of(&of, name_span(&g->partner[partner].name), &keys);
    derived_id(g, &k->cover.epoch, partner, &d.cover.epoch);
    d.of = k->cover.epoch;
    cover_said(&s->extent, &all, &d.cover);
    feed_hide(&w->reduced, &keys, &d.cover.feed);
    d.instead = 0;
    d.only = (uint8_t)(partner + 1);
    d.source = (uint8_t)(s->row.number + 1);
    const struct epoch_origin from = {&s->row.name, &k->cover.epoch, &g->partner[partner].name,
                                      w->verdict.permit};
    leaf_start(g, &l, LEAF_EPOCH);
    crossing_format(&g->tables, &w->crossing, &matter);
    verdict_format(&g->tables, &w->verdict, &matter);
    err e = derived_count(g) >= DERIVED_MAX
                ? FAIL(FULL, "more feeds are made coarser than there is room for")
            : matter.bad ? FAIL(LIMIT, "the case is too long to be put on record")
                         : epoch_make(g, &d, g->sealer[0], &from, &l);
    if (!err_is(e)) {
        put_span(&l.w, writer_span(&matter));
        record(g, &l);
        running_begin(g, &d.cover.epoch, s->row.number);
        s->derived[partner].epoch = d.cover.epoch;
        derived_tell(g, c, s, &d, &k->cover.epoch, w, &keys);
        ahead_tell(g, s, &d.cover.epoch);
        arrived_own(g, &d.cover, ARRIVED_ASIDE);
    }
    secret_wipe(&d.key);
    reduce_keys_wipe(&keys);
    return e;
}

static void not_made(struct guard *g, const struct source *s, unsigned partner, err why)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason", span_text(why.why));
    line_name(&l.w, "source", &s->row.name);
    line_name(&l.w, "partner", &g->partner[partner].name);
    record_repeatable(g, &l);
}

void derived_begin(struct guard *g, const struct request_context *c, struct source *s,
                   const struct kept *k, const struct wants *w)
{
    static const id none;
    for (unsigned i = 0; i < g->partner_count; i++) {
        s->derived[i] = (struct source_derived){w->of[i].any, none, w->of[i].reduced};
    }
    for (unsigned i = 0; i < g->partner_count; i++) {
        err e = w->of[i].any ? derived_make(g, c, s, k, i, &w->of[i]) : OK;
        if (err_is(e)) {
            not_made(g, s, i, e);
        }
    }
}

/* ---- when the law changes ---- */

static bool is_as_wanted(const struct source *s, const struct wants *w)
{
    bool same = true;
    for (unsigned i = 0; i < PARTNERS_MAX; i++) {
        const struct reduction *a = &s->derived[i].reduced, *b = &w->of[i].reduced;
        bool as = !w->of[i].any || (!reduction_loses_more(a, b) && !reduction_loses_more(b, a));
        same = same && s->derived[i].wanted == w->of[i].any && as;
    }
    return same;
}

static void source_look(struct guard *g, struct source *s)
{
    static const id none;
    struct kept     k = KEPT_NEW;
    struct wants    w;
    if (s->removed || id_equal(&s->epoch, &none) || err_is(feed_kept(g, s, &none, &k))) {
        return;
    }
    derived_wants(g, &k, &w);
    if (!is_as_wanted(s, &w)) {
        stop_tell(g, &s->epoch);
    }
}

void derived_turn(struct guard *g)
{
    if (g->source_count == 0 || g->boot_ms - g->looked_boot_ms < LOOK_MS || err_is(may_act(g))) {
        return;
    }
    g->looked_boot_ms = g->boot_ms;
    for (unsigned i = 0; i < LOOKED_A_TURN && i < g->source_count && guard_has_room(g); i++) {
        source_look(g, &g->source[g->looked_next++ % g->source_count]);
    }
}
