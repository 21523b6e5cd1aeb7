/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms: only what somebody who is there may not see goes dark, at once, and comes back as it should. */
#include "room.h"
#include "room/room.h"

#define DISPLAYS_LIMIT 1024 /* docs/format/rooms.md */
#define VISITS_LIMIT   256

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
        {{.reader = 0, .number = 100, .off_ms = -5000, .lines = "leave kim\n"}, ERR_DENIED},
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

/* Nobody knows then who comes by its door; and its words do not fill the ledger. */
static void a_reader_that_floods_darkens_its_room_and_no_more(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    char               flood[PRESENCE_CHANGES_MAX * 11 + 1];
    room_begins(s);
    for (unsigned i = 0; i < PRESENCE_CHANGES_MAX; i++) {
        memcpy(flood + 11 * (size_t)i, i % 2 == 0 ? "enter sato\n" : "leave sato\n", 12);
    }
    says(s, 0, "enter sato\n");
    assert_true(room_shows(s, TO_BOTH));
    assert_int_equal(reader_says(s, &(struct said){.lines = flood}).code, 0);
    for (unsigned i = 0; i < 1000; i++) {
        size_t before = g->ledger.len;
        assert_int_equal(reader_says(s, &(struct said){.lines = flood}).code, ERR_LIMIT);
        assert_true(i < 2 || g->ledger.len == before);
    }
    assert_true(ledger_says(g, "reader gate-a\nstep presence\n"));
    assert_false(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
    ticks(s, READER_PAUSE_MS);
    heartbeat(s);
    feeds_open(s);
    assert_true(room_shows(s, TO_BOTH));
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

/* Of party and agreement it is said which is not there, and of a ceiling that it is one. */
static void what_a_visit_lacks_is_named(void **state)
{
    static const struct {
        const char *party, *agreement, *ceiling, *why;
    } bad[] = {
        {"AUS", "GSOMIA", "KOR:II", "party"},
        {"JPN", "NONE", "KOR:II", "agreement"},
        {"JPN", "GSOMIA", "JPN:HI", "ceiling"},
    };
    struct room_stage *s = *state;
    char               body[512];
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        snprintf(body, sizeof body,
                 "visitor lee\nparty %s\nagreement %s\nclearance JPN:HI\nceiling %s\n"
                 "topics dprk-missile\nscope x\nrooms ops\nfrom 2026-11-21T00:00:00.000Z\n"
                 "until 2026-11-23T00:00:00.000Z\n",
                 bad[i].party, bad[i].agreement, bad[i].ceiling);
        err e = room_act(&s->gate[KOR], "visit-add", body, "ok1", "ok2");
        assert_true(err_is(e) && strstr(e.why, bad[i].why) != NULL);
        for (unsigned k = 0; k < ARRAY_LEN(bad); k++) {
            assert_true(k == i || strstr(e.why, bad[k].why) == NULL);
        }
    }
}

static void a_visit_to_the_past_is_refused(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    err                e = room_act(g, "visit-add",
                                    "visitor lee\nparty JPN\nagreement GSOMIA\nclearance JPN:HI\n"
                                                   "ceiling KOR:II\ntopics dprk-missile\nscope x\nrooms ops\n"
                                                   "from 2020-11-21T00:00:00.000Z\nuntil 2020-11-23T00:00:00.000Z\n",
                                    "ok1", "ok2");
    assert_int_equal(e.code, ERR_STATE);
}

static void what_could_never_show_anything_is_refused(void **state)
{
    static const struct {
        const char *act, *body;
    } bad[] = {
        {"room-add", "room hall\nceiling -\npresence 5000\ncomes-back rule\ndoor no\n"},
        {"display-add", "display more\nroom ops\nkey MFkw\nceiling -\n"},
        {"visit-add", "visitor lee\nparty JPN\nagreement GSOMIA\nclearance JPN:HI\nceiling -\n"
                      "topics dprk-missile\nscope x\nrooms ops\nfrom 2026-11-21T00:00:00.000Z\n"
                      "until 2099-11-23T00:00:00.000Z\n"},
    };
    struct room_stage *s = *state;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        err e = room_act(&s->gate[KOR], bad[i].act, bad[i].body, "ok1", "ok2");
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_non_null(strstr(e.why, "ceiling"));
    }
}

static void an_officer_sees_what_a_visit_is_for(void **state)
{
    struct room_stage *s = *state;
    char               rows[16384];
    must(look_as(&s->gate[KOR], "ok1", LOOK_ROOMS, &(id){0}, rows, sizeof rows));
    const char *visit = strstr(rows, "what visit\nperson sato\n");
    assert_non_null(visit);
    assert_non_null(strstr(visit, "\ntopics air-traffic,dprk-missile\nrooms ops\n"
                                  "scope exercise briefing\n"));
    assert_non_null(strstr(visit, "\nruns yes\n"));
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

/* One of no time would be on for nobody to see, and stand in the ledger as if it had been. */
static void a_session_has_minutes(void **state)
{
    static const char *const bad[] = {"0", "721", "18446744073709551615", "-1", "x"};
    struct room_stage       *s = *state;
    room_begins(s);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char on[64], tak[64], session[64];
        snprintf(on, sizeof on, "display wall-1\nminutes %s\n", bad[i]);
        snprintf(tak, sizeof tak, "terminal phone\nminutes %s\ntopics -\n", bad[i]);
        snprintf(session, sizeof session, "minutes %s\n", bad[i]);
        enum err_code want = i < 3 ? ERR_LIMIT : ERR_MALFORMED;
        assert_int_equal(room_act(&s->gate[KOR], "display-on", on, "ok1", NULL).code, want);
        assert_int_equal(room_act(&s->gate[KOR], "tak-on", tak, "ok1", NULL).code, want);
        assert_int_equal(room_act(&s->gate[KOR], "session", session, "ok1", NULL).code, want);
    }
    must(room_act(&s->gate[KOR], "display-on", "display wall-1\nminutes 720\n", "ok1", NULL));
}

/* The answer to an officer's word is what became of it. */
static void says_how(struct room_stage *s, const char *act, const char *by, const char *want)
{
    uint8_t         buf[512];
    struct writer   w = WRITER_OF(buf);
    struct gate_act a = {.act = act, .body = "room ops\nperson sato\n", .by = {by, NULL}};
    must(gate_act(&s->gate[KOR], &a, &w));
    assert_true(span_is(writer_span(&w), want));
}

static void an_officer_hears_what_became_of_his_word(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    says_how(s, "room-enter", "ok1", "how entered\n");
    says_how(s, "room-enter", "ok2", "how same\n");
    says_how(s, "room-leave", "ok1", "how leaving\n");
    says_how(s, "room-leave", "ok1", "how leaving\n");
    says_how(s, "room-leave", "ok2", "how left\n");
    assert_int_equal(
        room_act(&s->gate[KOR], "room-leave", "room ops\nperson sato\n", "ok1", NULL).code,
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

static err displays_say(struct room_stage *s, const char *lines)
{
    uint8_t          text[512], body[1024], none[SIGNATURE_LEN] = {0};
    struct writer    w = WRITER_OF(text), b = WRITER_OF(body);
    struct gate_mail m;
    line_title(&w, DISPLAYS_TITLE);
    put_text(&w, lines);
    put_block16(&b, writer_span(&w));
    put_span(&b, SPAN_OF(none));
    gate_say(&s->gate[KOR], CALLER_DESK, REQUEST_SUBMIT, 8, writer_span(&b));
    rows_take(s, &s->gate[KOR]);
    if (gate_take(&s->gate[KOR], ANSWER_LEASE, &m)) {
        gate_mail_drop(&m);
        return OK;
    }
    return refusal(&s->gate[KOR]);
}

static const char room_of_officers[] = "room ops\nceiling KOR:I,KOR:II,KOR:III,KOR:UNCLASSIFIED\n"
                                       "presence 5000\ncomes-back officer\ndoor yes\n";

static int room_stage_of_officers(void **state)
{
    return room_stage_open_as(state, room_of_officers);
}

static void what_was_taken_away_waits_for_an_officer(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    room_begins(s);
    says(s, 0, "enter sato\n");
    says(s, 0, "leave sato\n");
    says(s, 1, "leave sato\n");
    assert_false(room_shows(s, TO_USA));
    assert_true(room_shows(s, TO_BOTH));
    must(gate_restart(g)); /* and it is remembered */
    s->session = display_switch_on(s, "wall-1");
    gates_beat(s->gate, LAW_PARTIES);
    heartbeat(s);
    feeds_open(s);
    assert_int_equal(s->class[TO_USA], CLASS_NONE);
    must(room_act(g, "room-show", "room ops\nreason he has left\n", "ok1", NULL));
    rows_take(s, g);
    feeds_open(s);
    assert_true(room_shows(s, TO_USA));
}

static void a_wired_door_waits_for_the_displays(void **state)
{
    struct room_stage *s = *state;
    char               turn[64];
    room_begins(s);
    assert_int_equal(s->row.flags, ROOM_OPEN_DOOR); /* nothing was taken away yet */
    says(s, 0, "");
    assert_int_equal(s->enter, ROOM_OPEN_DOOR);
    says(s, 0, "enter sato\n");
    assert_int_equal(s->row.flags, 0);
    assert_int_equal(s->enter, 0); /* from the first word on */
    says(s, 0, "");
    assert_int_equal(s->enter, 0);
    snprintf(turn, sizeof turn, "room ops\nturn %u\n", s->row.turn - 1);
    must(displays_say(s, turn));
    assert_int_equal(s->row.flags, 0);
    snprintf(turn, sizeof turn, "room ops\nturn %u\n", s->row.turn);
    must(displays_say(s, turn));
    assert_int_equal(s->row.flags, ROOM_OPEN_DOOR);
    assert_true(ledger_says(&s->gate[KOR], "kind displays\n"));
    says(s, 0, "");
    assert_int_equal(s->enter, ROOM_OPEN_DOOR);
    says(s, 0, "enter cleaner\n");
    assert_int_equal(s->row.flags, 0);
}

static void a_display_that_is_silent_loses_its_session(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    must(displays_say(s, "room ops\nturn 1\nsilent wall-1\nsilent nowhere\n"));
    assert_int_equal(room_asks(s, &s->epoch[CIVIL]), CLASS_NONE);
    assert_false(room_shows(s, CIVIL));
    assert_int_equal(displays_say(s, "room hall\nturn 1\n").code, ERR_UNKNOWN);
    assert_int_equal(displays_say(s, "room ops\nturn -1\n").code, ERR_MALFORMED);
}

/* The disclosure to Japan rests on an agreement that Korea pauses. */
static void a_pause_takes_from_a_visitor_what_he_saw(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    room_begins(s);
    says(s, 0, "enter sato\n");
    assert_true(room_shows(s, TO_BOTH));
    struct challenge c;
    must(ask(g, "ok1", "pause", "agreement EXCHANGE\ndirection giving\nreason x\n", &c));
    must(sign(g, "ok1", &c));
    for (unsigned i = 0; i < 3; i++) {
        ticks(s, 200);
    }
    assert_false(room_shows(s, TO_BOTH));
    assert_true(room_shows(s, CIVIL));
}

/* Nobody signs what a log says, so it has a signature of zeros and no other, and is half a witness at most. */
static void a_log_is_the_desks_word(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    must(room_act(g, "reader-remove", "reader gate-a\nroom ops\n", "ok1", NULL));
    must(room_act(g, "reader-add", "reader gate-a\nroom ops\nkey log\n", "ok1", "ok2"));
    assert_int_equal(
        reader_says(s, &(struct said){.reader = 0, .number = 9, .lines = "enter kim\n"}).code,
        ERR_FORGED);
    must(reader_says(s, &(struct said){.reader = 2, .number = 9, .lines = "enter kim\n"}));
    says(s, 1, "");
    feeds_open(s);
    assert_true(room_shows(s, TO_USA));
    must(reader_says(s, &(struct said){.reader = 2, .number = 10, .lines = "leave kim\n"}));
    must(reader_says(s, &(struct said){.reader = 2, .number = 11, .lines = "leave kim\n"}));
    says(s, 1, "");
    assert_true(room_shows(s, TO_USA));
    says(s, 1, "leave kim\n");
    assert_false(room_shows(s, TO_USA));
}

/* What came from the United States, to Korea alone: kim and miller see it, a visitor of Japan does not. */
static void what_was_received_is_not_passed_on_by_showing_it(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = s->gate;
    struct gate_mail   m, grant = {0};
    uint16_t class;
    id epoch, handle;
    must(room_act(&g[USA], "source-add",
                  "source far\ntransport udp\naddress 127.0.0.1:7009\nkind track\nprecedence "
                  "FLASH\nmarking USA:SECRET of USA about dprk-missile from radar to KOR\naccess "
                  "-\n",
                  "ok1", "ok2"));
    epoch = feed_epoch(&g[USA], 0);
    assert_int_equal(release(&g[USA], &epoch, "KOR", &grant), 'g');
    assert_true(receive(&g[KOR], &g[USA], &grant, &handle));
    gate_mail_drop(&grant);
    while (gate_take(&g[KOR], ANSWER_ARRIVED, &m)) {
        gate_mail_drop(&m);
    }
    room_begins(s);
    class = room_asks(s, &handle);
    assert_int_not_equal(class, CLASS_NONE);
    assert_true(room_row_shows(s->row.may, class));
    says(s, 0, "enter sato\n");
    assert_false(room_row_shows(s->row.may, class));
    says(s, 0, "leave sato\n");
    says(s, 1, "leave sato\n");
    assert_true(room_row_shows(s->row.may, class));
    for (unsigned i = 0; i < 90; i++) { /* nothing is heard of the United States */
        ticks(s, 1000);
        heartbeat(s);
    }
    assert_false(room_row_shows(s->row.may, class));
    assert_true(room_shows(s, TO_USA));
}

static void names_of_persons_and_visitors_differ(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    static const char  person[] =
        "key 0101010101010101010101010101010101010101010101010101010101010101"
        "\nnationality KOR\nemployer KOR\nchain x\nroles reader\n"
        "clearance KOR:II\ntopics dprk-missile\n";
    char body[512];
    snprintf(body, sizeof body, "person sato\n%s", person);
    assert_int_equal(room_act(g, "person-add", body, "ok1", "ok2").code, ERR_CONFLICT);
    snprintf(body, sizeof body, "person unlisted\n%s", person);
    assert_int_equal(room_act(g, "person-add", body, "ok1", "ok2").code, ERR_CONFLICT);
    snprintf(body, sizeof body, "visitor kim\n%s", strchr(visit_of_sato, '\n') + 1);
    assert_int_equal(room_act(g, "visit-add", body, "ok1", "ok2").code, ERR_CONFLICT);
    assert_int_equal(room_act(g, "visit-add", visit_of_sato, "ok1", "ok2").code, ERR_CONFLICT);
    assert_int_equal(room_act(g, "room-add", room_of_rule, "ok1", "ok2").code, ERR_CONFLICT);
}

/* Two officers sign each, so this is a table that persons fill, not a stranger. */
static void tables_that_are_full_refuse(void **state)
{
    struct room_stage *s = *state;
    struct gate       *g = &s->gate[KOR];
    char               which[32], body[512];
    for (unsigned i = 2; i < DISPLAYS_LIMIT; i++) {
        snprintf(which, sizeof which, "w%u", i);
        display_enrol(g, which, "KOR:II");
    }
    assert_int_equal(room_act(g, "display-add",
                              "display more\nroom ops\nkey " DEVICE_KEY "\nceiling KOR:II\n", "ok1",
                              "ok2")
                         .code,
                     ERR_FULL);
    must(room_act(g, "display-remove", "display w7\n", "ok1", NULL));
    display_enrol(g, "more", "KOR:II");
    for (unsigned i = 1; i < VISITS_LIMIT; i++) {
        snprintf(body, sizeof body, "visitor v%u\n%s", i, strchr(visit_of_sato, '\n') + 1);
        must(room_act(g, "visit-add", body, "ok1", "ok2"));
    }
    snprintf(body, sizeof body, "visitor more\n%s", strchr(visit_of_sato, '\n') + 1);
    assert_int_equal(room_act(g, "visit-add", body, "ok1", "ok2").code, ERR_FULL);
    must(room_act(g, "visit-end", "visitor v9\n", "ok1", NULL));
    must(room_act(g, "visit-add", body, "ok1", "ok2"));
}

static void a_folded_ledger_is_the_same_guard(void **state)
{
    struct room_stage *s = *state;
    room_begins(s);
    says(s, 0, "enter sato\nleave kim\n");
    must(gate_refold(&s->gate[KOR], writer_span(&s->gate[KOR].ledger)));
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
        ROOM_STORY(a_reader_that_floods_darkens_its_room_and_no_more),
        ROOM_STORY(a_start_keeps_rooms_and_assumes_nobody),
        ROOM_STORY(a_visit_is_its_rooms_ceiling_topics_and_window),
        ROOM_STORY(a_visit_that_ends_is_noticed),
        ROOM_STORY(what_a_visit_lacks_is_named),
        ROOM_STORY(a_visit_to_the_past_is_refused),
        ROOM_STORY(what_could_never_show_anything_is_refused),
        ROOM_STORY(an_officer_sees_what_a_visit_is_for),
        ROOM_STORY(a_person_who_is_struck_off_is_nobody),
        ROOM_STORY(a_display_has_a_ceiling_of_its_own),
        ROOM_STORY(a_room_without_a_display_shows_nothing),
        ROOM_STORY(a_room_that_is_removed_is_told_and_opens_nothing),
        ROOM_STORY(a_session_has_minutes),
        ROOM_STORY(an_officer_hears_what_became_of_his_word),
        ROOM_STORY(a_desk_that_starts_has_no_display_on),
        cmocka_unit_test_setup_teardown(what_was_taken_away_waits_for_an_officer,
                                        room_stage_of_officers, room_stage_close),
        cmocka_unit_test_setup_teardown(a_wired_door_waits_for_the_displays, room_stage_of_officers,
                                        room_stage_close),
        ROOM_STORY(a_display_that_is_silent_loses_its_session),
        ROOM_STORY(a_pause_takes_from_a_visitor_what_he_saw),
        ROOM_STORY(a_log_is_the_desks_word),
        ROOM_STORY(what_was_received_is_not_passed_on_by_showing_it),
        ROOM_STORY(names_of_persons_and_visitors_differ),
        ROOM_STORY(a_folded_ledger_is_the_same_guard),
        ROOM_STORY(tables_that_are_full_refuse),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
