/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_COVER_H
#define POUCH_COVER_H

#include "base/instant.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/sign.h"
#include "wire/id.h"

/* cover - the originator guard's signed description of an epoch (docs/format/pouch.md)
 *
 * It says what the epoch holds, commits to its key, and names the one key that may sign its
 * batches: who can open an epoch cannot forge one.  Marking, extent and reduction stay text here: this
 * floor knows no more of them. */

#define COVER_TITLE_MAX   96
#define COVER_MARKING_MAX 300
#define COVER_EXTENT_MAX  55
#define COVER_REDUCED_MAX 190
#define COVER_TEXT_MAX    1090 /* it must fit a key slot */

struct cover {
    id   epoch;
    name originator;                 /* party */
    name kind;                       /* "track", "report", … */
    name feed;                       /* of a feed; "" for a product */
    char title[COVER_TITLE_MAX + 1]; /* of a product, UTF-8; "" for a feed */
    name precedence;                 /* "FLASH", … */
    char marking[COVER_MARKING_MAX + 1];
    char extent[COVER_EXTENT_MAX + 1]; /* where it lies; "" = nobody said */
    char
        reduced[COVER_REDUCED_MAX + 1]; /* how much less than the original it shows; "" = nothing */
    instant  created;
    uint8_t  commitment[32];          /* cover_commit of the epoch's key */
    uint8_t  sealer[SIGN_PUBLIC_LEN]; /* its batches are signed with this key, and no other */
    uint64_t content_len;             /* product: bytes; 0 for a feed */
    uint8_t  content_digest[32];      /* product: SHA-256 of all of it, as its author signed */
};

/* cover_write - canonical text; cover_read - the same and nothing else
 * fails   MALFORMED, LIMIT */
void cover_write(const struct cover *c, struct writer *w);
err  cover_read(span text, struct cover *out);

static inline bool cover_is_feed(const struct cover *c)
{
    return c->feed.text[0] != 0;
}

/* cover_commit - SHA-256 over a purpose, the epoch and its key: binds one key to a cover */
void cover_commit(const id *epoch, const secret *key, uint8_t out[static 32]);

#define COVER_PURPOSE "accord cover 1"

#endif
