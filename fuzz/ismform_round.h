/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_ISMFORM_ROUND_H
#define FUZZ_ISMFORM_ROUND_H

#include "../test/unit/ism/sample.h"
#include "ismform/ismform.h"

/* What is read in a form of the register and can be written in it reads the same */
static inline void ismform_round(const char *form, const uint8_t *data, size_t len)
{
    static uint8_t         buf[ISMFORM_BYTES_MAX];
    const struct groups   *g = sample_groups();
    const struct ismform  *f = ismform_find(span_text(form));
    struct writer          w = WRITER_OF(buf);
    struct ism             m, again;
    struct ismform_problem p;
    err                    e = ismform_read(f, g, (span){data, len}, &m, &p);
    if (err_is(e)) {
        MUST(p.fault.rule != NULL && e.why != NULL);
        return;
    }
    if (!err_is(ismform_write(f, g, &m, &w, &p))) {
        MUST(!err_is(ismform_read(f, g, writer_span(&w), &again, &p)));
        MUST(ism_equal(&m, &again));
    }
}

#endif
