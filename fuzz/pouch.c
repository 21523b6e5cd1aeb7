/* links: pouch */
/* SPDX-License-Identifier: Apache-2.0 */
/* Covers, notices and grants, as they come from a partner. */
#include "pouch/notice.h"

static void cover(span bytes)
{
    struct cover c, again;
    uint8_t      text[COVER_TEXT_MAX + 1024];
    if (err_is(cover_read(bytes, &c))) {
        return;
    }
    struct writer w = WRITER_OF(text);
    cover_write(&c, &w);
    /* one way to write each thing */
    MUST(!w.bad && span_equal(writer_span(&w), bytes));
    MUST(!err_is(cover_read(writer_span(&w), &again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct hpke_key key;
    static bool            made;
    uint8_t                identity[SIGN_PUBLIC_LEN] = {1}, buffer[PAPERS_LEN];
    struct notice          notice;
    struct grant           grant;
    struct papers          papers;
    span                   all = {data, len};
    if (!made) {
        static const uint8_t seed[48] = {7};
        MUST(!err_is(hpke_key_derive(HPKE_P384, SPAN_OF(seed), &key)));
        made = true;
    }
    cover(all);
    MUST(err_is(notice_read(all, identity, &notice)));
    MUST(err_is(grant_open(all, &key, identity, &grant, &papers, buffer)));
    return 0;
}
