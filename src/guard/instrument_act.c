/* SPDX-License-Identifier: Apache-2.0 */
/* The acts of people that become instruments: what each may follow, and what its signer is shown. */
#include "guard/act.h"
#include "guard/instrument.h"

#define SHOWN_NAMES_MAX 1024 /* 64 parties */

static bool has_direction(enum instrument_kind k)
{
    return k == INSTRUMENT_PAUSE || k == INSTRUMENT_RESUME;
}

static bool has_instant(enum instrument_kind k)
{
    return k == INSTRUMENT_AMEND || k == INSTRUMENT_TERMINATE;
}

static bool same_agreement(const struct instrument *a, const struct instrument *b)
{
    return memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

static err direction_take(struct lines *l, struct instrument *out)
{
    enum pause_direction d = PAUSE_BOTH;
    TRY(pause_direction_of(take_text(l, "direction"), &d));
    out->direction = (uint8_t)d;
    return OK;
}

/* Room for this one, for those whose pause is signed and waits for answers, and for those of a fork. */
static bool has_room(const struct guard *g)
{
    return g->instrument_count + PAUSES_MAX + AGREEMENTS_MAX < INSTRUMENTS_MAX;
}

/* The text that is to stand in place: loaded for just that. */
static err into_take(const struct guard *g, struct lines *l, const struct agreement *old,
                     struct instrument *out)
{
    unsigned number;
    name     into = take_name(l, "into");
    if (err_is(agreements_find(&g->tables.agreements, name_span(&into), &number))) {
        return FAIL(UNKNOWN, "no agreement of the new name is loaded");
    }
    const struct agreement *new = &g->tables.agreements.agreement[number];
    if (memcmp(new->instead, old->digest, sizeof new->instead) != 0) {
        return FAIL(CONFLICT, "the new text was not loaded to stand in place of this agreement");
    }
    memcpy(out->into, new->digest, sizeof out->into);
    return OK;
}

/* Days as people write them, and instants */
static err at_take(struct lines *l, struct instrument *out)
{
    span text = take_text(l, "at");
    if (err_is(text_date(text, &out->at)) && err_is(text_instant(text, &out->at))) {
        return FAIL(MALFORMED, "a day is written 2027-01-31, an instant 2027-01-31T12:00:00.000Z");
    }
    return out->at > DAY_LAST ? FAIL(LIMIT, "that instant is past what can be computed") : OK;
}

static err about_take(const struct guard *g, struct lines *l, const struct agreement *on,
                      struct instrument *out)
{
    enum reading r = READING_HELD;
    switch (out->kind) {
    case INSTRUMENT_PAUSE:
        return direction_take(l, out);
    case INSTRUMENT_RESUME:
        out->direction = PAUSE_BOTH;
        return OK;
    case INSTRUMENT_AMEND:
        TRY(into_take(g, l, on, out));
        return at_take(l, out);
    case INSTRUMENT_TERMINATE:
        return at_take(l, out);
    case INSTRUMENT_READING:
        TRY(reading_of(take_text(l, "reading"), &r));
        out->reading = (uint8_t)r;
        return OK;
    default:
        return OK;
    }
}

static err act_decode(struct guard *g, const struct act_view *v, struct instrument_act *out)
{
    struct lines          l = lines_of(v->body);
    struct instrument_act i = {.instrument = {.party = g->self, .effective = leaf_time(g)}};
    unsigned              number;
    TRY(instrument_kind_of(name_span(&v->act), &i.instrument.kind));
    name agreement = take_name(&l, "agreement");
    if (err_is(agreements_find(&g->tables.agreements, name_span(&agreement), &number))) {
        return FAIL(UNKNOWN, "no agreement of this name is loaded");
    }
    const struct agreement *a = &g->tables.agreements.agreement[number];
    TRY(about_take(g, &l, a, &i.instrument));
    span reason = take_text(&l, "reason");
    TRY(body_end(&l));
    if (reason.len > INSTRUMENT_REASON_MAX) {
        return FAIL(LIMIT, "the reason is longer than 256 bytes");
    }
    if (!set_has(a->parties, g->self)) {
        return FAIL(DENIED, "this party is not a party to the agreement");
    }
    i.agreement = (uint8_t)number;
    memcpy(i.instrument.digest, a->digest, sizeof i.instrument.digest);
    *out = i;
    return OK;
}

/* What the own party did last about its notice: an act is to follow from the one before. */
static enum instrument_kind notice_now(const struct guard *g, const struct instrument *of)
{
    enum instrument_kind now = INSTRUMENT_NOTICE_WITHDRAW;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        bool notice = one->kind >= INSTRUMENT_NOTICE && one->kind <= INSTRUMENT_NOTICE_WITHDRAW;
        if (one->party == g->self && notice && same_agreement(one, of)) {
            now = one->kind;
        }
    }
    return now;
}

static err notice_follows(const struct guard *g, const struct instrument_act *act)
{
    const struct instrument *i = &act->instrument;
    enum instrument_kind     now = notice_now(g, i);
    if (i->kind == INSTRUMENT_NOTICE && now == INSTRUMENT_NOTICE) {
        return FAIL(CONFLICT, "notice was given already");
    }
    if (i->kind == INSTRUMENT_NOTICE_SUSPEND && now != INSTRUMENT_NOTICE) {
        return FAIL(CONFLICT, "there is no notice of this party that could be suspended");
    }
    if (i->kind == INSTRUMENT_NOTICE_WITHDRAW && now == INSTRUMENT_NOTICE_WITHDRAW) {
        return FAIL(CONFLICT, "there is no notice of this party that could be withdrawn");
    }
    return OK;
}

static err pause_follows(const struct guard *g, const struct instrument_act *i)
{
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    instant                 now = leaf_time(g);
    struct standing         s = standing_at(a, g->instrument, g->instrument_count, now, now);
    unsigned                paused = (set_has(s.paused_giving, g->self) ? PAUSE_GIVING : 0u) |
                      (set_has(s.paused_opening, g->self) ? PAUSE_OPENING : 0u);
    unsigned wanted = i->instrument.direction;
    if (i->instrument.kind == INSTRUMENT_PAUSE && (paused & wanted) == wanted) {
        return FAIL(CONFLICT, "this party has it paused already");
    }
    if (i->instrument.kind == INSTRUMENT_RESUME && paused == 0) {
        return FAIL(CONFLICT, "this party does not have it paused");
    }
    return OK;
}

static bool signed_before(const struct guard *g, const struct instrument *i)
{
    for (unsigned k = 0; k < g->instrument_count; k++) {
        const struct instrument *one = &g->instrument[k];
        if (one->kind == i->kind && one->party == g->self && same_agreement(one, i) &&
            one->at == i->at && memcmp(one->into, i->into, sizeof i->into) == 0) {
            return true;
        }
    }
    return false;
}

static err consent_follows(const struct guard *g, const struct instrument_act *i)
{
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    instant                 now = leaf_time(g);
    struct standing         s = standing_at(a, g->instrument, g->instrument_count, now, now);
    if (s.state == STANDING_ENDED) {
        return FAIL(STATE, "it has ended already");
    }
    return signed_before(g, &i->instrument)
               ? FAIL(CONFLICT, "this party has signed just that already")
               : OK;
}

static err reading_follows(const struct guard *g, const struct instrument_act *i)
{
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    instant                 now = leaf_time(g);
    enum reading r = reading_signed(a, g->instrument, g->instrument_count, g->self, now, now);
    return r == (enum reading)i->instrument.reading
               ? FAIL(CONFLICT, "this party acts on that reading already")
               : OK;
}

typedef err (*follows)(const struct guard *, const struct instrument_act *);

static const follows follows_row[INSTRUMENT_KIND_COUNT] = {
    [INSTRUMENT_PAUSE] = pause_follows,
    [INSTRUMENT_RESUME] = pause_follows,
    [INSTRUMENT_NOTICE] = notice_follows,
    [INSTRUMENT_NOTICE_SUSPEND] = notice_follows,
    [INSTRUMENT_NOTICE_WITHDRAW] = notice_follows,
    [INSTRUMENT_AMEND] = consent_follows,
    [INSTRUMENT_TERMINATE] = consent_follows,
    [INSTRUMENT_READING] = reading_follows,
};

/* Whoever has not signed yet may not have the text, and would not take the letter. */
static err act_follows(struct guard *g, const struct instrument_act *i)
{
    if (signatures_missing(g, &g->tables.agreements.agreement[i->agreement]) != 0) {
        return FAIL(STATE, "a party to the agreement has not signed it yet");
    }
    if (set_has(pausing_set(g), i->agreement)) {
        return FAIL(STATE, "a pause of it is just taking effect: try again");
    }
    if (!has_room(g)) {
        return FAIL(FULL, "there is no room for another instrument");
    }
    return follows_row[i->instrument.kind](g, i);
}

static void end_show(const struct guard *g, const struct instrument_act *i, struct writer *shown)
{
    static const char *const if_ends[READING_COUNT] = {
        [READING_LAPSED] = "it would end, if a suspended notice lapses:",
        [READING_HELD] = "it would end, if a suspended notice is held:",
    };
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    struct instrument       list[INSTRUMENTS_MAX + 1];
    instant                 now = leaf_time(g);
    set64                   left = 0;
    memcpy(list, g->instrument, g->instrument_count * sizeof list[0]);
    list[g->instrument_count] = i->instrument;
    list[g->instrument_count].accepted = now;
    for (unsigned r = 0; r < READING_COUNT; r++) {
        struct standing s =
            standing_read((enum reading)r, a, list, g->instrument_count + 1, now, now);
        line_text(shown, "shown", span_text(if_ends[r]));
        left = a->parties & ~s.ending;
        if (s.ends == INSTANT_NEVER) {
            line_text(shown, "shown", SPAN_LIT("no end is known"));
        } else {
            line_instant(shown, "shown", s.ends);
        }
    }
    if (has_instant(i->instrument.kind) && left != 0) {
        uint8_t       text[SHOWN_NAMES_MAX];
        struct writer w = WRITER_OF(text);
        names_format(&g->tables.policies.parties, left, &w);
        line_text(shown, "shown", SPAN_LIT("it waits for the consent of:"));
        line_text(shown, "shown", writer_span(&w));
    }
}

static void into_show(const struct guard *g, const struct instrument *i, struct writer *shown)
{
    unsigned number;
    if (i->kind == INSTRUMENT_AMEND && !err_is(agreement_of(g, i->into, &number))) {
        const struct agreement *new = &g->tables.agreements.agreement[number];
        line_text(shown, "shown", SPAN_LIT("in its place would stand:"));
        line_text(shown, "shown", span_text(new->title));
        line_hex(shown, "shown", SPAN_OF(new->digest));
    }
}

err instrument_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct instrument_act i;
    TRY(act_decode(g, v, &i));
    TRY(act_follows(g, &i));
    line_text(shown, "shown", span_text(g->tables.agreements.agreement[i.agreement].title));
    line_text(shown, "shown", SPAN_LIT("the digest of the compiled agreement is:"));
    line_hex(shown, "shown", SPAN_OF(i.instrument.digest));
    into_show(g, &i.instrument, shown);
    if (!has_direction(i.instrument.kind)) {
        end_show(g, &i, shown);
    }
    return OK;
}

err instrument_perform(struct guard *g, struct act *a, const struct act_view *v,
                       struct writer *result)
{
    struct instrument_act i;
    TRY(act_decode(g, v, &i));
    if (i.instrument.kind == INSTRUMENT_PAUSE) {
        return pause_begin(g, a, &i);
    }
    instrument_record(g, a, &i, NULL, 0, instrument_partners(g, i.agreement));
    if (i.instrument.kind == INSTRUMENT_RESUME) {
        /* What was sealed while it was paused stays where it is. */
        feeds_rotate(g);
    }
    line_text(result, "outcome", SPAN_LIT("recorded"));
    tellings_turn(g);
    return OK;
}
