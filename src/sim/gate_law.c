/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/gate.h"

#include "base/lines.h"

#include <stdio.h>

#define BODY_ROOM 6000

static span table_of(const struct law_text *t)
{
    return (span){t->table, t->len};
}

static err act2(struct gate *g, const char *act, const char *body, span attachment,
                struct writer *result)
{
    struct gate_act a = {.act = act, .body = body, .attachment = attachment, .by = {"ok1", "ok2"}};
    return gate_act(g, &a, result);
}

static err policy_load(struct gate *g, const struct law_text *policy)
{
    char body[64];
    snprintf(body, sizeof body, "policy %s\n", policy->name.text);
    return act2(g, "policy-load", body, table_of(policy), NULL);
}

static err rules_load(struct gate *g, const struct law *law)
{
    char body[64];
    snprintf(body, sizeof body, "rules %s\n", g->party.text);
    return act2(g, "rules-load", body, table_of(&law->rules[g->number]), NULL);
}

static err policies_load(struct gate *g, const struct law *law)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        TRY(policy_load(g, &law->policy[i]));
    }
    return OK;
}

static err partner_trust(struct gate *g, const struct gate *other)
{
    uint8_t       body[BODY_ROOM];
    struct writer w = WRITER_OF(body);
    put_text(&w, "partner ");
    put_span(&w, name_span(&other->party));
    put_text(&w, "\nidentity ");
    put_hex(&w, SPAN_OF(other->identity_public));
    put_text(&w, "\naddress 127.0.0.1:1\nauthority ");
    put_base64(&w, (span){other->authority, other->authority_len});
    put_text(&w, "\n");
    put_u8(&w, 0);
    return act2(g, "partner-trust", (const char *)body, (span){NULL, 0}, NULL);
}

/* The line `signature PARTY HEX` out of what agreement-sign gave. */
static err signature_line(struct gate *g, const struct law_text *t, struct writer *body)
{
    uint8_t       text[1024];
    struct writer result = WRITER_OF(text);
    char          ask[64];
    snprintf(ask, sizeof ask, "agreement %s\n", t->name.text);
    TRY(act2(g, "agreement-sign", ask, table_of(t), &result));
    span rest = writer_span(&result), hex = {NULL, 0};
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (span_starts(line, SPAN_LIT("signature "))) {
            hex = (span){line.ptr + 10, line.len - 10};
        }
    }
    put_text(body, "signature ");
    put_span(body, name_span(&g->party));
    put_u8(body, ' ');
    put_span(body, hex);
    put_u8(body, '\n');
    return OK;
}

static bool is_party(const struct law *law, const struct law_text *t, const struct gate *g)
{
    unsigned number;
    return !err_is(names_find(&law->policies.parties, name_span(&g->party), &number)) &&
           set_has(t->parties, number);
}

err gate_agreement(struct gate gates[static LAW_PARTIES], const struct law *law,
                   const struct law_text *t)
{
    uint8_t       body[BODY_ROOM];
    struct writer w = WRITER_OF(body);
    put_text(&w, "agreement ");
    put_span(&w, name_span(&t->name));
    put_u8(&w, '\n');
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        if (is_party(law, t, &gates[i])) {
            TRY(signature_line(&gates[i], t, &w));
        }
    }
    put_u8(&w, 0);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        TRY(act2(&gates[i], "agreement-load", (const char *)body, table_of(t), NULL));
    }
    return OK;
}

/* ---- assurances ---- */

static const struct {
    unsigned    from, to; /* the receiver gives it to the giver */
    const char *agreement, *levels;
} assured[] = {
    {1, 0, "GSOMIA", "KOR:II,KOR:III"},
    {0, 1, "GSOMIA", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU"},
    {2, 0, "KOR-USA-1987", "KOR:I,KOR:II,KOR:III"},
    {0, 2, "KOR-USA-1987", "USA:CONFIDENTIAL,USA:SECRET"},
    {2, 1, "JPN-USA-2007", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU"},
    {1, 2, "JPN-USA-2007", "USA:CONFIDENTIAL,USA:SECRET"},
};

err gate_assure(struct gate *from, struct gate *to, const char *agreement, const char *levels)
{
    uint8_t       body[1024], text[2048];
    struct writer w = WRITER_OF(body), result = WRITER_OF(text);
    line_name(&w, "from", &from->party);
    line_name(&w, "to", &to->party);
    line_text(&w, "agreement", span_text(agreement));
    line_text(&w, "levels", span_text(levels));
    line_text(&w, "topics", SPAN_LIT("dprk-missile,dprk-nuclear"));
    line_instant(&w, "valid-from", from->now - MS_PER_DAY);
    line_instant(&w, "valid-until", from->now + 365 * MS_PER_DAY);
    line_text(&w, "authority", SPAN_LIT("Ministry of Defence"));
    put_u8(&w, 0);
    struct gate_act give = {
        .act = "assurance-give", .body = (const char *)body, .by = {"ok1", NULL}};
    TRY(gate_act(from, &give, &result));
    put_u8(&result, 0);
    struct gate_act load = {
        .act = "assurance-load", .body = (const char *)text, .by = {"ok1", NULL}};
    return gate_act(to, &load, NULL);
}

err gate_law(struct gate gates[static LAW_PARTIES], const struct law *law)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        TRY(policies_load(&gates[i], law));
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        for (unsigned k = 0; k < LAW_PARTIES; k++) {
            if (i != k) {
                TRY(partner_trust(&gates[i], &gates[k]));
            }
        }
    }
    for (unsigned i = 0; i < LAW_AGREEMENTS; i++) {
        TRY(gate_agreement(gates, law, &law->agreement[i]));
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        TRY(rules_load(&gates[i], law));
    }
    for (unsigned i = 0; i < ARRAY_LEN(assured); i++) {
        TRY(gate_assure(&gates[assured[i].from], &gates[assured[i].to], assured[i].agreement,
                        assured[i].levels));
    }
    return OK;
}

/* ---- the further parties ---- */

static err bond_sign(struct gate *gates, const struct law *law, const struct bond *b)
{
    uint8_t       body[BODY_ROOM];
    struct writer w = WRITER_OF(body);
    struct gate  *side[] = {&gates[b->one], &gates[b->other]};
    put_text(&w, "agreement ");
    put_span(&w, name_span(&b->text.name));
    put_u8(&w, '\n');
    for (unsigned i = 0; i < 2; i++) {
        TRY(policy_load(side[i], &law->policy[side[!i]->number]));
        TRY(partner_trust(side[i], side[!i]));
    }
    for (unsigned i = 0; i < 2; i++) {
        TRY(signature_line(side[i], &b->text, &w));
    }
    put_u8(&w, 0);
    for (unsigned i = 0; i < 2; i++) {
        TRY(act2(side[i], "agreement-load", (const char *)body, table_of(&b->text), NULL));
    }
    return OK;
}

err gate_bonds(struct gate *gates, const struct law *law)
{
    for (unsigned i = LAW_PARTIES; i < law->parties; i++) {
        TRY(policy_load(&gates[i], &law->policy[i]));
    }
    for (unsigned i = 0; i < law->bond_count; i++) {
        TRY(bond_sign(gates, law, &law->bond[i]));
    }
    for (unsigned i = LAW_PARTIES; i < law->parties; i++) {
        TRY(rules_load(&gates[i], law));
    }
    return OK;
}
