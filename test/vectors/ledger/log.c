/* SPDX-License-Identifier: Apache-2.0 */
/* A whole log that tessera wrote: its checkpoints, its entries, its tile of hashes */
#include "ledger/proof.h"

#include "base/reader.h"
#include "vectors/ledger/json.h"

#define LOG_SIZE 15

static uint8_t         file[64 * 1024];
static struct note_key key;
static merkle_hash     root[LOG_SIZE + 1];
static merkle_hash     leaf[LOG_SIZE];
static bool            here;

static span log_file(const char *what)
{
    char path[128];
    (void)snprintf(path, sizeof path, "tessera-log/%s", what);
    return file_read(vectors_path(path), file, sizeof file);
}

static void read_entries(void)
{
    struct reader r = reader_of(log_file("tile/entries/000.p/15"));
    struct merkle m = {0};
    root[0] = merkle_root(&m);
    for (size_t i = 0; i < LOG_SIZE; i++) {
        leaf[i] = merkle_leaf(read_block16(&r, UINT16_MAX), (span){0});
        merkle_add(&m, &leaf[i]);
        root[i + 1] = merkle_root(&m);
    }
    must_be_ok(reader_end(&r));
}

static int load(void **state)
{
    (void)state;
    span vkey = span_trim(log_file("vkey.txt"));
    here = vkey.len > 0;
    if (here) {
        must_be_ok(note_key_read(vkey, &key));
        read_entries();
    }
    return 0;
}

static void need_log(void)
{
    if (!here) {
        print_message("skipped: no log of others here\n");
        skip();
    }
}

static struct merkle_head checkpoint_of(size_t size)
{
    char              what[32];
    struct checkpoint c;
    (void)snprintf(what, sizeof what, "checkpoint.%zu", size);
    must_be_ok(checkpoint_open(log_file(what), &key, &c));
    return c.head;
}

static void every_checkpoint_is_signed_and_has_the_root_of_the_entries(void **state)
{
    (void)state;
    need_log();
    for (size_t size = 0; size <= LOG_SIZE; size++) {
        struct merkle_head head = checkpoint_of(size);
        assert_int_equal(head.size, size);
        assert_true(merkle_equal(&head.root, &root[size]));
    }
}

static void the_tile_has_the_hashes_of_the_entries(void **state)
{
    (void)state;
    need_log();
    span tile = log_file("tile/0/000.p/15");
    assert_int_equal(tile.len, sizeof leaf);
    assert_memory_equal(tile.ptr, leaf, sizeof leaf);
}

static void checkpoints_are_consistent_and_entries_included(void **state)
{
    (void)state;
    need_log();
    struct proof_leaves l = {.leaf = leaf, .count = LOG_SIZE};
    struct merkle_head  newer = checkpoint_of(LOG_SIZE);
    for (size_t size = 1; size <= LOG_SIZE; size++) {
        struct merkle_path path;
        struct merkle_head older = checkpoint_of(size);
        must_be_ok(proof_consistency(proof_source_leaves(&l), size, LOG_SIZE, &path));
        must_be_ok(merkle_check_consistency(&older, &newer, &path));
        must_be_ok(proof_inclusion(proof_source_leaves(&l), size - 1, LOG_SIZE, &path));
        must_be_ok(merkle_check_inclusion(&leaf[size - 1], size - 1, &newer, &path));
    }
}

static void its_key_writes_back(void **state)
{
    (void)state;
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    need_log();
    note_key_format(&key, &w);
    assert_true(span_equal(writer_span(&w), span_trim(log_file("vkey.txt"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_checkpoint_is_signed_and_has_the_root_of_the_entries),
        cmocka_unit_test(the_tile_has_the_hashes_of_the_entries),
        cmocka_unit_test(checkpoints_are_consistent_and_entries_included),
        cmocka_unit_test(its_key_writes_back),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
