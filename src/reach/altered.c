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

/* The one text of another name that it could have been, or become: of the same parties, an agreement like it or an
 * arrangement, and in the other texts alone.  An amended text has a name of its own. */
static const struct agreement *other_name(const struct agreement *a, texts among, texts beside)
{
    const struct agreement *found = NULL;
    unsigned                n;
    for (unsigned i = 0; i < among.count; i++) {
        const struct agreement *o = &among.agreement[i];
        if (o->parties == a->parties && o->arrangement == a->arrangement &&
            err_is(texts_find(beside, name_span(&o->name), &n))) {
            if (found != NULL) {
                return NULL;
            }
            found = o;
        }
    }
    return found;
}

/* What `a` was before, by its name or as the one text that it can have been; NULL: nothing */
static const struct agreement *before_of(const struct agreement *a, texts was, texts is)
{
    unsigned n;
    if (!err_is(texts_find(was, name_span(&a->name), &n))) {
        return &was.agreement[n];
    }
    const struct agreement *o = other_name(a, was, is);
    return o != NULL && other_name(o, is, was) == a ? o : NULL;
}

static err text_compare(struct desk *d, const struct policies *all, const struct agreement *was,
                        const struct agreement *is, altered_tell tell, void *ctx)
{
    if (!name_equal(&was->name, &is->name)) {
        tell(ctx, &(struct altered){&is->name, "its name", name_span(&was->name),
                                    name_span(&is->name), false});
    }
    return memcmp(is->digest, was->digest, sizeof is->digest) == 0
               ? OK
               : pair_compare(d, all, was, is, tell, ctx);
}

static bool becomes_any(const struct agreement *a, texts was, texts is)
{
    for (unsigned i = 0; i < is.count; i++) {
        if (before_of(&is.agreement[i], was, is) == a) {
            return true;
        }
    }
    return false;
}

static err texts_compare(struct desk *d, const struct policies *all, texts was, texts is,
                         altered_tell tell, void *ctx)
{
    const span there = span_text("there"), none = {NULL, 0};
    for (unsigned i = 0; i < is.count; i++) {
        const struct agreement *a = &is.agreement[i], *before = before_of(a, was, is);
        if (before == NULL) {
            tell(ctx, &(struct altered){&a->name, "the text", none, there, false});
        } else {
            TRY(text_compare(d, all, before, a, tell, ctx));
        }
    }
    for (unsigned i = 0; i < was.count; i++) {
        const struct agreement *a = &was.agreement[i];
        if (!becomes_any(a, was, is)) {
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
