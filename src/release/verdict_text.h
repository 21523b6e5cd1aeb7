/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_VERDICT_TEXT_H
#define RELEASE_VERDICT_TEXT_H

#include "release/verdict.h"

/* candidates_format - the candidates of the receiver's own level, in byte order of their names */
void candidates_format(const struct tables *t, const struct verdict *v, const char *comma,
                       struct writer *w);

/* duties_format - "assurance,receipt", in byte order */
void duties_format(uint32_t duties, const char *comma, struct writer *w);

#endif
