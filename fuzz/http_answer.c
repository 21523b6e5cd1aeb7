/* links: http */
/* SPDX-License-Identifier: Apache-2.0 */
#include "http/event.h"
#include "http/response.h"

/* An event that was taken is written and read back as the same bytes. */
static void check_event(const struct event *e)
{
    static struct event_reader r;
    static uint8_t             buf[4 * EVENT_MAX];
    if (e->kind.text[0] == '\0') {
        return;
    }
    struct writer w = WRITER_OF(buf);
    bool          whole = false;
    put_event(&w, e);
    MUST(!w.bad);
    span text = writer_span(&w);
    r = (struct event_reader){0};
    err again = event_read(&r, &text, &whole);
    MUST((!err_is(again) && whole && text.len == 0) || again.code == ERR_LIMIT);
    MUST(!whole || span_equal(r.event.data.bytes, e->data.bytes));
    MUST(!whole || name_equal(&r.event.id, &e->id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* An answer's head, then what follows it as a stream of events */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct answer       a;
    static struct event_reader r;
    struct head_scan           scan = {0};
    size_t                     head = 0;
    enum fault                 f = answer_read(&scan, (span){data, len}, 1 << 20, &a, &head);
    if (f != FAULT_NONE || head == 0) {
        return 0;
    }
    MUST(a.status >= 200 && a.status < 600 && head <= len);
    r = (struct event_reader){0};
    span rest = {data + head, len - head};
    while (rest.len > 0) {
        bool whole = false;
        if (err_is(event_read(&r, &rest, &whole))) {
            return 0;
        }
        if (whole) {
            check_event(&r.event);
        }
    }
    return 0;
}
