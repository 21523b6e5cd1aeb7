/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/bond.h"

#include <stdio.h>
#include <string.h>

#define KOR 0u
#define JPN 1u
#define USA 2u

/* ---- who with whom ---- */

static bool ring_has(unsigned gateways, unsigned low, unsigned high)
{
    return (low == KOR && high == LAW_PARTIES) || (low == USA && high == gateways - 1) ||
           (low >= LAW_PARTIES && high == low + 1);
}

/* From each second party over as many as the scene says */
static bool chord_has(unsigned scene, unsigned low, unsigned high)
{
    return low >= LAW_PARTIES && low % 2 == scene % 2 && high == low + 2 + scene;
}

static bool bonded(unsigned gateways, unsigned scene, unsigned one, unsigned other)
{
    unsigned low = one < other ? one : other, high = one < other ? other : one;
    return high >= LAW_PARTIES && high < gateways &&
           (ring_has(gateways, low, high) || chord_has(scene, low, high));
}

unsigned bonds_of(unsigned gateways, unsigned scene, unsigned party)
{
    unsigned all = 0;
    for (unsigned other = 0; other < gateways; other++) {
        all |= bonded(gateways, scene, party, other) ? 1u << other : 0;
    }
    return all;
}

bool bond_joined(unsigned gateways, unsigned scene, unsigned one, unsigned other)
{
    bool shipped = one < LAW_PARTIES && other < LAW_PARTIES && one != other;
    return shipped || bonded(gateways, scene, one, other);
}

unsigned bond_foreigner(unsigned gateways, unsigned scene, unsigned party)
{
    static const unsigned shipped[LAW_PARTIES] = {[KOR] = JPN, [JPN] = USA, [USA] = KOR};
    unsigned              other = 0;
    if (party < LAW_PARTIES) {
        return shipped[party];
    }
    while (!bonded(gateways, scene, party, other)) {
        other++;
    }
    return other;
}

/* ---- texts ---- */

void bond_put_level(struct writer *w, unsigned party, enum level_word height)
{
    static const char *const of_korea[] = {"II", "III"};
    static const char *const of_others[] = {"SECRET", "CONFIDENTIAL"};
    put_text(w, law_party[party]);
    put_u8(w, ':');
    put_text(w, party == KOR ? of_korea[height] : of_others[height]);
}

void bond_put_codes(struct writer *w, unsigned parties)
{
    bool first = true;
    for (unsigned p = 0; p < GATEWAYS_MAX; p++) {
        if ((parties & 1u << p) != 0) {
            put_text(w, first ? "" : ",");
            put_text(w, law_party[p]);
            first = false;
        }
    }
}

static void put_levels(struct writer *w, unsigned one, unsigned other, enum level_word height,
                       const char *between)
{
    bond_put_level(w, one, height);
    put_text(w, between);
    bond_put_level(w, other, height);
}

void bond_text(struct writer *w, unsigned one, unsigned other)
{
    char head[256];
    snprintf(head, sizeof head,
             "agreement BOND-%s-%s \"Of two\"\n    parties %s, %s\n    signed 2020-01-01\n"
             "    in force 2020-01-01\n    after end protect\n",
             law_party[one], law_party[other], law_party[one], law_party[other]);
    put_text(w, head);
    put_text(w, "article 1 \"Protection\"\n    covers any between the parties up to ");
    put_levels(w, one, other, LEVEL_HIGH, ", ");
    put_text(w, "\n    never onward without prior written approval of the originator\n"
                "article 2 \"Levels\"\n    ");
    put_levels(w, one, other, LEVEL_HIGH, " = ");
    put_text(w, "\n    ");
    put_levels(w, one, other, LEVEL_LOW, " = ");
    put_text(w, "\narticle 3 \"Access\"\n    readers on registry\n"
                "    read needs clearance, need-to-know\narticle 4 \"What goes\"\n"
                "    either may release track, warning from radar to the other about dprk-missile"
                " up to ");
    put_levels(w, one, other, LEVEL_HIGH, ", ");
    put_text(w, " at FLASH\n    either may release report, image from imagery, electronic to the"
                " other about dprk-missile, dprk-nuclear up to ");
    put_levels(w, one, other, LEVEL_HIGH, ", ");
    put_u8(w, '\n');
}

/* What is above the lower level waits for an officer. */
void bond_rules(struct writer *w, unsigned party)
{
    put_text(w, "rules ");
    put_text(w, law_party[party]);
    put_text(w, "\n    release track, warning from radar about dprk-missile\n"
                "    release report, image from imagery, electronic about dprk-missile,"
                " dprk-nuclear up to ");
    bond_put_level(w, party, LEVEL_LOW);
    put_u8(w, '\n');
}

/* ---- policies ---- */

/* Up to and with the place where `what` ends; false: it is not there. */
static bool copy_past(span *rest, const char *what, struct writer *w)
{
    const uint8_t *at = memmem(rest->ptr, rest->len, what, strlen(what));
    if (at == NULL) {
        return false;
    }
    size_t len = (size_t)(at - rest->ptr) + strlen(what);
    put_span(w, (span){rest->ptr, len});
    *rest = (span){rest->ptr + len, rest->len - len};
    return true;
}

/* Each `from` is `to`, of another length or not. */
static void put_changed(struct writer *w, span text, const char *from, const char *to)
{
    const uint8_t *at;
    while ((at = memmem(text.ptr, text.len, from, strlen(from))) != NULL) {
        size_t len = (size_t)(at - text.ptr);
        put_span(w, (span){text.ptr, len});
        put_text(w, to);
        len += strlen(from);
        text = (span){text.ptr + len, text.len - len};
    }
    put_span(w, text);
}

/* As of countries: numbers that no country has. */
#define CODE_FIRST 900u

err bond_policy(span shipped, unsigned party, unsigned gateways, struct writer *w)
{
    static uint8_t named[BOND_POLICY_MAX];
    struct writer  all = WRITER_OF(named);
    char           line[128];
    if (!copy_past(&shipped,
                   "name=\"Releasable To\" tagType=\"enumerated\" enumType=\"permissive\">\n",
                   &all)) {
        return FAIL(UNKNOWN, "a shipped policy does not say to whom one may give");
    }
    for (unsigned i = LAW_PARTIES; i < gateways; i++) {
        snprintf(line, sizeof line, "<tagCategory name=\"%s\" lacv=\"%u\"/>\n", law_party[i],
                 CODE_FIRST + i);
        put_text(&all, line);
    }
    put_span(&all, shipped);
    if (party < LAW_PARTIES) {
        put_span(w, writer_span(&all));
    } else {
        static uint8_t other[BOND_POLICY_MAX];
        struct writer  o = WRITER_OF(other);
        char           arc[16];
        snprintf(arc, sizeof arc, "509.%u", CODE_FIRST + party);
        snprintf(line, sizeof line, "securityPolicyId name=\"%s\"", law_party[party]);
        put_changed(&o, writer_span(&all), "509.840", arc);
        put_changed(w, writer_span(&o), "securityPolicyId name=\"USA\"", line);
        all.bad = all.bad || o.bad;
    }
    return all.bad || w->bad ? FAIL(FULL, "a policy is longer than there is room for") : OK;
}
