/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

const char *err_name(enum err_code code)
{
    static const char *const name[] = {
        [ERR_NONE] = "ok",           [ERR_MALFORMED] = "malformed",
        [ERR_UNKNOWN] = "unknown",   [ERR_LIMIT] = "limit",
        [ERR_FULL] = "full",         [ERR_DENIED] = "denied",
        [ERR_CONFLICT] = "conflict", [ERR_STATE] = "state",
        [ERR_FORGED] = "forged",     [ERR_IO] = "io",
    };
    return (size_t)code < sizeof name / sizeof *name ? name[code] : "unknown";
}

void must_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "%s:%d: this must hold and does not: %s\n", file, line, cond);
    abort();
}
