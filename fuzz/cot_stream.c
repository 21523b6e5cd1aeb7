/* links: feed */
/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of CoT events: cut at any byte, it gives the same events or fails all the same */
#include "feed/cot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct outcome {
    size_t used;
    bool   bad;
};

/* What is left when all events are taken that are there */
static struct outcome drain(span s)
{
    struct outcome o = {0};
    for (span event = {s.ptr, 1}; event.len > 0 && !o.bad;) {
        size_t used = 0;
        o.bad = err_is(cot_frame((span){s.ptr + o.used, s.len - o.used}, &event, &used));
        MUST(o.bad || used <= s.len - o.used);
        o.used += o.bad ? 0 : used;
        event.len = o.bad ? 0 : event.len;
    }
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2) {
        return 0;
    }
    size_t         cut = (data[0] * 257u) % len;
    span           all = {data + 1, len - 1};
    struct outcome first = drain((span){all.ptr, cut});
    struct outcome whole = drain(all);
    MUST(first.used <= whole.used || whole.bad);
    if (!first.bad) {
        struct outcome rest = drain((span){all.ptr + first.used, all.len - first.used});
        MUST(rest.bad == whole.bad);
        MUST(rest.bad || first.used + rest.used == whole.used);
    } else {
        MUST(whole.bad);
    }
    return 0;
}
