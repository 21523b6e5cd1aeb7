/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_SCHEME_H
#define LABEL_SCHEME_H

#include "base/err.h"
#include "base/instant.h"
#include "base/set64.h"
#include "base/span.h"
#include "label/category_set.h"

/* scheme - a whole security policy, as its Open XML SPIF file says it.  (The guard's `policy` is a small
 * table made from one; docs/format/label.md says what each part means for a decision.)
 *
 * All of a scheme lies in one block, made by spif_scheme and freed by its caller.  It does not change
 * after that, so that any number of threads may read it.  Names and phrases are UTF-8 of one line. */

/* Limits: classes are a set64 in a clearance; tags are a set64 pair in a label */
#define CLASSES_MAX  64
#define TAG_SETS_MAX 128
#define TAGS_MAX     128

/* More of these no policy has that we know; each is compared with each when a file is read */
#define EQUIVALENT_POLICIES_MAX 64
#define PRIVACY_MARKS_MAX       256
#define QUALIFIERS_MAX          64 /* of one part */

/* SCHEME_NONE - no index: no privacy mark, not found */
#define SCHEME_NONE UINT16_MAX

/* SELECTION_MAX - of a tag without a largest number of selections */
#define SELECTION_MAX UINT16_MAX

/* tag_type - what a tag means for access (X.841, SDN.801), and which of its encodings a label in ASN.1
 * has; "informative" is tagType7 */
enum tag_type {
    TAG_RESTRICTIVE,
    TAG_ENUMERATED_RESTRICTIVE,
    TAG_PERMISSIVE,
    TAG_ENUMERATED_PERMISSIVE,
    TAG_INFORMATIVE,
    TAG_TYPE_COUNT
};

static inline bool tag_is_restrictive(enum tag_type t)
{
    return t == TAG_RESTRICTIVE || t == TAG_ENUMERATED_RESTRICTIVE;
}

static inline bool tag_is_permissive(enum tag_type t)
{
    return t == TAG_PERMISSIVE || t == TAG_ENUMERATED_PERMISSIVE;
}

/* Where a phrase is shown, and what it does there: one bit for each marking code of the schema.
 * A code of a page's top and bottom is both bits; PLACE_ANY asks for a phrase wherever it stands. */
enum marking_code {
    PLACE_PAGE_TOP = 1 << 0,
    PLACE_PAGE_BOTTOM = 1 << 1,
    PLACE_PAGE = PLACE_PAGE_TOP | PLACE_PAGE_BOTTOM,
    PLACE_DOCUMENT_START = 1 << 2,
    PLACE_DOCUMENT_END = 1 << 3,
    PLACE_FIRST_LINE = 1 << 4,
    PLACE_LAST_LINE = 1 << 5,
    PLACE_SUBJECT = 1 << 6,
    PLACE_X_HEADER = 1 << 7,
    PLACE_PORTION = 1 << 8,
    PLACE_INPUT_TITLE = 1 << 9,
    PLACE_WATERMARK = 1 << 10,
    PLACE_ANY = (1 << 11) - 1,
    CODE_NO_NAME_DISPLAY = 1 << 11,
    CODE_NO_MARKING_DISPLAY = 1 << 12,
    CODE_SUPPRESS_CLASS_NAME = 1 << 13,
    CODE_REPLACE_POLICY = 1 << 14,
};

/* scheme_phrase - one markingData
 *
 * language  RFC 5646, "" when it is for every language that has none of its own
 * text      ptr NULL when it has no phrase and speaks of the name */
struct scheme_phrase {
    span     language, text;
    uint32_t codes;
    unsigned line;
};

enum qualifier_kind {
    QUALIFIER_PREFIX,
    QUALIFIER_SEPARATOR,
    QUALIFIER_FINAL_SEPARATOR, /* between the last two, where it is not the same */
    QUALIFIER_SUFFIX,
    QUALIFIER_COUNT
};

/* scheme_qualifier - what stands before, between or after phrases; codes is 0 when at every place */
struct scheme_qualifier {
    span                language, text;
    enum qualifier_kind kind;
    uint32_t            codes;
    unsigned            line;
};

/* scheme_marking - how a part of a scheme is displayed */
struct scheme_marking {
    unsigned                       phrase_count, qualifier_count;
    const struct scheme_phrase    *phrase;
    const struct scheme_qualifier *qualifier;
};

/* scheme_ref - one value, or all values, of the tags of one type in one tag set
 *
 * set_name, lacv  as the file says; what an equivalence requires is in the other policy, so only there
 *                 can it be looked up
 * all             every category of that tag set and type
 * set             in scheme.set; category in scheme.category unless `all`; SCHEME_NONE both when the
 *                 reference is into another policy */
struct scheme_ref {
    span          set_name;
    enum tag_type type;
    bool          all;
    uint64_t      lacv;
    uint16_t      set, category;
    unsigned      line;
};

enum scheme_operation { OPERATION_ONLY_ONE, OPERATION_ONE_OR_MORE, OPERATION_ALL };

/* scheme_need - a requiredCategory: how many of these a label must have (docs/format/label.md) */
struct scheme_need {
    enum scheme_operation operation;
    unsigned              ref_count;
    struct scheme_ref    *ref;
    unsigned              line;
};

/* Who may apply an equivalence: a giver before it leaves, a receiver after it came; a set of both */
enum applied { APPLIED_ENCRYPT = 1, APPLIED_DECRYPT = 2, APPLIED_BOTH = 3 };

/* scheme_equivalent_class - the same protection in another policy; policy is in scheme.policy */
struct scheme_equivalent_class {
    uint16_t            policy;
    uint64_t            lacv;
    enum applied        applied;
    unsigned            need_count;
    struct scheme_need *need;
    unsigned            line;
};

/* scheme_equivalent_category - the same category in another policy, or (discard) that it may be left
 * out there; then set_id and lacv are not used */
struct scheme_equivalent_category {
    uint16_t      policy;
    span          set_id;
    enum tag_type type;
    uint64_t      lacv;
    enum applied  applied;
    bool          discard;
    unsigned      line;
};

/* scheme_equivalent_set - what a label in the other policy must have when it has any of this tag set;
 * name and id of the other's tag set may be empty */
struct scheme_equivalent_set {
    uint16_t            policy;
    span                name, id;
    unsigned            need_count;
    struct scheme_need *need;
    unsigned            line;
};

/* scheme_policy - an equivalent policy, and what a label must have there when it comes from here */
struct scheme_policy {
    span                name, id;
    unsigned            need_count;
    struct scheme_need *need;
    unsigned            line;
};

/* scheme_class - a classification; a larger hierarchy protects more, and no two are equal
 *
 * color    0xRRGGBB; COLOR_NONE when the file has none
 * excluded categories that exclude it, from both sides (excludedClass, requiredClass)
 * barred   all that a valid label of this class has not, or that has a rule to be looked up: a label
 *          without any of it is valid as far as categories go */
#define COLOR_NONE UINT32_MAX
struct scheme_class {
    span                                  name;
    uint64_t                              lacv;
    uint32_t                              hierarchy;
    uint32_t                              color;
    bool                                  obsolete;
    struct scheme_marking                 marking;
    unsigned                              need_count, equivalent_count;
    struct scheme_need                   *need;
    const struct scheme_equivalent_class *equivalent;
    struct category_set                   excluded, barred;
    unsigned                              line;
};

struct scheme_tag_set {
    span                                name, id;
    uint16_t                            first_tag, tag_count;
    unsigned                            equivalent_count;
    const struct scheme_equivalent_set *equivalent;
    unsigned                            line;
};

/* scheme_tag - categories first … first + count - 1 of scheme.category
 *
 * integers      how a label in ASN.1 encodes an informative tag: as integers, else as bits
 * min, max      how many of them a label must have and may have */
struct scheme_tag {
    span                  name;
    enum tag_type         type;
    bool                  integers;
    uint16_t              set, first, count;
    uint16_t              min, max;
    struct scheme_marking marking;
    unsigned              line;
};

/* What a person enters for a category; such a category cannot stand in a label here */
enum user_input { INPUT_NONE, INPUT_STRING, INPUT_INTEGER, INPUT_DATE };

/* scheme_category - one value of a tag
 *
 * excluded_classes  set64 of classes
 * not_before, not_after  0 and INSTANT_NEVER when the file has none */
struct scheme_category {
    span                                     name;
    uint64_t                                 lacv;
    uint16_t                                 tag;
    bool                                     obsolete;
    enum user_input                          input;
    span                                     date_format;
    instant                                  not_before, not_after;
    set64                                    excluded_classes;
    struct scheme_marking                    marking;
    unsigned                                 need_count, excluded_count, equivalent_count;
    struct scheme_need                      *need;
    struct scheme_ref                       *excluded;
    const struct scheme_equivalent_category *equivalent;
    unsigned                                 line;
};

struct scheme_privacy_mark {
    span                  name;
    bool                  obsolete;
    struct scheme_marking marking;
    unsigned              line;
};

/* scheme_reach - where the categories of a permissive tag lie in a set: words first … last, in the first
 * and last of them only the bits of the masks */
struct scheme_reach {
    uint16_t tag, first, last;
    uint64_t first_mask, last_mask;
};

/* GROUP_TABLE_SET - name of the informative tag set whose one value is the version of the table of groups by
 * which a label was made: 202404.  A permissive category that requires one of it is a dated group. */
#define GROUP_TABLE_SET "Group Table"

/* scheme - see above; the sets at its end are made by scheme_index from what stands before
 *
 * version      of the policy; schema_version "1.0", "2.0", "2.1", "3.0", or "" when it had no namespace
 * rbac_id, privilege_id  say which ASN.1 a label and a clearance have: 2.16.840.1.101.2.1.8.3 is X.841's */
struct scheme {
    span    name, id;
    span    default_name, default_id; /* of the policy of what has no label; never used to decide */
    span    schema_version, version, creation_date, originator, key_identifier;
    span    privilege_id, rbac_id;
    instant not_before, not_after;
    unsigned line; /* of its securityPolicyId */

    struct scheme_marking policy_marking, class_marking, privacy_marking, marking;

    unsigned class_count, set_count, tag_count, category_count, privacy_count, policy_count;
    struct scheme_class *class;
    struct scheme_tag_set      *set;
    struct scheme_tag          *tag;
    struct scheme_category     *category;
    struct scheme_privacy_mark *privacy;
    struct scheme_policy       *policy;
    uint16_t                    privacy_min, privacy_max;

    unsigned            words; /* of a category_set that are in use */
    struct category_set known, restrictive, informative, obsolete, input;
    struct category_set ruled;       /* with needs or exclusions of their own */
    struct category_set dated;       /* groups whose members the label's table version says */
    uint16_t            group_table; /* in `set`, or SCHEME_NONE */
    unsigned            permissive_count, counted_count;
    struct scheme_reach permissive[TAGS_MAX];
    uint16_t            counted[TAGS_MAX]; /* tags with a min or max */
};

/* scheme_problem - one thing that is wrong with a policy file
 *
 * line    from 1; 0 when the whole file is meant
 * value   the value that is meant, cut to 63 bytes of UTF-8, NUL-terminated; "" when there is none
 * why     a literal sentence */
struct scheme_problem {
    unsigned    line;
    char        value[64];
    const char *why;
};

/* scheme_problems - those found, in the order in which they were; `more` when there were too many */
#define SCHEME_PROBLEMS_MAX 16
struct scheme_problems {
    unsigned              count;
    bool                  more;
    struct scheme_problem problem[SCHEME_PROBLEMS_MAX];
};

void scheme_problem_add(struct scheme_problems *all, unsigned line, span value, const char *why);

/* scheme_index - resolve what refers by name, check what must be unique, make the sets
 *
 * s        filled as a file says, references not resolved
 * problems receives what breaks a rule; the scheme is fit for use when there is none
 * cost     one pass over the scheme for each rule; no memory */
void scheme_index(struct scheme *s, struct scheme_problems *problems);

/* scheme_class_by_name / by_lacv, scheme_set_by_name / by_id - an index, or SCHEME_NONE */
uint16_t scheme_class_by_name(const struct scheme *s, span name);
uint16_t scheme_class_by_lacv(const struct scheme *s, uint64_t lacv);
uint16_t scheme_set_by_name(const struct scheme *s, span name);
uint16_t scheme_set_by_id(const struct scheme *s, span id);

/* scheme_category_by_lacv - of the tags of one type in a set, as labels in ASN.1 name it
 * scheme_category_by_name - as labels in XML do: their type does not say whether it is enumerated, so
 *                           `like` stands for both
 *
 * returns  an index, or SCHEME_NONE; by name also when two tags of the set have that value */
uint16_t scheme_category_by_lacv(const struct scheme *s, uint16_t set, enum tag_type type,
                                 uint64_t lacv);
uint16_t scheme_category_by_name(const struct scheme *s, uint16_t set, enum tag_type like,
                                 span name);

/* scheme_privacy_by_name - an index, or SCHEME_NONE */
uint16_t scheme_privacy_by_name(const struct scheme *s, span name);

/* tag_type_name - "restrictive", "enumerated permissive", … */
const char *tag_type_name(enum tag_type t);

#endif
