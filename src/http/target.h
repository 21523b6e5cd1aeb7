/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include "base/text.h"
#include "http/fault.h"

/* TARGET_MAX - path, '?' and query as sent; ids and filters of the desk's API are below 300 bytes
 */
#define TARGET_MAX 1024

/* target_split - an origin-form target, checked once and for all
 *
 * path    receives "/" and what follows, still escaped
 * query   receives what follows the first '?', still escaped; empty when there is none
 * returns TARGET_LONG; TARGET on another form, a character of no URI, or a segment "." or "..";
 *         ESCAPE on a wrong escape, one that makes no clean UTF-8, or an escaped slash in the path
 * from    RFC 9112 section 3.2.1, RFC 3986 section 3.3 */
enum fault target_split(span target, span *path, span *query);

/* escape_decode - percent escapes to bytes, then text_utf8
 *
 * plus    '+' stands for a blank, as in queries that browsers write
 * buf     at least s.len bytes; `out` lies in it
 * fails   MALFORMED on a wrong escape or text that is not clean UTF-8; LIMIT when buf is too small
 */
err escape_decode(span s, bool plus, uint8_t *buf, size_t buf_len, utf8 *out);

/* path_segment - decode one segment that a route has captured */
err path_segment(span segment, uint8_t *buf, size_t buf_len, utf8 *out);

/* query_value - decode the value of `key` in a query
 *
 * fails   UNKNOWN when the key is not there, MALFORMED when it stands there twice, LIMIT when buf
 *         is too small */
err query_value(span query, const char *key, uint8_t *buf, size_t buf_len, utf8 *out);

/* put_escaped - the reverse of path_segment and query_value: all but unreserved characters escaped
 */
void put_escaped(struct writer *w, span s);

#endif
