/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_AGREEMENT_H
#define AGREEMENT_AGREEMENT_H

#include "agreement/terms.h"
#include "base/set64.h"
#include "marking/marking.h"

/* The compiled agreement: what the guard holds.  The text is compiled outside (language/); this
 * folder reads the table and knows nothing of the text. */

#define AGREEMENTS_MAX 32 /* numbers 0 … 31 in one process; set64 of them */
#define CLAUSES_MAX                                                                                \
    1024 /* permissions and prohibitions of one agreement, `either` counting twice; a guard holds  \
            as many of them as AGREEMENT_TABLE_MAX has room for */
#define CLAUSES_HELD_MAX    8192 /* of all agreements that a guard holds */
#define EQUIVALENTS_MAX     32
#define UNDER_MAX           4
#define AGREEMENT_TITLE_MAX 200
#define RULES_MAX           128
#define TERM_YEARS_MAX      100
#define NOTICE_DAYS_MAX     3650
#define RECEIPT_MS_MAX      (30u * 24 * 3600 * 1000) /* 30 days: 32 bits hold 49 */
#define LOSS_MS_MAX         RECEIPT_MS_MAX
#define LEASE_MS_MIN        1000                     /* less than a beat and nothing ever opens */
#define LEASE_MS_MAX        (24u * 3600 * 1000)      /* a day without a word is no hearing */
#define DESTROY_S_MAX       (100u * 366 * 24 * 3600) /* a hundred years */
#define COPIES_MAX          255
#define AGREEMENT_TABLE_MAX 49152 /* bytes that a guard takes: they must fit one message to it */
#define AGREEMENT_FORM_MAX  98304 /* bytes of CLAUSES_MAX clauses: what no guard takes is analysed */

/* DAY_LAST - 9999-12-31, the last day that a date can name */
#define DAY_LAST (INT64_C(2932896) * MS_PER_DAY)
#define NOW_LAST (DAY_LAST + MS_PER_DAY - 1) /* the last instant of it */

#define PARTY_NONE  0xff /* no hub; nobody */
#define CLAUSE_NONE 0xff /* clause_ref.agreement: no clause spoke */

enum giving { GIVING_NONE, GIVING_DISCLOSE, GIVING_RELEASE }; /* in this order */
enum precedence { PRECEDENCE_ROUTINE, PRECEDENCE_PRIORITY, PRECEDENCE_IMMEDIATE, PRECEDENCE_FLASH };

/* clause_ref - where something stands: agreement number, article, clause of that article from 1 */
struct clause_ref {
    uint8_t agreement;
    uint8_t article; /* 0 in an arrangement without articles */
    uint8_t number;
};

/* levels - for each policy (by its number) the ranks that are meant, a bit each; all zero = none */
struct levels {
    uint16_t ranks[POLICIES_MAX];
};

/*@ predicate has_level{L}(struct levels *l, level one) = one.policy < POLICIES_MAX &&
        one.rank < LEVELS_MAX && (l->ranks[one.policy] >> one.rank & 1) != 0; */

/*@ requires \valid_read(l);
    assigns \nothing;
    ensures \result <==> has_level(l, one); */
static inline bool levels_have(const struct levels *l, level one)
{
    return one.policy < POLICIES_MAX && one.rank < LEVELS_MAX &&
           (l->ranks[one.policy] >> one.rank & 1u) != 0;
}

/*@ requires \valid(l);
    assigns l->ranks[0 .. POLICIES_MAX - 1]; */
static inline void levels_add(struct levels *l, level one)
{
    if (one.policy < POLICIES_MAX && one.rank < LEVELS_MAX) {
        l->ranks[one.policy] = (uint16_t)(l->ranks[one.policy] | 1u << one.rank);
    }
}

/* levels_any - does it mean every level, of every policy?   levels_of_any - the set that does
 * levels_none - is nothing in it?   levels_within - is every level of a in b? */
/*@ requires \valid_read(l);
    assigns \nothing; */
bool levels_any(const struct levels *l);
/*@ assigns \nothing; */
struct levels levels_of_any(void);
/*@ requires \valid_read(l);
    assigns \nothing; */
bool levels_none(const struct levels *l);
/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing; */
bool levels_within(const struct levels *a, const struct levels *b);

/* SCOPE_KINDS_ANY - the all-ones of scope.kinds */
#define SCOPE_KINDS_ANY 0xff

/* scope - which items a clause or rule speaks of; a set of all ones means "any"
 *
 * area, window, reduction   TERM_NONE, or 1 + a place in the terms of the agreement or rules.  What permits
 *           holds an item that lies wholly in the area, at a time wholly in the window, reduced at least so
 *           much; what forbids or holds back touches one that may lie in the area, at a time partly in the
 *           window, and *not* reduced so much (`unless reduced`) */
struct scope {
    uint8_t       kinds; /* bit per enum kind */
    uint8_t       area, window, reduction;
    set64         disciplines;
    set64         topics;
    struct levels levels; /* of the originator's marking */
};

/* duties: what a recipient owes.  A set bit; the times stand beside it. */
enum duty {
    DUTY_RECEIPT = 1 << 0,         /* answer within receipt_ms */
    DUTY_REGISTRY = 1 << 1,        /* readers stand on the registry of the facility */
    DUTY_CLEARANCE = 1 << 2,       /* read needs clearance */
    DUTY_NEED_TO_KNOW = 1 << 3,    /* read needs need-to-know */
    DUTY_ASSURANCE = 1 << 4,       /* nothing is given before the recipient's signed assurance */
    DUTY_MARK_ORIGINATOR = 1 << 5, /* received is marked with the originator */
    DUTY_MARK_OWN_LEVEL = 1 << 6,  /* received is marked with the recipient's own level */
    DUTY_NO_ONWARD = 1 << 7,       /* nothing onward without approval */
    DUTY_PURPOSE = 1 << 8,         /* no other purpose without approval */
    DUTY_REPORT_LOSS = 1 << 9,     /* loss or possible loss is reported within loss_ms */
    DUTY_COPIES = 1 << 10,         /* at most `copies` copies, numbered */
    DUTY_TRANSLATE = 1 << 11,      /* translated only by a person who may read it, and so marked */
    DUTY_DESTROY = 1 << 12,        /* destroyed within destroy_s of its receipt */
    DUTY_CERTIFICATE = 1 << 13,    /* its destruction is certified by `certifiers` persons */
    DUTY_CONTRACTORS =
        1 << 14,          /* no contractor's person opens it without the originator's approval */
    DUTY_LEASE = 1 << 15, /* it opens only for lease_ms after its giver was heard */
};

#define DUTY_ALL ((1u << 16) - 1)

/* obligations - duties and their measures; each measure is 0 where its duty is not owed
 *
 * union     duties united; of times and copies the least that is set, of certifiers the most
 * *_ms      milliseconds; 0 with its duty = no time set (at once, for a loss) */
struct obligations {
    uint32_t duties;
    uint32_t receipt_ms;
    uint32_t loss_ms;
    uint32_t lease_ms;
    uint32_t destroy_s;
    uint8_t  copies, certifiers;
};

enum clause_kind { CLAUSE_MAY, CLAUSE_NEVER };

/* what a never forbids: a crossing in its scope, passing on what was received, another purpose */
enum never_kind { NEVER_SCOPE, NEVER_ONWARD, NEVER_OTHER_PURPOSE };

struct clause {
    enum clause_kind kind;
    uint8_t          article, number;
    uint8_t          from, to, via; /* CLAUSE_MAY: parties; via PARTY_NONE = direct only.
                                       CLAUSE_NEVER: PARTY_NONE = any */
    enum giving      giving;        /* CLAUSE_MAY: the most it permits */
    enum precedence  precedence;
    enum never_kind  never;
    bool             unless_approved; /* never … without prior written approval of … */
    uint8_t      approver; /* with it: the party that must approve; PARTY_NONE = each originator */
    struct scope scope;
    struct obligations owed; /* these too, with those of the agreement */
};

/*@ predicate is_party(integer p) = 0 <= p < SET64_MAX || p == PARTY_NONE; */

/* equivalence - a level of one party is handled by another as one of these; never composed or
 * inverted */
struct equivalence {
    level    given;
    uint8_t  receiver;        /* party */
    uint8_t  receiver_policy; /* number of its policy */
    uint16_t ranks; /* candidates in that policy; several: the receiver's officer chooses */
    uint8_t  article, number;
};

/* after_end - what becomes of what was given, when the agreement has ended; protected it stays anyway */
enum after_end { AFTER_PROTECT, AFTER_RETURN, AFTER_DESTROY };

struct agreement {
    name     name;                       /* "GSOMIA" */
    char     title[AGREEMENT_TITLE_MAX]; /* UTF-8, NUL-terminated */
    bool     arrangement; /* stands under others: nothing of it counts when they do not stand */
    bool     binding;
    set64    parties;
    unsigned under_count;
    struct {
        name    agreement;
        uint8_t article;
    } under[UNDER_MAX];

    instant  signed_on, in_force_on; /* days; 0 = the text names none */
    uint16_t term_years;             /* 0 = no term */
    bool     extends;                /* each term ends only after a notice */
    uint16_t notice_days;

    struct levels      covers; /* levels it may protect; empty in an arrangement */
    uint8_t            covers_article, covers_number;
    set64              claims; /* topics of which only this arrangement's clauses count */
    struct obligations owed;
    enum after_end     after;
    struct terms       terms;

    uint8_t text_digest[32]; /* SHA-256 of the text it was compiled from */
    uint8_t digest[32];      /* SHA-256 of the compiled table: what every party signs */
    uint8_t instead[32]; /* not of the table: the digest of the text in whose place it was loaded
                                to stand once all parties consent; zero: of none */

    unsigned           equivalence_count, clause_count;
    struct equivalence equivalence[EQUIVALENTS_MAX];
    struct clause      clause[CLAUSES_MAX]; /* last: those past the count are not touched */
};

struct agreements {
    unsigned         count;
    struct agreement agreement[AGREEMENTS_MAX];
};

/* texts - compiled agreements in a row, in what storage ever: more of them may be analysed than a guard holds */
#define TEXTS_MAX 256
typedef struct texts {
    const struct agreement *agreement;
    unsigned                count; /* at most TEXTS_MAX */
} texts;

static inline texts texts_of(const struct agreements *all)
{
    return (texts){all->agreement, all->count};
}

/* rules - one party's national rules: a table of its own that never leaves the party */
enum rule_action { RULE_RELEASE, RULE_HOLD, RULE_NEVER }; /* the larger is stricter and wins */

struct rule {
    enum rule_action action;
    uint8_t          officers; /* RULE_HOLD: how many must approve, 1 … 9 */
    set64            to;       /* parties; all ones = any */
    uint8_t          via;      /* a hub; PARTY_NONE = any route */
    name             under;    /* of HOLD and NEVER: only while this agreement stands between
                                  the giver and who gets it; "" = always */
    struct scope     scope;
};

#define OFFICERS_MAX 9 /* more than that many officers cannot be had for one item */

struct rules {
    uint8_t      party;
    struct terms terms;
    unsigned     count;
    struct rule  rule[RULES_MAX]; /* in the order of the text; number = place + 1 */
    uint8_t      digest[32];
};

/* agreement_read, rules_read - a compiled table (docs/format/agreement-table.md) into memory
 *
 * all     its names become numbers: parties, topics, disciplines and levels must be known already
 * fails   MALFORMED; LIMIT; UNKNOWN when it names a party, topic, discipline or level of no policy
 *         LIMIT past AGREEMENT_FORM_MAX, of rules past AGREEMENT_TABLE_MAX
 * cost    one pass and one to compare it with the only way to write it; 320 KB of stack, no memory
 */
err agreement_read(const struct policies *all, span table, const uint8_t digest[static 32],
                   struct agreement *out);
err rules_read(const struct policies *all, span table, const uint8_t digest[static 32],
               struct rules *out);

/* agreement_write, rules_write - the reverse: names in place of numbers, in a canonical order, so
 * that each party that compiles the same text signs the same bytes
 *
 * a       text_digest must be set; digest is not written
 * w       made bad when it is too small or the text names more than 64 levels */
void agreement_write(const struct policies *all, const struct agreement *a, struct writer *w);
void rules_write(const struct policies *all, const struct rules *r, struct writer *w);

/* agreement_copy - all of it but the room for clauses that it does not have, which stays as it is */
void agreement_copy(const struct agreement *from, struct agreement *to);

/* obligations_equal - the same duties in the same measures */
bool obligations_equal(const struct obligations *a, const struct obligations *b);

/* obligations_unite - owe what either says: duties united; of times and copies the least that is set, of
 *                     certifiers the most */
/*@ requires \valid(to) && \valid_read(also);
    assigns *to; */
void obligations_unite(struct obligations *to, const struct obligations *also);

/* agreements_find, texts_find - its number by name; UNKNOWN when there is none */
err agreements_find(const struct agreements *all, span wanted, unsigned *out);
err texts_find(texts all, span wanted, unsigned *out);

/* agreement_equivalent - the line by which a level is handled under another policy; NULL when it has none
 *
 * One line, as it stands: none of another agreement, no two in a row, none read backwards.  A verdict does not
 * use it: each of the two finds its line in its own way. */
const struct equivalence *agreement_equivalent(const struct agreement *a, level given,
                                               uint8_t receiver_policy);

/* agreements_above - these, the agreements they stand under, those they stand under, and so on; names that
 * nobody has loaded are passed over */
set64 agreements_above(const struct agreements *all, set64 these);

/* agreements_between - those to which both are parties, and all that these stand under: both ends know
 * them, and no verdict between the two rests on another
 *
 * cost    AGREEMENTS_MAX passes at most */
set64 agreements_between(const struct agreements *all, uint8_t from, uint8_t to);

/* clauses_held - how many they have together */
unsigned clauses_held(const struct agreements *all);

/* clause_ref_format - "GSOMIA article 5 clause 2", "TISA clause 1" where it has no articles; "-"
 * for none */
void clause_ref_format(const struct agreements *all, struct clause_ref ref, struct writer *w);

const char *giving_name(enum giving g);         /* "none", "disclose", "release" */
const char *precedence_name(enum precedence p); /* "ROUTINE", … */
err         precedence_of(span s, enum precedence *out);

#endif
