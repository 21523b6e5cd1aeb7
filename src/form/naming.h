/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_NAMING_H
#define FORM_NAMING_H

#include "form/form.h"

/* Labels and clearances as STANAG 4774 says them: by the names of a policy, with URIs beside them.  Its XML
 * and its JSON (ZTDF) are read and written by these. */

/* text_at - a value and where it stands; PLACE_BY_VALUE when only a search can tell, which a refusal then does */
#define PLACE_BY_VALUE SIZE_MAX
struct text_at {
    span   text;
    size_t offset;
};

/* naming - what has been found so far; `classes` of a label has one member */
struct naming {
    struct form_reader         *reader;
    const struct catalog_entry *entry;
    set64                       classes;
    struct category_set         categories;
    uint16_t                    privacy;
    uint16_t                    set;  /* of the category that is being read */
    enum tag_type               like; /* RESTRICTIVE, PERMISSIVE or INFORMATIVE */
};

/* reader_fail - refuse, with the value and its place
 * reader_deviates - the same when the reader is strict; else remember the deviation and go on */
err reader_fail(struct form_reader *r, err why, struct text_at at);
err reader_deviates(struct form_reader *r, enum form_deviation d, err why, struct text_at at);

/* naming_policy - by name and, where text is not empty, by "urn:oid:…": both must mean one policy
 * naming_class, naming_privacy, naming_value - one more of each
 * naming_category - the tag set of the values that follow
 * naming_value_uri - a URI beside a value: no policy file has one
 *
 * fails   UNKNOWN when the policy has no such; MALFORMED when it stands twice */
err naming_policy(struct naming *n, struct text_at called, struct text_at uri);
err naming_class(struct naming *n, struct text_at called);
err naming_privacy(struct naming *n, struct text_at called);
err naming_category(struct naming *n, struct text_at type, struct text_at set, struct text_at uri);
err naming_value(struct naming *n, struct text_at value);

/* naming_label - the label that was found; naming_clearance - the clearance */
struct label           naming_label(const struct naming *n);
struct label_clearance naming_clearance(const struct naming *n);

/* naming_run - the categories of one tag that a set has, as one Category with several values
 *
 * type    "PERMISSIVE", …
 * fails   MALFORMED when a value by its name would be read as another */
struct naming_run {
    const struct scheme_tag_set *set;
    const char                  *type;
    const struct scheme_tag     *tag;
};
err naming_run_of(const struct scheme *s, unsigned tag, const struct category_set *has,
                  struct naming_run *out, struct form_problem *p);

/* text_time - xs:dateTime with a zone: Z or +09:00; put_time - in UTC, with milliseconds when it has any */
err  text_time(span s, instant *out);
void put_time(struct writer *w, instant t);

/* text_keep - one line of UTF-8 into a text with its NUL */
err text_keep(struct form_reader *r, struct text_at at, char *out, size_t max);

/* originator_type_name - "rfc822Name", …; originator_type_of - the reverse, ORIGINATOR_NONE */
const char          *originator_type_name(enum originator_type t);
enum originator_type originator_type_of(span s);

#endif
