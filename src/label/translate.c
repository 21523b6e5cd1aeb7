/* SPDX-License-Identifier: Apache-2.0 */
#include "label/label.h"
#include "label/need.h"

/* One label on its way into another scheme
 *
 * policy    the other's place in the list of equivalents of the scheme whose word counts
 * settled   categories that an equivalent classification accounts for, so that they need none */
struct crossing {
    const struct label  *from;
    const struct scheme *to;
    enum applied         direction;
    uint16_t             policy;
    struct category_set  settled;
    struct label        *out;
    struct label_hold   *hold;
};

static enum label_outcome hold_for(struct crossing *x, const char *why, span value)
{
    *x->hold = (struct label_hold){why, value};
    return LABEL_HOLD;
}

static uint16_t policy_of(const struct scheme *own, const struct scheme *other)
{
    for (uint16_t i = 0; i < own->policy_count; i++) {
        if (span_equal(own->policy[i].id, other->id)) {
            return i;
        }
    }
    return SCHEME_NONE;
}

/* A reference into the other scheme, which could not be looked up before */
static bool ref_into(const struct scheme *s, const struct scheme_ref *r, struct scheme_ref *out)
{
    *out = *r;
    out->set = scheme_set_by_name(s, r->set_name);
    if (out->set != SCHEME_NONE && !r->all) {
        out->category = scheme_category_by_lacv(s, out->set, r->type, r->lacv);
    }
    return out->set != SCHEME_NONE && (r->all || out->category != SCHEME_NONE);
}

/* Add what is required there and the label has not; where that leaves a choice, a person has it */
static enum label_outcome need_add(struct crossing *x, const struct scheme_need *n)
{
    unsigned          met = 0;
    struct scheme_ref r = {0};
    for (unsigned i = 0; i < n->ref_count; i++) {
        if (!ref_into(x->to, &n->ref[i], &r)) {
            return hold_for(x, "an equivalence requires what the other policy has not",
                            n->ref[i].set_name);
        }
        unsigned count = ref_count(x->to, &r, &x->out->categories);
        met += count;
        if (count == 0 && !r.all && (n->operation == OPERATION_ALL || n->ref_count == 1)) {
            category_put(&x->out->categories, r.category);
            met++;
        } else if (count == 0 && n->operation == OPERATION_ALL) {
            return hold_for(x, "an equivalence requires one of several categories", r.set_name);
        }
    }
    bool enough = n->operation == OPERATION_ONLY_ONE ? met == 1 : met >= 1;
    return enough ? LABEL_OK
                  : hold_for(x, "an equivalence requires one of several categories",
                             n->ref_count > 0 ? n->ref[0].set_name : (span){0});
}

static enum label_outcome needs_add(struct crossing *x, const struct scheme_need *n, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (need_add(x, &n[i]) == LABEL_HOLD) {
            return LABEL_HOLD;
        }
    }
    return LABEL_OK;
}

/* The giver's word: what stands at the class of the label */
static enum label_outcome class_out(struct crossing                       *x,
                                    const struct scheme_equivalent_class **which)
{
    const struct scheme_class *class = &x->from->scheme->class[x->from->class];
    unsigned found = 0;
    for (unsigned i = 0; i < class->equivalent_count; i++) {
        const struct scheme_equivalent_class *e = &class->equivalent[i];
        if (e->policy == x->policy && (e->applied & APPLIED_ENCRYPT) != 0) {
            *which = e;
            found++;
        }
    }
    if (found != 1) {
        return found == 0 ? hold_for(x, "the classification has no equivalent in the other policy",
                                     class->name)
                          : hold_for(x, "the classification has several equivalents", class->name);
    }
    x->out->class = scheme_class_by_lacv(x->to, (*which)->lacv);
    return x->out->class != SCHEME_NONE
               ? LABEL_OK
               : hold_for(x, "the equivalent classification is not in the other policy",
                          class->name);
}

/* Does the label have, in its own scheme, what an equivalence of the receiver requires of it there?  Then
 * these categories are accounted for. */
static bool needs_there(struct crossing *x, const struct scheme_equivalent_class *e)
{
    const struct scheme *s = x->from->scheme;
    struct category_set  used = {0};
    for (unsigned i = 0; i < e->need_count; i++) {
        const struct scheme_need *n = &e->need[i];
        unsigned                  met = 0;
        struct scheme_ref         r = {0};
        for (unsigned j = 0; j < n->ref_count; j++) {
            unsigned count =
                ref_into(s, &n->ref[j], &r) && !r.all ? ref_count(s, &r, &x->from->categories) : 0;
            if (count > 0) {
                category_put(&used, r.category);
            } else if (n->operation == OPERATION_ALL) {
                return false;
            }
            met += count;
        }
        if (n->operation == OPERATION_ONLY_ONE ? met != 1 : met == 0) {
            return false;
        }
    }
    x->settled = used;
    return true;
}

/* The receiver's word, read backwards: which of his classes has this one as its equivalent */
static enum label_outcome class_in(struct crossing *x)
{
    const struct scheme_class *class = &x->from->scheme->class[x->from->class];
    unsigned found = 0;
    for (unsigned k = 0; k < x->to->class_count; k++) {
        for (unsigned i = 0; i < x->to->class[k].equivalent_count; i++) {
            const struct scheme_equivalent_class *e = &x->to->class[k].equivalent[i];
            if (e->policy == x->policy && (e->applied & APPLIED_DECRYPT) != 0 &&
                e->lacv == class->lacv && needs_there(x, e)) {
                x->out->class = (uint16_t)k;
                found++;
            }
        }
    }
    if (found == 1) {
        return LABEL_OK;
    }
    return found == 0 ? hold_for(x, "the classification has no equivalent in the other policy",
                                 class->name)
                      : hold_for(x, "the classification has several equivalents", class->name);
}

static enum label_outcome category_out(struct crossing *x, const struct scheme_category *c)
{
    bool stated = false;
    for (unsigned i = 0; i < c->equivalent_count; i++) {
        const struct scheme_equivalent_category *e = &c->equivalent[i];
        if (e->policy != x->policy || (e->applied & APPLIED_ENCRYPT) == 0) {
            continue;
        }
        stated = true;
        if (e->discard) {
            continue;
        }
        uint16_t set = scheme_set_by_id(x->to, e->set_id);
        uint16_t there = set == SCHEME_NONE ? SCHEME_NONE
                                            : scheme_category_by_lacv(x->to, set, e->type, e->lacv);
        if (there == SCHEME_NONE) {
            return hold_for(x, "the equivalent category is not in the other policy", c->name);
        }
        category_put(&x->out->categories, there);
    }
    return stated ? LABEL_OK
                  : hold_for(x, "the category has no equivalent in the other policy", c->name);
}

static bool equivalent_is(const struct crossing *x, const struct scheme_equivalent_category *e,
                          const struct scheme_category *c)
{
    const struct scheme     *s = x->from->scheme;
    const struct scheme_tag *t = &s->tag[c->tag];
    return e->policy == x->policy && (e->applied & APPLIED_DECRYPT) != 0 && !e->discard &&
           e->lacv == c->lacv && e->type == t->type && span_equal(e->set_id, s->set[t->set].id);
}

static enum label_outcome category_in(struct crossing *x, const struct scheme_category *c)
{
    unsigned found = 0;
    for (unsigned k = 0; k < x->to->category_count; k++) {
        const struct scheme_category *mine = &x->to->category[k];
        bool                          hit = false;
        for (unsigned i = 0; i < mine->equivalent_count && !hit; i++) {
            hit = equivalent_is(x, &mine->equivalent[i], c);
        }
        if (hit) {
            category_put(&x->out->categories, k);
            found++;
        }
    }
    if (found == 1) {
        return LABEL_OK;
    }
    return found == 0 ? hold_for(x, "the category has no equivalent in the other policy", c->name)
                      : hold_for(x, "the category has several equivalents", c->name);
}

static enum label_outcome categories_cross(struct crossing *x)
{
    const struct label *l = x->from;
    for (unsigned c = category_next(&l->categories, 0); c < CATEGORIES_MAX;
         c = category_next(&l->categories, c + 1)) {
        const struct scheme_category *category = &l->scheme->category[c];
        if (category_has(&x->settled, c)) {
            continue;
        }
        enum label_outcome one =
            x->direction == APPLIED_ENCRYPT ? category_out(x, category) : category_in(x, category);
        if (one == LABEL_HOLD) {
            return LABEL_HOLD;
        }
    }
    return LABEL_OK;
}

/* What the giver requires there because a tag set is present here */
static enum label_outcome sets_add(struct crossing *x)
{
    const struct scheme *s = x->from->scheme;
    for (unsigned i = 0; i < s->set_count; i++) {
        unsigned present = 0;
        for (unsigned t = s->set[i].first_tag; t < s->set[i].first_tag + s->set[i].tag_count; t++) {
            present += category_count(&x->from->categories, s->tag[t].first, s->tag[t].count);
        }
        for (unsigned e = 0; present > 0 && e < s->set[i].equivalent_count; e++) {
            const struct scheme_equivalent_set *set = &s->set[i].equivalent[e];
            if (set->policy == x->policy &&
                needs_add(x, set->need, set->need_count) == LABEL_HOLD) {
                return LABEL_HOLD;
            }
        }
    }
    return LABEL_OK;
}

static enum label_outcome privacy_cross(struct crossing *x)
{
    if (x->from->privacy == SCHEME_NONE) {
        return LABEL_OK;
    }
    span name = x->from->scheme->privacy[x->from->privacy].name;
    x->out->privacy = scheme_privacy_by_name(x->to, name);
    return x->out->privacy != SCHEME_NONE
               ? LABEL_OK
               : hold_for(x, "the other policy does not have the privacy mark", name);
}

static enum label_outcome cross_out(struct crossing *x)
{
    const struct scheme_equivalent_class *e = NULL;
    const struct scheme_policy           *p = &x->from->scheme->policy[x->policy];
    if (class_out(x, &e) == LABEL_HOLD || categories_cross(x) == LABEL_HOLD ||
        needs_add(x, e->need, e->need_count) == LABEL_HOLD || sets_add(x) == LABEL_HOLD) {
        return LABEL_HOLD;
    }
    return needs_add(x, p->need, p->need_count);
}

static enum label_outcome cross(struct crossing *x)
{
    if ((x->from->nobody[0] | x->from->nobody[1]) != 0) {
        return hold_for(x, "nobody may read the label, and no other policy can say so", (span){0});
    }
    enum label_outcome way = x->direction == APPLIED_ENCRYPT ? cross_out(x)
                             : class_in(x) == LABEL_HOLD     ? LABEL_HOLD
                                                             : categories_cross(x);
    if (way == LABEL_HOLD || privacy_cross(x) == LABEL_HOLD) {
        return LABEL_HOLD;
    }
    return label_settle(x->out, x->hold);
}

err label_translate(const struct label *l, const struct scheme *to, enum applied direction,
                    struct label *out, enum label_outcome *outcome, struct label_hold *hold)
{
    struct label_faults  faults;
    struct label         made = {.scheme = to, .privacy = SCHEME_NONE};
    const struct scheme *own = direction == APPLIED_ENCRYPT ? l->scheme : to;
    struct crossing      x = {.from = l, .to = to, .direction = direction, .out = &made};
    if (direction == APPLIED_BOTH) {
        return FAIL(MALFORMED, "a label is translated by its giver or by its receiver");
    }
    x.policy = policy_of(own, direction == APPLIED_ENCRYPT ? to : l->scheme);
    if (x.policy == SCHEME_NONE) {
        return FAIL(UNKNOWN, "the policy does not name the other as equivalent");
    }
    if (!label_valid(l, &faults)) {
        return FAIL(MALFORMED, "a label that is to be translated is not valid under its policy");
    }
    *hold = (struct label_hold){0};
    x.hold = hold;
    *outcome = cross(&x);
    *out = made;
    return OK;
}
