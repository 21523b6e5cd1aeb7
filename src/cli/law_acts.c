/* SPDX-License-Identifier: Apache-2.0 */
/* policy load, agreement sign and load, rules load: texts are compiled here, the guard gets the tables. */
#include <stdlib.h>

#include "cli/act.h"
#include "cli/law.h"
#include "cli/verbs.h"

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
    TRY(rules_of_call(c, false, &w, &party));
    TRY(named_act(c, "rules-load", "rules", &party, writer_span(&w), NULL));
    call_tell(c, "the national rules of %s are in force", party.text);
    return OK;
}

err do_agreement_sign(struct call *c)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    uint8_t        digest[SHA256_LEN];
    const char    *out;
    char          *result = NULL;
    name           named;
    TRY(signers_need(c));
    TRY(call_need(c, "out", &out));
    TRY(agreement_of_call(c, &w, &named, digest));
    TRY(named_act(c, "agreement-sign", "agreement", &named, writer_span(&w), &result));
    err e = call_write(c, span_text(result));
    free(result);
    return e;
}

/* ---- agreement load ---- */

struct given_signature {
    name    party;
    uint8_t signature[SIGNATURE_LEN];
};

static err signature_file(struct call *c, const char *path, const name *agreement,
                          const uint8_t digest[static SHA256_LEN], struct given_signature *out)
{
    uint8_t buf[1024], signed_digest[SHA256_LEN];
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
    out->party = take_name(&l, "party");
    take_hex(&l, "digest", signed_digest, sizeof signed_digest);
    take_hex(&l, "signature", out->signature, sizeof out->signature);
    if (err_is(lines_end(&l))) {
        return FAIL(MALFORMED, "this is not a signature of an agreement");
    }
    if (!name_equal(&named, agreement) || memcmp(signed_digest, digest, SHA256_LEN) != 0) {
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

static err signature_lines(struct call *c, const name *agreement,
                           const uint8_t digest[static SHA256_LEN], struct writer *w)
{
    struct given_signature s[SIGNATURES_MAX] = {0};
    const char            *path;
    unsigned               count = 0;
    for (; (path = call_option_each(c, "signature", count)) != NULL; count++) {
        if (count == SIGNATURES_MAX) {
            return call_misuse(c, FAIL(LIMIT, "too many signature files"));
        }
        TRY(signature_file(c, path, agreement, digest, &s[count]));
    }
    qsort(s, count, sizeof s[0], signature_order);
    for (unsigned i = 0; i < count; i++) {
        put_text(w, "signature ");
        put_span(w, name_span(&s[i].party));
        put_u8(w, ' ');
        put_hex(w, SPAN_OF(s[i].signature));
        put_u8(w, '\n');
    }
    return OK;
}

err do_agreement_load(struct call *c)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    uint8_t        buf[ACT_BODY_MAX], digest[SHA256_LEN];
    struct writer  w = WRITER_OF(table), body = WRITER_OF(buf);
    name           named;
    TRY(agreement_of_call(c, &w, &named, digest));
    line_name(&body, "agreement", &named);
    if (call_has(c, "instead-of")) {
        line_text(&body, "instead", span_text(call_option(c, "instead-of")));
    }
    TRY(signature_lines(c, &named, digest, &body));
    TRY(act_run(c, "agreement-load", &body, writer_span(&w), NULL));
    call_tell(c, "%s is loaded", named.text);
    return OK;
}
