/* SPDX-License-Identifier: Apache-2.0 */
/* agreement fmt and agreement grammar: the text as everybody writes it. */
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/law.h"
#include "cli/verbs.h"
#include "language/ebnf.h"
#include "language/format.h"

/* formatting - one file: what it is and what it would be */
struct formatting {
    const char *path;
    span        text;
    uint8_t    *buf, *out;
};

static void formatting_free(struct formatting *f)
{
    free(f->buf);
    free(f->out);
}
#define FORMATTING __attribute__((cleanup(formatting_free))) struct formatting

static err write_back(struct call *c, const char *path, span text)
{
    struct stat st;
    mode_t      mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0644;
    call_about(c, "%s", path);
    return file_replace(path, text, mode);
}

/* What is done with it: --check only looks, --write puts it back, otherwise it is shown. */
static err formatted_give(struct call *c, const struct formatting *f, span text, bool *all_same)
{
    bool    same = span_equal(text, f->text);
    json_t *row = json_pack("{s:s, s:b}", "file", f->path, "canonical", same);
    if (call_has(c, "check")) {
        *all_same = same && *all_same;
        if (!same) {
            call_tell(c, "%s", f->path);
        }
    } else if (call_has(c, "write")) {
        TRY(same ? OK : write_back(c, f->path, text));
    } else if (c->json) {
        (void)json_object_set_new(row, "text", json_span(text));
    } else {
        (void)fwrite(text.ptr, 1, text.len, c->out);
    }
    call_append(c, "files", row);
    return OK;
}

static err file_format(struct call *c, const char *path, bool *all_same)
{
    static struct diagnostics d;
    FORMATTING                f = {.path = path};
    d = (struct diagnostics){0};
    TRY(law_source(c, path, &f.buf, &f.text));
    f.out = malloc(LEX_TEXT_MAX);
    MUST(f.out != NULL);
    struct writer w = writer_of(f.out, LEX_TEXT_MAX);
    err           e = language_format(f.text, &d, &w);
    findings_tell(c, &d, path, f.text);
    TRY(e);
    return formatted_give(c, &f, writer_span(&w), all_same);
}

err do_agreement_fmt(struct call *c)
{
    bool all_same = true;
    for (unsigned i = 0; i < c->arg_count; i++) {
        TRY(file_format(c, c->arg[i], &all_same));
    }
    c->about[0] = 0;
    return all_same ? OK : FAIL(CONFLICT, "these texts are not as fmt writes them");
}

err do_agreement_grammar(struct call *c)
{
    static uint8_t buf[EBNF_MAX];
    struct writer  w = WRITER_OF(buf);
    span           text;
    language_ebnf(&w);
    TRY(writer_end(&w, &text));
    call_set_text(c, "grammar", text);
    if (!c->json) {
        (void)fwrite(text.ptr, 1, text.len, c->out);
    }
    return OK;
}
