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
            return FAIL(UNKNOWN, "a clearance or a ceiling is given in levels of the own policy");
        }
        if (last.len > 0 && span_order(last, item) >= 0) {
            return FAIL(MALFORMED, "a list is written in the order of its bytes, each item once");
        }
        ranks = (uint16_t)(ranks | 1u << one.rank);
    }
    *out = ranks;
    return OK;
}

err ceiling_check(uint16_t ranks)
{
    return ranks != 0 ? OK
                      : FAIL(MALFORMED, "a ceiling names the levels that may be shown, one at "
                                        "least: under none nothing ever shows");
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

err name_or_none_read(span text, name *out)
{
    *out = (name){0};
    return span_is(text, "-") ? OK : name_of(text, out);
}

err take_purpose(struct lines *l, char out[static PURPOSE_MAX])
{
    span text = take_text(l, "purpose");
    if (text.len == 0 || text.len >= PURPOSE_MAX) {
        return FAIL(LIMIT, "a purpose is stated in fewer than 96 bytes");
    }
    memset(out, 0, PURPOSE_MAX);
    memcpy(out, text.ptr, text.len);
    return OK;
}

err level_own_read(const struct guard *g, span text, level *out)
{
    TRY(level_read(&g->tables.policies, text, out));
    return name_equal(&g->tables.policies.policy[out->policy].name, &g->party)
               ? OK
               : FAIL(DENIED, "the level has to be one of the own policy");
}

err partner_read(struct guard *g, const name *n, uint8_t *out)
{
    const struct partner *p = partner_find(g, n);
    if (p == NULL) {
        return FAIL(UNKNOWN, "that party is no partner here");
    }
    *out = (uint8_t)(p - g->partner);
    return OK;
}

bool is_own_officer(const struct guard *g, const struct person *p)
{
    return p->reader.nationality == g->self && p->reader.employer == g->self && !p->reader.hired;
}

err body_end(struct lines *l)
{
    span shown;
    while (take_more(l, "shown", &shown)) {
    }
    return lines_end(l);
}

err minutes_end(struct lines *l, uint64_t minutes)
{
    TRY(body_end(l));
    return minutes >= 1 && minutes <= SESSION_MS_MAX / MS_PER_MINUTE
               ? OK
               : FAIL(LIMIT, "a session is of 1 to 720 minutes");
}
