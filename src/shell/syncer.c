/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/doorbell.h"
#include "shell/parts.h"

#include <poll.h>

static void bell_await(int bell)
{
    struct pollfd p = {.fd = bell, .events = POLLIN};
    while (!doorbell_answer(bell)) {
        (void)poll(&p, 1, -1); /* a signal interrupts it: then the bell is looked at once more */
    }
}

/* The bells order what the two threads see of the group and of how it went. */
static void *sync_groups(void *ctx)
{
    struct syncer *s = ctx;
    for (;;) {
        bell_await(s->start);
        s->waited = log_group_wait(&s->group);
        doorbell_ring(s->bell);
    }
    return NULL;
}

err syncer_open(struct syncer *s)
{
    TRY(doorbell_make(&s->start));
    TRY(doorbell_make(&s->bell));
    return pthread_create(&s->thread, NULL, sync_groups, s) == 0
               ? OK
               : FAIL(IO, "the system gave no thread for syncs");
}

void syncer_start(struct syncer *s)
{
    MUST(!s->busy);
    s->busy = true;
    doorbell_ring(s->start);
}

bool syncer_ended(struct syncer *s, err *waited)
{
    if (!s->busy || !doorbell_answer(s->bell)) {
        return false;
    }
    s->busy = false;
    *waited = s->waited;
    return true;
}

void syncer_wait(struct syncer *s, err *waited)
{
    MUST(s->busy);
    bell_await(s->bell);
    s->busy = false;
    *waited = s->waited;
}

/* ---- of the logs that are written ---- */

static err group_end(struct shell_written *w, err waited)
{
    TRY(log_sync_end(&w->writer, &w->syncer.group, waited));
    shell_flushed(w->shell, w->name);
    return OK;
}

static void group_ended(void *ctx, uint32_t events)
{
    struct shell_written *w = ctx;
    err                   waited;
    (void)events;
    if (!syncer_ended(&w->syncer, &waited)) {
        return; /* it was waited for */
    }
    err e = group_end(w, waited);
    if (err_is(e)) {
        shell_fail(w->shell, e);
        return;
    }
    w->shell->plan.on_synced(w->shell->plan.ctx, w->name);
}

err syncers_open(struct shell *s)
{
    for (unsigned log = 0; s->plan.on_synced != NULL && log < LOG_COUNT; log++) {
        struct shell_written *w = s->written[log];
        uint32_t              id;
        if (w != NULL) {
            TRY(syncer_open(&w->syncer));
            TRY(loop_add(&s->loop, w->syncer.bell, EPOLLIN, group_ended, w, &id));
        }
    }
    return OK;
}

err shell_sync_begin(struct shell *s, enum log_name log)
{
    struct log_writer    *writer = shell_writer(s, log);
    struct shell_written *w = s->written[log];
    MUST(!w->syncer.busy);
    TRY(log_sync_begin(writer, &w->syncer.group));
    syncer_start(&w->syncer);
    return OK;
}

err shell_sync(struct shell *s, enum log_name log)
{
    struct log_writer    *writer = shell_writer(s, log);
    struct shell_written *w = s->written[log];
    err                   waited;
    if (w->syncer.busy) {
        syncer_wait(&w->syncer, &waited);
        TRY(group_end(w, waited));
    }
    TRY(log_sync(writer));
    shell_flushed(s, log);
    return OK;
}
