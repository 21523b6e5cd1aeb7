/* SPDX-License-Identifier: Apache-2.0 */
/* The proofs of transparency-dev/merkle, good and bad, and the tree of RFC 6962 */
#include "ledger/merkle.h"

#include <ftw.h>

#include "vectors/ledger/json.h"

#define FILES_WANTED 161

static unsigned files_seen, files_wrong;

/* A hash as the files have it.  What is neither empty nor 32 bytes stands there for "do not care" or
 * "another": it is filled up with zeros.  An empty one is no hash: our types cannot hold it. */
static bool hash_of_base64(span text, merkle_hash *out)
{
    uint8_t bytes[SHA256_LEN];
    size_t  len = 0;
    must_be_ok(text_base64(text, bytes, sizeof bytes, &len));
    *out = (merkle_hash){0};
    memcpy(out->bytes, bytes, len);
    return len > 0;
}

static bool hash_at(span *rest, merkle_hash *out)
{
    uint8_t       buf[64];
    struct writer w = WRITER_OF(buf);
    assert_true(json_string(rest, &w));
    return hash_of_base64(writer_span(&w), out);
}

static bool hash_of(span json, const char *key, merkle_hash *out)
{
    span at = json_after(json, key);
    return hash_at(&at, out);
}

static bool path_of(span json, struct merkle_path *out)
{
    span rest = json_after(json, "proof");
    *out = (struct merkle_path){0};
    for (rest = json_next(rest); rest.len > 0 && rest.ptr[0] == '"'; rest = json_next(rest)) {
        assert_true(out->count < MERKLE_LEVELS);
        if (!hash_at(&rest, &out->hash[out->count++])) {
            return false;
        }
    }
    return true;
}

static bool inclusion_accepted(span json)
{
    merkle_hash        leaf;
    struct merkle_path path;
    struct merkle_head head = {.size = json_number(json, "treeSize")};
    return hash_of(json, "leafHash", &leaf) && hash_of(json, "root", &head.root) &&
           path_of(json, &path) &&
           !err_is(merkle_check_inclusion(&leaf, json_number(json, "leafIdx"), &head, &path));
}

static bool consistency_accepted(span json)
{
    struct merkle_path path;
    struct merkle_head older = {.size = json_number(json, "size1")};
    struct merkle_head newer = {.size = json_number(json, "size2")};
    return hash_of(json, "root1", &older.root) && hash_of(json, "root2", &newer.root) &&
           path_of(json, &path) && !err_is(merkle_check_consistency(&older, &newer, &path));
}

static int try_file(const char *path, const struct stat *st, int type)
{
    static uint8_t buf[64 * 1024];
    (void)st;
    if (type != FTW_F || strstr(path, ".json") == NULL) {
        return 0;
    }
    span json = file_read(path, buf, sizeof buf);
    bool inclusion = strstr(path, "/inclusion/") != NULL;
    bool accepted = inclusion ? inclusion_accepted(json) : consistency_accepted(json);
    files_seen++;
    if (accepted == json_true(json, "wantErr")) {
        print_message("%s: %s\n", path, accepted ? "accepted" : "refused");
        files_wrong++;
    }
    return 0;
}

static void every_proof_is_judged_as_its_file_says(void **state)
{
    (void)state;
    files_seen = files_wrong = 0;
    if (ftw(vectors_path("merkle/inclusion"), try_file, 8) != 0 ||
        ftw(vectors_path("merkle/consistency"), try_file, 8) != 0) {
        print_message("skipped: no proofs of others here\n");
        skip();
    }
    assert_int_equal(files_seen, FILES_WANTED);
    assert_int_equal(files_wrong, 0);
}

static merkle_hash hex_at(span *rest)
{
    uint8_t       buf[2 * SHA256_LEN];
    struct writer w = WRITER_OF(buf);
    merkle_hash   h;
    assert_true(json_string(rest, &w));
    must_be_ok(text_hex(writer_span(&w), h.bytes, sizeof h.bytes));
    return h;
}

static merkle_hash leaf_at(span *rest)
{
    uint8_t       hex[64], bytes[32];
    struct writer w = WRITER_OF(hex);
    assert_true(json_string(rest, &w));
    must_be_ok(text_hex(writer_span(&w), bytes, w.len / 2));
    return merkle_leaf((span){bytes, w.len / 2}, (span){0});
}

static void the_tree_of_rfc_6962_grows_as_it_says(void **state)
{
    (void)state;
    static uint8_t buf[64 * 1024];
    struct merkle  m = {0};
    unsigned       sizes = 0;
    span           json = file_read(vectors_path("merkle/rfc6962-tree.json"), buf, sizeof buf);
    if (json.len == 0) {
        print_message("skipped: no tree of others here\n");
        skip();
    }
    span leaves = json_next(json_after(json, "leaf_inputs_hex"));
    span roots = json_next(json_after(json, "root_hashes_by_size"));
    for (; roots.len > 0; roots = json_next(roots), sizes++) {
        merkle_hash want = hex_at(&roots), root = merkle_root(&m);
        assert_true(merkle_equal(&root, &want));
        if (leaves.len > 0) {
            merkle_hash leaf = leaf_at(&leaves);
            merkle_add(&m, &leaf);
            leaves = json_next(leaves);
        }
    }
    assert_int_equal(sizes, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_proof_is_judged_as_its_file_says),
        cmocka_unit_test(the_tree_of_rfc_6962_grows_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
