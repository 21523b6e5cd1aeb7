/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/sums.h"

#include "sim/grow.h"

static struct sums *of_file(struct block_file *f)
{
    return (struct sums *)f;
}

static void reach(struct sums *s, uint64_t end)
{
    if (end > s->len) {
        size_t len = 2 * end;
        s->now = realloc(s->now, len);
        MUST(s->now != NULL);
        memset(s->now + s->len, 0, len - s->len);
        s->len = len;
    }
}

static err sums_read(struct block_file *f, uint64_t offset, void *buf, size_t len)
{
    struct sums *s = of_file(f);
    reach(s, offset + len);
    memcpy(buf, s->now + offset, len);
    return OK;
}

static err sums_write(struct block_file *f, uint64_t offset, span bytes)
{
    struct sums *s = of_file(f);
    reach(s, offset + bytes.len);
    memcpy(s->now + offset, bytes.ptr, bytes.len);
    return OK;
}

static const struct block_ops ops = {.read = sums_read, .write = sums_write};

static struct log_item item_of(const struct journal_record *r)
{
    return (struct log_item){.position = r->position,
                             .kind = r->live ? RECORD_LIVE : RECORD_DURABLE,
                             .type = r->type,
                             .body = {r->body, r->len}};
}

err sums_put(struct sums *s, const struct journal_record *r)
{
    const struct log_item item = item_of(r);
    s->file.ops = &ops;
    return looked_put(&s->file, &item);
}

bool sums_same(struct sums *s, const struct journal_record *r)
{
    const struct log_item item = item_of(r);
    bool                  same = false;
    s->file.ops = &ops;
    return !err_is(looked_same(&s->file, &item, &same)) && same;
}

void sums_sync(struct sums *s)
{
    free(s->kept);
    s->kept = bytes_keep((span){s->now, s->len});
    s->kept_len = s->len;
}

void sums_cut(struct sums *s)
{
    free(s->now);
    s->now = bytes_keep((span){s->kept, s->kept_len});
    s->len = s->kept_len;
}

void sums_free(struct sums *s)
{
    free(s->now);
    free(s->kept);
    *s = (struct sums){0};
}
