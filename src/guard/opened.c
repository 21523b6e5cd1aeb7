/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/opened.h"

#include "crypt/hash.h"
#include "guard/act.h"

/* Partners choose handles; the key keeps them from crowding one group. */
static unsigned group_of(const struct guard *g, const id *handle)
{
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT("accord opened 1"), SPAN_OF(g->slot_key.key), id_span(handle)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    return (hash[0] | (unsigned)hash[1] << 8) % OPENED_GROUPS;
}

static struct opened_item *item_find(struct opened_item *group, const id *handle)
{
    for (unsigned i = 0; i < OPENED_GROUP; i++) {
        if (group[i].times > 0 && id_equal(&group[i].handle, handle)) {
            return &group[i];
        }
    }
    return NULL;
}

static struct opened_item *item_room(struct opened_item *group)
{
    struct opened_item *oldest = group;
    for (unsigned i = 0; i < OPENED_GROUP; i++) {
        if (group[i].times == 0) {
            return &group[i];
        }
        oldest = group[i].last < oldest->last ? &group[i] : oldest;
    }
    return oldest;
}

static struct opened_item *item_of(struct guard *g, const id *handle)
{
    unsigned            n = group_of(g, handle);
    struct opened_item *item = item_find(g->opened.item[n], handle);
    if (item == NULL) {
        item = item_room(g->opened.item[n]);
        g->opened.lost[n] = g->opened.lost[n] || item->times > 0;
        *item = (struct opened_item){.handle = *handle, .more = g->opened.lost[n]};
    }
    return item;
}

static void person_add(struct opened_item *item, uint16_t person)
{
    for (unsigned i = 0; i < item->persons; i++) {
        if (item->person[i] == person) {
            return;
        }
    }
    if (item->persons == OPENED_PERSONS) {
        item->more = true;
        return;
    }
    item->person[item->persons++] = person;
}

static uint32_t times_of(span rest)
{
    uint64_t times = 1;
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (span_starts(line, SPAN_LIT("repeated "))) {
            (void)span_cut(&line, ' ');
            (void)text_decimal(line, UINT32_MAX, &times);
        }
    }
    return (uint32_t)times;
}

/* The act stands behind it: its words are no lines of the leaf. */
static void copy_fold(struct guard *g, const id *handle, span rest)
{
    uint64_t number;
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n'), key = span_cut(&line, ' ');
        if (span_is(key, "act")) {
            return;
        }
        if (span_is(key, "copy") && !err_is(text_decimal(line, COPIES_MAX, &number))) {
            duty_copied(g, handle, number);
        }
    }
}

/* handle, person, …, and how often it was repeated; or a room: whoever was in it then, however many */
err opened_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines         l = lines_of(head->body);
    id                   handle = take_id(&l, "handle");
    span                 room;
    bool                 in_room = take_more(&l, "room", &room);
    name                 who = in_room ? (name){0} : take_name(&l, "person");
    const struct person *p = in_room ? NULL : person_find(g, &who);
    if (l.bad || (p == NULL && !in_room)) {
        return FAIL(MALFORMED, "the leaf of an opening is not as it should be");
    }
    copy_fold(g, &handle, l.rest);
    struct opened_item *item = item_of(g, &handle);
    item->times += times_of(l.rest);
    item->last = ++g->opened.count;
    if (in_room) {
        item->more = true;
    } else {
        person_add(item, (uint16_t)(p - g->person));
    }
    g->counters.opened++;
    return OK;
}

struct openings opened_of(const struct guard *g, const id *handle)
{
    unsigned                  n = group_of(g, handle);
    const struct opened_item *group = g->opened.item[n];
    for (unsigned i = 0; i < OPENED_GROUP; i++) {
        if (group[i].times > 0 && id_equal(&group[i].handle, handle)) {
            return (struct openings){group[i].times, group[i].persons, group[i].more};
        }
    }
    return (struct openings){.more = g->opened.lost[n]};
}

bool opened_by(const struct guard *g, const id *handle, uint16_t person)
{
    const struct opened_item *group = g->opened.item[group_of(g, handle)];
    bool                      found = false;
    for (unsigned i = 0; i < OPENED_GROUP; i++) {
        bool same = group[i].times > 0 && id_equal(&group[i].handle, handle);
        for (unsigned k = 0; same && k < group[i].persons; k++) {
            found = found || group[i].person[k] == person;
        }
    }
    return found;
}
