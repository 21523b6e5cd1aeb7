/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_SENTENCES_H
#define VALUE_SENTENCES_H

#include "base/writer.h"
#include "marking/policy.h"

/* What value_explain says, in each language; {0} … {3} stand for what is put in.  Korean and Japanese have the
 * parts behind a colon where a particle would hang on their last sound. */
enum sentence {
    SENTENCE_READ,
    SENTENCE_READ_GUESSED,
    SENTENCE_POLICY,
    SENTENCE_CLASS,
    SENTENCE_RESTRICTIVE,
    SENTENCE_PERMISSIVE,
    SENTENCE_INFORMATIVE,
    SENTENCE_OBSOLETE,
    SENTENCE_ORIGINATORS_OWN,
    SENTENCE_ADDED,
    SENTENCE_OF_METADATA,
    SENTENCE_VALID,
    SENTENCE_NOT_VALID,
    SENTENCE_LEVEL,
    SENTENCE_GIVEN_BY,
    SENTENCE_ABOUT,
    SENTENCE_OBTAINED,
    SENTENCE_KEPT,
    SENTENCE_SHOWN,
    SENTENCE_CAVEAT,
    SENTENCE_NOBODY,
    SENTENCE_NOTHING,
    SENTENCE_ONLY_GIVER,
    SENTENCE_LINE_LEVEL,
    SENTENCE_BY_US,
    SENTENCE_BY_OTHERS,
    SENTENCE_BY_JOINT,
    SENTENCE_BY_NATO,
    SENTENCE_OWNERS,
    SENTENCE_SCI,
    SENTENCE_SAP,
    SENTENCE_AEA,
    SENTENCE_FGI,
    SENTENCE_FGI_UNNAMED,
    SENTENCE_DISSEM,
    SENTENCE_RELEASED,
    SENTENCE_DISPLAYED,
    SENTENCE_NONIC,
    SENTENCE_NONUS,
    SENTENCE_COUNT
};

/* SENTENCE_PARTS_MAX - of one sentence */
#define SENTENCE_PARTS_MAX 4

/* sentence_text - as it stands in the table */
const char *sentence_text(enum sentence s, enum title_language language);

/* sentence_put - with its parts in place
 *
 * part    as many as the sentence has, SENTENCE_PARTS_MAX at most */
void sentence_put(enum sentence s, enum title_language language, const span *part,
                  struct writer *w);

#endif
