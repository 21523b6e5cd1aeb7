/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"
#include "marking/policy.h"

/* The compiled form of a policy: docs/format/policy-table.md.  Names stand in it, never the numbers
 * of a process, so that what one process compiled another can read. */
static const char policy_magic[] = "accord policy 1\n";

static void put_names(struct writer *w, const struct names *n, set64 members)
{
    if (!names_cover(n, members)) {
        w->bad = true;
        return;
    }
    put_u8(w, (uint8_t)set_count(members));
    for (unsigned i = names_walk(n, members, SET64_MAX); i < SET64_MAX;
         i = names_walk(n, members, i)) {
        put_block8(w, name_span(&n->name[i]));
    }
}

/* Caveats lie in byte order of their names already, so the order of numbers is the order of names
 */
static void put_caveats(struct writer *w, const struct policy *p, set64 members)
{
    put_u8(w, (uint8_t)set_count(members));
    for (unsigned i = set_next(members, 0); i < SET64_MAX; i = set_next(members, i + 1)) {
        put_block8(w, i < p->caveat_count ? name_span(&p->caveat[i].name) : (span){0});
    }
}

static void put_level(struct writer *w, const struct policy *p, const struct policy_level *l)
{
    put_block8(w, name_span(&l->name));
    for (unsigned t = 0; t < TITLE_COUNT; t++) {
        put_block8(w, span_text(l->title[t]));
    }
    put_block8(w, span_text(l->banner));
    put_u16(w, l->lacv);
    put_u16(w, l->hierarchy);
    put_u32(w, l->color);
    put_u8(w, l->obsolete);
    put_caveats(w, p, l->caveats_required);
    put_caveats(w, p, l->caveats_excluded);
}

void policy_write(const struct policies *all, const struct policy *p, struct writer *w)
{
    put_text(w, policy_magic);
    put_block8(w, name_span(&p->name));
    put_block8(w, span_text(p->id));
    put_names(w, &all->parties, p->parties);
    put_names(w, &all->topics, p->topics);
    put_names(w, &all->disciplines, p->disciplines);
    put_u8(w, (uint8_t)p->caveat_count);
    for (unsigned i = 0; i < p->caveat_count; i++) {
        put_block8(w, name_span(&p->caveat[i].name));
        put_block8(w, span_text(p->caveat[i].banner));
        put_u16(w, p->caveat[i].lacv);
    }
    put_u8(w, (uint8_t)p->level_count);
    for (unsigned i = 0; i < p->level_count; i++) {
        put_level(w, p, &p->level[i]);
    }
}

/* table - a reader that also keeps the first reason; what is read after it is of no use */
struct table {
    struct reader r;
    err           first;
};

static void table_fail(struct table *t, err e)
{
    if (!err_is(t->first)) {
        t->first = e;
    }
    t->r.bad = true;
}

static name table_name(struct table *t)
{
    name n = {0};
    err  e = name_of(read_block8(&t->r, NAME_MAX_LEN), &n);
    if (err_is(e)) {
        table_fail(t, e);
    }
    return n;
}

/* out is zeroes already, so what is copied ends with a NUL */
static void table_text(struct table *t, char *out, size_t max)
{
    span s = read_block8(&t->r, max - 1);
    if (s.len > 0 && memchr(s.ptr, 0, s.len) != NULL) {
        table_fail(t, FAIL(MALFORMED, "a policy table has a NUL within a text"));
    } else if (s.len > 0) {
        memcpy(out, s.ptr, s.len);
    }
}

static unsigned table_count(struct table *t, unsigned max)
{
    unsigned count = read_u8(&t->r);
    if (count > max) {
        table_fail(t, FAIL(LIMIT, "a policy table has more levels, caveats or names than it may"));
        return 0;
    }
    return count;
}

static void table_order(struct table *t, const name *before, const name *here)
{
    if (before->text[0] != 0 && span_order(name_span(before), name_span(here)) >= 0) {
        table_fail(t, FAIL(MALFORMED, "the names of a policy table are in byte order, each once"));
    }
}

static set64 table_names(struct table *t, struct names *known)
{
    set64 members = 0;
    name  before = {0};
    for (unsigned left = table_count(t, SET64_MAX); left > 0 && !t->r.bad; left--) {
        name     here = table_name(t);
        unsigned i = 0;
        table_order(t, &before, &here);
        err e = t->r.bad ? OK : names_add(known, name_span(&here), &i);
        if (err_is(e)) {
            table_fail(t, e);
        }
        members |= set_one(i);
        before = here;
    }
    return members;
}

static void table_caveat(struct table *t, struct policy_caveat *c)
{
    c->name = table_name(t);
    table_text(t, c->banner, sizeof c->banner);
    c->lacv = read_u16(&t->r);
}

static set64 table_caveats(struct table *t, const struct policy *p)
{
    set64 members = 0;
    name  before = {0};
    for (unsigned left = table_count(t, CAVEATS_MAX); left > 0 && !t->r.bad; left--) {
        name     here = table_name(t);
        unsigned i = 0;
        table_order(t, &before, &here);
        while (i < p->caveat_count && !name_equal(&p->caveat[i].name, &here)) {
            i++;
        }
        if (i == p->caveat_count) {
            table_fail(t, FAIL(UNKNOWN, "a level names a caveat that its policy does not define"));
        }
        members |= set_one(i);
        before = here;
    }
    return members;
}

static void table_level(struct table *t, const struct policy *p, struct policy_level *l)
{
    l->name = table_name(t);
    for (unsigned i = 0; i < TITLE_COUNT; i++) {
        table_text(t, l->title[i], sizeof l->title[i]);
    }
    table_text(t, l->banner, sizeof l->banner);
    l->lacv = read_u16(&t->r);
    l->hierarchy = read_u16(&t->r);
    l->color = read_u32(&t->r);
    uint8_t obsolete = read_u8(&t->r);
    if (obsolete > 1) {
        table_fail(t, FAIL(MALFORMED, "a policy table has a flag that is neither 0 nor 1"));
    }
    l->obsolete = obsolete == 1;
    l->caveats_required = table_caveats(t, p);
    l->caveats_excluded = table_caveats(t, p);
}

static void table_body(struct table *t, struct policies *all, struct policy *p)
{
    table_text(t, p->id, sizeof p->id);
    p->parties = table_names(t, &all->parties);
    p->topics = table_names(t, &all->topics);
    p->disciplines = table_names(t, &all->disciplines);
    p->caveat_count = table_count(t, CAVEATS_MAX);
    for (unsigned i = 0; i < p->caveat_count && !t->r.bad; i++) {
        table_caveat(t, &p->caveat[i]);
    }
    p->level_count = table_count(t, LEVELS_MAX);
    for (unsigned i = 0; i < p->level_count && !t->r.bad; i++) {
        table_level(t, p, &p->level[i]);
    }
}

static err table_end(const struct table *t, const struct policies *all, const struct policy *p)
{
    if (err_is(t->first)) {
        return t->first;
    }
    TRY(reader_end(&t->r));
    return policy_valid(all, p);
}

static void names_cut(struct names *n, unsigned count)
{
    memset(&n->name[count], 0, (n->count - count) * sizeof n->name[0]);
    n->count = count;
}

static err table_new(struct table *t, struct policies *all, const name *of, const uint8_t *digest)
{
    if (all->count == POLICIES_MAX) {
        return FAIL(FULL, "there is no room for a further policy: 64 are the most");
    }
    struct policy *p = &all->policy[all->count];
    unsigned       parties = all->parties.count, topics = all->topics.count;
    unsigned       disciplines = all->disciplines.count;
    memset(p, 0, sizeof *p);
    p->name = *of;
    memcpy(p->digest, digest, sizeof p->digest);
    table_body(t, all, p);
    err e = table_end(t, all, p);
    if (err_is(e)) {
        memset(p, 0, sizeof *p);
        names_cut(&all->parties, parties);
        names_cut(&all->topics, topics);
        names_cut(&all->disciplines, disciplines);
        return e;
    }
    all->count++;
    return OK;
}

err policy_read(struct policies *all, span table, const uint8_t digest[static 32])
{
    if (table.len > POLICY_TABLE_MAX) {
        return FAIL(LIMIT, "the policy table is longer than 32768 bytes");
    }
    struct table t = {.r = reader_of(table), .first = OK};
    span         magic = read_bytes(&t.r, sizeof policy_magic - 1);
    if (!span_is(magic, policy_magic)) {
        return FAIL(MALFORMED, "this is not a compiled policy table of version 1");
    }
    name of = table_name(&t);
    if (t.r.bad) {
        return FAIL(MALFORMED, "the policy table does not begin with the name of its policy");
    }
    const struct policy *there = policy_find(all, name_span(&of));
    if (there == NULL) {
        return table_new(&t, all, &of, digest);
    }
    if (memcmp(there->digest, digest, sizeof there->digest) != 0) {
        return FAIL(CONFLICT, "another policy of this name is loaded already");
    }
    return OK;
}
