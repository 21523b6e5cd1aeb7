/* links: ism */
/* SPDX-License-Identifier: Apache-2.0 */
/* Banner lines of the US register, read each time (bench/library.c has them interned).  In time of the processor,
 * so that what else runs does not count. */
#include "ism/ism.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 2000000

static const char *const lines[] = {
    "SECRET//REL TO USA, JPN, KOR",
    "SECRET//NOFORN",
    "TOP SECRET//SI/TK//ORCON/REL TO USA, AUS, CAN, GBR, NZL",
    "//KOR SECRET//REL TO USA, JPN, KOR",
    "SECRET//FGI JPN KOR//REL TO USA, JPN, KOR",
    "//JOINT SECRET JPN KOR USA//REL TO USA, JPN, KOR",
    "CONFIDENTIAL//ORCON/NOFORN",
    "SECRET//REL TO USA, JPN/DISPLAY ONLY KOR",
};

static struct groups g;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void groups_load(void)
{
    static uint8_t table[GROUPS_TABLE_MAX];
    unsigned       line = 0;
    FILE          *f = fopen("policies/groups.table", "rb");
    size_t         len = f != NULL ? fread(table, 1, sizeof table, f) : 0;
    if (len == 0 || err_is(groups_read((span){table, len}, &g, &line))) {
        fprintf(stderr, "policies/groups.table cannot be read\n");
        exit(1);
    }
    (void)fclose(f);
}

int main(void)
{
    struct ism       m;
    struct ism_fault fault;
    unsigned         good = 0;
    groups_load();
    double start = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        good += !err_is(ism_banner_read(&g, span_text(lines[i % ARRAY_LEN(lines)]), &m, &fault));
    }
    double read = now_s();
    printf("{\"what\": \"banner line read\", \"per_s\": %.0f, \"good\": %.2f}\n",
           ROUNDS / (read - start), (double)good / ROUNDS);
    return 0;
}
