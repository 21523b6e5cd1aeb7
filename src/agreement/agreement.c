/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/agreement.h"

#include <stddef.h>

struct levels levels_of_any(void)
{
    struct levels out;
    memset(&out, 0xff, sizeof out);
    return out;
}

bool levels_any(const struct levels *l)
{
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        if (l->ranks[i] != UINT16_MAX) {
            return false;
        }
    }
    return true;
}

bool levels_none(const struct levels *l)
{
    struct levels none = {0};
    return levels_within(l, &none);
}

bool levels_within(const struct levels *a, const struct levels *b)
{
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        if ((a->ranks[i] & ~b->ranks[i]) != 0) {
            return false;
        }
    }
    return true;
}

void agreement_copy(const struct agreement *from, struct agreement *to)
{
    memcpy(to, from, offsetof(struct agreement, clause));
    memcpy(to->clause, from->clause, from->clause_count * sizeof *from->clause);
}

err texts_find(texts all, span wanted, unsigned *out)
{
    for (unsigned i = 0; i < all.count; i++) {
        if (span_equal(name_span(&all.agreement[i].name), wanted)) {
            *out = i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "no agreement of that name is loaded");
}

err agreements_find(const struct agreements *all, span wanted, unsigned *out)
{
    return texts_find(texts_of(all), wanted, out);
}

const struct equivalence *agreement_equivalent(const struct agreement *a, level given,
                                               uint8_t receiver_policy)
{
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->given.policy == given.policy && e->given.rank == given.rank &&
            e->receiver_policy == receiver_policy) {
            return e;
        }
    }
    return NULL;
}

unsigned clauses_held(const struct agreements *all)
{
    unsigned count = 0;
    for (unsigned i = 0; i < all->count; i++) {
        count += all->agreement[i].clause_count;
    }
    return count;
}

void clause_ref_format(const struct agreements *all, struct clause_ref ref, struct writer *w)
{
    if (ref.agreement >= all->count) {
        put_u8(w, '-');
        return;
    }
    put_span(w, name_span(&all->agreement[ref.agreement].name));
    if (ref.article > 0) {
        put_text(w, " article ");
        put_decimal(w, ref.article);
    }
    put_text(w, " clause ");
    put_decimal(w, ref.number);
}

const char *giving_name(enum giving g)
{
    static const char *const text[] = {
        [GIVING_NONE] = "none",
        [GIVING_DISCLOSE] = "disclose",
        [GIVING_RELEASE] = "release",
    };
    return (size_t)g < ARRAY_LEN(text) ? text[g] : "none";
}

static const char *const precedence_text[] = {
    [PRECEDENCE_ROUTINE] = "ROUTINE",
    [PRECEDENCE_PRIORITY] = "PRIORITY",
    [PRECEDENCE_IMMEDIATE] = "IMMEDIATE",
    [PRECEDENCE_FLASH] = "FLASH",
};

const char *precedence_name(enum precedence p)
{
    return (size_t)p < ARRAY_LEN(precedence_text) ? precedence_text[p] : "ROUTINE";
}

err precedence_of(span s, enum precedence *out)
{
    for (size_t i = 0; i < ARRAY_LEN(precedence_text); i++) {
        if (span_is(s, precedence_text[i])) {
            *out = (enum precedence)i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the precedences are FLASH, IMMEDIATE, PRIORITY and ROUTINE");
}

static set64 parents_of(const struct agreements *all, const struct agreement *a)
{
    set64 out = 0;
    for (unsigned i = 0; i < a->under_count; i++) {
        unsigned parent;
        if (!err_is(agreements_find(all, name_span(&a->under[i].agreement), &parent))) {
            out |= set_one(parent);
        }
    }
    return out;
}

set64 agreements_above(const struct agreements *all, set64 these)
{
    set64 out = these, before;
    do {
        before = out;
        for (unsigned i = set_next(before, 0); i < all->count; i = set_next(before, i + 1)) {
            out |= parents_of(all, &all->agreement[i]);
        }
    } while (out != before);
    return out;
}

set64 agreements_between(const struct agreements *all, uint8_t from, uint8_t to)
{
    set64 both = set_one(from) | set_one(to), out = 0;
    for (unsigned i = 0; i < all->count; i++) {
        out |= set_within(both, all->agreement[i].parties) ? set_one(i) : 0;
    }
    return agreements_above(all, out);
}

/* The lesser of two measures, of which 0 says that there is none */
static uint32_t least_set(uint32_t a, uint32_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

void obligations_unite(struct obligations *to, const struct obligations *also)
{
    to->duties |= also->duties;
    to->receipt_ms = least_set(to->receipt_ms, also->receipt_ms);
    to->loss_ms = least_set(to->loss_ms, also->loss_ms);
    to->lease_ms = least_set(to->lease_ms, also->lease_ms);
    to->destroy_s = least_set(to->destroy_s, also->destroy_s);
    to->copies = (uint8_t)least_set(to->copies, also->copies);
    to->certifiers = also->certifiers > to->certifiers ? also->certifiers : to->certifiers;
}

bool obligations_equal(const struct obligations *a, const struct obligations *b)
{
    return a->duties == b->duties && a->receipt_ms == b->receipt_ms && a->loss_ms == b->loss_ms &&
           a->lease_ms == b->lease_ms && a->destroy_s == b->destroy_s && a->copies == b->copies &&
           a->certifiers == b->certifiers;
}
