/* SPDX-License-Identifier: Apache-2.0 */
#include "http/fault.h"

#include "base/span.h"

static const struct {
    unsigned      status;
    enum err_code code;
    const char   *why;
} fault_row[FAULT_COUNT] = {
    [FAULT_NONE] = {200, ERR_NONE, "nothing is wrong"},
    [FAULT_BYTE] = {400, ERR_MALFORMED, "the head has a byte that is not printable ASCII"},
    [FAULT_LINE] = {400, ERR_MALFORMED, "a line of the head does not end in CR LF"},
    [FAULT_START] = {400, ERR_MALFORMED, "the first line has not exactly three parts"},
    [FAULT_METHOD] = {501, ERR_UNKNOWN, "the method is none of GET, POST and DELETE"},
    [FAULT_TARGET] = {400, ERR_MALFORMED, "the target is not a plain path from the root"},
    [FAULT_TARGET_LONG] = {414, ERR_LIMIT, "the target is longer than 1024 bytes"},
    [FAULT_ESCAPE] = {400, ERR_MALFORMED, "the target has an escape that is wrong or not allowed"},
    [FAULT_VERSION] = {505, ERR_UNKNOWN, "the version is not HTTP/1.1"},
    [FAULT_HEAD_LONG] = {431, ERR_LIMIT, "the head is longer than 8192 bytes"},
    [FAULT_FIELD] = {400, ERR_MALFORMED, "a header is not a name, a colon and a value"},
    [FAULT_FOLD] = {400, ERR_MALFORMED, "a header goes on over a second line"},
    [FAULT_FIELD_COUNT] = {431, ERR_LIMIT, "there are more than 64 headers"},
    [FAULT_FIELD_TWICE] = {400, ERR_MALFORMED, "a header that may stand only once is given twice"},
    [FAULT_HOST] = {400, ERR_MALFORMED, "the Host header is missing or is no host"},
    [FAULT_LENGTH] = {400, ERR_MALFORMED, "the Content-Length is not a plain number"},
    [FAULT_LENGTH_MISSING] = {411, ERR_MALFORMED, "a POST needs a Content-Length"},
    [FAULT_BODY_UNWANTED] = {400, ERR_MALFORMED, "only a POST may have a body"},
    [FAULT_BODY_LONG] = {413, ERR_LIMIT, "the body is larger than is taken here"},
    [FAULT_CODING] = {501, ERR_MALFORMED, "a Transfer-Encoding is not taken: state a length"},
    [FAULT_CONTENT_CODING] = {415, ERR_MALFORMED, "a Content-Encoding is not taken"},
    [FAULT_EXPECT] = {417, ERR_MALFORMED, "an Expect header is not taken: send the body at once"},
    [FAULT_PIPELINE] = {400, ERR_MALFORMED, "a second request came before the first was answered"},
    [FAULT_SLOW] = {408, ERR_LIMIT, "the request was not complete in time"},
    [FAULT_NO_ROUTE] = {404, ERR_UNKNOWN, "there is nothing at this path"},
    [FAULT_WRONG_METHOD] = {405, ERR_UNKNOWN, "this path does not take this method"},
    [FAULT_BUSY] = {503, ERR_FULL, "the desk is answering as many requests as it can; ask again"},
};

unsigned fault_status(enum fault f)
{
    MUST((unsigned)f < FAULT_COUNT);
    return fault_row[f].status;
}

const char *fault_why(enum fault f)
{
    MUST((unsigned)f < FAULT_COUNT);
    return fault_row[f].why;
}

err fault_err(enum fault f)
{
    MUST((unsigned)f < FAULT_COUNT);
    return f == FAULT_NONE ? OK : (err){fault_row[f].code, fault_row[f].why};
}

static const struct {
    unsigned    status;
    const char *reason;
} status_row[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *status_reason(unsigned status)
{
    for (size_t i = 0; i < ARRAY_LEN(status_row); i++) {
        if (status_row[i].status == status) {
            return status_row[i].reason;
        }
    }
    return "";
}

static const unsigned err_status[] = {
    [ERR_NONE] = 200,   [ERR_MALFORMED] = 400, [ERR_UNKNOWN] = 404,  [ERR_LIMIT] = 413,
    [ERR_FULL] = 503,   [ERR_DENIED] = 403,    [ERR_CONFLICT] = 409, [ERR_STATE] = 409,
    [ERR_FORGED] = 403, [ERR_IO] = 500,
};

unsigned status_of(enum err_code code)
{
    return (size_t)code < ARRAY_LEN(err_status) ? err_status[code] : 500;
}
