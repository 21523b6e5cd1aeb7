/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_PASSING_H
#define STORE_PASSING_H

#include "base/err.h"
#include "base/span.h"

#include <stdatomic.h>

/* What an inspector says of a log to those who carry records of it away (docs/format/segment.md, Passing).  It alone writes it;
 * they map it read-only, and see nothing that was not passed. */

/* PASSING_REFUSED_MAX - refusals whose records are still in the log; while there is no place for one more, nothing behind it
 * passes
 * PASSING_KEY_LEN     - records of one kind begin with the same so many bytes (of a batch: the id of its epoch) */
#define PASSING_REFUSED_MAX 2040
#define PASSING_KEY_LEN     16

/* passing_refused - records that begin at `from` or behind it and before `to`, and whose body begins with the key when any
 * of it is not zero; to 0: none */
struct passing_refused {
    _Atomic uint64_t from, to, key[2];
};

/* passing - a file beside the segments, mapped; zeros: nothing was passed
 *
 * passed   records before this position were looked at: those that were not refused may leave
 * safe     of those the ones that were on the medium by then: a power cut leaves them where they are
 * floor    who inspects begins here after a start, to know again what it knew of what is under way
 * count    places of `refused` that were ever used
 * sum      CRC-32C of safe and floor, and of the places that were used: bytes that a disk changed are not believed
 * turn     one more each time that all was forgotten
 * again    all bits of passed turned round: who reads believes both or none */
struct passing {
    _Alignas(64) _Atomic uint64_t passed;
    _Atomic uint64_t safe, floor;
    _Atomic uint32_t count;
    struct {
        _Atomic uint32_t marks, list;
    } sum;
    _Atomic uint32_t turn;
    _Atomic uint64_t again;
    _Alignas(64) struct passing_refused refused[PASSING_REFUSED_MAX];
};
#define PASSING_BYTES 65536
_Static_assert(sizeof(struct passing) <= PASSING_BYTES, "the file has room for it");

/* passing_begin  - the first start since the power came: what is not safe is looked at again
 *
 * returns   false: it was damaged, and is forgotten
 *
 * passing_forget - it speaks of another log, or nobody knows of what: nothing was passed of this one
 * passing_whole  - do the sums, and what is there twice, hold?  Its writer asks, between two changes */
bool passing_begin(struct passing *p);
void passing_forget(struct passing *p);
bool passing_whole(const struct passing *p);

/* passing_to     - records before `position` may leave, but for those that were refused; those are on the medium before, and
 *                  the sums of the others are written.  Nothing when it does not go on
 * passing_settle - the log and the sums are on the medium up to `safe`, which was passed: a power cut leaves that so, and who
 *                  begins after this looks from `floor` on */
void passing_to(struct passing *p, uint64_t position);
void passing_settle(struct passing *p, uint64_t safe, uint64_t floor);

/* passing_refuse - these records never leave; before passing_to goes past the first of them
 *
 * what    zero key: to is known; else it may be PASSING_OPEN: whatever comes
 * start   what lies before it is gone from the log: places of that are free again
 * more    false when they were refused before
 * fails   FULL when there is no place, CONFLICT when somebody else changed the list: nothing is changed
 *
 * passing_close - no more of that key comes from this position on: its place may be free one day; NULL: of any key, for who
 *                 begins to look there.  Nothing when somebody else changed the list */
struct passing_what {
    uint64_t from, to;
    uint8_t  key[PASSING_KEY_LEN];
};
#define PASSING_OPEN UINT64_MAX
err  passing_refuse(struct passing *p, const struct passing_what *what, uint64_t start, bool *more);
void passing_close(struct passing *p, const uint8_t *key, uint64_t to);

/* passing_refuses - was this record refused?  Of what lies before `passed` only, and by its writer */
bool passing_refuses(const struct passing *p, uint64_t position, span body);

/* passing_see  - how far it was passed, as who reads may believe it: 0 when its bytes were changed
 *
 * passing_says - what is to be done with a record before seen.passed.  UNSURE: the list is just changing, or its bytes were
 *                changed, or all was forgotten since it was seen: nothing may be read before the next bell */
struct passing_seen {
    uint32_t turn;
    uint64_t passed;
};
enum passing_word { PASSING_GOES, PASSING_STAYS, PASSING_UNSURE };
struct passing_seen passing_see(const struct passing *p);
enum passing_word passing_says(const struct passing *p, struct passing_seen seen, uint64_t position,
                               span body);

#endif
