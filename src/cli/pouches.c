/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pouches.h"

#include "pouch/seal.h"
#include "wire/inbox.h"

const char *const pouch_logs[] = {"outbox-intake", "outbox-desk", "inbox"};
const unsigned    pouch_log_count = ARRAY_LEN(pouch_logs);

static err batch_take(struct pouches *p, span bytes)
{
    struct batch b;
    TRY(batch_read(bytes, &b));
    const struct epoch_entry *e = history_epoch(p->history, &b.handle);
    if (e == NULL) {
        p->strangers++;
        return OK;
    }
    TRY(batch_check(&b, &e->epoch, e->sealer));
    p->batches++;
    p->items += b.count;
    if (p->tally != NULL) {
        struct pouch_tally *t = &p->tally[e - p->history->epoch];
        t->items += b.count;
        t->begun = t->begun || b.first == 0;
    }
    return OK;
}

static err pouch_take(void *ctx, const struct log_item *item)
{
    struct pouches     *p = ctx;
    struct inbox_record r;
    if (!p->inbox) {
        return batch_take(p, item->body);
    }
    TRY(inbox_record_read(item->body, &r));
    return r.kind == ENTRY_BATCH ? batch_take(p, r.body) : OK;
}

err pouches_read(struct pouches *p, const char *dir, const char *log, struct book_end *end)
{
    p->inbox = strcmp(log, "inbox") == 0;
    return book_read(dir, log, pouch_take, p, end);
}
