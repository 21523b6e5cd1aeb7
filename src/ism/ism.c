/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/ism.h"

void ism_empty(const struct groups *g, struct ism *out)
{
    memset(out, 0, sizeof *out);
    out->groups = g->version;
    codes_add(&out->owners.codes, g->usa);
}

span ism_text_of(const struct ism *m, enum ism_text t)
{
    return (span){(const uint8_t *)m->pool + m->text[t].at, m->text[t].len};
}

err ism_text_set(struct ism *m, enum ism_text t, span value)
{
    char     pool[ISM_POOL_MAX];
    uint16_t at[ISM_TEXT_COUNT];
    size_t   used = 0;
    for (unsigned i = 0; i < ISM_TEXT_COUNT; i++) {
        span one = i == t ? value : ism_text_of(m, i);
        if (one.len > sizeof pool - used) {
            return FAIL(LIMIT, "what a marking carries word for word is longer than 1024 bytes");
        }
        at[i] = (uint16_t)used;
        if (one.len > 0) {
            memcpy(pool + used, one.ptr, one.len);
        }
        used += one.len;
    }
    m->text[t].len = (uint16_t)value.len;
    for (unsigned i = 0; i < ISM_TEXT_COUNT; i++) {
        m->text[i].at = at[i];
    }
    memcpy(m->pool, pool, used);
    m->pool_len = (uint16_t)used;
    return OK;
}

static bool texts_equal(const struct ism *a, const struct ism *b)
{
    for (unsigned t = 0; t < ISM_TEXT_COUNT; t++) {
        if (!span_equal(ism_text_of(a, t), ism_text_of(b, t))) {
            return false;
        }
    }
    return true;
}

static bool words_all_equal(const struct ism *a, const struct ism *b)
{
    return words_equal(&a->sci, &b->sci) && words_equal(&a->sap, &b->sap) &&
           words_equal(&a->accm, &b->accm) &&
           words_equal(&a->declass_exceptions, &b->declass_exceptions);
}

static bool places_all_equal(const struct ism *a, const struct ism *b)
{
    return places_equal(&a->owners, &b->owners) && places_equal(&a->release, &b->release) &&
           places_equal(&a->display, &b->display) && places_equal(&a->fgi, &b->fgi) &&
           places_equal(&a->fgi_within, &b->fgi_within);
}

bool ism_equal(const struct ism *a, const struct ism *b)
{
    return a->groups == b->groups && a->system == b->system && a->level == b->level &&
           a->nonus == b->nonus && a->nonic == b->nonic && a->aea == b->aea &&
           a->flags == b->flags && a->dissem == b->dissem &&
           memcmp(a->sigma, b->sigma, sizeof a->sigma) == 0 && places_all_equal(a, b) &&
           words_all_equal(a, b) && texts_equal(a, b);
}
