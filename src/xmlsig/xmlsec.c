/* SPDX-License-Identifier: Apache-2.0 */
#include "xmlsig/xmlsec.h"

#include <stdint.h>
#include <strings.h>

/* Once a process.  Without input callbacks xmlsec cannot open a file or an address even if it were asked to. */
static err library_begin(void)
{
    static bool begun;
    if (begun) {
        return OK;
    }
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCheckVersion() != 1 || xmlSecCryptoAppInit(NULL) < 0 ||
        xmlSecCryptoInit() < 0) {
        return FAIL(STATE, "xmlsec1 cannot be used here");
    }
    xmlSecIOCleanupCallbacks();
    xmlSecErrorsSetCallback(NULL);
    begun = true;
    return OK;
}

/* By which name "#x" finds an element is a matter of schemas, and there is none here: every attribute that is
 * called id, however it is written, is one, and none may stand twice. */
static bool ids_register(xmlDocPtr doc, xmlNodePtr from)
{
    for (xmlNodePtr n = from; n != NULL; n = n->next) {
        for (xmlAttrPtr a = n->type == XML_ELEMENT_NODE ? n->properties : NULL; a != NULL;
             a = a->next) {
            if (strcasecmp((const char *)a->name, "id") != 0) {
                continue;
            }
            xmlChar *value = xmlNodeListGetString(doc, a->children, 1);
            bool     known = value != NULL && xmlGetID(doc, value) == a;
            bool     added = known || (value != NULL && xmlAddID(NULL, doc, value, a) != NULL);
            xmlFree(value);
            if (!added) {
                return false;
            }
        }
        if (n->type == XML_ELEMENT_NODE && !ids_register(doc, n->children)) {
            return false;
        }
    }
    return true;
}

/* An empty list would let everything through, so a failure to fill one is a failure. */
static bool context_narrow(xmlSecDSigCtxPtr c)
{
    c->flags = XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES | XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
    c->enabledReferenceUris = xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
    c->keyInfoReadCtx.retrievalMethodCtx.enabledUris = xmlSecTransformUriTypeNone;
    c->keyInfoReadCtx.maxRetrievalMethodLevel = 0;
    c->keyInfoReadCtx.maxEncryptedKeyLevel = 0;
    return xmlSecPtrListAdd(&c->keyInfoReadCtx.enabledKeyData,
                            (xmlSecPtr)(uintptr_t)xmlSecKeyDataX509Id) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(c, xmlSecTransformEnvelopedId) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(c, xmlSecTransformExclC14NId) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(c, xmlSecTransformSha256Id) >= 0 &&
           xmlSecDSigCtxEnableReferenceTransform(c, xmlSecTransformSha384Id) >= 0 &&
           xmlSecDSigCtxEnableSignatureTransform(c, xmlSecTransformExclC14NId) >= 0 &&
           xmlSecDSigCtxEnableSignatureTransform(c, xmlSecTransformEcdsaSha256Id) >= 0 &&
           xmlSecDSigCtxEnableSignatureTransform(c, xmlSecTransformEcdsaSha384Id) >= 0;
}

static err document_open(span in, struct xmlsec_document *out)
{
    if (in.len > INT32_MAX) {
        return FAIL(LIMIT, "the document is longer than 2 GiB");
    }
    out->doc = xmlReadMemory((const char *)in.ptr, (int)in.len, NULL, "UTF-8",
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNodePtr root = out->doc == NULL ? NULL : xmlDocGetRootElement(out->doc);
    if (root == NULL || out->doc->intSubset != NULL || out->doc->extSubset != NULL) {
        return FAIL(MALFORMED, "the document is no XML without a DOCTYPE");
    }
    if (!ids_register(out->doc, root)) {
        return FAIL(MALFORMED, "two elements have one Id");
    }
    out->signature = xmlSecFindNode(root, xmlSecNodeSignature, xmlSecDSigNs);
    if (out->signature == NULL) {
        return FAIL(MALFORMED, "the document has no signature");
    }
    out->context = xmlSecDSigCtxCreate(NULL);
    return out->context != NULL && context_narrow(out->context)
               ? OK
               : FAIL(FULL, "there is no memory for a signature");
}

/* What libxml2 has to say about a document would otherwise stand among our own words. */
static void say_nothing(void *ctx, xmlErrorPtr error)
{
    (void)ctx;
    (void)error;
}

err xmlsec_open(span in, struct xmlsec_document *out)
{
    *out = (struct xmlsec_document){0};
    TRY(library_begin());
    xmlSetStructuredErrorFunc(NULL, say_nothing);
    err e = document_open(in, out);
    if (err_is(e)) {
        xmlsec_close(out);
    }
    return e;
}

void xmlsec_close(struct xmlsec_document *d)
{
    if (d->context != NULL) {
        xmlSecDSigCtxDestroy(d->context);
    }
    if (d->doc != NULL) {
        xmlFreeDoc(d->doc);
    }
    xmlSetStructuredErrorFunc(NULL, NULL);
    *d = (struct xmlsec_document){0};
}

xmlSecDSigReferenceCtxPtr xmlsec_reference(const struct xmlsec_document *d, unsigned i)
{
    return i < xmlSecPtrListGetSize(&d->context->signedInfoReferences)
               ? xmlSecPtrListGetItem(&d->context->signedInfoReferences, i)
               : NULL;
}
