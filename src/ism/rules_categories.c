/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rule_rows.h"

static bool nato_is_source(const struct groups *g, const struct ism *m)
{
    return m->system == ISM_NATO || codes_have(&m->fgi.codes, code_find(g, SPAN_LIT("NATO"))) ||
           m->fgi.nato.len > 0 || ism_flag_is(m, ISM_PROTECTED);
}

static bool bohemia_elsewhere(const struct groups *g, const struct ism *m)
{
    return (m->nonus & ~ISM_BIT(ISM_ATOMAL)) != 0 &&
           (m->level != ISM_TS || !nato_is_source(g, m) || m->owners.nato.len > 0);
}

static bool atomal_elsewhere(const struct groups *g, const struct ism *m)
{
    return (m->nonus >> ISM_ATOMAL & 1) != 0 && !nato_is_source(g, m);
}

static bool nato_noforn(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_NATO && ism_has(m, ISM_NF);
}

static bool foreign_kept_home(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system != ISM_US && (rule_nonic_has(m, ISM_SBU_NF) || rule_nonic_has(m, ISM_LES_NF));
}

static bool nato_activity_ts(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_NATO && m->owners.nato.len > 0 && m->level == ISM_TS;
}

static bool joint_restricted(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_JOINT && m->level == ISM_R;
}

static bool joint_alone(const struct groups *g, const struct ism *m)
{
    return m->system == ISM_JOINT &&
           (!codes_have(&m->owners.codes, g->usa) || places_count(&m->owners) < 2);
}

static bool joint_kept(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_JOINT && (ism_has(m, ISM_NF) || words_have(&m->sci, SPAN_LIT("HCS")));
}

static bool joint_release(const struct groups *g, const struct ism *m)
{
    struct places to, of;
    if (m->system != ISM_JOINT || !rule_has_any(m, RELEASE)) {
        return false;
    }
    places_expand(g, m->groups, &m->release, &to);
    places_expand(g, m->groups, &m->owners, &of);
    return !places_within(&of, &to);
}

static bool owners_of_usa(const struct groups *g, const struct ism *m)
{
    return m->system == ISM_NON_US && codes_have(&m->owners.codes, g->usa);
}

static bool sap_many(const struct groups *g, const struct ism *m)
{
    (void)g;
    unsigned programs = 0;
    for (span rest = words_span(&m->sap); rest.len > 0;) {
        span token = span_cut(&rest, ' ');
        programs += memchr(token.ptr, '-', token.len) == NULL ? 1 : 0;
    }
    return programs > 4;
}

static bool sap_said(const struct ism *m)
{
    return m->sap.len > 0 || ism_flag_is(m, ISM_SAP_MULTIPLE) || ism_flag_is(m, ISM_SAP_HVSACO);
}

static bool waived_alone(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_WAIVED) && !sap_said(m);
}

static bool sap_unclassified(const struct groups *g, const struct ism *m)
{
    (void)g;
    return sap_said(m) && !rule_classified(m);
}

static bool rd_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->aea >> ISM_RD & 1) != 0 && !rule_classified(m);
}

static bool frd_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->aea & (ISM_BIT(ISM_FRD) | ISM_BIT(ISM_TFNI))) != 0 && !rule_classified(m);
}

static bool cnwdi_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_aea_has(m, ISM_RD_CNWDI) && m->level < ISM_S;
}

static bool sigma_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->sigma[0][0] | m->sigma[0][1] | m->sigma[1][0] | m->sigma[1][1]) != 0 &&
           m->level < ISM_S;
}

static bool rd_beside(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_aea_has(m, ISM_RD) && (rule_aea_has(m, ISM_FRD) || rule_aea_has(m, ISM_TFNI));
}

static bool frd_beside(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_aea_has(m, ISM_FRD) && rule_aea_has(m, ISM_TFNI);
}

static bool rd_missing(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool below = (m->aea >> ISM_RD_CNWDI & 1) != 0 || (m->sigma[0][0] | m->sigma[0][1]) != 0;
    bool frd_below = (m->sigma[1][0] | m->sigma[1][1]) != 0;
    return (below && (m->aea >> ISM_RD & 1) == 0) || (frd_below && (m->aea >> ISM_FRD & 1) == 0);
}

static bool ucni_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->aea & (ISM_BIT(ISM_DCNI) | ISM_BIT(ISM_UCNI))) != 0 && m->level != ISM_U;
}

static bool fgi_not_us(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool unnamed = m->system == ISM_NON_US && places_empty(&m->owners);
    return m->system != ISM_US && m->system != ISM_JOINT &&
           (!places_empty(&m->fgi) || (ism_flag_is(m, ISM_PROTECTED) && !unnamed));
}

static bool fgi_of_usa(const struct groups *g, const struct ism *m)
{
    return codes_have(&m->fgi.codes, g->usa);
}

static bool fgi_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_us_r(m) && (!places_empty(&m->fgi) || ism_flag_is(m, ISM_PROTECTED));
}

static bool fgi_both(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->system == ISM_US || m->system == ISM_JOINT) && ism_flag_is(m, ISM_PROTECTED) &&
           !places_empty(&m->fgi);
}

static bool fgi_owner(const struct groups *g, const struct ism *m)
{
    struct places both;
    (void)g;
    places_common(&m->fgi, &m->owners, &both);
    return m->system == ISM_JOINT && !places_empty(&both);
}

static bool protected_mixed(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_flag_is(m, ISM_PROTECTED) && !places_empty(&m->fgi_within);
}

const struct rule_row rules_of_categories[] = {
    BOTH("BOHEMIA-BALK", "CAPCO G.1", "4.b.2.c.",
         "BOHEMIA and BALK stand only with COSMIC TOP SECRET, or in a TOP SECRET with FGI NATO",
         "B", bohemia_elsewhere),
    BOTH("ATOMAL", "CAPCO G.1", "", "ATOMAL stands only with a marking or source of NATO", "ATOMAL",
         atomal_elsewhere),
    BOTH("NATO-NOFORN", "CAPCO G.1", "4.b.3.", "what NATO classified cannot be NOFORN", "NF",
         nato_noforn),
    BOTH("FOREIGN-NOFORN", "CAPCO H.9", "",
         "SBU NOFORN and LES NOFORN are for what the USA classified alone", "SBU-NF",
         foreign_kept_home),
    LINE("NATO-ACTIVITY-TS", "CAPCO G.1", "4.b.2.a.",
         "TOP SECRET of NATO is COSMIC TOP SECRET, which names no activity", "TS",
         nato_activity_ts),
    BOTH("JOINT-USA", "CAPCO H.3", "", "JOINT names the USA and at least one other owner", "JOINT",
         joint_alone),
    BOTH("JOINT-RESTRICTED", "CAPCO H.3", "5.d.", "JOINT does not go with RESTRICTED", "R",
         joint_restricted),
    BOTH("JOINT-KEPT", "CAPCO H.3", "", "JOINT does not go with NOFORN or HCS", "NF", joint_kept),
    BOTH("JOINT-RELEASE", "CAPCO H.3", "", "a JOINT marking is releasable to all its owners", "REL",
         joint_release),
    BOTH("OWNERS-USA", "CAPCO H.3", "", "what the USA classified together with others is JOINT",
         "USA", owners_of_usa),
    LINE("SAP-COUNT", "CAPCO H.5", "7.e.", "more than four programs are SAR-MULTIPLE PROGRAMS",
         "SAR", sap_many),
    BOTH("SAP-WAIVED", "CAPCO H.5", "7.f.", "WAIVED stands only with a special access program",
         "WAIVED", waived_alone),
    BOTH("SAP-LEVEL", "CAPCO H.5", "",
         "a special access program goes with CONFIDENTIAL, SECRET or TOP SECRET", "SAR",
         sap_unclassified),
    BOTH("RD-LEVEL", "CAPCO H.6", "8.a.4.", "RD goes with CONFIDENTIAL, SECRET or TOP SECRET", "RD",
         rd_level),
    BOTH("FRD-LEVEL", "CAPCO H.6", "8.b.2.",
         "FRD and TFNI go with CONFIDENTIAL, SECRET or TOP SECRET", "FRD", frd_level),
    ATTRIBUTES("AEA-CHAIN", "CAPCO H.6", "8.c.3.",
               "CNWDI and SIGMA stand with the RD or FRD they belong to", "RD", rd_missing),
    BOTH("CNWDI-LEVEL", "CAPCO H.6", "", "CNWDI goes with SECRET or TOP SECRET", "RD", cnwdi_level),
    BOTH("SIGMA-LEVEL", "CAPCO H.6", "", "SIGMA goes with SECRET or TOP SECRET", "RD", sigma_level),
    BOTH("RD-BESIDE", "CAPCO H.6", "",
         "RD stands for FRD and TFNI, which are not said beside it; all SIGMA numbers are RD's",
         "RD", rd_beside),
    BOTH("FRD-BESIDE", "CAPCO H.6", "", "FRD stands for TFNI, which is not said beside it", "TFNI",
         frd_beside),
    BOTH("UCNI-LEVEL", "CAPCO H.6; ISM-ID-00181", "",
         "unclassified nuclear information is UNCLASSIFIED", "UCNI", ucni_level),
    BOTH("FGI-US", "CAPCO H.7", "9.a.", "FGI is a category of markings of the USA, alone or JOINT",
         "FGI", fgi_not_us),
    BOTH("FGI-OWNER", "CAPCO H.3", "", "an owner of what is JOINT is no foreign source of it",
         "FGI", fgi_owner),
    BOTH("FGI-USA", "CAPCO H.7", "-", "the USA is no foreign source", "USA", fgi_of_usa),
    BOTH("FGI-LEVEL", "CAPCO H.7", "9.b.", "FGI does not go with RESTRICTED", "FGI", fgi_level),
    BOTH("FGI-CONCEALED", "CAPCO H.7", "",
         "a source that may not be named and one that is do not stand together", "FGI", fgi_both),
    ATTRIBUTES("FGI-WITHIN", "ISM-ID-00217", "",
               "of protected sources either FGI or names are said", "FGI", protected_mixed),
    NO_MORE_ROWS,
};
