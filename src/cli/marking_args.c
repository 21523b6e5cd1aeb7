/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_args.h"

#include <stdlib.h>

#define MARKING_TEXT_MAX 1024

static int item_order(const void *a, const void *b)
{
    const span *x = a, *y = b;
    return span_order(*x, *y);
}

bool list_is_none(const char *list)
{
    return list == NULL || list[0] == 0 || strcmp(list, "none") == 0;
}

err put_sorted(struct writer *w, span list)
{
    span   item[SET64_MAX];
    size_t count = 0;
    while (list.len > 0) {
        if (count == SET64_MAX) {
            return FAIL(LIMIT, "a list has more than 64 items");
        }
        item[count] = span_trim(span_cut(&list, ','));
        if (item[count].len == 0) {
            return FAIL(MALFORMED, "a list is written a,b,c");
        }
        count++;
    }
    qsort(item, count, sizeof item[0], item_order);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !span_equal(item[i], item[i - 1])) {
            put_text(w, i > 0 ? "," : "");
            put_span(w, item[i]);
        }
    }
    return OK;
}

static err part_put(struct call *c, const char *word, const char *option, bool needed,
                    struct writer *w)
{
    const char *list = call_option(c, option);
    if (list == NULL && needed) {
        return call_need(c, option, &list);
    }
    if (list_is_none(list)) {
        return OK;
    }
    put_text(w, word);
    return put_sorted(w, span_text(list));
}

err marking_text_of_call(struct call *c, const name *party, const char *to, struct writer *w)
{
    const char *whole = call_option(c, "marking"), *own_level;
    if (whole != NULL) {
        put_text(w, whole);
        return OK;
    }
    TRY(call_need(c, "level", &own_level));
    put_text(w, own_level);
    put_text(w, " of ");
    put_span(w, name_span(party));
    TRY(part_put(c, " about ", "topics", true, w));
    TRY(part_put(c, " from ", "disciplines", true, w));
    TRY(part_put(c, " to ", to, false, w));
    TRY(part_put(c, " show ", "show", false, w));
    return part_put(c, " caveats ", "caveats", false, w);
}

err marking_of_call(struct call *c, const struct policies *all, const name *party, const char *to,
                    struct marking *out)
{
    uint8_t       buf[MARKING_TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    span          text;
    TRY(marking_text_of_call(c, party, to, &w));
    TRY(writer_end(&w, &text));
    call_about(c, SPAN_FMT, SPAN_ARG(text));
    TRY(marking_read(all, text, out));
    c->about[0] = 0;
    return OK;
}

err line_list(struct writer *w, const char *key, const char *list)
{
    put_text(w, key);
    put_u8(w, ' ');
    if (list_is_none(list)) {
        put_u8(w, '-');
    } else {
        TRY(put_sorted(w, span_text(list)));
    }
    put_u8(w, '\n');
    return OK;
}
