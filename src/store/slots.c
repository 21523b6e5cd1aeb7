/* SPDX-License-Identifier: Apache-2.0 */
#include "store/slots.h"

#include "base/reader.h"
#include "base/secret.h"
#include "base/writer.h"
#include "crypt/hash.h"
#include "store/crc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC      "ACCSLOT\n"
#define VERSION    1
#define FIELDS_LEN 32              /* of the header, before the checksum */
#define COUNT_MIN  SLOTS_PROBE_MAX /* so that no search comes round */
#define SLOT_USED  64              /* bytes of a slot before its body */
#define FILL_LEN   (256 << 10)

/* crc 4, state 1, zero 1, length 2, id 16, zeros to 64, body 960 */
enum { AT_CRC = 0, AT_STATE = 4, AT_LENGTH = 6, AT_ID = 8 };
enum slot_state { SLOT_EMPTY, SLOT_HELD, SLOT_DESTROYED, SLOT_DAMAGED };

_Static_assert(SLOT_USED + SLOT_BODY_MAX == SLOT_LEN, "a body fills its slot");

void slots_format_head(const struct slots_plan *plan, uint8_t out[static SLOTS_HEAD_LEN])
{
    memset(out, 0, SLOTS_HEAD_LEN);
    struct writer w = writer_of(out, SLOTS_HEAD_LEN);
    put_text(&w, MAGIC);
    put_u32(&w, VERSION);
    put_u32(&w, plan->count);
    put_span(&w, SPAN_OF(plan->salt));
    put_u32(&w, crc32c(0, (span){out, FIELDS_LEN}));
}

static bool count_allowed(uint32_t count)
{
    return count >= COUNT_MIN && count <= SLOTS_MAX && (count & (count - 1)) == 0;
}

/* Zeros, not a hole: a slot must never find the disk full when its key is to be destroyed. */
static err fill(int fd, const struct slots_plan *plan)
{
    static const uint8_t zeros[FILL_LEN];
    uint8_t              head[SLOTS_HEAD_LEN];
    struct block_file    f = block_file_of(fd);
    uint64_t             bytes = SLOTS_HEAD_LEN + (uint64_t)plan->count * SLOT_LEN;
    int                  full = posix_fallocate(fd, 0, (off_t)bytes);
    if (full != 0) {
        return full == ENOSPC ? FAIL(FULL, "the disk has no room for the key slots")
                              : FAIL(IO, "the key slots could not be reserved");
    }
    for (uint64_t at = 0; at < bytes; at += FILL_LEN) {
        uint64_t len = bytes - at < FILL_LEN ? bytes - at : FILL_LEN;
        TRY(block_write(&f, at, (span){zeros, (size_t)len}));
    }
    slots_format_head(plan, head);
    TRY(block_write(&f, 0, SPAN_OF(head)));
    return fsync(fd) == 0 ? OK : FAIL(IO, "the key slots could not be synced");
}

err slots_create(int dirfd, const struct slots_plan *plan, int *fd)
{
    if (!count_allowed(plan->count)) {
        return FAIL(LIMIT, "the number of key slots is a power of two, 256 to 1048576");
    }
    int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int made = openat(dirfd, plan->file, flags, 0600);
    if (made < 0) {
        return errno == EEXIST ? FAIL(CONFLICT, "the file of key slots exists already")
                               : FAIL(IO, "the file of key slots could not be made");
    }
    err e = fill(made, plan);
    if (!err_is(e) && fsync(dirfd) != 0) {
        e = FAIL(IO, "the folder of the key slots could not be synced");
    }
    if (err_is(e)) {
        (void)unlinkat(dirfd, plan->file, 0);
        close(made);
        return e;
    }
    *fd = made;
    return OK;
}

err slots_open(struct slots *s, struct block_file *file)
{
    uint8_t      head[SLOTS_HEAD_LEN];
    struct slots t = {.file = file};
    TRY(block_read(file, 0, head, sizeof head));
    struct reader r = reader_of(SPAN_OF(head));
    if (!span_is(read_bytes(&r, strlen(MAGIC)), MAGIC) || read_u32(&r) != VERSION) {
        return FAIL(MALFORMED, "this file is not a table of key slots of a known version");
    }
    t.count = read_u32(&r);
    read_copy(&r, t.salt, sizeof t.salt);
    t.seed = crc32c(0, (span){head, FIELDS_LEN});
    if (read_u32(&r) != t.seed) {
        return FAIL(FORGED, "the header of the key slots is damaged");
    }
    if (!count_allowed(t.count)) {
        return FAIL(MALFORMED, "the header of the key slots contradicts itself");
    }
    *s = t;
    return OK;
}

static uint64_t offset_of(uint32_t index)
{
    return SLOTS_HEAD_LEN + (uint64_t)index * SLOT_LEN;
}

/* The checksum holds in this table and place only. */
static uint32_t slot_crc(const struct slots *s, uint32_t index, const uint8_t slot[static SLOT_LEN])
{
    uint8_t place[4] = {(uint8_t)(index >> 24), (uint8_t)(index >> 16), (uint8_t)(index >> 8),
                        (uint8_t)index};
    return crc32c(crc32c(s->seed, SPAN_OF(place)), (span){slot + 4, SLOT_LEN - 4});
}

static uint16_t slot_body_len(const uint8_t slot[static SLOT_LEN])
{
    return (uint16_t)(slot[AT_LENGTH] << 8 | slot[AT_LENGTH + 1]);
}

static bool is_empty(const uint8_t slot[static SLOT_LEN])
{
    uint8_t any = 0;
    for (size_t i = 0; i < SLOT_LEN; i++) {
        any |= slot[i];
    }
    return any == 0;
}

static enum slot_state state_of(const struct slots *s, uint32_t index,
                                const uint8_t slot[static SLOT_LEN])
{
    struct reader r = reader_of((span){slot, SLOT_LEN});
    if (is_empty(slot)) {
        return SLOT_EMPTY;
    }
    bool sound = read_u32(&r) == slot_crc(s, index, slot) && slot_body_len(slot) <= SLOT_BODY_MAX;
    if (sound && slot[AT_STATE] == SLOT_HELD) {
        return SLOT_HELD;
    }
    return sound && slot[AT_STATE] == SLOT_DESTROYED ? SLOT_DESTROYED : SLOT_DAMAGED;
}

/* probe - what a search for an id met
 *
 * found      the place with this id, or NOWHERE; its slot is in `slot`
 * free       the first place that a new id may take, an empty one before a destroyed one
 * damaged    a place that cannot be told was met */
#define NOWHERE UINT32_MAX
struct probe {
    uint32_t        found;
    enum slot_state state;
    uint32_t        empty;
    uint32_t        reusable;
    bool            damaged;
    uint8_t         slot[SLOT_LEN];
};

static bool probe_one(const struct slots *s, const slot_id *id, uint32_t index, struct probe *p)
{
    enum slot_state state = state_of(s, index, p->slot);
    if (state == SLOT_EMPTY) {
        p->empty = index;
        return false;
    }
    if (memcmp(p->slot + AT_ID, id->bytes, SLOT_ID_LEN) == 0) {
        p->found = index;
        p->state = state;
        return false;
    }
    if (state == SLOT_DESTROYED && p->reusable == NOWHERE) {
        p->reusable = index;
    }
    p->damaged = p->damaged || state == SLOT_DAMAGED;
    return true;
}

/* Where the search for an id begins.  Salted, so that partners, who choose ids, cannot make them crowd. */
static uint32_t slot_home(const struct slots *s, const slot_id *id)
{
    uint8_t       hash[SHA256_LEN];
    const span    part[] = {SPAN_OF(s->salt), SPAN_OF(id->bytes)};
    struct reader r = reader_of(SPAN_OF(hash));
    sha256_parts(part, ARRAY_LEN(part), hash);
    return read_u32(&r);
}

static err probe_for(struct slots *s, const slot_id *id, struct probe *p)
{
    *p = (struct probe){.found = NOWHERE, .empty = NOWHERE, .reusable = NOWHERE};
    if (s->dead) {
        return FAIL(IO, "the key slots are closed since the disk failed");
    }
    uint32_t home = slot_home(s, id);
    for (uint32_t i = 0; i < SLOTS_PROBE_MAX; i++) {
        uint32_t index = (home + i) & (s->count - 1);
        TRY(block_read(s->file, offset_of(index), p->slot, SLOT_LEN));
        if (!probe_one(s, id, index, p)) {
            break;
        }
    }
    return OK;
}

static err slot_write(struct slots *s, uint32_t index, uint8_t slot[static SLOT_LEN])
{
    struct writer w = writer_of(slot, 4);
    put_u32(&w, slot_crc(s, index, slot));
    err e = block_write(s->file, offset_of(index), (span){slot, SLOT_LEN});
    s->unsynced = true;
    s->dead = s->dead || err_is(e);
    return e;
}

static void slot_format(enum slot_state state, const slot_id *id, span body,
                        uint8_t slot[static SLOT_LEN])
{
    memset(slot, 0, SLOT_LEN);
    slot[AT_STATE] = (uint8_t)state;
    slot[AT_LENGTH] = (uint8_t)(body.len >> 8);
    slot[AT_LENGTH + 1] = (uint8_t)body.len;
    memcpy(slot + AT_ID, id->bytes, SLOT_ID_LEN);
    memcpy(slot + SLOT_USED, body.ptr, body.len);
}

err slot_put(struct slots *s, const slot_id *id, span body)
{
    struct probe p;
    if (body.len == 0 || body.len > SLOT_BODY_MAX) {
        return FAIL(LIMIT, "a key slot holds 1 to 960 bytes");
    }
    TRY(probe_for(s, id, &p));
    bool torn = p.found != NOWHERE && p.state == SLOT_DAMAGED;
    if (p.found != NOWHERE && !torn) {
        return FAIL(CONFLICT, "this key has a slot already");
    }
    uint32_t index = torn ? p.found : p.empty != NOWHERE ? p.empty : p.reusable;
    if (index == NOWHERE) {
        return FAIL(FULL, "the key slots are full");
    }
    slot_format(SLOT_HELD, id, body, p.slot);
    err e = slot_write(s, index, p.slot);
    bytes_wipe(p.slot, sizeof p.slot);
    return e;
}

/* Found and sound, or why not. */
static err probe_held(const struct probe *p)
{
    if ((p->found == NOWHERE && p->damaged) || (p->found != NOWHERE && p->state == SLOT_DAMAGED)) {
        return FAIL(FORGED, "the slot of this key is damaged");
    }
    if (p->found == NOWHERE) {
        return FAIL(UNKNOWN, "no slot holds this key");
    }
    return p->state == SLOT_HELD ? OK : FAIL(STATE, "this key was destroyed");
}

err slot_replace(struct slots *s, const slot_id *id, span body)
{
    struct probe p;
    if (body.len == 0 || body.len > SLOT_BODY_MAX) {
        return FAIL(LIMIT, "a key slot holds 1 to 960 bytes");
    }
    TRY(probe_for(s, id, &p));
    err e = probe_held(&p);
    if (!err_is(e)) {
        slot_format(SLOT_HELD, id, body, p.slot);
        e = slot_write(s, p.found, p.slot);
    }
    bytes_wipe(p.slot, sizeof p.slot);
    return e;
}

err slot_get(struct slots *s, const slot_id *id, uint8_t out[static SLOT_BODY_MAX], size_t *len)
{
    struct probe p;
    TRY(probe_for(s, id, &p));
    err e = probe_held(&p);
    if (!err_is(e)) {
        *len = slot_body_len(p.slot);
        memcpy(out, p.slot + SLOT_USED, *len);
    }
    bytes_wipe(p.slot, sizeof p.slot);
    return e;
}

err slot_look(struct slots *s, uint32_t place, slot_id *id, uint8_t out[static SLOT_BODY_MAX],
              size_t *len)
{
    struct probe p = {.found = place};
    if (s->dead) {
        return FAIL(IO, "the key slots are closed since the disk failed");
    }
    if (place >= s->count) {
        return FAIL(UNKNOWN, "the table has no such place");
    }
    TRY(block_read(s->file, offset_of(place), p.slot, SLOT_LEN));
    p.state = state_of(s, place, p.slot);
    err e = p.state == SLOT_EMPTY ? FAIL(UNKNOWN, "no key lies here") : probe_held(&p);
    if (!err_is(e)) {
        memcpy(id->bytes, p.slot + AT_ID, SLOT_ID_LEN);
        *len = slot_body_len(p.slot);
        memcpy(out, p.slot + SLOT_USED, *len);
    }
    bytes_wipe(p.slot, sizeof p.slot);
    return e;
}

/* A slot whose id still reads is overwritten even when it is damaged: the key may be legible. */
err slot_overwrite(struct slots *s, const slot_id *id, const uint8_t noise[static SLOT_BODY_MAX])
{
    struct probe p;
    TRY(probe_for(s, id, &p));
    if (p.found == NOWHERE) {
        return probe_held(&p);
    }
    slot_format(SLOT_DESTROYED, id, (span){noise, SLOT_BODY_MAX}, p.slot);
    return slot_write(s, p.found, p.slot);
}

err slots_sync(struct slots *s)
{
    if (s->dead) {
        return FAIL(IO, "the key slots are closed since the disk failed");
    }
    if (!s->unsynced) {
        return OK;
    }
    err e = block_sync(s->file);
    s->dead = err_is(e);
    s->unsynced = false;
    return e;
}
