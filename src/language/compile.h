/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_COMPILE_H
#define LANGUAGE_COMPILE_H

#include "language/draft.h"

/* One function for each kind of statement: head.c for the line that opens the text, articles and the
 * head; body.c for clauses and rules.  Each tells of its mistakes and then leaves the draft as it
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
void says_to_people(struct draft *draft, const struct statement *s);
void head_not_binding(struct draft *draft, const struct statement *s);
void head_parameter(struct draft *draft, const struct statement *s);
void head_claims(struct draft *draft, const struct statement *s);
void body_covers(struct draft *draft, const struct statement *s);
void body_equivalent(struct draft *draft, const struct statement *s);
void body_may(struct draft *draft, const struct statement *s);
void body_either(struct draft *draft, const struct statement *s);
void body_never_onward(struct draft *draft, const struct statement *s);
void body_never_purpose(struct draft *draft, const struct statement *s);
void body_never(struct draft *draft, const struct statement *s);
void body_duty(struct draft *draft, const struct statement *s);
void body_read(struct draft *draft, const struct statement *s);
void body_receipt(struct draft *draft, const struct statement *s);
void rule_release(struct draft *draft, const struct statement *s);
void rule_hold(struct draft *draft, const struct statement *s);
void rule_never(struct draft *draft, const struct statement *s);

/* parameter_find - by name; NULL when the head states none */
struct parameter *parameter_find(struct draft *draft, span wanted);

#endif
