/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/covered.h"

#include "marking/names.h"

void covered_hash(span kind, span marking, span extent, span reduced,
                  uint8_t out[static SHA256_LEN])
{
    const span line = SPAN_LIT("\n");
    const span part[] = {kind, line, marking, line, extent, line, reduced};
    sha256_parts(part, ARRAY_LEN(part), out);
}

static void hash_of(const struct tables *t, enum kind kind, const struct marking *m,
                    const struct extent *e, const struct reduction *r,
                    uint8_t out[static SHA256_LEN])
{
    uint8_t       marking[CROSSING_TEXT_MAX], extent[EXTENT_TEXT_MAX + 1];
    uint8_t       reduced[REDUCTION_TEXT_MAX + 1];
    struct writer mw = WRITER_OF(marking), ew = WRITER_OF(extent), rw = WRITER_OF(reduced);
    marking_format(&t->policies, m, &mw);
    extent_format(e, &ew);
    reduction_format(r, &rw);
    covered_hash(span_text(kind_name(kind)), writer_span(&mw), writer_span(&ew), writer_span(&rw),
                 out);
}

void covered_asked(const struct tables *t, const struct crossing *c, uint8_t out[static SHA256_LEN])
{
    hash_of(t, c->kind, &c->marking, &c->extent, &c->reduced, out);
}

static err profile_read(const struct history *h, struct lines *l, struct profile *out)
{
    struct profile p = {.source = take_name(l, "source")};
    struct extent  extent = {0};
    struct marking marking;
    enum kind      kind;
    span           value;
    (void)take_text(l, "transport");
    (void)take_text(l, "address");
    span kind_text = take_text(l, "kind");
    (void)take_text(l, "precedence");
    span marking_text = take_text(l, "marking");
    (void)take_text(l, "access");
    (void)take_more(l, "caveat", &value);
    (void)take_more(l, "releasable-to", &value);
    TRY(take_more(l, "extent", &value) ? extent_read(value, &extent) : OK);
    TRY(take_more(l, "reduced", &value) ? reduction_read(value, &p.reduced) : OK);
    TRY(kind_of(kind_text, &kind));
    TRY(marking_read(&h->tables.policies, marking_text, &marking));
    hash_of(&h->tables, kind, &marking, &extent, &p.reduced, p.covered);
    *out = p;
    return l->bad ? FAIL(MALFORMED, "a source is not registered as it should be") : OK;
}

err profile_add(struct history *h, const struct act_text *a, struct lines *l)
{
    struct profile p;
    (void)a;
    TRY(profile_read(h, l, &p));
    l->rest.len = 0; /* how it is listened to is no matter of verdicts */
    h->profile = room_for(h->profile, &h->profile_count, &h->profile_max, sizeof *h->profile);
    h->profile[h->profile_count - 1] = p;
    return OK;
}

const struct profile *profile_find(const struct history *h, const name *source)
{
    const struct profile *p = NULL;
    for (size_t i = 0; i < h->profile_count; i++) {
        p = name_equal(&h->profile[i].source, source) ? &h->profile[i] : p;
    }
    return p;
}
