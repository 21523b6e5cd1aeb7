/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <stdlib.h>

void cell_text(const json_t *value, bool is_ms, char out[static CELL_MAX])
{
    if (json_is_string(value)) {
        (void)snprintf(out, CELL_MAX, "%s", json_string_value(value));
    } else if (json_is_integer(value) && is_ms) {
        json_int_t ms = json_integer_value(value);
        (void)snprintf(out, CELL_MAX, "%s%lld.%lld s", ms <= -100 ? "-" : "", llabs(ms) / 1000,
                       llabs(ms) / 100 % 10);
    } else if (json_is_integer(value)) {
        (void)snprintf(out, CELL_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        (void)snprintf(out, CELL_MAX, "%s", json_is_true(value) ? "yes" : "-");
    }
}

/* Two places on a terminal: Hangul, kana, Han, and the wide forms (Unicode, East Asian Width W and F). */
static bool is_wide(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
        if (character >= wide[i].first && character <= wide[i].last) {
            return true;
        }
    }
    return false;
}

/* Places on a terminal; jansson lets only valid UTF-8 through. */
static int text_width(const char *text)
{
    int width = 0;
    while (*text != 0) {
        uint8_t  lead = (uint8_t)*text++;
        uint32_t character = lead < 0x80   ? lead
                             : lead < 0xe0 ? lead & 0x1fu
                             : lead < 0xf0 ? lead & 0xfu
                                           : lead & 7u;
        while (((uint8_t)*text & 0xc0) == 0x80) {
            character = character << 6 | ((uint8_t)*text++ & 0x3fu);
        }
        width += is_wide(character) ? 2 : 1;
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
