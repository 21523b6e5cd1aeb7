/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* The guard's whole interface, in the midst of what it does: agreements, people, feeds, a room with displays, products that
 * were given, one that waits for an officer, a recall on its way.  Whatever the processes of three gateways say to their
 * guards and their people sign, in any order, while time passes, letters get lost, turns are cut short and guards start
 * again.  After each step: every verdict that was recorded is the reference evaluator's; no key, grant or epoch leaves
 * without its leaf; no secret leaves at all.  At the end the ledger is valid, and folds to what the guard has in memory.
 *
 * Input: u8 flags (odd: the end is not looked at, which takes most of the time), then steps.  A step is u8 what
 * (step_row), u8 whose guard, then what its function reads. */
#include "sim/sim/room.h"

#include "act_bodies.h"
#include "edits.h"
#include "guard/act.h"
#include "guard/kept.h"
#include "kept_gates.h"
#include "ledger/verify.h"
#include "release/verdict.h"
#include "sim/cheap.h"

#define STEPS_MAX  24
#define IDS_MAX    48
#define BLOCKS_MAX 24
#define BLOCK_MAX  ENVELOPE_MAX
#define KEYS_MAX   64
#define TEXT_MAX   4096
#define RAW        224 /* a choice from here on: the bytes stand in the input */

struct block {
    size_t  len;
    uint8_t bytes[BLOCK_MAX];
};

/* known - what an input may name: what guards have told so far, rings */
struct known {
    unsigned         ids, blocks, numbers, challenges;
    id               id[IDS_MAX];
    struct block     block[BLOCKS_MAX]; /* grants, envelopes, notices */
    uint64_t         number[16];        /* leaves and sessions */
    struct challenge challenge[4];
    uint8_t          given[TEXT_MAX]; /* the text that came of an act last */
    size_t           given_len;
};

/* seen - of one guard: how far its ledger has been looked at; keys that only sealers may be told */
struct seen {
    size_t   at;
    unsigned keys;
    secret   key[KEYS_MAX];
};

extern const unsigned replay_mutations;
const unsigned        replay_mutations = 1;

static struct room_stage stage;
static struct gate      *gate = stage.gate;
static bool              touched[LAW_PARTIES];
static struct known      known, known_before;
static struct gate_cut   act_cut; /* of the turn in which the act's last signature comes */
static struct seen       seen[LAW_PARTIES], seen_before[LAW_PARTIES];

/* ---- what an input names ---- */

static void id_keep(const id *i)
{
    known.id[known.ids++ % IDS_MAX] = *i;
}

static void block_keep(span bytes)
{
    struct block *b = &known.block[known.blocks++ % BLOCKS_MAX];
    b->len = bytes.len < BLOCK_MAX ? bytes.len : BLOCK_MAX;
    memcpy(b->bytes, bytes.ptr, b->len);
}

static void number_keep(uint64_t n)
{
    known.number[known.numbers++ % ARRAY_LEN(known.number)] = n;
}

/* The newest is 0. */
static unsigned newest(uint8_t choice, unsigned count, unsigned max)
{
    unsigned have = count < max ? count : max;
    return have == 0 ? 0 : (count - 1 - choice % have) % max;
}

static const id *id_choose(uint8_t choice)
{
    return &known.id[newest(choice, known.ids, IDS_MAX)];
}

static struct gate *other_of(const struct gate *g, uint8_t choice)
{
    return &gate[(g->number + 1 + choice % 2u) % LAW_PARTIES];
}

static const char *const words[] = {
    "KOR", "JPN",    "USA",    "",      "ok1",   "ok2",      "author", "sato",   "kim",    "miller",
    "ops", "gate-a", "wall-1", "smith", "feed0", "warnings", "noneed", "wall-2", "gate-b", "sensor",
};

static span word_choose(struct reader *r)
{
    uint8_t choice = read_u8(r);
    return choice >= RAW ? read_block8(r, NAME_MAX_LEN)
                         : span_text(words[choice % ARRAY_LEN(words)]);
}

static uint64_t number_choose(struct reader *r)
{
    static const uint64_t plain[] = {0, 1, 2, 5, 100, UINT64_MAX};
    uint8_t               choice = read_u8(r);
    if (choice >= RAW) {
        return read_u64(r);
    }
    return choice < ARRAY_LEN(plain) ? plain[choice]
                                     : known.number[newest(choice, known.numbers, 16)];
}

/* ---- what must hold after a step ---- */

static bool recorded(const struct gate *g, enum leaf_kind kind, const char *key, const id *about)
{
    uint8_t       line[64];
    struct writer w = WRITER_OF(line);
    put_text(&w, key);
    put_u8(&w, ' ');
    put_hex(&w, id_span(about));
    put_u8(&w, '\n');
    struct reader r = reader_of(writer_span(&g->ledger));
    while (r.rest.len > 0) {
        struct record    one;
        struct leaf_head head;
        must(record_read(read_block32(&r, RECORD_MAX), &one));
        if (one.type != RECORD_LEAF || memmem(one.bytes.ptr, one.bytes.len, line, w.len) == NULL) {
            continue;
        }
        must(leaf_head_read(one.bytes, &head));
        if (head.kind == kind) {
            return true;
        }
    }
    return false;
}

static bool holds(span bytes, const secret *s)
{
    return memmem(bytes.ptr, bytes.len, s->key, SECRET_LEN) != NULL;
}

static void key_keep(struct gate *g, const secret *key)
{
    struct seen *s = &seen[g->number];
    s->key[s->keys++ % KEYS_MAX] = *key;
}

/* Only who seals or opens is told a key, nobody the guard's own, and a ledger holds none. */
static void no_secret(const struct gate *g, span bytes, bool may_hold_keys)
{
    const struct seen *s = &seen[g->number];
    MUST(!holds(bytes, &g->master) && !holds(bytes, &g->identity));
    for (unsigned i = 0; i < s->keys && i < KEYS_MAX && !may_hold_keys; i++) {
        MUST(!holds(bytes, &s->key[i]));
    }
}

/* Both evaluators: the guard recorded the one, here the other speaks. */
static void verdict_holds(const struct gate *g, const struct leaf_head *head)
{
    span crossing, verdict;
    bool passes = head->kind == LEAF_RELEASED || head->kind == LEAF_RECEIVED;
    if (!passes && head->kind != LEAF_HELD && head->kind != LEAF_REFUSED) {
        return;
    }
    verdict_texts(head->body, &crossing, &verdict);
    must(verdict_check(&g->guard->tables, crossing, verdict));
    MUST(passes == (memmem(verdict.ptr, verdict.len, "\noutcome release\n", 17) != NULL));
}

static void ledger_look(struct gate *g)
{
    struct reader r =
        reader_of((span){g->ledger.ptr + seen[g->number].at, g->ledger.len - seen[g->number].at});
    while (r.rest.len > 0) {
        struct record    one;
        struct leaf_head head;
        must(record_read(read_block32(&r, RECORD_MAX), &one));
        no_secret(g, one.bytes, false);
        if (one.type == RECORD_LEAF) {
            must(leaf_head_read(one.bytes, &head));
            MUST(head.kind != LEAF_ALARM ||
                 memmem(one.bytes.ptr, one.bytes.len, "evaluators", 10) == NULL);
            verdict_holds(g, &head);
        }
    }
    seen[g->number].at = g->ledger.len;
}

static void epoch_look(struct gate *g, struct reader *r)
{
    struct epoch_row row;
    epoch_row_read(r, &row);
    MUST(recorded(g, LEAF_EPOCH, "epoch", &row.epoch));
    id_keep(&row.epoch);
    key_keep(g, &row.key);
}

static void granted_look(struct gate *g, struct reader *r)
{
    struct granted row;
    granted_read(r, &row);
    MUST(recorded(g, LEAF_RELEASED, "handle", &row.handle));
    id_keep(&row.epoch);
    id_keep(&row.handle);
    block_keep(row.grant);
}

static void key_look(struct gate *g, struct reader *r)
{
    struct key_row row;
    key_row_read(r, &row);
    MUST(recorded(g, LEAF_OPENED, "handle", &row.handle));
    key_keep(g, &row.key);
}

static void received_look(struct gate *g, struct reader *r)
{
    id      handle = read_id(r);
    uint8_t how = read_u8(r);
    MUST(how == RECEIVED_REFUSED || how == RECEIVED_NOT_YET ||
         recorded(g, LEAF_RECEIVED, "handle", &handle));
}

static void derived_look(struct gate *g, struct reader *r)
{
    struct derived_row row;
    derived_row_read(r, &row);
    MUST(recorded(g, LEAF_EPOCH, "epoch", &row.epoch.epoch));
    id_keep(&row.epoch.epoch);
    key_keep(g, &row.epoch.key);
}

static void challenge_look(struct gate *g, struct reader *r)
{
    struct challenge *c = &known.challenge[known.challenges++ % ARRAY_LEN(known.challenge)];
    (void)g;
    c->number = read_u32(r);
    span text = read_block16(r, ACT_TEXT_MAX);
    memcpy(c->text, text.ptr, text.len);
    c->len = text.len;
}

static void letter_look(struct gate *g, struct reader *r)
{
    struct envelope_row row;
    (void)g;
    envelope_row_read(r, &row);
    block_keep(row.envelope);
}

static void notice_look(struct gate *g, struct reader *r)
{
    (void)g;
    block_keep(read_block16(r, NOTICE_MAX));
}

/* mail_row - what must hold of mail of this kind;   voice: a mute guard sends none of it;   keys: it is told keys */
static const struct {
    void (*look)(struct gate *g, struct reader *r);
    bool voice;
} mail_row[] = {
    [ANSWER_EPOCH] = {epoch_look, true},     [ANSWER_GRANTED] = {granted_look, true},
    [ANSWER_KEY] = {key_look, true},         [ANSWER_RECEIVED] = {received_look, false},
    [ANSWER_DERIVED] = {derived_look, true}, [ANSWER_CHALLENGE] = {challenge_look, false},
    [ANSWER_LETTER] = {letter_look, false},  [ANSWER_NOTICE] = {notice_look, false},
    [ANSWER_PICTURE] = {NULL, false},
};

static void mail_look(struct gate *g, const struct gate_mail *m, bool was_mute)
{
    struct reader r = reader_of((span){m->bytes, m->len});
    no_secret(g, (span){m->bytes, m->len},
              (m->to & (CALLER_INTAKE | CALLER_DESK | CALLER_CHECK)) != 0);
    if (m->kind < ARRAY_LEN(mail_row)) {
        MUST(!was_mute || !mail_row[m->kind].voice || !g->guard->watch.mute);
        if (mail_row[m->kind].look != NULL) {
            mail_row[m->kind].look(g, &r);
            MUST(!err_is(reader_end(&r)));
        }
    }
}

/* Letters stay where they are, for the courier to carry or to lose. */
static void gate_look(struct gate *g, bool was_mute)
{
    unsigned kept = 0;
    ledger_look(g);
    for (unsigned i = 0; i < g->mail_count; i++) {
        mail_look(g, &g->mail[i], was_mute);
        if (g->mail[i].kind == ANSWER_LETTER && kept < GATE_MAIL_MAX / 2) {
            g->mail[kept++] = g->mail[i];
        } else {
            gate_mail_drop(&g->mail[i]);
        }
    }
    g->mail_count = kept;
}

static void ledger_valid(const struct gate *g)
{
    struct verify v;
    char          origin[64];
    (void)snprintf(origin, sizeof origin, "accord/%s", g->party.text);
    must(verify_init(&v, span_text(origin), g->identity_public));
    struct reader r = reader_of(writer_span(&g->ledger));
    while (r.rest.len > 0) {
        must(verify_record(&v, read_block32(&r, RECORD_MAX)));
    }
}

/* ---- requests ---- */

/* The body of each request, a letter a field: i id, p name, b block16, k 32 bytes, n u64, u u16, c u8, t block8 */
static const char *const request_form[REQUEST_END] = {
    [REQUEST_GREET] = "k",      [REQUEST_SOURCES] = "",   [REQUEST_ORIGIN] = "u",
    [REQUEST_LEASE] = "",       [REQUEST_CLOSED] = "ink", [REQUEST_RELEASE] = "ip",
    [REQUEST_RECEIVE] = "pib",  [REQUEST_CERTIFY] = "bt", [REQUEST_PARTNERS] = "",
    [REQUEST_DAYKEY] = "pb",    [REQUEST_SUBMIT] = "bkk", [REQUEST_ACT] = "ptbb",
    [REQUEST_SIGN] = "uupkk",   [REQUEST_OPEN] = "ni",    [REQUEST_LOOK] = "cniu",
    [REQUEST_LETTER] = "pb",    [REQUEST_AHEAD] = "ip",   [REQUEST_BEHIND] = "i",
    [REQUEST_LISTENING] = "uc", [REQUEST_INSPECT] = "i",  [REQUEST_WHOLE] = "i",
    [REQUEST_STOPPED] = "inp",
};
static const uint8_t request_from[REQUEST_END] = {
    [REQUEST_GREET] = CALLER_INTAKE,     [REQUEST_SOURCES] = CALLER_INTAKE,
    [REQUEST_ORIGIN] = CALLER_INTAKE,    [REQUEST_LEASE] = CALLER_INTAKE,
    [REQUEST_CLOSED] = CALLER_COURIER,   [REQUEST_RELEASE] = CALLER_COURIER,
    [REQUEST_RECEIVE] = CALLER_COURIER,  [REQUEST_CERTIFY] = CALLER_DESK,
    [REQUEST_PARTNERS] = CALLER_COURIER, [REQUEST_DAYKEY] = CALLER_COURIER,
    [REQUEST_SUBMIT] = CALLER_DESK,      [REQUEST_ACT] = CALLER_DESK,
    [REQUEST_SIGN] = CALLER_DESK,        [REQUEST_OPEN] = CALLER_DESK,
    [REQUEST_LOOK] = CALLER_DESK,        [REQUEST_LETTER] = CALLER_COURIER,
    [REQUEST_AHEAD] = CALLER_COURIER,    [REQUEST_BEHIND] = CALLER_COURIER,
    [REQUEST_LISTENING] = CALLER_INTAKE, [REQUEST_INSPECT] = CALLER_CHECK,
    [REQUEST_WHOLE] = CALLER_CHECK,      [REQUEST_STOPPED] = CALLER_CHECK,
};

static void block_put(struct reader *r, struct writer *w)
{
    uint8_t choice = read_u8(r);
    if (choice >= RAW) {
        put_block16(w, read_block8(r, UINT8_MAX));
    } else {
        const struct block *b = &known.block[newest(choice, known.blocks, BLOCKS_MAX)];
        put_block16(w, (span){b->bytes, b->len});
    }
}

static void id_put(struct reader *r, struct writer *w)
{
    uint8_t choice = read_u8(r);
    id      raw;
    if (choice >= RAW) {
        read_copy(r, raw.bytes, ID_LEN);
        put_id(w, &raw);
    } else {
        put_id(w, id_choose(choice));
    }
}

static void bytes32_put(struct reader *r, struct writer *w)
{
    uint8_t fill[32];
    memset(fill, read_u8(r), sizeof fill);
    put_span(w, SPAN_OF(fill));
}

static void field_put(char field, struct reader *r, struct writer *w)
{
    switch (field) {
    case 'i':
        id_put(r, w);
        break;
    case 'p':
    case 't':
        put_block8(w, word_choose(r));
        break;
    case 'b':
        block_put(r, w);
        break;
    case 'k':
        bytes32_put(r, w);
        break;
    case 'n':
        put_u64(w, number_choose(r));
        break;
    case 'u':
        put_u16(w, read_u8(r));
        break;
    default:
        put_u8(w, read_u8(r));
    }
}

static void ask_step(struct gate *g, struct reader *r)
{
    static uint8_t body[GUARD_MESSAGE_MAX];
    struct writer  w = WRITER_OF(body);
    uint8_t        kind = (uint8_t)(1 + read_u8(r) % (REQUEST_END - 1)), by = read_u8(r);
    enum caller    from = by < RAW ? (enum caller)request_from[kind] : (enum caller)(1U << by % 5);
    MUST(request_form[kind] != NULL); /* a new request wants its row */
    for (const char *f = request_form[kind]; *f != 0; f++) {
        field_put(*f, r, &w);
    }
    if (!w.bad) {
        gate_say(g, from, kind, 9, writer_span(&w));
    }
}

static void raw_step(struct gate *g, struct reader *r)
{
    uint8_t from = (uint8_t)(1U << read_u8(r) % 5), kind = read_u8(r);
    gate_say(g, (enum caller)from, kind, 9, read_block8(r, UINT8_MAX));
}

/* ---- acts ---- */

static void filled(struct gate *g, char what, struct reader *r, struct writer *w)
{
    static struct gate *party;
    uint8_t             key[SIGN_PUBLIC_LEN];
    switch (what) {
    case 'i':
        put_hex(w, id_span(id_choose(read_u8(r))));
        break;
    case 'n':
        put_decimal(w, number_choose(r));
        break;
    case 'p':
        party = other_of(g, read_u8(r));
        put_span(w, name_span(&party->party));
        break;
    case 'f':
        put_span(w, (span){known.given, known.given_len});
        break;
    case 'o':
        put_span(w, name_span(&g->party));
        break;
    case 't':
        put_instant(w, g->now + MS_PER_DAY);
        break;
    case 'y':
        put_instant(w, g->now - MS_PER_DAY);
        break;
    case 'k':
        memset(key, 1 + read_u8(r) % 200, sizeof key);
        put_hex(w, SPAN_OF(key));
        break;
    case 'd':
        put_hex(w, SPAN_OF(g->guard->day_key[0].public.key));
        break;
    case 'I':
        put_hex(w, SPAN_OF(party->identity_public));
        break;
    default:
        put_base64(w, (span){party->authority, party->authority_len});
    }
}

static void body_put(struct gate *g, const char *body, struct reader *r, struct writer *w)
{
    for (const char *c = body; *c != 0; c++) {
        if (*c == '$') {
            filled(g, *++c, r, w);
        } else {
            put_u8(w, (uint8_t)*c);
        }
    }
}

static span attached(const struct gate *g, enum act_brings what, struct reader *r)
{
    static uint8_t         ids[3 * ID_LEN];
    struct writer          w = WRITER_OF(ids);
    const struct law_text *t;
    switch (what) {
    case BRINGS_POLICY:
        t = &law.policy[read_u8(r) % LAW_PARTIES];
        break;
    case BRINGS_AGREEMENT:
        t = &law.agreement[read_u8(r) % LAW_AGREEMENTS];
        break;
    case BRINGS_RULES:
        t = &law.rules[g->number];
        break;
    case BRINGS_RENEWED:
        return (span){renewed.table, renewed.len};
    case BRINGS_IDS:
        for (unsigned i = 0, n = 1 + read_u8(r) % 3; i < n; i++) {
            id_put(r, &w);
        }
        return writer_span(&w);
    default:
        return (span){NULL, 0};
    }
    return (span){t->table, t->len};
}

static const char *signer_choose(const struct gate *g, uint8_t choice, const char *plain)
{
    return choice < RAW ? plain : g->person[choice % g->person_count].name.text;
}

static unsigned signers_of(const char *act)
{
    unsigned i = 0;
    while (strcmp(act_rows[i].name, act) != 0) {
        i++;
    }
    return act_rows[i].signers;
}

static void result_keep(struct gate *g, const struct act_body *row, span result)
{
    unsigned long number;
    char          text[64] = {0};
    known.given_len = result.len < TEXT_MAX ? result.len : TEXT_MAX;
    memcpy(known.given, result.ptr, known.given_len);
    memcpy(text, result.ptr, result.len < sizeof text ? result.len : sizeof text - 1);
    if (sscanf(text, "approval %lu", &number) == 1 || sscanf(text, "order %lu", &number) == 1) {
        number_keep(number);
    }
    struct reader r = reader_of(result);
    if (strcmp(row->act, "session") == 0 || strcmp(row->act, "display-on") == 0 ||
        strcmp(row->act, "tak-on") == 0) {
        number_keep(read_u64(&r));
    } else if (strcmp(row->act, "open") == 0) {
        key_look(g, &r);
    }
}

/* u8 which, what its body wants, u8 edits and these, what it brings, u8 first, u8 second signer */
static void act_step(struct gate *g, struct reader *r)
{
    static uint8_t         plain[ACT_TEXT_MAX], body[ACT_TEXT_MAX], said[TEXT_MAX];
    const struct act_body *row = &act_body[read_u8(r) % ARRAY_LEN(act_body)];
    struct writer          w = WRITER_OF(plain), edited = WRITER_OF(body), out = WRITER_OF(said);
    body_put(g, row->body, r, &w);
    text_edited(r, writer_span(&w), &edited);
    put_u8(&edited, 0);
    if (w.bad || edited.bad) {
        return;
    }
    struct gate_act a = {.act = row->act,
                         .body = (const char *)body,
                         .attachment = attached(g, row->brings, r),
                         .cut = act_cut};
    a.by[0] = signer_choose(g, read_u8(r), "ok1");
    a.by[1] = signer_choose(g, read_u8(r), signers_of(row->act) > 1 ? "ok2" : NULL);
    gate_mail_clear(g);
    (void)gate_act(g, &a, &out);
    if (out.len > 0) {
        result_keep(g, row, writer_span(&out));
    }
}

/* u8 which challenge, u8 who, u8 with whose key */
static void sign_step(struct gate *g, struct reader *r)
{
    const struct challenge *c =
        &known.challenge[newest(read_u8(r), known.challenges, ARRAY_LEN(known.challenge))];
    const char *who = g->person[read_u8(r) % g->person_count].name.text;
    uint8_t     key = read_u8(r);
    (void)sign_with(g, who, key < RAW ? who : g->person[key % g->person_count].name.text, c);
}

/* ---- what the desk hands in: a submission, presence, displays ---- */

/* $m now, $c now as a number */
#define BY_AUTHOR 2
#define BY_NOBODY 3
static const struct {
    unsigned    by; /* one of two readers, …  */
    const char *title, *lines;
} signed_text[] = {
    {BY_AUTHOR, "accord submission 1",
     "party KOR\nauthor author\nnonce 000102030405060708090a0b0c0d0e0f\ntime $m\nkind report\n"
     "precedence ROUTINE\nmarking KOR:II of KOR about dprk-missile from human to JPN\n"
     "title Interview\nlength 1000\n"
     "content 0100000000000000000000000000000000000000000000000000000000000000\n"},
    {0, PRESENCE_TITLE, "reader gate-a\nroom ops\nnumber $c\ntime $m\nenter sato\n"},
    {1, PRESENCE_TITLE, "reader gate-b\nroom ops\nnumber $c\ntime $m\nleave kim\n"},
    {BY_NOBODY, DISPLAYS_TITLE, "room ops\nturn 3\nsilent wall-2\n"},
};

static void signed_put(const struct gate *g, unsigned which, struct writer *w)
{
    put_text(w, signed_text[which].title);
    put_u8(w, '\n');
    for (const char *c = signed_text[which].lines; *c != 0; c++) {
        if (*c != '$') {
            put_u8(w, (uint8_t)*c);
        } else if (*++c == 'c') {
            put_decimal(w, (uint64_t)g->now);
        } else {
            put_instant(w, g->now);
        }
    }
}

/* u8 which, u8 is it signed, u8 edits and these */
static void submit_step(struct gate *g, struct reader *r)
{
    uint8_t       plain[1024], text[2048], body[4096], signature[SIGNATURE_LEN] = {0};
    struct writer w = WRITER_OF(plain), t = WRITER_OF(text), b = WRITER_OF(body);
    unsigned      which = read_u8(r) % ARRAY_LEN(signed_text), by = signed_text[which].by;
    bool          is_signed = read_u8(r) < RAW && by != BY_NOBODY;
    const struct gate_person *author = gate_person_find(&gate[KOR], "author");
    signed_put(g, which, &w);
    text_edited(r, writer_span(&w), &t);
    if (is_signed) {
        sign_make(by == BY_AUTHOR ? &author->key : &stage.reader_key[by], signed_text[which].title,
                  writer_span(&t), signature);
    }
    put_block16(&b, writer_span(&t));
    put_span(&b, SPAN_OF(signature));
    if (!t.bad && !b.bad) {
        gate_say(g, CALLER_DESK, REQUEST_SUBMIT, 3, writer_span(&b));
    }
}

/* ---- everything else ---- */

/* u8 how long; all three guards tick, and letters go unless it is odd */
static void time_step(struct gate *g, struct reader *r)
{
    static const uint64_t span_ms[] = {100,
                                       1000,
                                       3000,
                                       20 * 1000,
                                       MS_PER_MINUTE,
                                       6 * MS_PER_MINUTE,
                                       13 * MS_PER_HOUR,
                                       25 * MS_PER_HOUR,
                                       40 * MS_PER_DAY};
    uint8_t               how = read_u8(r);
    (void)g;
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&gate[i], span_ms[how / 2 % ARRAY_LEN(span_ms)]);
        gate_tick(&gate[i]);
        touched[i] = true;
    }
    if (how % 2 == 0) {
        (void)gates_pass(gate, LAW_PARTIES);
    }
}

static void letters_step(struct gate *g, struct reader *r)
{
    bool lost = read_u8(r) % 4 == 3;
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        touched[i] = true;
    }
    if (lost) {
        gate_mail_clear(g);
    } else {
        gates_beat(gate, LAW_PARTIES);
    }
}

static void restart_step(struct gate *g, struct reader *r)
{
    (void)r;
    folds_to_itself(g);
    must(gate_restart(g));
}

static void tick_step(struct gate *g, struct reader *r)
{
    time_pass(g, 1000U * read_u8(r));
    gate_tick(g);
}

/* A guard that is killed in the midst of one turn, of an act in the last, as u8 says; then it starts again. */
static void cut_step(struct gate *g, struct reader *r)
{
    static void (*const one_turn[])(struct gate *, struct reader *) = {
        act_step, ask_step, raw_step, sign_step, submit_step, tick_step};
    static const enum gate_cut_place place[] = {GATE_CUT_WRITE, GATE_CUT_SLOTS, GATE_CUT_LEDGER,
                                                GATE_CUT_MAIL};
    uint8_t                          how = read_u8(r), what = read_u8(r) % ARRAY_LEN(one_turn);
    struct gate_cut                  cut = {place[how % ARRAY_LEN(place)], how / 4 % 8};
    act_cut = what == 0 ? cut : (struct gate_cut){.place = GATE_WHOLE};
    g->cut = what == 0 ? g->cut : cut;
    one_turn[what](g, r);
    act_cut = g->cut = (struct gate_cut){.place = GATE_WHOLE};
    g->faults = MEMORY_FAULTLESS;
    must(gate_restart(g));
}

/* The ledger has no room for what the next step makes; u8: it has again, or the guard starts again. */
static void full_step(struct gate *g, struct reader *r)
{
    bool again = read_u8(r) % 2 == 0;
    g->full = true;
    gate_tick(g);
    if (again) {
        gate_room(g);
    } else {
        g->full = false;
        must(gate_restart(g));
    }
}

static void clocks_step(struct gate *g, struct reader *r)
{
    static const int64_t off[] = {-MS_PER_DAY, -MS_PER_HOUR, -5000, 5000, MS_PER_HOUR, MS_PER_DAY};
    g->now += off[read_u8(r) % ARRAY_LEN(off)];
    gate_tick(g);
}

/* The ledger that was there when the input began, put back.  u8: the counter that is kept elsewhere with it */
static void old_step(struct gate *g, struct reader *r)
{
    const struct gate *old = &before[g->number].gate;
    g->ledger.len = old->ledger.len;
    seen[g->number].at = g->ledger.len;
    if (read_u8(r) % 2 == 1) {
        g->counted = old->counted;
        g->counter = old->counter;
    }
    must(gate_restart(g));
}

/* As couriers do: what is asked for is given to the other side.  u8 epoch, u8 to whom */
static void give_step(struct gate *g, struct reader *r)
{
    uint8_t          body[64];
    struct writer    w = WRITER_OF(body);
    struct gate_mail m;
    const id        *epoch = id_choose(read_u8(r));
    struct gate     *to = other_of(g, read_u8(r));
    put_id(&w, epoch);
    put_name(&w, &to->party);
    gate_say(g, CALLER_COURIER, REQUEST_RELEASE, 4, writer_span(&w));
    if (gate_take(g, ANSWER_GRANTED, &m)) {
        mail_look(g, &m, false);
        struct reader  grant = reader_of((span){m.bytes, m.len});
        struct granted row;
        granted_read(&grant, &row);
        uint8_t       receive[GRANT_MAX + 128];
        struct writer rw = WRITER_OF(receive);
        put_name(&rw, &g->party);
        put_id(&rw, &row.handle);
        put_block16(&rw, row.grant);
        gate_say(to, CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&rw));
        touched[to->number] = true;
        gate_mail_drop(&m);
    }
}

static void (*const step_row[])(struct gate *g, struct reader *r) = {
    ask_step,  ask_step,  raw_step,     act_step,     act_step, act_step,  sign_step,   submit_step,
    give_step, time_step, letters_step, restart_step, cut_step, full_step, clocks_step, old_step,
};

static void step(struct reader *r)
{
    unsigned     what = read_u8(r) % ARRAY_LEN(step_row);
    bool         mute[LAW_PARTIES];
    struct gate *g = &gate[read_u8(r) % LAW_PARTIES];
    if (r->bad) {
        return;
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        mute[i] = gate[i].guard->watch.mute;
    }
    touched[g->number] = true;
    step_row[what](g, r);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_look(&gate[i], mute[i]);
    }
}

/* ---- the scene ---- */

static void does(unsigned who, const char *act, const char *body, span ids, bool two)
{
    struct gate_act a = {
        .act = act, .body = body, .attachment = ids, .by = {"ok1", two ? "ok2" : NULL}};
    must(gate_act(&gate[who], &a, NULL));
}

static void goes_to(unsigned to, const id *epoch)
{
    struct gate_mail grant;
    id               handle;
    MUST(release(&gate[KOR], epoch, law_party[to], &grant) == 'g');
    (void)receive(&gate[to], &gate[KOR], &grant, &handle);
    id_keep(epoch);
    id_keep(&handle);
    gate_mail_drop(&grant);
}

/* Of what is known, as far as a guard keeps it */
static void keys_learn(struct gate *g)
{
    struct kept k;
    for (unsigned i = 0; i < known.ids && i < IDS_MAX; i++) {
        if (!err_is(kept_get(g->guard, &known.id[i], &k))) {
            key_keep(g, &k.key);
        }
    }
}

static void scene_make(void)
{
    id epoch[2], waits;
    cheap_dh();
    cheap_sign();
    MUST(suite_make(NULL) == 0);
    gates_open(gate, 1);
    people_make(gate);
    room_people(&gate[KOR]);
    must(room_act(&gate[KOR], "room-add", room_of_rule, "ok1", "ok2"));
    reader_enrol(&stage, 0);
    reader_enrol(&stage, 1);
    display_enrol(&gate[KOR], "wall-1", "KOR:I,KOR:II,KOR:III,KOR:UNCLASSIFIED");
    display_enrol(&gate[KOR], "wall-2", "KOR:III,KOR:UNCLASSIFIED");
    must(room_act(&gate[KOR], "visit-add", visit_of_sato, "ok1", "ok2"));
    for (unsigned i = 0; i < FEEDS; i++) {
        feed_add(&gate[KOR], i);
        stage.epoch[i] = feed_epoch(&gate[KOR], i);
        id_keep(&stage.epoch[i]);
    }
    stage.session = display_switch_on(&stage, "wall-1");
    number_keep(stage.session);
    room_begins(&stage);
    goes_to(JPN, &stage.epoch[TO_BOTH]);
    must(submit(&gate[KOR], "author", &human, &waits));
    struct gate_mail none;
    MUST(release(&gate[KOR], &waits, "JPN", &none) == 'h');
    id_keep(&waits);
    for (unsigned i = 0; i < 2; i++) {
        must(submit(&gate[KOR], "author", &imagery, &epoch[i]));
        goes_to(JPN, &epoch[i]);
    }
    does(KOR, "recall", "partner JPN\nreason a mistake\n", id_span(&epoch[0]), false);
    renewed_make(law.agreements.agreement[0].in_force_on);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_mail_clear(&gate[i]);
        seen[i].at = gate[i].ledger.len;
        keys_learn(&gate[i]);
    }
    gates_keep(gate);
    known_before = known;
    memcpy(seen_before, seen, sizeof seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static bool   made;
    struct reader r = reader_of((span){data, len});
    bool          whole = read_u8(&r) % 2 == 0;
    if (!made) {
        scene_make();
        made = true;
    }
    for (unsigned i = 0; i < STEPS_MAX && r.rest.len > 0 && !r.bad; i++) {
        step(&r);
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        if (touched[i] && whole) {
            ledger_valid(&gate[i]);
            folds_to_itself(&gate[i]);
        }
        if (touched[i]) {
            gate_back(&gate[i]);
            touched[i] = false;
        }
    }
    known = known_before;
    memcpy(seen, seen_before, sizeof seen);
    return 0;
}
