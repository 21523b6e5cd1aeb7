/* SPDX-License-Identifier: Apache-2.0 */
/* A row of what could flow, as an object and as text. */
#include "cli/reach_law.h"

#include "reach/text.h"
#include "release/verdict_text.h"

#define ROW_TEXT_MAX (64 << 10)

static json_t *json_text(const struct writer *w)
{
    return json_span(writer_span(w));
}

static json_t *names_json(const struct names *n, set64 s)
{
    json_t *list = json_array();
    for (unsigned i = names_walk(n, s, SET64_MAX); i < SET64_MAX; i = names_walk(n, s, i)) {
        (void)json_array_append_new(list, json_span(name_span(&n->name[i])));
    }
    return list;
}

static json_t *kinds_json(uint8_t kinds)
{
    json_t *list = json_array();
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if ((kinds >> k & 1u) != 0) {
            (void)json_array_append_new(list, json_string(kind_name((enum kind)k)));
        }
    }
    return list;
}

static json_t *stage_json(const struct corpus *l, struct stage s)
{
    json_t *list = json_array();
    for (unsigned r = set_next(s.ranks, 0); r < LEVELS_MAX; r = set_next(s.ranks, r + 1)) {
        uint8_t       buf[3 * NAME_MAX_LEN];
        struct writer w = WRITER_OF(buf);
        stage_format(l, (struct stage){s.policy, (uint16_t)(1u << r)}, "", &w);
        (void)json_array_append_new(list, json_text(&w));
    }
    return list;
}

/* Each level of the origin: what it is on the way, stage by stage. */
static json_t *levels_json(const struct corpus *l, const struct row *row)
{
    json_t      *list = json_array();
    struct stage stage[ROW_LEGS_MAX + 1];
    for (unsigned o = LEVELS_MAX; o > 0; o--) {
        unsigned count = row_stages(row, o - 1, stage);
        json_t  *way = json_array();
        for (unsigned i = 0; i < count; i++) {
            (void)json_array_append_new(way, stage_json(l, stage[i]));
        }
        if (count > 0) {
            (void)json_array_append(list, way);
        }
        json_decref(way);
    }
    return list;
}

static json_t *clause_json(const struct corpus *l, const struct corpus_clause *c)
{
    uint8_t       buf[3 * NAME_MAX_LEN];
    struct writer w = WRITER_OF(buf);
    corpus_ref_format(l, c->agreement, c->article, c->number, &w);
    return json_text(&w);
}

static void verdict_json(struct footing *g, const struct row *row, const struct witness *x,
                         unsigned i, json_t *leg)
{
    static uint8_t case_text[CROSSING_TEXT_MAX], verdict_text[VERDICT_TEXT_MAX];
    struct writer  w = WRITER_OF(case_text), v = WRITER_OF(verdict_text);
    (void)witness_ground(g->law, &g->ground, row, i);
    crossing_format(g->ground.tables, &x->leg[i].crossing, &w);
    verdict_format(g->ground.tables, &x->leg[i].verdict, &v);
    (void)json_object_set_new(leg, "case", w.bad ? json_null() : json_text(&w));
    (void)json_object_set_new(leg, "verdict", v.bad ? json_null() : json_text(&v));
}

static json_t *legs_json(struct footing *g, const struct row *row, const struct witness *x)
{
    const struct corpus *l = g->law;
    json_t              *list = json_array();
    for (unsigned i = 0; i < row->leg_count; i++) {
        const struct piece *p = row->leg[i].piece;
        json_t             *leg = json_object();
        (void)json_object_set_new(leg, "from", json_span(name_span(&l->parties.name[p->leg.from])));
        (void)json_object_set_new(leg, "to", json_span(name_span(&l->parties.name[p->leg.to])));
        if (p->leg.via != PARTY_NONE) {
            (void)json_object_set_new(leg, "via",
                                      json_span(name_span(&l->parties.name[p->leg.via])));
        }
        (void)json_object_set_new(leg, "clause", clause_json(l, p->clause));
        (void)json_object_set_new(leg, "protected",
                                  json_span(name_span(&l->agreement[p->cover].name)));
        if (x->found) {
            verdict_json(g, row, x, i, leg);
        }
        (void)json_array_append_new(list, leg);
    }
    return list;
}

static json_t *officers_json(const struct corpus *l, const struct row *row)
{
    json_t *o = json_object();
    for (unsigned i = 0; i < row->leg_count; i++) {
        uint8_t party = row->leg[i].piece->leg.from;
        if (l->rules[party].known) {
            (void)json_object_set_new(o, l->parties.name[party].text,
                                      json_integer(row->flow.needs.officers[party]));
        }
    }
    return o;
}

static json_t *lifted_json(const struct corpus *l, const struct row *row)
{
    json_t                     *list = json_array();
    const struct corpus_clause *n = NULL;
    while ((n = row_lifted(l, row, n)) != NULL) {
        (void)json_array_append_new(list, clause_json(l, n));
    }
    return list;
}

static void json_append(json_t *o, const char *key, json_t *value)
{
    json_t *list = json_object_get(o, key);
    if (list == NULL) {
        list = json_array();
        (void)json_object_set_new(o, key, list);
    }
    (void)json_array_append_new(list, value);
}

json_t *row_json(struct footing *g, const struct row *row, const struct witness *x)
{
    static const char *const way[] = {"straight", "hub", "onward"};
    const struct corpus     *l = g->law;
    uint8_t                  duties[1024], terms[4096];
    struct writer            d = WRITER_OF(duties), t = WRITER_OF(terms);
    duties_format(row->owed.duties, ",", &d);
    terms_format(l, &row->flow.needs, &t);
    json_t *o = json_pack("{s:s, s:s}", "way", way[row->way], "giving", giving_name(row->giving));
    (void)json_object_set_new(o, "kinds", kinds_json(row->flow.kinds));
    (void)json_object_set_new(o, "disciplines", names_json(&l->disciplines, row->flow.disciplines));
    (void)json_object_set_new(o, "topics", names_json(&l->topics, row->flow.topics));
    (void)json_object_set_new(o, "levels", levels_json(l, row));
    (void)json_object_set_new(o, "only", json_text(&t));
    for (unsigned i = 0; row->flow.except != NULL && i < row->flow.except->count; i++) {
        uint8_t       buf[16 << 10];
        struct writer w = WRITER_OF(buf);
        except_format(l, &row->flow.except->ban[i], &w);
        json_append(o, "except", json_text(&w));
    }
    (void)json_object_set_new(o, "approvals", names_json(&l->parties, row->flow.needs.approvals));
    (void)json_object_set_new(o, "lifted", lifted_json(l, row));
    (void)json_object_set_new(o, "officers", officers_json(l, row));
    (void)json_object_set_new(o, "duties", json_text(&d));
    (void)json_object_set_new(o, "legs", legs_json(g, row, x));
    (void)json_object_set_new(o, "witness", json_boolean(x->found));
    for (unsigned a = corpus_set_next(&x->paused, 0); a != CORPUS_NONE;
         a = corpus_set_next(&x->paused, a + 1)) {
        json_append(o, "paused", json_span(name_span(&l->agreement[a].name)));
    }
    return o;
}

void row_tell(struct call *c, struct footing *g, const struct row *row, unsigned number,
              const struct witness *x)
{
    static uint8_t buf[ROW_TEXT_MAX];
    struct writer  w = WRITER_OF(buf);
    row_format(g->law, row, number, &w);
    witness_format(g->law, &g->ground, row, x, &w);
    call_tell(c, "%.*s", (int)w.len - 1, (const char *)w.ptr);
}
