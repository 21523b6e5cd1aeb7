/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms: only what somebody who is there may not see goes dark, at once, and comes back as it should. */
#include "room.h"

static void a_visitor_darkens_only_what_he_may_not_see(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    uint32_t turn = s->row.turn;
    says(s, 0, "enter sato\n");
    assert_int_equal(s->row.turn, turn + 1);
    assert_false(room_shows(s, TO_USA));
    assert_true(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
    assert_true(ledger_says(&s->gate[KOR], "kind masked\n"));
    assert_true(ledger_says(&s->gate[KOR], "person sato\nreason no disclosure to that party\n"));
    assert_int_equal(room_asks(s, &s->epoch[TO_USA]), CLASS_NONE);
    assert_int_equal(room_asks(s, &s->epoch[TO_BOTH]), s->class[TO_BOTH]);
}

/* Told before anything is on the medium: the disk of this turn fails, and the mask is out. */
static void a_mask_does_not_wait_for_the_medium(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    s->gate[KOR].cut = (struct gate_cut){.place = GATE_CUT_SLOTS};
    (void)reader_says(s, &(struct said){.lines = "enter sato\n"});
    assert_false(room_shows(s, TO_USA));
    assert_true(room_shows(s, TO_BOTH));
    assert_false(ledger_says(&s->gate[KOR], "kind masked\n"));
}

static void one_witness_adds_and_two_remove(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    says(s, 0, "enter sato\n");
    says(s, 0, "leave sato\n");
    assert_false(room_shows(s, TO_USA));
    says(s, 0, "leave sato\n");
    assert_false(room_shows(s, TO_USA));
    says(s, 1, "leave sato\n");
    assert_true(room_shows(s, TO_USA));
    assert_true(ledger_says(&s->gate[KOR], "person sato\nhow left\nwitness reader gate-b\n"));
}

static void an_officer_is_a_witness_but_not_of_his_own_going(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    room_begins(s);
    must(room_act(g, "room-enter", "room ops\nperson sato\n", "ok1", NULL));
    rows_take(s, g);
    assert_false(room_shows(s, TO_USA));
    must(room_act(g, "room-leave", "room ops\nperson sato\n", "ok1", NULL));
    must(room_act(g, "room-leave", "room ops\nperson sato\n", "ok2", NULL));
    rows_take(s, g);
    assert_true(room_shows(s, TO_USA));
    must(room_act(g, "room-enter", "room ops\nperson ok1\n", "ok1", NULL));
    assert_int_equal(room_act(g, "room-leave", "room ops\nperson ok1\n", "ok1", NULL).code,
                     ERR_DENIED);
}

static void somebody_unknown_leaves_what_anybody_may_see(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    says(s, 1, "enter cleaner\n");
    assert_false(room_shows(s, TO_USA));
    assert_false(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
    assert_true(room_row_shows(s->row.bare, s->class[CIVIL]));
    assert_false(room_row_shows(s->row.bare, s->class[TO_BOTH]));
}

static void a_lease_that_ends_leaves_what_anybody_may_see(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    ticks(s, 3000);
    says(s, 0, "");
    ticks(s, 1999);
    assert_true(room_shows(s, TO_USA));
    ticks(s, 1); /* gate-b was silent for five seconds */
    assert_false(room_shows(s, TO_USA));
    assert_false(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
    assert_int_equal(s->row.lease_ms, 0);
    assert_true(ledger_says(&s->gate[KOR], "reason who is there is not known\n"));
    heartbeat(s);
    assert_true(room_shows(s, TO_USA));
}

static void an_empty_room_shows_what_anybody_may_see(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    says(s, 0, "leave kim\nleave miller\n");
    says(s, 1, "leave kim\nleave miller\n");
    assert_false(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
}

static void words_that_are_not_that_readers_change_nothing(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    static const struct {
        struct said   said;
        enum err_code code;
    } bad[] = {
        {{.reader = 2, .number = 100, .lines = "leave kim\n"}, ERR_FORGED},
        {{.reader = 0, .number = 1, .lines = "leave kim\n"}, ERR_CONFLICT},
        {{.reader = 0, .number = 100, .off_ms = -5000, .lines = "leave kim\n"}, ERR_STATE},
        {{.reader = 0, .number = 100, .off_ms = 1001, .lines = "leave kim\n"}, ERR_DENIED},
        {{.reader = 0, .number = 100, .lines = "leave kim\nenter a b\n"}, ERR_MALFORMED},
        {{.reader = 0, .number = 100, .lines = "open door\n"}, ERR_MALFORMED},
    };
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        struct said said = bad[i].said;
        assert_int_equal(reader_says(s, &said).code, bad[i].code);
    }
    s->reader_key[0] = s->reader_key[1]; /* signed by the wrong reader */
    assert_int_equal(reader_says(s, &(struct said){.number = 101, .lines = "enter sato\n"}).code,
                     ERR_FORGED);
    assert_false(ledger_says(&s->gate[KOR], "how leaving\n"));
    assert_true(room_shows(s, TO_USA));
}

/* A number that was taken is refused after a start too, when it changed anything. */
static void a_start_keeps_rooms_and_assumes_nobody(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    room_begins(s);
    says(s, 0, "enter sato\n");
    uint64_t last = s->number[0];
    must(gate_restart(g));
    s->session = display_switch_on(s, "wall-1");
    gates_beat(s->gate, LAW_PARTIES);
    rows_take(s, g);
    feeds_open(s);
    assert_int_equal(s->class[TO_BOTH], CLASS_NONE);
    assert_true(room_shows(s, CIVIL));
    assert_int_equal(reader_says(s, &(struct said){.number = last, .lines = "leave sato\n"}).code,
                     ERR_CONFLICT);
    heartbeat(s);
    feeds_open(s);
    assert_true(room_shows(s, TO_BOTH));
    assert_int_equal(s->class[TO_USA], CLASS_NONE); /* sato is still there */
}

static void a_visit_is_its_rooms_ceiling_topics_and_window(void **state)
{
    static const struct {
        const char *body;
        bool        shows;
    } visit[] = {
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance "
         "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
         "ceiling KOR:II\ntopics dprk-missile\nscope x\nrooms ops\n"
         "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         true},
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance "
         "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
         "ceiling KOR:III\ntopics dprk-missile\nscope x\nrooms ops\n"
         "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         false},
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance JPN:HI\n"
         "ceiling KOR:II\ntopics dprk-missile\nscope x\nrooms ops\n"
         "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         false},
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance "
         "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
         "ceiling KOR:II\ntopics cyber\nscope x\nrooms ops\n"
         "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         false},
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance "
         "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
         "ceiling KOR:II\ntopics dprk-missile\nscope x\nrooms ops\n"
         "from 2026-11-22T01:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         false},
        {"visitor lee\nparty JPN\nagreement GSOMIA\nclearance "
         "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
         "ceiling KOR:II\ntopics dprk-missile\nscope x\nrooms hall\n"
         "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n",
         false},
    };
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    must(room_act(g, "room-add",
                  "room hall\nceiling KOR:II\npresence 5000\ncomes-back rule\ndoor no\n", "ok1",
                  "ok2"));
    room_begins(s);
    says(s, 0, "enter lee\n");
    for (unsigned i = 0; i < ARRAY_LEN(visit); i++) {
        must(room_act(g, "visit-add", visit[i].body, "ok1", "ok2"));
        heartbeat(s);
        ticks(s, 0);
        assert_int_equal(room_shows(s, TO_BOTH), visit[i].shows);
        assert_false(room_shows(s, TO_USA));
        must(room_act(g, "visit-end", "visitor lee\n", "ok1", NULL));
        rows_take(s, g);
        assert_false(room_shows(s, TO_BOTH));
    }
}

/* The window ends by itself, on the real clock. */
static void a_visit_that_ends_is_noticed(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    must(room_act(g, "visit-end", "visitor sato\n", "ok1", NULL));
    must(room_act(g, "visit-add",
                  "visitor sato\nparty JPN\nagreement GSOMIA\n"
                  "clearance JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\nceiling KOR:II\n"
                  "topics dprk-missile\nscope x\nrooms ops\nfrom 2026-11-21T00:00:00.000Z\n"
                  "until 2026-11-22T00:01:00.000Z\n",
                  "ok1", "ok2"));
    room_begins(s);
    says(s, 0, "enter sato\n");
    ticks(s, 0);
    assert_true(room_shows(s, TO_BOTH));
    instant end;
    must(text_instant(SPAN_LIT("2026-11-22T00:01:00.000Z"), &end));
    for (unsigned i = 0; g->now < end - 1000 && i < 100; i++) {
        ticks(s, 1000);
        heartbeat(s);
    }
    ticks(s, 1000);
    heartbeat(s);
    assert_false(room_shows(s, TO_BOTH));
}

static void a_person_who_is_struck_off_is_nobody(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    must(room_act(&s->gate[KOR], "person-revoke", "person miller\n", "ok1", NULL));
    rows_take(s, &s->gate[KOR]);
    assert_false(room_shows(s, TO_USA));
    assert_false(room_shows(s, TO_BOTH));
}

static void a_display_has_a_ceiling_of_its_own(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    uint64_t wall_1 = s->session;
    s->session = display_switch_on(s, "wall-2");
    assert_int_equal(room_asks(s, &s->epoch[TO_BOTH]), CLASS_NONE);
    assert_int_equal(room_asks(s, &s->epoch[CIVIL]), s->class[CIVIL]);
    s->session = wall_1;
    assert_int_equal(room_asks(s, &s->epoch[TO_BOTH]), s->class[TO_BOTH]);
    must(room_act(&s->gate[KOR], "display-remove", "display wall-1\n", "ok1", NULL));
    assert_int_equal(room_asks(s, &s->epoch[CIVIL]), CLASS_NONE);
}

static void a_room_without_a_display_shows_nothing(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    must(room_act(&s->gate[KOR], "display-off", "display wall-1\n", "ok1", NULL));
    rows_take(s, &s->gate[KOR]);
    for (unsigned i = 0; i < FEEDS; i++) {
        assert_false(room_shows(s, i));
    }
    assert_true(ledger_says(&s->gate[KOR], "reason no display of the room is on\n"));
}

static void a_room_that_is_removed_is_told_and_opens_nothing(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    must(room_act(&s->gate[KOR], "room-remove", "room ops\n", "ok1", NULL));
    rows_take(s, &s->gate[KOR]);
    assert_int_equal(s->row.turn, 0);
    assert_int_equal(room_asks(s, &s->epoch[CIVIL]), CLASS_NONE);
    must(room_act(&s->gate[KOR], "room-add", room_of_rule, "ok1", "ok2"));
    assert_int_equal(
        room_act(&s->gate[KOR], "display-on", "display wall-1\nminutes 1\n", "ok1", NULL).code,
        ERR_UNKNOWN);
}

/* A start of the desk: it has nothing on, and is told of each room. */
static void a_desk_that_starts_has_no_display_on(void **state)
{
    struct room_stage *s = *state;
    uint8_t            sealer[32] = {1};
    room_begins(s);
    s->rows = 0;
    gate_say(&s->gate[KOR], CALLER_DESK, REQUEST_GREET, 1, SPAN_OF(sealer));
    rows_take(s, &s->gate[KOR]);
    assert_true(s->rows > 0);
    assert_false(room_shows(s, CIVIL));
    assert_int_equal(room_asks(s, &s->epoch[CIVIL]), CLASS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_STORY(a_visitor_darkens_only_what_he_may_not_see),
        ROOM_STORY(a_mask_does_not_wait_for_the_medium),
        ROOM_STORY(one_witness_adds_and_two_remove),
        ROOM_STORY(an_officer_is_a_witness_but_not_of_his_own_going),
        ROOM_STORY(somebody_unknown_leaves_what_anybody_may_see),
        ROOM_STORY(a_lease_that_ends_leaves_what_anybody_may_see),
        ROOM_STORY(an_empty_room_shows_what_anybody_may_see),
        ROOM_STORY(words_that_are_not_that_readers_change_nothing),
        ROOM_STORY(a_start_keeps_rooms_and_assumes_nobody),
        ROOM_STORY(a_visit_is_its_rooms_ceiling_topics_and_window),
        ROOM_STORY(a_visit_that_ends_is_noticed),
        ROOM_STORY(a_person_who_is_struck_off_is_nobody),
        ROOM_STORY(a_display_has_a_ceiling_of_its_own),
        ROOM_STORY(a_room_without_a_display_shows_nothing),
        ROOM_STORY(a_room_that_is_removed_is_told_and_opens_nothing),
        ROOM_STORY(a_desk_that_starts_has_no_display_on),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
