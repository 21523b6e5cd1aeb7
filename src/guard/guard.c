/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/guard.h"
#include "guard/derived.h"

#include <stddef.h>

#include "crypt/hash.h"
#include "guard/act.h"
#include "guard/derived.h"
#include "guard/fold.h"
#include "guard/give.h"
#include "guard/kept.h"
#include "guard/partners.h"

#define CHECKPOINT_MS 1000 /* a signed head at most this long after a leaf */

size_t guard_size(void)
{
    return sizeof(struct guard) + index_size();
}

size_t guard_settled(void)
{
    return offsetof(struct guard, draft);
}

static void derive(const struct guard *g, const char *purpose, secret *out)
{
    hkdf_sha256(SPAN_LIT(""), SPAN_OF(g->master.key), span_text(purpose), out->key, SECRET_LEN);
}

static err take_span(span from, uint8_t *out, size_t max, uint16_t *len)
{
    if (from.len == 0 || from.len > max) {
        return FAIL(LIMIT, "the gateway identity's certificate or key is missing or too long");
    }
    memcpy(out, from.ptr, from.len);
    *len = (uint16_t)from.len;
    return OK;
}

/* The origin of the ledger's checkpoints: accord.example-style names are the deployment's; ours says
 * whose ledger it is. */
static err origin_make(struct guard *g)
{
    uint8_t       text[64];
    struct writer w = WRITER_OF(text);
    put_text(&w, "accord/");
    put_span(&w, name_span(&g->party));
    return note_key_make(writer_span(&w), g->identity_public, &g->origin);
}

err guard_init(struct guard *g, const struct guard_setup *s)
{
    g->party = s->party;
    g->self = PARTY_NONE;
    g->master = s->master;
    g->identity = s->identity;
    g->random = s->random;
    g->slots = s->slots;
    g->clock_error_ms = s->clock_error_ms;
    g->lease_ms = s->lease_ms == 0 ? LEASE_BEAT_MS : s->lease_ms;
    g->watch.counter_damaged = s->counter_damaged;
    if (s->counter != NULL) {
        g->watch.counter_given = true;
        g->watch.counter = *s->counter;
    }
    derive(g, "accord slots 1", &g->slot_key);
    sign_public(&g->identity, g->identity_public);
    g->signer = signer_open(&g->identity);
    TRY(take_span(s->authority, g->authority, sizeof g->authority, &g->authority_len));
    TRY(take_span(s->authority_key, g->authority_key, sizeof g->authority_key,
                  &g->authority_key_len));
    random_fill(g->random, g->boot, sizeof g->boot);
    g->records = WRITER_OF(g->records_room);
    g->mail = WRITER_OF(g->mail_room);
    g->urgent = WRITER_OF(g->urgent_room);
    index_build(&g->tables, guard_index(g));
    return origin_make(g);
}

void guard_done(struct guard *g)
{
    signer_close(g->signer);
    bytes_wipe(g, guard_size());
}

/* A person of the genesis has no nationality until the policies that name parties are loaded. */
void state_changed(struct guard *g)
{
    uint8_t self;
    if (!err_is(party_read(g, &g->party, &self))) {
        g->self = self;
        for (unsigned i = 0; i < g->person_count; i++) {
            struct clearance *r = &g->person[i].reader;
            r->nationality = r->nationality == PARTY_NONE ? self : r->nationality;
            r->employer = r->employer == PARTY_NONE ? self : r->employer;
        }
    }
    index_build(&g->tables, guard_index(g));
}

/* ---- genesis ---- */

static err officer_read(struct guard *g, span line)
{
    struct person p = {.reader = {.nationality = PARTY_NONE, .employer = PARTY_NONE}};
    p.reader.registered = true;
    TRY(name_of(span_cut(&line, ' '), &p.name));
    TRY(name_of(span_cut(&line, ' '), &p.chain));
    TRY(roles_read(span_cut(&line, ' '), &p.roles));
    TRY(text_hex(line, p.key, sizeof p.key));
    if (g->person_count >= PERSONS_MAX || person_find(g, &p.name) != NULL) {
        return FAIL(CONFLICT, "the genesis names an officer twice, or too many");
    }
    g->person[g->person_count++] = p;
    return OK;
}

err genesis_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    uint8_t      identity[SIGN_PUBLIC_LEN], authority[SHA256_LEN], own[SHA256_LEN];
    span         line;
    take_hex(&l, "identity", identity, sizeof identity);
    take_hex(&l, "authority", authority, sizeof authority);
    while (take_more(&l, "officer", &line)) {
        TRY(officer_read(g, line));
    }
    TRY(lines_end(&l));
    sha256((span){g->authority, g->authority_len}, own);
    if (memcmp(identity, g->identity_public, sizeof identity) != 0 ||
        memcmp(authority, own, sizeof own) != 0 || !name_equal(&head->party, &g->party)) {
        return FAIL(FORGED, "the ledger is of another party, or its identity key is another");
    }
    return OK;
}

static err genesis_record(struct guard *g, span genesis)
{
    struct lines     l = lines_of(genesis);
    struct leaf      leaf;
    struct leaf_head head;
    take_title(&l, "accord genesis 1");
    if (l.bad) {
        return FAIL(STATE, "the ledger is empty and there is no genesis to begin it with");
    }
    leaf_start(g, &leaf, LEAF_GENESIS);
    put_span(&leaf.w, l.rest);
    if (leaf.w.bad) {
        return FAIL(LIMIT, "the genesis is longer than a leaf may be");
    }
    TRY(leaf_head_read(writer_span(&leaf.w), &head));
    /* Tried on the empty state first: what is recorded must fold. */
    TRY(genesis_fold(g, &head));
    g->person_count = 0;
    record(g, &leaf);
    return OK;
}

/* A master key that was mixed up would look like refusals without end: the own day keys tell. */
static err master_check(struct guard *g)
{
    for (unsigned i = 0; i < g->day_key_count; i++) {
        struct hpke_key key;
        err             e = day_key_get(g, g->day_key[i].public.id, &key);
        if (e.code == ERR_FORGED) {
            return FAIL(FORGED,
                        "keys/master is not the key that this party's slots were wrapped with");
        }
        if (!err_is(e)) {
            hpke_key_wipe(&key);
        }
    }
    return OK;
}

err guard_start(struct guard *g, instant now, uint64_t boot_ms, span genesis)
{
    struct leaf l;
    bool        was_empty = g->ledger.tree.size == 0;
    g->now = now;
    g->boot_ms = boot_ms;
    if (was_empty) {
        TRY(genesis_record(g, genesis));
    }
    TRY(master_check(g));
    leaf_start(g, &l, LEAF_STARTED);
    line_hex(&l.w, "boot", SPAN_OF(g->boot));
    record(g, &l);
    watch_start(g, was_empty);
    g->act_next =
        g->boot_count << 16; /* who signs an act of an earlier start signs none of this one */
    g->started = true;
    guard_tick(g, now, boot_ms);
    return OK;
}

/* ---- turns ---- */

bool guard_has_room(const struct guard *g)
{
    return g->records.max - g->records.len >= STEP_ROOM && g->mail.max - g->mail.len >= STEP_ROOM;
}

span guard_records(const struct guard *g)
{
    return writer_span(&g->records);
}

span guard_mail(const struct guard *g)
{
    return writer_span(&g->mail);
}

span guard_urgent(const struct guard *g)
{
    return writer_span(&g->urgent);
}

void guard_urgent_end(struct guard *g)
{
    g->urgent.len = 0;
}

void guard_turn_end(struct guard *g)
{
    struct guard_counter told;
    if (guard_counter_now(g, &told)) {
        g->watch.counter = told;
        g->watch.counter_given = true;
    }
    bytes_wipe(g->mail_room, g->mail.len);
    g->records.len = 0;
    g->mail.len = 0;
    g->turn++;
}

static void repeats_turn(struct guard *g, bool (*due)(struct repeats *, instant, struct writer *))
{
    struct leaf l;
    for (;;) {
        l.w = WRITER_OF(l.text);
        if (!guard_has_room(g) || !due(&g->repeats, leaf_time(g), &l.w)) {
            return;
        }
        record(g, &l);
    }
}

static void checkpoint_turn(struct guard *g)
{
    uint8_t       text[CHECKPOINT_NOTE_MAX + 1];
    struct writer w = WRITER_OF(text);
    if (g->ledger.tree.size == g->checkpoint_size) {
        return;
    }
    MUST(!err_is(ledger_checkpoint(&g->ledger, &g->origin, g->signer, &w)));
    put_block32(&g->records, writer_span(&w));
    g->checkpoint_size = g->ledger.tree.size;
    g->checkpoint_at = g->now;
    watch_head(g);
}

void guard_tick(struct guard *g, instant now, uint64_t boot_ms)
{
    MUST(g->started && guard_has_room(g));
    g->now = now;
    g->boot_ms = boot_ms;
    clock_step(g);
    err e = day_keys_turn(g);
    if (err_is(e)) {
        struct leaf l;
        leaf_start(g, &l, LEAF_ALARM);
        line_text(&l.w, "reason", span_text(e.why));
        record_repeatable(g, &l);
    }
    give_turn(g);
    receipts_turn(g);
    duties_turn(g);
    onward_turn(g);
    contractors_turn(g);
    pause_turn(g);
    ended_turn(g);
    expiry_turn(g);
    derived_turn(g);
    orders_turn(g);
    repeats_turn(g, repeats_due);
    if (g->now >= g->checkpoint_at + CHECKPOINT_MS || g->now < g->checkpoint_at) {
        checkpoint_turn(g);
    }
    if (guard_has_room(g)) {
        letters_turn(g);
        beats_turn(g);
    }
    watch_turn(g);
    if (guard_has_room(g)) {
        rooms_tick(g);
    }
    g->ticked_boot_ms = boot_ms;
}

#define TICK_MS 1000

uint64_t guard_due(const struct guard *g)
{
    const uint64_t due[] = {
        letters_due(g), beats_due(g), pause_due(g),
        give_due(g),    rooms_due(g), orders_wait(g) || duties_wait(g) ? g->boot_ms : UINT64_MAX};
    uint64_t first = g->ticked_boot_ms + TICK_MS;
    for (unsigned i = 0; i < ARRAY_LEN(due); i++) {
        first = due[i] < first ? due[i] : first;
    }
    return first;
}

bool guard_counter_now(const struct guard *g, struct guard_counter *out)
{
    return watch_counter(g, out);
}

void guard_stop(struct guard *g, instant now)
{
    MUST(g->started && guard_has_room(g));
    g->now = now;
    repeats_turn(g, repeats_all);
    checkpoint_turn(g);
}
