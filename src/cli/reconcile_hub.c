/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cli/reconciling.h"

static int handle_order(const void *a, const void *b)
{
    const struct passage *const *x = a, *const *y = b;
    return memcmp((*x)->handle.bytes, (*y)->handle.bytes, ID_LEN);
}

/* What the giver passed on to the taker, by the handle that the taker has it under. */
static const struct passage **passed_on(const struct border *b, size_t *count)
{
    const struct passages *p = b->from;
    const struct passage **list = calloc(p->given_count + 1, sizeof *list);
    MUST(list != NULL);
    *count = 0;
    for (size_t i = 0; i < p->given_count; i++) {
        if (p->given[i].originator.text[0] != 0 && name_equal(&p->given[i].partner, &b->taker)) {
            list[(*count)++] = &p->given[i];
        }
    }
    qsort((void *)list, *count, sizeof *list, handle_order);
    return list;
}

/* Its papers are a letter, so their content is compared there. */
void reconcile_hub(struct border *b)
{
    size_t                 count, came = 0;
    const struct passage **list = passed_on(b, &count);
    for (size_t i = 0; i < b->to->taken_count; i++) {
        const struct passage *taken = &b->to->taken[i];
        if (!name_equal(&taken->via, &b->giver)) {
            continue;
        }
        came++;
        if (taken->index < b->to->cut.leaves &&
            bsearch(&taken, (const void *)list, count, sizeof *list, handle_order) == NULL) {
            id_tell(b, "handle", taken->handle.bytes, "received by way of this hub, not passed on",
                    "");
        }
    }
    b->passed = count;
    b->waiting += count > came ? count - came : 0;
    free((void *)list);
}
