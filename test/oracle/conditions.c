/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle/conditions.h"

#include <inttypes.h>
#include <string.h>

void put_names(const struct names *n, set64 members, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned i = set_next(members, 0); i < n->count; i = set_next(members, i + 1)) {
        fprintf(f, "%s\"%s\"", comma, n->name[i].text);
        comma = ", ";
    }
    fputs("]", f);
}

void put_level_set(const struct law *law, const struct levels *levels, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned p = 0; p < law->policies->count; p++) {
        const struct policy *policy = &law->policies->policy[p];
        for (unsigned r = 0; r < policy->level_count; r++) {
            if (levels_have(levels, (level){(uint8_t)p, (uint8_t)r})) {
                fprintf(f, "%s\"%s:%s\"", comma, policy->name.text, policy->level[r].name.text);
                comma = ", ";
            }
        }
    }
    fputs("]", f);
}

void put_agreements(const struct law *law, set64 members, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned a = set_next(members, 0); a < law->agreements->count;
         a = set_next(members, a + 1)) {
        fprintf(f, "%s\"%s\"", comma, law->agreements->agreement[a].name.text);
        comma = ", ";
    }
    fputs("]", f);
}

/* ---- standing ---- */

static void climb(const struct law *law, unsigned agreement, set64 *seen, bool *whole)
{
    const struct agreement *a = &law->agreements->agreement[agreement];
    if (set_has(*seen, agreement)) {
        return;
    }
    *seen |= set_one(agreement);
    for (unsigned u = 0; u < a->under_count; u++) {
        unsigned parent;
        if (err_is(agreements_find(law->agreements, name_span(&a->under[u].agreement), &parent))) {
            *whole = false;
        } else {
            climb(law, parent, seen, whole);
        }
    }
}

set64 law_up(const struct law *law, unsigned agreement, bool *whole)
{
    set64 seen = 0;
    *whole = true;
    climb(law, agreement, &seen, whole);
    return seen;
}

void put_stands(const struct law *law, unsigned agreement, FILE *f)
{
    bool  whole;
    set64 up = law_up(law, agreement, &whole);
    if (!whole) {
        fputs("(false)", f);
        return;
    }
    fputs("(context.standing.containsAll(", f);
    put_agreements(law, up, f);
    fputs("))", f);
}

/* ---- terms ---- */

static void put_area(const char *attribute, const char *owner, const struct area *a, FILE *f)
{
    fprintf(f, " && context.%s.contains(\"%s/%s\")", attribute, owner, a->name.text);
}

static void put_meets(const struct reduction *r, FILE *f)
{
    static const char *const field[] = {"source",   "identity", "height", "course", "speed",
                                        "accuracy", "remarks",  "launch", "impact"};
    const char              *comma = "";
    fprintf(f,
            "(context.positionM >= %" PRIu32 " && context.heightM >= %" PRIu32
            " && context.pixelCm >= %" PRIu32 " && context.delayMs >= %" PRIu32
            " && context.everyMs >= %" PRIu32 " && context.without.containsAll([",
            r->position_m, r->height_m, r->pixel_cm, r->delay_ms, r->every_ms);
    for (unsigned i = 0; i < ARRAY_LEN(field); i++) {
        if ((r->without >> i & 1u) != 0) {
            fprintf(f, "%s\"%s\"", comma, field[i]);
            comma = ", ";
        }
    }
    fputs("]))", f);
}

/* Hours of each day: `now` lies in one stretch of them */
static void put_hours_hold(const struct window *w, FILE *f)
{
    if (w->day_from == 0 && w->day_until == 0) {
        return;
    }
    if (w->day_from < w->day_until) {
        fprintf(f,
                " && context.lowDay == context.highDay && context.lowHour >= %" PRIu32
                " && context.highHour < %" PRIu32,
                w->day_from, w->day_until);
        return;
    }
    fprintf(f,
            " && ((context.lowDay == context.highDay && (context.lowHour >= %" PRIu32
            " || context.highHour < %" PRIu32 ")) || (context.lowDay + 1 == context.highDay && "
            "context.lowHour >= %" PRIu32 " && context.highHour < %" PRIu32 "))",
            w->day_from, w->day_until, w->day_from, w->day_until);
}

static void put_window_holds(const struct window *w, FILE *f)
{
    fprintf(f, " && context.low >= %" PRId64, w->from);
    if (w->until != INSTANT_NEVER) {
        fprintf(f, " && context.high < %" PRId64, w->until);
    }
    put_hours_hold(w, f);
}

/* edge - `now` cut to the window's span: day or hour of its first or last instant */
static void put_edge(const struct window *w, bool last, bool hour, FILE *f)
{
    instant     cut = last ? w->until - 1 : w->from;
    const char *end = last ? "high" : "low";
    const char *part = hour ? "Hour" : "Day";
    if (last && w->until == INSTANT_NEVER) {
        fprintf(f, "context.%s%s", end, part);
        return;
    }
    fprintf(f, "(if context.%s %s %" PRId64 " then %" PRId64 " else context.%s%s)", end,
            last ? ">" : "<", cut, hour ? cut % MS_PER_DAY : cut / MS_PER_DAY, end, part);
}

static void put_compare(const struct window *w, bool last, const char *sign, uint32_t ms, FILE *f)
{
    put_edge(w, last, true, f);
    fprintf(f, " %s %" PRIu32, sign, ms);
}

static void put_hours_touch(const struct window *w, FILE *f)
{
    bool over_midnight = w->day_from > w->day_until;
    if (w->day_from == 0 && w->day_until == 0) {
        return;
    }
    fputs(" && (if ", f);
    put_edge(w, false, false, f);
    fputs(" == ", f);
    put_edge(w, true, false, f);
    fputs(over_midnight ? " then (" : " then (", f);
    put_compare(w, false, "<", w->day_until, f);
    fputs(over_midnight ? " || " : " && ", f);
    put_compare(w, true, ">=", w->day_from, f);
    fputs(") else ", f);
    if (over_midnight) {
        fputs("true)", f);
        return;
    }
    fputs("(", f);
    put_edge(w, false, false, f);
    fputs(" + 1 < ", f);
    put_edge(w, true, false, f);
    fputs(" || ", f);
    put_compare(w, false, "<", w->day_until, f);
    fputs(" || ", f);
    put_compare(w, true, ">=", w->day_from, f);
    fputs("))", f);
}

static void put_window_touches(const struct window *w, FILE *f)
{
    fprintf(f, " && context.high >= %" PRId64, w->from);
    if (w->until != INSTANT_NEVER) {
        fprintf(f, " && context.low < %" PRId64, w->until);
    }
    put_hours_touch(w, f);
}

/* ---- scopes ---- */

static void put_kind_and_level(const struct law *law, const struct scope *s, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if ((s->kinds >> k & 1u) != 0) {
            fprintf(f, "%s\"%s\"", comma, kind_name((enum kind)k));
            comma = ", ";
        }
    }
    fputs("].contains(context.kind)", f);
    if (!levels_any(&s->levels)) {
        fputs(" && ", f);
        put_level_set(law, &s->levels, f);
        fputs(".contains(context.level)", f);
    }
}

static void put_all_in(const struct names *n, set64 members, const char *attribute, FILE *f)
{
    if (members != ~(set64)0) {
        fputs(" && ", f);
        put_names(n, members, f);
        fprintf(f, ".containsAll(context.%s)", attribute);
    }
}

static void put_some_in(const struct names *n, set64 members, const char *attribute, FILE *f)
{
    if (members == ~(set64)0) {
        fprintf(f, " && !context.%s.isEmpty()", attribute);
        return;
    }
    fputs(" && ", f);
    put_names(n, members, f);
    fprintf(f, ".containsAny(context.%s)", attribute);
}

void put_holds(const struct law *law, const struct scope *s, const struct terms *t,
               const char *owner, FILE *f)
{
    fputs("(", f);
    put_kind_and_level(law, s, f);
    put_all_in(&law->policies->disciplines, s->disciplines, "disciplines", f);
    put_all_in(&law->policies->topics, s->topics, "topics", f);
    if (s->area != TERM_NONE) {
        put_area("inside", owner, &t->area[s->area - 1], f);
    }
    if (s->window != TERM_NONE) {
        put_window_holds(&t->window[s->window - 1], f);
    }
    if (s->reduction != TERM_NONE) {
        fputs(" && ", f);
        put_meets(&t->reduction[s->reduction - 1], f);
    }
    fputs(")", f);
}

void put_touches(const struct law *law, const struct scope *s, const struct terms *t,
                 const char *owner, FILE *f)
{
    fputs("(", f);
    put_kind_and_level(law, s, f);
    put_some_in(&law->policies->disciplines, s->disciplines, "disciplines", f);
    put_some_in(&law->policies->topics, s->topics, "topics", f);
    if (s->area != TERM_NONE) {
        put_area("touching", owner, &t->area[s->area - 1], f);
    }
    if (s->window != TERM_NONE) {
        put_window_touches(&t->window[s->window - 1], f);
    }
    if (s->reduction != TERM_NONE) {
        fputs(" && !", f);
        put_meets(&t->reduction[s->reduction - 1], f);
    }
    fputs(")", f);
}

/* ---- prohibitions ---- */

/* Is there an originator other than the giver? */
static void put_foreign(const struct law *law, uint8_t giver, FILE *f)
{
    set64 others = (set_one(law->policies->parties.count) - 1) & ~set_one(giver);
    put_names(&law->policies->parties, others, f);
    fputs(".containsAny(context.originators)", f);
}

static void put_approved(const struct law *law, uint8_t giver, FILE *f)
{
    const struct names *parties = &law->policies->parties;
    fputs("(", f);
    for (unsigned p = 0; p < parties->count; p++) {
        if (p != giver) {
            const char *other = parties->name[p].text;
            fprintf(f,
                    "(!context.originators.contains(\"%s\") || "
                    "context.approved.contains(\"%s\")) && ",
                    other, other);
        }
    }
    fputs("(", f);
    put_foreign(law, giver, f);
    fputs(" || context.lineage.isEmpty()))", f);
}

/* Passed on, and not merely back to whom it came from */
static void put_onward(const struct law *law, const struct agreement *a, uint8_t giver, FILE *f)
{
    const char *from = law->policies->parties.name[giver].text;
    fputs(" && (", f);
    put_foreign(law, giver, f);
    fputs(" || !context.lineage.isEmpty()) && !(", f);
    put_names(&law->policies->parties, a->parties, f);
    fprintf(f,
            ".contains(context.to) && context.originators.contains(context.to) && "
            "[\"%s\", context.to].containsAll(context.originators))",
            from);
}

static void put_unless(const struct law *law, const struct clause *n, uint8_t giver, FILE *f)
{
    if (!n->unless_approved) {
        return;
    }
    fputs(" && !", f);
    if (n->approver == PARTY_NONE) {
        put_approved(law, giver, f);
    } else {
        fprintf(f, "context.approved.contains(\"%s\")",
                law->policies->parties.name[n->approver].text);
    }
}

bool never_concerns(const struct clause *n, uint8_t giver)
{
    return n->kind == CLAUSE_NEVER && (n->from == PARTY_NONE || n->from == giver);
}

void put_never(const struct law *law, unsigned agreement, const struct clause *n, uint8_t giver,
               FILE *f)
{
    const struct agreement *a = &law->agreements->agreement[agreement];
    const struct names     *parties = &law->policies->parties;
    fputs("(", f);
    put_touches(law, &n->scope, &a->terms, a->name.text, f);
    if (n->to != PARTY_NONE) {
        fprintf(f, " && context.to == \"%s\"", parties->name[n->to].text);
    }
    if (n->via != PARTY_NONE) {
        fprintf(f, " && context.via == \"%s\"", parties->name[n->via].text);
    }
    if (n->never == NEVER_ONWARD) {
        put_onward(law, a, giver, f);
    }
    if (n->never == NEVER_OTHER_PURPOSE) {
        fputs(" && context.otherPurpose", f);
    }
    put_unless(law, n, giver, f);
    fputs(")", f);
}
