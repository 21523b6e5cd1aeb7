/* SPDX-License-Identifier: Apache-2.0 */
/* Every sentence stands in each language, with the same parts. */
#include "value/sentences.h"
#include "base/text.h"
#include "cmocka_all.h"

static unsigned parts_of(const char *text)
{
    unsigned parts = 0;
    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
        assert_true(at[1] >= '0' && at[1] < '0' + SENTENCE_PARTS_MAX && at[2] == '}');
        parts |= 1u << (at[1] - '0');
    }
    return parts;
}

static void each_language_has_the_same_parts(void **state)
{
    (void)state;
    for (unsigned s = 0; s < SENTENCE_COUNT; s++) {
        for (unsigned l = 0; l < TITLE_COUNT; l++) {
            const char *text = sentence_text((enum sentence)s, (enum title_language)l);
            utf8        checked;
            assert_true(text != NULL && text[0] != 0);
            assert_false(err_is(text_utf8(span_text(text), &checked)));
            assert_int_equal(parts_of(text), parts_of(sentence_text((enum sentence)s, TITLE_EN)));
            assert_true(l == TITLE_EN ||
                        strcmp(text, sentence_text((enum sentence)s, TITLE_EN)) != 0);
        }
    }
}

static void parts_stand_where_the_language_wants_them(void **state)
{
    static const span part[SENTENCE_PARTS_MAX] = {
        {(const uint8_t *)"II", 2}, {(const uint8_t *)"KOR", 3}, {(const uint8_t *)"X", 1}};
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    (void)state;
    sentence_put(SENTENCE_LEVEL, TITLE_KO, part, &w);
    assert_true(span_is(writer_span(&w), "KOR 정책의 등급 II, 표시 X."));
    w = WRITER_OF(buf);
    sentence_put(SENTENCE_LEVEL, TITLE_EN, part, &w);
    assert_true(span_is(writer_span(&w), "Level II of the policy of KOR, shown as X."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_has_the_same_parts),
        cmocka_unit_test(parts_stand_where_the_language_wants_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
