/* SPDX-License-Identifier: Apache-2.0 */
/* What a lying partner's guard sends: every signature is right, and something in it is not true. */
#include "stage.h"

#include "guard/give.h"
#include "pouch/grant.h"

/* lie - a grant of KOR for JPN as its guard would make it, before something in it is changed */
struct lie {
    struct cover        cover;
    struct crossing     crossing;
    struct grant        grant;
    const enum outcome *claims;        /* an outcome that does not follow; NULL: what follows */
    const struct gate  *cover_signer;  /* NULL: the sender */
    uint8_t             cover_flip;    /* into the cover's signature */
    uint8_t             standing_flip; /* into the digest of the instruments */
};

static struct partner *partner_of(struct gate *g, const struct gate *other)
{
    struct partner *p = partner_find(g->guard, &other->party);
    assert_non_null(p);
    return p;
}

static void lie_begin(struct gate g[static LAW_PARTIES], const id *epoch, struct lie *l)
{
    struct kept k;
    memset(l, 0, sizeof *l);
    must(kept_get(g[KOR].guard, epoch, &k));
    must(crossing_of(g[KOR].guard, &k, partner_of(&g[KOR], &g[JPN]), 0, &l->crossing));
    l->cover = k.cover;
    l->grant = (struct grant){.from = g[KOR].party,
                              .to = g[JPN].party,
                              .epoch = *epoch,
                              .giving = (uint8_t)l->crossing.giving,
                              .leaf = 1,
                              .at = g[KOR].now,
                              .key = k.key};
    random_fill(g[KOR].random, l->grant.handle.bytes, ID_LEN);
}

static void lie_matter(struct guard *from, const struct lie *l, struct writer *w)
{
    bool           differ;
    struct verdict v = verdict_decide(&from->tables, guard_index(from), &l->crossing, &differ);
    assert_false(differ);
    v.outcome = l->claims != NULL ? *l->claims : v.outcome;
    crossing_format(&from->tables, &l->crossing, w);
    verdict_format(&from->tables, &v, w);
    assert_false(w->bad);
}

static void lie_seal(struct gate g[static LAW_PARTIES], struct lie *l, struct writer *out)
{
    uint8_t            text[CASE_TEXT_MAX], cover[COVER_TEXT_MAX];
    struct writer      matter = WRITER_OF(text), c = WRITER_OF(cover);
    struct guard      *from = g[KOR].guard;
    struct papers      papers = {0};
    const struct gate *signer = l->cover_signer != NULL ? l->cover_signer : &g[KOR];
    lie_matter(from, l, &matter);
    cover_write(&l->cover, &c);
    papers.matter = writer_span(&matter);
    papers.cover = writer_span(&c);
    sign_make(&signer->identity, COVER_PURPOSE, papers.cover, papers.cover_signature);
    papers.cover_signature[0] ^= l->cover_flip;
    giver_digest(from, &l->crossing, l->grant.at, l->grant.standing);
    l->grant.standing[0] ^= l->standing_flip;
    must(grant_seal(&l->grant, &papers, from->signer, &partner_of(&g[KOR], &g[JPN])->notice.day_key,
                    g[KOR].random, out));
}

static bool sealed_tell(struct gate *to, const char *sender, const id *handle, span sealed)
{
    uint8_t          body[GRANT_MAX + 128];
    struct writer    w = WRITER_OF(body);
    struct gate_mail m;
    put_block8(&w, span_text(sender));
    put_id(&w, handle);
    put_block16(&w, sealed);
    gate_mail_clear(to);
    gate_say(to, CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    assert_true(gate_take(to, ANSWER_RECEIVED, &m));
    bool accepted = m.bytes[ID_LEN] == 1;
    gate_mail_drop(&m);
    struct kept k;
    assert_int_equal(kept_get(to->guard, handle, &k).code, accepted ? ERR_NONE : ERR_UNKNOWN);
    return accepted;
}

static bool lie_tell(struct gate g[static LAW_PARTIES], struct lie *l)
{
    uint8_t       sealed[GRANT_MAX];
    struct writer w = WRITER_OF(sealed);
    lie_seal(g, l, &w);
    return sealed_tell(&g[JPN], "KOR", &l->grant.handle, writer_span(&w));
}

/* It is refused, and for this reason. */
static void lie_fails(struct gate g[static LAW_PARTIES], struct lie *l, const char *reason)
{
    size_t before = g[JPN].ledger.len;
    random_fill(g[KOR].random, l->grant.handle.bytes, ID_LEN); /* else a repeat, which is counted */
    assert_false(lie_tell(g, l));
    span new = {g[JPN].ledger.ptr + before, g[JPN].ledger.len - before};
    if (memmem(new.ptr, new.len, reason, strlen(reason)) == NULL) {
        fail_msg("refused, and not for: %s: %.*s", reason, (int)new.len,
                 (const char *)new.ptr + 37);
    }
}

static void scene(struct gate g[static LAW_PARTIES], const struct product *p, struct lie *l)
{
    id epoch;
    people_make(g);
    must(submit(&g[KOR], "author", p, &epoch));
    lie_begin(g, &epoch, l);
}

static void the_cover_is_the_senders(void **state)
{
    struct gate *g = *state;
    struct lie   l;
    scene(g, &imagery, &l);
    l.cover.originator = g[USA].party;
    lie_fails(g, &l, "the cover is of another originator than whoever granted it");
    l.cover_signer = &g[USA];
    lie_fails(g, &l, "the cover is of another originator than whoever granted it");
    l.cover.originator = g[KOR].party;
    lie_fails(g, &l, "kind receive-refused");
    l.cover_signer = NULL;
    l.cover_flip = 1;
    lie_fails(g, &l, "kind receive-refused");
    l.cover_flip = 0;
    assert_true(lie_tell(g, &l)); /* the same, and true */
}

static const struct product level_one = {"KOR:I of KOR about dprk-missile from imagery to JPN",
                                         "image", "Not within the agreement"};

static void only_a_release_is_taken(void **state)
{
    static const enum outcome release_claimed = OUTCOME_RELEASE;
    struct gate              *g = *state;
    struct lie                l;
    id                        epoch;
    scene(g, &human, &l); /* the sender's own rules hold it */
    lie_fails(g, &l, "no release to this party follows from what is in force here");
    l.claims = &release_claimed;
    lie_fails(g, &l, "kind receive-refused");
    must(submit(&g[KOR], "author", &level_one, &epoch)); /* the agreement refuses it */
    lie_begin(g, &epoch, &l);
    lie_fails(g, &l, "no release to this party follows from what is in force here");
    l.claims = &release_claimed;
    lie_fails(g, &l, "kind receive-refused");
}

static void the_verdict_is_about_the_cover(void **state)
{
    static const char reason[] = "the verdict is about something else than the cover";
    struct gate      *g = *state;
    struct lie        good, l;
    id                epoch;
    scene(g, &imagery, &good);
    must(submit(&g[KOR], "author", &level_one, &epoch));
    lie_begin(g, &epoch, &l);
    l.crossing = good.crossing; /* a good verdict, beside the cover of what may not cross */
    lie_fails(g, &l, reason);
    l = good;
    l.crossing.kind = KIND_REPORT;
    lie_fails(g, &l, reason);
    l = good;
    must(name_of(SPAN_LIT("report"), &l.cover.kind));
    lie_fails(g, &l, reason);
    assert_true(lie_tell(g, &good));
}

/* A sixth agreement that all parties signed, and that is not in force for years. */
static void later_agreement_load(struct gate g[static LAW_PARTIES])
{
    renewed_make(g[KOR].now + 1000 * MS_PER_DAY);
    const struct signed_by by[] = {{"KOR", &g[KOR], SPAN_OF(renewed.digest), 0},
                                   {"JPN", &g[JPN], SPAN_OF(renewed.digest), 0}};
    must(renewed_load(&g[KOR], by, 2));
    must(renewed_load(&g[JPN], by, 2));
}

static void what_stood_is_worked_out_here_too(void **state)
{
    static const char reason[] = "the sender's verdict rests on an agreement that did not stand";
    struct gate      *g = *state;
    struct lie        good, l;
    later_agreement_load(g);
    scene(g, &imagery, &good);
    assert_false(set_has(good.crossing.standing, LAW_AGREEMENTS));
    l = good;
    l.crossing.standing |= set_one(LAW_AGREEMENTS);
    lie_fails(g, &l, reason);
    l = good; /* judged in a year in which nothing stood */
    must(text_instant(SPAN_LIT("1980-01-01T00:00:00Z"), &l.crossing.now_low));
    l.crossing.now_high = l.crossing.now_low;
    lie_fails(g, &l, "the sender's verdict is from the future, or too old");
    l = good; /* what is left must permit it alone: the first is GSOMIA */
    l.crossing.standing &= ~set_one(0);
    lie_fails(g, &l, "no release to this party follows from what is in force here");
    assert_true(lie_tell(g, &good));
}

/* One that the sender may not have loaded yet may be missing; one that both have known for long may not. */
static void what_stood_is_not_left_out(void **state)
{
    struct gate *g = *state;
    struct lie   good, l;
    unsigned     tisa;
    id           epoch;
    scene(g, &imagery, &good);
    must(agreements_find(&g[KOR].guard->tables.agreements, SPAN_LIT("TISA"), &tisa));
    l = good;
    l.crossing.standing &= ~set_one(tisa);
    assert_true(lie_tell(g, &l));
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], 25 * MS_PER_HOUR);
    }
    must(submit(&g[KOR], "author", &imagery, &epoch));
    lie_begin(g, &epoch, &good);
    l = good;
    l.crossing.standing &= ~set_one(tisa);
    lie_fails(g, &l, "the sender's verdict leaves out an agreement that stood then");
    assert_true(lie_tell(g, &good));
}

static void no_verdict_is_of_the_future(void **state)
{
    static const char reason[] = "the sender's verdict is from the future, or too old";
    struct gate      *g = *state;
    struct lie        good, l;
    scene(g, &imagery, &good);
    l = good; /* further off than both clocks' errors together */
    l.crossing.now_low += 2001;
    l.crossing.now_high += 2001;
    lie_fails(g, &l, reason);
    l.crossing.now_low = good.crossing.now_low + MS_PER_HOUR;
    l.crossing.now_high = good.crossing.now_high + MS_PER_HOUR;
    lie_fails(g, &l, reason);
    l = good; /* a span in which anything may have stood */
    l.crossing.now_high += MS_PER_HOUR;
    lie_fails(g, &l, reason);
    l = good;
    l.crossing.now_low += 2000;
    l.crossing.now_high += 2000;
    l.grant.at += 2000;
    assert_true(lie_tell(g, &l));
}

static void the_instruments_are_the_same(void **state)
{
    struct gate *g = *state;
    struct lie   l;
    scene(g, &imagery, &l);
    l.standing_flip = 1;
    lie_fails(g, &l, "the sender's verdict rests on other instruments than are known here");
    l.standing_flip = 0;
    assert_true(lie_tell(g, &l));
}

static unsigned ledger_counts(const struct gate *g, const char *text)
{
    unsigned count = 0;
    span     rest = writer_span(&g->ledger);
    for (;;) {
        const uint8_t *at = memmem(rest.ptr, rest.len, text, strlen(text));
        if (at == NULL) {
            return count;
        }
        count++;
        rest.len -= (size_t)(at + 1 - rest.ptr);
        rest.ptr = at + 1;
    }
}

static void an_old_grant_is_good_for_its_pouch_alone(void **state)
{
    struct gate  *g = *state;
    struct lie    l;
    uint8_t       sealed[GRANT_MAX];
    struct writer w = WRITER_OF(sealed);
    id            other;
    scene(g, &imagery, &l);
    lie_seal(g, &l, &w);
    assert_true(sealed_tell(&g[JPN], "KOR", &l.grant.handle, writer_span(&w)));
    other = l.grant.handle;
    other.bytes[0] ^= 1;
    assert_false(sealed_tell(&g[JPN], "KOR", &other, writer_span(&w)));
    assert_true(ledger_says(&g[JPN], "for another party, another way or another pouch"));
    other.bytes[1] ^= 1;
    assert_false(sealed_tell(&g[JPN], "USA", &other, writer_span(&w)));
    assert_int_equal(ledger_counts(&g[JPN], "\nkind received\n"), 1);
    assert_true(sealed_tell(&g[JPN], "KOR", &l.grant.handle, writer_span(&w)));
    assert_int_equal(ledger_counts(&g[JPN], "\nkind received\n"), 1); /* nothing new came of it */
}

static void a_grant_to_a_destroyed_day_key_is_none(void **state)
{
    struct gate *g = *state;
    struct lie   l;
    scene(g, &imagery, &l);
    time_pass(&g[JPN], 24 * MS_PER_HOUR);
    gate_tick(&g[JPN]);
    assert_true(lie_tell(g, &l)); /* on its way while the key was changed */
    time_pass(&g[JPN], 24 * MS_PER_HOUR);
    gate_tick(&g[JPN]);
    gate_tick(&g[JPN]);
    lie_fails(g, &l, "what came is sealed to a day key that is not, or no longer, kept here");
    must(gate_restart(&g[JPN]));
    lie_fails(g, &l, "what came is sealed to a day key that is not, or no longer, kept here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_cover_is_the_senders),
        STORY(only_a_release_is_taken),
        STORY(the_verdict_is_about_the_cover),
        STORY(what_stood_is_worked_out_here_too),
        STORY(what_stood_is_not_left_out),
        STORY(no_verdict_is_of_the_future),
        STORY(the_instruments_are_the_same),
        STORY(an_old_grant_is_good_for_its_pouch_alone),
        STORY(a_grant_to_a_destroyed_day_key_is_none),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
