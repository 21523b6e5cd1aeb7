/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_ATTRIBUTE_ROWS_H
#define ISM_ATTRIBUTE_ROWS_H

#include "ism/ism.h"
#include "ism/rules.h"

/* attribute_reading - the attributes of one element being read
 *
 * seen   bits of attribute_rows; joint: what that attribute said */
struct attribute_reading {
    const struct groups        *g;
    const struct attribute_row *row;
    struct ism_fault           *fault;
    const char                 *name;
    uint64_t                    seen;
    bool                        joint;
    struct ism                  m;
};

/* attribute_writing - one attribute being written; nothing put: it is left out */
struct attribute_writing {
    const struct groups        *g;
    const struct ism           *m;
    const struct attribute_row *row;
    struct writer              *w;
    struct ism_fault           *fault;
};

/* attribute_row - one attribute of the schema, in the order in which they are written
 *
 * tokens  a list of tokens with blanks between; text, flag: where it is kept, if so
 * write   NULL: is never written, because reading refuses it */
struct attribute_row {
    const char *name;
    bool        tokens;
    err (*read)(struct attribute_reading *r, span value);
    err (*write)(struct attribute_writing *a);
    enum ism_text text;
    enum ism_flag flag;
};

/* attribute_rows - ends with a name of NULL; at most 63, for attribute_reading.seen */
extern const struct attribute_row attribute_rows[];

extern const struct ism_rule rule_token, rule_value, rule_room;

const struct attribute_row *attribute_row_of(span name);

/* token_cut - the next token; blanks around it, of any kind XML has, go */
span token_cut(span *rest);

err attribute_refuse(struct attribute_reading *r, const struct ism_rule *rule, span value);

/* row_token_put - with a blank before it, but before the first
 * row_lost      - attributes cannot say this */
void row_token_put(struct attribute_writing *a, span token);
err  row_lost(struct attribute_writing *a, const char *what);

/* Lists of tokens, each a row */
err row_owners_read(struct attribute_reading *r, span value);
err row_owners_write(struct attribute_writing *a);
err row_fgi_read(struct attribute_reading *r, span value);
err row_fgi_write(struct attribute_writing *a);
err row_fgi_within_read(struct attribute_reading *r, span value);
err row_fgi_within_write(struct attribute_writing *a);
err row_release_read(struct attribute_reading *r, span value);
err row_release_write(struct attribute_writing *a);
err row_display_read(struct attribute_reading *r, span value);
err row_display_write(struct attribute_writing *a);
err row_sci_read(struct attribute_reading *r, span value);
err row_sci_write(struct attribute_writing *a);
err row_sap_read(struct attribute_reading *r, span value);
err row_sap_write(struct attribute_writing *a);
err row_aea_read(struct attribute_reading *r, span value);
err row_aea_write(struct attribute_writing *a);
err row_nonus_read(struct attribute_reading *r, span value);
err row_nonus_write(struct attribute_writing *a);
err row_dissem_read(struct attribute_reading *r, span value);
err row_dissem_write(struct attribute_writing *a);
err row_nonic_read(struct attribute_reading *r, span value);
err row_nonic_write(struct attribute_writing *a);

#endif
