/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ISM_GENERATE_H
#define TEST_ISM_GENERATE_H

#include "cmocka_all.h"
#include "ism/access.h"
#include "ism/rules.h"
#include "law/marking/generate.h"
#include "unit/ism/sample.h"

static inline bool dice_one_in(struct dice *d, unsigned n)
{
    return dice_below(d, n) == 0;
}

static const char *const nations[] = {"USA", "JPN", "KOR", "AUS", "GBR", "CAN", "NZL", "DEU"};
static const char *const circles[] = {"FVEY", "NATO", "CFCK", "IMSP", "NKIC", "TEYE", "GMIF"};

/* Few codes, so that lists meet; groups among them now and then */
static inline void dice_places(struct dice *d, const struct groups *g, bool usa, struct places *out)
{
    set64 some = dice_set(d, ARRAY_LEN(nations)) | dice_set(d, ARRAY_LEN(nations));
    *out = (struct places){0};
    for (unsigned i = 1; i < ARRAY_LEN(nations); i++) {
        if (set_has(some, i)) {
            codes_add(&out->codes, code_find(g, span_text(nations[i])));
        }
    }
    if (dice_one_in(d, 3)) {
        codes_add(&out->codes, code_find(g, span_text(circles[dice_below(d, ARRAY_LEN(circles))])));
    }
    if (dice_one_in(d, 12)) {
        MUST(!err_is(words_add(&out->nato, SPAN_LIT("NATO:Partnership_For_Peace"))));
    }
    if (usa) {
        codes_add(&out->codes, g->usa);
    }
}

static inline void dice_words(struct dice *d, const char *const *from, unsigned count,
                              struct words *out)
{
    set64 some = dice_one_in(d, 3) ? dice_set(d, count) : 0;
    *out = (struct words){0};
    for (unsigned i = 0; i < count; i++) {
        if (set_has(some, i)) {
            MUST(!err_is(words_add(out, span_text(from[i]))));
        }
    }
}

static const char *const sci_tokens[] = {"HCS", "HCS-O", "HCS-P", "RSV",     "RSV-A1B",
                                         "SI",  "SI-G",  "TK",    "TK-BLFH", "TK-IDIT"};
static const char *const sap_tokens[] = {"BP", "GB", "TEA_LEAF"};
static const char *const accm_tokens[] = {"FOO", "BAR_BAZ"};

static inline void dice_owner(struct dice *d, const struct groups *g, struct ism *m)
{
    unsigned kind = dice_below(d, 8);
    if (kind < 5) {
        return;
    }
    m->owners = (struct places){0};
    m->system = kind == 5 ? ISM_NON_US : kind == 6 ? ISM_JOINT : ISM_NATO;
    if (m->system == ISM_NATO) {
        codes_add(&m->owners.codes, code_find(g, SPAN_LIT("NATO")));
        return;
    }
    codes_add(&m->owners.codes, code_find(g, span_text(nations[1 + dice_below(d, 2)])));
    if (m->system == ISM_JOINT) {
        codes_add(&m->owners.codes, g->usa);
    }
}

static inline void dice_release(struct dice *d, const struct groups *g, struct ism *m)
{
    static const uint32_t choices[] = {0,
                                       ISM_BIT(ISM_NF),
                                       ISM_BIT(ISM_REL),
                                       ISM_BIT(ISM_REL),
                                       ISM_BIT(ISM_RELIDO),
                                       ISM_BIT(ISM_EYES),
                                       ISM_BIT(ISM_DISPLAYONLY),
                                       ISM_BIT(ISM_REL) | ISM_BIT(ISM_DISPLAYONLY),
                                       ISM_BIT(ISM_REL) | ISM_BIT(ISM_RELIDO)};
    m->dissem |= choices[dice_below(d, ARRAY_LEN(choices))];
    if (ism_has(m, ISM_REL) || ism_has(m, ISM_EYES)) {
        dice_places(d, g, true, &m->release);
    }
    if (ism_has(m, ISM_DISPLAYONLY)) {
        dice_places(d, g, false, &m->display);
    }
}

static inline void dice_categories(struct dice *d, const struct groups *g, struct ism *m)
{
    static const enum ism_dissem controls[] = {ISM_RS,   ISM_OC,   ISM_IMC,  ISM_PR,
                                               ISM_DSEN, ISM_FISA, ISM_FOUO, ISM_RAWFISA};
    set64                        some = dice_one_in(d, 2) ? dice_set(d, ARRAY_LEN(controls)) : 0;
    for (unsigned i = 0; i < ARRAY_LEN(controls); i++) {
        m->dissem |= set_has(some, i) ? ISM_BIT(controls[i]) : 0;
    }
    m->dissem |= ism_has(m, ISM_OC) && dice_one_in(d, 2) ? ISM_BIT(ISM_OC_USGOV) : 0;
    m->nonic = dice_one_in(d, 4) ? (uint16_t)dice_set(d, ISM_NONIC_COUNT) : 0;
    dice_words(d, sci_tokens, ARRAY_LEN(sci_tokens), &m->sci);
    dice_words(d, sap_tokens, ARRAY_LEN(sap_tokens), &m->sap);
    dice_words(d, accm_tokens, ARRAY_LEN(accm_tokens), &m->accm);
    if (dice_one_in(d, 5)) {
        m->aea = (uint16_t)dice_set(d, ISM_AEA_COUNT);
        m->sigma[0][0] = (m->aea >> ISM_RD & 1) != 0 && dice_one_in(d, 2) ? UINT64_C(1) << 14 : 0;
        m->sigma[1][0] = (m->aea >> ISM_FRD & 1) != 0 && dice_one_in(d, 2) ? UINT64_C(3) << 14 : 0;
    }
    bool ours = m->system == ISM_US || m->system == ISM_JOINT;
    if (ours && dice_one_in(d, 5)) {
        dice_places(d, g, false, &m->fgi);
    } else if (ours && dice_one_in(d, 8)) {
        m->flags |= ISM_BIT(ISM_PROTECTED);
    }
}

/* One that meets the rules of lines and of attributes */
static inline void dice_ism(struct dice *d, const struct groups *g, struct ism *out)
{
    const char *word = NULL;
    do {
        ism_empty(g, out);
        out->level = (uint8_t)dice_below(d, ISM_LEVEL_COUNT);
        dice_owner(d, g, out);
        dice_categories(d, g, out);
        dice_release(d, g, out);
    } while (ism_rules_line(g, out, ISM_BANNER, &word) != NULL ||
             ism_rules_line(g, out, ISM_PORTION, &word) != NULL ||
             ism_rules_attributes(g, out, &word) != NULL);
}

/* Somebody: cleared for a level and all below it */
static inline void dice_person(struct dice *d, const struct groups *g, struct ism_person *out)
{
    static const uint8_t cleared[] = {1, 3, 7, 15, 31, 31, 31};
    unsigned             nation = dice_below(d, ARRAY_LEN(nations));
    bool                 all = !dice_one_in(d, 4);
    *out = (struct ism_person){.levels = cleared[dice_below(d, ARRAY_LEN(cleared))],
                               .nato = dice_one_in(d, 2),
                               .aea = all ? 0xffff : (uint16_t)dice_roll(d),
                               .nonic = all ? 0xffff : (uint16_t)dice_roll(d),
                               .nonus = (uint8_t)dice_roll(d),
                               .controls = all ? UINT32_MAX : (uint32_t)dice_roll(d)};
    memset(out->sigma, all ? 0xff : 0, sizeof out->sigma);
    codes_add(&out->nations, code_find(g, span_text(nations[nation])));
    out->employer = code_find(g, span_text(nations[dice_one_in(d, 5) ? 0 : nation]));
    out->agency = out->employer == g->usa && dice_one_in(d, 2);
    for (unsigned i = 0; all && i < ARRAY_LEN(sci_tokens); i++) {
        MUST(!err_is(words_add(&out->sci, span_text(sci_tokens[i]))));
    }
    for (unsigned i = 0; all && i < ARRAY_LEN(sap_tokens); i++) {
        MUST(!err_is(words_add(&out->sap, span_text(sap_tokens[i]))));
    }
    for (unsigned i = 0; all && i < ARRAY_LEN(accm_tokens); i++) {
        MUST(!err_is(words_add(&out->accm, span_text(accm_tokens[i]))));
    }
}

#endif
