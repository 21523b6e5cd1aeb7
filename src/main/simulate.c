/* SPDX-License-Identifier: Apache-2.0 */
/* accord-simulate: whole gateways from seeds, with faults and liars, under the oracles of docs/why/simulator.md.  `accord
 * simulate` begins it (man/accord-simulate.1). Each worker takes the next seed of its row and tells of it when it is over;
 * a seed that fails is told of as the line that runs it again. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/world.h"

#define WORKERS_MAX 64
#define SAYS_S      10 /* between two words of progress */

struct run {
    struct world_plan plan;
    uint64_t          seeds, jobs, gateways;
    double            hours; /* 0: until all seeds have been run */
    const char       *root;
    bool              json, quiet;
};

/* told - what a worker says of a seed: that it begins, or what came of it; less than a pipe takes at once */
struct told {
    uint64_t      worker, seed;
    bool          over, failed;
    struct totals totals;
};
_Static_assert(sizeof(struct told) <= 4096, "a pipe takes it whole");

static struct stage stage;

/* refuse - why nothing is run, in words or as the object of --json
 *
 * about   an option, a file; "" = nothing
 * fails   returns the exit status: 2 on wrong usage, else 1 */
static int refuse(const struct run *r, const char *about, const char *code, const char *why)
{
    int status = strcmp(code, "usage") == 0 ? 2 : 1;
    if (!r->json) {
        fprintf(stderr, "accord simulate: %s%s%s\n", about, about[0] == 0 ? "" : ": ", why);
        return status;
    }
    json_t *answer = json_pack("{s:s, s:s}", "error", why, "code", code);
    if (about[0] != 0) {
        (void)json_object_set_new(answer, "about", json_string(about));
    }
    (void)json_dumpf(answer, stdout, JSON_COMPACT);
    puts("");
    json_decref(answer);
    return status;
}

/* ---- options ---- */

static bool number_of(const char *text, uint64_t *out)
{
    char *rest = NULL;
    errno = 0;
    *out = strtoull(text, &rest, 10);
    return *text >= '0' && *text <= '9' && *rest == 0 && errno == 0;
}

static bool take_seed(struct run *r, const char *v)
{
    return number_of(v, &r->plan.seed);
}

static bool take_seeds(struct run *r, const char *v)
{
    return number_of(v, &r->seeds) && r->seeds > 0;
}

static bool take_gateways(struct run *r, const char *v)
{
    return number_of(v, &r->gateways) && r->gateways >= LAW_PARTIES && r->gateways <= GATEWAYS_MAX;
}

static bool take_jobs(struct run *r, const char *v)
{
    return number_of(v, &r->jobs) && r->jobs > 0 && r->jobs <= WORKERS_MAX;
}

static bool take_hours(struct run *r, const char *v)
{
    char *rest = NULL;
    r->hours = strtod(v, &rest);
    return *v >= '0' && *v <= '9' && *rest == 0 && isfinite(r->hours) && r->hours > 0;
}

static bool take_root(struct run *r, const char *v)
{
    r->root = v;
    return true;
}

static bool take_liars(struct run *r, const char *v)
{
    static const char *const word[] = {"by-seed", "never", "always"};
    for (unsigned i = 0; i < sizeof word / sizeof word[0]; i++) {
        if (strcmp(v, word[i]) == 0) {
            r->plan.liars = (enum world_liars)i;
            return true;
        }
    }
    return false;
}

static bool take_fault(struct run *r, const char *v)
{
    for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        if (strcmp(world_fault_name((enum world_fault)f), v) == 0) {
            r->plan.fault = (enum world_fault)f;
            return true;
        }
    }
    return false;
}

static void line_print(const char *line)
{
    puts(line);
}

static bool take_verbose(struct run *r, const char *v)
{
    (void)v;
    r->plan.say = line_print;
    return true;
}

static bool take_json(struct run *r, const char *v)
{
    (void)v;
    r->json = true;
    return true;
}

static bool take_quiet(struct run *r, const char *v)
{
    (void)v;
    r->quiet = true;
    return true;
}

static const struct {
    const char *name;
    bool        has_value;
    bool (*take)(struct run *r, const char *v);
    const char *wants;
} options[] = {
    {"--seed", true, take_seed, "wants a number"},
    {"--seeds", true, take_seeds, "wants a number of one or more"},
    {"--gateways", true, take_gateways, "wants a number from 3 to 30"},
    {"--hours", true, take_hours, "wants a number of hours above 0, such as 0.5"},
    {"--jobs", true, take_jobs, "wants a number from 1 to 64"},
    {"--liars", true, take_liars, "wants by-seed, never or always"},
    {"--fault", true, take_fault, "wants the name of a planted fault:"},
    {"--root", true, take_root, "wants a folder"},
    {"--verbose", false, take_verbose, ""},
    {"--json", false, take_json, ""},
    {"--quiet", false, take_quiet, ""},
};
#define OPTIONS (sizeof options / sizeof options[0])

/* What an option wants, and of --fault each name that there is */
static const char *wants_of(size_t option)
{
    static char text[640];
    int         at = snprintf(text, sizeof text, "%s", options[option].wants);
    for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT && options[option].take == take_fault; f++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " %s",
                       world_fault_name((enum world_fault)f));
        MUST((size_t)at < sizeof text);
    }
    return text;
}

/* returns   0, or the exit status */
static int options_read(int argc, char **argv, struct run *out)
{
    for (int i = 1; i < argc; i++) {
        out->json = out->json || strcmp(argv[i], "--json") == 0; /* for what is refused before */
    }
    for (int i = 1; i < argc; i++) {
        size_t o = 0;
        while (o < OPTIONS && strcmp(argv[i], options[o].name) != 0) {
            o++;
        }
        if (o == OPTIONS) {
            return refuse(out, argv[i], "usage", "there is no such option");
        }
        const char *value = options[o].has_value ? argv[++i] : "";
        if (value == NULL || !options[o].take(out, value)) {
            return refuse(out, options[o].name, "usage", wants_of(o));
        }
    }
    return 0;
}

/* ---- a worker ---- */

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The line that runs it again */
static void seed_print(const struct run *r, uint64_t seed)
{
    static const char *const liars[] = {"", " --liars never", " --liars always"};
    char                     gateways[32] = "";
    if (r->gateways != LAW_PARTIES) {
        snprintf(gateways, sizeof gateways, " --gateways %" PRIu64, r->gateways);
    }
    printf("accord simulate --seed %" PRIu64 "%s%s%s%s\n", seed, gateways, liars[r->plan.liars],
           r->plan.fault == FAULT_NONE ? "" : " --fault ",
           r->plan.fault == FAULT_NONE ? "" : world_fault_name(r->plan.fault));
}

static bool tell(int to, const struct told *t)
{
    return write(to, t, sizeof *t) == sizeof *t;
}

static bool seed_run(const struct run *r, uint64_t worker, uint64_t seed, int to)
{
    struct world_plan plan = r->plan;
    struct world_end  end;
    struct told       t = {.worker = worker, .seed = seed};
    plan.seed = seed;
    if (!tell(to, &t)) {
        return false;
    }
    world_run(&stage, &plan, &end);
    if (r->gateways > LAW_PARTIES) {
        (void)malloc_trim(0); /* thirty take gigabytes: the next seed's find room */
    }
    t.over = true;
    t.failed = end.wrong_count > 0;
    t.totals = end.totals;
    if (t.failed) {
        seed_print(r, seed);
    }
    for (unsigned i = 0; i < end.wrong_count; i++) {
        printf("    %s\n", end.wrong[i]);
    }
    return fflush(stdout) == 0 && tell(to, &t);
}

static _Noreturn void worker(const struct run *r, uint64_t number, double until, int to)
{
    for (uint64_t i = number; i < r->seeds && (r->hours <= 0 || seconds_now() < until);
         i += r->jobs) {
        if (!seed_run(r, number, r->plan.seed + i, to)) {
            _exit(1);
        }
    }
    _exit(0);
}

/* ---- all of them ---- */

struct all {
    struct totals totals;
    uint64_t      failed;
    uint64_t      at[WORKERS_MAX]; /* the seed of each worker */
    bool          in[WORKERS_MAX]; /* … is not over */
    pid_t         child[WORKERS_MAX];
};

static uint64_t faults_of(const struct totals *t)
{
    return t->cuts + t->partings + t->restarts + t->clock_steps + t->cut_writes + t->cut_turns +
           t->power_cuts + t->full_logs + t->flips + t->sensed_lost + t->sensed_again;
}

static void hear(struct run *r, struct all *a, int from)
{
    struct told t;
    double      said = seconds_now();
    bool        shows = !r->quiet && isatty(STDERR_FILENO) == 1;
    while (read(from, &t, sizeof t) == sizeof t) {
        a->at[t.worker] = t.seed;
        a->in[t.worker] = !t.over;
        a->failed += t.failed;
        if (t.over) {
            totals_add(&a->totals, &t.totals);
        }
        if (shows && seconds_now() > said + SAYS_S) {
            said = seconds_now();
            fprintf(stderr, "accord simulate: %" PRIu64 " seeds, %" PRIu64 " failed\n",
                    a->totals.seeds, a->failed);
        }
    }
}

/* A process that ended in the midst of a seed is a failure of that seed. */
static void gather(const struct run *r, struct all *a)
{
    for (uint64_t i = 0; i < r->jobs; i++) {
        int status = -1;
        (void)waitpid(a->child[i], &status, 0);
        if (status != 0) {
            a->failed++;
            seed_print(r, a->in[i] ? a->at[i] : r->plan.seed + i);
            printf("    the process that ran it ended (%s %d)\n",
                   WIFSIGNALED(status) ? "signal" : "status",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        }
    }
}

static void summary_print(const struct run *r, const struct all *a)
{
    const struct totals *t = &a->totals;
    const struct {
        const char *key;
        uint64_t    value;
    } row[] = {{"seeds", t->seeds},
               {"failed", a->failed},
               {"seconds", t->virtual_ms / 1000},
               {"releases", t->releases},
               {"refusals", t->refusals},
               {"openings", t->opened},
               {"reports_shown", t->shown},
               {"faults", faults_of(t)},
               {"liars", t->liars},
               {"lies", t->lies},
               {"lies_refused", t->lies_refused},
               {"forged_found", t->caught},
               {"checks", t->checks}};
    if (r->json) {
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
            printf("%s\"%s\":%" PRIu64, i == 0 ? "{" : ",", row[i].key, row[i].value);
        }
        puts("}");
        return;
    }
    printf("%" PRIu64 " seeds of %" PRIu64 " gateways, %" PRIu64 " s of their time: %" PRIu64
           " releases, %" PRIu64 " refusals, %" PRIu64 " faults, %" PRIu64 " words of %" PRIu64
           " liars, %" PRIu64 " checks; %" PRIu64 " seeds failed\n",
           t->seeds, r->gateways, t->virtual_ms / 1000, t->releases, t->refusals, faults_of(t),
           t->lies, t->liars, t->checks, a->failed);
}

static int run_all(struct run *r)
{
    static struct all a;
    int               line[2];
    double            until = seconds_now() + r->hours * 3600;
    r->jobs = r->jobs < r->seeds ? r->jobs : r->seeds;
    if (pipe(line) != 0) {
        return refuse(r, "", "io", "there is no pipe to the workers");
    }
    fflush(stdout);
    for (uint64_t i = 0; i < r->jobs; i++) {
        a.child[i] = fork();
        if (a.child[i] == 0) {
            close(line[0]);
            worker(r, i, until, line[1]);
        }
        if (a.child[i] < 0) {
            fputs("accord simulate: no process can be begun\n", stderr);
            r->jobs = i;
            a.failed++;
        }
    }
    close(line[1]);
    hear(r, &a, line[0]);
    gather(r, &a);
    if (a.totals.seeds == 0 && a.failed == 0) {
        return refuse(r, "--hours", "state", "no seed was run: the time was over before");
    }
    summary_print(r, &a);
    return a.failed > 0;
}

/* All that was said has left this program, or it has failed */
static int output_end(int status)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return status;
    }
    fputs("accord simulate: the answer could not be written\n", stderr);
    return status == 0 ? 1 : status;
}

static uint64_t processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (uint64_t)count;
}

int main(int argc, char **argv)
{
    struct run run = {.plan = {.seed = 1},
                      .seeds = 1,
                      .jobs = processors(),
                      .gateways = LAW_PARTIES,
                      .root = "."};
    int        status = options_read(argc, argv, &run);
    if (status != 0) {
        return output_end(status);
    }
    err e = stage_make(run.root, (unsigned)run.gateways, &stage);
    if (err_is(e)) {
        return output_end(refuse(&run, stage.file, err_name(e.code), e.why));
    }
    status = run_all(&run);
    stage_free(&stage);
    return output_end(status);
}
