/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/contractors.h"

#include "guard/act.h"
#include "guard/giving.h"
#include "guard/kept.h"

/* ---- the lines of act and letter ---- */

static err item_take(struct lines *l, struct contractor *c)
{
    span agreement = take_text(l, "agreement"), item = take_text(l, "item");
    if (span_is(agreement, "-") == span_is(item, "-")) {
        return FAIL(MALFORMED, "a contractor is approved for one agreement or one item");
    }
    TRY(name_or_none_read(agreement, &c->agreement));
    return span_is(item, "-") ? OK : text_hex(item, c->item.bytes, ID_LEN);
}

static err firm_take(struct lines *l, struct contractor *c)
{
    c->employer = take_name(l, "employer");
    span firm = take_text(l, "firm"), facility = take_text(l, "facility");
    TRY(name_or_none_read(firm, &c->firm));
    TRY(name_or_none_read(facility, &c->facility));
    return (c->firm.text[0] == 0) == (c->facility.text[0] == 0)
               ? OK
               : FAIL(MALFORMED, "a firm is named with its facility");
}

err contractor_take(struct guard *g, struct lines *l, const name *from, struct contractor *out)
{
    struct contractor c = {0};
    TRY(firm_take(l, &c));
    TRY(item_take(l, &c));
    span topics = take_text(l, "topics"), top = take_text(l, "level");
    c.until = take_instant(l, "until");
    TRY(take_purpose(l, c.purpose));
    if (l->bad) {
        return FAIL(MALFORMED, "the approval of a contractor is not as it should be");
    }
    if (topics.len > CONTRACTOR_TOPICS_MAX) {
        return FAIL(LIMIT, "an approval names so many topics that others are needed for some");
    }
    TRY(set_read(&g->tables.policies.topics, topics, &c.topics));
    TRY(level_read(&g->tables.policies, top, &c.level));
    if (!name_equal(&g->tables.policies.policy[c.level.policy].name, from)) {
        return FAIL(DENIED, "the level of an approval is one of the originator's policy");
    }
    *out = c;
    return OK;
}

static void none_or_name(struct writer *w, const char *key, const name *n)
{
    line_text(w, key, n->text[0] == 0 ? SPAN_LIT("-") : name_span(n));
}

/* The words for employer and item are those of the letter, or of the table that officers see. */
static void contractor_lines(const struct guard *g, const struct contractor *c, bool table,
                             const id *item, struct writer *w)
{
    uint8_t       text[512];
    struct writer t = WRITER_OF(text);
    line_name(w, table ? "to" : "employer", &c->employer);
    none_or_name(w, "firm", &c->firm);
    none_or_name(w, "facility", &c->facility);
    none_or_name(w, "agreement", &c->agreement);
    if (c->agreement.text[0] != 0) {
        line_text(w, table ? "epoch" : "item", SPAN_LIT("-"));
    } else {
        line_hex(w, table ? "epoch" : "item", id_span(item));
    }
    set_format(&g->tables.policies.topics, c->topics, &t);
    line_text(w, "topics", writer_span(&t));
    t.len = 0;
    level_format(&g->tables.policies, c->level, &t);
    line_text(w, "level", writer_span(&t));
    line_instant(w, "until", c->until);
    line_text(w, "purpose", span_text(c->purpose));
}

/* ---- the tables ---- */

static struct contractor *by_leaf(struct contractor *own, uint64_t leaf)
{
    for (unsigned i = 0; i < CONTRACTORS_EACH; i++) {
        if (own[i].leaf == leaf && leaf != 0) {
            return &own[i];
        }
    }
    return NULL;
}

/* An own one stays until the partner has surely done with it, so that there is room there too. */
struct contractor *contractor_room(struct guard *g, unsigned partner)
{
    struct contractor *own = &g->contractors.given[partner * CONTRACTORS_EACH];
    for (unsigned i = 0; i < CONTRACTORS_EACH; i++) {
        bool past = own[i].until + CONTRACTORS_KEPT_MS <= g->ledger.last_time;
        if (own[i].leaf == 0 || own[i].told || (past && own[i].sent)) {
            return &own[i];
        }
    }
    return NULL;
}

static struct contractor *had_room(struct guard *g, unsigned partner)
{
    struct contractor *own = &g->contractors.had[partner * CONTRACTORS_EACH];
    for (unsigned i = 0; i < CONTRACTORS_EACH; i++) {
        if (own[i].leaf == 0 || own[i].until <= g->ledger.last_time) {
            return &own[i];
        }
    }
    return NULL;
}

/* ---- who may open ---- */

bool is_contractor(const struct guard *g, const struct person *p)
{
    return p->reader.employer != g->self || p->reader.hired;
}

static bool is_theirs(const struct guard *g, const struct contractor *c, const struct person *p)
{
    const struct names *parties = &g->tables.policies.parties;
    return p->reader.employer < parties->count &&
           name_equal(&parties->name[p->reader.employer], &c->employer) &&
           name_equal(&p->firm, &c->firm) && name_equal(&p->facility, &c->facility);
}

/* Under the agreement itself, or one that stands under it. */
static bool is_under(const struct guard *g, const struct contractor *c, const id *handle,
                     const struct kept *k)
{
    const struct agreements *all = &g->tables.agreements;
    if (c->agreement.text[0] == 0) {
        return id_equal(&c->item, handle);
    }
    set64 above = k->agreement < all->count ? agreements_above(all, set_one(k->agreement)) : 0;
    bool  found = false;
    for (unsigned i = set_next(above, 0); i < SET64_MAX; i = set_next(above, i + 1)) {
        found = found || name_equal(&all->agreement[i].name, &c->agreement);
    }
    return found;
}

static bool is_low_enough(const struct guard *g, const struct contractor *c,
                          const struct marking *m)
{
    const struct policy *p = &g->tables.policies.policy[c->level.policy];
    return m->level.policy == c->level.policy && set_within(m->topics, c->topics) &&
           p->level[m->level.rank].hierarchy <= p->level[c->level.rank].hierarchy;
}

/* The longest of those that speak of it */
static const struct contractor *leave_of(const struct guard *g, unsigned partner, const id *handle,
                                         const struct kept *k, const struct marking *m,
                                         const struct person *p)
{
    const struct contractor *own = &g->contractors.had[partner * CONTRACTORS_EACH], *found = NULL;
    for (unsigned i = 0; i < CONTRACTORS_EACH; i++) {
        const struct contractor *c = &own[i];
        if (c->leaf != 0 && c->until > g->now && is_theirs(g, c, p) && is_under(g, c, handle, k) &&
            is_low_enough(g, c, m) && (found == NULL || c->until > found->until)) {
            found = c;
        }
    }
    return found;
}

bool contractor_leave(const struct guard *g, const id *handle, const struct kept *k,
                      const struct marking *m, const struct person *p, instant *until,
                      struct writer *w)
{
    set64   others = m->originators & ~set_one(g->self), answered = 0;
    instant first = INSTANT_NEVER;
    for (unsigned i = 0; i < g->partner_count; i++) {
        const struct contractor *c =
            set_has(others, g->partner[i].party) ? leave_of(g, i, handle, k, m, p) : NULL;
        if (c != NULL) {
            answered |= set_one(g->partner[i].party);
            first = c->until < first ? c->until : first;
            if (w != NULL) {
                line_number(w, "approval", c->letter);
            }
        }
    }
    *until = first;
    return others != 0 && answered == others;
}

/* ---- the letter `contractor`: leaf, and the lines of the act, with the handle as its item ---- */

static err told_read(struct guard *g, const struct letter_view *v, const name *from,
                     struct contractor *out)
{
    struct lines      l = lines_of(v->body);
    struct contractor c;
    uint64_t          leaf = take_number(&l, "leaf", INT64_MAX);
    TRY(contractor_take(g, &l, from, &c));
    TRY(lines_end(&l));
    if (leaf == 0) {
        return FAIL(MALFORMED, "the approval of a contractor has no leaf");
    }
    c.leaf = leaf;
    c.letter = v->leaf;
    *out = c;
    return OK;
}

err letter_contractor_check(struct guard *g, const struct letter_view *v)
{
    struct contractor c;
    TRY(told_read(g, v, &g->partner[v->partner].name, &c));
    if (by_leaf(&g->contractors.had[v->partner * CONTRACTORS_EACH], c.leaf) != NULL) {
        return FAIL(CONFLICT, "this approval of a contractor came before");
    }
    return had_room(g, v->partner) != NULL
               ? OK
               : FAIL(FULL, "more contractors are approved by that partner than can be kept");
}

err letter_contractor_fold(struct guard *g, const struct letter_view *v)
{
    struct contractor  c;
    struct contractor *room = had_room(g, v->partner);
    TRY(told_read(g, v, &g->partner[v->partner].name, &c));
    if (room == NULL) {
        return FAIL(FULL, "more contractors are approved by that partner than can be kept");
    }
    *room = c;
    return OK;
}

err letter_contractor_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct contractor  c;
    struct contractor *own = &g->contractors.given[v->partner * CONTRACTORS_EACH];
    TRY(told_read(g, v, &g->party, &c));
    own = by_leaf(own, c.leaf);
    if (own != NULL) {
        own->sent = true;
    }
    return OK;
}

/* ---- the letter `contractor-end`: leaf ---- */

static err end_read(const struct letter_view *v, uint64_t *leaf)
{
    struct lines l = lines_of(v->body);
    *leaf = take_number(&l, "leaf", INT64_MAX);
    return lines_end(&l);
}

err letter_contractor_end_check(struct guard *g, const struct letter_view *v)
{
    uint64_t leaf;
    (void)g;
    return end_read(v, &leaf);
}

/* Of one that has made room since: nothing is left to be ended. */
err letter_contractor_end_fold(struct guard *g, const struct letter_view *v)
{
    uint64_t leaf;
    TRY(end_read(v, &leaf));
    struct contractor *c = by_leaf(&g->contractors.had[v->partner * CONTRACTORS_EACH], leaf);
    if (c != NULL) {
        *c = (struct contractor){0};
    }
    return OK;
}

err letter_contractor_end_sent_fold(struct guard *g, const struct letter_view *v)
{
    uint64_t leaf;
    TRY(end_read(v, &leaf));
    struct contractor *c = by_leaf(&g->contractors.given[v->partner * CONTRACTORS_EACH], leaf);
    if (c != NULL) {
        c->told = true;
    }
    return OK;
}

/* ---- sending ---- */

static void contractor_send(struct guard *g, unsigned partner, const struct contractor *c)
{
    uint8_t       body[2048];
    struct writer w = WRITER_OF(body);
    id            handle;
    link_handle(g, &c->item, &g->partner[partner].name, &handle);
    line_number(&w, "leaf", c->leaf);
    contractor_lines(g, c, false, &handle, &w);
    MUST(!w.bad);
    (void)letter_send(g, partner, "contractor", writer_span(&w));
}

static void end_send(struct guard *g, unsigned partner, const struct contractor *c)
{
    uint8_t       body[64];
    struct writer w = WRITER_OF(body);
    line_number(&w, "leaf", c->leaf);
    MUST(!w.bad);
    (void)letter_send(g, partner, "contractor-end", writer_span(&w));
}

void contractors_turn(struct guard *g)
{
    if (err_is(may_act(g))) {
        return;
    }
    for (unsigned i = 0; i < g->partner_count * CONTRACTORS_EACH; i++) {
        const struct contractor *c = &g->contractors.given[i];
        unsigned                 partner = i / CONTRACTORS_EACH;
        bool room = c->leaf != 0 && guard_has_room(g) && letter_room(g, partner);
        if (room && c->revoked && !c->told) {
            end_send(g, partner, c);
        } else if (room && !c->revoked && !c->sent) {
            contractor_send(g, partner, c);
        }
    }
}

/* ---- for officers ---- */

static const char *state_of(const struct guard *g, const struct contractor *c)
{
    return c->revoked ? "revoked" : c->until <= g->now ? "expired" : "good";
}

bool contractor_row(const struct guard *g, unsigned i, unsigned row, struct writer *w)
{
    bool                     given = i < CONTRACTORS_MAX;
    unsigned                 at = given ? i : i - CONTRACTORS_MAX;
    const struct contractor *c = given ? &g->contractors.given[at] : &g->contractors.had[at];
    if (c->leaf == 0) {
        return false;
    }
    line_number(w, "row", row);
    line_text(w, "what", given ? SPAN_LIT("contractor") : SPAN_LIT("contractor of ours"));
    line_name(w, "partner", &g->partner[at / CONTRACTORS_EACH].name);
    line_number(w, "approval", given ? c->leaf : c->letter);
    contractor_lines(g, c, true, &c->item, w);
    line_text(w, "state", span_text(state_of(g, c)));
    return true;
}
