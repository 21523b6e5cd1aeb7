/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coarser.h"

#include <stdlib.h>

#include "cli/basis.h"
#include "cli/covered.h"
#include "reduce/reduce.h"

/* begun - the leaf of a feed's epoch
 *
 * source, of, recipient   of a derived one: the feed, and its epoch, that it is made of; for whom
 * crossing, verdict       of a derived one: its case */
struct begun {
    bool feed, derived;
    name name, source, recipient;
    id   epoch, of;
    span crossing, verdict;
};

static err begun_read(span body, struct begun *out)
{
    struct begun b = {0};
    struct lines l = lines_of(body);
    span         value;
    take_hex(&l, "epoch", b.epoch.bytes, ID_LEN);
    (void)take_text(&l, "kind");
    b.feed = take_more(&l, "feed", &value);
    TRY(b.feed ? name_of(value, &b.name) : OK);
    b.derived = b.feed && take_more(&l, "source", &value);
    if (b.derived) {
        TRY(name_of(value, &b.source));
        take_hex(&l, "of", b.of.bytes, ID_LEN);
        b.recipient = take_name(&l, "for");
        verdict_texts(body, &b.crossing, &b.verdict);
    }
    *out = b;
    return l.bad ? FAIL(MALFORMED, "the leaf of an epoch is not as it should be") : OK;
}

static err conflict(const char *why)
{
    return (err){ERR_CONFLICT, why};
}

/* ---- a feed as it is ---- */

static err plain_check(const struct history *h, const struct begun *b)
{
    const struct profile     *p = profile_find(h, &b->name);
    const struct epoch_entry *e = history_newest(h, &b->epoch, true);
    if (p == NULL) {
        return conflict("an epoch is of a feed that nobody registered");
    }
    return memcmp(p->covered, e->covered, sizeof p->covered) == 0
               ? OK
               : conflict("an epoch says otherwise of its feed than its source's profile");
}

/* ---- what is derived ---- */

/* A newer assurance of the same partner under the same agreement takes the place of the older. */
static size_t assured_now(const struct history *h, struct assured *out)
{
    size_t count = 0;
    for (size_t i = 0; i < h->assured_count; i++) {
        size_t at = 0;
        for (; at < count; at++) {
            if (out[at].partner == h->assured[i].partner &&
                out[at].assurance.agreement == h->assured[i].assurance.agreement) {
                break;
            }
        }
        out[at] = h->assured[i];
        count += at == count ? 1 : 0;
    }
    return count;
}

static struct least needed(const struct history *h, const struct crossing *c,
                           const struct profile *p)
{
    struct assured *assured = calloc(h->assured_count + 1, sizeof *assured);
    MUST(assured != NULL);
    struct law_now  g = {.tables = &h->tables, .assured = assured};
    struct crossing plain = *c;
    g.assured_count = assured_now(h, assured);
    plain.reduced = p->reduced;
    law_assure(&g, &plain);
    struct least l = least_of(&g, &plain);
    free(assured);
    return l;
}

static err enough(const struct crossing *c, const struct profile *p, const struct least *l,
                  bool *more)
{
    struct reduction least = p->reduced;
    reduction_unite(&least, &l->reduced);
    *more = !reduction_meets(&least, &c->reduced);
    if (!reduction_meets(&c->reduced, &least)) {
        return conflict("a feed is made less coarse for a partner than texts and rules ask for");
    }
    const struct extent  *e = &c->extent;
    const struct cell_box box = {e->south, e->west, e->north, e->east};
    return e->known && c->reduced.position_m != 0 && !cell_box_hides(c->reduced.position_m, &box)
               ? conflict(
                     "a place is made coarser than the box in which its feed says that it lies")
               : OK;
}

static err case_check(const struct history *h, const struct history_step *step,
                      const struct begun *b, struct crossing *c, set64 *left_out)
{
    struct lines  l = lines_of(b->crossing);
    struct matter m = {.kind = step->head.kind,
                       .epoch = b->epoch,
                       .partner = b->recipient,
                       .approval = UINT64_MAX,
                       .passage = UINT64_MAX,
                       .time = step->head.time};
    uint8_t       self, partner;
    TRY(crossing_read(&h->tables, &l, c));
    TRY(lines_end(&l));
    TRY(history_party(h, &h->party, &self));
    TRY(history_party(h, &b->recipient, &partner));
    if (c->from != self || c->to != partner || c->via != PARTY_NONE || c->approvals != 0) {
        return conflict("what is derived for a partner rests on a verdict about another way");
    }
    TRY(basis_check(h, &m, c, left_out));
    return verdict_check(&h->tables, b->crossing, b->verdict);
}

static err derived_check(const struct history *h, const struct history_step *step,
                         const struct begun *b, struct coarser *out)
{
    const struct profile     *p = profile_find(h, &b->source);
    const struct epoch_entry *of = history_newest(h, &b->of, true);
    struct crossing           c = {0};
    if (p == NULL || of == NULL || !name_equal(&of->feed, &b->source)) {
        return conflict("an epoch is derived from what is no epoch of its feed");
    }
    TRY(case_check(h, step, b, &c, &out->left_out));
    struct least l = needed(h, &c, p);
    return enough(&c, p, &l, &out->more);
}

err coarser_check(const struct history *h, const struct history_step *step, struct coarser *out)
{
    struct begun b;
    *out = (struct coarser){.derived = false};
    if (step->head.kind != LEAF_EPOCH) {
        return OK;
    }
    TRY(begun_read(step->head.body, &b));
    if (!b.feed) {
        return OK;
    }
    out->derived = b.derived;
    return b.derived ? derived_check(h, step, &b, out) : plain_check(h, &b);
}
