/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
/* A label of STANAG 4774 in XML, of the size that labels have, to the guard's marking: read, valid, converted.
 * Under Korea's policy; with NATO's, where the vectors are, up to the label that is valid. */
#include "form/form.h"
#include "label/hub.h"
#include "spif/spif.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 1000000

static uint8_t            file[SPIF_MAX];
static struct catalog     catalog;
static struct policies    policies;
static struct form_reader reader;

/* This process's own time, so that what else runs here does not count */
static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void policy_open(const char *path, bool needed)
{
    struct spif_problem problem;
    struct scheme      *s = NULL;
    FILE               *f = fopen(path, "rb");
    size_t              len = f == NULL ? 0 : fread(file, 1, sizeof file, f);
    if (f != NULL) {
        (void)fclose(f);
    }
    if (len == 0 && !needed) {
        return;
    }
    if (err_is(spif_scheme((span){file, len}, &s, NULL)) || err_is(catalog_add(&catalog, s)) ||
        (needed && err_is(spif_read((span){file, len}, &policies, &problem)))) {
        fprintf(stderr, "%s: no policy\n", path);
        exit(1);
    }
}

static unsigned run(span xml, bool hub)
{
    const struct form  *f = form_find(SPAN_LIT("stanag4774"));
    struct label_record r;
    struct label_faults faults;
    struct label_loss   loss;
    struct marking      m;
    unsigned            good = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        good += !err_is(form_read(f, &reader, xml, &r)) && label_valid(&r.label, &faults) &&
                (!hub || !err_is(label_marking(&policies, &r.label, 1, &m, &loss)));
    }
    return good;
}

static void measure(const char *what, span xml, bool hub)
{
    double   began = now_s();
    unsigned good = run(xml, hub);
    printf("{\"what\": \"%s\", \"bytes\": %zu, \"per_s\": %.0f, \"good\": %.2f}\n", what, xml.len,
           ROUNDS / (now_s() - began), (double)good / ROUNDS);
    if (good == 0) {
        fprintf(stderr, "line %u: %s: %s\n", reader.problem.line, reader.problem.why,
                reader.problem.value);
    }
}

#define HEAD                                                                                       \
    "<originatorConfidentialityLabel "                                                             \
    "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\" "                             \
    "ReviewDateTime=\"2031-11-23T00:00:00Z\">\n  <ConfidentialityInformation>\n"
#define TAIL                                                                                       \
    "  </ConfidentialityInformation>\n"                                                            \
    "  <CreationDateTime>2026-11-22T00:00:00Z</CreationDateTime>\n"                                \
    "</originatorConfidentialityLabel>\n"
#define CATEGORY(set, type, value)                                                                 \
    "    <Category TagName=\"" set "\" Type=\"" type "\"><GenericValue>" value                     \
    "</GenericValue></Category>\n"

static const char korean[] =
    HEAD "    <PolicyIdentifier>KOR</PolicyIdentifier>\n    "
         "<Classification>II</Classification>\n" CATEGORY("Releasable To", "PERMISSIVE", "JPN")
             CATEGORY("Topic", "RESTRICTIVE", "dprk-missile")
                 CATEGORY("Discipline", "RESTRICTIVE", "radar") TAIL;

static const char natos[] = HEAD
    "    <PolicyIdentifier URI=\"urn:oid:1.3.26.1.3.1\">NATO</PolicyIdentifier>\n"
    "    <Classification>RESTRICTED</Classification>\n"
    "    <Category TagName=\"Context\" Type=\"PERMISSIVE\"><GenericValue>NATO</GenericValue>"
    "<GenericValue>Releasable</GenericValue></Category>\n"
    "    <Category TagName=\"Releasable To\" Type=\"PERMISSIVE\"><GenericValue>JPN</GenericValue>"
    "<GenericValue>KOR</GenericValue></Category>\n" TAIL;

int main(void)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        nato[512];
    (void)snprintf(nato, sizeof nato, "%s/labels/spiffing/nato-4774-policy.xml",
                   base != NULL ? base : "../shared/data");
    policy_open("policies/KOR.xml", true);
    policy_open(nato, false);
    form_reader_init(&reader, &catalog, false);
    measure("4774 XML to marking", span_text(korean), true);
    if (catalog.count > 1) {
        measure("4774 XML to a valid label, NATO", span_text(natos), false);
    }
    return 0;
}
