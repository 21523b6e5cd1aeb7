/* SPDX-License-Identifier: Apache-2.0 */
#include "language/resolve.h"

#include "config/nearest.h"

void tell(struct draft *draft, struct place at, const char *sentence)
{
    diagnostic_add(draft->d, SEVERITY_ERROR, at, "%s", sentence);
}

static void tell_unknown(struct draft *draft, const struct token *t, const char *sort,
                         const struct nearest *n)
{
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, t->at, "no %s is called '" SPAN_FMT "'", sort, SPAN_ARG(t->text));
    if (nearest_found(n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n->best));
    }
}

static bool resolve_name(struct draft *draft, const struct names *names, const struct token *t,
                         const char *sort, unsigned *out)
{
    if (!err_is(names_find(names, t->text, out))) {
        return true;
    }
    struct nearest n = nearest_to(t->text);
    for (unsigned i = 0; i < names->count; i++) {
        nearest_try(&n, name_span(&names->name[i]));
    }
    tell_unknown(draft, t, sort, &n);
    return false;
}

static void warn_twice(struct draft *draft, const struct token *t)
{
    diagnostic_add(draft->d, SEVERITY_WARNING, t->at, "'" SPAN_FMT "' stands twice in this list",
                   SPAN_ARG(t->text));
}

static bool resolve_set(struct draft *draft, const struct names *names, const struct statement *s,
                        enum slot slot, const char *sort, set64 *out)
{
    set64 set = 0;
    bool  good = true;
    for (unsigned i = 0; i < s->slot[slot].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, slot, i);
        unsigned            number = 0;
        if (!resolve_name(draft, names, t, sort, &number)) {
            good = false;
            continue;
        }
        if (set_has(set, number)) {
            warn_twice(draft, t);
        }
        set |= set_one(number);
    }
    *out = good ? set : *out;
    return good;
}

static bool says_any(struct draft *draft, const struct statement *s, enum slot slot)
{
    return s->slot[slot].count == 1 && token_is(slot_token(&draft->tree, s, slot, 0), "any");
}

static bool resolve_set_or_any(struct draft *draft, const struct names *names,
                               const struct statement *s, enum slot slot, const char *sort,
                               set64 *out)
{
    if (says_any(draft, s, slot)) {
        *out = SET_ANY;
        return true;
    }
    return resolve_set(draft, names, s, slot, sort, out);
}

bool resolve_party(struct draft *draft, const struct statement *s, enum slot slot, uint8_t *out)
{
    unsigned            number = 0;
    const struct token *t = slot_token(&draft->tree, s, slot, 0);
    if (!resolve_name(draft, &draft->policies->parties, t, "party", &number)) {
        return false;
    }
    if (s->slot[slot].count > 1) {
        tell(draft, slot_token(&draft->tree, s, slot, 1)->at,
             "one party is named here: write a line for each");
        return false;
    }
    *out = (uint8_t)number;
    return true;
}

bool resolve_parties(struct draft *draft, const struct statement *s, enum slot slot, set64 *out)
{
    return resolve_set(draft, &draft->policies->parties, s, slot, "party", out);
}

bool resolve_topics(struct draft *draft, const struct statement *s, set64 *out)
{
    return resolve_set_or_any(draft, &draft->policies->topics, s, SLOT_TOPICS, "topic", out);
}

bool resolve_disciplines(struct draft *draft, const struct statement *s, set64 *out)
{
    return resolve_set_or_any(draft, &draft->policies->disciplines, s, SLOT_DISCIPLINES,
                              "discipline", out);
}

static bool resolve_kind(struct draft *draft, const struct token *t, bool or_discipline,
                         enum kind *out)
{
    if (!err_is(kind_of(t->text, out))) {
        return true;
    }
    struct nearest n = nearest_to(t->text);
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        nearest_try(&n, span_text(kind_name((enum kind)k)));
    }
    const struct names *disciplines = &draft->policies->disciplines;
    for (unsigned i = 0; or_discipline && i < disciplines->count; i++) {
        nearest_try(&n, name_span(&disciplines->name[i]));
    }
    tell_unknown(draft, t, or_discipline ? "kind or discipline" : "kind", &n);
    return false;
}

static bool resolve_kind_list(struct draft *draft, const struct statement *s, bool or_discipline,
                              struct scope *out)
{
    unsigned kinds = 0;
    bool     good = true;
    if (says_any(draft, s, SLOT_WHAT)) {
        out->kinds = SCOPE_KINDS_ANY;
        return true;
    }
    for (unsigned i = 0; i < s->slot[SLOT_WHAT].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_WHAT, i);
        enum kind           kind = KIND_TRACK;
        if (!resolve_kind(draft, t, or_discipline, &kind)) {
            good = false;
            continue;
        }
        if ((kinds >> kind & 1u) != 0) {
            warn_twice(draft, t);
        }
        kinds |= 1u << kind;
    }
    out->kinds = good ? (uint8_t)kinds : out->kinds;
    return good;
}

bool resolve_kinds(struct draft *draft, const struct statement *s, struct scope *out)
{
    return resolve_kind_list(draft, s, false, out);
}

bool resolve_what(struct draft *draft, const struct statement *s, struct scope *out)
{
    const struct names *disciplines = &draft->policies->disciplines;
    unsigned            found = 0, ignored = 0;
    for (unsigned i = 0; i < s->slot[SLOT_WHAT].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_WHAT, i);
        found += !err_is(names_find(disciplines, t->text, &ignored));
    }
    if (found == 0) {
        return resolve_kind_list(draft, s, true, out);
    }
    if (found < s->slot[SLOT_WHAT].count || s->slot[SLOT_DISCIPLINES].count > 0) {
        tell(draft, slot_token(&draft->tree, s, SLOT_WHAT, 0)->at,
             "kinds and disciplines are mixed here: write kinds, then 'from' and disciplines");
        return false;
    }
    return resolve_set(draft, disciplines, s, SLOT_WHAT, "discipline", &out->disciplines);
}

static void level_words(const struct policies *all, struct nearest *n, uint8_t *buf, size_t len)
{
    struct writer w = writer_of(buf, len);
    for (unsigned p = 0; p < all->count; p++) {
        for (unsigned r = 0; r < all->policy[p].level_count; r++) {
            size_t start = w.len;
            level_format(all, (level){(uint8_t)p, (uint8_t)r}, &w);
            if (!w.bad) {
                nearest_try(n, (span){w.ptr + start, w.len - start});
            }
        }
    }
}

bool resolve_level(struct draft *draft, const struct token *t, level *out)
{
    if (!err_is(level_read(draft->policies, t->text, out))) {
        return true;
    }
    uint8_t        words[POLICIES_MAX * LEVELS_MAX * (2 * NAME_MAX_LEN + 1)];
    struct nearest n = nearest_to(t->text);
    level_words(draft->policies, &n, words, sizeof words);
    tell_unknown(draft, t, "level", &n);
    return false;
}

/* Every level of the same policy that protects no more than this one. */
static void add_ceiling(const struct policies *all, level top, struct levels *out)
{
    for (unsigned r = 0; r < all->policy[top.policy].level_count; r++) {
        level one = {top.policy, (uint8_t)r};
        if (level_at_most(all, one, top)) {
            levels_add(out, one);
        }
    }
}

bool resolve_ceiling(struct draft *draft, const struct statement *s, struct levels *out,
                     struct levels *named)
{
    struct levels all = {0}, tops = {0};
    bool          good = true;
    for (unsigned i = 0; i < s->slot[SLOT_LEVELS].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_LEVELS, i);
        level               top = {0};
        if (!resolve_level(draft, t, &top)) {
            good = false;
            continue;
        }
        if (levels_have(&tops, top)) {
            warn_twice(draft, t);
        }
        levels_add(&tops, top);
        add_ceiling(draft->policies, top, &all);
    }
    if (good) {
        *out = all;
        *named = tops;
    }
    return good;
}

bool resolve_number(struct draft *draft, const struct statement *s, enum slot slot, unsigned least,
                    unsigned most, unsigned *out)
{
    const struct token *t = slot_token(&draft->tree, s, slot, 0);
    uint64_t            number = 0;
    err                 e = text_decimal(t->text, most, &number);
    if (err_is(e) || number < least) {
        diagnostic_add(draft->d, SEVERITY_ERROR, t->at, "a number from %u to %u is expected here",
                       least, most);
        return false;
    }
    *out = (unsigned)number;
    return true;
}

bool resolve_date(struct draft *draft, const struct statement *s, instant *out)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_DATE, 0);
    instant             day = 0;
    err                 e = text_date(t->text, &day);
    if (err_is(e)) {
        tell(draft, t->at, e.why);
        return false;
    }
    if (day == 0) {
        tell(draft, t->at, "the earliest date is 1970-01-02");
        return false;
    }
    *out = day;
    return true;
}

bool resolve_word(struct draft *draft, const struct token *t, const char *const *words,
                  unsigned *out)
{
    struct nearest n = nearest_to(t->text);
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (token_is(t, words[i])) {
            *out = i;
            return true;
        }
        nearest_try(&n, span_text(words[i]));
    }
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, t->at, "'" SPAN_FMT "' is none of the words that can stand here",
        SPAN_ARG(t->text));
    if (nearest_found(&n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
    } else {
        diagnostic_hint(one, "such as '%s'", words[0]);
    }
    return false;
}

bool resolve_time(struct draft *draft, const struct statement *s, uint32_t *out)
{
    static const char *const word[] = {"hours", "hour",    "minutes", "minute", "days",
                                       "day",   "seconds", "second",  NULL};
    static const int64_t     factor[] = {MS_PER_HOUR, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_MINUTE,
                                         MS_PER_DAY,  MS_PER_DAY,  MS_PER_SECOND, MS_PER_SECOND};
    unsigned                 unit = 0, number = 0;
    if (!resolve_word(draft, slot_token(&draft->tree, s, SLOT_UNIT, 0), word, &unit)) {
        return false;
    }
    unsigned most = (unsigned)(RECEIPT_MS_MAX / factor[unit]);
    if (!resolve_number(draft, s, SLOT_NUMBER, 1, most, &number)) {
        return false;
    }
    *out = (uint32_t)(number * factor[unit]);
    return true;
}

uint8_t party_of_policy(const struct policies *all, uint8_t policy)
{
    unsigned party = PARTY_NONE;
    if (policy >= all->count ||
        err_is(names_find(&all->parties, name_span(&all->policy[policy].name), &party))) {
        return PARTY_NONE;
    }
    return (uint8_t)party;
}
