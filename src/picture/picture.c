/* SPDX-License-Identifier: Apache-2.0 */
/* The contacts, and which views have them. */
#include "picture/picture.h"

#include <stdlib.h>
#include <string.h>

#include "crypt/digest.h"
#include "picture/state.h"

bool classes_within(const struct classes *a, const struct classes *b)
{
    for (size_t i = 0; i < ARRAY_LEN(a->bit); i++) {
        if ((a->bit[i] & ~b->bit[i]) != 0) {
            return false;
        }
    }
    return true;
}

uint64_t classes_hash(const struct classes *c)
{
    uint64_t h = 0;
    for (size_t i = 0; i < ARRAY_LEN(c->bit); i++) {
        h = (h ^ c->bit[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return h;
}

err picture_open(const secret *key, struct picture_sink sink, struct picture **out)
{
    struct picture *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->key = *key;
        p->sink = sink;
        p->contact = calloc(PICTURE_CONTACTS_MAX, sizeof *p->contact);
        p->stale = calloc(PICTURE_CONTACTS_MAX, sizeof *p->stale);
        p->birth = calloc(PICTURE_CONTACTS_MAX, sizeof *p->birth);
        p->link = calloc(PICTURE_CONTACTS_MAX, sizeof *p->link);
        p->ending = calloc(PICTURE_CONTACTS_MAX, sizeof *p->ending);
        p->bucket = calloc(BUCKETS, sizeof *p->bucket);
        p->cell = calloc(CELLS, sizeof *p->cell);
    }
    if (p == NULL || p->contact == NULL || p->stale == NULL || p->birth == NULL ||
        p->link == NULL || p->ending == NULL || p->bucket == NULL || p->cell == NULL) {
        picture_close(p);
        return FAIL(FULL, "there is no memory for the common picture");
    }
    *out = p;
    return OK;
}

void picture_close(struct picture *p)
{
    if (p != NULL) {
        for (unsigned v = 0; v < PICTURE_VIEWS_MAX; v++) {
            view_free(&p->view[v]);
        }
        secret_wipe(&p->key);
        free(p->contact);
        free(p->stale);
        free(p->birth);
        free(p->link);
        free(p->ending);
        free(p->bucket);
        free(p->cell);
        free(p);
    }
}

struct picture_counts picture_counts(const struct picture *p)
{
    struct picture_counts c = {
        .contacts = p->contacts, .reports = p->reports, .late = p->late, .full = p->full};
    for (unsigned v = 0; v < PICTURE_VIEWS_MAX; v++) {
        c.views += p->print[v] != 0;
    }
    return c;
}

/* ---- contacts by name ---- */

/* The same for one track of one source, whatever class it comes under, and for nobody without the key to be
 * told from a random number. */
static uint64_t track_id(const struct picture *p, const struct contact_row *row)
{
    uint8_t    hash[DIGEST_LEN_MAX];
    uint64_t   id;
    const span part[] = {row->name, SPAN_LIT("\0"), span_text(row->report->uid)};
    hmac_parts(DIGEST_SHA256, (span){p->key.key, SECRET_LEN}, part, ARRAY_LEN(part), hash);
    memcpy(&id, hash, sizeof id);
    return id;
}

/* FNV-1a, keyed by the picture's key so that nobody can choose names that meet */
uint32_t *bucket_of(const struct picture *p, const char *uid)
{
    uint64_t h;
    memcpy(&h, p->key.key, sizeof h);
    for (const char *c = uid; *c != 0; c++) {
        h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
    }
    return &p->bucket[(h ^ h >> 29) * UINT64_C(0x9e3779b97f4a7c15) >> 40 & (BUCKETS - 1)];
}

static bool contact_find(const struct picture *p, const struct contact_row *row, uint32_t *out)
{
    for (uint32_t at = *bucket_of(p, row->report->uid); at != 0; at = p->contact[at - 1].next) {
        const struct contact *c = &p->contact[at - 1];
        if (c->source == row->source && c->class == row->class &&
            strcmp(c->report.uid, row->report->uid) == 0) {
            *out = at - 1;
            return true;
        }
    }
    return false;
}

static void birth_last(struct picture *p, uint32_t at, uint16_t class)
{
    p->birth[at] = (struct birth){.before = p->newest, .class = class};
    *(p->newest != 0 ? &p->birth[p->newest - 1].after : &p->oldest) = at + 1;
    p->newest = at + 1;
}

/* From there on the first that a view sees: what is withheld decides neither when it is full nor what waits. */
static void fill_at(struct picture *p, unsigned view, uint32_t at)
{
    struct view *v = &p->view[view];
    while (at != 0 && !classes_have(&v->classes, p->birth[at - 1].class)) {
        at = p->birth[at - 1].after;
    }
    v->fill = at;
    views_put(&p->filling, view, at != 0);
}

static void birth_leave(struct picture *p, uint32_t at)
{
    const struct birth b = p->birth[at];
    *(b.before != 0 ? &p->birth[b.before - 1].after : &p->oldest) = b.after;
    *(b.after != 0 ? &p->birth[b.after - 1].before : &p->newest) = b.before;
    for (unsigned v = views_next(&p->filling, 0); v < PICTURE_VIEWS_MAX;
         v = views_next(&p->filling, v + 1)) {
        if (p->view[v].fill == at + 1) {
            fill_at(p, v, b.after);
        }
    }
}

static err contact_add(struct picture *p, const struct contact_row *row, uint32_t *out)
{
    uint32_t *bucket = bucket_of(p, row->report->uid);
    if (p->contact_free != 0) {
        *out = p->contact_free - 1;
        p->contact_free = p->contact[*out].next;
    } else if (p->contact_top < PICTURE_CONTACTS_MAX) {
        *out = p->contact_top++;
    } else {
        p->full++;
        return FAIL(FULL, "the picture has no room for another track");
    }
    p->contact[*out] = (struct contact){.used = true,
                                        .source = row->source,
                                        .class = row->class,
                                        .next = *bucket,
                                        .born = ++p->born,
                                        .id = track_id(p, row)};
    *bucket = *out + 1;
    p->contacts++;
    birth_last(p, *out, row->class);
    return OK;
}

static void contact_free(struct picture *p, uint32_t at)
{
    struct contact *c = &p->contact[at];
    uint32_t       *link = bucket_of(p, c->report.uid);
    while (*link != at + 1) {
        link = &p->contact[*link - 1].next;
    }
    *link = c->next;
    birth_leave(p, at);
    cell_leave(p->cell, p->link, at);
    c->used = false;
    c->next = p->contact_free;
    p->contact_free = at + 1;
    p->stale[at] = 0;
    p->contacts--;
}

/* ---- views ---- */

/* What came after the contact that a view is to be filled with next, is put in when that has its turn. */
static bool is_in(const struct picture *p, const struct view *v, const struct contact *c)
{
    return v->fill == 0 || c->born < p->contact[v->fill - 1].born;
}

/* In the order in which they came, which is the same without those that are withheld; nor do these count. */
bool picture_fill(struct picture *p, unsigned view, size_t max)
{
    struct view *v = &p->view[view];
    for (size_t i = 0; i < max && v->fill != 0; i++) {
        uint32_t at = v->fill - 1;
        fill_at(p, view, p->birth[at].after);
        view_put(p, view, at, true);
    }
    return v->fill != 0;
}

static void view_sees(struct picture *p, unsigned view, bool on)
{
    for (unsigned c = 0; c < PICTURE_CLASSES_MAX; c++) {
        if (classes_have(&p->view[view].classes, (uint16_t)c)) {
            views_put(&p->seeing[c], view, on);
        }
    }
}

err picture_view(struct picture *p, const struct classes *classes, unsigned *out)
{
    unsigned room = PICTURE_VIEWS_MAX;
    uint64_t print = classes_hash(classes) | 1; /* 0 is a free place */
    for (unsigned v = PICTURE_VIEWS_MAX; v-- > 0;) {
        if (p->print[v] == 0) {
            room = v;
        } else if (p->print[v] == print &&
                   memcmp(&p->view[v].classes, classes, sizeof *classes) == 0) {
            p->view[v].users++;
            *out = v;
            return OK;
        }
    }
    if (room == PICTURE_VIEWS_MAX) {
        return FAIL(FULL, "there are too many different audiences at a time");
    }
    TRY(view_make(&p->view[room], classes));
    p->print[room] = print;
    view_sees(p, room, true);
    fill_at(p, room, p->oldest);
    *out = room;
    return OK;
}

void picture_view_end(struct picture *p, unsigned view)
{
    if (--p->view[view].users == 0) {
        view_sees(p, view, false);
        views_put(&p->filling, view, false);
        p->print[view] = 0;
        view_free(&p->view[view]);
    }
}

void picture_each(struct picture *p, unsigned view, void (*each)(void *ctx, const struct object *o),
                  void *ctx)
{
    struct view  *v = &p->view[view];
    struct object o;
    for (uint32_t at = 0; at < v->thing_top; at++) {
        if (v->thing[at].id != 0) {
            view_object(p, v, &v->thing[at], &o);
            each(ctx, &o);
        }
    }
}

void picture_object(const struct picture *p, unsigned view, uint32_t at, struct object *out)
{
    const struct view *v = &p->view[view];
    MUST(at < PICTURE_CONTACTS_MAX && v->thing[at].first != 0);
    view_object(p, v, &v->thing[at], out);
}

/* ---- reports ---- */

/* The first view from a number on that has this contact */
static unsigned view_next(const struct picture *p, const struct contact *c, unsigned from)
{
    from = views_next(&p->seeing[c->class], from);
    while (from < PICTURE_VIEWS_MAX && !is_in(p, &p->view[from], c)) {
        from = views_next(&p->seeing[c->class], from + 1);
    }
    return from;
}

static void alone_fill(const struct contact *c, struct object *out)
{
    memset(out, 0, sizeof *out);
    out->id = c->id;
    out->shown = c->report;
    out->source[out->sources++] = c->source;
    classes_add(&out->classes, c->class);
}

static void report_tell(struct picture *p, uint32_t at, bool stays)
{
    const struct contact *c = &p->contact[at];
    unsigned              v = view_next(p, c, 0);
    bool                  alone = v < PICTURE_VIEWS_MAX && !has_company(p, at);
    struct alone          a = {.contact = at, .stays = stays};
    if (alone) {
        alone_fill(c, &a.o);
    }
    for (; v < PICTURE_VIEWS_MAX; v = view_next(p, c, v + 1)) {
        if (alone) {
            view_alone(p, v, &a);
        } else {
            view_put(p, v, at, false);
        }
    }
}

err picture_report(struct picture *p, instant now, const struct contact_row *row)
{
    uint32_t at = 0;
    if (row->source >= PICTURE_SOURCES_MAX || row->class >= PICTURE_CLASSES_MAX) {
        return FAIL(LIMIT, "a report is of a feed or marking past the limits of the picture");
    }
    bool there = contact_find(p, row, &at);
    if (row->report->stale <= now || (there && row->report->time <= p->contact[at].report.time)) {
        p->late++;
        return FAIL(STATE, "the report is stale, or no newer than what is there");
    }
    TRY(there ? OK : contact_add(p, row, &at));
    uint32_t cell = cell_of(row->report->place);
    bool     stays = p->link[at].cell == cell + 1;
    cell_enter(p->cell, p->link, at, cell);
    p->contact[at].report = *row->report;
    p->stale[at] = row->report->stale;
    p->reports++;
    report_tell(p, at, stays);
    return OK;
}

/* ---- what goes, in an order that nothing withheld has part in ---- */

static int by_end(const void *a, const void *b)
{
    const struct ending *x = a, *y = b;
    return x->stale != y->stale ? (x->stale > y->stale) - (x->stale < y->stale)
                                : (x->born > y->born) - (x->born < y->born);
}

static void end_all(struct picture *p, size_t count)
{
    qsort(p->ending, count, sizeof *p->ending, by_end);
    for (size_t i = 0; i < count; i++) {
        const struct contact *c = &p->contact[p->ending[i].contact];
        for (unsigned v = view_next(p, c, 0); v < PICTURE_VIEWS_MAX; v = view_next(p, c, v + 1)) {
            view_drop(p, v, p->ending[i].contact);
        }
        contact_free(p, p->ending[i].contact);
    }
}

static struct ending ending_of(const struct picture *p, uint32_t at)
{
    return (struct ending){p->stale[at], p->contact[at].born, at};
}

void picture_tick(struct picture *p, instant now)
{
    size_t count = 0;
    for (uint32_t i = 0; i < p->contact_top; i++) {
        if (p->stale[i] != 0 && p->stale[i] <= now) {
            p->ending[count++] = ending_of(p, i);
        }
    }
    end_all(p, count);
}

void picture_withdraw(struct picture *p, uint16_t source, uint16_t class)
{
    size_t count = 0;
    for (uint32_t i = 0; i < p->contact_top; i++) {
        const struct contact *c = &p->contact[i];
        if (c->used && c->source == source && c->class == class) {
            p->ending[count++] = ending_of(p, i);
        }
    }
    end_all(p, count);
}
