/* links: desk */
/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies as clients send them: a first byte chooses what is asked, the rest is the body; whatever it
 * is, there is one answer or one question to the guard */
#include "desk/desk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct desk *desk;
static unsigned     answers, questions;

static err ask_guard(void *ctx, span message)
{
    (void)ctx;
    MUST(message.len >= 5 && message.len <= 65536);
    questions++;
    return OK;
}

static void answer(void *ctx, struct asker a, unsigned status, span json)
{
    (void)ctx;
    (void)a;
    (void)status;
    (void)json;
    answers++;
}

static void refuse(void *ctx, struct asker a, err e)
{
    (void)ctx;
    (void)a;
    MUST(err_is(e) && e.why != NULL);
    answers++;
}

static void nothing_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    memset(out, 1, len);
}

static void desk_begin(void)
{
    const struct desk_setup setup = {
        .port = {.ask_guard = ask_guard, .answer = answer, .refuse = refuse},
        .random = {.fill = nothing_random},
        .spki = SPAN_LIT("key"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    err e = desk_open(&setup, &desk);
    MUST(!err_is(e));
    desk_at(desk, 1, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const enum ask what[] = {ASK_ACT, ASK_SIGN, ASK_SUBMIT};
    if (len == 0) {
        return 0;
    }
    if (desk == NULL) {
        desk_begin();
    }
    /* an act that waits, so that signatures have something to be for */
    desk_guard_new(desk);
    struct desk_request r = {
        .what = what[data[0] % 3], .named = SPAN_LIT("7"), .body = {data + 1, len - 1}};
    answers = questions = 0;
    desk_ask(desk, (struct asker){1, 1}, &r);
    MUST(answers + questions == 1);
    return 0;
}
