/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/stores.h"

#include "accordd/tell.h"
#include "crypt/random.h"
#include "loop/doorbell.h"
#include "loop/loop.h"
#include "store/log.h"
#include "store/looked.h"
#include "store/passing.h"
#include "store/retention.h"
#include "store/slots.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SLOTS_NAME   "slots"
#define SLOTS_DRAFT  "slots.new" /* gets its name when it is whole */
#define DIGITS       16          /* of a segment's name */
#define PASSING_NAME "passing"   /* beside the segments of a log that somebody inspects */
#define LOOKED_NAME  "looked"    /* beside it */
#define PAGE         4096
_Static_assert(sizeof(struct log_marks) <= PAGE, "the marks are a page");

/* Bytes a millisecond: a log that grows faster takes in a stream of products, which is synced in large
 * groups.  Reports at their fastest make less. */
#define STREAM_RATE 32000

static err folder_open(int in, const char *path, int *out)
{
    if (mkdirat(in, path, 0700) != 0 && errno != EEXIST) {
        return FAIL(IO, "a folder of the store could not be made");
    }
    *out = openat(in, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 ? OK : FAIL(IO, "a folder of the store could not be opened");
}

/* ---- segments ---- */

/* Other names, such as a draft that a crash left, are not segments. */
static bool number_of(const char *text, uint64_t *out)
{
    uint8_t bytes[DIGITS / 2];
    if (strlen(text) != DIGITS || err_is(text_hex(span_text(text), bytes, sizeof bytes))) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        *out = *out << 8 | bytes[i];
    }
    return true;
}

static err segments_find(struct stores_log *l)
{
    uint64_t last = 0, number, count = 0;
    int      fd = openat(l->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR     *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL) {
        return FAIL(IO, "a folder of the store could not be read");
    }
    l->first = UINT64_MAX;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (number_of(e->d_name, &number)) {
            l->first = number < l->first ? number : l->first;
            last = number > last ? number : last;
            count++;
        }
    }
    closedir(d);
    l->first = count > 0 ? l->first : 0;
    l->count = count;
    return count == 0 || last - l->first == count - 1
               ? OK
               : FAIL(CONFLICT, "a log in the store lacks a segment between others");
}

/* What is there keeps its size, whatever accord.conf says by now. */
static err segments_size(struct stores_log *l, const char *log_word)
{
    uint8_t             bytes[SEGMENT_HEAD_LEN];
    struct segment_head head;
    int                 fd = -1;
    TRY(segment_open(l->dir, l->first, SEGMENT_READ, &fd));
    struct block_file file = block_file_of(fd);
    err               e = block_read(&file, 0, bytes, sizeof bytes);
    close(fd);
    TRY(e);
    TRY(segment_head_read(bytes, &head));
    if (!span_is(name_span(&head.log), log_word) || head.number != l->first) {
        return FAIL(CONFLICT, "a folder of the store holds the segments of another log");
    }
    l->bytes = head.bytes;
    return OK;
}

typedef err segment_maker(int dirfd, const struct segment_head *h, int *fd);

/* The last one was the spare then; it is being written to when the next is asked for. */
static segment_maker *maker_of(const struct stores_log *l, int64_t now_ms)
{
    bool stream = l->made_ms > 0 && (now_ms - l->made_ms) * STREAM_RATE < l->bytes;
    return stream ? segment_reserve : segment_create;
}

/* What was looked at finds a place when the disk is full, as its record did. */
static err looked_reserve(const struct stores_log *l, uint64_t number)
{
    uint64_t from = looked_size(number * l->bytes), to = looked_size((number + 1) * l->bytes);
    int failed = l->looked < 0 ? 0 : posix_fallocate(l->looked, (off_t)from, (off_t)(to - from));
    return failed == 0        ? OK
           : failed == ENOSPC ? FAIL(FULL, "there is no room for the sums of what is looked at")
                              : FAIL(IO, "no room could be made for the sums of what is looked at");
}

static err segment_make(struct stores_log *l, const char *log_word, segment_maker *make)
{
    struct segment_head head = {.number = l->first + l->count, .bytes = l->bytes};
    int                 fd = -1;
    TRY(name_of(span_text(log_word), &head.log));
    TRY(looked_reserve(l, head.number));
    random_fill(random_system(), head.salt, sizeof head.salt);
    TRY(make(l->dir, &head, &fd));
    close(fd); /* each process gets a descriptor of its own */
    l->count++;
    return OK;
}

err stores_spare(struct stores *s, enum log_name log, uint64_t number, bool *made)
{
    struct stores_log *l = &s->log[log];
    *made = false;
    if (number == l->first + l->count) {
        int64_t now_ms = loop_clock_now().boot_ms;
        TRY(segment_make(l, log_role(log)->name, maker_of(l, now_ms)));
        l->made_ms = now_ms;
        *made = true;
        return OK;
    }
    return number < l->first + l->count
               ? OK
               : FAIL(MALFORMED, "a process wants a segment that is not the next");
}

/* ---- what is no longer needed ---- */

static err segment_written(const struct stores_log *l, uint64_t number, instant *out)
{
    struct stat s;
    int         fd = -1;
    TRY(segment_open(l->dir, number, SEGMENT_READ, &fd));
    int failed = fstat(fd, &s);
    close(fd);
    *out = (instant)s.st_mtim.tv_sec * MS_PER_SECOND + s.st_mtim.tv_nsec / 1000000;
    return failed == 0 ? OK : FAIL(IO, "a segment of a log could not be looked at");
}

static uint64_t least_need(const struct stores_log *l, set64 readers)
{
    uint64_t least = UINT64_MAX;
    for (unsigned p = set_next(readers, 0); p < PROCESS_COUNT; p = set_next(readers, p + 1)) {
        least = l->need[p] < least ? l->need[p] : least;
    }
    return readers == 0 ? 0 : least;
}

/* Where a file system knows no holes they stay: an eighth of what the log took. */
static void looked_release(const struct stores_log *l, uint64_t number)
{
    off_t to = (off_t)(looked_size((number + 1) * l->bytes) / PAGE * PAGE);
    if (l->looked >= 0 && to > PAGE) {
        (void)fallocate(l->looked, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, to - PAGE);
    }
}

err stores_retain(struct stores *s, enum log_name log, instant keep_ms, instant now,
                  uint64_t *before)
{
    struct stores_log *l = &s->log[log];
    struct retention   r = {least_need(l, log_role(log)->readers), l->bytes, keep_ms};
    *before = l->first;
    while (l->count > 2) {
        struct segment_age age = {.number = l->first};
        TRY(segment_written(l, l->first, &age.written));
        if (segments_to_drop(&age, 1, &r, now) == 0) {
            return OK;
        }
        TRY(segment_remove(l->dir, l->first));
        looked_release(l, l->first);
        l->first++;
        l->count--;
        *before = l->first;
    }
    return OK;
}

err stores_room(const struct stores *s, enum log_name log, struct stores_room *out)
{
    const struct stores_log *l = &s->log[log];
    struct statvfs           disk;
    if (fstatvfs(l->dir, &disk) != 0) {
        return FAIL(IO, "the disk of a log could not be asked for its room");
    }
    out->free = (uint64_t)disk.f_bavail * disk.f_frsize;
    out->bytes = l->count * l->bytes;
    return segment_written(l, l->first, &out->since);
}

/* ---- marks and bells ---- */

/* Readers get the page through a descriptor that was opened for reading, so that they cannot map it
 * for writing. */
static err marks_make(struct stores_log *l)
{
    char path[64];
    l->marks = memfd_create("accord-marks", MFD_CLOEXEC);
    if (l->marks < 0 || fchmod(l->marks, 0600) != 0 || ftruncate(l->marks, PAGE) != 0) {
        return FAIL(IO, "the system gave no page for a log's marks");
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", l->marks);
    l->marks_ro = open(path, O_RDONLY | O_CLOEXEC);
    return l->marks_ro >= 0 ? OK : FAIL(IO, "the system gave no page for a log's marks");
}

/* Nobody else may write what the inspector says. */
static err own_open(int dir, const char *path, int *all, int *read)
{
    struct stat s;
    *all = openat(dir, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*all < 0) {
        return FAIL(IO, "the file of what was passed of a log cannot be opened");
    }
    if (fstat(*all, &s) != 0 || !S_ISREG(s.st_mode) || (s.st_mode & 077) != 0 ||
        s.st_uid != geteuid()) {
        return FAIL(IO, "the file of what was passed of a log cannot be looked at, is open to "
                        "others, or belongs to somebody else");
    }
    *read = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return *read >= 0 ? OK : FAIL(IO, "the file of what was passed of a log cannot be opened");
}

/* Filled, so that who maps it never lacks a page of the disk. */
static err passing_fill(int fd)
{
    static const uint8_t zeros[PASSING_BYTES];
    struct stat          s;
    if (fstat(fd, &s) == 0 && s.st_size == PASSING_BYTES) {
        return OK;
    }
    bool made =
        ftruncate(fd, 0) == 0 && pwrite(fd, zeros, sizeof zeros, 0) == (ssize_t)sizeof zeros;
    return made && fsync(fd) == 0 ? OK
                                  : FAIL(FULL, "there is no room for what was passed of a log");
}

/* Which log, since an err has a literal sentence */
static void tell_of(const char *sentence, const struct log_role *role)
{
    struct note_fact fact = {"log", span_text(role->name)};
    tell(sentence, &fact, 1);
}

/* One that is new, or cut, has the sums of nothing: what was passed by others is looked at again. */
static err looked_fill(int fd, bool *begun)
{
    static const uint8_t head[] = LOOKED_HEAD;
    uint8_t              is[sizeof head] = {0};
    *begun = pread(fd, is, sizeof is, 0) == (ssize_t)sizeof is && memcmp(is, head, sizeof is) == 0;
    bool made =
        *begun || (ftruncate(fd, 0) == 0 &&
                   pwrite(fd, head, sizeof head, 0) == (ssize_t)sizeof head && fsync(fd) == 0);
    return made ? OK : FAIL(FULL, "there is no room for the sums of what is looked at");
}

static err looked_open(struct stores_log *l, bool *begun)
{
    err e = OK;
    TRY(own_open(l->dir, LOOKED_NAME, &l->looked, &l->looked_ro));
    TRY(looked_fill(l->looked, begun));
    for (uint64_t n = l->first; n < l->first + l->count && !err_is(e); n++) {
        e = looked_reserve(l, n);
    }
    return e.code == ERR_FULL ? OK : e; /* who looks finds no room either, and tells it */
}

/* It stays when accordd ends; of what it says now only what was on the medium counts. */
static err passing_open(struct stores_log *l, const struct log_role *role, bool begun)
{
    TRY(own_open(l->dir, PASSING_NAME, &l->passing, &l->passing_ro));
    TRY(passing_fill(l->passing));
    void *at = mmap(NULL, PASSING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, l->passing, 0);
    if (at == MAP_FAILED) {
        return FAIL(IO, "the file of what was passed of a log cannot be mapped");
    }
    if (!passing_begin(at)) {
        tell_of("what was passed of an outbox is damaged: all of it is looked at again", role);
    }
    if (!begun && passing_see(at).passed > 0) {
        tell_of("the sums of what was passed of an outbox are gone: all of it is looked at again",
                role);
        passing_forget(at);
    }
    munmap(at, PASSING_BYTES);
    return OK;
}

static err inspected_open(struct stores_log *l, const struct log_role *role)
{
    bool begun = false;
    TRY(looked_open(l, &begun));
    return passing_open(l, role, begun);
}

static err bells_make(struct stores_log *l, const struct log_role *role)
{
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        l->bell[p] = -1;
        if (set_has(role->readers, p) && p != role->writer) {
            TRY(doorbell_make(&l->bell[p]));
        }
    }
    return OK;
}

static err log_open(struct stores *s, enum log_name log, const struct party *p)
{
    const struct log_role *role = log_role(log);
    struct stores_log     *l = &s->log[log];
    l->bytes = party_segment_bytes(p, log);
    TRY(folder_open(s->dir, role->name, &l->dir));
    TRY(segments_find(l));
    if (l->count > 0) {
        TRY(segments_size(l, role->name));
    }
    l->passing = l->passing_ro = l->looked = l->looked_ro = -1;
    err e = role->behind != 0 ? inspected_open(l, role) : OK;
    if (err_is(e)) {
        tell_of(e.why, role);
        return e;
    }
    while (l->count < 2 && !err_is(e)) {
        e = segment_make(l, role->name, segment_create);
    }
    if (err_is(e) && ((e.code != ERR_FULL && e.code != ERR_IO) || l->count == 0)) {
        return e; /* with one of them the log can be read; its writer asks for the other */
    }
    TRY(marks_make(l));
    return bells_make(l, role);
}

/* ---- slots ---- */

static err slots_make(struct stores *s, const struct party *p)
{
    struct slots_plan plan = {.file = SLOTS_DRAFT, .count = (uint32_t)p->config.slots};
    random_fill(random_system(), plan.salt, sizeof plan.salt);
    (void)unlinkat(s->dir, SLOTS_DRAFT, 0);
    TRY(slots_create(s->dir, &plan, &s->slots));
    if (renameat(s->dir, SLOTS_DRAFT, s->dir, SLOTS_NAME) != 0 || fsync(s->dir) != 0) {
        return FAIL(IO, "the file of key slots could not be named");
    }
    return OK;
}

/* An empty table beside a ledger that has leaves would look like keys that were destroyed. */
static err slots_find(struct stores *s, const struct party *p)
{
    s->slots = openat(s->dir, SLOTS_NAME, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (s->slots >= 0) {
        return OK;
    }
    if (errno != ENOENT) {
        return FAIL(IO, "the file of key slots could not be opened");
    }
    if (faccessat(s->dir, log_role(LOG_LEDGER)->name, F_OK, AT_EACCESS) == 0) {
        return FAIL(STATE, "the ledger is there, but the file of key slots is missing");
    }
    return slots_make(s, p);
}

err stores_open(struct stores *s, const struct party *p)
{
    *s = (struct stores){.dir = -1, .slots = -1};
    TRY(folder_open(p->dir, "store", &s->dir));
    TRY(slots_find(s, p));
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        TRY(log_open(s, (enum log_name)log, p));
    }
    return fsync(s->dir) == 0 ? OK : FAIL(IO, "the folder of the store could not be synced");
}
