/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_CHANNEL_H
#define LOOP_CHANNEL_H

#include "base/err.h"
#include "base/span.h"

/* channel - whole messages between two processes that accordd introduced, with descriptors */

/* The largest message: a compiled agreement or a cover with room to spare. */
#define MESSAGE_MAX 65536

/* A log's segment for its writer and one for a reader, twice. */
#define MESSAGE_FDS_MAX 4

/* What waits when the other side is slow.  More would hide that it is stuck; who gets FULL stops
 * asking its own side for more. */
#define CHANNEL_QUEUE_MAX (1 << 20)

/* channel - bytes of queue are the caller's; at least MESSAGE_MAX + CHANNEL_ENTRY_LEN
 *
 * wants_write   messages wait: watch EPOLLOUT and call channel_send_rest */
struct channel {
    int      fd;
    uint8_t *queue;
    size_t   queue_max;
    size_t   head; /* of the first message that waits */
    size_t   tail; /* behind the last */
};

#define CHANNEL_ENTRY_LEN 32

/* channel_pair - two ends, both non-blocking and closed on exec
 *
 * fails   IO */
err channel_pair(int ends[static 2]);

/* channel_init - fd stays the caller's to close; channel_done closes descriptors still queued */
void channel_init(struct channel *c, int fd, uint8_t *queue, size_t queue_max);
void channel_done(struct channel *c);

/* message - bytes and descriptors that go with them */
struct message {
    span   bytes;
    int    fd[MESSAGE_FDS_MAX];
    size_t fds;
};

/* channel_send - now, or behind those that wait
 *
 * m       1 to MESSAGE_MAX bytes; on success its descriptors are the channel's, which closes them
 *         once they are sent
 * fails   FULL when the queue is, and nothing is taken; STATE when the other side is gone; LIMIT */
err channel_send(struct channel *c, const struct message *m);

/* channel_send_rest - as many of the waiting as the other side takes
 *
 * fails   STATE when the other side is gone */
err channel_send_rest(struct channel *c);

/* channel_waits - does anything wait to be sent? */
static inline bool channel_waits(const struct channel *c)
{
    return c->head != c->tail;
}

/* channel_receive - the next message, if there is one
 *
 * buf     where its bytes go
 * out     its descriptors are the caller's to close
 * more    false when there is none now
 * fails   STATE when the other side is gone; LIMIT on more bytes or descriptors than allowed: the
 *         message is dropped, its descriptors closed; IO */
err channel_receive(struct channel *c, uint8_t buf[static MESSAGE_MAX], struct message *out,
                    bool *more);

#endif
