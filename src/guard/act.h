/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ACT_H
#define GUARD_ACT_H

#include "base/lines.h"
#include "guard/state.h"

/* An act: a person asks for it, the guard renders the text of it, the person (and, for some, a second
 * one of another chain) signs exactly that text, the guard records it with the signatures, and only
 * then does it count.  docs/format/acts.md has the text of each. */

struct act_view {
    name    act, by;
    instant time;
    span    body, attachment;
};

/* act_trait - ATTACHED: it brings an attachment;  CLOCK: not while the clock is astray;  MUTE_TOO: also
 * while this guard is mute, in which no other act is taken */
enum act_trait { ACT_ATTACHED = 1, ACT_CLOCK = 2, ACT_MUTE_TOO = 4 };

struct act_row {
    const char    *name;
    enum leaf_kind leaf;
    uint16_t       roles;   /* who may sign: any of these */
    uint8_t        signers; /* how many must, of different chains when more than one */
    uint8_t        traits;  /* enum act_trait, a bit each */

    /* check - may it be done now?  Run when it is asked for and again before it is recorded.
     * shown receives `shown …` lines: what the signer is told beside his own words. */
    err (*check)(struct guard *g, const struct act_view *v, struct writer *shown);

    /* fold - apply it to the state; also at each later start.  NULL: it changes no state. */
    err (*fold)(struct guard *g, const struct act_view *v);

    /* done - what follows once it is recorded: mail, and the result for whoever asked.  NULL: nothing */
    void (*done)(struct guard *g, const struct act_view *v, struct writer *result);

    /* perform - in place of recording one leaf of the kind above: the act decides what is recorded,
     * and may say act_later: then act_answer, once, in a later turn */
    err (*perform)(struct guard *g, struct act *a, const struct act_view *v, struct writer *result);
};

/* act_rows - every act there is */
extern const struct act_row act_rows[];
extern const unsigned       act_row_count;

/* act_leaf - the lines of an act in its leaf: its name, the text word for word, the signatures */
void act_leaf(struct leaf *l, const struct act *a);

/* act_later  - this act is answered by act_answer: nobody can sign it any more
 * act_answer - its answer, to whoever brought the last signature */
void act_later(struct guard *g, struct act *a);
void act_answer(struct guard *g, struct act *a, const struct writer *result);

/* act_fold - a recorded act: the same lines, applied */
err act_fold(struct guard *g, const struct leaf_head *head);

/* ---- the fields that several acts share ---- */

/* terminal_known - was a terminal of this name given a certificate, or is somebody on the registry called so?
 * fails   UNKNOWN */
err terminal_known(struct guard *g, const name *terminal);

/* A list in canonical text: "a,b,c" in byte order, "-" for none */
bool list_next(span *rest, span *item);
err  ranks_read(const struct guard *g, span text, uint16_t *out);
void ranks_format(const struct guard *g, uint16_t ranks, struct writer *w);
err  ceiling_check(
     uint16_t ranks); /* of a room, a display, a visit: fails when nothing is below it */
err  set_read(const struct names *names, span text, set64 *out);
void set_format(const struct names *names, set64 set, struct writer *w);
err  party_read(const struct guard *g, const name *n, uint8_t *out);
err  roles_read(span text, uint16_t *out);
void roles_format(uint16_t roles, struct writer *w);
id   take_id(struct lines *l, const char *key);

/* minutes_end - the bounds of a line `minutes`, of a body that ends here: of nothing, too long and no number alike
 *
 * fails   LIMIT on 0 and on more than SESSION_MS_MAX; as body_end */
err minutes_end(struct lines *l, uint64_t minutes);

/* name_or_none_read - a name, or "-" for none: the empty one
 * take_purpose      - a line `purpose`, ended by a zero
 * level_own_read    - a level of the own policy;   partner_read - a partner, by name
 * is_own_officer    - of the own nation and the party's own employ: he may speak for it as originator */
err  name_or_none_read(span text, name *out);
err  take_purpose(struct lines *l, char out[static PURPOSE_MAX]);
err  level_own_read(const struct guard *g, span text, level *out);
err  partner_read(struct guard *g, const name *n, uint8_t *out);
bool is_own_officer(const struct guard *g, const struct person *p);

/* body_end - every line was taken, but for the guard's own `shown` lines */
err body_end(struct lines *l);

/* ---- the acts, by what they are about ---- */
err  policy_load_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  policy_load_fold(struct guard *g, const struct act_view *v);
err  agreement_sign_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  agreement_sign_fold(struct guard *g, const struct act_view *v);
void agreement_sign_done(struct guard *g, const struct act_view *v, struct writer *result);
err  agreement_load_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  agreement_load_fold(struct guard *g, const struct act_view *v);
err  rules_load_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  rules_load_fold(struct guard *g, const struct act_view *v);
err  partner_trust_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  partner_trust_fold(struct guard *g, const struct act_view *v);
void partner_trust_done(struct guard *g, const struct act_view *v, struct writer *result);
err  assurance_give_check(struct guard *g, const struct act_view *v, struct writer *shown);
void assurance_give_done(struct guard *g, const struct act_view *v, struct writer *result);
err  assurance_load_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  assurance_load_fold(struct guard *g, const struct act_view *v);
err  letter_assurance_check(struct guard *g, const struct letter_view *v);
err  letter_assurance_fold(struct guard *g, const struct letter_view *v);
err  person_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  person_add_fold(struct guard *g, const struct act_view *v);
err  person_clear_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  person_clear_fold(struct guard *g, const struct act_view *v);
err  person_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  person_revoke_fold(struct guard *g, const struct act_view *v);
void person_revoke_done(struct guard *g, const struct act_view *v, struct writer *result);
err  terminal_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  terminal_revoke_fold(struct guard *g, const struct act_view *v);
void terminal_revoke_done(struct guard *g, const struct act_view *v, struct writer *result);
err  source_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  source_add_fold(struct guard *g, const struct act_view *v);
void source_add_done(struct guard *g, const struct act_view *v, struct writer *result);
err  source_remove_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  source_remove_fold(struct guard *g, const struct act_view *v);
void source_remove_done(struct guard *g, const struct act_view *v, struct writer *result);
err  approve_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  approve_fold(struct guard *g, const struct act_view *v);
void approve_done(struct guard *g, const struct act_view *v, struct writer *result);
err  reject_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  reject_fold(struct guard *g, const struct act_view *v);
void reject_done(struct guard *g, const struct act_view *v, struct writer *result);
err  designate_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  designate_fold(struct guard *g, const struct act_view *v);
err  relay_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  relay_act_fold(struct guard *g, const struct act_view *v);
err  relay_end_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  relay_end_fold(struct guard *g, const struct act_view *v);
err  onward_ask_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  onward_ask_fold(struct guard *g, const struct act_view *v);
void onward_ask_done(struct guard *g, const struct act_view *v, struct writer *result);
err  onward_approve_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  onward_approve_fold(struct guard *g, const struct act_view *v);
void onward_approve_done(struct guard *g, const struct act_view *v, struct writer *result);
err  onward_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  onward_revoke_fold(struct guard *g, const struct act_view *v);
void onward_revoke_done(struct guard *g, const struct act_view *v, struct writer *result);
err  contractor_approve_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  contractor_approve_fold(struct guard *g, const struct act_view *v);
void contractor_approve_done(struct guard *g, const struct act_view *v, struct writer *result);
err  contractor_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  contractor_revoke_fold(struct guard *g, const struct act_view *v);
void contractor_revoke_done(struct guard *g, const struct act_view *v, struct writer *result);
err  loss_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  loss_fold(struct guard *g, const struct act_view *v);
void loss_done(struct guard *g, const struct act_view *v, struct writer *result);
err  found_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  found_fold(struct guard *g, const struct act_view *v);
void found_done(struct guard *g, const struct act_view *v, struct writer *result);
err  certify_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  certify_fold(struct guard *g, const struct act_view *v);
void certify_done(struct guard *g, const struct act_view *v, struct writer *result);
err  session_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  session_perform(struct guard *g, struct act *a, const struct act_view *v,
                     struct writer *result);
err  tak_on_check(struct guard *g, const struct act_view *v, struct writer *shown);
err tak_on_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result);
err tak_off_check(struct guard *g, const struct act_view *v, struct writer *shown);
void tak_off_done(struct guard *g, const struct act_view *v, struct writer *result);
err  open_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  open_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result);
err  instrument_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  instrument_perform(struct guard *g, struct act *a, const struct act_view *v,
                        struct writer *result);
err  order_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  order_fold(struct guard *g, const struct act_view *v);
err  order_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result);
err  room_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  room_add_fold(struct guard *g, const struct act_view *v);
err  room_remove_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  room_remove_fold(struct guard *g, const struct act_view *v);
err  reader_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  reader_add_fold(struct guard *g, const struct act_view *v);
err  reader_remove_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  reader_remove_fold(struct guard *g, const struct act_view *v);
err  room_enter_check(struct guard *g, const struct act_view *v, struct writer *shown);
void room_enter_done(struct guard *g, const struct act_view *v, struct writer *result);
err  room_leave_check(struct guard *g, const struct act_view *v, struct writer *shown);
void room_leave_done(struct guard *g, const struct act_view *v, struct writer *result);
err  room_show_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  room_show_fold(struct guard *g, const struct act_view *v);
void room_show_done(struct guard *g, const struct act_view *v, struct writer *result);
err  display_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  display_add_fold(struct guard *g, const struct act_view *v);
void display_add_done(struct guard *g, const struct act_view *v, struct writer *result);
err  display_remove_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  display_remove_fold(struct guard *g, const struct act_view *v);
void display_off_done(struct guard *g, const struct act_view *v, struct writer *result);
err  display_on_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  display_on_perform(struct guard *g, struct act *a, const struct act_view *v,
                        struct writer *result);
err  visit_add_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  visit_add_fold(struct guard *g, const struct act_view *v);
err  visit_end_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  visit_end_fold(struct guard *g, const struct act_view *v);
err  trace_check(struct guard *g, const struct act_view *v, struct writer *shown);
void trace_done(struct guard *g, const struct act_view *v, struct writer *result);
err  terminal_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  terminal_fold(struct guard *g, const struct act_view *v);
err  head_sign_check(struct guard *g, const struct act_view *v, struct writer *shown);
err  head_sign_fold(struct guard *g, const struct act_view *v);
err  clock_confirm_check(struct guard *g, const struct act_view *v, struct writer *shown);
void clock_confirm_done(struct guard *g, const struct act_view *v, struct writer *result);
void terminal_done(struct guard *g, const struct act_view *v, struct writer *result);

#endif
