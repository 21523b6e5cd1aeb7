/* SPDX-License-Identifier: Apache-2.0 */
/* try: what is on record judged by a draft: what would newly go, and what would newly stay. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/lines.h"
#include "cli/audit.h"
#include "cli/law.h"
#include "cli/matter.h"
#include "cli/verbs.h"
#include "language/language.h"

#define GROUPS_MAX   128 /* clauses that a change is told of; further ones are counted together */
#define EXAMPLES_MAX 5
#define WHY_MAX      160

/* group - leaves whose outcome changes in the same way by the same clause
 *
 * clause   that permits now (go) or permitted then (stay), or what else the change rests on */
struct group {
    enum outcome was, becomes;
    char         clause[WHY_MAX];
    uint64_t     count, example[EXAMPLES_MAX];
};

/* drafted - the tables as they were at a leaf, with the drafts in them
 *
 * policies   as at the end of the ledger: what a draft names may have come later
 * seen       digests of what the tables were made of, so that they are not made for each leaf */
struct drafted {
    struct tables    with;
    unsigned         draft_count, seen_count;
    bool             has_rules;
    struct rules     rules;
    uint8_t          seen[AGREEMENTS_MAX + 1][SHA256_LEN];
    set64            added; /* drafts of which there was no other version */
    unsigned         group_count;
    uint64_t         judged, go, stay, same, otherwise, unread;
    struct group     group[GROUPS_MAX];
    struct agreement draft[];
};

/* ---- drafts in the place of what they change ---- */

static bool is_seen(const struct drafted *d, const struct tables *t)
{
    bool same = d->seen_count == t->agreements.count + 1 &&
                memcmp(d->seen[0], t->rules.digest, SHA256_LEN) == 0;
    for (unsigned a = 0; same && a < t->agreements.count; a++) {
        same = memcmp(d->seen[a + 1], t->agreements.agreement[a].digest, SHA256_LEN) == 0;
    }
    return same;
}

static void see(struct drafted *d, const struct tables *t)
{
    d->seen_count = t->agreements.count + 1;
    memcpy(d->seen[0], t->rules.digest, SHA256_LEN);
    for (unsigned a = 0; a < t->agreements.count; a++) {
        memcpy(d->seen[a + 1], t->agreements.agreement[a].digest, SHA256_LEN);
    }
}

static err draft_put(struct drafted *d, const struct agreement *draft)
{
    struct agreements *all = &d->with.agreements;
    unsigned           place;
    if (err_is(agreements_find(all, name_span(&draft->name), &place))) {
        if (all->count == AGREEMENTS_MAX) {
            return FAIL(LIMIT, "too many agreements at once");
        }
        place = all->count++;
        d->added |= set_one(place);
    }
    agreement_copy(draft, &all->agreement[place]);
    return OK;
}

static err drafts_put(struct drafted *d, const struct tables *t)
{
    if (is_seen(d, t)) {
        return OK;
    }
    d->with.agreements = t->agreements;
    d->with.rules = d->has_rules && (t->rules.count == 0 || t->rules.party == d->rules.party)
                        ? d->rules
                        : t->rules;
    d->added = 0;
    for (unsigned i = 0; i < d->draft_count; i++) {
        TRY(draft_put(d, &d->draft[i]));
    }
    see(d, t);
    return OK;
}

/* What is new counts as standing, when all that it stands under does. */
static void standing_add(const struct drafted *d, struct crossing *c)
{
    const struct agreements *all = &d->with.agreements;
    for (unsigned a = set_next(d->added, 0); a < SET64_MAX; a = set_next(d->added, a + 1)) {
        bool stands = true;
        for (unsigned u = 0; u < all->agreement[a].under_count; u++) {
            unsigned parent;
            stands = stands &&
                     !err_is(agreements_find(all, name_span(&all->agreement[a].under[u].agreement),
                                             &parent)) &&
                     set_has(c->standing, parent);
        }
        c->standing |= stands ? set_one(a) : 0;
    }
}

/* ---- one leaf ---- */

static err verdict_of(const struct tables *t, const struct matter *m, const struct crossing *c,
                      struct verdict *out)
{
    struct ruling r;
    *out = verdict_by_reading(t, c);
    if (t->rules.count == 0 || t->rules.party != c->from) {
        TRY(ruling_read(m->verdict, &r));
        *out = verdict_with(out, &r, c);
    }
    return OK;
}

static void put_reason(const struct tables *t, const struct verdict *v, struct writer *w)
{
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        if ((v->failed >> s & 1u) == 0) {
            continue;
        }
        put_text(w, step_name((enum step)s));
        if (s == STEP_NEVER) {
            put_text(w, " ");
            clause_ref_format(&t->agreements, v->never, w);
        }
        if (s == STEP_RULES) {
            put_text(w, " ");
            put_decimal(w, v->rule_number);
        }
        return;
    }
    put_text(w, v->rule_number == 0 ? "no national rule" : "national rule ");
    if (v->rule_number != 0) {
        put_decimal(w, v->rule_number);
    }
}

/* By which clause it goes, or went; and for what stays, what keeps it */
static void put_clause(const struct tables *then, const struct verdict *was,
                       const struct tables *now, const struct verdict *becomes, struct writer *w)
{
    bool go = becomes->outcome > was->outcome;
    clause_ref_format(go ? &now->agreements : &then->agreements, go ? becomes->permit : was->permit,
                      w);
    if (!go) {
        put_text(w, ": ");
        put_reason(now, becomes, w);
    }
}

static void group_count(struct drafted *d, const struct group *of, uint64_t leaf)
{
    unsigned i = 0;
    while (i < d->group_count &&
           (d->group[i].was != of->was || d->group[i].becomes != of->becomes ||
            strcmp(d->group[i].clause, of->clause) != 0)) {
        i++;
    }
    if (i == GROUPS_MAX) {
        return;
    }
    struct group *g = &d->group[i];
    if (i == d->group_count) {
        *g = *of;
        d->group_count++;
    }
    if (g->count < EXAMPLES_MAX) {
        g->example[g->count] = leaf;
    }
    g->count++;
}

static void change_count(struct drafted *d, const struct tables *then, const struct verdict *was,
                         const struct verdict *becomes, uint64_t leaf)
{
    struct group  g = {.was = was->outcome, .becomes = becomes->outcome};
    struct writer w = writer_of(g.clause, sizeof g.clause - 1);
    d->judged++;
    if (was->outcome == becomes->outcome) {
        *(verdict_equal(was, becomes) ? &d->same : &d->otherwise) += 1;
        return;
    }
    *(becomes->outcome > was->outcome ? &d->go : &d->stay) += 1;
    put_clause(then, was, &d->with, becomes, &w);
    group_count(d, &g, leaf);
}

static err leaf_try(void *ctx, const struct history *h, const struct history_step *step)
{
    struct drafted *d = ctx;
    struct matter   m;
    struct crossing then = {0}, now = {0};
    struct verdict  was, becomes;
    if (!matter_of(&step->head, &m)) {
        return OK;
    }
    TRY(drafts_put(d, &h->tables));
    struct lines l = lines_of(m.crossing), again = lines_of(m.crossing);
    if (err_is(crossing_read(&h->tables, &l, &then)) ||
        err_is(crossing_read(&d->with, &again, &now)) ||
        err_is(verdict_of(&h->tables, &m, &then, &was))) {
        d->unread++;
        return OK;
    }
    standing_add(d, &now);
    if (err_is(verdict_of(&d->with, &m, &now, &becomes))) {
        d->unread++;
        return OK;
    }
    change_count(d, &h->tables, &was, &becomes, step->index);
    return OK;
}

/* ---- the drafts, compiled under what the ledger has at its end ---- */

static err draft_compile(struct call *c, struct drafted *d, const char *path)
{
    static struct diagnostics found;
    uint8_t                  *buf = NULL;
    span                      text;
    err                       e = law_source(c, path, &buf, &text);
    found = (struct diagnostics){0};
    if (!err_is(e) && language_is_rules(text)) {
        d->has_rules = true;
        e = language_compile_rules(text, &d->with.policies, &found, &d->rules);
    } else if (!err_is(e)) {
        struct agreement *draft = &d->draft[d->draft_count];
        e = language_compile(text, &d->with.policies, texts_of(&d->with.agreements), &found, draft);
        d->draft_count += err_is(e) ? 0 : 1;
    }
    findings_tell(c, &found, path, text);
    free(buf);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

static err drafts_compile(struct call *c, struct drafted *d)
{
    for (unsigned i = 0; i < c->arg_count; i++) {
        unsigned before = d->draft_count;
        TRY(draft_compile(c, d, c->arg[i]));
        if (d->draft_count > before) { /* what comes after may stand under it */
            TRY(draft_put(d, &d->draft[before]));
        }
    }
    return OK;
}

static err ledger_try(struct call *c, struct drafted *d, const char *dir)
{
    struct audit first = {0}, second = {.take = leaf_try, .ctx = d};
    TRY(call_dir_is_party(c, dir));
    TRY(audit_ledger(&first, dir));
    d->with = first.history->tables;
    d->draft_count = d->seen_count = 0;
    name party = first.history->party;
    audit_done(&first);
    TRY(drafts_compile(c, d));
    if (d->has_rules && !name_equal(&party, &d->with.policies.parties.name[d->rules.party])) {
        return FAIL(CONFLICT, "the drafted rules are of another party than the ledger");
    }
    TRY(audit_ledger(&second, dir));
    audit_done(&second);
    return OK;
}

/* ---- the answer ---- */

static void group_tell(struct call *c, const struct group *g)
{
    char          text[128];
    struct writer w = writer_of(text, sizeof text - 1);
    json_t       *leaves = json_array();
    for (uint64_t i = 0; i < g->count && i < EXAMPLES_MAX; i++) {
        put_text(&w, i == 0 ? "" : ", ");
        put_decimal(&w, g->example[i]);
        (void)json_array_append_new(leaves, json_integer((json_int_t)g->example[i]));
    }
    call_tell(c, "  %" PRIu64 " from %s to %s, %s (leaves %.*s%s)", g->count, outcome_name(g->was),
              outcome_name(g->becomes), g->clause, (int)w.len, text,
              g->count > EXAMPLES_MAX ? ", …" : "");
    call_append(c, g->becomes > g->was ? "go" : "stay",
                json_pack("{s:s, s:s, s:s, s:I, s:o}", "was", outcome_name(g->was), "becomes",
                          outcome_name(g->becomes), "clause", g->clause, "count",
                          (json_int_t)g->count, "leaves", leaves));
}

static void groups_tell(struct call *c, const struct drafted *d, bool go)
{
    call_tell(c, "%" PRIu64 " would newly %s:", go ? d->go : d->stay, go ? "go" : "stay");
    for (unsigned i = 0; i < d->group_count; i++) {
        if ((d->group[i].becomes > d->group[i].was) == go) {
            group_tell(c, &d->group[i]);
        }
    }
}

static void answer_tell(struct call *c, const struct drafted *d)
{
    groups_tell(c, d, true);
    groups_tell(c, d, false);
    call_tell(c,
              "%" PRIu64 " verdicts judged: %" PRIu64 " the same, %" PRIu64
              " of the same outcome on another ground, %" PRIu64 " not readable under the draft",
              d->judged, d->same, d->otherwise, d->unread);
    call_set_number(c, "judged", d->judged);
    call_set_number(c, "newly_go", d->go);
    call_set_number(c, "newly_stay", d->stay);
    call_set_number(c, "same", d->same);
    call_set_number(c, "otherwise", d->otherwise);
    call_set_number(c, "unread", d->unread);
}

err do_try(struct call *c)
{
    const char     *dir;
    struct drafted *d = calloc(1, sizeof *d + (size_t)c->arg_count * sizeof(struct agreement));
    MUST(d != NULL);
    err e = call_need(c, "ledger", &dir);
    for (unsigned i = 0; !err_is(e) && (dir = call_option_each(c, "ledger", i)) != NULL; i++) {
        e = ledger_try(c, d, dir);
    }
    if (!err_is(e)) {
        answer_tell(c, d);
    }
    free(d);
    return e;
}
