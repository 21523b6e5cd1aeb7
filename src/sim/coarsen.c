/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles are tested: a guard forgets who may have a feed only made coarser, or intake hears something else of it. */
#include "guard/kept.h"
#include "sim/state.h"

static struct reduction reduction_of(const struct coarse *c)
{
    return (struct reduction){.position_m = c->position_m,
                              .delay_ms = c->delay_ms,
                              .every_ms = c->every_ms,
                              .without = c->hidden ? WITHOUT_SOURCE : 0};
}

/* The profile says of the source's reports that they are as coarse as one partner must have them. */
static void source_praise(struct gateway *g, struct source *s)
{
    for (unsigned to = 0; to < g->world->gateways; to++) {
        const struct coarse *c = coarse_of(g->world->scene, g->number, s->row.number, to);
        if (c != NULL && !c->never) {
            s->reduced = reduction_of(c);
        }
    }
}

/* What is derived for one says in its slot that it is the other's. */
static void recipient_change(struct guard *guard, const struct source *s, unsigned partner)
{
    const id   *epoch = &s->derived[partner].epoch;
    uint8_t     other = partner == 0 ? 2 : 1;
    struct kept k = {0};
    err         e = kept_get(guard, epoch, &k);
    if (!err_is(e) && k.only != other && k.given == 0) {
        k.only = other;
        e = kept_change(guard, epoch, &k);
    }
    secret_wipe(&k.key);
}

static void source_forget(struct gateway *g, struct source *s)
{
    struct guard *guard = g->gate->guard;
    for (unsigned i = 0; g->world->plan.fault == FAULT_OTHER && i < guard->partner_count; i++) {
        recipient_change(guard, s, i);
    }
    if (g->world->plan.fault == FAULT_PLAIN) {
        source_praise(g, s);
    }
}

void coarse_forget(struct gateway *g)
{
    struct guard *guard = g->gate->guard;
    for (unsigned i = 0; i < guard->source_count; i++) {
        source_forget(g, &guard->source[i]);
    }
}

static bool fine(struct derived_row *row)
{
    bool was = row->position_m > 0;
    row->position_m = 0;
    return was;
}

static bool early(struct derived_row *row)
{
    bool was = row->delay_ms > 0;
    row->delay_ms = 0;
    return was;
}

static bool thin(struct derived_row *row)
{
    bool was = row->delay_ms == 0 && row->every_ms == 0;
    row->every_ms = was ? 60000 : row->every_ms;
    return was;
}

static bool late(struct derived_row *row)
{
    bool was = row->delay_ms > 0;
    row->delay_ms = was ? 3600 * 1000 : 0;
    return was;
}

static bool (*const spoil[FAULT_COUNT])(struct derived_row *row) = {
    [FAULT_FINE] = fine, [FAULT_EARLY] = early, [FAULT_THIN] = thin, [FAULT_LATE] = late};

void coarse_spoil(struct gateway *g, const struct event *e)
{
    enum world_fault     f = g->world->plan.fault;
    struct guard_message m;
    struct derived_row   row;
    MUST(!err_is(guard_message_read((span){e->bytes, e->len}, &m)));
    if (spoil[f] == NULL || m.kind != ANSWER_DERIVED) {
        return;
    }
    struct reader r = reader_of(m.body);
    derived_row_read(&r, &row);
    struct writer w = writer_of(e->bytes + (e->len - m.body.len), m.body.len);
    if (!r.bad && spoil[f](&row)) {
        (void)fault_now(g->world, f);
        derived_row_put(&w, &row);
        MUST(!w.bad);
    }
}
