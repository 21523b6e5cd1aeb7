/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/duties.h"

#include "guard/act.h"
#include "guard/kept.h"
#include "guard/tell.h"

/* ---- the table ---- */

struct duty_item *duty_find(struct guard *g, unsigned partner, const id *handle)
{
    struct duty_item *own = &g->duties.item[partner * DUTIES_EACH];
    for (unsigned i = 0; i < g->duties.count[partner]; i++) {
        if (id_equal(&own[i].handle, handle)) {
            return &own[i];
        }
    }
    return NULL;
}

const struct duty_item *duty_seen(const struct guard *g, unsigned partner, const id *handle)
{
    const struct duty_item *own = &g->duties.item[partner * DUTIES_EACH];
    for (unsigned i = 0; i < g->duties.count[partner]; i++) {
        if (id_equal(&own[i].handle, handle)) {
            return &own[i];
        }
    }
    return NULL;
}

bool duty_room(const struct guard *g, unsigned partner)
{
    return g->duties.count[partner] < DUTIES_EACH;
}

struct duty_item *duty_watch(struct guard *g, unsigned partner, const id *handle)
{
    struct duty_item *known = duty_find(g, partner, handle);
    if (known != NULL || !duty_room(g, partner)) {
        return known;
    }
    known = &g->duties.item[partner * DUTIES_EACH + g->duties.count[partner]++];
    *known = (struct duty_item){.handle = *handle, .due = INSTANT_NEVER};
    return known;
}

/* The last of its share takes its place. */
void duty_forget(struct guard *g, unsigned partner, const id *handle)
{
    struct duty_item *gone = duty_find(g, partner, handle);
    if (gone != NULL) {
        g->duties.count[partner]--;
        *gone = g->duties.item[partner * DUTIES_EACH + g->duties.count[partner]];
    }
}

/* ---- the leaf `received`: destroy-by, certifiers, copies ---- */

bool duty_wanted(const struct kept *k)
{
    bool copies = (k->owed.duties & DUTY_COPIES) != 0 && !cover_is_feed(&k->cover);
    return copies || (k->owed.duties & DUTY_DESTROY) != 0;
}

void duty_lines(const struct kept *k, instant at, struct writer *w)
{
    const struct obligations *owed = &k->owed;
    if (!duty_wanted(k)) {
        return;
    }
    if ((owed->duties & DUTY_DESTROY) != 0) {
        instant by = at + (instant)owed->destroy_s * MS_PER_SECOND;
        line_instant(w, "destroy-by", by < DAY_LAST ? by : DAY_LAST);
    }
    if ((owed->duties & DUTY_CERTIFICATE) != 0) {
        line_number(w, "certifiers", owed->certifiers);
    }
    if ((owed->duties & DUTY_COPIES) != 0) {
        line_number(w, "copies", owed->copies);
    }
}

err duty_arrived(struct guard *g, unsigned partner, const id *handle, struct lines *l)
{
    struct duty_item new = {.handle = *handle, .due = INSTANT_NEVER};
    span     value;
    uint64_t certifiers = 0, copies = 0;
    bool     due = take_more(l, "destroy-by", &value);
    if (due) {
        TRY(text_instant(value, &new.due));
    }
    bool certified = take_more(l, "certifiers", &value);
    if (certified) {
        TRY(text_decimal(value, OFFICERS_MAX, &certifiers));
    }
    bool counted = take_more(l, "copies", &value);
    if (counted) {
        TRY(text_decimal(value, COPIES_MAX, &copies));
    }
    if (!due && !certified && !counted) {
        return OK;
    }
    struct duty_item *item = duty_watch(g, partner, handle);
    if (item == NULL) {
        return FAIL(FULL, "more is owed for items of a partner than can be kept in mind");
    }
    new.certifiers = (uint8_t)certifiers;
    new.copies = (uint8_t)copies;
    *item = new;
    return OK;
}

void duty_copied(struct guard *g, const id *handle, uint64_t number)
{
    for (unsigned p = 0; p < g->partner_count; p++) {
        struct duty_item *item = duty_find(g, p, handle);
        if (item != NULL && number <= COPIES_MAX) {
            item->copied = (uint8_t)number;
        }
    }
}

bool duty_lost(const struct guard *g, unsigned partner, const struct duty_item *item)
{
    bool known = item->found != 0 && g->partner[partner].mailbox.acked >= item->found;
    return item->lost && !known;
}

err duty_stands(const struct guard *g, unsigned partner, const id *handle, const struct kept *k)
{
    const struct duty_item *item = duty_seen(g, partner, handle);
    if (item == NULL) {
        return duty_wanted(k) ? FAIL(STATE, "what is owed for it is not known any more") : OK;
    }
    if (duty_lost(g, partner, item)) {
        return FAIL(STATE, "it may be lost: it opens for nobody");
    }
    if (item->ends || item->gone) {
        return FAIL(STATE, "it is being destroyed");
    }
    bool over =
        item->late || item->due <= g->now; /* late: a clock that is set back opens nothing */
    return over ? FAIL(STATE, "the time in which it was to be destroyed is over") : OK;
}

/* ---- what is due ---- */

static void overdue_record(struct guard *g, unsigned partner, const struct duty_item *item)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_OVERDUE);
    line_hex(&l.w, "handle", id_span(&item->handle));
    line_name(&l.w, "partner", &g->partner[partner].name);
    line_instant(&l.w, "due", item->due);
    line_text(&l.w, "duty", SPAN_LIT("destroy"));
    record(g, &l);
}

err duty_overdue_fold(struct guard *g, unsigned partner, const id *handle)
{
    struct duty_item *item = duty_find(g, partner, handle);
    if (item != NULL) {
        item->late = true;
    }
    return OK;
}

static void destroyed_record(struct guard *g, unsigned partner, const struct duty_item *item)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_DESTROYED);
    line_hex(&l.w, "handle", id_span(&item->handle));
    line_name(&l.w, "partner", &g->partner[partner].name);
    if (item->due != INSTANT_NEVER) {
        line_instant(&l.w, "due", item->due);
    }
    for (unsigned i = 0; i < item->certified; i++) {
        line_name(&l.w, "certifier", &g->person[item->person[i]].name);
    }
    record(g, &l);
}

err duty_destroyed_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines          l = lines_of(head->body);
    id                    handle = take_id(&l, "handle");
    name                  who = take_name(&l, "partner");
    const struct partner *p = partner_find(g, &who);
    span                  value;
    if (take_more(&l, "due", &value)) {
        instant due;
        TRY(text_instant(value, &due));
    }
    while (take_more(&l, "certifier", &value)) {
    }
    TRY(lines_end(&l));
    struct duty_item *item = p == NULL ? NULL : duty_find(g, (unsigned)(p - g->partner), &handle);
    if (item == NULL) {
        return FAIL(MALFORMED, "the ledger destroys an item of which nothing was owed");
    }
    item->gone = true;
    item->leaf = g->ledger.tree.size - 1;
    memcpy(item->hash, &g->leaf_hash, sizeof item->hash);
    return OK;
}

/* What cannot be overwritten is tried again at the next turn, and opens for nobody meanwhile. */
static void item_destroy(struct guard *g, unsigned partner, const struct duty_item *item)
{
    err e = kept_destroy(g, &item->handle);
    if (err_is(e) && e.code != ERR_UNKNOWN) {
        struct leaf l;
        leaf_start(g, &l, LEAF_ALARM);
        line_text(&l.w, "reason",
                  SPAN_LIT("the key slot of what is to be destroyed cannot be overwritten, and is "
                           "tried again"));
        line_name(&l.w, "partner", &g->partner[partner].name);
        record_repeatable(g, &l);
        return;
    }
    forget_tell(g, &g->partner[partner].name, &item->handle);
    destroyed_record(g, partner, item);
}

/* Where nobody's word is owed the guard destroys it by itself; where it is, it says that it is missing. */
static bool item_turn(struct guard *g, unsigned partner, const struct duty_item *item)
{
    bool due = item->due <= g->now;
    if (item->gone || (!item->ends && !due)) {
        return false;
    }
    if (item->ends && g->duties.certified) {
        return false;
    }
    if (item->ends || item->certifiers == 0) {
        item_destroy(g, partner, item);
        return true;
    }
    if (!item->late) {
        overdue_record(g, partner, item);
        forget_tell(g, &g->partner[partner].name, &item->handle);
        return true;
    }
    return false;
}

void duties_turn(struct guard *g)
{
    unsigned done = 0;
    g->duties.certified = g->duties.certified && g->duties.rests_turn == g->turn;
    if (err_is(may_act(g))) {
        return;
    }
    for (unsigned p = 0; p < g->partner_count; p++) {
        for (unsigned i = 0; i < g->duties.count[p] && done < DUTIES_A_TURN; i++) {
            done += guard_has_room(g) && item_turn(g, p, &g->duties.item[p * DUTIES_EACH + i]);
        }
    }
    duty_letters_turn(g);
}

bool duties_wait(const struct guard *g)
{
    return g->duties.certified;
}

/* ---- LOOK_DUTIES, and the status ---- */

#define DUTY_ROW_ROOM 1024

static const char *item_state(const struct guard *g, unsigned partner, const struct duty_item *item)
{
    return item->gone                                                         ? "destroyed"
           : item->ends                                                       ? "certified"
           : duty_lost(g, partner, item)                                      ? "lost"
           : item->late || item->due <= g->now                                ? "overdue"
           : item->due != INSTANT_NEVER && item->due - g->now <= DUTY_SOON_MS ? "soon"
                                                                              : "runs";
}

static void item_row(const struct guard *g, unsigned partner, const struct duty_item *item,
                     struct writer *w)
{
    line_text(w, "what", SPAN_LIT("received"));
    line_name(w, "partner", &g->partner[partner].name);
    line_hex(w, "handle", id_span(&item->handle));
    line_text(w, "state", span_text(item_state(g, partner, item)));
    if (item->due != INSTANT_NEVER) {
        line_instant(w, "due", item->due);
    }
    if (item->certifiers > 0) {
        line_number(w, "certified", item->certified);
        line_number(w, "certifiers", item->certifiers);
    }
    if (item->copies > 0) {
        line_number(w, "copied", item->copied);
        line_number(w, "copies", item->copies);
    }
}

static void told_row(const struct guard *g, const struct told_item *t, struct writer *w)
{
    static const char *const state[] = {"possible", "certain", "found", "destroyed"};
    line_text(w, "what", t->kind == TOLD_DESTROYED ? SPAN_LIT("certificate") : SPAN_LIT("loss"));
    line_name(w, "partner", &g->partner[t->partner].name);
    line_hex(w, "handle", id_span(&t->handle));
    line_text(w, "state", span_text(state[t->kind]));
    line_instant(w, "since", t->at);
    line_number(w, "leaf", t->leaf);
    if (t->kind == TOLD_DESTROYED) {
        line_number(w, "certified", t->persons);
    }
}

void duty_rows(struct guard *g, unsigned from, struct writer *w)
{
    for (unsigned i = from; i < DUTIES_MAX + TOLD_MAX && w->max - w->len > DUTY_ROW_ROOM; i++) {
        unsigned                p = i / DUTIES_EACH, place = i % DUTIES_EACH;
        const struct told_item *t = i < DUTIES_MAX ? NULL : &g->duties.told[i - DUTIES_MAX];
        if (t != NULL ? t->at == 0 : place >= g->duties.count[p]) {
            continue;
        }
        line_number(w, "row", i);
        if (t != NULL) {
            told_row(g, t, w);
        } else {
            item_row(g, p, &g->duties.item[i], w);
        }
    }
}

void duty_status(const struct guard *g, struct writer *w)
{
    unsigned watched = 0, soon = 0, late = 0, losses = 0;
    for (unsigned p = 0; p < g->partner_count; p++) {
        for (unsigned i = 0; i < g->duties.count[p]; i++) {
            const struct duty_item *item = &g->duties.item[p * DUTIES_EACH + i];
            const char             *state = item_state(g, p, item);
            watched += item->gone ? 0 : 1;
            soon += strcmp(state, "soon") == 0 ? 1 : 0;
            late += strcmp(state, "overdue") == 0 ? 1 : 0;
        }
    }
    for (unsigned i = 0; i < TOLD_MAX; i++) {
        const struct told_item *t = &g->duties.told[i];
        losses += t->at != 0 && t->kind <= TOLD_LOSS ? 1 : 0;
    }
    line_number(w, "duties", watched);
    line_number(w, "duties-soon", soon);
    line_number(w, "duties-overdue", late);
    line_number(w, "losses-told", losses);
}
