/* SPDX-License-Identifier: Apache-2.0 */
/* backup: a copy of a gateway's folder while it runs. */
#include "cli/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/gateway_key.h"
#include "cli/party.h"
#include "cli/verbs.h"
#include "store/segment.h"

/* A key slot without its leaf is nothing, so the ledger is copied after the slots; lanes speak of what is in
 * the others, so they come before them. */
const struct backup_part backup_parts[] = {
    {"accord.conf", false, false, false, 0644},
    {"genesis", false, false, true, 0644},
    {"authority.crt", false, false, false, 0644},
    {"store/slots", false, false, false, 0600},
    {"store/ledger", true, false, false, 0600},
    {"store/lanes", true, false, false, 0600},
    {"store/outbox-intake", true, false, false, 0600},
    {"store/outbox-desk", true, false, false, 0600},
    {"store/inbox", true, false, false, 0600},
    {"keys/master", false, true, false, 0600},
    {"keys/identity", false, true, false, 0600},
    {"keys/authority.key", false, true, false, 0600},
};
const unsigned backup_part_count = ARRAY_LEN(backup_parts);

const char *const backup_folders[] = {
    "store",      "store/ledger", "store/lanes", "store/outbox-intake", "store/outbox-desk",
    "store/inbox"};
const unsigned backup_folder_count = ARRAY_LEN(backup_folders);

/* ---- one file ---- */

static bool all_zeros(const uint8_t *bytes, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

static err piece_copy(struct backup *b, int from, int to, off_t at, size_t len)
{
    ssize_t got = pread(from, b->piece, len, at);
    if (got < 0 || (size_t)got != len) {
        return FAIL(IO, "a file could not be read whole");
    }
    if (!b->whole && all_zeros(b->piece, len)) {
        return OK;
    }
    errno = 0;
    if (pwrite(to, b->piece, len, at) != (ssize_t)len) {
        return errno == ENOSPC || errno == 0 ? FAIL(FULL, "there is no room for the copy")
                                             : FAIL(IO, "the copy could not be written");
    }
    return OK;
}

/* From its end to its begin: a writer that appends meanwhile leaves a copy in which nothing stands behind
 * what is missing, which is how a log looks after a crash. */
static err bytes_copy(struct backup *b, int from, int to, mode_t mode)
{
    struct stat s;
    if (fstat(from, &s) != 0 || !S_ISREG(s.st_mode)) {
        return FAIL(IO, "this is not a plain file");
    }
    if (ftruncate(to, s.st_size) != 0 || fchmod(to, mode) != 0) {
        return FAIL(IO, "the copy could not be made");
    }
    off_t piece = (off_t)BACKUP_PIECE;
    for (off_t at = (s.st_size + piece - 1) / piece * piece; at > 0;) {
        at -= piece;
        size_t len = s.st_size - at < piece ? (size_t)(s.st_size - at) : BACKUP_PIECE;
        TRY(piece_copy(b, from, to, at, len));
    }
    return fsync(to) == 0 ? OK : FAIL(IO, "the copy could not be synced");
}

static err copy_open(const char *path, int *out)
{
    *out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*out >= 0) {
        return OK;
    }
    return errno == EEXIST   ? FAIL(CONFLICT, "a file of the copy is there already")
           : errno == ENOSPC ? FAIL(FULL, "there is no room for the copy")
                             : FAIL(IO, "a file of the copy cannot be made");
}

err backup_take(struct backup *b, const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), out = -1;
    if (in < 0) {
        return errno == ENOENT ? FAIL(UNKNOWN, "a file that belongs to a gateway is not there")
                               : FAIL(IO, "a file cannot be opened");
    }
    err e = copy_open(to, &out);
    e = err_is(e) ? e : bytes_copy(b, in, out, mode);
    close(in);
    if (out >= 0) {
        close(out);
    }
    bytes_wipe(b->piece, sizeof b->piece); /* it may have been a key */
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
    TRY(backup_take(b, from, to, 0600));
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

/* ---- one log ---- */

bool is_segment_name(span s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool digit = s.ptr[i] >= '0' && s.ptr[i] <= '9';
        if (!digit && (s.ptr[i] < 'a' || s.ptr[i] > 'f')) {
            return false;
        }
    }
    return s.len == 16;
}

static int is_segment(const struct dirent *d)
{
    return is_segment_name(span_text(d->d_name));
}

/* The newest first, for the same reason as within a file.  The gateway lets go of its oldest meanwhile:
 * what has gone nobody needs, and nothing older is there either. */
static err segments_add_each(struct backup *b, const char *path, struct dirent **list, int count)
{
    char file[FILE_PATH_MAX];
    for (int i = count; i > 0; i--) {
        TRY(file_path(file, path, list[i - 1]->d_name));
        err e = file_add(b, file, false);
        if (e.code == ERR_UNKNOWN && i < count) {
            b->call->about[0] = 0;
            return OK;
        }
        TRY(e);
    }
    return OK;
}

static err folder_add(struct backup *b, const char *path)
{
    char            folder[FILE_PATH_MAX];
    struct dirent **list = NULL;
    TRY(file_path(folder, b->from, path));
    call_about(b->call, "%s", folder);
    int count = scandir(folder, &list, is_segment, alphasort);
    if (count <= 0) {
        free((void *)list);
        return FAIL(UNKNOWN, "there is no log here: the gateway has never been started");
    }
    err e = count > SEGMENTS_MAX ? FAIL(LIMIT, "a log has more segments than it may have")
                                 : segments_add_each(b, path, list, count);
    for (int i = 0; i < count; i++) {
        free(list[i]);
    }
    free((void *)list);
    return e;
}

/* ---- all of it ---- */

err backup_folders_make(const struct backup *b)
{
    char path[FILE_PATH_MAX];
    TRY(folder_create(b->to, 0700));
    for (size_t i = 0; i < backup_folder_count; i++) {
        TRY(file_path(path, b->to, backup_folders[i]));
        TRY(folder_create(path, 0700));
    }
    return OK;
}

err backup_folders_sync(const struct backup *b)
{
    char path[FILE_PATH_MAX];
    for (size_t i = backup_folder_count; i > 0; i--) {
        TRY(file_path(path, b->to, backup_folders[i - 1]));
        TRY(folder_sync(path));
    }
    TRY(folder_sync(b->to));
    return parent_sync(b->to);
}

static err parts_add(struct backup *b)
{
    for (size_t i = 0; i < backup_part_count; i++) {
        const struct backup_part *p = &backup_parts[i];
        if (p->key && b->keys == NULL) {
            continue;
        }
        err e = p->folder ? folder_add(b, p->path) : file_add(b, p->path, p->key);
        if (err_is(e) && !(p->optional && e.code == ERR_UNKNOWN)) {
            return e;
        }
    }
    return OK;
}

/* Last: a folder without it is no backup. */
static err manifest_put(struct backup *b)
{
    char path[FILE_PATH_MAX];
    span text;
    TRY(writer_end(&b->manifest, &text));
    TRY(file_path(path, b->to, BACKUP_MANIFEST));
    return file_create(path, text, 0600);
}

static err keys_make(struct backup *b)
{
    size_t len = strlen(b->to);
    if (strncmp(b->keys, b->to, len) == 0 && (b->keys[len] == '/' || b->keys[len] == 0)) {
        return call_misuse(b->call, FAIL(DENIED, "the keys are kept elsewhere than the copy"));
    }
    call_about(b->call, "%s", b->keys);
    return folder_create(b->keys, 0700);
}

/* keys_wrapped - are all keys of the copy wrapped?   fails as file_read */
static err keys_wrapped(struct backup *b, bool *out)
{
    char    path[FILE_PATH_MAX];
    uint8_t buf[WRAPPED_MAX];
    span    file;
    *out = true;
    for (unsigned i = 0; i < GATEWAY_KEYS; i++) {
        TRY(file_path(path, b->keys, gateway_key_name[i]));
        TRY(file_read(path, buf, sizeof buf, &file));
        *out = *out && is_wrapped(file);
        bytes_wipe(buf, sizeof buf);
    }
    return OK;
}

static const char *keys_word(const struct backup *b, bool wrapped)
{
    return b->keys == NULL ? "; without the keys, which it cannot be restored without"
           : wrapped       ? "; the keys beside it are wrapped: without the wrap key, which is in "
                             "neither, they open nothing"
                           : "; the keys beside it are not wrapped: both together open everything";
}

static err keys_sync(const struct backup *b)
{
    TRY(folder_sync(b->keys));
    return parent_sync(b->keys);
}

static err elsewhere(struct backup *b)
{
    const char *const to[] = {b->to, b->keys};
    for (size_t i = 0; i < ARRAY_LEN(to); i++) {
        if (to[i] != NULL && path_lies_in(to[i], b->from)) {
            call_about(b->call, "%s", to[i]);
            return FAIL(DENIED, "a backup lies outside of the folder that it is of");
        }
    }
    return OK;
}

err do_backup(struct call *c)
{
    static struct backup b;
    static uint8_t       text[BACKUP_MANIFEST_MAX];
    struct party         p;
    TRY(party_read(c, &p));
    b = (struct backup){.call = c, .to = c->arg[0], .keys = call_option(c, "keys")};
    TRY(party_dir(c, &b.from));
    TRY(elsewhere(&b));
    b.manifest = WRITER_OF(text);
    line_title(&b.manifest, BACKUP_TITLE);
    line_name(&b.manifest, "party", &p.code);
    line_instant(&b.manifest, "time", party_now(c));
    if (b.keys != NULL) {
        TRY(keys_make(&b));
    }
    call_about(c, "%s", b.to);
    TRY(backup_folders_make(&b));
    TRY(parts_add(&b));
    TRY(b.keys == NULL ? OK : keys_sync(&b));
    TRY(backup_folders_sync(&b));
    TRY(manifest_put(&b));
    bool wrapped = false;
    TRY(b.keys == NULL ? OK : keys_wrapped(&b, &wrapped));
    call_set_number(c, "files", b.files);
    call_set_number(c, "bytes", b.bytes);
    if (b.keys != NULL) {
        call_set_text(c, "keys", span_text(wrapped ? "wrapped" : "plain"));
    }
    call_tell(c, "%llu files are in %s%s", (unsigned long long)b.files, b.to,
              keys_word(&b, wrapped));
    return OK;
}
