/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle/translate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/conditions.h"

/* basis - a permission, or the giver's act when clause is NULL, and what protects */
struct basis {
    const struct clause *clause;
    unsigned             in, cover;  /* agreements; without a clause both are what protects */
    uint8_t              from, next; /* next: who has it after this leg */
};

#define BASES_MAX 4096
#define NEXT_GIVE "action in [Action::\"cross\", Action::\"ask\"]"

struct translating {
    const struct law *law;
    FILE             *out;
    struct basis      basis[BASES_MAX];
    unsigned          count;
};

void json_string(const char *text, size_t len, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            fputc('\\', out);
        }
        if (c < ' ') {
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

void area_label(const char *owner, const struct area *a, FILE *out)
{
    fprintf(out, "\"%s/%s\"", owner, a->name.text);
}

/* ---- a statement: begun, filled, ended ---- */

static char  *statement;
static size_t statement_len;

static FILE *statement_begin(void)
{
    FILE *f = open_memstream(&statement, &statement_len);
    if (f == NULL) {
        abort();
    }
    return f;
}

static void statement_end(struct translating *to, FILE *f, const char *id)
{
    fclose(f);
    fprintf(to->out, "{\"policy\": \"%s\", \"cedar\": ", id);
    json_string(statement, statement_len, to->out);
    fputs("}\n", to->out);
    free(statement);
}

static const char *party_text(const struct translating *to, uint8_t party)
{
    return to->law->policies->parties.name[party].text;
}

static const struct agreement *agreement_at(const struct translating *to, unsigned number)
{
    return &to->law->agreements->agreement[number];
}

/* ---- marking and question ---- */

static void put_caveats(const struct policy *p, set64 members, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned i = set_next(members, 0); i < p->caveat_count; i = set_next(members, i + 1)) {
        fprintf(f, "%s\"%s\"", comma, p->caveat[i].name.text);
        comma = ", ";
    }
    fputs("]", f);
}

static void put_level_valid(const struct policy *p, const struct policy_level *l, FILE *f)
{
    if (l->obsolete) {
        fprintf(f, " && context.level != \"%s:%s\"", p->name.text, l->name.text);
    }
    if ((l->caveats_required | l->caveats_excluded) != 0) {
        fprintf(f, " && (context.level != \"%s:%s\" || (context.caveats.containsAll(", p->name.text,
                l->name.text);
        put_caveats(p, l->caveats_required, f);
        fputs(") && !context.caveats.containsAny(", f);
        put_caveats(p, l->caveats_excluded, f);
        fputs(")))", f);
    }
}

static void put_marking_valid(const struct law *law, FILE *f)
{
    fputs("!context.originators.isEmpty() && !context.topics.isEmpty() && "
          "!context.disciplines.isEmpty() && context.showTo.containsAll(context.releaseTo)",
          f);
    for (unsigned p = 0; p < law->policies->count; p++) {
        for (unsigned r = 0; r < law->policies->policy[p].level_count; r++) {
            put_level_valid(&law->policies->policy[p], &law->policies->policy[p].level[r], f);
        }
    }
}

static void put_question(const struct law *law, FILE *f)
{
    (void)law;
    fprintf(f,
            "context.low >= 0 && context.low <= context.high && context.high <= %" PRId64
            " && context.from != context.to && context.via != context.from && "
            "context.via != context.to && [\"disclose\", \"release\"].contains(context.giving)",
            NOW_LAST);
}

static void put_releasable(const struct law *law, FILE *f)
{
    static const char *const who[] = {"context.to", "context.via"};
    (void)law;
    for (unsigned i = 0; i < ARRAY_LEN(who); i++) {
        fprintf(f,
                "%s((context.giving == \"release\" && context.releaseTo.contains(%s)) || "
                "(context.giving == \"disclose\" && context.showTo.contains(%s)) || "
                "context.originators == [%s])",
                i == 0 ? "" : " && (context.via == \"\" || ", who[i], who[i], who[i]);
    }
    fputs(")", f);
}

static void condition_write(struct translating *to, const char *what,
                            void (*put)(const struct law *, FILE *))
{
    char  id[64];
    FILE *f = statement_begin();
    fputs("permit(principal, action == Action::\"say\", resource) when { ", f);
    put(to->law, f);
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "say/%s", what);
    statement_end(to, f, id);
    f = statement_begin();
    fputs("forbid(principal, " NEXT_GIVE ", resource) unless { ", f);
    put(to->law, f);
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "give/%s", what);
    statement_end(to, f, id);
}

/* ---- bases ---- */

static void basis_add(struct translating *to, struct basis b)
{
    if (to->count == BASES_MAX) {
        abort();
    }
    to->basis[to->count++] = b;
}

static bool can_cover(const struct agreement *a, uint8_t from, uint8_t next)
{
    return !a->arrangement && set_has(a->parties, from) && set_has(a->parties, next);
}

static void bases_of_clause(struct translating *to, unsigned in, const struct clause *c)
{
    const struct agreement *a = agreement_at(to, in);
    uint8_t                 next = c->via == PARTY_NONE ? c->to : c->via;
    bool                    whole;
    set64                   up = law_up(to->law, in, &whole);
    bool                    joins =
        set_has(a->parties, c->from) && set_has(a->parties, c->to) && set_has(a->parties, next);
    for (unsigned b = set_next(up, 0); joins && b < SET64_MAX; b = set_next(up, b + 1)) {
        if (c->kind == CLAUSE_MAY && can_cover(agreement_at(to, b), c->from, next)) {
            basis_add(to, (struct basis){c, in, b, c->from, next});
        }
    }
}

static void bases_of_act(struct translating *to, unsigned b)
{
    unsigned parties = to->law->policies->parties.count;
    for (uint8_t from = 0; from < parties; from++) {
        for (uint8_t next = 0; next < parties; next++) {
            if (from != next && can_cover(agreement_at(to, b), from, next)) {
                basis_add(to, (struct basis){NULL, b, b, from, next});
            }
        }
    }
}

static const struct law *sorting; /* qsort hands on nothing */

static int by_name(unsigned a, unsigned b)
{
    const struct agreement *all = sorting->agreements->agreement;
    return strcmp(all[a].name.text, all[b].name.text);
}

/* Clauses before acts; then what stands first; then what protects */
static int basis_order(const void *x, const void *y)
{
    const struct basis *a = x, *b = y;
    int                 order = (a->clause == NULL) - (b->clause == NULL);
    if (order == 0 && a->clause != NULL) {
        order = by_name(a->in, b->in);
        order = order != 0 ? order : a->clause->article - b->clause->article;
        order = order != 0 ? order : a->clause->number - b->clause->number;
        order = order != 0 ? order : (a->clause > b->clause) - (a->clause < b->clause);
    }
    order = order != 0 ? order : by_name(a->cover, b->cover);
    order = order != 0 ? order : a->from - b->from;
    return order != 0 ? order : a->next - b->next;
}

static void put_claims(const struct translating *to, const struct basis *b, FILE *f)
{
    set64 own = agreement_at(to, b->in)->claims;
    for (unsigned x = 0; x < to->law->agreements->count; x++) {
        const struct agreement *other = agreement_at(to, x);
        bool                    joins = set_has(other->parties, b->from) &&
                     (set_has(other->parties, b->clause->to) || set_has(other->parties, b->next));
        if (joins && (other->claims & ~own) != 0) {
            fputs(" && !(", f);
            put_stands(to->law, x, f);
            fputs(" && ", f);
            put_names(&to->law->policies->topics, other->claims & ~own, f);
            fputs(".containsAny(context.topics))", f);
        }
    }
}

static void put_covers(const struct translating *to, const struct basis *b, FILE *f)
{
    const char *next = party_text(to, b->next);
    fprintf(f, "(context.via == \"%s\" || (context.via == \"\" && context.to == \"%s\")) && ", next,
            next);
    put_level_set(to->law, &agreement_at(to, b->cover)->covers, f);
    fputs(".contains(context.level) && ", f);
    put_stands(to->law, b->cover, f);
}

static void put_clause(const struct translating *to, const struct basis *b, FILE *f)
{
    const struct agreement *a = agreement_at(to, b->in);
    const struct clause    *c = b->clause;
    fprintf(f, "context.to == \"%s\" && context.via == \"%s\" && ", party_text(to, c->to),
            c->via == PARTY_NONE ? "" : party_text(to, c->via));
    fputs(c->giving == GIVING_RELEASE ? "[\"disclose\", \"release\"]" : "[\"disclose\"]", f);
    fputs(".contains(context.giving) && ", f);
    put_holds(to->law, &c->scope, &a->terms, a->name.text, f);
    fputs(" && ", f);
    put_stands(to->law, b->in, f);
    put_claims(to, b, f);
}

/* Step 3 */
static void put_permits(const struct translating *to, const struct basis *b, FILE *f)
{
    put_covers(to, b, f);
    fputs(" && ", f);
    if (b->clause == NULL) {
        fputs("context.byAct", f);
    } else {
        put_clause(to, b, f);
    }
}

/* Step 4: prohibitions of what it rests on */
static void put_no_never(const struct translating *to, const struct basis *b, FILE *f)
{
    bool  whole;
    set64 up = law_up(to->law, b->in, &whole);
    fputs("true", f);
    for (unsigned a = set_next(up, 0); a < SET64_MAX; a = set_next(up, a + 1)) {
        for (unsigned k = 0; k < agreement_at(to, a)->clause_count; k++) {
            const struct clause *n = &agreement_at(to, a)->clause[k];
            if (never_concerns(n, b->from)) {
                fputs(" && !", f);
                put_never(to->law, a, n, b->from, f);
            }
        }
    }
}

/* Step 5 */
static void put_equivalent(const struct translating *to, const struct basis *b, FILE *f)
{
    const struct agreement *a = agreement_at(to, b->cover);
    struct levels           given = {0};
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        if (a->equivalence[i].receiver == b->next && a->equivalence[i].ranks != 0) {
            levels_add(&given, a->equivalence[i].given);
        }
    }
    put_level_set(to->law, &given, f);
    fputs(".contains(context.level)", f);
}

/* Step 6 */
static bool owes_assurance(const struct translating *to, const struct basis *b)
{
    bool     whole;
    set64    up = law_up(to->law, b->in, &whole);
    uint32_t duties = b->clause == NULL ? 0 : b->clause->owed.duties;
    for (unsigned a = set_next(up, 0); a < SET64_MAX; a = set_next(up, a + 1)) {
        duties |= agreement_at(to, a)->owed.duties;
    }
    return (duties & DUTY_ASSURANCE) != 0;
}

static void put_assured(const struct translating *to, const struct basis *b, FILE *f)
{
    if (!owes_assurance(to, b)) {
        fputs("true", f);
        return;
    }
    fprintf(f,
            "context has assurance && context.assurance.agreement == \"%s\" && "
            "context.assurance.levels.contains(context.level) && "
            "context.assurance.topics.containsAll(context.topics) && "
            "context.assurance.from <= context.low && context.high < context.assurance.until",
            agreement_at(to, b->cover)->name.text);
}

typedef void putter(const struct translating *, const struct basis *, FILE *);

static void basis_say(struct translating *to, unsigned i, const char *what, putter *put)
{
    char  id[64];
    FILE *f = statement_begin();
    fprintf(f, "permit(principal == Party::\"%s\", action == Action::\"say\", resource) when { ",
            party_text(to, to->basis[i].from));
    put(to, &to->basis[i], f);
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "%04u/%s", i, what);
    statement_end(to, f, id);
}

static void basis_give(struct translating *to, unsigned i)
{
    static putter *const part[] = {put_permits, put_no_never, put_equivalent, put_assured};
    char                 id[64];
    FILE                *f = statement_begin();
    fprintf(f, "permit(principal == Party::\"%s\", " NEXT_GIVE ", resource) when { ",
            party_text(to, to->basis[i].from));
    for (unsigned k = 0; k < ARRAY_LEN(part); k++) {
        fputs(k == 0 ? "(" : " && (", f);
        part[k](to, &to->basis[i], f);
        fputs(")", f);
    }
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "%04u/gives", i);
    statement_end(to, f, id);
}

static void put_ref(const struct translating *to, struct clause_ref ref)
{
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    clause_ref_format(to->law->agreements, ref, &w);
    json_string((const char *)buf, w.len, to->out);
}

static void basis_write(struct translating *to, unsigned i)
{
    const struct basis     *b = &to->basis[i];
    const struct agreement *cover = agreement_at(to, b->cover);
    struct clause_ref       permit = REF_NONE;
    if (b->clause != NULL) {
        permit = (struct clause_ref){(uint8_t)b->in, b->clause->article, b->clause->number};
    }
    fprintf(to->out, "{\"basis\": \"%04u\", \"act\": %s, \"permit\": ", i,
            b->clause == NULL ? "true" : "false");
    put_ref(to, permit);
    fputs(", \"cover\": ", to->out);
    put_ref(to,
            (struct clause_ref){(uint8_t)b->cover, cover->covers_article, cover->covers_number});
    fputs("}\n", to->out);
    basis_give(to, i);
    basis_say(to, i, "permits", put_permits);
    basis_say(to, i, "never", put_no_never);
    basis_say(to, i, "equivalent", put_equivalent);
    basis_say(to, i, "assurance", put_assured);
    if (b->clause == NULL) {
        basis_say(to, i, "covers", put_covers);
    }
}

static void bases_write(struct translating *to)
{
    for (unsigned a = 0; a < to->law->agreements->count; a++) {
        for (unsigned k = 0; k < agreement_at(to, a)->clause_count; k++) {
            bases_of_clause(to, a, &agreement_at(to, a)->clause[k]);
        }
        bases_of_act(to, a);
    }
    sorting = to->law;
    qsort(to->basis, to->count, sizeof to->basis[0], basis_order);
    for (unsigned i = 0; i < to->count; i++) {
        basis_write(to, i);
    }
}

/* ---- prohibitions of what it was received under: they follow it whatever it rests on ---- */

static void lineage_write(struct translating *to, unsigned a, unsigned k, uint8_t giver)
{
    const struct clause *n = &agreement_at(to, a)->clause[k];
    set64                below = 0;
    char                 id[128];
    for (unsigned x = 0; x < to->law->agreements->count; x++) {
        bool whole;
        below |= set_has(law_up(to->law, x, &whole), a) ? set_one(x) : 0;
    }
    for (unsigned say = 0; say < 2; say++) {
        FILE *f = statement_begin();
        fprintf(f, "%s(principal == Party::\"%s\", %s, resource) when { ",
                say != 0 ? "permit" : "forbid", party_text(to, giver),
                say != 0 ? "action == Action::\"say\"" : NEXT_GIVE);
        put_agreements(to->law, below, f);
        fputs(".containsAny(context.lineage) && ", f);
        put_never(to->law, a, n, giver, f);
        fputs(" };", f);
        (void)snprintf(id, sizeof id, "%s/%s/%s/%u", say != 0 ? "lineage" : "never",
                       party_text(to, giver), agreement_at(to, a)->name.text, k);
        statement_end(to, f, id);
    }
}

static void nevers_write(struct translating *to)
{
    for (unsigned a = 0; a < to->law->agreements->count; a++) {
        for (unsigned k = 0; k < agreement_at(to, a)->clause_count; k++) {
            for (uint8_t p = 0; p < to->law->policies->parties.count; p++) {
                if (never_concerns(&agreement_at(to, a)->clause[k], p)) {
                    lineage_write(to, a, k, p);
                }
            }
        }
    }
}

/* ---- national rules ---- */

static void put_under(const struct translating *to, const struct rules *all, const struct rule *r,
                      FILE *f)
{
    unsigned a;
    if (r->under.text[0] == 0) {
        return;
    }
    if (err_is(agreements_find(to->law->agreements, name_span(&r->under), &a)) ||
        !set_has(agreement_at(to, a)->parties, all->party)) {
        fputs(" && false", f);
        return;
    }
    fputs(" && ", f);
    put_stands(to->law, a, f);
    fputs(" && ", f);
    put_names(&to->law->policies->parties, agreement_at(to, a)->parties, f);
    fputs(".containsAny([context.to, context.via])", f);
}

static void put_speaks(const struct translating *to, const struct rules *all, const struct rule *r,
                       FILE *f)
{
    char owner[64];
    (void)snprintf(owner, sizeof owner, "rules %s", party_text(to, all->party));
    fputs("(", f);
    if (r->action == RULE_RELEASE) {
        put_holds(to->law, &r->scope, &all->terms, owner, f);
    } else {
        put_touches(to->law, &r->scope, &all->terms, owner, f);
    }
    if (r->to != ~(set64)0) {
        fputs(" && ", f);
        put_names(&to->law->policies->parties, r->to, f);
        fputs(".contains(context.to)", f);
    }
    if (r->via != PARTY_NONE) {
        fprintf(f, " && context.via == \"%s\"", party_text(to, r->via));
    }
    put_under(to, all, r, f);
    fputs(")", f);
}

static unsigned officers_of(const struct rule *r)
{
    return r->action != RULE_HOLD ? 0 : r->officers == 0 ? 1 : r->officers;
}

static void rule_say(struct translating *to, const struct rules *all, unsigned i)
{
    static const char *const action[] = {"release", "hold", "never"};
    const struct rule       *r = &all->rule[i];
    char                     id[128];
    FILE                    *f = statement_begin();
    fprintf(f, "permit(principal == Party::\"%s\", action == Action::\"say\", resource) when { ",
            party_text(to, all->party));
    put_speaks(to, all, r, f);
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "rule/%s/%03u/%s/%u", party_text(to, all->party), i + 1,
                   action[r->action], officers_of(r));
    statement_end(to, f, id);
}

static void rule_give(struct translating *to, const struct rules *all, unsigned i)
{
    const struct rule *r = &all->rule[i];
    char               id[128];
    if (r->action == RULE_RELEASE) {
        return;
    }
    FILE *f = statement_begin();
    fprintf(f, "forbid(principal == Party::\"%s\", %s, resource) when { ",
            party_text(to, all->party),
            r->action == RULE_NEVER ? NEXT_GIVE : "action == Action::\"cross\"");
    put_speaks(to, all, r, f);
    if (r->action == RULE_HOLD) {
        fprintf(f, " && context.approvals < %u", officers_of(r));
    }
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "give/rule/%s/%03u", party_text(to, all->party), i + 1);
    statement_end(to, f, id);
}

/* What no rule speaks of is held for one officer. */
static void rules_silent(struct translating *to, const struct rules *all)
{
    char  id[64];
    FILE *f = statement_begin();
    fprintf(f,
            "forbid(principal == Party::\"%s\", action == Action::\"cross\", resource) when { "
            "context.approvals < 1",
            party_text(to, all->party));
    for (unsigned i = 0; i < all->count; i++) {
        if (all->rule[i].action == RULE_RELEASE) {
            fputs(" && !", f);
            put_speaks(to, all, &all->rule[i], f);
        }
    }
    fputs(" };", f);
    (void)snprintf(id, sizeof id, "give/silence/%s", party_text(to, all->party));
    statement_end(to, f, id);
}

/* Who has no rules at all holds everything. */
static void rules_none(struct translating *to)
{
    set64 have = 0;
    for (unsigned p = 0; p < to->law->rules_count; p++) {
        have |= set_one(to->law->rules[p].party);
    }
    for (uint8_t p = 0; p < to->law->policies->parties.count; p++) {
        if (!set_has(have, p)) {
            rules_silent(to, &(struct rules){.party = p});
        }
    }
}

static void rules_write_all(struct translating *to)
{
    rules_none(to);
    for (unsigned p = 0; p < to->law->rules_count; p++) {
        const struct rules *all = &to->law->rules[p];
        for (unsigned i = 0; i < all->count; i++) {
            rule_say(to, all, i);
            rule_give(to, all, i);
        }
        rules_silent(to, all);
    }
}

/* ---- areas ---- */

static void areas_write(struct translating *to, const char *owner, const struct terms *t)
{
    for (unsigned i = 0; i < t->area_count; i++) {
        fputs("{\"area\": ", to->out);
        area_label(owner, &t->area[i], to->out);
        fputs(", \"points\": [", to->out);
        for (unsigned p = 0; p < t->area[i].count; p++) {
            fprintf(to->out, "%s[%" PRId32 ", %" PRId32 "]", p == 0 ? "" : ", ",
                    t->area[i].point[p].lat, t->area[i].point[p].lon);
        }
        fputs("]}\n", to->out);
    }
}

void translate(const struct law *law, FILE *out)
{
    static struct translating to;
    char                      owner[64];
    to = (struct translating){.law = law, .out = out};
    for (unsigned a = 0; a < law->agreements->count; a++) {
        areas_write(&to, law->agreements->agreement[a].name.text,
                    &law->agreements->agreement[a].terms);
    }
    for (unsigned p = 0; p < law->rules_count; p++) {
        (void)snprintf(owner, sizeof owner, "rules %s", party_text(&to, law->rules[p].party));
        areas_write(&to, owner, &law->rules[p].terms);
    }
    condition_write(&to, "question", put_question);
    condition_write(&to, "marking", put_marking_valid);
    condition_write(&to, "releasable", put_releasable);
    bases_write(&to);
    nevers_write(&to);
    rules_write_all(&to);
}
