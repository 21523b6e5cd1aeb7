/* SPDX-License-Identifier: Apache-2.0 */
/* diff: what a change of texts lets flow, stops, and asks of receivers. */
#include <stdlib.h>

#include "cli/reach_law.h"

#include "cli/verbs.h"
#include "reach/apart.h"
#include "reach/diff.h"
#include "reach/text.h"

#define LINE_MAX_LEN 4096

enum sort { SORT_POSSIBLE, SORT_IMPOSSIBLE, SORT_DUTIES, SORT_COUNT };

/* sides - the law before and after
 *
 * section   what is told of each sort, pair after pair; counts: how many rows */
struct sides {
    struct call   *call;
    struct footing before, after;
    struct apart   apart;
    unsigned       possible, impossible, duties;
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
    struct footing *here;
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

static err row_differs(struct sides *s, const struct telling *t, const struct difference *d,
                       const struct query *q)
{
    static struct witness x;
    TRY(footing_witness(s->call, t->here, &d->row, &x));
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
    err         e = diff_rows(here, there, &d);
    for (size_t i = 0; i < d.count && !err_is(e); i++) {
        e = row_differs(s, t, &d.difference[i], &here->query);
    }
    free(d.difference);
    return e;
}

/* ---- changed duties ---- */

/* The same crossing in the other law: all of it stands there, and the assurance is of the agreement of the
 * same name. */
static struct crossing crossing_moved(const struct sides *s, const struct crossing *c,
                                      const name *assured)
{
    struct crossing      out = *c;
    const struct ground *g = &s->before.ground;
    unsigned             there = corpus_find(s->before.law, assured);
    uint8_t              n = there == CORPUS_NONE ? CLAUSE_NONE : ground_number(g, there);
    out.standing = ground_standing(g, s->before.law);
    out.lineage = 0;
    out.assurance.present = n != CLAUSE_NONE;
    out.assurance.agreement = out.assurance.present ? n : 0;
    return out;
}

static void duties_tell(struct sides *s, const struct row *row, const struct obligations *was,
                        const struct obligations *is)
{
    uint8_t       old_text[LINE_MAX_LEN], new_text[LINE_MAX_LEN], what[LINE_MAX_LEN];
    struct writer o = WRITER_OF(old_text), n = WRITER_OF(new_text), w = WRITER_OF(what);
    owed_format(was, &o);
    owed_format(is, &n);
    row_format(s->after.law, row, s->duties + 1, &w);
    const struct leg *leg = &row->leg[0].piece->leg;
    if (s->duties++ == 0) {
        call_tell(s->call, "CHANGED DUTIES\n");
    }
    call_tell(s->call, "%s to %s\n%.*s    was owed       %.*s\n", parties(s)->name[leg->from].text,
              parties(s)->name[leg->to].text, (int)w.len, (const char *)w.ptr, (int)o.len,
              (const char *)o.ptr);
    json_t *j = json_pack("{s:s, s:s}", "from", parties(s)->name[leg->from].text, "to",
                          parties(s)->name[leg->to].text);
    (void)json_object_set_new(j, "before", json_span(writer_span(&o)));
    (void)json_object_set_new(j, "after", json_span(writer_span(&n)));
    (void)json_object_set_new(j, "text", json_span(writer_span(&w)));
    call_append(s->call, "duties", j);
}

/* One straight row of what both laws let flow: its largest item is judged by both. */
static err duties_of(struct sides *s, const struct row *row)
{
    static struct witness   x;
    const struct corpus_set none = {0};
    const struct piece     *p = row->leg[0].piece;
    witness_find(s->after.law, &s->after.ground, row, s->after.now, &x);
    if (!x.found || !ground_take(&s->before.ground, s->before.law, &p->leg, &none)) {
        return OK;
    }
    struct crossing c =
        crossing_moved(s, &x.leg[0].crossing, &s->after.law->agreement[p->cover].name);
    struct verdict            was = verdict_by_reading(s->before.ground.tables, &c);
    const struct obligations *is = &x.leg[0].verdict.obligations;
    if (was.outcome == OUTCOME_RELEASE && !obligations_equal(&was.obligations, is)) {
        duties_tell(s, row, &was.obligations, is);
    }
    return OK;
}

/* Where boxes of both laws meet, the largest item shows whether all that are cited so owe the same. */
static err pair_duties(struct sides *s, struct reach *before, struct reach *after)
{
    err e = OK;
    for (size_t i = 0; i < after->count; i++) {
        for (size_t k = 0; k < before->count && !err_is(e); k++) {
            struct row both = after->row[i];
            if (both.way != WAY_DIRECT || before->row[k].way != WAY_DIRECT ||
                before->row[k].giving < both.giving) {
                continue;
            }
            for (unsigned l = 0; l < LEVELS_MAX; l++) {
                both.flow.ranks[l] &= before->row[k].flow.ranks[l];
            }
            both.flow.kinds &= before->row[k].flow.kinds;
            both.flow.topics &= before->row[k].flow.topics;
            both.flow.disciplines &= before->row[k].flow.disciplines;
            bool may = needs_join(&both.flow.needs, &before->row[k].flow.needs);
            if (may && !flow_empty(&both.flow)) {
                e = duties_of(s, &both);
            }
        }
    }
    return e;
}

/* ---- all pairs ---- */

static err pair_sorts(struct sides *s, struct reach *before, struct reach *after)
{
    const struct telling more = {&s->after, "possible", "NEWLY POSSIBLE\n", "new", &s->possible};
    const struct telling less = {&s->before, "impossible", "NEWLY IMPOSSIBLE\n", "gone",
                                 &s->impossible};
    s->call->out = s->section[SORT_POSSIBLE].out;
    TRY(pair_differs(s, &more, after, before));
    s->call->out = s->section[SORT_IMPOSSIBLE].out;
    TRY(pair_differs(s, &less, before, after));
    s->call->out = s->section[SORT_DUTIES].out;
    return pair_duties(s, before, after);
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
    if (s->possible + s->impossible + s->duties == 0) {
        call_tell(s->call, "The two let the same flow, and ask the same of who gets it.");
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
    struct sides   s = {.call = c};
    struct tables *before = calloc(1, sizeof *before);
    MUST(before != NULL);
    err e = side_read(c, c->arg[0], before, NULL, &s.before);
    if (!err_is(e)) {
        struct tables *after = tables_fresh();
        policies_copy(&before->policies, &after->policies);
        e = side_read(c, c->arg[1], after, s.before.law, &s.after);
    }
    e = err_is(e) ? e : all_tell(&s);
    footing_done(&s.before);
    footing_done(&s.after);
    free(before);
    return e;
}
