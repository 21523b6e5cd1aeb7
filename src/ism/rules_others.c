/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rule_rows.h"

#define DISTRIBUTED (ISM_BIT(ISM_XD) | ISM_BIT(ISM_ND))
#define KEPT_HOME   (ISM_BIT(ISM_SBU_NF) | ISM_BIT(ISM_LES_NF))
/* What says more than FOUO, so that FOUO is left out beside it */
#define ABOVE_FOUO                                                                                 \
    (DISTRIBUTED | KEPT_HOME | ISM_BIT(ISM_DS) | ISM_BIT(ISM_SBU) | ISM_BIT(ISM_LES) |             \
     ISM_BIT(ISM_SSI))

static bool exdis_nodis(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_XD) && rule_nonic_has(m, ISM_ND);
}

static bool exdis_released(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_XD) && rule_has_any(m, ANY_LIST);
}

static bool nodis_released(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_ND) && rule_has_any(m, ANY_LIST);
}

static bool exdis_unkept(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_XD) && !ism_has(m, ISM_NF);
}

static bool nodis_unkept(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_ND) && !ism_has(m, ISM_NF);
}

static bool limdis_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_DS) && m->level != ISM_U;
}

static bool sbu_nf_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_SBU_NF) && m->level != ISM_U;
}

static bool sbu_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_SBU) && m->level != ISM_U;
}

static bool sbu_twice(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_nonic_has(m, ISM_SBU) && rule_nonic_has(m, ISM_SBU_NF);
}

static bool sbu_superseded(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->nonic & DISTRIBUTED) != 0 &&
           (m->nonic & (ISM_BIT(ISM_SBU) | ISM_BIT(ISM_SBU_NF))) != 0;
}

static bool fouo_superseded(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_FOUO) && (ism_has(m, ISM_DSEN) || (m->nonic & ABOVE_FOUO) != 0);
}

static bool home_twice(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && (m->nonic & KEPT_HOME) != 0;
}

static bool home_released(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->nonic & KEPT_HOME) != 0 && rule_has_any(m, ANY_LIST | ISM_BIT(ISM_RELIDO));
}

const struct rule_row rules_of_others[] = {
    BOTH("EXDIS-NODIS", "CAPCO H.9; ISM-ID-00038", "1.d.", "EXDIS and NODIS exclude each other",
         "ND", exdis_nodis),
    BOTH("EXDIS-RELEASE", "CAPCO H.9", "1.c.", "EXDIS does not go with REL TO or DISPLAY ONLY",
         "XD", exdis_released),
    BOTH("NODIS-RELEASE", "CAPCO H.9", "2.d.", "NODIS does not go with REL TO or DISPLAY ONLY",
         "ND", nodis_released),
    BOTH("EXDIS-NOFORN", "CAPCO H.9", "", "EXDIS goes with NOFORN", "XD", exdis_unkept),
    BOTH("NODIS-NOFORN", "CAPCO H.9", "", "NODIS goes with NOFORN", "ND", nodis_unkept),
    BOTH("LIMDIS-LEVEL", "CAPCO H.9; ISM-ID-00346", "", "LIMDIS goes with UNCLASSIFIED only", "DS",
         limdis_level),
    BOTH("SBU-NF-LEVEL", "CAPCO H.9; ISM-ID-00037", "", "SBU NOFORN goes with UNCLASSIFIED only",
         "SBU-NF", sbu_nf_level),
    PORTION("SBU-LEVEL", "CAPCO H.9; ISM-ID-00037", "",
            "SBU goes with UNCLASSIFIED only: a classified portion does not say it", "SBU",
            sbu_level),
    BOTH("SBU-TWICE", "CAPCO H.9; ISM-ID-00038", "",
         "SBU NOFORN stands for SBU, so only one of them is said", "SBU", sbu_twice),
    BOTH("SBU-SUPERSEDED", "CAPCO H.9; ISM-ID-00038", "",
         "EXDIS and NODIS stand for SBU and SBU NOFORN, which are not said beside them", "SBU",
         sbu_superseded),
    BOTH("FOUO-SUPERSEDED", "CAPCO H.8, H.9", "",
         "DEA SENSITIVE, LIMDIS, EXDIS, NODIS, SBU, LES and SSI stand for FOUO, which is not said "
         "beside them",
         "FOUO", fouo_superseded),
    BOTH("HOME-TWICE", "CAPCO H.9", "",
         "beside NOFORN it is SBU or LES, not SBU NOFORN or LES NOFORN", "NF", home_twice),
    BOTH("HOME-RELEASED", "CAPCO D.2", "",
         "SBU NOFORN and LES NOFORN do not go with REL TO, RELIDO, EYES ONLY or DISPLAY ONLY",
         "SBU-NF", home_released),
    NO_MORE_ROWS,
};
