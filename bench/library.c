/* links: library */
/* SPDX-License-Identifier: Apache-2.0 */
/* What a program pays that links the library: decisions on labels and lines, texts interned, XML read. */
#include <accord/marking.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DECISIONS 20000000u
#define TEXTS     2000000u
#define READS     500000u

static accord_policies *policies;
static accord_context  *context;
static accord_error    *error;

/* This process's own time, so that what else runs here does not count */
static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum accord_code code)
{
    if (code != ACCORD_OK) {
        fprintf(stderr, "%s: %s\n", accord_error_sentence(error), accord_error_about(error));
        exit(1);
    }
}

static void tell(const char *what, unsigned rounds, double began, unsigned good)
{
    printf("{\"what\": \"%s\", \"per_s\": %.0f, \"yes\": %.2f}\n", what, rounds / (now_s() - began),
           (double)good / rounds);
}

static void decide(const char *what, const accord_marking *const m[2], const accord_reader *r)
{
    unsigned yes = 0;
    double   began = now_s();
    for (unsigned i = 0; i < DECISIONS; i++) {
        yes += accord_access(context, m[i & 1], r) == ACCORD_RELEASE;
    }
    tell(what, DECISIONS, began, yes);
}

static const char *const lines[] = {
    "SECRET//REL TO USA, JPN, KOR",
    "TOP SECRET//SI/TK//ORCON/REL TO USA, AUS, CAN, GBR, NZL",
    "//KOR SECRET//REL TO USA, JPN, KOR",
    "SECRET//NOFORN",
};

static void intern(void)
{
    const accord_marking *m = NULL;
    unsigned              good = 0;
    double                began = now_s();
    for (unsigned i = 0; i < TEXTS; i++) {
        good += accord_marking_intern(context, "banner", lines[i & 3], strlen(lines[i & 3]), &m,
                                      NULL) == ACCORD_OK;
    }
    tell("banner line interned", TEXTS, began, good);
}

static void labels(void)
{
    static const char *const texts[] = {
        "KOR:II of KOR about dprk-missile from radar to JPN,USA",
        "KOR:I of KOR about dprk-missile from radar to JPN",
    };
    static const char cleared[] =
        "<clearance xmlns='http://surevine.com/xmlns/spiffy'>"
        "<policy id='2.25.147695777703673308978538883565360363509.410'>KOR</policy>"
        "<classification lacv='4'/><tag type='enumeratedPermissive' "
        "id='2.25.147695777703673308978538883565360363509.410.2' lacv='392'/>"
        "<tag type='restrictive' id='2.25.147695777703673308978538883565360363509.410.3' lacv='5'/>"
        "<tag type='restrictive' id='2.25.147695777703673308978538883565360363509.410.4' "
        "lacv='%d'/></clearance>";
    static char     xml[ACCORD_TEXT_MAX];
    accord_marking *plain, *m[2], *again;
    accord_reader  *r;
    size_t          len = 0;
    unsigned        good = 0;
    char            clearance[1024];
    must(accord_context_set(context, ACCORD_GIVEN_CREATED, "2026-11-22T00:00:00Z", error));
    for (unsigned i = 0; i < 2; i++) {
        must(accord_marking_read(context, "marking", texts[i], strlen(texts[i]), &plain, error));
        must(accord_marking_convert(context, plain, "stanag4774", &m[i], error));
        accord_marking_free(plain);
    }
    must(accord_context_set(context, ACCORD_GIVEN_CREATED, NULL, error));
    for (int discipline = 1;; discipline++) { /* the radar's */
        (void)snprintf(clearance, sizeof clearance, cleared, discipline);
        must(accord_reader_of_clearance(context, NULL, clearance, strlen(clearance), &r, error));
        if (accord_access(context, m[0], r) == ACCORD_RELEASE) {
            break;
        }
        accord_reader_free(r);
    }
    decide("label against clearance", (const accord_marking *const *)m, r);
    must(accord_marking_write(context, m[0], "stanag4774", xml, sizeof xml, &len, error));
    double began = now_s();
    for (unsigned i = 0; i < READS; i++) {
        good += accord_marking_read(context, "stanag4774", xml, len, &again, NULL) == ACCORD_OK;
        accord_marking_free(again);
    }
    tell("4774 XML to a handle", READS, began, good);
    accord_reader_free(r);
    accord_marking_free(m[0]);
    accord_marking_free(m[1]);
}

int main(void)
{
    const accord_marking *m[2];
    accord_reader        *r;
    const char           *told[] = {"S,C,U", "JPN", "JPN"};
    policies = accord_policies_new();
    error = accord_error_new();
    must(accord_policies_add_folder(policies, "policies", error));
    must(accord_context_new(policies, 0, &context, error));
    must(accord_reader_of_person(context, told, 3, &r, error));
    must(accord_marking_intern(context, "banner", lines[0], strlen(lines[0]), &m[0], error));
    must(accord_marking_intern(context, "banner", lines[1], strlen(lines[1]), &m[1], error));
    decide("line of the register against a person", m, r);
    labels();
    intern();
    accord_reader_free(r);
    accord_context_free(context);
    accord_policies_free(policies);
    accord_error_free(error);
    return 0;
}
