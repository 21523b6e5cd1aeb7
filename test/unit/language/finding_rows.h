/* SPDX-License-Identifier: Apache-2.0 */
/* Each finding beyond mistakes of form: a text that has it, at its line, and the nearest one that has it not. */
#ifndef TEST_FINDING_ROWS_H
#define TEST_FINDING_ROWS_H

#include "config/diagnostic.h"

/* What they stand under, or are held against: SOUND, EMPTY and CLAIMER. */
#define SOUND                                                                                      \
    "agreement A \"a\"\n"                                                                          \
    "    parties KOR, JPN\n"                                                                       \
    "    signed 2016-11-23\n"                                                                      \
    "    in force 2016-11-23\n"                                                                    \
    "    after end return\n"                                                                       \
    "    covers any between the parties up to KOR:II, JPN:GOKUHI\n"                                \
    "    KOR:II = JPN:GOKUHI\n"                                                                    \
    "    KOR:III = JPN:HI\n"                                                                       \
    "    KOR:UNCLASSIFIED = JPN:UNCLASSIFIED\n"                                                    \
    "    never onward\n"                                                                           \
    "    never for another purpose\n"                                                              \
    "    read needs clearance, need-to-know, assurance\n"                                          \
    "    never human to JPN\n"                                                                     \
    "    receipt within 24 hours\n"                                                                \
    "    report loss or possible loss within 2 hours\n"                                            \
    "    copies at most 5\n"                                                                       \
    "    destroy within 30 days with certificate by 2 persons\n"
#define UNDER "arrangement B under A \"b\"\n"
#define BACK  "    JPN may release any from any to KOR about any up to JPN:HI\n"
#define GIVE  "    KOR may release track, report from radar to JPN about cyber up to KOR:III"
#define CLAIMER                                                                                    \
    "arrangement CLAIMER under A \"c\"\n"                                                          \
    "    claims dprk-nuclear\n"                                                                    \
    "    KOR may release report from radar to JPN about any up to KOR:III\n"
#define EMPTY "agreement EMPTY \"e\"\n    parties KOR, JPN\n"
#define RULES "rules KOR\n"

struct finding {
    const char   *has, *sentence;
    enum severity severity;
    unsigned      line;
    const char   *has_not;
};

static const struct finding finding_row[] = {
    /* definitions */
    {UNDER "    define area SEA = within 9 km of 1N 1E\n", "nothing uses this", SEVERITY_WARNING, 2,
     UNDER "    define area SEA = within 9 km of 1N 1E\n" BACK GIVE " in SEA\n"},
    {UNDER "    define topics T = cyber\n    define topics U = T\n" BACK
           "    never any about T, U\n",
     "line 2 defines the same", SEVERITY_WARNING, 3,
     UNDER "    define topics T = cyber\n    define topics U = T, exercise\n" BACK
           "    never any about T, U\n"},
    {UNDER "    define area S = within 9 km of 1N 1E\n    define area T = within 9000 m of 1N 1E\n",
     "line 2 defines the same", SEVERITY_WARNING, 3,
     UNDER
     "    define area S = within 9 km of 1N 1E\n    define area T = within 9001 m of 1N 1E\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n    in force 2020-01-01\n"
     "    define window W = 2019-01-01 to 2019-12-31\n    never any during W\n",
     "this window never opens", SEVERITY_WARNING, 4,
     "agreement C \"c\"\n    parties KOR, JPN\n    in force 2020-01-01\n"
     "    define window W = 2019-01-01 to 2020-01-01\n    never any during W\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n    term 2 years from 2020-01-01\n"
     "    define window W = 2022-01-01 to 2022-12-31\n    never any during W\n",
     "this window never opens", SEVERITY_WARNING, 4,
     "agreement C \"c\"\n    parties KOR, JPN\n    term 2 years from 2020-01-01, extended each "
     "year\n"
     "    define window W = 2022-01-01 to 2022-12-31\n    never any during W\n"},

    {"agreement C \"c\"\n    parties KOR, JPN\n    signed 2020-01-02\n    in force 2020-01-01\n",
     "before it was signed", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    signed 2020-01-02\n    in force 2020-01-02\n"},

    /* equivalences */
    {SOUND "    JPN:TOKUTEI-HIMITSU => KOR:II\n", "may come back as another level: never",
     SEVERITY_WARNING, 18, SOUND},
    {"agreement C \"c\"\n    parties KOR, JPN\n    KOR:II = JPN:GOKUHI, JPN:TOKUTEI-HIMITSU\n",
     "an officer chooses of several", SEVERITY_NOTE, 3,
     "agreement C \"c\"\n    parties KOR, JPN\n    KOR:II => JPN:GOKUHI, JPN:TOKUTEI-HIMITSU\n"},

    /* clauses within others */
    {UNDER BACK GIVE "\n    KOR may release track from radar to JPN about cyber up to KOR:III\n",
     "line 3 permits all of it", SEVERITY_WARNING, 4,
     UNDER BACK GIVE "\n    KOR may release track from open to JPN about cyber up to KOR:III\n"},
    {UNDER "    define area SEA = within 9 km of 1N 1E\n" BACK GIVE " in SEA\n" GIVE "\n",
     "line 5 permits all of it", SEVERITY_WARNING, 4,
     UNDER "    define area SEA = within 9 km of 1N 1E\n" BACK GIVE " in SEA\n" GIVE
           "\n        copies at most 1\n"},
    {UNDER
     "    define reduction R = position to 1 km\n    define reduction S = position to 2 km\n" BACK
         GIVE " reduced R\n" GIVE " reduced S\n",
     "line 5 permits all of it", SEVERITY_WARNING, 6,
     UNDER
     "    define reduction R = position to 1 km\n    define reduction S = height to 2 km\n" BACK
         GIVE " reduced R\n" GIVE " reduced S\n"},
    {UNDER BACK GIVE "\n" GIVE "\n        copies at most 1\n", "line 3 permits all of it",
     SEVERITY_WARNING, 4,
     UNDER BACK "    KOR may release track from radar to JPN about cyber up to KOR:III\n"
                "        copies at most 1\n" GIVE "\n"},
    {UNDER BACK GIVE "\n" GIVE " at FLASH\n", "line 3 permits all of it", SEVERITY_WARNING, 4,
     UNDER BACK GIVE "\n    KOR may release track from radar to JPN about any at FLASH\n"},
    {UNDER BACK GIVE "\n    KOR may release track from radar to JPN about cyber up to KOR:III at "
                     "FLASH\n    KOR may release any from any to JPN about any\n",
     "line 3 permits all of it", SEVERITY_WARNING, 4,
     UNDER BACK
     "    KOR may release track from radar to JPN about cyber\n    KOR may release track "
     "from any to JPN about any at FLASH\n    KOR may release any from any to JPN about "
     "any\n"},
    {UNDER
     "    either may release track from radar to the other about cyber up to KOR:III, JPN:HI\n"
     "    either may release track from radar to the other about cyber up to KOR:III, JPN:HI\n",
     "this adds nothing: line 2", SEVERITY_WARNING, 3,
     UNDER
     "    KOR may release track from radar to JPN about cyber up to KOR:III\n"
     "    either may release track from radar to the other about cyber up to KOR:III, JPN:HI\n"},
    {SOUND "    never radar\n    never track from radar\n", "line 18 forbids all of it",
     SEVERITY_WARNING, 19,
     SOUND "    never radar without prior written approval of the originator\n"
           "    never track from radar\n"},
    {UNDER BACK GIVE "\n    never track from human to JPN\n", "forbids what nothing here permits",
     SEVERITY_NOTE, 4, UNDER BACK GIVE "\n    never track from radar to JPN\n"},

    /* lines of duties */
    {UNDER BACK GIVE "\n        copies at most 3\n        copies at most 5\n",
     "other lines ask for as much", SEVERITY_WARNING, 5,
     UNDER BACK GIVE "\n        copies at most 3\n        receipt within 5 hours\n"},
    {UNDER BACK GIVE "\n    copies at most 3\n    copies at most 3\n",
     "other lines ask for as much", SEVERITY_WARNING, 5,
     UNDER BACK GIVE "\n        copies at most 3\n" GIVE " at FLASH\n        copies at most 3\n"},

    /* contradictions */
    {UNDER BACK GIVE "\n    never radar\n", "line 4 forbids all of it", SEVERITY_ERROR, 3,
     UNDER "    define reduction R = delay 1 min\n" BACK GIVE
           "\n    never radar unless reduced R\n"},
    {UNDER BACK GIVE "\n    never track to JPN\n", "line 4 forbids a part of this", SEVERITY_NOTE,
     3, UNDER BACK GIVE "\n    never image to JPN\n"},

    {UNDER "    define reduction R = delay 1 min\n    define reduction S = delay 2 min\n" BACK
           "    KOR may release report from radar to JPN about cyber up to KOR:II reduced R\n"
           "    never radar to JPN unless reduced S\n",
     "line 6 forbids a part of this", SEVERITY_NOTE, 5,
     UNDER "    define reduction R = delay 1 min\n    define reduction S = delay 2 min\n" BACK
           "    KOR may release report from radar to JPN about cyber up to KOR:II reduced R\n"
           "    never radar to JPN unless reduced R\n"},

    {UNDER BACK "    KOR may release report from radar, imagery to JPN about cyber up to KOR:III\n"
                "    never radar\n    never imagery\n",
     "leave nothing", SEVERITY_WARNING, 3,
     UNDER BACK "    KOR may release report from radar, imagery to JPN about cyber up to KOR:III\n"
                "    never radar\n    never imagery about exercise\n"},
    {UNDER BACK "    KOR may release report from radar to JPN about cyber up to KOR:II\n"
                "    never any up to KOR:III\n    never any above KOR:III\n",
     "line 5 forbids a part", SEVERITY_NOTE, 3,
     UNDER BACK "    KOR may release report from radar to JPN about cyber up to KOR:II\n"
                "    never any up to KOR:III\n    never any above KOR:II\n"},
    {UNDER BACK "    KOR may release report from radar, human to JPN about cyber up to KOR:II\n",
     "a never of A forbids a part of this (article 0 clause 8)", SEVERITY_NOTE, 3,
     UNDER BACK "    KOR may release report from radar to JPN about cyber up to KOR:II\n"},
    {UNDER BACK "    KOR may release report from radar, human to JPN about cyber up to KOR:II\n"
                "    never radar\n",
     "leave nothing", SEVERITY_WARNING, 3,
     UNDER BACK "    KOR may release report from radar, human to JPN about cyber up to KOR:II\n"
                "    never imagery\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n"
     "    covers any between the parties up to KOR:II\n    KOR:II = JPN:GOKUHI\n"
     "    KOR may release report from radar to JPN about cyber up to KOR:III\n",
     "has an equivalent", SEVERITY_WARNING, 5,
     "agreement C \"c\"\n    parties KOR, JPN\n"
     "    covers any between the parties up to KOR:II\n    KOR:II = JPN:GOKUHI\n"
     "    KOR may release report from radar to JPN about cyber up to KOR:II\n"},
    {UNDER "    never human to JPN without prior written approval of the originator\n",
     "A asks for more (without an exception)", SEVERITY_ERROR, 2,
     UNDER "    never human without prior written approval of the originator\n"},
    {UNDER "    never track from human to JPN without prior written approval of KOR\n",
     "A asks for more (without an exception)", SEVERITY_ERROR, 2,
     UNDER "    never track from radar to JPN without prior written approval of KOR\n"},

    {UNDER BACK "    never track to JPN without prior written approval of JPN\n",
     "can lift it by its own approval", SEVERITY_WARNING, 3,
     UNDER BACK "    never track to JPN without prior written approval of KOR\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n    term 1 year from 2024-01-01\n"
     "    notice 400 days\n",
     "none can have effect", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    term 2 years from 2024-01-01\n"
     "    notice 400 days\n"},

    /* what never matches */
    {UNDER BACK "    KOR may release track from radar to JPN about cyber up to JPN:HI\n",
     "its levels are none of KOR", SEVERITY_WARNING, 3, UNDER BACK GIVE "\n"},
    {UNDER "    define reduction R = pixels to 5 m\n" BACK
           "    KOR may release track from radar to JPN about cyber up to KOR:III reduced R\n",
     "have none", SEVERITY_WARNING, 4,
     UNDER "    define reduction R = pixels to 5 m\n" BACK
           "    KOR may release image from radar to JPN about cyber up to KOR:III reduced R\n"},
    {"arrangement D under A \"d\"\n    KOR may release report from radar to JPN about dprk-nuclear "
     "up "
     "to KOR:III\n",
     "CLAIMER claims its topics", SEVERITY_WARNING, 2,
     "arrangement D under A \"d\"\n    KOR may release report from radar to JPN about "
     "dprk-nuclear, "
     "cyber up to KOR:III\n"},

    {UNDER BACK "    KOR may release track from radar to JPN about exercise up to KOR:III\n",
     "does not define all of these topics", SEVERITY_WARNING, 3, UNDER BACK GIVE "\n"},
    {UNDER BACK "    KOR may release track from acoustic to JPN about cyber up to KOR:III\n",
     "does not define all of these disciplines", SEVERITY_WARNING, 3, UNDER BACK GIVE "\n"},
    {UNDER BACK GIVE " via USA\n", "the hub USA is no party", SEVERITY_WARNING, 3,
     UNDER BACK GIVE "\n"},

    /* what a foundation says */
    {"agreement C \"c\"\n    parties KOR, JPN\n    term 1 year from 2020-01-01, extended each "
     "year\n",
     "no time of notice is set", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    term 1 year from 2020-01-01, extended each "
     "year\n"
     "    notice 90 days\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n", "nothing forbids to pass on", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    never onward\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n", "another purpose", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    never for another purpose\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n", "covers nothing", SEVERITY_WARNING, 1, SOUND},
    {"agreement C \"c\"\n    parties KOR, JPN\n", "after the end", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    after end destroy\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n", "assurance", SEVERITY_WARNING, 1,
     "agreement C \"c\"\n    parties KOR, JPN\n    read needs assurance\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n    parameter T = 1 hour\n",
     "no clause uses this parameter", SEVERITY_WARNING, 3,
     "agreement C \"c\"\n    parties KOR, JPN\n    parameter T = 1 hour\n    receipt within T\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n    covers any between the parties up to KOR:III\n"
     "    KOR:UNCLASSIFIED = JPN:UNCLASSIFIED\n",
     "KOR:III is covered, but has no equivalent", SEVERITY_WARNING, 3, SOUND},

    {"agreement C \"c\"\n    parties KOR, JPN\n    covers any between the parties up to KOR:II\n"
     "    KOR:II = JPN:GOKUHI\n",
     "KOR:III is covered, but has no equivalent", SEVERITY_NOTE, 3,
     "agreement C \"c\"\n    parties KOR, JPN\n    covers any between the parties up to KOR:II\n"
     "    KOR:II = JPN:GOKUHI\n    KOR:III = JPN:HI\n"},
    {"agreement C \"c\"\n    parties KOR, JPN\n"
     "    covers any between the parties up to KOR:UNCLASSIFIED\n",
     "KOR:UNCLASSIFIED is covered, but has no equivalent", SEVERITY_WARNING, 3,
     "agreement C \"c\"\n    parties KOR, JPN\n    covers any between the parties up to KOR:III\n"
     "    KOR:III = JPN:HI\n"},

    /* ceilings and balance */
    {UNDER BACK "    KOR may release track from radar to JPN about cyber\n", "no ceiling",
     SEVERITY_NOTE, 3, UNDER BACK GIVE "\n"},
    {UNDER GIVE "\n", "no clause permits JPN", SEVERITY_NOTE, 2, UNDER BACK GIVE "\n"},
    {UNDER BACK GIVE "\n        copies at most 1\n", "one-sided: JPN owes duties", SEVERITY_NOTE, 3,
     UNDER      BACK "        copies at most 4\n" GIVE "\n        copies at most 1\n"},

    /* duties */
    {UNDER "    KOR may release thing, oral from radar to JPN about cyber up to KOR:III\n"
           "        copies at most 1\n",
     "no machine can watch", SEVERITY_WARNING, 2, UNDER GIVE "\n        copies at most 1\n"},
    {UNDER "    KOR may disclose report from radar to JPN about cyber up to KOR:III\n"
           "        copies at most 1\n",
     "what is disclosed is not kept", SEVERITY_WARNING, 2,
     UNDER "    KOR may disclose report from radar to JPN about cyber up to KOR:III\n"
           "        receipt within 1 hour\n"},
    {UNDER "    copies at most 3\n" GIVE "\n        copies at most 3\n", "add nothing",
     SEVERITY_WARNING, 3, UNDER "    copies at most 3\n" GIVE "\n        copies at most 2\n"},
    {SOUND "    note \"returned within 90 days\"\n", "watched by no machine", SEVERITY_NOTE, 18,
     SOUND "    note \"returned in due course of days\"\n"},
    {SOUND "    note \"returned promptly\"\n", "vague", SEVERITY_NOTE, 18,
     SOUND "    note \"returned\"\n"},

    /* layers */
    {UNDER "    receipt within 25 hours\n", "A asks for more", SEVERITY_ERROR, 2,
     UNDER "    receipt within 24 hours\n"},
    {UNDER "    report loss or possible loss within 3 hours\n", "A asks for more", SEVERITY_ERROR,
     2, UNDER "    report loss or possible loss immediately\n"},
    {UNDER GIVE "\n        copies at most 6\n", "A asks for more", SEVERITY_ERROR, 2,
     UNDER GIVE "\n        copies at most 4\n"},
    {UNDER "    destroy within 31 days\n", "A asks for more", SEVERITY_ERROR, 2,
     UNDER "    destroy within 29 days\n"},
    {UNDER "    destroy with certificate by 1 person\n", "A asks for more", SEVERITY_ERROR, 2,
     UNDER "    destroy with certificate by 3 persons\n"},
    {UNDER "    after end protect\n", "A asks for more", SEVERITY_ERROR, 2,
     UNDER "    after end destroy\n"},
    {UNDER "    never onward without prior written approval of the originator\n", "A asks for more",
     SEVERITY_ERROR, 2, UNDER "    never onward\n"},
    {UNDER "    copies at most 2\n" GIVE "\n        copies at most 3\n", "B asks for more",
     SEVERITY_ERROR, 3, UNDER "    copies at most 2\n" GIVE "\n        copies at most 1\n"},
    {UNDER "    KOR may release report from human to JPN about cyber up to KOR:III\n",
     "a never of A forbids all of it", SEVERITY_ERROR, 2,
     UNDER "    JPN may release report from human to KOR about cyber up to JPN:HI\n"},
    {UNDER "    KOR may release track from radar to JPN about cyber up to KOR:I\n",
     "levels of KOR that no agreement covers", SEVERITY_ERROR, 2,
     UNDER "    KOR may release track from radar to JPN about cyber up to KOR:II\n"},
    {UNDER "    covers any between the parties up to KOR:I\n", "an arrangement covers nothing",
     SEVERITY_ERROR, 2, UNDER GIVE "\n"},
    {UNDER "    KOR:I = JPN:KIMITSU\n", "equates no levels", SEVERITY_ERROR, 2, UNDER GIVE "\n"},
    {"arrangement D under EMPTY \"d\"\n" GIVE "\n", "no agreement covers its levels",
     SEVERITY_ERROR, 2, "arrangement D under EMPTY, A \"d\"\n" GIVE "\n"},

    {"arrangement E under A \"e\"\n    claims dprk-nuclear, cyber\n",
     "while this is in force, 1 permission of CLAIMER no longer counts for these topics",
     SEVERITY_NOTE, 2, "arrangement CLAIMER under A \"e\"\n    claims dprk-nuclear, cyber\n"},

    {SOUND "    never report above KOR:III\n", "names no level of JPN", SEVERITY_NOTE, 18,
     SOUND "    never report above KOR:III, JPN:HI\n"},
    {SOUND "    never report to KOR above KOR:III\n", "names no level of JPN", SEVERITY_NOTE, 18,
     SOUND "    never report to JPN above KOR:III\n"},

    /* national rules */
    {RULES "    never report via KOR\n", "nor by way of itself", SEVERITY_WARNING, 2,
     RULES "    never report via USA\n"},
    {RULES "    release image from open\n", "releases what no agreement permits", SEVERITY_WARNING,
     2, RULES "    release report from radar\n"},
    {RULES "    release report under CLAIMR\n", "'CLAIMR' is not loaded", SEVERITY_WARNING, 2,
     RULES "    release report under CLAIMER\n"},
    {RULES "    release report above KOR:III\n", "could end before", SEVERITY_ERROR, 2,
     RULES "    hold report above KOR:III for 1 officer\n"},
    {RULES "    hold any to KOR for 1 officer\n", "gives nothing to itself", SEVERITY_WARNING, 2,
     RULES "    hold any to KOR, JPN for 1 officer\n"},
    {RULES "    release report from radar\n    never radar\n", "line 3 covers it", SEVERITY_WARNING,
     2,
     RULES "    define reduction R = delay 1 min\n    release report from radar\n"
           "    never radar unless reduced R\n"},
    {RULES
     "    release report from radar\n    never report from radar under CLAIMER\n    never radar\n",
     "line 4 covers it", SEVERITY_WARNING, 2,
     RULES "    release report from radar\n    never radar under CLAIMER\n"},
};

#endif
