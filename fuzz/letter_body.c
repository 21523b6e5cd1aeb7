/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner's guard may write in a letter, with a signature that is right: three guards in the midst of
 * what they do, and letters as their partners would write them, with lines of them changed.  What was taken
 * must fold again at a start, and tell the same.
 *
 * Input: u8 flags (1 of 4: who heard something starts again at the end), then steps.  A step is u8 which letter, past the
 * last: time passes; u8 bits: 1 by the third party, 6 number, 56 time, 64 of another kind; u8 how many edits
 * (7 at most), each u8 line, u8 what, block8 text. */
#include "sim/sim/stage.h"

#include "edits.h"
#include "guard/give.h"
#include "kept_gates.h"
#include "sim/cheap.h"

#define STEPS_MAX   12
#define LETTERS_MAX 96

/* base - a letter that one of the guards wrote */
struct base {
    unsigned from, to;
    name     kind;
    uint32_t len;
    uint8_t  body[LETTER_BODY_MAX];
};

static struct gate gate[LAW_PARTIES];
static bool        touched[LAW_PARTIES];
static struct base base[LETTERS_MAX];
static unsigned    base_count;

/* ---- letters as guards write them ---- */

static unsigned gate_of(const name *party)
{
    unsigned i = 0;
    while (i < LAW_PARTIES && !name_equal(&gate[i].party, party)) {
        i++;
    }
    return i;
}

static void base_keep(const struct letter *l)
{
    struct base *b = &base[base_count];
    for (unsigned i = 0; i < base_count; i++) {
        if (name_equal(&base[i].kind, &l->kind) && base[i].len == l->body.len &&
            memcmp(base[i].body, l->body.ptr, l->body.len) == 0) {
            return;
        }
    }
    if (base_count < LETTERS_MAX) {
        *b = (struct base){.from = gate_of(&l->from),
                           .to = gate_of(&l->to),
                           .kind = l->kind,
                           .len = (uint32_t)l->body.len};
        memcpy(b->body, l->body.ptr, l->body.len);
        base_count++;
    }
}

static void leaf_look(span text)
{
    static uint8_t   said[LETTER_TEXT_MAX];
    struct writer    w = WRITER_OF(said);
    struct leaf_head head;
    struct letter    l;
    must(leaf_head_read(text, &head));
    if (head.kind == LEAF_LETTER) {
        struct lines lines = lines_of(head.body);
        (void)take_name(&lines, "partner");
        letter_said(&lines, &w);
        must(letter_read(writer_span(&w), &l));
        base_keep(&l);
    }
}

static void letters_learn(void)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        struct reader r = reader_of(writer_span(&gate[i].ledger));
        while (r.rest.len > 0) {
            struct record one;
            must(record_read(read_block32(&r, RECORD_MAX), &one));
            if (one.type == RECORD_LEAF) {
                leaf_look(one.bytes);
            }
        }
    }
}

/* ---- the scene ---- */

static void does(unsigned who, const char *act, const char *body, span ids, bool two)
{
    struct gate_act a = {
        .act = act, .body = body, .attachment = ids, .by = {"ok1", two ? "ok2" : NULL}};
    must(gate_act(&gate[who], &a, NULL));
}

static void hand_in(unsigned to, unsigned from, struct gate_mail *grant)
{
    id handle;
    (void)receive(&gate[to], &gate[from], grant, &handle);
    gate_mail_drop(grant);
}

static void beats_go(unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        gates_beat(gate, LAW_PARTIES);
    }
}

/* Korea's warnings go to the hub, which asks whether it may pass them on. */
static void warning_goes(void)
{
    struct gate_mail m;
    struct epoch_row row;
    gate_say(&gate[KOR], CALLER_INTAKE, REQUEST_ORIGIN, 6, (span){(const uint8_t *)"\0\0", 2});
    MUST(gate_take(&gate[KOR], ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    gate_mail_drop(&m);
    MUST(release(&gate[KOR], &row.epoch, "USA", &m) == 'g');
    hand_in(USA, KOR, &m);
}

/* JPN waits for KOR's signature; KOR gets one without a text, or has it. */
static void renewed_signed(unsigned by)
{
    renewed_make(law.agreements.agreement[0].in_force_on);
    does(by, "agreement-sign", "agreement RENEWED\n", (span){renewed.table, renewed.len}, true);
}

/* Here the inputs begin: a recall and a question are under way, and an agreement is half signed. */
static void scene_begin(void)
{
    struct gate_mail grant;
    id               epoch;
    people_make(gate);
    must(submit(&gate[KOR], "author", &imagery, &epoch));
    MUST(release(&gate[KOR], &epoch, "JPN", &grant) == 'g');
    hand_in(JPN, KOR, &grant);
    does(KOR, "pause", "agreement GSOMIA\ndirection giving\nreason talks\n", (span){NULL, 0},
         false);
    beats_go(1);
    does(KOR, "source-add",
         "source warnings\ntransport udp\naddress 127.0.0.1:9\nkind warning\nprecedence FLASH\n"
         "marking KOR:II of KOR about dprk-missile from electronic to JPN,USA\naccess -\n",
         (span){NULL, 0}, true);
    does(USA, "relay", "originator KOR\nfeed warnings\nto JPN\nlevel USA:SECRET\npurpose warning\n",
         (span){NULL, 0}, false);
    warning_goes();
    does(KOR, "recall", "partner JPN\nreason a mistake\n", id_span(&epoch), false);
    renewed_signed(JPN);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_mail_clear(&gate[i]);
    }
}

/* What would follow; only its letters are kept. */
static void scene_end(void)
{
    char             result[128] = {0}, body[64];
    struct writer    w = writer_of((uint8_t *)result, sizeof result - 1);
    unsigned long    leaf = 0;
    struct gate_mail grant;
    struct gate_act  approve = {.act = "onward-approve",
                                .body = "partner USA\nepoch -\nfeed warnings\nto JPN\n"
                                         "purpose warning\nuntil 2026-12-31T00:00:00.000Z\n"
                                         "count 2\n",
                                .by = {"ok1", NULL}};
    renewed_signed(KOR);
    must(gate_act(&gate[KOR], &approve, &w));
    MUST(sscanf(result, "approval %lu", &leaf) == 1);
    beats_go(4); /* letters that were not delivered go again */
    MUST(gate_take(&gate[USA], ANSWER_GRANTED, &grant));
    hand_in(JPN, USA, &grant);
    snprintf(body, sizeof body, "approval %lu\nreason mistaken\n", leaf);
    does(KOR, "onward-revoke", body, (span){NULL, 0}, false);
    beats_go(1);
    warning_goes();
    beats_go(1);
    does(KOR, "resume", "agreement GSOMIA\nreason talks\n", (span){NULL, 0}, true);
    does(JPN, "notice", "agreement GSOMIA\nreason talks\n", (span){NULL, 0}, true);
    beats_go(2);
    must(letter_send(gate[USA].guard, 0, "fraud", SPAN_LIT("letter 7\nsay accord letter 1\n")));
    letters_learn();
}

static void scene_fork(void)
{
    size_t old = gate[JPN].ledger.len;
    does(JPN, "session", "minutes 5\n", (span){NULL, 0}, false);
    beats_go(2);
    gate[JPN].ledger.len = old;
    must(gate_restart(&gate[JPN]));
    beats_go(1);
    does(JPN, "head-sign", "reason restored\n", (span){NULL, 0}, true);
    beats_go(4);
    letters_learn();
}

/* Letters about duties, as they are written: what they tell of need not have happened here. */
static void scene_duties(void)
{
#define HANDLE "handle a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7\n"
    static const struct {
        unsigned    from, to;
        const char *kind, *body;
    } row[] = {
        {JPN, KOR, "loss",
         HANDLE "certain no\ndiscovered 2026-11-22T00:00:00.000Z\nleaf 20\nwhat a bag\n"},
        {JPN, KOR, "found", HANDLE "leaf 22\nwhat in the safe\n"},
        {JPN, KOR, "certificate",
         HANDLE "leaf 24\nhash 0000000000000000000000000000000000000000000000000000000000000000\n"
                "certifier ok1\nmedium none\n"},
        {KOR, JPN, "contractor",
         "leaf 40\nemployer JPN\nfirm mhi\nfacility nagoya\nagreement GSOMIA\nitem -\n"
         "topics dprk-missile\nlevel KOR:II\nuntil 2026-12-31T00:00:00.000Z\npurpose upkeep\n"},
        {KOR, JPN, "contractor-end", "leaf 40\n"},
    };
#undef HANDLE
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct guard *g = gate[row[i].from].guard;
        unsigned      to = (unsigned)(partner_find(g, &gate[row[i].to].party) - g->partner);
        must(letter_send(g, to, row[i].kind, span_text(row[i].body)));
    }
    beats_go(1);
    letters_learn();
}

static void scene_make(void)
{
    cheap_dh();
    cheap_sign();
    MUST(suite_make(NULL) == 0);
    gates_open(gate, 1);
    scene_begin();
    gates_keep(gate);
    scene_end();
    scene_fork();
    scene_duties();
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_back(&gate[i]);
    }
}

/* ---- saying it ---- */

static uint64_t number_of(const struct mailbox *m, unsigned bits)
{
    static const uint64_t ahead[] = {1, 0, 2, 1};
    return m->received + ahead[bits & 3];
}

static instant time_of(const struct gate *to, unsigned bits)
{
    static const int64_t off[] = {0, 0, 0, 500, -500, -MS_PER_HOUR, MS_PER_HOUR, 3 * MS_PER_DAY};
    return to->now + off[bits & 7];
}

static void say(unsigned from, unsigned to, const struct letter *l)
{
    uint8_t        text[LETTER_TEXT_MAX + 64], sealed[ENVELOPE_MAX];
    struct writer  w = WRITER_OF(text), out = WRITER_OF(sealed);
    struct signer *s = signer_open(&gate[from].identity);
    letter_write(l, &w);
    if (!w.bad && !err_is(envelope_seal(writer_span(&w), s, &gate[to].guard->day_key[0].public,
                                        gate[to].random, &out))) {
        touched[to] = true;
        gate_hear(&gate[to], &gate[from].party, writer_span(&out));
    }
    signer_close(s);
}

static void letter_step(struct reader *r, const struct base *b)
{
    uint8_t               body[LETTER_BODY_MAX];
    struct writer         w = WRITER_OF(body);
    unsigned              bits = read_u8(r), to = b->to;
    unsigned              from = bits & 1 ? LAW_PARTIES - b->to - b->from : b->from;
    const struct partner *p = partner_find(gate[to].guard, &gate[from].party);
    struct letter         l = {.from = gate[from].party,
                               .to = gate[to].party,
                               .number = number_of(&p->mailbox, bits >> 1),
                               .at = time_of(&gate[to], bits >> 3),
                               .kind = b->kind};
    if (bits & 64) {
        l.kind = base[read_u8(r) % base_count].kind;
    }
    text_edited(r, (span){b->body, b->len}, &w);
    l.body = writer_span(&w);
    if (!w.bad) {
        say(from, to, &l);
    }
}

static void time_step(void)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&gate[i], 1000);
        gate_tick(&gate[i]);
        touched[i] = true;
    }
    (void)gates_pass(gate, LAW_PARTIES);
}

/* What it folded while it lived it folds again when it starts. */
static void starts_again(struct gate *g)
{
    static struct instrument instrument[INSTRUMENTS_MAX];
    static struct signatures signatures;
    const unsigned           count = g->guard->instrument_count;
    uint64_t                 received[PARTNERS_MAX];
    memcpy(instrument, g->guard->instrument, sizeof instrument);
    signatures = g->guard->signatures;
    for (unsigned i = 0; i < g->guard->partner_count; i++) {
        received[i] = g->guard->partner[i].mailbox.received;
    }
    must(gate_restart(g));
    MUST(count == g->guard->instrument_count &&
         memcmp(instrument, g->guard->instrument, count * sizeof instrument[0]) == 0);
    MUST(signatures.count == g->guard->signatures.count &&
         memcmp(signatures.kept, g->guard->signatures.kept,
                signatures.count * sizeof signatures.kept[0]) == 0);
    for (unsigned i = 0; i < g->guard->partner_count; i++) {
        MUST(received[i] == g->guard->partner[i].mailbox.received);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct reader r = reader_of((span){data, len});
    uint8_t       flags = read_u8(&r);
    if (base_count == 0) {
        scene_make();
    }
    for (unsigned i = 0; i < STEPS_MAX && r.rest.len > 0; i++) {
        unsigned which = read_u8(&r) % (base_count + 1);
        if (which == base_count) {
            time_step();
        } else {
            letter_step(&r, &base[which]);
        }
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        if (touched[i]) {
            if (flags % 4 == 1) {
                starts_again(&gate[i]);
            }
            gate_back(&gate[i]);
            touched[i] = false;
        }
    }
    return 0;
}
