/* SPDX-License-Identifier: Apache-2.0 */
#include "form/stix.h"

#include "form/stix_marks.h"

#define EXTENSION "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

/* A definition that says TLP under an id which is not that colour's is a forgery or a mistake */
static err color_by_tag(struct form_reader *r, struct text_at tag, struct text_at id, bool second,
                        const struct tlp_color **out)
{
    unsigned                count;
    const struct tlp_color *all = tlp_colors(&count);
    for (unsigned i = 0; i < count; i++) {
        if (all[i].second == second && span_is(tag.text, all[i].tag)) {
            *out = &all[i];
            return span_is(id.text, all[i].id)
                       ? OK
                       : reader_fail(
                             r, FAIL(MALFORMED, "a TLP marking has an id that is not its own"), id);
        }
    }
    return reader_fail(r, FAIL(UNKNOWN, "a colour that this version of TLP does not have"), tag);
}

static err first_version(struct form_reader *r, json_t *o, struct text_at id,
                         const struct tlp_color **out)
{
    struct text_at tag;
    json_t        *definition = json_object_get(o, "definition");
    TRY(json_only(r, definition, "tlp"));
    TRY(json_text(r, definition, "tlp", JSON_NEEDED, &tag));
    return color_by_tag(r, tag, id, false, out);
}

static err second_version(struct form_reader *r, json_t *extensions, struct text_at id,
                          const struct tlp_color **out)
{
    struct text_at tag, type;
    json_t        *e = json_object_get(extensions, EXTENSION);
    TRY(json_only(r, extensions, EXTENSION));
    TRY(json_only(r, e, "extension_type tlp_2_0"));
    TRY(json_text(r, e, "extension_type", JSON_NEEDED, &type));
    TRY(json_text(r, e, "tlp_2_0", JSON_NEEDED, &tag));
    if (!span_is(type.text, "property-extension")) {
        return reader_fail(r, FAIL(MALFORMED, "the extension is not a property-extension"), type);
    }
    return color_by_tag(r, tag, id, true, out);
}

/* The specifications give each colour its name too: another one shows people what is not so */
static err name_check(struct form_reader *r, json_t *o, const struct tlp_color *c)
{
    struct text_at name;
    span           prefix = SPAN_LIT("TLP:");
    TRY(json_text(r, o, "name", JSON_OPTIONAL, &name));
    bool same = span_starts(name.text, prefix) &&
                span_is((span){name.text.ptr + prefix.len, name.text.len - prefix.len}, c->name);
    return json_object_get(o, "name") == NULL || same
               ? OK
               : reader_fail(
                     r, FAIL(MALFORMED, "a TLP marking has a name that is not its colour's"), name);
}

/* What says nothing of TLP may not have the id of one of its colours */
static err other_check(struct form_reader *r, struct text_at id)
{
    unsigned                count;
    const struct tlp_color *all = tlp_colors(&count);
    for (unsigned i = 0; i < count; i++) {
        if (span_is(id.text, all[i].id)) {
            return reader_fail(
                r,
                FAIL(MALFORMED, "a marking with the id of a TLP colour does not say that colour"),
                id);
        }
    }
    return OK;
}

err marking_definition(struct form_reader *r, json_t *o, const struct tlp_color **out)
{
    struct text_at id, type;
    json_t        *extensions = json_object_get(o, "extensions");
    *out = NULL;
    TRY(json_only(r, o,
                  "type spec_version id created created_by_ref definition_type definition name "
                  "extensions external_references object_marking_refs granular_markings"));
    TRY(json_text(r, o, "id", JSON_NEEDED, &id));
    TRY(json_text(r, o, "definition_type", JSON_OPTIONAL, &type));
    if (span_is(type.text, "tlp")) {
        TRY(first_version(r, o, id, out));
        return name_check(r, o, *out);
    }
    if (extensions != NULL && json_object_get(extensions, EXTENSION) != NULL) {
        TRY(second_version(r, extensions, id, out));
        return name_check(r, o, *out);
    }
    return other_check(r, id);
}

static err definition_read(struct form_reader *r, json_t *o, struct label *out)
{
    const struct tlp_color *c;
    struct text_at          type;
    TRY(json_text(r, o, "type", JSON_NEEDED, &type));
    if (!span_is(type.text, "marking-definition")) {
        return reader_fail(r, FAIL(MALFORMED, "an object that is no marking-definition"), type);
    }
    TRY(marking_definition(r, o, &c));
    if (c == NULL) {
        TRY(json_text(r, o, "id", JSON_NEEDED, &type));
        return reader_fail(r, FAIL(UNKNOWN, "a marking that says nothing about who may read"),
                           type);
    }
    return tlp_class(r, json_at(span_text(c->tag)), c->name, out);
}

err stix_read(struct form_reader *r, span in, struct label_record *out)
{
    struct label_record record = label_record_of(NULL);
    json_t             *root;
    TRY(json_open(r, in, &root));
    err e = definition_read(r, root, &record.label);
    json_decref(root);
    if (!err_is(e)) {
        *out = record;
    }
    return e;
}

err stix_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const struct tlp_color *c;
    TRY(tlp_color_of(&r->label, &c, p));
    put_text(w, "{\"type\": \"marking-definition\", \"spec_version\": \"2.1\", \"id\": \"");
    put_text(w, c->id);
    put_text(w,
             c->second
                 ? "\", \"created\": \"2022-10-01T00:00:00.000Z\", \"name\": \"TLP:"
                 : "\", \"created\": \"2017-01-20T00:00:00.000Z\", \"definition_type\": \"tlp\", "
                   "\"name\": \"TLP:");
    put_text(w, c->name);
    put_text(w, c->second ? "\", \"extensions\": {\"" EXTENSION
                            "\": {\"extension_type\": \"property-extension\", \"tlp_2_0\": \""
                          : "\", \"definition\": {\"tlp\": \"");
    put_text(w, c->tag);
    put_text(w, c->second ? "\"}}}" : "\"}}");
    return OK;
}
