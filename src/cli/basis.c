/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/basis.h"

#include "cli/covered.h"

#define SET_BACK_MS (10 * MS_PER_SECOND) /* a clock may be set back so far and not be astray */

/* since - from when on a pause keeps it back: certainly from `late` on, and nothing before `early` */
struct since {
    instant early, late;
};

/* ---- the way ---- */

static set64 on_the_way(const struct history *h, const struct crossing *c)
{
    set64 out = agreements_between(&h->tables.agreements, c->from, c->to);
    if (c->via != PARTY_NONE) {
        out |= agreements_between(&h->tables.agreements, c->from, c->via);
    }
    return out;
}

/* A leaf that counts repeats comes a second after its case: what was recorded between is not in it. */
static set64 paused(const struct history *h, const struct matter *m, const struct crossing *c,
                    instant since)
{
    instant until = m->repeated ? c->now_high : m->time;
    return paused_set(&h->tables.agreements, h->instrument, h->instrument_count, c->from,
                      PAUSE_GIVING, since < until ? since : until, until,
                      m->repeated ? until : INSTANT_NEVER);
}

static err standing_check(const struct history *h, const struct matter *m, const struct crossing *c,
                          const struct since *s, set64 *left_out)
{
    set64 read_as[READING_COUNT];
    set64 stood = standing_given(&h->tables.agreements, h->instrument, h->instrument_count, c->from,
                                 c->now_low, c->now_high, read_as) &
                  on_the_way(h, c);
    if (!set_within(c->standing, stood)) {
        return FAIL(CONFLICT, "a verdict rests on an agreement that did not stand at that time");
    }
    for (unsigned r = 0; r < READING_COUNT; r++) {
        if (c->read_as[r] != (read_as[r] & c->standing)) {
            return FAIL(CONFLICT, "a verdict cites a reading that this party had not signed");
        }
    }
    if ((c->standing & paused(h, m, c, s->late)) != 0) {
        return FAIL(CONFLICT, "a verdict rests on an agreement that this party had paused");
    }
    *left_out = stood & ~paused(h, m, c, s->early) & ~c->standing;
    return OK;
}

/* ---- straight ---- */

/* By its place in the ledger; the guard leaves out also what was paused since the instant in its cover, which a
 * clock that was set back puts before its leaf. */
static struct since begun(const struct epoch_entry *e)
{
    instant cover = e->since - SET_BACK_MS;
    return (struct since){cover < e->after ? cover : e->after, e->after};
}

static unsigned approvals_of(const struct history *h, const struct matter *m, instant *last)
{
    unsigned count = 0;
    for (size_t i = 0; i < h->approval_count; i++) {
        const struct approval *a = &h->approval[i];
        if (id_equal(&a->epoch, &m->epoch) && name_equal(&a->partner, &m->partner)) {
            count++;
            *last = a->after;
        }
    }
    return count;
}

static err straight_check(const struct history *h, const struct matter *m, const struct crossing *c,
                          struct since *s)
{
    instant                   last = 0;
    const struct epoch_entry *e = history_newest(h, &m->epoch, true);
    if (e == NULL) {
        return FAIL(CONFLICT, "a verdict is about an epoch that this party did not begin");
    }
    if (c->approvals > approvals_of(h, m, &last)) {
        return FAIL(CONFLICT, "a verdict rests on more approvals than officers signed");
    }
    *s = c->approvals > 0 ? (struct since){last, last} : begun(e);
    return OK;
}

/* ---- by way of a hub ---- */

static const struct onward_approval *approval_of(const struct history *h, uint64_t leaf)
{
    for (size_t i = 0; i < h->onward_approval_count; i++) {
        if (h->onward_approval[i].leaf == leaf) {
            return &h->onward_approval[i];
        }
    }
    return NULL;
}

static bool speaks_of(const struct onward_approval *p, const struct matter *m,
                      const struct epoch_entry *e)
{
    bool it =
        p->feed.text[0] == 0 ? id_equal(&p->epoch, &m->epoch) : name_equal(&p->feed, &e->feed);
    return it && name_equal(&p->partner, &m->via) && name_equal(&p->to, &m->partner);
}

static err via_check(const struct history *h, const struct matter *m, const struct crossing *c,
                     struct since *s)
{
    const struct epoch_entry     *e = history_newest(h, &m->epoch, true);
    const struct onward_approval *p = approval_of(h, m->approval);
    uint8_t                       hub;
    TRY(history_party(h, &m->via, &hub));
    if (e == NULL || hub != c->via) {
        return FAIL(CONFLICT, "a verdict is about another way, or about nothing of this party's");
    }
    if (p == NULL || !speaks_of(p, m, e) || c->approvals > 1) {
        return FAIL(CONFLICT, "a verdict by way of a hub rests on an approval that nobody signed");
    }
    if (p->revoked || p->until <= c->now_low || p->used > p->count) {
        return FAIL(CONFLICT, "a verdict rests on an approval that was revoked, used up or over");
    }
    *s = begun(e);
    s->early = p->after > s->early ? p->after : s->early;
    s->late = p->after > s->late ? p->after : s->late;
    return OK;
}

/* ---- passed on by this party ---- */

static const struct onward_ask *ask_of(const struct history *h, const struct matter *m)
{
    const struct onward_ask *last = NULL;
    for (size_t i = 0; i < h->onward_ask_count; i++) {
        const struct onward_ask  *a = &h->onward_ask[i];
        const struct epoch_entry *e = history_newest(h, &m->epoch, false);
        bool it = e != NULL && id_equal(&e->handle, &a->handle) && name_equal(&a->to, &m->partner);
        last = it ? a : last;
    }
    return last;
}

static bool leave_given(const struct history *h, const struct matter *m)
{
    const struct epoch_entry *e = history_newest(h, &m->epoch, false);
    for (size_t i = 0; i < h->onward_leave_count && e != NULL; i++) {
        const struct onward_leave *o = &h->onward_leave[i];
        if (id_equal(&o->handle, &e->handle) && name_equal(&o->to, &m->partner) &&
            name_equal(&o->partner, &m->originator)) {
            return true;
        }
    }
    return false;
}

/* When its originator began it stands in no leaf here; when it came, does. */
static err passing_check(const struct history *h, const struct matter *m, const struct crossing *c,
                         struct since *s)
{
    const struct epoch_entry *e = history_newest(h, &m->epoch, false);
    const struct onward_ask  *a = ask_of(h, m);
    uint8_t                   originator;
    TRY(history_party(h, &m->originator, &originator));
    if (e == NULL) {
        return FAIL(CONFLICT, "a verdict passes on what never came");
    }
    if (c->onward_approved != 0 &&
        (c->onward_approved != set_one(originator) || !leave_given(h, m))) {
        return FAIL(CONFLICT, "a verdict rests on a leave that the originator did not give");
    }
    if (c->lineage == 0 ||
        (c->lineage & ~agreements_between(&h->tables.agreements, originator, c->from)) != 0) {
        return FAIL(CONFLICT, "a verdict hides under which agreement it was received");
    }
    if ((c->approvals > 0 || c->given_by_act) && (a == NULL || c->approvals > 1)) {
        return FAIL(CONFLICT, "a verdict rests on an act that no officer signed");
    }
    *s = (struct since){0, c->given_by_act ? a->after : e->since};
    return OK;
}

/* ---- assurance ---- */

static bool assurance_equal(const struct assurance *a, const struct assurance *b)
{
    return a->agreement == b->agreement && a->topics == b->topics && a->from == b->from &&
           a->until == b->until && levels_within(&a->levels, &b->levels) &&
           levels_within(&b->levels, &a->levels);
}

/* ---- what it is about ---- */

/* What is passed on bears another level than it came with. */
static err item_check(const struct history *h, const struct matter *m, const struct crossing *c)
{
    const struct epoch_entry *e = history_newest(h, &m->epoch, true);
    uint8_t                   asked[SHA256_LEN];
    covered_asked(&h->tables, c, asked);
    return m->originator.text[0] != 0 || (e != NULL && memcmp(e->covered, asked, sizeof asked) == 0)
               ? OK
               : FAIL(CONFLICT, "a verdict is about an item that its epoch's leaf says is another");
}

static bool assurance_known(const struct history *h, const struct crossing *c)
{
    uint8_t receiver = c->via == PARTY_NONE ? c->to : c->via;
    bool    known = !c->assurance.present;
    for (size_t i = 0; i < h->assured_count && !known; i++) {
        known = h->assured[i].partner == receiver &&
                assurance_equal(&h->assured[i].assurance, &c->assurance);
    }
    return known;
}

err basis_check(const struct history *h, const struct matter *m, const struct crossing *c,
                set64 *left_out)
{
    struct since s = {0, 0};
    bool         passing = m->originator.text[0] != 0, via = m->via.text[0] != 0;
    if (!via && (c->via != PARTY_NONE || m->approval != UINT64_MAX)) {
        return FAIL(CONFLICT, "a verdict is about another way than its leaf");
    }
    if (!passing && (c->lineage != 0 || c->onward_approved != 0)) {
        return FAIL(CONFLICT, "a verdict on the own item speaks of an originator's leave");
    }
    if (!via && !passing && c->given_by_act) {
        return FAIL(CONFLICT, "a verdict rests on an act that no officer signed");
    }
    TRY(passing ? passing_check(h, m, c, &s)
        : via   ? via_check(h, m, c, &s)
                : straight_check(h, m, c, &s));
    TRY(item_check(h, m, c));
    TRY(standing_check(h, m, c, &s, left_out));
    return assurance_known(h, c)
               ? OK
               : FAIL(CONFLICT, "a verdict rests on an assurance that the partner did not give");
}
