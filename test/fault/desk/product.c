/* SPDX-License-Identifier: Apache-2.0 */
/* The n-th call for the guard, the log or the reading of it fails, for n = 1, 2, …: nothing is acknowledged
 * that is not in the log, and nothing but the whole content is ever shown */
#include "unit/desk/world.h"

#define CONTENT_LEN (ITEM_PLAIN_MAX + 1000)

static uint8_t  content[CONTENT_LEN];
static unsigned calls_left;

static bool fails_now(void)
{
    return calls_left > 0 && --calls_left == 0;
}

static err ask(void *ctx, span message)
{
    return fails_now() ? FAIL(STATE, "the guard is away") : play_ask(ctx, message);
}

static err append_one(void *ctx, span body, uint64_t *position)
{
    return fails_now() ? FAIL(IO, "the disk failed") : play_append(ctx, body, position);
}

static err read_one(void *ctx, enum log_name log, uint64_t position, span *body)
{
    return fails_now() ? FAIL(IO, "the disk failed") : play_read(ctx, log, position, body);
}

static void ticket_of_answer(char ticket[static 33])
{
    const char *at = strstr(w.json, "\"ticket\":\"");
    assert_non_null(at);
    memcpy(ticket, at + 10, 32);
    ticket[32] = 0;
}

static bool submit(const uint8_t digest[static 32], char ticket[static 33])
{
    uint8_t             buf[1024];
    struct writer       json = WRITER_OF(buf);
    struct desk_request r = request_of(ASK_SUBMIT, 1);
    put_text(&json, "{\"text\":\"accord submission 1\\nparty KOR\\nauthor kim\\nnonce ");
    put_text(&json,
             "00000000000000000000000000000000\\ntime 2026-11-22T12:00:00.000Z\\nkind report\\n");
    put_text(&json, "precedence ROUTINE\\nmarking KOR:II\\ntitle T\\nlength ");
    put_decimal(&json, CONTENT_LEN);
    put_text(&json, "\\ncontent ");
    put_hex(&json, (span){digest, 32});
    put_text(&json, "\\n\",\"signature\":\"");
    put_hex(&json, (span){(const uint8_t[SIGNATURE_LEN]){0}, SIGNATURE_LEN});
    put_text(&json, "\"}");
    r.body = writer_span(&json);
    asks(5, &r);
    if (w.refusals > 0) {
        return false;
    }
    struct epoch_row row = {.epoch = {{9}}, .lease_ms = 60000, .items_max = 100};
    epoch_row_put(guard_says(ANSWER_EPOCH, guard_asked(REQUEST_SUBMIT).tag), &row);
    guard_sends();
    ticket_of_answer(ticket);
    return true;
}

static bool upload(const char *ticket)
{
    struct desk_request r = request_of(ASK_UPLOAD, 1);
    r.named = span_text(ticket);
    r.body_len = CONTENT_LEN;
    w.status = 0;
    asks(6, &r);
    bool refused = err_is(desk_piece(w.desk, asker_of(6), SPAN_OF(content)));
    desk_whole(w.desk, asker_of(6));
    desk_synced(w.desk, UINT64_MAX);
    if (w.status != 200) {
        assert_true(refused || w.refusals > 0);
        return false;
    }
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 2);
    return true;
}

/* As if the guard had said yes: the key comes by the answer to a signature. */
static bool show(const uint8_t digest[static 32], char ticket[static 33])
{
    struct desk_request r = request_of(ASK_ACT, 1);
    r.body = SPAN_LIT("{\"person\":\"kim\",\"act\":\"open\",\"body\":\"\"}");
    asks(7, &r);
    if (w.refusals > 0) {
        return false;
    }
    w.heard = w.sent - 1;
    struct writer *out = guard_says(ANSWER_CHALLENGE, guard_asked(REQUEST_ACT).tag);
    put_u32(out, 4);
    put_block16(out, SPAN_LIT("text"));
    guard_sends();
    char body[256];
    snprintf(body, sizeof body, "{\"person\":\"kim\",\"signature\":\"%0128d\"}", 0);
    r = request_of(ASK_SIGN, 1);
    r.named = SPAN_LIT("4");
    r.body = span_text(body);
    asks(7, &r);
    if (w.refusals > 0) {
        return false;
    }
    secret         sealer = {{7}};
    struct signer *s = signer_open(&sealer);
    struct key_row row = {.handle = {{9}},
                          .epoch = {{9}},
                          .lease_ms = 60000,
                          .content_len = CONTENT_LEN,
                          .items = UINT64_MAX};
    uint8_t        result[512];
    struct writer  key = WRITER_OF(result);
    signer_public(s, row.sealer);
    signer_close(s);
    memcpy(row.content_digest, digest, 32);
    key_row_put(&key, &row);
    out = guard_says(ANSWER_DONE, guard_asked(REQUEST_SIGN).tag);
    put_u32(out, 4);
    put_u8(out, 0);
    put_block16(out, writer_span(&key));
    guard_sends();
    ticket_of_answer(ticket);
    return true;
}

static bool download(const char *ticket)
{
    struct desk_request r = request_of(ASK_OPENED, 1);
    r.named = span_text(ticket);
    asks(8, &r);
    while (desk_work(w.desk)) {
    }
    assert_memory_equal(w.body, content, w.body_got);
    bool whole = w.body_got == CONTENT_LEN;
    assert_true(whole || w.refusals + w.cuts == 1);
    return whole;
}

static bool cycle(unsigned nth)
{
    void   *none = NULL;
    uint8_t digest[32];
    char    ticket[33];
    assert_int_equal(world_begin(&none), 0);
    desk_close(w.desk);
    const struct desk_setup setup = {
        .port = {NULL, ask, play_answer, play_refuse, play_body_begin, play_body_piece,
                 play_stream_begin, play_event, play_marked, play_stream_end, play_slow, play_quiet,
                 play_purge, play_cut, NULL, NULL, read_one, append_one, play_certified},
        .random = random_from(&w.stream),
        .sealer = {{7}},
        .spki = SPAN_LIT("spki"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    assert_false(err_is(desk_open(&setup, &w.desk)));
    at(1000);
    w.sent = w.heard = 0;
    calls_left = nth;
    sha256(SPAN_OF(content), digest);
    bool done =
        submit(digest, ticket) && upload(ticket) && show(digest, ticket) && download(ticket);
    done = done && calls_left > 0;
    world_end(&none);
    return done;
}

static void a_product_is_whole_or_not_at_all(void **state)
{
    (void)state;
    unsigned nth = 1;
    for (size_t i = 0; i < sizeof content; i++) {
        content[i] = (uint8_t)(i * 31 + i / 997);
    }
    while (!cycle(nth)) {
        nth++;
        assert_true(nth < 100);
    }
    assert_true(nth >= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_product_is_whole_or_not_at_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
