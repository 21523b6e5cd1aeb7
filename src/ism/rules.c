/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rules.h"
#include "base/instant.h"

err ism_refuse(struct ism_fault *fault, const struct ism_rule *rule, enum err_code code,
               const char *name, span value, size_t at)
{
    *fault = (struct ism_fault){.rule = rule->name,
                                .from = rule->from,
                                .dodm = rule->dodm,
                                .why = rule->why,
                                .name = name,
                                .at = at};
    for (size_t i = 0; i < value.len && i + 1 < sizeof fault->value; i++) {
        uint8_t c = value.ptr[i];
        fault->value[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    return (err){code, rule->why};
}

#define FDR                                                                                        \
    (ISM_BIT(ISM_NF) | ISM_BIT(ISM_REL) | ISM_BIT(ISM_RELIDO) | ISM_BIT(ISM_EYES) |                \
     ISM_BIT(ISM_DISPLAYONLY))
#define RELEASE  (ISM_BIT(ISM_REL) | ISM_BIT(ISM_EYES))
#define ANY_LIST (RELEASE | ISM_BIT(ISM_DISPLAYONLY))

static bool classified(const struct ism *m)
{
    return m->level >= ISM_C;
}

static bool has_any(const struct ism *m, uint32_t some)
{
    return (m->dissem & some) != 0;
}

static bool nonic_has(const struct ism *m, enum ism_nonic n)
{
    return (m->nonic >> n & 1) != 0;
}

static bool nato_is_source(const struct groups *g, const struct ism *m)
{
    return m->system == ISM_NATO || codes_have(&m->fgi.codes, code_find(g, SPAN_LIT("NATO"))) ||
           m->fgi.nato.len > 0 || ism_flag_is(m, ISM_PROTECTED);
}

/* Level R of the USA is met by each rule on a control first, so that the control is named */
static bool us_r(const struct ism *m)
{
    return m->system == ISM_US && m->level == ISM_R;
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
    return m->system != ISM_US && (nonic_has(m, ISM_SBU_NF) || nonic_has(m, ISM_LES_NF));
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
    if (m->system != ISM_JOINT || !has_any(m, RELEASE)) {
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

static bool hcs_foreign(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool kept = words_have(&m->sci, SPAN_LIT("HCS")) || words_have(&m->sci, SPAN_LIT("KDK")) ||
                words_have(&m->sci, SPAN_LIT("KLONDIKE"));
    return kept && !ism_has(m, ISM_NF);
}

static bool sci_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_US && m->sci.len > 0 && !has_any(m, FDR | ISM_BIT(ISM_OC));
}

static bool sci_unclassified(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->sci.len > 0 && !classified(m);
}

static bool sci_broken_chain(const struct groups *g, const struct ism *m)
{
    (void)g;
    for (span rest = words_span(&m->sci); rest.len > 0;) {
        span   token = span_cut(&rest, ' ');
        size_t cut = token.len;
        while (cut > 0 && token.ptr[cut - 1] != '-') {
            cut--;
        }
        if (cut > 1 && !words_have(&m->sci, (span){token.ptr, cut - 1})) {
            return true;
        }
    }
    return false;
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
    return sap_said(m) && !classified(m);
}

static bool rd_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->aea >> ISM_RD & 1) != 0 && !classified(m);
}

static bool frd_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return (m->aea & (ISM_BIT(ISM_FRD) | ISM_BIT(ISM_TFNI))) != 0 && !classified(m);
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
    return m->system != ISM_US &&
           (!places_empty(&m->fgi) || (ism_flag_is(m, ISM_PROTECTED) && !unnamed));
}

static bool fgi_of_usa(const struct groups *g, const struct ism *m)
{
    return codes_have(&m->fgi.codes, g->usa);
}

static bool fgi_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return us_r(m) && (!places_empty(&m->fgi) || ism_flag_is(m, ISM_PROTECTED));
}

static bool fgi_both(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_US && ism_flag_is(m, ISM_PROTECTED) && !places_empty(&m->fgi);
}

static bool fouo_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_FOUO) && m->level != ISM_U;
}

static bool orcon_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return has_any(m, ISM_BIT(ISM_OC) | ISM_BIT(ISM_OC_USGOV)) && !classified(m);
}

static bool orcon_usgov_alone(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_OC_USGOV) && !ism_has(m, ISM_OC);
}

static bool imcon_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_IMC) && m->level < ISM_S;
}

static bool imcon_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_IMC) && !has_any(m, FDR);
}

static bool noforn_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && us_r(m);
}

static bool propin_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_PR) && us_r(m);
}

static bool relido_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_RELIDO) && us_r(m);
}

static bool rel_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_REL) && us_r(m);
}

static bool display_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_DISPLAYONLY) && us_r(m);
}

static bool us_restricted(const struct groups *g, const struct ism *m)
{
    (void)g;
    return us_r(m);
}

static bool exdis_nodis(const struct groups *g, const struct ism *m)
{
    (void)g;
    return nonic_has(m, ISM_XD) && nonic_has(m, ISM_ND);
}

static bool exdis_released(const struct groups *g, const struct ism *m)
{
    (void)g;
    return nonic_has(m, ISM_XD) && has_any(m, ANY_LIST);
}

static bool nodis_released(const struct groups *g, const struct ism *m)
{
    (void)g;
    return nonic_has(m, ISM_ND) && has_any(m, ANY_LIST);
}

static bool noforn_rel(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && has_any(m, RELEASE);
}

static bool noforn_relido(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && ism_has(m, ISM_RELIDO);
}

static bool rel_eyes(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_REL) && ism_has(m, ISM_EYES);
}

static bool display_kept(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_DISPLAYONLY) && (ism_has(m, ISM_NF) || ism_has(m, ISM_RELIDO));
}

static bool relido_orcon(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_RELIDO) && has_any(m, ISM_BIT(ISM_OC) | ISM_BIT(ISM_OC_USGOV));
}

static bool relido_foreign(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_RELIDO) &&
           (m->system != ISM_US || !places_empty(&m->fgi) || ism_flag_is(m, ISM_PROTECTED));
}

static bool release_unlisted(const struct groups *g, const struct ism *m)
{
    (void)g;
    return has_any(m, RELEASE) && places_empty(&m->release);
}

static bool release_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return !has_any(m, RELEASE) && !places_empty(&m->release);
}

static bool usa_alone(const struct groups *g, const struct ism *m)
{
    return has_any(m, RELEASE) && codes_have(&m->release.codes, g->usa) &&
           places_count(&m->release) == 1;
}

static bool usa_missing(const struct groups *g, const struct ism *m)
{
    bool ours = m->system == ISM_US || m->system == ISM_JOINT;
    return ours && has_any(m, RELEASE) && !codes_have(&m->release.codes, g->usa);
}

static bool eyes_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_EYES) && !classified(m);
}

static bool eyes_others(const struct groups *g, const struct ism *m)
{
    if (!ism_has(m, ISM_EYES)) {
        return false;
    }
    struct places five = {0}, to;
    unsigned      fvey = code_find(g, SPAN_LIT("FVEY"));
    if (fvey < CODES_MAX) {
        codes_add(&five.codes, fvey);
    }
    places_expand(g, m->groups, &five, &five);
    places_expand(g, m->groups, &m->release, &to);
    return !places_within(&to, &five);
}

static bool display_unlisted(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_DISPLAYONLY) == places_empty(&m->display);
}

static bool display_usa(const struct groups *g, const struct ism *m)
{
    return codes_have(&m->display.codes, g->usa);
}

static bool protected_mixed(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_flag_is(m, ISM_PROTECTED) && !places_empty(&m->fgi_within);
}

static bool icd710_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool usic = false;
    for (span rest = ism_text_of(m, ISM_COMPLIES_WITH); rest.len > 0;) {
        usic |= span_is(span_cut(&rest, ' '), "USIC");
    }
    return usic && classified(m) && !has_any(m, FDR);
}

/* A group of which the table says that it had ended when the marking was made.  Without a date it cannot
 * be known, and such a group opens nothing in any case. */
static bool ended_group(const struct groups *g, const struct ism *m)
{
    const struct places *lists[] = {&m->release, &m->display};
    instant              made = 0;
    if (err_is(text_date(ism_text_of(m, ISM_CREATE_DATE), &made))) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (unsigned n = codes_next(&lists[i]->codes, g->countries); n < g->count;
             n = codes_next(&lists[i]->codes, n + 1)) {
            if (g->code[n].kind == CODE_ENDED && made >= g->code[n].ended) {
                return true;
            }
        }
    }
    return false;
}

/* in_line, in_attributes - where the rule is asked; word: the token that it is about */
static const struct row {
    struct ism_rule rule;
    bool            in_line, in_attributes;
    const char     *word;
    bool (*broken)(const struct groups *g, const struct ism *m);
} rows[] = {
    {{"BOHEMIA-BALK", "CAPCO G.1", "4.b.2.c.",
      "BOHEMIA and BALK stand only with COSMIC TOP SECRET, or in a TOP SECRET with FGI NATO"},
     true,
     true,
     "B",
     bohemia_elsewhere},
    {{"ATOMAL", "CAPCO G.1", "4.b.2.b.", "ATOMAL stands only with a marking or source of NATO"},
     true,
     true,
     "ATOMAL",
     atomal_elsewhere},
    {{"NATO-NOFORN", "CAPCO G.1", "4.b.3.", "what NATO classified cannot be NOFORN"},
     true,
     true,
     "NF",
     nato_noforn},
    {{"FOREIGN-NOFORN", "CAPCO H.9", "",
      "SBU NOFORN and LES NOFORN are for what the USA classified alone"},
     true,
     true,
     "SBU-NF",
     foreign_kept_home},
    {{"NATO-ACTIVITY-TS", "CAPCO G.1", "4.b.2.a.",
      "TOP SECRET of NATO is COSMIC TOP SECRET, which names no activity"},
     true,
     false,
     "TS",
     nato_activity_ts},
    {{"JOINT-USA", "CAPCO H.3", "5.a.", "JOINT names the USA and at least one other owner"},
     true,
     true,
     "JOINT",
     joint_alone},
    {{"JOINT-RESTRICTED", "CAPCO H.3", "5.d.", "JOINT does not go with RESTRICTED"},
     true,
     true,
     "R",
     joint_restricted},
    {{"JOINT-KEPT", "CAPCO H.3", "5.e.", "JOINT does not go with NOFORN or HCS"},
     true,
     true,
     "NF",
     joint_kept},
    {{"JOINT-RELEASE", "CAPCO H.3", "5.c.", "a JOINT marking is releasable to all its owners"},
     true,
     true,
     "REL",
     joint_release},
    {{"OWNERS-USA", "CAPCO H.3", "5.a.", "what the USA classified together with others is JOINT"},
     true,
     true,
     "USA",
     owners_of_usa},
    {{"SCI-NOFORN", "CAPCO H.4", "6.f.", "HCS and KLONDIKE go with NOFORN only"},
     true,
     false,
     "HCS",
     hcs_foreign},
    {{"SCI-RELEASE", "CAPCO H.4", "6.c.",
      "a marking with SCI says to whom it may go: NOFORN, REL TO, RELIDO, DISPLAY ONLY or ORCON"},
     true,
     false,
     "",
     sci_unsaid},
    {{"SCI-LEVEL", "CAPCO H.4", "6.b.", "SCI goes with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "",
     sci_unclassified},
    {{"SCI-CHAIN", "CAPCO H.4", "6.d.",
      "a compartment stands with its control system, and what is below it with it"},
     false,
     true,
     "",
     sci_broken_chain},
    {{"SAP-COUNT", "CAPCO H.5", "7.e.", "more than four programs are SAR-MULTIPLE PROGRAMS"},
     true,
     false,
     "SAR",
     sap_many},
    {{"SAP-WAIVED", "CAPCO H.5", "7.f.", "WAIVED stands only with a special access program"},
     true,
     true,
     "WAIVED",
     waived_alone},
    {{"SAP-LEVEL", "CAPCO H.5", "7.b.",
      "a special access program goes with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "SAR",
     sap_unclassified},
    {{"RD-LEVEL", "CAPCO H.6", "8.a.4.", "RD goes with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "RD",
     rd_level},
    {{"FRD-LEVEL", "CAPCO H.6", "8.b.2.",
      "FRD and TFNI go with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "FRD",
     frd_level},
    {{"AEA-CHAIN", "CAPCO H.6", "8.c.3.",
      "CNWDI and SIGMA stand with the RD or FRD they belong to"},
     false,
     true,
     "RD",
     rd_missing},
    {{"UCNI-LEVEL", "CAPCO H.6", "8.e.", "unclassified nuclear information is UNCLASSIFIED"},
     true,
     true,
     "UCNI",
     ucni_level},
    {{"FGI-US", "CAPCO H.7", "9.a.", "FGI is a category of markings of the USA only"},
     true,
     true,
     "FGI",
     fgi_not_us},
    {{"FGI-USA", "CAPCO H.7", "-", "the USA is no foreign source"}, true, true, "USA", fgi_of_usa},
    {{"FGI-LEVEL", "CAPCO H.7", "9.b.", "FGI does not go with RESTRICTED"},
     true,
     true,
     "FGI",
     fgi_level},
    {{"FGI-CONCEALED", "ISM-ID-00217", "9.e.",
      "a source that may not be named and one that is do not stand together"},
     true,
     true,
     "FGI",
     fgi_both},
    {{"FGI-WITHIN", "ISM-ID-00217", "9.e.", "of protected sources either FGI or names are said"},
     false,
     true,
     "FGI",
     protected_mixed},
    {{"FOUO-LEVEL", "ISM-ID-00030", "10.b.1.", "FOUO goes with UNCLASSIFIED only"},
     true,
     true,
     "FOUO",
     fouo_level},
    {{"ORCON-LEVEL", "ISM-ID-00028", "10.d.3.",
      "ORCON goes with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "OC",
     orcon_level},
    {{"ORCON-USGOV", "CAPCO H.8", "", "ORCON-USGOV is said beside ORCON in attributes"},
     false,
     true,
     "OC-USGOV",
     orcon_usgov_alone},
    {{"IMCON-LEVEL", "CAPCO H.8", "1.b.", "IMCON goes with SECRET or TOP SECRET"},
     true,
     true,
     "IMC",
     imcon_level},
    {{"IMCON-RELEASE", "CAPCO H.8", "1.c.", "a marking with IMCON says to whom it may go"},
     true,
     false,
     "IMC",
     imcon_unsaid},
    {{"NOFORN-LEVEL", "CAPCO H.8", "2.c.", "NOFORN does not go with RESTRICTED"},
     true,
     true,
     "NF",
     noforn_level},
    {{"PROPIN-LEVEL", "CAPCO H.8", "3.b.", "PROPIN does not go with RESTRICTED"},
     true,
     true,
     "PR",
     propin_level},
    {{"RELIDO-LEVEL", "CAPCO H.8", "4.c.", "RELIDO does not go with RESTRICTED"},
     true,
     true,
     "RELIDO",
     relido_level},
    {{"REL-LEVEL", "CAPCO H.8", "10.e.3.", "REL TO does not go with RESTRICTED"},
     true,
     true,
     "REL",
     rel_level},
    {{"DISPLAY-LEVEL", "CAPCO H.8", "10.g.3.", "DISPLAY ONLY does not go with RESTRICTED"},
     true,
     true,
     "DISPLAYONLY",
     display_level},
    {{"EXDIS-NODIS", "CAPCO H.9", "1.d.", "EXDIS and NODIS exclude each other"},
     true,
     true,
     "ND",
     exdis_nodis},
    {{"EXDIS-RELEASE", "CAPCO H.9", "1.c.", "EXDIS does not go with REL TO or DISPLAY ONLY"},
     true,
     true,
     "XD",
     exdis_released},
    {{"NODIS-RELEASE", "CAPCO H.9", "2.d.", "NODIS does not go with REL TO or DISPLAY ONLY"},
     true,
     true,
     "ND",
     nodis_released},
    {{"NOFORN-REL", "ISM-ID-00033", "2.d.", "NOFORN does not go with REL TO or EYES ONLY"},
     true,
     true,
     "NF",
     noforn_rel},
    {{"NOFORN-RELIDO", "ISM-ID-00169", "2.d.", "NOFORN does not go with RELIDO"},
     true,
     true,
     "NF",
     noforn_relido},
    {{"REL-EYES", "ISM-ID-00033", "10.f.", "REL TO and EYES ONLY exclude each other"},
     true,
     true,
     "EYES",
     rel_eyes},
    {{"DISPLAY-KEPT", "ISM-ID-00169", "10.g.4.", "DISPLAY ONLY does not go with NOFORN or RELIDO"},
     true,
     true,
     "DISPLAYONLY",
     display_kept},
    {{"RELIDO-ORCON", "CAPCO H.8", "4.d.", "RELIDO does not go with ORCON"},
     true,
     true,
     "RELIDO",
     relido_orcon},
    {{"RELIDO-FOREIGN", "ISM-ID-00124", "4.b.",
      "RELIDO does not go with foreign sources or owners: they decide on release"},
     true,
     true,
     "RELIDO",
     relido_foreign},
    {{"REL-LIST", "ISM-ID-00031", "10.e.4.", "REL TO and EYES ONLY name to whom"},
     true,
     true,
     "REL",
     release_unlisted},
    {{"REL-SAID", "ISM-ID-00032", "", "who may have it is listed only with REL or EYES"},
     true,
     true,
     "",
     release_unsaid},
    {{"REL-USA-ALONE", "CAPCO H.8", "10.e.5.", "REL TO names others than the USA alone"},
     true,
     true,
     "USA",
     usa_alone},
    {{"REL-USA", "ISM-ID-00214", "10.e.4.", "the USA opens the list of those who may have it"},
     true,
     true,
     "REL",
     usa_missing},
    {{"EYES-LEVEL", "ISM-ID-00028", "10.f.",
      "EYES ONLY goes with CONFIDENTIAL, SECRET or TOP SECRET"},
     true,
     true,
     "EYES",
     eyes_level},
    {{"EYES-FVEY", "CAPCO H.8", "10.f.", "EYES ONLY names members of FVEY only"},
     true,
     true,
     "EYES",
     eyes_others},
    {{"DISPLAY-LIST", "ISM-ID-00169", "10.g.5.",
      "DISPLAY ONLY names to whom, and nobody is named without it"},
     true,
     true,
     "DISPLAYONLY",
     display_unlisted},
    {{"DISPLAY-USA", "CAPCO H.8", "10.g.5.", "the USA does not stand in a DISPLAY ONLY list"},
     true,
     false,
     "USA",
     display_usa},
    {{"GROUP-ENDED", "ISM.ACES 5.6.8", "", "a list names a group that had ended by then"},
     false,
     true,
     "",
     ended_group},
    {{"ICD710", "ISM-ID-00119", "",
      "what complies with USIC and is classified says to whom it may go"},
     false,
     true,
     "",
     icd710_unsaid},
    {{"US-RESTRICTED", "CAPCO H.1", "4.a.", "RESTRICTED is no level of the USA"},
     true,
     true,
     "R",
     us_restricted},
};

static const struct ism_rule *first_broken(const struct groups *g, const struct ism *m,
                                           bool in_line, const char **word)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if ((in_line ? rows[i].in_line : rows[i].in_attributes) && rows[i].broken(g, m)) {
            *word = rows[i].word;
            return &rows[i].rule;
        }
    }
    return NULL;
}

const struct ism_rule *ism_rules_line(const struct groups *g, const struct ism *m,
                                      const char **word)
{
    return first_broken(g, m, true, word);
}

const struct ism_rule *ism_rules_attributes(const struct groups *g, const struct ism *m,
                                            const char **word)
{
    return first_broken(g, m, false, word);
}
