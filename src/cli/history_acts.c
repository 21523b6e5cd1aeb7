/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history_acts.h"
#include "cli/covered.h"
#include "cli/duties.h"
#include "cli/history_word.h"
#include "wire/request.h"

void history_member_add(struct history *h, const struct member *m)
{
    h->member = room_for(h->member, &h->member_count, &h->member_max, sizeof *h->member);
    h->member[h->member_count - 1] = *m;
}

static void attachment_digest(const struct act_text *a, uint8_t out[static SHA256_LEN])
{
    sha256(a->attachment, out);
}

static err policy_load(struct history *h, const struct act_text *a, struct lines *l)
{
    uint8_t digest[SHA256_LEN];
    name    named = take_name(l, "policy");
    attachment_digest(a, digest);
    TRY(policy_read(&h->tables.policies, a->attachment, digest));
    return policy_find(&h->tables.policies, name_span(&named)) != NULL
               ? OK
               : FAIL(CONFLICT, "a policy was loaded under another name");
}

instant history_last_act(const struct history *h)
{
    instant last = 0;
    uint8_t own;
    bool    any = !err_is(history_party(h, &h->party, &own));
    for (unsigned k = 0; any && k < h->instrument_count; k++) {
        const struct instrument *i = &h->instrument[k];
        bool                     act = i->party == own && i->kind >= INSTRUMENT_PAUSE;
        last = act && i->effective > last ? i->effective : last;
    }
    return last;
}

err history_instrument(struct history *h, const struct instrument *i)
{
    if (h->instrument_count == HISTORY_INSTRUMENTS_MAX) {
        return FAIL(LIMIT, "the ledger holds too many instruments");
    }
    h->instrument[h->instrument_count++] = *i;
    return OK;
}

static err rules_load(struct history *h, const struct act_text *a, struct lines *l)
{
    uint8_t digest[SHA256_LEN];
    (void)take_name(l, "rules");
    attachment_digest(a, digest);
    return rules_read(&h->tables.policies, a->attachment, digest, &h->tables.rules);
}

/* ---- partners and persons ---- */

static err partner_trust(struct history *h, const struct act_text *a, struct lines *l)
{
    struct peer p = {.name = take_name(l, "partner")};
    (void)a;
    take_hex(l, "identity", p.identity, sizeof p.identity);
    span address = take_text(l, "address");
    (void)take_text(l, "authority");
    if (address.len >= sizeof p.address) {
        return FAIL(LIMIT, "a partner's address is too long");
    }
    if (address.len > 0) {
        memcpy(p.address, address.ptr, address.len);
    }
    h->peer = room_for(h->peer, &h->peer_count, &h->peer_max, sizeof *h->peer);
    h->peer[h->peer_count - 1] = p;
    return OK;
}

static err person_add(struct history *h, const struct act_text *a, struct lines *l)
{
    struct member m = {.name = take_name(l, "person"), .registered = true};
    span          firm;
    (void)a;
    take_hex(l, "key", m.key, sizeof m.key);
    (void)take_name(l, "nationality");
    m.employer = take_name(l, "employer");
    if (take_more(l, "firm", &firm)) {
        m.facility = take_name(l, "facility");
        TRY(name_of(firm, &m.firm));
    }
    m.chain = take_name(l, "chain");
    span roles = take_text(l, "roles");
    (void)take_text(l, "clearance");
    (void)take_text(l, "topics");
    if (l->bad || history_member(h, &m.name) != NULL) {
        return FAIL(CONFLICT, "a person was enrolled twice, or not as it should be");
    }
    TRY(roles_of(roles, &m.roles));
    history_member_add(h, &m);
    return OK;
}

/* ---- terminals ---- */

static void key_said(struct history *h, const name *n, const uint8_t key[static SHA256_LEN],
                     bool revoked)
{
    bool there = false;
    for (size_t i = 0; i < h->terminal_count; i++) {
        struct terminal_key *t = &h->terminal[i];
        bool                 same = memcmp(t->key, key, SHA256_LEN) == 0;
        t->revoked = same ? revoked : t->revoked;
        there = there || (same && name_equal(&t->name, n));
    }
    if (!there) {
        h->terminal =
            room_for(h->terminal, &h->terminal_count, &h->terminal_max, sizeof *h->terminal);
        struct terminal_key *t = &h->terminal[h->terminal_count - 1];
        *t = (struct terminal_key){.name = *n, .revoked = revoked};
        memcpy(t->key, key, SHA256_LEN);
    }
}

static void keys_revoke(struct history *h, const name *n)
{
    for (size_t i = 0; i < h->terminal_count; i++) {
        if (name_equal(&h->terminal[i].name, n)) {
            uint8_t key[SHA256_LEN];
            memcpy(key, h->terminal[i].key, sizeof key);
            key_said(h, n, key, true);
        }
    }
}

static err terminal_certified(struct history *h, const struct act_text *a, struct lines *l)
{
    name    n = take_name(l, "terminal");
    uint8_t spki[CERT_MAX], key[SHA256_LEN];
    size_t  len = 0;
    (void)a;
    TRY(text_base64(take_text(l, "key"), spki, sizeof spki, &len));
    sha256((span){spki, len}, key);
    key_said(h, &n, key, false);
    return OK;
}

static err terminal_revoked(struct history *h, const struct act_text *a, struct lines *l)
{
    name    n = take_name(l, "terminal");
    span    text = take_text(l, "key");
    uint8_t key[SHA256_LEN];
    (void)a;
    if (span_is(text, "-")) {
        keys_revoke(h, &n);
        return OK;
    }
    TRY(text_hex(text, key, sizeof key));
    key_said(h, &n, key, true);
    return OK;
}

bool history_key_revoked(const struct history *h, const uint8_t key[static SHA256_LEN])
{
    bool revoked = false;
    for (size_t i = 0; i < h->terminal_count; i++) {
        revoked =
            revoked || (memcmp(h->terminal[i].key, key, SHA256_LEN) == 0 && h->terminal[i].revoked);
    }
    return revoked;
}

static err person_revoke(struct history *h, const struct act_text *a, struct lines *l)
{
    name           n = take_name(l, "person");
    struct member *m = history_member(h, &n);
    (void)a;
    if (m == NULL) {
        return FAIL(UNKNOWN, "a person was struck off who had not been enrolled");
    }
    m->registered = false;
    keys_revoke(h, &n);
    return OK;
}

/* ---- what a verdict rests on ---- */

static err approve(struct history *h, const struct act_text *a, struct lines *l)
{
    struct approval p = {.officer = a->by, .after = history_last_act(h)};
    take_hex(l, "epoch", p.epoch.bytes, ID_LEN);
    p.partner = take_name(l, "partner");
    h->approval = room_for(h->approval, &h->approval_count, &h->approval_max, sizeof *h->approval);
    h->approval[h->approval_count - 1] = p;
    return OK;
}

#define ASSURANCE_TITLE "accord assurance 1"

static err levels_take(const struct history *h, span text, struct levels *out)
{
    while (text.len > 0) {
        level one;
        TRY(level_read(&h->tables.policies, span_cut(&text, ','), &one));
        levels_add(out, one);
    }
    return OK;
}

static err assurance_take(struct history *h, struct lines *l, struct assured *out, name *from)
{
    unsigned party, agreement;
    take_title(l, ASSURANCE_TITLE);
    *from = take_name(l, "from");
    (void)take_name(l, "to");
    name under = take_name(l, "agreement");
    span levels = take_text(l, "levels"), topics = take_text(l, "topics");
    out->assurance.present = true;
    out->assurance.from = take_instant(l, "valid-from");
    out->assurance.until = take_instant(l, "valid-until");
    (void)take_text(l, "authority");
    TRY(levels_take(h, levels, &out->assurance.levels));
    TRY(names_read(&h->tables.policies.topics, topics, &out->assurance.topics));
    TRY(names_find(&h->tables.policies.parties, name_span(from), &party));
    TRY(agreements_find(&h->tables.agreements, name_span(&under), &agreement));
    out->partner = (uint8_t)party;
    out->assurance.agreement = (uint8_t)agreement;
    return OK;
}

err history_assurance(struct history *h, span text)
{
    struct assured one = {0};
    struct lines   l = lines_of(text);
    uint8_t        signature[SIGNATURE_LEN];
    name           from;
    TRY(assurance_take(h, &l, &one, &from));
    span statement = {text.ptr, (size_t)(l.rest.ptr - text.ptr)};
    take_hex(&l, "signature", signature, sizeof signature);
    const struct peer *p = history_peer(h, &from);
    if (l.bad || p == NULL) {
        return FAIL(UNKNOWN, "an assurance was loaded of a party that was no partner then");
    }
    TRY(lines_end(&l));
    TRY(sign_check(p->identity, ASSURANCE_TITLE, statement, signature));
    h->assured = room_for(h->assured, &h->assured_count, &h->assured_max, sizeof *h->assured);
    h->assured[h->assured_count - 1] = one;
    return OK;
}

static err assurance_load(struct history *h, const struct act_text *a, struct lines *l)
{
    l->rest.len = 0;
    return history_assurance(h, a->body);
}

static const struct {
    const char *act;
    err (*take)(struct history *, const struct act_text *, struct lines *);
} act_row[] = {
    {"policy-load", policy_load},
    {"agreement-sign", agreement_sign},
    {"agreement-load", agreement_load},
    {"rules-load", rules_load},
    {"partner-trust", partner_trust},
    {"source-add", profile_add},
    {"approve", approve},
    {"assurance-load", assurance_load},
    {"person-add", person_add},
    {"person-revoke", person_revoke},
    {"terminal", terminal_certified},
    {"terminal-revoke", terminal_revoked},
    {"head-sign", fork_signed},
    {"onward-approve", onward_approve},
    {"onward-ask", onward_ask},
    {"onward-revoke", onward_revoke},
    {"loss", duty_act},
    {"found", duty_act},
    {"certify", duty_act},
    {"contractor-approve", contractor_act},
};

err history_act(struct history *h, const struct act_text *a)
{
    for (size_t i = 0; i < ARRAY_LEN(act_row); i++) {
        if (span_is(name_span(&a->act), act_row[i].act)) {
            struct lines l = lines_of(a->body);
            TRY(act_row[i].take(h, a, &l));
            return lines_end(&l);
        }
    }
    return OK;
}
