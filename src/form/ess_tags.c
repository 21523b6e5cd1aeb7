/* SPDX-License-Identifier: Apache-2.0 */
#include "form/ess_tags.h"

#include "form/ess.h"

/* The last arc of a type, by what a policy calls it */
static const char *const type_ids[TAG_TYPE_COUNT] = {
    [TAG_RESTRICTIVE] = CATEGORIES_ASN1 ".0",
    [TAG_ENUMERATED_PERMISSIVE] = CATEGORIES_ASN1 ".1",
    [TAG_PERMISSIVE] = CATEGORIES_ASN1 ".2",
    [TAG_INFORMATIVE] = CATEGORIES_ASN1 ".3",
    [TAG_ENUMERATED_RESTRICTIVE] = CATEGORIES_ASN1 ".4",
};

/* tagging - the tag that is being read or written: all categories of one type in one tag set */
struct tagging {
    const struct scheme *scheme;
    uint16_t             set;
    enum tag_type        type;
    struct category_set *out;
};

static bool enumerated(const struct tagging *t)
{
    const struct scheme_tag_set *in = &t->scheme->set[t->set];
    if (t->type != TAG_INFORMATIVE) {
        return t->type == TAG_ENUMERATED_PERMISSIVE || t->type == TAG_ENUMERATED_RESTRICTIVE;
    }
    for (unsigned i = in->first_tag; i < (unsigned)in->first_tag + in->tag_count; i++) {
        if (t->scheme->tag[i].type == TAG_INFORMATIVE) {
            return t->scheme->tag[i].integers;
        }
    }
    return false;
}

static err put_number(struct tagging *t, const struct der *d, const struct der_item *at,
                      uint64_t lacv)
{
    uint8_t       buf[24];
    struct writer w = WRITER_OF(buf);
    uint16_t      c = scheme_category_by_lacv(t->scheme, t->set, t->type, lacv);
    put_decimal(&w, lacv);
    if (c == SCHEME_NONE) {
        return der_fail(
            d, FAIL(UNKNOWN, "a number that the policy does not have in this category and type"),
            at, writer_span(&w));
    }
    if (category_has(t->out, c)) {
        return der_fail(d, FAIL(MALFORMED, "a value stands twice"), at, writer_span(&w));
    }
    category_put(t->out, c);
    return OK;
}

static err read_numbers(struct tagging *t, struct der *d)
{
    struct der_item item, before = {0};
    uint64_t        lacv;
    while (d->rest.len > 0) {
        TRY(der_take(d, DER_INTEGER, &item));
        TRY(der_integer(d, &item, &lacv));
        if (before.whole.ptr != NULL && span_order(before.whole, item.whole) >= 0) {
            return der_fail(d, FAIL(MALFORMED, "a SET OF is not in the order that DER gives it"),
                            &item, (span){0});
        }
        TRY(put_number(t, d, &item, lacv));
        before = item;
    }
    return OK;
}

static err read_bits(struct tagging *t, struct der *d, const struct der_item *item)
{
    span bits;
    TRY(der_bits(d, item, &bits));
    for (size_t i = 0; i < bits.len * 8; i++) {
        if ((bits.ptr[i / 8] >> (7 - i % 8) & 1) != 0) {
            TRY(put_number(t, d, item, i));
        }
    }
    return OK;
}

static err read_values(struct tagging *t, struct der *d)
{
    struct category_set before = *t->out;
    struct der_item     item;
    bool                numbers = enumerated(t);
    TRY(der_take(d, numbers ? DER_SET : DER_BITS, &item));
    if (numbers) {
        struct der within = der_within(d, &item);
        TRY(read_numbers(t, &within));
    } else {
        TRY(read_bits(t, d, &item));
    }
    bool empty = memcmp(t->out, &before, sizeof before) == 0;
    return empty ? der_fail(d, FAIL(MALFORMED, "a category has no value"), &item, (span){0}) : OK;
}

static err read_type(struct tagging *t, struct der *d)
{
    char            oid[DER_OID_TEXT];
    struct der_item item;
    TRY(der_take(d, DER_CONTEXT_0, &item));
    TRY(der_oid(d, &item, oid));
    for (unsigned i = 0; i < TAG_TYPE_COUNT; i++) {
        if (strcmp(oid, type_ids[i]) == 0) {
            t->type = (enum tag_type)i;
            return OK;
        }
    }
    return der_fail(d, FAIL(UNKNOWN, "a category of a type that is not known here"), &item,
                    span_text(oid));
}

/* SEQUENCE { tagName OBJECT IDENTIFIER, the values } */
static err read_tag(struct tagging *t, struct der *d)
{
    char            oid[DER_OID_TEXT];
    struct der_item item;
    TRY(der_take(d, DER_OID, &item));
    TRY(der_oid(d, &item, oid));
    t->set = scheme_set_by_id(t->scheme, span_text(oid));
    if (t->set == SCHEME_NONE) {
        return der_fail(d, FAIL(UNKNOWN, "a category that the policy does not have"), &item,
                        span_text(oid));
    }
    TRY(read_values(t, d));
    return der_end(d);
}

static err read_category(struct tagging *t, struct der *d)
{
    struct der_item item, tag;
    TRY(read_type(t, d));
    TRY(der_take(d, DER_CONTEXT_1, &item));
    TRY(der_end(d));
    struct der value = der_within(d, &item);
    TRY(der_take(&value, DER_SEQUENCE, &tag));
    TRY(der_end(&value));
    struct der within = der_within(d, &tag);
    return read_tag(t, &within);
}

err tags_read(struct der *d, const struct scheme *s, struct category_set *out)
{
    struct tagging  t = {.scheme = s, .out = out};
    struct der_item item, before = {0};
    if (d->rest.len == 0) {
        return problem_set(d->problem, FAIL(MALFORMED, "a set of categories is empty"),
                           (size_t)(d->rest.ptr - d->in.ptr), (span){0});
    }
    while (d->rest.len > 0) {
        TRY(der_take(d, DER_SEQUENCE, &item));
        if (before.whole.ptr != NULL && span_order(before.whole, item.whole) >= 0) {
            return der_fail(d, FAIL(MALFORMED, "a SET OF is not in the order that DER gives it"),
                            &item, (span){0});
        }
        struct der within = der_within(d, &item);
        TRY(read_category(&t, &within));
        before = item;
    }
    return OK;
}

/* chosen - the numbers of a label's categories of one type in one tag set, in ascending order */
struct chosen {
    unsigned count;
    uint64_t lacv[CATEGORIES_MAX];
};

static void chosen_put(struct chosen *c, uint64_t lacv)
{
    unsigned at = c->count++;
    for (; at > 0 && c->lacv[at - 1] > lacv; at--) {
        c->lacv[at] = c->lacv[at - 1];
    }
    c->lacv[at] = lacv;
}

static void chosen_of(const struct tagging *t, const struct category_set *has, struct chosen *out)
{
    const struct scheme_tag_set *in = &t->scheme->set[t->set];
    out->count = 0;
    for (unsigned i = in->first_tag; i < (unsigned)in->first_tag + in->tag_count; i++) {
        const struct scheme_tag *tag = &t->scheme->tag[i];
        if (tag->type != t->type) {
            continue;
        }
        for (unsigned c = category_next(has, tag->first); c < (unsigned)tag->first + tag->count;
             c = category_next(has, c + 1)) {
            chosen_put(out, t->scheme->category[c].lacv);
        }
    }
}

/* Bits from the first to the last that is set: no more */
static err put_bits(const struct chosen *c, struct writer *w, struct form_problem *p)
{
    uint64_t last = c->lacv[c->count - 1];
    if (last > ESS_BIT_MAX) {
        return problem_set(p,
                           FAIL(MALFORMED, "a category has a number that is too large for a bit"),
                           0, (span){0});
    }
    size_t began = der_open(w, DER_BITS);
    put_u8(w, (uint8_t)(7 - last % 8));
    uint8_t *bits = put_space(w, last / 8 + 1);
    if (bits != NULL) {
        memset(bits, 0, last / 8 + 1);
        for (unsigned i = 0; i < c->count; i++) {
            bits[c->lacv[i] / 8] |= (uint8_t)(0x80u >> c->lacv[i] % 8);
        }
    }
    der_close(w, began);
    return OK;
}

static void put_numbers(const struct chosen *c, struct writer *w)
{
    size_t began = der_open(w, DER_SET);
    for (unsigned i = 0; i < c->count; i++) {
        put_der_integer(w, c->lacv[i]);
    }
    der_close(w, began);
}

static err put_tag(const struct tagging *t, const struct chosen *c, struct writer *w,
                   struct form_problem *p)
{
    size_t category = der_open(w, DER_SEQUENCE);
    TRY(put_der_oid(w, DER_CONTEXT_0, span_text(type_ids[t->type])));
    size_t value = der_open(w, DER_CONTEXT_1), tag = der_open(w, DER_SEQUENCE);
    span   id = t->scheme->set[t->set].id;
    if (err_is(put_der_oid(w, DER_OID, id))) {
        return problem_set(p, FAIL(MALFORMED, "a category has an id that is no object identifier"),
                           0, id);
    }
    if (enumerated(t)) {
        put_numbers(c, w);
    } else {
        TRY(put_bits(c, w, p));
    }
    der_close(w, tag);
    der_close(w, value);
    der_close(w, category);
    return OK;
}

err tags_write(const struct scheme *s, const struct category_set *has, struct writer *w,
               struct form_problem *p)
{
    uint8_t       spare[ESS_MAX];
    struct chosen chosen;
    if (category_next(has, 0) >= CATEGORIES_MAX) {
        return OK;
    }
    size_t began = der_open(w, DER_SET);
    for (unsigned set = 0; set < s->set_count; set++) {
        for (unsigned type = 0; type < TAG_TYPE_COUNT; type++) {
            struct tagging t = {.scheme = s, .set = (uint16_t)set, .type = (enum tag_type)type};
            chosen_of(&t, has, &chosen);
            if (chosen.count > 0) {
                TRY(put_tag(&t, &chosen, w, p));
            }
        }
    }
    der_sort(w, began, spare, sizeof spare);
    der_close(w, began);
    return OK;
}
