/* SPDX-License-Identifier: Apache-2.0 */
/* Acts, lists and the status: what passes between people and the guard */
#include "desk/state.h"
#include "unit/desk/world.h"

#define TERMINAL 1
#define KIM      11

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    if (failed == 0) {
        greeted();
    }
    return failed;
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, world_end)

static void asks_with(enum ask what, const char *named, const char *body)
{
    struct desk_request r = request_of(what, TERMINAL);
    r.named = span_text(named);
    r.body = span_text(body);
    w.refusals = w.answers = 0;
    asks(1, &r);
}

static void lists(enum ask what, uint64_t after)
{
    struct desk_request r = request_of(what, TERMINAL);
    r.session = KIM;
    r.after = after;
    w.refusals = w.answers = 0;
    asks(1, &r);
}

static void the_text_to_sign_and_the_result_pass_through(void **state)
{
    (void)state;
    asks_with(ASK_ACT, "",
              "{\"person\":\"kim\",\"act\":\"approve\",\"body\":\"epoch 00\\n\",\"attachment\":"
              "\"AAEC\"}");
    struct guard_message m = guard_asked(REQUEST_ACT);
    struct reader        r = reader_of(m.body);
    name                 person = read_name(&r), act = read_name(&r);
    assert_string_equal(person.text, "kim");
    assert_string_equal(act.text, "approve");
    assert_true(span_is(read_block16(&r, 100), "epoch 00\n"));
    assert_true(span_equal(read_block16(&r, 100), SPAN_OF(((uint8_t[]){0, 1, 2}))));
    assert_false(err_is(reader_end(&r)));
    struct writer *out = guard_says(ANSWER_CHALLENGE, m.tag);
    put_u32(out, 7);
    put_block16(out, SPAN_LIT("accord act 1\nact \"approve\"\n"));
    guard_sends();
    assert_string_equal(w.json,
                        "{\"act\":7,\"text\":\"accord act 1\\u000aact \\\"approve\\\"\\u000a\"}");
    char body[256];
    snprintf(body, sizeof body, "{\"person\":\"lee\",\"signature\":\"%0128d\"}", 0);
    for (unsigned needed = 2; needed > 0; needed--) {
        asks_with(ASK_SIGN, "7", body);
        out = guard_says(ANSWER_DONE, guard_asked(REQUEST_SIGN).tag);
        put_u32(out, 7);
        put_u8(out, (uint8_t)(needed - 1));
        put_block16(out, needed > 1 ? SPAN_LIT("") : SPAN_LIT("outcome released\n"));
        guard_sends();
        assert_string_equal(w.json, needed > 1 ? "{\"act\":7,\"needed\":1}"
                                               : "{\"act\":7,\"needed\":0,\"result\":\"outcome "
                                                 "released\\u000a\"}");
    }
    asks_with(ASK_SIGN, "7", body);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    guard_quiet();
}

/* The desk adds nothing to a no of the guard, and takes nothing from it, whatever was asked. */
static void what_the_guard_refuses_is_refused_in_its_own_words(void **state)
{
    (void)state;
    const enum err_code code[] = {ERR_DENIED, ERR_UNKNOWN, ERR_LIMIT, ERR_FORGED, ERR_STATE};
    for (size_t i = 0; i < ARRAY_LEN(code); i++) {
        w.refusals = w.answers = 0;
        guard_refuses(act_signed("open", TERMINAL, (uint32_t)i + 1), code[i],
                      "it is not open to you");
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.answers, 1); /* the text to sign */
        assert_int_equal(w.refused.code, code[i]);
        assert_string_equal(w.why, "it is not open to you");
        assert_null(strstr(w.json, "ticket"));
    }
}

static void act_asked(uint8_t terminal)
{
    struct desk_request r = request_of(ASK_ACT, terminal);
    r.body = SPAN_LIT("{\"person\":\"kim\",\"act\":\"approve\",\"body\":\"\"}");
    w.refusals = w.answers = 0;
    asks(1, &r);
}

static void act_challenged(uint32_t number)
{
    struct writer *out = guard_says(ANSWER_CHALLENGE, guard_asked(REQUEST_ACT).tag);
    put_u32(out, number);
    put_block16(out, SPAN_LIT("accord act 1\n"));
    guard_sends();
}

static uint32_t signature_asked(const char *number, const char *person)
{
    char body[256];
    snprintf(body, sizeof body, "{\"person\":\"%s\",\"signature\":\"%0128d\"}", person, 0);
    asks_with(ASK_SIGN, number, body);
    return guard_asked(REQUEST_SIGN).tag;
}

static void expect_terminal_full(void)
{
    size_t sent = w.sent;
    act_asked(TERMINAL);
    assert_int_equal(w.refusals, 1);
    assert_int_equal(w.refused.code, ERR_FULL);
    assert_string_equal(w.why, "this terminal has too many acts that wait for a signature");
    assert_int_equal(w.sent, sent);
}

static void eight_wait(void)
{
    for (unsigned i = 0; i < DESK_ACTS_TERMINAL_MAX; i++) {
        act_asked(TERMINAL);
        assert_int_equal(w.refusals, 0);
    }
    expect_terminal_full(); /* before the guard has answered */
    for (uint32_t i = 1; i <= DESK_ACTS_TERMINAL_MAX; i++) {
        act_challenged(i);
    }
    expect_terminal_full();
}

static void one_terminal_cannot_take_all_acts(void **state)
{
    (void)state;
    eight_wait();
    act_asked(TERMINAL + 1);
    act_challenged(99);
    assert_int_equal(w.answers, 1);
    at(w.boot_ms + DESK_ACT_MS - 1);
    expect_terminal_full();
    at(w.boot_ms + 1);
    act_asked(TERMINAL);
    act_challenged(100);
    assert_int_equal(w.answers, 1);
}

static void what_the_guard_does_not_begin_waits_for_nobody(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * DESK_ACTS_TERMINAL_MAX; i++) {
        act_asked(TERMINAL);
        guard_refuses(guard_asked(REQUEST_ACT).tag, ERR_DENIED, "not in this role");
        assert_int_equal(w.refused.code, ERR_DENIED);
    }
}

static void an_act_leaves_its_place_at_its_end(void **state)
{
    (void)state;
    eight_wait();
    struct writer *out = guard_says(ANSWER_DONE, signature_asked("3", "kim"));
    put_u32(out, 3);
    put_u8(out, 1);
    put_block16(out, SPAN_LIT(""));
    guard_sends();
    expect_terminal_full(); /* the second signature is missing */
    out = guard_says(ANSWER_DONE, signature_asked("3", "lee"));
    put_u32(out, 3);
    put_u8(out, 0);
    put_block16(out, SPAN_LIT(""));
    guard_sends();
    act_asked(TERMINAL);
    act_challenged(20);
    expect_terminal_full();
    guard_refuses(signature_asked("4", "kim"), ERR_DENIED, "it is not open to you");
    act_asked(TERMINAL);
    act_challenged(21);
    expect_terminal_full();
}

/* The guard keeps the act then, so it stays here too, for who may sign it. */
static void a_bad_signature_gives_no_place_free(void **state)
{
    (void)state;
    eight_wait();
    guard_refuses(signature_asked("4", "kim"), ERR_FORGED, "the signature is not good");
    expect_terminal_full();
    guard_refuses(signature_asked("4", "nobody"), ERR_UNKNOWN, "nobody of that name");
    expect_terminal_full();
    (void)signature_asked("4", "kim");
}

static void an_answer_of_another_kind_gives_nothing(void **state)
{
    (void)state;
    const uint8_t kind[] = {ANSWER_KEY, ANSWER_EPOCH, ANSWER_CHALLENGE, ANSWER_LOOK, 200};
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        uint32_t tag = act_signed("open", TERMINAL, (uint32_t)i + 1);
        w.refusals = 0;
        put_u64(guard_says(kind[i], tag), 0);
        guard_sends();
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.refused.code, ERR_IO);
    }
}

static void a_body_that_is_not_exactly_what_is_asked_for_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "null",
        "[]",
        "{",
        "{\"person\":\"kim\",\"act\":\"open\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":1}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\",\"body\":\"\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\",\"more\":\"\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\\u0000\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\\u0007\"}",
        "{\"person\":\"kim lee\",\"act\":\"open\",\"body\":\"\"}",
        "{\"person\":\"\",\"act\":\"open\",\"body\":\"\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\",\"attachment\":\"A\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\"} {}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        asks_with(ASK_ACT, "", bad[i]);
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.refused.code, ERR_MALFORMED);
    }
    guard_quiet();
}

static void text_that_is_not_utf8_is_told_as_such(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\xff\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\xed\xa0\x80\"}",
        "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\xc0\xaf\"}",
        "{\"person\":\"\xc3\",\"act\":\"open\",\"body\":\"\"}",
        "{\"p\xe9rson\":\"kim\",\"act\":\"open\",\"body\":\"\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        asks_with(ASK_ACT, "", bad[i]);
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.refused.code, ERR_MALFORMED);
        assert_string_equal(w.why, "the body is not valid UTF-8");
    }
    guard_quiet();
}

static void a_new_guard_is_not_asked_the_old_ones_questions(void **state)
{
    (void)state;
    asks_with(ASK_ACT, "", "{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\"}");
    struct guard_message m = guard_asked(REQUEST_ACT);
    desk_guard_new(w.desk);
    assert_int_equal(w.refusals, 1);
    assert_int_equal(w.refused.code, ERR_FULL);
    greeted();
    struct writer *out = guard_says(ANSWER_CHALLENGE, m.tag);
    put_u32(out, 7);
    put_block16(out, SPAN_LIT("text"));
    guard_sends();
    assert_int_equal(w.answers, 0);
}

static void errands_are_bounded(void **state)
{
    (void)state;
    unsigned asked = 0;
    do {
        w.sent = w.heard = 0;
        asks_with(ASK_STATUS, "", "");
        asked++;
    } while (w.refusals == 0 && asked < 5000);
    assert_true(asked > 500 && asked <= DESK_ERRANDS_MAX);
    assert_int_equal(w.refused.code, ERR_FULL);
}

static void a_guard_that_takes_nothing_is_told_at_once(void **state)
{
    (void)state;
    w.guard_full = true;
    for (unsigned i = 0; i < 3000; i++) {
        asks_with(ASK_STATUS, "", "");
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.refused.code, ERR_FULL);
    }
    w.guard_full = false;
    asks_with(ASK_STATUS, "", "");
    assert_int_equal(w.refusals, 0);
}

/* ---- an act that waits for its second signature ---- */

static void fetches(uint8_t terminal, uint64_t session, const char *act)
{
    struct desk_request r = request_of(ASK_WAITING, terminal);
    r.session = session;
    r.named = span_text(act);
    w.answers = w.refusals = 0;
    asks(70, &r);
}

static void who_signs_second_fetches_the_text_at_his_own_terminal(void **state)
{
    (void)state;
    session_given(2, KIM);
    uint32_t tag = act_signed("pause", TERMINAL, 42);
    fetches(2, KIM, "42"); /* not before who asked for it has signed */
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    struct writer *out = guard_says(ANSWER_DONE, tag);
    put_u32(out, 42);
    put_u8(out, 1);
    put_block16(out, SPAN_LIT(""));
    guard_sends();
    fetches(2, KIM, "42");
    assert_string_equal(w.json, "{\"act\":42,\"text\":\"accord act 1\\u000a\"}");
    fetches(3, KIM, "42");
    assert_int_equal(w.refused.code, ERR_DENIED);
    fetches(2, KIM, "43");
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    fetches(2, KIM, "x");
    assert_int_equal(w.refused.code, ERR_MALFORMED);
    guard_quiet();
}

/* ---- lists ---- */

static void looked(const char *rows)
{
    put_block16(guard_says(ANSWER_LOOK, guard_asked(REQUEST_LOOK).tag), span_text(rows));
    guard_sends();
}

static void rows_become_objects(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    lists(ASK_QUEUE, 0);
    looked("row 0\nheld 00aa\npartner JPN\nofficers 2\ntitle A \"title\"\nrow 1\nrow 4\nheld "
           "00bb\nofficers 1\n");
    struct guard_message m = guard_asked(REQUEST_LOOK);
    struct reader        r = reader_of(m.body);
    assert_int_equal(read_u8(&r), LOOK_QUEUE);
    assert_int_equal(read_u64(&r), KIM);
    (void)read_id(&r);
    assert_int_equal(read_u16(&r), 5);
    put_block16(guard_says(ANSWER_LOOK, m.tag), SPAN_LIT(""));
    guard_sends();
    assert_string_equal(w.json,
                        "{\"held\":[{\"held\":\"00aa\",\"partner\":\"JPN\",\"officers\":2,"
                        "\"title\":\"A \\\"title\\\"\"},{\"held\":\"00bb\",\"officers\":1}]}");
}

static void a_list_without_its_session_is_not_asked_for(void **state)
{
    (void)state;
    lists(ASK_ITEMS, 0);
    assert_int_equal(w.refused.code, ERR_DENIED);
    lists(ASK_PERSONS, 0);
    assert_int_equal(w.refused.code, ERR_DENIED);
    guard_quiet();
}

static void every_list_is_asked_of_the_guard(void **state)
{
    (void)state;
    static const struct {
        enum ask    ask;
        enum look   look;
        const char *json;
    } list[] = {
        {ASK_PARTNERS, LOOK_PARTNERS, "{\"partners\":[{\"partner\":\"JPN\"}]}"},
        {ASK_ASKED, LOOK_ASKED, "{\"asked\":[{\"partner\":\"JPN\"}]}"},
        {ASK_DUTIES, LOOK_DUTIES, "{\"duties\":[{\"partner\":\"JPN\"}]}"},
        {ASK_ORDERS, LOOK_ORDERS, "{\"orders\":[{\"partner\":\"JPN\"}]}"},
    };
    session_given(TERMINAL, KIM);
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        lists(list[i].ask, 0);
        struct guard_message m = guard_asked(REQUEST_LOOK);
        assert_int_equal(m.body.ptr[0], list[i].look);
        put_block16(guard_says(ANSWER_LOOK, m.tag), SPAN_LIT("row 0\npartner JPN\n"));
        guard_sends();
        looked("");
        assert_string_equal(w.json, list[i].json);
    }
}

static void what_is_not_there_is_left_out_of_the_items(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    for (uint8_t i = 0; i < 3; i++) {
        struct origin o;
        origin_begin(&o, i);
        arrives(&o, "");
        origin_end(&o);
    }
    lists(ASK_ITEMS, 0);
    guard_refuses(guard_asked(REQUEST_LOOK).tag, ERR_STATE, "the partner has not been heard");
    looked("handle 00\nvia USA\nvia-level USA:SECRET\nlength 5\n");
    guard_refuses(guard_asked(REQUEST_LOOK).tag, ERR_UNKNOWN, "it is not there");
    assert_string_equal(w.json, "{\"items\":[{\"row\":2,\"complete\":false,\"handle\":\"00\","
                                "\"via\":\"USA\",\"via-level\":\"USA:SECRET\",\"length\":5}],"
                                "\"next\":3}");
}

static void levels_that_wait_are_asked_for_by_handle(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    for (uint8_t i = 0; i < 2; i++) {
        struct origin o;
        origin_begin(&o, i);
        arrives(&o, "");
        origin_end(&o);
    }
    lists(ASK_LEVELS, 0);
    struct guard_message m = guard_asked(REQUEST_LOOK);
    assert_int_equal(m.body.ptr[0], LOOK_LEVEL);
    put_block16(guard_says(ANSWER_LOOK, m.tag), SPAN_LIT(""));
    guard_sends();
    looked("handle 00\nlength 5\nown-level JPN:TOKUTEI-HIMITSU\n"
           "candidates JPN:GOKUHI,JPN:TOKUTEI-HIMITSU\n");
    assert_string_equal(w.json, "{\"levels\":[{\"row\":2,\"complete\":false,\"handle\":\"00\","
                                "\"length\":5,\"own-level\":\"JPN:TOKUTEI-HIMITSU\","
                                "\"candidates\":\"JPN:GOKUHI,JPN:TOKUTEI-HIMITSU\"}],\"next\":2}");
}

static void a_refused_list_is_refused(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    lists(ASK_PERSONS, 0);
    guard_refuses(guard_asked(REQUEST_LOOK).tag, ERR_DENIED, "the registry is for registrars");
    assert_int_equal(w.refusals, 1);
    assert_string_equal(w.why, "the registry is for registrars");
}

static void items_come_in_pages(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    for (uint8_t i = 0; i < 100; i++) {
        struct origin o;
        origin_begin(&o, i);
        arrives(&o, "");
        origin_end(&o);
    }
    uint64_t after = 0;
    unsigned items = 0, pages = 0;
    for (; pages < 5; pages++) {
        lists(ASK_ITEMS, after);
        unsigned before = items;
        while (w.answers == 0) {
            struct guard_message m = guard_asked(REQUEST_LOOK);
            w.sent = w.heard = 0;
            items++;
            put_block16(guard_says(ANSWER_LOOK, m.tag),
                        items % 2 == 0 ? SPAN_LIT("") : SPAN_LIT("handle 00\nlength 5\ntitle T\n"));
            guard_sends();
        }
        assert_int_equal(w.refusals, 0);
        after = strtoul(strstr(w.json, "\"next\":") + 7, NULL, 10);
        if (items == before) {
            break;
        }
    }
    assert_int_equal(items, 100);
    assert_int_equal(after, 100);
    assert_string_equal(w.json, "{\"items\":[],\"next\":100}");
    assert_true(pages >= 1);
}

static void an_item_says_whether_all_of_it_is_there(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    struct origin o;
    origin_begin(&o, 3);
    arrives(&o, "");
    for (unsigned complete = 0; complete < 2; complete++) {
        lists(ASK_ITEMS, 0);
        looked("handle 00\noriginator JPN\nlength 5\n");
        assert_string_equal(
            w.json, complete == 0 ? "{\"items\":[{\"row\":1,\"complete\":false,\"handle\":"
                                    "\"00\",\"originator\":\"JPN\",\"length\":5}],\"next\":1}"
                                  : "{\"items\":[{\"row\":1,\"complete\":true,\"handle\":"
                                    "\"00\",\"originator\":\"JPN\",\"length\":5}],\"next\":1}");
        assert_false(err_is(seal_item(&o.seal, SPAN_LIT("hello"))));
        comes_from(origin_batch(&o), "JPN", true);
    }
    origin_end(&o);
}

static void a_feed_is_no_item(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    struct origin o;
    origin_begin(&o, 3);
    struct desk_record r = inbox_put(report_batch(&o, "warning", 1), "JPN", true);
    desk_shelve(w.desk, &r);
    lists(ASK_ITEMS, 0);
    looked("handle 00\noriginator JPN\nfeed radar\n");
    assert_string_equal(w.json, "{\"items\":[],\"next\":1}");
    lists(ASK_ITEMS, 0);
    guard_quiet();
    origin_end(&o);
}

static void status_looked(uint64_t session, const char *rows)
{
    struct guard_message m = guard_asked(REQUEST_LOOK);
    struct reader        r = reader_of(m.body);
    assert_int_equal(read_u8(&r), LOOK_STATUS);
    assert_int_equal(read_u64(&r), session);
    put_block16(guard_says(ANSWER_LOOK, m.tag), span_text(rows));
    guard_sends();
}

static void the_status_has_both_their_figures(void **state)
{
    (void)state;
    session_given(TERMINAL, KIM);
    lists(ASK_STATUS, 0);
    status_looked(KIM, "party KOR\nleaves 12\npartner JPN\nday-key yes\npartner USA\nday-key no\n");
    assert_non_null(strstr(w.json, "{\"party\":\"KOR\",\"leaves\":12,\"partners\":[{\"partner\":"
                                   "\"JPN\",\"day-key\":\"yes\"},{\"partner\":\"USA\",\"day-key\":"
                                   "\"no\"}],\"desk\":{\"streams\":0,"));
}

/* Without a session, and in one of somebody whose role it is not, the guard says no figures. */
static void who_may_not_see_the_guards_figures_sees_none_of_the_desk(void **state)
{
    (void)state;
    static const char head[] = "party KOR\ntime 2026-11-22T12:00:00.000Z\n";
    static const char json[] = "{\"party\":\"KOR\",\"time\":\"2026-11-22T12:00:00.000Z\"}";
    asks_with(ASK_STATUS, "", "");
    status_looked(0, head);
    assert_string_equal(w.json, json);
    session_given(TERMINAL, KIM);
    lists(ASK_STATUS, 0);
    status_looked(KIM, head);
    assert_string_equal(w.json, json);
}

static void a_status_of_a_session_of_another_terminal_is_not_asked_for(void **state)
{
    (void)state;
    session_given(TERMINAL + 1, KIM);
    lists(ASK_STATUS, 0);
    assert_int_equal(w.refusals, 1);
    assert_int_equal(w.refused.code, ERR_DENIED);
    guard_quiet();
}

static void a_certificate_that_is_refused_is_told_once_for_each_reason(void **state)
{
    (void)state;
    desk_guard_new(w.desk);
    (void)guard_asked(REQUEST_GREET);
    for (unsigned i = 0; i < 3; i++) {
        guard_refuses(guard_asked(REQUEST_CERTIFY).tag, ERR_MALFORMED, "no such host");
        const char *why = desk_uncertified(w.desk);
        assert_true(i == 0 ? why != NULL && strcmp(why, "no such host") == 0 : why == NULL);
        at(w.boot_ms + 6000);
        desk_tick(w.desk);
    }
    guard_refuses(guard_asked(REQUEST_CERTIFY).tag, ERR_FULL, "no memory");
    assert_string_equal(desk_uncertified(w.desk), "no memory");
    desk_guard_new(w.desk);
    assert_null(desk_uncertified(w.desk));
}

static void the_certificate_is_made_again_before_it_ends(void **state)
{
    (void)state;
    assert_int_equal(w.certificates, 1);
    desk_tick(w.desk);
    guard_quiet();
    at(2100000);
    desk_tick(w.desk);
    struct guard_message m = guard_asked(REQUEST_CERTIFY);
    guard_refuses(m.tag, ERR_FULL, "not now");
    at(2105000);
    desk_tick(w.desk);
    (void)guard_asked(REQUEST_CERTIFY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(the_text_to_sign_and_the_result_pass_through),
        SCENE_TEST(what_the_guard_refuses_is_refused_in_its_own_words),
        SCENE_TEST(one_terminal_cannot_take_all_acts),
        SCENE_TEST(what_the_guard_does_not_begin_waits_for_nobody),
        SCENE_TEST(an_act_leaves_its_place_at_its_end),
        SCENE_TEST(a_bad_signature_gives_no_place_free),
        SCENE_TEST(an_answer_of_another_kind_gives_nothing),
        SCENE_TEST(a_body_that_is_not_exactly_what_is_asked_for_is_refused),
        SCENE_TEST(text_that_is_not_utf8_is_told_as_such),
        SCENE_TEST(a_new_guard_is_not_asked_the_old_ones_questions),
        SCENE_TEST(errands_are_bounded),
        SCENE_TEST(a_guard_that_takes_nothing_is_told_at_once),
        SCENE_TEST(rows_become_objects),
        SCENE_TEST(a_list_without_its_session_is_not_asked_for),
        SCENE_TEST(levels_that_wait_are_asked_for_by_handle),
        SCENE_TEST(a_refused_list_is_refused),
        SCENE_TEST(every_list_is_asked_of_the_guard),
        SCENE_TEST(what_is_not_there_is_left_out_of_the_items),
        SCENE_TEST(who_signs_second_fetches_the_text_at_his_own_terminal),
        SCENE_TEST(items_come_in_pages),
        SCENE_TEST(an_item_says_whether_all_of_it_is_there),
        SCENE_TEST(a_feed_is_no_item),
        SCENE_TEST(the_status_has_both_their_figures),
        SCENE_TEST(who_may_not_see_the_guards_figures_sees_none_of_the_desk),
        SCENE_TEST(a_status_of_a_session_of_another_terminal_is_not_asked_for),
        SCENE_TEST(a_certificate_that_is_refused_is_told_once_for_each_reason),
        SCENE_TEST(the_certificate_is_made_again_before_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
