/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_ARGS_H
#define CLI_MARKING_ARGS_H

#include "cli/call.h"
#include "marking/marking.h"

/* A marking from the command line: --marking "KOR:II of KOR about … from … to …", or --level, --topics,
 * --disciplines, --to, --show and --caveats with lists in any order. */

/* marking_text_of_call - the canonical text, before any policy has judged it
 *
 * party   the originator
 * to      option with the recipients */
err marking_text_of_call(struct call *c, const name *party, const char *to, struct writer *w);

/* marking_of_call - the same, read under the policies   fails as marking_read */
err marking_of_call(struct call *c, const struct policies *all, const name *party, const char *to,
                    struct marking *out);

/* list_is_none - nothing is in it: not given, empty, or the word `none` */
bool list_is_none(const char *list);

/* put_sorted - a list with commas in byte order, each item once   fails MALFORMED, LIMIT */
err put_sorted(struct writer *w, span list);

/* line_list - a line with such a list; "-" when there is nothing in it */
err line_list(struct writer *w, const char *key, const char *list);

#endif
