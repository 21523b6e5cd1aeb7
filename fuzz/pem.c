/* links: crypt */
/* SPDX-License-Identifier: Apache-2.0 */
/* A PEM file: every block that is taken moves on, and is taken again when it is written anew */
#include "crypt/pem.h"
#include "base/err.h"

static void write_and_take(span der)
{
    uint8_t       text[2 * PEM_DER_MAX], back[PEM_DER_MAX];
    struct writer w = WRITER_OF(text), out = WRITER_OF(back);
    pem_put(&w, "CERTIFICATE", der);
    span file = writer_span(&w);
    MUST(!w.bad && !err_is(pem_take(&file, "CERTIFICATE", &out)) && file.len == 0);
    MUST(span_equal(writer_span(&out), der));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t       der[PEM_DER_MAX];
    struct writer w = WRITER_OF(der);
    span          file = {data, len};
    for (size_t before = len; !err_is(pem_take(&file, "CERTIFICATE", &w)); before = file.len) {
        MUST(file.len < before);
        write_and_take(writer_span(&w));
        w = WRITER_OF(der);
    }
    return 0;
}
