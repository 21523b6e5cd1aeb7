/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* A guard's own ledger as it may lie on a disk that somebody wrote to: a ledger of a gateway in the midst of what it does, and
 * one leaf of it with lines of it changed.  A guard folds it or says why not; what it folds it can start from, and says the
 * same of it a second time.
 *
 * Input: u16 which leaf, u8 how many edits (edits.h), and these */
#include "sim/sim/stage.h"

#include "edits.h"
#include "guard/state.h"
#include "sim/cheap.h"

#include <stdlib.h>

#define RECORDS_MAX 1024

extern const unsigned replay_mutations;
const unsigned        replay_mutations = 5;

static struct gate   gate[LAW_PARTIES];
static unsigned      record_count, leaf_count;
static span          record_at[RECORDS_MAX];
static unsigned      leaf_at[RECORDS_MAX]; /* of the leaves, which records */
static struct guard *guard;

static void does(unsigned who, const char *act, const char *body, span ids, bool two)
{
    struct gate_act a = {
        .act = act, .body = body, .attachment = ids, .by = {"ok1", two ? "ok2" : NULL}};
    must(gate_act(&gate[who], &a, NULL));
}

static void given(const id *epoch, id *handle)
{
    struct gate_mail grant;
    MUST(release(&gate[KOR], epoch, "JPN", &grant) == 'g');
    MUST(receive(&gate[JPN], &gate[KOR], &grant, handle));
    gate_mail_drop(&grant);
}

/* Checkpoints sign for what was before: without them it is the guard's own reading that is looked at. */
static void records_learn(const struct gate *g)
{
    struct reader r = reader_of(writer_span(&g->ledger));
    record_count = leaf_count = 0;
    while (r.rest.len > 0) {
        struct record one;
        span          bytes = read_block32(&r, RECORD_MAX);
        must(record_read(bytes, &one));
        if (one.type == RECORD_CHECKPOINT) {
            continue;
        }
        MUST(record_count < RECORDS_MAX);
        if (one.type == RECORD_LEAF) {
            leaf_at[leaf_count++] = record_count;
        }
        record_at[record_count++] = bytes;
    }
}

static void scene_make(void)
{
    id epoch[2], handle;
    cheap_dh();
    cheap_sign();
    MUST(suite_make(NULL) == 0);
    gates_open(gate, 1);
    people_make(gate);
    for (unsigned i = 0; i < 2; i++) {
        must(submit(&gate[KOR], "author", &imagery, &epoch[i]));
        given(&epoch[i], &handle);
    }
    (void)open_as(&gate[JPN], "sato", &handle);
    does(KOR, "recall", "partner JPN\nreason a mistake\n", id_span(&epoch[0]), false);
    gates_beat(gate, LAW_PARTIES);
    does(JPN, "assurance-give",
         "from JPN\nto KOR\nagreement GSOMIA\nlevels KOR:II\ntopics dprk-missile\nvalid-from "
         "2026-11-22T00:00:00.000Z\nvalid-until 2027-11-22T00:00:00.000Z\nauthority MoD\n",
         (span){NULL, 0}, false);
    does(JPN, "notice", "agreement GSOMIA\nreason talks\n", (span){NULL, 0}, true);
    does(JPN, "pause", "agreement JPN-USA-2007\ndirection both\nreason talks\n", (span){NULL, 0},
         false);
    does(JPN, "room-add", "room ops\nceiling JPN:HI\npresence 5000\ncomes-back rule\ndoor no\n",
         (span){NULL, 0}, true);
    gates_beat(gate, LAW_PARTIES);
    gates_beat(gate, LAW_PARTIES);
    records_learn(&gate[JPN]);
    gate[JPN].counted = false; /* its root is of leaves that nobody changed */
    guard = calloc(1, guard_size());
    MUST(guard != NULL);
}

static err folded(unsigned changed, span instead)
{
    const struct guard_setup setup = gate_setup(&gate[JPN]);
    err                      e = OK;
    must(guard_init(guard, &setup));
    for (unsigned i = 0; i < record_count && !err_is(e); i++) {
        e = guard_fold(guard, i == changed ? instead : record_at[i]);
    }
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t bytes[RECORD_MAX];
    struct reader  r = reader_of((span){data, len});
    unsigned       which = read_u16(&r);
    struct writer  w = WRITER_OF(bytes);
    struct record  one;
    if (guard == NULL) {
        scene_make();
    }
    unsigned changed = leaf_at[which % leaf_count];
    must(record_read(record_at[changed], &one));
    put_span(&w, (span){record_at[changed].ptr, record_at[changed].len - one.bytes.len});
    text_edited(&r, one.bytes, &w);
    if (w.bad) {
        return 0;
    }
    err first = folded(changed, writer_span(&w));
    if (!err_is(first)) {
        uint64_t leaves = guard->ledger.tree.size;
        (void)guard_start(guard, gate[JPN].now, gate[JPN].boot_ms, (span){NULL, 0});
        guard_done(guard);
        MUST(!err_is(folded(changed, writer_span(&w))) && guard->ledger.tree.size == leaves);
    }
    guard_done(guard);
    return 0;
}
