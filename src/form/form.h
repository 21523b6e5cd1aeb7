/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "base/writer.h"
#include "form/catalog.h"
#include "form/problem.h"
#include "form/xml.h"
#include "label/clearance.h"
#include "label/label.h"

/* Forms of labels: what the rest of the world writes, in and out.  Each is a row of one table.
 *
 * A reader is strict: what it does not know it refuses, with the value and the place.  It says what the
 * bytes say; whether that is valid under the policy is label_valid's word.  Reading what was written gives
 * the same record.  docs/format/label-forms.md has each form on one page. */

/* Parts of a label_record that a form may be unable to carry; a set of bits */
enum form_part {
    PART_KIND = 1 << 0, /* that it is an alternative label, or of metadata */
    PART_PRIVACY = 1 << 1,
    PART_CATEGORIES = 1 << 2,
    PART_ORIGINATOR = 1 << 3,
    PART_ID = 1 << 4,
    PART_CREATED = 1 << 5,
    PART_REVIEW = 1 << 6,
    PART_SUCCESSOR = 1 << 7,
    PART_ALL = (1 << 8) - 1,
};

/* Deviations that lose nothing: a strict reader refuses them, a lenient one reads on and says which */
enum form_deviation {
    DEVIATION_URL = 1 << 0,       /* 4774: attribute URL for URI */
    DEVIATION_CREATED = 1 << 1,   /* 4774: no CreationDateTime */
    DEVIATION_CASE = 1 << 2,      /* names in another case than the policy's */
    DEVIATION_SPACE = 1 << 3,     /* white space around a value */
    DEVIATION_VALUE_URI = 1 << 4, /* 4774: a URI for a single value, which no policy file has */
    DEVIATION_TWICE = 1 << 5,     /* one value stands twice */
    DEVIATION_PADDING = 1 << 6,   /* base64 without its padding */
    DEVIATION_EXTENSION =
        1 << 7, /* 4774: elements or attributes of others, which say nothing to us */
    DEVIATION_DISPLAY = 1 << 8, /* XEP-0258: a display marking that is not the policy's */
    DEVIATION_COUNT = 9,
};

/* deviation_sentence - what one of them is, as a literal sentence */
const char *deviation_sentence(enum form_deviation d);

/* form_reader - one thread's reader; takes no memory after form_reader_init
 *
 * lenient     read the deviations above
 * deviations  of the last read: which were met, a set of enum form_deviation
 * problem     of the last read that failed */
struct form_reader {
    const struct catalog *catalog;
    bool                  lenient;
    unsigned              deviations;
    struct form_problem   problem;
    span                  in;
    struct xml            xml;
};

void form_reader_init(struct form_reader *r, const struct catalog *catalog, bool lenient);

/* FORM_MAX - longest input, in bytes: a label of 1,024 categories with long names in XML */
#define FORM_MAX (256 * 1024)

/* form - one row
 *
 * carries   a set of enum form_part
 * read      `out` is untouched on failure; NULL where a form is only written
 * write     of a record that has only what the form carries, and whose scheme is known; NULL where a form
 *           is only read
 * clearance_read, clearance_write  NULL where the form has none */
struct form {
    const char *name, *title, *media;
    unsigned    carries;
    err (*read)(struct form_reader *r, span in, struct label_record *out);
    err (*write)(const struct label_record *record, struct writer *w, struct form_problem *p);
    err (*clearance_read)(struct form_reader *r, span in, struct label_clearance *out);
    err (*clearance_write)(const struct label_clearance *c, struct writer *w,
                           struct form_problem *p);
};

/* form_table - every form, *count of them, in the order in which they are shown */
const struct form *form_table(unsigned *count);

/* form_find - by name; NULL when there is none
 * form_guess - by its first bytes, its namespace or its keys; NULL when it looks like none */
const struct form *form_find(span name);
const struct form *form_guess(span in);

/* form_read, form_clearance_read - bytes as a record or clearance
 *
 * fails   MALFORMED when it is not that form, UNKNOWN on what no policy of the catalog has, LIMIT past a
 *         named limit; r->problem says where and what
 * cost    in proportion to the bytes; no memory but for JSON, whose library takes it (limits: FORM_MAX) */
err form_read(const struct form *f, struct form_reader *r, span in, struct label_record *out);
err form_clearance_read(const struct form *f, struct form_reader *r, span in,
                        struct label_clearance *out);

/* form_write, form_clearance_write - the reverse
 *
 * w       holds nothing of use after a failure
 * fails   MALFORMED when the form cannot carry it without loss: the problem says what would be lost;
 *         UNKNOWN on an index outside the scheme; LIMIT when w is too small */
err form_write(const struct form *f, const struct label_record *record, struct writer *w,
               struct form_problem *p);
err form_clearance_write(const struct form *f, const struct label_clearance *c, struct writer *w,
                         struct form_problem *p);

/* record_losses - which parts of it the form cannot carry; a set of enum form_part
 * record_without - leave out these parts, on the word of whoever asks: never of categories, a privacy mark
 *                  or a successor, which are what a label is for
 * part_sentence - "it would lose when the label was created", … */
unsigned    record_losses(const struct form *f, const struct label_record *record);
void        record_without(struct label_record *record, unsigned parts);
const char *part_sentence(enum form_part part);

/* label_record_of - a record of a label alone, as those forms read that say no more */
struct label_record label_record_of(const struct scheme *s);

#endif
