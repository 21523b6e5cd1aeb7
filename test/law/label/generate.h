/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_LAW_LABEL_GENERATE_H
#define TEST_LAW_LABEL_GENERATE_H

#include "label/label.h"

/* dice - numbers that look random, the same in every run (xorshift64*) */
struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *d)
{
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return d->state * UINT64_C(2685821657736338717);
}

static inline unsigned dice_below(struct dice *d, unsigned n)
{
    return (unsigned)(dice_roll(d) % n);
}

/* made - a scheme in memory: tags of every type, of sizes that lie across words of a set; with rules,
 *        some categories exclude or require others, and classes require categories */
#define MADE_CLASSES    5
#define MADE_TAGS       9
#define MADE_CATEGORIES (MADE_TAGS * 23)
#define MADE_RULES      12
struct made {
    struct scheme s;
    struct scheme_class class[MADE_CLASSES];
    struct scheme_tag_set      set[1];
    struct scheme_tag          tag[MADE_TAGS];
    struct scheme_category     category[MADE_CATEGORIES];
    struct scheme_privacy_mark privacy[2];
    struct scheme_need         need[MADE_RULES];
    struct scheme_ref          ref[MADE_RULES];
    char                       text[MADE_CATEGORIES][8];
};

static inline span made_name(struct made *m, unsigned i)
{
    (void)snprintf(m->text[i], sizeof m->text[i], "c%u", i);
    return span_text(m->text[i]);
}

static inline void made_category(struct made *m, unsigned i)
{
    m->category[i] = (struct scheme_category){.name = made_name(m, i),
                                              .lacv = i,
                                              .tag = (uint16_t)(i / 23),
                                              .not_before = INT64_MIN,
                                              .not_after = INSTANT_NEVER};
}

/* A rule refers to one category by its lacv */
static inline void made_rule(struct made *m, struct dice *d, unsigned i)
{
    unsigned to = dice_below(d, MADE_CATEGORIES), from = dice_below(d, MADE_CATEGORIES);
    m->ref[i] = (struct scheme_ref){.set_name = SPAN_LIT("set"),
                                    .type = m->tag[to / 23].type,
                                    .lacv = to,
                                    .set = SCHEME_NONE,
                                    .category = SCHEME_NONE};
    m->need[i] = (struct scheme_need){
        .operation = (enum scheme_operation)(i % 3), .ref_count = 1, .ref = &m->ref[i]};
    if (i % 4 == 0) {
        m->class[i / 4].need = &m->need[i];
        m->class[i / 4].need_count = 1;
    } else if (i % 4 == 1) {
        m->category[from].need = &m->need[i];
        m->category[from].need_count = 1;
    } else if (i % 4 == 2) {
        m->category[from].excluded = &m->ref[i];
        m->category[from].excluded_count = 1;
    } else {
        m->category[from].excluded_classes = set_one(dice_below(d, MADE_CLASSES));
    }
}

static inline void made_scheme(struct made *m, struct dice *d, bool rules,
                               struct scheme_problems *problems)
{
    static const char *const class[MADE_CLASSES] = {"A", "B", "C", "D", "E"};
    *m = (struct made){0};
    m->s = (struct scheme){.name = SPAN_LIT("MADE"),
                           .id = SPAN_LIT("1.1"),
                           .class_count = MADE_CLASSES,
                           .set_count = 1,
                           .tag_count = MADE_TAGS,
                           .category_count = MADE_CATEGORIES,
                           .privacy_count = 2,
                           .privacy_max = 1,
                           .class = m->class,
                           .set = m->set,
                           .tag = m->tag,
                           .category = m->category,
                           .privacy = m->privacy,
                           .not_before = INT64_MIN,
                           .not_after = INSTANT_NEVER};
    m->privacy[0].name = SPAN_LIT("one");
    m->privacy[1].name = SPAN_LIT("two");
    m->set[0] = (struct scheme_tag_set){
        .name = SPAN_LIT("set"), .id = SPAN_LIT("1.1.1"), .tag_count = MADE_TAGS};
    for (unsigned i = 0; i < MADE_CLASSES; i++) {
        m->class[i] = (struct scheme_class){.name = span_text(class[i]),
                                            .lacv = i,
                                            .hierarchy = (i * 3 + 1) % 7,
                                            .color = COLOR_NONE};
    }
    for (unsigned i = 0; i < MADE_TAGS; i++) {
        m->tag[i] = (struct scheme_tag){.name = SPAN_LIT("tag"),
                                        .type = (enum tag_type)(i % TAG_TYPE_COUNT),
                                        .first = (uint16_t)(i * 23),
                                        .count = 23,
                                        .max = SELECTION_MAX};
    }
    for (unsigned i = 0; i < MADE_CATEGORIES; i++) {
        made_category(m, i);
    }
    for (unsigned i = 0; rules && i < MADE_RULES; i++) {
        made_rule(m, d, i);
    }
    scheme_index(&m->s, problems);
}

/* dice_categories - few or many, of all tags or of some */
static inline struct category_set dice_categories(struct dice *d, unsigned one_in)
{
    struct category_set s = {0};
    uint64_t            tags = dice_roll(d);
    for (unsigned i = 0; i < MADE_CATEGORIES; i++) {
        if ((tags >> i / 23 & 1) != 0 && dice_below(d, one_in) == 0) {
            category_put(&s, i);
        }
    }
    return s;
}

static inline struct label dice_label(struct dice *d, const struct scheme *s)
{
    struct label l = {.scheme = s, .privacy = SCHEME_NONE};
    l.class = (uint16_t)dice_below(d, s->class_count);
    l.categories = dice_categories(d, 2 + dice_below(d, 12));
    for (unsigned i = 0; i < s->permissive_count; i++) {
        unsigned t = s->permissive[i].tag;
        if (dice_below(d, 12) == 0 &&
            category_count(&l.categories, s->tag[t].first, s->tag[t].count) == 0) {
            l.nobody[t / 64] |= (uint64_t)1 << t % 64;
        }
    }
    return l;
}

static inline struct label_clearance dice_clearance(struct dice *d, const struct scheme *s)
{
    struct label_clearance c = {.scheme = s, .classes = dice_roll(d) & 31};
    bool                   all = dice_below(d, 3) == 0;
    c.categories = all ? s->known : dice_categories(d, 1 + dice_below(d, 2));
    for (unsigned w = 0; w < s->words; w++) {
        c.categories.word[w] &= ~s->informative.word[w];
    }
    return c;
}

#endif
