/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/matter.h"

static bool has_verdict(enum leaf_kind k)
{
    return k == LEAF_RELEASED || k == LEAF_HELD || k == LEAF_REFUSED || k == LEAF_RECEIVED;
}

static void about_of(span body, struct matter *out)
{
    struct lines l = lines_of(body);
    span         handle;
    (void)take_more(&l, "handle", &handle);
    take_hex(&l, "epoch", out->epoch.bytes, ID_LEN);
    out->partner = take_name(&l, "partner");
}

bool matter_of(const struct leaf_head *head, struct matter *out)
{
    if (!has_verdict(head->kind)) {
        return false;
    }
    about_of(head->body, out);
    verdict_texts(head->body, &out->crossing, &out->verdict);
    out->both = (span){out->crossing.ptr, out->crossing.len + out->verdict.len};
    return true;
}

static err crossing_of(const struct history *h, const struct matter *m, struct crossing *c)
{
    struct lines l = lines_of(m->crossing);
    TRY(crossing_read(&h->tables, &l, c));
    return lines_end(&l);
}

/* ---- what an own verdict rests on must be on record ---- */

static unsigned approvals_of(const struct history *h, const struct matter *m)
{
    unsigned count = 0;
    for (size_t i = 0; i < h->approval_count; i++) {
        count += id_equal(&h->approval[i].epoch, &m->epoch) &&
                 name_equal(&h->approval[i].partner, &m->partner);
    }
    return count;
}

static bool assurance_equal(const struct assurance *a, const struct assurance *b)
{
    return a->agreement == b->agreement && a->topics == b->topics && a->from == b->from &&
           a->until == b->until && levels_within(&a->levels, &b->levels) &&
           levels_within(&b->levels, &a->levels);
}

static bool assurance_known(const struct history *h, const struct crossing *c)
{
    bool known = !c->assurance.present;
    for (size_t i = 0; i < h->assured_count && !known; i++) {
        known = h->assured[i].partner == c->to &&
                assurance_equal(&h->assured[i].assurance, &c->assurance);
    }
    return known;
}

static err own_check(const struct history *h, const struct matter *m, const struct crossing *c)
{
    set64 stood = standing_set(&h->tables.agreements, h->instrument, h->instrument_count,
                               c->now_low, c->now_high) &
                  agreements_between(&h->tables.agreements, c->from, c->to);
    if (c->standing != stood) {
        return FAIL(CONFLICT, "a verdict rests on other agreements than stood at that time");
    }
    if (c->approvals > approvals_of(h, m)) {
        return FAIL(CONFLICT, "a verdict rests on more approvals than officers signed");
    }
    return assurance_known(h, c)
               ? OK
               : FAIL(CONFLICT, "a verdict rests on an assurance that the partner did not give");
}

err matter_check(const struct history *h, const struct matter *m)
{
    struct crossing c = {0};
    unsigned        self;
    TRY(crossing_of(h, m, &c));
    TRY(names_find(&h->tables.policies.parties, name_span(&h->party), &self));
    if (c.from == self) {
        TRY(own_check(h, m, &c));
    }
    return verdict_check(&h->tables, m->crossing, m->verdict);
}

err matter_explain(const struct history *h, const struct matter *m, struct writer *w)
{
    const struct tables *t = &h->tables;
    struct crossing      c = {0};
    struct ruling        r;
    TRY(crossing_of(h, m, &c));
    struct verdict v = verdict_by_reading(t, &c);
    if (t->rules.count == 0 || t->rules.party != c.from) {
        TRY(ruling_read(m->verdict, &r));
        v = verdict_with(&v, &r, &c);
    }
    verdict_explain(t, &c, &v, w);
    return OK;
}
