/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_BODY_H
#define DESK_BODY_H

#include "base/text.h"
#include "crypt/random.h"

/* body - the JSON body of a request: one object whose members are all strings */
#define BODY_FIELDS_MAX 8

/* body_field - a member; its value goes into value[same place] */
struct body_field {
    const char *key;
    bool        optional;
};

struct body {
    span  value[BODY_FIELDS_MAX]; /* clean UTF-8; empty when an optional one is missing */
    void *root;
};

/* body_read - exactly the members of the table, each at most once
 *
 * out     done with body_done, on failure too; values live until then
 * fails   MALFORMED on anything else, a member of another name included */
err  body_read(span bytes, const struct body_field *field, size_t count, struct body *out);
void body_done(struct body *b);

/* body_warm - tables of JSON get their secret seed now, before there is any: jansson would open a file for it, which
 * the box forbids, and then take the time of day */
void body_warm(struct random_source random);

#endif
