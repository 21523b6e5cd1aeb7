/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"

err beside_find(const char *program, char out[static BESIDE_PATH_MAX])
{
    static const char *const place[] = {"", "/../libexec/accord"};
    char                     self[2048];
    ssize_t                  len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) {
        return FAIL(IO, "where this program lies is not known");
    }
    self[len] = 0;
    *strrchr(self, '/') = 0;
    for (size_t i = 0; i < ARRAY_LEN(place); i++) {
        int need = snprintf(out, BESIDE_PATH_MAX, "%s%s/%s", self, place[i], program);
        if (need > 0 && need < BESIDE_PATH_MAX && access(out, X_OK) == 0) {
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a program of this release is not installed");
}
