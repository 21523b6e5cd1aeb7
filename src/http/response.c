/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include "base/text.h"
#include "http/request.h"

/* Answers are never kept by a cache, sniffed, framed, or run: the desk's API serves data to scripts
 * that the console brings with it under a policy of its own. */
static const char data_policy[] =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n";

/* A page has what comes from here, talks to nobody else, and makes no markup of texts. */
static const char page_policy[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; require-trusted-types-for 'script'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'\r\n";

static const char security_headers[] = "Cache-Control: no-store\r\n"
                                       "Cross-Origin-Resource-Policy: same-origin\r\n"
                                       "Referrer-Policy: no-referrer\r\n"
                                       "Strict-Transport-Security: max-age=31536000\r\n"
                                       "X-Content-Type-Options: nosniff\r\n"
                                       "X-Frame-Options: DENY\r\n";

/* A product is saved, never shown by the browser itself */
static const char *const media_lines[MEDIA_COUNT] = {
    [MEDIA_NONE] = "",
    [MEDIA_JSON] = "Content-Type: application/json\r\n",
    [MEDIA_OCTETS] =
        "Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n",
    [MEDIA_TEXT] = "Content-Type: text/plain; charset=utf-8\r\n",
    [MEDIA_EVENTS] = "Content-Type: text/event-stream\r\n",
    [MEDIA_HTML] = "Content-Type: text/html; charset=utf-8\r\n",
    [MEDIA_SCRIPT] = "Content-Type: text/javascript; charset=utf-8\r\n",
    [MEDIA_STYLE] = "Content-Type: text/css; charset=utf-8\r\n",
    [MEDIA_SVG] = "Content-Type: image/svg+xml\r\n",
    [MEDIA_PNG] = "Content-Type: image/png\r\n",
    [MEDIA_FONT] = "Content-Type: font/woff2\r\n",
};

static void put_allow(struct writer *w, unsigned allow)
{
    const char *before = "Allow: ";
    for (unsigned m = 0; m < METHOD_COUNT; m++) {
        if ((allow & 1u << m) != 0) {
            put_text(w, before);
            put_text(w, method_name((enum method)m));
            before = ", ";
        }
    }
    put_text(w, allow != 0 ? "\r\n" : "");
}

/* RFC 9110 section 8.6: a 204 has no Content-Length */
static bool has_length(const struct response *r)
{
    return r->media != MEDIA_EVENTS && r->status != 204;
}

void response_head(struct writer *w, const struct response *r)
{
    MUST((unsigned)r->media < MEDIA_COUNT && status_reason(r->status)[0] != '\0');
    put_text(w, "HTTP/1.1 ");
    put_decimal(w, r->status);
    put_text(w, " ");
    put_text(w, status_reason(r->status));
    put_text(w, "\r\n");
    put_text(w, media_lines[r->media]);
    if (has_length(r)) {
        put_text(w, "Content-Length: ");
        put_decimal(w, r->body_len);
        put_text(w, "\r\n");
    }
    put_allow(w, r->allow);
    put_text(w, r->close || r->media == MEDIA_EVENTS ? "Connection: close\r\n" : "");
    put_text(w, r->media >= MEDIA_HTML ? page_policy : data_policy);
    put_text(w, security_headers);
    put_text(w, "\r\n");
}

void response_json(struct writer *w, unsigned status, span body, bool close)
{
    response_head(w, &(struct response){
                         .status = status,
                         .media = MEDIA_JSON,
                         .body_len = body.len,
                         .close = close,
                     });
    put_span(w, body);
}

static void put_refusal(struct writer *w, unsigned status, err e, unsigned allow, bool close)
{
    uint8_t       buf[512];
    struct writer body = WRITER_OF(buf);
    put_text(&body, "{\"error\":");
    put_json(&body, span_text(err_name(e.code)));
    put_text(&body, ",\"why\":");
    put_json(&body, span_text(e.why));
    put_text(&body, "}\n");
    MUST(!body.bad);
    response_head(w, &(struct response){
                         .status = status,
                         .media = MEDIA_JSON,
                         .body_len = body.len,
                         .allow = allow,
                         .close = close,
                     });
    put_span(w, writer_span(&body));
}

void response_error(struct writer *w, err e, bool close)
{
    put_refusal(w, status_of(e.code), e, 0, close);
}

void response_fault(struct writer *w, enum fault f, unsigned allow, bool close)
{
    put_refusal(w, fault_status(f), fault_err(f), allow, close);
}

/* "HTTP/1.1 200 OK"; the reason may be empty, its blank may not be missing (RFC 9112 section 4) */
static enum fault status_line_read(span line, unsigned *status)
{
    uint64_t value = 0;
    span     version = span_cut(&line, ' ');
    span     rest = line;
    span     digits = span_cut(&rest, ' ');
    if (!span_is(version, "HTTP/1.1")) {
        return FAULT_VERSION;
    }
    if (digits.len != 3 || digits.len == line.len || err_is(text_decimal(digits, 599, &value)) ||
        value < 200) {
        return FAULT_START;
    }
    *status = (unsigned)value;
    return FAULT_NONE;
}

static enum fault answer_length(struct answer *a, uint64_t body_max)
{
    const struct field *length = fields_find(&a->fields, "content-length");
    if (fields_find(&a->fields, "transfer-encoding") != NULL) {
        return FAULT_CODING;
    }
    a->endless = length == NULL && a->status != 204;
    if (length == NULL) {
        return FAULT_NONE;
    }
    for (size_t i = 0; i < a->fields.count; i++) {
        if (&a->fields.field[i] != length &&
            span_is_caseless(a->fields.field[i].name, "content-length")) {
            return FAULT_FIELD_TWICE;
        }
    }
    if (err_is(text_decimal(length->value, UINT64_MAX, &a->body_len))) {
        return FAULT_LENGTH;
    }
    if (a->status == 204 && a->body_len > 0) {
        return FAULT_BODY_UNWANTED;
    }
    return a->body_len > body_max ? FAULT_BODY_LONG : FAULT_NONE;
}

enum fault answer_read(struct head_scan *scan, span have, uint64_t body_max, struct answer *out,
                       size_t *head_len)
{
    size_t     len = 0;
    enum fault f = head_find_end(scan, have, &len);
    *head_len = 0;
    if (f != FAULT_NONE || len == 0) {
        return f;
    }
    *out = (struct answer){0};
    *head_len = len;
    span head = {have.ptr, len};
    f = status_line_read(head_line(&head), &out->status);
    if (f == FAULT_NONE) {
        f = head_fields(head, &out->fields);
    }
    if (f == FAULT_NONE) {
        f = answer_length(out, body_max);
    }
    const struct field *type = fields_find(&out->fields, "content-type");
    out->type = type == NULL ? (span){0} : type->value;
    out->close = fields_has(&out->fields, "connection", "close");
    return f;
}
