/* SPDX-License-Identifier: Apache-2.0 */
/* A law of any size as files, made from a seed: a policy for each party, agreements between two or three of
 * them, arrangements under these.  The same law is written for the same size and seed. */
#ifndef UNIT_CLI_LAWS_H
#define UNIT_CLI_LAWS_H

#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/text.h"
#include "twin/release/cases.h"

#define LAWS_LEVELS      5
#define LAWS_DISCIPLINES 16
#define LAWS_TOPICS      60 /* and three more that nevers speak of: no permission is of these alone */
#define LAWS_ARTICLE     200 /* clauses in one article: 255 at most */

struct laws {
    const char *dir; /* with a folder `policies` in it; texts beside it */
    unsigned    parties, agreements, clauses;
    uint64_t    seed;
};

static FILE *laws_file(const struct laws *l, const char *form, unsigned number)
{
    char name_[32], path[512];
    (void)snprintf(name_, sizeof name_, form, number);
    (void)snprintf(path, sizeof path, "%s/%s", l->dir, name_);
    FILE *f = fopen(path, "we");
    MUST(f != NULL);
    return f;
}

/* ---- policies ---- */

static void laws_tags(FILE *f, const char *set, const char *sort, unsigned number, const char *form,
                      unsigned count)
{
    fprintf(f,
            "<securityCategoryTagSet name=\"%s\" id=\"2.25.1.%u\"><securityCategoryTag name=\"%s\" "
            "tagType=%s>\n",
            set, number, set, sort);
    for (unsigned i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, form, i);
        fprintf(f, "<tagCategory name=\"%s\" lacv=\"%u\"/>\n", text, i + 1);
    }
    fprintf(f, "</securityCategoryTag></securityCategoryTagSet>\n");
}

static void laws_phrase(FILE *f, const char *language, const char *where, char letter)
{
    fprintf(f, "<markingData xml:lang=\"%s\" phrase=\"LEVEL %c\"><code>%s</code></markingData>\n",
            language, letter, where);
}

static void laws_policy(const struct laws *l, unsigned party)
{
    FILE *f = laws_file(l, "policies/P%02u.xml", party);
    fprintf(f,
            "<SPIF xmlns=\"http://www.xmlspif.org/spif\" schemaVersion=\"2.1\" version=\"1\" "
            "creationDate=\"20261122000000Z\" originatorDN=\"CN=Made\" keyIdentifier=\"\" "
            "privilegeId=\"2.16.840.1.101.2.1.8.3\" rbacId=\"2.16.840.1.101.2.1.8.3\">\n"
            "<securityPolicyId name=\"P%02u\" id=\"2.25.1.2.%u\"/>\n<securityClassifications>\n",
            party, party + 1);
    for (unsigned r = 0; r < LAWS_LEVELS; r++) {
        fprintf(f,
                "<securityClassification name=\"L%c\" lacv=\"%u\" hierarchy=\"%u\" "
                "color=\"#0000%02X\">\n",
                'a' + (int)r, r + 1, 10 * (r + 1), 16 * (r + 1));
        laws_phrase(f, "en", "pageTopBottom", (char)('A' + r));
        laws_phrase(f, "ko", "documentStart", (char)('A' + r));
        laws_phrase(f, "ja", "documentStart", (char)('A' + r));
        fprintf(f, "</securityClassification>\n");
    }
    fprintf(f, "</securityClassifications>\n<securityCategoryTagSets>\n");
    laws_tags(f, "Releasable To", "\"enumerated\" enumType=\"permissive\"", 1, "P%02u", l->parties);
    laws_tags(f, "Topic", "\"restrictive\"", 2, "t%02u", LAWS_TOPICS + 3);
    laws_tags(f, "Discipline", "\"restrictive\"", 3, "d%02u", LAWS_DISCIPLINES);
    fprintf(f, "</securityCategoryTagSets>\n</SPIF>\n");
    MUST(fclose(f) == 0);
}

/* ---- texts ---- */

static void laws_some(struct dice *d, FILE *f, const char *form, unsigned of, unsigned most)
{
    set64       s = 0;
    const char *between = "";
    for (unsigned n = 1 + below(d, most); n > 0; n--) {
        s |= set_one(below(d, of));
    }
    for (unsigned i = set_next(s, 0); i < SET64_MAX; i = set_next(s, i + 1)) {
        char text[16];
        (void)snprintf(text, sizeof text, form, i);
        fprintf(f, "%s%s", between, text);
        between = ", ";
    }
}

static void laws_kinds(struct dice *d, FILE *f)
{
    const char *between = "";
    for (unsigned k = below(d, 3); k < KIND_COUNT; k += 1 + below(d, KIND_COUNT)) {
        fprintf(f, "%s%s", between, kind_name((enum kind)k));
        between = ", ";
    }
}

static set64 laws_parties(struct dice *d, const struct laws *l, unsigned number)
{
    set64 s = set_one(number % l->parties) | set_one((number + 1) % l->parties);
    return l->parties > 2 && chance(d, 20) ? s | set_one(below(d, l->parties)) : s;
}

static void laws_may(struct dice *d, FILE *f, set64 parties)
{
    unsigned from = member(d, parties), to = member(d, parties & ~set_one(from));
    set64    hubs = parties & ~set_one(from) & ~set_one(to);
    fprintf(f, "    P%02u may %s ", from, chance(d, 90) ? "release" : "disclose");
    laws_kinds(d, f);
    fprintf(f, " from ");
    laws_some(d, f, "d%02u", LAWS_DISCIPLINES, 4);
    fprintf(f, " to P%02u about ", to);
    laws_some(d, f, "t%02u", LAWS_TOPICS, 6);
    if (chance(d, 20)) {
        fprintf(f, ", t%02u", LAWS_TOPICS + below(d, 3));
    }
    fprintf(f, " up to P%02u:L%c", from, 'a' + (int)below(d, LAWS_LEVELS));
    if (hubs != 0 && chance(d, 20)) {
        fprintf(f, " via P%02u", member(d, hubs));
    }
    fprintf(f, "\n");
}

/* Levels are handled as those of the same place; what stands under it permits more. */
static void laws_protects(struct dice *d, FILE *f, set64 parties)
{
    const char *between = "";
    fprintf(f, "    covers any between the parties up to ");
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        fprintf(f, "%sP%02u:Le", between, p);
        between = ", ";
    }
    fprintf(f, "\n");
    for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
        for (unsigned q = set_next(parties, p + 1); q < SET64_MAX; q = set_next(parties, q + 1)) {
            for (unsigned r = 0; r < LAWS_LEVELS; r++) {
                fprintf(f, "    P%02u:L%c = P%02u:L%c\n", p, 'a' + (int)r, q, 'a' + (int)r);
            }
        }
    }
    fprintf(f, "    never onward%s\n",
            chance(d, 90) ? " without prior written approval of the originator" : "");
}

static void laws_text(struct dice *d, const struct laws *l, unsigned number, set64 parties[])
{
    FILE    *f = laws_file(l, "A%03u.agreement", number);
    unsigned half = (l->agreements + 1) / 2, clauses = l->clauses;
    if (number < half) {
        parties[number] = laws_parties(d, l, number);
        fprintf(f, "agreement A%03u \"Made %u\"\n    parties ", number, number);
        const char *between = "";
        for (unsigned p = set_next(parties[number], 0); p < SET64_MAX;
             p = set_next(parties[number], p + 1)) {
            fprintf(f, "%sP%02u", between, p);
            between = ", ";
        }
        fprintf(f, "\n    signed 2020-01-01\n    in force 2020-01-01\n");
    } else {
        unsigned parent = below(d, half);
        parties[number] = parties[parent];
        fprintf(f, "arrangement A%03u under A%03u \"Made %u\"\n", number, parent, number);
    }
    fprintf(f, "\narticle 1 \"Protection\"\n");
    if (number < half) {
        laws_protects(d, f, parties[number]);
        clauses--;
    }
    fprintf(f, "    never ");
    laws_kinds(d, f);
    fprintf(f, " about ");
    fprintf(f, "t%02u", LAWS_TOPICS + below(d, 3));
    fprintf(f, "%s\n", chance(d, 50) ? " without prior written approval of the originator" : "");
    for (unsigned k = 1; k < clauses; k++) {
        if (k % LAWS_ARTICLE == 1) {
            fprintf(f, "\narticle %u \"What may be given\"\n", 2 + k / LAWS_ARTICLE);
        }
        laws_may(d, f, parties[number]);
    }
    MUST(fclose(f) == 0);
}

/* laws_write - into folders that are there */
static void laws_write(const struct laws *l)
{
    struct dice d = {.state = l->seed};
    set64       parties[512] = {0};
    MUST(l->agreements <= ARRAY_LEN(parties));
    for (unsigned p = 0; p < l->parties; p++) {
        laws_policy(l, p);
    }
    for (unsigned a = 0; a < l->agreements; a++) {
        laws_text(&d, l, a, parties);
    }
}

#endif
