/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include "base/text.h"

struct civil {
    int64_t  year;
    unsigned month, day;
};

/* Days of the proleptic Gregorian calendar, years counted from March so that the leap day is last.
 */
static int64_t days_of(struct civil c)
{
    int64_t  year = c.year - (c.month <= 2);
    int64_t  era = year / 400;
    int64_t  of_era = year - era * 400;
    unsigned month = (c.month + 9) % 12;
    int64_t  day = (153 * (int64_t)month + 2) / 5 + c.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day - 719468;
}

static struct civil civil_of(int64_t days)
{
    int64_t  z = days + 719468;
    int64_t  era = z / 146097;
    int64_t  day = z - era * 146097;
    int64_t  year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t  of_year = day - (365 * year + year / 4 - year / 100);
    int64_t  month = (5 * of_year + 2) / 153;
    unsigned civil_month = (unsigned)(month < 10 ? month + 3 : month - 9);
    return (struct civil){
        .year = year + era * 400 + (civil_month <= 2),
        .month = civil_month,
        .day = (unsigned)(of_year - (153 * month + 2) / 5 + 1),
    };
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void put_padded(struct writer *w, uint64_t v, unsigned digits)
{
    uint8_t  text[20];
    unsigned at = sizeof text;
    for (; v > 0 || sizeof text - at < digits; v /= 10) {
        text[--at] = (uint8_t)('0' + v % 10);
    }
    put_span(w, (span){text + at, sizeof text - at});
}

static void digits_set(uint8_t *at, uint64_t v, size_t count)
{
    for (; count > 0; v /= 10) {
        at[--count] = (uint8_t)('0' + v % 10);
    }
}

void put_date(struct writer *w, instant t)
{
    struct civil c = civil_of(floor_div(t, MS_PER_DAY));
    uint8_t      day[] = {'-', '0', '0', '-', '0', '0'};
    digits_set(day + 1, c.month, 2);
    digits_set(day + 4, c.day, 2);
    put_padded(w, (uint64_t)c.year, 4);
    put_span(w, SPAN_OF(day));
}

void put_instant(struct writer *w, instant t)
{
    uint64_t ms = (uint64_t)(t - floor_div(t, MS_PER_DAY) * MS_PER_DAY);
    uint8_t  clock[] = {'T', '0', '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
    digits_set(clock + 1, ms / (uint64_t)MS_PER_HOUR, 2);
    digits_set(clock + 4, ms / (uint64_t)MS_PER_MINUTE % 60, 2);
    digits_set(clock + 7, ms / (uint64_t)MS_PER_SECOND % 60, 2);
    digits_set(clock + 10, ms % 1000, 3);
    put_date(w, t);
    put_span(w, SPAN_OF(clock));
}

/* A fixed-width number at `at`; sets *bad instead of stopping, so that the caller reads on and asks
 * once. */
static unsigned digits_at(span s, size_t at, size_t count, bool *bad)
{
    unsigned value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= s.len || s.ptr[i] < '0' || s.ptr[i] > '9') {
            *bad = true;
            return 0;
        }
        value = value * 10 + (unsigned)(s.ptr[i] - '0');
    }
    return value;
}

static void expect_at(span s, size_t at, char c, bool *bad)
{
    *bad = *bad || at >= s.len || s.ptr[at] != (uint8_t)c;
}

err text_date(span s, instant *out)
{
    bool         bad = s.len != 10;
    struct civil c = {
        .year = digits_at(s, 0, 4, &bad),
        .month = digits_at(s, 5, 2, &bad),
        .day = digits_at(s, 8, 2, &bad),
    };
    expect_at(s, 4, '-', &bad);
    expect_at(s, 7, '-', &bad);
    bad = bad || c.year < 1970 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31;
    int64_t      days = bad ? 0 : days_of(c);
    struct civil back = civil_of(days);
    if (bad || back.month != c.month || back.day != c.day) {
        return FAIL(MALFORMED, "a day of the calendar from 1970-01-01 to 9999-12-31 is expected "
                               "here, such as 2016-11-23");
    }
    *out = days * MS_PER_DAY;
    return OK;
}

err text_instant(span s, instant *out)
{
    instant day = 0;
    TRY(text_date((span){s.ptr, s.len < 10 ? s.len : 10}, &day));
    bool     bad = false;
    unsigned hour = digits_at(s, 11, 2, &bad);
    unsigned minute = digits_at(s, 14, 2, &bad);
    unsigned second = digits_at(s, 17, 2, &bad);
    expect_at(s, 10, 'T', &bad);
    expect_at(s, 13, ':', &bad);
    expect_at(s, 16, ':', &bad);
    size_t   at = 19;
    unsigned ms = 0;
    if (at < s.len && s.ptr[at] == '.') {
        unsigned weight = 100;
        size_t   first = ++at;
        for (; at < s.len && at - first < 9 && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++) {
            ms += weight * (unsigned)(s.ptr[at] - '0');
            weight /= 10;
        }
        bad = bad || at == first;
    }
    expect_at(s, at, 'Z', &bad);
    if (bad || s.len != at + 1 || hour > 23 || minute > 59 || second > 59) {
        return FAIL(MALFORMED, "a time in UTC is expected here, such as 2016-11-23T00:00:00Z");
    }
    *out = day + hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + ms;
    return OK;
}

instant instant_add_years(instant t, int years)
{
    int64_t      days = floor_div(t, MS_PER_DAY);
    struct civil c = civil_of(days);
    c.year += years;
    return days_of(c) * MS_PER_DAY + (t - days * MS_PER_DAY);
}
