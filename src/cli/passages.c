/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/passages.h"

#include <stdlib.h>

#include "cli/act_text.h"
#include "cli/audit.h"
#include "cli/matter.h"
#include "cli/pouches.h"

static uint64_t receipt_ms(span verdict)
{
    struct lines l = lines_of(verdict);
    return line_skip(&l, "receipt-ms") ? take_number(&l, "receipt-ms", INT64_MAX) : 0;
}

static void matter_keep(struct passage *p, const struct leaf_head *head)
{
    struct matter m;
    if (!matter_of(head, &m)) {
        return;
    }
    p->handle = m.handle;
    p->via = m.via;
    p->originator = m.originator;
    p->owed_ms = receipt_ms(m.verdict);
    p->at = head->time;
    p->rests_at = m.rests_at;
    memcpy(p->rests_on, m.rests_on, sizeof p->rests_on);
    p->matter = malloc(m.both.len + 1);
    MUST(p->matter != NULL);
    memcpy(p->matter, m.both.ptr, m.both.len);
    p->matter_len = m.both.len;
}

static err given_take(struct passages *all, const struct history_step *step)
{
    struct lines   l = lines_of(step->head.body);
    struct passage p = {.leaf = step->hash, .index = step->index, .cut = UINT64_MAX};
    take_hex(&l, "epoch", p.epoch.bytes, ID_LEN);
    p.partner = take_name(&l, "partner");
    if (l.bad) {
        return FAIL(MALFORMED, "the leaf of a release is not as it should be");
    }
    matter_keep(&p, &step->head);
    all->given = room_for(all->given, &all->given_count, &all->given_max, sizeof *all->given);
    all->given[all->given_count - 1] = p;
    return OK;
}

static err taken_take(struct passages *all, const struct history_step *step)
{
    struct lines   l = lines_of(step->head.body);
    struct passage p = {.index = step->index, .cut = UINT64_MAX};
    id             handle;
    take_hex(&l, "handle", handle.bytes, ID_LEN);
    take_hex(&l, "epoch", p.epoch.bytes, ID_LEN);
    p.partner = take_name(&l, "partner");
    (void)take_number(&l, "sender-leaf", UINT64_MAX);
    take_hex(&l, "sender-hash", p.leaf.bytes, sizeof p.leaf.bytes);
    if (l.bad) {
        return FAIL(MALFORMED, "the leaf of a received epoch is not as it should be");
    }
    matter_keep(&p, &step->head);
    all->taken = room_for(all->taken, &all->taken_count, &all->taken_max, sizeof *all->taken);
    all->taken[all->taken_count - 1] = p;
    return OK;
}

static err leaf_take(void *ctx, const struct history *h, const struct history_step *step)
{
    struct passages *all = ctx;
    (void)h;
    all->dealings.last = step->head.time;
    TRY(dealings_take(&all->dealings, step));
    switch (step->head.kind) {
    case LEAF_RELEASED:
        return given_take(all, step);
    case LEAF_RECEIVED:
        return taken_take(all, step);
    default:
        return OK;
    }
}

/* ---- how many items there are ---- */

struct tallies {
    struct pouch_tally *epoch;    /* as history->epoch */
    bool                whole[2]; /* of the inbox; of both outboxes */
};

static err items_count(struct call *c, const struct passages *of, const struct history *h,
                       struct tallies *t)
{
    t->whole[false] = true;
    t->whole[true] = true;
    for (unsigned i = 0; i < pouch_log_count; i++) {
        const char     *log = pouch_logs[i];
        struct pouches  p = {.history = h, .tally = t->epoch, .cut = cut_end(&of->cut, log)};
        struct book_end end;
        call_about(c, "%s, %s", of->dir, log);
        TRY(pouches_read(&p, of->dir, log, &end));
        t->whole[!p.inbox] = t->whole[!p.inbox] && end.whole;
    }
    c->about[0] = 0;
    return OK;
}

/* An own epoch that has gone from the outbox is known by its `closed` leaf. */
static void items_set(const struct history *h, const struct tallies *t, bool own,
                      struct passage *list, size_t list_count)
{
    for (size_t i = 0; i < list_count; i++) {
        list[i].items = PASSAGE_ITEMS_UNKNOWN;
    }
    for (size_t e = 0; e < h->epoch_count; e++) {
        const struct epoch_entry *one = &h->epoch[e];
        bool                      all = t->whole[own] || t->epoch[e].begun;
        for (size_t i = 0; one->own == own && i < list_count; i++) {
            if (id_equal(&list[i].epoch, &one->epoch)) {
                list[i].items = all ? t->epoch[e].items : one->items;
                list[i].then = all ? t->epoch[e].then : one->items;
                list[i].left = t->epoch[e].left;
            }
        }
    }
}

err passages_read(struct call *c, const char *dir, const struct cut *cut, struct passages *out)
{
    struct audit a = {.take = leaf_take, .ctx = out};
    *out = (struct passages){.dir = dir, .cut = *cut};
    call_about(c, "%s", dir);
    TRY(audit_ledger(&a, dir));
    const struct history *h = a.history;
    struct tallies        t = {.epoch = calloc(h->epoch_count + 1, sizeof *t.epoch)};
    MUST(t.epoch != NULL);
    out->party = h->party;
    dealings_end(&out->dealings, h);
    err e = items_count(c, out, h, &t);
    if (!err_is(e)) {
        items_set(h, &t, true, out->given, out->given_count);
        items_set(h, &t, false, out->taken, out->taken_count);
    }
    free(t.epoch);
    audit_done(&a);
    return e;
}

static void list_free(struct passage *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].matter);
    }
    free(list);
}

void passages_free(struct passages *p)
{
    list_free(p->given, p->given_count);
    list_free(p->taken, p->taken_count);
    dealings_free(&p->dealings);
}
