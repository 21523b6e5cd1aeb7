/* SPDX-License-Identifier: Apache-2.0 */
/* What one who comes back may have missed: batches of feeds by their places in the logs, in the order in which streams were
 * shown them.  Nothing of what is in them is kept here. */
#include "desk/state.h"
#include "wire/told.h"

static struct past *slot_of(struct desk *d, uint64_t number)
{
    return &d->past[number % DESK_PAST_MAX];
}

void past_add(struct desk *d, const struct past *p)
{
    *slot_of(d, d->past_next++) = *p;
}

uint64_t past_put(struct desk *d, const struct epoch *e, const struct past_row *row,
                  const struct batch *b)
{
    past_add(d, &(struct past){.handle = b->handle,
                               .position = row->position,
                               .first = b->first,
                               .count = b->count,
                               .feed = e->place == NONE ? FEED_UNKNOWN : (uint16_t)e->place,
                               .log = row->log});
    return d->past_next - 1;
}

uint64_t past_oldest(const struct desk *d)
{
    return d->past_next > DESK_PAST_MAX ? d->past_next - DESK_PAST_MAX : 1;
}

const struct past *past_get(const struct desk *d, uint64_t number)
{
    bool here = number >= past_oldest(d) && number < d->past_next;
    return here ? &d->past[number % DESK_PAST_MAX] : NULL;
}

/* ---- ids ---- */

void past_id(const id *handle, uint64_t item, name *out)
{
    uint8_t       text[NAME_MAX_LEN];
    struct writer w = WRITER_OF(text);
    put_hex(&w, (span){handle->bytes, TOLD_TAG_LEN});
    put_u8(&w, '-');
    put_decimal(&w, item);
    err e = name_of(writer_span(&w), out);
    MUST(!w.bad && !err_is(e));
}

void past_mark(struct desk *d, name *out)
{
    struct past   p = {.count = 1, .feed = FEED_UNKNOWN, .log = LOG_COUNT};
    uint8_t       text[NAME_MAX_LEN];
    struct writer w = WRITER_OF(text);
    random_fill(d->random, p.handle.bytes, TOLD_TAG_LEN);
    past_add(d, &p);
    put_text(&w, TOLD_MARK "-");
    put_hex(&w, (span){p.handle.bytes, TOLD_TAG_LEN});
    err e = name_of(writer_span(&w), out);
    MUST(!w.bad && !err_is(e));
}

bool past_is_mark(const name *event_id)
{
    return span_starts(name_span(event_id), SPAN_LIT(TOLD_MARK "-"));
}

uint64_t past_find(const struct desk *d, const name *event_id, uint64_t *item)
{
    struct told_id t;
    if (err_is(told_id_read(name_span(event_id), &t))) {
        return 0;
    }
    *item = t.number;
    for (uint64_t n = d->past_next; n > past_oldest(d); n--) {
        const struct past *p = past_get(d, n - 1);
        if (memcmp(p->handle.bytes, t.tag, TOLD_TAG_LEN) == 0 && *item >= p->first &&
            *item - p->first < p->count) {
            return n - 1;
        }
    }
    return 0;
}

/* ---- the logs ---- */

err log_batch(struct desk *d, const struct past_row *row, struct batch *out)
{
    span                body;
    struct inbox_record i;
    TRY(d->port.read(d->port.ctx, row->log, row->position, &body));
    if (row->log != LOG_INBOX) {
        return batch_read(body, out);
    }
    TRY(inbox_record_read(body, &i));
    return batch_read(i.body, out);
}
