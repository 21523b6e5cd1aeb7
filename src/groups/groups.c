/* SPDX-License-Identifier: Apache-2.0 */
#include "groups/groups.h"
#include "base/text.h"

static size_t slot_of(span text)
{
    uint32_t h = 2166136261U;
    for (size_t i = 0; i < text.len; i++) {
        h = (h ^ text.ptr[i]) * 16777619U;
    }
    return (h ^ h >> 15) % ARRAY_LEN(((struct groups *)0)->slot);
}

unsigned code_find(const struct groups *g, span text)
{
    for (size_t s = slot_of(text); g->slot[s] != 0; s = (s + 1) % ARRAY_LEN(g->slot)) {
        if (span_is(text, g->code[g->slot[s] - 1].text)) {
            return g->slot[s] - 1U;
        }
    }
    return CODES_MAX;
}

static bool code_shaped(span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return text.len >= 2 && text.len <= CODE_MAX;
}

/* Byte order, countries before groups, so that a set is written in the order of its numbers */
static err code_add(struct groups *g, span text, enum code_kind kind)
{
    bool country = kind == CODE_COUNTRY || kind == CODE_SOURCE;
    if (g->count == CODES_MAX) {
        return FAIL(LIMIT, "the table has more than 384 codes");
    }
    if (!code_shaped(text) || (country && text.len != 3) || (country && g->countries < g->count)) {
        return FAIL(MALFORMED,
                    "a code is capitals and digits, countries have three and come first");
    }
    if (g->count > (country ? 0 : g->countries) &&
        span_order(span_text(g->code[g->count - 1].text), text) >= 0) {
        return FAIL(MALFORMED, "codes stand in byte order, each once");
    }
    if (code_find(g, text) != CODES_MAX) {
        return FAIL(MALFORMED, "codes stand in byte order, each once");
    }
    size_t s = slot_of(text);
    while (g->slot[s] != 0) {
        s = (s + 1) % ARRAY_LEN(g->slot);
    }
    memcpy(g->code[g->count].text, text.ptr, text.len);
    g->code[g->count].kind = (uint8_t)kind;
    g->slot[s] = (uint16_t)++g->count;
    g->countries += country ? 1 : 0;
    return OK;
}

static err country_take(struct groups *g, span rest)
{
    return code_add(g, rest, CODE_COUNTRY);
}

static err source_take(struct groups *g, span rest)
{
    return code_add(g, rest, CODE_SOURCE);
}

static err group_take(struct groups *g, span rest)
{
    return code_add(g, rest, CODE_GROUP);
}

static err atom_take(struct groups *g, span rest)
{
    return code_add(g, rest, CODE_ATOM);
}

static err ended_take(struct groups *g, span rest)
{
    span    text = span_cut(&rest, ' ');
    instant day = 0;
    TRY(text_date(rest, &day));
    TRY(code_add(g, text, CODE_ENDED));
    g->code[g->count - 1].ended = day;
    return OK;
}

static err members_take(struct groups *g, struct membership *m, span list)
{
    while (list.len > 0) {
        unsigned n = code_find(g, span_cut(&list, ','));
        if (n >= g->countries) {
            return FAIL(UNKNOWN, "a member is not a country of this table");
        }
        codes_add(&m->members, n);
    }
    return codes_next(&m->members, 0) < CODES_MAX ? OK : FAIL(MALFORMED, "a group has members");
}

/* Lists of members follow their group, the oldest first */
static err since_take(struct groups *g, span rest)
{
    uint64_t          since = 0;
    struct membership m = {.group = (uint16_t)(g->count - 1)};
    TRY(text_decimal(span_cut(&rest, ' '), g->version, &since));
    m.since = (uint32_t)since;
    if (g->count == 0 || g->code[g->count - 1].kind != CODE_GROUP) {
        return FAIL(MALFORMED, "members stand after the group that they belong to");
    }
    if (g->membership_count == MEMBERSHIPS_MAX) {
        return FAIL(LIMIT, "the table has more than 128 lists of members");
    }
    const struct membership *last =
        g->membership_count > 0 ? &g->membership[g->membership_count - 1] : NULL;
    if (last != NULL && last->group == m.group && last->since >= m.since) {
        return FAIL(MALFORMED, "of one group the oldest list of members comes first");
    }
    TRY(members_take(g, &m, rest));
    g->membership[g->membership_count++] = m;
    return OK;
}

static err control_take(struct groups *g, span rest)
{
    if (!code_shaped(rest)) {
        return FAIL(MALFORMED, "a control system is capitals and digits");
    }
    if (g->control_count == CONTROLS_MAX) {
        return FAIL(LIMIT, "the table has more than 32 control systems");
    }
    memcpy(g->control[g->control_count++], rest.ptr, rest.len);
    return OK;
}

static err version_take(struct groups *g, span rest)
{
    uint64_t version = 0;
    TRY(text_decimal(rest, 999999, &version));
    if (g->version != 0 || version == 0) {
        return FAIL(MALFORMED, "a table has one version, first");
    }
    g->version = (uint32_t)version;
    return OK;
}

static const struct {
    const char *key;
    err (*take)(struct groups *g, span rest);
} keys[] = {
    {"version", version_take}, {"code", country_take},    {"source", source_take},
    {"group", group_take},     {"since", since_take},     {"atom", atom_take},
    {"ended", ended_take},     {"control", control_take},
};

static err line_take(struct groups *g, span text)
{
    span key = span_cut(&text, ' ');
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (span_is(key, keys[i].key)) {
            return i == 0 || g->version != 0 ? keys[i].take(g, text)
                                             : FAIL(MALFORMED, "a table has one version, first");
        }
    }
    return FAIL(UNKNOWN, "a line of the table begins with a word that it does not have");
}

static err table_take(span table, struct groups *g, unsigned *line)
{
    *line = 1;
    if (table.len == 0 || table.len > GROUPS_TABLE_MAX) {
        return FAIL(LIMIT, "a table of groups has up to 64 KiB");
    }
    if (!span_is(span_cut(&table, '\n'), "accord groups 1")) {
        return FAIL(MALFORMED, "a table of groups begins with: accord groups 1");
    }
    while (table.len > 0) {
        ++*line;
        TRY(line_take(g, span_cut(&table, '\n')));
    }
    g->usa = code_find(g, SPAN_LIT("USA"));
    return g->usa < g->countries ? OK : FAIL(MALFORMED, "the table has no code USA");
}

err groups_read(span table, struct groups *out, unsigned *line)
{
    memset(out, 0, sizeof *out);
    err e = table_take(table, out, line);
    if (err_is(e)) {
        memset(out, 0, sizeof *out);
    }
    return e;
}

unsigned codes_next(const struct codes *s, unsigned from)
{
    while (from < CODES_MAX) {
        uint64_t left = s->w[from / 64] >> (from % 64);
        if (left != 0) {
            return from + (unsigned)__builtin_ctzll(left);
        }
        from = (from / 64 + 1) * 64;
    }
    return CODES_MAX;
}

const struct codes *group_members(const struct groups *g, unsigned group, uint32_t version)
{
    const struct membership *best = NULL;
    for (unsigned i = 0; i < g->membership_count; i++) {
        const struct membership *m = &g->membership[i];
        if (m->group == group && m->since <= version && (best == NULL || m->since > best->since)) {
            best = m;
        }
    }
    return best != NULL ? &best->members : NULL;
}
