/* links: spif */
/* SPDX-License-Identifier: Apache-2.0 */
/* One label against one clearance: is it valid, may it be read?  Labels of few and of many categories, some of
 * which are read, under the policy whose file is named, else NATO's where the vectors are, else Korea's. */
#include "label/label.h"
#include "spif/spif.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 20000000
#define LABELS 64

static uint8_t file[SPIF_MAX];

/* This process's own time, so that what else runs here does not count */
static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t dice(void)
{
    static uint64_t state = 20161123;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(2685821657736338717);
}

static FILE *file_open(const char *path)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        nato[512];
    (void)snprintf(nato, sizeof nato, "%s/labels/spiffing/nato-4774-policy.xml",
                   base != NULL ? base : "../shared/data");
    FILE *f = fopen(path != NULL ? path : nato, "rb");
    return f != NULL ? f : fopen("policies/KOR.xml", "rb");
}

static struct scheme *scheme_open(const char *path)
{
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    FILE                  *f = file_open(path);
    size_t                 len = f == NULL ? 0 : fread(file, 1, sizeof file, f);
    if (f != NULL) {
        (void)fclose(f);
    }
    if (err_is(spif_scheme((span){file, len}, &s, &problems))) {
        fprintf(stderr, "line %u: %s\n", problems.problem[0].line, problems.problem[0].why);
        exit(1);
    }
    return s;
}

/* A valid label: categories are put in at random, and those that break it left out again */
static struct label label_make(const struct scheme *s, unsigned categories)
{
    struct label_faults faults;
    struct label        l = {.scheme = s, .privacy = SCHEME_NONE};
    l.class = (uint16_t)(dice() % s->class_count);
    for (unsigned i = 0; i < categories; i++) {
        unsigned c = (unsigned)(dice() % s->category_count);
        bool     had = category_has(&l.categories, c);
        category_put(&l.categories, c);
        if (!label_valid(&l, &faults) && !had) {
            category_drop(&l.categories, c);
        }
    }
    return l;
}

static double rate(const struct label *l, const struct label_clearance *c, unsigned *yes)
{
    struct label_faults faults;
    double              began = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        *yes += label_access(&l[i % LABELS], &c[i / 7 % 2], &faults);
    }
    return ROUNDS / (now_s() - began);
}

int main(int argc, char **argv)
{
    static struct label    l[LABELS];
    struct scheme         *s = scheme_open(argc > 1 ? argv[1] : NULL);
    struct label_clearance c[2] = {{.scheme = s, .classes = ~(set64)0, .categories = s->known},
                                   {.scheme = s, .classes = 1, .categories = s->known}};
    static const unsigned  many[] = {3, 40};
    for (unsigned k = 0; k < ARRAY_LEN(many); k++) {
        unsigned yes = 0, in = 0;
        for (unsigned i = 0; i < LABELS; i++) {
            l[i] = label_make(s, many[k]);
            in += category_count(&l[i].categories, 0, s->category_count);
        }
        double per_s = rate(l, c, &yes);
        printf("{\"policy\": \"" SPAN_FMT "\", \"categories\": %u, \"in_a_label\": %.1f, "
               "\"per_s\": %.0f, \"read\": %.2f}\n",
               SPAN_ARG(s->name), s->category_count, (double)in / LABELS, per_s,
               (double)yes / ROUNDS);
    }
    free(s);
    return 0;
}
