/* SPDX-License-Identifier: Apache-2.0 */
#include "store/passing.h"

#include "store/crc.h"

/* place - one of them, as it stood at one moment */
struct place {
    uint64_t from, to, key[2];
};

/* Where a place is given to something else meanwhile, the end that was read is one of what is gone: nothing lies before it. */
static struct place place_read(const struct passing *p, uint32_t i)
{
    const struct passing_refused *r = &p->refused[i];
    struct place                  out;
    out.to = atomic_load_explicit(&r->to, memory_order_acquire);
    out.from = atomic_load_explicit(&r->from, memory_order_relaxed);
    out.key[0] = atomic_load_explicit(&r->key[0], memory_order_relaxed);
    out.key[1] = atomic_load_explicit(&r->key[1], memory_order_relaxed);
    return out;
}

static void place_write(struct passing *p, uint32_t i, const struct place *to)
{
    struct passing_refused *r = &p->refused[i];
    atomic_store_explicit(&r->to, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&r->from, to->from, memory_order_relaxed);
    atomic_store_explicit(&r->key[0], to->key[0], memory_order_relaxed);
    atomic_store_explicit(&r->key[1], to->key[1], memory_order_relaxed);
    atomic_store_explicit(&r->to, to->to, memory_order_release);
}

static uint32_t count_of(const struct passing *p)
{
    uint32_t count = atomic_load_explicit(&p->count, memory_order_acquire);
    return count < PASSING_REFUSED_MAX ? count : PASSING_REFUSED_MAX;
}

/* ---- sums ---- */

static uint32_t marks_sum(const struct passing *p)
{
    const uint64_t mark[] = {atomic_load(&p->safe), atomic_load(&p->floor)};
    return crc32c(0, SPAN_OF(mark));
}

/* 0 of none */
static uint32_t list_sum(const struct passing *p)
{
    uint32_t count = atomic_load(&p->count), sum = count;
    for (uint32_t i = 0; i < count_of(p); i++) {
        const struct place one = place_read(p, i);
        sum = crc32c(sum, (span){(const uint8_t *)&one, sizeof one});
    }
    return sum;
}

/* Who ends between a change and its sum left what is not believed: all is looked at again. */
static void list_changed(struct passing *p)
{
    atomic_store(&p->sum.list, list_sum(p));
}

static bool is_fresh(const struct passing *p)
{
    return (atomic_load(&p->passed) | atomic_load(&p->safe) | atomic_load(&p->floor)) == 0 &&
           (atomic_load(&p->count) | atomic_load(&p->sum.marks) | atomic_load(&p->sum.list)) == 0;
}

static bool list_whole(const struct passing *p)
{
    return atomic_load(&p->sum.list) == list_sum(p);
}

static bool is_whole(const struct passing *p)
{
    return atomic_load(&p->sum.marks) == marks_sum(p) && list_whole(p);
}

bool passing_whole(const struct passing *p)
{
    return is_whole(p) && atomic_load(&p->again) == ~atomic_load(&p->passed);
}

/* ---- the mark ---- */

/* Who sees the position sees what was refused before it. */
static void passed_set(struct passing *p, uint64_t position)
{
    atomic_store(&p->passed, position);
    atomic_store(&p->again, ~position);
}

static void settled_set(struct passing *p, uint64_t safe, uint64_t floor)
{
    atomic_store(&p->safe, safe);
    atomic_store(&p->floor, floor);
    atomic_store(&p->sum.marks, marks_sum(p));
}

bool passing_begin(struct passing *p)
{
    bool fresh = is_fresh(p), whole = fresh || is_whole(p);
    if (fresh || !whole) {
        passing_forget(p);
        return whole;
    }
    uint64_t safe = atomic_load(&p->safe), floor = atomic_load(&p->floor);
    passed_set(p, safe);
    settled_set(p, safe, floor < safe ? floor : safe);
    return true;
}

void passing_forget(struct passing *p)
{
    passed_set(p, 0);
    atomic_fetch_add(&p->turn, 1);
    atomic_store(&p->count, 0);
    settled_set(p, 0, 0);
    list_changed(p);
}

void passing_to(struct passing *p, uint64_t position)
{
    if (position > atomic_load_explicit(&p->passed, memory_order_relaxed)) {
        passed_set(p, position);
    }
}

void passing_settle(struct passing *p, uint64_t safe, uint64_t floor)
{
    uint64_t before = atomic_load(&p->safe);
    settled_set(p, safe > before ? safe : before, floor);
}

/* ---- what is refused ---- */

static bool same_key(const struct place *a, const struct place *b)
{
    return a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

static bool any_key(const struct place *a)
{
    return (a->key[0] | a->key[1]) != 0;
}

/* Records without a key that lie one behind the other are one stretch. */
static bool joins(const struct place *old, const struct place *new)
{
    return same_key(old, new) && (any_key(new) ? old->to == PASSING_OPEN : old->to == new->from);
}

/* It holds all the while for what it held before. */
static void place_widen(struct passing *p, uint32_t i, const struct place *old,
                        const struct place *new)
{
    uint64_t from = new->from < old->from ? new->from : old->from;
    uint64_t to = new->to > old->to ? new->to : old->to;
    atomic_store_explicit(&p->refused[i].from, from, memory_order_relaxed);
    atomic_store_explicit(&p->refused[i].to, to, memory_order_release);
}

err passing_refuse(struct passing *p, const struct passing_what *what, uint64_t start, bool *more)
{
    uint32_t count = count_of(p), free_place = PASSING_REFUSED_MAX;
    struct place new = {.from = what->from, .to = what->to};
    memcpy(new.key, what->key, sizeof new.key);
    *more = false;
    if (!list_whole(p)) {
        return FAIL(CONFLICT, "the list of what is refused is not as it was written");
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct place old = place_read(p, i);
        if (same_key(&old, &new) && new.from >= old.from &&new.to <= old.to) {
            return OK;
        }
        if (joins(&old, &new)) {
            *more = true;
            place_widen(p, i, &old, &new);
            list_changed(p);
            return OK;
        }
        free_place = old.to <= start ? i : free_place;
    }
    free_place = free_place < count ? free_place : count;
    if (free_place == PASSING_REFUSED_MAX) {
        return FAIL(FULL, "more was refused than there is a place for");
    }
    *more = true;
    place_write(p, free_place, &new);
    if (free_place == count) {
        atomic_store_explicit(&p->count, count + 1, memory_order_release);
    }
    list_changed(p);
    return OK;
}

void passing_close(struct passing *p, const uint8_t *key, uint64_t to)
{
    struct place of = {0};
    bool         closed = false, whole = list_whole(p);
    if (key != NULL) {
        memcpy(of.key, key, sizeof of.key);
    }
    for (uint32_t i = 0; whole && i < count_of(p); i++) {
        const struct place old = place_read(p, i);
        if ((key == NULL || same_key(&old, &of)) && old.to == PASSING_OPEN) {
            atomic_store_explicit(&p->refused[i].to, to, memory_order_release);
            closed = true;
        }
    }
    if (closed) {
        list_changed(p);
    }
}

static bool holds(const struct place *old, const struct place *of, uint64_t position)
{
    return position >= old->from && position < old->to && (!any_key(old) || same_key(old, of));
}

static struct place key_of(span body)
{
    struct place of = {0};
    if (body.len >= sizeof of.key) {
        memcpy(of.key, body.ptr, sizeof of.key);
    }
    return of;
}

bool passing_refuses(const struct passing *p, uint64_t position, span body)
{
    const struct place of = key_of(body);
    bool               found = false;
    for (uint32_t i = 0; i < count_of(p) && !found; i++) {
        const struct place old = place_read(p, i);
        found = holds(&old, &of, position);
    }
    return found;
}

/* ---- for who reads ---- */

struct passing_seen passing_see(const struct passing *p)
{
    struct passing_seen seen = {.turn = atomic_load(&p->turn)};
    uint64_t            passed = atomic_load(&p->passed);
    seen.passed = atomic_load(&p->again) == ~passed ? passed : 0;
    return seen;
}

/* What is summed is what is compared.  Of a list that was cleared meanwhile the sum is right too: then the turn is another. */
enum passing_word passing_says(const struct passing *p, struct passing_seen seen, uint64_t position,
                               span body)
{
    const struct place of = key_of(body);
    uint32_t           count = atomic_load(&p->count), sum = count;
    bool               found = false;
    for (uint32_t i = 0; i < count && i < PASSING_REFUSED_MAX; i++) {
        const struct place old = place_read(p, i);
        sum = crc32c(sum, (span){(const uint8_t *)&old, sizeof old});
        found = found || holds(&old, &of, position);
    }
    bool sure = atomic_load(&p->sum.list) == sum;
    atomic_thread_fence(memory_order_acquire);
    sure = sure && atomic_load(&p->turn) == seen.turn;
    return !sure ? PASSING_UNSURE : found ? PASSING_STAYS : PASSING_GOES;
}
