/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/matter.h"

#define CROSSING_TITLE "accord crossing 1\n"
#define VERDICT_TITLE  "accord verdict 1\n"

/* From the line that is this title on; empty when there is none. */
static span from_title(span text, const char *title)
{
    span wanted = span_text(title);
    while (text.len > 0 && !span_starts(text, wanted)) {
        (void)span_cut(&text, '\n');
    }
    return text;
}

static span without_count(span text)
{
    span rest = text;
    while (rest.len > 0) {
        span at = rest;
        if (span_starts(span_cut(&rest, '\n'), SPAN_LIT("repeated "))) {
            return (span){text.ptr, (size_t)(at.ptr - text.ptr)};
        }
    }
    return text;
}

static bool has_verdict(enum leaf_kind k)
{
    return k == LEAF_RELEASED || k == LEAF_HELD || k == LEAF_REFUSED || k == LEAF_RECEIVED;
}

bool matter_of(const struct leaf_head *head, struct matter *out)
{
    if (!has_verdict(head->kind)) {
        return false;
    }
    out->both = without_count(from_title(head->body, CROSSING_TITLE));
    out->verdict = from_title(out->both, VERDICT_TITLE);
    out->crossing = (span){out->both.ptr, out->both.len - out->verdict.len};
    return true;
}

static err crossing_of(const struct history *h, const struct matter *m, struct crossing *c)
{
    struct lines l = lines_of(m->crossing);
    TRY(crossing_read(&h->tables, &l, c));
    return lines_end(&l);
}

err matter_check(const struct history *h, const struct matter *m)
{
    struct crossing c = {0};
    unsigned        self;
    TRY(crossing_of(h, m, &c));
    TRY(names_find(&h->tables.policies.parties, name_span(&h->party), &self));
    set64 stood = standing_set(&h->tables.agreements, h->instrument, h->instrument_count, c.now_low,
                               c.now_high) &
                  agreements_between(&h->tables.agreements, c.from, c.to);
    if (c.from == self && c.standing != stood) {
        return FAIL(CONFLICT, "a verdict rests on other agreements than stood at that time");
    }
    return verdict_check(&h->tables, m->crossing, m->verdict);
}

err matter_explain(const struct history *h, const struct matter *m, struct writer *w)
{
    const struct tables *t = &h->tables;
    struct crossing      c = {0};
    struct ruling        r;
    TRY(crossing_of(h, m, &c));
    struct verdict v = verdict_by_reading(t, &c);
    if (t->rules.count == 0 || t->rules.party != c.from) {
        TRY(ruling_read(m->verdict, &r));
        v = verdict_with(&v, &r, &c);
    }
    verdict_explain(t, &c, &v, w);
    return OK;
}
