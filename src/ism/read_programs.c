/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/reading.h"

static bool name_shaped(span s, bool blanks)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool    inner = blanks && c == ' ' && i > 0 && i + 1 < s.len && s.ptr[i - 1] != ' ';
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || inner)) {
            return false;
        }
    }
    return s.len > 0;
}

/* tree - "TK-ABC-XYZ HELLO WORLD" being kept as TK, TK-ABC, TK-XYZ, TK-XYZ-HELLO, TK-XYZ-WORLD
 *
 * titles  names are of control systems, which a banner may write out */
struct tree {
    struct words          *out;
    const struct ism_rule *order;
    bool                   titles;
    char                   token[ISM_VALUE_MAX * 2];
};

static err token_keep(struct reading *r, struct tree *t, size_t len, span value)
{
    span token = {(const uint8_t *)t->token, len};
    span last = words_span(t->out);
    while (memchr(last.ptr, ' ', last.len) != NULL) {
        (void)span_cut(&last, ' ');
    }
    if (last.len > 0 && span_order(last, token) >= 0) {
        return line_refuse(r, t->order, value);
    }
    err e = words_add(t->out, token);
    return err_is(e) ? line_refuse(r, &rule_words, value) : OK;
}

/* title - a name that a banner may write out, below what it stands */
static const struct {
    const char *above, *title, *name;
} titles[] = {
    {"", "TALENT KEYHOLE", "TK"}, {"", "RESERVE", "RSV"},   {"SI", "GAMMA", "G"},
    {"SI", "ECRU", "EU"},         {"SI", "NONBOOK", "NK"},  {"TK", "BLUEFISH", "BLFH"},
    {"TK", "IDITAROD", "IDIT"},   {"TK", "KANDIK", "KAND"},
};

/* What a written-out name is short for; NULL: it is not written out */
static const char *short_of(span above, span name)
{
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        if (span_is(above, titles[i].above) && span_is(name, titles[i].title)) {
            return titles[i].name;
        }
    }
    return NULL;
}

/* A name in a banner as it is kept.  In a portion a written-out one would be another name: not the
 * register's, so it is nothing. */
static span title_cut(const struct reading *r, span above, span name)
{
    const char *brief = short_of(above, name);
    if (brief == NULL) {
        return name;
    }
    return r->form == ISM_BANNER ? span_text(brief) : (span){name.ptr, 0};
}

/* One more name below the token of `len` bytes; *len becomes that of the longer one */
static err token_grow(struct reading *r, struct tree *t, size_t *len, const char *join, span name)
{
    size_t at = *len + strlen(join);
    span   above = {(const uint8_t *)t->token, *len};
    span   kept = t->titles ? title_cut(r, above, name) : name;
    if (kept.len == 0 && name.len > 0) {
        return line_refuse(r, &rule_unknown, name);
    }
    name = kept;
    if (!name_shaped(name, *len == 0) || at + name.len > sizeof t->token) {
        return line_refuse(r, &rule_words, name);
    }
    memcpy(t->token + *len, join, strlen(join));
    for (size_t i = 0; i < name.len; i++) {
        t->token[at + i] = name.ptr[i] == ' ' ? '_' : (char)name.ptr[i];
    }
    *len = at + name.len;
    return token_keep(r, t, *len, name);
}

/* A compartment and what is below it: "XYZ HELLO WORLD" */
static err branch_read(struct reading *r, struct tree *t, size_t top, span branch)
{
    bool   more = false;
    size_t len = top;
    TRY(token_grow(r, t, &len, "-", item_cut(&branch, ' ', &more)));
    while (more) {
        size_t below = len;
        TRY(token_grow(r, t, &below, "-", item_cut(&branch, ' ', &more)));
    }
    return OK;
}

static err tree_read(struct reading *r, struct tree *t, span item)
{
    bool   more = false;
    size_t len = 0;
    TRY(token_grow(r, t, &len, "", item_cut(&item, '-', &more)));
    while (more) {
        TRY(branch_read(r, t, len, item_cut(&item, '-', &more)));
    }
    return OK;
}

/* Is the name before the first '-' a control system of the table? */
bool sci_is(const struct reading *r, span item)
{
    bool more = false;
    span name = title_cut(r, (span){0}, item_cut(&item, '-', &more));
    for (unsigned i = 0; i < r->g->control_count; i++) {
        if (span_is(name, r->g->control[i])) {
            return true;
        }
    }
    return false;
}

err sci_read(struct reading *r, span item, bool first)
{
    (void)first;
    struct tree t = {.out = &r->m.sci, .order = &rule_sci_order, .titles = true};
    unsigned    n = nonus_of(r, item);
    if ((n == ISM_BOHEMIA || n == ISM_BALK) && r->m.system != ISM_NATO) {
        return nonus_take(r, item, n);
    }
    if (!sci_is(r, item)) {
        return line_refuse(r, item.len == 0 ? &rule_empty : &rule_unknown, item);
    }
    return r->m.nonus == 0 ? tree_read(r, &t, item) : line_refuse(r, &rule_sci_order, item);
}

static err flag_take(struct reading *r, enum ism_flag f)
{
    r->m.flags = (uint16_t)(r->m.flags | ISM_BIT(f));
    return OK;
}

/* "SAR-" stands once, before the first program; MULTIPLE PROGRAMS and HVSACO stand alone */
err sap_read(struct reading *r, span item, bool first)
{
    struct tree t = {.out = &r->m.sap, .order = &rule_sap_order};
    bool        alone = ism_flag_is(&r->m, ISM_SAP_MULTIPLE) || ism_flag_is(&r->m, ISM_SAP_HVSACO);
    if (first && span_is(item, "HVSACO")) {
        return flag_take(r, ISM_SAP_HVSACO);
    }
    bool opened = front_cut(&item, "SAR-") ||
                  (r->form == ISM_BANNER && front_cut(&item, "SPECIAL ACCESS REQUIRED-"));
    if (alone || opened != first) {
        return line_refuse(r, &rule_sap_order, item);
    }
    return first && span_is(item, "MULTIPLE PROGRAMS") ? flag_take(r, ISM_SAP_MULTIPLE)
                                                       : tree_read(r, &t, item);
}

err accm_read(struct reading *r, span name)
{
    struct tree t = {.out = &r->m.accm, .order = &rule_order};
    size_t      len = 0;
    return (r->m.nonic >> ISM_SBU) == 0 ? token_grow(r, &t, &len, "", name)
                                        : line_refuse(r, &rule_order, name);
}
