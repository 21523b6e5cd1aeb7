/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <stdlib.h>

void cell_text(const json_t *value, bool is_ms, char out[static CELL_MAX])
{
    if (json_is_string(value)) {
        (void)snprintf(out, CELL_MAX, "%s", json_string_value(value));
    } else if (json_is_integer(value) && is_ms) {
        json_int_t ms = json_integer_value(value);
        (void)snprintf(out, CELL_MAX, "%s%lld.%lld s", ms < 0 ? "-" : "", llabs(ms) / 1000,
                       llabs(ms) / 100 % 10);
    } else if (json_is_integer(value)) {
        (void)snprintf(out, CELL_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        (void)snprintf(out, CELL_MAX, "%s", json_is_true(value) ? "yes" : "-");
    }
}

/* In characters, not bytes; what is wide stands in the last column, which is not filled up. */
static int text_width(const char *text)
{
    int width = 0;
    for (; *text != 0; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80 ? 1 : 0;
    }
    return width;
}

static void cell_put(struct call *c, const char *text, int width, bool last)
{
    int fill = last ? 0 : width + 2 - text_width(text);
    (void)fprintf(c->out, "%s%*s%s", text, fill, "", last ? "\n" : "");
}

static void widths_of(const struct column *columns, const json_t *rows,
                      int width[static TABLE_COLUMNS_MAX])
{
    char    text[CELL_MAX];
    size_t  i;
    json_t *row;
    for (unsigned k = 0; columns[k].key != NULL; k++) {
        width[k] = text_width(columns[k].head);
        json_array_foreach(rows, i, row)
        {
            cell_text(json_object_get(row, columns[k].key), columns[k].is_ms, text);
            width[k] = text_width(text) > width[k] ? text_width(text) : width[k];
        }
    }
}

static void row_put(struct call *c, const struct column *columns, const json_t *row,
                    const int width[static TABLE_COLUMNS_MAX])
{
    char text[CELL_MAX];
    for (const struct column *k = columns; k->key != NULL; k++) {
        if (row == NULL) {
            (void)snprintf(text, sizeof text, "%s", k->head);
        } else {
            cell_text(json_object_get(row, k->key), k->is_ms, text);
        }
        cell_put(c, text, width[k - columns], k[1].key == NULL);
    }
}

void table_tell(struct call *c, const char *member, const struct column *columns, json_t *rows)
{
    int     width[TABLE_COLUMNS_MAX];
    size_t  i;
    json_t *row;
    if (c->json) {
        call_set(c, member, rows);
        return;
    }
    if (json_array_size(rows) == 0) {
        call_tell(c, "none");
        json_decref(rows);
        return;
    }
    widths_of(columns, rows, width);
    row_put(c, columns, NULL, width);
    json_array_foreach(rows, i, row)
    {
        row_put(c, columns, row, width);
    }
    json_decref(rows);
}
