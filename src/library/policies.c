/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"

accord_policies *accord_policies_new(void)
{
    accord_policies *p = malloc(sizeof *p);
    if (p != NULL) {
        ground_init(&p->ground);
        atomic_init(&p->in_use, false);
    }
    return p;
}

void accord_policies_free(accord_policies *p)
{
    if (p != NULL) {
        ground_done(&p->ground);
        free(p);
    }
}

static err in_use(const accord_policies *p)
{
    return atomic_load(&p->in_use)
               ? FAIL(STATE, "policies do not change once there is a context of them")
               : OK;
}

typedef err of_file(struct ground *g, const char *path, struct value_problem *p);
typedef err of_bytes(struct ground *g, span bytes, struct value_problem *p);

static enum accord_code file_add(accord_policies *p, of_file *add, const char *path,
                                 accord_error *e)
{
    struct value_problem problem = {0};
    err                  why = in_use(p);
    why = err_is(why) ? why : add(&p->ground, path, &problem);
    return error_set(e, why, &problem);
}

static enum accord_code bytes_add(accord_policies *p, of_bytes *add, const void *bytes, size_t len,
                                  accord_error *e)
{
    struct value_problem problem = {0};
    err                  why = in_use(p);
    why = err_is(why) ? why : add(&p->ground, (span){bytes, len}, &problem);
    return error_set(e, why, &problem);
}

enum accord_code accord_policies_add_file(accord_policies *p, const char *path, accord_error *e)
{
    return file_add(p, ground_policy_file, path, e);
}

enum accord_code accord_policies_add_bytes(accord_policies *p, const void *bytes, size_t len,
                                           accord_error *e)
{
    return bytes_add(p, ground_policy, bytes, len, e);
}

enum accord_code accord_policies_add_groups_file(accord_policies *p, const char *path,
                                                 accord_error *e)
{
    return file_add(p, ground_groups_file, path, e);
}

enum accord_code accord_policies_add_groups_bytes(accord_policies *p, const void *bytes, size_t len,
                                                  accord_error *e)
{
    return bytes_add(p, ground_groups, bytes, len, e);
}

enum accord_code accord_policies_add_label_groups_file(accord_policies *p, const char *path,
                                                       accord_error *e)
{
    return file_add(p, ground_label_groups_file, path, e);
}

enum accord_code accord_policies_add_label_groups_bytes(accord_policies *p, const void *bytes,
                                                        size_t len, accord_error *e)
{
    return bytes_add(p, ground_label_groups, bytes, len, e);
}

static err folder_add(struct ground *g, const char *path, struct value_problem *p)
{
    const char *dir = path != NULL ? path : ground_installed();
    return dir == NULL
               ? FAIL(UNKNOWN,
                      "no policies are installed below /usr/local or /usr: name their folder")
               : ground_folder(g, dir, true, p);
}

enum accord_code accord_policies_add_folder(accord_policies *p, const char *path, accord_error *e)
{
    return file_add(p, folder_add, path, e);
}

enum accord_code accord_policies_name(const accord_policies *p, unsigned i, char *text, size_t max,
                                      accord_error *e)
{
    struct writer w = text_begin(text, max);
    if (i >= p->ground.catalog.count) {
        return error_set(e, FAIL(UNKNOWN, "there are not so many policies"), NULL);
    }
    put_span(&w, p->ground.catalog.entry[i].scheme->name);
    return error_set(e, text_end(&w, max, NULL), NULL);
}

const char *accord_form_name(unsigned i)
{
    struct value_form f;
    return value_form_each(i, &f) ? f.name : NULL;
}

const char *accord_form_title(unsigned i)
{
    struct value_form f;
    return value_form_each(i, &f) ? f.title : NULL;
}

int accord_form_is_binary(const char *form)
{
    struct value_form f;
    return value_form_named(span_text(form), &f) && value_form_binary(&f) ? 1 : 0;
}
