/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/matter.h"

#include "cli/basis.h"
#include "cli/rests.h"

static bool may_have_verdict(enum leaf_kind k)
{
    return k == LEAF_RELEASED || k == LEAF_HELD || k == LEAF_REFUSED || k == LEAF_RECEIVED ||
           k == LEAF_WITHHELD;
}

static void number_of(span value, uint64_t *out)
{
    if (err_is(text_decimal(value, INT64_MAX, out))) {
        *out = UINT64_MAX;
    }
}

/* The leaf's own lines, before its case; what is not named here is of no interest to the verdict. */
static void about_of(span own, struct matter *out)
{
    while (own.len > 0) {
        span value = span_cut(&own, '\n');
        span key = span_cut(&value, ' ');
        if (span_is(key, "epoch")) {
            (void)text_hex(value, out->epoch.bytes, ID_LEN);
        } else if (span_is(key, "handle")) {
            (void)text_hex(value, out->handle.bytes, ID_LEN);
        } else if (span_is(key, "partner")) {
            (void)name_of(value, &out->partner);
        } else if (span_is(key, "via")) {
            (void)name_of(value, &out->via);
        } else if (span_is(key, "originator")) {
            (void)name_of(value, &out->originator);
        } else if (span_is(key, "approval")) {
            number_of(value, &out->approval);
        } else if (span_is(key, "passage")) {
            number_of(value, &out->passage);
        } else if (span_is(key, "rests-at")) {
            out->rests_at =
                err_is(text_instant(value, &out->rests_at)) ? INSTANT_NEVER : out->rests_at;
        } else if (span_is(key, "rests-on")) {
            (void)text_hex(value, out->rests_on, sizeof out->rests_on);
        }
    }
}

bool matter_of(const struct leaf_head *head, struct matter *out)
{
    struct matter m = {.kind = head->kind,
                       .approval = UINT64_MAX,
                       .passage = UINT64_MAX,
                       .time = head->time,
                       .rests_at = INSTANT_NEVER};
    if (!may_have_verdict(head->kind)) {
        return false;
    }
    verdict_texts(head->body, &m.crossing, &m.verdict);
    m.both = (span){m.crossing.ptr, m.crossing.len + m.verdict.len};
    if (m.both.len == 0 && head->kind == LEAF_WITHHELD) {
        return false;
    }
    const uint8_t *end = head->body.ptr + head->body.len;
    m.repeated = m.both.len > 0 && m.both.ptr + m.both.len < end;
    about_of((span){head->body.ptr,
                    m.both.len > 0 ? (size_t)(m.both.ptr - head->body.ptr) : head->body.len},
             &m);
    *out = m;
    return true;
}

static err crossing_of(const struct history *h, const struct matter *m, struct crossing *c)
{
    struct lines l = lines_of(m->crossing);
    TRY(crossing_read(&h->tables, &l, c));
    return lines_end(&l);
}

/* A leaf that counts repeats comes a second after its case: what was recorded between may be in it. */
static err rests_check(const struct history *h, const struct matter *m, const struct crossing *c)
{
    struct rests r = {&h->tables, h->instrument, h->instrument_count, m->rests_at};
    uint8_t      digest[SHA256_LEN];
    if (m->repeated) {
        return OK;
    }
    rests_digest(&r, c, digest);
    return m->rests_at != INSTANT_NEVER && memcmp(digest, m->rests_on, sizeof digest) == 0
               ? OK
               : FAIL(CONFLICT, "a verdict rests on other instruments than are on record");
}

/* ---- what came ---- */

/* The instant at which it was granted lies between both ends of its now: what was paused at both was
 * paused then. */
static err giver_check(const struct history *h, const struct crossing *c)
{
    set64 paused = paused_set(&h->tables.agreements, h->instrument, h->instrument_count, c->from,
                              PAUSE_GIVING, c->now_low, c->now_low, INSTANT_NEVER) &
                   paused_set(&h->tables.agreements, h->instrument, h->instrument_count, c->from,
                              PAUSE_GIVING, c->now_high, c->now_high, INSTANT_NEVER);
    return (paused & c->standing) == 0
               ? OK
               : FAIL(CONFLICT, "a verdict rests on an agreement that its giver had paused");
}

static const struct passage_paper *paper_of(const struct history *h, const struct matter *m)
{
    for (size_t i = 0; i < h->passage_count; i++) {
        const struct passage_paper *p = &h->passage[i];
        if (p->leaf == m->passage && id_equal(&p->handle, &m->handle) &&
            name_equal(&p->hub, &m->via)) {
            return p;
        }
    }
    return NULL;
}

/* The hub's own verdict: about the same thing, from the hub to this party, and it follows. */
static err passage_check(const struct history *h, const struct matter *m, const struct crossing *c)
{
    const struct passage_paper *p = paper_of(h, m);
    struct matter               second = {0};
    struct crossing             hub = {0};
    if (p == NULL) {
        return FAIL(CONFLICT, "what came by way of a hub rests on no papers of the hub");
    }
    verdict_texts((span){p->matter, p->matter_len}, &second.crossing, &second.verdict);
    TRY(crossing_of(h, &second, &hub));
    TRY(giver_check(h, &hub));
    if (hub.from != c->via || hub.to != c->to || hub.via != PARTY_NONE || hub.kind != c->kind ||
        hub.onward_approved != set_one(c->from)) {
        return FAIL(CONFLICT, "the hub's papers are about something else");
    }
    return verdict_check(&h->tables, second.crossing, second.verdict);
}

static err came_check(const struct history *h, const struct matter *m, const struct crossing *c)
{
    uint8_t self, giver;
    TRY(history_party(h, &h->party, &self));
    TRY(history_party(h, &m->partner, &giver));
    if (c->to != self || c->from != giver) {
        return FAIL(CONFLICT, "what came rests on a verdict about other parties");
    }
    TRY(giver_check(h, c));
    if (c->via == PARTY_NONE && m->via.text[0] == 0) {
        return OK;
    }
    uint8_t hub = PARTY_NONE;
    TRY(history_party(h, &m->via, &hub));
    return hub == c->via ? passage_check(h, m, c)
                         : FAIL(CONFLICT, "what came by way of a hub rests on another way");
}

/* The leaf's kind is the outcome; what waits for nobody here is withheld. */
static err outcome_check(const struct matter *m)
{
    static const enum outcome row[LEAF_KIND_COUNT] = {[LEAF_RELEASED] = OUTCOME_RELEASE,
                                                      [LEAF_RECEIVED] = OUTCOME_RELEASE,
                                                      [LEAF_HELD] = OUTCOME_HOLD,
                                                      [LEAF_WITHHELD] = OUTCOME_HOLD,
                                                      [LEAF_REFUSED] = OUTCOME_REFUSE};
    struct lines              l = lines_of(m->verdict);
    take_title(&l, VERDICT_TITLE);
    return span_is(take_text(&l, "outcome"), outcome_name(row[m->kind]))
               ? OK
               : FAIL(CONFLICT, "the kind of a leaf is not the outcome of its verdict");
}

err matter_check(const struct history *h, const struct matter *m, set64 *left_out)
{
    struct crossing c = {0};
    uint8_t         self;
    *left_out = 0;
    TRY(crossing_of(h, m, &c));
    TRY(outcome_check(m));
    TRY(history_party(h, &h->party, &self));
    if (m->kind == LEAF_RECEIVED) {
        TRY(came_check(h, m, &c));
    } else if (c.from != self) {
        return FAIL(CONFLICT, "a verdict of this party is about another giver");
    } else {
        TRY(basis_check(h, m, &c, left_out));
    }
    TRY(rests_check(h, m, &c));
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
