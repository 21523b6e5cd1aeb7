/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_STATE_H
#define GUARD_STATE_H

#include "agreement/standing.h"
#include "crypt/sign.h"
#include "guard/contractors.h"
#include "guard/duties.h"
#include "guard/ended.h"
#include "guard/expiry.h"
#include "guard/guard.h"
#include "guard/limits.h"
#include "guard/mailbox.h"
#include "guard/onward.h"
#include "guard/opened.h"
#include "guard/orders.h"
#include "guard/pause.h"
#include "guard/receipts.h"
#include "guard/rooms.h"
#include "guard/running.h"
#include "guard/signature.h"
#include "ledger/ledger.h"
#include "ledger/repeats.h"
#include "pouch/notice.h"
#include "release/least.h"

/* Inside the guard. */
#define EPOCH_ITEMS_MAX     (UINT32_C(1) << 20)
#define LEASE_MS            1000 /* a sealing key is good so long after the guard last said so */
#define KEY_LEASE_MS        (70 * MS_PER_SECOND)
#define ACT_MS_MAX          (5 * MS_PER_MINUTE)  /* a challenge waits so long for its signatures */
#define UPLOAD_MS_MAX       (10 * MS_PER_MINUTE) /* to seal a product that was submitted */
#define SESSION_MS_MAX      (12 * MS_PER_HOUR)
#define DAY_KEY_MS          (24 * MS_PER_HOUR)
#define CERTIFICATE_SECONDS 86400 /* a courier's or desk's certificate: 24 hours */

enum person_role {
    PERSON_READER = 1 << 0,
    PERSON_AUTHOR = 1 << 1,
    PERSON_OFFICER = 1 << 2,   /* release officer: approves, designates, signs agreements */
    PERSON_REGISTRAR = 1 << 3, /* persons, sources */
    PERSON_SECURITY = 1 << 4,  /* policies, agreements, rules, partners */
    PERSON_AUDITOR = 1 << 5,
};

struct person {
    name             name, chain;    /* chain of command: two-person acts want two */
    name             firm, facility; /* "": the party itself employs him */
    uint8_t          key[SIGN_PUBLIC_LEN];
    uint16_t         roles;
    struct clearance reader;
};

struct partner {
    name           name;
    uint8_t        party;
    uint8_t        identity[SIGN_PUBLIC_LEN];
    char           address[ADDRESS_MAX];
    uint16_t       authority_len;
    uint8_t        authority[CERT_MAX];
    struct notice  notice; /* its day key; until 0: none yet */
    struct mailbox mailbox;
    bool           waits; /* something was withheld from it only until it may be given things */
};

/* source_derived - what one partner has in place of its open epoch
 *
 * wanted   else nothing;   epoch: all zeros: it could not be made, or was stopped */
struct source_derived {
    bool             wanted;
    id               epoch;
    struct reduction reduced;
};

struct source {
    struct source_row     row;
    struct marking        marking;
    struct extent         extent;         /* every report lies within; intake sees to it */
    struct reduction      reduced;        /* so much less than the original every report shows */
    uint16_t              retention_days; /* 0 = as long as the outbox has it */
    bool                  removed;
    uint8_t               listening;             /* enum err_code, as intake last said */
    uint64_t              listening_boot_ms;     /* when; 0: never */
    id                    epoch;                 /* open now; all zeros: none */
    struct source_derived derived[PARTNERS_MAX]; /* with it */
};

/* held_state - what became of it; an end is kept while there is room, so that a courier that asks again
 * gets the same answer */
enum held_state { HELD_WAITING, HELD_RELEASED, HELD_REJECTED };

struct held {
    id              epoch;
    uint8_t         partner; /* index of partner */
    uint8_t         officers, approval_count;
    enum held_state state;
    instant         since;
    instant approved_after; /* the own last instrument's, when the last officer so far approved */
    name    approver[APPROVERS_MAX];
    name    author; /* may not approve his own */
};

struct act {
    bool     open;
    bool     later; /* signed; it is being carried out, and act_answer will answer */
    uint8_t  asker; /* enum caller, and the tag, of the last signature */
    uint32_t tag;
    uint32_t number;
    uint64_t until_boot_ms;
    uint8_t  row, signer_count;
    name     by;
    name     signer[SIGNERS_MAX];
    uint8_t  signature[SIGNERS_MAX][SIGNATURE_LEN];
    uint32_t text_len, attachment_len;
    uint8_t  text[ACT_TEXT_MAX];
    uint8_t  attachment[ATTACHED_MAX];
};

/* terminal - a key of a terminal or display that has a certificate, or had
 *
 * key          SHA-256 of its SubjectPublicKeyInfo
 * certified_at   when the newest certificate of it was made, 0: by no act on record
 * revoked_at     0: it was not */
struct terminal {
    name    name;
    uint8_t key[SHA256_LEN];
    instant certified_at, revoked_at;
};

/* session - terminal: that of a TAK client, for which it is; "": the signer's own */
struct session {
    uint64_t number; /* 0: free */
    uint64_t until_boot_ms;
    unsigned person;
    name     terminal;
};

struct day_key {
    struct day_key_public public;
    instant from, until;
};

/* designation - the officer's choice of the own level where the agreement offers several */
struct designation {
    id      handle;
    uint8_t rank;
};

/* own_head - a checkpoint of the own ledger, as partners may show it back */
struct own_head {
    uint64_t size;
    uint8_t  root[32];
};

/* watch - may this guard act?  (watch.c) */
struct watch {
    bool                 mute, forked; /* forked: it was proved, and only officers end it */
    const char          *why;          /* mute: in words */
    uint32_t             fork_boot; /* slots of starts before this one open nothing; 0: no fork */
    uint64_t             fork_leaf;
    bool                 clock_astray, clock_behind; /* behind: since the start, of the last leaf */
    bool                 clock_told;                 /* the leaf of it says astray */
    instant              clock_real;                 /* the reference: both clocks at one moment */
    uint64_t             clock_boot;
    name                 confirmed_by; /* an officer, or a partner; at 0: nobody since the start */
    instant              confirmed_at;
    bool                 counter_given, counter_found, counter_damaged;
    struct guard_counter counter;    /* as it was kept, then as it was written last */
    unsigned             head_count; /* ever; they lie in a ring */
    struct own_head      head[HEADS_MAX];
};

/* beating - own beats on their way */
struct beating {
    uint64_t    start; /* grows with every start of this ledger, and with time */
    uint64_t    number, next_boot_ms;
    unsigned    partner;                  /* whose beat is the next of this round */
    struct head head;                     /* signed once for all */
    uint64_t    sent_boot_ms[BEATS_KEPT]; /* of beat number N at N % BEATS_KEPT */
};

struct counters {
    uint64_t released, held, refused, received, receive_refused, opened, opening_refused, errors;
    uint64_t stopped;
};

/* inspection - of what leaves (inspection.c)
 *
 * stopped         the last epochs of which something was stopped, in a ring
 * heard_boot_ms   when the process that looks was last heard; 0: never
 * stop_boot_ms    when an epoch of this source was last ended for it; 0: never */
#define STOPPED_KNOWN 256
struct inspection {
    unsigned stopped_next;
    id       stopped[STOPPED_KNOWN];
    uint64_t heard_boot_ms, stop_boot_ms[SOURCES_MAX];
};

#define RECORDS_ROOM ((size_t)1 << 20)
#define MAIL_ROOM    ((size_t)1 << 20)
#define LOOK_ROOM    60000               /* rows that one look answers */
#define STEP_ROOM    ((size_t)256 << 10) /* one message makes at most so much of either */

#define URGENT_MESSAGE 384 /* a room's row */
#define URGENT_ROOM    (ROOMS_MAX * URGENT_MESSAGE)

struct guard {
    name                 party;
    uint8_t              self; /* number of the own party */
    secret               master, slot_key, identity;
    struct signer       *signer;
    uint8_t              identity_public[SIGN_PUBLIC_LEN];
    struct note_key      origin;
    uint16_t             authority_len, authority_key_len;
    uint8_t              authority[CERT_MAX], authority_key[512];
    struct random_source random;
    struct slots        *slots;
    uint32_t             clock_error_ms;
    uint8_t              boot[16];
    bool                 started;

    /* the fold */
    struct ledger      ledger;
    merkle_hash        leaf_hash; /* of the newest leaf */
    unsigned           instrument_count, own_act_count;
    struct own_act     own_act[INSTRUMENTS_MAX];
    uint64_t           instrument_leaf; /* the last in which a party acted on an agreement */
    instant            given_last;      /* the latest that a grant was told to be of */
    struct instrument  instrument[INSTRUMENTS_MAX];
    unsigned           person_count, partner_count, source_count, assurance_count;
    struct person      person[PERSONS_MAX];
    struct partner     partner[PARTNERS_MAX];
    struct source      source[SOURCES_MAX];
    unsigned           terminal_count;
    struct terminal    terminal[TERMINALS_MAX + REVOKED_MAX];
    struct assured     assurance[ASSURANCES_MAX];
    unsigned           held_count;
    struct held        held[HELD_MAX];
    uint32_t           boot_count;
    uint64_t           boot_leaf[BOOTS_MAX]; /* of each start, in a ring: its leaf */
    unsigned           designation_count;
    struct designation designation[DESIGNATIONS_MAX];
    unsigned           day_key_count;
    struct day_key     day_key[DAY_KEYS_MAX];
    struct counters    counters;
    struct signatures  signatures;
    struct telling     telling[TELLINGS_MAX];
    struct cuts_known  cuts_known[PARTNERS_MAX];
    struct orders      orders;
    struct opened      opened;
    struct onward      onward;
    struct receipts    receipts;
    struct duties      duties;
    struct contractors contractors;
    struct watch       watch;
    struct ended       ended;
    struct expiry      expiry;
    struct showing     showing;
    struct inspection  inspection;
    struct outgoing    outgoing[PARTNERS_MAX];
    uint32_t           attached_len; /* the attachment that the next leaf names */
    uint8_t            attached[ATTACHMENT_MAX];

    /* this boot only */
    instant        now;
    uint64_t       boot_ms;
    uint8_t        sealer[2][SIGN_PUBLIC_LEN]; /* of intake, of desk */
    uint32_t       act_next;
    struct act     act[ACTS_MAX];
    struct session session[SESSIONS_MAX];
    uint32_t       lease_ms;
    uint64_t       ticked_boot_ms;
    uint64_t       looked_boot_ms; /* derived_turn */
    unsigned       looked_next;
    struct beating beating;
    struct running running[RUNNING_MAX];
    struct pausing pausing[PAUSES_MAX];
    struct repeats repeats;
    unsigned       arrived_next;
    struct arrived arrived[ARRIVED_MAX]; /* feed "": none, or not named yet */
    uint64_t       checkpoint_size;
    instant        checkpoint_at;
    struct writer  records, mail, urgent;
    uint64_t       turn;      /* how many have ended */
    size_t         mail_open; /* where the message being written began */
    size_t         urgent_open;
    uint8_t        records_room[RECORDS_ROOM], mail_room[MAIL_ROOM], urgent_room[URGENT_ROOM];
    uint8_t        look_room[LOOK_ROOM];

    /* The law, last: of its room only so much is touched as was loaded (guard_settled). */
    struct rules     draft_rules;
    struct agreement draft; /* being checked, before it is one of ours */
    struct policies  draft_policies;
    struct tables    tables;
    uint64_t         index_room[1]; /* struct index follows, so large as index_size says */
};

static inline struct index *guard_index(const struct guard *g)
{
    return (struct index *)(uintptr_t)g->index_room;
}

/* ---- record.c: leaves out ---- */

/* leaf - begin in the guard's own buffer, add lines, then record it */
struct leaf {
    enum leaf_kind kind;
    struct writer  w;
    uint8_t        text[LEAF_TEXT_MAX];
};
instant leaf_time(const struct guard *g); /* the greater of now and the last leaf's */
instant told_time(const struct guard *g); /* the same, no more ahead of now than a clock may be */
void    leaf_start(struct guard *g, struct leaf *l, enum leaf_kind kind);
/* leaf_start_after - the same, and not before this instant: nor is any leaf that follows */
void leaf_start_after(struct guard *g, struct leaf *l, enum leaf_kind kind, instant least);

/* record - append the leaf, apply it to the state, tell its place and hash */
struct recorded {
    uint64_t    index;
    merkle_hash hash;
};
struct recorded record(struct guard *g, struct leaf *l);

/* record_repeatable - the same for refusals: equal ones within a second are counted in one leaf */
void record_repeatable(struct guard *g, struct leaf *l);

/* record_attachment - bytes that the next leaf names; writes its `attachment` line into l */
void record_attachment(struct guard *g, struct leaf *l, span bytes);

/* ---- fold.c: leaves in ---- */
err fold_leaf(struct guard *g, const struct leaf_head *head);

/* ---- mail.c ---- */
struct writer *mail_begin(struct guard *g, enum caller to, uint8_t kind, uint32_t tag);
void           mail_end(struct guard *g);
void           mail_error(struct guard *g, enum caller to, uint32_t tag, err e);

/* urgent_begin - unasked, and before the records of this turn are synced: for what only takes away
 * returns   NULL when there is no room; else urgent_end follows */
struct writer *urgent_begin(struct guard *g, enum caller to, uint8_t kind);
void           urgent_end(struct guard *g);

/* ---- find.c ---- */
struct person  *person_find(struct guard *g, const name *n);
struct partner *partner_find(struct guard *g, const name *n);
struct source  *source_find(struct guard *g, const name *n);
struct held    *held_find(struct guard *g, const id *epoch, unsigned partner); /* waiting */
struct held    *held_known(struct guard *g, const id *epoch, unsigned partner);
struct session *session_find(struct guard *g, uint64_t number);
struct day_key *day_key_find(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN]);

/* state_changed - make again what is made from the tables: the own number, the index */
void state_changed(struct guard *g);

/* ---- the request handlers, one file each; the table is in request.c ---- */
struct request_context {
    enum caller from;
    uint32_t    tag;
};
typedef err handler(struct guard *g, const struct request_context *c, struct reader *body);
handler on_greet, on_sources, on_origin, on_lease, on_closed, on_behind; /* origin.c, source.c */
handler on_listening;                                                    /* source.c */
handler on_submit;                                                       /* signed.c */
handler on_release, on_ahead;                                            /* give.c */
handler on_receive, on_daykey;                                           /* receive.c */
handler on_certify, on_partners;                                         /* partners.c */
handler on_act, on_sign;                                                 /* act.c */
handler on_open;                                                         /* opening.c */
handler on_look;                                                         /* look.c */
handler on_letter;                                                       /* letters.c */
handler on_inspect, on_whole, on_stopped;                                /* inspection.c */

#endif
