/* SPDX-License-Identifier: Apache-2.0 */
#include "language/resolve.h"

void tell(struct draft *draft, struct place at, const char *sentence)
{
    diagnostic_add(draft->d, SEVERITY_ERROR, at, "%s", sentence);
}

void tell_hint(struct draft *draft, struct place at, const char *sentence, const char *hint)
{
    diagnostic_hint(diagnostic_add(draft->d, SEVERITY_ERROR, at, "%s", sentence), "%s", hint);
}

struct diagnostic *tell_unknown(struct draft *draft, const struct token *t, const char *sort,
                                const struct nearest *n)
{
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, t->at, "no %s is called '" SPAN_FMT "'", sort, SPAN_ARG(t->text));
    if (nearest_found(n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n->best));
    }
    return one;
}

/* Of what is not nearly any of them, those that there are. */
static void hint_names(struct diagnostic *one, const struct names *names)
{
    uint8_t       text[DIAGNOSTIC_SENTENCE_SIZE / 2];
    struct writer w = WRITER_OF(text);
    for (unsigned i = 0; i < names->count && w.len + NAME_MAX_LEN + 2 < sizeof text; i++) {
        put_text(&w, i == 0 ? "" : ", ");
        put_span(&w, name_span(&names->name[i]));
    }
    if (one->hint[0] == 0 && w.len > 0) {
        diagnostic_hint(one, "the policies name: " SPAN_FMT, SPAN_ARG(writer_span(&w)));
    }
}

/* vocabulary - where the words of a slot are looked up: the policies' names, and what the text defines;
 * SORT_COUNT: nothing; names NULL: the text alone */
struct vocabulary {
    const struct names *names;
    const char         *word;
    enum sort           sort;
};

struct definition *definition_find(struct draft *draft, enum sort sort, span wanted)
{
    for (unsigned i = 0; i < draft->definition_count; i++) {
        struct definition *d = &draft->definition[i];
        if (d->sort == sort && span_equal(d->name, wanted)) {
            return d;
        }
    }
    return NULL;
}

void try_definitions(const struct draft *draft, enum sort sort, struct nearest *n)
{
    for (unsigned i = 0; i < draft->definition_count; i++) {
        if (draft->definition[i].sort == sort) {
            nearest_try(n, draft->definition[i].name);
        }
    }
}

/* A name that the text defines; told of as unknown otherwise, with what is near it in n, or with those that
 * policies name; names NULL: policies have none of the kind. */
static struct definition *definition_use(struct draft *draft, const struct vocabulary *v,
                                         const struct token *t, struct nearest *n)
{
    struct definition *d = definition_find(draft, v->sort, t->text);
    if (d == NULL) {
        try_definitions(draft, v->sort, n);
        struct diagnostic *one = tell_unknown(draft, t, v->word, n);
        if (v->names != NULL) {
            hint_names(one, v->names);
        } else if (one->hint[0] == 0 && v->sort == SORT_KINDS) {
            diagnostic_hint(one, "the kinds are track, warning, report, image, thing and oral");
        } else if (one->hint[0] == 0) {
            diagnostic_hint(one, "define it in the head: define %s " SPAN_FMT " = ...", v->word,
                            SPAN_ARG(t->text));
        }
        return NULL;
    }
    d->used = true;
    return d;
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
    hint_names(tell_unknown(draft, t, sort, &n), names);
    return false;
}

void warn_twice(struct draft *draft, const struct token *t)
{
    diagnostic_add(draft->d, SEVERITY_WARNING, t->at, "'" SPAN_FMT "' stands twice in this list",
                   SPAN_ARG(t->text));
}

/* `any` among others; `onward` with words behind it: neither is a name that nobody knows. */
static bool is_misplaced(struct draft *draft, const struct token *t, bool or_onward)
{
    if (token_is(t, "any")) {
        tell_hint(draft, t->at, "'any' means all of them, and stands alone",
                  "write any, or name those that are meant");
    } else if (or_onward && token_is(t, "onward")) {
        tell_hint(draft, t->at, "'never onward' speaks of all that was received, and to anybody",
                  "nothing stands behind it but: without prior written approval of");
    } else {
        return false;
    }
    return true;
}

/* What one word of a list means: a name of a policy, or all of a definition. */
static bool resolve_member(struct draft *draft, const struct vocabulary *v, const struct token *t,
                           set64 *out)
{
    unsigned number = 0;
    if (v->sort != SORT_COUNT && is_misplaced(draft, t, false)) {
        return false;
    }
    if (v->sort == SORT_COUNT || !err_is(names_find(v->names, t->text, &number))) {
        bool good = resolve_name(draft, v->names, t, v->word, &number);
        *out = good ? set_one(number) : 0;
        return good;
    }
    struct nearest n = nearest_to(t->text);
    for (unsigned i = 0; i < v->names->count; i++) {
        nearest_try(&n, name_span(&v->names->name[i]));
    }
    const struct definition *d = definition_use(draft, v, t, &n);
    *out = d != NULL ? d->set : 0;
    return d != NULL;
}

static bool resolve_set(struct draft *draft, const struct vocabulary *v, const struct statement *s,
                        enum slot slot, set64 *out)
{
    set64 set = 0;
    bool  good = true;
    for (unsigned i = 0; i < s->slot[slot].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, slot, i);
        set64               one = 0;
        if (!resolve_member(draft, v, t, &one)) {
            good = false;
            continue;
        }
        if (set_within(one, set)) {
            warn_twice(draft, t);
        }
        set |= one;
    }
    *out = good ? set : *out;
    return good;
}

static bool says_any(struct draft *draft, const struct statement *s, enum slot slot)
{
    return s->slot[slot].count == 1 && token_is(slot_token(&draft->tree, s, slot, 0), "any");
}

static bool resolve_set_or_any(struct draft *draft, const struct vocabulary *v,
                               const struct statement *s, enum slot slot, set64 *out)
{
    if (says_any(draft, s, slot)) {
        *out = SET_ANY;
        return true;
    }
    return resolve_set(draft, v, s, slot, out);
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
    struct vocabulary v = {&draft->policies->parties, "party", SORT_COUNT};
    return resolve_set(draft, &v, s, slot, out);
}

bool resolve_topics(struct draft *draft, const struct statement *s, set64 *out)
{
    struct vocabulary v = {&draft->policies->topics, "topic", SORT_TOPICS};
    return resolve_set_or_any(draft, &v, s, SLOT_TOPICS, out);
}

static struct vocabulary disciplines_of(const struct draft *draft)
{
    return (struct vocabulary){&draft->policies->disciplines, "discipline", SORT_DISCIPLINES};
}

bool resolve_disciplines(struct draft *draft, const struct statement *s, set64 *out)
{
    struct vocabulary v = disciplines_of(draft);
    return resolve_set_or_any(draft, &v, s, SLOT_DISCIPLINES, out);
}

static bool is_discipline(struct draft *draft, const struct token *t)
{
    unsigned ignored = 0;
    return !err_is(names_find(&draft->policies->disciplines, t->text, &ignored)) ||
           definition_find(draft, SORT_DISCIPLINES, t->text) != NULL;
}

/* What is handed in by a person and is no record of a thing or of words. */
#define PRODUCT (set_one(KIND_REPORT) | set_one(KIND_IMAGE))

/* One word of a list of kinds, as bits. */
static bool resolve_kind(struct draft *draft, const struct token *t, bool or_discipline, set64 *out)
{
    enum kind kind = KIND_TRACK;
    if (!err_is(kind_of(t->text, &kind))) {
        *out = set_one(kind);
        return true;
    }
    if (token_is(t, "product")) {
        *out = PRODUCT;
        return true;
    }
    if (is_misplaced(draft, t, or_discipline)) {
        return false;
    }
    struct nearest n = nearest_to(t->text);
    nearest_try(&n, SPAN_LIT("product"));
    nearest_try(&n, or_discipline ? SPAN_LIT("onward") : SPAN_LIT("product"));
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        nearest_try(&n, span_text(kind_name((enum kind)k)));
    }
    const struct names *disciplines = &draft->policies->disciplines;
    for (unsigned i = 0; or_discipline && i < disciplines->count; i++) {
        nearest_try(&n, name_span(&disciplines->name[i]));
    }
    const struct vocabulary  v = {NULL, or_discipline ? "kind or discipline" : "kind", SORT_KINDS};
    const struct definition *d = definition_use(draft, &v, t, &n);
    *out = d != NULL ? d->set : 0;
    return d != NULL;
}

static bool resolve_kind_list(struct draft *draft, const struct statement *s, bool or_discipline,
                              struct scope *out)
{
    set64 kinds = 0;
    bool  good = true;
    if (says_any(draft, s, SLOT_WHAT)) {
        out->kinds = SCOPE_KINDS_ANY;
        return true;
    }
    for (unsigned i = 0; i < s->slot[SLOT_WHAT].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_WHAT, i);
        set64               one = 0;
        if (!resolve_kind(draft, t, or_discipline, &one)) {
            good = false;
            continue;
        }
        if (set_within(one, kinds)) {
            warn_twice(draft, t);
        }
        kinds |= one;
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
    unsigned found = 0;
    for (unsigned i = 0; i < s->slot[SLOT_WHAT].count; i++) {
        found += is_discipline(draft, slot_token(&draft->tree, s, SLOT_WHAT, i));
    }
    if (found == 0) {
        return resolve_kind_list(draft, s, true, out);
    }
    if (found < s->slot[SLOT_WHAT].count || s->slot[SLOT_DISCIPLINES].count > 0) {
        tell(draft, slot_token(&draft->tree, s, SLOT_WHAT, 0)->at,
             "kinds and disciplines are mixed here: write kinds, then 'from' and disciplines");
        return false;
    }
    struct vocabulary v = disciplines_of(draft);
    return resolve_set(draft, &v, s, SLOT_WHAT, &out->disciplines);
}

static void hint_words(struct diagnostic *one, const char *const *words)
{
    uint8_t       text[DIAGNOSTIC_SENTENCE_SIZE / 2];
    struct writer w = WRITER_OF(text);
    for (unsigned i = 0; words[i] != NULL; i++) {
        put_text(&w, i == 0 ? "" : ", ");
        put_text(&w, words[i]);
    }
    diagnostic_hint(one, "here can stand: " SPAN_FMT, SPAN_ARG(writer_span(&w)));
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
        hint_words(one, words);
    }
    return false;
}

bool resolve_term(struct draft *draft, const struct statement *s, enum slot slot, enum sort sort,
                  uint8_t *out)
{
    static const char *const word[] = {
        [SORT_AREA] = "area", [SORT_WINDOW] = "window", [SORT_REDUCTION] = "reduction"};
    if (s->slot[slot].count == 0) {
        *out = TERM_NONE;
        return true;
    }
    const struct token      *t = slot_token(&draft->tree, s, slot, 0);
    struct nearest           n = nearest_to(t->text);
    const struct definition *d =
        definition_use(draft, &(struct vocabulary){NULL, word[sort], sort}, t, &n);
    *out = d != NULL ? d->term : TERM_NONE;
    return d != NULL;
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
