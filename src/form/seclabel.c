/* SPDX-License-Identifier: Apache-2.0 */
#include "form/seclabel.h"
#include "base/text.h"

#include "form/ess.h"
#include "form/stanag.h"
#include "label/phrase.h"

#define DISPLAY_MAX 1024

#define IS(n, name) node_is(n, SECLABEL_SPACE, SPAN_LIT(name))

/* The securitylabel of a stanza: itself, or the one child that is one */
static const struct xml_node *label_node(const struct xml *x)
{
    const struct xml_node *root = &x->node[0], *found = NULL;
    if (IS(root, "securitylabel")) {
        return root;
    }
    for (const struct xml_node *n = xml_first(x, root); n != NULL; n = xml_next(x, n)) {
        if (IS(n, "securitylabel")) {
            if (found != NULL) {
                return NULL;
            }
            found = n;
        }
    }
    return found;
}

/* What the sender displays is for those who do not know the policy.  Who knows it shows the policy's own,
 * so a different one would only mislead. */
static err display_check(struct form_reader *r, const struct xml_node *n, const struct label *l)
{
    uint8_t        buf[DISPLAY_MAX];
    struct writer  w = WRITER_OF(buf);
    struct text_at shown = {span_trim(n->text), n->offset};
    TRY(node_leaf(r, n));
    TRY(attributes_known(r, n, "fgcolor bgcolor"));
    label_phrase(l, (span){0}, PLACE_ANY, &w);
    bool same = span_equal(shown.text, writer_span(&w)) ||
                span_equal(shown.text, l->scheme->class[l->class].name);
    return same
               ? OK
               : reader_deviates(
                     r, DEVIATION_DISPLAY,
                     FAIL(MALFORMED, "the display marking is not what the policy displays for this "
                                     "label"),
                     shown);
}

static err take_ess(struct form_reader *r, const struct xml_node *in, struct label_record *out)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(attributes_known(r, in, ""));
    if (!node_is(n, SECLABEL_ESS_SPACE, SPAN_LIT("esssecuritylabel"))) {
        return node_missing(
            r, NULL, n == NULL ? in : n,
            FAIL(UNKNOWN, "a label that is no esssecuritylabel: it is not read here"));
    }
    TRY(node_leaf(r, n));
    TRY(attributes_known(r, n, ""));
    if (xml_next(&r->xml, n) != NULL) {
        return node_missing(r, xml_next(&r->xml, n), in, FAIL(MALFORMED, "an element is missing"));
    }
    err e = ess_base64_read(r, n->text, out);
    r->problem.offset = err_is(e) ? n->offset : 0;
    return e;
}

/* Each is the same label for a reader of another policy: one that is known must be readable, and what it
 * says is not the sender's own word */
static err take_equivalent(struct form_reader *r, const struct xml_node *n)
{
    struct label_record other;
    return take_ess(r, n, &other);
}

err seclabel_read(struct form_reader *r, span in, struct label_record *out)
{
    struct label_record record;
    TRY(xml_read(&r->xml, in, &r->problem));
    const struct xml_node *root = &r->xml.node[0], *all = label_node(&r->xml), *shown = NULL;
    if (all == NULL) {
        return node_missing(r, NULL, root,
                            FAIL(MALFORMED, "there is no securitylabel, or there are two"));
    }
    TRY(node_branch(r, all));
    TRY(attributes_known(r, all, ""));
    const struct xml_node *n = xml_first(&r->xml, all);
    if (IS(n, "displaymarking")) {
        shown = n;
        n = xml_next(&r->xml, n);
    }
    if (!IS(n, "label")) {
        return node_missing(r, n, all, FAIL(MALFORMED, "a securitylabel has no label"));
    }
    TRY(take_ess(r, n, &record));
    for (n = xml_next(&r->xml, n); IS(n, "equivalentlabel"); n = xml_next(&r->xml, n)) {
        TRY(take_equivalent(r, n));
    }
    if (n != NULL) {
        return node_missing(r, n, all, FAIL(MALFORMED, "an element is missing"));
    }
    if (shown != NULL) {
        TRY(display_check(r, shown, &record.label));
    }
    *out = record;
    return OK;
}

static void put_color(struct writer *w, uint32_t color)
{
    uint8_t rgb[3] = {(uint8_t)(color >> 16), (uint8_t)(color >> 8), (uint8_t)color};
    bool    dark = rgb[0] * 299u + rgb[1] * 587u + rgb[2] * 114u < 128000;
    if (color != COLOR_NONE) {
        put_text(w, dark ? " fgcolor=\"white\" bgcolor=\"#" : " fgcolor=\"black\" bgcolor=\"#");
        put_hex(w, SPAN_OF(rgb));
        put_text(w, "\"");
    }
}

err seclabel_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    uint8_t       buf[DISPLAY_MAX];
    struct writer shown = WRITER_OF(buf);
    label_phrase(&r->label, (span){0}, PLACE_ANY, &shown);
    put_text(w, "<securitylabel xmlns=\"urn:xmpp:sec-label:0\">");
    if (!shown.bad && shown.len > 0) {
        put_text(w, "<displaymarking");
        put_color(w, r->label.scheme->class[r->label.class].color);
        put_text(w, ">");
        put_xml(w, writer_span(&shown));
        put_text(w, "</displaymarking>");
    }
    put_text(w, "<label><esssecuritylabel xmlns=\"urn:xmpp:sec-label:ess:0\">");
    TRY(ess_base64_write(r, w, p));
    put_text(w, "</esssecuritylabel></label></securitylabel>");
    return OK;
}
