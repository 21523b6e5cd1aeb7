/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/intern.h"

#define SLOTS (4 * INTERN_MAX)

void intern_init(struct intern *i)
{
    i->count = 0;
    memset(i->slot, 0, sizeof i->slot);
}

/* Eight bytes a step: which slot it is need not be unforgeable, because the bytes are compared and
 * there are four slots for each line, so a walk is short, and never longer than the table. */
static size_t slot_of(span text)
{
    uint64_t h = text.len * UINT64_C(0x9e3779b97f4a7c15), word = 0;
    for (size_t at = 0; at < text.len; at += sizeof word) {
        size_t left = text.len - at < sizeof word ? text.len - at : sizeof word;
        word = 0;
        memcpy(&word, text.ptr + at, left);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return (size_t)(h % SLOTS);
}

static err line_add(struct intern *i, const struct groups *g, span text, size_t slot,
                    struct ism_fault *fault)
{
    TRY(ism_banner_read(g, text, &i->marking[i->count], fault));
    memcpy(i->line[i->count].text, text.ptr, text.len);
    i->line[i->count].len = (uint16_t)text.len;
    i->slot[slot] = (uint16_t)++i->count;
    return OK;
}

static err unkept(struct ism_fault *fault, err e)
{
    *fault = (struct ism_fault){.rule = "INTERN", .from = "", .dodm = "", .why = e.why, .name = ""};
    return e;
}

err intern_banner(struct intern *i, const struct groups *g, span text, unsigned *number,
                  struct ism_fault *fault)
{
    if (text.len > INTERN_LINE_MAX) {
        return unkept(fault, FAIL(LIMIT, "the line is longer than the 256 bytes that are kept"));
    }
    size_t s = slot_of(text);
    for (; i->slot[s] != 0; s = (s + 1) % SLOTS) {
        unsigned n = i->slot[s] - 1U;
        if (span_equal(text, (span){i->line[n].text, i->line[n].len})) {
            *number = n;
            return OK;
        }
    }
    if (i->count == INTERN_MAX) {
        return unkept(fault, FAIL(FULL, "1024 different lines are kept, and this is one more"));
    }
    TRY(line_add(i, g, text, s, fault));
    *number = i->count - 1;
    return OK;
}
