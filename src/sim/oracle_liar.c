/* SPDX-License-Identifier: Apache-2.0 */
/* What a liar is conceded (docs/THREATS.md), and what it is not: keys, by a person's reading of the texts. */
#include "sim/cast.h"
#include "sim/grow.h"
#include "sim/liar.h"

/* ---- what is conceded ---- */

bool liar_between(const struct gateway *giver, const struct gateway *taker)
{
    return lies(giver, PROCESS_COURIER) || lies(taker, PROCESS_COURIER);
}

bool liar_anywhere(const struct world *w)
{
    return w->hoard != NULL;
}

bool liar_sealed(const struct world *w, const struct seen_item *item)
{
    return lies(&w->gateway[item->gateway], PROCESS_INTAKE);
}

/* Of whom is what a desk shows?  It says so at the beginning */
static unsigned json_originator(const char *json)
{
    char originator[32];
    name n;
    return json_member(json, "originator", originator, sizeof originator, NULL) &&
                   !err_is(name_of(span_text(originator), &n))
               ? party_number(&n)
               : NOBODY;
}

unsigned oracle_originator(span data)
{
    uint8_t *json = bytes_keep(data);
    unsigned of = json_originator((const char *)json);
    free(json);
    return of;
}

bool liar_shown(const struct gateway *g, const char *json)
{
    unsigned of = json_originator(json);
    return lies(g, PROCESS_DESK) ||
           (of < g->world->gateways && lies(&g->world->gateway[of], PROCESS_INTAKE));
}

/* ---- what is not ---- */

/* What a guard says is for one process alone, whoever asked for it in whose place */
static const struct {
    enum guard_request kind;
    unsigned           to; /* a bit for each process */
} told_to[] = {
    {ANSWER_KEY, 1 << PROCESS_DESK},
    {ANSWER_ARRIVED, 1 << PROCESS_DESK},
    {ANSWER_LOOK, 1 << PROCESS_DESK},
    {ANSWER_CHALLENGE, 1 << PROCESS_DESK},
    {ANSWER_FORGET, 1 << PROCESS_DESK},
    {ANSWER_GRANTED, 1 << PROCESS_COURIER},
    {ANSWER_LETTER, 1 << PROCESS_COURIER},
    {ANSWER_DERIVED, 1 << PROCESS_INTAKE},
    {ANSWER_SOURCE, 1 << PROCESS_INTAKE},
    {ANSWER_RECEIVED, 1 << PROCESS_COURIER},
    {ANSWER_EPOCH, 1 << PROCESS_INTAKE | 1 << PROCESS_DESK},
    {ANSWER_INSPECT, 1 << PROCESS_CHECK},
    {ANSWER_HEEDED, 1 << PROCESS_CHECK},
};

void oracle_told(struct gateway *g, enum process p, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    g->world->totals.checks++;
    for (size_t i = 0; i < sizeof told_to / sizeof told_to[0]; i++) {
        if (told_to[i].kind == m.kind && (told_to[i].to & 1U << p) == 0) {
            wrong(g->world, "%s: the guard tells %s what is not for it (%u)", law_party[g->number],
                  process_name[p], m.kind);
        }
    }
}

static unsigned role_of(const name *who)
{
    for (unsigned r = 0; r < PLAYER_COUNT; r++) {
        if (span_is(name_span(who), player_name[r])) {
            return r;
        }
    }
    return PLAYER_COUNT;
}

static const id *epoch_of(const struct gateway *g, const id *handle)
{
    const struct seen_grant *grant = oracle_grant_of(g->world, g->number, handle);
    return grant == NULL ? handle : &grant->epoch;
}

static unsigned giver_of(const struct gateway *g, const id *handle)
{
    const struct seen_grant *grant = oracle_grant_of(g->world, g->number, handle);
    return grant == NULL ? g->number : grant->giver;
}

/* Whoever asked for it, and in whose name: the person on record is one who may */
static void opened_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world         *w = g->world;
    const struct product *p = product_named(w, epoch_of(g, &leaf->handle));
    unsigned              role = role_of(&leaf->who);
    w->totals.checks++;
    if (role == PLAYER_COUNT) {
        wrong(w, "%s: leaf %u: opened for nobody", law_party[g->number], (unsigned)leaf->index);
    } else if (p != NULL && !cast_may_open(g, (enum player)role, p->matter)) {
        wrong(w, "%s: leaf %u: %s is opened for %s, who may not", law_party[g->number],
              (unsigned)leaf->index, p->title, player_name[role]);
    } else if (p == NULL && !may_watch_of(g, (enum player)role, giver_of(g, &leaf->handle))) {
        wrong(w, "%s: leaf %u: a feed is opened for %s, who may not watch", law_party[g->number],
              (unsigned)leaf->index, player_name[role]);
    }
}

/* What its author did not list is nobody's */
static void released_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world         *w = g->world;
    const struct product *p = product_named(w, &leaf->about);
    unsigned              to = party_number(&leaf->who);
    w->totals.checks++;
    if (p != NULL && p->gateway == g->number && (p->matter->to & 1u << to) == 0) {
        wrong(w, "%s: leaf %u: %s is given to %s, whom its author did not name",
              law_party[g->number], (unsigned)leaf->index, p->title, leaf->who.text);
    }
}

/* What a party takes in, the other's guard gave it: no courier between them can make that up */
static void received_see(struct gateway *g, const struct seen_leaf *leaf)
{
    const struct world      *w = g->world;
    const struct seen_grant *grant = oracle_grant_of(w, g->number, &leaf->handle);
    g->world->totals.checks++;
    if (grant == NULL || !id_equal(&grant->epoch, &leaf->about) ||
        grant->giver != party_number(&leaf->who)) {
        wrong(g->world, "%s: leaf %u: received from %s what it never gave", law_party[g->number],
              (unsigned)leaf->index, leaf->who.text);
    }
}

/* The end of an epoch that an honest intake seals is not before what it sealed, whoever said so */
static void closed_see(struct gateway *g, const struct seen_leaf *leaf)
{
    const struct oracle *o = &g->world->oracle;
    uint64_t             items = 0, sealed = 0;
    g->world->totals.checks++;
    (void)text_decimal(leaf_value(leaf->head.body, "items"), INT64_MAX, &items);
    for (size_t i = 0; i < o->item_count && !lies(g, PROCESS_INTAKE); i++) {
        bool its = o->item[i].gateway == g->number && id_equal(&o->item[i].epoch, &leaf->about);
        sealed = its && o->item[i].number >= sealed ? o->item[i].number + 1 : sealed;
    }
    if (items < sealed) {
        wrong(g->world, "%s: leaf %u: an epoch is closed before what was sealed under it",
              law_party[g->number], (unsigned)leaf->index);
    }
}

void oracle_liar_leaf(struct gateway *g, const struct seen_leaf *leaf)
{
    g->world->totals.releases += leaf->kind == LEAF_RELEASED && g->world->now_us > 0;
    g->world->totals.refusals += leaf->kind == LEAF_REFUSED && g->world->now_us > 0;
    if (leaf->kind == LEAF_OPENED) {
        opened_see(g, leaf);
    } else if (leaf->kind == LEAF_RELEASED) {
        released_see(g, leaf);
    } else if (leaf->kind == LEAF_RECEIVED) {
        received_see(g, leaf);
    } else if (leaf->kind == LEAF_CLOSED) {
        closed_see(g, leaf);
    }
}
