/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/superseded.h"
#include "ism/rule_rows.h"

#define KEPT_HOME   (ISM_BIT(ISM_SBU_NF) | ISM_BIT(ISM_LES_NF))
#define DISTRIBUTED (ISM_BIT(ISM_XD) | ISM_BIT(ISM_ND))
#define ABOVE_FOUO                                                                                 \
    (DISTRIBUTED | KEPT_HOME | ISM_BIT(ISM_DS) | ISM_BIT(ISM_SBU) | ISM_BIT(ISM_LES) |             \
     ISM_BIT(ISM_SSI))

/* RD stands for FRD and TFNI and has all sigmas, FRD for TFNI */
static void aea_drop(struct ism *m)
{
    unsigned aea = m->aea;
    if ((aea & ISM_BIT(ISM_RD)) != 0) {
        aea &= ~(ISM_BIT(ISM_FRD) | ISM_BIT(ISM_TFNI));
        for (unsigned i = 0; i < 2; i++) {
            m->sigma[0][i] |= m->sigma[1][i];
            m->sigma[1][i] = 0;
        }
    }
    aea &= (aea & ISM_BIT(ISM_FRD)) != 0 ? ~ISM_BIT(ISM_TFNI) : UINT32_MAX;
    m->aea = (uint16_t)aea;
}

/* The closed rules leave to a person what only the register lets fall */
static void nonic_drop(enum ism_rule_set rules, struct ism *m)
{
    unsigned nonic = m->nonic;
    if (rules == ISM_REGISTER) {
        nonic &= m->level != ISM_U ? ~ISM_BIT(ISM_DS) : UINT32_MAX;
        nonic &= (nonic & ISM_BIT(ISM_ND)) != 0 ? ~ISM_BIT(ISM_XD) : UINT32_MAX;
        nonic &=
            (nonic & DISTRIBUTED) != 0 ? ~(ISM_BIT(ISM_SBU) | ISM_BIT(ISM_SBU_NF)) : UINT32_MAX;
    }
    nonic &= (nonic & ISM_BIT(ISM_SBU_NF)) != 0 ? ~ISM_BIT(ISM_SBU) : UINT32_MAX;
    m->nonic = (uint16_t)nonic;
}

/* Unclassified nuclear markings fall away in a classified whole, which then stays home if it was to
 * go anywhere */
static void ucni_drop(enum ism_rule_set rules, struct ism *m)
{
    unsigned ucni = m->aea & (ISM_BIT(ISM_DCNI) | ISM_BIT(ISM_UCNI));
    if (m->level == ISM_U || rules != ISM_REGISTER || ucni == 0) {
        return;
    }
    m->aea = (uint16_t)(m->aea & ~ucni);
    if ((m->dissem & FDR) != 0) {
        m->dissem = (m->dissem & ~FDR) | ISM_BIT(ISM_NF);
        m->release = m->display = (struct places){0};
    }
}

void superseded_drop(enum ism_rule_set rules, struct ism *m)
{
    aea_drop(m);
    nonic_drop(rules, m);
    ucni_drop(rules, m);
    if (m->level != ISM_U || ism_has(m, ISM_DSEN) || (m->nonic & ABOVE_FOUO) != 0) {
        m->dissem &= ~ISM_BIT(ISM_FOUO);
    }
}
