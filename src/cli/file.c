/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypt/hash.h"

err file_path(char out[static FILE_PATH_MAX], const char *dir, const char *file)
{
    int len = snprintf(out, FILE_PATH_MAX, "%s/%s", dir, file);
    return len > 0 && len < FILE_PATH_MAX ? OK : FAIL(LIMIT, "a path is too long");
}

static err file_open(const char *path, int *fd)
{
    int got = open(path, O_RDONLY | O_CLOEXEC);
    if (got < 0) {
        return errno == ENOENT ? FAIL(UNKNOWN, "there is no such file")
                               : FAIL(IO, "a file cannot be opened");
    }
    *fd = got;
    return OK;
}

/* One byte more than max is asked for, so that a longer file is seen as such. */
static err fd_read(int fd, uint8_t *buf, size_t max, size_t *len)
{
    size_t  have = 0;
    uint8_t more;
    for (;;) {
        ssize_t got = have < max ? read(fd, buf + have, max - have) : read(fd, &more, sizeof more);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return FAIL(IO, "a file cannot be read");
        }
        if (got == 0) {
            *len = have;
            return OK;
        }
        if (have == max) {
            return FAIL(LIMIT, "a file is longer than it may be");
        }
        have += (size_t)got;
    }
}

err file_read(const char *path, uint8_t *buf, size_t max, span *out)
{
    int    fd;
    size_t len = 0;
    TRY(file_open(path, &fd));
    err e = fd_read(fd, buf, max, &len);
    close(fd);
    TRY(e);
    *out = (span){buf, len};
    return OK;
}

static bool fd_write(int fd, span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        size_t len = put < 0 ? 0 : (size_t)put;
        bytes = (span){bytes.ptr + len, bytes.len - len};
    }
    return fsync(fd) == 0 || errno == EINVAL;
}

/* nearest - the path without links, of the nearest folder above what is not there yet; of the heap */
static char *nearest(const char *path)
{
    char above[FILE_PATH_MAX];
    if (strlen(path) >= sizeof above) {
        return NULL; /* nothing can be made there */
    }
    memcpy(above, path, strlen(path) + 1);
    for (;;) {
        char *real = realpath(above, NULL);
        char *slash = strrchr(above, '/');
        if (real != NULL || slash == NULL || slash == above) {
            return real != NULL ? real : realpath(slash == NULL ? "." : "/", NULL);
        }
        *slash = 0;
    }
}

bool path_lies_in(const char *path, const char *folder)
{
    char  *at = nearest(path), *in = realpath(folder, NULL);
    size_t len = in == NULL ? 0 : strlen(in);
    bool   lies = at != NULL && in != NULL && strncmp(at, in, len) == 0 &&
                (at[len] == 0 || at[len] == '/' || len == 1);
    free(at);
    free(in);
    return lies;
}

/* Some file systems cannot sync a folder, and say so. */
err folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return FAIL(IO, "a folder cannot be opened");
    }
    bool synced = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return synced ? OK : FAIL(IO, "a folder cannot be synced");
}

err parent_sync(const char *path)
{
    char        folder[FILE_PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    size_t      len = slash == NULL ? 0 : (size_t)(slash - path);
    if (len >= sizeof folder) {
        return FAIL(LIMIT, "a path is too long");
    }
    if (slash != NULL) {
        memcpy(folder, len == 0 ? "/" : path, len == 0 ? 1 : len);
        folder[len == 0 ? 1 : len] = 0;
    }
    return folder_sync(folder);
}

static err file_fill(int fd, const char *path, span bytes, mode_t mode)
{
    bool written = fchmod(fd, mode) == 0 && fd_write(fd, bytes);
    if (close(fd) != 0 || !written) {
        (void)unlink(path);
        return FAIL(IO, "a file cannot be written");
    }
    return OK;
}

err file_create(const char *path, span bytes, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST ? FAIL(CONFLICT, "a file is there already and is not overwritten")
                               : FAIL(IO, "a file cannot be made");
    }
    TRY(file_fill(fd, path, bytes, mode));
    return parent_sync(path);
}

err file_replace(const char *path, span bytes, mode_t mode)
{
    char draft[FILE_PATH_MAX];
    int  len = snprintf(draft, sizeof draft, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof draft) {
        return FAIL(LIMIT, "a path is too long");
    }
    int fd = mkstemp(draft);
    if (fd < 0) {
        return FAIL(IO, "a file cannot be made");
    }
    TRY(file_fill(fd, draft, bytes, mode));
    if (rename(draft, path) != 0) {
        (void)unlink(draft);
        return FAIL(IO, "a file cannot be put in its place");
    }
    return parent_sync(path);
}

err folder_create(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0) {
        return OK;
    }
    return errno == EEXIST ? FAIL(CONFLICT, "a folder is there already")
                           : FAIL(IO, "a folder cannot be made");
}

err folder_ensure(const char *path, mode_t mode)
{
    err e = folder_create(path, mode);
    return e.code == ERR_CONFLICT ? OK : e;
}

err file_map(const char *path, span *out)
{
    struct stat s;
    int         fd;
    TRY(file_open(path, &fd));
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        close(fd);
        return FAIL(IO, "this is not a plain file");
    }
    size_t size = (size_t)s.st_size;
    void  *map = size == 0 ? NULL : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED) {
        return FAIL(IO, "a file cannot be read");
    }
    *out = (span){map, size};
    return OK;
}

void file_unmap(span map)
{
    if (map.len > 0) {
        (void)munmap((void *)(uintptr_t)map.ptr, map.len);
    }
}

const char *file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

err file_digest(const char *path, uint8_t out[static 32], uint64_t *len)
{
    span map = {NULL, 0};
    TRY(file_map(path, &map));
    sha256(map, out);
    *len = map.len;
    file_unmap(map);
    return OK;
}

err file_copy(const char *from, const char *to)
{
    span map = {NULL, 0};
    if (access(to, F_OK) == 0) {
        return FAIL(CONFLICT, "a file is there already and is not overwritten");
    }
    TRY(file_map(from, &map));
    err e = file_replace(to, map, 0644);
    file_unmap(map);
    return e;
}
