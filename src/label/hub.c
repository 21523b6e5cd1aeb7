/* SPDX-License-Identifier: Apache-2.0 */
#include "label/hub.h"
#include "label/need.h"

/* The tag sets that a marking has, under each name that is known for them */
enum hub_field { HUB_RELEASE, HUB_DISCLOSE, HUB_TOPICS, HUB_DISCIPLINES, HUB_CAVEATS, HUB_COUNT };

static const struct {
    const char    *set;
    enum hub_field field;
    enum tag_type  like; /* as the guard decides: recipients are any of, all else is all of */
} hub_sets[] = {
    {"Releasable To", HUB_RELEASE, TAG_PERMISSIVE},
    {"Display Only", HUB_DISCLOSE, TAG_PERMISSIVE},
    {"Show", HUB_DISCLOSE, TAG_PERMISSIVE},
    {"Topic", HUB_TOPICS, TAG_RESTRICTIVE},
    {"Discipline", HUB_DISCIPLINES, TAG_RESTRICTIVE},
    {"Caveats", HUB_CAVEATS, TAG_RESTRICTIVE},
};

/* hub - one conversion
 *
 * field   the sets of the marking, one for each field */
struct hub {
    const struct policies *all;
    const struct policy   *policy;
    const struct scheme   *scheme;
    struct label_loss     *loss;
    set64                  field[HUB_COUNT];
};

static err lose(struct hub *h, enum err_code code, span value, const char *why)
{
    *h->loss = (struct label_loss){value, why};
    return (err){code, why};
}

static bool hub_row(const struct scheme *s, unsigned tag, size_t *row)
{
    const struct scheme_tag *t = &s->tag[tag];
    bool                     permissive = tag_is_permissive(t->type);
    for (size_t i = 0; i < ARRAY_LEN(hub_sets); i++) {
        if (span_is(s->set[t->set].name, hub_sets[i].set) && t->type != TAG_INFORMATIVE &&
            permissive == tag_is_permissive(hub_sets[i].like)) {
            *row = i;
            return true;
        }
    }
    return false;
}

static bool caveat_find(const struct policy *p, span said, unsigned *out)
{
    for (unsigned i = 0; i < p->caveat_count; i++) {
        if (span_equal(name_span(&p->caveat[i].name), said)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static const struct names *field_names(const struct policies *all, enum hub_field f)
{
    return f == HUB_TOPICS        ? &all->topics
           : f == HUB_DISCIPLINES ? &all->disciplines
                                  : &all->parties;
}

static err category_in(struct hub *h, unsigned c)
{
    const struct scheme_category *category = &h->scheme->category[c];
    size_t                        row = 0;
    unsigned                      n = 0;
    if (!hub_row(h->scheme, category->tag, &row)) {
        return lose(h, ERR_MALFORMED, category->name, "a marking has no place for the category");
    }
    enum hub_field f = hub_sets[row].field;
    bool           known = f == HUB_CAVEATS ? caveat_find(h->policy, category->name, &n)
                                            : !err_is(names_find(field_names(h->all, f), category->name, &n));
    if (!known) {
        return lose(h, ERR_UNKNOWN, category->name, "no policy that is loaded knows the category");
    }
    h->field[f] |= set_one(n);
    return OK;
}

static err level_in(struct hub *h, const struct label *l, level *out)
{
    span said = h->scheme->class[l->class].name;
    for (unsigned i = 0; i < h->policy->level_count; i++) {
        if (span_equal(name_span(&h->policy->level[i].name), said)) {
            *out = (level){(uint8_t)(h->policy - h->all->policy), (uint8_t)i};
            return OK;
        }
    }
    return lose(h, ERR_UNKNOWN, said, "the guard's policy has no such level");
}

/* Release to nobody is what a marking says by an empty list; any other tag that nobody can meet, it
 * cannot say */
static err nobody_in(struct hub *h, const struct label *l)
{
    for (unsigned t = 0; t < h->scheme->tag_count; t++) {
        size_t row = 0;
        if (tag_nobody(l, t) &&
            (!hub_row(h->scheme, t, &row) || hub_sets[row].like != TAG_PERMISSIVE)) {
            return lose(h, ERR_MALFORMED, h->scheme->tag[t].name,
                        "a marking cannot say that nobody has a value of the tag");
        }
    }
    return OK;
}

static err hub_in(struct hub *h, const struct label *l, struct marking *m)
{
    struct label_faults faults;
    h->policy = policy_find(h->all, h->scheme->name);
    if (h->policy == NULL) {
        return lose(h, ERR_UNKNOWN, h->scheme->name, "no policy of that name is loaded");
    }
    if (!label_valid(l, &faults)) {
        return lose(h, ERR_MALFORMED, (span){0}, fault_sentence(faults.fault[0].reason));
    }
    if (l->privacy != SCHEME_NONE) {
        return lose(h, ERR_MALFORMED, h->scheme->privacy[l->privacy].name,
                    "a marking has no place for the privacy mark");
    }
    TRY(level_in(h, l, &m->level));
    TRY(nobody_in(h, l));
    for (unsigned c = category_next(&l->categories, 0); c < CATEGORIES_MAX;
         c = category_next(&l->categories, c + 1)) {
        TRY(category_in(h, c));
    }
    return OK;
}

err label_marking(const struct policies *all, const struct label *l, set64 originators,
                  struct marking *out, struct label_loss *loss)
{
    struct hub     h = {.all = all, .scheme = l->scheme, .loss = loss};
    struct marking m = {.originators = originators};
    *loss = (struct label_loss){0};
    TRY(hub_in(&h, l, &m));
    m.release_to = h.field[HUB_RELEASE];
    m.disclose_to = h.field[HUB_RELEASE] | h.field[HUB_DISCLOSE];
    m.topics = h.field[HUB_TOPICS];
    m.disciplines = h.field[HUB_DISCIPLINES];
    m.caveats = h.field[HUB_CAVEATS];
    err e = marking_valid(all, &m);
    if (err_is(e)) {
        return lose(&h, e.code, (span){0}, e.why);
    }
    *out = m;
    return OK;
}

static span field_name(const struct hub *h, enum hub_field f, unsigned i)
{
    return name_span(f == HUB_CAVEATS ? &h->policy->caveat[i].name
                                      : &field_names(h->all, f)->name[i]);
}

static uint16_t field_category(const struct hub *h, enum hub_field f, span said)
{
    for (size_t row = 0; row < ARRAY_LEN(hub_sets); row++) {
        uint16_t set = scheme_set_by_name(h->scheme, span_text(hub_sets[row].set));
        uint16_t c = hub_sets[row].field != f || set == SCHEME_NONE
                         ? SCHEME_NONE
                         : scheme_category_by_name(h->scheme, set, hub_sets[row].like, said);
        if (c != SCHEME_NONE) {
            return c;
        }
    }
    return SCHEME_NONE;
}

static err field_out(struct hub *h, enum hub_field f, struct label *l)
{
    for (unsigned i = set_next(h->field[f], 0); i < SET64_MAX; i = set_next(h->field[f], i + 1)) {
        span     said = field_name(h, f, i);
        uint16_t c = field_category(h, f, said);
        if (c == SCHEME_NONE) {
            return lose(h, ERR_UNKNOWN, said, "the policy has no category of that name");
        }
        category_put(&l->categories, c);
    }
    return OK;
}

/* An empty release list is nobody, not everybody: every permissive tag for releases says so */
static err release_nobody(struct hub *h, struct label *l)
{
    bool   there = false;
    size_t row = 0;
    for (unsigned t = 0; t < h->scheme->tag_count; t++) {
        if (hub_row(h->scheme, t, &row) && hub_sets[row].field == HUB_RELEASE) {
            l->nobody[t / 64] |= (uint64_t)1 << t % 64;
            there = true;
        }
    }
    return there ? OK
                 : lose(h, ERR_UNKNOWN, (span){0},
                        "the policy has no Releasable To that could say: to nobody");
}

static err hub_out(struct hub *h, const struct marking *m, struct label *l)
{
    TRY(marking_valid(h->all, m));
    h->policy = &h->all->policy[m->level.policy];
    if (!span_equal(name_span(&h->policy->name), h->scheme->name)) {
        return lose(h, ERR_UNKNOWN, h->scheme->name, "the marking is of another policy");
    }
    span said = name_span(&h->policy->level[m->level.rank].name);
    l->class = scheme_class_by_name(h->scheme, said);
    if (l->class == SCHEME_NONE) {
        return lose(h, ERR_UNKNOWN, said, "the policy has no classification of that name");
    }
    for (enum hub_field f = 0; f < HUB_COUNT; f++) {
        TRY(field_out(h, f, l));
    }
    return m->release_to != 0 ? OK : release_nobody(h, l);
}

err marking_label(const struct policies *all, const struct marking *m, const struct scheme *s,
                  struct label *out, struct label_loss *loss)
{
    struct label        l = {.scheme = s, .privacy = SCHEME_NONE};
    struct label_faults faults;
    struct hub          h = {.all = all, .scheme = s, .loss = loss};
    *loss = (struct label_loss){0};
    h.field[HUB_RELEASE] = m->release_to;
    h.field[HUB_DISCLOSE] = m->disclose_to & ~m->release_to;
    h.field[HUB_TOPICS] = m->topics;
    h.field[HUB_DISCIPLINES] = m->disciplines;
    h.field[HUB_CAVEATS] = m->caveats;
    err e = hub_out(&h, m, &l);
    if (err_is(e)) {
        return loss->why != NULL ? e : lose(&h, e.code, (span){0}, e.why);
    }
    if (!label_valid(&l, &faults)) {
        return lose(&h, ERR_MALFORMED, (span){0}, fault_sentence(faults.fault[0].reason));
    }
    *out = l;
    return OK;
}
