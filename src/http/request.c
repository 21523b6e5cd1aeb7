/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"

static const struct {
    const char *name;
    bool        body; /* has one, and must state its length */
} method_row[METHOD_COUNT] = {
    [METHOD_GET] = {"GET", false},
    [METHOD_POST] = {"POST", true},
    [METHOD_DELETE] = {"DELETE", false},
};

/* Headers that change how the bytes are cut into requests, or what the body means.  `twice` refuses
 * a second one, `any` refuses the first. */
static const struct {
    const char *name;
    enum fault  any;
    enum fault  twice;
} field_rule[] = {
    {"host", FAULT_NONE, FAULT_FIELD_TWICE},
    {"content-length", FAULT_NONE, FAULT_FIELD_TWICE},
    {"content-type", FAULT_NONE, FAULT_FIELD_TWICE},
    {"transfer-encoding", FAULT_CODING, FAULT_CODING},
    {"content-encoding", FAULT_CONTENT_CODING, FAULT_CONTENT_CODING},
    {"expect", FAULT_EXPECT, FAULT_EXPECT},
};

const char *method_name(enum method m)
{
    return (unsigned)m < METHOD_COUNT ? method_row[m].name : "";
}

err method_of(span s, enum method *out)
{
    for (unsigned m = 0; m < METHOD_COUNT; m++) {
        if (span_is(s, method_row[m].name)) {
            *out = (enum method)m;
            return OK;
        }
    }
    return fault_err(FAULT_METHOD);
}

/* "HTTP/2.0" is a version that we do not speak; "http/1.1" or "HTTP/1.10" is none */
static enum fault version_check(span s)
{
    if (span_is(s, "HTTP/1.1")) {
        return FAULT_NONE;
    }
    bool form = s.len == 8 && span_starts(s, SPAN_LIT("HTTP/")) && s.ptr[5] >= '0' &&
                s.ptr[5] <= '9' && s.ptr[6] == '.' && s.ptr[7] >= '0' && s.ptr[7] <= '9';
    return form ? FAULT_VERSION : FAULT_START;
}

static enum fault start_read(span line, struct request *out)
{
    span rest = line;
    span method = span_cut(&rest, ' ');
    span target = span_cut(&rest, ' ');
    if (!token_valid(method) || target.len == 0 || rest.len == 0) {
        return FAULT_START;
    }
    enum fault f = version_check(rest);
    if (f != FAULT_NONE) {
        return f;
    }
    if (err_is(method_of(method, &out->method))) {
        return FAULT_METHOD;
    }
    return target_split(target, &out->path, &out->query);
}

static enum fault rule_check(const struct fields *fields, size_t rule)
{
    size_t seen = 0;
    for (size_t i = 0; i < fields->count; i++) {
        seen += span_is_caseless(fields->field[i].name, field_rule[rule].name);
    }
    if (seen == 0) {
        return FAULT_NONE;
    }
    return seen == 1 ? field_rule[rule].any : field_rule[rule].twice;
}

static enum fault host_read(struct request *r)
{
    const struct field *host = fields_find(&r->fields, "host");
    if (host == NULL || host->value.len == 0) {
        return FAULT_HOST;
    }
    for (size_t i = 0; i < host->value.len; i++) {
        uint8_t c = host->value.ptr[i];
        bool    letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (c < '0' || c > '9') && strchr(".-_:[]", c) == NULL) {
            return FAULT_HOST;
        }
    }
    r->host = host->value;
    return FAULT_NONE;
}

static enum fault length_read(struct request *r, uint64_t body_max)
{
    const struct field *length = fields_find(&r->fields, "content-length");
    r->body_len = 0;
    if (length == NULL) {
        return method_row[r->method].body ? FAULT_LENGTH_MISSING : FAULT_NONE;
    }
    err e = text_decimal(length->value, UINT64_MAX, &r->body_len);
    if (err_is(e)) {
        return e.code == ERR_LIMIT ? FAULT_BODY_LONG : FAULT_LENGTH;
    }
    if (r->body_len > 0 && !method_row[r->method].body) {
        return FAULT_BODY_UNWANTED;
    }
    return r->body_len > body_max ? FAULT_BODY_LONG : FAULT_NONE;
}

static enum fault head_read(span head, uint64_t body_max, struct request *out)
{
    enum fault f = start_read(head_line(&head), out);
    if (f == FAULT_NONE) {
        f = head_fields(head, &out->fields);
    }
    for (size_t rule = 0; f == FAULT_NONE && rule < ARRAY_LEN(field_rule); rule++) {
        f = rule_check(&out->fields, rule);
    }
    if (f == FAULT_NONE) {
        f = host_read(out);
    }
    if (f == FAULT_NONE) {
        f = length_read(out, body_max);
    }
    out->close = fields_has(&out->fields, "connection", "close");
    return f;
}

enum fault request_read(struct head_scan *scan, span have, uint64_t body_max, struct request *out,
                        size_t *head_len)
{
    size_t     len = 0;
    enum fault f = head_find_end(scan, have, &len);
    if (f == FAULT_HEAD_LONG && !scan->started) {
        f = FAULT_TARGET_LONG;
    }
    if (f != FAULT_NONE || len == 0) {
        *head_len = 0;
        return f;
    }
    *out = (struct request){0};
    *head_len = len;
    return head_read((span){have.ptr, len}, body_max, out);
}
