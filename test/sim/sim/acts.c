/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of people: who may sign them with whom, how long they wait, and what they may not change. */
#include "stage.h"

#include "crypt/cert.h"
#include "guard/state.h"
#include "language/language.h"

#define CHALLENGE_MS (5 * MS_PER_MINUTE)

static const char source_body[] =
    "source s\ntransport udp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"
    "marking KOR:II of KOR about dprk-missile from radar to JPN\naccess -\n";

/* Someone of the first officer's chain who has every role that he has. */
static void twin_enrol(struct gate *g)
{
    enrol_in(g, "one",
             &(struct enrol){"twin", "KOR", "officer,reader,registrar,security", "KOR:II",
                             "dprk-missile"});
}

static void two_signatures_are_of_two_chains(void **state)
{
    struct gate *g = *state;
    twin_enrol(&g[KOR]);
    struct gate_act a = {.act = "source-add", .body = source_body, .by = {"ok1", "twin"}};
    err             e = gate_act(&g[KOR], &a, NULL);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the second signature must come from another chain of command");
    a.by[0] = "twin";
    a.by[1] = "ok1";
    assert_int_equal(gate_act(&g[KOR], &a, NULL).code, ERR_DENIED);
    assert_false(ledger_says(&g[KOR], "say source s\n"));
    a.by[1] = "ok2";
    must(gate_act(&g[KOR], &a, NULL));
}

static void rules_of_two_officers(struct gate *g)
{
    static struct diagnostics d;
    static struct rules       rules;
    static uint8_t            table[AGREEMENT_TABLE_MAX];
    struct writer             w = WRITER_OF(table);
    must(language_compile_rules(SPAN_LIT("rules KOR\n    hold report from human for 2 officers\n"),
                                &law.policies, &d, &rules));
    rules_write(&law.policies, &rules, &w);
    struct gate_act a = {.act = "rules-load",
                         .body = "rules KOR\n",
                         .attachment = writer_span(&w),
                         .by = {"ok1", "ok2"}};
    must(gate_act(g, &a, NULL));
}

static err approve(struct gate *g, const id *epoch, const char *who, struct writer *result)
{
    uint8_t       hex[64];
    char          body[128];
    struct writer h = WRITER_OF(hex);
    put_hex(&h, id_span(epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act a = {.act = "approve", .body = body, .by = {who, NULL}};
    return gate_act(g, &a, result);
}

static void two_approvals_are_of_two_chains(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    uint8_t          text[256];
    struct writer    result = WRITER_OF(text);
    people_make(g);
    twin_enrol(&g[KOR]);
    rules_of_two_officers(&g[KOR]);
    must(submit(&g[KOR], "author", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    must(approve(&g[KOR], &epoch, "ok1", &result));
    assert_true(span_is(writer_span(&result), "outcome held for another officer\n"));
    err e = approve(&g[KOR], &epoch, "twin", NULL);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "another approval must come from another chain of command");
    assert_int_equal(approve(&g[KOR], &epoch, "ok1", NULL).code, ERR_CONFLICT);
    assert_false(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    must(approve(&g[KOR], &epoch, "ok2", &result));
    assert_true(span_is(writer_span(&result), "outcome released\n"));
    assert_true(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    gate_mail_drop(&grant);
}

static void a_challenge_waits_five_minutes(void **state)
{
    struct gate            *g = *state;
    static struct challenge c;
    must(ask(&g[KOR], "ok1", "session", "minutes 5\n", &c));
    g[KOR].boot_ms += CHALLENGE_MS - 1;
    must(sign(&g[KOR], "ok1", &c));
    must(ask(&g[KOR], "ok1", "session", "minutes 5\n", &c));
    g[KOR].boot_ms += CHALLENGE_MS;
    assert_int_equal(sign(&g[KOR], "ok1", &c).code, ERR_UNKNOWN);
    /* the second signature is no exception */
    must(ask(&g[KOR], "ok1", "source-add", source_body, &c));
    must(sign(&g[KOR], "ok1", &c));
    g[KOR].boot_ms += CHALLENGE_MS;
    assert_int_equal(sign(&g[KOR], "ok2", &c).code, ERR_UNKNOWN);
    assert_false(ledger_says(&g[KOR], "say source s\n"));
}

static void nobody_signs_for_another(void **state)
{
    struct gate            *g = *state;
    static struct challenge c, other;
    must(ask(&g[KOR], "ok1", "source-add", source_body, &other));
    must(ask(&g[KOR], "ok1", "source-add", source_body, &c));
    assert_int_equal(sign_with(&g[KOR], "ok1", "ok2", &c).code, ERR_FORGED);
    must(sign(&g[KOR], "ok1", &c));
    assert_int_equal(sign_with(&g[KOR], "ok2", "ok1", &c).code, ERR_FORGED);
    other.number = c.number; /* what he signed was another text */
    assert_int_equal(sign(&g[KOR], "ok2", &other).code, ERR_FORGED);
    assert_false(ledger_says(&g[KOR], "say source s\n"));
    must(sign(&g[KOR], "ok2", &c));
    assert_true(ledger_says(&g[KOR], "say source s\n"));
}

static void an_act_comes_to_its_end_once(void **state)
{
    struct gate            *g = *state;
    static struct challenge c;
    must(ask(&g[KOR], "ok1", "session", "minutes 5\n", &c));
    must(sign(&g[KOR], "ok1", &c));
    assert_int_equal(sign(&g[KOR], "ok1", &c).code, ERR_UNKNOWN);
    assert_int_equal(sign(&g[KOR], "ok2", &c).code, ERR_UNKNOWN);
    must(ask(&g[KOR], "ok1", "source-add", source_body, &c));
    must(sign(&g[KOR], "ok1", &c));
    must(sign(&g[KOR], "ok2", &c));
    assert_int_equal(sign(&g[KOR], "ok2", &c).code, ERR_UNKNOWN);
    assert_int_equal(sign(&g[KOR], "ok1", &c).code, ERR_UNKNOWN);
}

static err source_at(struct gate *g, const char *source, const char *by, const char *more)
{
    char body[512];
    snprintf(body, sizeof body,
             "source %s\n%s\nkind track\nprecedence FLASH\n"
             "marking KOR:II of KOR about dprk-missile from radar to JPN\naccess -\n%s",
             source, by, more);
    struct gate_act add = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
    return gate_act(g, &add, NULL);
}

static void what_cannot_be_listened_to_is_no_source(void **state)
{
    struct gate    *g = &((struct gate *)*state)[KOR];
    struct gate_act remove = {.act = "source-remove", .body = "source a\n", .by = {"ok1", NULL}};
    must(source_at(g, "a", "transport udp\naddress 127.0.0.1:9", ""));
    err e = source_at(g, "b", "transport udp\naddress 127.0.0.1:9", "");
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.why, "another source has this address already");
    must(source_at(g, "m", "transport udp\naddress 239.2.3.1:9%eth1", ""));
    e = source_at(g, "n", "transport udp\naddress 239.2.3.1:9",
                  ""); /* it would have the other's reports */
    assert_int_equal(e.code, ERR_CONFLICT);
    must(source_at(g, "n", "transport udp\naddress 239.2.3.1:9%eth2", ""));
    must(source_at(g, "b", "transport tcp\naddress 127.0.0.1:9", ""));
    e = source_at(g, "c", "transport tcp\naddress 127.0.0.1:10", "form asterix\n");
    assert_int_equal(e.code, ERR_MALFORMED);
    assert_string_equal(e.why, "a radar (form asterix) sends by UDP alone");
    must(source_at(g, "c", "transport tcp\naddress 127.0.0.1:10", "form ais\n"));
    must(gate_act(g, &remove, NULL));
    must(source_at(g, "d", "transport udp\naddress 127.0.0.1:9", "form asterix\n"));
    must(gate_restart(g));
}

/* The guard looks itself: another tool than ours could let two people sign nonsense. */
static void an_address_that_is_none_is_refused(void **state)
{
    static const char *const bad[] = {"transport tcp\naddress nonsense",
                                      "transport tcp\naddress 127.0.0.1:0",
                                      "transport tcp\naddress localhost:9",
                                      "transport tcp\naddress 239.2.3.1:9%eth1",
                                      "transport udp\naddress 239.2.3.1:9%",
                                      "transport udp\naddress 239.2.3.1:9%a b",
                                      "transport udp\naddress 239.2.3.1:9%a%b",
                                      "transport udp\naddress 239.2.3.1:9%e123456789012345",
                                      "transport udp\naddress 127.0.0.1:65536"};
    struct gate             *g = &((struct gate *)*state)[KOR];
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(source_at(g, "a", bad[i], "").code, ERR_MALFORMED);
    }
    must(source_at(g, "a", "transport udp\naddress 239.2.3.1:9%eth1", ""));
    must(source_at(g, "b", "transport tls\naddress [::1]:9", ""));
}

static bool sources_say(struct gate *g, const char *what)
{
    static char text[LOOK_ROOM + 1];
    const id    none = {{0}};
    must(look_as(g, "ok1", LOOK_SOURCES, &none, text, sizeof text));
    return strstr(text, what) != NULL;
}

static void intake_says(struct gate *g, uint16_t number, enum err_code code)
{
    uint8_t       body[3];
    struct writer w = WRITER_OF(body);
    put_u16(&w, number);
    put_u8(&w, (uint8_t)code);
    gate_say(g, CALLER_INTAKE, REQUEST_LISTENING, 1, SPAN_OF(body));
}

/* An officer may sign a source before its interface is there, so it is no refusal; but he sees it. */
static void a_source_that_is_not_listened_to_is_shown(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    must(source_at(g, "a", "transport udp\naddress 8.8.8.8:9", ""));
    uint16_t number = (uint16_t)(g->guard->source_count - 1);
    assert_true(sources_say(g, "\nlistening not known"));
    intake_says(g, number, ERR_UNKNOWN);
    assert_true(
        sources_say(g, "\nlistening no: the address or interface is none of this machine's\n"));
    intake_says(g, number, ERR_CONFLICT);
    assert_true(sources_say(g, "\nlistening no: another program has this address\n"));
    intake_says(g, number, ERR_NONE);
    assert_true(sources_say(g, "\nlistening yes\n"));
    time_pass(g, 30001);
    assert_true(sources_say(g, "\nlistening not known"));
    intake_says(g, (uint16_t)(number + 1), ERR_NONE);
    assert_int_equal(refusal(g).code, ERR_MALFORMED);
}

/* Each is told what of it is wrong. */
static void what_a_source_cannot_say_is_named(void **state)
{
    static const struct {
        const char *more, *why;
    } bad[] = {
        {"form asterix\nsite 91.0000000,127.0000000,10\n", "latitude"},
        {"form asterix\nsite 37.0000000,181.0000000,10\n", "180"},
        {"form asterix\nsite 37.0000000,127.0000000,9001\n", "9,000"},
        {"form asterix\nsite 37.0000000,127.0000000,high\n", "metres"},
    };
    struct gate    *g = &((struct gate *)*state)[KOR];
    static char     body[1024], access[256];
    struct gate_act add = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = source_at(g, "a", "transport udp\naddress 127.0.0.1:9", bad[i].more);
        assert_true(err_is(e) && strstr(e.why, bad[i].why) != NULL);
    }
    memset(access, 'a', sizeof access - 1);
    snprintf(body, sizeof body,
             "source a\ntransport udp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"
             "marking KOR:II of KOR about dprk-missile from radar to JPN\naccess %s\n",
             access);
    assert_non_null(strstr(gate_act(g, &add, NULL).why, "access"));
}

static void what_is_derived_alone_is_called_hidden(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    err          e = source_at(g, "hidden-radar", "transport udp\naddress 127.0.0.1:9", "");
    assert_int_equal(e.code, ERR_DENIED);
    must(source_at(g, "hidden", "transport udp\naddress 127.0.0.1:9", ""));
}

static err terminal_make(struct gate *g, const char *terminal)
{
    uint8_t       body[256];
    struct writer w = WRITER_OF(body);
    line_text(&w, "terminal", span_text(terminal));
    line_text(&w, "key", SPAN_LIT(DEVICE_KEY));
    put_u8(&w, 0);
    struct gate_act a = {.act = "terminal", .body = (const char *)body, .by = {"ok1", NULL}};
    return gate_act(g, &a, NULL);
}

#define PHONE "terminal phone\nminutes 5\ntopics -\n"

static err tak_on(struct gate *g, const char *terminal)
{
    char body[128];
    snprintf(body, sizeof body, "terminal %s\nminutes 5\ntopics -\n", terminal);
    struct gate_act a = {.act = "tak-on", .body = body, .by = {"ok1", NULL}};
    return gate_act(g, &a, NULL);
}

/* Under some keys of the right length anybody signs, and of others no certificate can be made. */
static void a_key_that_is_nobodys_is_refused(void **state)
{
    static const struct {
        const char *act, *body;
    } given[] = {
        {"person-add", "person x\nkey " PERSON_KEY_ZERO "\nnationality KOR\nemployer KOR\nchain x\n"
                       "roles reader\nclearance -\ntopics -\n"},
        {"reader-add", "reader x\nroom ops\nkey " PERSON_KEY_ZERO "\n"},
        {"display-add", "display x\nroom ops\nkey " DEVICE_KEY_ZERO "\nceiling KOR:II\n"},
        {"terminal", "terminal x\nkey " DEVICE_KEY_ZERO "\n"},
        {"partner-trust", "partner JPN\nidentity " PERSON_KEY_ZERO "\naddress 192.0.2.1:1\n"
                          "authority MA==\n"},
    };
    struct gate    *g = &((struct gate *)*state)[KOR];
    struct gate_act a = {.act = "room-add",
                         .body =
                             "room ops\nceiling KOR:II\npresence 5000\ncomes-back rule\ndoor no\n",
                         .by = {"ok1", "ok2"}};
    must(gate_act(g, &a, NULL));
    for (unsigned i = 0; i < ARRAY_LEN(given); i++) {
        a.act = given[i].act;
        a.body = given[i].body;
        err e = gate_act(g, &a, NULL);
        assert_true(strstr(e.why, "key") != NULL && err_is(e));
    }
}

/* What is revoked stays so over a start; the name gets another key, and that key nothing. */
static void a_terminal_that_was_revoked_is_none(void **state)
{
    struct gate    *g = &((struct gate *)*state)[KOR];
    struct gate_act revoke = {
        .act = "terminal-revoke", .body = "terminal phone\nkey -\n", .by = {"ok1", NULL}};
    struct gate_act         other = {.act = "terminal-revoke",
                                     .body = "terminal lost\nkey " PERSON_KEY_ZERO "\n",
                                     .by = {"ok1", NULL}};
    static struct challenge c;
    assert_int_equal(gate_act(g, &revoke, NULL).code, ERR_UNKNOWN);
    must(terminal_make(g, "phone"));
    must(terminal_make(g, "tablet")); /* the same key */
    must(ask(g, "ok1", "terminal-revoke", "terminal phone\nkey -\n", &c));
    assert_non_null(strstr((const char *)c.text,
                           "\nshown the certificates of 1 key of a terminal of this name are "
                           "revoked\n"));
    must(gate_act(g, &revoke, NULL));
    must(gate_act(g, &other, NULL)); /* one that no ledger knows */
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(tak_on(g, "phone").code, ERR_UNKNOWN);
        assert_int_equal(tak_on(g, "tablet").code, ERR_UNKNOWN);
        assert_int_equal(terminal_make(g, "phone").code, ERR_DENIED);
        assert_int_equal(terminal_make(g, "new").code, ERR_DENIED);
        assert_int_equal(gate_act(g, &revoke, NULL).code, ERR_UNKNOWN);
        must(gate_restart(g));
    }
    enrol(g, &(struct enrol){"kim", "KOR", "reader", "KOR:II", "dprk-missile"});
    revoke.by[0] = "kim";
    assert_int_equal(gate_act(g, &revoke, NULL).code, ERR_DENIED);
}

/* What is shown to who signs is the guard's word alone. */
static void nobody_else_says_what_was_shown(void **state)
{
    static const char *const lines[] = {"shown it is harmless\n", "shown\n", "shownit is\n"};
    struct gate             *g = &((struct gate *)*state)[KOR];
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        char body[512];
        snprintf(body, sizeof body, "%s%s", source_body, lines[i]);
        struct gate_act a = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
        err             e = gate_act(g, &a, NULL);
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_string_equal(e.why, "what is shown beside an act is the guard's to say");
    }
    assert_false(ledger_says(g, "say source s\n"));
}

/* Policies, agreements and rules lie beside their leaves, which name them: no other text is folded in their place. */
static void a_law_that_was_changed_on_the_disk_is_not_taken(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    unsigned     attachments = 0;
    size_t       at = 0;
    rules_of_two_officers(g);
    uint8_t      *copy = malloc(g->ledger.len);
    span          ledger = {copy, g->ledger.len};
    struct reader records = reader_of(ledger);
    assert_non_null(copy);
    memcpy(copy, writer_span(&g->ledger).ptr, ledger.len);
    must(gate_refold(g, ledger));
    while (records.rest.len > 0) {
        span record = read_block32(&records, RECORD_MAX);
        at = ledger.len - records.rest.len - record.len / 2;
        if (record.ptr[0] == RECORD_ATTACHMENT) {
            copy[at] ^= 1;
            assert_int_equal(gate_refold(g, ledger).code, ERR_FORGED);
            copy[at] ^= 1;
            attachments++;
        }
    }
    assert_true(attachments > 2);
    must(gate_refold(g, ledger));
    free(copy);
}

static void device_key(uint8_t out[static SHA256_LEN])
{
    uint8_t spki[CERT_SPKI_MAX];
    size_t  len = 0;
    must(text_base64(SPAN_LIT(DEVICE_KEY), spki, sizeof spki, &len));
    sha256((span){spki, len}, out);
}

static void revoke_body(char out[static 128], const char *terminal, const uint8_t key[SHA256_LEN])
{
    struct writer w = writer_of(out, 127);
    line_text(&w, "terminal", span_text(terminal));
    line_hex(&w, "key", (span){key, SHA256_LEN});
    out[w.len] = 0;
}

/* By the key of another, or of the authority, somebody else would be locked out than who was named. */
static void a_key_is_revoked_under_its_own_name(void **state)
{
    struct gate            *g = &((struct gate *)*state)[KOR];
    static struct challenge c;
    struct cert             own;
    uint8_t                 key[SHA256_LEN];
    char                    body[2][128];
    struct gate_act         revoke = {.act = "terminal-revoke", .by = {"ok1", NULL}};
    must(terminal_make(g, "phone"));
    must(terminal_make(g, "tablet")); /* the same key */
    device_key(key);
    revoke_body(body[0], "lost", key);
    revoke.body = body[0];
    assert_int_equal(gate_act(g, &revoke, NULL).code, ERR_DENIED);
    must(cert_read((span){g->guard->authority, g->guard->authority_len}, &own));
    revoke_body(body[0], "phone", own.key_print);
    assert_int_equal(gate_act(g, &revoke, NULL).code, ERR_DENIED);
    revoke_body(body[0], "lost", (uint8_t[SHA256_LEN]){0});
    must(ask(g, "ok1", "terminal-revoke", body[0], &c));
    assert_non_null(strstr((const char *)c.text, "; nothing here is known of it\n"));
    revoke_body(body[1], "phone", key);
    must(ask(g, "ok1", "terminal-revoke", body[1], &c));
    assert_non_null(strstr((const char *)c.text, "on record under this name, are revoked\n"));
    assert_non_null(strstr((const char *)c.text, "so revoked with it, has tablet\n"));
    revoke.body = body[1];
    must(gate_act(g, &revoke, NULL));
}

static void a_terminal_that_nobody_has_is_refused(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    const char  *tls = "transport tls\naddress 127.0.0.1:9";
    assert_int_equal(source_at(g, "a", tls, "terminal phone\n").code, ERR_UNKNOWN);
    assert_int_equal(tak_on(g, "phone").code, ERR_UNKNOWN);
    must(source_at(g, "a", tls, "terminal ok1\n")); /* a person's own */
    must(tak_on(g, "ok2"));
    must(terminal_make(g, "phone"));
    must(tak_on(g, "phone"));
    must(gate_restart(g));
    must(source_at(g, "b", "transport tls\naddress 127.0.0.1:10", "terminal phone\n"));
}

/* Nobody's picture is exchanged for another's without his knowing; who watches over others signs that it is. */
static void a_terminal_is_one_persons_until_he_ends_it(void **state)
{
    static struct challenge c;
    struct gate            *g = &((struct gate *)*state)[KOR];
    struct gate_act         a = {.act = "tak-on", .body = PHONE, .by = {"kim", NULL}};
    enrol(g, &(struct enrol){"kim", "KOR", "reader", "KOR:II", "dprk-missile"});
    enrol(g, &(struct enrol){"min", "KOR", "reader", "KOR:II", "dprk-missile"});
    must(terminal_make(g, "phone"));
    must(gate_act(g, &a, NULL));
    must(gate_act(g, &a, NULL)); /* his own anew */
    a.by[0] = "min";
    assert_int_equal(gate_act(g, &a, NULL).code, ERR_DENIED);
    must(ask(g, "ok1", "tak-on", PHONE, &c));
    assert_non_null(strstr((const char *)c.text,
                           "\nshown it ends what was signed for this terminal "
                           "by kim\n"));
    a = (struct gate_act){.act = "tak-off", .body = "terminal phone\n", .by = {"kim", NULL}};
    must(gate_act(g, &a, NULL));
    a = (struct gate_act){.act = "tak-on", .body = PHONE, .by = {"min", NULL}};
    must(gate_act(g, &a, NULL));
}

/* Who signs for a TAK client is told which of the own sources it will not be shown. */
static void what_an_event_cannot_say_is_named(void **state)
{
    static struct challenge c;
    struct gate            *g = &((struct gate *)*state)[JPN];
    const char             *body = "terminal ok1\nminutes 5\ntopics -\n";
    struct gate_act         add = {
                .act = "source-add",
                .body =
                    "source secret\ntransport tcp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"
                            "marking JPN:TOKUTEI-HIMITSU of JPN about dprk-missile from radar to KOR\naccess -\n",
                .by = {"ok1", "ok2"}};
    must(ask(g, "ok1", "tak-on", body, &c));
    assert_null(strstr((const char *)c.text, "cannot say"));
    must(gate_act(g, &add, NULL));
    must(ask(g, "ok1", "tak-on", body, &c));
    assert_non_null(strstr((const char *)c.text,
                           "\nshown not these, as an event cannot say their marking: secret\n"));
}

static void what_is_signed_has_no_tabs(void **state)
{
    struct gate *g = *state;
    id           epoch;
    people_make(g);
    struct product tabbed = imagery;
    tabbed.title = "one\ttwo";
    assert_int_equal(submit(&g[KOR], "author", &tabbed, &epoch).code, ERR_MALFORMED);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(source_at(&g[KOR], "a\tb", "transport udp\naddress 127.0.0.1:9", "").code,
                     ERR_MALFORMED);
}

static void a_list_says_of_a_source_what_was_signed(void **state)
{
    static const char *const said[] = {"form asterix\n",
                                       "unknown refuse\n",
                                       "dated now\n",
                                       "retention 30\n",
                                       "site 37.5000000,-127.0000000,-12\n",
                                       "extent 36.0000000,129.5000000,41.0000000,135.0000000\n",
                                       "shows-less position-m=1000\n"};
    static char              text[LOOK_ROOM + 1];
    struct gate             *g = &((struct gate *)*state)[KOR];
    const id                 none = {{0}};
    must(source_at(g, "radar", "transport udp\naddress 127.0.0.1:9",
                   "extent 36.0000000,129.5000000,41.0000000,135.0000000\n"
                   "reduced position-m=1000\nform asterix\nunknown refuse\ndated now\n"
                   "retention 30\nsite 37.5000000,-127.0000000,-12\n"));
    must(look_as(g, "ok1", LOOK_SOURCES, &none, text, sizeof text));
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        assert_non_null(strstr(text, said[i]));
    }
    assert_null(strstr(text, "terminal"));
    assert_null(strstr(text, "\nreduced"));
}

/* ---- agreements ---- */

static void each_party_has_signed_this_agreement(void **state)
{
    struct gate *g = *state;
    renewed_make(law.agreements.agreement[0].in_force_on);
    span                   own = SPAN_OF(renewed.digest), other = SPAN_OF(law.agreement[0].digest);
    const struct signed_by wrong[][2] = {
        {{"KOR", &g[KOR], own, 0}, {"JPN", &g[JPN], own, 1}},   /* one bit */
        {{"KOR", &g[KOR], own, 1}, {"JPN", &g[JPN], own, 0}},   /* our own, one bit */
        {{"KOR", &g[KOR], own, 0}, {"JPN", &g[KOR], own, 0}},   /* ours for theirs */
        {{"KOR", &g[KOR], own, 0}, {"JPN", &g[USA], own, 0}},   /* a third's for theirs */
        {{"KOR", &g[KOR], own, 0}, {"JPN", &g[JPN], other, 0}}, /* theirs, of another agreement */
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(renewed_load(&g[KOR], wrong[i], 2).code, ERR_FORGED);
    }
    const struct signed_by right[] = {{"KOR", &g[KOR], own, 0}, {"JPN", &g[JPN], own, 0}};
    assert_int_equal(renewed_load(&g[KOR], right, 1).code, ERR_DENIED);
    assert_int_equal(renewed_load(&g[KOR], right + 1, 1).code, ERR_DENIED);
    must(renewed_load(&g[KOR], right, 2));
    unsigned instruments = g[KOR].guard->instrument_count;
    must(renewed_load(&g[KOR], right, 2)); /* once more is no more */
    assert_int_equal(g[KOR].guard->instrument_count, instruments);
    assert_int_equal(g[KOR].guard->tables.agreements.count, LAW_AGREEMENTS + 1);
    renewed_make(start);
    const struct signed_by other_text[] = {{"KOR", &g[KOR], SPAN_OF(renewed.digest), 0},
                                           {"JPN", &g[JPN], SPAN_OF(renewed.digest), 0}};
    assert_int_equal(renewed_load(&g[KOR], other_text, 2).code, ERR_CONFLICT);
}

static void an_assurance_is_its_givers_word(void **state)
{
    struct gate  *g = *state;
    uint8_t       body[1024], text[2048];
    struct writer w = WRITER_OF(body), result = WRITER_OF(text);
    line_text(&w, "from", SPAN_LIT("JPN"));
    line_text(&w, "to", SPAN_LIT("KOR"));
    line_text(&w, "agreement", SPAN_LIT("GSOMIA"));
    line_text(&w, "levels", SPAN_LIT("KOR:II,KOR:III"));
    line_text(&w, "topics", SPAN_LIT("dprk-missile"));
    line_instant(&w, "valid-from", g[JPN].now - MS_PER_DAY);
    line_instant(&w, "valid-until", g[JPN].now + 30 * MS_PER_DAY);
    line_text(&w, "authority", SPAN_LIT("Ministry of Defence"));
    put_u8(&w, 0);
    struct gate_act give = {
        .act = "assurance-give", .body = (const char *)body, .by = {"ok1", NULL}};
    must(gate_act(&g[JPN], &give, &result));
    put_u8(&result, 0);
    struct gate_act load = {
        .act = "assurance-load", .body = (const char *)text, .by = {"ok1", NULL}};
    char *topics = strstr((char *)text, "dprk-missile");
    assert_non_null(topics);
    memcpy(topics, "dprk-nuclear", 12);
    assert_int_equal(gate_act(&g[KOR], &load, NULL).code, ERR_FORGED);
    memcpy(topics, "dprk-missile", 12);
    char *digit = strstr((char *)text, "signature ") + 10;
    char  was = *digit;
    *digit = was == '0' ? '1' : '0';
    assert_int_equal(gate_act(&g[KOR], &load, NULL).code, ERR_FORGED);
    *digit = was;
    must(gate_act(&g[KOR], &load, NULL));
}

/* ---- partners and people ---- */

static void an_identity_is_pinned_once(void **state)
{
    struct gate     *g = *state;
    uint8_t          body[CERT_DER_MAX * 2];
    struct writer    w = WRITER_OF(body);
    struct gate_mail grant;
    id               epoch, handle;
    put_text(&w, "partner JPN\nidentity ");
    put_hex(&w, SPAN_OF(g[USA].identity_public));
    put_text(&w, "\naddress 127.0.0.1:1\nauthority ");
    put_base64(&w, (span){g[USA].authority, g[USA].authority_len});
    put_text(&w, "\n");
    put_u8(&w, 0);
    struct gate_act a = {.act = "partner-trust", .body = (const char *)body, .by = {"ok1", "ok2"}};
    err             e = gate_act(&g[KOR], &a, NULL);
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.why, "this partner's identity is pinned already");
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

static void who_is_revoked_acts_no_more(void **state)
{
    struct gate            *g = *state;
    static struct challenge asked, half;
    twin_enrol(&g[KOR]);
    must(ask(&g[KOR], "twin", "session", "minutes 5\n", &asked));
    must(ask(&g[KOR], "ok2", "source-add", source_body, &half));
    must(sign(&g[KOR], "ok2", &half));
    struct gate_act revoke = {.act = "person-revoke", .body = "person twin\n", .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &revoke, NULL));
    assert_int_equal(sign(&g[KOR], "twin", &asked).code, ERR_UNKNOWN);
    assert_int_equal(sign(&g[KOR], "twin", &half).code, ERR_UNKNOWN);
    assert_int_equal(ask(&g[KOR], "twin", "session", "minutes 5\n", &asked).code, ERR_UNKNOWN);
    must(sign(&g[KOR], "ok1", &half));
    must(gate_restart(&g[KOR]));
    assert_int_equal(ask(&g[KOR], "twin", "session", "minutes 5\n", &asked).code, ERR_UNKNOWN);
}

/* Else nobody could ever be enrolled again: that takes two chains of command. */
static void two_chains_keep_a_registrar(void **state)
{
    struct gate    *g = &((struct gate *)*state)[KOR];
    struct gate_act second = {.act = "person-revoke", .body = "person ok2\n", .by = {"ok1", NULL}};
    struct gate_act own = {.act = "person-revoke", .body = "person ok1\n", .by = {"ok1", NULL}};
    twin_enrol(g); /* another of the first chain is no help to the second */
    assert_int_equal(gate_act(g, &second, NULL).code, ERR_STATE);
    struct gate_act add = {.act = "source-add", .body = source_body, .by = {"ok1", "ok2"}};
    must(gate_act(g, &add, NULL));
    enrol_in(g, "two",
             &(struct enrol){"deputy", "KOR", "auditor,officer,reader,registrar,security", "KOR:II",
                             "dprk-missile"});
    must(gate_act(g, &second, NULL));
    must(gate_act(g, &own, NULL));
    struct gate_act last = {
        .act = "person-revoke", .body = "person deputy\n", .by = {"twin", NULL}};
    assert_int_equal(gate_act(g, &last, NULL).code, ERR_STATE);
    struct gate_act remove = {.act = "source-remove", .body = "source s\n", .by = {"deputy", NULL}};
    must(gate_act(g, &remove, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(two_signatures_are_of_two_chains),
        STORY(two_approvals_are_of_two_chains),
        STORY(a_challenge_waits_five_minutes),
        STORY(nobody_signs_for_another),
        STORY(an_act_comes_to_its_end_once),
        STORY(each_party_has_signed_this_agreement),
        STORY(an_assurance_is_its_givers_word),
        STORY(an_identity_is_pinned_once),
        STORY(who_is_revoked_acts_no_more),
        STORY(two_chains_keep_a_registrar),
        STORY(what_cannot_be_listened_to_is_no_source),
        STORY(an_address_that_is_none_is_refused),
        STORY(a_source_that_is_not_listened_to_is_shown),
        STORY(what_a_source_cannot_say_is_named),
        STORY(what_is_derived_alone_is_called_hidden),
        STORY(a_key_that_is_nobodys_is_refused),
        STORY(nobody_else_says_what_was_shown),
        STORY(a_law_that_was_changed_on_the_disk_is_not_taken),
        STORY(a_terminal_that_nobody_has_is_refused),
        STORY(a_terminal_that_was_revoked_is_none),
        STORY(a_key_is_revoked_under_its_own_name),
        STORY(a_terminal_is_one_persons_until_he_ends_it),
        STORY(what_an_event_cannot_say_is_named),
        STORY(what_is_signed_has_no_tabs),
        STORY(a_list_says_of_a_source_what_was_signed),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
