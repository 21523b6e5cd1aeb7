/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rooms_said.h"

#include <stdlib.h>

#include "cli/act_text.h"

#define CLASSES    1024
#define OCCUPANTS  64
#define ROOMS_EACH 8

struct said_person {
    name             name;
    struct clearance reader;
};

struct said_visit {
    name     visitor, party;
    name     room[ROOMS_EACH];
    unsigned rooms;
    uint16_t clearance, ceiling;
    set64    topics;
    instant  from, until;
};

struct said_room {
    name     name;
    uint16_t ceiling;
    unsigned count;
    name     who[OCCUPANTS];
};

struct said_class {
    bool             used, foreign;
    struct marking   marking;
    enum kind        kind;
    uint8_t          handled_as, agreement;
    struct extent    extent;
    struct reduction reduced;
    uint32_t         duties;
    instant          since;
};

struct rooms_said {
    size_t              person_count, person_max, visit_count, visit_max, room_count, room_max;
    struct said_person *person;
    struct said_visit  *visit;
    struct said_room   *room;
    struct said_class class[CLASSES];
};

struct rooms_said *rooms_said_new(void)
{
    struct rooms_said *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    return s;
}

void rooms_said_free(struct rooms_said *s)
{
    if (s != NULL) {
        free(s->person);
        free(s->visit);
        free(s->room);
        free(s);
    }
}

/* ---- finding ---- */

static struct said_person *person_of(struct rooms_said *s, const name *n)
{
    for (size_t i = 0; i < s->person_count; i++) {
        if (name_equal(&s->person[i].name, n)) {
            return &s->person[i];
        }
    }
    return NULL;
}

/* The newest of that name: an older one is over. */
static struct said_visit *visit_of(struct rooms_said *s, const name *n)
{
    for (size_t i = s->visit_count; i > 0; i--) {
        if (name_equal(&s->visit[i - 1].visitor, n)) {
            return &s->visit[i - 1];
        }
    }
    return NULL;
}

static struct said_room *room_of(struct rooms_said *s, const name *n)
{
    for (size_t i = 0; i < s->room_count; i++) {
        if (name_equal(&s->room[i].name, n)) {
            return &s->room[i];
        }
    }
    return NULL;
}

static err own_policy(const struct history *h, uint8_t *out)
{
    const struct policy *own = policy_find(&h->tables.policies, name_span(&h->party));
    if (own == NULL) {
        return FAIL(STATE, "a room is judged before the own policy is loaded");
    }
    *out = (uint8_t)(own - h->tables.policies.policy);
    return OK;
}

/* ---- genesis and acts ---- */

static err ranks_of(const struct history *h, span text, uint16_t *out)
{
    level one;
    *out = 0;
    while (text.len > 0 && !span_is(text, "-")) {
        TRY(level_read(&h->tables.policies, span_cut(&text, ','), &one));
        *out = (uint16_t)(*out | 1U << one.rank);
    }
    return OK;
}

static err topics_of(const struct history *h, span text, set64 *out)
{
    *out = 0;
    return span_is(text, "-") ? OK : names_read(&h->tables.policies.topics, text, out);
}

static void person_keep(struct rooms_said *s, const struct said_person *p)
{
    s->person = room_for(s->person, &s->person_count, &s->person_max, sizeof *s->person);
    s->person[s->person_count - 1] = *p;
}

static err person_add(struct rooms_said *s, const struct history *h, struct lines *l)
{
    struct said_person p = {.name = take_name(l, "person"), .reader.registered = true};
    span               skipped;
    (void)take_text(l, "key");
    name nationality = take_name(l, "nationality"), employer = take_name(l, "employer");
    p.reader.hired = take_more(l, "firm", &skipped);
    (void)take_more(l, "facility", &skipped);
    (void)take_text(l, "chain");
    (void)take_text(l, "roles");
    span clearance = take_text(l, "clearance"), topics = take_text(l, "topics");
    TRY(history_party(h, &nationality, &p.reader.nationality));
    TRY(history_party(h, &employer, &p.reader.employer));
    TRY(ranks_of(h, clearance, &p.reader.ranks));
    TRY(topics_of(h, topics, &p.reader.topics));
    person_keep(s, &p);
    return OK;
}

static err person_clear(struct rooms_said *s, const struct history *h, struct lines *l)
{
    name                n = take_name(l, "person");
    struct said_person *p = person_of(s, &n);
    span                clearance = take_text(l, "clearance"), topics = take_text(l, "topics");
    if (p == NULL) {
        return FAIL(CONFLICT, "a person was cleared who had not been enrolled");
    }
    TRY(ranks_of(h, clearance, &p->reader.ranks));
    return topics_of(h, topics, &p->reader.topics);
}

static err person_revoke(struct rooms_said *s, const struct history *h, struct lines *l)
{
    name                n = take_name(l, "person");
    struct said_person *p = person_of(s, &n);
    (void)h;
    if (p != NULL) {
        p->reader.registered = false;
    }
    return OK;
}

static err room_add(struct rooms_said *s, const struct history *h, struct lines *l)
{
    struct said_room r = {.name = take_name(l, "room")};
    TRY(ranks_of(h, take_text(l, "ceiling"), &r.ceiling));
    l->rest.len = 0;
    s->room = room_for(s->room, &s->room_count, &s->room_max, sizeof *s->room);
    s->room[s->room_count - 1] = r;
    return OK;
}

static err room_remove(struct rooms_said *s, const struct history *h, struct lines *l)
{
    name              n = take_name(l, "room");
    struct said_room *r = room_of(s, &n);
    (void)h;
    if (r != NULL) {
        *r = s->room[--s->room_count];
    }
    return OK;
}

static err visit_add(struct rooms_said *s, const struct history *h, struct lines *l)
{
    struct said_visit v = {.visitor = take_name(l, "visitor"), .party = take_name(l, "party")};
    (void)take_text(l, "agreement");
    TRY(ranks_of(h, take_text(l, "clearance"), &v.clearance));
    TRY(ranks_of(h, take_text(l, "ceiling"), &v.ceiling));
    TRY(topics_of(h, take_text(l, "topics"), &v.topics));
    (void)take_text(l, "scope");
    for (span rooms = take_text(l, "rooms"); rooms.len > 0 && v.rooms < ROOMS_EACH;) {
        TRY(name_of(span_cut(&rooms, ','), &v.room[v.rooms++]));
    }
    v.from = take_instant(l, "from");
    v.until = take_instant(l, "until");
    s->visit = room_for(s->visit, &s->visit_count, &s->visit_max, sizeof *s->visit);
    s->visit[s->visit_count - 1] = v;
    return OK;
}

static err visit_end(struct rooms_said *s, const struct history *h, struct lines *l)
{
    name               n = take_name(l, "visitor");
    struct said_visit *v = visit_of(s, &n);
    (void)h;
    if (v != NULL) {
        v->until = v->from;
    }
    return OK;
}

static const struct {
    const char *act;
    err (*take)(struct rooms_said *, const struct history *, struct lines *);
} act_row[] = {
    {"person-add", person_add}, {"person-clear", person_clear}, {"person-revoke", person_revoke},
    {"room-add", room_add},     {"room-remove", room_remove},   {"visit-add", visit_add},
    {"visit-end", visit_end},
};

/* The members of a history at its first leaf: of the own party, which no policy has numbered yet. */
static err genesis_take(struct rooms_said *s, const struct history *h,
                        const struct history_step *step, uint64_t *recomputed)
{
    (void)step;
    (void)recomputed;
    for (size_t i = 0; i < h->member_count; i++) {
        struct said_person p = {
            .name = h->member[i].name,
            .reader = {.nationality = PARTY_NONE, .employer = PARTY_NONE, .registered = true}};
        person_keep(s, &p);
    }
    return OK;
}

static err act_take(struct rooms_said *s, const struct history *h, const struct history_step *step,
                    uint64_t *recomputed)
{
    static struct act_text a;
    bool                   found = false;
    (void)recomputed;
    TRY(act_text_read(h, step->head.body, &a, &found));
    for (size_t i = 0; found && i < ARRAY_LEN(act_row); i++) {
        if (span_is(name_span(&a.act), act_row[i].act)) {
            struct lines l = lines_of(a.body);
            TRY(act_row[i].take(s, h, &l));
            return lines_end(&l);
        }
    }
    return OK;
}

/* ---- who is there, and what the numbers mean ---- */

static err occupancy_take(struct rooms_said *s, const struct history *h,
                          const struct history_step *step, uint64_t *recomputed)
{
    struct lines      l = lines_of(step->head.body);
    name              room = take_name(&l, "room"), who = take_name(&l, "person");
    span              how = take_text(&l, "how");
    struct said_room *r = room_of(s, &room);
    unsigned          at = 0;
    (void)h;
    (void)recomputed;
    if (l.bad || r == NULL) {
        return FAIL(CONFLICT, "somebody comes to a room that is not there");
    }
    if (span_is(how, "crowded")) {
        TRY(name_of(SPAN_LIT(NAME_UNLISTED), &who));
    }
    while (at < r->count && !name_equal(&r->who[at], &who)) {
        at++;
    }
    if (span_is(how, "left") && at < r->count) {
        r->who[at] = r->who[--r->count];
    } else if ((span_is(how, "entered") || span_is(how, "crowded")) && at == r->count &&
               r->count < OCCUPANTS) {
        r->who[r->count++] = who;
    }
    return OK;
}

static err class_take(struct rooms_said *s, const struct history *h,
                      const struct history_step *step, uint64_t *recomputed)
{
    struct lines      l = lines_of(step->head.body);
    struct said_class c = {.used = true, .agreement = CLAUSE_NONE};
    span              value;
    uint16_t          ranks;
    (void)recomputed;
    uint64_t number = take_number(&l, "class", CLASSES - 1);
    TRY(kind_of(take_text(&l, "kind"), &c.kind));
    TRY(marking_read(&h->tables.policies, take_text(&l, "marking"), &c.marking));
    TRY(ranks_of(h, take_text(&l, "own-level"), &ranks));
    c.handled_as = (uint8_t)set_next(ranks, 0);
    c.foreign = take_more(&l, "partner", &value);
    if (take_more(&l, "agreement", &value)) {
        unsigned agreement;
        TRY(agreements_find(&h->tables.agreements, value, &agreement));
        c.agreement = (uint8_t)agreement;
    }
    (void)take_more(&l, "via", &value);
    (void)take_more(&l, "via-level", &value);
    TRY(take_more(&l, "extent", &value) ? extent_read(value, &c.extent) : OK);
    TRY(take_more(&l, "reduced", &value) ? reduction_read(value, &c.reduced) : OK);
    c.duties = (uint32_t)take_number(&l, "duties", UINT32_MAX);
    c.since = take_instant(&l, "since");
    TRY(lines_end(&l));
    s->class[number] = c;
    return OK;
}

/* ---- judging anew ---- */

/* asked - may this person see that class in this room, at that instant? */
struct asked {
    const struct history   *h;
    const struct said_room *room;
    const struct said_class *class;
    uint8_t self, policy;
    instant at;
};

static uint16_t person_fails(const struct asked *q, const struct said_person *p)
{
    struct opening o = {.marking = q->class->marking,
                        .own_policy = q->policy,
                        .handled_as = q->class->handled_as,
                        .party = q->self,
                        .reader = p->reader,
                        .obligations.duties = q->class->duties,
                        .place_ranks = q->room->ceiling};
    if (o.reader.nationality == PARTY_NONE) {
        o.reader.nationality = o.reader.employer = q->self;
    }
    return opening_by_reading(&q->h->tables, &o);
}

static bool disclosed(const struct asked *q, uint8_t party, struct verdict *v)
{
    const struct agreements *all = &q->h->tables.agreements;
    struct crossing          c = {.marking = q->class->marking,
                                  .kind = q->class->kind,
                                  .from = q->self,
                                  .to = party,
                                  .via = PARTY_NONE,
                                  .giving = GIVING_DISCLOSE,
                                  .now_low = q->at,
                                  .now_high = q->at,
                                  .extent = q->class->extent,
                                  .reduced = q->class->reduced};
    if (q->class->foreign) {
        c.marking.level = (level){q->policy, q->class->handled_as};
        c.lineage = agreements_above(all, set_one(q->class->agreement));
    }
    c.standing = standing_given(all, q->h->instrument, q->h->instrument_count, c.from, q->at, q->at,
                                c.read_as) &
                 agreements_between(all, c.from, c.to) &
                 ~paused_set(all, q->h->instrument, q->h->instrument_count, c.from, PAUSE_GIVING,
                             q->class->since, q->at, INSTANT_NEVER);
    for (size_t i = 0; i < q->h->assured_count; i++) {
        c.assurance = q->h->assured[i].assurance;
        *v = verdict_by_reading(&q->h->tables, &c);
        if (q->h->assured[i].partner == party && v->outcome == OUTCOME_RELEASE) {
            return !q->class->foreign || q->class->marking.caveats == 0;
        }
    }
    return false;
}

static bool visitor_may(const struct asked *q, const struct said_visit *v)
{
    uint8_t        party;
    struct verdict verdict;
    bool           here = false;
    for (unsigned i = 0; i < v->rooms; i++) {
        here = here || name_equal(&v->room[i], &q->room->name);
    }
    if (!here || q->at < v->from || q->at >= v->until ||
        !set_has(v->ceiling, q->class->handled_as) ||
        !set_within(q->class->marking.topics, v->topics) ||
        err_is(history_party(q->h, &v->party, &party)) || !disclosed(q, party, &verdict)) {
        return false;
    }
    const struct policy *his = &q->h->tables.policies.policy[verdict.equivalent_policy];
    return name_equal(&his->name, &v->party) &&
           set_has(v->clearance, policy_strictest(his, verdict.equivalents));
}

static bool is_bare(const struct asked *q)
{
    const struct policies   *all = &q->h->tables.policies;
    const struct said_class *c = q->class;
    set64                    partners = 0;
    uint8_t                  party;
    for (size_t i = 0; i < q->h->peer_count; i++) {
        partners |= err_is(history_party(q->h, &q->h->peer[i].name, &party)) ? 0 : set_one(party);
    }
    return all->policy[q->policy].level[c->handled_as].lacv <= LACV_UNCLASSIFIED &&
           all->policy[c->marking.level.policy].level[c->marking.level.rank].lacv <=
               LACV_UNCLASSIFIED &&
           c->marking.caveats == 0 && c->duties == 0 &&
           set_within(partners, c->marking.disclose_to | c->marking.originators);
}

static bool who_may(struct rooms_said *s, const struct asked *q, const name *who)
{
    const struct said_person *p = person_of(s, who);
    const struct said_visit  *v = visit_of(s, who);
    if (p != NULL && p->reader.registered) {
        return person_fails(q, p) == 0;
    }
    return p == NULL && v != NULL && visitor_may(q, v);
}

static err shown_check(struct rooms_said *s, const struct asked *q)
{
    if (!set_has(q->room->ceiling, q->class->handled_as)) {
        return FAIL(CONFLICT, "a room showed what is above its ceiling");
    }
    if (is_bare(q)) {
        return OK;
    }
    for (unsigned i = 0; i < q->room->count; i++) {
        if (!who_may(s, q, &q->room->who[i])) {
            return FAIL(CONFLICT, "a room showed what somebody who was there may not see");
        }
    }
    return q->room->count > 0 ? OK : FAIL(CONFLICT, "a room showed to nobody what is not bare");
}

/* Of a person's step only: what else takes away is a matter of clocks, or of what others said. */
static err masked_check(struct rooms_said *s, const struct asked *q, const name *who, span reason)
{
    const struct said_person *p = person_of(s, who);
    for (unsigned step = 0; p != NULL && step < OPENING_STEP_COUNT; step++) {
        if (span_is(reason, opening_step_name((enum opening_step)step)) &&
            !set_has(person_fails(q, p), step)) {
            return FAIL(CONFLICT, "a room masked what the person named may see");
        }
    }
    return OK;
}

/* ---- the leaves shown and masked ---- */

static err who_check(const struct said_room *r, struct lines *l)
{
    unsigned count = 0;
    span     value;
    while (take_more(l, "who", &value)) {
        bool there = false;
        for (unsigned i = 0; i < r->count; i++) {
            there = there || span_equal(name_span(&r->who[i]), value);
        }
        if (!there) {
            return FAIL(CONFLICT, "a room is said to have had somebody in it who never came");
        }
        count++;
    }
    return count == r->count ? OK
                             : FAIL(CONFLICT, "a room had somebody in it of whom it is not said");
}

static err classes_check(struct rooms_said *s, struct asked *q, struct lines *l, const name *who,
                         span reason, bool shown)
{
    span     value;
    uint64_t number;
    while (take_more(l, "class", &value)) {
        TRY(text_decimal(span_cut(&value, ' '), CLASSES - 1, &number));
        q->class = &s->class[number];
        if (!q->class->used) {
            return FAIL(CONFLICT, "a room showed a class that has no number");
        }
        TRY(shown ? shown_check(s, q) : masked_check(s, q, who, reason));
    }
    return lines_end(l);
}

static err showing_take(struct rooms_said *s, const struct history *h,
                        const struct history_step *step, uint64_t *recomputed)
{
    struct lines l = lines_of(step->head.body);
    struct asked q = {.h = h, .at = step->head.time};
    name         room = take_name(&l, "room"), who = {0};
    span         value;
    (void)take_number(&l, "turn", UINT32_MAX);
    if (take_more(&l, "person", &value)) {
        TRY(name_of(value, &who));
    }
    span reason = take_text(&l, "reason");
    q.room = room_of(s, &room);
    if (l.bad || q.room == NULL) {
        return FAIL(CONFLICT, "something is shown in a room that is not there");
    }
    TRY(history_party(h, &h->party, &q.self));
    TRY(own_policy(h, &q.policy));
    (*recomputed)++;
    TRY(who_check(q.room, &l));
    return classes_check(s, &q, &l, &who, reason, step->head.kind == LEAF_SHOWN);
}

static err (*const take_row[LEAF_KIND_COUNT])(struct rooms_said *, const struct history *,
                                              const struct history_step *, uint64_t *) = {
    [LEAF_GENESIS] = genesis_take,     [LEAF_PERSON] = act_take,  [LEAF_ACT] = act_take,
    [LEAF_OCCUPANCY] = occupancy_take, [LEAF_CLASS] = class_take, [LEAF_SHOWN] = showing_take,
    [LEAF_MASKED] = showing_take,
};

err rooms_said_take(struct rooms_said *s, const struct history *h, const struct history_step *step,
                    uint64_t *recomputed)
{
    return take_row[step->head.kind] == NULL ? OK
                                             : take_row[step->head.kind](s, h, step, recomputed);
}
