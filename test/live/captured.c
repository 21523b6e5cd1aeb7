/* SPDX-License-Identifier: Apache-2.0 */
/* An intake that was captured: the real one, with its keys and its signature, but for what it seals of reports whose uid begins
 * with `lie-`.  Linked in place of accord-intake, with --wrap (test/live/check/check.py says what each lie is). */
#include "feed/report.h"
#include "reduce/reduce.h"

#include <string.h>

#define FAR_E7 200000000 /* 20 degrees: past every box of the test */

err  __real_report_encode(const struct report *r, struct writer *w);
err  __wrap_report_encode(const struct report *r, struct writer *w);
void __real_reduce_report(const struct reducing *how, const struct reduce_keys *keys,
                          const struct report *r, struct report *out);
void __wrap_reduce_report(const struct reducing *how, const struct reduce_keys *keys,
                          const struct report *r, struct report *out);

static struct report of_another; /* the last one of another source */

static bool is(const struct report *r, const char *prefix)
{
    return strncmp(r->uid, prefix, strlen(prefix)) == 0;
}

err __wrap_report_encode(const struct report *r, struct writer *w)
{
    struct report lie = *r;
    if (is(r, "far-")) {
        of_another = *r;
    }
    if (is(r, "lie-secret-")) {
        put_text(w, "secrets of somebody else, under a good key");
        return OK;
    }
    if (is(r, "lie-another-")) {
        lie = of_another;
    }
    if (is(r, "lie-outside-")) {
        lie.place.lat_e7 += FAR_E7;
    }
    return __real_report_encode(&lie, w);
}

/* Not made coarser at all */
void __wrap_reduce_report(const struct reducing *how, const struct reduce_keys *keys,
                          const struct report *r, struct report *out)
{
    if (is(r, "lie-exact-")) {
        *out = *r;
        return;
    }
    __real_reduce_report(how, keys, r, out);
}
