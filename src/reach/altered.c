/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/altered.h"

#include <stdlib.h>

#include "reach/parts.h"

/* desk - room for one part of both, and for what differs in it */
struct desk {
    uint8_t here[ALTERED_TEXT_MAX], there[ALTERED_TEXT_MAX], was[ALTERED_TEXT_MAX],
        is[ALTERED_TEXT_MAX];
};

static bool line_in(span lines, span wanted)
{
    bool in = false;
    while (lines.len > 0 && !in) {
        in = span_equal(span_cut(&lines, '\n'), wanted);
    }
    return in;
}

static void put_only(span lines, span others, struct writer *w)
{
    while (lines.len > 0) {
        span line = span_cut(&lines, '\n'), rest = line;
        if (!line_in(others, line)) {
            put_text(w, w->len > 0 ? "; " : "");
            put_span(w, span_cut(&rest, '|'));
        }
    }
}

/* The same definitions under other names? */
static bool only_renamed(span was, span is)
{
    span   others = is;
    size_t count = 0;
    while (was.len > 0) {
        span line = span_cut(&was, '\n'), left = is;
        bool in = false;
        (void)span_cut(&line, ' ');
        while (left.len > 0 && !in) {
            span other = span_cut(&left, '\n');
            (void)span_cut(&other, ' ');
            in = span_equal(line, other);
        }
        if (!in) {
            return false;
        }
        count++;
    }
    for (; others.len > 0; count--) {
        (void)span_cut(&others, '\n');
    }
    return count == 0;
}

/* Where only the order of lines differs, that is what is told: of two equal lines the first counts. */
static void part_compare(struct desk *d, const struct part *p, struct altered *out)
{
    struct writer w = WRITER_OF(d->was), i = WRITER_OF(d->is);
    span          was = out->was, is = out->is;
    if (span_equal(was, is)) {
        out->was = out->is = (span){NULL, 0};
        return;
    }
    put_only(was, is, &w);
    put_only(is, was, &i);
    if (w.len + i.len == 0) {
        put_text(&i, "in another order, or more than once");
    }
    *out = (struct altered){out->agreement, p->text, writer_span(&w), writer_span(&i),
                            p->sort == PART_JUDGED ||
                                (p->sort == PART_DEFINES && only_renamed(was, is))};
}

static err pair_compare(struct desk *d, const struct policies *all, const struct agreement *was,
                        const struct agreement *is, altered_tell tell, void *ctx)
{
    for (size_t k = 0; k < PARTS_COUNT; k++) {
        struct writer w = WRITER_OF(d->here), i = WRITER_OF(d->there);
        parts[k].put(all, was, &w);
        parts[k].put(all, is, &i);
        if (w.bad || i.bad) {
            return FAIL(LIMIT, "a text says more in one of its parts than two can be compared of");
        }
        struct altered one = {
            .agreement = &is->name, .was = writer_span(&w), .is = writer_span(&i)};
        part_compare(d, &parts[k], &one);
        if (one.was.len + one.is.len > 0) {
            tell(ctx, &one);
        }
    }
    return OK;
}

static err texts_compare(struct desk *d, const struct policies *all, texts was, texts is,
                         altered_tell tell, void *ctx)
{
    const span there = span_text("there"), none = {NULL, 0};
    unsigned   n;
    for (unsigned i = 0; i < is.count; i++) {
        const struct agreement *a = &is.agreement[i];
        if (err_is(texts_find(was, name_span(&a->name), &n))) {
            tell(ctx, &(struct altered){&a->name, "the text", none, there, false});
        } else if (memcmp(a->digest, was.agreement[n].digest, sizeof a->digest) != 0) {
            TRY(pair_compare(d, all, &was.agreement[n], a, tell, ctx));
        }
    }
    for (unsigned i = 0; i < was.count; i++) {
        const struct agreement *a = &was.agreement[i];
        if (err_is(texts_find(is, name_span(&a->name), &n))) {
            tell(ctx, &(struct altered){&a->name, "the text", there, none, false});
        }
    }
    return OK;
}

err altered_each(const struct policies *all, texts was, texts is, altered_tell tell, void *ctx)
{
    struct desk *d = malloc(sizeof *d);
    if (d == NULL) {
        return FAIL(FULL, "there is no memory to compare the texts");
    }
    err e = texts_compare(d, all, was, is, tell, ctx);
    free(d);
    return e;
}
