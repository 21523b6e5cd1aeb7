/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/certificate.h"

#include "base/lines.h"
#include "base/net_address.h"
#include "base/text.h"

/* How long a certificate lives, from its first instant to its last: those of processes are made anew while they run. */
static const instant life_ms[] = {
    [ROLE_COURIER] = 24 * MS_PER_HOUR,
    [ROLE_DESK] = 24 * MS_PER_HOUR,
    [ROLE_TERMINAL] = 90 * MS_PER_DAY,
    [ROLE_INTAKE] = 24 * MS_PER_HOUR,
};

#define BACKDATE_MS (5 * MS_PER_MINUTE) /* a partner's clock may be a little behind */

static void order_host(struct cert_order *order, span host, uint8_t address[static 16])
{
    size_t len = net_ip_of(host, address);
    if (len > 0) {
        order->address[order->address_count++] = (span){address, len};
    } else if (host.len > 0) {
        order->dns[order->dns_count++] = host;
    }
}

err certificate_issue(struct guard *g, enum cert_role role, const name *subject, span public_key,
                      span host, struct writer *out)
{
    uint8_t           address[16];
    struct cert_order order = {
        .role = role,
        .spki = public_key,
        .subject = *subject,
        .from = g->now - BACKDATE_MS,
        .until = g->now - BACKDATE_MS + life_ms[role],
    };
    order_host(&order, host, address);
    return cert_issue(&order, (span){g->authority_key, g->authority_key_len},
                      (span){g->authority, g->authority_len}, g->random, out);
}

void certificate_result(struct guard *g, const name *subject, span public_key,
                        struct writer *result)
{
    uint8_t       der[CERT_DER_MAX];
    struct writer w = WRITER_OF(der);
    err           e = certificate_issue(g, ROLE_TERMINAL, subject, public_key, SPAN_LIT(""), &w);
    if (err_is(e)) {
        line_text(result, "error", span_text(e.why));
    } else {
        put_text(result, "certificate ");
        put_base64(result, writer_span(&w));
        put_u8(result, '\n');
    }
}

/* A process is what its channel says: none gets a certificate by which it could pass for another. */
static enum cert_role role_of(enum caller from)
{
    return from == CALLER_COURIER ? ROLE_COURIER : from == CALLER_DESK ? ROLE_DESK : ROLE_INTAKE;
}

err on_certify(struct guard *g, const struct request_context *c, struct reader *body)
{
    uint8_t        der[CERT_DER_MAX];
    struct writer  cert = WRITER_OF(der);
    span           public_key = read_block16(body, CERT_SPKI_MAX);
    span           host = read_block8(body, 253);
    enum cert_role role = role_of(c->from);
    TRY(reader_end(body));
    TRY(certificate_issue(g, role, &g->party, public_key, host, &cert));
    struct writer *w = mail_begin(g, c->from, ANSWER_CERTIFICATE, c->tag);
    put_block16(w, writer_span(&cert));
    put_block16(w, (span){g->authority, g->authority_len});
    put_u64(w, (uint64_t)(g->now - BACKDATE_MS + life_ms[role]));
    mail_end(g);
    return OK;
}
