/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of what came under an agreement that has ended so, slot by slot.  That a key is to go is recorded first,
 * and it goes a second later: whenever the power fails, the ledger knows of it. */
#include "guard/act.h"
#include "guard/ended.h"
#include "guard/kept.h"

static void falls_due_record(struct guard *g, const id *handle, const struct kept *k)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_FALLS_DUE);
    line_hex(&l.w, "handle", id_span(handle));
    line_name(&l.w, "partner", &k->from);
    line_name(&l.w, "agreement", &g->tables.agreements.agreement[k->agreement].name);
    line_instant(&l.w, "due", g->now + MS_PER_SECOND);
    if ((k->owed.duties & DUTY_CERTIFICATE) != 0) {
        line_number(&l.w, "certifiers", k->owed.certifiers);
    }
    record(g, &l);
}

err falls_due_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines          l = lines_of(head->body);
    id                    handle = take_id(&l, "handle");
    name                  who = take_name(&l, "partner");
    span                  value;
    instant               due;
    uint64_t              certifiers = 0;
    const struct partner *p = partner_find(g, &who);
    (void)take_name(&l, "agreement");
    TRY(text_instant(take_text(&l, "due"), &due));
    if (take_more(&l, "certifiers", &value)) {
        TRY(text_decimal(value, OFFICERS_MAX, &certifiers));
    }
    TRY(lines_end(&l));
    struct duty_item *item = p == NULL ? NULL : duty_watch(g, (unsigned)(p - g->partner), &handle);
    if (item == NULL) {
        return FAIL(FULL, "more falls due than can be kept in mind, or of nobody");
    }
    item->due = due < item->due ? due : item->due;
    item->certifiers = (uint8_t)certifiers;
    return OK;
}

/* True when a leaf was made; what has no place among the duties waits for the next look. */
static bool falls_due(struct guard *g, const id *handle, const struct kept *k)
{
    const struct partner *p = partner_find(g, &k->from);
    if (p == NULL) {
        return false;
    }
    unsigned                partner = (unsigned)(p - g->partner);
    const struct duty_item *item = duty_seen(g, partner, handle);
    bool known = item != NULL && (item->ends || item->due <= g->now + MS_PER_SECOND);
    if (known || (item == NULL && !duty_room(g, partner))) {
        return false;
    }
    falls_due_record(g, handle, k);
    return true;
}

static bool place_look(struct guard *g, set64 covered)
{
    struct kept k = {0};
    id          handle;
    err         e = kept_at(g, g->ended.place, &handle, &k);
    secret_wipe(&k.key);
    bool goes = !err_is(e) && k.kind == KEPT_RECEIVED && k.agreement < SET64_MAX &&
                set_has(covered, k.agreement);
    g->ended.found += goes || e.code == ERR_IO ? 1 : 0;
    return goes && falls_due(g, &handle, &k);
}

void ended_keys_turn(struct guard *g, set64 covered)
{
    struct ended *e = &g->ended;
    unsigned      due = 0;
    for (unsigned i = 0; i < ENDED_SLOTS_A_TURN && due < ENDED_DUE_A_TURN && guard_has_room(g);
         i++) {
        due += place_look(g, covered);
        if (++e->place >= g->slots->count) {
            e->left = e->found;
            e->place = e->found = 0;
            e->through = true;
            return;
        }
    }
}
