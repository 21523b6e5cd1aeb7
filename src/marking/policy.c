/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/policy.h"

#include <stddef.h>

void policies_copy(const struct policies *from, struct policies *to)
{
    memcpy(to, from, offsetof(struct policies, policy));
    memcpy(to->policy, from->policy, from->count * sizeof *from->policy);
}

const struct policy *policy_find(const struct policies *all, span party)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (span_equal(name_span(&all->policy[i].name), party)) {
            return &all->policy[i];
        }
    }
    return NULL;
}

unsigned policy_strictest(const struct policy *p, uint16_t ranks)
{
    unsigned best = LEVELS_MAX;
    for (unsigned i = 0; i < p->level_count; i++) {
        bool candidate = set_has(ranks, i);
        if (candidate && (best == LEVELS_MAX || p->level[i].hierarchy > p->level[best].hierarchy)) {
            best = i;
        }
    }
    return best;
}

static bool one_line(const char *text, size_t max)
{
    size_t len = strnlen(text, max);
    span   all = {(const uint8_t *)text, len};
    span   bare = span_trim(all);
    utf8   checked;
    return len > 0 && len < max && bare.len == len && !err_is(text_utf8(all, &checked)) &&
           memchr(text, '\n', len) == NULL && memchr(text, '\t', len) == NULL;
}

/* A banner is cut at "//", and its lists at "/" and ",": a form that holds one could not be read */
static bool banner_form(const char *text)
{
    return one_line(text, TITLE_MAX) && strpbrk(text, "/,()") == NULL;
}

/* Nor may a caveat look like what a banner says about recipients */
static bool caveat_form(const char *text)
{
    return banner_form(text) && !span_starts(span_text(text), SPAN_LIT("REL TO")) &&
           !span_starts(span_text(text), SPAN_LIT("DISPLAY ONLY")) && strcmp(text, "NOFORN") != 0;
}

static err object_id_valid(const char *id)
{
    size_t len = strnlen(id, sizeof((struct policy *)NULL)->id);
    bool   after_dot = true;
    for (size_t i = 0; i < len; i++) {
        bool dot = id[i] == '.';
        if ((dot && after_dot) || (!dot && (id[i] < '0' || id[i] > '9'))) {
            return FAIL(MALFORMED, "an object identifier is numbers with dots between them");
        }
        after_dot = dot;
    }
    if (after_dot || len == sizeof((struct policy *)NULL)->id) {
        return FAIL(MALFORMED, "an object identifier is numbers with dots between them");
    }
    return OK;
}

static err caveats_valid(const struct policy *p)
{
    for (unsigned i = 0; i < p->caveat_count; i++) {
        const struct policy_caveat *c = &p->caveat[i];
        if (!caveat_form(c->banner)) {
            return FAIL(MALFORMED,
                        "the banner form of a caveat is not one line without slash, comma "
                        "or bracket, or looks like a list of recipients");
        }
        if (i > 0 && span_order(name_span(&p->caveat[i - 1].name), name_span(&c->name)) >= 0) {
            return FAIL(MALFORMED, "the caveats of a policy are in byte order, each once");
        }
        for (unsigned k = 0; k < i; k++) {
            if (p->caveat[k].lacv == c->lacv || strcmp(p->caveat[k].banner, c->banner) == 0) {
                return FAIL(MALFORMED, "two caveats have one number or one banner form");
            }
        }
    }
    return OK;
}

static err level_valid(const struct policy *p, const struct policy_level *l)
{
    set64 known = set_one(p->caveat_count) - 1;
    if (l->color > 0xffffff) {
        return FAIL(MALFORMED, "the colour of a level is not three bytes of red, green and blue");
    }
    if (!banner_form(l->banner)) {
        return FAIL(MALFORMED,
                    "the banner form of a level is not one line without slash, comma or bracket");
    }
    for (unsigned t = 0; t < TITLE_COUNT; t++) {
        if (!one_line(l->title[t], TITLE_MAX)) {
            return FAIL(MALFORMED, "a level has no title in English, Korean and Japanese");
        }
    }
    if ((l->caveats_required & l->caveats_excluded) != 0) {
        return FAIL(MALFORMED, "a level both requires and excludes a caveat");
    }
    return set_within(l->caveats_required | l->caveats_excluded, known)
               ? OK
               : FAIL(UNKNOWN, "a level names a caveat that its policy does not define");
}

static err levels_differ(const struct policy_level *a, const struct policy_level *b)
{
    if (name_equal(&a->name, &b->name) || a->lacv == b->lacv || a->color == b->color ||
        strcmp(a->banner, b->banner) == 0) {
        return FAIL(MALFORMED, "two levels have one name, number, colour or banner form");
    }
    return OK;
}

static err levels_valid(const struct policy *p)
{
    if (p->level_count == 0) {
        return FAIL(MALFORMED, "a policy has no level");
    }
    for (unsigned i = 0; i < p->level_count; i++) {
        const struct policy_level *l = &p->level[i], *before = i > 0 ? l - 1 : NULL;
        TRY(level_valid(p, l));
        if (before != NULL && (before->hierarchy > l->hierarchy ||
                               (before->hierarchy == l->hierarchy &&
                                span_order(name_span(&before->name), name_span(&l->name)) >= 0))) {
            return FAIL(MALFORMED, "the levels of a policy go by hierarchy, then by name");
        }
        for (unsigned k = 0; k < i; k++) {
            TRY(levels_differ(&p->level[k], l));
        }
    }
    return OK;
}

err policy_valid(const struct policies *all, const struct policy *p)
{
    if (p->level_count > LEVELS_MAX || p->caveat_count > CAVEATS_MAX) {
        return FAIL(LIMIT, "a policy has more than 16 levels or 32 caveats");
    }
    TRY(object_id_valid(p->id));
    if (!names_cover(&all->parties, p->parties) || !names_cover(&all->topics, p->topics) ||
        !names_cover(&all->disciplines, p->disciplines)) {
        return FAIL(UNKNOWN, "a policy names a party, topic or discipline that is not defined");
    }
    unsigned self = 0;
    if (err_is(names_find(&all->parties, name_span(&p->name), &self)) ||
        !set_has(p->parties, self)) {
        return FAIL(MALFORMED, "a policy does not name the party whose scheme it is");
    }
    if (p->topics == 0 || p->disciplines == 0) {
        return FAIL(MALFORMED, "a policy has no topic or no discipline");
    }
    TRY(caveats_valid(p));
    return levels_valid(p);
}
