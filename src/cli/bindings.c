/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bindings.h"

#include "base/secret.h"
#include "cli/file.h"
#include "cli/marking_value.h"
#include "cli/party.h"
#include "crypt/pem.h"

#define PEM_MAX   (64UL << 10)
#define TRUST_MAX 16 /* certificates: a short list of persons or offices */

static uint8_t room_bytes[BINDING_ROOM];

err binding_file(struct call *c, const char *path, span *out)
{
    static uint8_t bytes[BINDING_MAX + 1];
    call_about(c, "%s", path);
    TRY(file_read(path, bytes, sizeof bytes, out));
    c->about[0] = 0;
    return OK;
}

/* ---- who is trusted ---- */

struct trusted {
    unsigned count;
    span     certificate[TRUST_MAX];
    uint8_t  der[TRUST_MAX * CERT_DER_MAX];
};

static err certificates_take(struct trusted *t, struct writer *w, span text)
{
    unsigned before = t->count;
    for (;;) {
        size_t from = w->len;
        err    e = pem_take(&text, "CERTIFICATE", w);
        if (e.code == ERR_UNKNOWN && t->count > before) {
            return OK;
        }
        TRY(e);
        if (t->count == TRUST_MAX) {
            return FAIL(LIMIT, "more than 16 certificates are trusted");
        }
        t->certificate[t->count++] = (span){w->ptr + from, w->len - from};
    }
}

static err trusted_of_call(struct call *c, struct trusted *t)
{
    static uint8_t text[PEM_MAX];
    struct writer  w = WRITER_OF(t->der);
    const char    *path;
    span           pem;
    t->count = 0;
    for (unsigned i = 0; (path = call_option_each(c, "trust", i)) != NULL; i++) {
        call_about(c, "%s", path);
        TRY(file_read(path, text, sizeof text, &pem));
        TRY(certificates_take(t, &w, pem));
        c->about[0] = 0;
    }
    return OK;
}

static err needs_signature(struct call *c, const struct binding *claimed)
{
    if (claimed->is_signed && !call_has(c, "trust")) {
        call_about(c, "--trust");
        return call_misuse(c, FAIL(MALFORMED, "it is signed: say whose signature is trusted"));
    }
    if (!claimed->is_signed && !call_has(c, "unsigned")) {
        return FAIL(DENIED, "nobody has signed the binding");
    }
    return OK;
}

err binding_verified(struct call *c, struct ground *g, span in, struct binding *out)
{
    static struct trusted t;
    static struct binding claimed;
    struct writer         room = WRITER_OF(room_bytes);
    TRY(trusted_of_call(c, &t));
    err e = binding_read(&g->reader, in, &claimed);
    if (err_is(e)) {
        return blame_label(c, e, &g->reader.problem);
    }
    TRY(needs_signature(c, &claimed));
    if (!claimed.is_signed) {
        *out = claimed;
        return OK;
    }
    struct binding_trust trust = {t.count, t.certificate, party_now(c)};
    e = binding_verify(&g->reader, in, &trust, &room, out);
    return err_is(e) ? blame_label(c, e, &g->reader.problem) : OK;
}

/* ---- making one ---- */

err binding_file_add(struct call *c, struct binding *b, const char *path)
{
    struct binding_data *d = &b->data[b->data_count];
    span                 content;
    call_about(c, "%s", path);
    if (b->data_count == BINDING_DATA_MAX) {
        return FAIL(LIMIT, "a binding is about more than 16 things");
    }
    *d = (struct binding_data){.digested = true, .digest = DIGEST_SHA384};
    TRY(binding_data_name(d, span_text(file_base(path))));
    TRY(file_map(path, &content));
    digest_parts(d->digest, &content, 1, d->value);
    file_unmap(content);
    b->data_count++;
    c->about[0] = 0;
    return OK;
}

/* A key of RSA is too long, and one of another form has another name in its PEM: both are what they are */
static err pem_taken(const char *label, span *pem, struct writer *out)
{
    err e = pem_take(pem, label, out);
    return err_is(e) && strcmp(label, "PRIVATE KEY") == 0
               ? FAIL(MALFORMED, "the key is not PKCS#8 in PEM, on P-256 or P-384")
               : e;
}

static err pem_file(struct call *c, const char *option, const char *label, struct writer *out)
{
    static uint8_t text[PEM_MAX];
    const char    *path;
    span           pem;
    TRY(call_need(c, option, &path));
    call_about(c, "%s", path);
    err e = file_read(path, text, sizeof text, &pem);
    e = err_is(e) ? e : pem_taken(label, &pem, out);
    bytes_wipe(text, sizeof text);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

static err who_signs(struct call *c)
{
    bool nobody = call_has(c, "unsigned");
    if (nobody == (call_has(c, "key") || call_has(c, "certificate"))) {
        call_about(c, "--key, --certificate, --unsigned");
        return call_misuse(c, FAIL(MALFORMED, "say who signs it, or that nobody does"));
    }
    return OK;
}

/* --key and --certificate; both stay empty with --unsigned */
static err signer_of_call(struct call *c, struct writer *key, struct writer *certificate)
{
    TRY(who_signs(c));
    if (call_has(c, "unsigned")) {
        return OK;
    }
    TRY(pem_file(c, "key", "PRIVATE KEY", key));
    TRY(pem_file(c, "certificate", "CERTIFICATE", certificate));
    return binding_pair(writer_span(key), writer_span(certificate));
}

err binding_signer_check(struct call *c)
{
    uint8_t       key_bytes[CERT_KEY_MAX], bytes[CERT_DER_MAX];
    struct writer key = WRITER_OF(key_bytes), certificate = WRITER_OF(bytes);
    err           e = signer_of_call(c, &key, &certificate);
    bytes_wipe(key_bytes, sizeof key_bytes);
    return e;
}

static err made_with(struct call *c, struct ground *g, struct binding *b, span document,
                     struct writer *key, span *out)
{
    static uint8_t bytes[BINDING_MAX];
    struct writer  w = WRITER_OF(bytes), room = WRITER_OF(room_bytes);
    struct writer  certificate = WRITER_OF(b->certificate);
    TRY(signer_of_call(c, key, &certificate));
    b->certificate_len = certificate.len;
    b->signed_at = party_now(c);
    err e = binding_write(&g->reader, b, document, writer_span(key), &room, &w);
    if (err_is(e)) {
        return g->reader.problem.why != NULL ? blame_label(c, e, &g->reader.problem) : e;
    }
    *out = writer_span(&w);
    return OK;
}

err binding_made(struct call *c, struct ground *g, struct binding *b, span document, span *out)
{
    uint8_t       bytes[CERT_KEY_MAX];
    struct writer key = WRITER_OF(bytes);
    err           e = made_with(c, g, b, document, &key, out);
    bytes_wipe(bytes, sizeof bytes);
    return e;
}

err bindings_on(struct call *c)
{
    struct party p;
    TRY(party_read(c, &p));
    return strcmp(p.bindings, "on") == 0
               ? OK
               : FAIL(DENIED, "bindings are off at this party's border: accord.conf has to say "
                              "`bindings on`");
}
