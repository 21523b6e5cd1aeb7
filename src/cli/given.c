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

err given_number(struct call *c, const struct number_option *o, uint64_t *out)
{
    const char *text = call_option(c, o->option);
    uint64_t    number = o->otherwise;
    if (text != NULL &&
        (err_is(text_decimal(span_text(text), o->max, &number)) || number < o->least)) {
        call_about(c, "--%s %.200s", o->option, text);
        return call_misuse(c, (err){ERR_MALFORMED, o->why});
    }
    *out = number;
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
