/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of markings read and answer. */
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/marking_options.h"
#include "cli/marking_verbs.h"

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

err input_named(struct call *c, const char *text, span *out)
{
    if (strcmp(text, "-") == 0 && !call_has(c, "text")) {
        return stdin_read(out);
    }
    if (!call_has(c, "text") && is_file(text)) {
        call_about(c, "%s", text);
        err e = file_read(text, input, VALUE_MAX, out);
        if (err_is(e)) {
            return e.code == ERR_LIMIT ? FAIL(LIMIT, "the value is longer than 4 MiB") : e;
        }
        c->about[0] = 0;
        return OK;
    }
    *out = span_text(text);
    return OK;
}

err input_read(struct call *c, unsigned i, span *out)
{
    return input_named(c, i < c->arg_count ? c->arg[i] : "-", out);
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

err marking_run(struct call *c, err (*one)(struct call *c, struct ground *g))
{
    static struct ground g;
    TRY(ground_open(c, &g));
    err e = options_check(c, &g);
    e = err_is(e) ? e : call_has(c, "lines") ? marking_lines(c, &g, one) : one(c, &g);
    ground_close(&g);
    return e;
}
