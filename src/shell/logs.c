/* SPDX-License-Identifier: Apache-2.0 */
#include "shell/parts.h"

#include "loop/doorbell.h"

#include <sys/mman.h>
#include <unistd.h>

#define ASK_AGAIN_MS 1000 /* a disk that is full may have room later */

/* ---- what is handed over ---- */

static void *map_marks(int fd, int protection)
{
    void *at = mmap(NULL, sizeof(struct log_marks), protection, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? NULL : at;
}

static err written_taken(struct shell *s, uint8_t log, const struct message *m)
{
    size_t            len = s->plan.write_buffer[log];
    struct log_marks *marks = map_marks(m->fd[0], PROT_READ | PROT_WRITE);
    if (s->written[log] != NULL || marks == NULL) {
        return FAIL(MALFORMED, "accordd handed over the marks of a log twice, or no marks");
    }
    struct shell_written *w = shell_zeros(sizeof *w);
    w->name = (enum log_name)log;
    w->shell = s;
    w->marks = marks;
    w->buffer = shell_zeros(len > 0 ? len : SHELL_BUFFER_MAX);
    w->bells = m->fds - 1;
    memcpy(w->bell, &m->fd[1], w->bells * sizeof w->bell[0]);
    s->written[log] = w;
    close(m->fd[0]);
    return OK;
}

static err read_taken(struct shell *s, uint8_t log, const struct message *m)
{
    const struct log_marks *marks = map_marks(m->fd[0], PROT_READ);
    if (s->read[log] != NULL || marks == NULL || m->fds > 2) {
        return FAIL(MALFORMED, "accordd handed over the marks of a log twice, or no marks");
    }
    struct shell_read *r = shell_zeros(sizeof *r);
    r->name = (enum log_name)log;
    r->shell = s;
    r->marks = marks;
    r->bell = m->fds == 2 ? m->fd[1] : -1;
    s->read[log] = r;
    close(m->fd[0]);
    return OK;
}

err log_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t log = read_u8(fields);
    uint8_t use = read_u8(fields);
    TRY(reader_end(fields));
    if (log >= LOG_COUNT || use >= LOG_USE_COUNT) {
        return FAIL(MALFORMED, "accordd handed over a log that nobody knows");
    }
    return use == LOG_WRITES ? written_taken(s, log, m) : read_taken(s, log, m);
}

/* ---- what was passed ---- */

static err passing_writes(struct shell *s, uint8_t log, const struct message *m, void *page)
{
    struct shell_passing *p = &s->passing[log];
    if (p->page != NULL) {
        return FAIL(MALFORMED, "accordd handed over twice what was passed of a log");
    }
    p->page = page;
    p->fd = m->fd[0];
    p->looked = block_file_of(m->fd[1]);
    p->bells = m->fds - 2;
    memcpy(p->bell, &m->fd[2], p->bells * sizeof p->bell[0]);
    return OK;
}

static err passing_reads(struct shell *s, uint8_t log, const struct message *m, const void *page)
{
    struct shell_read *r = s->read[log];
    if (r->passing != NULL || m->fds > 2) {
        return FAIL(MALFORMED, "accordd handed over twice what was passed of a log");
    }
    r->passing = page;
    r->looked = block_file_of(m->fd[1]);
    close(m->fd[0]);
    return OK;
}

err passing_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t log = read_u8(fields);
    uint8_t use = read_u8(fields);
    TRY(reader_end(fields));
    if (log >= LOG_COUNT || use >= LOG_USE_COUNT || s->read[log] == NULL) {
        return FAIL(MALFORMED,
                    "accordd handed over what was passed of a log that is not read here");
    }
    int   how = use == LOG_WRITES ? PROT_READ | PROT_WRITE : PROT_READ;
    void *page = mmap(NULL, PASSING_BYTES, how, MAP_SHARED, m->fd[0], 0);
    if (page == MAP_FAILED) {
        return FAIL(IO, "what was passed of a log cannot be mapped");
    }
    return use == LOG_WRITES ? passing_writes(s, log, m, page) : passing_reads(s, log, m, page);
}

struct shell_passing *shell_passing_of(struct shell *s, enum log_name log)
{
    MUST(log < LOG_COUNT && s->passing[log].page != NULL);
    return &s->passing[log];
}

/* The last is the desk's, where people wait. */
static void bells_ring(const int *bell, size_t count)
{
    while (count-- > 0) {
        doorbell_ring(bell[count]);
    }
}

void shell_passed(struct shell *s, enum log_name log)
{
    const struct shell_passing *p = shell_passing_of(s, log);
    bells_ring(p->bell, p->bells);
}

/* ---- segments ---- */

static struct block_file *place_of(struct shell_segments *g, size_t i)
{
    return &g->file[(g->first + i) % SEGMENTS_MAX];
}

static struct block_file *keep(struct shell_segments *g, int fd)
{
    struct block_file *file = place_of(g, g->count++);
    *file = block_file_of(fd);
    return file;
}

/* room_for - the next segment, and there is a place for it; the first that comes names the number */
static bool room_for(struct shell_segments *g, uint64_t number)
{
    g->first = g->count == 0 ? number : g->first;
    return g->count < SEGMENTS_MAX && number == g->first + g->count;
}

/* The descriptor is the log's as soon as it was kept, so what fails after that is no longer told as
 * a failure of the message: the process ends. */
static void written_grows(struct shell *s, struct shell_written *w, int fd)
{
    struct block_file *file = keep(&w->segments, fd);
    err                e = s->going ? log_add_segment(&w->writer, file) : OK;
    w->asked_ms = 0;
    if (err_is(e)) {
        shell_fail(s, e);
    }
}

static void read_grows(struct shell *s, struct shell_read *r, int fd)
{
    struct block_file *file = keep(&r->segments, fd);
    for (struct shell_reader *one = r->reader; one != NULL; one = one->next) {
        err e = log_reader_add_segment(&one->log, file);
        if (err_is(e)) {
            shell_fail(s, e);
        }
    }
    if (s->running && r->bell >= 0 && s->plan.on_log != NULL) {
        s->plan.on_log(s->plan.ctx, r->name);
    }
}

err segment_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t  log = read_u8(fields);
    uint8_t  use = read_u8(fields);
    uint64_t number = read_u64(fields);
    TRY(reader_end(fields));
    struct shell_written *w = log < LOG_COUNT && use == LOG_WRITES ? s->written[log] : NULL;
    struct shell_read    *r = log < LOG_COUNT && use == LOG_READS ? s->read[log] : NULL;
    if (w != NULL && room_for(&w->segments, number)) {
        written_grows(s, w, m->fd[0]);
        return OK;
    }
    if (r != NULL && room_for(&r->segments, number)) {
        read_grows(s, r, m->fd[0]);
        return OK;
    }
    return FAIL(MALFORMED, "accordd handed over a segment of a log that is not this process's");
}

/* ---- what is no longer kept ---- */

static void files_close(struct shell_segments *g, uint64_t before)
{
    for (; g->count > 0 && g->first < before; g->first++, g->count--) {
        close(place_of(g, 0)->fd);
    }
}

static void written_shrinks(struct shell_written *w, uint64_t before)
{
    while (w->writer.segments.count > 0 && w->writer.segments.first < before &&
           log_forget_segment(&w->writer) != NULL) {
    }
    files_close(&w->segments, w->writer.segments.first);
}

static void read_shrinks(struct shell_read *r, uint64_t before)
{
    for (struct shell_reader *one = r->reader; one != NULL; one = one->next) {
        log_reader_drop(&one->log, before);
    }
    files_close(&r->segments, before);
}

err drop_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    (void)m;
    uint8_t  log = read_u8(fields);
    uint64_t before = read_u64(fields);
    TRY(reader_end(fields));
    if (log >= LOG_COUNT) {
        return FAIL(MALFORMED, "accordd takes away segments of a log that nobody knows");
    }
    if (s->written[log] != NULL && s->running) {
        written_shrinks(s->written[log], before);
    }
    if (s->read[log] != NULL) {
        read_shrinks(s->read[log], before);
    }
    return OK;
}

/* ---- at the start ---- */

static void list_files(struct shell_segments *g, struct block_file **list)
{
    for (size_t i = 0; i < g->count; i++) {
        list[i] = place_of(g, i);
    }
}

static err writer_open(struct shell *s, enum log_name log)
{
    struct shell_written *w = s->written[log];
    struct block_file    *file[SEGMENTS_MAX];
    size_t                len = s->plan.write_buffer[log];
    list_files(&w->segments, file);
    struct log_storage storage = {.file = file,
                                  .count = w->segments.count,
                                  .marks = w->marks,
                                  .buf = w->buffer,
                                  .buf_len = len > 0 ? len : SHELL_BUFFER_MAX};
    struct log_end     found = {0};
    err                e = log_writer_open(&w->writer, &storage, &found);
    if (e.code == ERR_FORGED) {
        shell_note_place(s, "a log is damaged", &w->writer.segments.log, found.end);
    }
    return e;
}

err writers_open(struct shell *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        if (s->written[log] != NULL) {
            TRY(writer_open(s, (enum log_name)log));
        }
    }
    return OK;
}

static void bell_rings(void *ctx, uint32_t events)
{
    struct shell_read *r = ctx;
    (void)events;
    (void)doorbell_answer(r->bell);
    if (r->shell->plan.on_log != NULL) {
        r->shell->plan.on_log(r->shell->plan.ctx, r->name);
    }
}

err bells_watch(struct shell *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        struct shell_read *r = s->read[log];
        uint32_t           id;
        if (r != NULL && r->bell >= 0) {
            TRY(loop_add(&s->loop, r->bell, EPOLLIN, bell_rings, r, &id));
        }
    }
    return OK;
}

void logs_begin(struct shell *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        if (s->read[log] != NULL && s->read[log]->bell >= 0 && s->plan.on_log != NULL) {
            s->plan.on_log(s->plan.ctx, (enum log_name)log);
        }
        if (s->written[log] != NULL) {
            shell_flushed(s, (enum log_name)log); /* what a former writer had not yet told */
        }
    }
}

/* ---- damage ---- */

void shell_note_place(struct shell *s, const char *sentence, const name *log, uint64_t position)
{
    uint8_t          number[24];
    struct writer    w = WRITER_OF(number);
    struct note_fact fact[] = {{.key = "log", .value = name_span(log)}, {.key = "position"}};
    put_decimal(&w, position);
    fact[1].value = writer_span(&w);
    shell_note(s, sentence, fact, 2);
}

/* A reader stays at the record that is damaged, so it says once more what it said. */
void damage_tell(struct shell *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        struct shell_reader *r = s->read[log] != NULL ? s->read[log]->reader : NULL;
        for (; r != NULL; r = r->next) {
            struct log_item item;
            bool            more;
            err             e = log_next(&r->log, &item, &more);
            if (e.code == ERR_FORGED) {
                shell_note_place(s, "a log is damaged", &r->log.segments.log, r->log.at);
                break; /* its other readers would say the same */
            }
        }
    }
}

/* ---- spares ---- */

static void nothing(void *ctx)
{
    (void)ctx; /* the end of the turn asks */
}

static err want(struct shell *s, enum log_name log, struct shell_written *w)
{
    const struct segments *g = &w->writer.segments;
    uint8_t                bytes[16];
    struct writer          out = WRITER_OF(bytes);
    put_u8(&out, CONTROL_WANT);
    put_u8(&out, (uint8_t)log);
    put_u64(&out, g->first + g->count);
    w->asked_ms = s->loop.now.boot_ms;
    s->again.due = nothing;
    TRY(loop_timer_set(&s->loop, &s->again, w->asked_ms + ASK_AGAIN_MS));
    return control_send(s, writer_span(&out));
}

err logs_turn(struct shell *s)
{
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        struct shell_written *w = s->written[log];
        if (w == NULL) {
            continue;
        }
        TRY(log_alive(&w->writer)); /* what failed may be a write that nobody waits for */
        bool wants = log_wants_segment(&w->writer);
        bool asked = wants && w->asked_ms > 0 && s->loop.now.boot_ms - w->asked_ms < ASK_AGAIN_MS;
        if (wants && !asked) {
            TRY(want(s, (enum log_name)log, w));
        }
    }
    return OK;
}

/* ---- for the machines ---- */

struct log_writer *shell_writer(struct shell *s, enum log_name log)
{
    MUST(log < LOG_COUNT && s->written[log] != NULL);
    return &s->written[log]->writer;
}

void *shell_beside(const struct shell *s, enum log_name log)
{
    MUST(log < LOG_COUNT && s->written[log] != NULL);
    return s->written[log]->marks->beside;
}

const void *shell_said(const struct shell *s, enum log_name log)
{
    MUST(log < LOG_COUNT && s->read[log] != NULL);
    return s->read[log]->marks->beside;
}

void shell_flushed(struct shell *s, enum log_name log)
{
    MUST(log < LOG_COUNT && s->written[log] != NULL);
    bells_ring(s->written[log]->bell, s->written[log]->bells);
}

err shell_reader_open(struct shell *s, struct shell_reader *r, const struct shell_view *v)
{
    struct block_file *file[SEGMENTS_MAX];
    struct shell_read *of = v->log < LOG_COUNT ? s->read[v->log] : NULL;
    if (of == NULL) {
        return FAIL(DENIED, "this process may not read that log");
    }
    list_files(&of->segments, file);
    struct log_view view = {.file = file,
                            .count = of->segments.count,
                            .marks = of->marks,
                            .passing = of->passing,
                            .looked = of->passing == NULL ? NULL : &of->looked,
                            .from = v->from,
                            .live = v->live,
                            .buf = v->buf,
                            .buf_len = v->buf_len};
    TRY(log_reader_open(&r->log, &view));
    r->of = of;
    r->next = of->reader;
    of->reader = r;
    return OK;
}

err shell_reader_whole(struct shell *s, struct shell_reader *r, enum log_name log)
{
    const struct shell_view view = {.log = log,
                                    .live = true,
                                    .buf = shell_zeros(SHELL_BUFFER_MAX),
                                    .buf_len = SHELL_BUFFER_MAX};
    return shell_reader_open(s, r, &view);
}

void shell_reader_close(struct shell_reader *r)
{
    struct shell_reader **at = &r->of->reader;
    while (*at != r) {
        MUST(*at != NULL);
        at = &(*at)->next;
    }
    *at = r->next;
}

err shell_done(struct shell *s, enum log_name log, uint64_t position)
{
    uint8_t       bytes[16];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, CONTROL_DONE);
    put_u8(&w, (uint8_t)log);
    put_u64(&w, position);
    return control_send(s, writer_span(&w));
}

err shell_end_other(struct shell *s, unsigned caller)
{
    const uint8_t bytes[] = {CONTROL_END, (uint8_t)caller};
    return control_send(s, SPAN_OF(bytes));
}
