/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/fixed.h"

/* What a decimal text says: mantissa * 10^exponent.  Digits past the eighteenth cannot change a
 * rounded result within the limit, so they only move the exponent. */
struct decimal {
    bool     negative;
    uint64_t mantissa;
    int      exponent;
};

#define MANTISSA_FULL UINT64_C(100000000000000000)

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static size_t take_digits(span *rest, bool fraction, struct decimal *d)
{
    size_t count = 0;
    for (; count < rest->len && is_digit(rest->ptr[count]); count++) {
        bool full = d->mantissa >= MANTISSA_FULL;
        if (!full) {
            d->mantissa = d->mantissa * 10 + (uint64_t)(rest->ptr[count] - '0');
        }
        d->exponent += (full ? 1 : 0) - (fraction ? 1 : 0);
    }
    *rest = (span){rest->ptr + count, rest->len - count};
    return count;
}

static bool take_character(span *rest, const char *any, uint8_t *which)
{
    if (rest->len == 0 || rest->ptr[0] == 0 || strchr(any, rest->ptr[0]) == NULL) {
        return false;
    }
    *which = rest->ptr[0];
    *rest = (span){rest->ptr + 1, rest->len - 1};
    return true;
}

/* Java prints 0.00012 as 1.2E-4, and much of what speaks CoT is Java. */
static bool take_exponent(span *rest, struct decimal *d)
{
    uint8_t mark = 0;
    uint8_t sign = '+';
    if (!take_character(rest, "eE", &mark)) {
        return true;
    }
    (void)take_character(rest, "+-", &sign);
    struct decimal e = {0};
    size_t         count = take_digits(rest, false, &e);
    if (count == 0 || count > 2) {
        return false;
    }
    d->exponent += sign == '-' ? -(int)e.mantissa : (int)e.mantissa;
    return true;
}

static bool decimal_of(span text, struct decimal *d)
{
    span    rest = text;
    uint8_t c = '+';
    if (text.len > FIXED_TEXT_MAX) {
        return false;
    }
    (void)take_character(&rest, "+-", &c);
    d->negative = c == '-';
    size_t digits = take_digits(&rest, false, d);
    if (take_character(&rest, ".", &c)) {
        digits += take_digits(&rest, true, d);
    }
    return digits > 0 && take_exponent(&rest, d) && rest.len == 0;
}

/* mantissa * 10^shift, rounded; false when it does not fit */
static bool scale(uint64_t mantissa, int shift, uint64_t limit, uint64_t *out)
{
    uint64_t value = mantissa;
    for (; shift > 0 && value != 0; shift--) {
        if (value > limit / 10) {
            return false;
        }
        value *= 10;
    }
    for (; shift < -1 && value != 0; shift++) {
        value /= 10;
    }
    value = shift < 0 ? value / 10 + (value % 10 >= 5) : value;
    *out = value;
    return value <= limit;
}

err fixed_read(span text, unsigned digits, int64_t limit, int64_t *out)
{
    struct decimal d = {0};
    if (!decimal_of(text, &d)) {
        return FAIL(MALFORMED, "a decimal number is expected here, such as 37.5");
    }
    uint64_t value = 0;
    if (!scale(d.mantissa, d.exponent + (int)digits, (uint64_t)limit, &value)) {
        return FAIL(LIMIT, "the number is larger than it may be");
    }
    *out = d.negative ? -(int64_t)value : (int64_t)value;
    return OK;
}

void put_fixed(struct writer *w, int64_t value, unsigned digits)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t unit = 1;
    for (unsigned i = 0; i < digits; i++) {
        unit *= 10;
    }
    if (value < 0) {
        put_u8(w, '-');
    }
    put_decimal(w, size / unit);
    uint64_t fraction = size % unit;
    if (fraction == 0) {
        return;
    }
    put_u8(w, '.');
    for (unit /= 10; fraction != 0; unit /= 10) {
        put_u8(w, (uint8_t)('0' + fraction / unit));
        fraction %= unit;
    }
}
