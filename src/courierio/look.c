/* SPDX-License-Identifier: Apache-2.0 */
#include "courierio/look.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* LOOK_MS      - between two looks
 * LATE_MS      - what an answer may take beyond one and a quarter of its usual time
 * NARROW       - bytes in a millisecond: what is urgent and on its way may queue for itself for so long
 * LONG_US      - there and back: a long way
 * URGENT_MAX   - with so much that is urgent on its way, bulk waits at a narrow link
 * QUEUE_US     - what bulk may add to the way there and back: a FLASH waits for half of it
 * BASE_MS      - a way may become another: the least that it takes is of the last one or two of these times
 * WINDOW_MIN   - of bulk, so that it goes on: a packet
 * WINDOW_MAX   - with so much on its way it has no limit again */
#define LOOK_MS    50
#define LATE_MS    60
#define NARROW     16
#define LONG_US    200000
#define URGENT_MAX ((size_t)4096)
#define QUEUE_US   100000
#define BASE_MS    60000
#define WINDOW_MIN ((size_t)1448)
#define WINDOW_MAX ((size_t)1 << 20)

static bool is_bulk(const struct connection *c)
{
    return c->end.path == PATH_BULK && c->end.dialled;
}

static size_t on_its_way(const struct connection *c)
{
    int bytes = 0;
    return ioctl(c->fd, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

static size_t urgent_on_its_way(const struct links *l, unsigned partner)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        const struct connection *c = &l->connection[i];
        bool                     one = c->stage == STAGE_UP && c->waits_ms != 0 && !is_bulk(c);
        bytes += one && c->end.partner == partner ? on_its_way(c) : 0;
    }
    return bytes;
}

size_t look_room(const struct links *l, const struct connection *c)
{
    if (c->window == 0) {
        return SIZE_MAX;
    }
    size_t out = on_its_way(c), urgent = urgent_on_its_way(l, c->end.partner);
    return out < c->window && urgent <= URGENT_MAX ? c->window - out : 0;
}

void look_sent(struct connection *c, int64_t now_ms)
{
    c->waits_ms = c->waits_ms == 0 ? now_ms : c->waits_ms;
}

int64_t look_next(const struct connection *c)
{
    return c->stage == STAGE_UP && c->waits_ms != 0 ? c->look_ms : INT64_MAX;
}

/* ---- late answers ---- */

static bool is_late(const struct links *l, const struct connection *c, const struct tcp_info *t,
                    int64_t now_ms)
{
    int64_t usual = c->rtt_us / 1000, waits = now_ms - c->waits_ms - usual - usual / 4 - LATE_MS;
    bool    lost = t->tcpi_lost + t->tcpi_retrans + t->tcpi_sacked + t->tcpi_retransmits > 0;
    return lost || c->blocked ||
           (waits > 0 && waits > (int64_t)(urgent_on_its_way(l, c->end.partner) / NARROW));
}

/* Where the way is short nothing is gained by going to and fro between connections. */
static enum pace pace_of(const struct links *l, const struct connection *c,
                         const struct tcp_info *t, int64_t now_ms)
{
    if (is_late(l, c, t, now_ms)) {
        return PACE_LATE;
    }
    return c->rtt_us > LONG_US ? PACE_UNDER_WAY : PACE_CLEAR;
}

/* ---- the queue before a narrow link ---- */

/* The least that the way takes, as any connection to this partner found it. */
static int64_t base_of(const struct links *l, const struct connection *c)
{
    int64_t base = c->rtt_us;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        const struct connection *o = &l->connection[i];
        bool    same = o->stage == STAGE_UP && o->end.partner == c->end.partner && o->base_ms > 0;
        int64_t least = o->base_us[0] < o->base_us[1] ? o->base_us[0] : o->base_us[1];
        base = same && least < base ? least : base;
    }
    return base;
}

static void base_take(struct connection *c, int64_t now_ms)
{
    if (c->base_ms == 0 || now_ms - c->base_ms > 2 * BASE_MS) {
        c->base_us[0] = c->base_us[1] = c->rtt_us;
        c->base_ms = now_ms;
    }
    if (now_ms - c->base_ms > BASE_MS) {
        c->base_us[1] = c->base_us[0];
        c->base_us[0] = c->rtt_us;
        c->base_ms = now_ms;
    }
    c->base_us[0] = c->rtt_us < c->base_us[0] ? c->rtt_us : c->base_us[0];
}

static void window_turn(const struct links *l, struct connection *c)
{
    size_t out = on_its_way(c);
    if (c->rtt_us - base_of(l, c) > QUEUE_US) {
        size_t now = c->window == 0 || out < c->window ? out : c->window;
        c->window = now * 3 / 4 > WINDOW_MIN ? now * 3 / 4 : WINDOW_MIN;
    } else if (c->window != 0 && out > c->window / 2) {
        c->window += c->window / 4;
        c->window = c->window > WINDOW_MAX ? 0 : c->window;
    }
}

/* ---- both ---- */

static err info_of(struct connection *c, struct tcp_info *out)
{
    socklen_t len = sizeof *out;
    if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, out, &len) != 0) {
        return FAIL(IO, "the system does not say how a connection stands");
    }
    c->rtt_us = out->tcpi_rtt;
    return OK;
}

err look_after(struct links *l, struct connection *c)
{
    struct tcp_info t = {0};
    int64_t         now = shell_loop(l->shell)->now.boot_ms;
    if (look_next(c) > now) {
        return OK;
    }
    TRY(info_of(c, &t));
    base_take(c, now);
    if (t.tcpi_bytes_acked != c->there) {
        c->there = t.tcpi_bytes_acked;
        c->waits_ms = now;
    }
    bool all = t.tcpi_unacked == 0 && t.tcpi_notsent_bytes == 0;
    c->waits_ms = all ? 0 : c->waits_ms;
    c->look_ms = now + LOOK_MS;
    if (is_bulk(c) && c->window_ms <= now) {
        window_turn(l, c);
        c->window_ms = now + c->rtt_us / 1000;
    }
    if (!is_bulk(c)) {
        courier_pace(l->courier, c->end, all ? PACE_CLEAR : pace_of(l, c, &t, now));
    }
    return OK;
}
