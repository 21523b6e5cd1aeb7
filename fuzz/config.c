/* links: config */
/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct element {
    name     who;
    char     word[8];
    uint64_t time;
};

struct settings {
    char           guard_before[16];
    char           word[8], string[8];
    uint64_t       number, size;
    unsigned       choice, count;
    bool           yes, set;
    struct element element[2];
    char           guard_after[16];
};

#define AT(member) offsetof(struct settings, member)
#define IN(member) offsetof(struct element, member)

static const char *const       word[] = {"one", "two", NULL};
static const struct config_key inner_key[] = {
    {.keyword = "word", .value = {{CONFIG_WORD, IN(word), 8, 0, 0, NULL}}},
    {.keyword = "time", .value = {{CONFIG_DURATION, IN(time), 0, 0, 0, NULL}}},
};
static const struct config_table inner = {inner_key, ARRAY_LEN(inner_key)};
static const struct config_key   key[] = {
      {.keyword = "word", .value = {{CONFIG_WORD, AT(word), 8, 0, 0, NULL}}},
      {.keyword = "string", .value = {{CONFIG_STRING, AT(string), 8, 0, 0, NULL}}},
      {.keyword = "number",
       .value = {{CONFIG_NUMBER, AT(number), 0, 2, 9, NULL}, {CONFIG_SIZE, AT(size), 0, 0, 0, NULL}}},
      {.keyword = "choice", .value = {{CONFIG_CHOICE, AT(choice), 0, 0, 0, word}}},
      {.keyword = "yes", .value = {{CONFIG_YES, AT(yes), 0, 0, 0, NULL}}},
      {.keyword = "set", .value = {{CONFIG_SET, AT(set), 0, 0, 0, NULL}}},
      {.keyword = "element",
       .value = {{CONFIG_NAME, IN(who), 0, 0, 0, NULL}},
       .list = {2, AT(element), sizeof(struct element), AT(count), NULL},
       .block = &inner},
};
static const struct config_table table = {key, ARRAY_LEN(key)};

/* Whatever stands in the file, only the caller's fields change, and nothing when it is refused. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct diagnostics d;
    static struct settings    s, none;
    d.count = d.errors = d.left_out = 0;
    if (err_is(config_read((span){data, len}, &table, &s, &d))) {
        MUST(d.errors > 0 && memcmp(&s, &none, sizeof s) == 0);
        return 0;
    }
    MUST(memcmp(s.guard_before, none.guard_before, 16) == 0);
    MUST(memcmp(s.guard_after, none.guard_after, 16) == 0);
    MUST(s.word[7] == '\0' && s.string[7] == '\0' && s.choice < 2 && s.count <= 2);
    MUST(s.element[0].word[7] == '\0' && (s.number == 0 || (s.number >= 2 && s.number <= 9)));
    s = none;
    return 0;
}
