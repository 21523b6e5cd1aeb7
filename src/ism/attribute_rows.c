/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attribute_rows.h"
#include "base/text.h"
#include "ism/terms.h"

const struct ism_rule rule_token = {"TOKEN", "ISM CVE 2022-NOV", "",
                                    "a token that the register does not have"};
const struct ism_rule rule_value = {"VALUE", "ISM 2021-NOV", "",
                                    "a value that this attribute cannot have"},
                      rule_room = {"ROOM", "", "",
                                   "the attributes of one element are longer than is carried"};
static const struct ism_rule
    rule_carried = {"NOT-CARRIED", "", "",
                    "this attribute cannot be carried here, so the whole would lose it"},
    rule_version = {"VERSION", "ISM 2021-NOV", "",
                    "a version of the groups that the table here does not know"},
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

err row_lost(struct attribute_writing *a, const char *what)
{
    return ism_refuse(a->fault, &rule_unsaid, ERR_UNKNOWN, a->row->name, span_text(what), 0);
}

/* joins - what stands between tokens: nothing before the first */
void row_token_put(struct attribute_writing *a, span token)
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
    {"ownerProducer", true, row_owners_read, row_owners_write, 0, 0},
    {"joint", false, joint_read, joint_write, 0, 0},
    {"SCIcontrols", true, row_sci_read, row_sci_write, 0, 0},
    {"SARIdentifier", true, row_sap_read, row_sap_write, 0, 0},
    {"atomicEnergyMarkings", true, row_aea_read, row_aea_write, 0, 0},
    {"FGIsourceOpen", true, row_fgi_read, row_fgi_write, 0, 0},
    {"FGIsourceProtected", true, row_fgi_within_read, row_fgi_within_write, 0, 0},
    {"nonUSControls", true, row_nonus_read, row_nonus_write, 0, 0},
    {"disseminationControls", true, row_dissem_read, row_dissem_write, 0, 0},
    {"releasableTo", true, row_release_read, row_release_write, 0, 0},
    {"displayOnlyTo", true, row_display_read, row_display_write, 0, 0},
    {"nonICmarkings", true, row_nonic_read, row_nonic_write, 0, 0},
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
