/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions that persons have signed.  The guard says whether one goes on; it is asked again and again
 * while somebody watches, so that a revocation shows within seconds. */
#include "desk/state.h"

#define PROBE_MS (5 * MS_PER_SECOND)

uint32_t sitting_find(const struct desk *d, uint64_t number,
                      const uint8_t terminal[static TERMINAL_LEN])
{
    for (uint32_t i = 0; i < DESK_SITTINGS_MAX; i++) {
        const struct sitting *s = &d->sitting[i];
        if (number != 0 && s->number == number &&
            bytes_equal_secretly(s->terminal, terminal, TERMINAL_LEN)) {
            return i;
        }
    }
    return NONE;
}

/* A free place, or the oldest under which nobody watches. */
static uint32_t sitting_place(const struct desk *d)
{
    uint32_t best = NONE;
    for (uint32_t i = 0; i < DESK_SITTINGS_MAX; i++) {
        const struct sitting *s = &d->sitting[i];
        if (s->number == 0) {
            return i;
        }
        bool held = s->tak.text[0] != 0 && s->until_ms > d->boot_ms; /* its client may come yet */
        if (s->streams == 0 && !held && (best == NONE || s->age < d->sitting[best].age)) {
            best = i;
        }
    }
    return best;
}

void sitting_forget(struct desk *d, uint32_t sitting)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        epoch_until(e, sitting, 0);
        e->pending -= bit_has(e->asked, sitting) ? 1 : 0;
        bit_put(e->asked, sitting, false);
        bit_put(e->refused, sitting, false);
        bit_put(e->again, sitting, false);
    }
    bytes_wipe(&d->sitting[sitting], sizeof d->sitting[sitting]);
}

uint32_t sitting_add(struct desk *d, uint64_t number, const uint8_t terminal[static TERMINAL_LEN])
{
    uint32_t place = sitting_place(d);
    if (place != NONE) {
        sitting_forget(d, place);
        struct sitting *s = &d->sitting[place];
        *s = (struct sitting){.number = number, .age = ++d->sitting_age};
        memcpy(s->terminal, terminal, TERMINAL_LEN);
    }
    return place;
}

void sitting_end(struct desk *d, uint32_t sitting, const char *why)
{
    streams_end(d, sitting, why);
    sitting_forget(d, sitting);
}

/* An item that nobody has: the answer says no more than that the session goes on. */
static void sitting_probe(struct desk *d, uint32_t place)
{
    static const id nothing;
    struct sitting *s = &d->sitting[place];
    struct errand  *e = errand_begin(d, ERRAND_PROBE, REQUEST_LOOK);
    s->probe_ms = d->boot_ms + PROBE_MS;
    if (e == NULL) {
        return;
    }
    e->place = place;
    e->session = s->number;
    put_u8(&d->out, LOOK_ITEM);
    put_u64(&d->out, s->number);
    put_id(&d->out, &nothing);
    put_u16(&d->out, 0);
    (void)err_is(errand_send(d, e)); /* the next one comes soon */
}

void sittings_tick(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_SITTINGS_MAX; i++) {
        struct sitting *s = &d->sitting[i];
        if (s->tak.text[0] != 0 && s->until_ms <= d->boot_ms) {
            sitting_end(d, i, "the session has ended");
        }
        if (s->number != 0 && s->streams > 0 && s->probe_ms <= d->boot_ms) {
            sitting_probe(d, i);
        }
    }
}

void probe_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    (void)d;
    (void)e;
    (void)r;
}

void probe_refused(struct desk *d, const struct errand *e, err why)
{
    bool same = d->sitting[e->place].number == e->session && e->session != 0;
    if (same && why.code == ERR_DENIED) {
        sitting_end(d, e->place, "the session has ended");
    }
}
