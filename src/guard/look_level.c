/* SPDX-License-Identifier: Apache-2.0 */
/* What came under an agreement that offers several own levels, and waits for an officer's choice. */
#include "guard/look.h"
#include "guard/opening.h"
#include "guard/receive.h"

/* Its title is for whoever may open it; its level is an officer's to choose, as he learns from the marking. */
static void level_row(struct guard *g, const struct person *p, const id *handle,
                      const struct kept *k, uint8_t handled, struct writer *w)
{
    uint8_t        text[1024];
    struct writer  t = WRITER_OF(text);
    struct kept    again = {0};
    struct opening o;
    line_hex(w, "handle", id_span(handle));
    line_name(w, "originator", &k->cover.originator);
    line_name(w, "kind", &k->cover.kind);
    if (opening_shows(g, handle, p, &again, &o)) {
        line_text(w, "title", span_text(k->cover.title));
    }
    secret_wipe(&again.key);
    line_number(w, "length", k->cover.content_len);
    line_text(w, "marking", span_text(k->cover.marking));
    ranks_format(g, (uint16_t)(1u << handled), &t);
    line_text(w, "own-level", writer_span(&t));
    t.len = 0;
    ranks_format(g, k->candidates, &t);
    line_text(w, "candidates", writer_span(&t));
    line_instant(w, "created", k->cover.created);
}

err look_level(struct guard *g, const struct person *p, const struct look_request *r,
               struct writer *w)
{
    struct kept k = {0};
    bool        chosen = true;
    if ((p->roles & PERSON_OFFICER) == 0) {
        return FAIL(DENIED, "the own level is chosen by release officers");
    }
    if (err_is(kept_get(g, &r->handle, &k))) {
        return OK;
    }
    uint8_t handled = handled_as(g, &r->handle, &k, &chosen);
    if (k.kind == KEPT_RECEIVED && !chosen && !cover_is_feed(&k.cover)) {
        level_row(g, p, &r->handle, &k, handled, w);
    }
    secret_wipe(&k.key);
    return OK;
}
