/* SPDX-License-Identifier: Apache-2.0 */
/* Lines `define`: a name for a place, a time, how much less, or for a list */
#include "language/compile.h"
#include "language/resolve.h"

/* Is this name one that a policy has, so that nobody could tell which is meant? */
static bool name_taken(const struct draft *draft, span text)
{
    const struct policies *all = draft->policies;
    unsigned               ignored = 0;
    enum kind              kind = KIND_TRACK;
    return span_is(text, "any") || span_is(text, "product") ||
           !err_is(names_find(&all->topics, text, &ignored)) ||
           !err_is(names_find(&all->disciplines, text, &ignored)) ||
           !err_is(names_find(&all->parties, text, &ignored)) || !err_is(kind_of(text, &kind));
}

/* A new definition; NULL, with the reason told, when there can be none. */
static struct definition *define(struct draft *draft, const struct statement *s, enum sort sort,
                                 name *out)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_NAME, 0);
    err                 e = name_of(t->text, out);
    if (err_is(e)) {
        tell(draft, t->at, e.why);
        return NULL;
    }
    if (name_taken(draft, t->text)) {
        tell_hint(draft, t->at, "this name has a meaning already: define another",
                  "take a name that no policy and no statement has");
        return NULL;
    }
    for (unsigned i = 0; i < draft->definition_count; i++) {
        if (span_equal(draft->definition[i].name, t->text)) {
            diagnostic_add(draft->d, SEVERITY_ERROR, t->at, "line %u defines this name already",
                           draft->definition[i].at.line);
            return NULL;
        }
    }
    if (draft->definition_count == DEFINITIONS_MAX) {
        tell_hint(draft, t->at, "a text defines 80 names at most",
                  "write out what is named once only");
        return NULL;
    }
    struct definition *d = &draft->definition[draft->definition_count++];
    *d = (struct definition){.sort = sort, .name = t->text, .at = t->at};
    return d;
}

static bool has_room(struct draft *draft, const struct statement *s, unsigned count, unsigned most)
{
    if (count < most) {
        return true;
    }
    tell(draft, s->whole, "a text defines 16 areas, 16 windows and 16 reductions at most");
    return false;
}

/* Keeps the area; its name stays known even when it is wrong, so that its uses are not told of too. */
static void add_area(struct draft *draft, const struct statement *s, struct area area, bool good)
{
    struct terms      *t = draft->terms;
    struct definition *d = define(draft, s, SORT_AREA, &area.name);
    if (d == NULL || !has_room(draft, s, t->area_count, AREAS_MAX)) {
        return;
    }
    if (good && !area_valid(&area)) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_NAME, 0)->at,
                  "these corners make no area: its edges cross, or it is empty",
                  "name the corners in the order in which one walks around the area");
    }
    t->area[t->area_count] = area;
    d->term = (uint8_t)++t->area_count;
}

void define_area(struct draft *draft, const struct statement *s)
{
    struct area area = {.count = s->slot[SLOT_CORNERS].count / 2u};
    bool        good = true;
    if (area.count < 3 || area.count > AREA_POINTS_MAX) {
        tell(draft, slot_token(&draft->tree, s, SLOT_CORNERS, 0)->at,
             "a polygon has from 3 to 24 corners");
        area.count = 0;
        good = false;
    }
    for (unsigned i = 0; i < area.count; i++) {
        good = resolve_point(draft, s, SLOT_CORNERS, i, &area.point[i]) && good;
    }
    add_area(draft, s, area, good);
}

#define RADIUS_MAX_M 5000000

void define_circle(struct draft *draft, const struct statement *s)
{
    struct area       area = {0};
    struct area_point centre = {0};
    uint32_t          radius = 0;
    bool              good = resolve_point(draft, s, SLOT_PLACE, 0, &centre);
    good = resolve_measure(draft, s, SLOT_RADIUS, MEASURE_METRES, RADIUS_MAX_M, &radius) && good;
    if (good) {
        err e = area_circle(centre, radius, &area);
        good = !err_is(e);
        if (!good) {
            tell(draft, slot_token(&draft->tree, s, SLOT_PLACE, 0)->at, e.why);
        }
    }
    add_area(draft, s, area, good);
}

/* From one hour to another, over midnight when the second is the earlier; a whole day is 0 to 0. */
static bool window_hours(struct draft *draft, const struct statement *s, struct window *w)
{
    uint32_t from = 0, until = 0;
    if (!resolve_hour(draft, s, SLOT_HOUR, &from) ||
        !resolve_hour(draft, s, SLOT_HOUR_END, &until)) {
        return false;
    }
    until = until == 0 ? MS_PER_DAY : until;
    if (from == until || from == MS_PER_DAY) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_HOUR_END, 0)->at,
                  "this window never opens",
                  "name an hour that is later, or earlier on the next day");
        return false;
    }
    bool whole = from == 0 && until == MS_PER_DAY;
    w->day_from = from;
    w->day_until = whole ? 0 : until;
    return true;
}

static bool window_days(struct draft *draft, const struct statement *s, struct window *w)
{
    instant from = 0, last = 0;
    if (!resolve_date(draft, s, SLOT_DATE, &from) || !resolve_date(draft, s, SLOT_UNTIL, &last)) {
        return false;
    }
    if (last < from) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_UNTIL, 0)->at,
                  "this window never opens: it ends before it begins", "exchange the two dates");
        return false;
    }
    w->from = from;
    w->until = last + MS_PER_DAY; /* the last day is in it */
    return true;
}

void define_window(struct draft *draft, const struct statement *s)
{
    struct terms *t = draft->terms;
    struct window w = {.until = INSTANT_NEVER};
    if (s->slot[SLOT_DATE].count > 0) {
        (void)window_days(draft, s, &w);
    }
    if (s->slot[SLOT_HOUR].count > 0) {
        (void)window_hours(draft, s, &w);
    }
    struct definition *d = define(draft, s, SORT_WINDOW, &w.name);
    if (d != NULL && has_room(draft, s, t->window_count, WINDOWS_MAX)) {
        t->window[t->window_count] = w;
        d->term = (uint8_t)++t->window_count;
    }
}

#define REDUCE_M_MAX  5000000u  /* coarser than that says nothing of a place */
#define REDUCE_CM_MAX 10000000u /* 100 km to a pixel */
#define REDUCE_MS_MAX RECEIPT_MS_MAX

static void resolve_without(struct draft *draft, const struct statement *s, uint32_t *out)
{
    static const char *const word[] = {"source",   "identity", "height", "course", "speed",
                                       "accuracy", "remarks",  "launch", "impact", NULL};
    for (unsigned i = 0; i < s->slot[SLOT_WITHOUT].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_WITHOUT, i);
        unsigned            place = 0;
        if (!resolve_word(draft, t, word, &place)) {
            continue;
        }
        if ((*out >> place & 1) != 0) {
            warn_twice(draft, t);
        }
        *out |= 1u << place; /* the bits of enum without, in its order */
    }
}

void define_reduction(struct draft *draft, const struct statement *s)
{
    struct terms    *t = draft->terms;
    struct reduction r = {0};
    const struct {
        enum slot    slot;
        enum measure sort;
        uint32_t     most, *to;
    } row[] = {{SLOT_POSITION, MEASURE_METRES, REDUCE_M_MAX, &r.position_m},
               {SLOT_HEIGHT, MEASURE_METRES, REDUCE_M_MAX, &r.height_m},
               {SLOT_PIXELS, MEASURE_CENTIMETRES, REDUCE_CM_MAX, &r.pixel_cm},
               {SLOT_DELAY, MEASURE_MS, REDUCE_MS_MAX, &r.delay_ms},
               {SLOT_EVERY, MEASURE_MS, REDUCE_MS_MAX, &r.every_ms}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (s->slot[row[i].slot].count > 0) {
            (void)resolve_measure(draft, s, row[i].slot, row[i].sort, row[i].most, row[i].to);
        }
    }
    resolve_without(draft, s, &r.without);
    struct definition *d = define(draft, s, SORT_REDUCTION, &r.name);
    if (d != NULL && has_room(draft, s, t->reduction_count, REDUCTIONS_MAX)) {
        t->reduction[t->reduction_count] = r;
        d->term = (uint8_t)++t->reduction_count;
    }
}

/* A list is resolved first, so that no definition is made of itself. */
static void define_set(struct draft *draft, const struct statement *s, enum sort sort, bool good,
                       set64 set)
{
    name               ignored;
    struct definition *d = define(draft, s, sort, &ignored);
    if (good && set == SET_ANY) {
        tell_hint(draft, s->whole, "a definition names what it means, not any",
                  "name each; any may stand in the statement itself");
    }
    if (d != NULL) {
        d->set = set;
    }
}

void define_topics(struct draft *draft, const struct statement *s)
{
    set64 set = 0;
    bool  good = resolve_topics(draft, s, &set);
    define_set(draft, s, SORT_TOPICS, good, set);
}

void define_disciplines(struct draft *draft, const struct statement *s)
{
    set64 set = 0;
    bool  good = resolve_disciplines(draft, s, &set);
    define_set(draft, s, SORT_DISCIPLINES, good, set);
}

void define_kinds(struct draft *draft, const struct statement *s)
{
    struct scope scope = {0};
    bool         good = resolve_kinds(draft, s, &scope);
    define_set(draft, s, SORT_KINDS, good, scope.kinds == SCOPE_KINDS_ANY ? SET_ANY : scope.kinds);
}

void define_levels(struct draft *draft, const struct statement *s)
{
    struct levels tops = {0};
    name          ignored;
    (void)resolve_tops(draft, s, SLOT_LEVELS, &tops);
    struct definition *d = define(draft, s, SORT_LEVELS, &ignored);
    if (d != NULL) {
        d->tops = tops;
    }
}

/* ---- the order of the table ---- */

static name term_name(const struct terms *t, enum sort sort, unsigned i)
{
    return sort == SORT_AREA     ? t->area[i].name
           : sort == SORT_WINDOW ? t->window[i].name
                                 : t->reduction[i].name;
}

/* place[1 + i] - where the i-th of that sort stands when they are in byte order of their names, from 1 */
static void places_of(const struct terms *t, enum sort sort, unsigned count, uint8_t *place)
{
    for (unsigned i = 0; i < count; i++) {
        name     mine = term_name(t, sort, i);
        unsigned before = 0;
        for (unsigned k = 0; k < count; k++) {
            name other = term_name(t, sort, k);
            before += span_order(name_span(&other), name_span(&mine)) < 0;
        }
        place[1 + i] = (uint8_t)(1 + before);
    }
}

#define TERMS_EACH 16 /* AREAS_MAX, WINDOWS_MAX and REDUCTIONS_MAX */

struct places {
    uint8_t area[1 + TERMS_EACH], window[1 + TERMS_EACH], reduction[1 + TERMS_EACH];
};

static void scope_replace(struct scope *s, const struct places *p)
{
    s->area = p->area[s->area];
    s->window = p->window[s->window];
    s->reduction = p->reduction[s->reduction];
}

/* Names are unique here: a text with two of one name did not get so far. */
void draft_order(struct draft *draft)
{
    struct places p = {0};
    struct terms  old = *draft->terms, *t = draft->terms;
    places_of(&old, SORT_AREA, old.area_count, p.area);
    places_of(&old, SORT_WINDOW, old.window_count, p.window);
    places_of(&old, SORT_REDUCTION, old.reduction_count, p.reduction);
    for (unsigned i = 0; i < TERMS_EACH; i++) {
        if (i < old.area_count) {
            t->area[p.area[1 + i] - 1] = old.area[i];
        }
        if (i < old.window_count) {
            t->window[p.window[1 + i] - 1] = old.window[i];
        }
        if (i < old.reduction_count) {
            t->reduction[p.reduction[1 + i] - 1] = old.reduction[i];
        }
    }
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        scope_replace(&draft->agreement.clause[i].scope, &p);
    }
    for (unsigned i = 0; i < draft->rules.count; i++) {
        scope_replace(&draft->rules.rule[i].scope, &p);
    }
}
