/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ISMFORM_SAMPLE_H
#define TEST_ISMFORM_SAMPLE_H

#include "cmocka_all.h"
#include "ismform/ismform.h"
#include "unit/ism/sample.h"

/* The banner of what is read, or the name of the rule that refuses it */
static inline const char *said_by(const char *form, span in)
{
    static uint8_t         buf[ISM_LINE_MAX + 1];
    struct writer          w = writer_of(buf, ISM_LINE_MAX);
    struct ism             m;
    struct ismform_problem p;
    if (err_is(ismform_read(ismform_find(span_text(form)), sample_groups(), in, &m, &p))) {
        return p.fault.rule;
    }
    if (err_is(ism_banner_write(sample_groups(), &m, &w, &p.fault))) {
        return "no banner";
    }
    buf[w.len] = 0;
    return (const char *)buf;
}

static inline void says(const char *form, const char *in, const char *expected)
{
    assert_string_equal(said_by(form, span_text(in)), expected);
}

/* A banner in another form; NULL when it is refused, and then `p` says why */
static inline const uint8_t *written(const char *form, const char *banner, size_t *len,
                                     struct ismform_problem *p)
{
    static uint8_t buf[ISMFORM_BYTES_MAX];
    struct writer  w = WRITER_OF(buf);
    struct ism     m;
    assert_false(err_is(ism_banner_read(sample_groups(), span_text(banner), &m, &p->fault)));
    err e = ismform_write(ismform_find(span_text(form)), sample_groups(), &m, &w, p);
    *len = w.len;
    return err_is(e) ? NULL : buf;
}

#endif
