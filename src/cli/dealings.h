/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DEALINGS_H
#define CLI_DEALINGS_H

#include "cli/history.h"

/* dealings - what a ledger tells of letters, receipts, orders and instruments, for `accord reconcile` */

/* posted - a letter
 *
 * sent      by this party; else it came
 * refused   it came, and was not acceptable
 * index     of this side's own leaf
 * body      its kind's lines, of the heap */
struct posted {
    name     partner, kind;
    uint64_t number, index;
    bool     sent, refused;
    uint8_t  digest[SHA256_LEN];
    uint8_t *body;
    size_t   body_len;
};

/* deed - an own leaf that letters speak of: something was received, or an order carried out
 *
 * letter    of an order: its letter's number; else 0 */
struct deed {
    enum leaf_kind kind;
    uint64_t       index, letter, gone, missing;
    name           from;
    merkle_hash    hash;
};

/* instrument_known - by whom, with the party's name: numbers differ between ledgers */
struct instrument_known {
    name              party;
    struct instrument instrument;
};

struct dealings {
    struct posted           *posted;
    struct deed             *deed;
    struct instrument_known *instrument;
    size_t                   posted_count, posted_max, deed_count, deed_max;
    size_t                   instrument_count, instrument_max;
    instant                  last; /* of the newest leaf */
};

/* dealings_take - one leaf;   dealings_end - after the last;   dealings_free
 *
 * fails   MALFORMED */
err  dealings_take(struct dealings *d, const struct history_step *step);
void dealings_end(struct dealings *d, const struct history *h);
void dealings_free(struct dealings *d);

/* dealings_posted - once all is there: the letter of that number to or from a partner; NULL when there is none
 * dealings_deed - by the leaf's index; NULL when there is none
 * dealings_last - the highest number of those in leaves before this one; 0 = none */
const struct posted *dealings_posted(const struct dealings *d, const name *partner, bool sent,
                                     uint64_t number);
const struct deed   *dealings_deed(const struct dealings *d, uint64_t index);
uint64_t dealings_last(const struct dealings *d, const name *partner, bool sent, uint64_t before);

/* posted_is - is it of this kind?   posted_lines - its body */
bool         posted_is(const struct posted *p, const char *kind);
struct lines posted_lines(const struct posted *p);

#endif
