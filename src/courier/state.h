/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_STATE_H
#define COURIER_STATE_H

#include "courier/courier.h"
#include "courier/index.h"
#include "wire/line.h"

/* Inside the courier. */

#define EPOCHS_MAX                                                                                 \
    4096 /* the guard holds 2,048 items for officers; the rest are feeds of two minutes */
#define RING_MAX 1024 /* entries of one lane on their way; with syncs at 20 ms 50,000 a second */
#define HANDLES_MAX                                                                                \
    512 /* epochs of one partner that are running: repeats of older ones are not seen */
#define ARRIVALS_MAX 1024 /* grants that the guard has not answered; later ones wait in the inbox */

#define LINK_QUEUE                                                                                 \
    ((size_t)16 << 10) /* small entries are gathered up to here: what is more urgent waits for it */
#define GAP_FRAME  ((size_t)FRAME_HEAD_LEN + 1 + 8 + 1 + 8)
#define LEFT_FRAME ((size_t)FRAME_HEAD_LEN + 1 + 8 + 1 + LEFT_LEN_MAX)
#define SEND_ROOM  (LINK_QUEUE + GAP_FRAME + FRAME_MAX) /* a gap, then an entry */
#define COME_ROOM  (FRAME_MAX + ((size_t)256 << 10))
#define SMALL_ROOM ((size_t)32 << 10) /* for the direction that carries no entries, but beats */

#define EPOCH_IDLE_MS   120000              /* twice what an epoch of a feed lasts */
#define SYNC_MS         200                 /* what is live waits so long for its sync */
#define BULK_CAME       ((size_t)512 << 10) /* so much in a turn: more is there already … */
#define BULK_MS         20                  /* … and one sync does for it all, so late at most */
#define BULK_BYTES      ((uint64_t)16 << 20)
#define UNSYNCED_MAX    ((uint64_t)64 << 20) /* so much waits for the medium: nothing more is read */
#define ASK_AGAIN_MS    1000
#define DIAL_MS_MIN     50
#define DIAL_MS_MAX     5000
#define PING_MS         5000
#define SILENCE_MS      10000 /* a partner that says nothing for so long is gone: before a lease ends */
#define HOUSEKEEPING_MS 1000
#define STATE_EVERY     ((uint64_t)1 << 20) /* bytes of lanes between two full statements */
#define TURN_RECORDS    512                 /* of one reader in a turn */

/* share - one partner's part in an epoch
 *
 * lane   0: not known yet
 * done   batches that begin before this position of the outbox are in its lane; SHARE_AHEAD: the
 *        number of its grant */
enum share_state {
    SHARE_NONE,
    SHARE_ASKED,
    SHARE_HELD, /* by an officer, or the guard could not judge */
    SHARE_REFUSED,
    SHARE_LATE,  /* until the partner is heard */
    SHARE_AHEAD, /* granted in the lane AHEAD */
    SHARE_DUE,   /* to be asked again, when its turn comes */
    SHARE_BEHIND,
    SHARE_GRANTED
};
struct share {
    id       handle;
    uint64_t done;
    uint8_t  state, lane;
};

#define AFTER_UNKNOWN UINT64_MAX

struct carried {
    id       epoch;
    uint64_t first; /* position of its first batch; 0: nobody knows */
    uint64_t next;  /* the number after the last item that was met */
    uint64_t
                 after; /* asked for when all before this was followed; AFTER_UNKNOWN: what was written at the start */
    int64_t      seen_ms, ask_ms;
    uint8_t      outbox;
    bool         used, ask;
    bool         live;  /* its first batch was not durable: tracks */
    bool         ahead; /* nothing of it was met yet: granted in the lane for that, or not at all */
    struct share share[COURIER_PARTNERS_MAX];
};

/* A cut is of an epoch that is no longer sealed: older ones have left the lanes. */
#define CUTS_MAX  1024
#define HALTS_MAX 3072 /* of one pause: the epochs that the guard remembers, times its partners */
#define HALT_MS   2000 /* a cut follows a halt by 50 ms */

/* cut - to each partner go the items of this epoch before a number; UINT64_MAX = all */
struct cut {
    id       epoch;
    uint64_t items[COURIER_PARTNERS_MAX];
    uint64_t touched;
    bool     used, unsaved; /* the lanes had no room for its row */
};

/* halt - nothing of this epoch goes to this partner until the guard says where it is cut */
struct halt {
    id      epoch;
    int64_t until_ms;
    uint8_t partner;
    bool    used, answered;
};

/* lane_entry - in the ring: where it lies, and what it refers to
 *
 * items   batch: the number after its last item; letter: its own number
 * type    batch: of its record in the outbox (wire/line.h); count: of its items */
struct lane_entry {
    uint64_t number;
    uint64_t at;       /* in the lanes log */
    uint64_t position; /* batch: in its outbox */
    uint64_t items;
    id       epoch, handle;
    uint8_t  kind, outbox, type;
    uint16_t count;
};

/* lane - entries to one partner at one precedence
 *
 * The ring holds the oldest entries without a synced acknowledgement, the log has them all.
 *
 * sent     the last number that went on any path; way: on each, and from where in the ring it goes on
 * settled  how many entries left the ring
 * begun    this run has given a number: until then numbers jump
 * filled   the last number that came into the ring; behind: the log has later ones, from `beyond`
 * low      no entry beyond the ring refers to an outbox before this
 * due      the last number that there was at due_ms; late: it waited too long, on a connection that is up */
struct lane_way {
    uint64_t sent;
    uint32_t next;
};
struct lane_out {
    uint64_t          last, acked, sent, popped, filled, settled;
    uint64_t          beyond, low[OUTBOX_COUNT];
    uint64_t          due;
    int64_t           due_ms;
    bool              late;
    uint32_t          head, count;
    struct lane_way   way[PATH_COUNT];
    bool              begun, behind;
    struct lane_entry ring[RING_MAX];
};

/* handle - an epoch of a partner: the number of its next item, so that what a partner puts into a
 * lane again after a power cut is not kept twice */
struct handle {
    id       handle;
    uint64_t next, touched;
    bool     used, handed; /* its grant was handed to the guard */
};

/* A partner's guard sends 32 letters and waits: what is more are repeats, which come again if need be. */
#define LETTERS_WAIT_MAX 64
#define LETTERS_LANE_MAX 256  /* in the lane CONTROL, unacknowledged */
#define BEAT_GAP_MS      200  /* opening one costs the guard as much as a signature */
#define BEAT_SLOW_MS     3000 /* on a long way: five in a lease */

/* letters - of one partner
 *
 * handed    number of the last of its letters that the guard was given
 * wait      those that it was not given yet, as they came
 * in, out   the newest beat each way; len 0 = none waits
 * in_ms     not before then the guard gets another;  out_ms: when the last was said */
struct beat_kept {
    size_t  len;
    uint8_t bytes[ENVELOPE_MAX];
};
struct letters {
    uint64_t handed;
    uint32_t head, count;
    struct {
        uint64_t number, position; /* in the inbox */
    } wait[LETTERS_WAIT_MAX];
    struct beat_kept in, out;
    int64_t          in_ms, out_ms;
};

/* link - one connection
 *
 * run      of the other's courier, as its hello said
 * owes     an entry came on it that was not acknowledged on it
 * stalled  the inbox had no room for its entry
 * pace     as courier_pace said
 * acked    what was acknowledged on it: never less */
enum link_state { LINK_DOWN, LINK_DIALLING, LINK_OPEN, LINK_READY };
struct link {
    bool     dialled;
    uint8_t  path;
    uint8_t *come, *send;
    size_t   come_max, come_from, come_to;
    size_t   send_max, send_from, send_to;
    uint8_t  state;
    bool     ack_due, notice_due, owes, stalled;
    uint8_t  pace;
    uint64_t run, acked[LANE_COUNT];
    int64_t  heard_ms, said_ms;
    int64_t  dial_at_ms, dial_wait_ms;
};
struct link_rooms {
    uint8_t come_small[SMALL_ROOM], send_small[SMALL_ROOM];
    uint8_t come[COME_ROOM], send[SEND_ROOM];
};

struct taken {
    uint64_t from, to;
};

struct partner {
    name                    name;
    bool                    told; /* the guard says that it is a partner */
    struct partner_row      row;
    uint8_t                 authority[CERT_MAX];
    size_t                  notice_len;
    uint8_t                 notice[NOTICE_MAX];
    bool                    notice_due;          /* the guard has not been told */
    struct link             link[2][PATH_COUNT]; /* 1: dialled by us */
    uint64_t                run;                 /* of its courier, when the lanes were resumed */
    struct lane_out         lane[LANE_COUNT];
    uint64_t                in_last[LANE_COUNT], in_marked[LANE_COUNT], in_synced[LANE_COUNT];
    struct letters          letters;
    struct courier_counters count;
    struct taken            taken[LINE_COUNT];
    struct index            handles;
    uint16_t                handle_heads[HANDLES_MAX], handle_next[HANDLES_MAX];
    struct handle           handle[HANDLES_MAX];
    struct link_rooms       room[PATH_COUNT];
};

/* picture - the newest report of each track of a line, sealed once more
 *
 * from, to   its first part, and behind its last, in intake's outbox; to 0: it is not whole, or there is none
 * has        how many of its parts each partner has in its lane
 *
 * line   begin: from there on this run knows it, and nothing before is left out; met: up to there it was looked at
 *        unsure: its first parts may lie before that
 * taken  of a partner: the picture by which it goes; what lies before it is left out */
struct picture {
    uint64_t from, to;
    uint32_t parts, has[COURIER_PARTNERS_MAX];
};
struct line {
    uint64_t       begin, met;
    bool           unsure;
    int64_t        ask_ms;
    id             epoch; /* under which its last batch was sealed */
    struct picture making, whole;
};

/* arrival - a received grant that the guard is to judge */
struct arrival {
    id       handle;
    uint64_t position; /* in the inbox */
    int64_t  ask_ms;
    uint8_t  partner, lane;
    bool     used, asked;
};

/* written - what this run knows of a log that it writes: positions below `flushed` and `synced`
 *
 * going      up to where a sync is under way; 0 = none is
 * promised   behind the last durable record */
struct written {
    uint64_t end, flushed, synced, going, promised;
    int64_t  dirty_ms; /* since when something waits for a sync; 0 = nothing does */
    bool     durable;  /* and that something was promised to be durable */
};

struct outbox {
    uint64_t at;     /* the next record to follow */
    uint64_t clear;  /* what lies before this position was followed, or is no record */
    uint64_t again;  /* where to go back to: a record begins there; AGAIN_NOWHERE */
    uint64_t synced; /* known to be on the medium */
    uint64_t done;
    bool     dry; /* all that is written now was followed */
    bool     damaged;
};
#define AGAIN_NOWHERE UINT64_MAX

struct courier {
    struct courier_port  port;
    struct random_source random;
    instant              start;
    uint64_t             run; /* this one, by chance */
    int64_t              now; /* boot_ms of this call */
    err                  failed;
    bool                 more; /* work is left for another turn */
    size_t               came; /* bytes of partners since the last turn */
    bool                 partners_known;
    size_t               notice_len; /* of the own guard */
    uint8_t              notice[NOTICE_MAX];

    unsigned       partner_count;
    struct partner partner[COURIER_PARTNERS_MAX];

    struct index   epochs;
    uint16_t       epoch_heads[2 * EPOCHS_MAX], epoch_next[EPOCHS_MAX];
    unsigned       epoch_hint, asks;
    bool           due; /* shares are due */
    uint64_t       given_up;
    unsigned       relays; /* epochs that are passed on */
    struct carried epoch[EPOCHS_MAX];

    struct index cuts;
    uint16_t     cut_heads[CUTS_MAX], cut_next[CUTS_MAX];
    unsigned     cut_count, halt_count;
    struct cut   cut[CUTS_MAX];
    struct halt  halt[HALTS_MAX];

    struct outbox  outbox[OUTBOX_COUNT];
    struct line    line[LINE_COUNT];
    struct written log[COURIER_LOGS];
    bool     marked; /* what came in until now may be acknowledged once the logs are synced up to */
    uint64_t mark[COURIER_LOGS];

    unsigned       arrival_count;
    struct arrival arrival[ARRIVALS_MAX];
    uint64_t       arrivals_beyond; /* grants from here on wait in the inbox; 0 = none */
    uint64_t       touched;         /* counts batches received */

    uint64_t stated, stated_touched; /* where the last full statement begins in the lanes */
    uint64_t stated_end;             /* and ends */
    uint64_t stated_inbox;           /* and from where the inbox is needed besides it */
    uint64_t inbox_needed;           /* from where it is needed now */
    uint64_t inbox_at;               /* its last record known here */
    uint64_t lanes_done, inbox_done;
    bool     stated_synced;
    int64_t  housekeeping_ms;

    uint8_t message[GUARD_MESSAGE_MAX];
};

static inline bool failed(const struct courier *c)
{
    return err_is(c->failed);
}

/* ---- commit.c: what is written, and when it is on the medium ---- */
err log_put(struct courier *c, enum courier_log log, const struct courier_record *r,
            uint64_t *position);
err commit_turn(struct courier *c);
/* commit_inbox - sync it now: what is written to the lanes next must not outlive it
 * commit_all - sync both logs now: a hello says all that came, or an acknowledgement behind it would say more
 * commit_behind - does so much of it wait for the medium that nothing more may come? */
err  commit_inbox(struct courier *c);
void commit_all(struct courier *c);
bool commit_behind(const struct courier *c);

/* ---- peers.c ---- */
struct partner *peer_find(struct courier *c, const name *n);
/* peer_place - find or add; NULL when the table is full */
struct partner *peer_place(struct courier *c, const name *n);
unsigned        peer_number(const struct courier *c, const struct partner *p);

/* ---- carried.c: epochs on their way ---- */
struct carried *carried_find(struct courier *c, const id *epoch);
struct carried *carried_add(struct courier *c, const id *epoch, unsigned outbox, uint64_t first);
void            carried_drop(struct courier *c, struct carried *e);
/* carried_room - forget an epoch with which nothing is left to do, or give up the oldest of a feed that is
 * late; false when there is none */
bool carried_room(struct courier *c);
void carried_forget_idle(struct courier *c);
/* carried_waits - may the guard still grant it to somebody? */
bool carried_waits(const struct courier *c, const struct carried *e);
/* carried_holds - is its outbox needed from its first batch on? */
bool carried_holds(const struct courier *c, const struct carried *e);
/* carried_place - find, or make again an epoch that the guard names; NULL without room, which is noted
 *
 * first   0: nobody knows, a grant finds it from the front */
struct carried *carried_place(struct courier *c, const id *epoch, unsigned outbox, uint64_t first);
void            carried_ask(struct courier *c, struct carried *e);

/* ---- rows.c: records of the lanes log, written and read back ---- */
/* row_cut - where that epoch is cut for each partner */
err row_cut(struct courier *c, const struct cut *k);
err row_epoch(struct courier *c, const struct carried *e);
err row_refused(struct courier *c, const struct carried *e, const struct partner *p);
err row_forget(struct courier *c, const id *epoch);
err row_in(struct courier *c, const struct partner *p, unsigned lane);
err row_handed(struct courier *c, const struct partner *p, const id *handle);
/* row_letters - the guard was given the letters of this partner up to letters.handed */
err row_letters(struct courier *c, const struct partner *p);
/* row_entry - with a grant or an envelope */
err row_entry(struct courier *c, const struct partner *p, unsigned lane, const struct lane_entry *e,
              span grant, uint64_t *position);
err rows_state(struct courier *c);
err row_fold(struct courier *c, const struct courier_item *item);
/* row_entry_read - an entry's record; false when it is something else, or another partner's or lane's */
bool row_entry_read(const struct courier_item *item, const struct partner *p, unsigned lane,
                    struct lane_entry *out, span *grant);

/* ---- lane.c ---- */
static inline bool entry_is_batch(const struct lane_entry *e)
{
    return e->kind == ENTRY_BATCH || e->kind == ENTRY_BATCH_LIVE;
}
err lane_put(struct courier *c, struct partner *p, unsigned lane, struct lane_entry *e, span grant);
void lane_take(struct lane_out *l, const struct lane_entry *e);
void lane_acked(struct courier *c, struct lane_out *l, uint64_t number);
/* lane_resume - a path goes on behind what the other side has
 *
 * anew   it is another run of it, which may have less than was acknowledged: no other path goes on */
void lane_resume(struct lane_out *l, unsigned path, uint64_t synced, bool anew);
/* lane_next - the next entry for that path, behind all that was acknowledged on any; NULL = none */
const struct lane_entry *lane_next(struct lane_out *l, unsigned path);
/* lane_ahead - so many behind that one; NULL: not in memory */
const struct lane_entry *lane_ahead(struct lane_out *l, unsigned path, uint32_t ahead);
err                      lanes_refill(struct courier *c);

/* ---- outbox.c ---- */
err outboxes_turn(struct courier *c);

/* ---- order.c ---- */

/* earliest - for one partner: where the first epoch begins that is not decided; UINT64_MAX: none does */
struct earliest {
    uint64_t position[OUTBOX_COUNT][LANE_COUNT];
};
/* order_earliest - asked: what is asked, or will be before all later ones, counts too
 * order_waits    - must that epoch wait in that lane, because an earlier one is not decided? */
struct earliest order_earliest(const struct courier *c, unsigned partner, bool asked);
bool            order_waits(const struct earliest *x, const struct carried *e, unsigned lane);

/* batch_in - the batch of an outbox' record; fails when it holds none */
err batch_in(unsigned outbox, span body, struct batch *out, span *bytes);

/* ---- cut.c: what goes no further ---- */
void cuts_init(struct courier *c);
void on_halt(struct courier *c, const struct guard_message *m);
void on_cut(struct courier *c, const struct guard_message *m);
void cut_put(struct courier *c, const id *epoch, unsigned partner, uint64_t items);
void cut_fold(struct courier *c, const id *epoch, unsigned partner, uint64_t items);
/* cut_at - items of that epoch from this number on do not go to that partner */
uint64_t cut_at(const struct courier *c, const id *epoch, unsigned partner);
bool     is_halted(const struct courier *c, const id *epoch, unsigned partner);
/* halts_turn - answer what was followed, after outboxes_turn; halts_again - the guard is another */
void halts_turn(struct courier *c);
void halts_again(struct courier *c);

/* ---- leave.c: tracks that have a newer report ---- */

/* lines_anew   - this run follows the outbox from somewhere: what lies there already goes whole
 * line_meet    - a record of intake's outbox is followed, once
 * line_given   - this entry is in that partner's lane now
 * lane_watch   - in each turn: how long does something wait?   up: a connection carries that lane
 * picture_look - an entry is next: may its partner go on by a picture, or should one be made?
 * is_left      - is this entry not sent to that partner?
 * left_add     - to what is told of a run of them; false: it has no room
 * left_reports - how many are told as left out */
void lines_anew(struct courier *c);
void line_meet(struct courier *c, const struct courier_item *item, const id *epoch);
void line_given(struct courier *c, unsigned partner, const struct lane_entry *e);
void lane_watch(struct courier *c, struct lane_out *l, bool up);
void picture_look(struct courier *c, struct partner *p, unsigned lane, const struct lane_entry *e);
bool is_left(struct courier *c, const struct partner *p, const struct lane_entry *e);
bool left_add(struct left *left, const struct lane_entry *e);
uint64_t left_reports(const struct left *left);

/* ---- grant.c: what the guard says of epochs ---- */
void on_granted(struct courier *c, const struct guard_message *m);
void on_withheld(struct courier *c, const struct guard_message *m);
void on_heard(struct courier *c, const struct guard_message *m);
void on_again(struct courier *c, const struct guard_message *m);
void asks_turn(struct courier *c);
/* asks_again - the guard is another: what it was asked, and what is late, is asked again */
void asks_again(struct courier *c);
void release_failed(struct courier *c, unsigned place, enum err_code code);
/* peer_asks - ask for that partner what was never asked for it */
void peer_asks(struct courier *c, unsigned partner);

/* ---- ahead.c: grants before there is anything to carry ---- */
void on_ahead(struct courier *c, const struct guard_message *m);
void ahead_granted(struct courier *c, struct carried *e, struct partner *p,
                   const struct granted *g);
/* ahead_ends - it is like any other from now on: asked for those partners that have no grant of it */
void ahead_ends(struct courier *c, struct carried *e);

/* ---- arrive.c: entries that come in, and their grants ---- */
err  entry_come(struct courier *c, struct partner *p, const struct entry_head *e);
err  inbox_fold(struct courier *c, const struct courier_item *item);
void arrivals_turn(struct courier *c);
void arrivals_again(struct courier *c);
void on_received(struct courier *c, const struct guard_message *m);
void arrival_failed(struct courier *c, unsigned place, enum err_code code);
/* handle_place - find or make, instead of the one unused longest */
struct handle *handle_place(struct courier *c, struct partner *p, const id *handle);

/* ---- letter.c: letters and beats ---- */
void on_letter(struct courier *c, const struct guard_message *m);
err  beat_come(struct courier *c, struct partner *p, span envelope);
void letter_kept(struct courier *c, struct partner *p, uint64_t number, uint64_t position);
/* letters_turn - what came goes to the guard; letters_next - when it must be called again */
void     letters_turn(struct courier *c);
int64_t  letters_next(const struct courier *c);
uint64_t letters_need(const struct partner *p);

/* ---- link.c ---- */
void links_turn(struct courier *c);
/* links_dial_ms - when the next of its links is to be dialled; INT64_MAX = never */
int64_t links_dial_ms(const struct courier *c, const struct partner *p);

/* ---- send.c ---- */
void link_fill(struct courier *c, struct partner *p, struct link *l);
/* link_say - a small frame; false when the queue has no room for it */
bool link_say(struct courier *c, struct partner *p, struct link *l, enum frame kind);

/* ---- path.c: which connection carries what ---- */

/* path_lanes - the lanes that go on this path now, as 1 << lane
 * path_beat  - the link on which the next beat goes; NULL = none is up */
unsigned     path_lanes(const struct partner *p, unsigned path);
struct link *path_beat(struct partner *p);

#define TAG_RELEASE UINT32_C(0x10000)
#define TAG_RECEIVE UINT32_C(0x20000)
#define TAG_MINE    UINT32_C(0x7000)
#define TAG_LETTER  UINT32_C(0x7001)
#define TAG_CLOSED  UINT32_C(0x7002)
#define TAG_BEHIND  UINT32_C(0x7003)

#endif
