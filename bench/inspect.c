/* links: check */
/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs to look at what goes out: a report as it is and one that was made coarser, by how many come in one batch; a
 * product.  In time of the processor, so that what else runs does not count. */
#include "check/inspect.h"
#include "crypt/running.h"
#include "pouch/cover.h"
#include "pouch/seal.h"
#include "reduce/reduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NOW     INT64_C(1700000000000)
#define REPORTS 64000
#define MIB     32

static uint8_t batch_room[BATCH_MAX];
static uint8_t content[ITEM_PLAIN_MAX];

/* sealing - one epoch, its sealer, and who looks at it */
struct sealing {
    struct inspect_row   told;
    struct inspector    *in;
    struct inspect_epoch epoch;
    struct signer       *signer;
    struct aead         *aead;
    struct seal          seal;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sealing_begin(struct sealing *s)
{
    const secret seed = {{1}};
    s->told.key = (secret){{2}};
    s->told.items_max = INSPECT_ITEMS_MAX;
    s->in = inspector_open(calloc(1, inspector_size()), 3);
    s->signer = signer_open(&seed);
    s->aead = aead_open(NULL);
    signer_public(s->signer, s->told.sealer);
    cover_commit(&s->told.epoch, &s->told.key, s->told.commitment);
    seal_open(&s->seal, &s->told.epoch, &s->told.key, INSPECT_ITEMS_MAX, s->aead, batch_room,
              sizeof batch_room);
    err e = inspect_begin(&s->epoch, &s->told, 0, NULL);
    MUST(!err_is(e));
}

static void sealing_end(struct sealing *s)
{
    inspect_end(&s->epoch);
    inspector_close(s->in);
    free(s->in);
    aead_close(s->aead);
    signer_close(s->signer);
}

/* One turn with so many of the same content; returns the time that it took to look at it */
static double turn_look(struct sealing *s, span plain, unsigned count, uint8_t outbox)
{
    struct seal          *seals[] = {&s->seal};
    struct inspect_record r = {.outbox = outbox, .durable = s->told.product};
    for (unsigned i = 0; i < count; i++) {
        MUST(!err_is(seal_item(&s->seal, plain)));
    }
    turn_end(seals, 1, s->signer, &r.body, NULL);
    r.type = s->told.derived || s->told.product ? 0 : 1;
    double           start = now_s();
    struct inspected found = inspect_batch(s->in, &s->epoch, &r, NOW);
    double           took = now_s() - start;
    MUST(found.fault == INSPECT_PASS);
    return took;
}

static void reports(const char *what, const struct reducing *how, unsigned a_batch)
{
    struct sealing     s = {.told = {.form = SOURCE_COT, .tracks = true, .derived = how != NULL}};
    const secret       of = {{4}};
    struct reduce_keys keys;
    uint8_t            bytes[REPORT_BYTES_MAX];
    struct writer      w = WRITER_OF(bytes);
    struct report      r = {.time = NOW,
                            .start = NOW,
                            .stale = NOW + 9000,
                            .place = {375000000, 1270000000},
                            .hae_cm = 100000,
                            .has = REPORT_HAE | REPORT_COURSE | REPORT_SPEED,
                            .uid = "track-1",
                            .type = "a-h-A",
                            .how = "m-r"};
    double             took = 0;
    if (how != NULL) {
        reduce_keys_of(&of, SPAN_LIT("JPN"), &keys);
        reduce_report(how, &keys, &r, &r);
        s.told.position_m = how->position_m;
        s.told.height_m = how->height_m;
        s.told.less = how->without;
        s.told.mark = keys.mark;
    }
    MUST(!err_is(report_encode(&r, &w)));
    sealing_begin(&s);
    for (unsigned i = 0; i < REPORTS; i += a_batch) {
        took += turn_look(&s, writer_span(&w), a_batch, OUTBOX_INTAKE);
    }
    sealing_end(&s);
    printf("{\"what\": \"%s, %u in a batch\", \"ns\": %.0f}\n", what, a_batch,
           took / REPORTS * 1e9);
}

static void product(void)
{
    struct sealing s = {
        .told = {.product = true, .content_len = (uint64_t)MIB * (ITEM_PLAIN_MAX - 4)}};
    struct running *all;
    double          took = 0;
    span            piece = {content, ITEM_PLAIN_MAX - 4};
    MUST(!err_is(running_open(&all)));
    for (unsigned i = 0; i < MIB; i++) {
        running_add(all, piece);
    }
    running_end(all, s.told.content_digest);
    running_close(all);
    sealing_begin(&s);
    for (unsigned i = 0; i < MIB; i++) {
        took += turn_look(&s, piece, 1, OUTBOX_DESK);
    }
    MUST(s.epoch.whole);
    sealing_end(&s);
    printf("{\"what\": \"a product, a MiB\", \"ns\": %.0f}\n", took / MIB * 1e9);
}

int main(void)
{
    static const unsigned batch[] = {1, 10, 100, 1000};
    const struct reducing coarse = {.position_m = 10000, .height_m = 500};
    for (size_t i = 0; i < ARRAY_LEN(batch); i++) {
        reports("a report looked at", NULL, batch[i]);
    }
    reports("a report that was made coarser looked at", &coarse, 100);
    product();
    return 0;
}
