/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/st0102.h"
#include "base/instant.h"
#include "ism/attributes.h"
#include "ism/terms.h"
#include "ismform/countries.h"
#include "ismform/pieces.h"

/* The items, by what ST 0102 calls them */
enum item {
    ITEM_LEVEL = 1,
    ITEM_METHOD,
    ITEM_COUNTRY,
    ITEM_SCI,
    ITEM_CAVEATS,
    ITEM_RELEASE,
    ITEM_BY,
    ITEM_FROM,
    ITEM_REASON,
    ITEM_DATE,
    ITEM_SYSTEM,
    ITEM_SEEN_METHOD,
    ITEM_SEEN,
    ITEM_COMMENTS,
    ITEM_STREAM = 19,
    ITEM_TRANSPORT,
    ITEM_DESIGNATOR,
    ITEM_VERSION,
    ITEM_METHOD_DATE,
    ITEM_SEEN_METHOD_DATE
};

static const char *const item_names[ST0102_TAG_MAX + 1] = {
    [ITEM_LEVEL] = "1 security classification",
    [ITEM_METHOD] = "2 coding method of the classifying country",
    [ITEM_COUNTRY] = "3 classifying country",
    [ITEM_SCI] = "4 SCI and special handling",
    [ITEM_CAVEATS] = "5 caveats",
    [ITEM_RELEASE] = "6 releasing instructions",
    [ITEM_BY] = "7 classified by",
    [ITEM_FROM] = "8 derived from",
    [ITEM_REASON] = "9 classification reason",
    [ITEM_DATE] = "10 declassification date",
    [ITEM_SYSTEM] = "11 marking system",
    [ITEM_SEEN_METHOD] = "12 coding method of object countries",
    [ITEM_SEEN] = "13 object countries",
    [ITEM_COMMENTS] = "14 comments",
    [ITEM_STREAM] = "19 stream",
    [ITEM_TRANSPORT] = "20 transport stream",
    [ITEM_DESIGNATOR] = "21 item designator",
    [ITEM_VERSION] = "22 version",
    [ITEM_METHOD_DATE] = "23 date of the coding method",
    [ITEM_SEEN_METHOD_DATE] = "24 date of the object countries' coding method"};

static const struct ism_rule rule_missing = {"ST0102-MISSING", "MISB ST 0102", "",
                                             "an item that must be there is not, or is empty"},
                             rule_value = {"ST0102-VALUE", "MISB ST 0102", "",
                                           "a value that this item cannot have"},
                             rule_method = {"ST0102-METHOD", "MISB ST 0102", "",
                                            "country codes by a method that is not read here"},
                             rule_country = {"COUNTRY", "", "",
                                             "two letters that are no country here"},
                             rule_lost = {
                                 "ST0102-LOSS", "MISB ST 0102", "",
                                 "no marking has what this item says, so it would be lost"};

/* method - how countries are written; codes of three letters and more are the register's own */
static const struct method {
    uint8_t           number;
    bool              two;
    enum country_list list;
} methods[] = {
    {1, true, COUNTRY_ISO},  {2, false, COUNTRY_ISO}, {3, true, COUNTRY_FIPS},
    {7, false, COUNTRY_ISO}, {13, true, COUNTRY_ISO}, {14, false, COUNTRY_ISO},
};

struct set_reading {
    const struct groups       *g;
    const struct st0102_items *items;
    struct ismform_problem    *p;
    const struct method       *method;
};

static err item_refuse(struct set_reading *r, const struct ism_rule *rule, enum item item)
{
    return ismform_refuse(r->p, rule, ERR_MALFORMED, item_names[item], r->items->value[item], 0);
}

static err presence_checked(struct set_reading *r)
{
    static const enum item needed[] = {ITEM_LEVEL, ITEM_METHOD, ITEM_COUNTRY, ITEM_VERSION};
    const span            *v = r->items->value;
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (v[needed[i]].len == 0) {
            return item_refuse(r, &rule_missing, needed[i]);
        }
    }
    if ((v[ITEM_SEEN_METHOD].ptr == NULL) != (v[ITEM_SEEN].ptr == NULL)) {
        return item_refuse(r, &rule_missing, ITEM_SEEN);
    }
    return OK;
}

/* width - items of a fixed length */
static err widths_checked(struct set_reading *r)
{
    static const struct {
        enum item item;
        size_t    len;
    } widths[] = {{ITEM_LEVEL, 1},        {ITEM_METHOD, 1},
                  {ITEM_SEEN_METHOD, 1},  {ITEM_DATE, 8},
                  {ITEM_STREAM, 1},       {ITEM_TRANSPORT, 2},
                  {ITEM_VERSION, 2},      {ITEM_DESIGNATOR, 16},
                  {ITEM_METHOD_DATE, 10}, {ITEM_SEEN_METHOD_DATE, 10}};
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        span v = r->items->value[widths[i].item];
        if (v.ptr != NULL && v.len != widths[i].len) {
            return item_refuse(r, &rule_value, widths[i].item);
        }
    }
    return r->items->value[ITEM_SEEN].len % 2 == 0 ? OK : item_refuse(r, &rule_value, ITEM_SEEN);
}

static err texts_checked(struct set_reading *r)
{
    for (unsigned i = ITEM_COUNTRY; i <= ITEM_SYSTEM; i++) {
        span v = r->items->value[i];
        for (size_t k = 0; k < v.len; k++) {
            if (v.ptr[k] < ' ' || v.ptr[k] > '~') {
                return item_refuse(r, &rule_value, i);
            }
        }
    }
    if (r->items->value[ITEM_COMMENTS].len > 0) {
        return item_refuse(r, &rule_lost, ITEM_COMMENTS);
    }
    span system = r->items->value[ITEM_SYSTEM];
    return system.len == 0 || span_is(system, "CAPCO") ? OK
                                                       : item_refuse(r, &rule_lost, ITEM_SYSTEM);
}

static err method_find(struct set_reading *r)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (r->items->value[ITEM_METHOD].ptr[0] == methods[i].number) {
            r->method = &methods[i];
            return OK;
        }
    }
    return item_refuse(r, &rule_method, ITEM_METHOD);
}

/* A code of the set as the register's */
static err code_of(struct set_reading *r, enum item item, span code, span *out)
{
    *out = code;
    if (r->method->two && code.len == 2) {
        const char *known = country_of(r->method->list, code);
        if (known == NULL) {
            return item_refuse(r, &rule_country, item);
        }
        *out = span_text(known);
    }
    return OK;
}

/* "//KOR" and the level are what opens a banner; the USA's and NATO's own have other words there */
static err first_put(struct set_reading *r, struct writer *w)
{
    static const char *const nato[] = {"NATO UNCLASSIFIED", "NATO RESTRICTED", "NATO CONFIDENTIAL",
                                       "NATO SECRET", "COSMIC TOP SECRET"};
    span                     country = r->items->value[ITEM_COUNTRY], code = {0};
    uint8_t                  level = r->items->value[ITEM_LEVEL].ptr[0];
    if (level < 1 || level > ISM_LEVEL_COUNT) {
        return item_refuse(r, &rule_value, ITEM_LEVEL);
    }
    if (!span_starts(country, SPAN_LIT("//")) || country.len == 2) {
        return item_refuse(r, &rule_value, ITEM_COUNTRY);
    }
    TRY(code_of(r, ITEM_COUNTRY, (span){country.ptr + 2, country.len - 2}, &code));
    if (span_is(code, "NATO")) {
        put_text(w, "//");
        put_text(w, nato[level - 1]);
    } else {
        bool usa = span_is(code, "USA");
        put_text(w, usa ? "" : "//");
        put_span(w, usa ? (span){0} : code);
        put_text(w, usa ? "" : " ");
        put_text(w, ism_levels[level - 1].line[ISM_BANNER]);
    }
    return OK;
}

/* Item 4 ends with "//", whoever writes it out in full */
static span sci_of(span item)
{
    bool ended = item.len >= 2 && item.ptr[item.len - 1] == '/' && item.ptr[item.len - 2] == '/';
    return ended ? (span){item.ptr, item.len - 2} : item;
}

static err middle_put(struct set_reading *r, struct writer *w)
{
    span sci = sci_of(r->items->value[ITEM_SCI]), caveats = r->items->value[ITEM_CAVEATS];
    if (r->items->value[ITEM_SCI].len > 0 && sci.len == 0) {
        return item_refuse(r, &rule_value, ITEM_SCI);
    }
    put_span(w, sci);
    put_text(w, sci.len > 0 && caveats.len > 0 ? "//" : "");
    put_span(w, caveats);
    return OK;
}

static err release_put(struct set_reading *r, struct writer *w)
{
    span rest = r->items->value[ITEM_RELEASE];
    while (rest.len > 0) {
        span code = {0}, token = span_cut(&rest, ' ');
        TRY(code_of(r, ITEM_RELEASE, token, &code));
        put_span(w, code);
        put_text(w, rest.len > 0 ? " " : "");
    }
    return OK;
}

static err texts_take(struct set_reading *r, struct ism *m)
{
    static const struct {
        enum item     item;
        enum ism_text text;
    } rows[] = {
        {ITEM_BY, ISM_CLASSIFIED_BY}, {ITEM_FROM, ISM_DERIVED_FROM}, {ITEM_REASON, ISM_REASON}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        span v = r->items->value[rows[i].item];
        if (v.len > 0 && err_is(ism_text_set(m, rows[i].text, v))) {
            return item_refuse(r, &rule_form_room, rows[i].item);
        }
    }
    return OK;
}

static err date_take(struct set_reading *r, struct ism *m)
{
    span          v = r->items->value[ITEM_DATE];
    uint8_t       buf[16];
    struct writer w = WRITER_OF(buf);
    instant       day = 0;
    if (v.len == 0) {
        return OK;
    }
    put_span(&w, (span){v.ptr, 4});
    put_text(&w, "-");
    put_span(&w, (span){v.ptr + 4, 2});
    put_text(&w, "-");
    put_span(&w, (span){v.ptr + 6, 2});
    if (err_is(text_date(writer_span(&w), &day)) ||
        err_is(ism_text_set(m, ISM_DECLASS_DATE, writer_span(&w)))) {
        return item_refuse(r, &rule_value, ITEM_DATE);
    }
    return OK;
}

static err marking_take(struct set_reading *r, struct ism *m)
{
    uint8_t       buf[3][ISM_LINE_MAX];
    struct writer first = WRITER_OF(buf[0]), middle = WRITER_OF(buf[1]),
                  release = WRITER_OF(buf[2]);
    TRY(first_put(r, &first));
    TRY(middle_put(r, &middle));
    TRY(release_put(r, &release));
    if (first.bad || middle.bad || release.bad) {
        return ismform_refuse(r->p, &rule_form_room, ERR_LIMIT, "", (span){0}, 0);
    }
    const struct pieces said = {writer_span(&first), writer_span(&middle), writer_span(&release)};
    TRY(pieces_join(r->g, &said, item_names[ITEM_RELEASE], m, r->p));
    TRY(texts_take(r, m));
    return date_take(r, m);
}

err st0102_marking(const struct groups *g, const struct st0102_items *items, struct ism *out,
                   struct ismform_problem *p)
{
    struct set_reading r = {.g = g, .items = items, .p = p};
    struct ism         m;
    TRY(presence_checked(&r));
    TRY(widths_checked(&r));
    TRY(texts_checked(&r));
    TRY(method_find(&r));
    TRY(marking_take(&r, &m));
    TRY(ism_attributes_rules(g, &m, &p->fault));
    *out = m;
    return OK;
}

err st0102_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    struct st0102_items items;
    TRY(st0102_items_of(in, &items, p));
    return st0102_marking(g, &items, out, p);
}
