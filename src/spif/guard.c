/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/guard.h"

err guard_line(span from, char *out, size_t max)
{
    if (from.len >= max) {
        return FAIL(LIMIT, "a title, banner form or identifier is longer than 63 bytes");
    }
    memset(out, 0, max);
    if (from.len > 0) {
        memcpy(out, from.ptr, from.len);
    }
    return OK;
}

err guard_number(uint64_t from, uint16_t *out)
{
    if (from > UINT16_MAX) {
        return FAIL(MALFORMED, "a number of the guard's table is at most 65535");
    }
    *out = (uint16_t)from;
    return OK;
}

static bool marked(const struct scheme_marking *m)
{
    return m->phrase_count + m->qualifier_count > 0;
}

/* Parts of a scheme that are left out on purpose deserve their own sentence */
static err left_out(struct policy_build *g)
{
    const struct scheme *s = g->scheme;
    if (s->schema_version.len == 0 || !span_is(s->schema_version, "2.1")) {
        return FAIL(MALFORMED, "only a SPIF of schema version 2.1 is made a table");
    }
    if (s->not_before != INT64_MIN || s->not_after != INSTANT_NEVER) {
        return FAIL(MALFORMED,
                    "the table has no time: leave the attributes notBefore, notAfter out");
    }
    if (s->default_name.len > 0 || s->default_id.len > 0) {
        return FAIL(MALFORMED, "there is no default policy: what carries no label is not released");
    }
    if (s->policy_count > 0) {
        g->at = s->policy[0].line;
        return FAIL(MALFORMED,
                    "equivalences belong to an agreement, not to a policy: leave them out");
    }
    if (s->privacy_count > 0) {
        g->at = s->privacy[0].line;
        return FAIL(MALFORMED, "privacy marks are not in the table: make them categories");
    }
    return marked(&s->marking) || marked(&s->policy_marking) || marked(&s->class_marking)
               ? FAIL(MALFORMED, "the banner line has another form: docs/format/marking.md")
               : OK;
}

static err identity(struct policy_build *g)
{
    unsigned self = 0;
    g->at = g->scheme->line;
    TRY(name_of(g->scheme->name, &g->policy->name));
    return names_find(&g->all->parties, name_span(&g->policy->name), &self).code == ERR_NONE
               ? guard_line(g->scheme->id, g->policy->id, sizeof g->policy->id)
               : FAIL(UNKNOWN, "a policy has the name of a party that is in its Releasable To");
}

static err policy_from(struct policy_build *g)
{
    TRY(left_out(g));
    TRY(guard_sets(g));
    TRY(identity(g));
    TRY(guard_levels(g));
    g->at = 0;
    TRY(policy_valid(g->all, g->policy));
    g->all->count = 1;
    return OK;
}

err guard_policy(const struct scheme *s, struct policies *all, unsigned *line)
{
    struct policy_build g = {.scheme = s, .all = all, .policy = &all->policy[0]};
    err                 e = policy_from(&g);
    *line = err_is(e) ? g.at : 0;
    return e;
}
