/* SPDX-License-Identifier: Apache-2.0 */
/* Was the reduction done that the recipient's epoch says (docs/format/reduce.md)? */
#include "check/cell_own.h"
#include "check/rules.h"

/* UID_HIDDEN_LEN - hexadecimal digits of a name in the place of the source's own */
#define UID_HIDDEN_LEN 16

bool rules_uid_hidden(span uid)
{
    bool good = uid.len == UID_HIDDEN_LEN;
    for (size_t i = 0; good && i < uid.len; i++) {
        uint8_t c = uid.ptr[i];
        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    return good;
}

/* ---- fields that are gone ---- */

static const struct {
    uint32_t      without;
    unsigned      has;
    enum own_text text;
} gone_rows[] = {
    {WITHOUT_SOURCE | WITHOUT_IDENTITY, 0, OWN_CALLSIGN},
    {WITHOUT_SOURCE | WITHOUT_REMARKS, 0, OWN_REMARKS},
    {WITHOUT_HEIGHT, OWN_HAE | OWN_LE, OWN_TEXTS},
    {WITHOUT_COURSE, OWN_COURSE, OWN_TEXTS},
    {WITHOUT_SPEED, OWN_SPEED, OWN_TEXTS},
    {WITHOUT_ACCURACY, OWN_CE | OWN_LE, OWN_TEXTS},
    {WITHOUT_LAUNCH, OWN_LAUNCH, OWN_TEXTS},
    {WITHOUT_IMPACT, OWN_IMPACT, OWN_TEXTS},
};

static bool is_gone(uint32_t without, const struct own_report *r)
{
    bool good = true;
    for (size_t i = 0; i < ARRAY_LEN(gone_rows); i++) {
        enum own_text text = gone_rows[i].text;
        bool has = (r->has & gone_rows[i].has) != 0 || (text < OWN_TEXTS && r->text[text].len > 0);
        good = good && !(has && (without & gone_rows[i].without) != 0);
    }
    return good;
}

static bool is_hidden(const struct inspect_row *t, const struct own_report *r)
{
    uint32_t without = t->less;
    bool     named =
        (without & (WITHOUT_SOURCE | WITHOUT_IDENTITY)) == 0 || rules_uid_hidden(r->text[OWN_UID]);
    bool made = (without & WITHOUT_SOURCE) == 0 || span_is(r->text[OWN_HOW], HOW_HIDDEN);
    bool still = t->position_m == 0 || r->text[OWN_REMARKS].len == 0;
    return named && made && still && is_gone(without | (t->without & WITHOUT_ACCURACY), r);
}

/* ---- places and heights ---- */

static const struct place_row {
    unsigned        has;
    enum own_number lat;
    enum own_what   what;
} place_rows[] = {
    {0, NUMBER_LAT, OWN_OF_PLACE},
    {OWN_LAUNCH, NUMBER_LAUNCH_LAT, OWN_OF_LAUNCH},
    {OWN_IMPACT, NUMBER_IMPACT_LAT, OWN_OF_IMPACT},
};

static bool are_points(const struct own_cells *c, const struct own_report *r)
{
    bool good = true;
    for (size_t i = 0; good && i < ARRAY_LEN(place_rows); i++) {
        const struct place_row *p = &place_rows[i];
        good =
            (r->has & p->has) != p->has ||
            own_cell_point(c, p->what, r->text[OWN_UID], r->number[p->lat], r->number[p->lat + 1]);
    }
    return good;
}

static bool tells_error(const struct inspect_row *t, const struct own_cells *c,
                        const struct own_report *r)
{
    bool    silent = ((t->less | t->without) & WITHOUT_ACCURACY) != 0;
    bool    told = silent || ((r->has & OWN_CE) != 0 &&
                           r->number[NUMBER_CE] >= own_cell_error_cm(c, r->number[NUMBER_LAT]));
    int64_t wide = own_cell_error_cm(c, r->number[NUMBER_IMPACT_LAT]) / 100;
    wide = wide < OWN_RADIUS_MAX ? wide : OWN_RADIUS_MAX;
    return told && ((r->has & OWN_IMPACT) == 0 || r->number[NUMBER_RADIUS] >= wide);
}

static enum inspect_fault places(const struct inspect_row *t, const struct own_report *r)
{
    const struct own_cells c = {t->position_m, &t->mark, t->bounded ? t->box : NULL};
    return t->position_m == 0       ? INSPECT_PASS
           : !are_points(&c, r)     ? INSPECT_PLACE
           : !tells_error(t, &c, r) ? INSPECT_EXACT
                                    : INSPECT_PASS;
}

static enum inspect_fault heights(const struct inspect_row *t, const struct own_report *r)
{
    const struct own_cells c = {t->height_m, &t->mark, NULL};
    int64_t                least = (int64_t)t->height_m * 150 - 1;
    bool                   silent = ((t->less | t->without) & WITHOUT_ACCURACY) != 0;
    if (t->height_m == 0 || (r->has & OWN_HAE) == 0) {
        return INSPECT_PASS;
    }
    least = least < OWN_CM_MAX ? least : OWN_CM_MAX;
    bool told = silent || ((r->has & OWN_LE) != 0 && r->number[NUMBER_LE] >= least);
    return !own_cell_level(&c, r->text[OWN_UID], r->number[NUMBER_HAE]) ? INSPECT_HEIGHT
           : !told                                                      ? INSPECT_EXACT
                                                                        : INSPECT_PASS;
}

static bool is_early(const struct inspect_row *t, const struct own_report *r, instant now)
{
    return t->delay_ms != 0 &&
           (now == 0 || r->number[NUMBER_TIME] + t->delay_ms > now + INSPECT_EARLY_MS);
}

enum inspect_fault rules_reduced(const struct inspect_row *t, const struct own_report *r,
                                 instant now)
{
    enum inspect_fault f = is_hidden(t, r) ? places(t, r) : INSPECT_HIDDEN;
    f = f == INSPECT_PASS ? heights(t, r) : f;
    return f == INSPECT_PASS && is_early(t, r, now) ? INSPECT_EARLY : f;
}
