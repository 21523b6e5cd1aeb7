/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "cmocka_all.h"
#include "form/stix.h"
#include "unit/form/sample.h"

/* STIX 2.1 bundles of others: $ACCORD_VECTORS/cti, and MISP's TLP taxonomy */

static struct form_reader reader;
static uint8_t            file[1 << 24];

static span vector_of(const char *called)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/%s", base != NULL ? base : "../shared/data", called);
    return file_of(path, file, sizeof file);
}

/* What using-granular-markings.json says, in its order */
static const struct {
    const char *object, *selector, *class;
} granular[] = {
    {"identity--b38dfe21-7477-40d1-aa90-5c8671ce51ca", "", NULL},
    {"threat-actor--8b6297fe-cae7-47c6-9256-5584b417849c", "", "RED"},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "", NULL},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "description", "RED"},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "indicator_types.[1]", "AMBER"},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "indicator_types.[0]", "GREEN"},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "name", "GREEN"},
    {"indicator--1ed8caa7-a708-4706-b651-f1186ede6ca1", "pattern", "GREEN"},
    {"relationship--3d1dd3cc-eb47-4704-9c77-ceff2971b95c", "", "RED"},
};

struct tally {
    unsigned told, held, marked;
};

static void compare(void *context, const struct stix_portion *p)
{
    struct tally *t = context;
    unsigned      i = t->told++;
    assert_true(i < ARRAY_LEN(granular));
    bool class =
        granular[i].class == NULL
            ? !p->marked
            : p->marked && span_is(p->label.scheme->class[p->label.class].name, granular[i].class);
    t->held += class && span_is(p->object, granular[i].object) &&
               span_is(p->selector, granular[i].selector);
}

static void count(void *context, const struct stix_portion *p)
{
    struct tally *t = context;
    t->told++;
    t->marked += p->marked;
}

static void granular_markings_are_found(void **state)
{
    (void)state;
    struct tally t = {0};
    span         text = vector_of("cti/stix21-oasis/using-granular-markings.json");
    form_reader_init(&reader, sample_catalog(), false);
    if (text.len == 0) {
        print_message("0 of 0 granular markings: skipped, no vectors here\n");
        return;
    }
    err e = stix_portions(&reader, text, compare, &t);
    print_message("%u of %zu portions of using-granular-markings.json hold\n", t.held,
                  ARRAY_LEN(granular));
    assert_false(err_is(e));
    assert_int_equal(t.held, ARRAY_LEN(granular));
}

/* A file, and NULL or the sentence of the refusal that it deserves */
static const struct {
    const char *file, *why;
} bundles[] = {
    {"cti/stix21-oasis/apt1.json", NULL},
    {"cti/stix21-oasis/indicator-for-c2-ip-address.json", NULL},
    {"cti/stix21-oasis/indicator-to-campaign-relationship.json", NULL},
    {"cti/stix21-oasis/indicators-for-C2-with-COA.json", NULL},
    {"cti/stix21-oasis/infrastructure.json", NULL},
    {"cti/stix21-oasis/interop-objectmarking-test.json", "neither the bundle nor STIX"},
    {"cti/misp-stix/test_event1_stix21.json", NULL},
    {"cti/misp-stix/test_attributes_collection_stix21.json", NULL},
    {"cti/misp-stix/test_events_collection_stix21.json", NULL},
};

static void bundles_are_read(void **state)
{
    (void)state;
    unsigned good = 0, files = 0;
    for (size_t i = 0; i < ARRAY_LEN(bundles); i++) {
        struct tally t = {0};
        span         text = vector_of(bundles[i].file);
        if (text.len == 0) {
            continue;
        }
        files++;
        err e = stix_portions(&reader, text, count, &t);
        print_message("%s: %u portions, %u marked %s %s\n", bundles[i].file, t.told, t.marked,
                      err_is(e) ? reader.problem.why : "", reader.problem.value);
        good += bundles[i].why == NULL
                    ? !err_is(e)
                    : err_is(e) && strstr(reader.problem.why, bundles[i].why) != NULL;
        assert_true(!err_is(e) || t.told == 0);
    }
    print_message("%u of %u bundles are read or refused as they should%s\n", good, files,
                  files == 0 ? ": skipped, no vectors here" : "");
    assert_int_equal(good, files);
}

/* Each marking definition among the objects, and what it says or why it is refused */
static void definitions_of(json_t *objects, unsigned *read, unsigned *all)
{
    json_t *o;
    size_t  i;
    json_array_foreach(objects, i, o)
    {
        struct label_record r;
        const char         *type = json_string_value(json_object_get(o, "type"));
        if (type == NULL || strcmp(type, "marking-definition") != 0) {
            continue;
        }
        char *text = json_dumps(o, JSON_COMPACT);
        bool  good = !err_is(form_read(form_find(SPAN_LIT("stix")), &reader, span_text(text), &r));
        if (good) {
            print_message("  %s: " SPAN_FMT "\n", json_string_value(json_object_get(o, "id")),
                          SPAN_ARG(r.label.scheme->class[r.label.class].name));
        } else {
            print_message("  %s: %s\n", json_string_value(json_object_get(o, "id")),
                          reader.problem.why);
        }
        *read += good;
        ++*all;
        free(text);
    }
}

static void definitions_are_read(void **state)
{
    (void)state;
    static const char *const more[] = {"cti/stix21-oasis/using-granular-markings.json",
                                       "cti/unit42-dprk/crooked-pisces.json"};
    unsigned                 read = 0, all = 0;
    for (size_t i = 0; i < ARRAY_LEN(bundles) + ARRAY_LEN(more); i++) {
        span text =
            vector_of(i < ARRAY_LEN(bundles) ? bundles[i].file : more[i - ARRAY_LEN(bundles)]);
        json_t *root = json_loadb((const char *)text.ptr, text.len, 0, NULL);
        definitions_of(json_object_get(root, "objects"), &read, &all);
        json_decref(root);
    }
    print_message("%u of %u marking definitions are read\n", read, all);
    assert_int_equal(read, all);
}

/* ex:chr and unclear are MISP's own, no colours of TLP: refused */
static void tags_of_misp_are_read(void **state)
{
    (void)state;
    span     text = vector_of("labels/misp-taxonomies/tlp.json");
    unsigned read = 0, refused = 0;
    json_t  *root = json_loadb((const char *)text.ptr, text.len, 0, NULL), *v;
    size_t   i;
    json_array_foreach(json_object_get(root, "predicates"), i, v)
    {
        char                tag[64];
        struct label_record r;
        (void)snprintf(tag, sizeof tag, "tlp:%s", json_string_value(json_object_get(v, "value")));
        bool colour = strcmp(tag, "tlp:ex:chr") != 0 && strcmp(tag, "tlp:unclear") != 0;
        bool good = !err_is(form_read(form_find(SPAN_LIT("misp")), &reader, span_text(tag), &r));
        assert_true(good == colour);
        read += good;
        refused += !good;
    }
    print_message("%u of %u tags of MISP are colours of TLP%s\n", read, read + refused,
                  root == NULL ? ": skipped, no vectors here" : "; ex:chr and unclear are not");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(granular_markings_are_found),
        cmocka_unit_test(bundles_are_read),
        cmocka_unit_test(definitions_are_read),
        cmocka_unit_test(tags_of_misp_are_read),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
