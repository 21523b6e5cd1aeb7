/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XMLSIG_XMLSIG_H
#define XMLSIG_XMLSIG_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* Signatures of XML, made and verified by xmlsec1: the only folder that includes it.
 *
 * Held to little: references into the same document alone, exclusive canonicalisation and the removal of the
 * signature itself as the only transforms, SHA-256 and SHA-384, ECDSA with either.  No file and no address is
 * ever opened, no Manifest followed, and no key taken from the document.  docs/why/binding.md says why.
 *
 * What a document may look like is for its own reader (binding/) to have judged before. */

/* XMLSIG_REFERENCES_MAX - of one signature; XMLSIG_URI_MAX - of one of them, with its NUL */
#define XMLSIG_REFERENCES_MAX 40
#define XMLSIG_URI_MAX        80

/* XMLSIG_BASE64_MAX - of a digest or a signature on P-384, with line ends and NUL */
#define XMLSIG_BASE64_MAX 160

/* xmlsig_seen - what a signature that was verified covers, in its order
 *
 * bytes   that were digested, in canonical XML; in the room that was given */
struct xmlsig_seen {
    unsigned count;
    struct {
        char uri[XMLSIG_URI_MAX];
        span bytes;
    } reference[XMLSIG_REFERENCES_MAX];
};

/* xmlsig_verify - verify the one signature of a document by the key of a certificate
 *
 * in           XML with one ds:Signature
 * certificate  DER, of whoever is trusted to have signed
 * room         receives the bytes that were digested
 * fails        FORGED when what was signed or the signature was changed, or another key made it; MALFORMED
 *              on what this folder does not do; LIMIT when room is too small */
err xmlsig_verify(span in, span certificate, struct writer *room, struct xmlsig_seen *out);

/* xmlsig_values - what the signature of a template lacks, in base64, as it must stand there */
struct xmlsig_values {
    unsigned count;
    char     digest[XMLSIG_REFERENCES_MAX][XMLSIG_BASE64_MAX];
    char     signature[XMLSIG_BASE64_MAX];
};

/* xmlsig_sign - the values for the empty DigestValue and SignatureValue of a document's one signature
 *
 * in      XML whose ds:Signature is complete but for these
 * key     PKCS#8 in DER, on P-256 or P-384
 * fails   MALFORMED when a reference leads nowhere, or the key is no such; LIMIT */
err xmlsig_sign(span in, span key, struct xmlsig_values *out);

#endif
