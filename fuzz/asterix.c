/* links: asterix */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asterix/asterix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void on_report(void *ctx, const struct report *r, uint32_t dropped)
{
    (void)ctx;
    (void)dropped;
    MUST(!err_is(report_valid(r)));
}

static void on_passed(void *ctx)
{
    (void)ctx;
}

static void on_refused(void *ctx, err why)
{
    (void)ctx;
    MUST(why.why != NULL);
}

/* One datagram after another of at most 255 bytes, each behind its length. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct asterix     asterix;
    const struct asterix_sink sink = {NULL, on_report, on_passed, on_refused};
    memset(&asterix, 0, sizeof asterix);
    while (len > 1) {
        size_t one = data[0] < len - 1 ? data[0] : len - 1;
        asterix_take(&asterix, (span){data + 1, one}, INT64_C(1763812800000), &sink);
        data += 1 + one;
        len -= 1 + one;
    }
    return 0;
}
