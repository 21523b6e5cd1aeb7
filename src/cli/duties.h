/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DUTIES_H
#define CLI_DUTIES_H

#include "cli/history_word.h"

/* What a ledger tells of duties (docs/format/duties.md), read by itself: what is due, who signed, whose people an
 * originator lets open. */

/* The acts loss, found, certify, contractor-approve; the letters contractor and contractor-end, as they came */
err duty_act(struct history *h, const struct act_text *a, struct lines *l);
err contractor_act(struct history *h, const struct act_text *a, struct lines *l);
err contractor_came(struct history *h, const struct letter_leaf *v, const struct leaf_head *head);
err contractor_ended(struct history *h, const struct letter_leaf *v, const struct leaf_head *head);

/* duty_owed - what the leaf `received` says is owed
 * falls_due_take - the leaf `falls-due`: it is due then, or before   fails UNKNOWN, MALFORMED */
void duty_owed(span body, struct epoch_entry *e);
err  falls_due_take(struct history *h, const struct leaf_head *head, unsigned *signatures);

/* duty_check - does a leaf about a duty follow from those before it?
 *
 * judged  receives whether it is one: an opening by a contractor's person, a destruction, a notice, a letter
 * cost    the acts and letters about duties so far, and the epochs that came
 * fails   CONFLICT */
err duty_check(const struct history *h, const struct leaf_head *head, bool *judged);

#endif
