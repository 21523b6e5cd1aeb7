/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rollup.h"
#include "ism/lists.h"
#include "ism/rules.h"
#include "ism/superseded.h"

#define FDR                                                                                        \
    (ISM_BIT(ISM_NF) | ISM_BIT(ISM_REL) | ISM_BIT(ISM_RELIDO) | ISM_BIT(ISM_EYES) |                \
     ISM_BIT(ISM_DISPLAYONLY))
#define RELEASE   (ISM_BIT(ISM_REL) | ISM_BIT(ISM_EYES))
#define ORCONS    (ISM_BIT(ISM_OC) | ISM_BIT(ISM_OC_USGOV))
#define KEPT_HOME (ISM_BIT(ISM_SBU_NF) | ISM_BIT(ISM_LES_NF))

static bool has_any(const struct ism *m, uint32_t some)
{
    return (m->dissem & some) != 0;
}

static bool foreign_sources(const struct ism *m)
{
    return m->system != ISM_US || !places_empty(&m->fgi) || !places_empty(&m->fgi_within) ||
           ism_flag_is(m, ISM_PROTECTED);
}

bool ism_counts(const struct ism *m)
{
    return m->level != ISM_U || m->dissem != 0 || m->nonic != 0 || m->aea != 0 || m->nonus != 0 ||
           m->sci.len > 0 || m->sap.len > 0 || m->accm.len > 0 || foreign_sources(m);
}

/* heap - the markings being joined, and what was found of them on the way
 *
 * counted   those that take part in the decision on release; marked: of them, with a release marking
 * orcon, usgov   those with ORCON; of them, with ORCON-USGOV
 * taken, undated  those that take part; of them, classified without a day of declassification */
struct heap {
    const struct groups *g;
    enum ism_rule_set    rules;
    const struct ism    *each;
    size_t               count, counted, marked, noforn, orcon, usgov, relido, eyes, taken, undated;
    bool                 kept_home;
    struct ism           m;
};

static bool takes_part(const struct heap *h, const struct ism *m)
{
    return h->rules == ISM_CLOSED || !ism_flag_is(m, ISM_EXCLUDED);
}

static bool is_counted(const struct heap *h, const struct ism *m)
{
    return takes_part(h, m) && (h->rules == ISM_CLOSED || ism_counts(m));
}

/* Who classified a part of it is a foreign source of the whole */
static err sources_unite(struct heap *h, const struct ism *m)
{
    struct places owners = m->owners;
    TRY(places_unite(&h->m.fgi, &m->fgi, &h->m.fgi));
    TRY(places_unite(&h->m.fgi_within, &m->fgi_within, &h->m.fgi_within));
    codes_drop(&owners.codes, h->g->usa);
    return m->system == ISM_US ? OK : places_unite(&h->m.fgi, &owners, &h->m.fgi);
}

static err words_of_unite(struct ism *to, const struct ism *m)
{
    TRY(words_unite(&to->sci, &m->sci, &to->sci));
    TRY(words_unite(&to->sap, &m->sap, &to->sap));
    TRY(words_unite(&to->accm, &m->accm, &to->accm));
    return words_unite(&to->declass_exceptions, &m->declass_exceptions, &to->declass_exceptions);
}

/* The latest of two days; both are YYYY-MM-DD */
static err day_later(struct ism *to, const struct ism *m, enum ism_text t)
{
    span ours = ism_text_of(to, t), theirs = ism_text_of(m, t);
    return span_order(ours, theirs) < 0 ? ism_text_set(to, t, theirs) : OK;
}

#define FLAGS_UNITED                                                                               \
    (ISM_BIT(ISM_PROTECTED) | ISM_BIT(ISM_SAP_MULTIPLE) | ISM_BIT(ISM_SAP_HVSACO) |                \
     ISM_BIT(ISM_APPROXIMATE) | ISM_BIT(ISM_NO_AGGREGATION))

static err one_unite(struct heap *h, const struct ism *m)
{
    h->taken++;
    h->m.level = m->level > h->m.level ? m->level : h->m.level;
    h->m.groups = m->groups > h->m.groups ? m->groups : h->m.groups;
    h->m.nonus |= m->nonus;
    h->m.nonic |= m->nonic;
    h->m.aea |= m->aea;
    h->m.flags |= m->flags & FLAGS_UNITED;
    h->m.dissem |= m->dissem & ~FDR;
    for (unsigned i = 0; i < 4; i++) {
        h->m.sigma[i / 2][i % 2] |= m->sigma[i / 2][i % 2];
    }
    TRY(words_of_unite(&h->m, m));
    TRY(day_later(&h->m, m, ISM_DECLASS_DATE));
    return sources_unite(h, m);
}

static void one_count(struct heap *h, const struct ism *m)
{
    h->undated += m->level != ISM_U && m->text[ISM_DECLASS_DATE].len == 0 ? 1 : 0;
    h->orcon += has_any(m, ORCONS) ? 1 : 0;
    h->usgov += ism_has(m, ISM_OC_USGOV) ? 1 : 0;
    h->kept_home |= (m->nonic & KEPT_HOME) != 0;
    h->noforn += ism_has(m, ISM_NF) ? 1 : 0;
    if (is_counted(h, m)) {
        h->counted++;
        h->marked += has_any(m, FDR) ? 1 : 0;
        h->relido += ism_has(m, ISM_RELIDO) ? 1 : 0;
        h->eyes += ism_has(m, ISM_EYES) ? 1 : 0;
    }
}

/* The list of one, with nobody for one that says none.  A list without the USA is not one of this
 * register, and releases to nobody. */
static struct places list_of(const struct heap *h, const struct ism *m, bool shown)
{
    struct places list = {0};
    if (has_any(m, RELEASE) && (m->system != ISM_US || codes_have(&m->release.codes, h->g->usa))) {
        list = m->release;
    }
    if (shown && ism_has(m, ISM_DISPLAYONLY)) {
        for (size_t i = 0; i < ARRAY_LEN(list.codes.w); i++) {
            list.codes.w[i] |= m->display.codes.w[i];
        }
        /* Names that do not fit are not shown it */
        struct words names = list.nato;
        list.nato = err_is(words_unite(&names, &m->display.nato, &list.nato)) ? names : list.nato;
    }
    return list;
}

struct given_lists {
    const struct places *lists;
    const uint32_t      *versions;
};

static bool given_at(const void *of, size_t i, struct places *list, uint32_t *version)
{
    const struct given_lists *given = of;
    *list = given->lists[i];
    *version = given->versions[i];
    return true;
}

err ism_lists_common(const struct groups *g, const struct places *lists, const uint32_t *versions,
                     size_t count, struct places *out)
{
    struct given_lists given = {lists, versions};
    return lists_common(&(struct lists){g, &given, count, given_at}, out);
}

static bool release_at(const void *of, size_t i, struct places *list, uint32_t *version)
{
    const struct heap *h = of;
    *list = list_of(h, &h->each[i], false);
    *version = h->each[i].groups;
    return is_counted(h, &h->each[i]);
}

static bool display_at(const void *of, size_t i, struct places *list, uint32_t *version)
{
    const struct heap *h = of;
    *list = list_of(h, &h->each[i], true);
    *version = h->each[i].groups;
    return is_counted(h, &h->each[i]);
}

static bool others_in(const struct groups *g, const struct places *list)
{
    return places_count(list) > (codes_have(&list->codes, g->usa) ? 1U : 0U);
}

/* Who may be shown it and not have it: not the USA, and nobody of whom a group may have it */
static void display_set(struct heap *h, const struct places *shown)
{
    struct places kept, seen;
    places_expand(h->g, h->m.groups, &h->m.release, &kept);
    places_without(shown, &h->m.release, &seen);
    places_without(&seen, &kept, &seen);
    codes_drop(&seen.codes, h->g->usa);
    if (!places_empty(&seen)) {
        h->m.display = seen;
        h->m.dissem |= ISM_BIT(ISM_DISPLAYONLY);
    }
}

static err lists_set(struct heap *h)
{
    struct places to, shown;
    TRY(lists_common(&(struct lists){h->g, h, h->count, release_at}, &to));
    TRY(lists_common(&(struct lists){h->g, h, h->count, display_at}, &shown));
    if (others_in(h->g, &to)) {
        h->m.release = to;
        h->m.dissem |= ISM_BIT(h->eyes == h->counted ? ISM_EYES : ISM_REL);
    }
    if (h->relido < h->counted) {
        display_set(h, &shown);
    } else {
        h->m.dissem |= ISM_BIT(ISM_RELIDO);
    }
    return OK;
}

/* One that goes home only, beside anything that is classified or may go abroad, keeps all home */
static bool home_wins(const struct heap *h)
{
    return h->kept_home && (h->m.level != ISM_U || h->marked > 0 || h->rules == ISM_CLOSED);
}

static void home_only(struct heap *h)
{
    /* Elsewhere silence says that nobody else may have it, and what stays home goes on saying so */
    if (h->m.system != ISM_US && h->noforn == 0) {
        return;
    }
    h->m.dissem |= ISM_BIT(ISM_NF);
    if ((h->m.nonic & ISM_BIT(ISM_SBU_NF)) != 0) {
        h->m.nonic = (uint16_t)((h->m.nonic & ~ISM_BIT(ISM_SBU_NF)) | ISM_BIT(ISM_SBU));
    }
    if ((h->m.nonic & ISM_BIT(ISM_LES_NF)) != 0) {
        h->m.nonic = (uint16_t)((h->m.nonic & ~ISM_BIT(ISM_LES_NF)) | ISM_BIT(ISM_LES));
    }
}

static err release_set(struct heap *h)
{
    /* Foreign information that says nothing is not to go anywhere */
    bool silent = h->rules == ISM_REGISTER && h->marked == 0 && !foreign_sources(&h->m);
    if (h->noforn == 0 && !home_wins(h)) {
        if (silent) {
            return OK;
        }
        if (h->marked == h->counted) {
            TRY(lists_set(h));
        }
    }
    if (!has_any(&h->m, FDR)) {
        home_only(h);
    }
    return OK;
}

static void covered_drop(struct heap *h)
{
    superseded_drop(h->rules, &h->m);
    if (h->usgov < h->orcon) {
        h->m.dissem &= ~ISM_BIT(ISM_OC_USGOV);
    }
    h->m.dissem |= h->orcon > 0 ? ISM_BIT(ISM_OC) : 0;
    if (ism_flag_is(&h->m, ISM_PROTECTED) || !places_empty(&h->m.fgi_within)) {
        h->m.flags |= ISM_BIT(ISM_PROTECTED);
        h->m.fgi = h->m.fgi_within = (struct places){0};
    }
    /* RESTRICTED is no level of the USA: the whole is protected as the next one */
    h->m.level = h->m.level == ISM_R && h->m.system == ISM_US ? ISM_C : h->m.level;
}

static bool nato_in(const struct groups *g, const struct places *p)
{
    return p->nato.len > 0 || codes_have(&p->codes, code_find(g, SPAN_LIT("NATO")));
}

/* What no date frees: said as an exception, also where the source itself may not be named */
static err exceptions_set(struct heap *h)
{
    bool nato = h->m.nonus != 0 || nato_in(h->g, &h->m.fgi) || nato_in(h->g, &h->m.fgi_within);
    bool aea = (h->m.aea & (ISM_BIT(ISM_RD) | ISM_BIT(ISM_RD_CNWDI) | ISM_BIT(ISM_FRD) |
                            ISM_BIT(ISM_TFNI))) != 0;
    nato |= words_have(&h->m.declass_exceptions, SPAN_LIT("NATO")) ||
            words_have(&h->m.declass_exceptions, SPAN_LIT("NATO-AEA"));
    aea |= words_have(&h->m.declass_exceptions, SPAN_LIT("AEA")) ||
           words_have(&h->m.declass_exceptions, SPAN_LIT("NATO-AEA"));
    for (size_t i = 0; i < h->count; i++) {
        nato |= takes_part(h, &h->each[i]) && h->each[i].system == ISM_NATO;
    }
    const char *said = nato && aea ? "NATO-AEA" : nato ? "NATO" : aea ? "AEA" : NULL;
    if (said == NULL || h->m.system != ISM_US) {
        return OK;
    }
    static const char *const parts[] = {"NATO", "AEA", "NATO-AEA"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct words one = {0};
        TRY(words_add(&one, span_text(parts[i])));
        words_without(&h->m.declass_exceptions, &one, &h->m.declass_exceptions);
    }
    return words_add(&h->m.declass_exceptions, span_text(said));
}

static bool owners_same(const struct heap *h, const struct ism **one)
{
    *one = NULL;
    for (size_t i = 0; i < h->count; i++) {
        const struct ism *m = &h->each[i];
        if (takes_part(h, m)) {
            *one = *one == NULL ? m : *one;
            if ((*one)->system != m->system || !places_equal(&(*one)->owners, &m->owners)) {
                return false;
            }
        }
    }
    return *one != NULL;
}

/* May the USA have it, by its owners or by its list? */
static bool usa_has(const struct heap *h, const struct ism *m)
{
    struct places owners, release;
    places_expand(h->g, m->groups, &m->owners, &owners);
    places_expand(h->g, m->groups, &m->release, &release);
    return codes_have(&owners.codes, h->g->usa) || ism_has(m, ISM_NF) ||
           (has_any(m, RELEASE) && codes_have(&release.codes, h->g->usa));
}

/* All of one owner: the whole is his.  Otherwise it is the USA's with foreign sources, which the
 * closed rules allow only where each source let the USA have it. */
static err owners_set(struct heap *h)
{
    const struct ism *one = NULL;
    if (h->rules == ISM_REGISTER) {
        return OK;
    }
    if (owners_same(h, &one)) {
        if (one->system != ISM_US && h->noforn > 0 && h->noforn < h->taken) {
            return FAIL(DENIED,
                        "of one foreign owner some is for the USA alone and some is not, so "
                        "no marking can stand for the whole");
        }
        h->m.system = one->system;
        h->m.owners = one->owners;
        if (one->system != ISM_US) {
            places_without(&h->m.fgi, &one->owners, &h->m.fgi);
        }
        return OK;
    }
    for (size_t i = 0; i < h->count; i++) {
        if (!usa_has(h, &h->each[i])) {
            return FAIL(DENIED,
                        "a source has not let the USA have it, so no marking of the USA can "
                        "stand for the whole");
        }
    }
    return OK;
}

/* Parts that each meet the rules may not go together: the sentence of the rule says which do not */
static err whole_check(const struct heap *h)
{
    const char            *word = "";
    const struct ism_rule *broken = ism_rules_attributes(h->g, &h->m, &word);
    return broken == NULL ? OK : (err){ERR_DENIED, broken->why};
}

static err heap_join(struct heap *h)
{
    ism_empty(h->g, &h->m);
    h->m.groups = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (takes_part(h, &h->each[i])) {
            TRY(one_unite(h, &h->each[i]));
            one_count(h, &h->each[i]);
        }
    }
    if (h->taken == 0) {
        return FAIL(MALFORMED, "there is nothing to make one marking of");
    }
    if (h->rules == ISM_CLOSED && h->undated > 0) {
        TRY(ism_text_set(&h->m, ISM_DECLASS_DATE, (span){0}));
    }
    TRY(owners_set(h));
    TRY(release_set(h));
    TRY(exceptions_set(h));
    covered_drop(h);
    return h->rules == ISM_CLOSED ? whole_check(h) : OK;
}

err ism_rollup(const struct groups *g, enum ism_rule_set rules, const struct ism *each,
               size_t count, struct ism *out)
{
    struct heap h = {.g = g, .rules = rules, .each = each, .count = count};
    TRY(heap_join(&h));
    *out = h.m;
    return OK;
}

static err text_carry(const struct ism *from, enum ism_text t, struct ism *to)
{
    return ism_text_set(to, t, ism_text_of(from, t));
}

err ism_rollup_resource(const struct ism *resource, struct ism *whole)
{
    struct ism m = *whole;
    TRY(text_carry(resource, ISM_CREATE_DATE, &m));
    TRY(text_carry(resource, ISM_DES_VERSION, &m));
    TRY(text_carry(resource, ISM_COMPLIES_WITH, &m));
    m.flags |= ISM_BIT(ISM_RESOURCE);
    *whole = m;
    return OK;
}

err ism_rollup_declassify(instant today, struct ism *whole)
{
    uint8_t       buf[16];
    struct writer w = WRITER_OF(buf);
    bool said = whole->declass_exceptions.len > 0 || whole->text[ISM_DECLASS_DATE].len > 0 ||
                whole->text[ISM_DECLASS_EVENT].len > 0;
    if (said || whole->level == ISM_U || whole->system != ISM_US) {
        return OK;
    }
    put_date(&w, instant_add_years(today, 25));
    return ism_text_set(whole, ISM_DECLASS_DATE, writer_span(&w));
}
