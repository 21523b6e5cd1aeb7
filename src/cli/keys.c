/* SPDX-License-Identifier: Apache-2.0 */
/* keys: how the gateway's private keys lie at rest. */
#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/beside.h"
#include "cli/gateway_key.h"
#include "cli/verbs.h"

/* The PIN is where accord.conf says. */
static err token_make_said(struct call *c)
{
    struct party p;
    const char  *dir;
    TRY(party_dir(c, &dir));
    TRY(party_read(c, &p));
    TRY(token_key_make(c, &p, dir, c->arg[0]));
    c->about[0] = 0;
    call_set_text(c, "out", span_text(c->arg[0]));
    call_tell(c, "the token has a new wrap key; accord.conf names it so: wrap-key \"%s\"",
              c->arg[0]);
    return OK;
}

err do_keys_make(struct call *c)
{
    if (wrap_token_is(c->arg[0])) {
        return token_make_said(c);
    }
    call_about(c, "%s", c->arg[0]);
    if (c->dir != NULL && path_lies_in(c->arg[0], c->dir)) {
        return FAIL(DENIED, "a wrap key lies outside of the party's folder, copies of which would "
                            "have it too");
    }
    TRY(wrap_key_make(c->arg[0]));
    c->about[0] = 0;
    call_set_text(c, "out", span_text(c->arg[0]));
    call_tell(c, "%s holds a new wrap key; accord.conf names it so: wrap-key \"%s\"", c->arg[0],
              c->arg[0]);
    return OK;
}

/* at_rest - one key file */
struct at_rest {
    char    path[FILE_PATH_MAX];
    uint8_t buf[WRAPPED_MAX];
    span    file;
};

static err at_rest_read(struct call *c, const char *key, struct at_rest *out)
{
    char place[32];
    (void)snprintf(place, sizeof place, "keys/%s", key);
    TRY(party_path(c, place, out->path));
    return file_read(out->path, out->buf, sizeof out->buf, &out->file);
}

/* Is it under the wrap key that accord.conf names first? */
static bool is_under(const struct wrap_keys *w, span file)
{
    uint8_t id[WRAP_ID_LEN];
    return is_wrapped(file) && w->count > 0 && !err_is(wrapped_under(file, id)) &&
           memcmp(id, w->holder[0].id, sizeof id) == 0;
}

/* ---- wrap ---- */

/* The new file is complete and durable before it takes the old one's name: at any moment there is one of them. */
static err key_wrap(const struct wrap_keys *w, struct wrapped_name n, const struct at_rest *r)
{
    uint8_t       key[WRAPPED_KEY_MAX], back[WRAPPED_KEY_MAX], text[WRAPPED_MAX];
    size_t        len = 0, again = 0;
    struct writer out = WRITER_OF(text);
    err           e = gateway_key_open(w, n, r->file, key, &len);
    e = err_is(e) ? e : wrapped_make(&w->holder[0], n, (span){key, len}, &out);
    e = err_is(e) ? e : wrapped_open(&w->holder[0], n, writer_span(&out), back, &again);
    if (!err_is(e) && (again != len || !bytes_equal_secretly(key, back, len))) {
        e = FAIL(FORGED, "what was wrapped does not open to the same key: nothing is changed");
    }
    e = err_is(e) ? e : file_replace(r->path, writer_span(&out), 0600);
    bytes_wipe(key, sizeof key);
    bytes_wipe(back, sizeof back);
    return e;
}

static err each_wrap(struct call *c, const struct party *p, const struct wrap_keys *w,
                     unsigned *wrapped, unsigned *plain)
{
    struct at_rest r;
    err            e = OK;
    for (unsigned i = 0; i < GATEWAY_KEYS && !err_is(e); i++) {
        struct wrapped_name n = {&p->code, gateway_key_name[i]};
        e = at_rest_read(c, n.key, &r);
        if (!err_is(e) && !is_under(w, r.file)) {
            *plain += is_wrapped(r.file) ? 0 : 1;
            e = key_wrap(w, n, &r);
            *wrapped += err_is(e) ? 0 : 1;
        }
    }
    bytes_wipe(&r, sizeof r);
    return e;
}

err do_keys_wrap(struct call *c)
{
    struct party     p;
    struct wrap_keys w = {0};
    const char      *dir;
    unsigned         wrapped = 0, plain = 0;
    TRY(party_dir(c, &dir));
    TRY(party_read(c, &p));
    if (p.wrap_key_count == 0) {
        return FAIL(
            STATE,
            "accord.conf names no wrap key: `accord keys make FILE`, and a line wrap-key \"FILE\"");
    }
    err e = wrap_keys_open(c, &p, dir, &w);
    e = err_is(e) ? e : each_wrap(c, &p, &w, &wrapped, &plain);
    wrap_keys_close(&w);
    TRY(e);
    c->about[0] = 0;
    call_set_number(c, "wrapped", wrapped);
    call_tell(c, "%u keys were wrapped, %u lay under that wrap key already", wrapped,
              GATEWAY_KEYS - wrapped);
    if (plain > 0) {
        call_note(c, "the medium, and older copies, may still hold the %u plain ones", plain);
    }
    return OK;
}

/* ---- status ---- */

static err key_tell(struct call *c, const struct wrap_keys *w, const struct party *p,
                    const struct at_rest *r, const char *key, bool *good)
{
    uint8_t     plain[WRAPPED_KEY_MAX];
    size_t      len = 0;
    bool        wrapped = is_wrapped(r->file);
    const char *word = !wrapped               ? "plain"
                       : is_under(w, r->file) ? "wrapped"
                                              : "wrapped by another wrap key";
    err         e = gateway_key_open(w, (struct wrapped_name){&p->code, key}, r->file, plain, &len);
    bytes_wipe(plain, sizeof plain);
    *good = *good && wrapped && !err_is(e);
    call_append(c, "keys",
                json_pack("{s:s, s:s, s:b}", "key", key, "at-rest", word, "opens", !err_is(e)));
    call_tell(c, "%-14s %s%s%s", key, word, err_is(e) ? ": " : "", err_is(e) ? e.why : "");
    return OK;
}

/* The whole file is accordd's to judge: it says which line is wrong, and this program does not repeat its table. */
static err conf_judge(struct call *c)
{
    char  path[FILE_PATH_MAX], program[BESIDE_PATH_MAX];
    char *argv[] = {program, (char *)(uintptr_t) "--check-conf", (char *)(uintptr_t) "-c", path,
                    NULL};
    pid_t made = -1;
    int   status = -1;
    TRY(party_path(c, "accord.conf", path));
    if (err_is(beside_find("accordd", program))) {
        call_note(c, "accordd is not here: of accord.conf only the lines of keys were looked at");
        return OK;
    }
    fflush(NULL);
    if (posix_spawn(&made, program, NULL, NULL, argv, environ) != 0 ||
        waitpid(made, &status, 0) != made) {
        return FAIL(IO, "accordd, which judges accord.conf, does not begin");
    }
    if (status != 0) {
        return FAIL(MALFORMED, "accordd does not take this accord.conf: see what it says of it");
    }
    c->about[0] = 0;
    return OK;
}

/* keys/KEY.XXXXXX: what `keys wrap` was writing when it was killed */
static bool is_left_over(const char *file)
{
    bool found = false;
    for (unsigned i = 0; i < GATEWAY_KEYS; i++) {
        size_t len = strlen(gateway_key_name[i]);
        found = found || (strncmp(file, gateway_key_name[i], len) == 0 && file[len] == '.' &&
                          strlen(file + len + 1) == strlen("XXXXXX"));
    }
    return found;
}

static err left_over_tell(struct call *c)
{
    char           path[FILE_PATH_MAX];
    struct dirent *e;
    TRY(party_path(c, "keys", path));
    DIR *d = opendir(path);
    if (d == NULL) {
        return FAIL(IO, "the folder of keys cannot be read");
    }
    while ((e = readdir(d)) != NULL) {
        if (is_left_over(e->d_name)) {
            call_append(c, "left-over", json_string(e->d_name));
            call_tell(c, "%-14s left over of a `keys wrap` that was ended: remove it", e->d_name);
        }
    }
    closedir(d);
    c->about[0] = 0;
    return OK;
}

err do_keys_status(struct call *c)
{
    struct party     p;
    struct wrap_keys w = {0};
    struct at_rest   r;
    const char      *dir;
    bool             good = true;
    TRY(party_dir(c, &dir));
    TRY(party_read(c, &p));
    TRY(conf_judge(c));
    err e = wrap_keys_open(c, &p, dir, &w);
    for (unsigned i = 0; i < GATEWAY_KEYS && !err_is(e); i++) {
        e = at_rest_read(c, gateway_key_name[i], &r);
        e = err_is(e) ? e : key_tell(c, &w, &p, &r, gateway_key_name[i], &good);
    }
    wrap_keys_close(&w);
    bytes_wipe(&r, sizeof r);
    TRY(e);
    TRY(left_over_tell(c));
    return good
               ? OK
               : FAIL(STATE,
                      "a key of this gateway lies unwrapped, or does not open: see accord-keys(1)");
}
