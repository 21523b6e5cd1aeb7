/* links: binding */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/binding/ground.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Whatever certificate stands in a binding is trusted here, so that signatures are computed: what is verified
 * says no more than was claimed; what is refused has a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct binding claimed, b;
    struct writer         room = WRITER_OF(room_bytes);
    span                  certificate = {claimed.certificate, 0};
    struct binding_trust  trust = {1, &certificate, SIGNED_AT};
    form_reader_init(&reader, sample_catalog(), false);
    if (err_is(binding_read(&reader, (span){data, len}, &claimed))) {
        MUST(reader.problem.why != NULL);
        return 0;
    }
    certificate.len = claimed.certificate_len;
    if (err_is(binding_verify(&reader, (span){data, len}, &trust, &room, &b))) {
        MUST(reader.problem.why != NULL);
        return 0;
    }
    MUST(claimed.is_signed && claimed.label_count == b.label_count &&
         claimed.data_count == b.data_count && claimed.signed_at == b.signed_at);
    for (unsigned i = 0; i < b.label_count; i++) {
        MUST(records_equal(&b.label[i].record, &claimed.label[i].record));
    }
    return 0;
}
