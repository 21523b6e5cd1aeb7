/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/xml.h"
#include "ism/attributes.h"
#include "ism/cover.h"
#include <strings.h>

static const struct ism_rule
    rule_namespace = {"NAMESPACE", "", "",
                      "attributes of ISM in a namespace that is not known here"},
    rule_many = {"MANY", "", "", "one element has more than 64 attributes of ISM"},
    rule_none = {"NO-MARKING", "", "", "no element of the document has a marking"},
    rule_whole =
        {"NO-WHOLE", "", "",
         "no element of the document has the marking of the whole: this one stands beside"},
    rule_resource = {"RESOURCE", "ISM 2021-NOV", "",
                     "an element inside says that it is the whole, and what is around it does not"},
    rule_need = {"NEED-TO-KNOW", "NTK", "",
                 "the document asks for a need to know, which no marking says: it would be lost"};

#define ISM_PREFIX "urn:us:gov:ic:ism"

static const char *const namespaces[] = {ISM_PREFIX PARSE_BETWEEN, ISM_PREFIX ":v2" PARSE_BETWEEN};

/* These may stand alone: they say nothing of how to protect what the element holds */
static const char *const alone[] = {
    "pocType",      "DESVersion", "ISMCATCESVersion",       "noticeType",
    "noticeReason", "noticeDate", "unregisteredNoticeType", "externalNotice"};

/* walk - one document under way */
struct walk {
    const struct groups    *g;
    struct ismform_problem *p;
    err (*each)(void *to, const struct ism_xml_element *e);
    void                  *to;
    struct ism_xml_facts   facts;
    struct ism_xml_element now;
};

/* What is not of ISM has an empty name */
static err name_of_ism(struct walk *w, const char *qualified, span *out)
{
    span called = span_text(qualified);
    *out = (span){0};
    for (size_t i = 0; i < ARRAY_LEN(namespaces); i++) {
        size_t lead = strlen(namespaces[i]);
        if (span_starts(called, span_text(namespaces[i]))) {
            *out = (span){called.ptr + lead, called.len - lead};
            return OK;
        }
    }
    const size_t lead = sizeof ISM_PREFIX - 1;
    bool         like = strncasecmp(qualified, ISM_PREFIX, lead) == 0 &&
                (qualified[lead] == ':' || qualified[lead] == PARSE_BETWEEN[0]);
    return like ? ismform_refuse(w->p, &rule_namespace, ERR_UNKNOWN, "", called, 0) : OK;
}

static err attributes_of_ism(struct walk *w, const char *const *pairs, struct ism_attribute *out,
                             size_t *count)
{
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        span called = {0};
        TRY(name_of_ism(w, pairs[i], &called));
        if (called.len == 0) {
            continue;
        }
        if (*count == ISM_ATTRIBUTES_MAX) {
            return ismform_refuse(w->p, &rule_many, ERR_LIMIT, "", called, 0);
        }
        out[(*count)++] = (struct ism_attribute){called, span_text(pairs[i + 1])};
    }
    return OK;
}

static bool may_stand_alone(const struct ism_attribute *given, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < ARRAY_LEN(alone); k++) {
            found += span_is(given[i].name, alone[k]) ? 1 : 0;
        }
    }
    return found == count;
}

/* Attributes that are no marking are held to what they may say, as parts of some marking */
static err checked_alone(struct walk *w, struct ism_attribute *given, size_t count)
{
    struct ism m;
    if (count + 2 > ISM_ATTRIBUTES_MAX) {
        return ismform_refuse(w->p, &rule_many, ERR_LIMIT, "", (span){0}, 0);
    }
    given[count] = (struct ism_attribute){SPAN_LIT("classification"), SPAN_LIT("U")};
    given[count + 1] = (struct ism_attribute){SPAN_LIT("ownerProducer"), SPAN_LIT("USA")};
    return ism_attributes_read(w->g, given, count + 2, &m, &w->p->fault);
}

static err on_element(void *to, const struct parse_element *e)
{
    struct walk         *w = to;
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    span                 own = {0};
    size_t               count = 0;
    TRY(name_of_ism(w, e->name, &own));
    TRY(attributes_of_ism(w, e->attributes, given, &count));
    w->facts.needs += strcmp(e->name, "urn:us:gov:ic:ntk" PARSE_BETWEEN "Access") == 0 ? 1 : 0;
    if (count == 0) {
        return OK;
    }
    if (may_stand_alone(given, count)) {
        return checked_alone(w, given, count);
    }
    TRY(ism_attributes_read(w->g, given, count, &w->now.marking, &w->p->fault));
    TRY(ism_attributes_rules(w->g, &w->now.marking, &w->p->fault));
    w->now.name = e->name;
    w->now.depth = e->depth;
    w->now.line = e->line;
    w->now.at = e->at;
    w->facts.markings++;
    return w->each != NULL ? w->each(w->to, &w->now) : OK;
}

err ism_xml_walk(const struct groups *g, span                                  xml,
                 err (*each)(void *to, const struct ism_xml_element *e), void *to,
                 struct ism_xml_facts *facts, struct ismform_problem *p)
{
    struct walk                w = {.g = g, .p = p, .each = each, .to = to};
    const struct parse_handler handler = {.start = on_element, .to = &w};
    memset(p, 0, sizeof *p);
    TRY(parse_xml(xml, &handler, p));
    *facts = w.facts;
    return OK;
}

/* whole - the first marked element, and whether the rest is in it
 *
 * inside, highest  a portion counts; the first of those with the highest level */
struct whole {
    const struct groups    *g;
    struct ismform_problem *p;
    bool                    found, inside;
    unsigned                depth;
    struct ism              marking, highest;
};

/* Depths tell: what comes after the first marked element and not deeper stands beside it.  What an
 * unmarked element around both holds, too: nothing is deeper then. */
static err whole_covers(void *to, const struct ism_xml_element *e)
{
    struct whole *w = to;
    size_t        at = 0;
    if (!w->found) {
        w->found = true;
        w->depth = e->depth;
        w->marking = e->marking;
        return OK;
    }
    if (e->depth <= w->depth) {
        return ismform_refuse(w->p, &rule_whole, ERR_MALFORMED, "", (span){0}, 0);
    }
    if (ism_flag_is(&e->marking, ISM_RESOURCE) && !ism_flag_is(&w->marking, ISM_RESOURCE)) {
        return ismform_refuse(w->p, &rule_resource, ERR_MALFORMED, "resourceElement", (span){0}, 0);
    }
    if (!ism_flag_is(&e->marking, ISM_EXCLUDED) &&
        (!w->inside || e->marking.level > w->highest.level)) {
        w->inside = true;
        w->highest = e->marking;
    }
    err covered = ism_covers(w->g, &w->marking, &e->marking, 1, &at, &w->p->fault);
    return at == 0 ? covered : OK; /* 1: about a level that this one does not have */
}

err ism_xml_read(const struct groups *g, span xml, struct ism *out, struct ismform_problem *p)
{
    struct whole         w = {.g = g, .p = p};
    struct ism_xml_facts facts;
    size_t               covered = 0;
    TRY(ism_xml_walk(g, xml, whole_covers, &w, &facts, p));
    if (facts.markings == 0) {
        return ismform_refuse(p, &rule_none, ERR_MALFORMED, "", (span){0}, 0);
    }
    if (facts.needs > 0) {
        return ismform_refuse(p, &rule_need, ERR_UNKNOWN, "ntk:Access", (span){0}, 0);
    }
    p->line = 0;
    p->at = 0;
    if (w.inside) {
        TRY(ism_covers(g, &w.marking, &w.highest, 1, &covered, &p->fault));
    }
    *out = w.marking;
    return OK;
}

static err attribute_put(void *to, span called, span value)
{
    put_attribute(to, "ism:", called, value);
    return OK;
}

err ism_xml_write(const struct groups *g, const struct ism *m, struct writer *w,
                  struct ismform_problem *p)
{
    put_text(w, "<marking xmlns:ism=\"" ISM_PREFIX "\"");
    TRY(ism_attributes_write(g, m, attribute_put, w, &p->fault));
    put_text(w, "/>\n");
    return OK;
}
