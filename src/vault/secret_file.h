/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_SECRET_FILE_H
#define VAULT_SECRET_FILE_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

#include <stdbool.h>

/* Files of secrets that lie outside of the gateway's folder: a wrap key, the PIN of a token.  What is wrong with one is
 * said, and then it is not read: a key that others can read wraps nothing. */

#define PIN_LEN_MAX 255

/* secret_file_open - a file that its owner alone may touch, open for reading
 *
 * path    absolute, at most 255 bytes; its last part no link
 * party   folder of the gateway, in which it must not lie; -1 = there is none yet
 * out     the caller closes it
 * fails   MALFORMED on a path that is not absolute, or when the file is no plain one, belongs to somebody else than
 *         us or root, may be used by group or others, has a second name, lies in the gateway's folder, in a
 *         folder that group or others may write, or below one that everybody may (but for sticky ones); UNKNOWN
 *         when it is not there; IO */
err secret_file_open(const char *path, int party, int *out);

/* wrap_key_read - the 32 bytes of a wrap key   fails MALFORMED on another length, IO
 * pin_read - one line, without its end; wipe it
 *
 * fails   MALFORMED when it is empty, longer than PIN_LEN_MAX or has a byte that is not printable ASCII; IO */
err wrap_key_read(int fd, secret *out);
err pin_read(int fd, char out[static PIN_LEN_MAX + 1]);

#endif
