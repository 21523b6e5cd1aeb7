/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cut.h"

#include <string.h>

#include "cli/book.h"
#include "ledger/record.h"

static const char *const log_name[CUT_LOGS] = {"inbox", "lanes", "outbox-intake", "outbox-desk"};

static err leaf_count(void *ctx, const struct log_item *item)
{
    uint64_t *leaves = ctx;
    *leaves += item->body.len > 0 && item->body.ptr[0] == RECORD_LEAF ? 1 : 0;
    return OK;
}

static err nothing_take(void *ctx, const struct log_item *item)
{
    (void)ctx;
    (void)item;
    return OK;
}

err cut_read(const char *dir, struct cut *out)
{
    struct book_end end;
    *out = (struct cut){0};
    TRY(book_read(dir, "ledger", leaf_count, &out->leaves, &end));
    for (unsigned i = 0; i < CUT_LOGS; i++) {
        TRY(book_read(dir, log_name[i], nothing_take, NULL, &end));
        out->end[i] = end.position;
    }
    return OK;
}

uint64_t cut_end(const struct cut *cut, const char *log)
{
    for (unsigned i = 0; i < CUT_LOGS; i++) {
        if (strcmp(log_name[i], log) == 0) {
            return cut->end[i];
        }
    }
    return UINT64_MAX;
}
