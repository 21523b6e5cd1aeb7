/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/nitf.h"
#include "ismform/st0102.h"
#include "ismform/xml.h"
#include "unit/ismform/sample.h"
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>

/* Other people's files: $ACCORD_VECTORS, else ../shared/data beside the checkout */
static char    folder[4096];
static uint8_t bytes[4 << 20];

static DIR *folder_open(const char *below)
{
    const char *root = getenv("ACCORD_VECTORS");
    (void)snprintf(folder, sizeof folder, "%s/%s", root != NULL ? root : "../shared/data", below);
    DIR *d = opendir(folder);
    if (d == NULL) {
        print_message("%s: skipped, no vectors here\n", folder);
    }
    return d;
}

static span file_read(const char *file)
{
    char path[8192];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(bytes, 1, sizeof bytes, f);
    assert_true(len < sizeof bytes);
    (void)fclose(f);
    return (span){bytes, len};
}

static const char *next_of(DIR *d, const char *end)
{
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        size_t len = strlen(e->d_name), tail = strlen(end);
        if (len > tail && strcmp(e->d_name + len - tail, end) == 0) {
            return e->d_name;
        }
    }
    return NULL;
}

static void tell(const char *file, err e, const struct ismform_problem *p)
{
    print_message("  %s: %s; line %u, byte %zu, %s '%s': %s\n", file,
                  p->fault.rule != NULL ? p->fault.rule : "", p->line, p->at,
                  p->fault.name != NULL ? p->fault.name : "", p->fault.value, e.why);
}

/* Of the DDMS cards each marking is read, but in the one that is bad on purpose */
static void ism_documents(void **state)
{
    (void)state;
    DIR     *d = folder_open("labels/ism");
    unsigned count = 0, walked = 0, single = 0, markings = 0;
    if (d == NULL) {
        skip();
    }
    for (const char *file = next_of(d, ".xml"); file != NULL; file = next_of(d, ".xml")) {
        struct ism             m;
        struct ism_xml_facts   facts = {0};
        struct ismform_problem p;
        span                   xml = file_read(file);
        err                    e = ism_xml_walk(sample_groups(), xml, NULL, NULL, &facts, &p);
        bool                   bad = strcmp(file, "3.0-invalidResourceExample.xml") == 0;
        count++;
        if (err_is(e)) {
            tell(file, e, &p); /* its owners come before the level that was meant to be wrong */
        }
        assert_true(err_is(e) == bad);
        walked += err_is(e) ? 0 : 1;
        markings += (unsigned)facts.markings;
        e = ism_xml_read(sample_groups(), xml, &m, &p);
        single += err_is(e) ? 0 : 1;
        if (err_is(e) && !bad) {
            tell(file, e, &p);
        }
    }
    (void)closedir(d);
    print_message("labels/ism: every marking read in %u of %u files (%u markings); one marking of "
                  "the whole in %u\n",
                  walked, count, markings, single);
    assert_true(walked + 1 == count && single > 0);
}

static void cot_events(void **state)
{
    (void)state;
    DIR     *d = folder_open("cot/xml");
    unsigned count = 0, unsaid = 0;
    if (d == NULL) {
        skip();
    }
    for (const char *file = next_of(d, ".cot"); file != NULL; file = next_of(d, ".cot")) {
        struct ism             m;
        struct ismform_problem p;
        err                    e =
            ismform_read(ismform_find(SPAN_LIT("cot")), sample_groups(), file_read(file), &m, &p);
        count++;
        assert_true(err_is(e));
        tell(file, e, &p);
        unsaid += strcmp(p.fault.rule, "UNSAID") == 0 ? 1 : 0;
    }
    (void)closedir(d);
    print_message("cot: %u of %u events say no classification, and may go to nobody\n", unsaid,
                  count);
    assert_true(unsaid > 0);
}

/* decoded - what GDAL says of one file, and how many of our fields are the same */
struct decoded {
    const json_t *said;
    unsigned      fields, same;
};

static err part_compare(void *to, const struct nitf_part *part)
{
    struct decoded   *d = to;
    struct nitf_block b;
    nitf_block_of(part->block, &b);
    if (part->letter != 'F' && (part->letter != 'I' || part->index > 0)) {
        return OK;
    }
    for (unsigned f = 0; f < NITF_FIELD_COUNT; f++) {
        char key[32];
        (void)snprintf(key, sizeof key, "NITF_%c%s", part->letter, nitf_names[f]);
        const char *expected = json_string_value(json_object_get(d->said, key));
        if (expected == NULL) {
            continue; /* GDAL tells of an image only when it opens it */
        }
        size_t len = strlen(expected);
        while (len > 0 && expected[len - 1] == ' ') {
            len--;
        }
        d->fields++;
        d->same += span_equal(b.field[f], (span){(const uint8_t *)expected, len}) ? 1 : 0;
    }
    return OK;
}

static void nitf_files(void **state)
{
    (void)state;
    static const char end[] = ".gdalinfo.json";
    DIR              *d = folder_open("imagery/nitf/expected");
    unsigned          count = 0, walked = 0, fields = 0, same = 0, read = 0;
    if (d == NULL) {
        skip();
    }
    for (const char *file = next_of(d, end); file != NULL; file = next_of(d, end)) {
        char                   path[8192], image[512];
        struct ismform_problem p = {0};
        struct ism             m;
        (void)snprintf(path, sizeof path, "%s/%s", folder, file);
        json_t *all = json_load_file(path, 0, NULL);
        assert_non_null(all);
        struct decoded it = {.said = json_object_get(json_object_get(all, "metadata"), "")};
        (void)snprintf(image, sizeof image, "../%.*s", (int)(strlen(file) - strlen(end)), file);
        span in = file_read(image);
        err  e = nitf_walk(in, part_compare, &it, &p);
        count++;
        if (err_is(e)) {
            tell(image, e, &p);
        }
        walked += err_is(e) ? 0 : 1;
        fields += it.fields;
        same += it.same;
        e = ismform_read(ismform_find(SPAN_LIT("nitf")), sample_groups(), in, &m, &p);
        if (err_is(e)) {
            tell(image, e, &p);
        }
        read += err_is(e) ? 0 : 1;
        json_decref(all);
    }
    (void)closedir(d);
    print_message("imagery/nitf: fields found in %u of %u files; %u of %u fields as GDAL has them; "
                  "%u say a marking\n",
                  walked, count, same, fields, read);
    assert_true(walked > 0 && fields > 0);
    assert_int_equal(same, fields);
}

static size_t hex_read(const char *hex, uint8_t *out)
{
    size_t len = strlen(hex) / 2;
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        out[i] = (uint8_t)byte;
    }
    return len;
}

static void set_is(const char *file, span in, const char *expected)
{
    const char *said = said_by("st0102", in);
    print_message("  %s: %s\n", file, said);
    assert_string_equal(said, expected);
}

/* The message of XEP-0258 whose label is of the US register; the others are in test/vectors/form */
static void the_stanza_is_read(void **state)
{
    (void)state;
    DIR *d = folder_open("labels/xep-0258");
    if (d == NULL) {
        skip();
    }
    (void)closedir(d);
    const char *said = said_by("xep-0258-ism", file_read("message-icism.xml"));
    print_message("1 of 1 message with an icismlabel: %s\n", said);
    assert_string_equal(said, "SECRET");
}

static void klv_sets(void **state)
{
    (void)state;
    uint8_t set[256];
    DIR    *d = folder_open("imagery/klv");
    if (d == NULL) {
        skip();
    }
    (void)closedir(d);
    char path[8192];
    (void)snprintf(path, sizeof path, "%s/st0102-vectors.json", folder);
    json_t *all = json_load_file(path, 0, NULL), *each = json_object_get(all, "vectors");
    for (size_t i = 0; i < json_array_size(each); i++) {
        const json_t *one = json_array_get(each, i);
        size_t        len = hex_read(json_string_value(json_object_get(one, "hex")), set);
        set_is(json_string_value(json_object_get(one, "id")), (span){set, len}, "UNCLASSIFIED");
    }
    json_decref(all);
    /* The document's packet has a checksum that is not its sum, so only the set in it can be taken */
    span packet = file_read("DynamicConstantMISMMSPacketData.bin");
    set_is("ST 0902 annex C, packet", packet, "KLV-CHECKSUM");
    set_is("ST 0902 annex C, item 48", (span){packet.ptr + 0x9b, 30}, "UNCLASSIFIED");
    span pes = file_read("flir-skyranger-2022-pes-klv-packet.bin");
    /* The packet stands behind the header of its PES; its classifying country is empty */
    set_is("SkyRanger", (span){pes.ptr + 9, pes.len - 9}, "ST0102-MISSING");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ism_documents), cmocka_unit_test(cot_events),
        cmocka_unit_test(nitf_files),    cmocka_unit_test(the_stanza_is_read),
        cmocka_unit_test(klv_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
