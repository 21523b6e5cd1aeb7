/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and verifier keys of Go's sumdb, of C2SP and of tessera */
#include "ledger/checkpoint.h"

#include "vectors/ledger/json.h"

static uint8_t file[64 * 1024];
static span    json;

static int load(void **state)
{
    (void)state;
    json = file_read(vectors_path("notes.json"), file, sizeof file);
    return 0;
}

static void need_json(void)
{
    if (json.len == 0) {
        print_message("skipped: no notes of others here\n");
        skip();
    }
}

/* The text from `from` up to where the next object of the array begins */
static span object_at(span from)
{
    const uint8_t *end = memmem(from.ptr, from.len, "\n  }", 4);
    return end == NULL ? from : (span){from.ptr, (size_t)(end - from.ptr)};
}

static span string_of(span at, uint8_t *buf, size_t max)
{
    struct writer w = writer_of(buf, max);
    assert_true(json_string(&at, &w));
    assert_false(w.bad);
    return writer_span(&w);
}

/* Every key that is named, in "vkey" or in "vkeys", has to have signed. */
static bool signed_by_all(span object, const struct note *n)
{
    uint8_t         buf[512];
    struct note_key key;
    span            one = json_after(object, "vkey");
    if (one.len > 0) {
        must_be_ok(note_key_read(string_of(one, buf, sizeof buf), &key));
        return !err_is(note_check(n, &key));
    }
    bool all = true;
    span keys = json_next(json_after(object, "vkeys"));
    assert_true(keys.len > 0);
    for (; keys.len > 0 && keys.ptr[0] == '"'; keys = json_next(keys)) {
        struct writer w = WRITER_OF(buf);
        assert_true(json_string(&keys, &w));
        must_be_ok(note_key_read(writer_span(&w), &key));
        all = all && !err_is(note_check(n, &key));
    }
    return all;
}

static void notes_of_others_verify_or_not_as_they_say(void **state)
{
    (void)state;
    unsigned seen = 0;
    need_json();
    for (span rest = json_after(json, "signed_notes"); json_after(rest, "id").len > 0; seen++) {
        span           object = object_at(json_after(rest, "id"));
        static uint8_t buf[4096];
        struct note    n;
        must_be_ok(note_read(string_of(json_after(object, "note"), buf, sizeof buf), &n));
        assert_int_equal(signed_by_all(object, &n), json_true(object, "valid"));
        n.text.len--; /* not the text that was signed */
        assert_false(signed_by_all(object, &n));
        rest.len -= (size_t)(object.ptr + object.len - rest.ptr);
        rest.ptr = object.ptr + object.len;
    }
    assert_int_equal(seen, 5);
}

static void bad_keys_of_others_are_refused(void **state)
{
    (void)state;
    unsigned seen = 0;
    need_json();
    for (span rest = json_after(json, "bad_vkeys"); seen < 2; seen++) {
        uint8_t         buf[512];
        struct note_key key;
        rest = json_after(rest, "vkey");
        assert_true(err_is(note_key_read(string_of(rest, buf, sizeof buf), &key)));
    }
}

static void tree_heads_of_others_are_read(void **state)
{
    (void)state;
    uint8_t           buf[512];
    struct checkpoint c;
    need_json();
    span        heads = json_after(json, "tree_heads");
    merkle_hash hello = merkle_leaf(SPAN_LIT("hello world"), (span){0});
    must_be_ok(checkpoint_read(string_of(json_after(heads, "text"), buf, sizeof buf), &c));
    assert_int_equal(c.head.size, json_number(heads, "size"));
    assert_true(merkle_equal(&c.head.root, &hello));

    /* The first bad one is bad by its origin, which checkpoint_open compares; we see that it is
     * another.  The others are malformed. */
    span bad = json_next(json_after(heads, "bad"));
    must_be_ok(checkpoint_read(string_of(bad, buf, sizeof buf), &c));
    assert_false(span_is(c.origin, "go.sum database tree"));
    for (int i = 0; i < 2; i++) {
        struct writer w = WRITER_OF(buf);
        assert_true(json_string(&bad, &w));
        bad = json_next(bad);
        assert_true(err_is(checkpoint_read(string_of(bad, buf, sizeof buf), &c)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_of_others_verify_or_not_as_they_say),
        cmocka_unit_test(bad_keys_of_others_are_refused),
        cmocka_unit_test(tree_heads_of_others_are_read),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
