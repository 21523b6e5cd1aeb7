/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_VERDICT_H
#define RELEASE_VERDICT_H

#include "agreement/agreement.h"

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

struct crossing {
    struct marking marking;
    enum kind      kind;
    uint8_t        from, to, via; /* parties; via PARTY_NONE = direct */
    enum giving    giving;        /* what is asked: disclose or release */
    instant        now_low, now_high;
    set64          standing; /* agreements in standing at both ends of now, parents included */
    set64          lineage;  /* agreements under which it, or what it is made of, was received */
    set64 onward_approved; /* originators whose named approval of this onward giving is on record */
    bool  other_purpose;   /* asked for a purpose other than that it was given for */
    bool  given_by_act;    /* the giver's officer gave this one item by a recorded act */
    struct assurance assurance;
    uint8_t          approvals; /* distinct officers of the giver who approved it */
};

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
    struct clause_ref
        cover; /* the agreement that protects it; the first by name of those that do */
    struct clause_ref permit; /* the one clause that permits; the first by name, article, number */
    struct clause_ref never;  /* the first never that matches */
    struct clause_ref equivalent; /* the line of equivalence */
    uint8_t           equivalent_policy;
    uint16_t         equivalents; /* ranks of that policy: candidates of the receiver's own level */
    enum precedence  precedence;  /* of the clause that permits */
    enum rule_action rule;
    uint8_t          rule_number;   /* 1 …; 0 = no rule spoke, so it is held for one officer */
    uint8_t          officers;      /* how many must approve; 0 = none */
    struct obligations obligations; /* empty unless it is released or held */
};

/* tables - everything a verdict rests on, owned by the guard (or by who replays) */
struct tables {
    struct policies   policies;
    struct agreements agreements;
    struct rules      rules; /* count 0: none are loaded, everything is held */
};

/* verdict_by_reading - the reference: reads `tables` as they are, clause by clause
 * cost    about 5 µs for 100 clauses */
struct verdict verdict_by_reading(const struct tables *t, const struct crossing *c);

/* index - rows made of `tables` so that a verdict is a few ANDs each; made again after each change
 */
#define INDEX_ROWS_MAX (AGREEMENTS_MAX * CLAUSES_MAX)
struct index;
size_t index_size(void);
void   index_build(const struct tables *t, struct index *out);

struct verdict verdict_by_table(const struct tables *t, const struct index *i,
                                const struct crossing *c);

/* verdict_decide - both; when they differ the answer is a refusal with every step failed
 *
 * differ  set when they did: record it and raise the alarm */
struct verdict verdict_decide(const struct tables *t, const struct index *i,
                              const struct crossing *c, bool *differ);

bool verdict_equal(const struct verdict *a, const struct verdict *b);

/* crossing_format, verdict_format - canonical text, as the ledger keeps it (docs/format/verdict.md)
 * crossing_read - the same text back; UNKNOWN when a name is in none of the tables
 *
 * verdict_format and then comparing bytes is how `accord replay` and a partner check a verdict:
 * the outcome of step 7 is in the text, the rules themselves are not */
void crossing_format(const struct tables *t, const struct crossing *c, struct writer *w);
void verdict_format(const struct tables *t, const struct verdict *v, struct writer *w);
struct lines;
err crossing_read(const struct tables *t, struct lines *l, struct crossing *out);

/* verdict_explain - the same for people: a sentence a step, naming the clause, in English */
void verdict_explain(const struct tables *t, const struct crossing *c, const struct verdict *v,
                     struct writer *w);

/* outcome_name - "refuse", "hold", "release"; step_name - "marking", "releasable", … */
const char *outcome_name(enum outcome o);
const char *step_name(enum step s);

/* ---- opening: a reader at a desk ---- */

/* reader - one enrolled person, as far as a decision needs it */
struct reader {
    uint8_t  nationality, employer; /* parties */
    uint16_t ranks;                 /* clearance: a SET of ranks of the own policy, not a ceiling */
    set64    topics;                /* need-to-know */
    bool     registered;            /* stands on the registry of the facility, not revoked */
};

struct opening {
    struct marking marking;
    uint8_t        own_policy; /* of the party where it is read */
    uint16_t      handled_as; /* one rank of it: the officer's choice, or the strictest candidate */
    uint8_t       party;      /* where it is read */
    struct reader reader;
    struct obligations obligations;
    bool               other_purpose;
    bool               recalled;
    uint16_t           place_ranks; /* ranks the terminal or room may show */
};

enum opening_step {
    OPENING_RECALLED,
    OPENING_CLEARANCE,
    OPENING_NEED,
    OPENING_NATIONALITY, /* the reader's nation is the originator's or in the release (or disclose)
                            list */
    OPENING_EMPLOYER,
    OPENING_PURPOSE,
    OPENING_REGISTRY,
    OPENING_PLACE,
    OPENING_STEP_COUNT
};

/* opening_decide - failed steps, a bit each; 0 = it may be opened; both implementations, as above
 */
uint16_t    opening_by_reading(const struct tables *t, const struct opening *o);
uint16_t    opening_by_table(const struct tables *t, const struct opening *o);
uint16_t    opening_decide(const struct tables *t, const struct opening *o, bool *differ);
const char *opening_step_name(enum opening_step s);

#endif
