/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/talk.h"

/* In the order of enum talk_kind.  say: what stands within TakControl, with its attribute; NULL: no such element */
static const struct {
    const char *type, *say, *attribute;
} kind_row[] = {
    [TALK_NONE] = {"", NULL, NULL},
    [TALK_SUPPORT] = {"t-x-takp-v", "TakProtocolSupport", "version"},
    [TALK_REQUEST] = {"t-x-takp-q", "TakRequest", "version"},
    [TALK_RESPONSE] = {"t-x-takp-r", "TakResponse", "status"},
    [TALK_PING] = {"t-x-c-t", NULL, NULL},
    [TALK_PONG] = {"t-x-c-t-r", NULL, NULL},
};

enum talk_kind talk_kind_of(const struct report *r)
{
    for (size_t i = TALK_SUPPORT; i < ARRAY_LEN(kind_row); i++) {
        if (strcmp(r->type, kind_row[i].type) == 0) {
            return (enum talk_kind)i;
        }
    }
    return TALK_NONE;
}

/* hearing - what the elements within TakControl say, by kind of event, before its type is asked for
 *
 * times   how often each element stood there
 * value   of its attribute, the last; known: a version 1 was among them */
struct hearing {
    bool     control;
    unsigned times[ARRAY_LEN(kind_row)];
    bool     known, yes, no;
};

static span value_of(const char *const *attributes, const char *key)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], key) == 0) {
            return span_text(attributes[i + 1]);
        }
    }
    return (span){0};
}

static err on_element(void *ctx, unsigned depth, const char *tag, const char *const *attributes)
{
    struct hearing *h = ctx;
    if (depth == 1) {
        h->control = strcmp(tag, "TakControl") == 0;
    }
    for (size_t i = TALK_SUPPORT; depth == 2 && h->control && i <= TALK_RESPONSE; i++) {
        if (strcmp(tag, kind_row[i].say) == 0) {
            span value = value_of(attributes, kind_row[i].attribute);
            h->times[i]++;
            h->known = h->known || span_is(value, "1");
            h->yes = h->yes || span_is(value, "true");
            h->no = h->no || span_is(value, "false");
        }
    }
    return OK;
}

/* An offer names one version or more; a request and a response are one. */
static err heard(const struct hearing *h, struct talk *t)
{
    bool said = kind_row[t->kind].say != NULL;
    bool fits =
        !said || h->times[t->kind] == 1 || (t->kind == TALK_SUPPORT && h->times[t->kind] > 1);
    if (!fits || (t->kind == TALK_RESPONSE && h->yes == h->no)) {
        return FAIL(MALFORMED, "an event about the protocol does not say what it must");
    }
    t->known = h->known;
    t->accepted = h->yes;
    return OK;
}

err talk_read(struct cot_reader *reader, span xml, struct cot_event *event, struct talk *out)
{
    struct hearing            h = {0};
    const struct cot_listener listener = {&h, on_element};
    struct cot_event          e;
    TRY(cot_read_heard(reader, xml, &listener, &e));
    struct talk t = {.kind = talk_kind_of(&e.report)};
    TRY(heard(&h, &t));
    memcpy(t.uid, e.report.uid, sizeof t.uid);
    *event = e;
    *out = t;
    return OK;
}

static void put_said(const struct talk *t, struct writer *w)
{
    const char *value = t->kind == TALK_RESPONSE ? t->accepted ? "true" : "false" : "1";
    if (kind_row[t->kind].say == NULL) {
        return;
    }
    put_text(w, "<TakControl><");
    put_text(w, kind_row[t->kind].say);
    put_u8(w, ' ');
    put_text(w, kind_row[t->kind].attribute);
    put_text(w, "=\"");
    put_text(w, value);
    put_text(w, "\"/></TakControl>");
}

static void put_time(struct writer *w, const char *key, instant t)
{
    put_text(w, key);
    put_text(w, "=\"");
    put_instant(w, t);
    put_text(w, "\" ");
}

void talk_put(const struct talk *t, instant now, struct writer *w)
{
    put_text(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<event version=\"2.0\" uid=\"");
    put_xml(w, span_text(t->uid));
    put_text(w, "\" type=\"");
    put_text(w, kind_row[t->kind].type);
    put_text(w, "\" ");
    put_time(w, "time", now);
    put_time(w, "start", now);
    put_time(w, "stale", now + TALK_WAIT_MS);
    put_text(w, "how=\"m-g\"><point lat=\"0.0\" lon=\"0.0\" hae=\"0.0\" ce=\"9999999\" "
                "le=\"9999999\"/><detail>");
    put_said(t, w);
    put_text(w, "</detail></event>");
}

/* ---- the two sides ---- */

void talk_server_greet(struct talk_side *s, uint64_t number, instant now, struct writer *w)
{
    struct talk   t = {.kind = TALK_SUPPORT};
    struct writer uid = writer_of(t.uid, sizeof t.uid - 1);
    put_text(&uid, "protocol-");
    put_decimal(&uid, number);
    *s = (struct talk_side){0};
    talk_put(&t, now, w);
}

void talk_server_hear(struct talk_side *s, const struct talk *t, instant now, struct writer *w)
{
    struct talk answer = *t;
    if (t->kind == TALK_REQUEST && s->phase == TALK_XML) {
        answer.kind = TALK_RESPONSE;
        answer.accepted = t->known;
        s->phase = t->known ? TALK_PROTO : TALK_XML;
        talk_put(&answer, now, w);
    }
}

void talk_pong(const struct talk_side *s, const struct report *ping, instant now, struct writer *w)
{
    uint8_t       message[TALK_EVENT_MAX];
    struct writer m = WRITER_OF(message);
    struct report r = {.time = now, .start = now, .stale = now + TALK_WAIT_MS, .how = "m-g"};
    memcpy(r.uid, ping->uid, sizeof r.uid);
    memcpy(r.type, kind_row[TALK_PONG].type, strlen(kind_row[TALK_PONG].type));
    if (s->phase != TALK_PROTO) {
        report_cot(&r, NULL, w);
        return;
    }
    tak_write(&r, NULL, &m);
    err e = tak_frame_put(w, writer_span(&m));
    MUST(!err_is(e)); /* a uid and a few numbers */
}

void talk_client_hear(struct talk_side *s, const struct talk *t, instant now, int64_t boot_ms,
                      struct writer *w)
{
    struct talk request = *t;
    if (t->kind == TALK_SUPPORT && t->known && s->phase == TALK_XML) {
        request.kind = TALK_REQUEST;
        s->phase = TALK_ASKED;
        s->until_ms = boot_ms + TALK_WAIT_MS;
        talk_put(&request, now, w);
    } else if (t->kind == TALK_RESPONSE && s->phase == TALK_ASKED) {
        s->phase = t->accepted ? TALK_PROTO : TALK_XML;
    }
}

void talk_client_tick(struct talk_side *s, int64_t boot_ms)
{
    if (s->phase == TALK_ASKED && boot_ms >= s->until_ms) {
        s->phase = TALK_LOST;
    }
}
