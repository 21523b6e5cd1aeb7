/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/memory.h"

#include <libxml/xmlmemory.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static void *take(size_t len)
{
    void *p = malloc(len);
    MUST(p != NULL || len == 0);
    return p;
}

static void *take_more(void *was, size_t len)
{
    void *p = realloc(was, len);
    MUST(p != NULL || len == 0);
    return p;
}

static char *take_copy(const char *text)
{
    char *p = strdup(text);
    MUST(p != NULL);
    return p;
}

void spif_memory_must(void)
{
    MUST(xmlMemSetup(free, take, take_more, take_copy) == 0);
}
