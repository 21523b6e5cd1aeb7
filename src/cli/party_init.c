/* SPDX-License-Identifier: Apache-2.0 */
/* party init: keys, certificates, genesis and configuration of a new party. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "base/lines.h"
#include "cli/gateway_key.h"
#include "cli/given.h"
#include "cli/party.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "crypt/cert.h"
#include "loop/loop.h"
#include "loop/net.h"

#define OFFICERS_MAX_HERE 16 /* the first ones; more are enrolled by them */
#define AUTHORITY_YEARS   10
#define OFFICER_ROLES     "officer,reader,registrar,security"

struct officer {
    name    name, chain;
    uint8_t key[SIGN_PUBLIC_LEN];
};

struct founding {
    const char    *dir;
    name           code;
    const char    *desk, *courier;
    struct party   wrap; /* its wrap key, when one is named */
    unsigned       count;
    struct officer officer[OFFICERS_MAX_HERE];
    secret         identity;
    uint8_t        authority_key[CERT_KEY_MAX], authority[CERT_DER_MAX];
    span           key, certificate;
    uint64_t       exercise_s; /* so much is taken off the clock; 0 = it is no exercise */
    instant        now;
};

static err officer_read(struct call *c, const char *text, struct founding *f)
{
    struct officer *o = &f->officer[f->count];
    span            rest = span_text(text);
    call_about(c, "%s", text);
    if (f->count == OFFICERS_MAX_HERE) {
        return call_misuse(c, FAIL(LIMIT, "too many officers to begin with"));
    }
    if (err_is(name_of(span_cut(&rest, ':'), &o->name)) || err_is(name_of(rest, &o->chain))) {
        return call_misuse(c, FAIL(MALFORMED, "an officer is written NAME:CHAIN"));
    }
    for (unsigned i = 0; i < f->count; i++) {
        if (name_equal(&f->officer[i].name, &o->name)) {
            return call_misuse(c, FAIL(CONFLICT, "an officer is named twice"));
        }
    }
    f->count++;
    return OK;
}

static bool two_chains(const struct founding *f)
{
    for (unsigned i = 1; i < f->count; i++) {
        if (!name_equal(&f->officer[i].chain, &f->officer[0].chain)) {
            return true;
        }
    }
    return false;
}

static err address_read(struct call *c, const char *option, const char **out)
{
    struct net_address address;
    TRY(call_need(c, option, out));
    call_about(c, "%s", *out);
    if (strlen(*out) >= PARTY_ADDRESS_MAX || err_is(net_address_of(span_text(*out), &address))) {
        return call_misuse(c, FAIL(MALFORMED, "an address is written 127.0.0.1:7100"));
    }
    return OK;
}

static err wrap_key_given(struct call *c, struct founding *f)
{
    const char *path = call_option(c, "wrap-key");
    if (path == NULL) {
        return OK;
    }
    call_about(c, "%s", path);
    if (path[0] != '/' || strlen(path) >= sizeof f->wrap.wrap_key[0] || strchr(path, '"') != NULL) {
        return call_misuse(c,
                           FAIL(MALFORMED, "the file of a wrap key is named by an absolute path"));
    }
    (void)snprintf(f->wrap.wrap_key[0], sizeof f->wrap.wrap_key[0], "%s", path);
    f->wrap.wrap_key_count = 1;
    return OK;
}

static err founding_read(struct call *c, struct founding *f)
{
    static const struct number_option clock = {"exercise-clock", 0, INT32_MAX, 0,
                                               "the exercise's clock is a number of seconds"};
    const char                       *text;
    TRY(party_dir(c, &f->dir));
    call_about(c, "%s", c->arg[0]);
    if (err_is(name_of(span_text(c->arg[0]), &f->code))) {
        return call_misuse(c, FAIL(MALFORMED, "a party is known by a code such as KOR"));
    }
    TRY(address_read(c, "desk", &f->desk));
    TRY(address_read(c, "courier", &f->courier));
    for (unsigned i = 0; (text = call_option_each(c, "officer", i)) != NULL; i++) {
        TRY(officer_read(c, text, f));
    }
    TRY(given_number(c, &clock, &f->exercise_s));
    TRY(wrap_key_given(c, f));
    c->about[0] = 0;
    if (!two_chains(f)) {
        return call_misuse(
            c, FAIL(MALFORMED, "a party begins with two officers of different chains of command"));
    }
    return OK;
}

/* ---- what is made ---- */

static err founding_file(const struct founding *f, const char *file, span bytes, mode_t mode)
{
    char path[FILE_PATH_MAX];
    TRY(file_path(path, f->dir, file));
    return file_create(path, bytes, mode);
}

static err folders_make(const struct founding *f)
{
    static const char *const folder[] = {"keys", "people", "store", "drop", "run"};
    char                     path[FILE_PATH_MAX];
    for (size_t i = 0; i < ARRAY_LEN(folder); i++) {
        TRY(file_path(path, f->dir, folder[i]));
        TRY(folder_create(path, 0700));
    }
    return OK;
}

/* A key of the gateway: under its wrap key from the first on. */
static err key_put_away(const struct founding *f, const struct wrap_keys *w, const char *key,
                        span plain)
{
    uint8_t       text[WRAPPED_MAX];
    char          file[32];
    struct writer out = WRITER_OF(text);
    (void)snprintf(file, sizeof file, "keys/%s", key);
    if (w->count == 0) {
        return founding_file(f, file, plain, 0600);
    }
    TRY(wrapped_make(&w->holder[0], (struct wrapped_name){&f->code, key}, plain, &out));
    return founding_file(f, file, writer_span(&out), 0600);
}

static err authority_make(struct founding *f, const struct wrap_keys *w)
{
    struct writer key = WRITER_OF(f->authority_key), crt = WRITER_OF(f->authority);
    instant       until = instant_add_years(f->now, AUTHORITY_YEARS);
    TRY(cert_key_make(DH_P384, &key));
    f->key = writer_span(&key);
    TRY(cert_identity_make(&f->code, f->key, f->now - TERMINAL_BACKDATE_MS, until, random_system(),
                           &crt));
    f->certificate = writer_span(&crt);
    TRY(key_put_away(f, w, "authority.key", f->key));
    return founding_file(f, "authority.crt", f->certificate, 0644);
}

static err keys_make_under(struct founding *f, const struct wrap_keys *w)
{
    SECRET master;
    random_fill(random_system(), master.key, sizeof master.key);
    random_fill(random_system(), f->identity.key, sizeof f->identity.key);
    TRY(key_put_away(f, w, "master", SPAN_OF(master.key)));
    TRY(key_put_away(f, w, "identity", SPAN_OF(f->identity.key)));
    return authority_make(f, w);
}

/* One that is there is taken, as several parties of one machine may share it. */
static err keys_make(struct call *c, struct founding *f)
{
    struct wrap_keys w = {0};
    err              made = f->wrap.wrap_key_count > 0 ? wrap_key_make(f->wrap.wrap_key[0]) : OK;
    err              e = made.code == ERR_CONFLICT ? OK : made;
    e = err_is(e) ? e : wrap_keys_open(c, &f->wrap, f->dir, &w);
    e = err_is(e) ? e : keys_make_under(f, &w);
    wrap_keys_close(&w);
    return e;
}

/* The first terminals cannot ask the guard, which does not run yet. */
static err people_make(struct call *c, struct founding *f)
{
    const struct terminal_issuer issuer = {f->dir, f->key, f->certificate, f->now};
    for (unsigned i = 0; i < f->count; i++) {
        TRY(person_make(c, f->dir, &f->officer[i].name, f->officer[i].key));
        TRY(terminal_issue(&issuer, &f->officer[i].name, file_create));
    }
    return OK;
}

static err genesis_make(const struct founding *f)
{
    uint8_t       text[8192], identity[SIGN_PUBLIC_LEN], authority[SHA256_LEN];
    struct writer w = WRITER_OF(text);
    span          out;
    sign_public(&f->identity, identity);
    sha256(f->certificate, authority);
    line_title(&w, "accord genesis 1");
    line_hex(&w, "identity", SPAN_OF(identity));
    line_hex(&w, "authority", SPAN_OF(authority));
    for (unsigned i = 0; i < f->count; i++) {
        put_text(&w, "officer ");
        put_text(&w, f->officer[i].name.text);
        put_u8(&w, ' ');
        put_text(&w, f->officer[i].chain.text);
        put_text(&w, " " OFFICER_ROLES " ");
        put_hex(&w, SPAN_OF(f->officer[i].key));
        put_u8(&w, '\n');
    }
    TRY(writer_end(&w, &out));
    return founding_file(f, "genesis", out, 0644);
}

/* Whom each process runs as, where root set up the users that come with the package (systemd/) */
static const char *const own_user[] = {"guard", "intake", "check", "desk", "courier"};

static bool users_are_there(void)
{
    char user[64];
    for (size_t i = 0; i < ARRAY_LEN(own_user); i++) {
        (void)snprintf(user, sizeof user, "accord-%s", own_user[i]);
        if (geteuid() != 0 || getpwnam(user) == NULL) {
            return false;
        }
    }
    return true;
}

/* The desk moves what it took out of the drop folder, as its own user. */
static err drop_hand_over(const struct founding *f)
{
    char                 path[FILE_PATH_MAX];
    const struct passwd *desk = getpwnam("accord-desk");
    (void)snprintf(path, sizeof path, "%s/drop", f->dir);
    if (desk == NULL || chown(path, desk->pw_uid, desk->pw_gid) != 0) {
        return FAIL(IO, "the drop folder cannot be given to the desk's user");
    }
    return OK;
}

static err conf_make(const struct founding *f)
{
    char          text[1024];
    struct writer w = WRITER_OF(text);
    span          out;
    put_text(&w, "# What this gateway is and where it listens: accord.conf(5)\nparty       ");
    put_span(&w, name_span(&f->code));
    put_text(&w, "\ndesk        ");
    put_text(&w, f->desk);
    put_text(&w, "\ncourier     ");
    put_text(&w, f->courier);
    put_text(&w, "\ndrop        \"drop\"\nclock-error 1000\n");
    if (f->exercise_s > 0) {
        put_text(&w, "exercise-clock ");
        put_decimal(&w, f->exercise_s);
        put_u8(&w, '\n');
    }
    if (f->wrap.wrap_key_count > 0) {
        put_text(&w, "wrap-key    \"");
        put_text(&w, f->wrap.wrap_key[0]);
        put_text(&w, "\"\n");
    }
    bool apart = users_are_there();
    for (size_t i = 0; apart && i < ARRAY_LEN(own_user); i++) {
        put_text(&w, "user        ");
        put_text(&w, own_user[i]);
        put_text(&w, " accord-");
        put_text(&w, own_user[i]);
        put_u8(&w, '\n');
    }
    TRY(writer_end(&w, &out));
    if (apart) {
        TRY(drop_hand_over(f));
    }
    return founding_file(f, "accord.conf", out, 0644);
}

/* accord.conf comes last: a folder without it is no party, and begins again. */
static err found(struct call *c, struct founding *f)
{
    call_about(c, "%s", f->dir);
    TRY(folder_ensure(f->dir, 0700));
    TRY(folders_make(f));
    TRY(keys_make(c, f));
    TRY(people_make(c, f));
    TRY(genesis_make(f));
    TRY(conf_make(f));
    c->about[0] = 0;
    return OK;
}

err do_party_init(struct call *c)
{
    static struct founding f;
    f = (struct founding){0};
    TRY(founding_read(c, &f));
    f.now = loop_clock_now().real - (instant)f.exercise_s * MS_PER_SECOND;
    err e = found(c, &f);
    secret_wipe(&f.identity);
    bytes_wipe(f.authority_key, sizeof f.authority_key);
    TRY(e);
    call_set_text(c, "party", name_span(&f.code));
    call_set_text(c, "dir", span_text(f.dir));
    call_tell(c, "%s is set up in %s; start it with: accordd %s", f.code.text, f.dir, f.dir);
    if (f.wrap.wrap_key_count == 0) {
        call_note(
            c,
            "its keys lie unwrapped: whoever gets a copy of that folder has them (accord-keys(1))");
    }
    return OK;
}
