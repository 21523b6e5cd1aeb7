/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner that is behind is not sent: tracks of which a newer report comes, in a whole picture of their feed.  Which
 * tracks they are nobody here knows; a line says that it was sealed once more, and from where (wire/line.h). */
#include "courier/state.h"

/* PICTURE_ASK_MS  between two questions for a picture of one line; its sealer waits as long
 * BEHIND_MS       what waited so long on a connection that is up is behind: less is a link that stands for a moment */
#define PICTURE_ASK_MS 1000
#define BEHIND_MS      3000

static struct line *line_for(struct courier *c, unsigned outbox, uint8_t type)
{
    bool tracks = outbox == OUTBOX_INTAKE && line_of(type) != LINE_NONE;
    return tracks ? &c->line[line_of(type)] : NULL;
}

/* ---- followed ---- */

static void line_begin(struct courier *c, struct line *l, uint64_t position)
{
    *l = (struct line){.begin = position};
    for (unsigned k = 0; k < COURIER_PARTNERS_MAX; k++) {
        c->partner[k].taken[l - c->line] = (struct taken){0};
    }
}

/* Of an earlier run nobody knows any more who goes by which picture. */
void lines_anew(struct courier *c)
{
    uint64_t written = c->port.written(c->port.ctx, READER_FOLLOW + OUTBOX_INTAKE);
    for (unsigned i = 0; i < LINE_COUNT; i++) {
        line_begin(c, &c->line[i], written > 0 ? written : UINT64_MAX);
        c->line[i].unsure = true;
    }
}

static void part_meet(struct line *l, const struct courier_item *item)
{
    struct picture *p = &l->making;
    if (p->parts == 0) {
        p->from = item->position;
    }
    p->parts++;
    if (line_part(item->type) == PART_LAST) {
        p->to = item->position + 1;
        l->whole = l->unsure ? l->whole : *p;
        l->unsure = false;
        *p = (struct picture){0};
    }
}

void line_meet(struct courier *c, const struct courier_item *item, const id *epoch)
{
    struct line *l = line_for(c, OUTBOX_INTAKE, item->type);
    if (l == NULL || item->position < l->met) {
        return; /* it comes again: there was no room for it */
    }
    if (line_part(item->type) == PART_FIRST) {
        line_begin(c, l, item->position);
    }
    l->epoch = *epoch;
    l->met = item->position + 1;
    if (line_pictures(item->type) && item->position >= l->begin) {
        part_meet(l, item);
    }
}

void line_given(struct courier *c, unsigned partner, const struct lane_entry *e)
{
    struct line *l = line_for(c, e->outbox, e->type);
    if (l == NULL || !line_pictures(e->type)) {
        return;
    }
    bool whole = e->position >= l->whole.from && e->position < l->whole.to;
    bool making = l->making.parts > 0 && e->position >= l->making.from;
    l->whole.has[partner] += whole;
    l->making.has[partner] += making && !whole;
}

/* ---- behind ---- */

/* Once it is late it stays so until nothing waits any more: or between two pictures it would fall behind again. */
void lane_watch(struct courier *c, struct lane_out *l, bool up)
{
    bool waits = up && l->sent < l->last;
    l->late = waits && (l->late || (l->sent < l->due && c->now - l->due_ms >= BEHIND_MS));
    if (!waits || l->sent >= l->due) {
        l->due = l->last;
        l->due_ms = c->now;
    }
}

static void picture_want(struct courier *c, struct line *l)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    if (c->now < l->ask_ms) {
        return;
    }
    guard_message_begin(&w, REQUEST_BEHIND, TAG_BEHIND);
    put_id(&w, &l->epoch);
    MUST(!w.bad);
    if (!err_is(c->port.ask(c->port.ctx, writer_span(&w)))) {
        l->ask_ms = c->now + PICTURE_ASK_MS;
    }
}

/* Who goes by a picture goes on to another only behind it, or who is always behind would never see the tracks that come
 * late in one. */
void picture_look(struct courier *c, struct partner *p, unsigned lane, const struct lane_entry *e)
{
    struct line           *l = line_for(c, e->outbox, e->type);
    const struct lane_out *o = &p->lane[lane];
    if (l == NULL || e->position < l->begin || e->number <= o->sent || !o->late) {
        return;
    }
    struct taken *t = &p->taken[l - c->line];
    bool          through = e->position >= t->to, later = l->whole.from > e->position;
    if (through && !later) {
        picture_want(c, l);
    } else if (through && l->whole.has[peer_number(c, p)] == l->whole.parts) {
        *t = (struct taken){l->whole.from, l->whole.to};
    }
}

bool is_left(struct courier *c, const struct partner *p, const struct lane_entry *e)
{
    const struct line *l = line_for(c, e->outbox, e->type);
    if (l == NULL || !entry_is_batch(e) || e->position < l->begin) {
        return false;
    }
    const struct taken *t = &p->taken[l - c->line];
    bool                in = e->position >= t->from && e->position < t->to;
    return line_pictures(e->type) ? !in : e->position < t->from;
}

/* ---- told ---- */

bool left_add(struct left *left, const struct lane_entry *e)
{
    unsigned i = 0;
    while (i < left->count && !id_equal(&left->row[i].handle, &e->handle)) {
        i++;
    }
    if (i == LEFT_MAX) {
        return false;
    }
    if (i == left->count) {
        left->row[left->count++] = (struct left_row){.handle = e->handle};
    }
    left->row[i].next = e->items;
    left->row[i].items += e->count;
    left->row[i].reports += line_pictures(e->type) ? 0 : e->count;
    return true;
}

uint64_t left_reports(const struct left *left)
{
    uint64_t reports = 0;
    for (unsigned i = 0; i < left->count; i++) {
        reports += left->row[i].reports;
    }
    return reports;
}
