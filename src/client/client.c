/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/inside.h"
#include "http/server.h"

#define SESSION_MINUTES 60
#define WAIT_MS         20000 /* a pulse comes every 15 s, an answer much sooner */

static const enum accord_code codes[] = {
    [ERR_NONE] = ACCORD_OK,           [ERR_MALFORMED] = ACCORD_MALFORMED,
    [ERR_UNKNOWN] = ACCORD_UNKNOWN,   [ERR_LIMIT] = ACCORD_LIMIT,
    [ERR_FULL] = ACCORD_FULL,         [ERR_DENIED] = ACCORD_DENIED,
    [ERR_CONFLICT] = ACCORD_CONFLICT, [ERR_STATE] = ACCORD_STATE,
    [ERR_FORGED] = ACCORD_MALFORMED,  [ERR_IO] = ACCORD_IO,
};

enum accord_code said(accord_client *c, err e)
{
    if (!err_is(e)) {
        c->why[0] = 0;
    } else if (!c->refused) {
        (void)snprintf(c->why, sizeof c->why, "%s", e.why);
    }
    c->refused = false;
    return codes[e.code];
}

const char *accord_client_why(const accord_client *c)
{
    return c->why;
}

const char *accord_client_version(void)
{
    return "1.0";
}

/* ---- settings ---- */

static err bytes_read(const char *path, uint8_t *buf, size_t max, span *out)
{
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return FAIL(IO, "a file of the settings cannot be read");
    }
    ssize_t len = read(fd, buf, max);
    close(fd);
    if (len <= 0 || (size_t)len == max) {
        return FAIL(MALFORMED, "a file of the settings is empty, or too long");
    }
    *out = (span){buf, (size_t)len};
    return OK;
}

static err tls_make(accord_client *c, const struct accord_settings *s)
{
    uint8_t             key[CERT_KEY_MAX + 1], crt[CERT_DER_MAX + 1], ca[CERT_DER_MAX + 1];
    span                authority;
    struct tls_settings t = {
        .trusted = &authority, .trusted_count = 1, .roles = 1u << ROLE_DESK, .alpn = HTTP_ALPN};
    TRY(bytes_read(s->authority_file, ca, sizeof ca, &authority));
    TRY(bytes_read(s->certificate_file, crt, sizeof crt, &t.cert));
    err e = bytes_read(s->key_file, key, sizeof key, &t.key);
    e = err_is(e) ? e : tls_context_open(&t, &c->tls);
    bytes_wipe(key, sizeof key);
    return e;
}

static err seed_read(accord_client *c, const char *path)
{
    uint8_t buf[128];
    span    text;
    TRY(bytes_read(path, buf, sizeof buf, &text));
    err e = text_hex(span_trim(text), c->seed.key, sizeof c->seed.key);
    bytes_wipe(buf, sizeof buf);
    c->has_seed = !err_is(e);
    return e;
}

static err text_keep(const char *text, char *out, size_t max)
{
    if (text == NULL || strlen(text) >= max) {
        return FAIL(MALFORMED, "a text of the settings is missing, or too long");
    }
    memcpy(out, text, strlen(text) + 1);
    return OK;
}

static err settings_take(accord_client *c, const struct accord_settings *s)
{
    if (s->size != sizeof *s) {
        return FAIL(MALFORMED, "the settings are of another version of the library");
    }
    if ((s->seed_file == NULL) == (s->sign == NULL)) {
        return FAIL(MALFORMED, "either the file of a key or a call that signs is wanted");
    }
    TRY(text_keep(s->desk, c->desk, sizeof c->desk));
    TRY(net_address_of(span_text(c->desk), &c->to));
    c->has_host = s->host != NULL;
    TRY(text_keep(c->has_host ? s->host : "", c->host, sizeof c->host));
    TRY(name_of(span_text(s->party == NULL ? "" : s->party), &c->party));
    TRY(name_of(span_text(s->person == NULL ? "" : s->person), &c->person));
    c->sign = s->sign;
    c->sign_ctx = s->sign_ctx;
    c->minutes = s->session_minutes == 0 ? SESSION_MINUTES : s->session_minutes;
    c->wait_ms = s->wait_ms == 0 ? WAIT_MS : (int)(s->wait_ms & INT32_MAX);
    TRY(s->seed_file == NULL ? OK : seed_read(c, s->seed_file));
    return tls_make(c, s);
}

enum accord_code accord_client_new(const struct accord_settings *s, accord_client **out, char *why,
                                   size_t why_max)
{
    accord_client *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return ACCORD_FULL;
    }
    c->dial.fd = c->follow.dial.fd = c->follow.poll = c->follow.timer = -1;
    err e = settings_take(c, s);
    if (err_is(e)) {
        if (why != NULL) {
            (void)snprintf(why, why_max, "%s", e.why);
        }
        accord_client_free(c);
        return codes[e.code];
    }
    *out = c;
    return ACCORD_OK;
}

void accord_client_free(accord_client *c)
{
    if (c == NULL) {
        return;
    }
    follow_end(c);
    if (c->follow.poll >= 0) {
        close(c->follow.poll);
    }
    if (c->follow.timer >= 0) {
        close(c->follow.timer);
    }
    if (c->open) {
        dial_close(&c->dial);
    }
    tls_context_close(c->tls);
    bytes_wipe(c, sizeof *c);
    free(c);
}
