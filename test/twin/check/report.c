/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of reports of check/ beside that of feed/, which has nothing in common with it: on 100,000 generated and spoilt
 * byte strings both take the same, and make the same of it. */
#include "check/report_own.h"

#include "any_report.h"
#include "cmocka_all.h"

#define REPORTS 25000
#define SPOILT  3 /* of each */
#define OTHER   25000

static unsigned taken, refused, of[INSPECT_FAULTS];

static void the_same_numbers(const struct report *r, const struct own_report *o)
{
    const int64_t number[OWN_NUMBERS] = {
        r->time,          r->start,         r->stale,         r->place.lat_e7,  r->place.lon_e7,
        r->hae_cm,        r->ce_cm,         r->le_cm,         r->course_cdeg,   r->speed_cms,
        r->launch.lat_e7, r->launch.lon_e7, r->impact.lat_e7, r->impact.lon_e7, r->impact_radius_m,
    };
    assert_int_equal(o->has, r->has);
    for (unsigned i = 0; i < OWN_NUMBERS; i++) {
        assert_int_equal(number[i], o->number[i]);
    }
}

static void the_same(span bytes)
{
    struct report      r;
    struct own_report  o;
    bool               theirs = !err_is(report_decode(bytes, &r));
    enum inspect_fault f = own_report_read(bytes, &o);
    of[f]++;
    if (theirs != (f == INSPECT_PASS)) {
        for (size_t i = 0; i < bytes.len; i++) {
            print_message("%02x", bytes.ptr[i]);
        }
        fail_msg(": feed/ %s it, check/ finds %s", theirs ? "takes" : "refuses",
                 inspect_fault_name(f));
    }
    taken += theirs;
    refused += !theirs;
    if (theirs) {
        const char *const text[OWN_TEXTS] = {r.uid, r.type, r.how, r.callsign, r.remarks};
        the_same_numbers(&r, &o);
        for (unsigned i = 0; i < OWN_TEXTS; i++) {
            assert_true(span_is(o.text[i], text[i]));
        }
    }
}

/* ---- ways to spoil ---- */

static size_t flip(uint8_t *b, size_t len)
{
    b[any((uint32_t)len)] ^= (uint8_t)(1u << any(8));
    return len;
}

static size_t byte(uint8_t *b, size_t len)
{
    static const uint8_t odd[] = {0,    1,    9,    10,   32,   0x7f, 0x80, 0x85, 0xbf,
                                  0xc0, 0xc2, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xff};
    b[any((uint32_t)len)] = odd[any(sizeof odd)];
    return len;
}

static size_t cut(uint8_t *b, size_t len)
{
    (void)b;
    return any((uint32_t)len + 1);
}

static size_t longer(uint8_t *b, size_t len)
{
    b[len] = (uint8_t)any(256);
    return len + 1;
}

static size_t out(uint8_t *b, size_t len)
{
    size_t at = any((uint32_t)len);
    memmove(b + at, b + at + 1, len - at - 1);
    return len - 1;
}

static size_t in(uint8_t *b, size_t len)
{
    size_t at = any((uint32_t)len + 1);
    memmove(b + at + 1, b + at, len - at);
    b[at] = (uint8_t)any(256);
    return len + 1;
}

/* A number at an edge of its range, or of its bytes */
static size_t edge(uint8_t *b, size_t len)
{
    static const uint32_t edges[] = {
        0,           1,          0x80000000, 0x7fffffff,   0xffffffff,  900000000,
        900000001,   1800000000, 1800000001, 999999899,    999999900,   35999,
        36000,       10000000,   10000001,   20040000,     20040001,    -900000000u,
        -900000001u, -1200000u,  -1200001u,  -1800000000u, -1800000001u};
    uint32_t n = edges[any(ARRAY_LEN(edges))];
    size_t   at = len < 64 ? 0 : 3 + 4 * (size_t)any(15);
    for (unsigned i = 0; i < 4 && at + i < len; i++) {
        b[at + i] = (uint8_t)(n >> (24 - 8 * i));
    }
    return len;
}

/* A character anywhere, of those that are barred and those beside them */
static size_t letter(uint8_t *b, size_t len)
{
    static const char *const c[] = {
        "\xe2\x80\x8a",     "\xe2\x80\x8b",     "\xe2\x80\x8f",    "\xe2\x80\x90",
        "\xe2\x80\xa9",     "\xe2\x80\xaa",     "\xe2\x80\xae",    "\xe2\x80\xaf",
        "\xe2\x81\x9f",     "\xe2\x81\xa0",     "\xe2\x81\xa9",    "\xe2\x81\xaa",
        "\xef\xbb\xbf",     "\xef\xbb\xbe",     "\xed\x9f\xbf",    "\xed\xa0\x80",
        "\xee\x80\x80",     "\xc2\x9f",         "\xc2\xa0",        "\xf4\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80\x80"};
    const char *text = c[any(ARRAY_LEN(c))];
    size_t      n = strlen(text);
    if (len > 64 + n) {
        memcpy(b + 56 + any((uint32_t)(len - 56 - n)), text, n);
    }
    return len;
}

static size_t (*const ways[])(uint8_t *b, size_t len) = {flip, byte, cut,  longer,
                                                         out,  in,   edge, letter};

static void both_take_the_same_reports(void **state)
{
    uint8_t bytes[REPORT_BYTES_MAX + 4];
    (void)state;
    for (unsigned i = 0; i < REPORTS; i++) {
        struct report r = any_report();
        struct writer w = writer_of(bytes, REPORT_BYTES_MAX);
        assert_false(err_is(report_encode(&r, &w)));
        the_same(writer_span(&w));
        assert_int_equal(taken, i + 1);

        for (unsigned k = 0; k < SPOILT; k++) {
            uint8_t spoilt[REPORT_BYTES_MAX + 4];
            memcpy(spoilt, bytes, w.len);
            size_t   len = ways[any(ARRAY_LEN(ways))](spoilt, w.len);
            unsigned was = taken;
            the_same((span){spoilt, len});
            taken = was;
        }
    }
    print_message("    %u as they were, %u of %u spoilt ones refused\n", REPORTS, refused,
                  REPORTS * SPOILT);
    assert_true(refused > REPORTS && refused < REPORTS * SPOILT);
}

/* Bytes of nothing, with the beginning of a report */
static void both_take_the_same_of_anything(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OTHER; i++) {
        uint8_t bytes[REPORT_BYTES_MAX];
        size_t  len = any(200);
        for (size_t k = 0; k < len; k++) {
            bytes[k] = (uint8_t)any(any(4) == 0 ? 256 : 4);
        }
        const uint8_t head[] = {1, 0, (uint8_t)any(256)};
        memcpy(bytes, head, len < 3 ? len : any(4));
        the_same((span){bytes, len});
    }
}

static void each_refusal_of_a_report_was_met(void **state)
{
    (void)state;
    for (unsigned f = INSPECT_VERSION; f <= INSPECT_TEXT; f++) {
        if (of[f] == 0) {
            fail_msg("nothing was %s", inspect_fault_name((enum inspect_fault)f));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_take_the_same_reports),
        cmocka_unit_test(both_take_the_same_of_anything),
        cmocka_unit_test(each_refusal_of_a_report_was_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
