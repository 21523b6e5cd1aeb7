/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_GATEWAY_H
#define ACCORDD_GATEWAY_H

#include "accordd/stores.h"
#include "crypt/hash.h"
#include "loop/channel.h"
#include "loop/loop.h"
#include "loop/spawn.h"

/* The processes of one party, started, watched, and started again when they die. */

/* A process that dies at once is tried again after this, twice as long each time, up to the most; one
 * that lasted is tried at once. */
#define BACK_OFF_MIN_MS 100
#define BACK_OFF_MAX_MS 5000
#define LASTED_MS       10000

/* Who does not end by then when told to is killed. */
#define STOP_MS 5000

/* Between two lines about a log that gets no room */
#define FULL_TELL_MS 10000

/* Between two looks at what is no longer needed and at the room that is left (run/room) */
#define RETAIN_MS 10000

/* A token, or a machine under load, has so long to open the keys; then the guard is started anew. */
#define UNWRAP_MS 20000

/* Signals, and a channel of each process, twice while it is replaced. */
#define GATEWAY_HANDLERS (1 + 2 * PROCESS_COUNT)

struct gateway;

/* gateway_child - one process
 *
 * program   open for reading; -1 = this program is not installed
 * pid       0 = it does not run now */
struct gateway_child {
    struct gateway   *gateway;
    enum process      process;
    int               program;
    uint8_t           digest[SHA256_LEN];
    pid_t             pid;
    bool              ready;
    unsigned          starts;
    int64_t           back_off_ms, started_ms;
    struct loop_timer again;
    struct channel    control;
    uint32_t          control_id;
    bool              heard; /* its channel is watched */
    uint8_t           queue[CHANNEL_QUEUE_MAX];
};

/* folder_seen - a folder as it was found by its path */
struct folder_seen {
    bool     there;
    uint64_t device, inode;
};

struct gateway {
    struct loop          loop;
    struct loop_handler  handler[GATEWAY_HANDLERS];
    struct party         party;
    struct stores        stores;
    struct gateway_child child[PROCESS_COUNT];
    struct loop_timer    kill, retain, presence, unwrap_late;
    int                  unwrap_program;          /* -1 = not installed */
    pid_t                unwrap_pid;              /* 0 = it does not run now */
    struct folder_seen   presence_had;            /* the desk, of `presence-log` */
    int64_t              presence_told_ms;        /* that it is not there; 0 = it is */
    int64_t              full_told_ms[LOG_COUNT]; /* 0 = it has room */
    bool                 begun, told, stopping, done;
    bool                 hopeless; /* a process cannot start as things are */
    bool                 views;    /* each process has a view of the machine of its own */
    uint8_t              message[MESSAGE_MAX];
};

/* gateway_programs - open and measure the programs
 *
 * They lie in the folder of accord.conf's `programs`, else in accordd's own.
 * fails    UNKNOWN without a guard; IO */
err gateway_programs(struct gateway *g);

/* unwrap_begin - accord-unwrap opens the wrapped keys for a guard that is about to start
 *
 * key     for each file that is a key, where the guard reads it, the caller's; otherwise -1.  All -1 when accord.conf
 *         names no wrap key
 * fails   STATE while the last one still runs; UNKNOWN when it is not installed; as party_wrap_open; IO
 *
 * unwrap_ended - a child ended; was it that?  Then what came of it was told */
err  unwrap_begin(struct gateway *g, int key[static FILE_COUNT]);
bool unwrap_ended(struct gateway *g, const struct spawn_end *end);

/* gateway_run - party, stores and programs are open: start all, and keep them going until SIGTERM or
 * SIGINT
 *
 * g       zeroed storage otherwise, best static
 * fails   STATE when a process cannot start as things are, once the others have ended; IO */
err gateway_run(struct gateway *g);

#endif
