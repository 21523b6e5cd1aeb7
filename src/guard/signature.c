/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/signature.h"

#include "guard/act.h"
#include "guard/instrument.h"

/* ---- one signature ---- */

err signature_taken(struct lines *l, struct agreement_signature *out)
{
    struct agreement_signature s = {.agreement = take_name(l, "agreement"),
                                    .party = take_name(l, "party")};
    take_hex(l, "digest", s.digest, sizeof s.digest);
    take_hex(l, "signature", s.signature, sizeof s.signature);
    if (l->bad) {
        return FAIL(MALFORMED, "the signature of an agreement is not as it should be");
    }
    *out = s;
    return OK;
}

void signature_lines(const struct agreement_signature *s, struct writer *w)
{
    line_name(w, "agreement", &s->agreement);
    line_name(w, "party", &s->party);
    line_hex(w, "digest", SPAN_OF(s->digest));
    line_hex(w, "signature", SPAN_OF(s->signature));
}

void signature_own(struct guard *g, const struct agreement *a, struct agreement_signature *out)
{
    *out = (struct agreement_signature){.agreement = a->name, .party = g->party};
    memcpy(out->digest, a->digest, sizeof out->digest);
    signer_sign(g->signer, SIGNATURE_TITLE, SPAN_OF(out->digest), out->signature);
}

static err signature_true(struct guard *g, const struct agreement_signature *s, uint8_t *party)
{
    const struct partner *p = partner_find(g, &s->party);
    bool                  own = name_equal(&s->party, &g->party);
    TRY(party_read(g, &s->party, party));
    if (p == NULL && !own) {
        return FAIL(UNKNOWN, "a signature is of a party whose identity is not trusted here yet");
    }
    return sign_check(own ? g->identity_public : p->identity, SIGNATURE_TITLE, SPAN_OF(s->digest),
                      s->signature);
}

err signature_accept(struct guard *g, const struct agreement *a,
                     const struct agreement_signature *s, uint8_t *party)
{
    uint8_t who = PARTY_NONE;
    if (memcmp(s->digest, a->digest, sizeof s->digest) != 0 ||
        !name_equal(&s->agreement, &a->name)) {
        return FAIL(CONFLICT, "what was signed is another text than the one that is here");
    }
    TRY(signature_true(g, s, &who));
    if (!set_has(a->parties, who)) {
        return FAIL(DENIED, "a signature is of one who is no party to the agreement");
    }
    *party = who;
    return OK;
}

/* ---- what counts ---- */

static set64 signatures_counted(const struct guard *g, const struct agreement *a)
{
    set64 by = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        bool                     of =
            one->kind == INSTRUMENT_SIGN && memcmp(one->digest, a->digest, sizeof a->digest) == 0;
        by |= of ? set_one(one->party) : 0;
    }
    return by;
}

set64 signatures_known(struct guard *g, const struct agreement *a)
{
    set64   by = signatures_counted(g, a);
    uint8_t party;
    for (unsigned i = 0; i < g->signatures.count; i++) {
        by |= err_is(signature_accept(g, a, &g->signatures.kept[i], &party)) ? 0 : set_one(party);
    }
    return by;
}

set64 signatures_missing(struct guard *g, const struct agreement *a)
{
    return a->parties & ~signatures_known(g, a);
}

static void instrument_add(struct guard *g, const struct instrument *about,
                           enum instrument_kind kind, instant effective)
{
    struct instrument *i = &g->instrument[g->instrument_count++];
    *i = *about;
    i->kind = kind;
    i->effective = effective;
}

/* By what it signs a party notifies, too: on the day that the text names. */
void signature_count(struct guard *g, const struct agreement *a, uint8_t party, instant accepted)
{
    struct instrument i = {.party = party, .accepted = accepted};
    if (set_has(signatures_counted(g, a), party) || g->instrument_count + 2 > INSTRUMENTS_MAX) {
        return; /* room was made sure of by the check */
    }
    memcpy(i.digest, a->digest, sizeof i.digest);
    instrument_add(g, &i, INSTRUMENT_SIGN, a->signed_on);
    instrument_add(g, &i, INSTRUMENT_NOTIFY, a->in_force_on);
}

/* ---- what is kept until its text is here ---- */

static void kept_drop(struct signatures *s, unsigned place)
{
    s->count--;
    memmove(&s->kept[place], &s->kept[place + 1], (s->count - place) * sizeof s->kept[0]);
}

void signatures_forget(struct guard *g, const struct agreement *a)
{
    unsigned left = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        if (one->kind > INSTRUMENT_NOTIFY ||
            memcmp(one->digest, a->digest, sizeof a->digest) != 0) {
            g->instrument[left++] = *one;
        }
    }
    g->instrument_count = left;
}

/* The newest of one party and name: it has signed another text since. */
static unsigned kept_place(const struct guard *g, const struct agreement_signature *s,
                           unsigned *of_party)
{
    unsigned place = g->signatures.count;
    *of_party = 0;
    for (unsigned i = 0; i < g->signatures.count; i++) {
        const struct agreement_signature *k = &g->signatures.kept[i];
        bool                              same = name_equal(&k->party, &s->party);
        *of_party += same ? 1 : 0;
        place = same && name_equal(&k->agreement, &s->agreement) ? i : place;
    }
    return place;
}

static err kept_put(struct guard *g, const struct agreement_signature *s)
{
    unsigned of_party, place = kept_place(g, s, &of_party);
    if (place >= SIGNATURES_KEPT_MAX) {
        return FAIL(FULL, "more signatures are kept than there is room for");
    }
    g->signatures.count += place == g->signatures.count ? 1 : 0;
    g->signatures.kept[place] = *s;
    return OK;
}

static err kept_room(const struct guard *g, const struct agreement_signature *s)
{
    unsigned of_party, place = kept_place(g, s, &of_party);
    return place < g->signatures.count || of_party < SIGNATURES_EACH_MAX
               ? OK
               : FAIL(FULL, "this party has signed more texts than are kept until they are here");
}

err signature_own_keep(struct guard *g, const struct agreement *a)
{
    struct agreement_signature s;
    signature_own(g, a, &s);
    return kept_put(g, &s);
}

err signature_own_room(struct guard *g, const struct agreement *a)
{
    struct agreement_signature s;
    signature_own(g, a, &s);
    return kept_room(g, &s);
}

/* ---- letters: to others ---- */

void signature_owe(struct guard *g, unsigned agreement)
{
    const struct agreement *a = &g->tables.agreements.agreement[agreement];
    g->signatures.owed[agreement] = 0;
    for (unsigned i = 0; i < g->partner_count; i++) {
        bool owed =
            set_has(a->parties, g->partner[i].party) && set_has(signatures_counted(g, a), g->self);
        g->signatures.owed[agreement] |= owed ? set_one(i) : 0;
    }
}

/* One by who is no party stays: the list shows it. */
void signatures_use(struct guard *g, unsigned agreement, instant accepted)
{
    const struct agreement *a = &g->tables.agreements.agreement[agreement];
    uint8_t                 party;
    for (unsigned i = 0; i < g->signatures.count;) {
        if (err_is(signature_accept(g, a, &g->signatures.kept[i], &party))) {
            i++;
            continue;
        }
        signature_count(g, a, party, accepted);
        kept_drop(&g->signatures, i);
        if (party == g->self) {
            signature_owe(g, agreement);
        }
    }
}

void signatures_owe(struct guard *g, unsigned partner)
{
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        set64 owed = g->signatures.owed[i];
        signature_owe(g, i);
        g->signatures.owed[i] = owed | (g->signatures.owed[i] & set_one(partner));
    }
}

void signatures_shown(struct guard *g, unsigned partner)
{
    for (unsigned i = 0; i < AGREEMENTS_MAX; i++) {
        g->signatures.owed[i] &= ~set_one(partner);
    }
}

bool signatures_told(const struct guard *g, unsigned partner)
{
    for (unsigned i = 0; i < AGREEMENTS_MAX; i++) {
        if (set_has(g->signatures.owed[i], partner)) {
            return false;
        }
    }
    return true;
}

/* Its beats say first what it knows: what came to it as a file goes by no letter. */
static bool may_tell(const struct guard *g, unsigned partner)
{
    return g->partner[partner].mailbox.heard_number > 0 && letter_room(g, partner);
}

static err signature_send(struct guard *g, unsigned partner, unsigned agreement)
{
    struct agreement_signature s;
    uint8_t                    body[LETTER_BODY_MAX];
    struct writer              w = WRITER_OF(body);
    span                       text;
    signature_own(g, &g->tables.agreements.agreement[agreement], &s);
    signature_lines(&s, &w);
    TRY(writer_end(&w, &text));
    return letter_send(g, partner, "signature", text);
}

void signatures_turn(struct guard *g)
{
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        set64 owed = g->signatures.owed[i];
        for (unsigned p = set_next(owed, 0); p < SET64_MAX; p = set_next(owed, p + 1)) {
            if (guard_has_room(g) && may_tell(g, p) && err_is(signature_send(g, p, i))) {
                return; /* it is owed on, and goes in a later turn */
            }
        }
    }
}

bool signatures_wait(const struct guard *g)
{
    for (unsigned p = 0; p < g->partner_count; p++) {
        if (!signatures_told(g, p) && may_tell(g, p)) {
            return true;
        }
    }
    return false;
}

err letter_signature_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines               l = lines_of(v->body);
    struct agreement_signature s;
    unsigned                   number;
    TRY(signature_taken(&l, &s));
    if (!err_is(agreement_of(g, s.digest, &number))) {
        g->signatures.owed[number] &= ~set_one(v->partner);
    }
    return OK;
}

/* ---- letters: of others ---- */

static err kept_check(struct guard *g, const struct agreement_signature *s)
{
    unsigned of_party, number, place = kept_place(g, s, &of_party);
    if (!err_is(agreements_find(&g->tables.agreements, name_span(&s->agreement), &number)) &&
        signatures_missing(g, &g->tables.agreements.agreement[number]) == 0) {
        return FAIL(CONFLICT, "another text of this name was signed by all its parties");
    }
    if (place < g->signatures.count &&
        memcmp(g->signatures.kept[place].digest, s->digest, sizeof s->digest) == 0) {
        return FAIL(CONFLICT, "this party's signature is here already");
    }
    return kept_room(g, s);
}

static err counted_check(struct guard *g, const struct agreement *a,
                         const struct agreement_signature *s)
{
    uint8_t party = PARTY_NONE;
    TRY(signature_accept(g, a, s, &party));
    if (set_has(signatures_known(g, a), party)) {
        return FAIL(CONFLICT, "this party's signature is here already");
    }
    return g->instrument_count + 2 <= INSTRUMENTS_MAX
               ? OK
               : FAIL(FULL, "there is no room for another instrument");
}

err letter_signature_check(struct guard *g, const struct letter_view *v)
{
    struct lines               l = lines_of(v->body);
    struct agreement_signature s;
    unsigned                   number;
    uint8_t                    party;
    TRY(signature_taken(&l, &s));
    TRY(lines_end(&l));
    if (!name_equal(&s.party, &g->partner[v->partner].name)) {
        return FAIL(FORGED, "a signature comes by letter of its own party only");
    }
    TRY(signature_true(g, &s, &party));
    return err_is(agreement_of(g, s.digest, &number))
               ? kept_check(g, &s)
               : counted_check(g, &g->tables.agreements.agreement[number], &s);
}

err letter_signature_fold(struct guard *g, const struct letter_view *v)
{
    struct lines               l = lines_of(v->body);
    struct agreement_signature s;
    unsigned                   number;
    TRY(signature_taken(&l, &s));
    if (!err_is(agreement_of(g, s.digest, &number))) {
        signature_count(g, &g->tables.agreements.agreement[number], g->partner[v->partner].party,
                        v->time);
        return OK;
    }
    return kept_put(g, &s);
}
