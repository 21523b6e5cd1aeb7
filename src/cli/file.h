/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

/* FILE_PATH_MAX - longest path that is put together here */
#define FILE_PATH_MAX 1024

/* file_path - "DIR/NAME", NUL-terminated
 *
 * fails   LIMIT */
err file_path(char out[static FILE_PATH_MAX], const char *dir, const char *file);

/* file_read - a whole file
 *
 * buf     of the caller; out points into it
 * fails   UNKNOWN when it is not there; LIMIT when it is longer than max; IO */
err file_read(const char *path, uint8_t *buf, size_t max, span *out);

/* file_create - a new file, durable with its name; file_replace - the same in place of what was there, at
 * once
 *
 * fails   CONFLICT when it exists (create); IO */
err file_create(const char *path, span bytes, mode_t mode);
err file_replace(const char *path, span bytes, mode_t mode);

/* path_lies_in - would what is made at this path lie in that folder, links followed?   False when there is no folder */
bool path_lies_in(const char *path, const char *folder);

/* folder_create - fails CONFLICT when it exists, IO; folder_ensure - it may exist */
err folder_create(const char *path, mode_t mode);
err folder_ensure(const char *path, mode_t mode);

/* folder_sync - the names in a folder, durable; parent_sync - those beside a path   fails IO */
err folder_sync(const char *path);
err parent_sync(const char *path);

/* file_map - a whole file that may be larger than memory; given back with file_unmap
 *
 * fails   UNKNOWN, IO */
err  file_map(const char *path, span *out);
void file_unmap(span map);

/* file_base - the name after the last slash */
const char *file_base(const char *path);

/* file_digest - SHA-256 and length of a file of any size   fails UNKNOWN, IO */
err file_digest(const char *path, uint8_t out[static 32], uint64_t *len);

/* file_copy - a new file with the content of another, complete when it has its name
 *
 * fails   CONFLICT when it exists, UNKNOWN, IO */
err file_copy(const char *from, const char *to);

#endif
