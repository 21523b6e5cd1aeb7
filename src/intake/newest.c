/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/newest.h"

static struct newest_row *at_place(struct newest *n, uint32_t link)
{
    return link == 0 ? NULL : &n->row[link - 1];
}

static uint32_t *bucket_of(struct newest *n, unsigned place, const char *uid)
{
    uint64_t mixed = n->salt ^ place;
    for (const char *c = uid; *c != 0; c++) {
        mixed = (mixed ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
        mixed ^= mixed >> 29;
    }
    mixed *= n->salt | 1;
    return &n->bucket[(mixed >> 32) % NEWEST_MAX];
}

static struct newest_row *find(struct newest *n, const struct newest_report *r)
{
    struct newest_row *row = at_place(n, *bucket_of(n, r->place, r->uid));
    while (row != NULL && (row->place != r->place + 1 || strcmp(row->uid, r->uid) != 0)) {
        row = at_place(n, row->next);
    }
    return row;
}

static struct newest_row *place_take(struct newest *n, const struct newest_report *r)
{
    bool room = n->each[r->place] < NEWEST_EACH_MAX && n->count < NEWEST_MAX;
    if (!room) {
        return NULL;
    }
    uint32_t link = n->free != 0 ? n->free : ++n->fresh;
    n->free = n->free != 0 ? at_place(n, link)->next : 0;
    struct newest_row *row = at_place(n, link);
    uint32_t          *bucket = bucket_of(n, r->place, r->uid);
    row->place = (uint16_t)(r->place + 1);
    row->next = *bucket;
    memset(row->uid, 0, sizeof row->uid);
    memcpy(row->uid, r->uid, strlen(r->uid));
    *bucket = link;
    n->each[r->place]++;
    n->count++;
    return row;
}

err newest_put(struct newest *n, const struct newest_report *r)
{
    MUST(r->place < NEWEST_PLACES && r->bytes.len <= REPORT_BYTES_MAX);
    struct newest_row *row = find(n, r);
    if (row != NULL && row->until_ms > r->boot_ms && row->time > r->time) {
        return OK;
    }
    row = row != NULL ? row : place_take(n, r);
    if (row == NULL) {
        return FAIL(FULL, "there are more tracks than a picture has room for");
    }
    row->time = r->time;
    row->until_ms = r->until_ms;
    row->len = (uint16_t)r->bytes.len;
    memcpy(row->bytes, r->bytes.ptr, r->bytes.len);
    return OK;
}

const struct newest_row *newest_next(const struct newest *n, unsigned place, int64_t boot_ms,
                                     uint32_t *at)
{
    while (*at < n->fresh) {
        const struct newest_row *row = &n->row[(*at)++];
        if (row->place == place + 1 && row->until_ms > boot_ms) {
            return row;
        }
    }
    return NULL;
}

static void let_go(struct newest *n, uint32_t link)
{
    struct newest_row *row = at_place(n, link);
    uint32_t          *from = bucket_of(n, row->place - 1u, row->uid);
    while (*from != link) {
        from = &at_place(n, *from)->next;
    }
    *from = row->next;
    n->each[row->place - 1]--;
    n->count--;
    row->place = 0;
    row->next = n->free;
    n->free = link;
}

void newest_sweep(struct newest *n, int64_t boot_ms, uint32_t count)
{
    for (uint32_t i = 0; i < count && i < n->fresh; i++) {
        n->swept = n->swept < n->fresh ? n->swept + 1 : 1;
        const struct newest_row *row = at_place(n, n->swept);
        if (row->place != 0 && row->until_ms <= boot_ms) {
            let_go(n, n->swept);
        }
    }
}

void newest_drop(struct newest *n, unsigned place)
{
    for (uint32_t link = 1; n->each[place] > 0 && link <= n->fresh; link++) {
        if (at_place(n, link)->place == place + 1) {
            let_go(n, link);
        }
    }
}
