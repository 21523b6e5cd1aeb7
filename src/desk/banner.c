/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above several classes.  The guard says of each class which words stand in its banner, and where; here they
 * are put together, and nothing is decided. */
#include "base/text.h"
#include "desk/rows.h"
#include "desk/state.h"

/* ---- words ---- */

static err word_find(struct words *all, span text, uint64_t place, unsigned *out)
{
    struct word one = {.place = (uint16_t)place};
    TRY(text_keep(text, one.text, sizeof one.text));
    for (unsigned i = 0; i < all->count; i++) {
        if (all->word[i].place == one.place && span_is(text, all->word[i].text)) {
            *out = i;
            return OK;
        }
    }
    if (all->count == WORDS_MAX || all->len + text.len > WORDS_LEN_MAX) {
        return FAIL(LIMIT, "there are more words of banners than a display's line has room for");
    }
    all->len += text.len;
    all->word[all->count] = one;
    *out = all->count++;
    return OK;
}

/* "0:JPN/0:USA" */
static err words_read(struct words *all, span text, uint64_t *out)
{
    uint64_t set = 0;
    while (text.len > 0) {
        span     word = span_cut(&text, '/'), place = span_cut(&word, ':');
        uint64_t number;
        unsigned at;
        TRY(text_decimal(place, UINT16_MAX, &number));
        TRY(word_find(all, word, number, &at));
        set |= UINT64_C(1) << at;
    }
    *out = set;
    return OK;
}

static err word_keep(span from, char *to, size_t max)
{
    return from.len == 0 ? OK : text_keep(from, to, max);
}

err banner_learn(struct desk *d, span describe, struct class_known *out)
{
    TRY(word_keep(row_value(describe, "screen-self"), out->self, sizeof out->self));
    TRY(word_keep(row_value(describe, "screen-nobody"), out->nobody, sizeof out->nobody));
    TRY(words_read(&d->caveats, row_value(describe, "screen-caveats"), &out->caveats));
    TRY(words_read(&d->parties, row_value(describe, "screen-to"), &out->to));
    return words_read(&d->parties, row_value(describe, "screen-show"), &out->show);
}

/* ---- the join ---- */

/* joined - best: of the highest own level, NULL of nothing;  one: they all have the same banner */
struct joined {
    const struct class_known *best;
    bool                      one;
    uint64_t                  caveats, to, show;
};

static struct joined join(const struct desk *d, const struct classes *c)
{
    struct joined j = {.one = true, .to = UINT64_MAX, .show = UINT64_MAX};
    for (unsigned i = 0; i < CLASSES_MAX; i++) {
        const struct class_known *k = &d->class[i];
        if (!classes_have(c, (uint16_t)i) || !k->known) {
            continue;
        }
        j.one = j.one && (j.best == NULL || strcmp(k->banner, j.best->banner) == 0);
        j.best = j.best == NULL || k->rank > j.best->rank ? k : j.best;
        j.caveats |= k->caveats;
        j.to &= k->to;
        j.show &= k->show;
    }
    return j;
}

/* ---- the line ---- */

struct line {
    struct writer *w;
    const char    *join;
};

static void part_begin(struct line *l, const char *word)
{
    put_text(l->w, l->join);
    put_text(l->w, word);
    l->join = "/";
}

static bool word_before(const struct word *a, const struct word *b)
{
    return a->place != b->place ? a->place < b->place : strcmp(a->text, b->text) < 0;
}

/* word_next - takes the first in the order of banners out of a set that is not empty */
static const char *word_next(const struct words *all, uint64_t *set)
{
    unsigned best = WORDS_MAX;
    for (unsigned i = 0; i < all->count; i++) {
        bool there = (*set >> i & 1) != 0;
        if (there && (best == WORDS_MAX || word_before(&all->word[i], &all->word[best]))) {
            best = i;
        }
    }
    MUST(best < WORDS_MAX);
    *set &= ~(UINT64_C(1) << best);
    return all->word[best].text;
}

static void list_put(struct line *l, const char *word, const char *self, const struct words *all,
                     uint64_t set)
{
    part_begin(l, word);
    put_text(l->w, self);
    for (const char *between = self[0] != 0 ? ", " : ""; set != 0; between = ", ") {
        put_text(l->w, between);
        put_text(l->w, word_next(all, &set));
    }
}

/* As a banner line of the own policy ends (marking/banner.h) */
static void words_put(const struct desk *d, const struct joined *j, struct writer *w)
{
    struct line l = {w, "//"};
    for (uint64_t left = j->caveats; left != 0;) {
        part_begin(&l, word_next(&d->caveats, &left));
    }
    if (j->show == 0 && j->best->nobody[0] != 0) {
        part_begin(&l, j->best->nobody);
    }
    if (j->to != 0) {
        list_put(&l, "REL TO ", j->best->self, &d->parties, j->to);
    }
    if ((j->show & ~j->to) != 0) {
        list_put(&l, "DISPLAY ONLY ", "", &d->parties, j->show & ~j->to);
    }
}

static void line_put(const struct desk *d, const struct joined *j, struct writer *w)
{
    uint8_t       text[BANNER_LINE_MAX];
    struct writer t = WRITER_OF(text);
    if (j->best != NULL) {
        put_text(&t, j->one ? j->best->banner : j->best->level);
        words_put(d, j, &t);
    }
    MUST(!t.bad);
    put_json(w, writer_span(&t));
}

static bool is_light(uint32_t color)
{
    uint32_t r = color >> 16, g = color >> 8 & 0xff, b = color & 0xff;
    return 299 * r + 587 * g + 114 * b > 128 * 1000; /* luma, ITU-R BT.601 */
}

static void color_put(struct writer *w, const char *key, uint32_t color)
{
    uint8_t bytes[3] = {(uint8_t)(color >> 16), (uint8_t)(color >> 8), (uint8_t)color};
    json_key(w, false, key);
    put_text(w, "\"#");
    put_hex(w, SPAN_OF(bytes));
    put_u8(w, '"');
}

/* Nothing is on the screen: nothing stands above it. */
void banner_put(const struct desk *d, const struct classes *c, struct writer *w)
{
    struct joined j = join(d, c);
    uint32_t      back = j.best == NULL ? 0 : j.best->color;
    json_key(w, false, "banner");
    line_put(d, &j, w);
    color_put(w, "back", back);
    color_put(w, "text", is_light(back) ? 0 : 0xffffff);
}

void banner_line(const struct desk *d, const struct classes *c, struct writer *w)
{
    struct joined j = join(d, c);
    line_put(d, &j, w);
}
