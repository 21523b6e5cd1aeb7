/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_FOLLOW_H
#define DESKIO_FOLLOW_H

#include "desk/desk.h"

/* The log of an access control system: lines that are added to a file are handed to the guard as what a reader
 * enrolled as `log` says (docs/format/rooms.md).  A line is
 *
 *     2026-11-22T12:00:00.000Z gate-a ops enter sato      or  leave sato, or  alive
 *
 * What lies there at the start is from before and passed over: who was in a room is in the ledger.  So is what lies in a
 * file that could not be followed from the start on, when it can be. */

/* FOLLOW_SLOT - of the asker that stands for the log: no connection has it, nor the drop folder
 * FOLLOW_LINE_MAX  of a line, without its end
 * FOLLOW_TAIL      bytes before the place by which a file is known that was cut and written anew, longer: a line has a time
 *                  of milliseconds in it */
#define FOLLOW_SLOT     (UINT32_MAX - 1)
#define FOLLOW_LINE_MAX 256
#define FOLLOW_BUFFER   16384
#define FOLLOW_TAIL     64

/* FOLLOW_KEPT_MAX - lines that wait because their reader tells more than it may: a burst of a busy gate */
#define FOLLOW_KEPT_MAX 64

/* follow
 *
 * number   of the last text: rising over starts, as it begins at the clock's milliseconds
 * lost     why the file cannot be followed now; NULL: it is, or none is to be
 * before   it was not followed yet, and may have lain there before the start
 * asked    a text is with the guard; again: its line is said once more, as nobody heard it
 * refused  lines that were passed over: not as they must be, or refused by the guard;
 *          the last of them: by what reader (said: "" when it could not be read), and why
 * kept     lines of readers that tell more than they may: said again at each tick until they are taken, or refused for
 *          good, as they are when they are older than the lease; what follows of that reader waits behind them.
 *          kept_at: which comes next in this tick, or is with the guard (kept_asked)
 * tail     the bytes before `at`, as they were read */
struct follow {
    struct desk *desk;
    int          folder, fd; /* -1 = none */
    const char  *lost;
    bool         before;
    char         name[FOLLOW_LINE_MAX];
    uint64_t     device, inode, at, number, refused;
    bool         asked, again, more, long_line;
    uint32_t     turn;
    size_t       len, line_len;
    name         said;
    const char  *why;
    unsigned     kept_count, kept_at;
    bool         kept_asked;
    size_t       tail_len;
    uint8_t      tail[FOLLOW_TAIL];
    uint8_t      line[FOLLOW_LINE_MAX + 1];
    uint8_t      buf[FOLLOW_BUFFER];
    struct {
        size_t  len;
        uint8_t line[FOLLOW_LINE_MAX];
    } kept[FOLLOW_KEPT_MAX];
};

/* follow_open - folder stays the caller's, -1: there is none now, and nothing is followed;  path ends with the file's name, and
 *               is "" where no log is to be followed
 * follow_poll - at each tick, and at the end of a turn in which `more` was set: what was added since */
void follow_open(struct follow *f, struct desk *d, int folder, span path, instant now);
void follow_close(struct follow *f);
void follow_poll(struct follow *f);

/* The guard's answers; what it did not take for now (FULL, IO; LIMIT, of that reader) is said again, the rest is passed
 * over */
void follow_answered(struct follow *f);
void follow_refused(struct follow *f, err e);

#endif
