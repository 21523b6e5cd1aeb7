/* SPDX-License-Identifier: Apache-2.0 */
#include "value/ground.h"

#include <stdlib.h>

#include "spif/spif.h"

void ground_init(struct ground *g)
{
    memset(g, 0, sizeof *g);
}

void ground_done(struct ground *g)
{
    for (unsigned i = 0; i < g->block_count; i++) {
        free(g->block[i]);
    }
    g->block_count = 0;
}

/* The catalog has refused a second policy of this name, so that no digest need tell two apart. */
static err guard_take(struct ground *g, span xml)
{
    static const uint8_t none[32];
    uint8_t              buf[POLICY_TABLE_MAX];
    struct writer        w = WRITER_OF(buf);
    if (err_is(spif_compile(xml, &w, NULL))) {
        return OK;
    }
    return policy_read(&g->policies, writer_span(&w), none);
}

static err scheme_refused(const struct scheme_problems *problems, err e, struct value_problem *p)
{
    const struct scheme_problem *first = &problems->problem[0];
    if (problems->count == 0) {
        return e;
    }
    p->line = first->line;
    memcpy(p->value, first->value, sizeof p->value);
    problem_say(p, "line %u%s%s", first->line, first->value[0] != 0 ? ": " : "", first->value);
    return (err){e.code, first->why};
}

err ground_policy(struct ground *g, span xml, struct value_problem *p)
{
    struct scheme_problems problems = {0};
    struct scheme         *s = NULL;
    err                    e = spif_scheme(xml, &s, &problems);
    if (err_is(e)) {
        return scheme_refused(&problems, e, p);
    }
    e = catalog_add(&g->catalog, s);
    if (err_is(e)) {
        problem_text(p, s->name);
        free(s);
        return e;
    }
    g->block[g->block_count++] = s;
    return guard_take(g, xml);
}

static err table_take(span table, struct groups *out, struct value_problem *p)
{
    unsigned line = 0;
    if (out->count > 0) {
        return FAIL(CONFLICT, "there is a table of groups already");
    }
    err e = groups_read(table, out, &line);
    if (err_is(e)) {
        p->line = line;
        problem_say(p, "line %u", line);
    }
    return e;
}

err ground_groups(struct ground *g, span table, struct value_problem *p)
{
    return table_take(table, &g->groups, p);
}

err ground_label_groups(struct ground *g, span table, struct value_problem *p)
{
    return table_take(table, &g->label_groups, p);
}

const struct scheme *ground_scheme(const struct ground *g, span wanted)
{
    const struct catalog_entry *e = catalog_by_name(&g->catalog, wanted, CASE_EXACT);
    e = e != NULL ? e : catalog_by_id(&g->catalog, wanted);
    return e == NULL ? NULL : e->scheme;
}
