/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_PARTS_H
#define SPIF_PARTS_H

#include "label/scheme.h"
#include "spif/shape.h"

/* build - one file on its way into one scheme
 *
 * block    of `max` zero bytes, `used` of them taken; the scheme lies at its start.  It has room for
 *          all that the shape of the file allows, so that taking does not fail */
struct build {
    struct scheme          *scheme;
    struct scheme_problems *problems;
    const xmlNode          *root;
    uint8_t                *block;
    size_t                  used, max;
};

/* What a value of an attribute means; rows end with a NULL text */
struct word {
    const char *text;
    unsigned    value;
};

/* part_blame - one problem more, at this node */
void part_blame(struct build *b, const xmlNode *n, span value, const char *why);

/* part_take - zeroed room in the block */
void *part_take(struct build *b, size_t count, size_t size);

/* part_text   - an attribute, kept; one line of UTF-8 of at most 1,024 bytes; empty when absent
 * part_oid    - the same, an object identifier
 * part_number - a number up to max; `otherwise` when it is absent
 * part_word   - the value of a word; `why` is blamed on any other; `otherwise` when it is absent
 * part_flag   - true, false, 1 or 0; false when absent
 * part_time   - an instant in UTC */
span     part_text(struct build *b, const xmlNode *n, const char *attribute);
span     part_oid(struct build *b, const xmlNode *n, const char *attribute);
uint64_t part_number(struct build *b, const xmlNode *n, const char *attribute, uint64_t max,
                     uint64_t otherwise);
unsigned part_word(struct build *b, const xmlNode *n, const char *attribute,
                   const struct word *words, unsigned otherwise, const char *why);
bool     part_flag(struct build *b, const xmlNode *n, const char *attribute);
instant  part_time(struct build *b, const xmlNode *n, const char *attribute, instant otherwise);

/* part_type - tagType and enumType together
 * part_policy - the policy that an equivalence refers to, or SCHEME_NONE
 * part_applied - who may apply it */
enum tag_type part_type(struct build *b, const xmlNode *n);
uint16_t      part_policy(struct build *b, const xmlNode *n);
enum applied  part_applied(struct build *b, const xmlNode *n);

/* marking_of - its markingData and markingQualifier
 * needs_of   - its requiredCategory; refs_of - its children of one name that are references */
struct scheme_marking marking_of(struct build *b, const xmlNode *n);
struct scheme_need   *needs_of(struct build *b, const xmlNode *n, unsigned *count);
struct scheme_ref    *refs_of(struct build *b, const xmlNode *n, const char *tag, unsigned *count);

/* policies_read, classes_read, sets_read, privacy_read - the lists of a scheme, in this order, as each
 *                                                       refers to those before */
void policies_read(struct build *b);
void classes_read(struct build *b);
void sets_read(struct build *b);
void privacy_read(struct build *b);

#endif
