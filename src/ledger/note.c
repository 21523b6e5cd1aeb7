/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include "base/reader.h"
#include "base/text.h"
#include "crypt/hash.h"

#define TYPE_ED25519 1
#define ID_LEN       4
#define DASH         "\xe2\x80\x94 " /* em dash and blank: how a signature line begins */

/* What Unicode calls white space past ASCII, as UTF-8: a beginning, and the range of the last byte.
 * Names are UTF-8 that was checked, so a match is never the middle of another character. */
static const struct {
    const char *start;
    uint8_t     first, last;
} space_row[] = {
    {"\xc2", 0xa0, 0xa0},     {"\xe1\x9a", 0x80, 0x80}, {"\xe2\x80", 0x80, 0x8a},
    {"\xe2\x80", 0xa8, 0xa9}, {"\xe2\x80", 0xaf, 0xaf}, {"\xe2\x81", 0x9f, 0x9f},
    {"\xe3\x80", 0x80, 0x80},
};

static bool starts_with_space(span s)
{
    for (size_t row = 0; row < ARRAY_LEN(space_row); row++) {
        span start = span_text(space_row[row].start);
        if (s.len > start.len && span_starts(s, start) &&
            s.ptr[start.len] >= space_row[row].first && s.ptr[start.len] <= space_row[row].last) {
            return true;
        }
    }
    return false;
}

/* UTF-8, no control character, no space, no '+' */
static bool name_allowed(span key_name)
{
    utf8 checked;
    if (key_name.len == 0 || err_is(text_utf8(key_name, &checked))) {
        return false;
    }
    for (size_t i = 0; i < key_name.len; i++) {
        bool plain = key_name.ptr[i] > ' ' && key_name.ptr[i] != '+';
        if (!plain || starts_with_space((span){key_name.ptr + i, key_name.len - i})) {
            return false;
        }
    }
    return true;
}

static uint32_t key_id(span key_name, span typed_key)
{
    uint8_t       digest[SHA256_LEN];
    span          part[] = {key_name, SPAN_LIT("\n"), typed_key};
    struct reader r = reader_of((span){digest, ID_LEN});
    sha256_parts(part, ARRAY_LEN(part), digest);
    return read_u32(&r);
}

err note_key_make(span key_name, const uint8_t key[static SIGN_PUBLIC_LEN], struct note_key *out)
{
    if (key_name.len > NOTE_NAME_MAX) {
        return FAIL(LIMIT, "the name of a signing key is longer than 127 bytes");
    }
    if (!name_allowed(key_name)) {
        return FAIL(MALFORMED, "the name of a signing key is empty or has a blank or '+' in it");
    }
    uint8_t typed[1 + SIGN_PUBLIC_LEN] = {TYPE_ED25519};
    memcpy(typed + 1, key, SIGN_PUBLIC_LEN);
    *out = (struct note_key){.name_len = (uint8_t)key_name.len,
                             .id = key_id(key_name, SPAN_OF(typed))};
    memcpy(out->name, key_name.ptr, key_name.len);
    memcpy(out->key, key, SIGN_PUBLIC_LEN);
    return OK;
}

static err id_of_hex(span hex, uint32_t *out)
{
    uint8_t       id[ID_LEN] = {0};
    struct reader r = reader_of(SPAN_OF(id));
    TRY(text_hex(hex, id, sizeof id));
    *out = read_u32(&r);
    return OK;
}

err note_key_read(span text, struct note_key *out)
{
    span            rest = text;
    span            key_name = span_cut(&rest, '+');
    span            hex = span_cut(&rest, '+');
    uint32_t        id = 0;
    uint8_t         typed[1 + SIGN_PUBLIC_LEN + 8];
    size_t          len = 0;
    struct note_key made;
    TRY(id_of_hex(hex, &id));
    TRY(text_base64(rest, typed, sizeof typed, &len));
    if (len < 1 || typed[0] != TYPE_ED25519) {
        return FAIL(UNKNOWN, "the verifier key is of a type other than Ed25519");
    }
    if (len != 1 + SIGN_PUBLIC_LEN) {
        return FAIL(MALFORMED, "the verifier key has the wrong length");
    }
    TRY(note_key_make(key_name, typed + 1, &made));
    if (made.id != id) {
        return FAIL(CONFLICT, "the id in the verifier key is not that of its name and key");
    }
    *out = made;
    return OK;
}

void note_key_format(const struct note_key *key, struct writer *w)
{
    uint8_t       id[ID_LEN];
    uint8_t       typed[1 + SIGN_PUBLIC_LEN] = {TYPE_ED25519};
    struct writer id_writer = WRITER_OF(id);
    put_u32(&id_writer, key->id);
    memcpy(typed + 1, key->key, SIGN_PUBLIC_LEN);
    put_span(w, note_key_name(key));
    put_u8(w, '+');
    put_hex(w, SPAN_OF(id));
    put_u8(w, '+');
    put_base64(w, SPAN_OF(typed));
}

/* signature - one signature line, taken apart
 *
 * bytes   the key id and, from ID_LEN on, what the key made */
struct signature {
    span     name;
    uint32_t id;
    size_t   len;
    uint8_t  bytes[NOTE_SIGNATURE_MAX];
};

static err signature_read(span line, struct signature *out)
{
    if (!span_starts(line, SPAN_LIT(DASH))) {
        return FAIL(MALFORMED, "a signature line begins with a dash and a blank");
    }
    span rest = {line.ptr + sizeof DASH - 1, line.len - (sizeof DASH - 1)};
    out->name = span_cut(&rest, ' ');
    if (!name_allowed(out->name)) {
        return FAIL(MALFORMED, "the name in a signature line is not the name of a key");
    }
    TRY(text_base64(rest, out->bytes, sizeof out->bytes, &out->len));
    if (out->len <= ID_LEN) {
        return FAIL(MALFORMED, "a signature line holds no signature");
    }
    struct reader r = reader_of((span){out->bytes, ID_LEN});
    out->id = read_u32(&r);
    return OK;
}

/* UTF-8, and of the control characters newline only */
static err check_text(span text)
{
    utf8 checked;
    TRY(text_utf8(text, &checked));
    if (text.len == 0 || text.ptr[text.len - 1] != '\n') {
        return FAIL(MALFORMED, "the text of a note ends with a newline");
    }
    if (memchr(text.ptr, '\t', text.len) != NULL) {
        return FAIL(MALFORMED, "a note has no control character but the newline");
    }
    return OK;
}

/* Where the last empty line is: the text ends at the newline before it. */
static size_t text_len(span bytes)
{
    for (size_t at = bytes.len; at > 1; at--) {
        if (bytes.ptr[at - 1] == '\n' && bytes.ptr[at - 2] == '\n') {
            return at - 1;
        }
    }
    return 0;
}

err note_read(span bytes, struct note *out)
{
    if (bytes.len > NOTE_MAX) {
        return FAIL(LIMIT, "the note is longer than 100 KiB");
    }
    TRY(check_text(bytes));
    size_t len = text_len(bytes);
    if (len == 0 || len + 1 == bytes.len) {
        return FAIL(MALFORMED, "a note has a text, an empty line, and signatures");
    }
    struct note n = {.text = {bytes.ptr, len},
                     .signatures = {bytes.ptr + len + 1, bytes.len - len - 1}};
    size_t      count = 0;
    for (span rest = n.signatures; rest.len > 0; count++) {
        struct signature s;
        TRY(signature_read(span_cut(&rest, '\n'), &s));
    }
    if (count > NOTE_SIGNATURES_MAX) {
        return FAIL(LIMIT, "the note has more than 32 signatures");
    }
    *out = n;
    return OK;
}

err note_check(const struct note *n, const struct note_key *key)
{
    bool signed_by_key = false;
    for (span rest = n->signatures; rest.len > 0;) {
        struct signature s;
        TRY(signature_read(span_cut(&rest, '\n'), &s));
        if (s.id != key->id || !span_equal(s.name, note_key_name(key))) {
            continue;
        }
        if (s.len != ID_LEN + SIGNATURE_LEN) {
            return FAIL(FORGED, "the signature of the note has the wrong length");
        }
        TRY(sign_check(key->key, "", n->text, s.bytes + ID_LEN));
        signed_by_key = true;
    }
    if (!signed_by_key) {
        return FAIL(UNKNOWN, "the note bears no signature of the key asked for");
    }
    return OK;
}

err note_sign(const struct note_key *key, struct signer *signer, span text, struct writer *w)
{
    uint8_t       bytes[ID_LEN + SIGNATURE_LEN];
    struct writer id_writer = WRITER_OF(bytes);
    struct writer made = *w;
    TRY(check_text(text));
    put_u32(&id_writer, key->id);
    signer_sign(signer, "", text, bytes + ID_LEN);
    put_span(&made, text);
    put_text(&made, "\n" DASH);
    put_span(&made, note_key_name(key));
    put_u8(&made, ' ');
    put_base64(&made, SPAN_OF(bytes));
    put_u8(&made, '\n');
    if (made.bad) {
        return FAIL(LIMIT, "the signed note is longer than its buffer");
    }
    *w = made;
    return OK;
}
