/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* A guard's start on a ledger of 1,000,000 leaves: the fold alone, from memory.
 *
 * Two guards work for some rounds: a product is submitted, given, received, opened, and its receipt comes back.
 * Their leaves are then repeated, under other handles and a later time, until there are enough. */
#include "ledger/ledger.h"
#include "sim/sim/stage.h"

#include <stdlib.h>
#include <time.h>

#define LEAVES  1000000
#define ROUNDS  50
#define PATTERN 1000
#define ROOM    ((size_t)3 << 30)
#define HEX_ID  ((size_t)2 * ID_LEN)

/* pattern - one leaf of the work, and the round that it belongs to */
struct pattern {
    unsigned round;
    size_t   len;
    char     text[4096];
};

static struct gate    gates[LAW_PARTIES];
static struct pattern pattern[PATTERN];
static unsigned       patterns;
static char           ids[ROUNDS][2][HEX_ID + 1]; /* epoch and handle of each round */
static unsigned       round_now;
static size_t         seen[LAW_PARTIES];

static double clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void hex_of(const id *i, char out[static HEX_ID + 1])
{
    struct writer w = writer_of((uint8_t *)out, HEX_ID);
    put_hex(&w, id_span(i));
    out[HEX_ID] = 0;
}

/* ---- the work ---- */

static void round_work(void)
{
    struct gate     *g = gates;
    struct gate_mail grant;
    id               epoch, handle;
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    must(open_as(&g[JPN], "sato", &handle));
    must(open_as(&g[JPN], "sato", &handle));
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], 1000);
        gate_tick(&g[i]);
    }
    while (gates_pass(g, LAW_PARTIES)) {
    }
    hex_of(&epoch, ids[round_now][0]);
    hex_of(&handle, ids[round_now][1]);
}

/* A letter of one's own has a number that comes once: it is left out. */
static void leaves_keep(const struct gate *g, size_t *at)
{
    struct reader r = reader_of((span){g->ledger.ptr + *at, g->ledger.len - *at});
    while (r.rest.len > 0) {
        struct record rec;
        must(record_read(read_block32(&r, RECORD_MAX), &rec));
        struct leaf_head head;
        if (rec.type != RECORD_LEAF || patterns == PATTERN) {
            continue;
        }
        must(leaf_head_read(rec.bytes, &head));
        if (head.kind != LEAF_LETTER) {
            struct pattern *p = &pattern[patterns++];
            assert_true(rec.bytes.len <= sizeof p->text);
            memcpy(p->text, rec.bytes.ptr, rec.bytes.len);
            p->len = rec.bytes.len;
            p->round = round_now;
        }
    }
    *at = g->ledger.len;
}

/* ---- the same again ---- */

static void replace(struct pattern *p, const char *what, const char *with, size_t len)
{
    size_t from = 0;
    for (char *at; (at = memmem(p->text + from, p->len - from, what, strlen(what))) != NULL;) {
        from = (size_t)(at - p->text) + strlen(what);
        memcpy(at, with, len);
    }
}

static void time_replace(struct pattern *p, instant now)
{
    uint8_t       text[64];
    struct writer w = WRITER_OF(text);
    line_instant(&w, "time", now);
    char *at = memmem(p->text, p->len, "\ntime ", 6);
    assert_non_null(at);
    memcpy(at + 1, text, w.len);
}

static void leaves_put(struct gate *g, struct ledger *ledger, struct writer *out)
{
    struct random_source random = random_from(&g->stream);
    for (unsigned i = 0; ledger->tree.size < LEAVES; i++) {
        struct pattern p = pattern[i % patterns];
        uint8_t        record[4200];
        char           fresh[9];
        struct writer  r = WRITER_OF(record);
        uint64_t       index;
        merkle_hash    hash;
        snprintf(fresh, sizeof fresh, "%08x", i / patterns);
        replace(&p, ids[p.round][0], fresh, 8);
        replace(&p, ids[p.round][1], fresh, 8);
        time_replace(&p, g->now);
        must(ledger_append_leaf(ledger, random, (span){(uint8_t *)p.text, p.len}, &r, &index,
                                &hash));
        put_block32(out, writer_span(&r));
        assert_false(out->bad);
    }
}

static void restart(struct gate *g, const char *what)
{
    struct writer all = writer_of(malloc(ROOM), ROOM);
    struct ledger ledger = {0};
    struct reader r = reader_of(writer_span(&g->ledger));
    while (r.rest.len > 0) { /* what this guard wrote */
        struct record    record;
        struct leaf_head head;
        span             bytes = read_block32(&r, RECORD_MAX);
        must(ledger_fold(&ledger, bytes, &record, &head));
        put_block32(&all, bytes);
    }
    leaves_put(g, &ledger, &all);
    free(g->ledger.ptr);
    g->ledger = all;
    double began = clock_s(CLOCK_MONOTONIC), used = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    must(gate_restart(g));
    printf("{\"%s\", \"leaves\": %d, \"mb\": %zu, \"fold_seconds\": %.2f, \"cpu_seconds\": %.2f}\n",
           what, LEAVES, all.len >> 20, clock_s(CLOCK_MONOTONIC) - began,
           clock_s(CLOCK_PROCESS_CPUTIME_ID) - used);
}

static void work_and_restart(unsigned who, const char *what)
{
    assert_int_equal(suite_make(NULL), 0);
    gates_open(gates, 1);
    people_make(gates);
    patterns = 0;
    seen[who] = gates[who].ledger.len;
    for (round_now = 0; round_now < ROUNDS; round_now++) {
        round_work();
        leaves_keep(&gates[who], &seen[who]);
    }
    restart(&gates[who], what);
    gates_close(gates);
}

int main(void)
{
    work_and_restart(KOR, "gives: epochs, verdicts, receipts that came");
    work_and_restart(JPN, "receives: grants, openings");
    return 0;
}
