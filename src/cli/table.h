/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/call.h"

/* Every list that the program shows: a line of column names, then the rows, aligned; "none" when there are
 * none.  Under --json the rows go into the answer as they are. */

#define TABLE_COLUMNS_MAX 23

/* column - of a table; a row with key NULL ends
 *
 * key      member of a row; what is not there is shown as -
 * head     its name for people, with the zone of an instant
 * is_ms    a length of time in milliseconds: it is shown in seconds, "14.2 s" */
struct column {
    const char *key, *head;
    bool        is_ms;
};

/* table_tell - show the rows, or put them into the answer
 *
 * member   of the answer under --json
 * rows     an array of objects, taken over */
void table_tell(struct call *c, const char *member, const struct column *columns, json_t *rows);

/* cell_text - a value as it is shown; out: the longest text of a row and a NUL */
#define CELL_MAX 4096
void cell_text(const json_t *value, bool is_ms, char out[static CELL_MAX]);

#endif
