/* SPDX-License-Identifier: Apache-2.0 */
/* What --lines does: one JSON object a line, and so the answer. */
#include "base/text.h"
#include "cli/marking_options.h"
#include "cli/marking_verbs.h"

#define LINE_VALUES_MAX 64

/* LINE_MAX_LEN  - longest line: the longest value, with room for what JSON escapes
 * LINE_PARTS_MAX - most commas and brackets of one line outside of its strings, which bound what its parts take
 *                  in memory: all values, all options, and what stands around them */
#define LINE_MAX_LEN   (2 * VALUE_MAX)
#define LINE_PARTS_MAX 256

struct stream {
    size_t number, refused, held;
};

/* ---- a line of bytes ---- */

static char line_bytes[LINE_MAX_LEN];

/* False at the end.  Of a line that is too long the rest is passed over: *len is then LINE_MAX_LEN + 1 */
static bool line_next(size_t *len)
{
    int byte = getc_unlocked(stdin);
    *len = 0;
    if (byte == EOF) {
        return false;
    }
    for (; byte != EOF && byte != '\n'; byte = getc_unlocked(stdin)) {
        if (*len < LINE_MAX_LEN) {
            line_bytes[*len] = (char)byte;
        }
        *len += *len <= LINE_MAX_LEN ? 1 : 0;
    }
    return true;
}

static bool line_is_small(span line)
{
    unsigned parts = 0;
    bool     text = false;
    for (size_t i = 0; i < line.len && parts <= LINE_PARTS_MAX; i++) {
        uint8_t b = line.ptr[i];
        if (text) {
            i += b == '\\' ? 1 : 0;
            text = b != '"';
        } else {
            text = b == '"';
            parts += b == ',' || b == '[' || b == '{' ? 1 : 0;
        }
    }
    return parts <= LINE_PARTS_MAX;
}

static err line_open(struct call *c, size_t len, json_t **out)
{
    span         line = {(const uint8_t *)line_bytes, len};
    json_error_t at;
    if (len > LINE_MAX_LEN) {
        return FAIL(LIMIT, "a line is longer than 8 MiB");
    }
    if (!line_is_small(line)) {
        return FAIL(LIMIT, "a line has more than 256 parts");
    }
    *out = json_loadb(line_bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
    if (*out != NULL) {
        return OK;
    }
    size_t place = at.position > 0 ? (size_t)at.position : 0;
    if (json_error_code(&at) != json_error_duplicate_key) {
        call_about(c, "byte %zu", place);
        return FAIL(MALFORMED, "the line is not JSON");
    }
    span twice = json_name_before(line, place);
    call_about(c, "byte %zu: %.*s", place - (twice.len + 1 < place ? twice.len + 2 : place),
               (int)(twice.len < 100 ? twice.len : 100), (const char *)twice.ptr);
    return FAIL(MALFORMED, "a line has two members of one name");
}

/* ---- its members ---- */

static err line_argument(struct call *c, const json_t *text)
{
    if (!json_is_string(text)) {
        return FAIL(MALFORMED, "a value is a string");
    }
    if (c->arg_count == LINE_VALUES_MAX) {
        return FAIL(LIMIT, "there are more values on a line than 64");
    }
    c->arg[c->arg_count++] = json_string_value(text);
    return OK;
}

/* Files are named on the command line alone, and what a stream is, too */
static const struct option *option_of_line(const struct call *c, const char *key)
{
    static const char *const apart[] = {"policies", "policy",    "out", "lines",
                                        "text",     "agreement", "with"};
    for (size_t i = 0; i < ARRAY_LEN(apart); i++) {
        if (strcmp(key, apart[i]) == 0) {
            return NULL;
        }
    }
    for (const struct option *o = c->verb->option; o->name != NULL; o++) {
        if (strcmp(o->name, key) == 0) {
            return o;
        }
    }
    return NULL;
}

static err option_give(struct call *c, const char *option, const char *value)
{
    if (c->given_count == CALL_OPTIONS_MAX) {
        return FAIL(LIMIT, "too many options");
    }
    c->given[c->given_count].name = option;
    c->given[c->given_count++].value = value;
    return OK;
}

static err line_option(struct call *c, const char *key, const json_t *value)
{
    const struct option *o = option_of_line(c, key);
    call_about(c, "%.100s", key);
    if (o == NULL) {
        return call_misuse(c, FAIL(UNKNOWN, "the verb has no such option for one line"));
    }
    if (o->value == NULL && !json_is_boolean(value)) {
        return call_misuse(c, FAIL(MALFORMED, "an option without a value is true or false"));
    }
    if (o->value != NULL && !json_is_string(value)) {
        return call_misuse(c, FAIL(MALFORMED, "an option with a value is a string"));
    }
    if (o->value == NULL && json_is_false(value)) {
        return OK;
    }
    return option_give(c, o->name, o->value == NULL ? "" : json_string_value(value));
}

static err line_member(struct call *c, const char *key, const json_t *value)
{
    if (strcmp(key, "value") == 0) {
        return line_argument(c, value);
    }
    if (strcmp(key, "values") != 0) {
        TRY(line_option(c, key, value));
        c->about[0] = 0;
        return OK;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        TRY(line_argument(c, json_array_get(value, i)));
    }
    return json_is_array(value) ? OK : FAIL(MALFORMED, "values is an array of strings");
}

/* A line's values are the values themselves: a stream does not open files. */
static err line_read(struct call *c, const json_t *line)
{
    const char *key;
    json_t     *value;
    if (!json_is_object(line)) {
        return FAIL(MALFORMED, "a line is one JSON object");
    }
    TRY(option_give(c, "text", ""));
    json_object_foreach((json_t *)(uintptr_t)line, key, value)
    {
        TRY(line_member(c, key, value));
    }
    if (c->arg_count == 0) {
        return FAIL(MALFORMED, "a line has the member value or values");
    }
    if (c->arg_count > c->verb->most) {
        return FAIL(MALFORMED, "this verb takes one value: a line has more");
    }
    return OK;
}

/* ---- its answer ---- */

static err line_do(struct call *c, struct ground *g, const json_t *line,
                   err (*one)(struct call *c, struct ground *g))
{
    TRY(line_read(c, line));
    TRY(options_check(c, g));
    g->reader.lenient = call_has(c, "lenient");
    return one(c, g);
}

static void line_run(const struct call *all, struct ground *g, size_t len, struct stream *stream,
                     err (*one)(struct call *c, struct ground *g))
{
    struct call c = *all;
    json_t     *line = NULL;
    c.json = true;
    c.arg_count = 0;
    c.given_before = c.given_count;
    c.about[0] = 0;
    c.answer = json_object();
    call_set_number(&c, "line", stream->number);
    err e = line_open(&c, len, &line);
    e = err_is(e) ? e : line_do(&c, g, line, one);
    if (err_is(e)) {
        stream->held += c.held ? 1 : 0;
        stream->refused += c.held ? 0 : 1;
        call_set_text(&c, "error", span_text(e.why));
        call_set_text(&c, "code", span_text(call_code(&c, e)));
        if (c.about[0] != 0) {
            call_set_text(&c, "about", span_text(c.about));
        }
    }
    (void)json_dumpf(c.answer, c.out, JSON_COMPACT);
    (void)fputc('\n', c.out);
    json_decref(c.answer);
    json_decref(line);
}

err marking_lines(struct call *c, struct ground *g, err (*one)(struct call *c, struct ground *g))
{
    struct stream stream = {0};
    size_t        len;
    if (c->arg_count > 0) {
        call_about(c, "%.160s", c->arg[0]);
        return call_misuse(c, FAIL(MALFORMED, "with --lines values stand on the standard input"));
    }
    while (line_next(&len)) {
        stream.number++;
        if (len > LINE_MAX_LEN || span_trim((span){(const uint8_t *)line_bytes, len}).len > 0) {
            line_run(c, g, len, &stream, one);
        }
    }
    c->about[0] = 0;
    c->json = false; /* each line has its own answer */
    if (ferror(stdin)) {
        return FAIL(IO, "the standard input cannot be read");
    }
    if (stream.refused > 0) {
        call_about(c, "%zu of %zu, held %zu", stream.refused, stream.number, stream.held);
        return FAIL(MALFORMED, "lines were refused");
    }
    if (stream.held > 0) {
        c->held = true;
        call_about(c, "%zu of %zu", stream.held, stream.number);
        return FAIL(DENIED, "lines were held for a person");
    }
    return OK;
}
