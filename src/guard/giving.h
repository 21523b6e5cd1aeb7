/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_GIVING_H
#define GUARD_GIVING_H

#include "guard/kept.h"

/* giving_case - one epoch for one party: the question, its verdict, the leaf of it and the grant; straight
 * (give.c) or by way of a hub (onward.c) */
struct giving_case {
    const struct kept    *kept;
    const struct partner *partner;  /* who is to have it */
    const struct partner *via;      /* the hub; NULL: straight */
    uint64_t              approval; /* of the passing on: its leaf; UINT64_MAX: none */
    bool                  again;    /* it was given before, and its grant is asked for once more */
    const struct partner *passing;  /* its originator, when this party is the hub; else NULL */
    struct crossing       crossing;
    struct verdict        verdict;
    id                    handle; /* zeros: giving_decide makes it */
    instant               at;     /* of the verdict: what this party had done until then counts */
    uint8_t               rests_on[32]; /* digest of the instruments that it rests on */
    struct writer         matter;       /* text of crossing and verdict */
    uint8_t               matter_text[CASE_TEXT_MAX];
};

/* crossing_of - the question as it stands now, straight to a partner
 * fails   MALFORMED when the epoch's marking cannot be read under the policies of now */
err crossing_of(struct guard *g, const struct kept *k, const struct partner *p, unsigned approvals,
                struct crossing *out);

/* giving_law - on what this guard judges
 * assure - of the receiver's assurances that by which it goes furthest (release/least.h) */
struct law_now giving_law(struct guard *g);
void           assure(struct guard *g, struct crossing *c);

/* crossing_via - the same by way of a hub, which an officer of this party approved after that own instrument */
err crossing_via(struct guard *g, const struct kept *k, const struct partner *to,
                 const struct partner *via, instant after, struct crossing *out);

/* link_handle - an own epoch's id on the link to that partner, and at the partner */
void link_handle(const struct guard *g, const id *epoch, const name *partner, id *out);

/* giving_decide - the verdict on v->crossing, and the text of both
 * fails   LIMIT when they are too long to be put on record */
err giving_decide(struct guard *g, struct giving_case *v);

/* rests_lines - on which instruments a verdict rests, in its leaf, before its case: at both ends the same */
void rests_lines(instant at, const uint8_t on[static 32], struct writer *w);

/* giving_leaf - the leaf of its verdict */
void giving_leaf(struct guard *g, const struct giving_case *v, struct leaf *l);

/* giving_grant - the key, sealed for the partner; leaf: of the release */
err giving_grant(struct guard *g, const struct giving_case *v, const struct recorded *leaf,
                 struct writer *out);

/* withheld_record - it was not given, and may be later: a counted leaf */
void withheld_record(struct guard *g, const id *epoch, const name *partner, err why);

#endif
