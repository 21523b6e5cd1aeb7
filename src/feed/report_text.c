/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"
#include "feed/fixed.h"
#include "feed/report.h"

static bool has(const struct report *r, uint32_t what)
{
    return (r->has & what) != 0;
}

/* A member's name with its quotes and colon, behind a comma where one is needed */
static void json_key(struct writer *w, span key)
{
    bool first = w->len > 0 && w->ptr[w->len - 1] == '{';
    put_span(w, first ? (span){key.ptr + 1, key.len - 1} : key);
}

#define KEY(name) SPAN_LIT(",\"" name "\":")

static void json_text(struct writer *w, span key, const char *text)
{
    if (text[0] != '\0') {
        json_key(w, key);
        put_json(w, span_text(text));
    }
}

static void json_instant(struct writer *w, span key, instant t)
{
    json_key(w, key);
    put_u8(w, '"');
    put_instant(w, t);
    put_u8(w, '"');
}

static void json_fixed(struct writer *w, span key, bool given, int64_t value, unsigned digits)
{
    if (given) {
        json_key(w, key);
        put_fixed(w, value, digits);
    }
}

static void json_place(struct writer *w, struct place p)
{
    json_fixed(w, KEY("lat"), true, p.lat_e7, 7);
    json_fixed(w, KEY("lon"), true, p.lon_e7, 7);
}

static void json_warning(struct writer *w, const struct report *r)
{
    if (has(r, REPORT_LAUNCH)) {
        json_key(w, KEY("launch"));
        put_u8(w, '{');
        json_place(w, r->launch);
        put_u8(w, '}');
    }
    if (has(r, REPORT_IMPACT)) {
        json_key(w, KEY("impact"));
        put_u8(w, '{');
        json_place(w, r->impact);
        json_fixed(w, KEY("radius"), true, r->impact_radius_m, 0);
        put_u8(w, '}');
    }
}

void report_json(const struct report *r, struct writer *w)
{
    put_u8(w, '{');
    json_text(w, KEY("uid"), r->uid);
    json_text(w, KEY("type"), r->type);
    json_text(w, KEY("how"), r->how);
    json_instant(w, KEY("time"), r->time);
    json_instant(w, KEY("start"), r->start);
    json_instant(w, KEY("stale"), r->stale);
    json_place(w, r->place);
    json_fixed(w, KEY("hae"), has(r, REPORT_HAE), r->hae_cm, 2);
    json_fixed(w, KEY("ce"), has(r, REPORT_CE), r->ce_cm, 2);
    json_fixed(w, KEY("le"), has(r, REPORT_LE), r->le_cm, 2);
    json_fixed(w, KEY("course"), has(r, REPORT_COURSE), r->course_cdeg, 2);
    json_fixed(w, KEY("speed"), has(r, REPORT_SPEED), r->speed_cms, 2);
    json_text(w, KEY("callsign"), r->callsign);
    json_text(w, KEY("remarks"), r->remarks);
    json_warning(w, r);
    put_u8(w, '}');
}

static const char *xml_escape(uint8_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

static void xml_byte(struct writer *w, uint8_t c)
{
    const char *escaped = xml_escape(c);
    if (escaped != NULL) {
        put_text(w, escaped);
    } else {
        put_u8(w, c);
    }
}

static void xml_text(struct writer *w, const char *text)
{
    for (; *text != '\0'; text++) {
        xml_byte(w, (uint8_t)*text);
    }
}

static void xml_key(struct writer *w, const char *key)
{
    put_u8(w, ' ');
    put_text(w, key);
    put_text(w, "=\"");
}

static void xml_attribute(struct writer *w, const char *key, const char *text)
{
    if (text[0] != '\0') {
        xml_key(w, key);
        xml_text(w, text);
        put_u8(w, '"');
    }
}

static void xml_instant(struct writer *w, const char *key, instant t)
{
    xml_key(w, key);
    put_instant(w, t);
    put_u8(w, '"');
}

static void xml_fixed(struct writer *w, const char *key, int64_t value, unsigned digits)
{
    xml_key(w, key);
    put_fixed(w, value, digits);
    put_u8(w, '"');
}

static void xml_place(struct writer *w, struct place p)
{
    xml_fixed(w, "lat", p.lat_e7, 7);
    xml_fixed(w, "lon", p.lon_e7, 7);
}

static void xml_height(struct writer *w, const char *key, bool given, int64_t cm)
{
    xml_fixed(w, key, given ? cm : REPORT_HEIGHT_MAX_CM + 1, 2);
}

static void cot_event_start(struct writer *w, const struct report *r,
                            const struct cot_labels *labels)
{
    put_text(w, "<event version=\"2.0\"");
    xml_attribute(w, "uid", r->uid);
    xml_attribute(w, "type", r->type);
    xml_instant(w, "time", r->time);
    xml_instant(w, "start", r->start);
    xml_instant(w, "stale", r->stale);
    xml_attribute(w, "how", r->how);
    if (labels != NULL) {
        xml_attribute(w, "access", labels->access);
        xml_attribute(w, "caveat", labels->caveat);
        xml_attribute(w, "releasableTo", labels->releasable_to);
    }
    put_text(w, ">");
}

static void cot_point(struct writer *w, const struct report *r)
{
    put_text(w, "<point");
    xml_place(w, r->place);
    xml_height(w, "hae", has(r, REPORT_HAE), r->hae_cm);
    xml_height(w, "ce", has(r, REPORT_CE), r->ce_cm);
    xml_height(w, "le", has(r, REPORT_LE), r->le_cm);
    put_text(w, "/>");
}

static void cot_track(struct writer *w, const struct report *r)
{
    if (!has(r, REPORT_COURSE | REPORT_SPEED)) {
        return;
    }
    put_text(w, "<track");
    if (has(r, REPORT_COURSE)) {
        xml_fixed(w, "course", r->course_cdeg, 2);
    }
    if (has(r, REPORT_SPEED)) {
        xml_fixed(w, "speed", r->speed_cms, 2);
    }
    put_text(w, "/>");
}

static void cot_warning(struct writer *w, const struct report *r)
{
    if (!has(r, REPORT_LAUNCH | REPORT_IMPACT)) {
        return;
    }
    put_text(w, "<__warning>");
    if (has(r, REPORT_LAUNCH)) {
        put_text(w, "<launch");
        xml_place(w, r->launch);
        put_text(w, "/>");
    }
    if (has(r, REPORT_IMPACT)) {
        put_text(w, "<impact");
        xml_place(w, r->impact);
        xml_fixed(w, "radius", r->impact_radius_m, 0);
        put_text(w, "/>");
    }
    put_text(w, "</__warning>");
}

static bool track_whole(const struct report *r)
{
    return (r->has & (REPORT_COURSE | REPORT_SPEED)) == (REPORT_COURSE | REPORT_SPEED);
}

void report_cot_rest(const struct report *r, struct writer *w)
{
    if (!track_whole(r)) {
        cot_track(w, r);
    }
    cot_warning(w, r);
    if (r->remarks[0] != '\0') {
        put_text(w, "<remarks>");
        xml_text(w, r->remarks);
        put_text(w, "</remarks>");
    }
}

static void cot_group(struct writer *w, span group)
{
    if (group.len > 0) {
        put_text(w, "<__group name=\"");
        for (size_t i = 0; i < group.len; i++) {
            xml_byte(w, group.ptr[i]);
        }
        put_text(w, "\" role=\"" REPORT_ROLE "\"/>");
    }
}

void report_cot_link(const struct report_also *also, struct writer *w)
{
    if (also->link != NULL) {
        put_text(w, "<link relation=\"p-p\"");
        xml_attribute(w, "uid", also->link);
        xml_attribute(w, "type", also->link_type);
        put_text(w, "/><__forcedelete/>");
    }
}

void report_cot_also(const struct report *r, const struct report_also *also, struct writer *w)
{
    cot_event_start(w, r, also->labels);
    cot_point(w, r);
    put_text(w, "<detail>");
    if (r->callsign[0] != '\0') {
        put_text(w, "<contact");
        xml_attribute(w, "callsign", r->callsign);
        put_text(w, "/>");
    }
    cot_group(w, also->group);
    if (track_whole(r)) {
        cot_track(w, r);
    }
    report_cot_rest(r, w);
    report_cot_link(also, w);
    put_text(w, "</detail></event>");
}

void report_cot(const struct report *r, const struct cot_labels *labels, struct writer *w)
{
    const struct report_also also = {.labels = labels};
    report_cot_also(r, &also, w);
}
