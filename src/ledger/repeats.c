/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/repeats.h"

static struct repeat *at(struct repeats *t, size_t nth)
{
    return &t->item[(t->first + nth) % REPEATS_MAX];
}

static bool is_same(const struct repeat *r, const struct leaf_head *leaf)
{
    return r->kind == leaf->kind && name_equal(&r->party, &leaf->party) &&
           span_equal((span){r->body, r->body_len}, leaf->body);
}

static struct repeat *find(struct repeats *t, const struct leaf_head *leaf)
{
    for (size_t i = 0; i < t->count; i++) {
        if (is_same(at(t, i), leaf)) {
            return at(t, i);
        }
    }
    return NULL;
}

static void put_repeat(const struct repeat *r, instant now, struct writer *text)
{
    leaf_begin(text, r->kind, now, &r->party);
    put_span(text, (span){r->body, r->body_len});
    line_number(text, "repeated", r->count);
}

/* Takes the oldest out; true when it had been repeated and is now written down. */
static bool take_oldest(struct repeats *t, instant now, struct writer *text)
{
    const struct repeat *oldest = at(t, 0);
    bool                 repeated = oldest->count > 0;
    if (repeated) {
        put_repeat(oldest, now, text);
    }
    t->first = (t->first + 1) % REPEATS_MAX;
    t->count--;
    return repeated;
}

static void remember(struct repeats *t, instant now, const struct leaf_head *leaf)
{
    struct repeat *r = at(t, t->count++);
    r->kind = leaf->kind;
    r->party = leaf->party;
    r->since = now;
    r->count = 0;
    r->body_len = leaf->body.len;
    if (leaf->body.len > 0) {
        memcpy(r->body, leaf->body.ptr, leaf->body.len);
    }
}

/* An attachment is named once: a leaf that names one has no equal. */
static bool may_fold(const struct leaf_head *leaf)
{
    span rest = leaf->body, hex;
    return leaf->body.len <= REPEATS_BODY_MAX && !leaf_attachment(&rest, &hex);
}

enum repeats_answer repeats_offer(struct repeats *t, instant now, const struct leaf_head *leaf,
                                  struct writer *flushed)
{
    struct repeat *known = find(t, leaf);
    if (known != NULL) {
        known->count++;
        return REPEATS_COUNTED;
    }
    if (!may_fold(leaf)) {
        return REPEATS_RECORD;
    }
    if (t->count == REPEATS_MAX) {
        (void)take_oldest(t, now, flushed);
    }
    remember(t, now, leaf);
    return REPEATS_RECORD;
}

bool repeats_all(struct repeats *t, instant now, struct writer *text)
{
    bool written = false;
    while (!written && t->count > 0) {
        written = take_oldest(t, now, text);
    }
    return written;
}

instant repeats_next_due(const struct repeats *t)
{
    return t->count > 0 ? t->item[t->first].since + REPEATS_WINDOW_MS : INSTANT_NEVER;
}

bool repeats_due(struct repeats *t, instant now, struct writer *text)
{
    bool written = false;
    while (!written && repeats_next_due(t) <= now) {
        written = take_oldest(t, now, text);
    }
    return written;
}
