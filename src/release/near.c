/* SPDX-License-Identifier: Apache-2.0 */
#include "release/near.h"

#include "marking/names.h"

struct search {
    const struct tables   *t;
    const struct crossing *c;
    struct verdict         now; /* of c */
    bool                   assured;
    unsigned               count;
    struct near           *out;
};

static bool goes_further(struct search *s, struct near *n)
{
    n->verdict = verdict_by_reading(s->t, &n->crossing);
    return n->verdict.outcome > s->now.outcome;
}

static struct assurance assurance_under(uint8_t agreement, const struct crossing *c)
{
    struct assurance a = {
        .present = true, .agreement = agreement, .topics = c->marking.topics, .until = NOW_LAST};
    levels_add(&a.levels, c->marking.level);
    return a;
}

static bool may_assure(const struct agreement *a, const struct crossing *c)
{
    uint8_t next = c->via == PARTY_NONE ? c->to : c->via;
    return !a->arrangement && set_has(a->parties, c->from) && set_has(a->parties, next) &&
           levels_have(&a->covers, c->marking.level);
}

void near_assured(const struct tables *t, struct crossing *c)
{
    struct crossing one = *c;
    enum outcome    furthest = OUTCOME_REFUSE;
    bool            found = false;
    for (uint8_t a = 0; a < t->agreements.count; a++) {
        if (!may_assure(&t->agreements.agreement[a], c)) {
            continue;
        }
        one.assurance = assurance_under(a, c);
        enum outcome goes = verdict_by_reading(t, &one).outcome;
        if (!found || goes > furthest) {
            c->assurance = one.assurance;
            furthest = goes;
        }
        found = true;
    }
}

/* Does it go further than the case that was asked?  Whoever is asked is taken to assure, where c says so. */
static bool consider(struct search *s, struct near n)
{
    if (!crossing_is_question(s->t, &n.crossing)) {
        return false;
    }
    if (s->assured && !goes_further(s, &n)) {
        near_assured(s->t, &n.crossing);
    }
    bool further = goes_further(s, &n);
    if (further && s->count < NEAR_MAX) {
        s->out[s->count++] = n;
    }
    return further;
}

static struct near changed(const struct search *s, enum change change)
{
    return (struct near){
        .change = change, .party = PARTY_NONE, .owner = NEAR_RULES, .crossing = *s->c};
}

/* ---- people ---- */

static void try_approvals(struct search *s)
{
    struct near n = changed(s, CHANGE_APPROVALS);
    n.crossing.approvals = s->now.officers;
    consider(s, n);
}

static void try_assurance(struct search *s)
{
    bool found = s->assured;
    for (uint8_t a = 0; !found && a < s->t->agreements.count; a++) {
        struct near n = changed(s, CHANGE_ASSURANCE);
        n.crossing.assurance = assurance_under(a, &n.crossing);
        n.owner = a;
        found = consider(s, n);
    }
}

static void try_marking(struct search *s)
{
    struct near n = changed(s, CHANGE_MARKING);
    n.party = s->c->to;
    n.crossing.marking.release_to |=
        set_one(s->c->to) | (s->c->via == PARTY_NONE ? 0 : set_one(s->c->via));
    n.crossing.marking.disclose_to |= n.crossing.marking.release_to;
    consider(s, n);
}

static void try_originators(struct search *s)
{
    for (uint8_t p = 0; p < s->t->policies.parties.count; p++) {
        struct near n = changed(s, CHANGE_ORIGINATOR);
        n.party = p;
        n.crossing.onward_approved |= set_one(p);
        consider(s, n);
    }
}

static void try_purpose(struct search *s)
{
    struct near n = changed(s, CHANGE_PURPOSE);
    n.crossing.other_purpose = false;
    consider(s, n);
}

static void try_act(struct search *s)
{
    struct near n = changed(s, CHANGE_ACT);
    n.crossing.given_by_act = true;
    consider(s, n);
}

/* ---- the way ---- */

static void try_disclose(struct search *s)
{
    struct near n = changed(s, CHANGE_DISCLOSE);
    n.crossing.giving = GIVING_DISCLOSE;
    consider(s, n);
}

static void try_route(struct search *s, uint8_t via)
{
    struct near n = changed(s, CHANGE_ROUTE);
    n.party = via;
    n.crossing.via = via;
    if (via != s->c->via) {
        consider(s, n);
    }
}

static void try_routes(struct search *s)
{
    try_route(s, PARTY_NONE);
    for (uint8_t p = 0; p < s->t->policies.parties.count; p++) {
        try_route(s, p);
    }
}

/* ---- less of it ---- */

static void try_levels(struct search *s)
{
    const struct policy *p = &s->t->policies.policy[s->c->marking.level.policy];
    bool                 found = false;
    for (unsigned r = s->c->marking.level.rank; r > 0 && !found; r--) {
        struct near n = changed(s, CHANGE_LEVEL);
        n.crossing.marking.level.rank = (uint8_t)(r - 1);
        n.crossing.marking.caveats &= ~p->level[r - 1].caveats_excluded;
        n.crossing.marking.caveats |= p->level[r - 1].caveats_required;
        found = consider(s, n);
    }
}

static uint32_t more(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void try_reduction(struct search *s, uint8_t owner, const struct reduction *asked)
{
    struct near       n = changed(s, CHANGE_REDUCED);
    struct reduction *r = &n.crossing.reduced;
    n.owner = owner;
    n.term = asked->name;
    r->position_m = more(r->position_m, asked->position_m);
    r->height_m = more(r->height_m, asked->height_m);
    r->pixel_cm = more(r->pixel_cm, asked->pixel_cm);
    r->delay_ms = more(r->delay_ms, asked->delay_ms);
    r->every_ms = more(r->every_ms, asked->every_ms);
    r->without |= asked->without;
    consider(s, n);
}

/* ---- elsewhere, at another time ---- */

/* The next instant from which all of a stretch as long as now lies in the window; -1 when there is none */
static instant next_opening(const struct window *w, instant low, instant len)
{
    instant from = low > w->from ? low : w->from;
    instant day = from - from % MS_PER_DAY;
    instant at[] = {from, day + w->day_from, day + MS_PER_DAY, day + MS_PER_DAY + w->day_from};
    for (unsigned i = 0; i < ARRAY_LEN(at); i++) {
        if (at[i] >= from && window_holds(w, at[i], at[i] + len)) {
            return at[i];
        }
    }
    return -1;
}

/* The next instant at which no part of such a stretch lies in it: for what forbids meanwhile */
static instant next_closing(const struct window *w, instant low, instant len)
{
    instant day = low - low % MS_PER_DAY;
    instant at[] = {day + w->day_until, day + MS_PER_DAY + w->day_until, w->until};
    for (unsigned i = 0; i < ARRAY_LEN(at); i++) {
        if (at[i] > low && at[i] <= NOW_LAST && !window_touches(w, at[i], at[i] + len)) {
            return at[i];
        }
    }
    return -1;
}

static bool in_window(const struct scope *s, unsigned number)
{
    return s->window == number + 1;
}

/* Is it by this window that it goes now: does what permits it, or the rule that lets it go, speak of it? */
static bool opened_by(const struct search *s, const struct near *n, unsigned number)
{
    if (n->owner == NEAR_RULES) {
        return n->verdict.rule_number > 0 &&
               in_window(&s->t->rules.rule[n->verdict.rule_number - 1].scope, number);
    }
    const struct agreement *a = &s->t->agreements.agreement[n->owner];
    bool                    found = false;
    for (unsigned i = 0; n->verdict.permit.agreement == n->owner && i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        found = found || (c->kind == CLAUSE_MAY && c->article == n->verdict.permit.article &&
                          c->number == n->verdict.permit.number && in_window(&c->scope, number));
    }
    return found;
}

/* Does anything that forbids or holds back speak of the window? */
static bool closed_by(const struct search *s, const struct near *n, unsigned number)
{
    const struct rules *r = &s->t->rules;
    bool                found = false;
    for (unsigned i = 0; n->owner == NEAR_RULES && i < r->count; i++) {
        found =
            found || (r->rule[i].action != RULE_RELEASE && in_window(&r->rule[i].scope, number));
    }
    if (n->owner == NEAR_RULES) {
        return found;
    }
    const struct agreement *a = &s->t->agreements.agreement[n->owner];
    for (unsigned i = 0; i < a->clause_count; i++) {
        found =
            found || (a->clause[i].kind == CLAUSE_NEVER && in_window(&a->clause[i].scope, number));
    }
    return found;
}

/* At the instant `at`; told only when it goes because of this window, not of another that opens as well */
static bool try_instant(struct search *s, struct near n, instant at, unsigned number, bool opens)
{
    unsigned before = s->count;
    n.crossing.now_low = at;
    n.crossing.now_high = at + s->c->now_high - s->c->now_low;
    if (at < 0 || !consider(s, n) || s->count == before) {
        return false;
    }
    const struct near *found = &s->out[before];
    if (opens ? opened_by(s, found, number) : closed_by(s, found, number)) {
        return true;
    }
    s->count = before;
    return false;
}

static void try_window(struct search *s, uint8_t owner, const struct window *w, unsigned number)
{
    instant     len = s->c->now_high - s->c->now_low, low = s->c->now_low;
    struct near n = changed(s, CHANGE_WINDOW);
    n.owner = owner;
    n.term = w->name;
    if (!try_instant(s, n, next_opening(w, low, len), number, true)) {
        (void)try_instant(s, n, next_closing(w, low, len), number, false);
    }
}

/* A place in it: the middle of some three corners of a polygon lies inside */
static bool place_in(const struct area *a, struct extent *out)
{
    for (unsigned i = 0; i < a->count; i++) {
        for (unsigned j = 1; j + 1 < a->count; j++) {
            const struct area_point *p = &a->point[i], *q = &a->point[(i + j) % a->count],
                                    *r = &a->point[(i + j + 1) % a->count];
            struct extent e = {.known = true};
            e.south = (int32_t)(((int64_t)p->lat + q->lat + r->lat) / 3);
            e.west = (int32_t)(((int64_t)p->lon + q->lon + r->lon) / 3);
            e.north = e.south + 1;
            e.east = e.west + 1;
            if (extent_valid(&e) && area_holds(a, &e)) {
                *out = e;
                return true;
            }
        }
    }
    return false;
}

static void try_area(struct search *s, uint8_t owner, const struct area *a)
{
    struct near n = changed(s, CHANGE_AREA);
    n.owner = owner;
    n.term = a->name;
    if (place_in(a, &n.crossing.extent)) {
        consider(s, n);
    }
}

/* ---- all terms of all texts ---- */

static void try_terms(struct search *s, enum change change, uint8_t owner, const struct terms *t)
{
    for (unsigned i = 0; change == CHANGE_REDUCED && i < t->reduction_count; i++) {
        try_reduction(s, owner, &t->reduction[i]);
    }
    for (unsigned i = 0; change == CHANGE_WINDOW && i < t->window_count; i++) {
        try_window(s, owner, &t->window[i], i);
    }
    for (unsigned i = 0; change == CHANGE_AREA && i < t->area_count; i++) {
        try_area(s, owner, &t->area[i]);
    }
}

static void try_all_terms(struct search *s, enum change change)
{
    for (unsigned a = 0; a < s->t->agreements.count; a++) {
        try_terms(s, change, (uint8_t)a, &s->t->agreements.agreement[a].terms);
    }
    try_terms(s, change, NEAR_RULES, &s->t->rules.terms);
}

unsigned near_find(const struct tables *t, const struct crossing *c, bool assured,
                   struct near out[static NEAR_MAX])
{
    struct crossing asked = *c;
    struct search   s = {.t = t, .c = &asked, .assured = assured, .out = out};
    if (assured) {
        near_assured(t, &asked);
    }
    s.now = verdict_by_reading(t, &asked);
    try_approvals(&s);
    try_assurance(&s);
    try_marking(&s);
    try_originators(&s);
    try_purpose(&s);
    try_disclose(&s);
    try_routes(&s);
    try_all_terms(&s, CHANGE_REDUCED);
    try_levels(&s);
    try_all_terms(&s, CHANGE_WINDOW);
    try_all_terms(&s, CHANGE_AREA);
    try_act(&s);
    return s.count;
}
