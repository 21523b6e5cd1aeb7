/* SPDX-License-Identifier: Apache-2.0 */
/* source add, remove: where live reports come from, and the marking that theirs is. */
#include "base/net_address.h"
#include "cli/act.h"
#include "cli/given.h"
#include "cli/marking_args.h"
#include "cli/said.h"
#include "cli/source_labels.h"
#include "cli/verbs.h"
#include "cli/word.h"
#include "wire/request.h"

static err address_check(struct call *c, const char *address, enum transport t)
{
    struct net_address at;
    span               interface;
    err                e = source_address(span_text(address), t, &at, &interface);
    if (err_is(e)) {
        call_about(c, "%.200s", address);
        return call_misuse(c, e);
    }
    return OK;
}

static err transport_lines(struct call *c, struct writer *w)
{
    unsigned count = 0;
    for (unsigned t = 0; t < TRANSPORT_COUNT; t++) {
        const char *address = call_option(c, transport_name((enum transport)t));
        if (address != NULL && count++ == 0) {
            TRY(address_check(c, address, (enum transport)t));
            line_text(w, "transport", span_text(transport_name((enum transport)t)));
            line_text(w, "address", span_text(address));
        }
    }
    return count == 1 ? OK
                      : call_misuse(c, FAIL(MALFORMED, "a source has one address: --udp, --tcp or "
                                                       "--tls ADDR"));
}

/* "37.5,127,120" with all digits behind the points; the guard says what is wrong with it */
static void site_line(struct call *c, struct writer *w)
{
    if (!call_has(c, "site")) {
        return;
    }
    span text = span_text(call_option(c, "site"));
    put_text(w, "site ");
    degrees_put(span_cut(&text, ','), w);
    put_text(w, ",");
    degrees_put(span_cut(&text, ','), w);
    put_text(w, ",");
    put_span(w, text);
    put_text(w, "\n");
}

/* What a source's profile says of how its events are read; the guard knows the words. */
static void reading_lines(struct call *c, struct writer *w)
{
    static const struct {
        const char *option, *otherwise;
    } line[] = {{"form", "cot"}, {"unknown", "drop"}, {"dated", "past"}};
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        const char *said = call_option(c, line[i].option);
        line_text(w, line[i].option, span_text(said != NULL ? said : line[i].otherwise));
    }
    static const char *const more[] = {"retention", "terminal"};
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        if (call_has(c, more[i])) {
            line_text(w, more[i], span_text(call_option(c, more[i])));
        }
    }
    site_line(c, w);
}

static err source_body(struct call *c, struct writer *w)
{
    struct party p;
    const char  *kind, *precedence;
    TRY(call_need(c, "kind", &kind));
    TRY(call_need(c, "precedence", &precedence));
    TRY(given_name(c, c->arg[0]));
    line_text(w, "source", span_text(c->arg[0]));
    TRY(transport_lines(c, w));
    TRY(party_read(c, &p));
    line_text(w, "kind", span_text(kind));
    line_text(w, "precedence", span_text(precedence));
    put_text(w, "marking ");
    TRY(marking_text_of_call(c, &p.code, "to", w));
    put_u8(w, '\n');
    TRY(source_labels(c, &p.code, w));
    TRY(said_lines(c, w));
    reading_lines(c, w);
    return OK;
}

err do_source_add(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    TRY(source_body(c, &w));
    TRY(act_run(c, "source-add", &w, (span){NULL, 0}, NULL));
    call_tell(c, "source %s is there", c->arg[0]);
    return OK;
}

err do_source_remove(struct call *c)
{
    static const struct word word = {"source-remove", {{"source", 0, NULL}}, "source %s is gone"};
    return word_run(c, &word);
}
