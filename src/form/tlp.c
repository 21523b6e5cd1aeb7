/* SPDX-License-Identifier: Apache-2.0 */
#include "form/tlp.h"

/* Ids: STIX 2.1, section 7.2.1.4, and OASIS' extension definition for TLP 2.0 */
static const struct tlp_color colors[] = {
    {"CLEAR", "clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", true},
    {"GREEN", "green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", true},
    {"AMBER", "amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", true},
    {"AMBER+STRICT", "amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
     true},
    {"RED", "red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", true},
    {"WHITE", "white", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", false},
    {"GREEN", "green", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", false},
    {"AMBER", "amber", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", false},
    {"RED", "red", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", false},
};

const struct tlp_color *tlp_colors(unsigned *count)
{
    *count = ARRAY_LEN(colors);
    return colors;
}

err tlp_class(struct form_reader *r, struct text_at at, const char *color, struct label *out)
{
    const struct catalog_entry *e = catalog_by_name(r->catalog, TLP_POLICY, CASE_EXACT);
    if (e == NULL) {
        at.text = TLP_POLICY;
        return reader_fail(r, FAIL(UNKNOWN, "a policy that is not known here"), at);
    }
    *out = label_record_of(e->scheme).label;
    out->class = entry_class(e, span_text(color), CASE_EXACT);
    return out->class != SCHEME_NONE
               ? OK
               : reader_fail(r, FAIL(UNKNOWN, "a classification that the policy does not have"),
                             at);
}

/* One line: a prefix, then a colour, in the case that this form has */
static err line_read(struct form_reader *r, span in, span prefix, bool tags,
                     struct label_record *out)
{
    struct text_at      at = {span_trim(in), 0};
    struct label_record record = label_record_of(NULL);
    bool                starts = span_starts(at.text, prefix);
    span color = {at.text.ptr + (starts ? prefix.len : 0), at.text.len - (starts ? prefix.len : 0)};
    for (unsigned i = 0; starts && i < ARRAY_LEN(colors); i++) {
        if (span_is(color, tags ? colors[i].tag : colors[i].name)) {
            TRY(tlp_class(r, at, colors[i].name, &record.label));
            *out = record;
            return OK;
        }
    }
    return reader_fail(
        r, FAIL(UNKNOWN, "a marking that TLP does not have, or not in these letters"), at);
}

err tlp_read(struct form_reader *r, span in, struct label_record *out)
{
    return line_read(r, in, SPAN_LIT("TLP:"), false, out);
}

err misp_read(struct form_reader *r, span in, struct label_record *out)
{
    return line_read(r, in, SPAN_LIT("tlp:"), true, out);
}

err tlp_color_of(const struct label *l, const struct tlp_color **out, struct form_problem *p)
{
    span class = l->scheme->class[l->class].name;
    for (unsigned i = 0; span_equal(l->scheme->name, TLP_POLICY) && i < ARRAY_LEN(colors); i++) {
        if (span_is(class, colors[i].name)) {
            *out = &colors[i];
            return OK;
        }
    }
    return problem_set(p, FAIL(MALFORMED, "the form can only say the colours of TLP"), 0, class);
}

err tlp_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const struct tlp_color *c;
    TRY(tlp_color_of(&r->label, &c, p));
    put_text(w, "TLP:");
    put_text(w, c->name);
    return OK;
}

err misp_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const struct tlp_color *c;
    TRY(tlp_color_of(&r->label, &c, p));
    put_text(w, "tlp:");
    put_text(w, c->tag);
    return OK;
}
