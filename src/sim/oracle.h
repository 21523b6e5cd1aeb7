/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "base/secret.h"
#include "desk/desk.h"
#include "feed/report.h"
#include "ledger/leaf.h"
#include "sim/world.h"
#include "wire/id.h"

/* oracle - sees all that passes between the processes, keeps its own books of it, and says when
 * something is not as promised.  It rests on ledgers and logs, never on what a machine remembers. */

struct world;
struct gateway;

/* seen_leaf - a leaf as far as the oracle looks at it; text lies in the ledger
 *
 * about     its first `epoch` or `handle`; who: its partner or person
 * at_us     when it was seen: at the end of the turn that made it */
struct seen_leaf {
    enum leaf_kind   kind;
    struct leaf_head head;
    merkle_hash      hash;
    uint64_t         index;
    id               about, handle;
    name             who;
    int64_t          at_us;
};

/* seen_epoch - an epoch that a guard gave to intake
 *
 * to       the one party that it is made coarser for; NOBODY: it is the feed's own
 * of       with it: the feed's own;  key: of it
 * life     of the intake that has it, which heard of it then;  stopped: it was told to seal no more under it */
struct seen_epoch {
    unsigned gateway;
    id       epoch;
    uint16_t source;
    unsigned to;
    id       of;
    secret   key;
    uint32_t life;
    int64_t  heard_us;
    bool     stopped;
};

/* seen_event - an event that intake said it sealed, and when; number: the sensor's */
struct seen_event {
    uint32_t came, number;
    int64_t  at_us;
};

/* seen_taken - the same, kept: by which intake;  looked: what was held back of it has been looked for */
struct seen_taken {
    unsigned          gateway;
    uint16_t          source;
    uint32_t          life;
    bool              looked;
    struct seen_event event;
};

/* seen_item - a report that was sealed; came: which of all events that came to this gateway it is
 *
 * to              as of its epoch
 * uid             as a reader is shown it
 * place, taken    of what was made coarser */
struct seen_item {
    unsigned          gateway;
    uint16_t          source;
    id                epoch;
    uint64_t          number;
    uint32_t          came;
    int64_t           sealed_us;
    unsigned          to;
    char              uid[REPORT_UID_MAX + 1];
    struct place      place;
    struct seen_taken taken;
};

/* seen_due - a report that lies in the outbox, and of which a coarser copy is to lie there at the end of this turn */
struct seen_due {
    unsigned gateway, to;
    id       epoch;
    uint32_t came;
};

/* seen_grant - a grant that a courier was given */
struct seen_grant {
    unsigned giver, taker;
    id       epoch, handle;
};

/* seen_order - a recall or a destruction;   seen_gone - what this party holds no key of any more */
struct seen_order {
    unsigned gateway;
    bool     destroy, done;
    name     partner; /* "": everybody */
    uint64_t leaf;
    span     ids;
};
struct seen_gone {
    unsigned gateway;
    id       handle;
};

/* seen_ask - for whom the desk asked for a key, by the question's tag */
struct seen_ask {
    uint32_t tag;
    unsigned role;
};

/* seen_duty - a product that came here, and what its matter says is owed for it; or an epoch of a feed that came under
 * the scene's arrangement, with a matter by which nothing is owed
 *
 * under       the arrangement of the scene
 * due_us      by true time; INT64_MAX: none is owed
 * certifiers  owed;  certified: have signed;  who: a bit for each
 * late, gone  the leaves of it stand */
struct matter_row;
struct seen_duty {
    unsigned                 gateway;
    id                       handle, epoch;
    const struct matter_row *matter;
    bool                     feed, under, lost, late, gone;
    int64_t                  due_us;
    unsigned                 opened, certifiers, certified, who;
};

/* seen_end - of the scene's arrangement, by the ledger of one party to it: consents, and when the own and the second
 * stood there */
struct seen_end {
    bool    own, other;
    int64_t at_us;
};

/* seen_forget - what a desk was last told to drop; handle all zeros: all that came from this party.
 * seen_drop - a handle that a desk was told to drop: it is told once, and for good */
struct seen_forget {
    int64_t at_us;
    name    from;
    id      handle;
};
struct seen_drop {
    unsigned gateway;
    id       handle;
};

/* seen_pause - until: the leaf that resumes it; UINT64_MAX: none yet */
struct seen_pause {
    unsigned gateway;
    span     agreement, body;
    bool     giving, opening;
    uint64_t leaf, until;
    int64_t  at_us, until_us;
};

/* paused_row - an agreement that a party may pause, and what stands under it, a list */
struct paused_row {
    const char *agreement;
    unsigned    parties;
    const char *under;
};
extern const struct paused_row paused_rows[];
extern const size_t            paused_row_count;

struct seen_ledger {
    size_t            at;       /* of the ledger's bytes, looked at so far */
    span              attached; /* for the leaf that follows */
    bool              shorter;
    uint64_t          size;
    struct seen_leaf *leaf;
    size_t            count, max;
};

struct oracle {
    struct seen_ledger ledger[GATEWAYS_MAX];
    struct seen_epoch *epoch;
    size_t             epoch_count, epoch_max;
    struct seen_item  *item;
    size_t             item_count, item_max;
    struct seen_taken *taken;
    size_t             taken_count, taken_max;
    struct seen_due   *due;
    size_t             due_count, due_max;
    int64_t            uneasy_us[GATEWAYS_MAX]; /* what keeps intake from sealing happened last */
    struct seen_grant *grant;
    size_t             grant_count, grant_max;
    struct seen_ask    ask[GATEWAYS_MAX][DESK_ERRANDS_MAX];
    struct seen_forget forget[GATEWAYS_MAX];
    struct seen_drop  *drop;
    size_t             drop_count, drop_max;
    struct seen_order *order;
    size_t             order_count, order_max;
    struct seen_gone  *gone;
    size_t             gone_count, gone_max;
    struct seen_pause *pause;
    size_t             pause_count, pause_max;
    struct seen_duty  *duty;
    size_t             duty_count, duty_max;
    struct seen_end    end[GATEWAYS_MAX];
    struct seen_event *sealing[GATEWAYS_MAX][2]; /* sealed and not yet in a batch, in order */
    size_t             sealing_count[GATEWAYS_MAX][2], sealing_max[GATEWAYS_MAX][2];
};

void oracle_free(struct oracle *o);

/* What the oracle is shown as it happens */
void oracle_ledger(struct gateway *g);                  /* its ledger may have grown */
void oracle_to_intake(struct gateway *g, span message); /* of the guard */
void oracle_to_courier(struct gateway *g, span message);
void oracle_asked(struct gateway *g, span message); /* of the guard by the desk */
void oracle_to_desk(struct gateway *g, span message);
void oracle_piece(struct gateway *g, const id *handle); /* of a product, to a reader */
/* … and who reads a product of this party's is cut off */
void oracle_cut_off(struct gateway *g, const id *handle, unsigned originator);
void oracle_sealed(struct gateway *g, uint16_t source, const struct seen_event *e);
void oracle_unsealed(struct gateway *g, uint16_t source); /* the oldest of these after all not */
void oracle_intake_gone(struct gateway *g);
/* oracle_batch - appended by intake; type: of its record, wire/line.h */
void oracle_batch(struct gateway *g, span batch, uint8_t type);

/* Of feeds that some have only made coarser (oracle_coarse.c), by the scene's table and what was really sealed: coarse_told,
 * coarse_stopped - what the guard says to intake; coarse_due - of a report of the feed's own epoch that is appended;
 * coarse_batch - appended, of a derived one; oracle_coarse_turn - intake's is over; coarse_gone - intake is; oracle_uneasy -
 * guard or intake came or went, or a log of theirs has no room;
 * oracle_is_for - may the epoch be that party's? Also of one that is no feed's: true; item_is_for - may its readers be
 * shown the report? coarse_of_epoch - from which of its feed an epoch is derived; NULL: from none */
struct batch;
void      coarse_told(struct gateway *g, struct reader *r);
void      coarse_stopped(struct gateway *g, const id *epoch);
void      coarse_due(struct gateway *g, const struct seen_item *item);
void      coarse_batch(struct gateway *g, const struct seen_epoch *epoch, const struct batch *b);
void      oracle_coarse_turn(struct gateway *g);
void      coarse_gone(struct gateway *g);
void      oracle_uneasy(struct gateway *g);
bool      oracle_is_for(const struct world *w, unsigned giver, const id *epoch, unsigned to);
bool      item_is_for(const struct world *w, const struct seen_item *item, unsigned to);
const id *coarse_of_epoch(const struct world *w, unsigned giver, const id *epoch);

/* oracle_report - a report that a reader is shown, and how he has fared with its feed so far */
struct seen_shown {
    size_t *item; /* places in oracle.item */
    size_t  count, max;
};
void oracle_report(struct gateway *g, struct seen_shown *shown, span data);

/* oracle_find - a leaf of this kind about an epoch or handle; who NULL: anybody's.  oracle_grant_of - the
 * grant under which a handle came to a party */
const struct seen_leaf  *oracle_find(const struct gateway *g, enum leaf_kind kind, const id *about,
                                     const name *who);
const struct seen_grant *oracle_grant_of(const struct world *w, unsigned taker, const id *handle);

/* Of what officers took back (oracle_order.c): oracle_ordered - did this party take the epoch back from that
 * partner?  oracle_destroyed - is its key to go here?  oracle_taken_back - is there no key of it here any more, by
 * the ledger? */
bool oracle_ordered(const struct gateway *g, const id *epoch, const name *partner);
bool oracle_destroyed(const struct gateway *g, const id *epoch);
bool oracle_taken_back(const struct gateway *g, const id *handle);
bool oracle_orders_done(const struct world *w);
void oracle_order_leaf(struct gateway *g, const struct seen_leaf *leaf, span attached);
void oracle_order_end(struct gateway *g);
void oracle_gone(struct gateway *g, const id *handle);

/* Of what they paused (oracle_officer.c): oracle_paused - has this party paused it, by its ledger?  oracle_cut -
 * the first item of an epoch that a pause keeps from that partner; UINT64_MAX: none does.
 * officer_gave_reason - did this party pause anything at all? */
bool     oracle_paused(const struct gateway *g, const char *agreement);
uint64_t oracle_cut(const struct gateway *giver, const id *epoch, const name *partner);
bool     officer_gave_reason(const struct gateway *giver);
void     officer_leaf(struct gateway *g, const struct seen_leaf *leaf);
void     officer_report_check(struct gateway *g, const struct seen_item *item);
void     officer_end(struct gateway *g);
/* oracle_left_running - was it given under what this party has paused since? */
bool oracle_left_running(struct gateway *g, const id *epoch);

/* Of what is owed for what came (oracle_duty.c).  oracle_duty_drops - may a desk be told to drop it for that?
 * oracle_duty_draw - something that came here and is not destroyed, for which persons certify; NULL: nothing
 * oracle_consented - has this party signed the end?  oracle_over - need what this leaf releases not arrive, since the
 * scene's arrangement ended, or a clock left its hours?  duty_watched - may what is owed keep a product closed here?
 * oracle_duties_done - is each key gone that is to go?  oracle_duties_look - … within its time */
struct product;
void              oracle_duty_leaf(struct gateway *g, const struct seen_leaf *leaf);
bool              oracle_duty_drops(const struct gateway *g, const id *handle);
struct seen_duty *oracle_duty_draw(struct gateway *g, bool certified);
bool              oracle_consented(const struct gateway *g);
bool              oracle_over(const struct gateway *giver, const struct gateway *taker,
                              const struct seen_leaf *leaf);
bool              duty_watched(const struct world *w, const struct product *p, unsigned to);
bool              oracle_went_with_end(const struct gateway *g, const id *handle);
bool              oracle_duties_done(const struct world *w);
void              oracle_duties_look(struct world *w);

/* leaf_value - of the first line with this key;   said_value - the same in the text of an act or a letter
 * hex_id     - zeros when it is none */
span leaf_value(span body, const char *key);
span said_value(span body, const char *key);
id   hex_id(span hex);

/* oracle_wanting - what has not come to its end of all that must; NULL: nothing */
const char *oracle_wanting(struct world *w);

/* oracle_end - the checks that want all of it, at the end of a seed: of what came (oracle_end.c), of each
 * recorded verdict, of each ledger, and of the ledgers of two parties */
void oracle_end(struct world *w);
void verdicts_check(struct gateway *g);
void ledger_check(struct gateway *g);
void sides_check(struct world *w, unsigned giver, unsigned taker);

/* Of liars (oracle_liar.c): what they are conceded, by where they are, and what nobody is
 * liar_between - does a lying courier stand between the two?  liar_anywhere - in this world?  liar_sealed - did a lying
 * intake seal it?  liar_shown - may what is shown here be a lie of the desk's, or of its originator's intake?
 * oracle_liar_leaf - what a leaf says is so by a person's reading, whoever asked for it */
bool liar_between(const struct gateway *giver, const struct gateway *taker);
bool liar_anywhere(const struct world *w);
bool liar_sealed(const struct world *w, const struct seen_item *item);
bool liar_shown(const struct gateway *g, const char *json);
/* oracle_originator - of whom is the report that a desk shows?  NOBODY: it does not say */
unsigned oracle_originator(span data);
void     oracle_liar_leaf(struct gateway *g, const struct seen_leaf *leaf);

/* party_number - NOBODY: none of them */
name     party_name(unsigned party);
unsigned party_number(const name *n);

#endif
