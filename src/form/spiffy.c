/* SPDX-License-Identifier: Apache-2.0 */
#include "form/spiffy.h"

#include "base/text.h"
#include "form/stanag.h"

static const char *const type_names[TAG_TYPE_COUNT] = {
    [TAG_RESTRICTIVE] = "restrictive", [TAG_ENUMERATED_RESTRICTIVE] = "enumeratedRestrictive",
    [TAG_PERMISSIVE] = "permissive",   [TAG_ENUMERATED_PERMISSIVE] = "enumeratedPermissive",
    [TAG_INFORMATIVE] = "informative",
};

/* found - what such a file says; the names beside its numbers are for people */
struct found {
    const struct scheme *scheme;
    set64                classes;
    struct category_set  categories;
};

static err number_of(struct form_reader *r, struct text_at at, uint64_t *out)
{
    at.text = span_trim(at.text);
    return err_is(text_decimal(at.text, UINT64_MAX, out))
               ? reader_fail(r, FAIL(MALFORMED, "a number is none, or missing"), at)
               : OK;
}

static err policy_of(struct form_reader *r, struct text_at id, const struct scheme **out)
{
    const struct catalog_entry *e = catalog_by_id(r->catalog, id.text);
    if (e == NULL) {
        return reader_fail(r, FAIL(UNKNOWN, "unknown policy id"), id);
    }
    *out = e->scheme;
    return OK;
}

static err class_of(struct form_reader *r, const struct scheme *s, struct text_at at, uint16_t *out)
{
    uint64_t lacv;
    TRY(number_of(r, at, &lacv));
    *out = scheme_class_by_lacv(s, lacv);
    return *out != SCHEME_NONE
               ? OK
               : reader_fail(r, FAIL(UNKNOWN, "a classification that the policy does not have"),
                             at);
}

static err take_tag(struct form_reader *r, const struct xml_node *n, struct found *f)
{
    struct text_at type = attribute_text(r, n, SPAN_LIT("type"));
    struct text_at id = attribute_text(r, n, SPAN_LIT("id"));
    struct text_at number = attribute_text(r, n, SPAN_LIT("lacv"));
    uint16_t       set = scheme_set_by_id(f->scheme, id.text);
    uint64_t       lacv;
    unsigned       t = 0;
    TRY(attributes_known(r, n, "type id lacv"));
    while (t < TAG_TYPE_COUNT && !span_is(type.text, type_names[t])) {
        t++;
    }
    if (set == SCHEME_NONE || t == TAG_TYPE_COUNT) {
        return reader_fail(r, FAIL(UNKNOWN, "a category that the policy does not have"),
                           set == SCHEME_NONE ? id : type);
    }
    TRY(number_of(r, number, &lacv));
    uint16_t c = scheme_category_by_lacv(f->scheme, set, (enum tag_type)t, lacv);
    if (c == SCHEME_NONE || category_has(&f->categories, c)) {
        return reader_fail(
            r, FAIL(UNKNOWN, "a value that the policy does not have here, or that stands twice"),
            number);
    }
    category_put(&f->categories, c);
    return OK;
}

static err take_part(struct form_reader *r, const struct xml_node *n, struct found *f)
{
    uint16_t at;
    TRY(node_leaf(r, n));
    if (node_is(n, SPIFFY_SPACE, SPAN_LIT("classification"))) {
        TRY(attributes_known(r, n, "lacv"));
        TRY(class_of(r, f->scheme, attribute_text(r, n, SPAN_LIT("lacv")), &at));
        f->classes |= set_one(at);
        return OK;
    }
    return node_is(n, SPIFFY_SPACE, SPAN_LIT("tag"))
               ? take_tag(r, n, f)
               : node_missing(r, n, n, FAIL(MALFORMED, "an element is missing"));
}

static err take_all(struct form_reader *r, span in, span root_name, struct found *f)
{
    TRY(xml_read(&r->xml, in, &r->problem));
    const struct xml_node *root = &r->xml.node[0], *n = xml_first(&r->xml, root);
    if (!node_is(root, SPIFFY_SPACE, root_name)) {
        return node_missing(r, NULL, root,
                            FAIL(UNKNOWN, "an element that is not of spiffing's form"));
    }
    TRY(node_branch(r, root));
    TRY(attributes_known(r, root, ""));
    if (!node_is(n, SPIFFY_SPACE, SPAN_LIT("policy"))) {
        return node_missing(r, n, root, FAIL(MALFORMED, "there is no policy"));
    }
    TRY(node_leaf(r, n));
    TRY(attributes_known(r, n, "id"));
    TRY(policy_of(r, attribute_text(r, n, SPAN_LIT("id")), &f->scheme));
    for (n = xml_next(&r->xml, n); n != NULL; n = xml_next(&r->xml, n)) {
        TRY(take_part(r, n, f));
    }
    return OK;
}

err spiffy_read(struct form_reader *r, span in, struct label_record *out)
{
    struct found f = {0};
    TRY(take_all(r, in, SPAN_LIT("label"), &f));
    if (set_count(f.classes) != 1) {
        return node_missing(r, NULL, &r->xml.node[0],
                            FAIL(MALFORMED, "a label has not exactly one classification"));
    }
    *out = label_record_of(f.scheme);
    out->label.class = (uint16_t)set_next(f.classes, 0);
    out->label.categories = f.categories;
    return OK;
}

err spiffy_clearance_read(struct form_reader *r, span in, struct label_clearance *out)
{
    struct found f = {0};
    TRY(take_all(r, in, SPAN_LIT("clearance"), &f));
    *out = (struct label_clearance){f.scheme, f.classes, f.categories};
    return OK;
}

#define XER(n, name) node_is(n, SPAN_LIT(""), SPAN_LIT(name))

static err take_privacy(struct form_reader *r, const struct xml_node *in, const struct scheme *s,
                        uint16_t *out)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    if (!(XER(n, "utf8String") || XER(n, "pString")) || xml_next(&r->xml, n) != NULL) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a privacy mark has no text"));
    }
    struct text_at mark = {n->text, n->offset};
    *out = scheme_privacy_by_name(s, n->text);
    return *out != SCHEME_NONE
               ? OK
               : reader_fail(r, FAIL(UNKNOWN, "a privacy mark that the policy does not have"),
                             mark);
}

err xer_read(struct form_reader *r, span in, struct label_record *out)
{
    struct label_record record = label_record_of(NULL);
    TRY(xml_read(&r->xml, in, &r->problem));
    const struct xml_node *root = &r->xml.node[0], *n = xml_first(&r->xml, root);
    if (!XER(root, "ESSSecurityLabel") || !XER(n, "security-policy-identifier")) {
        return node_missing(r, n, root,
                            FAIL(MALFORMED, "there is no ESSSecurityLabel with a policy"));
    }
    TRY(node_branch(r, root));
    TRY(policy_of(r, (struct text_at){span_trim(n->text), n->offset}, &record.label.scheme));
    const struct xml_node *c = xml_next(&r->xml, n);
    if (!XER(c, "security-classification")) {
        return node_missing(r, c, root, FAIL(MALFORMED, "a label has no classification"));
    }
    TRY(class_of(r, record.label.scheme, (struct text_at){c->text, c->offset},
                 &record.label.class));
    n = xml_next(&r->xml, c);
    if (XER(n, "privacy-mark")) {
        TRY(take_privacy(r, n, record.label.scheme, &record.label.privacy));
        n = xml_next(&r->xml, n);
    }
    if (n != NULL) {
        return node_missing(r, n, root, FAIL(MALFORMED, "an element is missing"));
    }
    *out = record;
    return OK;
}
