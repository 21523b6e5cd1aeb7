/* SPDX-License-Identifier: Apache-2.0 */
/* The page for displays: which files are served, and which are not even read */
#include "deskio/page.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"

static char        folder[64];
static int         dir;
static struct page page;

static void file_make(const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static int scene_begin(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/accord-page-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    file_make("index.html", "<!doctype html>");
    file_make("wall.js", "let a;");
    return dir >= 0 ? 0 : -1;
}

static int scene_end(void **state)
{
    char rm[128];
    (void)state;
    page_close(&page);
    close(dir);
    snprintf(rm, sizeof rm, "rm -r %s", folder);
    return system(rm);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static void its_files_are_served_by_their_types(void **state)
{
    (void)state;
    assert_false(err_is(page_open(&page, dir)));
    const struct page_file *html = page_find(&page, SPAN_LIT("/wall/"));
    assert_non_null(html);
    assert_int_equal(html->media, MEDIA_HTML);
    assert_true(span_is(html->body, "<!doctype html>"));
    assert_ptr_equal(page_find(&page, SPAN_LIT("/wall/index.html")), html);
    assert_int_equal(page_find(&page, SPAN_LIT("/wall/wall.js"))->media, MEDIA_SCRIPT);
    assert_false(page_path(SPAN_LIT("/wall")) || page_path(SPAN_LIT("/v1/wall/")));
}

static void nothing_else_is(void **state)
{
    (void)state;
    static const char *const path[] = {"/wall/x.js",     "/wall/../wall.js", "/wall//wall.js",
                                       "/wall/wall.js/", "/wall/%77all.js",  "/wall/wall",
                                       "/wall/.",        "/wall/secret.key"};
    file_make("secret.key", "s");
    file_make(".hidden.js", "h");
    file_make("UPPER.js", "u");
    assert_int_equal(symlinkat("wall.js", dir, "UP.js"), 0);
    assert_false(err_is(page_open(&page, dir)));
    assert_int_equal(page.count, 2);
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        assert_null(page_find(&page, span_text(path[i])));
    }
    file_make("later.js", "l");
    assert_null(page_find(&page, SPAN_LIT("/wall/later.js")));
}

static void what_is_no_file_or_too_large_is_refused(void **state)
{
    (void)state;
    assert_int_equal(symlinkat("wall.js", dir, "link.js"), 0);
    assert_int_equal(page_open(&page, dir).code, ERR_IO);
    page_close(&page);
    assert_int_equal(unlinkat(dir, "link.js", 0), 0);
    assert_int_equal(mkdirat(dir, "folder.js", 0700), 0);
    assert_int_equal(page_open(&page, dir).code, ERR_IO);
    page_close(&page);
    assert_int_equal(unlinkat(dir, "folder.js", AT_REMOVEDIR), 0);
    file_make("large.js", "");
    int fd = openat(dir, "large.js", O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(fd, (off_t)PAGE_FILE_MAX + 1), 0);
    close(fd);
    assert_int_equal(page_open(&page, dir).code, ERR_LIMIT);
}

static void more_files_than_there_may_be_are_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAGE_FILES_MAX - 1; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%u.css", i);
        file_make(name, "");
    }
    assert_int_equal(page_open(&page, dir).code, ERR_LIMIT);
}

static void without_a_folder_there_is_no_page(void **state)
{
    (void)state;
    assert_false(err_is(page_open(&page, -1)));
    assert_null(page_find(&page, SPAN_LIT("/wall/")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(its_files_are_served_by_their_types),
        SCENE_TEST(nothing_else_is),
        SCENE_TEST(what_is_no_file_or_too_large_is_refused),
        SCENE_TEST(more_files_than_there_may_be_are_refused),
        SCENE_TEST(without_a_folder_there_is_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
