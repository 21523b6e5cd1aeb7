/* SPDX-License-Identifier: Apache-2.0 */
/* Under which epoch a source is sealed: opened, changed in time, closed and told to the guard. */
#include "intake/state.h"

/* What is urgent is granted ahead, also while its source is silent; so that no grant is old when the first warning
 * comes under it, its epochs go by the clock. */
static bool ages(const struct source *s)
{
    return s->seal.next > 0 || is_urgent(s);
}

static bool is_used_up(const struct source *s, int64_t boot_ms)
{
    bool may = s->seal.next > 0 || s->next.there; /* a silent source always has one */
    return s->seal.next >= s->now.items_max ||
           (may && ages(s) && boot_ms - s->first_ms >= INTAKE_EPOCH_MS);
}

/* An epoch of a guard that is gone is good for the rest of its lease, but a new guard's is better. */
static bool is_over(const struct source *s, int64_t boot_ms)
{
    const struct leave *l = &s->now;
    bool                old = l->old && (s->next.there || boot_ms >= l->good_until_ms);
    return l->there && (l->over || old || is_used_up(s, boot_ms));
}

static void closed_add(struct intake *in, const struct closed *c)
{
    MUST(in->closed_count < CLOSED_MAX);
    in->closed[in->closed_count++] = *c;
}

static void ended_add(struct intake *in, const struct closed *c)
{
    closed_add(in, c);
    in->ended[in->ended_next++ % ENDED_MAX] = *c;
}

/* now_close - only between turns, and when all of it is appended: the epoch's root covers whole batches,
 * and the guard is told of none that the outbox does not have */
void now_close(struct intake *in, struct source *s)
{
    struct closed c = {.epoch = s->now.epoch, .items = s->seal.next};
    MUST(s->seal.count == 0 && s->waiting.bytes.len == 0);
    memcpy(c.root, s->seal.chain, sizeof c.root);
    ended_add(in, &c);
    aead_forget(s->aead);
    s->now = (struct leave){0};
}

void next_open(struct source *s)
{
    seal_open(&s->seal, &s->next.epoch, &s->next.key, s->next.items_max, s->aead, s->batch,
              sizeof s->batch);
    secret_wipe(&s->next.key);
    s->now = s->next;
    s->next = (struct leave){0};
}

void epoch_drop(struct intake *in, struct source *s, struct leave *l)
{
    if (!l->there) {
        return;
    }
    if (l == &s->now) {
        l->over = true;
        return;
    }
    struct closed c = {.epoch = l->epoch};
    ended_add(in, &c);
    secret_wipe(&l->key);
    *l = (struct leave){0};
}

/* Without an item another epoch does not age, so that a silent source costs the guard nothing. */
static bool wants_next(const struct source *s, int64_t boot_ms)
{
    uint64_t most = s->now.items_max;
    bool     early = ages(s) && boot_ms - s->first_ms >= INTAKE_EARLY_MS;
    return !s->next.there &&
           (!s->now.there || s->now.old || early || s->seal.next >= most - most / 10);
}

void epoch_step(struct intake *in, struct source *s, int64_t boot_ms)
{
    if (s->is_derived) {
        derived_step(in, s);
        return;
    }
    if (is_over(s, boot_ms) && s->waiting.bytes.len == 0) {
        now_close(in, s);
    }
    if (!s->now.there && s->next.there) {
        next_open(s);
        s->first_ms = boot_ms;
    }
    derived_steps(in, s);
    if (s->there && !s->asked && wants_next(s, boot_ms)) {
        origin_ask(in, s, boot_ms);
    }
}

enum intake_reason epoch_turn(struct intake *in, struct source *s, int64_t boot_ms)
{
    if (is_over(s, boot_ms) || !s->now.there) {
        if (s->seal.count > 0 || derived_unsigned(in, s)) {
            batches_out(in);
        }
        epoch_step(in, s, boot_ms);
    }
    if (in->full) {
        return INTAKE_FULL;
    }
    if (!s->now.there) {
        return INTAKE_NO_EPOCH;
    }
    return boot_ms < s->now.good_until_ms ? INTAKE_SEALED : INTAKE_NO_LEASE;
}

/* ---- stopped by the guard ---- */

static const struct closed *closed_find(const struct closed *in, size_t count, const id *epoch)
{
    for (size_t i = 0; i < count; i++) {
        if (id_equal(&in[i].epoch, epoch)) {
            return &in[i];
        }
    }
    return NULL;
}

/* The guard stops what has just ended: their messages crossed, or ours was lost with an old guard. */
static void ended_tell(struct intake *in, const id *epoch)
{
    const struct closed *c = closed_find(in->ended, ENDED_MAX, epoch);
    if (c != NULL && closed_find(in->closed, in->closed_count, epoch) == NULL) {
        closed_add(in, c);
    }
}

/* Of what is derived also the one that it is derived from */
static bool is_leave(const struct source *s, const struct leave *l, const id *epoch)
{
    return l->there && (id_equal(&l->epoch, epoch) || (s->is_derived && id_equal(&l->of, epoch)));
}

void epoch_stop(struct intake *in, const id *epoch, int64_t boot_ms)
{
    batches_out(in);
    ended_tell(in, epoch);
    for (size_t i = 0; i < places_end(in); i++) {
        struct source *s = &in->source[i];
        bool           now = is_leave(s, &s->now, epoch), next = is_leave(s, &s->next, epoch);
        if (now) {
            waiting_undo(s);
            epoch_drop(in, s, &s->now);
        }
        if (next) {
            epoch_drop(in, s, &s->next);
        }
        if (now || next) {
            epoch_step(in, s, boot_ms);
        }
    }
    closed_tell(in);
}

/* The lease counts from when it was asked for: however long the answer lay in a queue, the guard was
 * not asked later than that. */
void leave_take(struct intake *in, struct source *s, const struct epoch_row *row)
{
    s->asked = false;
    s->next = (struct leave){.there = true,
                             .epoch = row->epoch,
                             .items_max = row->items_max,
                             .good_until_ms = s->asked_ms + row->lease_ms,
                             .key = row->key};
    if (!s->there) {
        epoch_drop(in, s, &s->next);
    }
}
