/* SPDX-License-Identifier: Apache-2.0 */
/* diff: what a change of texts lets flow, stops, and asks of receivers. */
#include <stdlib.h>

#include "cli/reach_law.h"

#include "cli/verbs.h"
#include "reach/diff.h"
#include "reach/text.h"

#define LINE_MAX_LEN 4096

/* sides - the law before and after; rows: how many of each sort were told */
struct sides {
    struct call   *call;
    struct footing before, after;
    unsigned       possible, impossible, duties;
};

static const struct names *parties(const struct sides *s)
{
    return &s->after.law->parties;
}

/* ---- newly possible, newly impossible ---- */

/* telling - which way round: rows of `here` that `there` does not have */
struct telling {
    const struct footing *here;
    const char           *member, *heading, *fresh;
    unsigned             *count;
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

static uint8_t number_moved(const struct tables *from, const struct tables *to, uint8_t a)
{
    unsigned n = CLAUSE_NONE;
    err e = agreements_find(&to->agreements, name_span(&from->agreements.agreement[a].name), &n);
    return err_is(e) ? CLAUSE_NONE : (uint8_t)n;
}

/* The same crossing in the other law: all of it stands there, and the assurance is of the agreement of the
 * same name. */
static struct crossing crossing_moved(const struct footing *from, const struct footing *to,
                                      const struct crossing *c)
{
    struct crossing out = *c;
    out.standing = set_one(to->tables->agreements.count) - 1;
    out.lineage = 0;
    out.assurance.agreement = number_moved(from->tables, to->tables, c->assurance.agreement);
    out.assurance.present = out.assurance.agreement != CLAUSE_NONE;
    out.assurance.agreement = out.assurance.present ? out.assurance.agreement : 0;
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
    static struct witness x;
    witness_find(s->after.law, s->after.tables, s->after.rules, row, s->after.now, &x);
    if (!x.found) {
        return OK;
    }
    struct crossing c = crossing_moved(&s->after, &s->before, &x.leg[0].crossing);
    uint8_t         from = c.from;
    if (s->before.rules[from] != NULL) {
        s->before.tables->rules = *s->before.rules[from];
    } else {
        s->before.tables->rules.party = PARTY_NONE;
        s->before.tables->rules.count = 0;
    }
    struct verdict            was = verdict_by_reading(s->before.tables, &c);
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

/* ---- all pairs, one sort of difference after the other ---- */

enum sort { SORT_POSSIBLE, SORT_IMPOSSIBLE, SORT_DUTIES, SORT_COUNT };

static err pair_tell(struct sides *s, enum sort sort, const struct query *q)
{
    struct reach         before, after = {0};
    const struct telling more = {&s->after, "possible", "NEWLY POSSIBLE\n", "new", &s->possible};
    const struct telling less = {&s->before, "impossible", "NEWLY IMPOSSIBLE\n", "gone",
                                 &s->impossible};
    err                  e = reach_find(s->before.law, q, &before);
    e = err_is(e) ? e : reach_find(s->after.law, q, &after);
    e = err_is(e)                 ? e
        : sort == SORT_POSSIBLE   ? pair_differs(s, &more, &after, &before)
        : sort == SORT_IMPOSSIBLE ? pair_differs(s, &less, &before, &after)
                                  : pair_duties(s, &before, &after);
    reach_done(&before);
    reach_done(&after);
    return e;
}

static err sort_tell(struct sides *s, enum sort sort)
{
    unsigned count = parties(s)->count;
    for (unsigned n = 0; n < count * count; n++) {
        const struct query q = {(uint8_t)(n / count), (uint8_t)(n % count), PARTY_NONE};
        if (q.from != q.to) {
            TRY(pair_tell(s, sort, &q));
        }
    }
    return OK;
}

static err all_tell(struct sides *s)
{
    call_set(s->call, "possible", json_array());
    call_set(s->call, "impossible", json_array());
    call_set(s->call, "duties", json_array());
    for (int sort = 0; sort < SORT_COUNT; sort++) {
        TRY(sort_tell(s, (enum sort)sort));
    }
    if (s->possible + s->impossible + s->duties == 0) {
        call_tell(s->call, "The two let the same flow, and ask the same of who gets it.");
    }
    return OK;
}

static err side_read(struct call *c, const char *text, struct tables *tables,
                     const struct corpus *like, struct footing *out)
{
    const char *path[CALL_ARGS_MAX], *next;
    unsigned    count = 0;
    path[count++] = text;
    while (count < CALL_ARGS_MAX && (next = call_option_each(c, "with", count - 1)) != NULL) {
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
    e = err_is(e) ? e : side_read(c, c->arg[1], tables_fresh(), s.before.law, &s.after);
    e = err_is(e) ? e : all_tell(&s);
    footing_done(&s.before);
    footing_done(&s.after);
    free(before);
    return e;
}
