/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/typed.h"

#include "feed/cot_fields.h"
#include "feed/fixed.h"

#include <math.h>
#include <tak.pb-c.h>

#define NUMBER_TEXT_MAX 32
#define NUMBER_DIGITS   9

enum typed_kind { TYPED_TEXT, TYPED_REAL, TYPED_COUNT };

/* typed - one field of one message in Detail
 *
 * of   the element that a report keeps; COT_OTHER: it keeps none of it */
struct typed {
    const char      *element, *attribute;
    enum typed_kind  kind;
    size_t           message, field;
    enum cot_element of;
};

#define ROW(element, kind, of, where, type, attribute)                                             \
    {                                                                                              \
        element, #attribute, kind, offsetof(Tak__Detail, where), offsetof(type, attribute), of     \
    }

/* The rows of one element lie together. */
static const struct typed typed[] = {
    ROW("contact", TYPED_TEXT, COT_CONTACT, contact, Tak__Contact, callsign),
    ROW("contact", TYPED_TEXT, COT_CONTACT, contact, Tak__Contact, endpoint),
    ROW("track", TYPED_REAL, COT_TRACK, track, Tak__Track, speed),
    ROW("track", TYPED_REAL, COT_TRACK, track, Tak__Track, course),
    ROW("__group", TYPED_TEXT, COT_OTHER, group, Tak__Group, name),
    ROW("__group", TYPED_TEXT, COT_OTHER, group, Tak__Group, role),
    ROW("precisionlocation", TYPED_TEXT, COT_OTHER, precisionlocation, Tak__PrecisionLocation,
        geopointsrc),
    ROW("precisionlocation", TYPED_TEXT, COT_OTHER, precisionlocation, Tak__PrecisionLocation,
        altsrc),
    ROW("status", TYPED_COUNT, COT_OTHER, status, Tak__Status, battery),
    ROW("takv", TYPED_TEXT, COT_OTHER, takv, Tak__Takv, device),
    ROW("takv", TYPED_TEXT, COT_OTHER, takv, Tak__Takv, platform),
    ROW("takv", TYPED_TEXT, COT_OTHER, takv, Tak__Takv, os),
    ROW("takv", TYPED_TEXT, COT_OTHER, takv, Tak__Takv, version),
};

err put_double(struct writer *w, double value, unsigned digits)
{
    double scale = digits == 12 ? 1e12 : 1e9;
    if (isnan(value)) {
        put_text(w, "NaN");
        return OK;
    }
    if (!(fabs(value) < 1e17 / scale)) {
        return FAIL(LIMIT, "a number of the message is larger than it may be");
    }
    put_fixed(w, llrint(value * scale), digits);
    return OK;
}

static const void *message_of(const struct typed *t, const Tak__Detail *detail)
{
    const void *message = NULL;
    memcpy(&message, (const char *)detail + t->message, sizeof message);
    return message;
}

/* What the field says; false when its message is not there, or its text is empty: then it says nothing.  A number
 * says 0 when it is not written: the format does not tell the two apart. */
static err said(const struct typed *t, const Tak__Detail *detail, char number[NUMBER_TEXT_MAX],
                span *out, bool *is)
{
    const char   *at = message_of(t, detail);
    struct writer w = writer_of(number, NUMBER_TEXT_MAX);
    double        real = 0;
    uint32_t      count = 0;
    *is = false;
    if (at == NULL) {
        return OK;
    }
    if (t->kind == TYPED_TEXT) {
        const char *text = NULL;
        memcpy(&text, at + t->field, sizeof text);
        *out = span_text(text);
        *is = out->len > 0;
        return OK;
    }
    if (t->kind == TYPED_REAL) {
        memcpy(&real, at + t->field, sizeof real);
        TRY(put_double(&w, real, NUMBER_DIGITS));
    } else {
        memcpy(&count, at + t->field, sizeof count);
        put_decimal(&w, count);
    }
    *out = writer_span(&w);
    *is = true;
    return OK;
}

err typed_take(const struct Tak__Detail *detail, struct cot_event *event)
{
    const char *counted = "";
    for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
        const struct typed *t = &typed[i];
        char                number[NUMBER_TEXT_MAX];
        span                text = {0};
        bool                is = false;
        uint64_t            found = 0;
        if (t->of == COT_OTHER) {
            event->dropped += message_of(t, detail) != NULL && strcmp(counted, t->element) != 0;
            counted = message_of(t, detail) != NULL ? t->element : counted;
            continue;
        }
        TRY(said(t, detail, number, &text, &is));
        if (is) {
            TRY(cot_field_take(t->of, span_text(t->attribute), text, &found, event));
        }
    }
    return OK;
}

static bool numbers_equal(span a, span b)
{
    int64_t x = 0, y = 0;
    err     e = fixed_read(a, NUMBER_DIGITS, INT64_C(100000000000000000), &x);
    err     f = fixed_read(b, NUMBER_DIGITS, INT64_C(100000000000000000), &y);
    return err_is(e) || err_is(f) ? span_equal(a, b) : x == y;
}

static err attribute_differs(const struct typed *t, const Tak__Detail *detail, span value)
{
    char number[NUMBER_TEXT_MAX];
    span text = {0};
    bool is = false;
    TRY(said(t, detail, number, &text, &is));
    bool same = !is || (t->kind == TYPED_TEXT ? span_equal(span_trim(text), span_trim(value))
                                              : numbers_equal(text, value));
    return same ? OK
                : FAIL(MALFORMED, "a field of the event and its xmlDetail do not say the same");
}

err typed_differs(const struct Tak__Detail *detail, const char *tag, const char *const *attributes)
{
    for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
        for (size_t k = 0; strcmp(typed[i].element, tag) == 0 && attributes[k] != NULL; k += 2) {
            if (strcmp(attributes[k], typed[i].attribute) == 0) {
                TRY(attribute_differs(&typed[i], detail, span_text(attributes[k + 1])));
            }
        }
    }
    return OK;
}
