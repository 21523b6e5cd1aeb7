/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_TERMS_H
#define ISM_TERMS_H

#include "ism/ism.h"

/* ism_form - where a word stands */
enum ism_form { ISM_BANNER, ISM_PORTION };

/* ism_term - one word of the register in its three forms
 *
 * token   in attributes; line[form] in a line, NULL when it has none there; title: the long form
 *         that a banner may have in its place, NULL when there is none */
struct ism_term {
    const char *token, *line[2], *title;
};

extern const struct ism_term ism_levels[ISM_LEVEL_COUNT];
extern const struct ism_term ism_dissems[ISM_DISSEM_COUNT];
extern const struct ism_term ism_nonics[ISM_NONIC_COUNT];
extern const struct ism_term ism_aeas[ISM_AEA_COUNT];
extern const struct ism_term ism_nonuses[ISM_NONUS_COUNT];

/* ism_second_line - what a token of the second banner line is written as; NULL when unknown */
const char *ism_second_line(span token);

/* ism_term_line, ism_term_token - the index of a word, or count */
unsigned ism_term_line(const struct ism_term *terms, unsigned count, enum ism_form form, span word);
unsigned ism_term_token(const struct ism_term *terms, unsigned count, span token);

#endif
