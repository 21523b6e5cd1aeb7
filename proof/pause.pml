/* SPDX-License-Identifier: Apache-2.0 */
/* A pause of giving, between one guard, a sealer, a courier and a partner (docs/format/pause.md), for Spin.
 *
 * Any process may stop between any two of its steps, the guard may lose what it has not synced, links lose, repeat
 * and reorder whatever they carry.  docs/why/proof.md says what is shown, and what each name below plants.
 *
 * LIAR_SEALER     names any number of items, and seals on under a key that it was told to end
 * LIAR_COURIER    carries whatever there is, and names any number
 * SLOW_COURIER    may be too late to say how much it has
 * AHEAD           the next epoch is made, and may be granted, while the one before it goes on
 * CHECK_EARLY     the verdict is not asked anew when a grant is made later than asked
 * MAIL_FIRST      mail goes before the ledger is synced
 * FOLD_FORGETS    a guard that starts does not fold pauses
 * SIGNED_PASSES   what is signed and not yet recorded stops no grant
 * NO_STOP         the sealer is not stopped before the pause is recorded
 * DEAF_PARTNER    the partner forgets the cut for a grant that comes after it
 */
#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#define NOT_SAID 9
#define NONE     EPOCHS

/* the disk of the guard: its leaves, in order; `late` is a leaf `released` behind the leaf of the pause */
bool disk_paused, disk_epoch[EPOCHS], disk_released[EPOCHS], late[EPOCHS];
byte disk_cut[EPOCHS];

/* the guard's memory: gone with a crash */
bool paused, epoch[EPOCHS], released[EPOCHS], closed[EPOCHS];
byte pausing, said[EPOCHS], carried[EPOCHS]; /* pausing: 0 no, 1 of the sealer, 2 of the courier */
bool wanted[EPOCHS];                         /* CHECK_EARLY: found lawful, not yet granted */
/* … what this turn has made: leaves to sync, then mail */
bool leaf_epoch[EPOCHS], leaf_released[EPOCHS], leaf_pause;
byte leaf_cut[EPOCHS];
bool turn_grant[EPOCHS], turn_key[EPOCHS], turn_letter;

/* what is on the way, and may come at any time, again, or never */
bool grant[EPOCHS], letter, key[EPOCHS], stop[EPOCHS], halt[EPOCHS];
byte answer[EPOCHS], count[EPOCHS];

/* the sealer; the outbox, and which of it was sealed when the pause was on record already */
byte sealing = NONE;
byte old = NONE; /* a liar's: told to end, and kept */
byte sealed[EPOCHS];
bool after[EPOCHS * ITEMS];

/* the courier: how much of an epoch it carries at most; the partner */
byte most[EPOCHS];
bool opens[EPOCHS], knows_cut;
byte cut_at[EPOCHS];
byte crashes, e, n; /* e, n: within atomic steps only, and zero between them */

inline seal(which)
{
    after[which * ITEMS + sealed[which]] = disk_paused;
    /* by key, not by promise: an honest sealer has no key that the partner has */
#ifndef LIAR_SEALER
    assert(!(disk_paused && grant[which]));
#endif
    sealed[which]++;
}

proctype sealer()
{
end:
    do
    :: atomic { sealing < NONE && sealed[sealing] < ITEMS -> seal(sealing) }
#ifdef LIAR_SEALER
    :: atomic { old < NONE && sealed[old] < ITEMS -> seal(old) }
#endif
    :: atomic { /* it takes the key of an epoch that it asked for */
        sealing == NONE ->
        if
        :: key[0] && sealed[0] == 0 && !closed[0] -> sealing = 0; key[0] = false
        :: EPOCHS > 1 && key[1] && !closed[1] -> sealing = 1; key[1] = false
        :: EPOCHS > 2 && key[EPOCHS - 1] && !closed[EPOCHS - 1] -> sealing = EPOCHS - 1; key[EPOCHS - 1] = false
        fi }
    :: atomic { /* told to end what it seals under: it says how much that is */
        sealing < NONE && stop[sealing] && count[sealing] == NOT_SAID ->
#ifdef LIAR_SEALER
        if
        :: count[sealing] = 0
        :: count[sealing] = sealed[sealing]
        :: count[sealing] = ITEMS
        fi;
        old = sealing;
#else
        count[sealing] = sealed[sealing];
#endif
        sealing = NONE }
#ifdef AHEAD
    :: atomic { /* told to end what it has the key of, and sealed nothing under yet */
        stop[1] && key[1] && sealing != 1 && count[1] == NOT_SAID -> count[1] = 0; key[1] = false }
#endif
    :: atomic { /* it rotates by itself */
        sealing < NONE && sealed[sealing] > 0 && count[sealing] == NOT_SAID ->
        count[sealing] = sealed[sealing]; sealing = NONE }
    :: atomic { /* it dies, with its keys */
        sealing < NONE && crashes < CRASHES -> crashes++; sealing = NONE; old = NONE }
    od
}

#ifdef AHEAD
#define IN_TURN(x) true
#else
#define IN_TURN(x) closed[x]
#endif

/* May the epoch be given now?  `paused` is folded, `pausing` signed */
#ifdef SIGNED_PASSES
#define LAWFUL (!paused)
#else
#define LAWFUL (!paused && pausing == 0)
#endif

#ifdef SLOW_COURIER
#define COURIER_SAID true
#else
#define SAID_OF(x)   (!halt[x] || answer[x] != NOT_SAID)
#define COURIER_SAID (SAID_OF(0) && SAID_OF(1 % EPOCHS) && SAID_OF(EPOCHS - 1))
#endif

inline guard_give(x)
{
    released[x] = true; leaf_released[x] = true; turn_grant[x] = true
}

inline pause_record()
{
    e = 0;
    do
    :: e < EPOCHS ->
        n = (said[e] < carried[e] -> said[e] : carried[e]);
        leaf_cut[e] = (n == NOT_SAID -> 0 : n);
        e++
    :: else -> break
    od;
    e = 0; n = 0;
    pausing = 0; paused = true; leaf_pause = true; turn_letter = true
}

inline turn_forget()
{
    e = 0;
    do
    :: e < EPOCHS ->
        leaf_epoch[e] = false; leaf_released[e] = false; leaf_cut[e] = 0;
        turn_grant[e] = false; turn_key[e] = false;
        e++
    :: else -> break
    od;
    e = 0;
    leaf_pause = false; turn_letter = false
}

inline guard_crash()
{
    crashes++;
    turn_forget();
    pausing = 0;
    e = 0;
    do
    :: e < EPOCHS ->
        epoch[e] = disk_epoch[e]; released[e] = disk_released[e]; closed[e] = count[e] != NOT_SAID;
        said[e] = NOT_SAID; carried[e] = NOT_SAID; wanted[e] = false; halt[e] = false;
        e++
    :: else -> break
    od;
    e = 0;
#ifdef FOLD_FORGETS
    paused = false
#else
    paused = disk_paused
#endif
}

/* One leaf after the other: a crash may keep any beginning of them */
inline sync_released(x)
{
    atomic {
        if
        :: leaf_released[x] -> disk_released[x] = true; late[x] = late[x] || disk_paused; leaf_released[x] = false
        :: else
        fi }
}

inline sync_epoch(x)
{
    atomic {
        if
        :: leaf_epoch[x] -> disk_epoch[x] = true; leaf_epoch[x] = false
        :: else
        fi }
}

inline sync_pause()
{
    atomic {
        if
        :: leaf_pause ->
            disk_paused = true; leaf_pause = false;
            e = 0;
            do
            :: e < EPOCHS -> disk_cut[e] = leaf_cut[e]; leaf_cut[e] = 0; e++
            :: else -> break
            od;
            e = 0
        :: else
        fi }
}

inline mail_grant(x)
{
    atomic {
        if
        :: turn_grant[x] ->
            /* recorded, then given; and nothing recorded behind a pause */
            assert(disk_released[x] && !late[x]);
            grant[x] = true; turn_grant[x] = false
        :: else
        fi }
}

inline mail_rest()
{
    atomic {
        e = 0;
        do
        :: e < EPOCHS ->
            if
            :: turn_key[e] -> key[e] = true; turn_key[e] = false
            :: else
            fi;
            e++
        :: else -> break
        od;
        e = 0;
        if
        :: turn_letter -> letter = true; turn_letter = false
        :: else
        fi }
}

proctype guard()
{
turn:
    do
    :: atomic { epoch[0] == false -> epoch[0] = true; leaf_epoch[0] = true; turn_key[0] = true; goto commit }
    :: atomic { EPOCHS > 1 && epoch[0] && IN_TURN(0) && !epoch[1] ->
        epoch[1] = true; leaf_epoch[1] = true; turn_key[1] = true; goto commit }
    :: atomic { EPOCHS > 2 && epoch[1] && IN_TURN(1) && !epoch[EPOCHS - 1] ->
        epoch[EPOCHS - 1] = true; leaf_epoch[EPOCHS - 1] = true; turn_key[EPOCHS - 1] = true; goto commit }

    /* the courier asks, also again */
#ifdef CHECK_EARLY
    :: atomic { epoch[0] && LAWFUL && !wanted[0] -> wanted[0] = true }
    :: atomic { EPOCHS > 1 && epoch[1] && LAWFUL && !wanted[1] -> wanted[1] = true }
    :: atomic { wanted[0] && !grant[0] -> wanted[0] = false; guard_give(0); goto commit }
    :: atomic { EPOCHS > 1 && wanted[1] && !grant[1] -> wanted[1] = false; guard_give(1); goto commit }
#else
    :: atomic { epoch[0] && LAWFUL && !grant[0] -> guard_give(0); goto commit }
    :: atomic { EPOCHS > 1 && epoch[1] && LAWFUL && !grant[1] -> guard_give(1); goto commit }
    :: atomic { EPOCHS > 2 && epoch[EPOCHS - 1] && LAWFUL && !grant[EPOCHS - 1] -> guard_give(EPOCHS - 1); goto commit }
#endif

    /* an officer signs; an answer comes; the time for it is over */
    :: atomic { pausing == 0 && !paused ->
        pausing = 1;
        e = 0;
        do
        :: e < EPOCHS ->
            said[e] = (closed[e] -> count[e] : NOT_SAID);
            carried[e] = NOT_SAID;
            if
            :: epoch[e] && !closed[e] -> stop[e] = true
            :: else
            fi;
            e++
        :: else -> break
        od;
        e = 0;
#ifdef NO_STOP
        pause_record();
        goto commit
#endif
        }
    :: atomic { count[0] != NOT_SAID && !closed[0] -> closed[0] = true; said[0] = count[0] }
    :: atomic { EPOCHS > 1 && count[1] != NOT_SAID && !closed[1] -> closed[1] = true; said[1] = count[1] }
    :: atomic { EPOCHS > 2 && count[EPOCHS - 1] != NOT_SAID && !closed[EPOCHS - 1] ->
        closed[EPOCHS - 1] = true; said[EPOCHS - 1] = count[EPOCHS - 1] }
    :: atomic { pausing == 1 -> /* all have answered, or accordd ends the sealer */
        pausing = 2;
        e = 0;
        do
        :: e < EPOCHS ->
            if
            :: epoch[e] && !closed[e] -> sealing = NONE; old = NONE; closed[e] = true; count[e] = sealed[e]
            :: else
            fi;
            halt[e] = epoch[e];
            answer[e] = NOT_SAID;
            e++
        :: else -> break
        od;
        e = 0 }
    :: atomic { pausing == 2 && COURIER_SAID ->
        e = 0;
        do
        :: e < EPOCHS -> carried[e] = answer[e]; halt[e] = false; e++
        :: else -> break
        od;
        e = 0;
        pause_record();
        goto commit }
    :: atomic { crashes < CRASHES -> guard_crash() }
    /* letters go until they are acknowledged, also after a start */
    :: atomic { paused && disk_paused && !letter -> turn_letter = true; goto commit }
    od;

commit:
#ifdef MAIL_FIRST
    mail_grant(0); mail_grant(EPOCHS - 1);
#endif
    sync_epoch(0); sync_epoch(1 % EPOCHS); sync_epoch(EPOCHS - 1);
    if
    :: skip
    :: atomic { crashes < CRASHES -> guard_crash(); goto turn }
    fi;
    sync_released(0); sync_released(1 % EPOCHS); sync_released(EPOCHS - 1);
    if
    :: skip
    :: atomic { crashes < CRASHES -> guard_crash(); goto turn }
    fi;
    sync_pause();
    if
    :: skip
    :: atomic { crashes < CRASHES -> guard_crash(); goto turn }
    fi;
    mail_grant(0);
    if
    :: skip
    :: atomic { crashes < CRASHES -> guard_crash(); goto turn }
    fi;
    mail_grant(1 % EPOCHS); mail_grant(EPOCHS - 1); mail_rest();
    goto turn
}

/* It says what lies in the outbox, and carries no more of that epoch from then on */
inline courier_says(x)
{
    atomic { halt[x] && answer[x] == NOT_SAID ->
#ifdef LIAR_COURIER
        if
        :: answer[x] = 0
        :: answer[x] = sealed[x]
        :: answer[x] = ITEMS
        fi
#else
        answer[x] = sealed[x];
        most[x] = (sealed[x] < most[x] -> sealed[x] : most[x])
#endif
    }
}

proctype courier()
{
end:
    do
    :: courier_says(0)
    :: courier_says(1 % EPOCHS)
    :: courier_says(EPOCHS - 1)
    od
}

/* What comes may come again, late, in any order or never: what was sent once can be met at any time */
inline partner_takes(x)
{
    atomic { grant[x] && !opens[x] -> opens[x] = true;
#ifdef DEAF_PARTNER
        cut_at[x] = ITEMS
#endif
    }
}

inline partner_shows(x, i)
{
    atomic { opens[x] && i < sealed[x] && i < most[x] && (!knows_cut || i < cut_at[x]) ->
        assert(!after[(x) * ITEMS + (i)]); /* nothing that was sealed when the pause was on record */
        assert(!knows_cut || i < disk_cut[x]) /* and once it is told, nothing past the end of the epoch */
    }
}

proctype partner()
{
end:
    do
    :: partner_takes(0)
    :: partner_takes(1 % EPOCHS)
    :: partner_takes(EPOCHS - 1)
    :: atomic { letter && !knows_cut ->
        knows_cut = true;
        e = 0;
        do
        :: e < EPOCHS -> cut_at[e] = disk_cut[e]; e++
        :: else -> break
        od;
        e = 0 }
    :: partner_shows(0, 0)
    :: partner_shows(0, ITEMS - 1)
    :: partner_shows(1 % EPOCHS, 0)
    :: partner_shows(1 % EPOCHS, ITEMS - 1)
    :: partner_shows(EPOCHS - 1, 0)
    :: partner_shows(EPOCHS - 1, ITEMS - 1)
    od
}

init {
    atomic {
        do
        :: e < EPOCHS ->
            said[e] = NOT_SAID; carried[e] = NOT_SAID; count[e] = NOT_SAID; answer[e] = NOT_SAID;
            most[e] = ITEMS;
            e++
        :: else -> break
        od;
        e = 0;
        run sealer(); run guard(); run courier(); run partner()
    }
}
