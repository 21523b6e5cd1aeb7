/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/gate.h"

#include "crypt/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define BEAT_ROUND_MS 1000 /* a guard beats once a second */

static void *room(size_t len)
{
    void *p = calloc(1, len);
    MUST(p != NULL);
    return p;
}

err gate_authority_make(const char *party, struct random_source random, instant now,
                        struct gate_authority *out)
{
    name          n;
    struct writer key = WRITER_OF(out->key), der = WRITER_OF(out->der);
    TRY(name_of(span_text(party), &n));
    TRY(cert_key_make(DH_P384, &key));
    TRY(cert_identity_make(&n, writer_span(&key), now - MS_PER_DAY, now + 3650 * MS_PER_DAY, random,
                           &der));
    out->key_len = key.len;
    out->der_len = der.len;
    return OK;
}

/* ---- people ---- */

struct gate_person *gate_person_new(struct gate *g, const char *n)
{
    MUST(g->person_count < GATE_PEOPLE_MAX);
    struct gate_person *p = &g->person[g->person_count++];
    err                 e = name_of(span_text(n), &p->name);
    MUST(!err_is(e));
    random_fill(g->random, p->key.key, SECRET_LEN);
    return p;
}

struct gate_person *gate_person_find(struct gate *g, const char *n)
{
    for (unsigned i = 0; i < g->person_count; i++) {
        if (span_is(name_span(&g->person[i].name), n)) {
            return &g->person[i];
        }
    }
    return NULL;
}

/* ---- the guard ---- */

/* A guard that is done has wiped itself: its storage is zeros again, and its pages are there. */
static struct guard *idle[2 * LAW_PARTIES];

static struct guard *storage_take(void)
{
    for (size_t i = 0; i < ARRAY_LEN(idle); i++) {
        if (idle[i] != NULL) {
            struct guard *g = idle[i];
            idle[i] = NULL;
            return g;
        }
    }
    return room(guard_size());
}

static void storage_give(struct guard *g)
{
    guard_done(g);
    for (size_t i = 0; i < ARRAY_LEN(idle); i++) {
        if (idle[i] == NULL) {
            idle[i] = g;
            return;
        }
    }
    free(g);
}

void gate_idle_free(void)
{
    for (size_t i = 0; i < ARRAY_LEN(idle); i++) {
        free(idle[i]);
        idle[i] = NULL;
    }
}

static void genesis_put(struct gate *g, struct writer *w)
{
    static const char *const chain[] = {"one", "two"};
    uint8_t                  digest[SHA256_LEN], key[SIGN_PUBLIC_LEN];
    sha256((span){g->authority, g->authority_len}, digest);
    put_text(w, "accord genesis 1\nidentity ");
    put_hex(w, SPAN_OF(g->identity_public));
    put_text(w, "\nauthority ");
    put_hex(w, SPAN_OF(digest));
    put_u8(w, '\n');
    for (unsigned i = 0; i < 2; i++) {
        sign_public(&g->person[i].key, key);
        put_text(w, "officer ");
        put_span(w, name_span(&g->person[i].name));
        put_u8(w, ' ');
        put_text(w, chain[i]);
        put_text(w, " auditor,officer,reader,registrar,security ");
        put_hex(w, SPAN_OF(key));
        put_u8(w, '\n');
    }
}

static void mail_keep(struct gate *g, uint8_t to, span bytes)
{
    struct guard_message m;
    MUST(g->mail_count < GATE_MAIL_MAX && !err_is(guard_message_read(bytes, &m)));
    if (to == CALLER_CHECK && !g->inspected) {
        MUST(m.kind != ANSWER_AHEAD || m.body.len == ID_LEN);
        memcpy(g->began.bytes, m.body.ptr, m.kind == ANSWER_AHEAD ? ID_LEN : 0);
        return;
    }
    struct gate_mail *mail = &g->mail[g->mail_count++];
    *mail = (struct gate_mail){.to = (enum caller)to, .kind = m.kind, .tag = m.tag};
    mail->len = m.body.len;
    mail->bytes = room(m.body.len + 1);
    memcpy(mail->bytes, m.body.ptr, m.body.len);
}

static bool cut_here(const struct gate *g, enum gate_cut_place place, unsigned done)
{
    return g->cut.place == place && g->cut.after <= done;
}

/* false: the guard dies in it */
static bool records_append(struct gate *g)
{
    struct reader records = reader_of(guard_records(g->guard));
    for (unsigned done = 0; records.rest.len > 0; done++) {
        if (cut_here(g, GATE_CUT_LEDGER, done)) {
            return false;
        }
        span record = read_block32(&records, RECORD_MAX);
        put_u32(&g->ledger, (uint32_t)record.len);
        put_span(&g->ledger, record);
    }
    MUST(!records.bad && !g->ledger.bad);
    return true;
}

static void urgent_send(struct gate *g)
{
    struct reader mail = reader_of(guard_urgent(g->guard));
    while (mail.rest.len > 0) {
        uint8_t to = read_u8(&mail);
        mail_keep(g, to, read_block32(&mail, GUARD_MESSAGE_MAX));
    }
    MUST(!mail.bad);
    guard_urgent_end(g->guard);
}

static void mail_send(struct gate *g)
{
    struct reader mail = reader_of(guard_mail(g->guard));
    for (unsigned done = 0; mail.rest.len > 0 && !cut_here(g, GATE_CUT_MAIL, done); done++) {
        uint8_t to = read_u8(&mail);
        mail_keep(g, to, read_block32(&mail, GUARD_MESSAGE_MAX));
    }
    MUST(!mail.bad);
}

/* Slots first, then the ledger, then the mail: as the shell does.  A disk that failed ends the guard. */
static void gate_turn(struct gate *g)
{
    bool lives = g->cut.place != GATE_CUT_SLOTS;
    urgent_send(g);
    g->waits = g->full;
    if (lives) {
        lives = !err_is(slots_sync(&g->slots));
        MUST(lives || g->cut.place == GATE_CUT_WRITE);
    }
    if (g->waits) {
        return;
    }
    if (lives && records_append(g)) {
        g->counted = guard_counter_now(g->guard, &g->counter) || g->counted;
        mail_send(g);
    }
    g->faults = MEMORY_FAULTLESS;
    g->cut = (struct gate_cut){.place = GATE_WHOLE};
    guard_turn_end(g->guard);
}

void gate_room(struct gate *g)
{
    g->full = false;
    if (g->waits) {
        gate_turn(g);
    }
}

static void gate_cut_prepare(struct gate *g)
{
    if (g->cut.place == GATE_CUT_WRITE) {
        g->faults.writes_left = g->cut.after + 1;
    }
}

struct guard_setup gate_setup(struct gate *g)
{
    return (struct guard_setup){
        .party = g->party,
        .master = g->master,
        .identity = g->identity,
        .authority = {g->authority, g->authority_len},
        .authority_key = {g->authority_key, g->authority_key_len},
        .random = g->random,
        .slots = &g->slots,
        .clock_error_ms = 1000,
        .counter = g->counted && !g->counter_damaged ? &g->counter : NULL,
        .counter_damaged = g->counter_damaged,
    };
}

static err ledger_fold_all(struct gate *g, struct guard *guard, span ledger)
{
    const struct guard_setup setup = gate_setup(g);
    struct reader            records = reader_of(ledger);
    TRY(guard_init(guard, &setup));
    while (records.rest.len > 0) {
        TRY(guard_fold(guard, read_block32(&records, RECORD_MAX)));
    }
    return OK;
}

err gate_refold(struct gate *g, span ledger)
{
    struct guard *other = storage_take();
    err           e = ledger_fold_all(g, other, ledger);
    storage_give(other);
    return e;
}

err gate_folded(struct gate *g, struct guard *out)
{
    return ledger_fold_all(g, out, writer_span(&g->ledger));
}

static err guard_make(struct gate *g)
{
    uint8_t       genesis[4096];
    struct writer w = WRITER_OF(genesis);
    g->guard = storage_take();
    TRY(ledger_fold_all(g, g->guard, writer_span(&g->ledger)));
    genesis_put(g, &w);
    TRY(guard_start(g->guard, g->now, g->boot_ms, writer_span(&w)));
    gate_turn(g);
    return OK;
}

static err slots_make(struct gate *g)
{
    struct slots_plan plan = {.file = "slots", .count = GATE_SLOTS};
    g->slots_now = room(GATE_SLOTS_BYTES);
    g->slots_kept = room(GATE_SLOTS_BYTES);
    random_fill(g->random, plan.salt, sizeof plan.salt);
    slots_format_head(&plan, g->slots_now);
    memcpy(g->slots_kept, g->slots_now, SLOTS_HEAD_LEN);
    g->faults = MEMORY_FAULTLESS;
    memory_init(&g->file, g->slots_now, g->slots_kept, GATE_SLOTS_BYTES, &g->faults);
    slots_format_head(&plan, g->slots_now);
    memcpy(g->slots_kept, g->slots_now, SLOTS_HEAD_LEN);
    return slots_open(&g->slots, &g->file.file);
}

err gate_open(struct gate *g, unsigned party, const struct gate_authority *authority, uint64_t seed,
              instant now)
{
    memset(g, 0, sizeof *g);
    g->number = party;
    g->now = now;
    g->boot_ms = 1000;
    memcpy(g->stream.seed, &seed, sizeof seed);
    g->stream.seed[31] = (uint8_t)(party + 1);
    g->random = random_from(&g->stream);
    TRY(name_of(span_text(law_party[party]), &g->party));
    random_fill(g->random, g->master.key, SECRET_LEN);
    random_fill(g->random, g->identity.key, SECRET_LEN);
    sign_public(&g->identity, g->identity_public);
    memcpy(g->authority, authority->der, authority->der_len);
    memcpy(g->authority_key, authority->key, authority->key_len);
    g->authority_len = authority->der_len;
    g->authority_key_len = authority->key_len;
    g->ledger = writer_of(room(GATE_LEDGER_MAX), GATE_LEDGER_MAX);
    gate_person_new(g, "ok1");
    gate_person_new(g, "ok2");
    TRY(slots_make(g));
    return guard_make(g);
}

err gate_copy(struct gate *g, const struct gate *model, uint64_t seed)
{
    *g = *model;
    memset(&g->stream, 0, sizeof g->stream);
    memcpy(g->stream.seed, &seed, sizeof seed);
    g->stream.seed[31] = (uint8_t)(g->number + 1);
    g->random = random_from(&g->stream);
    g->mail_count = 0;
    g->ledger.ptr = room(GATE_LEDGER_MAX);
    memcpy(g->ledger.ptr, model->ledger.ptr, model->ledger.len);
    g->slots_now = room(GATE_SLOTS_BYTES);
    g->slots_kept = room(GATE_SLOTS_BYTES);
    memory_init(&g->file, g->slots_now, g->slots_kept, GATE_SLOTS_BYTES, &g->faults);
    memcpy(g->slots_now, model->slots_now, GATE_SLOTS_BYTES);
    memcpy(g->slots_kept, model->slots_kept, GATE_SLOTS_BYTES);
    TRY(slots_open(&g->slots, &g->file.file));
    return guard_make(g);
}

void gate_rest(struct gate *g)
{
    gate_mail_clear(g);
    if (g->guard != NULL) {
        storage_give(g->guard);
        g->guard = NULL;
    }
}

void gate_close(struct gate *g)
{
    gate_rest(g);
    free(g->slots_now);
    free(g->slots_kept);
    free(g->ledger.ptr);
}

err gate_restart(struct gate *g)
{
    storage_give(g->guard);
    gate_mail_clear(g);
    g->waits = false;
    TRY(slots_open(&g->slots, &g->file.file));
    return guard_make(g);
}

/* docs/format/slots.md */
#define SLOT_STATE_AT 4
#define SLOT_ID_AT    8
#define SLOT_IS_HELD  1

const uint8_t *gate_slot(const uint8_t *slots, const id *which)
{
    for (const uint8_t *at = slots + SLOTS_HEAD_LEN; at < slots + GATE_SLOTS_BYTES;
         at += SLOT_LEN) {
        if (at[SLOT_STATE_AT] == SLOT_IS_HELD &&
            memcmp(at + SLOT_ID_AT, which->bytes, ID_LEN) == 0) {
            return at;
        }
    }
    return NULL;
}

void gate_say(struct gate *g, enum caller from, uint8_t kind, uint32_t tag, span body)
{
    static uint8_t bytes[GUARD_MESSAGE_MAX + 16];
    struct writer  w = WRITER_OF(bytes);
    guard_message_begin(&w, kind, tag);
    put_span(&w, body);
    MUST(!w.bad);
    gate_cut_prepare(g);
    g->began = (id){0};
    guard_step(g->guard, g->now, g->boot_ms, from, writer_span(&w));
    gate_turn(g);
    if (kind == REQUEST_SUBMIT && !id_equal(&g->began, &(id){0}) && !g->waits) {
        gate_say(g, CALLER_CHECK, REQUEST_WHOLE, 0, id_span(&g->began));
    }
}

void gate_tick(struct gate *g)
{
    gate_cut_prepare(g);
    guard_tick(g->guard, g->now, g->boot_ms);
    gate_turn(g);
}

void gate_stop(struct gate *g)
{
    guard_stop(g->guard, g->now);
    gate_turn(g);
}

/* ---- letters and beats ---- */

void gate_hear(struct gate *g, const name *from, span envelope)
{
    uint8_t       body[ENVELOPE_MAX + 64];
    struct writer w = WRITER_OF(body);
    put_name(&w, from);
    put_block16(&w, envelope);
    MUST(!w.bad);
    gate_say(g, CALLER_COURIER, REQUEST_LETTER, 0, writer_span(&w));
}

static struct gate *gate_named(struct gate *gates, unsigned count, const name *party)
{
    for (unsigned i = 0; i < count; i++) {
        if (name_equal(&gates[i].party, party)) {
            return &gates[i];
        }
    }
    return NULL;
}

bool gates_pass(struct gate *gates, unsigned count)
{
    bool any = false;
    for (unsigned i = 0; i < count; i++) {
        struct gate_mail m;
        while (gate_take(&gates[i], ANSWER_LETTER, &m)) {
            struct reader       r = reader_of((span){m.bytes, m.len});
            struct envelope_row row;
            envelope_row_read(&r, &row);
            MUST(!err_is(reader_end(&r)));
            struct gate *to = gate_named(gates, count, &row.partner);
            if (to != NULL) {
                gate_hear(to, &gates[i].party, row.envelope);
            }
            any = true;
            gate_mail_drop(&m);
        }
    }
    return any;
}

/* The first round is heard, the second answers it, the third tells that everything has come. */
void gates_beat(struct gate *gates, unsigned count)
{
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < count; i++) {
            gates[i].boot_ms += BEAT_ROUND_MS;
            gates[i].now += BEAT_ROUND_MS;
            gate_tick(&gates[i]);
        }
        while (gates_pass(gates, count)) {
        }
    }
}

bool gate_take(struct gate *g, uint8_t kind, struct gate_mail *out)
{
    for (unsigned i = 0; i < g->mail_count; i++) {
        if (g->mail[i].kind == kind) {
            *out = g->mail[i];
            g->mail_count--;
            memmove(&g->mail[i], &g->mail[i + 1], (g->mail_count - i) * sizeof g->mail[0]);
            return true;
        }
    }
    return false;
}

void gate_mail_drop(struct gate_mail *m)
{
    free(m->bytes);
    m->bytes = NULL;
}

void gate_mail_clear(struct gate *g)
{
    for (unsigned i = 0; i < g->mail_count; i++) {
        gate_mail_drop(&g->mail[i]);
    }
    g->mail_count = 0;
}
