/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_RULE_ROWS_H
#define ISM_RULE_ROWS_H

#include "ism/rules.h"

/* rule_row - one rule of content, and how it is told
 *
 * in_line, in_attributes  where it is asked
 * word    the token that it is about, "" for the whole
 * broken  does the marking break it? */
struct rule_row {
    struct ism_rule rule;
    bool            in_line, in_attributes;
    const char     *word;
    bool (*broken)(const struct groups *g, const struct ism *m);
};

/* Each ends with a row without a name; asked in this order */
extern const struct rule_row rules_of_categories[], rules_of_release[];

#define BOTH(name, from, dodm, why, word, broken)                                                  \
    {                                                                                              \
        {name, from, dodm, why}, true, true, word, broken                                          \
    }
#define LINE(name, from, dodm, why, word, broken)                                                  \
    {                                                                                              \
        {name, from, dodm, why}, true, false, word, broken                                         \
    }
#define ATTRIBUTES(name, from, dodm, why, word, broken)                                            \
    {                                                                                              \
        {name, from, dodm, why}, false, true, word, broken                                         \
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
