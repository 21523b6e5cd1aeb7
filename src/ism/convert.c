/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/convert.h"
#include "ism/rules.h"
#include "ism/terms.h"

static const struct ism_rule
    rule_lost = {"MARKING-LOSS", "", "",
                 "a marking of the policy cannot say this, so it would be lost"},
    rule_unsaid = {"RELEASE-UNSAID", "CAPCO B.3", "",
                   "a line of the USA states who else may have it, or that nobody may"},
    rule_party = {"PARTY", "", "", "a party that no policy here names"},
    rule_topics = {"MARKING", "", "", "what was read is no valid marking of its policy"};

static err lost(struct ism_fault *fault, const char *attribute, const char *value)
{
    return ism_refuse(fault, &rule_lost, ERR_UNKNOWN, attribute, span_text(value), 0);
}

/* The numbers of X.841 for the levels; a policy gives its own levels theirs (lacv) */
static const uint16_t numbers[ISM_LEVEL_COUNT] = {1, 2, 3, 4, 5};

static bool single_owner(const struct ism *m, unsigned *code)
{
    *code = codes_next(&m->owners.codes, 0);
    return (m->system == ISM_US || m->system == ISM_NON_US) && places_count(&m->owners) == 1 &&
           *code < CODES_MAX;
}

/* Which attribute says what no marking of a policy has; NULL when none does.  Lists, level and
 * controls are looked at where they are converted. */
static const char *surplus_of(const struct ism *m)
{
    static const char *const texts[ISM_TEXT_COUNT] = {"classifiedBy",
                                                      "derivativelyClassifiedBy",
                                                      "classificationReason",
                                                      "derivedFrom",
                                                      "compilationReason",
                                                      "declassEvent",
                                                      "createDate",
                                                      "declassDate",
                                                      "exemptFrom",
                                                      "compliesWith",
                                                      "DESVersion",
                                                      "noticeType",
                                                      "noticeReason",
                                                      "noticeDate",
                                                      "unregisteredNoticeType",
                                                      "pocType",
                                                      "secondBannerLine"};
    const struct {
        bool        there;
        const char *name;
    } fields[] = {
        {m->sci.len > 0, "SCIcontrols"},
        {m->sap.len > 0, "SARIdentifier"},
        {m->aea != 0 || (m->sigma[0][0] | m->sigma[0][1] | m->sigma[1][0] | m->sigma[1][1]) != 0,
         "atomicEnergyMarkings"},
        {!places_empty(&m->fgi), "FGIsourceOpen"},
        {ism_flag_is(m, ISM_PROTECTED) || !places_empty(&m->fgi_within), "FGIsourceProtected"},
        {m->nonus != 0, "nonUSControls"},
        {m->nonic != 0 || m->accm.len > 0, "nonICmarkings"},
        {m->declass_exceptions.len > 0, "declassException"},
        {(m->flags & (ISM_BIT(ISM_SAP_MULTIPLE) | ISM_BIT(ISM_SAP_HVSACO))) != 0, "SARIdentifier"},
        {ism_flag_is(m, ISM_EXCLUDED), "excludeFromRollup"},
        {ism_flag_is(m, ISM_APPROXIMATE), "hasApproximateMarkings"},
        {ism_flag_is(m, ISM_NO_AGGREGATION), "noAggregation"},
        {ism_flag_is(m, ISM_EXTERNAL_NOTICE), "externalNotice"},
        {ism_flag_is(m, ISM_RESOURCE), "resourceElement"},
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (fields[i].there) {
            return fields[i].name;
        }
    }
    for (unsigned t = 0; t < ISM_TEXT_COUNT; t++) {
        if (m->text[t].len > 0) {
            return texts[t];
        }
    }
    return NULL;
}

static err level_to(const struct policy *p, const struct ism *m, uint8_t *rank,
                    struct ism_fault *fault)
{
    for (unsigned i = 0; i < p->level_count; i++) {
        if (p->level[i].lacv == numbers[m->level]) {
            *rank = (uint8_t)i;
            return OK;
        }
    }
    return lost(fault, "classification", ism_levels[m->level].token);
}

#define LISTED (ISM_BIT(ISM_REL) | ISM_BIT(ISM_EYES) | ISM_BIT(ISM_NF) | ISM_BIT(ISM_DISPLAYONLY))

/* A control is a caveat where the policy has one with the same words in a banner */
static err caveats_to(const struct policy *p, const struct ism *m, set64 *caveats,
                      struct ism_fault *fault)
{
    for (unsigned d = 0; d < ISM_DISSEM_COUNT; d++) {
        unsigned c = 0;
        if (!ism_has(m, d) || (ISM_BIT(d) & LISTED) != 0) {
            continue;
        }
        while (c < p->caveat_count &&
               (ism_dissems[d].line[ISM_BANNER] == NULL ||
                strcmp(p->caveat[c].banner, ism_dissems[d].line[ISM_BANNER]) != 0)) {
            c++;
        }
        if (c == p->caveat_count) {
            return lost(fault, "disseminationControls", ism_dissems[d].token);
        }
        *caveats |= set_one(c);
    }
    return OK;
}

/* The originator is not among those it goes to */
static err parties_to(const struct groups *g, const struct policies *all, const struct ism *m,
                      const struct places *list, unsigned self, set64 *parties,
                      struct ism_fault *fault)
{
    struct places expanded;
    places_expand(g, m->groups, list, &expanded);
    if (expanded.nato.len > 0) {
        return ism_refuse(fault, &rule_party, ERR_UNKNOWN, "releasableTo",
                          words_span(&expanded.nato), 0);
    }
    for (unsigned n = codes_next(&expanded.codes, 0); n < g->count;
         n = codes_next(&expanded.codes, n + 1)) {
        unsigned party = 0;
        span     code = span_text(g->code[n].text);
        if (n != self && err_is(names_find(&all->parties, code, &party))) {
            return ism_refuse(fault, &rule_party, ERR_UNKNOWN, "releasableTo", code, 0);
        }
        *parties |= n != self ? set_one(party) : 0;
    }
    return OK;
}

static err lists_to(const struct groups *g, const struct policies *all, const struct ism *m,
                    unsigned self, struct marking *out, struct ism_fault *fault)
{
    if (m->system == ISM_US && (m->dissem & LISTED) == 0) {
        return ism_refuse(fault, &rule_unsaid, ERR_MALFORMED, "disseminationControls", (span){0},
                          0);
    }
    if (ism_has(m, ISM_EYES)) {
        return lost(fault, "disseminationControls", "EYES");
    }
    TRY(parties_to(g, all, m, &m->release, self, &out->release_to, fault));
    TRY(parties_to(g, all, m, &m->display, self, &out->disclose_to, fault));
    out->disclose_to |= out->release_to;
    return OK;
}

err ism_to_marking(const struct groups *g, const struct policies *all,
                   const struct banner_context *context, const struct ism *m, struct marking *out,
                   struct ism_fault *fault)
{
    struct marking made = {.topics = context->topics, .disciplines = context->disciplines};
    unsigned       code = 0, self = 0;
    const char    *surplus = surplus_of(m), *word = "";
    if (!single_owner(m, &code)) {
        return lost(fault, "ownerProducer", "");
    }
    const struct ism_rule *broken = ism_rules_attributes(g, m, &word);
    if (broken != NULL) {
        return ism_refuse(fault, broken, ERR_MALFORMED, "", span_text(word), 0);
    }
    const struct policy *p = policy_find(all, span_text(g->code[code].text));
    if (p == NULL || err_is(names_find(&all->parties, name_span(&p->name), &self))) {
        return lost(fault, "ownerProducer", g->code[code].text);
    }
    if (surplus != NULL) {
        return lost(fault, surplus, "");
    }
    made.level.policy = (uint8_t)(p - all->policy);
    made.originators = set_one(self);
    TRY(level_to(p, m, &made.level.rank, fault));
    TRY(caveats_to(p, m, &made.caveats, fault));
    TRY(lists_to(g, all, m, code, &made, fault));
    if (err_is(marking_valid(all, &made))) {
        return ism_refuse(fault, &rule_topics, ERR_MALFORMED, "", (span){0}, 0);
    }
    *out = made;
    return OK;
}

static err level_of(const struct policy *p, const struct marking *m, struct ism *out,
                    struct ism_fault *fault)
{
    const struct policy_level *l = &p->level[m->level.rank];
    for (unsigned i = 0; i < ISM_LEVEL_COUNT; i++) {
        if (numbers[i] == l->lacv) {
            out->level = (uint8_t)i;
            return OK;
        }
    }
    return lost(fault, "classification", l->name.text);
}

static err caveats_of(const struct policy *p, const struct marking *m, struct ism *out,
                      struct ism_fault *fault)
{
    for (unsigned c = set_next(m->caveats, 0); c < SET64_MAX; c = set_next(m->caveats, c + 1)) {
        unsigned d = ism_term_line(ism_dissems, ISM_DISSEM_COUNT, ISM_BANNER,
                                   span_text(p->caveat[c].banner));
        if (d == ISM_DISSEM_COUNT || (ISM_BIT(d) & LISTED) != 0) {
            return lost(fault, "disseminationControls", p->caveat[c].name.text);
        }
        out->dissem |= ISM_BIT(d);
    }
    return OK;
}

static err parties_of(const struct groups *g, const struct policies *all, set64 parties,
                      struct places *out, struct ism_fault *fault)
{
    for (unsigned i = set_next(parties, 0); i < SET64_MAX; i = set_next(parties, i + 1)) {
        unsigned code = code_find(g, name_span(&all->parties.name[i]));
        if (code == CODES_MAX) {
            return ism_refuse(fault, &rule_party, ERR_UNKNOWN, "releasableTo",
                              name_span(&all->parties.name[i]), 0);
        }
        codes_add(&out->codes, code);
    }
    return OK;
}

/* The owner stands in the list of those it goes to, as the register has it.  The USA says it when
 * nobody else may have it; elsewhere silence says so. */
static err lists_of(const struct groups *g, const struct policies *all, const struct marking *m,
                    unsigned owner, struct ism *out, struct ism_fault *fault)
{
    if (m->release_to != 0) {
        TRY(parties_of(g, all, m->release_to, &out->release, fault));
        codes_add(&out->release.codes, owner);
        out->dissem |= ISM_BIT(ISM_REL);
    }
    if (m->disclose_to != m->release_to) {
        TRY(parties_of(g, all, m->disclose_to & ~m->release_to, &out->display, fault));
        out->dissem |= ISM_BIT(ISM_DISPLAYONLY);
    }
    if (m->disclose_to == 0 && out->system == ISM_US) {
        out->dissem |= ISM_BIT(ISM_NF);
    }
    return OK;
}

err ism_of_marking(const struct groups *g, const struct policies *all, const struct marking *m,
                   struct ism *out, struct ism_fault *fault)
{
    struct ism made;
    unsigned   self = 0;
    if (err_is(marking_valid(all, m))) {
        return ism_refuse(fault, &rule_topics, ERR_MALFORMED, "", (span){0}, 0);
    }
    const struct policy *p = &all->policy[m->level.policy];
    unsigned             owner = code_find(g, name_span(&p->name));
    if (err_is(names_find(&all->parties, name_span(&p->name), &self)) || owner >= g->countries ||
        m->originators != set_one(self) || set_has(m->disclose_to, self)) {
        return lost(fault, "ownerProducer", p->name.text);
    }
    ism_empty(g, &made);
    made.system = owner == g->usa ? ISM_US : ISM_NON_US;
    made.owners = (struct places){0};
    codes_add(&made.owners.codes, owner);
    TRY(level_of(p, m, &made, fault));
    TRY(caveats_of(p, m, &made, fault));
    TRY(lists_of(g, all, m, owner, &made, fault));
    *out = made;
    return OK;
}
