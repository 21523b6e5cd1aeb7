/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/law.h"

#include <stdlib.h>

#include "cli/audit.h"
#include "cli/file.h"
#include "config/nearest.h"
#include "crypt/hash.h"
#include "language/language.h"

#define FINDINGS_MAX (256 << 10) /* 64 findings with the lines they are about */

struct tables *tables_fresh(void)
{
    static struct tables t;
    memset(&t, 0, sizeof t);
    return &t;
}

/* ---- what was compiled ---- */

texts compiled_texts(const struct compiled *c)
{
    return (texts){c->agreement, c->count};
}

void compiled_done(struct compiled *c)
{
    free(c->agreement);
    *c = (struct compiled){0};
}

/* Grown by doubling: what is not used of the room is never touched. */
err compiled_room(struct compiled *c)
{
    if (c->count == TEXTS_MAX) {
        return FAIL(LIMIT, "there are more texts than are read at once, which is 256");
    }
    if (c->count == c->max) {
        unsigned          more = c->max == 0 ? 4 : 2 * c->max;
        struct agreement *grown = reallocarray(c->agreement, more, sizeof *grown);
        if (grown == NULL) {
            return FAIL(FULL, "there is no memory for the agreements");
        }
        c->agreement = grown;
        c->max = more;
    }
    return OK;
}

struct law law_fresh(enum law_use use)
{
    static struct compiled c;
    compiled_done(&c);
    return (struct law){.tables = tables_fresh(), .compiled = &c, .use = use};
}

err law_hold(const struct law *law)
{
    struct agreements *all = &law->tables->agreements;
    if (law->compiled->count > AGREEMENTS_MAX) {
        return FAIL(LIMIT, "there are more agreements than a guard holds, which is 32");
    }
    for (all->count = 0; all->count < law->compiled->count; all->count++) {
        agreement_copy(&law->compiled->agreement[all->count], &all->agreement[all->count]);
    }
    return OK;
}

/* ---- what is found in a text ---- */

static const char *const severity_word[] = {
    [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};

static json_t *finding_json(const struct diagnostic *d, const char *path)
{
    json_t *o =
        json_pack("{s:s, s:s, s:i, s:i, s:i}", "severity", severity_word[d->severity], "file", path,
                  "line", (int)d->at.line, "column", (int)d->at.column, "width", (int)d->at.width);
    (void)json_object_set_new(o, "sentence", json_span(span_text(d->sentence)));
    if (d->hint[0] != 0) {
        (void)json_object_set_new(o, "hint", json_span(span_text(d->hint)));
    }
    return o;
}

void findings_tell(struct call *c, struct diagnostics *d, const char *path, span text)
{
    static uint8_t buf[FINDINGS_MAX];
    struct writer  w = WRITER_OF(buf);
    diagnostics_sort(d);
    for (unsigned i = 0; i < d->count && c->json; i++) {
        call_append(c, "findings", finding_json(&d->item[i], path));
    }
    if (!c->json) {
        diagnostics_put(d, DIAGNOSTIC_TEXT, span_text(path), text, &w);
        (void)fwrite(w.ptr, 1, w.len, c->notes);
    }
}

/* ---- agreements ---- */

/* source - one file that is to be compiled
 *
 * opening   its first line   arrangement   as that says */
struct source {
    const char     *path;
    span            text;
    uint8_t        *buf;
    struct lex_line opening;
    bool            arrangement, done;
};

err law_source(struct call *c, const char *path, uint8_t **buf, span *text)
{
    *buf = malloc(LEX_TEXT_MAX);
    MUST(*buf != NULL);
    call_about(c, "%s", path);
    err e = file_read(path, *buf, LEX_TEXT_MAX, text);
    return e.code == ERR_LIMIT ? FAIL(LIMIT, "a text is longer than it may be, which is 1 MiB") : e;
}

static err source_open(struct call *c, const char *path, struct source *s)
{
    struct lexer lexer;
    struct place at;
    s->path = path;
    TRY(law_source(c, path, &s->buf, &s->text));
    s->arrangement = !err_is(lex_begin(s->text, &lexer, &at)) && lex_next(&lexer, &s->opening) &&
                     s->opening.count > 1 && token_is(&s->opening.token[0], "arrangement");
    return OK;
}

/* The names after `under` in an arrangement's opening line, one a call; false after the last. */
static bool parent_next(const struct lex_line *opening, unsigned *at, const struct token **out)
{
    for (unsigned i = *at; i + 1 < opening->count; i++) {
        const struct token *t = &opening->token[i + 1];
        bool                listed =
            token_is(&opening->token[i], "under") || opening->token[i].kind == TOKEN_COMMA;
        if (token_is(t, "article")) {
            return false;
        }
        if (listed && t->kind == TOKEN_WORD) {
            *at = i + 1;
            *out = t;
            return true;
        }
    }
    return false;
}

/* under X, Y … of an arrangement's opening line: the first that is not compiled yet. */
static bool parent_awaited(const struct source *s, texts have, struct token *parent)
{
    const struct token *t;
    unsigned            number, at = 2;
    while (s->arrangement && parent_next(&s->opening, &at, &t)) {
        if (err_is(texts_find(have, t->text, &number))) {
            *parent = *t;
            return true;
        }
    }
    return false;
}

/* Of the texts given and not compiled yet, the one of this name; itself is none; count when there is none. */
static unsigned source_named(const struct source *s, unsigned count, unsigned self, span named)
{
    for (unsigned i = 0; i < count; i++) {
        if (i != self && !s[i].done && s[i].arrangement &&
            span_equal(s[i].opening.token[1].text, named)) {
            return i;
        }
    }
    return count;
}

static void digest_make(const struct tables *t, struct agreement *a, span text)
{
    static uint8_t table[AGREEMENT_FORM_MAX];
    struct writer  w = WRITER_OF(table);
    sha256(text, a->text_digest);
    agreement_write(&t->policies, a, &w);
    sha256(writer_span(&w), a->digest);
}

/* The one at agreement[count] is counted. */
static err agreement_add(struct compiled *all, unsigned *place)
{
    unsigned number;
    span     named = name_span(&all->agreement[all->count].name);
    if (!err_is(texts_find(compiled_texts(all), named, &number))) {
        return FAIL(CONFLICT, "two of the files hold an agreement of this name");
    }
    *place = all->count++;
    return OK;
}

static err source_compile(struct call *c, const struct law *law, struct source *s, unsigned *place)
{
    static struct diagnostics d;
    struct compiled          *all = law->compiled;
    d = (struct diagnostics){0};
    call_about(c, "%s", s->path);
    TRY(compiled_room(all));
    struct agreement *a = &all->agreement[all->count];
    err (*compile)(span, const struct policies *, texts, struct diagnostics *, struct agreement *) =
        law->use == LAW_ANALYSED ? language_compile : language_check;
    err e = compile(s->text, &law->tables->policies, compiled_texts(all), &d, a);
    if (law->use == LAW_SIGNED) {
        diagnostics_keep_errors(&d);
    }
    findings_tell(c, &d, s->path, s->text);
    TRY(e);
    TRY(agreement_add(all, place));
    digest_make(law->tables, a, s->text);
    s->done = true;
    return OK;
}

/* ---- what is loaded already ---- */

static bool is_given(const struct source *s, unsigned count, span named)
{
    for (unsigned i = 0; i < count; i++) {
        if (s[i].opening.count > 1 && span_equal(s[i].opening.token[1].text, named)) {
            return true;
        }
    }
    return false;
}

/* Numbers differ between two readings of policies, names do not. */
static err loaded_take(const struct law *law, const struct tables *loaded,
                       const struct agreement *a)
{
    static uint8_t   table[AGREEMENT_TABLE_MAX];
    struct writer    w = WRITER_OF(table);
    struct compiled *all = law->compiled;
    unsigned         place;
    span             bytes;
    TRY(compiled_room(all));
    agreement_write(&loaded->policies, a, &w);
    TRY(writer_end(&w, &bytes));
    TRY(agreement_read(&law->tables->policies, bytes, a->digest, &all->agreement[all->count]));
    return agreement_add(all, &place);
}

/* All that this party's ledger says is loaded, but for what is given as a text. */
static err loaded_add(struct call *c, const struct law *law, const struct source *s, unsigned count)
{
    struct audit a = {0};
    err          e = OK;
    TRY(call_dir_is_party(c, law->party_dir));
    TRY(audit_ledger(&a, law->party_dir));
    const struct tables *loaded = &a.history->tables;
    for (unsigned i = 0; i < loaded->agreements.count && !err_is(e); i++) {
        const struct agreement *one = &loaded->agreements.agreement[i];
        e = is_given(s, count, name_span(&one->name)) ? OK : loaded_take(law, loaded, one);
    }
    audit_done(&a);
    return e;
}

/* What is to be signed is held against what it stands under; what is looked at goes without. */
static void orphan_tell(struct call *c, texts have, const struct source *s,
                        const struct token *parent)
{
    static struct diagnostics d;
    struct nearest            n = nearest_to(parent->text);
    d = (struct diagnostics){0};
    struct diagnostic *one = diagnostic_add(
        &d, SEVERITY_ERROR, parent->at,
        "the agreement '" SPAN_FMT "' is not here: whether this only tightens it cannot be told",
        SPAN_ARG(parent->text));
    for (unsigned i = 0; i < have.count; i++) {
        nearest_try(&n, name_span(&have.agreement[i].name));
    }
    if (nearest_found(&n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
    } else {
        diagnostic_hint(one, "give its text, or a folder of texts, by --with");
    }
    findings_tell(c, &d, s->path, s->text);
}

static err orphan_compile(struct call *c, const struct law *law, struct source *s, unsigned *place)
{
    struct token parent;
    MUST(parent_awaited(s, compiled_texts(law->compiled), &parent));
    err e = source_compile(c, law, s, place);
    if (law->use == LAW_SIGNED) {
        orphan_tell(c, compiled_texts(law->compiled), s, &parent);
        e = err_is(e) ? e : FAIL(UNKNOWN, "what the text stands under is neither given nor loaded");
    }
    return e;
}

/* ---- in which order ---- */

static void ring_member_tell(struct call *c, const struct source *s, const struct token *parent)
{
    static struct diagnostics d;
    d = (struct diagnostics){0};
    diagnostic_hint(diagnostic_add(&d, SEVERITY_ERROR, parent->at,
                                   "'" SPAN_FMT "' stands itself under this arrangement, so "
                                   "neither can be read before the other",
                                   SPAN_ARG(parent->text)),
                    "an agreement or another arrangement is at the top: strike one of the 'under'");
    findings_tell(c, &d, s->path, s->text);
}

/* Each of the texts that are left waits for another of them: from any, as many steps as there are texts
 * lead into a ring. */
static err ring_tell(struct call *c, texts have, const struct source *s, unsigned count,
                     unsigned from)
{
    struct token parent;
    unsigned     at = from;
    for (unsigned i = 0; i < count; i++) {
        MUST(parent_awaited(&s[at], have, &parent));
        at = source_named(s, count, at, parent.text);
    }
    unsigned first = at;
    do {
        MUST(parent_awaited(&s[at], have, &parent));
        ring_member_tell(c, &s[at], &parent);
        at = source_named(s, count, at, parent.text);
    } while (at != first);
    call_about(c, "%s", s[first].path);
    return FAIL(CONFLICT, "arrangements stand under each other");
}

/* When no text has all its parents: the first that waits for one that is not given at all. */
static err source_orphan(struct call *c, texts have, const struct source *s, unsigned count,
                         unsigned *out)
{
    unsigned left = count;
    for (unsigned i = 0; i < count; i++) {
        struct token parent;
        if (s[i].done) {
            continue;
        }
        left = i;
        if (parent_awaited(&s[i], have, &parent) &&
            source_named(s, count, i, parent.text) == count) {
            *out = i;
            return OK;
        }
    }
    return ring_tell(c, have, s, count, left);
}

/* Round after round whatever has its parents; what waits for one that is not given goes without. */
static err sources_compile(struct call *c, const struct law *law, struct source *s, unsigned count,
                           unsigned place[])
{
    struct token parent;
    bool         asked = law->party_dir == NULL;
    for (unsigned left = count; left > 0;) {
        unsigned before = left, orphan = 0;
        for (unsigned i = 0; i < count; i++) {
            if (!s[i].done && !parent_awaited(&s[i], compiled_texts(law->compiled), &parent)) {
                TRY(source_compile(c, law, &s[i], &place[i]));
                left--;
            }
        }
        if (left == before) {
            TRY(source_orphan(c, compiled_texts(law->compiled), s, count, &orphan));
            TRY(asked ? orphan_compile(c, law, &s[orphan], &place[orphan])
                      : loaded_add(c, law, s, count));
            left -= asked ? 1 : 0;
            asked = true;
        }
    }
    return OK;
}

err law_agreements(struct call *c, const struct law *law, const char *const path[], unsigned count,
                   unsigned place[])
{
    struct source *s = calloc(count + 1, sizeof *s);
    err            e = OK;
    MUST(s != NULL);
    for (unsigned i = 0; i < count && !err_is(e); i++) {
        e = source_open(c, path[i], &s[i]);
    }
    if (!err_is(e)) {
        e = sources_compile(c, law, s, count, place);
    }
    for (unsigned i = 0; i < count; i++) {
        free(s[i].buf);
    }
    free(s);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

/* ---- national rules ---- */

err law_file_is_rules(struct call *c, const char *path, bool *out)
{
    struct source s;
    err           e = source_open(c, path, &s);
    *out = !err_is(e) && language_is_rules(s.text);
    free(s.buf);
    return e;
}

err law_rules(struct call *c, const struct law *law, const char *path)
{
    static struct diagnostics d;
    static uint8_t            table[AGREEMENT_TABLE_MAX];
    struct writer             w = WRITER_OF(table);
    struct rules             *r = &law->tables->rules;
    struct source             s;
    d = (struct diagnostics){0};
    err e = source_open(c, path, &s);
    if (!err_is(e)) {
        e = law->use != LAW_ANALYSED
                ? language_check_rules(s.text, &law->tables->policies,
                                       compiled_texts(law->compiled), &d, r)
                : language_compile_rules(s.text, &law->tables->policies, &d, r);
        if (law->use == LAW_SIGNED) {
            diagnostics_keep_errors(&d);
        }
        findings_tell(c, &d, path, s.text);
    }
    free(s.buf);
    TRY(e);
    rules_write(&law->tables->policies, r, &w);
    sha256(writer_span(&w), r->digest);
    c->about[0] = 0;
    return OK;
}
