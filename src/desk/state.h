/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_STATE_H
#define DESK_STATE_H

#include "base/set64.h"
#include "crypt/hash.h"
#include "crypt/running.h"
#include "desk/desk.h"
#include "feed/conflate.h"
#include "feed/cot.h"
#include "feed/report.h"
#include "picture/picture.h"
#include "pouch/seal.h"
#include "wire/inbox.h"
#include "wire/refusal.h"

/* Inside the desk.  One struct; each file below is one concept and its functions. */

#define NONE      UINT32_MAX
#define CHUNK_LEN (ITEM_PLAIN_MAX - 4) /* of a product in one item: what a batch has room for */

/* ---- errand.c: what the guard was asked, and who waits for it ---- */

enum errand_kind {
    ERRAND_FREE,
    ERRAND_CERTIFY,
    ERRAND_ACT,
    ERRAND_SIGN,
    ERRAND_SUBMIT,
    ERRAND_STATUS,
    ERRAND_LISTING,
    ERRAND_OPEN,
    ERRAND_PROBE,
    ERRAND_PRESENCE,
    ERRAND_DISPLAYS,
    ERRAND_COUNT
};

/* errand
 *
 * place     of what it is about, in the table of its kind
 * handle, session    ERRAND_OPEN, ERRAND_PROBE: for whom, as tables may have moved on meanwhile
 * len, digest        ERRAND_SUBMIT: of the content that its author signed
 * by                 ERRAND_ACT: who asks
 * display, minutes   ERRAND_ACT: that it turns on or off
 * act, first         ERRAND_SIGN: which act, and is this the first signature of who asked for it? */
struct errand {
    uint8_t      kind;
    uint32_t     tag;
    uint32_t     place;
    struct asker asker;
    uint8_t      terminal[TERMINAL_LEN];
    id           handle;
    uint64_t     session;
    uint64_t     len;
    uint8_t      digest[SHA256_LEN];
    uint32_t     act;
    name         by, display;
    uint64_t     minutes;
    bool         first;
};

/* errand_begin - begin a message in d->out; NULL when the table is full.  The tables keep places for
 * what nobody asked for (OPEN and PROBE), so that listings cannot starve a stream
 * errand_send  - fails as ask_guard; the errand is over then */
struct errand *errand_begin(struct desk *d, enum errand_kind kind, uint8_t request);
err            errand_send(struct desk *d, struct errand *e);

/* errands_drop - the guard has gone: tell all who wait */
void errands_drop(struct desk *d);

/* ---- act.c ---- */

enum doing {
    DOING_PLAIN,
    DOING_SESSION,
    DOING_OPEN,
    DOING_ON,
    DOING_OFF,
    DOING_TAK_ON,
    DOING_TAK_OFF
};

#define DESK_ACTS_MAX 64 /* twice what the guard lets wait */

/* Of those, so many may be one terminal's: a person signs one after the other, and the guard has room
 * for 32 of all persons.  It lets an act wait so long. */
#define DESK_ACTS_TERMINAL_MAX 8
#define DESK_ACT_MS            (5 * MS_PER_MINUTE)

/* act_known - an act that waits for signatures here: what its result will be
 *
 * terminal    where it was asked for
 * by          who asked for it, and signs first
 * display, minutes    that it turns on, for so long, or off
 * signed_once a signature of it was good */
struct act_known {
    bool       open, signed_once;
    uint32_t   number;
    enum doing doing;
    uint8_t    terminal[TERMINAL_LEN];
    name       by, display;
    uint64_t   minutes;
    int64_t    until_ms;
    size_t     text_len;
    uint8_t    text[ACT_TEXT_MAX]; /* what is signed, for the second who signs */
};

/* ---- sitting.c: the sessions that persons have signed ---- */

/* TOPICS_MAX - of a list of topics, canonical text: the name of a group in an event */
#define TOPICS_MAX REPORT_GROUP_MAX

/* sitting - a session, and the terminal at which it was signed: nowhere else is it good
 *
 * tak      the terminal of TAK clients for which it is, until so long on the boot clock; its number is told to nobody
 * topics   of those only these; "-": all */
struct sitting {
    uint64_t number; /* 0 = free */
    uint8_t  terminal[TERMINAL_LEN];
    uint32_t streams, first; /* how many there are, and the first of them, one higher */
    int64_t  probe_ms;       /* when the guard is asked next whether it goes on */
    uint64_t age;
    name     tak;
    int64_t  until_ms;
    char     topics[TOPICS_MAX + 1];
};

/* tak - a TAK client that is connected */
struct tak {
    struct asker asker; /* slot and turn 0: a free place */
    name         terminal;
};

/* ---- stream.c ---- */

/* stream - one who watches; display: its place, or NONE for a person; tak: by a TAK client.  began: the feeds that were told to him, a bit each; dark: those that were told
 * to be dark just now.  behind: his place in that table, or NONE: he is shown what comes when it comes.
 * next, before: others of the same sitting, one higher */
struct stream {
    struct asker asker;
    uint32_t     sitting, display, behind, next, before;
    bool         tak;
    name         originator, feed;
    uint64_t     began[DESK_FEEDS_MAX / 64];
    uint64_t     dark[DESK_FEEDS_MAX / 64];
};

/* feed_name - unsaid: why TAK clients are not shown it, "": they are, or nobody looked; told: in the log */
struct feed_name {
    name originator, feed;
    char unsaid[DESK_WHY_MAX + 1];
    bool told;
};

/* ---- past.c: batches of feeds in the order in which they were shown, or passed by while nobody watched ---- */

#define FEED_UNKNOWN UINT16_MAX

/* past - one of them; feed: its place in that table, or FEED_UNKNOWN: it was there at the start
 *
 * count   0: no batch, but the items before `first` that did not come were left out */
struct past {
    id            handle;
    uint64_t      position, first;
    uint16_t      count, feed;
    enum log_name log;
};

/* ---- behind.c, behind_walk.c, behind_slow.c: who has come back, and who is slow ---- */

/* BEHIND_EPOCHS - of so many a reader who comes back is told each number once, by whatever way they came: feeds of 64
 * sources, of which one at a time has two */
#define BEHIND_EPOCHS 64

/* behind - a reader who walks through what he missed, or for whom reports wait
 *
 * at       walks: the number of the past that comes next;  done: items of it below this one he has
 * from     where in the past the events are that he named, and the items after them
 * lost     nothing that he named is here any more
 * stalled_ms    since when the guard is waited for; 0 = it is not
 * queue    of what waits: where in the past, and which item
 * next     of an epoch: the number that comes next */
struct behind {
    bool     used, walks, lost;
    uint64_t at, done;
    uint32_t froms;
    struct {
        uint64_t at, done;
    } from[DESK_RESUME_MAX];
    int64_t         stalled_ms;
    struct conflate queue;
    uint32_t        epochs;
    struct behind_seen {
        id       epoch;
        uint64_t next, left; /* left: what did not come before it was left out */
    } seen[BEHIND_EPOCHS];
};

/* ---- epoch.c: what is shown just now ---- */

#define PREFIX_MAX 3072

/* epoch - a received epoch of a feed, or a handle of which the guard has not said yet what it is
 *
 * known     the guard said that it is a feed;  begun: something of it has come
 * track     newer reports of it take the place of older ones
 * opening   the first round of asking goes on: batches wait, so that nobody misses the first of them
 * draining  it is over, and what has waited is shown bit by bit: what comes meanwhile waits behind it
 * paused    a batch went by that nobody could see: what is missing then is no gap
 * twin      it came under another handle too
 * items     nothing from this number on is shown
 * born      which came first
 * log       in which its batches come
 * class     under which the guard judges it for rooms, or CLASS_NONE
 * stale_ms  on the boot clock: until when something of it may be on a display, or a TAK client's screen
 * labels    what an event says of its marking, and its topics; "": it cannot be said, and TAK clients are not shown it
 * until     for each sitting, on the boot clock: it may be shown to it so long;  open: those for which that is not 0
 * again     sittings to which it is refused for now: asked again at again_ms.  It is dark then, and while
 *           nobody has its key, batches wait */
struct epoch {
    bool          used, known, begun, keyed, opening, draining, paused, twin, track;
    bool          over;  /* its source is gone: nothing comes of this feed but what is on its way */
    bool          aside; /* never shown here: it is derived from what is */
    name          partner, originator, feed;
    enum log_name log;
    uint16_t class;
    struct unseal     u;
    int64_t           last_ms, stale_ms;
    uint64_t          next; /* the item that comes next; what is below was shown, or missed */
    uint64_t          items, born;
    uint64_t          left_to, left; /* what did not come before it was left out; not yet told */
    uint32_t          pending;
    uint32_t          place; /* in the table of feeds; NONE when that is full */
    uint32_t          waiting_first, waiting_last, waits;
    int64_t           until[DESK_SEATS_MAX];
    uint64_t          open[DESK_SEATS_MAX / 64];
    uint64_t          asked[DESK_SEATS_MAX / 64];   /* an answer is awaited */
    uint64_t          refused[DESK_SEATS_MAX / 64]; /* … and was no */
    uint64_t          again[DESK_SEATS_MAX / 64];
    int64_t           again_ms;
    struct cot_labels labels;
    char              unsaid[DESK_WHY_MAX + 1]; /* why labels cannot say its marking */
    char              topics[TOPICS_MAX + 1];
    bool              warning;
    size_t            prefix_len;
    uint8_t           prefix[PREFIX_MAX];
};

/* waiting - a batch that waits, by its place in the inbox */
struct waiting {
    uint64_t position, first;
    uint32_t next;
    uint16_t count;
    bool     durable;
};

/* ---- shelf.c: products, as far as they have come ---- */

/* product - found by its handle.  feed: the guard says that it is none */
struct product {
    id       handle;
    name     partner; /* "" = own */
    uint32_t next;    /* of the same bucket */
    uint32_t chunk_first, chunk_last;
    uint32_t items;
    bool     feed;
};

struct chunk {
    uint64_t      position;
    uint32_t      next;
    enum log_name log;
};

/* ---- ticket.c ---- */

enum ticket_kind { TICKET_FREE, TICKET_OPENED, TICKET_UPLOAD };

/* ticket - leave for one thing, once, at one terminal */
struct ticket {
    enum ticket_kind kind;
    id               number;
    uint8_t          terminal[TERMINAL_LEN];
    int64_t          until_ms;
    id               handle, epoch;
    secret           key;
    uint8_t          sealer[SIGN_PUBLIC_LEN];
    int64_t          lease_ms; /* on the boot clock */
    uint64_t         len, items;
    uint8_t          digest[SHA256_LEN];
    name             originator;
};

/* ---- opened.c, upload.c: what is being read and written ---- */

enum download_state { DOWNLOAD_FREE, DOWNLOAD_CHECKS, DOWNLOAD_SENDS };

struct download {
    enum download_state state;
    bool                full; /* the client takes no more just now */
    struct asker        asker;
    struct unseal       u;
    uint32_t            product, chunk;
    uint64_t            item, done, len;
    name                originator;
    uint8_t             digest[SHA256_LEN];
    struct running     *running;
    uint8_t (*print)[SHA256_LEN]; /* of each chunk, as it was when it was checked */
    uint8_t *buffer;
    span     rest; /* of the chunk that is being sent */
};

/* backlog - a sealed batch for which the log has no room yet */
struct backlog {
    struct backlog *next;
    uint8_t         root[32]; /* of its epoch, with it */
    size_t          len;
    uint8_t         bytes[];
};

enum upload_state { UPLOAD_FREE, UPLOAD_TAKES, UPLOAD_SYNCS };

struct upload {
    enum upload_state state;
    struct asker      asker;
    struct seal       seal;
    struct aead      *aead;
    int64_t           lease_ms;
    uint64_t          len, taken;
    uint8_t           digest[SHA256_LEN];
    struct running   *running;
    bool              told;  /* the guard knows that it is closed */
    uint64_t          items; /* that lie in the log, and the epoch's root over them */
    uint8_t           root[32];
    uint64_t          position; /* of its last batch */
    size_t            filled;
    uint8_t          *plain, *sealed; /* CHUNK_LEN, BATCH_MAX */
    struct backlog   *waits_first, *waits_last;
    int64_t           waits_ms; /* since when */
};

/* closing - an own epoch that is over: so many items lie in the log, under this root */
struct closing {
    id       epoch;
    uint64_t items;
    uint8_t  root[32];
};

/* CLOSINGS_MAX - that wait for a guard which takes no messages: it has given no leave to seal meanwhile */
#define CLOSINGS_MAX (DESK_UPLOADS_MAX + DESK_TICKETS_MAX)

/* ---- listing.c ---- */

#define LISTING_MAX (200 << 10) /* below what the queue of one client takes */

struct listing {
    bool          used;
    enum ask      what;
    struct asker  asker;
    uint64_t      session, row;
    size_t        count;
    struct writer w;
    uint8_t      *room;
};

/* ---- class.c: what the guard said of classes, and sets of them ---- */

/* words - words of banners, each with its place in one (docs/format/requests.md): sets of them are bits
 *
 * WORDS_LEN_MAX   of all together: so that each line fits its event */
#define WORDS_MAX     64
#define WORDS_LEN_MAX 256
struct words {
    unsigned count;
    size_t   len;
    struct word {
        uint16_t place;
        char     text[64];
    } word[WORDS_MAX];
};

/* class_known - of one class: own level it is handled as, and what stands above what is of it
 *
 * caveats, to, show    sets of words: what it is restricted by, whom it may go to, who may be shown it
 * self, nobody         the party that opens a list in the own banner, the word where nobody is on it
 * rank    of the own level, the lowest is 0;  print: of what was told, to see that a number has another meaning */
struct class_known {
    bool     known;
    uint16_t rank;
    uint32_t color;
    uint8_t  print[SHA256_LEN];
    char     level[64], banner[256], self[32], nobody[16];
    uint64_t caveats, to, show;
};

/* LAYER_ALL - of what rests on more than can be told */
#define LAYER_ALL     0
#define LAYER_BUCKETS (4 * DESK_LAYERS_MAX)

/* ---- wall.c: what a set of classes makes visible, in the order in which it changed ---- */

/* wall_kind - each has an order of its own, so that no warning waits for a track.  An id says of which it is, so that what is
 * told of the one needs no order with what is told of the other */
enum wall_kind { WALL_WARNINGS, WALL_TRACKS, WALL_KINDS };

static inline enum wall_kind wall_kind(uint64_t object)
{
    return (object & 1) != 0 ? WALL_WARNINGS : WALL_TRACKS;
}

/* wall_entry - an object; at which number of its kind's changes it changed last, and since which it has this id and layer.
 * id 0: none is at this place.  time: of its newest report */
struct wall_entry {
    uint64_t id, version, since;
    instant  time;
    uint32_t before, after; /* in the order of version; one higher */
    uint16_t layer;
};

/* WALL_GONE_MAX - so many objects may go before a display that is told nothing meanwhile begins anew */
#define WALL_GONE_MAX 16384

/* wall_order - of one kind
 *
 * sweep   the place to which a display came last that goes by place */
struct wall_order {
    uint64_t  version, gone_count;
    uint32_t  oldest, newest, sweep;
    uint64_t *gone; /* WALL_GONE_MAX, a ring */
};

/* wall - a view of the picture, with its number;  filling: not all is on it yet, and nobody stands on it
 *
 * top     above all places that were ever taken */
struct wall {
    bool               told; /* do the displays know what stands above it now? */
    bool               filling;
    uint32_t           users, count, top;
    struct classes     sees;
    struct wall_order  order[WALL_KINDS];
    struct wall_entry *entry; /* PICTURE_CONTACTS_MAX; NULL: there is no such wall */
    uint32_t           layer_count[DESK_LAYERS_MAX];
};

/* carry_part - what displays that go from one wall to another are told before anything else, of one kind
 *
 * base    what changed on the new wall after this version is not in it;  whole: what changed before is
 * place   on the new wall, newest report first: so many are absent from the screen, the rest are there as they were
 * gone    what is on the screen and not on the new wall */
struct carry_part {
    uint64_t  base;
    bool      whole;
    uint32_t  absent, places;
    size_t    gone_count;
    uint32_t *place;
    uint64_t *gone;
};

/* carry - was: the one that they were on before, or NONE;  stays: of the display's */
struct carry {
    uint32_t          users, from, to, was;
    uint64_t          turn;
    struct classes    stays;
    struct carry_part part[WALL_KINDS];
};

/* CARRIES_MAX - rooms that are being told what came back, at a time */
#define CARRIES_MAX 256

/* ---- room.c, display.c ---- */

/* room - what a room may show, as the guard told last
 *
 * until_ms   the end of its lease on the boot clock
 * lapsed     it is over, and the displays know
 * took       the guard waits to hear that this turn has been taken down */
struct room {
    bool           used, lapsed, took;
    name           name;
    uint32_t       turn, first; /* of its displays, one higher */
    int64_t        until_ms, tell_ms;
    struct classes may, bare;
};

/* reach - so much of one kind on a wall was told
 *
 * put, gone    of its changes, and of what went
 * on           what has had its id and layer since this version or before is on the screen
 * carry_gone, carry_put    of what a carry says.  What of it was not told is an exception from what put and on say
 * to           it goes by place, and was this version when that began: what changed until then is told at its end.
 *              0 = it goes in the order of changes
 * from, at     where it began to, and is;  wrapped: it has been at the end, and began with the first */
struct reach {
    uint64_t put, on, gone, carry_gone, to;
    uint32_t carry_put, from, at;
    bool     wrapped;
};

/* display - one that an officer has turned on
 *
 * key         SHA-256 of its public key: a certificate of another key is another's, whatever its name
 * placed      it is in its room's list, where next is the one after it, one higher
 * opened      classes of which it has a key just now
 * sees        what it may show; staged: the wall is that of this set; coming: that wall while it is being filled
 * stays       of what the wall shows, what no mask has taken down since it stands on it
 * reach       so much was told;  safe: so much has left
 * told        in which turn it was told what has not left yet, 0 = all has;  warned: warnings it was told in a row
 * owes        a turn that it has not acknowledged; due_ms: when it must have, 0 = it owes none */
struct display {
    name           name;
    uint8_t        key[SHA256_LEN];
    uint64_t       session; /* 0 = free */
    uint32_t       room, next, sitting, wall, coming, carry;
    struct asker   asker;
    bool           placed, connected, staged, silent;
    struct classes opened, sees, stays;
    struct reach   reach[WALL_KINDS], safe[WALL_KINDS];
    uint64_t       told;
    uint32_t       owes, warned;
    int64_t        due_ms, until_ms;
};

static inline bool display_shows(const struct display *x)
{
    return x->session != 0 && x->connected;
}

/* ---- all of it ---- */

/* EVENT_DATA_MAX - data of one event, below EVENT_MAX of http/ with its names */
#define EVENT_DATA_MAX 15872

struct desk_counters {
    uint64_t reports, batches, forged, repeated, malformed, waited, dropped, opened, submitted,
        unsaid, left;
};

struct desk {
    struct desk_port     port;
    struct random_source random;
    struct signer       *sealer;
    struct turn_seen     seen; /* of what is shown live */
    const struct made   *made;
    uint8_t              sealer_public[SIGN_PUBLIC_LEN];
    size_t               spki_len, host_len;
    uint8_t              spki[256], host[64];
    struct refusal       uncertified;
    int64_t              boot_ms;
    instant              now, certify_at;
    struct desk_counters counters;
    const char          *following;

    struct errand    errand[DESK_ERRANDS_MAX];
    uint32_t         errand_count, errand_turn;
    struct act_known act[DESK_ACTS_MAX];
    struct sitting   sitting[DESK_SEATS_MAX]; /* of persons, then of displays */
    struct tak       tak[DESK_TAKS_MAX];
    uint32_t         tak_count;
    struct asker     tak_to[DESK_TAKS_MAX];
    set64            watching[DESK_SEATS_MAX / SET64_MAX]; /* sittings that have streams */
    uint64_t         sitting_age;
    struct stream    stream[DESK_STREAMS_MAX];
    uint32_t         stream_count;
    struct asker     to[DESK_STREAMS_MAX];
    struct feed_name feed[DESK_FEEDS_MAX];
    uint32_t         feed_count;
    id             epoch_handle[DESK_EPOCHS_MAX]; /* beside the table, so that a search is short */
    struct epoch   epoch[DESK_EPOCHS_MAX];
    uint64_t       epochs_born;
    uint32_t       opens;      /* keys for displays that the guard is being asked for */
    bool           opens_left; /* others are to be asked for */
    uint32_t       gone_next;
    id             gone[DESK_EPOCHS_MAX]; /* handles of epochs that were let go, a ring */
    struct waiting waiting[DESK_WAITING_MAX];
    uint32_t       waiting_free, draining; /* epochs that are */
    uint32_t       waits;                  /* batches that wait, of all epochs */
    uint32_t       bucket[DESK_PRODUCTS_MAX];
    struct product product[DESK_PRODUCTS_MAX];
    uint32_t       product_count;
    struct past    past[DESK_PAST_MAX]; /* a ring */
    uint64_t       past_next;           /* the first one's is 1 */
    uint64_t
                     past_shelved; /* those before this number were there at the start: of each log in the order in which they came */
    struct behind    behind[DESK_BEHIND_MAX];
    uint32_t         behind_count;
    struct conflater conflater;
    secret           track_key;   /* so that nobody makes two tracks one */
    uint64_t         slow_looked; /* reports, when it was last looked who is slow */
    struct chunk     chunk[DESK_CHUNKS_MAX];
    uint32_t         chunk_count;
    struct ticket    ticket[DESK_TICKETS_MAX];
    struct download  download[DESK_DOWNLOADS_MAX];
    uint32_t         backlog_count;
    struct upload    upload[DESK_UPLOADS_MAX];
    uint32_t         closing_count;
    struct closing   closing[CLOSINGS_MAX];
    struct listing   listing[DESK_LISTINGS_MAX];

    name            party; /* "" until the guard has greeted */
    struct picture *picture;
    struct class_known class[CLASSES_MAX];
    struct classes warnings;         /* those of them that are */
    struct words   caveats, parties; /* that stand in banners */
    struct classes layer[DESK_LAYERS_MAX];
    uint16_t       layer_bucket[LAYER_BUCKETS]; /* one higher */
    uint32_t       layers;
    struct wall    wall[PICTURE_VIEWS_MAX];
    struct carry   carry[CARRIES_MAX];
    struct room    room[DESK_ROOMS_MAX];
    uint32_t       room_count;
    struct display display[DESK_DISPLAYS_MAX];
    uint32_t       displays_on; /* that have a session: where there is none no turn looks for one */
    uint64_t       turns, stage_at; /* of desk_work; when walls are changed, 0 = none is to be */
    uint64_t       carry_turn;      /* in which a carry was made last */
    uint32_t       flush_next[WALL_KINDS], fill_next, filling; /* walls that are */
    int64_t        pace_ms, pace; /* bytes that displays may be told now, as of then */
    uint8_t        put_room[EVENT_DATA_MAX], telling_room[EVENT_DATA_MAX];

    struct writer out; /* the message to the guard that is being written */
    uint8_t       out_room[GUARD_MESSAGE_MAX];
    uint8_t       attachment[ATTACHED_MAX];
    uint8_t       text[6 * GUARD_MESSAGE_MAX]; /* JSON that is being written */
    char          sentence[256];               /* the guard's, while it is passed on */
    uint8_t       plain[ITEM_MAX];
};

static inline bool asker_is(struct asker a, struct asker b)
{
    return a.slot == b.slot && a.turn == b.turn;
}

static inline bool bit_has(const uint64_t *set, uint32_t n)
{
    return (set[n / 64] >> n % 64 & 1) != 0;
}

static inline void bit_put(uint64_t *set, uint32_t n, bool on)
{
    uint64_t bit = UINT64_C(1) << n % 64;
    set[n / 64] = on ? set[n / 64] | bit : set[n / 64] & ~bit;
}

/* answer_text - what is in w, a writer over d->text or the like, is the answer; or its failure is */
void answer_text(struct desk *d, struct asker a, unsigned status, const struct writer *w);
void refuse(struct desk *d, struct asker a, err e);

/* Answers of the guard, one for each kind of errand: the message's body, or why not (errand.c) */
void act_answered(struct desk *d, const struct errand *e, struct reader *r);
void sign_answered(struct desk *d, const struct errand *e, struct reader *r);
void sign_refused(struct desk *d, const struct errand *e, err why);
void submit_answered(struct desk *d, const struct errand *e, struct reader *r);
void status_answered(struct desk *d, const struct errand *e, struct reader *r);
void listing_answered(struct desk *d, const struct errand *e, struct reader *r);
void listing_refused(struct desk *d, const struct errand *e, err why);
void open_answered(struct desk *d, const struct errand *e, struct reader *r);
void open_refused(struct desk *d, const struct errand *e, err why);
void probe_answered(struct desk *d, const struct errand *e, struct reader *r);
void probe_refused(struct desk *d, const struct errand *e, err why);
void certify_answered(struct desk *d, const struct errand *e, struct reader *r);
void certify_refused(struct desk *d, const struct errand *e, err why);

/* Requests (desk_ask), one for each enum ask */
void ask_act(struct desk *d, struct asker a, const struct desk_request *r);
void ask_waiting(struct desk *d, struct asker a, const struct desk_request *r);
void ask_sign(struct desk *d, struct asker a, const struct desk_request *r);
void ask_opened(struct desk *d, struct asker a, const struct desk_request *r);
void ask_submit(struct desk *d, struct asker a, const struct desk_request *r);
void ask_upload(struct desk *d, struct asker a, const struct desk_request *r);
void ask_rows(struct desk *d, struct asker a, const struct desk_request *r);
void ask_stream(struct desk *d, struct asker a, const struct desk_request *r);
void ask_status(struct desk *d, struct asker a, const struct desk_request *r);

/* ---- tak.c ----
 *
 * tak_on, tak_off - somebody has signed for a terminal's TAK clients, or ended it
 * tak_gone        - the client has gone
 * taks_show       - a report to all who may see its epoch;  taks_watch: is there anybody?
 * taks_take       - what was shown of an epoch under this session is taken back
 * epoch_labels    - what an event says of it, from what the guard says */
err  tak_on(struct desk *d, uint64_t session, const name *terminal, uint64_t minutes, span topics);
void tak_off(struct desk *d, const name *terminal);
void tak_gone(struct desk *d, struct asker a);
void taks_show(struct desk *d, struct epoch *e, const struct report *r);
bool taks_watch(const struct desk *d, const struct epoch *e);
void taks_take(struct desk *d, uint32_t sitting, const struct epoch *e);
void epoch_labels(struct epoch *e, span describe);

/* sitting_is_tak - is it for TAK clients? */
static inline bool sitting_is_tak(const struct desk *d, uint32_t sitting)
{
    return d->sitting[sitting].tak.text[0] != 0;
}

/* sitting_find - its place, or NONE; both the number and the terminal must fit
 * sitting_end  - its streams end with a note, and nothing more is shown under it */
uint32_t sitting_add(struct desk *d, uint64_t number, const uint8_t terminal[static TERMINAL_LEN]);
void     sitting_forget(struct desk *d, uint32_t sitting);
uint32_t sitting_find(const struct desk *d, uint64_t number,
                      const uint8_t terminal[static TERMINAL_LEN]);
void     sitting_end(struct desk *d, uint32_t sitting, const char *why);
void     sittings_tick(struct desk *d);
#define SITTING_ENDED FAIL(DENIED, "the session has ended, or never began")

/* A note to streams: what, and of which feed.  note_began, note_ended: to the streams of one sitting;
 * note_epoch: to all who may see the epoch; note_reader: to one of them */
bool stream_wants(const struct stream *s, const struct epoch *e);
void note_began(struct desk *d, uint32_t sitting, const struct epoch *e);
void note_ended(struct desk *d, uint32_t sitting, const struct epoch *e);
void note_dark(struct desk *d, uint32_t sitting, const struct epoch *e);
void note_light(struct desk *d, uint32_t sitting, const struct epoch *e);
void note_epoch(struct desk *d, const struct epoch *e, const char *what, uint64_t from,
                uint64_t count);
void note_reader(struct desk *d, const struct stream *s, const struct epoch *e, const char *what,
                 uint64_t from, uint64_t count);
void streams_end(struct desk *d, uint32_t sitting, const char *why);
void stream_add(struct desk *d, const struct stream *s); /* there must be room */
void stream_join(struct desk *d, uint32_t sitting);
void stream_gone(struct desk *d, struct asker a);

/* feed_dark, sitting_dark - was a feed told to be dark, to anybody or under one session? */
bool feed_dark(const struct desk *d, uint32_t feed);
bool sitting_dark(const struct desk *d, uint32_t sitting, uint32_t feed);

/* stream_targets - into d->to: who is to have what comes of this epoch; how many */
size_t stream_targets(struct desk *d, const struct epoch *e);
bool   stream_sees(const struct desk *d, const struct stream *s, const struct epoch *e);
bool   stream_of_person(const struct stream *s);

/* ---- past.c ----
 *
 * past_put   - one more; returns its number
 * past_get   - NULL when it is forgotten
 * past_find  - the number of what holds the event that an id names, and which it is; 0: it is not here
 * past_id    - the id of an event: ten digits of its epoch's handle, '-', its number in that.  It says nothing that its
 *              reader does not see: where it lies beside what others see is in the ring only
 * past_mark  - a number at which nothing lies, and its id: `now-` and ten digits by chance, so that who was shown nothing yet can come
 *              back to where he began
 * log_batch  - a batch as it lies in its log */
struct past_row {
    enum log_name log;
    uint64_t      position;
};
uint64_t           past_put(struct desk *d, const struct epoch *e, const struct past_row *row,
                            const struct batch *b);
void               past_add(struct desk *d, const struct past *p);
void               past_mark(struct desk *d, name *out);
bool               past_is_mark(const name *event_id);
const struct past *past_get(const struct desk *d, uint64_t number);
uint64_t           past_oldest(const struct desk *d);
uint64_t           past_find(const struct desk *d, const name *event_id, uint64_t *item);
void               past_id(const id *handle, uint64_t item, name *out);
err                log_batch(struct desk *d, const struct past_row *row, struct batch *out);

/* ---- behind.c, behind_walk.c, behind_slow.c ----
 *
 * behind_resume - a stream that begins goes on after what an id names; fails FULL
 * behind_put    - a report for those who are slow
 * behind_drop   - the stream has gone
 * behind_work   - a little of it; is there more to do?
 * stream_walks  - does it still come to what is shown just now? */
err  behind_resume(struct desk *d, struct stream *s, const struct desk_request *r);
void behind_put(struct desk *d, const struct epoch *e, uint64_t past, unsigned item,
                const struct report *r);
void behind_drop(struct desk *d, struct stream *s);
bool behind_work(struct desk *d);
bool stream_walks(const struct desk *d, const struct stream *s);

/* epoch_until - it may be shown to a sitting so long
 * epoch_seat  - the first sitting, from one on, to which it may be shown now; DESK_SEATS_MAX: there is no more.  Who may not
 *               see it costs nothing */
void     epoch_until(struct epoch *e, uint32_t sitting, int64_t until_ms);
uint32_t epoch_seat(const struct desk *d, const struct epoch *e, uint32_t from);

uint32_t epoch_find(const struct desk *d, const id *handle);
uint32_t epoch_add(struct desk *d, const id *handle, const name *partner);
void     epoch_free(struct desk *d, uint32_t place);
void     epoch_shut(struct epoch *e);
bool     sitting_wants(const struct desk *d, const struct epoch *e, uint32_t sitting);
void     epoch_arrived(struct desk *d, const struct arrived *a);
/* left_take   - is it a word on what does not come?  Then it is taken
 * left_behind - behind which number what is missing in front of a batch of it is missed; next: what is not there yet */
bool     left_take(struct desk *d, const struct desk_record *r);
uint64_t left_behind(struct desk *d, struct epoch *e, uint64_t next);
void     epoch_batch(struct desk *d, uint32_t place, uint64_t position, bool durable,
                     const struct batch *b);
void     epochs_tick(struct desk *d);
void epochs_work(struct desk *d); /* asks for those that were left, while others were asked for */
/* epoch_over - the source of this epoch is gone: its feed ends for who reads it, when what is on its way has come */
void epoch_over(struct desk *d, const id *handle);
void epochs_forget_keys(struct desk *d);
void epochs_shut(struct desk *d);

/* epoch_open - ask for the key for a sitting, unless that was done, or is not wanted
 * epoch_ask  - ask for it */
void epoch_open(struct desk *d, uint32_t place, uint32_t sitting);
void epoch_ask(struct desk *d, uint32_t place, uint32_t sitting);

/* epoch_round - the epochs of its feed that have all their answers are shown, in their order, from this one on */
void epoch_round(struct desk *d, struct epoch *e);

/* ---- waiting.c: waiting_put says false when there is no room; what waiting_clear lets go is past; waiting_work: is there more
 * to do? ---- */
bool waiting_put(struct desk *d, struct epoch *e, uint64_t position, bool durable,
                 const struct batch *b);
void waiting_clear(struct desk *d, struct epoch *e);
void waiting_show(struct desk *d, struct epoch *e);
bool waiting_work(struct desk *d);
void waiting_shelve(struct desk *d, uint32_t place);

/* ---- dark.c ----
 *
 * desk_forget      - the guard takes keys back: one handle's, or zeros: all of a partner's
 * epoch_dark       - is it refused to somebody for now?
 * epoch_darken     - it is, to this sitting;   epoch_lit - it is open again
 * refused_for_now  - is this no one that may turn into a yes?
 * epochs_again     - ask again for what is dark: of one feed, or with NONE what is due
 * epoch_watched    - who has gone is not asked for;   epoch_held - must a quiet epoch be kept?
 * feed_open, feed_asked - has this sitting another epoch of the same feed that is open, or asked again? */
void desk_forget(struct desk *d, const name *partner, const id *handle);
bool epoch_dark(const struct epoch *e);
void epoch_darken(struct desk *d, struct epoch *e, uint32_t sitting);
void epoch_lit(struct desk *d, struct epoch *e, uint32_t sitting);
bool refused_for_now(const struct desk *d, const struct epoch *e, uint32_t sitting, err why);
void epochs_again(struct desk *d, uint32_t feed);
void epoch_watched(struct desk *d, struct epoch *e);
bool epoch_held(const struct desk *d, const struct epoch *e);
bool feed_open(const struct desk *d, const struct epoch *e, uint32_t sitting);
bool feed_asked(const struct desk *d, const struct epoch *e, uint32_t sitting);

/* epoch_shown - does any display have its key?  epoch_picture - a report of it goes into the picture */
bool epoch_shown(const struct desk *d, const struct epoch *e);
void epoch_picture(struct desk *d, struct epoch *e, const struct report *r);

/* epoch_stale - its key is wanted as long as this report may be on a screen */
void epoch_stale(const struct desk *d, struct epoch *e, const struct report *r);

/* ---- class.c ----
 *
 * class_note  - what a key says of its class; fails MALFORMED, UNKNOWN
 * layer_of    - the number of a set; sets that find none are LAYER_ALL
 * text_keep   - with its NUL; fails LIMIT when it is empty or too long, MALFORMED when it is no text */
err      class_note(struct desk *d, const struct key_row *row);
uint16_t layer_of(struct desk *d, const struct classes *c);
err      text_keep(span from, char *to, size_t max);
bool     classes_warn(const struct desk *d, const struct classes *c);
void     classes_meet(const struct classes *a, const struct classes *b, struct classes *out);
bool     classes_equal(const struct classes *a, const struct classes *b);

/* ---- banner.c: what stands above several classes: the own level of the highest, what restricts any of them, and
 * only those to whom all of it may go
 *
 * banner_learn - the words of one class; fails MALFORMED, LIMIT
 * banner_put   - members banner, back and text of a JSON object
 * banner_line  - the line alone, as a string */
#define BANNER_LINE_MAX 1536
err  banner_learn(struct desk *d, span describe, struct class_known *out);
void banner_put(const struct desk *d, const struct classes *c, struct writer *w);
void banner_line(const struct desk *d, const struct classes *c, struct writer *w);

/* ---- wall.c ----
 *
 * wall_take   - the wall of a set, one user more; a new one is filled by walls_work; fails FULL
 * wall_drop   - one user less; NONE is nothing
 * wall_shows  - classes that something on it rests on, of those within a set
 * wall_after  - where entries of a kind after a version begin, one higher, 0 = there is none; false: they are more than so many
 * walls_work  - a piece of a wall that is being filled; is there more to do? */
err  walls_open(struct desk *d);
void walls_close(struct desk *d);
err  wall_take(struct desk *d, const struct classes *sees, uint32_t *out);
void wall_drop(struct desk *d, uint32_t wall);
void wall_shows(const struct desk *d, uint32_t wall, const struct classes *within,
                struct classes *out);
bool wall_after(const struct wall *w, enum wall_kind kind, const struct reach *r, unsigned max,
                uint32_t *out);
bool walls_work(struct desk *d);

/* ---- object.c ----
 *
 * put_object     - anew: its trail begins anew
 * put_object_id  - its id, as a string */
void put_object(const struct desk *d, const struct object *o, uint16_t layer, bool anew,
                struct writer *w);
void put_object_id(struct writer *w, uint64_t object);

/* ---- reach.c ----
 *
 * reach_put    - the version up to which all that is on the wall was told
 * reach_equal  - is the same text for both?
 * reach_sweep  - by place from now on
 * reach_place  - the next place; false: it is around
 * reach_take   - what was told goes from one reach to another, for who was told it at a reach equal to the first
 * reach_least  - what was told at both */
uint64_t reach_put(const struct wall *w, enum wall_kind kind, const struct reach *r);
bool     reach_equal(const struct wall *w, enum wall_kind kind, const struct reach *a,
                     const struct reach *b);
void     reach_sweep(const struct wall_order *o, struct reach *r);
bool     reach_place(struct wall *w, enum wall_kind kind, struct reach *r, uint32_t *out);
void     reach_take(struct reach *r, const struct reach *before, const struct reach *after);
void     reach_least(struct reach *r, const struct reach *other);

/* ---- carry.c ----
 *
 * carry_make  - for all displays that go from the wall of this one to that which comes; NONE without room.  One is made in a
 *               turn: false, another turn
 * carry_begin - what is on the screen where it begins
 * carry_drop  - one user less;  carry_free: for good
 * carry_part  - that of a display, or NULL
 * carry_gone_left, carry_put_left - was not all of it told yet?  c: NULL is nothing */
bool                     carry_make(struct desk *d, const struct display *x, uint32_t *out);
void                     carry_begin(const struct desk *d, uint32_t carry, uint32_t wall,
                                     struct reach out[static WALL_KINDS]);
void                     carry_drop(struct desk *d, uint32_t carry);
const struct carry_part *carry_part(const struct desk *d, const struct display *x,
                                    enum wall_kind kind);
void                     carry_free(struct carry *c);
bool                     carry_gone_left(const struct carry_part *c, const struct reach *r);
bool                     carry_put_left(const struct carry_part *c, const struct reach *r);

/* ---- room.c ---- */
uint32_t room_find(const struct desk *d, const name *n);
uint32_t room_add(struct desk *d, const name *n); /* NONE: full */
void     room_may(const struct desk *d, const struct room *r, struct classes *out);
void     room_hear(struct desk *d, const struct room_row *row);
void     rooms_tick(struct desk *d);
void     rooms_forget(struct desk *d);
void room_done(struct desk *d, uint32_t room); /* has it acknowledged what the guard waits for? */
void room_place(struct desk *d, struct display *x, uint32_t room);

/* ---- display.c ----
 *
 * display_row     what the guard says of one that is turned on; key: SHA-256 of its public key, by which it is known
 * display_on, display_off    an officer signed it
 * display_end     the session is over: it is told, and goes
 * displays_judge  what each may show is what its room and its keys allow: what it may not is taken down at once;
 *                 room_judge: each of a room
 * displays_opened - the classes of which they have keys, counted anew
 * display_opened, display_refused - a display's session has a key more, or one less
 * display_tell    the event `room` */
struct display_row {
    name     display, room;
    uint64_t session;
    uint8_t  key[SHA256_LEN];
};
err  display_on(struct desk *d, const struct display_row *row, uint64_t minutes);
void display_off(struct desk *d, const name *display);
void display_end(struct desk *d, struct display *x, const char *why);
void display_gone(struct desk *d, struct asker a);
void displays_judge(struct desk *d);
void room_judge(struct desk *d, uint32_t room);
void displays_opened(struct desk *d);
void display_opened(struct desk *d, uint32_t sitting, uint16_t class);
void display_refused(struct desk *d, uint32_t sitting);
void display_tell(struct desk *d, const struct display *x);
void displays_tick(struct desk *d);
void displays_forget(struct desk *d);
void ask_display(struct desk *d, struct asker a, const struct desk_request *r);
void ask_done(struct desk *d, struct asker a, const struct desk_request *r);

/* ---- stage.c ----
 *
 * displays_stage  - walls changed, as far as a turn goes
 * displays_settle - what has left is told for good
 * display_begin   - on its wall, with what a carry says; NONE: with nothing on the screen
 * display_blank   - nothing stays on the screen */
void displays_stage(struct desk *d);
void displays_settle(struct desk *d);
void display_begin(struct desk *d, struct display *x, uint32_t carry);
void display_blank(struct desk *d, struct display *x);

/* displays_work - walls changed, and what is new told; is there more to do?  (put.c) */
bool displays_work(struct desk *d);

/* ---- presence.c ---- */
void ask_presence(struct desk *d, struct asker a, const struct desk_request *r);
void presence_answered(struct desk *d, const struct errand *e, struct reader *r);
void displays_answered(struct desk *d, const struct errand *e, struct reader *r);
void displays_refused(struct desk *d, const struct errand *e, err why);

/* show_batch - verify, decrypt and fan out one batch of an epoch that is open (show.c) */
void show_batch(struct desk *d, struct epoch *e, uint64_t position, const struct batch *b);

/* telling - reports of one batch that go into one event: they follow each other, and what is said of all is said once
 *
 * to, count   whom they are for: d->to, or one asker
 * next        the number that may come next;  reports: so many are in it
 *
 * telling_put - one more; what cannot go into the same event goes into the next
 * telling_end - it leaves, before anything else is told to them */
struct telling {
    const struct epoch *e;
    const id           *handle;
    const struct asker *to;
    size_t              count;
    uint64_t            next;
    unsigned            reports;
    struct writer       w;
};
void telling_put(struct desk *d, struct telling *t, uint64_t number, const struct report *r);
void telling_end(struct desk *d, struct telling *t);

/* epoch_prefix - what stands in each event before the number of the report */
err epoch_prefix(struct epoch *e, const struct key_row *row);

/* shelf_expect - the guard said that this is a product; shelf_put - a chunk has come; shelf_find - a
 * product's place, or NONE */
void     shelf_expect(struct desk *d, const id *handle);
void     shelf_put(struct desk *d, enum log_name log, uint64_t position, const name *partner,
                   const struct batch *b);
uint32_t shelf_find(const struct desk *d, const id *handle);

/* chunks_of - how many items content of so many bytes takes */
static inline uint64_t chunks_of(uint64_t len)
{
    return len == 0 ? 1 : (len + CHUNK_LEN - 1) / CHUNK_LEN;
}

/* ticket_make - fails FULL; its number is random
 * ticket_find - fails DENIED when there is none of this number, kind and terminal */
err  ticket_make(struct desk *d, enum ticket_kind kind, const uint8_t terminal[static TERMINAL_LEN],
                 struct ticket **out);
err  ticket_find(struct desk *d, enum ticket_kind kind, const struct desk_request *r,
                 struct ticket **out);
void ticket_tear(struct ticket *t);
void tickets_tick(struct desk *d);

/* tickets_forget, downloads_forget - the key of this handle; or of all that came from a partner */
void tickets_forget(struct desk *d, const name *partner, const id *handle);
void downloads_forget(struct desk *d, const name *partner, const id *handle);

bool downloads_work(struct desk *d);
void download_room(struct desk *d, struct asker a);
void download_gone(struct desk *d, struct asker a);
void downloads_shut(struct desk *d);
void upload_gone(struct desk *d, struct asker a);
void uploads_work(struct desk *d);
void leave_end(struct desk *d, struct ticket *t);  /* an upload that never began */
void upload_stop(struct desk *d, const id *epoch); /* the guard takes the leave to seal back */
void uploads_synced(struct desk *d, uint64_t position);
void uploads_shut(struct desk *d);
void listing_gone(struct desk *d, struct asker a);

#endif
