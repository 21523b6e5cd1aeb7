/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>

#include "cmocka_all.h"
#include "vectors.h"

static struct cot_reader reader;

/* Where we and node-CoT differ, and why; every other file must be judged alike. */
static const struct {
    const char *file;
    bool        we_accept;
    const char *why;
} differ[] = {
    {"cot-uas-tool-1", false, "no 'how', which Event-PUBLIC makes mandatory"},
    {"validation-3", true, "'False' in an element that a report does not keep"},
};

static bool differs(const char *file, bool *we_accept, const char **why)
{
    for (size_t i = 0; i < ARRAY_LEN(differ); i++) {
        if (strcmp(differ[i].file, file) == 0) {
            *we_accept = differ[i].we_accept;
            *why = differ[i].why;
            return true;
        }
    }
    return false;
}

static bool text_same(json_t *object, const char *key, const char *ours)
{
    const char *theirs = json_string_value(json_object_get(object, key));
    bool        same = theirs != NULL && strcmp(theirs, ours) == 0;
    if (!same) {
        printf("#   %s: ours \"%s\", theirs \"%s\"\n", key, ours, theirs == NULL ? "" : theirs);
    }
    return same;
}

static bool time_same(json_t *properties, const char *key, instant ours)
{
    const char *theirs = json_string_value(json_object_get(properties, key));
    instant     t = 0;
    return theirs != NULL && !err_is(text_instant(span_text(theirs), &t)) && t == ours;
}

/* What node-CoT calls a thing without a callsign */
static bool callsign_same(json_t *properties, const struct report *r)
{
    return text_same(properties, "callsign", r->callsign[0] == '\0' ? "UNKNOWN" : r->callsign);
}

static bool near(json_t *value, double ours, double within)
{
    return json_is_number(value) && fabs(json_number_value(value) - ours) <= within;
}

static bool place_same(json_t *properties, const struct report *r)
{
    json_t *center = json_object_get(properties, "center");
    return near(json_array_get(center, 0), r->place.lon_e7 / 1e7, 5.1e-8) &&
           near(json_array_get(center, 1), r->place.lat_e7 / 1e7, 5.1e-8) &&
           ((r->has & REPORT_HAE) == 0 || near(json_array_get(center, 2), r->hae_cm / 1e2, 0.0051));
}

/* Both have it, and it is the same, or neither has it */
static bool movement_same(json_t *theirs, bool given, uint32_t ours)
{
    bool theirs_given = json_is_number(theirs);
    return theirs_given == given && (!given || near(theirs, ours / 1e2, 0.0051));
}

static bool track_same(json_t *properties, const struct report *r)
{
    json_t *speed = json_object_get(properties, "speed");
    json_t *course = json_object_get(properties, "course");
    return movement_same(speed, (r->has & REPORT_SPEED) != 0, r->speed_cms) &&
           movement_same(course, (r->has & REPORT_COURSE) != 0, r->course_cdeg);
}

static bool same(json_t *feature, const struct report *r)
{
    json_t *properties = json_object_get(feature, "properties");
    bool    ok = text_same(feature, "id", r->uid);
    ok = text_same(properties, "type", r->type) && ok;
    ok = text_same(properties, "how", r->how) && ok;
    ok = callsign_same(properties, r) && ok;
    ok = time_same(properties, "time", r->time) && time_same(properties, "start", r->start) && ok;
    ok = time_same(properties, "stale", r->stale) && ok;
    return place_same(properties, r) && track_same(properties, r) && ok;
}

struct tally {
    size_t files, agree, accepted;
};

static void judge(const char *folder, const char *file, struct tally *t)
{
    static uint8_t   xml[COT_EVENT_MAX];
    char             path[2048];
    struct cot_event event = {0};
    json_error_t     error;
    bool             we_accept = false;
    const char      *why = "";
    snprintf(path, sizeof path, "%s/xml/%s.cot", folder, file);
    err e = cot_read(&reader, file_read(path, xml, sizeof xml), &event);
    snprintf(path, sizeof path, "%s/expected/%s.geojson", folder, file);
    json_t *feature = json_load_file(path, 0, &error);
    bool    theirs = feature != NULL;
    bool    fields = err_is(e) || !theirs || same(feature, &event.report);
    bool    known = differs(file, &we_accept, &why);
    bool    agree = !err_is(e) == theirs && fields;
    printf("# %-42s %-8s %-8s %s\n", file, err_is(e) ? "refused" : "taken",
           theirs ? "taken" : "refused", err_is(e) ? e.why : why);
    if (!fields || (known ? we_accept == err_is(e) : !agree)) {
        fail_msg("%s is not judged as expected", file);
    }
    t->files++;
    t->agree += agree;
    t->accepted += !err_is(e) && theirs;
    json_decref(feature);
}

static void the_events_of_others(void **state)
{
    (void)state;
    const char  *folder = vectors_find("cot");
    struct tally t = {0};
    if (folder == NULL) {
        skip();
    }
    char path[2048];
    snprintf(path, sizeof path, "%s/xml", folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    printf("# %-42s %-8s %-8s\n", "event", "we", "node-CoT");
    for (struct dirent *d = readdir(dir); d != NULL; d = readdir(dir)) {
        char *dot = strstr(d->d_name, ".cot");
        if (dot != NULL) {
            *dot = '\0';
            judge(folder, d->d_name, &t);
        }
    }
    closedir(dir);
    printf("# %zu of %zu judged as node-CoT does; of those both take, all %zu have the same "
           "fields\n",
           t.agree, t.files, t.accepted);
    assert_true(t.files == 0 || t.accepted > 0);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&reader, 7);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_events_of_others)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
