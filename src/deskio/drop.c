/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/drop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".submission"

/* The longest text that the guard takes, and a signature. */
#define SUBMISSION_MAX (8192 + 256)

/* The folder's own terminal: no certificate has this fingerprint. */
static const uint8_t terminal[TERMINAL_LEN];

/* ---- moving ---- */

static err folder_make(int folder, const char *path)
{
    bool made = mkdirat(folder, path, 0750) == 0 || errno == EEXIST;
    if (!made && (errno == EACCES || errno == EPERM)) {
        return FAIL(
            DENIED,
            "the desk may make no folder inside the drop folder: the desk's user must own it");
    }
    if (!made) {
        return FAIL(IO, "a folder inside the drop folder cannot be made");
    }
    return OK;
}

err drop_open(struct drop *p, struct desk *d, int folder)
{
    p->desk = d;
    p->folder = folder;
    p->content = -1;
    TRY(folder_make(folder, "done"));
    return folder_make(folder, "refused");
}

void drop_close(struct drop *p)
{
    if (p->content >= 0) {
        close(p->content);
    }
    p->content = -1;
}

/* What is not there need not be moved. */
static bool file_move(const struct drop *p, const char *to, const char *suffix)
{
    char from[DROP_NAME_MAX + 16], path[DROP_NAME_MAX + 32];
    (void)snprintf(from, sizeof from, "%s%s", p->name, suffix);
    (void)snprintf(path, sizeof path, "%s/%s%s", to, p->name, suffix);
    return renameat(p->folder, from, p->folder, path) == 0 || errno == ENOENT;
}

static bool pair_move(const struct drop *p, const char *to)
{
    bool moved = file_move(p, to, SUFFIX);
    return file_move(p, to, "") && moved;
}

static void pair_over(struct drop *p, const char *to)
{
    drop_close(p);
    p->broken = !pair_move(p, to) || p->broken;
    p->state = DROP_IDLE;
}

static void reason_write(const struct drop *p, err e)
{
    char path[DROP_NAME_MAX + 32];
    (void)snprintf(path, sizeof path, "refused/%s.reason", p->name);
    int fd = openat(p->folder, path,
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0640);
    if (fd >= 0) {
        (void)dprintf(fd, "%s\n%s\n", err_name(e.code), e.why);
        close(fd);
    }
}

/* What may be better later (a guard that is away or starts, a full disk) stays where it is. */
void drop_refused(struct drop *p, err e)
{
    bool later = e.code == ERR_FULL || e.code == ERR_IO || e.code == ERR_STATE;
    if (p->state == DROP_SUBMITS && later) {
        drop_close(p);
        p->state = DROP_IDLE;
        return;
    }
    reason_write(p, e);
    pair_over(p, "refused");
}

/* ---- a pair ---- */

static err regular_open(int folder, const char *path, int *fd, uint64_t *len)
{
    struct stat st;
    int         got = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (got < 0) {
        return FAIL(UNKNOWN, "a file of the pair is not there, or is a link");
    }
    if (fstat(got, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(got);
        return FAIL(DENIED, "what lies in the drop folder is no file");
    }
    *fd = got;
    *len = (uint64_t)st.st_size;
    return OK;
}

/* The submission's text, then one line `signature HEX`. */
static err submission_split(span all, span *text, span *signature)
{
    size_t at = all.len > 0 && all.ptr[all.len - 1] == '\n' ? all.len - 1 : 0;
    while (at > 0 && all.ptr[at - 1] != '\n') {
        at--;
    }
    span last = {all.ptr + at, all.len - at};
    span line = span_cut(&last, '\n');
    *text = (span){all.ptr, at};
    if (!span_starts(line, SPAN_LIT("signature "))) {
        return FAIL(MALFORMED, "a submission ends with its author's signature");
    }
    *signature = (span){line.ptr + 10, line.len - 10};
    utf8 checked;
    TRY(text_utf8(*text, &checked));
    return text_utf8(*signature, &checked);
}

static err submission_json(const struct drop *p, struct writer *w)
{
    char     path[DROP_NAME_MAX + 16];
    uint8_t  all[SUBMISSION_MAX];
    int      fd;
    uint64_t len;
    span     text, signature;
    (void)snprintf(path, sizeof path, "%s%s", p->name, SUFFIX);
    TRY(regular_open(p->folder, path, &fd, &len));
    ssize_t got = len <= sizeof all ? read(fd, all, sizeof all) : -1;
    close(fd);
    if (got < 0 || (uint64_t)got != len) {
        return FAIL(LIMIT, "the submission cannot be read, or is longer than one may be");
    }
    TRY(submission_split((span){all, (size_t)got}, &text, &signature));
    put_text(w, "{\"text\":");
    put_json(w, text);
    put_text(w, ",\"signature\":");
    put_json(w, signature);
    put_u8(w, '}');
    span whole;
    return writer_end(w, &whole);
}

static struct desk_request folder_asks(struct drop *p, enum ask what)
{
    struct desk_request r = {.what = what};
    memcpy(r.terminal, terminal, sizeof terminal);
    p->asker = (struct asker){DROP_SLOT, p->asker.turn + 1};
    return r;
}

static void pair_begin(struct drop *p)
{
    struct writer w = WRITER_OF(p->piece);
    p->state = DROP_SUBMITS;
    err e = regular_open(p->folder, p->name, &p->content, &p->left);
    e = err_is(e) ? e : submission_json(p, &w);
    if (err_is(e)) {
        drop_refused(p, e);
        return;
    }
    struct desk_request r = folder_asks(p, ASK_SUBMIT);
    r.body = writer_span(&w);
    desk_ask(p->desk, p->asker, &r);
}

/* ---- what lies there ---- */

static bool submission_is(const char *entry)
{
    size_t len = strlen(entry), tail = strlen(SUFFIX);
    return len > tail && strcmp(entry + len - tail, SUFFIX) == 0;
}

static bool folder_own(const char *entry)
{
    return strcmp(entry, "done") == 0 || strcmp(entry, "refused") == 0;
}

/* The name of the pair that an entry belongs to. */
static bool name_take(struct drop *p, const char *entry)
{
    size_t len = strlen(entry) - (submission_is(entry) ? strlen(SUFFIX) : 0);
    utf8   checked;
    if (len > DROP_NAME_MAX || err_is(text_utf8((span){(const uint8_t *)entry, len}, &checked))) {
        return false;
    }
    memset(p->name, 0, sizeof p->name);
    memcpy(p->name, entry, len);
    return !folder_own(p->name);
}

/* A link, a pipe or a folder never becomes a file, so it goes, and what belongs to it.  It may not even
 * be ours to move: then it lies there, and others are taken in. */
static void pair_sweep(struct drop *p)
{
    if (pair_move(p, "refused")) {
        reason_write(p, FAIL(DENIED, "a link, a pipe or a folder is not taken in: files only"));
    } else {
        p->strange = true;
    }
}

/* Is this the submission of a pair whose two files are both there?  What begins with a dot is still being
 * written. */
static bool pair_named(struct drop *p, const char *entry)
{
    struct stat st;
    if (entry[0] == '.' || folder_own(entry) ||
        fstatat(p->folder, entry, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    if (!name_take(p, entry)) {
        p->strange = true;
        return false;
    }
    if (!S_ISREG(st.st_mode)) {
        pair_sweep(p);
        return false;
    }
    return submission_is(entry) && faccessat(p->folder, p->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void drop_poll(struct drop *p)
{
    if (p->folder < 0 || p->broken || p->state != DROP_IDLE) {
        return;
    }
    int  fd = openat(p->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        return;
    }
    bool found = false;
    for (struct dirent *e = readdir(dir); e != NULL && !found; e = readdir(dir)) {
        found = pair_named(p, e->d_name);
    }
    closedir(dir);
    if (found) {
        pair_begin(p);
    }
}

/* ---- answers ---- */

static void upload_begin(struct drop *p, span ticket)
{
    struct desk_request r = folder_asks(p, ASK_UPLOAD);
    r.named = ticket;
    r.body_len = p->left;
    p->state = DROP_UPLOADS;
    desk_ask(p->desk, p->asker, &r);
}

static void ticket_read(struct drop *p, span json)
{
    json_t     *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
    const char *ticket = json_string_value(json_object_get(root, "ticket"));
    if (ticket == NULL) {
        drop_refused(p, FAIL(IO, "the desk gave the drop folder no ticket"));
    } else {
        upload_begin(p, span_text(ticket));
    }
    json_decref(root);
}

void drop_answered(struct drop *p, unsigned status, span json)
{
    if (p->state == DROP_SUBMITS && status == 201) {
        ticket_read(p, json);
    } else if (p->state == DROP_UPLOADS) {
        pair_over(p, "done");
    }
}

static void content_over(struct drop *p)
{
    drop_close(p);
    desk_whole(p->desk, p->asker);
}

bool drop_work(struct drop *p)
{
    if (p->state != DROP_UPLOADS || p->content < 0) {
        return false;
    }
    if (desk_waits(p->desk, p->asker)) {
        return false; /* a segment is being made */
    }
    if (p->left == 0) {
        content_over(p);
        return false;
    }
    size_t  want = p->left < sizeof p->piece ? (size_t)p->left : sizeof p->piece;
    ssize_t got = read(p->content, p->piece, want);
    err     e = got <= 0 ? FAIL(CONFLICT, "the file became shorter while it was taken in")
                         : desk_piece(p->desk, p->asker, (span){p->piece, (size_t)got});
    if (err_is(e)) {
        desk_gone(p->desk, p->asker);
        drop_refused(p, e);
        return false;
    }
    p->left -= (uint64_t)got;
    return true;
}
