/* SPDX-License-Identifier: Apache-2.0 */
#include "courierio/certify.h"

#define ASK_AGAIN_MS 1000
#define TAG_CERTIFY  UINT32_C(0x7101)

static int64_t now_ms(struct certify *c)
{
    return shell_loop(c->shell)->now.boot_ms;
}

err certify_begin(struct certify *c, struct shell *shell, struct courier *courier)
{
    struct writer key = WRITER_OF(c->key), spki = WRITER_OF(c->spki);
    c->shell = shell;
    c->courier = courier;
    TRY(cert_key_make(DH_P384, &key));
    c->key_len = key.len;
    TRY(cert_key_public(writer_span(&key), &spki));
    c->spki_len = spki.len;
    return OK;
}

void certify_ask(struct certify *c)
{
    uint8_t       bytes[CERT_SPKI_MAX + 64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_CERTIFY, TAG_CERTIFY);
    put_block16(&w, (span){c->spki, c->spki_len});
    put_block8(&w, (span){0}); /* partners know us by our authority, not by a host */
    c->asked_ms = now_ms(c);
    err e = shell_ask(c->shell, writer_span(&w));
    (void)e; /* asked again in a second, or when there is a guard */
}

static err context_open(struct certify *c, const span *trusted, size_t count, bool server,
                        struct tls_context **at)
{
    struct tls_settings s = {.cert = {c->cert, c->cert_len},
                             .key = {c->key, c->key_len},
                             .trusted = trusted,
                             .trusted_count = count,
                             .roles = set_one(ROLE_COURIER),
                             .alpn = LINK_ALPN,
                             .server = server};
    struct tls_context *made = NULL;
    TRY(tls_context_open(&s, &made));
    tls_context_close(*at); /* connections that stand keep it */
    *at = made;
    return OK;
}

/* Each partner is dialled with trust in its own authority only; who dials us is the one whose authority
 * signed it.  An authority that is no certificate leaves out that partner alone. */
static void contexts_open(struct certify *c)
{
    span     trusted[COURIER_PARTNERS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; c->cert_len > 0 && courier_partner(c->courier, i) != NULL; i++) {
        const struct partner_row *row = courier_partner(c->courier, i);
        if (row->authority.len == 0) {
            continue;
        }
        err e = context_open(c, &row->authority, 1, false, &c->client[i]);
        if (err_is(e)) {
            struct note_fact fact = {"partner", name_span(&row->name)};
            shell_note(c->shell, e.why, &fact, 1);
            continue;
        }
        c->trusted[count] = i;
        trusted[count++] = row->authority;
    }
    if (count > 0) {
        err e = context_open(c, trusted, count, true, &c->server);
        if (err_is(e)) {
            shell_fail(c->shell, e);
        }
    }
}

static void on_certificate(struct certify *c, span body)
{
    struct reader r = reader_of(body);
    span          cert = read_block16(&r, CERT_MAX);
    (void)read_block16(&r, CERT_MAX);
    instant until = (instant)read_u64(&r);
    instant now = shell_loop(c->shell)->now.real;
    if (err_is(reader_end(&r)) || cert.len == 0) {
        return;
    }
    memcpy(c->cert, cert.ptr, cert.len);
    c->cert_len = cert.len;
    c->renew_at = now + (until - now) / 2;
    refusal_end(&c->uncertified);
    contexts_open(c);
}

static void on_refusal(struct certify *c, span body)
{
    refusal_read(&c->uncertified, body);
    shell_note_because(c->shell, "the guard refuses the courier a certificate", NULL,
                       refusal_due(&c->uncertified));
}

void certify_turn(struct certify *c)
{
    bool due = c->cert_len == 0 || shell_loop(c->shell)->now.real >= c->renew_at;
    if (due && now_ms(c) - c->asked_ms >= ASK_AGAIN_MS) {
        certify_ask(c);
    }
}

static bool partners_end(const struct guard_message *m)
{
    struct reader      r = reader_of(m->body);
    struct partner_row row = {0};
    partner_row_read(&r, &row);
    return row.name.text[0] == 0;
}

void certify_hear(struct certify *c, span message)
{
    struct guard_message m;
    if (err_is(guard_message_read(message, &m))) {
        return;
    }
    if (m.kind == ANSWER_CERTIFICATE) {
        on_certificate(c, m.body);
    }
    if (m.kind == ANSWER_ERROR && m.tag == TAG_CERTIFY) {
        on_refusal(c, m.body);
    }
    if (m.kind == ANSWER_PARTNER && partners_end(&m)) {
        contexts_open(c);
    }
}
