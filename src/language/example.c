/* SPDX-License-Identifier: Apache-2.0 */
/* One line of each kind, for whoever does not know how to write it. */
#include "language/grammar.h"

static const char *const example[STATEMENT_KIND_COUNT] = {
    [STATEMENT_AGREEMENT] = "agreement GSOMIA \"Agreement between ...\"",
    [STATEMENT_ARRANGEMENT] = "arrangement EXCHANGE under GSOMIA article 5 \"On missiles\"",
    [STATEMENT_RULES] = "rules KOR",
    [STATEMENT_ARTICLE] = "article 4 \"Classification and marking\"",
    [STATEMENT_PARTIES] = "parties KOR, JPN",
    [STATEMENT_SIGNED] = "signed 2016-11-23",
    [STATEMENT_IN_FORCE] = "in force 2016-11-23",
    [STATEMENT_TERM] = "term 1 year from 2016-11-23, extended each year",
    [STATEMENT_NOTICE] = "notice 90 days",
    [STATEMENT_AFTER_END] = "after end protect",
    [STATEMENT_NOT_BINDING] = "not binding",
    [STATEMENT_PARAMETER] = "parameter RECEIPT-TIME = 24 hours",
    [STATEMENT_CLAIMS] = "claims dprk-missile, dprk-nuclear",
    [STATEMENT_DEFINE_AREA] = "define area BAY = polygon 38.5N 128.4E, 38.5N 131E, 36N 130E",
    [STATEMENT_DEFINE_CIRCLE] = "define area RING = within 200 km of 37.57N 126.98E",
    [STATEMENT_DEFINE_WINDOW] =
        "define window DRILL = 2026-08-01 to 2026-08-31, each day 09:00 to 18:00 UTC",
    [STATEMENT_DEFINE_REDUCTION] =
        "define reduction COARSE = position to 10 km, delay 60 s, without source",
    [STATEMENT_DEFINE_TOPICS] = "define topics THREATS = dprk-missile, dprk-nuclear",
    [STATEMENT_DEFINE_DISCIPLINES] = "define disciplines SENSORS = radar, imagery",
    [STATEMENT_DEFINE_KINDS] = "define kinds LIVE = track, warning",
    [STATEMENT_DEFINE_LEVELS] = "define levels CEILING = KOR:II, JPN:GOKUHI",
    [STATEMENT_COVERS] = "covers any between the parties up to KOR:II, JPN:GOKUHI",
    [STATEMENT_EQUIVALENT] = "KOR:III = JPN:HI",
    [STATEMENT_MAY] =
        "KOR may release track, warning from radar to JPN about dprk-missile up to KOR:II at FLASH",
    [STATEMENT_EITHER_MAY] = ("either may release track from radar to the other about dprk-missile "
                              "up to KOR:II, JPN:GOKUHI"),
    [STATEMENT_NEVER_ONWARD] = "never onward without prior written approval of the originator",
    [STATEMENT_NEVER_PURPOSE] =
        "never for another purpose without prior written approval of the originator",
    [STATEMENT_NEVER] = "never report from human to JPN above KOR:III",
    [STATEMENT_DUTY] = "readers on registry",
    [STATEMENT_READ] = "read needs clearance, need-to-know, assurance",
    [STATEMENT_RECEIPT] = "receipt within 24 hours",
    [STATEMENT_LOSS] = "report loss or possible loss within 1 hour",
    [STATEMENT_COPIES] = "copies at most 3",
    [STATEMENT_DESTROY] = "destroy within 30 days with certificate by 2 persons",
    [STATEMENT_LEASE] = "open within 15 minutes of hearing the giver",
    [STATEMENT_NOTE] = "note \"The receiver investigates a loss.\"",
    [STATEMENT_RULE_RELEASE] = "release track, warning from radar about dprk-missile",
    [STATEMENT_RULE_HOLD] = "hold report from human for 1 officer",
    [STATEMENT_RULE_NEVER] = "never radar via USA",
};

const char *statement_example(enum statement_kind kind)
{
    return example[kind];
}
