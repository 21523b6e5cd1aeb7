/* SPDX-License-Identifier: Apache-2.0 */
/* Assurances: the recipient's signed word before anything is given (GSOMIA article 7(5)). */
#include "guard/act.h"

#define TITLE "accord assurance 1"

struct assurance_text {
    name             from, to, agreement;
    uint8_t          from_party;
    struct assurance assurance;
};

static err levels_read(struct guard *g, span text, struct levels *out)
{
    struct levels levels = {0};
    span          item;
    level         one;
    for (span rest = text; list_next(&rest, &item);) {
        TRY(level_read(&g->tables.policies, item, &one));
        levels.ranks[one.policy] = (uint16_t)(levels.ranks[one.policy] | 1u << one.rank);
    }
    *out = levels;
    return OK;
}

static err statement_take(struct guard *g, struct lines *l, struct assurance_text *out)
{
    struct assurance_text t = {.assurance.present = true};
    unsigned              number;
    t.from = take_name(l, "from");
    t.to = take_name(l, "to");
    t.agreement = take_name(l, "agreement");
    span levels = take_text(l, "levels");
    span topics = take_text(l, "topics");
    t.assurance.from = take_instant(l, "valid-from");
    t.assurance.until = take_instant(l, "valid-until");
    (void)take_text(l, "authority"); /* the competent authority, named for people */
    if (l->bad) {
        return FAIL(MALFORMED, "the assurance is not as it should be");
    }
    TRY(agreements_find(&g->tables.agreements, name_span(&t.agreement), &number));
    t.assurance.agreement = (uint8_t)number;
    TRY(levels_read(g, levels, &t.assurance.levels));
    TRY(names_read(&g->tables.policies.topics, topics, &t.assurance.topics));
    TRY(party_read(g, &t.from, &t.from_party));
    *out = t;
    return OK;
}

/* ---- assurance-give: the statement, about the own people; the guard signs it ---- */

err assurance_give_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct lines          l = lines_of(v->body);
    struct assurance_text t;
    TRY(statement_take(g, &l, &t));
    TRY(body_end(&l));
    if (!name_equal(&t.from, &g->party)) {
        return FAIL(DENIED, "an assurance is given for the own party only");
    }
    line_text(shown, "shown",
              SPAN_LIT("cleared people, an official need, substantially equal protection"));
    return OK;
}

static span without_shown(span body)
{
    span rest = body;
    while (rest.len > 0) {
        span at = rest;
        if (span_starts(span_cut(&rest, '\n'), SPAN_LIT("shown "))) {
            return (span){body.ptr, (size_t)(at.ptr - body.ptr)};
        }
    }
    return body;
}

/* It goes to whom it is given as a letter too; where that cannot be, it is carried by hand. */
static void assurance_mail(struct guard *g, const struct act_view *v, span text)
{
    struct lines          l = lines_of(v->body);
    struct assurance_text t;
    if (err_is(statement_take(g, &l, &t))) {
        return;
    }
    const struct partner *p = partner_find(g, &t.to);
    if (p != NULL && letter_room(g, (unsigned)(p - g->partner))) {
        (void)letter_send(g, (unsigned)(p - g->partner), "assurance", text);
    }
}

void assurance_give_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    uint8_t signature[SIGNATURE_LEN];
    size_t  began = result->len;
    line_title(result, TITLE);
    put_span(result, without_shown(v->body));
    signer_sign(g->signer, TITLE, (span){result->ptr + began, result->len - began}, signature);
    line_hex(result, "signature", SPAN_OF(signature));
    assurance_mail(g, v, (span){result->ptr + began, result->len - began});
}

/* ---- assurance-load: such a statement of a partner, with its signature ---- */

static err assurance_decode(struct guard *g, const struct act_view *v, struct assurance_text *out)
{
    struct lines l = lines_of(v->body);
    uint8_t      signature[SIGNATURE_LEN];
    take_title(&l, TITLE);
    TRY(statement_take(g, &l, out));
    span statement = {v->body.ptr, (size_t)(l.rest.ptr - v->body.ptr)};
    take_hex(&l, "signature", signature, sizeof signature);
    TRY(body_end(&l));
    const struct partner *p = partner_find(g, &out->from);
    if (p == NULL || !name_equal(&out->to, &g->party)) {
        return FAIL(UNKNOWN, "the assurance is not of a partner, or not for this party");
    }
    return sign_check(p->identity, TITLE, statement, signature);
}

err assurance_load_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct assurance_text t;
    (void)shown;
    TRY(assurance_decode(g, v, &t));
    return g->assurance_count < ASSURANCES_MAX
               ? OK
               : FAIL(FULL, "there is no room for another assurance");
}

/* A newer one of the same party under the same agreement takes the place of the older. */
err assurance_load_fold(struct guard *g, const struct act_view *v)
{
    struct assurance_text t;
    TRY(assurance_decode(g, v, &t));
    struct assured *at = NULL;
    for (unsigned i = 0; i < g->assurance_count; i++) {
        struct assured *one = &g->assurance[i];
        if (one->partner == t.from_party && one->assurance.agreement == t.assurance.agreement) {
            at = one;
        }
    }
    if (at == NULL && g->assurance_count >= ASSURANCES_MAX) {
        return FAIL(FULL, "there is no room for another assurance");
    }
    at = at == NULL ? &g->assurance[g->assurance_count++] : at;
    *at = (struct assured){.partner = t.from_party, .assurance = t.assurance};
    return OK;
}

/* ---- the letter `assurance`: the same statement, from whoever gives it ---- */

static struct act_view as_act(const struct letter_view *v)
{
    return (struct act_view){.time = v->time, .body = v->body};
}

err letter_assurance_check(struct guard *g, const struct letter_view *v)
{
    struct act_view       a = as_act(v);
    struct assurance_text t;
    uint8_t               unread[256];
    struct writer         shown = WRITER_OF(unread);
    TRY(assurance_load_check(g, &a, &shown));
    TRY(assurance_decode(g, &a, &t));
    return name_equal(&t.from, &g->partner[v->partner].name)
               ? OK
               : FAIL(FORGED, "an assurance is given by its own party only");
}

err letter_assurance_fold(struct guard *g, const struct letter_view *v)
{
    struct act_view a = as_act(v);
    return assurance_load_fold(g, &a);
}
