/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SPIF_FILES_H
#define TEST_SPIF_FILES_H

#include "spif/spif.h"
#include <stdio.h>

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

#endif
