/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dealings.h"

#include <stdlib.h>

#include "cli/history_word.h"

static err posted_take(struct dealings *d, const struct history_step *step)
{
    const struct leaf_head   *head = &step->head;
    static struct letter_leaf v;
    TRY(letter_leaf_read(head, &v));
    struct posted p = {.partner = v.partner,
                       .kind = v.letter.kind,
                       .number = v.letter.number,
                       .index = step->index,
                       .sent = head->kind == LEAF_LETTER,
                       .refused = head->kind == LEAF_LETTER_REFUSED,
                       .body = malloc(v.letter.body.len + 1),
                       .body_len = v.letter.body.len};
    MUST(p.body != NULL);
    if (p.body_len > 0) {
        memcpy(p.body, v.letter.body.ptr, p.body_len);
    }
    sha256(v.text, p.digest);
    d->posted = room_for(d->posted, &d->posted_count, &d->posted_max, sizeof *d->posted);
    d->posted[d->posted_count - 1] = p;
    return OK;
}

/* What a partner ordered; the own orders' end names no partner first. */
static bool order_read(struct lines *l, struct deed *out)
{
    span from;
    if (!take_more(l, "from", &from) || err_is(name_of(from, &out->from))) {
        return false;
    }
    (void)take_number(l, "order", INT64_MAX);
    out->letter = take_number(l, "letter", INT64_MAX);
    if (line_skip(l, "gone")) {
        out->gone = take_number(l, "gone", INT64_MAX);
        out->missing = take_number(l, "not-here", INT64_MAX);
    }
    return !l->bad;
}

/* An item whose time had come, or that persons certified: no letter asked for it. */
static bool destroyed_read(struct lines l, struct deed *out)
{
    span handle;
    if (out->kind != LEAF_DESTROYED || !take_more(&l, "handle", &handle)) {
        return false;
    }
    out->from = take_name(&l, "partner");
    return !l.bad;
}

static void deed_take(struct dealings *d, const struct history_step *step)
{
    struct lines l = lines_of(step->head.body);
    struct deed  one = {.kind = step->head.kind, .index = step->index, .hash = step->hash};
    bool         grant = one.kind == LEAF_RECEIVED || one.kind == LEAF_RECEIVE_REFUSED;
    if (!grant && !destroyed_read(l, &one) && !order_read(&l, &one)) {
        return;
    }
    d->deed = room_for(d->deed, &d->deed_count, &d->deed_max, sizeof *d->deed);
    d->deed[d->deed_count - 1] = one;
}

err dealings_take(struct dealings *d, const struct history_step *step)
{
    switch (step->head.kind) {
    case LEAF_LETTER:
    case LEAF_LETTER_RECEIVED:
    case LEAF_LETTER_REFUSED:
        return posted_take(d, step);
    case LEAF_RECEIVED:
    case LEAF_RECEIVE_REFUSED:
    case LEAF_RECALLED:
    case LEAF_DESTROYED:
        deed_take(d, step);
        return OK;
    default:
        return OK;
    }
}

static int posted_order(const void *a, const void *b)
{
    const struct posted *x = a, *y = b;
    int                  order = span_order(name_span(&x->partner), name_span(&y->partner));
    order = order != 0 ? order : (x->sent > y->sent) - (x->sent < y->sent);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int deed_order(const void *a, const void *b)
{
    const struct deed *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

void dealings_end(struct dealings *d, const struct history *h)
{
    if (d->posted_count > 0) {
        qsort(d->posted, d->posted_count, sizeof *d->posted, posted_order);
    }
    for (size_t i = 0; i < h->instrument_count; i++) {
        const struct instrument *one = &h->instrument[i];
        if (one->kind < INSTRUMENT_PAUSE) {
            continue;
        }
        d->instrument = room_for(d->instrument, &d->instrument_count, &d->instrument_max,
                                 sizeof *d->instrument);
        d->instrument[d->instrument_count - 1] =
            (struct instrument_known){h->tables.policies.parties.name[one->party], *one};
    }
}

void dealings_free(struct dealings *d)
{
    for (size_t i = 0; i < d->posted_count; i++) {
        free(d->posted[i].body);
    }
    free(d->posted);
    free(d->deed);
    free(d->instrument);
}

const struct posted *dealings_posted(const struct dealings *d, const name *partner, bool sent,
                                     uint64_t number)
{
    struct posted key = {.partner = *partner, .sent = sent, .number = number};
    return d->posted_count == 0
               ? NULL
               : bsearch(&key, d->posted, d->posted_count, sizeof *d->posted, posted_order);
}

const struct deed *dealings_deed(const struct dealings *d, uint64_t index)
{
    struct deed key = {.index = index};
    return d->deed_count == 0 ? NULL
                              : bsearch(&key, d->deed, d->deed_count, sizeof *d->deed, deed_order);
}

uint64_t dealings_last(const struct dealings *d, const name *partner, bool sent, uint64_t before)
{
    uint64_t last = 0;
    for (size_t i = 0; i < d->posted_count; i++) {
        const struct posted *p = &d->posted[i];
        bool of = p->sent == sent && p->index < before && name_equal(&p->partner, partner);
        last = of && p->number > last ? p->number : last;
    }
    return last;
}

bool posted_is(const struct posted *p, const char *kind)
{
    return span_is(name_span(&p->kind), kind);
}

struct lines posted_lines(const struct posted *p)
{
    return lines_of((span){p->body, p->body_len});
}
