/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_FORM_FUZZING_H
#define TEST_FORM_FUZZING_H

#include "unit/form/sample.h"

/* What is read under the sample policies, strictly or not, is written by its form and reads the same again,
 * unless the form is only read or its writer says what it lacks; what is refused has a reason and a place */
static inline void fuzz_label(const struct form *f, span in, bool lenient)
{
    static struct form_reader reader;
    static uint8_t            written[2 * FORM_MAX];
    struct label_record       r, again;
    struct form_problem       p;
    struct writer             w = WRITER_OF(written);
    form_reader_init(&reader, sample_catalog(), lenient);
    if (err_is(form_read(f, &reader, in, &r))) {
        MUST(reader.problem.why != NULL && reader.problem.offset <= in.len);
        return;
    }
    MUST(lenient || reader.deviations == 0);
    MUST(record_losses(f, &r) == 0);
    if (err_is(form_write(f, &r, &w, &p))) {
        MUST(p.why != NULL && (f->write == NULL || lenient));
        return;
    }
    form_reader_init(&reader, sample_catalog(), false);
    MUST(!err_is(form_read(f, &reader, writer_span(&w), &again)) && records_equal(&r, &again));
}

static inline void fuzz_clearance(const struct form *f, span in)
{
    static struct form_reader reader;
    static uint8_t            written[FORM_MAX];
    struct label_clearance    c, again;
    struct form_problem       p;
    struct writer             w = WRITER_OF(written);
    form_reader_init(&reader, sample_catalog(), false);
    if (err_is(form_clearance_read(f, &reader, in, &c))) {
        MUST(reader.problem.why != NULL);
        return;
    }
    if (!err_is(form_clearance_write(f, &c, &w, &p))) {
        MUST(!err_is(form_clearance_read(f, &reader, writer_span(&w), &again)));
        MUST(c.scheme == again.scheme && c.classes == again.classes &&
             memcmp(&c.categories, &again.categories, sizeof c.categories) == 0);
    }
}

/* The guess of who calls may be wrong: as each of these forms, strictly and not */
static inline void fuzz_forms(const char *const forms[], size_t count, span in)
{
    for (size_t i = 0; i < count; i++) {
        const struct form *f = form_find(span_text(forms[i]));
        fuzz_label(f, in, false);
        fuzz_label(f, in, true);
        fuzz_clearance(f, in);
    }
}

#endif
