/* links: vault */
/* SPDX-License-Identifier: Apache-2.0 */
/* A key file as it lies on the disk: what says under which wrap key it is opens under no other, and only as itself. */
#include "vault/wrapped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static secret      key = {{7}};
    static name        kor = {"KOR"};
    struct wrap_holder h = wrap_file_holder(&key);
    uint8_t            out[WRAPPED_KEY_MAX], id[WRAP_ID_LEN];
    size_t             got = 0;
    span               file = {data, len};
    err e = wrapped_open(&h, (struct wrapped_name){&kor, "identity"}, file, out, &got);
    MUST(err_is(e) || (is_wrapped(file) && got > 0 && got <= sizeof out));
    MUST(err_is(e) || !err_is(wrapped_under(file, id)));
    return 0;
}
