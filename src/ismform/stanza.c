/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/stanza.h"
#include "base/text.h"
#include "ism/attributes.h"
#include "ism/authority.h"
#include "ism/terms.h"
#include "ismform/parse.h"

#define SPACE     "urn:xmpp:sec-label:0"
#define ISM_SPACE "http://example.gov/IC-ISM/0"
#define NAMED(n)  SPACE PARSE_BETWEEN n
#define SHOWN_MAX (2 * ISM_LINE_MAX)

static const struct ism_rule
    rule_label = {"STANZA-LABEL", "XEP-0258", "",
                  "the stanza has no securitylabel with an icismlabel, or has more than one"},
    rule_element = {"STANZA-ELEMENT", "XEP-0258", "",
                    "a securitylabel has a displaymarking, and then one label with one icismlabel"},
    rule_equivalent = {"STANZA-EQUIVALENT", "XEP-0258", "",
                       "what an equivalent label says would be lost"},
    rule_attribute = {"STANZA-ATTRIBUTE", "XEP-0258", "",
                      "an attribute that this element does not have"},
    rule_text = {"STANZA-TEXT", "XEP-0258", "", "text where a label has none"},
    rule_display = {"STANZA-DISPLAY", "XEP-0258", "",
                    "what is displayed is neither the banner of the marking nor its level"};

/* step - how far the securitylabel has come */
enum step { STEP_BEFORE, STEP_OPEN, STEP_SHOWN, STEP_LABEL, STEP_MARKED, STEP_LABELLED, STEP_DONE };

/* stanza - the label being read
 *
 * depth   of the securitylabel; displaying: within the displaymarking */
struct stanza {
    const struct groups    *g;
    struct ismform_problem *p;
    enum step               step;
    unsigned                depth;
    bool                    displaying;
    struct ism              m;
    struct writer           shown;
    uint8_t                 bytes[SHOWN_MAX];
};

static err refuse(struct stanza *s, const struct ism_rule *rule, span value)
{
    return ismform_refuse(s->p, rule, ERR_MALFORMED, "", value, 0);
}

/* Only these attributes, `allowed` with a blank around each */
static err attributes_are(struct stanza *s, const struct parse_element *e, const char *allowed)
{
    for (const char *const *a = e->attributes; *a != NULL; a += 2) {
        const char *at = strstr(allowed, *a);
        size_t      len = strlen(*a);
        if (at == NULL || len == 0 || at == allowed || at[-1] != ' ' || at[len] != ' ') {
            return refuse(s, &rule_attribute, span_text(*a));
        }
    }
    return OK;
}

static err marking_take(struct stanza *s, const struct parse_element *e)
{
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    size_t               count = 0;
    for (const char *const *a = e->attributes; *a != NULL; a += 2) {
        if (count == ISM_ATTRIBUTES_MAX || strstr(*a, PARSE_BETWEEN) != NULL) {
            return refuse(s, &rule_attribute, span_text(*a));
        }
        given[count++] = (struct ism_attribute){span_text(a[0]), span_text(a[1])};
    }
    TRY(ism_attributes_read(s->g, given, count, &s->m, &s->p->fault));
    return ism_attributes_rules(s->g, &s->m, &s->p->fault);
}

/* A child of the securitylabel */
static err child_take(struct stanza *s, const struct parse_element *e)
{
    if (strcmp(e->name, NAMED("displaymarking")) == 0 && s->step == STEP_OPEN) {
        s->step = STEP_SHOWN;
        s->displaying = true;
        return attributes_are(s, e, " fgcolor bgcolor ");
    }
    if (strcmp(e->name, NAMED("label")) == 0 && s->step <= STEP_SHOWN) {
        s->step = STEP_LABEL;
        return attributes_are(s, e, " ");
    }
    bool other = strcmp(e->name, NAMED("equivalentlabel")) == 0;
    return refuse(s, other ? &rule_equivalent : &rule_element, span_text(e->name));
}

static err on_element(void *to, const struct parse_element *e)
{
    struct stanza *s = to;
    bool           label = strcmp(e->name, NAMED("securitylabel")) == 0;
    if (label && (s->step != STEP_BEFORE || e->depth > 2)) {
        return refuse(s, &rule_label, (span){0});
    }
    if (label) {
        s->step = STEP_OPEN;
        s->depth = e->depth;
        return attributes_are(s, e, " ");
    }
    if (s->step == STEP_BEFORE || s->step == STEP_DONE) {
        return OK;
    }
    if (e->depth == s->depth + 1) {
        return child_take(s, e);
    }
    if (e->depth == s->depth + 2 && s->step == STEP_LABEL &&
        strcmp(e->name, ISM_SPACE PARSE_BETWEEN "icismlabel") == 0) {
        s->step = STEP_MARKED;
        return marking_take(s, e);
    }
    return refuse(s, &rule_element, span_text(e->name));
}

static err on_text(void *to, unsigned depth, span some)
{
    struct stanza *s = to;
    if (s->step == STEP_BEFORE || s->step == STEP_DONE) {
        return OK;
    }
    if (s->displaying && depth == s->depth + 1) {
        put_span(&s->shown, some);
        return s->shown.bad ? refuse(s, &rule_display, some) : OK;
    }
    return span_trim(some).len == 0 ? OK : refuse(s, &rule_text, some);
}

static err on_end(void *to, unsigned depth)
{
    struct stanza *s = to;
    bool           inside = s->step != STEP_BEFORE && s->step != STEP_DONE;
    s->displaying &= depth != s->depth + 1;
    if (!inside || depth > s->depth + 1) {
        return OK;
    }
    if (depth == s->depth + 1) {
        s->step = s->step == STEP_MARKED ? STEP_LABELLED : s->step;
        return s->step == STEP_LABEL ? refuse(s, &rule_element, (span){0}) : OK;
    }
    if (s->step != STEP_LABELLED) {
        return refuse(s, &rule_label, (span){0});
    }
    s->step = STEP_DONE;
    return OK;
}

/* Who knows the register shows its own words; others in their place would mislead */
static err display_check(struct stanza *s)
{
    uint8_t       buf[SHOWN_MAX];
    struct writer w = WRITER_OF(buf);
    span          shown = span_trim(writer_span(&s->shown));
    ism_banner_show(s->g, &s->m, &w);
    bool same = (!w.bad && span_equal(shown, writer_span(&w))) ||
                span_is(shown, ism_levels[s->m.level].line[ISM_BANNER]);
    return same || shown.len == 0 ? OK : refuse(s, &rule_display, shown);
}

err stanza_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    struct stanza s = {.g = g, .p = p};
    s.shown = WRITER_OF(s.bytes);
    const struct parse_handler handler = {
        .start = on_element, .to = &s, .text = on_text, .end = on_end};
    TRY(parse_xml(in, &handler, p));
    if (s.step != STEP_DONE) {
        return refuse(&s, &rule_label, (span){0});
    }
    TRY(display_check(&s));
    *out = s.m;
    return OK;
}

static err attribute_put(void *to, span called, span value)
{
    put_attribute(to, "", called, value);
    return OK;
}

err stanza_write(const struct groups *g, const struct ism *m, struct writer *w,
                 struct ismform_problem *p)
{
    uint8_t       buf[SHOWN_MAX];
    struct writer shown = WRITER_OF(buf);
    ism_banner_show(g, m, &shown);
    put_text(w, "<securitylabel xmlns=\"" SPACE "\"><displaymarking>");
    put_xml(w, span_trim(writer_span(&shown)));
    put_text(w, "</displaymarking><label><icismlabel xmlns=\"" ISM_SPACE "\"");
    TRY(ism_attributes_write(g, m, attribute_put, w, &p->fault));
    put_text(w, "/></label></securitylabel>\n");
    return OK;
}
