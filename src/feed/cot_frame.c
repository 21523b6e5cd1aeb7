/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t spaces_at(span s, size_t at)
{
    while (at < s.len && is_space(s.ptr[at])) {
        at++;
    }
    return at;
}

/* Where `text` ends in s, looked for from `at`; 0 when it has not come yet */
static size_t end_of(span s, size_t at, const char *text)
{
    size_t         len = strlen(text);
    const uint8_t *hit = at >= s.len ? NULL : memmem(s.ptr + at, s.len - at, text, len);
    return hit == NULL ? 0 : (size_t)(hit - s.ptr) + len;
}

enum match { MATCH_NO, MATCH_MORE, MATCH_YES };

/* Does `text` stand at `at`?  MORE when s ends before that can be said. */
static enum match match_at(span s, size_t at, const char *text)
{
    size_t len = strlen(text);
    size_t have = s.len - at < len ? s.len - at : len;
    if (memcmp(s.ptr + at, text, have) != 0) {
        return MATCH_NO;
    }
    return have < len ? MATCH_MORE : MATCH_YES;
}

/* An element's name ends with the text matched: "<event>" but not "<events>" */
static enum match match_tag(span s, size_t at, const char *text)
{
    enum match m = match_at(s, at, text);
    size_t     next = at + strlen(text);
    if (m != MATCH_YES) {
        return m;
    }
    if (next == s.len) {
        return MATCH_MORE;
    }
    return is_space(s.ptr[next]) || s.ptr[next] == '>' || s.ptr[next] == '/' ? MATCH_YES : MATCH_NO;
}

/* Stretches in which "</event>" would be text */
static const struct {
    const char *begin, *end;
} quoted[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

/* What stands at a '<' inside an event; *at moves behind it, to 0 when more bytes are needed */
static err step(span s, size_t *at, bool *done)
{
    for (size_t i = 0; i < ARRAY_LEN(quoted); i++) {
        enum match m = match_at(s, *at, quoted[i].begin);
        if (m != MATCH_NO) {
            size_t inside = *at + strlen(quoted[i].begin);
            *at = m == MATCH_MORE ? 0 : end_of(s, inside, quoted[i].end);
            return OK;
        }
    }
    enum match end = match_tag(s, *at, "</event");
    enum match nested = match_tag(s, *at, "<event");
    if (nested == MATCH_YES) {
        return FAIL(MALFORMED, "an event begins before the one before it has ended");
    }
    if (end == MATCH_YES) {
        size_t close = spaces_at(s, *at + 7);
        *done = close < s.len && s.ptr[close] == '>';
        if (close < s.len && !*done) {
            return FAIL(MALFORMED, "the end of an event is not as it should be");
        }
        *at = *done ? close + 1 : 0;
        return OK;
    }
    *at = end == MATCH_MORE || nested == MATCH_MORE ? 0 : *at + 1;
    return OK;
}

/* Behind the event that begins at `at`; 0 when more bytes are needed */
static err event_end(span s, size_t at, size_t *out)
{
    bool done = false;
    at += 6;
    while (at != 0 && !done) {
        const uint8_t *hit = at < s.len ? memchr(s.ptr + at, '<', s.len - at) : NULL;
        if (hit == NULL) {
            break;
        }
        at = (size_t)(hit - s.ptr);
        TRY(step(s, &at, &done));
    }
    *out = done ? at : 0;
    return OK;
}

/* Where "<event" begins, behind an XML declaration if there is one; 0 in *ready: more bytes */
static err event_begin(span s, size_t *at, bool *ready)
{
    enum match declared = match_at(s, *at, "<?xml");
    *ready = false;
    if (declared == MATCH_YES) {
        size_t end = end_of(s, *at, "?>");
        if (end == 0) {
            return OK;
        }
        *at = spaces_at(s, end);
    }
    enum match m = match_tag(s, *at, "<event");
    if (m == MATCH_NO && declared != MATCH_MORE) {
        return FAIL(MALFORMED, "what stands between two events is no event");
    }
    *ready = m == MATCH_YES;
    return OK;
}

err cot_frame(span buffer, span *event, size_t *used)
{
    if (buffer.len == 0) {
        *event = buffer;
        *used = 0;
        return OK;
    }
    size_t start = spaces_at(buffer, 0);
    size_t longest = buffer.len - start < COT_EVENT_MAX ? buffer.len - start : COT_EVENT_MAX;
    span   s = {buffer.ptr + start, longest};
    size_t at = 0;
    size_t end = 0;
    bool   ready = false;
    if (s.len > 0) {
        TRY(event_begin(s, &at, &ready));
    }
    if (ready) {
        TRY(event_end(s, at, &end));
    }
    if (end == 0 && longest == COT_EVENT_MAX) {
        return FAIL(LIMIT, "an event is longer than 64 KiB");
    }
    *event = (span){s.ptr, end};
    *used = start + end;
    return OK;
}
