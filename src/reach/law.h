/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_LAW_H
#define REACH_LAW_H

#include "agreement/agreement.h"

/* The law as the analysis holds it: any number of clauses, and more agreements and policies than a
 * guard holds.  Made of compiled agreements, by law_add, or row by row.  On the heap: this is no part
 * of a guard. */

#define LAW_PARTIES_MAX    SET64_MAX
#define LAW_POLICIES_MAX   64
#define LAW_AGREEMENTS_MAX 256
#define LAW_ATOMS_MAX      256 /* areas, windows and reductions that the texts define */
#define LAW_NONE           0xffff

/* law_set - a set of agreements, or of atoms */
#define LAW_SET_WORDS (LAW_AGREEMENTS_MAX / SET64_MAX)
struct law_set {
    set64 word[LAW_SET_WORDS];
};

static inline void law_set_add(struct law_set *s, unsigned n)
{
    s->word[n / SET64_MAX] |= set_one(n % SET64_MAX);
}

static inline bool law_set_has(const struct law_set *s, unsigned n)
{
    return set_has(s->word[n / SET64_MAX], n % SET64_MAX);
}

bool law_set_within(const struct law_set *a, const struct law_set *b);
bool law_set_meet(const struct law_set *a, const struct law_set *b);
void law_set_join(struct law_set *into, const struct law_set *more);

/* law_set_next - the smallest member not below `from`, or LAW_NONE */
unsigned law_set_next(const struct law_set *s, unsigned from);

/* atom - one area, window or reduction: what it is made of matters to a witness only */
enum atom_kind { ATOM_AREA, ATOM_WINDOW, ATOM_REDUCTION };

struct atom {
    enum atom_kind kind;
    union {
        struct area      area;
        struct window    window;
        struct reduction reduction;
    };
};

const name *atom_name(const struct atom *a);

/* law_scope - a scope; area, window, reduction: TERM_NONE or 1 + a place in law.atom */
struct law_scope {
    uint8_t  kinds;
    uint16_t area, window, reduction;
    set64    disciplines, topics;
    uint16_t ranks[LAW_POLICIES_MAX];
};

struct law_clause {
    enum clause_kind   kind;
    uint16_t           agreement;
    uint8_t            article, number;
    uint8_t            from, to, via;
    enum giving        giving;
    enum precedence    precedence;
    enum never_kind    never;
    bool               unless_approved;
    uint8_t            approver;
    struct law_scope   scope;
    struct obligations owed;
};

/* law_line - one line of equivalence; first by article, number, place */
struct law_line {
    uint8_t  policy, rank, receiver, receiver_policy;
    uint16_t ranks;
    uint8_t  article, number;
};

struct law_agreement {
    name               name;
    bool               arrangement, stands, broken; /* broken: under one that is not there */
    set64              parties, claims;
    uint16_t           covers[LAW_POLICIES_MAX];
    uint8_t            covers_article, covers_number;
    struct obligations owed;
    unsigned           under_count, line_count;
    name               under[UNDER_MAX];
    struct law_line   *line;
    struct law_set     up;                 /* itself, and all it stands under */
    unsigned           first, never_count; /* its nevers: law.never[first] … */
};

struct law_rule {
    enum rule_action action;
    uint8_t          number, officers, via;
    set64            to;
    name             under; /* "" = any */
    struct law_scope scope;
};

/* law_rules - national rules of one party; count 0 and known false: nobody said */
struct law_rules {
    bool             known;
    unsigned         count;
    struct law_rule *rule;
};

/* law - fill with law_begin and law_add (or the rows themselves), then law_ready, at the end law_done
 *
 * may, never   clauses of each sort; law_ready sorts may by from, to, via, and never by agreement
 * valid        for each policy the ranks that a marking may have
 * own_policy   of each party; LAW_NONE when it has none: nothing originates there */
struct law {
    struct names         parties, topics, disciplines;
    unsigned             policy_count;
    name                 policy[LAW_POLICIES_MAX], level[LAW_POLICIES_MAX][LEVELS_MAX];
    uint16_t             valid[LAW_POLICIES_MAX], own_policy[LAW_PARTIES_MAX];
    unsigned             agreement_count, atom_count;
    size_t               may_count, may_max, never_count, never_max;
    struct law_agreement agreement[LAW_AGREEMENTS_MAX];
    struct atom          atom[LAW_ATOMS_MAX];
    struct law_clause   *may, *never;
    struct law_rules     rules[LAW_PARTIES_MAX];
};

/* law_new - names and levels of the policies; law_free takes NULL too
 *
 * fails   FULL without memory */
err  law_new(const struct policies *all, struct law **out);
void law_free(struct law *l);

/* law_add - one more compiled agreement; law_add_rules - the national rules of one party
 *
 * fails   LIMIT past LAW_AGREEMENTS_MAX or LAW_ATOMS_MAX; CONFLICT when one of its name is there; FULL */
err law_add(struct law *l, const struct agreement *a);
err law_add_rules(struct law *l, const struct rules *r);

/* law_clause_add - one more clause; for tools that make laws   fails FULL */
err law_clause_add(struct law *l, const struct law_clause *c);

/* law_ready - after the last change: what stands under what, and clauses in their order */
void law_ready(struct law *l);

/* law_stands - does it count: it and all that it stands under stand? */
bool law_stands(const struct law *l, unsigned agreement);

/* law_find - number of an agreement by name; LAW_NONE */
unsigned law_find(const struct law *l, const name *wanted);

/* law_run - the permissions from one party to another by one route: places in law.may */
struct law_run {
    size_t first, count;
};
struct law_run law_run(const struct law *l, uint8_t from, uint8_t to, uint8_t via);

/* law_ref_format - "GSOMIA article 5 clause 2" */
void law_ref_format(const struct law *l, unsigned agreement, uint8_t article, uint8_t number,
                    struct writer *w);

/* array_grow - room for one more in a growing array; NULL without memory (then `old` stays) */
void *array_grow(void *old, size_t count, size_t *max, size_t size);

#endif
