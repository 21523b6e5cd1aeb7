/* SPDX-License-Identifier: Apache-2.0 */
/* What a display needs beside the banner of one class, to say what stands above several. */
#include "guard/opening.h"
#include "marking/banner.h"

/* A word of a banner with its place in it: a display puts those of several classes together. */
static void word_put(struct writer *w, const char *key, size_t start, unsigned place, span word)
{
    put_text(w, w->len == start ? key : "/");
    put_decimal(w, place);
    put_u8(w, ':');
    put_span(w, word);
}

static void caveats_line(const struct policy *p, set64 caveats, struct writer *w)
{
    size_t start = w->len;
    for (unsigned i = set_next(caveats, 0); i < p->caveat_count; i = set_next(caveats, i + 1)) {
        word_put(w, "screen-caveats ", start, p->caveat[i].lacv, span_text(p->caveat[i].banner));
    }
    put_text(w, w->len == start ? "" : "\n");
}

/* The own party has it anyway. */
static void parties_line(const struct guard *g, const struct banner_style *s, const char *key,
                         set64 members, struct writer *w)
{
    const struct names *n = &g->tables.policies.parties;
    size_t              start = w->len;
    members &= ~set_one(g->self);
    for (unsigned i = set_next(members, 0); i < n->count; i = set_next(members, i + 1)) {
        bool later = s->self[0] != 0 && name_span(&n->name[i]).len != 3;
        word_put(w, key, start, later ? 1 : 0, name_span(&n->name[i]));
    }
    put_text(w, w->len == start ? "" : "\n");
}

void screen_lines(const struct guard *g, const struct opening *o, struct writer *w)
{
    const struct policy_level *l = &g->tables.policies.policy[o->own_policy].level[o->handled_as];
    const uint8_t              color[3] = {(uint8_t)(l->color >> 16), (uint8_t)(l->color >> 8),
                                           (uint8_t)l->color};
    line_number(w, "own-rank", l->hierarchy);
    line_hex(w, "own-color", SPAN_OF(color));
    line_text(w, "own-banner", span_text(l->banner));
    const struct policies *all = &g->tables.policies;
    struct banner_style    s = banner_style_of(&all->policy[o->own_policy]);
    line_said(w, "screen-self", s.self);
    line_said(w, "screen-nobody", s.nobody);
    caveats_line(&all->policy[o->marking.level.policy], o->marking.caveats, w);
    parties_line(g, &s, "screen-to ", o->marking.originators | o->marking.release_to, w);
    parties_line(g, &s, "screen-show ", o->marking.originators | o->marking.disclose_to, w);
}
