/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/cover.h"

#include "base/lines.h"
#include "crypt/hash.h"

#define TITLE "accord cover 1"

void cover_write(const struct cover *c, struct writer *w)
{
    line_title(w, TITLE);
    line_hex(w, "epoch", id_span(&c->epoch));
    line_name(w, "originator", &c->originator);
    line_name(w, "kind", &c->kind);
    if (cover_is_feed(c)) {
        line_name(w, "feed", &c->feed);
    } else {
        line_text(w, "title", span_text(c->title));
    }
    line_name(w, "precedence", &c->precedence);
    line_text(w, "marking", span_text(c->marking));
    line_said(w, "extent", c->extent);
    line_said(w, "reduced", c->reduced);
    line_instant(w, "created", c->created);
    line_hex(w, "commitment", SPAN_OF(c->commitment));
    line_hex(w, "sealer", SPAN_OF(c->sealer));
    if (!cover_is_feed(c)) {
        line_number(w, "length", c->content_len);
        line_hex(w, "content", SPAN_OF(c->content_digest));
    }
}

static void string_of(struct lines *l, span value, char *out, size_t max)
{
    utf8 checked;
    memset(out, 0, max);
    if (value.len == 0 || value.len >= max || err_is(text_utf8(value, &checked))) {
        l->bad = true;
        return;
    }
    memcpy(out, value.ptr, value.len);
}

static void take_string(struct lines *l, const char *key, char *out, size_t max)
{
    string_of(l, take_text(l, key), out, max);
}

static void take_said(struct lines *l, const char *key, char *out, size_t max)
{
    span value;
    if (take_more(l, key, &value)) {
        string_of(l, value, out, max);
    }
}

err cover_read(span text, struct cover *out)
{
    struct lines l = lines_of(text);
    struct cover c = {0};
    span         feed;
    take_title(&l, TITLE);
    take_hex(&l, "epoch", c.epoch.bytes, ID_LEN);
    c.originator = take_name(&l, "originator");
    c.kind = take_name(&l, "kind");
    if (take_more(&l, "feed", &feed)) {
        TRY(name_of(feed, &c.feed));
    } else {
        take_string(&l, "title", c.title, sizeof c.title);
    }
    c.precedence = take_name(&l, "precedence");
    take_string(&l, "marking", c.marking, sizeof c.marking);
    take_said(&l, "extent", c.extent, sizeof c.extent);
    take_said(&l, "reduced", c.reduced, sizeof c.reduced);
    c.created = take_instant(&l, "created");
    take_hex(&l, "commitment", c.commitment, sizeof c.commitment);
    take_hex(&l, "sealer", c.sealer, sizeof c.sealer);
    if (!cover_is_feed(&c)) {
        c.content_len = take_number(&l, "length", INT64_MAX);
        take_hex(&l, "content", c.content_digest, sizeof c.content_digest);
    }
    TRY(lines_end(&l));
    *out = c;
    return OK;
}

void cover_commit(const id *epoch, const secret *key, uint8_t out[static 32])
{
    const span part[] = {SPAN_LIT("accord commitment 1"), id_span(epoch), SPAN_OF(key->key)};
    sha256_parts(part, ARRAY_LEN(part), out);
}
