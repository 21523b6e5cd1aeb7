/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/gate.h"
#include "sim/law.h"
#include "sim/scene.h"

/* world - three gateways, each with guard, intake, courier and desk, their links, logs, clocks, sensors
 * and people, in one process from one seed (docs/why/simulator.md) */

/* staged - what the seeds of one scene share: the law, and gateways that have it and their people, with which such
 * a seed begins
 *
 * tables   of each party: what its verdicts are checked by */
struct tables;
struct staged {
    struct law      law;
    struct law_text more;
    struct gate    *model;
    struct tables  *tables;
};

/* stage - what all seeds share, made once; the parties' certificates too, whose signatures no seed can repeat */
struct stage {
    unsigned              gateways;
    struct gate_authority authority[GATEWAYS_MAX];
    instant               start;
    struct staged        *of; /* of each scene */
    char                  file[LAW_FILE_ROOM];
};

/* stage_make - from the files of a checkout
 *
 * root      folder with policies/ and agreements/
 * gateways  of each world: LAW_PARTIES to GATEWAYS_MAX
 * fails     as law_read; out->file says of which file */
err  stage_make(const char *root, unsigned gateways, struct stage *out);
void stage_free(struct stage *s);

/* world_fault - something that the world itself does wrong, so that the oracles can be seen to find it */
enum world_fault {
    FAULT_NONE,
    FAULT_OUTBOX,  /* a record of the desk's outbox that was acknowledged is lost */
    FAULT_LANE,    /* a record of the lanes is lost, and the courier starts anew */
    FAULT_PARTY,   /* the courier is given a grant under another partner's name */
    FAULT_SESSION, /* the guard is asked for a key under another session than the desk's */
    FAULT_LEAF,    /* the guard's answer comes, but its leaf is lost */
    FAULT_TWICE,   /* what was shown to a reader is shown again */
    FAULT_CONTENT, /* a partner's desk reads another byte than its courier wrote */
    FAULT_SYNC,    /* a sync is taken for done that was not, and the power fails */
    FAULT_AGAIN,   /* a batch of a lane that came once is kept twice */
    FAULT_SHORTER, /* a ledger has lost its last leaf when its guard starts again */
    FAULT_SLOT,    /* a key that was received is not there when its guard starts again */
    FAULT_PAUSE,   /* a pause forgets one of the epochs that run */
    FAULT_ORDER,   /* a key that was taken back is in its slot again when its guard starts again */
    FAULT_CUT,     /* a reader is cut off in what nobody took back */
    FAULT_DUE,     /* a guard forgets when what came is to be destroyed, or that it is overdue */
    FAULT_COPIES,  /* … how many copies were handed out */
    FAULT_LOSS,    /* … that an item may be lost */
    FAULT_CERTIFY, /* … that a second person must certify */
    FAULT_PLACE,   /* an author's program states a place and a fineness that are not the item's */
    FAULT_ENDED, /* a key that went with its agreement is in its slot again when its guard starts again */
    FAULT_PLAIN, /* a guard takes a feed for as coarse as its partners may have it, and gives it as it is */
    FAULT_OTHER, /* … gives what it made coarser for one partner to the other */
    FAULT_FINE,  /* intake is told to make reports less coarse than they must be */
    FAULT_EARLY, /* … not to hold them back */
    FAULT_THIN,  /* … to leave some out */
    FAULT_LATE,  /* … to hold some back for ever */
    FAULT_COUNT
};
const char *world_fault_name(enum world_fault f);

/* totals - what happened, so that a run can show that it did something */
struct totals {
    uint64_t seeds, events, cuts, partings, restarts, clock_steps, clock_leaps;
    uint64_t cut_writes, cut_turns, power_cuts, records_lost, full_logs, full_appends, flips,
        flips_refused;
    uint64_t sensed, sensed_lost, sensed_again, sealed, shown;
    uint64_t submitted, delivered, opened, refused, approved, rejected, items_listed;
    uint64_t paused, paused_running, resumed, recalled, destroyed, taken_back, refused_after;
    uint64_t within_terms, outside_terms, copies, losses, destroyed_due, certified, ended,
        ended_keys;
    uint64_t coarse, held_back, coarse_shown;
    uint64_t refused_epochs;
    uint64_t grants, received, verdicts, crossings, leaves;
    uint64_t liars, lies, lies_refused, caught, pictures, releases, refusals, checks;
    uint64_t virtual_ms;
};
void totals_add(struct totals *to, const struct totals *from);

/* world_liars - which worlds have liars: each second half dozen of seeds, none, or all */
enum world_liars { LIARS_BY_SEED, LIARS_NEVER, LIARS_ALWAYS };
bool world_lies(uint64_t seed);

/* world_plan
 *
 * say     told of each thing that happens; NULL = silence */
struct world_plan {
    uint64_t         seed;
    enum world_fault fault;
    enum world_liars liars;
    void (*say)(const char *line);
};

#define WORLD_WRONG_MAX 8
#define WORLD_WRONG_LEN 240

/* world_end - how a seed ended
 *
 * wrong     what the oracles found, in words; none = all is well
 * faulted   the planned fault was done
 * root      of each party's ledger: the same seed gives the same */
struct world_end {
    unsigned      wrong_count;
    char          wrong[WORLD_WRONG_MAX][WORLD_WRONG_LEN];
    bool          faulted;
    merkle_hash   root[GATEWAYS_MAX];
    struct totals totals;
};

/* world_run - one seed, from setting up to the last check
 *
 * cost    about 40 ms, 100 MB */
void world_run(const struct stage *stage, const struct world_plan *plan, struct world_end *out);

#endif
