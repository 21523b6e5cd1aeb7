/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_REACH_LAW_H
#define CLI_REACH_LAW_H

#include "cli/law.h"
#include "reach/witness.h"

/* What `reach`, `assert` and `diff` analyse: the law of one call, read from texts or from a ledger. */

/* What no clause says, and so no row and no proof can. */
#define NOT_SAID                                                                                   \
    "Besides, an officer of the giver may give any one item that is covered and not forbidden,\n"  \
    "by a recorded act."

/* footing - the law twice: as the analysis holds it, and as it was compiled, with the same numbers, for the
 * evaluator
 *
 * now      when witnesses are given */
struct footing {
    struct corpus  *law;
    struct compiled compiled;
    struct ground   ground;
    struct rules   *rules_list;
    unsigned        rules_count;
    instant         now;
};

/* footing_texts - agreements of the files and of all *.agreement in the folders, each taken to stand
 *
 * tables  of the caller, with policies or empty; --rules FILE may be given for each party
 * like    a law that this one is to be compared with; NULL
 * fails   as law_agreements; LIMIT */
err footing_texts(struct call *c, const char *const path[], unsigned count, struct tables *tables,
                  const struct corpus *like, struct footing *out);

/* footing_of_call - the texts of the line (--agreement, and the arguments where they are texts); without
 * any, what stands in the ledger of --dir, with that party's rules; without that, the texts of ./agreements
 * or the installed ones
 *
 * fails   as footing_texts, audit_ledger */
err footing_of_call(struct call *c, bool args_are_texts, struct footing *out);

void footing_done(struct footing *g);

/* footing_party - the number of a party that is named   fails UNKNOWN */
err footing_party(struct call *c, const struct footing *g, const char *option, uint8_t *out);

/* footing_witness - of a row, found or refused
 *
 * fails   CONFLICT when the evaluator does not release what the row says flows */
err footing_witness(struct call *c, struct footing *g, const struct row *row, struct witness *out);

/* row_json - a row with its witness, as an object   row_tell - the same as text */
json_t *row_json(struct footing *g, const struct row *row, const struct witness *x);
void    row_tell(struct call *c, struct footing *g, const struct row *row, unsigned number,
                 const struct witness *x);

#endif
