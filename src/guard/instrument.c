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

static bool same_agreement(const struct instrument *a, const struct instrument *b)
{
    return memcmp(a->digest, b->digest, sizeof a->digest) == 0;
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

/* Lines digest, instrument, direction, effective: the same in the leaf and in the letter. */
err instrument_taken(struct lines *l, struct instrument *out)
{
    struct instrument i = {.kind = INSTRUMENT_SIGN};
    take_hex(l, "digest", i.digest, sizeof i.digest);
    span kind = take_text(l, "instrument");
    TRY(instrument_kind_of(kind, &i.kind));
    TRY(direction_take(l, &i));
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
    line_instant(w, "effective", i->effective);
}

err cut_read(span value, struct cut *out)
{
    span hex = span_cut(&value, ' ');
    TRY(text_hex(hex, out->epoch.bytes, ID_LEN));
    return text_decimal(value, EPOCH_ITEMS_MAX, &out->items);
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

/* Room for this one, for those whose pause is signed and waits for answers, and for those of a fork. */
static bool has_room(const struct guard *g)
{
    return g->instrument_count + PAUSES_MAX + AGREEMENTS_MAX < INSTRUMENTS_MAX;
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

/* ---- acts: pause, resume, notice, notice-suspend, notice-withdraw ---- */

static err act_decode(struct guard *g, const struct act_view *v, struct instrument_act *out)
{
    struct lines          l = lines_of(v->body);
    struct instrument_act i = {.instrument = {.party = g->self, .effective = leaf_time(g)}};
    unsigned              number;
    TRY(instrument_kind_of(name_span(&v->act), &i.instrument.kind));
    name agreement = take_name(&l, "agreement");
    if (i.instrument.kind == INSTRUMENT_PAUSE) {
        TRY(direction_take(&l, &i.instrument));
    } else if (i.instrument.kind == INSTRUMENT_RESUME) {
        i.instrument.direction = PAUSE_BOTH;
    }
    span reason = take_text(&l, "reason");
    TRY(body_end(&l));
    if (reason.len > INSTRUMENT_REASON_MAX) {
        return FAIL(LIMIT, "the reason is longer than 256 bytes");
    }
    if (err_is(agreements_find(&g->tables.agreements, name_span(&agreement), &number))) {
        return FAIL(UNKNOWN, "no agreement of this name is loaded");
    }
    const struct agreement *a = &g->tables.agreements.agreement[number];
    if (!set_has(a->parties, g->self)) {
        return FAIL(DENIED, "this party is not a party to the agreement");
    }
    i.agreement = (uint8_t)number;
    memcpy(i.instrument.digest, a->digest, sizeof i.instrument.digest);
    *out = i;
    return OK;
}

/* What the own party did last about its notice: an act is to follow from the one before. */
static enum instrument_kind notice_now(const struct guard *g, const struct instrument *of)
{
    enum instrument_kind now = INSTRUMENT_NOTICE_WITHDRAW;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        if (one->party == g->self && one->kind >= INSTRUMENT_NOTICE && same_agreement(one, of)) {
            now = one->kind;
        }
    }
    return now;
}

static err notice_follows(const struct guard *g, const struct instrument *i)
{
    enum instrument_kind now = notice_now(g, i);
    if (i->kind == INSTRUMENT_NOTICE && now == INSTRUMENT_NOTICE) {
        return FAIL(CONFLICT, "notice was given already");
    }
    if (i->kind == INSTRUMENT_NOTICE_SUSPEND && now != INSTRUMENT_NOTICE) {
        return FAIL(CONFLICT, "there is no notice of this party that could be suspended");
    }
    if (i->kind == INSTRUMENT_NOTICE_WITHDRAW && now == INSTRUMENT_NOTICE_WITHDRAW) {
        return FAIL(CONFLICT, "there is no notice of this party that could be withdrawn");
    }
    return OK;
}

static err pause_follows(const struct guard *g, const struct instrument_act *i)
{
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    instant                 now = leaf_time(g);
    struct standing         s = standing_at(a, g->instrument, g->instrument_count, now, now);
    unsigned                paused = (set_has(s.paused_giving, g->self) ? PAUSE_GIVING : 0u) |
                      (set_has(s.paused_opening, g->self) ? PAUSE_OPENING : 0u);
    unsigned wanted = i->instrument.direction;
    if (i->instrument.kind == INSTRUMENT_PAUSE && (paused & wanted) == wanted) {
        return FAIL(CONFLICT, "this party has it paused already");
    }
    if (i->instrument.kind == INSTRUMENT_RESUME && paused == 0) {
        return FAIL(CONFLICT, "this party does not have it paused");
    }
    return OK;
}

static err act_follows(const struct guard *g, const struct instrument_act *i)
{
    if (set_has(pausing_set(g), i->agreement)) {
        return FAIL(STATE, "a pause of it is just taking effect: try again");
    }
    if (!has_room(g)) {
        return FAIL(FULL, "there is no room for another instrument");
    }
    return has_direction(i->instrument.kind) ? pause_follows(g, i)
                                             : notice_follows(g, &i->instrument);
}

static void end_show(const struct guard *g, const struct instrument_act *i, struct writer *shown)
{
    static const char *const if_ends[READING_COUNT] = {
        [READING_LAPSED] = "it would end, if a suspended notice lapses:",
        [READING_HELD] = "it would end, if a suspended notice is held:",
    };
    const struct agreement *a = &g->tables.agreements.agreement[i->agreement];
    struct instrument       list[INSTRUMENTS_MAX + 1];
    instant                 now = leaf_time(g);
    memcpy(list, g->instrument, g->instrument_count * sizeof list[0]);
    list[g->instrument_count] = i->instrument;
    list[g->instrument_count].accepted = now;
    for (unsigned r = 0; r < READING_COUNT; r++) {
        struct standing s =
            standing_read((enum reading)r, a, list, g->instrument_count + 1, now, now);
        line_text(shown, "shown", span_text(if_ends[r]));
        if (s.ends == INSTANT_NEVER) {
            line_text(shown, "shown", SPAN_LIT("no end is known"));
        } else {
            line_instant(shown, "shown", s.ends);
        }
    }
}

err instrument_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct instrument_act i;
    TRY(act_decode(g, v, &i));
    TRY(act_follows(g, &i));
    line_text(shown, "shown", span_text(g->tables.agreements.agreement[i.agreement].title));
    line_text(shown, "shown", SPAN_LIT("the digest of the compiled agreement is:"));
    line_hex(shown, "shown", SPAN_OF(i.instrument.digest));
    if (!has_direction(i.instrument.kind)) {
        end_show(g, &i, shown);
    }
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
                       const struct cut *cut, unsigned count, set64 told)
{
    struct leaf       l;
    struct instrument now = i->instrument;
    now.effective = effective_next(g);
    leaf_start_after(g, &l, LEAF_INSTRUMENT, now.effective);
    line_name(&l.w, "agreement", &g->tables.agreements.agreement[i->agreement].name);
    instrument_lines(&now, &l.w);
    told_put(g, told, &l.w);
    for (unsigned k = 0; k < count; k++) {
        cut_put("close", &cut[k], &l.w);
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

err instrument_leaf_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines   l = lines_of(head->body);
    struct telling t = {.leaf = g->ledger.tree.size - 1};
    span           value;
    (void)take_name(&l, "agreement");
    TRY(instrument_taken(&l, &t.instrument));
    t.instrument.party = g->self;
    t.instrument.accepted = head->time;
    while (take_more(&l, "tell", &value)) {
        name who;
        TRY(name_of(value, &who));
        const struct partner *p = partner_find(g, &who);
        t.partners |= p == NULL ? 0 : set_one((unsigned)(p - g->partner));
    }
    while (take_more(&l, "close", &value)) {
        if (t.cut_count >= RUNNING_MAX) {
            return FAIL(LIMIT, "an instrument closes more epochs than can be open");
        }
        TRY(cut_read(value, &t.cut[t.cut_count++]));
    }
    if (t.partners != 0) {
        *telling_room(g) = t;
    }
    TRY(instrument_keep(g, &t.instrument));
    instrument_own(g, t.instrument.effective);
    return OK;
}

err instrument_perform(struct guard *g, struct act *a, const struct act_view *v,
                       struct writer *result)
{
    struct instrument_act i;
    TRY(act_decode(g, v, &i));
    if (i.instrument.kind == INSTRUMENT_PAUSE) {
        return pause_begin(g, a, &i);
    }
    instrument_record(g, a, &i, NULL, 0, instrument_partners(g, i.agreement));
    if (i.instrument.kind == INSTRUMENT_RESUME) {
        /* What was sealed while it was paused stays where it is. */
        feeds_rotate(g);
    }
    line_text(result, "outcome", SPAN_LIT("recorded"));
    tellings_turn(g);
    return OK;
}
