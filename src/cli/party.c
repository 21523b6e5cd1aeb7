/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/party.h"

#include "cli/gateway_key.h"
#include "config/lex.h"
#include "crypt/cert.h"
#include "crypt/random.h"
#include "crypt/tls.h"
#include "loop/loop.h"

#define CONF_MAX     (64 << 10)
#define KEY_TEXT_MAX 80 /* 64 hexadecimal digits and a newline */

err party_dir(struct call *c, const char **out)
{
    if (c->dir == NULL || c->dir[0] == 0) {
        return call_misuse(c, FAIL(MALFORMED, "say which party's folder: --dir or $ACCORD_DIR"));
    }
    *out = c->dir;
    return OK;
}

err party_path(struct call *c, const char *file, char out[static FILE_PATH_MAX])
{
    const char *dir;
    TRY(party_dir(c, &dir));
    TRY(file_path(out, dir, file));
    call_about(c, "%s", out);
    return OK;
}

/* ---- accord.conf ---- */

static const struct {
    const char *keyword;
    size_t      offset, room;
} conf_row[] = {
    {"party", offsetof(struct party, code), NAME_MAX_LEN + 1},
    {"desk", offsetof(struct party, desk), PARTY_ADDRESS_MAX},
    {"courier", offsetof(struct party, courier), PARTY_ADDRESS_MAX},
    {"drop", offsetof(struct party, drop), sizeof((struct party *)NULL)->drop},
    {"wrap-pin", offsetof(struct party, wrap_pin), sizeof((struct party *)NULL)->wrap_pin},
    {"wrap-environment", offsetof(struct party, wrap_environment),
     sizeof((struct party *)NULL)->wrap_environment},
    {"bindings", offsetof(struct party, bindings), sizeof((struct party *)NULL)->bindings},
    {"exercise-clock", offsetof(struct party, exercise_clock),
     sizeof((struct party *)NULL)->exercise_clock},
};

static err wrap_key_line(const struct lex_line *line, struct party *out)
{
    span from = line->count == 2 ? line->token[1].text : (span){NULL, 0};
    if (from.len == 0 || from.len >= sizeof out->wrap_key[0] ||
        out->wrap_key_count == PARTY_WRAP_KEYS) {
        return FAIL(MALFORMED, "a statement of accord.conf is not as it should be");
    }
    memcpy(out->wrap_key[out->wrap_key_count++], from.ptr, from.len);
    return OK;
}

/* What else stands there is for accordd, which judges the whole file. */
static err conf_line(const struct lex_line *line, struct party *out)
{
    if (!line->indented && token_is(&line->token[0], "wrap-key")) {
        return wrap_key_line(line, out);
    }
    for (size_t i = 0; i < ARRAY_LEN(conf_row); i++) {
        if (line->indented || !token_is(&line->token[0], conf_row[i].keyword)) {
            continue;
        }
        if (line->count != 2 || line->token[1].text.len >= conf_row[i].room) {
            return FAIL(MALFORMED, "a statement of accord.conf is not as it should be");
        }
        char *to = (char *)out + conf_row[i].offset;
        memset(to, 0, conf_row[i].room);
        memcpy(to, line->token[1].text.ptr, line->token[1].text.len);
    }
    return OK;
}

static err exercise_begin(const struct party *p)
{
    uint64_t seconds = 0;
    if (p->exercise_clock[0] != 0) {
        TRY(text_decimal(span_text(p->exercise_clock), INT32_MAX, &seconds));
    }
    loop_clock_back((int64_t)seconds * MS_PER_SECOND);
    tls_clock_back((int64_t)seconds);
    return OK;
}

err party_read(struct call *c, struct party *out)
{
    static uint8_t  buf[CONF_MAX];
    char            path[FILE_PATH_MAX];
    span            text;
    struct lexer    lexer;
    struct lex_line line;
    struct place    at;
    struct party    p = {0};
    TRY(party_path(c, "accord.conf", path));
    TRY(file_read(path, buf, sizeof buf, &text));
    TRY(lex_begin(text, &lexer, &at));
    while (lex_next(&lexer, &line)) {
        if (line.why != NULL) {
            return FAIL(MALFORMED, "accord.conf cannot be read");
        }
        TRY(conf_line(&line, &p));
    }
    TRY(name_of(span_text(p.code.text), &p.code));
    TRY(exercise_begin(&p));
    c->clock_known = true;
    c->about[0] = 0;
    *out = p;
    return OK;
}

instant party_now(struct call *c)
{
    struct call  quiet = *c;
    struct party p;
    if (!c->clock_known) {
        (void)err_is(party_read(&quiet, &p)); /* without a party it is the machine's time */
        c->clock_known = true;
    }
    return loop_clock_now().real;
}

err party_time(struct call *c, const char *option, instant *out)
{
    const char *text = call_option(c, option);
    *out = party_now(c);
    if (text == NULL) {
        return OK;
    }
    call_about(c, "--%s %s", option, text);
    err e =
        strlen(text) == 10 ? text_date(span_text(text), out) : text_instant(span_text(text), out);
    if (err_is(e)) {
        return call_misuse(c, e);
    }
    c->about[0] = 0;
    return OK;
}

/* ---- keys ---- */

err party_identity(struct call *c, secret *out)
{
    uint8_t key[WRAPPED_KEY_MAX];
    size_t  len = 0;
    TRY(gateway_key_read(c, "identity", key, &len));
    if (len == SECRET_LEN) {
        memcpy(out->key, key, SECRET_LEN);
    }
    bytes_wipe(key, sizeof key);
    return len == SECRET_LEN ? OK
                             : FAIL(MALFORMED, "the key of the gateway identity is not 32 bytes");
}

err party_authority(struct call *c, uint8_t *buf, size_t max, span *out)
{
    char path[FILE_PATH_MAX];
    TRY(party_path(c, "authority.crt", path));
    TRY(file_read(path, buf, max, out));
    c->about[0] = 0;
    return OK;
}

err person_path(struct call *c, const char *who, const char *file, char out[static FILE_PATH_MAX])
{
    char place[FILE_PATH_MAX];
    name checked;
    call_about(c, "%s", who);
    TRY(name_of(span_text(who), &checked));
    (void)snprintf(place, sizeof place, "people/%s/%s", checked.text, file);
    return party_path(c, place, out);
}

err person_seed(struct call *c, const char *who, secret *out)
{
    char    path[FILE_PATH_MAX];
    uint8_t buf[KEY_TEXT_MAX];
    span    text;
    TRY(person_path(c, who, "key", path));
    TRY(file_read(path, buf, sizeof buf, &text));
    err e = text_hex(span_trim(text), out->key, sizeof out->key);
    bytes_wipe(buf, sizeof buf);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

static err person_folder(const char *dir, const name *who, char out[static FILE_PATH_MAX])
{
    char place[FILE_PATH_MAX];
    TRY(file_path(place, dir, "people"));
    TRY(folder_ensure(place, 0700));
    TRY(file_path(out, place, who->text));
    return folder_create(out, 0700);
}

static err person_key_make(const char *folder, uint8_t public_key[static SIGN_PUBLIC_LEN])
{
    char          path[FILE_PATH_MAX];
    uint8_t       text[KEY_TEXT_MAX];
    struct writer w = WRITER_OF(text);
    SECRET        seed;
    random_fill(random_system(), seed.key, sizeof seed.key);
    sign_public(&seed, public_key);
    put_hex(&w, SPAN_OF(seed.key));
    put_u8(&w, '\n');
    TRY(file_path(path, folder, "key"));
    err e = file_create(path, writer_span(&w), 0600);
    bytes_wipe(text, sizeof text);
    return e;
}

static err terminal_key_make(const char *folder)
{
    char          path[FILE_PATH_MAX];
    uint8_t       der[CERT_KEY_MAX];
    struct writer w = WRITER_OF(der);
    TRY(cert_key_make(DH_P384, &w));
    TRY(file_path(path, folder, "terminal.key"));
    err e = file_create(path, writer_span(&w), 0600);
    bytes_wipe(der, sizeof der);
    return e;
}

err person_make(struct call *c, const char *dir, const name *who,
                uint8_t public_key[static SIGN_PUBLIC_LEN])
{
    char folder[FILE_PATH_MAX];
    call_about(c, "%s", who->text);
    TRY(person_folder(dir, who, folder));
    TRY(person_key_make(folder, public_key));
    TRY(terminal_key_make(folder));
    c->about[0] = 0;
    return OK;
}

err signers_need(struct call *c)
{
    if (c->as_count == c->verb->signers) {
        return OK;
    }
    if (c->as_count == 0 && c->verb->signers == 1) {
        return call_misuse(c, FAIL(MALFORMED, "say who signs: --as NAME, a folder of people/"));
    }
    return call_misuse(c, c->verb->signers == 2
                              ? FAIL(MALFORMED, "two persons of different chains of command sign "
                                                "this: --as NAME --as NAME")
                              : FAIL(MALFORMED, "one person signs this: give --as NAME once"));
}

err signers_begin(struct call *c)
{
    return c->verb->signers == 2 && c->as_count == 1 ? OK : signers_need(c);
}

/* ---- fingerprints ---- */

void fingerprint_of(span statement, char out[static FINGERPRINT_LEN + 1])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t           hash[SHA256_LEN];
    sha256(statement, hash);
    unsigned at = 0;
    for (unsigned i = 0; i < 20; i++) {
        unsigned bit = 5 * i;
        unsigned two = (unsigned)hash[bit / 8] << 8 | hash[bit / 8 + 1];
        if (i > 0 && i % 4 == 0) {
            out[at++] = '-';
        }
        out[at++] = digits[two >> (11 - bit % 8) & 31];
    }
    out[at] = 0;
}

static char fold_letter(uint8_t b)
{
    return (char)(b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b);
}

bool fingerprint_equal(const char *made, span typed)
{
    size_t at = 0;
    for (size_t i = 0; i < typed.len; i++) {
        if (typed.ptr[i] == '-' || typed.ptr[i] == ' ') {
            continue;
        }
        at += made[at] == '-' ? 1 : 0;
        if (made[at] == 0 || made[at] != fold_letter(typed.ptr[i])) {
            return false;
        }
        at++;
    }
    return at == FINGERPRINT_LEN;
}
