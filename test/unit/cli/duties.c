/* SPDX-License-Identifier: Apache-2.0 */
/* verify, replay and reconcile over two ledgers that went through every duty; and a change planted in each. */
#include "unit/cli/border.h"

#include <sys/stat.h>

static void whole_ledgers_are_found_whole(void **state)
{
    (void)state;
    border_make((struct border_faults){.duties = DUTIES_WHOLE});
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_DONE);
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("duties"), 1); /* the letter of the approval */
    assert_int_equal(RUN("replay", border.jpn.dir), CALL_DONE);
    assert_int_equal(answer_number("duties"), 5);
    assert_int_equal(answer_number("differ"), 0);
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    border_remove();
}

/* The party itself planted it: hashes and signatures are right, and what they say does not follow. */
static void what_does_not_follow_is_found(void **state)
{
    static const struct {
        enum border_duty duty;
        const char      *kind;
    } plant[] = {
        {OPENED_FROM_ELSEWHERE, "opened"},  {OPENED_BY_NOTHING, "opened"},
        {OPENED_SILENTLY, "opened"},        {OPENED_AFTER_END, "opened"},
        {OPENED_TOO_LATE, "opened"},        {OPENED_TOO_HIGH, "opened"},
        {OPENED_ANOTHER, "opened"},         {OVERDUE_OTHERWISE, "overdue"},
        {LOSS_UNSIGNED, "letter"},          {FOUND_UNSIGNED, "letter"},
        {CERTIFIED_BY_ONE, "destroyed"},    {CERTIFIED_UNSIGNED, "destroyed"},
        {CERTIFIED_ONE_CHAIN, "destroyed"}, {DESTROYED_OTHERWISE, "destroyed"},
        {APPROVED_UNSIGNED, "letter"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(plant); i++) {
        border_make((struct border_faults){.duties = plant[i].duty});
        const char *dir = plant[i].duty == APPROVED_UNSIGNED ? border.kor.dir : border.jpn.dir;
        assert_int_equal(RUN("verify", dir), CALL_DONE);
        assert_int_equal(RUN("replay", dir), CALL_FAILED);
        assert_int_equal(answer_number("differ"), 1);
        const json_t *one = json_array_get(json_object_get(border_answer, "different"), 0);
        assert_string_equal(json_string_value(json_object_get(one, "kind")), plant[i].kind);
        border_remove();
    }
}

static void what_never_came_does_not_fall_due(void **state)
{
    (void)state;
    border_make((struct border_faults){.duties = FALLS_DUE_UNKNOWN});
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    border_remove();
}

/* ---- somebody else changes one byte of a leaf ---- */

static void flip_is_found(const char *path, size_t size, const uint8_t *bytes, const char *text)
{
    const uint8_t *at = memmem(bytes, size, text, strlen(text));
    assert_non_null(at);
    int     fd = open(path, O_RDWR);
    off_t   place = (off_t)((size_t)(at - bytes) + strlen(text) - 2);
    uint8_t was = bytes[place], other = was ^ 1;
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, &other, 1, place), 1);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "forged");
    assert_int_equal(pwrite(fd, &was, 1, place), 1);
    (void)close(fd);
}

static void a_changed_byte_in_each_kind_of_leaf_is_found(void **state)
{
    static const char *const text[] = {"kind opened\n",
                                       "kind falls-due\n",
                                       "kind overdue\n",
                                       "kind destroyed\n",
                                       "act loss\n",
                                       "act found\n",
                                       "act certify\n",
                                       "say kind loss\n",
                                       "say kind found\n",
                                       "say kind contractor\n",
                                       "say kind certificate\n",
                                       "say kind contractor-end\n",
                                       "firm mhi\n",
                                       "destroy-by 2026-11-24T"};
    static uint8_t           bytes[BORDER_SEGMENT];
    char                     path[FILE_PATH_MAX + 32];
    (void)state;
    border_make((struct border_faults){.duties = DUTIES_WHOLE});
    (void)snprintf(path, sizeof path, "%s/0000000000000000", border.jpn.log.dir);
    int     fd = open(path, O_RDONLY);
    ssize_t size = read(fd, bytes, sizeof bytes);
    (void)close(fd);
    assert_true(size > 0);
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        flip_is_found(path, (size_t)size, bytes, text[i]);
    }
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_DONE);
    border_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_ledgers_are_found_whole),
        cmocka_unit_test(what_does_not_follow_is_found),
        cmocka_unit_test(what_never_came_does_not_fall_due),
        cmocka_unit_test(a_changed_byte_in_each_kind_of_leaf_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
