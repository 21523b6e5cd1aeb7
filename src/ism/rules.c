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
                                         const struct ism *m, unsigned where, const char **word)
{
    for (const struct rule_row *row = rows; row->rule.name != NULL; row++) {
        if ((row->where & where) != 0 && row->broken(g, m)) {
            *word = row->word;
            return &row->rule;
        }
    }
    return NULL;
}

static const struct ism_rule *first_broken(const struct groups *g, const struct ism *m,
                                           unsigned where, const char **word)
{
    static const struct rule_row *const tables[] = {rules_of_categories, rules_of_sci,
                                                    rules_of_others, rules_of_release};
    const struct ism_rule              *rule = NULL;
    for (size_t i = 0; i < ARRAY_LEN(tables) && rule == NULL; i++) {
        rule = row_broken(tables[i], g, m, where, word);
    }
    return rule != NULL || m->sci.len == 0 ? rule : sci_need_broken(m, word);
}

const struct ism_rule *ism_rules_line(const struct groups *g, const struct ism *m,
                                      enum ism_form form, const char **word)
{
    return first_broken(g, m, form == ISM_BANNER ? IN_BANNERS : IN_PORTIONS, word);
}

const struct ism_rule *ism_rules_attributes(const struct groups *g, const struct ism *m,
                                            const char **word)
{
    return first_broken(g, m, IN_ATTRIBUTES, word);
}
