/* SPDX-License-Identifier: Apache-2.0 */
/* What was not sealed is counted, and told of without flooding who runs this. */
#include "intake/state.h"

static const char *const reason_text[INTAKE_REASON_COUNT] = {
    [INTAKE_MALFORMED] = "an event is not as the profile says",
    [INTAKE_LIMIT] = "an event is past a limit",
    [INTAKE_LABEL] = "an event has a label that its source's profile does not allow",
    [INTAKE_PROFILE] =
        "an event lies outside of its source's area, or says what the profile takes away",
    [INTAKE_UNKNOWN] =
        "an event has what a report has no place for, and its source's profile refuses that",
    [INTAKE_TIME] = "an event is over, or of a time to come",
    [INTAKE_STREAM] = "a stream of events lost its frame, or a connection was refused",
    [INTAKE_NO_LEASE] = "the guard has not said in time that sealing goes on",
    [INTAKE_NO_EPOCH] = "the guard has given no epoch to seal under",
    [INTAKE_FULL] = "the outbox has no room",
    [INTAKE_RATE] = "a source sends more than it may",
    [INTAKE_HELD] = "a report that a partner may have only later is lost to it",
    [INTAKE_TRACKS] =
        "a partner is shown fewer tracks than there are, since each is shown at a pace",
};

const char *intake_reason_text(enum intake_reason r)
{
    return r < INTAKE_REASON_COUNT ? reason_text[r] : "sealed";
}

static struct told_kind *kind_of(struct source *s, enum intake_reason r, const char *because)
{
    struct told_kind *place = NULL;
    for (unsigned i = 0; because != NULL && i < TOLD_KINDS_MAX; i++) {
        struct told_kind *k = &s->kind[i];
        if (k->refused > 0 && k->reason == r && k->told.because == because) {
            return k;
        }
        place = place == NULL && k->refused == 0 ? k : place;
    }
    if (place != NULL) {
        *place = (struct told_kind){.reason = r, .told = {.because = because}};
        return place;
    }
    s->other[r].reason = r;
    s->other[r].told.because = because == NULL ? s->other[r].told.because : "of more than one kind";
    return &s->other[r];
}

void refuse(struct source *s, enum intake_reason r, uint64_t count, const char *because)
{
    s->counters.refused[r] += count;
    kind_of(s, r, because)->refused += count;
}

void intake_refuse(struct intake *in, uint16_t source, enum intake_reason r, uint64_t count,
                   const char *because)
{
    if (source < INTAKE_SOURCES_MAX && r < INTAKE_REASON_COUNT && in->source[source].known) {
        refuse(&in->source[source], r, count, because);
    }
}

static bool is_due(struct told *t, uint64_t count, int64_t boot_ms)
{
    if (count == t->count || (t->ever && boot_ms - t->at_ms < INTAKE_NOTE_MS)) {
        return false;
    }
    t->ever = true;
    t->at_ms = boot_ms;
    return true;
}

static void kind_note(struct intake *in, const struct source *s, struct told_kind *k,
                      int64_t boot_ms)
{
    struct told *t = &k->told;
    if (is_due(t, k->refused, boot_ms)) {
        struct intake_note n = {reason_text[k->reason], s->row.name, t->because,
                                k->refused - t->count};
        t->count = k->refused;
        in->port.note(in->port.ctx, &n);
    }
}

/* A kind that was told of and has rested makes room for others. */
static void source_notes(struct intake *in, struct source *s, int64_t boot_ms)
{
    for (unsigned i = 0; i < TOLD_KINDS_MAX; i++) {
        struct told_kind *k = &s->kind[i];
        kind_note(in, s, k, boot_ms);
        if (k->refused == k->told.count && boot_ms - k->told.at_ms >= INTAKE_NOTE_MS) {
            *k = (struct told_kind){0};
        }
    }
    for (unsigned r = 0; r < INTAKE_REASON_COUNT; r++) {
        kind_note(in, s, &s->other[r], boot_ms);
    }
}

static void full_note(struct intake *in, int64_t boot_ms)
{
    struct intake_note n = {.sentence = "the outbox has no room: nothing is sealed"};
    if (in->full && (!in->full_told || boot_ms - in->full_told_ms >= INTAKE_NOTE_FULL_MS)) {
        in->full_told = true;
        in->full_told_ms = boot_ms;
        in->port.note(in->port.ctx, &n);
    }
    if (!in->full && in->full_told && boot_ms - in->full_told_ms >= INTAKE_NOTE_FULL_MS) {
        n.sentence = "the outbox has room again";
        in->full_told = false;
        in->port.note(in->port.ctx, &n);
    }
}

void guard_odd(struct intake *in, const char *because)
{
    in->guard_odd++;
    in->guard_told.because = because;
}

/* The sentence is the guard's own and is not kept: it is told now or never. */
void guard_refused(struct intake *in, int64_t boot_ms, const char *sentence)
{
    struct told *t = &in->refusals_told;
    in->guard_refusals++;
    if (is_due(t, in->guard_refusals, boot_ms)) {
        struct intake_note n = {.sentence = "the guard refuses what intake asks",
                                .because = sentence,
                                .count = in->guard_refusals - t->count};
        t->count = in->guard_refusals;
        in->port.note(in->port.ctx, &n);
    }
}

void notes_due(struct intake *in, int64_t boot_ms)
{
    full_note(in, boot_ms);
    if (is_due(&in->guard_told, in->guard_odd, boot_ms)) {
        struct intake_note n = {.sentence = "a message of the guard was not understood",
                                .because = in->guard_told.because,
                                .count = in->guard_odd - in->guard_told.count};
        in->guard_told.count = in->guard_odd;
        in->port.note(in->port.ctx, &n);
    }
    for (size_t i = 0; i < places_end(in); i++) {
        source_notes(in, &in->source[i], boot_ms);
    }
}
