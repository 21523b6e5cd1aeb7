/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that looks at what leaves, with what it passes of the two outboxes; a courier reads no further. */
#include "sim/grow.h"
#include "sim/state.h"

static const enum log_name log_of[CHECK_OUTBOXES] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK};

/* CHECKER_AHEAD - no time of a sensor's is later than that: how late its reports are is what other faults test */
#define CHECKER_AHEAD MS_PER_HOUR

void outbox_grew(struct gateway *g)
{
    process_turn_soon(g, g->world->checked ? PROCESS_CHECK : PROCESS_COURIER);
}

static unsigned outbox_of(const struct gateway *g, enum log_name log)
{
    unsigned i = 0;
    while (i < CHECK_OUTBOXES && (log_of[i] != log || !g->world->checked)) {
        i++;
    }
    return i;
}

struct passing *passing_of(struct gateway *g, enum log_name log)
{
    unsigned i = outbox_of(g, log);
    return i < CHECK_OUTBOXES ? &g->passing[i] : NULL;
}

const struct journal_record *passed_read(struct gateway *g, enum log_name log, uint64_t at)
{
    const struct journal        *j = &g->log[log];
    const struct passing        *p = passing_of(g, log);
    const struct journal_record *r = journal_read(j, at);
    if (p == NULL) {
        return r;
    }
    while (r != NULL && r->next <= atomic_load(&p->passed) &&
           (passing_refuses(p, r->position, (span){r->body, r->len}) ||
            !sums_same(&g->looked[outbox_of(g, log)], r))) {
        r = journal_read(j, r->next);
    }
    return r != NULL && r->next <= atomic_load(&p->passed) ? r : NULL;
}

uint64_t passed_before(struct gateway *g, enum log_name log, uint64_t at)
{
    const struct passing *p = passing_of(g, log);
    uint64_t              passed = p == NULL ? 0 : atomic_load(&p->passed);
    return p == NULL ? journal_before(&g->log[log], at) : passed > at ? passed : at;
}

void passing_power(struct gateway *g)
{
    for (unsigned i = 0; i < CHECK_OUTBOXES; i++) {
        sums_cut(&g->looked[i]);
        if (!passing_begin(&g->passing[i])) {
            wrong(g->world, "%s: what was passed of an outbox is damaged", law_party[g->number]);
        }
    }
}

/* ---- the machine's port ---- */

static void checker_from(void *ctx, unsigned outbox, uint64_t *at, uint64_t *passed)
{
    struct gateway *g = ctx;
    *passed = atomic_load(&g->passing[outbox].passed);
    *at = atomic_load(&g->passing[outbox].floor);
    passing_close(&g->passing[outbox], NULL, *passed);
}

static err checker_read(void *ctx, unsigned outbox, uint64_t at, struct check_item *out, bool *more)
{
    struct gateway              *g = ctx;
    const struct journal        *j = &g->log[log_of[outbox]];
    const struct journal_record *r = journal_read(j, at);
    *more = r != NULL;
    if (journal_within(j, at) || (j->open && at > journal_written(j))) {
        return FAIL(FORGED, "no record begins there");
    }
    *out = (struct check_item){.next = journal_before(j, at)};
    if (r != NULL) {
        *out = (struct check_item){.position = r->position,
                                   .next = r->next,
                                   .live = r->live,
                                   .type = r->type,
                                   .body = {r->body, r->len}};
    }
    return OK;
}

static void checker_pass(void *ctx, unsigned outbox, uint64_t position)
{
    struct gateway *g = ctx;
    if (write_allowed(g, PROCESS_CHECK)) {
        passing_to(&g->passing[outbox], position);
        process_turn_soon(g, PROCESS_COURIER);
    }
}

static err checker_see(void *ctx, unsigned outbox, const struct check_item *item)
{
    struct gateway *g = ctx;
    return write_allowed(g, PROCESS_CHECK)
               ? sums_put(&g->looked[outbox], journal_read(&g->log[log_of[outbox]], item->position))
               : FAIL(IO, "the process has died in a write");
}

static err checker_settle(void *ctx, unsigned outbox, uint64_t position, uint64_t floor)
{
    struct gateway *g = ctx;
    if (journal_safe(&g->log[log_of[outbox]]) < position) {
        return FAIL(STATE, "what was looked at is not on the medium yet");
    }
    if (!write_allowed(g, PROCESS_CHECK)) {
        return FAIL(IO, "the process has died in a write");
    }
    sums_sync(&g->looked[outbox]);
    passing_settle(&g->passing[outbox], position, floor);
    return OK;
}

static err checker_refuse(void *ctx, unsigned outbox, const struct check_item *item,
                          const id *epoch)
{
    struct gateway     *g = ctx;
    struct passing_what what = {.from = item->position,
                                .to = epoch == NULL ? item->next : PASSING_OPEN};
    bool                more = false;
    if (!write_allowed(g, PROCESS_CHECK)) {
        return FAIL(IO, "the process has died in a write");
    }
    memcpy(what.key, epoch == NULL ? what.key : epoch->bytes, epoch == NULL ? 0 : sizeof what.key);
    TRY(passing_refuse(&g->passing[outbox], &what, JOURNAL_START, &more));
    g->world->totals.refused_epochs += more;
    return OK;
}

static void checker_over(void *ctx, unsigned outbox, const id *epoch, uint64_t position)
{
    struct gateway *g = ctx;
    if (write_allowed(g, PROCESS_CHECK)) {
        passing_close(&g->passing[outbox], epoch->bytes, position);
    }
}

static void checker_forget(void *ctx, unsigned outbox)
{
    struct gateway *g = ctx;
    wrong(g->world, "%s: what was passed of an outbox is not known any more", law_party[g->number]);
    passing_forget(&g->passing[outbox]);
}

static err checker_ask(void *ctx, span message)
{
    return channel_ask(ctx, PROCESS_CHECK, message);
}

static void checker_done(void *ctx, unsigned outbox, uint64_t position)
{
    (void)ctx;
    (void)outbox;
    (void)position; /* logs are kept whole here */
}

static void checker_note(void *ctx, const struct check_note *n)
{
    struct gateway *g = ctx;
    say(g->world, "%s: check: outbox %u: %s (%s)", law_party[g->number], n->outbox, n->sentence,
        n->because == NULL ? "-" : n->because);
}

/* ---- its life ---- */

static void checker_start(struct gateway *g)
{
    const struct check_port port = {.ctx = g,
                                    .from = checker_from,
                                    .read = checker_read,
                                    .pass = checker_pass,
                                    .see = checker_see,
                                    .settle = checker_settle,
                                    .refuse = checker_refuse,
                                    .over = checker_over,
                                    .forget = checker_forget,
                                    .ask = checker_ask,
                                    .done = checker_done,
                                    .note = checker_note};
    g->check = zeros(check_size());
    check_init(g->check, &port, g->number + 1);
}

static void checker_stop(struct gateway *g)
{
    check_done(g->check);
    free(g->check);
    g->check = NULL;
}

static void checker_greeted(struct gateway *g)
{
    check_guard_new(g->check);
}

static void checker_hear(struct gateway *g, span message)
{
    check_guard(g->check, boot_ms(g->world), message);
}

static void checker_turn(struct gateway *g)
{
    int64_t now = boot_ms(g->world), next = 0;
    check_turn(g->check, now, g->world->stage->start + now + CHECKER_AHEAD, &next);
    if (next <= now) {
        process_turn_soon(g, PROCESS_CHECK);
    }
}

static void checker_tick(struct gateway *g)
{
    (void)g; /* a turn follows */
}

const struct machine check_machine = {
    .start = checker_start,
    .stop = checker_stop,
    .greeted = checker_greeted,
    .hear = checker_hear,
    .turn = checker_turn,
    .tick = checker_tick,
    .tick_us = 200 * MS,
};
