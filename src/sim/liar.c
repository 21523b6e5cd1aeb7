/* SPDX-License-Identifier: Apache-2.0 */
/* Who lies, and when: what passes through a liar's hands, and what it says besides. */
#include "sim/liar.h"

#include "sim/grow.h"

/* SPEAKS_US - so long between two things that it says by itself, on the average; SPOKEN_MAX - so many in all: a world ends */
#define SPEAKS_US  (30 * MS)
#define SPOKEN_MAX 400

static const enum process may_lie[] = {PROCESS_INTAKE, PROCESS_COURIER, PROCESS_DESK};

bool world_lies(uint64_t seed)
{
    return seed / 6 % 2 == 1;
}

static void liar_begin(struct world *w, unsigned gateway, enum process p)
{
    static const uint32_t boldness[] = {4, 20, 100};
    struct gateway       *g = &w->gateway[gateway];
    struct liar          *l = zeros(sizeof *l);
    struct event e = {.kind = HAPPENS_LIAR, .gateway = (uint8_t)gateway, .process = (uint8_t)p};
    if (g->liar[p] != NULL) {
        free(l);
        return;
    }
    random_fill(random_from(&w->stream), l->key.key, SECRET_LEN);
    l->boldness = boldness[roll(w, 3)];
    l->tag = LIAR_TAG;
    if (p == PROCESS_COURIER) {
        l->link = zeros(GATEWAYS_MAX * PATH_COUNT * 2 * sizeof *l->link);
    }
    g->liar[p] = l;
    w->totals.liars++;
    say(w, "%s: %s is a liar", law_party[gateway], process_name[p]);
    happen(w, 300 * MS + roll(w, 500000), e, (span){0});
}

/* Mostly one; sometimes several, of one gateway or of all. */
void liars_plan(struct world *w)
{
    bool by_seed = w->plan.liars == LIARS_BY_SEED && world_lies(w->plan.seed);
    if (!by_seed && w->plan.liars != LIARS_ALWAYS) {
        return;
    }
    w->hoard = zeros(sizeof *w->hoard);
    unsigned count = chance(w, 2) ? 1 : 1 + roll(w, 4);
    unsigned gateway = roll(w, w->gateways);
    for (unsigned i = 0; i < count; i++) {
        liar_begin(w, gateway, may_lie[roll(w, 3)]);
        gateway = chance(w, 2) ? gateway : roll(w, w->gateways);
    }
}

void liars_free(struct world *w)
{
    for (unsigned i = 0; i < w->gateways * PROCESS_COUNT; i++) {
        struct liar *l = w->gateway[i / PROCESS_COUNT].liar[i % PROCESS_COUNT];
        for (unsigned k = 0; l != NULL && l->link != NULL && k < GATEWAYS_MAX * PATH_COUNT * 2;
             k++) {
            free(l->link[k].part);
        }
        if (l != NULL) {
            free(l->link);
            free(l);
        }
    }
    hoard_free(w->hoard);
}

/* ---- to the guard ---- */

static void tell(struct gateway *g, enum process p, span message)
{
    if (p == PROCESS_DESK) {
        oracle_asked(g, message);
    }
    g->world->totals.lies++;
    channel_say(g, p, message);
}

static uint32_t tag_next(struct liar *l)
{
    l->tag = LIAR_TAG | ((l->tag + 1) & 0x00ffffff);
    return l->tag;
}

static void tell_changed(struct gateway *g, enum process p, span message)
{
    static uint8_t room[GUARD_MESSAGE_MAX + 16];
    struct writer  w = WRITER_OF(room);
    liar_changed(g->world, &w, message, tag_next(g->liar[p]));
    if (!w.bad && w.len <= GUARD_MESSAGE_MAX) {
        tell(g, p, writer_span(&w));
    }
}

static void tell_again(struct gateway *g, enum process p, span message)
{
    static uint8_t room[GUARD_MESSAGE_MAX + 16];
    struct writer  w = WRITER_OF(room);
    size_t         len = message.len;
    uint32_t       tag = tag_next(g->liar[p]);
    put_span(&w, message);
    if (chance(g->world, 8)) {
        liar_bend(g->world, room, &len);
    }
    if (len >= 5) {
        struct writer t = writer_of(room + 1, 4);
        put_u32(&t, tag);
        tell(g, p, (span){room, len});
    }
}

void liar_asks(struct gateway *g, enum process p, span message)
{
    struct world *w = g->world;
    hoard_request(w, message);
    if (!chance(w, g->liar[p]->boldness)) {
        channel_say(g, p, message);
        return;
    }
    switch (roll(w, 4)) {
    case 0: /* it is left out */
        w->totals.lies++;
        break;
    case 1:
        tell_changed(g, p, message);
        break;
    case 2:
        tell_changed(g, p, message);
        channel_say(g, p, message);
        break;
    default:
        channel_say(g, p, message);
        tell_again(g, p, message);
        break;
    }
}

bool liar_hears(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    hoard_answer(g, message);
    if ((m.tag & LIAR_TAG) != LIAR_TAG) {
        return true;
    }
    g->world->totals.lies_refused += m.kind == ANSWER_ERROR;
    return false; /* it knows now, and the machine beside it does not */
}

/* ---- by itself ---- */

static void greet(struct gateway *g, enum process p)
{
    uint8_t       key[SIGN_PUBLIC_LEN], room[64];
    struct writer w = WRITER_OF(room);
    sign_public(&g->liar[p]->key, key);
    guard_message_begin(&w, REQUEST_GREET, tag_next(g->liar[p]));
    put_span(&w, SPAN_OF(key));
    g->liar[p]->greeted = true;
    tell(g, p, writer_span(&w));
}

static void speak(struct gateway *g, enum process p)
{
    static uint8_t room[GUARD_MESSAGE_MAX + 16];
    struct world  *w = g->world;
    struct writer  out = WRITER_OF(room);
    span           old = hoard_draw(w, &w->hoard->message);
    unsigned       what = roll(w, 8);
    if (what == 0 && p != PROCESS_COURIER && chance(w, 12)) {
        greet(g, p);
    } else if (what < 3 && old.len > 0) {
        tell_again(g, p, old);
    } else if (what < 5 && old.len > 0) {
        tell_changed(g, p, old);
    } else {
        liar_message(w, &out, p, tag_next(g->liar[p]));
        if (!out.bad && out.len <= GUARD_MESSAGE_MAX) {
            tell(g, p, writer_span(&out));
        }
    }
}

static void write_more(struct gateway *g, enum process p)
{
    span            record;
    struct journal *j = &g->log[p == PROCESS_INTAKE ? LOG_OUTBOX_INTAKE
                                : p == PROCESS_DESK ? LOG_OUTBOX_DESK
                                                    : LOG_INBOX];
    record =
        p == PROCESS_COURIER ? hoard_draw(g->world, &g->world->hoard->record) : liar_batch(g, p);
    if (record.len > ID_LEN && !j->full && write_allowed(g, p)) {
        g->world->totals.lies++;
        (void)journal_append(j, &record, 1, p == PROCESS_INTAKE, 0);
        journal_write(j);
        journal_sync(j);
        if (p == PROCESS_COURIER) {
            process_turn_soon(g, PROCESS_DESK);
        } else {
            outbox_grew(g);
        }
    }
}

void on_liar(struct world *w, const struct event *e)
{
    struct gateway *g = &w->gateway[e->gateway];
    enum process    p = (enum process)e->process;
    struct event    again = {
           .kind = HAPPENS_LIAR, .gateway = e->gateway, .process = e->process, .a = e->a + 1};
    if (g->up[p] && g->channel[p].up && g->channel[p].held && !g->dying[p]) {
        if (chance(w, 6)) {
            write_more(g, p);
        } else {
            speak(g, p);
        }
    }
    if (e->a < SPOKEN_MAX) {
        happen(w, 1000 + roll(w, 2 * SPEAKS_US), again, (span){0});
    }
}
