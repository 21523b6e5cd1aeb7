/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rule_rows.h"

err ism_refuse(struct ism_fault *fault, const struct ism_rule *rule, enum err_code code,
               const char *name, span value, size_t at)
{
    *fault = (struct ism_fault){.rule = rule->name,
                                .from = rule->from,
                                .dodm = rule->dodm,
                                .why = rule->why,
                                .name = name,
                                .at = at};
    for (size_t i = 0; i < value.len && i + 1 < sizeof fault->value; i++) {
        uint8_t c = value.ptr[i];
        fault->value[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    return (err){code, rule->why};
}

static const struct ism_rule *row_broken(const struct rule_row *rows, const struct groups *g,
                                         const struct ism *m, bool in_line, const char **word)
{
    for (const struct rule_row *row = rows; row->rule.name != NULL; row++) {
        if ((in_line ? row->in_line : row->in_attributes) && row->broken(g, m)) {
            *word = row->word;
            return &row->rule;
        }
    }
    return NULL;
}

static const struct ism_rule *first_broken(const struct groups *g, const struct ism *m,
                                           bool in_line, const char **word)
{
    const struct ism_rule *rule = row_broken(rules_of_categories, g, m, in_line, word);
    return rule != NULL ? rule : row_broken(rules_of_release, g, m, in_line, word);
}

const struct ism_rule *ism_rules_line(const struct groups *g, const struct ism *m,
                                      const char **word)
{
    return first_broken(g, m, true, word);
}

const struct ism_rule *ism_rules_attributes(const struct groups *g, const struct ism *m,
                                            const char **word)
{
    return first_broken(g, m, false, word);
}
