/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/book.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cli/file.h"

#define WINDOW_LEN (RECORD_BODY_MAX + SEGMENT_HEAD_LEN)
#define TRIES      10 /* a tenth of a second each */

struct book {
    struct segments   segments;
    struct block_file file[SEGMENTS_MAX];
    struct log_window window;
};

static int is_segment(const struct dirent *d)
{
    return strlen(d->d_name) == 16 && strspn(d->d_name, "0123456789abcdef") == 16;
}

static err segment_take(struct book *b, int dirfd, const char *file)
{
    uint64_t number = strtoull(file, NULL, 16);
    int      fd;
    if (b->segments.count == SEGMENTS_MAX) {
        return FAIL(LIMIT, "a log has more segments than can be read at once");
    }
    TRY(segment_open(dirfd, number, SEGMENT_READ, &fd));
    b->file[b->segments.count] = block_file_of(fd);
    err e = segments_add(&b->segments, &b->file[b->segments.count]);
    if (err_is(e)) {
        close(fd);
        return e.code == ERR_MALFORMED ? FAIL(FORGED, "the header of a log segment is damaged") : e;
    }
    return b->segments.first + b->segments.count - 1 == number
               ? OK
               : FAIL(FORGED, "a log segment has the name of another");
}

static err segments_take(struct book *b, const char *path, struct dirent **list, int count)
{
    int dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    err e = dirfd < 0 ? FAIL(IO, "the folder of a log cannot be opened") : OK;
    for (int i = 0; i < count && !err_is(e); i++) {
        e = segment_take(b, dirfd, list[i]->d_name);
    }
    if (dirfd >= 0) {
        close(dirfd);
    }
    return e;
}

static err book_open(struct book *b, const char *dir, const char *log)
{
    char            store[FILE_PATH_MAX], path[FILE_PATH_MAX];
    struct dirent **list = NULL;
    struct rlimit   files = {SEGMENTS_MAX + 64, SEGMENTS_MAX + 64};
    TRY(file_path(store, dir, "store"));
    TRY(file_path(path, store, log));
    (void)setrlimit(RLIMIT_NOFILE, &files); /* refused: then a very long log fails below */
    int count = scandir(path, &list, is_segment, alphasort);
    err e = count <= 0 ? OK : segments_take(b, path, list, count);
    for (int i = 0; i < count; i++) {
        free(list[i]);
    }
    free((void *)list);
    return e;
}

static void book_close(struct book *b)
{
    for (size_t i = 0; i < b->segments.count; i++) {
        close(b->file[i].fd);
    }
    free(b->window.buf);
    free(b);
}

static bool zeros(span s)
{
    uint8_t any = 0;
    for (size_t i = 0; i < s.len; i++) {
        any |= s.ptr[i];
    }
    return any == 0;
}

/* The rest of one file, which must be empty. */
static err rest_check(struct book *b, uint64_t from)
{
    const struct segments *s = &b->segments;
    uint64_t               end = from - from % s->bytes + s->bytes;
    while (from < end) {
        size_t len = end - from < LOG_READ_AHEAD ? (size_t)(end - from) : LOG_READ_AHEAD;
        span   piece;
        b->window.len = 0;
        TRY(log_window_take(&b->window, s, from, len, end, &piece));
        if (!zeros(piece)) {
            return FAIL(FORGED, "there are bytes in a log that are no record: damage, or what a "
                                "power cut tore before the gateway started again");
        }
        from += len;
    }
    return OK;
}

static err tail_check(struct book *b, uint64_t from)
{
    const struct segments *s = &b->segments;
    for (; segments_has(s, from); from = segments_next(s, from)) {
        TRY(rest_check(b, from));
    }
    return OK;
}

static bool is_record(const struct log_item *item)
{
    return item->kind == RECORD_DURABLE || item->kind == RECORD_LIVE;
}

/* One record, or the end; a writer may be about to finish what is not whole yet. */
static err item_or_end(struct book *b, uint64_t at, struct log_item *item, bool *end)
{
    const struct timespec pause = {0, 100 * 1000 * 1000};
    err                   e = OK;
    for (unsigned i = 0; i < TRIES; i++) {
        e = log_item_at(&b->window, &b->segments, at, segments_end(&b->segments), item);
        if (e.code != ERR_FORGED) {
            return e;
        }
        e = tail_check(b, at);
        if (!err_is(e)) {
            *end = true;
            return OK;
        }
        b->window.len = 0;
        (void)nanosleep(&pause, NULL);
    }
    return e;
}

static err walk(struct book *b, book_take *take, void *ctx, struct book_end *out)
{
    bool            end = false;
    struct log_item item;
    out->position = segments_start(&b->segments);
    while (segments_has(&b->segments, out->position)) {
        TRY(item_or_end(b, out->position, &item, &end));
        if (end) {
            return OK;
        }
        uint64_t after = log_after(&b->segments, &item);
        if (is_record(&item)) {
            out->records++;
            TRY(take(ctx, &item));
        }
        if (item.kind == RECORD_END && segments_has(&b->segments, item.next) &&
            item.next % b->segments.bytes != 0) {
            TRY(rest_check(b, item.next));
        }
        out->position = after;
    }
    return OK;
}

err book_read(const char *dir, const char *log, book_take *take, void *ctx, struct book_end *end)
{
    struct book *b = calloc(1, sizeof *b);
    MUST(b != NULL);
    *end = (struct book_end){0};
    b->window = (struct log_window){.buf = malloc(WINDOW_LEN), .max = WINDOW_LEN};
    MUST(b->window.buf != NULL);
    err e = book_open(b, dir, log);
    end->segments = b->segments.count;
    end->whole = b->segments.first == 0;
    if (err_is(e)) {
        end->position = segments_end(&b->segments);
    } else if (b->segments.count > 0) {
        e = walk(b, take, ctx, end);
    }
    book_close(b);
    return e;
}
