/* SPDX-License-Identifier: Apache-2.0 */

/* relay - a link that is slow, far and loses packets, between two programs of one machine
 *
 *     relay DEVICE PORT_A PORT_B [SEED]
 *
 * Makes the TUN device DEVICE; whoever started it gives it an address, such as 10.77.0.1/24.  Each packet that goes
 * there to another address comes back with its two addresses exchanged: so what listens on 10.77.0.1 is reached
 * from the same machine at 10.77.0.2, through here.  A program listens on each of the two ports; packets from
 * PORT_A or to PORT_B are one direction, the others the other, each with its own rate and queue.
 *
 * A line "RATE DELAY LOSS QUEUE" on standard input says how the link is from now on: bits a second (0: no limit),
 * milliseconds one way, percent, and bytes that wait for the rate before packets are dropped.  When the input ends
 * so does it, and says what became of the packets. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PACKETS_MAX 8192
#define PACKET_MAX  2048
#define HEAD_MIN    24 /* of IPv4, with the ports behind it */
#define LINE_MAX    200

struct packet {
    int64_t due_us; /* at the other end */
    size_t  len;
    int     lost;
    uint8_t bytes[PACKET_MAX];
};

struct direction {
    struct packet packet[PACKETS_MAX];
    unsigned      head, count;
    int64_t       free_us;
    unsigned long passed, lost, dropped, bytes;
    int64_t       late_us; /* the most that a packet left after its time: the machine was busy */
};

struct link_kind {
    long rate, delay_ms, loss, queue;
};

static struct direction way[2];
static struct link_kind kind;
static uint16_t         port[2];
static uint64_t         dice;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int is_lost(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (long)((dice >> 20) % 100) < kind.loss;
}

static int device_open(const char *name)
{
    struct ifreq want = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int          fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    snprintf(want.ifr_name, sizeof want.ifr_name, "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &want) != 0) {
        perror(name);
        exit(1);
    }
    return fd;
}

static uint16_t port_at(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* How much waits for the rate. */
static long queue_of(const struct direction *d, int64_t now)
{
    return kind.rate > 0 && d->free_us > now ? (long)((d->free_us - now) * kind.rate / 8000000) : 0;
}

static void packet_take(uint8_t *bytes, size_t len)
{
    size_t head = (size_t)(bytes[0] & 15) * 4;
    if (len < HEAD_MIN || bytes[0] >> 4 != 4 || len < head + 4) {
        return; /* not of those that are meant */
    }
    int from_a = port_at(bytes + head) == port[0] || port_at(bytes + head + 2) == port[1];
    struct direction *d = &way[!from_a];
    int64_t           now = now_us();
    if (d->count == PACKETS_MAX || queue_of(d, now) + (long)len > kind.queue) {
        d->dropped++;
        return;
    }
    int64_t takes = kind.rate > 0 ? (int64_t)len * 8000000 / kind.rate : 0;
    d->free_us = (d->free_us > now ? d->free_us : now) + takes;
    struct packet *p = &d->packet[(d->head + d->count++) % PACKETS_MAX];
    p->due_us = d->free_us + kind.delay_ms * 1000;
    p->len = len;
    p->lost = is_lost();
    memcpy(p->bytes, bytes, len);
    memcpy(p->bytes + 12, bytes + 16, 4); /* the checksums stay what they are */
    memcpy(p->bytes + 16, bytes + 12, 4);
}

/* In their order; when the next is due, or -1. */
static int64_t packets_give(int fd, struct direction *d)
{
    int64_t now = now_us();
    while (d->count > 0 && d->packet[d->head].due_us <= now) {
        struct packet *p = &d->packet[d->head];
        d->late_us = now - p->due_us > d->late_us ? now - p->due_us : d->late_us;
        int gone = p->lost || write(fd, p->bytes, p->len) != (ssize_t)p->len;
        d->lost += gone != 0;
        d->passed += gone == 0;
        d->bytes += gone == 0 ? p->len : 0;
        d->head = (d->head + 1) % PACKETS_MAX;
        d->count--;
    }
    return d->count > 0 ? d->packet[d->head].due_us - now : -1;
}

static int line_take(void)
{
    char line[LINE_MAX];
    if (fgets(line, sizeof line, stdin) == NULL) {
        return 0;
    }
    struct link_kind k;
    if (sscanf(line, "%ld %ld %ld %ld", &k.rate, &k.delay_ms, &k.loss, &k.queue) != 4 ||
        k.rate < 0 || k.delay_ms < 0 || k.loss < 0 || k.queue < 0) {
        fprintf(stderr, "a line is RATE DELAY LOSS QUEUE\n");
        exit(2);
    }
    kind = k;
    printf("ok\n");
    fflush(stdout);
    return 1;
}

static void relay_run(int fd)
{
    static uint8_t bytes[PACKET_MAX];
    struct pollfd  on[] = {{.fd = fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    for (;;) {
        int64_t         one = packets_give(fd, &way[0]), other = packets_give(fd, &way[1]);
        int64_t         next = one < 0 || (other >= 0 && other < one) ? other : one;
        struct timespec wait = {next / 1000000, next % 1000000 * 1000};
        ppoll(on, 2, next < 0 ? NULL : &wait, NULL);
        ssize_t n;
        while ((on[0].revents & POLLIN) != 0 && (n = read(fd, bytes, sizeof bytes)) > 0) {
            packet_take(bytes, (size_t)n);
        }
        if (on[1].revents != 0 && !line_take()) {
            return;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: relay DEVICE PORT_A PORT_B [SEED]\n");
        return 2;
    }
    int fd = device_open(argv[1]);
    port[0] = (uint16_t)strtoul(argv[2], NULL, 10);
    port[1] = (uint16_t)strtoul(argv[3], NULL, 10);
    dice = 88172645463325252u + (argc > 4 ? strtoull(argv[4], NULL, 10) * 2654435761u : 0);
    kind = (struct link_kind){.queue = 1 << 30};
    setvbuf(stdin, NULL, _IONBF, 0);
    printf("ok\n");
    fflush(stdout);
    relay_run(fd);
    for (int i = 0; i < 2; i++) {
        printf(
            "%s: %lu passed with %lu bytes, %lu lost, %lu dropped by the full queue, most late by "
            "%ld ms\n",
            i == 0 ? "from A" : "from B", way[i].passed, way[i].bytes, way[i].lost, way[i].dropped,
            (long)(way[i].late_us / 1000));
    }
    return 0;
}
