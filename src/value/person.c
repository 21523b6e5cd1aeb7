/* SPDX-License-Identifier: Apache-2.0 */
#include "value/person.h"

#include "base/text.h"
#include "ism/terms.h"

const char *const person_field_name[PERSON_FIELDS] = {
    "levels", "nationality", "employer", "sci", "sap", "accm", "aea", "nato", "controls"};

static err level_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned n = ism_term_token(ism_levels, ISM_LEVEL_COUNT, word);
    (void)g;
    if (n == ISM_LEVEL_COUNT) {
        return FAIL(UNKNOWN, "a level is U, R, C, S or TS");
    }
    out->levels |= (uint8_t)(1u << n);
    return OK;
}

static err nation_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned n = code_find(g, word);
    if (n >= CODES_MAX) {
        return FAIL(UNKNOWN, "the register has no such code");
    }
    if (n >= g->countries) {
        return FAIL(MALFORMED, "a nationality is a country's code, not that of a group");
    }
    codes_add(&out->nations, n);
    return OK;
}

static err employer_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned n = code_find(g, word);
    if (n >= CODES_MAX) {
        return FAIL(UNKNOWN, "the register has no such code");
    }
    out->employer = n;
    out->agency = n == g->usa;
    return OK;
}

static err sci_add(const struct groups *g, span word, struct ism_person *out)
{
    (void)g;
    return words_add(&out->sci, word);
}

static err sap_add(const struct groups *g, span word, struct ism_person *out)
{
    (void)g;
    return words_add(&out->sap, word);
}

static err accm_add(const struct groups *g, span word, struct ism_person *out)
{
    (void)g;
    return words_add(&out->accm, word);
}

/* RD-SG-14: one sigma of RD or FRD */
static bool sigma_add(span word, struct ism_person *out)
{
    static const char *const of[] = {"RD-SG-", "FRD-SG-"};
    for (unsigned i = 0; i < ARRAY_LEN(of); i++) {
        size_t   len = strlen(of[i]);
        uint64_t n;
        if (span_starts(word, span_text(of[i])) &&
            !err_is(text_decimal((span){word.ptr + len, word.len - len}, 99, &n)) && n > 0) {
            out->sigma[i][n / 64] |= 1ULL << n % 64;
            return true;
        }
    }
    return false;
}

static err aea_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned n = ism_term_token(ism_aeas, ISM_AEA_COUNT, word);
    (void)g;
    if (n == ISM_AEA_COUNT) {
        return sigma_add(word, out) ? OK
                                    : FAIL(UNKNOWN, "of atomic energy are RD, RD-CNWDI, FRD, DCNI, "
                                                    "UCNI, TFNI and sigmas such as RD-SG-14");
    }
    out->aea |= (uint16_t)(1u << n);
    return OK;
}

static err nato_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned n = ism_term_token(ism_nonuses, ISM_NONUS_COUNT, word);
    (void)g;
    if (n == ISM_NONUS_COUNT && !span_is(word, "NATO")) {
        return FAIL(UNKNOWN, "of NATO's are NATO, ATOMAL, BOHEMIA and BALK");
    }
    out->nato = true;
    out->nonus |= n == ISM_NONUS_COUNT ? (uint8_t)0 : (uint8_t)(1u << n);
    return OK;
}

static err control_add(const struct groups *g, span word, struct ism_person *out)
{
    unsigned d = ism_term_token(ism_dissems, ISM_DISSEM_COUNT, word);
    unsigned n = ism_term_token(ism_nonics, ISM_NONIC_COUNT, word);
    (void)g;
    if (d == ISM_DISSEM_COUNT && n == ISM_NONIC_COUNT) {
        return FAIL(UNKNOWN, "a control is written as in attributes: OC, PR, DSEN, LES, SSI");
    }
    out->controls |= d == ISM_DISSEM_COUNT ? 0 : 1u << d;
    out->nonic |= n == ISM_NONIC_COUNT ? (uint16_t)0 : (uint16_t)(1u << n);
    return OK;
}

static err (*const adders[PERSON_FIELDS])(const struct groups *g, span word,
                                          struct ism_person *out) = {
    level_add, nation_add, employer_add, sci_add,    sap_add,
    accm_add,  aea_add,    nato_add,     control_add};

err person_field_read(const struct groups *g, enum person_field field, span text,
                      struct ism_person *out)
{
    unsigned count = 0;
    do {
        span word = span_trim(span_cut(&text, ','));
        if (word.len == 0) {
            return FAIL(MALFORMED, "a list is written a,b,c");
        }
        TRY(adders[field](g, word, out));
        count++;
    } while (text.len > 0);
    return field == PERSON_EMPLOYER && count > 1
               ? FAIL(MALFORMED, "a reader works for one employer")
               : OK;
}

err person_read(const struct groups *g, const struct person_given *given, struct ism_person *out,
                struct value_problem *p)
{
    struct ism_person person = {.employer = CODES_MAX};
    for (unsigned i = 0; i < PERSON_FIELDS; i++) {
        const char *text = given->text[i];
        if (text == NULL && i >= PERSON_NEEDED) {
            continue;
        }
        err e = text == NULL
                    ? FAIL(MALFORMED, "of a reader, levels, nationality and employer are given")
                    : person_field_read(g, (enum person_field)i, span_text(text), &person);
        if (err_is(e)) {
            problem_given(p, person_field_name[i], text);
            return e;
        }
    }
    *out = person;
    return OK;
}
