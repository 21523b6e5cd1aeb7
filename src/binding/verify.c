/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a signed binding is read from the bytes that were digested.  An element that was moved,
 * doubled or put around another is then not misread: it is not read. */
#include <stdio.h>

#include "binding/parts.h"

/* CLOCKS_APART_MS - how much a signer's clock may be ahead */
#define CLOCKS_APART_MS (5 * MS_PER_MINUTE)

static err refuse(struct form_reader *r, err why, const char *value)
{
    return problem_set(&r->problem, why, 0, span_text(value));
}

static bool has_part(const struct parts *p, enum signed_kind kind, const char *uri)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (p->part[i].kind == kind && (uri == NULL || strcmp(p->part[i].uri, uri) == 0)) {
            return true;
        }
    }
    return false;
}

static bool has_group(const struct parts *p, const char *id)
{
    char uri[BINDING_ID_MAX + 2];
    (void)snprintf(uri, sizeof uri, "#%s", id);
    return id[0] != 0 && has_part(p, SIGNED_BINDING, uri);
}

/* Is every label and everything that one is about under the signature? */
static err coverage_check(struct form_reader *r, const struct binding *b, const struct parts *p)
{
    bool whole = has_part(p, SIGNED_DOCUMENT, NULL);
    for (unsigned i = 0; i < b->group_count; i++) {
        if (!whole && !has_group(p, b->group_id[i])) {
            return refuse(r, FAIL(DENIED, "the signature is not over a label"), b->group_id[i]);
        }
    }
    for (unsigned i = 0; i < b->data_count; i++) {
        const struct binding_data *d = &b->data[i];
        bool covered = d->name[0] != 0 ? d->digested && has_part(p, SIGNED_MANIFEST, NULL)
                                       : whole || has_part(p, SIGNED_DATA, d->uri);
        if (!covered) {
            return refuse(r, FAIL(DENIED, "the signature is not over what a label is about"),
                          d->uri);
        }
    }
    return has_part(p, SIGNED_TIME, NULL)
               ? OK
               : refuse(r, FAIL(DENIED, "the signature does not say when it was made"), "");
}

static err trusted_find(struct form_reader *r, const struct binding *b,
                        const struct binding_trust *trust, span *out)
{
    span is = {b->certificate, b->certificate_len};
    for (unsigned i = 0; i < trust->count; i++) {
        if (span_equal(is, trust->certificate[i])) {
            *out = trust->certificate[i];
            return OK;
        }
    }
    return refuse(r, FAIL(DENIED, "the signer's certificate is not one that is trusted"), "");
}

/* ---- from what was signed ---- */

static err document_again(struct form_reader *r, struct binding *b)
{
    const struct xml_node *information, *signature;
    TRY(information_find(r, &information, &b->form));
    TRY(information_take(r, information, b, &signature));
    return signature == NULL ? OK
                             : refuse(r, FAIL(FORGED, "a signature is within what was signed"), "");
}

/* The tree of one part, as what it was taken for */
static err part_take(struct form_reader *r, enum signed_kind kind, struct binding *b)
{
    static const struct {
        const char *name;
        bool        of_binding;
        err (*take)(struct form_reader *r, const struct xml_node *n, struct binding *b);
    } parts[] = {
        [SIGNED_BINDING] = {"MetadataBinding", true, metadata_binding_take},
        [SIGNED_MANIFEST] = {"Manifest", false, manifest_take},
        [SIGNED_TIME] = {"SignatureProperties", false, time_take},
    };
    const struct xml_node *root = &r->xml.node[0];
    if (kind == SIGNED_DOCUMENT) {
        return document_again(r, b);
    }
    return node_is(root, parts[kind].of_binding ? SPACE_BINDING : SPACE_DSIG,
                   span_text(parts[kind].name))
               ? parts[kind].take(r, root, b)
               : node_fail(r, FAIL(FORGED, "what was signed is not what it was taken for"), root);
}

/* Labels first: a Manifest is of their data.  When the document was signed its bindings are read there. */
static err signed_take(struct form_reader *r, const struct parts *p, const struct xmlsig_seen *seen,
                       struct binding *b)
{
    static const enum signed_kind order[] = {SIGNED_DOCUMENT, SIGNED_BINDING, SIGNED_MANIFEST,
                                             SIGNED_TIME};
    bool                          whole = has_part(p, SIGNED_DOCUMENT, NULL);
    for (size_t k = 0; k < ARRAY_LEN(order); k++) {
        for (unsigned i = 0; i < p->count; i++) {
            if (p->part[i].kind != order[k] || (whole && order[k] == SIGNED_BINDING)) {
                continue;
            }
            TRY(tree_read(r, seen->reference[i].bytes));
            TRY(part_take(r, order[k], b));
        }
    }
    return OK;
}

static err seen_check(struct form_reader *r, const struct parts *p, const struct xmlsig_seen *seen)
{
    bool same = seen->count == p->count;
    for (unsigned i = 0; same && i < p->count; i++) {
        same = strcmp(seen->reference[i].uri, p->part[i].uri) == 0;
    }
    return same ? OK
                : refuse(r, FAIL(FORGED, "the signature is over something else than it seems"), "");
}

/* The signer was trusted then; whoever has ceased to trust him takes his certificate away. */
static err time_check(struct form_reader *r, const struct binding *b, span certificate, instant now)
{
    struct cert c;
    err         e = cert_read(certificate, &c);
    if (err_is(e)) {
        return refuse(r, e, "");
    }
    if (b->signed_at < c.from || b->signed_at > c.until) {
        return refuse(r, FAIL(DENIED, "it was signed when the certificate was not valid"),
                      c.common);
    }
    return b->signed_at <= now + CLOCKS_APART_MS
               ? OK
               : refuse(r, FAIL(DENIED, "it says that it was signed in the future"), c.common);
}

static err signed_check(struct form_reader *r, const struct binding *claimed,
                        const struct binding *b)
{
    bool all = b->group_count == claimed->group_count && b->label_count == claimed->label_count &&
               b->data_count == claimed->data_count;
    for (unsigned i = 0; i < b->data_count; i++) {
        all = all && (b->data[i].name[0] == 0 || b->data[i].digested);
    }
    return all ? binding_rules(r, b)
               : refuse(r, FAIL(FORGED, "the binding says more than was signed"), "");
}

static err binding_verified(struct form_reader *r, span in, const struct binding_trust *trust,
                            struct writer *room, struct binding *b)
{
    struct binding     claimed;
    struct parts       p;
    struct xmlsig_seen seen;
    span               certificate;
    TRY(document_take(r, in, &claimed, &p));
    if (!claimed.is_signed) {
        return refuse(r, FAIL(DENIED, "the binding is not signed"), "");
    }
    TRY(coverage_check(r, &claimed, &p));
    TRY(trusted_find(r, &claimed, trust, &certificate));
    err e = xmlsig_verify(in, certificate, room, &seen);
    if (err_is(e)) {
        return refuse(r, e, "");
    }
    TRY(seen_check(r, &p, &seen));
    *b = (struct binding){.form = claimed.form, .is_signed = true};
    TRY(signed_take(r, &p, &seen, b));
    TRY(signed_check(r, &claimed, b));
    memcpy(b->certificate, certificate.ptr, certificate.len);
    b->certificate_len = certificate.len;
    return time_check(r, b, certificate, trust->now);
}

err binding_verify(struct form_reader *r, span in, const struct binding_trust *trust,
                   struct writer *room, struct binding *out)
{
    struct binding b;
    r->problem = (struct form_problem){0};
    if (in.len > BINDING_MAX) {
        return refuse(r, FAIL(LIMIT, "a binding is longer than 1 MiB"), "");
    }
    err e = binding_verified(r, in, trust, room, &b);
    if (err_is(e)) {
        r->deviations = 0;
        problem_place(&r->problem, r->in);
        return e;
    }
    *out = b;
    return OK;
}
