/* SPDX-License-Identifier: Apache-2.0 */
/* policy load, agreement sign and load, rules load: texts are compiled here, the guard gets the tables. */
#include <stdlib.h>

#include "cli/act.h"
#include "cli/audit.h"
#include "cli/history_acts.h"
#include "cli/law.h"
#include "cli/verbs.h"
#include "crypt/sign.h"

#define SIGNATURE_TITLE "accord agreement 1"
#define SIGNATURES_MAX  16 /* parties to one agreement */

static err named_act(struct call *c, const char *act, const char *key, const name *named,
                     span table, char **result)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    line_name(&w, key, named);
    return act_run(c, act, &w, table, result);
}

err do_policy_load(struct call *c)
{
    static uint8_t table[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    name           named;
    TRY(policy_compile(c, c->arg[0], &w, &named));
    c->about[0] = 0;
    TRY(named_act(c, "policy-load", "policy", &named, writer_span(&w), NULL));
    call_tell(c, "policy %s is loaded", named.text);
    return OK;
}

err do_rules_load(struct call *c)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    name           party;
    TRY(rules_of_call(c, LAW_SIGNED, &w, &party));
    TRY(named_act(c, "rules-load", "rules", &party, writer_span(&w), NULL));
    call_tell(c, "the national rules of %s are in force", party.text);
    return OK;
}

static void agreement_lines(struct call *c, const struct agreement *a, struct writer *body)
{
    line_name(body, "agreement", &a->name);
    if (call_has(c, "instead-of")) {
        line_text(body, "instead", span_text(call_option(c, "instead-of")));
    }
}

static void parties_put(const struct names *parties, set64 members, struct writer *w)
{
    for (unsigned p = set_next(members, 0); p < SET64_MAX; p = set_next(members, p + 1)) {
        put_text(w, w->len > 0 ? ", " : "");
        put_span(w, name_span(&parties->name[p]));
    }
}

/* With only one of two signatures there is nothing to be carried yet. */
static err signature_give(struct call *c, const struct agreement *a, const char *signature)
{
    if (c->waits) {
        return OK;
    }
    call_tell(c, "%s is signed: its parties that are trusted partners are told by letter",
              a->name.text);
    return call_has(c, "out") ? call_write(c, span_text(signature)) : OK;
}

err do_agreement_sign(struct call *c)
{
    static uint8_t          table[AGREEMENT_TABLE_MAX];
    uint8_t                 buf[ACT_BODY_MAX];
    struct writer           w = WRITER_OF(table), body = WRITER_OF(buf);
    struct law              law = law_fresh(LAW_SIGNED);
    char                   *result = NULL;
    const struct agreement *a;
    law.party_dir = c->dir;
    TRY(call_has(c, "out") ? signers_need(c) : signers_begin(c));
    TRY(agreement_of_call(c, &law, &w, &a));
    agreement_lines(c, a, &body);
    TRY(act_run(c, "agreement-sign", &body, writer_span(&w), &result));
    err e = signature_give(c, a, result);
    free(result);
    return e;
}

/* ---- agreement load ---- */

struct given_signature {
    const char *path;
    name        party;
    uint8_t     signature[SIGNATURE_LEN];
};

struct given_signatures {
    struct given_signature row[SIGNATURES_MAX];
    unsigned               count;
};

static err signature_file(struct call *c, const struct agreement *a, const char *path,
                          struct given_signature *out)
{
    uint8_t buf[1024], digest[SHA256_LEN];
    span    text;
    call_about(c, "%s", path);
    err e = file_read(path, buf, sizeof buf, &text);
    if (e.code == ERR_LIMIT) {
        return FAIL(MALFORMED, "this is not a signature of an agreement: it is too long for one");
    }
    TRY(e);
    struct lines l = lines_of(text);
    take_title(&l, SIGNATURE_TITLE);
    name named = take_name(&l, "agreement");
    out->path = path;
    out->party = take_name(&l, "party");
    take_hex(&l, "digest", digest, sizeof digest);
    take_hex(&l, "signature", out->signature, sizeof out->signature);
    if (err_is(lines_end(&l))) {
        return FAIL(MALFORMED, "this is not a signature of an agreement");
    }
    if (!name_equal(&named, &a->name) || memcmp(digest, a->digest, SHA256_LEN) != 0) {
        return FAIL(CONFLICT, "what was signed there is another text than the one that is loaded, "
                              "or was compiled with other policies");
    }
    c->about[0] = 0;
    return OK;
}

static int signature_order(const void *a, const void *b)
{
    const struct given_signature *x = a, *y = b;
    return memcmp(x->party.text, y->party.text, sizeof x->party.text);
}

static err signatures_read(struct call *c, const struct agreement *a, struct given_signatures *out)
{
    const char *path;
    *out = (struct given_signatures){0};
    for (; (path = call_option_each(c, "signature", out->count)) != NULL; out->count++) {
        if (out->count == SIGNATURES_MAX) {
            return call_misuse(c, FAIL(LIMIT, "too many signature files"));
        }
        TRY(signature_file(c, a, path, &out->row[out->count]));
    }
    qsort(out->row, out->count, sizeof out->row[0], signature_order);
    return OK;
}

static err not_signed(struct call *c, const struct names *parties, set64 missing)
{
    uint8_t       buf[SIGNATURES_MAX * (NAME_MAX_LEN + 2)];
    struct writer w = WRITER_OF(buf);
    parties_put(parties, missing, &w);
    call_about(c, SPAN_FMT, SPAN_ARG(writer_span(&w)));
    return FAIL(DENIED, "a party to the agreement has not signed it");
}

/* Numbers of parties are the ledger's there and the texts' here. */
static void signed_add(const struct names *parties, const name *n, set64 *by)
{
    unsigned number;
    *by |= err_is(names_find(parties, name_span(n), &number)) ? 0 : set_one(number);
}

/* Whose signatures the ledger has already: those that came by letter, and the own.  Where there is no ledger
 * the guard alone knows, and nobody is named. */
static set64 signed_before(struct call *c, const struct names *parties, const struct agreement *a)
{
    struct audit ledger = {0};
    set64        by = 0;
    if (c->dir == NULL || err_is(audit_ledger(&ledger, c->dir))) {
        return a->parties;
    }
    const struct history *h = ledger.history;
    set64                 counted = history_signed(h, a);
    for (unsigned p = set_next(counted, 0); p < SET64_MAX; p = set_next(counted, p + 1)) {
        signed_add(parties, &h->tables.policies.parties.name[p], &by);
    }
    for (size_t i = 0; i < h->signature_count; i++) {
        if (memcmp(h->signature[i].digest, a->digest, SHA256_LEN) == 0) {
            signed_add(parties, &h->signature[i].party, &by);
        }
    }
    audit_done(&ledger);
    return by;
}

/* Each party once, and nobody else.  The guard refuses it too, and cannot say who it was. */
static err signers_check(struct call *c, const struct names *parties, const struct agreement *a,
                         const struct given_signatures *s)
{
    set64    missing = a->parties;
    unsigned number;
    for (unsigned i = 0; i < s->count; i++) {
        const struct given_signature *one = &s->row[i];
        call_about(c, "%s, of %s", one->path, one->party.text);
        if (err_is(names_find(parties, name_span(&one->party), &number)) ||
            !set_has(a->parties, number)) {
            return FAIL(DENIED, "whoever signed this is no party to the agreement");
        }
        if (!set_has(missing, number)) {
            return FAIL(CONFLICT, "of each party one signature is given, and this is its second");
        }
        missing &= ~set_one(number);
    }
    missing = missing == 0 ? 0 : missing & ~signed_before(c, parties, a);
    if (missing != 0) {
        return not_signed(c, parties, missing);
    }
    c->about[0] = 0;
    return OK;
}

/* Whose signature the guard did not accept: its answer has no names in it. */
static void signer_tell(struct call *c, const struct agreement *a, const struct given_signatures *s,
                        enum err_code code)
{
    struct audit ledger = {0};
    if (err_is(audit_ledger(&ledger, c->dir))) {
        return; /* the refusal stands; only the name is not known */
    }
    for (unsigned i = 0; i < s->count && c->about[0] == 0; i++) {
        const struct given_signature *one = &s->row[i];
        const struct peer            *peer = history_peer(ledger.history, &one->party);
        bool                          own = name_equal(&one->party, &ledger.history->party);
        const uint8_t *key = own ? ledger.history->identity : peer == NULL ? NULL : peer->identity;
        bool           wrong =
            key == NULL
                          ? code == ERR_UNKNOWN
                          : code == ERR_FORGED &&
                      err_is(sign_check(key, SIGNATURE_TITLE, SPAN_OF(a->digest), one->signature));
        if (wrong) {
            call_about(c, "%s, of %s", one->path, one->party.text);
        }
    }
    audit_done(&ledger);
}

static void signature_lines(const struct given_signatures *s, struct writer *w)
{
    for (unsigned i = 0; i < s->count; i++) {
        put_text(w, "signature ");
        put_span(w, name_span(&s->row[i].party));
        put_u8(w, ' ');
        put_hex(w, SPAN_OF(s->row[i].signature));
        put_u8(w, '\n');
    }
}

err do_agreement_load(struct call *c)
{
    static uint8_t                 table[AGREEMENT_TABLE_MAX];
    static struct given_signatures signatures;
    uint8_t                        buf[ACT_BODY_MAX];
    struct law                     law = law_fresh(LAW_SIGNED);
    struct writer                  w = WRITER_OF(table), body = WRITER_OF(buf);
    const struct agreement        *a;
    law.party_dir = c->dir;
    TRY(agreement_of_call(c, &law, &w, &a));
    agreement_lines(c, a, &body);
    TRY(signatures_read(c, a, &signatures));
    TRY(signers_check(c, &law.tables->policies.parties, a, &signatures));
    signature_lines(&signatures, &body);
    err e = act_run(c, "agreement-load", &body, writer_span(&w), NULL);
    if (e.code == ERR_FORGED || e.code == ERR_UNKNOWN) {
        signer_tell(c, a, &signatures, e.code);
    }
    TRY(e);
    call_tell(c, "%s is loaded", a->name.text);
    return OK;
}
