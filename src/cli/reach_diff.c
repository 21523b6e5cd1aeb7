/* SPDX-License-Identifier: Apache-2.0 */
/* diff: what a change of texts lets flow, stops, and asks of receivers. */
#include <stdlib.h>

#include "cli/reach_law.h"

#include "cli/verbs.h"
#include "reach/altered.h"
#include "reach/apart.h"
#include "reach/diff.h"
#include "reach/owing.h"
#include "reach/text.h"

#define LINE_MAX_LEN 4096
#define PART_SHOWN   2000 /* of what one part says: the rest is cut, and said to be */

enum sort { SORT_POSSIBLE, SORT_IMPOSSIBLE, SORT_DUTIES, SORT_COUNT };

/* sides - the law before and after
 *
 * section   what is told of each sort, pair after pair; counts: how many rows, and of parts that differ by terms alone
 * left      how much is still looked at, as diff_rows says */
struct sides {
    struct call   *call;
    struct footing before, after;
    struct apart   apart;
    unsigned       possible, impossible, duties, terms, unshown, unsearched, left;
    json_t        *parts; /* clauses and titles that differ */
    struct {
        FILE  *out;
        char  *text;
        size_t len;
    } section[SORT_COUNT];
};

static const struct names *parties(const struct sides *s)
{
    return &s->after.law->parties;
}

/* ---- newly possible, newly impossible ---- */

/* telling - which way round: rows of `here` that `there` does not have */
struct telling {
    struct footing *here, *there;
    const char     *member, *heading, *fresh;
    unsigned       *count;
};

static void fresh_tell(struct call *c, const struct telling *t, const struct difference *d,
                       json_t *o)
{
    uint8_t       buf[LINE_MAX_LEN];
    struct writer w = WRITER_OF(buf);
    set_format(&t->here->law->topics, d->topics, &w);
    put_text(&w, d->topics != 0 && d->disciplines != 0 ? "; " : "");
    set_format(&t->here->law->disciplines, d->disciplines, &w);
    if (d->topics == d->row.flow.topics && d->disciplines == d->row.flow.disciplines) {
        w.len = 0;
        put_text(&w, d->otherwise ? "all of it on these terms; some of it on others" : "all of it");
    } else if (w.len == 0) {
        put_text(&w, "that they come together, or the terms");
    }
    call_tell(c, "    %-14s %.*s\n", t->fresh, (int)w.len, (const char *)w.ptr);
    (void)json_object_set_new(o, "differs", json_span(writer_span(&w)));
}

/* One crossing under the other law, its assurance given under one agreement after another: is it given there, as a
 * level that is said to be new? */
static bool goes_there(struct footing *there, const struct difference *d, const struct witness *x)
{
    const struct corpus_set none = {0};
    const struct piece     *p = d->row.leg[0].piece;
    struct crossing         c = x->leg[0].crossing;
    unsigned                levels = 0;
    bool                    goes = false;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        levels |= r == c.marking.level.rank ? d->row.flow.ranks[r] : 0;
    }
    if (!ground_take(&there->ground, there->law, &p->leg, &none)) {
        return false;
    }
    c.standing = ground_standing(&there->ground, there->law);
    for (unsigned a = 0; a < there->ground.tables->agreements.count && !goes; a++) {
        c.assurance.agreement = (uint8_t)a;
        struct verdict v = verdict_by_reading(there->ground.tables, &c);
        goes = v.outcome == OUTCOME_RELEASE && v.equivalent_policy == d->row.flow.policy &&
               (v.equivalents & levels & x->leg[0].verdict.equivalents) != 0;
    }
    return goes;
}

/* Released here, and not there: where it takes one crossing the evaluator is asked of both. */
static err difference_witness(struct sides *s, const struct telling *t, const struct difference *d,
                              struct witness *x)
{
    struct row part = d->row;
    part.flow.topics = d->shown.topics;
    part.flow.disciplines = d->shown.disciplines;
    part.flow.needs = d->shown.needs;
    witness_at(t->here->law, &t->here->ground, &part, &d->at, x);
    bool differs = !x->found && !x->wide;
    if (x->found && d->row.leg_count == 1) {
        differs = goes_there(t->there, d, x);
    }
    if (differs) {
        call_about(s->call, "%s", "");
        return FAIL(CONFLICT,
                    "what is said to differ here does not by the evaluator: the two disagree, so "
                    "nothing of this answer is to be relied on");
    }
    return OK;
}

static err row_differs(struct sides *s, const struct telling *t, const struct difference *d,
                       const struct query *q)
{
    static struct witness x;
    TRY(difference_witness(s, t, d, &x));
    if ((*t->count)++ == 0) {
        call_tell(s->call, "%s", t->heading);
    }
    call_tell(s->call, "%s to %s", parties(s)->name[q->from].text, parties(s)->name[q->to].text);
    row_tell(s->call, t->here, &d->row, *t->count, &x);
    json_t *o = row_json(t->here, &d->row, &x);
    (void)json_object_set_new(o, "from", json_span(name_span(&parties(s)->name[q->from])));
    (void)json_object_set_new(o, "to", json_span(name_span(&parties(s)->name[q->to])));
    fresh_tell(s->call, t, d, o);
    call_append(s->call, t->member, o);
    return OK;
}

static err pair_differs(struct sides *s, const struct telling *t, const struct reach *here,
                        const struct reach *there)
{
    struct diff d = {0};
    err         e = diff_rows(here, there, t->here->now, &s->left, &d);
    s->unshown += d.unshown;
    s->unsearched += d.unsearched;
    for (size_t i = 0; i < d.count && !err_is(e); i++) {
        e = row_differs(s, t, &d.difference[i], &here->query);
    }
    free(d.difference);
    return e;
}

/* ---- changed duties ---- */

static void asked_format(const struct asked_of *a, struct writer *w)
{
    owed_format(&a->owed, w);
    put_text(w, w->len > 0 ? "; at " : "nothing; at ");
    put_text(w, precedence_name(a->precedence));
}

static err duties_tell(struct sides *s, const struct owing *d)
{
    static struct witness x;
    uint8_t               old_text[LINE_MAX_LEN], new_text[LINE_MAX_LEN];
    struct writer         o = WRITER_OF(old_text), n = WRITER_OF(new_text);
    const struct leg     *leg = &d->leg.piece->leg;
    const char           *from = parties(s)->name[leg->from].text;
    const char           *to = parties(s)->name[leg->to].text;
    asked_format(&d->was, &o);
    asked_format(&d->is, &n);
    TRY(footing_witness(s->call, &s->after, &d->row, &x));
    call_tell(s->call, s->duties++ == 0 ? "CHANGED DUTIES\n\n%s to %s" : "%s to %s", from, to);
    row_tell(s->call, &s->after, &d->row, s->duties, &x);
    call_tell(s->call, "    was owed       %.*s\n    is owed        %.*s\n", (int)o.len,
              (const char *)o.ptr, (int)n.len, (const char *)n.ptr);
    json_t *j = row_json(&s->after, &d->row, &x);
    (void)json_object_set_new(j, "from", json_string(from));
    (void)json_object_set_new(j, "to", json_string(to));
    (void)json_object_set_new(j, "before", json_span(writer_span(&o)));
    (void)json_object_set_new(j, "after", json_span(writer_span(&n)));
    call_append(s->call, "duties", j);
    return OK;
}

static err route_duties(struct sides *s, uint8_t from, uint8_t to, uint8_t via)
{
    struct owings o = {.was = s->before.law,
                       .is = s->after.law,
                       .was_ground = &s->before.ground,
                       .is_ground = &s->after.ground,
                       .now = s->after.now};
    err           e = owings_find(&o, from, to, via);
    for (size_t i = 0; i < o.count && !err_is(e); i++) {
        e = duties_tell(s, &o.owing[i]);
    }
    owings_done(&o);
    return e;
}

static err pair_duties(struct sides *s, uint8_t from, uint8_t to)
{
    TRY(route_duties(s, from, to, PARTY_NONE));
    for (unsigned hub = 0; hub < parties(s)->count; hub++) {
        if (hub != from && hub != to) {
            TRY(route_duties(s, from, to, (uint8_t)hub));
        }
    }
    return OK;
}

/* ---- the texts themselves ---- */

static void said_put(struct sides *s, const char *when, span said)
{
    bool long_one = said.len > PART_SHOWN;
    call_tell(s->call, "    %-14s %.*s%s", when, (int)(long_one ? PART_SHOWN : said.len),
              (const char *)said.ptr, long_one ? " …" : "");
}

/* What is judged is told as flow and duties; it is named when nothing else is. */
static void part_tell(void *ctx, const struct altered *a)
{
    struct sides *s = ctx;
    json_t       *o = json_pack("{s:s, s:s}", "agreement", a->agreement->text, "part", a->part);
    (void)json_object_set_new(o, "before", json_span(a->was));
    (void)json_object_set_new(o, "after", json_span(a->is));
    if (a->judged) {
        (void)json_array_append_new(s->parts, o);
        return;
    }
    if (s->terms++ == 0) {
        call_tell(s->call, "CHANGED TERMS");
    }
    call_tell(s->call, "%s: %s", a->agreement->text, a->part);
    said_put(s, "was", a->was);
    said_put(s, "is", a->is);
    call_append(s->call, "terms", o);
}

static err terms_tell(struct sides *s)
{
    s->parts = json_array();
    call_set(s->call, "terms", json_array());
    err e = altered_each(&s->after.ground.tables->policies, s->before.ground.texts,
                         s->after.ground.texts, part_tell, s);
    call_set(s->call, "parts", s->parts);
    return e;
}

static void parts_tell(struct sides *s)
{
    size_t  i;
    json_t *o;
    call_tell(s->call,
              "No %sdifference was found in what flows and what is asked of who gets it, "
              "though parts of the texts differ:",
              s->unsearched > 0 ? "other " : "");
    json_array_foreach(s->parts, i, o)
    {
        const char *was = json_string_value(json_object_get(o, "before"));
        const char *is = json_string_value(json_object_get(o, "after"));
        call_tell(s->call, "%s: %s", json_string_value(json_object_get(o, "agreement")),
                  json_string_value(json_object_get(o, "part")));
        said_put(s, "was", span_text(was));
        said_put(s, "is", span_text(is));
    }
}

/* ---- all pairs ---- */

static err pair_sorts(struct sides *s, struct reach *before, struct reach *after)
{
    const struct telling more = {&s->after,          &s->before, "possible",
                                 "NEWLY POSSIBLE\n", "new",      &s->possible};
    const struct telling less = {&s->before,           &s->after, "impossible",
                                 "NEWLY IMPOSSIBLE\n", "gone",    &s->impossible};
    s->call->out = s->section[SORT_POSSIBLE].out;
    TRY(pair_differs(s, &more, after, before));
    s->call->out = s->section[SORT_IMPOSSIBLE].out;
    TRY(pair_differs(s, &less, before, after));
    s->call->out = s->section[SORT_DUTIES].out;
    return pair_duties(s, before->query.from, before->query.to);
}

static err pair_tell(struct sides *s, uint8_t from, uint8_t to)
{
    const struct query q = {from, to, PARTY_NONE};
    struct reach       before, after = {0};
    if (from == to || !apart_may(&s->apart, from, to)) {
        return OK;
    }
    err e = reach_find(s->before.law, &q, &before);
    e = err_is(e) ? e : reach_find(s->after.law, &q, &after);
    e = err_is(e) ? e : pair_sorts(s, &before, &after);
    reach_done(&before);
    reach_done(&after);
    return e;
}

/* Those of the option, or all. */
static err parties_asked(const struct sides *s, const char *option, set64 *out)
{
    uint8_t one;
    *out = names_all(parties(s));
    if (call_has(s->call, option)) {
        TRY(footing_party(s->call, &s->after, option, &one));
        *out = set_one(one);
    }
    return OK;
}

static err pairs_tell(struct sides *s)
{
    set64 givers, receivers;
    TRY(parties_asked(s, "from", &givers));
    TRY(parties_asked(s, "to", &receivers));
    for (unsigned f = set_next(givers, 0); f < SET64_MAX; f = set_next(givers, f + 1)) {
        for (unsigned t = set_next(receivers, 0); t < SET64_MAX; t = set_next(receivers, t + 1)) {
            TRY(pair_tell(s, (uint8_t)f, (uint8_t)t));
        }
    }
    return OK;
}

/* The sorts stand one after the other, and each pair is searched once: so what is told is gathered. */
static err sections_tell(struct sides *s)
{
    FILE *out = s->call->out;
    for (int i = 0; i < SORT_COUNT; i++) {
        s->section[i].out = open_memstream(&s->section[i].text, &s->section[i].len);
        MUST(s->section[i].out != NULL);
    }
    err e = pairs_tell(s);
    s->call->out = out;
    for (int i = 0; i < SORT_COUNT; i++) {
        MUST(fclose(s->section[i].out) == 0);
        if (!err_is(e)) {
            (void)fwrite(s->section[i].text, 1, s->section[i].len, out);
        }
        free(s->section[i].text);
    }
    return e;
}

static err all_tell(struct sides *s)
{
    call_set(s->call, "possible", json_array());
    call_set(s->call, "impossible", json_array());
    call_set(s->call, "duties", json_array());
    apart_find(s->before.law, s->before.ground.texts, s->after.law, s->after.ground.texts,
               &s->apart);
    TRY(sections_tell(s));
    TRY(terms_tell(s));
    if (s->unshown > 0) {
        call_tell(s->call,
                  "Of %u kinds and levels the terms differ, and no place and time was found at "
                  "which that matters.",
                  s->unshown);
    }
    call_set(s->call, "unsearched", json_integer(s->unsearched));
    if (s->unsearched > 0) {
        call_tell(s->call,
                  "Of %u kinds and levels the terms differ, and they were not searched to the end: "
                  "whether it matters at some place and time is not known.",
                  s->unsearched);
    }
    if (s->possible + s->impossible + s->duties + s->terms == 0) {
        if (json_array_size(s->parts) > 0) {
            parts_tell(s);
        } else if (s->unsearched == 0) {
            call_tell(s->call, "The two let the same flow, and ask the same of who gets it.");
        }
    }
    return OK;
}

static err side_read(struct call *c, const char *text, struct tables *tables,
                     const struct corpus *like, struct footing *out)
{
    const char *path[CALL_OPTIONS_MAX + 1], *next;
    unsigned    count = 0;
    path[count++] = text;
    while ((next = call_option_each(c, "with", count - 1)) != NULL) {
        path[count++] = next;
    }
    return footing_texts(c, path, count, tables, like, out);
}

err do_diff(struct call *c)
{
    struct sides   s = {.call = c, .left = DIFF_TRIES};
    struct tables *before = calloc(1, sizeof *before);
    MUST(before != NULL);
    err e = side_read(c, c->arg[0], before, NULL, &s.before);
    if (!err_is(e)) {
        struct tables *after = tables_fresh();
        policies_copy(&before->policies, &after->policies);
        e = side_read(c, c->arg[1], after, s.before.law, &s.after);
    }
    if (!err_is(e)) {
        corpus_atoms_share(s.before.law, s.after.law);
        corpus_ready(s.before.law);
    }
    e = err_is(e) ? e : all_tell(&s);
    footing_done(&s.before);
    footing_done(&s.after);
    free(before);
    return e;
}
