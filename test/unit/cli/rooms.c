/* SPDX-License-Identifier: Apache-2.0 */
/* What a ledger says of rooms: told by `room history`, recomputed by `replay`. */
#include "unit/cli/border.h"

static int gone(void **state)
{
    (void)state;
    border_remove();
    return 0;
}

static void leaf(enum leaf_kind kind, const char *body)
{
    uint64_t    index;
    merkle_hash hash;
    border_leaf(&border.kor, kind, span_text(body), &index, &hash);
}

static void act(enum leaf_kind kind, const char *what, const char *body)
{
    border_act(&border.kor, kind, what, span_text(body), (span){NULL, 0});
}

/* more - what else the ledger says; mo is there; class 0 is of level II, 1 is not classified, 2 above the ceiling */
static struct {
    enum leaf_kind kind;
    const char    *before, *body;
} more;

static void room_leaves(void)
{
    act(LEAF_PERSON, "person-add",
        "person mo\nkey 0101010101010101010101010101010101010101010101010101010101010101\n"
        "nationality KOR\nemployer KOR\nchain J5\nroles reader\nclearance KOR:II\n"
        "topics dprk-missile\n");
    act(LEAF_ACT, "room-add",
        "room ops\nceiling KOR:II,KOR:UNCLASSIFIED\npresence 5000\ncomes-back rule\ndoor no\n");
    leaf(LEAF_CLASS, "class 0\nkind track\nmarking KOR:II of KOR about dprk-missile from radar to "
                     "JPN\nown-level KOR:II\nduties 0\nsince 1970-01-01T00:00:00.000Z\n");
    leaf(LEAF_CLASS, "class 1\nkind track\nmarking KOR:UNCLASSIFIED of KOR about air-traffic from "
                     "radar to JPN,USA\nown-level KOR:UNCLASSIFIED\nduties 0\n"
                     "since 1970-01-01T00:00:00.000Z\n");
    leaf(LEAF_CLASS, "class 2\nkind track\nmarking KOR:I of KOR about dprk-missile from radar\n"
                     "own-level KOR:I\nduties 0\nsince 1970-01-01T00:00:00.000Z\n");
    leaf(LEAF_OCCUPANCY, "room ops\nperson mo\nhow entered\nwitness reader gate-a\nnumber 1\n");
    leaf(LEAF_SHOWN, "room ops\nturn 1\nreason x\nwho mo\nclass 0 a\nclass 1 b\n");
    if (more.before != NULL) {
        leaf(LEAF_OCCUPANCY, more.before);
    }
    if (more.body != NULL) {
        leaf(more.kind, more.body);
    }
}

static void empty_room(void)
{
    act(LEAF_ACT, "room-add",
        "room ops\nceiling KOR:II,KOR:UNCLASSIFIED\npresence 5000\ncomes-back rule\ndoor no\n");
}

static void said(enum leaf_kind kind, const char *before, const char *body)
{
    more.kind = kind;
    more.before = before;
    more.body = body;
    border_make((struct border_faults){.more = room_leaves});
}

static void what_follows_is_recomputed(void **state)
{
    (void)state;
    said(LEAF_MASKED, "room ops\nperson nobody\nhow entered\nwitness officer kim\n",
         "room ops\nturn 2\nperson nobody\nreason nobody known\nwho mo\nwho nobody\nclass 0 a\n");
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("rooms"), 2);
    assert_int_equal(answer_number("differ"), 0);
}

static void what_does_not_follow_is_found(void **state)
{
    static const struct {
        enum leaf_kind kind;
        const char    *before, *body;
    } bad[] = {
        {LEAF_SHOWN, NULL, "room ops\nturn 2\nreason x\nwho mo\nclass 2 above-the-ceiling\n"},
        {LEAF_SHOWN, NULL, "room ops\nturn 2\nreason x\nwho mo\nclass 3 no-such-number\n"},
        {LEAF_SHOWN, NULL, "room ops\nturn 2\nreason x\nwho mo\nwho sato\nclass 1 never-came\n"},
        {LEAF_SHOWN, NULL, "room ops\nturn 2\nreason x\nclass 1 mo-is-not-said\n"},
        {LEAF_SHOWN, NULL, "room hall\nturn 2\nreason x\nwho mo\nclass 1 no-such-room\n"},
        {LEAF_SHOWN, "room ops\nperson nobody\nhow entered\nwitness officer kim\n",
         "room ops\nturn 2\nreason x\nwho mo\nwho nobody\nclass 0 somebody-unknown\n"},
        {LEAF_SHOWN, "room ops\nperson mo\nhow left\nwitness officer kim\n",
         "room ops\nturn 2\nreason x\nclass 0 an-empty-room\n"},
        {LEAF_MASKED, NULL,
         "room ops\nturn 2\nperson mo\nreason clearance\nwho mo\nclass 0 he-is-cleared\n"},
    };
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        said(bad[i].kind, bad[i].before, bad[i].body);
        assert_int_equal(RUN("replay", border.kor.dir), CALL_FAILED);
        assert_int_equal(answer_number("differ"), 1);
        border_remove();
    }
    said(LEAF_SHOWN, NULL, NULL);
}

/* han began the ledger, and is in the room with mo. */
static struct {
    const char    *clear;
    enum leaf_kind kind;
    const char    *body;
} founder;

static void founder_leaves(void)
{
    room_leaves();
    if (founder.clear != NULL) {
        act(LEAF_PERSON, "person-clear", founder.clear);
    }
    leaf(LEAF_OCCUPANCY, "room ops\nperson han\nhow entered\nwitness reader gate-a\nnumber 2\n");
    leaf(founder.kind, founder.body);
}

static void founder_said(const char *clear, enum leaf_kind kind, const char *body)
{
    memset(&more, 0, sizeof more);
    founder.clear = clear;
    founder.kind = kind;
    founder.body = body;
    border_make((struct border_faults){.more = founder_leaves});
}

#define TO_BOTH     "room ops\nturn 2\nreason x\nwho mo\nwho han\nclass 0 a\n"
#define MASKED(why) "room ops\nturn 2\nperson han\nreason " why "\nwho mo\nwho han\nclass 0 a\n"
#define CLEARED     "person han\nclearance KOR:II\ntopics dprk-missile\n"

static void who_began_the_ledger_is_somebody(void **state)
{
    static const struct {
        const char    *clear;
        enum leaf_kind kind;
        const char    *body;
    } good[] = {
        {CLEARED, LEAF_SHOWN, TO_BOTH},
        {NULL, LEAF_MASKED, MASKED("clearance")},
        {"person han\nclearance KOR:II\ntopics -\n", LEAF_MASKED, MASKED("need")},
    };
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(good); i++) {
        founder_said(good[i].clear, good[i].kind, good[i].body);
        assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
        assert_int_equal(answer_number("rooms"), 2);
        assert_int_equal(answer_number("differ"), 0);
        border_remove();
    }
    founder_said(NULL, LEAF_MASKED, MASKED("clearance"));
}

static void what_who_began_the_ledger_may_not_see_is_found(void **state)
{
    static const struct {
        const char    *clear;
        enum leaf_kind kind;
        const char    *body;
    } bad[] = {
        {NULL, LEAF_SHOWN, TO_BOTH},
        {"person han\nclearance KOR:UNCLASSIFIED\ntopics dprk-missile\n", LEAF_SHOWN, TO_BOTH},
        {"person han\nclearance KOR:II\ntopics -\n", LEAF_SHOWN, TO_BOTH},
        {CLEARED, LEAF_MASKED, MASKED("clearance")},
        {CLEARED, LEAF_MASKED, MASKED("nationality")},
    };
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        founder_said(bad[i].clear, bad[i].kind, bad[i].body);
        assert_int_equal(RUN("replay", border.kor.dir), CALL_FAILED);
        assert_int_equal(answer_number("differ"), 1);
        border_remove();
    }
    founder_said(CLEARED, LEAF_SHOWN, TO_BOTH);
}

/* Class 3 opens to no contractor's person without the originator's leave, and there is none in a room. */
static void contractor_leaves(void)
{
    room_leaves();
    act(LEAF_PERSON, "person-add",
        "person cho\nkey 0202020202020202020202020202020202020202020202020202020202020202\n"
        "nationality KOR\nemployer KOR\nfirm hanwha\nfacility plant-2\nchain J5\nroles reader\n"
        "clearance KOR:II\ntopics dprk-missile\n");
    leaf(LEAF_CLASS, "class 3\nkind track\nmarking KOR:II of KOR about dprk-missile from radar to "
                     "JPN\nown-level KOR:II\nduties 16384\nsince 1970-01-01T00:00:00.000Z\n");
    leaf(LEAF_OCCUPANCY, "room ops\nperson cho\nhow entered\nwitness reader gate-a\nnumber 2\n");
    leaf(founder.kind, founder.body);
}

static void a_contractor_is_one_in_a_room_too(void **state)
{
    (void)state;
    memset(&more, 0, sizeof more);
    founder.kind = LEAF_MASKED;
    founder.body = "room ops\nturn 2\nperson cho\nreason contractor\nwho mo\nwho cho\nclass 3 a\n";
    border_make((struct border_faults){.more = contractor_leaves});
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("differ"), 0);
    border_remove();
    founder.kind = LEAF_SHOWN;
    founder.body = "room ops\nturn 2\nreason x\nwho mo\nwho cho\nclass 3 a\n";
    border_make((struct border_faults){.more = contractor_leaves});
    assert_int_equal(RUN("replay", border.kor.dir), CALL_FAILED);
    assert_int_equal(answer_number("differ"), 1);
}

static void the_history_of_one_room_is_told(void **state)
{
    (void)state;
    said(LEAF_MASKED, NULL,
         "room ops\nturn 2\nreason who is there is not known\nwho mo\nclass 0 a\n");
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir), CALL_DONE);
    const json_t *rows = json_object_get(border_answer, "history");
    unsigned      masked = 0, shown = 0, entered = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char   *what = json_string_value(json_object_get(row, "what"));
        masked += strcmp(what, "masked") == 0 ? 1 : 0;
        shown += strcmp(what, "shown") == 0 ? 1 : 0;
        entered += strcmp(what, "occupancy") == 0 ? 1 : 0;
        assert_true(strcmp(what, "shown") != 0 ||
                    json_array_size(json_object_get(row, "classes")) == 2);
    }
    assert_int_equal(masked, 1);
    assert_int_equal(shown, 1);
    assert_int_equal(entered, 1);
}

/* A room that was made has a history, though nothing was shown there yet, or not in that time. */
static void a_room_that_the_ledger_has_not_is_an_error(void **state)
{
    (void)state;
    border_make((struct border_faults){.more = empty_room});
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir), CALL_DONE);
    assert_int_equal(json_array_size(json_object_get(border_answer, "history")), 0);
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir, "--from", "2001-01-01",
                         "--until", "2001-01-02"),
                     CALL_DONE);
    assert_int_equal(RUN("room", "history", "hall", "--dir", border.kor.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    assert_string_equal(answer_string("about"), "hall");
    assert_int_equal(json_array_size(json_object_get(border_answer, "history")), 0);
}

static void room_that_goes(void)
{
    empty_room();
    leaf(LEAF_STARTED, "boot 01\n");
    border.alone = true;
    act(LEAF_ACT, "room-remove", "room ops\n");
    border.alone = false;
    leaf(LEAF_STARTED, "boot 01\n");
}

/* Of the starts before it was made, while it was there, and after it, the one in the middle is its own. */
static void a_start_is_told_of_a_room_that_is_there(void **state)
{
    (void)state;
    border_make((struct border_faults){.more = room_that_goes});
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir), CALL_DONE);
    const json_t *rows = json_object_get(border_answer, "history");
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "what")),
                        "started");
}

static void a_time_that_ends_before_it_begins_is_no_time(void **state)
{
    (void)state;
    said(LEAF_MASKED, NULL, NULL);
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir, "--from", "2026-11-24",
                         "--until", "2026-11-23"),
                     CALL_USAGE);
    assert_string_equal(answer_string("about"), "--from 2026-11-24");
    assert_int_equal(RUN("room", "history", "ops", "--dir", border.kor.dir, "--from", "2026-11-23",
                         "--until", "2026-11-23"),
                     CALL_DONE);
}

#define ROOM(f) cmocka_unit_test_teardown(f, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(what_follows_is_recomputed),
        ROOM(what_does_not_follow_is_found),
        ROOM(who_began_the_ledger_is_somebody),
        ROOM(what_who_began_the_ledger_may_not_see_is_found),
        ROOM(a_contractor_is_one_in_a_room_too),
        ROOM(the_history_of_one_room_is_told),
        ROOM(a_room_that_the_ledger_has_not_is_an_error),
        ROOM(a_start_is_told_of_a_room_that_is_there),
        ROOM(a_time_that_ends_before_it_begins_is_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
