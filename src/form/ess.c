/* SPDX-License-Identifier: Apache-2.0 */
#include "form/ess.h"

#include "base/text.h"
#include "form/ess_tags.h"

/* ESSSecurityLabel ::= SET {
 *     security-policy-identifier  OBJECT IDENTIFIER,
 *     security-classification     INTEGER (0..256) OPTIONAL,
 *     privacy-mark                CHOICE { PrintableString (1..128), UTF8String } OPTIONAL,
 *     security-categories         SET SIZE (1..64) OF SecurityCategory OPTIONAL }
 *
 * DER puts them in the order of their tag numbers.  The policy stands before what must be looked up in it
 * except for the classification, so all items are taken apart first. */
enum item { ITEM_CLASS, ITEM_POLICY, ITEM_UTF8, ITEM_SET, ITEM_PRINTABLE, ITEM_COUNT };

static const uint8_t part_tags[ITEM_COUNT] = {DER_INTEGER, DER_OID, DER_UTF8, DER_SET,
                                              DER_PRINTABLE};

#define CLASS_MAX         256
#define PRIVACY_ASCII_MAX 128

static err policy_of(struct form_reader *r, const struct der *d, const struct der_item *item,
                     const struct scheme **out)
{
    char oid[DER_OID_TEXT];
    TRY(der_oid(d, item, oid));
    const struct catalog_entry *e = catalog_by_id(r->catalog, span_text(oid));
    if (e == NULL) {
        return der_fail(d, FAIL(UNKNOWN, "unknown policy id"), item, span_text(oid));
    }
    *out = e->scheme;
    return OK;
}

static err class_of(const struct der *d, const struct der_item *item, const struct scheme *s,
                    uint16_t *out)
{
    uint8_t       buf[24];
    struct writer w = WRITER_OF(buf);
    uint64_t      lacv;
    TRY(der_integer(d, item, &lacv));
    put_decimal(&w, lacv);
    *out = lacv <= CLASS_MAX ? scheme_class_by_lacv(s, lacv) : SCHEME_NONE;
    return *out != SCHEME_NONE
               ? OK
               : der_fail(d, FAIL(UNKNOWN, "a classification that the policy does not have"), item,
                          writer_span(&w));
}

static err categories_of(const struct der *d, const struct der_item *item, const struct scheme *s,
                         struct category_set *out)
{
    struct der within = der_within(d, item);
    if (!span_is(s->rbac_id, CATEGORIES_ASN1)) {
        return der_fail(
            d, FAIL(UNKNOWN, "the policy writes its categories in an ASN.1 that is not read here"),
            item, s->rbac_id);
    }
    return tags_read(&within, s, out);
}

static bool printable(span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool    letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (c == 0 || strchr(" '()+,-./:=?", c) == NULL)) {
            return false;
        }
    }
    return s.len > 0;
}

static err privacy_of(const struct der *d, const struct der_item *item, const struct scheme *s,
                      uint16_t *out)
{
    utf8 text;
    bool ascii = item->tag == DER_PRINTABLE;
    bool good = ascii ? printable(item->body) && item->body.len <= PRIVACY_ASCII_MAX
                      : !err_is(text_utf8(item->body, &text));
    if (!good) {
        return der_fail(d, FAIL(MALFORMED, "a privacy mark is not a text of its type"), item,
                        (span){0});
    }
    *out = scheme_privacy_by_name(s, item->body);
    return *out != SCHEME_NONE
               ? OK
               : der_fail(d, FAIL(UNKNOWN, "a privacy mark that the policy does not have"), item,
                          item->body);
}

/* Each at most once, and in this order */
static err split(struct der *d, struct der_item part[static ITEM_COUNT])
{
    unsigned next = 0;
    while (d->rest.len > 0) {
        struct der_item item;
        unsigned        k = 0;
        TRY(der_next(d, &item));
        while (k < ITEM_COUNT && item.tag != part_tags[k]) {
            k++;
        }
        if (k == ITEM_COUNT) {
            return der_fail(d, FAIL(MALFORMED, "an item that a label does not have"), &item,
                            (span){0});
        }
        if (k < next) {
            return der_fail(d,
                            FAIL(MALFORMED,
                                 "a SET stands not in the order that DER gives it, or has an "
                                 "item twice"),
                            &item, (span){0});
        }
        part[k] = item;
        next = k + 1;
    }
    return OK;
}

static bool there(const struct der_item *item)
{
    return item->whole.ptr != NULL;
}

static err label_of(struct form_reader *r, struct der *d, const struct der_item *set,
                    struct label_record *out)
{
    struct der_item      part[ITEM_COUNT] = {0};
    const struct scheme *s = NULL;
    TRY(split(d, part));
    if (!there(&part[ITEM_POLICY]) || (there(&part[ITEM_UTF8]) && there(&part[ITEM_PRINTABLE]))) {
        return der_fail(d, FAIL(MALFORMED, "a label has no policy, or two privacy marks"), set,
                        (span){0});
    }
    TRY(policy_of(r, d, &part[ITEM_POLICY], &s));
    if (!there(&part[ITEM_CLASS])) {
        return der_fail(d, FAIL(MALFORMED, "a label has no classification"), set, (span){0});
    }
    struct label_record record = label_record_of(s);
    TRY(class_of(d, &part[ITEM_CLASS], s, &record.label.class));
    const struct der_item *mark =
        there(&part[ITEM_UTF8]) ? &part[ITEM_UTF8] : &part[ITEM_PRINTABLE];
    if (there(mark)) {
        TRY(privacy_of(d, mark, s, &record.label.privacy));
    }
    if (there(&part[ITEM_SET])) {
        TRY(categories_of(d, &part[ITEM_SET], s, &record.label.categories));
    }
    *out = record;
    return OK;
}

err ess_read(struct form_reader *r, span in, struct label_record *out)
{
    struct der      d = {in, in, &r->problem};
    struct der_item set;
    TRY(der_take(&d, DER_SET, &set));
    TRY(der_end(&d));
    struct der within = der_within(&d, &set);
    return label_of(r, &within, &set, out);
}

static err put_policy(const struct scheme *s, struct writer *w, struct form_problem *p)
{
    return err_is(put_der_oid(w, DER_OID, s->id))
               ? problem_set(p,
                             FAIL(MALFORMED, "the policy has an id that is no object identifier"),
                             0, s->id)
               : OK;
}

static err put_categories(const struct scheme *s, const struct category_set *has, struct writer *w,
                          struct form_problem *p)
{
    if (category_next(has, 0) < CATEGORIES_MAX && !span_is(s->rbac_id, CATEGORIES_ASN1)) {
        return problem_set(
            p,
            FAIL(MALFORMED,
                 "the policy writes its categories in an ASN.1 that is not written here"),
            0, s->rbac_id);
    }
    return tags_write(s, has, w, p);
}

err ess_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const struct label        *l = &r->label;
    const struct scheme       *s = l->scheme;
    const struct scheme_class *c = &s->class[l->class];
    size_t                     set = der_open(w, DER_SET);
    if (c->lacv > CLASS_MAX) {
        return problem_set(p, FAIL(MALFORMED, "the classification has a number above 256"), 0,
                           c->name);
    }
    put_der_integer(w, c->lacv);
    TRY(put_policy(s, w, p));
    if (l->privacy != SCHEME_NONE) {
        put_der_text(w, DER_UTF8, s->privacy[l->privacy].name);
    }
    TRY(put_categories(s, &l->categories, w, p));
    der_close(w, set);
    return OK;
}

/* classList BIT STRING { … } DEFAULT { unclassified }: the bits are named, so none that is 0 ends it */
#define CLASS_LIST_DEFAULT 1

static err class_list_of(const struct der *d, const struct der_item *item, const struct scheme *s,
                         set64 *out)
{
    span  bits;
    set64 all = 0;
    TRY(der_bits(d, item, &bits));
    bool trimmed = bits.len > 0 && (bits.ptr[bits.len - 1] >> item->body.ptr[0] & 1) != 0;
    if (!trimmed || (bits.len == 1 && bits.ptr[0] == 0x80 >> CLASS_LIST_DEFAULT)) {
        return der_fail(d, FAIL(MALFORMED, "a list of classifications is not as DER writes it"),
                        item, (span){0});
    }
    for (size_t i = 0; i < bits.len * 8; i++) {
        if ((bits.ptr[i / 8] >> (7 - i % 8) & 1) == 0) {
            continue;
        }
        uint16_t c = i <= CLASS_MAX ? scheme_class_by_lacv(s, i) : SCHEME_NONE;
        if (c == SCHEME_NONE) {
            return der_fail(d, FAIL(UNKNOWN, "a classification that the policy does not have"),
                            item, (span){0});
        }
        all |= set_one(c);
    }
    *out = all;
    return OK;
}

static err clearance_of(struct form_reader *r, struct der *d, struct label_clearance *out)
{
    struct label_clearance c = {0};
    struct der_item        item;
    TRY(der_take(d, DER_OID, &item));
    TRY(policy_of(r, d, &item, &c.scheme));
    if (d->rest.len > 0 && d->rest.ptr[0] == DER_BITS) {
        TRY(der_take(d, DER_BITS, &item));
        TRY(class_list_of(d, &item, c.scheme, &c.classes));
    } else {
        uint16_t least = scheme_class_by_lacv(c.scheme, CLASS_LIST_DEFAULT);
        if (least == SCHEME_NONE) {
            return der_fail(d,
                            FAIL(UNKNOWN,
                                 "a clearance names no classification, and the policy has none of "
                                 "number 1"),
                            &item, (span){0});
        }
        c.classes = set_one(least);
    }
    if (d->rest.len > 0) {
        TRY(der_take(d, DER_SET, &item));
        TRY(categories_of(d, &item, c.scheme, &c.categories));
    }
    TRY(der_end(d));
    *out = c;
    return OK;
}

err ess_clearance_read(struct form_reader *r, span in, struct label_clearance *out)
{
    struct der      d = {in, in, &r->problem};
    struct der_item all;
    TRY(der_take(&d, DER_SEQUENCE, &all));
    TRY(der_end(&d));
    struct der within = der_within(&d, &all);
    return clearance_of(r, &within, out);
}

static err put_class_list(const struct label_clearance *c, struct writer *w, struct form_problem *p)
{
    uint8_t  bits[CLASS_MAX / 8 + 1] = {0};
    uint64_t last = 0;
    for (unsigned k = set_next(c->classes, 0); k < c->scheme->class_count;
         k = set_next(c->classes, k + 1)) {
        uint64_t lacv = c->scheme->class[k].lacv;
        if (lacv > CLASS_MAX) {
            return problem_set(p, FAIL(MALFORMED, "the classification has a number above 256"), 0,
                               c->scheme->class[k].name);
        }
        bits[lacv / 8] |= (uint8_t)(0x80u >> lacv % 8);
        last = lacv > last ? lacv : last;
    }
    if (last == CLASS_LIST_DEFAULT && bits[0] == 0x80 >> CLASS_LIST_DEFAULT) {
        return OK;
    }
    size_t began = der_open(w, DER_BITS);
    put_u8(w, (uint8_t)(7 - last % 8));
    put_span(w, (span){bits, last / 8 + 1});
    der_close(w, began);
    return OK;
}

err ess_clearance_write(const struct label_clearance *c, struct writer *w, struct form_problem *p)
{
    size_t began = der_open(w, DER_SEQUENCE);
    TRY(put_policy(c->scheme, w, p));
    TRY(put_class_list(c, w, p));
    TRY(put_categories(c->scheme, &c->categories, w, p));
    der_close(w, began);
    return OK;
}

/* The last digits that a text without padding lacks: "", "=" or "==" */
static span padded(struct form_reader *r, span text, uint8_t *buf, size_t max)
{
    size_t lack = (4 - text.len % 4) % 4;
    if (lack == 0 || lack == 3 || text.len + lack > max || !r->lenient) {
        return text;
    }
    memcpy(buf, text.ptr, text.len);
    memset(buf + text.len, '=', lack);
    r->deviations |= DEVIATION_PADDING;
    return (span){buf, text.len + lack};
}

err ess_base64_read(struct form_reader *r, span in, struct label_record *out)
{
    uint8_t der[ESS_MAX], text[ESS_MAX / 3 * 4 + 4];
    size_t  len;
    span    trimmed = span_trim(in);
    size_t  offset = r->in.ptr != NULL ? (size_t)(trimmed.ptr - r->in.ptr) : 0;
    span    whole = padded(r, trimmed, text, sizeof text);
    if (err_is(text_base64(whole, der, sizeof der, &len))) {
        return whole.len % 4 != 0
                   ? problem_set(&r->problem,
                                 FAIL(MALFORMED, "the base64 of a label has no padding"), offset,
                                 trimmed)
                   : problem_set(&r->problem,
                                 FAIL(MALFORMED, "the base64 of a label is none, or too long"),
                                 offset, trimmed);
    }
    err e = ess_read(r, (span){der, len}, out);
    r->problem.offset = offset;
    return e;
}

err ess_base64_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    uint8_t       der[ESS_MAX];
    struct writer d = WRITER_OF(der);
    TRY(ess_write(r, &d, p));
    if (d.bad) {
        return problem_set(p, FAIL(LIMIT, "there is no room for what is to be written"), 0,
                           (span){0});
    }
    put_base64(w, writer_span(&d));
    return OK;
}
