/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "agreement/standing.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "ledger/record.h"
#include "pouch/letter.h"
#include "release/least.h"
#include "wire/id.h"

/* history - what a ledger says up to some leaf: a reader of its own, which shares no code with the
 * guard that wrote it (docs/format/acts.md has the leaves).  It judges what it reads: a signature that
 * no enrolled person made, or made without the role for it, ends the reading. */

#define HISTORY_INSTRUMENTS_MAX 1024

struct member {
    name     name, chain;
    name     employer, firm, facility; /* firm "": the party itself employs him */
    uint8_t  key[SIGN_PUBLIC_LEN];
    uint16_t roles; /* enum role, a bit each */
    bool     registered;
};

/* peer - sent, received: the last number of the letters to it and of it */
struct peer {
    name     name;
    uint8_t  identity[SIGN_PUBLIC_LEN];
    char     address[64];
    uint64_t sent, received;
};

/* epoch_entry - whose batches are signed by which key
 *
 * handle   under which they lie here; of an own one the epoch's id
 * grant    of a received one: SHA-256 of the grant that the guard accepted
 * items    what `closed` says; UINT64_MAX until then
 * feed     of an own one; "" = a product
 * covered  of an own one: what its cover says of its items (cli/covered.h)
 * since    when its leaf was recorded: an own one was begun at that instant
 * after    when the own last instrument before that leaf took effect */
struct epoch_entry {
    id       handle, epoch;
    uint8_t  sealer[SIGN_PUBLIC_LEN], grant[SHA256_LEN];
    bool     own;
    uint64_t items;
    name     feed;
    uint8_t  covered[SHA256_LEN];
    instant  since, after;
    instant
        due; /* of a received one: when it is to be destroyed; who certify it, whether contractors wait */
    uint8_t certifiers;
    bool    contractors;
};

/* duty_deed - an act about a duty;   leave - a letter that lets a contractor's people open; whole: under an agreement */
struct duty_deed {
    uint64_t leaf;
    name     act, by;
    id       handle;
};
struct leave {
    uint64_t letter, leaf; /* here, and there */
    name     partner, employer, firm, facility;
    id       item;
    level    level;
    set64    topics;
    instant  until;
    bool     whole, ended;
};

/* approval - an officer let one epoch go to one partner
 * onward_approval - an officer let a partner pass something on; of an epoch (feed "") or a feed
 * onward_ask - an officer asked to pass on what came under this handle
 * onward_leave - the originator's guard let it go; third: the handle that the third party has
 * passage - a hub's own verdict, of the heap, as its letter brought it
 *
 * after   when the own last instrument before it in the ledger took effect: later ones came after it */
struct approval {
    id      epoch;
    name    partner, officer;
    instant after;
};
struct onward_approval {
    uint64_t leaf, count, used;
    name     partner, to, feed;
    id       epoch;
    instant  after, until;
    bool     revoked;
};
struct onward_ask {
    id      handle;
    name    to;
    instant after;
};
struct onward_leave {
    id   handle, third;
    name partner, to;
};
struct passage_paper {
    uint64_t leaf;
    name     hub;
    id       handle;
    uint8_t *matter;
    size_t   matter_len;
};
/* party_signature - came by letter, on a text that is not here; of one party and name the newest */
struct party_signature {
    name    agreement, party;
    uint8_t digest[SHA256_LEN], signature[SIGNATURE_LEN];
};

/* terminal_key - of a certificate that was made, or revoked: SHA-256 of its SubjectPublicKeyInfo */
struct terminal_key {
    name    name;
    uint8_t key[SHA256_LEN];
    bool    revoked;
};

/* history_step - one record, as far as it matters here
 *
 * leaf     is it a leaf?  Then head, its index in the tree and its hash
 * signatures   of persons, in it, that were checked;   letter: is it a letter's, and was its signature?*/
struct history_step {
    bool             leaf;
    struct leaf_head head;
    uint64_t         index;
    merkle_hash      hash;
    unsigned         signatures;
    bool             letter;
};

struct profile;
struct history {
    name     party;
    uint8_t  identity[SIGN_PUBLIC_LEN];
    uint64_t leaves;

    struct tables     tables;
    unsigned          instrument_count;
    struct instrument instrument[HISTORY_INSTRUMENTS_MAX];

    size_t              member_count, peer_count, epoch_count, approval_count, assured_count;
    struct approval    *approval;
    struct assured     *assured;
    struct member      *member;
    struct peer        *peer;
    struct epoch_entry *epoch;
    size_t              member_max, peer_max, epoch_max, approval_max, assured_max;
    bool                indexed; /* epochs stand in the order of their handles */

    size_t            duty_act_count, duty_act_max, leave_count, leave_max;
    struct duty_deed *duty_act;
    struct leave     *leave;

    size_t onward_approval_count, onward_ask_count, onward_leave_count, passage_count;
    size_t onward_approval_max, onward_ask_max, onward_leave_max, passage_max;
    struct onward_approval *onward_approval;
    struct onward_ask      *onward_ask;
    struct onward_leave    *onward_leave;
    struct passage_paper   *passage;

    size_t          profile_count, profile_max;
    struct profile *profile;

    size_t               terminal_count, terminal_max;
    struct terminal_key *terminal;

    size_t                  signature_count, signature_max;
    struct party_signature *signature;

    size_t  attached_len; /* the attachment that the next leaf names */
    uint8_t attached[ATTACHMENT_MAX];
};

/* history_new - zeroed, of the heap; history_free */
struct history *history_new(void);
void            history_free(struct history *h);

/* history_take - the next record of the ledger's log
 *
 * out     spans into the record
 * fails   as record_read and leaf_head_read; FORGED when a signature is not what it has to be;
 *         MALFORMED, UNKNOWN, STATE when a leaf does not follow from those before it */
err history_take(struct history *h, span record, struct history_step *out);

/* history_index - once the last record was taken: epochs by handle
 * history_epoch - by handle; NULL when the ledger knows none
 * history_newest - by the epoch's id, own or received, before the index is made; NULL when there is none */
void                      history_index(struct history *h);
const struct epoch_entry *history_newest(const struct history *h, const id *epoch, bool own);
const struct epoch_entry *history_epoch(const struct history *h, const id *handle);

/* history_peer, history_member - by name; NULL when there is none */
struct peer   *history_peer(const struct history *h, const name *n);
struct member *history_member(const struct history *h, const name *n);

/* history_key_revoked - is the last that was said of a terminal's key that it was revoked? */
bool history_key_revoked(const struct history *h, const uint8_t key[static SHA256_LEN]);

/* history_self, history_party - the number that the loaded policies give a party; UNKNOWN */
err history_party(const struct history *h, const name *n, uint8_t *out);

/* room_for - one element more of a growing array; aborts without memory */
void *room_for(void *array, size_t *count, size_t *max, size_t size);

#endif
