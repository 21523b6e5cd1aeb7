/* SPDX-License-Identifier: Apache-2.0 */
/* Opening for a room: what everybody in it may see, at a display that may show it. */
#include "guard/act.h"
#include "guard/opening.h"
#include "guard/receive.h"

static void room_lines(struct guard *g, const id *handle, const struct display *d, struct leaf *l)
{
    (void)g;
    line_hex(&l->w, "handle", id_span(handle));
    line_name(&l->w, "room", &d->room);
}

static err refused(struct guard *g, const id *handle, const struct display *d, const char *why)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_OPENING_REFUSED);
    room_lines(g, handle, d, &l);
    line_text(&l.w, "reason", span_text(why));
    record_repeatable(g, &l);
    return NOT_OPEN;
}

/* Why not; NULL: it opens.  A product above the lowest level wants a reader's own signature. */
static const char *may_show(struct guard *g, const id *handle, const struct display *d,
                            const struct kept *k, const struct opening *o)
{
    struct room *r = room_find(&g->showing.rooms, &d->room);
    uint16_t class = class_of(g, handle, k, true);
    MUST(r != NULL);
    if (!cover_is_feed(&k->cover) && (!lowest_level(g, o) || counts_copies(k))) {
        return "it needs a reader's own signature";
    }
    if (class == CLASS_NONE) {
        return "there are more classes than a gateway numbers";
    }
    if (!set_has(d->ceiling, o->handled_as)) {
        return "the display's ceiling";
    }
    return room_open(g, r, class).why;
}

static void opened_record(struct guard *g, const id *handle, const struct display *d,
                          const struct kept *k, const struct opening *o)
{
    struct leaf l;
    bool        chosen;
    (void)handled_as(g, handle, k, &chosen);
    leaf_start(g, &l, LEAF_OPENED);
    room_lines(g, handle, d, &l);
    line_text(&l.w, "marking", span_text(k->cover.marking));
    own_level_lines(g, o, chosen, &l.w);
    record_repeatable(g, &l);
}

static err open_kept(struct guard *g, const struct request_context *c, const struct display *d,
                     const id *handle, const struct kept *k)
{
    const struct person nobody = {0};
    struct opening      o;
    err                 e = opening_stands(g, handle, k);
    e = err_is(e) ? e : opening_case(g, handle, k, &nobody, &o);
    const char *why = err_is(e) ? e.why : may_show(g, handle, d, k, &o);
    if (why != NULL) {
        return refused(g, handle, d, why);
    }
    opened_record(g, handle, d, k, &o);
    opening_key(g, handle, k, &o, &nobody, mail_begin(g, c->from, ANSWER_KEY, c->tag));
    mail_end(g);
    return OK;
}

err display_open(struct guard *g, const struct request_context *c, const struct display *d,
                 const id *handle)
{
    struct kept k = {0};
    err         e = kept_get(g, handle, &k);
    e = err_is(e) ? refused(g, handle, d, e.why) : open_kept(g, c, d, handle, &k);
    secret_wipe(&k.key);
    return e;
}
