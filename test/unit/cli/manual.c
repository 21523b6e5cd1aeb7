/* SPDX-License-Identifier: Apache-2.0 */
/* Every verb and every option of the table stands in the manual page that its row names. */
#include "cli/file.h"
#include "cli/help.h"
#include "unit/cli/run.h"

static char page[65536];

static void page_read(const char *file)
{
    char path[128];
    span text = {NULL, 0};
    (void)snprintf(path, sizeof path, "man/%s", file);
    BORDER_OK(file_read(path, (uint8_t *)page, sizeof page - 1, &text));
    page[text.len] = 0;
}

/* From the verb's own item to the next verb's. */
static const char *item_of(const char *words)
{
    char item[64];
    (void)snprintf(item, sizeof item, "\n.It Cm %s", words);
    const char *at = strstr(page, item);
    if (at == NULL || (at[strlen(item)] != ' ' && at[strlen(item)] != '\n')) {
        print_message("not in its manual page: %s\n", words);
        fail();
    }
    return at + 1;
}

static void options_stand(const struct option *o, const char *from, const char *to)
{
    for (; o != NULL && o->name != NULL; o++) {
        char item[64];
        (void)snprintf(item, sizeof item, ".It Fl -%s", o->name);
        const char *at = strstr(from, item);
        if (at == NULL || (to != NULL && at > to)) {
            print_message("not in its manual page: --%s\n", o->name);
            fail();
        }
    }
}

/* What the usage line shows between verb and options, in the page's synopsis, as far as it begins with a dash. */
static void synopsis_says(const struct verb *v)
{
    char        item[64], from[96];
    const char *at, *end;
    (void)snprintf(from, sizeof from, ".Nm accord\n.Cm %s\n", v->words);
    at = strstr(page, from);
    assert_non_null(at);
    at += strlen(from);
    end = strstr(at, "\n.Nm accord\n");
    for (const char *o = strstr(v->args, "--"); o != NULL; o = strstr(o + 2, "--")) {
        (void)snprintf(item, sizeof item, "Fl %.*s", (int)strcspn(o + 1, " ]"), o + 1);
        at = strstr(at, item);
        assert_true(at != NULL && (end == NULL || at < end));
    }
    for (unsigned i = 0; i < v->signers; i++) {
        at = strstr(at, ".Fl -as Ar NAME");
        assert_true(at != NULL && (end == NULL || at < end));
        at++;
    }
}

static void each_verb_stands_in_its_page(void **state)
{
    (void)state;
    for (unsigned i = 0; i < verb_row_count; i++) {
        char file[64];
        (void)snprintf(file, sizeof file, "accord-%s.1", verb_rows[i].page);
        page_read(file);
        synopsis_says(&verb_rows[i]);
        const char *from = item_of(verb_rows[i].words);
        options_stand(verb_rows[i].option, from, strstr(from, "\n.It Cm "));
    }
}

static void common_options_stand_in_the_first_page(void **state)
{
    (void)state;
    page_read("accord.1");
    options_stand(common_options, page, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_stands_in_its_page),
        cmocka_unit_test(common_options_stand_in_the_first_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
