/* links: tak */
/* SPDX-License-Identifier: Apache-2.0 */
/* A TAK client: what it says, cut anywhere, between reports, what is taken back and what it takes.  Each step: u8 what, u8
 * how much */
#include "tak/viewer.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct cot_reader    cot;
static struct tak_reader    reader = {.cot = &cot};
static struct viewer_store  store;
static struct viewer        viewer;
static struct viewer_report on_its_way;

static void check(const struct viewer *v)
{
    size_t sum = 0;
    for (uint32_t i = 0; i < v->frame_count; i++) {
        sum += v->frame[(v->frame_first + i) % VIEWER_FRAMES_MAX].len;
    }
    MUST(sum == v->len && v->begun <= v->len && v->from + v->len <= VIEWER_OUT_MAX);
    MUST(v->in_len < COT_EVENT_MAX || v->lost != NULL);
}

static void show(struct viewer *v, uint8_t which, const struct viewer_time *t)
{
    static const struct cot_labels labels = {"SECRET", "NOFORN", ""};
    struct report                  r = {
                         .time = t->now, .start = t->now, .stale = t->now + 1000, .type = "a-f-G", .how = "m-g"};
    (void)snprintf(r.uid, sizeof r.uid, "track-%u", which % 16u);
    on_its_way = (struct viewer_report){.report = &r,
                                        .also = {.labels = &labels, .group = SPAN_LIT("topic")},
                                        .warning = which % 5 == 0,
                                        .under = 1 + which % 3};
    viewer_show(v, &on_its_way, t);
}

static size_t hear(struct viewer *v, span bytes, const struct viewer_time *t)
{
    size_t room = sizeof v->in - v->in_len, n = bytes.len < room ? bytes.len : room;
    memcpy(v->in + v->in_len, bytes.ptr, n);
    viewer_heard(v, n, t, &reader);
    return n;
}

static void give(struct viewer *v, size_t most, const struct viewer_time *t)
{
    span next = viewer_next(v);
    viewer_sent(v, most < next.len ? most : next.len, t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct viewer     *v = &viewer;
    struct viewer_time t = {.boot_ms = 1000, .now = INT64_C(1700000000000)};
    MUST(store.late != NULL || !err_is(viewer_store_open(&store)));
    cot_init(&cot, 5);
    viewer_begin(v, &store, 1, &t);
    for (size_t at = 0; at + 2 <= len && v->lost == NULL;) {
        uint8_t what = data[at], much = data[at + 1];
        span    rest = {data + at + 2, len - at - 2};
        at += 2;
        switch (what % 8) {
        case 0:
            viewer_take(v, much % 4, &t);
            break;
        case 1:
            give(v, 16u * much, &t);
            break;
        case 2:
            for (unsigned i = 0; i < 8u * much; i++) {
                show(v, (uint8_t)i, &t);
            }
            break;
        case 3:
            show(v, much, &t);
            break;
        case 4:
            t.boot_ms += 100 * much;
            t.now += 100 * much;
            viewer_tick(v, &t);
            break;
        default:
            at += hear(v, (span){rest.ptr, much < rest.len ? much : rest.len}, &t);
        }
        check(v);
    }
    viewer_end(v);
    MUST(store.queue.free_count == VIEWER_STORE_MAX);
    return 0;
}
