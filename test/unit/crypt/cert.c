/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/cert.h"
#include "crypt/pem.h"
#include "party.h"

#define DAY  MS_PER_DAY
#define FROM (INT64_C(1479859200) * MS_PER_SECOND) /* 2016-11-23 */

static void an_identity_says_what_it_is(void **state)
{
    (void)state;
    struct party p = party_make("KOR", FROM, FROM + 3650 * DAY);
    struct cert  c;
    uint8_t      print[SHA256_LEN];

    assert_false(err_is(cert_read(in(&p.ca), &c)));
    assert_string_equal(c.common, "KOR gateway identity");
    assert_string_equal(c.unit, "");
    assert_true(c.authority);
    assert_int_equal(c.from, FROM);
    assert_int_equal(c.until, FROM + 3650 * DAY);
    assert_int_equal(c.serial_len, CERT_SERIAL_LEN);
    sha256(in(&p.ca), print);
    assert_memory_equal(c.fingerprint, print, sizeof print);
}

static void a_leaf_bears_role_name_and_key(void **state)
{
    (void)state;
    struct party p = party_make("JPN", FROM, FROM + 3650 * DAY);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        struct leaf l = leaf_make(&p, (enum cert_role)role, role % 2 == 0 ? DH_P384 : DH_P256, FROM,
                                  FROM + DAY);
        struct cert c;
        assert_false(err_is(cert_read(in(&l.cert), &c)));
        assert_string_equal(c.unit, cert_role_name((enum cert_role)role));
        assert_string_equal(c.common, "gw1");
        assert_false(c.authority);
        assert_int_equal(c.until, FROM + DAY);
        assert_true(span_equal((span){c.spki, c.spki_len}, in(&l.spki)));
    }
}

static void the_serial_is_the_randomness_handed_in(void **state)
{
    (void)state;
    struct party         p = party_make("KOR", FROM, FROM + DAY);
    struct random_stream s = {{5}, 0}, again = {{5}, 0};
    uint8_t              want[CERT_SERIAL_LEN];
    struct bytes         der;
    struct writer        w = WRITER_OF(der.at);
    name                 n = name_from("KOR");
    struct cert          c;

    keep(&der, &w, cert_identity_make(&n, in(&p.key), FROM, FROM + DAY, random_from(&s), &w));
    assert_false(err_is(cert_read(in(&der), &c)));
    random_fill(random_from(&again), want, sizeof want);
    assert_memory_equal(c.serial + 1, want + 1, sizeof want - 1);
}

static err try_issue(const struct party *p, const struct cert_order *o)
{
    struct bytes  der;
    struct writer w = WRITER_OF(der.at);
    return cert_issue(o, in(&p->key), in(&p->ca), random_system(), &w);
}

static void orders_that_break_the_rules_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    ".a",  "a.",  "a..b",     "*.example",
                                      "a b", "a/b", "a\n", "a\xc3\xa9"};
    struct party             p = party_make("KOR", FROM, FROM + 10 * DAY);
    struct leaf              l = leaf_make(&p, ROLE_DESK, DH_P256, FROM, FROM + DAY);
    const struct cert_order  good = order_for(ROLE_DESK, in(&l.spki), FROM, FROM + DAY);
    struct cert_order        o = good;

    assert_false(err_is(try_issue(&p, &o)));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        o.dns[1] = span_text(bad[i]);
        assert_int_equal(try_issue(&p, &o).code, ERR_MALFORMED);
    }
    o = good;
    o.address[0].len = 3;
    assert_int_equal(try_issue(&p, &o).code, ERR_MALFORMED);
    o = good;
    o.dns_count = CERT_HOSTS_MAX + 1;
    assert_int_equal(try_issue(&p, &o).code, ERR_MALFORMED);
    o = good;
    o.until = o.from;
    assert_int_equal(try_issue(&p, &o).code, ERR_MALFORMED);
    o = good;
    o.until = FROM + 11 * DAY;
    assert_int_equal(try_issue(&p, &o).code, ERR_CONFLICT);
    o = good;
    o.spki.len--;
    assert_int_equal(try_issue(&p, &o).code, ERR_MALFORMED);
}

static void a_key_signs_only_under_its_own_identity(void **state)
{
    (void)state;
    struct party      kor = party_make("KOR", FROM, FROM + DAY);
    struct party      jpn = party_make("JPN", FROM, FROM + DAY);
    struct leaf       l = leaf_make(&kor, ROLE_DESK, DH_P256, FROM, FROM + DAY);
    struct party      mixed = {.key = kor.key, .ca = jpn.ca};
    struct cert_order o = order_for(ROLE_DESK, in(&l.spki), FROM, FROM + DAY);
    assert_int_equal(try_issue(&mixed, &o).code, ERR_CONFLICT);
}

static void a_small_place_is_an_error(void **state)
{
    (void)state;
    uint8_t       few[100];
    struct writer w = WRITER_OF(few);
    assert_int_equal(cert_key_make(DH_P384, &w).code, ERR_LIMIT);
}

static void cut_and_changed_certificates_do_no_harm(void **state)
{
    (void)state;
    struct party p = party_make("KOR", FROM, FROM + DAY);
    struct cert  c = {.until = 77};
    for (size_t len = 0; len < p.ca.len; len++) {
        assert_int_equal(cert_read((span){p.ca.at, len}, &c).code, ERR_MALFORMED);
    }
    assert_int_equal(c.until, 77);
    p.ca.at[p.ca.len] = 0;
    assert_int_equal(cert_read((span){p.ca.at, p.ca.len + 1}, &c).code, ERR_MALFORMED);
    for (size_t i = 0; i < p.ca.len; i++) {
        p.ca.at[i] ^= 0x41;
        (void)cert_read(in(&p.ca), &c).code;
        p.ca.at[i] ^= 0x41;
    }
}

static void pem_goes_there_and_back(void **state)
{
    (void)state;
    struct party  p = party_make("KOR", FROM, FROM + DAY);
    uint8_t       text[6000];
    struct writer w = WRITER_OF(text);
    struct bytes  out;
    span          rest;

    put_text(&w, "the identity of KOR\n");
    pem_put(&w, "CERTIFICATE", in(&p.ca));
    pem_put(&w, "PRIVATE KEY", in(&p.key));
    assert_false(w.bad);
    rest = writer_span(&w);
    w = WRITER_OF(out.at);
    keep(&out, &w, pem_take(&rest, "CERTIFICATE", &w));
    assert_true(span_equal(in(&out), in(&p.ca)));
    w = WRITER_OF(out.at);
    keep(&out, &w, pem_take(&rest, "PRIVATE KEY", &w));
    assert_true(span_equal(in(&out), in(&p.key)));
    assert_int_equal(rest.len, 0);
    assert_int_equal(pem_take(&rest, "PRIVATE KEY", &w).code, ERR_UNKNOWN);
}

static void bad_pem_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char   *text;
        enum err_code code;
    } bad[] = {
        {"", ERR_UNKNOWN},
        {"-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n", ERR_UNKNOWN},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n", ERR_MALFORMED},
        {"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n", ERR_MALFORMED},
        {"-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----\n", ERR_MALFORMED},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n", ERR_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint8_t       out[64];
        struct writer w = WRITER_OF(out);
        span          text = span_text(bad[i].text);
        assert_int_equal(pem_take(&text, "CERTIFICATE", &w).code, bad[i].code);
        assert_int_equal(w.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identity_says_what_it_is),
        cmocka_unit_test(a_leaf_bears_role_name_and_key),
        cmocka_unit_test(the_serial_is_the_randomness_handed_in),
        cmocka_unit_test(orders_that_break_the_rules_are_refused),
        cmocka_unit_test(a_key_signs_only_under_its_own_identity),
        cmocka_unit_test(a_small_place_is_an_error),
        cmocka_unit_test(cut_and_changed_certificates_do_no_harm),
        cmocka_unit_test(pem_goes_there_and_back),
        cmocka_unit_test(bad_pem_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
