/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_TERMINAL_H
#define BENCH_TERMINAL_H

/* What the measurements of a real desk share: a person's terminal, a session that he signs, a source. */

#include "base/lines.h"
#include "crypt/sign.h"
#include "http/dial.h"

#include <jansson.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* terminal - of one person of the party whose folder this is */
struct terminal {
    const char *dir, *person;
};

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* As many connections as the system gives; one that ends is told by the write. */
static inline void sockets_many(void)
{
    struct rlimit files;
    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static inline void must(err e, const char *what)
{
    if (err_is(e)) {
        fprintf(stderr, "%s: %s\n", what, e.why);
        exit(1);
    }
}

static inline size_t file_read(const char *dir, const char *file, uint8_t *out, size_t max)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, file);
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        perror(path);
        exit(1);
    }
    size_t len = fread(out, 1, max, f);
    fclose(f);
    return len;
}

static inline struct tls_context *terminal_tls(const struct terminal *t)
{
    static uint8_t      cert[CERT_DER_MAX], key[CERT_KEY_MAX], authority[CERT_DER_MAX];
    char                path[200];
    struct tls_context *tls;
    snprintf(path, sizeof path, "people/%s/terminal.crt", t->person);
    span cert_span = {cert, file_read(t->dir, path, cert, sizeof cert)};
    snprintf(path, sizeof path, "people/%s/terminal.key", t->person);
    span                key_span = {key, file_read(t->dir, path, key, sizeof key)};
    span                authority_span = {authority,
                                          file_read(t->dir, "authority.crt", authority, sizeof authority)};
    struct tls_settings s = {.cert = cert_span,
                             .key = key_span,
                             .trusted = &authority_span,
                             .trusted_count = 1,
                             .roles = set_one(ROLE_DESK),
                             .alpn = "http/1.1"};
    must(tls_context_open(&s, &tls), "TLS");
    return tls;
}

static inline void desk_connect(const char *desk, struct tls_context *tls, struct dial *d,
                                struct client *c)
{
    struct net_address address;
    must(net_address_of(span_text(desk), &address), desk);
    must(dial_open(d, &address, tls, NULL, 10000), desk);
    client_init(c, dial_wire(d), span_text(desk));
}

static inline json_t *post(struct client *c, const char *target, json_t *body)
{
    static uint8_t answer[65536];
    span           got;
    json_error_t   problem;
    char          *text = json_dumps(body, JSON_COMPACT);
    struct ask     a = {.method = METHOD_POST,
                        .target = span_text(target),
                        .type = "application/json",
                        .body = span_text(text),
                        .body_file = -1};
    must(client_ask(c, &a, sizeof answer), target);
    must(client_body(c, answer, sizeof answer, &got), target);
    free(text);
    json_t *out = json_loadb((const char *)got.ptr, got.len, 0, &problem);
    if (out == NULL || c->answer.status >= 400) {
        fprintf(stderr, "%s: " SPAN_FMT "\n", target, SPAN_ARG(got));
        exit(1);
    }
    json_decref(body);
    return out;
}

static inline void session_open(const struct terminal *t, struct client *c, char session[static 20])
{
    uint8_t hex[64 + 1] = {0}, signature[SIGNATURE_LEN], out[2 * SIGNATURE_LEN + 1] = {0};
    secret  seed;
    char    path[200], target[100];
    snprintf(path, sizeof path, "people/%s/key", t->person);
    (void)file_read(t->dir, path, hex, 64);
    must(text_hex((span){hex, 64}, seed.key, SECRET_LEN), path);
    json_t *act = post(
        c, "/v1/acts",
        json_pack("{s:s,s:s,s:s}", "person", t->person, "act", "session", "body", "minutes 60\n"));
    const char   *text = json_string_value(json_object_get(act, "text"));
    struct writer w = WRITER_OF(out);
    sign_make(&seed, "accord act 1", span_text(text), signature);
    put_hex(&w, SPAN_OF(signature));
    snprintf(target, sizeof target, "/v1/acts/%lld/signatures",
             (long long)json_integer_value(json_object_get(act, "act")));
    json_t *done = post(
        c, target, json_pack("{s:s,s:s}", "person", t->person, "signature", (const char *)out));
    snprintf(session, 20, "%s", json_string_value(json_object_get(done, "session")));
    json_decref(act);
    json_decref(done);
}

static inline void stream_ask(struct client *c, const char *session)
{
    char       target[100];
    struct ask a = {.method = METHOD_GET, .type = "", .body_file = -1};
    snprintf(target, sizeof target, "/v1/stream?session=%s", session);
    a.target = span_text(target);
    must(client_ask(c, &a, 0), target);
}

/* ---- the sensor's side ---- */

static inline void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n <= 0) {
            perror("sending");
            exit(1);
        }
        bytes += n;
        len -= (size_t)n;
    }
}

static inline int source_connect(const char *text)
{
    struct net_address a;
    must(net_address_of(span_text(text), &a), text);
    int fd = socket(a.at.any.sa_family, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, &a.at.any, a.len) != 0) {
        perror(text);
        exit(1);
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return fd;
}

/* ---- what a process costs ---- */

/* Nanoseconds on a processor so far, of all its threads */
static inline uint64_t cpu_ns(long pid)
{
    clockid_t       clock;
    struct timespec t;
    if (clock_getcpuclockid((pid_t)pid, &clock) != 0 || clock_gettime(clock, &t) != 0) {
        fprintf(stderr, "process %ld has gone\n", pid);
        exit(1);
    }
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline unsigned long memory_kib(long pid)
{
    char          path[64], line[128];
    unsigned long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    FILE *f = fopen(path, "re");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        (void)sscanf(line, "VmRSS: %lu", &kib);
    }
    if (f != NULL) {
        fclose(f);
    }
    return kib;
}

static inline int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

#endif
