/* links: reach */
/* SPDX-License-Identifier: Apache-2.0 */
/* What could flow under a law of 64 parties, 256 agreements and 1,000 clauses in each of them, made from a
 * seed; then how long it takes to say so for some pairs of parties.  Arguments: parties, agreements, clauses, pairs. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "reach/reach.h"
#include "twin/release/cases.h"

#define LEVELS      5
#define DISCIPLINES 16

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Processor time, beside the clock's: other programs may be at work. */
static double worked_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
}

static void must(err e)
{
    if (err_is(e)) {
        fprintf(stderr, "%s\n", e.why);
        exit(1);
    }
}

static void names_of(struct names *n, unsigned count, char letter)
{
    n->count = count;
    for (unsigned i = 0; i < count; i++) {
        char text[8];
        (void)snprintf(text, sizeof text, "%c%02u", letter, i);
        n->name[i] = name_from(text);
    }
}

static struct corpus *corpus_named(unsigned parties)
{
    struct corpus *l = calloc(1, sizeof *l);
    MUST(l != NULL);
    names_of(&l->parties, parties, 'P');
    names_of(&l->topics, SET64_MAX, 't');
    names_of(&l->disciplines, DISCIPLINES, 'd');
    l->policy_count = parties;
    memset(l->own_policy, 0xff, sizeof l->own_policy);
    for (unsigned p = 0; p < parties; p++) {
        l->policy[p] = l->parties.name[p];
        l->valid[p] = (1u << LEVELS) - 1;
        l->own_policy[p] = (uint16_t)p;
        for (unsigned r = 0; r < LEVELS; r++) {
            char text[4] = {'L', (char)('a' + r), 0};
            l->level[p][r] = name_from(text);
        }
    }
    return l;
}

static set64 few(struct dice *d, unsigned of, unsigned most)
{
    set64 s = 0;
    for (unsigned n = 1 + below(d, most); n > 0; n--) {
        s |= set_one(below(d, of));
    }
    return s;
}

/* Each may go up to some level, in every policy alike. */
static struct corpus_scope scope_of(struct dice *d, unsigned parties)
{
    struct corpus_scope s = {.kinds = (uint8_t)few(d, KIND_COUNT, 3),
                             .disciplines = few(d, DISCIPLINES, 4),
                             .topics = few(d, SET64_MAX, 6)};
    unsigned            most = 1 + below(d, LEVELS);
    for (unsigned p = 0; p < parties; p++) {
        s.ranks[p] = (uint16_t)((1u << most) - 1);
    }
    return s;
}

static struct corpus_scope scope_any(void)
{
    struct corpus_scope s = {.kinds = 0xff, .disciplines = ~(set64)0, .topics = ~(set64)0};
    memset(s.ranks, 0xff, sizeof s.ranks);
    return s;
}

static void may_add(struct dice *d, struct corpus *l, unsigned a, uint8_t number)
{
    set64                parties = l->agreement[a].parties;
    struct corpus_clause c = {.kind = CLAUSE_MAY,
                              .agreement = (uint16_t)a,
                              .article = 1,
                              .number = number,
                              .from = (uint8_t)member(d, parties),
                              .to = (uint8_t)member(d, parties),
                              .via = PARTY_NONE,
                              .giving = chance(d, 90) ? GIVING_RELEASE : GIVING_DISCLOSE,
                              .scope = scope_of(d, l->parties.count)};
    while (c.to == c.from) {
        c.to = (uint8_t)member(d, parties);
    }
    set64 hubs = parties & ~set_one(c.from) & ~set_one(c.to);
    c.via = hubs != 0 && chance(d, 10) ? (uint8_t)member(d, hubs) : PARTY_NONE;
    must(corpus_clause_add(l, &c));
}

/* Passing on wants the originator's approval in nine of ten; some things are never given to some. */
static void nevers_add(struct dice *d, struct corpus *l, unsigned a)
{
    struct corpus_clause onward = {.kind = CLAUSE_NEVER,
                                   .agreement = (uint16_t)a,
                                   .article = 2,
                                   .number = 1,
                                   .from = PARTY_NONE,
                                   .to = PARTY_NONE,
                                   .via = PARTY_NONE,
                                   .approver = PARTY_NONE,
                                   .never = NEVER_ONWARD,
                                   .unless_approved = chance(d, 90),
                                   .scope = scope_any()};
    struct corpus_clause scope = onward;
    scope.never = NEVER_SCOPE;
    scope.number = 2;
    scope.unless_approved = chance(d, 50);
    scope.scope = scope_of(d, l->parties.count);
    scope.to = (uint8_t)below(d, l->parties.count);
    must(corpus_clause_add(l, &onward));
    must(corpus_clause_add(l, &scope));
}

static void lines_add(struct corpus_agreement *a)
{
    unsigned count = set_count(a->parties);
    a->line = calloc((size_t)count * count * LEVELS, sizeof *a->line);
    MUST(a->line != NULL);
    for (unsigned f = set_next(a->parties, 0); f < SET64_MAX; f = set_next(a->parties, f + 1)) {
        for (unsigned t = set_next(a->parties, 0); t < SET64_MAX; t = set_next(a->parties, t + 1)) {
            for (unsigned r = 0; r < LEVELS && f != t; r++) {
                a->line[a->line_count++] = (struct corpus_line){
                    (uint8_t)f, (uint8_t)r, (uint8_t)t, (uint8_t)t, (uint16_t)(1u << r), 3, 1};
            }
        }
    }
}

/* The first half protect: most are between two, some between up to six.  The rest stand under them. */
static void agreement_add(struct dice *d, struct corpus *l, unsigned n, unsigned all,
                          unsigned clauses)
{
    struct corpus_agreement *a = &l->agreement[n];
    char                     text[8];
    (void)snprintf(text, sizeof text, "A%03u", n);
    a->name = name_from(text);
    a->stands = true;
    a->arrangement = n >= all / 2;
    a->owed.duties = (uint32_t)subset(d, 10, 50, false) | DUTY_ASSURANCE;
    if (a->arrangement) {
        a->under_count = 1;
        a->under[0] = l->agreement[below(d, all / 2)].name;
        unsigned parent = corpus_find(l, &a->under[0]);
        a->parties = l->agreement[parent].parties;
    } else {
        a->parties = set_one(n % l->parties.count);
        a->parties |= few(d, l->parties.count, chance(d, 80) ? 1 : 5);
        a->parties |= set_one((n + 1) % l->parties.count);
        memset(a->covers, 0xff, sizeof a->covers);
        lines_add(a);
    }
    l->agreement_count++;
    nevers_add(d, l, n);
    for (unsigned k = 2; k < clauses; k++) {
        may_add(d, l, n, (uint8_t)(1 + k % 250));
    }
}

int main(int argc, char **argv)
{
    unsigned      size[] = {64, 256, 1000, 8};
    struct dice   d = {.state = 1};
    double        most = 0, sum = 0;
    size_t        rows = 0;
    unsigned      failed = 0;
    struct rusage used;
    for (int i = 1; i < argc && i <= 4; i++) {
        size[i - 1] = (unsigned)atoi(argv[i]);
    }
    double         began = now_s();
    struct corpus *l = corpus_named(size[0]);
    for (unsigned n = 0; n < size[1]; n++) {
        agreement_add(&d, l, n, size[1], size[2]);
    }
    corpus_ready(l);
    double made = now_s() - began, worked = worked_s();
    for (unsigned i = 0; i < size[3]; i++) {
        struct query q = {(uint8_t)below(&d, size[0]), 0, PARTY_NONE};
        struct reach r;
        q.to = (uint8_t)((q.from + 1 + below(&d, size[0] - 1)) % size[0]);
        double start = now_s();
        err    e = reach_find(l, &q, &r);
        double took = now_s() - start;
        fprintf(stderr, "%u to %u: %zu rows, %.2f s%s%s\n", q.from, q.to, r.count, took,
                err_is(e) ? ": " : "", err_is(e) ? e.why : "");
        failed += err_is(e);
        rows += r.count;
        sum += took;
        most = took > most ? took : most;
        reach_done(&r);
    }
    getrusage(RUSAGE_SELF, &used);
    printf(
        "{\"parties\": %u, \"agreements\": %u, \"clauses\": %zu, \"made_s\": %.2f, \"pairs\": %u, "
        "\"rows\": %zu, \"mean_s\": %.2f, \"most_s\": %.2f, \"mean_cpu_s\": %.2f, \"too_many\": "
        "%u, \"resident_kib\": "
        "%ld}\n",
        size[0], size[1], l->may_count + l->never_count, made, size[3], rows, sum / size[3], most,
        (worked_s() - worked) / size[3], failed, used.ru_maxrss);
    corpus_free(l);
    return 0;
}
