/* SPDX-License-Identifier: Apache-2.0 */
#include "label/label.h"
#include "label/need.h"

/* A permissive tag of both labels.  Under JOIN_CLOSED one that either has, be it emptied, stays: with
 * what both have, or as nobody's. */
static void permissive_join(const struct label *a, const struct label *b, unsigned t,
                            enum join_rule rule, struct label *out)
{
    const struct scheme_tag *tag = &a->scheme->tag[t];
    bool                     any = tag_nobody(a, t) || tag_nobody(b, t), both = false;
    for (unsigned c = tag->first; c < (unsigned)tag->first + tag->count; c++) {
        bool in_a = category_has(&a->categories, c), in_b = category_has(&b->categories, c);
        any |= in_a || in_b;
        both |= in_a && in_b;
        if (in_a && in_b) {
            category_put(&out->categories, c);
        } else {
            category_drop(&out->categories, c);
        }
    }
    if (rule == JOIN_CLOSED && any && !both) {
        out->nobody[t / 64] |= (uint64_t)1 << t % 64;
    }
}

static struct label joined(const struct label *a, const struct label *b, enum join_rule rule)
{
    const struct scheme *s = a->scheme;
    struct label         out = *a;
    if (s->class[b->class].hierarchy > s->class[a->class].hierarchy) {
        out.class = b->class;
    }
    out.privacy = a->privacy == SCHEME_NONE ? b->privacy : a->privacy;
    for (unsigned w = 0; w < s->words; w++) {
        out.categories.word[w] |= b->categories.word[w];
    }
    out.nobody[0] = a->nobody[0] | b->nobody[0];
    out.nobody[1] = a->nobody[1] | b->nobody[1];
    for (unsigned i = 0; i < s->permissive_count; i++) {
        permissive_join(a, b, s->permissive[i].tag, rule, &out);
    }
    return out;
}

static span fault_value(const struct label *l, const struct label_fault *f)
{
    const struct scheme *s = l->scheme;
    switch (f->reason) {
    case REASON_CLASS_NEEDS:
    case REASON_CLASS_OBSOLETE:
        return s->class[f->of].name;
    case REASON_TOO_FEW:
    case REASON_TOO_MANY:
        return s->tag[f->of].name;
    case REASON_CATEGORY_EXCLUDED:
    case REASON_CATEGORY_NEEDS:
    case REASON_CLASS_EXCLUDED:
    case REASON_CATEGORY_OBSOLETE:
    case REASON_CATEGORY_INPUT:
        return s->category[f->of].name;
    default:
        return (span){0};
    }
}

enum label_outcome label_settle(const struct label *l, struct label_hold *hold)
{
    struct label_faults faults;
    if (label_valid(l, &faults)) {
        return LABEL_OK;
    }
    *hold = (struct label_hold){fault_sentence(faults.fault[0].reason),
                                fault_value(l, &faults.fault[0])};
    return LABEL_HOLD;
}

err label_join(const struct label *a, const struct label *b, enum join_rule rule, struct label *out,
               enum label_outcome *outcome, struct label_hold *hold)
{
    struct label_faults faults;
    if (a->scheme != b->scheme) {
        return FAIL(UNKNOWN, "labels of two policies are joined only once one is translated");
    }
    if (!label_valid(a, &faults) || !label_valid(b, &faults)) {
        return FAIL(MALFORMED, "a label that is to be joined is not valid under its policy");
    }
    struct label both = joined(a, b, rule);
    *hold = (struct label_hold){0};
    *outcome = label_settle(&both, hold);
    if (a->privacy != b->privacy && a->privacy != SCHEME_NONE && b->privacy != SCHEME_NONE) {
        *hold = (struct label_hold){"the labels have two privacy marks, and a label has one",
                                    a->scheme->privacy[b->privacy].name};
        *outcome = LABEL_HOLD;
    }
    *out = both;
    return OK;
}
