/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/authority.h"
#include "ism/terms.h"

/* line - one line in the making; what joins the next item to those before it */
struct line {
    const struct groups *g;
    const struct ism    *m;
    struct writer       *w;
    enum ism_form        form;
    const char          *join;
};

static void category_begin(struct line *l)
{
    l->join = "//";
}

static void item_put(struct line *l, const char *text)
{
    put_text(l->w, l->join);
    put_text(l->w, text);
    l->join = "/";
}

/* A token as people read it: a blank for each '_', and for the ':' of NATO's parts */
static void token_put(struct writer *w, span token)
{
    for (size_t i = 0; i < token.len; i++) {
        uint8_t c = token.ptr[i];
        put_u8(w, c == '_' || c == ':' ? ' ' : c);
    }
}

static bool nato_next(struct line *l, span *rest, const char *before)
{
    if (rest->len == 0) {
        return false;
    }
    put_text(l->w, before);
    token_put(l->w, span_cut(rest, ' '));
    return true;
}

/* In the order of their numbers; NATO's parts follow NATO.  `first` was written by the caller. */
static void places_put(struct line *l, const struct places *p, unsigned first, const char *between)
{
    const char *before = first < CODES_MAX ? between : "";
    span        nato = words_span(&p->nato);
    unsigned    after = code_find(l->g, SPAN_LIT("NATO"));
    for (unsigned n = codes_next(&p->codes, 0); n < CODES_MAX; n = codes_next(&p->codes, n + 1)) {
        while (n > after && nato_next(l, &nato, before)) {
            before = between;
        }
        if (n != first && n < l->g->count) {
            put_text(l->w, before);
            token_put(l->w, span_text(l->g->code[n].text));
            before = between;
        }
    }
    while (nato_next(l, &nato, before)) {
        before = between;
    }
}

/* USA opens a list of those who may have it */
static void release_put(struct line *l, const struct places *p, const char *between)
{
    bool usa = codes_have(&p->codes, l->g->usa);
    put_text(l->w, usa ? l->g->code[l->g->usa].text : "");
    places_put(l, p, usa ? l->g->usa : CODES_MAX, between);
    if (places_empty(p)) {
        put_text(l->w, "NOBODY");
    }
}

static bool nato_whole(const struct ism *m)
{
    return m->system == ISM_NATO && m->owners.nato.len == 0;
}

/* N, the first letters of what it is a part of, the level: NPfPS */
static void nato_portion(struct line *l)
{
    span rest = words_span(&l->m->owners.nato);
    put_text(l->w, l->m->level == ISM_TS && nato_whole(l->m) ? "C" : "N");
    (void)span_cut(&rest, ':');
    while (rest.len > 0) {
        span word = span_cut(&rest, '_');
        put_u8(l->w, span_is(word, "For") ? 'f' : word.len > 0 ? word.ptr[0] : '_');
    }
    put_text(l->w, ism_levels[l->m->level].token);
}

static void nato_put(struct line *l)
{
    if (l->form == ISM_PORTION) {
        nato_portion(l);
        return;
    }
    if (nato_whole(l->m)) {
        put_text(l->w, l->m->level == ISM_TS ? "COSMIC" : "NATO");
    } else {
        token_put(l->w, words_span(&l->m->owners.nato));
    }
    put_text(l->w, " ");
    put_text(l->w, ism_levels[l->m->level].line[ISM_BANNER]);
}

static void owners_put(struct line *l)
{
    if (places_empty(&l->m->owners)) {
        put_text(l->w, "FGI");
    } else {
        places_put(l, &l->m->owners, CODES_MAX, " ");
    }
}

static void level_put(struct line *l)
{
    const char *level = ism_levels[l->m->level].line[l->form];
    put_text(l->w, l->m->system != ISM_US ? "//" : "");
    switch ((enum ism_system)l->m->system) {
    case ISM_US:
        put_text(l->w, level);
        break;
    case ISM_NATO:
        nato_put(l);
        break;
    case ISM_JOINT:
        put_text(l->w, "JOINT ");
        put_text(l->w, level);
        put_text(l->w, " ");
        owners_put(l);
        break;
    case ISM_NON_US:
        owners_put(l);
        put_text(l->w, " ");
        put_text(l->w, level);
        break;
    }
}

static void nonus_put(struct line *l, unsigned some)
{
    for (unsigned n = 0; n < ISM_NONUS_COUNT; n++) {
        if ((some >> n & 1) != 0) {
            item_put(l, ism_nonuses[n].line[l->form]);
        }
    }
}

/* DNI:ABC without who runs it */
static span owner_cut(span program)
{
    span rest = program, owner = span_cut(&rest, ':');
    return rest.len > 0 ? rest : owner;
}

/* "SI SI-G SI-G-ABCD TK": SI-G ABCD/TK.  `opens` stands once, before the first. */
static void tree_put(struct line *l, const struct words *words, const char *opens)
{
    span top = {0}, middle = {0};
    for (span rest = words_span(words); rest.len > 0;) {
        span low = span_cut(&rest, ' '), first = span_cut(&low, '-'), second = span_cut(&low, '-');
        if (!span_equal(first, top)) {
            item_put(l, opens);
            token_put(l->w, owner_cut(first));
            top = first;
            middle = (span){0};
            opens = "";
        }
        if (second.len > 0 && !span_equal(second, middle)) {
            put_text(l->w, "-");
            put_span(l->w, second);
            middle = second;
        }
        if (low.len > 0) {
            put_text(l->w, " ");
            put_span(l->w, low);
        }
    }
}

static void sci_put(struct line *l)
{
    category_begin(l);
    tree_put(l, &l->m->sci, "");
    if (l->m->system != ISM_NATO) {
        nonus_put(l, l->m->nonus & ~ISM_BIT(ISM_ATOMAL));
    }
}

static void sap_put(struct line *l)
{
    category_begin(l);
    if (ism_flag_is(l->m, ISM_SAP_HVSACO)) {
        item_put(l, "HVSACO");
    }
    if (ism_flag_is(l->m, ISM_SAP_MULTIPLE)) {
        item_put(l, "SAR-MULTIPLE PROGRAMS");
    }
    tree_put(l, &l->m->sap, "SAR-");
}

static void sigma_put(struct line *l, const uint64_t sigma[2])
{
    const char *before = l->form == ISM_BANNER ? "-SIGMA " : "-SG ";
    for (unsigned n = 1; n < 100; n++) {
        if ((sigma[n / 64] >> (n % 64) & 1) != 0) {
            put_text(l->w, before);
            put_decimal(l->w, n);
            before = " ";
        }
    }
}

/* RD-CNWDI and the sigmas hang on RD and FRD, said by themselves or not */
static void aea_put(struct line *l)
{
    const uint64_t(*s)[2] = l->m->sigma;
    bool rd =
        (l->m->aea & (ISM_BIT(ISM_RD) | ISM_BIT(ISM_RD_CNWDI))) != 0 || (s[0][0] | s[0][1]) != 0;
    bool frd = (l->m->aea >> ISM_FRD & 1) != 0 || (s[1][0] | s[1][1]) != 0;
    category_begin(l);
    if (rd) {
        item_put(l, (l->m->aea >> ISM_RD_CNWDI & 1) != 0 ? "RD-CNWDI" : "RD");
        sigma_put(l, s[0]);
    }
    if (frd) {
        item_put(l, "FRD");
        sigma_put(l, s[1]);
    }
    for (unsigned a = ISM_DCNI; a < ISM_AEA_COUNT; a++) {
        if ((l->m->aea >> a & 1) != 0) {
            item_put(l, ism_aeas[a].line[l->form]);
        }
    }
    if (l->m->system != ISM_NATO) {
        nonus_put(l, l->m->nonus & ISM_BIT(ISM_ATOMAL));
    }
}

/* A source that may not be named hides those that may */
static void fgi_put(struct line *l)
{
    bool ours = l->m->system == ISM_US || l->m->system == ISM_JOINT;
    bool hidden = (ism_flag_is(l->m, ISM_PROTECTED) && ours) || !places_empty(&l->m->fgi_within);
    category_begin(l);
    if (hidden) {
        item_put(l, "FGI");
    } else if (!places_empty(&l->m->fgi)) {
        item_put(l, "FGI ");
        places_put(l, &l->m->fgi, CODES_MAX, " ");
    }
}

static void rel_put(struct line *l, const struct ism *banner)
{
    if (banner != NULL && places_equal(&banner->release, &l->m->release)) {
        item_put(l, "REL");
        return;
    }
    bool nato = l->form == ISM_BANNER && nato_whole(l->m);
    item_put(l, nato ? "RELEASABLE TO " : "REL TO ");
    release_put(l, &l->m->release, ", ");
}

static void dissem_put(struct line *l, unsigned d, const struct ism *banner)
{
    switch (d) {
    case ISM_OC:
        item_put(l, ism_has(l->m, ISM_OC_USGOV) ? ism_dissems[ISM_OC_USGOV].line[l->form]
                                                : ism_dissems[ISM_OC].line[l->form]);
        break;
    case ISM_REL:
        rel_put(l, banner);
        break;
    case ISM_EYES:
        item_put(l, "");
        release_put(l, &l->m->release, "/");
        put_text(l->w, " EYES ONLY");
        break;
    case ISM_DISPLAYONLY:
        item_put(l, "DISPLAY ONLY ");
        release_put(l, &l->m->display, ", ");
        break;
    default:
        item_put(l, ism_dissems[d].line[l->form] != NULL ? ism_dissems[d].line[l->form]
                                                         : ism_dissems[d].token);
    }
}

static void dissems_put(struct line *l, const struct ism *banner)
{
    category_begin(l);
    for (unsigned d = 0; d < ISM_DISSEM_COUNT; d++) {
        bool said = d == ISM_OC_USGOV && ism_has(l->m, ISM_OC);
        if (ism_has(l->m, d) && !said) {
            dissem_put(l, d, banner);
        }
    }
}

static void nonic_put(struct line *l)
{
    category_begin(l);
    for (unsigned n = 0; n < ISM_NONIC_COUNT; n++) {
        if (n == ISM_SBU) {
            const char *opens = "ACCM-";
            for (span rest = words_span(&l->m->accm); rest.len > 0; opens = "") {
                item_put(l, opens);
                token_put(l->w, span_cut(&rest, ' '));
            }
        }
        if ((l->m->nonic >> n & 1) != 0) {
            item_put(l, ism_nonics[n].line[l->form]);
        }
    }
}

static void second_put(struct line *l)
{
    l->join = "\n";
    for (span rest = ism_text_of(l->m, ISM_SECOND_LINE); rest.len > 0;) {
        const char *shown = ism_second_line(span_cut(&rest, ' '));
        item_put(l, shown != NULL ? shown : "");
    }
}

static void line_put(struct line *l, const struct ism *banner)
{
    level_put(l);
    if (l->m->system == ISM_NATO) {
        category_begin(l);
        nonus_put(l, l->m->nonus);
    }
    sci_put(l);
    sap_put(l);
    aea_put(l);
    fgi_put(l);
    dissems_put(l, banner);
    nonic_put(l);
}

void ism_banner_show(const struct groups *g, const struct ism *m, struct writer *w)
{
    struct line l = {.g = g, .m = m, .w = w, .form = ISM_BANNER};
    line_put(&l, NULL);
    second_put(&l);
}

void ism_portion_show(const struct groups *g, const struct ism *m, const struct ism *banner,
                      struct writer *w)
{
    struct line l = {.g = g, .m = m, .w = w, .form = ISM_PORTION};
    put_text(w, "(");
    line_put(&l, banner);
    put_text(w, ")");
}
