/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/given.h"

err given_text(struct call *c, const char *value)
{
    utf8 checked;
    if (err_is(text_utf8(span_text(value), &checked))) {
        return call_misuse(c, FAIL(MALFORMED, "a value is not valid UTF-8, or holds a character "
                                              "that controls and does not show"));
    }
    if (strchr(value, '\n') != NULL) {
        return call_misuse(c, FAIL(MALFORMED, "a value is one line"));
    }
    return OK;
}

err given_name(struct call *c, const char *value)
{
    name n;
    err  e = name_of(span_text(value), &n);
    if (err_is(e)) {
        call_about(c, "%.200s", value);
        return call_misuse(c, e);
    }
    return OK;
}

err given_epoch(struct call *c, const char *value, id *out)
{
    if (err_is(text_hex(span_text(value), out->bytes, ID_LEN))) {
        return call_misuse(c, FAIL(MALFORMED, "an epoch is 32 hexadecimal digits, small letters"));
    }
    return OK;
}

err given_handle(struct call *c, const char *value, id *out)
{
    if (err_is(text_hex(span_text(value), out->bytes, ID_LEN))) {
        return call_misuse(c, FAIL(MALFORMED, "a handle is 32 hexadecimal digits, small letters"));
    }
    return OK;
}
