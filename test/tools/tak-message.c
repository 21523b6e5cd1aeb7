/* SPDX-License-Identifier: Apache-2.0 */
/* An event in one form, out in another: tak-message xml|message json|message <in >out.  Exit status 2 when it is refused. */
#include "tak/tak.h"

#include <stdio.h>

static struct cot_reader cot;
static struct tak_reader reader = {.cot = &cot};

static err event_read(const char *form, span bytes, struct cot_event *event)
{
    bool is = true;
    if (strcmp(form, "xml") == 0) {
        return cot_read(&cot, bytes, event);
    }
    TRY(tak_read(&reader, bytes, event, &is));
    return is ? OK : FAIL(MALFORMED, "the message has no event");
}

static void event_put(const char *form, const struct cot_event *event, struct writer *w)
{
    if (strcmp(form, "json") == 0) {
        report_json(&event->report, w);
    } else {
        tak_write(&event->report, &event->labels, w);
    }
}

int main(int argc, char **argv)
{
    static uint8_t   in[COT_EVENT_MAX + 1];
    static uint8_t   out[TAK_FRAME_MAX];
    struct writer    w = WRITER_OF(out);
    struct cot_event event = {0};
    if (argc != 3) {
        fputs("tak-message xml|message json|message\n", stderr);
        return 1;
    }
    cot_init(&cot, 1);
    err e = event_read(argv[1], (span){in, fread(in, 1, sizeof in, stdin)}, &event);
    if (err_is(e)) {
        fprintf(stderr, "%s\n", e.why);
        return 2;
    }
    event_put(argv[2], &event, &w);
    return fwrite(w.ptr, 1, w.len, stdout) == w.len ? 0 : 1;
}
