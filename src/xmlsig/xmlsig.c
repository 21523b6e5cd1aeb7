/* SPDX-License-Identifier: Apache-2.0 */
#include "xmlsig/xmlsig.h"

#include "xmlsig/xmlsec.h"

static err key_take(struct xmlsec_document *d, span der, xmlSecKeyDataFormat format)
{
    if (der.len > UINT32_MAX) {
        return FAIL(LIMIT, "the key is too long");
    }
    d->context->signKey =
        xmlSecCryptoAppKeyLoadMemory(der.ptr, (xmlSecSize)der.len, format, NULL, NULL, NULL);
    return d->context->signKey != NULL
               ? OK
               : FAIL(MALFORMED, "the key or certificate cannot be read by xmlsec1");
}

/* ---- verify ---- */

static err seen_take(const struct xmlsec_document *d, struct writer *room, struct xmlsig_seen *out)
{
    xmlSecDSigReferenceCtxPtr ref;
    for (unsigned i = 0; (ref = xmlsec_reference(d, i)) != NULL; i++) {
        xmlSecBufferPtr digested = xmlSecDSigReferenceCtxGetPreDigestBuffer(ref);
        size_t          from = room->len;
        size_t          len = ref->uri == NULL ? XMLSIG_URI_MAX : strlen((const char *)ref->uri);
        if (i == XMLSIG_REFERENCES_MAX || len >= XMLSIG_URI_MAX || digested == NULL) {
            return FAIL(LIMIT, "a signature has more than 40 references, or a long one");
        }
        memcpy(out->reference[i].uri, ref->uri, len + 1);
        put_span(room, (span){xmlSecBufferGetData(digested), xmlSecBufferGetSize(digested)});
        if (room->bad) {
            return FAIL(LIMIT, "what was signed is longer than there is room for");
        }
        out->reference[i].bytes = (span){room->ptr + from, room->len - from};
        out->count = i + 1;
    }
    return OK;
}

static err verdict_of(const struct xmlsec_document *d)
{
    xmlSecDSigReferenceCtxPtr ref;
    for (unsigned i = 0; (ref = xmlsec_reference(d, i)) != NULL; i++) {
        if (ref->status != xmlSecDSigStatusSucceeded) {
            return FAIL(FORGED, "what was signed has been changed");
        }
    }
    return d->context->status == xmlSecDSigStatusSucceeded
               ? OK
               : FAIL(FORGED, "the signature is not of this certificate's key");
}

static err document_verify(struct xmlsec_document *d, span certificate, struct writer *room,
                           struct xmlsig_seen *out)
{
    TRY(key_take(d, certificate, xmlSecKeyDataFormatCertDer));
    if (xmlSecDSigCtxVerify(d->context, d->signature) < 0) {
        return FAIL(MALFORMED, "the signature asks for what is not done here");
    }
    TRY(verdict_of(d));
    return seen_take(d, room, out);
}

err xmlsig_verify(span in, span certificate, struct writer *room, struct xmlsig_seen *out)
{
    struct xmlsec_document d;
    struct xmlsig_seen     seen = {0};
    TRY(xmlsec_open(in, &d));
    err e = document_verify(&d, certificate, room, &seen);
    xmlsec_close(&d);
    TRY(e);
    *out = seen;
    return OK;
}

/* ---- sign ---- */

static err value_take(xmlSecBufferPtr from, char out[static XMLSIG_BASE64_MAX])
{
    size_t len = from == NULL ? 0 : xmlSecBufferGetSize(from);
    if (len == 0 || len >= XMLSIG_BASE64_MAX) {
        return FAIL(LIMIT, "a digest or signature is longer than any that is made here");
    }
    memcpy(out, xmlSecBufferGetData(from), len);
    out[len] = '\0';
    return OK;
}

static err document_sign(struct xmlsec_document *d, span key, struct xmlsig_values *out)
{
    xmlSecDSigReferenceCtxPtr ref;
    TRY(key_take(d, key, xmlSecKeyDataFormatDer));
    if (xmlSecDSigCtxSign(d->context, d->signature) < 0 ||
        d->context->status != xmlSecDSigStatusSucceeded) {
        return FAIL(MALFORMED, "the document cannot be signed with this key");
    }
    for (unsigned i = 0; (ref = xmlsec_reference(d, i)) != NULL; i++) {
        if (i == XMLSIG_REFERENCES_MAX) {
            return FAIL(LIMIT, "a signature has more than 40 references");
        }
        TRY(value_take(ref->result, out->digest[i]));
        out->count = i + 1;
    }
    return value_take(d->context->result, out->signature);
}

err xmlsig_sign(span in, span key, struct xmlsig_values *out)
{
    struct xmlsec_document d;
    struct xmlsig_values   values = {0};
    TRY(xmlsec_open(in, &d));
    err e = document_sign(&d, key, &values);
    xmlsec_close(&d);
    TRY(e);
    *out = values;
    return OK;
}
