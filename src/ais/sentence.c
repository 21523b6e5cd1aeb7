/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: tag block, sentence, checksum, and messages of several sentences. */
#include "ais/ais.h"

#define FIELDS 7 /* !AIVDM, parts, part, number, channel, payload, fill */

static err hex_digit(uint8_t c, uint8_t *out)
{
    if (c >= '0' && c <= '9') {
        *out = (uint8_t)(c - '0');
    } else if (c >= 'A' && c <= 'F') {
        *out = (uint8_t)(c - 'A' + 10);
    } else if (c >= 'a' && c <= 'f') {
        *out = (uint8_t)(c - 'a' + 10);
    } else {
        return FAIL(MALFORMED, "a sentence ends without two digits of a checksum");
    }
    return OK;
}

/* body*hh: the body, when its bytes come to hh by exclusive or.  Shore stations add fields of their own behind
 * it, which nothing vouches for: they are not read. */
static err checked(span s, span *body)
{
    uint8_t high, low, sum = 0;
    *body = span_cut(&s, '*');
    if (s.len < 2 || (s.len > 2 && s.ptr[2] != ',')) {
        return FAIL(MALFORMED, "a sentence ends without a checksum");
    }
    TRY(hex_digit(s.ptr[0], &high));
    TRY(hex_digit(s.ptr[1], &low));
    for (size_t i = 0; i < body->len; i++) {
        sum ^= body->ptr[i];
    }
    return sum == (high << 4 | low) ? OK : FAIL(MALFORMED, "a sentence's checksum is wrong");
}

/* ---- tag block: \c:1234567890,s:station*hh\ ---- */

/* Seconds since 1970; some receivers say milliseconds. */
static err tag_time(span digits, instant *out)
{
    instant t = 0;
    if (digits.len < 9 || digits.len > 13) {
        return FAIL(MALFORMED, "the time of a tag block is no number of seconds");
    }
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return FAIL(MALFORMED, "the time of a tag block is no number of seconds");
        }
        t = t * 10 + (digits.ptr[i] - '0');
    }
    *out = digits.len > 10 ? t : t * MS_PER_SECOND;
    return OK;
}

static err tag_block(span *line, instant now, instant *at, bool *timed)
{
    span rest = {line->ptr + 1, line->len - 1}, body;
    TRY(checked(span_cut(&rest, '\\'), &body));
    *line = rest;
    while (body.len > 0) {
        span field = span_cut(&body, ',');
        if (span_starts(field, SPAN_LIT("c:"))) {
            TRY(tag_time((span){field.ptr + 2, field.len - 2}, at));
            if (*at > now + AIS_AHEAD_MS || *at < now - AIS_BEHIND_MS) {
                return FAIL(MALFORMED, "a tag block's time is too far from the time it came at");
            }
            *timed = true;
        }
    }
    return OK;
}

/* ---- sentence ---- */

struct sentence {
    uint8_t parts, part, number, fill;
    char    channel;
    span    payload;
};

static err digit(span s, uint8_t least, uint8_t most, uint8_t *out)
{
    if (s.len != 1 || s.ptr[0] < '0' + least || s.ptr[0] > '0' + most) {
        return FAIL(MALFORMED, "a number of a sentence is not one of those it may be");
    }
    *out = (uint8_t)(s.ptr[0] - '0');
    return OK;
}

static bool is_upper(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* !AIVDM, !BSVDM, …: from others; …VDO: the own ship's.  Any talker. */
static bool is_vdm(span s)
{
    return s.len == 6 && s.ptr[0] == '!' && is_upper(s.ptr[1]) && is_upper(s.ptr[2]) &&
           s.ptr[3] == 'V' && s.ptr[4] == 'D' && (s.ptr[5] == 'M' || s.ptr[5] == 'O');
}

static err fields_of(span body, span field[static FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        size_t before = body.len;
        field[i] = span_cut(&body, ',');
        if (i + 1 < FIELDS && field[i].len == before) {
            return FAIL(MALFORMED, "a sentence has too few fields");
        }
    }
    return body.len == 0 ? OK : FAIL(MALFORMED, "a sentence has too many fields");
}

static err sentence_read(span line, struct sentence *out)
{
    span f[FIELDS], body;
    if (line.len < 1 || line.ptr[0] != '!') {
        return FAIL(MALFORMED, "a line is no sentence of AIS: it begins with !");
    }
    TRY(checked((span){line.ptr + 1, line.len - 1}, &body));
    TRY(fields_of((span){line.ptr, body.len + 1}, f));
    if (!is_vdm(f[0])) {
        return FAIL(MALFORMED, "a sentence is neither VDM nor VDO");
    }
    TRY(digit(f[1], 1, AIS_PARTS_MAX, &out->parts));
    TRY(digit(f[2], 1, out->parts, &out->part));
    if (f[3].len > 0) {
        TRY(digit(f[3], 0, 9, &out->number));
    }
    if (f[4].len > 1) {
        return FAIL(MALFORMED, "a sentence's channel is one character, or none");
    }
    out->channel = f[4].len == 1 ? (char)f[4].ptr[0] : 0;
    TRY(digit(f[6], 0, 5, &out->fill));
    out->payload = f[5];
    return OK;
}

/* ---- messages ---- */

/* Six bits a character: 0 to W, then ` to w. */
static err payload_add(struct ais_message *m, span payload, uint8_t fill)
{
    if (payload.len == 0 || m->bits + payload.len * 6 > AIS_BITS_MAX) {
        return FAIL(LIMIT, "a message is empty, or longer than one may be");
    }
    for (size_t i = 0; i < payload.len; i++) {
        uint8_t c = payload.ptr[i];
        if (c < '0' || c > 'w' || (c > 'W' && c < '`')) {
            return FAIL(MALFORMED, "a message has a character that stands for no bits");
        }
        unsigned six = (unsigned)c - (c >= '`' ? '`' - 40u : (unsigned)'0');
        for (unsigned b = 0; b < 6; b++, m->bits++) {
            if ((six >> (5 - b) & 1) != 0) {
                m->bytes[m->bits / 8] |= (uint8_t)(128u >> m->bits % 8);
            }
        }
    }
    m->bits -= fill;
    return OK;
}

static struct ais_waiting *waiting_of(struct ais *a, const struct sentence *s, int64_t boot_ms)
{
    struct ais_waiting *room = &a->waiting[0];
    for (size_t i = 0; i < AIS_WAITING_MAX; i++) {
        struct ais_waiting *w = &a->waiting[i];
        w->parts = w->parts != 0 && boot_ms - w->boot_ms > AIS_WAIT_MS ? 0 : w->parts;
        if (w->parts != 0 && w->number == s->number && w->channel == s->channel) {
            return w;
        }
        bool better = w->parts == 0 || w->boot_ms < room->boot_ms;
        room = room->parts != 0 && better ? w : room;
    }
    return room;
}

/* In order only: a sentence whose message has lost one is lost with it. */
static err part_add(struct ais *a, const struct sentence *s, int64_t boot_ms,
                    struct ais_message *whole)
{
    struct ais_waiting *w = waiting_of(a, s, boot_ms);
    if (s->part == 1) {
        *w = (struct ais_waiting){
            .parts = s->parts, .next = 1, .number = s->number, .channel = s->channel};
    } else if (w->parts != s->parts || w->number != s->number || w->channel != s->channel ||
               w->next != s->part) {
        return FAIL(MALFORMED, "a part of a message came without the one before it");
    }
    w->boot_ms = boot_ms;
    w->next++;
    err e = payload_add(&w->message, s->payload, s->fill);
    if (err_is(e) || s->part == s->parts) {
        *whole = w->message;
        w->parts = 0;
    }
    return e;
}

err ais_read(struct ais *a, span line, instant now, int64_t boot_ms, enum ais_found *found,
             struct report *out)
{
    struct sentence    s = {0};
    struct ais_message m = {0};
    instant            at = now;
    bool               timed = false;
    *found = AIS_NOTHING;
    line = span_trim(line);
    if (line.len == 0 || line.ptr[0] == '#') {
        return OK;
    }
    if (line.len > AIS_LINE_MAX) {
        return FAIL(LIMIT, "a line is longer than a sentence may be");
    }
    if (line.ptr[0] == '\\') {
        TRY(tag_block(&line, now, &at, &timed));
    }
    TRY(sentence_read(line, &s));
    if (s.parts == 1) {
        TRY(payload_add(&m, s.payload, s.fill));
    } else {
        TRY(part_add(a, &s, boot_ms, &m));
        if (s.part < s.parts) {
            return OK;
        }
    }
    return ais_message_read(a, &m, timed ? at : 0, now, found, out);
}
