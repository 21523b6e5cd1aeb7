/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_JSON_H
#define ISMFORM_JSON_H

#include "ismform/ismform.h"

/* JSON_BYTES_MAX - of one marking in JSON: as long as any other form of one may be */
#define JSON_BYTES_MAX ISMFORM_BYTES_MAX

/* ism_json_read - an object with the names of the attributes as keys; alone, or as the only value of
 *                 a key "ism"
 *
 * A value is a text; an array of texts where the attribute is a list; true or false.  A key "version"
 * may be "1", as in DoD's draft.
 * fails   MALFORMED on what is not JSON, has a key twice, or a value of another kind; as
 *         ism_attributes_read; LIMIT past JSON_BYTES_MAX
 *
 * ism_json_write - the object alone: lists are arrays, what is yes or no is true */
err ism_json_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
err ism_json_write(const struct groups *g, const struct ism *m, struct writer *w,
                   struct ismform_problem *p);

#endif
