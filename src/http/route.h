/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/set64.h"
#include "http/request.h"

/* ROUTE_CAPTURES_MAX - "/rooms/{room}/displays/{display}" has two */
#define ROUTE_CAPTURES_MAX 4

/* route - one row of a program's static table
 *
 * pattern   "/items/{id}/open": a segment in braces stands for any one segment that is not empty
 * permit    the roles that may ask this; what a role is, is the program's affair
 * handler   the program's number for what is to be done
 *
 * The first row that fits wins, so a fixed segment is written above one in braces. */
struct route {
    enum method method;
    const char *pattern;
    set64       permit;
    unsigned    handler;
};

/* route_match - the row, and the segments that stood for its braces, still escaped */
struct route_match {
    const struct route *route;
    size_t              count;
    span                capture[ROUTE_CAPTURES_MAX];
};

/* route_find - the row for a method and a path
 *
 * allow    receives, on WRONG_METHOD, bit 1 << method for each method that the path takes
 * returns  NO_ROUTE or WRONG_METHOD
 * cost     the whole table, a few comparisons a row */
enum fault route_find(const struct route *table, size_t count, enum method m, span path,
                      struct route_match *out, unsigned *allow);

#endif
