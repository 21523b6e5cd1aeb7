/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEAF_H
#define LEDGER_LEAF_H

#include "base/lines.h"
#include "ledger/merkle.h"

/* A leaf is canonical text (base/lines.h) behind a random salt, so that its hash tells nothing to
 * whoever was not given the leaf:
 *
 *     accord leaf 1
 *     kind released
 *     time 2026-11-22T12:00:00.000Z
 *     party KOR
 *     …the kind's own lines
 *
 * What stands in the body of each kind is the guard's business. */

/* LEAF_TEXT_MAX - a verdict with every reason fits many times over; more goes into an attachment */
#define LEAF_TEXT_MAX (16 * 1024)
#define LEAF_SALT_LEN 32

/* leaf_kind - what is recorded.  Only the names travel, so rows may be added anywhere */
enum leaf_kind {
    LEAF_GENESIS,            /* first of every ledger: whose, and its keys */
    LEAF_STARTED,            /* the guard started */
    LEAF_POLICY,             /* a marking policy was loaded */
    LEAF_PARTY,              /* a partner and its keys */
    LEAF_AGREEMENT,          /* a compiled agreement was loaded */
    LEAF_RULES,              /* national rules, by their salted digest */
    LEAF_INSTRUMENT,         /* a signed act on an agreement was accepted */
    LEAF_PERSON,             /* enrolled, changed or struck off */
    LEAF_SOURCE,             /* a source profile */
    LEAF_ASSURANCE,          /* a recipient's signed assurance */
    LEAF_ACT,                /* a person's signed act */
    LEAF_EPOCH,              /* a key was created */
    LEAF_CLOSED,             /* an epoch ended: count and root of its items */
    LEAF_RELEASED,           /* verdict: release */
    LEAF_HELD,               /* verdict: an officer must decide */
    LEAF_REFUSED,            /* verdict: refuse */
    LEAF_APPROVED,           /* an officer let a held item go */
    LEAF_REJECTED,           /* an officer did not */
    LEAF_WITHHELD,           /* a verdict said release, and it was taken back before it went */
    LEAF_RECEIVED,           /* a grant came in, with the sender's leaf hash */
    LEAF_DESIGNATED,         /* the receiver's officer chose the own level */
    LEAF_OPENED,             /* shown to a person */
    LEAF_OPENING_REFUSED,    /* not shown */
    LEAF_KEY_DESTROYED,      /* a key is gone */
    LEAF_RECALLED,           /* the originator took it back */
    LEAF_DESTROYED,          /* the recipient destroyed it */
    LEAF_CHECKPOINT_PARTNER, /* a partner's checkpoint, as it came */
    LEAF_DAY_KEY,            /* an own day key, to which partners seal grants */
    LEAF_PARTNER_DAY_KEY,    /* a partner's */
    LEAF_RECEIVE_REFUSED,    /* what a partner sent was not what it had to be */
    LEAF_SUBMIT_REFUSED,     /* a product that was not taken in */
    LEAF_SIGNED,             /* this guard signed an agreement or gave an assurance */
    LEAF_ALARM,              /* an invariant of this guard does not hold */
    LEAF_LETTER,             /* a letter to a partner's guard, word for word */
    LEAF_LETTER_RECEIVED,    /* one that came, with its signature */
    LEAF_LETTER_REFUSED, /* one that came and is not acceptable; it is acknowledged all the same */
    LEAF_FRAUD,          /* two contents under one number, both signed */
    LEAF_MUTED,          /* this guard says nothing: its ledger may have been put back */
    LEAF_UNMUTED,        /* a partner holds a head that this ledger contains */
    LEAF_FORK,           /* officers go on with this ledger: what it lost is given up */
    LEAF_CLOCK,          /* the clock jumped, or is right again */
    LEAF_OVERDUE,        /* a receipt has not come in time */
    LEAF_OCCUPANCY,      /* a witness told who came to a room, or left it */
    LEAF_CLASS,          /* a number for all that a judgement of what rooms show depends on */
    LEAF_SHOWN,          /* from now on classes show in a room */
    LEAF_MASKED,         /* from now on they do not, and why */
    LEAF_DISPLAYS,       /* which displays of a room took down what they had to */
    LEAF_FALLS_DUE,      /* an agreement has ended: a key that came under it is to go */
    LEAF_EXPIRED, /* what came of a source was kept as long as its profile says: the key is to go */
    LEAF_STOPPED, /* something that was sealed here is not what it had to be: it does not leave */
    LEAF_KIND_COUNT
};

/* leaf_kind_name - "released", "opening-refused", …; leaf_kind_of - the reverse
 *
 * fails   UNKNOWN when there is none */
const char *leaf_kind_name(enum leaf_kind k);
err         leaf_kind_of(span s, enum leaf_kind *out);

/* leaf_begin - title and head; the kind's own lines follow by line_text and its like */
void leaf_begin(struct writer *w, enum leaf_kind kind, instant time, const name *party);

/* leaf_head - a leaf as far as every reader understands it
 *
 * body    the kind's own lines; in the caller's bytes */
struct leaf_head {
    enum leaf_kind kind;
    instant        time;
    name           party;
    span           body;
};

/* leaf_head_read - the head, and that the body is lines of key, blank and value
 *
 * fails   MALFORMED on other text (a time must have its three fraction digits: equal facts are
 *         equal bytes), UNKNOWN on a kind that has no row, LIMIT past LEAF_TEXT_MAX
 * holds   leaf_begin of what was read, and the body, are the text again  (test/law/ledger/leaf.c) */
err leaf_head_read(span text, struct leaf_head *out);

/* leaf_attachment - the value of the next line `attachment` of a body: the SHA-256, in hexadecimal,
 * of an attachment that stands before the leaf
 *
 * rest      in: the body, or what is left of it; out: what follows that line
 * returns   false when there is none, or no more */
bool leaf_attachment(span *rest, span *hex);

/* leaf_hash - the leaf's hash in the tree: over 0x00, salt and text */
merkle_hash leaf_hash(const uint8_t salt[static LEAF_SALT_LEN], span text);

#endif
