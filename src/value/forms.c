/* SPDX-License-Identifier: Apache-2.0 */
#include "value/value.h"

/* Forms of a party's own scheme, which no table of forms has */
static const struct value_form own[] = {
    {FAMILY_MARKING, "marking", "the canonical text of a marking", NULL, NULL},
    {FAMILY_MARKING, "national", "a party's own banner line, whose is said beside it", NULL, NULL},
};

bool value_form_each(unsigned i, struct value_form *out)
{
    unsigned           count, lines = 0;
    const struct form *labels = form_table(&count);
    while (ismforms[lines].name != NULL) {
        lines++;
    }
    if (i < ARRAY_LEN(own)) {
        *out = own[i];
        return true;
    }
    i -= (unsigned)ARRAY_LEN(own);
    if (i < lines) {
        *out = (struct value_form){FAMILY_REGISTER, ismforms[i].name, ismforms[i].title, NULL,
                                   &ismforms[i]};
        return true;
    }
    i -= lines;
    if (i < count) {
        *out = (struct value_form){FAMILY_LABEL, labels[i].name, labels[i].title, &labels[i], NULL};
    }
    return i < count;
}

bool value_form_named(span wanted, struct value_form *out)
{
    for (unsigned i = 0; value_form_each(i, out); i++) {
        if (span_is(wanted, out->name)) {
            return true;
        }
    }
    return false;
}

bool value_form_binary(const struct value_form *f)
{
    return strcmp(f->name, "ess") == 0 || (f->line != NULL && f->line->binary);
}

/* guess - what such a form has in it; the first row that fits */
static const struct {
    const char *form, *starts, *has;
} guesses[] = {
    {"ism-xml", "<", "urn:us:gov:ic:ism"},
    {"cot", "<event", ""},
    {"cot", "<?xml", "<event"},
    {"ism-json", "{", "\"ownerProducer\""},
    {"portion", "(", ")"},
    {"nitf", "NITF", ""},
    {"nitf", "NSIF", ""},
    {"st0102", "\x06\x0e\x2b\x34", ""},
    {"marking", "", " of "},
};

static bool text_has(span text, const char *what)
{
    return text.len > 0 && memmem(text.ptr, text.len, what, strlen(what)) != NULL;
}

/* A banner is what opens with a level of the register; the order of these does not matter */
static bool is_banner(const struct ground *g, span text)
{
    struct ism       m;
    struct ism_fault fault;
    return !err_is(ism_banner_read(&g->groups, text, &m, &fault)) || text_has(text, "//");
}

const char *value_guess(const struct ground *g, span in)
{
    span               text = span_trim(in);
    const struct form *f = form_guess(in);
    /* One envelope for labels of all policies, and for those of the register */
    if (f != NULL && strcmp(f->name, "xep-0258") == 0 && text_has(text, "icismlabel")) {
        return "xep-0258-ism";
    }
    if (f != NULL && strcmp(f->name, "ess-base64") != 0) {
        return f->name;
    }
    for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
        if (span_starts(text, span_text(guesses[i].starts)) &&
            (guesses[i].has[0] == 0 || text_has(text, guesses[i].has))) {
            return guesses[i].form;
        }
    }
    return is_banner(g, text) ? "banner" : f != NULL ? f->name : NULL;
}
