/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config/config.h"

/* value_cursor - the tokens of a line, from `next` on */
struct value_cursor {
    const struct lex_line *line;
    unsigned               next;
    struct diagnostics    *d;
};

/* config_value_read - the value that stands next; false when it is wrong, and told of
 *
 * target   struct that v->offset counts from; NULL = check only */
bool config_value_read(struct value_cursor *c, const struct config_value *v, uint8_t *target);

#endif
