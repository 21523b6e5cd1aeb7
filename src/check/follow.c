/* SPDX-License-Identifier: Apache-2.0 */
/* The outboxes, record by record: each is looked at, then the mark goes on. */
#include "check/state.h"

static void tell(struct check *c, struct check_note n)
{
    c->port.note(c->port.ctx, &n);
}

/* FULL: nothing goes on before there is a place.  What is refused is on the medium before the mark passes it.  What passed
 * before this start, and is seen again, has left: it is not taken out of the log under who carries it. */
static err refuse(struct check *c, unsigned outbox, const struct check_item *item,
                  struct watched *w)
{
    if (item->next <= c->outbox[outbox].passed) {
        return OK;
    }
    err e = c->port.refuse(c->port.ctx, outbox, item, w == NULL ? NULL : &w->epoch);
    if (err_is(e)) {
        if (!c->outbox[outbox].stuck) {
            tell(c, (struct check_note){
                        .sentence = "what is refused cannot be kept in mind: nothing more leaves",
                        .outbox = outbox,
                        .because = e.why});
        }
        c->outbox[outbox].stuck = true;
        return e;
    }
    c->outbox[outbox].stuck = false;
    if (w != NULL) {
        w->refuses = true;
    }
    return OK;
}

static void tell_unknown(struct check *c, unsigned outbox, const struct watched *w)
{
    c->counters.unknown++;
    if (w == NULL || !w->refuses) {
        tell(c, (struct check_note){
                    .sentence =
                        "an outbox holds what the guard gives no leave to look at: it stays here",
                    .outbox = outbox,
                    .epoch = w == NULL ? NULL : &w->epoch});
    }
}

static void tell_stopped(struct check *c, struct watched *w, struct inspected is)
{
    w->fault = is.fault;
    w->item = is.item;
    tell(c,
         (struct check_note){
             .sentence = "something that was sealed here is not what it must be: it does not leave",
             .outbox = w->outbox,
             .epoch = &w->epoch,
             .because = inspect_fault_text(is.fault)});
    say_of(c, w, REQUEST_STOPPED);
}

/* It is refused by its epoch, at once and for all that follows. */
static err look_refused(struct check *c, unsigned outbox, const struct check_item *item,
                        struct watched *w)
{
    c->counters.refused++;
    if (w->unknown) {
        tell_unknown(c, outbox, w);
    }
    return w->refuses ? OK : refuse(c, outbox, item, w);
}

static err look_open(struct check *c, unsigned outbox, const struct check_item *item,
                     struct watched *w)
{
    const struct inspect_record r = {
        .body = item->body, .outbox = (uint8_t)outbox, .type = item->type, .durable = !item->live};
    bool             was_whole = w->looked.whole;
    struct inspected is = inspect_batch(c->inspector, &w->looked, &r, c->time);
    if (is.fault != INSPECT_PASS) {
        TRY(refuse(c, outbox, item, w));
        w->state = WATCHED_REFUSED;
        c->counters.refused++;
        tell_stopped(c, w, is);
        return OK;
    }
    TRY(c->port.see(c->port.ctx, outbox, item));
    c->counters.passed++;
    if (w->looked.whole && !was_whole) {
        say_of(c, w, REQUEST_WHOLE);
    }
    return OK;
}

/* fails   STATE while the guard has not said what it must be; as port.refuse */
static err look(struct check *c, unsigned outbox, const struct check_item *item)
{
    id epoch;
    if (inspect_head(item->body, &epoch) != INSPECT_PASS) {
        tell_unknown(c, outbox, NULL);
        return refuse(c, outbox, item, NULL);
    }
    struct watched *w = watched_find(c, &epoch);
    w = w != NULL ? w : watched_begin(c, &epoch, outbox);
    if (w != NULL && w->state == WATCHED_SILENT) {
        w->state = WATCHED_ASKED;
        w->used_ms = c->now;
        ask_for(c, w);
    }
    if (w == NULL || w->state == WATCHED_ASKED) {
        return FAIL(STATE, "the guard has not said yet what this must be");
    }
    w->used_ms = c->now;
    if (!w->met) {
        w->met = true;
        w->first = item->position;
        w->outbox = (uint8_t)outbox;
    }
    if (w->state == WATCHED_OPEN && w->outbox == outbox) {
        return look_open(c, outbox, item, w);
    }
    return look_refused(c, outbox, item, w);
}

static void begin(struct check *c, unsigned outbox)
{
    struct outbox *o = &c->outbox[outbox];
    if (!o->begun) {
        c->port.from(c->port.ctx, outbox, &o->at, &o->passed);
        o->kept = o->at;
        o->settled = o->passed;
        o->begun = true;
    }
}

/* What was said of how far it was passed is of another log, or somebody changed it: all is looked at. */
static void begin_anew(struct check *c, unsigned outbox)
{
    c->port.forget(c->port.ctx, outbox);
    tell(c,
         (struct check_note){
             .sentence = "what was passed of an outbox is not known: all of it is looked at again",
             .outbox = outbox});
    watched_forget(c, outbox);
    c->outbox[outbox] = (struct outbox){.begun = true, .sound = true};
}

static void damaged(struct check *c, unsigned outbox, err e)
{
    struct outbox *o = &c->outbox[outbox];
    if (!o->damaged) {
        tell(c,
             (struct check_note){.sentence = "an outbox is damaged: what follows in it stays here",
                                 .outbox = outbox,
                                 .because = e.why});
    }
    o->damaged = true;
}

static void on_failed(struct check *c, unsigned outbox, err e)
{
    struct outbox *o = &c->outbox[outbox];
    if (e.code == ERR_CONFLICT) {
        begin_anew(c, outbox); /* while it runs */
    } else if (e.code == ERR_UNKNOWN && o->at != 0) {
        o->at = 0; /* its oldest segments are gone */
        c->looked_ms = c->now;
    } else if (e.code == ERR_FORGED && o->at != 0 && !o->sound) {
        begin_anew(c, outbox);
    } else {
        damaged(c, outbox, e);
    }
}

static void follow(struct check *c, unsigned outbox)
{
    struct outbox    *o = &c->outbox[outbox];
    struct check_item item;
    bool              more = true;
    o->dry = true;
    for (unsigned i = 0; i < TURN_RECORDS && !o->damaged; i++) {
        err e = c->port.read(c->port.ctx, outbox, o->at, &item, &more);
        if (err_is(e)) {
            on_failed(c, outbox, e);
            o->dry = false;
            break;
        }
        o->sound = o->sound || more;
        o->clear = more ? o->clear : item.next;
        if (!more || err_is(look(c, outbox, &item))) {
            return;
        }
        o->at = item.next;
    }
    o->dry = o->damaged;
}

/* To where there is nothing more to look at, so that who carries it knows that nothing is still to come. */
static void mark(struct check *c, unsigned outbox)
{
    struct outbox *o = &c->outbox[outbox];
    uint64_t       to = o->clear > o->at ? o->clear : o->at;
    if (to > o->passed) {
        o->passed = to;
        c->port.pass(c->port.ctx, outbox, o->passed);
    }
}

/* A power cut takes what lies in memory only, of the log and of what was seen of it: now and then it is made sure that neither
 * does.  Before what is under way began nothing is needed then, neither now nor after a start. */
static void settle(struct check *c, unsigned outbox)
{
    struct outbox *o = &c->outbox[outbox];
    uint64_t       floor = watched_floor(c, outbox, o->at);
    bool           news = o->passed != o->settled || floor != o->kept;
    if (!o->due && news && c->now - o->settled_ms >= SETTLE_MS) {
        o->due = true;
        o->settled_ms = c->now;
        o->to = o->passed;
        o->floor = floor;
    }
    err e = o->due ? c->port.settle(c->port.ctx, outbox, o->to, o->floor) : OK;
    if (e.code == ERR_STATE) {
        return;
    }
    if (err_is(e) && !o->unsettled) {
        tell(c, (struct check_note){.sentence = "what was looked at cannot be synced",
                                    .outbox = outbox,
                                    .because = e.why});
    }
    if (o->due && !err_is(e)) {
        o->settled = o->to;
        o->kept = o->floor;
        c->port.done(c->port.ctx, outbox, o->kept);
    }
    o->unsettled = err_is(e);
    o->due = false;
}

void outboxes_turn(struct check *c)
{
    for (unsigned i = 0; i < CHECK_OUTBOXES; i++) {
        begin(c, i);
        if (lease_good(c)) {
            follow(c, i);
            mark(c, i);
            settle(c, i);
        }
    }
}
