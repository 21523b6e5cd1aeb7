/* SPDX-License-Identifier: Apache-2.0 */
#include "language/ebnf.h"

#include "language/match.h"

static const char *const production[STATEMENT_KIND_COUNT] = {
    [STATEMENT_AGREEMENT] = "agreement",
    [STATEMENT_ARRANGEMENT] = "arrangement",
    [STATEMENT_RULES] = "rules",
    [STATEMENT_ARTICLE] = "article",
    [STATEMENT_PARTIES] = "parties",
    [STATEMENT_SIGNED] = "signed",
    [STATEMENT_IN_FORCE] = "in-force",
    [STATEMENT_TERM] = "term",
    [STATEMENT_NOTICE] = "notice",
    [STATEMENT_AFTER_END] = "after-end",
    [STATEMENT_NOT_BINDING] = "not-binding",
    [STATEMENT_PARAMETER] = "parameter",
    [STATEMENT_CLAIMS] = "claims",
    [STATEMENT_DEFINE_AREA] = "define-polygon",
    [STATEMENT_DEFINE_CIRCLE] = "define-circle",
    [STATEMENT_DEFINE_WINDOW] = "define-window",
    [STATEMENT_DEFINE_REDUCTION] = "define-reduction",
    [STATEMENT_DEFINE_TOPICS] = "define-topics",
    [STATEMENT_DEFINE_DISCIPLINES] = "define-disciplines",
    [STATEMENT_DEFINE_KINDS] = "define-kinds",
    [STATEMENT_DEFINE_LEVELS] = "define-levels",
    [STATEMENT_COVERS] = "covers",
    [STATEMENT_EQUIVALENT] = "equivalent",
    [STATEMENT_MAY] = "may",
    [STATEMENT_EITHER_MAY] = "either-may",
    [STATEMENT_NEVER_ONWARD] = "never-onward",
    [STATEMENT_NEVER_PURPOSE] = "never-for-another-purpose",
    [STATEMENT_NEVER] = "never",
    [STATEMENT_DUTY] = "plain-duty",
    [STATEMENT_READ] = "read",
    [STATEMENT_RECEIPT] = "receipt",
    [STATEMENT_LOSS] = "loss",
    [STATEMENT_COPIES] = "copies",
    [STATEMENT_DESTROY] = "destroy",
    [STATEMENT_LEASE] = "lease",
    [STATEMENT_NOTE] = "note",
    [STATEMENT_RULE_RELEASE] = "rule-release",
    [STATEMENT_RULE_HOLD] = "rule-hold",
    [STATEMENT_RULE_NEVER] = "rule-never",
};

static const char head[] =
    "(* The grammar of agreements, arrangements and national rules, as the compiler has it.\n"
    "   Notation of ISO/IEC 14977, and two signs more:  a & b  both, in any order;\n"
    "   a &, b  one of them or more, in any order, with commas between.\n"
    "   Words stand apart by blanks.  `# comment` may end a line or be one.  A NAME is none of the "
    "words\n"
    "   that join the parts of a statement: from, to, about, up, via, at, for, may, under, the, "
    "article,\n"
    "   in, above, of, during, unless, reduced, without. *)\n"
    "\n"
    "text = agreement, NEWLINE, body | arrangement, NEWLINE, body\n"
    "     | rules, NEWLINE, { INDENT, definition, NEWLINE | INDENT, rule, NEWLINE } ;\n"
    "body = { INDENT, head, NEWLINE | INDENT, definition, NEWLINE }, { clause },\n"
    "       { article, NEWLINE, { clause } } ;\n"
    "clause = INDENT, statement, NEWLINE | INDENT, duty, NEWLINE\n"
    "       | INDENT, permission, NEWLINE, { DEEPER, duty, NEWLINE } ;\n"
    "permission = may | either-may ;\n";

static const char tail[] =
    "\n"
    "NEWLINE = ? the end of a line ? ;\n"
    "INDENT = ? blanks or tabs, the same for all lines under one that has none ? ;\n"
    "DEEPER = ? those, and two blanks or a tab more, or deeper ? ;\n"
    "STRING = ? up to 1000 bytes of UTF-8 between two quotes, on one line ? ;\n"
    "TITLE = ? up to 199 bytes of UTF-8 without a tab between two quotes, on one line ? ;\n"
    "NAME = ? up to 31 letters, digits, '-', '_' and '.' ? ;\n"
    "PARTY = ? a party that a policy names ? ;\n"
    "TOPIC = ? a topic that a policy names, a name that the text defines, or any, alone in its "
    "list ? ;\n"
    "DISCIPLINE = ? a discipline that a policy names, a name that the text defines, or any, alone "
    "in its "
    "list ? ;\n"
    "KIND = ? track, warning, report, image, thing, oral, product, a name that the text defines, "
    "or "
    "any, alone in its list;\n"
    "         after never, hold and release all of a list may be disciplines: then no 'from' "
    "follows ? "
    ";\n"
    "LEVEL = ? a party, a colon and a level of its policy, or a name that the text defines ? ;\n"
    "GIVING = ? release or disclose ? ;\n"
    "PRECEDENCE = ? ROUTINE, PRIORITY, IMMEDIATE or FLASH ? ;\n"
    "NEED = ? clearance, need-to-know or assurance ? ;\n"
    "FIELD = ? source, identity, height, course, speed, accuracy, remarks, launch or impact ? ;\n"
    "DATE = ? YYYY-MM-DD from 1970-01-02 to 9999-12-31 ? ;\n"
    "HOUR = ? HH:MM from 00:00 to 24:00 ? ;\n"
    "NUMBER = ? digits; in a length or a time after 'define', also a point and up to three more ? "
    ";\n"
    "TIME-UNIT = ? second, minute, hour, day, their plurals, s, min or h ? ;\n"
    "LENGTH-UNIT = ? m, km, NM or, of pixels, cm ? ;\n"
    "LATITUDE = ? degrees up to 90 with up to seven digits after the point, then N or S ? ;\n"
    "LONGITUDE = ? degrees up to 180 with up to seven digits after the point, then E or W ? ;\n";

/* ---- a form ---- */

static void put_word(struct writer *w, span word)
{
    put_text(w, "\"");
    put_span(w, word);
    put_text(w, "\"");
}

static void put_choice(struct writer *w, span element)
{
    span first = span_cut(&element, '|');
    if (element.len == 0) {
        put_word(w, first);
        return;
    }
    put_text(w, "( ");
    put_word(w, first);
    put_text(w, " | ");
    put_word(w, element);
    put_text(w, " )");
}

static void put_means(struct writer *w, const char *means)
{
    span rest = span_text(means);
    put_span(w, span_cut(&rest, ' '));
    put_text(w, rest.len > 0 ? ", " : "");
    put_span(w, rest);
}

static void put_slot(struct writer *w, enum slot slot, bool list)
{
    put_means(w, slot_table[slot].means);
    if (list) {
        put_text(w, ", { \",\", ");
        put_means(w, slot_table[slot].means);
        put_text(w, " }");
    }
}

static void put_element(struct writer *w, span element)
{
    bool      list = false;
    enum slot slot = element_slot(element, &list);
    if (slot == SLOT_COUNT) {
        put_choice(w, element);
    } else {
        put_slot(w, slot, list);
    }
}

static void put_plain(struct writer *w, span pattern)
{
    const char *between = "";
    for (span e = element_next(&pattern); e.len > 0; e = element_next(&pattern)) {
        put_text(w, between);
        put_element(w, e);
        between = ", ";
    }
}

/* A row of [...], the first of which is given; the pattern is left behind its last. */
static void put_row(struct writer *w, span first, span *pattern)
{
    bool comma = first.ptr[1] == ',' && first.ptr[2] != ' ';
    put_text(w, "( ");
    for (span e = first, rest = *pattern; e.len > 0 && e.ptr[0] == '['; e = element_next(&rest)) {
        put_text(w, e.ptr == first.ptr ? "" : comma ? "\n         &, " : "\n         & ");
        put_text(w, comma ? "" : "[ ");
        put_plain(w, (span){e.ptr + 1 + comma, e.len - 2 - comma});
        put_text(w, comma ? "" : " ]");
        *pattern = rest;
    }
    put_text(w, " )");
}

static void put_form(struct writer *w, const struct form *form)
{
    span        pattern = span_text(form->pattern);
    const char *between = "";
    for (span e = element_next(&pattern); e.len > 0; e = element_next(&pattern)) {
        put_text(w, between);
        if (e.ptr[0] == '[') {
            put_row(w, e, &pattern);
        } else {
            put_element(w, e);
        }
        between = ", ";
    }
}

/* ---- the productions ---- */

static void put_statement(struct writer *w, enum statement_kind kind)
{
    const char *between = " = ";
    put_text(w, production[kind]);
    for (unsigned i = 0; i < grammar_count; i++) {
        if (grammar[i].kind == kind) {
            put_text(w, between);
            put_form(w, &grammar[i]);
            between = "\n     | ";
        }
    }
    put_text(w, " ;\n");
}

static bool has_part(enum statement_kind kind, enum part part)
{
    bool permission = kind == STATEMENT_MAY || kind == STATEMENT_EITHER_MAY;
    for (unsigned i = 0; i < grammar_count; i++) {
        if (grammar[i].kind == kind && grammar[i].part == part && !permission) {
            return true;
        }
    }
    return false;
}

static void put_part(struct writer *w, const char *name, enum part part)
{
    const char *between = " = ";
    put_text(w, name);
    for (int k = 0; k < STATEMENT_KIND_COUNT; k++) {
        if (has_part((enum statement_kind)k, part)) {
            put_text(w, between);
            put_text(w, production[k]);
            between = " | ";
        }
    }
    put_text(w, " ;\n");
}

void language_ebnf(struct writer *w)
{
    put_text(w, head);
    put_part(w, "head", PART_HEAD);
    put_part(w, "definition", PART_DEFINE);
    put_part(w, "statement", PART_BODY);
    put_part(w, "duty", PART_DUTY);
    put_part(w, "rule", PART_RULE);
    put_text(w, "\n");
    for (int k = 0; k < STATEMENT_KIND_COUNT; k++) {
        put_statement(w, (enum statement_kind)k);
    }
    put_text(w, tail);
}
