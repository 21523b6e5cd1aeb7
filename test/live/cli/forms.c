/* SPDX-License-Identifier: Apache-2.0 */
/* Every form to every other, by the real program: what is converted reads back as what it was, and what is not
 * says what would be lost.  Our own values, and others' files where they are at hand. */
#include <dirent.h>
#include <jansson.h>

#include "live/cli/program.h"

#define SEEDS_MAX     512
#define FORMS_MAX     32
#define DATE          "2026-11-22T00:00:00Z"
#define EQUAL_LEAST   90
#define WRITTEN_LEAST 125
#define ALL           "kind,originator,id,created,review,topics,disciplines,authority"

/* ---- what is converted ---- */

/* seed - of: whose a line of a party is, or would be; value: as a stream takes it; own: ours, which is
 * readable */
struct seed {
    const char *from, *of;
    char       *value;
    bool        own;
};
static struct seed seeds[SEEDS_MAX];
static unsigned    seed_count;

static const struct seed ours[] = {
    {"marking", "KOR", (char *)(uintptr_t) "KOR:II of KOR about dprk-missile from radar to JPN,USA",
     1},
    {"marking", "KOR", (char *)(uintptr_t) "KOR:III of KOR about dprk-missile from human", 1},
    {"marking", "USA",
     (char *)(uintptr_t) "USA:SECRET of USA about dprk-missile from radar to JPN,KOR", 1},
    {"marking", "KOR",
     (char *)(uintptr_t) "KOR:II of JPN,KOR about dprk-missile from radar to JPN,USA", 1},
    {"national", "USA", (char *)(uintptr_t) "SECRET//REL TO USA, JPN, KOR", 1},
    {"banner", "USA", (char *)(uintptr_t) "SECRET//REL TO USA, JPN, KOR", 1},
    {"banner", "USA", (char *)(uintptr_t) "TOP SECRET//SI/TK//ORCON/NOFORN", 1},
    {"banner", "USA", (char *)(uintptr_t) "UNCLASSIFIED", 1},
    {"banner", "USA", (char *)(uintptr_t) "//JOINT SECRET GBR USA//REL TO USA, GBR", 1},
    {"banner", "USA", (char *)(uintptr_t) "SECRET//FGI JPN//REL TO USA, JPN", 1},
    {"banner", "USA", (char *)(uintptr_t) "SECRET//SAR-BUTTER POPCORN//NOFORN", 1},
    {"banner", "USA", (char *)(uintptr_t) "SECRET//REL TO USA, JPN/DISPLAY ONLY KOR", 1},
    {"portion", "USA", (char *)(uintptr_t) "(S//REL TO USA, JPN)", 1},
    {"portion", "JPN", (char *)(uintptr_t) "(//JPN S)", 1},
    {"ism-json", "USA",
     (char *)(uintptr_t) "{\"classification\":\"S\",\"ownerProducer\":[\"USA\"],"
                         "\"disseminationControls\":[\"NF\"],\"classifiedBy\":\"an officer\","
                         "\"declassDate\":\"2050-01-01\",\"classificationReason\":\"1.4(c)\"}",
     1},
    {"tlp", NULL, (char *)(uintptr_t) "TLP:AMBER+STRICT", 1},
    {"tlp", NULL, (char *)(uintptr_t) "TLP:RED", 1},
    {"misp", NULL, (char *)(uintptr_t) "tlp:green", 1},
};

/* Others' files by folder; all that ends so */
static const struct {
    const char *folder, *ends, *from;
} folders[] = {
    {"cot/xml", ".cot", "cot"},        {"imagery/nitf", ".ntf", "nitf"},
    {"imagery/nitf", ".nsf", "nitf"},  {"imagery/nitf", ".NTF", "nitf"},
    {"imagery/klv", ".bin", "st0102"}, {"labels/xep-0258", ".xml", "xep-0258"},
    {"labels/ism", ".xml", "ism-xml"}, {"cti/stix21-oasis", ".json", "stix"},
};

static void seed_add(const char *from, const char *of, char *value, bool own)
{
    assert_true(seed_count < SEEDS_MAX);
    seeds[seed_count++] = (struct seed){from, of, value, own};
}

static bool is_binary(const char *form)
{
    return strcmp(form, "nitf") == 0 || strcmp(form, "st0102") == 0 || strcmp(form, "ess") == 0;
}

/* A file of up to 256 KiB, as text or as hexadecimal digits; a larger one is left to the vectors' own tests */
static void seed_file(const char *path, const char *from)
{
    static uint8_t bytes[1 << 18];
    FILE          *f = fopen(path, "r");
    assert_non_null(f);
    size_t len = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    if (len == sizeof bytes) {
        return;
    }
    char *value = calloc(1, 2 * len + 1);
    assert_non_null(value);
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(value + (is_binary(from) ? 2 * i : i), 3, is_binary(from) ? "%02x" : "%c",
                       bytes[i]);
    }
    seed_add(from, "USA", value, false);
}

/* Others' lists of values: a member of each object of an array */
static const struct {
    const char *file, *list, *member, *from;
} lists[] = {
    {"labels/us-markings/alliance-banner-vectors.json", "vectors", "markings", "banner"},
    {"labels/us-markings/alliance-portion-vectors.json", "vectors", "markings", "portion"},
    {"labels/xep-0258/ess-labels.json", "labels", "der_hex", "ess"},
    {"imagery/klv/st0102-vectors.json", "vectors", "hex", "st0102"},
};

static void seeds_listed(const char *data)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char    path[PATH_ROOM];
        size_t  k;
        json_t *one;
        (void)snprintf(path, sizeof path, "%s/%s", data, lists[i].file);
        json_t *root = json_load_file(path, 0, NULL);
        json_array_foreach(json_object_get(root, lists[i].list), k, one)
        {
            const char *text = json_string_value(json_object_get(one, lists[i].member));
            if (text != NULL) {
                bool  bare = strcmp(lists[i].from, "portion") == 0;
                char *value = NULL;
                assert_true(asprintf(&value, bare ? "(%s)" : "%s", text) > 0);
                seed_add(lists[i].from, "USA", value, false);
            }
        }
        json_decref(root);
    }
}

static void seeds_gather(void)
{
    const char *data = getenv("ACCORD_VECTORS");
    if (data != NULL) {
        seeds_listed(data);
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        seed_add(ours[i].from, ours[i].of, strdup(ours[i].value), true);
    }
    for (size_t i = 0; data != NULL && i < sizeof folders / sizeof folders[0]; i++) {
        char            path[PATH_ROOM];
        struct dirent **list = NULL;
        (void)snprintf(path, sizeof path, "%s/%s", data, folders[i].folder);
        int count = scandir(path, &list, NULL, alphasort);
        for (int k = 0; k < count; k++) {
            size_t len = strlen(list[k]->d_name), end = strlen(folders[i].ends);
            char   file[2 * PATH_ROOM];
            (void)snprintf(file, sizeof file, "%s/%s", path, list[k]->d_name);
            if (len > end && strcmp(list[k]->d_name + len - end, folders[i].ends) == 0) {
                seed_file(file, folders[i].from);
            }
            free(list[k]);
        }
        free((void *)list);
    }
}

/* ---- the program ---- */

/* What may be said beside a line that has a use for it, and for all of them */
#define SAID "--created", DATE, "--topics", "dprk-missile", "--disciplines", "radar"

/* One answer for each line, in order */
static json_t *answers_of(json_t *lines, const char *const words[])
{
    static char  *text;
    static size_t max;
    FILE         *in = scratch(), *out = scratch();
    json_t       *answers = json_array();
    for (size_t i = 0; i < json_array_size(lines); i++) {
        assert_int_equal(json_dumpf(json_array_get(lines, i), in, JSON_COMPACT), 0);
        (void)fputc('\n', in);
    }
    struct ran ran = program_run(words, in, out);
    assert_true(ran.status == 0 || ran.status == 1);
    while (getline(&text, &max, out) > 0) {
        json_t *answer = json_loads(text, 0, NULL);
        assert_non_null(answer);
        (void)json_array_append_new(answers, answer);
    }
    assert_int_equal(json_array_size(answers), json_array_size(lines));
    (void)fclose(in);
    (void)fclose(out);
    json_decref(lines);
    return answers;
}

static const char *const alone[] = {"marking", "convert", "--lines", NULL};

static const char *text_of(json_t *answers, size_t i)
{
    json_t *a = json_array_get(answers, i);
    json_t *hex = json_object_get(a, "hex");
    return json_string_value(hex != NULL ? hex : json_object_get(a, "text"));
}

static json_t *line_of(const char *from, const char *of, const char *value, const char *to)
{
    json_t *o = json_pack("{s:s, s:s, s:s}", "from", from, "to", to, "value", value);
    assert_non_null(o);
    if (of != NULL && strcmp(from, "national") == 0) {
        (void)json_object_set_new(o, "of", json_string(of));
        (void)json_object_set_new(o, "topics", json_string("dprk-missile"));
        (void)json_object_set_new(o, "disciplines", json_string("radar"));
    }
    return o;
}

static char     forms[FORMS_MAX][32];
static unsigned form_count;

/* All that are written */
static void forms_gather(void)
{
    FILE      *in = scratch(), *out = scratch();
    struct ran ran = program_run((const char *const[]){"marking", "forms", NULL}, in, out);
    char       line[256];
    assert_int_equal(ran.status, 0);
    while (fgets(line, sizeof line, out) != NULL) {
        assert_true(form_count < FORMS_MAX && sscanf(line, "%31s", forms[form_count]) == 1);
        bool read_only = strncmp(line, "spiffy ", 7) == 0 || strncmp(line, "ess-xer ", 8) == 0;
        form_count += read_only ? 0 : 1;
    }
    (void)fclose(in);
    (void)fclose(out);
}

/* ---- the matrix ---- */

static const char *first_of(const struct seed *s, json_t *answers, unsigned at)
{
    for (unsigned f = 0; f < form_count; f++) {
        if (strcmp(forms[f], s->from) == 0) {
            return text_of(answers, at + f);
        }
    }
    return NULL;
}

static void told(const struct seed *s, const char *to, json_t *answer)
{
    char *text = json_dumps(answer, JSON_COMPACT);
    print_message("%s to %s: %.60s: %.400s\n", s->from, to, s->value, text);
    free(text);
}

/* A refusal is a sentence, and never an accident */
static bool refused_well(json_t *answer)
{
    static const char *const codes[] = {"malformed", "unknown", "limit", "denied"};
    const char              *code = json_string_value(json_object_get(answer, "code"));
    const char              *why = json_string_value(json_object_get(answer, "error"));
    for (size_t i = 0; code != NULL && i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i], code) == 0) {
            return why != NULL && strchr(why, ' ') != NULL;
        }
    }
    return false;
}

/* Without a word on what may be lost or is to be added: there and back is where it came from */
static void what_is_converted_comes_back(void **state)
{
    json_t  *there = json_array(), *back = json_array();
    unsigned readable = 0, pairs = 0, equal = 0, refused = 0, bad = 0;
    (void)state;
    for (unsigned i = 0; i < seed_count; i++) {
        for (unsigned f = 0; f < form_count; f++) {
            (void)json_array_append_new(
                there, line_of(seeds[i].from, seeds[i].of, seeds[i].value, forms[f]));
        }
    }
    there = answers_of(there, alone);
    for (unsigned i = 0; i < seed_count; i++) {
        for (unsigned f = 0; f < form_count; f++) {
            const char *text = text_of(there, i * form_count + f);
            json_t     *o = line_of(forms[f], seeds[i].of, text == NULL ? "" : text, seeds[i].from);
            if (strcmp(seeds[i].from, "national") == 0) { /* what was added goes again */
                (void)json_object_set_new(o, "leave-out", json_string("topics,disciplines"));
            }
            (void)json_array_append_new(back, o);
        }
    }
    back = answers_of(back, alone);
    for (unsigned i = 0; i < seed_count; i++) {
        const char *same = first_of(&seeds[i], there, i * form_count);
        if (same == NULL && seeds[i].own) {
            told(&seeds[i], seeds[i].from, json_array_get(there, i * form_count));
            bad++;
        }
        readable += same != NULL ? 1 : 0;
        for (unsigned f = 0; f < form_count && same != NULL; f++) {
            unsigned    at = i * form_count + f;
            const char *came = text_of(back, at);
            bool        went = text_of(there, at) != NULL;
            bool        good = went ? came != NULL && strcmp(came, same) == 0
                                    : refused_well(json_array_get(there, at));
            pairs++;
            equal += went && good ? 1 : 0;
            refused += !went && good ? 1 : 0;
            bad += good ? 0 : 1;
            if (!good) {
                told(&seeds[i], forms[f], json_array_get(went ? back : there, at));
            }
        }
    }
    print_message("# %u of %u values are read; of %u pairs %u come back equal, %u are refused\n",
                  readable, seed_count, pairs, equal, refused);
    assert_int_equal(bad, 0);
    assert_true(equal >= EQUAL_LEAST);
    json_decref(there);
    json_decref(back);
}

/* With all that may be said beside it: what is written reads as what was written */
static void what_is_written_is_read(void **state)
{
    json_t  *there = json_array(), *again = json_array();
    unsigned written = 0, bad = 0;
    (void)state;
    for (unsigned i = 0; i < seed_count; i++) {
        for (unsigned f = 0; f < form_count; f++) {
            json_t *o = line_of(seeds[i].from, seeds[i].of, seeds[i].value, forms[f]);
            (void)json_array_append_new(there, o);
        }
    }
    there = answers_of(there, (const char *const[]){"marking", "convert", "--lines", "--leave-out",
                                                    ALL, SAID, NULL});
    for (unsigned at = 0; at < seed_count * form_count; at++) {
        const char *text = text_of(there, at), *form = forms[at % form_count];
        json_t     *o = line_of(form, seeds[at / form_count].of, text == NULL ? "" : text, form);
        (void)json_array_append_new(again, o);
    }
    again =
        answers_of(again, (const char *const[]){"marking", "convert", "--lines", "--topics",
                                                "dprk-missile", "--disciplines", "radar", NULL});
    for (unsigned at = 0; at < seed_count * form_count; at++) {
        const char *text = text_of(there, at), *same = text_of(again, at);
        written += text != NULL ? 1 : 0;
        if (text != NULL && (same == NULL || strcmp(same, text) != 0)) {
            bad++;
            told(&seeds[at / form_count], forms[at % form_count], json_array_get(again, at));
        }
    }
    print_message("# %u are written when all that may be lost is let go, and read as written\n",
                  written);
    assert_int_equal(bad, 0);
    assert_true(written >= WRITTEN_LEAST);
    json_decref(there);
    json_decref(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_converted_comes_back),
        cmocka_unit_test(what_is_written_is_read),
    };
    forms_gather();
    seeds_gather();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
