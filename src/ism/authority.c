/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/authority.h"

static const char *const months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

/* 2035-09-11, which was checked when it was read: September 11, 2035 */
static void day_put(struct writer *w, span day)
{
    unsigned month = (unsigned)(day.ptr[5] - '0') * 10 + (unsigned)(day.ptr[6] - '0');
    unsigned of = (unsigned)(day.ptr[8] - '0') * 10 + (unsigned)(day.ptr[9] - '0');
    put_text(w, months[month - 1]);
    put_text(w, " ");
    put_decimal(w, of);
    put_text(w, ", ");
    put_span(w, (span){day.ptr, 4});
}

static const struct {
    const char *exception, *says;
} not_applicable[] = {
    {"AEA", "RD/FRD/TFNI"},
    {"NATO", "NATO"},
    {"NATO-AEA", "RD/FRD/TFNI and NATO"},
};

/* Materials that no date frees have a sentence in place of their exception */
static void exceptions_put(struct writer *w, span exceptions)
{
    for (size_t i = 0; i < ARRAY_LEN(not_applicable); i++) {
        if (span_is(exceptions, not_applicable[i].exception)) {
            put_text(w, "Not Applicable to ");
            put_text(w, not_applicable[i].says);
            put_text(w, " portions. See source list for NSI portions.");
            return;
        }
    }
    put_span(w, exceptions);
}

struct block {
    struct writer *w;
    const char    *newline;
};

static void part_begin(struct block *b, const char *title)
{
    put_text(b->w, b->newline);
    put_text(b->w, title);
    b->newline = "\n";
}

static void text_put(struct block *b, const char *title, span text)
{
    if (text.len > 0) {
        part_begin(b, title);
        put_span(b->w, text);
    }
}

static void until_put(struct block *b, const struct ism *m)
{
    const char *before = "";
    span exceptions = words_span(&m->declass_exceptions), event = ism_text_of(m, ISM_DECLASS_EVENT),
         day = ism_text_of(m, ISM_DECLASS_DATE);
    if (exceptions.len + event.len + day.len == 0) {
        return;
    }
    part_begin(b, "Declassify on: ");
    if (exceptions.len > 0) {
        exceptions_put(b->w, exceptions);
        before = ", ";
    }
    if (event.len > 0) {
        put_text(b->w, before);
        put_span(b->w, event);
        before = ", ";
    }
    if (day.len > 0) {
        put_text(b->w, before);
        day_put(b->w, day);
    }
}

void ism_authority_write(const struct ism *m, struct writer *w)
{
    struct block b = {.w = w, .newline = ""};
    text_put(&b, "Classified by: ", ism_text_of(m, ISM_CLASSIFIED_BY));
    text_put(&b, "Classified by: ", ism_text_of(m, ISM_DERIVATIVELY_BY));
    text_put(&b, "Derived from: ", ism_text_of(m, ISM_DERIVED_FROM));
    text_put(&b, "Reason: ", ism_text_of(m, ISM_REASON));
    if (b.newline[0] != 0) {
        until_put(&b, m);
    }
}
