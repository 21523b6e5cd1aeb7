/* SPDX-License-Identifier: Apache-2.0 */
#include "language/resolve.h"

/* ---- how a number is written: in one way, so that two that look different are different ---- */

static size_t digits_len(span s)
{
    size_t len = 0;
    while (len < s.len && s.ptr[len] >= '0' && s.ptr[len] <= '9') {
        len++;
    }
    return len;
}

/* parts - of a number: 12.5 is 12 and 5, behind the point */
struct parts {
    span whole, rest;
    bool pointed;
};

static bool parts_of(span text, unsigned digits, struct parts *out)
{
    out->rest = text;
    out->whole = span_cut(&out->rest, '.');
    out->pointed = out->whole.len < text.len;
    return out->whole.len > 0 && digits_len(out->whole) == out->whole.len &&
           digits_len(out->rest) == out->rest.len && out->pointed == (out->rest.len > 0) &&
           (digits > 0 || !out->pointed);
}

/* Without the zeros in front and at the end that say nothing. */
static struct parts parts_trimmed(struct parts p)
{
    while (p.whole.len > 1 && p.whole.ptr[0] == '0') {
        p.whole = (span){p.whole.ptr + 1, p.whole.len - 1};
    }
    while (p.rest.len > 0 && p.rest.ptr[p.rest.len - 1] == '0') {
        p.rest.len--;
    }
    return p;
}

/* Is this a number, as one writes it, with at most so many digits behind a point?  Tells why not. */
static bool number_good(struct draft *draft, const struct token *t, unsigned digits)
{
    struct parts p;
    if (!parts_of(t->text, digits, &p)) {
        tell_hint(draft, t->at,
                  digits == 0 ? "a whole number is expected here: digits, and nothing else"
                              : "a number is expected here: digits, and digits behind a point",
                  digits == 0 ? "such as 3, without a sign, a point or an exponent"
                              : "such as 10 or 2.5, without a sign or an exponent");
        return false;
    }
    struct parts trimmed = parts_trimmed(p);
    if (trimmed.whole.len < p.whole.len || trimmed.rest.len < p.rest.len) {
        struct diagnostic *one =
            diagnostic_add(draft->d, SEVERITY_ERROR, t->at,
                           "a number has no zeros in front of it, nor at its end behind a point");
        diagnostic_hint(one, "write " SPAN_FMT "%s" SPAN_FMT, SPAN_ARG(trimmed.whole),
                        trimmed.rest.len > 0 ? "." : "", SPAN_ARG(trimmed.rest));
        return false;
    }
    if (p.rest.len > digits) {
        diagnostic_add(draft->d, SEVERITY_ERROR, t->at,
                       "a number has at most %u digits behind the point here", digits);
        return false;
    }
    return true;
}

bool resolve_number(struct draft *draft, const struct statement *s, enum slot slot, unsigned least,
                    unsigned most, unsigned *out)
{
    const struct token *t = slot_token(&draft->tree, s, slot, 0);
    uint64_t            number = 0;
    if (!number_good(draft, t, 0)) {
        return false;
    }
    err e = text_decimal(t->text, most, &number);
    if (err_is(e) || number < least) {
        diagnostic_add(draft->d, SEVERITY_ERROR, t->at, "a number from %u to %u is expected here",
                       least, most);
        return false;
    }
    *out = (unsigned)number;
    return true;
}

/* Digits where a date has digits, YYYY-MM-DD */
static bool shaped_as_date(span s)
{
    bool shaped = s.len == 10;
    for (size_t i = 0; shaped && i < s.len; i++) {
        shaped = i == 4 || i == 7 ? s.ptr[i] == '-' : s.ptr[i] >= '0' && s.ptr[i] <= '9';
    }
    return shaped;
}

bool resolve_date(struct draft *draft, const struct statement *s, enum slot slot, instant *out)
{
    const struct token *t = slot_token(&draft->tree, s, slot, 0);
    instant             day = 0;
    err                 e = text_date(t->text, &day);
    if (err_is(e) || day == 0) {
        tell_hint(draft, t->at,
                  shaped_as_date(t->text) ? "there is no such date, or it is not between the first "
                                            "and the last that can stand here"
                                          : "a date is expected here, such as 2016-11-23",
                  "dates are YYYY-MM-DD, from 1970-01-02 to 9999-12-31");
        return false;
    }
    *out = day;
    return true;
}

/* unit - a word and how much it counts; ends with a row without a word */
struct unit {
    const char *word;
    uint64_t    factor;
};

static const struct unit time_unit[] = {
    {"hours", MS_PER_HOUR},     {"hour", MS_PER_HOUR},     {"minutes", MS_PER_MINUTE},
    {"minute", MS_PER_MINUTE},  {"days", MS_PER_DAY},      {"day", MS_PER_DAY},
    {"seconds", MS_PER_SECOND}, {"second", MS_PER_SECOND}, {"s", MS_PER_SECOND},
    {"min", MS_PER_MINUTE},     {"h", MS_PER_HOUR},        {NULL, 0},
};
static const struct unit metre_unit[] = {{"km", 1000}, {"m", 1}, {"NM", 1852}, {NULL, 0}};
static const struct unit centimetre_unit[] = {{"m", 100}, {"cm", 1}, {"km", 100000}, {NULL, 0}};

#define UNITS_MAX 16

static bool resolve_unit(struct draft *draft, const struct token *t, const struct unit *list,
                         uint64_t *out)
{
    const char *word[UNITS_MAX] = {NULL};
    unsigned    place = 0;
    for (unsigned i = 0; list[i].word != NULL; i++) {
        word[i] = list[i].word;
    }
    if (!resolve_word(draft, t, word, &place)) {
        return false;
    }
    *out = list[place].factor;
    return true;
}

bool resolve_time(struct draft *draft, const struct statement *s, uint64_t most, uint64_t *out)
{
    uint64_t factor = 0;
    unsigned number = 0;
    if (!resolve_unit(draft, slot_token(&draft->tree, s, SLOT_UNIT, 0), time_unit, &factor) ||
        !resolve_number(draft, s, SLOT_NUMBER, 1, (unsigned)(most / factor), &number)) {
        return false;
    }
    *out = number * factor;
    return true;
}

static bool resolve_parameter(struct draft *draft, const struct token *t, uint64_t most,
                              uint64_t *out)
{
    struct parameter *p = parameter_find(draft, t->text);
    if (p == NULL) {
        struct diagnostic *one =
            diagnostic_add(draft->d, SEVERITY_ERROR, t->at, "no parameter is called '" SPAN_FMT "'",
                           SPAN_ARG(t->text));
        diagnostic_hint(one, "say it in the head: parameter " SPAN_FMT " = 24 hours",
                        SPAN_ARG(t->text));
        return false;
    }
    p->used = true;
    if (p->ms > most) {
        tell(draft, t->at, "this parameter is longer than the time that can stand here");
        return false;
    }
    *out = p->ms;
    return true;
}

bool resolve_within(struct draft *draft, const struct statement *s, uint64_t most, uint64_t *out)
{
    return s->slot[SLOT_NUMBER].count > 0
               ? resolve_time(draft, s, most, out)
               : resolve_parameter(draft, slot_token(&draft->tree, s, SLOT_NAME, 0), most, out);
}

/* A decimal with at most `digits` digits after the point, as an integer of 10^-digits. */
static bool decimal_scaled(span text, unsigned digits, uint64_t most, uint64_t *out)
{
    span     rest = text;
    span     whole = span_cut(&rest, '.');
    uint64_t number = 0, scale = 1;
    bool     pointed = whole.len < text.len;
    if (err_is(text_decimal(whole, most, &number)) || (pointed && rest.len == 0) ||
        rest.len > digits) {
        return false;
    }
    for (unsigned i = 0; i < digits; i++) {
        uint8_t digit = i < rest.len ? rest.ptr[i] : '0';
        if (digit < '0' || digit > '9') {
            return false;
        }
        number = number * 10 + (digit - '0');
        scale *= 10;
    }
    *out = number;
    return number <= most * scale;
}

#define MEASURE_DIGITS 3
#define MEASURE_SCALE  1000

bool resolve_measure(struct draft *draft, const struct statement *s, enum slot slot,
                     enum measure sort, uint32_t most, uint32_t *out)
{
    static const struct unit *const list[] = {[MEASURE_METRES] = metre_unit,
                                              [MEASURE_CENTIMETRES] = centimetre_unit,
                                              [MEASURE_MS] = time_unit};
    static const char *const least[] = {[MEASURE_METRES] = "this is no whole number of metres",
                                        [MEASURE_CENTIMETRES] =
                                            "this is no whole number of centimetres",
                                        [MEASURE_MS] = "this is no whole number of milliseconds"};
    const struct token      *t = slot_token(&draft->tree, s, slot, 0);
    uint64_t                 factor = 0, number = 0;
    if (!resolve_unit(draft, slot_token(&draft->tree, s, slot, 1), list[sort], &factor)) {
        return false;
    }
    if (!number_good(draft, t, factor == 1 ? 0 : MEASURE_DIGITS)) {
        return false;
    }
    if (!decimal_scaled(t->text, MEASURE_DIGITS, most, &number) || number == 0 ||
        number * factor > (uint64_t)most * MEASURE_SCALE) {
        diagnostic_add(draft->d, SEVERITY_ERROR, t->at,
                       "a number from %s to %" PRIu64 " of this unit is expected here",
                       factor == 1     ? "1"
                       : factor == 100 ? "0.01"
                                       : "0.001",
                       most / factor);
        return false;
    }
    if (number * factor % MEASURE_SCALE != 0) {
        tell_hint(draft, t->at, least[sort], "say it in a smaller unit");
        return false;
    }
    *out = (uint32_t)(number * factor / MEASURE_SCALE);
    return true;
}

#define DEGREE_DIGITS 7

static bool resolve_degrees(struct draft *draft, const struct token *t, const char *sides,
                            unsigned most, int32_t *out)
{
    uint64_t number = 0;
    uint8_t  side = t->text.ptr[t->text.len - 1];
    span     digits = {t->text.ptr, t->text.len - 1};
    if ((side != sides[0] && side != sides[1]) ||
        !decimal_scaled(digits, DEGREE_DIGITS, most, &number)) {
        diagnostic_add(draft->d, SEVERITY_ERROR, t->at,
                       "degrees from 0 to %u, up to seven digits after the point, then %c or %c, "
                       "are expected here",
                       most, sides[0], sides[1]);
        return false;
    }
    *out = side == sides[1] ? -(int32_t)number : (int32_t)number;
    return true;
}

bool resolve_point(struct draft *draft, const struct statement *s, enum slot slot, unsigned i,
                   struct area_point *out)
{
    struct area_point point;
    bool              good =
        resolve_degrees(draft, slot_token(&draft->tree, s, slot, 2 * i), "NS", 90, &point.lat);
    good = resolve_degrees(draft, slot_token(&draft->tree, s, slot, 2 * i + 1), "EW", 180,
                           &point.lon) &&
           good;
    if (good) {
        *out = point;
    }
    return good;
}

bool resolve_hour(struct draft *draft, const struct statement *s, enum slot slot, uint32_t *out)
{
    const struct token *t = slot_token(&draft->tree, s, slot, 0);
    unsigned            digit[5] = {0};
    bool                good = t->text.len == 5 && t->text.ptr[2] == ':';
    for (unsigned i = 0; good && i < 5; i++) {
        digit[i] = t->text.ptr[i] - (unsigned)'0';
        good = i == 2 || digit[i] < 10;
    }
    unsigned hours = digit[0] * 10 + digit[1], minutes = digit[3] * 10 + digit[4];
    if (!good || minutes > 59 || hours * 60 + minutes > 24 * 60) {
        tell(draft, t->at, "a time of the day from 00:00 to 24:00 is expected here");
        return false;
    }
    *out = (uint32_t)((hours * 60 + minutes) * MS_PER_MINUTE);
    return true;
}
