/* SPDX-License-Identifier: Apache-2.0 */
/* Each way in which a file of a secret may lie open, and what is said of it. */
#include "vault/secret_file.h"
#include "cmocka_all.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], safe[96], path[128];

static void put(const char *file, const void *bytes, size_t len, mode_t mode)
{
    (void)unlink(file);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static int begin(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/accord-vault-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(safe, sizeof safe, "%s/safe", dir);
    (void)snprintf(path, sizeof path, "%s/key", safe);
    assert_int_equal(mkdir(safe, 0700), 0);
    put(path, "0123456789abcdef0123456789abcdef", 32, 0600);
    return 0;
}

static int end(void **state)
{
    char command[96];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

/* Said of the file as it lies now */
static void refused(const char *file, int party, const char *why)
{
    int fd = 77;
    err e = secret_file_open(file, party, &fd);
    assert_true(err_is(e));
    if (strstr(e.why, why) == NULL) {
        fail_msg("it says: %s", e.why);
    }
    assert_int_equal(fd, 77);
}

static void as_it_must_be_it_is_read(void **state)
{
    secret key = {0};
    int    fd = -1;
    (void)state;
    assert_null(secret_file_open(path, -1, &fd).why);
    assert_null(wrap_key_read(fd, &key).why);
    assert_memory_equal(key.key, "0123456789abcdef0123456789abcdef", 32);
    close(fd);
    assert_int_equal(chmod(path, 0400), 0);
    assert_null(secret_file_open(path, -1, &fd).why);
    close(fd);
}

static void a_file_that_others_may_use_is_refused(void **state)
{
    static const mode_t mode[] = {0640, 0604, 0620, 0602, 0610, 0601};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(mode); i++) {
        assert_int_equal(chmod(path, mode[i]), 0);
        refused(path, -1, "is open to others");
    }
}

static void what_is_no_file_of_its_own_is_refused(void **state)
{
    char other[160];
    (void)state;
    (void)snprintf(other, sizeof other, "%s/other", safe);
    assert_int_equal(symlink("key", other), 0);
    refused(other, -1, "is a link");
    assert_int_equal(unlink(other), 0);
    assert_int_equal(link(path, other), 0);
    refused(path, -1, "has a second name");
    assert_int_equal(unlink(other), 0);
    refused(other, -1, "is not there");
    assert_int_equal(mkfifo(other, 0600), 0);
    refused(other, -1, "is no plain file");
    refused(safe, -1, "is no plain file");
    refused("key", -1, "is no absolute path");
    refused("/", -1, "is no absolute path");
    (void)snprintf(other, sizeof other, "%s/nowhere/key", dir);
    refused(other, -1, "in a folder that is not there");
}

static void where_others_write_nothing_is_kept(void **state)
{
    int party = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)state;
    assert_int_equal(chmod(safe, 0770), 0);
    refused(path, -1, "that others may write");
    assert_int_equal(chmod(safe, 01777), 0);
    refused(path, -1, "that others may write");
    assert_int_equal(chmod(safe, 0700), 0);
    assert_int_equal(chmod(dir, 0707), 0);
    refused(path, -1, "below a folder that everybody may write");
    assert_int_equal(chmod(dir, 0755), 0);
    refused(path, party, "in the gateway's folder");
    close(party);
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 65534, 0), 0);
        refused(path, -1, "belongs to somebody else");
        assert_int_equal(chown(path, 0, 0), 0);
        assert_int_equal(chown(safe, 65534, 0), 0);
        refused(path, -1, "or own");
    }
}

static void what_is_no_key_and_no_pin_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t      len;
        bool        pin;
    } row[] = {{"1234", 4, true},  {"1234\n", 5, true},  {"", 0, false},          {"\n", 1, false},
               {"12 4", 4, false}, {"1\n2\n", 4, false}, {"12\xc3\xa4", 4, false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char   pin[PIN_LEN_MAX + 1];
        secret key;
        put(path, row[i].bytes, row[i].len, 0600);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_int_equal(wrap_key_read(fd, &key).code, ERR_MALFORMED);
        assert_int_equal(!err_is(pin_read(fd, pin)), row[i].pin);
        if (row[i].pin) {
            assert_string_equal(pin, "1234");
        }
        close(fd);
    }
    put(path, "0123456789abcdef0123456789abcdef\n", 33, 0600);
    secret key;
    int    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(wrap_key_read(fd, &key).code, ERR_MALFORMED);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_it_must_be_it_is_read, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_others_may_use_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_file_of_its_own_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(where_others_write_nothing_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_key_and_no_pin_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
