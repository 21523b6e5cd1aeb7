/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/request.h"

#include "base/net_address.h"

err guard_message_read(span bytes, struct guard_message *out)
{
    struct reader        r = reader_of(bytes);
    struct guard_message m = {.kind = read_u8(&r)};
    m.tag = read_u32(&r);
    m.body = r.rest;
    if (r.bad) {
        return FAIL(MALFORMED, "the message is shorter than its head");
    }
    *out = m;
    return OK;
}

void guard_message_begin(struct writer *w, uint8_t kind, uint32_t tag)
{
    put_u8(w, kind);
    put_u32(w, tag);
}

void put_name(struct writer *w, const name *n)
{
    put_block8(w, name_span(n));
}

name read_name(struct reader *r)
{
    name out = {0};
    span text = read_block8(r, NAME_MAX_LEN);
    if (text.len > 0) {
        err e = name_of(text, &out);
        r->bad = r->bad || err_is(e);
    }
    return out;
}

static void put_short(struct writer *w, const char *text)
{
    put_block8(w, span_text(text));
}

static void read_short(struct reader *r, char *out, size_t max)
{
    span text = read_block8(r, max - 1);
    memset(out, 0, max);
    if (text.len > 0 && memchr(text.ptr, 0, text.len) == NULL) {
        memcpy(out, text.ptr, text.len);
    }
}

/* The place of a word among those of an enum; count: it is none of them */
static unsigned word_place(span s, const char *const *word, unsigned count)
{
    unsigned i = 0;
    while (i < count && !span_is(s, word[i])) {
        i++;
    }
    return i;
}

static const char *const transport_text[TRANSPORT_COUNT] = {"udp", "tcp", "tls"};
static const char *const source_form_text[SOURCE_FORM_COUNT] = {"cot", "ais", "asterix"};
static const char *const source_dated_text[SOURCE_DATED_COUNT] = {"any", "past", "now"};

const char *transport_name(enum transport t)
{
    return t < TRANSPORT_COUNT ? transport_text[t] : "?";
}

err transport_of(span s, enum transport *out)
{
    unsigned place = word_place(s, transport_text, TRANSPORT_COUNT);
    if (place == TRANSPORT_COUNT) {
        return FAIL(UNKNOWN, "a source is listened to by udp, tcp or tls");
    }
    *out = (enum transport)place;
    return OK;
}

/* INTERFACE_MAX - as Linux has them, with a NUL */
#define INTERFACE_MAX 16

static bool interface_good(span text)
{
    bool good = text.len > 0 && text.len < INTERFACE_MAX;
    for (size_t i = 0; good && i < text.len; i++) {
        good = text.ptr[i] > ' ' && text.ptr[i] < 0x7f && text.ptr[i] != '/' && text.ptr[i] != '%';
    }
    return good;
}

err source_address(span text, enum transport t, struct net_address *at, span *interface)
{
    struct net_address a;
    span               rest = text;
    span               host = t == TRANSPORT_UDP ? span_cut(&rest, '%') : text;
    bool               named = host.len < text.len;
    rest = named ? rest : (span){NULL, 0};
    if (err_is(net_address_of(host, &a)) || net_port(&a) == 0 || (named && !interface_good(rest))) {
        return FAIL(MALFORMED, "an address is digits and a port from 1 to 65535, 127.0.0.1:7001 or "
                               "[::1]:7001: no name is looked up");
    }
    *at = a;
    *interface = rest;
    return OK;
}

bool source_addresses_meet(span x, span y, enum transport t)
{
    struct net_address one, other;
    span               at_one, at_other;
    if (err_is(source_address(x, t, &one, &at_one)) ||
        err_is(source_address(y, t, &other, &at_other))) {
        return span_equal(x, y);
    }
    bool apart = at_one.len > 0 && at_other.len > 0 && !span_equal(at_one, at_other);
    return !apart && one.len == other.len && memcmp(&one.at, &other.at, one.len) == 0;
}

const char *source_form_name(enum source_form f)
{
    return f < SOURCE_FORM_COUNT ? source_form_text[f] : "?";
}

err source_form_of(span s, enum source_form *out)
{
    unsigned place = word_place(s, source_form_text, SOURCE_FORM_COUNT);
    if (place == SOURCE_FORM_COUNT) {
        return FAIL(UNKNOWN, "a source sends cot, ais or asterix");
    }
    *out = (enum source_form)place;
    return OK;
}

const char *source_dated_name(enum source_dated d)
{
    return d < SOURCE_DATED_COUNT ? source_dated_text[d] : "?";
}

err source_dated_of(span s, enum source_dated *out)
{
    unsigned place = word_place(s, source_dated_text, SOURCE_DATED_COUNT);
    if (place == SOURCE_DATED_COUNT) {
        return FAIL(UNKNOWN, "events are dated any, past or now");
    }
    *out = (enum source_dated)place;
    return OK;
}

void source_row_put(struct writer *w, const struct source_row *s)
{
    put_u16(w, s->number);
    put_name(w, &s->name);
    put_u8(w, s->transport);
    put_u8(w, s->form);
    put_short(w, s->address);
    put_u8(w, s->kind);
    put_u8(w, s->precedence);
    put_short(w, s->access);
    put_short(w, s->caveat);
    put_short(w, s->releasable_to);
    put_u8(w, s->bounded);
    for (unsigned i = 0; i < ARRAY_LEN(s->box); i++) {
        put_u32(w, (uint32_t)s->box[i]);
    }
    put_u32(w, s->without);
    put_u8(w, s->whole);
    put_u8(w, s->dated);
    put_name(w, &s->terminal);
    put_u8(w, s->sited);
    for (unsigned i = 0; i < ARRAY_LEN(s->site); i++) {
        put_u32(w, (uint32_t)s->site[i]);
    }
}

void source_row_read(struct reader *r, struct source_row *out)
{
    out->number = read_u16(r);
    out->name = read_name(r);
    out->transport = read_u8(r);
    out->form = read_u8(r);
    read_short(r, out->address, sizeof out->address);
    out->kind = read_u8(r);
    out->precedence = read_u8(r);
    read_short(r, out->access, sizeof out->access);
    read_short(r, out->caveat, sizeof out->caveat);
    read_short(r, out->releasable_to, sizeof out->releasable_to);
    out->bounded = read_u8(r) != 0;
    for (unsigned i = 0; i < ARRAY_LEN(out->box); i++) {
        out->box[i] = (int32_t)read_u32(r);
    }
    out->without = read_u32(r);
    out->whole = read_u8(r) != 0;
    out->dated = read_u8(r);
    out->terminal = read_name(r);
    out->sited = read_u8(r) != 0;
    for (unsigned i = 0; i < ARRAY_LEN(out->site); i++) {
        out->site[i] = (int32_t)read_u32(r);
    }
}

void epoch_row_put(struct writer *w, const struct epoch_row *e)
{
    put_id(w, &e->epoch);
    put_u16(w, e->source);
    put_u8(w, e->kind);
    put_u8(w, e->precedence);
    put_span(w, SPAN_OF(e->key.key));
    put_u32(w, e->lease_ms);
    put_u32(w, e->items_max);
}

void epoch_row_read(struct reader *r, struct epoch_row *out)
{
    out->epoch = read_id(r);
    out->source = read_u16(r);
    out->kind = read_u8(r);
    out->precedence = read_u8(r);
    read_copy(r, out->key.key, SECRET_LEN);
    out->lease_ms = read_u32(r);
    out->items_max = read_u32(r);
}

void derived_row_put(struct writer *w, const struct derived_row *d)
{
    epoch_row_put(w, &d->epoch);
    put_id(w, &d->of);
    put_name(w, &d->recipient);
    put_u32(w, d->position_m);
    put_u32(w, d->height_m);
    put_u32(w, d->delay_ms);
    put_u32(w, d->every_ms);
    put_u32(w, d->without);
    put_span(w, SPAN_OF(d->shift.key));
    put_span(w, SPAN_OF(d->mark.key));
}

void derived_row_read(struct reader *r, struct derived_row *out)
{
    epoch_row_read(r, &out->epoch);
    out->of = read_id(r);
    out->recipient = read_name(r);
    out->position_m = read_u32(r);
    out->height_m = read_u32(r);
    out->delay_ms = read_u32(r);
    out->every_ms = read_u32(r);
    out->without = read_u32(r);
    read_copy(r, out->shift.key, SECRET_LEN);
    read_copy(r, out->mark.key, SECRET_LEN);
}

void inspect_row_put(struct writer *w, const struct inspect_row *r)
{
    put_id(w, &r->epoch);
    put_span(w, SPAN_OF(r->key.key));
    put_span(w, SPAN_OF(r->commitment));
    put_span(w, SPAN_OF(r->sealer));
    put_u32(w, r->items_max);
    put_u32(w, r->lease_ms);
    put_u8(w, r->product);
    put_u64(w, r->content_len);
    put_span(w, SPAN_OF(r->content_digest));
    put_u16(w, r->source);
    put_u8(w, r->form);
    put_u8(w, r->dated);
    put_u8(w, r->tracks);
    put_u8(w, r->bounded);
    put_u8(w, r->derived);
    for (unsigned i = 0; i < ARRAY_LEN(r->box); i++) {
        put_u32(w, (uint32_t)r->box[i]);
    }
    put_u32(w, r->without);
    put_u32(w, r->position_m);
    put_u32(w, r->height_m);
    put_u32(w, r->delay_ms);
    put_u32(w, r->every_ms);
    put_u32(w, r->less);
    put_span(w, SPAN_OF(r->mark.key));
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures bounded(r) && r->rest.len <= \old(r->rest.len) && (\old(r->bad) ==> r->bad); */
static bool read_flag(struct reader *r)
{
    uint8_t flag = read_u8(r);
    r->bad = r->bad || flag > 1;
    return flag == 1;
}

void inspect_row_read(struct reader *r, struct inspect_row *out)
{
    out->epoch = read_id(r);
    read_copy(r, out->key.key, SECRET_LEN);
    read_copy(r, out->commitment, sizeof out->commitment);
    read_copy(r, out->sealer, sizeof out->sealer);
    out->items_max = read_u32(r);
    out->lease_ms = read_u32(r);
    out->product = read_flag(r);
    out->content_len = read_u64(r);
    read_copy(r, out->content_digest, sizeof out->content_digest);
    out->source = read_u16(r);
    out->form = read_u8(r);
    out->dated = read_u8(r);
    out->tracks = read_flag(r);
    out->bounded = read_flag(r);
    out->derived = read_flag(r);
    for (unsigned i = 0; i < ARRAY_LEN(out->box); i++) {
        out->box[i] = (int32_t)read_u32(r);
    }
    out->without = read_u32(r);
    out->position_m = read_u32(r);
    out->height_m = read_u32(r);
    out->delay_ms = read_u32(r);
    out->every_ms = read_u32(r);
    out->less = read_u32(r);
    read_copy(r, out->mark.key, SECRET_LEN);
}

void granted_put(struct writer *w, const struct granted *g)
{
    put_id(w, &g->epoch);
    put_name(w, &g->partner);
    put_id(w, &g->handle);
    put_u8(w, g->precedence);
    put_u8(w, g->outbox);
    put_u64(w, g->items);
    put_block16(w, g->grant);
}

void granted_read(struct reader *r, struct granted *out)
{
    out->epoch = read_id(r);
    out->partner = read_name(r);
    out->handle = read_id(r);
    out->precedence = read_u8(r);
    out->outbox = read_u8(r);
    r->bad = r->bad || out->outbox >= OUTBOX_COUNT;
    out->items = read_u64(r);
    out->grant = read_block16(r, GRANT_MAX);
}

void withheld_put(struct writer *w, const struct withheld *h)
{
    put_id(w, &h->epoch);
    put_name(w, &h->partner);
    put_u8(w, h->until);
    put_u8(w, h->outbox);
    put_u8(w, h->precedence);
}

void withheld_read(struct reader *r, struct withheld *out)
{
    out->epoch = read_id(r);
    out->partner = read_name(r);
    out->until = read_u8(r);
    out->outbox = read_u8(r);
    out->precedence = read_u8(r);
    r->bad = r->bad || out->until > WITHHELD_HEARD || out->outbox >= OUTBOX_COUNT;
}

void envelope_row_put(struct writer *w, const struct envelope_row *l)
{
    put_name(w, &l->partner);
    put_u64(w, l->number);
    put_block16(w, l->envelope);
}

void envelope_row_read(struct reader *r, struct envelope_row *out)
{
    out->partner = read_name(r);
    out->number = read_u64(r);
    out->envelope = read_block16(r, ENVELOPE_MAX);
}

void partner_row_put(struct writer *w, const struct partner_row *p)
{
    put_name(w, &p->name);
    put_short(w, p->address);
    put_block16(w, p->authority);
}

void partner_row_read(struct reader *r, struct partner_row *out)
{
    out->name = read_name(r);
    read_short(r, out->address, sizeof out->address);
    out->authority = read_block16(r, CERT_MAX);
}

void key_row_put(struct writer *w, const struct key_row *k)
{
    put_id(w, &k->handle);
    put_id(w, &k->epoch);
    put_span(w, SPAN_OF(k->key.key));
    put_span(w, SPAN_OF(k->sealer));
    put_u32(w, k->lease_ms);
    put_u64(w, k->content_len);
    put_span(w, SPAN_OF(k->content_digest));
    put_u64(w, k->items);
    put_block16(w, k->banner);
    put_block16(w, k->describe);
    put_u16(w, k->class);
}

void key_row_read(struct reader *r, struct key_row *out)
{
    out->handle = read_id(r);
    out->epoch = read_id(r);
    read_copy(r, out->key.key, SECRET_LEN);
    read_copy(r, out->sealer, sizeof out->sealer);
    out->lease_ms = read_u32(r);
    out->content_len = read_u64(r);
    read_copy(r, out->content_digest, sizeof out->content_digest);
    out->items = read_u64(r);
    out->banner = read_block16(r, UINT16_MAX);
    out->describe = read_block16(r, UINT16_MAX);
    out->class = read_u16(r);
    r->bad = r->bad || (out->class >= CLASSES_MAX && out->class != CLASS_NONE);
}

void room_row_put(struct writer *w, const struct room_row *r)
{
    put_name(w, &r->room);
    put_u32(w, r->turn);
    put_u32(w, r->lease_ms);
    put_u8(w, r->flags);
    put_span(w, SPAN_OF(r->may));
    put_span(w, SPAN_OF(r->bare));
}

void room_row_read(struct reader *r, struct room_row *out)
{
    out->room = read_name(r);
    out->turn = read_u32(r);
    out->lease_ms = read_u32(r);
    out->flags = read_u8(r);
    r->bad = r->bad || out->flags > ROOM_OPEN_DOOR;
    read_copy(r, out->may, sizeof out->may);
    read_copy(r, out->bare, sizeof out->bare);
}

void arrived_put(struct writer *w, const struct arrived *a)
{
    put_id(w, &a->handle);
    put_u8(w, a->kind);
    put_name(w, &a->originator);
    put_name(w, &a->feed);
}

void arrived_read(struct reader *r, struct arrived *out)
{
    out->handle = read_id(r);
    out->kind = read_u8(r);
    out->originator = read_name(r);
    out->feed = read_name(r);
}
