/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "law/marking/generate.h"
#include <stdio.h>

/* The slow twin knows no sets and no numbers: it combines two canonical texts, word by word. */
#define WORDS_MAX 80
#define GENERATED 100000

static struct policies all;

struct list {
    char     word[WORDS_MAX][NAME_MAX_LEN + 1];
    unsigned count;
};

/* The names that follow a key in the text; none when the key is not there */
static void list_after(const char *text, const char *key, struct list *out)
{
    char        spaced[32], copy[8192];
    const char *at;
    out->count = 0;
    (void)snprintf(spaced, sizeof spaced, " %s ", key);
    at = strstr(text, spaced);
    if (at == NULL) {
        return;
    }
    (void)snprintf(copy, sizeof copy, "%s", at + strlen(spaced));
    *strchrnul(copy, ' ') = 0;
    for (char *save = NULL, *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
        (void)snprintf(out->word[out->count++], NAME_MAX_LEN + 1, "%s", w);
    }
}

static bool list_has(const struct list *l, const char *word)
{
    for (unsigned i = 0; i < l->count; i++) {
        if (strcmp(l->word[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static void list_add(struct list *l, const char *word)
{
    if (!list_has(l, word)) {
        (void)snprintf(l->word[l->count++], NAME_MAX_LEN + 1, "%s", word);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void list_print(char *text, const char *key, struct list *l)
{
    qsort(l->word, l->count, sizeof l->word[0], by_bytes);
    for (unsigned i = 0; i < l->count; i++) {
        char *end = text + strlen(text);
        (void)sprintf(end, i == 0 ? " %s %s" : ",%s%s", i == 0 ? key : "", l->word[i]);
    }
}

static void unite(const char *a, const char *b, const char *key, char *text)
{
    static struct list both, second;
    list_after(a, key, &both);
    list_after(b, key, &second);
    for (unsigned i = 0; i < second.count; i++) {
        list_add(&both, second.word[i]);
    }
    list_print(text, key, &both);
}

/* 0 = not, 1 = is shown it, 2 = keeps it */
static int standing(const char *text, const char *party)
{
    static struct list to, show;
    list_after(text, "to", &to);
    list_after(text, "show", &show);
    return list_has(&to, party) ? 2 : list_has(&show, party) ? 1 : 0;
}

static void recipients(const char *a, const char *b, char *text)
{
    static struct list to, show;
    to.count = show.count = 0;
    for (unsigned i = 0; i < all.parties.count; i++) {
        const char *party = all.parties.name[i].text;
        int         x = standing(a, party), y = standing(b, party), least = x < y ? x : y;
        if (least > 0) {
            list_add(least == 2 ? &to : &show, party);
        }
    }
    list_print(text, "to", &to);
    list_print(text, "show", &show);
}

static int place_of(const char *text)
{
    static const char *const order[] = {"U", "LOW", "MID", "TOP"};
    const char              *at = strchr(text, ':') + 1;
    for (int i = 0; i < 4; i++) {
        if (strncmp(at, order[i], strcspn(at, " ")) == 0) {
            return i;
        }
    }
    return -1;
}

static void twin_join(const char *a, const char *b, char *text)
{
    const char *high = place_of(a) > place_of(b) ? a : b;
    (void)sprintf(text, "%.*s", (int)strcspn(high, " "), high);
    unite(a, b, "of", text);
    unite(a, b, "about", text);
    unite(a, b, "from", text);
    recipients(a, b, text);
    unite(a, b, "caveats", text);
}

static const char *text_of(const struct marking *m, char *buf, size_t max)
{
    struct writer w = writer_of(buf, max - 1);
    marking_format(&all, m, &w);
    assert_false(w.bad);
    buf[w.len] = 0;
    return buf;
}

static void both_twins_join_alike(void **state)
{
    (void)state;
    static char a[8192], b[8192], fast[8192], slow[8192];
    struct dice d = {11};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct marking x = dice_marking(&d, &all, 0), y = dice_marking(&d, &all, 0), both;
        assert_false(err_is(marking_join(&x, &y, &both)));
        twin_join(text_of(&x, a, sizeof a), text_of(&y, b, sizeof b), slow);
        assert_string_equal(text_of(&both, fast, sizeof fast), slow);
    }
}

static int set_up(void **state)
{
    (void)state;
    sample_policies(&all);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_twins_join_alike)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
