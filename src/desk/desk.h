/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "base/instant.h"
#include "crypt/random.h"
#include "crypt/sign.h"
#include "wire/control.h"
#include "wire/id.h"

/* The desk: where the party's own people read, submit, sign and decide (docs/format/desk-api.md).
 *
 * A machine without I/O: requests, the guard's messages, records of the logs and the time are handed
 * in; what it wants done goes out by struct desk_port.  It holds no authority of its own: every key
 * comes from the guard, for an act or a session that a person signed, and ends by itself. */

struct desk;

/* Limits.  All tables are made at the start; a full one refuses.
 *
 * PRODUCTS   a year of 180 a day, 8 MB; CHUNKS 256 GiB of products on the shelf, 8 MB
 * EPOCHS     64 sources of 16 partners, each with the epoch that ends beside it; 11 MB
 * STREAMS    as many as the server has connections; 4 MB
 * SITTINGS   as many sessions as the guard keeps
 * WAITING    batches that came before their key, or before the guard said what they are, or while their feed
 *            was dark; 1 MB
 * UPLOADS    at once, 2.2 MB each; DOWNLOADS at once, 1.1 MB each
 * BACKLOG    chunks of 1 MiB that wait for room in the log: eight segments, so that a new one can come
 * PAST       batches of feeds that one who comes back may be shown: two minutes of 2,000 a second, most of a day of
 *            three; 10 MB
 * RESUME     events that who comes back may name
 * BEHIND     readers at a time who are behind: come back, or slow;  SLOW: reports that wait for slow ones, 15 MB */
#define DESK_PRODUCTS_MAX  65536
#define DESK_CHUNKS_MAX    (1 << 18)
#define DESK_EPOCHS_MAX    512
#define DESK_STREAMS_MAX   12288
#define DESK_SITTINGS_MAX  1024
#define DESK_ERRANDS_MAX   4096
#define DESK_TICKETS_MAX   256
#define DESK_WAITING_MAX   32768
#define DESK_FEEDS_MAX     256
#define DESK_LISTINGS_MAX  16
#define DESK_UPLOADS_MAX   8
#define DESK_DOWNLOADS_MAX 16
#define DESK_BACKLOG_MAX   128
#define DESK_PAST_MAX      (1 << 18)
#define DESK_BEHIND_MAX    256
#define DESK_SLOW_MAX      (1 << 18)
#define DESK_RESUME_MAX    16

/* SEATS     sessions of persons, and of displays
 * ROOMS, DISPLAYS    as many as the guard keeps
 * LAYERS    different sets of classes on which something shown rests, since the start: what finds no number goes dark
 *           with every change of its room */
#define DESK_ROOMS_MAX    1000
#define DESK_DISPLAYS_MAX 1024
#define DESK_LAYERS_MAX   1024
#define DESK_SEATS_MAX    (DESK_SITTINGS_MAX + DESK_DISPLAYS_MAX)

/* TAKS - TAK clients that are connected: devices in the field, of which one terminal may have several */
#define DESK_TAKS_MAX 256

/* DISPLAY_DONE_MS - a display acknowledges what it has taken down in this time, or its session ends: a frame of the
 * screen is 17 ms, a page that has to draw 20,000 objects anew needs some hundred */
#define DISPLAY_DONE_MS INT64_C(2000)

/* A ticket is used by the program that got it, at once; a page of items is what a person looks at. */
#define DESK_TICKET_MS  (60 * MS_PER_SECOND)
#define DESK_PAGE_ITEMS 64

/* asker - who waits for an answer, as the program numbers them; the two together are never used again */
struct asker {
    uint32_t slot, turn;
};

/* ask - what may be asked; the paths are the program's */
enum ask {
    ASK_ACT,
    ASK_SIGN,   /* named: the act's number */
    ASK_OPENED, /* named: a ticket */
    ASK_SUBMIT,
    ASK_UPLOAD, /* named: a ticket; its body comes in pieces */
    ASK_ITEMS,
    ASK_STREAM,
    ASK_QUEUE,
    ASK_PERSONS,
    ASK_SOURCES,
    ASK_AGREEMENTS,
    ASK_STATUS,
    ASK_PARTNERS,
    ASK_ASKED,
    ASK_ORDERS,
    ASK_DUTIES,
    ASK_LEVELS,
    ASK_ROOMS,
    ASK_WAITING,  /* named: the number of an act that waits for signatures */
    ASK_PRESENCE, /* what a reader of a room signed */
    ASK_DISPLAY,  /* of a display, as ASK_DONE: known by its certificate */
    ASK_DONE,
    ASK_FOLLOWED, /* what a followed log says: nobody signs it, and no terminal may ask it */
    ASK_COUNT
};

#define TERMINAL_LEN 32

/* desk_request - a request with its path and query taken apart
 *
 * terminal    SHA-256 of the asker's TLS certificate; holder, key: whose it is, by its common name and the SHA-256 of
 *             its public key
 * session     0 = none was named
 * resumes     of a stream: what came after these events is wanted, as their ids named them: the last of each feed, or
 *             of all; none that can be read: all that is left
 * originator, feed    of a stream: "" = all
 * body        JSON, whole; empty for an upload
 * body_len    of an upload: how much will come */
struct desk_request {
    enum ask what;
    uint8_t  terminal[TERMINAL_LEN];
    name     holder;
    uint8_t  key[TERMINAL_LEN];
    span     named;
    uint64_t session, after;
    bool     resumes;
    unsigned seen_count;
    name     seen[DESK_RESUME_MAX];
    name     originator, feed;
    span     body;
    uint64_t body_len;
};

/* desk_certificate - what TLS needs beside the own key: the server's leaf, and the authority that
 * terminals are certified by; DER, valid during the call */
struct desk_certificate {
    span    leaf, authority;
    instant until;
};

/* desk_shown - a report for TAK clients
 *
 * labels   what the event says of its marking;  group: its topics
 * under    the number of what it is shown by, by which it is taken back; not 0 */
struct report;
struct cot_labels;
struct desk_shown {
    const struct report     *report;
    const struct cot_labels *labels;
    span                     group;
    bool                     warning;
    uint64_t                 under;
};

/* desk_port - what the desk wants done
 *
 * ask_guard     a message to the guard; fails FULL, STATE
 * answer        the whole answer, JSON
 * refuse        the answer is this err; its sentence lives during the call
 * body_begin, body_piece    an answer of octets in pieces, so long in all; a piece that fails FULL
 *               was not taken, and desk_room tells when to go on
 * stream_begin  the answer is a stream; on an err the asker has been told, or is gone
 * event, stream_end    one event to many streams; a stream is over
 * marked        the same with an id, which a client names who comes back
 * slow          does more wait in a stream than in that of a reader who keeps up?
 * quiet         has a stream sent what it was given?  What changes meanwhile is then told as it is at last
 * purge         take back what waits in a stream; was there any?
 * cut           end the connection without finishing the answer
 * read          the body of a record of LOG_INBOX or LOG_OUTBOX_DESK; valid until the next call
 * append        a durable record to LOG_OUTBOX_DESK; position receives its place.  It is safe when
 *               desk_synced names a greater one
 * tak_show, tak_take    a report to many TAK clients; what one was shown under a number, or all with 0, is taken back
 * certified     a new certificate
 *
 * None of these calls back into the desk. */
struct desk_port {
    void *ctx;
    err (*ask_guard)(void *ctx, span message);
    void (*answer)(void *ctx, struct asker a, unsigned status, span json);
    void (*refuse)(void *ctx, struct asker a, err e);
    err (*body_begin)(void *ctx, struct asker a, uint64_t len);
    err (*body_piece)(void *ctx, struct asker a, span bytes);
    err (*stream_begin)(void *ctx, struct asker a);
    void (*event)(void *ctx, const struct asker *to, size_t count, const char *kind, span data);
    void (*marked)(void *ctx, const struct asker *to, size_t count, const char *kind,
                   const name *event_id, span data);
    void (*stream_end)(void *ctx, struct asker a);
    bool (*slow)(void *ctx, struct asker a);
    bool (*quiet)(void *ctx, struct asker a);
    bool (*purge)(void *ctx, struct asker a);
    void (*cut)(void *ctx, struct asker a);
    void (*tak_show)(void *ctx, const struct asker *to, size_t count, const struct desk_shown *s);
    void (*tak_take)(void *ctx, struct asker a, uint64_t under);
    err (*read)(void *ctx, enum log_name log, uint64_t position, span *body);
    err (*append)(void *ctx, span body, uint64_t *position);
    void (*certified)(void *ctx, const struct desk_certificate *c);
};

/* desk_setup - what a desk is given at its start
 *
 * sealer   seed of the key that signs what is submitted here; new at every start
 * spki     public half of the TLS key (DER); host: what people connect to, without port and brackets
 * made     what the own intake says of its turns (pouch/made.h); NULL: nothing */
struct desk_setup {
    struct desk_port     port;
    struct random_source random;
    secret               sealer;
    span                 spki, host;
    const struct made   *made;
};

/* desk_open - all memory that it keeps for good; uploads and downloads take theirs while they last
 * fails   FULL
 * desk_close - keys wiped; NULL is nothing */
err  desk_open(const struct desk_setup *setup, struct desk **out);
void desk_close(struct desk *d);

/* desk_unsaid - a feed that TAK clients are not shown, as an event has no words for its marking: each once
 *
 * why     lives until the next call of the desk
 * returns false: there is none that was not told yet */
#define DESK_WHY_MAX 127
struct desk_unsaid {
    name        originator, feed;
    const char *why;
};
bool desk_unsaid(struct desk *d, struct desk_unsaid *out);

/* desk_uncertified - why the guard refuses the certificate that the desk asks for again and again: each reason once
 *
 * returns NULL: nothing that was not told yet; else it lives until the next call of the desk */
const char *desk_uncertified(struct desk *d);

/* desk_following - what is told of the log of `presence-log` in the answer to a status: a literal sentence, or NULL: none is to
 * be followed */
void desk_following(struct desk *d, const char *how);

/* desk_at - the time of all that follows; boot_ms never goes back */
void desk_at(struct desk *d, int64_t boot_ms, instant now);

/* desk_guard_new - there is a guard, new or anew: what was asked before is refused, sessions and keys
 * end, and the desk greets it */
void desk_guard_new(struct desk *d);

/* desk_hear - a message from the guard */
void desk_hear(struct desk *d, span message);

/* desk_shelve - a record that was there at the start, of LOG_INBOX or an outbox: indexed, not shown
 * desk_inbox  - a record that has come in since; how many items it had
 *
 * body   of LOG_INBOX an inbox_record, of the outboxes a batch */
struct desk_record {
    enum log_name log;
    uint64_t      position;
    bool          durable;
    uint8_t       type;
    span          body;
};
void   desk_shelve(struct desk *d, const struct desk_record *r);
size_t desk_inbox(struct desk *d, const struct desk_record *r);

/* desk_synced - LOG_OUTBOX_DESK is on the medium up to here */
void desk_synced(struct desk *d, uint64_t position);

/* desk_ask    - a request; its answer comes by the port, now or later
 * desk_piece  - more of an upload; on an err nothing more of it may come
 * desk_whole  - the last of it has come
 * desk_room   - a piece that was FULL may be tried again
 * desk_gone   - the asker is not there any more */
void desk_ask(struct desk *d, struct asker a, const struct desk_request *r);
err  desk_piece(struct desk *d, struct asker a, span bytes);
void desk_whole(struct desk *d, struct asker a);
void desk_room(struct desk *d, struct asker a);
void desk_gone(struct desk *d, struct asker a);

/* desk_tak - a TAK client has come, with the certificate of this terminal: it is shown what the person may see who has
 *            signed for it, now or later; desk_gone when it goes
 * fails      FULL */
err desk_tak(struct desk *d, struct asker a, const name *terminal);

/* desk_waits - does some of this upload wait for room in the log?  Who can give more later does so
 *
 * desk_turn - at the beginning of a turn, before its records: who has not taken what the last one gave is slow
 * desk_work - a little of what takes long: checking a product before it is shown, writing what had no
 * room; call it at the end of each turn.  Is there more to do?
 *
 * desk_soon - displays were told as much as they may be just now: desk_work again in some milliseconds */
bool desk_waits(struct desk *d, struct asker a);
void desk_turn(struct desk *d);
bool desk_work(struct desk *d);
bool desk_soon(const struct desk *d);

/* desk_tick - about once a second: leases, tickets, sessions, the certificate */
void desk_tick(struct desk *d);

#endif
