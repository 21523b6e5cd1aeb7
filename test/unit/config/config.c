/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"
#include "base/text.h"
#include "cmocka_all.h"

struct partner {
    name     party;
    char     address[32];
    uint64_t beat_ms;
    bool     trusted;
};

struct settings {
    char           data[64];
    uint64_t       room, beats_max;
    unsigned       mode, partner_count, port_count;
    bool           quiet;
    struct partner partner[2];
    struct {
        uint64_t number;
    } port[3];
};

static const char *const mode[] = {"observe", "enforce", NULL};

static const struct config_key partner_key[] = {
    {.keyword = "address",
     .required = true,
     .value = {{CONFIG_WORD, offsetof(struct partner, address), 32, 0, 0, NULL}}},
    {.keyword = "beat",
     .value = {{CONFIG_DURATION, offsetof(struct partner, beat_ms), 0, 1000, 60000, NULL}}},
    {.keyword = "trusted",
     .value = {{CONFIG_YES, offsetof(struct partner, trusted), 0, 0, 0, NULL}}},
};
static const struct config_table partner_table = {partner_key, ARRAY_LEN(partner_key)};
static const struct partner      partner_fresh = {.beat_ms = 5000};
static const struct config_key   key[] = {
      {.keyword = "data",
       .required = true,
       .value = {{CONFIG_WORD, offsetof(struct settings, data), 64, 0, 0, NULL}}},
      {.keyword = "room", .value = {{CONFIG_SIZE, offsetof(struct settings, room), 0, 0, 0, NULL}}},
      {.keyword = "mode", .value = {{CONFIG_CHOICE, offsetof(struct settings, mode), 0, 0, 0, mode}}},
      {.keyword = "quiet", .value = {{CONFIG_SET, offsetof(struct settings, quiet), 0, 0, 0, NULL}}},
      {.keyword = "port",
       .value = {{CONFIG_NUMBER, 0, 0, 1, 65535, NULL}},
       .list = {3, offsetof(struct settings, port), sizeof(uint64_t),
                offsetof(struct settings, port_count), NULL}},
      {.keyword = "partner",
       .value = {{CONFIG_NAME, offsetof(struct partner, party), 0, 0, 0, NULL}},
       .list = {2, offsetof(struct settings, partner), sizeof(struct partner),
                offsetof(struct settings, partner_count), &partner_fresh},
       .block = &partner_table},
};
static const struct config_table table = {key, ARRAY_LEN(key)};

static void reads_settings_lists_and_blocks(void **state)
{
    (void)state;
    static struct diagnostics d;
    struct settings           s = {.beats_max = 42};
    d = (struct diagnostics){0};
    err e = config_read(SPAN_LIT("# gateway\n"
                                 "data /var/lib/accord\n"
                                 "room 4 MiB\n"
                                 "mode enforce\n"
                                 "quiet\n"
                                 "port 7001\nport 7002\n"
                                 "partner JPN\n"
                                 "    address 192.0.2.7:7001\n"
                                 "    trusted yes\n"
                                 "partner USA\n"
                                 "    beat 10 seconds\n"
                                 "    address [2001:db8::1]:7001\n"),
                        &table, &s, &d);
    assert_null(e.why);
    assert_int_equal(d.count, 0);
    assert_string_equal(s.data, "/var/lib/accord");
    assert_int_equal(s.room, 4 << 20);
    assert_int_equal(s.mode, 1);
    assert_true(s.quiet);
    assert_int_equal(s.beats_max, 42);
    assert_int_equal(s.port_count, 2);
    assert_int_equal(s.port[1].number, 7002);
    assert_int_equal(s.partner_count, 2);
    assert_string_equal(s.partner[0].party.text, "JPN");
    assert_true(s.partner[0].trusted);
    assert_int_equal(s.partner[0].beat_ms, 5000);
    assert_string_equal(s.partner[1].address, "[2001:db8::1]:7001");
    assert_int_equal(s.partner[1].beat_ms, 10000);
}

struct mistake {
    const char *text;
    unsigned    line, column;
    const char *says, *hint;
};

static void every_mistake_has_its_place_and_nothing_is_written(void **state)
{
    (void)state;
    static const struct mistake row[] = {
        {"data /x\nmod enforce\n", 2, 1, "no setting", "did you mean 'mode'?"},
        {"data /x\nmode enforse\n", 2, 6, "none of the words", "did you mean 'enforce'?"},
        {"data /x\nport 70000\n", 2, 6, "outside its bounds", "from 1 to 65535"},
        {"data /x\nport 07\n", 2, 6, "whole number", ""},
        {"data /x\nport\n", 2, 5, "whole number", ""},
        {"data /x /y\n", 1, 9, "nothing more", ""},
        {"data /x\ndata /y\n", 2, 1, "1 time at most", ""},
        {"data /x\nport 1\nport 2\nport 3\nport 4\n", 5, 1, "3 times at most", ""},
        {"mode enforce\n", 1, 1, "'data' is missing", ""},
        {"data /x\npartner JPN\n", 2, 1, "'address' is missing", ""},
        {"data /x\n  address 1\n", 2, 3, "indented", ""},
        {"data /x\npartner JPN\n  address 1\n  beat 1 ms\n", 4, 10, "bounds", "1000 to 60000 ms"},
        {"data /x\nroom 4 MB\n", 2, 8, "no unit", ""},
        {"data /x\nroom 99999999999999999999 GiB\n", 2, 6, "larger", ""},
        {"data \"/x\"\n", 1, 6, "a word is expected", ""},
        {"data /x\n\"mode\" enforce\n", 2, 1, "no setting", ""},
        {"data /x\nquiet yes\n", 2, 7, "nothing more", ""},
        {"data /x\x01\n", 1, 8, "U+0001", "take it out"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        static struct diagnostics d;
        struct settings           s = {.beats_max = 7}, before = s;
        d = (struct diagnostics){0};
        assert_true(err_is(config_read(span_text(row[i].text), &table, &s, &d)));
        assert_memory_equal(&s, &before, sizeof s);
        assert_true(d.count >= 1);
        assert_int_equal(d.item[0].at.line, row[i].line);
        assert_int_equal(d.item[0].at.column, row[i].column);
        assert_non_null(strstr(d.item[0].sentence, row[i].says));
        assert_non_null(strstr(d.item[0].hint, row[i].hint));
    }
}

static void one_run_tells_of_all_and_lines_under_an_unknown_setting_are_passed_over(void **state)
{
    (void)state;
    static struct diagnostics d;
    struct settings           s = {0};
    d = (struct diagnostics){0};
    assert_true(err_is(config_read(SPAN_LIT("parner JPN\n  address 1\n  what 2\nmode x\nport 0\n"),
                                   &table, &s, &d)));
    assert_int_equal(d.errors, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_settings_lists_and_blocks),
        cmocka_unit_test(every_mistake_has_its_place_and_nothing_is_written),
        cmocka_unit_test(one_run_tells_of_all_and_lines_under_an_unknown_setting_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
