/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LAW_H
#define CLI_LAW_H

#include "cli/call.h"
#include "release/verdict.h"

/* Policies, agreements and national rules as texts: read, compiled, judged. */

/* law_text - what was read of a file
 *
 * checking   findings beyond mistakes are wanted (`check`) */
struct law {
    struct tables *tables;
    bool           checking;
};

/* law_policies - every .xml of --policies DIR (otherwise ./policies, otherwise the installed ones)
 *
 * fails   UNKNOWN when there is none; as spif_compile */
err law_policies(struct call *c, struct tables *t);

/* policy_compile - a policy file into its table; w has room for POLICY_TABLE_MAX */
err policy_compile(struct call *c, const char *path, struct writer *w, name *out);

/* law_agreements - compile the files, each after those it stands under, into t->agreements
 *
 * What is wrong or worth a look is printed, or put into the answer.
 *
 * place   receives for each file the number of its agreement
 * fails   MALFORMED when one does not compile, UNKNOWN when one stands under what is not among them */
err law_agreements(struct call *c, const struct law *law, const char *const path[], unsigned count,
                   unsigned place[]);

/* law_source - a text of at most LEX_TEXT_MAX; the buffer is freed by the caller
 * findings_tell - what was found in a text: printed, or put into the answer */
struct diagnostics;
err  law_source(struct call *c, const char *path, uint8_t **buf, span *text);
void findings_tell(struct call *c, struct diagnostics *d, const char *path, span text);

/* law_rules - national rules into t->rules, judged with those agreements that t holds already */
err law_rules(struct call *c, const struct law *law, const char *path);

/* law_file_is_rules - does the file begin with `rules`? */
err law_file_is_rules(struct call *c, const char *path, bool *out);

/* tables_fresh - the program's own, emptied: 3 MiB that a verb fills once */
struct tables *tables_fresh(void);

#endif
