/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/party.h"

#include "base/lines.h"
#include "config/config.h"
#include "store/segment.h"
#include "store/slots.h"
#include "vault/secret_file.h"
#include "vault/wrapped.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF_MAX   65536
#define REPORT_MAX 65536

#define EXERCISE_S_MAX (UINT64_C(50) * 366 * 86400)

#define AT(field) offsetof(struct party_config, field)
#define WORD(field)                                                                                \
    {                                                                                              \
        CONFIG_WORD, AT(field), PARTY_WORD_MAX, 0, 0, NULL                                         \
    }
#define PATH(field)                                                                                \
    {                                                                                              \
        CONFIG_STRING, AT(field), PARTY_WORD_MAX, 0, 0, NULL                                       \
    }

static const char *const switch_words[] = {"off", "on", NULL};

static const struct config_key key[] = {
    {.keyword = "party",
     .help = "The code of the party.",
     .required = true,
     .value = {{CONFIG_NAME, AT(party), 0, 0, 0, NULL}}},
    {.keyword = "desk", .help = "Where its people reach the desk.", .value = {WORD(desk)}},
    {.keyword = "courier", .help = "Where partners reach the courier.", .value = {WORD(courier)}},
    {.keyword = "tak", .help = "Where TAK clients reach the desk.", .value = {WORD(tak)}},
    {.keyword = "drop", .help = "The folder that the desk watches.", .value = {PATH(drop)}},
    {.keyword = "presence-log",
     .help = "A file that an access control system writes, which the desk follows.",
     .value = {PATH(presence_log)}},
    {.keyword = "programs",
     .help = "The folder of the other programs, if it is not accordd's own.",
     .value = {PATH(programs)}},
    {.keyword = "clock-error",
     .help = "How far the clock may be from the true time, in milliseconds.",
     .value = {{CONFIG_NUMBER, AT(clock_error_ms), 0, 1, 60000, NULL}}},
    {.keyword = "lease",
     .help = "How long what was granted may be opened after the giver was last heard.",
     .value = {{CONFIG_DURATION, AT(lease_ms), 0, 2000, MS_PER_DAY, NULL}}},
    {.keyword = "counter",
     .help = "The file that says how long the ledger is, best on another disk.",
     .value = {PATH(counter)}},
    {.keyword = "bindings",
     .help = "Whether bindings of STANAG 4778 are taken and made at the border.",
     .value = {{CONFIG_CHOICE, AT(bindings), 0, 0, 0, switch_words}}},
    {.keyword = "keep",
     .help = "How long a log's segments stay that nobody needs any more.",
     .value = {{CONFIG_CHOICE, offsetof(struct party_keep, log), 0, 0, 0, log_words},
               {CONFIG_DURATION, offsetof(struct party_keep, ms), 0, 1000, 3650 * MS_PER_DAY,
                NULL}},
     .list = {LOG_COUNT, AT(keep), sizeof(struct party_keep), AT(keep_count), NULL}},
    {.keyword = "exercise-clock",
     .help = "For an exercise: so many seconds are taken off the clock of the whole gateway.",
     .value = {{CONFIG_NUMBER, AT(exercise_s), 0, 0, EXERCISE_S_MAX, NULL}}},
    {.keyword = "slots",
     .help = "How many keys the guard can keep, a power of two.",
     .value = {{CONFIG_NUMBER, AT(slots), 0, SLOTS_PROBE_MAX, SLOTS_MAX, NULL}}},
    {.keyword = "segment",
     .help = "The size of one file of a log.",
     .value = {{CONFIG_CHOICE, offsetof(struct party_segment, log), 0, 0, 0, log_words},
               {CONFIG_SIZE, offsetof(struct party_segment, bytes), 0, SEGMENT_BYTES_MIN,
                SEGMENT_BYTES_MAX, NULL}},
     .list = {LOG_COUNT, AT(segment), sizeof(struct party_segment), AT(segment_count), NULL}},
    {.keyword = "user",
     .help = "Whom a process runs as, when accordd is started by root.",
     .value = {{CONFIG_CHOICE, offsetof(struct party_user, process), 0, 0, 0, process_words},
               {CONFIG_NAME, offsetof(struct party_user, name), 0, 0, 0, NULL}},
     .list = {PROCESS_COUNT, AT(user), sizeof(struct party_user), AT(user_count), NULL}},
    {.keyword = "wrap-pin",
     .help = "The file with the PIN of the token that `wrap-key` names.",
     .value = {PATH(wrap_pin)}},
    {.keyword = "wrap-environment",
     .help = "A variable by which the token's module finds its configuration: NAME=VALUE.",
     .value = {PATH(wrap_environment)}},
    {.keyword = "wrap-key",
     .help =
         "The file or token whose key wraps the gateway's keys at rest; a second one only opens.",
     .value = {{CONFIG_STRING, offsetof(struct party_wrap_key, from), PARTY_WORD_MAX, 0, 0, NULL}},
     .list = {PARTY_WRAP_KEYS, AT(wrap_key), sizeof(struct party_wrap_key), AT(wrap_key_count),
              NULL}},
};
static const struct config_table table = {key, ARRAY_LEN(key)};

/* ---- accord.conf ---- */

static err conf_text(int fd, uint8_t *buf, span *out)
{
    size_t  len = 0;
    ssize_t got = 1;
    while (got > 0 && len < CONF_MAX) {
        got = read(fd, buf + len, CONF_MAX - len);
        len += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        return FAIL(IO, "accord.conf could not be read");
    }
    *out = (span){buf, len};
    return got == 0 ? OK : FAIL(LIMIT, "accord.conf is longer than 64 KiB");
}

/* where - what the checks below find is told with the place of the setting */
struct where {
    span                text;
    struct diagnostics *d;
};

/* The n-th setting of this keyword, from 0: its first value. */
static struct place setting_place(span text, const char *keyword, unsigned n)
{
    struct lexer    lexer;
    struct lex_line line;
    struct place    at = {1, 1, 1};
    if (err_is(lex_begin(text, &lexer, &at))) {
        return at;
    }
    while (lex_next(&lexer, &line)) {
        if (!line.indented && line.count > 0 && token_is(&line.token[0], keyword) && n-- == 0) {
            return line.token[line.count > 1 ? 1 : 0].at;
        }
    }
    return at;
}

static void conf_wrong(const struct where *w, const char *keyword, unsigned n, const char *what)
{
    diagnostic_add(w->d, SEVERITY_ERROR, setting_place(w->text, keyword, n), "%s", what);
}

static void segments_check(const struct party_config *c, const struct where *w)
{
    set64 seen = 0;
    for (unsigned i = 0; i < c->segment_count; i++) {
        const struct party_segment *s = &c->segment[i];
        if (set_has(seen, s->log)) {
            conf_wrong(w, "segment", i, "the size of this log's segments is said twice");
        } else if (s->bytes % SEGMENT_HEAD_LEN != 0) {
            conf_wrong(w, "segment", i, "the size of a segment is a multiple of 4 KiB");
        } else if (s->bytes < log_role((enum log_name)s->log)->least) {
            conf_wrong(w, "segment", i,
                       "the longest record does not fit: a segment of the ledger has 128 KiB at "
                       "least, of the other logs 2 MiB");
        }
        seen |= set_one(s->log);
    }
}

static void keeps_check(const struct party_config *c, const struct where *w)
{
    set64 seen = 0;
    for (unsigned i = 0; i < c->keep_count; i++) {
        if (c->keep[i].log == LOG_LEDGER) {
            conf_wrong(w, "keep", i, "the ledger stays for ever");
        } else if (set_has(seen, c->keep[i].log)) {
            conf_wrong(w, "keep", i, "how long this log's segments stay is said twice");
        }
        seen |= set_one(c->keep[i].log);
    }
}

/* What two settings may not say together, or a table cannot express. */
static void conf_check(const struct party_config *c, const struct where *w)
{
    set64 users = 0;
    if ((c->slots & (c->slots - 1)) != 0) {
        conf_wrong(w, "slots", 0, "the number of slots is a power of two");
    }
    if (c->counter[0] == 0) {
        conf_wrong(w, "counter", 0, "the counter is a file, and this names none");
    }
    segments_check(c, w);
    keeps_check(c, w);
    for (unsigned i = 0; i < c->user_count; i++) {
        if (set_has(users, c->user[i].process)) {
            conf_wrong(w, "user", i, "this process has a user already");
        }
        users |= set_one(c->user[i].process);
    }
}

static err conf_parse(struct party_config *c, const char *path, span text, FILE *tell)
{
    static struct diagnostics d;
    static uint8_t            report[REPORT_MAX];
    struct writer             w = WRITER_OF(report);
    d = (struct diagnostics){0};
    *c = (struct party_config){
        .clock_error_ms = 1000, .lease_ms = 15000, .counter = "counter", .slots = PARTY_SLOTS};
    err e = config_read(text, &table, c, &d);
    if (!err_is(e)) {
        conf_check(c, &(struct where){text, &d});
        e = d.errors > 0 ? FAIL(MALFORMED, "accord.conf says what cannot be") : OK;
    }
    diagnostics_put(&d, DIAGNOSTIC_TEXT, span_text(path), text, &w);
    (void)fwrite(w.ptr, 1, w.len, tell);
    return e;
}

static err conf_read(struct party *p, const char *path, FILE *tell)
{
    static uint8_t buf[CONF_MAX];
    span           text;
    int            fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return FAIL(UNKNOWN, "there is no such accord.conf");
    }
    err e = conf_text(fd, buf, &text);
    close(fd);
    TRY(e);
    return conf_parse(&p->config, path, text, tell);
}

err party_conf_check(const char *conf, FILE *tell)
{
    static struct party read;
    return conf_read(&read, conf, tell);
}

static err dir_open(const char *conf, int *out)
{
    char        path[4096];
    const char *slash = strrchr(conf, '/');
    size_t      len = slash == NULL ? 0 : slash == conf ? 1 : (size_t)(slash - conf);
    if (len >= sizeof path) {
        return FAIL(LIMIT, "the path of accord.conf is too long");
    }
    memcpy(path, slash == NULL ? "." : conf, slash == NULL ? 2 : len);
    path[slash == NULL ? 1 : len] = 0;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *out = fd;
    return fd >= 0 ? OK : FAIL(IO, "the party's directory could not be opened");
}

/* ---- permissions ---- */

static bool wrong(FILE *tell, const char *path, const char *what)
{
    fprintf(tell, "accordd: %s %s\n", path, what);
    return true;
}

/* Its group and others may not change the directory; of what is secret they may have nothing. */
static bool path_wrong(int dir, const char *path, bool closed, FILE *tell)
{
    struct stat s;
    if (fstatat(dir, path, &s, AT_SYMLINK_NOFOLLOW) != 0) {
        return wrong(tell, path, errno == ENOENT ? "is missing" : "cannot be looked at");
    }
    if (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode)) {
        return wrong(tell, path, "is neither a file nor a folder");
    }
    if (s.st_uid != geteuid() && s.st_uid != 0) {
        return wrong(tell, path, "belongs to somebody else");
    }
    if (closed && (s.st_mode & 077) != 0) {
        return wrong(tell, path, "is open to others: take their access away (chmod go= )");
    }
    return (s.st_mode & 022) != 0 && wrong(tell, path, "may be changed by others (chmod go-w)");
}

void party_wrap_again(struct party *p)
{
    static struct party now;
    if (err_is(conf_read(&now, p->conf, stderr))) {
        return;
    }
    memcpy(p->config.wrap_key, now.config.wrap_key, sizeof now.config.wrap_key);
    memcpy(p->config.wrap_pin, now.config.wrap_pin, sizeof now.config.wrap_pin);
    memcpy(p->config.wrap_environment, now.config.wrap_environment,
           sizeof now.config.wrap_environment);
    p->config.wrap_key_count = now.config.wrap_key_count;
}

bool party_wrap_token(const struct party *p, unsigned n)
{
    return strncmp(p->config.wrap_key[n].from, "pkcs11:", 7) == 0;
}

static const char *wrap_path(const struct party *p, unsigned n)
{
    return party_wrap_token(p, n) ? p->config.wrap_pin : p->config.wrap_key[n].from;
}

err party_wrap_open(const struct party *p, unsigned n, int *out)
{
    return wrap_path(p, n)[0] == 0
               ? FAIL(MALFORMED, "is a token's key, and accord.conf names no `wrap-pin`")
               : secret_file_open(wrap_path(p, n), p->dir, out);
}

/* Wrapped, as accord.conf says, or plain, as it does not: of a key its first bytes are looked at, and wiped. */
static bool key_wrong(const struct party *p, const char *path, FILE *tell)
{
    uint8_t head[sizeof "accord key 1"];
    int     fd = openat(p->dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t len = fd >= 0 ? pread(fd, head, sizeof head, 0) : -1;
    if (fd >= 0) {
        close(fd);
    }
    bool wrapped = len > 0 && is_wrapped((span){head, (size_t)len}),
         wanted = p->config.wrap_key_count > 0;
    bytes_wipe(head, sizeof head);
    if (len < 0) {
        return wrong(tell, path, "cannot be read");
    }
    return wrapped != wanted &&
           wrong(tell, path,
                 wanted ? "lies unwrapped, and accord.conf names a wrap key: `accord keys wrap`"
                        : "is wrapped, and accord.conf names no `wrap-key`");
}

static bool keys_wrong(const struct party *p, FILE *tell)
{
    static const enum file_name key_file[] = {FILE_MASTER, FILE_IDENTITY, FILE_AUTHORITY_KEY};
    bool                        bad = false;
    for (unsigned n = 0; n < p->config.wrap_key_count; n++) {
        int fd = -1;
        err e = party_wrap_open(p, n, &fd);
        bad = (err_is(e) &&
               wrong(tell, wrap_path(p, n)[0] != 0 ? wrap_path(p, n) : p->config.wrap_key[n].from,
                     e.why)) ||
              bad;
        if (fd >= 0) {
            close(fd);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(key_file); i++) {
        bad = key_wrong(p, file_role(key_file[i])->path, tell) || bad;
    }
    return bad;
}

static err files_check(const struct party *p, FILE *tell)
{
    bool bad = path_wrong(p->dir, ".", false, tell);
    bad = path_wrong(p->dir, "accord.conf", false, tell) || bad;
    bad = path_wrong(p->dir, "keys", true, tell) || bad;
    for (unsigned f = 0; f < FILE_COUNT; f++) {
        const struct file_role *r = file_role((enum file_name)f);
        bool there = r->path != NULL && faccessat(p->dir, r->path, F_OK, AT_EACCESS) == 0;
        if (r->path != NULL && (there || !r->optional)) {
            bad = path_wrong(p->dir, r->path, r->secret, tell) || bad;
        }
    }
    bad = bad || keys_wrong(p, tell);
    return bad ? FAIL(MALFORMED, "the party's directory is not as it must be") : OK;
}

/* ---- users ---- */

static bool uid_taken(const struct party *p, set64 done, uid_t uid)
{
    bool taken = uid == 0;
    for (unsigned i = 0; i < PROCESS_COUNT; i++) {
        taken = taken || (set_has(done, i) && p->uid[i] == uid);
    }
    return taken;
}

static err users_find(struct party *p)
{
    set64 apart = 0;
    for (unsigned i = 0; i < PROCESS_COUNT; i++) {
        p->uid[i] = geteuid();
        p->gid[i] = getegid();
    }
    for (unsigned i = 0; i < p->config.user_count && geteuid() == 0; i++) {
        const struct party_user *u = &p->config.user[i];
        const struct passwd     *found = getpwnam(u->name.text);
        if (found == NULL) {
            return FAIL(UNKNOWN, "accord.conf names a user that the system does not know");
        }
        apart |= uid_taken(p, apart, found->pw_uid) ? 0 : set_one(u->process);
        p->uid[u->process] = found->pw_uid;
        p->gid[u->process] = found->pw_gid;
    }
    p->apart = set_count(apart) == PROCESS_COUNT;
    return OK;
}

/* A note and no refusal: an access list may let the desk in. */
static void drop_look(const struct party *p, FILE *tell)
{
    struct stat s;
    const char *path = p->config.drop;
    uid_t       desk = p->uid[PROCESS_DESK];
    if (path[0] == 0 || desk == geteuid()) {
        return;
    }
    bool there = fstatat(p->dir, path, &s, 0) == 0;
    bool group = there && s.st_gid == p->gid[PROCESS_DESK] && (s.st_mode & 030) == 030;
    if (!there || (s.st_uid != desk && !group)) {
        (void)wrong(tell, path,
                    there ? "must belong to the desk's user, as `user desk` names it"
                          : "must be made, and belong to the desk's user, as `user desk` "
                            "names it");
    }
}

err party_open(struct party *p, const char *conf, FILE *tell)
{
    *p = (struct party){.dir = -1, .wall = -1, .conf = conf};
    TRY(conf_read(p, conf, tell));
    TRY(dir_open(conf, &p->dir));
    err e = files_check(p, tell);
    e = err_is(e) ? e : users_find(p);
    if (err_is(e)) {
        party_close(p);
        return e;
    }
    drop_look(p, tell);
    return e;
}

void party_close(struct party *p)
{
    if (p->dir >= 0) {
        close(p->dir);
    }
    if (p->wall >= 0) {
        close(p->wall);
    }
    p->dir = p->wall = -1;
}

static void put_setting(struct writer *w, const char *keyword, const char *value)
{
    if (value[0] != 0) {
        line_text(w, keyword, span_text(value));
    }
}

void party_settings(const struct party *p, struct writer *w)
{
    put_setting(w, "desk", p->config.desk);
    put_setting(w, "courier", p->config.courier);
    put_setting(w, "tak", p->config.tak);
    put_setting(w, "drop", p->config.drop);
    put_setting(w, "presence-log", p->config.presence_log);
    line_number(w, "clock-error", p->config.clock_error_ms);
    line_number(w, "lease", p->config.lease_ms);
    line_number(w, "exercise-clock", p->config.exercise_s);
}

instant party_keep_ms(const struct party *p, enum log_name log)
{
    for (unsigned i = 0; i < p->config.keep_count; i++) {
        if (p->config.keep[i].log == log) {
            return (instant)p->config.keep[i].ms;
        }
    }
    return log_role(log)->keep;
}

uint32_t party_segment_bytes(const struct party *p, enum log_name log)
{
    for (unsigned i = 0; i < p->config.segment_count; i++) {
        if (p->config.segment[i].log == log) {
            return (uint32_t)p->config.segment[i].bytes;
        }
    }
    return log_role(log)->bytes;
}
