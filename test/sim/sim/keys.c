/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and certificates: how long they live, that none comes twice, and that none is there untold. */
#include "stage.h"

#include "guard/kept.h"

#define DAY (24 * MS_PER_HOUR)

/* ---- day keys ---- */

static const struct day_key *day_key_last(const struct gate *g)
{
    assert_true(g->guard->day_key_count > 0);
    return &g->guard->day_key[g->guard->day_key_count - 1];
}

static enum err_code day_key_slot(struct gate *g, const struct day_key *k)
{
    slot_id slot = {{'d', 'a', 'y', '-', 'k', 'e', 'y', '-'}};
    uint8_t body[SLOT_BODY_MAX];
    size_t  len;
    memcpy(slot.bytes + 8, k->public.id, DAY_KEY_ID_LEN);
    return slot_get(&g->slots, &slot, body, &len).code;
}

static void ticks(struct gate *g)
{
    for (unsigned i = 0; i < 3; i++) {
        gate_tick(g);
        gate_mail_clear(g);
    }
}

static void day_keys_come_and_are_destroyed_on_time(void **state)
{
    struct gate   *g = &((struct gate *)*state)[KOR];
    struct day_key first, second;
    ticks(g);
    first = *day_key_last(g);
    assert_true(first.until - first.from == 2 * DAY);
    g->now = first.from + DAY - 1;
    ticks(g);
    assert_memory_equal(&day_key_last(g)->public, &first.public, sizeof first.public);
    g->now = first.from + DAY;
    ticks(g);
    second = *day_key_last(g);
    assert_memory_not_equal(&second.public.id, &first.public.id, DAY_KEY_ID_LEN);
    assert_memory_not_equal(&second.public.key, &first.public.key, HPKE_PUBLIC_LEN);
    g->now = first.until - 1;
    ticks(g);
    assert_int_equal(day_key_slot(g, &first), ERR_NONE);
    g->now = first.until;
    ticks(g);
    assert_int_equal(day_key_slot(g, &first), ERR_STATE);
    assert_int_equal(day_key_slot(g, &second), ERR_NONE);
    must(gate_restart(g));
    assert_int_equal(day_key_slot(g, &first), ERR_STATE);
}

static void at_every_day_two_keys_are_held_at_most(void **state)
{
    struct gate   *g = &((struct gate *)*state)[KOR];
    struct day_key old[8];
    for (unsigned i = 0; i < ARRAY_LEN(old); i++) {
        ticks(g);
        old[i] = *day_key_last(g);
        assert_true(g->guard->day_key_count <= 2);
        for (unsigned k = 0; k < i; k++) {
            assert_int_equal(day_key_slot(g, &old[k]), k + 1 < i ? ERR_STATE : ERR_NONE);
        }
        time_pass(g, DAY);
        must(gate_restart(g));
    }
}

/* A gateway that was off for a week destroys what it should have destroyed meanwhile. */
static void a_week_off_leaves_no_old_key(void **state)
{
    struct gate   *g = &((struct gate *)*state)[KOR];
    struct day_key first;
    ticks(g);
    first = *day_key_last(g);
    time_pass(g, 7 * DAY);
    must(gate_restart(g));
    ticks(g);
    assert_int_equal(day_key_slot(g, &first), ERR_STATE);
    assert_int_equal(g->guard->day_key_count, 1);
}

/* ---- certificates ---- */

struct certified {
    struct cert cert;
    uint8_t     der[CERT_DER_MAX];
    size_t      len;
};

static void certify(struct gate *g, enum caller from, span spki, const char *host,
                    struct certified *out)
{
    uint8_t          body[512];
    struct writer    w = WRITER_OF(body);
    struct gate_mail m;
    put_block16(&w, spki);
    put_block8(&w, span_text(host));
    gate_say(g, from, REQUEST_CERTIFY, 4, writer_span(&w));
    assert_true(gate_take(g, ANSWER_CERTIFICATE, &m));
    assert_int_equal(m.to, from);
    struct reader r = reader_of((span){m.bytes, m.len});
    span          der = read_block16(&r, CERT_DER_MAX);
    span          issuer = read_block16(&r, CERT_DER_MAX);
    instant       until = (instant)read_u64(&r);
    must(reader_end(&r));
    must(cert_read(der, &out->cert));
    assert_true(span_equal(issuer, (span){g->authority, g->authority_len}));
    assert_true(until - out->cert.until < MS_PER_SECOND && out->cert.until <= until);
    memcpy(out->der, der.ptr, der.len);
    out->len = der.len;
    gate_mail_drop(&m);
}

static void a_process_has_a_certificate_for_a_day(void **state)
{
    static const struct {
        enum caller from;
        const char *role, *host, *in_der;
    } row[] = {
        {CALLER_COURIER, "courier", "gateway.kor.example", "\x82\x13gateway.kor.example"},
        {CALLER_DESK, "desk", "192.0.2.17", "\x87\x04\xc0\x00\x02\x11"},
        {CALLER_DESK, "desk", "", ""},
        {CALLER_INTAKE, "intake", "198.51.100.4", "\x87\x04\xc6\x33\x64\x04"},
    };
    struct gate     *g = &((struct gate *)*state)[KOR];
    uint8_t          key[CERT_KEY_MAX], spki[CERT_SPKI_MAX];
    struct writer    k = WRITER_OF(key), s = WRITER_OF(spki);
    struct certified c;
    must(cert_key_make(DH_P256, &k));
    must(cert_key_public(writer_span(&k), &s));
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const size_t len = i % 2 == 1 ? 6 : strlen(row[i].in_der);
        certify(g, row[i].from, writer_span(&s), row[i].host, &c);
        assert_true(c.cert.until - c.cert.from <= 86400 * MS_PER_SECOND);
        assert_true(c.cert.from <= g->now && c.cert.until > g->now + 23 * MS_PER_HOUR);
        assert_string_equal(c.cert.unit, row[i].role);
        assert_string_equal(c.cert.common, "KOR");
        assert_false(c.cert.authority);
        assert_true(span_equal((span){c.cert.spki, c.cert.spki_len}, writer_span(&s)));
        assert_non_null(memmem(c.der, c.len, row[i].in_der, len));
    }
}

/* ---- epochs ---- */

static void no_epoch_key_comes_twice(void **state)
{
    struct gate *g = *state;
    struct kept  k[12];
    id           epoch;
    people_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(k); i++) {
        must(submit(&g[KOR], "author", &imagery, &epoch));
        must(kept_get(g[KOR].guard, &epoch, &k[i]));
        assert_true(id_equal(&k[i].cover.epoch, &epoch));
        for (unsigned n = 0; n < i; n++) {
            assert_memory_not_equal(k[i].key.key, k[n].key.key, SECRET_LEN);
            assert_false(id_equal(&k[i].cover.epoch, &k[n].cover.epoch));
        }
        if (i % 3 == 2) {
            must(gate_restart(&g[KOR]));
        }
    }
}

/* Power went between the slot and its leaf: the partner is told nothing, and may send it again. */
static void a_slot_without_its_leaf_is_nothing(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, m;
    id               epoch;
    struct kept      k;
    uint8_t          body[GRANT_MAX + 128], raw[SLOT_BODY_MAX];
    struct writer    w = WRITER_OF(body);
    size_t           len;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    struct reader  r = reader_of((span){grant.bytes, grant.len});
    struct granted row;
    granted_read(&r, &row);
    put_name(&w, &g[KOR].party);
    put_id(&w, &row.handle);
    put_block16(&w, row.grant);
    g[JPN].cut = (struct gate_cut){.place = GATE_CUT_SLOTS};
    gate_say(&g[JPN], CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    assert_false(gate_take(&g[JPN], ANSWER_RECEIVED, &m));
    must(gate_restart(&g[JPN]));
    slot_id slot;
    memcpy(slot.bytes, row.handle.bytes, SLOT_ID_LEN);
    must(slot_get(&g[JPN].slots, &slot, raw, &len)); /* it is on the disk … */
    assert_int_equal(kept_get(g[JPN].guard, &row.handle, &k).code, ERR_UNKNOWN);
    assert_int_equal(open_as(&g[JPN], "sato", &row.handle).code, ERR_DENIED);
    assert_true(
        receive(&g[JPN], &g[KOR], &grant, &row.handle)); /* … and does not stand in the way */
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &row.handle));
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &row.handle));
    gate_mail_drop(&grant);
}

static err closed(struct gate *g, enum caller from, const id *epoch)
{
    uint8_t       body[64], root[32] = {1};
    struct writer w = WRITER_OF(body);
    put_id(&w, epoch);
    put_u64(&w, 1);
    put_span(&w, SPAN_OF(root));
    gate_say(g, from, REQUEST_CLOSED, 5, writer_span(&w));
    return refusal(g);
}

#define SOURCE                                                                                     \
    "source s\ntransport udp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"                 \
    "marking KOR:II of KOR about dprk-missile from radar to JPN\naccess -\n"

static id feed_epoch(struct gate *g, const char *body)
{
    struct gate_act  add = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
    struct gate_mail m;
    struct epoch_row row;
    must(gate_act(g, &add, NULL));
    gate_say(g, CALLER_INTAKE, REQUEST_ORIGIN, 6, (span){(const uint8_t *)"\0\0", 2});
    assert_true(gate_take(g, ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    must(reader_end(&r));
    gate_mail_drop(&m);
    return row.epoch;
}

static void who_seals_an_epoch_closes_it(void **state)
{
    struct gate *g = *state;
    id           product, feed;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &product));
    feed = feed_epoch(&g[KOR], SOURCE);
    assert_int_equal(closed(&g[KOR], CALLER_INTAKE, &product).code, ERR_DENIED);
    assert_int_equal(closed(&g[KOR], CALLER_DESK, &feed).code, ERR_DENIED);
    assert_false(ledger_says(&g[KOR], "kind closed"));
    must(closed(&g[KOR], CALLER_DESK, &product));
    must(closed(&g[KOR], CALLER_INTAKE, &feed));
    assert_true(ledger_says(&g[KOR], "kind closed"));
}

static enum err_code kept_code(struct gate *g, const id *epoch)
{
    struct kept k;
    return kept_get(g->guard, epoch, &k).code;
}

/* A table of slots is gone through in a while; nothing else happens. */
static void days_pass(struct gate *g, unsigned days)
{
    time_pass(g, days * DAY);
    for (unsigned i = 0; i < 2 + g->slots.count / EXPIRY_SLOTS_A_TURN; i++) {
        time_pass(g, MS_PER_SECOND);
        ticks(g);
    }
}

static void what_came_of_a_source_is_kept_so_long(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    people_make(*state);
    id epoch = feed_epoch(g, SOURCE "retention 3\n");
    days_pass(g, 4);
    assert_int_equal(kept_code(g, &epoch), ERR_NONE); /* it is still open */
    must(closed(g, CALLER_INTAKE, &epoch));
    days_pass(g, 0);
    assert_true(ledger_says(g, "kind expired"));
    assert_true(ledger_says(g, "days 3"));
    assert_int_equal(kept_code(g, &epoch), ERR_STATE);
    must(gate_restart(g));
    assert_int_equal(kept_code(g, &epoch), ERR_STATE);
}

static void what_may_be_kept_is_kept(void **state)
{
    struct gate *g = &((struct gate *)*state)[KOR];
    id           product;
    people_make(*state);
    must(submit(g, "author", &imagery, &product));
    id epoch = feed_epoch(g, SOURCE "dated now\nretention 3\n");
    must(closed(g, CALLER_INTAKE, &epoch));
    days_pass(g, 2);
    assert_int_equal(kept_code(g, &epoch), ERR_NONE);
    days_pass(g, 1);
    assert_int_equal(kept_code(g, &epoch), ERR_STATE);
    assert_int_equal(kept_code(g, &product), ERR_NONE);
}

/* What the guard says to a desk that greets it: of how many epochs, and of which last */
static unsigned told_again(struct gate *g, struct arrived *last)
{
    struct gate_mail m;
    unsigned         count = 0;
    uint8_t          sealer[SIGN_PUBLIC_LEN] = {1};
    gate_mail_clear(g);
    gate_say(g, CALLER_DESK, REQUEST_GREET, 1, SPAN_OF(sealer));
    for (; gate_take(g, ANSWER_ARRIVED, &m); count++) {
        struct reader r = reader_of((span){m.bytes, m.len});
        arrived_read(&r, last);
        must(reader_end(&r));
        gate_mail_drop(&m);
    }
    return count;
}

static void a_desk_is_told_of_feeds_that_came_before_the_guard_started(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    struct arrived   row;
    id               product, feed, running, handle;
    people_make(g);
    feed = feed_epoch(&g[KOR], SOURCE);
    assert_int_equal(release(&g[KOR], &feed, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &running));
    gate_mail_drop(&grant);
    must(submit(&g[KOR], "author", &imagery, &product));
    assert_int_equal(release(&g[KOR], &product, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(told_again(&g[JPN], &row), 1);
        assert_true(id_equal(&row.handle, &running) && row.kind == KIND_TRACK);
        assert_true(span_is(name_span(&row.originator), "KOR"));
        assert_true(span_is(name_span(&row.feed), "s"));
        if (i == 0) {
            must(gate_restart(&g[JPN]));
        }
    }
    must(kept_destroy(g[JPN].guard, &running));
    assert_int_equal(told_again(&g[JPN], &row), 1); /* by the name that was read */
    must(gate_restart(&g[JPN]));
    assert_int_equal(told_again(&g[JPN], &row), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(day_keys_come_and_are_destroyed_on_time),
        STORY(at_every_day_two_keys_are_held_at_most),
        STORY(a_week_off_leaves_no_old_key),
        STORY(a_process_has_a_certificate_for_a_day),
        STORY(no_epoch_key_comes_twice),
        STORY(a_slot_without_its_leaf_is_nothing),
        STORY(who_seals_an_epoch_closes_it),
        STORY(what_came_of_a_source_is_kept_so_long),
        STORY(what_may_be_kept_is_kept),
        STORY(a_desk_is_told_of_feeds_that_came_before_the_guard_started),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
