/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of live reports: the acts that open and close them, and what intake is told of them. */
#include "base/net_address.h"
#include "guard/act.h"
#include "guard/derived.h"
#include "guard/origin.h"
#include "guard/tell.h"

/* ---- source-add, source-remove ---- */

err own_marking(struct guard *g, span text, struct marking *out)
{
    TRY(marking_read(&g->tables.policies, text, out));
    if (out->originators != set_one(g->self) ||
        !name_equal(&g->tables.policies.policy[out->level.policy].name, &g->party)) {
        return FAIL(
            DENIED,
            "what begins here is marked in the own policy, with the own party as originator");
    }
    return OK;
}

err text_copy(span text, char *out, size_t max, err longer)
{
    if (text.len >= max) {
        return longer;
    }
    memset(out, 0, max);
    if (!span_is(text, "-")) {
        memcpy(out, text.ptr, text.len);
    }
    return OK;
}

err said_take(struct lines *l, struct extent *extent, struct reduction *reduced)
{
    span value;
    if (take_more(l, "extent", &value)) {
        TRY(value.len > 0 ? extent_read(value, extent) : FAIL(MALFORMED, "an extent says where"));
    }
    if (take_more(l, "reduced", &value)) {
        TRY(value.len > 0 ? reduction_read(value, reduced)
                          : FAIL(MALFORMED, "a reduction says how much"));
    }
    return OK;
}

/* SOURCE_RETENTION_MAX - days; ten years, as long as anybody asks what was known when */
#define SOURCE_RETENTION_MAX 3653

/* SITE_HEIGHT_MAX - metres: above the highest mountain, and as deep */
#define SITE_HEIGHT_MAX 9000

/* "37.5000000,127.0000000,120": where a radar stands that does not say so itself */
static err site_read(span text, struct source_row *row)
{
    uint64_t metres = 0;
    TRY(degrees_read(span_cut(&text, ','), &row->site[0]));
    TRY(degrees_read(span_cut(&text, ','), &row->site[1]));
    bool below = span_starts(text, SPAN_LIT("-"));
    if (row->site[0] < -900000000 || row->site[0] > 900000000) {
        return FAIL(LIMIT, "a site lies 90 degrees north or south at most: the latitude is first");
    }
    if (err_is(text_decimal(below ? (span){text.ptr + 1, text.len - 1} : text, SITE_HEIGHT_MAX,
                            &metres)) ||
        (below && metres == 0)) {
        return FAIL(MALFORMED, "a site is degrees north, degrees east, and whole metres high, "
                               "9,000 at most");
    }
    row->site[2] = (int32_t)(below ? -(int64_t)metres : (int64_t)metres);
    row->sited = true;
    return OK;
}

/* Lines that came later, so that older texts of this act lack them */
static err source_more(struct lines *l, struct source *s)
{
    span              value;
    enum source_form  form = SOURCE_COT;
    enum source_dated dated = DATED_ANY;
    uint64_t          days = 0;
    if (take_more(l, "form", &value)) {
        TRY(source_form_of(value, &form));
    }
    if (take_more(l, "unknown", &value)) {
        s->row.whole = span_is(value, "refuse");
        TRY(s->row.whole || span_is(value, "drop")
                ? OK
                : FAIL(MALFORMED, "what is unknown in an event is dropped or refused"));
    }
    if (take_more(l, "dated", &value)) {
        TRY(source_dated_of(value, &dated));
    }
    s->row.dated = (uint8_t)dated;
    if (take_more(l, "retention", &value)) {
        TRY(text_decimal(value, SOURCE_RETENTION_MAX, &days));
        TRY(days > 0 ? OK : FAIL(MALFORMED, "what came of a source is kept for a day at least"));
    }
    if (take_more(l, "terminal", &value)) {
        TRY(name_of(value, &s->row.terminal));
    }
    if (take_more(l, "site", &value)) {
        TRY(form == SOURCE_ASTERIX ? site_read(value, &s->row)
                                   : FAIL(MALFORMED, "only a radar (form asterix) has a site"));
    }
    s->retention_days = (uint16_t)days;
    s->row.form = (uint8_t)form;
    return OK;
}

/* What intake can see to: the place of a report, and fields that it must not have */
static void row_bound(struct source *s)
{
    const struct extent *e = &s->extent;
    s->row.bounded = e->known;
    memcpy(s->row.box, (const int32_t[4]){e->south, e->west, e->north, e->east}, sizeof s->row.box);
    s->row.without = s->reduced.without;
}

static err source_decode(struct guard *g, const struct act_view *v, struct source *out)
{
    struct lines    l = lines_of(v->body);
    struct source   s = {0};
    enum transport  transport;
    enum kind       kind;
    enum precedence precedence;
    s.row.name = take_name(&l, "source");
    span via = take_text(&l, "transport");
    span address = take_text(&l, "address");
    span kind_text = take_text(&l, "kind");
    span precedence_text = take_text(&l, "precedence");
    span marking = take_text(&l, "marking");
    span access = take_text(&l, "access"), caveat = SPAN_LIT("-"), releasable_to = SPAN_LIT("-");
    (void)take_more(&l, "caveat", &caveat);
    (void)take_more(&l, "releasable-to", &releasable_to);
    TRY(said_take(&l, &s.extent, &s.reduced));
    TRY(source_more(&l, &s));
    TRY(body_end(&l));
    TRY(transport_of(via, &transport));
    TRY(kind_of(kind_text, &kind));
    TRY(precedence_of(precedence_text, &precedence));
    TRY(own_marking(g, marking, &s.marking));
    TRY(text_copy(address, s.row.address, sizeof s.row.address,
                  FAIL(LIMIT, "an address of a source is longer than any is")));
    TRY(text_copy(access, s.row.access, sizeof s.row.access,
                  FAIL(LIMIT, "an event's access has 31 bytes at most")));
    TRY(text_copy(caveat, s.row.caveat, sizeof s.row.caveat,
                  FAIL(LIMIT, "an event's caveat has 127 bytes at most")));
    TRY(text_copy(releasable_to, s.row.releasable_to, sizeof s.row.releasable_to,
                  FAIL(LIMIT, "an event's releasableTo has 127 bytes at most")));
    if (kind != KIND_TRACK && kind != KIND_WARNING) {
        return FAIL(MALFORMED, "a source gives tracks or warnings");
    }
    s.row.transport = (uint8_t)transport;
    s.row.kind = (uint8_t)kind;
    s.row.precedence = (uint8_t)precedence;
    row_bound(&s);
    *out = s;
    return OK;
}

static err source_new(struct guard *g, const struct source *s)
{
    if (s->row.terminal.text[0] != 0 && s->row.transport != TRANSPORT_TLS) {
        return FAIL(MALFORMED, "only by tls is it known which terminal sends");
    }
    if (source_find(g, &s->row.name) != NULL) {
        return FAIL(CONFLICT, "a source of this name is there already");
    }
    return g->source_count < SOURCES_MAX ? OK : FAIL(FULL, "there is no room for another source");
}

/* What could never be listened to, or is what the guard calls feeds whose source is not to be known (derived.c); older
 * ledgers may hold such a source, so folding does not ask. */
static err source_listens(struct guard *g, const struct source *s)
{
    struct net_address at;
    span               interface;
    TRY(source_address(span_text(s->row.address), (enum transport)s->row.transport, &at,
                       &interface));
    if (span_starts(name_span(&s->row.name), SPAN_LIT(FEED_HIDDEN))) {
        return FAIL(DENIED,
                    "names that begin with hidden- are those of feeds whose source is not shown");
    }
    if (s->row.terminal.text[0] != 0) {
        TRY(terminal_known(g, &s->row.terminal));
    }
    if (s->row.form == SOURCE_ASTERIX && s->row.transport != TRANSPORT_UDP) {
        return FAIL(MALFORMED, "a radar (form asterix) sends by UDP alone");
    }
    for (unsigned i = 0; i < g->source_count; i++) {
        const struct source *o = &g->source[i];
        if (!o->removed && o->row.transport == s->row.transport &&
            source_addresses_meet(span_text(o->row.address), span_text(s->row.address),
                                  (enum transport)s->row.transport)) {
            return FAIL(CONFLICT, "another source has this address already");
        }
    }
    return OK;
}

err source_add_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct source s;
    (void)shown;
    TRY(source_decode(g, v, &s));
    TRY(source_new(g, &s));
    return source_listens(g, &s);
}

err source_add_fold(struct guard *g, const struct act_view *v)
{
    struct source s;
    TRY(source_decode(g, v, &s));
    TRY(source_new(g, &s));
    s.row.number = (uint16_t)g->source_count;
    g->source[g->source_count++] = s;
    return OK;
}

static err source_named(struct guard *g, const struct act_view *v, struct source **out)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "source");
    TRY(body_end(&l));
    *out = source_find(g, &n);
    return *out == NULL ? FAIL(UNKNOWN, "there is no source of this name") : OK;
}

err source_remove_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct source *s;
    (void)shown;
    return source_named(g, v, &s);
}

err source_remove_fold(struct guard *g, const struct act_view *v)
{
    struct source *s;
    TRY(source_named(g, v, &s));
    s->removed = true;
    return OK;
}

/* ---- intake asks ---- */

static void sources_tell(struct guard *g, uint32_t tag)
{
    static const struct source_row end;
    for (unsigned i = 0; i < g->source_count; i++) {
        if (!g->source[i].removed) {
            source_row_put(mail_begin(g, CALLER_INTAKE, ANSWER_SOURCE, tag), &g->source[i].row);
            mail_end(g);
        }
    }
    source_row_put(mail_begin(g, CALLER_INTAKE, ANSWER_SOURCE, tag), &end);
    mail_end(g);
}

void source_add_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    (void)result;
    sources_tell(g, 0);
}

/* What is still open under it is stopped; intake closes it, and the desk says no more that it is there. */
void source_remove_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    for (unsigned i = 0; i < g->source_count; i++) {
        if (g->source[i].removed) {
            put_id(mail_begin(g, CALLER_DESK, ANSWER_STOP, 0), &g->source[i].epoch);
            mail_end(g);
            stop_tell(g, &g->source[i].epoch);
        }
    }
    source_add_done(g, v, result);
}

err on_sources(struct guard *g, const struct request_context *c, struct reader *body)
{
    TRY(reader_end(body));
    sources_tell(g, c->tag);
    return OK;
}

/* ---- whether it is listened to, as intake says ---- */

/* LISTENING_MS - three of what intake says every ten seconds */
#define LISTENING_MS (30 * MS_PER_SECOND)

err on_listening(struct guard *g, const struct request_context *c, struct reader *body)
{
    unsigned number = read_u16(body);
    uint8_t  code = read_u8(body);
    (void)c;
    TRY(reader_end(body));
    if (number >= g->source_count || code > ERR_IO) {
        return FAIL(MALFORMED, "intake speaks of a source, or of a reason, that there is not");
    }
    g->source[number].listening = code;
    g->source[number].listening_boot_ms = g->boot_ms;
    return OK;
}

const char *source_listening(const struct guard *g, const struct source *s)
{
    static const char *const words[] = {
        [ERR_NONE] = LISTENING_YES,
        [ERR_UNKNOWN] = "no: the address or interface is none of this machine's",
        [ERR_CONFLICT] = "no: another program has this address",
        [ERR_DENIED] = "no: the system does not let intake have this port",
        [ERR_FULL] = "no: the system has no more sockets for intake",
        [ERR_STATE] = "no: intake waits for its certificate",
        [ERR_IO] = "no: intake's log says why",
    };
    if (s->listening_boot_ms == 0 || s->listening_boot_ms + LISTENING_MS < g->boot_ms) {
        return "not known: intake has not said";
    }
    return words[s->listening] != NULL ? words[s->listening] : words[ERR_IO];
}
