/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate for each port of TLS, from the guard: all of one key, each with the host of its own address. */
#include "base/net_address.h"
#include "intakeio/parts.h"

#define ASK_AGAIN_MS 1000

err certify_begin(struct certify *c)
{
    struct writer key = WRITER_OF(c->key), spki = WRITER_OF(c->spki);
    TRY(cert_key_make(DH_P384, &key));
    c->key_len = key.len;
    TRY(cert_key_public(writer_span(&key), &spki));
    c->spki_len = spki.len;
    return OK;
}

static void ask(struct ports *p, struct port *port)
{
    uint8_t       bytes[CERT_SPKI_MAX + ADDRESS_MAX + 16];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_CERTIFY, TAG_PORT | port->row.number);
    put_block16(&w, (span){p->certify.spki, p->certify.spki_len});
    put_block8(&w, net_host(span_text(port->row.address)));
    port->asked_ms = ports_now(p);
    err e = shell_ask(p->shell, writer_span(&w));
    (void)e; /* asked again in a second */
}

void certify_due(struct ports *p, struct port *port)
{
    bool due = port->row.transport == TRANSPORT_TLS &&
               (port->tls == NULL || p->shell->loop.now.real >= port->renew_at);
    if (due && (port->asked_ms == 0 || ports_now(p) - port->asked_ms >= ASK_AGAIN_MS)) {
        ask(p, port);
    }
}

/* Who shows a certificate of this party's for a terminal is a sender; connections that stand keep what they have. */
static err context_open(const struct certify *c, span cert, span authority, struct tls_context **at)
{
    struct tls_settings s = {.cert = cert,
                             .key = {c->key, c->key_len},
                             .trusted = &authority,
                             .trusted_count = 1,
                             .roles = set_one(ROLE_TERMINAL),
                             .server = true};
    struct tls_context *made = NULL;
    TRY(tls_context_open(&s, &made));
    tls_context_close(*at);
    *at = made;
    return OK;
}

static void on_certificate(struct ports *p, struct port *port, span body)
{
    struct reader r = reader_of(body);
    span          cert = read_block16(&r, CERT_MAX);
    span          authority = read_block16(&r, CERT_MAX);
    instant       until = (instant)(read_u64(&r) & INT64_MAX);
    instant       now = p->shell->loop.now.real;
    err           e = reader_end(&r);
    e = err_is(e) ? e : context_open(&p->certify, cert, authority, &port->tls);
    if (err_is(e)) {
        shell_note_because(p->shell, "a source's certificate cannot be used", &port->row.name,
                           e.why);
        return;
    }
    port->renew_at = now + (until - now) / 2;
    refusal_end(&port->uncertified);
}

static void on_refusal(struct ports *p, struct port *port, span body)
{
    refusal_read(&port->uncertified, body);
    shell_note_because(p->shell, "the guard refuses a source's port a certificate", &port->row.name,
                       refusal_due(&port->uncertified));
}

bool ports_hear(struct ports *p, span message)
{
    struct guard_message m;
    if (err_is(guard_message_read(message, &m)) || (m.tag & TAG_PORT) != TAG_PORT) {
        return false;
    }
    uint32_t number = m.tag & ~TAG_PORT;
    bool     there = number < INTAKE_SOURCES_MAX && p->port[number].there;
    if (there && m.kind == ANSWER_CERTIFICATE && p->port[number].row.transport == TRANSPORT_TLS) {
        on_certificate(p, &p->port[number], m.body);
    }
    if (there && m.kind == ANSWER_ERROR) {
        on_refusal(p, &p->port[number], m.body);
    }
    return true;
}
