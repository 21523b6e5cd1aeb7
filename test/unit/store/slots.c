/* SPDX-License-Identifier: Apache-2.0 */
#include "store/slots.h"
#include "cmocka_all.h"
#include "store/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT 256
#define BYTES (SLOTS_HEAD_LEN + COUNT * SLOT_LEN)

static struct slots            t;
static struct memory_file      disk;
static struct memory_faults    faults;
static uint8_t                 now[BYTES], kept[BYTES], got[SLOT_BODY_MAX], noise[SLOT_BODY_MAX];
static const struct slots_plan plan = {.file = "keys", .count = COUNT, .salt = {9, 8, 7}};

static int fresh(void **state)
{
    (void)state;
    faults = MEMORY_FAULTLESS;
    memory_init(&disk, now, kept, BYTES, &faults);
    slots_format_head(&plan, now);
    slots_format_head(&plan, kept);
    memset(noise, 0xa5, sizeof noise);
    return err_is(slots_open(&t, &disk.file)) ? -1 : 0;
}

static slot_id id_of(uint32_t number)
{
    slot_id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    return id;
}

static err put(uint32_t number)
{
    slot_id id = id_of(number);
    uint8_t body[48];
    memset(body, (int)number, sizeof body);
    return slot_put(&t, &id, SPAN_OF(body));
}

static err get(uint32_t number)
{
    slot_id id = id_of(number);
    size_t  len = 0;
    TRY(slot_get(&t, &id, got, &len));
    assert_int_equal(len, 48);
    assert_int_equal(got[0], (uint8_t)number);
    assert_int_equal(got[47], (uint8_t)number);
    return OK;
}

static err destroy(uint32_t number)
{
    slot_id id = id_of(number);
    return slot_overwrite(&t, &id, noise);
}

static void keeps_and_finds_three_quarters_of_the_table(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < COUNT * 3 / 4; i++) {
        assert_false(err_is(put(i)));
    }
    assert_false(err_is(slots_sync(&t)));
    assert_false(err_is(slots_open(&t, &disk.file)));
    for (uint32_t i = 0; i < COUNT * 3 / 4; i++) {
        assert_false(err_is(get(i)));
    }
    assert_int_equal(get(COUNT).code, ERR_UNKNOWN);
}

static void full_is_told_and_what_is_there_stays(void **state)
{
    (void)state;
    uint32_t n = 0;
    err      e = OK;
    for (; n <= COUNT && !err_is(e = put(n)); n++) {
    }
    assert_int_equal(e.code, ERR_FULL);
    assert_true(n > COUNT / 2 && n <= COUNT);
    for (uint32_t i = 0; i < n; i++) {
        assert_false(err_is(get(i)));
    }
    assert_false(err_is(destroy(n / 2)));
}

static void an_id_has_one_slot(void **state)
{
    (void)state;
    slot_id id = id_of(1);
    assert_false(err_is(put(1)));
    assert_int_equal(put(1).code, ERR_CONFLICT);
    assert_int_equal(slot_put(&t, &id, (span){noise, 0}).code, ERR_LIMIT);
    assert_int_equal(slot_put(&t, &id, (span){noise, SLOT_BODY_MAX + 1}).code, ERR_LIMIT);
    id = id_of(2);
    size_t len = 0;
    assert_false(err_is(slot_put(&t, &id, SPAN_OF(noise))));
    assert_false(err_is(slot_get(&t, &id, got, &len)));
    assert_int_equal(len, SLOT_BODY_MAX);
    assert_memory_equal(got, noise, len);
}

static bool disk_holds(uint8_t what, size_t run)
{
    size_t longest = 0, here = 0;
    for (size_t i = 0; i < BYTES; i++) {
        here = kept[i] == what ? here + 1 : 0;
        longest = here > longest ? here : longest;
    }
    return longest >= run;
}

static void a_destroyed_key_is_gone_from_the_medium(void **state)
{
    (void)state;
    assert_false(err_is(put(0x77)));
    assert_false(err_is(slots_sync(&t)));
    assert_true(disk_holds(0x77, 48));
    assert_false(err_is(destroy(0x77)));
    assert_true(disk_holds(0x77, 48)); /* not yet */
    assert_false(err_is(slots_sync(&t)));
    assert_false(disk_holds(0x77, 2));
    assert_int_equal(get(0x77).code, ERR_STATE);
    assert_int_equal(put(0x77).code, ERR_CONFLICT);
    assert_false(err_is(destroy(0x77)));
    assert_int_equal(destroy(0x78).code, ERR_UNKNOWN);
}

static void every_place_is_looked_at_once(void **state)
{
    size_t   len;
    slot_id  id;
    unsigned held = 0, gone = 0, sum = 0;
    (void)state;
    for (uint32_t i = 1; i <= 5; i++) {
        assert_false(err_is(put(i)));
    }
    assert_false(err_is(destroy(2)));
    for (uint32_t place = 0; place < t.count; place++) {
        err e = slot_look(&t, place, &id, got, &len);
        assert_true(!err_is(e) || e.code == ERR_UNKNOWN || e.code == ERR_STATE);
        gone += e.code == ERR_STATE;
        if (!err_is(e)) {
            assert_int_equal(len, 48);
            assert_int_equal(got[0], id.bytes[0]);
            sum += id.bytes[0];
            held++;
        }
    }
    assert_int_equal(held, 4);
    assert_int_equal(gone, 1);
    assert_int_equal(sum, 1 + 3 + 4 + 5);
    assert_int_equal(slot_look(&t, t.count, &id, got, &len).code, ERR_UNKNOWN);
}

/* A destroyed slot may be used again, but not while it stands before others of its run. */
static void destroying_hides_no_other(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 190; i++) {
        assert_false(err_is(put(i)));
    }
    for (uint32_t i = 0; i < 190; i += 2) {
        assert_false(err_is(destroy(i)));
    }
    for (uint32_t i = 0; i < 190; i++) {
        assert_int_equal(get(i).code, i % 2 == 0 ? ERR_STATE : ERR_NONE);
    }
    uint32_t more = 1000;
    for (; !err_is(put(more)); more++) {
    }
    assert_true(more - 1000 > 60);
    for (uint32_t i = 1; i < 190; i += 2) {
        assert_false(err_is(get(i)));
    }
}

static size_t slot_of(uint32_t number)
{
    slot_id id = id_of(number);
    for (size_t i = 0; i < COUNT; i++) {
        if (memcmp(now + SLOTS_HEAD_LEN + i * SLOT_LEN + 8, id.bytes, SLOT_ID_LEN) == 0) {
            return SLOTS_HEAD_LEN + i * SLOT_LEN;
        }
    }
    fail_msg("no slot");
    return 0;
}

static void each_flipped_bit_of_a_slot_is_found(void **state)
{
    (void)state;
    assert_false(err_is(put(5)));
    size_t at = slot_of(5);
    for (size_t bit = 0; bit < 8 * SLOT_LEN; bit++) {
        now[at + bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(get(5).code, ERR_FORGED);
        now[at + bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(err_is(get(5)));
}

static void a_slot_holds_in_its_place_only(void **state)
{
    (void)state;
    assert_false(err_is(put(5)));
    assert_false(err_is(put(6)));
    memcpy(now + slot_of(6), now + slot_of(5), SLOT_LEN);
    assert_true(err_is(get(6)));
    static const struct slots_plan other = {.file = "keys", .count = COUNT, .salt = {1}};
    slots_format_head(&other, now);
    assert_false(err_is(slots_open(&t, &disk.file)));
    assert_true(err_is(get(5)));
}

static void a_damaged_slot_can_still_be_destroyed(void **state)
{
    (void)state;
    assert_false(err_is(put(5)));
    now[slot_of(5) + 900] ^= 1;
    assert_false(err_is(destroy(5)));
    assert_int_equal(get(5).code, ERR_STATE);
}

static void a_torn_slot_is_written_anew(void **state)
{
    (void)state;
    assert_false(err_is(put(5)));
    memset(now + slot_of(5) + 80, 0xff, SLOT_LEN - 80);
    assert_int_equal(get(5).code, ERR_FORGED);
    assert_false(err_is(put(5)));
    assert_false(err_is(get(5)));
    assert_int_equal(put(5).code, ERR_CONFLICT);
}

static void a_bad_header_is_refused(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * 36; bit++) {
        now[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(err_is(slots_open(&t, &disk.file)));
        now[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(err_is(slots_open(&t, &disk.file)));
}

static void a_file_is_made_once(void **state)
{
    (void)state;
    char              folder[] = "/tmp/accord-slots-XXXXXX";
    struct slots_plan p = plan;
    struct stat       st;
    int               fd = -1, again = -1;
    assert_non_null(mkdtemp(folder));
    int dir = open(folder, O_RDONLY | O_DIRECTORY);
    assert_false(err_is(slots_create(dir, &p, &fd)));
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, BYTES);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(st.st_blocks * 512 >= BYTES);
    assert_int_equal(slots_create(dir, &p, &again).code, ERR_CONFLICT);
    p.count = 100;
    assert_int_equal(slots_create(dir, &p, &again).code, ERR_LIMIT);
    struct block_file f = block_file_of(fd);
    assert_false(err_is(slots_open(&t, &f)));
    assert_false(err_is(put(1)));
    assert_false(err_is(slots_sync(&t)));
    assert_false(err_is(get(1)));
    close(fd);
    assert_int_equal(unlinkat(dir, "keys", 0), 0);
    close(dir);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(keeps_and_finds_three_quarters_of_the_table, fresh),
        cmocka_unit_test_setup(full_is_told_and_what_is_there_stays, fresh),
        cmocka_unit_test_setup(an_id_has_one_slot, fresh),
        cmocka_unit_test_setup(a_destroyed_key_is_gone_from_the_medium, fresh),
        cmocka_unit_test_setup(every_place_is_looked_at_once, fresh),
        cmocka_unit_test_setup(destroying_hides_no_other, fresh),
        cmocka_unit_test_setup(each_flipped_bit_of_a_slot_is_found, fresh),
        cmocka_unit_test_setup(a_slot_holds_in_its_place_only, fresh),
        cmocka_unit_test_setup(a_damaged_slot_can_still_be_destroyed, fresh),
        cmocka_unit_test_setup(a_torn_slot_is_written_anew, fresh),
        cmocka_unit_test_setup(a_bad_header_is_refused, fresh),
        cmocka_unit_test_setup(a_file_is_made_once, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
