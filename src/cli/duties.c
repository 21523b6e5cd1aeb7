/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duties.h"

/* ---- what is kept ---- */

static void act_keep(struct history *h, const struct act_text *a, const id *handle)
{
    h->duty_act = room_for(h->duty_act, &h->duty_act_count, &h->duty_act_max, sizeof *h->duty_act);
    h->duty_act[h->duty_act_count - 1] =
        (struct duty_deed){.leaf = h->leaves, .act = a->act, .by = a->by, .handle = *handle};
}

err duty_act(struct history *h, const struct act_text *a, struct lines *l)
{
    id handle;
    take_hex(l, "handle", handle.bytes, ID_LEN);
    act_keep(h, a, &handle);
    l->rest.len = 0;
    return l->bad ? FAIL(MALFORMED, "an act about a duty names no handle") : OK;
}

err contractor_act(struct history *h, const struct act_text *a, struct lines *l)
{
    static const id none = {{0}};
    act_keep(h, a, &none);
    l->rest.len = 0;
    return OK;
}

static err name_or_none(span text, name *out)
{
    *out = (name){0};
    return span_is(text, "-") ? OK : name_of(text, out);
}

static err leave_take(const struct history *h, struct lines *l, struct leave *out)
{
    out->leaf = take_number(l, "leaf", INT64_MAX);
    out->employer = take_name(l, "employer");
    span firm = take_text(l, "firm"), facility = take_text(l, "facility");
    out->whole = !span_is(take_text(l, "agreement"), "-");
    span item = take_text(l, "item"), topics = take_text(l, "topics");
    span top = take_text(l, "level");
    out->until = take_instant(l, "until");
    (void)take_text(l, "purpose");
    TRY(lines_end(l));
    TRY(name_or_none(firm, &out->firm));
    TRY(name_or_none(facility, &out->facility));
    TRY(out->whole ? OK : text_hex(item, out->item.bytes, ID_LEN));
    TRY(span_is(topics, "-") ? OK : names_read(&h->tables.policies.topics, topics, &out->topics));
    return level_read(&h->tables.policies, top, &out->level);
}

err contractor_came(struct history *h, const struct letter_leaf *v, const struct leaf_head *head)
{
    struct lines l = lines_of(v->letter.body);
    struct leave one = {.letter = h->leaves, .partner = v->partner};
    (void)head;
    TRY(leave_take(h, &l, &one));
    h->leave = room_for(h->leave, &h->leave_count, &h->leave_max, sizeof *h->leave);
    h->leave[h->leave_count - 1] = one;
    return OK;
}

err contractor_ended(struct history *h, const struct letter_leaf *v, const struct leaf_head *head)
{
    struct lines l = lines_of(v->letter.body);
    uint64_t     leaf = take_number(&l, "leaf", INT64_MAX);
    (void)head;
    for (size_t i = 0; i < h->leave_count; i++) {
        struct leave *one = &h->leave[i];
        one->ended = one->ended || (one->leaf == leaf && name_equal(&one->partner, &v->partner));
    }
    return lines_end(&l);
}

/* ---- what is owed ---- */

static bool list_names(span list, const char *word)
{
    while (list.len > 0) {
        if (span_is(span_cut(&list, ','), word)) {
            return true;
        }
    }
    return false;
}

void duty_owed(span body, struct epoch_entry *e)
{
    e->due = INSTANT_NEVER;
    while (body.len > 0) {
        span     line = span_cut(&body, '\n'), key = span_cut(&line, ' ');
        uint64_t number;
        instant  due;
        if (span_is(key, "destroy-by") && !err_is(text_instant(line, &due))) {
            e->due = due;
        } else if (span_is(key, "certifiers") && !err_is(text_decimal(line, UINT8_MAX, &number))) {
            e->certifiers = number > e->certifiers ? (uint8_t)number : e->certifiers;
        } else if (span_is(key, "duties")) {
            e->contractors = list_names(line, "contractors");
        }
    }
}

static struct epoch_entry *came_under(const struct history *h, const id *handle)
{
    for (size_t i = h->epoch_count; i > 0; i--) {
        struct epoch_entry *e = &h->epoch[i - 1];
        if (!e->own && id_equal(&e->handle, handle)) {
            return e;
        }
    }
    return NULL;
}

err falls_due_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines l = lines_of(head->body);
    id           handle;
    unsigned     number;
    (void)signatures;
    take_hex(&l, "handle", handle.bytes, ID_LEN);
    (void)take_name(&l, "partner");
    name                under = take_name(&l, "agreement");
    instant             due = take_instant(&l, "due");
    struct epoch_entry *e = l.bad ? NULL : came_under(h, &handle);
    if (e == NULL) {
        return FAIL(UNKNOWN, "what never came falls due");
    }
    e->due = due < e->due ? due : e->due;
    return agreements_find(&h->tables.agreements, name_span(&under), &number);
}

/* ---- what is judged ---- */

static const struct duty_deed *deed_of(const struct history *h, const char *act, const id *handle,
                                       const name *by)
{
    for (size_t i = 0; i < h->duty_act_count; i++) {
        const struct duty_deed *d = &h->duty_act[i];
        if (span_is(name_span(&d->act), act) && id_equal(&d->handle, handle) &&
            name_equal(&d->by, by)) {
            return d;
        }
    }
    return NULL;
}

/* Opened again and again under one session is one leaf, later: what held at the first may be over. */
static bool is_repeated(span rest)
{
    while (rest.len > 0) {
        if (span_starts(span_cut(&rest, '\n'), SPAN_LIT("repeated "))) {
            return true;
        }
    }
    return false;
}

static err leave_check(const struct history *h, uint64_t letter, const struct marking *m,
                       const struct member *who, const id *handle, instant at)
{
    for (size_t i = 0; i < h->leave_count; i++) {
        const struct leave  *v = &h->leave[i];
        const struct policy *p = &h->tables.policies.policy[v->level.policy];
        if (v->letter != letter) {
            continue;
        }
        bool theirs = name_equal(&v->employer, &who->employer) &&
                      name_equal(&v->firm, &who->firm) && name_equal(&v->facility, &who->facility);
        bool low = m->level.policy == v->level.policy &&
                   p->level[m->level.rank].hierarchy <= p->level[v->level.rank].hierarchy &&
                   set_within(m->topics, v->topics);
        bool now = at == INSTANT_NEVER || (v->until > at && !v->ended);
        return theirs && low && now && (v->whole || id_equal(&v->item, handle))
                   ? OK
                   : FAIL(CONFLICT, "an approval does not let this contractor open this now");
    }
    return FAIL(CONFLICT, "an opening rests on an approval that did not come");
}

static err opened_check(const struct history *h, const struct leaf_head *head, bool *judged)
{
    struct lines   l = lines_of(head->body);
    struct marking m;
    id             handle;
    span           value;
    unsigned       approvals = 0;
    take_hex(&l, "handle", handle.bytes, ID_LEN);
    name                 person = take_name(&l, "person");
    const struct member *who = history_member(h, &person);
    span                 marking = take_text(&l, "marking");
    (void)take_text(&l, "own-level");
    (void)take_text(&l, "own-level-chosen");
    bool hired = who != NULL && who->employer.text[0] != 0 &&
                 (who->firm.text[0] != 0 || !name_equal(&who->employer, &h->party));
    *judged = !l.bad && hired;
    if (!*judged) {
        return OK;
    }
    instant at = is_repeated(l.rest) ? INSTANT_NEVER : head->time;
    TRY(marking_read(&h->tables.policies, marking, &m));
    for (; take_more(&l, "approval", &value); approvals++) {
        uint64_t letter;
        TRY(text_decimal(value, INT64_MAX, &letter));
        TRY(leave_check(h, letter, &m, who, &handle, at));
    }
    const struct epoch_entry *e = came_under(h, &handle);
    return e == NULL || !e->contractors || approvals > 0
               ? OK
               : FAIL(CONFLICT, "a contractor's person opened what no originator let him open");
}

static err certifier_check(const struct history *h, const id *handle, const name *who,
                           name chain[static OFFICERS_MAX], unsigned count)
{
    const struct member *m = history_member(h, who);
    if (m == NULL || deed_of(h, "certify", handle, who) == NULL) {
        return FAIL(CONFLICT, "a certificate names a person who signed for nothing");
    }
    for (unsigned i = 0; i < count; i++) {
        if (name_equal(&chain[i], &m->chain)) {
            return FAIL(CONFLICT, "a destruction is certified twice from one chain of command");
        }
    }
    chain[count] = m->chain;
    return OK;
}

static err destroyed_check(const struct history *h, const struct leaf_head *head, bool *judged)
{
    struct lines l = lines_of(head->body);
    name         chain[OFFICERS_MAX];
    id           handle;
    span         value;
    unsigned     count = 0;
    instant      due = INSTANT_NEVER;
    *judged = span_starts(head->body, SPAN_LIT("handle "));
    if (!*judged) {
        return OK; /* of an order */
    }
    take_hex(&l, "handle", handle.bytes, ID_LEN);
    (void)take_name(&l, "partner");
    if (take_more(&l, "due", &value)) {
        TRY(text_instant(value, &due));
    }
    for (; count < OFFICERS_MAX && take_more(&l, "certifier", &value); count++) {
        name who;
        TRY(name_of(value, &who));
        TRY(certifier_check(h, &handle, &who, chain, count));
    }
    TRY(lines_end(&l));
    const struct epoch_entry *e = came_under(h, &handle);
    bool                      signed_for = count > 0 && e != NULL && count >= e->certifiers;
    bool by_time = count == 0 && e != NULL && e->certifiers == 0 && due <= head->time;
    return (signed_for || by_time) && e->due == due
               ? OK
               : FAIL(CONFLICT, "an item was destroyed before its time, or without who certify it");
}

static err overdue_check(const struct history *h, const struct leaf_head *head, bool *judged)
{
    struct lines l = lines_of(head->body);
    id           handle;
    span         duty;
    take_hex(&l, "handle", handle.bytes, ID_LEN);
    (void)take_name(&l, "partner");
    instant due = take_instant(&l, "due");
    *judged = take_more(&l, "duty", &duty);
    TRY(lines_end(&l));
    const struct epoch_entry *e = came_under(h, &handle);
    bool wrong = e == NULL || due > head->time || (span_is(duty, "destroy") && due != e->due);
    return *judged && wrong ? FAIL(CONFLICT, "a notice is not of what was owed") : OK;
}

/* What a guard tells rests on an act of its own people. */
static err letter_check(const struct history *h, const struct leaf_head *head, bool *judged)
{
    static const char *const kind[][2] = {
        {"loss", "loss"}, {"found", "found"}, {"contractor", "contractor-approve"}};
    static struct letter_leaf v;
    TRY(letter_leaf_read(head, &v));
    for (unsigned k = 0; k < ARRAY_LEN(kind); k++) {
        struct lines l = lines_of(v.letter.body);
        if (!span_is(name_span(&v.letter.kind), kind[k][0])) {
            continue;
        }
        *judged = true;
        uint64_t leaf = line_skip(&l, "leaf") ? take_number(&l, "leaf", INT64_MAX) : UINT64_MAX;
        for (size_t i = 0; i < h->duty_act_count; i++) {
            const struct duty_deed *d = &h->duty_act[i];
            if (d->leaf == leaf && span_is(name_span(&d->act), kind[k][1])) {
                return OK;
            }
        }
        return FAIL(CONFLICT, "a letter tells a partner of what nobody signed");
    }
    return OK;
}

err duty_check(const struct history *h, const struct leaf_head *head, bool *judged)
{
    *judged = false;
    switch (head->kind) {
    case LEAF_OPENED:
        return opened_check(h, head, judged);
    case LEAF_DESTROYED:
        return destroyed_check(h, head, judged);
    case LEAF_OVERDUE:
        return overdue_check(h, head, judged);
    case LEAF_LETTER:
        return letter_check(h, head, judged);
    default:
        return OK;
    }
}
