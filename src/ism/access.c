/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/access.h"
#include "ism/rules.h"

/* Controls that do not change who may have it (CAPCO table 5), or are decided by lists below.  The
 * others open nothing until somebody decided for this person. */
#define NO_DECISION                                                                                \
    (ISM_BIT(ISM_RS) | ISM_BIT(ISM_FOUO) | ISM_BIT(ISM_IMC) | ISM_BIT(ISM_NF) | ISM_BIT(ISM_REL) | \
     ISM_BIT(ISM_RELIDO) | ISM_BIT(ISM_EYES) | ISM_BIT(ISM_DISPLAYONLY))
#define SAP_UNNAMED (ISM_BIT(ISM_SAP_MULTIPLE) | ISM_BIT(ISM_SAP_HVSACO))

/* What stays home is of the same kind as what need not; ORCON's decision covers ORCON-USGOV */
static uint16_t nonic_need(const struct ism *m)
{
    unsigned need = m->nonic & ~(ISM_BIT(ISM_SBU_NF) | ISM_BIT(ISM_LES_NF));
    need |= (m->nonic >> ISM_SBU_NF & 1) != 0 ? ISM_BIT(ISM_SBU) : 0;
    need |= (m->nonic >> ISM_LES_NF & 1) != 0 ? ISM_BIT(ISM_LES) : 0;
    return (uint16_t)need;
}

static uint32_t control_need(const struct ism *m)
{
    uint32_t need = m->dissem & ~NO_DECISION;
    return ism_has(m, ISM_OC) ? need & ~ISM_BIT(ISM_OC_USGOV) : need;
}

/* RD stands for FRD and TFNI, and FRD for TFNI, as in a line: who may have it may have those */
static unsigned aea_lacking(const struct ism *m, const struct ism_person *p)
{
    unsigned have = p->aea;
    have |= (have & ISM_BIT(ISM_RD)) != 0 ? ISM_BIT(ISM_FRD) | ISM_BIT(ISM_TFNI) : 0;
    have |= (have & ISM_BIT(ISM_FRD)) != 0 ? ISM_BIT(ISM_TFNI) : 0;
    return m->aea & ~have;
}

/* So do RD's sigmas for FRD's */
static bool sigma_lacking(const struct ism *m, const struct ism_person *p)
{
    uint64_t lacks = 0;
    for (unsigned i = 0; i < 2; i++) {
        lacks |= m->sigma[0][i] & ~p->sigma[0][i];
        lacks |= m->sigma[1][i] & ~(p->sigma[0][i] | p->sigma[1][i]);
    }
    return lacks != 0;
}

static bool words_within(const struct words *a, const struct words *b)
{
    struct words left;
    words_without(a, b, &left);
    return left.len == 0;
}

/* Something of NATO's is in it; where the source may not be named, its exception says so */
static bool nato_inside(const struct groups *g, const struct ism *m)
{
    return m->system == ISM_NATO || m->fgi.nato.len > 0 ||
           codes_have(&m->fgi.codes, code_find(g, SPAN_LIT("NATO"))) ||
           words_have(&m->declass_exceptions, SPAN_LIT("NATO")) ||
           words_have(&m->declass_exceptions, SPAN_LIT("NATO-AEA"));
}

/* What any reader needs, of whatever nation; NULL: he has it */
static const char *need_of(const struct groups *g, const struct ism *m, const struct ism_person *p)
{
    bool nato = nato_inside(g, m);
    const struct {
        bool        fails;
        const char *why;
    } needs[] = {
        {(p->levels >> m->level & 1) == 0, "he is not cleared for the level"},
        {!words_within(&m->sci, &p->sci), "he is not read in to a control system or compartment"},
        {!words_within(&m->sap, &p->sap), "he is not read in to a special access program"},
        {(m->flags & SAP_UNNAMED) != 0, "the marking does not name its special access programs"},
        {!words_within(&m->accm, &p->accm), "he is not read in to an alternative measure"},
        {aea_lacking(m, p) != 0 || sigma_lacking(m, p),
         "he has no access to a marking of atomic energy"},
        {(m->nonus & ~p->nonus) != 0 || (nato && !p->nato), "he is not read in to NATO's"},
        {(nonic_need(m) & ~p->nonic) != 0, "nobody decided that he needs what others than the "
                                           "intelligence community marked"},
        {(control_need(m) & ~p->controls) != 0,
         "nobody decided that he may have it under its dissemination controls"},
    };
    for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
        if (needs[i].fails) {
            return needs[i].why;
        }
    }
    return NULL;
}

/* Groups stand for the members that the marking's version of the table gives them.  One without
 * published members matches nobody: a person is of a country. */
static bool listed(const struct groups *g, const struct ism *m, const struct places *list,
                   const struct ism_person *p)
{
    struct places all;
    bool          nation = false;
    places_expand(g, m->groups, list, &all);
    for (unsigned n = codes_next(&p->nations, 0); n < g->countries;
         n = codes_next(&p->nations, n + 1)) {
        nation |= codes_have(&all.codes, n);
    }
    bool agency = p->agency && codes_have(&all.codes, g->usa);
    return nation &&
           (agency || (p->employer < g->countries && codes_have(&all.codes, p->employer)));
}

static bool home_only(const struct ism *m)
{
    return ism_has(m, ISM_NF) || (m->nonic & (ISM_BIT(ISM_SBU_NF) | ISM_BIT(ISM_LES_NF))) != 0;
}

/* What is the USA's, or NOFORN, is for its agencies; what others own, for its owners */
static bool at_home(const struct groups *g, const struct ism *m, const struct ism_person *p)
{
    bool american = p->agency && codes_have(&p->nations, g->usa);
    if (m->system == ISM_US || ism_has(m, ISM_NF)) {
        return american;
    }
    return !home_only(m) && listed(g, m, &m->owners, p);
}

static enum ism_giving denied(const char **why, const char *says)
{
    *why = says;
    return ISM_NOTHING;
}

enum ism_giving ism_access(const struct groups *g, const struct ism *m,
                           const struct ism_person *person, const char **why)
{
    const char *word = "";
    if (ism_rules_attributes(g, m, &word) != NULL) {
        return denied(why, "the marking does not meet the rules of the register");
    }
    const char *need = need_of(g, m, person);
    if (need != NULL) {
        return denied(why, need);
    }
    *why = NULL;
    if (at_home(g, m, person)) {
        return ISM_RELEASE;
    }
    if (home_only(m)) {
        return denied(why, "it is not releasable to foreign nationals");
    }
    if ((ism_has(m, ISM_REL) || ism_has(m, ISM_EYES)) && listed(g, m, &m->release, person)) {
        return ISM_RELEASE;
    }
    if (ism_has(m, ISM_DISPLAYONLY) && listed(g, m, &m->display, person)) {
        *why = "it may be shown to him, not given";
        return ISM_DISCLOSE;
    }
    return denied(why, "no list of the marking has both his nation and that of his employer");
}
