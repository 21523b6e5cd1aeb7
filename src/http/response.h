/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/writer.h"
#include "http/head.h"

/* RESPONSE_HEAD_MAX - what response_head writes at most: the fixed headers and the longest of each
 * row */
#define RESPONSE_HEAD_MAX 1024

/* From MEDIA_HTML on: pieces of a page that runs in a browser, under a policy of its own */
enum media {
    MEDIA_NONE,
    MEDIA_JSON,
    MEDIA_OCTETS,
    MEDIA_TEXT,
    MEDIA_EVENTS,
    MEDIA_HTML,
    MEDIA_SCRIPT,
    MEDIA_STYLE,
    MEDIA_SVG,
    MEDIA_PNG,
    MEDIA_FONT,
    MEDIA_COUNT
};

/* response - the head of an answer
 *
 * body_len   exact; MEDIA_EVENTS has none and ends with the connection
 * allow      for 405: bit 1 << method for each method that the path takes; otherwise 0
 * close      the connection ends after this answer */
struct response {
    unsigned   status;
    enum media media;
    uint64_t   body_len;
    unsigned   allow;
    bool       close;
};

/* response_head - status line, media type, length and the security headers, with the empty line */
void response_head(struct writer *w, const struct response *r);

/* response_json - head and body in one, for answers that are small
 * body    JSON */
void response_json(struct writer *w, unsigned status, span body, bool close);

/* response_error - {"error":"malformed","why":"…"} with the status of the err's code
 * response_fault - the same for a refusal of this layer */
void response_error(struct writer *w, err e, bool close);
void response_fault(struct writer *w, enum fault f, unsigned allow, bool close);

/* answer - the head of an answer, read by a client; spans lie in the head
 *
 * endless    no Content-Length: the body ends with the connection (event streams only)
 * type       the Content-Type as sent; empty when absent */
struct answer {
    unsigned      status;
    bool          endless;
    bool          close;
    uint64_t      body_len;
    span          type;
    struct fields fields;
};

/* answer_read - the head of an HTTP/1.1 answer, as far as it has come; see request_read
 *
 * body_max  the largest body that the caller takes */
enum fault answer_read(struct head_scan *scan, span have, uint64_t body_max, struct answer *out,
                       size_t *head_len);

#endif
