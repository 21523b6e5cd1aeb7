/* SPDX-License-Identifier: Apache-2.0 */
/* What people do at the desk: submit, open, watch, decide, list. */
#include "crypt/hash.h"
#include "sim/cast.h"
#include "sim/further.h"
#include "sim/grow.h"

#include <stdio.h>

#define CHUNK ((size_t)1 << 20)

static const char *party_of(const struct task *t)
{
    return law_party[t->gateway->number];
}

/* ---- submit ---- */

/* Where the party has an arrangement of its own, mostly what that speaks of */
static const struct matter_row *matter_draw(struct world *w, unsigned party)
{
    const struct further *further = w->cast->further == NULL ? NULL : &w->cast->further[party];
    if (further != NULL && further->row[0].to != 0 && (party >= LAW_PARTIES || chance(w, 3))) {
        return &further->row[roll(w, FURTHER_ROWS)];
    }
    bool     has = (scenes[w->scene].parties & 1u << party) != 0 && w->scene != SCENE_MIST;
    bool     own = has && !chance(w, 3); /* of mist it speaks of feeds alone */
    unsigned scene = own ? w->scene : SCENE_NONE;
    for (;;) {
        const struct matter_row *m = &matter_rows[roll(w, (uint32_t)matter_row_count)];
        if (m->party == party && m->scene == scene) {
            return m;
        }
    }
}

/* The oracles are tested: what is not to go for its place or its fineness says of itself what another says. */
static const struct matter_row *matter_stated(struct world *w, struct product *p)
{
    for (size_t i = 0;
         w->plan.fault == FAULT_PLACE && p->matter->never != 0 && i < matter_row_count; i++) {
        const struct matter_row *m = &matter_rows[i];
        if (m->never == 0 && m->scene == p->matter->scene && m->party == p->matter->party &&
            strcmp(m->kind, p->matter->kind) == 0) {
            p->misplaced = true;
            return m;
        }
    }
    return p->matter;
}

static struct product *product_new(struct world *w, struct task *t)
{
    struct cast *c = w->cast;
    c->product = grow(c->product, &c->product_count, &c->product_max, sizeof *c->product);
    struct product *p = &c->product[c->product_count - 1];
    t->product = c->product_count - 1;
    p->gateway = t->gateway->number;
    p->matter = matter_draw(w, p->gateway);
    p->len = 1 + roll(w, chance(w, 25) ? (uint32_t)(3 * CHUNK - 64) : 20000);
    p->content = zeros(p->len);
    random_fill(random_from(&w->stream), p->content, p->len);
    snprintf(p->title, sizeof p->title, "P-%zu-%s", t->product, party_of(t));
    return p;
}

static void submission_put(struct task *t, struct product *p, struct writer *w)
{
    struct gateway          *g = t->gateway;
    const struct matter_row *stated = matter_stated(g->world, p);
    uint8_t                  nonce[ID_LEN], digest[SHA256_LEN];
    random_fill(random_from(&g->world->stream), nonce, sizeof nonce);
    sha256((span){p->content, p->len}, digest);
    line_title(w, "accord submission 1");
    line_text(w, "party", span_text(party_of(t)));
    line_text(w, "author", span_text(player_name[PLAYER_AUTHOR]));
    line_hex(w, "nonce", SPAN_OF(nonce));
    line_instant(w, "time", g->world->stage->start + boot_ms(g->world) - 1000);
    line_text(w, "kind", span_text(p->matter->kind));
    line_text(w, "precedence", SPAN_LIT("ROUTINE"));
    line_text(w, "marking", span_text(p->matter->marking));
    if (stated->extent != NULL) {
        line_text(w, "extent", span_text(stated->extent));
    }
    if (stated->reduced != NULL) {
        line_text(w, "reduced", span_text(stated->reduced));
    }
    line_text(w, "title", span_text(p->title));
    line_number(w, "length", p->len);
    line_hex(w, "content", SPAN_OF(digest));
}

static void submit_safe(struct world *w, struct task *t, unsigned status, const char *json)
{
    struct product *p = &w->cast->product[t->product];
    (void)json;
    if (status != 200) {
        task_again(w, t);
        return;
    }
    p->acked = true;
    w->totals.submitted++;
    say(w, "%s: product %s is safe: %s", party_of(t), p->title, p->matter->marking);
    task_end(w, t);
}

/* The content in pieces, as the network brings them; sometimes the author loses patience half-way. */
static void submit_content(struct world *w, struct task *t)
{
    const struct product *p = &w->cast->product[t->product];
    struct desk          *d = t->gateway->desk;
    struct asker          a = task_asker(t);
    bool                  leaves = !w->calm && chance(w, 25);
    for (size_t at = 0; at < p->len;) {
        size_t len = 1 + roll(w, 300000);
        len = len < p->len - at ? len : p->len - at;
        if (leaves && at + len == p->len) {
            desk_gone(d, a);
            task_again(w, t);
            return;
        }
        err e = desk_piece(d, a, (span){p->content + at, len});
        if (err_is(e)) {
            task_again(w, t);
            return;
        }
        at += len;
    }
    desk_whole(d, a);
}

static void submit_upload(struct world *w, struct task *t, unsigned status, const char *json)
{
    char            epoch[2 * ID_LEN + 1];
    struct product *p = &w->cast->product[t->product];
    if (status != 201 || !json_member(json, "ticket", t->path, sizeof t->path, NULL) ||
        !json_member(json, "epoch", epoch, sizeof epoch, NULL) ||
        err_is(text_hex(span_text(epoch), p->epoch.bytes, ID_LEN))) {
        task_again(w, t);
        return;
    }
    p->named = true;
    t->len = p->len;
    task_ask(t, ASK_UPLOAD, (span){0}, submit_safe);
    if (task_of(w, task_asker(t)) == t) {
        submit_content(w, t);
    }
}

/* Each try is a product of its own: of one whose answer was lost nobody knows what became. */
void submit_begin(struct world *w, struct task *t)
{
    static uint8_t  text[2048], json[4096];
    uint8_t         signature[SIGNATURE_LEN], hex[2 * SIGNATURE_LEN + 1];
    struct writer   b = WRITER_OF(text), h = WRITER_OF(hex), j = WRITER_OF(json);
    struct product *p = product_new(w, t);
    submission_put(t, p, &b);
    sign_make(&gate_person_find(t->gateway->gate, player_name[PLAYER_AUTHOR])->key,
              "accord submission 1", writer_span(&b), signature);
    put_hex(&h, SPAN_OF(signature));
    put_u8(&h, 0);
    put_u8(&b, 0);
    put_u8(&j, '{');
    json_put(&j, "text", (const char *)text, false);
    json_put(&j, "signature", (const char *)hex, true);
    MUST(!j.bad && !b.bad && !h.bad);
    task_ask(t, ASK_SUBMIT, writer_span(&j), submit_upload);
}

/* ---- open ---- */

static void open_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status != 200) {
        task_again(w, t);
        return;
    }
    w->totals.opened++;
    task_end(w, t);
}

void open_piece(struct world *w, struct task *t, span bytes)
{
    const struct product *p = &w->cast->product[t->product];
    if (!cast_may_open(t->gateway, t->role, p->matter)) {
        wrong(w, "%s: %s is shown %s, which is not for him", party_of(t), player_name[t->role],
              p->title);
    }
    oracle_piece(t->gateway, &t->handle);
    if (lies(t->gateway, PROCESS_DESK)) {
        return; /* it shows what it likes */
    }
    if (t->got + bytes.len > p->len || memcmp(p->content + t->got, bytes.ptr, bytes.len) != 0) {
        wrong(w, "%s: %s opens to other bytes than were submitted", party_of(t), p->title);
    }
    t->got += bytes.len;
}

static void open_signed(struct world *w, struct task *t, unsigned status, const char *json)
{
    const struct product *p = &w->cast->product[t->product];
    bool                  may = cast_may_open(t->gateway, t->role, p->matter);
    if (status == 403 || (status == 409 && w->cast->closing && !t->certain)) {
        w->totals.refused++;
        if (t->certain && may) {
            task_again(w,
                       t); /* its guard may not have heard the giver's yet, and does not say so */
        } else {
            task_end(w, t);
        }
        return;
    }
    if (status != 200 || !json_member(json, "ticket", t->path, sizeof t->path, NULL)) {
        task_again(w, t);
        return;
    }
    t->got = 0;
    task_ask(t, ASK_OPENED, (span){0}, open_done);
}

/* The handle of a product here: its epoch's where it began, the grant's elsewhere. */
static bool open_handle(struct world *w, struct task *t)
{
    const struct product *p = &w->cast->product[t->product];
    t->handle = p->epoch;
    for (size_t i = 0; i < w->oracle.grant_count; i++) {
        const struct seen_grant *g = &w->oracle.grant[i];
        if (g->taker == t->gateway->number && id_equal(&g->epoch, &p->epoch)) {
            t->handle = g->handle;
            return true;
        }
    }
    return p->gateway == t->gateway->number;
}

static bool open_draw(struct world *w, struct task *t)
{
    for (unsigned i = 0; i < 8 * w->gateways / LAW_PARTIES && w->cast->product_count > 0; i++) {
        t->product = roll(w, (uint32_t)w->cast->product_count);
        if (w->cast->product[t->product].acked && open_handle(w, t)) {
            return true;
        }
    }
    return false;
}

void open_begin(struct world *w, struct task *t)
{
    uint8_t       hex[2 * ID_LEN + 1];
    struct writer h = WRITER_OF(hex);
    bool          found = w->cast->closing ? open_handle(w, t) : open_draw(w, t);
    if (!found) {
        t->certain
            ? wrong(w, "%s: nobody brought %s", party_of(t), w->cast->product[t->product].title)
            : (void)0;
        task_end(w, t);
        return;
    }
    put_hex(&h, id_span(&t->handle));
    put_u8(&h, 0);
    snprintf(t->body, sizeof t->body, "handle %s\npurpose assessment\n", (const char *)hex);
    task_act(t, "open", t->body, open_signed);
}

/* ---- sessions ---- */

static bool session_take(struct task *t, unsigned status, const char *json)
{
    char    hex[17];
    uint8_t bytes[8];
    if (status != 200 || !json_member(json, "session", hex, sizeof hex, NULL) ||
        err_is(text_hex(span_text(hex), bytes, sizeof bytes))) {
        return false;
    }
    struct reader r = reader_of(SPAN_OF(bytes));
    t->session = read_u64(&r);
    return true;
}

/* ---- watch ---- */

static void watch_over(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status != 200) {
        task_again(w, t);
    } else {
        t->waits = true; /* it goes on */
    }
}

static void watch_signed(struct world *w, struct task *t, unsigned status, const char *json)
{
    if (!session_take(t, status, json)) {
        task_again(w, t);
        return;
    }
    t->shown.count = 0;
    task_ask(t, ASK_STREAM, (span){0}, watch_over);
}

void watch_begin(struct world *w, struct task *t)
{
    (void)w;
    task_act(t, "session", "minutes 60\n", watch_signed);
}

void watch_event(struct world *w, struct task *t, const char *kind, span data)
{
    if (strcmp(kind, "report") != 0) {
        return;
    }
    if (!lies(t->gateway, PROCESS_DESK) &&
        !may_watch_of(t->gateway, t->role, oracle_originator(data))) {
        wrong(w, "%s: %s is shown a report, which is not for him", party_of(t),
              player_name[t->role]);
    }
    w->totals.shown++;
    oracle_report(t->gateway, &t->shown, data);
    if (w->totals.shown > 3 && fault_now(w, FAULT_TWICE)) {
        oracle_report(t->gateway, &t->shown, data);
    }
}

/* ---- decide ---- */

static void decide_later(struct world *w, struct task *t)
{
    t->tries = 0;
    if (w->calm) {
        task_end(w, t);
    } else {
        task_begin(w, t, 300 * MS + roll(w, 1200000));
    }
}

static void decide_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status == 200) {
        w->totals.approved += strcmp(t->act, "approve") == 0;
        w->totals.rejected += strcmp(t->act, "reject") == 0;
    }
    decide_later(w, t);
}

static void decide_queue(struct world *w, struct task *t, unsigned status, const char *json)
{
    char        epoch[2 * ID_LEN + 1], partner[32];
    const char *at;
    if (status != 200 || !json_member(json, "held", epoch, sizeof epoch, &at) ||
        !json_member(at, "partner", partner, sizeof partner, NULL)) {
        decide_later(w, t);
        return;
    }
    snprintf(t->body, sizeof t->body, "epoch %s\npartner %s\n", epoch, partner);
    task_act(t, chance(w, 8) ? "reject" : "approve", t->body, decide_done);
}

static void decide_signed(struct world *w, struct task *t, unsigned status, const char *json)
{
    if (session_take(t, status, json)) {
        task_ask(t, ASK_QUEUE, (span){0}, decide_queue);
    } else {
        decide_later(w, t);
    }
}

void decide_begin(struct world *w, struct task *t)
{
    (void)w;
    task_act(t, "session", "minutes 60\n", decide_signed);
}

/* ---- list ---- */

static const struct product *product_titled(const struct world *w, const char *title)
{
    for (size_t i = 0; i < w->cast->product_count; i++) {
        if (strcmp(w->cast->product[i].title, title) == 0) {
            return &w->cast->product[i];
        }
    }
    return NULL;
}

static void list_rows(struct world *w, struct task *t, unsigned status, const char *json)
{
    char title[64];
    while (status == 200 && json_member(json, "title", title, sizeof title, &json)) {
        const struct product *p = product_titled(w, title);
        w->totals.items_listed++;
        bool may = p != NULL && cast_may_open(t->gateway, t->role, p->matter);
        if (!may && !lies(t->gateway, PROCESS_DESK)) {
            wrong(w, "%s: %s is told of %s, which is not for him", party_of(t),
                  player_name[t->role], title);
        }
    }
    task_end(w, t);
}

static void list_signed(struct world *w, struct task *t, unsigned status, const char *json)
{
    if (session_take(t, status, json)) {
        task_ask(t, ASK_ITEMS, (span){0}, list_rows);
    } else {
        task_again(w, t);
    }
}

void list_begin(struct world *w, struct task *t)
{
    (void)w;
    task_act(t, "session", "minutes 60\n", list_signed);
}
