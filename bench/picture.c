/* links: deskio */
/* SPDX-License-Identifier: Apache-2.0 */
/* The common picture at size: 10,000 and 100,000 live tracks of 10 sources, filters of 100 and 10,000 viewers, of 1, 8
 * and 64 different audiences.  What a report costs: it is put together once for each audience that may see it, and
 * looked up by each viewer.  A viewer is a place on a wall, as a display of the desk is one: what he was told last.
 *
 * A delivery is one change of one object that one viewer is told; its bytes, TLS and sockets are bench/mask's. */
#include "desk/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOURCES 10
#define ROUND   20000 /* reports between two looks of each viewer */

struct viewer {
    uint32_t wall;
    uint64_t put;
};

static struct desk   *desk;
static struct viewer *viewer;
static instant        now = 1000000;
static uint64_t       deliveries;

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t rss_mib(void)
{
    size_t pages = 0;
    FILE  *f = fopen("/proc/self/statm", "re");
    if (f != NULL) {
        (void)!fscanf(f, "%*u %zu", &pages);
        fclose(f);
    }
    return pages * (size_t)sysconf(_SC_PAGESIZE) >> 20;
}

static void must(err e)
{
    MUST(!err_is(e));
}

static void report_one(unsigned track)
{
    static const char *const feed[SOURCES] = {"A/a", "A/b", "B/a", "B/b", "C/a",
                                              "C/b", "D/a", "D/b", "E/a", "E/b"};
    struct report            r = {.time = ++now};
    unsigned                 source = track % SOURCES;
    r.start = r.time;
    r.stale = r.time + MS_PER_DAY;
    (void)snprintf(r.uid, sizeof r.uid, "TRACK-%u", track);
    memcpy(r.type, "a-f-A-M-F", 10);
    memcpy(r.how, "m-g", 4);
    r.place.lat_e7 = (int32_t)(track / 400) * 2000000 - 300000000;
    r.place.lon_e7 = (int32_t)(track % 400) * 2000000 + (int32_t)(now % 1000) - 400000000;
    const struct contact_row row = {(uint16_t)source, (uint16_t)source, span_text(feed[source]),
                                    &r};
    must(picture_report(desk->picture, now, &row));
}

/* What he was not told, newest of each. */
static void look(struct viewer *v)
{
    const struct wall *w = &desk->wall[v->wall];
    const struct reach r = {.put = v->put};
    uint32_t           at;
    MUST(wall_after(w, WALL_TRACKS, &r, UINT32_MAX, &at));
    for (; at != 0; at = w->entry[at - 1].after) {
        v->put = w->entry[at - 1].version;
        deliveries++;
    }
}

/* Audiences differ in what of ten sources they may see: about half of them each. */
static struct classes audience(unsigned i)
{
    return (struct classes){{1 | (uint64_t)((i * 37 + 21) % 512) << 1}};
}

static void begin(unsigned tracks, unsigned viewers, unsigned audiences)
{
    static struct random_stream stream;
    const struct desk_setup     setup = {.random = random_from(&stream),
                                         .sealer = {{7}},
                                         .spki = SPAN_LIT("spki"),
                                         .host = SPAN_LIT("127.0.0.1")};
    must(desk_open(&setup, &desk));
    viewer = calloc(viewers, sizeof *viewer);
    MUST(viewer != NULL);
    for (unsigned i = 0; i < tracks; i++) {
        report_one(i);
    }
    for (unsigned i = 0; i < viewers; i++) {
        struct classes c = audience(i % audiences);
        must(wall_take(desk, &c, &viewer[i].wall));
    }
    while (walls_work(desk)) {
    }
    for (unsigned i = 0; i < viewers; i++) {
        viewer[i].put = desk->wall[viewer[i].wall].order[WALL_TRACKS].version;
    }
}

static void measure(unsigned tracks, unsigned viewers, unsigned audiences)
{
    size_t empty = rss_mib();
    begin(tracks, viewers, audiences);
    size_t   full = rss_mib();
    double   reports = 0, looks = 0, from;
    unsigned count = 0;
    deliveries = 0;
    for (unsigned round = 0; round < (viewers > 1000 ? 1 : 3); round++) {
        from = cpu_s();
        for (unsigned i = 0; i < ROUND; i++, count++) {
            report_one((unsigned)rand() % tracks);
        }
        reports += cpu_s() - from;
        from = cpu_s();
        for (unsigned i = 0; i < viewers; i++) {
            look(&viewer[i]);
        }
        looks += cpu_s() - from;
    }
    printf("%u tracks, %u viewers, %u audiences: %zu MiB; a report %.2f us, of each audience told "
           "%.2f us; "
           "a delivery %.3f us over %llu\n",
           tracks, viewers, audiences, full - empty, reports / count * 1e6,
           reports / count / (audiences * 0.55) * 1e6, looks / (double)deliveries * 1e6,
           (unsigned long long)deliveries);
    desk_close(desk);
    free(viewer);
}

int main(void)
{
    static const unsigned table[][3] = {
        {10000, 100, 1},  {10000, 100, 8},  {10000, 10000, 8},  {10000, 10000, 64},
        {100000, 100, 1}, {100000, 100, 8}, {100000, 10000, 8}, {100000, 10000, 64},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        pid_t child = fork(); /* so that memory is each one's own */
        if (child == 0) {
            measure(table[i][0], table[i][1], table[i][2]);
            fflush(stdout);
            _exit(0);
        }
        int status = 0;
        MUST(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    }
    return 0;
}
