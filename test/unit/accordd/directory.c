/* SPDX-License-Identifier: Apache-2.0 */
/* A party's directory as accordd reads it, and the stores that it makes there. */
#include "accordd/room.h"
#include "accordd/stores.h"
#include "cmocka_all.h"
#include "store/log.h"
#include "store/passing.h"
#include "store/segment.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF "party KOR\nbindings on\nslots 256\nsegment ledger 128 KiB\n"
#define MORE                                                                                       \
    "segment outbox-intake 2 MiB\nsegment outbox-desk 2 MiB\nsegment lanes 2 MiB\n"                \
    "segment inbox 2 MiB\n"

static char          dir[64], conf[96], told[8192];
static struct party  party;
static struct stores stores;

static void put(const char *path, const char *text, mode_t mode)
{
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)unlinkat(at, path, 0);
    int fd = openat(at, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    close(at);
}

static int begin(void **state)
{
    char keys[96];
    (void)state;
    strcpy(dir, "/tmp/accord-party-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(conf, sizeof conf, "%s/accord.conf", dir);
    (void)snprintf(keys, sizeof keys, "%s/keys", dir);
    assert_int_equal(mkdir(keys, 0700), 0);
    put("accord.conf", CONF MORE, 0644);
    put("authority.crt", "certificate", 0644);
    put("keys/master", "master", 0600);
    put("keys/identity", "identity", 0600);
    put("keys/authority.key", "key", 0600);
    return 0;
}

static int end(void **state)
{
    char command[96];
    (void)state;
    party_close(&party);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static err open_party(void)
{
    memset(told, 0, sizeof told);
    FILE *tell = fmemopen(told, sizeof told - 1, "w");
    err   e = party_open(&party, conf, tell);
    fclose(tell);
    return e;
}

static void who_must_own_the_drop_folder_is_told(void **state)
{
    char drop[96];
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    (void)snprintf(drop, sizeof drop, "%s/drop", dir);
    put("accord.conf", CONF MORE "drop \"drop\"\nuser desk nobody\n", 0644);
    assert_null(open_party().why);
    assert_non_null(strstr(told, "drop must be made, and belong to the desk's user"));
    assert_int_equal(mkdir(drop, 0700), 0);
    party_close(&party);
    assert_null(open_party().why);
    assert_non_null(strstr(told, "drop must belong to the desk's user"));
    assert_int_equal(chown(drop, party.uid[PROCESS_DESK], 0), 0);
    party_close(&party);
    assert_null(open_party().why);
    assert_string_equal(told, "");
}

static void settings_are_what_was_written(void **state)
{
    uint8_t       text[512];
    struct writer w = WRITER_OF(text);
    (void)state;
    put("accord.conf",
        CONF "desk 127.0.0.1:7100\ndrop \"drop\"\nclock-error 250\n"
             "lease 5 seconds\nkeep inbox 2 hours\n",
        0644);
    assert_null(open_party().why);
    assert_int_equal(party_keep_ms(&party, LOG_INBOX), 2 * MS_PER_HOUR);
    assert_int_equal(party_keep_ms(&party, LOG_LANES), MS_PER_DAY);
    assert_true(party_keep_ms(&party, LOG_LEDGER) == INSTANT_NEVER);
    party_settings(&party, &w);
    assert_true(span_is(writer_span(&w), "desk 127.0.0.1:7100\ndrop drop\nclock-error 250\n"
                                         "lease 5000\nexercise-clock 0\n"));
    assert_int_equal(party_segment_bytes(&party, LOG_LEDGER), 128 << 10);
    assert_int_equal(party_segment_bytes(&party, LOG_INBOX), 16 << 20);
    assert_int_equal(party.config.slots, 256);
    assert_false(party.apart);
}

/* Whatever is wrong is told with its line, and in words. */
static void a_configuration_that_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *text, *place, *sentence;
    } row[] = {
        {"desk 127.0.0.1:7100\n", ":1:", "party"},
        {"party KOR\nslots 257\n", ":2:7:", "a power of two"},
        {"party KOR\nslots 128\n", ":2:7:", "256"},
        {"party KOR\nsegment ledger 64 KiB\n", ":2:9:", "the longest record does not fit"},
        {"party KOR\nsegment inbox 1 MiB\n", ":2:9:", "the longest record does not fit"},
        {"party KOR\nsegment inbox 2097153 bytes\n", ":2:9:", "a multiple of 4 KiB"},
        {"party KOR\nsegment inbox 2 MiB\nsegment inbox 4 MiB\n", ":3:9:", "is said twice"},
        {"party KOR\nsegment outbox 4 MiB\n", ":2:9:", "outbox"},
        {"party KOR\nkeep lanes 1 hours\nkeep ledger 30 days\n", ":3:6:", "stays for ever"},
        {"party KOR\nkeep inbox 1 hours\n\nkeep inbox 2 hours\n", ":4:6:", "is said twice"},
        {"party KOR\nkeep inbox 1 ms\n", ":2:14:", "from 1000 to"},
        {"party KOR\nkeep inbox 3651 days\n", ":2:17:", "outside its bounds"},
        {"party KOR\nkeep inbox\n", ":2:11:", "keep"},
        {"party KOR\nkeep inbox 30\n", ":2:14:", "a unit is expected"},
        {"party KOR\nkeep outbox 30 days\n", ":2:6:", "outbox"},
        {"party KOR\nlease 1 seconds\n", ":2:9:", "from 2000 to"},
        {"party KOR\nlease 25 hours\n", ":2:10:", "to 86400000 ms"},
        {"party KOR\nlease soon\n", ":2:7:", "soon"},
        {"party KOR\nlease 5 seconds\nlease 6 seconds\n", ":3:1:", "lease"},
        {"party KOR\ncounter counter\n", ":2:9:", "quotes"},
        {"party KOR\ncounter \"\"\n", ":2:", "names none"},
        {"party KOR\ncounter\n", ":2:8:", "counter"},
        {"party KOR\nexercise-clock -1\n", ":2:16:", "number"},
        {"party KOR\nexercise-clock 1 hours\n", ":2:18:", "exercise-clock"},
        {"party KOR\nexercise-clock 99999999999\n", ":2:16:", "1581120000"},
        {"party KOR\nexercise-clok 1\n", ":2:1:", "exercise-clock"},
        {"party KOR\nuser guard root\nuser guard root\n", ":3:6:", "has a user already"},
        {"party KOR\nbindings yes\n", ":2:10:", "yes"},
        {"party KOR\nbindings on\nbindings off\n", ":3:1:", "bindings"},
        {"party KOR\nclock-error 0\n", ":2:13:", "1"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char place[128];
        (void)snprintf(place, sizeof place, "%s%s", conf, row[i].place);
        put("accord.conf", row[i].text, 0644);
        assert_int_equal(open_party().code, ERR_MALFORMED);
        if (strstr(told, place) == NULL || strstr(told, row[i].sentence) == NULL) {
            fail_msg("%sis told as: %s", row[i].text, told);
        }
    }
}

static void each_file_that_is_not_as_it_must_be_is_told(void **state)
{
    char path[96];
    (void)state;
    put("keys/identity", "identity", 0640);
    (void)snprintf(path, sizeof path, "%s/authority.crt", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    (void)snprintf(path, sizeof path, "%s/accord.conf", dir);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(open_party().code, ERR_MALFORMED);
    assert_non_null(strstr(told, "keys/identity is open to others"));
    assert_non_null(strstr(told, "authority.crt is neither a file nor a folder"));
    assert_non_null(strstr(told, "accord.conf may be changed by others"));
    assert_null(strstr(told, "keys/master"));
}

static void stores_are_made_once_and_keep_their_size(void **state)
{
    bool made = true;
    (void)state;
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        assert_int_equal(stores.log[log].count, 2);
    }
    assert_null(stores_spare(&stores, LOG_LEDGER, 2, &made).why);
    assert_true(made);
    assert_null(stores_spare(&stores, LOG_LEDGER, 2, &made).why);
    assert_false(made);
    assert_int_equal(stores_spare(&stores, LOG_LEDGER, 4, &made).code, ERR_MALFORMED);
    put("accord.conf", "party KOR\nsegment ledger 256 KiB\n", 0644);
    party_close(&party);
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    assert_int_equal(stores.log[LOG_LEDGER].count, 3);
    assert_int_equal(stores.log[LOG_LEDGER].bytes, 128 << 10);
}

static void a_log_with_a_gap_or_of_another_is_refused(void **state)
{
    (void)state;
    bool made;
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    assert_null(stores_spare(&stores, LOG_LANES, 2, &made).why);
    int at = stores.log[LOG_LANES].dir;
    assert_int_equal(renameat(at, "0000000000000001", at, "aside"), 0);
    assert_int_equal(stores_open(&stores, &party).code, ERR_CONFLICT);
    assert_int_equal(renameat(at, "aside", at, "0000000000000001"), 0);
    assert_null(stores_open(&stores, &party).why);
    int other = stores.log[LOG_INBOX].dir;
    assert_int_equal(renameat(at, "0000000000000000", other, "0000000000000000"), 0);
    assert_int_equal(stores_open(&stores, &party).code, ERR_CONFLICT);
}

static void readers_cannot_map_the_marks_for_writing(void **state)
{
    (void)state;
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    int ro = stores.log[LOG_INBOX].marks_ro;
    assert_ptr_equal(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0), MAP_FAILED);
    struct log_marks *m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0);
    assert_ptr_not_equal(m, MAP_FAILED);
    assert_true(atomic_load(&m->written) == 0);
    munmap(m, 4096);
    assert_int_equal(stores.log[LOG_INBOX].bell[PROCESS_COURIER], -1); /* it writes it itself */
    assert_true(stores.log[LOG_INBOX].bell[PROCESS_DESK] >= 0);
}

static void what_was_passed_stays_and_readers_cannot_map_it_for_writing(void **state)
{
    (void)state;
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    assert_int_equal(stores.log[LOG_INBOX].passing, -1); /* nobody waits for that */
    const struct stores_log *l = &stores.log[LOG_OUTBOX_DESK];
    assert_ptr_equal(
        mmap(NULL, PASSING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, l->passing_ro, 0),
        MAP_FAILED);
    struct passing *p =
        mmap(NULL, PASSING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, l->passing, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    assert_true(atomic_load(&p->passed) == 0);
    passing_to(p, 9000);
    passing_settle(p, 7000, 7000);
    munmap(p, PASSING_BYTES);
    assert_null(stores_open(&stores, &party).why); /* accordd starts anew */
    p = mmap(NULL, PASSING_BYTES, PROT_READ, MAP_SHARED, stores.log[LOG_OUTBOX_DESK].passing_ro, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    assert_true(atomic_load(&p->passed) == 7000); /* what a power cut could not take */
    munmap(p, PASSING_BYTES);
}

#define TEST(one) cmocka_unit_test_setup_teardown(one, begin, end)

static bool segment_there(enum log_name log, uint64_t number)
{
    int fd = -1;
    err e = segment_open(stores.log[log].dir, number, SEGMENT_READ, &fd);
    if (fd >= 0) {
        close(fd);
    }
    return !err_is(e);
}

static void a_segment_goes_when_nobody_needs_it_and_it_is_old(void **state)
{
    const uint64_t bytes = 2 << 20;
    const instant  later = INT64_C(4000000000) * MS_PER_SECOND;
    uint64_t       before = 7;
    bool           made;
    (void)state;
    put("accord.conf", CONF MORE, 0644);
    assert_null(open_party().why);
    assert_null(stores_open(&stores, &party).why);
    for (uint64_t n = 2; n < 5; n++) {
        assert_null(stores_spare(&stores, LOG_INBOX, n, &made).why);
        assert_true(made);
    }
    /* the desk has not spoken */
    stores.log[LOG_INBOX].need[PROCESS_COURIER] = 5 * bytes;
    assert_null(stores_retain(&stores, LOG_INBOX, MS_PER_DAY, later, &before).why);
    assert_int_equal(before, 0);
    /* too young */
    stores.log[LOG_INBOX].need[PROCESS_DESK] = 2 * bytes + 5000;
    assert_null(
        stores_retain(&stores, LOG_INBOX, INT64_C(400) * 366 * MS_PER_DAY, later, &before).why);
    assert_int_equal(before, 0);
    /* for ever */
    assert_null(stores_retain(&stores, LOG_INBOX, INSTANT_NEVER, later, &before).why);
    assert_int_equal(before, 0);
    /* the third is still read */
    assert_null(stores_retain(&stores, LOG_INBOX, MS_PER_DAY, later, &before).why);
    assert_int_equal(before, 2);
    assert_false(segment_there(LOG_INBOX, 0));
    assert_false(segment_there(LOG_INBOX, 1));
    assert_true(segment_there(LOG_INBOX, 2));
    assert_int_equal(stores.log[LOG_INBOX].first, 2);
    /* two always stay: the one that is written, and the spare */
    stores.log[LOG_INBOX].need[PROCESS_DESK] = 5 * bytes;
    assert_null(stores_retain(&stores, LOG_INBOX, MS_PER_DAY, later, &before).why);
    assert_int_equal(before, 3);
    /* and it is found so at the next start */
    assert_null(stores_open(&stores, &party).why);
    assert_int_equal(stores.log[LOG_INBOX].first, 3);
    assert_int_equal(stores.log[LOG_INBOX].count, 2);
}

static void the_days_that_are_left(void **state)
{
    (void)state;
    assert_true(room_days(1000, 0, MS_PER_DAY) == UINT64_MAX);
    assert_true(room_days(1000, 5, 0) == UINT64_MAX);
    assert_in_range(room_days(100000000, 10000000, MS_PER_DAY), 9, 10);
    assert_int_equal(room_days(0, 10000000, MS_PER_DAY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(settings_are_what_was_written),
        TEST(who_must_own_the_drop_folder_is_told),
        TEST(a_configuration_that_cannot_be_is_refused),
        TEST(each_file_that_is_not_as_it_must_be_is_told),
        TEST(stores_are_made_once_and_keep_their_size),
        TEST(a_log_with_a_gap_or_of_another_is_refused),
        TEST(readers_cannot_map_the_marks_for_writing),
        TEST(what_was_passed_stays_and_readers_cannot_map_it_for_writing),
        TEST(a_segment_goes_when_nobody_needs_it_and_it_is_old),
        TEST(the_days_that_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
