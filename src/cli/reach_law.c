/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reach_law.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "cli/audit.h"
#include "cli/party.h"
#include "cli/paths.h"

/* ---- the law of them ---- */

static err law_make(struct footing *g, const struct corpus *like)
{
    TRY(corpus_new(&g->ground.tables->policies, &g->law));
    if (like != NULL) {
        corpus_atoms_share(g->law, like);
    }
    g->ground.texts = compiled_texts(&g->compiled);
    for (unsigned a = 0; a < g->compiled.count; a++) {
        TRY(corpus_add(g->law, &g->compiled.agreement[a]));
    }
    for (unsigned i = 0; i < g->rules_count; i++) {
        TRY(corpus_add_rules(g->law, &g->rules_list[i]));
        g->ground.rules[g->rules_list[i].party] = &g->rules_list[i];
    }
    corpus_ready(g->law);
    return OK;
}

static err rules_take(struct call *c, struct footing *g)
{
    const struct law law = {.tables = g->ground.tables, .compiled = &g->compiled};
    const char      *path;
    unsigned         count = 0;
    while (call_option_each(c, "rules", count) != NULL) {
        count++;
    }
    g->rules_list = calloc(count + 1, sizeof *g->rules_list);
    MUST(g->rules_list != NULL);
    for (; (path = call_option_each(c, "rules", g->rules_count)) != NULL; g->rules_count++) {
        TRY(law_rules(c, &law, path));
        g->rules_list[g->rules_count] = g->ground.tables->rules;
    }
    return OK;
}

/* Of a text whose foundation is not there nothing counts, so all that is told of it would be empty, and any
 * sentence that says no would be proved. */
static err foundations_there(struct call *c, texts all)
{
    for (unsigned a = 0; a < all.count; a++) {
        const struct agreement *one = &all.agreement[a];
        for (unsigned u = 0; u < one->under_count; u++) {
            unsigned parent;
            if (err_is(texts_find(all, name_span(&one->under[u].agreement), &parent))) {
                call_about(c, "%s stands under %s", one->name.text, one->under[u].agreement.text);
                return FAIL(UNKNOWN, "a text that another stands under is not among those given");
            }
        }
    }
    return OK;
}

err footing_texts(struct call *c, const char *const path[], unsigned count, struct tables *tables,
                  const struct corpus *like, struct footing *out)
{
    struct paths     p = {0};
    unsigned         place[PATHS_MAX];
    const struct law law = {.tables = tables, .compiled = &out->compiled};
    *out = (struct footing){.ground.tables = tables, .now = party_now(c)};

    if (tables->policies.count == 0) {
        TRY(law_policies(c, tables));
    }
    err e = paths_take(c, path, count, &p);
    e = err_is(e) ? e : law_agreements(c, &law, p.path, p.count, place);
    paths_done(&p);
    TRY(e);
    TRY(foundations_there(c, compiled_texts(&out->compiled)));
    TRY(rules_take(c, out));
    return law_make(out, like);
}

static err footing_ledger(struct call *c, struct footing *out)
{
    struct audit a = {0};
    const char  *dir;
    TRY(party_dir(c, &dir));
    TRY(call_dir_is_party(c, dir));
    TRY(audit_ledger(&a, dir));
    const struct history *h = a.history;
    *out = (struct footing){.ground.tables = tables_fresh(), .now = party_now(c), .rules_count = 1};
    policies_copy(&h->tables.policies, &out->ground.tables->policies);
    for (unsigned i = 0; i < h->tables.agreements.count; i++) {
        TRY(compiled_room(&out->compiled));
        agreement_copy(&h->tables.agreements.agreement[i], &out->compiled.agreement[i]);
        out->compiled.count++;
    }
    out->rules_list = calloc(1, sizeof *out->rules_list);
    MUST(out->rules_list != NULL);
    out->rules_list[0] = h->tables.rules;
    set64 standing =
        standing_set(&h->tables.agreements, h->instrument, h->instrument_count, out->now, out->now);
    audit_done(&a);
    TRY(law_make(out, NULL));
    for (unsigned i = 0; i < out->law->agreement_count; i++) {
        out->law->agreement[i].stands = set_has(standing, i);
    }
    return OK;
}

/* The texts in this folder, otherwise the installed ones: as it is with policies. */
static const char *texts_near(void)
{
    static const char *const place[] = {"agreements", "/usr/local/share/accord/agreements",
                                        "/usr/share/accord/agreements"};
    for (size_t i = 0; i < ARRAY_LEN(place); i++) {
        struct stat s;
        if (stat(place[i], &s) == 0 && S_ISDIR(s.st_mode)) {
            return place[i];
        }
    }
    return NULL;
}

err footing_of_call(struct call *c, bool args_are_texts, struct footing *out)
{
    const char *path[CALL_ARGS_MAX + CALL_OPTIONS_MAX], *next;
    unsigned    count = 0;
    while (count < CALL_OPTIONS_MAX && (next = call_option_each(c, "agreement", count)) != NULL) {
        path[count++] = next;
    }
    for (unsigned i = 0; args_are_texts && i < c->arg_count; i++) {
        path[count++] = c->arg[i];
    }
    if (count == 0 && c->dir == NULL && texts_near() != NULL) {
        path[count++] = texts_near();
    }
    return count > 0 ? footing_texts(c, path, count, tables_fresh(), NULL, out)
                     : footing_ledger(c, out);
}

void footing_done(struct footing *g)
{
    corpus_free(g->law);
    compiled_done(&g->compiled);
    free(g->rules_list);
    *g = (struct footing){0};
}

err footing_party(struct call *c, const struct footing *g, const char *option, uint8_t *out)
{
    const char *text;
    unsigned    number;
    TRY(call_need(c, option, &text));
    call_about(c, "--%s %s", option, text);
    if (err_is(names_find(&g->law->parties, span_text(text), &number))) {
        return FAIL(UNKNOWN, "no policy names this party");
    }
    *out = (uint8_t)number;
    c->about[0] = 0;
    return OK;
}

err footing_witness(struct call *c, struct footing *g, const struct row *row, struct witness *out)
{
    witness_find(g->law, &g->ground, row, g->now, out);
    if (!out->found && out->placed && !out->wide) {
        call_about(c, "%s",
                   name_span(&g->law->agreement[row->leg[0].piece->clause->agreement].name).ptr);
        return FAIL(CONFLICT, "what is said to flow here is not released by the evaluator: the two "
                              "differ, so nothing of this answer is to be relied on");
    }
    return OK;
}
