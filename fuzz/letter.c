/* links: pouch */
/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's envelope, letter or beat: what is taken is what would be written. */
#include "pouch/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void letter_try(span text)
{
    static uint8_t again[1 << 16];
    struct writer  w = WRITER_OF(again);
    struct letter  l, back;
    if (!err_is(letter_read(text, &l))) {
        letter_write(&l, &w);
        MUST(!w.bad && !err_is(letter_read(writer_span(&w), &back)) &&
             span_equal(back.body, l.body) && back.number == l.number);
    }
}

static void beat_try(span text)
{
    uint8_t       again[ENVELOPE_SMALL];
    struct writer w = WRITER_OF(again);
    struct beat   b, back;
    if (!err_is(beat_read(text, &b))) {
        beat_write(&b, &w);
        MUST(!w.bad && !err_is(beat_read(writer_span(&w), &back)) && back.number == b.number);
    }
}

static void envelope_try(span sealed)
{
    static const uint8_t   identity[SIGN_PUBLIC_LEN];
    static uint8_t         buffer[ENVELOPE_LARGE];
    struct random_stream   stream = {.seed = {1}};
    static struct hpke_key key;
    static bool            made;
    span                   text, signature;
    if (!made) {
        MUST(!err_is(hpke_key_make(HPKE_P384, random_from(&stream), &key)));
        made = true;
    }
    MUST(err_is(envelope_open(sealed, &key, identity, &text, &signature, buffer)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static void (*const row[])(span) = {letter_try, beat_try, envelope_try};
    if (len > 0) {
        row[data[0] % ARRAY_LEN(row)]((span){data + 1, len - 1});
    }
    return 0;
}
