/* SPDX-License-Identifier: Apache-2.0 */
/* What the oracle sees while a seed runs: leaves, what is sealed, grants. */
#include "sim/oracle.h"

#include "base/lines.h"
#include "pouch/seal.h"
#include "sim/cast.h"
#include "sim/grow.h"
#include "wire/batch.h"
#include "wire/line.h"

#include <stdio.h>

/* ---- leaves ---- */

id hex_id(span hex)
{
    id out = {{0}};
    if (err_is(text_hex(hex, out.bytes, ID_LEN))) {
        out = (id){{0}};
    }
    return out;
}

span leaf_value(span body, const char *key)
{
    while (body.len > 0) {
        span line = span_cut(&body, '\n');
        if (span_is(span_cut(&line, ' '), key)) {
            return line;
        }
    }
    return (span){0};
}

span said_value(span body, const char *key)
{
    while (body.len > 0) {
        span line = span_cut(&body, '\n');
        if (span_is(span_cut(&line, ' '), "say") && span_is(span_cut(&line, ' '), key)) {
            return line;
        }
    }
    return (span){0};
}

/* A clock that was set wrong is a partner's alarm; any other is one of the oracle's. */
static void alarm_see(struct gateway *g, span reason)
{
    static const char *const end =
        "an agreement has ended, and what came under it is to be destroyed";
    bool clock = span_is(reason, "a partner's clock is too far from ours") &&
                 g->world->totals.clock_leaps > 0;
    if (!clock && !(g->world->ends && span_is(reason, end))) {
        wrong(g->world, "%s: alarm: " SPAN_FMT, law_party[g->number], SPAN_ARG(reason));
    }
}

/* What tells why something did not go its usual way */
static void leaf_say(struct gateway *g, const struct seen_leaf *leaf)
{
    span reason = leaf_value(leaf->head.body, "reason");
    span who = leaf_value(leaf->head.body, "partner");
    if (leaf->kind == LEAF_INSTRUMENT) {
        who = leaf_value(leaf->head.body, "agreement");
        reason = leaf_value(leaf->head.body, "instrument");
    }
    bool told = reason.len > 0 || leaf->kind == LEAF_MUTED || leaf->kind == LEAF_UNMUTED ||
                leaf->kind == LEAF_FORK || leaf->kind == LEAF_INSTRUMENT ||
                leaf->kind == LEAF_CLOCK;
    if (told && g->world->now_us > 0) {
        say(g->world, "%s: leaf %u, %s: " SPAN_FMT " " SPAN_FMT, law_party[g->number],
            (unsigned)leaf->index, leaf_kind_name(leaf->kind), SPAN_ARG(who), SPAN_ARG(reason));
    }
}

static void leaf_see(struct gateway *g, struct seen_ledger *l, const struct record *r)
{
    struct seen_leaf *leaf;
    l->leaf = grow(l->leaf, &l->count, &l->max, sizeof *l->leaf);
    leaf = &l->leaf[l->count - 1];
    err e = leaf_head_read(r->bytes, &leaf->head);
    if (err_is(e)) {
        wrong(g->world, "%s: a leaf cannot be read: %s", law_party[g->number], e.why);
    }
    leaf->kind = leaf->head.kind;
    leaf->index = l->size++;
    leaf->at_us = g->world->now_us;
    leaf_say(g, leaf);
    leaf->hash = leaf_hash(r->salt, r->bytes);
    span epoch = leaf_value(leaf->head.body, "epoch");
    span handle = leaf_value(leaf->head.body, "handle");
    bool approved = leaf->kind == LEAF_APPROVED;
    epoch = approved ? said_value(leaf->head.body, "epoch") : epoch;
    leaf->about = hex_id(epoch.len > 0 ? epoch : handle);
    leaf->handle = hex_id(handle);
    span who = leaf_value(leaf->head.body, "partner");
    who = approved ? said_value(leaf->head.body, "partner") : who;
    who = who.len > 0 ? who : leaf_value(leaf->head.body, "person");
    if (who.len == 0 || err_is(name_of(who, &leaf->who))) {
        leaf->who = (name){0};
    }
    if (leaf->kind == LEAF_ALARM) {
        alarm_see(g, leaf_value(leaf->head.body, "reason"));
    }
    oracle_liar_leaf(g, leaf);
    g->world->totals.checks++;
    officer_leaf(g, leaf);
    oracle_duty_leaf(g, leaf);
    oracle_order_leaf(g, leaf, l->attached);
}

void oracle_ledger(struct gateway *g)
{
    struct seen_ledger *l = &g->world->oracle.ledger[g->number];
    if (l->shorter) {
        return;
    }
    if (g->gate->ledger.len < l->at) {
        l->shorter = true;
        wrong(g->world, "%s: the ledger has become shorter", law_party[g->number]);
        return;
    }
    struct reader rest =
        reader_of((span){g->gate->ledger.ptr + l->at, g->gate->ledger.len - l->at});
    while (rest.rest.len > 0) {
        struct record r;
        span          bytes = read_block32(&rest, RECORD_MAX);
        MUST(!rest.bad && !err_is(record_read(bytes, &r)));
        if (r.type == RECORD_LEAF) {
            leaf_see(g, l, &r);
        }
        l->attached = r.type == RECORD_ATTACHMENT ? r.bytes : (span){0};
    }
    l->at = g->gate->ledger.len;
}

const struct seen_leaf *oracle_find(const struct gateway *g, enum leaf_kind kind, const id *about,
                                    const name *who)
{
    const struct seen_ledger *l = &g->world->oracle.ledger[g->number];
    for (size_t i = l->count; i > 0; i--) {
        const struct seen_leaf *leaf = &l->leaf[i - 1];
        bool its = id_equal(&leaf->about, about) || id_equal(&leaf->handle, about);
        if (leaf->kind == kind && its && (who == NULL || name_equal(&leaf->who, who))) {
            return leaf;
        }
    }
    return NULL;
}

/* ---- to intake ---- */

static void epoch_see(struct gateway *g, struct reader *r)
{
    struct oracle   *o = &g->world->oracle;
    struct epoch_row row;
    epoch_row_read(r, &row);
    if (err_is(reader_end(r)) || oracle_find(g, LEAF_EPOCH, &row.epoch, NULL) == NULL) {
        wrong(g->world, "%s: intake has a key without a leaf", law_party[g->number]);
    }
    o->epoch = grow(o->epoch, &o->epoch_count, &o->epoch_max, sizeof *o->epoch);
    o->epoch[o->epoch_count - 1] = (struct seen_epoch){.gateway = g->number,
                                                       .epoch = row.epoch,
                                                       .source = row.source,
                                                       .to = NOBODY,
                                                       .key = row.key};
}

void oracle_to_intake(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    struct reader r = reader_of(m.body);
    if (m.kind == ANSWER_EPOCH) {
        epoch_see(g, &r);
    } else if (m.kind == ANSWER_DERIVED) {
        coarse_told(g, &r);
    } else if (m.kind == ANSWER_STOP) {
        id epoch = read_id(&r);
        coarse_stopped(g, &epoch);
    }
}

static void taken_add(struct gateway *g, uint16_t source, const struct seen_event *e)
{
    struct oracle *o = &g->world->oracle;
    o->taken = grow(o->taken, &o->taken_count, &o->taken_max, sizeof *o->taken);
    o->taken[o->taken_count - 1] = (struct seen_taken){
        .gateway = g->number, .source = source, .life = g->life[PROCESS_INTAKE], .event = *e};
}

void oracle_sealed(struct gateway *g, uint16_t source, const struct seen_event *e)
{
    struct oracle      *o = &g->world->oracle;
    size_t             *count = &o->sealing_count[g->number][source];
    struct seen_event **list = &o->sealing[g->number][source];
    *list = grow(*list, count, &o->sealing_max[g->number][source], sizeof **list);
    (*list)[*count - 1] = *e;
    taken_add(g, source, e);
}

void oracle_unsealed(struct gateway *g, uint16_t source)
{
    struct oracle     *o = &g->world->oracle;
    size_t            *count = &o->sealing_count[g->number][source];
    struct seen_event *list = o->sealing[g->number][source];
    if (*count > 0) {
        memmove(list, list + 1, --*count * sizeof *list);
    }
}

void oracle_intake_gone(struct gateway *g)
{
    for (unsigned i = 0; i < SENSORS; i++) {
        g->world->oracle.sealing_count[g->number][i] = 0;
    }
    coarse_gone(g);
}

static const struct seen_epoch *epoch_seen(const struct gateway *g, const id *epoch)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = o->epoch_count; i > 0; i--) {
        if (o->epoch[i - 1].gateway == g->number && id_equal(&o->epoch[i - 1].epoch, epoch)) {
            return &o->epoch[i - 1];
        }
    }
    return NULL;
}

/* The newest reports of a feed once more, each as it was: only a courier that lies asks for them here. */
static void picture_item(struct gateway *g, const struct seen_item *as, const struct report *r)
{
    struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->item_count; i++) {
        struct seen_item one = o->item[i];
        if (one.gateway == g->number && one.source == as->source && one.to == NOBODY &&
            one.came == (uint32_t)r->hae_cm / 100 && strcmp(one.uid, r->uid) == 0) {
            one.epoch = as->epoch;
            one.number = as->number;
            one.sealed_us = g->world->now_us;
            o->item = grow(o->item, &o->item_count, &o->item_max, sizeof *o->item);
            o->item[o->item_count - 1] = one;
            return;
        }
    }
    if (!lies(g, PROCESS_INTAKE)) {
        wrong(g->world, "%s: a picture shows what was never reported", law_party[g->number]);
    }
}

static void picture_see(struct gateway *g, const struct seen_epoch *epoch, const struct batch *b)
{
    static uint8_t   room[ITEM_MAX];
    struct seen_item as = {.source = epoch->source, .epoch = b->handle, .number = b->first};
    struct unseal    u = {.epoch = epoch->epoch, .aead = aead_open(&epoch->key)};
    for (span items = b->items; items.len > 0; as.number++) {
        struct report r;
        span          plain;
        err           e = unseal_item(&u, as.number, batch_item(&items), room, &plain);
        MUST(!err_is(e) && !err_is(report_decode(plain, &r)));
        picture_item(g, &as, &r);
    }
    aead_close(u.aead);
}

void oracle_batch(struct gateway *g, span bytes, uint8_t type)
{
    struct oracle           *o = &g->world->oracle;
    struct batch             b;
    err                      e = batch_read(bytes, &b);
    const struct seen_epoch *epoch = err_is(e) ? NULL : epoch_seen(g, &b.handle);
    if (epoch != NULL && line_pictures(type)) {
        g->world->totals.pictures++;
        picture_see(g, epoch, &b);
        return;
    }
    if (epoch != NULL && epoch->to != NOBODY) {
        coarse_batch(g, epoch, &b);
        return;
    }
    if (epoch == NULL || o->sealing_count[g->number][epoch->source] < b.count) {
        if (lies(g, PROCESS_INTAKE)) {
            return;
        }
        wrong(g->world, "%s: intake writes a batch of which nothing is known",
              law_party[g->number]);
        return;
    }
    struct seen_event *list = o->sealing[g->number][epoch->source];
    size_t            *count = &o->sealing_count[g->number][epoch->source];
    for (unsigned i = 0; i < b.count; i++) {
        o->item = grow(o->item, &o->item_count, &o->item_max, sizeof *o->item);
        o->item[o->item_count - 1] = (struct seen_item){.gateway = g->number,
                                                        .source = epoch->source,
                                                        .epoch = b.handle,
                                                        .number = b.first + i,
                                                        .came = list[i].came,
                                                        .sealed_us = list[i].at_us,
                                                        .to = NOBODY};
        memcpy(o->item[o->item_count - 1].uid,
               sensed_of(g->world, g->number, epoch->source, list[i].number).uid,
               sizeof(struct sensed){0}.uid);
        coarse_due(g, &o->item[o->item_count - 1]);
    }
    *count -= b.count;
    memmove(list, list + b.count, *count * sizeof *list);
}

/* ---- to the courier ---- */

unsigned party_number(const name *n)
{
    for (unsigned i = 0; i < GATEWAYS_MAX; i++) {
        if (span_is(name_span(n), law_party[i])) {
            return i;
        }
    }
    return NOBODY;
}

/* By the scene's table, whatever the guard's verdict says */
static void grant_check(struct gateway *g, const struct granted *row)
{
    struct world *w = g->world;
    if (!oracle_is_for(w, g->number, &row->epoch, party_number(&row->partner))) {
        (void)fault_now(w, w->plan.fault == FAULT_PLAIN ? FAULT_PLAIN : FAULT_OTHER);
        wrong(w, "%s: %s is given %s", law_party[g->number], row->partner.text,
              coarse_of_epoch(w, g->number, &row->epoch) == NULL
                  ? "a feed as it is, which it may have only made coarser, or not at all"
                  : "what was made coarser for another");
    }
}

static void granted_see(struct gateway *g, struct reader *r)
{
    struct oracle *o = &g->world->oracle;
    struct granted row;
    granted_read(r, &row);
    MUST(!err_is(reader_end(r)));
    const struct seen_leaf *leaf = oracle_find(g, LEAF_RELEASED, &row.epoch, &row.partner);
    if (leaf == NULL || !id_equal(&leaf->handle, &row.handle)) {
        wrong(g->world, "%s: the courier has a grant for %s without a leaf of release",
              law_party[g->number], row.partner.text);
        return;
    }
    grant_check(g, &row);
    g->world->totals.grants++;
    o->grant = grow(o->grant, &o->grant_count, &o->grant_max, sizeof *o->grant);
    o->grant[o->grant_count - 1] = (struct seen_grant){.giver = g->number,
                                                       .taker = party_number(&row.partner),
                                                       .epoch = row.epoch,
                                                       .handle = row.handle};
}

static void received_see(struct gateway *g, struct reader *r)
{
    id      handle = read_id(r);
    uint8_t said = read_u8(r);
    bool    accepted = said == RECEIVED_ACCEPTED || said == RECEIVED_RELAYED;
    if (accepted && oracle_find(g, LEAF_RECEIVED, &handle, NULL) == NULL) {
        wrong(g->world, "%s: a grant was received without a leaf", law_party[g->number]);
    }
    g->world->totals.received += accepted;
}

void oracle_to_courier(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    struct reader r = reader_of(m.body);
    if (m.kind == ANSWER_GRANTED) {
        granted_see(g, &r);
    } else if (m.kind == ANSWER_RECEIVED) {
        received_see(g, &r);
    }
}

const struct seen_grant *oracle_grant_of(const struct world *w, unsigned taker, const id *handle)
{
    for (size_t i = w->oracle.grant_count; i > 0; i--) {
        const struct seen_grant *g = &w->oracle.grant[i - 1];
        if (g->taker == taker && id_equal(&g->handle, handle)) {
            return g;
        }
    }
    return NULL;
}

void oracle_free(struct oracle *o)
{
    for (unsigned i = 0; i < GATEWAYS_MAX; i++) {
        free(o->ledger[i].leaf);
        for (unsigned s = 0; s < SENSORS; s++) {
            free(o->sealing[i][s]);
        }
    }
    free(o->order);
    free(o->gone);
    free(o->duty);
    free(o->drop);
    free(o->pause);
    free(o->epoch);
    free(o->item);
    free(o->taken);
    free(o->due);
    free(o->grant);
}
