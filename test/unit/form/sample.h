/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_FORM_SAMPLE_H
#define TEST_FORM_SAMPLE_H

#include <stdlib.h>

#include "form/form.h"
#include "unit/spif/files.h"

/* A policy with a tag of every type, privacy marks, and letters that XML and JSON must escape */
static const char sample_spif[] =
    "<SPIF xmlns=\"http://www.xmlspif.org/spif\" schemaVersion=\"2.1\" version=\"1\""
    " creationDate=\"20261122000000Z\" originatorDN=\"CN=Sample\" keyIdentifier=\"\""
    " privilegeId=\"2.16.840.1.101.2.1.8.3\" rbacId=\"2.16.840.1.101.2.1.8.3\">"
    "<securityPolicyId name=\"SAMPLE\" id=\"1.1\"/>"
    "<securityClassifications>"
    "<securityClassification name=\"UNCLASSIFIED\" lacv=\"1\" hierarchy=\"1\" color=\"green\"/>"
    "<securityClassification name=\"RESTRICTED\" lacv=\"2\" hierarchy=\"2\"/>"
    "<securityClassification name=\"CONFIDENTIAL\" lacv=\"3\" hierarchy=\"3\"/>"
    "<securityClassification name=\"SECRET\" lacv=\"4\" hierarchy=\"4\" color=\"red\"/>"
    "<securityClassification name=\"TOP SECRET\" lacv=\"250\" hierarchy=\"5\"/>"
    "</securityClassifications>"
    "<securityCategoryTagSets>"
    "<securityCategoryTagSet name=\"Releasable To\" id=\"1.1.1\">"
    "<securityCategoryTag name=\"Nations\" tagType=\"enumerated\" enumType=\"permissive\">"
    "<tagCategory name=\"KOR\" lacv=\"410\"/><tagCategory name=\"JPN\" lacv=\"392\"/>"
    "<tagCategory name=\"USA\" lacv=\"840\"/></securityCategoryTag>"
    "<securityCategoryTag name=\"Groups\" tagType=\"permissive\">"
    "<tagCategory name=\"NATO\" lacv=\"0\"/><tagCategory name=\"A &amp; &quot;B&quot; &lt;C&gt;\" "
    "lacv=\"9\"/>"
    "</securityCategoryTag></securityCategoryTagSet>"
    "<securityCategoryTagSet name=\"Sensitivity\" id=\"1.1.2\">"
    "<securityCategoryTag name=\"Bits\" tagType=\"restrictive\">"
    "<tagCategory name=\"ATOMAL\" lacv=\"3\"/><tagCategory name=\"CRYPTO\" "
    "lacv=\"17\"/></securityCategoryTag>"
    "<securityCategoryTag name=\"Numbers\" tagType=\"enumerated\" enumType=\"restrictive\">"
    "<tagCategory name=\"BOHEMIA\" lacv=\"70000\"/><tagCategory name=\"SIOP\" lacv=\"128\"/>"
    "<tagCategory name=\"Élan 특정\" lacv=\"127\"/></securityCategoryTag></securityCategoryTagSet>"
    "<securityCategoryTagSet name=\"Administrative\" "
    "id=\"2.25.147695777703673308978538883565360363509.3\">"
    "<securityCategoryTag name=\"Bits\" tagType=\"tagType7\" tag7Encoding=\"bitSetAttributes\">"
    "<tagCategory name=\"STAFF\" lacv=\"0\"/><tagCategory name=\"MEDICAL\" "
    "lacv=\"8\"/></securityCategoryTag>"
    "</securityCategoryTagSet>"
    "<securityCategoryTagSet name=\"Notes\" id=\"1.1.4\">"
    "<securityCategoryTag name=\"Numbers\" tagType=\"tagType7\" "
    "tag7Encoding=\"securityAttributes\">"
    "<tagCategory name=\"DRAFT\" lacv=\"0\"/><tagCategory name=\"COPY\" "
    "lacv=\"300\"/></securityCategoryTag>"
    "</securityCategoryTagSet></securityCategoryTagSets>"
    "<privacyMarks><privacyMark name=\"IN CONFIDENCE\"/><privacyMark name=\"人事 &amp; "
    "staff\"/></privacyMarks>"
    "</SPIF>";

/* What the tests read under: our own, those that we ship, and NATO's where it is there.  Made once. */
static inline const struct catalog *sample_catalog(void)
{
    static struct catalog    all;
    static uint8_t           file[SPIF_MAX];
    static const char *const shipped[] = {"policies/KOR.xml", "policies/JPN.xml",
                                          "policies/USA.xml", "policies/labels/TLP.xml"};
    struct scheme_problems   problems;
    struct scheme           *s = NULL;
    char                     nato[512];
    const char              *base = getenv("ACCORD_VECTORS");
    if (all.count > 0) {
        return &all;
    }
    err e = spif_scheme(span_text(sample_spif), &s, &problems);
    if (err_is(e)) {
        fprintf(stderr, "%u: %s %s\n", problems.problem[0].line, problems.problem[0].why,
                problems.problem[0].value);
    }
    MUST(!err_is(e) && !err_is(catalog_add(&all, s)));
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
        MUST(!err_is(spif_scheme(file_of(shipped[i], file, sizeof file), &s, &problems)));
        MUST(!err_is(catalog_add(&all, s)));
    }
    (void)snprintf(nato, sizeof nato, "%s/labels/spiffing/nato-4774-policy.xml",
                   base != NULL ? base : "../shared/data");
    span xml = file_of(nato, file, sizeof file);
    if (xml.len > 0) {
        MUST(!err_is(spif_scheme(xml, &s, &problems)) && !err_is(catalog_add(&all, s)));
    }
    return &all;
}

static inline const struct scheme *sample_scheme(const char *called)
{
    const struct catalog_entry *e =
        catalog_by_name(sample_catalog(), span_text(called), CASE_EXACT);
    return e == NULL ? NULL : e->scheme;
}

static inline void sample_put(struct label *l, const char *set, enum tag_type like,
                              const char *value)
{
    uint16_t s = scheme_set_by_name(l->scheme, span_text(set));
    uint16_t c = s == SCHEME_NONE ? SCHEME_NONE
                                  : scheme_category_by_name(l->scheme, s, like, span_text(value));
    MUST(c != SCHEME_NONE);
    category_put(&l->categories, c);
}

static inline bool labels_equal(const struct label *a, const struct label *b)
{
    return a->scheme == b->scheme && a->class == b->class && a->privacy == b->privacy &&
           memcmp(&a->categories, &b->categories, sizeof a->categories) == 0 &&
           memcmp(a->nobody, b->nobody, sizeof a->nobody) == 0;
}

static inline bool records_equal(const struct label_record *a, const struct label_record *b)
{
    return labels_equal(&a->label, &b->label) && a->kind == b->kind &&
           a->originator_type == b->originator_type && strcmp(a->originator, b->originator) == 0 &&
           strcmp(a->id, b->id) == 0 && a->has_created == b->has_created &&
           a->has_review == b->has_review && a->has_successor == b->has_successor &&
           (!a->has_created || a->created == b->created) &&
           (!a->has_review || a->review == b->review) &&
           (!a->has_successor ||
            (a->succession == b->succession && labels_equal(&a->successor, &b->successor)));
}

#endif
