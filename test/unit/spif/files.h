/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SPIF_FILES_H
#define TEST_SPIF_FILES_H

#include "spif/spif.h"
#include <stdio.h>
#include <string.h>

/* A file, or an empty span when it is not there; the tests run at the root of the tree */
static inline span file_of(const char *path, void *buf, size_t max)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return (span){0};
    }
    size_t len = fread(buf, 1, max, f);
    (void)fclose(f);
    return (span){buf, len};
}

/* The file with the first `from` in it as `to`, in `out`; an empty span when it is not there */
static inline span file_change(span xml, const char *from, const char *to, struct writer *out)
{
    const uint8_t *hit = memmem(xml.ptr, xml.len, from, strlen(from));
    if (hit == NULL) {
        printf("'%s' is not in the file\n", from);
        return (span){0};
    }
    put_span(out, (span){xml.ptr, (size_t)(hit - xml.ptr)});
    put_text(out, to);
    put_span(out, (span){hit + strlen(from), xml.len - (size_t)(hit - xml.ptr) - strlen(from)});
    return writer_span(out);
}

#endif
