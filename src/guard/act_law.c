/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on what the guard decides by: policies, agreements, national rules. */
#include "agreement/layers.h"
#include "crypt/hash.h"
#include "guard/act.h"
#include "guard/instrument.h"
#include "guard/signature.h"

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
    policies_copy(&g->tables.policies, &g->draft_policies);
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

/* ---- what agreement-sign and agreement-load share ---- */

static err agreement_decode(struct guard *g, const struct act_view *v, const name *named)
{
    uint8_t digest[SHA256_LEN];
    sha256(v->attachment, digest);
    if (v->attachment.len > AGREEMENT_TABLE_MAX) {
        return FAIL(LIMIT,
                    "the compiled agreement is longer than 48 KiB, the most that a guard takes");
    }
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

static bool parents_here(const struct guard *g)
{
    unsigned at;
    for (unsigned i = 0; i < g->draft.under_count; i++) {
        if (err_is(agreements_find(&g->tables.agreements, name_span(&g->draft.under[i].agreement),
                                   &at))) {
            return false;
        }
    }
    return true;
}

/* Nobody signs what would not be loaded.  What stands on record is not judged again: a verdict takes the strictest
 * of all anyway. */
static err layers_check(const struct guard *g)
{
    const struct layers layers = {&g->tables.policies, texts_of(&g->tables.agreements), &g->draft};
    return layers_hold(&layers);
}

/* Where the draft goes: where it is already, in place of one of its name that not all have signed, or behind
 * the others. */
static err draft_place(struct guard *g, unsigned *out)
{
    const struct agreements *all = &g->tables.agreements;
    if (!err_is(agreement_of(g, g->draft.digest, out))) {
        return OK;
    }
    if (!err_is(agreements_find(all, name_span(&g->draft.name), out))) {
        return signatures_missing(g, &all->agreement[*out]) != 0
                   ? OK
                   : FAIL(CONFLICT, "an agreement of this name is loaded already");
    }
    if (all->count >= AGREEMENTS_MAX ||
        g->instrument_count + 2 * set_count(g->draft.parties) > INSTRUMENTS_MAX) {
        return FAIL(FULL, "there is no room for another agreement");
    }
    *out = all->count;
    return OK;
}

static bool draft_is_loaded(struct guard *g)
{
    unsigned at;
    return !err_is(agreement_of(g, g->draft.digest, &at)) && signatures_missing(g, &g->draft) == 0;
}

/* What was said once about what it is to stand in place of holds. */
static err draft_fits(struct guard *g)
{
    static const uint8_t none[32];
    unsigned             at;
    TRY(draft_place(g, &at));
    const struct agreements *all = &g->tables.agreements;
    const struct agreement  *here = &all->agreement[at];
    bool                     said = memcmp(g->draft.instead, none, sizeof none) != 0;
    unsigned                 goes = at < all->count ? here->clause_count : 0;
    if (clauses_held(all) - goes + g->draft.clause_count > CLAUSES_HELD_MAX) {
        return FAIL(FULL,
                    "there is no room for so many clauses: a guard holds 8,192 of all agreements");
    }
    if (said && draft_is_loaded(g) && memcmp(here->instead, g->draft.instead, sizeof none) != 0) {
        return FAIL(CONFLICT, "it was signed by all, and not to stand in place of another");
    }
    return OK;
}

/* What came for it before counts from now on. */
static err draft_put(struct guard *g, instant accepted, unsigned *at)
{
    static const uint8_t none[32];
    TRY(draft_fits(g));
    TRY(draft_place(g, at));
    struct agreements *all = &g->tables.agreements;
    struct agreement  *here = &all->agreement[*at];
    if (*at < all->count && memcmp(here->digest, g->draft.digest, sizeof here->digest) != 0) {
        signatures_forget(g, here);
        g->signatures.owed[*at] = 0;
    } else if (*at < all->count && memcmp(g->draft.instead, none, sizeof none) == 0) {
        memcpy(g->draft.instead, here->instead, sizeof none);
    }
    all->count += *at == all->count ? 1 : 0;
    agreement_copy(&g->draft, here);
    signatures_use(g, *at, accepted);
    state_changed(g);
    return OK;
}

/* ---- agreement-sign: agreement NAME; perhaps instead NAME; the compiled agreement ---- */

static err agreement_sign_decode(struct guard *g, const struct act_view *v)
{
    struct lines l = lines_of(v->body);
    name         named = take_name(&l, "agreement");
    TRY(agreement_decode(g, v, &named));
    TRY(instead_take(g, &l));
    TRY(body_end(&l));
    return set_has(g->draft.parties, g->self)
               ? OK
               : FAIL(DENIED, "this party is not a party to the agreement");
}

err agreement_sign_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    TRY(agreement_sign_decode(g, v));
    TRY(draft_fits(g));
    TRY(layers_check(g));
    agreement_show(g, shown);
    if (!parents_here(g)) {
        TRY(signature_own_room(g, &g->draft));
        line_text(shown, "shown",
                  SPAN_LIT("what it stands under is not loaded here, so whether it only tightens "
                           "that is checked when it is loaded: until then nobody is told"));
    }
    return OK;
}

/* From now on the text is here, and stands once the others have signed it; where what it stands under is not,
 * the signature is kept as those of partners are. */
err agreement_sign_fold(struct guard *g, const struct act_view *v)
{
    unsigned at;
    TRY(agreement_sign_decode(g, v));
    if (!parents_here(g)) {
        return signature_own_keep(g, &g->draft);
    }
    TRY(draft_put(g, v->time, &at));
    signature_count(g, &g->draft, g->self, v->time);
    signature_owe(g, at);
    return OK;
}

/* It goes to the other parties by letter, and can be carried by hand. */
void agreement_sign_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct agreement_signature s;
    MUST(!err_is(agreement_sign_decode(g, v)));
    signature_own(g, &g->draft, &s);
    line_title(result, SIGNATURE_TITLE);
    signature_lines(&s, result);
    tellings_turn(g);
}

/* ---- agreement-load: agreement NAME; perhaps instead NAME; signature PARTY HEX, of those that are not here
 * already; the compiled agreement ---- */

static err signature_read(struct guard *g, span value, uint8_t *party)
{
    struct agreement_signature s = {.agreement = g->draft.name};
    memcpy(s.digest, g->draft.digest, sizeof s.digest);
    TRY(name_of(span_cut(&value, ' '), &s.party));
    TRY(text_hex(value, s.signature, sizeof s.signature));
    return signature_accept(g, &g->draft, &s, party);
}

static err agreement_load_decode(struct guard *g, const struct act_view *v, set64 *signed_by)
{
    struct lines l = lines_of(v->body);
    name         named = take_name(&l, "agreement");
    span         value;
    uint8_t      party = PARTY_NONE;
    *signed_by = 0;
    TRY(agreement_decode(g, v, &named));
    TRY(instead_take(g, &l));
    while (take_more(&l, "signature", &value)) {
        TRY(signature_read(g, value, &party));
        if (set_has(*signed_by, party)) {
            return FAIL(CONFLICT, "a party's signature is given twice");
        }
        *signed_by |= set_one(party);
    }
    TRY(body_end(&l));
    if (!set_within(g->draft.parties, *signed_by | signatures_known(g, &g->draft))) {
        return FAIL(DENIED, "a party to the agreement has not signed it");
    }
    return OK;
}

err agreement_load_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    set64 signed_by;
    TRY(agreement_load_decode(g, v, &signed_by));
    TRY(draft_fits(g));
    if (!parents_here(g)) {
        return FAIL(STATE, "the agreement that this one stands under is not loaded");
    }
    TRY(layers_check(g));
    agreement_show(g, shown);
    return OK;
}

err agreement_load_fold(struct guard *g, const struct act_view *v)
{
    set64    signed_by;
    unsigned at;
    TRY(agreement_load_decode(g, v, &signed_by));
    TRY(draft_put(g, v->time, &at));
    for (unsigned p = set_next(signed_by, 0); p < SET64_MAX; p = set_next(signed_by, p + 1)) {
        signature_count(g, &g->draft, (uint8_t)p, v->time);
    }
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
