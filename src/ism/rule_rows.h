/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_RULE_ROWS_H
#define ISM_RULE_ROWS_H

#include "ism/rules.h"

/* rule_where - where a rule is asked; bits */
enum rule_where { IN_BANNERS = 1, IN_PORTIONS = 2, IN_ATTRIBUTES = 4 };

#define IN_LINES (IN_BANNERS | IN_PORTIONS)

/* rule_row - one rule of content, and how it is told
 *
 * word    the token that it is about, "" for the whole
 * broken  does the marking break it? */
struct rule_row {
    struct ism_rule rule;
    unsigned        where;
    const char     *word;
    bool (*broken)(const struct groups *g, const struct ism *m);
};

/* Each ends with a row without a name; asked in this order */
extern const struct rule_row rules_of_categories[], rules_of_sci[], rules_of_release[],
    rules_of_others[];

/* sci_need_broken - what single control systems and compartments ask for; NULL when all have it
 *
 * word    receives the control that asks */
const struct ism_rule *sci_need_broken(const struct ism *m, const char **word);

#define RULE_ROW(where, name, from, dodm, why, word, broken)                                       \
    {                                                                                              \
        {name, from, dodm, why}, where, word, broken                                               \
    }
#define BOTH(...)       RULE_ROW(IN_LINES | IN_ATTRIBUTES, __VA_ARGS__)
#define LINE(...)       RULE_ROW(IN_LINES, __VA_ARGS__)
#define PORTION(...)    RULE_ROW(IN_PORTIONS, __VA_ARGS__)
#define ATTRIBUTES(...) RULE_ROW(IN_ATTRIBUTES, __VA_ARGS__)
#define NO_MORE_ROWS                                                                               \
    {                                                                                              \
        {NULL, NULL, NULL, NULL}, 0, NULL, NULL                                                    \
    }

#define FDR                                                                                        \
    (ISM_BIT(ISM_NF) | ISM_BIT(ISM_REL) | ISM_BIT(ISM_RELIDO) | ISM_BIT(ISM_EYES) |                \
     ISM_BIT(ISM_DISPLAYONLY))
#define RELEASE  (ISM_BIT(ISM_REL) | ISM_BIT(ISM_EYES))
#define ANY_LIST (RELEASE | ISM_BIT(ISM_DISPLAYONLY))

static inline bool rule_classified(const struct ism *m)
{
    return m->level >= ISM_C;
}

static inline bool rule_has_any(const struct ism *m, uint32_t some)
{
    return (m->dissem & some) != 0;
}

static inline bool rule_aea_has(const struct ism *m, enum ism_aea a)
{
    return (m->aea >> a & 1) != 0;
}

static inline bool rule_nonic_has(const struct ism *m, enum ism_nonic n)
{
    return (m->nonic >> n & 1) != 0;
}

/* Level R of the USA is met by each rule on a control first, so that the control is named */
static inline bool rule_us_r(const struct ism *m)
{
    return m->system == ISM_US && m->level == ISM_R;
}

#endif
