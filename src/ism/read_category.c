/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/reading.h"

/* Categories in the order of the register.  NATO's own controls come first in what NATO classified;
 * elsewhere they stand among SCI and atomic energy. */
enum category { CAT_NONUS = 1, CAT_SCI, CAT_SAP, CAT_AEA, CAT_FGI, CAT_DISSEM, CAT_NONIC };

err nonus_take(struct reading *r, span item, unsigned n)
{
    if ((r->m.nonus >> n) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.nonus = (uint8_t)(r->m.nonus | ISM_BIT(n));
    return OK;
}

unsigned nonus_of(const struct reading *r, span item)
{
    return ism_term_line(ism_nonuses, ISM_NONUS_COUNT, r->form, item);
}

static err nonus_read(struct reading *r, span item, bool first)
{
    (void)first;
    unsigned n = nonus_of(r, item);
    return n < ISM_NONUS_COUNT ? nonus_take(r, item, n) : line_refuse(r, &rule_unknown, item);
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
    bool cnwdi =
        front_cut(&rest, "CNWDI") ||
        (r->form == ISM_BANNER && front_cut(&rest, "CRITICAL NUCLEAR WEAPON DESIGN INFORMATION")) ||
        front_cut(&rest, "N");
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
        return nonus_of(r, item) == ISM_ATOMAL && r->m.system != ISM_NATO
                   ? nonus_take(r, item, ISM_ATOMAL)
                   : line_refuse(r, &rule_unknown, item);
    }
    if ((r->m.aea >> a) > (a == ISM_RD ? 1 : 0) || (r->m.aea >> a & 1) != 0 ||
        (r->m.nonus & ISM_BIT(ISM_ATOMAL)) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.aea = (uint16_t)(r->m.aea | ISM_BIT(a));
    return aea_hung_read(r, rest, a, hangs);
}

static bool fgi_cut(const struct reading *r, span *item)
{
    return front_cut(item, "FGI") ||
           (r->form == ISM_BANNER && front_cut(item, "FOREIGN GOVERNMENT INFORMATION"));
}

static err fgi_read(struct reading *r, span item, bool first)
{
    span list = item;
    if (r->m.system != ISM_US && r->m.system != ISM_JOINT) {
        return line_refuse(r, &rule_fgi_us, item);
    }
    if (!first || !fgi_cut(r, &list) || (list.len > 0 && !front_cut(&list, " "))) {
        return line_refuse(r, &rule_unknown, item);
    }
    if (list.len > 0 || item.ptr[item.len - 1] == ' ') {
        return list_read(r, list, &list_sources, &r->m.fgi);
    }
    r->m.flags = (uint16_t)(r->m.flags | ISM_BIT(ISM_PROTECTED));
    return OK;
}

static err dissem_take(struct reading *r, span item, unsigned d)
{
    if (d == ISM_OC_USGOV && ism_has(&r->m, ISM_OC) && !ism_has(&r->m, ISM_OC_USGOV)) {
        return line_refuse(r, &rule_orcon_both, item);
    }
    if ((r->m.dissem >> d) != 0) {
        return line_refuse(r, &rule_order, item);
    }
    r->m.dissem |= ISM_BIT(d) | (d == ISM_OC_USGOV ? ISM_BIT(ISM_OC) : 0);
    return OK;
}

/* REL or EYES without a list: that of the page's banner */
static err bare_take(struct reading *r, span item, enum ism_dissem d)
{
    if (r->banner == NULL || !ism_has(r->banner, d) || places_empty(&r->banner->release)) {
        return line_refuse(r, &rule_bare_rel, item);
    }
    r->m.release = r->banner->release;
    r->m.groups = r->banner->groups;
    return dissem_take(r, item, d);
}

static bool rel_cut(const struct reading *r, span *item)
{
    return front_cut(item, "REL TO ") ||
           (r->form == ISM_BANNER && front_cut(item, "AUTHORIZED FOR RELEASE TO ")) ||
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
    if (r->form == ISM_PORTION && (span_is(item, "REL") || span_is(item, "EYES"))) {
        return bare_take(r, item, span_is(item, "REL") ? ISM_REL : ISM_EYES);
    }
    return line_refuse(r, item.len == 0 ? &rule_empty : &rule_unknown, item);
}

/* Names follow "ACCM-" without it, until a marking of another kind */
static err nonic_read(struct reading *r, span item, bool first)
{
    (void)first;
    unsigned n = ism_term_line(ism_nonics, ISM_NONIC_COUNT, r->form, item);
    span     name = item;
    if (n == ISM_NONIC_COUNT) {
        bool opened = front_cut(&name, "ACCM-");
        return opened == (r->m.accm.len == 0) ? accm_read(r, name)
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
           span_is(item, "REL") || span_is(item, "EYES") ||
           span_starts(item, SPAN_LIT("REL TO ")) ||
           span_starts(item, SPAN_LIT("AUTHORIZED FOR RELEASE TO ")) ||
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
    if (sci_is(r, item)) {
        return CAT_SCI;
    }
    if (dissem_is(r, text, item)) {
        return CAT_DISSEM;
    }
    if (ism_term_line(ism_nonics, ISM_NONIC_COUNT, r->form, item) < ISM_NONIC_COUNT ||
        span_starts(item, SPAN_LIT("ACCM-"))) {
        return CAT_NONIC;
    }
    span sources = item;
    if (fgi_cut(r, &sources) && (sources.len == 0 || sources.ptr[0] == ' ')) {
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

static bool registered(const struct reading *r, enum category c, span item)
{
    enum category is = category_of(r, item);
    return (is != c && is != CAT_SCI) || (c == CAT_NONIC && sci_is(r, item)) ||
           nonus_of(r, item) < ISM_NONUS_COUNT;
}

/* What follows a program or a measure without its lead is a name.  A word of the register there, of a
 * banner or a portion, is that word out of its place, and never a name. */
static bool out_of_place(const struct reading *r, enum category c, span item)
{
    struct reading other = {.g = r->g, .form = r->form == ISM_BANNER ? ISM_PORTION : ISM_BANNER};
    other.m.system = r->m.system;
    return (c == CAT_SAP || c == CAT_NONIC) &&
           (registered(r, c, item) || registered(&other, c, item) ||
            ism_term_line(ism_levels, ISM_LEVEL_COUNT, ISM_BANNER, item) < ISM_LEVEL_COUNT);
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
        } else if (!first && out_of_place(r, c, item)) {
            return line_refuse(r, &rule_order, item);
        } else {
            TRY(categories[c].read(r, item, first));
        }
    }
    return OK;
}
