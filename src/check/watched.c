/* SPDX-License-Identifier: Apache-2.0 */
/* Epochs that are under way: a place for each, until it is over and the guard has heeded what was said of it. */
#include "check/state.h"

struct watched *watched_find(struct check *c, const id *epoch)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        if (c->watched[i].state != WATCHED_FREE && id_equal(&c->watched[i].epoch, epoch)) {
            return &c->watched[i];
        }
    }
    return NULL;
}

static bool is_whole(const struct watched *w)
{
    return w->looked.told.product && w->looked.whole;
}

/* Nothing more of it is expected. */
static bool is_over(const struct check *c, const struct watched *w)
{
    int64_t idle = c->now - w->used_ms;
    bool    product = w->outbox == OUTBOX_DESK && !is_whole(w);
    return w->say == 0 && idle >= (product ? PRODUCT_IDLE_MS : FEED_IDLE_MS);
}

void watched_end(struct check *c, struct watched *w)
{
    if (w->refuses && c->outbox[w->outbox].begun) {
        c->port.over(c->port.ctx, w->outbox, &w->epoch, c->outbox[w->outbox].at);
    }
    inspect_end(&w->looked);
    *w = (struct watched){.state = WATCHED_FREE};
}

void watched_forget(struct check *c, unsigned outbox)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct watched *w = &c->watched[i];
        if (w->state != WATCHED_FREE && w->outbox == outbox) {
            inspect_end(&w->looked);
            *w = (struct watched){.state = WATCHED_FREE};
        }
    }
    for (unsigned i = 0; i < PACES_MAX; i++) {
        memset(&c->pace[i].seen, 0, sizeof c->pace[i].seen); /* their epochs may be open still */
    }
}

/* What was sealed may have waited long for room in the log: it is asked for anew then, and goes on where it was. */
static void fall_silent(struct check *c, struct watched *w)
{
    if (w->state == WATCHED_OPEN && !w->looked.told.product) {
        w->next = w->looked.next;
        inspect_end(&w->looked);
        w->state = WATCHED_SILENT;
    } else if (w->state == WATCHED_ASKED && w->next > 0) {
        w->state = WATCHED_SILENT;
    } else if (w->state != WATCHED_SILENT) {
        watched_end(c, w);
    }
}

/* What is refused is refused without a place here too; of the rest the longest silent, if the guard has heeded all that was
 * said of it. */
static bool goes_first(const struct watched *a, const struct watched *b)
{
    bool ra = a->state == WATCHED_REFUSED, rb = b->state == WATCHED_REFUSED;
    return ra != rb ? ra : a->used_ms < b->used_ms;
}

static struct watched *oldest(struct check *c)
{
    struct watched *best = NULL;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct watched *w = &c->watched[i];
        best = w->say == 0 && (best == NULL || goes_first(w, best)) ? w : best;
    }
    return best;
}

static struct watched *place(struct check *c)
{
    struct watched *w = NULL;
    for (unsigned i = 0; i < EPOCHS_MAX && w == NULL; i++) {
        w = c->watched[i].state == WATCHED_FREE ? &c->watched[i] : NULL;
    }
    w = w != NULL ? w : oldest(c);
    if (w != NULL && w->state != WATCHED_FREE) {
        watched_end(c, w);
    }
    return w;
}

struct watched *watched_begin(struct check *c, const id *epoch, unsigned outbox)
{
    struct watched *w = place(c);
    if (w != NULL) {
        *w = (struct watched){
            .state = WATCHED_ASKED, .epoch = *epoch, .outbox = (uint8_t)outbox, .used_ms = c->now};
        ask_for(c, w);
    }
    return w;
}

void watched_turn(struct check *c)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct watched *w = &c->watched[i];
        bool            late = c->now - w->asked_ms >= SAY_AGAIN_MS || w->unsent;
        if (w->state == WATCHED_FREE) {
            continue;
        }
        if (is_over(c, w)) {
            fall_silent(c, w);
        } else if (w->say != 0 && late) {
            say_of(c, w, w->say);
        } else if (w->state == WATCHED_ASKED && late) {
            ask_for(c, w);
        }
    }
}

/* Of what is whole and heeded nothing is needed any more; what is refused is refused without being seen again, once that
 * was heeded. */
static bool is_needed(const struct watched *w)
{
    return w->met && (w->say != 0 || (w->state == WATCHED_OPEN && !is_whole(w)));
}

uint64_t watched_floor(const struct check *c, unsigned outbox, uint64_t otherwise)
{
    uint64_t floor = otherwise;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        const struct watched *w = &c->watched[i];
        bool needed = w->state != WATCHED_FREE && w->outbox == outbox && is_needed(w);
        floor = needed && w->first < floor ? w->first : floor;
    }
    return floor;
}
