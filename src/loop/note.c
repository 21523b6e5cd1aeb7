/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/note.h"

#include <errno.h>
#include <unistd.h>

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_escaped(struct writer *w, span value)
{
    for (size_t i = 0; i < value.len; i++) {
        span byte = {value.ptr + i, 1};
        if (is_plain(value.ptr[i])) {
            put_span(w, byte);
        } else {
            put_text(w, "\\x");
            put_hex(w, byte);
        }
    }
}

/* A fact that does not fit is left out whole. */
static void put_fact(struct writer *w, const struct note_fact *f)
{
    struct writer longer = *w;
    put_text(&longer, " ");
    put_text(&longer, f->key);
    put_text(&longer, "=\"");
    put_escaped(&longer, f->value);
    put_text(&longer, "\"");
    if (!longer.bad) {
        *w = longer;
    }
}

void note_line(struct writer *w, const struct note *n)
{
    struct writer line = writer_of(w->ptr + w->len, w->max > w->len ? w->max - w->len - 1 : 0);
    put_instant(&line, n->at);
    put_text(&line, " ");
    put_text(&line, n->program);
    put_text(&line, " ");
    put_text(&line, n->sentence);
    for (size_t i = 0; i < n->facts; i++) {
        put_fact(&line, &n->fact[i]);
    }
    w->len += line.len;
    put_text(w, "\n");
}

void note_write(int fd, const struct note *n)
{
    uint8_t       bytes[NOTE_MAX];
    struct writer w = WRITER_OF(bytes);
    note_line(&w, n);
    ssize_t put;
    do {
        put = write(fd, w.ptr, w.len);
    } while (put < 0 && errno == EINTR);
}

void note_count(struct writer *w, struct note_fact *fact, uint64_t n)
{
    size_t from = w->len;
    put_decimal(w, n);
    fact->value = (span){w->ptr + from, w->len - from};
}
