/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* What a guard keeps of an epoch in a key slot, with bytes of it changed on the disk: it is read or refused, what is read
 * is written as it was, and the guard goes on: it gives, shows, recalls and opens by it, or does not.  Input: u8 which of two (own, received), u16 length of the body (more than it is: as it is), then u16
 * offset, u8 byte, repeated */
#include "sim/sim/stage.h"

#include "guard/kept.h"
#include "kept_gates.h"
#include "sim/cheap.h"

#include <stdlib.h>

static struct gate gate[LAW_PARTIES];
static id          kept_id[2];
static uint64_t    session;
static unsigned    owner[2] = {KOR, JPN};

static void scene_make(void)
{
    struct gate_mail grant;
    cheap_dh();
    cheap_sign();
    MUST(suite_make(NULL) == 0);
    gates_open(gate, 1);
    people_make(gate);
    must(submit(&gate[KOR], "author", &imagery, &kept_id[0]));
    MUST(release(&gate[KOR], &kept_id[0], "JPN", &grant) == 'g');
    MUST(receive(&gate[JPN], &gate[KOR], &grant, &kept_id[1]));
    gate_mail_drop(&grant);
    uint8_t         number[16];
    struct writer   w = WRITER_OF(number);
    struct gate_act a = {.act = "session", .body = "minutes 500\n", .by = {"sato", NULL}};
    must(gate_act(&gate[JPN], &a, &w));
    struct reader r = reader_of(writer_span(&w));
    session = read_u64(&r);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_mail_clear(&gate[i]);
    }
    gates_keep(gate);
}

/* What rests on a slot */
static void goes_on(struct gate *g, const id *handle)
{
    uint8_t         body[64];
    struct writer   w = WRITER_OF(body);
    struct gate_act recall = {.act = "recall",
                              .body = "partner JPN\nreason a mistake\n",
                              .attachment = id_span(handle),
                              .by = {"ok1", NULL}};
    put_u64(&w, session);
    put_id(&w, handle);
    gate_say(g, CALLER_DESK, REQUEST_OPEN, 1, writer_span(&w));
    w.len = 0;
    put_u8(&w, LOOK_ITEM);
    put_u64(&w, session);
    put_id(&w, handle);
    put_u16(&w, 0);
    gate_say(g, CALLER_DESK, REQUEST_LOOK, 2, writer_span(&w));
    w.len = 0;
    put_id(&w, handle);
    put_name(&w, &(name){{0}});
    gate_say(g, CALLER_COURIER, REQUEST_RELEASE, 3, writer_span(&w));
    gate_mail_clear(g);
    if (g->number == JPN) {
        (void)open_as(g, "sato", handle);
    } else {
        (void)gate_act(g, &recall, NULL);
    }
    time_pass(g, 2 * MS_PER_SECOND);
    gate_tick(g);
    time_pass(g, 2 * MS_PER_SECOND);
    gate_tick(g);
}

static slot_id slot_of(const id *handle)
{
    slot_id out;
    memcpy(out.bytes, handle->bytes, sizeof out.bytes);
    return out;
}

static void changed(struct reader *r, struct slots *slots, const slot_id *slot)
{
    uint8_t body[SLOT_BODY_MAX] = {0};
    size_t  len = 0, most = read_u16(r);
    must(slot_get(slots, slot, body, &len));
    len = most > 0 && most < len ? most : len;
    while (r->rest.len >= 3) {
        unsigned at = read_u16(r);
        body[at % SLOT_BODY_MAX] = read_u8(r);
        len = at % SLOT_BODY_MAX >= len ? at % SLOT_BODY_MAX + 1 : len;
    }
    must(slot_replace(slots, slot, (span){body, len}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct kept k;
    struct reader      r = reader_of((span){data, len});
    unsigned           which = read_u8(&r) % 2;
    name               giver;
    uint8_t            body[SLOT_BODY_MAX], again[SLOT_BODY_MAX];
    size_t             body_len = 0, again_len = 0;
    if (session == 0) {
        scene_make();
    }
    struct gate  *g = &gate[owner[which]];
    const slot_id slot = slot_of(&kept_id[which]);
    changed(&r, g->guard->slots, &slot);
    (void)kept_giver(g->guard, &kept_id[which], &giver);
    if (!err_is(kept_get(g->guard, &kept_id[which], &k))) {
        must(slot_get(g->guard->slots, &slot, body, &body_len));
        must(kept_change(g->guard, &kept_id[which], &k));
        must(slot_get(g->guard->slots, &slot, again, &again_len));
        MUST(body_len == again_len);
    }
    for (uint32_t i = 0; i < GATE_SLOTS; i++) {
        id handle;
        (void)kept_at(g->guard, i, &handle, &k);
    }
    goes_on(g, &kept_id[which]);
    gate_back(g);
    return 0;
}
