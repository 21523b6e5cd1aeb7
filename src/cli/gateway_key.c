/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/gateway_key.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypt/random.h"
#include "vault/secret_file.h"

const char *const gateway_key_name[GATEWAY_KEYS] = {"master", "identity", "authority.key"};

static err file_key_take(const char *path, int party, secret *out)
{
    int fd = -1;
    TRY(secret_file_open(path, party, &fd));
    err e = wrap_key_read(fd, out);
    close(fd);
    return e;
}

/* A module is told where its configuration lies by a variable, as accord-unwrap tells it. */
static err pin_take(struct call *c, const struct party *p, int party,
                    char pin[static PIN_LEN_MAX + 1])
{
    static char variable[sizeof p->wrap_environment];
    int         fd = -1;
    if (p->wrap_pin[0] == 0) {
        return FAIL(MALFORMED, "a token's key is named, and accord.conf names no `wrap-pin`");
    }
    memcpy(variable, p->wrap_environment, sizeof variable);
    if (variable[0] != 0 && (strchr(variable, '=') == NULL || putenv(variable) != 0)) {
        return FAIL(MALFORMED, "`wrap-environment` is written NAME=VALUE");
    }
    call_about(c, "%s", p->wrap_pin);
    TRY(secret_file_open(p->wrap_pin, party, &fd));
    err e = pin_read(fd, pin);
    close(fd);
    return e;
}

static err token_key_take(struct call *c, const struct party *p, int party, const char *uri,
                          bool make, struct wrap_token **out)
{
    char pin[PIN_LEN_MAX + 1];
    err  e = pin_take(c, p, party, pin);
    if (!err_is(e)) {
        call_about(c, "%s", uri);
        e = make ? wrap_token_make(uri, pin, out) : wrap_token_open(uri, pin, out);
    }
    bytes_wipe(pin, sizeof pin);
    return e;
}

err token_key_make(struct call *c, const struct party *p, const char *dir, const char *uri)
{
    struct wrap_token *t = NULL;
    int                party = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    err                e = party < 0 ? FAIL(IO, "the party's folder cannot be opened")
                                     : token_key_take(c, p, party, uri, true, &t);
    wrap_token_close(t);
    if (party >= 0) {
        close(party);
    }
    return e;
}

err wrap_keys_open(struct call *c, const struct party *p, const char *dir, struct wrap_keys *out)
{
    int party = dir == NULL ? -1 : open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    err e = dir != NULL && party < 0 ? FAIL(IO, "the party's folder cannot be opened") : OK;
    out->count = 0;
    for (unsigned n = 0; n < p->wrap_key_count && !err_is(e); n++) {
        call_about(c, "%s", p->wrap_key[n]);
        if (wrap_token_is(p->wrap_key[n])) {
            e = token_key_take(c, p, party, p->wrap_key[n], false, &out->token[n]);
        } else {
            e = file_key_take(p->wrap_key[n], party, &out->key[n]);
        }
        if (!err_is(e)) {
            out->holder[n] = out->token[n] != NULL ? wrap_token_holder(out->token[n])
                                                   : wrap_file_holder(&out->key[n]);
            out->count++;
        }
    }
    if (party >= 0) {
        close(party);
    }
    return e;
}

void wrap_keys_close(struct wrap_keys *w)
{
    for (unsigned n = 0; n < PARTY_WRAP_KEYS; n++) {
        wrap_token_close(w->token[n]);
    }
    bytes_wipe(w, sizeof *w);
}

err wrap_key_make(const char *path)
{
    SECRET      key;
    char        folder[FILE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (path[0] != '/' || strlen(path) >= sizeof folder) {
        return FAIL(MALFORMED, "the file of a wrap key is named by an absolute path");
    }
    if (slash > path) {
        memcpy(folder, path, (size_t)(slash - path));
        folder[slash - path] = 0;
        TRY(folder_ensure(folder, 0700));
        TRY(parent_sync(folder));
    }
    random_fill(random_system(), key.key, sizeof key.key);
    return file_create(path, SPAN_OF(key.key), 0600);
}

err gateway_key_open(const struct wrap_keys *w, struct wrapped_name n, span file,
                     uint8_t out[static WRAPPED_KEY_MAX], size_t *len)
{
    uint8_t id[WRAP_ID_LEN];
    if (!is_wrapped(file)) {
        if (file.len > WRAPPED_KEY_MAX) {
            return FAIL(LIMIT, "a key file is longer than a key");
        }
        memcpy(out, file.ptr, file.len);
        *len = file.len;
        return OK;
    }
    TRY(wrapped_under(file, id));
    for (unsigned h = 0; h < w->count; h++) {
        if (memcmp(w->holder[h].id, id, sizeof id) == 0) {
            return wrapped_open(&w->holder[h], n, file, out, len);
        }
    }
    return FAIL(UNKNOWN, "this key is wrapped by a wrap key that accord.conf does not name");
}

err gateway_key_read(struct call *c, const char *key, uint8_t out[static WRAPPED_KEY_MAX],
                     size_t *len)
{
    struct party     p;
    struct wrap_keys w = {0};
    char             path[FILE_PATH_MAX], place[32];
    uint8_t          buf[WRAPPED_MAX];
    span             file;
    const char      *dir;
    TRY(party_dir(c, &dir));
    TRY(party_read(c, &p));
    (void)snprintf(place, sizeof place, "keys/%s", key);
    err e = wrap_keys_open(c, &p, dir, &w);
    e = err_is(e) ? e : party_path(c, place, path);
    e = err_is(e) ? e : file_read(path, buf, sizeof buf, &file);
    e = err_is(e) ? e : gateway_key_open(&w, (struct wrapped_name){&p.code, key}, file, out, len);
    wrap_keys_close(&w);
    bytes_wipe(buf, sizeof buf); /* it may have been plain */
    TRY(e);
    c->about[0] = 0;
    return OK;
}
