/* SPDX-License-Identifier: Apache-2.0 */
/* What intake says to the guard, and what the guard says to intake. */
#include "intake/state.h"

/* ---- to the guard ---- */

#define ASK_MAX (5 + ID_LEN + 8 + 32)

static bool say(struct intake *in, enum guard_request kind, uint16_t source, span body)
{
    uint8_t       bytes[ASK_MAX];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, (uint8_t)kind, ask_tag(kind, source));
    put_span(&w, body);
    MUST(!w.bad);
    return !err_is(in->port.ask(in->port.ctx, writer_span(&w)));
}

static bool greet(struct intake *in)
{
    uint8_t key[SIGN_PUBLIC_LEN];
    signer_public(in->signer, key);
    return say(in, REQUEST_GREET, 0, SPAN_OF(key));
}

/* Every request is answered, or there is a new guard: so one at a time is enough. */
static void lease_ask(struct intake *in, int64_t boot_ms)
{
    if (in->greet_due || in->lease_asked || boot_ms < in->lease_after_ms) {
        return;
    }
    in->lease_asked = say(in, REQUEST_LEASE, 0, SPAN_LIT(""));
    if (in->lease_asked) {
        in->lease_asked_ms = boot_ms;
        in->lease_after_ms = boot_ms + INTAKE_LEASE_MS;
    }
}

/* Nothing is asked of a guard that does not know the key of this process: its covers would name
 * another. */
void asks_due(struct intake *in, int64_t boot_ms)
{
    bool may = in->guard_ever && boot_ms >= in->say_after_ms;
    if (may && in->greet_due) {
        in->greet_due = !greet(in);
    }
    if (may && !in->greet_due && in->sources_due) {
        in->sources_due = !say(in, REQUEST_SOURCES, 0, SPAN_LIT(""));
    }
    if (in->guard_ever) {
        lease_ask(in, boot_ms);
    }
}

void closed_tell(struct intake *in)
{
    size_t done = 0;
    while (done < in->closed_count && in->guard_ever && !in->greet_due) {
        const struct closed *c = &in->closed[done];
        uint8_t              bytes[ID_LEN + 8 + 32];
        struct writer        w = WRITER_OF(bytes);
        put_id(&w, &c->epoch);
        put_u64(&w, c->items);
        put_span(&w, SPAN_OF(c->root));
        if (!say(in, REQUEST_CLOSED, 0, writer_span(&w))) {
            break;
        }
        done++;
    }
    in->closed_count -= done;
    memmove(in->closed, in->closed + done, in->closed_count * sizeof in->closed[0]);
}

void origin_ask(struct intake *in, struct source *s, int64_t boot_ms)
{
    uint8_t       bytes[2];
    struct writer w = WRITER_OF(bytes);
    closed_tell(in);
    if (!in->guard_ever || in->greet_due || in->closed_count > 0 || boot_ms < s->ask_after_ms) {
        return;
    }
    put_u16(&w, s->row.number);
    s->asked = say(in, REQUEST_ORIGIN, s->row.number, writer_span(&w));
    s->asked_ms = boot_ms;
    s->ask_after_ms = s->asked ? 0 : boot_ms + INTAKE_TICK_MS;
}

void intake_guard_new(struct intake *in, int64_t boot_ms)
{
    in->begun_ms = in->guard_ever ? in->begun_ms : boot_ms;
    in->guard_ever = in->greet_due = in->sources_due = true;
    in->lease_asked = false;
    in->say_after_ms = in->lease_after_ms = boot_ms;
    in->listed = 0;
    for (size_t i = 0; i < places_end(in); i++) {
        struct source *s = &in->source[i];
        s->asked = false;
        s->ask_after_ms = boot_ms;
        s->now.old = true;
        epoch_drop(in, s, &s->next);
    }
    asks_due(in, boot_ms);
}

/* ---- the sources ---- */

static bool row_equal(const struct source_row *a, const struct source_row *b)
{
    return name_equal(&a->name, &b->name) && a->transport == b->transport && a->form == b->form &&
           a->whole == b->whole && a->dated == b->dated && name_equal(&a->terminal, &b->terminal) &&
           a->kind == b->kind && a->precedence == b->precedence &&
           strcmp(a->address, b->address) == 0 && strcmp(a->access, b->access) == 0 &&
           strcmp(a->caveat, b->caveat) == 0 && strcmp(a->releasable_to, b->releasable_to) == 0 &&
           a->bounded == b->bounded && memcmp(a->box, b->box, sizeof a->box) == 0 &&
           a->without == b->without && a->sited == b->sited &&
           memcmp(a->site, b->site, sizeof a->site) == 0;
}

static void source_end(struct intake *in, struct source *s)
{
    s->there = false;
    picture_forget(in, s);
    epoch_drop(in, s, &s->now);
    epoch_drop(in, s, &s->next);
    in->port.source_close(in->port.ctx, s->row.number);
}

/* A profile that changed begins anew: what is sealed from now on is sealed under it. */
static void source_take(struct intake *in, const struct source_row *row, int64_t boot_ms)
{
    struct source *s = &in->source[row->number];
    in->listed |= set_one(row->number);
    if (s->there && row_equal(&s->row, row)) {
        return;
    }
    if (s->there) {
        source_end(in, s);
    }
    err e = input_init(&s->input, (enum source_form)row->form, &in->reader);
    if (err_is(e)) {
        guard_odd(in, e.why);
        return;
    }
    if (row->sited) {
        input_stands(&s->input, (struct place){row->site[0], row->site[1]}, row->site[2]);
    }
    if (s->seal.count > 0) {
        batches_out(in); /* under the row that they were sealed under */
    }
    s->there = s->known = true;
    in->sources = row->number < in->sources ? in->sources : (size_t)row->number + 1;
    s->row = *row;
    s->allowance = in->events_a_second;
    s->allowance_ms = s->ask_after_ms = boot_ms;
    in->port.source_open(in->port.ctx, row);
}

static void sources_end(struct intake *in)
{
    for (unsigned i = 0; i < in->sources; i++) {
        if (in->source[i].there && !set_has(in->listed, i)) {
            source_end(in, &in->source[i]);
        }
    }
    in->listed = 0;
}

/* ---- from the guard: a function for each answer ---- */

typedef err answer(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body);

static err on_greeted(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    (void)in, (void)boot_ms, (void)tag;
    (void)read_name(body);
    return reader_end(body);
}

static err on_source(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    struct source_row row;
    (void)tag;
    source_row_read(body, &row);
    TRY(reader_end(body));
    if (row.name.text[0] == 0) {
        sources_end(in);
        return OK;
    }
    if (row.number >= INTAKE_SOURCES_MAX || row.transport >= TRANSPORT_COUNT ||
        row.form >= SOURCE_FORM_COUNT) {
        return FAIL(LIMIT, "the guard names a source that intake has no place for");
    }
    source_take(in, &row, boot_ms);
    return OK;
}

/* Whole, for a source that asked for one, and with room for an item */
static err epoch_asked(const struct intake *in, uint32_t tag, const struct epoch_row *row,
                       struct reader *body)
{
    TRY(reader_end(body));
    bool asked = row->source < INTAKE_SOURCES_MAX && in->source[row->source].asked &&
                 tag == ask_tag(REQUEST_ORIGIN, row->source) && row->items_max > 0;
    return asked ? OK : FAIL(STATE, "the guard gives an epoch that was not asked for");
}

static err on_epoch(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    struct epoch_row row;
    (void)boot_ms;
    epoch_row_read(body, &row);
    err e = epoch_asked(in, tag, &row, body);
    if (!err_is(e)) {
        leave_take(in, &in->source[row.source], &row);
    }
    secret_wipe(&row.key);
    return e;
}

static err on_derived(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    struct derived_row row;
    derived_row_read(body, &row);
    err e = epoch_asked(in, tag, &row.epoch, body);
    e = err_is(e) ? e : derived_take(in, &row, boot_ms);
    bytes_wipe(&row, sizeof row);
    return e;
}

static void lease_prolong(struct leave *l, int64_t until_ms)
{
    if (!l->old) {
        l->good_until_ms = until_ms;
    }
}

static err on_lease(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    uint32_t ms = read_u32(body);
    (void)boot_ms;
    TRY(reader_end(body));
    if (!in->lease_asked || tag != ask_tag(REQUEST_LEASE, 0)) {
        return FAIL(STATE, "the guard gives a lease that was not asked for");
    }
    in->lease_asked = false;
    for (size_t i = 0; i < places_end(in); i++) {
        lease_prolong(&in->source[i].now, in->lease_asked_ms + ms);
        lease_prolong(&in->source[i].next, in->lease_asked_ms + ms);
    }
    return OK;
}

static err on_stop(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    id epoch = read_id(body);
    (void)tag;
    TRY(reader_end(body));
    epoch_stop(in, &epoch, boot_ms);
    return OK;
}

static err on_picture(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    id epoch = read_id(body);
    (void)tag;
    TRY(reader_end(body));
    picture_ask(in, &epoch, boot_ms);
    return OK;
}

/* What was refused is due again after a while; a closing that the guard does not want is not. */
static void refused(struct intake *in, int64_t boot_ms, uint32_t tag)
{
    struct source *s = &in->source[tag % INTAKE_SOURCES_MAX];
    switch (tag >> 16) {
    case REQUEST_GREET:
        in->greet_due = true;
        in->say_after_ms = boot_ms + INTAKE_RETRY_MS;
        break;
    case REQUEST_SOURCES:
        in->sources_due = true;
        in->say_after_ms = boot_ms + INTAKE_RETRY_MS;
        break;
    case REQUEST_ORIGIN:
        s->asked = false;
        s->ask_after_ms = boot_ms + INTAKE_RETRY_MS;
        break;
    case REQUEST_LEASE:
        in->lease_asked = false;
        break;
    default:
        break;
    }
}

/* What was asked for a source that was removed meanwhile is refused by its nature: nobody has to know. */
static bool is_past(const struct intake *in, uint32_t tag)
{
    return tag >> 16 == REQUEST_ORIGIN && !in->source[tag % INTAKE_SOURCES_MAX].there;
}

/* The sentence is the guard's; the note is escaped by who writes it. */
static err on_error(struct intake *in, int64_t boot_ms, uint32_t tag, struct reader *body)
{
    char sentence[UINT8_MAX + 1] = {0};
    (void)read_u8(body);
    span why = read_block8(body, UINT8_MAX);
    TRY(reader_end(body));
    memcpy(sentence, why.ptr, why.len);
    refused(in, boot_ms, tag);
    if (!is_past(in, tag)) {
        guard_refused(in, boot_ms, sentence);
    }
    return OK;
}

static answer *const answer_row[] = {
    [ANSWER_ERROR] = on_error,     [ANSWER_GREETED] = on_greeted, [ANSWER_SOURCE] = on_source,
    [ANSWER_EPOCH] = on_epoch,     [ANSWER_LEASE] = on_lease,     [ANSWER_STOP] = on_stop,
    [ANSWER_DERIVED] = on_derived, [ANSWER_PICTURE] = on_picture,
};

void intake_from_guard(struct intake *in, int64_t boot_ms, span message)
{
    struct guard_message m = {0};
    err                  e = guard_message_read(message, &m);
    if (!err_is(e) && (m.kind >= ARRAY_LEN(answer_row) || answer_row[m.kind] == NULL)) {
        e = FAIL(UNKNOWN, "the guard says what intake does not know");
    }
    if (!err_is(e)) {
        struct reader body = reader_of(m.body);
        e = answer_row[m.kind](in, boot_ms, m.tag, &body);
    }
    if (err_is(e)) {
        guard_odd(in, e.why);
    }
}
