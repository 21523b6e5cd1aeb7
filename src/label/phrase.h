/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_PHRASE_H
#define LABEL_PHRASE_H

#include "base/writer.h"
#include "label/label.h"

/* label_phrase - the display marking: "NATO RESTRICTED Releasable to Japan, Switzerland"
 *
 * l         indexes within its scheme; it need not be valid, so that a bad one can be shown
 * language  RFC 5646: fr-CA falls back to fr, then to phrases without a language; may be empty
 * place     where it is to stand: PLACE_PAGE, PLACE_DOCUMENT_START, PLACE_PORTION, PLACE_ANY …
 * w         receives UTF-8 of one line
 * from      Open XML SPIF 2.1, markingData and markingQualifier; docs/format/label.md has the rules */
void label_phrase(const struct label *l, span language, uint32_t place, struct writer *w);

/* clearance_phrase - the same for a clearance: "{SECRET|TOP SECRET} Releasable to Japan", classes by
 *                    hierarchy */
void clearance_phrase(const struct label_clearance *c, span language, struct writer *w);

/* class_phrase - a classification alone: 군사 II급 비밀 */
void class_phrase(const struct scheme *s, uint16_t class_index, span language, uint32_t place,
                  struct writer *w);

#endif
