/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_COT_FIELDS_H
#define FEED_COT_FIELDS_H

#include "feed/cot.h"

/* COT_REMARKS_ROOM - remarks before their blanks are trimmed: pretty-printers indent */
#define COT_REMARKS_ROOM 1024

/* cot_element - the elements that are kept; anything else is COT_OTHER */
enum cot_element {
    COT_OUTSIDE,
    COT_EVENT,
    COT_POINT,
    COT_DETAIL,
    COT_CONTACT,
    COT_TRACK,
    COT_REMARKS,
    COT_WARNING,
    COT_LAUNCH,
    COT_IMPACT,
    COT_OTHER,
};

/* cot_element_of     - the element `key` within `parent`, COT_OTHER when it is not kept
 * cot_element_parent - the element that holds it */
enum cot_element cot_element_of(enum cot_element parent, span key);
enum cot_element cot_element_parent(enum cot_element element);

/* cot_field_take - keep one attribute of an element, or count it as dropped
 *
 * found   a set of rows of the table of attributes, to which this one is added
 * fails   MALFORMED on a bad value, on the same thing under two names, and on an attribute of event
 *         that the schema does not have (it could be a label); LIMIT past a range
 *
 * cot_field_all - are all mandatory attributes of the element in found?
 *
 * fails   MALFORMED */
err cot_field_take(enum cot_element element, span key, span value, uint64_t *found,
                   struct cot_event *event);
err cot_field_all(enum cot_element element, uint64_t found);

#endif
