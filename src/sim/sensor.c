/* SPDX-License-Identifier: Apache-2.0 */
/* Sensors and intake: events that are lost, repeated, late and re-ordered on their way, and the machine that
 * seals them. */
#include "sim/bond.h"
#include "sim/grow.h"
#include "sim/liar.h"
#include "sim/state.h"

#include <stdio.h>

/* SENSED       - of each sensor, about
 * LIVE_SYNC_US - live records are on the medium so long after they were written */
#define SENSED       16
#define LIVE_SYNC_US (50 * MS)
#define TRACKS       5 /* of a sensor in mist, each of several reports */

const char *const sensor_name[SENSORS] = {"radar", "warner"};

static const char *const sensor_kind[SENSORS] = {"track", "warning"};

static const char *const sensor_marking[LAW_PARTIES] = {
    "KOR:II of KOR about dprk-missile from radar to JPN,USA",
    "JPN:GOKUHI of JPN about dprk-missile from radar to KOR,USA",
    "USA:SECRET of USA about dprk-missile from radar to JPN,KOR",
};

/* In mist KOR's first may go by the scene's clause alone. */
static void put_marking(struct writer *w, const struct gate *g, unsigned sensor, bool in_mist,
                        unsigned bonds)
{
    if (g->number < LAW_PARTIES) {
        put_text(w, in_mist && g->number == 0 && sensor == 0
                        ? "KOR:II of KOR about dprk-missile from open to JPN,USA"
                        : sensor_marking[g->number]);
        return;
    }
    bond_put_level(w, g->number, LEVEL_HIGH);
    put_text(w, " of ");
    put_text(w, law_party[g->number]);
    put_text(w, " about dprk-missile from radar to ");
    bond_put_codes(w, bonds);
}

/* What a further party's sensors report goes to all with whom it has a bond. */
err sensors_add(struct gate *g, bool in_mist, unsigned bonds)
{
    for (unsigned i = 0; i < SENSORS; i++) {
        char          body[512];
        uint8_t       marking[256];
        struct writer m = WRITER_OF(marking);
        put_marking(&m, g, i, in_mist, bonds);
        put_u8(&m, 0);
        MUST(!m.bad);
        snprintf(body, sizeof body,
                 "source %s\ntransport udp\naddress 127.0.0.1:%u\nkind %s\nprecedence FLASH\n"
                 "marking %s\naccess -\n",
                 sensor_name[i], 7000 + i, sensor_kind[i], (const char *)marking);
        struct gate_act a = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
        TRY(gate_act(g, &a, NULL));
    }
    return OK;
}

/* ---- on the way ---- */

static void sense(struct world *w, unsigned gateway, unsigned sensor, uint32_t number)
{
    struct event e = {.kind = HAPPENS_SENSE, .gateway = (uint8_t)gateway, .a = sensor, .b = number};
    bool         late = chance(w, 6);
    w->totals.sensed++;
    if (chance(w, 20)) {
        w->totals.sensed_lost++;
        return;
    }
    happen(w, roll(w, late ? 700000 : 5000), e, (span){0});
    if (chance(w, 12)) {
        w->totals.sensed_again++;
        happen(w, roll(w, 300000), e, (span){0});
    }
}

/* Each sends a few at a time, with pauses; a sensor's events are numbered.  Every epoch costs a grant for
 * each partner, and these take the most time: so not all have both. */
void sensors_plan(struct world *w, int64_t until_us)
{
    for (unsigned i = 0; i < w->gateways; i++) {
        w->gateway[i].sensors = 1 + chance(w, 5);
    }
    for (unsigned i = 0; i < w->gateways * SENSORS; i++) {
        unsigned count = SENSED / 2 + roll(w, SENSED);
        int64_t  at = 0;
        if (i % SENSORS >= w->gateway[i / SENSORS].sensors) {
            continue;
        }
        for (uint32_t n = 0; n < count; n++) {
            at = chance(w, 3) ? roll(w, (uint32_t)until_us) : at + roll(w, 4000);
            struct event e = {.kind = HAPPENS_SENSE,
                              .gateway = (uint8_t)(i / SENSORS),
                              .process = 1, /* it is sent now */
                              .a = i % SENSORS,
                              .b = n + 1};
            happen(w, at, e, (span){0});
        }
    }
}

struct sensed sensed_of(const struct world *w, unsigned gateway, unsigned sensor, uint32_t number)
{
    bool          mist = w->scene == SCENE_MIST;
    struct sensed s = {.lat = 30 + number % 10,
                       .time = w->stage->start + (instant)number * (mist ? 400 : 10),
                       .remarks = mist ? "over the wreck" : ""};
    snprintf(s.uid, sizeof s.uid, "%s-%u-%u", law_party[gateway], sensor,
             mist ? number % TRACKS : number);
    return s;
}

/* A repeated event is the same but for its height, by which the oracle tells the two apart: which is it that a
 * reader is shown? */
static span event_xml(struct world *w, const struct event *e, uint32_t came, char *text, size_t max)
{
    struct sensed s = sensed_of(w, e->gateway, e->a, e->b);
    uint8_t       time[64];
    struct writer t = WRITER_OF(time);
    put_instant(&t, s.time);
    int len = snprintf(text, max,
                       "<event version=\"2.0\" uid=\"%s\" type=\"a-h-A-M\" time=\"%.*s\" "
                       "start=\"%.*s\" stale=\"2027-01-01T00:00:00Z\" how=\"m-r\">"
                       "<point lat=\"%u.5\" lon=\"127.25\" hae=\"%u\" ce=\"10\" le=\"10\"/>"
                       "<detail>%s%s%s</detail></event>",
                       s.uid, (int)t.len, (const char *)time, (int)t.len, (const char *)time, s.lat,
                       came, s.remarks[0] == 0 ? "" : "<remarks>", s.remarks,
                       s.remarks[0] == 0 ? "" : "</remarks>");
    MUST(len > 0 && (size_t)len < max);
    return (span){(const uint8_t *)text, (size_t)len};
}

void on_sense(struct world *w, const struct event *e)
{
    struct gateway *g = &w->gateway[e->gateway];
    char            text[1024];
    if (e->process == 1) {
        sense(w, e->gateway, e->a, e->b);
        return;
    }
    if (!g->up[PROCESS_INTAKE]) {
        w->totals.sensed_lost++;
        return;
    }
    uint32_t came = ++g->came;
    span     xml = event_xml(w, e, came, text, sizeof text);
    if (chance(w, 50)) {
        xml.len -= 1 + roll(w, 20); /* a datagram that was cut short is no event */
    }
    if (intake_event(g->intake, boot_ms(w), (uint16_t)e->a, xml) == INTAKE_SEALED) {
        w->totals.sealed++;
        g->sealed[e->a]++;
        oracle_sealed(g, (uint16_t)e->a, &(struct seen_event){came, e->b, w->now_us});
    }
    process_turn_soon(g, PROCESS_INTAKE);
}

/* ---- intake ---- */

static err sealer_ask(void *ctx, span message)
{
    return channel_ask(ctx, PROCESS_INTAKE, message);
}

static err sealer_append(void *ctx, const struct intake_batch *batch)
{
    struct gateway *g = ctx;
    if (!write_allowed(g, PROCESS_INTAKE)) {
        return FAIL(IO, "the process has died in a write");
    }
    if (g->log[LOG_OUTBOX_INTAKE].full) {
        g->world->totals.full_appends++;
        return FAIL(FULL, "the log has no room: no spare segment");
    }
    span bytes =
        lies(g, PROCESS_INTAKE) ? liar_record(g, PROCESS_INTAKE, batch->bytes) : batch->bytes;
    journal_append(&g->log[LOG_OUTBOX_INTAKE], &bytes, 1, !batch->durable, batch->type);
    g->intake_durable = g->intake_durable || batch->durable;
    oracle_batch(g, batch->bytes, batch->type);
    id epoch;
    memcpy(epoch.bytes, batch->bytes.ptr, ID_LEN);
    pause_forgot(g, &epoch);
    return OK;
}

static void sealer_source_open(void *ctx, const struct source_row *row)
{
    (void)ctx;
    (void)row; /* the sensors send, whether somebody listens or not */
}

static void sealer_source_close(void *ctx, uint16_t number)
{
    (void)ctx;
    (void)number;
}

static void sealer_note(void *ctx, const struct intake_note *note)
{
    struct gateway *g = ctx;
    say(g->world, "%s: intake: %s (%s)", law_party[g->number], note->sentence,
        note->because == NULL ? "-" : note->because);
}

static void sealer_start(struct gateway *g)
{
    const struct intake_setup setup = {.random = g->gate->random,
                                       .port = {.ctx = g,
                                                .ask = sealer_ask,
                                                .append = sealer_append,
                                                .source_open = sealer_source_open,
                                                .source_close = sealer_source_close,
                                                .note = sealer_note}};
    journal_open(&g->log[LOG_OUTBOX_INTAKE]);
    memset(g->sealed, 0, sizeof g->sealed);
    g->intake_durable = false;
    g->intake = zeros(intake_size());
    intake_init(g->intake, &setup);
    outbox_grew(g);
}

/* Killed: what it wants to write and say in its last call is nothing (see write_allowed). */
static void sealer_stop(struct gateway *g)
{
    intake_done(g->intake, boot_ms(g->world));
    free(g->intake);
    g->intake = NULL;
    journal_die(&g->log[LOG_OUTBOX_INTAKE]);
    oracle_intake_gone(g);
}

static void sealer_greeted(struct gateway *g)
{
    intake_guard_new(g->intake, boot_ms(g->world));
}

/* What intake takes back, because its epoch was stopped while it waited for room, was never sealed. */
static void sealed_settle(struct gateway *g)
{
    for (uint16_t i = 0; i < SENSORS; i++) {
        const struct intake_counters *c = intake_counters(g->intake, i);
        while (c != NULL && c->sealed < g->sealed[i]) {
            oracle_unsealed(g, i);
            g->sealed[i]--;
        }
    }
}

static void sealer_hear(struct gateway *g, span message)
{
    intake_from_guard(g->intake, boot_ms(g->world), message);
    sealed_settle(g);
}

static void sealer_turn(struct gateway *g)
{
    struct world   *w = g->world;
    struct journal *j = &g->log[LOG_OUTBOX_INTAKE];
    intake_turn_end(g->intake, boot_ms(w));
    sealed_settle(g);
    oracle_coarse_turn(g);
    if (j->written == j->count || !write_allowed(g, PROCESS_INTAKE)) {
        return;
    }
    journal_write(j);
    if (g->intake_durable && write_allowed(g, PROCESS_INTAKE)) {
        journal_sync(j);
        g->intake_durable = false;
    }
    if (j->synced < j->count && !g->sync_due[PROCESS_INTAKE]) {
        struct event e = {.kind = HAPPENS_SYNC,
                          .gateway = (uint8_t)g->number,
                          .process = PROCESS_INTAKE,
                          .life = g->life[PROCESS_INTAKE]};
        g->sync_due[PROCESS_INTAKE] = true;
        happen(w, LIVE_SYNC_US, e, (span){0});
    }
    outbox_grew(g);
}

static void sealer_tick(struct gateway *g)
{
    intake_tick(g->intake, boot_ms(g->world));
    sealed_settle(g);
}

static void sealer_sync(struct gateway *g)
{
    if (write_allowed(g, PROCESS_INTAKE)) {
        journal_sync(&g->log[LOG_OUTBOX_INTAKE]);
        outbox_grew(g);
    }
}

const struct machine intake_machine = {
    .start = sealer_start,
    .stop = sealer_stop,
    .greeted = sealer_greeted,
    .hear = sealer_hear,
    .turn = sealer_turn,
    .tick = sealer_tick,
    .sync = sealer_sync,
    .tick_us = INTAKE_TICK_MS * MS,
};
