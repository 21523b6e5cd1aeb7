/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_LIVE_PARTY_H
#define TEST_LIVE_PARTY_H

/* A party's directory made by hand, and an accordd that is started on it and listened to. */
#include "base/lines.h"
#include "cmocka_all.h"
#include "crypt/cert.h"
#include "crypt/random.h"
#include "crypt/sign.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_ROOM 512
#define AWAIT_MS  60000 /* only a test that fails waits so long */

struct daemon {
    char   dir[PATH_ROOM], programs[PATH_ROOM];
    pid_t  pid;
    int    out;
    size_t len;
    char   line[8192];
};

static inline void path_in(char out[static PATH_ROOM], const char *dir, const char *entry)
{
    assert_true(snprintf(out, PATH_ROOM, "%s/%s", dir, entry) < PATH_ROOM);
}

static inline void file_put(const char *dir, const char *entry, span bytes, mode_t mode)
{
    char path[PATH_ROOM];
    path_in(path, dir, entry);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    close(fd);
}

static inline void put_officer(struct writer *w, const char *words)
{
    SECRET  seed;
    uint8_t key[SIGN_PUBLIC_LEN];
    random_fill(random_system(), seed.key, sizeof seed.key);
    sign_public(&seed, key);
    put_text(w, "officer ");
    put_text(w, words);
    put_text(w, " officer,reader,registrar,security ");
    put_hex(w, SPAN_OF(key));
    put_text(w, "\n");
}

static inline void keys_put(const char *dir)
{
    uint8_t       key[CERT_KEY_MAX], crt[CERT_DER_MAX], text[2048], public_key[32], digest[32];
    struct writer k = WRITER_OF(key), c = WRITER_OF(crt), w = WRITER_OF(text);
    SECRET        master, identity;
    name          party;
    instant       now = INT64_C(1790000000000);
    random_fill(random_system(), master.key, sizeof master.key);
    random_fill(random_system(), identity.key, sizeof identity.key);
    assert_false(err_is(name_of(SPAN_LIT("KOR"), &party)));
    assert_false(err_is(cert_key_make(DH_P384, &k)));
    assert_false(err_is(cert_identity_make(&party, writer_span(&k), now, instant_add_years(now, 10),
                                           random_system(), &c)));
    file_put(dir, "keys/authority.key", writer_span(&k), 0600);
    file_put(dir, "authority.crt", writer_span(&c), 0644);
    file_put(dir, "keys/master", SPAN_OF(master.key), 0600);
    file_put(dir, "keys/identity", SPAN_OF(identity.key), 0600);
    sign_public(&identity, public_key);
    sha256(writer_span(&c), digest);
    line_title(&w, "accord genesis 1");
    line_hex(&w, "identity", SPAN_OF(public_key));
    line_hex(&w, "authority", SPAN_OF(digest));
    put_officer(&w, "kim operations");
    put_officer(&w, "lee intelligence");
    file_put(dir, "genesis", writer_span(&w), 0644);
}

/* The folder that holds the programs of this build: this test lies in test/live/accordd of it. */
static inline void built_bin(char out[static PATH_ROOM])
{
    ssize_t len = readlink("/proc/self/exe", out, PATH_ROOM - 8);
    assert_true(len > 0);
    out[len] = 0;
    for (int up = 0; up < 4; up++) {
        *strrchr(out, '/') = 0;
    }
    strcat(out, "/bin");
}

static inline void link_put(const char *folder, const char *entry, const char *target)
{
    char path[PATH_ROOM];
    path_in(path, folder, entry);
    assert_int_equal(symlink(target, path), 0);
}

/* A party with this build's guard, and this very test as its other programs. */
static inline void party_put(struct daemon *d, bool with_others)
{
    static const char *const folder[] = {"keys", "people", "drop", "run", "programs"};
    static const char *const other[] = {"accord-intake", "accord-check", "accord-courier",
                                        "accord-desk"};
    char                     self[PATH_ROOM], bin[PATH_ROOM], path[PATH_ROOM];
    uint8_t                  conf[2048];
    struct writer            w = WRITER_OF(conf);
    *d = (struct daemon){.out = -1};
    strcpy(d->dir, "/tmp/accord-live-XXXXXX");
    assert_non_null(mkdtemp(d->dir));
    for (size_t i = 0; i < ARRAY_LEN(folder); i++) {
        path_in(path, d->dir, folder[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    keys_put(d->dir);
    path_in(d->programs, d->dir, "programs");
    put_text(&w, "party KOR\ndesk 127.0.0.1:7100\ncourier 127.0.0.1:7101\ndrop \"drop\"\n"
                 "programs \"");
    put_text(&w, d->programs);
    put_text(&w, "\"\nslots 256\nsegment ledger 128 KiB\nsegment outbox-intake 2 MiB\n"
                 "segment outbox-desk 2 MiB\nsegment lanes 2 MiB\nsegment inbox 2 MiB\n");
    file_put(d->dir, "accord.conf", writer_span(&w), 0644);
    built_bin(bin);
    path_in(path, bin, "accord-guard");
    link_put(d->programs, "accord-guard", path);
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    self[readlink("/proc/self/exe", self, sizeof self - 1)] = 0;
    for (size_t i = 0; with_others && i < ARRAY_LEN(other); i++) {
        link_put(d->programs, other[i], self);
    }
}

static inline void party_remove(const struct daemon *d)
{
    char command[PATH_ROOM + 16];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
    assert_int_equal(system(command), 0);
}

/* daemon_start - accordd on the party's directory; `option` may be NULL */
static inline void daemon_start(struct daemon *d, const char *option)
{
    char bin[PATH_ROOM], program[PATH_ROOM];
    int  out[2];
    built_bin(bin);
    path_in(program, bin, "accordd");
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    d->pid = fork();
    if (d->pid == 0) {
        dup2(out[1], 2);
        execl(program, "accordd", d->dir, option, (char *)NULL);
        _exit(126);
    }
    close(out[1]);
    d->out = out[0];
    d->len = 0;
}

/* The next line that accordd or one of its processes wrote; false at their end */
static inline bool daemon_line(struct daemon *d, char out[static 8192])
{
    for (;;) {
        char *newline = memchr(d->line, '\n', d->len);
        if (newline != NULL) {
            size_t len = (size_t)(newline - d->line);
            memcpy(out, d->line, len);
            out[len] = 0;
            d->len -= len + 1;
            memmove(d->line, newline + 1, d->len);
            return true;
        }
        struct pollfd p = {.fd = d->out, .events = POLLIN};
        assert_int_equal(poll(&p, 1, AWAIT_MS), 1);
        ssize_t got = read(d->out, d->line + d->len, sizeof d->line - d->len);
        if (got <= 0) {
            return false;
        }
        d->len += (size_t)got;
    }
}

/* daemon_await - lines until one holds both; returns the number behind ` pid="`, or 0 */
static inline pid_t daemon_await(struct daemon *d, const char *one, const char *other)
{
    char line[8192];
    while (daemon_line(d, line)) {
        if (strstr(line, one) != NULL && strstr(line, other) != NULL) {
            const char *pid = strstr(line, " pid=\"");
            return pid == NULL ? 0 : (pid_t)atoi(pid + 6);
        }
    }
    print_error("accordd ended without saying: %s … %s\n", one, other);
    fail();
    return 0;
}

/* daemon_end - its exit code, once all that it wrote was read */
static inline int daemon_end(struct daemon *d, int signal_number)
{
    char line[8192];
    int  status = 0;
    if (signal_number != 0) {
        kill(d->pid, signal_number);
    }
    while (daemon_line(d, line)) {
        assert_null(strstr(line, "Sanitizer"));
        assert_null(strstr(line, "a process is killed"));
    }
    assert_int_equal(waitpid(d->pid, &status, 0), d->pid);
    close(d->out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
