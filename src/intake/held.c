/* SPDX-License-Identifier: Apache-2.0 */
/* Reports that a recipient may have only later: a heap by the instant from which they may be shown. */
#include "intake/state.h"

void held_init(struct intake *in)
{
    for (uint32_t i = 0; i < INTAKE_HELD_MAX; i++) {
        in->holding.order[i] = i;
    }
}

static bool goes_first(const struct holding *h, uint32_t a, uint32_t b)
{
    const struct held *one = &h->held[h->order[a]], *other = &h->held[h->order[b]];
    return one->due_ms < other->due_ms ||
           (one->due_ms == other->due_ms && one->number < other->number);
}

static void swap(struct holding *h, uint32_t a, uint32_t b)
{
    uint32_t was = h->order[a];
    h->order[a] = h->order[b];
    h->order[b] = was;
}

err held_put(struct intake *in, struct source *d, int64_t due_ms, span report)
{
    struct holding *h = &in->holding;
    if (h->count == INTAKE_HELD_MAX || d->as.held == INTAKE_HELD_EACH_MAX) {
        return FAIL(FULL, "too many reports are held back");
    }
    uint32_t     at = h->count++;
    struct held *one = &h->held[h->order[at]];
    one->due_ms = due_ms;
    one->number = h->number++;
    one->turn = d->as.turn;
    one->place = (uint16_t)(d - in->source);
    one->len = (uint16_t)report.len;
    memcpy(one->bytes, report.ptr, report.len);
    d->as.held++;
    for (; at > 0 && goes_first(h, at, (at - 1) / 2); at = (at - 1) / 2) {
        swap(h, at, (at - 1) / 2);
    }
    return OK;
}

static const struct held *first_take(struct holding *h)
{
    swap(h, 0, --h->count);
    for (uint32_t at = 0;;) {
        uint32_t left = 2 * at + 1, least = at;
        least = left < h->count && goes_first(h, left, least) ? left : least;
        least = left + 1 < h->count && goes_first(h, left + 1, least) ? left + 1 : least;
        if (least == at) {
            return &h->held[h->order[h->count]];
        }
        swap(h, at, least);
        at = least;
    }
}

/* Under the epoch of now, not that of then: whether it may go is judged anew for each. */
static void held_seal(struct intake *in, const struct held *one, int64_t boot_ms)
{
    struct source *d = &in->source[one->place];
    if (one->turn != d->as.turn || !d->is_derived) {
        return; /* counted when the place changed hands */
    }
    struct source     *s = &in->source[d->as.of];
    enum intake_reason r = s->there ? epoch_turn(in, s, boot_ms) : INTAKE_NO_EPOCH;
    r = r == INTAKE_SEALED ? derived_put(in, d, (span){one->bytes, one->len}) : r;
    d->as.held--;
    if (r != INTAKE_SEALED) {
        refuse(d, INTAKE_HELD, 1, intake_reason_text(r));
    }
}

void held_turn(struct intake *in, int64_t boot_ms)
{
    struct holding *h = &in->holding;
    for (unsigned i = 0;
         i < INTAKE_HELD_TURN_MAX && h->count > 0 && h->held[h->order[0]].due_ms <= boot_ms; i++) {
        held_seal(in, first_take(h), boot_ms);
    }
}

/* Nobody knows how many: what was held back lies nowhere but in that process. */
void held_before(struct intake *in, const struct source *d, int64_t boot_ms)
{
    struct intake_note n = {.sentence = "a partner has this feed later, and what was held back for "
                                        "it when intake last ended is lost to it",
                            .source = in->source[d->as.of].row.name};
    if (boot_ms - in->begun_ms < d->as.reducing.delay_ms) {
        in->port.note(in->port.ctx, &n);
    }
}

void held_lose(struct source *d)
{
    if (d->as.held > 0) {
        refuse(d, INTAKE_HELD, d->as.held, "its place is another's now, or intake ends");
        d->as.held = 0;
    }
}
