/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences of real ships, against what other decoders made of them. */
#include "ais/ais.h"

#include <jansson.h>
#include <math.h>

#include "cmocka_all.h"
#include "vectors/feed/vectors.h"

#define NOW      INT64_C(1536069600000)
#define LINE_MAX 4096

static struct ais ais;

/* tally - what one file came to */
struct tally {
    size_t lines, reports, nothing, refused, compared;
};

static FILE *vectors_open(const char *part)
{
    const char *path = vectors_find(part);
    return path == NULL ? NULL : fopen(path, "r");
}

/* The next object of a file of JSON lines that tells of a place, or NULL at its end */
static json_t *next_place(FILE *f)
{
    char line[LINE_MAX];
    while (fgets(line, sizeof line, f) != NULL) {
        json_t    *o = json_loads(line, 0, NULL);
        json_int_t kind = json_integer_value(json_object_get(o, "type"));
        bool moves = kind == 1 || kind == 2 || kind == 3 || kind == 9 || kind == 18 || kind == 19 ||
                     kind == 27;
        double lat = fabs(json_number_value(json_object_get(o, "lat")));
        double lon = fabs(json_number_value(json_object_get(o, "lon")));
        if (moves && lat <= 90 && lon <= 180) {
            return o;
        }
        json_decref(o);
    }
    return NULL;
}

static double number_of(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static void compare(const struct report *r, const json_t *o)
{
    json_int_t kind = json_integer_value(json_object_get(o, "type"));
    char       uid[32];
    snprintf(uid, sizeof uid, "AIS.%09lld",
             (long long)json_integer_value(json_object_get(o, "mmsi")));
    assert_string_equal(r->uid, uid);
    /* far off a place is told in tenths of a minute, and gpsd prints one place of it */
    double exact = kind == 27 ? 0.06 : 2e-5;
    assert_true(fabs(r->place.lat_e7 / 1e7 - number_of(o, "lat")) < exact);
    assert_true(fabs(r->place.lon_e7 / 1e7 - number_of(o, "lon")) < exact);
    if ((r->has & REPORT_SPEED) != 0 && json_is_number(json_object_get(o, "speed"))) {
        double knots = number_of(o, "speed");
        assert_true(fabs(r->speed_cms / 51.4444 - knots) < 0.06);
    }
    if ((r->has & REPORT_COURSE) != 0) {
        assert_true(fabs(r->course_cdeg / 100.0 - number_of(o, "course")) < 0.06);
    }
    assert_int_equal(kind == 9, (r->has & REPORT_HAE) != 0 && r->type[4] == 'A');
}

static struct tally run(const char *sentences, const char *expected)
{
    struct tally t = {0};
    FILE        *in = vectors_open(sentences), *want = vectors_open(expected);
    char         line[LINE_MAX];
    memset(&ais, 0, sizeof ais);
    while (in != NULL && want != NULL && fgets(line, sizeof line, in) != NULL) {
        struct report  r = {0};
        enum ais_found found;
        err            e = ais_read(&ais, span_text(line), NOW, 0, &found, &r);
        t.lines += line[0] == '!';
        t.refused += err_is(e);
        if (err_is(e)) {
            print_message("#   refused: %s: %.60s\n", e.why, line);
        }
        t.nothing += !err_is(e) && found == AIS_NOTHING;
        if (!err_is(e) && found == AIS_REPORT) {
            json_t *o = next_place(want);
            assert_non_null(o);
            assert_false(err_is(report_valid(&r)));
            compare(&r, o);
            json_decref(o);
            t.reports++;
            t.compared++;
        }
    }
    if (in != NULL && want != NULL) {
        json_t *left = next_place(want);
        assert_null(left);
        print_message(
            "    %s: %zu sentences, %zu reports as the other decoder's, %zu without, %zu refused\n",
            sentences, t.lines, t.reports, t.nothing, t.refused);
        fclose(in);
        fclose(want);
    }
    return t;
}

static void a_thousand_sentences_of_the_world_are_as_gpsdecode_has_them(void **state)
{
    (void)state;
    struct tally t = run("tracks/ais/gpsd-ais-world-2018.nmea",
                         "tracks/ais/expected/gpsd-ais-world-2018.gpsdecode-3.22.jsonl");
    assert_true(t.lines == 0 || t.reports > 300);
}

static void rare_kinds_are_as_gpsd_has_them(void **state)
{
    (void)state;
    struct tally t =
        run("tracks/ais/gpsd-sample.aivdm", "tracks/ais/expected/gpsd-sample.aivdm.js.chk");
    assert_true(t.lines == 0 || t.reports > 5);
}

static void examples_of_each_kind_are_as_libais_has_them(void **state)
{
    (void)state;
    struct tally t =
        run("tracks/ais/libais/typeexamples.nmea", "tracks/ais/libais/typeexamples.json");
    assert_true(t.lines == 0 || t.reports > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_sentences_of_the_world_are_as_gpsdecode_has_them),
        cmocka_unit_test(rare_kinds_are_as_gpsd_has_them),
        cmocka_unit_test(examples_of_each_kind_are_as_libais_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
