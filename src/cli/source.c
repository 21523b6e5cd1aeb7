/* SPDX-License-Identifier: Apache-2.0 */
/* source add, remove: where live reports come from, and the marking that theirs is. */
#include "cli/act.h"
#include "cli/marking_args.h"
#include "cli/said.h"
#include "cli/source_labels.h"
#include "cli/verbs.h"

static err transport_lines(struct call *c, struct writer *w)
{
    const char *udp = call_option(c, "udp"), *tcp = call_option(c, "tcp");
    if ((udp == NULL) == (tcp == NULL)) {
        return call_misuse(c,
                           FAIL(MALFORMED, "a source has one address: --udp ADDR or --tcp ADDR"));
    }
    line_text(w, "transport", span_text(udp != NULL ? "udp" : "tcp"));
    line_text(w, "address", span_text(udp != NULL ? udp : tcp));
    return OK;
}

static err source_body(struct call *c, struct writer *w)
{
    struct party p;
    const char  *kind, *precedence;
    TRY(call_need(c, "kind", &kind));
    TRY(call_need(c, "precedence", &precedence));
    line_text(w, "source", span_text(c->arg[0]));
    TRY(transport_lines(c, w));
    TRY(party_read(c, &p));
    line_text(w, "kind", span_text(kind));
    line_text(w, "precedence", span_text(precedence));
    put_text(w, "marking ");
    TRY(marking_text_of_call(c, &p.code, "to", w));
    put_u8(w, '\n');
    TRY(source_labels(c, &p.code, w));
    return said_lines(c, w);
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
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    line_text(&w, "source", span_text(c->arg[0]));
    TRY(act_run(c, "source-remove", &w, (span){NULL, 0}, NULL));
    call_tell(c, "source %s is gone", c->arg[0]);
    return OK;
}
