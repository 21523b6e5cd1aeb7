/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include "base/err.h"

#include <stddef.h>

/* Programs of this release that are no part of the tool of people. */
#define BESIDE_PATH_MAX 2200

/* beside_find - where one lies: beside this program, as it is built, or in libexec, as it is installed
 *
 * fails   UNKNOWN when it is in neither place, IO */
err beside_find(const char *program, char out[static BESIDE_PATH_MAX]);

#endif
