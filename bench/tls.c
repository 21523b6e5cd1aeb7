/* links: crypt */
/* SPDX-License-Identifier: Apache-2.0 */
/* The yardstick: what plain TLS does here.  One process sends to another over loopback, as libssl comes: TLS 1.3,
 * TLS_AES_256_GCM_SHA384, certificates on both sides, writes of 64 KiB out of one buffer, reads of up to 256 KiB into another,
 * and nothing is kept.
 *
 *   tls CERT KEY BYTES     PEM; both sides show the same and trust it
 *
 * Prints one line of JSON: seconds, MB a second, and the processor's seconds a GB at either end. */
#include "base/span.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECE ((size_t)64 << 10)
#define ROOM  ((size_t)256 << 10)

static void must(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "tls: %s\n", what);
        exit(1);
    }
}

static SSL *tls_over(const char *cert, const char *key, int fd, bool server)
{
    SSL_CTX *c = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
    must(c != NULL && SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1 &&
             SSL_CTX_set_ciphersuites(c, "TLS_AES_256_GCM_SHA384") == 1 &&
             SSL_CTX_use_certificate_file(c, cert, SSL_FILETYPE_PEM) == 1 &&
             SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) == 1 &&
             SSL_CTX_load_verify_locations(c, cert, NULL) == 1,
         "the certificate cannot be used");
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL *s = SSL_new(c);
    must(s != NULL && SSL_set_fd(s, fd) == 1, "no memory");
    must((server ? SSL_accept(s) : SSL_connect(s)) == 1, "no handshake");
    return s;
}

static void send_all(char **argv, const struct sockaddr_in *to, size_t left)
{
    static uint8_t piece[PIECE];
    char           done;
    int            fd = socket(AF_INET, SOCK_STREAM, 0);
    must(connect(fd, (const struct sockaddr *)to, sizeof *to) == 0, "no connection");
    SSL *s = tls_over(argv[1], argv[2], fd, false);
    while (left > 0) {
        int n = SSL_write(s, piece, (int)(left < PIECE ? left : PIECE));
        must(n > 0, "the sending broke");
        left -= (size_t)n;
    }
    (void)SSL_read(s, &done, 1);
}

static double cpu_s(int who)
{
    struct rusage u;
    (void)getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void receive_all(char **argv, int fd, size_t bytes)
{
    static uint8_t room[ROOM];
    SSL           *s = tls_over(argv[1], argv[2], fd, true);
    double         began = now_s(), used = cpu_s(RUSAGE_SELF), gb = (double)bytes / 1e9;
    for (size_t got = 0; got < bytes;) {
        int n = SSL_read(s, room, ROOM);
        must(n > 0, "the receiving broke");
        got += (size_t)n;
    }
    double took = now_s() - began;
    used = cpu_s(RUSAGE_SELF) - used;
    must(SSL_write(s, "x", 1) == 1 && wait(NULL) > 0, "the sender is gone");
    printf("{\"seconds\": %.2f, \"mb_per_s\": %.0f, \"receiver_cpu_s_per_gb\": %.2f, "
           "\"sender_cpu_s_per_gb\": %.2f}\n",
           took, 1000 * gb / took, used / gb, cpu_s(RUSAGE_CHILDREN) / gb);
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          len = sizeof at;
    int                listener = socket(AF_INET, SOCK_STREAM, 0);
    must(argc == 4, "usage: tls CERT KEY BYTES");
    size_t bytes = strtoul(argv[3], NULL, 10);
    must(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 1) == 0 &&
             getsockname(listener, (struct sockaddr *)&at, &len) == 0,
         "no port");
    if (fork() == 0) {
        send_all(argv, &at, bytes);
        _exit(0);
    }
    receive_all(argv, accept(listener, NULL, NULL), bytes);
    return 0;
}
