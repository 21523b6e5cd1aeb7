/* SPDX-License-Identifier: Apache-2.0 */
#include "language/grammar.h"

#include "agreement/agreement.h"

#define APPROVED "without prior written approval of "
#define REACH                                                                                      \
    "[from <disciplines,>] [about <topics,>] [to <to,>] [via <via>] [up to <levels,>] "            \
    "[above <above,>] [in <area>] [during <window>] [unless reduced <reduction>]"
#define GIVES                                                                                      \
    "about <topics,> [up to <levels,>] [via <via>] [in <area>] [during <window>] "                 \
    "[reduced <reduction>] [at <precedence>]"
#define RELEASES                                                                                   \
    "[from <disciplines,>] [about <topics,>] [to <to,>] [via <via>] [up to <levels,>] "            \
    "[in <area>] [during <window>] [reduced <reduction>] [under <under>]"

const struct form grammar[] = {
    {STATEMENT_AGREEMENT, PART_OPENING, 0, "agreement <name> <title>"},
    {STATEMENT_ARRANGEMENT, PART_OPENING, 0,
     "arrangement <name> under <under,> [article <article>] <title>"},
    {STATEMENT_ARTICLE, PART_OPENING, 0, "article <article> <title>"},
    {STATEMENT_RULES, PART_OPENING, 0, "rules <party>"},

    {STATEMENT_PARTIES, PART_HEAD, 0, "parties <parties,>"},
    {STATEMENT_SIGNED, PART_HEAD, 0, "signed <date>"},
    {STATEMENT_IN_FORCE, PART_HEAD, 0, "in force <date>"},
    {STATEMENT_TERM, PART_HEAD, 1, "term <number> year|years from <date> , extended each year"},
    {STATEMENT_TERM, PART_HEAD, 0, "term <number> year|years from <date>"},
    {STATEMENT_NOTICE, PART_HEAD, 0, "notice <number> day|days"},
    {STATEMENT_AFTER_END, PART_HEAD, AFTER_PROTECT, "after end protect"},
    {STATEMENT_AFTER_END, PART_HEAD, AFTER_RETURN, "after end return"},
    {STATEMENT_AFTER_END, PART_HEAD, AFTER_DESTROY, "after end destroy"},
    {STATEMENT_NOT_BINDING, PART_HEAD, 0, "not binding"},
    {STATEMENT_PARAMETER, PART_HEAD, 0, "parameter <name> = <number> <unit>"},
    {STATEMENT_CLAIMS, PART_HEAD, 0, "claims <topics,>"},

    {STATEMENT_DEFINE_AREA, PART_DEFINE, 0, "define area <name> = polygon <corners,>"},
    {STATEMENT_DEFINE_CIRCLE, PART_DEFINE, 0, "define area <name> = within <radius> of <place>"},
    {STATEMENT_DEFINE_WINDOW, PART_DEFINE, 0,
     "define window <name> = each day <hour> to <hour-end> UTC"},
    {STATEMENT_DEFINE_WINDOW, PART_DEFINE, 0,
     "define window <name> = <date> to <until> [, each day <hour> to <hour-end> UTC]"},
    {STATEMENT_DEFINE_REDUCTION, PART_DEFINE, 0,
     "define reduction <name> = [,position to <position>] [,height to <height>] "
     "[,pixels to <pixels>] [,delay <delay>] [,every <every>] [,without <without,>]"},
    {STATEMENT_DEFINE_TOPICS, PART_DEFINE, 0, "define topics <name> = <topics,>"},
    {STATEMENT_DEFINE_DISCIPLINES, PART_DEFINE, 0, "define disciplines <name> = <disciplines,>"},
    {STATEMENT_DEFINE_KINDS, PART_DEFINE, 0, "define kinds <name> = <what,>"},
    {STATEMENT_DEFINE_LEVELS, PART_DEFINE, 0, "define levels <name> = <levels,>"},

    {STATEMENT_COVERS, PART_BODY, 0, "covers any between the parties up to <levels,>"},
    {STATEMENT_EITHER_MAY, PART_BODY, 0,
     "either may <giving> <what,> from <disciplines,> to the other " GIVES},
    {STATEMENT_NEVER_ONWARD, PART_BODY, APPROVAL_ORIGINATOR,
     "never onward " APPROVED "the originator"},
    {STATEMENT_NEVER_ONWARD, PART_BODY, APPROVAL_PARTY, "never onward " APPROVED "<approver>"},
    {STATEMENT_NEVER_ONWARD, PART_BODY, APPROVAL_NONE, "never onward"},
    {STATEMENT_NEVER_PURPOSE, PART_DUTY, APPROVAL_ORIGINATOR,
     "never for another purpose " APPROVED "the originator"},
    {STATEMENT_NEVER_PURPOSE, PART_DUTY, APPROVAL_PARTY,
     "never for another purpose " APPROVED "<approver>"},
    {STATEMENT_NEVER_PURPOSE, PART_DUTY, APPROVAL_NONE, "never for another purpose"},
    {STATEMENT_NEVER, PART_BODY, APPROVAL_ORIGINATOR,
     "never <what,> " REACH " " APPROVED "the originator"},
    {STATEMENT_NEVER, PART_BODY, APPROVAL_PARTY, "never <what,> " REACH " " APPROVED "<approver>"},
    {STATEMENT_NEVER, PART_BODY, APPROVAL_NONE, "never <what,> " REACH},
    {STATEMENT_DUTY, PART_DUTY, DUTY_MARK_ORIGINATOR | DUTY_MARK_OWN_LEVEL,
     "received is marked with originator , own level"},
    {STATEMENT_DUTY, PART_DUTY, DUTY_MARK_ORIGINATOR, "received is marked with originator"},
    {STATEMENT_DUTY, PART_DUTY, DUTY_MARK_OWN_LEVEL, "received is marked with own level"},
    {STATEMENT_DUTY, PART_DUTY, DUTY_REGISTRY, "readers on registry"},
    {STATEMENT_DUTY, PART_DUTY, DUTY_TRANSLATE, "translate only by cleared persons"},
    {STATEMENT_DUTY, PART_DUTY, DUTY_CONTRACTORS,
     "contractors only with prior written approval of the originator"},
    {STATEMENT_READ, PART_DUTY, 0, "read needs <needs,>"},
    {STATEMENT_RECEIPT, PART_DUTY, 0, "receipt within <number> <unit>"},
    {STATEMENT_RECEIPT, PART_DUTY, 0, "receipt within <name>"},
    {STATEMENT_LOSS, PART_DUTY, 0, "report loss or possible loss immediately"},
    {STATEMENT_LOSS, PART_DUTY, 0, "report loss or possible loss within <number> <unit>"},
    {STATEMENT_LOSS, PART_DUTY, 0, "report loss or possible loss within <name>"},
    {STATEMENT_COPIES, PART_DUTY, 0, "copies at most <number>"},
    {STATEMENT_DESTROY, PART_DUTY, 0,
     "destroy within <number> <unit> [with certificate by <persons> person|persons]"},
    {STATEMENT_DESTROY, PART_DUTY, 0,
     "destroy within <name> [with certificate by <persons> person|persons]"},
    {STATEMENT_DESTROY, PART_DUTY, 0, "destroy with certificate by <persons> person|persons"},
    {STATEMENT_LEASE, PART_DUTY, 0, "open within <number> <unit> of hearing the giver"},
    {STATEMENT_LEASE, PART_DUTY, 0, "open within <name> of hearing the giver"},
    {STATEMENT_NOTE, PART_BODY, 0, "note <text>"},
    {STATEMENT_EQUIVALENT, PART_BODY, true, "<level> = <levels,>"},
    {STATEMENT_EQUIVALENT, PART_BODY, false, "<level> => <levels,>"},
    {STATEMENT_MAY, PART_BODY, 0,
     "<party> may <giving> <what,> from <disciplines,> to <to> " GIVES},

    {STATEMENT_RULE_RELEASE, PART_RULE, 0, "release <what,> " RELEASES},
    {STATEMENT_RULE_HOLD, PART_RULE, 0,
     "hold <what,> " REACH " [under <under>] for <number> officer|officers"},
    {STATEMENT_RULE_NEVER, PART_RULE, 0, "never <what,> " REACH " [under <under>]"},
};
const unsigned grammar_count = ARRAY_LEN(grammar);

const struct slot_row slot_table[SLOT_COUNT] = {
    [SLOT_NAME] = {"name", "a name", 1, false, "NAME"},
    [SLOT_TITLE] = {"title", "a title in quotes", 1, true, "TITLE"},
    [SLOT_UNDER] = {"under", "the name of an agreement", 1, false, "NAME"},
    [SLOT_ARTICLE] = {"article", "the number of an article", 1, false, "NUMBER"},
    [SLOT_PARTY] = {"party", "a party, such as KOR,", 1, false, "PARTY"},
    [SLOT_PARTIES] = {"parties", "a party, such as KOR,", 1, false, "PARTY"},
    [SLOT_DATE] = {"date", "a date, such as 2016-11-23,", 1, false, "DATE"},
    [SLOT_NUMBER] = {"number", "a whole number", 1, false, "NUMBER"},
    [SLOT_UNIT] = {"unit", "a unit of time, such as hours,", 1, false, "TIME-UNIT"},
    [SLOT_LEVEL] = {"level", "a level, such as KOR:II,", 1, false, "LEVEL"},
    [SLOT_LEVELS] = {"levels", "a level, such as KOR:II,", 1, false, "LEVEL"},
    [SLOT_GIVING] = {"giving", "'release' or 'disclose'", 1, false, "GIVING"},
    [SLOT_WHAT] = {"what", "a kind, such as track,", 1, false, "KIND"},
    [SLOT_DISCIPLINES] = {"disciplines", "a discipline, such as radar,", 1, false, "DISCIPLINE"},
    [SLOT_TO] = {"to", "a party, such as JPN,", 1, false, "PARTY"},
    [SLOT_TOPICS] = {"topics", "a topic, such as dprk-missile,", 1, false, "TOPIC"},
    [SLOT_VIA] = {"via", "a party, such as USA,", 1, false, "PARTY"},
    [SLOT_PRECEDENCE] = {"precedence", "a precedence, such as FLASH,", 1, false, "PRECEDENCE"},
    [SLOT_NEEDS] = {"needs", "clearance, need-to-know or assurance", 1, false, "NEED"},
    [SLOT_TEXT] = {"text", "a text in quotes", 1, true, "STRING"},
    [SLOT_APPROVER] = {"approver", "'the originator' or a party", 1, false, "PARTY"},
    [SLOT_AREA] = {"area", "the name of an area", 1, false, "NAME"},
    [SLOT_WINDOW] = {"window", "the name of a window", 1, false, "NAME"},
    [SLOT_REDUCTION] = {"reduction", "the name of a reduction", 1, false, "NAME"},
    [SLOT_ABOVE] = {"above", "a level, such as KOR:II,", 1, false, "LEVEL"},
    [SLOT_PERSONS] = {"persons", "a whole number", 1, false, "NUMBER"},
    [SLOT_CORNERS] = {"corners", "a corner, such as 38.5N 128.4E,", 2, false, "LATITUDE LONGITUDE"},
    [SLOT_PLACE] = {"place", "a place, such as 37.57N 126.98E,", 2, false, "LATITUDE LONGITUDE"},
    [SLOT_RADIUS] = {"radius", "a length, such as 200 km,", 2, false, "NUMBER LENGTH-UNIT"},
    [SLOT_UNTIL] = {"until", "a date, such as 2026-08-31,", 1, false, "DATE"},
    [SLOT_HOUR] = {"hour", "a time of the day, such as 09:00,", 1, false, "HOUR"},
    [SLOT_HOUR_END] = {"hour-end", "a time of the day, such as 18:00,", 1, false, "HOUR"},
    [SLOT_POSITION] = {"position", "a length, such as 10 km,", 2, false, "NUMBER LENGTH-UNIT"},
    [SLOT_HEIGHT] = {"height", "a length, such as 500 m,", 2, false, "NUMBER LENGTH-UNIT"},
    [SLOT_PIXELS] = {"pixels", "a length, such as 1 m,", 2, false, "NUMBER LENGTH-UNIT"},
    [SLOT_DELAY] = {"delay", "a time, such as 60 s,", 2, false, "NUMBER TIME-UNIT"},
    [SLOT_EVERY] = {"every", "a time, such as 10 s,", 2, false, "NUMBER TIME-UNIT"},
    [SLOT_WITHOUT] = {"without", "what is taken away, such as source,", 1, false, "FIELD"},
};

bool word_reserved(span word)
{
    static const char *const reserved[] = {
        "from", "to",      "about", "up",    "via", "at",     "for",    "may",     "under",
        "the",  "article", "in",    "above", "of",  "during", "unless", "reduced", "without"};
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++) {
        if (span_is(word, reserved[i])) {
            return true;
        }
    }
    return false;
}
