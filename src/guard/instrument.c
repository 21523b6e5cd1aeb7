/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/instrument.h"

#include "guard/act.h"
#include "guard/giving.h"
#include "guard/tell.h"

/* ---- what every instrument keeps to, own or of a partner ---- */

static bool has_direction(enum instrument_kind k)
{
    return k == INSTRUMENT_PAUSE || k == INSTRUMENT_RESUME;
}

/* A party's acts come in the order of their instants; what it signed and notified at the beginning has
 * days of its own. */
instant instrument_last(const struct guard *g, uint8_t party)
{
    instant last = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        bool                     act = one->kind >= INSTRUMENT_PAUSE && one->party == party;
        last = act && one->effective > last ? one->effective : last;
    }
    return last;
}

/* The leaves of the own acts, in their order: unlike instants they are as they came about. */
void instrument_own(struct guard *g, instant effective)
{
    if (g->own_act_count < INSTRUMENTS_MAX) {
        g->own_act[g->own_act_count++] = (struct own_act){g->ledger.tree.size - 1, effective};
    }
}

instant instrument_before(const struct guard *g, uint64_t leaf)
{
    instant last = 0;
    for (unsigned i = 0; i < g->own_act_count && g->own_act[i].leaf < leaf; i++) {
        last = g->own_act[i].effective;
    }
    return last;
}

err agreement_of(const struct guard *g, const uint8_t digest[static 32], unsigned *out)
{
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        if (memcmp(g->tables.agreements.agreement[i].digest, digest, 32) == 0) {
            *out = i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "no agreement of this digest is loaded");
}

static err direction_take(struct lines *l, struct instrument *out)
{
    enum pause_direction d = PAUSE_BOTH;
    if (has_direction(out->kind)) {
        TRY(pause_direction_of(take_text(l, "direction"), &d));
        out->direction = (uint8_t)d;
    }
    return OK;
}

static bool has_instant(enum instrument_kind k)
{
    return k == INSTRUMENT_AMEND || k == INSTRUMENT_TERMINATE;
}

/* What is consented to, and the reading: of those kinds alone. */
static err consent_take(struct lines *l, struct instrument *out)
{
    enum reading r = READING_HELD;
    if (out->kind == INSTRUMENT_AMEND) {
        take_hex(l, "into", out->into, sizeof out->into);
    }
    if (has_instant(out->kind)) {
        out->at = take_instant(l, "at");
    }
    if (out->kind == INSTRUMENT_READING) {
        TRY(reading_of(take_text(l, "reading"), &r));
        out->reading = (uint8_t)r;
    }
    return OK;
}

/* Lines digest, instrument, what it is about, effective: the same in the leaf and in the letter. */
err instrument_taken(struct lines *l, struct instrument *out)
{
    struct instrument i = {.kind = INSTRUMENT_SIGN};
    take_hex(l, "digest", i.digest, sizeof i.digest);
    span kind = take_text(l, "instrument");
    TRY(instrument_kind_of(kind, &i.kind));
    TRY(direction_take(l, &i));
    TRY(consent_take(l, &i));
    i.effective = take_instant(l, "effective");
    if (l->bad || i.kind < INSTRUMENT_PAUSE) {
        return FAIL(MALFORMED, "an instrument is not as it should be");
    }
    *out = i;
    return OK;
}

void instrument_lines(const struct instrument *i, struct writer *w)
{
    line_hex(w, "digest", SPAN_OF(i->digest));
    line_text(w, "instrument", span_text(instrument_kind_name(i->kind)));
    if (has_direction(i->kind)) {
        line_text(w, "direction",
                  span_text(pause_direction_name((enum pause_direction)i->direction)));
    }
    if (i->kind == INSTRUMENT_AMEND) {
        line_hex(w, "into", SPAN_OF(i->into));
    }
    if (has_instant(i->kind)) {
        line_instant(w, "at", i->at);
    }
    if (i->kind == INSTRUMENT_READING) {
        line_text(w, "reading", span_text(reading_name((enum reading)i->reading)));
    }
    line_instant(w, "effective", i->effective);
}

static err cut_of(span epoch, span items, struct cut *out)
{
    TRY(text_hex(epoch, out->epoch.bytes, ID_LEN));
    return text_decimal(items, EPOCH_ITEMS_MAX, &out->items);
}

err cut_read(span value, struct cut *out)
{
    span epoch = span_cut(&value, ' ');
    return cut_of(epoch, value, out);
}

void cut_put(const char *key, const struct cut *c, struct writer *w)
{
    put_text(w, key);
    put_u8(w, ' ');
    put_hex(w, id_span(&c->epoch));
    put_u8(w, ' ');
    put_decimal(w, c->items);
    put_u8(w, '\n');
}

/* A partner that pauses without end keeps neither this party nor the others from pausing. */
bool instrument_room_for(const struct guard *g, uint8_t party)
{
    unsigned count = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        count += one->party == party && one->kind >= INSTRUMENT_PAUSE ? 1 : 0;
    }
    return count < INSTRUMENTS_EACH_MAX && g->instrument_count + INSTRUMENTS_OWN < INSTRUMENTS_MAX;
}

err instrument_keep(struct guard *g, const struct instrument *i)
{
    if (g->instrument_count >= INSTRUMENTS_MAX) {
        return FAIL(FULL, "there is no room for another instrument");
    }
    g->instrument[g->instrument_count++] = *i;
    return OK;
}

set64 instrument_partners(const struct guard *g, unsigned agreement)
{
    set64 out = 0;
    for (unsigned i = 0; i < g->partner_count; i++) {
        set64 shared = agreements_between(&g->tables.agreements, g->self, g->partner[i].party);
        out |= set_has(shared, agreement) ? set_one(i) : 0;
    }
    return out;
}

/* ---- the leaf ---- */

/* For whom: a bit for each line `tell`, of the first of them 1, so that 256 of them fit into a leaf. */
static void closing_put(const struct closing *c, set64 told, struct writer *w)
{
    uint64_t bits = 0;
    unsigned line = 0;
    for (unsigned p = set_next(told, 0); p < SET64_MAX; p = set_next(told, p + 1)) {
        bits |= set_has(c->partners, p) ? set_one(line) : 0;
        line++;
    }
    put_text(w, "close ");
    put_hex(w, id_span(&c->cut.epoch));
    put_u8(w, ' ');
    put_decimal(w, c->cut.items);
    put_u8(w, ' ');
    put_decimal(w, bits);
    put_u8(w, '\n');
}

static void told_put(const struct guard *g, set64 told, struct writer *w)
{
    for (unsigned p = set_next(told, 0); p < SET64_MAX; p = set_next(told, p + 1)) {
        line_name(w, "tell", &g->partner[p].name);
    }
}

/* A grant says which instruments it rests on by its instant alone, and of a pause and a resume at one
 * instant the pause would stand: so it is later than both, also when the clock was set back since. */
static instant effective_next(const struct guard *g)
{
    instant last = instrument_last(g, g->self), at = told_time(g);
    last = g->given_last > last ? g->given_last : last;
    return (at > last ? at : last) + 1;
}

void instrument_record(struct guard *g, const struct act *a, const struct instrument_act *i,
                       const struct closing *closing, unsigned count, set64 told)
{
    struct leaf       l;
    struct instrument now = i->instrument;
    now.effective = effective_next(g);
    leaf_start_after(g, &l, LEAF_INSTRUMENT, now.effective);
    line_name(&l.w, "agreement", &g->tables.agreements.agreement[i->agreement].name);
    instrument_lines(&now, &l.w);
    told_put(g, told, &l.w);
    for (unsigned k = 0; k < count; k++) {
        closing_put(&closing[k], told, &l.w);
    }
    act_leaf(&l, a);
    record(g, &l);
}

/* A free place; else that of the oldest: whoever leaves letters lying so long is not fresh, is given
 * nothing, and must not keep this party from pausing. */
static struct telling *telling_room(struct guard *g)
{
    struct telling *oldest = &g->telling[0];
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        struct telling *t = &g->telling[i];
        if (t->partners == 0) {
            return t;
        }
        oldest = t->leaf < oldest->leaf ? t : oldest;
    }
    return oldest;
}

/* each    of the line `tell` of that place, the partner as a set of one */
static err tells_take(struct guard *g, struct lines *l, set64 each[static PARTNERS_MAX], set64 *out)
{
    span     value;
    unsigned count = 0;
    while (take_more(l, "tell", &value)) {
        name who;
        TRY(name_of(value, &who));
        const struct partner *p = partner_find(g, &who);
        if (count >= PARTNERS_MAX) {
            return FAIL(LIMIT, "an instrument is told to more partners than there can be");
        }
        each[count] = p == NULL ? 0 : set_one((unsigned)(p - g->partner));
        *out |= each[count++];
    }
    return OK;
}

/* A leaf that does not say for whom is of all that were given the epoch. */
static err closing_read(span value, const set64 each[static PARTNERS_MAX], struct closing *out)
{
    span     epoch = span_cut(&value, ' '), items = span_cut(&value, ' ');
    uint64_t bits;
    TRY(cut_of(epoch, items, &out->cut));
    if (value.len == 0) {
        out->partners = UINT64_MAX;
        return OK;
    }
    TRY(text_decimal(value, UINT16_MAX, &bits));
    out->partners = 0;
    for (unsigned i = set_next(bits, 0); i < PARTNERS_MAX; i = set_next(bits, i + 1)) {
        out->partners |= each[i];
    }
    return OK;
}

static err closings_take(struct lines *l, const set64 each[static PARTNERS_MAX], struct telling *t)
{
    span value;
    while (take_more(l, "close", &value)) {
        if (t->closing_count >= RUNNING_MAX) {
            return FAIL(LIMIT, "an instrument closes more epochs than can be open");
        }
        TRY(closing_read(value, each, &t->closing[t->closing_count++]));
    }
    return OK;
}

err instrument_leaf_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines   l = lines_of(head->body);
    struct telling t = {.leaf = g->ledger.tree.size - 1};
    set64          each[PARTNERS_MAX] = {0};
    (void)take_name(&l, "agreement");
    TRY(instrument_taken(&l, &t.instrument));
    t.instrument.party = g->self;
    t.instrument.accepted = head->time;
    TRY(tells_take(g, &l, each, &t.partners));
    TRY(closings_take(&l, each, &t));
    if (t.partners != 0) {
        *telling_room(g) = t;
    }
    TRY(instrument_keep(g, &t.instrument));
    instrument_own(g, t.instrument.effective);
    return OK;
}
