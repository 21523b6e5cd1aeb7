/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of agreements and who has signed them: acts, and letters of partners. */
#include "cli/history_acts.h"

#define SIGNATURE_TITLE "accord agreement 1"

/* ---- signatures ---- */

/* Whose it is, and that it is his */
static err signature_check(const struct history *h, const struct party_signature *s, uint8_t *party)
{
    const uint8_t *key = h->identity;
    TRY(history_party(h, &s->party, party));
    if (!name_equal(&s->party, &h->party)) {
        const struct peer *p = history_peer(h, &s->party);
        if (p == NULL) {
            return FAIL(UNKNOWN, "an agreement is signed by a party that was no partner then");
        }
        key = p->identity;
    }
    return sign_check(key, SIGNATURE_TITLE, SPAN_OF(s->digest), s->signature);
}

set64 history_signed(const struct history *h, const struct agreement *a)
{
    set64 by = 0;
    for (unsigned i = 0; i < h->instrument_count; i++) {
        const struct instrument *one = &h->instrument[i];
        bool of = one->kind == INSTRUMENT_SIGN && memcmp(one->digest, a->digest, SHA256_LEN) == 0;
        by |= of ? set_one(one->party) : 0;
    }
    return by;
}

/* Who signs notifies, too: each on the day that the text names.  A second time changes nothing. */
static err signer_add(struct history *h, const struct agreement *a, uint8_t party, instant accepted)
{
    const instant from[] = {[INSTRUMENT_SIGN] = a->signed_on, [INSTRUMENT_NOTIFY] = a->in_force_on};
    if (!set_has(a->parties, party)) {
        return FAIL(DENIED, "an agreement is signed by one who is no party to it");
    }
    if (set_has(history_signed(h, a), party)) {
        return OK;
    }
    for (unsigned k = 0; k < ARRAY_LEN(from); k++) {
        struct instrument i = {.kind = (enum instrument_kind)k,
                               .party = party,
                               .effective = from[k],
                               .accepted = accepted};
        memcpy(i.digest, a->digest, sizeof i.digest);
        TRY(history_instrument(h, &i));
    }
    return OK;
}

/* ---- texts ---- */

static err text_read(struct history *h, const struct act_text *a, struct lines *l,
                     struct agreement *out)
{
    uint8_t  digest[SHA256_LEN];
    name     named = take_name(l, "agreement");
    span     value;
    unsigned number;
    sha256(a->attachment, digest);
    TRY(agreement_read(&h->tables.policies, a->attachment, digest, out));
    if (!name_equal(&out->name, &named)) {
        return FAIL(DENIED, "an agreement was signed or loaded under another name");
    }
    if (!take_more(l, "instead", &value)) {
        return OK;
    }
    TRY(agreements_find(&h->tables.agreements, value, &number));
    const struct agreement *old = &h->tables.agreements.agreement[number];
    memcpy(out->instead, old->digest, sizeof out->instead);
    return old->parties == out->parties
               ? OK
               : FAIL(DENIED, "an agreement was loaded in place of one of other parties");
}

static void beginnings_forget(struct history *h, const struct agreement *a)
{
    unsigned left = 0;
    for (unsigned i = 0; i < h->instrument_count; i++) {
        const struct instrument *one = &h->instrument[i];
        if (one->kind > INSTRUMENT_NOTIFY || memcmp(one->digest, a->digest, SHA256_LEN) != 0) {
            h->instrument[left++] = *one;
        }
    }
    h->instrument_count = left;
}

/* A text of its name gives way to it only while a party has not signed that. */
static err place_of(struct history *h, const struct agreement *one, struct agreement **out)
{
    struct agreements *all = &h->tables.agreements;
    unsigned           number;
    if (err_is(agreements_find(all, name_span(&one->name), &number))) {
        if (all->count == AGREEMENTS_MAX) {
            return FAIL(LIMIT, "the ledger holds too many agreements");
        }
        *out = &all->agreement[all->count++];
        return OK;
    }
    *out = &all->agreement[number];
    if (memcmp((*out)->digest, one->digest, SHA256_LEN) == 0) {
        return OK;
    }
    if (set_within((*out)->parties, history_signed(h, *out))) {
        return FAIL(DENIED, "an agreement took the place of one that all had signed");
    }
    beginnings_forget(h, *out);
    return OK;
}

static err waiting_use(struct history *h, const struct agreement *a, instant accepted)
{
    size_t left = 0;
    for (size_t i = 0; i < h->signature_count; i++) {
        const struct party_signature s = h->signature[i];
        uint8_t                      party = PARTY_NONE;
        bool mine = name_equal(&s.party, &h->party) && !err_is(history_party(h, &s.party, &party));
        bool of = name_equal(&s.agreement, &a->name) &&
                  (mine || !err_is(signature_check(h, &s, &party))) &&
                  memcmp(s.digest, a->digest, SHA256_LEN) == 0 && set_has(a->parties, party);
        if (of) {
            TRY(signer_add(h, a, party, accepted));
        } else {
            h->signature[left++] = s;
        }
    }
    h->signature_count = left;
    return OK;
}

static err text_put(struct history *h, const struct agreement *one, instant accepted,
                    struct agreement **out)
{
    static const uint8_t none[SHA256_LEN];
    uint8_t              instead[SHA256_LEN];
    TRY(place_of(h, one, out));
    bool keeps = memcmp((*out)->digest, one->digest, SHA256_LEN) == 0 &&
                 memcmp(one->instead, none, sizeof none) == 0;
    memcpy(instead, keeps ? (*out)->instead : one->instead, sizeof instead);
    **out = *one;
    memcpy((*out)->instead, instead, sizeof instead);
    return waiting_use(h, *out, accepted);
}

static bool parents_here(const struct history *h, const struct agreement *a)
{
    unsigned number;
    for (unsigned i = 0; i < a->under_count; i++) {
        if (err_is(agreements_find(&h->tables.agreements, name_span(&a->under[i].agreement),
                                   &number))) {
            return false;
        }
    }
    return true;
}

static void waiting_add(struct history *h, const struct party_signature *s)
{
    for (size_t i = 0; i < h->signature_count; i++) {
        struct party_signature *k = &h->signature[i];
        if (name_equal(&k->party, &s->party) && name_equal(&k->agreement, &s->agreement)) {
            *k = *s;
            return;
        }
    }
    h->signature =
        room_for(h->signature, &h->signature_count, &h->signature_max, sizeof *h->signature);
    h->signature[h->signature_count - 1] = *s;
}

/* ---- the acts ---- */

err agreement_sign(struct history *h, const struct act_text *a, struct lines *l)
{
    static struct agreement one;
    struct agreement       *here;
    uint8_t                 own;
    one = (struct agreement){0};
    TRY(text_read(h, a, l, &one));
    if (!parents_here(h, &one)) {
        struct party_signature mine = {.agreement = one.name, .party = h->party};
        memcpy(mine.digest, one.digest, sizeof mine.digest);
        waiting_add(h, &mine); /* its bytes are in no leaf, and its act was checked */
        return OK;
    }
    TRY(text_put(h, &one, a->time, &here));
    TRY(history_party(h, &h->party, &own));
    return signer_add(h, here, own, a->time);
}

static err signature_line(struct history *h, const struct agreement *a, span value,
                          instant accepted)
{
    struct party_signature s = {.agreement = a->name};
    uint8_t                party;
    memcpy(s.digest, a->digest, sizeof s.digest);
    TRY(name_of(span_cut(&value, ' '), &s.party));
    TRY(text_hex(value, s.signature, sizeof s.signature));
    TRY(signature_check(h, &s, &party));
    return signer_add(h, a, party, accepted);
}

err agreement_load(struct history *h, const struct act_text *a, struct lines *l)
{
    static struct agreement one;
    struct agreement       *here;
    span                    value;
    one = (struct agreement){0};
    TRY(text_read(h, a, l, &one));
    TRY(text_put(h, &one, a->time, &here));
    while (take_more(l, "signature", &value)) {
        TRY(signature_line(h, here, value, a->time));
    }
    return set_within(here->parties, history_signed(h, here))
               ? OK
               : FAIL(DENIED, "an agreement was loaded that a party to it had not signed");
}

/* ---- the letter ---- */

err history_signature(struct history *h, const name *of, span body, instant accepted)
{
    struct lines           l = lines_of(body);
    struct party_signature s = {.agreement = take_name(&l, "agreement"),
                                .party = take_name(&l, "party")};
    uint8_t                party;
    take_hex(&l, "digest", s.digest, sizeof s.digest);
    take_hex(&l, "signature", s.signature, sizeof s.signature);
    TRY(lines_end(&l));
    if (!name_equal(&s.party, of)) {
        return FAIL(FORGED, "a signature of an agreement came in another party's letter");
    }
    TRY(signature_check(h, &s, &party));
    for (unsigned i = 0; i < h->tables.agreements.count; i++) {
        const struct agreement *a = &h->tables.agreements.agreement[i];
        if (memcmp(a->digest, s.digest, SHA256_LEN) == 0) {
            return signer_add(h, a, party, accepted);
        }
    }
    waiting_add(h, &s);
    return OK;
}
