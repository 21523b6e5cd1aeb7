/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "form/stanag.h"

/* ConfidentialityLabel is what the standard's first edition called the originator's */
static const struct {
    const char     *name;
    enum label_kind kind;
} root_names[] = {
    {"originatorConfidentialityLabel", LABEL_ORIGINATOR},
    {"alternativeConfidentialityLabel", LABEL_ALTERNATIVE},
    {"metadataConfidentialityLabel", LABEL_METADATA},
    {"ConfidentialityLabel", LABEL_ORIGINATOR},
};

err stanag_root(struct form_reader *r, const struct xml_node *root, struct label_record *out)
{
    struct label_record record = label_record_of(NULL);
    struct text_at      called = {root->name, root->offset};
    unsigned            k = 0;
    if (!span_equal(root->space, STANAG_SPACE)) {
        called.text = root->space;
        return reader_fail(r, FAIL(UNKNOWN, "the namespace is not that of STANAG 4774"), called);
    }
    while (k < ARRAY_LEN(root_names) && !span_is(root->name, root_names[k].name)) {
        k++;
    }
    if (k == ARRAY_LEN(root_names)) {
        return reader_fail(r, FAIL(MALFORMED, "an element that is no label of STANAG 4774"),
                           called);
    }
    record.kind = root_names[k].kind;
    TRY(stanag_label(r, root, &record));
    *out = record;
    return OK;
}

err stanag_read(struct form_reader *r, span in, struct label_record *out)
{
    TRY(xml_read(&r->xml, in, &r->problem));
    return stanag_root(r, &r->xml.node[0], out);
}

err stanag_clearance_read(struct form_reader *r, span in, struct label_clearance *out)
{
    TRY(xml_read(&r->xml, in, &r->problem));
    const struct xml_node *root = &r->xml.node[0];
    struct text_at         called = {root->name, root->offset};
    if (!node_is(root, STANAG_CLEARANCE_SPACE, SPAN_LIT("ConfidentialityClearance"))) {
        return reader_fail(r, FAIL(UNKNOWN, "an element that is no clearance of STANAG 4774"),
                           called);
    }
    return stanag_clearance(r, root, out);
}

static void put_policy(const struct scheme *s, const char *prefix, struct writer *w)
{
    put_text(w, "<");
    put_text(w, prefix);
    put_text(w, "PolicyIdentifier URI=\"urn:oid:");
    put_xml(w, s->id);
    put_text(w, "\">");
    put_xml(w, s->name);
    put_text(w, "</");
    put_text(w, prefix);
    put_text(w, "PolicyIdentifier>");
}

/* element - <called>text</called> */
static void put_element(struct writer *w, const char *prefix, const char *called, span text)
{
    put_text(w, "<");
    put_text(w, prefix);
    put_text(w, called);
    put_text(w, ">");
    put_xml(w, text);
    put_text(w, "</");
    put_text(w, prefix);
    put_text(w, called);
    put_text(w, ">");
}

static void put_run(const struct scheme *s, const struct naming_run *run,
                    const struct category_set *has, const char *prefix, struct writer *w)
{
    put_text(w, "<");
    put_text(w, prefix);
    put_text(w, "Category Type=\"");
    put_text(w, run->type);
    put_text(w, "\" TagName=\"");
    put_xml(w, run->set->name);
    put_text(w, "\" URI=\"urn:oid:");
    put_xml(w, run->set->id);
    put_text(w, "\">");
    for (unsigned c = category_next(has, run->tag->first);
         c < (unsigned)run->tag->first + run->tag->count; c = category_next(has, c + 1)) {
        put_element(w, prefix, "GenericValue", s->category[c].name);
    }
    put_text(w, "</");
    put_text(w, prefix);
    put_text(w, "Category>");
}

static err put_categories(const struct scheme *s, const struct category_set *has,
                          const char *prefix, struct writer *w, struct form_problem *p)
{
    for (unsigned t = 0; t < s->tag_count; t++) {
        struct naming_run run;
        TRY(naming_run_of(s, t, has, &run, p));
        if (run.tag != NULL) {
            put_run(s, &run, has, prefix, w);
        }
    }
    return OK;
}

static err put_information(const struct label *l, struct writer *w, struct form_problem *p)
{
    const struct scheme *s = l->scheme;
    put_text(w, "<ConfidentialityInformation>");
    put_policy(s, "", w);
    put_element(w, "", "Classification", s->class[l->class].name);
    if (l->privacy != SCHEME_NONE) {
        put_element(w, "", "PrivacyMark", s->privacy[l->privacy].name);
    }
    TRY(put_categories(s, &l->categories, "", w, p));
    put_text(w, "</ConfidentialityInformation>");
    return OK;
}

static void put_time_element(struct writer *w, const char *called, instant t)
{
    put_text(w, "<");
    put_text(w, called);
    put_text(w, ">");
    put_time(w, t);
    put_text(w, "</");
    put_text(w, called);
    put_text(w, ">");
}

static void put_root(const struct label_record *r, const char *called, struct writer *w)
{
    put_text(w, "<");
    put_text(w, called);
    put_text(w, " xmlns=\"");
    put_span(w, STANAG_SPACE);
    if (r->id[0] != '\0') {
        put_text(w, "\" Id=\"");
        put_xml(w, span_text(r->id));
    }
    if (r->has_review) {
        put_text(w, "\" ReviewDateTime=\"");
        put_time(w, r->review);
    }
    put_text(w, "\">");
}

static err put_succession(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    put_text(w, "<SuccessionHandling>");
    put_time_element(w, "SuccessionDateTime", r->succession);
    put_text(w, "<SuccessorConfidentialityLabel>");
    TRY(put_information(&r->successor, w, p));
    put_text(w, "</SuccessorConfidentialityLabel></SuccessionHandling>");
    return OK;
}

err stanag_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const char *called = root_names[r->kind].name;
    if (!r->has_created) {
        return problem_set(p, FAIL(MALFORMED, "a label of STANAG 4774 says when it was created"), 0,
                           (span){0});
    }
    put_root(r, called, w);
    TRY(put_information(&r->label, w, p));
    if (r->originator_type != ORIGINATOR_NONE) {
        put_text(w, "<OriginatorID IDType=\"");
        put_text(w, originator_type_name(r->originator_type));
        put_text(w, "\">");
        put_xml(w, span_text(r->originator));
        put_text(w, "</OriginatorID>");
    }
    put_time_element(w, "CreationDateTime", r->created);
    if (r->has_successor) {
        TRY(put_succession(r, w, p));
    }
    put_text(w, "</");
    put_text(w, called);
    put_text(w, ">");
    return OK;
}

err stanag_clearance_write(const struct label_clearance *c, struct writer *w,
                           struct form_problem *p)
{
    const struct scheme *s = c->scheme;
    put_text(w, "<ConfidentialityClearance xmlns=\"");
    put_span(w, STANAG_CLEARANCE_SPACE);
    put_text(w, "\" xmlns:slab=\"");
    put_span(w, STANAG_SPACE);
    put_text(w, "\">");
    put_policy(s, "slab:", w);
    put_text(w, "<ClassificationList>");
    for (unsigned k = set_next(c->classes, 0); k < s->class_count;
         k = set_next(c->classes, k + 1)) {
        put_element(w, "slab:", "Classification", s->class[k].name);
    }
    put_text(w, "</ClassificationList>");
    TRY(put_categories(s, &c->categories, "slab:", w, p));
    put_text(w, "</ConfidentialityClearance>");
    return OK;
}
