/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HISTORY_ACTS_H
#define CLI_HISTORY_ACTS_H

#include "cli/act_text.h"

/* history_act - what an act that was checked changes
 *
 * fails   when it cannot follow from what stood before it */
err history_act(struct history *h, const struct act_text *a);

/* history_last_act - when the own last instrument took effect; 0: there is none */
instant history_last_act(const struct history *h);

/* history_instrument - one more; fails LIMIT
 * history_assurance - a partner's signed word, by an act or by its letter; fails as history_act */
err history_instrument(struct history *h, const struct instrument *i);
err history_assurance(struct history *h, span statement);

/* The acts agreement-sign and agreement-load, and the letter `signature`: a text, and who is bound by it
 * history_signed - the parties whose signature under a text is on record */
err   agreement_sign(struct history *h, const struct act_text *a, struct lines *l);
err   agreement_load(struct history *h, const struct act_text *a, struct lines *l);
err   history_signature(struct history *h, const name *of, span body, instant accepted);
set64 history_signed(const struct history *h, const struct agreement *a);

void history_member_add(struct history *h, const struct member *m);

#endif
