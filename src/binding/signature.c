/* SPDX-License-Identifier: Apache-2.0 */
/* The one shape of a ds:Signature that is verified; whatever stands beside it is refused before anything is
 * computed. */
#include "binding/parts.h"
#include "form/xml_text.h"

#define IS(n, name) node_is(n, SPACE_DSIG, SPAN_LIT(name))

static const char *const digests[DIGEST_COUNT] = {
    [DIGEST_SHA256] = "http://www.w3.org/2001/04/xmlenc#sha256",
    [DIGEST_SHA384] = "http://www.w3.org/2001/04/xmldsig-more#sha384",
};

static const char *const signatures[] = {
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
};

const char *digest_algorithm(enum digest d)
{
    return digests[d];
}

bool digest_of_algorithm(span uri, enum digest *out)
{
    for (unsigned d = 0; d < DIGEST_COUNT; d++) {
        if (digests[d] != NULL && span_is(uri, digests[d])) {
            *out = (enum digest)d;
            return true;
        }
    }
    return false;
}

static err algorithm_refused(struct form_reader *r, const struct xml_node *n, struct text_at what)
{
    return what.text.ptr == NULL
               ? node_fail(r, FAIL(MALFORMED, "a method has no Algorithm"), n)
               : reader_fail(r, FAIL(UNKNOWN, "an algorithm that is not used in bindings"), what);
}

/* An element with an Algorithm alone */
static err method_take(struct form_reader *r, const struct xml_node *n, struct text_at *out)
{
    TRY(node_leaf(r, n));
    TRY(node_attributes(r, n, "Algorithm"));
    *out = attribute_text(r, n, SPAN_LIT("Algorithm"));
    return span_trim(n->text).len == 0 && out->text.ptr != NULL ? OK
                                                                : algorithm_refused(r, n, *out);
}

static err method_of(struct form_reader *r, const struct xml_node *n, const char *const *allowed,
                     size_t count)
{
    struct text_at is;
    TRY(method_take(r, n, &is));
    for (size_t i = 0; i < count; i++) {
        if (span_is(is.text, allowed[i])) {
            return OK;
        }
    }
    return algorithm_refused(r, n, is);
}

/* Base64 as others break it into lines */
static err base64_take(struct form_reader *r, const struct xml_node *n, uint8_t *out, size_t max,
                       size_t *len)
{
    uint8_t       buf[2 * CERT_DER_MAX];
    struct writer w = WRITER_OF(buf);
    TRY(node_leaf(r, n));
    for (size_t i = 0; i < n->text.len; i++) {
        if (!xml_space(n->text.ptr[i])) {
            put_u8(&w, n->text.ptr[i]);
        }
    }
    if (w.bad || w.len == 0 || w.len / 4 * 3 > max + 2 ||
        err_is(text_base64(writer_span(&w), out, max, len))) {
        return node_fail(r, FAIL(MALFORMED, "a value is no base64, or too long"), n);
    }
    return OK;
}

/* DigestMethod and DigestValue, from `n` on to the end */
static err digest_take(struct form_reader *r, const struct xml_node *n, const struct xml_node *in,
                       enum digest *digest, uint8_t value[static DIGEST_LEN_MAX])
{
    uint8_t        buf[DIGEST_LEN_MAX + 3];
    size_t         len = 0;
    struct text_at is;
    if (!IS(n, "DigestMethod")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a Reference has no DigestMethod"));
    }
    TRY(method_take(r, n, &is));
    if (!digest_of_algorithm(is.text, digest)) {
        return algorithm_refused(r, n, is);
    }
    n = xml_next(&r->xml, n);
    if (!IS(n, "DigestValue")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a Reference has no DigestValue"));
    }
    TRY(node_attributes(r, n, ""));
    TRY(base64_take(r, n, buf, sizeof buf, &len));
    if (len != digest_len(*digest)) {
        return node_fail(r, FAIL(MALFORMED, "a DigestValue has another length than its method's"),
                         n);
    }
    memcpy(value, buf, len);
    n = xml_next(&r->xml, n);
    return n == NULL ? OK : node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
}

/* ---- Object: the digests of files, and the time ---- */

static struct binding_data *data_of_uri(struct binding *b, span uri)
{
    for (unsigned i = 0; i < b->data_count; i++) {
        if (b->data[i].name[0] != 0 && span_is(uri, b->data[i].uri)) {
            return &b->data[i];
        }
    }
    return NULL;
}

/* A file that two bindings name has its digest in both */
static err manifest_reference_take(struct form_reader *r, const struct xml_node *in,
                                   struct binding *b)
{
    struct text_at       uri = attribute_text(r, in, SPAN_LIT("URI"));
    struct binding_data *d = data_of_uri(b, uri.text), got = {0};
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, "URI"));
    if (uri.text.ptr == NULL || d == NULL) {
        return reader_fail(r, FAIL(UNKNOWN, "a Manifest has the digest of what no label is about"),
                           uri);
    }
    if (d->digested) {
        return reader_fail(r, FAIL(CONFLICT, "a Manifest has two digests of one file"), uri);
    }
    TRY(digest_take(r, xml_first(&r->xml, in), in, &got.digest, got.value));
    for (unsigned i = 0; i < b->data_count; i++) {
        if (strcmp(b->data[i].name, d->name) == 0) {
            b->data[i].digested = true;
            b->data[i].digest = got.digest;
            memcpy(b->data[i].value, got.value, sizeof got.value);
        }
    }
    return OK;
}

err manifest_take(struct form_reader *r, const struct xml_node *in, struct binding *b)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    if (n == NULL) {
        return node_fail(r, FAIL(MALFORMED, "a Manifest has no Reference"), in);
    }
    for (; n != NULL; n = xml_next(&r->xml, n)) {
        if (!IS(n, "Reference")) {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(manifest_reference_take(r, n, b));
    }
    return OK;
}

/* only - the one element in another */
static err only_take(struct form_reader *r, const struct xml_node *in, span space, span called,
                     const char *attributes, const struct xml_node **out)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    if (!node_is(n, space, called) || xml_next(&r->xml, n) != NULL) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a part of the signature lacks its element"));
    }
    *out = n;
    return node_attributes(r, n, attributes);
}

err time_take(struct form_reader *r, const struct xml_node *in, struct binding *b)
{
    const struct xml_node *property, *stamp, *created;
    TRY(node_attributes(r, in, ""));
    TRY(only_take(r, in, SPACE_DSIG, SPAN_LIT("SignatureProperty"), "Target", &property));
    TRY(only_take(r, property, SPACE_WSU, SPAN_LIT("Timestamp"), "", &stamp));
    TRY(only_take(r, stamp, SPACE_WSU, SPAN_LIT("Created"), "", &created));
    TRY(node_leaf(r, created));
    return err_is(text_time(span_trim(created->text), &b->signed_at))
               ? node_fail(r, FAIL(MALFORMED, "a time that is not like 2026-11-22T09:30:00Z"),
                           created)
               : OK;
}

static err object_take(struct form_reader *r, const struct xml_node *in, struct parts *p,
                       struct binding *b)
{
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    for (const struct xml_node *n = xml_first(&r->xml, in); n != NULL; n = xml_next(&r->xml, n)) {
        if (IS(n, "Manifest") && p->manifest == NULL) {
            TRY(manifest_take(r, n, b));
            p->manifest = n;
        } else if (IS(n, "SignatureProperties") && p->time == NULL) {
            TRY(time_take(r, n, b));
            p->time = n;
        } else {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
    }
    return OK;
}

/* ---- SignedInfo ---- */

static bool data_is(const struct binding *b, span uri)
{
    bool is = false;
    for (unsigned i = 0; i < b->data_count; i++) {
        is = is || span_is(uri, b->data[i].uri);
    }
    return is;
}

static err kind_of(struct form_reader *r, const struct parts *p, const struct binding *b,
                   struct text_at uri, enum signed_kind *out)
{
    span                   id = uri.text.len > 1 && uri.text.ptr[0] == '#'
                                    ? (span){uri.text.ptr + 1, uri.text.len - 1}
                                    : (span){0};
    const struct xml_node *n = node_by_id(r, id);
    if (uri.text.ptr != NULL && uri.text.len == 0) {
        *out = SIGNED_DOCUMENT;
        return OK;
    }
    if (n == NULL) {
        return reader_fail(r, FAIL(MALFORMED, "a signature is over what is not in the document"),
                           uri);
    }
    if (n != p->manifest && n != p->time && !data_is(b, uri.text) &&
        !node_is(n, SPACE_BINDING, SPAN_LIT("MetadataBinding"))) {
        return reader_fail(r, FAIL(MALFORMED, "a signature is over what no label is about"), uri);
    }
    *out = n == p->manifest       ? SIGNED_MANIFEST
           : n == p->time         ? SIGNED_TIME
           : data_is(b, uri.text) ? SIGNED_DATA
                                  : SIGNED_BINDING;
    return OK;
}

/* The signature itself is left out of the document that it is in, and of nothing else. */
static err transforms_take(struct form_reader *r, const struct xml_node *in, bool document)
{
    static const char *const wanted[] = {ALGORITHM_ENVELOPED, ALGORITHM_C14N};
    const struct xml_node   *n = IS(in, "Transforms") ? xml_first(&r->xml, in) : NULL;
    unsigned                 at = document ? 0 : 1;
    if (n == NULL) {
        return node_fail(r, FAIL(MALFORMED, "a Reference does not say its transforms"), in);
    }
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    for (; n != NULL; n = xml_next(&r->xml, n)) {
        if (!IS(n, "Transform") || at == ARRAY_LEN(wanted)) {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(method_of(r, n, &wanted[at++], 1));
    }
    return at == ARRAY_LEN(wanted)
               ? OK
               : node_fail(r, FAIL(MALFORMED, "a Reference does not say its transforms"), in);
}

static err reference_take(struct form_reader *r, const struct xml_node *in, struct parts *p,
                          const struct binding *b)
{
    struct text_at         uri = attribute_text(r, in, SPAN_LIT("URI"));
    const struct xml_node *n = xml_first(&r->xml, in);
    struct signed_part    *part = &p->part[p->count];
    enum digest            digest;
    uint8_t                value[DIGEST_LEN_MAX];
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, "URI Type"));
    if (p->count == XMLSIG_REFERENCES_MAX || uri.text.len >= XMLSIG_URI_MAX) {
        return node_fail(r, FAIL(LIMIT, "a signature has more than 40 references, or a long one"),
                         in);
    }
    *part = (struct signed_part){0};
    TRY(kind_of(r, p, b, uri, &part->kind));
    memcpy(part->uri, uri.text.ptr, uri.text.len);
    for (unsigned i = 0; i < p->count; i++) {
        if (strcmp(p->part[i].uri, part->uri) == 0) {
            return reader_fail(r, FAIL(CONFLICT, "a signature has one reference twice"), uri);
        }
    }
    p->count++;
    if (n == NULL) {
        return node_fail(r, FAIL(MALFORMED, "a Reference does not say its transforms"), in);
    }
    TRY(transforms_take(r, n, part->kind == SIGNED_DOCUMENT));
    return digest_take(r, xml_next(&r->xml, n), in, &digest, value);
}

static err signed_info_take(struct form_reader *r, const struct xml_node *in, struct parts *p,
                            const struct binding *b)
{
    static const char *const c14n[] = {ALGORITHM_C14N};
    const struct xml_node   *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    if (!IS(n, "CanonicalizationMethod")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "there is no CanonicalizationMethod"));
    }
    TRY(method_of(r, n, c14n, ARRAY_LEN(c14n)));
    n = xml_next(&r->xml, n);
    if (!IS(n, "SignatureMethod")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "there is no SignatureMethod"));
    }
    TRY(method_of(r, n, signatures, ARRAY_LEN(signatures)));
    n = xml_next(&r->xml, n);
    if (n == NULL) {
        return node_fail(r, FAIL(MALFORMED, "a signature is over nothing"), in);
    }
    for (; n != NULL; n = xml_next(&r->xml, n)) {
        if (!IS(n, "Reference")) {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(reference_take(r, n, p, b));
    }
    return OK;
}

/* ---- the whole ---- */

static err key_info_take(struct form_reader *r, const struct xml_node *in, struct binding *b)
{
    const struct xml_node *data, *certificate;
    uint8_t                buf[CERT_DER_MAX + 3];
    size_t                 len = 0;
    TRY(node_attributes(r, in, ""));
    TRY(only_take(r, in, SPACE_DSIG, SPAN_LIT("X509Data"), "", &data));
    TRY(only_take(r, data, SPACE_DSIG, SPAN_LIT("X509Certificate"), "", &certificate));
    TRY(base64_take(r, certificate, buf, sizeof buf, &len));
    if (len > CERT_DER_MAX) {
        return node_fail(r, FAIL(LIMIT, "a certificate is longer than 2,048 bytes"), certificate);
    }
    memcpy(b->certificate, buf, len);
    b->certificate_len = len;
    return OK;
}

err signature_take(struct form_reader *r, struct parts *p, struct binding *b)
{
    static const char *const names[] = {"SignedInfo", "SignatureValue", "KeyInfo", "Object"};
    const struct xml_node   *part[ARRAY_LEN(names)];
    const struct xml_node   *n = xml_first(&r->xml, p->signature);
    uint8_t                  value[XMLSIG_BASE64_MAX];
    size_t                   len;
    TRY(node_branch(r, p->signature));
    TRY(node_attributes(r, p->signature, ""));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!node_is(n, SPACE_DSIG, span_text(names[i]))) {
            return node_missing(r, n, p->signature,
                                FAIL(MALFORMED, "a signature lacks one of its four parts"));
        }
        part[i] = n;
        n = xml_next(&r->xml, n);
    }
    if (n != NULL) {
        return node_missing(r, n, p->signature, FAIL(MALFORMED, "an element is missing"));
    }
    TRY(object_take(r, part[3], p, b));
    TRY(signed_info_take(r, part[0], p, b));
    TRY(node_attributes(r, part[1], ""));
    TRY(base64_take(r, part[1], value, sizeof value, &len));
    return key_info_take(r, part[2], b);
}
