/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/text.h"

#include "release/verdict_text.h"

#define PAGE_WIDTH 96
#define INDENT     "                   " /* as wide as a number and the word before a value */

/* ---- small things ---- */

static void comma(struct writer *w, size_t *begun)
{
    if (w->len > *begun) {
        put_text(w, ", ");
    }
}

void kinds_format(uint8_t kinds, struct writer *w)
{
    size_t begun = w->len;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if ((kinds >> k & 1u) != 0) {
            comma(w, &begun);
            put_text(w, kind_name((enum kind)k));
        }
    }
}

void set_format(const struct names *n, set64 s, struct writer *w)
{
    size_t begun = w->len;
    for (unsigned i = names_walk(n, s, SET64_MAX); i < SET64_MAX; i = names_walk(n, s, i)) {
        comma(w, &begun);
        put_span(w, name_span(&n->name[i]));
    }
}

void owed_format(const struct obligations *o, struct writer *w)
{
    const struct {
        uint64_t    ms;
        const char *text;
    } measure[] = {{o->receipt_ms, "; receipt within "},
                   {o->loss_ms, "; loss told within "},
                   {o->lease_ms, "; unheard for at most "},
                   {(uint64_t)o->destroy_s * MS_PER_SECOND, "; destroyed within "}};
    duties_format(o->duties, ", ", w);
    for (unsigned i = 0; i < ARRAY_LEN(measure); i++) {
        if (measure[i].ms != 0) {
            put_text(w, measure[i].text);
            length_format(measure[i].ms, w);
        }
    }
    if (o->copies != 0) {
        put_text(w, "; copies at most ");
        put_decimal(w, o->copies);
    }
    if (o->certifiers != 0) {
        put_text(w, "; destruction certified by ");
        put_decimal(w, o->certifiers);
    }
}

/* What follows from another of them is not said again. */
static bool is_said(const struct corpus_set *some, const struct corpus_set *stricter, unsigned i)
{
    struct corpus_set others = *stricter;
    others.word[i / SET64_MAX] &= ~set_one(i % SET64_MAX);
    return corpus_set_has(some, i) && !corpus_set_meet(some, &others);
}

void terms_format(const struct corpus *l, const struct needs *n, struct writer *w)
{
    static const char *const held[] = {
        [ATOM_AREA] = "in ", [ATOM_WINDOW] = "during ", [ATOM_REDUCTION] = "reduced "};
    static const char *const kept_out[] = {
        [ATOM_AREA] = "outside ", [ATOM_WINDOW] = "not during ", [ATOM_REDUCTION] = "not "};
    size_t begun = w->len;
    for (unsigned i = 0; i < l->atom_count; i++) {
        const struct atom *a = &l->atom[i];
        bool               held_here = is_said(&n->holds, &l->narrower[i], i);
        if (held_here || is_said(&n->avoids, &l->wider[i], i)) {
            comma(w, &begun);
            put_text(w, held_here ? held[a->kind] : kept_out[a->kind]);
            put_span(w, name_span(atom_name(a)));
        }
    }
}

/* ---- levels on the way ---- */

static unsigned stage_legs(const struct row *row, const struct row_leg *out[])
{
    unsigned count = 0;
    for (unsigned i = 0; i < row->leg_count; i++) {
        if (row->way != WAY_HUB || i > 0) {
            out[count++] = &row->leg[i];
        }
    }
    return count;
}

static unsigned mapped(const struct piece *p, unsigned ranks)
{
    unsigned to = 0;
    for (unsigned r = set_next(ranks, 0); r < LEVELS_MAX; r = set_next(ranks, r + 1)) {
        to |= p->map[r];
    }
    return to;
}

unsigned row_stages(const struct row *row, unsigned rank, struct stage out[static ROW_LEGS_MAX + 1])
{
    const struct row_leg *leg[ROW_LEGS_MAX];
    unsigned              count = stage_legs(row, leg);
    if (row->flow.ranks[rank] == 0) {
        return 0;
    }
    out[count] = (struct stage){row->flow.policy, row->flow.ranks[rank]};
    for (unsigned i = count; i > 0; i--) {
        const struct piece *p = leg[i - 1]->piece;
        unsigned            ranks = 0, may = leg[i - 1]->ranks[rank];
        for (unsigned r = set_next(may, 0); r < LEVELS_MAX; r = set_next(may, r + 1)) {
            ranks |= (p->map[r] & out[i].ranks) != 0 ? 1u << r : 0;
        }
        out[i - 1] = (struct stage){p->flow.policy, (uint16_t)ranks};
    }
    for (unsigned i = 0; i < count; i++) {
        out[i + 1].ranks = (uint16_t)(out[i + 1].ranks & mapped(leg[i]->piece, out[i].ranks));
    }
    return count + 1;
}

void stage_format(const struct corpus *l, struct stage s, const char *between, struct writer *w)
{
    size_t begun = w->len;
    for (unsigned r = set_next(s.ranks, 0); r < LEVELS_MAX; r = set_next(s.ranks, r + 1)) {
        put_text(w, w->len > begun ? between : "");
        put_span(w, name_span(&l->policy[s.policy]));
        put_u8(w, ':');
        put_span(w, name_span(&l->level[s.policy][r]));
    }
}

/* ---- what approvals lift ---- */

static bool leg_touches(const struct corpus *l, const struct row *row, const struct row_leg *leg,
                        const struct corpus_clause *n)
{
    const struct corpus_scope *s = &n->scope;
    struct ban                 ban;
    unsigned                   levels = 0;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        levels |= leg->ranks[r] & (unsigned)s->ranks[leg->piece->flow.policy];
    }
    return never_counts(l, n, &leg->piece->leg, &ban) && ban.lifted_by != PARTY_NONE &&
           set_has(row->flow.needs.approvals, ban.lifted_by) && levels != 0 &&
           (row->flow.kinds & s->kinds) != 0 && (row->flow.topics & s->topics) != 0 &&
           (row->flow.disciplines & s->disciplines) != 0;
}

/* A leg is bound by what its clause stands under, and by that of the legs before it. */
static bool row_touches(const struct corpus *l, const struct row *row,
                        const struct corpus_clause *n)
{
    struct corpus_set bound = {0};
    bool              any = false;
    for (unsigned i = 0; i < row->leg_count && !any; i++) {
        struct corpus_set        here = bound;
        const struct corpus_set *up = &l->agreement[row->leg[i].piece->clause->agreement].up;
        corpus_set_join(&here, up);
        any = corpus_set_has(&here, n->agreement) && leg_touches(l, row, &row->leg[i], n);
        if (row->way != WAY_HUB || i == 0) {
            bound = here;
        }
    }
    return any;
}

const struct corpus_clause *row_lifted(const struct corpus *l, const struct row *row,
                                       const struct corpus_clause *last)
{
    const struct corpus_clause *n = last == NULL ? l->never : last + 1;
    while (n != NULL && n < l->never + l->never_count && !row_touches(l, row, n)) {
        n++;
    }
    return n != NULL && n < l->never + l->never_count ? n : NULL;
}

/* ---- a row ---- */

static void field(struct writer *w, const char *key)
{
    put_text(w, "    ");
    put_text(w, key);
    for (size_t i = strlen(key); i + 4 < sizeof INDENT - 1; i++) {
        put_u8(w, ' ');
    }
}

/* A value that is too long for the page goes on below itself, after a comma or semicolon. */
static void wrapped(struct writer *w, span text)
{
    size_t column = sizeof INDENT - 1;
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len && text.ptr[len] != ' ') {
            len++;
        }
        bool fits = column + len < PAGE_WIDTH || column == sizeof INDENT - 1;
        put_text(w, column == sizeof INDENT - 1 ? "" : fits ? " " : "\n" INDENT);
        column = fits ? column + len + 1 : sizeof INDENT + len;
        put_span(w, (span){text.ptr, len});
        len += len < text.len;
        text = (span){text.ptr + len, text.len - len};
    }
    put_u8(w, '\n');
}

static void legs_put(const struct corpus *l, const struct row *row, struct writer *w)
{
    for (unsigned i = 0; i < row->leg_count; i++) {
        const struct piece *p = row->leg[i].piece;
        put_text(w, i > 0 ? INDENT : "");
        put_span(w, name_span(&l->parties.name[p->leg.from]));
        put_text(w, " to ");
        put_span(w, name_span(&l->parties.name[p->leg.to]));
        if (p->leg.via != PARTY_NONE) {
            put_text(w, " via ");
            put_span(w, name_span(&l->parties.name[p->leg.via]));
        }
        put_text(w, ": ");
        corpus_ref_format(l, p->clause->agreement, p->clause->article, p->clause->number, w);
        if (p->clause->precedence != PRECEDENCE_ROUTINE) {
            put_text(w, " at ");
            put_text(w, precedence_name(p->clause->precedence));
        }
        put_text(w, ", protected by ");
        put_span(w, name_span(&l->agreement[p->cover].name));
        put_u8(w, '\n');
    }
}

static void levels_put(const struct corpus *l, const struct row *row, struct writer *w)
{
    struct stage stage[ROW_LEGS_MAX + 1];
    bool         first = true;
    for (unsigned o = LEVELS_MAX; o > 0; o--) {
        unsigned count = row_stages(row, o - 1, stage);
        if (count == 0) {
            continue;
        }
        put_text(w, first ? "" : INDENT);
        for (unsigned i = 0; i < count; i++) {
            put_text(w, i > 0 ? " → " : "");
            stage_format(l, stage[i], " or ", w);
        }
        put_u8(w, '\n');
        first = false;
    }
}

static void approvals_put(const struct corpus *l, const struct row *row, struct writer *w)
{
    const struct corpus_clause *n = NULL;
    put_text(w, "in writing, by ");
    set_format(&l->parties, row->flow.needs.approvals, w);
    while ((n = row_lifted(l, row, n)) != NULL) {
        put_text(w, "\n" INDENT "lifts ");
        corpus_ref_format(l, n->agreement, n->article, n->number, w);
    }
    put_u8(w, '\n');
}

static void officers_put(const struct corpus *l, const struct row *row, struct writer *w)
{
    size_t begun = w->len;
    for (unsigned i = 0; i < row->leg_count; i++) {
        uint8_t party = row->leg[i].piece->leg.from;
        bool    again = row->way == WAY_HUB && i == 1;
        if (l->rules[party].known && !again) {
            comma(w, &begun);
            uint8_t count = row->flow.needs.officers[party];
            put_text(w, count == 0 ? "none" : "");
            if (count > 0) {
                put_decimal(w, count);
            }
            put_text(w, " of ");
            put_span(w, name_span(&l->parties.name[party]));
        }
    }
}

static bool officers_known(const struct corpus *l, const struct row *row)
{
    bool any = false;
    for (unsigned i = 0; i < row->leg_count; i++) {
        any = any || l->rules[row->leg[i].piece->leg.from].known;
    }
    return any;
}

static bool has_terms(const struct needs *n)
{
    const struct corpus_set none = {0};
    return !corpus_set_within(&n->holds, &none) || !corpus_set_within(&n->avoids, &none);
}

static void way_put(const struct corpus *l, const struct row *row, unsigned number,
                    struct writer *w)
{
    put_text(w, number < 10 ? " " : "");
    put_decimal(w, number);
    put_text(w, row->way == WAY_DIRECT ? "  straight"
                : row->way == WAY_HUB  ? "  by way of "
                                       : "  passed on by ");
    for (unsigned i = 0; i + 1 < row->leg_count && (row->way != WAY_HUB || i == 0); i++) {
        put_text(w, i == 0 ? "" : ", then ");
        put_span(w, name_span(&l->parties.name[row->leg[i].piece->leg.to]));
    }
    put_u8(w, '\n');
}

static void unless_put(const struct corpus *l, const struct ban *x, struct writer *w)
{
    struct needs   n = {0};
    size_t         begun = w->len;
    const unsigned avoided[] = {x->scope->area, x->scope->window};
    for (unsigned i = 0; i < ARRAY_LEN(avoided); i++) {
        if (avoided[i] != TERM_NONE) {
            corpus_set_add(&n.avoids, avoided[i] - 1);
        }
    }
    if (x->scope->reduction != TERM_NONE) {
        corpus_set_add(&n.holds, x->scope->reduction - 1u);
    }
    terms_format(l, &n, w);
    if (x->lifted_by != PARTY_NONE) {
        comma(w, &begun);
        put_text(w, "approved by ");
        put_span(w, name_span(&l->parties.name[x->lifted_by]));
    }
    if (x->officers > 0) {
        comma(w, &begun);
        put_decimal(w, x->officers);
        put_text(w, x->officers == 1 ? " officer of " : " officers of ");
        put_span(w, name_span(&l->parties.name[x->giver]));
    }
}

void except_format(const struct corpus *l, const struct ban *x, struct writer *w)
{
    if (x->rule != NULL) {
        put_text(w, "national rule ");
        put_decimal(w, x->rule->number);
    } else {
        corpus_ref_format(l, x->clause->agreement, x->clause->article, x->clause->number, w);
    }
    put_text(w, ": ");
    set_format(&l->disciplines, x->scope->disciplines & names_all(&l->disciplines), w);
    put_text(w, " with ");
    set_format(&l->topics, x->scope->topics & names_all(&l->topics), w);
    size_t before = w->len;
    put_text(w, "; or else ");
    size_t begun = w->len;
    unless_put(l, x, w);
    w->len = w->len == begun ? before : w->len;
}

static void excepts_put(const struct corpus *l, const struct row *row, struct writer *w)
{
    for (unsigned i = 0; row->flow.except != NULL && i < row->flow.except->count; i++) {
        uint8_t       buf[2 * SET64_MAX * (NAME_MAX_LEN + 2) + 1024];
        struct writer one = WRITER_OF(buf);
        except_format(l, &row->flow.except->ban[i], &one);
        field(w, "but not");
        wrapped(w, writer_span(&one));
    }
}

static void names_put(const char *key, const struct names *n, set64 s, struct writer *w)
{
    uint8_t       buf[SET64_MAX * (NAME_MAX_LEN + 2)];
    struct writer list = WRITER_OF(buf);
    set_format(n, s, &list);
    field(w, key);
    wrapped(w, writer_span(&list));
}

void row_format(const struct corpus *l, const struct row *row, unsigned number, struct writer *w)
{
    const struct needs *needs = &row->flow.needs;
    way_put(l, row, number, w);
    field(w, giving_name(row->giving));
    kinds_format(row->flow.kinds, w);
    put_u8(w, '\n');
    names_put("from", &l->disciplines, row->flow.disciplines, w);
    names_put("about", &l->topics, row->flow.topics, w);
    field(w, "levels");
    levels_put(l, row, w);
    if (has_terms(needs)) {
        field(w, "only");
        terms_format(l, needs, w);
        put_u8(w, '\n');
    }
    excepts_put(l, row, w);
    if (needs->approvals != 0) {
        field(w, "approval");
        approvals_put(l, row, w);
    }
    if (officers_known(l, row)) {
        field(w, "officers");
        officers_put(l, row, w);
        put_u8(w, '\n');
    }
    field(w, "by");
    legs_put(l, row, w);
    uint8_t       owed[1024];
    struct writer o = WRITER_OF(owed);
    owed_format(&row->owed, &o);
    field(w, "owed");
    wrapped(w, writer_span(&o));
}

/* ---- its witness ---- */

static void crossing_put(const struct corpus *l, const struct tables *t, const struct crossing *c,
                         const struct verdict *v, struct writer *w)
{
    put_text(w, INDENT);
    put_span(w, name_span(&l->parties.name[c->from]));
    put_text(w, " to ");
    put_span(w, name_span(&l->parties.name[c->to]));
    if (c->via != PARTY_NONE) {
        put_text(w, " via ");
        put_span(w, name_span(&l->parties.name[c->via]));
    }
    put_text(w, " as ");
    level_format(&t->policies, c->marking.level, w);
    put_text(w, ": ");
    put_text(w, outcome_name(v->outcome));
    put_text(w, ", ");
    clause_ref_format(&t->agreements, v->permit, w);
    put_u8(w, '\n');
}

static void paused_put(const struct corpus *l, const struct corpus_set *paused, struct writer *w)
{
    put_text(w, INDENT "while it is paused: ");
    size_t begun = w->len;
    for (unsigned a = corpus_set_next(paused, 0); a != CORPUS_NONE;
         a = corpus_set_next(paused, a + 1)) {
        comma(w, &begun);
        put_span(w, name_span(&l->agreement[a].name));
    }
    put_u8(w, '\n');
}

/* The item of a witness, and what must be so for it besides what the row says. */
static void item_put(const struct corpus *l, const struct row *row, const struct crossing *c,
                     struct writer *w)
{
    const struct marking *m = &c->marking;
    bool all = m->topics == row->flow.topics && m->disciplines == row->flow.disciplines;
    put_text(w, kind_name(c->kind));
    put_text(w, all ? ", all of these disciplines and topics" : " from ");
    if (!all) {
        set_format(&l->disciplines, m->disciplines, w);
        put_text(w, "\n" INDENT "about ");
        set_format(&l->topics, m->topics, w);
    }
    if (has_terms(&row->flow.needs) || row->flow.except != NULL) {
        put_text(w, "\n" INDENT "given ");
        put_instant(w, c->now_low);
    }
    if (c->now_high != c->now_low) {
        put_text(w, " or up to ");
        put_instant(w, c->now_high);
    }
    if (c->extent.known) {
        put_text(w, "\n" INDENT "lying in ");
        extent_format(&c->extent, w);
    }
    if ((c->onward_approved & ~row->flow.needs.approvals) != 0) {
        put_text(w, "\n" INDENT "approved by ");
        set_format(&l->parties, c->onward_approved, w);
    }
    put_u8(w, '\n');
}

void witness_format(const struct corpus *l, struct ground *g, const struct row *row,
                    const struct witness *x, struct writer *w)
{
    field(w, "witness");
    if (x->wide) {
        put_text(w, "not asked: more agreements can speak of this than the evaluator holds\n");
        return;
    }
    if (!x->found) {
        put_text(w, "none: no place and time was found that all these terms allow\n");
        return;
    }
    item_put(l, row, &x->leg[0].crossing, w);
    for (unsigned i = 0; i < row->leg_count; i++) {
        (void)witness_ground(l, g, row, i);
        crossing_put(l, g->tables, &x->leg[i].crossing, &x->leg[i].verdict, w);
    }
    if (corpus_set_next(&x->paused, 0) != CORPUS_NONE) {
        paused_put(l, &x->paused, w);
    }
}
