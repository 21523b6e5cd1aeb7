/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "ism/rule_rows.h"

static bool fouo_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_FOUO) && m->level != ISM_U;
}

static bool orcon_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_has_any(m, ISM_BIT(ISM_OC) | ISM_BIT(ISM_OC_USGOV)) && !rule_classified(m);
}

static bool orcon_usgov_alone(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_OC_USGOV) && !ism_has(m, ISM_OC);
}

static bool rsen_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_RS) && m->level < ISM_S;
}

static bool imcon_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_IMC) && m->level < ISM_S;
}

static bool imcon_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_IMC) && !rule_has_any(m, FDR);
}

static bool noforn_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && rule_us_r(m);
}

static bool propin_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_PR) && rule_us_r(m);
}

static bool relido_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_RELIDO) && rule_us_r(m);
}

static bool rel_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_REL) && rule_us_r(m);
}

static bool display_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_DISPLAYONLY) && rule_us_r(m);
}

static bool us_restricted(const struct groups *g, const struct ism *m)
{
    (void)g;
    return rule_us_r(m);
}

static bool noforn_rel(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_NF) && rule_has_any(m, RELEASE);
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
    return ism_has(m, ISM_RELIDO) && rule_has_any(m, ISM_BIT(ISM_OC) | ISM_BIT(ISM_OC_USGOV));
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
    return rule_has_any(m, RELEASE) && places_empty(&m->release);
}

static bool release_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return !rule_has_any(m, RELEASE) && !places_empty(&m->release);
}

static bool usa_alone(const struct groups *g, const struct ism *m)
{
    return rule_has_any(m, RELEASE) && codes_have(&m->release.codes, g->usa) &&
           places_count(&m->release) == 1;
}

static bool usa_missing(const struct groups *g, const struct ism *m)
{
    bool ours = m->system == ISM_US || m->system == ISM_JOINT;
    return ours && rule_has_any(m, RELEASE) && !codes_have(&m->release.codes, g->usa);
}

static bool eyes_level(const struct groups *g, const struct ism *m)
{
    (void)g;
    return ism_has(m, ISM_EYES) && !rule_classified(m);
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

static bool icd710_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool usic = false;
    for (span rest = ism_text_of(m, ISM_COMPLIES_WITH); rest.len > 0;) {
        usic |= span_is(span_cut(&rest, ' '), "USIC");
    }
    return usic && rule_classified(m) && !rule_has_any(m, FDR);
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

const struct rule_row rules_of_release[] = {
    BOTH("FOUO-LEVEL", "ISM-ID-00030", "10.b.1.", "FOUO goes with UNCLASSIFIED only", "FOUO",
         fouo_level),
    BOTH("ORCON-LEVEL", "ISM-ID-00028", "10.d.3.",
         "ORCON goes with CONFIDENTIAL, SECRET or TOP SECRET", "OC", orcon_level),
    ATTRIBUTES("ORCON-USGOV", "CAPCO H.8", "", "ORCON-USGOV is said beside ORCON in attributes",
               "OC-USGOV", orcon_usgov_alone),
    BOTH("RSEN-LEVEL", "CAPCO H.8; ISM-ID-00164", "", "RSEN goes with SECRET or TOP SECRET", "RS",
         rsen_level),
    BOTH("IMCON-LEVEL", "CAPCO H.8", "1.b.", "IMCON goes with SECRET or TOP SECRET", "IMC",
         imcon_level),
    LINE("IMCON-RELEASE", "CAPCO H.8", "1.c.", "a marking with IMCON says to whom it may go", "IMC",
         imcon_unsaid),
    BOTH("NOFORN-LEVEL", "CAPCO H.8", "2.c.", "NOFORN does not go with RESTRICTED", "NF",
         noforn_level),
    BOTH("PROPIN-LEVEL", "CAPCO H.8", "3.b.", "PROPIN does not go with RESTRICTED", "PR",
         propin_level),
    BOTH("RELIDO-LEVEL", "CAPCO H.8", "4.c.", "RELIDO does not go with RESTRICTED", "RELIDO",
         relido_level),
    BOTH("REL-LEVEL", "CAPCO H.8", "10.e.3.", "REL TO does not go with RESTRICTED", "REL",
         rel_level),
    BOTH("DISPLAY-LEVEL", "CAPCO H.8", "10.g.3.", "DISPLAY ONLY does not go with RESTRICTED",
         "DISPLAYONLY", display_level),
    BOTH("NOFORN-REL", "ISM-ID-00033", "2.d.", "NOFORN does not go with REL TO or EYES ONLY", "NF",
         noforn_rel),
    BOTH("NOFORN-RELIDO", "ISM-ID-00169", "2.d.", "NOFORN does not go with RELIDO", "NF",
         noforn_relido),
    BOTH("REL-EYES", "ISM-ID-00033", "", "REL TO and EYES ONLY exclude each other", "EYES",
         rel_eyes),
    BOTH("DISPLAY-KEPT", "ISM-ID-00169", "10.g.4.",
         "DISPLAY ONLY does not go with NOFORN or RELIDO", "DISPLAYONLY", display_kept),
    BOTH("RELIDO-ORCON", "CAPCO H.8", "", "RELIDO does not go with ORCON", "RELIDO", relido_orcon),
    BOTH("RELIDO-FOREIGN", "ISM-ID-00124", "",
         "RELIDO does not go with foreign sources or owners: they decide on release", "RELIDO",
         relido_foreign),
    BOTH("REL-LIST", "ISM-ID-00031", "10.e.4.", "REL TO and EYES ONLY name to whom", "REL",
         release_unlisted),
    BOTH("REL-SAID", "ISM-ID-00032", "", "who may have it is listed only with REL or EYES", "",
         release_unsaid),
    BOTH("REL-USA-ALONE", "CAPCO H.8", "10.e.5.", "REL TO names others than the USA alone", "USA",
         usa_alone),
    BOTH("REL-USA", "ISM-ID-00214", "10.e.4.", "the USA opens the list of those who may have it",
         "REL", usa_missing),
    BOTH("EYES-LEVEL", "ISM-ID-00028", "", "EYES ONLY goes with CONFIDENTIAL, SECRET or TOP SECRET",
         "EYES", eyes_level),
    BOTH("EYES-FVEY", "CAPCO H.8", "", "EYES ONLY names members of FVEY only", "EYES", eyes_others),
    BOTH("DISPLAY-LIST", "CAPCO H.8", "10.g.5.",
         "DISPLAY ONLY names to whom, and nobody is named without it", "DISPLAYONLY",
         display_unlisted),
    LINE("DISPLAY-USA", "CAPCO H.8", "10.g.5.", "the USA does not stand in a DISPLAY ONLY list",
         "USA", display_usa),
    ATTRIBUTES("GROUP-ENDED", "ISM.ACES 5.6.8", "", "a list names a group that had ended by then",
               "", ended_group),
    ATTRIBUTES("ICD710", "ISM-ID-00119", "",
               "what complies with USIC and is classified says to whom it may go", "",
               icd710_unsaid),
    BOTH("US-RESTRICTED", "CAPCO H.1", "", "RESTRICTED is no level of the USA", "R", us_restricted),
    NO_MORE_ROWS,
};
