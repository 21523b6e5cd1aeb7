/* SPDX-License-Identifier: Apache-2.0 */
/* Partners: whose identity is pinned, their day keys, and the own day key that they seal grants to. */
#include "guard/partners.h"
#include "guard/act.h"
#include "guard/kept.h"

/* ---- partner-trust: partner JPN, identity HEX, address TEXT, authority BASE64 ---- */

static err partner_decode(struct guard *g, const struct act_view *v, struct partner *out)
{
    struct lines   l = lines_of(v->body);
    struct partner p = {.name = take_name(&l, "partner")};
    size_t         len = 0;
    take_hex(&l, "identity", p.identity, sizeof p.identity);
    span address = take_text(&l, "address");
    span authority = take_text(&l, "authority");
    TRY(body_end(&l));
    TRY(party_read(g, &p.name, &p.party));
    TRY(text_base64(authority, p.authority, sizeof p.authority, &len));
    p.authority_len = (uint16_t)len;
    if (address.len == 0 || address.len >= sizeof p.address || p.party == g->self) {
        return FAIL(MALFORMED,
                    "a partner is another party, with an address such as 192.0.2.1:7001");
    }
    memcpy(p.address, address.ptr, address.len);
    *out = p;
    return OK;
}

static err partner_new(struct guard *g, const struct partner *p)
{
    if (partner_find(g, &p->name) != NULL) {
        return FAIL(CONFLICT, "this partner's identity is pinned already");
    }
    return g->partner_count < PARTNERS_MAX ? OK
                                           : FAIL(FULL, "there is no room for another partner");
}

err partner_trust_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct partner p;
    TRY(partner_decode(g, v, &p));
    TRY(sign_key_check(p.identity));
    TRY(partner_new(g, &p));
    line_text(shown, "shown",
              SPAN_LIT("everything signed by this identity will be taken as that party's"));
    return OK;
}

err partner_trust_fold(struct guard *g, const struct act_view *v)
{
    struct partner p;
    TRY(partner_decode(g, v, &p));
    TRY(partner_new(g, &p));
    g->partner[g->partner_count++] = p;
    signatures_owe(g, g->partner_count - 1);
    return OK;
}

static void partner_tell(struct guard *g, const struct partner *p, uint32_t tag)
{
    struct partner_row row = {0};
    if (p != NULL) {
        row.name = p->name;
        memcpy(row.address, p->address, sizeof row.address);
        row.authority = (span){p->authority, p->authority_len};
    }
    partner_row_put(mail_begin(g, CALLER_COURIER, ANSWER_PARTNER, tag), &row);
    mail_end(g);
}

void partner_trust_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    (void)result;
    partner_tell(g, &g->partner[g->partner_count - 1], 0);
    partner_tell(g, NULL, 0);
}

/* ---- the courier asks ---- */

static const struct day_key *day_key_current(const struct guard *g)
{
    return g->day_key_count == 0 ? NULL : &g->day_key[g->day_key_count - 1];
}

static void notice_tell(struct guard *g, uint32_t tag)
{
    const struct day_key *k = day_key_current(g);
    struct notice         n = {.party = g->party};
    uint8_t               text[NOTICE_MAX];
    struct writer         w = WRITER_OF(text);
    MUST(k != NULL);
    n.day_key = k->public;
    n.from = k->from;
    n.until = k->until;
    notice_write(&n, g->signer, &w);
    MUST(!w.bad);
    put_block16(mail_begin(g, CALLER_COURIER, ANSWER_NOTICE, tag), writer_span(&w));
    mail_end(g);
}

err on_partners(struct guard *g, const struct request_context *c, struct reader *body)
{
    TRY(reader_end(body));
    notice_tell(g, c->tag);
    for (unsigned i = 0; i < g->partner_count; i++) {
        partner_tell(g, &g->partner[i], c->tag);
    }
    partner_tell(g, NULL, c->tag);
    return OK;
}

/* ---- a partner's day key ---- */

err on_daykey(struct guard *g, const struct request_context *c, struct reader *body)
{
    name          who = read_name(body);
    span          bytes = read_block16(body, NOTICE_MAX);
    struct notice n;
    (void)c;
    TRY(reader_end(body));
    struct partner *p = partner_find(g, &who);
    if (p == NULL) {
        return FAIL(UNKNOWN, "a notice is of a party that is no partner");
    }
    TRY(notice_read(bytes, p->identity, &n));
    if (!name_equal(&n.party, &who) || n.until <= g->now || n.until < p->notice.until) {
        return FAIL(STATE, "a partner's day key is out of date, or another party's");
    }
    if (memcmp(&n.day_key, &p->notice.day_key, sizeof n.day_key) == 0) {
        return OK;
    }
    struct leaf l;
    leaf_start(g, &l, LEAF_PARTNER_DAY_KEY);
    line_name(&l.w, "partner", &who);
    line_hex(&l.w, "notice", bytes);
    record(g, &l);
    letters_again(g, (unsigned)(p - g->partner));
    return OK;
}

err partner_day_key_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines    l = lines_of(head->body);
    name            who = take_name(&l, "partner");
    span            hex = take_text(&l, "notice");
    uint8_t         bytes[NOTICE_MAX];
    struct partner *p = partner_find(g, &who);
    TRY(lines_end(&l));
    if (p == NULL || hex.len / 2 > sizeof bytes) {
        return FAIL(MALFORMED, "the leaf of a partner's day key is not as it should be");
    }
    TRY(text_hex(hex, bytes, hex.len / 2));
    return notice_read((span){bytes, hex.len / 2}, p->identity, &p->notice);
}

/* ---- the own day key: a new one each day, the old ones destroyed on schedule ---- */

static err day_key_make(struct guard *g)
{
    struct hpke_key key;
    uint8_t         key_id[DAY_KEY_ID_LEN];
    struct leaf     l;
    TRY(hpke_key_make(HPKE_P384, g->random, &key));
    random_fill(g->random, key_id, sizeof key_id);
    err e = day_key_put(g, key_id, hpke_key_private(&key));
    if (!err_is(e)) {
        leaf_start(g, &l, LEAF_DAY_KEY);
        line_hex(&l.w, "id", SPAN_OF(key_id));
        line_hex(&l.w, "key", hpke_key_public(&key));
        line_instant(&l.w, "from", g->now);
        line_instant(&l.w, "until", g->now + 2 * DAY_KEY_MS);
        record(g, &l);
    }
    hpke_key_wipe(&key);
    return e;
}

err day_key_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines   l = lines_of(head->body);
    struct day_key k = {0};
    take_hex(&l, "id", k.public.id, sizeof k.public.id);
    take_hex(&l, "key", k.public.key, sizeof k.public.key);
    k.from = take_instant(&l, "from");
    k.until = take_instant(&l, "until");
    TRY(lines_end(&l));
    if (g->day_key_count >= DAY_KEYS_MAX) {
        return FAIL(FULL, "too many day keys are kept at once");
    }
    g->day_key[g->day_key_count++] = k;
    return OK;
}

err key_destroyed_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    uint8_t      key_id[DAY_KEY_ID_LEN];
    take_hex(&l, "day-key", key_id, sizeof key_id);
    TRY(lines_end(&l));
    struct day_key *k = day_key_find(g, key_id);
    if (k == NULL) {
        return FAIL(UNKNOWN, "a day key is destroyed that was never made");
    }
    size_t behind = (size_t)(&g->day_key[g->day_key_count] - (k + 1));
    memmove(k, k + 1, behind * sizeof *k);
    g->day_key_count--;
    return OK;
}

static void day_key_destroy(struct guard *g)
{
    struct leaf l;
    err         e = day_key_overwrite(g, g->day_key[0].public.id);
    leaf_start(g, &l, err_is(e) ? LEAF_ALARM : LEAF_KEY_DESTROYED);
    if (err_is(e)) {
        line_text(&l.w, "reason", span_text(e.why));
        record_repeatable(g, &l);
        return;
    }
    line_hex(&l.w, "day-key", SPAN_OF(g->day_key[0].public.id));
    record(g, &l);
}

err day_keys_turn(struct guard *g)
{
    const struct day_key *k = day_key_current(g);
    if (k == NULL || k->from + DAY_KEY_MS <= g->now) {
        if (g->day_key_count == DAY_KEYS_MAX) {
            day_key_destroy(g);
        }
        TRY(day_key_make(g));
        notice_tell(g, 0);
    }
    if (g->day_key_count > 1 && g->day_key[0].until <= g->now) {
        day_key_destroy(g);
    }
    return OK;
}
