/* SPDX-License-Identifier: Apache-2.0 */
/* An object as JSON for displays */
#include "desk/rows.h"
#include "desk/state.h"

static void put_number(struct writer *w, int64_t value, unsigned digits)
{
    uint64_t scale = 1, size = (uint64_t)(value < 0 ? -value : value);
    char     part[24];
    for (unsigned i = 0; i < digits; i++) {
        scale *= 10;
    }
    put_text(w, value < 0 ? "-" : "");
    put_decimal(w, size / scale);
    uint64_t rest = size % scale;
    if (rest == 0) {
        return;
    }
    unsigned len = digits;
    for (unsigned i = digits; i-- > 0; rest /= 10) {
        part[i] = (char)('0' + rest % 10);
    }
    while (part[len - 1] == '0') {
        len--;
    }
    put_u8(w, '.');
    put_span(w, (span){(const uint8_t *)part, len});
}

static void put_scaled(struct writer *w, const char *key, int64_t value, unsigned digits)
{
    json_key(w, false, key);
    put_number(w, value, digits);
}

static void put_time(struct writer *w, const char *key, instant t)
{
    json_key(w, false, key);
    put_u8(w, '"');
    put_instant(w, t);
    put_u8(w, '"');
}

static void put_words(struct writer *w, const char *key, const char *text)
{
    if (text[0] != 0) {
        json_key(w, false, key);
        put_json(w, span_text(text));
    }
}

void put_object_id(struct writer *w, uint64_t object)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(object >> (56 - 8 * i));
    }
    put_u8(w, '"');
    put_hex(w, SPAN_OF(bytes));
    put_u8(w, '"');
}

static void put_from(const struct desk *d, const struct object *o, struct writer *w)
{
    json_key(w, false, "from");
    put_u8(w, '[');
    for (unsigned i = 0; i < o->sources; i++) {
        const struct feed_name *f = &d->feed[o->source[i]];
        put_text(w, i == 0 ? "\"" : ",\"");
        put_span(w, name_span(&f->originator));
        put_u8(w, ' ');
        put_span(w, name_span(&f->feed));
        put_u8(w, '"');
    }
    put_u8(w, ']');
}

static void put_pair(struct writer *w, const char *key, struct place p)
{
    json_key(w, false, key);
    put_u8(w, '[');
    put_number(w, p.lat_e7, 7);
    put_u8(w, ',');
    put_number(w, p.lon_e7, 7);
}

static void put_missile(struct writer *w, const struct report *r)
{
    if ((r->has & REPORT_LAUNCH) != 0) {
        put_pair(w, "launch", r->launch);
        put_u8(w, ']');
    }
    if ((r->has & REPORT_IMPACT) != 0) {
        put_pair(w, "impact", r->impact);
        put_u8(w, ',');
        put_decimal(w, r->impact_radius_m);
        put_u8(w, ']');
    }
}

static void put_movement(struct writer *w, const struct report *r)
{
    const struct {
        const char *key;
        uint32_t    has;
        int64_t     value;
    } row[] = {
        {"h", REPORT_HAE, r->hae_cm},
        {"c", REPORT_COURSE, r->course_cdeg},
        {"v", REPORT_SPEED, r->speed_cms},
        {"e", REPORT_CE, r->ce_cm},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if ((r->has & row[i].has) != 0) {
            put_scaled(w, row[i].key, row[i].value, 2);
        }
    }
}

void put_object(const struct desk *d, const struct object *o, uint16_t layer, bool anew,
                struct writer *w)
{
    const struct report *r = &o->shown;
    put_text(w, "{\"i\":");
    put_object_id(w, o->id);
    json_key(w, false, "l");
    put_decimal(w, layer);
    put_text(w, anew ? ",\"new\":true" : "");
    put_time(w, "t", r->time);
    put_time(w, "s", r->stale);
    put_words(w, "y", r->type);
    put_scaled(w, "la", r->place.lat_e7, 7);
    put_scaled(w, "lo", r->place.lon_e7, 7);
    put_movement(w, r);
    put_words(w, "n", r->callsign);
    put_words(w, "r", r->remarks);
    put_from(d, o, w);
    put_words(w, "k", classes_warn(d, &o->classes) ? "warning" : "track");
    json_key(w, false, "b");
    banner_line(d, &o->classes, w);
    put_missile(w, r);
    put_u8(w, '}');
}
