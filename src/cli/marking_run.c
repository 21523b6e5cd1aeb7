/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of markings read: one value, or a stream of them. */
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/marking_verbs.h"

#define LINE_VALUES_MAX CALL_ARGS_MAX

static uint8_t input[VALUE_MAX + 1];

static err stdin_read(span *out)
{
    size_t len = fread(input, 1, sizeof input, stdin);
    if (ferror(stdin)) {
        return FAIL(IO, "the standard input cannot be read");
    }
    if (len > VALUE_MAX) {
        return FAIL(LIMIT, "the value is longer than 4 MiB");
    }
    *out = (span){input, len};
    return OK;
}

static bool is_file(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

err input_read(struct call *c, unsigned i, span *out)
{
    const char *text = i < c->arg_count ? c->arg[i] : "-";
    if (strcmp(text, "-") == 0 && !call_has(c, "text")) {
        return stdin_read(out);
    }
    if (!call_has(c, "text") && is_file(text)) {
        call_about(c, "%s", text);
        TRY(file_read(text, input, VALUE_MAX, out));
        c->about[0] = 0;
        return OK;
    }
    *out = span_text(text);
    return OK;
}

err value_of_call(struct call *c, struct ground *g, unsigned i, struct value *out)
{
    span in;
    TRY(input_read(c, i, &in));
    return value_read(c, g, call_option(c, "from"), in, out);
}

err value_answer(struct call *c, struct ground *g, const struct value_form *to,
                 const struct value *v)
{
    static uint8_t buf[WRITTEN_MAX];
    struct writer  w = WRITER_OF(buf);
    TRY(value_write(c, g, to, v, &w));
    bool binary = value_form_binary(to);
    call_set_text(c, "to", span_text(to->name));
    if (c->json && binary && call_option(c, "out") == NULL) {
        static uint8_t hex[2 * WRITTEN_MAX];
        struct writer  h = WRITER_OF(hex);
        put_hex(&h, writer_span(&w));
        call_set_text(c, "hex", writer_span(&h));
        return OK;
    }
    TRY(call_write(c, writer_span(&w)));
    if (!binary && (w.len == 0 || w.ptr[w.len - 1] != '\n') && call_option(c, "out") == NULL) {
        call_tell(c, "%s", "");
    }
    return OK;
}

const char *language_of_call(const struct call *c)
{
    const char *language = call_option(c, "lang");
    return language != NULL ? language : "en";
}

/* ---- a stream ---- */

static err line_argument(struct call *c, const json_t *text)
{
    if (!json_is_string(text) || strlen(json_string_value(text)) != json_string_length(text)) {
        return FAIL(MALFORMED, "a value is a string");
    }
    if (c->arg_count == LINE_VALUES_MAX) {
        return FAIL(LIMIT, "there are more values on a line than 64");
    }
    c->arg[c->arg_count++] = json_string_value(text);
    return OK;
}

static const char *option_name(const struct call *c, const char *key)
{
    for (const struct option *o = c->verb->option; o->name != NULL; o++) {
        bool of_file = strcmp(key, "policies") == 0 || strcmp(key, "policy") == 0 ||
                       strcmp(key, "out") == 0 || strcmp(key, "lines") == 0;
        if (strcmp(o->name, key) == 0 && !of_file) {
            return o->name;
        }
    }
    return NULL;
}

static err line_member(struct call *c, const char *key, const json_t *value)
{
    if (strcmp(key, "value") == 0) {
        return line_argument(c, value);
    }
    if (strcmp(key, "values") == 0) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            TRY(line_argument(c, json_array_get(value, i)));
        }
        return json_is_array(value) ? OK : FAIL(MALFORMED, "values is an array of strings");
    }
    const char *option = option_name(c, key);
    call_about(c, "%.100s", key);
    if (option == NULL) {
        return FAIL(UNKNOWN, "the verb has no such option for one line");
    }
    if (!json_is_string(value)) {
        return FAIL(MALFORMED, "an option is a string");
    }
    if (c->given_count == CALL_OPTIONS_MAX) {
        return FAIL(LIMIT, "too many options");
    }
    c->given[c->given_count].name = option;
    c->given[c->given_count++].value = json_string_value(value);
    c->about[0] = 0;
    return OK;
}

/* A line's values are the values themselves: a stream does not open files. */
static err line_read(struct call *c, const json_t *line)
{
    const char *key;
    json_t     *value;
    if (!json_is_object(line)) {
        return FAIL(MALFORMED, "a line is one JSON object");
    }
    if (c->given_count == CALL_OPTIONS_MAX) {
        return FAIL(LIMIT, "too many options");
    }
    c->given[c->given_count].name = "text";
    c->given[c->given_count++].value = "";
    json_object_foreach((json_t *)(uintptr_t)line, key, value)
    {
        TRY(line_member(c, key, value));
    }
    if (c->arg_count == 0) {
        return FAIL(MALFORMED, "a line has the member value or values");
    }
    if (c->arg_count > c->verb->most) {
        return FAIL(MALFORMED, "this verb takes one value: a line has more");
    }
    return OK;
}

static err line_run(const struct call *all, struct ground *g, const char *text, size_t len,
                    size_t number, err (*one)(struct call *c, struct ground *g))
{
    struct call  c = *all;
    json_error_t at;
    json_t      *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
    c.json = true;
    c.arg_count = 0;
    c.about[0] = 0;
    c.answer = json_object();
    call_set_number(&c, "line", number);
    err e = line != NULL ? line_read(&c, line) : FAIL(MALFORMED, "the line is not JSON");
    e = err_is(e) ? e : one(&c, g);
    if (err_is(e)) {
        call_set_text(&c, "error", span_text(e.why));
        call_set_text(&c, "code", span_text(err_name(e.code)));
        if (c.about[0] != 0) {
            call_set_text(&c, "about", span_text(c.about));
        }
    }
    (void)json_dumpf(c.answer, c.out, JSON_COMPACT);
    (void)fputc('\n', c.out);
    json_decref(c.answer);
    json_decref(line);
    return e;
}

static err lines_run(struct call *c, struct ground *g, err (*one)(struct call *c, struct ground *g))
{
    char   *text = NULL;
    size_t  max = 0, number = 0, failed = 0;
    ssize_t len;
    while ((len = getline(&text, &max, stdin)) > 0) {
        if (span_trim((span){(const uint8_t *)text, (size_t)len}).len > 0) {
            failed += err_is(line_run(c, g, text, (size_t)len, ++number, one)) ? 1 : 0;
        } else {
            number++;
        }
    }
    free(text);
    c->about[0] = 0;
    c->json = false; /* each line has its own answer */
    if (failed > 0) {
        call_about(c, "%zu of %zu", failed, number);
        return FAIL(MALFORMED, "lines were refused");
    }
    return OK;
}

err marking_run(struct call *c, err (*one)(struct call *c, struct ground *g))
{
    static struct ground g;
    TRY(ground_open(c, &g));
    err e = call_has(c, "lines") ? lines_run(c, &g, one) : one(c, &g);
    ground_close(&g);
    return e;
}
