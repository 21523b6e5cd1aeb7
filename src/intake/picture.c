/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of a feed, for partners that are behind in it: the newest report of each track sealed once more, a piece in a
 * turn, between what comes.  The courier then may leave out what lies before it (wire/line.h). */
#include "intake/state.h"

/* PIECE_MAX    items in one turn: half a millisecond, so that a stop of the guard is heard as soon as ever
 * PICTURE_MS   between two pictures of one feed, and a millisecond for each track: whoever asks without need costs no more */
#define PIECE_MAX  512
#define PICTURE_MS MS_PER_SECOND

static unsigned number_of(const struct intake *in, const struct source *s)
{
    return (unsigned)(s - in->source);
}

bool picture_has(const struct intake *in, const struct source *s)
{
    return !s->is_derived && s->row.kind == KIND_OF_TRACKS && number_of(in, s) + 1 < LINE_COUNT;
}

/* Until when a report counts: what it says itself, and a while */
static int64_t until_of(const struct intake *in, const struct report *r, int64_t boot_ms)
{
    int64_t left = in->now == 0 ? NEWEST_LAST_MS : r->stale - in->now;
    left = left < 0 ? 0 : left < NEWEST_LAST_MS ? left : NEWEST_LAST_MS;
    return boot_ms + left + NEWEST_KEEP_MS;
}

void picture_take(struct intake *in, struct source *s, const struct report *r, span bytes,
                  int64_t boot_ms)
{
    if (!picture_has(in, s)) {
        return;
    }
    const struct newest_report row = {.place = number_of(in, s),
                                      .uid = r->uid,
                                      .bytes = bytes,
                                      .until_ms = until_of(in, r, boot_ms),
                                      .boot_ms = boot_ms,
                                      .time =
                                          in->now == 0 || r->time < in->now ? r->time : in->now};
    if (!err_is(newest_put(&in->newest, &row))) {
        return;
    }
    if (s->picture.without_ms < boot_ms) {
        in->port.note(in->port.ctx,
                      &(struct intake_note){.sentence = "a feed has too many tracks for a picture",
                                            .source = s->row.name});
    }
    s->picture.without_ms =
        row.until_ms > s->picture.without_ms ? row.until_ms : s->picture.without_ms;
    s->picture.going = false;
}

void picture_ask(struct intake *in, const id *epoch, int64_t boot_ms)
{
    for (unsigned i = 0; i < in->sources; i++) {
        struct source *s = &in->source[i];
        if (s->now.there && id_equal(&s->now.epoch, epoch) && picture_has(in, s) &&
            boot_ms >= s->picture.after_ms && boot_ms > s->picture.without_ms &&
            in->newest.each[i] > 0) {
            s->picture.after_ms = boot_ms + PICTURE_MS + in->newest.each[i];
            s->picture.going = true;
            s->picture.at = 0;
        }
    }
}

void picture_forget(struct intake *in, struct source *s)
{
    newest_drop(&in->newest, number_of(in, s));
    s->picture = (struct picture){0};
}

static bool more_than(const struct intake *in, const struct source *s, int64_t boot_ms)
{
    uint32_t at = s->picture.at;
    return newest_next(&in->newest, number_of(in, s), boot_ms, &at) != NULL;
}

/* An epoch that is used up, or a batch that is full, ends the piece; the next one goes on. */
static unsigned piece_seal(struct intake *in, struct source *s, int64_t boot_ms)
{
    unsigned sealed = 0;
    for (bool more = true; more && sealed < PIECE_MAX;) {
        uint32_t                 at = s->picture.at;
        const struct newest_row *row = newest_next(&in->newest, number_of(in, s), boot_ms, &at);
        more = row != NULL && !err_is(seal_item(&s->seal, (span){row->bytes, row->len}));
        s->picture.at = more ? at : s->picture.at;
        sealed += more;
    }
    return sealed;
}

/* Nothing else is in its batch: batches_out has just been called, and is again. */
static void piece(struct intake *in, struct source *s, int64_t boot_ms)
{
    if (epoch_turn(in, s, boot_ms) != INTAKE_SEALED || s->seal.count > 0) {
        return;
    }
    bool     begins = s->seal.next == 0;
    unsigned sealed = piece_seal(in, s, boot_ms);
    bool     more = more_than(in, s, boot_ms);
    s->picture.going = more;
    if (sealed == 0) {
        return; /* they are over by now: a picture without a last batch is none */
    }
    s->first_ms = begins ? boot_ms : s->first_ms;
    s->counters.pictured += sealed;
    s->picture.part = more ? PART_PICTURE : PART_LAST;
    batches_out(in);
    s->picture.part = PART_PLAIN;
}

/* One in a turn, and each in its turn. */
void pictures_turn(struct intake *in, int64_t boot_ms)
{
    for (unsigned i = 0; i < in->sources && !in->full; i++) {
        struct source *s = &in->source[(in->pictured + i + 1) % in->sources];
        if (s->there && s->picture.going) {
            in->pictured = number_of(in, s);
            piece(in, s, boot_ms);
            return;
        }
    }
}
