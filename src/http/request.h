/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/head.h"
#include "http/target.h"

enum method { METHOD_GET, METHOD_POST, METHOD_DELETE, METHOD_COUNT };

/* request - what is asked, whatever version of HTTP carried it
 *
 * All spans lie in the buffer of the head (and `body` in one of its own), and live as long as it.
 *
 * path     from the root, still escaped, but checked: every segment decodes to clean UTF-8
 * query    without the '?', still escaped, checked likewise
 * body     the whole body, or empty where it comes in pieces */
struct request {
    enum method   method;
    span          path;
    span          query;
    span          host;
    uint64_t      body_len;
    bool          close; /* the client asks to close after the answer */
    span          body;
    struct fields fields;
};

/* request_read - the head of an HTTP/1.1 request, as far as it has come
 *
 * scan      zeroed before the first byte of a request
 * have      the request from its first byte; it grows from call to call
 * body_max  the largest body that any route takes
 * out       receives the request when the head is complete; body stays empty; undefined on a fault
 * head_len  receives the length of the head, or 0 when more must come
 * returns   FAULT_NONE, or why the connection is to be answered and closed
 * holds     the result is the same however the bytes are cut                (test/law/http/split.c)
 * from      RFC 9112, less what docs/format/http.md leaves out */
enum fault request_read(struct head_scan *scan, span have, uint64_t body_max, struct request *out,
                        size_t *head_len);

/* method_name - "GET"; method_of - the reverse
 * fails   UNKNOWN */
const char *method_name(enum method m);
err         method_of(span s, enum method *out);

#endif
