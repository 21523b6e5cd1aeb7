/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* A guard's start on a ledger of 1,000,000 leaves: the fold alone, from memory. */
#include "ledger/ledger.h"
#include "sim/gate.h"

#include "base/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LEAVES 1000000

static double clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Leaves as they come at work: openings of a feed, an epoch a person. */
static void leaves_put(struct gate *g, struct ledger *ledger, struct writer *out)
{
    struct random_source random = random_from(&g->stream);
    for (unsigned i = 0; i < LEAVES; i++) {
        uint8_t       text[1024], record[1100];
        struct writer w = WRITER_OF(text), r = WRITER_OF(record);
        uint64_t      index;
        merkle_hash   hash;
        leaf_begin(&w, LEAF_OPENED, g->now, &g->party);
        id handle = {{(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16)}};
        line_hex(&w, "handle", SPAN_OF(handle.bytes));
        line_name(&w, "person", &g->person[i % g->person_count].name);
        line_text(&w, "marking",
                  SPAN_LIT("KOR:II of KOR about dprk-missile from radar to JPN,USA"));
        line_text(&w, "own-level", SPAN_LIT("JPN:TOKUTEI-HIMITSU"));
        line_text(&w, "own-level-chosen", SPAN_LIT("no"));
        MUST(!err_is(ledger_append_leaf(ledger, random, writer_span(&w), &r, &index, &hash)));
        put_block32(out, writer_span(&r));
        MUST(!out->bad);
    }
}

int main(void)
{
    static struct gate           g;
    static struct gate_authority authority;
    static struct random_stream  stream = {.seed = {1}};
    const size_t                 room = (size_t)600 << 20;
    MUST(!err_is(gate_authority_make("KOR", random_from(&stream), 1700000000000, &authority)));
    MUST(!err_is(gate_open(&g, 0, &authority, 1, 1700000000000)));
    struct writer all = writer_of(malloc(room), room);
    struct ledger ledger = {0};
    struct reader r = reader_of(writer_span(&g.ledger));
    while (r.rest.len > 0) { /* genesis and start, as this guard wrote them */
        struct record    record;
        struct leaf_head head;
        span             bytes = read_block32(&r, RECORD_MAX);
        MUST(!err_is(ledger_fold(&ledger, bytes, &record, &head)));
        put_block32(&all, bytes);
    }
    leaves_put(&g, &ledger, &all);
    free(g.ledger.ptr);
    g.ledger = all;
    double began = clock_s(CLOCK_MONOTONIC), used = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    MUST(!err_is(gate_restart(&g)));
    printf("{\"leaves\": %d, \"fold_seconds\": %.2f, \"cpu_seconds\": %.2f}\n", LEAVES,
           clock_s(CLOCK_MONOTONIC) - began, clock_s(CLOCK_PROCESS_CPUTIME_ID) - used);
    return 0;
}
