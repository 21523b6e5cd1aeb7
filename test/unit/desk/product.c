/* SPDX-License-Identifier: Apache-2.0 */
/* Products: what is submitted here, what comes from a partner, and how both are opened */
#include "unit/desk/world.h"

#define SYNCED   UINT64_MAX
#define TERMINAL 1

/* Not a multiple of a chunk: two whole ones and a rest. */
#define CHUNK       (ITEM_PLAIN_MAX - 4)
#define CONTENT_LEN (2 * CHUNK + 777)

static uint8_t content[CONTENT_LEN];
static char    ticket[33];

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    for (size_t i = 0; i < sizeof content; i++) {
        content[i] = (uint8_t)(i * 7 + i / 251);
    }
    if (failed == 0) {
        greeted();
        w.answers = 0;
    }
    return failed;
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, world_end)

static void ticket_take(void)
{
    const char *at = strstr(w.json, "\"ticket\":\"");
    assert_non_null(at);
    memcpy(ticket, at + 10, 32);
    ticket[32] = 0;
}

/* ---- submitting ---- */

static const id     own_epoch = {{0xaa, 1}};
static const secret own_key = {{0x55}};
static uint8_t      digest_of_content[32];
static const char  *stated = ""; /* of itself, behind the marking */

static void submission_put(struct writer *json, uint64_t len, span digest)
{
    put_text(json, "{\"text\":\"accord submission 1\\nparty KOR\\nauthor kim\\nnonce ");
    put_text(json,
             "00000000000000000000000000000000\\ntime 2026-11-22T12:00:00.000Z\\nkind report\\n");
    put_text(json, "precedence ROUTINE\\nmarking KOR:II\\n");
    put_text(json, stated);
    put_text(json, "title A title\\nlength ");
    put_decimal(json, len);
    put_text(json, "\\ncontent ");
    put_hex(json, digest);
    put_text(json, "\\n\",\"signature\":\"");
    put_hex(json, (span){(const uint8_t[SIGNATURE_LEN]){0}, SIGNATURE_LEN});
    put_text(json, "\"}");
}

static void submitted(uint64_t len)
{
    uint8_t       buf[1024];
    struct writer json = WRITER_OF(buf);
    sha256((span){content, (size_t)len}, digest_of_content);
    submission_put(&json, len, SPAN_OF(digest_of_content));
    struct desk_request r = request_of(ASK_SUBMIT, TERMINAL);
    r.body = writer_span(&json);
    asks(5, &r);
    struct epoch_row row = {.epoch = own_epoch,
                            .source = SOURCE_NONE,
                            .key = own_key,
                            .lease_ms = 60000,
                            .items_max = 1 << 20};
    epoch_row_put(guard_says(ANSWER_EPOCH, guard_asked(REQUEST_SUBMIT).tag), &row);
    guard_sends();
    assert_int_equal(w.status, 201);
    ticket_take();
}

static void upload_asked(uint64_t len)
{
    struct desk_request r = request_of(ASK_UPLOAD, TERMINAL);
    r.named = span_text(ticket);
    r.body_len = len;
    asks(6, &r);
}

static err pieces(const uint8_t *from, size_t len)
{
    while (len > 0) {
        size_t piece = len < 50000 ? len : 50000;
        TRY(desk_piece(w.desk, asker_of(6), (span){from, piece}));
        from += piece;
        len -= piece;
    }
    return OK;
}

static struct guard_message closed_with(uint64_t items)
{
    struct guard_message m = guard_asked(REQUEST_CLOSED);
    struct reader        r = reader_of(m.body);
    id                   epoch = read_id(&r);
    assert_true(id_equal(&epoch, &own_epoch));
    assert_int_equal(read_u64(&r), items);
    return m;
}

static void uploaded(size_t len)
{
    submitted(len);
    upload_asked(len);
    assert_false(err_is(pieces(content, len)));
    desk_whole(w.desk, asker_of(6));
    w.answers = 0;
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.status, 200);
    assert_int_equal(w.answers, 1);
}

/* ---- opening ---- */

static uint64_t items_open = UINT64_MAX; /* as the guard's key says */

static void opened(const id *handle, const id *epoch, const secret *key, const uint8_t *sealer,
                   size_t len)
{
    uint32_t       tag = act_signed("open", TERMINAL, 40);
    uint8_t        result[1024];
    struct writer  out = WRITER_OF(result);
    struct key_row row = {.handle = *handle,
                          .epoch = *epoch,
                          .key = *key,
                          .lease_ms = 70000,
                          .content_len = len,
                          .items = items_open,
                          .banner = SPAN_LIT("KOR II"),
                          .describe = SPAN_LIT("title A title\n")};
    memcpy(row.sealer, sealer, sizeof row.sealer);
    sha256((span){content, len}, row.content_digest);
    key_row_put(&out, &row);
    struct writer *says = guard_says(ANSWER_DONE, tag);
    put_u32(says, 40);
    put_u8(says, 0);
    put_block16(says, writer_span(&out));
    guard_sends();
    assert_non_null(strstr(w.json, "\"banner\":\"KOR II\",\"describe\":\"title A title\\u000a\""));
    ticket_take();
}

static void own_opened(size_t len)
{
    secret         seed = {{7}};
    uint8_t        sealer[SIGN_PUBLIC_LEN];
    struct signer *s = signer_open(&seed);
    signer_public(s, sealer);
    signer_close(s);
    opened(&own_epoch, &own_epoch, &own_key, sealer, len);
}

static void download(uint8_t terminal)
{
    struct desk_request r = request_of(ASK_OPENED, terminal);
    r.named = span_text(ticket);
    w.refusals = 0;
    w.body_len = UINT64_MAX;
    w.body_got = 0;
    asks(7, &r);
    while (desk_work(w.desk)) {
    }
}

/* The guard reads it; the desk passes it on as it was signed. */
static void what_is_stated_goes_to_the_guard(void **state)
{
    (void)state;
    stated = "extent 36.0,129.5,41.0,135.0\\nreduced without=source\\n"
             "translation-of 77d00000000000000000000000000000\\n";
    submitted(CHUNK + 1);
    stated = "reduced without=source\\n";
    submitted(CHUNK + 1);
    stated = "";
}

static void what_was_submitted_is_opened_again_byte_for_byte(void **state)
{
    (void)state;
    uploaded(CONTENT_LEN);
    closed_with(3);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 3);
    assert_string_equal(w.json, "{\"epoch\":\"aa010000000000000000000000000000\",\"items\":3}");
    own_opened(CONTENT_LEN);
    download(TERMINAL);
    assert_int_equal(w.refusals, 0);
    assert_int_equal(w.body_len, CONTENT_LEN);
    assert_int_equal(w.body_got, CONTENT_LEN);
    assert_memory_equal(w.body, content, CONTENT_LEN);
}

static void nothing_and_one_chunk_are_contents_too(void **state)
{
    (void)state;
    const size_t lens[] = {0, 1, ITEM_PLAIN_MAX - 4};
    for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
        if (i > 0) {
            world_end(state);
            assert_int_equal(scene_begin(state), 0);
        }
        uploaded(lens[i]);
        closed_with(1);
        own_opened(lens[i]);
        download(TERMINAL);
        assert_int_equal(w.body_len, lens[i]);
        assert_int_equal(w.body_got, lens[i]);
        assert_memory_equal(w.body, content, lens[i]);
    }
}

static void an_upload_is_answered_only_after_the_sync(void **state)
{
    (void)state;
    submitted(100);
    upload_asked(100);
    assert_false(err_is(pieces(content, 100)));
    w.answers = 0;
    desk_whole(w.desk, asker_of(6));
    desk_synced(w.desk, 0);
    assert_int_equal(w.answers, 0);
    guard_quiet();
    desk_synced(w.desk, 8);
    assert_int_equal(w.answers, 1);
    closed_with(1);
}

static void other_content_than_was_signed_is_never_complete(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    content[CONTENT_LEN - 1] ^= 1;
    assert_false(err_is(pieces(content, CONTENT_LEN)));
    desk_whole(w.desk, asker_of(6));
    content[CONTENT_LEN - 1] ^= 1;
    assert_int_equal(w.refused.code, ERR_CONFLICT);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 2);
    closed_with(2);
    own_opened(CONTENT_LEN);
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_STATE);
    assert_int_equal(w.body_len, UINT64_MAX);
}

static void an_upload_of_another_length_is_refused_and_may_be_sent_again(void **state)
{
    (void)state;
    submitted(100);
    upload_asked(99);
    assert_int_equal(w.refused.code, ERR_CONFLICT);
    w.refusals = 0;
    upload_asked(100);
    assert_int_equal(w.refusals, 0);
    desk_gone(w.desk, asker_of(6));
    closed_with(0);
}

static void what_the_log_has_no_room_for_waits_in_order(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    w.append_full = true;
    assert_false(err_is(pieces(content, CONTENT_LEN)));
    desk_whole(w.desk, asker_of(6));
    assert_true(desk_waits(w.desk, asker_of(6)));
    w.answers = 0;
    desk_work(w.desk);
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.answers, 0);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 0);
    w.append_full = false;
    desk_work(w.desk);
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.answers, 1);
    closed_with(3);
    own_opened(CONTENT_LEN);
    download(TERMINAL);
    assert_memory_equal(w.body, content, CONTENT_LEN);
}

static void what_waits_for_room_is_bounded(void **state)
{
    (void)state;
    static const uint8_t chunk[ITEM_PLAIN_MAX - 4];
    w.append_full = true;
    struct desk_request r = request_of(ASK_SUBMIT, TERMINAL);
    uint8_t             buf[1024];
    struct writer       json = WRITER_OF(buf);
    submission_put(&json, UINT64_C(1) << 30, SPAN_OF(digest_of_content));
    r.body = writer_span(&json);
    asks(5, &r);
    struct epoch_row row = {
        .epoch = own_epoch, .key = own_key, .lease_ms = 60000, .items_max = 1 << 20};
    epoch_row_put(guard_says(ANSWER_EPOCH, guard_asked(REQUEST_SUBMIT).tag), &row);
    guard_sends();
    ticket_take();
    upload_asked(UINT64_C(1) << 30);
    unsigned taken = 0;
    while (!err_is(desk_piece(w.desk, asker_of(6), SPAN_OF(chunk)))) {
        taken++;
    }
    assert_int_equal(taken, DESK_BACKLOG_MAX);
    closed_with(0); /* nothing of it lies in the log */
}

static void a_stopped_upload_is_closed_as_it_lies_in_the_log(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    assert_false(err_is(pieces(content, CONTENT_LEN - 1)));
    stops(&(id){{1, 2, 3}}); /* another */
    guard_quiet();
    stops(&own_epoch);
    closed_with(2);
    assert_int_equal(w.refused.code, ERR_STATE);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 2);
    assert_true(err_is(pieces(content + CONTENT_LEN - 1, 1)));
    desk_whole(w.desk, asker_of(6));
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 2);
    guard_quiet();
}

static void a_stop_while_the_log_is_full_counts_nothing_that_waits(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    assert_false(err_is(pieces(content, CHUNK)));
    w.append_full = true;
    assert_false(err_is(pieces(content + CHUNK, CONTENT_LEN - CHUNK)));
    stops(&own_epoch);
    closed_with(1);
    w.append_full = false;
    desk_work(w.desk);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 1);
}

static void what_is_whole_when_it_is_stopped_is_kept(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    assert_false(err_is(pieces(content, CONTENT_LEN)));
    desk_whole(w.desk, asker_of(6));
    w.answers = 0;
    stops(&own_epoch);
    closed_with(3); /* at once, not after the sync */
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.answers, 1);
    guard_quiet(); /* and once */
}

static void a_guard_that_takes_no_messages_is_told_of_the_end_later(void **state)
{
    (void)state;
    submitted(CONTENT_LEN);
    upload_asked(CONTENT_LEN);
    assert_false(err_is(pieces(content, CONTENT_LEN)));
    desk_whole(w.desk, asker_of(6));
    w.guard_full = true;
    desk_synced(w.desk, SYNCED);
    assert_int_equal(w.status, 200);
    (void)desk_work(w.desk);
    w.guard_full = false;
    size_t sent = w.sent;
    (void)desk_work(w.desk);
    assert_int_equal(w.sent, sent + 1);
    closed_with(3);
    (void)desk_work(w.desk);
    assert_int_equal(w.sent, sent + 1);
}

static void leave_that_is_not_used_is_closed(void **state)
{
    (void)state;
    submitted(100);
    stops(&own_epoch);
    closed_with(0);
    upload_asked(100);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    submitted(100);
    at(w.boot_ms + DESK_TICKET_MS);
    desk_tick(w.desk);
    closed_with(0);
}

static void a_key_is_not_used_past_its_lease(void **state)
{
    (void)state;
    submitted(100);
    upload_asked(100);
    assert_false(err_is(pieces(content, 100)));
    at(61001);
    desk_whole(w.desk, asker_of(6));
    assert_int_equal(w.refused.code, ERR_STATE);
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 0);
}

static void a_ticket_is_for_one_terminal_once_and_for_a_minute(void **state)
{
    (void)state;
    uploaded(100);
    closed_with(1);
    own_opened(100);
    download(TERMINAL + 1);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    download(TERMINAL);
    assert_int_equal(w.body_got, 100);
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    assert_int_equal(w.body_got, 0);
    own_opened(100);
    at(w.boot_ms + 60000);
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    ticket[3] = 'x';
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_MALFORMED);
}

static void a_ticket_to_upload_opens_nothing(void **state)
{
    (void)state;
    submitted(100);
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
}

/* Each byte of each stored record, flipped: nothing of it is shown. */
static void of_an_altered_product_not_one_byte_is_shown(void **state)
{
    (void)state;
    uploaded(300);
    closed_with(1);
    struct kept_record *r = &w.record[LOG_OUTBOX_DESK][0];
    for (size_t i = 0; i < r->len; i += 13) {
        own_opened(300);
        r->bytes[i] ^= 0x10;
        download(TERMINAL);
        r->bytes[i] ^= 0x10;
        assert_int_equal(w.body_len, UINT64_MAX);
        assert_int_equal(w.refusals, 1);
        assert_int_equal(w.body_got, 0);
    }
    own_opened(300);
    download(TERMINAL);
    assert_int_equal(w.body_got, 300);
}

/* Who can seal under the sealer's key can still not say something else than the author signed. */
static void content_that_its_author_did_not_sign_is_not_shown(void **state)
{
    (void)state;
    uploaded(300);
    closed_with(1);
    content[7] ^= 1; /* what he signed was this */
    own_opened(300);
    content[7] ^= 1;
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_FORGED);
    assert_int_equal(w.body_len, UINT64_MAX);
    assert_int_equal(w.body_got, 0);
}

static void content_that_changes_between_the_readings_is_cut(void **state)
{
    (void)state;
    uploaded(CONTENT_LEN);
    closed_with(3);
    own_opened(CONTENT_LEN);
    struct desk_request r = request_of(ASK_OPENED, TERMINAL);
    r.named = span_text(ticket);
    asks(7, &r);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(desk_work(w.desk)); /* three chunks checked, the first sent */
    }
    assert_int_equal(w.body_len, CONTENT_LEN);
    w.record[LOG_OUTBOX_DESK][1].bytes[5000] ^= 1;
    while (desk_work(w.desk)) {
    }
    assert_int_equal(w.cuts, 1);
    assert_int_equal(w.body_got, ITEM_PLAIN_MAX - 4);
}

static void a_slow_client_gets_all_of_it_all_the_same(void **state)
{
    (void)state;
    uploaded(CONTENT_LEN);
    closed_with(3);
    own_opened(CONTENT_LEN);
    w.body_room = 0;
    download(TERMINAL);
    assert_int_equal(w.body_got, 0);
    while (w.body_got < CONTENT_LEN) {
        size_t before = w.body_got;
        w.body_room = 300000;
        desk_room(w.desk, asker_of(7));
        while (desk_work(w.desk)) {
        }
        assert_true(w.body_got > before);
    }
    assert_memory_equal(w.body, content, CONTENT_LEN);
}

/* ---- from a partner ---- */

static struct origin jpn;

static void chunks_come(size_t len, bool known_first)
{
    origin_begin(&jpn, 21);
    if (known_first) {
        arrives(&jpn, "");
    }
    for (size_t from = 0; from < len || from == 0; from += ITEM_PLAIN_MAX - 4) {
        size_t chunk = len - from < ITEM_PLAIN_MAX - 4 ? len - from : ITEM_PLAIN_MAX - 4;
        assert_false(err_is(seal_item(&jpn.seal, (span){content + from, chunk})));
        comes_from(origin_batch(&jpn), "JPN", true);
    }
    if (!known_first) {
        arrives(&jpn, "");
    }
}

static void a_partners_product_is_opened(void **state)
{
    (void)state;
    for (unsigned known_first = 0; known_first < 2; known_first++) {
        if (known_first > 0) {
            world_end(state);
            assert_int_equal(scene_begin(state), 0);
        }
        chunks_come(CONTENT_LEN, known_first > 0);
        opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, CONTENT_LEN);
        download(TERMINAL);
        assert_int_equal(w.body_got, CONTENT_LEN);
        assert_memory_equal(w.body, content, CONTENT_LEN);
        origin_end(&jpn);
    }
}

static void what_the_guard_says_nothing_of_is_kept_for_later(void **state)
{
    (void)state;
    origin_begin(&jpn, 21);
    assert_false(err_is(seal_item(&jpn.seal, (span){content, 100})));
    comes_from(origin_batch(&jpn), "JPN", true);
    at(w.boot_ms + 5000);
    desk_tick(w.desk);
    opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, 100);
    download(TERMINAL);
    assert_int_equal(w.body_got, 100);
    origin_end(&jpn);
}

static void the_shelf_is_made_again_from_the_logs(void **state)
{
    (void)state;
    origin_begin(&jpn, 21);
    assert_false(err_is(seal_item(&jpn.seal, (span){content, 100})));
    struct desk_record r = inbox_put(origin_batch(&jpn), "JPN", true);
    desk_shelve(w.desk, &r);
    opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, 100);
    download(TERMINAL);
    assert_int_equal(w.body_got, 100);
    origin_end(&jpn);
}

static void a_product_with_a_chunk_missing_is_not_opened(void **state)
{
    (void)state;
    origin_begin(&jpn, 21);
    for (unsigned i = 0; i < 3; i++) {
        assert_false(err_is(seal_item(&jpn.seal, (span){content, 100})));
        span batch = origin_batch(&jpn);
        if (i != 1) {
            struct desk_record r = inbox_put(batch, "JPN", true);
            desk_shelve(w.desk, &r);
        }
    }
    opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, CONTENT_LEN);
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_STATE);
    origin_end(&jpn);
}

/* ---- what the guard takes back ---- */

static void what_is_forgotten_is_not_read_to_its_end(void **state)
{
    (void)state;
    chunks_come(CONTENT_LEN, true);
    static const char *const partner[] = {"USA", "JPN"};
    for (unsigned theirs = 0; theirs < 2; theirs++) {
        opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, CONTENT_LEN);
        w.body_room = 100000;
        w.body_len = UINT64_MAX;
        download(TERMINAL);
        assert_int_equal(w.body_len, CONTENT_LEN);
        forgets(partner[theirs], NULL);
        w.body_room = SIZE_MAX;
        desk_room(w.desk, asker_of(7));
        while (desk_work(w.desk)) {
        }
        assert_int_equal(w.cuts, theirs);
        assert_true((w.body_got == CONTENT_LEN) == (theirs == 0));
    }
    origin_end(&jpn);
}

static void one_handle_that_is_forgotten_is_not_read_to_its_end(void **state)
{
    (void)state;
    static const id other = {{9}};
    chunks_come(CONTENT_LEN, true);
    for (unsigned its = 0; its < 2; its++) {
        opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, CONTENT_LEN);
        w.body_room = 100000;
        w.body_len = UINT64_MAX;
        download(TERMINAL);
        assert_int_equal(w.body_len, CONTENT_LEN);
        forgets("JPN", its ? &jpn.handle : &other);
        w.body_room = SIZE_MAX;
        desk_room(w.desk, asker_of(7));
        while (desk_work(w.desk)) {
        }
        assert_int_equal(w.cuts, its);
        assert_true((w.body_got == CONTENT_LEN) == (its == 0));
    }
    origin_end(&jpn);
}

static void a_ticket_for_what_is_forgotten_opens_nothing(void **state)
{
    (void)state;
    chunks_come(100, true);
    opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, 100);
    forgets("JPN", &jpn.handle);
    w.body_len = UINT64_MAX;
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_UNKNOWN);
    assert_int_equal(w.body_len, UINT64_MAX);
    origin_end(&jpn);
}

static void a_product_that_was_cut_short_is_not_read(void **state)
{
    (void)state;
    chunks_come(CONTENT_LEN, true);
    items_open = 2;
    opened(&jpn.handle, &jpn.epoch, &jpn.key, jpn.sealer_public, CONTENT_LEN);
    items_open = UINT64_MAX;
    w.body_len = UINT64_MAX;
    download(TERMINAL);
    assert_int_equal(w.refused.code, ERR_DENIED);
    assert_int_equal(w.body_len, UINT64_MAX);
    origin_end(&jpn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_is_stated_goes_to_the_guard),
        SCENE_TEST(what_was_submitted_is_opened_again_byte_for_byte),
        SCENE_TEST(nothing_and_one_chunk_are_contents_too),
        SCENE_TEST(an_upload_is_answered_only_after_the_sync),
        SCENE_TEST(other_content_than_was_signed_is_never_complete),
        SCENE_TEST(an_upload_of_another_length_is_refused_and_may_be_sent_again),
        SCENE_TEST(what_the_log_has_no_room_for_waits_in_order),
        SCENE_TEST(what_waits_for_room_is_bounded),
        SCENE_TEST(a_stopped_upload_is_closed_as_it_lies_in_the_log),
        SCENE_TEST(a_stop_while_the_log_is_full_counts_nothing_that_waits),
        SCENE_TEST(what_is_whole_when_it_is_stopped_is_kept),
        SCENE_TEST(a_guard_that_takes_no_messages_is_told_of_the_end_later),
        SCENE_TEST(leave_that_is_not_used_is_closed),
        SCENE_TEST(what_is_forgotten_is_not_read_to_its_end),
        SCENE_TEST(one_handle_that_is_forgotten_is_not_read_to_its_end),
        SCENE_TEST(a_ticket_for_what_is_forgotten_opens_nothing),
        SCENE_TEST(a_product_that_was_cut_short_is_not_read),
        SCENE_TEST(a_key_is_not_used_past_its_lease),
        SCENE_TEST(a_ticket_is_for_one_terminal_once_and_for_a_minute),
        SCENE_TEST(a_ticket_to_upload_opens_nothing),
        SCENE_TEST(of_an_altered_product_not_one_byte_is_shown),
        SCENE_TEST(content_that_its_author_did_not_sign_is_not_shown),
        SCENE_TEST(content_that_changes_between_the_readings_is_cut),
        SCENE_TEST(a_slow_client_gets_all_of_it_all_the_same),
        SCENE_TEST(a_partners_product_is_opened),
        SCENE_TEST(what_the_guard_says_nothing_of_is_kept_for_later),
        SCENE_TEST(the_shelf_is_made_again_from_the_logs),
        SCENE_TEST(a_product_with_a_chunk_missing_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
