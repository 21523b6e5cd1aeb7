/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* One verdict under the shipped agreements: by the table, by reading, and both as a guard asks. */
#include "release/verdict.h"
#include "sim/law.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 1000000

static struct law law;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(err e)
{
    if (err_is(e)) {
        fprintf(stderr, "%s\n", e.why);
        exit(1);
    }
}

static struct crossing crossing_of(const struct tables *t, const char *marking, const char *to)
{
    struct crossing c = {.kind = KIND_IMAGE,
                         .via = PARTY_NONE,
                         .giving = GIVING_RELEASE,
                         .now_low = 1700000000000,
                         .now_high = 1700000002000};
    unsigned        from = 0, recipient = 0;
    must(marking_read(&t->policies, span_text(marking), &c.marking));
    must(names_find(&t->policies.parties, SPAN_LIT("KOR"), &from));
    must(names_find(&t->policies.parties, span_text(to), &recipient));
    c.from = (uint8_t)from;
    c.to = (uint8_t)recipient;
    c.standing = (set64)(1u << t->agreements.count) - 1;
    return c;
}

int main(void)
{
    static const char *const marking[] = {
        "KOR:II of KOR about dprk-missile from imagery to JPN,USA",
        "KOR:I of KOR about dprk-missile from imagery to JPN",
        "KOR:II of KOR about maritime from radar to JPN",
        "KOR:III of KOR about cyber from cyber to JPN",
    };
    struct tables  *t = calloc(1, sizeof *t);
    struct index   *index = calloc(1, index_size());
    struct crossing c[8];
    unsigned        sum = 0;
    bool            differ;
    must(law_read(".", &law));
    t->policies = law.policies;
    t->agreements = law.agreements;
    index_build(t, index);
    for (unsigned i = 0; i < 8; i++) {
        c[i] = crossing_of(t, marking[i / 2], i % 2 == 0 ? "JPN" : "USA");
    }
    double at[4] = {now_s()};
    for (unsigned i = 0; i < ROUNDS; i++) {
        sum += verdict_by_table(t, index, &c[i % 8]).failed;
    }
    at[1] = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        sum += verdict_by_reading(t, &c[i % 8]).failed;
    }
    at[2] = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        sum += verdict_decide(t, index, &c[i % 8], &differ).failed;
    }
    at[3] = now_s();
    printf("{\"table_ns\": %.0f, \"reading_ns\": %.0f, \"both_ns\": %.0f, \"sum\": %u}\n",
           (at[1] - at[0]) * 1e9 / ROUNDS, (at[2] - at[1]) * 1e9 / ROUNDS,
           (at[3] - at[2]) * 1e9 / ROUNDS, sum);
    return 0;
}
