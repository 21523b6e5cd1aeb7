/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_KEPT_GATES_H
#define FUZZ_KEPT_GATES_H

#include "sim/sim/stage.h"

#include "guard/state.h"

#include <stdlib.h>

/* Three guards as they were when an input begins; and whether what one has in memory is what its ledger says. */

struct kept_gate {
    struct gate gate;
    uint8_t    *guard, *now, *kept;
};
static struct kept_gate before[LAW_PARTIES];

static inline void *copy_of(const void *bytes, size_t len)
{
    void *out = malloc(len);
    MUST(out != NULL);
    return memcpy(out, bytes, len);
}

static inline void gates_keep(const struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        before[i] = (struct kept_gate){.gate = g[i],
                                       .guard = copy_of(g[i].guard, guard_size()),
                                       .now = copy_of(g[i].slots_now, GATE_SLOTS_BYTES),
                                       .kept = copy_of(g[i].slots_kept, GATE_SLOTS_BYTES)};
    }
}

/* The storage of a guard that starts again is the same; its signer is not. */
static inline void gate_back(struct gate *g)
{
    const struct kept_gate *b = &before[g->number];
    struct signer          *signer = g->guard->signer;
    gate_mail_clear(g);
    MUST(g->guard == b->gate.guard);
    *g = b->gate;
    memcpy(g->guard, b->guard, guard_size());
    memcpy(g->slots_now, b->now, GATE_SLOTS_BYTES);
    memcpy(g->slots_kept, b->kept, GATE_SLOTS_BYTES);
    g->guard->signer = signer;
}

/* ---- is it what its ledger says? ---- */

/* Of these a part is of this start; it becomes zeros in both. */
static inline void partner_plain(void *one)
{
    struct partner *p = one;
    struct mailbox *m = &p->mailbox;
    memset(&m->heard_start, 0, sizeof *m - offsetof(struct mailbox, heard_start));
    m->acked = 0; /* a beat says so */
    m->fork_due = m->acts_due = false;
    p->waits = false;
}

static inline void source_plain(void *one)
{
    struct source *s = one;
    s->listening = 0;
    s->listening_boot_ms = 0;
    s->epoch = (id){{0}};
    memset(s->derived, 0, sizeof s->derived);
}

static inline void order_plain(void *one)
{
    struct order *o = one;
    memset(&o->step, 0, sizeof *o - offsetof(struct order, step));
}

/* folded_row - what is the same in a guard that lives and in one that only read its ledger: `count` times `len` bytes */
struct folded_row {
    const char *what;
    size_t      at, len, count;
    void (*plain)(void *one);
};
#define FIELD_OF(field) ((struct guard *)0)->field
#define FOLDED(field)                                                                              \
    {                                                                                              \
#field, offsetof(struct guard, field), sizeof FIELD_OF(field), 1, NULL                     \
    }
#define FOLDED_PARTS(field, plain)                                                                 \
    {                                                                                              \
#field, offsetof(struct guard, field),                                                     \
            sizeof FIELD_OF(field)[0], ARRAY_LEN(FIELD_OF(field)), plain                           \
    }
static const struct folded_row folded_row[] = {
    FOLDED(self),
    FOLDED(leaf_hash),
    FOLDED(instrument_count),
    FOLDED(own_act_count),
    FOLDED(own_act),
    FOLDED(instrument_leaf),
    FOLDED(given_last),
    FOLDED(instrument),
    FOLDED(person_count),
    FOLDED(person),
    FOLDED(partner_count),
    FOLDED_PARTS(partner, partner_plain),
    FOLDED(source_count),
    FOLDED_PARTS(source, source_plain),
    FOLDED(terminal_count),
    FOLDED(terminal),
    FOLDED(assurance_count),
    FOLDED(assurance),
    FOLDED(held_count),
    FOLDED(held),
    FOLDED(boot_count),
    FOLDED(boot_leaf),
    FOLDED(designation_count),
    FOLDED(designation),
    FOLDED(day_key_count),
    FOLDED(day_key),
    FOLDED(counters.released),
    FOLDED(counters.held),
    FOLDED(counters.received),
    FOLDED(counters.opened),
    FOLDED(signatures.count),
    FOLDED(signatures.kept),
    FOLDED(telling),
    FOLDED(cuts_known),
    FOLDED_PARTS(orders.own, order_plain),
    FOLDED(orders.ids),
    FOLDED(orders.sent),
    FOLDED(orders.due),
    FOLDED(orders.ordered),
    FOLDED(orders.begun),
    FOLDED(orders.out),
    FOLDED(opened),
    FOLDED(onward.relay_count),
    FOLDED(onward.relay),
    FOLDED(onward.approval_count),
    FOLDED(onward.approval),
    FOLDED(onward.asked),
    FOLDED(onward.passage),
    FOLDED(onward.carried),
    FOLDED(onward.given),
    FOLDED(receipts),
    FOLDED(duties.count),
    FOLDED(duties.item),
    FOLDED(duties.loss),
    FOLDED(duties.told),
    FOLDED(contractors),
    FOLDED(tables),
};
static inline bool folded_same(const struct folded_row *row, const uint8_t *a, const uint8_t *b)
{
    static uint8_t one[sizeof(struct partner) + sizeof(struct source)], other[sizeof one];
    if (memcmp(a, b, row->len) == 0) {
        return true;
    }
    if (row->plain == NULL) {
        return false;
    }
    memcpy(one, a, row->len);
    memcpy(other, b, row->len);
    row->plain(one);
    row->plain(other);
    return memcmp(one, other, row->len) == 0;
}

/* folds_to_itself - what the party's ledger makes of a guard is what this one is */
static inline void folds_to_itself(struct gate *g)
{
    static struct guard *other;
    bool                 same = true;
    other = other == NULL ? calloc(1, guard_size()) : other;
    MUST(other != NULL);
    must(gate_folded(g, other));
    for (size_t i = 0; i < ARRAY_LEN(folded_row); i++) {
        const struct folded_row *row = &folded_row[i];
        for (size_t k = 0; k < row->count; k++) {
            size_t at = row->at + k * row->len;
            if (!folded_same(row, (const uint8_t *)g->guard + at, (const uint8_t *)other + at)) {
                print_error("%s: %s %zu is not what its ledger says\n", g->party.text, row->what,
                            k);
                same = false;
            }
        }
    }
    MUST(same);
    guard_done(other);
}

#endif
