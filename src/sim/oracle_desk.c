/* SPDX-License-Identifier: Apache-2.0 */
/* What the oracle sees of a desk: the keys that it is given, and what it shows its readers. */
#include "sim/cast.h"
#include "sim/grow.h"

#include <stdio.h>

/* ---- to the desk ---- */

static unsigned session_role(const struct gateway *g, uint64_t session)
{
    const struct cast *c = g->world->cast;
    for (size_t i = c->task_count; i > 0; i--) {
        const struct task *t = c->task[i - 1];
        if (t->gateway == g && t->session == session) {
            return t->role;
        }
    }
    return PLAYER_COUNT;
}

void oracle_asked(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    if (m.kind == REQUEST_OPEN) {
        struct reader r = reader_of(m.body);
        g->world->oracle.ask[g->number][m.tag % DESK_ERRANDS_MAX] =
            (struct seen_ask){m.tag, session_role(g, read_u64(&r))};
    }
}

/* A key of a feed goes to the session of one who may watch it. */
static void key_for_see(struct gateway *g, uint32_t tag)
{
    const struct seen_ask *a = &g->world->oracle.ask[g->number][tag % DESK_ERRANDS_MAX];
    if (a->tag == tag && a->role < PLAYER_COUNT && !may_watch((enum player)a->role)) {
        wrong(g->world, "%s: the desk has a key for %s, who may not watch", law_party[g->number],
              player_name[a->role]);
    }
}

/* A key of what another party gave rests on a release at the giver, not only on a leaf here. */
static void key_see(struct gateway *g, struct reader *r)
{
    struct key_row row;
    key_row_read(r, &row);
    if (err_is(reader_end(r))) {
        return;
    }
    if (oracle_find(g, LEAF_OPENED, &row.handle, NULL) == NULL) {
        wrong(g->world, "%s: the desk has a key without a leaf of its opening",
              law_party[g->number]);
    }
    const struct seen_grant *grant = oracle_grant_of(g->world, g->number, &row.handle);
    bool                     own = id_equal(&row.handle, &row.epoch);
    if (!own && (grant == NULL || !id_equal(&grant->epoch, &row.epoch))) {
        wrong(g->world, "%s: the desk has a key that nobody gave", law_party[g->number]);
    }
}

static void done_see(struct gateway *g, struct reader *r)
{
    (void)read_u32(r);
    unsigned      needed = read_u8(r);
    struct reader result = reader_of(read_block16(r, UINT16_MAX));
    if (needed == 0 && result.rest.len > 100) {
        key_see(g, &result);
    }
}

/* What one handle names is dropped for an order, whose leaf is there. */
static void forget_see(struct gateway *g, struct reader *r)
{
    static const id     all;
    struct oracle      *o = &g->world->oracle;
    struct seen_forget *f = &o->forget[g->number];
    f->at_us = g->world->now_us;
    f->from = read_name(r);
    f->handle = read_id(r);
    MUST(!err_is(reader_end(r)));
    if (id_equal(&f->handle, &all)) {
        return;
    }
    if (!oracle_taken_back(g, &f->handle) && !oracle_destroyed(g, &f->handle) &&
        !oracle_duty_drops(g, &f->handle)) {
        wrong(g->world, "%s: the desk drops a key that nobody took back", law_party[g->number]);
    }
    o->drop = grow(o->drop, &o->drop_count, &o->drop_max, sizeof *o->drop);
    o->drop[o->drop_count - 1] = (struct seen_drop){.gateway = g->number, .handle = f->handle};
}

void oracle_piece(struct gateway *g, const id *handle)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->drop_count && !lies(g, PROCESS_DESK); i++) {
        if (o->drop[i].gateway == g->number && id_equal(&o->drop[i].handle, handle)) {
            wrong(g->world, "%s: the desk shows what it was told to drop", law_party[g->number]);
            return;
        }
    }
}

/* Only what the guard takes back at this moment: the handle, or all of its giver or originator. */
void oracle_cut_off(struct gateway *g, const id *handle, unsigned originator)
{
    static const id           all;
    const struct seen_forget *f = &g->world->oracle.forget[g->number];
    const struct seen_grant  *grant = oracle_grant_of(g->world, g->number, handle);
    unsigned                  from = party_number(&f->from);
    bool                      its = id_equal(&f->handle, handle);
    if (id_equal(&f->handle, &all)) {
        its = grant != NULL && (from == grant->giver || from == originator);
    }
    if ((f->at_us != g->world->now_us || !its) && !lies(g, PROCESS_DESK)) {
        wrong(g->world, "%s: the desk cut off an answer", law_party[g->number]);
    }
}

void oracle_to_desk(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    struct reader    r = reader_of(m.body);
    struct epoch_row row;
    if (m.kind == ANSWER_KEY) {
        key_for_see(g, m.tag);
        key_see(g, &r);
    } else if (m.kind == ANSWER_DONE) {
        done_see(g, &r);
    } else if (m.kind == ANSWER_FORGET) {
        forget_see(g, &r);
    } else if (m.kind == ANSWER_EPOCH) {
        epoch_row_read(&r, &row);
        if (oracle_find(g, LEAF_EPOCH, &row.epoch, NULL) == NULL) {
            wrong(g->world, "%s: the desk has a key to seal without a leaf", law_party[g->number]);
        }
    }
}

/* ---- reports ---- */

static bool shown_has(const struct seen_shown *s, size_t item)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->item[i] == item) {
            return true;
        }
    }
    return false;
}

/* Is it later than all that this reader was shown of its epoch? */
static bool shown_later(const struct oracle *o, const struct seen_shown *s, size_t item)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct seen_item *one = &o->item[s->item[i]];
        if (id_equal(&one->epoch, &o->item[item].epoch) && one->number >= o->item[item].number) {
            return false;
        }
    }
    return true;
}

struct report_seen {
    char     uid[REPORT_UID_MAX + 1];
    unsigned came;
    uint64_t number;
};

static bool report_read(const char *json, struct report_seen *out)
{
    const char *number = strstr(json, "\"number\":"), *height = strstr(json, "\"hae\":");
    if (number == NULL || height == NULL ||
        !json_member(json, "uid", out->uid, sizeof out->uid, NULL) ||
        sscanf(height, "\"hae\":%u", &out->came) != 1) {
        return false;
    }
    out->number = strtoull(number + 9, NULL, 10);
    return true;
}

void oracle_report(struct gateway *g, struct seen_shown *shown, span data)
{
    struct oracle     *o = &g->world->oracle;
    struct report_seen seen;
    uint8_t           *json = bytes_keep(data);
    bool               read = report_read((const char *)json, &seen), found = false;
    for (size_t i = 0; read && !found && i < o->item_count; i++) {
        const struct seen_item *one = &o->item[i];
        found = strcmp(one->uid, seen.uid) == 0 && one->came == seen.came &&
                one->number == seen.number && item_is_for(g->world, one, g->number) &&
                !shown_has(shown, i) && shown_later(o, shown, i);
        if (found) {
            shown->item = grow(shown->item, &shown->count, &shown->max, sizeof *shown->item);
            shown->item[shown->count - 1] = i;
            officer_report_check(g, one);
            g->world->totals.coarse_shown += one->to != NOBODY;
        }
    }
    if (!found && !liar_shown(g, (const char *)json)) {
        wrong(g->world, "%s: a report was shown twice, out of order, or was never sealed: %.120s",
              law_party[g->number], (const char *)json);
    }
    free(json);
}
