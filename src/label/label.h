/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_LABEL_H
#define LABEL_LABEL_H

#include "base/instant.h"
#include "groups/groups.h"
#include "label/clearance.h"
#include "label/scheme.h"

/* A label under any scheme: what decisions read.  Forms make it from their bytes, and never one that
 * holds an index outside the scheme. */

/* label - a security label
 *
 * class       in scheme.class
 * privacy     in scheme.privacy, or SCHEME_NONE
 * categories  of scheme.category
 * nobody      permissive tags whose last value was lost when labels were joined: nobody may read it.
 *             No form can say that, so none writes such a label */
struct label {
    const struct scheme *scheme;
    uint16_t class, privacy;
    struct category_set categories;
    uint64_t            nobody[TAGS_MAX / 64];
};

/* Longest identifiers of what stands around a label, with their NUL: a directory name is the longest */
#define LABEL_ORIGINATOR_MAX 256
#define LABEL_ID_MAX         128

/* label_kind - the three roots of STANAG 4774: what the originator said; what somebody else added for
 * his own policy; of metadata itself */
enum label_kind { LABEL_ORIGINATOR, LABEL_ALTERNATIVE, LABEL_METADATA, LABEL_KIND_COUNT };

enum originator_type {
    ORIGINATOR_NONE,
    ORIGINATOR_RFC822_NAME,
    ORIGINATOR_DNS_NAME,
    ORIGINATOR_DIRECTORY_NAME,
    ORIGINATOR_URI,
    ORIGINATOR_IP_ADDRESS,
    ORIGINATOR_X400_ADDRESS,
    ORIGINATOR_USER_PRINCIPAL_NAME,
    ORIGINATOR_JID,
    ORIGINATOR_TYPE_COUNT
};

/* label_record - a label with what STANAG 4774 says about it
 *
 * originator, id   NUL-terminated UTF-8; "" when there is none
 * created, review  has_created and has_review say whether they are there
 * succession       the instant from which `successor` holds instead, when has_successor */
struct label_record {
    struct label         label;
    enum label_kind      kind;
    enum originator_type originator_type;
    char                 originator[LABEL_ORIGINATOR_MAX];
    char                 id[LABEL_ID_MAX];
    bool                 has_created, has_review, has_successor;
    instant              created, review, succession;
    struct label         successor;
};

/* label_at - which label of a record holds at this instant: the successor from its time on */
const struct label *label_at(const struct label_record *r, instant now);

/* label_reason - why a label is not valid, or may not be read: each failure is one reason
 *
 * The comments say what `of` and `by` are in a struct label_fault. */
enum label_reason {
    REASON_SCHEME,            /* label and clearance are of two schemes; none */
    REASON_INDEX,             /* an index is outside the scheme; none */
    REASON_CLASS_OBSOLETE,    /* class */
    REASON_CATEGORY_OBSOLETE, /* category */
    REASON_CATEGORY_INPUT,    /* category, that a person would have to fill in */
    REASON_PRIVACY_OBSOLETE,  /* privacy mark */
    REASON_PRIVACY_MISSING,   /* none */
    REASON_CLASS_EXCLUDED,    /* category that excludes the class `by` */
    REASON_CATEGORY_EXCLUDED, /* category that excludes the category `by` */
    REASON_CLASS_NEEDS,       /* class, its need number `by` */
    REASON_CATEGORY_NEEDS,    /* category, its need number `by` */
    REASON_TOO_FEW,           /* tag, with `by` values */
    REASON_TOO_MANY,          /* tag, with `by` values */
    REASON_SCHEME_TIME,       /* none; see label_in_time */
    REASON_CATEGORY_TIME,     /* category */
    REASON_CLASS_NOT_HELD,    /* class */
    REASON_CATEGORY_NOT_HELD, /* restrictive category */
    REASON_NONE_HELD,         /* permissive tag */
    REASON_NOBODY,            /* permissive tag that nobody can meet */
    REASON_GROUP_TABLE,       /* version of a table of groups that is not known here */
    REASON_GROUP_MEMBERS,     /* group whose members of that version are not known here */
    REASON_COUNT
};

struct label_fault {
    enum label_reason reason;
    uint16_t          of, by;
};

/* label_faults - all reasons, in the order of enum label_reason; `more` when there were too many */
#define FAULTS_MAX 16
struct label_faults {
    unsigned           count;
    bool               more;
    struct label_fault fault[FAULTS_MAX];
};

/* label_valid - is it well-formed under its scheme: nothing obsolete, nothing excluded, all that is
 *               required, as many values as each tag takes?
 *
 * faults  receives every reason; empty when true
 * cost    a few words; no memory */
bool label_valid(const struct label *l, struct label_faults *faults);

/* label_in_time - do the scheme and the label's categories stand at this instant?  Few schemes say when
 *
 * faults  receives every reason; empty when true */
bool label_in_time(const struct label *l, instant now, struct label_faults *faults);

/* label_access - may the holder of this clearance read it?  (ACDF)
 *
 * It is valid; its class is in the clearance's set; every restrictive category is held; of each
 * permissive tag that it has, at least one category is held.  Informative ones do not count.
 *
 * faults  receives every reason of a no: two failures are two reasons
 * cost    under 100 ns for a national scheme; no memory (bench/label.c)
 * from    X.841 and SDN.801c; ADatP-4774.1 4.5 */
bool label_access(const struct label *l, const struct label_clearance *c,
                  struct label_faults *faults);

/* label_access_dated - the same, where groups open to those who were members when the label was made
 *
 * A dated group of the label (scheme.dated) counts as held by who holds a country of the same tag set that
 * was a member by the version of the table that the label records, and by nobody else: that a clearance
 * lists the group itself says nothing about when.
 *
 * g       the table of groups for labels; NULL: none is known, which is what label_access says
 * faults  receives REASON_GROUP_TABLE when the label's version is newer than the table
 * from    docs/format/groups.md */
bool label_access_dated(const struct label *l, const struct label_clearance *c,
                        const struct groups *g, struct label_faults *faults);

/* fault_sentence - a reason as a literal sentence
 * fault_format   - the same with the names it is about: "the category Chocolate excludes Commodity" */
const char *fault_sentence(enum label_reason r);
void        fault_format(const struct scheme *s, const struct label_fault *f, struct writer *w);

/* label_outcome - of what the rules alone may not decide: HOLD is ADatP-4774.1's "policy decision", so
 *                 a person decides; `out` is then not to be used */
enum label_outcome { LABEL_OK, LABEL_HOLD };

/* label_hold - why a person has to decide
 *
 * why     a literal sentence
 * value   the name that it is about, in the scheme's block; may be empty */
struct label_hold {
    const char *why;
    span        value;
};

/* label_join - the label of what was made from both
 *
 *     JOIN_CLOSED   a permissive tag that either has keeps what both have; nothing in common, or
 *                   missing in one, is nobody, never open (docs/format/label.md)
 *     JOIN_ADATP    ADatP-4774.1 4.4: what is empty or missing is left out, which opens it to every
 *                   holder of the class; the result must be valid under the scheme
 *
 * a, b    valid, of one scheme: a foreign label is translated first
 * out     receives the higher class, all restrictive and informative categories; may be a or b
 * hold    why, when the outcome is HOLD: the result is not valid, or the privacy marks differ
 * fails   UNKNOWN when the schemes differ; MALFORMED when a or b is not valid
 * holds   commutes, associates, join(a, a) = a; JOIN_CLOSED: who may read the join may read both
 *         (test/law/label/join.c) */
enum join_rule { JOIN_CLOSED, JOIN_ADATP };
err label_join(const struct label *a, const struct label *b, enum join_rule rule, struct label *out,
               enum label_outcome *outcome, struct label_hold *hold);

/* label_translate - the same label in another scheme, by the equivalences that the schemes state
 *
 *     APPLIED_ENCRYPT   the giver's: those of the label's scheme
 *     APPLIED_DECRYPT   the receiver's: those of `to`, read backwards
 *
 * l        valid
 * out      an alternative label: the originator's own label stays what it is
 * outcome  HOLD when there are several equivalents or none, when a requirement leaves a choice, or
 *          when the result is not valid in `to`; nothing is dropped that no `discard` names
 * fails    UNKNOWN when the schemes do not name each other as equivalent, MALFORMED when l is not valid */
err label_translate(const struct label *l, const struct scheme *to, enum applied direction,
                    struct label *out, enum label_outcome *outcome, struct label_hold *hold);

#endif
