/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VECTORS_ISM_JSON_H
#define TEST_VECTORS_ISM_JSON_H

#include "cmocka_all.h"
#include "ism/attributes.h"
#include "ism/ism.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* Other people's vectors: $ACCORD_VECTORS/labels, else ../shared/data beside the checkout.  NULL when
 * they are not there. */
static inline json_t *vectors_of(const char *file)
{
    const char *root = getenv("ACCORD_VECTORS");
    char        path[4096];
    (void)snprintf(path, sizeof path, "%s/labels/%s", root != NULL ? root : "../shared/data", file);
    json_t *all = json_load_file(path, 0, NULL);
    if (all == NULL) {
        print_message("%s: skipped, no vectors here\n", path);
    }
    return all;
}

/* The shipped table, and with it the codes and control systems that the vectors make up */
static inline const struct groups *vectors_groups(void)
{
    static struct groups g;
    static uint8_t       table[GROUPS_TABLE_MAX], with[GROUPS_TABLE_MAX];
    if (g.count > 0) {
        return &g;
    }
    FILE *f = fopen("policies/groups.table", "rb");
    assert_non_null(f);
    size_t        len = fread(table, 1, sizeof table, f);
    unsigned      line = 0;
    struct writer w = WRITER_OF(with);
    (void)fclose(f);
    for (span rest = {table, len}; rest.len > 0;) {
        span one = span_cut(&rest, '\n');
        if (span_is(one, "group FRME")) {
            put_text(&w, "atom FAKE_TETRA\n");
        }
        put_span(&w, one);
        put_text(&w, "\n");
    }
    put_text(&w, "control MADE\ncontrol COMINT\ncontrol KLONDIKE\n");
    assert_false(err_is(groups_read(writer_span(&w), &g, &line)));
    return &g;
}

static inline const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* attributes_of - ISM attributes of a vector; names with '_' are the vectors' own */
static inline size_t attributes_of(const json_t *object, struct ism_attribute *out)
{
    size_t      count = 0;
    const char *name = NULL;
    json_t     *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (name[0] != '_') {
            assert_true(count < ISM_ATTRIBUTES_MAX);
            out[count++] =
                (struct ism_attribute){span_text(name), span_text(json_string_value(value))};
        }
    }
    return count;
}

#endif
