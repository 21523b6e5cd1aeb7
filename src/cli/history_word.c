/* SPDX-License-Identifier: Apache-2.0 */
/* Own acts of the last word: instruments, the fork, approvals to pass on. */
#include "cli/history_word.h"

#include "cli/history_acts.h"

/* ---- instruments ---- */

/* What is consented to, and the reading that a giver acts on */
static err consent_read(struct lines *l, struct instrument *out)
{
    enum reading r = READING_HELD;
    if (out->kind == INSTRUMENT_AMEND) {
        take_hex(l, "into", out->into, sizeof out->into);
    }
    if (out->kind == INSTRUMENT_AMEND || out->kind == INSTRUMENT_TERMINATE) {
        out->at = take_instant(l, "at");
    }
    if (out->kind == INSTRUMENT_READING) {
        TRY(reading_of(take_text(l, "reading"), &r));
        out->reading = (uint8_t)r;
    }
    return OK;
}

err instrument_read(struct lines *l, struct instrument *out)
{
    struct instrument    i = {.kind = INSTRUMENT_SIGN};
    enum pause_direction d = PAUSE_BOTH;
    take_hex(l, "digest", i.digest, sizeof i.digest);
    TRY(instrument_kind_of(take_text(l, "instrument"), &i.kind));
    if (i.kind == INSTRUMENT_PAUSE || i.kind == INSTRUMENT_RESUME) {
        TRY(pause_direction_of(take_text(l, "direction"), &d));
        i.direction = (uint8_t)d;
    }
    TRY(consent_read(l, &i));
    i.effective = take_instant(l, "effective");
    if (l->bad || i.kind < INSTRUMENT_PAUSE) {
        return FAIL(MALFORMED, "an instrument is not as it should be");
    }
    *out = i;
    return OK;
}

static const struct agreement *agreement_named(const struct history *h, const name *n)
{
    unsigned number;
    return err_is(agreements_find(&h->tables.agreements, name_span(n), &number))
               ? NULL
               : &h->tables.agreements.agreement[number];
}

static bool instant_agrees(span text, instant at)
{
    instant signed_at;
    return (!err_is(text_date(text, &signed_at)) || !err_is(text_instant(text, &signed_at))) &&
           signed_at == at;
}

/* The text that is to stand in place was loaded for that, under the name that was signed. */
static bool into_agrees(const struct history *h, const name *into, const struct instrument *i)
{
    const struct agreement *new = agreement_named(h, into);
    return new != NULL &&memcmp(new->digest, i->into, sizeof i->into) == 0 &&
           memcmp(new->instead, i->digest, sizeof i->digest) == 0;
}

static bool consent_agrees(const struct history *h, struct lines *l, const struct instrument *i)
{
    bool same = true;
    if (i->kind == INSTRUMENT_AMEND) {
        name into = take_name(l, "into");
        same = into_agrees(h, &into, i);
    }
    if (i->kind == INSTRUMENT_AMEND || i->kind == INSTRUMENT_TERMINATE) {
        same = instant_agrees(take_text(l, "at"), i->at) && same;
    }
    if (i->kind == INSTRUMENT_READING) {
        same = span_is(take_text(l, "reading"), reading_name((enum reading)i->reading)) && same;
    }
    return same;
}

/* What was signed: agreement, direction of a pause, to what was consented. */
static err act_agrees(const struct history *h, const struct act_text *a, const name *agreement,
                      const struct instrument *i)
{
    struct lines l = lines_of(a->body);
    name         named = take_name(&l, "agreement");
    const char  *direction = pause_direction_name((enum pause_direction)i->direction);
    bool         same =
        name_equal(&named, agreement) && span_is(name_span(&a->act), instrument_kind_name(i->kind));
    if (i->kind == INSTRUMENT_PAUSE) {
        same = span_is(take_text(&l, "direction"), direction) && same;
    } else if (i->kind == INSTRUMENT_RESUME) {
        same = i->direction == PAUSE_BOTH && same;
    }
    same = consent_agrees(h, &l, i) && same;
    (void)take_text(&l, "reason");
    TRY(lines_end(&l));
    return same ? OK : FAIL(FORGED, "an instrument is not the one that was signed");
}

err instrument_leaf(struct history *h, const struct leaf_head *head, const struct act_text *a)
{
    struct lines      l = lines_of(head->body);
    name              agreement = take_name(&l, "agreement");
    struct instrument i;
    TRY(instrument_read(&l, &i));
    TRY(act_agrees(h, a, &agreement, &i));
    const struct agreement *on = agreement_named(h, &agreement);
    if (on == NULL || memcmp(on->digest, i.digest, sizeof i.digest) != 0) {
        return FAIL(UNKNOWN, "an instrument is on an agreement that was not loaded then");
    }
    /* Earlier it is where a wrong clock had put the ledger ahead. */
    if (i.effective > head->time || i.effective <= history_last_act(h)) {
        return FAIL(FORGED, "an instrument has effect after it was recorded, or before the last");
    }
    TRY(history_party(h, &h->party, &i.party));
    i.accepted = head->time;
    return history_instrument(h, &i);
}

/* Officers go on with a ledger that lost something: every agreement is paused until it is resumed. */
err fork_signed(struct history *h, const struct act_text *a, struct lines *l)
{
    (void)take_text(l, "reason");
    for (unsigned i = 0; i < h->tables.agreements.count; i++) {
        const struct agreement *one = &h->tables.agreements.agreement[i];
        struct instrument       pause = {.kind = INSTRUMENT_PAUSE,
                                         .direction = PAUSE_BOTH,
                                         .effective = a->recorded,
                                         .accepted = a->recorded};
        TRY(history_party(h, &h->party, &pause.party));
        memcpy(pause.digest, one->digest, sizeof pause.digest);
        if (set_has(one->parties, pause.party)) {
            TRY(history_instrument(h, &pause));
        }
    }
    return OK;
}

/* ---- what may be passed on ---- */

err onward_approve(struct history *h, const struct act_text *a, struct lines *l)
{
    struct onward_approval p = {.leaf = h->leaves, .after = history_last_act(h)};
    (void)a;
    p.partner = take_name(l, "partner");
    span epoch = take_text(l, "epoch"), feed = take_text(l, "feed");
    p.to = take_name(l, "to");
    (void)take_text(l, "purpose");
    p.until = take_instant(l, "until");
    p.count = take_number(l, "count", UINT32_MAX);
    if (l->bad || span_is(epoch, "-") == span_is(feed, "-")) {
        return FAIL(MALFORMED, "an approval to pass on is not of one epoch or one feed");
    }
    TRY(span_is(feed, "-") ? text_hex(epoch, p.epoch.bytes, ID_LEN) : name_of(feed, &p.feed));
    h->onward_approval = room_for(h->onward_approval, &h->onward_approval_count,
                                  &h->onward_approval_max, sizeof *h->onward_approval);
    h->onward_approval[h->onward_approval_count - 1] = p;
    return OK;
}

err onward_ask(struct history *h, const struct act_text *a, struct lines *l)
{
    struct onward_ask o = {.after = history_last_act(h)};
    (void)a;
    take_hex(l, "handle", o.handle.bytes, ID_LEN);
    o.to = take_name(l, "to");
    (void)take_text(l, "level");
    (void)take_text(l, "purpose");
    h->onward_ask =
        room_for(h->onward_ask, &h->onward_ask_count, &h->onward_ask_max, sizeof *h->onward_ask);
    h->onward_ask[h->onward_ask_count - 1] = o;
    return OK;
}

err onward_revoke(struct history *h, const struct act_text *a, struct lines *l)
{
    uint64_t leaf = take_number(l, "approval", UINT64_MAX);
    (void)a;
    (void)take_text(l, "reason");
    for (size_t i = 0; i < h->onward_approval_count; i++) {
        if (h->onward_approval[i].leaf == leaf) {
            h->onward_approval[i].revoked = true;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "an approval to pass on was revoked that nobody had given");
}

err released_count(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines l = lines_of(head->body);
    uint64_t     leaf;
    span         via;
    (void)signatures;
    (void)take_text(&l, "epoch");
    (void)take_text(&l, "partner");
    (void)take_text(&l, "handle");
    if (l.bad || !take_more(&l, "via", &via)) {
        return OK;
    }
    leaf = take_number(&l, "approval", INT64_MAX);
    for (size_t i = 0; i < h->onward_approval_count && !l.bad; i++) {
        h->onward_approval[i].used += h->onward_approval[i].leaf == leaf ? 1 : 0;
    }
    return l.bad ? FAIL(MALFORMED, "a release by way of a hub names no approval") : OK;
}
