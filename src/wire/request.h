/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REQUEST_H
#define WIRE_REQUEST_H

#include "base/instant.h"
#include "base/secret.h"
#include "base/text.h"
#include "wire/id.h"

/* What the other processes may say to the guard, and what it answers (docs/format/requests.md).
 *
 * A message is u8 kind, u32 tag, body.  An answer carries the tag of the request; a message that
 * the guard sends unasked carries tag 0.  All is bounded binary; a body that the guard keeps for
 * the record (an act, a submission) is canonical text inside it, read by the same reader as the
 * ledger's. */

#define GUARD_MESSAGE_MAX 65536
#define ACT_TEXT_MAX      8192  /* canonical text of an act, signed and kept in one leaf */
#define ATTACHED_MAX      49152 /* a compiled agreement, the largest thing an act brings along */
#define GRANT_MAX         6144
#define ENVELOPE_MAX      12544 /* pouch/letter.h: the larger bucket, sealed */
#define NOTICE_MAX        512
#define CERT_MAX          2048
#define ADDRESS_MAX       64

/* caller - who is at the other end of a channel; a bit each, for the permits of the request table */
enum caller {
    CALLER_INTAKE = 1 << 0,
    CALLER_DESK = 1 << 1,
    CALLER_COURIER = 1 << 2,
    CALLER_ACCORDD = 1 << 3,
    CALLER_CHECK = 1 << 4,
};

enum guard_request {
    REQUEST_GREET = 1, /* a process starts: its sealing key, 32 bytes (courier: zeros) */
    REQUEST_SOURCES,   /* intake: which sources are mine */
    REQUEST_ORIGIN,    /* intake: u16 source: an epoch for it */
    REQUEST_LEASE,     /* intake: my open epochs go on; check: what I inspect does */
    REQUEST_CLOSED,  /* intake, desk: id epoch, u64 items, 32 bytes root over them; courier, halted:
                          the same with what lies in the outbox, and a root of zeros */
    REQUEST_RELEASE, /* courier: id epoch, name partner: may it have this epoch; "": who may? */
    REQUEST_RECEIVE, /* courier: name partner, id handle, block16 grant */
    REQUEST_CERTIFY, /* courier, desk, intake: block16 public key (SubjectPublicKeyInfo), block8 host */
    REQUEST_PARTNERS, /* courier: who are the partners, and my notice to them */
    REQUEST_DAYKEY,   /* courier: name partner, block16 its notice */
    REQUEST_SUBMIT, /* desk: block16 a signed text, 64 bytes its signature: a submission of its author
                         (docs/format/submission.md), presence or displays (docs/format/rooms.md) */
    REQUEST_ACT,    /* desk: name person, name act, block16 body text, block16 attachment */
    REQUEST_SIGN,   /* desk: u32 act, name person, 64 bytes signature over the challenge */
    REQUEST_OPEN,   /* desk: u64 session, id handle: a key under a signed session */
    REQUEST_LOOK,   /* desk, accordd: u8 enum look, u64 session, id handle, u16 first row */
    REQUEST_LETTER, /* courier: name partner, block16 envelope: a letter or a beat */
    REQUEST_AHEAD, /* courier: id epoch, name partner: as release, before there is anything of it */
    REQUEST_BEHIND, /* courier: id epoch: somebody is behind in that feed: a picture of it would help */
    REQUEST_LISTENING, /* intake: u16 source, u8 enum err_code: why it is not listened to; 0: it is */
    REQUEST_INSPECT, /* check: id epoch: an own one, found in an outbox: what must what is sealed under it be? */
    REQUEST_WHOLE, /* check: id epoch: all of this product was seen, and it is what its author signed */
    REQUEST_STOPPED, /* check: id epoch, u64 item, name: the word for what is wrong with it: it does not leave */
    REQUEST_END,

    ANSWER_ERROR = 64, /* u8 err_code, block8 sentence */
    ANSWER_GREETED,    /* name party */
    ANSWER_SOURCE,     /* struct source_row, one a message; the last has name "" */
    ANSWER_EPOCH,      /* struct epoch_row */
    ANSWER_LEASE, /* u32 milliseconds on the boot clock that all open epochs go on (check: are inspected); to the
                             desk, that who is in that room is known, and u8 flags as in room_row */
    ANSWER_GRANTED,     /* struct granted: the courier may send this epoch to this partner */
    ANSWER_WITHHELD,    /* struct withheld: it may not, now or for ever */
    ANSWER_RECEIVED,    /* id handle, u8 enum received */
    ANSWER_CERTIFICATE, /* block16 certificate, block16 authority, u64 until */
    ANSWER_PARTNER,     /* struct partner_row; the last has name "" */
    ANSWER_NOTICE,      /* block16: this guard's signed day key, for partners */
    ANSWER_CHALLENGE,   /* u32 act, block16 text to sign */
    ANSWER_DONE,        /* u32 act, u8 signatures still needed, block16 result */
    ANSWER_KEY,         /* struct key_row */
    ANSWER_LOOK,        /* block16 rows, canonical text */
    ANSWER_ARRIVED,     /* struct arrived: to the desk, a received epoch is known */
    ANSWER_STOP,        /* id epoch: to its sealer: seal no more under it, and say REQUEST_CLOSED at
                           once; a source that is still there gets a new one when it asks.
                           To the desk also the last one of a source that is gone */
    ANSWER_LETTER,      /* struct envelope_row: to the courier, an envelope for a partner */
    ANSWER_FORGET,  /* name partner, id handle: to the desk: drop this key now and show nothing more
                           under it until it is opened anew; zeros: every key that came from that partner */
    ANSWER_HALT,    /* id epoch, name partner: to the courier: carry no more of it to that partner,
                           and say REQUEST_CLOSED with how many items of it lie in the outbox */
    ANSWER_CUT,     /* id epoch, name partner, u64 items: to the courier: carry items before this
                           number, and none from it on, for ever */
    ANSWER_END,     /* u8 enum caller: to accordd: end that process, it does not answer */
    ANSWER_HEARD,   /* name partner: to the courier: it may be given things again; ask anew for what
                           was withheld from it until then */
    ANSWER_ROOM,    /* struct room_row: to the desk: what a room may show from now on */
    ANSWER_DERIVED, /* struct derived_row: to intake, before the epoch that it is derived from */
    ANSWER_AHEAD, /* id epoch: to the courier: it is intake's, and may be asked for ahead; to check: it
                           began, what it must be may be asked for before there is anything of it */
    ANSWER_PICTURE, /* id epoch: to its sealer: seal once more the newest report of each track of that feed */
    ANSWER_REVOKED, /* u16 count, so many times 32 bytes: to the desk and intake, the keys (SHA-256 of
                           their SubjectPublicKeyInfo) whose certificates were revoked: all of them, each time, in one message or more */
    ANSWER_INSPECT, /* struct inspect_row: to check */
    ANSWER_HEEDED,  /* id epoch: to check: what it said of it is on record */
    ANSWER_AGAIN,   /* id epoch: to the courier: ask once more for whom it was withheld from */
};

/* received - what the guard made of a partner's grant */
enum received {
    RECEIVED_REFUSED,
    RECEIVED_ACCEPTED,
    RECEIVED_NOT_YET, /* it rests on a letter that has not come: hand it in again in a second */
    RECEIVED_RELAYED, /* accepted, and it may be passed on: follow its batches in the inbox */
};

struct guard_message {
    uint8_t  kind;
    uint32_t tag;
    span     body;
};

/* guard_message_read - fails MALFORMED on fewer than 5 bytes */
/*@ requires readable(bytes) && \valid(out);
    assigns *out; */
err  guard_message_read(span bytes, struct guard_message *out);
void guard_message_begin(struct writer *w, uint8_t kind, uint32_t tag);

/* block8 name: the identifier of a party, source or person; "" ends a list */
void put_name(struct writer *w, const name *n);
name read_name(struct reader *r);

/* How a source reaches intake */
enum transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS, TRANSPORT_COUNT };
const char *transport_name(enum transport t);
err         transport_of(span s, enum transport *out);

struct net_address; // base/net_address.h, which brings the system's sockets

/* source_address - where intake listens for a source: "127.0.0.1:7001"; "239.2.3.1:6969%eth1" is the group at that
 *                  interface, by udp alone
 *
 * interface   receives its name, a part of text; empty: where the system's routes say
 * fails       MALFORMED; also without a port, which nobody could send to */
err source_address(span text, enum transport t, struct net_address *at, span *interface);

/* source_addresses_meet - may one report come at both?  One of them without an interface meets each with one */
bool source_addresses_meet(span x, span y, enum transport t);

/* What a source sends; input/input.h reads each */
enum source_form { SOURCE_COT, SOURCE_AIS, SOURCE_ASTERIX, SOURCE_FORM_COUNT };
const char *source_form_name(enum source_form f);
err         source_form_of(span s, enum source_form *out);

/* Which times of events are taken: any; none that is still to come; nor what was over before it came */
enum source_dated { DATED_ANY, DATED_PAST, DATED_NOW, SOURCE_DATED_COUNT };
const char *source_dated_name(enum source_dated d);
err         source_dated_of(span s, enum source_dated *out);

/* SOURCE_LABEL_MAX - longest caveat or releasableTo of an event, with its NUL (feed/cot.h) */
#define SOURCE_LABEL_MAX 128

/* precedence: enum precedence of agreement/, ROUTINE to FLASH */
#define PRECEDENCES     4
#define PRECEDENCE_LAST (PRECEDENCES - 1)

/* source_row - a source as intake needs it: of its marking only what an event may say of itself */
struct source_row {
    uint16_t number;
    name     name;
    uint8_t  transport;
    uint8_t  form;
    char
        address[ADDRESS_MAX]; /* "127.0.0.1:7001"; udp joins the group that a multicast one names */
    uint8_t kind;             /* enum kind of marking/: a warning is durable, a track is live */
    uint8_t precedence;
    char    access[32]; /* what an event's own `access` may say; "" = it may say nothing */
    char    caveat[SOURCE_LABEL_MAX], releasable_to[SOURCE_LABEL_MAX]; /* the same of these two */
    bool
        bounded; /* every place of an event lies in the box: south, west, north, east, 1e-7 degrees */
    int32_t  box[4];
    uint32_t without; /* fields that an event must not have: enum without */
    bool     whole; /* an event with anything that a report has no place for is refused, not cut */
    uint8_t  dated; /* enum source_dated */
    name     terminal; /* by TLS: whose certificate senders must show; "" = any of the party */
    bool     sited;    /* its sensor stands there: 1e-7 degrees north, east; metres */
    int32_t  site[3];
};

/* epoch_row - leave to seal: to intake for a source, to the desk for a submitted product */
struct epoch_row {
    id       epoch;
    uint16_t source; /* SOURCE_NONE: a product */
    uint8_t  kind;
    uint8_t  precedence;
    secret   key;
    uint32_t lease_ms; /* on the boot clock, from when it is read */
    uint32_t items_max;
};
#define SOURCE_NONE UINT16_MAX

/* DERIVED_MAX - derived epochs that are sealed at once, of all sources together */
#define DERIVED_MAX 64

/* derived_row - leave to seal, for one recipient, what a source says made coarser (docs/format/reduce.md)
 *
 * epoch        its own id and key; kind and precedence are the source's
 * of           the epoch that comes with the same answer: this one begins and ends with it
 * position_m … without   as struct reducing of reduce/
 * shift, mark  as struct reduce_keys: the same for this recipient at each start */
struct derived_row {
    struct epoch_row epoch;
    id               of;
    name             recipient;
    uint32_t         position_m, height_m, delay_ms, every_ms, without;
    secret           shift, mark;
};

/* inspect_row - what one own epoch must be, for who looks at what leaves (docs/format/inspect.md)
 *
 * key, commitment, sealer   as its cover binds them
 * product     with content_len and content_digest; all that follows is of a feed
 * source      number, form, dated, bounded, box, without: as in the row that intake was told; tracks: of that kind
 * derived     made coarser for one recipient: position_m … mark as in the row that intake was told; less: `without` there */
struct inspect_row {
    id       epoch;
    secret   key;
    uint8_t  commitment[32], sealer[32];
    uint32_t items_max, lease_ms;
    bool     product;
    uint64_t content_len;
    uint8_t  content_digest[32];
    uint16_t source;
    uint8_t  form, dated;
    bool     tracks, bounded, derived;
    int32_t  box[4];
    uint32_t without;
    uint32_t position_m, height_m, delay_ms, every_ms, less;
    secret   mark;
};
void inspect_row_put(struct writer *w, const struct inspect_row *r);
void inspect_row_read(struct reader *r, struct inspect_row *out);

/* epoch_outbox - where batches lie that may go to partners; the inbox is one for what is passed on */
enum epoch_outbox { OUTBOX_INTAKE, OUTBOX_DESK, OUTBOX_INBOX, OUTBOX_COUNT };

/* granted - what the courier needs to carry an epoch to one partner
 *
 * epoch   as the outbox has it; of what is passed on, the handle that its batches have in the inbox
 * outbox  in which it lies, should the courier have forgotten it
 * items   carry those before this number; UINT64_MAX: all */
struct granted {
    id       epoch;
    name     partner;
    id       handle; /* its id on that link, and at the partner */
    uint8_t  precedence;
    uint8_t  outbox;
    uint64_t items;
    span     grant; /* sealed for the partner's guard */
};

/* withheld - why the courier may not carry an epoch to one partner now */
enum withheld_until {
    WITHHELD_OFFICER, /* until an officer approves it, or it was seen whole; that is told unasked */
    WITHHELD_NEVER,
    WITHHELD_HEARD, /* until that partner may be given things: it is only late */
};
struct withheld {
    id      epoch;
    name    partner;
    uint8_t until, outbox, precedence;
};

struct partner_row {
    name name;
    char address[ADDRESS_MAX];
    span
        authority; /* DER certificate of its gateway identity: its courier's must be signed by it */
};

/* class - a number for all that a judgement of an epoch depends on, given by the guard for this start of
 * it; a number is given anew only when no key of its class is good any more */
#define CLASSES_MAX 1024
#define CLASS_NONE  UINT16_MAX /* none: no room shows it */

/* key_row - the means to read one epoch, for the desk that shows it just now */
struct key_row {
    id       handle, epoch;
    secret   key;
    uint8_t  sealer[32];
    uint32_t lease_ms;
    uint64_t content_len; /* product: bytes; 0 for a feed */
    uint8_t  content_digest[32];
    uint64_t items;    /* show those before this number; UINT64_MAX: all */
    span     banner;   /* what is shown above it: one line of text */
    span     describe; /* canonical text: marking, originator, own level, feed or title */
    uint16_t class;    /* shows in a room while the room's bit is set */
};

/* room_row - what a room may show: a bit for each class, of byte class / 8 the bit class % 8
 *
 * turn       grows with each change of may; 0: it was removed.  The same turn again renews the lease
 * lease_ms   on the boot clock: when it ends without another row, only the classes of bare may be shown
 * flags      ROOM_OPEN_DOOR: the displays acknowledged this turn, a wired door may open
 * bare       of may, what may be shown to anybody */
#define ROOM_OPEN_DOOR 1
struct room_row {
    name     room;
    uint32_t turn, lease_ms;
    uint8_t  flags;
    uint8_t  may[CLASSES_MAX / 8], bare[CLASSES_MAX / 8];
};
void room_row_put(struct writer *w, const struct room_row *r);
void room_row_read(struct reader *r, struct room_row *out);

static inline bool room_row_shows(const uint8_t may[static CLASSES_MAX / 8], unsigned class)
{
    return class < CLASSES_MAX && ((unsigned)may[class / 8] >> class % 8 & 1U) != 0;
}

/* A text of a reader of a room, and one of the desk about its displays (docs/format/rooms.md) */
#define PRESENCE_TITLE       "accord presence 1"
#define PRESENCE_CHANGES_MAX 64 /* lines enter and leave of one text */
#define DISPLAYS_TITLE       "accord displays 1"

/* arrived - to the desk: what may be there to be read, without its marking
 *
 * kind   ARRIVED_ASIDE: batches of it lie in an own outbox, and are not for the own desk, which shows what
 *        they are derived from */
#define ARRIVED_ASIDE 0xff
struct arrived {
    id      handle;
    uint8_t kind;
    name    originator;
    name    feed; /* "" for a product */
};

/* envelope_row - an envelope on its way to a partner's guard
 *
 * number   of the letter; 0 for a beat: only the newest is of use, and it is never stored */
struct envelope_row {
    name     partner;
    uint64_t number;
    span     envelope;
};

void envelope_row_put(struct writer *w, const struct envelope_row *l);
void envelope_row_read(struct reader *r, struct envelope_row *out);
void source_row_put(struct writer *w, const struct source_row *s);
void source_row_read(struct reader *r, struct source_row *out);
void epoch_row_put(struct writer *w, const struct epoch_row *e);
void epoch_row_read(struct reader *r, struct epoch_row *out);
void derived_row_put(struct writer *w, const struct derived_row *d);
void derived_row_read(struct reader *r, struct derived_row *out);
void granted_put(struct writer *w, const struct granted *g);
void granted_read(struct reader *r, struct granted *out);
void withheld_put(struct writer *w, const struct withheld *h);
void withheld_read(struct reader *r, struct withheld *out);
void partner_row_put(struct writer *w, const struct partner_row *p);
void partner_row_read(struct reader *r, struct partner_row *out);
void key_row_put(struct writer *w, const struct key_row *k);
void key_row_read(struct reader *r, struct key_row *out);
void arrived_put(struct writer *w, const struct arrived *a);
void arrived_read(struct reader *r, struct arrived *out);

/* What a LOOK may ask */
enum look {
    LOOK_ITEM = 1,
    LOOK_QUEUE,
    LOOK_STATUS,
    LOOK_PERSONS,
    LOOK_SOURCES,
    LOOK_AGREEMENTS,
    LOOK_PARTNERS, /* beats, letters, lease of each */
    LOOK_ASKED,    /* what partners ask to pass on, and approvals */
    LOOK_ORDERS,   /* recalls and destructions, and receipts that are owed */
    LOOK_LEVEL,    /* one item, when its own level waits for an officer */
    LOOK_DUTIES,   /* what is owed for items that came, and what partners told of ours */
    LOOK_ROOMS,    /* rooms, who is in them, readers, displays and visits */
};

#endif
