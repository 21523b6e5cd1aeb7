/* SPDX-License-Identifier: Apache-2.0 */
/* Instruments between guards: the letter that tells a partner of an own one, and what comes of a partner's. */
#include "guard/giving.h"
#include "guard/instrument.h"
#include "guard/tell.h"

/* ---- letters to the others ---- */

/* The cuts of what this partner has under what is paused, or by a hub: by the handle that it knows. */
static void cuts_put(struct guard *g, const struct telling *t, unsigned partner, struct writer *w)
{
    for (unsigned i = 0; i < t->closing_count; i++) {
        struct kept           k = {.given = UINT16_MAX}; /* of what cannot be read, all are told */
        const struct closing *one = &t->closing[i];
        struct cut            c = one->cut;
        err                   e = kept_get(g, &c.epoch, &k);
        secret_wipe(&k.key);
        if (e.code != ERR_UNKNOWN && set_has((one->partners & k.given) | k.given_via, partner)) {
            link_handle(g, &one->cut.epoch, &g->partner[partner].name, &c.epoch);
            cut_put("cut", &c, w);
        }
    }
}

static err telling_send(struct guard *g, const struct telling *t, unsigned partner)
{
    uint8_t       body[LETTER_BODY_MAX];
    struct writer w = WRITER_OF(body);
    span          text;
    line_number(&w, "leaf", t->leaf);
    instrument_lines(&t->instrument, &w);
    cuts_put(g, t, partner, &w);
    TRY(writer_end(&w, &text));
    return letter_send(g, partner, "instrument", text);
}

/* The first that a partner is to be told of: letters keep the order of the acts. */
static struct telling *telling_first(struct guard *g, unsigned partner)
{
    struct telling *first = NULL;
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        struct telling *t = &g->telling[i];
        if (set_has(t->partners, partner) && (first == NULL || t->leaf < first->leaf)) {
            first = t;
        }
    }
    return first;
}

void tellings_turn(struct guard *g)
{
    restate_turn(g);
    signatures_turn(g);
    for (unsigned p = 0; p < g->partner_count; p++) {
        struct telling *t = telling_first(g, p);
        while (t != NULL && guard_has_room(g) && letter_room(g, p) &&
               !err_is(telling_send(g, t, p))) {
            t = telling_first(g, p);
        }
    }
}

bool told_all(const struct guard *g, unsigned partner)
{
    if (!signatures_told(g, partner)) {
        return false;
    }
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        if (set_has(g->telling[i].partners, partner)) {
            return false;
        }
    }
    return true;
}

bool tellings_wait(const struct guard *g)
{
    if (restate_waits(g) || signatures_wait(g)) {
        return true;
    }
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        set64 left = g->telling[i].partners;
        for (unsigned p = set_next(left, 0); p < SET64_MAX; p = set_next(left, p + 1)) {
            if (letter_room(g, p)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- letters of the others ---- */

struct told {
    uint64_t          leaf; /* of the sender */
    struct instrument instrument;
    unsigned          agreement;
};

static err told_read(struct guard *g, struct lines *l, struct told *out)
{
    struct told t = {.leaf = take_number(l, "leaf", INT64_MAX)};
    TRY(instrument_taken(l, &t.instrument));
    TRY(agreement_of(g, t.instrument.digest, &t.agreement));
    *out = t;
    return OK;
}

static err cuts_check(struct lines *l)
{
    span     value;
    unsigned count = 0;
    while (take_more(l, "cut", &value)) {
        struct cut c;
        TRY(cut_read(value, &c));
        if (++count > RUNNING_MAX) {
            return FAIL(LIMIT, "an instrument cuts more epochs than can be open");
        }
    }
    return lines_end(l);
}

err letter_instrument_check(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    uint8_t      party = g->partner[v->partner].party;
    struct told  t;
    TRY(told_read(g, &l, &t));
    TRY(cuts_check(&l));
    if (!set_has(g->tables.agreements.agreement[t.agreement].parties, party)) {
        return FAIL(DENIED, "an instrument is of a party that is no party to the agreement");
    }
    /* A guard that started by a wrong clock cannot know; a pause of its party counts all the same. */
    if (t.instrument.effective > g->now + AHEAD_MS_MAX) {
        return FAIL(DENIED, "an instrument takes effect more than a day from now");
    }
    if (t.instrument.effective < instrument_last(g, party)) {
        return FAIL(DENIED, "an instrument is dated before one that came from that party earlier");
    }
    return instrument_room_for(g, party) ? OK
                                         : FAIL(FULL, "there is no room for another instrument");
}

err letter_instrument_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    struct told  t;
    span         value;
    TRY(told_read(g, &l, &t));
    t.instrument.party = g->partner[v->partner].party;
    t.instrument.accepted = v->time;
    while (take_more(&l, "cut", &value)) {
        struct cuts_known *k = &g->cuts_known[v->partner];
        TRY(cut_read(value, &k->cut[k->next++ % CUTS_EACH_MAX]));
    }
    return instrument_keep(g, &t.instrument);
}

/* A letter of ours has gone: that partner need not be told again. */
err letter_instrument_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    uint64_t     leaf = take_number(&l, "leaf", INT64_MAX);
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        if (g->telling[i].leaf == leaf) {
            g->telling[i].partners &= ~set_one(v->partner);
        }
    }
    return OK;
}

uint64_t cut_items(const struct guard *g, unsigned partner, const id *handle)
{
    const struct cuts_known *k = &g->cuts_known[partner];
    uint64_t                 items = UINT64_MAX;
    for (unsigned i = 0; i < CUTS_EACH_MAX && i < k->next; i++) {
        if (id_equal(&k->cut[i].epoch, handle) && k->cut[i].items < items) {
            items = k->cut[i].items;
        }
    }
    return items;
}

/* A grant that has not come, and what opens no more or cannot, need no cut in their slots. */
static err cut_keep(struct guard *g, const name *from, const struct cut *c)
{
    struct kept k = {0};
    err         e = kept_get(g, &c->epoch, &k);
    if (!err_is(e) && k.kind == KEPT_RECEIVED && name_equal(&k.from, from) && c->items < k.items) {
        k.items = c->items;
        e = kept_change(g, &c->epoch, &k);
    }
    secret_wipe(&k.key);
    return e.code == ERR_UNKNOWN || e.code == ERR_STATE || e.code == ERR_FORGED ? OK : e;
}

/* It holds all the same while the cut is remembered, and what cannot be read does not open. */
static void cut_alarm(struct guard *g, const name *from, const struct cut *c)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason",
              SPAN_LIT("where a partner's pause cuts an epoch could not be written into its slot"));
    line_name(&l.w, "partner", from);
    line_hex(&l.w, "handle", id_span(&c->epoch));
    record(g, &l);
}

/* The desk drops every key of that partner, and asks again for what it shows: under what holds now. */
void letter_instrument_done(struct guard *g, const struct letter_view *v)
{
    static const id every;
    struct lines    l = lines_of(v->body);
    struct told     t;
    span            value;
    const name     *from = &g->partner[v->partner].name;
    MUST(!err_is(told_read(g, &l, &t)));
    while (take_more(&l, "cut", &value)) {
        struct cut c;
        MUST(!err_is(cut_read(value, &c)));
        if (err_is(cut_keep(g, from, &c))) {
            cut_alarm(g, from, &c);
        }
    }
    forget_tell(g, from, &every);
}
