/* SPDX-License-Identifier: Apache-2.0 */
#include "http/event.h"

#include "base/lines.h"

void put_event(struct writer *w, const struct event *e)
{
    if (e->id.text[0] != 0) {
        put_text(w, "id: ");
        put_span(w, name_span(&e->id));
        put_text(w, "\n");
    }
    put_text(w, "event: ");
    put_span(w, name_span(&e->kind));
    put_text(w, "\n");
    span rest = e->data.bytes;
    do {
        size_t before = rest.len;
        span   line = span_cut(&rest, '\n');
        put_text(w, "data: ");
        put_span(w, line);
        put_text(w, "\n");
        if (rest.len == 0 && line.len < before) {
            put_text(w, "data: \n"); /* the data ended in a newline */
        }
    } while (rest.len > 0);
    put_text(w, "\n");
}

void put_pulse(struct writer *w)
{
    put_text(w, ":\n\n");
}

static err id_take(struct event_reader *r, span value)
{
    return name_of(value, &r->event.id);
}

static err kind_take(struct event_reader *r, span value)
{
    return name_of(value, &r->event.kind);
}

/* The data lines before this one lie at the front of buf; this one moves up behind them. */
static err data_take(struct event_reader *r, span value)
{
    size_t at = r->line_from;
    if (r->any) {
        r->buf[at++] = '\n';
    }
    memmove(r->buf + at, value.ptr, value.len);
    r->line_from = at + value.len;
    r->any = true;
    return OK;
}

static const struct {
    const char *key;
    err (*take)(struct event_reader *r, span value);
} event_field[] = {
    {"id: ", id_take},
    {"event: ", kind_take},
    {"data: ", data_take},
};

static err line_take(struct event_reader *r, span line)
{
    for (size_t i = 0; i < ARRAY_LEN(event_field); i++) {
        span key = span_text(event_field[i].key);
        if (span_starts(line, key)) {
            return event_field[i].take(r, (span){line.ptr + key.len, line.len - key.len});
        }
    }
    if (line.ptr[0] == ':') {
        return OK;
    }
    return FAIL(MALFORMED, "the event stream has a line that Accord does not write");
}

void event_reader_init(struct event_reader *r)
{
    r->event = (struct event){0};
    r->line_from = 0;
    r->len = 0;
    r->any = false;
}

/* An empty line ends an event; without data before it, it was a pulse. */
static err event_end(struct event_reader *r, bool *whole)
{
    if (!r->any) {
        event_reader_init(r);
        return OK;
    }
    TRY(text_utf8((span){r->buf, r->line_from}, &r->event.data));
    *whole = true;
    return OK;
}

err event_read(struct event_reader *r, span *bytes, bool *whole)
{
    *whole = false;
    while (bytes->len > 0 && !*whole) {
        if (r->any && r->event.data.bytes.ptr != NULL) {
            event_reader_init(r); /* the event of the last call has been seen */
        }
        uint8_t c = bytes->ptr[0];
        *bytes = (span){bytes->ptr + 1, bytes->len - 1};
        if (c != '\n') {
            if (r->len == EVENT_MAX) {
                return FAIL(LIMIT, "an event of the stream is longer than 16384 bytes");
            }
            r->buf[r->len++] = c;
            continue;
        }
        span line = {r->buf + r->line_from, r->len - r->line_from};
        if (line.len == 0) {
            TRY(event_end(r, whole));
            continue;
        }
        TRY(line_take(r, line));
        r->len = r->line_from;
    }
    return OK;
}
