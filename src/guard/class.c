/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: what a judgement of an epoch depends on, under a number for this start. */
#include "guard/act.h"
#include "guard/giving.h"
#include "guard/opening.h"
#include "guard/passage.h"
#include "guard/receive.h"
#include "guard/standing.h"

/* ---- of an epoch ---- */

/* Before which own instruments it began: what follows them carries it as before. */
static instant era_of(const struct guard *g, const struct kept *k)
{
    instant last = 0;
    if (k->kind == KEPT_OWN) {
        return instrument_before(g, k->leaf);
    }
    for (unsigned i = 0; i < g->own_act_count; i++) {
        bool before = g->own_act[i].effective <= k->cover.created;
        last = before && g->own_act[i].effective > last ? g->own_act[i].effective : last;
    }
    return last;
}

static uint8_t giver_of(struct guard *g, const struct kept *k)
{
    const struct partner *giver = k->kind == KEPT_OWN ? NULL : partner_find(g, &k->from);
    return giver == NULL ? PARTY_NONE : (uint8_t)(giver - g->partner);
}

static err class_make(struct guard *g, const id *handle, const struct kept *k,
                      struct class_row *out)
{
    struct class_row c = {.giver = giver_of(g, k),
                          .agreement = k->agreement,
                          .via = k->via,
                          .via_level = k->via_level,
                          .lease_ms = k->lease_ms,
                          .owed = k->owed,
                          .since = era_of(g, k)};
    enum kind        kind;
    bool             chosen;
    TRY(marking_read(&g->tables.policies, span_text(k->cover.marking), &c.marking));
    TRY(kind_of(name_span(&k->cover.kind), &kind));
    TRY(extent_read(span_text(k->cover.extent), &c.extent));
    TRY(reduction_read(span_text(k->cover.reduced), &c.reduced));
    c.kind = (uint8_t)kind;
    c.handled_as = handled_as(g, handle, k, &chosen);
    *out = c;
    return OK;
}

static bool extents_equal(const struct extent *a, const struct extent *b)
{
    return a->known == b->known && a->south == b->south && a->west == b->west &&
           a->north == b->north && a->east == b->east;
}

static bool reductions_equal(const struct reduction *a, const struct reduction *b)
{
    return name_equal(&a->name, &b->name) && a->position_m == b->position_m &&
           a->height_m == b->height_m && a->pixel_cm == b->pixel_cm && a->delay_ms == b->delay_ms &&
           a->every_ms == b->every_ms && a->without == b->without;
}

static bool classes_equal(const struct class_row *a, const struct class_row *b)
{
    return a->kind == b->kind && a->handled_as == b->handled_as && a->giver == b->giver &&
           a->agreement == b->agreement && a->via == b->via && a->lease_ms == b->lease_ms &&
           a->since == b->since && a->via_level.policy == b->via_level.policy &&
           a->via_level.rank == b->via_level.rank && marking_equal(&a->marking, &b->marking) &&
           obligations_equal(&a->owed, &b->owed) && extents_equal(&a->extent, &b->extent) &&
           reductions_equal(&a->reduced, &b->reduced);
}

/* ---- bare: what anybody may be shown ---- */

static bool unclassified(const struct policy *p, unsigned rank)
{
    return p->level[rank].lacv <= LACV_UNCLASSIFIED;
}

/* Nobody knows who it is that sees it, so its list must leave out none of those with whom anything is shared. */
static bool is_bare(const struct guard *g, const struct class_row *c)
{
    const struct policies *all = &g->tables.policies;
    const struct policy   *own = policy_find(all, name_span(&g->party));
    set64                  all_partners = 0;
    for (unsigned i = 0; i < g->partner_count; i++) {
        all_partners |= set_one(g->partner[i].party);
    }
    return own != NULL && unclassified(own, c->handled_as) &&
           unclassified(&all->policy[c->marking.level.policy], c->marking.level.rank) &&
           c->marking.caveats == 0 && c->owed.duties == 0 &&
           set_within(all_partners, c->marking.disclose_to | c->marking.originators);
}

/* ---- what is in force ---- */

static bool class_stands(struct guard *g, const struct class_row *c)
{
    return c->giver == PARTY_NONE || !err_is(giver_stands(g, c->giver, c->agreement, c->lease_ms));
}

/* As a partner would be given it, but shown and not kept.  What came from another party goes under the own
 * level that it is handled as, as what is passed on does. */
static err disclosing_of(struct guard *g, const struct class_row *c, const struct partner *to,
                         struct crossing *out)
{
    struct crossing q = {.marking = c->marking,
                         .kind = (enum kind)c->kind,
                         .from = g->self,
                         .to = to->party,
                         .via = PARTY_NONE,
                         .giving = GIVING_DISCLOSE,
                         .extent = c->extent,
                         .reduced = c->reduced,
                         .now_low = g->now - g->clock_error_ms,
                         .now_high = g->now + g->clock_error_ms};
    if (c->giver != PARTY_NONE) {
        const struct policy *own = policy_find(&g->tables.policies, name_span(&g->party));
        level                as = {(uint8_t)(own - g->tables.policies.policy), c->handled_as};
        TRY(designated_marking(&c->marking, as, &q.marking));
        q.lineage = lineage_of(g, c->agreement);
    }
    q.standing = standing_giving(g, &q, c->since);
    assure(g, &q);
    *out = q;
    return OK;
}

static void class_disclose(struct guard *g, struct class_row *c, unsigned partner)
{
    struct crossing q;
    struct verdict  v = VERDICT_NOTHING;
    bool            differ = false;
    if (!err_is(disclosing_of(g, c, &g->partner[partner], &q))) {
        v = verdict_decide(&g->tables, guard_index(g), &q, &differ);
    }
    bool given = v.outcome == OUTCOME_RELEASE && !differ;
    c->known = (uint16_t)(c->known | 1U << partner);
    c->given = (uint16_t)((c->given & ~(1U << partner)) | (unsigned)given << partner);
    c->policy[partner] = v.equivalent_policy;
    c->equivalents[partner] = v.equivalents;
}

bool class_discloses(struct guard *g, struct class_row *c, unsigned partner)
{
    if (!set_has(c->known, partner)) {
        class_disclose(g, c, partner);
    }
    return set_has(c->given, partner);
}

#define FORESEEN_MAX 256 /* verdicts in one tick: 2 ms */

void classes_foresee(struct guard *g, uint16_t partners)
{
    unsigned left = FORESEEN_MAX;
    for (unsigned i = 0; i < g->showing.class_count; i++) {
        struct class_row *c = &g->showing.class[i];
        set64             unknown = c->used_until == 0 ? 0 : (set64)(partners & ~c->known);
        unsigned          p = set_next(unknown, 0);
        for (; p < PARTNERS_MAX && left > 0; p = set_next(unknown, p + 1)) {
            class_disclose(g, c, p);
            left--;
        }
    }
}

static bool class_judge(struct guard *g, struct class_row *c)
{
    struct class_row was = *c;
    c->stands = class_stands(g, c);
    c->bare = is_bare(g, c);
    for (unsigned p = 0; p < g->partner_count; p++) {
        if (set_has(c->known, p)) {
            class_disclose(g, c, p);
        }
    }
    return was.stands != c->stands || was.bare != c->bare || was.given != c->given ||
           memcmp(was.equivalents, c->equivalents, sizeof was.equivalents) != 0 ||
           memcmp(was.policy, c->policy, sizeof was.policy) != 0;
}

bool classes_judge(struct guard *g)
{
    struct showing *s = &g->showing;
    bool            changed = false;
    for (unsigned i = 0; i < s->class_count; i++) {
        if (s->class[i].used_until != 0) {
            changed = class_judge(g, &s->class[i]) || changed;
        }
    }
    return changed;
}

/* ---- numbers ---- */

bool classes_expire(struct guard *g)
{
    struct showing *s = &g->showing;
    bool            any = false;
    for (unsigned i = 0; i < s->class_count; i++) {
        struct class_row *c = &s->class[i];
        if (c->used_until != 0 && c->used_until <= g->boot_ms) {
            c->used_until = 0;
            any = true;
        }
    }
    return any;
}

static void way_lines(const struct guard *g, const struct class_row *c, struct writer *w)
{
    uint8_t       text[128];
    struct writer t = WRITER_OF(text);
    if (c->giver < g->partner_count) {
        line_name(w, "partner", &g->partner[c->giver].name);
    }
    if (c->giver < g->partner_count && c->agreement < g->tables.agreements.count) {
        line_name(w, "agreement", &g->tables.agreements.agreement[c->agreement].name);
    }
    if (c->via < g->partner_count) {
        level_format(&g->tables.policies, c->via_level, &t);
        line_name(w, "via", &g->partner[c->via].name);
        line_text(w, "via-level", writer_span(&t));
    }
}

/* For whoever recomputes what a room showed (docs/format/rooms.md). */
static void class_record(struct guard *g, uint16_t number, const struct kept *k)
{
    const struct class_row *c = &g->showing.class[number];
    struct leaf             l;
    uint8_t                 text[64];
    struct writer           t = WRITER_OF(text);
    ranks_format(g, (uint16_t)(1U << c->handled_as), &t);
    leaf_start(g, &l, LEAF_CLASS);
    line_number(&l.w, "class", number);
    line_name(&l.w, "kind", &k->cover.kind);
    line_text(&l.w, "marking", span_text(k->cover.marking));
    line_text(&l.w, "own-level", writer_span(&t));
    way_lines(g, c, &l.w);
    line_said(&l.w, "extent", k->cover.extent);
    line_said(&l.w, "reduced", k->cover.reduced);
    line_number(&l.w, "duties", c->owed.duties);
    line_instant(&l.w, "since", c->since);
    record(g, &l);
}

static uint16_t class_find(struct guard *g, const struct class_row *c)
{
    for (unsigned i = 0; i < g->showing.class_count; i++) {
        struct class_row *one = &g->showing.class[i];
        if (one->used_until != 0 && classes_equal(one, c)) {
            return (uint16_t)i;
        }
    }
    return CLASS_NONE;
}

/* A number that is free, and that no room has anything to say of any more. */
static uint16_t number_free(struct guard *g)
{
    struct showing *s = &g->showing;
    for (unsigned i = 0; i < s->class_count; i++) {
        bool spoken = s->class[i].used_until != 0;
        for (unsigned r = 0; !spoken && r < s->rooms.count; r++) {
            spoken = bit_has(s->show[r].masking, i) || bit_has(s->show[r].shown, i);
        }
        if (!spoken) {
            return (uint16_t)i;
        }
    }
    return s->class_count < CLASSES_MAX ? (uint16_t)s->class_count++ : CLASS_NONE;
}

static uint16_t class_new(struct guard *g, const struct class_row *c, const struct kept *k)
{
    uint16_t number = number_free(g);
    if (number != CLASS_NONE) {
        struct class_row *row = &g->showing.class[number];
        *row = *c;
        (void)class_judge(g, row);
        for (unsigned r = 0; r < g->showing.rooms.count; r++) {
            bit_drop(g->showing.show[r].asked, number);
        }
        class_record(g, number, k);
    }
    return number;
}

uint16_t class_of(struct guard *g, const id *handle, const struct kept *k, bool make)
{
    struct class_row c;
    if (g->showing.class_count == 0 && !make) {
        return CLASS_NONE;
    }
    if (err_is(class_make(g, handle, k, &c))) {
        return CLASS_NONE;
    }
    uint16_t number = class_find(g, &c);
    number = number == CLASS_NONE && make ? class_new(g, &c, k) : number;
    if (number != CLASS_NONE) {
        g->showing.class[number].used_until = g->boot_ms + CLASS_LEASE_MS;
    }
    return number;
}

void class_format(const struct guard *g, uint16_t class, struct writer *w)
{
    put_decimal(w, class);
    put_u8(w, ' ');
    marking_format(&g->tables.policies, &g->showing.class[class].marking, w);
}
