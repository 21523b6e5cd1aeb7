/* SPDX-License-Identifier: Apache-2.0 */
/* What is sealed for one recipient alone, made coarser: under epochs that begin and end with their source's. */
#include "base/without.h"
#include "intake/state.h"

/* ---- places ---- */

static bool is_same(const struct source *d, const struct derived_row *row,
                    const struct reducing *reducing)
{
    return d->is_derived && d->as.of == row->epoch.source &&
           name_equal(&d->as.recipient, &row->recipient) &&
           memcmp(&d->as.reducing, reducing, sizeof *reducing) == 0;
}

static bool is_idle(const struct source *d)
{
    return !d->now.there && !d->next.there && d->seal.count == 0 && d->waiting.bytes.len == 0;
}

/* The place that had the same before, so that its pace goes on and what it holds back is not lost; one that
 * nobody had; one whose recipient has nothing any more. */
static struct source *place_for(struct intake *in, const struct derived_row *row,
                                const struct reducing *reducing)
{
    struct source *idle = NULL;
    for (size_t i = INTAKE_SOURCES_MAX; i < INTAKE_SOURCES_MAX + in->derived; i++) {
        struct source *d = &in->source[i];
        if (is_same(d, row, reducing)) {
            return d;
        }
        idle = is_idle(d) ? d : idle;
    }
    return in->derived < DERIVED_MAX ? &in->source[INTAKE_SOURCES_MAX + in->derived++] : idle;
}

static unsigned number_of(const struct intake *in, const struct source *d)
{
    return (unsigned)(d - in->source) - INTAKE_SOURCES_MAX;
}

/* What was shown before is not known: nothing is for as long as one report may be. */
static void place_change(struct intake *in, struct source *d, const struct derived_row *row,
                         const struct reducing *reducing, int64_t boot_ms)
{
    unsigned number = number_of(in, d);
    held_lose(d);
    if (d->is_derived) {
        in->source[d->as.of].derived &= ~set_one(number);
    }
    d->counters = (struct intake_counters){0};
    memset(d->kind, 0, sizeof d->kind);
    memset(d->other, 0, sizeof d->other);
    if (reducing->every_ms > 0) {
        pace_begin(&in->pace[number], reducing->delay_ms > 0, in->now, boot_ms);
    }
    d->is_derived = true;
    d->as = (struct derived){.of = row->epoch.source,
                             .recipient = row->recipient,
                             .reducing = *reducing,
                             .turn = d->as.turn + 1};
    in->source[row->epoch.source].derived |= set_one(number);
    held_before(in, d, boot_ms);
}

/* An epoch that nothing can be sealed under is told to be over at once. */
static err refuse_row(struct intake *in, const struct derived_row *row)
{
    struct leave l = {.there = true, .epoch = row->epoch.epoch};
    if (in->closed_count < CLOSED_MAX / 2) {
        epoch_drop(in, &in->source[row->epoch.source], &l);
    }
    return FAIL(FULL, "the guard derives more epochs than intake has places for");
}

err derived_take(struct intake *in, const struct derived_row *row, int64_t boot_ms)
{
    struct source        *s = &in->source[row->epoch.source];
    const struct reducing reducing = {
        .position_m = row->position_m,
        .height_m = row->height_m,
        .delay_ms = row->delay_ms,
        .every_ms = row->every_ms,
        .without =
            row->without | (s->row.without & WITHOUT_ACCURACY), /* nor the cell's own error */
        .boxed = s->row.bounded,
        .box = {s->row.box[0], s->row.box[1], s->row.box[2], s->row.box[3]}};
    TRY(reducing_valid(&reducing));
    struct source *d = place_for(in, row, &reducing);
    if (d == NULL) {
        return refuse_row(in, row);
    }
    if (!is_same(d, row, &reducing)) {
        place_change(in, d, row, &reducing, boot_ms);
    }
    d->as.keys = (struct reduce_keys){row->shift, row->mark};
    d->known = true;
    epoch_drop(in, d, &d->next);
    d->next = (struct leave){.there = true,
                             .epoch = row->epoch.epoch,
                             .of = row->of,
                             .items_max = row->epoch.items_max,
                             .good_until_ms = s->asked_ms + row->epoch.lease_ms,
                             .key = row->epoch.key};
    return OK;
}

/* ---- with the source's epoch ---- */

static bool follows(const struct leave *of, const id *epoch)
{
    return of->there && !of->over && id_equal(&of->epoch, epoch);
}

void derived_step(struct intake *in, struct source *d)
{
    const struct source *s = &in->source[d->as.of];
    bool                 over = d->now.there && (d->now.over || !follows(&s->now, &d->now.of));
    if (over && d->seal.count == 0 && d->waiting.bytes.len == 0) {
        now_close(in, d);
    }
    if (d->next.there && !follows(&s->now, &d->next.of) && !follows(&s->next, &d->next.of)) {
        if (!s->asked) { /* else the epoch that it belongs to is still to come */
            epoch_drop(in, d, &d->next);
        }
    }
    if (!d->now.there && d->next.there && follows(&s->now, &d->next.of)) {
        d->row = s->row;
        next_open(d);
    }
}

void derived_steps(struct intake *in, struct source *s)
{
    for (unsigned i = set_next(s->derived, 0); i < SET64_MAX; i = set_next(s->derived, i + 1)) {
        derived_step(in, &in->source[INTAKE_SOURCES_MAX + i]);
    }
}

bool derived_unsigned(const struct intake *in, const struct source *s)
{
    bool any = false;
    for (unsigned i = set_next(s->derived, 0); i < SET64_MAX; i = set_next(s->derived, i + 1)) {
        any = any || in->source[INTAKE_SOURCES_MAX + i].seal.count > 0;
    }
    return any;
}

/* ---- a report ---- */

static bool is_open(const struct intake *in, const struct source *d)
{
    return d->now.there && !d->now.over && follows(&in->source[d->as.of].now, &d->now.of);
}

enum intake_reason derived_put(struct intake *in, struct source *d, span report)
{
    if (!is_open(in, d)) {
        return INTAKE_NO_EPOCH;
    }
    err e = in->full ? FAIL(FULL, "the outbox has no room") : seal_item(&d->seal, report);
    if (e.code == ERR_FULL && !in->full) {
        batches_out(in);
        e = in->full ? e : seal_item(&d->seal, report);
    }
    if (err_is(e)) {
        return e.code == ERR_FULL ? INTAKE_FULL : INTAKE_NO_EPOCH;
    }
    d->counters.sealed++;
    return INTAKE_SEALED;
}

/* How long it is held back, from now; 0: not at all */
static int64_t delay_of(const struct intake *in, const struct source *d, const struct report *r)
{
    const struct reducing *how = &d->as.reducing;
    if (how->delay_ms == 0) {
        return 0;
    }
    int64_t wait = in->now == 0 ? how->delay_ms : reduce_due(how, r) - in->now;
    return wait > 0 ? wait : 0;
}

static bool is_paced(struct intake *in, struct source *d, const struct report *r, int64_t boot_ms)
{
    uint32_t every = d->as.reducing.every_ms;
    if (every == 0) {
        return false;
    }
    enum pace_word word = pace_take(&in->pace[number_of(in, d)], every,
                                    pace_of(&d->as.keys.mark, r->uid), r->time, boot_ms);
    d->counters.paced += word == PACE_WAIT ? 1 : 0;
    if (word == PACE_FULL) {
        refuse(d, INTAKE_TRACKS, 1, NULL);
    }
    return word != PACE_SHOW;
}

/* wait   0: at once */
static enum intake_reason coarse_put(struct intake *in, struct source *d, const struct report *r,
                                     int64_t boot_ms, int64_t wait, const char **because)
{
    uint8_t       bytes[REPORT_BYTES_MAX];
    struct writer w = WRITER_OF(bytes);
    struct report coarse;
    reduce_report(&d->as.reducing, &d->as.keys, r, &coarse);
    err e = report_encode(&coarse, &w);
    if (!err_is(e) && wait == 0) {
        return derived_put(in, d, writer_span(&w));
    }
    enum intake_reason why = err_is(e) ? INTAKE_MALFORMED : INTAKE_HELD;
    e = err_is(e) ? e : held_put(in, d, boot_ms + wait, writer_span(&w));
    *because = e.why;
    return err_is(e) ? why : INTAKE_SEALED;
}

/* One of a time that is too far ahead is not its track's last either: none would come after it. */
static void derived_report(struct intake *in, struct source *d, const struct report *r,
                           int64_t boot_ms)
{
    const char *because = NULL;
    int64_t     wait = delay_of(in, d, r);
    bool        ahead = wait > (int64_t)d->as.reducing.delay_ms + INTAKE_AHEAD_MS;
    if (!is_open(in, d) || (!ahead && is_paced(in, d, r, boot_ms))) {
        return;
    }
    enum intake_reason why = ahead ? INTAKE_TIME : coarse_put(in, d, r, boot_ms, wait, &because);
    if (why != INTAKE_SEALED) {
        refuse(d, why, 1, because);
    }
}

void derived_seal(struct intake *in, struct source *s, const struct report *r, int64_t boot_ms)
{
    for (unsigned i = set_next(s->derived, 0); i < SET64_MAX; i = set_next(s->derived, i + 1)) {
        derived_report(in, &in->source[INTAKE_SOURCES_MAX + i], r, boot_ms);
    }
}

struct intake_counters intake_derived_counters(const struct intake *in, const name *recipient)
{
    struct intake_counters all = {0};
    for (size_t i = INTAKE_SOURCES_MAX; i < INTAKE_SOURCES_MAX + in->derived; i++) {
        const struct intake_counters *one = &in->source[i].counters;
        if (!name_equal(&in->source[i].as.recipient, recipient)) {
            continue;
        }
        all.sealed += one->sealed;
        all.paced += one->paced;
        for (unsigned r = 0; r < INTAKE_REASON_COUNT; r++) {
            all.refused[r] += one->refused[r];
        }
    }
    return all;
}
