/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/viewer.h"

#include <stdlib.h>

/* ---- what waits to be sent ---- */

static bool room_for(const struct viewer *v, size_t len, size_t spare)
{
    return v->frame_count < VIEWER_FRAMES_MAX && v->len + len + spare <= VIEWER_OUT_MAX;
}

static struct viewer_frame *frame_at(struct viewer *v, uint32_t i)
{
    return &v->frame[(v->frame_first + i) % VIEWER_FRAMES_MAX];
}

static void out_put(struct viewer *v, span bytes, const struct viewer_frame *f,
                    const struct viewer_time *t)
{
    if (v->from + v->len + bytes.len > VIEWER_OUT_MAX) {
        memmove(v->out, v->out + v->from, v->len);
        v->from = 0;
    }
    v->moved_ms = v->len == 0 ? t->boot_ms : v->moved_ms;
    memcpy(v->out + v->from + v->len, bytes.ptr, bytes.len);
    v->len += bytes.len;
    *frame_at(v, v->frame_count++) = *f;
}

static void control_put(struct viewer *v, const struct writer *w, const struct viewer_time *t)
{
    const struct viewer_frame f = {.len = (uint32_t)w->len};
    MUST(!w->bad);
    if (w->len == 0) {
        return;
    }
    if (!room_for(v, w->len, 0)) {
        v->lost = "a TAK client does not read what it is answered";
        return;
    }
    out_put(v, writer_span(w), &f, t);
}

/* What TLS was offered it may have begun to send: it stays. */
static void frames_drop(struct viewer *v, uint64_t under)
{
    uint32_t kept = 0;
    size_t   at = 0, to = 0;
    for (uint32_t i = 0; i < v->frame_count; i++) {
        struct viewer_frame f = *frame_at(v, i);
        bool gone = at >= v->begun && f.under != 0 && (under == 0 || f.under == under);
        if (!gone) {
            memmove(v->out + v->from + to, v->out + v->from + at, f.len);
            to += f.len;
            *frame_at(v, kept++) = f;
        }
        at += f.len;
    }
    v->frame_count = kept;
    v->len = to;
}

/* ---- what it was shown ---- */

static uint32_t bucket_of(const char *uid)
{
    uint32_t h = 2166136261U; /* FNV-1a */
    for (; *uid != '\0'; uid++) {
        h = (h ^ (uint8_t)*uid) * 16777619U;
    }
    return (h ^ h >> 15) % VIEWER_BUCKETS;
}

static struct viewer_seen *seen_find(struct viewer *v, const char *uid)
{
    uint32_t at = v->bucket[bucket_of(uid)];
    while (at != 0 && strcmp(v->seen[at - 1].uid, uid) != 0) {
        at = v->seen[at - 1].next;
    }
    return at == 0 ? NULL : &v->seen[at - 1];
}

static void seen_forget(struct viewer *v, struct viewer_seen *s)
{
    uint32_t *link = &v->bucket[bucket_of(s->uid)], place = (uint32_t)(s - v->seen) + 1;
    while (*link != place) {
        link = &v->seen[*link - 1].next;
    }
    *link = s->next;
    v->doomed -= s->doomed ? 1 : 0;
    *s = (struct viewer_seen){.next = v->seen_free};
    v->seen_free = place;
}

/* What is stale goes from the client's screen by itself, and makes room. */
static void seen_evict(struct viewer *v, instant now)
{
    for (unsigned i = 0; i < 64 && v->seen_free == 0; i++) {
        struct viewer_seen *s = &v->seen[v->seen_hand++ % VIEWER_SEEN_MAX];
        if (s->used && !s->doomed && s->stale < now) {
            seen_forget(v, s);
        }
    }
}

static struct viewer_seen *seen_new(struct viewer *v, const char *uid, instant now)
{
    if (v->seen_free == 0 && v->seen_high == VIEWER_SEEN_MAX) {
        seen_evict(v, now);
    }
    uint32_t place = v->seen_free != 0                ? v->seen_free
                     : v->seen_high < VIEWER_SEEN_MAX ? ++v->seen_high
                                                      : 0;
    if (place == 0) {
        return NULL;
    }
    struct viewer_seen *s = &v->seen[place - 1];
    uint32_t           *bucket = &v->bucket[bucket_of(uid)];
    v->seen_free = place == v->seen_free ? s->next : v->seen_free;
    *s = (struct viewer_seen){.used = true, .age = ++v->seen_age, .next = *bucket};
    memcpy(s->uid, uid, sizeof s->uid);
    *bucket = place;
    return s;
}

static struct viewer_seen *seen_note(struct viewer *v, const struct viewer_report *r, instant now)
{
    struct viewer_seen *s = seen_find(v, r->report->uid);
    s = s == NULL ? seen_new(v, r->report->uid, now) : s;
    if (s != NULL) {
        v->doomed -= s->doomed ? 1 : 0;
        s->doomed = false; /* it is shown again */
        s->under = r->under;
        s->stale = r->report->stale;
        memcpy(s->type, r->report->type, sizeof s->type);
    }
    return s;
}

/* What never left is not named by a deletion: the uid itself may be what is to stay unknown. */
static void seen_take(struct viewer *v, uint64_t under)
{
    for (uint32_t i = 0; i < v->seen_high; i++) {
        struct viewer_seen *s = &v->seen[i];
        if (!s->used || s->doomed || (under != 0 && s->under != under)) {
            continue;
        }
        if (s->sent) {
            s->doomed = true;
            v->doomed++;
        } else {
            seen_forget(v, s);
        }
    }
}

/* ---- reports ---- */

static err form_write(const struct viewer_report *r, bool proto, struct writer *w)
{
    uint8_t       text[TAK_FRAME_MAX];
    struct writer message = WRITER_OF(text);
    if (!proto) {
        report_cot_also(r->report, &r->also, w);
        return w->bad ? FAIL(LIMIT, "an event is longer than it may be") : OK;
    }
    tak_write_also(r->report, &r->also, &message);
    return message.bad ? FAIL(LIMIT, "a message is longer than it may be")
                       : tak_frame_put(w, writer_span(&message));
}

static span text_of(struct viewer_report *r, bool proto)
{
    if (r->len[proto] == 0) {
        struct writer w = WRITER_OF(r->text[proto]);
        err           e = form_write(r, proto, &w);
        MUST(!err_is(e)); /* the room is that of the longest report */
        r->len[proto] = w.len;
    }
    return (span){r->text[proto], r->len[proto]};
}

static bool report_put(struct viewer *v, struct viewer_report *r, const struct viewer_time *t)
{
    span text = text_of(r, v->side.phase == TALK_PROTO);
    if (!room_for(v, text.len, VIEWER_SPARE)) {
        return false;
    }
    const struct viewer_seen *s = seen_note(v, r, t->now);
    const struct viewer_frame f = {.len = (uint32_t)text.len,
                                   .seen = s == NULL ? 0 : (uint32_t)(s - v->seen) + 1,
                                   .age = s == NULL ? 0 : s->age,
                                   .under = r->under};
    out_put(v, text, &f, t);
    v->shown++;
    return true;
}

/* ---- what had no room ---- */

err viewer_store_open(struct viewer_store *store)
{
    *store = (struct viewer_store){.late = calloc(VIEWER_STORE_MAX, sizeof *store->late)};
    if (store->late == NULL) {
        return FAIL(FULL, "there is no memory for TAK clients");
    }
    return conflater_open(&store->queue, VIEWER_STORE_MAX);
}

void viewer_store_close(struct viewer_store *store)
{
    conflater_close(&store->queue);
    free(store->late);
    *store = (struct viewer_store){0};
}

static uint32_t late_new(struct viewer_store *s)
{
    uint32_t place = s->free;
    if (place != 0) {
        s->free = s->late[place - 1].next;
        return place;
    }
    return s->high < VIEWER_STORE_MAX ? ++s->high : 0;
}

static void late_free(struct viewer_store *s, uint64_t place)
{
    s->late[place - 1].next = s->free;
    s->free = (uint32_t)place;
}

static uint64_t key_of(const struct viewer_late *l)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = l->report.uid; *c != '\0'; c++) {
        h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
    }
    return l->warning || h == 0 ? 0 : h;
}

/* Another track's report under the same key was put out of its place: it stays, as one that is never replaced. */
static err late_queue(struct viewer *v, uint32_t place)
{
    struct viewer_late *l = &v->store->late[place - 1];
    uint64_t            old = 0, replaced = v->late.replaced;
    TRY(conflate_put(&v->store->queue, &v->late, (struct conflate_row){key_of(l), place}, &old));
    if (v->late.replaced == replaced) {
        return OK;
    }
    if (strcmp(v->store->late[old - 1].report.uid, l->report.uid) != 0) {
        return conflate_put(&v->store->queue, &v->late, (struct conflate_row){0, old}, &old);
    }
    v->left_out++;
    late_free(v->store, old);
    return OK;
}

static void late_put(struct viewer *v, const struct viewer_report *r)
{
    uint32_t place = v->late.count < VIEWER_LATE_MAX ? late_new(v->store) : 0;
    if (place == 0) {
        v->lost = "a TAK client does not read: as much waits for it as may wait";
        return;
    }
    struct viewer_late *l = &v->store->late[place - 1];
    l->report = *r->report;
    l->labelled = r->also.labels != NULL;
    l->labels = l->labelled ? *r->also.labels : (struct cot_labels){0};
    l->warning = r->warning;
    l->under = r->under;
    l->group_len = (uint8_t)r->also.group.len;
    if (l->group_len > 0) {
        memcpy(l->group, r->also.group.ptr, l->group_len);
    }
    err e = late_queue(v, place);
    if (err_is(e)) {
        v->lost = e.why;
    }
}

/* Each leaves, and what is not taken back is put at the end again: in the order in which they were. */
static void late_drop(struct viewer *v, uint64_t under)
{
    for (uint32_t left = v->late.count; left > 0; left--) {
        struct conflate_row row;
        MUST(conflate_first(&v->store->queue, &v->late, &row));
        conflate_take(&v->store->queue, &v->late);
        if (under == 0 || v->store->late[row.value - 1].under == under) {
            late_free(v->store, row.value);
        } else {
            err e = late_queue(v, (uint32_t)row.value);
            MUST(!err_is(e)); /* its own place was just freed */
        }
    }
}

static void late_flush(struct viewer *v, const struct viewer_time *t)
{
    struct conflate_row row;
    while (conflate_first(&v->store->queue, &v->late, &row)) {
        const struct viewer_late *l = &v->store->late[row.value - 1];
        struct viewer_report      r = {
                 .report = &l->report,
                 .also = {.labels = l->labelled ? &l->labels : NULL, .group = {l->group, l->group_len}},
                 .warning = l->warning,
                 .under = l->under};
        if (!report_put(v, &r, t)) {
            return;
        }
        conflate_take(&v->store->queue, &v->late);
        late_free(v->store, row.value);
    }
}

void viewer_show(struct viewer *v, struct viewer_report *r, const struct viewer_time *t)
{
    MUST(r->under != 0 && r->also.group.len <= REPORT_GROUP_MAX);
    if (v->lost != NULL) {
        return;
    }
    if (v->late.count > 0 || !report_put(v, r, t)) {
        late_put(v, r);
    }
}

/* ---- what is taken back ---- */

static void delete_write(struct viewer *v, const struct viewer_seen *s, instant now,
                         struct writer *w)
{
    struct report r = {
        .time = now, .start = now, .stale = now + MS_PER_MINUTE, .type = "t-x-d-d", .how = "m-g"};
    struct writer        uid = writer_of(r.uid, sizeof r.uid - 1);
    struct viewer_report d = {.report = &r, .also = {.link = s->uid, .link_type = s->type}};
    put_text(&uid, "delete-");
    put_decimal(&uid, ++v->deletions);
    err e = form_write(&d, v->side.phase == TALK_PROTO, w);
    MUST(!err_is(e));
}

static void deletions_put(struct viewer *v, const struct viewer_time *t)
{
    for (uint32_t i = 0; i < v->seen_high && v->doomed > 0; i++) {
        uint8_t       text[VIEWER_TEXT_MAX];
        struct writer w = WRITER_OF(text);
        if (!v->seen[i].doomed) {
            continue;
        }
        if (!room_for(v, VIEWER_SPARE / 4, VIEWER_SPARE / 2)) {
            return;
        }
        delete_write(v, &v->seen[i], t->now, &w);
        control_put(v, &w, t);
        seen_forget(v, &v->seen[i]);
    }
}

void viewer_take(struct viewer *v, uint64_t under, const struct viewer_time *t)
{
    frames_drop(v, under);
    late_drop(v, under);
    seen_take(v, under);
    deletions_put(v, t);
}

/* ---- bytes out ---- */

static void begun_note(struct viewer *v)
{
    size_t at = 0;
    for (uint32_t i = 0; i < v->frame_count && at < v->begun; i++) {
        const struct viewer_frame *f = frame_at(v, i);
        if (f->seen != 0 && v->seen[f->seen - 1].age == f->age) {
            v->seen[f->seen - 1].sent = true;
        }
        at += f->len;
    }
}

span viewer_next(struct viewer *v)
{
    v->begun = v->len < VIEWER_OFFER_MAX ? v->len : VIEWER_OFFER_MAX;
    begun_note(v);
    return (span){v->out + v->from, v->begun};
}

void viewer_sent(struct viewer *v, size_t len, const struct viewer_time *t)
{
    size_t left = len;
    v->from += len;
    v->len -= len;
    v->begun -= len;
    v->from = v->len == 0 ? 0 : v->from;
    v->moved_ms = len > 0 ? t->boot_ms : v->moved_ms;
    while (left > 0) {
        struct viewer_frame *f = frame_at(v, 0);
        uint32_t             part = left < f->len ? (uint32_t)left : f->len;
        f->len -= part;
        f->under = 0; /* the rest of it must follow */
        left -= part;
        if (f->len == 0) {
            v->frame_first = (v->frame_first + 1) % VIEWER_FRAMES_MAX;
            v->frame_count--;
        }
    }
    if (v->doomed > 0) {
        deletions_put(v, t);
    }
    if (v->late.count > 0 && v->len < VIEWER_OUT_MAX / 2) {
        late_flush(v, t);
    }
}

void viewer_tick(struct viewer *v, const struct viewer_time *t)
{
    if (v->len > 0 && t->boot_ms - v->moved_ms >= VIEWER_STUCK_MS) {
        v->lost = "a TAK client does not read";
    }
}

/* ---- bytes in ---- */

void viewer_begin(struct viewer *v, struct viewer_store *store, uint64_t number,
                  const struct viewer_time *t)
{
    uint8_t       text[TALK_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    memset(v, 0, offsetof(struct viewer, frame)); /* the rest is written before it is read */
    v->store = store;
    talk_server_greet(&v->side, number, t->now, &w);
    control_put(v, &w, t);
}

void viewer_end(struct viewer *v)
{
    late_drop(v, 0);
}

/* The reader keeps nothing of it: what is no ping and does not speak of the protocol ends here. */
static void event_take(struct viewer *v, span piece, const struct viewer_time *t,
                       struct tak_reader *reader)
{
    struct cot_event event;
    struct talk      talk = {.kind = TALK_NONE};
    uint8_t          text[TALK_EVENT_MAX];
    struct writer    w = WRITER_OF(text);
    bool             proto = v->side.phase == TALK_PROTO, is = true;
    err              e = proto ? tak_read(reader, tak_frame_body(piece), &event, &is)
                               : talk_read(reader->cot, piece, &event, &talk);
    if (err_is(e) || !is) {
        v->refused += err_is(e) ? 1 : 0;
        v->dropped += err_is(e) ? 0 : 1;
        return;
    }
    talk.kind = proto ? talk_kind_of(&event.report) : talk.kind;
    if (talk.kind == TALK_PING) {
        v->pings++;
        talk_pong(&v->side, &event.report, t->now, &w);
    } else if (talk.kind == TALK_REQUEST && !proto) {
        talk_server_hear(&v->side, &talk, t->now, &w);
    } else {
        v->dropped++;
    }
    control_put(v, &w, t);
}

static bool floods(struct viewer *v, const struct viewer_time *t)
{
    if (t->boot_ms - v->second_ms >= MS_PER_SECOND) {
        v->second_ms = t->boot_ms;
        v->said = 0;
    }
    return ++v->said > VIEWER_SAYS_MAX;
}

void viewer_heard(struct viewer *v, size_t len, const struct viewer_time *t,
                  struct tak_reader *reader)
{
    size_t from = 0, used = 0;
    span   piece = {v->in, 1};
    v->in_len += len;
    while (piece.len > 0 && v->lost == NULL) {
        span rest = {v->in + from, v->in_len - from};
        err  e = v->side.phase == TALK_PROTO ? tak_frame(rest, &piece, &used)
                                             : cot_frame(rest, &piece, &used);
        if (err_is(e)) {
            v->lost = e.why;
            return;
        }
        from += used;
        if (piece.len > 0 && floods(v, t)) {
            v->lost = "a TAK client sends more events than it may";
        } else if (piece.len > 0) {
            event_take(v, piece, t, reader);
        }
    }
    v->in_len -= from;
    memmove(v->in, v->in + from, v->in_len);
}
