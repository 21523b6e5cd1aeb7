/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on the registry of persons. */
#include "guard/act.h"
#include "guard/terminals.h"

/* ---- person-add, person-clear, person-revoke ---- */

/* Who works for a firm is in the employ of its party, and named with the firm and where he works there. */
static err firm_take(struct lines *l, struct person *p)
{
    span firm;
    p->reader.hired = take_more(l, "firm", &firm);
    if (p->reader.hired) {
        p->facility = take_name(l, "facility");
        TRY(name_of(firm, &p->firm));
    }
    return OK;
}

static err person_decode(struct guard *g, const struct act_view *v, struct person *out)
{
    struct lines  l = lines_of(v->body);
    struct person p = {.reader.registered = true};
    p.name = take_name(&l, "person");
    take_hex(&l, "key", p.key, sizeof p.key);
    name nationality = take_name(&l, "nationality");
    name employer = take_name(&l, "employer");
    TRY(firm_take(&l, &p));
    p.chain = take_name(&l, "chain");
    span roles = take_text(&l, "roles");
    span clearance = take_text(&l, "clearance");
    span topics = take_text(&l, "topics");
    TRY(body_end(&l));
    TRY(party_read(g, &nationality, &p.reader.nationality));
    TRY(party_read(g, &employer, &p.reader.employer));
    TRY(roles_read(roles, &p.roles));
    TRY(ranks_read(g, clearance, &p.reader.ranks));
    TRY(set_read(&g->tables.policies.topics, topics, &p.reader.topics));
    *out = p;
    return OK;
}

static err person_new(struct guard *g, const struct person *p)
{
    if (person_find(g, &p->name) != NULL) {
        return FAIL(CONFLICT, "a person of this name is on the registry, or was");
    }
    if (visit_find(g, &p->name) != NULL || name_equal(&p->name, &unlisted_name)) {
        return FAIL(CONFLICT, "this is the name of a visitor, or of nobody");
    }
    for (unsigned i = 0; i < g->person_count; i++) {
        if (memcmp(g->person[i].key, p->key, sizeof p->key) == 0) {
            return FAIL(CONFLICT, "this key is another person's already");
        }
    }
    return g->person_count < PERSONS_MAX ? OK : FAIL(FULL, "the registry of persons is full");
}

err person_add_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct person p;
    (void)shown;
    TRY(person_decode(g, v, &p));
    TRY(sign_key_check(p.key));
    return person_new(g, &p);
}

err person_add_fold(struct guard *g, const struct act_view *v)
{
    struct person p;
    TRY(person_decode(g, v, &p));
    TRY(person_new(g, &p));
    g->person[g->person_count++] = p;
    return OK;
}

static err person_known(struct guard *g, const name *n, struct person **out)
{
    struct person *p = person_find(g, n);
    if (p == NULL || !p->reader.registered) {
        return FAIL(UNKNOWN, "nobody of that name is on the registry");
    }
    *out = p;
    return OK;
}

static err clear_decode(struct guard *g, const struct act_view *v, struct person **who,
                        struct clearance *out)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "person");
    span         clearance = take_text(&l, "clearance");
    span         topics = take_text(&l, "topics");
    TRY(body_end(&l));
    TRY(person_known(g, &n, who));
    *out = (*who)->reader;
    TRY(ranks_read(g, clearance, &out->ranks));
    return set_read(&g->tables.policies.topics, topics, &out->topics);
}

err person_clear_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct person   *p;
    struct clearance r;
    (void)shown;
    return clear_decode(g, v, &p, &r);
}

/* Sessions of that person end, so that a lower clearance counts at once. */
static void sessions_end(struct guard *g, const struct person *p)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        if (&g->person[g->session[i].person] == p) {
            g->session[i].number = 0;
        }
    }
}

err person_clear_fold(struct guard *g, const struct act_view *v)
{
    struct person   *p;
    struct clearance r;
    TRY(clear_decode(g, v, &p, &r));
    p->reader = r;
    sessions_end(g, p);
    return OK;
}

static err revoke_decode(struct guard *g, const struct act_view *v, struct person **who)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "person");
    TRY(body_end(&l));
    return person_known(g, &n, who);
}

/* Would two of different chains be left who have this role?  What two must sign could not be done again. */
static bool pair_remains(const struct guard *g, const struct person *without, uint16_t role)
{
    const struct person *first = NULL;
    for (unsigned i = 0; i < g->person_count; i++) {
        const struct person *p = &g->person[i];
        if (p == without || !p->reader.registered || (p->roles & role) == 0) {
            continue;
        }
        if (first != NULL && !name_equal(&first->chain, &p->chain)) {
            return true;
        }
        first = first == NULL ? p : first;
    }
    return false;
}

err person_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    static const uint16_t needed[] = {PERSON_REGISTRAR, PERSON_SECURITY};
    struct person        *p;
    TRY(revoke_decode(g, v, &p));
    for (unsigned i = 0; i < ARRAY_LEN(needed); i++) {
        if ((p->roles & needed[i]) != 0 && !pair_remains(g, p, needed[i])) {
            return FAIL(
                STATE,
                "without this person no two of different chains could enrol or load anything");
        }
    }
    terminal_revoke_show(g, &p->name, shown);
    return OK;
}

err person_revoke_fold(struct guard *g, const struct act_view *v)
{
    struct person *p;
    TRY(revoke_decode(g, v, &p));
    p->reader.registered = false;
    sessions_end(g, p);
    return terminal_revoke(g, &p->name, NULL, v->time);
}

void person_revoke_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    (void)result;
    terminals_tell_all(g);
}
