/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_TOOLS_TARGET_H
#define TEST_TOOLS_TARGET_H

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/span.h"

/* target_open - the descriptor of "udp:HOST:PORT", "tcp:HOST:PORT" or "-" (standard output); ends
 * the program when there is none */
static inline int target_open(const char *text)
{
    char             copy[300];
    struct addrinfo *found = NULL;
    bool             udp = strncmp(text, "udp:", 4) == 0;
    struct addrinfo  want = {.ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM};
    if (strcmp(text, "-") == 0) {
        return STDOUT_FILENO;
    }
    snprintf(copy, sizeof copy, "%s", text);
    char *port = strrchr(copy, ':');
    if ((!udp && strncmp(text, "tcp:", 4) != 0) || port == copy + 3) {
        fprintf(stderr, "a target is udp:HOST:PORT, tcp:HOST:PORT or -\n");
        exit(2);
    }
    *port++ = '\0';
    if (getaddrinfo(copy + 4, port, &want, &found) != 0) {
        fprintf(stderr, "%s: no such host or port\n", text);
        exit(1);
    }
    int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        perror(text);
        exit(1);
    }
    freeaddrinfo(found);
    return fd;
}

/* target_send - one event; over TCP and standard output the caller ends it with a newline.  A
 * datagram that nobody takes is lost, as datagrams are. */
static inline void target_send(int fd, bool udp, span event)
{
    for (span rest = event; rest.len > 0;) {
        ssize_t n = write(fd, rest.ptr, rest.len);
        if (n < 0 && !udp) {
            perror("sending");
            exit(1);
        }
        if (n < 0 || udp) {
            return;
        }
        rest = (span){rest.ptr + n, rest.len - (size_t)n};
    }
}

/* pace - waits until `count` things at `rate` a second are due, counted from start */
static inline void pace(const struct timespec *start, uint64_t count, double rate)
{
    double          due = (double)count / rate;
    time_t          whole = (time_t)due;
    struct timespec at = {start->tv_sec + whole,
                          start->tv_nsec + (long)((due - (double)whole) * 1e9)};
    if (at.tv_nsec >= 1000000000L) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000L;
    }
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0) {
    }
}

static inline instant clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (instant)t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

/* number_of - a decimal option between least and most; ends the program on anything else */
static inline double number_of(const char *option, const char *text, double least, double most)
{
    char  *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most)) {
        fprintf(stderr, "--%s: a number from %g to %g is expected\n", option, least, most);
        exit(2);
    }
    return value;
}

#endif
