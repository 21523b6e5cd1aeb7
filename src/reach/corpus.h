/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_CORPUS_H
#define REACH_CORPUS_H

#include "agreement/agreement.h"

/* The law as the analysis holds it: any number of clauses, and more agreements and policies than a
 * guard holds.  Made of compiled agreements, by corpus_add, or row by row.  On the heap: this is no part
 * of a guard. */

#define CORPUS_PARTIES_MAX    SET64_MAX
#define CORPUS_POLICIES_MAX   64
#define CORPUS_AGREEMENTS_MAX 256
#define CORPUS_ATOMS_MAX      256 /* areas, windows and reductions that the texts define */
#define CORPUS_NONE           0xffff

/* corpus_set - a set of agreements, or of atoms */
#define CORPUS_SET_WORDS (CORPUS_AGREEMENTS_MAX / SET64_MAX)
struct corpus_set {
    set64 word[CORPUS_SET_WORDS];
};

static inline void corpus_set_add(struct corpus_set *s, unsigned n)
{
    s->word[n / SET64_MAX] |= set_one(n % SET64_MAX);
}

static inline bool corpus_set_has(const struct corpus_set *s, unsigned n)
{
    return set_has(s->word[n / SET64_MAX], n % SET64_MAX);
}

bool corpus_set_within(const struct corpus_set *a, const struct corpus_set *b);
bool corpus_set_meet(const struct corpus_set *a, const struct corpus_set *b);
void corpus_set_join(struct corpus_set *into, const struct corpus_set *more);

/* corpus_set_next - the smallest member not below `from`, or CORPUS_NONE */
unsigned corpus_set_next(const struct corpus_set *s, unsigned from);

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

/* atom_within - whatever is in a is in b too; reduced as a says, it is reduced as b says */
bool atom_within(const struct atom *a, const struct atom *b);

/* corpus_scope - a scope; area, window, reduction: TERM_NONE or 1 + a place in law.atom */
struct corpus_scope {
    uint8_t  kinds;
    uint16_t area, window, reduction;
    set64    disciplines, topics;
    uint16_t ranks[CORPUS_POLICIES_MAX];
};

struct corpus_clause {
    enum clause_kind    kind;
    uint16_t            agreement;
    uint8_t             article, number;
    uint8_t             from, to, via;
    enum giving         giving;
    enum precedence     precedence;
    enum never_kind     never;
    bool                unless_approved;
    uint8_t             approver;
    struct corpus_scope scope;
    struct obligations  owed;
};

/* corpus_line - one line of equivalence; first by article, number, place */
struct corpus_line {
    uint8_t  policy, rank, receiver, receiver_policy;
    uint16_t ranks;
    uint8_t  article, number;
};

struct corpus_agreement {
    name                name;
    bool                arrangement, stands, broken; /* broken: under one that is not there */
    set64               parties, claims;
    uint16_t            covers[CORPUS_POLICIES_MAX];
    uint8_t             covers_article, covers_number;
    struct obligations  owed;
    unsigned            under_count, line_count;
    name                under[UNDER_MAX];
    struct corpus_line *line;
    struct corpus_set   up;                 /* itself, and all it stands under */
    unsigned            first, never_count; /* its nevers: law.never[first] … */
};

struct corpus_rule {
    enum rule_action    action;
    uint8_t             number, officers, via;
    set64               to;
    name                under; /* "" = any */
    struct corpus_scope scope;
};

/* corpus_rules - national rules of one party; count 0 and known false: nobody said */
struct corpus_rules {
    bool                known;
    unsigned            count;
    struct corpus_rule *rule;
};

/* corpus - a body of law; fill with corpus_begin and corpus_add (or the rows themselves), then corpus_ready, at the end corpus_done
 *
 * may, never   clauses of each sort; corpus_ready sorts may by from, to, via, and never by agreement
 * valid        for each policy the ranks that a marking may have
 * own_policy   of each party; CORPUS_NONE when it has none: nothing originates there
 * atom         by what they say, not by their names: two that say the same are one
 * boxes_most   into how many boxes prohibitions may cut one permission before they stand beside it as exceptions
 * kept         exceptions that were made, given back with the law
 * wider, narrower   of each atom, those that it lies in, and those that lie in it */
struct corpus {
    struct names            parties, topics, disciplines;
    unsigned                policy_count;
    name                    policy[CORPUS_POLICIES_MAX], level[CORPUS_POLICIES_MAX][LEVELS_MAX];
    size_t                  boxes_most;
    struct excepts_kept    *kept;
    uint16_t                valid[CORPUS_POLICIES_MAX], own_policy[CORPUS_PARTIES_MAX];
    unsigned                agreement_count, atom_count;
    size_t                  may_count, may_max, never_count, never_max;
    struct corpus_agreement agreement[CORPUS_AGREEMENTS_MAX];
    unsigned                atoms_shared; /* the first of them, that are another law's too */
    struct atom             atom[CORPUS_ATOMS_MAX];
    struct corpus_set       wider[CORPUS_ATOMS_MAX], narrower[CORPUS_ATOMS_MAX]; /* and itself */
    struct corpus_clause   *may, *never;
    struct corpus_rules     rules[CORPUS_PARTIES_MAX];
};

/* BOXES_MOST - more rows of one permission than that no person reads */
#define BOXES_MOST 256

struct excepts_kept {
    struct excepts *first;
};

/* corpus_new - names and levels of the policies; corpus_free takes NULL too
 *
 * fails   FULL without memory */
err  corpus_new(const struct policies *all, struct corpus **out);
void corpus_free(struct corpus *l);

/* corpus_atoms_share - areas, windows and reductions get the numbers that they have in `like`, so that rows of the
 *                      two can be compared: before anything is added; and then the other way round, so that each
 *                      knows what the other defines.  corpus_ready follows */
void corpus_atoms_share(struct corpus *l, const struct corpus *like);

/* corpus_add - one more compiled agreement; corpus_add_rules - the national rules of one party
 *
 * fails   LIMIT past CORPUS_AGREEMENTS_MAX or CORPUS_ATOMS_MAX; CONFLICT when one of its name is there; FULL */
err corpus_add(struct corpus *l, const struct agreement *a);
err corpus_add_rules(struct corpus *l, const struct rules *r);

/* corpus_clause_add - one more clause; for tools that make laws   fails FULL */
err corpus_clause_add(struct corpus *l, const struct corpus_clause *c);

/* corpus_ready - after the last change: what stands under what, and clauses in their order */
void corpus_ready(struct corpus *l);

/* corpus_stands - does it count: it and all that it stands under stand? */
bool corpus_stands(const struct corpus *l, unsigned agreement);

/* corpus_find - number of an agreement by name; CORPUS_NONE */
unsigned corpus_find(const struct corpus *l, const name *wanted);

/* corpus_run - the permissions from one party to another by one route: places in law.may */
struct corpus_run {
    size_t first, count;
};
struct corpus_run corpus_run(const struct corpus *l, uint8_t from, uint8_t to, uint8_t via);

/* corpus_ref_format - "GSOMIA article 5 clause 2" */
void corpus_ref_format(const struct corpus *l, unsigned agreement, uint8_t article, uint8_t number,
                       struct writer *w);

/* array_grow - room for one more in a growing array; NULL without memory (then `old` stays) */
void *array_grow(void *old, size_t count, size_t *max, size_t size);

#endif
