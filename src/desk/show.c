/* SPDX-License-Identifier: Apache-2.0 */
/* The path of a live report: its batch verified once, decrypted once, written once, sent to all who may
 * see it.  No memory, no question to the guard. */
#include "desk/rows.h"
#include "desk/state.h"
#include "feed/report.h"

#define EVENT_TEXT_MAX (PREFIX_MAX + REPORT_JSON_MAX + 64)

static const char *const prefix_key[] = {"originator", "feed",      "kind",
                                         "marking",    "own-level", "banner"};

err epoch_prefix(struct epoch *e, const struct key_row *row)
{
    struct writer w = WRITER_OF(e->prefix);
    utf8          checked;
    span          all;
    TRY(text_utf8(row->describe, &checked));
    put_u8(&w, '{');
    for (size_t i = 0; i < ARRAY_LEN(prefix_key); i++) {
        json_key(&w, i == 0, prefix_key[i]);
        put_json(&w, row_value(row->describe, prefix_key[i]));
    }
    json_key(&w, false, "number");
    TRY(writer_end(&w, &all));
    e->prefix_len = all.len;
    return OK;
}

static void show_report(struct desk *d, const struct epoch *e, uint64_t number, span plain,
                        size_t to)
{
    struct report r;
    uint8_t       text[EVENT_TEXT_MAX];
    struct writer w = WRITER_OF(text);
    if (err_is(report_decode(plain, &r))) {
        d->counters.malformed++;
        return;
    }
    put_span(&w, (span){e->prefix, e->prefix_len});
    put_decimal(&w, number);
    json_key(&w, false, "report");
    report_json(&r, &w);
    put_u8(&w, '}');
    MUST(!w.bad);
    d->counters.reports++;
    d->port.event(d->port.ctx, d->to, to, "report", writer_span(&w));
}

/* A number that was shown, or passed over, never comes again: a batch that was kept and given a second
 * time is nothing. */
static bool batch_is_next(struct desk *d, struct epoch *e, const struct batch *b)
{
    if (b->first < e->next) {
        d->counters.repeated++;
        return false;
    }
    if (e->next > 0 && b->first > e->next && !e->paused) {
        note_epoch(d, e, "gap", e->next, b->first - e->next);
    }
    e->next = b->first + b->count;
    e->paused = false;
    return true;
}

void show_batch(struct desk *d, struct epoch *e, const struct batch *b)
{
    span items = b->items;
    d->counters.batches++;
    if (stream_targets(d, e) == 0) {
        e->paused = true;
        return;
    }
    if (err_is(unseal_check(&e->u, b))) {
        d->counters.forged++;
        note_epoch(d, e, "forged", b->first, b->count);
        return;
    }
    if (!batch_is_next(d, e, b)) {
        return;
    }
    size_t to = stream_targets(d, e);
    for (unsigned i = 0; i < b->count; i++) {
        span plain, sealed = batch_item(&items);
        if (err_is(unseal_item(&e->u, b->first + i, sealed, d->plain, &plain))) {
            d->counters.forged++;
            note_epoch(d, e, "forged", b->first + i, 1);
            to = stream_targets(d, e);
            continue;
        }
        show_report(d, e, b->first + i, plain, to);
    }
}
