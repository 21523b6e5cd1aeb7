/* SPDX-License-Identifier: Apache-2.0 */
#include "form/der.h"

__extension__ typedef unsigned __int128 arc;

#define ARC_MAX (~(arc)0)

err der_fail(const struct der *d, err why, const struct der_item *at, span value)
{
    return problem_set(d->problem, why, (size_t)(at->whole.ptr - d->in.ptr), value);
}

static err fail_here(const struct der *d, err why)
{
    return problem_set(d->problem, why, (size_t)(d->rest.ptr - d->in.ptr), (span){0});
}

/* The length behind a tag, and how many bytes it took */
static err length_of(const struct der *d, span s, size_t *len, size_t *took)
{
    uint8_t first = s.ptr[0];
    size_t  count = first & 0x7f;
    *len = first;
    *took = 1;
    if (first < 0x80) {
        return OK;
    }
    if (first == 0x80) {
        return fail_here(d, FAIL(MALFORMED, "BER's indefinite length stands where DER has none"));
    }
    if (count > 4 || count >= s.len) {
        return fail_here(d, FAIL(MALFORMED, "an item is longer than what holds it"));
    }
    *len = 0;
    for (size_t i = 1; i <= count; i++) {
        *len = *len << 8 | s.ptr[i];
    }
    *took += count;
    return *len < 0x80 || s.ptr[1] == 0
               ? fail_here(d, FAIL(MALFORMED, "a length has more bytes than DER gives it"))
               : OK;
}

err der_next(struct der *d, struct der_item *out)
{
    size_t len = 0, took = 0;
    if (d->rest.len < 2) {
        return fail_here(d, FAIL(MALFORMED, "an item is missing or cut off"));
    }
    if ((d->rest.ptr[0] & 0x1f) == 0x1f) {
        return fail_here(d, FAIL(MALFORMED, "a tag that no label has"));
    }
    TRY(length_of(d, (span){d->rest.ptr + 1, d->rest.len - 1}, &len, &took));
    size_t head = 1 + took;
    if (len > d->rest.len - head) {
        return fail_here(d, FAIL(MALFORMED, "an item is longer than what holds it"));
    }
    *out = (struct der_item){d->rest.ptr[0], {d->rest.ptr + head, len}, {d->rest.ptr, head + len}};
    d->rest = (span){d->rest.ptr + head + len, d->rest.len - head - len};
    return OK;
}

err der_take(struct der *d, uint8_t tag, struct der_item *out)
{
    struct der_item item;
    TRY(der_next(d, &item));
    if (item.tag != tag) {
        return item.tag == (tag ^ 0x20)
                   ? der_fail(d,
                              FAIL(MALFORMED, "BER's constructed form stands where DER has none"),
                              &item, (span){0})
                   : der_fail(d, FAIL(MALFORMED, "an item of another type than must stand here"),
                              &item, (span){0});
    }
    *out = item;
    return OK;
}

err der_end(const struct der *d)
{
    return d->rest.len == 0
               ? OK
               : fail_here(d, FAIL(MALFORMED, "an item has something left at its end"));
}

struct der der_within(const struct der *d, const struct der_item *item)
{
    return (struct der){item->body, d->in, d->problem};
}

err der_integer(const struct der *d, const struct der_item *item, uint64_t *out)
{
    span     b = item->body;
    uint64_t v = 0;
    bool     zero = b.len > 1 && b.ptr[0] == 0;
    if (b.len == 0 || (zero && b.ptr[1] < 0x80)) {
        return der_fail(d, FAIL(MALFORMED, "a number has more or fewer bytes than DER gives it"),
                        item, (span){0});
    }
    if (b.ptr[0] >= 0x80 || b.len - zero > sizeof v) {
        return der_fail(d, FAIL(MALFORMED, "a number is negative or too large"), item, (span){0});
    }
    for (size_t i = 0; i < b.len; i++) {
        v = v << 8 | b.ptr[i];
    }
    *out = v;
    return OK;
}

static void put_arc(struct writer *w, arc v)
{
    uint8_t  digits[40];
    unsigned n = 0;
    do {
        digits[n++] = (uint8_t)('0' + (unsigned)(v % 10));
        v /= 10;
    } while (v > 0);
    while (n > 0) {
        put_u8(w, digits[--n]);
    }
}

/* The first of an identifier's numbers is two arcs */
static void put_arcs(struct writer *w, arc v, bool first)
{
    if (first) {
        unsigned root = v < 40 ? 0 : v < 80 ? 1 : 2;
        put_arc(w, root);
        v -= root * 40u;
    }
    put_u8(w, '.');
    put_arc(w, v);
}

err der_oid(const struct der *d, const struct der_item *item, char out[static DER_OID_TEXT])
{
    struct writer w = writer_of(out, DER_OID_TEXT - 1);
    span          b = item->body;
    bool          first = true, within = false;
    arc           v = 0;
    for (size_t i = 0; i < b.len; i++) {
        if ((!within && b.ptr[i] == 0x80) || v > ARC_MAX >> 7) {
            return der_fail(d, FAIL(MALFORMED, "an object identifier is not as DER writes it"),
                            item, (span){0});
        }
        v = v << 7 | (b.ptr[i] & 0x7f);
        within = b.ptr[i] >= 0x80;
        if (!within) {
            put_arcs(&w, v, first);
            first = false;
            v = 0;
        }
    }
    if (within || b.len == 0 || w.bad) {
        return der_fail(d, FAIL(MALFORMED, "an object identifier is not as DER writes it"), item,
                        (span){0});
    }
    out[w.len] = '\0';
    return OK;
}

err der_bits(const struct der *d, const struct der_item *item, span *out)
{
    span b = item->body;
    bool good = b.len > 0 && b.ptr[0] < 8 && (b.len > 1 || b.ptr[0] == 0);
    if (!good || (b.len > 1 && (b.ptr[b.len - 1] & ((1u << b.ptr[0]) - 1)) != 0)) {
        return der_fail(d, FAIL(MALFORMED, "a BIT STRING is not as DER writes it"), item,
                        (span){0});
    }
    *out = (span){b.ptr + 1, b.len - 1};
    return OK;
}

size_t der_open(struct writer *w, uint8_t tag)
{
    put_u8(w, tag);
    return w->len;
}

/* Make room for the length in front of what was written */
void der_close(struct writer *w, size_t began)
{
    if (w->bad) {
        return;
    }
    size_t  len = w->len - began;
    uint8_t head[4];
    size_t  count = 0;
    if (len >= 0x80) {
        size_t bytes = len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
        head[count++] = (uint8_t)(0x80 | bytes);
        for (size_t i = bytes; i > 0; i--) {
            head[count++] = (uint8_t)(len >> (i - 1) * 8);
        }
    } else {
        head[count++] = (uint8_t)len;
    }
    if (put_space(w, count) != NULL) {
        memmove(w->ptr + began + count, w->ptr + began, len);
        memcpy(w->ptr + began, head, count);
    }
}

void put_der_integer(struct writer *w, uint64_t v)
{
    size_t bytes = 1;
    while (bytes < 9 && v >> (bytes * 8 - 1) != 0) { /* a leading bit would make it negative */
        bytes++;
    }
    put_u8(w, DER_INTEGER);
    put_u8(w, (uint8_t)bytes);
    for (size_t i = bytes; i > 0; i--) {
        put_u8(w, i == 9 ? 0 : (uint8_t)(v >> (i - 1) * 8));
    }
}

void put_der_text(struct writer *w, uint8_t tag, span s)
{
    size_t began = der_open(w, tag);
    put_span(w, s);
    der_close(w, began);
}

static void put_base128(struct writer *w, arc v)
{
    unsigned groups = 1;
    for (arc rest = v >> 7; rest > 0; rest >>= 7) {
        groups++;
    }
    while (groups > 0) {
        groups--;
        put_u8(w, (uint8_t)((unsigned)(v >> groups * 7 & 0x7f) | (groups > 0 ? 0x80u : 0)));
    }
}

static bool arc_of(span s, arc *out)
{
    arc v = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || v > (ARC_MAX - 9) / 10) {
            return false;
        }
        v = v * 10 + (arc)(s.ptr[i] - 48u);
    }
    *out = v;
    return s.len > 0 && (s.len == 1 || s.ptr[0] != '0');
}

err put_der_oid(struct writer *w, uint8_t tag, span dotted)
{
    span   rest = dotted;
    size_t began = der_open(w, tag);
    arc    first, second, next;
    if (!arc_of(span_cut(&rest, '.'), &first) || !arc_of(span_cut(&rest, '.'), &second) ||
        first > 2 || (first < 2 && second > 39) || second > ARC_MAX - 80) {
        return FAIL(MALFORMED, "the policy has an id that is no object identifier");
    }
    put_base128(w, first * 40 + second);
    while (rest.len > 0) {
        if (!arc_of(span_cut(&rest, '.'), &next)) {
            return FAIL(MALFORMED, "the policy has an id that is no object identifier");
        }
        put_base128(w, next);
    }
    der_close(w, began);
    return OK;
}

/* A label has at most 128 of them: the smallest of what is left, again and again */
void der_sort(struct writer *w, size_t began, uint8_t *spare, size_t spare_len)
{
    struct form_problem problem;
    size_t              len = w->bad ? 0 : w->len - began, done = 0;
    span                last = {0};
    if (len > spare_len) {
        w->bad = true;
        return;
    }
    memcpy(spare, w->ptr + began, len);
    while (done < len) {
        struct der      d = {{spare, len}, {spare, len}, &problem};
        struct der_item item, least = {0};
        while (!err_is(der_next(&d, &item))) {
            bool later = last.ptr == NULL || span_order(item.whole, last) > 0;
            if (later && (least.whole.ptr == NULL || span_order(item.whole, least.whole) < 0)) {
                least = item;
            }
        }
        MUST(least.whole.ptr != NULL); /* no two are equal: each names another tag set or type */
        memcpy(w->ptr + began + done, least.whole.ptr, least.whole.len);
        done += least.whole.len;
        last = least.whole;
    }
}
