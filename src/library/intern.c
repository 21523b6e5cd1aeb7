/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"

/* Eight bytes a step: which slot it is need not be unforgeable, because the bytes are compared and half of the
 * slots are free, so a walk is short, and never longer than the table. */
static size_t slot_of(span in)
{
    uint64_t h = in.len * UINT64_C(0x9e3779b97f4a7c15), word = 0;
    for (size_t at = 0; at < in.len; at += sizeof word) {
        size_t left = in.len - at < sizeof word ? in.len - at : sizeof word;
        word = 0;
        memcpy(&word, in.ptr + at, left);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return (size_t)(h % KEPT_SLOTS);
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
