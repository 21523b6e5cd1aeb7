/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/call.h"

/* verb_rows - every verb there is, page by page */
extern const struct verb verb_rows[];
extern const unsigned    verb_row_count;

/* cli_run - one call of `accord`
 *
 * argv     as main got it
 * out, notes   standard output and standard error
 * returns  the exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 held for a person */
int cli_run(int argc, char *const argv[], FILE *out, FILE *notes);

#endif
