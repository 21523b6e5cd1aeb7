/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_WORDS_H
#define VALUE_WORDS_H

#include "value/value.h"

/* What a value says, in words. */

/* hearer - whoever is told, a line of UTF-8 at a time, which lives until `say` returns; say NULL: nobody */
struct hearer {
    void (*say)(void *to, const char *line);
    void *to;
};

/* value_explain - each part in a sentence of English, Korean or Japanese; titles in `language` (RFC 5646) as far
 *                 as the policy has them, codes and forms by their own names */
void value_explain(const struct ground *g, const struct value *v, const char *language,
                   struct hearer h);

/* value_valid - is it valid under its policy, or by the rules of the register?   h hears each reason why not
 * faults_say - the reasons of label_valid or label_access */
bool value_valid(const struct ground *g, const struct value *v, struct hearer h);
void faults_say(const struct scheme *s, const struct label_faults *faults, struct hearer h);

/* value_display - what stands at the top of a page, one line; nothing when there is no such line for it */
void value_display(const struct ground *g, const struct value *v, const char *language,
                   struct writer *w);

/* title_of - the language of a level's title */
enum title_language title_of(const char *language);

#endif
