/* SPDX-License-Identifier: Apache-2.0 */
/* Acts and signatures pass through: the guard renders, the person signs, the guard decides. */
#include "base/lines.h"
#include "desk/body.h"
#include "desk/rows.h"
#include "desk/state.h"

#define GUARD_BUSY FAIL(FULL, "too much is being asked of the guard; try again")
#define NO_ACT     FAIL(UNKNOWN, "no act waits under this number; it may have waited too long")

static const struct {
    const char *act;
    enum doing  doing;
} doing_row[] = {{"session", DOING_SESSION},    {"open", DOING_OPEN},
                 {"display-on", DOING_ON},      {"display-off", DOING_OFF},
                 {"display-remove", DOING_OFF}, {"tak-on", DOING_TAK_ON},
                 {"tak-off", DOING_TAK_OFF}};

static enum doing doing_of(const name *act)
{
    for (size_t i = 0; i < ARRAY_LEN(doing_row); i++) {
        if (span_is(name_span(act), doing_row[i].act)) {
            return doing_row[i].doing;
        }
    }
    return DOING_PLAIN;
}

/* ---- POST /v1/acts ---- */

struct act_asked {
    name person, act;
    span text, attachment;
};

static err act_read(struct desk *d, const struct body *b, struct act_asked *out)
{
    size_t len = 0;
    TRY(name_of(b->value[0], &out->person));
    TRY(name_of(b->value[1], &out->act));
    out->text = b->value[2];
    if (out->text.len > ACT_TEXT_MAX) {
        return FAIL(LIMIT, "the text of an act is longer than it may be");
    }
    if (b->value[3].len > 0) {
        TRY(text_base64(b->value[3], d->attachment, sizeof d->attachment, &len));
    }
    out->attachment = (span){d->attachment, len};
    return OK;
}

static bool act_waits(const struct desk *d, const struct act_known *k)
{
    return k->open && k->until_ms > d->boot_ms;
}

/* Those that the guard has not answered yet are counted too. */
static unsigned acts_of(const struct desk *d, const uint8_t terminal[static TERMINAL_LEN])
{
    unsigned count = 0;
    for (uint32_t i = 0; i < DESK_ACTS_MAX; i++) {
        const struct act_known *k = &d->act[i];
        count += act_waits(d, k) && memcmp(k->terminal, terminal, TERMINAL_LEN) == 0;
    }
    for (uint32_t i = 0; i < DESK_ERRANDS_MAX; i++) {
        const struct errand *e = &d->errand[i];
        count += e->kind == ERRAND_ACT && memcmp(e->terminal, terminal, TERMINAL_LEN) == 0;
    }
    return count;
}

/* Of an act about a display: which, and for how long.  The guard reads the text; what is not in it is its to
 * refuse. */
static void display_named(const struct act_asked *asked, struct errand *e)
{
    span named = row_value(asked->text, "display");
    if (err_is(name_of(named, &e->display)) ||
        err_is(text_decimal(row_value(asked->text, "minutes"), UINT16_MAX, &e->minutes))) {
        e->minutes = 0;
    }
}

static err act_send(struct desk *d, struct asker a, const struct desk_request *r,
                    const struct act_asked *asked)
{
    if (acts_of(d, r->terminal) >= DESK_ACTS_TERMINAL_MAX) {
        return FAIL(FULL, "this terminal has too many acts that wait for a signature");
    }
    struct errand *e = errand_begin(d, ERRAND_ACT, REQUEST_ACT);
    if (e == NULL) {
        return GUARD_BUSY;
    }
    e->asker = a;
    e->place = doing_of(&asked->act);
    e->by = asked->person;
    display_named(asked, e);
    memcpy(e->terminal, r->terminal, TERMINAL_LEN);
    put_name(&d->out, &asked->person);
    put_name(&d->out, &asked->act);
    put_block16(&d->out, asked->text);
    put_block16(&d->out, asked->attachment);
    return errand_send(d, e);
}

void ask_act(struct desk *d, struct asker a, const struct desk_request *r)
{
    static const struct body_field field[] = {
        {"person", false}, {"act", false}, {"body", false}, {"attachment", true}};
    struct body      b;
    struct act_asked asked;
    err              e = body_read(r->body, field, ARRAY_LEN(field), &b);
    e = err_is(e) ? e : act_read(d, &b, &asked);
    e = err_is(e) ? e : act_send(d, a, r, &asked);
    body_done(&b);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

/* A free place, or the oldest that nobody has signed, or else the oldest: the guard has forgotten that
 * one by now. */
static struct act_known *act_place(struct desk *d)
{
    struct act_known *oldest = &d->act[0];
    for (uint32_t i = 0; i < DESK_ACTS_MAX; i++) {
        struct act_known *k = &d->act[i];
        if (!act_waits(d, k)) {
            return k;
        }
        if (k->signed_once != oldest->signed_once ? oldest->signed_once
                                                  : k->number < oldest->number) {
            oldest = k;
        }
    }
    return oldest;
}

static void challenge_answer(struct desk *d, struct asker a, const struct act_known *k)
{
    struct writer w = WRITER_OF(d->text);
    put_text(&w, "{\"act\":");
    put_decimal(&w, k->number);
    json_key(&w, false, "text");
    put_json(&w, (span){k->text, k->text_len});
    put_u8(&w, '}');
    answer_text(d, a, 200, &w);
}

static struct act_known *act_find(struct desk *d, uint64_t number)
{
    for (uint32_t i = 0; i < DESK_ACTS_MAX; i++) {
        if (act_waits(d, &d->act[i]) && d->act[i].number == number) {
            return &d->act[i];
        }
    }
    return NULL;
}

void act_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    uint32_t number = read_u32(r);
    span     text = read_block16(r, ACT_TEXT_MAX);
    utf8     checked;
    if (err_is(reader_end(r)) || err_is(text_utf8(text, &checked))) {
        refuse(d, e->asker, FAIL(IO, "the guard gave no text to sign"));
        return;
    }
    struct act_known *k = act_place(d);
    *k = (struct act_known){.open = true,
                            .number = number,
                            .doing = (enum doing)e->place,
                            .by = e->by,
                            .display = e->display,
                            .minutes = e->minutes,
                            .until_ms = d->boot_ms + DESK_ACT_MS};
    memcpy(k->terminal, e->terminal, TERMINAL_LEN);
    memcpy(k->text, text.ptr, text.len);
    k->text_len = text.len;
    challenge_answer(d, e->asker, k);
}

/* ---- GET /v1/acts/{act} ---- */

/* Whoever has signed a session here may read what waits for a second signature, and sign it if he is the one.
 * What nobody has signed yet is its asker's alone. */
void ask_waiting(struct desk *d, struct asker a, const struct desk_request *r)
{
    uint64_t number;
    err      e = text_decimal(r->named, UINT32_MAX, &number);
    if (!err_is(e) && sitting_find(d, r->session, r->terminal) == NONE) {
        e = SITTING_ENDED;
    }
    const struct act_known *k = err_is(e) ? NULL : act_find(d, number);
    if (k != NULL && k->signed_once) {
        challenge_answer(d, a, k);
    } else {
        refuse(d, a, err_is(e) ? e : NO_ACT);
    }
}

/* ---- POST /v1/acts/{act}/signatures ---- */

static err sign_send(struct desk *d, struct asker a, const struct desk_request *r,
                     const struct body *b)
{
    uint64_t number;
    name     person;
    uint8_t  signature[SIGNATURE_LEN];
    TRY(text_decimal(r->named, UINT32_MAX, &number));
    TRY(name_of(b->value[0], &person));
    TRY(text_hex(b->value[1], signature, sizeof signature));
    struct act_known *known = act_find(d, number);
    if (known == NULL) {
        return NO_ACT;
    }
    struct errand *e = errand_begin(d, ERRAND_SIGN, REQUEST_SIGN);
    if (e == NULL) {
        return GUARD_BUSY;
    }
    e->asker = a;
    e->place = (uint32_t)known->doing;
    e->act = known->number;
    e->display = known->display;
    e->minutes = known->minutes;
    e->first = !known->signed_once && name_equal(&known->by, &person);
    memcpy(e->terminal, r->terminal, TERMINAL_LEN);
    put_u32(&d->out, known->number);
    put_name(&d->out, &person);
    put_span(&d->out, SPAN_OF(signature));
    return errand_send(d, e);
}

void ask_sign(struct desk *d, struct asker a, const struct desk_request *r)
{
    static const struct body_field field[] = {{"person", false}, {"signature", false}};
    struct body                    b;
    err                            e = body_read(r->body, field, ARRAY_LEN(field), &b);
    e = err_is(e) ? e : sign_send(d, a, r, &b);
    body_done(&b);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

/* ---- what an act results in ---- */

static err plain_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    utf8 checked;
    (void)d;
    (void)e;
    TRY(text_utf8(result, &checked));
    json_key(w, false, "result");
    put_json(w, result);
    return OK;
}

static err session_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    struct reader r = reader_of(result);
    uint64_t      number = read_u64(&r);
    TRY(reader_end(&r));
    if (number == 0 || sitting_add(d, number, e->terminal) == NONE) {
        return FAIL(FULL, "there is no room for another session");
    }
    json_hex(w, false, "session", result);
    return OK;
}

static err on_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    struct reader      r = reader_of(result);
    uint64_t           number = read_u64(&r);
    struct display_row row = {.session = number};
    row.display = read_name(&r);
    row.room = read_name(&r);
    read_copy(&r, row.key, sizeof row.key);
    TRY(reader_end(&r));
    if (number == 0 || !name_equal(&row.display, &e->display)) {
        return FAIL(IO, "the guard turned on another display");
    }
    TRY(display_on(d, &row, e->minutes));
    uint8_t       text[128];
    struct writer t = WRITER_OF(text);
    line_name(&t, "display", &row.display);
    line_name(&t, "room", &row.room);
    json_key(w, false, "result");
    put_json(w, writer_span(&t));
    return OK;
}

static err off_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    display_off(d, &e->display);
    return plain_put(d, e, result, w);
}

static err tak_on_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    struct reader r = reader_of(result);
    uint64_t      number = read_u64(&r);
    name          terminal = read_name(&r);
    unsigned      minutes = read_u16(&r);
    span          topics = read_block16(&r, TOPICS_MAX);
    (void)e;
    TRY(reader_end(&r));
    TRY(tak_on(d, number, &terminal, minutes, topics));
    uint8_t       text[2 * sizeof(name)];
    struct writer t = WRITER_OF(text);
    line_name(&t, "terminal", &terminal);
    json_key(w, false, "result");
    put_json(w, writer_span(&t));
    return OK;
}

static err tak_off_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    name terminal;
    TRY(name_of(row_value(result, "terminal"), &terminal));
    tak_off(d, &terminal);
    return plain_put(d, e, result, w);
}

static err ticket_of(struct desk *d, const struct errand *e, const struct key_row *row,
                     struct ticket **out)
{
    TRY(ticket_make(d, TICKET_OPENED, e->terminal, out));
    struct ticket *t = *out;
    t->handle = row->handle;
    t->epoch = row->epoch;
    t->key = row->key;
    t->len = row->content_len;
    t->items = row->items;
    span originator = row_value(row->describe, "originator");
    if (originator.len > 0) {
        TRY(name_of(originator, &t->originator));
    }
    memcpy(t->sealer, row->sealer, sizeof t->sealer);
    memcpy(t->digest, row->content_digest, sizeof t->digest);
    t->lease_ms = d->boot_ms + row->lease_ms;
    return OK;
}

static err open_put(struct desk *d, const struct errand *e, span result, struct writer *w)
{
    struct reader  r = reader_of(result);
    struct key_row row = {0};
    struct ticket *t;
    utf8           checked;
    key_row_read(&r, &row);
    err read = reader_end(&r);
    read = err_is(read) ? read : text_utf8(row.banner, &checked);
    read = err_is(read) ? read : text_utf8(row.describe, &checked);
    read = err_is(read) ? read : ticket_of(d, e, &row, &t);
    secret_wipe(&row.key);
    TRY(read);
    json_hex(w, false, "ticket", id_span(&t->number));
    json_key(w, false, "banner");
    put_json(w, row.banner);
    json_key(w, false, "describe");
    put_json(w, row.describe);
    return OK;
}

static err (*const result_put[])(struct desk *, const struct errand *, span, struct writer *) = {
    [DOING_PLAIN] = plain_put,    [DOING_SESSION] = session_put, [DOING_OPEN] = open_put,
    [DOING_ON] = on_put,          [DOING_OFF] = off_put,         [DOING_TAK_ON] = tak_on_put,
    [DOING_TAK_OFF] = tak_off_put};

void sign_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct writer w = WRITER_OF(d->text);
    uint32_t      number = read_u32(r);
    unsigned      needed = read_u8(r);
    span          result = read_block16(r, UINT16_MAX);
    err           put = reader_end(r);
    put_text(&w, "{\"act\":");
    put_decimal(&w, number);
    json_key(&w, false, "needed");
    put_decimal(&w, needed);
    struct act_known *known = act_find(d, e->act);
    if (known != NULL) {
        known->signed_once = true;
        known->open = needed > 0;
    }
    if (!err_is(put) && needed == 0) {
        put = result_put[e->place](d, e, result, &w);
    }
    put_u8(&w, '}');
    if (err_is(put)) {
        refuse(d, e->asker, put);
    } else {
        answer_text(d, e->asker, 200, &w);
    }
}

/* After a no the guard keeps an act only while somebody else may still sign it: when who asked for it
 * has signed, and the signature is not what is wrong, it has failed. */
void sign_refused(struct desk *d, const struct errand *e, err why)
{
    struct act_known *known = act_find(d, e->act);
    if (known != NULL && e->first && !known->signed_once && why.code != ERR_FORGED) {
        known->open = false;
    }
    refuse(d, e->asker, why);
}
