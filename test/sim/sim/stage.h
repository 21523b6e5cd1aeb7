/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "sim/gate.h"

#include "base/lines.h"
#include "cmocka_all.h"
#include "crypt/hash.h"

#include <stdio.h>

/* stage - three guards under the shipped agreements, and what their people and processes do to them */

#define KOR 0
#define JPN 1
#define USA 2

/* DEVICE_KEY - a public key on P-256, in base64; …_ZERO: of the right shape, and nobody's */
#define DEVICE_KEY                                                                                 \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJjIZ7li6EMCJGpG2uxoz353hIse1lisxTHFy764FdUG5x6X4sMQ1YUXd" \
    "iDBSOYW6ZeyW+8ooast9ovIOgA05Rg=="
#define DEVICE_KEY_ZERO                                                                            \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define PERSON_KEY_ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static struct law            law;
static struct gate_authority authority[LAW_PARTIES];
static instant               start;

static inline int suite_make(void **state)
{
    static struct random_stream stream = {.seed = {9}};
    (void)state;
    assert_false(err_is(text_instant(SPAN_LIT("2026-11-22T00:00:00Z"), &start)));
    err e = law_read(".", LAW_PARTIES, &law);
    if (err_is(e)) {
        print_error("%s\n", e.why);
        return -1;
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        assert_false(
            err_is(gate_authority_make(law_party[i], random_from(&stream), start, &authority[i])));
    }
    return 0;
}

static inline void must(err e)
{
    if (err_is(e)) {
        fail_msg("%s: %s", err_name(e.code), e.why);
    }
}

static inline void gates_open(struct gate g[static LAW_PARTIES], uint64_t seed)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        must(gate_open(&g[i], i, &authority[i], seed, start));
    }
    must(gate_law(g, &law));
    /* an agreement stands from when it was surely accepted: past the clock's error */
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        g[i].now += 2 * MS_PER_SECOND;
        g[i].boot_ms += 2000;
    }
}

static inline void gates_close(struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_close(&g[i]);
    }
}

struct enrol {
    const char *name, *nationality, *roles, *clearance, *topics;
};

static inline void enrol_in(struct gate *g, const char *chain, const struct enrol *p)
{
    uint8_t             text[1024], key[SIGN_PUBLIC_LEN];
    struct writer       w = WRITER_OF(text);
    struct gate_person *person = gate_person_new(g, p->name);
    sign_public(&person->key, key);
    line_text(&w, "person", span_text(p->name));
    line_hex(&w, "key", SPAN_OF(key));
    line_text(&w, "nationality", span_text(p->nationality));
    line_text(&w, "employer", name_span(&g->party));
    line_text(&w, "chain", span_text(chain));
    line_text(&w, "roles", span_text(p->roles));
    line_text(&w, "clearance", span_text(p->clearance));
    line_text(&w, "topics", span_text(p->topics));
    put_u8(&w, 0);
    struct gate_act a = {.act = "person-add", .body = (const char *)text, .by = {"ok1", "ok2"}};
    must(gate_act(g, &a, NULL));
}

static inline void enrol(struct gate *g, const struct enrol *p)
{
    enrol_in(g, "three", p);
}

/* Each guard tells the others its day key, as couriers do when they meet. */
static inline void notices_exchange(struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        struct gate_mail m;
        gate_mail_clear(&g[i]);
        gate_say(&g[i], CALLER_COURIER, REQUEST_PARTNERS, 5, (span){NULL, 0});
        assert_true(gate_take(&g[i], ANSWER_NOTICE, &m));
        struct reader r = reader_of((span){m.bytes, m.len});
        span          notice = read_block16(&r, NOTICE_MAX);
        for (unsigned k = 0; k < LAW_PARTIES; k++) {
            uint8_t       body[NOTICE_MAX + 64];
            struct writer w = WRITER_OF(body);
            put_name(&w, &g[i].party);
            put_block16(&w, notice);
            if (k != i) {
                gate_say(&g[k], CALLER_COURIER, REQUEST_DAYKEY, 6, writer_span(&w));
            }
        }
        gate_mail_drop(&m);
        gate_mail_clear(&g[i]);
    }
    gates_beat(g, LAW_PARTIES);
}

struct product {
    const char *marking, *kind, *title;
};

/* content - of a product, by its length and SHA-256 */
struct content {
    uint64_t len;
    uint8_t  digest[SHA256_LEN];
};

/* An author's signed word to the guard, whose answer is not taken; more: the lines between marking and title, as they stand */
static inline void submission_say(struct gate *g, const char *author, const struct product *p,
                                  const char *more, const struct content *c)
{
    uint8_t             text[2048], signature[SIGNATURE_LEN], nonce[16];
    struct writer       w = WRITER_OF(text);
    struct gate_person *who = gate_person_find(g, author);
    random_fill(g->random, nonce, sizeof nonce);
    line_title(&w, "accord submission 1");
    line_name(&w, "party", &g->party);
    line_name(&w, "author", &who->name);
    line_hex(&w, "nonce", SPAN_OF(nonce));
    line_instant(&w, "time", g->now);
    line_text(&w, "kind", span_text(p->kind));
    line_text(&w, "precedence", SPAN_LIT("ROUTINE"));
    line_text(&w, "marking", span_text(p->marking));
    put_text(&w, more);
    line_text(&w, "title", span_text(p->title));
    line_number(&w, "length", c->len);
    line_hex(&w, "content", SPAN_OF(c->digest));
    sign_make(&who->key, "accord submission 1", writer_span(&w), signature);
    uint8_t       body[4096];
    struct writer b = WRITER_OF(body);
    put_block16(&b, writer_span(&w));
    put_span(&b, SPAN_OF(signature));
    gate_say(g, CALLER_DESK, REQUEST_SUBMIT, 3, writer_span(&b));
}

static inline err submit_more(struct gate *g, const char *author, const struct product *p,
                              const char *more, id *epoch)
{
    const struct content some = {.len = 1000, .digest = {1}};
    struct gate_mail     m;
    submission_say(g, author, p, more, &some);
    if (!gate_take(g, ANSWER_EPOCH, &m)) {
        assert_true(gate_take(g, ANSWER_ERROR, &m));
        enum err_code code = (enum err_code)m.bytes[0];
        gate_mail_drop(&m);
        return (err){code, "refused"};
    }
    struct reader    r = reader_of((span){m.bytes, m.len});
    struct epoch_row row;
    epoch_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    *epoch = row.epoch;
    gate_mail_drop(&m);
    return OK;
}

/* extent, reduced: NULL when nothing is said */
static inline err submit_said(struct gate *g, const char *author, const struct product *p,
                              const char *extent, const char *reduced, id *epoch)
{
    char more[512] = "";
    int  len = 0;
    if (extent != NULL) {
        len = snprintf(more, sizeof more, "extent %s\n", extent);
    }
    if (reduced != NULL) {
        (void)snprintf(more + len, sizeof more - (size_t)len, "reduced %s\n", reduced);
    }
    return submit_more(g, author, p, more, epoch);
}

static inline err submit(struct gate *g, const char *author, const struct product *p, id *epoch)
{
    return submit_said(g, author, p, NULL, NULL, epoch);
}

/* What the courier is told about one partner: 'g'ranted, 'h'eld by an officer, 'l'ate, 'n'ever. */
static inline char release(struct gate *g, const id *epoch, const char *partner,
                           struct gate_mail *grant)
{
    char             outcome = '?';
    struct gate_mail m;
    gate_mail_clear(g);
    uint8_t       body[64];
    struct writer w = WRITER_OF(body);
    put_id(&w, epoch);
    put_name(&w, &(name){{0}});
    gate_say(g, CALLER_COURIER, REQUEST_RELEASE, 4, writer_span(&w));
    while (gate_take(g, ANSWER_WITHHELD, &m)) {
        struct reader   r = reader_of((span){m.bytes, m.len});
        struct withheld h;
        withheld_read(&r, &h);
        assert_false(err_is(reader_end(&r)));
        outcome = span_is(name_span(&h.partner), partner) ? "hnl"[h.until] : outcome;
        gate_mail_drop(&m);
    }
    while (gate_take(g, ANSWER_GRANTED, &m)) {
        struct reader  r = reader_of((span){m.bytes, m.len});
        struct granted row;
        granted_read(&r, &row);
        if (span_is(name_span(&row.partner), partner)) {
            outcome = 'g';
            *grant = m;
        } else {
            gate_mail_drop(&m);
        }
    }
    return outcome;
}

static inline bool receive(struct gate *to, const struct gate *from, const struct gate_mail *grant,
                           id *handle)
{
    struct reader  r = reader_of((span){grant->bytes, grant->len});
    struct granted row;
    granted_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    uint8_t       body[GRANT_MAX + 128];
    struct writer w = WRITER_OF(body);
    put_name(&w, &from->party);
    put_id(&w, &row.handle);
    put_block16(&w, row.grant);
    gate_mail_clear(to);
    gate_say(to, CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    struct gate_mail m;
    assert_true(gate_take(to, ANSWER_RECEIVED, &m));
    bool accepted = m.bytes[ID_LEN] == 1;
    gate_mail_drop(&m);
    *handle = row.handle;
    return accepted;
}

static inline err open_as(struct gate *g, const char *who, const id *handle)
{
    char          body[128];
    uint8_t       hex[64], key[8192];
    struct writer h = WRITER_OF(hex), result = WRITER_OF(key);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\npurpose assessment\n", (const char *)hex);
    struct gate_act a = {.act = "open", .body = body, .by = {who, NULL}};
    TRY(gate_act(g, &a, &result));
    struct reader  r = reader_of(writer_span(&result));
    struct key_row row;
    key_row_read(&r, &row);
    return reader_end(&r);
}

static inline bool ledger_says(const struct gate *g, const char *text)
{
    return memmem(g->ledger.ptr, g->ledger.len, text, strlen(text)) != NULL;
}

static const struct product human = {"KOR:II of KOR about dprk-missile from human to JPN", "report",
                                     "Interview, north coast"};
static const struct product imagery = {"KOR:II of KOR about dprk-missile from imagery to JPN",
                                       "image", "Launch pad"};

static inline void people_make(struct gate g[static LAW_PARTIES])
{
    enrol(&g[KOR],
          &(struct enrol){"author", "KOR", "author,reader", "KOR:II,KOR:III", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"sato", "JPN", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"noneed", "JPN", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "maritime"});
    enrol(&g[JPN], &(struct enrol){"noclear", "JPN", "reader", "JPN:HI", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"smith", "USA", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "dprk-missile"});
    notices_exchange(g);
}

/* The error that the guard answered; OK when there is none. */
static inline err refusal(struct gate *g)
{
    static char      why[256];
    struct gate_mail m;
    if (!gate_take(g, ANSWER_ERROR, &m)) {
        return OK;
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    enum err_code code = (enum err_code)read_u8(&r);
    span          text = read_block8(&r, UINT8_MAX);
    snprintf(why, sizeof why, SPAN_FMT, SPAN_ARG(text));
    gate_mail_drop(&m);
    return (err){code, why};
}

/* challenge - an act that was asked for and waits for its signatures */
struct challenge {
    uint32_t number;
    size_t   len;
    uint8_t  text[ACT_TEXT_MAX];
};

static inline err ask(struct gate *g, const char *who, const char *act, const char *body,
                      struct challenge *out)
{
    uint8_t          bytes[ACT_TEXT_MAX];
    struct writer    w = WRITER_OF(bytes);
    struct gate_mail m;
    put_name(&w, &gate_person_find(g, who)->name);
    put_block8(&w, span_text(act));
    put_block16(&w, span_text(body));
    put_block16(&w, (span){NULL, 0});
    gate_say(g, CALLER_DESK, REQUEST_ACT, 1, writer_span(&w));
    if (!gate_take(g, ANSWER_CHALLENGE, &m)) {
        return refusal(g);
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    out->number = read_u32(&r);
    span text = read_block16(&r, ACT_TEXT_MAX);
    memcpy(out->text, text.ptr, text.len);
    out->len = text.len;
    gate_mail_drop(&m);
    return OK;
}

/* Whoever signs, with whosever key */
static inline err sign_with(struct gate *g, const char *who, const char *key,
                            const struct challenge *c)
{
    uint8_t       body[256], signature[SIGNATURE_LEN];
    struct writer w = WRITER_OF(body);
    sign_make(&gate_person_find(g, key)->key, "accord act 1", (span){c->text, c->len}, signature);
    put_u32(&w, c->number);
    put_name(&w, &gate_person_find(g, who)->name);
    put_span(&w, SPAN_OF(signature));
    gate_say(g, CALLER_DESK, REQUEST_SIGN, 2, writer_span(&w));
    return refusal(g);
}

static inline err sign(struct gate *g, const char *who, const struct challenge *c)
{
    return sign_with(g, who, who, c);
}

static struct {
    uint8_t table[AGREEMENT_TABLE_MAX], digest[SHA256_LEN];
    size_t  len;
} renewed;

/* renewed - the first agreement once more, under another name: its text is good, and nobody has it yet. */
static inline void renewed_make(instant in_force_on)
{
    static struct agreement a;
    struct writer           w = WRITER_OF(renewed.table);
    a = law.agreements.agreement[0];
    must(name_of(SPAN_LIT("RENEWED"), &a.name));
    a.in_force_on = in_force_on;
    agreement_write(&law.policies, &a, &w);
    assert_false(w.bad);
    renewed.len = w.len;
    sha256(writer_span(&w), renewed.digest);
}

struct signed_by {
    const char        *party;
    const struct gate *signer;
    span               digest;
    uint8_t            flip; /* into the first byte */
};

static inline err renewed_load(struct gate *g, const struct signed_by *by, unsigned count)
{
    uint8_t       text[1024], signature[SIGNATURE_LEN];
    struct writer w = WRITER_OF(text);
    put_text(&w, "agreement RENEWED\n");
    for (unsigned i = 0; i < count; i++) {
        sign_make(&by[i].signer->identity, "accord agreement 1", by[i].digest, signature);
        signature[0] ^= by[i].flip;
        put_text(&w, "signature ");
        put_text(&w, by[i].party);
        put_u8(&w, ' ');
        put_hex(&w, SPAN_OF(signature));
        put_u8(&w, '\n');
    }
    put_u8(&w, 0);
    struct gate_act a = {.act = "agreement-load",
                         .body = (const char *)text,
                         .attachment = {renewed.table, renewed.len},
                         .by = {"ok1", "ok2"}};
    return gate_act(g, &a, NULL);
}

static inline void time_pass(struct gate *g, uint64_t ms)
{
    g->now += (instant)ms;
    g->boot_ms += ms;
}

static inline int story_open(void **state)
{
    struct gate *g = calloc(LAW_PARTIES, sizeof *g);
    gates_open(g, 1);
    *state = g;
    return 0;
}

static inline int story_close(void **state)
{
    gates_close(*state);
    free(*state);
    return 0;
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, story_open, story_close)

/* What the guard shows of one item to whoever has signed a session; or its error. */
static inline err look_as(struct gate *g, const char *who, enum look what, const id *handle,
                          char *out, size_t max)
{
    uint8_t          number[16], body[64];
    struct writer    n = WRITER_OF(number), w = WRITER_OF(body);
    struct gate_mail m;
    struct gate_act  session = {.act = "session", .body = "minutes 5\n", .by = {who, NULL}};
    must(gate_act(g, &session, &n));
    put_u8(&w, (uint8_t)what);
    put_span(&w, writer_span(&n));
    put_id(&w, handle);
    put_u16(&w, 0);
    gate_mail_clear(g);
    gate_say(g, CALLER_DESK, REQUEST_LOOK, 7, writer_span(&w));
    if (!gate_take(g, ANSWER_LOOK, &m)) {
        return refusal(g);
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    span          text = read_block16(&r, UINT16_MAX);
    assert_true(text.len < max);
    memcpy(out, text.ptr, text.len);
    out[text.len] = 0;
    gate_mail_drop(&m);
    return OK;
}

#endif
