/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include "base/text.h"
#include "config/nearest.h"
#include "config/value.h"

/* scope - the table that lines are read by, and what has stood so far */
struct scope {
    const struct config_table *table; /* NULL: an indented line has no place here */
    uint8_t                   *base;  /* struct or element; NULL while checking */
    struct place               opened;
    unsigned                   seen[CONFIG_KEYS_MAX];
};

struct run {
    struct diagnostics *d;
    struct scope        top, block;
    bool                skip; /* lines under a setting that nobody knows: it has been told of */
};

static void scope_open(struct scope *s, const struct config_table *table, uint8_t *base,
                       struct place at)
{
    *s = (struct scope){.table = table, .base = base, .opened = at};
}

static void scope_close(struct run *run, const struct scope *s)
{
    for (unsigned i = 0; s->table != NULL && i < s->table->count; i++) {
        if (s->table->key[i].required && s->seen[i] == 0) {
            diagnostic_add(run->d, SEVERITY_ERROR, s->opened, "'%s' is missing here",
                           s->table->key[i].keyword);
        }
    }
}

static void tell_unknown(struct run *run, const struct scope *s, const struct token *t)
{
    struct nearest n = nearest_to(t->text);
    for (unsigned i = 0; i < s->table->count; i++) {
        nearest_try(&n, span_text(s->table->key[i].keyword));
    }
    struct diagnostic *one =
        diagnostic_add(run->d, SEVERITY_ERROR, t->at, "no setting of that name can stand here");
    if (nearest_found(&n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
    }
}

static const struct config_key *key_find(const struct scope *s, const struct token *t,
                                         unsigned *number)
{
    for (unsigned i = 0; i < s->table->count; i++) {
        if (token_is(t, s->table->key[i].keyword)) {
            *number = i;
            return &s->table->key[i];
        }
    }
    return NULL;
}

/* Where the values of this line go: the scope's struct, or the next element of its list. */
static uint8_t *target_of(const struct scope *s, const struct config_key *key, unsigned seen)
{
    if (s->base == NULL || key->list.most == 0) {
        return s->base;
    }
    uint8_t *element = s->base + key->list.offset + seen * key->list.size;
    unsigned count = seen + 1;
    if (key->list.fresh != NULL) {
        memcpy(element, key->list.fresh, key->list.size);
    } else {
        memset(element, 0, key->list.size);
    }
    memcpy(s->base + key->list.count_offset, &count, sizeof count);
    return element;
}

static bool values_read(struct run *run, const struct config_key *key, const struct lex_line *line,
                        uint8_t *target)
{
    struct value_cursor c = {.line = line, .next = 1, .d = run->d};
    for (unsigned i = 0; i < CONFIG_VALUES_MAX && key->value[i].type != CONFIG_NONE; i++) {
        if (!config_value_read(&c, &key->value[i], target)) {
            return false;
        }
    }
    if (c.next < line->count) {
        diagnostic_add(run->d, SEVERITY_ERROR, line->token[c.next].at,
                       "'%s' takes nothing more here", key->keyword);
        return false;
    }
    return true;
}

static void statement_read(struct run *run, struct scope *s, const struct lex_line *line)
{
    unsigned                 number = 0;
    const struct token      *first = &line->token[0];
    const struct config_key *key = key_find(s, first, &number);
    if (s == &run->top) {
        scope_close(run, &run->block);
        scope_open(&run->block, NULL, NULL, first->at);
        run->skip = key == NULL;
    }
    if (key == NULL) {
        tell_unknown(run, s, first);
        return;
    }
    unsigned most = key->list.most > 0 ? key->list.most : 1;
    if (s->seen[number] == most) {
        diagnostic_add(run->d, SEVERITY_ERROR, first->at, "'%s' can stand %u time%s at most",
                       key->keyword, most, most == 1 ? "" : "s");
        return;
    }
    uint8_t *target = target_of(s, key, s->seen[number]++);
    bool     good = values_read(run, key, line, target);
    if (key->block != NULL && s == &run->top) {
        scope_open(&run->block, key->block, good ? target : NULL, first->at);
    }
}

static void line_read(struct run *run, const struct lex_line *line)
{
    if (line->why != NULL) {
        diagnostic_of_line(run->d, line);
    }
    if (line->count == 0 || (line->why != NULL && !line->whole)) {
        return;
    }
    if (!line->indented) {
        statement_read(run, &run->top, line);
    } else if (run->block.table != NULL) {
        statement_read(run, &run->block, line);
    } else if (!run->skip) {
        diagnostic_add(run->d, SEVERITY_ERROR, line->token[0].at,
                       "this line is indented, but the setting above it takes no lines of its own");
    }
}

static void pass(struct lexer lexer, const struct config_table *table, void *out,
                 struct diagnostics *d)
{
    struct run      run = {.d = d};
    struct lex_line line;
    scope_open(&run.top, table, out, (struct place){1, 1, 1});
    while (d->errors < DIAGNOSTICS_MAX && lex_next(&lexer, &line)) {
        line_read(&run, &line);
    }
    scope_close(&run, &run.block);
    scope_close(&run, &run.top);
}

err config_read(span text, const struct config_table *table, void *out, struct diagnostics *d)
{
    struct lexer lexer;
    struct place at;
    err          e = lex_begin(text, &lexer, &at);
    if (err_is(e)) {
        diagnostic_add(d, SEVERITY_ERROR, at, "%s", e.why);
        return e;
    }
    unsigned before = d->errors;
    pass(lexer, table, NULL, d);
    if (d->errors != before) {
        return FAIL(MALFORMED, "the configuration has mistakes");
    }
    pass(lexer, table, out, d);
    return OK;
}
