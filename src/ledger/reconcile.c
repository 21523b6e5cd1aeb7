/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/reconcile.h"

static const char *const difference_names[] = {
    [DIFFERENCE_NOT_RECEIVED] = "sent, not received",
    [DIFFERENCE_NOT_SENT] = "received, not sent",
    [DIFFERENCE_LEAF] = "leaf hash differs",
    [DIFFERENCE_COUNT] = "item count differs",
};

const char *difference_name(enum difference d)
{
    MUST((unsigned)d < ARRAY_LEN(difference_names));
    return difference_names[d];
}

int transfer_order(const struct transfer *a, const struct transfer *b)
{
    int by_epoch = memcmp(a->epoch, b->epoch, EPOCH_ID_LEN);
    return by_epoch != 0 ? by_epoch : span_order(name_span(&a->partner), name_span(&b->partner));
}

static err check_order(const struct side *s)
{
    for (size_t i = 1; i < s->count; i++) {
        if (transfer_order(&s->transfer[i - 1], &s->transfer[i]) >= 0) {
            return FAIL(MALFORMED, "the transfers are out of order, or one is there twice");
        }
    }
    return OK;
}

/* The first transfer from `*at` on whose partner is `other`; NULL when there is none */
static const struct transfer *next_with(const struct side *s, const name *other, size_t *at)
{
    while (*at < s->count && !name_equal(&s->transfer[*at].partner, other)) {
        (*at)++;
    }
    return *at < s->count ? &s->transfer[*at] : NULL;
}

static int order_of(const struct transfer *given, const struct transfer *taken)
{
    if (given == NULL || taken == NULL) {
        return given == NULL ? 1 : -1;
    }
    return memcmp(given->epoch, taken->epoch, EPOCH_ID_LEN);
}

static void compare(const struct transfer *given, const struct transfer *taken,
                    reconcile_tell *tell, void *ctx)
{
    if (!merkle_equal(&given->leaf, &taken->leaf)) {
        tell(ctx, DIFFERENCE_LEAF, given, taken);
    }
    if (given->items != taken->items) {
        tell(ctx, DIFFERENCE_COUNT, given, taken);
    }
}

err reconcile(const struct side *giver, const struct side *taker, reconcile_tell *tell, void *ctx)
{
    size_t gave = 0, took = 0;
    TRY(check_order(giver));
    TRY(check_order(taker));
    for (;;) {
        const struct transfer *given = next_with(giver, &taker->party, &gave);
        const struct transfer *taken = next_with(taker, &giver->party, &took);
        if (given == NULL && taken == NULL) {
            return OK;
        }
        int order = order_of(given, taken);
        if (order < 0) {
            tell(ctx, DIFFERENCE_NOT_RECEIVED, given, NULL);
        } else if (order > 0) {
            tell(ctx, DIFFERENCE_NOT_SENT, NULL, taken);
        } else {
            compare(given, taken, tell, ctx);
        }
        gave += order <= 0;
        took += order >= 0;
    }
}
