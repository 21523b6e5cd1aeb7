/* SPDX-License-Identifier: Apache-2.0 */
/* The last event of each feed: what a desk is told by who comes back, and what a caller keeps. */
#include <stdio.h>

#include "client/inside.h"
#include "wire/told.h"

static uint32_t row_of(struct seen *s, const char *feed)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->row[i].feed, feed) == 0) {
            return i;
        }
    }
    uint32_t at = s->count < SEEN_FEEDS ? s->count++ : s->next++ % SEEN_FEEDS;
    (void)snprintf(s->row[at].feed, sizeof s->row[at].feed, "%s", feed);
    s->row[at].id = (name){0};
    return at;
}

static bool is_after(const name *id, const name *before)
{
    struct told_id a, b;
    return err_is(told_id_read(name_span(id), &a)) || err_is(told_id_read(name_span(before), &b)) ||
           a.mark || memcmp(a.tag, b.tag, sizeof a.tag) != 0 || a.number > b.number;
}

bool seen_note(struct seen *s, const char *originator, const char *feed, const name *event_id)
{
    char key[sizeof s->row[0].feed];
    (void)snprintf(key, sizeof key, "%s %s", originator, feed);
    uint32_t at = row_of(s, key);
    if (s->row[at].id.text[0] != 0 && !is_after(event_id, &s->row[at].id)) {
        return false;
    }
    s->row[at].id = *event_id;
    return true;
}

void seen_put(const struct seen *s, bool feeds, struct writer *w)
{
    bool any = false;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->row[i].id.text[0] == 0) {
            continue;
        }
        put_text(w, any ? "," : "");
        if (feeds) {
            put_text(w, s->row[i].feed);
            put_text(w, " ");
        }
        put_span(w, name_span(&s->row[i].id));
        any = true;
    }
}

static err row_read(span row, name *originator, name *feed, name *event_id)
{
    struct told_id told;
    TRY(name_of(span_cut(&row, ' '), originator));
    TRY(name_of(span_cut(&row, ' '), feed));
    TRY(told_id_read(row, &told));
    return name_of(row, event_id);
}

err seen_read(struct seen *s, span text)
{
    *s = (struct seen){0};
    while (text.len > 0) {
        name originator, feed, event_id;
        if (err_is(row_read(span_cut(&text, ','), &originator, &feed, &event_id))) {
            return FAIL(MALFORMED, "what was seen is not as a stream tells it: ORIGINATOR FEED ID, "
                                   "with commas between");
        }
        if (s->count == SEEN_FEEDS) {
            return FAIL(LIMIT, "more feeds are named than a stream goes on with");
        }
        (void)seen_note(s, originator.text, feed.text, &event_id);
    }
    return OK;
}
