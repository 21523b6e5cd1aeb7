/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/terms.h"

const struct ism_term ism_levels[ISM_LEVEL_COUNT] = {
    [ISM_U] = {"U", {"UNCLASSIFIED", "U"}, NULL},  [ISM_R] = {"R", {"RESTRICTED", "R"}, NULL},
    [ISM_C] = {"C", {"CONFIDENTIAL", "C"}, NULL},  [ISM_S] = {"S", {"SECRET", "S"}, NULL},
    [ISM_TS] = {"TS", {"TOP SECRET", "TS"}, NULL},
};

/* REL, EYES and DISPLAYONLY have lists, so their words are made and read by lines themselves */
const struct ism_term ism_dissems[ISM_DISSEM_COUNT] = {
    [ISM_RS] = {"RS", {"RSEN", "RS"}, "RISK SENSITIVE"},
    [ISM_FOUO] = {"FOUO", {"FOUO", "FOUO"}, "FOR OFFICIAL USE ONLY"},
    [ISM_OC] = {"OC", {"ORCON", "OC"}, "ORIGINATOR CONTROLLED"},
    [ISM_OC_USGOV] = {"OC-USGOV", {"ORCON-USGOV", "OC-USGOV"}, "ORIGINATOR CONTROLLED-USGOV"},
    [ISM_IMC] = {"IMC", {"IMCON", "IMC"}, "CONTROLLED IMAGERY"},
    [ISM_NF] = {"NF", {"NOFORN", "NF"}, "NOT RELEASABLE TO FOREIGN NATIONALS"},
    [ISM_PR] = {"PR", {"PROPIN", "PR"}, "CAUTION-PROPRIETARY INFORMATION INVOLVED"},
    [ISM_REL] = {"REL", {NULL, NULL}, NULL},
    [ISM_RELIDO] = {"RELIDO",
                    {"RELIDO", "RELIDO"},
                    "RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL"},
    [ISM_EYES] = {"EYES", {NULL, NULL}, NULL},
    [ISM_DSEN] = {"DSEN", {"DEA SENSITIVE", "DSEN"}, NULL},
    [ISM_RAWFISA] = {"RAWFISA", {"RAWFISA", "RAWFISA"}, NULL},
    [ISM_FISA] = {"FISA", {"FISA", "FISA"}, "FOREIGN INTELLIGENCE SURVEILLANCE ACT"},
    [ISM_DISPLAYONLY] = {"DISPLAYONLY", {NULL, NULL}, NULL},
    [ISM_EXEMPT_ICD501] = {"EXEMPT_FROM_ICD501_DISCOVERY", {NULL, NULL}, NULL},
    [ISM_WAIVED] = {"WAIVED", {"WAIVED", "WAIVED"}, NULL},
    [ISM_AC] = {"AC", {NULL, NULL}, NULL},
    [ISM_AWP] = {"AWP", {NULL, NULL}, NULL},
    [ISM_DL_ONLY] = {"DL_ONLY", {NULL, NULL}, NULL},
    [ISM_FED_ONLY] = {"FED_ONLY", {NULL, NULL}, NULL},
    [ISM_FEDCON] = {"FEDCON", {NULL, NULL}, NULL},
    [ISM_NOCON] = {"NOCON", {NULL, NULL}, NULL},
};

const struct ism_term ism_nonics[ISM_NONIC_COUNT] = {
    [ISM_DS] = {"DS", {"LIMDIS", "DS"}, "LIMITED DISTRIBUTION"},
    [ISM_XD] = {"XD", {"EXDIS", "XD"}, "EXCLUSIVE DISTRIBUTION"},
    [ISM_ND] = {"ND", {"NODIS", "ND"}, "NO DISTRIBUTION"},
    [ISM_SBU] = {"SBU", {"SBU", "SBU"}, "SENSITIVE BUT UNCLASSIFIED"},
    [ISM_SBU_NF] = {"SBU-NF", {"SBU NOFORN", "SBU-NF"}, "SENSITIVE BUT UNCLASSIFIED NOFORN"},
    [ISM_LES] = {"LES", {"LES", "LES"}, "LAW ENFORCEMENT SENSITIVE"},
    [ISM_LES_NF] = {"LES-NF", {"LES NOFORN", "LES-NF"}, "LAW ENFORCEMENT SENSITIVE NOFORN"},
    [ISM_SSI] = {"SSI", {"SSI", "SSI"}, "SENSITIVE SECURITY INFORMATION"},
    [ISM_NNPI] = {"NNPI", {"NNPI", "NNPI"}, "NAVAL NUCLEAR PROPULSION INFORMATION"},
};

const struct ism_term ism_aeas[ISM_AEA_COUNT] = {
    [ISM_RD] = {"RD", {"RD", "RD"}, "RESTRICTED DATA"},
    [ISM_RD_CNWDI] = {"RD-CNWDI", {NULL, NULL}, NULL},
    [ISM_FRD] = {"FRD", {"FRD", "FRD"}, "FORMERLY RESTRICTED DATA"},
    [ISM_DCNI] = {"DCNI", {"DOD UCNI", "DCNI"}, "DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION"},
    [ISM_UCNI] = {"UCNI", {"DOE UCNI", "UCNI"}, "DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION"},
    [ISM_TFNI] = {"TFNI", {"TFNI", "TFNI"}, "TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION"},
};

const struct ism_term ism_nonuses[ISM_NONUS_COUNT] = {
    [ISM_ATOMAL] = {"ATOMAL", {"ATOMAL", "ATOMAL"}, NULL},
    [ISM_BOHEMIA] = {"BOHEMIA", {"BOHEMIA", "BOHEMIA"}, NULL},
    [ISM_BALK] = {"BALK", {"BALK", "BALK"}, NULL},
};

static const struct {
    const char *token, *shown;
} second_lines[] = {
    {"ACPI", "ATTORNEY-CLIENT PRIVILEGED INFO"},
    {"AWP", "ATTORNEY WORK PRODUCT"},
    {"CUSPI", "CONTENTS INCLUDE US PERSON INFORMATION"},
    {"DPPD", "DELIBERATIVE PROCESS PRIVILEGED DOCUMENT"},
    {"SSS", "SOURCE SELECTION SENSITIVE"},
};

const char *ism_second_line(span token)
{
    for (size_t i = 0; i < ARRAY_LEN(second_lines); i++) {
        if (span_is(token, second_lines[i].token)) {
            return second_lines[i].shown;
        }
    }
    return NULL;
}

/* The first letter tells most words apart, before their lengths are counted */
static bool word_is(span word, const char *text)
{
    return text != NULL && word.len > 0 && word.ptr[0] == (uint8_t)text[0] && span_is(word, text);
}

unsigned ism_term_line(const struct ism_term *terms, unsigned count, enum ism_form form, span word)
{
    for (unsigned i = 0; i < count; i++) {
        const struct ism_term *t = &terms[i];
        if (word_is(word, t->line[form]) || (form == ISM_BANNER && word_is(word, t->title))) {
            return i;
        }
    }
    return count;
}

unsigned ism_term_token(const struct ism_term *terms, unsigned count, span token)
{
    unsigned i = 0;
    while (i < count && !word_is(token, terms[i].token)) {
        i++;
    }
    return i;
}
