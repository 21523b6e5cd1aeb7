/* SPDX-License-Identifier: Apache-2.0 */
/* What officers paused, from the leaves alone: and whatever comes after such a leaf. */
#include "base/lines.h"
#include "sim/cast.h"
#include "sim/grow.h"

#define KOR 1u
#define JPN 2u
#define USA 4u

const struct paused_row paused_rows[] = {
    {"GSOMIA", KOR | JPN, "EXCHANGE,ASH"},
    {"KOR-USA-1987", KOR | USA, "TISA,SEA,MIST"},
    {"JPN-USA-2007", JPN | USA, "TISA"},
};
const size_t paused_row_count = ARRAY_LEN(paused_rows);

static bool list_has(span list, span which)
{
    while (list.len > 0) {
        if (span_equal(span_cut(&list, ','), which)) {
            return true;
        }
    }
    return false;
}

/* Does an agreement of this name stand under what was paused? */
static bool stopped(const struct seen_pause *p, span which)
{
    for (size_t i = 0; i < paused_row_count; i++) {
        if (span_is(p->agreement, paused_rows[i].agreement)) {
            return span_equal(which, p->agreement) ||
                   list_has(span_text(paused_rows[i].under), which);
        }
    }
    return span_equal(which, p->agreement);
}

static const struct seen_pause *pause_open(const struct gateway *g, span agreement, bool giving)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        if (p->gateway == g->number && p->until == UINT64_MAX &&
            (giving ? p->giving : p->opening) && span_equal(p->agreement, agreement)) {
            return p;
        }
    }
    return NULL;
}

bool oracle_paused(const struct gateway *g, const char *agreement)
{
    return pause_open(g, span_text(agreement), true) != NULL ||
           pause_open(g, span_text(agreement), false) != NULL;
}

/* ---- pauses ---- */

static void instrument_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct oracle *o = &g->world->oracle;
    span           kind = leaf_value(leaf->head.body, "instrument");
    span           agreement = leaf_value(leaf->head.body, "agreement");
    span           direction = leaf_value(leaf->head.body, "direction");
    for (size_t i = 0; span_is(kind, "resume") && i < o->pause_count; i++) {
        struct seen_pause *p = &o->pause[i];
        if (p->gateway == g->number && p->until == UINT64_MAX &&
            span_equal(p->agreement, agreement)) {
            g->world->totals.resumed++;
            p->until = leaf->index;
            p->until_us = g->world->now_us;
        }
    }
    if (!span_is(kind, "pause")) {
        return;
    }
    g->world->totals.paused++;
    g->world->totals.paused_running += leaf_value(leaf->head.body, "close").len > 0;
    o->pause = grow(o->pause, &o->pause_count, &o->pause_max, sizeof *o->pause);
    o->pause[o->pause_count - 1] = (struct seen_pause){.gateway = g->number,
                                                       .agreement = agreement,
                                                       .giving = !span_is(direction, "opening"),
                                                       .opening = !span_is(direction, "giving"),
                                                       .leaf = leaf->index,
                                                       .body = leaf->head.body,
                                                       .until = UINT64_MAX,
                                                       .at_us = g->world->now_us,
                                                       .until_us = INT64_MAX};
}

/* The agreement whose clause permits a release */
static span permit_of(const struct seen_leaf *leaf)
{
    span permit = leaf_value(leaf->head.body, "permit");
    return span_cut(&permit, ' ');
}

/* What was begun before a pause was over rests on nothing that was paused, unless an officer approved it after:
 * by its place in the ledger, since instants come from clocks. */
static void release_check(struct gateway *g, const struct seen_leaf *leaf)
{
    const struct oracle    *o = &g->world->oracle;
    const struct seen_leaf *epoch = oracle_find(g, LEAF_EPOCH, &leaf->about, NULL);
    const struct seen_leaf *approved = oracle_find(g, LEAF_APPROVED, &leaf->about, &leaf->who);
    const struct seen_leaf *since = approved == NULL ? epoch : approved;
    span                    standing = leaf_value(leaf->head.body, "standing");
    for (size_t i = 0; i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        if (p->gateway == g->number && p->giving && (since == NULL || p->until > since->index) &&
            list_has(standing, p->agreement)) {
            wrong(g->world, "%s: leaf %u: what was paused is given", law_party[g->number],
                  (unsigned)leaf->index);
        }
    }
}

/* Under which agreement did this come here?  Empty: it is the party's own. */
static const struct seen_leaf *release_of(const struct world *w, unsigned taker, const id *handle)
{
    const struct seen_grant *grant = oracle_grant_of(w, taker, handle);
    name                     to = party_name(taker);
    return grant == NULL
               ? NULL
               : oracle_find(&w->gateway[grant->giver], LEAF_RELEASED, &grant->epoch, &to);
}

static void opening_check(struct gateway *g, const struct seen_leaf *leaf)
{
    const struct oracle    *o = &g->world->oracle;
    const struct seen_leaf *release = release_of(g->world, g->number, &leaf->handle);
    if (leaf_value(leaf->head.body, "repeated").len > 0) {
        return; /* it counts what came before it */
    }
    for (size_t i = 0; release != NULL && i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        if (p->gateway == g->number && p->opening && p->until == UINT64_MAX &&
            stopped(p, permit_of(release))) {
            wrong(g->world, "%s: leaf %u: opened in a pause of opening", law_party[g->number],
                  (unsigned)leaf->index);
        }
    }
}

/* A no that rests on a pause or an order */
static void refusal_see(struct gateway *g, const struct seen_leaf *leaf)
{
    static const char *const why[] = {"the opening of what was given under its agreement is paused",
                                      "its giver took it back"};
    span                     reason = leaf_value(leaf->head.body, "reason");
    g->world->totals.refused_after +=
        span_is(reason, why[0]) || span_is(reason, why[1]) || oracle_taken_back(g, &leaf->about);
}

/* ---- what is asked of it ---- */

void officer_leaf(struct gateway *g, const struct seen_leaf *leaf)
{
    switch (leaf->kind) {
    case LEAF_INSTRUMENT:
        instrument_see(g, leaf);
        break;
    case LEAF_RELEASED:
        release_check(g, leaf);
        break;
    case LEAF_OPENED:
        opening_check(g, leaf);
        break;
    case LEAF_OPENING_REFUSED:
        refusal_see(g, leaf);
        break;
    default:
        break;
    }
}

void officer_report_check(struct gateway *g, const struct seen_item *item)
{
    const struct oracle    *o = &g->world->oracle;
    const struct gateway   *giver = &g->world->gateway[item->gateway];
    name                    to = party_name(g->number);
    const struct seen_leaf *leaf =
        giver == g ? NULL : oracle_find(giver, LEAF_RELEASED, &item->epoch, &to);
    bool conceded = liar_sealed(g->world, item) || lies(g, PROCESS_DESK);
    for (size_t i = 0; leaf != NULL && !conceded && i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        if (p->gateway == item->gateway && p->giving && item->sealed_us > p->at_us &&
            item->sealed_us < p->until_us && leaf->index < p->leaf && stopped(p, permit_of(leaf))) {
            wrong(g->world, "%s: a report is shown that %s sealed in a pause", law_party[g->number],
                  law_party[item->gateway]);
        }
    }
}

/* The first item of an epoch that a pause keeps from this partner; UINT64_MAX: none does */
uint64_t oracle_cut(const struct gateway *giver, const id *epoch, const name *partner)
{
    const struct oracle    *o = &giver->world->oracle;
    const struct seen_leaf *leaf = oracle_find(giver, LEAF_RELEASED, epoch, partner);
    uint64_t                items = UINT64_MAX;
    for (size_t i = 0; leaf != NULL && i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        span                     rest = p->body;
        bool its = p->gateway == giver->number && p->giving && stopped(p, permit_of(leaf));
        while (its && rest.len > 0) {
            span     line = span_cut(&rest, '\n'), key = span_cut(&line, ' ');
            span     hex = span_cut(&line, ' ');
            id       which = hex_id(hex);
            span     number = span_cut(&line, ' ');
            uint64_t count;
            if (span_is(key, "close") && id_equal(&which, epoch) &&
                !err_is(text_decimal(number, UINT64_MAX, &count)) && count < items) {
                items = count;
            }
        }
    }
    return items;
}

/* What was sealed after a pause of what its partner has it under lies behind the end that the pause set. */
static void pause_item_check(struct gateway *g, const struct seen_item *item, unsigned taker)
{
    const struct oracle    *o = &g->world->oracle;
    name                    to = party_name(taker);
    const struct seen_leaf *leaf = oracle_find(g, LEAF_RELEASED, &item->epoch, &to);
    for (size_t i = 0; leaf != NULL && i < o->pause_count; i++) {
        const struct seen_pause *p = &o->pause[i];
        if (p->gateway == g->number && p->giving && item->sealed_us > p->at_us &&
            leaf->index < p->leaf && stopped(p, permit_of(leaf)) &&
            item->number < oracle_cut(g, &item->epoch, &to)) {
            wrong(g->world, "%s: a pause left an epoch running for %s", law_party[g->number],
                  law_party[taker]);
            return;
        }
    }
}

bool oracle_left_running(struct gateway *g, const id *epoch)
{
    const struct oracle *o = &g->world->oracle;
    for (unsigned k = 0; k < g->world->gateways; k++) {
        name                    to = party_name(k);
        const struct seen_leaf *leaf = oracle_find(g, LEAF_RELEASED, epoch, &to);
        for (size_t i = 0; leaf != NULL && i < o->pause_count; i++) {
            const struct seen_pause *p = &o->pause[i];
            if (p->gateway == g->number && p->giving && p->until == UINT64_MAX &&
                leaf->index < p->leaf && stopped(p, permit_of(leaf))) {
                return true;
            }
        }
    }
    return false;
}

void officer_end(struct gateway *g)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->item_count && !lies(g, PROCESS_INTAKE); i++) {
        for (unsigned to = 0; to < g->world->gateways && o->item[i].gateway == g->number; to++) {
            pause_item_check(g, &o->item[i], to);
        }
    }
}

bool officer_gave_reason(const struct gateway *giver)
{
    const struct oracle *o = &giver->world->oracle;
    for (size_t i = 0; i < o->pause_count; i++) {
        if (o->pause[i].gateway == giver->number) {
            return true;
        }
    }
    return false;
}
