/* links: deskio */
/* SPDX-License-Identifier: Apache-2.0 */
/* The two folders of a desk that others write to: the log of an access control system, and the drop folder, by names and
 * contents, while files are cut and moved away and the guard answers or not.  Input: u8 what, block8 bytes, repeated. */
#include "deskio/drop.h"
#include "deskio/follow.h"
#include "wire/request.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEPS_MAX 40

static struct desk  *desk;
static struct follow follow;
static struct drop   drop;
static int           dir;
static char          folder[64];
static uint8_t       tag[4];
static bool          asked, full;

static err ask_guard(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    MUST(!err_is(guard_message_read(message, &m)));
    memcpy(tag, message.ptr + 1, sizeof tag);
    asked = true;
    return full ? FAIL(FULL, "the guard is busy") : OK;
}

static void answer(void *ctx, struct asker a, unsigned status, span json)
{
    (void)ctx;
    if (a.slot == DROP_SLOT) {
        drop_answered(&drop, status, json);
    } else {
        follow_answered(&follow);
    }
}

static void refuse(void *ctx, struct asker a, err e)
{
    (void)ctx;
    if (a.slot == DROP_SLOT) {
        drop_refused(&drop, e);
    } else {
        follow_refused(&follow, e);
    }
}

static err append(void *ctx, span body, uint64_t *position)
{
    (void)ctx;
    *position = body.len;
    return OK;
}

static void nothing_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    memset(out, 1, len);
}

static void folder_end(void)
{
    (void)unlinkat(dir, "done", AT_REMOVEDIR);
    (void)unlinkat(dir, "refused", AT_REMOVEDIR);
    (void)rmdir(folder);
}

static void scene_make(void)
{
    const struct desk_setup setup = {
        .port = {.ask_guard = ask_guard, .answer = answer, .refuse = refuse, .append = append},
        .random = {.fill = nothing_random},
        .spki = SPAN_LIT("key"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    (void)snprintf(folder, sizeof folder, "%s/accord-door-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(folder) != NULL);
    dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    MUST(dir >= 0 && atexit(folder_end) == 0);
    err e = desk_open(&setup, &desk);
    MUST(!err_is(e));
    MUST(!err_is(drop_open(&drop, desk, dir)));
    desk_at(desk, 1000, 1000);
}

/* All that lies in it goes; files only, and what drop_open made. */
static void emptied(const char *path)
{
    int            fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR           *d = fdopendir(fd);
    struct dirent *entry;
    MUST(d != NULL);
    while ((entry = readdir(d)) != NULL) {
        (void)unlinkat(fd, entry->d_name, 0);
    }
    closedir(d);
}

static void file_add(const char *path, span bytes, int flags)
{
    int fd = openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd >= 0) {
        MUST(write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
        close(fd);
    }
}

/* The bytes before the first newline are the name; with a first byte `+` its submission lies there, too. */
static void dropped(span bytes)
{
    char path[300], with[320];
    bool pair = bytes.len > 0 && bytes.ptr[0] == '+';
    bytes = pair ? (span){bytes.ptr + 1, bytes.len - 1} : bytes;
    span file = span_cut(&bytes, '\n');
    if (file.len == 0 || memchr(file.ptr, '/', file.len) != NULL ||
        memchr(file.ptr, 0, file.len) != NULL || span_is(file, ".") || span_is(file, "..") ||
        span_is(file, "done") || span_is(file, "refused") || span_is(file, "access.log")) {
        return;
    }
    (void)snprintf(path, sizeof path, SPAN_FMT, SPAN_ARG(file));
    file_add(path, bytes, O_TRUNC);
    if (pair) {
        (void)snprintf(with, sizeof with, "%s.submission", path);
        file_add(with, bytes, O_TRUNC);
    }
}

static void guard_says(uint8_t kind, span rest)
{
    uint8_t       bytes[300];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, kind);
    put_span(&w, SPAN_OF(tag));
    put_span(&w, rest);
    if (asked) {
        asked = false;
        desk_hear(desk, writer_span(&w));
    }
}

/* What it asks as long as lines come: a lease, or an error with the code in the first byte. */
static void guard_answers(span bytes)
{
    static const uint8_t lease[] = {0, 0, 5, 220, 0};
    uint8_t              error[2] = {bytes.len > 0 ? bytes.ptr[0] % 16 : 0, 0};
    if (error[0] == 0) {
        guard_says(ANSWER_LEASE, SPAN_OF(lease));
    } else {
        guard_says(ANSWER_ERROR, SPAN_OF(error));
    }
}

static void step(uint8_t what, span bytes, int64_t *now)
{
    static const char log[] = "access.log";
    switch (what % 10) {
    case 0:
    case 1:
        file_add(log, bytes, O_APPEND);
        break;
    case 2:
        file_add(log, bytes, O_TRUNC);
        break;
    case 3:
        (void)renameat(dir, log, dir, "done/old.log");
        break;
    case 4:
        guard_answers(bytes);
        break;
    case 5:
        dropped(bytes);
        break;
    case 6:
        drop_poll(&drop);
        (void)drop_work(&drop);
        break;
    case 7:
        full = !full;
        break;
    case 8:
        if (bytes.len > 0) {
            guard_says(bytes.ptr[0], (span){bytes.ptr + 1, bytes.len - 1});
        }
        break;
    default:
        *now += 1000;
        desk_at(desk, *now, *now);
        desk_tick(desk);
        follow_poll(&follow);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct reader r = reader_of((span){data, len});
    int64_t       now = 1000;
    if (desk == NULL) {
        scene_make();
    }
    desk_guard_new(desk);
    drop.broken = drop.strange = asked = full = false;
    file_add("access.log", SPAN_LIT("2026-11-22T12:00:00.000Z gate-a ops enter old\n"), O_TRUNC);
    follow_open(&follow, desk, dir, SPAN_LIT("somewhere/access.log"), 100);
    for (unsigned i = 0; i < STEPS_MAX && r.rest.len > 0 && !r.bad; i++) {
        uint8_t what = read_u8(&r);
        step(what, read_block8(&r, UINT8_MAX), &now);
        follow_poll(&follow);
    }
    follow_close(&follow);
    drop_close(&drop);
    drop.state = DROP_IDLE;
    emptied(".");
    emptied("done");
    emptied("refused");
    return 0;
}
