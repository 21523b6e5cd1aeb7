/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/standing.h"

/* fold - what the instruments say so far; INSTANT_NEVER where a party has not acted */
struct fold {
    instant signed_at[SET64_MAX];
    instant notified_at[SET64_MAX];
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

static const struct {
    const char *name;
    void (*apply)(struct fold *f, const struct instrument *i);
} instrument_row[INSTRUMENT_KIND_COUNT] = {
    [INSTRUMENT_SIGN] = {"sign", apply_sign},
    [INSTRUMENT_NOTIFY] = {"notify", apply_notify},
};

static bool counts(const struct agreement *a, const struct instrument *i, instant effective_at,
                   instant known_at)
{
    return (size_t)i->kind < ARRAY_LEN(instrument_row) && i->party < SET64_MAX &&
           set_has(a->parties, i->party) && i->accepted <= known_at &&
           i->effective <= effective_at && memcmp(i->digest, a->digest, sizeof a->digest) == 0;
}

static struct fold fold_of(const struct agreement *a, const struct instrument *list, size_t count,
                           instant effective_at, instant known_at)
{
    struct fold f;
    for (unsigned p = 0; p < SET64_MAX; p++) {
        f.signed_at[p] = f.notified_at[p] = INSTANT_NEVER;
    }
    for (size_t i = 0; i < count; i++) {
        if (counts(a, &list[i], effective_at, known_at)) {
            instrument_row[list[i].kind].apply(&f, &list[i]);
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

/* The end of the term that runs at `at`; each is counted from the first day, so that a term from 29
 * February comes back to it. */
static instant term_end_at(const struct agreement *a, instant start, instant at)
{
    int years = a->term_years;
    if (!a->extends) {
        return instant_add_years(start, years);
    }
    int64_t whole = at <= start ? 0 : (at - start) / (366 * MS_PER_DAY * a->term_years);
    years = (int)whole * a->term_years + a->term_years;
    while (instant_add_years(start, years) <= at) {
        years += a->term_years;
    }
    return instant_add_years(start, years);
}

static void add_term(const struct agreement *a, instant start, instant at, struct standing *s)
{
    if (a->term_years == 0) {
        return;
    }
    s->term_end = term_end_at(a, start, at);
    if (!a->extends && at >= s->term_end) {
        s->state = STANDING_ENDED;
        s->since = s->term_end;
    } else if (a->notice_days > 0) {
        s->notice_by = s->term_end - a->notice_days * MS_PER_DAY;
    }
}

/* When it enters into force: on the day that its text names, else with the last notification. */
static instant entry_into_force(const struct agreement *a, const struct fold *f, set64 *missing)
{
    *missing = 0;
    return a->in_force_on != 0 ? a->in_force_on : last_of(f->notified_at, a->parties, missing);
}

struct standing standing_at(const struct agreement *a, const struct instrument *list, size_t count,
                            instant effective_at, instant known_at)
{
    struct standing s = {STANDING_UNSIGNED, a->parties, INSTANT_NEVER, INSTANT_NEVER,
                         INSTANT_NEVER};
    if (effective_at < 0 || effective_at > DAY_LAST) {
        return s;
    }
    struct fold f = fold_of(a, list, count, effective_at, known_at);
    instant     bound = last_of(f.signed_at, a->parties, &s.missing);
    if (bound == INSTANT_NEVER) {
        return s;
    }
    s.state = STANDING_SIGNED;
    s.since = bound;
    instant start = entry_into_force(a, &f, &s.missing);
    if (start > effective_at) {
        return s;
    }
    s.state = STANDING_IN_FORCE;
    s.since = start > bound ? start : bound;
    add_term(a, start < 0 ? 0 : start, effective_at, &s);
    return s;
}

static set64 in_force_at(const struct agreements *all, const struct instrument *list, size_t count,
                         instant at)
{
    set64 out = 0;
    for (unsigned i = 0; i < all->count; i++) {
        struct standing s = standing_at(&all->agreement[i], list, count, at, at);
        out |= s.state == STANDING_IN_FORCE ? set_one(i) : 0;
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
set64 standing_set(const struct agreements *all, const struct instrument *list, size_t count,
                   instant low, instant high)
{
    set64 force =
        low > high ? 0 : in_force_at(all, list, count, low) & in_force_at(all, list, count, high);
    set64 out = 0, before;
    do {
        before = out;
        for (unsigned i = set_next(force, 0); i < SET64_MAX; i = set_next(force, i + 1)) {
            out |= parents_stand(all, &all->agreement[i], out) ? set_one(i) : 0;
        }
    } while (out != before);
    return out;
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
