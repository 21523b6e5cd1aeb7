/* links: input */
/* SPDX-License-Identifier: Apache-2.0 */
/* Events of Cursor on Target read, and written, in each of their forms.  In time of the processor, so that what else runs does not
 * count. */
#include "input/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 300000

static const char event[] =
    "<event version=\"2.0\" uid=\"ANDROID-352413144215585\" type=\"a-f-G-U-C\" how=\"m-g\" "
    "time=\"2020-02-12T13:16:07Z\" start=\"2020-02-12T13:16:05Z\" stale=\"2020-02-12T13:16:50Z\">"
    "<point lat=\"40.255716\" lon=\"-72.045306\" hae=\"-22.2298\" ce=\"4.9\" le=\"9999999.0\"/>"
    "<detail><contact callsign=\"coolata\"/><track speed=\"1.5\" "
    "course=\"344.72\"/></detail></event>";

static struct input_reader reader;
static uint64_t            taken;

static void on_event(void *ctx, const struct cot_event *e)
{
    (void)ctx;
    taken += e->report.uid[0] != 0;
}

static void on_refused(void *ctx, err why)
{
    (void)ctx;
    fprintf(stderr, "%s\n", why.why);
    exit(1);
}

static void on_passed(void *ctx, uint32_t count)
{
    (void)ctx, (void)count;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const char *what, double took, size_t bytes)
{
    printf("{\"what\": \"%s\", \"us\": %.2f, \"bytes\": %zu}\n", what, took / ROUNDS * 1e6, bytes);
}

static void read_all(const char *what, span bytes)
{
    static const struct input_sink sink = {NULL, on_event, on_refused, on_passed};
    const struct input_time        t = {.now = 1, .boot_ms = 1};
    struct input                   in;
    err                            e = input_init(&in, SOURCE_COT, &reader);
    MUST(!err_is(e));
    double start = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        input_take(&in, NULL, bytes, &t, &sink, NULL);
    }
    tell(what, now_s() - start, bytes.len);
}

int main(void)
{
    static uint8_t   message[TAK_FRAME_MAX], xml[REPORT_COT_MAX];
    struct writer    m = WRITER_OF(message);
    struct writer    x = WRITER_OF(xml);
    struct cot_event e;
    input_reader_init(&reader, 7);
    MUST(!err_is(cot_read(&reader.cot, span_text(event), &e)));
    double start = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        m = writer_of(message, sizeof message);
        tak_write(&e.report, &e.labels, &m);
    }
    double wrote = now_s();
    for (unsigned i = 0; i < ROUNDS; i++) {
        x = writer_of(xml, sizeof xml);
        report_cot(&e.report, &e.labels, &x);
    }
    double both = now_s();
    read_all("an event read as XML", span_text(event));
    read_all("an event read as a message of the TAK protocol", writer_span(&m));
    tell("an event written as XML", both - wrote, x.len);
    tell("an event written as a message of the TAK protocol", wrote - start, m.len);
    MUST(taken == 2 * ROUNDS);
    return 0;
}
