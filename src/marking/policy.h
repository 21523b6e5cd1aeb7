/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKING_POLICY_H
#define MARKING_POLICY_H

#include "base/err.h"
#include "base/set64.h"
#include "base/text.h"
#include "marking/names.h"

/* Limits: a marking is made of 64-bit sets, so 64 of each, and a policy for each party; a policy file
 * with more is refused. */
#define POLICIES_MAX SET64_MAX
#define LEVELS_MAX   16
#define CAVEATS_MAX  32

/* TITLE_MAX - longest title or banner form, in bytes of UTF-8 with its NUL */
#define TITLE_MAX 64

enum title_language { TITLE_EN, TITLE_KO, TITLE_JA, TITLE_COUNT };

#define LACV_UNCLASSIFIED 1 /* 0 is unmarked; X.841 names them so */

/* policy_level - one level; its place in policy.level is its rank
 *
 * title   display in English, Korean, Japanese, UTF-8, NUL-terminated: "군사 II급 비밀"
 * banner  the form that stands in this policy's own banner line */
struct policy_level {
    name     name; /* "II"; the canonical text says KOR:II */
    char     title[TITLE_COUNT][TITLE_MAX];
    char     banner[TITLE_MAX];
    uint16_t lacv; /* X.841 classification number: to LACV_UNCLASSIFIED nothing is classified */
    uint16_t hierarchy; /* larger protects more */
    uint32_t color;     /* 0xRRGGBB, for displays */
    bool     obsolete;
    set64    caveats_required; /* all of these */
    set64    caveats_excluded; /* none of these */
};

struct policy_caveat {
    name     name;
    char     banner[TITLE_MAX];
    uint16_t lacv;
};

/* policy - one party's own scheme, as its SPIF file says; the guard gets it as a compiled table
 *
 * level   by hierarchy, then by name, without gaps; caveat: by name */
struct policy {
    name                 name;   /* "KOR": the party whose scheme it is */
    char                 id[64]; /* object identifier, dotted */
    unsigned             level_count, caveat_count;
    struct policy_level  level[LEVELS_MAX];
    struct policy_caveat caveat[CAVEATS_MAX];
    set64   topics, disciplines; /* those it defines; a topic is the same where its name is */
    set64   parties;             /* those its labels may name; itself always */
    uint8_t digest[32];          /* SHA-256 of the compiled table it was read from */
};

/* policies - all that one process knows by name; parties, topics and disciplines have one list each
 */
struct policies {
    struct names  parties, topics, disciplines;
    unsigned      count;
    struct policy policy[POLICIES_MAX];
};

/* policy_read - a compiled policy table (docs/format/policy-table.md) into `all`
 *
 * digest  SHA-256 of the table, by the caller; a table that is there already is no error
 * fails   MALFORMED, LIMIT; CONFLICT when a policy of that name is there with another digest; FULL
 *         when there is no room for it or its names.  `all` is then as it was
 * cost    one pass; no memory */
err policy_read(struct policies *all, span table, const uint8_t digest[static 32]);

/* policy_write - the reverse: equal policies are equal bytes
 *
 * p       a policy that is policy_valid; its order is kept */
void policy_write(const struct policies *all, const struct policy *p, struct writer *w);

/* policy_valid - do its parts fit together?
 *
 * fails   MALFORMED when a name, number or banner form stands for two things, the order of levels
 *         or caveats is not the one above, a title is empty or not one line of UTF-8, there is no
 *         level, topic or discipline, or a caveat is both required and excluded */
err policy_valid(const struct policies *all, const struct policy *p);

/* policies_copy - all of it but the room for policies that it does not have, which stays as it is */
void policies_copy(const struct policies *from, struct policies *to);

/* policy_find - by name; NULL when there is none */
/*@ predicate policies_loaded{L}(struct policies *all) = \valid_read{L}(all) && all->count <= POLICIES_MAX &&
        all->parties.count <= SET64_MAX && all->topics.count <= SET64_MAX && all->disciplines.count <= SET64_MAX &&
        (\forall integer i; 0 <= i < all->count ==> all->policy[i].level_count <= LEVELS_MAX); */

/*@ requires policies_loaded(all) && readable(party);
    assigns \nothing;
    ensures \result == \null || (\exists integer i; 0 <= i < all->count && \result == &all->policy[i]); */
const struct policy *policy_find(const struct policies *all, span party);

/* policy_strictest - of some ranks the one of the highest hierarchy; LEVELS_MAX of none */
unsigned policy_strictest(const struct policy *p, uint16_t ranks);

/* POLICY_TABLE_MAX - longest compiled policy, in bytes: it must fit one message to the guard */
#define POLICY_TABLE_MAX 32768

#endif
