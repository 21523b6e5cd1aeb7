/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BINDING_BINDING_H
#define BINDING_BINDING_H

#include "base/instant.h"
#include "crypt/cert.h"
#include "crypt/digest.h"
#include "form/form.h"

/* Bindings of STANAG 4778 (ADatP-4778): which labels belong to which data, in XML, signed or not.  The one
 * form in which the originator's label, those that others added and that of the metadata stand together.
 *
 * Detached: a file of its own, beside the files that it names.  Embedded: an element of the XML document that
 * it is about.  docs/format/binding.md says what is written and what is taken, docs/why/binding.md why. */

#define BINDING_MAX        (1UL << 20) /* longest file or document, in bytes */
#define BINDING_GROUPS_MAX 16          /* MetadataBinding elements */
#define BINDING_LABELS_MAX 16
#define BINDING_DATA_MAX   16
#define BINDING_URI_MAX    1024 /* a file name of 255 bytes, each of them escaped, and more */
#define BINDING_NAME_MAX   256
#define BINDING_ID_MAX     64
#define BINDING_ROOM       (8UL << 20) /* what was signed, written out in canonical XML */

enum binding_form { BINDING_DETACHED, BINDING_EMBEDDED };

/* binding_label - a label, and of which MetadataBinding, from 0 */
struct binding_label {
    unsigned            group;
    struct label_record record;
};

/* binding_data - what the labels of its group are about
 *
 * uri       as it stands: "" the document around it, "#x" an element of it, otherwise a file beside it
 * name      of that file, its escapes resolved; "" else
 * digested  the signature says its digest; of what is in the document the signature itself is over it */
struct binding_data {
    unsigned    group;
    char        uri[BINDING_URI_MAX], name[BINDING_NAME_MAX];
    bool        digested;
    enum digest digest;
    uint8_t     value[DIGEST_LEN_MAX];
};

/* binding - what a binding says
 *
 * signed_at    what its signer says
 * certificate  DER that stands in it: of the signer, once it was verified
 * group_id     Id of each MetadataBinding; "" when it has none */
struct binding {
    enum binding_form    form;
    bool                 is_signed;
    instant              signed_at;
    size_t               certificate_len;
    uint8_t              certificate[CERT_DER_MAX];
    unsigned             group_count, label_count, data_count;
    char                 group_id[BINDING_GROUPS_MAX][BINDING_ID_MAX];
    struct binding_label label[BINDING_LABELS_MAX];
    struct binding_data  data[BINDING_DATA_MAX];
};

/* binding_read - what it claims; a signature is looked at, and not verified
 *
 * r       its policies are those of the labels; its problem says where and what, after a failure
 * in      the file, or the document in which it is embedded
 * fails   MALFORMED, UNKNOWN, LIMIT; CONFLICT when it says two things about one object */
err binding_read(struct form_reader *r, span in, struct binding *out);

/* binding_trust - whose signature counts
 *
 * certificate  DER, each of a signer himself: no chain is followed */
struct binding_trust {
    unsigned    count;
    const span *certificate;
    instant     now;
};

/* binding_verify - what it says, read from the bytes that were signed and from nothing else
 *
 * room    of BINDING_ROOM bytes
 * fails   as binding_read; DENIED when it is not signed, or by nobody who is trusted; FORGED when what was
 *         signed has been changed */
err binding_verify(struct form_reader *r, span in, const struct binding_trust *trust,
                   struct writer *room, struct binding *out);

/* binding_data_check - is this the content of a file that was signed?
 *
 * d       of a binding that was verified, with a name
 * fails   FORGED */
err binding_data_check(const struct binding_data *d, span content);

/* binding_data_name - a file for what is written: its URI from its name   fails MALFORMED, LIMIT */
err binding_data_name(struct binding_data *d, span called);

/* binding_pair - do key and certificate belong together?   fails CONFLICT; MALFORMED */
err binding_pair(span key, span certificate);

/* binding_write - as text, signed when there is a key
 *
 * b         one group; of a file that is signed `digest` and `value`; with a key also certificate and
 *           signed_at
 * document  that it is embedded in; empty when it is detached
 * key       PKCS#8 of the certificate's key; empty: it is not signed
 * room      of BINDING_ROOM bytes
 * fails     as binding_read of what was written, so nothing is written that would be refused; CONFLICT when
 *           key and certificate do not belong together */
err binding_write(struct form_reader *r, const struct binding *b, span document, span key,
                  struct writer *room, struct writer *w);

#endif
