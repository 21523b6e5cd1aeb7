/* SPDX-License-Identifier: Apache-2.0 */
/* party exchange, party trust: how two parties come to know each other (docs/format/exchange.md). */
#include <stdlib.h>
#include <unistd.h>

#include "cli/act.h"
#include "cli/audit.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "loop/net.h"

#define EXCHANGE_TITLE "accord exchange 1"
#define EXCHANGE_MAX   8192

struct exchange {
    name    party;
    uint8_t identity[SIGN_PUBLIC_LEN], signature[SIGNATURE_LEN];
    span    address, authority; /* authority in base64 */
    span    statement;          /* all that is signed */
};

static err exchange_read(span text, struct exchange *out)
{
    struct lines    l = lines_of(text);
    struct exchange x = {0};
    uint8_t         der[CERT_DER_MAX];
    size_t          len = 0;
    take_title(&l, EXCHANGE_TITLE);
    x.party = take_name(&l, "party");
    take_hex(&l, "identity", x.identity, sizeof x.identity);
    x.address = take_text(&l, "address");
    x.authority = take_text(&l, "authority");
    x.statement = (span){text.ptr, text.len - l.rest.len};
    take_hex(&l, "signature", x.signature, sizeof x.signature);
    if (err_is(lines_end(&l)) || err_is(text_base64(x.authority, der, sizeof der, &len))) {
        return FAIL(MALFORMED, "this is not an exchange file");
    }
    TRY(sign_check(x.identity, EXCHANGE_TITLE, x.statement, x.signature));
    *out = x;
    return OK;
}

/* ---- party exchange ---- */

static err statement_make(struct call *c, const struct party *p, const secret *seed,
                          struct writer *w)
{
    struct net_address address;
    uint8_t            key[SIGN_PUBLIC_LEN], der[CERT_DER_MAX];
    const char        *at = call_option(c, "address");
    span               authority;
    at = at != NULL ? at : p->courier;
    call_about(c, "%s", at);
    TRY(net_address_of(span_text(at), &address));
    TRY(party_authority(c, der, sizeof der, &authority));
    sign_public(seed, key);
    line_title(w, EXCHANGE_TITLE);
    line_name(w, "party", &p->code);
    line_hex(w, "identity", SPAN_OF(key));
    line_text(w, "address", span_text(at));
    put_text(w, "authority ");
    put_base64(w, authority);
    put_u8(w, '\n');
    return OK;
}

err do_party_exchange(struct call *c)
{
    struct party  p;
    SECRET        seed;
    uint8_t       buf[EXCHANGE_MAX], signature[SIGNATURE_LEN];
    char          fingerprint[FINGERPRINT_LEN + 1];
    struct writer w = WRITER_OF(buf);
    span          text;
    TRY(party_read(c, &p));
    TRY(party_identity(c, &seed));
    TRY(statement_make(c, &p, &seed, &w));
    fingerprint_of(writer_span(&w), fingerprint);
    sign_make(&seed, EXCHANGE_TITLE, writer_span(&w), signature);
    line_hex(&w, "signature", SPAN_OF(signature));
    TRY(writer_end(&w, &text));
    TRY(call_write_new(c, text));
    call_set_text(c, "fingerprint", span_text(fingerprint));
    call_set_text(c, "party", name_span(&p.code));
    call_note(c, "the fingerprint of %s is %s: tell it to the other party by another way",
              p.code.text, fingerprint);
    return OK;
}

/* ---- party trust ---- */

static err fingerprint_ask(struct call *c, const struct exchange *x, const char *made)
{
    char line[128] = "";
    if (c->json || isatty(STDIN_FILENO) == 0) {
        return FAIL(DENIED, "nothing is trusted unseen: give the fingerprint that the other party "
                            "told you with --fingerprint");
    }
    (void)fprintf(c->notes, "%s at " SPAN_FMT " has the fingerprint %s\nType what %s told you: ",
                  x->party.text, SPAN_ARG(x->address), made, x->party.text);
    (void)fflush(c->notes);
    if (fgets(line, sizeof line, stdin) == NULL ||
        !fingerprint_equal(made, span_trim(span_text(line)))) {
        return FAIL(DENIED, "this is not the fingerprint of that file: it is not trusted");
    }
    return OK;
}

static err fingerprint_prove(struct call *c, const struct exchange *x)
{
    const char *given = call_option(c, "fingerprint");
    char        made[FINGERPRINT_LEN + 1];
    fingerprint_of(x->statement, made);
    call_set_text(c, "fingerprint", span_text(made));
    if (given == NULL) {
        return fingerprint_ask(c, x, made);
    }
    call_note(c, "%s at " SPAN_FMT " has the fingerprint %s", x->party.text, SPAN_ARG(x->address),
              made);
    return fingerprint_equal(made, span_text(given))
               ? OK
               : FAIL(DENIED, "this is not the fingerprint of that file: it is not trusted");
}

err do_party_trust(struct call *c)
{
    uint8_t         file[EXCHANGE_MAX], buf[ACT_BODY_MAX];
    struct writer   w = WRITER_OF(buf);
    struct exchange x;
    span            text;
    TRY(signers_need(c));
    call_about(c, "%s", c->arg[0]);
    TRY(file_read(c->arg[0], file, sizeof file, &text));
    TRY(exchange_read(text, &x));
    TRY(fingerprint_prove(c, &x));
    c->about[0] = 0;
    line_name(&w, "partner", &x.party);
    line_hex(&w, "identity", SPAN_OF(x.identity));
    line_text(&w, "address", x.address);
    line_text(&w, "authority", x.authority);
    TRY(act_run(c, "partner-trust", &w, (span){NULL, 0}, NULL));
    call_tell(c, "%s is a partner", x.party.text);
    return OK;
}

/* ---- party list: from the ledger, so that it needs no desk ---- */

static json_t *peer_row(const struct peer *p)
{
    uint8_t       hex[2 * SIGN_PUBLIC_LEN + 1] = {0};
    struct writer w = writer_of(hex, sizeof hex - 1);
    put_hex(&w, SPAN_OF(p->identity));
    return json_pack("{s:s, s:s, s:s}", "partner", p->name.text, "address", p->address, "identity",
                     (char *)hex);
}

err do_party_list(struct call *c)
{
    static const struct column column[] = {{"partner", "PARTNER", false},
                                           {"address", "ADDRESS", false},
                                           {"identity", "IDENTITY", false},
                                           {NULL, NULL, false}};
    struct audit               a = {0};
    const char                *dir;
    TRY(party_dir(c, &dir));
    TRY(call_dir_is_party(c, dir));
    TRY(audit_ledger(&a, dir));
    json_t *rows = json_array();
    for (size_t i = 0; i < a.history->peer_count; i++) {
        (void)json_array_append_new(rows, peer_row(&a.history->peer[i]));
    }
    table_tell(c, "partners", column, rows);
    call_set_text(c, "party", name_span(&a.history->party));
    audit_done(&a);
    return OK;
}
