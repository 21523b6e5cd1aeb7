/* SPDX-License-Identifier: Apache-2.0 */
/* The program, run in the test's own process. */
#ifndef TEST_CLI_RUN_H
#define TEST_CLI_RUN_H

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cmocka_all.h"

#define BORDER_OK(e) assert_false(err_is(e))

static json_t *border_answer;

/* Runs `accord …` with --json; the answer is in border_answer until the next run. */
static inline int run(const char *const argv[])
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len), *notes = fopen("/dev/null", "w");
    char  *line[64] = {(char *)(uintptr_t) "accord", (char *)(uintptr_t) "--json"};
    int    argc = 2;
    assert_true(out != NULL && notes != NULL);
    for (; argv[argc - 2] != NULL; argc++) {
        line[argc] = (char *)(uintptr_t)argv[argc - 2];
    }
    int status = cli_run(argc, line, out, notes);
    (void)fclose(out);
    (void)fclose(notes);
    json_decref(border_answer);
    border_answer = json_loads(text, 0, NULL);
    free(text);
    return status;
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static inline const char *answer_string(const char *key)
{
    const char *s = json_string_value(json_object_get(border_answer, key));
    return s == NULL ? "" : s;
}

static inline json_int_t answer_number(const char *key)
{
    return json_integer_value(json_object_get(border_answer, key));
}

/* The folder of a test's files goes, and the last answer with it; for a tear-down */
static inline int folder_end(const char *folder)
{
    char line[128];
    (void)snprintf(line, sizeof line, "rm -r %s", folder);
    json_decref(border_answer);
    border_answer = NULL;
    return system(line);
}

#endif
