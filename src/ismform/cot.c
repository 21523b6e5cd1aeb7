/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/cot.h"
#include "ismform/parse.h"
#include "ismform/pieces.h"

static const struct ism_rule
    rule_unsaid = {"UNSAID", "MIL-STD-6090", "",
                   "the event does not say its classification, so it may go to nobody"},
    rule_event = {"EVENT", "", "", "the outermost element is not an event"},
    rule_twice = {"RELEASE-TWICE", "", "", "the event says twice to whom it is releasable"};

err cot_marking(const struct groups *g, const struct cot_said *said, struct ism *out,
                struct ismform_problem *p)
{
    const struct pieces pieces = {
        .first = said->access, .middle = said->caveat, .release = said->releasable_to};
    span access = span_trim(said->access);
    if (access.len == 0 || span_is(access, "Undefined")) {
        return ismform_refuse(p, &rule_unsaid, ERR_MALFORMED, "access", said->access, p->at);
    }
    return pieces_join(g, &pieces, "releasableTo", out, p);
}

/* event_reading - the marking is read while the parser still holds the attributes */
struct event_reading {
    const struct groups    *g;
    struct ismform_problem *p;
    struct ism              m;
};

static err attributes_take(struct event_reading *r, const char *const *pairs, struct cot_said *said)
{
    bool released = false;
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        span value = span_text(pairs[i + 1]);
        bool list = strcmp(pairs[i], "releasableTo") == 0 || strcmp(pairs[i], "releaseableTo") == 0;
        if (list && released) {
            return ismform_refuse(r->p, &rule_twice, ERR_MALFORMED, "releasableTo", value, 0);
        }
        released |= list;
        said->access = strcmp(pairs[i], "access") == 0 ? value : said->access;
        said->caveat = strcmp(pairs[i], "caveat") == 0 ? value : said->caveat;
        said->releasable_to = list ? value : said->releasable_to;
    }
    return OK;
}

static err on_element(void *to, const struct parse_element *e)
{
    struct event_reading *r = to;
    struct cot_said       said = {0};
    if (e->depth > 1) {
        return OK;
    }
    if (strcmp(e->name, "event") != 0) {
        return ismform_refuse(r->p, &rule_event, ERR_MALFORMED, "", span_text(e->name), 0);
    }
    TRY(attributes_take(r, e->attributes, &said));
    return cot_marking(r->g, &said, &r->m, r->p);
}

err cot_read_event(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    struct event_reading       r = {.g = g, .p = p};
    const struct parse_handler handler = {.start = on_element, .to = &r};
    TRY(parse_xml(in, &handler, p));
    *out = r.m;
    return OK;
}

static void attribute_said(struct writer *w, const char *called, span value)
{
    if (value.len > 0) {
        put_attribute(w, "", span_text(called), value);
    }
}

/* "USA JPN KOR" as a banner has it: "USA, JPN, KOR" */
static span list_with_commas(span list, struct writer *w)
{
    while (list.len > 0) {
        put_text(w, w->len > 0 ? ", " : "");
        put_span(w, span_cut(&list, ' '));
    }
    return writer_span(w);
}

err cot_write_event(const struct groups *g, const struct ism *m, struct writer *w,
                    struct ismform_problem *p)
{
    struct pieces_text text;
    struct pieces      said;
    uint8_t            buf[2 * ISM_LINE_MAX];
    struct writer      list = WRITER_OF(buf);
    TRY(pieces_split(g, m, &text, &said, p));
    put_text(w, "<event");
    attribute_said(w, "access", said.first);
    attribute_said(w, "caveat", said.middle);
    attribute_said(w, "releasableTo", list_with_commas(said.release, &list));
    put_text(w, "/>\n");
    return OK;
}
