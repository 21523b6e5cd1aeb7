/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/table.h"

/* Limits the counts before anything is read by them. */
unsigned table_count(struct reader *r, unsigned count, unsigned max)
{
    if (count > max) {
        r->bad = true;
        return 0;
    }
    return count;
}

/* An enumeration in a byte; a value past its last makes the reader bad. */
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && \result <= last; */
static unsigned read_choice(struct reader *r, unsigned last)
{
    return table_count(r, read_u8(r), last);
}

name table_name(struct reader *r)
{
    name out = {0};
    r->bad = err_is(name_of(read_block8(r, NAME_MAX_LEN), &out)) || r->bad;
    return out;
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
static name read_name_or_none(struct reader *r)
{
    name out = {0};
    span text = read_block8(r, NAME_MAX_LEN);
    r->bad = (text.len > 0 && err_is(name_of(text, &out))) || r->bad;
    return out;
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && 0 <= \result <= DAY_LAST; */
static instant read_day(struct reader *r)
{
    uint32_t day = read_u32(r);
    if (day > DAY_LAST / MS_PER_DAY) {
        r->bad = true;
        return 0;
    }
    return (instant)day * MS_PER_DAY;
}

/*@ requires \valid(r) && bounded(r) && \valid(out + (0 .. AGREEMENT_TITLE_MAX - 1));
    requires \separated(r, out + (0 .. AGREEMENT_TITLE_MAX - 1));
    requires \separated(out + (0 .. AGREEMENT_TITLE_MAX - 1), r->rest.ptr + (0 .. r->rest.len - 1));
    assigns *r, out[0 .. AGREEMENT_TITLE_MAX - 1];
    ensures read_on{Pre, Here}(r); */
static void read_title(struct reader *r, char out[static AGREEMENT_TITLE_MAX])
{
    span title = read_block8(r, AGREEMENT_TITLE_MAX - 1);
    utf8 checked;
    bool plain = title.len == 0 || (memchr(title.ptr, '\n', title.len) == NULL &&
                                    memchr(title.ptr, '\t', title.len) == NULL);
    r->bad = !plain || err_is(text_utf8(title, &checked)) || r->bad;
    if (!r->bad && title.len > 0) {
        memcpy(out, title.ptr, title.len);
    }
}

static void read_head(const struct locals *l, struct reader *r, struct agreement *out)
{
    out->name = table_name(r);
    read_title(r, out->title);
    uint8_t flags = read_u8(r);
    r->bad = (flags & ~FLAG_ALL) != 0 || r->bad;
    out->arrangement = (flags & FLAG_ARRANGEMENT) != 0;
    out->binding = (flags & FLAG_BINDING) != 0;
    out->extends = (flags & FLAG_EXTENDS) != 0;
    out->parties = read_places(&l->parties, r);
    out->signed_on = read_day(r);
    out->in_force_on = read_day(r);
    out->term_years = read_u16(r);
    out->notice_days = read_u16(r);
    out->covers = read_levels(l, r);
    out->covers_article = read_u8(r);
    out->covers_number = read_u8(r);
    out->claims = read_places(&l->topics, r);
    owed_read(r, &out->owed);
    out->after = (enum after_end)read_choice(r, AFTER_DESTROY);
    terms_read(r, &out->terms);
}

/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, out->under_count, out->under[0 .. UNDER_MAX - 1];
    ensures read_on{Pre, Here}(r) && out->under_count <= UNDER_MAX; */
static void read_under(struct reader *r, struct agreement *out)
{
    out->under_count = table_count(r, read_u8(r), UNDER_MAX);
    /*@ loop invariant 0 <= i <= out->under_count <= UNDER_MAX && read_on{Pre, Here}(r);
        loop assigns i, *r, out->under[0 .. UNDER_MAX - 1];
        loop variant out->under_count - i; */
    for (unsigned i = 0; i < out->under_count; i++) {
        out->under[i].agreement = table_name(r);
        out->under[i].article = read_u8(r);
    }
}

/* The candidates must be levels of one policy: its number stands beside their ranks. */
/*@ requires numbered(l) && \valid(r) && bounded(r) && \valid(e) && \separated(r, l) && \separated(r, e);
    requires \separated(e, l);
    assigns *r, e->receiver_policy, e->ranks;
    ensures read_on{Pre, Here}(r) && (r->bad || e->ranks != 0); */
static void read_candidates(const struct locals *l, struct reader *r, struct equivalence *e)
{
    struct levels set = read_levels(l, r);
    /*@ loop invariant 0 <= i <= POLICIES_MAX && read_on{Pre, Here}(r);
        loop assigns i, *r, e->receiver_policy, e->ranks;
        loop variant POLICIES_MAX - i; */
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        if (set.ranks[i] == 0) {
            continue;
        }
        r->bad = e->ranks != 0 || r->bad;
        e->receiver_policy = (uint8_t)i;
        e->ranks = set.ranks[i];
    }
    r->bad = e->ranks == 0 || r->bad;
}

static void read_equivalences(const struct locals *l, struct reader *r, struct agreement *out)
{
    uint64_t last = 0;
    out->equivalence_count = table_count(r, read_u8(r), EQUIVALENTS_MAX);
    for (unsigned i = 0; i < out->equivalence_count && !r->bad; i++) {
        struct equivalence *e = &out->equivalence[i];
        e->article = read_u8(r);
        e->number = read_u8(r);
        e->given = read_level(l, r);
        e->receiver = read_party(l, r);
        read_candidates(l, r, e);
        uint64_t key = equivalence_key(l, e);
        r->bad = (i > 0 && key <= last) || r->bad;
        last = key;
    }
}

static struct clause read_clause(const struct locals *l, struct reader *r)
{
    struct clause c = {.article = read_u8(r)};
    c.number = read_u8(r);
    c.kind = (enum clause_kind)read_choice(r, CLAUSE_NEVER);
    c.from = read_party(l, r);
    c.to = read_party(l, r);
    c.via = read_party(l, r);
    c.giving = (enum giving)read_choice(r, GIVING_RELEASE);
    c.precedence = (enum precedence)read_choice(r, PRECEDENCE_FLASH);
    c.never = (enum never_kind)read_choice(r, NEVER_OTHER_PURPOSE);
    c.unless_approved = read_choice(r, 1) != 0;
    c.approver = read_party(l, r);
    c.scope = read_scope(l, r);
    owed_read(r, &c.owed);
    return c;
}

static void read_clauses(const struct locals *l, struct reader *r, struct agreement *out)
{
    uint64_t last = 0;
    out->clause_count = table_count(r, read_u16(r), CLAUSES_MAX);
    for (unsigned i = 0; i < out->clause_count && !r->bad; i++) {
        out->clause[i] = read_clause(l, r);
        uint64_t key = clause_key(l, &out->clause[i]);
        r->bad = (i > 0 && key <= last) || r->bad;
        last = key;
    }
}

static err same_bytes(span table, const struct writer *again)
{
    if (again->bad || !span_equal(writer_span(again), table)) {
        return FAIL(MALFORMED, "the table is not in its canonical form");
    }
    return OK;
}

err agreement_read(const struct policies *all, span table, const uint8_t digest[static 32],
                   struct agreement *out)
{
    if (table.len > AGREEMENT_FORM_MAX) {
        return FAIL(LIMIT, "the agreement table is longer than 96 KiB");
    }
    struct reader    r = reader_of(table);
    struct locals    l;
    struct agreement a = {0};
    if (!span_is(read_bytes(&r, sizeof AGREEMENT_MAGIC - 1), AGREEMENT_MAGIC)) {
        return FAIL(MALFORMED, "this is not a compiled agreement");
    }
    TRY(locals_read(all, &r, &l));
    read_head(&l, &r, &a);
    read_under(&r, &a);
    read_equivalences(&l, &r, &a);
    read_clauses(&l, &r, &a);
    read_copy(&r, a.text_digest, sizeof a.text_digest);
    TRY(reader_end(&r));
    TRY(agreement_valid(&a));
    uint8_t       bytes[AGREEMENT_FORM_MAX];
    struct writer again = WRITER_OF(bytes);
    agreement_write(all, &a, &again);
    TRY(same_bytes(table, &again));
    memcpy(a.digest, digest, sizeof a.digest);
    agreement_copy(&a, out);
    return OK;
}

static struct rule read_rule(const struct locals *l, struct reader *r)
{
    struct rule rule = {.action = (enum rule_action)read_choice(r, RULE_NEVER)};
    rule.officers = read_u8(r);
    rule.to = read_places(&l->parties, r);
    rule.via = read_party(l, r);
    rule.under = read_name_or_none(r);
    rule.scope = read_scope(l, r);
    return rule;
}

err rules_read(const struct policies *all, span table, const uint8_t digest[static 32],
               struct rules *out)
{
    if (table.len > AGREEMENT_TABLE_MAX) {
        return FAIL(LIMIT, "the table of rules is longer than 48 KiB");
    }
    struct reader r = reader_of(table);
    struct locals l;
    struct rules  rules = {0};
    if (!span_is(read_bytes(&r, sizeof RULES_MAGIC - 1), RULES_MAGIC)) {
        return FAIL(MALFORMED, "this is not a compiled table of rules");
    }
    TRY(locals_read(all, &r, &l));
    rules.party = read_party(&l, &r);
    terms_read(&r, &rules.terms);
    rules.count = table_count(&r, read_u8(&r), RULES_MAX);
    for (unsigned i = 0; i < rules.count; i++) {
        rules.rule[i] = read_rule(&l, &r);
    }
    TRY(reader_end(&r));
    TRY(rules_valid(&rules));
    uint8_t       bytes[AGREEMENT_TABLE_MAX];
    struct writer again = WRITER_OF(bytes);
    rules_write(all, &rules, &again);
    TRY(same_bytes(table, &again));
    memcpy(rules.digest, digest, sizeof rules.digest);
    *out = rules;
    return OK;
}
