/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/authority.h"
#include "ism/reading.h"

const struct ism_rule
    rule_level = {"LEVEL", "CAPCO D.1", "", "a line begins with a level of the register"},
    rule_empty = {"EMPTY", "CAPCO D.1", "",
                  "nothing stands between two separators, or after the last"},
    rule_order = {"ORDER", "CAPCO A.6", "",
                  "categories, and the words in them, stand once and in the order of the register"},
    rule_unknown = {"UNKNOWN", "CAPCO A.5", "", "a word that the register does not have"},
    rule_list_order = {"LIST-ORDER", "CAPCO H.7, H.8", "9.d.",
                       "codes stand once and in order: countries, then groups"},
    rule_release_order = {"LIST-ORDER", "CAPCO H.8", "10.e.4.",
                          "REL TO has the USA first, then countries, then groups, each in order"},
    rule_display_order = {"LIST-ORDER", "CAPCO H.8", "10.g.5.",
                          "DISPLAY ONLY has countries, then groups, each once and in order"},
    rule_code = {"CODE", "CAPCO annex B", "",
                 "a code that the table of countries and groups does not have"},
    rule_list_form = {"LIST-FORM", "CAPCO A.6", "10.e.4.",
                      "the list of REL TO or DISPLAY ONLY has a comma and a blank between codes"},
    rule_sigma = {"SIGMA", "CAPCO H.6", "8.d.3.", "a SIGMA is a number from 1 to 99, in order"},
    rule_cnwdi = {"CNWDI", "CAPCO H.6", "8.c.3.", "only RD has CNWDI, and it comes before SIGMA"},
    rule_bare_rel =
        {"BARE-REL", "CAPCO H.8", "",
         "REL, EYES and JOINT without a list mean that of the banner, and there is none here"},
    rule_orcon_both = {"ORCON-BOTH", "CAPCO H.8", "",
                       "ORCON and ORCON-USGOV exclude each other: a line says one of them"},
    rule_nato_level = {"NATO-LEVEL", "CAPCO G.1", "4.b.2.a.",
                       "NATO has COSMIC TOP SECRET and NATO SECRET, CONFIDENTIAL, RESTRICTED, "
                       "UNCLASSIFIED; portions CTS, NS, NC, NR, NU"},
    rule_sci_order = {"SCI-ORDER", "CAPCO H.4", "",
                      "control systems and compartments stand once and ascend, digits first"},
    rule_sap_order = {"SAP-ORDER", "CAPCO H.5", "", "programs stand once and ascend, digits first"},
    rule_words = {"WORDS", "CAPCO A.6", "", "a name is capitals, digits and single separators"},
    rule_fgi_us = {"FGI-US", "CAPCO H.7", "9.a.",
                   "FGI is a category of markings of the USA, alone or JOINT"},
    rule_parentheses = {"PARENTHESES", "CAPCO C.1", "",
                        "a portion mark stands in one pair of parentheses"},
    rule_length = {"LENGTH", "", "", "the line is longer than 1024 bytes"};

err line_refuse(struct reading *r, const struct ism_rule *rule, span value)
{
    bool inside =
        value.ptr != NULL && value.ptr >= r->text.ptr && value.ptr <= r->text.ptr + r->text.len;
    size_t at = inside ? (size_t)(value.ptr - r->text.ptr) : 0;
    return ism_refuse(r->fault, rule,
                      rule == &rule_unknown || rule == &rule_code ? ERR_UNKNOWN
                      : rule == &rule_length                      ? ERR_LIMIT
                                                                  : ERR_MALFORMED,
                      "", value, at);
}

span item_cut(span *rest, char at, bool *more)
{
    const uint8_t *end = rest->len > 0 ? memchr(rest->ptr, at, rest->len) : NULL;
    size_t         len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
    span           item = {rest->ptr, len};
    *more = end != NULL;
    rest->ptr += len + (*more ? 1 : 0);
    rest->len -= len + (*more ? 1 : 0);
    return item;
}

bool front_cut(span *text, const char *word)
{
    span lead = span_text(word);
    if (!span_starts(*text, lead)) {
        return false;
    }
    *text = (span){text->ptr + lead.len, text->len - lead.len};
    return true;
}

bool back_cut(span *text, const char *word)
{
    size_t len = strlen(word);
    if (text->len < len || memcmp(text->ptr + text->len - len, word, len) != 0) {
        return false;
    }
    text->len -= len;
    return true;
}

/* What stands before the next "//" */
static span part_cut(span *rest, bool *more)
{
    for (size_t i = 0; i + 1 < rest->len; i++) {
        if (rest->ptr[i] == '/' && rest->ptr[i + 1] == '/') {
            span part = {rest->ptr, i};
            *rest = (span){rest->ptr + i + 2, rest->len - i - 2};
            *more = true;
            return part;
        }
    }
    span part = *rest;
    *rest = (span){rest->ptr + rest->len, 0};
    *more = false;
    return part;
}

static err parts_read(struct reading *r, span rest)
{
    unsigned last = 0;
    bool     more = false;
    if (front_cut(&rest, "//")) {
        TRY(level_read_foreign(r, part_cut(&rest, &more)));
    } else {
        TRY(level_read_us(r, part_cut(&rest, &more)));
    }
    while (more) {
        TRY(category_read(r, part_cut(&rest, &more), &last));
    }
    return OK;
}

/* Where the word that a rule is about stands; the whole line, when it cannot be told */
static span word_place(const struct reading *r, const char *token)
{
    const struct {
        const struct ism_term *terms;
        unsigned               count;
    } lists[] = {{ism_dissems, ISM_DISSEM_COUNT}, {ism_nonics, ISM_NONIC_COUNT}};
    const char *word = span_is(span_text(token), "DISPLAYONLY") ? "DISPLAY ONLY" : token;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        unsigned n = ism_term_token(lists[i].terms, lists[i].count, span_text(token));
        if (n < lists[i].count && lists[i].terms[n].line[r->form] != NULL) {
            word = lists[i].terms[n].line[r->form];
        }
    }
    const void *at = word[0] != 0 ? memmem(r->text.ptr, r->text.len, word, strlen(word)) : NULL;
    return at != NULL ? (span){at, strlen(word)} : r->text;
}

static err line_read(struct reading *r, span text, struct ism *out)
{
    const char *word = "";
    r->text = text;
    if (text.len > ISM_LINE_MAX) {
        return line_refuse(r, &rule_length, (span){text.ptr, ISM_VALUE_MAX});
    }
    if (r->form == ISM_PORTION && front_cut(&text, "(") && !back_cut(&text, ")")) {
        return line_refuse(r, &rule_parentheses, r->text);
    }
    ism_empty(r->g, &r->m);
    TRY(parts_read(r, text));
    const struct ism_rule *broken = ism_rules_line(r->g, &r->m, r->form, &word);
    if (broken != NULL) {
        return line_refuse(r, broken, word_place(r, word));
    }
    *out = r->m;
    return OK;
}

err ism_banner_read(const struct groups *g, span text, struct ism *out, struct ism_fault *fault)
{
    struct reading r;
    r.g = g;
    r.banner = NULL;
    r.fault = fault;
    r.form = ISM_BANNER;
    return line_read(&r, text, out);
}

err ism_portion_read(const struct groups *g, span text, const struct ism *banner, struct ism *out,
                     struct ism_fault *fault)
{
    struct reading r;
    r.g = g;
    r.banner = banner;
    r.fault = fault;
    r.form = ISM_PORTION;
    return line_read(&r, text, out);
}
