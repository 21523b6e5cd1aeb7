/* SPDX-License-Identifier: Apache-2.0 */
#include "binding/parts.h"

/* The Ids that are written; a document that has one of them is refused, as any Id that stands twice */
#define ID_BINDING   "binding-1"
#define ID_SIGNATURE "binding-signature"
#define ID_MANIFEST  "binding-data"
#define ID_TIME      "binding-time"

/* draft - what is to be written, and what xmlsec1 has computed for it
 *
 * values   NULL in the template */
struct draft {
    const struct binding       *b;
    const struct xmlsig_values *values;
    bool                        with_signature, p384;
    unsigned                    at; /* the next reference */
};

static bool is_whole(const struct binding *b)
{
    bool whole = false;
    for (unsigned i = 0; i < b->data_count; i++) {
        whole = whole || b->data[i].uri[0] == 0;
    }
    return whole;
}

/* ---- the signature ---- */

static void put_algorithm(struct writer *w, const char *element, const char *algorithm)
{
    put_text(w, "<ds:");
    put_text(w, element);
    put_text(w, " Algorithm=\"");
    put_text(w, algorithm);
    put_text(w, "\"/>");
}

static void put_digest_value(struct writer *w, span value)
{
    put_text(w, "<ds:DigestValue>");
    put_span(w, value);
    put_text(w, "</ds:DigestValue></ds:Reference>");
}

/* ADatP-4778.2 wants SHA-384 for every digest */
static void put_reference(struct draft *d, const char *uri, const char *type, struct writer *w)
{
    put_text(w, "<ds:Reference URI=\"");
    put_xml(w, span_text(uri));
    if (type != NULL) {
        put_text(w, "\" Type=\"");
        put_span(w, SPACE_DSIG);
        put_text(w, type);
    }
    put_text(w, "\"><ds:Transforms>");
    if (uri[0] == 0) {
        put_algorithm(w, "Transform", ALGORITHM_ENVELOPED);
    }
    put_algorithm(w, "Transform", ALGORITHM_C14N);
    put_text(w, "</ds:Transforms>");
    put_algorithm(w, "DigestMethod", digest_algorithm(DIGEST_SHA384));
    put_digest_value(w, d->values == NULL ? (span){0} : span_text(d->values->digest[d->at]));
    d->at++;
}

static void put_signed_info(struct draft *d, struct writer *w)
{
    const struct binding *b = d->b;
    put_text(w, "<ds:SignedInfo>");
    put_algorithm(w, "CanonicalizationMethod", ALGORITHM_C14N);
    put_algorithm(w, "SignatureMethod",
                  d->p384 ? "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
                          : "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256");
    if (is_whole(b)) {
        put_reference(d, "", NULL, w);
    } else {
        put_reference(d, "#" ID_BINDING, NULL, w);
    }
    for (unsigned i = 0; i < b->data_count; i++) {
        if (b->data[i].uri[0] == '#') {
            put_reference(d, b->data[i].uri, NULL, w);
        }
    }
    if (b->form == BINDING_DETACHED) {
        put_reference(d, "#" ID_MANIFEST, "Manifest", w);
    }
    put_reference(d, "#" ID_TIME, "SignatureProperties", w);
    put_text(w, "</ds:SignedInfo><ds:SignatureValue>");
    put_text(w, d->values == NULL ? "" : d->values->signature);
    put_text(w, "</ds:SignatureValue>");
}

static void put_manifest(const struct binding *b, struct writer *w)
{
    put_text(w, "<ds:Manifest Id=\"" ID_MANIFEST "\">");
    for (unsigned i = 0; i < b->data_count; i++) {
        const struct binding_data *data = &b->data[i];
        uint8_t                    text[XMLSIG_BASE64_MAX];
        struct writer              value = WRITER_OF(text);
        put_base64(&value, (span){data->value, digest_len(data->digest)});
        put_text(w, "<ds:Reference URI=\"");
        put_xml(w, span_text(data->uri));
        put_text(w, "\">");
        put_algorithm(w, "DigestMethod", digest_algorithm(data->digest));
        put_digest_value(w, writer_span(&value));
    }
    put_text(w, "</ds:Manifest>");
}

static void put_object(const struct binding *b, struct writer *w)
{
    put_text(w, "<ds:Object>");
    if (b->form == BINDING_DETACHED) {
        put_manifest(b, w);
    }
    put_text(w,
             "<ds:SignatureProperties Id=\"" ID_TIME
             "\"><ds:SignatureProperty Target=\"#" ID_SIGNATURE "\"><wsu:Timestamp xmlns:wsu=\"");
    put_span(w, SPACE_WSU);
    put_text(w, "\"><wsu:Created>");
    put_time(w, b->signed_at);
    put_text(w, "</wsu:Created></wsu:Timestamp></ds:SignatureProperty></ds:SignatureProperties>"
                "</ds:Object>");
}

static void put_signature(struct draft *d, struct writer *w)
{
    put_text(w, "<ds:Signature xmlns:ds=\"");
    put_span(w, SPACE_DSIG);
    put_text(w, "\" Id=\"" ID_SIGNATURE "\">");
    put_signed_info(d, w);
    put_text(w, "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>");
    put_base64(w, (span){d->b->certificate, d->b->certificate_len});
    put_text(w, "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>");
    put_object(d->b, w);
    put_text(w, "</ds:Signature>");
}

/* ---- the binding ---- */

static err put_information(struct form_reader *r, struct draft *d, struct writer *w)
{
    const struct binding *b = d->b;
    put_text(w, "<mb:BindingInformation xmlns:mb=\"");
    put_span(w, SPACE_BINDING);
    put_text(w, "\">");
    if (d->with_signature) {
        put_signature(d, w);
    }
    put_text(w, "<mb:MetadataBindingContainer><mb:MetadataBinding Id=\"" ID_BINDING "\">");
    for (unsigned i = 0; i < b->label_count; i++) {
        put_text(w, "<mb:Metadata>");
        TRY(form_write(form_find(SPAN_LIT("stanag4774")), &b->label[i].record, w, &r->problem));
        put_text(w, "</mb:Metadata>");
    }
    for (unsigned i = 0; i < b->data_count; i++) {
        put_text(w, "<mb:DataReference URI=\"");
        put_xml(w, span_text(b->data[i].uri));
        put_text(w, "\"/>");
    }
    put_text(w, "</mb:MetadataBinding></mb:MetadataBindingContainer></mb:BindingInformation>");
    return OK;
}

/* In a document it is the last thing in the outermost element, whose other bytes stay as they are. */
static err put_all(struct form_reader *r, struct draft *d, span document, size_t at,
                   struct writer *w)
{
    if (d->b->form == BINDING_DETACHED) {
        put_text(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        TRY(put_information(r, d, w));
        put_text(w, "\n");
    } else {
        put_span(w, (span){document.ptr, at});
        TRY(put_information(r, d, w));
        put_span(w, (span){document.ptr + at, document.len - at});
    }
    return w->bad ? problem_set(&r->problem, FAIL(LIMIT, "a binding is longer than 1 MiB"), 0,
                                (span){0})
                  : OK;
}

static err place_find(struct form_reader *r, const struct binding *b, span document, size_t *at)
{
    *at = 0;
    if (b->form == BINDING_DETACHED) {
        return OK;
    }
    TRY(tree_read(r, document));
    for (unsigned i = 0; i < r->xml.node_count; i++) {
        if (node_is(&r->xml.node[i], SPACE_BINDING, SPAN_LIT("BindingInformation"))) {
            return node_fail(r, FAIL(CONFLICT, "the document has a binding already"),
                             &r->xml.node[i]);
        }
    }
    *at = r->xml.node[0].end;
    return *at > 0 ? OK : node_fail(r, FAIL(MALFORMED, "the document is empty"), &r->xml.node[0]);
}

err binding_pair(span key, span certificate)
{
    uint8_t       buf[CERT_SPKI_MAX];
    struct writer w = WRITER_OF(buf);
    struct cert   c;
    TRY(cert_read(certificate, &c));
    TRY(cert_key_public(key, &w));
    return span_equal(writer_span(&w), (span){c.spki, c.spki_len})
               ? OK
               : FAIL(CONFLICT, "the key is not that of the certificate");
}

/* SPKI_P256_LEN - of a public key on P-256 in a certificate; one on P-384 has 120 bytes */
#define SPKI_P256_LEN 91

static err curve_find(span certificate, struct draft *d)
{
    struct cert c;
    TRY(cert_read(certificate, &c));
    d->p384 = c.spki_len > SPKI_P256_LEN;
    return OK;
}

/* Twice the same text: what xmlsec1 computes over the first stands in the second. */
static err signed_write(struct form_reader *r, struct draft *d, span document, size_t at, span key,
                        struct writer *w)
{
    struct xmlsig_values values;
    size_t               from = w->len;
    d->with_signature = true;
    d->at = 0;
    TRY(put_all(r, d, document, at, w));
    TRY(xmlsig_sign((span){w->ptr + from, w->len - from}, key, &values));
    if (values.count != d->at) {
        return FAIL(STATE, "xmlsec1 has signed something else than it was asked to");
    }
    w->len = from;
    d->values = &values;
    d->at = 0;
    err e = put_all(r, d, document, at, w);
    d->values = NULL;
    return e;
}

err binding_write(struct form_reader *r, const struct binding *b, span document, span key,
                  struct writer *room, struct writer *w)
{
    struct draft   d = {.b = b};
    struct binding again;
    size_t         at, from = w->len;
    span           certificate = {b->certificate, b->certificate_len};
    MUST(b->group_count == 1);
    r->problem = (struct form_problem){0};
    TRY(place_find(r, b, document, &at));
    TRY(put_all(r, &d, document, at, w));
    TRY(binding_read(r, (span){w->ptr + from, w->len - from}, &again));
    if (key.len == 0) {
        return OK;
    }
    TRY(binding_pair(key, certificate));
    TRY(curve_find(certificate, &d));
    w->len = from;
    TRY(signed_write(r, &d, document, at, key, w));
    struct binding_trust trust = {1, &certificate, b->signed_at};
    return binding_verify(r, (span){w->ptr + from, w->len - from}, &trust, room, &again);
}
