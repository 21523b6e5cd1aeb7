/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_ROUTE_H
#define DESKIO_ROUTE_H

#include "desk/desk.h"
#include "http/route.h"

/* UPLOAD_LEN_MAX - the longest content of a product */
#define UPLOAD_LEN_MAX (UINT64_C(1) << 40)

/* route_upload - does the body of this request come in pieces? */
bool route_upload(const struct request *r);

/* route_read - a request of docs/format/desk-api.md, taken apart
 *
 * out      spans into r; all but the terminal
 * allow    as route_find
 * why      receives what is wrong with the query; OK otherwise
 * returns  NO_ROUTE or WRONG_METHOD */
enum fault route_read(const struct request *r, struct desk_request *out, unsigned *allow, err *why);

/* route_seen - the ids of the events after which a stream goes on, separated by commas
 *
 * fails    MALFORMED, LIMIT */
err route_seen(span ids, struct desk_request *out);

#endif
