/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SLOTS_H
#define STORE_SLOTS_H

#include "store/block.h"

/* The guard's table of wrapped keys: a file of fixed slots, found by a 16-byte id, so that to
 * destroy a key is to overwrite its slot (docs/format/slots.md). */

#define SLOT_ID_LEN    16
#define SLOT_LEN       1536 /* three sectors */
#define SLOT_BODY_MAX  1472
#define SLOTS_HEAD_LEN 4096
#define SLOTS_MAX      (1 << 20) /* 1.5 GiB of file */
#define SLOTS_SALT_LEN 16

/* In 300 random tables of 65,536 slots the first id without a place came at 77 % full or later; at
 * three quarters a put reads 8.5 slots on average, a get 2.5. */
#define SLOTS_PROBE_MAX 256

typedef struct slot_id {
    uint8_t bytes[SLOT_ID_LEN];
} slot_id;

/* slots - an open table; one writer, no reader beside it */
struct slots {
    struct block_file *file;
    uint32_t           count;
    uint32_t           seed;
    uint8_t            salt[SLOTS_SALT_LEN];
    bool               unsynced;
    bool               dead;
};

/* slots_create - the file, all slots empty and durable, for accordd
 *
 * count   of slots, a power of two from SLOTS_PROBE_MAX to SLOTS_MAX
 * salt    16 random bytes: ids that partners choose cannot be made to crowd
 * fails   CONFLICT when the name exists; LIMIT; FULL when the disk is; IO */
struct slots_plan {
    const char *file;
    uint32_t    count;
    uint8_t     salt[SLOTS_SALT_LEN];
};
err slots_create(int dirfd, const struct slots_plan *plan, int *fd);

/* slots_format_head - the first block of such a file, for a simulator's */
void slots_format_head(const struct slots_plan *plan, uint8_t out[static SLOTS_HEAD_LEN]);

/* slots_open - read and check the header
 *
 * file    the caller's as long as the table is used
 * fails   MALFORMED, FORGED, IO */
err slots_open(struct slots *s, struct block_file *file);

/* slot_put - write a body under a new id; durable after slots_sync
 *
 * A damaged slot of this id is written anew: a power cut tore it before its sync, and whoever waited for
 * that asks again.
 *
 * body    1 to SLOT_BODY_MAX bytes, wrapped: nothing here encrypts
 * fails   CONFLICT when the id is there, or was destroyed here; FULL when SLOTS_PROBE_MAX places
 *         are taken; LIMIT; IO
 * cost    a few reads of 1 KiB, one write, no memory */
err slot_put(struct slots *s, const slot_id *id, span body);

/* slot_replace - another body under an id that is held; a crash leaves the one or the other
 *
 * fails   as slot_get, and LIMIT */
err slot_replace(struct slots *s, const slot_id *id, span body);

/* slot_get - a copy of the body
 *
 * out     SLOT_BODY_MAX bytes; *len receives how many there are
 * fails   UNKNOWN when the id is not there; STATE when it was destroyed; FORGED when it is damaged
 *         or may be; IO */
err slot_get(struct slots *s, const slot_id *id, uint8_t out[static SLOT_BODY_MAX], size_t *len);

/* slot_look - what lies in one place of the table, 0 to count - 1: to go through all of them, some at a time
 *
 * fails   UNKNOWN when it is empty, or there is no such place; STATE when a key was destroyed there; FORGED, IO
 * cost    one read */
err slot_look(struct slots *s, uint32_t place, slot_id *id, uint8_t out[static SLOT_BODY_MAX],
              size_t *len);

/* slot_overwrite - destroy: noise over the body, and the id stays as destroyed; gone after
 * slots_sync, not before
 *
 * noise   SLOT_BODY_MAX random bytes
 * fails   UNKNOWN; FORGED when a damaged slot may hold it; IO.  Destroying twice is no failure */
err slot_overwrite(struct slots *s, const slot_id *id, const uint8_t noise[static SLOT_BODY_MAX]);

/* slots_sync - what was put or overwritten is on the medium
 *
 * fails   IO: the table is dead; open it afresh */
err slots_sync(struct slots *s);

#endif
