/* SPDX-License-Identifier: Apache-2.0 */
#include "language/check.h"

#define SHOWN_MAX (2 * NAME_MAX_LEN + 2)

/* A level as text for a sentence. */
struct shown {
    char text[SHOWN_MAX];
};

static struct shown show_level(const struct draft *draft, level one)
{
    struct shown  out = {0};
    struct writer w = writer_of(out.text, sizeof out.text - 1);
    level_format(draft->policies, one, &w);
    return out;
}

const char *party_text(const struct draft *draft, uint8_t party)
{
    return draft->policies->parties.name[party].text;
}

static const struct equivalence *equivalent_of(const struct agreement *a, level given,
                                               uint8_t receiver)
{
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->given.policy == given.policy && e->given.rank == given.rank &&
            e->receiver == receiver) {
            return e;
        }
    }
    return NULL;
}

/* What is not classified needs no protection, and so no equivalent, unless the text names it. */
static bool wants_equivalent(const struct draft *draft, level one)
{
    return levels_have(&draft->covers_named, one) ||
           draft->policies->policy[one.policy].level[one.rank].lacv > LACV_UNCLASSIFIED;
}

static void check_covered_level(struct draft *draft, level one)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
        if (p == party_of_policy(draft->policies, one.policy) ||
            equivalent_of(a, one, (uint8_t)p) != NULL) {
            continue;
        }
        bool               named = levels_have(&draft->covers_named, one);
        struct diagnostic *d =
            diagnostic_add(draft->d, named ? SEVERITY_WARNING : SEVERITY_NOTE, draft->covers_at,
                           "%s is covered, but has no equivalent for %s: it never passes",
                           show_level(draft, one).text, party_text(draft, (uint8_t)p));
        diagnostic_hint(d, "state one, such as: %s = %s:...", show_level(draft, one).text,
                        party_text(draft, (uint8_t)p));
    }
}

static void check_covers(struct draft *draft)
{
    for (unsigned i = 0; i < POLICIES_MAX * LEVELS_MAX; i++) {
        level one = {(uint8_t)(i / LEVELS_MAX), (uint8_t)(i % LEVELS_MAX)};
        if (levels_have(&draft->agreement.covers, one) && wants_equivalent(draft, one)) {
            check_covered_level(draft, one);
        }
    }
}

static bool kind_stands(const struct agreement *a, enum never_kind never)
{
    for (unsigned i = 0; i < a->clause_count; i++) {
        if (a->clause[i].kind == CLAUSE_NEVER && a->clause[i].never == never) {
            return true;
        }
    }
    return false;
}

static void warn_head(struct draft *draft, const char *sentence, const char *hint)
{
    struct diagnostic *d =
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->opening_at, "%s", sentence);
    diagnostic_hint(d, "%s", hint);
}

/* What an agreement that others stand under is expected to say. */
static void check_foundation(struct draft *draft)
{
    const struct agreement *a = &draft->agreement;
    const struct {
        bool        missing;
        const char *sentence, *hint;
    } row[] = {
        {a->covers_number == 0, "this agreement covers nothing, so nothing is protected by it",
         "covers any between the parties up to LEVEL, LEVEL"},
        {!kind_stands(a, NEVER_ONWARD), "nothing forbids to pass on what was received",
         "never onward without prior written approval of the originator"},
        {!kind_stands(a, NEVER_OTHER_PURPOSE), "nothing forbids to use it for another purpose",
         "never for another purpose without prior written approval of the originator"},
        {a->in_force_on != 0 && a->in_force_on < a->signed_on,
         "this is in force before it was signed", "look at the dates"},
        {a->extends && a->notice_days == 0, "the term extends, but no time of notice is set",
         "notice 90 days"},
        {!a->extends && a->term_years > 0 && a->notice_days >= 366u * a->term_years,
         "the notice is as long as the term or longer, so none can have effect",
         "a shorter notice, or a term that is extended each year"},
        {!draft->kind_seen[STATEMENT_AFTER_END],
         "nothing says that protection goes on after the end", "after end protect"},
        {(a->owed.duties & DUTY_ASSURANCE) == 0,
         "nothing asks for the receiver's assurance before something is given",
         "read needs clearance, need-to-know, assurance"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (row[i].missing) {
            warn_head(draft, row[i].sentence, row[i].hint);
        }
    }
}

static void check_parameters(struct draft *draft)
{
    for (unsigned i = 0; i < draft->parameter_count; i++) {
        if (!draft->parameter[i].used) {
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->parameter[i].at,
                           "no clause uses this parameter");
        }
    }
}

/* ---- definitions ---- */

static bool same_term(const struct terms *t, const struct definition *a, const struct definition *b)
{
    unsigned i = a->term - 1u, k = b->term - 1u;
    if (a->sort == SORT_AREA) {
        return t->area[i].count == t->area[k].count &&
               memcmp(t->area[i].point, t->area[k].point,
                      t->area[i].count * sizeof t->area[i].point[0]) == 0;
    }
    if (a->sort == SORT_WINDOW) {
        const struct window *v = &t->window[i], *w = &t->window[k];
        return v->from == w->from && v->until == w->until && v->day_from == w->day_from &&
               v->day_until == w->day_until;
    }
    return a->sort == SORT_REDUCTION && reduction_meets(&t->reduction[i], &t->reduction[k]) &&
           reduction_meets(&t->reduction[k], &t->reduction[i]);
}

static bool same_meaning(const struct draft *draft, const struct definition *a,
                         const struct definition *b)
{
    if (a->sort != b->sort) {
        return false;
    }
    return a->sort <= SORT_REDUCTION ? same_term(draft->terms, a, b)
           : a->sort == SORT_LEVELS
               ? levels_within(&a->tops, &b->tops) && levels_within(&b->tops, &a->tops)
               : a->set == b->set;
}

/* Windows of an agreement that is not in force while they are open. */
static void check_window(struct draft *draft, const struct definition *d)
{
    const struct agreement *a = &draft->agreement;
    const struct window    *w = &draft->terms->window[d->term - 1];
    instant                 ends = a->term_years > 0 && !a->extends
                                       ? instant_add_years(a->in_force_on, a->term_years)
                                       : INSTANT_NEVER;
    if (w->until <= a->in_force_on) {
        diagnostic_add(draft->d, SEVERITY_WARNING, d->at,
                       "this window never opens: it ends before the agreement is in force");
    } else if (w->from >= ends) {
        diagnostic_add(draft->d, SEVERITY_WARNING, d->at,
                       "this window never opens: the term has ended before it begins");
    }
}

void check_definitions(struct draft *draft)
{
    for (unsigned i = 0; i < draft->definition_count; i++) {
        const struct definition *d = &draft->definition[i];
        if (!d->used) {
            diagnostic_add(draft->d, SEVERITY_WARNING, d->at, "nothing uses this definition");
        }
        for (unsigned k = 0; k < i; k++) {
            if (same_meaning(draft, d, &draft->definition[k])) {
                diagnostic_add(draft->d, SEVERITY_WARNING, d->at,
                               "line %u defines the same by another name",
                               draft->definition[k].at.line);
                break;
            }
        }
        if (d->sort == SORT_WINDOW) {
            check_window(draft, d);
        }
    }
}

/* ---- equivalences ---- */

/* What goes there and comes back may have another level: named, since nobody sees it in one line. */
static void check_round_trip(struct draft *draft, unsigned i)
{
    const struct agreement   *a = &draft->agreement;
    const struct equivalence *e = &a->equivalence[i];
    uint8_t                   home = party_of_policy(draft->policies, e->given.policy);
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        level                     there = {e->receiver_policy, (uint8_t)r};
        const struct equivalence *back =
            set_has(e->ranks, r) ? equivalent_of(a, there, home) : NULL;
        if (back == NULL || back->ranks == 1u << e->given.rank) {
            continue;
        }
        bool lost = !set_has(back->ranks, e->given.rank);
        diagnostic_add(draft->d, lost ? SEVERITY_WARNING : SEVERITY_NOTE, draft->equivalence_at[i],
                       "%s given as %s may come back as another level: %s",
                       show_level(draft, e->given).text, show_level(draft, there).text,
                       lost ? "never as what it was" : "an officer chooses of several");
    }
}

static void check_equivalences(struct draft *draft)
{
    for (unsigned i = 0; i < draft->agreement.equivalence_count; i++) {
        check_round_trip(draft, i);
    }
}

/* ---- notes ---- */

static bool contains(span text, const char *wanted)
{
    return text.len > 0 && memmem(text.ptr, text.len, wanted, strlen(wanted)) != NULL;
}

/* What was found, to the end of its word. */
static span whole_word(span text, const char *wanted)
{
    span out = {memmem(text.ptr, text.len, wanted, strlen(wanted)), strlen(wanted)};
    while (out.ptr + out.len < text.ptr + text.len && out.ptr[out.len] >= 'a' &&
           out.ptr[out.len] <= 'z') {
        out.len++;
    }
    return out;
}

static void check_vague(struct draft *draft)
{
    static const char *const vague[] = {"as appropriate", "where necessary", "as necessary",
                                        "as soon as",     "promptly",        "reasonabl",
                                        "if possible",    "in principle",    "適切",
                                        "速やか",         "필요한 경우",     "적절"};
    for (unsigned i = 0; i < draft->tree.count; i++) {
        const struct statement *s = &draft->tree.statement[i];
        for (size_t v = 0; s->form->kind == STATEMENT_NOTE && v < ARRAY_LEN(vague); v++) {
            const struct token *t = slot_token(&draft->tree, s, SLOT_TEXT, 0);
            if (contains(t->text, vague[v])) {
                diagnostic_add(draft->d, SEVERITY_NOTE, t->at,
                               "vague: '" SPAN_FMT "' leaves open who decides, and by when",
                               SPAN_ARG(whole_word(t->text, vague[v])));
            }
        }
    }
}

/* A note that counts time or copies: a statement would have a machine behind it. */
static void check_measured(struct draft *draft)
{
    static const char *const unit[] = {" hour",   " day",     " minute", "시간 이내",
                                       "일 이내", "時間以内", "日以内",  " copies"};
    for (unsigned i = 0; i < draft->tree.count; i++) {
        const struct statement *s = &draft->tree.statement[i];
        for (size_t u = 0; s->form->kind == STATEMENT_NOTE && u < ARRAY_LEN(unit); u++) {
            const struct token *t = slot_token(&draft->tree, s, SLOT_TEXT, 0);
            const uint8_t      *at =
                t->text.len > 0 ? memmem(t->text.ptr, t->text.len, unit[u], strlen(unit[u])) : NULL;
            if (at != NULL && at > t->text.ptr && at[-1] >= '0' && at[-1] <= '9') {
                diagnostic_add(draft->d, SEVERITY_NOTE, t->at,
                               "a note is watched by no machine: a duty with a measure wants a "
                               "statement of its own");
                break;
            }
        }
    }
}

void draft_check(struct draft *draft)
{
    check_covers(draft);
    if (!draft->agreement.arrangement) {
        check_foundation(draft);
    }
    check_parameters(draft);
    check_definitions(draft);
    check_equivalences(draft);
    check_clauses(draft);
    check_owed_lines(draft);
    check_layers(draft);
    check_vague(draft);
    check_measured(draft);
}
