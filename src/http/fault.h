/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_FAULT_H
#define HTTP_FAULT_H

#include "base/err.h"

/* fault - why a request is refused, or an answer not understood, before any handler sees it
 *
 * Each is one row of a table: a status, an err code and a literal sentence.  docs/format/http.md
 * tells the rules in prose. */
enum fault {
    FAULT_NONE,
    FAULT_BYTE,           /* NUL, a control character or a byte outside ASCII in the head */
    FAULT_LINE,           /* CR without LF, or LF without CR */
    FAULT_START,          /* the first line is not of three parts */
    FAULT_METHOD,         /* not in the table of methods */
    FAULT_TARGET,         /* not a path from the root */
    FAULT_TARGET_LONG,    /* longer than TARGET_MAX */
    FAULT_ESCAPE,         /* a percent escape that is none, or that hides what it may not hide */
    FAULT_VERSION,        /* not HTTP/1.1 */
    FAULT_HEAD_LONG,      /* longer than HEAD_MAX */
    FAULT_FIELD,          /* a header that is not name ':' value */
    FAULT_FOLD,           /* a header line that begins with a blank */
    FAULT_FIELD_COUNT,    /* more than HEAD_FIELDS_MAX */
    FAULT_FIELD_TWICE,    /* a header that may stand once only */
    FAULT_HOST,           /* none, or not a host */
    FAULT_LENGTH,         /* not a decimal number */
    FAULT_LENGTH_MISSING, /* a POST without one */
    FAULT_BODY_UNWANTED,  /* a body on a GET or DELETE */
    FAULT_BODY_LONG,      /* larger than the receiver takes here */
    FAULT_CODING,         /* Transfer-Encoding, of any kind */
    FAULT_CONTENT_CODING, /* Content-Encoding, of any kind */
    FAULT_EXPECT,         /* Expect, of any kind */
    FAULT_PIPELINE,       /* bytes after the body before the answer was complete */
    FAULT_SLOW,           /* the request was not complete in time */
    FAULT_NO_ROUTE,       /* no such path */
    FAULT_WRONG_METHOD,   /* the path is there, for other methods */
    FAULT_BUSY,           /* no buffer free */
    FAULT_COUNT
};

/* fault_status - the HTTP status of a refusal; fault_why - its sentence; fault_err - both as an err
 */
unsigned    fault_status(enum fault f);
const char *fault_why(enum fault f);
err         fault_err(enum fault f);

/* status_reason - "Not Found" for 404; "" for a status that Accord does not use */
const char *status_reason(unsigned status);

/* status_of - the status that tells a client about an err of a handler */
unsigned status_of(enum err_code code);

#endif
