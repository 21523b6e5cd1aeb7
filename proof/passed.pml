/* SPDX-License-Identifier: Apache-2.0 */
/* What check passes of one outbox, between a sealer, the guard and a courier (docs/why/check.md), for Spin.
 *
 * A record is a number of an epoch, wholesome or not.  Any process may stop between any two of its steps, and the power may
 * fail: each part of the disk is then as it was at some moment since it was synced.  docs/why/proof.md says what is shown,
 * and what each name below plants.
 *
 * LIAR_SEALER     seals what is not wholesome, numbers as it likes, seals on under a key that it should have forgotten
 * FALSE_SYNCED    says in its page that all is on the medium
 * REWRITES        changes what it wrote
 * SILENT          check forgets the key of an epoch of which nothing came for long, and where it goes on when it dies
 * MARK_FIRST      the mark goes past a record before its refusal is there to be seen
 * NO_SYNC         the mark goes past a refusal that is not synced
 * SEALERS_PAGE    the mark stands in the page that the sealer maps for writing
 * MARK_STAYS      after a power cut the mark stays beyond what was on the medium
 * FLOOR_AT_MARK   who starts begins at the mark, not where what is under way began
 * FLOOR_FIRST     that place goes on before the mark does
 * HEEDED_FIRST    the guard answers before its leaf is synced
 * ONE_BY_ONE      a refusal is of that record alone, and not of what follows under its epoch
 * NO_SKIP         the courier waits before what is refused
 * NO_SUMS         the courier does not compare what it reads with what was looked at
 * SUM_FIRST       a sum is made of what is then found to be not wholesome, too
 * SUMS_UNSYNCED   the mark is kept over a power cut before the sums are
 */
#ifndef RECORDS
#define RECORDS 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#define EPOCHS 2
#define NEVER  (RECORDS + 1) /* no position */

#define PLACE(x, y) ((x) * EPOCHS + (y))

/* the log, how much of it is on the medium, and what its writer says of that.  bad: not wholesome by itself, or of a wrong
 * number; bars: an inspection that saw all of the epoch stops it here or before */
byte written, medium, synced, under[RECORDS], number[RECORDS];
bool bad[RECORDS], bars[RECORDS];

/* the sealer: its epoch, how many sound items of each it sealed, of which there ever was something wrong */
byte sealing, sealed[EPOCHS];
bool suspect[EPOCHS];

/* the file `passing`, as all see it, and on the medium.  from: refused from there on; shut: refused at that place */
byte mark, safe, floor, from[EPOCHS];
bool shut[RECORDS * EPOCHS];
byte disk_mark, disk_safe, disk_floor, disk_from[EPOCHS];
bool disk_shut[RECORDS * EPOCHS];

/* the file `looked`: is the sum that stands there of what lies in that place of the log? */
bool fits[RECORDS], disk_fits[RECORDS];
bool unsound[RECORDS]; /* not wholesome, whatever its number */
bool late[RECORDS]; /* it became what it is after it was looked at: what is behind it is no worse for that */

/* check's memory; step: of a refusal: 0 none, 1 to be written, 2 to be synced, 3 done; due: the floor */
#define FREE    0
#define ASKED   1
#define OPEN    2
#define REFUSED 3
#define QUIET   4
bool begun, due, says[EPOCHS], refuses[EPOCHS];
byte at, passed, step, state[EPOCHS], next[EPOCHS], first[EPOCHS];

/* the guard: what it knows, what its leaves say; turn: 0 nothing, 1 to be synced, 2 to be answered */
bool stopped[EPOCHS], leaf[EPOCHS], heeded[EPOCHS];
byte turn[EPOCHS];

/* the courier: how far it may read, as it saw that; where it is; what it carried */
byte may, reads;
bool carried[RECORDS];
byte crashes, i, e; /* i, e: within atomic steps only, and zero between them */

/* ---- the sealer ---- */

inline changed(x)
{
    fits[x] = false; disk_fits[x] = false
}

inline append(fault, numbered)
{
    under[written] = sealing;
    number[written] = numbered;
    bad[written] = fault || numbered != sealed[sealing];
    unsound[written] = fault;
    carried[written] = false;
    changed(written);
    suspect[sealing] = suspect[sealing] || bad[written];
    bars[written] = bad[written];
    i = 0;
    do
    :: i < written -> bars[written] = bars[written] || (under[i] == sealing && bad[i] && !late[i]); i++
    :: else -> break
    od;
    i = 0;
    sealed[sealing] = sealed[sealing] + (bad[written] -> 0 : 1);
    written++;
#ifdef FALSE_SYNCED
    synced = written;
    suspect[sealing] = true /* what it says of the log is of no record alone */
#endif
}

proctype sealer()
{
end:
    do
    :: atomic { written < RECORDS && sealing < EPOCHS -> append(false, sealed[sealing]) }
#ifdef LIAR_SEALER
    :: atomic { written < RECORDS && sealing < EPOCHS -> append(true, sealed[sealing]) }
    :: atomic { written < RECORDS && sealing < EPOCHS && sealed[sealing] > 0 -> append(false, 0) }
    :: atomic { sealing > 0 && written < RECORDS && sealed[0] > 0 -> sealing = 0 }
#endif
#ifdef SEALERS_PAGE
    :: atomic { mark < written -> mark = written }
#endif
#ifdef REWRITES
    :: atomic { written > 0 && !bad[0] -> bad[0] = true; bars[0] = true; late[0] = fits[0]; suspect[under[0]] = true; changed(0) }
#endif
    :: atomic { medium < written -> medium = written; synced = written }
    :: atomic { sealing == 0 -> sealing = 1 } /* the next epoch, or another sealer: the key is forgotten */
    od
}

/* ---- check ---- */

/* What is open ends where the mark is; what is under way is looked at again.  A mark beyond the end is of another log. */
inline check_begins()
{
    begun = true;
    if
    :: mark > written && written > 0 ->
        mark = 0; safe = 0; floor = 0;
        may = 0 /* what the courier saw was of another turn */
    :: else
    fi;
    passed = mark; at = floor;
    e = 0;
    do
    :: e < EPOCHS ->
        i = 0;
        do
        :: i < RECORDS ->
            shut[PLACE(i, e)] = shut[PLACE(i, e)] || (from[e] <= i && i < mark);
            i++
        :: else -> break
        od;
        from[e] = NEVER;
        e++
    :: else -> break
    od;
    i = 0; e = 0
}

inline check_ends()
{
    begun = false; due = false; step = 0; at = 0; passed = 0;
    e = 0;
    do
    :: e < EPOCHS ->
        state[e] = FREE; next[e] = 0; first[e] = 0; says[e] = false; refuses[e] = false; heeded[e] = false;
        e++
    :: else -> break
    od;
    e = 0
}

/* Where the first of what is under way began, or of what was not heeded */
inline floor_find()
{
    floor = at;
#ifndef FLOOR_AT_MARK
    e = 0;
    do
    :: e < EPOCHS ->
        floor = ((says[e] || state[e] == OPEN) && first[e] < floor -> first[e] : floor);
        e++
    :: else -> break
    od;
    e = 0;
#endif
    due = false
}

inline mark_to(position)
{
    mark = (position > mark -> position : mark)
}

/* When it was looked at */
inline sum_make()
{
    fits[at] = true
}

inline sums_sync()
{
    i = 0;
    do
    :: i < RECORDS -> disk_fits[i] = fits[i]; i++
    :: else -> break
    od;
    i = 0
}

/* A place of the list is written as one */
inline refusal_sync(x)
{
    disk_from[x] = from[x];
    i = 0;
    do
    :: i < RECORDS -> disk_shut[PLACE(i, x)] = shut[PLACE(i, x)]; i++
    :: else -> break
    od;
    i = 0
}

inline header_sync()
{
    disk_mark = mark; disk_safe = safe; disk_floor = floor
}

#define LOOKS  (begun && step == 0 && at < written)
#define EPOCH  under[at]
#define SOUND  (!bad[at] && number[at] == next[EPOCH])

proctype check()
{
end:
    do
    :: atomic { !begun -> check_begins() }
    :: atomic { LOOKS && state[EPOCH] == FREE -> state[EPOCH] = ASKED; first[EPOCH] = at; next[EPOCH] = 0 }
    :: atomic { LOOKS && state[EPOCH] == QUIET -> state[EPOCH] = ASKED }
    /* the guard answers when the leaves of its turn are synced, so no sooner than what it says is surely kept */
    :: atomic { LOOKS && state[EPOCH] == ASKED && turn[EPOCH] != 1 -> state[EPOCH] = (stopped[EPOCH] -> REFUSED : OPEN) }
    :: atomic { LOOKS && state[EPOCH] == OPEN && SOUND -> sum_make(); next[EPOCH] = next[EPOCH] + 1; at++ }
    :: atomic { LOOKS && ((state[EPOCH] == OPEN && !SOUND) || (state[EPOCH] == REFUSED && !refuses[EPOCH])) ->
        assert(suspect[EPOCH]); /* nothing honest is refused */
#ifdef SUM_FIRST
        sum_make();
#endif
#ifdef MARK_FIRST
        mark_to(at + 1);
#endif
        step = 1 }
    :: atomic { begun && step == 1 ->
        if
        :: at < passed -> step = 3 /* it has left: it is not taken out under who carries it */
        :: else ->
            step = 2;
#ifdef ONE_BY_ONE
            shut[PLACE(at, EPOCH)] = true
#else
            from[EPOCH] = (at < from[EPOCH] -> at : from[EPOCH]); refuses[EPOCH] = true
#endif
        fi }
    :: atomic { begun && step == 2 ->
#ifndef NO_SYNC
        refusal_sync(0); refusal_sync(1); header_sync();
#endif
        step = 3 }
    :: atomic { begun && step == 3 ->
        says[EPOCH] = says[EPOCH] || state[EPOCH] == OPEN;
#ifndef ONE_BY_ONE
        state[EPOCH] = REFUSED;
#endif
        at++; step = 0 }
    :: atomic { LOOKS && state[EPOCH] == REFUSED && refuses[EPOCH] -> at++ }
    :: atomic { begun && step == 0 && at > passed -> passed = at; mark_to(at); due = true }
#ifdef FLOOR_FIRST
    :: atomic { begun && step == 0 && due -> floor_find() }
#endif
    :: atomic { begun && step == 0 && due && at <= passed && synced >= passed ->
#ifndef SUMS_UNSYNCED
        sums_sync();
#endif
        safe = (passed > safe -> passed : safe);
        floor_find() }
    :: atomic { heeded[0] -> heeded[0] = false; says[0] = false; due = true }
    :: atomic { heeded[1] -> heeded[1] = false; says[1] = false; due = true }
#ifdef SILENT
    :: atomic { begun && step == 0 && state[0] == OPEN && written < RECORDS && at == written ->
        state[0] = QUIET; due = true }
#endif
    :: atomic { begun && crashes < CRASHES -> crashes++; check_ends() }
    od
}

/* ---- the guard ---- */

inline guard_turn(x)
{
    if
    :: atomic { says[x] && !heeded[x] && turn[x] == 0 ->
        stopped[x] = true;
#ifdef HEEDED_FIRST
        heeded[x] = true;
#endif
        turn[x] = 1 }
    :: atomic { turn[x] == 1 -> leaf[x] = true; turn[x] = 2 }
    :: atomic { turn[x] == 2 -> heeded[x] = says[x]; turn[x] = 0 }
    fi
}

inline guard_ends()
{
    e = 0;
    do
    :: e < EPOCHS -> stopped[e] = leaf[e]; turn[e] = 0; e++
    :: else -> break
    od;
    e = 0
}

proctype guard()
{
end:
    do
    :: guard_turn(0)
    :: guard_turn(1)
    :: atomic { (turn[0] != 0 || turn[1] != 0) && crashes < CRASHES -> crashes++; guard_ends() }
    od
}

/* ---- the courier: it sees the mark, then the list, then the sum ---- */

#define REFUSES(x) (from[under[x]] <= x || shut[PLACE(x, under[x])])
#ifdef NO_SUMS
#define FITS(x) true
#else
#define FITS(x) fits[x]
#endif

proctype courier()
{
end:
    do
    :: atomic { may < mark -> may = mark }
    :: atomic { reads < may && reads < written && !REFUSES(reads) && FITS(reads) ->
#ifdef FALSE_SYNCED
        assert(!unsound[reads]); /* by itself: what its writer lost of an epoch is not in its place to stop the rest */
#else
        assert(!bars[reads]); /* nothing that an inspection stops is read */
#endif
        carried[reads] = true; reads++ }
#ifndef NO_SKIP
    :: atomic { reads < may && reads < written && (REFUSES(reads) || !FITS(reads)) -> reads++ }
#endif
    :: atomic { reads > 0 && crashes < CRASHES -> crashes++; may = 0; reads = 0 } /* or it goes back */
    od
}

/* ---- the machine ---- */

/* Of the log any beginning that has what was synced; what is sealed afterwards takes the place of the rest */
inline power_cut()
{
    crashes++;
    check_ends();
    guard_ends();
    may = 0; reads = 0;
    do
    :: written > medium ->
        written--;
        sealed[under[written]] = sealed[under[written]] - (bad[written] -> 0 : 1);
        under[written] = 0; number[written] = 0; bad[written] = false; bars[written] = false; carried[written] = false;
        disk_fits[written] = false; late[written] = false; unsound[written] = false
    :: break
    od;
    medium = written; synced = written;
#ifndef LIAR_SEALER
    sealing = (sealing < EPOCHS -> sealing + 1 : sealing);
#endif
    safe = disk_safe;
    do
    :: i < RECORDS -> fits[i] = disk_fits[i]; i++
    :: else -> break
    od;
    i = 0;
    e = 0;
    do
    :: e < EPOCHS ->
        from[e] = disk_from[e];
        i = 0;
        do
        :: i < RECORDS -> shut[PLACE(i, e)] = disk_shut[PLACE(i, e)]; i++
        :: else -> break
        od;
        e++
    :: else -> break
    od;
    i = 0; e = 0;
#ifdef MARK_STAYS
    mark = disk_mark; floor = disk_floor
#else
    mark = safe; floor = (disk_floor < safe -> disk_floor : safe)
#endif
}

#if RECORDS == 2
#define SHUT_DIFFERS(y) (disk_shut[PLACE(0, y)] != shut[PLACE(0, y)] || disk_shut[PLACE(1, y)] != shut[PLACE(1, y)])
#else
#define SHUT_DIFFERS(y) (disk_shut[PLACE(0, y)] != shut[PLACE(0, y)] || disk_shut[PLACE(1, y)] != shut[PLACE(1, y)] || \
                         disk_shut[PLACE(2, y)] != shut[PLACE(2, y)] || \
                         disk_shut[PLACE(RECORDS - 1, y)] != shut[PLACE(RECORDS - 1, y)])
#endif
#define DIFFERS(y) (disk_from[y] != from[y] || SHUT_DIFFERS(y))

proctype machine()
{
end:
    do
#if CRASHES > 0
    :: atomic { disk_mark != mark || disk_safe != safe || disk_floor != floor -> header_sync() }
    :: atomic { fits[0] != disk_fits[0] -> disk_fits[0] = fits[0] }
    :: atomic { fits[1] != disk_fits[1] -> disk_fits[1] = fits[1] }
    :: atomic { DIFFERS(0) -> refusal_sync(0) }
    :: atomic { DIFFERS(1) -> refusal_sync(1) }
    :: atomic { crashes < CRASHES -> power_cut() }
#else
    :: false
#endif
    od
}

/* When nothing more can happen, all that is honest was carried */
proctype watch()
{
end:
    atomic { timeout ->
        do
        :: i < written -> assert(carried[i] || suspect[under[i]]); i++
        :: else -> break
        od }
}

init {
    atomic {
        do
        :: e < EPOCHS -> from[e] = NEVER; disk_from[e] = NEVER; e++
        :: else -> break
        od;
        e = 0;
        run sealer(); run check(); run guard(); run courier(); run machine(); run watch()
    }
}
