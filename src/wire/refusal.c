/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/refusal.h"

#include "base/reader.h"

void refusal_set(struct refusal *r, span why)
{
    size_t len = why.len < sizeof r->why ? why.len : sizeof r->why - 1;
    if (span_is((span){why.ptr, len}, r->why)) {
        return;
    }
    *r = (struct refusal){0};
    memcpy(r->why, why.ptr, len);
}

void refusal_read(struct refusal *r, span body)
{
    struct reader in = reader_of(body);
    (void)read_u8(&in);
    span why = read_block8(&in, UINT8_MAX);
    bool bad = err_is(reader_end(&in)) || why.len == 0;
    refusal_set(r, bad ? SPAN_LIT("the guard refused in a form that is not known here") : why);
}

void refusal_end(struct refusal *r)
{
    *r = (struct refusal){0};
}

const char *refusal_due(struct refusal *r)
{
    if (r->told || r->why[0] == 0) {
        return NULL;
    }
    r->told = true;
    return r->why;
}
