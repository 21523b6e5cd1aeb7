/* links: wire */
/* SPDX-License-Identifier: Apache-2.0 */
/* What couriers hear from each other, and the rows of the guard's answers. */
#include "wire/link.h"

static void frames(span have)
{
    struct frame_view f;
    size_t            taken = 0;
    while (!err_is(frame_read(have, &f, &taken)) && taken > 0) {
        struct hello      hello;
        struct entry_head entry;
        struct batch      batch;
        uint64_t          synced[LANE_COUNT];
        bool              ok = !err_is(hello_read(f.body, &hello));
        ok = !err_is(ack_read(f.body, synced)) || ok;
        if (!err_is(entry_read(f.body, &entry)) && !err_is(batch_read(entry.body, &batch))) {
            span items = batch.items;
            for (unsigned i = 0; i < batch.count; i++) {
                MUST(batch_item(&items).len > ITEM_TAG_LEN);
            }
            MUST(items.len == 0);
        }
        have = (span){have.ptr + taken, have.len - taken};
    }
}

static void rows(span body)
{
    struct source_row   source;
    struct epoch_row    epoch;
    struct granted      granted;
    struct partner_row  partner;
    struct key_row      key;
    struct arrived      arrived;
    struct derived_row  derived;
    struct room_row     room;
    struct withheld     withheld;
    struct envelope_row envelope;
    struct reader       r = reader_of(body);
    source_row_read(&r, &source);
    r = reader_of(body);
    epoch_row_read(&r, &epoch);
    r = reader_of(body);
    granted_read(&r, &granted);
    r = reader_of(body);
    partner_row_read(&r, &partner);
    r = reader_of(body);
    key_row_read(&r, &key);
    r = reader_of(body);
    arrived_read(&r, &arrived);
    r = reader_of(body);
    derived_row_read(&r, &derived);
    r = reader_of(body);
    room_row_read(&r, &room);
    r = reader_of(body);
    withheld_read(&r, &withheld);
    r = reader_of(body);
    envelope_row_read(&r, &envelope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct batch batch;
    span         all = {data, len};
    frames(all);
    rows(all);
    return err_is(batch_read(all, &batch)) ? 0 : 0;
}
