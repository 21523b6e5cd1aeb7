/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attribute_rows.h"
#include "base/text.h"
#include "ism/terms.h"

const struct ism_rule rule_token = {"TOKEN", "ISM CVE 2022-NOV", "",
                                    "a token that the register does not have"};
static const struct ism_rule
    rule_carried = {"NOT-CARRIED", "", "",
                    "this attribute cannot be carried here, so the whole would lose it"},
    rule_value = {"VALUE", "ISM 2021-NOV", "", "a value that this attribute cannot have"},
    rule_version = {"VERSION", "ISM 2021-NOV", "",
                    "a version of the groups that the table here does not know"},
    rule_room = {"ROOM", "", "", "the attributes of one element are longer than is carried"},
    rule_unsaid = {"ATTRIBUTE-LOSS", "ISM CVE 2022-NOV", "",
                   "attributes cannot say this, so it would be lost"};

err attribute_refuse(struct attribute_reading *r, const struct ism_rule *rule, span value)
{
    enum err_code code = rule == &rule_token || rule == &rule_carried || rule == &rule_version
                             ? ERR_UNKNOWN
                         : rule == &rule_room ? ERR_LIMIT
                                              : ERR_MALFORMED;
    return ism_refuse(r->fault, rule, code, r->name, value, 0);
}

static err lost(struct attribute_writing *a, const char *what)
{
    return ism_refuse(a->fault, &rule_unsaid, ERR_UNKNOWN, a->row->name, span_text(what), 0);
}

/* joins - what stands between tokens: nothing before the first */
static void token_put(struct attribute_writing *a, span token)
{
    put_text(a->w, a->w->len > 0 ? " " : "");
    put_span(a->w, token);
}

static err level_read(struct attribute_reading *r, span value)
{
    unsigned level = ism_term_token(ism_levels, ISM_LEVEL_COUNT, span_trim(value));
    if (level == ISM_LEVEL_COUNT) {
        return attribute_refuse(r, &rule_token, value);
    }
    r->m.level = (uint8_t)level;
    return OK;
}

static err level_write(struct attribute_writing *a)
{
    put_text(a->w, ism_levels[a->m->level].token);
    return OK;
}

static bool boolean_of(span value, bool *out)
{
    value = span_trim(value);
    *out = span_is(value, "true") || span_is(value, "1");
    return *out || span_is(value, "false") || span_is(value, "0");
}

static err joint_read(struct attribute_reading *r, span value)
{
    return boolean_of(value, &r->joint) ? OK : attribute_refuse(r, &rule_value, value);
}

static err joint_write(struct attribute_writing *a)
{
    put_text(a->w, a->m->system == ISM_JOINT ? "true" : "");
    return OK;
}

static err flag_read(struct attribute_reading *r, span value)
{
    bool on = false;
    if (!boolean_of(value, &on)) {
        return attribute_refuse(r, &rule_value, value);
    }
    r->m.flags = (uint16_t)(r->m.flags | (on ? ISM_BIT(r->row->flag) : 0));
    return OK;
}

static err flag_write(struct attribute_writing *a)
{
    put_text(a->w, ism_flag_is(a->m, a->row->flag) ? "true" : "");
    return OK;
}

/* "NATO:ISAF": letters, '-' and '_' after the colon */
static bool nato_shaped(span token)
{
    const size_t lead = sizeof "NATO:" - 1;
    for (size_t i = lead; i < token.len; i++) {
        uint8_t c = token.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_')) {
            return false;
        }
    }
    return span_starts(token, SPAN_LIT("NATO:")) && token.len > lead;
}

static err place_read(struct attribute_reading *r, span token, struct places *out)
{
    unsigned code = code_find(r->g, token);
    if (code < CODES_MAX) {
        codes_add(&out->codes, code);
        return OK;
    }
    if (!nato_shaped(token)) {
        return attribute_refuse(r, &rule_token, token);
    }
    err e = words_add(&out->nato, token);
    return err_is(e) ? attribute_refuse(r, &rule_room, token) : OK;
}

/* fgi    whether the token FGI may stand in place of a name */
static err places_read(struct attribute_reading *r, span value, bool fgi, struct places *out)
{
    while (value.len > 0) {
        span token = token_cut(&value);
        if (fgi && span_is(token, "FGI")) {
            r->m.flags |= ISM_BIT(ISM_PROTECTED);
        } else {
            TRY(place_read(r, token, out));
        }
    }
    return OK;
}

/* A source is no releasee */
static err releasees_read(struct attribute_reading *r, span value, struct places *out)
{
    TRY(places_read(r, value, false, out));
    for (unsigned n = codes_next(&out->codes, 0); n < CODES_MAX;
         n = codes_next(&out->codes, n + 1)) {
        if (r->g->code[n].kind == CODE_SOURCE) {
            return attribute_refuse(r, &rule_token, span_text(r->g->code[n].text));
        }
    }
    return OK;
}

/* The order of the register: NATO's parts follow NATO; `first` opens the list when it is in it */
static err places_write(struct attribute_writing *a, const struct places *p, unsigned first)
{
    const struct groups *g = a->g;
    unsigned             after = code_find(g, SPAN_LIT("NATO"));
    span                 nato = words_span(&p->nato);
    if (codes_have(&p->codes, first)) {
        token_put(a, span_text(g->code[first].text));
    }
    for (unsigned n = codes_next(&p->codes, 0); n < g->count; n = codes_next(&p->codes, n + 1)) {
        while (n > after && nato.len > 0) {
            token_put(a, span_cut(&nato, ' '));
        }
        if (n != first) {
            token_put(a, span_text(g->code[n].text));
        }
    }
    while (nato.len > 0) {
        token_put(a, span_cut(&nato, ' '));
    }
    return OK;
}

static err owners_read(struct attribute_reading *r, span value)
{
    TRY(places_read(r, value, true, &r->m.owners));
    return ism_flag_is(&r->m, ISM_PROTECTED) && !places_empty(&r->m.owners)
               ? attribute_refuse(r, &rule_value, value)
               : OK;
}

static err owners_write(struct attribute_writing *a)
{
    put_text(a->w, places_empty(&a->m->owners) ? "FGI" : "");
    return places_write(a, &a->m->owners, CODES_MAX);
}

static err fgi_read(struct attribute_reading *r, span value)
{
    return places_read(r, value, false, &r->m.fgi);
}

static err fgi_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->fgi, CODES_MAX);
}

static err fgi_within_read(struct attribute_reading *r, span value)
{
    return places_read(r, value, true, &r->m.fgi_within);
}

static err fgi_within_write(struct attribute_writing *a)
{
    if (ism_flag_is(a->m, ISM_PROTECTED)) {
        token_put(a, SPAN_LIT("FGI"));
    }
    return places_write(a, &a->m->fgi_within, CODES_MAX);
}

static err release_read(struct attribute_reading *r, span value)
{
    return releasees_read(r, value, &r->m.release);
}

static err release_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->release, a->g->usa);
}

static err display_read(struct attribute_reading *r, span value)
{
    return releasees_read(r, value, &r->m.display);
}

static err display_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->display, a->g->usa);
}

/* Control systems of the table, then capitals and digits below them */
static err sci_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span   token = token_cut(&value), rest = token, control = span_cut(&rest, '-');
        bool   known = false;
        size_t hyphens = 0;
        for (unsigned i = 0; i < r->g->control_count; i++) {
            known |= span_is(control, r->g->control[i]);
        }
        for (size_t i = 0; i < token.len; i++) {
            uint8_t c = token.ptr[i];
            bool    part = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            hyphens += c == '-' ? 1 : 0;
            known &= part || (c == '-' && i + 1 < token.len && token.ptr[i + 1] != '-');
        }
        if (!known || hyphens > 2) {
            return attribute_refuse(r, &rule_token, token);
        }
        TRY(words_add(&r->m.sci, token));
    }
    return OK;
}

static err sci_write(struct attribute_writing *a)
{
    put_span(a->w, words_span(&a->m->sci));
    return OK;
}

static err sap_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span token = token_cut(&value), program = token;
        if (!span_starts(token, SPAN_LIT("SAR-")) || token.len == 4) {
            return attribute_refuse(r, &rule_token, token);
        }
        program = (span){token.ptr + 4, token.len - 4};
        if (span_is(program, "MULTIPLE_PROGRAMS")) {
            r->m.flags |= ISM_BIT(ISM_SAP_MULTIPLE);
        } else {
            TRY(words_add(&r->m.sap, program));
        }
    }
    return OK;
}

static err sap_write(struct attribute_writing *a)
{
    if (ism_flag_is(a->m, ISM_SAP_HVSACO)) {
        return lost(a, "HVSACO");
    }
    if (ism_flag_is(a->m, ISM_SAP_MULTIPLE)) {
        token_put(a, SPAN_LIT("SAR-MULTIPLE_PROGRAMS"));
    }
    for (span rest = words_span(&a->m->sap); rest.len > 0;) {
        token_put(a, SPAN_LIT("SAR-"));
        put_span(a->w, span_cut(&rest, ' '));
    }
    return OK;
}

/* sigmas - those of the register; a line may have others, which attributes cannot say */
static const uint8_t     sigmas[] = {14, 15, 18, 20};
static const char *const sigma_tokens[2] = {"RD-SG-", "FRD-SG-"};

static bool sigma_read(struct attribute_reading *r, span token)
{
    for (unsigned of = 0; of < 2; of++) {
        span     lead = span_text(sigma_tokens[of]);
        uint64_t n = 0;
        if (!span_starts(token, lead) ||
            err_is(text_decimal((span){token.ptr + lead.len, token.len - lead.len}, 99, &n)) ||
            memchr(sigmas, (int)n, sizeof sigmas) == NULL) {
            continue;
        }
        r->m.sigma[of][n / 64] |= (uint64_t)1 << (n % 64);
        return true;
    }
    return false;
}

static err aea_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_aeas, ISM_AEA_COUNT, token);
        if (n == ISM_AEA_COUNT && !sigma_read(r, token)) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.aea = (uint16_t)(r->m.aea | (n < ISM_AEA_COUNT ? ISM_BIT(n) : 0));
    }
    return OK;
}

static void sigmas_write(struct attribute_writing *a, unsigned of)
{
    const uint64_t *set = a->m->sigma[of];
    for (size_t i = 0; i < ARRAY_LEN(sigmas); i++) {
        if ((set[sigmas[i] / 64] >> (sigmas[i] % 64) & 1) != 0) {
            token_put(a, span_text(sigma_tokens[of]));
            put_decimal(a->w, sigmas[i]);
        }
    }
}

static err aea_write(struct attribute_writing *a)
{
    uint64_t registered = 0;
    for (size_t i = 0; i < ARRAY_LEN(sigmas); i++) {
        registered |= (uint64_t)1 << sigmas[i];
    }
    for (unsigned of = 0; of < 2; of++) {
        if ((a->m->sigma[of][0] & ~registered) != 0 || a->m->sigma[of][1] != 0) {
            return lost(a, "SIGMA");
        }
    }
    for (unsigned n = 0; n < ISM_AEA_COUNT; n++) {
        if ((a->m->aea >> n & 1) != 0) {
            token_put(a, span_text(ism_aeas[n].token));
        }
        if (n == ISM_RD_CNWDI || n == ISM_FRD) {
            sigmas_write(a, n == ISM_FRD ? 1 : 0);
        }
    }
    return OK;
}

static err nonus_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span token = token_cut(&value), rest = token;
        bool owned = span_starts(token, SPAN_LIT("NATO-"));
        rest = owned ? (span){token.ptr + 5, token.len - 5} : token;
        unsigned n = ism_term_token(ism_nonuses, ISM_NONUS_COUNT, rest);
        if (n == ISM_NONUS_COUNT) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.nonus = (uint8_t)(r->m.nonus | ISM_BIT(n));
    }
    return OK;
}

static err nonus_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_NONUS_COUNT; n++) {
        if ((a->m->nonus >> n & 1) != 0) {
            token_put(a, SPAN_LIT("NATO-"));
            put_text(a->w, ism_nonuses[n].token);
        }
    }
    return OK;
}

static err dissem_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_dissems, ISM_DISSEM_COUNT, token);
        if (n == ISM_DISSEM_COUNT) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.dissem |= ISM_BIT(n);
    }
    return OK;
}

static err dissem_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_DISSEM_COUNT; n++) {
        if (ism_has(a->m, n)) {
            token_put(a, span_text(ism_dissems[n].token));
        }
    }
    return OK;
}

static err nonic_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_nonics, ISM_NONIC_COUNT, token);
        if (n < ISM_NONIC_COUNT) {
            r->m.nonic = (uint16_t)(r->m.nonic | ISM_BIT(n));
        } else if (span_starts(token, SPAN_LIT("ACCM-")) && token.len > 5) {
            TRY(words_add(&r->m.accm, (span){token.ptr + 5, token.len - 5}));
        } else {
            return attribute_refuse(r, &rule_token, token);
        }
    }
    return OK;
}

static err nonic_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_NONIC_COUNT; n++) {
        for (span rest = words_span(&a->m->accm); n == ISM_SBU && rest.len > 0;) {
            token_put(a, SPAN_LIT("ACCM-"));
            put_span(a->w, span_cut(&rest, ' '));
        }
        if ((a->m->nonic >> n & 1) != 0) {
            token_put(a, span_text(ism_nonics[n].token));
        }
    }
    return OK;
}

static err version_read(struct attribute_reading *r, span value)
{
    uint64_t version = 0;
    span     year = span_cut(&value, '.');
    if (err_is(text_decimal(span_trim(year), r->g->version, &version)) || version == 0) {
        return attribute_refuse(r, &rule_version, year);
    }
    r->m.groups = (uint32_t)version;
    return OK;
}

static err version_write(struct attribute_writing *a)
{
    put_decimal(a->w, a->m->groups);
    return OK;
}

static err text_keep(struct attribute_reading *r, span value)
{
    err e = ism_text_set(&r->m, r->row->text, value);
    return err_is(e) ? attribute_refuse(r, &rule_room, value) : OK;
}

static err text_read(struct attribute_reading *r, span value)
{
    utf8 text;
    bool one_line =
        memchr(value.ptr, '\n', value.len) == NULL && memchr(value.ptr, '\t', value.len) == NULL;
    return one_line && !err_is(text_utf8(value, &text)) ? text_keep(r, value)
                                                        : attribute_refuse(r, &rule_value, value);
}

static err text_write(struct attribute_writing *a)
{
    put_span(a->w, ism_text_of(a->m, a->row->text));
    return OK;
}

static err day_read(struct attribute_reading *r, span value)
{
    instant day = 0;
    value = span_trim(value);
    return err_is(text_date(value, &day)) ? attribute_refuse(r, &rule_value, value)
                                          : text_keep(r, value);
}

static err tokens_read(struct attribute_reading *r, span value)
{
    struct words words = {0};
    while (value.len > 0) {
        span token = token_cut(&value);
        if (err_is(words_add(&words, token))) {
            return attribute_refuse(r, &rule_token, token);
        }
    }
    return text_keep(r, words_span(&words));
}

static err second_line_read(struct attribute_reading *r, span value)
{
    for (span rest = value; rest.len > 0;) {
        span token = token_cut(&rest);
        if (ism_second_line(token) == NULL) {
            return attribute_refuse(r, &rule_token, token);
        }
    }
    return tokens_read(r, value);
}

static const char *const policies_named[] = {"USGov", "USIC", "USDOD", "OtherAuthority"};

static err complies_read(struct attribute_reading *r, span value)
{
    for (span rest = value; rest.len > 0;) {
        span token = token_cut(&rest);
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(policies_named); i++) {
            known |= span_is(token, policies_named[i]);
        }
        if (!known) {
            return attribute_refuse(r, &rule_token, token);
        }
    }
    return tokens_read(r, value);
}

static const char *const exceptions_named[] = {"AEA", "NATO", "NATO-AEA"};

/* 25X1, 50X1-HUM, 50X2-WMD, 75X…, or why no date applies */
static bool exception_known(span token)
{
    for (size_t i = 0; i < ARRAY_LEN(exceptions_named); i++) {
        if (span_is(token, exceptions_named[i])) {
            return true;
        }
    }
    return token.len >= 3 && (token.ptr[0] == '2' || token.ptr[0] == '5' || token.ptr[0] == '7') &&
           (token.ptr[1] == '5' || token.ptr[1] == '0') && token.ptr[2] == 'X';
}

static err exceptions_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span token = token_cut(&value);
        if (!exception_known(token)) {
            return attribute_refuse(r, &rule_token, token);
        }
        TRY(words_add(&r->m.declass_exceptions, token));
    }
    return OK;
}

static err exceptions_write(struct attribute_writing *a)
{
    put_span(a->w, words_span(&a->m->declass_exceptions));
    return OK;
}

static err not_carried(struct attribute_reading *r, span value)
{
    return attribute_refuse(r, &rule_carried, value);
}

#define TEXT(name, where)                                                                          \
    {                                                                                              \
        name, false, text_read, text_write, where, 0                                               \
    }
#define DAY(name, where)                                                                           \
    {                                                                                              \
        name, false, day_read, text_write, where, 0                                                \
    }
#define FLAG(name, which)                                                                          \
    {                                                                                              \
        name, false, flag_read, flag_write, 0, which                                               \
    }
#define TOKENS(name, where)                                                                        \
    {                                                                                              \
        name, true, tokens_read, text_write, where, 0                                              \
    }
#define REFUSED(name)                                                                              \
    {                                                                                              \
        name, false, not_carried, NULL, 0, 0                                                       \
    }

const struct attribute_row attribute_rows[] = {
    {"classification", false, level_read, level_write, 0, 0},
    {"ownerProducer", true, owners_read, owners_write, 0, 0},
    {"joint", false, joint_read, joint_write, 0, 0},
    {"SCIcontrols", true, sci_read, sci_write, 0, 0},
    {"SARIdentifier", true, sap_read, sap_write, 0, 0},
    {"atomicEnergyMarkings", true, aea_read, aea_write, 0, 0},
    {"FGIsourceOpen", true, fgi_read, fgi_write, 0, 0},
    {"FGIsourceProtected", true, fgi_within_read, fgi_within_write, 0, 0},
    {"nonUSControls", true, nonus_read, nonus_write, 0, 0},
    {"disseminationControls", true, dissem_read, dissem_write, 0, 0},
    {"releasableTo", true, release_read, release_write, 0, 0},
    {"displayOnlyTo", true, display_read, display_write, 0, 0},
    {"nonICmarkings", true, nonic_read, nonic_write, 0, 0},
    TEXT("classifiedBy", ISM_CLASSIFIED_BY),
    TEXT("derivativelyClassifiedBy", ISM_DERIVATIVELY_BY),
    TEXT("classificationReason", ISM_REASON),
    TEXT("derivedFrom", ISM_DERIVED_FROM),
    TEXT("compilationReason", ISM_COMPILATION_REASON),
    DAY("declassDate", ISM_DECLASS_DATE),
    TEXT("declassEvent", ISM_DECLASS_EVENT),
    {"declassException", true, exceptions_read, exceptions_write, 0, 0},
    FLAG("resourceElement", ISM_RESOURCE),
    FLAG("excludeFromRollup", ISM_EXCLUDED),
    FLAG("hasApproximateMarkings", ISM_APPROXIMATE),
    FLAG("noAggregation", ISM_NO_AGGREGATION),
    DAY("createDate", ISM_CREATE_DATE),
    TOKENS("exemptFrom", ISM_EXEMPT_FROM),
    {"compliesWith", true, complies_read, text_write, ISM_COMPLIES_WITH, 0},
    TEXT("DESVersion", ISM_DES_VERSION),
    {"ISMCATCESVersion", false, version_read, version_write, 0, 0},
    TOKENS("noticeType", ISM_NOTICE_TYPE),
    TEXT("noticeReason", ISM_NOTICE_REASON),
    DAY("noticeDate", ISM_NOTICE_DATE),
    TEXT("unregisteredNoticeType", ISM_NOTICE_OTHER),
    FLAG("externalNotice", ISM_EXTERNAL_NOTICE),
    TOKENS("pocType", ISM_POC_TYPE),
    {"secondBannerLine", true, second_line_read, text_write, ISM_SECOND_LINE, 0},
    REFUSED("noticeProseID"),
    REFUSED("handleViaChannels"),
    REFUSED("highWaterNATO"),
    REFUSED("typeOfExemptedSource"),
    REFUSED("dateOfExemptedSource"),
    REFUSED("cuiBasic"),
    REFUSED("cuiSpecified"),
    REFUSED("cuiControlledBy"),
    REFUSED("cuiControlledByOffice"),
    REFUSED("cuiDecontrolDate"),
    REFUSED("cuiDecontrolEvent"),
    REFUSED("cuiPOC"),
    {0},
};
