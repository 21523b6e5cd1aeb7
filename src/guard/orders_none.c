/* SPDX-License-Identifier: Apache-2.0 */
/* Until there are orders: none is open, none forbids. */
#include "guard/look.h"
#include "guard/orders.h"

#define UNTIL_THEN __attribute__((weak))
bool order_forbids(const struct guard *g, unsigned partner, const id *handle);
void order_rows(struct guard *g, unsigned from, struct writer *w);

UNTIL_THEN err order_send(struct guard *g, unsigned partner, enum order_kind kind, uint64_t leaf,
                          const id *handles, size_t count)
{
    (void)g, (void)partner, (void)kind, (void)leaf, (void)handles, (void)count;
    return FAIL(STATE, "orders are not given yet");
}

UNTIL_THEN bool orders_wait(const struct guard *g)
{
    (void)g;
    return false;
}

UNTIL_THEN bool order_forbids(const struct guard *g, unsigned partner, const id *handle)
{
    (void)g, (void)partner, (void)handle;
    return false;
}

UNTIL_THEN void order_rows(struct guard *g, unsigned from, struct writer *w)
{
    (void)g, (void)from, (void)w;
}
