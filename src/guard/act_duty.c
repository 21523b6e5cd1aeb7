/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of those who received: an item may be lost, or was found again; an item is destroyed, and persons sign that it is. */
#include "guard/act.h"
#include "guard/duties.h"
#include "guard/kept.h"
#include "guard/tell.h"

/* duty_act - what both name: the handle, and, as the guard shows it, whose it is and how it is owed */
struct duty_act {
    id       handle;
    unsigned partner;
    uint64_t certifiers;
};

static err received_show(struct guard *g, const id *handle, struct writer *shown)
{
    struct kept k = {0};
    err         e = kept_get(g, handle, &k);
    secret_wipe(&k.key);
    if (e.code == ERR_UNKNOWN || (!err_is(e) && k.kind != KEPT_RECEIVED)) {
        return FAIL(UNKNOWN, "nothing was received under this handle");
    }
    TRY(e);
    const struct partner *p = partner_find(g, &k.from);
    if (p == NULL) {
        return FAIL(STATE, "who gave it is no partner");
    }
    unsigned partner = (unsigned)(p - g->partner);
    if (duty_find(g, partner, handle) == NULL && !duty_room(g, partner)) {
        return FAIL(FULL, "more is owed for items of that partner than can be kept in mind");
    }
    line_name(shown, "shown", &p->name);
    line_number(shown, "shown", k.owed.certifiers);
    line_text(shown, "shown", span_text(k.cover.marking));
    line_text(shown, "shown",
              span_text(cover_is_feed(&k.cover) ? k.cover.feed.text : k.cover.title));
    return OK;
}

/* The first lines that were shown: they stand in the text that was signed. */
static err shown_take(struct guard *g, struct lines *l, struct duty_act *out)
{
    name                  giver = take_name(l, "shown");
    const struct partner *p = partner_find(g, &giver);
    out->certifiers = take_number(l, "shown", OFFICERS_MAX);
    if (l->bad || p == NULL) {
        return FAIL(MALFORMED, "the act does not say whose item it is about");
    }
    out->partner = (unsigned)(p - g->partner);
    return OK;
}

static const struct duty_item *item_anywhere(const struct guard *g, const id *handle)
{
    const struct duty_item *item = NULL;
    for (unsigned p = 0; item == NULL && p < g->partner_count; p++) {
        item = duty_seen(g, p, handle);
    }
    return item;
}

/* ---- loss: handle HEX, certain yes|no, discovered INSTANT, what TEXT ---- */

struct loss_act {
    struct duty_act about;
    bool            certain;
    instant         discovered;
    span            what;
};

static err loss_take(struct lines *l, struct loss_act *out)
{
    out->about.handle = take_id(l, "handle");
    span certain = take_text(l, "certain");
    out->certain = span_is(certain, "yes");
    out->discovered = take_instant(l, "discovered");
    out->what = take_text(l, "what");
    if (l->bad || (!out->certain && !span_is(certain, "no"))) {
        return FAIL(MALFORMED, "a loss is certain, yes or no, and was discovered at an instant");
    }
    return out->what.len > 0 && out->what.len <= LOSS_WHAT_MAX
               ? OK
               : FAIL(LIMIT, "what happened is told in 1 to 256 bytes");
}

static struct loss_due *loss_room(struct guard *g)
{
    for (unsigned i = 0; i < LOSSES_DUE_MAX; i++) {
        if (g->duties.loss[i].leaf == 0) {
            return &g->duties.loss[i];
        }
    }
    return NULL;
}

static void loss_keep(const struct guard *g, const struct loss_act *a, struct loss_due *out)
{
    *out = (struct loss_due){.leaf = g->ledger.tree.size - 1,
                             .handle = a->about.handle,
                             .partner = (uint8_t)a->about.partner,
                             .certain = a->certain,
                             .discovered = a->discovered,
                             .what_len = (uint16_t)a->what.len};
    memcpy(out->what, a->what.ptr, a->what.len);
}

err loss_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a;
    TRY(loss_take(&l, &a));
    TRY(body_end(&l));
    if (a.discovered > g->now + g->clock_error_ms) {
        return FAIL(DENIED, "a loss is not discovered in the future");
    }
    if (loss_room(g) == NULL) {
        return FAIL(FULL, "too many reports of loss wait for their partners");
    }
    return received_show(g, &a.about.handle, shown);
}

/* From here on it opens for nobody. */
err loss_fold(struct guard *g, const struct act_view *v)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a;
    TRY(loss_take(&l, &a));
    TRY(shown_take(g, &l, &a.about));
    struct duty_item *item = duty_watch(g, a.about.partner, &a.about.handle);
    struct loss_due  *d = loss_room(g);
    if (item == NULL || d == NULL) {
        return FAIL(FULL, "too many reports of loss wait for their partners");
    }
    item->lost = true;
    item->found = 0; /* lost again: what was told before counts no more */
    loss_keep(g, &a, d);
    return OK;
}

/* Reported later after it was discovered than is owed: that is on record too. */
static bool late_record(struct guard *g, const struct loss_act *a)
{
    struct kept k = {0};
    struct leaf l;
    err         e = kept_get(g, &a->about.handle, &k);
    secret_wipe(&k.key);
    bool    timed = k.owed.loss_ms != 0;
    instant due = a->discovered + (timed ? (instant)k.owed.loss_ms : LOSS_AT_ONCE_MS);
    if (err_is(e) || (k.owed.duties & DUTY_REPORT_LOSS) == 0 || due >= g->now) {
        return false;
    }
    leaf_start(g, &l, LEAF_OVERDUE);
    line_hex(&l.w, "handle", id_span(&a->about.handle));
    line_name(&l.w, "partner", &g->partner[a->about.partner].name);
    line_instant(&l.w, "due", due);
    line_text(&l.w, "duty", SPAN_LIT("report-loss"));
    record(g, &l);
    return true;
}

void loss_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a;
    MUST(!err_is(loss_take(&l, &a)) && !err_is(shown_take(g, &l, &a.about)));
    forget_tell(g, &g->partner[a.about.partner].name, &a.about.handle);
    bool late = late_record(g, &a);
    line_name(result, "partner", &g->partner[a.about.partner].name);
    line_text(result, "outcome",
              late ? SPAN_LIT("frozen; its giver is told, later than is owed")
                   : SPAN_LIT("frozen; its giver is told"));
    duty_letters_turn(g);
}

/* ---- found: handle HEX, what TEXT: its giver is told, and then it opens again ---- */

static err found_take(struct lines *l, struct loss_act *out)
{
    out->about.handle = take_id(l, "handle");
    out->what = take_text(l, "what");
    return !l->bad && out->what.len > 0 && out->what.len <= LOSS_WHAT_MAX
               ? OK
               : FAIL(LIMIT, "where it was and who may have seen it is told in 1 to 256 bytes");
}

static bool found_waits(const struct guard *g, const id *handle)
{
    for (unsigned i = 0; i < LOSSES_DUE_MAX; i++) {
        const struct loss_due *d = &g->duties.loss[i];
        if (d->leaf != 0 && d->found && id_equal(&d->handle, handle)) {
            return true;
        }
    }
    return false;
}

err found_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a;
    TRY(found_take(&l, &a));
    TRY(body_end(&l));
    const struct duty_item *item = item_anywhere(g, &a.about.handle);
    if (item == NULL || !item->lost || item->found != 0 || found_waits(g, &a.about.handle)) {
        return FAIL(STATE, "it was not reported as lost, or was said to be found");
    }
    if (loss_room(g) == NULL) {
        return FAIL(FULL, "too many reports of loss wait for their partners");
    }
    TRY(received_show(g, &a.about.handle, shown));
    line_text(shown, "shown", SPAN_LIT("it opens again once its giver's guard has heard of it"));
    return OK;
}

err found_fold(struct guard *g, const struct act_view *v)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a = {0};
    TRY(found_take(&l, &a));
    TRY(shown_take(g, &l, &a.about));
    struct loss_due *d = loss_room(g);
    if (d == NULL) {
        return FAIL(FULL, "too many reports of loss wait for their partners");
    }
    loss_keep(g, &a, d);
    d->found = true;
    return OK;
}

void found_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct lines    l = lines_of(v->body);
    struct loss_act a;
    MUST(!err_is(found_take(&l, &a)) && !err_is(shown_take(g, &l, &a.about)));
    line_name(result, "partner", &g->partner[a.about.partner].name);
    line_text(result, "outcome", SPAN_LIT("its giver is told; it opens again once that is heard"));
    duty_letters_turn(g);
}

/* ---- certify: handle HEX, reason TEXT: each person one act, until there are so many as are owed ---- */

static err certify_take(struct lines *l, struct duty_act *out)
{
    out->handle = take_id(l, "handle");
    span reason = take_text(l, "reason");
    return l->bad || reason.len > LOSS_WHAT_MAX
               ? FAIL(MALFORMED, "a certificate names a handle, and a reason of up to 256 bytes")
               : OK;
}

/* As for acts that two sign: each another person, of another chain of command. */
static err certifier_differs(const struct guard *g, const struct duty_item *item,
                             const struct person *by)
{
    for (unsigned i = 0; i < item->certified; i++) {
        const struct person *other = &g->person[item->person[i]];
        if (other == by) {
            return FAIL(CONFLICT, "this person has signed for it already: another must");
        }
        if (name_equal(&other->chain, &by->chain)) {
            return FAIL(DENIED, "the next certifier must be of another chain of command");
        }
    }
    return OK;
}

err certify_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct lines    l = lines_of(v->body);
    struct duty_act a;
    TRY(certify_take(&l, &a));
    TRY(body_end(&l));
    const struct duty_item *item = item_anywhere(g, &a.handle);
    if (item != NULL && (item->ends || item->gone)) {
        return FAIL(STATE, "it is being destroyed");
    }
    if (item != NULL) {
        TRY(certifier_differs(g, item, person_find(g, &v->by)));
    }
    return received_show(g, &a.handle, shown);
}

err certify_fold(struct guard *g, const struct act_view *v)
{
    struct lines    l = lines_of(v->body);
    struct duty_act a;
    TRY(certify_take(&l, &a));
    TRY(shown_take(g, &l, &a));
    struct duty_item    *item = duty_watch(g, a.partner, &a.handle);
    const struct person *p = person_find(g, &v->by);
    if (item == NULL || p == NULL || item->certified >= OFFICERS_MAX) {
        return FAIL(FULL, "a destruction has more certifiers than it can have");
    }
    item->person[item->certified++] = (uint16_t)(p - g->person);
    item->ends = item->certified >= a.certifiers;
    g->duties.rests_turn = g->turn;
    g->duties.certified = true;
    return OK;
}

void certify_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct lines    l = lines_of(v->body);
    struct duty_act a;
    MUST(!err_is(certify_take(&l, &a)) && !err_is(shown_take(g, &l, &a)));
    const struct duty_item *item = duty_seen(g, a.partner, &a.handle);
    uint64_t                have = item == NULL ? 0 : item->certified;
    line_name(result, "partner", &g->partner[a.partner].name);
    line_text(result, "outcome",
              have >= a.certifiers ? SPAN_LIT("enough have signed: its key is overwritten now")
                                   : SPAN_LIT("signed; others must too"));
}
