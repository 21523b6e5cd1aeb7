/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever order things come in: a report is shown to a stream only while the guard's leave for that
 * session and that epoch holds, and in ascending numbers; also to who goes, comes back and names what he saw last,
 * and to who is slow */
#include "unit/desk/world.h"

#define SESSIONS 3
#define EPOCHS   3
#define STEPS    400
#define LEASE_MS 8000

static struct random_stream seed;
static struct origin        origin[EPOCHS];
static int64_t              leave[SESSIONS][EPOCHS]; /* until when, as the guard gave it */
static bool                 watching[SESSIONS];
static uint64_t             last[SESSIONS][EPOCHS];
static name                 seen[SESSIONS];
static unsigned             shown;

static unsigned any(unsigned below)
{
    uint8_t byte;
    random_fill(random_from(&seed), &byte, 1);
    return byte % below;
}

static void event_holds(const struct kept_event *e)
{
    unsigned       session = e->slot - 1, epoch = 0;
    const char    *uid = strstr(e->data, "\"uid\":\"epoch-");
    const char    *number = strstr(e->data, "\"number\":");
    const uint64_t n = strtoull(number + 9, NULL, 10) + 1;
    assert_non_null(uid);
    epoch = (unsigned)(uid[13] - '0');
    assert_true(watching[session]);
    assert_true(leave[session][epoch] > w.boot_ms);
    assert_true(n > last[session][epoch]);
    last[session][epoch] = n;
    seen[session] = e->id;
    shown++;
}

static void events_hold(void)
{
    for (size_t i = 0; i < w.events; i++) {
        if (strcmp(w.event[i].kind, "report") == 0) {
            event_holds(&w.event[i]);
        }
    }
    w.events = 0;
}

static void batch_comes(void)
{
    unsigned i = any(EPOCHS);
    char     uid[16];
    snprintf(uid, sizeof uid, "epoch-%u", i);
    span batch = report_batch(&origin[i], uid, 1 + any(3));
    if (w.records[LOG_INBOX] < RECORDS_MAX) {
        comes(batch);
    }
}

/* The guard answers the oldest question, in a mood of its own. */
static void guard_answers(void)
{
    struct guard_message m;
    if (w.heard == w.sent) {
        w.heard = w.sent = 0;
        return;
    }
    span bytes = {w.message[w.heard].bytes, w.message[w.heard].len};
    w.heard++;
    assert_false(err_is(guard_message_read(bytes, &m)));
    struct reader r = reader_of(m.body);
    if (m.kind == REQUEST_LOOK) {
        put_block16(guard_says(ANSWER_LOOK, m.tag), SPAN_LIT(""));
        guard_sends();
    } else if (m.kind == REQUEST_OPEN) {
        unsigned session = (unsigned)read_u64(&r) - 1, epoch = 0;
        id       handle = read_id(&r);
        while (!id_equal(&handle, &origin[epoch].handle)) {
            epoch++;
        }
        if (any(3) == 0) {
            leave[session][epoch] = 0;
            guard_refuses(m.tag, ERR_DENIED, "it is not open to you");
        } else {
            leave[session][epoch] = w.boot_ms + LEASE_MS;
            key_given(m.tag, &origin[epoch], LEASE_MS);
        }
    }
}

static void watch_or_go(void)
{
    unsigned s = any(SESSIONS);
    if (watching[s]) {
        desk_gone(w.desk, asker_of(s + 1));
    } else if (seen[s].text[0] == 0) {
        watches(s + 1, 1, s + 1, "");
    } else {
        struct desk_request r = request_of(ASK_STREAM, 1);
        r.session = s + 1;
        r.resumes = true;
        r.seen[0] = seen[s];
        r.seen_count = 1;
        asks(s + 1, &r);
    }
    watching[s] = !watching[s];
}

static void desk_works(void)
{
    desk_turn(w.desk);
    (void)desk_work(w.desk);
}

static void reader_sticks(void)
{
    w.stuck_slot = any(SESSIONS + 2);
}

static void time_goes(void)
{
    at(w.boot_ms + 1000 * any(4));
    desk_tick(w.desk);
}

static void epoch_arrives(void)
{
    arrives(&origin[any(EPOCHS)], "radar");
}

/* Whatever was asked before is answered as the guard now thinks, so all leave for it is gone. */
static void guard_forgets(void)
{
    unsigned epoch = any(4 * EPOCHS);
    if (epoch < EPOCHS) {
        forgets("JPN", &origin[epoch].handle);
    } else if (epoch == EPOCHS) {
        forgets("JPN", NULL);
    }
    for (unsigned s = 0; s < SESSIONS; s++) {
        for (unsigned e = 0; e < EPOCHS; e++) {
            leave[s][e] = e == epoch || epoch == EPOCHS ? 0 : leave[s][e];
        }
    }
}

static void run(uint8_t number)
{
    static void (*const step[])(void) = {batch_comes,   batch_comes, batch_comes,  guard_answers,
                                         guard_answers, watch_or_go, time_goes,    epoch_arrives,
                                         guard_forgets, desk_works,  reader_sticks};
    void *none = NULL;
    seed = (struct random_stream){.seed = {number}};
    memset(leave, 0, sizeof leave);
    memset(last, 0, sizeof last);
    memset(watching, 0, sizeof watching);
    memset(seen, 0, sizeof seen);
    assert_int_equal(world_begin(&none), 0);
    greeted();
    for (unsigned i = 0; i < EPOCHS; i++) {
        origin_begin(&origin[i], (uint8_t)(i + 1));
    }
    for (unsigned s = 0; s < SESSIONS; s++) {
        session_given(1, s + 1);
    }
    for (unsigned i = 0; i < STEPS; i++) {
        step[any(ARRAY_LEN(step))]();
        events_hold();
    }
    for (unsigned i = 0; i < EPOCHS; i++) {
        origin_end(&origin[i]);
    }
    world_end(&none);
}

static void nothing_is_shown_without_leave(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 40; i++) {
        run(i);
    }
    assert_true(shown > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_shown_without_leave)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
