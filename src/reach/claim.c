/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/claim.h"

#include "reach/except.h"

/* ---- words ---- */

struct words {
    const struct corpus *l;
    span                 rest, word; /* word: the next; empty at the end */
};

static bool is_between(uint8_t b)
{
    return b == ' ' || b == '\t' || b == ',';
}

static void next(struct words *w)
{
    while (w->rest.len > 0 && is_between(w->rest.ptr[0])) {
        w->rest = (span){w->rest.ptr + 1, w->rest.len - 1};
    }
    size_t len = 0;
    while (len < w->rest.len && !is_between(w->rest.ptr[len])) {
        len++;
    }
    w->word = (span){w->rest.ptr, len};
    w->rest = (span){w->rest.ptr + len, w->rest.len - len};
}

static bool take(struct words *w, const char *word)
{
    bool is = span_is(w->word, word);
    if (is) {
        next(w);
    }
    return is;
}

/* The names up to the first word that is none. */
static set64 take_names(struct words *w, const struct names *n)
{
    set64    out = 0;
    unsigned number;
    for (; !err_is(names_find(n, w->word, &number)); next(w)) {
        out |= set_one(number);
    }
    return out;
}

/* ---- parts of the sentence ---- */

static err read_sort(struct words *w, struct claim *out)
{
    static const char *const sort[] = {
        [CLAIM_NO] = "no", [CLAIM_SOME] = "some", [CLAIM_EVERY] = "every"};
    for (unsigned i = 0; i < ARRAY_LEN(sort); i++) {
        if (take(w, sort[i])) {
            out->sort = (enum claim_sort)i;
            return OK;
        }
    }
    return FAIL(MALFORMED, "a claim begins with no, some or every");
}

/* The kinds up to the first word that is none. */
static uint8_t take_kinds(struct words *w)
{
    uint8_t   out = 0;
    enum kind kind;
    for (;; next(w)) {
        if (!err_is(kind_of(w->word, &kind))) {
            out = (uint8_t)(out | 1u << kind);
        } else if (span_is(w->word, "product")) {
            out |= 1u << KIND_REPORT | 1u << KIND_IMAGE;
        } else {
            return out;
        }
    }
}

static bool at_reaches(const struct words *w)
{
    return span_is(w->word, "reaches") || span_is(w->word, "reach");
}

/* The first `from` may be of disciplines, the one before `reaches` is of a party. */
static set64 take_from(struct words *w)
{
    struct words ahead = *w;
    set64        out = take(&ahead, "from") ? take_names(&ahead, &w->l->disciplines) : 0;
    bool         any = out == 0 && take(&ahead, "any") && !at_reaches(&ahead);
    out = any ? names_all(&w->l->disciplines) : out;
    *w = out != 0 ? ahead : *w;
    return out;
}

static err read_what(struct words *w, struct claim *out)
{
    bool any = take(w, "any");
    out->kinds = any ? 0 : take_kinds(w);
    out->disciplines = any || out->kinds != 0 ? take_from(w) : take_names(w, &w->l->disciplines);
    enum kind kind;
    unsigned  number;
    if (!err_is(kind_of(w->word, &kind)) ||
        !err_is(names_find(&w->l->disciplines, w->word, &number))) {
        return FAIL(MALFORMED, "kinds and disciplines are mixed here: write kinds, then 'from' "
                               "and disciplines");
    }
    if (!any && out->kinds == 0 && out->disciplines == 0) {
        return FAIL(UNKNOWN, "this is no kind and no discipline; `any` means all");
    }
    out->kinds = out->kinds != 0 ? out->kinds : (uint8_t)((1u << KIND_COUNT) - 1);
    return OK;
}

static err read_topics(struct words *w, struct claim *out)
{
    if (!take(w, "about") || take(w, "any")) {
        return OK;
    }
    out->topics = take_names(w, &w->l->topics);
    bool over = span_is(w->word, "up") || span_is(w->word, "above") || span_is(w->word, "from");
    return out->topics != 0 && over ? OK : FAIL(UNKNOWN, "no policy has this topic");
}

/* A level by its ranks: itself and those below. */
static err read_level(struct words *w, struct claim *out, uint16_t *to)
{
    span rest = w->word, policy = span_cut(&rest, ':');
    for (unsigned p = 0; p < w->l->policy_count; p++) {
        for (unsigned r = 0; r < LEVELS_MAX && span_equal(name_span(&w->l->policy[p]), policy);
             r++) {
            if (rest.len > 0 && span_equal(name_span(&w->l->level[p][r]), rest)) {
                if (out->level_said && out->level_policy != p) {
                    return FAIL(MALFORMED, "both levels are of one policy");
                }
                out->level_said = true;
                out->level_policy = (uint8_t)p;
                *to = (uint16_t)((2u << r) - 1);
                next(w);
                return OK;
            }
        }
    }
    return FAIL(UNKNOWN, "no policy has this level");
}

/* `up to`, `above`, or both in any order. */
static err read_levels(struct words *w, struct claim *out)
{
    uint16_t up = 0, above = 0;
    for (;;) {
        if (up == 0 && take(w, "up")) {
            if (!take(w, "to")) {
                return FAIL(MALFORMED, "a ceiling is written: up to LEVEL");
            }
            TRY(read_level(w, out, &up));
        } else if (above == 0 && take(w, "above")) {
            TRY(read_level(w, out, &above));
        } else {
            break;
        }
    }
    out->ranks = (uint16_t)((up != 0 ? up : UINT16_MAX) & ~above);
    return out->ranks != 0 ? OK : FAIL(MALFORMED, "there is no level between these two");
}

static err read_party(struct words *w, set64 *out)
{
    unsigned number;
    if (take(w, "anybody")) {
        *out = set_one(w->l->parties.count) - 1;
        *out = w->l->parties.count >= SET64_MAX ? ~(set64)0 : *out;
        return OK;
    }
    if (span_is(w->word, "any")) {
        return FAIL(MALFORMED, "a party stands here: any of them is written anybody");
    }
    if (!err_is(names_find(&w->l->disciplines, w->word, &number))) {
        return FAIL(MALFORMED, "a party stands here: disciplines are written once, before `about`, "
                               "`up to` and `from PARTY`");
    }
    if (err_is(names_find(&w->l->parties, w->word, &number))) {
        return FAIL(UNKNOWN, "no policy names this party");
    }
    *out = set_one(number);
    next(w);
    return OK;
}

static err read_one(struct words *w, uint8_t *out)
{
    set64 one;
    TRY(read_party(w, &one));
    if (set_count(one) != 1) {
        return FAIL(MALFORMED, "one party is meant here");
    }
    *out = (uint8_t)set_next(one, 0);
    return OK;
}

static err read_route(struct words *w, struct claim *out)
{
    if (!take(w, "from")) {
        return FAIL(MALFORMED, "here the claim says: from PARTY reaches PARTY");
    }
    TRY(read_party(w, &out->from));
    if (!take(w, "reaches") && !take(w, "reach")) {
        return FAIL(MALFORMED, "here the claim says: reaches PARTY");
    }
    TRY(read_party(w, &out->to));
    return take(w, "via") ? read_one(w, &out->via) : OK;
}

static err read_without(struct words *w, struct claim *out)
{
    if (!take(w, "without")) {
        return OK;
    }
    if (!take(w, "approval")) {
        return FAIL(MALFORMED, "this is written: without approval [of PARTY]");
    }
    out->without = true;
    return take(w, "of") ? read_one(w, &out->of) : OK;
}

static err read_all(struct words *w, struct claim *out)
{
    TRY(read_sort(w, out));
    TRY(read_what(w, out));
    TRY(read_topics(w, out));
    TRY(read_levels(w, out));
    TRY(read_route(w, out));
    TRY(read_without(w, out));
    return w->word.len == 0 ? OK : FAIL(MALFORMED, "the claim was over before this word");
}

/* What speaks of nothing would be proved, and mislead. */
static err check_matter(const struct corpus *l, const struct claim *c)
{
    for (unsigned f = set_next(c->from, 0); c->level_said && f < SET64_MAX;
         f = set_next(c->from, f + 1)) {
        if (l->own_policy[f] != c->level_policy) {
            return FAIL(MALFORMED, "a level is one of the party whose items they are: name "
                                   "that party, and a level of its policy");
        }
    }
    if (c->from == c->to && set_count(c->from) == 1) {
        return FAIL(MALFORMED, "a party gives to another");
    }
    if (c->via != PARTY_NONE && (c->from == set_one(c->via) || c->to == set_one(c->via))) {
        return FAIL(MALFORMED, "a hub is neither the giver nor the receiver");
    }
    return OK;
}

err claim_read(const struct corpus *l, span text, struct claim *out, span *about)
{
    struct words w = {.l = l, .rest = span_trim(text)};
    struct claim c = {.via = PARTY_NONE, .of = PARTY_NONE};
    next(&w);
    err e = read_all(&w, &c);
    *about = w.word;
    TRY(e);
    TRY(check_matter(l, &c));
    c.disciplines = c.disciplines != 0 ? c.disciplines : names_all(&l->disciplines);
    c.topics = c.topics != 0 ? c.topics : names_all(&l->topics);
    *out = c;
    return OK;
}

/* ---- what came of it ---- */

struct query claim_query(const struct claim *c, uint8_t from, uint8_t to)
{
    return (struct query){from, to, c->via};
}

/* Levels lie by hierarchy, so ranks are in order. */
static unsigned ranks_of(const struct corpus *l, const struct claim *c, unsigned policy)
{
    return !c->level_said || c->level_policy == policy ? l->valid[policy] & c->ranks : 0;
}

static bool is_meant(const struct claim *c, const struct row *r)
{
    set64 approvals = r->flow.needs.approvals;
    return !c->without || (c->of == PARTY_NONE ? approvals == 0 : !set_has(approvals, c->of));
}

static set64 approvals_barred(const struct claim *c)
{
    return !c->without ? 0 : c->of == PARTY_NONE ? ~(set64)0 : set_one(c->of);
}

/* The part of a row that the claim is about; false when there is none. */
static bool row_cut(const struct corpus *l, const struct claim *c, unsigned policy,
                    const struct row *r, struct row *out)
{
    unsigned ranks = ranks_of(l, c, policy);
    *out = *r;
    out->flow.kinds &= c->kinds;
    out->flow.disciplines &= c->disciplines;
    out->flow.topics &= c->topics;
    for (unsigned o = 0; o < LEVELS_MAX; o++) {
        out->flow.ranks[o] = (ranks >> o & 1u) != 0 ? r->flow.ranks[o] : 0;
    }
    const struct settling s = {.but = approvals_barred(c)};
    return is_meant(c, r) && flow_settle(&out->flow, &s);
}

static struct finding judge_some(const struct corpus *l, const struct claim *c,
                                 const struct reach *r, unsigned policy)
{
    struct finding f = {0};
    for (size_t i = 0; i < r->count && !f.shown; i++) {
        f.shown = row_cut(l, c, policy, &r->row[i], &f.row);
    }
    f.holds = c->sort == CLAIM_SOME ? f.shown : !f.shown;
    return f;
}

/* The largest item of each kind and level must be in one row: then all that are smaller are. */
static bool all_of_it(const struct claim *c, const struct row *r, unsigned kind, unsigned rank)
{
    const struct settling s = {.but = approvals_barred(c), .whole = true};
    struct flow           f = r->flow;
    f.disciplines &= c->disciplines;
    f.topics &= c->topics;
    return is_meant(c, r) && (r->flow.kinds >> kind & 1u) != 0 && r->flow.ranks[rank] != 0 &&
           set_within(c->disciplines, r->flow.disciplines) &&
           set_within(c->topics, r->flow.topics) && flow_settle(&f, &s);
}

static struct finding judge_every(const struct corpus *l, const struct claim *c,
                                  const struct reach *r, unsigned policy)
{
    unsigned ranks = ranks_of(l, c, policy);
    for (unsigned n = 0; n < KIND_COUNT * LEVELS_MAX; n++) {
        unsigned kind = n / LEVELS_MAX, rank = n % LEVELS_MAX;
        bool     asked = (c->kinds >> kind & 1u) != 0 && (ranks >> rank & 1u) != 0, has = false;
        for (size_t i = 0; asked && i < r->count; i++) {
            has = has || all_of_it(c, &r->row[i], kind, rank);
        }
        if (asked && !has) {
            return (struct finding){
                .kind = (enum kind)kind, .policy = (uint8_t)policy, .rank = (uint8_t)rank};
        }
    }
    return (struct finding){.holds = true};
}

struct finding claim_judge(const struct corpus *l, const struct claim *c, const struct reach *r)
{
    unsigned policy = l->own_policy[r->query.from];
    if (policy >= CORPUS_POLICIES_MAX) {
        return (struct finding){.holds = c->sort != CLAIM_SOME}; /* it has nothing to give */
    }
    return c->sort == CLAIM_EVERY ? judge_every(l, c, r, policy) : judge_some(l, c, r, policy);
}
