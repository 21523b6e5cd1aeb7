/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKING_POLICY_H
#define MARKING_POLICY_H

#include "base/err.h"
#include "base/set64.h"
#include "base/text.h"

/* Limits: a marking is made of 64-bit sets, so 64 of each; a policy file with more is refused. */
#define POLICIES_MAX 16
#define LEVELS_MAX   16
#define CAVEATS_MAX  32

/* names - a growing list of names; a name's place is its number, for this process only */
struct names {
    name     name[SET64_MAX];
    unsigned count;
};

/* names_find - its number, or UNKNOWN; names_add - the same, added when new, FULL past SET64_MAX */
err names_find(const struct names *n, span text, unsigned *out);
err names_add(struct names *n, span text, unsigned *out);

/* names_format - the members in byte order of their names, with commas: "JPN,USA"
 * names_read   - the same; MALFORMED when empty, out of order or repeated, UNKNOWN on a new name */
void names_format(const struct names *n, set64 members, struct writer *w);
err  names_read(const struct names *n, span text, set64 *out);

struct policy_level {
    name name;         /* "II"; the canonical text says KOR:II */
    char title[3][64]; /* display in English, Korean, Japanese, UTF-8, NUL-terminated: "군사 II급
                          비밀" */
    char     banner[64]; /* the form that stands in this policy's own banner line */
    uint16_t lacv;       /* X.841 classification number */
    uint16_t hierarchy;  /* larger protects more */
    bool     obsolete;
    set64    caveats_required; /* all of these */
    set64    caveats_excluded; /* none of these */
};

struct policy_caveat {
    name     name;
    char     banner[64];
    uint16_t lacv;
};

/* policy - one party's own scheme, as its SPIF file says; the guard gets it as a compiled table */
struct policy {
    name                 name;   /* "KOR": the party whose scheme it is */
    char                 id[64]; /* object identifier, dotted */
    unsigned             level_count, caveat_count;
    struct policy_level  level[LEVELS_MAX];
    struct policy_caveat caveat[CAVEATS_MAX];
    set64   topics, disciplines; /* those it defines; a topic is the same where its name is */
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
 * fails   MALFORMED, LIMIT; CONFLICT when a policy of that name is there with another digest; `all`
 * is then as it was cost    one pass; no memory */
err policy_read(struct policies *all, span table, const uint8_t digest[static 32]);

/* policy_write - the reverse: equal policies are equal bytes */
void policy_write(const struct policies *all, const struct policy *p, struct writer *w);

/* policy_find - by name; NULL when there is none */
const struct policy *policy_find(const struct policies *all, span name);

/* POLICY_TABLE_MAX - longest compiled policy, in bytes: it must fit one message to the guard */
#define POLICY_TABLE_MAX 32768

#endif
