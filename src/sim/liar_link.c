/* SPDX-License-Identifier: Apache-2.0 */
/* What a lying courier says to a partner's: whole frames, of which some are left out, said twice, changed, or others'. */
#include "sim/grow.h"
#include "sim/liar.h"
#include "wire/link.h"

struct saying {
    struct world *world;
    struct writer out;
};

static void frame_put(struct writer *out, uint8_t kind, span body)
{
    put_u32(out, (uint32_t)body.len);
    put_u8(out, kind);
    put_span(out, body);
}

/* Of an entry: the same place in its lane, and another's content */
static void entry_of_other(struct saying *t, const struct entry_head *e)
{
    struct world *w = t->world;
    span          other = hoard_draw(w, &w->hoard->frame);
    struct reader r = reader_of(other);
    uint8_t       kind = read_u8(&r);
    span          body = r.rest;
    size_t        began = frame_begin(&t->out, FRAME_ENTRY);
    uint8_t       lane = chance(w, 10) ? (uint8_t)roll(w, LANE_COUNT + 1) : e->lane;
    put_u8(&t->out, lane);
    put_u64(&t->out, chance(w, 10) ? e->number + roll(w, 3) - 1 : e->number);
    if (r.bad || chance(w, 4)) { /* its own, but for the handle that it bears */
        put_u8(&t->out, chance(w, 6) ? (uint8_t)(1 + roll(w, 7)) : e->kind);
        liar_field(w, &t->out, FIELD_ID);
        put_span(&t->out, e->body.len > ID_LEN ? (span){e->body.ptr + ID_LEN, e->body.len - ID_LEN}
                                               : e->body);
    } else {
        put_u8(&t->out, kind);
        put_span(&t->out, body);
    }
    frame_end(&t->out, began);
}

static void numbers_put(struct saying *t, uint8_t kind)
{
    size_t began = frame_begin(&t->out, (enum frame)kind);
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        liar_field(t->world, &t->out, FIELD_U64);
    }
    frame_end(&t->out, began);
}

static void bent_put(struct saying *t, uint8_t kind, span body)
{
    uint8_t *bytes = bytes_keep(body);
    size_t   len = body.len;
    liar_bend(t->world, bytes, &len);
    frame_put(&t->out, kind, (span){bytes, len});
    free(bytes);
}

static void garbage_put(struct saying *t)
{
    for (unsigned i = roll(t->world, 40); i > 0; i--) {
        put_u8(&t->out, (uint8_t)roll(t->world, 256));
    }
}

static void frame_lie(struct saying *t, const struct frame_view *f)
{
    struct entry_head e;
    bool              is_entry = f->kind == FRAME_ENTRY && !err_is(entry_read(f->body, &e));
    t->world->totals.lies++;
    switch (roll(t->world, 8)) {
    case 0:
        break; /* left out */
    case 1:
        frame_put(&t->out, f->kind, f->body);
        frame_put(&t->out, f->kind, f->body);
        break;
    case 2:
        bent_put(t, f->kind, f->body);
        break;
    case 3:
        frame_put(&t->out, f->kind, f->body);
        numbers_put(t, FRAME_ACK);
        break;
    case 4:
        if (chance(t->world, 6)) {
            garbage_put(t);
        }
        frame_put(&t->out, f->kind, f->body);
        break;
    default:
        if (is_entry) {
            entry_of_other(t, &e);
        } else {
            frame_put(&t->out, chance(t->world, 3) ? (uint8_t)roll(t->world, 8) : f->kind, f->body);
        }
        break;
    }
}

/* What an entry carries is kept without its place; a beat and a notice as they are. */
static void frame_learn(struct world *w, const struct frame_view *f)
{
    struct entry_head e;
    uint8_t           room[1 + 24000];
    struct writer     k = WRITER_OF(room);
    if (f->kind != FRAME_ENTRY || err_is(entry_read(f->body, &e))) {
        return;
    }
    put_u8(&k, e.kind);
    put_span(&k, e.body);
    if (!k.bad) {
        hoard_put(&w->hoard->frame, writer_span(&k));
    }
    if (e.kind == ENTRY_GRANT && e.body.len > ID_LEN) {
        hoard_put(&w->hoard->field[FIELD_ID], (span){e.body.ptr, ID_LEN});
        hoard_put(&w->hoard->field[FIELD_BLOCK16],
                  (span){e.body.ptr + ID_LEN, e.body.len - ID_LEN});
    }
}

static struct liar_link *link_of(struct gateway *g, unsigned other, unsigned path, unsigned end,
                                 uint32_t life)
{
    struct liar      *l = g->liar[PROCESS_COURIER];
    struct liar_link *k = &l->link[(other * PATH_COUNT + path) * 2 + end];
    if (k->life != life) {
        k->life = life;
        k->len = 0;
    }
    return k;
}

static void part_add(struct liar_link *k, span bytes)
{
    if (k->len + bytes.len > k->max) {
        k->max = 2 * (k->len + bytes.len);
        k->part = realloc(k->part, k->max);
        MUST(k->part != NULL);
    }
    memcpy(k->part + k->len, bytes.ptr, bytes.len);
    k->len += bytes.len;
}

span liar_frames(struct gateway *g, unsigned other, unsigned path, unsigned end, uint32_t life,
                 span bytes)
{
    static uint8_t    room[4 << 20];
    struct saying     t = {g->world, WRITER_OF(room)};
    struct liar_link *k = link_of(g, other, path, end, life);
    size_t            at = 0, taken = 1;
    part_add(k, bytes);
    while (taken > 0 && at < k->len) {
        struct frame_view f;
        err               e = frame_read((span){k->part + at, k->len - at}, &f, &taken);
        MUST(!err_is(e)); /* its machine is a courier */
        if (taken == 0) {
            break;
        }
        frame_learn(g->world, &f);
        if (chance(g->world, g->liar[PROCESS_COURIER]->boldness)) {
            frame_lie(&t, &f);
        } else {
            frame_put(&t.out, f.kind, f.body);
        }
        at += taken;
    }
    memmove(k->part, k->part + at, k->len - at);
    k->len -= at;
    MUST(!t.out.bad);
    return writer_span(&t.out);
}
