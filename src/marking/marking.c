/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/marking.h"

static const char *const kind_names[KIND_COUNT] = {
    [KIND_TRACK] = "track", [KIND_WARNING] = "warning", [KIND_REPORT] = "report",
    [KIND_IMAGE] = "image", [KIND_THING] = "thing",     [KIND_ORAL] = "oral",
};

const char *kind_name(enum kind k)
{
    MUST((unsigned)k < KIND_COUNT);
    return kind_names[k];
}

err kind_of(span s, enum kind *out)
{
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if (span_is(s, kind_names[k])) {
            *out = (enum kind)k;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the kinds are track, warning, report, image, thing and oral");
}

static const struct policy_level *level_find(const struct policies *all, level l)
{
    if (l.policy >= all->count || l.rank >= all->policy[l.policy].level_count) {
        return NULL;
    }
    return &all->policy[l.policy].level[l.rank];
}

void level_format(const struct policies *all, level l, struct writer *w)
{
    const struct policy_level *found = level_find(all, l);
    if (found == NULL) {
        w->bad = true;
        return;
    }
    put_span(w, name_span(&all->policy[l.policy].name));
    put_u8(w, ':');
    put_span(w, name_span(&found->name));
}

err level_read(const struct policies *all, span text, level *out)
{
    span                 rest = text;
    const struct policy *p = policy_find(all, span_cut(&rest, ':'));
    if (p == NULL) {
        return FAIL(UNKNOWN, "no policy of this name is loaded");
    }
    for (unsigned i = 0; i < p->level_count; i++) {
        if (span_equal(name_span(&p->level[i].name), rest)) {
            *out = (level){(uint8_t)(p - all->policy), (uint8_t)i};
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the policy has no level of this name");
}

bool level_at_most(const struct policies *all, level a, level b)
{
    const struct policy_level *la = level_find(all, a), *lb = level_find(all, b);
    return la != NULL && lb != NULL && a.policy == b.policy && la->hierarchy <= lb->hierarchy;
}

err marking_valid(const struct policies *all, const struct marking *m)
{
    const struct policy_level *l = level_find(all, m->level);
    if (l == NULL) {
        return FAIL(UNKNOWN, "the marking has a level that no policy defines");
    }
    set64 parties = m->originators | m->release_to | m->disclose_to;
    set64 caveats = set_one(all->policy[m->level.policy].caveat_count) - 1;
    if (!names_cover(&all->parties, parties) || !names_cover(&all->topics, m->topics) ||
        !names_cover(&all->disciplines, m->disciplines) || !set_within(m->caveats, caveats)) {
        return FAIL(UNKNOWN, "the marking has a name that no policy defines");
    }
    if (m->originators == 0 || m->topics == 0 || m->disciplines == 0) {
        return FAIL(MALFORMED, "a marking states its originator, a topic and a discipline");
    }
    if (!set_within(m->release_to, m->disclose_to)) {
        return FAIL(MALFORMED, "who may keep it may also be shown it");
    }
    if (l->obsolete) {
        return FAIL(MALFORMED, "the level of the marking is obsolete");
    }
    if (!set_within(l->caveats_required, m->caveats) || (l->caveats_excluded & m->caveats) != 0) {
        return FAIL(MALFORMED, "the level of the marking does not go with its caveats");
    }
    return OK;
}

err marking_join(const struct marking *a, const struct marking *b, struct marking *out)
{
    if (a->level.policy != b->level.policy) {
        return FAIL(UNKNOWN, "markings of two policies have no join");
    }
    *out = (struct marking){
        /* levels lie by hierarchy, so the greater rank protects no less */
        .level = a->level.rank > b->level.rank ? a->level : b->level,
        .originators = a->originators | b->originators,
        .release_to = a->release_to & b->release_to,
        .disclose_to = a->disclose_to & b->disclose_to,
        .topics = a->topics | b->topics,
        .disciplines = a->disciplines | b->disciplines,
        .caveats = a->caveats | b->caveats,
    };
    return OK;
}

bool marking_equal(const struct marking *a, const struct marking *b)
{
    return a->level.policy == b->level.policy && a->level.rank == b->level.rank &&
           a->originators == b->originators && a->release_to == b->release_to &&
           a->disclose_to == b->disclose_to && a->topics == b->topics &&
           a->disciplines == b->disciplines && a->caveats == b->caveats;
}

static void caveats_format(const struct policy *p, set64 members, struct writer *w)
{
    const char *comma = "";
    for (unsigned i = set_next(members, 0); i < SET64_MAX; i = set_next(members, i + 1)) {
        if (i >= p->caveat_count) {
            w->bad = true;
            return;
        }
        put_text(w, comma);
        put_span(w, name_span(&p->caveat[i].name));
        comma = ",";
    }
}

static void part_format(const char *key, const struct names *n, set64 members, struct writer *w)
{
    put_text(w, key);
    names_format(n, members, w);
}

void marking_format(const struct policies *all, const struct marking *m, struct writer *w)
{
    if (level_find(all, m->level) == NULL) {
        w->bad = true;
        return;
    }
    set64 shown = m->disclose_to & ~m->release_to;
    level_format(all, m->level, w);
    part_format(" of ", &all->parties, m->originators, w);
    part_format(" about ", &all->topics, m->topics, w);
    part_format(" from ", &all->disciplines, m->disciplines, w);
    if (m->release_to != 0) {
        part_format(" to ", &all->parties, m->release_to, w);
    }
    if (shown != 0) {
        part_format(" show ", &all->parties, shown, w);
    }
    if (m->caveats != 0) {
        put_text(w, " caveats ");
        caveats_format(&all->policy[m->level.policy], m->caveats, w);
    }
}

static err caveats_read(const struct policy *p, span text, set64 *out)
{
    set64    found = 0;
    unsigned i = 0;
    bool     more = true;
    while (more) {
        more = text.len > 0 && memchr(text.ptr, ',', text.len) != NULL;
        span one = span_cut(&text, ',');
        while (i < p->caveat_count && !span_equal(name_span(&p->caveat[i].name), one)) {
            i++; /* caveats lie in byte order: one that is not ahead is unknown or out of order */
        }
        if (i == p->caveat_count) {
            return FAIL(UNKNOWN, "a caveat is not of the policy, or the caveats are out of order");
        }
        found |= set_one(i++);
    }
    *out = found;
    return OK;
}

/* words - what is left of the line, cut at single blanks */
struct words {
    span rest;
    bool ended;
};

static span word_next(struct words *w)
{
    w->ended = w->rest.len == 0 || memchr(w->rest.ptr, ' ', w->rest.len) == NULL;
    return span_cut(&w->rest, ' ');
}

/* Is the next word this key?  Then its value is what follows. */
static bool word_take(struct words *w, const char *key, span *value)
{
    struct words ahead = *w;
    if (w->ended || !span_is(word_next(&ahead), key) || ahead.ended) {
        return false;
    }
    *value = word_next(&ahead);
    *w = ahead;
    return true;
}

static err part_read(struct words *w, const char *key, const struct names *n, set64 *out)
{
    span value = {0};
    return word_take(w, key, &value)
               ? names_read(n, value, out)
               : FAIL(MALFORMED, "a marking reads POLICY:LEVEL of … about … from …");
}

static err part_maybe(struct words *w, const char *key, const struct names *n, set64 *out)
{
    span value = {0};
    return word_take(w, key, &value) ? names_read(n, value, out) : OK;
}

err marking_read(const struct policies *all, span text, struct marking *out)
{
    struct marking m = {0};
    struct words   w = {.rest = text};
    set64          shown = 0;
    span           caveats = {0};
    TRY(level_read(all, word_next(&w), &m.level));
    TRY(part_read(&w, "of", &all->parties, &m.originators));
    TRY(part_read(&w, "about", &all->topics, &m.topics));
    TRY(part_read(&w, "from", &all->disciplines, &m.disciplines));
    TRY(part_maybe(&w, "to", &all->parties, &m.release_to));
    TRY(part_maybe(&w, "show", &all->parties, &shown));
    if (word_take(&w, "caveats", &caveats)) {
        TRY(caveats_read(&all->policy[m.level.policy], caveats, &m.caveats));
    }
    if (!w.ended || (shown & m.release_to) != 0) {
        return FAIL(MALFORMED, "a marking has a part that is unknown, repeated or out of order");
    }
    m.disclose_to = m.release_to | shown;
    TRY(marking_valid(all, &m));
    *out = m;
    return OK;
}
