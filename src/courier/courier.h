/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include "base/instant.h"
#include "crypt/random.h"
#include "wire/link.h"

/* The courier of one party: what the outboxes hold and the guard grants goes into lanes, what lies in
 * the lanes goes to the partners, what partners send goes into the inbox (docs/format/lanes.md).
 *
 * A machine without I/O.  Its program hands it messages of the guard, bytes of connections and the
 * time; it acts through a port.  It knows ciphertext and ids that mean nothing.
 *
 * All memory is inside struct courier, whose size is fixed. */

struct courier;

/* What one gateway serves; the guard's limit is the same. */
#define COURIER_PARTNERS_MAX 16

/* courier_log - the logs that it writes */
enum courier_log { COURIER_LANES, COURIER_INBOX, COURIER_LOGS };

/* courier_reader - its places in logs.  Those of an outbox come in pairs, in the order of enum
 * epoch_outbox: one follows, one goes back for what was granted late, one fetches what is sent. */
enum courier_reader {
    READER_FOLLOW,
    READER_AGAIN = READER_FOLLOW + OUTBOX_COUNT,
    READER_SEND = READER_AGAIN + OUTBOX_COUNT,
    READER_LANES = READER_SEND + OUTBOX_COUNT,
    READER_INBOX,
    READER_COUNT
};

/* courier_item - a record as a reader found it
 *
 * synced   how much of that log was on the medium when the record was made
 * body     until the next call of the same reader */
struct courier_item {
    uint64_t position, next, synced;
    bool     live;
    uint8_t  type;
    span     body;
};

struct courier_record {
    const span *part;
    size_t      count;
    bool        live;
    uint8_t     type;
};

/* courier_end - what one connection is: of which partner, who dialled, and for which entries */
struct courier_end {
    unsigned partner;
    bool     dialled; /* by us: our entries go out on it */
    uint8_t  path;    /* enum path */
};

/* courier_port - what the machine may do in the world
 *
 * append    FULL: it asks again later; any other failure ends the courier
 * begin     a sync, without waiting for it: courier_synced comes when what is in the log now is on the
 *           medium.  One at a time for each log; sync ends one that is under way
 * read      the record at `at` (where one begins or ended; 0: the first there is) if it may be read now;
 *           more false when there is none yet, and out->next says before which position there is none.  Fails UNKNOWN when `at` is gone, FORGED when a record is
 *           damaged, or none begins there
 * written   how far that reader's log is written; 0 = its writer has not opened it yet
 * ask       a message to the guard; fails when it cannot take one now
 * dial      open this connection; ends in courier_opened or courier_closed
 * hang_up   close a connection; the machine has forgotten it already
 * done      nothing of that reader's log is needed before a position
 * note      something that the one who runs this should know; partner may be NULL */
struct courier_port {
    void *ctx;
    err (*append)(void *ctx, enum courier_log log, const struct courier_record *r,
                  uint64_t *position);
    err (*flush)(void *ctx, enum courier_log log);
    err (*sync)(void *ctx, enum courier_log log);
    err (*begin)(void *ctx, enum courier_log log);
    err (*read)(void *ctx, enum courier_reader reader, uint64_t at, struct courier_item *out,
                bool *more);
    uint64_t (*written)(void *ctx, enum courier_reader reader);
    err (*ask)(void *ctx, span message);
    void (*dial)(void *ctx, struct courier_end end);
    void (*hang_up)(void *ctx, struct courier_end end);
    void (*done)(void *ctx, enum courier_reader reader, uint64_t position);
    void (*note)(void *ctx, const char *sentence, const name *partner);
};

size_t courier_size(void);

/* courier_init - zeroed storage of courier_size bytes becomes a courier that knows nothing
 *
 * start   the time of the start: the numbers of this run's entries come after it */
void courier_init(struct courier *c, const struct courier_port *port, struct random_source random,
                  instant start, int64_t boot_ms);

/* courier_restore - read lanes and inbox back; once, before anything else
 *
 * fails   MALFORMED when a record cannot have been written by this courier; as port.read */
err courier_restore(struct courier *c);

/* courier_guard_new - there is a new channel to the guard: ask afresh what had no answer
 * courier_guard     - one message of the guard; what is not the courier's is passed over */
void courier_guard_new(struct courier *c);
void courier_guard(struct courier *c, int64_t boot_ms, span message);

/* courier_partner - a partner that the guard told of; NULL past the last
 *
 * The row's authority lies in the machine. */
const struct partner_row *courier_partner(const struct courier *c, unsigned partner);

/* courier_opened - a connection stands: TLS is done and it is this partner
 * courier_closed - it ended, or could not be made */
void courier_opened(struct courier *c, int64_t boot_ms, struct courier_end end);
void courier_closed(struct courier *c, int64_t boot_ms, struct courier_end end);

/* courier_pace - whether what was sent on it is at the other side: what is urgent goes where all is, before where
 * something is still under way, before where it is late */
enum pace { PACE_CLEAR, PACE_UNDER_WAY, PACE_LATE, PACE_COUNT };
void courier_pace(struct courier *c, struct courier_end end, enum pace pace);

/* courier_room - where bytes of that connection go; empty: none may be read now
 * courier_came - so many were put there */
struct courier_room {
    uint8_t *ptr;
    size_t   len;
};
struct courier_room courier_room(struct courier *c, struct courier_end end);
void courier_came(struct courier *c, int64_t boot_ms, struct courier_end end, size_t len);

/* courier_unsent - bytes for that connection, the most urgent first; may be empty
 * courier_sent   - the first so many of them are on their way */
span courier_unsent(struct courier *c, struct courier_end end);
void courier_sent(struct courier *c, struct courier_end end, size_t len);

/* courier_synced - the sync that port.begin began is over; a turn comes after it */
void courier_synced(struct courier *c, enum courier_log log);

/* courier_turn - the end of a turn: follow the outboxes, write, sync, ask, acknowledge
 *
 * next_ms   receives when the next turn is due; boot_ms or less: at once
 * fails     IO and what port.append and port.sync failed with: the courier must end */
err courier_turn(struct courier *c, int64_t boot_ms, int64_t *next_ms);

/* courier_counters - of one partner since the start */
struct courier_counters {
    bool     sending, receiving; /* connected, and greeted */
    uint64_t sent, acked, received, repeated, lost, cut, broken;
    uint64_t left;            /* reports of tracks that were left out, as a newer one goes */
    uint64_t letters_refused; /* there was no room for it, or it is no partner any more */
    uint64_t bytes_out, bytes_in;
};
void courier_count(const struct courier *c, unsigned partner, struct courier_counters *out);

#endif
