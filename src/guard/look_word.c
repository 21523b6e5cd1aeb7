/* SPDX-License-Identifier: Apache-2.0 */
/* What an officer sees of the originator's last word: partners and their beats, what is asked to be passed
 * on, orders and receipts. */
#include "guard/look.h"
#include "guard/onward.h"
#include "guard/orders.h"

static span yes_no(bool yes)
{
    return yes ? SPAN_LIT("yes") : SPAN_LIT("no");
}

static err need_role(const struct person *p)
{
    return (p->roles & (PERSON_AUDITOR | PERSON_OFFICER | PERSON_SECURITY)) != 0
               ? OK
               : FAIL(DENIED, "this is shown to officers, security officers and auditors");
}

/* ---- partners ---- */

static void signed_line(struct writer *w, const char *key, int64_t value)
{
    uint8_t       text[24];
    struct writer t = WRITER_OF(text);
    put_text(&t, value < 0 ? "-" : "");
    put_decimal(&t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    line_text(w, key, writer_span(&t));
}

static void partner_row(struct guard *g, unsigned i, struct writer *w)
{
    const struct mailbox *m = &g->partner[i].mailbox;
    uint64_t              left = m->fresh_until > g->boot_ms ? m->fresh_until - g->boot_ms : 0;
    line_number(w, "row", i);
    line_name(w, "partner", &g->partner[i].name);
    line_text(w, "fresh", yes_no(partner_fresh(g, i)));
    line_number(w, "lease-left", left);
    line_number(w, "sent", m->sent);
    line_number(w, "acked", m->acked);
    line_number(w, "received", m->received);
    line_number(w, "their-letters", m->their_letters);
    if (m->heard_number != 0) {
        line_instant(w, "last-beat", m->their_time);
        line_number(w, "last-beat-age",
                    g->now > m->their_time ? (uint64_t)(g->now - m->their_time) : 0);
        signed_line(w, "offset-low", m->offset_low);
        signed_line(w, "offset-high", m->offset_high);
    }
    line_text(w, "day-key", yes_no(g->partner[i].notice.until > g->now));
}

err look_partners(struct guard *g, const struct person *p, const struct look_request *r,
                  struct writer *w)
{
    TRY(need_role(p));
    for (unsigned i = r->from; i < g->partner_count && w->max - w->len > ROW_ROOM; i++) {
        partner_row(g, i, w);
    }
    return OK;
}

/* ---- what is asked and approved: questions, approvals, designations, one behind the other ---- */

static void id_or_none(struct writer *w, const char *key, const id *i)
{
    static const id none = {{0}};
    if (id_equal(i, &none)) {
        line_text(w, key, SPAN_LIT("-"));
    } else {
        line_hex(w, key, id_span(i));
    }
}

static void name_or_none(struct writer *w, const char *key, const name *n)
{
    line_text(w, key, n->text[0] == 0 ? SPAN_LIT("-") : name_span(n));
}

static void question_row(struct guard *g, const struct asked *a, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    line_text(w, "what", a->ours ? SPAN_LIT("own question") : SPAN_LIT("question"));
    line_name(w, "partner", &g->partner[a->partner].name);
    line_name(w, "to", &g->partner[a->to].name);
    line_hex(w, "handle", id_span(&a->handle));
    line_hex(w, "epoch", id_span(&a->epoch));
    name_or_none(w, "feed", &a->feed);
    line_instant(w, "since", a->since);
    level_format(&g->tables.policies, a->level, &t);
    line_text(w, "level", writer_span(&t));
    line_text(w, "by", a->by_act ? SPAN_LIT("act") : SPAN_LIT("relay"));
    line_text(w, "purpose", span_text(a->purpose));
}

static const char *approval_state(const struct guard *g, const struct approval *p)
{
    return p->revoked           ? "revoked"
           : p->until <= g->now ? "expired"
           : p->count == 0      ? "used up"
                                : "good";
}

static void approval_row(struct guard *g, const struct approval *p, struct writer *w)
{
    line_text(w, "what", SPAN_LIT("approval"));
    line_name(w, "partner", &g->partner[p->partner].name);
    line_name(w, "to", &g->partner[p->to].name);
    line_number(w, "approval", p->leaf);
    id_or_none(w, "epoch", &p->epoch);
    name_or_none(w, "feed", &p->feed);
    line_text(w, "purpose", span_text(p->purpose));
    line_instant(w, "since", p->at);
    line_instant(w, "until", p->until);
    line_number(w, "count", p->count);
    line_text(w, "state", span_text(approval_state(g, p)));
}

static void relay_row(const struct relay *r, struct writer *w)
{
    line_text(w, "what", SPAN_LIT("designation"));
    line_name(w, "partner", &r->originator);
    line_name(w, "to", &r->to);
    name_or_none(w, "feed", &r->feed);
    line_text(w, "purpose", span_text(r->purpose));
}

#define ONWARD_ROWS (ASKED_MAX + APPROVALS_MAX + RELAYS_MAX)

static bool asked_row(struct guard *g, unsigned i, struct writer *w)
{
    const struct onward *o = &g->onward;
    unsigned             approval = i - ASKED_MAX, relay = approval - APPROVALS_MAX;
    if (i < ASKED_MAX              ? !o->asked[i].used
        : approval < APPROVALS_MAX ? approval >= o->approval_count
                                   : relay >= o->relay_count || o->relay[relay].ended) {
        return false;
    }
    line_number(w, "row", i);
    if (i < ASKED_MAX) {
        question_row(g, &o->asked[i], w);
    } else if (approval < APPROVALS_MAX) {
        approval_row(g, &o->approval[approval], w);
    } else {
        relay_row(&o->relay[relay], w);
    }
    return true;
}

err look_asked(struct guard *g, const struct person *p, const struct look_request *r,
               struct writer *w)
{
    TRY(need_role(p));
    for (unsigned i = r->from; i < ONWARD_ROWS + CONTRACTOR_ROWS && w->max - w->len > ROW_ROOM;
         i++) {
        (void)(i < ONWARD_ROWS ? asked_row(g, i, w) : contractor_row(g, i - ONWARD_ROWS, i, w));
    }
    return OK;
}

/* ---- orders, and the receipts that are late ---- */

#define RECEIPT_ROWS UINT16_C(0x8000) /* rows from here on are receipts */

static void receipt_row(struct guard *g, const struct receipt_owed *o, struct writer *w)
{
    bool refused = o->refused != REFUSAL_NONE;
    line_text(w, "what", SPAN_LIT("receipt"));
    line_name(w, "partner", &g->partner[o->partner].name);
    line_hex(w, "handle", id_span(&o->handle));
    line_text(w, "state", refused ? SPAN_LIT("refused") : SPAN_LIT("overdue"));
    if (refused) {
        line_text(w, "step", span_text(refusal_word((enum refusal)o->refused)));
    }
    line_instant(w, refused ? "since" : "due", o->due);
}

err look_orders(struct guard *g, const struct person *p, const struct look_request *r,
                struct writer *w)
{
    TRY(need_role(p));
    if (r->from < RECEIPT_ROWS) {
        order_rows(g, r->from, w);
    }
    unsigned first = r->from < RECEIPT_ROWS ? 0 : r->from - RECEIPT_ROWS;
    for (unsigned i = first; i < RECEIPTS_OWED_MAX && w->max - w->len > ROW_ROOM; i++) {
        const struct receipt_owed *o = &g->receipts.owed[i];
        if (o->used && (o->late || o->refused != REFUSAL_NONE)) {
            line_number(w, "row", RECEIPT_ROWS + i);
            receipt_row(g, o, w);
        }
    }
    return OK;
}

err look_duties(struct guard *g, const struct person *p, const struct look_request *r,
                struct writer *w)
{
    TRY(need_role(p));
    duty_rows(g, r->from, w);
    return OK;
}

/* ---- the status of these ---- */

static void receipts_status(const struct guard *g, struct writer *w)
{
    unsigned owed = 0, late = 0, refused = 0;
    for (unsigned i = 0; i < RECEIPTS_OWED_MAX; i++) {
        const struct receipt_owed *o = &g->receipts.owed[i];
        bool                       no = o->used && o->refused != REFUSAL_NONE;
        owed += o->used && !no ? 1u : 0u;
        late += o->used && o->late ? 1u : 0u;
        refused += no ? 1u : 0u;
    }
    line_number(w, "receipts-owed", owed);
    line_number(w, "receipts-overdue", late);
    line_number(w, "partners-refused", refused);
    line_number(w, "receipts-due", g->receipts.due_count);
}

static void questions_status(const struct guard *g, struct writer *w)
{
    unsigned own = 0, asked = 0;
    for (unsigned i = 0; i < ASKED_MAX; i++) {
        const struct asked *a = &g->onward.asked[i];
        own += a->used && a->ours ? 1u : 0u;
        asked += a->used && !a->ours ? 1u : 0u;
    }
    line_number(w, "questions", asked);
    line_number(w, "own-questions", own);
}

static void days_put(const struct guard *g, struct writer *w, instant end, const char *to,
                     const char *over)
{
    if (end == INSTANT_NEVER) {
        return;
    }
    put_text(w, ", ");
    if (end > g->now) {
        put_decimal(w, (uint64_t)(end - g->now) / (uint64_t)MS_PER_DAY);
    }
    put_text(w, end > g->now ? to : over);
}

static void paused_put(struct guard *g, struct writer *w, set64 by, const char *what)
{
    if (by != 0) {
        put_text(w, what);
        names_format(&g->tables.policies.parties, by, w);
    }
}

/* "GSOMIA in force, 33 days to notice, giving paused by KOR" */
static void agreement_put(struct guard *g, const struct agreement *a, struct writer *w)
{
    struct standing s = standing_at(a, g->instrument, g->instrument_count, g->now, g->now);
    put_span(w, name_span(&a->name));
    put_u8(w, ' ');
    put_text(w, standing_state_name(s.state));
    days_put(g, w, s.notice_by, " days to notice", "too late for notice in this term");
    days_put(g, w, s.ends, " days to its end", "over");
    paused_put(g, w, s.paused_giving, ", giving paused by ");
    paused_put(g, w, s.paused_opening, ", opening paused by ");
}

/* One line: in the status only partners repeat. */
static void agreements_status(struct guard *g, struct writer *w)
{
    uint8_t       text[AGREEMENTS_MAX * 128];
    struct writer t = WRITER_OF(text);
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        put_text(&t, i > 0 ? "; " : "");
        agreement_put(g, &g->tables.agreements.agreement[i], &t);
    }
    if (t.len > 0 && !t.bad) {
        line_text(w, "agreements", writer_span(&t));
    }
}

void status_able(struct guard *g, struct writer *w)
{
    line_text(w, "mute", yes_no(g->watch.mute));
    if (g->watch.mute) {
        line_text(w, "mute-why", span_text(g->watch.why));
    }
    line_text(w, "clock", span_text(clock_state(g)));
}

void status_word(struct guard *g, struct writer *w)
{
    uint64_t waiting = 0;
    clock_status(g, w);
    for (unsigned i = 0; i < g->partner_count; i++) {
        waiting += g->partner[i].mailbox.sent - g->partner[i].mailbox.acked;
    }
    line_number(w, "letters-waiting", waiting);
    line_text(w, "orders-open", yes_no(orders_open(g)));
    receipts_status(g, w);
    duty_status(g, w);
    questions_status(g, w);
    if (g->day_key_count > 0) {
        line_instant(w, "day-key-until", g->day_key[g->day_key_count - 1].until);
    }
    agreements_status(g, w);
    ended_status(g, w);
}
