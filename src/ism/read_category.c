/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/reading.h"

/* Categories in the order of the register.  NATO's own controls come first in what NATO classified;
 * elsewhere they stand among SCI and atomic energy. */
enum category { CAT_NONUS = 1, CAT_SCI, CAT_SAP, CAT_AEA, CAT_FGI, CAT_DISSEM, CAT_NONIC };

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

/* tree - "TK-ABC-XYZ HELLO WORLD" being kept as TK, TK-ABC, TK-XYZ, TK-XYZ-HELLO, TK-XYZ-WORLD */
struct tree {
    struct words          *out;
    const struct ism_rule *order;
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

/* One more name below the token of `len` bytes; *len becomes that of the longer one */
static err token_grow(struct reading *r, struct tree *t, size_t *len, const char *join, span name)
{
    size_t at = *len + strlen(join);
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

static err nonus_take(struct reading *r, span item, unsigned n)
{
    if ((r->m.nonus >> n) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.nonus = (uint8_t)(r->m.nonus | ISM_BIT(n));
    return OK;
}

static unsigned nonus_of(const struct reading *r, span item)
{
    return ism_term_line(ism_nonuses, ISM_NONUS_COUNT, r->form, item);
}

static err nonus_read(struct reading *r, span item, bool first)
{
    (void)first;
    unsigned n = nonus_of(r, item);
    return n < ISM_NONUS_COUNT ? nonus_take(r, item, n) : line_refuse(r, &rule_unknown, item);
}

static bool control_known(const struct groups *g, span item)
{
    size_t len = 0;
    while (len < item.len && item.ptr[len] != '-' && item.ptr[len] != ' ') {
        len++;
    }
    for (unsigned i = 0; i < g->control_count; i++) {
        if (span_is((span){item.ptr, len}, g->control[i])) {
            return true;
        }
    }
    return false;
}

static err sci_read(struct reading *r, span item, bool first)
{
    (void)first;
    struct tree t = {.out = &r->m.sci, .order = &rule_sci_order};
    unsigned    n = nonus_of(r, item);
    if (n == ISM_BOHEMIA || n == ISM_BALK) {
        return nonus_take(r, item, n);
    }
    if (!control_known(r->g, item)) {
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
static err sap_read(struct reading *r, span item, bool first)
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

static err sigma_read(struct reading *r, span numbers, uint64_t sigma[2])
{
    bool     more = true;
    unsigned last = 0;
    while (more) {
        span     one = item_cut(&numbers, ' ', &more);
        unsigned n = 0;
        for (size_t i = 0; i < one.len && one.len <= 2; i++) {
            n = one.ptr[i] >= '0' && one.ptr[i] <= '9' ? n * 10 + one.ptr[i] - '0' : 1000;
        }
        if (n <= last || n > 99 || one.ptr[0] == '0') {
            return line_refuse(r, &rule_sigma, one);
        }
        sigma[n / 64] |= (uint64_t)1 << (n % 64);
        last = n;
    }
    return OK;
}

/* What hangs on RD or FRD: "CNWDI-SIGMA 14 20" */
static err aea_hung_read(struct reading *r, span rest, unsigned a, bool hangs)
{
    bool cnwdi = front_cut(&rest, "CNWDI") || front_cut(&rest, "N");
    if (!hangs) {
        return OK;
    }
    if (cnwdi && (a != ISM_RD || (rest.len > 0 && !front_cut(&rest, "-")))) {
        return line_refuse(r, &rule_cnwdi, rest);
    }
    r->m.aea = (uint16_t)(r->m.aea | (cnwdi ? ISM_BIT(ISM_RD_CNWDI) : 0));
    if (cnwdi && rest.len == 0) {
        return rest.ptr[-1] == '-' ? line_refuse(r, &rule_cnwdi, rest) : OK;
    }
    return front_cut(&rest, r->form == ISM_BANNER ? "SIGMA " : "SG ")
               ? sigma_read(r, rest, r->m.sigma[a == ISM_FRD ? 1 : 0])
               : line_refuse(r, &rule_sigma, rest);
}

/* "RD-CNWDI-SIGMA 14": RD, and *rest what hangs on it */
static unsigned aea_of(const struct reading *r, span item, span *rest, bool *hangs)
{
    unsigned a = ism_term_line(ism_aeas, ISM_AEA_COUNT, r->form, item);
    *hangs = false;
    *rest = item;
    if (a == ISM_AEA_COUNT) {
        span base = item_cut(rest, '-', hangs);
        a = ism_term_line(ism_aeas, ISM_AEA_COUNT, r->form, base);
        a = a == ISM_RD || a == ISM_FRD ? a : ISM_AEA_COUNT;
    }
    return a;
}

static err aea_read(struct reading *r, span item, bool first)
{
    (void)first;
    span     rest = {0};
    bool     hangs = false;
    unsigned a = aea_of(r, item, &rest, &hangs);
    if (a == ISM_AEA_COUNT) {
        return nonus_of(r, item) == ISM_ATOMAL ? nonus_take(r, item, ISM_ATOMAL)
                                               : line_refuse(r, &rule_unknown, item);
    }
    if ((r->m.aea >> a) > (a == ISM_RD ? 1 : 0) || (r->m.aea >> a & 1) != 0 ||
        (r->m.nonus & ISM_BIT(ISM_ATOMAL)) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.aea = (uint16_t)(r->m.aea | ISM_BIT(a));
    return aea_hung_read(r, rest, a, hangs);
}

static err fgi_read(struct reading *r, span item, bool first)
{
    span list = item;
    if (r->m.system != ISM_US) {
        return line_refuse(r, &rule_fgi_us, item);
    }
    if (!first || !front_cut(&list, "FGI") || (list.len > 0 && !front_cut(&list, " "))) {
        return line_refuse(r, &rule_unknown, item);
    }
    return list.len == 0 && item.len == 3 ? flag_take(r, ISM_PROTECTED)
                                          : list_read(r, list, &list_sources, &r->m.fgi);
}

static err dissem_take(struct reading *r, span item, unsigned d)
{
    if ((r->m.dissem >> d) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.dissem |= ISM_BIT(d) | (d == ISM_OC_USGOV ? ISM_BIT(ISM_OC) : 0);
    return OK;
}

static err bare_rel_take(struct reading *r, span item)
{
    if (r->banner == NULL || !ism_has(r->banner, ISM_REL) || places_empty(&r->banner->release)) {
        return line_refuse(r, &rule_bare_rel, item);
    }
    r->m.release = r->banner->release;
    r->m.groups = r->banner->groups;
    return dissem_take(r, item, ISM_REL);
}

static bool rel_cut(const struct reading *r, span *item)
{
    return front_cut(item, "REL TO ") ||
           (r->m.system == ISM_NATO && r->form == ISM_BANNER && front_cut(item, "RELEASABLE TO "));
}

static err dissem_read(struct reading *r, span item, bool first)
{
    (void)first;
    span     list = item;
    unsigned d = ism_term_line(ism_dissems, ISM_DISSEM_COUNT, r->form, item);
    if (d < ISM_DISSEM_COUNT) {
        return dissem_take(r, item, d);
    }
    if (rel_cut(r, &list)) {
        TRY(dissem_take(r, item, ISM_REL));
        return list_read(r, list, &list_release, &r->m.release);
    }
    if (front_cut(&list, "DISPLAY ONLY ")) {
        TRY(dissem_take(r, item, ISM_DISPLAYONLY));
        return list_read(r, list, &list_display, &r->m.display);
    }
    return r->form == ISM_PORTION && span_is(item, "REL")
               ? bare_rel_take(r, item)
               : line_refuse(r, item.len == 0 ? &rule_empty : &rule_unknown, item);
}

static err accm_take(struct reading *r, span name)
{
    struct tree t = {.out = &r->m.accm, .order = &rule_order};
    size_t      len = 0;
    return (r->m.nonic >> ISM_SBU) == 0 ? token_grow(r, &t, &len, "", name)
                                        : line_refuse(r, &rule_order, name);
}

/* Names follow "ACCM-" without it, until a marking of another kind */
static err nonic_read(struct reading *r, span item, bool first)
{
    (void)first;
    unsigned n = ism_term_line(ism_nonics, ISM_NONIC_COUNT, r->form, item);
    span     name = item;
    if (n == ISM_NONIC_COUNT) {
        bool opened = front_cut(&name, "ACCM-");
        return opened == (r->m.accm.len == 0) ? accm_take(r, name)
                                              : line_refuse(r, &rule_unknown, item);
    }
    if ((r->m.nonic >> n) != 0 || (n < ISM_SBU && r->m.accm.len > 0)) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.nonic = (uint16_t)(r->m.nonic | ISM_BIT(n));
    return OK;
}

static const struct {
    err (*read)(struct reading *r, span item, bool first);
} categories[] = {
    [CAT_NONUS] = {nonus_read}, [CAT_SCI] = {sci_read}, [CAT_SAP] = {sap_read},
    [CAT_AEA] = {aea_read},     [CAT_FGI] = {fgi_read}, [CAT_DISSEM] = {dissem_read},
    [CAT_NONIC] = {nonic_read},
};

static bool eyes_is(span text)
{
    return back_cut(&text, " EYES ONLY");
}

static bool dissem_is(const struct reading *r, span text, span item)
{
    return ism_term_line(ism_dissems, ISM_DISSEM_COUNT, r->form, item) < ISM_DISSEM_COUNT ||
           span_is(item, "REL") || span_starts(item, SPAN_LIT("REL TO ")) ||
           span_starts(item, SPAN_LIT("RELEASABLE TO ")) ||
           span_starts(item, SPAN_LIT("DISPLAY ONLY ")) ||
           memmem(text.ptr, text.len, " EYES ONLY", 10) != NULL;
}

/* Which category it is, by its first item; SCI when nothing else, which knows its own names */
static enum category category_of(const struct reading *r, span text)
{
    bool     more = false, hangs = false;
    span     rest = text, item = item_cut(&rest, '/', &more), hung = {0};
    unsigned n = nonus_of(r, item);
    if (n < ISM_NONUS_COUNT) {
        return r->m.system == ISM_NATO ? CAT_NONUS : n == ISM_ATOMAL ? CAT_AEA : CAT_SCI;
    }
    if (control_known(r->g, item)) {
        return CAT_SCI;
    }
    if (dissem_is(r, text, item)) {
        return CAT_DISSEM;
    }
    if (ism_term_line(ism_nonics, ISM_NONIC_COUNT, r->form, item) < ISM_NONIC_COUNT ||
        span_starts(item, SPAN_LIT("ACCM-"))) {
        return CAT_NONIC;
    }
    if (span_is(item, "FGI") || span_starts(item, SPAN_LIT("FGI "))) {
        return CAT_FGI;
    }
    if (aea_of(r, item, &hung, &hangs) < ISM_AEA_COUNT) {
        return CAT_AEA;
    }
    bool sap = span_is(item, "HVSACO") || span_starts(item, SPAN_LIT("SAR-")) ||
               span_starts(item, SPAN_LIT("SPECIAL ACCESS REQUIRED-"));
    return sap ? CAT_SAP : CAT_SCI;
}

/* "USA/AUS/CAN EYES ONLY": its slashes are within one item.  *rest is what follows it. */
static err eyes_read(struct reading *r, span item, span *rest, bool *more)
{
    span list = item;
    while (!eyes_is(item)) {
        if (!*more) {
            return line_refuse(r, &rule_unknown, item);
        }
        item = item_cut(rest, '/', more);
    }
    list.len = (size_t)(item.ptr + item.len - list.ptr);
    TRY(dissem_take(r, list, ISM_EYES));
    (void)back_cut(&list, " EYES ONLY");
    return list_read(r, list, &list_eyes, &r->m.release);
}

static bool eyes_begins(const struct reading *r, span item, span rest, bool more)
{
    bool code = item.len == 3 && code_find(r->g, item) < r->g->countries;
    return eyes_is(item) || (code && more && memmem(rest.ptr, rest.len, " EYES ONLY", 10) != NULL);
}

err category_read(struct reading *r, span text, unsigned *last)
{
    bool more = true;
    if (text.len == 0) {
        return line_refuse(r, &rule_empty, text);
    }
    enum category c = category_of(r, text);
    if (c <= *last) {
        return line_refuse(r, c == CAT_SCI ? &rule_unknown : &rule_order, text);
    }
    *last = c;
    for (bool first = true; more; first = false) {
        span item = item_cut(&text, '/', &more);
        if (c == CAT_DISSEM && eyes_begins(r, item, text, more)) {
            TRY(eyes_read(r, item, &text, &more));
        } else if (item.len == 0) {
            return line_refuse(r, &rule_empty, item);
        } else {
            TRY(categories[c].read(r, item, first));
        }
    }
    return OK;
}
