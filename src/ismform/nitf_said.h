/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_NITF_SAID_H
#define ISMFORM_NITF_SAID_H

#include "ismform/nitf.h"

/* Between the fields of a block and the attributes of ISM: what a block can say, by attribute. */

/* said - the attributes that a block can say; said_names: as ISM calls them */
enum said {
    SAID_LEVEL,
    SAID_OWNER,
    SAID_SCI,
    SAID_AEA,
    SAID_NONUS,
    SAID_DISSEM,
    SAID_NONIC,
    SAID_RELEASE,
    SAID_CLASSIFIED_BY,
    SAID_DERIVED_FROM,
    SAID_REASON,
    SAID_DATE,
    SAID_EVENT,
    SAID_EXCEPTION,
    SAID_COUNT
};

extern const char *const said_names[SAID_COUNT];

/* digraph - a control in two letters, in SCTLH or SCODE; any other code in SCODE is of SCI */
struct digraph {
    const char *two, *attribute, *token;
};

#define DIGRAPHS 10
extern const struct digraph digraphs[DIGRAPHS];

/* MULTIPLE - what CAUT says when CATP says many */
#define MULTIPLE "Multiple Sources"

/* SAID_MAX - one attribute of a block: a release list of ten groups is the longest */
#define SAID_MAX 256

/* block_work - a block on its way to or from attributes */
struct block_work {
    const struct groups     *g;
    const struct nitf_block *b;
    struct ismform_problem  *p;
    size_t                   base;
    struct writer            said[SAID_COUNT];
    uint8_t                  bytes[SAID_COUNT][SAID_MAX];
};

/* work_init - nothing said yet
 * said_of - which attribute that is, or SAID_COUNT */
void      work_init(struct block_work *w);
enum said said_of(span attribute);

#endif
