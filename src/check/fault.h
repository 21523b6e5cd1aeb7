/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_FAULT_H
#define CHECK_FAULT_H

/* What an inspection finds; words and sentences in fault.c, and in docs/format/inspect.md */
enum inspect_fault {
    INSPECT_PASS,
    /* the record */
    INSPECT_SHORT,
    INSPECT_EPOCH,
    INSPECT_TYPE,
    INSPECT_BATCH,
    /* numbers, signature, seal */
    INSPECT_REPEATED,
    INSPECT_GAP,
    INSPECT_MANY,
    INSPECT_SIGNATURE,
    INSPECT_BUCKET,
    INSPECT_TAG,
    INSPECT_LENGTH,
    INSPECT_PADDING,
    /* a report's bytes */
    INSPECT_VERSION,
    INSPECT_FIELD,
    INSPECT_CUT,
    INSPECT_AFTER,
    INSPECT_NUMBER,
    INSPECT_INSTANT,
    INSPECT_TEXT,
    /* a report, of this source */
    INSPECT_FORM,
    INSPECT_AREA,
    INSPECT_WITHOUT,
    INSPECT_DATE,
    /* a reduction */
    INSPECT_PLACE,
    INSPECT_HEIGHT,
    INSPECT_EXACT,
    INSPECT_HIDDEN,
    INSPECT_EARLY,
    INSPECT_OFTEN,
    /* a product */
    INSPECT_CHUNK,
    INSPECT_CONTENT,
    INSPECT_FAULTS
};

/* inspect_fault_name - one word, for counters and leaves: "padding"; "pass"
 * inspect_fault_text - a sentence for people */
const char *inspect_fault_name(enum inspect_fault f);
const char *inspect_fault_text(enum inspect_fault f);

#endif
