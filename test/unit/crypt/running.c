/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 in pieces beside libcrypto's of the whole */
#include "cmocka_all.h"

#include "crypt/hash.h"
#include "crypt/random.h"
#include "crypt/running.h"

static void pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    static uint8_t       bytes[4096];
    struct random_stream seed = {.seed = {1}};
    struct random_source random = random_from(&seed);
    random_fill(random, bytes, sizeof bytes);
    for (size_t len = 0; len < 700; len++) {
        struct running *r;
        uint8_t         whole[32], pieces[32], cut;
        assert_false(err_is(running_open(&r)));
        for (size_t at = 0; at < len;) {
            random_fill(random, &cut, 1);
            size_t piece = cut < len - at ? cut : len - at;
            running_add(r, (span){bytes + at, piece});
            at += piece;
        }
        running_end(r, pieces);
        running_close(r);
        sha256((span){bytes, len}, whole);
        assert_memory_equal(pieces, whole, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_give_the_digest_of_the_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
