/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_STIX_H
#define FORM_STIX_H

#include "form/tlp.h"

/* STIX 2.1: marking definitions, and which objects and properties they mark */

/* stix_read, stix_write - a marking-definition object that says TLP, 1.0 or 2.0, under its fixed id */
err stix_read(struct form_reader *r, span in, struct label_record *out);
err stix_write(const struct label_record *record, struct writer *w, struct form_problem *p);

/* STIX_MAX - longest bundle, in bytes */
#define STIX_MAX (16 * 1024 * 1024)

/* stix_portion - what marks one object, or a property of it
 *
 * object    its id
 * selector  "description", "indicator_types.[1]"; empty for the whole object
 * marked    false when no TLP marks it: `label` then says nothing
 * label     the most restrictive of what marks the property, those above it, and the object
 * other     how many other markings apply, such as statements: they say nothing about who may read */
struct stix_portion {
    span         object, selector;
    bool         marked;
    struct label label;
    unsigned     other;
};

/* stix_portions - each object of a bundle (or one object), then each property of it that granular markings
 *                 select
 *
 * seen    is called for each; its spans last for that call
 * fails   MALFORMED on a selector that selects nothing, or is no selector; UNKNOWN on a marking that neither
 *         the bundle nor the specification defines; nothing is called after a failure */
typedef void stix_seen(void *context, const struct stix_portion *p);
err          stix_portions(struct form_reader *r, span in, stix_seen *seen, void *context);

#endif
