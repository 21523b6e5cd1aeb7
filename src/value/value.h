/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include "ismform/ismform.h"
#include "marking/marking.h"
#include "value/ground.h"

/* A value that says how something is to be protected, in whatever form it came.  There are three families
 * (docs/format/label-forms.md, ism.md, marking.md); what is between two goes by way of the marking. */

/* family - FAMILY_MARKING: the canonical text, and a party's own banner line */
enum family { FAMILY_LABEL, FAMILY_REGISTER, FAMILY_MARKING };

/* VALUE_MAX - longest value in any form, in bytes: as ismform/parse.h */
#define VALUE_MAX (4UL << 20)

/* WRITTEN_MAX - longest that is written */
#define WRITTEN_MAX (256UL << 10)

/* value_form - a row of one of the tables; of the two pointers one at most is set
 *
 * name, title   as a user types it; what it is */
struct value_form {
    enum family           family;
    const char           *name, *title;
    const struct form    *label;
    const struct ismform *line;
};

/* value - of `form.family` the member is set */
struct value {
    struct value_form   form;
    bool                guessed;
    struct label_record record;
    struct ism          ism;
    struct marking      marking;
};

/* value_part - what a conversion may lose on the word of whoever asks for it */
enum value_part {
    LEAVE_KIND = 1 << 0,
    LEAVE_ORIGINATOR = 1 << 1,
    LEAVE_ID = 1 << 2,
    LEAVE_CREATED = 1 << 3,
    LEAVE_REVIEW = 1 << 4,
    LEAVE_TOPICS = 1 << 5,
    LEAVE_DISCIPLINES = 1 << 6,
    LEAVE_AUTHORITY = 1 << 7,
    LEAVE_COUNT = 8,
};

/* value_part_name - "kind", "originator", …, by the number of its bit */
extern const char *const value_part_name[LEAVE_COUNT];

/* value_given - what a caller says beside a value; NULL: not given
 *
 * topics, disciplines  lists with commas, which no line and few labels say
 * of                   whose a label or a national line is
 * banner               of the page on which a portion stands
 * created              when a label was made that does not say it: 2026-11-22T00:00:00Z
 * leave_out            a set of enum value_part */
struct value_given {
    const char *topics, *disciplines, *of, *banner, *created;
    unsigned    leave_out;
};

/* value_form_each - the i-th of all; false after the last
 * value_form_named - by name; false when there is none
 * value_form_binary - is it no text? */
bool value_form_each(unsigned i, struct value_form *out);
bool value_form_named(span wanted, struct value_form *out);
bool value_form_binary(const struct value_form *f);

/* value_guess - the name of the form that it looks like; NULL when it looks like none */
const char *value_guess(const struct ground *g, span in);

/* value_parse - bytes as a value, in the form `from`; NULL: in the one that it looks like
 *
 * r       the thread's reader; its deviations are those of a label
 * fails   UNKNOWN without such a form; as the form's reader, with the problem */
err value_parse(const struct ground *g, struct form_reader *r, const struct value_given *given,
                const char *from, span in, struct value *out, struct value_problem *p);

/* value_convert - the same value in the family of a form
 *
 * What would be lost is refused and named, but for given->leave_out.
 * fails   UNKNOWN, MALFORMED with what would be lost, or with the first reason why a label is not valid */
err value_convert(const struct ground *g, const struct value_given *given,
                  const struct value_form *to, const struct value *in, struct value *out,
                  struct value_problem *p);

/* value_put - in a form of its family   fails as the form's writer */
err value_put(const struct ground *g, const struct value_form *to, const struct value *v,
              struct writer *w, struct value_problem *p);

#endif
