/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GROUPS_GROUPS_H
#define GROUPS_GROUPS_H

#include "base/err.h"
#include "base/instant.h"
#include "base/span.h"

/* Countries, and groups of them whose members change, from a table that the caller reads from a file
 * (docs/format/groups.md): one for the US register, one for labels.  A code is a small number, for this
 * process only. */

/* CODES_MAX - 280 codes and 61 groups in 2022, and room for those to come */
#define CODES_MAX 384
/* CODE_MAX - longest code, in bytes: AUSTRALIA_GROUP, and room */
#define CODE_MAX 23
/* MEMBERSHIPS_MAX - dated lists of members: 24 in 2022 */
#define MEMBERSHIPS_MAX 128
/* CONTROLS_MAX - SCI control systems that a table names */
#define CONTROLS_MAX 32
/* GROUPS_TABLE_MAX - longest table, in bytes */
#define GROUPS_TABLE_MAX 65536

/* codes - a set of countries and groups */
struct codes {
    uint64_t w[CODES_MAX / 64];
};

/* code_kind - what a code may do
 *
 * CODE_SOURCE  a source of foreign information that is nobody's releasee (AX1)
 * CODE_GROUP   stands for its members
 * CODE_ATOM    members not published: matches itself only, and opens nothing to anybody
 * CODE_ENDED   a group that is no longer to be used: for what was marked before that day only */
enum code_kind { CODE_COUNTRY, CODE_SOURCE, CODE_GROUP, CODE_ATOM, CODE_ENDED };

struct code {
    char    text[CODE_MAX + 1];
    uint8_t kind;
    instant ended; /* of CODE_ENDED: the day */
};

/* membership - who belonged to a group, from a version of the table until its next one */
struct membership {
    uint16_t     group;
    uint32_t     since; /* version: 202211 */
    struct codes members;
};

/* groups - the whole table; codes lie in byte order, countries before groups
 *
 * version  the newest that it speaks of; a marking records the one by which it was made */
struct groups {
    uint32_t          version;
    unsigned          usa; /* the number of USA */
    unsigned          count, countries;
    struct code       code[CODES_MAX];
    unsigned          membership_count;
    struct membership membership[MEMBERSHIPS_MAX];
    unsigned          control_count;
    char              control[CONTROLS_MAX][CODE_MAX + 1];
    uint16_t          slot[1024]; /* hash of a code to its number + 1; 0 is none */
};

/* groups_read - a table, as docs/format/groups.md says
 *
 * line    receives the number of the line that is wrong, from 1
 * fails   MALFORMED, UNKNOWN (a member that is no code), LIMIT; `out` is then empty
 * cost    one pass; no memory */
err groups_read(span table, struct groups *out, unsigned *line);

/* code_find - its number, or CODES_MAX */
unsigned code_find(const struct groups *g, span text);

static inline bool codes_have(const struct codes *s, unsigned n)
{
    return n < CODES_MAX && (s->w[n / 64] >> (n % 64) & 1) != 0;
}

static inline void codes_add(struct codes *s, unsigned n)
{
    s->w[n / 64] |= (uint64_t)1 << (n % 64);
}

static inline void codes_drop(struct codes *s, unsigned n)
{
    s->w[n / 64] &= ~((uint64_t)1 << (n % 64));
}

/* codes_next - the smallest member not below `from`, or CODES_MAX */
unsigned codes_next(const struct codes *s, unsigned from);

/* group_members - who belonged to a group, by the newest list that is not after `version`
 *
 * group    any code
 * returns  NULL when there is none: it is no group, its members are not published, or the table does not go
 *          back so far */
const struct codes *group_members(const struct groups *g, unsigned group, uint32_t version);

#endif
