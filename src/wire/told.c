/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/told.h"

#define NOT_TOLD FAIL(MALFORMED, "an event of the stream does not tell reports as a desk does")

err told_id_read(span text, struct told_id *out)
{
    struct told_id t = {0};
    span           rest = text, tag = span_cut(&rest, '-');
    t.mark = span_is(tag, TOLD_MARK);
    if (err_is(text_hex(t.mark ? rest : tag, t.tag, sizeof t.tag)) ||
        (!t.mark && err_is(text_decimal(rest, UINT64_MAX, &t.number)))) {
        return FAIL(MALFORMED,
                    "this is no id of an event, such as 6fd3a01b9c-17 or now-6fd3a01b9c");
    }
    *out = t;
    return OK;
}

#define NUMBER_KEY  ",\"number\":"
#define REPORTS_KEY ",\"reports\":["

/* told - an event that is being read: the epoch and the last number of its id; what is said of all, up to the number;
 * the number that comes next, and what is left */
struct told {
    name     epoch;
    uint64_t last, next;
    span     head, rest;
};

/* No string can hold a key: a quotation mark within one follows a backslash. */
static bool cut_at(span *rest, span key, span *before)
{
    const uint8_t *at = rest->len == 0 ? NULL : memmem(rest->ptr, rest->len, key.ptr, key.len);
    if (at == NULL) {
        return false;
    }
    size_t len = (size_t)(at - rest->ptr);
    *before = (span){rest->ptr, len};
    *rest = (span){at + key.len, rest->len - len - key.len};
    return true;
}

static err id_split(const name *event_id, struct told *out)
{
    span rest = name_span(event_id);
    span epoch = span_cut(&rest, '-');
    TRY(name_of(epoch, &out->epoch));
    return text_decimal(rest, UINT64_MAX - 1, &out->last);
}

static err told_open(const name *event_id, span data, struct told *out)
{
    struct told t = {.rest = data};
    span        number;
    TRY(id_split(event_id, &t));
    if (data.len == 0 || data.ptr[0] != '{' || !cut_at(&t.rest, SPAN_LIT(NUMBER_KEY), &t.head) ||
        !cut_at(&t.rest, SPAN_LIT(REPORTS_KEY), &number)) {
        return NOT_TOLD;
    }
    TRY(text_decimal(number, t.last, &t.next));
    *out = t;
    return OK;
}

static size_t string_len(span s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '"') {
            return i + 1;
        }
        i += s.ptr[i] == '\\';
    }
    return s.len;
}

/* How far the object or array at the start goes, strings looked through; 0: it does not end. */
static size_t part_len(span rest)
{
    size_t depth = 0;
    for (size_t i = 0; i < rest.len;) {
        uint8_t c = rest.ptr[i];
        depth += c == '{' || c == '[';
        if (depth == 0) {
            return 0;
        }
        if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
        i += c == '"' ? string_len((span){rest.ptr + i, rest.len - i}) : 1;
    }
    return 0;
}

static err told_name(const struct told *t, name *out)
{
    uint8_t       text[sizeof out->text];
    struct writer w = WRITER_OF(text);
    put_span(&w, name_span(&t->epoch));
    put_u8(&w, '-');
    put_decimal(&w, t->next);
    return w.bad ? NOT_TOLD : name_of(writer_span(&w), out);
}

/* Behind each comes a comma, and behind the last, which has the number of the event's id, the end. */
static err part_take(struct told *t, span *out)
{
    size_t  len = part_len(t->rest);
    uint8_t after = t->next == t->last ? ']' : ',';
    if (len == 0 || len == t->rest.len || t->rest.ptr[0] != '{' || t->rest.ptr[len] != after) {
        return NOT_TOLD;
    }
    *out = (span){t->rest.ptr, len};
    t->rest = (span){t->rest.ptr + len + 1, t->rest.len - len - 1};
    return OK;
}

static err told_next(struct told *t, struct writer *w, name *event_id)
{
    span part, all;
    TRY(part_take(t, &part));
    TRY(told_name(t, event_id));
    put_span(w, t->head);
    put_text(w, NUMBER_KEY);
    put_decimal(w, t->next++);
    put_text(w, ",\"report\":");
    put_span(w, part);
    put_u8(w, '}');
    return writer_end(w, &all);
}

err told_each(const name *event_id, span data, told_report *take, void *ctx)
{
    uint8_t     text[TOLD_MAX];
    struct told t;
    TRY(told_open(event_id, data, &t));
    while (t.next <= t.last) {
        struct writer w = WRITER_OF(text);
        name          own;
        TRY(told_next(&t, &w, &own));
        TRY(take(ctx, &own, writer_span(&w)));
    }
    return span_is(t.rest, "}") ? OK : NOT_TOLD;
}
