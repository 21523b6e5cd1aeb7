/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/tls.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypt/openssl.h"
#include "crypt/revoked.h"
#include "party.h"

static struct party kor, jpn, usa;
static instant      now;

#define TURNS_MAX 50 /* a handshake takes four */

/* side - one end of a socket pair */
struct side {
    int                 fd;
    struct tls_context *context;
    struct tls         *tls;
    enum tls_step       step;
    err                 e;
};

static int set_up(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    now = (instant)time(NULL) * MS_PER_SECOND;
    kor = party_make("KOR", now - MS_PER_DAY, now + 10 * MS_PER_DAY);
    jpn = party_make("JPN", now - MS_PER_DAY, now + 10 * MS_PER_DAY);
    usa = party_make("USA", now - MS_PER_DAY, now + 10 * MS_PER_DAY);
    return 0;
}

static struct leaf fresh(const struct party *p, enum cert_role role)
{
    return leaf_make(p, role, DH_P384, now - MS_PER_MINUTE, now + MS_PER_HOUR);
}

static struct tls_settings settings(const struct leaf *l, const span *trusted, size_t count,
                                    bool server)
{
    return (struct tls_settings){
        .cert = in(&l->cert),
        .key = in(&l->key),
        .trusted = trusted,
        .trusted_count = count,
        .roles = set_one(ROLE_COURIER),
        .alpn = "accord/1",
        .server = server,
    };
}

static void sides_open(struct side s[static 2], const struct tls_settings *client,
                       const struct tls_settings *server, const char *host)
{
    int fd[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
    for (int i = 0; i < 2; i++) {
        s[i] = (struct side){.fd = fd[i], .step = TLS_WANT_READ, .e = OK};
        assert_false(err_is(tls_context_open(i == 0 ? client : server, &s[i].context)));
        assert_false(err_is(tls_open(s[i].context, fd[i], i == 0 ? host : NULL, &s[i].tls)));
    }
}

static void sides_close(struct side s[static 2])
{
    for (int i = 0; i < 2; i++) {
        tls_close(s[i].tls);
        tls_context_close(s[i].context);
        close(s[i].fd);
    }
}

/* shake - both in turn until both are done or one has failed */
static void shake(struct side s[static 2])
{
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        for (int i = 0; i < 2; i++) {
            if (s[i].step != TLS_DONE && !err_is(s[i].e)) {
                s[i].e = tls_handshake(s[i].tls, &s[i].step);
            }
        }
    }
}

/* meet - a client and a server with these leaves, each trusting KOR, JPN */
static void meet(struct side s[static 2], const struct leaf *client, const struct leaf *server)
{
    const span          trusted[] = {in(&kor.ca), in(&jpn.ca)};
    struct tls_settings c = settings(client, trusted, 2, false);
    struct tls_settings v = settings(server, trusted, 2, true);
    sides_open(s, &c, &v, NULL);
    shake(s);
}

static void good_peers_know_each_other(void **state)
{
    (void)state;
    struct leaf     a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    struct side     s[2];
    struct tls_peer peer;
    struct cert     want;

    meet(s, &a, &b);
    assert_string_equal(err_is(s[0].e) ? s[0].e.why : "", "");
    assert_string_equal(err_is(s[1].e) ? s[1].e.why : "", "");
    assert_int_equal(s[0].step, TLS_DONE);
    assert_int_equal(s[1].step, TLS_DONE);
    assert_false(err_is(tls_peer(s[0].tls, &peer)));
    assert_int_equal(peer.authority, 0);
    assert_int_equal(peer.role, ROLE_COURIER);
    assert_string_equal(peer.cert.common, "gw1");
    assert_false(err_is(tls_peer(s[1].tls, &peer)));
    assert_int_equal(peer.authority, 1);
    assert_false(err_is(cert_read(in(&a.cert), &want)));
    assert_memory_equal(peer.cert.fingerprint, want.fingerprint, SHA256_LEN);
    assert_memory_equal(peer.cert.key_print, want.key_print, SHA256_LEN);
    assert_non_null(strstr(tls_context_groups(s[0].context), "X25519"));
    sides_close(s);
}

/* Also one that is connected, and a certificate that is made of the same key later. */
static void who_is_revoked_is_known_and_comes_no_more(void **state)
{
    (void)state;
    struct leaf     a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER), d;
    struct side     s[2], t[2];
    struct tls_peer peer;
    uint8_t         other[SHA256_LEN] = {1};

    meet(s, &a, &b);
    assert_false(err_is(tls_peer(s[1].tls, &peer)));
    assert_false(err_is(tls_revoke(other)));
    assert_false(tls_is_revoked(s[1].tls));
    assert_false(err_is(tls_revoke(peer.cert.key_print)));
    assert_false(err_is(tls_revoke(peer.cert.key_print)));
    assert_true(tls_is_revoked(s[1].tls));
    assert_false(tls_is_revoked(s[0].tls));
    meet(t, &a, &b);
    assert_int_equal(t[1].e.code, ERR_DENIED);
    assert_string_equal(t[1].e.why, "the peer's certificate was revoked");
    assert_false(tls_is_revoked(t[1].tls)); /* there is no peer */
    uint8_t buf[8];
    size_t  len = 0;
    err     told = tls_read(t[0].tls, buf, sizeof buf, &len, &t[0].step);
    assert_int_equal(told.code, ERR_DENIED);
    assert_string_equal(told.why, "the peer says that our certificate was revoked");
    sides_close(t);
    d = fresh(&jpn, ROLE_COURIER);
    meet(t, &d, &b);
    assert_false(err_is(t[1].e));
    sides_close(t);
    sides_close(s);
}

/* However they come, each is found. */
static void as_many_are_revoked_as_there_is_room_for(void **state)
{
    (void)state;
    unsigned made = 0;
    for (unsigned i = 0; i < 2 * TLS_REVOKED_MAX; i++) {
        uint8_t  key[SHA256_LEN] = {0};
        unsigned number = i * 2654435761u;
        memcpy(key, &number, sizeof number);
        err e = tls_revoke(key);
        made += err_is(e) ? 0 : 1;
        assert_int_equal(revoked_has(key), !err_is(e));
    }
    assert_in_range(made, TLS_REVOKED_MAX - 8, TLS_REVOKED_MAX);
    for (unsigned i = 0; i < made; i++) {
        uint8_t  key[SHA256_LEN] = {0};
        unsigned number = i * 2654435761u;
        memcpy(key, &number, sizeof number);
        assert_true(revoked_has(key));
    }
}

static void bytes_go_both_ways_and_end(void **state)
{
    (void)state;
    static uint8_t big[300000], back[300000];
    struct leaf    a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    struct side    s[2];
    enum tls_step  step;
    size_t         put = 0, got = 0, len = 0;

    for (size_t i = 0; i < sizeof big; i++) {
        big[i] = (uint8_t)(i * 31 >> 3);
    }
    meet(s, &a, &b);
    while (got < sizeof big) { /* more than the socket holds, so both have to wait in between */
        if (put < sizeof big) {
            assert_false(
                err_is(tls_write(s[0].tls, (span){big + put, sizeof big - put}, &len, &step)));
            put += len;
        }
        do {
            assert_false(err_is(tls_read(s[1].tls, back + got, sizeof back - got, &len, &step)));
            got += len;
        } while (step == TLS_DONE && got < sizeof back);
    }
    assert_memory_equal(big, back, sizeof big);
    tls_end(s[1].tls);
    assert_false(err_is(tls_read(s[0].tls, back, sizeof back, &len, &step)));
    assert_int_equal(step, TLS_ENDED);
    sides_close(s);
}

static void a_peer_that_goes_without_goodbye_is_an_error(void **state)
{
    (void)state;
    struct leaf   a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    struct side   s[2];
    enum tls_step step;
    uint8_t       buf[10];
    size_t        len = 0;

    meet(s, &a, &b);
    shutdown(s[0].fd, SHUT_RDWR);
    assert_int_equal(tls_read(s[1].tls, buf, sizeof buf, &len, &step).code, ERR_IO);
    sides_close(s);
}

#define RECORD_LEN ((size_t)16384)

/* What the other side reads until there is nothing more for now: bytes that count up. */
static size_t counted_read(struct tls *t, size_t from)
{
    static uint8_t buf[RECORD_LEN];
    size_t         len = 0, all = 0;
    for (;;) {
        enum tls_step step;
        assert_false(err_is(tls_read(t, buf, sizeof buf, &len, &step)));
        if (step != TLS_DONE) {
            return all;
        }
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(buf[i], (uint8_t)((from + all + i) % 251));
        }
        all += len;
    }
}

static void write_counted(struct tls *t, uint8_t *bytes, size_t from, enum tls_step *step)
{
    size_t len = 0;
    for (size_t i = 0; i < RECORD_LEN; i++) {
        bytes[i] = (uint8_t)((from + i) % 251);
    }
    assert_false(err_is(tls_write(t, (span){bytes, RECORD_LEN}, &len, step)));
    assert_int_equal(len, *step == TLS_DONE ? RECORD_LEN : 0);
}

static void what_is_gathered_leaves_in_order_whatever_the_system_takes(void **state)
{
    (void)state;
    static struct tls_gather gather;
    static uint8_t           bytes[RECORD_LEN];
    struct leaf              a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    struct side              s[2];
    size_t                   put = 0, got = 0;
    int                      small = 4096;
    unsigned                 rests = 0;
    enum tls_step            step = TLS_DONE;

    meet(s, &a, &b);
    (void)counted_read(s[0].tls, 0); /* nothing yet */
    for (unsigned round = 0; round < 8; round++) {
        if (round == 4) {
            assert_int_equal(setsockopt(s[1].fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
        }
        tls_gather_begin(s[1].tls, &gather);
        for (unsigned i = 0; i < TLS_GATHER_RECORDS; i++, put += RECORD_LEN) {
            write_counted(s[1].tls, bytes, put, &step);
            assert_int_equal(step, TLS_DONE);
        }
        assert_int_equal(counted_read(s[0].tls, got), 0);
        assert_false(err_is(tls_gather_end(s[1].tls, &step)));
        assert_int_equal(step == TLS_WANT_WRITE, tls_rests(s[1].tls));
        if (tls_rests(s[1].tls)) { /* what comes next waits for it */
            rests++;
            write_counted(s[1].tls, bytes, put, &step);
            assert_int_equal(step, TLS_WANT_WRITE);
        }
        bool waits = tls_rests(s[1].tls);
        while (tls_rests(s[1].tls)) {
            got += counted_read(s[0].tls, got);
            assert_false(err_is(tls_gather_end(s[1].tls, &step)));
        }
        for (step = TLS_WANT_WRITE; waits && step != TLS_DONE;) {
            got += counted_read(s[0].tls, got);
            write_counted(s[1].tls, bytes, put, &step);
        }
        put += waits ? RECORD_LEN : 0;
        got += counted_read(s[0].tls, got);
        assert_int_equal(got, put);
    }
    assert_int_equal(rests, 4);
    sides_close(s);
}

/* refused - the server turns the client's leaf down, and says why */
static void refused(const struct leaf *client, const char *why)
{
    struct leaf     b = fresh(&kor, ROLE_COURIER);
    struct side     s[2];
    struct tls_peer peer;
    enum tls_step   step;
    uint8_t         buf[10];
    size_t          len = 0;

    meet(s, client, &b);
    assert_int_equal(s[1].e.code, ERR_DENIED);
    assert_string_equal(s[1].e.why, why);
    assert_int_equal(tls_peer(s[1].tls, &peer).code, ERR_STATE);
    if (!err_is(s[0].e)) { /* a client hears of it with its first read */
        assert_int_equal(tls_read(s[0].tls, buf, sizeof buf, &len, &step).code, ERR_DENIED);
    }
    sides_close(s);
}

static void an_unknown_authority_is_refused(void **state)
{
    (void)state;
    struct leaf a = fresh(&usa, ROLE_COURIER);
    refused(&a, "the peer's certificate is not signed by a party that we know");
}

static void a_namesake_of_an_authority_is_refused(void **state)
{
    (void)state;
    struct party false_kor = party_make("KOR", now - MS_PER_DAY, now + MS_PER_DAY);
    struct leaf  a = fresh(&false_kor, ROLE_COURIER);
    struct leaf  b = fresh(&kor, ROLE_COURIER);
    struct side  s[2];
    meet(s, &a, &b);
    assert_int_equal(s[1].e.code, ERR_DENIED);
    sides_close(s);
}

static void an_expired_leaf_is_refused(void **state)
{
    (void)state;
    struct leaf a =
        leaf_make(&jpn, ROLE_COURIER, DH_P384, now - MS_PER_HOUR, now - 2 * MS_PER_SECOND);
    refused(&a, "the peer's certificate has expired");
}

static void a_leaf_of_tomorrow_is_refused(void **state)
{
    (void)state;
    struct leaf a =
        leaf_make(&jpn, ROLE_COURIER, DH_P384, now + MS_PER_HOUR, now + 2 * MS_PER_HOUR);
    refused(&a, "the peer's certificate is not valid yet");
}

static void another_role_is_refused(void **state)
{
    (void)state;
    struct leaf a = fresh(&jpn, ROLE_TERMINAL);
    refused(&a, "the peer's certificate is for another role");
}

static void a_server_leaf_is_no_client(void **state)
{
    (void)state;
    struct leaf a = fresh(&jpn, ROLE_DESK);
    refused(&a, "the peer's certificate is not for this use");
}

static void an_identity_itself_is_no_leaf(void **state)
{
    (void)state;
    struct leaf a = {.key = jpn.key, .cert = jpn.ca};
    struct leaf b = fresh(&kor, ROLE_COURIER);
    struct side s[2];
    meet(s, &a, &b);
    assert_int_equal(s[1].e.code, ERR_DENIED);
    sides_close(s);
}

static void a_client_refuses_a_wrong_server(void **state)
{
    (void)state;
    struct leaf a = fresh(&jpn, ROLE_COURIER), b = fresh(&usa, ROLE_COURIER);
    struct side s[2];
    meet(s, &a, &b);
    assert_int_equal(s[0].e.code, ERR_DENIED);
    assert_true(err_is(s[1].e));
    sides_close(s);
}

static void hosts_are_checked_when_asked(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool        good;
    } rows[] = {{"gw.example", true}, {"127.0.0.1", true}, {"other.example", false},
                {"127.0.0.2", false}, {"::1", true},       {"0:0:0:0:0:0:0:1", true},
                {"::2", false},       {"[::1]", false}};
    struct leaf         a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    const span          trusted[] = {in(&kor.ca), in(&jpn.ca)};
    struct tls_settings c = settings(&a, trusted, 2, false);
    struct tls_settings v = settings(&b, trusted, 2, true);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct side s[2];
        sides_open(s, &c, &v, rows[i].host);
        shake(s);
        assert_int_equal(err_is(s[0].e), !rows[i].good);
        sides_close(s);
    }
}

static void another_protocol_is_refused(void **state)
{
    (void)state;
    static const char *const other[] = {"accord/2", NULL};
    struct leaf              a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    const span               trusted[] = {in(&kor.ca), in(&jpn.ca)};

    for (size_t i = 0; i < ARRAY_LEN(other); i++) {
        struct tls_settings c = settings(&a, trusted, 2, false);
        struct tls_settings v = settings(&b, trusted, 2, true);
        struct side         s[2];
        c.alpn = other[i];
        sides_open(s, &c, &v, NULL);
        shake(s);
        assert_int_equal(s[1].e.code, ERR_DENIED);
        assert_string_equal(s[1].e.why, "the peer speaks another protocol over TLS");
        sides_close(s);
    }
}

static void a_reload_leaves_old_connections(void **state)
{
    (void)state;
    struct leaf     a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    struct side     s[2];
    enum tls_step   step;
    uint8_t         buf[4];
    size_t          len = 0;
    struct tls_peer peer;

    meet(s, &a, &b);
    tls_context_close(s[0].context);
    tls_context_close(s[1].context);
    assert_false(err_is(tls_write(s[0].tls, SPAN_LIT("text"), &len, &step)));
    assert_false(err_is(tls_read(s[1].tls, buf, sizeof buf, &len, &step)));
    assert_memory_equal(buf, "text", 4);
    assert_false(err_is(tls_peer(s[1].tls, &peer)));
    assert_int_equal(peer.authority, 1);
    s[0].context = s[1].context = NULL;
    sides_close(s);
}

static void rubbish_is_malformed(void **state)
{
    (void)state;
    struct leaf         a = fresh(&jpn, ROLE_COURIER), b = fresh(&kor, ROLE_COURIER);
    const span          trusted[] = {in(&kor.ca), in(&jpn.ca)};
    struct tls_settings c = settings(&a, trusted, 2, false);
    struct tls_settings v = settings(&b, trusted, 2, true);
    struct side         s[2];
    sides_open(s, &c, &v, NULL);
    assert_int_equal(write(s[0].fd, "GET / HTTP/1.1\r\n\r\n", 18), 18);
    assert_true(err_is(tls_handshake(s[1].tls, &s[1].step)));
    sides_close(s);
}

/* stranger - a client made with libssl alone: no certificate, and versions up to `version` */
static err stranger(int version)
{
    struct leaf         b = fresh(&kor, ROLE_COURIER);
    const span          trusted[] = {in(&kor.ca), in(&jpn.ca)};
    struct tls_settings v = settings(&b, trusted, 2, true);
    struct side         s[2];
    SSL_CTX            *ctx = SSL_CTX_new(TLS_client_method());

    v.alpn = NULL;
    sides_open(s, &v, &v, NULL);
    assert_int_equal(SSL_CTX_set_max_proto_version(ctx, version), 1);
    SSL *ssl = SSL_new(ctx);
    assert_int_equal(SSL_set_fd(ssl, s[0].fd), 1);
    for (int turn = 0; turn < TURNS_MAX && s[1].step != TLS_DONE && !err_is(s[1].e); turn++) {
        (void)SSL_connect(ssl);
        s[1].e = tls_handshake(s[1].tls, &s[1].step);
    }
    err e = s[1].e;
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    sides_close(s);
    return e;
}

static void no_certificate_is_refused(void **state)
{
    (void)state;
    err e = stranger(TLS1_3_VERSION);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the peer showed no certificate");
}

static void older_tls_is_refused(void **state)
{
    (void)state;
    err e = stranger(TLS1_2_VERSION);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the peer does not speak TLS 1.3");
}

static void settings_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct leaf         a = fresh(&jpn, ROLE_COURIER), b = fresh(&jpn, ROLE_COURIER);
    const span          trusted[] = {in(&kor.ca), in(&a.cert)};
    struct tls_context *out = NULL;
    struct tls_settings s = settings(&a, trusted, 1, true);

    s.key = in(&b.key);
    assert_int_equal(tls_context_open(&s, &out).code, ERR_CONFLICT);
    s = settings(&a, trusted, 2, true);
    assert_int_equal(tls_context_open(&s, &out).code, ERR_MALFORMED);
    s = settings(&a, trusted, 1, true);
    s.cert = SPAN_LIT("no certificate");
    assert_int_equal(tls_context_open(&s, &out).code, ERR_MALFORMED);
    s.trusted_count = TLS_TRUSTED_MAX + 1;
    s.cert = in(&a.cert);
    assert_int_equal(tls_context_open(&s, &out).code, ERR_LIMIT);
    assert_null(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_peers_know_each_other),
        cmocka_unit_test(who_is_revoked_is_known_and_comes_no_more),
        cmocka_unit_test(bytes_go_both_ways_and_end),
        cmocka_unit_test(a_peer_that_goes_without_goodbye_is_an_error),
        cmocka_unit_test(what_is_gathered_leaves_in_order_whatever_the_system_takes),
        cmocka_unit_test(an_unknown_authority_is_refused),
        cmocka_unit_test(a_namesake_of_an_authority_is_refused),
        cmocka_unit_test(an_expired_leaf_is_refused),
        cmocka_unit_test(a_leaf_of_tomorrow_is_refused),
        cmocka_unit_test(another_role_is_refused),
        cmocka_unit_test(a_server_leaf_is_no_client),
        cmocka_unit_test(an_identity_itself_is_no_leaf),
        cmocka_unit_test(a_client_refuses_a_wrong_server),
        cmocka_unit_test(hosts_are_checked_when_asked),
        cmocka_unit_test(another_protocol_is_refused),
        cmocka_unit_test(a_reload_leaves_old_connections),
        cmocka_unit_test(rubbish_is_malformed),
        cmocka_unit_test(no_certificate_is_refused),
        cmocka_unit_test(older_tls_is_refused),
        cmocka_unit_test(settings_that_do_not_fit_are_refused),
        cmocka_unit_test(as_many_are_revoked_as_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
