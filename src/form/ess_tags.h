/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_ESS_TAGS_H
#define FORM_ESS_TAGS_H

#include "form/der.h"
#include "form/form.h"

/* Security categories in ASN.1: SET OF { type [0] OBJECT IDENTIFIER, value [1] a tag of that type } */

/* CATEGORIES_ASN1 - the arc below which the types of a tag are; a policy says in rbacId that it uses it */
#define CATEGORIES_ASN1 "2.16.840.1.101.2.1.8.3"

/* ESS_BIT_MAX - largest number of a category that can be one bit of a label: 8 KiB of them */
#define ESS_BIT_MAX 65535

/* tags_read - the items of the SET
 *
 * d       over them
 * out     receives the categories */
err tags_read(struct der *d, const struct scheme *s, struct category_set *out);

/* tags_write - the SET with its tag; nothing when there are no categories */
err tags_write(const struct scheme *s, const struct category_set *has, struct writer *w,
               struct form_problem *p);

#endif
