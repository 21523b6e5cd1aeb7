/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/tally.h"

#include <string.h>

static struct tally_kind *kind_of(struct tally *t, const char *why)
{
    size_t i = 0;
    while (i < TALLY_KINDS_MAX - 1 && t->kind[i].why != NULL && strcmp(t->kind[i].why, why) != 0) {
        i++;
    }
    struct tally_kind *k = &t->kind[i];
    if (k->why == NULL) {
        k->why = i < TALLY_KINDS_MAX - 1 ? why : "for more reasons than are counted apart";
    }
    return k;
}

void tally_add(struct tally *t, const char *why, uint64_t count)
{
    kind_of(t, why)->count += count;
}

bool tally_due(struct tally *t, int64_t now_ms, const char **why, uint64_t *count)
{
    for (; t->next < TALLY_KINDS_MAX; t->next++) {
        struct tally_kind *k = &t->kind[t->next];
        if (k->count == k->told || (k->told > 0 && now_ms - k->told_ms < TALLY_NOTE_MS)) {
            continue;
        }
        *why = k->why;
        *count = k->count - k->told;
        k->told = k->count;
        k->told_ms = now_ms;
        return true;
    }
    t->next = 0;
    return false;
}
