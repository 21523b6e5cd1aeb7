/* SPDX-License-Identifier: Apache-2.0 */
/* From the outside in: the record, the numbers, the signature, the seal of each item, and what is in it. */
#include "check/inspect.h"

#include "check/batch_own.h"
#include "check/rules.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "crypt/running.h"
#include "wire/line.h"

#define COMMITMENT "accord commitment 1"
#define TURN       "accord turn 1"
#define CHUNK_LEN  (OWN_ITEM_MAX - 4)

/* seen_turn - the signature that was found good last: the batches of a turn have it in common */
struct seen_turn {
    uint8_t sealer[SIGN_PUBLIC_LEN], root[SHA256_LEN], signature[SIGNATURE_LEN];
};

struct inspector {
    uint64_t         salt;
    struct aead     *aead;
    struct seen_turn turn;
    struct own_batch batch;
    uint8_t          plain[OWN_ITEM_MAX];
};

size_t inspector_size(void)
{
    return sizeof(struct inspector);
}

struct inspector *inspector_open(void *at, uint64_t salt)
{
    struct inspector *in = at;
    in->salt = salt;
    in->aead = aead_open(NULL);
    return in;
}

void inspector_close(struct inspector *in)
{
    if (in != NULL) {
        aead_close(in->aead);
        bytes_wipe(in, sizeof *in);
    }
}

/* ---- epochs ---- */

static bool is_committed(const struct inspect_row *t)
{
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT(COMMITMENT), id_span(&t->epoch), SPAN_OF(t->key.key)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    return bytes_equal_secretly(hash, t->commitment, sizeof hash);
}

static bool is_sound(const struct inspect_row *t, uint64_t next, const struct pace_seen *pace)
{
    bool box = !t->bounded || (t->box[0] <= t->box[2] && t->box[1] <= t->box[3]);
    bool paced = t->derived && t->every_ms != 0;
    bool feed = t->form < SOURCE_FORM_COUNT && t->dated < SOURCE_DATED_COUNT && box &&
                paced == (pace != NULL) && ((t->without | t->less) & ~(uint32_t)WITHOUT_ALL) == 0;
    return t->product ? !t->derived && next == 0 && pace == NULL : feed;
}

err inspect_begin(struct inspect_epoch *e, const struct inspect_row *told, uint64_t next,
                  struct pace_seen *pace)
{
    struct running *content = NULL;
    if (!is_sound(told, next, pace)) {
        return FAIL(MALFORMED, "what the guard says of an epoch contradicts itself");
    }
    if (!is_committed(told)) {
        return FAIL(FORGED, "the key of an epoch is not the one that its cover commits to");
    }
    if (told->product) {
        TRY(running_open(&content));
    }
    *e = (struct inspect_epoch){.told = *told, .pace = pace, .content = content, .next = next};
    e->told.items_max = told->items_max < INSPECT_ITEMS_MAX ? told->items_max : INSPECT_ITEMS_MAX;
    if (pace != NULL) {
        pace_seen_sealer(pace, told->sealer);
    }
    return OK;
}

void inspect_end(struct inspect_epoch *e)
{
    running_close(e->content);
    bytes_wipe(e, sizeof *e);
}

/* ---- the record ---- */

enum inspect_fault inspect_head(span body, id *out)
{
    if (body.len < OWN_HEAD_LEN) {
        return INSPECT_SHORT;
    }
    memcpy(out->bytes, body.ptr, ID_LEN);
    return INSPECT_PASS;
}

/* The line of a feed's tracks is its number and one, where it has one at all; what is derived, and what is durable, has none. */
static bool is_in_line(const struct inspect_row *t, const struct inspect_record *r)
{
    bool     line = t->tracks && !t->derived && t->source + 1u < LINE_COUNT;
    unsigned is = line ? t->source + 1u : LINE_NONE;
    bool     last = line && line_part(r->type) == PART_LAST;
    return line_of(r->type) == is && (line || line_part(r->type) == PART_PLAIN) &&
           r->durable == (!t->tracks || last);
}

static bool is_in_its_place(const struct inspect_row *t, const struct inspect_record *r)
{
    return t->product ? r->outbox == OUTBOX_DESK && r->type == 0 && r->durable
                      : r->outbox == OUTBOX_INTAKE && is_in_line(t, r);
}

static uint64_t chunks_of(uint64_t len)
{
    return len == 0 ? 1 : len / CHUNK_LEN + (len % CHUNK_LEN != 0);
}

static enum inspect_fault numbers(const struct inspect_epoch *e, const struct own_batch *b)
{
    uint64_t most = e->told.items_max;
    uint64_t chunks = e->told.product ? chunks_of(e->told.content_len) : most;
    most = chunks < most ? chunks : most;
    return b->first < e->next                              ? INSPECT_REPEATED
           : b->first > e->next                            ? INSPECT_GAP
           : b->first > most || b->count > most - b->first ? INSPECT_MANY
                                                           : INSPECT_PASS;
}

static enum inspect_fault signature(struct inspector *in, const struct inspect_epoch *e,
                                    const struct own_batch *b)
{
    struct seen_turn turn;
    own_batch_root(b, turn.root);
    memcpy(turn.sealer, e->told.sealer, sizeof turn.sealer);
    memcpy(turn.signature, b->signature, sizeof turn.signature);
    if (memcmp(&turn, &in->turn, sizeof turn) == 0) {
        return INSPECT_PASS;
    }
    if (err_is(sign_check(turn.sealer, TURN, SPAN_OF(turn.root), turn.signature))) {
        return INSPECT_SIGNATURE;
    }
    in->turn = turn;
    return INSPECT_PASS;
}

/* ---- what is in it ---- */

static bool is_too_often(const struct inspector *in, struct inspect_epoch *e,
                         const struct own_report *r)
{
    uint8_t    hash[SHA256_LEN];
    uint64_t   track;
    const span part[] = {{(const uint8_t *)&in->salt, sizeof in->salt}, r->text[OWN_UID]};
    sha256_parts(part, ARRAY_LEN(part), hash);
    memcpy(&track, hash, sizeof track);
    return !pace_seen_take(e->pace, track, e->told.every_ms, r->number[NUMBER_TIME]);
}

static enum inspect_fault report(const struct inspector *in, struct inspect_epoch *e, span bytes,
                                 instant now)
{
    struct own_report  r;
    enum inspect_fault f = own_report_read(bytes, &r);
    f = f == INSPECT_PASS ? rules_source(&e->told, &r, now) : f;
    f = f == INSPECT_PASS && e->told.derived ? rules_reduced(&e->told, &r, now) : f;
    bool often = f == INSPECT_PASS && e->pace != NULL && is_too_often(in, e, &r);
    return often ? INSPECT_OFTEN : f;
}

/* Only the last piece shows whether it is what was signed. */
static enum inspect_fault piece(struct inspect_epoch *e, uint64_t number, span bytes)
{
    uint8_t  digest[SHA256_LEN];
    uint64_t left = e->told.content_len - number * CHUNK_LEN;
    if (bytes.len != (left < CHUNK_LEN ? left : CHUNK_LEN)) {
        return INSPECT_CHUNK;
    }
    running_add(e->content, bytes);
    if (number + 1 < chunks_of(e->told.content_len)) {
        return INSPECT_PASS;
    }
    running_end(e->content, digest);
    e->whole = memcmp(digest, e->told.content_digest, sizeof digest) == 0;
    return e->whole ? INSPECT_PASS : INSPECT_CONTENT;
}

static enum inspect_fault item(struct inspector *in, struct inspect_epoch *e, unsigned i,
                               instant now)
{
    const struct own_batch *b = &in->batch;
    uint64_t                number = b->first + i;
    uint8_t                 nonce[AEAD_NONCE_LEN], associated[ID_LEN + 8];
    span                    content, box = {b->at[i], b->len[i] - OWN_TAG_LEN};
    if (!own_is_bucket(box.len)) {
        return INSPECT_BUCKET;
    }
    own_item_names(&e->told.epoch, number, nonce, associated);
    err opened =
        aead_open_box(in->aead, nonce, SPAN_OF(associated), box, box.ptr + box.len, in->plain);
    enum inspect_fault f =
        err_is(opened) ? INSPECT_TAG : own_plain((span){in->plain, box.len}, &content);
    if (f == INSPECT_PASS) {
        f = e->told.product ? piece(e, number, content) : report(in, e, content, now);
    }
    bytes_wipe(in->plain, box.len);
    return f;
}

static struct inspected items(struct inspector *in, struct inspect_epoch *e, instant now)
{
    struct inspected out = {.item = in->batch.first};
    aead_rekey(in->aead, &e->told.key);
    for (unsigned i = 0; i < in->batch.count && out.fault == INSPECT_PASS; i++) {
        out = (struct inspected){item(in, e, i, now), in->batch.first + i};
    }
    aead_forget(in->aead);
    return out;
}

/* Each item of a product is a batch of its own. */
static struct inspected look(struct inspector *in, struct inspect_epoch *e,
                             const struct inspect_record *r, instant now)
{
    struct own_batch  *b = &in->batch;
    enum inspect_fault f = own_batch_read(r->body, b);
    if (f != INSPECT_PASS) {
        return (struct inspected){f, e->next};
    }
    f = !id_equal(&b->handle, &e->told.epoch) ? INSPECT_EPOCH
        : !is_in_its_place(&e->told, r)       ? INSPECT_TYPE
        : e->told.product && b->count > 1     ? INSPECT_CHUNK
                                              : numbers(e, b);
    f = f == INSPECT_PASS ? signature(in, e, b) : f;
    return f == INSPECT_PASS ? items(in, e, now) : (struct inspected){f, b->first};
}

struct inspected inspect_batch(struct inspector *in, struct inspect_epoch *e,
                               const struct inspect_record *r, instant now)
{
    if (e->fault != INSPECT_PASS) {
        return (struct inspected){e->fault, e->next};
    }
    struct inspected out = look(in, e, r, now);
    e->fault = out.fault;
    e->next += out.fault == INSPECT_PASS ? in->batch.count : 0;
    return out;
}
