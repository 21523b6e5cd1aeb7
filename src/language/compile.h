/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_COMPILE_H
#define LANGUAGE_COMPILE_H

#include "language/draft.h"

/* One function for each kind of statement: head.c for the line that opens the text, articles and the
 * head; define.c; body.c for what is covered and equivalents; permit.c for permissions, prohibitions
 * and rules; duty.c.  Each tells of its mistakes and then leaves the draft as it
 * can. */

void open_agreement(struct draft *draft, const struct statement *s);
void open_arrangement(struct draft *draft, const struct statement *s);
void open_rules(struct draft *draft, const struct statement *s);
void open_article(struct draft *draft, const struct statement *s);
void head_parties(struct draft *draft, const struct statement *s);
void head_signed(struct draft *draft, const struct statement *s);
void set_in_force(struct draft *draft, const struct statement *s);
void head_term(struct draft *draft, const struct statement *s);
void head_notice(struct draft *draft, const struct statement *s);
void head_after_end(struct draft *draft, const struct statement *s);
void says_to_people(struct draft *draft, const struct statement *s);
void head_not_binding(struct draft *draft, const struct statement *s);
void head_parameter(struct draft *draft, const struct statement *s);
void head_claims(struct draft *draft, const struct statement *s);
void define_area(struct draft *draft, const struct statement *s);
void define_circle(struct draft *draft, const struct statement *s);
void define_window(struct draft *draft, const struct statement *s);
void define_reduction(struct draft *draft, const struct statement *s);
void define_topics(struct draft *draft, const struct statement *s);
void define_disciplines(struct draft *draft, const struct statement *s);
void define_kinds(struct draft *draft, const struct statement *s);
void define_levels(struct draft *draft, const struct statement *s);
void body_covers(struct draft *draft, const struct statement *s);
void body_equivalent(struct draft *draft, const struct statement *s);
void body_may(struct draft *draft, const struct statement *s);
void body_either(struct draft *draft, const struct statement *s);
void body_never_onward(struct draft *draft, const struct statement *s);
void body_never_purpose(struct draft *draft, const struct statement *s);
void body_never(struct draft *draft, const struct statement *s);
void duty_plain(struct draft *draft, const struct statement *s);
void duty_read(struct draft *draft, const struct statement *s);
void duty_receipt(struct draft *draft, const struct statement *s);
void duty_loss(struct draft *draft, const struct statement *s);
void duty_copies(struct draft *draft, const struct statement *s);
void duty_destroy(struct draft *draft, const struct statement *s);
void duty_lease(struct draft *draft, const struct statement *s);
void rule_release(struct draft *draft, const struct statement *s);
void rule_hold(struct draft *draft, const struct statement *s);
void rule_never(struct draft *draft, const struct statement *s);

/* is_party - is it one of the agreement's parties?  tells when it is not */
bool is_party(struct draft *draft, const struct token *t, uint8_t party);

#endif
