/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/law.h"

#include <dirent.h>
#include <stdlib.h>

#include "cli/file.h"
#include "crypt/hash.h"
#include "spif/spif.h"

/* Told apart here, since the two want different things done about them. */
static err policy_begins(span xml)
{
    if (span_trim(xml).len == 0) {
        return FAIL(MALFORMED, "the file is empty");
    }
    if (memmem(xml.ptr, xml.len, "<!DOCTYPE", 9) != NULL) {
        return FAIL(MALFORMED, "the file has a DOCTYPE: a policy is read without one");
    }
    return OK;
}

err policy_compile(struct call *c, const char *path, struct writer *w, name *out)
{
    static uint8_t         xml[SPIF_MAX];
    static struct policies one;
    struct spif_problem    problem = {0};
    span                   bytes;
    call_about(c, "%s", path);
    TRY(file_read(path, xml, sizeof xml, &bytes));
    TRY(policy_begins(bytes));
    err e = spif_read(bytes, &one, &problem);
    if (err_is(e) && problem.line > 0) {
        call_about(c, "%s:%u", path, problem.line);
    }
    TRY(e);
    TRY(spif_compile(bytes, w, &problem));
    *out = one.policy[0].name;
    return OK;
}

static int is_policy_file(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return len > 4 && strcmp(d->d_name + len - 4, ".xml") == 0;
}

static err policy_take(struct call *c, const char *dir, const char *file, struct tables *t)
{
    static uint8_t buf[POLICY_TABLE_MAX];
    char           path[FILE_PATH_MAX];
    struct writer  w = WRITER_OF(buf);
    uint8_t        digest[SHA256_LEN];
    name           named;
    TRY(file_path(path, dir, file));
    TRY(policy_compile(c, path, &w, &named));
    sha256(writer_span(&w), digest);
    return policy_read(&t->policies, writer_span(&w), digest);
}

static err policies_in(struct call *c, const char *dir, struct tables *t, unsigned *found)
{
    struct dirent **list = NULL;
    int             count = scandir(dir, &list, is_policy_file, alphasort);
    err             e = OK;
    for (int i = 0; i < count; i++) {
        if (!err_is(e)) {
            e = policy_take(c, dir, list[i]->d_name, t);
        }
        free(list[i]);
    }
    free((void *)list);
    *found = count < 0 ? 0 : (unsigned)count;
    return e;
}

err law_policies(struct call *c, struct tables *t)
{
    const char *given = call_option(c, "policies");
    const char *place[] = {given != NULL ? given : "policies", "/usr/local/share/accord/policies",
                           "/usr/share/accord/policies"};
    unsigned    found = 0;
    for (size_t i = 0; i < (given != NULL ? 1 : ARRAY_LEN(place)) && found == 0; i++) {
        TRY(policies_in(c, place[i], t, &found));
    }
    if (found == 0) {
        call_about(c, "%s", place[0]);
        return FAIL(UNKNOWN, "there are no policies; name their folder with --policies");
    }
    c->about[0] = 0;
    return OK;
}
