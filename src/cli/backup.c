/* SPDX-License-Identifier: Apache-2.0 */
/* backup and restore: a copy of a gateway's folder while it runs, and a folder made of such a copy
 * (docs/format/backup.md). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "cli/party.h"
#include "cli/verbs.h"

#define TITLE        "accord backup 1"
#define MANIFEST     "backup"
#define MANIFEST_MAX ((size_t)1 << 20)
#define PIECE        ((size_t)64 << 10)
#define FILES_MAX    1024

/* In this order: a key slot without its leaf is nothing, so the ledger is copied after the slots; lanes
 * speak of what is in the others, so they come before them. */
static const struct {
    const char *path;
    bool        folder, key, optional;
} part_row[] = {
    {"accord.conf", false, false, false},        {"genesis", false, false, true},
    {"authority.crt", false, false, false},      {"store/slots", false, false, false},
    {"store/ledger", true, false, false},        {"store/lanes", true, false, false},
    {"store/outbox-intake", true, false, false}, {"store/outbox-desk", true, false, false},
    {"store/inbox", true, false, false},         {"keys/master", false, true, false},
    {"keys/identity", false, true, false},       {"keys/authority.key", false, true, false},
};

static const char *const folder_row[] = {
    "store",      "store/ledger", "store/lanes", "store/outbox-intake", "store/outbox-desk",
    "store/inbox"};

struct backup {
    struct call  *call;
    const char   *from, *to, *keys; /* keys: where these go or come from; NULL = nowhere */
    struct writer manifest;
    uint64_t      files, bytes;
    uint8_t       piece[PIECE];
};

/* ---- one file ---- */

static bool all_zeros(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static err piece_copy(struct backup *b, int from, int to, off_t at, size_t len)
{
    ssize_t got = pread(from, b->piece, len, at);
    if (got < 0 || (size_t)got != len) {
        return FAIL(IO, "a file could not be read whole");
    }
    if (!all_zeros(b->piece, len) && pwrite(to, b->piece, len, at) != (ssize_t)len) {
        return errno == ENOSPC ? FAIL(FULL, "there is no room for the copy")
                               : FAIL(IO, "the copy could not be written");
    }
    return OK;
}

/* From its end to its begin: a writer that appends meanwhile leaves a copy in which nothing stands behind
 * what is missing, which is how a log looks after a crash. */
static err bytes_copy(struct backup *b, int from, int to)
{
    struct stat s;
    if (fstat(from, &s) != 0 || ftruncate(to, s.st_size) != 0) {
        return FAIL(IO, "the copy could not be made");
    }
    for (off_t at = (s.st_size + (off_t)PIECE - 1) / (off_t)PIECE * (off_t)PIECE; at > 0;) {
        at -= (off_t)PIECE;
        size_t len = s.st_size - at < (off_t)PIECE ? (size_t)(s.st_size - at) : PIECE;
        TRY(piece_copy(b, from, to, at, len));
    }
    return fsync(to) == 0 ? OK : FAIL(IO, "the copy could not be synced");
}

static err file_take(struct backup *b, const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), out;
    if (in < 0) {
        return errno == ENOENT ? FAIL(UNKNOWN, "a file of the gateway is missing")
                               : FAIL(IO, "a file of the gateway cannot be opened");
    }
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    err e = out < 0 ? FAIL(CONFLICT, "a file of the copy is there already, or cannot be made")
                    : bytes_copy(b, in, out);
    close(in);
    if (out >= 0) {
        close(out);
    }
    return e;
}

static err file_add(struct backup *b, const char *path, bool key)
{
    char     from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    uint8_t  digest[SHA256_LEN];
    uint64_t len = 0;
    TRY(file_path(from, b->from, path));
    TRY(file_path(to, key ? b->keys : b->to, key ? strchr(path, '/') + 1 : path));
    call_about(b->call, "%s", from);
    TRY(file_take(b, from, to));
    TRY(file_digest(to, digest, &len));
    if (!key) {
        line_text(&b->manifest, "file", span_text(path));
        line_number(&b->manifest, "length", len);
        line_hex(&b->manifest, "sha", SPAN_OF(digest));
    }
    b->files++;
    b->bytes += len;
    b->call->about[0] = 0;
    return OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static err names_of(const char *folder, char *list[static FILES_MAX], size_t *count)
{
    DIR *d = opendir(folder);
    *count = 0;
    if (d == NULL) {
        return FAIL(UNKNOWN, "a folder of the gateway is missing");
    }
    for (struct dirent *e = readdir(d); e != NULL && *count < FILES_MAX; e = readdir(d)) {
        if (strlen(e->d_name) == 16) { /* a segment; a draft has another name */
            list[*count] = strdup(e->d_name);
            MUST(list[(*count)++] != NULL);
        }
    }
    closedir(d);
    qsort(list, *count, sizeof list[0], by_name);
    return OK;
}

static err folder_add(struct backup *b, const char *path)
{
    char   folder[FILE_PATH_MAX], file[FILE_PATH_MAX];
    char  *list[FILES_MAX];
    size_t count = 0;
    TRY(file_path(folder, b->from, path));
    err e = names_of(folder, list, &count);
    for (size_t i = 0; i < count; i++) {
        e = err_is(e) ? e : file_path(file, path, list[i]);
        e = err_is(e) ? e : file_add(b, file, false);
        free(list[i]);
    }
    return e;
}

/* ---- backup ---- */

static err folders_make(struct backup *b)
{
    char path[FILE_PATH_MAX];
    TRY(folder_create(b->to, 0700));
    for (size_t i = 0; i < ARRAY_LEN(folder_row); i++) {
        TRY(file_path(path, b->to, folder_row[i]));
        TRY(folder_create(path, 0700));
    }
    return OK;
}

static err parts_add(struct backup *b)
{
    for (size_t i = 0; i < ARRAY_LEN(part_row); i++) {
        if (part_row[i].key && b->keys == NULL) {
            continue;
        }
        err e = part_row[i].folder ? folder_add(b, part_row[i].path)
                                   : file_add(b, part_row[i].path, part_row[i].key);
        if (err_is(e) && !(part_row[i].optional && e.code == ERR_UNKNOWN)) {
            return e;
        }
    }
    return OK;
}

static err manifest_put(struct backup *b)
{
    char path[FILE_PATH_MAX];
    span text;
    TRY(writer_end(&b->manifest, &text));
    TRY(file_path(path, b->to, MANIFEST));
    return file_create(path, text, 0600);
}

err do_backup(struct call *c)
{
    static struct backup b;
    static uint8_t       text[MANIFEST_MAX];
    struct party         p;
    TRY(party_read(c, &p));
    b = (struct backup){.call = c, .to = c->arg[0], .keys = call_option(c, "keys")};
    TRY(party_dir(c, &b.from));
    b.manifest = WRITER_OF(text);
    line_title(&b.manifest, TITLE);
    line_name(&b.manifest, "party", &p.code);
    line_instant(&b.manifest, "time", party_now(c));
    call_about(c, "%s", b.to);
    TRY(folders_make(&b));
    if (b.keys != NULL) {
        call_about(c, "%s", b.keys);
        TRY(folder_create(b.keys, 0700));
    }
    TRY(parts_add(&b));
    TRY(manifest_put(&b));
    call_set_number(c, "files", b.files);
    call_set_number(c, "bytes", b.bytes);
    call_tell(c, "%llu files are in %s%s", (unsigned long long)b.files, b.to,
              b.keys == NULL ? "; without the keys, which it cannot be restored without" : "");
    return OK;
}

/* ---- restore ---- */

static bool path_is_ours(span path)
{
    for (size_t i = 0; i < ARRAY_LEN(part_row); i++) {
        span rest = path;
        if (part_row[i].folder && span_starts(path, span_text(part_row[i].path))) {
            rest = (span){path.ptr + strlen(part_row[i].path), path.len - strlen(part_row[i].path)};
            return rest.len == 17 && rest.ptr[0] == '/' && memchr(rest.ptr + 1, '/', 16) == NULL;
        }
        if (!part_row[i].folder && !part_row[i].key && span_is(path, part_row[i].path)) {
            return true;
        }
    }
    return false;
}

static err file_restore(struct backup *b, span path, uint64_t length,
                        const uint8_t want[static SHA256_LEN])
{
    char     file[FILE_PATH_MAX] = "", from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    uint8_t  digest[SHA256_LEN];
    uint64_t len = 0;
    if (!path_is_ours(path) || path.len >= sizeof file) {
        return FAIL(MALFORMED, "the backup names a file that no gateway has");
    }
    memcpy(file, path.ptr, path.len);
    TRY(file_path(from, b->from, file));
    TRY(file_path(to, b->to, file));
    call_about(b->call, "%s", from);
    TRY(file_digest(from, digest, &len));
    if (len != length || memcmp(digest, want, sizeof digest) != 0) {
        return FAIL(FORGED, "a file of the backup is not as it was when the backup was made");
    }
    TRY(file_copy(from, to));
    b->files++;
    b->bytes += len;
    return OK;
}

static err manifest_restore(struct backup *b, span text, name *party)
{
    struct lines l = lines_of(text);
    span         path;
    take_title(&l, TITLE);
    *party = take_name(&l, "party");
    (void)take_instant(&l, "time");
    while (!l.bad && take_more(&l, "file", &path)) {
        uint8_t  digest[SHA256_LEN];
        uint64_t length = take_number(&l, "length", INT64_MAX);
        take_hex(&l, "sha", digest, sizeof digest);
        if (!l.bad) {
            TRY(file_restore(b, path, length, digest));
        }
    }
    return lines_end(&l);
}

static err keys_restore(struct backup *b)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    TRY(file_path(to, b->to, "keys"));
    TRY(folder_create(to, 0700));
    for (size_t i = 0; i < ARRAY_LEN(part_row); i++) {
        if (part_row[i].key) {
            TRY(file_path(from, b->keys, strchr(part_row[i].path, '/') + 1));
            TRY(file_path(to, b->to, part_row[i].path));
            call_about(b->call, "%s", from);
            TRY(file_take(b, from, to));
        }
    }
    return OK;
}

err do_restore(struct call *c)
{
    static struct backup b;
    static uint8_t       text[MANIFEST_MAX];
    char                 path[FILE_PATH_MAX];
    span                 manifest;
    name                 party = {0};
    b = (struct backup){.call = c, .from = c->arg[0]};
    TRY(party_dir(c, &b.to));
    TRY(call_need(c, "keys", &b.keys));
    call_about(c, "%s", b.from);
    TRY(file_path(path, b.from, MANIFEST));
    TRY(file_read(path, text, sizeof text, &manifest));
    call_about(c, "%s", b.to);
    TRY(folders_make(&b));
    TRY(manifest_restore(&b, manifest, &party));
    TRY(keys_restore(&b));
    c->about[0] = 0;
    call_set_text(c, "party", name_span(&party));
    call_set_number(c, "files", b.files);
    call_set_number(c, "bytes", b.bytes);
    call_tell(
        c,
        "%s is restored in %s.  Its guard stays mute until a partner has confirmed that nothing is "
        "missing, or two security officers have signed: accord head sign",
        party.text, b.to);
    return OK;
}
