/* SPDX-License-Identifier: Apache-2.0 */
/* What liars have seen, by the type of each field, so that they can put it where it does not belong. */
#include "sim/grow.h"
#include "sim/liar.h"

#define KEPT_MAX 24000 /* longer ones are not kept */

void hoard_put(struct hoard_list *l, span bytes)
{
    struct hoarded *h = &l->row[l->count % HOARD_MAX];
    if (bytes.len > KEPT_MAX) {
        return;
    }
    free(h->bytes);
    h->bytes = bytes_keep(bytes);
    h->len = bytes.len;
    l->count++;
}

span hoard_draw(struct world *w, const struct hoard_list *l)
{
    uint64_t count = l->count < HOARD_MAX ? l->count : HOARD_MAX;
    if (count == 0) {
        return (span){0};
    }
    const struct hoarded *h = &l->row[roll(w, (uint32_t)count)];
    return (span){h->bytes, h->len};
}

static void list_free(struct hoard_list *l)
{
    for (unsigned i = 0; i < HOARD_MAX; i++) {
        free(l->row[i].bytes);
    }
}

void hoard_free(struct hoard *h)
{
    for (unsigned f = 0; h != NULL && f < FIELD_COUNT; f++) {
        list_free(&h->field[f]);
    }
    if (h != NULL) {
        list_free(&h->message);
        list_free(&h->frame);
        list_free(&h->record);
        free(h);
    }
}

/* ---- of what messages consist (docs/format/requests.md) ---- */

static const char letters[FIELD_COUNT] = {
    [FIELD_ID] = 'i',      [FIELD_NAME] = 'n',   [FIELD_U64] = 'q',       [FIELD_U32] = 'd',
    [FIELD_U16] = 'w',     [FIELD_U8] = 'b',     [FIELD_SIGNATURE] = 's', [FIELD_KEY] = 'k',
    [FIELD_BLOCK16] = 'B', [FIELD_BLOCK8] = 'h',
};

enum field field_of(char c)
{
    unsigned f = 0;
    while (f < FIELD_COUNT - 1 && letters[f] != c) {
        f++;
    }
    return (enum field)f;
}

static const char *const request[REQUEST_END] = {
    [REQUEST_GREET] = "k",      [REQUEST_SOURCES] = "",   [REQUEST_ORIGIN] = "w",
    [REQUEST_LEASE] = "",       [REQUEST_CLOSED] = "iqk", [REQUEST_RELEASE] = "in",
    [REQUEST_RECEIVE] = "niB",  [REQUEST_CERTIFY] = "Bh", [REQUEST_PARTNERS] = "",
    [REQUEST_DAYKEY] = "nB",    [REQUEST_SUBMIT] = "Bs",  [REQUEST_ACT] = "nnBB",
    [REQUEST_SIGN] = "dns",     [REQUEST_OPEN] = "qi",    [REQUEST_LOOK] = "bqiw",
    [REQUEST_LETTER] = "nB",    [REQUEST_AHEAD] = "in",   [REQUEST_BEHIND] = "i",
    [REQUEST_LISTENING] = "wb",
};

const char *request_fields(uint8_t kind)
{
    return kind < REQUEST_END ? request[kind] : NULL;
}

/* The first fields of what a guard says */
static const struct {
    enum guard_request kind;
    const char        *fields;
} answers[] = {
    {ANSWER_EPOCH, "iwbbk"},    {ANSWER_DERIVED, "iwbbk"}, {ANSWER_GRANTED, "inibbqB"},
    {ANSWER_WITHHELD, "in"},    {ANSWER_RECEIVED, "ib"},   {ANSWER_PARTNER, "n"},
    {ANSWER_NOTICE, "B"},       {ANSWER_CHALLENGE, "dB"},  {ANSWER_DONE, "dbB"},
    {ANSWER_KEY, "iikk"},       {ANSWER_ARRIVED, "ibnn"},  {ANSWER_STOP, "i"},
    {ANSWER_LETTER, "nqB"},     {ANSWER_FORGET, "ni"},     {ANSWER_HALT, "in"},
    {ANSWER_CUT, "inq"},        {ANSWER_HEARD, "n"},       {ANSWER_AHEAD, "i"},
    {ANSWER_CERTIFICATE, "BB"},
};

const uint8_t field_len[FIELD_COUNT] = {
    [FIELD_ID] = ID_LEN,
    [FIELD_U64] = 8,
    [FIELD_U32] = 4,
    [FIELD_U16] = 2,
    [FIELD_U8] = 1,
    [FIELD_KEY] = 32,
    [FIELD_SIGNATURE] = SIGNATURE_LEN,
};

span field_read(struct reader *r, enum field f)
{
    return f == FIELD_BLOCK16  ? read_block16(r, UINT16_MAX)
           : field_len[f] == 0 ? read_block8(r, UINT8_MAX)
                               : read_bytes(r, field_len[f]);
}

static void fields_learn(struct world *w, span body, const char *fields)
{
    struct reader r = reader_of(body);
    for (; *fields != 0; fields++) {
        enum field f = field_of(*fields);
        span       value = field_read(&r, f);
        if (r.bad) {
            return;
        }
        hoard_put(&w->hoard->field[f], value);
    }
}

void hoard_request(struct world *w, span message)
{
    struct guard_message m;
    if (err_is(guard_message_read(message, &m)) || request_fields(m.kind) == NULL) {
        return;
    }
    hoard_put(&w->hoard->message, message);
    fields_learn(w, m.body, request_fields(m.kind));
}

static void sealing_learn(struct gateway *g, span body)
{
    struct hoard    *h = g->world->hoard;
    struct reader    r = reader_of(body);
    struct epoch_row row;
    epoch_row_read(&r, &row);
    if (!r.bad) {
        h->sealing[h->sealing_count++ % HOARD_MAX] =
            (struct sealing_key){g->number, row.epoch, row.key};
    }
}

void hoard_answer(struct gateway *g, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i].kind == m.kind) {
            fields_learn(g->world, m.body, answers[i].fields);
        }
    }
    if (m.kind == ANSWER_EPOCH || m.kind == ANSWER_DERIVED) {
        sealing_learn(g, m.body);
    }
    if (m.kind == ANSWER_DONE && m.body.len == 4 + 1 + 2 + 8) {
        hoard_put(&g->world->hoard->field[FIELD_U64], (span){m.body.ptr + 7, 8}); /* a session */
    }
}
