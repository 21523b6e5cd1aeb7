/* SPDX-License-Identifier: Apache-2.0 */
/* A party with an identity, and leaves signed by it: for the tests of certificates and TLS */
#ifndef TEST_CRYPT_PARTY_H
#define TEST_CRYPT_PARTY_H

#include "cmocka_all.h"
#include "crypt/cert.h"

struct bytes {
    uint8_t at[CERT_DER_MAX];
    size_t  len;
};

struct party {
    struct bytes key;
    struct bytes ca;
};

struct leaf {
    struct bytes key;
    struct bytes spki;
    struct bytes cert;
};

static inline span in(const struct bytes *b)
{
    return (span){b->at, b->len};
}

static inline void keep(struct bytes *b, const struct writer *w, err e)
{
    assert_string_equal(err_is(e) ? e.why : "", "");
    b->len = w->len;
}

static inline name name_from(const char *text)
{
    name n;
    assert_false(err_is(name_of(span_text(text), &n)));
    return n;
}

/* `keep` reads the writer's length once the call beside it has been made */
static inline struct party party_make(const char *code, instant from, instant until)
{
    struct party  p;
    name          n = name_from(code);
    struct writer w = WRITER_OF(p.key.at);
    keep(&p.key, &w, cert_key_make(DH_P384, &w));
    w = WRITER_OF(p.ca.at);
    keep(&p.ca, &w, cert_identity_make(&n, in(&p.key), from, until, random_system(), &w));
    return p;
}

static inline struct cert_order order_for(enum cert_role role, span spki, instant from,
                                          instant until)
{
    return (struct cert_order){
        .role = role,
        .spki = spki,
        .subject = name_from("gw1"),
        .dns = {SPAN_LIT("gw1.example"), SPAN_LIT("gw.example")},
        .dns_count = 2,
        .address = {SPAN_LIT("\x7f\x00\x00\x01"), SPAN_LIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")},
        .address_count = 2,
        .from = from,
        .until = until,
    };
}

static inline struct leaf leaf_make(const struct party *p, enum cert_role role, enum dh_curve curve,
                                    instant from, instant until)
{
    struct leaf   l;
    struct writer w = WRITER_OF(l.key.at);
    keep(&l.key, &w, cert_key_make(curve, &w));
    w = WRITER_OF(l.spki.at);
    keep(&l.spki, &w, cert_key_public(in(&l.key), &w));
    struct cert_order order = order_for(role, in(&l.spki), from, until);
    w = WRITER_OF(l.cert.at);
    keep(&l.cert, &w, cert_issue(&order, in(&p->key), in(&p->ca), random_system(), &w));
    return l;
}

#endif
