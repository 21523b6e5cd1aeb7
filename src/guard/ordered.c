/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of partners: the letter `order` is carried out here, and `done` answers it; and the `done` of
 * those who were ordered. */
#include "guard/act.h"
#include "guard/kept.h"
#include "guard/opened.h"
#include "guard/tell.h"

/* What overwriting cannot promise. */
#define MEDIUM_SENTENCE                                                                            \
    "the slots are overwritten and synced; a medium that keeps old blocks, and backups made "      \
    "before, "                                                                                     \
    "may still hold the wrapped keys until it is erased itself"

/* ---- the letter `order`: order, kind, the handles ---- */

struct order_letter {
    uint64_t        order;
    enum order_kind kind;
    unsigned        count;
    id              handle[ORDER_MAIL_IDS];
};

static const char *const kind_text[ORDER_KIND_COUNT] = {"recall", "destroy"};

static err order_read(span body, struct order_letter *out)
{
    struct lines l = lines_of(body);
    span         value;
    out->count = 0;
    out->order = take_number(&l, "order", INT64_MAX);
    span kind = take_text(&l, "kind");
    out->kind = span_is(kind, kind_text[ORDER_DESTROY]) ? ORDER_DESTROY : ORDER_RECALL;
    while (take_more(&l, "handle", &value)) {
        if (out->count == ORDER_MAIL_IDS) {
            return FAIL(LIMIT, "an order names more than a letter may");
        }
        TRY(text_hex(value, out->handle[out->count++].bytes, ID_LEN));
    }
    TRY(lines_end(&l));
    if (out->count == 0 || !span_is(kind, kind_text[out->kind])) {
        return FAIL(MALFORMED, "an order is not as it should be");
    }
    return OK;
}

err order_send(struct guard *g, unsigned partner, enum order_kind kind, uint64_t leaf,
               const id *handles, size_t count)
{
    uint8_t       body[LETTER_BODY_MAX];
    struct writer w = WRITER_OF(body);
    span          text;
    line_number(&w, "order", leaf);
    line_text(&w, "kind", span_text(kind_text[kind]));
    for (size_t i = 0; i < count; i++) {
        line_hex(&w, "handle", id_span(&handles[i]));
    }
    TRY(writer_end(&w, &text));
    return letter_send(g, partner, "order", text);
}

err letter_order_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct order_letter o;
    TRY(order_read(v->body, &o));
    g->orders.sent[g->orders.sent_next++ % ORDERS_SENT_MAX] =
        (struct order_sent){.number = v->number,
                            .order = o.order,
                            .kind = o.kind,
                            .partner = (uint8_t)v->partner,
                            .at = v->time,
                            .handles = o.count};
    return OK;
}

void order_sent_nobody(struct guard *g, const struct order *o, instant at)
{
    g->orders.sent[g->orders.sent_next++ % ORDERS_SENT_MAX] =
        (struct order_sent){.number = ORDER_TO_NOBODY,
                            .order = o->leaf,
                            .kind = o->kind,
                            .partner = PARTNERS_MAX,
                            .done = true,
                            .at = at,
                            .handles = o->total};
}

/* ---- what a partner may take back: what its own guard granted ---- */

err letter_order_check(struct guard *g, const struct letter_view *v)
{
    struct order_letter o;
    TRY(order_read(v->body, &o));
    for (unsigned i = 0; i < o.count; i++) {
        struct kept k = {0};
        name        giver = {0};
        err         e = kept_get(g, &o.handle[i], &k);
        secret_wipe(&k.key);
        e = e.code == ERR_UNKNOWN ? e : kept_giver(g, &o.handle[i], &giver);
        if (e.code == ERR_IO) {
            return e;
        }
        if (err_is(e)) {
            continue;
        }
        if (!name_equal(&giver, &g->partner[v->partner].name)) {
            return FAIL(DENIED, "the order names what that partner did not give");
        }
    }
    return OK;
}

err letter_order_fold(struct guard *g, const struct letter_view *v)
{
    struct order_letter o;
    TRY(order_read(v->body, &o));
    for (unsigned i = 0; i < o.count; i++) {
        taken_add(g, v->partner, &o.handle[i], v->at);
    }
    struct order_begun *begun = &g->orders.begun;
    begun->waits = true;
    begun->partner = v->partner;
    begun->number = v->number;
    begun->len = (uint32_t)v->body.len;
    memcpy(begun->body, v->body.ptr, v->body.len);
    return OK;
}

/* ---- carrying it out ---- */

struct tally {
    uint32_t gone, missing, opened, damaged;
};

static void opened_put(struct guard *g, const id *handle, struct tally *t, struct writer *w)
{
    struct openings o = opened_of(g, handle);
    t->opened += o.times > 0 ? 1 : 0;
    put_text(w, "handle ");
    put_hex(w, id_span(handle));
    if (o.times == 0 && o.more) {
        put_text(w, " - -\n");
        return;
    }
    put_u8(w, ' ');
    put_decimal(w, o.times);
    put_u8(w, ' ');
    put_decimal(w, o.persons);
    put_text(w, o.more ? " or-more\n" : "\n");
}

/* One handle: the slot is overwritten, whatever can be read of it; what was overwritten before is as gone.
 * A place that cannot be read or found is told, and tried again; nothing opens under it. */
static void take_back(struct guard *g, const name *from, const id *handle, struct tally *t,
                      struct writer *w, struct writer *damaged)
{
    struct kept k;
    err         e = kept_get(g, handle, &k);
    secret_wipe(&k.key);
    if (e.code == ERR_UNKNOWN) {
        err lost = kept_destroy_unrecorded(g, handle, from);
        e = err_is(lost) ? lost : e;
    } else {
        e = kept_destroy(g, handle);
    }
    if (err_is(e)) {
        t->missing++;
        t->damaged += e.code == ERR_UNKNOWN ? 0 : 1;
        line_hex(e.code == ERR_UNKNOWN ? w : damaged, e.code == ERR_UNKNOWN ? "missing" : "damaged",
                 id_span(handle));
        return;
    }
    t->gone++;
    opened_put(g, handle, t, w);
    forget_tell(g, from, handle);
}

static void damaged_record(struct guard *g, const struct letter_view *v, uint32_t count)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason",
              SPAN_LIT("key slots of what a partner took back cannot be overwritten: it is tried "
                       "again, and nothing opens under them"));
    line_name(&l.w, "partner", &g->partner[v->partner].name);
    line_number(&l.w, "letter", v->number);
    line_number(&l.w, "slots", count);
    record(g, &l);
}

void letter_order_done(struct guard *g, const struct letter_view *v)
{
    struct order_letter o;
    struct leaf         l;
    struct tally        t = {0};
    uint8_t             room[LETTER_BODY_MAX];
    struct writer       damaged = WRITER_OF(room);
    const name         *from = &g->partner[v->partner].name;
    MUST(!err_is(order_read(v->body, &o)));
    leaf_start(g, &l, order_leaf[o.kind]);
    line_name(&l.w, "from", from);
    line_number(&l.w, "order", o.order);
    line_number(&l.w, "letter", v->number);
    for (unsigned i = 0; i < o.count; i++) {
        take_back(g, from, &o.handle[i], &t, &l.w, &damaged);
    }
    put_span(&l.w, writer_span(&damaged));
    line_number(&l.w, "gone", t.gone);
    line_number(&l.w, "not-here", t.missing);
    line_number(&l.w, "opened", t.opened);
    record(g, &l);
    if (t.damaged > 0) {
        damaged_record(g, v, t.damaged);
    }
    orders_dues(g);
}

void order_begun_turn(struct guard *g)
{
    const struct order_begun *b = &g->orders.begun;
    if (b->waits) {
        struct letter_view v = {
            .partner = b->partner, .number = b->number, .body = {b->body, b->len}};
        letter_order_done(g, &v);
    }
}

/* Of each partner's places a free one, or that of its oldest. */
static struct order_due *due_room(struct guard *g, unsigned partner)
{
    struct order_due *own = &g->orders.due[partner * ORDERS_DUE_EACH], *oldest = own;
    for (unsigned i = 0; i < ORDERS_DUE_EACH; i++) {
        struct order_due *d = &own[i];
        if (d->number == 0) {
            return d;
        }
        oldest = d->leaf < oldest->leaf ? d : oldest;
    }
    return oldest;
}

static err partners_order_fold(struct guard *g, struct lines *l, const struct partner *from)
{
    struct order_due d = {.partner = (uint8_t)(from - g->partner), .leaf = g->ledger.tree.size - 1};
    span             value;
    d.order = take_number(l, "order", INT64_MAX);
    d.number = take_number(l, "letter", INT64_MAX);
    while (take_more(l, "handle", &value) || take_more(l, "missing", &value)) {
        id handle;
        TRY(text_hex(span_cut(&value, ' '), handle.bytes, ID_LEN));
        duty_forget(g, d.partner, &handle);
    }
    while (take_more(l, "damaged", &value)) {
        id handle;
        TRY(text_hex(value, handle.bytes, ID_LEN));
        taken_left(g, d.partner, &handle);
    }
    d.gone = (uint32_t)take_number(l, "gone", ORDER_MAIL_IDS);
    d.missing = (uint32_t)take_number(l, "not-here", ORDER_MAIL_IDS);
    d.opened = (uint32_t)take_number(l, "opened", ORDER_MAIL_IDS);
    memcpy(d.hash, &g->leaf_hash, sizeof d.hash);
    TRY(lines_end(l));
    struct order_begun *begun = &g->orders.begun;
    begun->waits = begun->waits && (begun->partner != d.partner || begun->number != d.number);
    *due_room(g, d.partner) = d;
    return OK;
}

err recalled_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    span         from;
    name         who;
    if (take_more(&l, "handle", &from)) {
        return duty_destroyed_fold(g, head);
    }
    if (!take_more(&l, "from", &from)) {
        return own_order_fold(g, head);
    }
    TRY(name_of(from, &who));
    const struct partner *p = partner_find(g, &who);
    return p == NULL ? FAIL(MALFORMED, "the leaf of an order is of no partner")
                     : partners_order_fold(g, &l, p);
}

/* ---- the letter `done` ---- */

static err due_send(struct guard *g, const struct order_due *d)
{
    uint8_t       body[1024];
    struct writer w = WRITER_OF(body);
    line_number(&w, "order", d->order);
    line_number(&w, "letter", d->number);
    line_number(&w, "leaf", d->leaf);
    line_hex(&w, "hash", SPAN_OF(d->hash));
    line_number(&w, "gone", d->gone);
    line_number(&w, "not-here", d->missing);
    line_number(&w, "opened", d->opened);
    line_text(&w, "medium", SPAN_LIT(MEDIUM_SENTENCE));
    MUST(!w.bad);
    return letter_send(g, d->partner, "done", writer_span(&w));
}

void orders_dues(struct guard *g)
{
    for (unsigned i = 0; i < ORDERS_DUE_MAX && guard_has_room(g); i++) {
        const struct order_due *d = &g->orders.due[i];
        if (d->number != 0 && letter_room(g, d->partner)) {
            (void)due_send(g, d);
        }
    }
}

bool dues_wait(const struct guard *g)
{
    for (unsigned i = 0; i < ORDERS_DUE_MAX; i++) {
        const struct order_due *d = &g->orders.due[i];
        if (d->number != 0 && letter_room(g, d->partner)) {
            return true;
        }
    }
    return false;
}

err letter_done_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    (void)take_number(&l, "order", INT64_MAX);
    uint64_t number = take_number(&l, "letter", INT64_MAX);
    for (unsigned i = 0; i < ORDERS_DUE_MAX; i++) {
        struct order_due *d = &g->orders.due[i];
        if (d->partner == v->partner && d->number == number) {
            d->number = 0;
        }
    }
    return OK;
}

static err done_read(span body, struct order_sent *out)
{
    struct lines l = lines_of(body);
    uint8_t      hash[32];
    out->order = take_number(&l, "order", INT64_MAX);
    out->number = take_number(&l, "letter", INT64_MAX);
    (void)take_number(&l, "leaf", INT64_MAX);
    take_hex(&l, "hash", hash, sizeof hash);
    out->gone = (uint32_t)take_number(&l, "gone", ORDER_MAIL_IDS);
    out->missing = (uint32_t)take_number(&l, "not-here", ORDER_MAIL_IDS);
    out->opened = (uint32_t)take_number(&l, "opened", ORDER_MAIL_IDS);
    (void)take_text(&l, "medium");
    return lines_end(&l);
}

static struct order_sent *sent_find(struct guard *g, unsigned partner, const struct order_sent *d)
{
    for (unsigned i = 0; i < ORDERS_SENT_MAX; i++) {
        struct order_sent *s = &g->orders.sent[i];
        if (s->number != 0 && s->number == d->number && s->partner == partner &&
            s->order == d->order) {
            return s;
        }
    }
    return NULL;
}

err letter_done_check(struct guard *g, const struct letter_view *v)
{
    struct order_sent d;
    TRY(done_read(v->body, &d));
    struct order_sent *s = sent_find(g, v->partner, &d);
    if (s == NULL || s->done) {
        return FAIL(UNKNOWN, "it answers no order that waits for an answer");
    }
    return d.gone + d.missing == s->handles
               ? OK
               : FAIL(CONFLICT, "it answers for more or fewer than the order names");
}

err letter_done_fold(struct guard *g, const struct letter_view *v)
{
    struct order_sent d;
    TRY(done_read(v->body, &d));
    struct order_sent *s = sent_find(g, v->partner, &d);
    if (s != NULL) {
        s->done = true;
        s->gone = d.gone;
        s->missing = d.missing;
        s->opened = d.opened;
    }
    return OK;
}

/* ---- LOOK_ORDERS ---- */

#define ORDER_ROW_ROOM 512

static void sent_row(struct guard *g, const struct order_sent *s, struct writer *w)
{
    line_text(w, "what", span_text(kind_text[s->kind]));
    line_number(w, "leaf", s->order);
    bool nobody = s->number == ORDER_TO_NOBODY;
    line_text(w, "partner", nobody ? SPAN_LIT("-") : name_span(&g->partner[s->partner].name));
    line_number(w, "count", s->handles);
    line_text(w, "state", s->done ? SPAN_LIT("done") : SPAN_LIT("waits"));
    line_instant(w, "since", s->at);
    if (s->done && !nobody) {
        line_number(w, "gone", s->gone);
        line_number(w, "not-here", s->missing);
        line_number(w, "opened", s->opened);
    }
}

void order_rows(struct guard *g, unsigned from, struct writer *w)
{
    for (unsigned i = from; i < ORDERS_SENT_MAX && w->max - w->len > ORDER_ROW_ROOM; i++) {
        if (g->orders.sent[i].number != 0) {
            line_number(w, "row", i);
            sent_row(g, &g->orders.sent[i], w);
        }
    }
}
