/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/room.h"

#include "base/lines.h"
#include "loop/loop.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NAME  "run/room"
#define DRAFT "run/room.new"

uint64_t room_days(uint64_t free, uint64_t grown, instant over)
{
    if (grown == 0 || over <= 0) {
        return UINT64_MAX;
    }
    /* bytes a day first: the product of room and time would not fit */
    uint64_t a_day = grown / ((uint64_t)over / (uint64_t)MS_PER_MINUTE + 1) * 1440;
    return a_day == 0 ? UINT64_MAX : free / a_day;
}

static uint64_t log_lines(const struct stores *s, enum log_name log, instant now, struct writer *w)
{
    struct stores_room room;
    if (err_is(stores_room(s, log, &room))) {
        return UINT64_MAX;
    }
    uint64_t full = s->log[log].count - 2; /* the spare and the one that is written say nothing */
    uint64_t days = room_days(room.free, full * s->log[log].bytes, now - room.since);
    line_text(w, "log", span_text(log_role(log)->name));
    line_number(w, "bytes", room.bytes);
    line_number(w, "segments", s->log[log].count);
    line_number(w, "free", room.free);
    if (days != UINT64_MAX) {
        line_number(w, "days", days);
    }
    return days;
}

void room_write(const struct stores *s, int dir)
{
    uint8_t       text[2048];
    struct writer w = WRITER_OF(text);
    instant       now = loop_clock_now().real;
    uint64_t      least = UINT64_MAX;
    line_title(&w, "accord room 1");
    line_instant(&w, "time", now);
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        uint64_t days = log_lines(s, (enum log_name)log, now, &w);
        least = days < least ? days : least;
    }
    if (least != UINT64_MAX) {
        line_number(&w, "days-left", least);
    }
    int  fd = openat(dir, DRAFT, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool whole = !w.bad && fd >= 0 && write(fd, w.ptr, w.len) == (ssize_t)w.len;
    if (fd >= 0) {
        close(fd);
    }
    if (whole) {
        (void)renameat(dir, DRAFT, dir, NAME);
    }
}
