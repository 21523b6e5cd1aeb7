/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_TELL_H
#define CLI_MARKING_TELL_H

#include "cli/marking_value.h"

/* What a value says, for people and as an object. */

/* value_tell - its form, its parts, whether it is valid with every reason, and what is displayed
 *
 * language  RFC 5646, of names and of the display */
void value_tell(struct call *c, struct ground *g, const struct value *v, const char *language);

/* value_in_words - each part, a line each */
void value_in_words(struct call *c, struct ground *g, const struct value *v, const char *language);

/* faults_tell - the reasons of label_valid or label_access, as "reasons" */
void faults_tell(struct call *c, const struct scheme *s, const struct label_faults *faults);

/* hold_tell - a person decides: outcome "hold", exit status 3   returns the err */
err hold_tell(struct call *c, const struct label_hold *hold);

/* label_json - a label as an object   label_kind_name, originator_type_title - as they are told */
json_t                  *label_json(const struct label *l, const char *language);
extern const char *const label_kind_name[LABEL_KIND_COUNT];
extern const char *const originator_type_title[ORIGINATOR_TYPE_COUNT];

/* tell_field - a line "key: text" and a member of the answer */
void tell_field(struct call *c, const char *key, span text);

#endif
