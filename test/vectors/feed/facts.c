/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/facts.h"

#include <jansson.h>
#include <math.h>

#include "cmocka_all.h"
#include "vectors.h"

static struct facts facts;
static json_t      *tests, *sites, *missiles;

static json_t *load(const char *folder, const char *file)
{
    char         path[2048];
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    json_t *root = json_load_file(path, 0, &error);
    assert_non_null(root);
    return root;
}

/* The source writes some of its figures as text. */
static bool number_is(json_t *value, double want)
{
    const char *text = json_string_value(value);
    char       *end = NULL;
    double      number = text == NULL ? json_number_value(value) : strtod(text, &end);
    bool        given = text == NULL ? json_is_number(value) : end != text && *end == '\0';
    return given && fabs(number - want) < 1e-9;
}

static bool same_launch(json_t *test, const struct launch *l)
{
    uint8_t       buf[32];
    struct writer w = WRITER_OF(buf);
    put_instant(&w, l->at);
    span        day = {buf, 10};
    span        minute = {buf + 11, 5};
    const char *date = json_string_value(json_object_get(test, "date"));
    const char *time = json_string_value(json_object_get(test, "time"));
    const char *missile = json_string_value(json_object_get(test, "missile"));
    json_t     *site = json_object_get(sites, json_string_value(json_object_get(test, "facility")));
    json_t     *type = json_object_get(json_object_get(missiles, missile), "type");
    return span_is(day, date) && time != NULL && strlen(time) == 11 &&
           memcmp(time, minute.ptr, 5) == 0 && strcmp(missile, l->missile.text) == 0 &&
           strcmp(json_string_value(type), l->class) == 0 &&
           strcmp(json_string_value(json_object_get(site, "name")), l->site) == 0 &&
           number_is(json_object_get(site, "lat"), l->place.lat_e7 / 1e7) &&
           number_is(json_object_get(site, "lon"), l->place.lon_e7 / 1e7) &&
           number_is(json_object_get(test, "apogee"), l->apogee_m / 1e3) &&
           number_is(json_object_get(test, "distance"), l->distance_m / 1e3) &&
           number_is(json_object_get(test, "bearing"), l->bearing_cdeg / 1e2);
}

/* Both are in order of time: each launch must be found behind the one before it, so that none is
 * counted twice. */
static size_t find_all(void)
{
    size_t  found = 0, year, n;
    json_t *bin, *test;
    json_array_foreach(json_object_get(tests, "timeBins"), year, bin)
    {
        json_array_foreach(json_object_get(bin, "data"), n, test)
        {
            found += found < facts.count && same_launch(test, &facts.launch[found]);
        }
    }
    return found;
}

static void every_figure_is_the_sources(void **state)
{
    (void)state;
    static uint8_t text[65536];
    size_t         line = 0;
    const char    *folder = vectors_find("dprk-chronology");
    if (folder == NULL) {
        skip();
    }
    tests = load(folder, "test.en.json");
    json_t *facilities = load(folder, "facility.en.json");
    sites = json_object_get(facilities, "facilities");
    missiles = load(folder, "missile.en.json");
    assert_false(
        err_is(facts_read(file_read("demo/launches.facts", text, sizeof text), &facts, &line)));
    size_t found = find_all();
    json_decref(tests);
    json_decref(facilities);
    json_decref(missiles);
    printf("# %zu of %zu launches have the figures of the source\n", found, facts.count);
    assert_int_equal(found, facts.count);
}

int main(void)
{
    const struct CMUnitTest all[] = {cmocka_unit_test(every_figure_is_the_sources)};
    return cmocka_run_group_tests(all, NULL, NULL);
}
