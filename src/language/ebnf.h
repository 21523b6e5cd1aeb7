/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_EBNF_H
#define LANGUAGE_EBNF_H

#include "base/writer.h"

/* EBNF_MAX - room for the whole grammar */
#define EBNF_MAX 32768

/* language_ebnf - the table of forms as EBNF: docs/format/agreement-grammar.ebnf is this, byte for byte */
void language_ebnf(struct writer *w);

#endif
