/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "binding/parts.h"

#define IS(n, name) node_is(n, SPACE_BINDING, SPAN_LIT(name))

/* ---- data ---- */

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static bool unreserved(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* Everything a name may be but a way out of the folder */
static bool name_good(span called)
{
    utf8 checked;
    if (called.len == 0 || called.len >= BINDING_NAME_MAX || span_is(called, ".") ||
        span_is(called, "..") || err_is(text_utf8(called, &checked))) {
        return false;
    }
    for (size_t i = 0; i < called.len; i++) {
        if (called.ptr[i] < ' ' || called.ptr[i] == '/' || called.ptr[i] == '\\') {
            return false;
        }
    }
    return true;
}

/* One segment of a path, with %XX where a byte is none that stands for itself */
static bool name_of_uri(span uri, char out[static BINDING_NAME_MAX])
{
    uint8_t       buf[BINDING_NAME_MAX];
    struct writer w = WRITER_OF(buf);
    if (span_starts(uri, SPAN_LIT("./"))) {
        uri = (span){uri.ptr + 2, uri.len - 2};
    }
    for (size_t i = 0; i < uri.len; i++) {
        if (unreserved(uri.ptr[i])) {
            put_u8(&w, uri.ptr[i]);
            continue;
        }
        int high = i + 2 < uri.len ? hex_digit(uri.ptr[i + 1]) : -1;
        int low = i + 2 < uri.len ? hex_digit(uri.ptr[i + 2]) : -1;
        if (uri.ptr[i] != '%' || high < 0 || low < 0) {
            return false;
        }
        put_u8(&w, (uint8_t)(high << 4 | low));
        i += 2;
    }
    if (w.bad || !name_good(writer_span(&w))) {
        return false;
    }
    memset(out, 0, BINDING_NAME_MAX);
    memcpy(out, w.ptr, w.len);
    return true;
}

err binding_data_name(struct binding_data *d, span called)
{
    struct writer w = writer_of(d->uri, sizeof d->uri - 1);
    memset(d->uri, 0, sizeof d->uri);
    memset(d->name, 0, sizeof d->name);
    if (!name_good(called)) {
        return FAIL(MALFORMED, "the name of a file cannot stand in a binding");
    }
    for (size_t i = 0; i < called.len; i++) {
        char escaped[4];
        (void)snprintf(escaped, sizeof escaped, "%%%02X", (unsigned)called.ptr[i]);
        if (unreserved(called.ptr[i])) {
            put_u8(&w, called.ptr[i]);
        } else {
            put_text(&w, escaped);
        }
    }
    memcpy(d->name, called.ptr, called.len);
    return w.bad ? FAIL(LIMIT, "the name of a file is too long for a binding") : OK;
}

err binding_data_check(const struct binding_data *d, span content)
{
    uint8_t value[DIGEST_LEN_MAX];
    MUST(d->digested);
    digest_parts(d->digest, &content, 1, value);
    return memcmp(value, d->value, digest_len(d->digest)) == 0
               ? OK
               : FAIL(FORGED, "the data is not what was signed");
}

static err data_attributes(struct form_reader *r, const struct xml_node *n)
{
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        const struct xml_attribute *a = &r->xml.attribute[i];
        bool type = span_equal(a->space, SPACE_XMIME) && span_is(a->name, "contentType");
        if (!type && (a->space.len > 0 || !span_is(a->name, "URI"))) {
            return reader_fail(r, FAIL(UNKNOWN, "an attribute that a DataReference does not have"),
                               (struct text_at){a->name, a->offset});
        }
    }
    return OK;
}

static err data_reference_take(struct form_reader *r, const struct xml_node *n, struct binding *b)
{
    struct text_at       uri = attribute_text(r, n, SPAN_LIT("URI"));
    struct binding_data *d = &b->data[b->data_count];
    TRY(node_leaf(r, n));
    TRY(data_attributes(r, n));
    if (n->text.len > 0) {
        return node_fail(r, FAIL(MALFORMED, "text stands where nothing may"), n);
    }
    if (uri.text.ptr == NULL) {
        return node_fail(r, FAIL(MALFORMED, "a DataReference has no URI"), n);
    }
    if (b->data_count == BINDING_DATA_MAX || uri.text.len >= BINDING_URI_MAX) {
        return reader_fail(r, FAIL(LIMIT, "there are more than 16 data references, or a long one"),
                           uri);
    }
    *d = (struct binding_data){.group = b->group_count};
    memcpy(d->uri, uri.text.ptr, uri.text.len);
    bool here = uri.text.len == 0 || uri.text.ptr[0] == '#';
    if (!here && !name_of_uri(uri.text, d->name)) {
        return reader_fail(r, FAIL(MALFORMED, "a data reference is to no file beside the binding"),
                           uri);
    }
    b->data_count++;
    return OK;
}

/* ---- labels ---- */

static err metadata_take(struct form_reader *r, const struct xml_node *n, struct binding *b)
{
    const struct xml_node *label = xml_first(&r->xml, n);
    TRY(node_branch(r, n));
    TRY(node_attributes(r, n, ""));
    if (label == NULL || xml_next(&r->xml, label) != NULL) {
        return node_fail(r, FAIL(MALFORMED, "a Metadata element has one label, no more"), n);
    }
    if (b->label_count == BINDING_LABELS_MAX) {
        return node_fail(r, FAIL(LIMIT, "there are more than 16 labels"), n);
    }
    TRY(stanag_root(r, label, &b->label[b->label_count].record));
    b->label[b->label_count++].group = b->group_count;
    return OK;
}

err metadata_binding_take(struct form_reader *r, const struct xml_node *in, struct binding *b)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    span                   id = node_id(r, in);
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    if (b->group_count == BINDING_GROUPS_MAX || id.len >= BINDING_ID_MAX) {
        return node_fail(r, FAIL(LIMIT, "there are more than 16 bindings, or a long Id"), in);
    }
    memset(b->group_id[b->group_count], 0, BINDING_ID_MAX);
    memcpy(b->group_id[b->group_count], id.len > 0 ? (const char *)id.ptr : "", id.len);
    if (!IS(n, "Metadata")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a MetadataBinding has no Metadata"));
    }
    for (; IS(n, "Metadata"); n = xml_next(&r->xml, n)) {
        TRY(metadata_take(r, n, b));
    }
    if (!IS(n, "DataReference")) {
        return IS(n, "Data") || IS(n, "MetadataReference")
                   ? node_fail(r, FAIL(UNKNOWN, "data or a label in another place is not read"), n)
                   : node_missing(r, n, in,
                                  FAIL(MALFORMED, "a MetadataBinding has no DataReference"));
    }
    for (; IS(n, "DataReference"); n = xml_next(&r->xml, n)) {
        TRY(data_reference_take(r, n, b));
    }
    b->group_count++;
    return n == NULL ? OK : node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
}

static err container_take(struct form_reader *r, const struct xml_node *in, struct binding *b)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    if (!IS(n, "MetadataBinding")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a container has no MetadataBinding"));
    }
    for (; n != NULL; n = xml_next(&r->xml, n)) {
        if (!IS(n, "MetadataBinding")) {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(metadata_binding_take(r, n, b));
    }
    return OK;
}

err information_take(struct form_reader *r, const struct xml_node *in, struct binding *b,
                     const struct xml_node **signature)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(node_attributes(r, in, ""));
    *signature = node_is(n, SPACE_DSIG, SPAN_LIT("Signature")) ? n : NULL;
    n = *signature != NULL ? xml_next(&r->xml, n) : n;
    if (!IS(n, "MetadataBindingContainer")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "there is no MetadataBindingContainer"));
    }
    for (; n != NULL; n = xml_next(&r->xml, n)) {
        if (!IS(n, "MetadataBindingContainer")) {
            return node_missing(r, n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(container_take(r, n, b));
    }
    return OK;
}

/* ---- the document ---- */

err information_find(struct form_reader *r, const struct xml_node **out, enum binding_form *form)
{
    const struct xml_node *root = &r->xml.node[0], *found = NULL;
    unsigned               signatures = 0;
    for (unsigned i = 0; i < r->xml.node_count; i++) {
        const struct xml_node *n = &r->xml.node[i];
        signatures += node_is(n, SPACE_DSIG, SPAN_LIT("Signature")) ? 1 : 0;
        if (!IS(n, "BindingInformation")) {
            continue;
        }
        if (found != NULL) {
            return node_fail(r, FAIL(CONFLICT, "there are two BindingInformation elements"), n);
        }
        found = n;
    }
    if (found == NULL) {
        return node_fail(r, FAIL(UNKNOWN, "there is no BindingInformation of STANAG 4778"), root);
    }
    if (signatures > 1) {
        return node_fail(r, FAIL(CONFLICT, "there are two signatures"), found);
    }
    const struct xml_node *n = xml_first(&r->xml, root);
    while (n != NULL && n != found) {
        n = xml_next(&r->xml, n);
    }
    if (found != root && n == NULL) {
        return node_fail(
            r, FAIL(MALFORMED, "a BindingInformation is not at the top of the document"), found);
    }
    *form = found == root ? BINDING_DETACHED : BINDING_EMBEDDED;
    *out = found;
    return OK;
}

/* What a binding in a document is about is in that document, and apart from the binding. */
static err places_check(struct form_reader *r, const struct xml_node *information,
                        const struct binding *b)
{
    for (unsigned i = 0; i < b->data_count; i++) {
        span                   uri = span_text(b->data[i].uri);
        const struct xml_node *n =
            uri.len > 1 ? node_by_id(r, (span){uri.ptr + 1, uri.len - 1}) : NULL;
        if ((b->data[i].name[0] != 0) != (b->form == BINDING_DETACHED)) {
            return reader_fail(
                r,
                FAIL(MALFORMED,
                     "a detached binding is about files, an embedded one about its document"),
                (struct text_at){uri, information->offset});
        }
        if (uri.len > 0 && uri.ptr[0] == '#' &&
            (n == NULL || node_within(r, n, information) || node_within(r, information, n))) {
            return reader_fail(
                r, FAIL(MALFORMED, "a data reference leads to no element beside the binding"),
                (struct text_at){uri, information->offset});
        }
    }
    return OK;
}

err document_take(struct form_reader *r, span in, struct binding *b, struct parts *p)
{
    memset(b, 0, sizeof *b);
    memset(p, 0, sizeof *p);
    r->deviations = 0;
    TRY(tree_read(r, in));
    TRY(information_find(r, &p->information, &b->form));
    TRY(information_take(r, p->information, b, &p->signature));
    TRY(places_check(r, p->information, b));
    TRY(binding_rules(r, b));
    if (p->signature != NULL) {
        TRY(signature_take(r, p, b));
    }
    b->is_signed = p->signature != NULL;
    return OK;
}

static err read_checked(struct form_reader *r, span in, struct binding *b)
{
    struct parts p;
    r->problem = (struct form_problem){0};
    if (in.len > BINDING_MAX) {
        r->in = (span){0};
        return problem_set(&r->problem, FAIL(LIMIT, "a binding is longer than 1 MiB"), 0,
                           (span){0});
    }
    return document_take(r, in, b, &p);
}

err binding_read(struct form_reader *r, span in, struct binding *out)
{
    struct binding b;
    err            e = read_checked(r, in, &b);
    if (err_is(e)) {
        r->deviations = 0;
        problem_place(&r->problem, r->in);
        return e;
    }
    *out = b;
    return OK;
}
