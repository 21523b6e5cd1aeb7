/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VECTORS_FEED_VECTORS_H
#define TEST_VECTORS_FEED_VECTORS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"

/* Where other people's test data lie: $ACCORD_VECTORS, else beside the checkout.  NULL, and a line
 * that says so, when `part` is not there. */
static inline const char *vectors_find(const char *part)
{
    static char path[1024];
    const char *root = getenv("ACCORD_VECTORS");
    snprintf(path, sizeof path, "%s/%s", root != NULL ? root : "../shared/data", part);
    if (access(path, R_OK) != 0) {
        printf("# skipped: no test data at %s\n", path);
        return NULL;
    }
    return path;
}

/* A whole small file into buf; empty when it cannot be read */
static inline span file_read(const char *path, uint8_t *buf, size_t max)
{
    FILE  *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(buf, 1, max, file);
    if (file != NULL) {
        fclose(file);
    }
    return (span){buf, len};
}

#endif
