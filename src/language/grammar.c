/* SPDX-License-Identifier: Apache-2.0 */
#include "language/grammar.h"

#include "agreement/agreement.h"

#define APPROVAL "without prior written approval of the originator"
#define SCOPE    "[from <disciplines,>] [about <topics,>] [to <to,>] [via <via>] [up to <levels,>]"
#define GIVES    "about <topics,> [up to <levels,>] [via <via>] [at <precedence>]"

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
    {STATEMENT_AFTER_END, PART_HEAD, 0, "after end protect"},
    {STATEMENT_NOT_BINDING, PART_HEAD, 0, "not binding"},
    {STATEMENT_PARAMETER, PART_HEAD, 0, "parameter <name> = <number> <unit>"},
    {STATEMENT_CLAIMS, PART_HEAD, 0, "claims <topics,>"},

    {STATEMENT_COVERS, PART_BODY, 0, "covers any between the parties up to <levels,>"},
    {STATEMENT_EITHER_MAY, PART_BODY, 0,
     "either may <giving> <what,> from <disciplines,> to the other " GIVES},
    {STATEMENT_NEVER_ONWARD, PART_BODY, true, "never onward " APPROVAL},
    {STATEMENT_NEVER_ONWARD, PART_BODY, false, "never onward"},
    {STATEMENT_NEVER_PURPOSE, PART_BODY, true, "never for another purpose " APPROVAL},
    {STATEMENT_NEVER_PURPOSE, PART_BODY, false, "never for another purpose"},
    {STATEMENT_NEVER, PART_BODY, true, "never <what,> " SCOPE " " APPROVAL},
    {STATEMENT_NEVER, PART_BODY, false, "never <what,> " SCOPE},
    {STATEMENT_DUTY, PART_BODY, DUTY_MARK_ORIGINATOR | DUTY_MARK_OWN_LEVEL,
     "received is marked with originator , own level"},
    {STATEMENT_DUTY, PART_BODY, DUTY_MARK_ORIGINATOR, "received is marked with originator"},
    {STATEMENT_DUTY, PART_BODY, DUTY_MARK_OWN_LEVEL, "received is marked with own level"},
    {STATEMENT_DUTY, PART_BODY, DUTY_REGISTRY, "readers on registry"},
    {STATEMENT_DUTY, PART_BODY, DUTY_REPORT_LOSS, "report loss or possible loss immediately"},
    {STATEMENT_READ, PART_BODY, 0, "read needs <needs,>"},
    {STATEMENT_RECEIPT, PART_BODY, 0, "receipt within <number> <unit>"},
    {STATEMENT_RECEIPT, PART_BODY, 0, "receipt within <name>"},
    {STATEMENT_NOTE, PART_BODY, 0, "note <text>"},
    {STATEMENT_EQUIVALENT, PART_BODY, true, "<level> = <levels,>"},
    {STATEMENT_EQUIVALENT, PART_BODY, false, "<level> => <levels,>"},
    {STATEMENT_MAY, PART_BODY, 0,
     "<party> may <giving> <what,> from <disciplines,> to <to> " GIVES},

    {STATEMENT_RULE_RELEASE, PART_RULE, 0, "release <what,> " SCOPE},
    {STATEMENT_RULE_HOLD, PART_RULE, 0, "hold <what,> " SCOPE " for <number> officer|officers"},
    {STATEMENT_RULE_NEVER, PART_RULE, 0, "never <what,> " SCOPE},
};
const unsigned grammar_count = ARRAY_LEN(grammar);

const struct slot_row slot_table[SLOT_COUNT] = {
    [SLOT_NAME] = {"name", "a name", false},
    [SLOT_TITLE] = {"title", "a title in quotes", true},
    [SLOT_UNDER] = {"under", "the name of an agreement", false},
    [SLOT_ARTICLE] = {"article", "the number of an article", false},
    [SLOT_PARTY] = {"party", "a party, such as KOR,", false},
    [SLOT_PARTIES] = {"parties", "a party, such as KOR,", false},
    [SLOT_DATE] = {"date", "a date, such as 2016-11-23,", false},
    [SLOT_NUMBER] = {"number", "a whole number", false},
    [SLOT_UNIT] = {"unit", "a unit of time, such as hours,", false},
    [SLOT_LEVEL] = {"level", "a level, such as KOR:II,", false},
    [SLOT_LEVELS] = {"levels", "a level, such as KOR:II,", false},
    [SLOT_GIVING] = {"giving", "'release' or 'disclose'", false},
    [SLOT_WHAT] = {"what", "a kind, such as track,", false},
    [SLOT_DISCIPLINES] = {"disciplines", "a discipline, such as radar,", false},
    [SLOT_TO] = {"to", "a party, such as JPN,", false},
    [SLOT_TOPICS] = {"topics", "a topic, such as dprk-missile,", false},
    [SLOT_VIA] = {"via", "a party, such as USA,", false},
    [SLOT_PRECEDENCE] = {"precedence", "a precedence, such as FLASH,", false},
    [SLOT_NEEDS] = {"needs", "clearance, need-to-know or assurance", false},
    [SLOT_TEXT] = {"text", "a text in quotes", true},
};

bool word_reserved(span word)
{
    static const char *const reserved[] = {"from", "to",  "about", "up",  "via",     "at",
                                           "for",  "may", "under", "the", "article", "without"};
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++) {
        if (span_is(word, reserved[i])) {
            return true;
        }
    }
    return false;
}
