/* SPDX-License-Identifier: Apache-2.0 */
/* What goes no further: an epoch is halted for a partner while the guard decides, then cut at an item. */
#include "courier/state.h"

void cuts_init(struct courier *c)
{
    c->cuts = (struct index){.heads = c->cut_heads,
                             .next = c->cut_next,
                             .heads_count = CUTS_MAX,
                             .table = (const uint8_t *)c->cut,
                             .stride = sizeof c->cut[0],
                             .seed = c->epochs.seed};
}

/* ---- cuts ---- */

static unsigned cut_free(struct courier *c)
{
    unsigned oldest = 0;
    if (c->cut_count < CUTS_MAX) {
        return c->cut_count++;
    }
    for (unsigned i = 0; i < CUTS_MAX; i++) {
        oldest = c->cut[i].touched < c->cut[oldest].touched ? i : oldest;
    }
    index_remove(&c->cuts, oldest);
    return oldest;
}

static struct cut *cut_place(struct courier *c, const id *epoch)
{
    unsigned place = index_find(&c->cuts, epoch);
    if (place == INDEX_NONE) {
        place = cut_free(c);
        c->cut[place] = (struct cut){.epoch = *epoch, .used = true};
        memset(c->cut[place].items, 0xff, sizeof c->cut[place].items);
        index_add(&c->cuts, place);
    }
    c->cut[place].touched = ++c->touched;
    return &c->cut[place];
}

/* What was cut stays cut: a later one can only take more. */
void cut_fold(struct courier *c, const id *epoch, unsigned partner, uint64_t items)
{
    uint64_t *at = &cut_place(c, epoch)->items[partner];
    *at = items < *at ? items : *at;
}

void cut_put(struct courier *c, const id *epoch, unsigned partner, uint64_t items)
{
    if (items < cut_at(c, epoch, partner)) {
        cut_fold(c, epoch, partner, items);
        struct cut *k = cut_place(c, epoch);
        k->unsaved = err_is(row_cut(c, k));
    }
}

uint64_t cut_at(const struct courier *c, const id *epoch, unsigned partner)
{
    unsigned place = c->cut_count > 0 ? index_find(&c->cuts, epoch) : INDEX_NONE;
    return place == INDEX_NONE ? UINT64_MAX : c->cut[place].items[partner];
}

/* ---- halts ---- */

static struct halt *halt_find(struct courier *c, const id *epoch, unsigned partner)
{
    for (unsigned i = 0; i < HALTS_MAX; i++) {
        struct halt *h = &c->halt[i];
        if (h->used && h->partner == partner && id_equal(&h->epoch, epoch)) {
            return h;
        }
    }
    return NULL;
}

static struct halt *halt_free(struct courier *c)
{
    for (unsigned i = 0; i < HALTS_MAX; i++) {
        if (!c->halt[i].used) {
            c->halt_count++;
            return &c->halt[i];
        }
    }
    return NULL;
}

static void halt_end(struct courier *c, struct halt *h)
{
    h->used = false;
    c->halt_count--;
}

bool is_halted(const struct courier *c, const id *epoch, unsigned partner)
{
    bool found = false;
    for (unsigned i = 0; c->halt_count > 0 && i < HALTS_MAX && !found; i++) {
        const struct halt *h = &c->halt[i];
        found = h->used && h->partner == partner && id_equal(&h->epoch, epoch);
    }
    return found;
}

void on_halt(struct courier *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    id              epoch = read_id(&r);
    name            who = read_name(&r);
    struct partner *p = err_is(reader_end(&r)) ? NULL : peer_find(c, &who);
    if (p == NULL) {
        return;
    }
    struct halt *h = halt_find(c, &epoch, peer_number(c, p));
    h = h != NULL ? h : halt_free(c);
    if (h == NULL) {
        c->port.note(c->port.ctx, "too much is halted at once", &p->name);
        return;
    }
    *h = (struct halt){.epoch = epoch,
                       .until_ms = c->now + HALT_MS,
                       .partner = (uint8_t)peer_number(c, p),
                       .used = true};
}

void on_cut(struct courier *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    id              epoch = read_id(&r);
    name            who = read_name(&r);
    uint64_t        items = read_u64(&r);
    struct partner *p = err_is(reader_end(&r)) ? NULL : peer_find(c, &who);
    if (p == NULL) {
        c->port.note(c->port.ctx, "a cut of the guard is not as it should be", NULL);
        return;
    }
    struct halt *h = halt_find(c, &epoch, peer_number(c, p));
    cut_put(c, &epoch, peer_number(c, p), items);
    if (h != NULL) {
        halt_end(c, h);
    }
}

/* Of an epoch that is not known here any more the greatest number is said: it is not zero items that lie
 * there. */
static err closed_say(struct courier *c, const struct halt *h, const struct carried *e)
{
    static const uint8_t root[32];
    uint8_t              bytes[80];
    struct writer        w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_CLOSED, TAG_CLOSED);
    put_id(&w, &h->epoch);
    put_u64(&w, e == NULL ? UINT64_MAX : e->next);
    put_span(&w, SPAN_OF(root));
    MUST(!w.bad);
    return c->port.ask(c->port.ctx, writer_span(&w));
}

/* What was sealed so far has been met: of an epoch that is not known, in every outbox. */
static bool is_followed(const struct courier *c, const struct carried *e)
{
    bool all = true;
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        bool asked = e == NULL || e->outbox == i;
        all = all && (!asked || c->outbox[i].dry || c->outbox[i].damaged);
    }
    return all;
}

/* A guard that halted and then did not cut has changed its mind, as long as it is there. */
static void halt_turn(struct courier *c, struct halt *h)
{
    const struct carried *e = carried_find(c, &h->epoch);
    if (!h->answered && is_followed(c, e)) {
        h->answered = !err_is(closed_say(c, h, e));
    } else if (h->answered && h->until_ms <= c->now) {
        const name *who = &c->partner[h->partner].name;
        if (!err_is(closed_say(c, h, e))) {
            c->port.note(c->port.ctx, "no cut followed a halt: it is carried on", who);
            halt_end(c, h);
        }
    }
}

void halts_turn(struct courier *c)
{
    for (unsigned i = 0; c->halt_count > 0 && i < HALTS_MAX; i++) {
        if (c->halt[i].used) {
            halt_turn(c, &c->halt[i]);
        }
    }
    for (unsigned i = 0; i < c->cut_count; i++) {
        struct cut *k = &c->cut[i];
        k->unsaved = k->unsaved && err_is(row_cut(c, k));
    }
}

/* The guard that asked is gone; the new one may know of a cut, and says so when it is greeted. */
void halts_again(struct courier *c)
{
    for (unsigned i = 0; i < HALTS_MAX; i++) {
        c->halt[i].until_ms = c->now + HALT_MS;
    }
}
