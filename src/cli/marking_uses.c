/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_uses.h"

#include "value/person.h"

static const struct {
    const char *option;
    enum use    use;
} rows[] = {
    {"banner", USE_BANNER},
    {"topics", USE_LISTS},
    {"disciplines", USE_LISTS},
    {"of", USE_OF},
    {"created", USE_CREATED},
    {"clearance", USE_CLEARANCE},
    {"direction", USE_CLEARANCE},
    {"clearance-form", USE_CLEARANCE},
    {"out", USE_OUT},
    {"leave-out", USE_LOSS},
    {"with", USE_AGREEMENT},
    {"added-by", USE_ADDED},
    {"lang", USE_LANGUAGE},
};

/* All bits for an option that is always of use */
static unsigned uses_of_option(const char *option)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].option, option) == 0) {
            return rows[i].use;
        }
    }
    for (unsigned i = 0; i < PERSON_FIELDS; i++) {
        if (strcmp(person_field_name[i], option) == 0) {
            return USE_PERSON;
        }
    }
    return ~0u;
}

/* As value_parse and value_convert take them */
unsigned value_uses(const struct value *in, const struct value_form *to)
{
    bool     crosses = to != NULL && to->family != in->form.family;
    unsigned uses = to == NULL ? 0 : USE_OUT | USE_LOSS;
    if (strcmp(in->form.name, "portion") == 0) {
        uses |= USE_BANNER;
    }
    if (strcmp(in->form.name, "national") == 0) {
        uses |= USE_LISTS | USE_OF;
    }
    if (crosses && in->form.family == FAMILY_REGISTER) {
        uses |= USE_LISTS;
    }
    if (crosses && in->form.family == FAMILY_LABEL) {
        uses |= USE_OF;
    }
    return to != NULL && to->family == FAMILY_LABEL ? uses | USE_CREATED : uses;
}

err uses_check(struct call *c, unsigned uses)
{
    for (unsigned i = c->given_before; i < c->given_count; i++) {
        if ((uses_of_option(c->given[i].name) & uses) == 0) {
            call_about(c, "--%s", c->given[i].name);
            return FAIL(CONFLICT, "what is read and written here has no use for this option");
        }
    }
    return OK;
}
