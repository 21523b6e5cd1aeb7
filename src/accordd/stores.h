/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_STORES_H
#define ACCORDD_STORES_H

#include "accordd/party.h"

/* The files that only accordd makes: the segments of the logs and the key slots; with them the
 * pages of marks and the doorbells, which live as long as accordd does. */

/* stores_log - one log
 *
 * dir            its folder
 * first, count   the numbers of its segments, without a gap
 * marks          the page, for its writer; marks_ro the same for readers
 * passing        the file of what was passed of it, for PROCESS_CHECK; passing_ro the same for readers; -1: nobody
 *                waits for that
 * looked         the sums of what was looked at of it, likewise; looked_ro
 * bell           for each process that reads it and does not write it, else -1
 * need           what each of its readers still needs, as it said since it was started; 0: all
 * made_ms        when its newest segment was made, on the boot clock; 0: before this start */
struct stores_log {
    int      dir;
    uint32_t bytes;
    uint64_t first, count;
    int      marks, marks_ro;
    int      passing, passing_ro;
    int      looked, looked_ro;
    int      bell[PROCESS_COUNT];
    uint64_t need[PROCESS_COUNT];
    int64_t  made_ms;
};

struct stores {
    int               dir;
    int               slots;
    struct stores_log log[LOG_COUNT];
};

/* stores_open - find what is there; make what is not: folders, two segments of each log, the slots
 *
 * A log that lacks its second segment only, and gets none, is opened: its writer asks for it.
 * fails   CONFLICT when a log has a gap, or lies where another should; STATE when the slots are
 *         missing though the ledger is not; FULL, IO
 * cost    the first time it writes all these files in full */
err stores_open(struct stores *s, const struct party *p);

/* stores_spare - the next segment of a log; its space is only reserved when a stream fills the log
 *
 * number   the one that is wanted; made is false when it is there already, and when it failed
 * fails    MALFORMED when it is not the next; FULL, IO */
err stores_spare(struct stores *s, enum log_name log, uint64_t number, bool *made);

/* stores_retain - remove the oldest segments of a log that no reader needs and that are old enough
 *
 * before   receives the number of the first that is left; more than it was: those before are gone
 * fails    IO */
err stores_retain(struct stores *s, enum log_name log, instant keep_ms, instant now,
                  uint64_t *before);

/* stores_room - what the disk has for a log's folder, and what the log takes and how fast it grows
 *
 * since    when its oldest segment was last written */
struct stores_room {
    uint64_t free, bytes;
    instant  since;
};
err stores_room(const struct stores *s, enum log_name log, struct stores_room *out);

#endif
