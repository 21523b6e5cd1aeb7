/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_LETTER_H
#define POUCH_LETTER_H

#include "base/lines.h"
#include "pouch/grant.h"

/* What two guards say to each other: letters, which are recorded and kept in order, and beats, which
 * say that all is as it was (docs/format/letter.md).  Both travel in an envelope: signed by the sender's
 * identity, sealed to the recipient's day key, padded to one of two sizes.  The carrier learns no more
 * than that. */

#define LETTER_TITLE    "accord letter 1"
#define BEAT_TITLE      "accord beat 1"
#define HEAD_TITLE      "accord head 1"
#define ENVELOPE_SMALL  2048  /* bytes inside before sealing: a beat, most letters */
#define ENVELOPE_LARGE  12288 /* a grant for a third party in base64, an order for many items */
#define LETTER_TEXT_MAX (ENVELOPE_LARGE - 2 - SIGNATURE_LEN)
#define LETTER_BODY_MAX (LETTER_TEXT_MAX - 256) /* the head lines take less */

/* LETTER_LINES_MAX - a leaf holds each line behind a word of four bytes, and must hold all of it */
#define LETTER_LINES_MAX 800

/* envelope_seal - sign a text for its first line's purpose, pad and seal it
 *
 * out     at least ENVELOPE_MAX (wire/request.h)
 * fails   LIMIT when the text is longer than LETTER_TEXT_MAX; FORGED when the day key is no point
 * cost    two multiplications on the curve and one signature */
err envelope_seal(span text, struct signer *signer, const struct day_key_public *day_key,
                  struct random_source random, struct writer *out);

/* envelope_open - unseal it and check its signature
 *
 * identity   the pinned key of the guard that it is said to come from
 * buffer     ENVELOPE_LARGE bytes that text and signature point into
 * fails      FORGED when it does not verify or its first line is neither title; MALFORMED */
err envelope_open(span sealed, const struct hpke_key *day_key,
                  const uint8_t identity[static SIGN_PUBLIC_LEN], span *text, span *signature,
                  uint8_t buffer[static ENVELOPE_LARGE]);

/* letter - body: the lines of its kind, behind the head */
struct letter {
    name     from, to;
    uint64_t number; /* from 1, without gaps, for each pair and direction */
    name     kind;   /* "instrument", "order", … */
    instant  at;
    span     body;
};

/* letter_write, letter_read - canonical text; fails MALFORMED */
void letter_write(const struct letter *l, struct writer *w);
err  letter_read(span text, struct letter *out);

/* head - how long a ledger is, and its root, signed by its guard's identity; size 0: none */
struct head {
    uint64_t size;
    uint8_t  root[32];
    uint8_t  signature[SIGNATURE_LEN];
};

/* head_sign - over the party, size and root;   head_check - FORGED unless that party's guard signed it */
void head_sign(struct head *h, const name *party, struct signer *signer);
err  head_check(const struct head *h, const name *party,
                const uint8_t identity[static SIGN_PUBLIC_LEN]);

/* head_write, take_head - lines size, root and signature; of size 0 only the first */
void        head_write(const struct head *h, struct writer *w);
struct head take_head(struct lines *l);

/* beat - start and number only ever grow; those of the newest beat of the other that was accepted come
 * back as the echo, so that a beat that was kept back is known to be old without trusting any clock */
struct beat {
    name        from, to;
    uint64_t    start, number;
    instant     at; /* the sender's real time */
    uint64_t    echo_start, echo_number;
    uint64_t    letters;      /* the last letter that went to the other */
    uint64_t    received;     /* the last letter of the other that is recorded */
    struct head own;          /* of the sender's ledger */
    struct head held;         /* the newest of the other's that the sender holds */
    uint8_t     standing[32]; /* of the instruments between the two */
    bool        clock_agrees, mute;
};

void beat_write(const struct beat *b, struct writer *w);
err  beat_read(span text, struct beat *out);

#endif
