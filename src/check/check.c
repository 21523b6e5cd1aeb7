/* SPDX-License-Identifier: Apache-2.0 */
#include "check/state.h"

size_t check_size(void)
{
    return sizeof(struct check) + inspector_size();
}

void check_init(struct check *c, const struct check_port *port, uint64_t salt)
{
    c->port = *port;
    c->inspector = inspector_open(c->bench, salt);
    c->lease_due = true;
}

void check_done(struct check *c)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        inspect_end(&c->watched[i].looked);
    }
    inspector_close(c->inspector);
    bytes_wipe(c, sizeof *c);
}

void check_turn(struct check *c, int64_t boot_ms, instant now, int64_t *next_ms)
{
    c->now = boot_ms;
    c->time = now;
    lease_turn(c);
    watched_turn(c);
    outboxes_turn(c);
    bool more = false;
    for (unsigned i = 0; i < CHECK_OUTBOXES; i++) {
        more = more || (!c->outbox[i].dry && lease_good(c));
    }
    *next_ms = more ? boot_ms : boot_ms + LEASE_ASK_MS;
}

struct check_counters check_count(const struct check *c)
{
    return c->counters;
}
