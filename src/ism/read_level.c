/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/reading.h"

const struct list_kind list_owners = {' ', false, &rule_list_order},
                       list_sources = {' ', false, &rule_list_order},
                       list_release = {',', true, &rule_release_order},
                       list_display = {',', true, &rule_display_order},
                       list_eyes = {'/', true, &rule_release_order};

err level_read_us(struct reading *r, span text)
{
    unsigned level = ism_term_line(ism_levels, ISM_LEVEL_COUNT, r->form, text);
    if (level == ISM_LEVEL_COUNT) {
        return line_refuse(r, text.len == 0 ? &rule_empty : &rule_level, text);
    }
    r->m.level = (uint8_t)level;
    return OK;
}

/* place - one entry of a list and where it belongs in it: NATO's parts follow NATO */
struct place {
    unsigned code; /* CODES_MAX: a part of NATO */
    span     nato; /* its words */
};

/* Letters, '-' and single blanks.  A word that is a country's code is that country out of order. */
static bool nato_shaped(const struct groups *g, span words)
{
    bool more = true;
    while (more) {
        span word = item_cut(&words, ' ', &more);
        if (word.len == 0 || span_is(word, "NATO") || code_find(g, word) < g->countries) {
            return false;
        }
        for (size_t i = 0; i < word.len; i++) {
            uint8_t c = word.ptr[i];
            if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-')) {
                return false;
            }
        }
    }
    return true;
}

/* "NATO Partnership For Peace" as it is kept: NATO:Partnership_For_Peace */
static err nato_take(struct reading *r, span words, struct places *out)
{
    char         token[ISM_VALUE_MAX];
    const size_t lead = sizeof "NATO:" - 1;
    if (words.len + lead > sizeof token || !nato_shaped(r->g, words)) {
        return line_refuse(r, &rule_code, words);
    }
    memcpy(token, "NATO:", lead);
    for (size_t i = 0; i < words.len; i++) {
        token[lead + i] = words.ptr[i] == ' ' ? '_' : (char)words.ptr[i];
    }
    err e = words_add(&out->nato, (span){(const uint8_t *)token, lead + words.len});
    return err_is(e) ? line_refuse(r, &rule_words, words) : OK;
}

/* A code as it is written: a blank for '_' */
static unsigned code_written(const struct groups *g, span text)
{
    char code[CODE_MAX];
    if (text.len > sizeof code) {
        return CODES_MAX;
    }
    for (size_t i = 0; i < text.len; i++) {
        code[i] = text.ptr[i] == ' ' ? '_' : text.ptr[i] == '_' ? '!' : (char)text.ptr[i];
    }
    return code_find(g, (span){(const uint8_t *)code, text.len});
}

/* listing - a list being read: what it may begin with, and what came last */
struct listing {
    bool         usa_first, begun;
    struct place last;
};

/* By their tokens, in which a blank is '_' */
static bool nato_before(span a, span b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        uint8_t x = a.ptr[i] == ' ' ? '_' : a.ptr[i], y = b.ptr[i] == ' ' ? '_' : b.ptr[i];
        if (x != y) {
            return x < y;
        }
    }
    return a.len < b.len;
}

/* Is b after a?  Parts of NATO follow NATO and go by their words. */
static bool place_follows(const struct groups *g, const struct place *a, const struct place *b)
{
    unsigned nato = code_find(g, SPAN_LIT("NATO"));
    unsigned na = a->code < CODES_MAX ? a->code : nato, nb = b->code < CODES_MAX ? b->code : nato;
    if (na != nb) {
        return na < nb;
    }
    return b->code == CODES_MAX && (a->code < CODES_MAX || nato_before(a->nato, b->nato));
}

static bool listing_goes_on(const struct groups *g, const struct listing *l, const struct place *p)
{
    bool usa_before = l->usa_first && l->last.code == g->usa;
    bool usa_late = l->usa_first && p->code == g->usa;
    return !l->begun || (!usa_late && (usa_before || place_follows(g, &l->last, p)));
}

static err place_take(struct reading *r, struct listing *l, const struct list_kind *kind, span item,
                      struct places *out)
{
    struct place p = {.code = code_written(r->g, item)};
    span         nato = item;
    if (p.code == CODES_MAX && !front_cut(&nato, "NATO ")) {
        return line_refuse(r, &rule_code, item);
    }
    p.nato = p.code == CODES_MAX ? nato : (span){0};
    if (!listing_goes_on(r->g, l, &p)) {
        return line_refuse(r, kind->order, item);
    }
    *l = (struct listing){l->usa_first, true, p};
    if (p.code == CODES_MAX) {
        return nato_take(r, nato, out);
    }
    codes_add(&out->codes, p.code);
    return OK;
}

/* The next entry of a list with blanks between: words join it while it is no code that may follow */
static span entry_cut(struct reading *r, const struct listing *l, span *rest)
{
    bool more = false;
    span entry = item_cut(rest, ' ', &more);
    while (more) {
        span         ahead = *rest, word = item_cut(&ahead, ' ', &more);
        struct place here = {.code = code_written(r->g, entry)},
                     next = {.code = code_written(r->g, word)};
        struct listing then = {l->usa_first, true, here};
        bool           known = here.code < CODES_MAX || span_starts(entry, SPAN_LIT("NATO "));
        bool           follows = next.code < CODES_MAX && listing_goes_on(r->g, &then, &next);
        bool           to_nato = here.code < CODES_MAX && !span_is(entry, "NATO");
        if (known && (follows || to_nato || span_is(word, "NATO"))) {
            return entry;
        }
        entry.len += 1 + word.len;
        *rest = ahead;
    }
    return entry;
}

err list_read(struct reading *r, span text, const struct list_kind *kind, struct places *out)
{
    struct listing l = {.usa_first = kind->usa_first};
    const char     between = kind->between;
    bool           more = text.len > 0;
    if (!more) {
        return line_refuse(r, &rule_empty, text);
    }
    while (more) {
        span item = between == ' ' ? entry_cut(r, &l, &text) : item_cut(&text, between, &more);
        if (between == ' ') {
            more = text.len > 0;
        }
        TRY(place_take(r, &l, kind, item, out));
        if (between == ',' && more && !front_cut(&text, " ")) {
            return line_refuse(r, &rule_list_form, text);
        }
    }
    return OK;
}

/* "JOINT S" alone: the owners of the page's banner */
static err bare_joint_take(struct reading *r, span text, unsigned level)
{
    if (r->banner == NULL || r->banner->system != ISM_JOINT) {
        return line_refuse(r, &rule_bare_rel, text);
    }
    r->m.system = ISM_JOINT;
    r->m.level = (uint8_t)level;
    r->m.owners = r->banner->owners;
    return OK;
}

static err joint_read(struct reading *r, span text)
{
    for (unsigned n = ISM_LEVEL_COUNT; n-- > 0;) {
        span        rest = text;
        const char *word = ism_levels[n].line[r->form];
        if (r->form == ISM_PORTION && span_is(text, word)) {
            return bare_joint_take(r, text, n);
        }
        if (front_cut(&rest, word) && front_cut(&rest, " ")) {
            r->m.system = ISM_JOINT;
            r->m.level = (uint8_t)n;
            r->m.owners = (struct places){0};
            return list_read(r, rest, &list_owners, &r->m.owners);
        }
    }
    return line_refuse(r, &rule_level, text);
}

static err nato_read(struct reading *r, span activity, unsigned level)
{
    r->m.system = ISM_NATO;
    r->m.level = (uint8_t)level;
    r->m.owners = (struct places){0};
    if (activity.len > 0) {
        return nato_take(r, activity, &r->m.owners);
    }
    codes_add(&r->m.owners.codes, code_find(r->g, SPAN_LIT("NATO")));
    return OK;
}

static const struct {
    const char *word;
    uint8_t     level;
} nato_portions[] = {
    {"CTS", ISM_TS}, {"NS", ISM_S}, {"NC", ISM_C}, {"NR", ISM_R}, {"NU", ISM_U},
};

/* Owners, or what stands for them, before a level */
static err owned_read(struct reading *r, span owners, unsigned level, span text)
{
    span activity = owners;
    bool cosmic = span_is(owners, "COSMIC"), part = front_cut(&activity, "NATO ");
    if (cosmic || part || span_is(owners, "NATO")) {
        return r->form == ISM_PORTION || cosmic != (level == ISM_TS) || (part && activity.len == 0)
                   ? line_refuse(r, &rule_nato_level, text)
                   : nato_read(r, part ? activity : (span){0}, level);
    }
    r->m.system = ISM_NON_US;
    r->m.level = (uint8_t)level;
    r->m.owners = (struct places){0};
    if (span_is(owners, "FGI")) {
        r->m.flags |= ISM_BIT(ISM_PROTECTED);
        return OK;
    }
    return list_read(r, owners, &list_owners, &r->m.owners);
}

err level_read_foreign(struct reading *r, span text)
{
    span rest = text;
    if (code_find(r->g, SPAN_LIT("NATO")) == CODES_MAX) {
        return line_refuse(r, &rule_code, text);
    }
    if (front_cut(&rest, "JOINT ")) {
        return joint_read(r, rest);
    }
    for (size_t i = 0; r->form == ISM_PORTION && i < ARRAY_LEN(nato_portions); i++) {
        if (span_is(text, nato_portions[i].word)) {
            return nato_read(r, (span){0}, nato_portions[i].level);
        }
    }
    for (unsigned n = ISM_LEVEL_COUNT; n-- > 0;) {
        if (back_cut(&rest, ism_levels[n].line[r->form]) && back_cut(&rest, " ")) {
            return owned_read(r, rest, n, text);
        }
        rest = text;
    }
    return line_refuse(r, text.len == 0 ? &rule_empty : &rule_level, text);
}
