/* links: library */
/* SPDX-License-Identifier: Apache-2.0 */
#include <accord/marking.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static accord_policies *policies;
static accord_context  *context;
static accord_reader   *reader;

static void open_once(void)
{
    static const char *const told[] = {"TS,S,C,R,U", "USA", "USA"};
    static const char *const said[] = {
        [ACCORD_GIVEN_TOPICS] = "dprk-missile",
        [ACCORD_GIVEN_DISCIPLINES] = "radar",
        [ACCORD_GIVEN_OF] = "KOR",
        [ACCORD_GIVEN_BANNER] = "SECRET//REL TO USA, JPN",
        [ACCORD_GIVEN_CREATED] = "2026-11-22T00:00:00Z",
        [ACCORD_GIVEN_LEAVE_OUT] = "originator,id,created,review,topics,disciplines,authority",
    };
    if (policies != NULL) {
        return;
    }
    policies = accord_policies_new();
    MUST(accord_policies_add_folder(policies, "policies", NULL) == ACCORD_OK);
    MUST(accord_context_new(policies, ACCORD_LENIENT, &context, NULL) == ACCORD_OK);
    for (unsigned i = 0; i < sizeof said / sizeof said[0]; i++) {
        MUST(accord_context_set(context, (enum accord_given)i, said[i], NULL) == ACCORD_OK);
    }
    MUST(accord_reader_of_person(context, told, 3, &reader, NULL) == ACCORD_OK);
}

static void hear(void *to, const char *line)
{
    *(size_t *)to += strlen(line);
}

/* What was written in a form is read in it, and written again is the same.  A national line is read as of the party
 * that is given, which need not be the one that it was written for. */
static void round_trip(const accord_marking *m, const char *form)
{
    static char     text[ACCORD_TEXT_MAX], again[ACCORD_TEXT_MAX];
    accord_marking *back = NULL;
    size_t          len = 0, len_again = 0;
    if (accord_marking_write(context, m, form, text, sizeof text, &len, NULL) != ACCORD_OK) {
        MUST(text[0] == 0);
        return;
    }
    if (strcmp(form, "national") == 0) {
        return;
    }
    MUST(accord_marking_read(context, form, text, len, &back, NULL) == ACCORD_OK);
    MUST(accord_marking_write(context, back, form, again, sizeof again, &len_again, NULL) ==
         ACCORD_OK);
    MUST(len == len_again && memcmp(text, again, len) == 0);
    accord_marking_free(back);
}

/* The first byte says which form, or that it is to be found; the rest is a marking. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    accord_marking       *m = NULL, *joined = NULL;
    const accord_marking *both[2];
    char                  line[1024];
    size_t                heard = 0;
    open_once();
    if (len == 0 || accord_marking_read(context, accord_form_name(data[0]), data + 1, len - 1, &m,
                                        NULL) != ACCORD_OK) {
        MUST(m == NULL);
        return 0;
    }
    accord_marking_explain(m, "ko", hear, &heard);
    (void)accord_marking_valid(m, hear, &heard);
    (void)accord_marking_display(m, "fr", line, sizeof line, NULL);
    MUST(accord_access(context, m, reader) == accord_access_reasons(m, reader, hear, &heard));
    for (unsigned i = 0; accord_form_name(i) != NULL; i++) {
        round_trip(m, accord_form_name(i));
    }
    both[0] = both[1] = m;
    if (accord_join(context, ACCORD_RULE_CLOSED, both, 2, &joined, NULL) == ACCORD_OK) {
        MUST(accord_access(context, joined, reader) <= accord_access(context, m, reader));
    }
    accord_marking_free(joined);
    accord_marking_free(m);
    return 0;
}
