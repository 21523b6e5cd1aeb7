/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_RULES_H
#define ISM_RULES_H

#include "ism/terms.h"

/* ism_rule - one rule: its name, where it is written, what it says to who broke it
 *
 * from    "CAPCO H.8" or "ISM-ID-00031"; dodm: paragraph of DoDM 5200.01-V2 enclosure 4, or "" */
struct ism_rule {
    const char *name, *from, *dodm, *why;
};

/* ism_refuse - fill the fault and make the err of it
 *
 * name    of the attribute, "" in a line */
err ism_refuse(struct ism_fault *fault, const struct ism_rule *rule, enum err_code code,
               const char *name, span value, size_t at);

/* ism_rules_line, ism_rules_attributes - the first rule that a marking breaks in a line, or in
 *                                        attributes; NULL when it meets all
 *
 * form    a banner or a portion: a few rules are of one of them only
 * word    receives the token it is about; "" when it is about the whole */
const struct ism_rule *ism_rules_line(const struct groups *g, const struct ism *m,
                                      enum ism_form form, const char **word);
const struct ism_rule *ism_rules_attributes(const struct groups *g, const struct ism *m,
                                            const char **word);

#endif
