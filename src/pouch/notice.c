/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/notice.h"

#include "base/lines.h"

#define TITLE "accord day key 1"

void notice_write(const struct notice *n, struct signer *signer, struct writer *w)
{
    uint8_t       text[NOTICE_MAX], signature[SIGNATURE_LEN];
    struct writer body = WRITER_OF(text);
    line_title(&body, TITLE);
    line_name(&body, "party", &n->party);
    line_hex(&body, "id", SPAN_OF(n->day_key.id));
    line_hex(&body, "key", SPAN_OF(n->day_key.key));
    line_instant(&body, "from", n->from);
    line_instant(&body, "until", n->until);
    MUST(!body.bad);
    signer_sign(signer, TITLE, writer_span(&body), signature);
    put_block16(w, writer_span(&body));
    put_span(w, SPAN_OF(signature));
}

err notice_read(span bytes, const uint8_t identity[static SIGN_PUBLIC_LEN], struct notice *out)
{
    struct reader r = reader_of(bytes);
    span          text = read_block16(&r, NOTICE_MAX);
    span          signature = read_bytes(&r, SIGNATURE_LEN);
    TRY(reader_end(&r));
    TRY(sign_check(identity, TITLE, text, signature.ptr));
    struct lines  l = lines_of(text);
    struct notice n = {0};
    take_title(&l, TITLE);
    n.party = take_name(&l, "party");
    take_hex(&l, "id", n.day_key.id, sizeof n.day_key.id);
    take_hex(&l, "key", n.day_key.key, sizeof n.day_key.key);
    n.from = take_instant(&l, "from");
    n.until = take_instant(&l, "until");
    TRY(lines_end(&l));
    *out = n;
    return OK;
}
