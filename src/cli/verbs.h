/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/call.h"
#include "crypt/hash.h"

/* What the rows of the table of verbs do (cli/verbs.c). */

/* ---- without a gateway ---- */
err do_party_init(struct call *c);
err do_keys_status(struct call *c);
err do_keys_make(struct call *c);
err do_keys_wrap(struct call *c);
err do_party_exchange(struct call *c);
err do_party_list(struct call *c);
err do_policy_compile(struct call *c);
err do_agreement_check(struct call *c);
err do_agreement_fmt(struct call *c);
err do_agreement_grammar(struct call *c);
err do_agreement_compile(struct call *c);
err do_rules_check(struct call *c);
err do_person_key(struct call *c);
err do_verify(struct call *c);
err do_replay(struct call *c);
err do_reconcile(struct call *c);
err do_explain(struct call *c);
err do_try(struct call *c);
err do_reach(struct call *c);
err do_assert(struct call *c);
err do_diff(struct call *c);
err do_simulate(struct call *c);
err do_backup(struct call *c);
err do_restore(struct call *c);
err do_marking_forms(struct call *c);
err do_marking_parse(struct call *c);
err do_marking_format(struct call *c);
err do_marking_convert(struct call *c);
err do_marking_explain(struct call *c);
err do_marking_join(struct call *c);
err do_marking_rollup(struct call *c);
err do_marking_dominates(struct call *c);
err do_marking_translate(struct call *c);
err do_marking_bind(struct call *c);
err do_marking_unbind(struct call *c);

/* ---- by the running desk ---- */
err do_party_trust(struct call *c);
err do_policy_load(struct call *c);
err do_agreement_sign(struct call *c);
err do_agreement_load(struct call *c);
err do_agreement_list(struct call *c);
err do_agreement_standing(struct call *c);
err do_rules_load(struct call *c);
err do_assurance_give(struct call *c);
err do_assurance_load(struct call *c);
err do_person_add(struct call *c);
err do_person_clear(struct call *c);
err do_person_revoke(struct call *c);
err do_person_list(struct call *c);
err do_terminal(struct call *c);
err do_terminal_revoke(struct call *c);
err do_source_add(struct call *c);
err do_source_remove(struct call *c);
err do_source_list(struct call *c);
err do_room_add(struct call *c);
err do_room_remove(struct call *c);
err do_room_reader_add(struct call *c);
err do_room_reader_remove(struct call *c);
err do_room_display_add(struct call *c);
err do_room_display_remove(struct call *c);
err do_room_display_on(struct call *c);
err do_tak_on(struct call *c);
err do_tak_off(struct call *c);
err do_room_display_off(struct call *c);
err do_room_visit_add(struct call *c);
err do_room_visit_end(struct call *c);
err do_room_enter(struct call *c);
err do_room_leave(struct call *c);
err do_room_show(struct call *c);
err do_room_list(struct call *c);
err do_room_history(struct call *c);
err do_submit(struct call *c);
err do_list(struct call *c);
err do_open(struct call *c);
err do_stream(struct call *c);
err do_queue(struct call *c);
err do_approve(struct call *c);
err do_reject(struct call *c);
err do_levels(struct call *c);
err do_designate(struct call *c);
err do_status(struct call *c);
err do_sign(struct call *c);
err do_partners(struct call *c);
err do_asked(struct call *c);
err do_orders(struct call *c);
err do_pause(struct call *c);
err do_resume(struct call *c);
err do_notice(struct call *c);
err do_withdraw(struct call *c);
err do_amend(struct call *c);
err do_terminate(struct call *c);
err do_reading(struct call *c);
err do_trace(struct call *c);
err do_recall(struct call *c);
err do_duties(struct call *c);
err do_loss(struct call *c);
err do_found(struct call *c);
err do_certify(struct call *c);
err do_contractor_approve(struct call *c);
err do_contractor_revoke(struct call *c);
err do_destroy(struct call *c);
err do_ask(struct call *c);
err do_approval_give(struct call *c);
err do_approval_revoke(struct call *c);
err do_relay_add(struct call *c);
err do_relay_end(struct call *c);
err do_head_sign(struct call *c);
err do_clock_confirm(struct call *c);

#endif
