/* SPDX-License-Identifier: Apache-2.0 */
/* agreement standing: what stood on a day, as it was known on another, by each reading of a suspended notice. */
#include "cli/audit.h"
#include "cli/party.h"
#include "cli/verbs.h"

/* seen - on which day, as known on which */
struct seen {
    const struct history *history;
    instant               at, known_at;
};

static void instant_tell(struct call *c, json_t *to, const char *key, const char *words, instant t)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    if (t == INSTANT_NEVER || t <= 0) { /* a text that names no day has none */
        return;
    }
    put_instant(&w, t);
    call_tell(c, "    %s %.*s", words, (int)w.len, (const char *)text);
    (void)json_object_set_new(to, key, json_span(writer_span(&w)));
}

static void parties_tell(struct call *c, const struct seen *s, json_t *to, const char *key,
                         const char *words, set64 parties)
{
    uint8_t       text[1024];
    struct writer w = WRITER_OF(text);
    if (parties == 0) {
        return;
    }
    names_format(&s->history->tables.policies.parties, parties, &w);
    call_tell(c, "    %s %.*s", words, (int)w.len, (const char *)text);
    (void)json_object_set_new(to, key, json_span(writer_span(&w)));
}

static json_t *reading_tell(struct call *c, const struct seen *s, const struct standing *now)
{
    json_t *o = json_pack("{s:s}", "standing", standing_state_name(now->state));
    instant_tell(c, o, "since", "since", now->since);
    parties_tell(c, s, o, "missing", "waits for", now->missing);
    instant_tell(c, o, "term-end", "its term ends", now->term_end);
    instant_tell(c, o, "notice-by", "notice for that by", now->notice_by);
    instant_tell(c, o, "notice-at", now->notice_suspended ? "suspended notice of" : "notice of",
                 now->notice_at);
    (void)json_object_set_new(o, "notice-suspended", json_boolean(now->notice_suspended));
    instant_tell(c, o, "ends", now->state == STANDING_ENDED ? "ended" : "ends", now->ends);
    parties_tell(c, s, o, "ending", "consent to end or amend it by", now->ending);
    parties_tell(c, s, o, "paused-giving", "giving paused by", now->paused_giving);
    parties_tell(c, s, o, "paused-opening", "opening paused by", now->paused_opening);
    return o;
}

/* Whose signature on the text was known then */
static set64 known_signers(const struct seen *s, const struct agreement *a)
{
    const struct history *h = s->history;
    set64                 by = 0;
    for (unsigned i = 0; i < h->instrument_count; i++) {
        const struct instrument *one = &h->instrument[i];
        bool of = one->kind == INSTRUMENT_SIGN && one->accepted <= s->known_at &&
                  memcmp(one->digest, a->digest, sizeof a->digest) == 0;
        by |= of ? set_one(one->party) : 0;
    }
    return by;
}

/* Which reading each party has signed */
static void signed_tell(struct call *c, const struct seen *s, const struct agreement *a, json_t *to)
{
    const struct history *h = s->history;
    for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
        enum reading r =
            reading_signed(a, h->instrument, h->instrument_count, (uint8_t)p, s->at, s->known_at);
        const char *who = h->tables.policies.parties.name[p].text;
        if (r < READING_COUNT) {
            call_tell(c, "    %s reads a suspended notice as %s", who, reading_name(r));
            (void)json_object_set_new(to, who, json_string(reading_name(r)));
        }
    }
}

/* A signature that came before its text, or on another text of its name */
static void waiting_tell(struct call *c, const struct party_signature *one)
{
    json_t       *row = json_pack("{s:s, s:s, s:s}", "agreement", one->agreement.text, "standing",
                                  "not here", "signed-by", one->party.text);
    uint8_t       hex[2 * SHA256_LEN];
    struct writer w = WRITER_OF(hex);
    put_hex(&w, SPAN_OF(one->digest));
    (void)json_object_set_new(row, "digest", json_span(writer_span(&w)));
    call_tell(c, "%s signed by %s, on a text that is not here: %.*s", one->agreement.text,
              one->party.text, (int)w.len, (const char *)hex);
    call_append(c, "signatures", row);
}

/* What it stands under and is not in force, whatever the reading: then nothing goes under it either. */
static void under_tell(struct call *c, const struct seen *s, const struct agreement *a, json_t *row)
{
    const struct history *h = s->history;
    json_t               *names = json_array();
    for (unsigned i = 0; i < a->under_count; i++) {
        const name *parent = &a->under[i].agreement;
        unsigned    n = 0;
        bool        here = !err_is(agreements_find(&h->tables.agreements, name_span(parent), &n));
        bool        stands = false;
        for (unsigned r = 0; here && r < READING_COUNT; r++) {
            struct standing now =
                standing_read((enum reading)r, &h->tables.agreements.agreement[n], h->instrument,
                              h->instrument_count, s->at, s->known_at);
            stands = stands || now.state == STANDING_IN_FORCE;
        }
        if (!stands) {
            call_tell(c, "    does not count: %s, under which it stands, is not in force",
                      parent->text);
            (void)json_array_append_new(names, json_span(name_span(parent)));
        }
    }
    if (json_array_size(names) > 0) {
        (void)json_object_set(row, "under-not-in-force", names);
    }
    json_decref(names);
}

static void agreement_tell(struct call *c, const struct seen *s, const struct agreement *a)
{
    const struct history *h = s->history;
    struct standing       now[READING_COUNT];
    set64                 by = known_signers(s, a);
    json_t               *row = json_pack("{s:s}", "agreement", a->name.text);
    json_t               *readings = json_object(), *acted_on = json_object();
    for (unsigned r = 0; r < READING_COUNT; r++) {
        now[r] = standing_read((enum reading)r, a, h->instrument, h->instrument_count, s->at,
                               s->known_at);
    }
    bool same = standing_equal(&now[READING_LAPSED], &now[READING_HELD]);
    for (unsigned r = 0; r < READING_COUNT; r++) {
        const char *word = reading_name((enum reading)r);
        if (same && r > 0) {
            (void)json_object_set(readings, word, json_object_get(readings, reading_name(0)));
            continue;
        }
        call_tell(c, "%s %s%s%s", a->name.text, standing_state_name(now[r].state),
                  same ? "" : ", if a suspended notice is ", same ? "" : word);
        (void)json_object_set_new(readings, word, reading_tell(c, s, &now[r]));
    }
    under_tell(c, s, a, row);
    parties_tell(c, s, row, "signed-by", "signed by", by == a->parties ? 0 : by);
    signed_tell(c, s, a, acted_on);
    (void)json_object_set_new(row, "differ", json_boolean(!same));
    (void)json_object_set_new(row, "readings", readings);
    (void)json_object_set_new(row, "signed", acted_on);
    call_append(c, "agreements", row);
}

static err agreements_tell(struct call *c, const struct seen *s)
{
    const struct agreements *all = &s->history->tables.agreements;
    unsigned                 only = AGREEMENTS_MAX;
    if (c->arg_count > 0) {
        call_about(c, "%s", c->arg[0]);
        TRY(agreements_find(all, span_text(c->arg[0]), &only));
        c->about[0] = 0;
    }
    for (unsigned i = 0; i < all->count; i++) {
        if (only == AGREEMENTS_MAX || only == i) {
            agreement_tell(c, s, &all->agreement[i]);
        }
    }
    for (size_t i = 0; i < s->history->signature_count && only == AGREEMENTS_MAX; i++) {
        waiting_tell(c, &s->history->signature[i]);
    }
    return OK;
}

err do_agreement_standing(struct call *c)
{
    struct audit a = {0};
    struct seen  s;
    const char  *dir;
    TRY(party_time(c, "at", &s.at));
    TRY(party_time(c, "known-at", &s.known_at));
    TRY(party_dir(c, &dir));
    TRY(call_dir_is_party(c, dir));
    TRY(audit_ledger(&a, dir));
    s.history = a.history;
    err e = agreements_tell(c, &s);
    audit_done(&a);
    return e;
}
