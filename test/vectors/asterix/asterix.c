/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings of real radars and examples, against what other decoders made of them. */
#include "asterix/asterix.h"

#include <math.h>

#include "cmocka_all.h"
#include "vectors/feed/vectors.h"

#define SITE_LAT 450000000
#define SITE_LON 160000000
#define REPORTS  4096
#define NOW      INT64_C(1763796600000) /* 07:30 UTC: the recordings are of 07:35 and 09:18 */

/* taken - what the sink was told */
static struct {
    struct report report[REPORTS];
    uint32_t      dropped;
    size_t        reports, passed, refused;
    const char   *why;
} taken;

static void on_report(void *ctx, const struct report *r, uint32_t dropped)
{
    (void)ctx;
    assert_false(err_is(report_valid(r)));
    assert_true(taken.reports < REPORTS);
    taken.report[taken.reports++] = *r;
    taken.dropped += dropped;
}

static void on_passed(void *ctx)
{
    (void)ctx;
    taken.passed++;
}

static void on_refused(void *ctx, err why)
{
    (void)ctx;
    taken.refused++;
    taken.why = why.why;
}

static const struct asterix_sink sink = {NULL, on_report, on_passed, on_refused};

/* A radar's own word about where it stands: category 034, items 010 and 120 */
static void radar_stands(struct asterix *a, uint8_t sac, uint8_t sic)
{
    int32_t lat = (int32_t)lround(SITE_LAT / 1e7 * (1 << 23) / 180);
    int32_t lon = (int32_t)lround(SITE_LON / 1e7 * (1 << 23) / 180);
    uint8_t block[] = {34,
                       0,
                       15,
                       0x81,
                       0x10,
                       sac,
                       sic,
                       0,
                       100,
                       (uint8_t)(lat >> 16),
                       (uint8_t)(lat >> 8),
                       (uint8_t)lat,
                       (uint8_t)(lon >> 16),
                       (uint8_t)(lon >> 8),
                       (uint8_t)lon};
    asterix_take(a, SPAN_OF(block), NOW, &sink);
    taken.passed--;
}

/* ---- the recording, packet by packet ---- */

#define PCAP_HEAD   24
#define PACKET_HEAD 16
#define UDP_AT      42 /* Ethernet, IP, UDP without options */

static uint32_t little(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Its radar's number stands behind the field specification of the first record. */
static void radar_of(struct asterix *a, span block)
{
    size_t at = 3;
    while ((block.ptr[at] & 1) != 0) {
        at++;
    }
    radar_stands(a, block.ptr[at + 1], block.ptr[at + 2]);
}

static size_t play(struct asterix *a, span pcap)
{
    size_t packets = 0;
    for (size_t at = PCAP_HEAD; at + PACKET_HEAD <= pcap.len; packets++) {
        uint32_t len = little(pcap.ptr + at + 8);
        assert_true(at + PACKET_HEAD + len <= pcap.len && len > UDP_AT);
        const uint8_t *packet = pcap.ptr + at + PACKET_HEAD;
        size_t         udp = ((size_t)packet[UDP_AT - 4] << 8 | packet[UDP_AT - 3]) - 8;
        /* the recording does not say where most of its radars stand; what is said once is not of use here */
        if (packet[UDP_AT] == 48) {
            radar_of(a, (span){packet + UDP_AT, udp});
        }
        asterix_take(a, (span){packet + UDP_AT, udp}, NOW, &sink);
        at += PACKET_HEAD + len;
    }
    return packets;
}

/* ---- what another decoder says, line by line ---- */

struct told {
    bool   there, track, simulated;
    double time, rho, theta, level, speed, course;
    bool   has_level, has_moves;
    int    number;
    char   name[16];
};

static bool says(const char *line, const char *key, double *out)
{
    const char *at = strstr(line, key);
    return at != NULL && sscanf(at + strlen(key), " %lf", out) == 1;
}

static void told_line(struct told *t, const char *line)
{
    double      v;
    const char *at;
    t->there = t->there || strstr(line, "Measured Position in Polar") != NULL;
    t->simulated = t->simulated || strstr(line, "SIM: Simulated") != NULL;
    if (says(line, "Time of Day, [s]:", &v)) {
        t->time = v;
    } else if (says(line, "RHO, [NM]:", &v)) {
        t->rho = v;
    } else if (says(line, "THETA, [\xc2\xb0]:", &v)) {
        t->theta = v;
    } else if (says(line, "FL, [FL]:", &v)) {
        t->level = v;
        t->has_level = true;
    } else if (says(line, "Groundspeed, [NM/s]:", &v)) {
        t->speed = v;
        t->has_moves = true;
    } else if (says(line, "Calculated Heading, [\xc2\xb0]:", &v)) {
        t->course = v;
    } else if ((at = strstr(line, "Aircraft Identification: ")) != NULL) {
        (void)sscanf(at + 25, "%8s", t->name);
    } else if ((at = strstr(line, "TRN, Track Number: ")) != NULL) {
        t->number = atoi(at + 19);
        t->track = true;
    }
}

/* The next target of a radar that has a track's number; false at the end */
static bool told_next(FILE *f, struct told *out)
{
    static char line[1024];
    static bool held, target;
    bool        within = false;
    memset(out, 0, sizeof *out);
    while (held || fgets(line, sizeof line, f) != NULL) {
        bool head = strstr(line, "Asterix message, #") != NULL;
        held = false;
        if ((head || strstr(line, "Category: ") != NULL) && within && target && out->track) {
            held = true;
            return true;
        }
        if (strstr(line, "Category: ") != NULL) {
            target = strstr(line, "Category: 48") != NULL;
        }
        if (head) {
            memset(out, 0, sizeof *out);
            within = true;
        }
        told_line(out, line);
    }
    return within && target && out->track;
}

static void compare(const struct report *r, const struct told *t)
{
    char   track[32];
    double lat = r->place.lat_e7 / 1e7 * 0.017453292519943295,
           lon = r->place.lon_e7 / 1e7 * 0.017453292519943295;
    double lat0 = SITE_LAT / 1e7 * 0.017453292519943295,
           lon0 = SITE_LON / 1e7 * 0.017453292519943295;
    double way = 2 * 6371008.8 *
                 asin(sqrt(pow(sin((lat - lat0) / 2), 2) +
                           cos(lat) * cos(lat0) * pow(sin((lon - lon0) / 2), 2)));
    double up = (r->has & REPORT_HAE) != 0 ? r->hae_cm / 100.0 - 100 : 0;
    double way_true = sqrt(fmax(pow(t->rho * 1852, 2) - up * up, 0));
    double turn = atan2(sin(lon - lon0) * cos(lat),
                        cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(lon - lon0));
    snprintf(track, sizeof track, ".%d", t->number);
    assert_non_null(strstr(r->uid, track));
    assert_string_equal(r->callsign, t->name);
    assert_true(fabs((double)(r->time % MS_PER_DAY) / 1000 - t->time) < 0.002);
    assert_true(fabs(way - way_true) < 0.002 * way_true + 50);
    double off = remainder(turn / 0.017453292519943295 - t->theta, 360);
    assert_true(way < 5000 || fabs(off) < 0.02);
    if (t->has_moves) {
        assert_true(fabs(r->speed_cms - t->speed * 185200) < 1.5);
        assert_true(fabs(remainder(r->course_cdeg / 100.0 - t->course, 360)) < 0.01);
    }
    if ((r->has & REPORT_HAE) != 0 && t->has_level) {
        /* tshark reads a level below zero as if it were above */
        double level = t->level >= 2048 ? t->level - 4096 : t->level;
        assert_true(fabs(r->hae_cm - level * 3048) < 2 || (r->has & REPORT_LE) == 0);
    }
}

static void a_recording_is_as_tshark_has_it(void **state)
{
    static uint8_t bytes[1 << 20];
    struct asterix a = {0};
    const char    *path = vectors_find("asterix/croatiacontrol/cat_034_048.pcap");
    (void)state;
    if (path == NULL) {
        return;
    }
    span  pcap = file_read(path, bytes, sizeof bytes);
    FILE *want =
        fopen(vectors_find("asterix/croatiacontrol/expected/cat_034_048.tshark-4.0.17.txt"), "r");
    assert_non_null(want);
    memset(&taken, 0, sizeof taken);
    size_t      packets = play(&a, pcap), compared = 0;
    struct told t;
    while (told_next(want, &t)) {
        if (t.there && !t.simulated && compared < taken.reports) {
            compare(&taken.report[compared++], &t);
        }
    }
    fclose(want);
    print_message("    %zu packets, %zu targets as tshark's, %zu passed, %zu refused%s%s\n",
                  packets, compared, taken.passed, taken.refused, taken.refused > 0 ? ": " : "",
                  taken.refused > 0 ? taken.why : "");
    assert_int_equal(compared, taken.reports);
    assert_true(compared > 50);
}

static void examples_are_as_jasterix_has_them(void **state)
{
    uint8_t        bytes[4096];
    struct asterix a = {0};
    const char    *path = vectors_find("asterix/jasterix/cat062ed1.12.bin");
    (void)state;
    if (path == NULL) {
        return;
    }
    memset(&taken, 0, sizeof taken);
    asterix_take(&a, file_read(path, bytes, sizeof bytes), NOW, &sink);
    assert_int_equal(taken.refused, 0);
    assert_true(taken.reports >= 1);
    const struct report *r = &taken.report[0];
    assert_string_equal(r->uid, "ASTERIX.0.4.5086");
    /* jASTERIX rounds the unit of 180 / 2^25 degrees after six digits: 45.465155734, 17.332473083 */
    assert_in_range(r->place.lat_e7, 454652230, 454652245);
    assert_in_range(r->place.lon_e7, 173324980, 173325000);
    assert_int_equal(r->speed_cms, lround(hypot(20750, 12050)));
    assert_int_equal(r->course_cdeg,
                     lround((360 + atan2(207.5, -120.5) * 57.29577951308232) * 100) % 36000);
    assert_int_equal(r->time % MS_PER_DAY, 33502500);
    assert_int_equal(r->hae_cm, lround(34975 * 30.48));

    memset(&taken, 0, sizeof taken);
    asterix_take(&a,
                 file_read(vectors_find("asterix/jasterix/cat048ed1.23.bin"), bytes, sizeof bytes),
                 NOW, &sink);
    assert_int_equal(taken.reports, 0); /* nobody has said where radar 0.1 stands */
    assert_int_equal(taken.refused, 1);
    memset(&taken, 0, sizeof taken);
    radar_stands(&a, 0, 1);
    asterix_take(&a,
                 file_read(vectors_find("asterix/jasterix/cat048ed1.23.bin"), bytes, sizeof bytes),
                 NOW, &sink);
    assert_int_equal(taken.reports, 1);
    assert_string_equal(taken.report[0].uid, "ASTERIX.0.1.919");
    assert_int_equal(taken.report[0].hae_cm, 37000 * 3048 / 100);
    assert_int_equal(taken.report[0].time % MS_PER_DAY, 33499836 - 1);
}

/* Other categories and older editions: passed over or refused, never more. */
static void what_is_not_read_does_no_harm(void **state)
{
    static const char *const files[] = {
        "cat001ed1.1", "cat002ed1.0",         "cat004ed1.4", "cat010ed0.31", "cat019ed1.3",
        "cat021ed2.1", "cat010ed0.24_sensis", "cat030ed7.0", "cat065ed1.3",  "cat247ed1.2"};
    uint8_t        bytes[4096];
    struct asterix a = {0};
    (void)state;
    memset(&taken, 0, sizeof taken);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char part[128];
        snprintf(part, sizeof part, "asterix/jasterix/%s.bin", files[i]);
        const char *path = vectors_find(part);
        if (path != NULL) {
            asterix_take(&a, file_read(path, bytes, sizeof bytes), NOW, &sink);
        }
    }
    assert_int_equal(taken.reports, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_as_tshark_has_it),
        cmocka_unit_test(examples_are_as_jasterix_has_them),
        cmocka_unit_test(what_is_not_read_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
