/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_BATCH_OWN_H
#define CHECK_BATCH_OWN_H

#include "check/fault.h"
#include "crypt/sign.h"
#include "wire/id.h"

/* A batch and its items as check/ reads them, by docs/format/pouch.md and by nothing else. */

#define OWN_HEAD_LEN  30 /* handle, first, count, length of the items */
#define OWN_COUNT_MAX 1024
#define OWN_DEPTH_MAX 6
#define OWN_TAG_LEN   16
#define OWN_ITEM_MAX  ((size_t)1 << 20) /* with its length and zeros */

/* own_batch - at[i], len[i]: ciphertext and tag of item i, within the record */
struct own_batch {
    id             handle;
    uint64_t       first;
    unsigned       count, depth, place;
    const uint8_t *at[OWN_COUNT_MAX];
    uint32_t       len[OWN_COUNT_MAX];
    const uint8_t *signature, *path;
};

/* own_batch_read - all of its lengths;   returns   INSPECT_PASS, INSPECT_BATCH */
enum inspect_fault own_batch_read(span body, struct own_batch *out);

/* own_batch_root - what the sealer signed of the turn, by the batch's path */
void own_batch_root(const struct own_batch *b, uint8_t out[static 32]);

/* own_bucket - the padded length of so many bytes;   own_is_bucket - is there such a one? */
size_t own_bucket(size_t len);
bool   own_is_bucket(size_t len);

/* own_item_names - nonce and associated data of an item */
void own_item_names(const id *epoch, uint64_t number, uint8_t nonce[static 12],
                    uint8_t associated[static ID_LEN + 8]);

/* own_plain - content of an opened item: its length, its zeros, its bucket;   returns   LENGTH, PADDING, BUCKET */
enum inspect_fault own_plain(span opened, span *content);

#endif
