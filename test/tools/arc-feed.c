/* SPDX-License-Identifier: Apache-2.0 */

/* arc-feed - plays a past launch as a radar would report it
 *
 *     arc-feed --facts FILE --launch N --to udp:HOST:PORT|tcp:HOST:PORT|-
 *              [--rate 10] [--speed 1] [--seconds S] [--warning]
 *
 * N counts the launches of FILE from 1.  The flight begins now and runs `speed` times as fast as
 * the real one; it ends at impact or after S seconds.  Tracks are of type a-h-A-W-M-S-S (hostile,
 * air, weapon, missile, surface to surface); with --warning, events of type b-d-l (launch
 * detected) come instead, one a second, with the launch point and the expected impact area.
 */
#include <getopt.h>
#include <math.h>

#include "feed/cot.h"
#include "feed/facts.h"
#include "target.h"

#define RATE_MAX        10000
#define STALE_AFTER     (10 * MS_PER_SECOND)
#define TRACK_ERROR_CM  20000 /* what a long-range radar may promise */
#define RADIUS_LEAST_M  10000 /* of the impact area: 5 % of the distance, and not less */
#define WARNINGS_RATE_S 1

struct play {
    const char *facts, *to;
    size_t      number;
    double      rate, speed, seconds;
    int         warning;
};

static struct facts facts;

static void text_into(char *out, size_t max, const char *text)
{
    snprintf(out, max, "%s", text);
}

static struct place place_of(double lat_deg, double lon_deg)
{
    return (struct place){(int32_t)lround(lat_deg * 1e7), (int32_t)lround(lon_deg * 1e7)};
}

static struct report report_start(const struct play *p, const struct launch *l, instant now)
{
    struct report r = {.time = now, .start = now, .stale = now + STALE_AFTER};
    uint8_t       day[32];
    struct writer w = WRITER_OF(day);
    put_date(&w, l->at);
    snprintf(r.uid, sizeof r.uid, "launch-" SPAN_FMT "-%zu%s", SPAN_ARG(writer_span(&w)), p->number,
             p->warning ? "-warning" : "");
    text_into(r.type, sizeof r.type, p->warning ? "b-d-l" : "a-h-A-W-M-S-S");
    text_into(r.how, sizeof r.how, "m-r");
    text_into(r.callsign, sizeof r.callsign, l->missile.text);
    text_into(r.remarks, sizeof r.remarks, "EXERCISE");
    return r;
}

static void report_track(struct report *r, const struct arc_point *at)
{
    r->place = place_of(at->lat_deg, at->lon_deg);
    r->hae_cm = (int32_t)lround(at->altitude_km * 1e5);
    r->ce_cm = r->le_cm = TRACK_ERROR_CM;
    r->course_cdeg = (uint32_t)lround(at->course_deg * 100) % COURSE_FULL;
    r->speed_cms = (uint32_t)lround(at->speed_mps * 100);
    r->has = REPORT_HAE | REPORT_CE | REPORT_LE | REPORT_COURSE | REPORT_SPEED;
}

static void report_warning(struct report *r, const struct launch *l, const struct arc *arc)
{
    struct arc_point end;
    arc_at(arc, arc->flight_s, &end);
    r->place = r->launch = l->place;
    r->impact = place_of(end.lat_deg, end.lon_deg);
    r->impact_radius_m = l->distance_m / 20 > RADIUS_LEAST_M ? l->distance_m / 20 : RADIUS_LEAST_M;
    r->has = REPORT_LAUNCH | REPORT_IMPACT;
}

static void send_report(int fd, bool udp, const struct report *r)
{
    uint8_t       buf[REPORT_COT_MAX + 1];
    struct writer w = WRITER_OF(buf);
    err           e = report_valid(r);
    if (err_is(e)) {
        fprintf(stderr, "%s\n", e.why);
        exit(1);
    }
    report_cot(r, NULL, &w);
    put_text(&w, udp ? "" : "\n");
    target_send(fd, udp, writer_span(&w));
}

static void play(const struct play *p, const struct launch *l)
{
    struct arc       arc;
    struct arc_shape shape = launch_shape(l);
    struct timespec  start;
    bool             udp = strncmp(p->to, "udp:", 4) == 0;
    int              fd = target_open(p->to);
    MUST(!err_is(arc_make(&shape, &arc))); /* facts_read has tried it */
    double rate = p->warning ? WARNINGS_RATE_S : p->rate;
    double last = fmin(p->seconds, arc.flight_s / p->speed);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (uint64_t i = 0; (double)i <= last * rate; i++) {
        struct arc_point at;
        pace(&start, i, rate);
        struct report r = report_start(p, l, clock_now());
        arc_at(&arc, (double)i / rate * p->speed, &at);
        if (p->warning) {
            report_warning(&r, l, &arc);
        } else {
            report_track(&r, &at);
        }
        send_report(fd, udp, &r);
    }
    close(fd);
}

static void facts_load(const char *path)
{
    static uint8_t text[1 << 20];
    size_t         line = 0;
    FILE          *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    err e = facts_read((span){text, len}, &facts, &line);
    if (err_is(e)) {
        fprintf(stderr, "%s:%zu: %s\n", path, line, e.why);
        exit(1);
    }
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: arc-feed --facts FILE --launch N --to udp:HOST:PORT|tcp:HOST:PORT|-\n"
                    "                [--rate 10] [--speed 1] [--seconds S] [--warning]\n");
    exit(2);
}

static struct play options(int argc, char **argv)
{
    struct play         p = {.rate = 10, .speed = 1, .seconds = 86400};
    const struct option known[] = {
        {"facts", required_argument, NULL, 'f'}, {"launch", required_argument, NULL, 'l'},
        {"to", required_argument, NULL, 't'},    {"rate", required_argument, NULL, 'r'},
        {"speed", required_argument, NULL, 's'}, {"seconds", required_argument, NULL, 'd'},
        {"warning", no_argument, &p.warning, 1}, {0},
    };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        p.facts = c == 'f' ? optarg : p.facts;
        p.to = c == 't' ? optarg : p.to;
        p.number = c == 'l' ? (size_t)number_of("launch", optarg, 1, FACTS_MAX) : p.number;
        p.rate = c == 'r' ? number_of("rate", optarg, 0.01, RATE_MAX) : p.rate;
        p.speed = c == 's' ? number_of("speed", optarg, 0.01, 1000) : p.speed;
        p.seconds = c == 'd' ? number_of("seconds", optarg, 0, 86400) : p.seconds;
        if (c == '?') {
            usage();
        }
    }
    if (p.facts == NULL || p.to == NULL || p.number == 0 || optind != argc) {
        usage();
    }
    return p;
}

int main(int argc, char **argv)
{
    struct play p = options(argc, argv);
    facts_load(p.facts);
    if (p.number > facts.count) {
        fprintf(stderr, "the file has %zu launches\n", facts.count);
        return 1;
    }
    fprintf(stderr, "%s\n", facts.credit);
    play(&p, &facts.launch[p.number - 1]);
    return 0;
}
