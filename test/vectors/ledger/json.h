/* SPDX-License-Identifier: Apache-2.0 */
/* As much of JSON as the vector files need: the value of a key, wherever it first stands */
#ifndef TEST_LEDGER_JSON_H
#define TEST_LEDGER_JSON_H

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "unit/ledger/sample.h"

/* vectors_path - a file of the test data: $ACCORD_VECTORS, or ../shared/data beside the checkout */
static inline const char *vectors_path(const char *file)
{
    static char path[4096];
    const char *root = getenv("ACCORD_VECTORS");
    (void)snprintf(path, sizeof path, "%s/tlog/%s", root != NULL ? root : "../shared/data", file);
    return path;
}

/* file_read - all of a file; empty when it is not there */
static inline span file_read(const char *path, uint8_t *buf, size_t max)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return (span){buf, 0};
    }
    size_t len = fread(buf, 1, max, f);
    (void)fclose(f);
    assert_true(len < max);
    return (span){buf, len};
}

/* json_after - what follows `"key":` and blanks; empty when the key is not there */
static inline span json_after(span json, const char *key)
{
    char wanted[64];
    int  len = snprintf(wanted, sizeof wanted, "\"%s\":", key);
    assert_true(len > 0 && (size_t)len < sizeof wanted);
    const uint8_t *at = memmem(json.ptr, json.len, wanted, (size_t)len);
    if (at == NULL) {
        return (span){json.ptr, 0};
    }
    size_t from = (size_t)(at - json.ptr) + (size_t)len;
    return span_trim((span){json.ptr + from, json.len - from});
}

/* json_string - the string that `rest` begins with, its \n and \" undone; rest moves behind it.
 * False when rest begins with something else */
static inline bool json_string(span *rest, struct writer *out)
{
    if (rest->len == 0 || rest->ptr[0] != '"') {
        return false;
    }
    for (size_t i = 1; i < rest->len; i++) {
        uint8_t c = rest->ptr[i];
        if (c == '"') {
            *rest = (span){rest->ptr + i + 1, rest->len - i - 1};
            return true;
        }
        if (c == '\\') {
            c = rest->ptr[++i];
            assert_non_null(strchr("n\"\\/", c));
            c = c == 'n' ? '\n' : c;
        }
        put_u8(out, c);
    }
    return false;
}

/* json_next - from one element of an array to the next: the text behind '[' or ','; empty at ']' */
static inline span json_next(span rest)
{
    rest = span_trim(rest);
    bool more = rest.len > 0 && (rest.ptr[0] == '[' || rest.ptr[0] == ',');
    return more ? span_trim((span){rest.ptr + 1, rest.len - 1}) : (span){rest.ptr, 0};
}

static inline uint64_t json_number(span json, const char *key)
{
    span   s = json_after(json, key);
    size_t len = 0;
    while (len < s.len && s.ptr[len] >= '0' && s.ptr[len] <= '9') {
        len++;
    }
    uint64_t n = 0;
    must_be_ok(text_decimal((span){s.ptr, len}, UINT64_MAX, &n));
    return n;
}

static inline bool json_true(span json, const char *key)
{
    return span_starts(json_after(json, key), SPAN_LIT("true"));
}

#endif
