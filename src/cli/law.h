/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LAW_H
#define CLI_LAW_H

#include "cli/call.h"
#include "release/verdict.h"

/* Policies, agreements and national rules as texts: read, compiled, judged. */

/* law_use - what texts are read for
 *
 * analysed   to tell what they would do, contradictory or not: mistakes of form and names are refused
 * judged     by `check`: all that is found is told, and what is an error is refused
 * signed     by `compile`, `sign` and `load`: the same is refused, and nothing else is told; what they
 *            stand under must be there */
enum law_use { LAW_ANALYSED, LAW_JUDGED, LAW_SIGNED };

/* compiled - texts as agreements, on the heap: more than a guard holds */
struct compiled {
    struct agreement *agreement;
    unsigned          count, max;
};

texts compiled_texts(const struct compiled *c);
void  compiled_done(struct compiled *c);

/* compiled_room - for one more, at agreement[count]   fails LIMIT past TEXTS_MAX, FULL */
err compiled_room(struct compiled *c);

/* law - what was read of files, and what for
 *
 * tables      policies and rules; of agreements only what law_hold puts there
 * compiled    agreements, in the order in which they were compiled
 * party_dir   of the party in whose ledger that is looked for which no file holds; NULL: of none */
struct law {
    struct tables   *tables;
    struct compiled *compiled;
    enum law_use     use;
    const char      *party_dir;
};

/* law_fresh - into the program's own, emptied: 8 MiB of tables that a verb fills once */
struct law law_fresh(enum law_use use);

/* law_policies - every .xml of --policies DIR (otherwise ./policies, otherwise the installed ones)
 *
 * fails   UNKNOWN when there is none; as spif_compile */
err law_policies(struct call *c, struct tables *t);

/* policy_compile - a policy file into its table; w has room for POLICY_TABLE_MAX */
err policy_compile(struct call *c, const char *path, struct writer *w, name *out);

/* law_agreements - compile the files, each after those it stands under, into law->compiled
 *
 * What is wrong or worth a look is printed, or put into the answer.
 *
 * place   receives for each file the number of its agreement
 * fails   MALFORMED when one does not compile, UNKNOWN when one stands under what is not among them, LIMIT past
 *         TEXTS_MAX */
err law_agreements(struct call *c, const struct law *law, const char *const path[], unsigned count,
                   unsigned place[]);

/* law_hold - what was compiled, as a guard holds it, under the same numbers
 *
 * fails   LIMIT past AGREEMENTS_MAX */
err law_hold(const struct law *law);

/* law_source - a text of at most LEX_TEXT_MAX; the buffer is freed by the caller
 * findings_tell - what was found in a text: printed, or put into the answer */
struct diagnostics;
err  law_source(struct call *c, const char *path, uint8_t **buf, span *text);
void findings_tell(struct call *c, struct diagnostics *d, const char *path, span text);

/* law_rules - national rules into t->rules, judged with those agreements that are compiled already */
err law_rules(struct call *c, const struct law *law, const char *path);

/* law_file_is_rules - does the file begin with `rules`? */
err law_file_is_rules(struct call *c, const char *path, bool *out);

/* agreement_of_call, rules_of_call - the first file of the line, compiled; out lies in the law's tables */
err agreement_of_call(struct call *c, const struct law *law, struct writer *table,
                      const struct agreement **out);
err rules_of_call(struct call *c, enum law_use use, struct writer *table, name *party);

/* tables_fresh - those of law_fresh */
struct tables *tables_fresh(void);

#endif
