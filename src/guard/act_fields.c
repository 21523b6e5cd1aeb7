/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/act.h"

static bool is_none(span text)
{
    return span_is(text, "-");
}

bool list_next(span *rest, span *item)
{
    if (rest->len == 0) {
        return false;
    }
    *item = span_cut(rest, ',');
    return true;
}

err ranks_read(const struct guard *g, span text, uint16_t *out)
{
    uint16_t ranks = 0;
    span     item, last = {NULL, 0};
    level    one;
    if (is_none(text)) {
        *out = 0;
        return OK;
    }
    for (span rest = text; list_next(&rest, &item); last = item) {
        TRY(level_read(&g->tables.policies, item, &one));
        if (!name_equal(&g->tables.policies.policy[one.policy].name, &g->party)) {
            return FAIL(UNKNOWN, "a clearance is given in levels of the own policy");
        }
        if (last.len > 0 && span_order(last, item) >= 0) {
            return FAIL(MALFORMED, "a list is written in the order of its bytes, each item once");
        }
        ranks = (uint16_t)(ranks | 1u << one.rank);
    }
    *out = ranks;
    return OK;
}

void ranks_format(const struct guard *g, uint16_t ranks, struct writer *w)
{
    const struct policy *own = policy_find(&g->tables.policies, name_span(&g->party));
    bool                 any = false;
    for (unsigned i = 0; own != NULL && i < own->level_count; i++) {
        if (set_has(ranks, i)) {
            level one = {(uint8_t)(own - g->tables.policies.policy), (uint8_t)i};
            put_text(w, any ? "," : "");
            level_format(&g->tables.policies, one, w);
            any = true;
        }
    }
    put_text(w, any ? "" : "-");
}

err set_read(const struct names *names, span text, set64 *out)
{
    if (is_none(text)) {
        *out = 0;
        return OK;
    }
    return names_read(names, text, out);
}

void set_format(const struct names *names, set64 set, struct writer *w)
{
    if (set == 0) {
        put_u8(w, '-');
    } else {
        names_format(names, set, w);
    }
}

err party_read(const struct guard *g, const name *n, uint8_t *out)
{
    unsigned number;
    TRY(names_find(&g->tables.policies.parties, name_span(n), &number));
    *out = (uint8_t)number;
    return OK;
}

static const struct {
    const char *name;
    uint16_t    role;
} role_row[] = {
    {"auditor", PERSON_AUDITOR}, {"author", PERSON_AUTHOR},       {"officer", PERSON_OFFICER},
    {"reader", PERSON_READER},   {"registrar", PERSON_REGISTRAR}, {"security", PERSON_SECURITY},
};

static err role_read(span item, uint16_t *out)
{
    for (unsigned i = 0; i < ARRAY_LEN(role_row); i++) {
        if (span_is(item, role_row[i].name)) {
            *out = role_row[i].role;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "roles are auditor, author, officer, reader, registrar and security");
}

err roles_read(span text, uint16_t *out)
{
    uint16_t roles = 0, one;
    span     item, last = {NULL, 0};
    for (span rest = text; list_next(&rest, &item); last = item) {
        TRY(role_read(item, &one));
        if (last.len > 0 && span_order(last, item) >= 0) {
            return FAIL(MALFORMED, "a list is written in the order of its bytes, each item once");
        }
        roles |= one;
    }
    *out = roles;
    return OK;
}

void roles_format(uint16_t roles, struct writer *w)
{
    bool any = false;
    for (unsigned i = 0; i < ARRAY_LEN(role_row); i++) {
        if ((roles & role_row[i].role) != 0) {
            put_text(w, any ? "," : "");
            put_text(w, role_row[i].name);
            any = true;
        }
    }
    put_text(w, any ? "" : "-");
}

id take_id(struct lines *l, const char *key)
{
    id out;
    take_hex(l, key, out.bytes, ID_LEN);
    return out;
}

err body_end(struct lines *l)
{
    span shown;
    while (take_more(l, "shown", &shown)) {
    }
    return lines_end(l);
}
