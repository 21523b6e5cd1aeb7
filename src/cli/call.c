/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"

#include <stdarg.h>

#include "cli/file.h"

const char *call_option_each(const struct call *c, const char *wanted, unsigned i)
{
    for (unsigned k = 0; k < c->given_count; k++) {
        if (strcmp(c->given[k].name, wanted) == 0 && i-- == 0) {
            return c->given[k].value;
        }
    }
    return NULL;
}

const char *call_option(const struct call *c, const char *wanted)
{
    const char *last = NULL, *next;
    for (unsigned i = 0; (next = call_option_each(c, wanted, i)) != NULL; i++) {
        last = next;
    }
    return last;
}

bool call_has(const struct call *c, const char *wanted)
{
    return call_option(c, wanted) != NULL;
}

err call_misuse(struct call *c, err e)
{
    c->misused = true;
    return e;
}

const char *call_code(const struct call *c, err e)
{
    return c->misused ? "usage" : c->held ? "held" : err_name(e.code);
}

err call_need(struct call *c, const char *wanted, const char **out)
{
    const char *value = call_option(c, wanted);
    if (value == NULL) {
        call_about(c, "--%s", wanted);
        return call_misuse(c, FAIL(MALFORMED, "an option that is needed is missing"));
    }
    *out = value;
    return OK;
}

void call_about(struct call *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(c->about, sizeof c->about, format, args);
    va_end(args);
}

void call_tell(struct call *c, const char *format, ...)
{
    va_list args;
    if (c->json || c->waits) {
        return;
    }
    va_start(args, format);
    (void)vfprintf(c->out, format, args);
    (void)fputc('\n', c->out);
    va_end(args);
}

void call_note(struct call *c, const char *format, ...)
{
    va_list args;
    if (c->quiet) {
        return;
    }
    va_start(args, format);
    (void)vfprintf(c->notes, format, args);
    (void)fputc('\n', c->notes);
    va_end(args);
}

json_t *json_span(span text)
{
    json_t *s = json_stringn((const char *)text.ptr, text.len);
    return s == NULL ? json_null() : s;
}

void call_set(struct call *c, const char *key, json_t *value)
{
    (void)json_object_set_new(c->answer, key, value);
}

void call_set_text(struct call *c, const char *key, span text)
{
    call_set(c, key, text.len == 0 ? json_string("") : json_span(text));
}

void call_set_hex(struct call *c, const char *key, span bytes)
{
    uint8_t       text[256];
    struct writer w = WRITER_OF(text);
    put_hex(&w, bytes);
    call_set_text(c, key, writer_span(&w));
}

void call_set_number(struct call *c, const char *key, uint64_t value)
{
    call_set(c, key, json_integer((json_int_t)value));
}

void call_append(struct call *c, const char *key, json_t *row)
{
    json_t *list = json_object_get(c->answer, key);
    if (list == NULL) {
        list = json_array();
        call_set(c, key, list);
    }
    (void)json_array_append_new(list, row);
}

static err write_with(struct call *c, span bytes, err (*put)(const char *, span, mode_t))
{
    const char *path = call_option(c, "out");
    if (path != NULL) {
        call_about(c, "%s", path);
        TRY(put(path, bytes, 0644));
        c->about[0] = 0;
        call_set_text(c, "out", span_text(path));
        return OK;
    }
    if (c->json) {
        call_set_text(c, "text", bytes);
        return OK;
    }
    bool written = fwrite(bytes.ptr, 1, bytes.len, c->out) == bytes.len;
    return written ? OK : FAIL(IO, "the standard output cannot be written");
}

err call_write(struct call *c, span bytes)
{
    return write_with(c, bytes, file_replace);
}

err call_write_new(struct call *c, span bytes)
{
    return write_with(c, bytes, file_create);
}
