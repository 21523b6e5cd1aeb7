/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on what the guard decides by: policies, agreements, national rules. */
#include "agreement/layers.h"
#include "crypt/hash.h"
#include "guard/act.h"

static err named_body(const struct act_view *v, const char *key, name *out)
{
    struct lines l = lines_of(v->body);
    *out = take_name(&l, key);
    return body_end(&l);
}

/* ---- policy-load: policy NAME; the compiled policy ---- */

static err policy_decode(const struct act_view *v, struct policies *into, name *named)
{
    uint8_t digest[SHA256_LEN];
    TRY(named_body(v, "policy", named));
    sha256(v->attachment, digest);
    TRY(policy_read(into, v->attachment, digest));
    if (policy_find(into, name_span(named)) == NULL) {
        return FAIL(CONFLICT, "the policy brought along is not the one that is named");
    }
    return OK;
}

err policy_load_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    name named;
    g->draft_policies = g->tables.policies;
    TRY(policy_decode(v, &g->draft_policies, &named));
    uint8_t digest[SHA256_LEN];
    sha256(v->attachment, digest);
    line_text(shown, "shown", SPAN_LIT("the policy's digest is:"));
    line_hex(shown, "shown", SPAN_OF(digest));
    return OK;
}

err policy_load_fold(struct guard *g, const struct act_view *v)
{
    name named;
    TRY(policy_decode(v, &g->tables.policies, &named));
    state_changed(g);
    return OK;
}

/* ---- agreement-sign: agreement NAME; the compiled agreement ---- */

#define SIGNATURE_TITLE "accord agreement 1"

static err agreement_decode(struct guard *g, const struct act_view *v, const name *named)
{
    uint8_t digest[SHA256_LEN];
    sha256(v->attachment, digest);
    TRY(agreement_read(&g->tables.policies, v->attachment, digest, &g->draft));
    if (!name_equal(&g->draft.name, named)) {
        return FAIL(CONFLICT, "the agreement brought along is not the one that is named");
    }
    return OK;
}

static void agreement_show(struct guard *g, struct writer *shown)
{
    line_text(shown, "shown", span_text(g->draft.title));
    line_text(shown, "shown", SPAN_LIT("the digest of the compiled agreement is:"));
    line_hex(shown, "shown", SPAN_OF(g->draft.digest));
}

/* Nobody signs what would not be loaded.  What stands on record is not judged again: a verdict takes the strictest
 * of all anyway. */
static err layers_check(const struct guard *g, bool *known)
{
    const struct layers layers = {&g->tables.policies, &g->tables.agreements, &g->draft};
    set64               above;
    *known = layers_above(&layers, &above);
    return layers_hold(&layers);
}

err agreement_sign_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    name named;
    TRY(named_body(v, "agreement", &named));
    TRY(agreement_decode(g, v, &named));
    if (!set_has(g->draft.parties, g->self)) {
        return FAIL(DENIED, "this party is not a party to the agreement");
    }
    bool known;
    TRY(layers_check(g, &known));
    agreement_show(g, shown);
    if (!known) {
        line_text(
            shown, "shown",
            SPAN_LIT("what it stands under is not loaded here, so whether it only tightens that "
                     "is checked when it is loaded"));
    }
    return OK;
}

/* The signature goes to the other parties by hand, as instruments do. */
void agreement_sign_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    uint8_t digest[SHA256_LEN], signature[SIGNATURE_LEN];
    sha256(v->attachment, digest);
    signer_sign(g->signer, SIGNATURE_TITLE, SPAN_OF(digest), signature);
    line_title(result, SIGNATURE_TITLE);
    line_name(result, "agreement", &g->draft.name);
    line_name(result, "party", &g->party);
    line_hex(result, "digest", SPAN_OF(digest));
    line_hex(result, "signature", SPAN_OF(signature));
}

/* ---- agreement-load: agreement NAME; perhaps instead NAME; for each party: signature PARTY HEX; the compiled agreement ---- */

static err identity_of(struct guard *g, const name *party, uint8_t out[static SIGN_PUBLIC_LEN])
{
    const struct partner *p = partner_find(g, party);
    bool                  own = name_equal(party, &g->party);
    if (p == NULL && !own) {
        return FAIL(UNKNOWN, "a signature is of a party whose identity is not trusted here yet");
    }
    memcpy(out, own ? g->identity_public : p->identity, SIGN_PUBLIC_LEN);
    return OK;
}

static err signature_read(struct guard *g, span value, uint8_t *party)
{
    name    who;
    uint8_t signature[SIGNATURE_LEN], identity[SIGN_PUBLIC_LEN];
    TRY(name_of(span_cut(&value, ' '), &who));
    TRY(text_hex(value, signature, sizeof signature));
    TRY(party_read(g, &who, party));
    TRY(identity_of(g, &who, identity));
    return sign_check(identity, SIGNATURE_TITLE, SPAN_OF(g->draft.digest), signature);
}

/* Each party once, and nobody else. */
static err signer_add(const struct agreement *a, uint8_t party, set64 *signed_by)
{
    if (!set_has(a->parties, party)) {
        return FAIL(DENIED, "a signature is of one who is no party to the agreement");
    }
    if (set_has(*signed_by, party)) {
        return FAIL(CONFLICT, "a party's signature is given twice");
    }
    *signed_by |= set_one(party);
    return OK;
}

/* In place of a loaded agreement it stands once all its parties consent (act `amend`): so they are the same. */
static err instead_take(struct guard *g, struct lines *l)
{
    span     value;
    unsigned number;
    if (!take_more(l, "instead", &value)) {
        return OK;
    }
    TRY(agreements_find(&g->tables.agreements, value, &number));
    const struct agreement *old = &g->tables.agreements.agreement[number];
    if (old->parties != g->draft.parties || old->arrangement != g->draft.arrangement) {
        return FAIL(CONFLICT,
                    "a text that is to stand in place of another has other parties, or is an "
                    "arrangement where that is an agreement");
    }
    memcpy(g->draft.instead, old->digest, sizeof g->draft.instead);
    return OK;
}

static err agreement_load_decode(struct guard *g, const struct act_view *v)
{
    struct lines l = lines_of(v->body);
    name         named = take_name(&l, "agreement");
    set64        signed_by = 0;
    span         value;
    uint8_t      party;
    TRY(agreement_decode(g, v, &named));
    TRY(instead_take(g, &l));
    while (take_more(&l, "signature", &value)) {
        TRY(signature_read(g, value, &party));
        TRY(signer_add(&g->draft, party, &signed_by));
    }
    TRY(body_end(&l));
    if (!set_within(g->draft.parties, signed_by)) {
        return FAIL(DENIED, "a party to the agreement has not signed it");
    }
    return OK;
}

static err agreement_fits(struct guard *g)
{
    unsigned at;
    if (!err_is(agreements_find(&g->tables.agreements, name_span(&g->draft.name), &at))) {
        return FAIL(CONFLICT, "an agreement of this name is loaded already");
    }
    if (g->tables.agreements.count >= AGREEMENTS_MAX ||
        g->instrument_count + 2 * set_count(g->draft.parties) > INSTRUMENTS_MAX) {
        return FAIL(FULL, "there is no room for another agreement");
    }
    for (unsigned i = 0; i < g->draft.under_count; i++) {
        if (err_is(agreements_find(&g->tables.agreements, name_span(&g->draft.under[i].agreement),
                                   &at))) {
            return FAIL(STATE, "the agreement that this one stands under is not loaded");
        }
    }
    return OK;
}

err agreement_load_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    bool known;
    TRY(agreement_load_decode(g, v));
    TRY(agreement_fits(g));
    TRY(layers_check(g, &known));
    agreement_show(g, shown);
    return OK;
}

static void instrument_add(struct guard *g, enum instrument_kind kind, uint8_t party, instant from,
                           instant accepted)
{
    struct instrument *i = &g->instrument[g->instrument_count++];
    *i = (struct instrument){.kind = kind, .party = party, .effective = from, .accepted = accepted};
    memcpy(i->digest, g->draft.digest, sizeof i->digest);
}

err agreement_load_fold(struct guard *g, const struct act_view *v)
{
    TRY(agreement_load_decode(g, v));
    TRY(agreement_fits(g));
    set64 parties = g->draft.parties;
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        instrument_add(g, INSTRUMENT_SIGN, (uint8_t)p, g->draft.signed_on, v->time);
        instrument_add(g, INSTRUMENT_NOTIFY, (uint8_t)p, g->draft.in_force_on, v->time);
    }
    g->tables.agreements.agreement[g->tables.agreements.count++] = g->draft;
    state_changed(g);
    return OK;
}

/* ---- rules-load: rules PARTY; the compiled national rules, which never leave the party ---- */

static err rules_decode(struct guard *g, const struct act_view *v)
{
    name    named;
    uint8_t digest[SHA256_LEN];
    TRY(named_body(v, "rules", &named));
    sha256(v->attachment, digest);
    TRY(rules_read(&g->tables.policies, v->attachment, digest, &g->draft_rules));
    if (g->draft_rules.party != g->self || !name_equal(&named, &g->party)) {
        return FAIL(DENIED, "these are the national rules of another party");
    }
    return OK;
}

err rules_load_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    TRY(rules_decode(g, v));
    line_text(shown, "shown",
              SPAN_LIT("they replace the national rules in force; their digest is:"));
    line_hex(shown, "shown", SPAN_OF(g->draft_rules.digest));
    return OK;
}

err rules_load_fold(struct guard *g, const struct act_view *v)
{
    TRY(rules_decode(g, v));
    g->tables.rules = g->draft_rules;
    state_changed(g);
    return OK;
}
