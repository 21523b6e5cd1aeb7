/* SPDX-License-Identifier: Apache-2.0 */
/* Instruments: what the one acted, what the other knows of it, and the letters between. */
#include <stdio.h>

#include "cli/history_word.h"
#include "cli/reconciling.h"

static bool instrument_equal(const struct instrument *a, const struct instrument *b)
{
    return a->kind == b->kind && a->direction == b->direction && a->effective == b->effective &&
           a->at == b->at && a->reading == b->reading &&
           memcmp(a->into, b->into, sizeof a->into) == 0 &&
           memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

static bool knows(const struct dealings *d, const name *party, const struct instrument *i)
{
    for (size_t k = 0; k < d->instrument_count; k++) {
        const struct instrument_known *one = &d->instrument[k];
        if (name_equal(&one->party, party) && instrument_equal(&one->instrument, i)) {
            return true;
        }
    }
    return false;
}

/* The first letter between the two that says so; `sent`: among those sent, else among those that came */
static const struct posted *says(const struct dealings *d, const name *partner, bool sent,
                                 const struct instrument *i)
{
    for (size_t k = 0; k < d->posted_count; k++) {
        const struct posted *p = &d->posted[k];
        struct lines         l = posted_lines(p);
        struct instrument    said;
        if (p->sent != sent || !posted_is(p, "instrument") || !name_equal(&p->partner, partner)) {
            continue;
        }
        (void)take_number(&l, "leaf", INT64_MAX);
        if (!err_is(instrument_read(&l, &said)) && instrument_equal(&said, i)) {
            return p;
        }
    }
    return NULL;
}

/* told - has the giver written to the taker of it, and did that letter come? */
enum told { TOLD_NOT, TOLD_WAITS, TOLD_CAME };

static enum told told_of(const struct border *b, const struct instrument *i)
{
    const struct posted *p = says(&b->from->dealings, &b->taker, true, i);
    uint64_t last = dealings_last(&b->to->dealings, &b->giver, false, b->to->cut.leaves);
    return p == NULL ? TOLD_NOT : p->number <= last ? TOLD_CAME : TOLD_WAITS;
}

/* A letter that came since the cut may tell of what the giver's reading does not hold yet. */
static bool told_since(const struct border *b, const struct instrument *i)
{
    const struct posted *p = says(&b->to->dealings, &b->giver, false, i);
    return p != NULL && p->index >= b->to->cut.leaves;
}

static void instrument_tell(struct border *b, const struct instrument *i, const char *what)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    char          which[64];
    put_instant(&w, i->effective);
    (void)snprintf(which, sizeof which, "%s of %.*s", instrument_kind_name(i->kind), (int)w.len,
                   (const char *)text);
    difference_tell(b, "instrument", which, what, "");
}

/* Of the giver's own; one that the taker need not be told of has no letter, and is nobody's difference. */
void reconcile_instruments(struct border *b)
{
    const struct dealings *from = &b->from->dealings, *to = &b->to->dealings;
    for (size_t i = 0; i < from->instrument_count; i++) {
        const struct instrument_known *one = &from->instrument[i];
        if (!name_equal(&one->party, &b->giver)) {
            continue;
        }
        bool      known = knows(to, &b->giver, &one->instrument);
        enum told told = known ? TOLD_CAME : told_of(b, &one->instrument);
        b->instruments += told == TOLD_NOT ? 0 : 1;
        b->waiting += told == TOLD_WAITS ? 1 : 0;
        if (!known && told == TOLD_CAME) {
            instrument_tell(b, &one->instrument, "told, and not known to the taker");
        }
    }
    for (size_t i = 0; i < to->instrument_count; i++) {
        const struct instrument_known *one = &to->instrument[i];
        if (name_equal(&one->party, &b->giver) && !knows(from, &b->giver, &one->instrument) &&
            !told_since(b, &one->instrument)) {
            instrument_tell(b, &one->instrument, "known to the taker, and not to who acted");
        }
    }
}
