/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiled table holds of terms and of duties, and what is valid in it */
#include "agreement/table.h"

static void put_i32(struct writer *w, int32_t v)
{
    put_u32(w, (uint32_t)v);
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
static int32_t read_i32(struct reader *r)
{
    return (int32_t)read_u32(r);
}

static void put_area(struct writer *w, const struct area *a)
{
    put_block8(w, name_span(&a->name));
    put_u8(w, (uint8_t)a->count);
    for (unsigned i = 0; i < a->count; i++) {
        put_i32(w, a->point[i].lat);
        put_i32(w, a->point[i].lon);
    }
}

static void put_window(struct writer *w, const struct window *o)
{
    put_block8(w, name_span(&o->name));
    put_u64(w, (uint64_t)o->from);
    put_u64(w, (uint64_t)o->until);
    put_u32(w, o->day_from);
    put_u32(w, o->day_until);
}

static void put_reduction(struct writer *w, const struct reduction *d)
{
    put_block8(w, name_span(&d->name));
    put_u32(w, d->position_m);
    put_u32(w, d->height_m);
    put_u32(w, d->pixel_cm);
    put_u32(w, d->delay_ms);
    put_u32(w, d->every_ms);
    put_u32(w, d->without);
}

void terms_write(const struct terms *t, struct writer *w)
{
    put_u8(w, (uint8_t)t->area_count);
    for (unsigned i = 0; i < t->area_count; i++) {
        put_area(w, &t->area[i]);
    }
    put_u8(w, (uint8_t)t->window_count);
    for (unsigned i = 0; i < t->window_count; i++) {
        put_window(w, &t->window[i]);
    }
    put_u8(w, (uint8_t)t->reduction_count);
    for (unsigned i = 0; i < t->reduction_count; i++) {
        put_reduction(w, &t->reduction[i]);
    }
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r) && out->count <= AREA_POINTS_MAX; */
static void area_at(struct reader *r, struct area *out)
{
    out->name = table_name(r);
    out->count = table_count(r, read_u8(r), AREA_POINTS_MAX);
    /*@ loop invariant 0 <= i <= out->count <= AREA_POINTS_MAX && read_on{Pre, Here}(r);
        loop assigns i, *r, out->point[0 .. AREA_POINTS_MAX - 1];
        loop variant out->count - i; */
    for (unsigned i = 0; i < out->count; i++) {
        out->point[i].lat = read_i32(r);
        out->point[i].lon = read_i32(r);
    }
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r); */
static void window_at(struct reader *r, struct window *out)
{
    out->name = table_name(r);
    out->from = (instant)read_u64(r);
    out->until = (instant)read_u64(r);
    out->day_from = read_u32(r);
    out->day_until = read_u32(r);
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r); */
static void reduction_at(struct reader *r, struct reduction *out)
{
    out->name = table_name(r);
    out->position_m = read_u32(r);
    out->height_m = read_u32(r);
    //@ assert on: read_on{Pre, Here}(r);
    out->pixel_cm = read_u32(r);
    out->delay_ms = read_u32(r);
    out->every_ms = read_u32(r);
    out->without = read_u32(r);
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, out->area_count, out->area[0 .. AREAS_MAX - 1];
    ensures read_on{Pre, Here}(r) && out->area_count <= AREAS_MAX;
    ensures \forall integer k; 0 <= k < out->area_count ==> out->area[k].count <= AREA_POINTS_MAX; */
static void areas_read(struct reader *r, struct terms *out)
{
    out->area_count = table_count(r, read_u8(r), AREAS_MAX);
    /*@ loop invariant count: 0 <= i <= out->area_count <= AREAS_MAX;
        loop invariant on: read_on{Pre, Here}(r);
        loop invariant corners: \forall integer k; 0 <= k < i ==> out->area[k].count <= AREA_POINTS_MAX;
        loop assigns i, *r, out->area[0 .. AREAS_MAX - 1];
        loop variant out->area_count - i; */
    for (unsigned i = 0; i < out->area_count; i++) {
        area_at(r, &out->area[i]);
    }
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, out->window_count, out->window[0 .. WINDOWS_MAX - 1];
    ensures read_on{Pre, Here}(r) && out->window_count <= WINDOWS_MAX; */
static void windows_read(struct reader *r, struct terms *out)
{
    out->window_count = table_count(r, read_u8(r), WINDOWS_MAX);
    /*@ loop invariant count: 0 <= i <= out->window_count <= WINDOWS_MAX;
        loop invariant on: read_on{Pre, Here}(r);
        loop assigns i, *r, out->window[0 .. WINDOWS_MAX - 1];
        loop variant out->window_count - i; */
    for (unsigned i = 0; i < out->window_count; i++) {
        window_at(r, &out->window[i]);
    }
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, out->reduction_count, out->reduction[0 .. REDUCTIONS_MAX - 1];
    ensures read_on{Pre, Here}(r) && out->reduction_count <= REDUCTIONS_MAX; */
static void reductions_read(struct reader *r, struct terms *out)
{
    out->reduction_count = table_count(r, read_u8(r), REDUCTIONS_MAX);
    /*@ loop invariant count: 0 <= i <= out->reduction_count <= REDUCTIONS_MAX;
        loop invariant on: read_on{Pre, Here}(r);
        loop assigns i, *r, out->reduction[0 .. REDUCTIONS_MAX - 1];
        loop variant out->reduction_count - i; */
    for (unsigned i = 0; i < out->reduction_count; i++) {
        reduction_at(r, &out->reduction[i]);
    }
}

void terms_read(struct reader *r, struct terms *out)
{
    areas_read(r, out);
    windows_read(r, out);
    reductions_read(r, out);
}

void owed_write(const struct obligations *o, struct writer *w)
{
    put_u32(w, o->duties);
    put_u32(w, o->receipt_ms);
    put_u32(w, o->loss_ms);
    put_u32(w, o->lease_ms);
    put_u32(w, o->destroy_s);
    put_u8(w, o->copies);
    put_u8(w, o->certifiers);
}

void owed_read(struct reader *r, struct obligations *out)
{
    out->duties = read_u32(r);
    out->receipt_ms = read_u32(r);
    out->loss_ms = read_u32(r);
    out->lease_ms = read_u32(r);
    //@ assert on: read_on{Pre, Here}(r);
    out->destroy_s = read_u32(r);
    out->copies = read_u8(r);
    out->certifiers = read_u8(r);
}

/* ---- what is valid ---- */

/* Each name after the one before it: in byte order, none twice */
static bool follows(const name *last, const name *next)
{
    return last == NULL || span_order(name_span(last), name_span(next)) < 0;
}

bool terms_valid(const struct terms *t)
{
    bool valid = t->area_count <= AREAS_MAX && t->window_count <= WINDOWS_MAX &&
                 t->reduction_count <= REDUCTIONS_MAX;
    for (unsigned i = 0; valid && i < t->area_count; i++) {
        valid = area_valid(&t->area[i]) &&
                follows(i == 0 ? NULL : &t->area[i - 1].name, &t->area[i].name);
    }
    for (unsigned i = 0; valid && i < t->window_count; i++) {
        valid = window_valid(&t->window[i]) &&
                follows(i == 0 ? NULL : &t->window[i - 1].name, &t->window[i].name);
    }
    for (unsigned i = 0; valid && i < t->reduction_count; i++) {
        valid = reduction_valid(&t->reduction[i]) &&
                follows(i == 0 ? NULL : &t->reduction[i - 1].name, &t->reduction[i].name);
    }
    return valid;
}

bool scope_valid(const struct scope *s, const struct terms *t)
{
    bool kinds = s->kinds == SCOPE_KINDS_ANY || (s->kinds != 0 && s->kinds >> KIND_COUNT == 0);
    bool terms = s->area <= t->area_count && s->window <= t->window_count &&
                 s->reduction <= t->reduction_count;
    return kinds && terms && s->disciplines != 0 && s->topics != 0 && !levels_none(&s->levels);
}

/* Of each duty with a measure: the measure, and what it may be */
bool owed_valid(const struct obligations *o)
{
    const struct {
        enum duty duty;
        uint32_t  measure, least, most;
    } measures[] = {
        {DUTY_RECEIPT, o->receipt_ms, 0, RECEIPT_MS_MAX},
        {DUTY_REPORT_LOSS, o->loss_ms, 0, LOSS_MS_MAX},
        {DUTY_LEASE, o->lease_ms, LEASE_MS_MIN, LEASE_MS_MAX},
        {DUTY_DESTROY, o->destroy_s, 1, DESTROY_S_MAX},
        {DUTY_COPIES, o->copies, 1, COPIES_MAX},
        {DUTY_CERTIFICATE, o->certifiers, 1, OFFICERS_MAX},
    };
    bool valid = (o->duties & ~DUTY_ALL) == 0;
    for (unsigned i = 0; i < ARRAY_LEN(measures); i++) {
        bool owed = (o->duties & measures[i].duty) != 0;
        valid = valid && (owed ? measures[i].measure >= measures[i].least &&
                                     measures[i].measure <= measures[i].most
                               : measures[i].measure == 0);
    }
    return valid;
}
