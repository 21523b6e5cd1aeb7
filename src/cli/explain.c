/* SPDX-License-Identifier: Apache-2.0 */
/* explain: a verdict, step by step: of a case that is described, or of one that is on record. */
#include <inttypes.h>

#include "cli/audit.h"
#include "cli/given.h"
#include "cli/law.h"
#include "cli/marking_args.h"
#include "cli/matter.h"
#include "cli/party.h"
#include "cli/paths.h"
#include "cli/said.h"
#include "cli/verbs.h"
#include "release/near.h"

#define EXPLANATION_MAX (16 << 10)

/* ---- a case that is described ---- */

static err party_option(struct call *c, const struct tables *t, const char *option, uint8_t *out)
{
    const char *text;
    unsigned    number;
    TRY(call_need(c, option, &text));
    call_about(c, "--%s %s", option, text);
    if (err_is(names_find(&t->policies.parties, span_text(text), &number))) {
        return FAIL(UNKNOWN, "no policy names this party");
    }
    *out = (uint8_t)number;
    c->about[0] = 0;
    return OK;
}

/* Every party has signed, from the first day on: what stands then is a matter of dates alone. */
static set64 standing_of(const struct agreements *all, instant at)
{
    static struct instrument list[AGREEMENTS_MAX * SET64_MAX * 2];
    size_t                   count = 0;
    for (unsigned i = 0; i < all->count; i++) {
        const struct agreement *a = &all->agreement[i];
        for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
            for (int k = INSTRUMENT_SIGN; k <= INSTRUMENT_NOTIFY; k++) {
                struct instrument *one = &list[count++];
                *one = (struct instrument){.kind = (enum instrument_kind)k,
                                           .party = (uint8_t)p,
                                           .effective = k == INSTRUMENT_SIGN ? a->signed_on
                                                                             : a->in_force_on};
                memcpy(one->digest, a->digest, sizeof one->digest);
            }
        }
    }
    return standing_set(all, list, count, at, at);
}

static err approvals_option(struct call *c, uint8_t *out)
{
    static const struct number_option approvals = {"approvals", 0, OFFICERS_MAX, 0,
                                                   "--approvals is a number up to 9"};
    uint64_t                          number;
    TRY(given_number(c, &approvals, &number));
    *out = (uint8_t)number;
    return OK;
}

static err said_options(struct call *c, struct crossing *x)
{
    uint8_t       buf[EXTENT_TEXT_MAX + REDUCTION_TEXT_MAX + 64];
    struct writer w = WRITER_OF(buf);
    span          value;
    TRY(said_lines(c, &w));
    struct lines l = lines_of(writer_span(&w));
    TRY(take_more(&l, "extent", &value) ? extent_read(value, &x->extent) : OK);
    return take_more(&l, "reduced", &value) ? reduction_read(value, &x->reduced) : OK;
}

static err crossing_described(struct call *c, const struct tables *t, struct crossing *x)
{
    const char *kind;
    TRY(party_option(c, t, "from", &x->from));
    TRY(party_option(c, t, "to", &x->to));
    x->via = PARTY_NONE;
    if (call_has(c, "via")) {
        TRY(party_option(c, t, "via", &x->via));
    }
    TRY(call_need(c, "kind", &kind));
    TRY(kind_of(span_text(kind), &x->kind));
    TRY(marking_of_call(c, &t->policies, &t->policies.parties.name[x->from], "release-to",
                        &x->marking));
    TRY(party_time(c, "at", &x->now_low));
    TRY(approvals_option(c, &x->approvals));
    TRY(said_options(c, x));
    x->giving = call_has(c, "disclose") ? GIVING_DISCLOSE : GIVING_RELEASE;
    x->now_high = x->now_low;
    x->standing = standing_of(&t->agreements, x->now_low);
    if (!call_has(c, "no-assurance")) {
        near_assured(t, x); /* taken to have assured what is asked */
    }
    return OK;
}

static err paths_given(struct call *c, struct paths *p)
{
    const char *next;
    for (unsigned i = 0; (next = call_option_each(c, "agreement", i)) != NULL; i++) {
        TRY(paths_take(c, &next, 1, p));
    }
    return paths_take(c, c->arg, c->arg_count, p);
}

static err agreements_given(struct call *c, const struct law *law)
{
    unsigned     place[PATHS_MAX];
    struct paths p = {0};
    err          e = paths_given(c, &p);
    e = err_is(e) ? e : law_agreements(c, law, p.path, p.count, place);
    paths_done(&p);
    return err_is(e) ? e : law_hold(law);
}

/* Of each party's rules that are given, those of the giver; that others count for nothing here is said. */
static err rules_given(struct call *c, const struct law *law)
{
    static struct rules mine;
    struct tables      *t = law->tables;
    set64               known = 0;
    const char         *path;
    uint8_t             giver = PARTY_NONE;
    mine = t->rules;
    for (unsigned i = 0; (path = call_option_each(c, "rules", i)) != NULL; i++) {
        TRY(party_option(c, t, "from", &giver));
        TRY(law_rules(c, law, path));
        if (set_has(known, t->rules.party)) {
            call_about(c, "%s", path);
            return FAIL(CONFLICT, "two of the files hold the rules of this party");
        }
        known |= set_one(t->rules.party);
        if (t->rules.party == giver) {
            mine = t->rules;
        } else {
            call_note(c, "%s: not used: these rules are of %s, which is not the giver", path,
                      t->policies.parties.name[t->rules.party].text);
            call_append(c, "rules-not-used", json_string(path));
        }
    }
    t->rules = mine;
    return OK;
}

/* ---- what was missing, and what could go ---- */

static void lacking_tell(struct call *c, const struct tables *t, const struct crossing *x)
{
    static uint8_t buf[EXPLANATION_MAX];
    struct writer  w = WRITER_OF(buf);
    span           left, line;
    if (lacking_format(t, x, &w) > 0) {
        call_tell(c, "what permissions lack:");
    }
    for (left = writer_span(&w); left.len > 0;) {
        line = span_cut(&left, '\n');
        call_tell(c, "  " SPAN_FMT, SPAN_ARG(line));
        call_append(c, "lacking", json_span(line));
    }
}

static json_t *near_json(const struct tables *t, const struct near *n, span text)
{
    static uint8_t crossing[CROSSING_TEXT_MAX], verdict[VERDICT_TEXT_MAX];
    struct writer  x = WRITER_OF(crossing), v = WRITER_OF(verdict);
    json_t        *row = json_pack("{s:s, s:s, s:i}", "change", change_name(n->change), "outcome",
                                   outcome_name(n->verdict.outcome), "officers", (int)n->verdict.officers);
    crossing_format(t, &n->crossing, &x);
    verdict_format(t, &n->verdict, &v);
    (void)json_object_set_new(row, "text", json_span(text));
    (void)json_object_set_new(row, "crossing", json_span(writer_span(&x)));
    (void)json_object_set_new(row, "verdict", json_span(writer_span(&v)));
    return row;
}

static void near_tell(struct call *c, const struct tables *t, const struct crossing *x)
{
    static struct near near[NEAR_MAX];
    uint8_t            buf[256];
    unsigned           count = near_find(t, x, !call_has(c, "no-assurance"), near);
    call_tell(c, count > 0 ? "nearest that could go, each with one thing changed:"
                           : "nothing goes that differs in one thing alone");
    for (unsigned i = 0; i < count; i++) {
        struct writer w = WRITER_OF(buf);
        near_format(t, &near[i], &w);
        call_tell(c, "  " SPAN_FMT, SPAN_ARG(writer_span(&w)));
        call_append(c, "nearest", near_json(t, &near[i], writer_span(&w)));
    }
}

static void better_tell(struct call *c, const struct tables *t, const struct crossing *x,
                        const struct verdict *v)
{
    if (v->outcome == OUTCOME_RELEASE || !crossing_is_question(t, x)) {
        return;
    }
    if ((v->failed >> STEP_CLAUSE & 1u) != 0) {
        lacking_tell(c, t, x);
    }
    near_tell(c, t, x);
}

static void answer_tell(struct call *c, const struct tables *t, const struct crossing *x,
                        const struct verdict *v)
{
    static uint8_t buf[EXPLANATION_MAX], record[VERDICT_TEXT_MAX];
    struct writer  w = WRITER_OF(buf), r = WRITER_OF(record);
    verdict_explain(t, x, v, &w);
    verdict_format(t, v, &r);
    call_set_text(c, "outcome", span_text(outcome_name(v->outcome)));
    call_set_text(c, "explanation", writer_span(&w));
    call_set_text(c, "verdict", writer_span(&r));
    call_tell(c, "%.*s", (int)w.len - 1, (const char *)w.ptr);
}

static err explain_case(struct call *c)
{
    struct law      law = law_fresh(LAW_ANALYSED);
    struct crossing x = {0};
    TRY(law_policies(c, law.tables));
    TRY(agreements_given(c, &law));
    TRY(rules_given(c, &law));
    TRY(crossing_described(c, law.tables, &x));
    struct verdict v = verdict_by_reading(law.tables, &x);
    answer_tell(c, law.tables, &x, &v);
    better_tell(c, law.tables, &x, &v);
    return OK;
}

/* ---- a case on record ---- */

struct recorded {
    struct call *call;
    id           epoch;
    name         partner; /* "" = any */
    unsigned     found;
};

static bool is_asked(const struct recorded *r, const struct matter *m)
{
    return id_equal(&m->epoch, &r->epoch) &&
           (r->partner.text[0] == 0 || name_equal(&m->partner, &r->partner));
}

static err recorded_take(void *ctx, const struct history *h, const struct history_step *step)
{
    static uint8_t   buf[EXPLANATION_MAX], when[64];
    struct recorded *r = ctx;
    struct matter    m;
    struct writer    w = WRITER_OF(buf), t = WRITER_OF(when);
    if (!matter_of(&step->head, &m) || !is_asked(r, &m)) {
        return OK;
    }
    TRY(matter_explain(h, &m, &w));
    put_instant(&t, step->head.time);
    r->found++;
    call_tell(r->call, "leaf %" PRIu64 ", %.*s, %s: %.*s", step->index, (int)t.len,
              (const char *)t.ptr, leaf_kind_name(step->head.kind), (int)w.len,
              (const char *)w.ptr);
    json_t *row = json_pack("{s:I, s:s}", "leaf", (json_int_t)step->index, "kind",
                            leaf_kind_name(step->head.kind));
    (void)json_object_set_new(row, "time", json_span(writer_span(&t)));
    (void)json_object_set_new(row, "explanation", json_span(writer_span(&w)));
    (void)json_object_set_new(row, "case", json_span(m.both));
    call_append(r->call, "verdicts", row);
    return OK;
}

static err explain_recorded(struct call *c, const char *epoch)
{
    struct recorded r = {.call = c};
    struct audit    a = {.take = recorded_take, .ctx = &r};
    const char     *dir, *partner = call_option(c, "partner");
    TRY(party_dir(c, &dir));
    TRY(given_epoch(c, epoch, &r.epoch));
    if (partner != NULL) {
        call_about(c, "--partner %s", partner);
        TRY(name_of(span_text(partner), &r.partner));
        c->about[0] = 0;
    }
    TRY(call_dir_is_party(c, dir));
    TRY(audit_ledger(&a, dir));
    audit_done(&a);
    return r.found > 0 ? OK : FAIL(UNKNOWN, "the ledger holds no verdict on this epoch");
}

err do_explain(struct call *c)
{
    const char *epoch = call_option(c, "epoch");
    return epoch != NULL ? explain_recorded(c, epoch) : explain_case(c);
}
