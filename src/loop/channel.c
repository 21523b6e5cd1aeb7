/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/channel.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* entry - what stands in the queue before the bytes of a message that waits */
struct entry {
    uint32_t len;
    uint32_t fds;
    int      fd[MESSAGE_FDS_MAX];
};

_Static_assert(sizeof(struct entry) <= CHANNEL_ENTRY_LEN, "an entry has its room");

union control {
    struct cmsghdr align;
    char           bytes[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
};

err channel_pair(int ends[static 2])
{
    int type = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;
    return socketpair(AF_UNIX, type, 0, ends) == 0 ? OK : FAIL(IO, "the system gave no channel");
}

void channel_init(struct channel *c, int fd, uint8_t *queue, size_t queue_max)
{
    size_t max = queue_max < CHANNEL_QUEUE_MAX ? queue_max : CHANNEL_QUEUE_MAX;
    MUST(max >= MESSAGE_MAX + CHANNEL_ENTRY_LEN);
    *c = (struct channel){.fd = fd, .queue = queue, .queue_max = max};
}

static void close_fds(const int *fd, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        close(fd[i]);
    }
}

static struct message entry_at(const struct channel *c, size_t at)
{
    struct entry   e;
    struct message m = {0};
    memcpy(&e, c->queue + at, sizeof e);
    m.bytes = (span){c->queue + at + CHANNEL_ENTRY_LEN, e.len};
    m.fds = e.fds;
    memcpy(m.fd, e.fd, sizeof m.fd);
    return m;
}

void channel_done(struct channel *c)
{
    while (channel_waits(c)) {
        struct message m = entry_at(c, c->head);
        close_fds(m.fd, m.fds);
        c->head += CHANNEL_ENTRY_LEN + m.bytes.len;
    }
    c->fd = -1;
}

static struct msghdr header_of(const struct message *m, struct iovec *part, union control *control)
{
    struct msghdr h = {.msg_iov = part, .msg_iovlen = 1};
    if (m->fds > 0) {
        size_t          len = m->fds * sizeof(int);
        struct cmsghdr *c = &control->align;
        h.msg_control = control->bytes;
        h.msg_controllen = CMSG_SPACE(len);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(len);
        memcpy(CMSG_DATA(c), m->fd, len);
    }
    return h;
}

/* sent - false when the other side takes no more now */
static err send_now(struct channel *c, const struct message *m, bool *sent)
{
    union control control = {0};
    uint8_t      *bytes;
    memcpy(&bytes, &m->bytes.ptr,
           sizeof bytes); /* sendmsg reads only, but its iovec is not const */
    struct iovec  part = {.iov_base = bytes, .iov_len = m->bytes.len};
    struct msghdr h = header_of(m, &part, &control);
    ssize_t       put = 0;
    do {
        put = sendmsg(c->fd, &h, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (put < 0 && errno == EINTR);
    *sent = put >= 0;
    if (put >= 0) {
        close_fds(m->fd, m->fds);
        return OK;
    }
    /* ETOOMANYREFS: descriptors under way; it passes as the other side takes them */
    bool later = errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS;
    return later ? OK : FAIL(STATE, "the other process is gone");
}

static void queue_compact(struct channel *c)
{
    if (c->head > 0) {
        memmove(c->queue, c->queue + c->head, c->tail - c->head);
        c->tail -= c->head;
        c->head = 0;
    }
}

static err enqueue(struct channel *c, const struct message *m)
{
    size_t len = CHANNEL_ENTRY_LEN + m->bytes.len;
    if (c->queue_max - c->tail < len) {
        queue_compact(c);
    }
    if (c->queue_max - c->tail < len) {
        return FAIL(FULL, "the other process does not take its messages");
    }
    struct entry e = {.len = (uint32_t)m->bytes.len, .fds = (uint32_t)m->fds};
    memcpy(e.fd, m->fd, sizeof e.fd);
    memcpy(c->queue + c->tail, &e, sizeof e);
    memcpy(c->queue + c->tail + CHANNEL_ENTRY_LEN, m->bytes.ptr, m->bytes.len);
    c->tail += len;
    return OK;
}

err channel_send(struct channel *c, const struct message *m)
{
    if (m->bytes.len == 0 || m->bytes.len > MESSAGE_MAX || m->fds > MESSAGE_FDS_MAX) {
        return FAIL(LIMIT, "a message has 1 to 65536 bytes and at most 4 descriptors");
    }
    TRY(channel_send_rest(c));
    bool sent = false;
    if (!channel_waits(c)) {
        TRY(send_now(c, m, &sent));
    }
    return sent ? OK : enqueue(c, m);
}

err channel_send_rest(struct channel *c)
{
    while (channel_waits(c)) {
        struct message m = entry_at(c, c->head);
        bool           sent = false;
        TRY(send_now(c, &m, &sent));
        if (!sent) {
            return OK;
        }
        c->head += CHANNEL_ENTRY_LEN + m.bytes.len;
    }
    c->head = c->tail = 0;
    return OK;
}

static void take_fds(struct msghdr *h, struct message *out)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            out->fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(out->fd, CMSG_DATA(c), out->fds * sizeof(int));
        }
    }
}

err channel_receive(struct channel *c, uint8_t buf[static MESSAGE_MAX], struct message *out,
                    bool *more)
{
    union control  control = {0};
    struct iovec   part = {.iov_base = buf, .iov_len = MESSAGE_MAX};
    struct msghdr  h = {.msg_iov = &part,
                        .msg_iovlen = 1,
                        .msg_control = control.bytes,
                        .msg_controllen = sizeof control.bytes};
    struct message m = {0};
    *more = false;
    ssize_t got = 0;
    do {
        got = recvmsg(c->fd, &h, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN) {
        return OK;
    }
    if (got <= 0) {
        return got == 0 || errno == ECONNRESET ? FAIL(STATE, "the other process is gone")
                                               : FAIL(IO, "a message could not be received");
    }
    take_fds(&h, &m);
    if ((h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        close_fds(m.fd, m.fds);
        return FAIL(LIMIT, "the other process sent more than a message may hold");
    }
    m.bytes = (span){buf, (size_t)got};
    *out = m;
    *more = true;
    return OK;
}
