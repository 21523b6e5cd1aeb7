/* SPDX-License-Identifier: Apache-2.0 */
/* policy compile, agreement check, fmt and compile, rules check: nothing of them needs a gateway. */
#include "cli/law.h"
#include "cli/paths.h"
#include "cli/verbs.h"
#include "crypt/hash.h"

static void hex_text(const uint8_t digest[static SHA256_LEN], char out[static 65])
{
    struct writer w = writer_of(out, 64);
    put_hex(&w, (span){digest, SHA256_LEN});
    out[64] = 0;
}

err do_policy_compile(struct call *c)
{
    static uint8_t table[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    uint8_t        digest[SHA256_LEN];
    char           hex[65];
    const char    *out;
    name           named;
    TRY(call_need(c, "out", &out));
    TRY(policy_compile(c, c->arg[0], &w, &named));
    sha256(writer_span(&w), digest);
    TRY(call_write(c, writer_span(&w)));
    hex_text(digest, hex);
    call_set_text(c, "policy", name_span(&named));
    call_set_hex(c, "digest", SPAN_OF(digest));
    call_tell(c, "%s %s", hex, named.text);
    return OK;
}

/* Those of --with come after the files of the line; each may be a folder. */
static err with_take(struct call *c, struct paths *p)
{
    const char *with;
    for (unsigned i = 0; (with = call_option_each(c, "with", i)) != NULL; i++) {
        TRY(paths_take(c, &with, 1, p));
    }
    return OK;
}

static err law_of_call(struct call *c, const struct law *law, struct paths *p,
                       unsigned place[static PATHS_MAX])
{
    TRY(law_policies(c, law->tables));
    TRY(with_take(c, p));
    return law_agreements(c, law, p->path, p->count, place);
}

static json_t *parties_json(const struct names *parties, set64 members)
{
    json_t *list = json_array();
    for (unsigned i = set_next(members, 0); i < parties->count; i = set_next(members, i + 1)) {
        (void)json_array_append_new(list, json_string(parties->name[i].text));
    }
    return list;
}

static void agreement_tell(struct call *c, const struct policies *all, const struct agreement *a)
{
    char hex[65];
    hex_text(a->digest, hex);
    call_tell(c, "%s %s", hex, a->name.text);
    call_append(c, "agreements",
                json_pack("{s:s, s:s, s:o}", "agreement", a->name.text, "digest", hex, "parties",
                          parties_json(&all->parties, a->parties)));
}

/* The files that are national rules out of the others. */
static err rules_part(struct call *c, struct paths *p, const char *rules[static PATHS_MAX],
                      unsigned *count)
{
    unsigned kept = 0;
    *count = 0;
    for (unsigned i = 0; i < p->count; i++) {
        bool is_rules = false;
        TRY(law_file_is_rules(c, p->path[i], &is_rules));
        if (is_rules) {
            rules[(*count)++] = p->path[i];
        } else {
            p->path[kept++] = p->path[i];
        }
    }
    p->count = kept;
    return OK;
}

static err rules_judge(struct call *c, const struct law *law, const char *path)
{
    char hex[65];
    TRY(law_rules(c, law, path));
    const struct rules *r = &law->tables->rules;
    const name         *party = &law->tables->policies.parties.name[r->party];
    hex_text(r->digest, hex);
    call_tell(c, "%s rules %s", hex, party->text);
    call_append(c, "rules", json_pack("{s:s, s:s}", "party", party->text, "digest", hex));
    return OK;
}

static err paths_judge(struct call *c, struct paths *p)
{
    struct law  law = law_fresh(LAW_JUDGED);
    unsigned    place[PATHS_MAX], count;
    const char *rules[PATHS_MAX];
    TRY(paths_take(c, c->arg, c->arg_count, p));
    TRY(rules_part(c, p, rules, &count));
    unsigned given = p->count;
    TRY(law_of_call(c, &law, p, place));
    for (unsigned i = 0; i < given; i++) {
        agreement_tell(c, &law.tables->policies, &law.compiled->agreement[place[i]]);
    }
    for (unsigned i = 0; i < count; i++) {
        TRY(rules_judge(c, &law, rules[i]));
    }
    return OK;
}

err do_agreement_check(struct call *c)
{
    struct paths p = {0};
    err          e = paths_judge(c, &p);
    paths_done(&p);
    return e;
}

err agreement_of_call(struct call *c, const struct law *law, struct writer *table,
                      const struct agreement **out)
{
    unsigned     place[PATHS_MAX];
    struct paths p = {.path = {c->arg[0]}, .count = 1};
    err          e = law_of_call(c, law, &p, place);
    paths_done(&p);
    TRY(e);
    const struct agreement *a = &law->compiled->agreement[place[0]];
    agreement_write(&law->tables->policies, a, table);
    if (table->bad) {
        return FAIL(LIMIT,
                    "compiled it is longer than 48 KiB, the most that a guard takes: `reach` and "
                    "`diff` read it all the same");
    }
    agreement_tell(c, &law->tables->policies, a);
    *out = a;
    return OK;
}

err do_agreement_compile(struct call *c)
{
    static uint8_t          buf[AGREEMENT_TABLE_MAX];
    struct writer           w = WRITER_OF(buf);
    struct law              law = law_fresh(LAW_SIGNED);
    const char             *out;
    span                    table;
    const struct agreement *a;
    TRY(call_need(c, "out", &out));
    TRY(agreement_of_call(c, &law, &w, &a));
    TRY(writer_end(&w, &table));
    return call_write(c, table);
}

err rules_of_call(struct call *c, enum law_use use, struct writer *table, name *party)
{
    struct law law = law_fresh(use);
    char       hex[65];
    TRY(law_policies(c, law.tables));
    TRY(law_rules(c, &law, c->arg[0]));
    const struct rules *r = &law.tables->rules;
    rules_write(&law.tables->policies, r, table);
    *party = law.tables->policies.parties.name[r->party];
    hex_text(r->digest, hex);
    call_set_text(c, "rules", name_span(party));
    call_set_hex(c, "digest", SPAN_OF(r->digest));
    call_tell(c, "%s rules %s", hex, party->text);
    return OK;
}

err do_rules_check(struct call *c)
{
    static uint8_t buf[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(buf);
    name           party;
    return rules_of_call(c, LAW_JUDGED, &w, &party);
}
