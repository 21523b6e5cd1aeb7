/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_ROOM_H
#define SIM_ROOM_H

#include "stage.h"

/* A room of Korea's, `ops`, with two readers at its door, two displays, officers of Korea and the United States, and
 * visitors of Japan. */

#define TO_USA  0
#define TO_BOTH 1
#define CIVIL   2 /* of the lowest level, to everybody */
#define FEEDS   3

static const char *const feed_marking[FEEDS] = {
    "KOR:II of KOR about dprk-missile from radar to USA",
    "KOR:II of KOR about dprk-missile from radar to JPN,USA",
    "KOR:UNCLASSIFIED of KOR about air-traffic from radar to JPN,USA",
};

struct room_stage {
    struct gate gate[LAW_PARTIES];
    secret      reader_key[2];
    uint64_t    number[2], session;
    id          epoch[FEEDS];
    uint16_t class[FEEDS];
    struct room_row row; /* the last that the desk was told */
    unsigned        rows;
    uint8_t         enter; /* what the last reader heard of the door */
};

static const char room_of_rule[] = "room ops\nceiling KOR:I,KOR:II,KOR:III,KOR:UNCLASSIFIED\n"
                                   "presence 5000\ncomes-back rule\ndoor no\n";

static inline err room_act(struct gate *g, const char *act, const char *body, const char *by,
                           const char *by2)
{
    struct gate_act a = {.act = act, .body = body, .by = {by, by2}};
    return gate_act(g, &a, NULL);
}

static inline void feed_add(struct gate *g, unsigned i)
{
    char body[512];
    snprintf(body, sizeof body,
             "source feed%u\ntransport udp\naddress 127.0.0.1:%u\nkind track\nprecedence FLASH\n"
             "marking %s\naccess -\n",
             i, 7000 + i, feed_marking[i]);
    must(room_act(g, "source-add", body, "ok1", "ok2"));
}

static inline id feed_epoch(struct gate *g, unsigned number)
{
    uint8_t          body[2] = {0, (uint8_t)number};
    struct gate_mail m;
    struct epoch_row row;
    gate_mail_clear(g);
    gate_say(g, CALLER_INTAKE, REQUEST_ORIGIN, 1, SPAN_OF(body));
    assert_true(gate_take(g, ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    gate_mail_drop(&m);
    return row.epoch;
}

/* What the desk is told of rooms since it was looked at last */
static inline void rows_take(struct room_stage *s, struct gate *g)
{
    struct gate_mail m;
    while (gate_take(g, ANSWER_ROOM, &m)) {
        struct reader r = reader_of((span){m.bytes, m.len});
        room_row_read(&r, &s->row);
        assert_false(err_is(reader_end(&r)));
        gate_mail_drop(&m);
        s->rows++;
    }
}

static inline void key_body(struct writer *w, uint64_t session, const id *handle)
{
    put_u64(w, session);
    put_id(w, handle);
}

/* The class of a key that the room's display was given; CLASS_NONE when it was given none */
static inline uint16_t room_asks(struct room_stage *s, const id *handle)
{
    struct gate     *g = &s->gate[KOR];
    uint8_t          body[64];
    struct writer    w = WRITER_OF(body);
    struct gate_mail m;
    struct key_row   row;
    key_body(&w, s->session, handle);
    gate_say(g, CALLER_DESK, REQUEST_OPEN, 9, writer_span(&w));
    rows_take(s, g);
    if (!gate_take(g, ANSWER_KEY, &m)) {
        assert_true(gate_take(g, ANSWER_ERROR, &m));
        gate_mail_drop(&m);
        return CLASS_NONE;
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    key_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    gate_mail_drop(&m);
    return row.class;
}

static inline bool room_shows(const struct room_stage *s, unsigned feed)
{
    return room_row_shows(s->row.may, s->class[feed]);
}

/* A text of a reader; 0 = it was taken */
struct said {
    unsigned    reader; /* of two; 2: nobody's key */
    uint64_t    number; /* 0: the next */
    int64_t     off_ms; /* from now */
    const char *lines;
};

static inline err reader_says(struct room_stage *s, const struct said *said)
{
    struct gate     *g = &s->gate[KOR];
    uint8_t          text[2048], signature[SIGNATURE_LEN] = {0}, body[4096];
    struct writer    w = WRITER_OF(text), b = WRITER_OF(body);
    struct gate_mail m;
    unsigned         reader = said->reader % 2;
    uint64_t         number = said->number != 0 ? said->number : ++s->number[reader];
    line_title(&w, PRESENCE_TITLE);
    line_text(&w, "reader", reader == 0 ? SPAN_LIT("gate-a") : SPAN_LIT("gate-b"));
    line_text(&w, "room", SPAN_LIT("ops"));
    line_number(&w, "number", number);
    line_instant(&w, "time", g->now + said->off_ms);
    put_text(&w, said->lines);
    if (said->reader < 2) {
        sign_make(&s->reader_key[reader], PRESENCE_TITLE, writer_span(&w), signature);
    }
    put_block16(&b, writer_span(&w));
    put_span(&b, SPAN_OF(signature));
    gate_say(g, CALLER_DESK, REQUEST_SUBMIT, 8, writer_span(&b));
    rows_take(s, g);
    if (gate_take(g, ANSWER_LEASE, &m)) {
        struct reader r = reader_of((span){m.bytes, m.len});
        (void)read_u32(&r);
        s->enter = read_u8(&r);
        assert_false(err_is(reader_end(&r)));
        gate_mail_drop(&m);
        return OK;
    }
    return refusal(g);
}

static inline void says(struct room_stage *s, unsigned reader, const char *lines)
{
    must(reader_says(s, &(struct said){.reader = reader, .lines = lines}));
}

static inline void heartbeat(struct room_stage *s)
{
    says(s, 0, "");
    says(s, 1, "");
}

static inline void ticks(struct room_stage *s, uint64_t ms)
{
    time_pass(&s->gate[KOR], ms);
    gate_tick(&s->gate[KOR]);
    rows_take(s, &s->gate[KOR]);
}

static inline void reader_enrol(struct room_stage *s, unsigned i)
{
    uint8_t       key[SIGN_PUBLIC_LEN], body[256];
    struct writer w = WRITER_OF(body);
    random_fill(s->gate[KOR].random, s->reader_key[i].key, SECRET_LEN);
    sign_public(&s->reader_key[i], key);
    line_text(&w, "reader", i == 0 ? SPAN_LIT("gate-a") : SPAN_LIT("gate-b"));
    line_text(&w, "room", SPAN_LIT("ops"));
    line_hex(&w, "key", SPAN_OF(key));
    put_u8(&w, 0);
    must(room_act(&s->gate[KOR], "reader-add", (const char *)body, "ok1", "ok2"));
}

static inline void display_enrol(struct gate *g, const char *which, const char *ceiling)
{
    char body[1024];
    snprintf(body, sizeof body, "display %s\nroom ops\nkey " DEVICE_KEY "\nceiling %s\n", which,
             ceiling);
    must(room_act(g, "display-add", body, "ok1", "ok2"));
}

static inline uint64_t display_switch_on(struct room_stage *s, const char *which)
{
    struct gate    *g = &s->gate[KOR];
    char            body[64];
    uint8_t         result[128];
    struct writer   w = WRITER_OF(result);
    struct gate_act a = {.act = "display-on", .body = body, .by = {"ok1", NULL}};
    snprintf(body, sizeof body, "display %s\nminutes 600\n", which);
    must(gate_act(g, &a, &w));
    rows_take(s, g);
    struct reader r = reader_of(writer_span(&w));
    uint64_t      session = read_u64(&r);
    name          display = read_name(&r), room = read_name(&r);
    (void)read_bytes(&r, SHA256_LEN); /* of its key */
    assert_false(err_is(reader_end(&r)));
    assert_string_equal(display.text, which);
    assert_string_equal(room.text, "ops");
    return session;
}

static inline void feeds_open(struct room_stage *s)
{
    for (unsigned i = 0; i < FEEDS; i++) {
        s->class[i] = room_asks(s, &s->epoch[i]);
    }
}

static const char visit_of_sato[] =
    "visitor sato\nparty JPN\nagreement GSOMIA\nclearance JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU\n"
    "ceiling KOR:II,KOR:III,KOR:UNCLASSIFIED\ntopics air-traffic,dprk-missile\n"
    "scope exercise briefing\nrooms ops\n"
    "from 2026-11-21T00:00:00.000Z\nuntil 2026-11-23T00:00:00.000Z\n";

static inline void room_people(struct gate *g)
{
    enrol(g, &(struct enrol){"kim", "KOR", "reader", "KOR:I,KOR:II,KOR:III,KOR:UNCLASSIFIED",
                             "air-traffic,dprk-missile"});
    enrol(g, &(struct enrol){"miller", "USA", "reader", "KOR:II,KOR:III,KOR:UNCLASSIFIED",
                             "air-traffic,dprk-missile"});
}

static inline int room_stage_open_as(void **state, const char *room)
{
    struct room_stage *s = calloc(1, sizeof *s);
    struct gate       *g = s->gate;
    gates_open(g, 1);
    notices_exchange(g);
    room_people(&g[KOR]);
    must(room_act(&g[KOR], "room-add", room, "ok1", "ok2"));
    reader_enrol(s, 0);
    reader_enrol(s, 1);
    display_enrol(&g[KOR], "wall-1", "KOR:I,KOR:II,KOR:III,KOR:UNCLASSIFIED");
    display_enrol(&g[KOR], "wall-2", "KOR:III,KOR:UNCLASSIFIED");
    must(room_act(&g[KOR], "visit-add", visit_of_sato, "ok1", "ok2"));
    for (unsigned i = 0; i < FEEDS; i++) {
        feed_add(&g[KOR], i);
        s->epoch[i] = feed_epoch(&g[KOR], i);
    }
    s->session = display_switch_on(s, "wall-1");
    *state = s;
    return 0;
}

static inline int room_stage_open(void **state)
{
    return room_stage_open_as(state, room_of_rule);
}

static inline int room_stage_close(void **state)
{
    struct room_stage *s = *state;
    gates_close(s->gate);
    free(s);
    return 0;
}

/* kim and miller are there, and see all three */
static inline void room_begins(struct room_stage *s)
{
    says(s, 0, "enter kim\nenter miller\n");
    says(s, 1, "");
    feeds_open(s);
    for (unsigned i = 0; i < FEEDS; i++) {
        assert_int_not_equal(s->class[i], CLASS_NONE);
        assert_true(room_shows(s, i));
    }
}

#define ROOM_STORY(f) cmocka_unit_test_setup_teardown(f, room_stage_open, room_stage_close)

#endif
