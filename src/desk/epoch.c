/* SPDX-License-Identifier: Apache-2.0 */
/* Epochs of feeds that are shown just now: from the first batch and the guard's word what it is, by a key
 * for each session that may see it, to the end of the last lease. */
#include "desk/rows.h"
#include "desk/state.h"

#define QUIET_MS   (70 * MS_PER_SECOND) /* an epoch lives 60 s; nothing comes after that */
#define UNKNOWN_MS (5 * MS_PER_SECOND)  /* so long the guard's word is waited for */
#define OVER_MS    (2 * MS_PER_SECOND)  /* what was sealed before a source went has come by then */
#define RENEW_MS   (10 * MS_PER_SECOND) /* before a lease ends it is asked for again */
#define EMPTY_MS                                                                                   \
    (3 * 60 * MS_PER_SECOND) /* what is urgent is given 70 s before the end of its epoch */

/* OPENS_MAX - keys for displays that the guard is asked for at a time: what it says of a room waits behind its answers */
#define OPENS_MAX 64

/* ---- the table ---- */

uint32_t epoch_find(const struct desk *d, const id *handle)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        if (id_equal(&d->epoch_handle[i], handle)) {
            return d->epoch[i].used ? i : NONE;
        }
    }
    return NONE;
}

void epoch_shut(struct epoch *e)
{
    if (e->keyed) {
        aead_forget(e->u.aead);
        verifier_close(e->u.sealer);
        e->u.sealer = NULL;
        e->keyed = false;
    }
}

void epoch_free(struct desk *d, uint32_t place)
{
    struct epoch *e = &d->epoch[place];
    struct aead  *aead = e->u.aead;
    if (e->known) {
        d->gone[d->gone_next++ % DESK_EPOCHS_MAX] = d->epoch_handle[place];
    }
    for (uint32_t s = 0; d->tak_count > 0 && e->keyed && s < DESK_SITTINGS_MAX; s++) {
        taks_take(d, s, e); /* nobody would know later that it has gone dark */
    }
    waiting_clear(d, e);
    epoch_shut(e);
    *e = (struct epoch){.u.aead = aead, .waiting_first = NONE, .waiting_last = NONE};
    d->epoch_handle[place] = (id){0};
}

/* A free place, or that of the epoch which has been quiet longest. */
static uint32_t epoch_place(const struct desk *d)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        if (!d->epoch[i].used) {
            return i;
        }
        best = d->epoch[i].last_ms < d->epoch[best].last_ms ? i : best;
    }
    return best;
}

uint32_t epoch_add(struct desk *d, const id *handle, const name *partner)
{
    uint32_t place = epoch_place(d);
    epoch_free(d, place);
    d->epoch_handle[place] = *handle;
    d->epoch[place].used = true;
    d->epoch[place].partner = *partner;
    d->epoch[place].last_ms = d->boot_ms;
    d->epoch[place].place = NONE;
    d->epoch[place].items = UINT64_MAX;
    d->epoch[place].log = LOG_INBOX;
    d->epoch[place].class = CLASS_NONE;
    d->epoch[place].born = ++d->epochs_born;
    return place;
}

static uint32_t feed_place(struct desk *d, const struct arrived *a)
{
    for (uint32_t i = 0; i < d->feed_count; i++) {
        if (name_equal(&d->feed[i].originator, &a->originator) &&
            name_equal(&d->feed[i].feed, &a->feed)) {
            return i;
        }
    }
    if (d->feed_count == DESK_FEEDS_MAX) {
        return NONE;
    }
    d->feed[d->feed_count] = (struct feed_name){.originator = a->originator, .feed = a->feed};
    return d->feed_count++;
}

/* ---- what the guard says it is ---- */

/* Of all who watch; who was told no, or waits for the answer, is not looked at. */
static void epoch_open_all(struct desk *d, uint32_t place)
{
    const struct epoch *e = &d->epoch[place];
    for (size_t w = 0; w < ARRAY_LEN(e->asked); w++) {
        set64 left = d->watching[w] & ~(e->asked[w] | e->refused[w]);
        for (unsigned i = set_next(left, 0); i < SET64_MAX; i = set_next(left, i + 1)) {
            epoch_open(d, place, (uint32_t)(w * SET64_MAX + i));
        }
    }
}

static bool was_let_go(const struct desk *d, const id *handle)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        if (id_equal(&d->gone[i], handle)) {
            return true;
        }
    }
    return false;
}

static bool silent_long(const struct desk *d, uint32_t place)
{
    const struct epoch *e = &d->epoch[place];
    return !e->begun && d->boot_ms - e->last_ms >= QUIET_MS;
}

/* What is urgent has an epoch a minute, also while its source is silent.  So when there is a later one, an earlier one that
 * is still empty after so long stays so, and leaves its place to what has come. */
static void empty_free(struct desk *d, const struct arrived *a)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *e = &d->epoch[i];
        bool                same = e->used && name_equal(&e->originator, &a->originator) &&
                    name_equal(&e->feed, &a->feed) && !id_equal(&d->epoch_handle[i], &a->handle);
        if (same && !e->begun && d->boot_ms - e->last_ms >= EMPTY_MS) {
            epoch_free(d, i);
        }
    }
}

/* The guard says again what has arrived when a partner is heard again.  What was quiet long before that
 * is opened when something of it comes after all. */
void epoch_arrived(struct desk *d, const struct arrived *a)
{
    static const name nobody;
    uint32_t          place = epoch_find(d, &a->handle);
    bool              feed = a->feed.text[0] != 0;
    bool              old = place == NONE ? was_let_go(d, &a->handle) : silent_long(d, place);
    if (!feed) {
        shelf_expect(d, &a->handle);
        if (place != NONE) {
            waiting_shelve(d, place);
        }
        return;
    }
    if (place == NONE && !old) {
        empty_free(d, a);
    }
    if (a->kind == ARRIVED_ASIDE) {
        place = place == NONE ? epoch_add(d, &a->handle, &nobody) : place;
        waiting_clear(d, &d->epoch[place]);
        d->epoch[place].aside = true;
        d->epoch[place].originator = a->originator;
        d->epoch[place].feed = a->feed;
        return;
    }
    uint32_t shelved = shelf_find(d, &a->handle);
    if (shelved != NONE) {
        d->product[shelved].feed = true;
    }
    place = place == NONE ? epoch_add(d, &a->handle, &nobody) : place;
    struct epoch *e = &d->epoch[place];
    e->known = true;
    e->originator = a->originator;
    e->feed = a->feed;
    e->place = feed_place(d, a);
    memset(e->refused, 0, sizeof e->refused); /* a word that comes again: it may be open by now */
    epochs_again(d, e->place);
    if (!old) {
        epoch_open_all(d, place);
    }
    if (!e->opening && !e->draining && !epoch_dark(e)) {
        waiting_clear(d, e); /* nobody watches it */
    }
}

/* ---- keys ---- */

bool sitting_wants(const struct desk *d, const struct epoch *e, uint32_t sitting)
{
    for (uint32_t at = d->sitting[sitting].first; at != 0; at = d->stream[at - 1].next) {
        if (stream_wants(&d->stream[at - 1], e)) {
            return true;
        }
    }
    return false;
}

void epoch_ask(struct desk *d, uint32_t place, uint32_t sitting)
{
    struct epoch  *e = &d->epoch[place];
    struct errand *out = errand_begin(d, ERRAND_OPEN, REQUEST_OPEN);
    if (out == NULL) {
        return;
    }
    out->place = sitting;
    out->session = d->sitting[sitting].number;
    out->handle = d->epoch_handle[place];
    put_u64(&d->out, out->session);
    put_id(&d->out, &out->handle);
    if (err_is(errand_send(d, out))) {
        return;
    }
    e->opening = e->opening || !e->keyed;
    e->pending++;
    d->opens += sitting >= DESK_SITTINGS_MAX;
    bit_put(e->asked, sitting, true);
}

void epoch_until(struct epoch *e, uint32_t sitting, int64_t until_ms)
{
    e->until[sitting] = until_ms;
    bit_put(e->open, sitting, until_ms != 0);
}

uint32_t epoch_seat(const struct desk *d, const struct epoch *e, uint32_t from)
{
    size_t at = sets_next(e->open, ARRAY_LEN(e->open), from);
    while (at < DESK_SEATS_MAX && e->until[at] <= d->boot_ms) {
        at = sets_next(e->open, ARRAY_LEN(e->open), at + 1);
    }
    return (uint32_t)at;
}

/* The first that an epoch is asked for waits for nobody; nor do those to whom it went dark. */
static bool open_later(struct desk *d, const struct epoch *e, uint32_t sitting)
{
    bool later = sitting >= DESK_SITTINGS_MAX && d->opens >= OPENS_MAX &&
                 (e->keyed || e->pending > 0) && !epoch_dark(e);
    d->opens_left = d->opens_left || later;
    return later;
}

void epoch_open(struct desk *d, uint32_t place, uint32_t sitting)
{
    const struct epoch *e = &d->epoch[place];
    bool                open = e->keyed && e->until[sitting] > d->boot_ms;
    if (!open && !bit_has(e->asked, sitting) && !bit_has(e->refused, sitting) &&
        sitting_wants(d, e, sitting) && !open_later(d, e, sitting)) {
        epoch_ask(d, place, sitting);
    }
}

/* The epoch and the session that an answer is for, if both are still what they were. */
static struct epoch *open_epoch(struct desk *d, const struct errand *e)
{
    uint32_t place = epoch_find(d, &e->handle);
    d->opens -= e->place >= DESK_SITTINGS_MAX;
    bool same = d->sitting[e->place].number == e->session && e->session != 0;
    if (place == NONE || !same || !bit_has(d->epoch[place].asked, e->place)) {
        return NULL;
    }
    bit_put(d->epoch[place].asked, e->place, false);
    d->epoch[place].pending--;
    return &d->epoch[place];
}

/* What came of its feed under an earlier epoch is asked for just now, or not all shown yet. */
static bool feed_waits(const struct desk *d, const struct epoch *e)
{
    for (uint32_t i = 0; d->waits > 0 && e->place != NONE && i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *o = &d->epoch[i];
        if (o->used && o->place == e->place && o->born < e->born && o->waits > 0 &&
            (o->pending > 0 || o->draining)) {
            return true;
        }
    }
    return false;
}

/* It has all its answers, and something of it is to be shown. */
static bool is_due(const struct epoch *e)
{
    return e->used && e->pending == 0 && (e->opening || (e->known && e->waits > 0 && !e->draining));
}

static struct epoch *feed_next(struct desk *d, const struct epoch *e)
{
    struct epoch *next = NULL;
    for (uint32_t i = 0; e->place != NONE && i < DESK_EPOCHS_MAX; i++) {
        struct epoch *o = &d->epoch[i];
        if (is_due(o) && o->place == e->place && o->born > e->born &&
            (next == NULL || o->born < next->born)) {
            next = o;
        }
    }
    return next;
}

/* The epochs of a feed are shown in their order, whichever is answered first. */
void epoch_round(struct desk *d, struct epoch *e)
{
    while (e != NULL && e->pending == 0 && !e->draining && !feed_waits(d, e)) {
        if (is_due(e)) {
            waiting_show(d, e);
        }
        e = feed_next(d, e);
    }
}

/* The same epoch may come by two ways, under a handle each: what one has shown the other does not. */
static void twins_find(struct desk *d, struct epoch *e)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *other = &d->epoch[i];
        if (other != e && other->used && id_equal(&other->u.epoch, &e->u.epoch)) {
            other->twin = e->twin = true;
        }
    }
}

/* What was there at the start, and is so old that the guard does not speak of it any more, is named with its key. */
static err epoch_name(struct desk *d, struct epoch *e, const struct key_row *row)
{
    struct arrived a = {.handle = row->handle};
    e->track = span_is(row_value(row->describe, "kind"), "track");
    if (e->known) {
        return OK;
    }
    TRY(name_of(row_value(row->describe, "originator"), &a.originator));
    TRY(name_of(row_value(row->describe, "feed"), &a.feed));
    e->originator = a.originator;
    e->feed = a.feed;
    e->place = feed_place(d, &a);
    e->known = true;
    return OK;
}

static err key_take(struct desk *d, struct epoch *e, const struct key_row *row)
{
    e->items = row->items < e->items ? row->items : e->items; /* a cut is for good */
    if (e->keyed) {
        return OK;
    }
    TRY(epoch_name(d, e, row));
    TRY(epoch_prefix(e, row));
    epoch_labels(e, row->describe);
    TRY(verifier_open(row->sealer, &e->u.sealer));
    e->u.epoch = row->epoch;
    e->u.seen = &d->seen;
    e->u.made = d->made;
    aead_rekey(e->u.aead, &row->key);
    e->keyed = true;
    e->class = err_is(class_note(d, row)) ? CLASS_NONE : row->class;
    twins_find(d, e);
    return OK;
}

void open_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct key_row row = {0};
    struct epoch  *epoch = open_epoch(d, e);
    key_row_read(r, &row);
    err taken = reader_end(r);
    if (!err_is(taken) && !id_equal(&row.handle, &e->handle)) {
        taken = FAIL(IO, "the guard gave the key of another epoch");
    }
    if (epoch != NULL) {
        taken = err_is(taken) ? taken : key_take(d, epoch, &row);
        if (err_is(taken)) {
            d->counters.malformed++;
            bit_put(epoch->refused, e->place, true);
        } else {
            epoch_until(epoch, e->place, d->boot_ms + row.lease_ms);
            note_began(d, e->place, epoch);
            epoch_lit(d, epoch, e->place);
            display_opened(d, e->place, epoch->class);
        }
        epoch_round(d, epoch);
    }
    secret_wipe(&row.key);
}

/* What is not open to a session stays so for this epoch, unless it is dark to all; why is the guard's to
 * know. */
void open_refused(struct desk *d, const struct errand *e, err why)
{
    struct epoch *epoch = open_epoch(d, e);
    if (epoch == NULL) {
        return;
    }
    bool had = false;
    if (refused_for_now(d, epoch, e->place, why)) {
        had = epoch->until[e->place] != 0;
        epoch_darken(d, epoch, e->place);
    } else if (why.code != ERR_FULL) {
        had = epoch->until[e->place] != 0;
        bit_put(epoch->refused, e->place, true);
        bit_put(epoch->again, e->place, false);
        epoch_until(epoch, e->place, 0);
        taks_take(d, e->place, epoch);
        note_ended(d, e->place, epoch);
        d->sitting[e->place].probe_ms = 0;
    }
    if (had && e->place >= DESK_SITTINGS_MAX) {
        display_refused(d, e->place);
    }
    epoch_round(d, epoch);
}

/* ---- batches ---- */

void epoch_batch(struct desk *d, uint32_t place, uint64_t position, bool durable,
                 const struct batch *b)
{
    struct epoch *e = &d->epoch[place];
    e->last_ms = d->boot_ms;
    e->begun = true;
    if (e->aside) {
        return;
    }
    bool dark = epoch_dark(e);
    if (e->known && !dark) { /* what is dark is asked for by the clock */
        epoch_open_all(d, place);
    }
    if (e->keyed && e->waits > 0 && !e->opening) {
        epoch_round(d, e); /* what came before it is shown before it */
    }
    bool later = e->opening || e->draining || (dark && !e->keyed) ||
                 (e->waits > 0 && e->pending > 0) || (e->keyed && feed_waits(d, e));
    if (!e->known || later) {
        bool product = !e->known && durable && e->log == LOG_INBOX;
        if (!waiting_put(d, e, position, durable, b) && product) {
            name partner = e->partner;
            waiting_shelve(d, place);
            shelf_put(d, LOG_INBOX, position, &partner, b);
        }
    } else if (e->keyed) {
        show_batch(d, e, position, b);
    } else {
        const struct past_row row = {e->log, position};
        e->paused = true;
        waiting_clear(d, e); /* nobody waits for it any more */
        (void)past_put(d, e, &row, b);
    }
}

/* ---- time ---- */

static void lease_renew(struct desk *d, uint32_t place, uint32_t s)
{
    const struct epoch *e = &d->epoch[place];
    bool                soon = e->until[s] - d->boot_ms <= RENEW_MS && !bit_has(e->asked, s);
    bool                live = d->boot_ms - e->last_ms < RENEW_MS ||
                ((s >= DESK_SITTINGS_MAX || sitting_is_tak(d, s)) && e->stale_ms > d->boot_ms);
    if (soon && live && sitting_wants(d, e, s) && !open_later(d, e, s)) {
        epoch_ask(d, place, s);
    }
}

static void leases_turn(struct desk *d, uint32_t place)
{
    struct epoch *e = &d->epoch[place];
    bool          any = false;
    const size_t  words = e->keyed ? ARRAY_LEN(e->open) : 0;
    for (size_t at = sets_next(e->open, words, 0); at < words * SET64_MAX;
         at = sets_next(e->open, words, at + 1)) {
        uint32_t s = (uint32_t)at;
        if (e->until[s] <= d->boot_ms) {
            epoch_until(e, s, 0);
            taks_take(d, s, e);
            note_ended(d, s, e);
            continue;
        }
        any = true;
        lease_renew(d, place, s);
    }
    if (e->keyed && !any) {
        epoch_shut(e);
    }
}

void epochs_work(struct desk *d)
{
    if (!d->opens_left || d->opens > OPENS_MAX / 2) {
        return;
    }
    d->opens_left = false;
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *e = &d->epoch[i];
        if (!e->used || !e->known || e->aside || epoch_dark(e) || silent_long(d, i)) {
            continue;
        }
        epoch_open_all(d, i);
        for (uint32_t s = epoch_seat(d, e, 0); s < DESK_SEATS_MAX; s = epoch_seat(d, e, s + 1)) {
            lease_renew(d, i, s);
        }
    }
}

void epoch_over(struct desk *d, const id *handle)
{
    uint32_t at = epoch_find(d, handle);
    for (uint32_t i = 0; at != NONE && d->epoch[at].known && i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        e->over = e->over || (e->used && e->place == d->epoch[at].place);
    }
}

/* To who reads a stream it has ended; what was shown on displays and to TAK clients stays as long as it is good. */
static void over_tell(struct desk *d, struct epoch *e)
{
    for (uint32_t s = 0; s < DESK_SITTINGS_MAX; s++) {
        if (e->until[s] != 0 && !sitting_is_tak(d, s)) {
            e->until[s] = 0;
            note_ended(d, s, e);
        }
    }
}

void epochs_tick(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        int64_t       quiet = d->boot_ms - e->last_ms;
        if (!e->used) {
            continue;
        }
        if (e->aside) {
            if (e->begun && quiet >= QUIET_MS) {
                epoch_free(d, i);
            }
            continue;
        }
        if (e->over && quiet >= OVER_MS) {
            over_tell(d, e);
        }
        leases_turn(d, i);
        if (is_due(e)) {
            epoch_round(d, e); /* whom it waited for may be gone */
        }
        epoch_watched(d, e);
        if (!e->known && quiet >= UNKNOWN_MS) {
            waiting_shelve(d, i);
        } else if (!e->keyed && e->begun && e->pending == 0 && quiet >= QUIET_MS &&
                   !epoch_held(d, e)) {
            epoch_free(d, i); /* a source may be silent for long before its epoch begins */
        }
    }
    epochs_again(d, NONE);
    displays_opened(d);
    displays_judge(d);
}

/* No key of the old guard counts any more, and nobody is seated; but what waits for a word on what it is
 * still waits, and what is known stays known: neither is told twice. */
void epochs_forget_keys(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        if (!e->used) {
            continue;
        }
        if (e->known) {
            waiting_clear(d, e);
            e->paused = true;
        }
        epoch_shut(e);
        e->opening = false;
        e->pending = 0;
        memset(e->until, 0, sizeof e->until);
        memset(e->open, 0, sizeof e->open);
        memset(e->asked, 0, sizeof e->asked);
        memset(e->refused, 0, sizeof e->refused);
        memset(e->again, 0, sizeof e->again);
    }
}

void epochs_shut(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        epoch_free(d, i);
    }
}
