/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"

/* FNV-1a, eight bytes at a time: who floods it meets ACCORD_INTERN_MAX first */
static size_t slot_of(span in)
{
    uint64_t h = UINT64_C(14695981039346656037);
    size_t   i = 0;
    for (; i + 8 <= in.len; i += 8) {
        uint64_t word;
        memcpy(&word, in.ptr + i, sizeof word);
        h = (h ^ word) * UINT64_C(1099511628211);
        h ^= h >> 32;
    }
    for (; i < in.len; i++) {
        h = (h ^ in.ptr[i]) * UINT64_C(1099511628211);
    }
    return (size_t)((h ^ h >> 32) % KEPT_SLOTS);
}

static bool is_same(const struct kept *k, const char *form, uint64_t given, span in)
{
    bool form_same =
        k->form == form || (k->form != NULL && form != NULL && strcmp(k->form, form) == 0);
    return form_same && k->given == given && span_equal((span){k->bytes, k->len}, in);
}

static err keep(accord_context *c, size_t slot, const char *form, span in, accord_marking *m)
{
    struct kept *k = malloc(sizeof *k + in.len);
    if (k == NULL) {
        accord_marking_free(m);
        return FAIL(FULL, "there is no memory");
    }
    k->marking = m;
    k->form = form == NULL ? NULL : m->value.form.name;
    k->given = c->given_number;
    k->len = in.len;
    if (in.len > 0) {
        memcpy(k->bytes, in.ptr, in.len);
    }
    c->kept[slot] = k;
    c->kept_count++;
    return OK;
}

enum accord_code accord_marking_intern(accord_context *c, const char *form, const void *bytes,
                                       size_t len, const accord_marking **out, accord_error *e)
{
    span            in = {bytes, len};
    accord_marking *m = NULL;
    if (len > ACCORD_INTERN_BYTES_MAX) {
        return error_set(e, FAIL(LIMIT, "it is longer than what is interned"), NULL);
    }
    size_t slot = slot_of(in);
    while (c->kept[slot] != NULL && !is_same(c->kept[slot], form, c->given_number, in)) {
        slot = (slot + 1) % KEPT_SLOTS;
    }
    if (c->kept[slot] == NULL) {
        if (c->kept_count == ACCORD_INTERN_MAX) {
            return error_set(e, FAIL(FULL, "as many texts are interned as may be"), NULL);
        }
        enum accord_code code = accord_marking_read(c, form, bytes, len, &m, e);
        if (code != ACCORD_OK) {
            return code;
        }
        err why = keep(c, slot, form, in, m);
        if (err_is(why)) {
            return error_set(e, why, NULL);
        }
    }
    *out = c->kept[slot]->marking;
    return error_set(e, OK, NULL);
}
