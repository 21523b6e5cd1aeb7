/* SPDX-License-Identifier: Apache-2.0 */
/* xmlsec1 with its back end on OpenSSL, for the .c files of xmlsig/ only.  OpenSSL's type ERR_STATE bears the
 * name of one of our codes (base/err.h), so it gets another one here. */
#ifndef XMLSIG_XMLSEC_H
#define XMLSIG_XMLSEC_H

#define ERR_STATE OPENSSL_ERR_STATE
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <xmlsec/buffer.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>
#undef ERR_STATE

#include "base/err.h"
#include "base/span.h"

/* xmlsec_document - a document with its one signature, both made to be freed by xmlsec_close
 *
 * context   refuses what this folder's header says; no key is in it yet */
struct xmlsec_document {
    xmlDocPtr        doc;
    xmlNodePtr       signature;
    xmlSecDSigCtxPtr context;
};

err  xmlsec_open(span in, struct xmlsec_document *out);
void xmlsec_close(struct xmlsec_document *d);

/* xmlsec_reference - the i-th Reference of SignedInfo; NULL after the last */
xmlSecDSigReferenceCtxPtr xmlsec_reference(const struct xmlsec_document *d, unsigned i);

#endif
