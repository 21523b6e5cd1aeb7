/* SPDX-License-Identifier: Apache-2.0 */
/* Events of others in both forms: as XML, and as an independent implementation wrote them as messages. */
#include "tak/tak.h"

#include <dirent.h>

#include "cmocka_all.h"
#include "vectors/feed/vectors.h"

static struct cot_reader cot;
static struct tak_reader reader = {.cot = &cot};

/* Messages of others that are refused though their XML is taken, and why */
static const struct {
    const char *file, *why;
} differ[] = {
    {"package-camera", "its xmlDetail has a bare '&', which is no XML"},
};

static bool differs(const char *file)
{
    for (size_t i = 0; i < ARRAY_LEN(differ); i++) {
        if (strcmp(differ[i].file, file) == 0) {
            printf("#   differs: %s\n", differ[i].why);
            return true;
        }
    }
    return false;
}

struct tally {
    size_t files, same, refused, differ;
};

/* What a message cannot say: 0 and "not given" are one to it, and where XML gives one of the two it gives both. */
static void track_fill(struct report *r)
{
    if ((r->has & (REPORT_COURSE | REPORT_SPEED)) != 0) {
        r->has |= REPORT_COURSE | REPORT_SPEED;
    }
}

static void comes_back(const struct cot_event *e)
{
    uint8_t          buf[TAK_FRAME_MAX];
    struct writer    w = WRITER_OF(buf);
    struct cot_event again = {0};
    bool             is = false;
    tak_write(&e->report, &e->labels, &w);
    assert_false(w.bad);
    assert_false(err_is(tak_read(&reader, writer_span(&w), &again, &is)));
    assert_memory_equal(&again.report, &e->report, sizeof again.report);
    assert_memory_equal(&again.labels, &e->labels, sizeof again.labels);
}

static void judge(const char *folder, const char *file, struct tally *t)
{
    static uint8_t   xml[COT_EVENT_MAX], message[COT_EVENT_MAX];
    char             path[2048];
    struct cot_event a = {0}, b = {0};
    bool             is = false;
    snprintf(path, sizeof path, "%s/expected/%s.takproto.bin", folder, file);
    if (access(path, R_OK) != 0) {
        return;
    }
    span m = file_read(path, message, sizeof message);
    snprintf(path, sizeof path, "%s/xml/%s.cot", folder, file);
    err e = cot_read(&cot, file_read(path, xml, sizeof xml), &a);
    err f = tak_read(&reader, m, &b, &is);
    printf("# %-46s XML %-8s message %-8s %s\n", file, err_is(e) ? "refused" : "taken",
           err_is(f) ? "refused" : "taken", err_is(f) ? f.why : "");
    t->files++;
    if (differs(file)) {
        assert_true(!err_is(e) && err_is(f));
        t->differ++;
        return;
    }
    assert_int_equal(err_is(e), err_is(f));
    if (err_is(e)) {
        t->refused++;
        return;
    }
    assert_true(is);
    track_fill(&a.report);
    assert_memory_equal(&a.report, &b.report, sizeof a.report);
    assert_memory_equal(&a.labels, &b.labels, sizeof a.labels);
    comes_back(&b);
    t->same++;
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
    for (struct dirent *d = readdir(dir); d != NULL; d = readdir(dir)) {
        char *dot = strstr(d->d_name, ".cot");
        if (dot != NULL) {
            *dot = '\0';
            judge(folder, d->d_name, &t);
        }
    }
    closedir(dir);
    printf("# %zu of %zu are the same report in both forms, %zu are refused in both, %zu differ\n",
           t.same, t.files, t.refused, t.differ);
    assert_true(t.same > 0);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&cot, 7);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_events_of_others)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
