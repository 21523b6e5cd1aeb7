/* SPDX-License-Identifier: Apache-2.0 */
/* assert: sentences about what can flow, proved or refuted. */
#include "cli/reach_law.h"

#include <unistd.h>

#include "base/lines.h"
#include "cli/file.h"
#include "cli/verbs.h"
#include "config/diagnostic.h"
#include "reach/claim.h"

#define CLAIMS_TEXT_MAX (64 << 10)

/* asked - one claim; pairs: how many pairs of parties were looked at */
struct asked {
    struct call    *call;
    struct footing *g;
    span            text;
    struct claim    claim;
    bool            holds, shown;
    json_t         *answer;
};

static void missing_tell(struct asked *a, const struct reach *r, const struct finding *f)
{
    const struct corpus *l = a->g->law;
    call_tell(a->call,
              "    %s of level %s:%s from %s to %s, of all these disciplines and topics, does not.",
              kind_name(f->kind), l->policy[f->policy].text, l->level[f->policy][f->rank].text,
              l->parties.name[r->query.from].text, l->parties.name[r->query.to].text);
    (void)json_object_set_new(a->answer, "kind", json_string(kind_name(f->kind)));
    (void)json_object_set_new(a->answer, "level", json_string(l->level[f->policy][f->rank].text));
}

/* What shows it: one is enough, and it is a witness that the evaluator judged. */
static err show(struct asked *a, const struct reach *r, const struct finding *f)
{
    static struct witness x;
    a->shown = true;
    call_tell(a->call, "%s: " SPAN_FMT, a->claim.sort == CLAIM_SOME ? "proved" : "refuted",
              SPAN_ARG(a->text));
    if (!f->shown) {
        missing_tell(a, r, f);
        return OK;
    }
    TRY(footing_witness(a->call, a->g, &f->row, &x));
    (void)json_object_set_new(a->answer, "row", row_json(a->g, &f->row, &x));
    row_tell(a->call, a->g, &f->row, 1, &x);
    return OK;
}

static err pair_judge(struct asked *a, uint8_t from, uint8_t to)
{
    struct query q = claim_query(&a->claim, from, to);
    struct reach r;
    err          e = reach_find(a->g->law, &q, &r);
    if (!err_is(e)) {
        struct finding f = claim_judge(a->g->law, &a->claim, &r);
        bool           some = a->claim.sort == CLAIM_SOME;
        a->holds = some ? a->holds || f.holds : a->holds && f.holds;
        e = !a->shown && f.holds == some ? show(a, &r, &f) : OK;
    }
    reach_done(&r);
    return e;
}

static err claim_ask(struct asked *a)
{
    set64 from = a->claim.from, to = a->claim.to;
    a->holds = a->claim.sort != CLAIM_SOME;
    for (unsigned f = set_next(from, 0); f < SET64_MAX; f = set_next(from, f + 1)) {
        for (unsigned t = set_next(to, 0); t < SET64_MAX; t = set_next(to, t + 1)) {
            if (f != t && f != a->claim.via && t != a->claim.via) {
                TRY(pair_judge(a, (uint8_t)f, (uint8_t)t));
            }
        }
    }
    if (!a->shown) {
        call_tell(a->call, "%s: " SPAN_FMT, a->holds ? "proved" : "refuted", SPAN_ARG(a->text));
    }
    return OK;
}

/* judged - what came of all sentences
 *
 * count    those that were judged
 * unread   those of files that are no sentences: told of, and the rest is judged */
struct judged {
    bool     all;
    unsigned count, unread;
};

static err line_judge(struct call *c, struct footing *g, span text, struct judged *j)
{
    struct asked a = {.call = c, .g = g, .text = text, .answer = json_object()};
    span         about;
    err          e = claim_read(g->law, text, &a.claim, &about);
    if (err_is(e)) {
        call_about(c, SPAN_FMT ": " SPAN_FMT, SPAN_ARG(text), SPAN_ARG(about));
    } else {
        e = claim_ask(&a);
        (void)json_object_set_new(a.answer, "claim", json_span(text));
        (void)json_object_set_new(a.answer, "holds", json_boolean(a.holds));
        j->all = j->all && a.holds;
    }
    if (err_is(e)) {
        json_decref(a.answer);
        return e;
    }
    call_append(c, "claims", a.answer);
    j->count++;
    return OK;
}

static uint32_t characters_in(const uint8_t *from, const uint8_t *to)
{
    uint32_t count = 0;
    for (; from < to; from++) {
        count += (*from & 0xc0) != 0x80;
    }
    return count;
}

/* Is it a sentence?  Otherwise it is told with its place. */
static bool line_reads(const struct footing *g, span line, span sentence, uint32_t number,
                       struct diagnostics *d)
{
    struct claim claim;
    utf8         text;
    span         about = {NULL, 0};
    err          e = text_utf8(line, &text);
    e = err_is(e) ? e : claim_read(g->law, sentence, &claim, &about);
    if (err_is(e)) {
        span         at = about.len > 0 ? about : sentence;
        struct place place = {number, 1 + characters_in(line.ptr, at.ptr),
                              characters_in(at.ptr, at.ptr + at.len)};
        diagnostic_add(d, SEVERITY_ERROR, place, "%s", e.why);
    }
    return !err_is(e);
}

/* One sentence a line; `#` starts a comment. */
static err lines_judge(struct call *c, struct footing *g, span text, struct diagnostics *d,
                       struct judged *j)
{
    for (uint32_t number = 1; text.len > 0; number++) {
        span line = span_cut(&text, '\n'), rest = line;
        span sentence = span_trim(span_cut(&rest, '#'));
        if (sentence.len > 0 && (d == NULL || line_reads(g, line, sentence, number, d))) {
            TRY(line_judge(c, g, sentence, j));
        }
    }
    return OK;
}

static err file_judge(struct call *c, struct footing *g, const char *path, struct judged *j)
{
    static uint8_t            buf[CLAIMS_TEXT_MAX];
    static struct diagnostics d;
    span                      text;
    d = (struct diagnostics){0};
    call_about(c, "%s", path);
    err e = file_read(path, buf, sizeof buf, &text);
    if (e.code == ERR_LIMIT) {
        return FAIL(LIMIT, "a file of sentences is longer than it may be, which is 64 KiB");
    }
    TRY(e);
    unsigned before = j->count;
    e = lines_judge(c, g, text, &d, j);
    if (!err_is(e) && j->count == before && d.errors == 0) {
        return FAIL(MALFORMED, "the file holds no sentence");
    }
    findings_tell(c, &d, path, text);
    j->unread += d.errors;
    return e;
}

static err all_judge(struct call *c, struct footing *g, struct judged *j)
{
    const char *path;
    if (!call_has(c, "file") && c->arg_count == 0) {
        return FAIL(MALFORMED, "there is nothing to assert: give a sentence or --file");
    }
    for (unsigned i = 0; i < c->arg_count; i++) {
        if (span_trim(span_text(c->arg[i])).len == 0) {
            return FAIL(MALFORMED, "a sentence is empty");
        }
        TRY(lines_judge(c, g, span_text(c->arg[i]), NULL, j));
    }
    for (unsigned i = 0; (path = call_option_each(c, "file", i)) != NULL; i++) {
        TRY(file_judge(c, g, path, j));
    }
    if (j->unread > 0) {
        c->about[0] = 0;
        return FAIL(MALFORMED, "a line is no sentence: the others are judged, and it is not");
    }
    return OK;
}

/* Elsewhere agreements are arguments; here they would be read as sentences. */
static err sentences_given(struct call *c)
{
    for (unsigned i = 0; i < c->arg_count; i++) {
        if (access(c->arg[i], F_OK) == 0) {
            call_about(c, "%s", c->arg[i]);
            return FAIL(MALFORMED,
                        "this is a file and no sentence: give agreements by --agreement, "
                        "and sentences by --file");
        }
    }
    return OK;
}

err do_assert(struct call *c)
{
    struct footing g = {0};
    struct judged  j = {.all = true};
    err            e = sentences_given(c);
    e = err_is(e) ? e : footing_of_call(c, false, &g);
    e = err_is(e) ? e : all_judge(c, &g, &j);
    footing_done(&g);
    if (err_is(e)) {
        return call_misuse(c, e); /* so that the status 1 says that something is refuted */
    }
    c->about[0] = 0;
    call_tell(c, "\n" NOT_SAID);
    return j.all ? OK : FAIL(CONFLICT, "what was asserted does not hold");
}
