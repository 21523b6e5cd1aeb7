/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_H
#define WIRE_LINK_H

#include "wire/batch.h"
#include "wire/request.h"

/* What two couriers say to each other inside TLS 1.3 with ALPN "accord/1" (docs/format/link.md).
 *
 * The courier that has something to give dials; entries go one way on that connection and
 * acknowledgements come back.  A frame is u32 length, u8 kind, body. */

#define LINK_ALPN      "accord/1"
#define FRAME_HEAD_LEN 5
#define FRAME_MAX      (FRAME_HEAD_LEN + 1 + 8 + 1 + BATCH_MAX)

/* path - the connections that one side dials.  Bulk takes what may wait; CONTROL and FLASH have connections of their
 * own and go on two of those, so that what is lost on one comes on the other, or on one that was spare. */
enum path { PATH_BULK, PATH_URGENT, PATH_COUNT = PATH_URGENT + 4 };
#define PATHS_AT_ONCE 2

/* lane - order is kept and numbers are counted in each; the smaller goes first.  AHEAD has grants of epochs of which there
 * is nothing yet */
enum {
    LANE_CONTROL,
    LANE_FLASH,
    LANE_IMMEDIATE,
    LANE_PRIORITY,
    LANE_ROUTINE,
    LANE_AHEAD,
    LANE_COUNT
};

enum frame {
    FRAME_HELLO =
        1, /* first, and then the answer to it: u8 version (3), u64 run, block16 notice of the own guard's
                        day key, LANE_COUNT times u64: the last entry of each lane that was synced here, zeros
                        from the side that dialled */
    FRAME_ENTRY,  /* u8 lane, u64 number, u8 enum entry, the entry */
    FRAME_ACK,    /* LANE_COUNT times u64: synced up to here, never less than before */
    FRAME_NOTICE, /* block16 notice: a new day key */
    FRAME_PING,   /* empty; answered by an ACK */
    FRAME_BEAT,   /* envelope of a beat: goes before everything else, is not stored, and a newer one
                        takes its place; either way on either connection */
};

/* entry - what a lane carries
 *
 * A batch is live when it may be shown before it is synced; nothing else follows from it.  A gap says
 * that the numbers from `first` to its own will not come: a lane's numbers jump when its sender starts
 * anew (docs/format/link.md).  A letter's body is its envelope, in the lane CONTROL only.  Left is a gap of tracks
 * that have a newer report: what comes in their place comes behind it. */
enum entry { ENTRY_GRANT = 1, ENTRY_BATCH, ENTRY_BATCH_LIVE, ENTRY_GAP, ENTRY_LETTER, ENTRY_LEFT };

/* hello - run is by chance, another one at each start of a courier */
struct hello {
    uint64_t run;
    span     notice;
    uint64_t synced[LANE_COUNT];
};

struct entry_head {
    uint8_t  lane, kind;
    uint64_t number;
    span     body; /* a batch; ENTRY_GRANT: id handle, then the grant; ENTRY_GAP: u64 first;
                     ENTRY_LETTER: the envelope; ENTRY_LEFT: struct left */
};

/* left - batches of tracks that a sender left out, since a newer report of each track comes
 *
 *   u64 first | u8 count, 1 to LEFT_MAX | count * (16 handle, u64 next, u32 items, u32 reports)
 *
 * first     the numbers from it to the entry's own will not come
 * next      items of that epoch before it that did not come will not
 * items     how many;   reports: of them, but for what was sealed once more for others, which the partner has */
#define LEFT_MAX 16
struct left_row {
    id       handle;
    uint64_t next;
    uint32_t items, reports;
};
struct left {
    uint64_t        first;
    uint8_t         count;
    struct left_row row[LEFT_MAX];
};
#define LEFT_LEN_MAX (8 + 1 + LEFT_MAX * (ID_LEN + 8 + 4 + 4))

/* left_read - fails MALFORMED on anything else */
/*@ requires readable(body) && \valid(out);
    assigns *out;
    ensures in_bounds: \result.code == ERR_NONE ==> out->first != 0 && 1 <= out->count <= LEFT_MAX; */
err  left_read(span body, struct left *out);
void left_put(struct writer *w, const struct left *l);

/* frame_read - the first frame of what has come so far
 *
 * taken   bytes it uses; 0 = not all of it has come yet
 * fails   LIMIT on a length past FRAME_MAX, MALFORMED on an unknown kind */
struct frame_view {
    uint8_t kind;
    span    body;
};
/*@ requires readable(have) && \valid(out) && \valid(taken) && \separated(out, taken);
    assigns *out, *taken;
    ensures known: \result.code == ERR_NONE && *taken > 0 ==> FRAME_HELLO <= out->kind <= FRAME_BEAT;
    ensures bounded_length: \result.code == ERR_NONE && *taken > 0 ==>
        *taken == FRAME_HEAD_LEN + out->body.len && *taken <= FRAME_MAX;
    ensures nothing_is_taken: \result.code != ERR_NONE ==> *taken == 0 && *out == \old(*out); */
err frame_read(span have, struct frame_view *out, size_t *taken);

/* frame_begin / frame_end - a frame into w; the length is filled in at the end */
size_t frame_begin(struct writer *w, enum frame kind);
void   frame_end(struct writer *w, size_t began);

/*@ requires readable(body) && \valid(out);
    assigns *out;
    ensures in_bounds: \result.code == ERR_NONE ==> out->notice.len <= NOTICE_MAX; */
err  hello_read(span body, struct hello *out);
void hello_put(struct writer *w, const struct hello *h);
/*@ requires readable(body) && \valid(out);
    assigns *out;
    ensures in_bounds: \result.code == ERR_NONE ==> out->lane < LANE_COUNT && out->number != 0 &&
        ENTRY_GRANT <= out->kind <= ENTRY_LEFT; */
err  entry_read(span body, struct entry_head *out);
void entry_put(struct writer *w, uint8_t lane, uint64_t number, enum entry kind);
/*@ requires readable(body) && \valid(synced + (0 .. LANE_COUNT - 1));
    assigns synced[0 .. LANE_COUNT - 1]; */
err  ack_read(span body, uint64_t synced[static LANE_COUNT]);
void ack_put(struct writer *w, const uint64_t synced[static LANE_COUNT]);

#endif
