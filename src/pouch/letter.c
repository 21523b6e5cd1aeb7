/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/letter.h"

#include "base/lines.h"

#define INFO     "accord envelope 1"
#define HEAD_LEN (DAY_KEY_ID_LEN + HPKE_PUBLIC_LEN)

static const size_t bucket[] = {ENVELOPE_SMALL, ENVELOPE_LARGE};

/* ---- envelope ---- */

static const char *title_of(span text)
{
    span first = span_cut(&text, '\n');
    return span_is(first, LETTER_TITLE) ? LETTER_TITLE
           : span_is(first, BEAT_TITLE) ? BEAT_TITLE
                                        : NULL;
}

/* The smallest bucket that holds it; 0: none does */
static size_t bucket_for(size_t text_len)
{
    for (size_t i = 0; i < ARRAY_LEN(bucket); i++) {
        if (2 + text_len + SIGNATURE_LEN <= bucket[i]) {
            return bucket[i];
        }
    }
    return 0;
}

static void plain_put(span text, struct signer *signer, struct writer *w)
{
    uint8_t signature[SIGNATURE_LEN];
    signer_sign(signer, title_of(text), text, signature);
    put_block16(w, text);
    put_span(w, SPAN_OF(signature));
    size_t left = w->max - w->len;
    memset(put_space(w, left), 0, left);
}

err envelope_seal(span text, struct signer *signer, const struct day_key_public *day_key,
                  struct random_source random, struct writer *out)
{
    uint8_t     plain[ENVELOPE_LARGE];
    size_t      len = bucket_for(text.len);
    struct hpke h;
    if (len == 0 || out->max - out->len < HEAD_LEN + len + HPKE_TAG_LEN) {
        return FAIL(LIMIT, "the letter is longer than an envelope holds");
    }
    MUST(title_of(text) != NULL);
    struct writer w = writer_of(plain, len);
    plain_put(text, signer, &w);
    MUST(!w.bad);
    size_t began = out->len;
    put_span(out, SPAN_OF(day_key->id));
    uint8_t *enc = put_space(out, HPKE_PUBLIC_LEN);
    uint8_t *box = put_space(out, len + HPKE_TAG_LEN);
    err      e = hpke_send(HPKE_P384, SPAN_OF(day_key->key), SPAN_LIT(INFO), random, enc, &h);
    if (err_is(e)) {
        out->len = began;
        return FAIL(FORGED, "the partner's day key is no point of the curve");
    }
    e = hpke_seal(&h, SPAN_OF(day_key->id), (span){plain, len}, box);
    hpke_wipe(&h);
    bytes_wipe(plain, sizeof plain);
    return e;
}

static bool all_zeros(span s)
{
    uint8_t any = 0;
    for (size_t i = 0; i < s.len; i++) {
        any |= s.ptr[i];
    }
    return any == 0;
}

static err plain_read(span plain, const uint8_t identity[static SIGN_PUBLIC_LEN], span *text,
                      span *signature)
{
    struct reader r = reader_of(plain);
    span          said = read_block16(&r, LETTER_TEXT_MAX);
    span          mark = read_bytes(&r, SIGNATURE_LEN);
    const char   *title = title_of(said);
    if (r.bad || !all_zeros(r.rest) || bucket_for(said.len) != plain.len) {
        return FAIL(MALFORMED, "what is in an envelope does not add up");
    }
    if (title == NULL) {
        return FAIL(FORGED, "an envelope holds neither a letter nor a beat");
    }
    TRY(sign_check(identity, title, said, mark.ptr));
    *text = said;
    *signature = mark;
    return OK;
}

err envelope_open(span sealed, const struct hpke_key *day_key,
                  const uint8_t identity[static SIGN_PUBLIC_LEN], span *text, span *signature,
                  uint8_t buffer[static ENVELOPE_LARGE])
{
    struct reader r = reader_of(sealed);
    span          key_id = read_bytes(&r, DAY_KEY_ID_LEN);
    span          enc = read_bytes(&r, HPKE_PUBLIC_LEN);
    struct hpke   h;
    size_t        len = r.rest.len < HPKE_TAG_LEN ? 0 : r.rest.len - HPKE_TAG_LEN;
    if (r.bad || (len != ENVELOPE_SMALL && len != ENVELOPE_LARGE)) {
        return FAIL(MALFORMED, "an envelope has one of two sizes");
    }
    TRY(hpke_receive(day_key, enc, SPAN_LIT(INFO), &h));
    err e = hpke_open(&h, key_id, r.rest, buffer);
    hpke_wipe(&h);
    TRY(e);
    return plain_read((span){buffer, len}, identity, text, signature);
}

/* ---- letter ---- */

void letter_write(const struct letter *l, struct writer *w)
{
    line_title(w, LETTER_TITLE);
    line_name(w, "from", &l->from);
    line_name(w, "to", &l->to);
    line_number(w, "number", l->number);
    line_name(w, "kind", &l->kind);
    line_instant(w, "time", l->at);
    put_span(w, l->body);
}

/* A letter is recorded word for word behind a word on each line: what it may hold is what a leaf may. */
static err body_check(span body)
{
    unsigned lines = 0;
    utf8     checked;
    TRY(text_utf8(body, &checked));
    if (body.len > 0 && body.ptr[body.len - 1] != '\n') {
        return FAIL(MALFORMED, "a letter ends with a newline");
    }
    while (body.len > 0) {
        span line = span_cut(&body, '\n');
        span key = span_cut(&line, ' ');
        if (key.len == 0 || ++lines > LETTER_LINES_MAX) {
            return FAIL(MALFORMED, "a letter has lines of key and value, and not too many");
        }
    }
    return OK;
}

err letter_read(span text, struct letter *out)
{
    struct lines  l = lines_of(text);
    struct letter v = {0};
    take_title(&l, LETTER_TITLE);
    v.from = take_name(&l, "from");
    v.to = take_name(&l, "to");
    v.number = take_number(&l, "number", INT64_MAX);
    v.kind = take_name(&l, "kind");
    v.at = take_instant(&l, "time");
    if (l.bad || v.number == 0 || text.len > LETTER_TEXT_MAX) {
        return FAIL(MALFORMED, "a letter begins with its title, from, to, number, kind and time");
    }
    v.body = l.rest;
    TRY(body_check(v.body));
    *out = v;
    return OK;
}

/* ---- head ---- */

static span head_text(const struct head *h, const name *party, struct writer *w)
{
    line_title(w, HEAD_TITLE);
    line_name(w, "party", party);
    line_number(w, "size", h->size);
    line_hex(w, "root", SPAN_OF(h->root));
    MUST(!w->bad);
    return writer_span(w);
}

void head_sign(struct head *h, const name *party, struct signer *signer)
{
    uint8_t       text[256];
    struct writer w = WRITER_OF(text);
    signer_sign(signer, HEAD_TITLE, head_text(h, party, &w), h->signature);
}

err head_check(const struct head *h, const name *party,
               const uint8_t identity[static SIGN_PUBLIC_LEN])
{
    uint8_t       text[256];
    struct writer w = WRITER_OF(text);
    return sign_check(identity, HEAD_TITLE, head_text(h, party, &w), h->signature);
}

void head_write(const struct head *h, struct writer *w)
{
    line_number(w, "size", h->size);
    if (h->size > 0) {
        line_hex(w, "root", SPAN_OF(h->root));
        line_hex(w, "signature", SPAN_OF(h->signature));
    }
}

struct head take_head(struct lines *l)
{
    struct head h = {.size = take_number(l, "size", INT64_MAX)};
    if (h.size > 0) {
        take_hex(l, "root", h.root, sizeof h.root);
        take_hex(l, "signature", h.signature, sizeof h.signature);
    }
    return h;
}

/* ---- beat ---- */

static void line_yes(struct writer *w, const char *key, bool yes)
{
    line_text(w, key, yes ? SPAN_LIT("yes") : SPAN_LIT("no"));
}

static bool take_yes(struct lines *l, const char *key)
{
    span value = take_text(l, key);
    bool yes = span_is(value, "yes");
    l->bad = l->bad || (!yes && !span_is(value, "no"));
    return yes;
}

/* Own head first, then the one that is held: equal keys, in this order. */
void beat_write(const struct beat *b, struct writer *w)
{
    line_title(w, BEAT_TITLE);
    line_name(w, "from", &b->from);
    line_name(w, "to", &b->to);
    line_number(w, "start", b->start);
    line_number(w, "number", b->number);
    line_instant(w, "time", b->at);
    line_number(w, "echo-start", b->echo_start);
    line_number(w, "echo-number", b->echo_number);
    line_number(w, "letters", b->letters);
    line_number(w, "received", b->received);
    head_write(&b->own, w);
    head_write(&b->held, w);
    line_hex(w, "standing", SPAN_OF(b->standing));
    line_yes(w, "clock-agrees", b->clock_agrees);
    line_yes(w, "mute", b->mute);
}

err beat_read(span text, struct beat *out)
{
    struct lines l = lines_of(text);
    struct beat  b = {0};
    take_title(&l, BEAT_TITLE);
    b.from = take_name(&l, "from");
    b.to = take_name(&l, "to");
    b.start = take_number(&l, "start", INT64_MAX);
    b.number = take_number(&l, "number", INT64_MAX);
    b.at = take_instant(&l, "time");
    b.echo_start = take_number(&l, "echo-start", INT64_MAX);
    b.echo_number = take_number(&l, "echo-number", INT64_MAX);
    b.letters = take_number(&l, "letters", INT64_MAX);
    b.received = take_number(&l, "received", INT64_MAX);
    b.own = take_head(&l);
    b.held = take_head(&l);
    take_hex(&l, "standing", b.standing, sizeof b.standing);
    b.clock_agrees = take_yes(&l, "clock-agrees");
    b.mute = take_yes(&l, "mute");
    TRY(lines_end(&l));
    *out = b;
    return OK;
}
