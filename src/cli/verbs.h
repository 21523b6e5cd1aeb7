/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/call.h"
#include "crypt/hash.h"

/* What the rows of the table of verbs do (cli/verbs.c). */

/* ---- without a gateway ---- */
err do_party_init(struct call *c);
err do_party_exchange(struct call *c);
err do_party_list(struct call *c);
err do_policy_compile(struct call *c);
err do_agreement_check(struct call *c);
err do_agreement_compile(struct call *c);
err do_rules_check(struct call *c);
err do_person_key(struct call *c);
err do_verify(struct call *c);
err do_replay(struct call *c);
err do_reconcile(struct call *c);
err do_explain(struct call *c);

/* agreement_of_call, rules_of_call - the first file of the line, compiled */
err agreement_of_call(struct call *c, struct writer *table, name *named,
                      uint8_t digest[static SHA256_LEN]);
err rules_of_call(struct call *c, bool checking, struct writer *table, name *party);

#endif
