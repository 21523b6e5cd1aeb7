/* SPDX-License-Identifier: Apache-2.0 */
/* What a program does with libaccord-marking: reads a line of the US register, asks who may have it, joins it
 * with a second one and writes the result.
 *
 *     cc marking.c $(pkg-config --cflags --libs accord-marking) -o marking
 *     ./marking "$(pkg-config --variable=policies accord-marking)" */
#include <accord/marking.h>
#include <stdio.h>
#include <string.h>

static accord_error *error;

static int failed(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", what, accord_error_sentence(error), accord_error_about(error));
    return 1;
}

static void reason(void *to, const char *line)
{
    (void)to;
    printf("  because %s\n", line);
}

static int line_read(accord_context *c, const char *line, accord_marking **out)
{
    return accord_marking_read(c, "banner", line, strlen(line), out, error) != ACCORD_OK
               ? failed(line)
               : 0;
}

static int run(accord_context *c)
{
    accord_marking       *whole = NULL, *part = NULL, *joined = NULL;
    accord_reader        *reader = NULL;
    const accord_marking *both[2];
    char                  text[ACCORD_GIVEN_MAX];
    const char           *told[] = {"TS,S,C,U", "KOR", "KOR"}; /* levels, nationality, employer */
    int                   bad = line_read(c, "SECRET//REL TO USA, JPN, KOR", &whole) ||
              line_read(c, "TOP SECRET//REL TO USA, JPN", &part);
    if (!bad && accord_reader_of_person(c, told, 3, &reader, error) != ACCORD_OK) {
        bad = failed("reader");
    }
    both[0] = whole;
    both[1] = part;
    if (!bad &&
        (accord_join(c, ACCORD_RULE_CLOSED, both, 2, &joined, error) != ACCORD_OK ||
         accord_marking_write(c, joined, "banner", text, sizeof text, NULL, error) != ACCORD_OK)) {
        bad = failed("join");
    }
    if (!bad) {
        printf("%s\n", text);
        printf("of one: %d\n", (int)accord_access(c, whole, reader));
        printf("of both: %d\n", (int)accord_access_reasons(joined, reader, reason, NULL));
    }
    accord_reader_free(reader);
    accord_marking_free(joined);
    accord_marking_free(part);
    accord_marking_free(whole);
    return bad;
}

int main(int argc, char **argv)
{
    accord_policies *policies = accord_policies_new();
    accord_context  *context = NULL;
    int              bad = 1;
    error = accord_error_new();
    if (policies == NULL || error == NULL) {
        return 1;
    }
    if (accord_policies_add_folder(policies, argc > 1 ? argv[1] : NULL, error) != ACCORD_OK ||
        accord_context_new(policies, 0, &context, error) != ACCORD_OK) {
        (void)failed("policies");
    } else {
        bad = run(context);
    }
    accord_context_free(context);
    accord_policies_free(policies);
    accord_error_free(error);
    return bad;
}
