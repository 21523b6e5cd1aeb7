/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_NEED_H
#define LABEL_NEED_H

#include "label/label.h"

/* ref_count - how many categories of `has` a reference means
 *
 * r       resolved in s */
unsigned ref_count(const struct scheme *s, const struct scheme_ref *r,
                   const struct category_set *has);

/* need_met - has the label what is required?
 *
 *     onlyOne    exactly one of the categories that are referred to
 *     oneOrMore  at least one of them
 *     all        of each reference at least one: one value is that value, `all` is any of the tag set
 *
 * A tag that nobody can meet counts as one value: a list of nobody is a list. */
bool need_met(const struct label *l, const struct scheme_need *n);

/* tag_nobody - is this a tag that nobody can meet? */
bool tag_nobody(const struct label *l, unsigned tag);

/* faults_add - one reason more */
void faults_add(struct label_faults *all, unsigned reason, unsigned of, unsigned by);

/* label_known - are its class, privacy mark and categories within its scheme? */
bool label_known(const struct label *l);

/* label_settle - OK when the label is valid, else HOLD with its first reason */
enum label_outcome label_settle(const struct label *l, struct label_hold *hold);

#endif
