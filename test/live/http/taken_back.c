/* SPDX-License-Identifier: Apache-2.0 */
/* A client reads slowly and something that waits for it must not reach it any more: what of that has left the desk
 * already is what the system and TLS hold, and that is little. */
#include "desk.h"

#define ROUNDS    8
#define PUBLISHED ((size_t)ROUNDS * 200 * 247)

/* LEFT_MAX - what a socket of loopback takes before its reader reads, some 150 KiB; a record that waits in the system;
 * one that TLS has begun */
#define LEFT_MAX (224 * 1024)

static struct tls_context *ours;
static struct terminal     slow, chief;

static int setup(void **state)
{
    int failed = desk_open(state);
    ours = context_of(&kor, ROLE_TERMINAL, &kor, false);
    must(terminal_open(&chief, ours, NULL));
    must(terminal_open(&slow, ours, NULL));
    must(terminal_ask(&slow, METHOD_GET, "/events", (span){0}));
    return failed;
}

static int teardown(void **state)
{
    dial_close(&chief.dial);
    dial_close(&slow.dial);
    tls_context_close(ours);
    return desk_close(state);
}

static char   got[2 * PUBLISHED];
static size_t got_len;

/* The stream as it is, from where its head ended, until the mask is there. */
static const char *mask_read(struct client *c)
{
    const char *mask = NULL;
    size_t      len = c->to - c->from;
    memcpy(got, c->buf + c->from, len);
    for (got_len = len; mask == NULL; got_len += len) {
        assert_true(got_len + CLIENT_BUFFER_LEN < sizeof got);
        must(c->wire.receive(c->wire.ctx, (uint8_t *)got + got_len, CLIENT_BUFFER_LEN, &len));
        assert_true(len > 0);
        mask = memmem(got, got_len + len, "event: mask\n", 12);
    }
    return mask;
}

static void what_waits_for_a_slow_client_does_not_reach_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        assert_false(err_is(terminal_ask(&chief, METHOD_POST, "/publish/200", SPAN_LIT("{}"))));
        assert_true(terminal_got(&chief, 200, "{\"took\":200}"));
    }
    assert_false(err_is(terminal_ask(&chief, METHOD_POST, "/mask", SPAN_LIT("{}"))));
    assert_true(terminal_got(&chief, 200, "{\"purged\":1}"));
    const char *mask = mask_read(&slow.client);
    size_t      left = (size_t)(mask - got);
    print_message("    of %zu bytes %zu had left\n", PUBLISHED, left);
    assert_true(left > 0 && left <= LEFT_MAX);
    assert_memory_equal(mask - 14, "\nevent: void\n\n", 14);
    assert_int_equal(got_len - left, sizeof "event: mask\ndata: {}\n\n" - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_waits_for_a_slow_client_does_not_reach_it, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
