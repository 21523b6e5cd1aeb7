/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/acts.h"

/* fold - what the instruments say so far; INSTANT_NEVER where a party has not acted */
struct fold {
    instant signed_at[SET64_MAX];
    instant notified_at[SET64_MAX];
    set64   noticed, paused; /* parties with such acts, whatever they came to */
};

/* The earliest act of a kind counts: to repeat one moves nothing, and order does not matter. */
static void keep_earliest(instant *at, instant effective)
{
    *at = effective < *at ? effective : *at;
}

static void apply_sign(struct fold *f, const struct instrument *i)
{
    keep_earliest(&f->signed_at[i->party], i->effective);
}

static void apply_notify(struct fold *f, const struct instrument *i)
{
    keep_earliest(&f->notified_at[i->party], i->effective);
}

static void apply_pause(struct fold *f, const struct instrument *i)
{
    f->paused |= set_one(i->party);
}

static void apply_notice(struct fold *f, const struct instrument *i)
{
    f->noticed |= set_one(i->party);
}

/* Consent is asked of all parties together, and a reading of one giver: neither is folded here. */
static void apply_nothing(struct fold *f, const struct instrument *i)
{
    (void)f;
    (void)i;
}

static const struct {
    const char *name;
    void (*apply)(struct fold *f, const struct instrument *i);
} instrument_row[INSTRUMENT_KIND_COUNT] = {
    [INSTRUMENT_SIGN] = {"sign", apply_sign},
    [INSTRUMENT_NOTIFY] = {"notify", apply_notify},
    [INSTRUMENT_PAUSE] = {"pause", apply_pause},
    [INSTRUMENT_RESUME] = {"resume", apply_pause},
    [INSTRUMENT_NOTICE] = {"notice", apply_notice},
    [INSTRUMENT_NOTICE_SUSPEND] = {"notice-suspend", apply_notice},
    [INSTRUMENT_NOTICE_WITHDRAW] = {"notice-withdraw", apply_notice},
    [INSTRUMENT_AMEND] = {"amend", apply_nothing},
    [INSTRUMENT_TERMINATE] = {"terminate", apply_nothing},
    [INSTRUMENT_READING] = {"reading", apply_nothing},
};

bool acts_count(const struct acts *of, const struct instrument *i)
{
    return (size_t)i->kind < ARRAY_LEN(instrument_row) && i->party < SET64_MAX &&
           set_has(of->a->parties, i->party) && i->accepted <= of->known_at &&
           i->effective <= of->effective_at &&
           memcmp(i->digest, of->a->digest, sizeof of->a->digest) == 0;
}

static struct fold fold_of(const struct acts *of)
{
    struct fold f = {.noticed = 0};
    for (unsigned p = 0; p < SET64_MAX; p++) {
        f.signed_at[p] = f.notified_at[p] = INSTANT_NEVER;
    }
    for (size_t i = 0; i < of->count; i++) {
        if (acts_count(of, &of->list[i])) {
            instrument_row[of->list[i].kind].apply(&f, &of->list[i]);
        }
    }
    return f;
}

/* The instant of the last party's act, or INSTANT_NEVER with those who have not acted. */
static instant last_of(const instant at[static SET64_MAX], set64 parties, set64 *missing)
{
    instant last = INT64_MIN;
    *missing = 0;
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        *missing |= at[p] == INSTANT_NEVER ? set_one(p) : 0;
        last = at[p] > last ? at[p] : last;
    }
    return *missing != 0 || parties == 0 ? INSTANT_NEVER : last;
}

/* When it enters into force: on the day that its text names, else with the last notification. */
static instant entry_into_force(const struct agreement *a, const struct fold *f, set64 *missing)
{
    *missing = 0;
    return a->in_force_on != 0 ? a->in_force_on : last_of(f->notified_at, a->parties, missing);
}

static void add_term(const struct agreement *a, instant start, instant at, struct standing *s)
{
    if (a->term_years == 0) {
        return;
    }
    s->term_end = term_end_at(a, start, at);
    if (s->term_end > DAY_LAST) {
        s->term_end = INSTANT_NEVER; /* no date can name it */
        return;
    }
    if (!a->extends) {
        s->ends = s->term_end;
    } else if (a->notice_days > 0) {
        s->notice_by = s->term_end - a->notice_days * MS_PER_DAY;
    }
}

/* Of the parties' notices the one that has effect first; else the earliest of those suspended. */
static struct notice first_notice(const struct acts *of, enum reading r, set64 parties,
                                  instant start)
{
    struct notice first = {.at = INSTANT_NEVER, .ends = INSTANT_NEVER, .term = INSTANT_NEVER};
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        struct notice n = notice_of(of, r, (uint8_t)p, start);
        bool sooner = n.suspended || n.ends == first.ends ? n.at < first.at : n.ends < first.ends;
        if (n.given &&
            (!first.given || (n.suspended == first.suspended ? sooner : first.suspended))) {
            first = n;
        }
    }
    return first;
}

static void add_notice(const struct acts *of, enum reading r, set64 parties, instant start,
                       struct standing *s)
{
    struct notice n = first_notice(of, r, parties, start);
    bool          past = n.term <= of->effective_at;
    s->noticed = n.given;
    s->notice_suspended = n.suspended;
    s->notice_at = n.at;
    if (n.given && !n.suspended && n.ends < s->ends) {
        s->ends = n.ends;
    }
    if (n.given && past && (!n.suspended || r == READING_HELD)) {
        s->term_end = n.term; /* the last one: no other has begun */
        s->notice_by = INSTANT_NEVER;
    }
}

/* By consent it ends in one of two ways: it is over, or another text stands in its place. */
static void add_consent(const struct acts *of, struct standing *s)
{
    struct consent end = consent_of(of, INSTRUMENT_TERMINATE, of->a->digest, NULL);
    struct consent amended = consent_of(of, INSTRUMENT_AMEND, of->a->digest, NULL);
    struct consent first = amended.at < end.at || end.by == 0 ? amended : end;
    s->ending = first.by;
    s->ends = first.at < s->ends ? first.at : s->ends;
}

/* What was loaded to stand in place of another text waits for the consent of all. */
static instant place_is_free(const struct acts *of)
{
    static const uint8_t none[32];
    const uint8_t       *instead = of->a->instead;
    return memcmp(instead, none, sizeof none) == 0
               ? INT64_MIN
               : consent_of(of, INSTRUMENT_AMEND, instead, of->a->digest).at;
}

static struct standing standing_of(const struct acts *of, const struct fold *f, enum reading r)
{
    struct standing s = {.missing = of->a->parties,
                         .since = INSTANT_NEVER,
                         .term_end = INSTANT_NEVER,
                         .notice_by = INSTANT_NEVER,
                         .notice_at = INSTANT_NEVER,
                         .ends = INSTANT_NEVER};
    if (of->effective_at < 0 || of->effective_at > NOW_LAST) {
        return s;
    }
    instant bound = last_of(f->signed_at, of->a->parties, &s.missing);
    if (bound == INSTANT_NEVER) {
        return s;
    }
    s.state = STANDING_SIGNED;
    s.since = bound;
    instant start = entry_into_force(of->a, f, &s.missing), free = place_is_free(of);
    start = free > start ? free : start;
    if (start > of->effective_at) {
        return s;
    }
    s.state = STANDING_IN_FORCE;
    s.since = start > bound ? start : bound;
    /* its term runs from the day that it names, also where its place was free only later */
    instant term = of->a->in_force_on != 0 ? of->a->in_force_on : start;
    term = term < 0 ? 0 : term;
    add_term(of->a, term, of->effective_at, &s);
    add_notice(of, r, f->noticed, term, &s);
    add_consent(of, &s);
    if (s.ends <= of->effective_at) {
        s.state = STANDING_ENDED;
        s.since = s.ends;
    }
    return s;
}

static void add_pauses(const struct acts *of, set64 parties, struct standing *s)
{
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        instant at = of->effective_at;
        s->paused_giving |= pause_holds(of, (uint8_t)p, PAUSE_GIVING, at) ? set_one(p) : 0;
        s->paused_opening |= pause_holds(of, (uint8_t)p, PAUSE_OPENING, at) ? set_one(p) : 0;
    }
}

struct standing standing_read(enum reading r, const struct agreement *a,
                              const struct instrument *list, size_t count, instant effective_at,
                              instant known_at)
{
    struct acts     of = {a, list, count, effective_at, known_at};
    struct fold     f = fold_of(&of);
    struct standing s = standing_of(&of, &f, r);
    add_pauses(&of, f.paused, &s);
    return s;
}

struct standing standing_at(const struct agreement *a, const struct instrument *list, size_t count,
                            instant effective_at, instant known_at)
{
    return standing_read(READING_HELD, a, list, count, effective_at, known_at);
}

bool standing_equal(const struct standing *a, const struct standing *b)
{
    return a->state == b->state && a->missing == b->missing && a->since == b->since &&
           a->term_end == b->term_end && a->notice_by == b->notice_by && a->noticed == b->noticed &&
           a->notice_suspended == b->notice_suspended && a->notice_at == b->notice_at &&
           a->ends == b->ends && a->ending == b->ending && a->paused_giving == b->paused_giving &&
           a->paused_opening == b->paused_opening;
}

/* By the reading that the giver signed; by every one where it has signed none, or nobody gives. */
static bool in_force_for(const struct acts *of, uint8_t giver, enum reading *signed_as)
{
    struct fold f = fold_of(of);
    *signed_as = giver == PARTY_NONE ? READING_COUNT
                                     : reading_signed(of->a, of->list, of->count, giver,
                                                      of->effective_at, of->known_at);
    bool all = true;
    for (unsigned r = 0; r < READING_COUNT; r++) {
        bool counts = *signed_as == READING_COUNT || *signed_as == r;
        all = all && (!counts || standing_of(of, &f, (enum reading)r).state == STANDING_IN_FORCE);
    }
    return all;
}

/* What stands at one instant, and which of it by a signed reading */
struct standing_now {
    set64 stands, read_as[READING_COUNT];
};

static struct standing_now in_force_at(const struct agreements *all, const struct instrument *list,
                                       size_t count, uint8_t giver, instant at)
{
    struct standing_now out = {0};
    for (unsigned i = 0; i < all->count; i++) {
        struct acts  of = {&all->agreement[i], list, count, at, at};
        enum reading as = READING_COUNT;
        if (in_force_for(&of, giver, &as)) {
            out.stands |= set_one(i);
            if (as < READING_COUNT) {
                out.read_as[as] |= set_one(i);
            }
        }
    }
    return out;
}

static bool parents_stand(const struct agreements *all, const struct agreement *a, set64 standing)
{
    for (unsigned i = 0; i < a->under_count; i++) {
        unsigned parent = 0;
        err      e = agreements_find(all, name_span(&a->under[i].agreement), &parent);
        if (err_is(e) || !set_has(standing, parent)) {
            return false;
        }
    }
    return true;
}

/* Grown from the agreements upwards, so that arrangements under each other never hold themselves
 * up. */
static set64 with_parents(const struct agreements *all, set64 force)
{
    set64 out = 0, before;
    do {
        before = out;
        for (unsigned i = set_next(force, 0); i < SET64_MAX; i = set_next(force, i + 1)) {
            out |= parents_stand(all, &all->agreement[i], out) ? set_one(i) : 0;
        }
    } while (out != before);
    return out;
}

set64 standing_given(const struct agreements *all, const struct instrument *list, size_t count,
                     uint8_t giver, instant low, instant high, set64 read_as[READING_COUNT])
{
    struct standing_now first = {0}, last = {0};
    if (low <= high) {
        first = in_force_at(all, list, count, giver, low);
        last = in_force_at(all, list, count, giver, high);
    }
    set64 out = with_parents(all, first.stands & last.stands);
    for (unsigned r = 0; read_as != NULL && r < READING_COUNT; r++) {
        read_as[r] = out & last.read_as[r];
    }
    return out;
}

set64 standing_set(const struct agreements *all, const struct instrument *list, size_t count,
                   instant low, instant high)
{
    return standing_given(all, list, count, PARTY_NONE, low, high, NULL);
}

const char *instrument_kind_name(enum instrument_kind k)
{
    return (size_t)k < ARRAY_LEN(instrument_row) ? instrument_row[k].name : "none";
}

err instrument_kind_of(span s, enum instrument_kind *out)
{
    for (size_t i = 0; i < ARRAY_LEN(instrument_row); i++) {
        if (span_is(s, instrument_row[i].name)) {
            *out = (enum instrument_kind)i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "no instrument has that name");
}

const char *standing_state_name(enum standing_state s)
{
    static const char *const text[] = {
        [STANDING_UNSIGNED] = "unsigned",
        [STANDING_SIGNED] = "signed",
        [STANDING_IN_FORCE] = "in force",
        [STANDING_ENDED] = "ended",
    };
    return (size_t)s < ARRAY_LEN(text) ? text[s] : "unsigned";
}

static const char *const reading_text[READING_COUNT] = {
    [READING_LAPSED] = "lapsed",
    [READING_HELD] = "held",
};

const char *reading_name(enum reading r)
{
    return r < READING_COUNT ? reading_text[r] : "none";
}

err reading_of(span s, enum reading *out)
{
    for (unsigned r = 0; r < READING_COUNT; r++) {
        if (span_is(s, reading_text[r])) {
            *out = (enum reading)r;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a suspended notice is read as lapsed or as held");
}
