/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

/* What --help prints, from the table of verbs. */

extern const struct option *const common_options;

/* help_usage - one line; help_verb - that, what it does, its options
 * help_page  - the verbs of a page or a first word; false when there is none
 * help_all   - all of them */
void help_usage(const struct verb *v, FILE *out);
void help_verb(const struct verb *v, FILE *out);
bool help_page(const char *word, FILE *out);
void help_all(FILE *out);

#endif
