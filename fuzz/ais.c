/* links: ais */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ais/ais.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Lines of one source, one after another; what is said to be a report is one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct ais ais;
    span              rest = {data, len};
    memset(&ais, 0, sizeof ais);
    while (rest.len > 0) {
        enum ais_found found;
        struct report  r;
        span           line = span_cut(&rest, '\n');
        err            e = ais_read(&ais, line, INT64_C(1763812833000), 0, &found, &r);
        MUST(err_is(e) || found == AIS_NOTHING || !err_is(report_valid(&r)));
    }
    return 0;
}
