/* SPDX-License-Identifier: Apache-2.0 */
#include "config/value.h"

#include "base/text.h"
#include "config/nearest.h"

typedef bool read_value(struct value_cursor *c, const struct config_value *v, uint8_t *target);

static struct diagnostic *wrong(struct value_cursor *c, const char *why)
{
    struct place at = c->next < c->line->count ? c->line->token[c->next].at : c->line->end;
    return diagnostic_add(c->d, SEVERITY_ERROR, at, "%s", why);
}

/* The next token when it is of this kind; NULL, and told of, when it is not. */
static const struct token *token_next(struct value_cursor *c, enum token_kind kind, const char *why)
{
    if (c->next >= c->line->count || c->line->token[c->next].kind != kind) {
        wrong(c, why);
        return NULL;
    }
    return &c->line->token[c->next];
}

static void store(uint8_t *target, const struct config_value *v, const void *from, size_t len)
{
    if (target != NULL) {
        memcpy(target + v->offset, from, len);
    }
}

static bool read_name_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    const struct token *t = token_next(c, TOKEN_WORD, "a name is expected here");
    name                one = {0};
    if (t == NULL) {
        return false;
    }
    err e = name_of(t->text, &one);
    if (err_is(e)) {
        wrong(c, e.why);
        return false;
    }
    store(target, v, &one, sizeof one);
    c->next++;
    return true;
}

static bool read_characters(struct value_cursor *c, const struct config_value *v, uint8_t *target,
                            const struct token *t)
{
    if (t == NULL) {
        return false;
    }
    if (t->text.len >= v->room) {
        wrong(c, "this is longer than it may be");
        return false;
    }
    store(target, v, t->text.ptr, t->text.len);
    if (target != NULL) {
        memset(target + v->offset + t->text.len, 0, v->room - t->text.len);
    }
    c->next++;
    return true;
}

static bool read_word_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    return read_characters(c, v, target, token_next(c, TOKEN_WORD, "a word is expected here"));
}

static bool read_string_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    return read_characters(c, v, target,
                           token_next(c, TOKEN_STRING, "a text in quotes is expected here"));
}

static bool number_take(struct value_cursor *c, uint64_t *out)
{
    const struct token *t = token_next(c, TOKEN_WORD, "a whole number is expected here");
    err                 e = t == NULL ? OK : text_decimal(t->text, UINT64_MAX, out);
    if (err_is(e)) {
        wrong(c, e.why);
    }
    return t != NULL && !err_is(e);
}

/* Ends a number whose last token is `next`: its bounds, then its place. */
static bool number_store(struct value_cursor *c, const struct config_value *v, uint8_t *target,
                         uint64_t number, const char *unit)
{
    if (number < v->least || (v->most > 0 && number > v->most)) {
        struct diagnostic *one = wrong(c, "this is outside its bounds");
        if (v->most > 0) {
            diagnostic_hint(one, "from %llu to %llu%s", (unsigned long long)v->least,
                            (unsigned long long)v->most, unit);
        } else {
            diagnostic_hint(one, "at least %llu%s", (unsigned long long)v->least, unit);
        }
        return false;
    }
    store(target, v, &number, sizeof number);
    c->next++;
    return true;
}

static bool read_number_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    uint64_t number = 0;
    return number_take(c, &number) && number_store(c, v, target, number, "");
}

struct unit {
    const char *word;
    uint64_t    factor;
};

static bool read_measure(struct value_cursor *c, const struct config_value *v, uint8_t *target,
                         const struct unit *unit, const char *base)
{
    uint64_t number = 0;
    if (!number_take(c, &number)) {
        return false;
    }
    c->next++;
    const struct token *t = token_next(c, TOKEN_WORD, "a unit is expected here, such as seconds");
    for (; t != NULL && unit->word != NULL; unit++) {
        if (!token_is(t, unit->word)) {
            continue;
        }
        if (number > UINT64_MAX / unit->factor) {
            number = UINT64_MAX / unit->factor; /* past every bound */
        }
        return number_store(c, v, target, number * unit->factor, base);
    }
    if (t != NULL) {
        wrong(c, "no unit of that name can stand here");
    }
    return false;
}

static bool read_size_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    static const struct unit unit[] = {{"bytes", 1},
                                       {"KiB", UINT64_C(1) << 10},
                                       {"MiB", UINT64_C(1) << 20},
                                       {"GiB", UINT64_C(1) << 30},
                                       {NULL, 0}};
    return read_measure(c, v, target, unit, " bytes");
}

static bool read_duration_value(struct value_cursor *c, const struct config_value *v,
                                uint8_t *target)
{
    static const struct unit unit[] = {{"ms", 1},          {"second", 1000},   {"seconds", 1000},
                                       {"minute", 60000},  {"minutes", 60000}, {"hour", 3600000},
                                       {"hours", 3600000}, {"day", 86400000},  {"days", 86400000},
                                       {NULL, 0}};
    return read_measure(c, v, target, unit, " ms");
}

static bool choice_take(struct value_cursor *c, const char *const *choices, unsigned *out)
{
    const struct token *t = token_next(c, TOKEN_WORD, "a word is expected here");
    if (t == NULL) {
        return false;
    }
    struct nearest n = nearest_to(t->text);
    for (unsigned i = 0; choices[i] != NULL; i++) {
        if (token_is(t, choices[i])) {
            *out = i;
            c->next++;
            return true;
        }
        nearest_try(&n, span_text(choices[i]));
    }
    struct diagnostic *one = wrong(c, "this is none of the words that can stand here");
    if (nearest_found(&n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
    } else {
        diagnostic_hint(one, "one of them is '%s'", choices[0]);
    }
    return false;
}

static bool read_choice_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    unsigned place = 0;
    if (!choice_take(c, v->choices, &place)) {
        return false;
    }
    store(target, v, &place, sizeof place);
    return true;
}

static bool read_yes_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    static const char *const word[] = {"no", "yes", NULL};
    unsigned                 place = 0;
    if (!choice_take(c, word, &place)) {
        return false;
    }
    bool yes = place == 1;
    store(target, v, &yes, sizeof yes);
    return true;
}

static bool read_set_value(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    (void)c;
    store(target, v, &(bool){true}, sizeof(bool));
    return true;
}

bool config_value_read(struct value_cursor *c, const struct config_value *v, uint8_t *target)
{
    static read_value *const row[] = {
        [CONFIG_NAME] = read_name_value,     [CONFIG_WORD] = read_word_value,
        [CONFIG_STRING] = read_string_value, [CONFIG_NUMBER] = read_number_value,
        [CONFIG_SIZE] = read_size_value,     [CONFIG_DURATION] = read_duration_value,
        [CONFIG_YES] = read_yes_value,       [CONFIG_CHOICE] = read_choice_value,
        [CONFIG_SET] = read_set_value,
    };
    MUST(v->type > CONFIG_NONE && (size_t)v->type < ARRAY_LEN(row));
    return row[v->type](c, v, target);
}
