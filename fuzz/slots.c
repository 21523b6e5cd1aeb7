/* links: store */
/* SPDX-License-Identifier: Apache-2.0 */
/* The table of key slots, while its medium fails: what is got is what was put, or an error.  The first byte chooses: odd, the
 * rest is the file's header; even, steps: u8 what, u8 id, u8 how.  A bit that flips is found, a power cut leaves the old body
 * or the new one, and what was destroyed and synced never comes back. */
#include "store/slots.h"
#include "store/memory.h"

#include <stdlib.h>

#define COUNT     256
#define BYTES     (SLOTS_HEAD_LEN + COUNT * SLOT_LEN)
#define IDS       8
#define STEPS_MAX 200

/* model - of one id: the body that a get may give, and the one that it may give if what was written last was lost */
struct model {
    bool    was, is, lost_destroyed, destroyed; /* was: the synced one;  destroyed: by the newest */
    uint8_t old, now;                           /* what the body is filled with */
};

static struct memory_file   disk;
static struct memory_faults faults;
static uint8_t              now[BYTES], kept[BYTES], noise[SLOT_BODY_MAX];
static struct slots         table;
static struct model         model[IDS];
static bool                 flipped;

static slot_id id_of(uint8_t n)
{
    slot_id id = {{0}};
    id.bytes[0] = n % IDS;
    return id;
}

static size_t len_of(uint8_t fill)
{
    return 1 + fill * 5U % SLOT_BODY_MAX;
}

static void table_new(void)
{
    static const struct slots_plan plan = {.file = "keys", .count = COUNT, .salt = {9, 8, 7}};
    faults = MEMORY_FAULTLESS;
    memory_init(&disk, now, kept, BYTES, &faults);
    memset(now, 0, sizeof now);
    slots_format_head(&plan, now);
    memcpy(kept, now, sizeof kept);
    memset(noise, 0xa5, sizeof noise);
    memset(model, 0, sizeof model);
    flipped = false;
    MUST(!err_is(slots_open(&table, &disk.file)));
}

static bool filled(const uint8_t *body, size_t len, uint8_t with)
{
    bool same = len == len_of(with);
    for (size_t i = 0; i < len && same; i++) {
        same = body[i] == with;
    }
    return same;
}

static void get(uint8_t n)
{
    uint8_t             body[SLOT_BODY_MAX];
    size_t              len = 0;
    slot_id             id = id_of(n);
    const struct model *m = &model[n % IDS];
    err                 e = slot_get(&table, &id, body, &len);
    if (!err_is(e)) {
        MUST(m->is && !m->destroyed && filled(body, len, m->now));
    } else {
        MUST(flipped || table.dead || !m->is || m->destroyed);
    }
}

static void put(uint8_t n, uint8_t fill, bool again)
{
    uint8_t       body[SLOT_BODY_MAX];
    slot_id       id = id_of(n);
    struct model *m = &model[n % IDS];
    span          bytes = {body, len_of(fill)};
    memset(body, fill, sizeof body);
    err e = again ? slot_replace(&table, &id, bytes) : slot_put(&table, &id, bytes);
    if (!err_is(e)) {
        MUST(!again || m->is);
        m->is = true;
        m->destroyed = false;
        m->now = fill;
    } else {
        MUST(again ? flipped || table.dead || !m->is || m->destroyed
                   : flipped || table.dead || m->is || m->destroyed);
    }
}

static void overwrite(uint8_t n)
{
    slot_id       id = id_of(n);
    struct model *m = &model[n % IDS];
    if (!err_is(slot_overwrite(&table, &id, noise))) {
        MUST(m->is);
        m->destroyed = true;
    } else {
        MUST(flipped || table.dead || !m->is);
    }
}

static void synced(void)
{
    if (!err_is(slots_sync(&table))) {
        for (unsigned i = 0; i < IDS; i++) {
            model[i].was = model[i].is;
            model[i].lost_destroyed = model[i].destroyed;
            model[i].old = model[i].now;
        }
    }
}

static bool survives(void *ctx, size_t sector)
{
    const uint8_t *how = ctx;
    return ((unsigned)*how >> sector % 7 & 1U) != 0;
}

/* After it each id has what was synced, or what was written after that, or is damaged where both meet. */
static void power_cut(uint8_t how)
{
    uint8_t body[SLOT_BODY_MAX];
    size_t  len = 0;
    memory_cut(&disk, 512, survives, &how);
    faults = MEMORY_FAULTLESS;
    MUST(!err_is(slots_open(&table, &disk.file)));
    for (uint8_t i = 0; i < IDS; i++) {
        slot_id       id = id_of(i);
        struct model *m = &model[i];
        err           e = slot_get(&table, &id, body, &len);
        if (!err_is(e)) {
            bool is_now = m->is && !m->destroyed && filled(body, len, m->now);
            bool is_old = m->was && !m->lost_destroyed && filled(body, len, m->old);
            MUST(is_now || is_old);
            m->now = is_now ? m->now : m->old;
            m->is = true;
            m->destroyed = false;
        } else if (e.code == ERR_STATE) {
            MUST(m->is && (m->destroyed || m->lost_destroyed));
            m->destroyed = true;
        } else if (e.code == ERR_UNKNOWN) {
            MUST(!m->was);
            m->is = m->destroyed = false;
        } else {
            flipped = true; /* damaged: from here on errors are to be expected */
        }
        m->was = m->is;
        m->lost_destroyed = m->destroyed;
        m->old = m->now;
    }
}

static void flip(uint8_t n, uint8_t how)
{
    size_t at = SLOTS_HEAD_LEN + (n * 0x1357U + how * 131U) % (COUNT * SLOT_LEN);
    now[at] ^= (uint8_t)(1U << (how & 7));
    flipped = true;
}

static void looks(void)
{
    uint8_t body[SLOT_BODY_MAX];
    size_t  len = 0;
    slot_id id;
    for (uint32_t i = 0; i <= COUNT; i++) {
        if (!err_is(slot_look(&table, i, &id, body, &len))) {
            const struct model *m = &model[id.bytes[0] % IDS];
            MUST(i < COUNT && m->is && filled(body, len, m->now));
        }
    }
}

static void step(uint8_t what, uint8_t n, uint8_t how)
{
    switch (what % 9) {
    case 0:
    case 1:
        put(n, how, false);
        break;
    case 2:
        put(n, how, true);
        break;
    case 3:
        get(n);
        break;
    case 4:
        overwrite(n);
        break;
    case 5:
        synced();
        break;
    case 6:
        power_cut(how);
        break;
    case 7:
        flip(n, how);
        break;
    default:
        if (flipped) {
            faults.writes_left = how % 4;
        } else {
            looks();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0) {
        return 0;
    }
    table_new();
    if (data[0] % 2 == 1) {
        memcpy(now, data + 1, len - 1 < SLOTS_HEAD_LEN ? len - 1 : SLOTS_HEAD_LEN);
        MUST(err_is(slots_open(&table, &disk.file)) || table.count == COUNT);
        return 0;
    }
    for (size_t at = 1; at + 3 <= len && at < (size_t)3 * STEPS_MAX; at += 3) {
        step(data[at], data[at + 1], data[at + 2]);
    }
    return 0;
}
