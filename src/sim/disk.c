/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a gateway's disk: the power fails, a bit is forgotten, something is gone. */
#include "sim/cast.h"
#include "sim/state.h"

#define SECTOR     512
#define SLOT_ID_AT 8 /* docs/format/slots.md */

static bool sector_survives(void *ctx, size_t sector)
{
    struct gateway *g = ctx;
    (void)sector;
    return chance(g->world, 2);
}

void power_fails(struct gateway *g)
{
    struct world *w = g->world;
    say(w, "%s: the power fails", law_party[g->number]);
    w->totals.power_cuts++;
    g->dark = false;
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        process_kill(g, (enum process)p);
    }
    for (unsigned l = 0; l < LOG_COUNT; l++) {
        size_t left = 0;
        while (!g->nothing_left && chance(w, 3) == 0 && left < g->log[l].count) {
            left++;
        }
        w->totals.records_lost += journal_cut(&g->log[l], left);
    }
    passing_power(g);
    memory_cut(&g->gate->file, SECTOR, sector_survives, g);
    g->nothing_left = false;
}

/* The disk has forgotten a bit of what is read now. */
void disk_flip(struct gateway *g, enum process p)
{
    static const enum log_name log[PROCESS_COUNT] = {
        [PROCESS_GUARD] = LOG_LEDGER,        [PROCESS_INTAKE] = LOG_OUTBOX_INTAKE,
        [PROCESS_CHECK] = LOG_OUTBOX_INTAKE, [PROCESS_COURIER] = LOG_LANES,
        [PROCESS_DESK] = LOG_OUTBOX_DESK,
    };
    flip_log(g, p == PROCESS_COURIER && chance(g->world, 2) ? LOG_INBOX : log[p]);
    if (p == PROCESS_GUARD) {
        flip_slots(g);
        flip_ledger(g);
    }
}

/* The oracles are tested: the ledger's last leaf is gone, … or a key that came from a partner. */
static void ledger_shorten(struct gateway *g)
{
    struct reader rest = reader_of(writer_span(&g->gate->ledger));
    size_t        at = 0;
    while (g->world->plan.fault == FAULT_SHORTER && rest.rest.len > 0) {
        size_t before = g->gate->ledger.len - rest.rest.len;
        at = read_block32(&rest, RECORD_MAX).ptr[0] == RECORD_LEAF ? before : at;
    }
    if (at > 0 && fault_now(g->world, FAULT_SHORTER)) {
        g->gate->ledger.len = at;
    }
}

static void slot_lose(struct gateway *g)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; g->world->plan.fault == FAULT_SLOT && i < o->grant_count; i++) {
        const struct seen_grant *grant = &o->grant[i];
        uint8_t                 *slot = memmem(g->gate->slots_now + SLOTS_HEAD_LEN,
                                               GATE_SLOTS_BYTES - SLOTS_HEAD_LEN, grant->handle.bytes, ID_LEN);
        const struct product    *p = product_of(g->world, &grant->epoch);
        if (grant->taker == g->number && slot != NULL && p != NULL &&
            !duty_watched(g->world, p, g->number) && /* else it may be destroyed meanwhile */
            oracle_find(g, LEAF_RECEIVED, &grant->handle, NULL) != NULL &&
            !oracle_ordered(&g->world->gateway[grant->giver], &grant->epoch, NULL) &&
            fault_now(g->world, FAULT_SLOT)) {
            memset(slot, 0, SLOT_LEN - SLOT_ID_AT);
            memset(g->gate->slots_kept + (slot - g->gate->slots_now), 0, SLOT_LEN - SLOT_ID_AT);
            g->world->forgotten = grant->epoch;
            return;
        }
    }
}

void disk_faults(struct gateway *g)
{
    ledger_shorten(g);
    slot_lose(g);
}
