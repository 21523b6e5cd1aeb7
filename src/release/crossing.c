/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lines.h"
#include "marking/names.h"
#include "release/verdict.h"

static bool is_among(set64 members, unsigned count)
{
    return count >= SET64_MAX || members >> count == 0;
}

static bool is_instant(instant t)
{
    return t >= 0 && t <= NOW_LAST;
}

static bool level_is_known(const struct policies *all, level l)
{
    return l.policy < all->count && l.rank < all->policy[l.policy].level_count;
}

static bool levels_are_known(const struct policies *all, const struct levels *l)
{
    unsigned unknown = 0;
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        unknown |= (unsigned)l->ranks[p] >> (p < all->count ? all->policy[p].level_count : 0);
    }
    return unknown == 0;
}

static bool assurance_is_known(const struct tables *t, const struct assurance *s)
{
    return !s->present ||
           (s->agreement < t->agreements.count && levels_are_known(&t->policies, &s->levels) &&
            names_cover(&t->policies.topics, s->topics) && is_instant(s->from) &&
            is_instant(s->until));
}

/* A reading is of what stands, and one reading it is. */
static bool readings_fit(const struct crossing *c)
{
    set64 lapsed = c->read_as[READING_LAPSED], held = c->read_as[READING_HELD];
    return set_within(lapsed | held, c->standing) & ((lapsed & held) == 0);
}

bool crossing_is_question(const struct tables *t, const struct crossing *c)
{
    unsigned parties = t->policies.parties.count;
    bool     via = (c->via < parties) & (c->via != c->from) & (c->via != c->to);
    bool     way = (c->from < parties) & (c->to < parties) & (c->from != c->to) &
               (via | (c->via == PARTY_NONE)) & ((unsigned)c->kind < KIND_COUNT) &
               ((c->giving == GIVING_DISCLOSE) | (c->giving == GIVING_RELEASE));
    bool now = (c->now_low >= 0) & (c->now_low <= c->now_high) & (c->now_high <= NOW_LAST);
    return way && now && is_among(c->standing | c->lineage, t->agreements.count) &&
           readings_fit(c) && is_among(c->onward_approved, parties) && extent_valid(&c->extent) &&
           reduction_valid(&c->reduced) && level_is_known(&t->policies, c->marking.level) &&
           assurance_is_known(t, &c->assurance);
}

/* ---- lists in byte order of names ---- */

/* The member whose name comes next after that of `last` (count: before all); count after the last */
static unsigned agreement_next(const struct agreements *all, set64 members, unsigned last)
{
    unsigned best = all->count;
    for (unsigned a = set_next(members, 0); a < all->count; a = set_next(members, a + 1)) {
        span here = name_span(&all->agreement[a].name);
        bool past =
            last == all->count || span_order(here, name_span(&all->agreement[last].name)) > 0;
        if (past &&
            (best == all->count || span_order(here, name_span(&all->agreement[best].name)) < 0)) {
            best = a;
        }
    }
    return best;
}

static void line_agreements(struct writer *w, const char *key, const struct agreements *all,
                            set64 members)
{
    const char *before = " ";
    if (members == 0) {
        return;
    }
    put_text(w, key);
    for (unsigned a = agreement_next(all, members, all->count); a < all->count;
         a = agreement_next(all, members, a)) {
        put_text(w, before);
        put_span(w, name_span(&all->agreement[a].name));
        before = ",";
    }
    put_u8(w, '\n');
}

static void line_names(struct writer *w, const char *key, const struct names *names, set64 members)
{
    if (members != 0) {
        put_text(w, key);
        put_u8(w, ' ');
        names_format(names, members, w);
        put_u8(w, '\n');
    }
}

/* level_order - by the names of the policies, then of the levels */
static int level_order(const struct policies *all, level a, level b)
{
    const struct policy *p = &all->policy[a.policy], *q = &all->policy[b.policy];
    int                  order = span_order(name_span(&p->name), name_span(&q->name));
    return order != 0
               ? order
               : span_order(name_span(&p->level[a.rank].name), name_span(&q->level[b.rank].name));
}

/* The next of the set after *last (NULL: the first); false when there is none */
static bool level_next(const struct policies *all, const struct levels *set, const level *last,
                       level *out)
{
    bool found = false;
    for (unsigned i = 0; i < all->count * LEVELS_MAX; i++) {
        level l = {(uint8_t)(i / LEVELS_MAX), (uint8_t)(i % LEVELS_MAX)};
        if (levels_have(set, l) && (last == NULL || level_order(all, l, *last) > 0) &&
            (!found || level_order(all, l, *out) < 0)) {
            *out = l;
            found = true;
        }
    }
    return found;
}

static void line_levels(struct writer *w, const char *key, const struct policies *all,
                        const struct levels *set)
{
    level       next = {0}, last = {0};
    const char *before = " ";
    bool        more = level_next(all, set, NULL, &next);
    put_text(w, more ? key : "");
    while (more) {
        put_text(w, before);
        level_format(all, next, w);
        before = ",";
        last = next;
        more = level_next(all, set, &last, &next);
    }
    put_text(w, before[0] == ',' ? "\n" : "");
}

/* ---- write ---- */

static void assurance_format(const struct tables *t, const struct assurance *s, struct writer *w)
{
    if (!s->present) {
        return;
    }
    line_name(w, "assurance", &t->agreements.agreement[s->agreement].name);
    line_levels(w, "assurance-levels", &t->policies, &s->levels);
    line_names(w, "assurance-topics", &t->policies.topics, s->topics);
    line_instant(w, "assurance-from", s->from);
    line_instant(w, "assurance-until", s->until);
}

static void line_extent(struct writer *w, const struct extent *e)
{
    if (e->known) {
        put_text(w, "extent ");
        extent_format(e, w);
        put_u8(w, '\n');
    }
}

static void line_reduced(struct writer *w, const struct reduction *r)
{
    const struct reduction original = {0};
    if (!reduction_meets(&original, r)) {
        put_text(w, "reduced ");
        reduction_format(r, w);
        put_u8(w, '\n');
    }
}

static void line_flag(struct writer *w, const char *key, bool set)
{
    if (set) {
        line_text(w, key, SPAN_LIT("yes"));
    }
}

void crossing_format(const struct tables *t, const struct crossing *c, struct writer *w)
{
    const struct names *parties = &t->policies.parties;
    if (!crossing_is_question(t, c)) {
        w->bad = true;
        return;
    }
    line_title(w, CROSSING_TITLE);
    put_text(w, "marking ");
    marking_format(&t->policies, &c->marking, w);
    put_u8(w, '\n');
    line_text(w, "kind", span_text(kind_name(c->kind)));
    line_names(w, "from", parties, set_one(c->from));
    line_names(w, "to", parties, set_one(c->to));
    line_names(w, "via", parties, set_one(c->via));
    line_text(w, "giving", span_text(giving_name(c->giving)));
    line_instant(w, "low", c->now_low);
    line_instant(w, "high", c->now_high);
    line_extent(w, &c->extent);
    line_reduced(w, &c->reduced);
    line_agreements(w, "standing", &t->agreements, c->standing);
    for (unsigned r = 0; r < READING_COUNT; r++) {
        line_agreements(w, reading_name((enum reading)r), &t->agreements, c->read_as[r]);
    }
    line_agreements(w, "lineage", &t->agreements, c->lineage);
    line_names(w, "approved", parties, c->onward_approved);
    line_flag(w, "other-purpose", c->other_purpose);
    line_flag(w, "by-act", c->given_by_act);
    assurance_format(t, &c->assurance, w);
    line_number(w, "approvals", c->approvals);
}

/* ---- read ---- */

static err party_take(const struct names *parties, span text, uint8_t *out)
{
    unsigned found = 0;
    TRY(names_find(parties, text, &found));
    *out = (uint8_t)found;
    return OK;
}

static err names_take(struct lines *l, const char *key, const struct names *names, set64 *out)
{
    span value = {0};
    return take_more(l, key, &value) ? names_read(names, value, out) : OK;
}

static err extent_take(struct lines *l, struct extent *out)
{
    span value = {0};
    if (!take_more(l, "extent", &value)) {
        return OK;
    }
    return value.len > 0 ? extent_read(value, out) : FAIL(MALFORMED, "what is unknown is left out");
}

static err reduced_take(struct lines *l, struct reduction *out)
{
    span value = {0};
    if (!take_more(l, "reduced", &value)) {
        return OK;
    }
    return value.len > 0 ? reduction_read(value, out)
                         : FAIL(MALFORMED, "what is nothing is left out");
}

static err flag_take(struct lines *l, const char *key, bool *out)
{
    span value = {0};
    *out = take_more(l, key, &value);
    return *out && !span_is(value, "yes") ? FAIL(MALFORMED, "what is not so is left out") : OK;
}

/* The next name of a comma list; false at its end.  An empty name is found to be UNKNOWN. */
static bool list_next(span *rest, bool *more, span *out)
{
    if (!*more) {
        return false;
    }
    *more = rest->len > 0 && memchr(rest->ptr, ',', rest->len) != NULL;
    *out = span_cut(rest, ',');
    return true;
}

static err agreements_take(struct lines *l, const char *key, const struct agreements *all,
                           set64 *out)
{
    span rest = {0}, one = {0}, last = {0};
    bool more = take_more(l, key, &rest);
    while (list_next(&rest, &more, &one)) {
        unsigned a = 0;
        TRY(agreements_find(all, one, &a));
        if (last.len > 0 && span_order(last, one) >= 0) {
            return FAIL(MALFORMED, "the agreements of a list are in byte order, each once");
        }
        *out |= set_one(a);
        last = one;
    }
    return OK;
}

static err levels_take(struct lines *l, const struct policies *all, struct levels *out)
{
    span  rest = {0}, one = {0};
    level last = {0}, found = {0};
    bool  more = take_more(l, "assurance-levels", &rest), first = true;
    while (list_next(&rest, &more, &one)) {
        TRY(level_read(all, one, &found));
        if (!first && level_order(all, last, found) >= 0) {
            return FAIL(MALFORMED, "the levels of a list are in byte order, each once");
        }
        levels_add(out, found);
        last = found;
        first = false;
    }
    return OK;
}

/* take_instant reads more forms than put_instant writes */
static instant instant_take(struct lines *l, const char *key)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    instant       t = 0;
    span          value = take_text(l, key);
    bool          read = !err_is(text_instant(value, &t));
    put_instant(&w, t);
    l->bad = l->bad || !read || !span_equal(writer_span(&w), value);
    return t;
}

static err assurance_take(struct lines *l, const struct tables *t, struct assurance *out)
{
    span     value = {0};
    unsigned a = 0;
    if (!take_more(l, "assurance", &value)) {
        return OK;
    }
    TRY(agreements_find(&t->agreements, value, &a));
    out->present = true;
    out->agreement = (uint8_t)a;
    TRY(levels_take(l, &t->policies, &out->levels));
    TRY(names_take(l, "assurance-topics", &t->policies.topics, &out->topics));
    out->from = instant_take(l, "assurance-from");
    out->until = instant_take(l, "assurance-until");
    return OK;
}

static err giving_of(span s, enum giving *out)
{
    *out = span_is(s, giving_name(GIVING_RELEASE)) ? GIVING_RELEASE : GIVING_DISCLOSE;
    return span_is(s, giving_name(*out)) ? OK
                                         : FAIL(UNKNOWN, "what is asked is release or disclose");
}

static err way_take(struct lines *l, const struct tables *t, struct crossing *c)
{
    const struct names *parties = &t->policies.parties;
    span                via = {0};
    TRY(marking_read(&t->policies, take_text(l, "marking"), &c->marking));
    TRY(kind_of(take_text(l, "kind"), &c->kind));
    TRY(party_take(parties, take_text(l, "from"), &c->from));
    TRY(party_take(parties, take_text(l, "to"), &c->to));
    c->via = PARTY_NONE;
    if (take_more(l, "via", &via)) {
        TRY(party_take(parties, via, &c->via));
    }
    return giving_of(take_text(l, "giving"), &c->giving);
}

static err lines_take(struct lines *l, const struct tables *t, struct crossing *c)
{
    take_title(l, CROSSING_TITLE);
    TRY(way_take(l, t, c));
    c->now_low = instant_take(l, "low");
    c->now_high = instant_take(l, "high");
    TRY(extent_take(l, &c->extent));
    TRY(reduced_take(l, &c->reduced));
    TRY(agreements_take(l, "standing", &t->agreements, &c->standing));
    for (unsigned r = 0; r < READING_COUNT; r++) {
        const char *key = reading_name((enum reading)r);
        TRY(agreements_take(l, key, &t->agreements, &c->read_as[r]));
    }
    TRY(agreements_take(l, "lineage", &t->agreements, &c->lineage));
    TRY(names_take(l, "approved", &t->policies.parties, &c->onward_approved));
    TRY(flag_take(l, "other-purpose", &c->other_purpose));
    TRY(flag_take(l, "by-act", &c->given_by_act));
    TRY(assurance_take(l, t, &c->assurance));
    c->approvals = (uint8_t)take_number(l, "approvals", UINT8_MAX);
    return OK;
}

err crossing_read(const struct tables *t, struct lines *l, struct crossing *out)
{
    struct crossing c = {0};
    err             e = lines_take(l, t, &c);
    if (l->bad) {
        return FAIL(MALFORMED, "a line of the crossing is missing or out of order");
    }
    TRY(e);
    if (!crossing_is_question(t, &c)) {
        return FAIL(MALFORMED, "the crossing asks nothing that makes sense");
    }
    *out = c;
    return OK;
}
