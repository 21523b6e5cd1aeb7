/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/cover.h"
#include "ism/rollup.h"
#include "ism/rules.h"

#define RELEASE (ISM_BIT(ISM_REL) | ISM_BIT(ISM_EYES))
/* What a banner need not repeat: decided by lists, or said by the level */
#define NOT_UNITED                                                                                 \
    (RELEASE | ISM_BIT(ISM_RELIDO) | ISM_BIT(ISM_DISPLAYONLY) | ISM_BIT(ISM_FOUO) |                \
     ISM_BIT(ISM_OC_USGOV))

static bool words_within(const struct words *a, const struct words *b)
{
    struct words left;
    words_without(a, b, &left);
    return left.len == 0;
}

static bool concealed(const struct ism *m)
{
    return ism_flag_is(m, ISM_PROTECTED) || !places_empty(&m->fgi_within);
}

static bool level_low(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    unsigned needed = p->level == ISM_R && banner->system == ISM_US ? ISM_C : p->level;
    return banner->level < needed;
}

static bool sci_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    return !words_within(&p->sci, &banner->sci);
}

static bool sap_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    return !words_within(&p->sap, &banner->sap) && !ism_flag_is(banner, ISM_SAP_MULTIPLE);
}

/* What the banner says that stands for others: RD for FRD and TFNI, FRD for TFNI */
static unsigned aea_said(const struct ism *banner)
{
    unsigned said = banner->aea;
    said |= (said & ISM_BIT(ISM_RD)) != 0 ? ISM_BIT(ISM_FRD) | ISM_BIT(ISM_TFNI) : 0;
    said |= (said & ISM_BIT(ISM_FRD)) != 0 ? ISM_BIT(ISM_TFNI) : 0;
    return said | (banner->level != ISM_U ? ISM_BIT(ISM_DCNI) | ISM_BIT(ISM_UCNI) : 0);
}

static bool aea_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    uint64_t sigma = 0;
    for (unsigned i = 0; i < 2; i++) {
        sigma |= p->sigma[0][i] & ~banner->sigma[0][i];
        sigma |= p->sigma[1][i] & ~(banner->sigma[0][i] | banner->sigma[1][i]);
    }
    return sigma != 0 || (p->aea & ~aea_said(banner)) != 0;
}

static bool source_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    struct places sources = p->owners;
    codes_drop(&sources.codes, g->usa);
    places_without(&sources, &banner->owners, &sources);
    bool owners = p->system != ISM_US && !places_within(&sources, &banner->fgi);
    return !concealed(banner) && (owners || !places_within(&p->fgi, &banner->fgi));
}

static bool concealed_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    return concealed(p) && !concealed(banner);
}

static bool control_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    return (p->dissem & ~NOT_UNITED & ~banner->dissem) != 0 || (p->nonus & ~banner->nonus) != 0;
}

/* What must stay home is met by the same marking without it, and NOFORN; what a stronger marking or
 * the level stands for by that */
static bool nonic_missing(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    unsigned have = banner->nonic | (banner->level != ISM_U ? ISM_BIT(ISM_DS) : 0);
    have |= (have & ISM_BIT(ISM_ND)) != 0 ? ISM_BIT(ISM_XD) : 0;
    have |= (have & ISM_BIT(ISM_XD)) != 0 ? ISM_BIT(ISM_SBU) | ISM_BIT(ISM_SBU_NF) : 0;
    have |= (have & ISM_BIT(ISM_SBU_NF)) != 0 ? ISM_BIT(ISM_SBU) : 0;
    if (ism_has(banner, ISM_NF)) {
        have |= (have & ISM_BIT(ISM_SBU)) != 0 ? ISM_BIT(ISM_SBU_NF) : 0;
        have |= (have & ISM_BIT(ISM_LES)) != 0 ? ISM_BIT(ISM_LES_NF) : 0;
    }
    return (p->nonic & ~have) != 0 || !words_within(&p->accm, &banner->accm);
}

/* Each list of the banner within those of each portion that counts; what may be released may be shown */
static bool release_wide(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    struct places to, may;
    if (!ism_counts(p) || (banner->dissem & RELEASE) == 0) {
        return false;
    }
    places_expand(g, banner->groups, &banner->release, &to);
    places_expand(g, p->groups, &p->release, &may);
    return (p->dissem & RELEASE) == 0 || !places_within(&to, &may);
}

static bool display_wide(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    struct places to, may, have;
    if (!ism_counts(p) || !ism_has(banner, ISM_DISPLAYONLY)) {
        return false;
    }
    places_expand(g, banner->groups, &banner->display, &to);
    places_expand(g, p->groups, &p->release, &have);
    places_expand(g, p->groups, &p->display, &may);
    return err_is(places_unite(&may, &have, &may)) || !places_within(&to, &may);
}

static bool relido_wide(const struct groups *g, const struct ism *banner, const struct ism *p)
{
    (void)g;
    return ism_has(banner, ISM_RELIDO) && ism_counts(p) && !ism_has(p, ISM_RELIDO);
}

static const struct {
    struct ism_rule rule;
    bool (*broken)(const struct groups *g, const struct ism *banner, const struct ism *portion);
} rows[] = {
    {{"COVER-LEVEL", "ISM-ID-00056", "", "the banner's level is below that of a portion"},
     level_low},
    {{"COVER-SCI", "CAPCO D.2", "", "the banner lacks a control system of a portion"}, sci_missing},
    {{"COVER-SAP", "CAPCO D.2", "", "the banner lacks a special access program of a portion"},
     sap_missing},
    {{"COVER-AEA", "CAPCO D.2", "", "the banner lacks a marking of atomic energy of a portion"},
     aea_missing},
    {{"COVER-CONCEALED", "ISM-ID-00065", "",
      "a portion has a source that may not be named, and the banner does not say so"},
     concealed_missing},
    {{"COVER-FGI", "ISM-ID-00064", "", "the banner lacks a foreign source of a portion"},
     source_missing},
    {{"COVER-CONTROL", "CAPCO D.2", "", "the banner lacks a control of a portion"},
     control_missing},
    {{"COVER-OTHERS", "CAPCO D.2", "",
      "the banner lacks a marking that others than the intelligence community put on a portion"},
     nonic_missing},
    {{"COVER-REL", "ISM-ID-00088", "", "the banner releases to whom a portion does not"},
     release_wide},
    {{"COVER-DISPLAY", "CAPCO D.2", "", "the banner may be shown to whom a portion may not"},
     display_wide},
    {{"COVER-RELIDO", "ISM-ID-00132", "", "the banner is RELIDO and a portion is not"},
     relido_wide},
};

static const struct ism_rule rule_level_unused = {
    "COVER-COMPILATION", "ISM-ID-00108", "",
    "no portion has the banner's level, and no reason for the compilation is given"};

err ism_covers(const struct groups *g, const struct ism *banner, const struct ism *each,
               size_t count, size_t *at, struct ism_fault *fault)
{
    unsigned highest = ISM_U;
    for (size_t i = 0; i < count; i++) {
        if (ism_flag_is(&each[i], ISM_EXCLUDED)) {
            continue;
        }
        highest = each[i].level > highest ? each[i].level : highest;
        for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
            if (rows[r].broken(g, banner, &each[i])) {
                *at = i;
                return ism_refuse(fault, &rows[r].rule, ERR_MALFORMED, "", (span){0}, 0);
            }
        }
    }
    highest = highest == ISM_R && banner->system == ISM_US ? ISM_C : highest;
    if (banner->level > highest && banner->text[ISM_COMPILATION_REASON].len == 0) {
        *at = count;
        return ism_refuse(fault, &rule_level_unused, ERR_MALFORMED, "", (span){0}, 0);
    }
    return OK;
}
