/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/follow.h"

#include "base/lines.h"
#include "wire/request.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines in one turn, so that others have theirs */
#define TURN_LINES 64

/* ---- the file: moved away, made anew, or cut ---- */

static void file_begin(struct follow *f)
{
    f->at = 0;
    f->len = 0;
    f->tail_len = 0;
    f->long_line = false;
}

static void file_close(struct follow *f)
{
    if (f->fd >= 0) {
        close(f->fd);
    }
    f->fd = -1;
    file_begin(f);
}

/* read - all that is known to stand before the place that comes next, or its end */
static void tail_keep(struct follow *f, const uint8_t *read, size_t len)
{
    f->tail_len = len < FOLLOW_TAIL ? len : FOLLOW_TAIL;
    memcpy(f->tail, read + len - f->tail_len, f->tail_len);
}

static void file_end(struct follow *f, uint64_t size)
{
    uint8_t end[FOLLOW_TAIL];
    size_t  len = size < sizeof end ? (size_t)size : sizeof end;
    ssize_t got = pread(f->fd, end, len, (off_t)(size - len));
    f->at = size;
    tail_keep(f, end, got == (ssize_t)len ? len : 0);
}

static const char no_file[] = "there is no such file";
static const char no_plain_file[] = "it is no plain file";

static const char *open_why(int number)
{
    static const struct {
        int         number;
        const char *why;
    } row[] = {
        {ENOENT, no_file},
        {ELOOP, "it is a link"},
        {EACCES, "the desk's user may not read it"},
        {ENXIO, no_plain_file},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (row[i].number == number) {
            return row[i].why;
        }
    }
    return "the system does not let it be opened";
}

static void file_open(struct follow *f)
{
    struct stat st;
    int         fd = openat(f->folder, f->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        f->lost = open_why(errno);
        f->before = f->before && f->lost != no_file; /* what is made later is new */
    } else {
        f->lost = S_ISREG(st.st_mode) ? NULL : no_plain_file;
    }
    if (f->lost != NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    file_close(f);
    f->fd = fd;
    f->device = st.st_dev;
    f->inode = st.st_ino;
    if (f->before) {
        file_end(f, (uint64_t)st.st_size);
    }
    f->before = false;
}

/* One that was moved away is read until there is another of its name; one that was removed is there no more. */
static void file_look(struct follow *f)
{
    struct stat st, now;
    if (f->fd < 0) {
        file_open(f);
        return;
    }
    bool known = fstat(f->fd, &now) == 0;
    bool named = fstatat(f->folder, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    bool other = named && (st.st_dev != f->device || st.st_ino != f->inode);
    if (other && known && (uint64_t)now.st_size == f->at) {
        file_open(f); /* all of the old one has been read */
    } else if (!other) {
        f->lost = known && (named || now.st_nlink > 0) ? NULL : no_file;
    }
}

/* What stood before the place is read with what follows it: false when it is not there any more. */
static bool file_fill(struct follow *f)
{
    uint8_t read[FOLLOW_TAIL + FOLLOW_BUFFER];
    size_t  before = f->tail_len, room = sizeof f->buf - f->len;
    ssize_t got = pread(f->fd, read, before + room, (off_t)(f->at - before));
    if (got < 0) {
        f->lost = "the system does not let it be read";
        return true;
    }
    if ((size_t)got < before || memcmp(read, f->tail, before) != 0) {
        return false;
    }
    memcpy(f->buf + f->len, read + before, (size_t)got - before);
    f->len += (size_t)got - before;
    f->at += (uint64_t)got - before;
    tail_keep(f, read, (size_t)got);
    return true;
}

static void file_read(struct follow *f)
{
    if (f->fd < 0 || f->len == sizeof f->buf) {
        return;
    }
    if (!file_fill(f)) {
        file_begin(f); /* cut: what is there now is new */
        (void)file_fill(f);
    }
}

/* ---- lines ---- */

struct said {
    instant time;
    name    reader, room, person;
    bool    enters, leaves;
};

static err said_read(span line, struct said *out)
{
    *out = (struct said){0};
    if (err_is(text_instant(span_cut(&line, ' '), &out->time))) {
        return FAIL(MALFORMED, "a line begins with an instant, such as 2016-11-23T09:00:00Z");
    }
    TRY(name_of(span_cut(&line, ' '), &out->reader));
    TRY(name_of(span_cut(&line, ' '), &out->room));
    span word = span_cut(&line, ' ');
    out->enters = span_is(word, "enter");
    out->leaves = span_is(word, "leave");
    if (span_is(word, "alive")) {
        return line.len == 0 ? OK : FAIL(MALFORMED, "something stands behind `alive`");
    }
    if (!out->enters && !out->leaves) {
        return FAIL(UNKNOWN, "a line says neither enter, leave nor alive");
    }
    err e = name_of(line, &out->person);
    if (err_is(e) && out->enters) { /* somebody came in: who has no name here is unknown */
        out->person = (name){NAME_UNLISTED};
        return OK;
    }
    return e;
}

static void text_put(const struct said *s, uint64_t number, struct writer *w)
{
    put_text(w, PRESENCE_TITLE "\\nreader ");
    put_span(w, name_span(&s->reader));
    put_text(w, "\\nroom ");
    put_span(w, name_span(&s->room));
    put_text(w, "\\nnumber ");
    put_decimal(w, number);
    put_text(w, "\\ntime ");
    put_instant(w, s->time);
    put_text(w, "\\n");
    if (s->enters || s->leaves) {
        put_text(w, s->enters ? "enter " : "leave ");
        put_span(w, name_span(&s->person));
        put_text(w, "\\n");
    }
}

static void said_ask(struct follow *f, const struct said *s)
{
    uint8_t             body[1024];
    struct writer       w = WRITER_OF(body);
    struct desk_request r = {.what = ASK_FOLLOWED};
    put_text(&w, "{\"text\":\"");
    text_put(s, ++f->number, &w);
    put_text(&w, "\",\"signature\":\"");
    for (unsigned i = 0; i < 2 * SIGNATURE_LEN; i++) {
        put_u8(&w, '0');
    }
    put_text(&w, "\"}");
    MUST(!w.bad);
    r.body = writer_span(&w);
    f->asked = true;
    f->turn++;
    desk_ask(f->desk, (struct asker){FOLLOW_SLOT, f->turn}, &r);
}

static bool line_take(struct follow *f, span *line)
{
    const uint8_t *end = memchr(f->buf, '\n', f->len);
    if (end == NULL) {
        if (f->len == sizeof f->buf) {
            f->long_line = true; /* a line without end: none of it counts */
            f->len = 0;
        }
        return false;
    }
    *line = (span){f->buf, (size_t)(end - f->buf)};
    return true;
}

static void line_drop(struct follow *f, span line)
{
    size_t gone = line.len + 1;
    memmove(f->buf, f->buf + gone, f->len - gone);
    f->len -= gone;
}

static void pass_over(struct follow *f, const struct said *s, err e)
{
    f->refused++;
    f->said = s->reader;
    f->why = e.why;
}

/* ---- readers that tell more than they may ---- */

static struct said kept_said(const struct follow *f, unsigned at)
{
    struct said s;
    MUST(!err_is(said_read(span_trim((span){f->kept[at].line, f->kept[at].len}), &s)));
    return s;
}

static bool reader_waits(const struct follow *f, const struct said *s, unsigned before)
{
    bool waits = false;
    for (unsigned i = 0; i < before && !waits; i++) {
        struct said k = kept_said(f, i);
        waits = name_equal(&k.reader, &s->reader) && name_equal(&k.room, &s->room);
    }
    return waits;
}

static void keep(struct follow *f, const struct said *s, span line)
{
    if (f->kept_count == FOLLOW_KEPT_MAX) {
        pass_over(f, s, FAIL(FULL, "too many lines of readers wait that tell more than they may"));
        return;
    }
    f->kept[f->kept_count].len = line.len;
    memcpy(f->kept[f->kept_count++].line, line.ptr, line.len);
    f->kept_at = f->kept_count; /* not before the next tick */
}

static void kept_drop(struct follow *f)
{
    unsigned after = --f->kept_count - f->kept_at;
    memmove(&f->kept[f->kept_at], &f->kept[f->kept_at + 1], after * sizeof f->kept[0]);
}

/* Of each reader the first: the others would come before it. */
static void kept_say(struct follow *f)
{
    for (; f->kept_at < f->kept_count && !f->asked; f->kept_at += f->asked ? 0 : 1) {
        struct said s = kept_said(f, f->kept_at);
        if (!reader_waits(f, &s, f->kept_at)) {
            f->kept_asked = true;
            said_ask(f, &s);
        }
    }
}

static void kept_refused(struct follow *f, err e)
{
    struct said s = kept_said(f, f->kept_at);
    f->kept_asked = false;
    if (e.code == ERR_LIMIT || e.code == ERR_FULL || e.code == ERR_IO) {
        f->kept_at++;
    } else {
        kept_drop(f);
        pass_over(f, &s, e);
    }
}

static void line_say(struct follow *f, span line)
{
    struct said s = {0};
    err         e = f->long_line || line.len > FOLLOW_LINE_MAX
                        ? FAIL(LIMIT, "a line is longer than one may be")
                        : said_read(span_trim(line), &s);
    f->long_line = false;
    if (err_is(e)) {
        pass_over(f, &s, e);
    } else if (reader_waits(f, &s, f->kept_count)) {
        keep(f, &s, line);
    } else {
        said_ask(f, &s);
    }
}

/* ---- calls ---- */

void follow_open(struct follow *f, struct desk *d, int folder, span path, instant now)
{
    *f = (struct follow){
        .desk = d, .folder = folder, .fd = -1, .before = true, .number = (uint64_t)now};
    size_t from = path.len;
    while (from > 0 && path.ptr[from - 1] != '/') {
        from--;
    }
    span file = {path.ptr + from, path.len - from};
    if (folder < 0 || file.len == 0 || file.len >= sizeof f->name) {
        f->folder = -1;
        f->lost = path.len == 0 ? NULL : "its folder cannot be opened";
        return;
    }
    memcpy(f->name, file.ptr, file.len);
    file_open(f);
}

void follow_close(struct follow *f)
{
    file_close(f);
    f->folder = -1;
}

/* One text at a time: the guard takes numbers in their order, and an answer may be late. */
void follow_poll(struct follow *f)
{
    span line;
    bool tick = !f->more;
    f->more = false;
    if (f->folder < 0) {
        return;
    }
    f->kept_at = tick && !f->kept_asked ? 0 : f->kept_at;
    if (f->again && !f->asked) {
        f->again = false;
        line_say(f, (span){f->line, f->line_len});
    }
    if (!f->asked && !f->again) {
        kept_say(f);
    }
    file_look(f);
    for (unsigned i = 0; i < TURN_LINES && !f->asked && !f->again; i++) {
        file_read(f);
        if (!line_take(f, &line)) {
            return;
        }
        f->line_len = line.len < sizeof f->line ? line.len : sizeof f->line;
        memcpy(f->line, line.ptr, f->line_len);
        line_drop(f, line);
        line_say(f, (span){f->line, f->line_len});
    }
}

void follow_answered(struct follow *f)
{
    if (f->kept_asked) {
        kept_drop(f);
    }
    f->asked = f->kept_asked = false;
    f->more = true;
}

/* What is refused for now comes with these codes only; a line that is too late will be so for ever. */
void follow_refused(struct follow *f, err e)
{
    struct said s = {0};
    span        line = {f->line, f->line_len};
    f->asked = false;
    if (f->kept_asked) {
        kept_refused(f, e);
        f->more = true;
        return;
    }
    (void)err_is(said_read(span_trim(line), &s)); /* it was good before */
    f->again = e.code == ERR_FULL || e.code == ERR_IO;
    if (e.code == ERR_LIMIT) {
        keep(f, &s, line);
    } else if (!f->again) {
        pass_over(f, &s, e);
    }
    f->more = !f->again;
}
