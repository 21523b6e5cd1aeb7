/* SPDX-License-Identifier: Apache-2.0 */
/* TAK clients: who has signed for which, and what each is shown.  What they show is what a stream of that session shows,
 * but for what cannot be said in the labels of an event. */
#include "desk/rows.h"
#include "desk/state.h"

/* ---- sessions ---- */

static uint32_t tak_sitting(const struct desk *d, const name *terminal)
{
    for (uint32_t i = 0; i < DESK_SITTINGS_MAX; i++) {
        const struct sitting *s = &d->sitting[i];
        if (s->number != 0 && s->until_ms > d->boot_ms && name_equal(&s->tak, terminal)) {
            return i;
        }
    }
    return NONE;
}

/* One that finds no place among the streams is shown nothing, and tried again when somebody signs anew. */
static void tak_attach(struct desk *d, const struct tak *t, uint32_t sitting)
{
    const struct stream s = {
        .asker = t->asker, .sitting = sitting, .display = NONE, .behind = NONE, .tak = true};
    if (d->stream_count < DESK_STREAMS_MAX) {
        stream_add(d, &s);
        stream_join(d, sitting);
    }
}

static bool is_there(const struct tak *t)
{
    return t->asker.turn != 0;
}

err tak_on(struct desk *d, uint64_t session, const name *terminal, uint64_t minutes, span topics)
{
    static const uint8_t
        nowhere[TERMINAL_LEN]; /* no certificate's: no request names this session */
    tak_off(d, terminal);
    uint32_t at = session == 0 ? NONE : sitting_add(d, session, nowhere);
    if (at == NONE || topics.len > TOPICS_MAX) {
        return FAIL(FULL, "there is no room for another session");
    }
    struct sitting *s = &d->sitting[at];
    s->tak = *terminal;
    s->until_ms = d->boot_ms + (int64_t)minutes * MS_PER_MINUTE;
    memcpy(s->topics, topics.ptr, topics.len);
    for (uint32_t i = 0; i < DESK_TAKS_MAX; i++) {
        if (is_there(&d->tak[i]) && name_equal(&d->tak[i].terminal, terminal)) {
            tak_attach(d, &d->tak[i], at);
        }
    }
    return OK;
}

void tak_off(struct desk *d, const name *terminal)
{
    uint32_t sitting = tak_sitting(d, terminal);
    if (sitting != NONE) {
        sitting_end(d, sitting, "the session has ended");
    }
}

/* ---- clients ---- */

err desk_tak(struct desk *d, struct asker a, const name *terminal)
{
    uint32_t sitting = tak_sitting(d, terminal);
    for (uint32_t i = 0; i < DESK_TAKS_MAX; i++) {
        struct tak *t = &d->tak[i];
        if (is_there(t)) {
            continue;
        }
        *t = (struct tak){a, *terminal};
        d->tak_count++;
        if (sitting != NONE) {
            tak_attach(d, t, sitting);
        }
        return OK;
    }
    return FAIL(FULL, "as many TAK clients are there as there may be");
}

void tak_gone(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < DESK_TAKS_MAX; i++) {
        if (is_there(&d->tak[i]) && asker_is(d->tak[i].asker, a)) {
            d->tak[i] = (struct tak){0};
            d->tak_count--;
        }
    }
}

/* ---- labels ---- */

static bool label_keep(span from, char *to, size_t max)
{
    memset(to, 0, max + 1);
    if (from.len > 0 && from.len <= max) {
        memcpy(to, from.ptr, from.len);
    }
    return from.len <= max;
}

/* Never cut: half a label would be another one.  The guard's texts are checked UTF-8 on one line (epoch_prefix). */
void epoch_labels(struct epoch *e, span describe)
{
    struct cot_labels *l = &e->labels;
    bool               fits = label_keep(row_value(describe, "access"), l->access, COT_LABEL_MAX);
    fits = label_keep(row_value(describe, "caveat"), l->caveat, COT_LABELS_MAX) && fits;
    fits =
        label_keep(row_value(describe, "releasable-to"), l->releasable_to, COT_LABELS_MAX) && fits;
    fits = label_keep(row_value(describe, "topics"), e->topics, TOPICS_MAX) && fits;
    e->warning = span_is(row_value(describe, "kind"), "warning");
    fits = label_keep(row_value(describe, "unsaid"), e->unsaid, DESK_WHY_MAX) && fits;
    if (!fits) {
        memset(l, 0, sizeof *l);
    }
}

/* ---- reports ---- */

static bool topic_wanted(const char *wanted, const char *topics)
{
    span rest = span_text(topics);
    if (strcmp(wanted, "-") == 0) {
        return true;
    }
    while (rest.len > 0) {
        span one = span_cut(&rest, ','), list = span_text(wanted);
        while (list.len > 0) {
            if (span_equal(span_cut(&list, ','), one)) {
                return true;
            }
        }
    }
    return false;
}

/* Under a session that may see it */
static bool tak_sees(const struct desk *d, const struct stream *s, const struct epoch *e)
{
    return s->tak && stream_wants(s, e) && topic_wanted(d->sitting[s->sitting].topics, e->topics);
}

bool taks_watch(const struct desk *d, const struct epoch *e)
{
    uint32_t i = d->tak_count > 0 ? epoch_seat(d, e, 0) : DESK_SITTINGS_MAX;
    for (; i < DESK_SITTINGS_MAX; i = epoch_seat(d, e, i + 1)) {
        for (uint32_t at = d->sitting[i].first; at != 0; at = d->stream[at - 1].next) {
            if (tak_sees(d, &d->stream[at - 1], e)) {
                return true;
            }
        }
    }
    return false;
}

static size_t taks_find(struct desk *d, const struct epoch *e)
{
    size_t   count = 0;
    uint32_t i = d->tak_count > 0 ? epoch_seat(d, e, 0) : DESK_SITTINGS_MAX;
    for (; i < DESK_SITTINGS_MAX; i = epoch_seat(d, e, i + 1)) {
        for (uint32_t at = d->sitting[i].first; at != 0; at = d->stream[at - 1].next) {
            if (tak_sees(d, &d->stream[at - 1], e)) {
                d->tak_to[count++] = d->stream[at - 1].asker;
            }
        }
    }
    return count;
}

/* ---- what an event has no words for ---- */

static void unsaid_note(struct desk *d, const struct epoch *e)
{
    d->counters.unsaid++;
    if (e->place != NONE && d->feed[e->place].unsaid[0] == 0) {
        const char *why = e->unsaid[0] != 0 ? e->unsaid : "its labels are longer than an event's";
        memcpy(d->feed[e->place].unsaid, why, strlen(why) + 1);
    }
}

bool desk_unsaid(struct desk *d, struct desk_unsaid *out)
{
    for (uint32_t i = 0; i < d->feed_count; i++) {
        struct feed_name *f = &d->feed[i];
        if (f->unsaid[0] != 0 && !f->told) {
            f->told = true;
            *out = (struct desk_unsaid){f->originator, f->feed, f->unsaid};
            return true;
        }
    }
    return false;
}

void taks_show(struct desk *d, struct epoch *e, const struct report *r)
{
    size_t count = taks_find(d, e);
    if (count == 0) {
        return;
    }
    if (e->labels.access[0] == 0) {
        unsaid_note(d, e);
        return;
    }
    const struct desk_shown shown = {.report = r,
                                     .labels = &e->labels,
                                     .group = span_text(e->topics),
                                     .warning = e->warning,
                                     .under = e->born};
    d->port.tak_show(d->port.ctx, d->tak_to, count, &shown);
    epoch_stale(d, e, r);
}

void taks_take(struct desk *d, uint32_t sitting, const struct epoch *e)
{
    uint32_t at = d->tak_count > 0 ? d->sitting[sitting].first : 0;
    for (; at != 0; at = d->stream[at - 1].next) {
        const struct stream *s = &d->stream[at - 1];
        if (s->tak) {
            d->port.tak_take(d->port.ctx, s->asker, e->born);
        }
    }
}
