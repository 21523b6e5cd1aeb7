/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "check/check.h"
#include "courier/courier.h"
#include "desk/desk.h"
#include "intake/intake.h"
#include "sim/journal.h"
#include "sim/oracle.h"
#include "sim/queue.h"
#include "sim/sums.h"
#include "sim/world.h"
#include "store/passing.h"
#include "wire/control.h"

/* Inside the world. */

#define MS INT64_C(1000) /* virtual time is in microseconds, clocks in milliseconds */

/* ---- a gateway ---- */

/* channel - between the guard and another process: in order, nothing is lost while both live
 *
 * held      the process has its end of it, and has greeted
 * last_us   when the last message each way arrives */
struct channel {
    bool     up, held;
    uint32_t life;
    int64_t  last_us[2];
};

struct liar;

/* gateway
 *
 * life     of each process, counted
 * fuse     so many writes later the process dies within one; 0 = it does not
 * live_wire  … and the power of the whole gateway with it
 * dying    it has died within a call and is taken away after it
 * dark     its power has failed within a call
 * backlog  messages that the guard does not take while its ledger has no room */
struct gateway {
    struct world   *world;
    unsigned        number;
    struct gate    *gate;
    unsigned        sensors;
    int64_t         skew_ms;
    bool            leapt; /* its clock did, once */
    bool            up[PROCESS_COUNT], dying[PROCESS_COUNT], turn_due[PROCESS_COUNT];
    uint32_t        life[PROCESS_COUNT], fuse[PROCESS_COUNT];
    bool            live_wire[PROCESS_COUNT], dark;
    bool            nothing_left; /* of what was not synced, when its power fails: a fault */
    struct event   *backlog;
    size_t          backlog_count, backlog_max;
    struct channel  channel[PROCESS_COUNT];
    struct journal  log[LOG_COUNT];
    struct intake  *intake;
    struct check   *check;
    struct passing  passing[CHECK_OUTBOXES]; /* of the outboxes, as a power cut leaves it */
    struct sums     looked[CHECK_OUTBOXES];  /* of what was passed there */
    struct courier *courier;
    struct desk    *desk;
    uint64_t        desk_at; /* in the inbox */
    bool            desk_indexed;
    bool            sync_due[PROCESS_COUNT];
    uint64_t        sealed[2];      /* by each sensor, since intake started */
    uint32_t        came;           /* of sensors' events, ever */
    bool            intake_durable; /* something of this turn is */
    int64_t         courier_next_us, guard_tick_us;
    bool            sync_begun[COURIER_LOGS]; /* by the courier; its end comes with its next turn */
    struct liar    *liar[PROCESS_COUNT];      /* in place of that process; NULL: it is honest */
};

/* ---- links ---- */

/* wire - one connection that one courier dials to another
 *
 * told     each end (0: who dialled) knows of it and has not been told that it ended
 * muted    what is sent from now on vanishes, and nobody is told
 * cut_us   until then nobody gets through
 * held     bytes that came and for which there was no room */
struct wire {
    uint8_t  from, to, path;
    bool     up, muted, told[2];
    uint32_t life;
    int64_t  last_us[2];
    int64_t  cut_us;
    size_t   flying[2];
    uint8_t *held[2];
    size_t   held_len[2], held_max[2];
};

/* ---- everything ---- */

enum happening {
    HAPPENS_TO_GUARD,
    HAPPENS_FROM_GUARD,
    HAPPENS_ATTACH,
    HAPPENS_TURN,
    HAPPENS_TICK,
    HAPPENS_START,
    HAPPENS_SYNC,
    HAPPENS_NET_OPEN,
    HAPPENS_NET_BYTES,
    HAPPENS_NET_CLOSED,
    HAPPENS_SENSE,
    HAPPENS_ANSWER,
    HAPPENS_ERRAND,
    HAPPENS_TROUBLE,
    HAPPENS_ROOM,
    HAPPENS_LIE,
    HAPPENS_CLOCK,
    HAPPENS_LIAR,
    HAPPENS_COUNT
};

struct cast;
struct hoard;

struct world {
    const struct stage  *stage;
    unsigned             scene;
    unsigned             gateways; /* so many of the rows below are there */
    bool                 checked;  /* what leaves is looked at */
    bool                 ends;     /* officers mean to end the scene's arrangement */
    struct world_plan    plan;
    struct random_stream stream;
    uint64_t             dice[64];
    unsigned             dice_left;
    int64_t              now_us;
    bool                 calm; /* no more trouble, since: */
    int64_t              calm_us;
    struct queue         queue;
    struct gate          gate[GATEWAYS_MAX];
    struct gateway       gateway[GATEWAYS_MAX];
    struct wire          wire[GATEWAYS_MAX][GATEWAYS_MAX][PATH_COUNT]; /* who dialled, whom */
    struct cast         *cast;
    struct hoard        *hoard; /* what liars have seen; NULL: nobody lies */
    struct oracle        oracle;
    struct totals        totals;
    struct world_end    *end;
    id                   forgotten; /* an epoch: by a pause, or its key by a disk: a fault */
};

/* roll - 0 … sides - 1, from the seed; chance - once in so many */
uint32_t           roll(struct world *w, uint32_t sides);
static inline bool chance(struct world *w, uint32_t one_in)
{
    return roll(w, one_in) == 0;
}

/* happen - put an event so many microseconds from now; the rest of `e` is the caller's */
void happen(struct world *w, int64_t in_us, struct event e, span bytes);

/* lies - is there a liar in its place?  any_lies: in a place of that gateway */
static inline bool lies(const struct gateway *g, enum process p)
{
    return g->liar[p] != NULL;
}
static inline bool any_lies(const struct gateway *g)
{
    return lies(g, PROCESS_INTAKE) || lies(g, PROCESS_COURIER) || lies(g, PROCESS_DESK);
}

/* joined - may anything pass between the two parties? (world.c) */
bool joined(const struct world *w, unsigned one, unsigned other);

/* say - one line for who watches; wrong - an oracle has found something */
[[gnu::format(printf, 2, 3)]] void say(struct world *w, const char *format, ...);
[[gnu::format(printf, 2, 3)]] void wrong(struct world *w, const char *format, ...);

static inline int64_t boot_ms(const struct world *w)
{
    return 3000 + w->now_us / MS;
}

/* fault_now - is this the place where the planned fault is done?  Once */
bool fault_now(struct world *w, enum world_fault f);

/* ---- process.c: processes come and go; the guard and its channels ---- */
extern const char *const process_name[PROCESS_COUNT];
void                     process_start(struct gateway *g, enum process p);
void                     process_kill(struct gateway *g, enum process p);
void                     process_turn_soon(struct gateway *g, enum process p);
/* log_room - a log has no room; or has it again, and its writer goes on */
void log_room(struct gateway *g, enum log_name log, bool room);
/* write_allowed - one more write of this process; false when it dies in it */
bool write_allowed(struct gateway *g, enum process p);
void backlog_drop(struct gateway *g);
err  channel_ask(struct gateway *g, enum process p, span message);
/* channel_say - the same, as it goes; there is a channel */
void channel_say(struct gateway *g, enum process p, span message);
void on_to_guard(struct world *w, const struct event *e);
void on_from_guard(struct world *w, const struct event *e);
void on_attach(struct world *w, const struct event *e);
void on_turn(struct world *w, const struct event *e);
void on_tick(struct world *w, const struct event *e);
void on_start(struct world *w, const struct event *e);
void on_sync(struct world *w, const struct event *e);

/* machine - one of the four beside the guard, as processes are made of it
 *
 * start    a new one, from its logs
 * stop     it is gone: only memory is given back
 * greeted  there is a new channel to the guard */
struct machine {
    void (*start)(struct gateway *g);
    void (*stop)(struct gateway *g);
    void (*greeted)(struct gateway *g);
    void (*hear)(struct gateway *g, span message);
    void (*turn)(struct gateway *g);
    void (*tick)(struct gateway *g);
    void (*sync)(struct gateway *g);
    int64_t tick_us;
};
extern const struct machine intake_machine, check_machine, courier_machine, desk_machine;

/* ---- checker.c ----
 * outbox_grew   - who looks at it, or carries it, looks
 * passing_of    - what is said of that log; NULL: nobody looks at it
 * passed_read   - as journal_read, for who reads only what was passed and is as it was then;  passed_before - as
 *                 journal_before
 * passing_power - the power failed: what was passed of what was not on the medium counts no more */
void                         outbox_grew(struct gateway *g);
struct passing              *passing_of(struct gateway *g, enum log_name log);
const struct journal_record *passed_read(struct gateway *g, enum log_name log, uint64_t at);
uint64_t                     passed_before(struct gateway *g, enum log_name log, uint64_t at);
void                         passing_power(struct gateway *g);

/* oracle_told - does a guard tell each process only what is for it? (oracle_liar.c) */
void oracle_told(struct gateway *g, enum process p, span message);

/* ---- net.c ---- */
void net_dial(struct gateway *g, struct courier_end end);
void net_hang_up(struct gateway *g, struct courier_end end);
void net_pump(struct gateway *g);
void net_gone(struct gateway *g); /* its courier is */
/* net_cut - one of the connections that one dialled to the other, or all */
void net_cut(struct world *w, unsigned from, unsigned to);
/* net_part - nothing passes between the two, either way, for so long */
void net_part(struct world *w, unsigned one, unsigned other, int64_t for_us);
void net_free(struct world *w);
void on_net_open(struct world *w, const struct event *e);
void on_net_bytes(struct world *w, const struct event *e);
void on_net_closed(struct world *w, const struct event *e);

/* ---- sensor.c ---- */
#define SENSORS 2 /* of each party: one of tracks, one of warnings */
extern const char *const sensor_name[SENSORS];
err                      sensors_add(struct gate *g, bool in_mist, unsigned bonds);
void                     sensors_plan(struct world *w, int64_t until_us);
void                     on_sense(struct world *w, const struct event *e);

/* sensed - what a sensor's event of this number says; its place is so many degrees and a half north, 127.25 east */
struct sensed {
    char        uid[32];
    unsigned    lat;
    instant     time;
    const char *remarks;
};
struct sensed sensed_of(const struct world *w, unsigned gateway, unsigned sensor, uint32_t number);

/* ---- disk.c: power_fails - all processes of a gateway end at once, and of what was not synced some is lost
 * disk_flip - a bit of what this process reads at its start; disk_faults - those that test the oracles ---- */
void power_fails(struct gateway *g);
void disk_flip(struct gateway *g, enum process p);
void disk_faults(struct gateway *g);

/* ---- forget.c: faults of a guard: pause_forgets - an epoch, before it pauses; pause_forgot - in which something
 * was sealed; slots_remember, slots_put_back - around a turn ---- */
void pause_forgets(struct gateway *g);
void pause_forgot(struct gateway *g, const id *epoch);
void slots_remember(struct gateway *g);
void slots_put_back(struct gateway *g);

/* ---- forget_duty.c: a fault: before a turn a guard forgets what is owed for what came ---- */
void duties_forget(struct gateway *g);

/* ---- coarsen.c: faults: before a turn a guard forgets who may have a feed only made coarser; what it tells intake of that
 * is something else when intake hears it ---- */
void coarse_forget(struct gateway *g);
void coarse_spoil(struct gateway *g, const struct event *e);

/* ---- flip.c: what is read at a start, with a bit that is another ---- */
void flip_log(struct gateway *g, enum log_name log);
void flip_slots(struct gateway *g);
void flip_ledger(struct gateway *g);

/* ---- trouble.c ---- */
void trouble_plan(struct world *w, int64_t until_us);
void on_trouble(struct world *w, const struct event *e);
void on_room(struct world *w, const struct event *e);
void on_lie(struct world *w, const struct event *e);
void on_clock(struct world *w, const struct event *e);
void trouble_ends(struct world *w);

#endif
