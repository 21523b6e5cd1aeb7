/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/authority.h"
#include "ism/rules.h"
#include "ism/terms.h"

#define LINE_FLAGS (ISM_BIT(ISM_PROTECTED) | ISM_BIT(ISM_SAP_MULTIPLE) | ISM_BIT(ISM_SAP_HVSACO))

static const struct ism_rule rule_loss = {"LINE-LOSS", "CAPCO D.1", "",
                                          "a line cannot say this, so it would be lost"},
                             rule_length = {"LENGTH", "", "", "the line is longer than 1024 bytes"};

void ism_line_part(const struct ism *m, struct ism *out)
{
    *out = *m;
    out->flags &= LINE_FLAGS;
    out->declass_exceptions = (struct words){0};
    out->pool_len = 0;
    for (unsigned t = 0; t < ISM_TEXT_COUNT; t++) {
        out->text[t].at = out->text[t].len = 0;
    }
}

/* differing - the fields that two markings may differ in, by the names of their attributes */
static const char *differing(const struct ism *a, const struct ism *b)
{
    const struct {
        const char *name;
        bool        same;
    } fields[] = {
        {"ownerProducer", a->system == b->system && places_equal(&a->owners, &b->owners)},
        {"classification", a->level == b->level},
        {"SCIcontrols", words_equal(&a->sci, &b->sci)},
        {"SARIdentifier", words_equal(&a->sap, &b->sap)},
        {"atomicEnergyMarkings",
         a->aea == b->aea && memcmp(a->sigma, b->sigma, sizeof a->sigma) == 0},
        {"FGIsourceOpen", places_equal(&a->fgi, &b->fgi)},
        {"FGIsourceProtected",
         a->flags == b->flags && places_equal(&a->fgi_within, &b->fgi_within)},
        {"nonUSControls", a->nonus == b->nonus},
        {"disseminationControls", a->dissem == b->dissem},
        {"releasableTo", places_equal(&a->release, &b->release)},
        {"displayOnlyTo", places_equal(&a->display, &b->display)},
        {"nonICmarkings", a->nonic == b->nonic && words_equal(&a->accm, &b->accm)},
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (!fields[i].same) {
            return fields[i].name;
        }
    }
    return NULL;
}

/* Groups of an older table mean other nations than a reader of the line would think */
static bool groups_mean_the_same(const struct groups *g, const struct ism *m)
{
    const struct places *lists[] = {&m->release, &m->display};
    for (size_t i = 0; m->groups != g->version && i < ARRAY_LEN(lists); i++) {
        struct places then, now;
        places_expand(g, m->groups, lists[i], &then);
        places_expand(g, g->version, lists[i], &now);
        if (!places_equal(&then, &now)) {
            return false;
        }
    }
    return true;
}

static err lost(struct ism_fault *fault, const char *what)
{
    return ism_refuse(fault, &rule_loss, ERR_UNKNOWN, what, (span){0}, 0);
}

static err line_read_again(const struct groups *g, enum ism_form form, span text, struct ism *out,
                           struct ism_fault *fault)
{
    return form == ISM_BANNER ? ism_banner_read(g, text, out, fault)
                              : ism_portion_read(g, text, NULL, out, fault);
}

/* What was written is read, so that there is no second list of what a line can say */
static err line_checked(const struct groups *g, const struct ism *part, enum ism_form form,
                        span text, struct ism_fault *fault)
{
    struct ism             again;
    const char            *word = "", *what = NULL;
    const struct ism_rule *broken = ism_rules_line(g, part, form, &word);
    if (broken != NULL) {
        return ism_refuse(fault, broken, ERR_MALFORMED, "", span_text(word), 0);
    }
    if (!groups_mean_the_same(g, part)) {
        return lost(fault, "ISMCATCESVersion");
    }
    if (err_is(line_read_again(g, form, text, &again, fault))) {
        return lost(fault, "");
    }
    what = differing(part, &again);
    return what == NULL ? OK : lost(fault, what);
}

static err line_write(const struct groups *g, const struct ism *m, enum ism_form form,
                      struct writer *w, struct ism_fault *fault)
{
    uint8_t       buf[ISM_LINE_MAX];
    struct writer line = WRITER_OF(buf);
    struct ism    part;
    ism_line_part(m, &part);
    if (form == ISM_BANNER) {
        ism_banner_show(g, &part, &line);
    } else {
        ism_portion_show(g, &part, NULL, &line);
    }
    if (line.bad) {
        return ism_refuse(fault, &rule_length, ERR_LIMIT, "", (span){0}, 0);
    }
    TRY(line_checked(g, &part, form, writer_span(&line), fault));
    put_span(w, writer_span(&line));
    return OK;
}

err ism_banner_write(const struct groups *g, const struct ism *m, struct writer *w,
                     struct ism_fault *fault)
{
    return line_write(g, m, ISM_BANNER, w, fault);
}

err ism_portion_write(const struct groups *g, const struct ism *m, struct writer *w,
                      struct ism_fault *fault)
{
    return line_write(g, m, ISM_PORTION, w, fault);
}
