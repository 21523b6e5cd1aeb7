/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_READING_H
#define ISM_READING_H

#include "ism/rules.h"
#include "ism/terms.h"

/* reading - one line being read; what a refusal needs to name the place */
struct reading {
    const struct groups *g;
    const struct ism    *banner; /* of the page; NULL: not known */
    struct ism_fault    *fault;
    span                 text;
    enum ism_form        form;
    struct ism           m;
};

/* The rules of form, which have no marking to look at */
extern const struct ism_rule rule_level, rule_empty, rule_order, rule_unknown, rule_list_order,
    rule_release_order, rule_display_order, rule_code, rule_list_form, rule_sigma, rule_cnwdi,
    rule_bare_rel, rule_orcon_both, rule_nato_level, rule_sci_order, rule_sap_order, rule_words,
    rule_fgi_us, rule_parentheses, rule_length;

/* line_refuse - at the place where `value` stands in the line */
err line_refuse(struct reading *r, const struct ism_rule *rule, span value);

/* item_cut - what stands before the next `at`; *more is false after the last one.  An empty item is
 * therefore seen, also at the end. */
span item_cut(span *rest, char at, bool *more);

/* text_cut - take `word` from the front or the end, when it is there */
bool front_cut(span *text, const char *word);
bool back_cut(span *text, const char *word);

/* level_read - the first part: of the USA, or what follows "//" */
err level_read_us(struct reading *r, span text);
err level_read_foreign(struct reading *r, span text);

/* category_read - one category; *last is the place in the order of the one before it */
err category_read(struct reading *r, span text, unsigned *last);

/* nonus_of - which of NATO's own controls it is, or ISM_NONUS_COUNT
 * nonus_take - it is said; once, and in order */
unsigned nonus_of(const struct reading *r, span item);
err      nonus_take(struct reading *r, span item, unsigned n);

/* sci_read, sap_read - one item of the category, `first` or one that follows
 * accm_read - one name of ACCM
 * sci_is - does it begin with the name of a control system? */
err  sci_read(struct reading *r, span item, bool first);
err  sap_read(struct reading *r, span item, bool first);
err  accm_read(struct reading *r, span name);
bool sci_is(const struct reading *r, span item);

/* list_kind - how a list is written
 *
 * between    ',' (and a blank), ' ' or '/'
 * usa_first  the USA opens the list and the rest ascends; else it stands in its place
 * order      the rule that its order comes from */
struct list_kind {
    char                   between;
    bool                   usa_first;
    const struct ism_rule *order;
};

extern const struct list_kind list_owners, list_sources, list_release, list_display, list_eyes;

/* list_read - each entry a code or a part of NATO, once and in order */
err list_read(struct reading *r, span text, const struct list_kind *kind, struct places *out);

#endif
