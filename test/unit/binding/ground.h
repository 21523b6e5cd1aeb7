/* SPDX-License-Identifier: Apache-2.0 */
/* Signers, labels and bindings that the tests of binding/ share. */
#ifndef TEST_BINDING_GROUND_H
#define TEST_BINDING_GROUND_H

#include <stdio.h>

#include "binding/binding.h"
#include "unit/form/sample.h"

#define SIGNED_AT INT64_C(1795339800000) /* 2026-11-22T09:30:00Z */

/* A key and a certificate of it */
struct signer {
    uint8_t key_bytes[CERT_KEY_MAX], certificate_bytes[CERT_DER_MAX];
    span    key, certificate;
};

static uint8_t            room_bytes[BINDING_ROOM], written[BINDING_MAX + 1];
static struct form_reader reader;

static inline void signer_of(struct signer *s, const char *party, instant from, instant until)
{
    struct writer key = writer_of(s->key_bytes, sizeof s->key_bytes);
    struct writer certificate = writer_of(s->certificate_bytes, sizeof s->certificate_bytes);
    name          called;
    MUST(!err_is(name_of(span_text(party), &called)));
    MUST(!err_is(cert_key_make(DH_P384, &key)));
    MUST(!err_is(cert_identity_make(&called, writer_span(&key), from, until, random_system(),
                                    &certificate)));
    s->key = writer_span(&key);
    s->certificate = writer_span(&certificate);
}

static inline const struct signer *signer(void)
{
    static struct signer one;
    if (one.key.len == 0) {
        signer_of(&one, "KOR", SIGNED_AT - MS_PER_DAY, SIGNED_AT + 365 * MS_PER_DAY);
    }
    return &one;
}

/* The same on P-256: a leaf of the first */
static inline const struct signer *signer_p256(void)
{
    static struct signer one;
    uint8_t              spki[CERT_SPKI_MAX];
    struct writer        w = WRITER_OF(spki), key = WRITER_OF(one.key_bytes);
    struct writer        certificate = WRITER_OF(one.certificate_bytes);
    struct cert_order    order = {
           .role = ROLE_TERMINAL, .from = SIGNED_AT - MS_PER_HOUR, .until = SIGNED_AT + MS_PER_DAY};
    if (one.key.len == 0) {
        MUST(!err_is(cert_key_make(DH_P256, &key)));
        MUST(!err_is(cert_key_public(writer_span(&key), &w)));
        MUST(!err_is(name_of(SPAN_LIT("registry"), &order.subject)));
        order.spki = writer_span(&w);
        MUST(!err_is(cert_issue(&order, signer()->key, signer()->certificate, random_system(),
                                &certificate)));
        one.key = writer_span(&key);
        one.certificate = writer_span(&certificate);
    }
    return &one;
}

static inline void label_put(struct binding *b, enum label_kind kind, const char *policy,
                             uint16_t class)
{
    struct label_record *r = &b->label[b->label_count++].record;
    *r = label_record_of(sample_scheme(policy));
    r->label.class = class;
    r->kind = kind;
    r->has_created = true;
    r->created = SIGNED_AT - MS_PER_MINUTE;
    if (kind == LABEL_ALTERNATIVE) {
        r->originator_type = ORIGINATOR_DNS_NAME;
        (void)snprintf(r->originator, sizeof r->originator, "accord.jpn.example");
    }
}

/* Originator's, alternative and metadata label; nothing that they are about yet */
static inline struct binding three_labels(const struct signer *s)
{
    struct binding b = {.group_count = 1, .signed_at = SIGNED_AT};
    label_put(&b, LABEL_ORIGINATOR, "SAMPLE", 3);
    label_put(&b, LABEL_ALTERNATIVE, "TLP", 0);
    label_put(&b, LABEL_METADATA, "SAMPLE", 0);
    if (s != NULL) {
        memcpy(b.certificate, s->certificate.ptr, s->certificate.len);
        b.certificate_len = s->certificate.len;
    }
    return b;
}

static inline void file_put(struct binding *b, const char *called, span content)
{
    struct binding_data *d = &b->data[b->data_count++];
    *d = (struct binding_data){.digested = true, .digest = DIGEST_SHA384};
    MUST(!err_is(binding_data_name(d, span_text(called))));
    digest_parts(d->digest, &content, 1, d->value);
}

static inline void place_put(struct binding *b, const char *uri)
{
    struct binding_data *d = &b->data[b->data_count++];
    *d = (struct binding_data){0};
    (void)snprintf(d->uri, sizeof d->uri, "%s", uri);
    b->form = BINDING_EMBEDDED;
}

/* What was written lies in `written` */
static inline err write_with(const struct binding *b, const char *document, span key, span *out)
{
    struct writer w = WRITER_OF(written), room = WRITER_OF(room_bytes);
    form_reader_init(&reader, sample_catalog(), false);
    TRY(binding_write(&reader, b, span_text(document), key, &room, &w));
    *out = writer_span(&w);
    return OK;
}

static inline err verify_with(span in, const struct signer *s, struct binding *out)
{
    struct writer        room = WRITER_OF(room_bytes);
    struct binding_trust trust = {1, &s->certificate, SIGNED_AT + MS_PER_HOUR};
    form_reader_init(&reader, sample_catalog(), false);
    return binding_verify(&reader, in, &trust, &room, out);
}

#endif
