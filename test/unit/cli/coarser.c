/* SPDX-License-Identifier: Apache-2.0 */
/* replay over a feed that JPN may have only made coarser: what was needed is worked out from the ledger alone. */
#include "unit/cli/border.h"

#define RULES                                                                                      \
    "    define reduction COARSE = position to 10 km\n"                                            \
    "    define reduction FINE = position to 1 km, height to 500 m\n"                              \
    "    define reduction WORSE = position to 50 km, without source\n"                             \
    "    never warning from radar to JPN unless reduced COARSE\n"                                  \
    "    never warning from radar to JPN unless reduced FINE\n"

/* plant - what the guard did; NULL: as it should
 *
 * reduced    by which it made the feed coarser for JPN
 * profile    what the feed's epoch says that its source says of itself
 * released   what the verdict of the release says of it
 * source     of which feed it is derived */
static struct plant {
    const char *reduced, *profile, *released, *source;
} plant;

#define NEEDED "position-m=10000,height-m=500"

static const id parent = {{0xc1}}, derived = {{0xd1}};

static span case_of(const char *reduced, struct writer *w)
{
    struct tables  *t = border.tables;
    struct crossing x;
    struct lines    l;
    case_make();
    l = lines_of(border.case_text);
    BORDER_OK(crossing_read(t, &l, &x));
    x.kind = KIND_WARNING;
    x.reduced = (struct reduction){0};
    if (reduced[0] != 0) {
        BORDER_OK(reduction_read(span_text(reduced), &x.reduced));
    }
    struct verdict v = verdict_by_reading(t, &x);
    crossing_format(t, &x, w);
    verdict_format(t, &v, w);
    return writer_span(w);
}

static void epoch_leaf(const id *epoch, const char *more, const char *reduced, span matter)
{
    uint8_t       buf[LEAF_TEXT_MAX], zeros[32] = {0};
    struct writer w = WRITER_OF(buf);
    line_hex(&w, "epoch", id_span(epoch));
    put_text(&w, "kind warning\nfeed coast\n");
    put_text(&w, more);
    put_text(&w, "marking " BORDER_MARKING "\n");
    line_said(&w, "reduced", reduced);
    line_hex(&w, "commitment", SPAN_OF(zeros));
    line_hex(&w, "sealer", SPAN_OF(zeros));
    put_span(&w, matter);
    border_leaf_of(&border.kor, LEAF_EPOCH, &w);
}

static void derived_leaf(void)
{
    uint8_t       text[CROSSING_TEXT_MAX], more[256], buf[LEAF_TEXT_MAX];
    struct writer t = WRITER_OF(text), m = WRITER_OF(more), w = WRITER_OF(buf);
    line_text(&m, "source", span_text(plant.source));
    line_hex(&m, "of", id_span(&parent));
    put_text(&m, "for JPN\nclause EXCHANGE clause 4\n");
    put_u8(&m, 0);
    epoch_leaf(&derived, (const char *)more, plant.reduced, case_of(plant.reduced, &t));
    t.len = 0;
    line_hex(&w, "epoch", id_span(&derived));
    put_text(&w, "partner JPN\n");
    line_hex(&w, "handle", id_span(&derived));
    rests_lines(&w);
    put_span(&w, case_of(plant.released, &t));
    bool goes = memmem(text, t.len, "\noutcome release\n", 17) != NULL;
    border_leaf_of(&border.kor, goes ? LEAF_RELEASED : LEAF_REFUSED, &w);
}

static void coast(void)
{
    plant.reduced = plant.reduced == NULL ? NEEDED : plant.reduced;
    plant.released = plant.released == NULL ? plant.reduced : plant.released;
    kor_source("coast", "warning");
    epoch_leaf(&parent, "", plant.profile == NULL ? "" : plant.profile, (span){NULL, 0});
    plant.source = plant.source == NULL ? "coast" : plant.source;
    derived_leaf();
}

static int replayed(struct plant p)
{
    plant = p;
    border_make((struct border_faults){.rules = RULES, .more = coast});
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    int status = RUN("replay", border.kor.dir);
    assert_int_equal(answer_number("derived"), 1);
    return status;
}

static void the_least_is_found_right(void **state)
{
    (void)state;
    assert_int_equal(replayed((struct plant){0}), CALL_DONE);
    assert_int_equal(answer_number("differ"), 0);
    assert_null(json_object_get(border_answer, "coarser-than-needed"));
    border_remove();
}

static void finds(struct plant p, const char *kind, const char *error)
{
    assert_int_equal(replayed(p), CALL_FAILED);
    assert_int_equal(answer_number("differ"), 1);
    const json_t *one = json_array_get(json_object_get(border_answer, "different"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "kind")), kind);
    assert_string_equal(json_string_value(json_object_get(one, "error")), error);
    border_remove();
}

#define TOO_FINE "a feed is made less coarse for a partner than texts and rules ask for"

/* Each of these says, in a ledger whose hashes and signatures are right, what a guard that favours JPN would. */
static void too_small_a_reduction_is_found(void **state)
{
    (void)state;
    finds((struct plant){.reduced = "position-m=9999,height-m=500"}, "epoch", TOO_FINE);
    finds((struct plant){.reduced = "position-m=50000,without=source"}, "epoch", TOO_FINE);
    finds((struct plant){.reduced = "position-m=1000,height-m=500"}, "epoch", TOO_FINE);
}

static void more_than_was_needed_is_told(void **state)
{
    (void)state;
    assert_int_equal(replayed((struct plant){.reduced = "position-m=50000,height-m=500"}),
                     CALL_DONE);
    assert_int_equal(answer_number("differ"), 0);
    assert_int_equal(json_array_size(json_object_get(border_answer, "coarser-than-needed")), 1);
    border_remove();
}

static void what_says_otherwise_than_the_profile_is_found(void **state)
{
    (void)state;
    finds((struct plant){.profile = "position-m=10000"}, "epoch",
          "an epoch says otherwise of its feed than its source's profile");
    finds((struct plant){.source = "radar"}, "epoch",
          "an epoch is derived from what is no epoch of its feed");
}

/* The cover says one thing, the verdict by which it went another. */
static void a_release_of_another_item_is_found(void **state)
{
    (void)state;
    finds((struct plant){.released = "position-m=20000,height-m=500"}, "released",
          "a verdict is about an item that its epoch's leaf says is another");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_is_found_right),
        cmocka_unit_test(too_small_a_reduction_is_found),
        cmocka_unit_test(more_than_was_needed_is_told),
        cmocka_unit_test(what_says_otherwise_than_the_profile_is_found),
        cmocka_unit_test(a_release_of_another_item_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
