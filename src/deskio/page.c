/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/page.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_PREFIX "/wall/"

static const struct {
    const char *ending;
    enum media  media;
} ending_row[] = {
    {".html", MEDIA_HTML}, {".js", MEDIA_SCRIPT}, {".css", MEDIA_STYLE},  {".json", MEDIA_JSON},
    {".svg", MEDIA_SVG},   {".png", MEDIA_PNG},   {".woff2", MEDIA_FONT},
};

static bool name_good(const char *file)
{
    size_t len = strlen(file);
    return len <= PAGE_NAME_MAX && file[0] != '.' &&
           strspn(file, "abcdefghijklmnopqrstuvwxyz0123456789-.") == len;
}

static bool media_of(const char *file, enum media *out)
{
    for (size_t i = 0; i < ARRAY_LEN(ending_row); i++) {
        size_t len = strlen(file), end = strlen(ending_row[i].ending);
        if (len > end && strcmp(file + len - end, ending_row[i].ending) == 0) {
            *out = ending_row[i].media;
            return true;
        }
    }
    return false;
}

static err body_read_all(int fd, size_t len, uint8_t *to)
{
    for (size_t at = 0; at < len;) {
        ssize_t got = read(fd, to + at, len - at);
        if (got <= 0) {
            return FAIL(IO, "a file of the page for displays could not be read");
        }
        at += (size_t)got;
    }
    return OK;
}

static err file_take(int fd, struct page_file *f)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return FAIL(IO, "what lies beside the page for displays is no file");
    }
    if (st.st_size < 0 || (size_t)st.st_size > PAGE_FILE_MAX) {
        return FAIL(LIMIT, "a file of the page for displays is larger than it may be");
    }
    size_t   len = (size_t)st.st_size;
    uint8_t *body = malloc(len + 1);
    if (body == NULL) {
        return FAIL(FULL, "there is no memory for the page for displays");
    }
    f->body = (span){body, len};
    return body_read_all(fd, len, body);
}

static err entry_take(struct page *p, int folder, const char *file)
{
    enum media media;
    if (!name_good(file) || !media_of(file, &media)) {
        return OK;
    }
    if (p->count == PAGE_FILES_MAX) {
        return FAIL(LIMIT, "there are more files beside the page for displays than there may be");
    }
    struct page_file *f = &p->file[p->count];
    int               fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return FAIL(IO, "a file of the page for displays could not be opened");
    }
    (void)strcpy(f->name, file);
    f->media = media;
    p->count++;
    err e = file_take(fd, f);
    close(fd);
    return e;
}

err page_open(struct page *p, int folder)
{
    *p = (struct page){0};
    if (folder < 0) {
        return OK;
    }
    int  copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    if (dir == NULL) {
        return FAIL(IO, "the folder of the page for displays could not be read");
    }
    err e = OK;
    for (struct dirent *d = readdir(dir); d != NULL && !err_is(e); d = readdir(dir)) {
        e = entry_take(p, folder, d->d_name);
    }
    closedir(dir);
    return e;
}

void page_close(struct page *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free((void *)(uintptr_t)p->file[i].body.ptr);
    }
    *p = (struct page){0};
}

bool page_path(span path)
{
    span prefix = span_text(PAGE_PREFIX);
    return path.len >= prefix.len && memcmp(path.ptr, prefix.ptr, prefix.len) == 0;
}

const struct page_file *page_find(const struct page *p, span path)
{
    size_t skip = strlen(PAGE_PREFIX);
    span   file = {path.ptr + skip, path.len - skip};
    file = file.len == 0 ? SPAN_LIT("index.html") : file;
    for (size_t i = 0; i < p->count; i++) {
        if (span_is(file, p->file[i].name)) {
            return &p->file[i];
        }
    }
    return NULL;
}
