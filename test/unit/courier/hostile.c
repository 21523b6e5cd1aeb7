/* SPDX-License-Identifier: Apache-2.0 */
/* A partner that breaks the rules of the link loses its connection and nothing else happens */
#include "world.h"

/* Both are connected and greeted; then party 1 is given bytes as if party 0 had sent them. */
static struct world *world_ready(void)
{
    struct world *w = world_make(40);
    world_run(w, 80);
    assert_true(w->link[0][0].up && w->link[1][0].up);
    return w;
}

static void feed(struct world *w, bool dialled, const struct writer *bytes)
{
    struct courier_end  end = {.partner = 0, .dialled = dialled};
    struct courier_room room = courier_room(w->party[1].courier, end);
    assert_false(bytes->bad);
    assert_true(room.len >= bytes->len);
    memcpy(room.ptr, bytes->ptr, bytes->len);
    courier_came(w->party[1].courier, w->now, end, bytes->len);
}

static void expect_break(bool dialled, const struct writer *bytes, const char *why)
{
    struct world *w = world_ready();
    size_t        kept = w->party[1].log[COURIER_INBOX].count;
    feed(w, dialled, bytes);
    assert_int_equal(w->party[1].hang_ups, 1);
    assert_string_equal(w->party[1].last_note, why);
    assert_int_equal(w->party[1].log[COURIER_INBOX].count, kept);
    assert_true(w->link[dialled ? 0 : 1][PATH_BULK].up);
    world_free(w);
}

static struct writer frame(uint8_t *room, size_t len, uint8_t kind, span body)
{
    struct writer w = writer_of(room, len);
    put_u32(&w, (uint32_t)body.len);
    put_u8(&w, kind);
    put_span(&w, body);
    return w;
}

static struct writer entry(uint8_t *room, size_t len, uint8_t lane, uint64_t number, uint8_t kind,
                           span body)
{
    static uint8_t inner[ENVELOPE_MAX + 64];
    struct writer  w = WRITER_OF(inner);
    put_u8(&w, lane);
    put_u64(&w, number);
    put_u8(&w, kind);
    put_span(&w, body);
    return frame(room, len, FRAME_ENTRY, writer_span(&w));
}

static void frames_out_of_place(void **state)
{
    (void)state;
    uint8_t       room[2048];
    struct writer w = frame(room, sizeof room, 77, SPAN_LIT(""));
    expect_break(false, &w, "the partner's frame is of no known kind");
    w = frame(room, sizeof room, FRAME_HELLO, SPAN_LIT("x"));
    expect_break(false, &w, "the partner sent a frame that does not belong here");
    w = entry(room, sizeof room, LANE_FLASH, 1, ENTRY_GAP, SPAN_LIT("\0\0\0\0\0\0\0\1"));
    expect_break(true, &w, "the partner sent a frame that does not belong here");
    w = writer_of(room, sizeof room);
    put_u32(&w, FRAME_MAX);
    put_u8(&w, FRAME_ENTRY);
    expect_break(false, &w, "the partner's frame is longer than a frame may be");
    w = frame(room, sizeof room, FRAME_PING, SPAN_LIT("x"));
    expect_break(false, &w, "the partner's ping is not empty");
    w = frame(room, sizeof room, FRAME_NOTICE, SPAN_LIT("\0\0"));
    expect_break(false, &w, "the partner's day key is missing");
    w = frame(room, sizeof room, FRAME_BEAT, SPAN_LIT(""));
    expect_break(false, &w, "the partner's beat is empty or too long");
    expect_break(true, &w, "the partner's beat is empty or too long");
    static uint8_t large[ENVELOPE_MAX + 1], space[ENVELOPE_MAX + 64];
    w = frame(space, sizeof space, FRAME_BEAT, SPAN_OF(large));
    expect_break(false, &w, "the partner's beat is empty or too long");
    expect_break(true, &w, "the partner's beat is empty or too long");
}

static void entries_out_of_place(void **state)
{
    (void)state;
    uint8_t       room[2048], batch[512];
    id            epoch = epoch_of(1);
    struct writer b = WRITER_OF(batch);
    memset(batch, 0, sizeof batch);
    batch_make(&epoch, 0, 1, &b);
    uint8_t        left_bytes[LEFT_LEN_MAX];
    static uint8_t large[ENVELOPE_MAX + 1], space[ENVELOPE_MAX + 64];
    struct left    left = {.first = 6, .count = 1, .row[0] = {epoch, 4, 4, 4}};
    struct writer  l = WRITER_OF(left_bytes), w;
    left_put(&l, &left);
    const struct {
        uint8_t     lane;
        uint64_t    number;
        uint8_t     kind;
        span        body;
        const char *why;
    } row[] = {
        {LANE_FLASH, 2, ENTRY_BATCH, writer_span(&b), "the partner left out entries of a lane"},
        {LANE_COUNT, 1, ENTRY_BATCH, writer_span(&b), "the partner's entry has no lane or number"},
        {LANE_FLASH, 1, ENTRY_LETTER, id_span(&epoch),
         "the partner's letter is in a lane for other things"},
        {LANE_CONTROL, 1, ENTRY_LETTER, SPAN_LIT(""), "the partner's letter is empty or too long"},
        {LANE_CONTROL, 1, ENTRY_LETTER, SPAN_OF(large),
         "the partner's letter is empty or too long"},
        {LANE_FLASH, 1, 9, writer_span(&b), "the partner's entry is of no known kind"},
        {LANE_FLASH, 1, ENTRY_GRANT, id_span(&epoch),
         "the partner's grant is too short or too long"},
        {LANE_FLASH, UINT64_MAX, ENTRY_GAP, SPAN_LIT("\0\0\0\0\0\0\0\1"),
         "the partner's entry is numbered too high"},
        {LANE_FLASH, 5, ENTRY_GAP, SPAN_LIT("\0\0\0\0\0\0\0\6"),
         "the partner's gap ends before it begins"},
        {LANE_FLASH, 5, ENTRY_LEFT, writer_span(&l),
         "the partner left out what ends before it begins"},
        {LANE_FLASH, 7, ENTRY_LEFT, writer_span(&l), "the partner left out entries of a lane"},
        {LANE_FLASH, 1, ENTRY_LEFT, SPAN_LIT("\0\0\0\0\0\0\0\1\0"),
         "what the partner left out is not as it should be told"},
        {LANE_FLASH, 1, ENTRY_LEFT, SPAN_LIT("\0\0\0\0\0\0\0\1\377"),
         "the bytes end early or a part is longer than its limit"},
        {LANE_FLASH, 5, ENTRY_GAP, SPAN_LIT("\0\0\0\0\0\0\0\2"),
         "the partner left out entries of a lane"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        w = entry(space, sizeof space, row[i].lane, row[i].number, row[i].kind, row[i].body);
        expect_break(false, &w, row[i].why);
    }
    b.len--;
    w = entry(room, sizeof room, LANE_FLASH, 1, ENTRY_BATCH, writer_span(&b));
    struct world *v = world_ready();
    feed(v, false, &w);
    assert_int_equal(v->party[1].hang_ups, 1);
    world_free(v);
}

/* Acknowledging what was not sent, or less than before, is a lie. */
static void lies_about_what_came(void **state)
{
    (void)state;
    uint8_t       room[256], body[64];
    uint64_t      synced[LANE_COUNT] = {[LANE_FLASH] = 3};
    struct writer w = WRITER_OF(body);
    ack_put(&w, synced);
    struct writer f = frame(room, sizeof room, FRAME_ACK, writer_span(&w));
    expect_break(true, &f, "the partner acknowledged what it was not sent");
}

/* Entry 1 comes twice: it is kept once. */
static void repeats_are_passed_over(void **state)
{
    (void)state;
    struct world *w = world_ready();
    uint8_t       room[2048], batch[512];
    id            epoch = epoch_of(1);
    struct writer b = WRITER_OF(batch);
    memset(batch, 0, sizeof batch);
    batch_make(&epoch, 0, 1, &b);
    struct writer e = entry(room, sizeof room, LANE_FLASH, 1, ENTRY_BATCH_LIVE, writer_span(&b));
    feed(w, false, &e);
    feed(w, false, &e);
    assert_int_equal(w->party[1].log[COURIER_INBOX].count, 1);
    assert_true(w->party[1].log[COURIER_INBOX].at[0].live);
    e = entry(room, sizeof room, LANE_FLASH, 2, ENTRY_BATCH, writer_span(&b));
    feed(w, false, &e); /* under a new number, as after a power cut at the sender */
    assert_int_equal(w->party[1].log[COURIER_INBOX].count, 1);
    assert_int_equal(w->party[1].hang_ups, 0);
    struct courier_counters n;
    courier_count(w->party[1].courier, 0, &n);
    assert_int_equal(n.received, 1);
    assert_int_equal(n.repeated, 2);
    world_free(w);
}

/* Who says nothing is gone after a while; then it is dialled again. */
static void silence_ends_a_link(void **state)
{
    (void)state;
    struct world *w = world_ready();
    unsigned      dials = w->party[0].dials;
    for (unsigned i = 0; i < 100; i++) {
        w->now += 300;
        (void)party_turn(&w->party[0]);
    }
    assert_true(w->party[0].hang_ups > 0);
    assert_true(w->party[0].dials > dials);
    world_free(w);
}

/* A link that is idle lives on by pings. */
static void idle_link_lives(void **state)
{
    (void)state;
    struct world *w = world_ready();
    for (unsigned i = 0; i < 300; i++) {
        w->now += 300;
        world_step(w, 0);
    }
    assert_int_equal(w->party[0].hang_ups + w->party[1].hang_ups, 0);
    world_free(w);
}

/* While much comes one sync does for all of it, and nothing is acknowledged before; then at once. */
static void stream_is_synced_when_it_pauses(void **state)
{
    (void)state;
    struct world      *w = world_ready();
    struct memory_log *inbox = &w->party[1].log[COURIER_INBOX];
    id                 epoch = epoch_of(1);
    unsigned           n = 0;
    for (size_t sent = 0; sent < 600000; n++) {
        uint8_t       room[2048], batch[1024] = {0};
        struct writer b = WRITER_OF(batch);
        batch_make(&epoch, 20 * (uint64_t)n, 20, &b);
        struct writer e =
            entry(room, sizeof room, LANE_ROUTINE, n + 1, ENTRY_BATCH, writer_span(&b));
        feed(w, false, &e);
        sent += e.len;
    }
    size_t kept = inbox->synced;
    assert_true(party_turn(&w->party[1]));
    assert_int_equal(inbox->flushed, inbox->count);
    assert_int_equal(inbox->synced, kept);
    assert_int_equal(courier_unsent(w->party[1].courier, (struct courier_end){0}).len, 0);
    assert_true(party_turn(&w->party[1]));
    assert_int_equal(inbox->synced, kept); /* it has begun */
    assert_int_equal(courier_unsent(w->party[1].courier, (struct courier_end){0}).len, 0);
    assert_true(party_turn(&w->party[1]));
    assert_int_equal(inbox->synced, kept + n);
    assert_true(courier_unsent(w->party[1].courier, (struct courier_end){0}).len > 0);
    world_free(w);
}

/* What comes while a sync is under way is not acknowledged with it. */
static void what_comes_during_a_sync_waits_for_the_next(void **state)
{
    (void)state;
    struct world *w = world_ready();
    struct party *p = &w->party[1];
    id            epoch = epoch_of(1);
    for (unsigned n = 0; n < 2; n++) {
        uint8_t       room[2048], batch[1024] = {0};
        struct writer b = WRITER_OF(batch);
        batch_make(&epoch, 20 * (uint64_t)n, 20, &b);
        struct writer e =
            entry(room, sizeof room, LANE_ROUTINE, n + 1, ENTRY_BATCH, writer_span(&b));
        feed(w, false, &e);
        p->slow = UINT32_MAX; /* nothing is over */
        assert_true(party_turn(p));
    }
    size_t begun = p->begun[COURIER_INBOX];
    assert_int_equal(p->log[COURIER_INBOX].count, begun + 1);
    assert_int_equal(courier_unsent(p->courier, (struct courier_end){0}).len, 0);
    p->slow = 0;
    assert_true(party_turn(p));
    struct frame_view f;
    size_t            taken;
    uint64_t          synced[LANE_COUNT];
    assert_false(
        err_is(frame_read(courier_unsent(p->courier, (struct courier_end){0}), &f, &taken)));
    assert_int_equal(f.kind, FRAME_ACK);
    assert_false(err_is(ack_read(f.body, synced)));
    assert_int_equal(synced[LANE_ROUTINE], 1);
    assert_int_equal(p->begun[COURIER_INBOX], begun + 1);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_out_of_place),
        cmocka_unit_test(entries_out_of_place),
        cmocka_unit_test(lies_about_what_came),
        cmocka_unit_test(repeats_are_passed_over),
        cmocka_unit_test(silence_ends_a_link),
        cmocka_unit_test(idle_link_lives),
        cmocka_unit_test(stream_is_synced_when_it_pauses),
        cmocka_unit_test(what_comes_during_a_sync_waits_for_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
