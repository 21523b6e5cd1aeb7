/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/parts.h"

#include "reach/text.h"

static void put_line(struct writer *w, const char *text)
{
    put_text(w, text);
    put_u8(w, '\n');
}

static void put_counted(struct writer *w, uint64_t count, const char *unit)
{
    put_decimal(w, count);
    put_line(w, unit);
}

static void put_party(const struct policies *all, uint8_t party, struct writer *w)
{
    if (party < all->parties.count) {
        put_span(w, name_span(&all->parties.name[party]));
    }
}

/* ---- the head ---- */

static void put_foundations(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_line(w, a->arrangement ? "an arrangement" : "an agreement");
    for (unsigned i = 0; i < a->under_count; i++) {
        put_text(w, "under ");
        put_span(w, name_span(&a->under[i].agreement));
        put_text(w, " article ");
        put_counted(w, a->under[i].article, "");
    }
}

static void put_parties(const struct policies *all, const struct agreement *a, struct writer *w)
{
    set_format(&all->parties, a->parties, w);
    put_u8(w, '\n');
}

static void put_binding(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_line(w, a->binding ? "binding" : "not binding");
}

static void put_day(struct writer *w, instant day)
{
    if (day != 0) {
        put_date(w, day);
        put_u8(w, '\n');
    }
}

static void put_signed(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_day(w, a->signed_on);
}

static void put_in_force(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_day(w, a->in_force_on);
}

static void put_term(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    if (a->term_years != 0) {
        put_counted(w, a->term_years, a->term_years == 1 ? " year" : " years");
    }
}

static void put_extension(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_line(w, a->extends ? "extended each year" : "not extended");
}

static void put_notice(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    if (a->notice_days != 0) {
        put_counted(w, a->notice_days, a->notice_days == 1 ? " day" : " days");
    }
}

static void put_after(const struct policies *all, const struct agreement *a, struct writer *w)
{
    static const char *const text[] = {
        [AFTER_PROTECT] = "protect", [AFTER_RETURN] = "return", [AFTER_DESTROY] = "destroy"};
    (void)all;
    put_line(w, text[a->after]);
}

/* ---- what it protects, and how ---- */

static void put_levels_of(const struct policies *all, const struct levels *l, const char *between,
                          struct writer *w)
{
    for (unsigned p = 0; p < all->count; p++) {
        for (unsigned r = 0; r < all->policy[p].level_count; r++) {
            level one = {(uint8_t)p, (uint8_t)r};
            if (levels_have(l, one)) {
                level_format(all, one, w);
                put_text(w, between);
            }
        }
    }
}

static void put_covers(const struct policies *all, const struct agreement *a, struct writer *w)
{
    put_levels_of(all, &a->covers, "\n", w);
}

static void put_claims(const struct policies *all, const struct agreement *a, struct writer *w)
{
    for (unsigned t = set_next(a->claims, 0); t < SET64_MAX; t = set_next(a->claims, t + 1)) {
        put_span(w, name_span(&all->topics.name[t]));
        put_u8(w, '\n');
    }
}

static void put_owed(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    owed_format(&a->owed, w);
    put_u8(w, '\n');
}

static void put_equivalences(const struct policies *all, const struct agreement *a,
                             struct writer *w)
{
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        struct levels             to = {0};
        to.ranks[e->receiver_policy] = e->ranks;
        level_format(all, e->given, w);
        put_text(w, " for ");
        put_party(all, e->receiver, w);
        put_text(w, " is ");
        put_levels_of(all, &to, " ", w);
        put_u8(w, '\n');
    }
}

/* ---- definitions ---- */

static void put_areas(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    for (unsigned i = 0; i < a->terms.area_count; i++) {
        const struct area *one = &a->terms.area[i];
        put_span(w, name_span(&one->name));
        for (unsigned k = 0; k < one->count; k++) {
            struct extent e = {true, one->point[k].lat, one->point[k].lon, one->point[k].lat,
                               one->point[k].lon};
            uint8_t       buf[EXTENT_TEXT_MAX + 1];
            struct writer corner = WRITER_OF(buf);
            extent_format(&e, &corner);
            span both = writer_span(&corner), lat = span_cut(&both, ',');
            put_text(w, k == 0 ? " " : ", ");
            put_span(w, lat);
            put_u8(w, ' ');
            put_span(w, span_cut(&both, ','));
        }
        put_u8(w, '\n');
    }
}

static void put_hours(struct writer *w, uint32_t ms)
{
    const uint32_t part[] = {ms / MS_PER_HOUR, ms / MS_PER_MINUTE % 60};
    for (unsigned i = 0; i < ARRAY_LEN(part); i++) {
        put_text(w, i == 0 ? "" : ":");
        put_text(w, part[i] < 10 ? "0" : "");
        put_decimal(w, part[i]);
    }
}

static void put_windows(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    for (unsigned i = 0; i < a->terms.window_count; i++) {
        const struct window *one = &a->terms.window[i];
        put_span(w, name_span(&one->name));
        if (one->from != 0 || one->until != INSTANT_NEVER) {
            put_text(w, " from ");
            put_date(w, one->from);
        }
        if (one->until != INSTANT_NEVER) {
            put_text(w, " before ");
            put_date(w, one->until);
        }
        if (one->day_from != one->day_until) {
            put_text(w, " each day ");
            put_hours(w, one->day_from);
            put_text(w, " to ");
            put_hours(w, one->day_until);
        }
        put_u8(w, '\n');
    }
}

static void put_reductions(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    for (unsigned i = 0; i < a->terms.reduction_count; i++) {
        put_span(w, name_span(&a->terms.reduction[i].name));
        put_u8(w, ' ');
        reduction_format(&a->terms.reduction[i], w);
        put_u8(w, '\n');
    }
}

/* ---- clauses ---- */

static void put_title(const struct policies *all, const struct agreement *a, struct writer *w)
{
    (void)all;
    put_line(w, a->title);
}

static void put_number(const struct clause *c, struct writer *w)
{
    if (c->article != 0) {
        put_text(w, "article ");
        put_decimal(w, c->article);
        put_u8(w, ' ');
    }
    put_text(w, "clause ");
    put_decimal(w, c->number);
}

static void put_purposes(const struct policies *all, const struct agreement *a, struct writer *w)
{
    for (unsigned i = 0; i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        if (c->kind == CLAUSE_NEVER && c->never == NEVER_OTHER_PURPOSE) {
            put_text(w, c->unless_approved ? "with the written approval of " : "never");
            put_text(w, c->unless_approved && c->approver == PARTY_NONE ? "the originator" : "");
            put_party(all, c->unless_approved ? c->approver : PARTY_NONE, w);
            put_u8(w, '\n');
        }
    }
}

static void put_term_name(struct writer *w, unsigned term, const name *named)
{
    put_u8(w, ',');
    if (term != TERM_NONE) {
        put_span(w, name_span(named));
    }
}

/* All of it but its place, so that the line differs when anything of it does; a reader is shown the place. */
static void put_scope(const struct policies *all, const struct agreement *a, const struct scope *s,
                      struct writer *w)
{
    put_decimal(w, s->kinds);
    put_u8(w, ',');
    put_decimal(w, s->disciplines);
    put_u8(w, ',');
    put_decimal(w, s->topics);
    put_term_name(w, s->area, &a->terms.area[s->area - (s->area > 0)].name);
    put_term_name(w, s->window, &a->terms.window[s->window - (s->window > 0)].name);
    put_term_name(w, s->reduction, &a->terms.reduction[s->reduction - (s->reduction > 0)].name);
    for (unsigned p = 0; p < all->count; p++) {
        put_u8(w, ',');
        put_decimal(w, s->levels.ranks[p]);
    }
}

static void put_clauses(const struct policies *all, const struct agreement *a, struct writer *w)
{
    for (unsigned i = 0; i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        const unsigned       field[] = {c->kind,    c->from,       c->to,    c->via,
                                        c->giving,  c->precedence, c->never, c->unless_approved,
                                        c->approver};
        put_number(c, w);
        put_u8(w, '|');
        for (unsigned k = 0; k < ARRAY_LEN(field); k++) {
            put_decimal(w, field[k]);
            put_u8(w, ',');
        }
        put_scope(all, a, &c->scope, w);
        owed_format(&c->owed, w);
        put_u8(w, '\n');
    }
}

const struct part parts[PARTS_COUNT] = {
    {"standing", put_foundations, PART_TOLD},
    {"parties", put_parties, PART_TOLD},
    {"binding", put_binding, PART_TOLD},
    {"signed", put_signed, PART_TOLD},
    {"in force", put_in_force, PART_TOLD},
    {"term", put_term, PART_TOLD},
    {"extension", put_extension, PART_TOLD},
    {"notice", put_notice, PART_TOLD},
    {"after end", put_after, PART_TOLD},
    {"covers", put_covers, PART_TOLD},
    {"claims", put_claims, PART_TOLD},
    {"owed for all", put_owed, PART_TOLD},
    {"equivalence", put_equivalences, PART_TOLD},
    {"other purpose", put_purposes, PART_TOLD},
    {"area", put_areas, PART_DEFINES},
    {"window", put_windows, PART_DEFINES},
    {"reduction", put_reductions, PART_DEFINES},
    {"title", put_title, PART_JUDGED},
    {"clauses", put_clauses, PART_JUDGED},
};
