/* SPDX-License-Identifier: Apache-2.0 */
/* No statement is read and then dropped: of texts made from the grammar itself, each line that is no note changes
 * the compiled table, or check says something about it. */
#include "cmocka_all.h"
#include "language/grammar.h"
#include "language/language.h"
#include "language/match.h"
#include "law/language/roll.h"
#include "unit/agreement/sample.h"

#include <stdio.h>

#define LINES_MAX 12

static struct policies    policies;
static struct agreements  none;
static struct diagnostics d;

/* ---- a line of a form ---- */

#define WORDS 6
static const char *const word[SLOT_COUNT][WORDS] = {
    [SLOT_NAME] = {"T", "NEW"},
    [SLOT_PARTY] = {"KOR", "JPN"},
    [SLOT_DATE] = {"2016-11-23", "2026-08-01"},
    [SLOT_NUMBER] = {"1", "2", "3", "9"},
    [SLOT_UNIT] = {"hours", "days", "minutes"},
    [SLOT_LEVEL] = {"KOR:II", "KOR:III", "JPN:HI"},
    [SLOT_LEVELS] = {"KOR:II", "JPN:GOKUHI", "KOR:III", "JPN:HI", "SECRETS"},
    [SLOT_GIVING] = {"release", "disclose"},
    [SLOT_WHAT] = {"any", "track", "report", "oral", "human", "LIVE"},
    [SLOT_DISCIPLINES] = {"any", "radar", "human", "SENSORS"},
    [SLOT_TO] = {"JPN", "KOR"},
    [SLOT_TOPICS] = {"any", "cyber", "exercise", "T2"},
    [SLOT_VIA] = {"USA"},
    [SLOT_PRECEDENCE] = {"ROUTINE", "FLASH"},
    [SLOT_NEEDS] = {"clearance", "need-to-know", "assurance"},
    [SLOT_TEXT] = {"\"x\""},
    [SLOT_APPROVER] = {"KOR", "JPN"},
    [SLOT_UNDER] = {"A", "B"},
    [SLOT_AREA] = {"SEA", "BAY"},
    [SLOT_WINDOW] = {"NIGHT"},
    [SLOT_REDUCTION] = {"COARSE"},
    [SLOT_ABOVE] = {"KOR:III", "JPN:HI"},
    [SLOT_PERSONS] = {"2"},
    [SLOT_CORNERS] = {"1N 1E, 1N 2E, 2N 2E"},
    [SLOT_PLACE] = {"5N 5E"},
    [SLOT_RADIUS] = {"9 km"},
    [SLOT_UNTIL] = {"2026-08-31"},
    [SLOT_HOUR] = {"09:00"},
    [SLOT_HOUR_END] = {"18:00"},
    [SLOT_POSITION] = {"3 km"},
    [SLOT_HEIGHT] = {"500 m"},
    [SLOT_PIXELS] = {"1 m"},
    [SLOT_DELAY] = {"7 s"},
    [SLOT_EVERY] = {"11 s"},
    [SLOT_WITHOUT] = {"source", "identity", "height"},
};

static void put_slot(struct writer *w, enum slot slot, bool list)
{
    unsigned have = 0, first, many = list ? 1 + roll(4) / 3 : 1;
    while (have < WORDS && word[slot][have] != NULL) {
        have++;
    }
    assert_true(have > 0);
    first = roll(have);
    for (unsigned i = 0; i < many && i < have; i++) {
        put_text(w, i > 0 ? ", " : "");
        put_text(w, word[slot][(first + i) % have]);
    }
}

static void put_plain(struct writer *w, span pattern)
{
    for (span e = element_next(&pattern); e.len > 0; e = element_next(&pattern)) {
        bool      list = false;
        enum slot slot = element_slot(e, &list);
        if (slot == SLOT_COUNT) {
            put_span(w, span_cut(&e, '|'));
        } else {
            put_slot(w, slot, list);
        }
        put_text(w, " ");
    }
}

static void put_form(struct writer *w, const struct form *form)
{
    span pattern = span_text(form->pattern);
    bool comma = false;
    for (span e = element_next(&pattern); e.len > 0; e = element_next(&pattern)) {
        if (e.ptr[0] != '[') {
            put_plain(w, e);
        } else if (e.ptr[1] != ',' || e.ptr[2] == ' ') {
            put_plain(w, roll(3) == 0 ? (span){e.ptr + 1, e.len - 2} : (span){e.ptr, 0});
        } else if (!comma || roll(2) == 0) {
            put_text(w, comma ? ", " : "");
            put_plain(w, (span){e.ptr + 2, e.len - 3});
            comma = true;
        }
    }
}

/* ---- texts ---- */

/* made - a text as lines; `head` of them are the same in all
 *
 * in_place   what stands for a line that is left out, so that clauses keep their numbers */
struct made {
    const char        *opening;
    unsigned           count;
    const struct form *form[LINES_MAX];
    char               line[LINES_MAX][512], in_place[LINES_MAX][16];
};

#define DEFINITIONS                                                                                \
    "    define area SEA = polygon 1N 1E, 1N 2E, 2N 2E\n    define area BAY = within 9 km of 3N "  \
    "3E\n"                                                                                         \
    "    define window NIGHT = each day 22:00 to 06:00 UTC\n"                                      \
    "    define reduction COARSE = position to 10 km\n    define topics T2 = cyber, maritime\n"    \
    "    define disciplines SENSORS = radar, imagery\n    define kinds LIVE = track, warning\n"    \
    "    define levels SECRETS = KOR:II, JPN:GOKUHI\n"
static const char *const opening[] = {
    "agreement A \"a\"\n    parties KOR, JPN\n    parameter T = 1 hour\n" DEFINITIONS,
    "arrangement B under A \"a\"\n    parties KOR, JPN\n    parameter T = 1 hour\n" DEFINITIONS,
    "rules KOR\n" DEFINITIONS,
};
#define OPENING_LINES 11u /* of an agreement; rules have two fewer */

static bool is_rules(const struct made *m)
{
    return m->opening == opening[2];
}

static const struct form *form_of(bool rules, bool head)
{
    for (;;) {
        const struct form *f = &grammar[roll(grammar_count)];
        bool               early = f->part == PART_HEAD || f->part == PART_DEFINE;
        bool               fits = rules ? f->part == PART_RULE || f->part == PART_DEFINE
                                        : f->part != PART_RULE && f->part != PART_OPENING;
        if (fits && early == head && f->kind != STATEMENT_PARTIES) {
            return f;
        }
    }
}

static void add_line(struct made *m, const struct form *form)
{
    unsigned      i = m->count++;
    bool          early = form->part == PART_HEAD || form->part == PART_DEFINE;
    bool          under = form->part == PART_DUTY && i > 0 && roll(2) == 0;
    struct writer w = writer_of(m->line[i], sizeof m->line[i] - 1);
    m->form[i] = form;
    put_text(&w, under ? "        " : "    ");
    put_form(&w, form);
    put_text(&w, "\n");
    assert_false(w.bad);
    m->line[i][w.len] = 0;
    (void)snprintf(m->in_place[i], sizeof m->in_place[i], "%s",
                   early || under || is_rules(m) ? "" : "    note \"x\"\n");
}

static void make(struct made *m)
{
    bool rules;
    m->opening = opening[roll(ARRAY_LEN(opening))];
    m->count = 0;
    rules = is_rules(m);
    for (unsigned i = roll(3); i > 0; i--) {
        add_line(m, form_of(rules, true));
    }
    for (unsigned i = 1 + roll(6); i > 0; i--) {
        add_line(m, form_of(rules, false));
    }
}

/* The text without the lines of a set. */
static span text_of(const struct made *m, set64 without)
{
    static uint8_t buf[LINES_MAX * 512 + 1024];
    struct writer  w = WRITER_OF(buf);
    put_text(&w, m->opening);
    for (unsigned i = 0; i < m->count; i++) {
        put_text(&w, set_has(without, i) ? m->in_place[i] : m->line[i]);
    }
    assert_false(w.bad);
    return writer_span(&w);
}

/* The table, and in d what check says; empty when it is refused. */
static span compiled(const struct made *m, set64 without, uint8_t table[static AGREEMENT_TABLE_MAX])
{
    static struct agreement a;
    static struct rules     r;
    struct writer           w = writer_of(table, AGREEMENT_TABLE_MAX);
    span                    text = text_of(m, without);
    d.count = d.errors = d.left_out = 0;
    if (is_rules(m)) {
        if (!err_is(language_check_rules(text, &policies, texts_of(&none), &d, &r))) {
            rules_write(&policies, &r, &w);
        }
    } else if (!err_is(language_check(text, &policies, texts_of(&none), &d, &a))) {
        agreement_write(&policies, &a, &w);
    }
    assert_false(w.bad);
    return writer_span(&w);
}

/* The lines of which check says something, or says this. */
static set64 told(const struct made *m, const char *sentence)
{
    unsigned first = OPENING_LINES - (is_rules(m) ? 2u : 0u) + 1u;
    set64    out = 0;
    for (unsigned k = 0; k < d.count; k++) {
        if (d.item[k].at.line >= first && strstr(d.item[k].sentence, sentence) != NULL) {
            out |= set_one(d.item[k].at.line - first);
        }
    }
    return out;
}

/* Does the table differ without this line, where those of a set are left out anyway? */
static bool counts(const struct made *m, set64 without, unsigned i)
{
    static uint8_t one[AGREEMENT_TABLE_MAX], two[AGREEMENT_TABLE_MAX];
    return !span_equal(compiled(m, without, one), compiled(m, without | set_one(i), two));
}

/* A note is for people; protection goes on after the end of a text that says nothing about it; a term
 * begins on the day of entry into force, which the text may name again. */
static bool says_no_more(const struct made *m, unsigned i)
{
    enum statement_kind kind = m->form[i]->kind;
    bool                term = false;
    for (unsigned k = 0; k < m->count; k++) {
        term = term || m->form[k]->kind == STATEMENT_TERM;
    }
    return kind == STATEMENT_NOTE || (kind == STATEMENT_IN_FORCE && term) ||
           (kind == STATEMENT_AFTER_END && m->form[i]->value == AFTER_PROTECT);
}

/* Of two lines that say the same check tells of one: the other counts once that one is struck. */
static void each_line_counts(const struct made *m, set64 spoken, set64 idle)
{
    for (unsigned i = 0; i < m->count; i++) {
        if (!says_no_more(m, i) && !set_has(spoken, i) && !counts(m, 0, i) && !counts(m, idle, i)) {
            span text = text_of(m, 0);
            print_message("dropped: %s" SPAN_FMT, m->line[i], SPAN_ARG(text));
            fail();
        }
    }
}

static void every_line_changes_the_table_or_is_told(void **state)
{
    (void)state;
    static struct made m;
    static unsigned    seen[128];
    static uint8_t     table[AGREEMENT_TABLE_MAX];
    assert_in_range(grammar_count, 1, ARRAY_LEN(seen));
    for (unsigned round = 0; round < 20000; round++) {
        make(&m);
        if (compiled(&m, 0, table).len > 0) {
            each_line_counts(&m, told(&m, ""), told(&m, "adds nothing"));
            for (unsigned i = 0; i < m.count; i++) {
                seen[m.form[i] - grammar]++;
            }
        }
    }
    for (unsigned i = 0; i < grammar_count; i++) {
        if (seen[i] == 0 && grammar[i].part != PART_OPENING &&
            grammar[i].kind != STATEMENT_PARTIES) {
            print_message("never seen: %s\n", grammar[i].pattern);
            fail();
        }
    }
}

/* An article in national rules made the lines under it those of an agreement, which no rules hold. */
static void rules_have_no_articles(void **state)
{
    (void)state;
    static const char *const text[] = {
        "rules KOR\n    release report\narticle 1 \"x\"\n    never any about cyber\n",
        "rules KOR\narticle 1 \"x\"\n    KOR may release track from radar to JPN about cyber\n",
        "rules KOR\n    release report\narticle one\n    never any about cyber\n",
        "article 1 \"x\"\n    never any about cyber\nrules KOR\n    release report\n",
    };
    static struct rules r;
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        d.count = d.errors = d.left_out = 0;
        assert_true(err_is(language_compile_rules(span_text(text[i]), &policies, &d, &r)));
        assert_true(d.errors > 0);
    }
    d.count = d.errors = d.left_out = 0;
    assert_true(err_is(language_compile_rules(span_text(text[0]), &policies, &d, &r)));
    assert_int_equal(d.errors, 1);
    assert_int_equal(d.item[0].at.line, 3);
    assert_string_equal(d.item[0].sentence, "national rules have no articles");
}

static int names_of_one(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_have_no_articles),
        cmocka_unit_test(every_line_changes_the_table_or_is_told),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
