/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/block.h"

/* memory_faults - what goes wrong on a disk that is not there; shared by its files
 *
 * A counter that reaches zero makes that call and all later ones of its kind fail; UINT64_MAX is
 * never.  torn bytes of the failing write still reach the file. */
struct memory_faults {
    uint64_t writes_left;
    uint64_t syncs_left;
    size_t   torn;
};

#define MEMORY_FAULTLESS ((struct memory_faults){UINT64_MAX, UINT64_MAX, 0})

/* memory_file - a block_file in two arrays of the caller, for the simulator and the tests
 *
 * now     what a read sees
 * kept    what a power cut leaves: now, as of the last sync that succeeded
 * dirty   the bytes written since the last sync, also a failed one: like the kernel, it forgets what
 *         it could not keep and says OK the next time */
struct memory_file {
    struct block_file     file;
    uint8_t              *now;
    uint8_t              *kept;
    size_t                bytes;
    size_t                dirty_from;
    size_t                dirty_to;
    struct memory_faults *faults;
};

/* memory_init - a file of `bytes` bytes, zeros
 *
 * now, kept   arrays of that many bytes, the caller's as long as the file is used */
void memory_init(struct memory_file *m, uint8_t *now, uint8_t *kept, size_t bytes,
                 struct memory_faults *faults);

/* memory_cut - the power fails and comes back
 *
 * survives   for each sector of sector_len bytes, in order: does what was written to it without a
 *            sync reach the medium?  Asked only where the two differ; NULL = nothing does */
typedef bool memory_survives(void *ctx, size_t sector);
void memory_cut(struct memory_file *m, size_t sector_len, memory_survives *survives, void *ctx);

#endif
