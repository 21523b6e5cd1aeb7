/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAK_VIEWER_H
#define TAK_VIEWER_H

#include "feed/conflate.h"
#include "tak/talk.h"

/* viewer - a TAK client that is shown reports, as a machine without I/O: what waits for it, bounded; what it was shown
 * and may have to be told to delete; what it says, of which nothing enters (docs/format/cot-profile.md). */

/* VIEWER_OUT_MAX      - bytes that wait for it: some 500 events, a second of a busy picture
 * VIEWER_SPARE        - of those kept free for what is no report: deletions, pongs, an answer
 * VIEWER_FRAMES_MAX   - pieces among those bytes
 * VIEWER_LATE_MAX     - reports that found no room there: the newest of each track, every warning
 * VIEWER_STORE_MAX    - of those, for all viewers
 * VIEWER_SEEN_MAX     - tracks that it can be told to delete: a busy picture, 2.8 MB once it has seen so many
 * VIEWER_SAYS_MAX     - events that it may send in a second: devices send one in some seconds
 * VIEWER_STUCK_MS     - who takes nothing for so long is not there
 * VIEWER_OFFER_MAX    - bytes that may be on their way at once: what cannot be taken back any more
 * VIEWER_TEXT_MAX     - an event in either form, with its head */
#define VIEWER_OUT_MAX    (256 * 1024)
#define VIEWER_SPARE      8192
#define VIEWER_FRAMES_MAX 2048
#define VIEWER_LATE_MAX   4096
#define VIEWER_STORE_MAX  16384
#define VIEWER_SEEN_MAX   20480
#define VIEWER_SAYS_MAX   256
#define VIEWER_STUCK_MS   30000
#define VIEWER_OFFER_MAX  16384
#define VIEWER_TEXT_MAX   (REPORT_COT_MAX + TAK_HEAD_MAX)
#define VIEWER_BUCKETS    8192

/* viewer_report - one report for many viewers; its text in each form is made once, when it is first wanted
 *
 * warning  never left out for a newer one
 * under    the number of what it is shown by: taken back by this number; not 0
 * len      0: not made yet; in the order XML, message */
struct viewer_report {
    const struct report *report;
    struct report_also   also;
    bool                 warning;
    uint64_t             under;
    size_t               len[2];
    uint8_t              text[2][VIEWER_TEXT_MAX];
};

/* viewer_time - of the day, and on the boot clock */
struct viewer_time {
    int64_t boot_ms;
    instant now;
};

/* frame - a piece of what waits;  seen: place and age of what it shows, one higher; 0: of none */
struct viewer_frame {
    uint32_t len, seen, age;
    uint64_t under;
};

/* late - a report that waits for room;  next: of those that are free, one higher */
struct viewer_late {
    struct report     report;
    struct cot_labels labels;
    bool              labelled, warning;
    uint8_t           group_len, group[REPORT_GROUP_MAX];
    uint64_t          under;
    uint32_t          next;
};

/* viewer_store - what waits for all viewers together; pages that nobody needs are never taken */
struct viewer_store {
    struct conflater    queue;
    struct viewer_late *late;
    uint32_t            high, free;
};

/* seen - what it was shown under a uid;  sent: it is on its way, or there;  doomed: a deletion is owed */
struct viewer_seen {
    char     uid[REPORT_UID_MAX + 1], type[REPORT_TYPE_MAX + 1];
    bool     used, sent, doomed;
    uint32_t age, next; /* one higher */
    uint64_t under;
    instant  stale;
};

/* viewer - large, and most of it is never touched while its client reads
 *
 * late       what waits for room, by places in the store
 * lost       why it is to be cut off; NULL: it is not
 * begun      of what waits, bytes that were offered and may be partly sent
 * counts     reports shown, left out for newer ones, deletions; events of its own: pings, dropped, refused */
struct viewer {
    struct talk_side     side;
    struct viewer_store *store;
    struct conflate      late;
    const char          *lost;
    int64_t              moved_ms, second_ms;
    unsigned             said;
    size_t               in_len, from, len, begun;
    uint32_t             frame_first, frame_count;
    uint32_t             seen_high, seen_free, seen_hand, seen_age, doomed;
    uint64_t             deletions;
    uint64_t             shown, left_out, pings, dropped, refused;
    uint32_t             bucket[VIEWER_BUCKETS]; /* one higher */
    struct viewer_frame  frame[VIEWER_FRAMES_MAX];
    uint8_t              in[COT_EVENT_MAX];
    uint8_t              out[VIEWER_OUT_MAX];
    struct viewer_seen   seen[VIEWER_SEEN_MAX];
};

/* viewer_store_open - fails FULL */
err  viewer_store_open(struct viewer_store *store);
void viewer_store_close(struct viewer_store *store);

/* viewer_begin - one who has come, and is offered the protocol
 *
 * number   unique for this connection
 *
 * viewer_end - he has gone: what waits for him is the store's again */
void viewer_begin(struct viewer *v, struct viewer_store *store, uint64_t number,
                  const struct viewer_time *t);
void viewer_end(struct viewer *v);

/* viewer_show - show a report; without room it waits, and a newer one of the same uid takes its place
 *
 * viewer_take - take back what was shown under this number, or all with 0: what waits goes, and of what may be there
 *               a deletion is sent, as soon as there is room
 * cost    no memory, no system call */
void viewer_show(struct viewer *v, struct viewer_report *r, const struct viewer_time *t);
void viewer_take(struct viewer *v, uint64_t under, const struct viewer_time *t);

/* viewer_heard - so many bytes more lie behind in_len of `in`: pings and the protocol are answered, all else is
 *                counted and dropped */
void viewer_heard(struct viewer *v, size_t len, const struct viewer_time *t,
                  struct tak_reader *reader);

/* viewer_next - what is to be sent; it comes again, or longer, until viewer_sent has taken it off
 * viewer_tick - about once a second: does it take what it is given? */
span viewer_next(struct viewer *v);
void viewer_sent(struct viewer *v, size_t len, const struct viewer_time *t);
void viewer_tick(struct viewer *v, const struct viewer_time *t);

#endif
