/* SPDX-License-Identifier: Apache-2.0 */
/* The program xmlsec1 verifies what is signed here, digests of files included; and what it signs is verified
 * here. */
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "crypt/pem.h"
#include "unit/binding/ground.h"

#define CONTENT  "a picture of a launcher"
#define DOCUMENT "<report xmlns=\"urn:x\"><a Id=\"one\">x &amp; y</a><b>z</b></report>"
#define IDS                                                                                        \
    " --id-attr:Id urn:nato:stanag:4778:bindinginformation:1:0:MetadataBinding"                    \
    " --id-attr:Id http://www.w3.org/2000/09/xmldsig#:Manifest"                                    \
    " --id-attr:Id http://www.w3.org/2000/09/xmldsig#:SignatureProperties"                         \
    " --id-attr:Id urn:x:a "

static char folder[] = "/tmp/accord-binding-XXXXXX";

static void file_put_in(const char *called, span bytes)
{
    FILE *f = fopen(called, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
}

static span file_get(const char *called)
{
    static uint8_t bytes[BINDING_MAX];
    FILE          *f = fopen(called, "rb");
    assert_non_null(f);
    size_t len = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    return (span){bytes, len};
}

static void pem_put_in(const char *called, const char *label, span der)
{
    static uint8_t text[8192];
    struct writer  w = WRITER_OF(text);
    pem_put(&w, label, der);
    file_put_in(called, writer_span(&w));
}

static int enter(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    pem_put_in("key.pem", "PRIVATE KEY", signer()->key);
    pem_put_in("signer.pem", "CERTIFICATE", signer()->certificate);
    pem_put_in("other.pem", "CERTIFICATE", signer_p256()->certificate);
    return 0;
}

static int leave(void **state)
{
    char line[128];
    (void)state;
    (void)snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line) == 0 ? 0 : -1;
}

/* xmlsec1's exit status; what it said is in the file `said` */
static int xmlsec1(const char *arguments)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "xmlsec1 %s >said 2>&1", arguments);
    return system(line);
}

static bool said(const char *what)
{
    span all = file_get("said");
    return memmem(all.ptr, all.len, what, strlen(what)) != NULL;
}

static span detached(const struct signer *s)
{
    struct binding b = three_labels(s);
    span           out = {0};
    file_put(&b, "picture.png", SPAN_LIT(CONTENT));
    file_put(&b, "note.txt", SPAN_LIT("note"));
    assert_false(err_is(write_with(&b, "", s->key, &out)));
    return out;
}

static span embedded(const struct signer *s, const char *uri)
{
    struct binding b = three_labels(s);
    span           out = {0};
    place_put(&b, uri);
    assert_false(err_is(write_with(&b, DOCUMENT, s->key, &out)));
    return out;
}

static void it_verifies_what_is_detached(void **state)
{
    (void)state;
    file_put_in("picture.png", SPAN_LIT(CONTENT));
    file_put_in("note.txt", SPAN_LIT("note"));
    file_put_in("b.xml", detached(signer()));
    assert_int_equal(xmlsec1("--verify --pubkey-cert-pem signer.pem" IDS "b.xml"), 0);
    assert_true(said("SignedInfo References (ok/all): 3/3"));
    assert_true(said("Manifests References (ok/all): 2/2"));
    file_put_in("note.txt", SPAN_LIT("another"));
    (void)xmlsec1("--verify --pubkey-cert-pem signer.pem" IDS "b.xml");
    assert_true(said("Manifests References (ok/all): 1/2"));
    assert_int_not_equal(xmlsec1("--verify --pubkey-cert-pem other.pem" IDS "b.xml"), 0);
    file_put_in("b.xml", detached(signer_p256()));
    assert_int_equal(xmlsec1("--verify --pubkey-cert-pem other.pem" IDS "b.xml"), 0);
}

static void it_verifies_what_is_embedded(void **state)
{
    static const char *const places[] = {"", "#one"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        file_put_in("d.xml", embedded(signer(), places[i]));
        assert_int_equal(xmlsec1("--verify --pubkey-cert-pem signer.pem" IDS "d.xml"), 0);
        /* the certificate in it is the one that it is signed with */
        assert_int_equal(xmlsec1("--verify --trusted-pem signer.pem --verification-time"
                                 " '2026-11-23 00:00:00'" IDS "d.xml"),
                         0);
    }
}

/* All of `in`, with nothing between the two tags wherever they stand */
static void put_emptied(struct writer *w, span in, const char *tag, const char *end)
{
    const uint8_t *at, *to;
    while ((at = memmem(in.ptr, in.len, tag, strlen(tag))) != NULL) {
        at += strlen(tag);
        put_span(w, (span){in.ptr, (size_t)(at - in.ptr)});
        to = memmem(at, (size_t)(in.ptr + in.len - at), end, strlen(end));
        assert_non_null(to);
        in = (span){to, (size_t)(in.ptr + in.len - to)};
    }
    put_span(w, in);
}

/* Our text without what it was signed with is a template for the other; digests of files stay. */
static span template_of(span in)
{
    static uint8_t text[BINDING_MAX];
    struct writer  w = WRITER_OF(text);
    const uint8_t *value = memmem(in.ptr, in.len, "<ds:SignatureValue>", 19);
    assert_non_null(value);
    put_emptied(&w, (span){in.ptr, (size_t)(value - in.ptr)}, "<ds:DigestValue>",
                "</ds:DigestValue>");
    put_emptied(&w, (span){value, (size_t)(in.ptr + in.len - value)}, "<ds:SignatureValue>",
                "</ds:SignatureValue>");
    return writer_span(&w);
}

static void what_it_signs_is_verified_here(void **state)
{
    struct binding b;
    (void)state;
    file_put_in("picture.png", SPAN_LIT(CONTENT));
    file_put_in("note.txt", SPAN_LIT("note"));
    file_put_in("t.xml", template_of(detached(signer())));
    form_reader_init(&reader, sample_catalog(), false);
    assert_true(err_is(verify_with(file_get("t.xml"), signer(), &b)));
    assert_int_equal(xmlsec1("--sign --privkey-pem key.pem,signer.pem --output s.xml" IDS "t.xml"),
                     0);
    err e = verify_with(file_get("s.xml"), signer(), &b);
    if (err_is(e)) {
        fail_msg("%s %s", e.why, reader.problem.value);
    }
    assert_int_equal(b.label_count, 3);
    file_put_in("t.xml", template_of(embedded(signer(), "")));
    assert_int_equal(xmlsec1("--sign --privkey-pem key.pem,signer.pem --output s.xml" IDS "t.xml"),
                     0);
    e = verify_with(file_get("s.xml"), signer(), &b);
    if (err_is(e)) {
        fail_msg("%s %s", e.why, reader.problem.value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_verifies_what_is_detached),
        cmocka_unit_test(it_verifies_what_is_embedded),
        cmocka_unit_test(what_it_signs_is_verified_here),
    };
    (void)sample_catalog(); /* the policies are beside the tree, which is left */
    return cmocka_run_group_tests(tests, enter, leave);
}
