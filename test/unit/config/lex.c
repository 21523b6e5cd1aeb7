/* SPDX-License-Identifier: Apache-2.0 */
#include "config/lex.h"
#include "cmocka_all.h"

static struct lexer begin(span text)
{
    struct lexer l = {0};
    struct place at;
    assert_false(err_is(lex_begin(text, &l, &at)));
    return l;
}

static void tokens_know_their_line_and_column(void **state)
{
    (void)state;
    struct lexer l =
        begin(SPAN_LIT("# only a comment\n\n  KOR:II = \"군사, #1\",x=>y # end\nlast"));
    struct lex_line line;
    assert_true(lex_next(&l, &line));
    assert_true(line.indented);
    assert_int_equal(line.count, 7);
    assert_true(token_is(&line.token[0], "KOR:II"));
    assert_int_equal(line.token[0].at.line, 3);
    assert_int_equal(line.token[0].at.column, 3);
    assert_int_equal(line.token[1].kind, TOKEN_EQUALS);
    assert_int_equal(line.token[2].kind, TOKEN_STRING);
    assert_true(span_is(line.token[2].text, "군사, #1"));
    assert_int_equal(line.token[2].at.column, 12);
    assert_int_equal(line.token[2].at.width, 8);
    assert_int_equal(line.token[3].kind, TOKEN_COMMA);
    assert_int_equal(line.token[3].at.column, 20);
    assert_int_equal(line.token[5].kind, TOKEN_ARROW);
    assert_int_equal(line.end.column, 25);
    assert_true(lex_next(&l, &line));
    assert_false(line.indented);
    assert_true(token_is(&line.token[0], "last"));
    assert_int_equal(line.token[0].at.line, 4);
    assert_false(lex_next(&l, &line));
}

static void words_hold_dates_addresses_and_paths(void **state)
{
    (void)state;
    struct lexer l =
        begin(SPAN_LIT("2016-11-23 127.0.0.1:7001 [::1]:7001 /var/lib/a_b need-to-know"));
    struct lex_line line;
    assert_true(lex_next(&l, &line));
    assert_int_equal(line.count, 5);
    assert_true(token_is(&line.token[2], "[::1]:7001"));
}

static void a_wrong_line_is_told_of_and_the_next_is_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"a \"never closed\nnext", "a ; b\nnext", "a 협정\nnext",
                                      "\"\nnext"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct lexer    l = begin(span_text(bad[i]));
        struct lex_line line;
        assert_true(lex_next(&l, &line));
        assert_non_null(line.why);
        assert_int_equal(line.bad_at.line, 1);
        assert_int_equal(line.bad_at.column, i == 3 ? 1 : 3);
        assert_true(lex_next(&l, &line));
        assert_null(line.why);
        assert_true(token_is(&line.token[0], "next"));
    }
}

static void what_misleads_the_eye_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned    line, column;
        const char *shown;
    } bad[] = {
        {"note \"a\xe2\x80\xae z\"", 1, 8, "U+202E"},
        {"note \"a\xd8\x9c z\"", 1, 8, "U+061C"},
        {"x #\xc2\xad", 1, 4, "U+00AD"},
        {"x # \xe1\x85\x9f", 1, 5, "U+115F"},
        {"x # \xe3\x85\xa4", 1, 5, "U+3164"},
        {"x # \xef\xb8\x8f", 1, 5, "U+FE0F"},
        {"x # \xef\xbf\xb9", 1, 5, "U+FFF9"},
        {"x # \xef\xbf\xbf", 1, 5, "U+FFFF"},
        {"x # \xf0\x9d\x85\xb3", 1, 5, "U+1D173"},
        {"x # \xf3\xa0\x81\x81", 1, 5, "U+E0041"},
        {"x # \xf3\xa0\x84\x80", 1, 5, "U+E0100"},
        {"한글\n\xef\xbb\xbf x", 2, 1, "U+FEFF"},
        {"x\n\nab\x01", 3, 3, "U+0001"},
        {"a\r\n", 1, 2, "U+000D"},
        {"한\xff", 1, 2, "\\xff"},
        {"ab\xe2\x80", 1, 3, "\\xe2"},
        {"\xed\xa0\x80", 1, 1, "\\xed"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct lexer    l = begin(span_text(bad[i].text));
        struct lex_line line;
        do {
            assert_true(lex_next(&l, &line));
        } while (line.shown[0] == 0 || line.bad_at.line < bad[i].line);
        assert_int_equal(line.bad_at.line, bad[i].line);
        assert_int_equal(line.bad_at.column, bad[i].column);
        assert_string_equal(line.shown, bad[i].shown);
        assert_non_null(line.hint);
    }
}

static void what_stands_beside_the_statement_leaves_it_whole(void **state)
{
    (void)state;
    struct lexer    l = begin(SPAN_LIT("a b # \xff\nc \xff d\ne\r\nf\r\ng \"h\r\n"));
    struct lex_line line;
    assert_true(lex_next(&l, &line) && line.why != NULL && line.whole && line.count == 2);
    assert_true(lex_next(&l, &line) && line.why != NULL && !line.whole && line.count == 1);
    assert_true(lex_next(&l, &line) && line.why != NULL && line.whole && line.count == 1);
    assert_true(lex_next(&l, &line) && line.why == NULL && line.count == 1);
    assert_true(lex_next(&l, &line) && line.why != NULL && !line.whole && line.shown[0] == 0);
    assert_false(lex_next(&l, &line));
}

static void limits_hold(void **state)
{
    (void)state;
    static uint8_t text[LEX_TEXT_MAX + 1];
    struct lexer   l;
    struct place   at;
    memset(text, 'a', sizeof text);
    assert_int_equal(lex_begin(SPAN_OF(text), &l, &at).code, ERR_LIMIT);
    memset(text, '\n', sizeof text);
    assert_int_equal(lex_begin((span){text, LEX_LINES_MAX + 1}, &l, &at).code, ERR_LIMIT);
    assert_false(err_is(lex_begin((span){text, LEX_LINES_MAX}, &l, &at)));
    memset(text, ',', LEX_TOKENS_MAX + 1);
    struct lex_line line;
    l = begin((span){text, LEX_TOKENS_MAX});
    assert_true(lex_next(&l, &line) && line.why == NULL && line.count == LEX_TOKENS_MAX);
    l = begin((span){text, LEX_TOKENS_MAX + 1});
    assert_true(lex_next(&l, &line) && line.why != NULL);
    memset(text, 'w', LEX_WORD_MAX + 1);
    l = begin((span){text, LEX_WORD_MAX});
    assert_true(lex_next(&l, &line) && line.why == NULL);
    l = begin((span){text, LEX_WORD_MAX + 1});
    assert_true(lex_next(&l, &line) && line.why != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_know_their_line_and_column),
        cmocka_unit_test(words_hold_dates_addresses_and_paths),
        cmocka_unit_test(a_wrong_line_is_told_of_and_the_next_is_read),
        cmocka_unit_test(what_misleads_the_eye_is_refused_with_its_place),
        cmocka_unit_test(what_stands_beside_the_statement_leaves_it_whole),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
