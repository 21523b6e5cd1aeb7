/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HISTORY_WORD_H
#define CLI_HISTORY_WORD_H

#include "cli/act_text.h"

/* The originator's last word, as a ledger tells it: instruments, letters, what may be passed on
 * (docs/format/pause.md, letter.md, onward.md).  All of these fail as history_take. */

/* instrument_leaf - an own instrument, whose act was checked: what the leaf says beside it must be what was
 * signed, and take effect when it was recorded */
err instrument_leaf(struct history *h, const struct leaf_head *head, const struct act_text *a);

/* The acts head-sign, onward-approve, onward-ask, onward-revoke */
err fork_signed(struct history *h, const struct act_text *a, struct lines *l);
err onward_approve(struct history *h, const struct act_text *a, struct lines *l);
err onward_ask(struct history *h, const struct act_text *a, struct lines *l);
err onward_revoke(struct history *h, const struct act_text *a, struct lines *l);

/* released_count - a leaf `released` by way of a hub uses up one of its approval */
err released_count(struct history *h, const struct leaf_head *head, unsigned *signatures);

/* The leaves letter, letter-received and letter-refused, fraud, muted: numbers without gaps, and
 * signatures of whoever is said to have signed */
err letter_sent(struct history *h, const struct leaf_head *head, unsigned *signatures);
err letter_came(struct history *h, const struct leaf_head *head, unsigned *signatures);
err fraud_shown(struct history *h, const struct leaf_head *head, unsigned *signatures);
err head_shown(struct history *h, const struct leaf_head *head, unsigned *signatures);

/* letter_leaf - a letter as its leaf keeps it
 *
 * text      word for word, in room;   rest what follows it in the leaf */
struct letter_leaf {
    name          partner;
    struct letter letter;
    span          text, rest;
    uint8_t       room[LETTER_TEXT_MAX];
};
err letter_leaf_read(const struct leaf_head *head, struct letter_leaf *out);

/* instrument_read - digest, kind, direction and effect of an instrument, as leaf and letter have them */
err instrument_read(struct lines *l, struct instrument *out);

#endif
