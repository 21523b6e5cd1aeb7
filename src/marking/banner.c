/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/banner.h"

static const char release_word[] = "REL TO ", disclose_word[] = "DISPLAY ONLY ";

struct banner_style banner_style_of(const struct policy *p)
{
    bool usa = span_is(name_span(&p->name), "USA");
    return usa ? (struct banner_style){"USA", "NOFORN"} : (struct banner_style){"", ""};
}

/* line - a banner in the making; what joins the next part to those before it */
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

/* Caveats go by their number: in the USA's policy that is the order of its register */
static void caveats_write(struct line *l, const struct policy *p, set64 caveats)
{
    while (caveats != 0) {
        unsigned least = set_next(caveats, 0);
        for (unsigned i = least; i < SET64_MAX; i = set_next(caveats, i + 1)) {
            least = p->caveat[i].lacv < p->caveat[least].lacv ? i : least;
        }
        part_begin(l, p->caveat[least].banner);
        caveats &= ~set_one(least);
    }
}

/* The members whose names are of three letters, or those of other lengths */
static set64 codes_of(const struct names *n, set64 members, bool three)
{
    set64 some = 0;
    for (unsigned i = set_next(members, 0); i < n->count; i = set_next(members, i + 1)) {
        some |= (name_span(&n->name[i]).len == 3) == three ? set_one(i) : 0;
    }
    return some;
}

static void list_write(struct line *l, const struct names *n, set64 members, const char *before)
{
    for (unsigned i = names_walk(n, members, SET64_MAX); i < SET64_MAX;
         i = names_walk(n, members, i)) {
        put_text(l->w, before);
        put_span(l->w, name_span(&n->name[i]));
        before = ", ";
    }
}

/* self    the code that opens the list, or "" */
static void parties_write(struct line *l, const struct banner_style *s, const struct names *n,
                          const char *self, set64 members)
{
    set64       first = s->self[0] != 0 ? codes_of(n, members, true) : members;
    const char *before = self[0] != 0 ? ", " : "";
    put_text(l->w, self);
    list_write(l, n, first, before);
    list_write(l, n, members & ~first, first != 0 ? ", " : before);
}

static err banner_possible(const struct policies *all, const struct marking *m)
{
    unsigned self = 0;
    TRY(marking_valid(all, m));
    TRY(names_find(&all->parties, name_span(&all->policy[m->level.policy].name), &self));
    if (m->originators != set_one(self)) {
        return FAIL(MALFORMED,
                    "a banner line is for what the party of its policy originated alone");
    }
    if (set_has(m->disclose_to, self)) {
        return FAIL(MALFORMED, "a banner line does not count the originator among the recipients");
    }
    return OK;
}

static void banner_format(const struct policies *all, const struct marking *m, struct writer *w)
{
    const struct policy *p = &all->policy[m->level.policy];
    struct banner_style  s = banner_style_of(p);
    struct line          l = {.w = w, .join = "//"};
    put_text(w, p->level[m->level.rank].banner);
    caveats_write(&l, p, m->caveats);
    if (m->disclose_to == 0 && s.nobody[0] != 0) {
        part_begin(&l, s.nobody);
    }
    if (m->release_to != 0) {
        part_begin(&l, release_word);
        parties_write(&l, &s, &all->parties, s.self, m->release_to);
    }
    if (m->disclose_to != m->release_to) {
        part_begin(&l, disclose_word);
        parties_write(&l, &s, &all->parties, "", m->disclose_to & ~m->release_to);
    }
}

err banner_write(const struct policies *all, const struct marking *m, struct writer *w)
{
    uint8_t       buf[BANNER_MAX];
    struct writer line = WRITER_OF(buf);
    TRY(banner_possible(all, m));
    banner_format(all, m, &line);
    if (line.bad) {
        return FAIL(LIMIT, "the banner line is longer than 1024 bytes");
    }
    put_span(w, writer_span(&line));
    return OK;
}

/* ---- as three attributes ---- */

/* In the order of the numbers of X.841 */
static const char *const level_words[] = {
    [LACV_UNCLASSIFIED] = "UNCLASSIFIED", "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP SECRET"};

static err access_format(const struct policy *p, uint8_t rank, struct writer *w)
{
    unsigned number = p->level[rank].lacv;
    bool     usa = banner_style_of(p).self[0] != 0;
    bool     known = number >= LACV_UNCLASSIFIED && number < ARRAY_LEN(level_words);
    if (!known || (usa && number == LACV_UNCLASSIFIED + 1)) {
        return FAIL(UNKNOWN, "the register has no word for the level");
    }
    if (!usa) {
        put_text(w, "//");
        put_span(w, name_span(&p->name));
        put_u8(w, ' ');
    }
    put_text(w, level_words[number]);
    return OK;
}

static void caveat_format(const struct policies *all, const struct marking *m, struct writer *w)
{
    const struct policy *p = &all->policy[m->level.policy];
    struct banner_style  s = banner_style_of(p);
    struct line          l = {.w = w, .join = ""};
    caveats_write(&l, p, m->caveats);
    if (m->disclose_to == 0 && s.nobody[0] != 0) {
        part_begin(&l, s.nobody);
    }
    if (m->disclose_to != m->release_to) {
        part_begin(&l, disclose_word);
        parties_write(&l, &s, &all->parties, "", m->disclose_to & ~m->release_to);
    }
}

static void release_format(const struct policies *all, const struct marking *m, struct writer *w)
{
    struct banner_style s = banner_style_of(&all->policy[m->level.policy]);
    struct line         l = {.w = w, .join = ""};
    bool                opens = s.self[0] != 0;
    if (m->release_to != 0) {
        parties_write(&l, &s, &all->parties, s.self,
                      opens ? m->release_to : m->release_to | m->originators);
    }
}

err banner_labels(const struct policies *all, const struct marking *m, struct banner_labels *out)
{
    struct banner_labels made = {0};
    struct writer        access = writer_of(made.access, sizeof made.access - 1);
    struct writer        caveat = writer_of(made.caveat, sizeof made.caveat - 1);
    struct writer        release = writer_of(made.releasable_to, sizeof made.releasable_to - 1);
    TRY(banner_possible(all, m));
    TRY(access_format(&all->policy[m->level.policy], m->level.rank, &access));
    caveat_format(all, m, &caveat);
    release_format(all, m, &release);
    if (access.bad || caveat.bad || release.bad) {
        return FAIL(LIMIT, "what an event would say of the marking is longer than it may be");
    }
    *out = made;
    return OK;
}

static err level_take(const struct policy *p, span text, uint8_t *rank)
{
    for (unsigned i = 0; i < p->level_count; i++) {
        if (span_is(text, p->level[i].banner)) {
            *rank = (uint8_t)i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the banner line does not begin with a level of the policy");
}

static bool word_cut(span *text, const char *word)
{
    span lead = span_text(word);
    if (!span_starts(*text, lead)) {
        return false;
    }
    *text = (span){text->ptr + lead.len, text->len - lead.len};
    return true;
}

static err parties_take(const struct names *n, span list, set64 *members)
{
    while (list.len > 0) {
        unsigned i = 0;
        TRY(names_find(n, span_trim(span_cut(&list, ',')), &i));
        *members |= set_one(i);
    }
    return OK;
}

static err caveat_take(const struct policy *p, span text, set64 *caveats)
{
    for (unsigned i = 0; i < p->caveat_count; i++) {
        if (span_is(text, p->caveat[i].banner)) {
            *caveats |= set_one(i);
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the banner line has a word that the policy does not define");
}

static err part_take(const struct policies *all, const struct policy *p, span part,
                     struct marking *m)
{
    if (word_cut(&part, release_word)) {
        return parties_take(&all->parties, part, &m->release_to);
    }
    if (word_cut(&part, disclose_word)) {
        return parties_take(&all->parties, part, &m->disclose_to);
    }
    struct banner_style s = banner_style_of(p);
    if (s.nobody[0] != 0 && span_is(part, s.nobody)) {
        return OK;
    }
    return caveat_take(p, part, &m->caveats);
}

/* Reading is lenient about order and repetition, because whatever was read must write itself back
 * as the very same bytes: so there is no second list of rules that could disagree. */
static err line_take(const struct policies *all, const struct policy *p, span text,
                     struct marking *m)
{
    unsigned self = 0;
    TRY(names_find(&all->parties, name_span(&p->name), &self));
    m->originators = set_one(self);
    TRY(level_take(p, span_cut(&text, '/'), &m->level.rank));
    span_cut(&text, '/');
    while (text.len > 0) {
        TRY(part_take(all, p, span_cut(&text, '/'), m));
    }
    if (banner_style_of(p).self[0] != 0) {
        m->release_to &= ~set_one(self);
    }
    m->disclose_to |= m->release_to;
    return OK;
}

err banner_read(const struct policies *all, const struct banner_context *context, span text,
                struct marking *out)
{
    uint8_t        buf[BANNER_MAX];
    struct writer  again = WRITER_OF(buf);
    struct marking m = {.level = {.policy = context->policy},
                        .topics = context->topics,
                        .disciplines = context->disciplines};
    if (text.len > BANNER_MAX) {
        return FAIL(LIMIT, "the banner line is longer than 1024 bytes");
    }
    if (context->policy >= all->count) {
        return FAIL(UNKNOWN, "no policy of this name is loaded");
    }
    TRY(line_take(all, &all->policy[context->policy], text, &m));
    TRY(banner_write(all, &m, &again));
    if (!span_equal(writer_span(&again), text)) {
        return FAIL(MALFORMED, "the banner line is not in the form that docs/format/marking.md "
                               "gives: order, separators, and who may have it");
    }
    *out = m;
    return OK;
}
