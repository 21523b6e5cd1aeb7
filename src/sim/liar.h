/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_LIAR_H
#define SIM_LIAR_H

#include "sim/state.h"

/* liar - an adversary in place of a courier, an intake or a desk (docs/why/simulator.md)
 *
 * It has the real machine inside, so that it knows all that this knows and things go on; but what the machine says passes
 * through its hands, is left out, changed, said twice or later, and it says what it likes besides: messages of every
 * kind that a process can send, of fields that it has seen anywhere, or of none. All liars of a world tell each other
 * what they hear. What comes to it is as it was; what answers its own questions the machine never sees. */

/* hoard - what the liars of a world have seen: the newest of each sort
 *
 * field     values by their type in a message
 * message   requests as they were sent;  frame: what couriers say to each other;  record: batches, and what lies in
 *           inboxes
 * sealing   epochs with the keys that a guard gave to an intake or a desk */
#define HOARD_MAX 128
struct hoarded {
    uint8_t *bytes;
    size_t   len;
};
struct hoard_list {
    struct hoarded row[HOARD_MAX];
    uint64_t       count; /* ever put in */
};
enum field {
    FIELD_ID,
    FIELD_NAME,
    FIELD_U64,
    FIELD_U32,
    FIELD_U16,
    FIELD_U8,
    FIELD_SIGNATURE,
    FIELD_KEY,
    FIELD_BLOCK16,
    FIELD_BLOCK8,
    FIELD_COUNT
};
struct sealing_key {
    unsigned gateway;
    id       epoch;
    secret   key;
};
struct hoard {
    struct hoard_list  field[FIELD_COUNT];
    struct hoard_list  message, frame, record;
    struct sealing_key sealing[HOARD_MAX];
    uint64_t           sealing_count;
};

/* liar_link - of a lying courier's connection, bytes of a frame that is not whole yet */
struct liar_link {
    uint32_t life;
    uint8_t *part;
    size_t   len, max;
};

/* liar - of one gateway, for each process that lies
 *
 * key      with which it signs what it seals itself; its guard knows it only if it says so
 * boldness one in so many of the machine's words is not passed on as it is
 * tag      of its own questions, so that their answers are known */
struct liar {
    secret            key;
    uint32_t          boldness;
    uint32_t          tag;
    bool              greeted; /* its own key is the one that the guard knows */
    struct liar_link *link;    /* of a courier: [to][path][end] */
};

#define LIAR_TAG UINT32_C(0xe0000000)

/* liars_plan - who lies, by the seed; and when they speak up.  liars_free - what they have */
void liars_plan(struct world *w);
void liars_free(struct world *w);
void on_liar(struct world *w, const struct event *e);

/* liar_asks - what the process wants to say to its guard.  liar_hears - what it is told; false: it answers the liar
 *             itself, and the machine is not to see it */
void liar_asks(struct gateway *g, enum process p, span message);
bool liar_hears(struct gateway *g, span message);

/* liar_record - what a process appends to a log; what is returned stands there in its place, until the next */
span liar_record(struct gateway *g, enum process p, span body);

/* liar_frames - what a courier sends on a connection; returns what goes on it instead, until the next */
span liar_frames(struct gateway *g, unsigned other, unsigned path, unsigned end, uint32_t life,
                 span bytes);

/* ---- inside: liar_hoard.c ---- */
void hoard_put(struct hoard_list *l, span bytes);
/* hoard_draw - one of the list; empty when there is none */
span hoard_draw(struct world *w, const struct hoard_list *l);
void hoard_request(struct world *w, span message);
void hoard_answer(struct gateway *g, span message);
void hoard_free(struct hoard *h);

/* ---- liar_say.c: liar_message - one that it makes up; its tag is `tag` ---- */
void liar_message(struct world *w, struct writer *out, enum process p, uint32_t tag);
/* liar_changed - the same as another, but for one of its fields */
void liar_changed(struct world *w, struct writer *out, span message, uint32_t tag);
/* liar_field - a value of this type, seen or made up */
void liar_field(struct world *w, struct writer *out, enum field f);
/* liar_bend - a bit or a byte of it is another, or its end is gone */
void liar_bend(struct world *w, uint8_t *bytes, size_t *len);
/* request_fields - of what a request of this kind consists; NULL: there is none */
const char *request_fields(uint8_t kind);
enum field  field_of(char c);
/* field_len - bytes; 0: it says so itself.  field_read - its value */
extern const uint8_t field_len[FIELD_COUNT];
span                 field_read(struct reader *r, enum field f);

/* ---- liar_seal.c: a batch of its own, under an epoch that some guard gave out, with its own signature ---- */
span liar_batch(struct gateway *g, enum process p);

#endif
