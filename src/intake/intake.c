/* SPDX-License-Identifier: Apache-2.0 */
/* The way of an event: its source's budget, an epoch that may be used, the parser, the label, the
 * report, the seal; and at the end of the turn one signature over all batches. */
#include "base/without.h"
#include "intake/state.h"

size_t intake_size(void)
{
    return sizeof(struct intake);
}

void intake_init(struct intake *in, const struct intake_setup *setup)
{
    SECRET   seed;
    uint64_t salt;
    random_fill(setup->random, seed.key, sizeof seed.key);
    random_fill(setup->random, &salt, sizeof salt);
    in->port = setup->port;
    in->events_a_second =
        setup->events_a_second > 0 ? setup->events_a_second : INTAKE_EVENTS_A_SECOND;
    in->made = setup->made;
    in->signer = signer_open(&seed);
    input_reader_init(&in->reader, salt);
    for (size_t i = 0; i < PLACES_MAX; i++) {
        in->source[i].aead = aead_open(NULL);
    }
    held_init(in);
    random_fill(setup->random, &in->newest.salt, sizeof in->newest.salt);
}

struct source *source_of(struct intake *in, uint16_t number)
{
    return number < INTAKE_SOURCES_MAX && in->source[number].there ? &in->source[number] : NULL;
}

const struct intake_counters *intake_counters(const struct intake *in, uint16_t source)
{
    return source < INTAKE_SOURCES_MAX && in->source[source].known ? &in->source[source].counters
                                                                   : NULL;
}

/* ---- an event ---- */

static bool has_allowance(const struct intake *in, struct source *s, int64_t boot_ms)
{
    int64_t passed = boot_ms - s->allowance_ms;
    if (passed > 0) {
        uint64_t more = passed < MS_PER_SECOND
                            ? (uint64_t)passed * in->events_a_second / MS_PER_SECOND
                            : in->events_a_second;
        /* Less than one event is not lost: it is counted from the same instant next time. */
        s->allowance_ms = more > 0 ? boot_ms : s->allowance_ms;
        s->allowance += more;
    }
    s->allowance = s->allowance < in->events_a_second ? s->allowance : in->events_a_second;
    return s->allowance > 0;
}

static enum intake_reason waits(struct intake *in, struct source *s, int64_t boot_ms)
{
    return has_allowance(in, s, boot_ms) ? epoch_turn(in, s, boot_ms) : INTAKE_RATE;
}

enum intake_reason intake_waits(struct intake *in, int64_t boot_ms, uint16_t source)
{
    struct source *s = source_of(in, source);
    return s != NULL ? waits(in, s, boot_ms) : INTAKE_NO_EPOCH;
}

static enum intake_reason not_read(struct source *s, err e)
{
    enum intake_reason r = e.code == ERR_LIMIT ? INTAKE_LIMIT : INTAKE_MALFORMED;
    refuse(s, r, 1, e.why);
    return r;
}

/* Each of these says what does not fit, or NULL.
 *
 * A sender may say less of its events than the profile does, but nothing else: the marking is the
 * profile's, and a list of recipients that nobody reads must not be dropped in silence. */
static const char *label_wrong(const struct source_row *row, const struct cot_labels *l)
{
    if (l->access[0] != 0 && strcmp(l->access, row->access) != 0) {
        return "its access is not the profile's";
    }
    if (l->caveat[0] != 0 && strcmp(l->caveat, row->caveat) != 0) {
        return "its caveat is not the profile's";
    }
    bool fits = l->releasable_to[0] == 0 || cot_lists_equal(l->releasable_to, row->releasable_to);
    return fits ? NULL : "its releasableTo is not the profile's";
}

static bool place_fits(const struct source_row *row, const struct place *p)
{
    return !row->bounded || (p->lat_e7 >= row->box[0] && p->lon_e7 >= row->box[1] &&
                             p->lat_e7 <= row->box[2] && p->lon_e7 <= row->box[3]);
}

/* The cover says of each report where it lies and what it does not show, so each report must be so. */
static const char *profile_wrong(const struct source_row *row, const struct report *r)
{
    const struct {
        uint32_t    without;
        bool        has;
        const char *why;
    } fields[] = {
        {WITHOUT_IDENTITY, r->callsign[0] != 0, "it has a callsign"},
        {WITHOUT_HEIGHT, (r->has & REPORT_HAE) != 0, "it has a height"},
        {WITHOUT_COURSE, (r->has & REPORT_COURSE) != 0, "it has a course"},
        {WITHOUT_SPEED, (r->has & REPORT_SPEED) != 0, "it has a speed"},
        {WITHOUT_ACCURACY, (r->has & (REPORT_CE | REPORT_LE)) != 0, "it has an accuracy"},
        {WITHOUT_REMARKS, r->remarks[0] != 0, "it has remarks"},
        {WITHOUT_LAUNCH, (r->has & REPORT_LAUNCH) != 0, "it has a place of launch"},
        {WITHOUT_IMPACT, (r->has & REPORT_IMPACT) != 0, "it has an expected area"},
    };
    bool within = place_fits(row, &r->place) &&
                  ((r->has & REPORT_LAUNCH) == 0 || place_fits(row, &r->launch)) &&
                  ((r->has & REPORT_IMPACT) == 0 || place_fits(row, &r->impact));
    for (unsigned i = 0; within && i < ARRAY_LEN(fields); i++) {
        if (fields[i].has && (row->without & fields[i].without) != 0) {
            return fields[i].why;
        }
    }
    return within ? NULL : "it lies outside of the area";
}

/* FULL is this turn's batch, not the epoch: end it before its time and begin another. */
static enum intake_reason seal_report(struct intake *in, struct source *s, span report,
                                      int64_t boot_ms)
{
    err e = seal_item(&s->seal, report);
    if (e.code == ERR_FULL) {
        batches_out(in);
        enum intake_reason r = epoch_turn(in, s, boot_ms);
        if (r != INTAKE_SEALED) {
            return r;
        }
        e = seal_item(&s->seal, report);
    }
    MUST(!err_is(e)); /* epoch_turn said so, and no report is as long as an item may be */
    if (s->seal.next == 1 && !is_urgent(s)) {
        s->first_ms = boot_ms;
    }
    s->counters.sealed++;
    return INTAKE_SEALED;
}

static const char *date_wrong(const struct intake *in, const struct source_row *row,
                              const struct report *r)
{
    instant last = in->now + INTAKE_AHEAD_MS;
    if (in->now == 0 || row->dated == DATED_ANY) {
        return NULL;
    }
    if (r->time > last || r->start > last) {
        return "it is of a time to come";
    }
    return row->dated == DATED_PAST || r->stale >= in->now ? NULL : "it is over";
}

/* because   receives what more is to be said of it, NULL: nothing */
static enum intake_reason judge(const struct intake *in, const struct source_row *row,
                                const struct cot_event *event, const char **because)
{
    if ((*because = label_wrong(row, &event->labels)) != NULL) {
        return INTAKE_LABEL;
    }
    if (row->whole && event->dropped > 0) {
        return INTAKE_UNKNOWN;
    }
    if ((*because = date_wrong(in, row, &event->report)) != NULL) {
        return INTAKE_TIME;
    }
    *because = profile_wrong(row, &event->report);
    return *because == NULL ? INTAKE_SEALED : INTAKE_PROFILE;
}

/* taking - one piece, while the reports in it are read
 *
 * last   INTAKE_SEALED, or why the last that was not sealed was not */
struct taking {
    struct intake     *in;
    struct source     *s;
    int64_t            boot_ms;
    uint64_t           reports;
    enum intake_reason last;
};

/* The first report of a piece was paid for before the piece was read. */
static enum intake_reason pay(struct taking *t)
{
    enum intake_reason r = t->reports++ == 0 ? INTAKE_SEALED : waits(t->in, t->s, t->boot_ms);
    if (r == INTAKE_SEALED && t->reports > 1) {
        t->s->allowance--;
    }
    return r;
}

static void on_event(void *ctx, const struct cot_event *event)
{
    struct taking     *t = ctx;
    uint8_t            bytes[REPORT_BYTES_MAX];
    struct writer      w = WRITER_OF(bytes);
    enum intake_reason r = pay(t);
    t->s->counters.dropped += event->dropped;
    const char *because = NULL;
    r = r == INTAKE_SEALED ? judge(t->in, &t->s->row, event, &because) : r;
    if (r == INTAKE_SEALED) {
        err e = report_encode(&event->report, &w);
        if (err_is(e)) {
            t->last = not_read(t->s, e);
            return;
        }
        r = seal_report(t->in, t->s, writer_span(&w), t->boot_ms);
        if (r == INTAKE_SEALED) {
            picture_take(t->in, t->s, &event->report, writer_span(&w), t->boot_ms);
            derived_seal(t->in, t->s, &event->report, t->boot_ms);
        }
    }
    if (r != INTAKE_SEALED) {
        refuse(t->s, r, 1, because);
        t->last = r;
    }
}

static void on_refused(void *ctx, err why)
{
    struct taking *t = ctx;
    t->last = not_read(t->s, why);
}

static void on_passed(void *ctx, uint32_t count)
{
    struct taking *t = ctx;
    t->s->counters.passed += count;
}

enum intake_reason intake_piece(struct intake *in, int64_t boot_ms, uint16_t source,
                                struct input_stream *stream, span piece, struct writer *reply)
{
    struct source *s = source_of(in, source);
    if (s == NULL) {
        return INTAKE_NO_EPOCH;
    }
    enum intake_reason r = waits(in, s, boot_ms);
    if (r != INTAKE_SEALED) {
        refuse(s, r, 1, NULL);
        return r;
    }
    s->allowance--;
    struct taking           t = {in, s, boot_ms, 0, INTAKE_SEALED};
    const struct input_time time = {in->now, boot_ms};
    const struct input_sink sink = {&t, on_event, on_refused, on_passed};
    input_take(&s->input, stream, piece, &time, &sink, reply);
    return t.last;
}

enum intake_reason intake_event(struct intake *in, int64_t boot_ms, uint16_t source, span bytes)
{
    return intake_piece(in, boot_ms, source, NULL, bytes, NULL);
}

void intake_greet(struct intake *in, int64_t boot_ms, uint16_t source, struct input_stream *s,
                  struct writer *reply)
{
    struct source *of = source_of(in, source);
    if (of != NULL) {
        input_greet(&of->input, s, &(struct input_time){in->now, boot_ms}, reply);
    }
}

err intake_frame(struct intake *in, uint16_t source, const struct input_stream *s, span buffer,
                 span *piece, size_t *used)
{
    struct source *of = source_of(in, source);
    return of != NULL ? input_frame(&of->input, s, buffer, piece, used)
                      : FAIL(STATE, "there is no such source now");
}

bool intake_last(struct intake *in, uint16_t source, const struct input_stream *s, span buffer)
{
    struct source *of = source_of(in, source);
    return of != NULL && buffer.len > 0 && input_last(&of->input, s, buffer);
}

void intake_now(struct intake *in, instant now)
{
    in->now = now;
}

/* ---- the end of a turn ---- */

/* SIGNED_MAX - as many batches as one signature covers (pouch/seal.h) */
#define SIGNED_MAX 64

/* The first batch of a line is no picture: who was behind before it stays so. */
static struct intake_batch batch_of(struct intake *in, struct source *s, span bytes)
{
    bool           tracks = s->row.kind == KIND_OF_TRACKS, line = picture_has(in, s);
    enum line_part part = s->picture.part;
    part = line && !s->picture.begun ? PART_FIRST : part;
    s->picture.begun = s->picture.begun || line;
    return (struct intake_batch){.bytes = bytes,
                                 .durable = !tracks || part == PART_LAST,
                                 .type = line ? line_type((unsigned)(s - in->source) + 1, part)
                                              : LINE_NONE};
}

/* Those from place `from` on, up to SIGNED_MAX; returns the place to go on from. */
static size_t batches_sign(struct intake *in, size_t from)
{
    struct seal   *seal[SIGNED_MAX];
    struct source *of[SIGNED_MAX];
    span           batch[SIGNED_MAX];
    size_t         count = 0, i;
    for (i = from; i < places_end(in) && count < SIGNED_MAX; i++) {
        if (in->source[i].seal.count > 0) {
            struct source *s = &in->source[i];
            s->waiting_items = s->seal.count;
            memcpy(s->waiting_root, s->seal.chain, sizeof s->waiting_root);
            of[count] = s;
            seal[count++] = &s->seal;
        }
    }
    if (count == 0) {
        return i;
    }
    turn_end(seal, count, in->signer, batch, in->made);
    for (size_t k = 0; k < count; k++) {
        MUST(of[k]->waiting.bytes.len == 0); /* while one waits nothing is sealed */
        of[k]->waiting = batch_of(in, of[k], batch[k]);
    }
    return i;
}

/* Whatever append failed with, what is sealed is kept and nothing more is: a program that cannot
 * write ends by itself. */
static void batches_append(struct intake *in)
{
    in->full = false;
    for (size_t i = 0; i < places_end(in) && !in->full; i++) {
        struct intake_batch *b = &in->source[i].waiting;
        if (b->bytes.len > 0) {
            in->full = err_is(in->port.append(in->port.ctx, b));
            *b = in->full ? *b : (struct intake_batch){0};
        }
    }
}

void batches_out(struct intake *in)
{
    for (size_t i = 0; i < places_end(in);) {
        i = batches_sign(in, i);
    }
    batches_append(in);
}

void waiting_undo(struct source *s)
{
    if (s->waiting.bytes.len == 0) {
        return;
    }
    bool pictures = line_pictures(s->waiting.type);
    s->picture.begun = s->picture.begun && line_part(s->waiting.type) != PART_FIRST;
    s->picture.going = false;
    s->waiting = (struct intake_batch){0};
    s->seal.next -= s->waiting_items;
    memcpy(s->seal.chain, s->waiting_root, sizeof s->seal.chain);
    if (pictures) {
        s->counters.pictured -= s->waiting_items;
    } else {
        s->counters.sealed -= s->waiting_items;
        refuse(s, INTAKE_FULL, s->waiting_items, NULL);
    }
}

bool intake_may_wait(const struct intake *in)
{
    bool any = false;
    for (size_t i = 0; i < places_end(in); i++) {
        const struct source *s = &in->source[i];
        if (s->seal.count > 0 && (s->row.kind != KIND_OF_TRACKS || is_urgent(s))) {
            return false;
        }
        any = any || s->seal.count > 0;
    }
    return any;
}

void intake_turn_end(struct intake *in, int64_t boot_ms)
{
    batches_out(in);
    pictures_turn(in, boot_ms);
    for (size_t i = 0; i < places_end(in); i++) {
        epoch_step(in, &in->source[i], boot_ms);
    }
    closed_tell(in);
}

/* SWEPT_EACH_TICK - the whole table in half a minute */
#define SWEPT_EACH_TICK (NEWEST_MAX / 256)

void intake_tick(struct intake *in, int64_t boot_ms)
{
    asks_due(in, boot_ms);
    held_turn(in, boot_ms);
    newest_sweep(&in->newest, boot_ms, SWEPT_EACH_TICK);
    notes_due(in, boot_ms);
}

void intake_done(struct intake *in, int64_t boot_ms)
{
    batches_out(in);
    for (size_t i = 0; i < PLACES_MAX; i++) {
        struct source *s = &in->source[i];
        s->there = false;
        held_lose(s);
        waiting_undo(s);
        epoch_drop(in, s, &s->now);
        epoch_drop(in, s, &s->next);
        epoch_step(in, s, boot_ms);
        aead_close(s->aead);
        reduce_keys_wipe(&s->as.keys);
    }
    closed_tell(in);
    notes_due(in, boot_ms + INTAKE_NOTE_MS); /* also what was told of a moment ago */
    bytes_wipe(&in->reader, sizeof in->reader);
    signer_close(in->signer);
}
