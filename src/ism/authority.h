/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_AUTHORITY_H
#define ISM_AUTHORITY_H

#include "ism/ism.h"

/* Display of a marking as it is, whether or not it meets the rules of a line: what a person should
 * see of attributes that somebody else wrote.  Not for reading again; ism_banner_write is.
 *
 * ism_banner_show   the banner, and after a newline its second line
 * ism_portion_show  the portion mark, in parentheses; (S//REL) when the list is that of `banner`,
 *                   which may be NULL
 * ism_authority_write  who classified it, why, and until when, a line each; nothing when nobody is
 *                   named */
void ism_banner_show(const struct groups *g, const struct ism *m, struct writer *w);
void ism_portion_show(const struct groups *g, const struct ism *m, const struct ism *banner,
                      struct writer *w);
void ism_authority_write(const struct ism *m, struct writer *w);

#endif
