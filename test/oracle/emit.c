/* SPDX-License-Identifier: Apache-2.0 */
/* emit SEED COUNT TEXT…: the texts as Cedar policies, then so many cases with our verdict, as lines of
 * JSON for test/oracle/judge.mjs.  Texts in any order; policies from ./policies. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/hash.h"
#include "language/language.h"
#include "oracle/cases.h"
#include "release/verdict_text.h"
#include "spif/spif.h"

#define TEXT_MAX   (256 << 10)
#define RULES_SETS 16

static struct tables tables;
static struct rules  rules[RULES_SETS];

_Noreturn static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "emit: %s: %s\n", what, why);
    exit(2);
}

static span text_of(const char *path, uint8_t *buf, size_t max)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        give_up(path, "cannot be read");
    }
    size_t len = fread(buf, 1, max, f);
    if (fclose(f) != 0 || len == max) {
        give_up(path, "is too long");
    }
    return (span){buf, len};
}

static void policy_load(const char *path)
{
    static uint8_t xml[TEXT_MAX], table[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    uint8_t        digest[SHA256_LEN];
    if (err_is(spif_compile(text_of(path, xml, sizeof xml), &w, NULL))) {
        give_up(path, "is no policy");
    }
    sha256(writer_span(&w), digest);
    if (err_is(policy_read(&tables.policies, writer_span(&w), digest))) {
        give_up(path, "does not go with the others");
    }
}

/* Compiled when what it stands under is there already; otherwise in a later round */
static bool text_load(const char *path, unsigned *rules_count)
{
    static uint8_t            buf[TEXT_MAX];
    static struct diagnostics d;
    struct agreements        *all = &tables.agreements;
    span                      text = text_of(path, buf, sizeof buf);
    d = (struct diagnostics){0};
    if (language_is_rules(text)) {
        if (*rules_count == RULES_SETS ||
            err_is(language_compile_rules(text, &tables.policies, &d, &rules[*rules_count]))) {
            give_up(path, "are no rules");
        }
        (*rules_count)++;
        return true;
    }
    if (all->count == AGREEMENTS_MAX ||
        err_is(language_compile(text, &tables.policies, texts_of(all), &d,
                                &all->agreement[all->count]))) {
        return false;
    }
    all->count++;
    return true;
}

static unsigned texts_load(char **path, unsigned count)
{
    bool     done[256] = {0};
    unsigned rules_count = 0, left = count;
    while (left > 0) {
        unsigned before = left;
        for (unsigned i = 0; i < count; i++) {
            if (!done[i] && text_load(path[i], &rules_count)) {
                done[i] = true;
                left--;
            }
        }
        if (left == before) {
            give_up("the texts", "one does not compile, or stands under what is not there");
        }
    }
    return rules_count;
}

/* ---- our answer ---- */

static void put_ref(struct clause_ref ref, FILE *f)
{
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    clause_ref_format(&tables.agreements, ref, &w);
    json_string((const char *)buf, w.len, f);
}

static void put_failed(const struct verdict *v, FILE *f)
{
    const char *comma = "";
    fputs("[", f);
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        if ((v->failed >> s & 1u) != 0) {
            fprintf(f, "%s\"%s\"", comma, step_name((enum step)s));
            comma = ", ";
        }
    }
    fputs("]", f);
}

static void verdict_write(const struct verdict *v, FILE *f)
{
    fprintf(f, "{\"outcome\": \"%s\", \"failed\": ", outcome_name(v->outcome));
    put_failed(v, f);
    fputs(", \"permit\": ", f);
    put_ref(v->permit, f);
    fputs(", \"cover\": ", f);
    put_ref(v->cover, f);
    fprintf(f, ", \"rule\": %u, \"officers\": %u}", v->rule_number, v->officers);
}

static void rules_put_in(uint8_t giver, unsigned count)
{
    tables.rules = (struct rules){.party = giver};
    for (unsigned i = 0; i < count; i++) {
        if (rules[i].party == giver) {
            tables.rules = rules[i];
        }
    }
}

static void one_case(const struct law *law, struct index *index, struct dice *d)
{
    static uint8_t  text[CROSSING_TEXT_MAX];
    struct writer   w = WRITER_OF(text);
    struct crossing c = case_make(d, law);
    bool            differ;
    rules_put_in(c.from, law->rules_count);
    index_build(&tables, index);
    struct verdict v = verdict_decide(&tables, index, &c, &differ);
    if (differ) {
        give_up("a case", "the two evaluators differ");
    }
    fputs("{\"case\": ", stdout);
    case_write(law, &c, stdout);
    fputs(", \"verdict\": ", stdout);
    verdict_write(&v, stdout);
    crossing_format(&tables, &c, &w);
    fputs(", \"text\": ", stdout);
    json_string((const char *)text, w.bad ? 0 : w.len, stdout);
    fputs("}\n", stdout);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 200) {
        give_up("usage", "emit SEED COUNT TEXT…");
    }
    struct dice d = {strtoull(argv[1], NULL, 10)};
    policy_load("policies/JPN.xml");
    policy_load("policies/KOR.xml");
    policy_load("policies/USA.xml");
    struct law    law = {&tables.policies, &tables.agreements, rules,
                         texts_load(argv + 3, (unsigned)argc - 3)};
    struct index *index = malloc(index_size());
    translate(&law, stdout);
    for (unsigned long left = strtoul(argv[2], NULL, 10); index != NULL && left > 0; left--) {
        one_case(&law, index, &d);
    }
    free(index);
    return ferror(stdout) != 0 || fflush(stdout) != 0 ? 2 : 0;
}
