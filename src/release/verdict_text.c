/* SPDX-License-Identifier: Apache-2.0 */
#include "release/verdict_text.h"
#include "base/lines.h"
#include "release/outcome.h"

static const char *const action_names[] = {
    [RULE_RELEASE] = "release",
    [RULE_HOLD] = "hold",
    [RULE_NEVER] = "never",
};

/* In byte order of the names, as the text has them */
static const struct {
    enum duty   duty;
    const char *name;
} duties[] = {
    {DUTY_ASSURANCE, "assurance"},
    {DUTY_CERTIFICATE, "certificate"},
    {DUTY_CLEARANCE, "clearance"},
    {DUTY_CONTRACTORS, "contractors"},
    {DUTY_COPIES, "copies"},
    {DUTY_DESTROY, "destroy"},
    {DUTY_LEASE, "lease"},
    {DUTY_MARK_ORIGINATOR, "mark-originator"},
    {DUTY_MARK_OWN_LEVEL, "mark-own-level"},
    {DUTY_NEED_TO_KNOW, "need-to-know"},
    {DUTY_NO_ONWARD, "no-onward"},
    {DUTY_PURPOSE, "purpose"},
    {DUTY_RECEIPT, "receipt"},
    {DUTY_REGISTRY, "registry"},
    {DUTY_REPORT_LOSS, "report-loss"},
    {DUTY_TRANSLATE, "translate"},
};

static void line_ref(struct writer *w, const char *key, const struct tables *t,
                     struct clause_ref ref)
{
    if (ref.agreement != CLAUSE_NONE) {
        put_text(w, key);
        put_u8(w, ' ');
        clause_ref_format(&t->agreements, ref, w);
        put_u8(w, '\n');
    }
}

static void line_failed(struct writer *w, uint8_t failed)
{
    const char *before = "failed ";
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        if (((unsigned)failed >> s & 1u) != 0) {
            put_text(w, before);
            put_text(w, step_name((enum step)s));
            before = ",";
        }
    }
    put_text(w, failed != 0 ? "\n" : "");
}

void duties_format(uint32_t owed, const char *comma, struct writer *w)
{
    const char *before = "";
    for (unsigned d = 0; d < ARRAY_LEN(duties); d++) {
        if ((owed & duties[d].duty) != 0) {
            put_text(w, before);
            put_text(w, duties[d].name);
            before = comma;
        }
    }
}

/* The rank whose level's name comes next after that of `last`; LEVELS_MAX: before and after all */
static unsigned rank_next(const struct policy *p, uint16_t ranks, unsigned last)
{
    unsigned best = LEVELS_MAX;
    for (unsigned r = 0; r < p->level_count; r++) {
        span here = name_span(&p->level[r].name);
        bool past = last == LEVELS_MAX || span_order(here, name_span(&p->level[last].name)) > 0;
        if (((unsigned)ranks >> r & 1u) != 0 && past &&
            (best == LEVELS_MAX || span_order(here, name_span(&p->level[best].name)) < 0)) {
            best = r;
        }
    }
    return best;
}

void candidates_format(const struct tables *t, const struct verdict *v, const char *comma,
                       struct writer *w)
{
    const struct policies *all = &t->policies;
    const char            *before = "";
    if (v->equivalent_policy >= all->count) {
        w->bad = true;
        return;
    }
    const struct policy *p = &all->policy[v->equivalent_policy];
    for (unsigned r = rank_next(p, v->equivalents, LEVELS_MAX); r < LEVELS_MAX;
         r = rank_next(p, v->equivalents, r)) {
        put_text(w, before);
        level_format(all, (level){v->equivalent_policy, (uint8_t)r}, w);
        before = comma;
    }
}

static void line_measure(struct writer *w, const char *key, uint32_t measure)
{
    if (measure != 0) {
        line_number(w, key, measure);
    }
}

void verdict_format(const struct tables *t, const struct verdict *v, struct writer *w)
{
    line_title(w, VERDICT_TITLE);
    line_text(w, "outcome", span_text(outcome_name(v->outcome)));
    line_failed(w, v->failed);
    line_ref(w, "cover", t, v->cover);
    line_ref(w, "permit", t, v->permit);
    line_ref(w, "never", t, v->never);
    line_ref(w, "equivalent", t, v->equivalent);
    if (v->equivalents != 0) {
        put_text(w, "candidates ");
        candidates_format(t, v, ",", w);
        put_u8(w, '\n');
    }
    line_text(w, "precedence", span_text(precedence_name(v->precedence)));
    line_text(w, "rule", span_text(action_names[v->rule]));
    line_number(w, "rule-number", v->rule_number);
    line_number(w, "officers", v->officers);
    if (v->obligations.duties != 0) {
        put_text(w, "duties ");
        duties_format(v->obligations.duties, ",", w);
        put_u8(w, '\n');
    }
    line_measure(w, "receipt-ms", v->obligations.receipt_ms);
    line_measure(w, "loss-ms", v->obligations.loss_ms);
    line_measure(w, "lease-ms", v->obligations.lease_ms);
    line_measure(w, "destroy-s", v->obligations.destroy_s);
    line_measure(w, "copies", v->obligations.copies);
    line_measure(w, "certifiers", v->obligations.certifiers);
}

/* ---- checking ---- */

static bool action_of(span s, enum rule_action *out)
{
    for (unsigned a = 0; a < ARRAY_LEN(action_names); a++) {
        if (span_is(s, action_names[a])) {
            *out = (enum rule_action)a;
            return true;
        }
    }
    return false;
}

/* Only one that step 7 can give */
static bool ruling_is_possible(const struct ruling *r)
{
    return (r->action == RULE_HOLD) == (r->officers != 0) &&
           (r->number != 0 || (r->action == RULE_HOLD && r->officers == 1));
}

err ruling_read(span verdict_text, struct ruling *out)
{
    struct lines  l = lines_of(verdict_text);
    struct ruling r = {0};
    span          action = {0};
    take_title(&l, VERDICT_TITLE);
    while (!l.bad && !take_more(&l, "rule", &action)) {
        l.bad = l.rest.len == 0 || memchr(l.rest.ptr, '\n', l.rest.len) == NULL;
        (void)span_cut(&l.rest, '\n');
    }
    bool known = action_of(action, &r.action);
    r.number = (uint8_t)take_number(&l, "rule-number", RULES_MAX);
    r.officers = (uint8_t)take_number(&l, "officers", OFFICERS_MAX);
    if (l.bad || !known || !ruling_is_possible(&r)) {
        return FAIL(MALFORMED, "the verdict does not say what the giver's rules came to");
    }
    *out = r;
    return OK;
}

struct verdict verdict_with(const struct verdict *without, const struct ruling *r,
                            const struct crossing *c)
{
    struct verdict v = *without;
    v.rule = r->action;
    v.rule_number = r->number;
    v.officers = r->officers;
    v.failed |= r->action == RULE_NEVER ? 1u << STEP_RULES : 0;
    return verdict_end(v, c);
}

/* From the line that is this title on; empty when there is none. */
static span from_title(span text, span title)
{
    for (span rest = text; rest.len > 0; text = rest) {
        if (span_equal(span_cut(&rest, '\n'), title)) {
            return text;
        }
    }
    return text;
}

static span without_count(span text)
{
    span rest = text;
    while (rest.len > 0) {
        span at = rest;
        if (span_starts(span_cut(&rest, '\n'), SPAN_LIT("repeated "))) {
            return (span){text.ptr, (size_t)(at.ptr - text.ptr)};
        }
    }
    return text;
}

void verdict_texts(span body, span *crossing, span *verdict)
{
    span both = without_count(from_title(body, SPAN_LIT(CROSSING_TITLE)));
    *verdict = from_title(both, SPAN_LIT(VERDICT_TITLE));
    *crossing = (span){both.ptr, both.len - verdict->len};
}

err verdict_check(const struct tables *t, span crossing_text, span verdict_text)
{
    struct lines    l = lines_of(crossing_text);
    struct crossing c = {0};
    uint8_t         text[VERDICT_TEXT_MAX];
    struct writer   w = WRITER_OF(text);
    TRY(crossing_read(t, &l, &c));
    TRY(lines_end(&l));
    struct verdict v = verdict_by_reading(t, &c);
    if (t->rules.count == 0 || t->rules.party != c.from) {
        struct ruling r = {0};
        TRY(ruling_read(verdict_text, &r));
        v = verdict_with(&v, &r, &c);
    }
    verdict_format(t, &v, &w);
    if (w.bad || !span_equal(writer_span(&w), verdict_text)) {
        return FAIL(CONFLICT, "another verdict follows from this crossing");
    }
    return OK;
}
