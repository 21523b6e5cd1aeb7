/* SPDX-License-Identifier: Apache-2.0 */
#include "vault/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM   256
#define DEPTH_LIMIT 128 /* no path of 255 bytes has more folders */

static bool ours(const struct stat *s)
{
    return s->st_uid == geteuid() || s->st_uid == 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* ---- the folders it lies in ---- */

static err folder_check(const struct stat *s, const struct stat *party, bool nearest)
{
    bool group = (s->st_mode & S_IWGRP) != 0, world = (s->st_mode & S_IWOTH) != 0;
    if (same(s, party)) {
        return FAIL(MALFORMED, "lies in the gateway's folder, whose copies would have it too");
    }
    if (nearest && (!ours(s) || group || world)) {
        return FAIL(MALFORMED, "lies in a folder that others may write (chmod go-w), or own");
    }
    if (world && (s->st_mode & S_ISVTX) == 0) {
        return FAIL(MALFORMED, "lies below a folder that everybody may write");
    }
    return OK;
}

/* Up to the root, which is its own parent.  fd is closed here. */
static err folders_check(int fd, const struct stat *party)
{
    struct stat at, up;
    err         e = OK;
    for (unsigned depth = 0; !err_is(e); depth++) {
        if (fstat(fd, &at) != 0 || fstatat(fd, "..", &up, 0) != 0 || depth == DEPTH_LIMIT) {
            e = FAIL(IO, "lies in a folder that cannot be looked at");
            break;
        }
        e = folder_check(&at, party, depth == 0);
        if (err_is(e) || same(&at, &up)) {
            break;
        }
        int next = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next;
    }
    if (fd >= 0) {
        close(fd);
    }
    return e;
}

static err folder_open(const char *path, int *out, const char **base)
{
    char        folder[PATH_ROOM];
    const char *slash = strrchr(path, '/');
    if (path[0] != '/' || strlen(path) >= sizeof folder || slash[1] == 0) {
        return FAIL(MALFORMED, "is no absolute path of a file");
    }
    size_t len = slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, len);
    folder[len] = 0;
    *base = slash + 1;
    *out = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 ? OK : FAIL(UNKNOWN, "lies in a folder that is not there");
}

/* ---- the file ---- */

static err file_check(int fd)
{
    struct stat s;
    if (fstat(fd, &s) != 0) {
        return FAIL(IO, "cannot be looked at");
    }
    if (!S_ISREG(s.st_mode)) {
        return FAIL(MALFORMED, "is no plain file");
    }
    if (!ours(&s)) {
        return FAIL(MALFORMED, "belongs to somebody else");
    }
    if ((s.st_mode & 077) != 0) {
        return FAIL(MALFORMED, "is open to others: take their access away (chmod go= )");
    }
    return s.st_nlink == 1 ? OK : FAIL(MALFORMED, "has a second name (a hard link)");
}

/* Not blocking: a pipe of this name must not hold up who looks at it. */
static err file_open(int folder, const char *base, int *out)
{
    *out = openat(folder, base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*out >= 0) {
        return OK;
    }
    return errno == ENOENT  ? FAIL(UNKNOWN, "is not there")
           : errno == ELOOP ? FAIL(MALFORMED, "is a link, and must be the file itself")
                            : FAIL(IO, "cannot be opened");
}

err secret_file_open(const char *path, int party, int *out)
{
    struct stat gateway = {0};
    int         folder = -1, fd = -1;
    const char *base;
    if (party >= 0 && fstat(party, &gateway) != 0) {
        return FAIL(IO, "cannot be compared with the gateway's folder");
    }
    TRY(folder_open(path, &folder, &base));
    err e = file_open(folder, base, &fd);
    e = err_is(e) ? e : file_check(fd);
    if (err_is(e)) {
        close(folder);
    } else {
        e = folders_check(folder, &gateway);
    }
    if (err_is(e) && fd >= 0) {
        close(fd);
    }
    if (!err_is(e)) {
        *out = fd;
    }
    return e;
}
