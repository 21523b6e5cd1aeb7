/* SPDX-License-Identifier: Apache-2.0 */
/* What may be looked at: an item, the officer's queue, the registries, the status. */
#include "guard/look.h"
#include "guard/giving.h"
#include "guard/inspection.h"
#include "guard/opening.h"
#include "guard/origin.h"
#include "guard/receive.h"
#include "marking/names.h"

static err look_item(struct guard *g, const struct person *p, const struct look_request *r,
                     struct writer *w)
{
    struct kept    k = {0};
    struct opening o;
    if (opening_shows(g, &r->handle, p, &k, &o)) {
        describe_put(g, &r->handle, &k, &o, w);
    }
    secret_wipe(&k.key);
    return OK;
}

static void held_row(struct guard *g, const struct held *h, struct writer *w)
{
    struct kept k;
    if (err_is(kept_get(g, &h->epoch, &k))) {
        return;
    }
    secret_wipe(&k.key);
    line_hex(w, "held", id_span(&h->epoch));
    line_name(w, "partner", &g->partner[h->partner].name);
    line_instant(w, "since", h->since);
    line_number(w, "officers", h->officers);
    line_number(w, "approvals", h->approval_count);
    line_name(w, "author", &h->author);
    line_name(w, "kind", &k.cover.kind);
    line_text(w, "title", span_text(cover_is_feed(&k.cover) ? k.cover.feed.text : k.cover.title));
    line_text(w, "marking", span_text(k.cover.marking));
}

static err look_queue(struct guard *g, const struct person *p, const struct look_request *r,
                      struct writer *w)
{
    if ((p->roles & PERSON_OFFICER) == 0) {
        return FAIL(DENIED, "the queue is for release officers");
    }
    for (unsigned i = r->from; i < g->held_count && w->max - w->len > ROW_ROOM; i++) {
        if (g->held[i].state == HELD_WAITING) {
            line_number(w, "row", i);
            held_row(g, &g->held[i], w);
        }
    }
    return OK;
}

static void person_row(struct guard *g, const struct person *p, struct writer *w)
{
    uint8_t       text[512];
    struct writer t = WRITER_OF(text);
    line_name(w, "person", &p->name);
    line_name(w, "chain", &p->chain);
    line_name(w, "nationality", &g->tables.policies.parties.name[p->reader.nationality]);
    line_name(w, "employer", &g->tables.policies.parties.name[p->reader.employer]);
    if (p->reader.hired) {
        line_name(w, "firm", &p->firm);
        line_name(w, "facility", &p->facility);
    }
    roles_format(p->roles, &t);
    line_text(w, "roles", writer_span(&t));
    t.len = 0;
    ranks_format(g, p->reader.ranks, &t);
    line_text(w, "clearance", writer_span(&t));
    t.len = 0;
    set_format(&g->tables.policies.topics, p->reader.topics, &t);
    line_text(w, "topics", writer_span(&t));
    line_text(w, "registered", p->reader.registered ? SPAN_LIT("yes") : SPAN_LIT("no"));
}

static err look_persons(struct guard *g, const struct person *p, const struct look_request *r,
                        struct writer *w)
{
    if ((p->roles & (PERSON_REGISTRAR | PERSON_SECURITY | PERSON_AUDITOR)) == 0) {
        return FAIL(DENIED, "the registry is for registrars, security officers and auditors");
    }
    for (unsigned i = r->from; i < g->person_count && w->max - w->len > ROW_ROOM; i++) {
        line_number(w, "row", i);
        if (g->person[i].reader.nationality != PARTY_NONE) {
            person_row(g, &g->person[i], w);
        }
    }
    return OK;
}

/* Partners that no text lets have what is open now, not even made coarser; a bit each */
static uint16_t nothing_goes(struct guard *g, const struct source *s)
{
    struct kept     k = {0};
    struct crossing c;
    uint16_t        none = 0;
    if (err_is(kept_get(g, &s->epoch, &k))) {
        return 0;
    }
    for (unsigned i = 0; i < g->partner_count; i++) {
        bool none_goes =
            !s->derived[i].wanted &&
            (err_is(crossing_of(g, &k, &g->partner[i], 0, &c)) ||
             verdict_by_table(&g->tables, guard_index(g), &c).outcome == OUTCOME_REFUSE);
        none = (uint16_t)(none | (none_goes ? 1u << i : 0));
    }
    secret_wipe(&k.key);
    return none;
}

/* Who has it only made coarser, and how, or nothing of it */
static void reduced_put(struct guard *g, const struct source *s, struct writer *w)
{
    uint16_t      none = nothing_goes(g, s);
    uint8_t       text[PARTNERS_MAX * (NAME_MAX_LEN + REDUCTION_TEXT_MAX + 3)];
    struct writer t = WRITER_OF(text);
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (s->derived[i].wanted) {
            put_text(&t, t.len > 0 ? "; " : "");
            put_span(&t, name_span(&g->partner[i].name));
            put_u8(&t, ' ');
            reduction_format(&s->derived[i].reduced, &t);
        } else if ((none >> i & 1) != 0) {
            put_text(&t, t.len > 0 ? "; " : "");
            put_span(&t, name_span(&g->partner[i].name));
            put_text(&t, " nothing");
        }
    }
    if (t.len > 0) {
        line_text(w, "reduced", writer_span(&t));
    }
}

static void site_format(const struct source_row *row, struct writer *w)
{
    int32_t metres = row->site[2];
    put_degrees(w, row->site[0]);
    put_u8(w, ',');
    put_degrees(w, row->site[1]);
    put_text(w, metres < 0 ? ",-" : ",");
    put_decimal(w, metres < 0 ? 0 - (uint64_t)metres : (uint64_t)metres);
}

/* As it was signed; `reduced` says what partners have in its place, so its own is `shows-less`. */
static void signed_put(const struct source *s, struct writer *w)
{
    uint8_t       text[REDUCTION_TEXT_MAX + EXTENT_TEXT_MAX];
    struct writer t = WRITER_OF(text);
    line_text(w, "unknown", s->row.whole ? SPAN_LIT("refuse") : SPAN_LIT("drop"));
    line_text(w, "dated", span_text(source_dated_name((enum source_dated)s->row.dated)));
    if (s->row.terminal.text[0] != 0) {
        line_name(w, "terminal", &s->row.terminal);
    }
    if (s->retention_days > 0) {
        line_number(w, "retention", s->retention_days);
    }
    if (s->row.sited) {
        site_format(&s->row, &t);
        line_text(w, "site", writer_span(&t));
    }
    t.len = 0;
    extent_format(&s->extent, &t);
    if (t.len > 0) {
        line_text(w, "extent", writer_span(&t));
    }
    t.len = 0;
    reduction_format(&s->reduced, &t);
    if (t.len > 0) {
        line_text(w, "shows-less", writer_span(&t));
    }
}

#define SOURCE_ROOM (2 * ROW_ROOM + PARTNERS_MAX * (NAME_MAX_LEN + REDUCTION_TEXT_MAX + 3))

static err look_sources(struct guard *g, const struct person *p, const struct look_request *r,
                        struct writer *w)
{
    if ((p->roles & (PERSON_REGISTRAR | PERSON_SECURITY | PERSON_AUDITOR)) == 0) {
        return FAIL(DENIED, "sources are shown to registrars, security officers and auditors");
    }
    for (unsigned i = r->from; i < g->source_count && w->max - w->len > SOURCE_ROOM; i++) {
        const struct source *s = &g->source[i];
        uint8_t              text[COVER_MARKING_MAX];
        struct writer        t = WRITER_OF(text);
        if (s->removed) {
            continue;
        }
        marking_format(&g->tables.policies, &s->marking, &t);
        line_number(w, "row", i);
        line_name(w, "source", &s->row.name);
        line_text(w, "transport", span_text(transport_name((enum transport)s->row.transport)));
        line_text(w, "address", span_text(s->row.address));
        line_text(w, "listening", span_text(source_listening(g, s)));
        line_text(w, "form", span_text(source_form_name((enum source_form)s->row.form)));
        line_text(w, "kind", span_text(kind_name((enum kind)s->row.kind)));
        line_text(w, "marking", writer_span(&t));
        signed_put(s, w);
        reduced_put(g, s, w);
    }
    return OK;
}

static void line_known(struct writer *w, const char *key, instant t)
{
    if (t != INSTANT_NEVER) {
        line_instant(w, key, t);
    }
}

static void line_parties(struct writer *w, const char *key, const struct names *all, set64 parties)
{
    uint8_t       text[1024];
    struct writer t = WRITER_OF(text);
    names_format(all, parties, &t);
    if (parties != 0 && !t.bad) {
        line_text(w, key, writer_span(&t));
    }
}

/* Under the other reading of a suspended notice it may stand otherwise: that is shown beside it. */
static void standing_put(struct guard *g, const struct agreement *a, struct writer *w)
{
    struct standing s = standing_at(a, g->instrument, g->instrument_count, g->now, g->now);
    struct standing other =
        standing_read(READING_LAPSED, a, g->instrument, g->instrument_count, g->now, g->now);
    line_text(w, "standing", span_text(standing_state_name(s.state)));
    line_parties(w, "signed", &g->tables.policies.parties, a->parties & ~signatures_missing(g, a));
    line_parties(w, "missing", &g->tables.policies.parties, s.missing);
    line_known(w, "term-end", s.term_end);
    line_known(w, "notice-by", s.notice_by);
    line_known(w, "notice-at", s.notice_at);
    if (s.notice_suspended) {
        line_text(w, "notice-suspended", SPAN_LIT("yes"));
    }
    line_known(w, "ends", s.ends);
    line_parties(w, "paused-giving", &g->tables.policies.parties, s.paused_giving);
    line_parties(w, "paused-opening", &g->tables.policies.parties, s.paused_opening);
    if (!standing_equal(&s, &other)) {
        line_text(w, "lapsed-standing", span_text(standing_state_name(other.state)));
        line_known(w, "lapsed-term-end", other.term_end);
        line_known(w, "lapsed-ends", other.ends);
    }
}

/* A signature that came before its text, or on another text of its name: no agreement of this gateway. */
static void signature_put(const struct guard *g, unsigned place, struct writer *w)
{
    const struct agreement_signature *s = &g->signatures.kept[place];
    line_number(w, "row", g->tables.agreements.count + place);
    line_name(w, "agreement", &s->agreement);
    line_hex(w, "digest", SPAN_OF(s->digest));
    line_text(w, "standing", SPAN_LIT("not here"));
    line_name(w, "signed", &s->party);
}

static err look_agreements(struct guard *g, const struct person *p, const struct look_request *r,
                           struct writer *w)
{
    (void)p;
    for (unsigned i = r->from; i < g->tables.agreements.count; i++) {
        const struct agreement *a = &g->tables.agreements.agreement[i];
        line_number(w, "row", i);
        line_name(w, "agreement", &a->name);
        line_text(w, "title", span_text(a->title));
        line_hex(w, "digest", SPAN_OF(a->digest));
        standing_put(g, a, w);
    }
    for (unsigned i = 0; i < g->signatures.count; i++) {
        if (i + g->tables.agreements.count >= r->from) {
            signature_put(g, i, w);
        }
    }
    return OK;
}

/* What anybody may know of a gateway, also while it is mute; its figures are for those who answer for it. */
static void status_head(struct guard *g, struct writer *w)
{
    line_name(w, "party", &g->party);
    line_instant(w, "time", g->now);
    status_able(g, w);
    line_text(w, "inspection",
              inspection_heard(g) ? SPAN_LIT("yes")
                                  : SPAN_LIT("no: accord-check is not heard, and nothing leaves"));
}

/* Sources of which nothing can come */
static unsigned deaf_count(const struct guard *g)
{
    unsigned count = 0;
    for (unsigned i = 0; i < g->source_count; i++) {
        const struct source *s = &g->source[i];
        count += !s->removed && strcmp(source_listening(g, s), LISTENING_YES) != 0 ? 1 : 0;
    }
    return count;
}

static void status_put(struct guard *g, struct writer *w)
{
    merkle_hash root = merkle_root(&g->ledger.tree);
    status_head(g, w);
    line_number(w, "leaves", g->ledger.tree.size);
    line_hex(w, "root", (span){(const uint8_t *)&root, sizeof root});
    line_number(w, "released", g->counters.released);
    line_number(w, "refused", g->counters.refused);
    line_number(w, "received", g->counters.received);
    line_number(w, "receive-refused", g->counters.receive_refused);
    line_number(w, "opened", g->counters.opened);
    line_number(w, "opening-refused", g->counters.opening_refused);
    line_number(w, "bad-requests", g->counters.errors);
    unsigned waiting = 0;
    for (unsigned i = 0; i < g->held_count; i++) {
        waiting += g->held[i].state == HELD_WAITING ? 1u : 0u;
    }
    line_number(w, "waiting", waiting);
    line_number(w, "stopped", g->counters.stopped);
    line_number(w, "not-listening", deaf_count(g));
    status_word(g, w);
    for (unsigned i = 0; i < g->partner_count; i++) {
        line_name(w, "partner", &g->partner[i].name);
        line_text(w, "day-key",
                  g->partner[i].notice.until > g->now ? SPAN_LIT("yes") : SPAN_LIT("no"));
    }
}

#define STATUS_ROLES (PERSON_AUDITOR | PERSON_OFFICER | PERSON_REGISTRAR | PERSON_SECURITY)

static bool status_open(struct guard *g, const struct request_context *c, uint64_t session)
{
    const struct session *s = session_find(g, session);
    return c->from == CALLER_ACCORDD ||
           (s != NULL && (g->person[s->person].roles & STATUS_ROLES) != 0);
}

static const struct {
    enum look what;
    looker   *show;
} look_row[] = {
    {LOOK_ITEM, look_item},
    {LOOK_QUEUE, look_queue},
    {LOOK_PERSONS, look_persons},
    {LOOK_SOURCES, look_sources},
    {LOOK_AGREEMENTS, look_agreements},
    {LOOK_PARTNERS, look_partners},
    {LOOK_ASKED, look_asked},
    {LOOK_ORDERS, look_orders},
    {LOOK_LEVEL, look_level},
    {LOOK_DUTIES, look_duties},
    {LOOK_ROOMS, look_rooms},
};

static err look(struct guard *g, const struct request_context *c, unsigned what,
                const struct look_request *r, struct writer *w)
{
    if (what == LOOK_STATUS) {
        (status_open(g, c, r->session) ? status_put : status_head)(g, w);
        return OK;
    }
    const struct session *s = session_find(g, r->session);
    if (s == NULL) {
        return FAIL(DENIED, "the session has ended, or never began");
    }
    for (unsigned i = 0; i < ARRAY_LEN(look_row); i++) {
        if (look_row[i].what == what) {
            return look_row[i].show(g, &g->person[s->person], r, w);
        }
    }
    return FAIL(UNKNOWN, "there is nothing of that kind to look at");
}

err on_look(struct guard *g, const struct request_context *c, struct reader *body)
{
    unsigned            what = read_u8(body);
    struct look_request r = {.session = read_u64(body)};
    r.handle = read_id(body);
    r.from = read_u16(body);
    TRY(reader_end(body));
    struct writer w = writer_of(g->look_room, sizeof g->look_room);
    TRY(look(g, c, what, &r, &w));
    span text;
    TRY(writer_end(&w, &text));
    put_block16(mail_begin(g, c->from, ANSWER_LOOK, c->tag), text);
    mail_end(g);
    return OK;
}
