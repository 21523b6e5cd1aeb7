/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_BROKEN_H
#define SIM_BROKEN_H

#include "stage.h"

/* A disk that does not answer for one slot, and a slot that is damaged */

static inline uint8_t *slot_at(struct gate *g, const id *epoch)
{
    for (unsigned i = 0; i < GATE_SLOTS; i++) {
        uint8_t *slot = g->slots_now + SLOTS_HEAD_LEN + (size_t)i * SLOT_LEN;
        if (memcmp(slot + 8, epoch->bytes, SLOT_ID_LEN) == 0) {
            return slot;
        }
    }
    fail_msg("no slot is of this epoch");
    return NULL;
}

#define ANY_BLOCK UINT64_MAX

static struct {
    struct block_ops        now;
    const struct block_ops *sound;
    uint64_t                from; /* this block, or ANY_BLOCK … */
    unsigned                left; /* … can be read so often yet */
    bool                    hit;
} broken;

static inline err broken_read(struct block_file *f, uint64_t offset, void *buf, size_t len)
{
    bool meant = offset == broken.from || broken.from == ANY_BLOCK;
    if (meant && broken.left-- == 0) {
        broken.left = 0;
        broken.hit = true;
        return FAIL(IO, "the disk does not answer");
    }
    return broken.sound->read(f, offset, buf, len);
}

static inline void disk_break_at(struct gate *g, uint64_t from, unsigned after)
{
    broken.sound = g->file.file.ops;
    broken.now = *broken.sound;
    broken.now.read = broken_read;
    broken.from = from;
    broken.left = after;
    broken.hit = false;
    g->file.file.ops = &broken.now;
}

static inline void disk_break(struct gate *g, const id *epoch, unsigned after)
{
    disk_break_at(g, (uint64_t)(slot_at(g, epoch) - g->slots_now), after);
}

static inline void disk_break_any(struct gate *g, unsigned after)
{
    disk_break_at(g, ANY_BLOCK, after);
}

static inline void disk_mend(struct gate *g)
{
    g->file.file.ops = broken.sound;
}

/* Its checksum no longer fits; or nor does it tell whose it is. */
static inline void slot_damage(struct gate *g, const id *epoch, bool nameless)
{
    uint8_t *slot = slot_at(g, epoch);
    slot[SLOT_LEN - 1] ^= 1;
    if (nameless) {
        memset(slot + 8, 0xdd, SLOT_ID_LEN);
    }
}

#endif
