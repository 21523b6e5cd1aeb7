/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard was asked: each errand has a tag, and the answer that bears it finds who waits. */
#include "desk/state.h"

/* Places that only the desk's own asking may take. */
#define ERRANDS_RESERVED 128

static const struct {
    uint8_t answer;
    void (*answered)(struct desk *d, const struct errand *e, struct reader *r);
    void (*refused)(struct desk *d, const struct errand *e, err why); /* NULL: tell the asker */
    bool own;
} errand_row[ERRAND_COUNT] = {
    [ERRAND_CERTIFY] = {ANSWER_CERTIFICATE, certify_answered, certify_refused, true},
    [ERRAND_ACT] = {ANSWER_CHALLENGE, act_answered, NULL, false},
    [ERRAND_SIGN] = {ANSWER_DONE, sign_answered, sign_refused, false},
    [ERRAND_SUBMIT] = {ANSWER_EPOCH, submit_answered, NULL, false},
    [ERRAND_STATUS] = {ANSWER_LOOK, status_answered, NULL, false},
    [ERRAND_LISTING] = {ANSWER_LOOK, listing_answered, listing_refused, false},
    [ERRAND_OPEN] = {ANSWER_KEY, open_answered, open_refused, true},
    [ERRAND_PROBE] = {ANSWER_LOOK, probe_answered, probe_refused, true},
    [ERRAND_PRESENCE] = {ANSWER_LEASE, presence_answered, NULL, false},
    [ERRAND_DISPLAYS] = {ANSWER_LEASE, displays_answered, displays_refused, true},
};

/* Low bits are the place, high bits count; 0 is never a tag. */
static uint32_t tag_next(struct desk *d, uint32_t place)
{
    d->errand_turn = d->errand_turn == UINT32_MAX / DESK_ERRANDS_MAX ? 1 : d->errand_turn + 1;
    return d->errand_turn * DESK_ERRANDS_MAX + place;
}

struct errand *errand_begin(struct desk *d, enum errand_kind kind, uint8_t request)
{
    uint32_t max = DESK_ERRANDS_MAX - (errand_row[kind].own ? 0 : ERRANDS_RESERVED);
    if (d->errand_count >= max) {
        return NULL;
    }
    for (uint32_t i = 0; i < DESK_ERRANDS_MAX; i++) {
        struct errand *e = &d->errand[(d->errand_turn + i) % DESK_ERRANDS_MAX];
        if (e->kind != ERRAND_FREE) {
            continue;
        }
        *e = (struct errand){.kind = (uint8_t)kind};
        e->tag = tag_next(d, (uint32_t)(e - d->errand));
        d->errand_count++;
        d->out = WRITER_OF(d->out_room);
        guard_message_begin(&d->out, request, e->tag);
        return e;
    }
    return NULL;
}

static void errand_over(struct desk *d, struct errand *e)
{
    bytes_wipe(e, sizeof *e);
    d->errand_count--;
}

err errand_send(struct desk *d, struct errand *e)
{
    span message;
    err  sent = writer_end(&d->out, &message);
    if (!err_is(sent)) {
        sent = d->port.ask_guard(d->port.ctx, message);
    }
    bytes_wipe(d->out_room, d->out.len);
    if (err_is(sent)) {
        errand_over(d, e);
    }
    return sent;
}

static void errand_refused(struct desk *d, const struct errand *e, err why)
{
    if (errand_row[e->kind].refused != NULL) {
        errand_row[e->kind].refused(d, e, why);
    } else {
        refuse(d, e->asker, why);
    }
}

void errands_drop(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_ERRANDS_MAX; i++) {
        struct errand e = d->errand[i];
        if (e.kind != ERRAND_FREE) {
            errand_over(d, &d->errand[i]);
            errand_refused(d, &e, FAIL(FULL, "the guard has started anew; ask again"));
        }
    }
}

/* The guard's sentence, word for word: the reader learns no more and no less than it says. */
static err error_read(struct desk *d, struct reader *r)
{
    utf8     checked;
    unsigned code = read_u8(r);
    span     sentence = read_block8(r, sizeof d->sentence - 1);
    if (err_is(reader_end(r)) || code == ERR_NONE || code > ERR_IO ||
        err_is(text_utf8(sentence, &checked))) {
        return FAIL(IO, "the guard refused in a form that is not known here");
    }
    memcpy(d->sentence, sentence.ptr, sentence.len);
    d->sentence[sentence.len] = 0;
    return (err){(enum err_code)code, d->sentence};
}

static err arrived_hear(struct desk *d, struct reader *r)
{
    struct arrived a;
    arrived_read(r, &a);
    TRY(reader_end(r));
    epoch_arrived(d, &a);
    return OK;
}

static err stop_hear(struct desk *d, struct reader *r)
{
    id epoch = read_id(r);
    TRY(reader_end(r));
    upload_stop(d, &epoch);
    epoch_over(d, &epoch);
    return OK;
}

static err forget_hear(struct desk *d, struct reader *r)
{
    name partner = read_name(r);
    id   handle = read_id(r);
    TRY(reader_end(r));
    desk_forget(d, &partner, &handle);
    return OK;
}

static err room_hears(struct desk *d, struct reader *r)
{
    struct room_row row;
    room_row_read(r, &row);
    TRY(reader_end(r));
    room_hear(d, &row);
    return OK;
}

static err greeted_hear(struct desk *d, struct reader *r)
{
    name party = read_name(r);
    TRY(reader_end(r));
    d->party = party;
    return OK;
}

static err (*const unasked_row[])(struct desk *, struct reader *) = {
    [ANSWER_ARRIVED] = arrived_hear, [ANSWER_STOP] = stop_hear,       [ANSWER_FORGET] = forget_hear,
    [ANSWER_ROOM] = room_hears,      [ANSWER_GREETED] = greeted_hear,
};

static void unasked(struct desk *d, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    if (m->kind < ARRAY_LEN(unasked_row) && unasked_row[m->kind] != NULL &&
        err_is(unasked_row[m->kind](d, &r))) {
        d->counters.malformed++;
    }
}

void desk_hear(struct desk *d, span message)
{
    struct guard_message m;
    if (err_is(guard_message_read(message, &m))) {
        d->counters.malformed++;
        return;
    }
    struct errand *place = &d->errand[m.tag % DESK_ERRANDS_MAX];
    if (m.tag == 0 || place->kind == ERRAND_FREE || place->tag != m.tag) {
        unasked(d, &m);
        return;
    }
    struct errand e = *place;
    struct reader r = reader_of(m.body);
    errand_over(d, place);
    if (m.kind == ANSWER_ERROR) {
        errand_refused(d, &e, error_read(d, &r));
    } else if (m.kind != errand_row[e.kind].answer) {
        errand_refused(d, &e, FAIL(IO, "the guard gave an answer to another question"));
    } else {
        errand_row[e.kind].answered(d, &e, &r);
    }
}
