/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/countries.h"

/* country - iso, fips: NULL when it has none, or the list gives the code to another country
 * unsure  the same two letters are another country in the other list */
static const struct country {
    const char *code, *iso, *fips;
    bool        iso_unsure, fips_unsure;
} countries[] = {
    {"AUS", "AU", "AS", true, true},   {"AUT", "AT", "AU", true, true},
    {"BEL", "BE", "BE", false, false}, {"BGR", "BG", "BU", true, false},
    {"BRA", "BR", "BR", false, false}, {"CAN", "CA", "CA", false, false},
    {"CHE", "CH", "SZ", true, true},   {"DEU", "DE", "GM", false, true},
    {"DNK", "DK", "DA", false, false}, {"ESP", "ES", "SP", true, false},
    {"EST", "EE", "EN", false, false}, {"FIN", "FI", "FI", false, false},
    {"FRA", "FR", "FR", false, false}, {"GBR", "GB", "UK", true, false},
    {"GRC", "GR", "GR", false, false}, {"HUN", "HU", "HU", false, false},
    {"IND", "IN", "IN", false, false}, {"ITA", "IT", "IT", false, false},
    {"JPN", "JP", "JA", false, false}, {"KOR", "KR", "KS", true, false},
    {"NLD", "NL", "NL", false, false}, {"NOR", "NO", "NO", false, false},
    {"NZL", "NZ", "NZ", false, false}, {"PHL", "PH", "RP", false, false},
    {"POL", "PL", "PL", false, false}, {"PRT", "PT", "PO", false, false},
    {"ROU", "RO", "RO", false, false}, {"SGP", "SG", "SN", true, true},
    {"SWE", "SE", "SW", true, false},  {"THA", "TH", "TH", false, false},
    {"TUR", "TR", "TU", false, false}, {"USA", "US", "US", false, false},
    {"NATO", NULL, "XN", true, false},
};

static const char *two_of(const struct country *c, enum country_list list)
{
    return list == COUNTRY_ISO ? c->iso : c->fips;
}

const char *country_of(enum country_list list, span two)
{
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        const struct country *c = &countries[i];
        bool iso = c->iso != NULL && span_is(two, c->iso), fips = span_is(two, c->fips);
        if ((list == COUNTRY_ISO && iso) || (list == COUNTRY_FIPS && fips) ||
            (list == COUNTRY_ANY && ((iso && !c->iso_unsure) || (fips && !c->fips_unsure)))) {
            return c->code;
        }
    }
    return NULL;
}

const char *country_two(enum country_list list, span code)
{
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        const struct country *c = &countries[i];
        if (!span_is(code, c->code)) {
            continue;
        }
        if (list != COUNTRY_ANY) {
            return two_of(c, list);
        }
        return !c->fips_unsure ? c->fips : !c->iso_unsure ? c->iso : NULL;
    }
    return NULL;
}
