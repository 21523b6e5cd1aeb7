/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/hand.h"
#include "accordd/presence.h"

#include "store/segment.h"
#include "wire/request.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX 8192

/* Descriptors are the channel's when it took the message, else they are closed here. */
static err hand(struct channel *to, const struct writer *w, const int *fd, size_t fds)
{
    struct message m = {.fds = fds};
    err            e = writer_end(w, &m.bytes);
    for (size_t i = 0; i < fds; i++) {
        m.fd[i] = fd[i];
    }
    e = err_is(e) ? e : channel_send(to, &m);
    for (size_t i = 0; err_is(e) && i < fds; i++) {
        close(fd[i]);
    }
    return e;
}

static err copy_of(int fd, int *out)
{
    *out = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return *out >= 0 ? OK : FAIL(IO, "a descriptor could not be copied");
}

/* ---- party and files ---- */

static err hand_party(struct channel *to, const struct party *p)
{
    uint8_t       bytes[SETTINGS_MAX + 64], text[SETTINGS_MAX];
    struct writer w = WRITER_OF(bytes), settings = WRITER_OF(text);
    span          all;
    party_settings(p, &settings);
    TRY(writer_end(&settings, &all));
    put_u8(&w, CONTROL_PARTY);
    put_name(&w, &p->config.party);
    put_block16(&w, all);
    return hand(to, &w, NULL, 0);
}

/* The folder is the desk's own: who only names it needs no right to look into it. */
static err drop_open(const struct party *p, int *out)
{
    const char *path = p->config.drop;
    (void)mkdirat(p->dir, path, 0770);
    *out = openat(p->dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 ? OK : FAIL(UNKNOWN, "the folder that `drop` names cannot be opened");
}

/* The guard writes it; it may lie on another disk, and is made when it is not there. */
static err counter_open(const struct party *p, int *out)
{
    struct stat s;
    *out = openat(p->dir, p->config.counter, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*out < 0 || fstat(*out, &s) != 0 || !S_ISREG(s.st_mode) || (s.st_mode & 077) != 0) {
        if (*out >= 0) {
            close(*out);
        }
        return FAIL(IO, "the file that `counter` names cannot be opened, or is open to others");
    }
    return OK;
}

/* out   -1 when it is optional and not there */
static err file_open(enum file_name file, const struct party *p, const struct stores *s, int *out)
{
    const struct file_role *r = file_role(file);
    *out = -1;
    if (file == FILE_SLOTS) {
        return copy_of(s->slots, out);
    }
    if (file == FILE_COUNTER) {
        return counter_open(p, out);
    }
    if (file == FILE_DROP) {
        return p->config.drop[0] != 0 ? drop_open(p, out) : OK;
    }
    if (file == FILE_WALL) {
        return p->wall >= 0 ? copy_of(p->wall, out) : OK;
    }
    if (file == FILE_PRESENCE) {
        *out = presence_open(p); /* the desk tells that it has none */
        return OK;
    }
    *out = openat(p->dir, r->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 || r->optional ? OK : FAIL(UNKNOWN, "a file of the party is missing");
}

static err hand_files(struct channel *to, enum process process, const struct party *p,
                      const struct stores *s, const int *key)
{
    set64 files = process_role(process)->files;
    for (unsigned f = set_next(files, 0); f < FILE_COUNT; f = set_next(files, f + 1)) {
        uint8_t       bytes[2];
        struct writer w = WRITER_OF(bytes);
        int           fd;
        TRY(key != NULL && key[f] >= 0 ? copy_of(key[f], &fd)
                                       : file_open((enum file_name)f, p, s, &fd));
        put_u8(&w, CONTROL_FILE);
        put_u8(&w, (uint8_t)f);
        if (fd >= 0) {
            TRY(hand(to, &w, &fd, 1));
        }
    }
    return OK;
}

/* ---- logs ---- */

static bool has_use(enum process p, enum log_name log, enum log_use use)
{
    const struct log_role *r = log_role(log);
    return use == LOG_WRITES ? r->writer == p : set_has(r->readers, (unsigned)p);
}

/* page - what is handed over of a log: its marks, or what was passed of it and the sums, and then the bells of these processes */
struct page {
    uint8_t message;    /* enum control */
    int     fd, beside; /* -1: nothing */
    set64   bells;
};

static err hand_page(struct channel *to, const struct stores *s, enum log_name log,
                     enum log_use use, const struct page *page)
{
    uint8_t       bytes[3];
    struct writer w = WRITER_OF(bytes);
    int           fd[MESSAGE_FDS_MAX];
    size_t        fds = 0;
    put_u8(&w, page->message);
    put_u8(&w, (uint8_t)log);
    put_u8(&w, (uint8_t)use);
    TRY(copy_of(page->fd, &fd[fds++]));
    if (page->beside >= 0) {
        TRY(copy_of(page->beside, &fd[fds++]));
    }
    for (unsigned r = 0; r < PROCESS_COUNT; r++) {
        if (set_has(page->bells, r) && s->log[log].bell[r] >= 0) {
            MUST(fds < MESSAGE_FDS_MAX);
            TRY(copy_of(s->log[log].bell[r], &fd[fds++]));
        }
    }
    return hand(to, &w, fd, fds);
}

/* A writer rings all readers but those who wait until it was looked at; a reader listens to its own bell. */
static err hand_log(struct channel *to, enum process p, const struct stores *s, enum log_name log,
                    enum log_use use)
{
    const struct stores_log *l = &s->log[log];
    const struct log_role   *role = log_role(log);
    bool                     writes = use == LOG_WRITES;
    const struct page        marks = {CONTROL_LOG, writes ? l->marks : l->marks_ro, -1,
                               writes ? role->readers & ~role->behind : set_one((unsigned)p)};
    return hand_page(to, s, log, use, &marks);
}

/* To who looks, and to those who wait for it. */
static err hand_passing(struct channel *to, enum process p, const struct stores *s,
                        enum log_name log)
{
    const struct stores_log *l = &s->log[log];
    set64                    behind = log_role(log)->behind;
    const struct page        all = {CONTROL_PASSING, l->passing, l->looked, behind},
                      read = {CONTROL_PASSING, l->passing_ro, l->looked_ro, 0};
    if (p == PROCESS_CHECK && behind != 0) {
        return hand_page(to, s, log, LOG_WRITES, &all);
    }
    return set_has(behind, (unsigned)p) ? hand_page(to, s, log, LOG_READS, &read) : OK;
}

static err hand_one(struct channel *to, const struct stores *s, enum log_name log, enum log_use use,
                    uint64_t number)
{
    uint8_t          bytes[11];
    struct writer    w = WRITER_OF(bytes);
    int              fd = -1;
    enum segment_use how = use == LOG_WRITES ? SEGMENT_WRITE : SEGMENT_READ;
    put_u8(&w, CONTROL_SEGMENT);
    put_u8(&w, (uint8_t)log);
    put_u8(&w, (uint8_t)use);
    put_u64(&w, number);
    TRY(segment_open(s->log[log].dir, number, how, &fd));
    return hand(to, &w, &fd, 1);
}

err hand_segment(struct channel *to, enum process p, const struct stores *s, enum log_name log,
                 uint64_t number)
{
    for (unsigned use = 0; use < LOG_USE_COUNT; use++) {
        if (has_use(p, log, (enum log_use)use)) {
            TRY(hand_one(to, s, log, (enum log_use)use, number));
        }
    }
    return OK;
}

static err hand_logs(struct channel *to, enum process p, const struct stores *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        const struct stores_log *l = &s->log[log];
        for (unsigned use = 0; use < LOG_USE_COUNT; use++) {
            if (has_use(p, (enum log_name)log, (enum log_use)use)) {
                TRY(hand_log(to, p, s, (enum log_name)log, (enum log_use)use));
            }
        }
        TRY(hand_passing(to, p, s, (enum log_name)log));
        for (uint64_t n = l->first; n < l->first + l->count; n++) {
            TRY(hand_segment(to, p, s, (enum log_name)log, n));
        }
    }
    return OK;
}

err hand_all(struct channel *to, enum process p, const struct party *party,
             const struct stores *stores, const int *key)
{
    TRY(hand_party(to, party));
    TRY(hand_files(to, p, party, stores, key));
    return hand_logs(to, p, stores);
}

err hand_channel(struct channel *to, uint8_t caller, int fd)
{
    uint8_t       bytes[2];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, CONTROL_CHANNEL);
    put_u8(&w, caller);
    return hand(to, &w, &fd, 1);
}

err hand_word(struct channel *to, enum control word)
{
    uint8_t       bytes[1];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, (uint8_t)word);
    return hand(to, &w, NULL, 0);
}

err hand_drop(struct channel *to, enum log_name log, uint64_t before)
{
    uint8_t       bytes[10];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, CONTROL_DROP);
    put_u8(&w, (uint8_t)log);
    put_u64(&w, before);
    return hand(to, &w, NULL, 0);
}
