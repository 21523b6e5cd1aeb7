/* SPDX-License-Identifier: Apache-2.0 */
/* Two parties in a folder of their own, with the ledgers and pouches that one feed between them leaves
 * behind; written here from the documented formats, not by the guard. */
#ifndef TEST_CLI_BORDER_H
#define TEST_CLI_BORDER_H

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/law.h"
#include "cli/party.h"
#include "ledger/ledger.h"
#include "pouch/letter.h"
#include "pouch/seal.h"
#include "store/log_writer.h"
#include "unit/cli/run.h"
#include "wire/inbox.h"

#define BORDER_SEGMENT (512 << 10)
#define BORDER_NOW     "2026-11-22T12:00:00.000Z"
#define BORDER_MARKING "KOR:II of KOR about dprk-missile from radar to JPN"
#define BORDER_ITEMS   3
#define BORDER_GRANT   "a grant, which only the guard can open"

/* What followed from duties, and what of it is not as it was; DUTIES_NONE: nothing did */
enum border_duty {
    DUTIES_NONE,
    DUTIES_WHOLE,
    OPENED_FROM_ELSEWHERE, /* the contractor's person works at another facility than was approved */
    OPENED_BY_NOTHING,     /* his opening names a leaf that is no approval */
    OPENED_SILENTLY,       /* or none at all */
    OPENED_AFTER_END,      /* the approval had been taken back */
    OPENED_TOO_LATE,
    OPENED_TOO_HIGH,
    OPENED_ANOTHER,    /* the approval is for another item */
    FALLS_DUE_UNKNOWN, /* what falls due never came */
    OVERDUE_OTHERWISE, /* at another instant than it was due */
    LOSS_UNSIGNED,     /* KOR is told of a loss that nobody reported */
    FOUND_UNSIGNED,
    CERTIFIED_BY_ONE,   /* one person fewer than is owed */
    CERTIFIED_UNSIGNED, /* the second is named, and signed for nothing */
    CERTIFIED_ONE_CHAIN,
    DESTROYED_OTHERWISE, /* its leaf says another time than was owed */
    APPROVED_UNSIGNED,   /* KOR's letter names an approval that nobody signed */
};

/* What is wrong with it; all false = nothing */
struct border_faults {
    bool stranger_signs;    /* a key that nobody enrolled signs the partner-trust of KOR */
    bool one_chain;         /* both signatures of it are of one person's chain */
    bool other_verdict;     /* KOR's leaf says that another rule let it go */
    bool no_assurance;      /* JPN's assurance was not loaded */
    bool approval_made_up;  /* the case tells of an approval that nobody signed */
    bool other_standing;    /* and here that an agreement more was asked of */
    bool item_lost;         /* the batch did not come */
    bool other_sealer;      /* the batch is signed by another key than the cover's */
    bool other_grant;       /* a byte of the grant in JPN's inbox was changed */
    bool number_again;      /* and here the batch has the number of the grant */
    bool other_instruments; /* JPN's leaf says that the verdict rests on others than KOR's */
    bool other_matter;      /* JPN's leaf holds another case than KOR's */
    bool paused;            /* KOR had paused EXCHANGE before it gave */
    bool refused_ahead;     /* a verdict leaves EXCHANGE out, just before the leaf of its pause */
    bool other_effect;      /* the pause has effect after the time of its leaf */
    bool ahead;             /* it has effect before it: a wrong clock had put the ledger ahead */
    bool other_direction;   /* and here another direction than was signed */
    bool letter_lost;       /* JPN records KOR's second letter, and no first */
    bool letter_forged;     /* another key signed what JPN took for KOR's letter */
    bool letter_unknown;    /* it is of a kind that nobody knows */
    bool letters;           /* nothing of these: letters, a receipt and an order go their way */
    bool letter_other;      /* JPN took another text under KOR's second number */
    bool letter_waits;      /* KOR's second letter has not come yet */
    bool letter_made_up;    /* KOR's ledger does not know its second letter */
    bool order_undone;      /* JPN took an order and has no leaf that it was done */
    bool order_otherwise;   /* JPN's answer says another count than its leaf */
    bool receipt_stale;     /* KOR has a receipt for a leaf that JPN's ledger does not hold */
    bool receipt_not;       /* JPN wrote none, and its ledger goes on */
    enum border_duty duties;
    bool             certified;         /* JPN destroyed it too, and reported a loss before */
    bool             certificate_stale; /* and KOR has another hash of the leaf of that */
    bool             lanes;             /* KOR's lanes tell of grant and batch */
    bool             lanes_before;      /* and give the batch a number that JPN is past */
    bool             cut;               /* KOR's letter of a pause cuts off what JPN did not get */
    void (*more)(void);                 /* what else stands in the ledgers */
    const char *rules;                  /* more lines of KOR's rules */
};

struct border_log {
    char              dir[FILE_PATH_MAX];
    struct block_file file;
    struct log_marks  marks;
    struct log_writer writer;
    uint8_t           buf[256 << 10];
};

struct border_side {
    char              dir[FILE_PATH_MAX];
    const char       *code, *officer[2];
    secret            identity;
    struct ledger     ledger;
    struct border_log log, pouches;
};

struct border {
    char                 root[64];
    struct border_faults faults;
    struct border_side   kor, jpn;
    struct tables       *tables; /* KOR's */
    unsigned             gsomia;
    struct random_stream salt;
    id                   epoch, handle;
    secret               sealer;
    uint8_t              matter[CROSSING_TEXT_MAX], batch[BATCH_MAX];
    span                 case_text, batch_bytes;
    merkle_hash          given_leaf;
    merkle_hash          taken_leaf;
    uint64_t             given_index, taken_index;
    instant              later;  /* than BORDER_NOW, the next leaves are */
    bool                 alone;  /* one person is enough for the next acts */
    span                 prefix; /* lines of the next act's leaf before the act */
};

static struct border border;

/* ---- logs ---- */

static void border_log_open(struct border_log *l, const char *dir, const char *log)
{
    struct segment_head h = {.number = 0, .bytes = BORDER_SEGMENT};
    struct block_file  *file = &l->file;
    struct log_storage  s = {&file, 1, &l->marks, l->buf, sizeof l->buf};
    int                 fd, dirfd;
    (void)snprintf(l->dir, sizeof l->dir, "%.900s/store/%s", dir, log);
    BORDER_OK(folder_create(l->dir, 0700));
    BORDER_OK(name_of(span_text(log), &h.log));
    dirfd = open(l->dir, O_RDONLY | O_DIRECTORY);
    assert_true(dirfd >= 0);
    BORDER_OK(segment_create(dirfd, &h, &fd));
    (void)close(dirfd);
    l->file = block_file_of(fd);
    BORDER_OK(log_writer_open(&l->writer, &s, NULL));
}

static void border_append(struct border_log *l, span a, span b)
{
    const span        part[] = {a, b};
    struct log_record r = {part, 2, RECORD_DURABLE, 1};
    uint64_t          at;
    BORDER_OK(log_append(&l->writer, &r, &at));
}

static void border_log_close(struct border_log *l)
{
    BORDER_OK(log_sync(&l->writer));
    (void)close(l->file.fd);
}

/* ---- leaves ---- */

static instant border_time(void)
{
    instant t;
    BORDER_OK(text_instant(SPAN_LIT(BORDER_NOW), &t));
    return t;
}

static void border_leaf(struct border_side *s, enum leaf_kind kind, span body, uint64_t *index,
                        merkle_hash *hash)
{
    static uint8_t text[LEAF_TEXT_MAX], record[RECORD_MAX];
    struct writer  w = WRITER_OF(text), r = WRITER_OF(record);
    name           party;
    BORDER_OK(name_of(span_text(s->code), &party));
    leaf_begin(&w, kind, border_time() + border.later, &party);
    put_span(&w, body);
    BORDER_OK(ledger_append_leaf(&s->ledger, random_from(&border.salt), writer_span(&w), &r, index,
                                 hash));
    border_append(&s->log, writer_span(&r), (span){NULL, 0});
}

static void border_leaf_of(struct border_side *s, enum leaf_kind kind, const struct writer *w)
{
    uint64_t    index;
    merkle_hash hash;
    border_leaf(s, kind, writer_span(w), &index, &hash);
}

static void border_seed(const struct border_side *s, const char *who, secret *out)
{
    char    path[FILE_PATH_MAX];
    uint8_t text[80];
    span    bytes;
    (void)snprintf(path, sizeof path, "%.800s/people/%s/key", s->dir, who);
    BORDER_OK(file_read(path, text, sizeof text, &bytes));
    BORDER_OK(text_hex(span_trim(bytes), out->key, sizeof out->key));
}

static void border_sign(const struct border_side *s, const char *who, bool stranger, span text,
                        struct writer *w)
{
    secret  seed = {{7}};
    uint8_t signature[SIGNATURE_LEN];
    if (!stranger) {
        border_seed(s, who, &seed);
    }
    sign_make(&seed, "accord act 1", text, signature);
    line_text(w, "by", span_text(who));
    line_hex(w, "signature", SPAN_OF(signature));
}

static void border_act(struct border_side *s, enum leaf_kind kind, const char *act, span body,
                       span attachment)
{
    static uint8_t text[8192], leaf[LEAF_TEXT_MAX], record[RECORD_MAX];
    struct writer  t = WRITER_OF(text), w = WRITER_OF(leaf), r = WRITER_OF(record);
    uint8_t        digest[SHA256_LEN];
    bool           trust = strcmp(act, "partner-trust") == 0 && s == &border.kor;
    put_text(&t, "accord act 1\nparty ");
    put_text(&t, s->code);
    put_text(&t, "\nact ");
    put_text(&t, act);
    put_text(&t, "\nby ");
    put_text(&t, s->officer[0]);
    put_text(&t, "\nnonce 000102030405060708090a0b0c0d0e0f\ntime " BORDER_NOW "\n");
    put_span(&t, body);
    put_text(&t, "shown something\n");
    if (attachment.len > 0) {
        BORDER_OK(ledger_attach(attachment, &r, digest));
        border_append(&s->log, writer_span(&r), (span){NULL, 0});
        line_hex(&w, "attachment", SPAN_OF(digest));
    }
    put_span(&w, border.prefix);
    border.prefix = (span){NULL, 0};
    line_text(&w, "act", span_text(act));
    for (span rest = writer_span(&t); rest.len > 0;) {
        line_text(&w, "say", span_cut(&rest, '\n'));
    }
    border_sign(s, s->officer[0], false, writer_span(&t), &w);
    if (kind == LEAF_ASSURANCE || kind == LEAF_INSTRUMENT ||
        border.alone) { /* one officer is enough */
        border_leaf_of(s, kind, &w);
        return;
    }
    border_sign(s, trust && border.faults.one_chain ? "han" : s->officer[1],
                trust && border.faults.stranger_signs, writer_span(&t), &w);
    assert_false(w.bad || t.bad);
    border_leaf_of(s, kind, &w);
}

/* ---- the two ledgers, up to the border ---- */

static void side_init(struct border_side *s, const char *code, const char *first,
                      const char *second)
{
    char dir[sizeof border.root + 8], a[16], b[16];
    (void)snprintf(s->dir, sizeof s->dir, "%s/%s", border.root, code);
    (void)snprintf(dir, sizeof dir, "%s/%s", border.root, code);
    (void)snprintf(a, sizeof a, "%s:J2", first);
    (void)snprintf(b, sizeof b, "%s:J3", second);
    s->code = code;
    s->officer[0] = first;
    s->officer[1] = second;
    assert_int_equal(RUN("party", "init", code, "--dir", dir, "--desk", "127.0.0.1:7100",
                         "--courier", "127.0.0.1:7101", "--officer", a, "--officer", b, "--officer",
                         "han:J2"),
                     CALL_DONE);
    char path[FILE_PATH_MAX];
    span bytes;
    (void)snprintf(path, sizeof path, "%.900s/keys/identity", s->dir);
    BORDER_OK(file_read(path, s->identity.key, sizeof s->identity.key, &bytes));
    border_log_open(&s->log, s->dir, "ledger");
    border_log_open(&s->pouches, s->dir, s == &border.kor ? "outbox-intake" : "inbox");
}

static void side_begin(struct border_side *s)
{
    char        path[FILE_PATH_MAX];
    uint8_t     buf[8192];
    span        text;
    uint64_t    index;
    merkle_hash hash;
    (void)snprintf(path, sizeof path, "%.900s/genesis", s->dir);
    BORDER_OK(file_read(path, buf, sizeof buf, &text));
    (void)span_cut(&text, '\n');
    border_leaf(s, LEAF_GENESIS, text, &index, &hash);
    border_leaf(s, LEAF_STARTED, SPAN_LIT("boot 00\n"), &index, &hash);
}

static void side_policies(struct border_side *s)
{
    static const char *const path[] = {"policies/KOR.xml", "policies/JPN.xml"};
    static uint8_t           table[POLICY_TABLE_MAX];
    struct call              c = {0};
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        uint8_t       buf[64], digest[SHA256_LEN];
        struct writer w = WRITER_OF(table), body = WRITER_OF(buf);
        name          named;
        BORDER_OK(policy_compile(&c, path[i], &w, &named));
        line_name(&body, "policy", &named);
        border_act(s, LEAF_POLICY, "policy-load", writer_span(&body), writer_span(&w));
        sha256(writer_span(&w), digest);
        BORDER_OK(policy_read(&border.tables->policies, writer_span(&w), digest));
    }
}

static void side_trust(struct border_side *s, const struct border_side *other)
{
    uint8_t       buf[1024], key[SIGN_PUBLIC_LEN];
    struct writer w = WRITER_OF(buf);
    sign_public(&other->identity, key);
    line_text(&w, "partner", span_text(other->code));
    line_hex(&w, "identity", SPAN_OF(key));
    line_text(&w, "address", SPAN_LIT("127.0.0.1:7201"));
    line_text(&w, "authority", SPAN_LIT("AAAA"));
    border_act(s, LEAF_PARTY, "partner-trust", writer_span(&w), (span){NULL, 0});
}

static void signature_line(const struct border_side *s, const struct agreement *a, struct writer *w)
{
    uint8_t signature[SIGNATURE_LEN];
    sign_make(&s->identity, "accord agreement 1", SPAN_OF(a->digest), signature);
    put_text(w, "signature ");
    put_text(w, s->code);
    put_u8(w, ' ');
    put_hex(w, SPAN_OF(signature));
    put_u8(w, '\n');
}

static void side_agreements(struct border_side *s)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    for (unsigned i = 0; i < border.tables->agreements.count; i++) {
        const struct agreement *a = &border.tables->agreements.agreement[i];
        uint8_t                 buf[1024];
        struct writer           w = WRITER_OF(table), body = WRITER_OF(buf);
        agreement_write(&border.tables->policies, a, &w);
        line_name(&body, "agreement", &a->name);
        signature_line(&border.jpn, a, &body);
        signature_line(&border.kor, a, &body);
        border_act(s, LEAF_AGREEMENT, "agreement-load", writer_span(&body), writer_span(&w));
    }
}

static void kor_rules(void)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    rules_write(&border.tables->policies, &border.tables->rules, &w);
    border_act(&border.kor, LEAF_RULES, "rules-load", SPAN_LIT("rules KOR\n"), writer_span(&w));
}

static const char *rules_path(void)
{
    static char path[128];
    char        line[512];
    if (border.faults.rules == NULL) {
        return "agreements/rules/KOR.rules";
    }
    (void)snprintf(path, sizeof path, "%.60s/KOR.rules", border.root);
    (void)snprintf(line, sizeof line, "{ cat agreements/rules/KOR.rules; printf '%.300s'; } >%s",
                   border.faults.rules, path);
    assert_int_equal(system(line), 0);
    return path;
}

static void law_make(void)
{
    static const char *const path[] = {"agreements/gsomia.agreement",
                                       "agreements/exchange.agreement"};
    static struct compiled   compiled;
    struct law               law = {.tables = border.tables, .compiled = &compiled};
    struct call              c = {.notes = stderr, .out = stderr};
    unsigned                 place[CALL_ARGS_MAX];
    compiled_done(&compiled);
    BORDER_OK(law_agreements(&c, &law, path, ARRAY_LEN(path), place));
    BORDER_OK(law_hold(&law));
    BORDER_OK(law_rules(&c, &law, rules_path()));
}

/* ---- one feed over it ---- */

#define BORDER_SOURCE                                                                              \
    "transport udp\naddress 127.0.0.1:9\nkind %s\nprecedence FLASH\nmarking " BORDER_MARKING       \
    "\naccess -\n"

static void kor_source(const char *source, const char *kind)
{
    char text[512];
    int  len = snprintf(text, sizeof text, "source %s\n" BORDER_SOURCE, source, kind);
    border_act(&border.kor, LEAF_SOURCE, "source-add", (span){(const uint8_t *)text, (size_t)len},
               (span){NULL, 0});
}

/* From today for a day, as BORDER_NOW has it. */
static void kor_assurance(void)
{
    uint8_t       buf[1024], signature[SIGNATURE_LEN];
    struct writer w = WRITER_OF(buf);
    put_text(&w, "accord assurance 1\nfrom JPN\nto KOR\nagreement GSOMIA\nlevels KOR:II\n"
                 "topics dprk-missile\nvalid-from " BORDER_NOW "\n");
    line_instant(&w, "valid-until", border_time() + MS_PER_DAY);
    line_text(&w, "authority", SPAN_LIT("Ministry"));
    sign_make(&border.jpn.identity, "accord assurance 1", writer_span(&w), signature);
    line_hex(&w, "signature", SPAN_OF(signature));
    border_act(&border.kor, LEAF_ASSURANCE, "assurance-load", writer_span(&w), (span){NULL, 0});
}

/* ---- a pause of EXCHANGE by KOR, and its letter to JPN ---- */

static void instrument_lines(struct writer *w)
{
    unsigned exchange;
    BORDER_OK(agreements_find(&border.tables->agreements, SPAN_LIT("EXCHANGE"), &exchange));
    line_hex(w, "digest", SPAN_OF(border.tables->agreements.agreement[exchange].digest));
    put_text(w, "instrument pause\ndirection ");
    put_text(w, border.faults.other_direction ? "opening\n" : "both\n");
    line_instant(w, "effective",
                 border_time() + (border.faults.other_effect ? 1 : 0) -
                     (border.faults.ahead ? 1 : 0));
}

static void kor_pause(void)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    put_text(&w, "agreement EXCHANGE\n");
    instrument_lines(&w);
    put_text(&w, "tell JPN\n");
    border.prefix = writer_span(&w);
    border_act(&border.kor, LEAF_INSTRUMENT, "pause",
               SPAN_LIT("agreement EXCHANGE\ndirection both\nreason a pause\n"), (span){NULL, 0});
}

/* One leaf of a letter: of who sent it, or, signed, of who took it. */
static void letter_leaf(const struct border_side *from, struct border_side *at,
                        const struct border_side *partner, const struct letter *l)
{
    uint8_t       text[4096], leaf[8192], signature[SIGNATURE_LEN];
    secret        other = {{9}};
    struct writer t = WRITER_OF(text), w = WRITER_OF(leaf);
    letter_write(l, &t);
    line_text(&w, "partner", span_text(partner->code));
    for (span rest = writer_span(&t); rest.len > 0;) {
        line_text(&w, "say", span_cut(&rest, '\n'));
    }
    if (at != from) {
        sign_make(border.faults.letter_forged ? &other : &from->identity, LETTER_TITLE,
                  writer_span(&t), signature);
        line_hex(&w, "signature", SPAN_OF(signature));
    }
    border_leaf_of(at, at == from ? LEAF_LETTER : LEAF_LETTER_RECEIVED, &w);
}

/* Both leaves of one letter. */
static void letter_goes(struct border_side *from, struct border_side *to, uint64_t number,
                        const char *kind, span body)
{
    const struct border_faults *f = &border.faults;
    bool                        kor = from == &border.kor;
    struct letter               l = {.number = number, .at = border_time(), .body = body};
    BORDER_OK(name_of(span_text(from->code), &l.from));
    BORDER_OK(name_of(span_text(to->code), &l.to));
    BORDER_OK(name_of(span_text(kind), &l.kind));
    if (!(kor && f->letter_made_up && number == 2)) {
        letter_leaf(from, from, to, &l);
    }
    if (kor && ((f->letter_lost && number == 1) || (f->letter_waits && number == 2))) {
        return;
    }
    l.at += kor && f->letter_other && number == 2 ? 1 : 0;
    letter_leaf(from, to, from, &l);
}

static void border_letter(uint64_t number, const char *kind, span body)
{
    letter_goes(&border.kor, &border.jpn, number, kind, body);
}

static void pause_letter(void)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    put_text(&w, "leaf 12\n");
    instrument_lines(&w);
    if (border.faults.cut) {
        put_text(&w, "cut ");
        put_hex(&w, id_span(&border.handle));
        put_text(&w, " 0\n");
    }
    border_letter(1, border.faults.letter_unknown ? "greeting" : "instrument", writer_span(&w));
    w.len = 0;
    border_letter(2, "declined", SPAN_LIT("handle 00\nto USA\nreason none\n"));
}

static void case_make(void)
{
    struct tables  *t = border.tables;
    struct crossing x = {.kind = KIND_TRACK, .via = PARTY_NONE, .giving = GIVING_RELEASE};
    struct writer   w = WRITER_OF(border.matter);
    unsigned        from, to;
    BORDER_OK(names_find(&t->policies.parties, SPAN_LIT("KOR"), &from));
    BORDER_OK(names_find(&t->policies.parties, SPAN_LIT("JPN"), &to));
    BORDER_OK(agreements_find(&t->agreements, SPAN_LIT("GSOMIA"), &border.gsomia));
    BORDER_OK(marking_read(&t->policies, SPAN_LIT(BORDER_MARKING), &x.marking));
    x.from = (uint8_t)from;
    x.to = (uint8_t)to;
    x.now_low = x.now_high = border_time();
    x.standing = border.faults.other_standing ? set_one(border.gsomia) : 3;
    x.assurance = (struct assurance){.present = true,
                                     .agreement = (uint8_t)border.gsomia,
                                     .topics = x.marking.topics,
                                     .from = border_time(),
                                     .until = border_time() + MS_PER_DAY};
    x.approvals = border.faults.approval_made_up ? 1 : 0;
    levels_add(&x.assurance.levels, x.marking.level);
    struct verdict v = verdict_by_reading(t, &x);
    v.rule_number = border.faults.other_verdict ? 9 : v.rule_number;
    crossing_format(t, &x, &w);
    verdict_format(t, &v, &w);
    BORDER_OK(writer_end(&w, &border.case_text));
}

/* What all signed when the agreements were loaded, and no act since. */
static void rests_lines(struct writer *w)
{
    const struct agreements *all = &border.tables->agreements;
    const struct names      *parties = &border.tables->policies.parties;
    uint8_t                  sum[SHA256_LEN] = {0}, hash[SHA256_LEN], tail[16];
    set64 stands = border.faults.other_standing ? set_one(border.gsomia) : set_one(all->count) - 1;
    for (unsigned k = 0; k < 2 * SET64_MAX * all->count; k++) {
        const struct agreement *a = &all->agreement[k / (2 * SET64_MAX)];
        unsigned                p = k / 2 % SET64_MAX;
        if (!set_has(stands, k / (2 * SET64_MAX)) || !set_has(a->parties, p)) {
            continue;
        }
        struct writer t = WRITER_OF(tail);
        put_u8(&t, k % 2 == 0 ? INSTRUMENT_SIGN : INSTRUMENT_NOTIFY);
        put_u64(&t, (uint64_t)(k % 2 == 0 ? a->signed_on : a->in_force_on));
        const span part[] = {SPAN_OF(a->digest), name_span(&parties->name[p]), writer_span(&t)};
        sha256_parts(part, ARRAY_LEN(part), hash);
        for (unsigned b = SHA256_LEN, carry = 0; b-- > 0; carry >>= 8) {
            carry += (unsigned)sum[b] + hash[b];
            sum[b] = (uint8_t)(carry & 0xff);
        }
    }
    sha256(SPAN_OF(sum), hash);
    line_instant(w, "rests-at", border_time());
    line_hex(w, "rests-on", SPAN_OF(hash));
}

static void given_leaves(void)
{
    uint8_t       buf[LEAF_TEXT_MAX], sealer[SIGN_PUBLIC_LEN], zeros[32] = {0};
    struct writer w = WRITER_OF(buf);
    sign_public(&border.sealer, sealer);
    line_hex(&w, "epoch", id_span(&border.epoch));
    put_text(&w, "kind track\nfeed radar\nmarking " BORDER_MARKING "\n");
    line_hex(&w, "commitment", SPAN_OF(zeros));
    line_hex(&w, "sealer", SPAN_OF(sealer));
    border_leaf_of(&border.kor, LEAF_EPOCH, &w);
    w.len = 0;
    line_hex(&w, "epoch", id_span(&border.epoch));
    put_text(&w, "partner JPN\n");
    line_hex(&w, "handle", id_span(&border.handle));
    rests_lines(&w);
    put_span(&w, border.case_text);
    border_leaf(&border.kor, LEAF_RELEASED, writer_span(&w), &border.given_index,
                &border.given_leaf);
    w.len = 0;
    line_hex(&w, "epoch", id_span(&border.epoch));
    line_number(&w, "items", BORDER_ITEMS);
    line_hex(&w, "root", SPAN_OF(zeros));
    border_leaf_of(&border.kor, LEAF_CLOSED, &w);
}

/* What the guard answers between the signature of a pause and its leaf. */
static void refused_ahead(void)
{
    uint8_t       buf[LEAF_TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    border.faults.other_standing = true;
    case_make();
    line_hex(&w, "epoch", id_span(&border.epoch));
    put_text(&w, "partner JPN\n");
    rests_lines(&w);
    put_span(&w, border.case_text);
    border_leaf_of(&border.kor, LEAF_REFUSED, &w);
}

static void taken_leaf(void)
{
    uint8_t       buf[LEAF_TEXT_MAX], sealer[SIGN_PUBLIC_LEN];
    struct writer w = WRITER_OF(buf);
    sign_public(&border.sealer, sealer);
    line_hex(&w, "handle", id_span(&border.handle));
    line_hex(&w, "epoch", id_span(&border.epoch));
    put_text(&w, "partner KOR\n");
    line_number(&w, "sender-leaf", border.given_index);
    line_hex(&w, "sender-hash", SPAN_OF(border.given_leaf.bytes));
    line_hex(&w, "sealer", SPAN_OF(sealer));
    sha256(SPAN_LIT(BORDER_GRANT), sealer);
    line_hex(&w, "grant", SPAN_OF(sealer));
    if (border.faults.other_matter) {
        border.tables->rules.count = 0;
        case_make();
    }
    if (border.faults.duties != DUTIES_NONE) {
        line_instant(&w, "destroy-by", border_time() + 2 * MS_PER_DAY);
        line_number(&w, "certifiers", 2);
    }
    border.faults.other_standing ^= border.faults.other_instruments;
    rests_lines(&w);
    border.faults.other_standing ^= border.faults.other_instruments;
    put_span(&w, border.case_text);
    border_leaf(&border.jpn, LEAF_RECEIVED, writer_span(&w), &border.taken_index,
                &border.taken_leaf);
}

/* ---- what follows: an order, its answer, a receipt ---- */

static void order_go(void)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    uint64_t      index = 0;
    merkle_hash   hash = {{0}};
    put_text(&w, "order 20\nkind recall\n");
    line_hex(&w, "handle", id_span(&border.handle));
    border_letter(3, "order", writer_span(&w));
    if (border.faults.order_undone) {
        return;
    }
    w.len = 0;
    put_text(&w, "from KOR\norder 20\nletter 3\nhandle ");
    put_hex(&w, id_span(&border.handle));
    put_text(&w, " 0 0\ngone 1\nnot-here 0\nopened 0\n");
    border_leaf(&border.jpn, LEAF_RECALLED, writer_span(&w), &index, &hash);
    w.len = 0;
    put_text(&w, "order 20\nletter 3\n");
    line_number(&w, "leaf", index);
    line_hex(&w, "hash", SPAN_OF(hash.bytes));
    line_number(&w, "gone", border.faults.order_otherwise ? 0 : 1);
    put_text(&w, "not-here 0\nopened 0\nmedium none\n");
    letter_goes(&border.jpn, &border.kor, 1, "done", writer_span(&w));
}

static void receipt_go(uint64_t number)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    line_hex(&w, "handle", id_span(&border.handle));
    line_number(&w, "sender-leaf", border.given_index);
    line_number(&w, "leaf", border.taken_index);
    border.taken_leaf.bytes[0] ^= border.faults.receipt_stale ? 1 : 0;
    line_hex(&w, "hash", SPAN_OF(border.taken_leaf.bytes));
    letter_goes(&border.jpn, &border.kor, number, "receipts", writer_span(&w));
}

static void certificate_go(uint64_t number)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    uint64_t      index = 0;
    merkle_hash   hash = {{0}};
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "certain no\ndiscovered 2026-11-22T00:00:00.000Z\nleaf 20\nwhat a bag\n");
    letter_goes(&border.jpn, &border.kor, number, "loss", writer_span(&w));
    w.len = 0;
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "partner KOR\ncertifier abe\n");
    border_leaf(&border.jpn, LEAF_DESTROYED, writer_span(&w), &index, &hash);
    hash.bytes[0] ^= border.faults.certificate_stale ? 1 : 0;
    w.len = 0;
    line_hex(&w, "handle", id_span(&border.handle));
    line_number(&w, "leaf", index);
    line_hex(&w, "hash", SPAN_OF(hash.bytes));
    put_text(&w, "certifier abe\nmedium none\n");
    letter_goes(&border.jpn, &border.kor, number + 1, "certificate", writer_span(&w));
}

/* ---- duties: a contractor opens it, it is lost and found, falls due, is certified and destroyed ---- */

static bool planted(enum border_duty d)
{
    return border.faults.duties == d;
}

static uint64_t act_alone(struct border_side *s, const char *act, span body)
{
    uint64_t leaf = s->ledger.tree.size;
    border.alone = true;
    border_act(s, LEAF_ACT, act, body, (span){NULL, 0});
    border.alone = false;
    return leaf;
}

static void fitter_add(void)
{
    uint8_t       buf[1024], key[SIGN_PUBLIC_LEN];
    secret        seed = {{11}};
    struct writer w = WRITER_OF(buf);
    sign_public(&seed, key);
    put_text(&w, "person fitter\n");
    line_hex(&w, "key", SPAN_OF(key));
    put_text(&w, "nationality JPN\nemployer JPN\nfirm mhi\nfacility ");
    put_text(&w, planted(OPENED_FROM_ELSEWHERE) ? "kobe\n" : "nagoya\n");
    put_text(&w, "chain J9\nroles reader\nclearance JPN:HI\ntopics dprk-missile\n");
    border_act(&border.jpn, LEAF_PERSON, "person-add", writer_span(&w), (span){NULL, 0});
}

static void leave_lines(struct writer *w)
{
    bool another = planted(OPENED_ANOTHER);
    put_text(w, "employer JPN\nfirm mhi\nfacility nagoya\nagreement ");
    put_text(w, another ? "-\nitem 00000000000000000000000000000000\n" : "GSOMIA\nitem -\n");
    put_text(w, "topics dprk-missile\nlevel ");
    put_text(w, planted(OPENED_TOO_HIGH) ? "KOR:III\n" : "KOR:II\n");
    line_instant(w, "until", border_time() + (planted(OPENED_TOO_LATE) ? 0 : MS_PER_DAY));
    put_text(w, "purpose upkeep\n");
}

static void opened_leaf(uint64_t letter)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "person fitter\nmarking " BORDER_MARKING "\nown-level JPN:GOKUHI\n"
                 "own-level-chosen no\n");
    if (!planted(OPENED_SILENTLY)) {
        line_number(&w, "approval", letter);
    }
    border_leaf_of(&border.jpn, LEAF_OPENED, &w);
}

static void contractor_go(void)
{
    uint8_t       buf[1024], ended[64];
    struct writer w = WRITER_OF(buf), e = WRITER_OF(ended);
    put_text(&w, "partner JPN\n");
    leave_lines(&w);
    uint64_t leaf = act_alone(&border.kor, "contractor-approve", writer_span(&w));
    w.len = 0;
    line_number(&w, "leaf", leaf + (planted(APPROVED_UNSIGNED) ? 1 : 0));
    leave_lines(&w);
    uint64_t letter = border.jpn.ledger.tree.size;
    border_letter(1, "contractor", writer_span(&w));
    line_number(&e, "leaf", leaf);
    if (planted(OPENED_AFTER_END)) {
        border_letter(2, "contractor-end", writer_span(&e));
    }
    opened_leaf(letter + (planted(OPENED_BY_NOTHING) ? 1 : 0));
    if (!planted(OPENED_AFTER_END)) {
        border_letter(2, "contractor-end", writer_span(&e));
    }
}

static void loss_go(void)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "certain no\ndiscovered " BORDER_NOW "\n");
    size_t len = w.len;
    put_text(&w, "what a bag\n");
    uint64_t leaf = act_alone(&border.jpn, "loss", writer_span(&w));
    w.len = len;
    line_number(&w, "leaf", leaf + (planted(LOSS_UNSIGNED) ? 1 : 0));
    put_text(&w, "what a bag\n");
    letter_goes(&border.jpn, &border.kor, 1, "loss", writer_span(&w));
    w.len = 0;
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "what in the safe\n");
    leaf = border.jpn.ledger.tree.size;
    border_act(&border.jpn, LEAF_ACT, "found", writer_span(&w), (span){NULL, 0});
    w.len = 0;
    line_hex(&w, "handle", id_span(&border.handle));
    line_number(&w, "leaf", leaf - (planted(FOUND_UNSIGNED) ? 2 : 0));
    put_text(&w, "what in the safe\n");
    letter_goes(&border.jpn, &border.kor, 2, "found", writer_span(&w));
}

static void due_go(instant due)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    id            handle = border.handle;
    handle.bytes[0] ^= planted(FALLS_DUE_UNKNOWN) ? 1 : 0;
    line_hex(&w, "handle", id_span(&handle));
    put_text(&w, "partner KOR\nagreement EXCHANGE\n");
    line_instant(&w, "due", due);
    put_text(&w, "certifiers 2\n");
    border_leaf_of(&border.jpn, LEAF_FALLS_DUE, &w);
    w.len = 0;
    border.later = MS_PER_DAY;
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "partner KOR\n");
    line_instant(&w, "due", due - (planted(OVERDUE_OTHERWISE) ? 1 : 0));
    put_text(&w, "duty destroy\n");
    border_leaf_of(&border.jpn, LEAF_OVERDUE, &w);
}

static void certify_by(const char *who)
{
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    const char   *first = border.jpn.officer[0];
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "reason burnt\n");
    border.jpn.officer[0] = who;
    (void)act_alone(&border.jpn, "certify", writer_span(&w));
    border.jpn.officer[0] = first;
}

static void destroyed_go(instant due)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    uint64_t      index = 0;
    merkle_hash   hash = {{0}};
    const char   *second = planted(CERTIFIED_ONE_CHAIN) ? "han" : "ito";
    certify_by("abe");
    if (!planted(CERTIFIED_UNSIGNED)) {
        certify_by(second);
    }
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "partner KOR\n");
    line_instant(&w, "due", due + (planted(DESTROYED_OTHERWISE) ? 1 : 0));
    put_text(&w, "certifier abe\n");
    if (!planted(CERTIFIED_BY_ONE)) {
        line_text(&w, "certifier", span_text(second));
    }
    border_leaf(&border.jpn, LEAF_DESTROYED, writer_span(&w), &index, &hash);
    w.len = 0;
    line_hex(&w, "handle", id_span(&border.handle));
    line_number(&w, "leaf", index);
    line_hex(&w, "hash", SPAN_OF(hash.bytes));
    put_text(&w, "certifier abe\ncertifier ito\nmedium none\n");
    letter_goes(&border.jpn, &border.kor, 3, "certificate", writer_span(&w));
}

static void duties_go(void)
{
    instant due = border_time() + MS_PER_SECOND;
    fitter_add();
    contractor_go();
    loss_go();
    due_go(due);
    destroyed_go(due);
}

static void batch_make(void)
{
    secret         key = {{3}}, other = {{9}};
    struct aead   *aead = aead_open(&key);
    struct seal    s, *list[] = {&s};
    struct signer *signer = signer_open(border.faults.other_sealer ? &other : &border.sealer);
    seal_open(&s, &border.epoch, &key, 100, aead, border.batch, sizeof border.batch);
    for (unsigned i = 0; i < BORDER_ITEMS; i++) {
        BORDER_OK(seal_item(&s, SPAN_LIT("a report")));
    }
    turn_end(list, 1, signer, &border.batch_bytes, NULL);
    signer_close(signer);
    aead_close(aead);
}

/* What a reader was refused has no signature of his, so that equal refusals are one leaf. */
static void refused_leaf(void)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    line_hex(&w, "handle", id_span(&border.handle));
    put_text(&w, "person abe\nmarking " BORDER_MARKING "\nown-level JPN:GOKUHI\n"
                 "own-level-chosen no\nfailed clearance\n");
    border_leaf_of(&border.jpn, LEAF_OPENING_REFUSED, &w);
    put_text(&w, "repeated 3\n");
    border_leaf_of(&border.jpn, LEAF_OPENING_REFUSED, &w);
}

static void grant_carry(void)
{
    uint8_t             head[INBOX_HEAD_MAX + ID_LEN];
    struct writer       w = WRITER_OF(head);
    struct inbox_record r = {.number = 1, .kind = ENTRY_GRANT};
    BORDER_OK(name_of(SPAN_LIT("KOR"), &r.partner));
    inbox_head_put(&w, &r);
    put_id(&w, &border.handle);
    border_append(&border.jpn.pouches, writer_span(&w),
                  border.faults.other_grant ? SPAN_LIT("another grant") : SPAN_LIT(BORDER_GRANT));
}

static void batch_carry(void)
{
    uint8_t             head[INBOX_HEAD_MAX];
    struct writer       w = WRITER_OF(head);
    struct inbox_record r = {.number = border.faults.number_again ? 1 : 2, .kind = ENTRY_BATCH};
    border_append(&border.kor.pouches, border.batch_bytes, (span){NULL, 0});
    if (border.faults.item_lost) {
        return;
    }
    BORDER_OK(name_of(SPAN_LIT("KOR"), &r.partner));
    memcpy(border.batch, border.handle.bytes, ID_LEN); /* each link has a handle of its own */
    inbox_head_put(&w, &r);
    border_append(&border.jpn.pouches, writer_span(&w), border.batch_bytes);
}

static void lanes_entry(struct border_log *l, uint64_t number, uint8_t kind, uint64_t items)
{
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    name          jpn;
    BORDER_OK(name_of(SPAN_LIT("JPN"), &jpn));
    put_name(&w, &jpn);
    put_u8(&w, 0);
    put_u64(&w, number);
    put_u8(&w, kind);
    put_id(&w, &border.epoch);
    put_id(&w, &border.handle);
    put_u8(&w, 0);
    put_u64(&w, 4096);
    put_u64(&w, items);
    put_u64(&w, 4096);
    border_append(l, writer_span(&w), (span){NULL, 0});
}

/* The test's records are all of type 1, as an entry is. */
static void lanes_make(void)
{
    static struct border_log l;
    border_log_open(&l, border.kor.dir, "lanes");
    lanes_entry(&l, 1, ENTRY_GRANT, 0);
    lanes_entry(&l, border.faults.lanes_before ? 1 : 2, ENTRY_BATCH, BORDER_ITEMS);
    border_log_close(&l);
}

static void side_checkpoint(struct border_side *s)
{
    uint8_t         record[CHECKPOINT_NOTE_MAX + 1], key[SIGN_PUBLIC_LEN];
    char            origin[32];
    struct writer   w = WRITER_OF(record);
    struct note_key note;
    struct signer  *signer = signer_open(&s->identity);
    sign_public(&s->identity, key);
    (void)snprintf(origin, sizeof origin, "accord/%s", s->code);
    BORDER_OK(note_key_make(span_text(origin), key, &note));
    BORDER_OK(ledger_checkpoint(&s->ledger, &note, signer, &w));
    border_append(&s->log, writer_span(&w), (span){NULL, 0});
    signer_close(signer);
}

/* ---- */

static void border_make(struct border_faults faults)
{
    memset(&border, 0, sizeof border);
    border.faults = faults;
    (void)snprintf(border.root, sizeof border.root, "/tmp/accord-cli-XXXXXX");
    assert_non_null(mkdtemp(border.root));
    border.tables = calloc(1, sizeof *border.tables);
    assert_non_null(border.tables);
    memset(border.epoch.bytes, 0xe1, ID_LEN);
    memset(border.handle.bytes, 0xa7, ID_LEN);
    border.sealer.key[0] = 5;
    side_init(&border.kor, "KOR", "kim", "lee");
    side_init(&border.jpn, "JPN", "abe", "ito");
    side_begin(&border.kor);
    side_begin(&border.jpn);
    side_policies(&border.kor);
    side_policies(&border.jpn);
    law_make();
    side_trust(&border.kor, &border.jpn);
    side_trust(&border.jpn, &border.kor);
    side_agreements(&border.kor);
    side_agreements(&border.jpn);
    kor_rules();
    kor_source("radar", "track");
    if (!faults.no_assurance) {
        kor_assurance();
    }
    bool letters =
        faults.paused || faults.letter_lost || faults.letter_forged || faults.letter_unknown;
    bool follow = faults.letters || faults.letter_other || faults.letter_waits ||
                  faults.letter_made_up || faults.order_undone || faults.order_otherwise ||
                  faults.receipt_stale || faults.receipt_not || faults.certificate_stale;
    if (faults.paused || faults.other_effect || faults.other_direction || faults.ahead) {
        kor_pause();
    }
    if (letters) {
        pause_letter();
    }
    case_make();
    given_leaves();
    taken_leaf();
    if (follow) {
        kor_pause();
        pause_letter();
    }
    bool ordered = follow && !faults.letter_waits && !faults.letter_made_up;
    if (ordered) {
        order_go();
    }
    if (follow && !faults.receipt_not) {
        receipt_go(ordered && !faults.order_undone ? 2 : 1);
    }
    if (faults.certified || faults.certificate_stale) {
        certificate_go(3);
    }
    if (faults.duties != DUTIES_NONE) {
        duties_go();
    }
    if (faults.receipt_not) {
        uint64_t    index;
        merkle_hash hash;
        border.later = 2 * MS_PER_DAY;
        border_leaf(&border.jpn, LEAF_STARTED, SPAN_LIT("boot 01\n"), &index, &hash);
    }
    if (faults.cut) {
        kor_pause();
        pause_letter();
    }
    if (faults.refused_ahead) {
        refused_ahead();
        kor_pause();
    }
    refused_leaf();
    grant_carry();
    batch_make();
    batch_carry();
    if (faults.lanes || faults.lanes_before) {
        lanes_make();
    }
    if (faults.more != NULL) {
        faults.more();
    }
    side_checkpoint(&border.kor);
    side_checkpoint(&border.jpn);
    border_log_close(&border.kor.log);
    border_log_close(&border.kor.pouches);
    border_log_close(&border.jpn.log);
    border_log_close(&border.jpn.pouches);
}

static void border_remove(void)
{
    char line[128];
    (void)snprintf(line, sizeof line, "rm -r %s", border.root);
    assert_int_equal(system(line), 0);
    free(border.tables);
    json_decref(border_answer);
    border_answer = NULL;
}

#endif
