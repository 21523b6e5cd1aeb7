/* SPDX-License-Identifier: Apache-2.0 */
/* What a source's form makes of its messages (docs/format/cot-profile.md, ais.md, asterix.md), and its profile. */
#include "check/rules.h"

/* ---- names ---- */

static size_t digits_at(span s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9') {
        n++;
    }
    return n;
}

static bool take(span *s, const char *text)
{
    size_t len = strlen(text);
    bool   there = s->len >= len && memcmp(s->ptr, text, len) == 0;
    *s = there ? (span){s->ptr + len, s->len - len} : *s;
    return there;
}

static bool take_digits(span *s)
{
    size_t n = digits_at(*s);
    *s = (span){s->ptr + n, s->len - n};
    return n > 0;
}

static bool is_any_name(span uid)
{
    (void)uid;
    return true;
}

static bool is_ship(span uid)
{
    return take(&uid, "AIS.") && uid.len == 9 && digits_at(uid) == 9;
}

static bool is_radar_track(span uid)
{
    bool good = take(&uid, "ASTERIX.") && take_digits(&uid) && take(&uid, ".") &&
                take_digits(&uid) && take(&uid, ".");
    (void)take(&uid, "aircraft-");
    return good && take_digits(&uid) && uid.len == 0;
}

/* ---- forms ---- */

#define TYPES_MAX 2

/* form_row - may_have: enum own_has, beside what a reduction adds; how NULL: of letters, as a type is then */
static const struct form_row {
    bool (*named)(span uid);
    const char *type[TYPES_MAX], *how;
    unsigned    may_have;
    bool        remarks;
} form_rows[SOURCE_FORM_COUNT] = {
    [SOURCE_COT] = {.named = is_any_name, .may_have = OWN_HAS_ALL, .remarks = true},
    [SOURCE_AIS] = {.named = is_ship,
                    .type = {"a-u-S-X-M", "a-u-A-C"},
                    .how = "m-g",
                    .may_have = OWN_HAE | OWN_CE | OWN_COURSE | OWN_SPEED},
    [SOURCE_ASTERIX] = {.named = is_radar_track,
                        .type = {"a-u-A", "a-u-A"},
                        .how = "m-r",
                        .may_have = OWN_HAE | OWN_LE | OWN_COURSE | OWN_SPEED},
};

static bool is_code(span s)
{
    bool good = true;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i], letter = c | 0x20;
        good = good && ((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                        c == '_' || c == '.');
    }
    return good;
}

static bool is_typed(const struct form_row *f, span type)
{
    return f->how == NULL ? is_code(type) : span_is(type, f->type[0]) || span_is(type, f->type[1]);
}

/* What is derived may have been reduced in more ways than are asked for: where its source says of itself that it is as coarse. */
static bool is_of_form(const struct inspect_row *t, const struct own_report *r)
{
    const struct form_row *f = &form_rows[t->form];
    span                   uid = r->text[OWN_UID], how = r->text[OWN_HOW];
    unsigned               may = f->may_have | (t->derived ? OWN_CE | OWN_LE : 0u);
    bool                   hidden = t->derived && rules_uid_hidden(uid);
    bool                   unsaid = t->derived && span_is(how, HOW_HIDDEN);
    bool                   made = unsaid || (f->how == NULL ? is_code(how) : span_is(how, f->how));
    return made && is_typed(f, r->text[OWN_TYPE]) && (hidden || f->named(uid)) &&
           (r->has & ~may) == 0 && (f->remarks || r->text[OWN_REMARKS].len == 0);
}

/* ---- profile ---- */

static bool is_in_box(const struct inspect_row *t, const struct own_report *r, enum own_number lat)
{
    return r->number[lat] >= t->box[0] && r->number[lat] <= t->box[2] &&
           r->number[lat + 1] >= t->box[1] && r->number[lat + 1] <= t->box[3];
}

static bool is_in_area(const struct inspect_row *t, const struct own_report *r)
{
    return !t->bounded || (is_in_box(t, r, NUMBER_LAT) &&
                           ((r->has & OWN_LAUNCH) == 0 || is_in_box(t, r, NUMBER_LAUNCH_LAT)) &&
                           ((r->has & OWN_IMPACT) == 0 || is_in_box(t, r, NUMBER_IMPACT_LAT)));
}

/* What a source is said to leave out;   text OWN_TEXTS: none */
static const struct {
    uint32_t      without;
    unsigned      has;
    enum own_text text;
} profile_rows[] = {
    {WITHOUT_IDENTITY, 0, OWN_CALLSIGN},
    {WITHOUT_HEIGHT, OWN_HAE, OWN_TEXTS},
    {WITHOUT_COURSE, OWN_COURSE, OWN_TEXTS},
    {WITHOUT_SPEED, OWN_SPEED, OWN_TEXTS},
    {WITHOUT_ACCURACY, OWN_CE | OWN_LE, OWN_TEXTS},
    {WITHOUT_REMARKS, 0, OWN_REMARKS},
    {WITHOUT_LAUNCH, OWN_LAUNCH, OWN_TEXTS},
    {WITHOUT_IMPACT, OWN_IMPACT, OWN_TEXTS},
};

static bool leaves_out(const struct inspect_row *t, const struct own_report *r)
{
    bool good = true;
    for (size_t i = 0; i < ARRAY_LEN(profile_rows); i++) {
        enum own_text text = profile_rows[i].text;
        bool          has =
            (r->has & profile_rows[i].has) != 0 || (text < OWN_TEXTS && r->text[text].len > 0);
        good = good && !(has && (t->without & profile_rows[i].without) != 0);
    }
    return good;
}

static bool is_to_come(const struct inspect_row *t, const struct own_report *r, instant now)
{
    instant last = now + INSPECT_AHEAD_MS;
    return t->dated != DATED_ANY &&
           (now == 0 || r->number[NUMBER_TIME] > last || r->number[NUMBER_START] > last);
}

enum inspect_fault rules_source(const struct inspect_row *t, const struct own_report *r,
                                instant now)
{
    return !is_of_form(t, r)       ? INSPECT_FORM
           : !is_in_area(t, r)     ? INSPECT_AREA
           : !leaves_out(t, r)     ? INSPECT_WITHOUT
           : is_to_come(t, r, now) ? INSPECT_DATE
                                   : INSPECT_PASS;
}
