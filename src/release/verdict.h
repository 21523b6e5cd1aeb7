/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_VERDICT_H
#define RELEASE_VERDICT_H

#include "agreement/standing.h"

/* The question at the border, and its answer.  Pure: no I/O, no clock, no memory, integers only.
 *
 * Two implementations answer it: verdict_by_table (release/table.c), over rows compiled when an
 * agreement is loaded, and verdict_by_reading (release/reference.c), which follows
 * docs/format/verdict.md line by line and is written to be read.  Guards run both, always; see
 * verdict_decide. */

/* assurance - the recipient's signed word before anything is given (GSOMIA article 7(5)) */
struct assurance {
    bool    present;
    uint8_t agreement; /* number of the agreement it is given under */
    struct levels
            levels; /* originators' levels its people are cleared and held to be equivalent for */
    set64   topics; /* the official need */
    instant from, until; /* valid at both ends of now, until exclusive */
};

/* tables - everything a verdict rests on, owned by the guard (or by who replays); names of agreements
 * are unique */
struct tables {
    struct policies   policies;
    struct agreements agreements;
    struct rules      rules; /* speak for rules.party only; count 0: everything is held */
};

/* crossing - the question: may this item go from one party to another, now? */
struct crossing {
    struct marking   marking;
    enum kind        kind;
    uint8_t          from, to, via; /* parties; via PARTY_NONE = direct */
    enum giving      giving;        /* what is asked: disclose or release */
    instant          now_low, now_high;
    struct extent    extent;   /* where the item lies, if anybody said */
    struct reduction reduced;  /* how much less than the original it shows; its name is no matter */
    set64            standing; /* agreements in standing at both ends of now, parents included */
    set64            read_as[READING_COUNT]; /* of these, those of which the giver signed how a
                                                suspended notice is read; no step asks for it */
    set64            lineage; /* agreements under which it, or what it is made of, was received */
    set64 onward_approved; /* originators whose named approval of this onward giving is on record */
    bool  other_purpose;   /* asked for a purpose other than that it was given for */
    bool  given_by_act;    /* the giver's officer gave this one item by a recorded act */
    struct assurance assurance;
    uint8_t          approvals; /* distinct officers of the giver who approved it */
};

/* crossing_is_question - can it be asked at all?  Parties, kind, giving, level, agreements and times
 * are there and make sense.  If not, step 1 has failed and nothing else is looked at. */
/*@ predicate loaded{L}(struct tables *t) = \valid_read(t) && t->policies.parties.count <= SET64_MAX &&
        t->agreements.count <= AGREEMENTS_MAX && t->rules.count <= RULES_MAX &&
        (\forall integer a; 0 <= a < t->agreements.count ==>
             t->agreements.agreement[a].clause_count <= CLAUSES_MAX &&
             t->agreements.agreement[a].equivalence_count <= EQUIVALENTS_MAX); */

/*@ requires loaded(t) && \valid_read(c);
    assigns \nothing;
    ensures \result ==> c->kind < KIND_COUNT && c->from < SET64_MAX && c->to < SET64_MAX &&
        (c->via == PARTY_NONE || c->via < SET64_MAX); */
bool crossing_is_question(const struct tables *t, const struct crossing *c);

/* The steps, in their order (docs/format/verdict.md); the first that fails decides, all are
 * reported */
enum step {
    STEP_MARKING,
    STEP_RELEASABLE,
    STEP_CLAUSE,
    STEP_NEVER,
    STEP_EQUIVALENT,
    STEP_ASSURANCE,
    STEP_RULES,
    STEP_COUNT
};

enum outcome { OUTCOME_REFUSE, OUTCOME_HOLD, OUTCOME_RELEASE };

struct verdict {
    enum outcome outcome;
    uint8_t      failed; /* bit per enum step */
    /* each of these may be none: agreement CLAUSE_NONE */
    struct clause_ref  cover;      /* the agreement that protects it */
    struct clause_ref  permit;     /* the one clause that permits; none when it is given by act */
    struct clause_ref  never;      /* the first never that matches */
    struct clause_ref  equivalent; /* the line of equivalence */
    uint8_t            equivalent_policy;
    uint16_t           equivalents; /* ranks of it: candidates of the receiver's own level */
    enum precedence    precedence;  /* of the clause that permits */
    enum rule_action   rule;
    uint8_t            rule_number; /* 1 …; 0 = no rule spoke, so it is held for one officer */
    uint8_t            officers;    /* how many must approve; 0 = none */
    struct obligations obligations; /* empty unless it is released or held */
};

/* VERDICT_NOTHING - refused, nothing cited, no rule spoke: where every verdict starts from */
#define REF_NONE ((struct clause_ref){CLAUSE_NONE, 0, 0})
#define VERDICT_NOTHING                                                                            \
    ((struct verdict){.cover = REF_NONE,                                                           \
                      .permit = REF_NONE,                                                          \
                      .never = REF_NONE,                                                           \
                      .equivalent = REF_NONE,                                                      \
                      .rule = RULE_HOLD,                                                           \
                      .officers = 1})

/* verdict_by_reading - the reference: reads `tables` as they are, clause by clause
 * cost    about 5 µs for 100 clauses */
struct verdict verdict_by_reading(const struct tables *t, const struct crossing *c);

/* index - rows made of `tables` so that a verdict is a few ANDs (release/index.h)
 *
 * index_size   bytes of storage that the caller gives, once, aligned as malloc does
 * index_build  made again after each change of the tables, of at most CLAUSES_HELD_MAX clauses; no memory */
struct index;
size_t index_size(void);
void   index_build(const struct tables *t, struct index *out);

/* verdict_by_table - the fast one; `i` must have been made of `t` as it is now
 * cost    under 100 ns */
struct verdict verdict_by_table(const struct tables *t, const struct index *i,
                                const struct crossing *c);

/* verdict_decide - both; when they differ the answer is a refusal with every step failed
 *
 * differ  set to whether they did: record it and raise the alarm */
struct verdict verdict_decide(const struct tables *t, const struct index *i,
                              const struct crossing *c, bool *differ);

bool verdict_equal(const struct verdict *a, const struct verdict *b);

/* crossing_format, verdict_format - canonical text, as the ledger keeps it (docs/format/verdict.md);
 *                 w is bad when the crossing is no question or its marking has no names
 * crossing_read - the same text back, up to and with its last line
 *
 * fails   UNKNOWN when a name is in none of the tables; MALFORMED on any other form or order, and
 *         when the marking is not valid */
#define CROSSING_TEXT_MAX 16384 /* enough but for lists of hundreds of long names: then LIMIT */
#define VERDICT_TEXT_MAX  4096
void crossing_format(const struct tables *t, const struct crossing *c, struct writer *w);
void verdict_format(const struct tables *t, const struct verdict *v, struct writer *w);
struct lines;
err crossing_read(const struct tables *t, struct lines *l, struct crossing *out);

/* ruling - the outcome of step 7 alone: all that a partner takes on the giver's word */
struct ruling {
    enum rule_action action;
    uint8_t          number, officers;
};

/* ruling_read - out of a verdict's canonical text; MALFORMED when it has none
 *
 * verdict_with - a verdict computed without the giver's rules, as it is under this ruling */
err            ruling_read(span verdict_text, struct ruling *out);
struct verdict verdict_with(const struct verdict *without, const struct ruling *r,
                            const struct crossing *c);

/* verdict_texts - where crossing and verdict stand in the body of a leaf that records them
 *
 * crossing, verdict   receive their canonical texts, in the caller's bytes; empty where there is none.
 *                     A line `repeated N` behind them belongs to neither */
#define CROSSING_TITLE "accord crossing 1"
#define VERDICT_TITLE  "accord verdict 1"
void verdict_texts(span body, span *crossing, span *verdict);

/* verdict_check - does a recorded verdict follow from its recorded crossing?  How `accord replay`, a
 * partner and an overseer check.  Where t has no rules of the giver's, step 7 is taken from the text.
 *
 * fails   as crossing_read; CONFLICT when another verdict follows */
err verdict_check(const struct tables *t, span crossing_text, span verdict_text);

/* verdict_explain - the same for people: a sentence a step, naming the clause, in English */
void verdict_explain(const struct tables *t, const struct crossing *c, const struct verdict *v,
                     struct writer *w);

/* outcome_name - "refuse", "hold", "release"; step_name - "marking", "releasable", … */
const char *outcome_name(enum outcome o);
const char *step_name(enum step s);

/* ---- opening: a reader at a desk ---- */

/* reader - one enrolled person, as far as a decision needs it */
struct clearance {
    uint8_t  nationality, employer; /* parties */
    uint16_t ranks;                 /* clearance: a SET of ranks of the own policy, not a ceiling */
    set64    topics;                /* need-to-know */
    bool     registered;            /* stands on the registry of the facility, not revoked */
    bool     hired;                 /* by a firm of the employer's, not by that party itself */
};

struct opening {
    struct marking marking;
    uint8_t        own_policy; /* of the party where it is read */
    uint8_t handled_as; /* one rank of it: the officer's choice, or the strictest candidate */
    uint8_t party;      /* where it is read */
    struct clearance   reader;
    struct obligations obligations;
    bool               other_purpose;
    bool               recalled;
    bool               copying;             /* it is handed out whole, as another copy … */
    uint8_t            copied;              /* … of which there are so many already */
    bool               contractor_approved; /* the originator approved his employer by name */
    uint16_t           place_ranks;         /* ranks the terminal or room may show */
};

enum opening_step {
    OPENING_RECALLED,
    OPENING_CLEARANCE,
    OPENING_NEED,
    OPENING_NATIONALITY, /* in the release or disclose list, or the originator's (verdict.md) */
    OPENING_EMPLOYER,
    OPENING_PURPOSE,
    OPENING_REGISTRY,
    OPENING_PLACE,
    OPENING_CONTRACTOR,
    OPENING_COPIES,
    OPENING_STEP_COUNT
};

/* opening_decide - failed steps, a bit each; 0 = it may be opened; both implementations, as above
 */
uint16_t    opening_by_reading(const struct tables *t, const struct opening *o);
uint16_t    opening_by_table(const struct tables *t, const struct opening *o);
uint16_t    opening_decide(const struct tables *t, const struct opening *o, bool *differ);
const char *opening_step_name(enum opening_step s);

#endif
