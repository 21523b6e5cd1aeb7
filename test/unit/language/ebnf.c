/* SPDX-License-Identifier: Apache-2.0 */
/* docs/format/agreement-grammar.ebnf is the parser's own grammar, and all that it generates is parsed. */
#include "language/ebnf.h"
#include "cmocka_all.h"
#include "language/parse.h"

#include <stdio.h>

static char   file[EBNF_MAX];
static span   grammar_text;
static size_t text_max;

/* ---- a reader of the notation ---- */

enum node_kind {
    NODE_WORD,
    NODE_NAME,
    NODE_LIST,
    NODE_EITHER,
    NODE_MANY,
    NODE_MAYBE,
    NODE_ROW,
    NODE_COMMA_ROW
};

#define NODES_MAX 4096
#define NODE_MAX  16

struct node {
    enum node_kind kind;
    span           text;
    unsigned       count, child[NODE_MAX], used;
};

static struct node node[NODES_MAX];
static unsigned    node_count;
static struct {
    span     name;
    unsigned node;
    bool     special;
} production[128];
static unsigned production_count;
static span     rest;

static unsigned node_new(enum node_kind kind)
{
    assert_true(node_count < NODES_MAX);
    node[node_count] = (struct node){.kind = kind};
    return node_count++;
}

static void node_add(unsigned to, unsigned child)
{
    assert_true(node[to].count < NODE_MAX);
    node[to].child[node[to].count++] = child;
}

static void blanks_skip(void)
{
    rest = span_trim(rest);
    while (span_starts(rest, SPAN_LIT("(*"))) {
        const uint8_t *end = memmem(rest.ptr, rest.len, "*)", 2);
        assert_non_null(end);
        rest = span_trim((span){end + 2, (size_t)(rest.ptr + rest.len - end - 2)});
    }
}

static bool take(const char *sign)
{
    blanks_skip();
    if (!span_starts(rest, span_text(sign))) {
        return false;
    }
    rest = (span){rest.ptr + strlen(sign), rest.len - strlen(sign)};
    return true;
}

static unsigned read_either(void);

static unsigned read_bracket(enum node_kind kind, const char *close)
{
    unsigned n = node_new(kind);
    node_add(n, read_either());
    assert_true(take(close));
    return n;
}

static unsigned read_item(void)
{
    blanks_skip();
    if (take("(")) {
        unsigned inner = read_either();
        assert_true(take(")"));
        return inner;
    }
    if (take("[")) {
        return read_bracket(NODE_MAYBE, "]");
    }
    if (take("{")) {
        return read_bracket(NODE_MANY, "}");
    }
    if (take("\"")) {
        unsigned n = node_new(NODE_WORD);
        node[n].text = span_cut(&rest, '"');
        return n;
    }
    size_t len = strcspn((const char *)rest.ptr, " ,;|&()[]{}\n");
    assert_true(len > 0);
    unsigned n = node_new(NODE_NAME);
    node[n].text = (span){rest.ptr, len};
    rest = (span){rest.ptr + len, rest.len - len};
    return n;
}

static unsigned read_list(void)
{
    unsigned n = node_new(NODE_LIST);
    do {
        node_add(n, read_item());
    } while (take(","));
    return n;
}

static unsigned read_either(void)
{
    unsigned n = node_new(NODE_EITHER);
    node_add(n, read_list());
    for (;;) {
        if (take("|")) {
            node_add(n, read_list());
        } else if (take("&,")) {
            node[n].kind = NODE_COMMA_ROW;
            node_add(n, read_list());
        } else if (take("&")) {
            node[n].kind = NODE_ROW;
            node_add(n, read_list());
        } else {
            return n;
        }
    }
}

static int read_grammar(void **state)
{
    (void)state;
    FILE *f = fopen("docs/format/agreement-grammar.ebnf", "rb");
    if (f == NULL) {
        return -1;
    }
    size_t len = fread(file, 1, sizeof file - 1, f);
    (void)fclose(f);
    grammar_text = rest = (span){(const uint8_t *)file, len};
    for (blanks_skip(); rest.len > 0; blanks_skip()) {
        span  *name = &production[production_count].name;
        size_t len_name = strcspn((const char *)rest.ptr, " =");
        *name = (span){rest.ptr, len_name};
        rest = (span){rest.ptr + len_name, rest.len - len_name};
        assert_true(take("="));
        production[production_count].special = take("?");
        if (production[production_count].special) {
            (void)span_cut(&rest, '?');
        } else {
            production[production_count].node = read_either();
        }
        assert_true(take(";"));
        production_count++;
    }
    return 0;
}

/* ---- a writer of sentences ---- */

static uint64_t seed = 88172645463325252u;

static unsigned roll(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % below);
}

/* One of each class of words; several where they look different. */
static const struct {
    const char *name, *word[4];
} example[] = {
    {"NEWLINE", {"\n"}},
    {"INDENT", {"    "}},
    {"DEEPER", {"        ", "      ", "      \t"}},
    {"STRING", {"\"x, y\"", "\"\"", "\"기밀 정보\""}},
    {"TITLE", {"\"x, y\"", "\"\"", "\"기밀 정보\""}},
    {"NAME", {"A", "EAST-SEA", "T.1", "within"}},
    {"PARTY", {"KOR", "JPN"}},
    {"TOPIC", {"dprk-missile", "any", "MISSILES"}},
    {"DISCIPLINE", {"radar", "human", "any"}},
    {"KIND", {"track", "report", "any", "radar"}},
    {"LEVEL", {"KOR:II", "JPN:GOKUHI", "SECRETS"}},
    {"GIVING", {"release", "disclose"}},
    {"PRECEDENCE", {"FLASH", "ROUTINE"}},
    {"NEED", {"clearance", "assurance"}},
    {"FIELD", {"source", "height", "identity"}},
    {"DATE", {"2016-11-23", "2026-08-31"}},
    {"HOUR", {"09:00", "24:00"}},
    {"NUMBER", {"1", "24", "10"}},
    {"TIME-UNIT", {"hours", "s", "day"}},
    {"LENGTH-UNIT", {"km", "m", "NM"}},
    {"LATITUDE", {"38.5N", "0S"}},
    {"LONGITUDE", {"128.4E", "179.9999999W"}},
};

static uint8_t       text[1 << 16];
static struct writer w;
static unsigned      word_start[4096], word_len[4096], word_count;
static bool          word_fixed[4096];

static void put_example(span class)
{
    for (size_t i = 0; i < ARRAY_LEN(example); i++) {
        if (span_is(class, example[i].name)) {
            unsigned count = 0;
            while (count < 4 && example[i].word[count] != NULL) {
                count++;
            }
            put_text(&w, example[i].word[roll(count)]);
            put_text(&w, class.ptr[0] == 'N' && span_is(class, "NEWLINE") ? "" : " ");
            return;
        }
    }
    print_message("no example of %.*s\n", (int)class.len, (const char *)class.ptr);
    fail();
}

static void generate(unsigned n);

static void generate_name(span name)
{
    for (unsigned i = 0; i < production_count; i++) {
        if (span_equal(production[i].name, name)) {
            if (production[i].special) {
                put_example(name);
            } else {
                generate(production[i].node);
            }
            return;
        }
    }
    print_message("no production %.*s\n", (int)name.len, (const char *)name.ptr);
    fail();
}

static void generate_row(const struct node *n)
{
    unsigned order[NODE_MAX], left = n->count, want = 1 + roll(n->count);
    for (unsigned i = 0; i < n->count; i++) {
        order[i] = n->child[i];
    }
    for (unsigned i = 0; left > 0 && (i < want || n->kind == NODE_ROW); i++) {
        unsigned k = roll(left);
        put_text(&w, i > 0 && n->kind == NODE_COMMA_ROW ? ", " : "");
        generate(order[k]);
        order[k] = order[--left];
    }
}

static void generate_word(const struct node *n)
{
    assert_true(word_count < ARRAY_LEN(word_start));
    word_fixed[word_count] = n->text.ptr[0] >= 'A';
    word_start[word_count] = (unsigned)w.len;
    word_len[word_count++] = (unsigned)n->text.len;
    put_span(&w, n->text);
    put_text(&w, " ");
}

static void generate(unsigned at)
{
    struct node *n = &node[at];
    n->used++;
    switch (n->kind) {
    case NODE_WORD:
        generate_word(n);
        break;
    case NODE_NAME:
        generate_name(n->text);
        break;
    case NODE_LIST:
        for (unsigned i = 0; i < n->count; i++) {
            generate(n->child[i]);
        }
        break;
    case NODE_EITHER:
        generate(n->child[roll(n->count)]);
        break;
    case NODE_MANY:
        for (unsigned i = roll(4); i > 0; i--) {
            generate(n->child[0]);
        }
        break;
    case NODE_MAYBE:
        if (roll(2) == 0) {
            generate(n->child[0]);
        }
        break;
    case NODE_ROW:
    case NODE_COMMA_ROW:
        generate_row(n);
        break;
    }
}

static bool sentence(const char *start)
{
    w = WRITER_OF(text);
    word_count = 0;
    generate_name(span_text(start));
    text_max = w.len > text_max ? w.len : text_max;
    return !w.bad;
}

/* ---- the tests ---- */

static struct tree        tree;
static struct diagnostics d;

static bool parses(span s)
{
    d.count = d.errors = d.left_out = 0;
    return !err_is(parse(s, &tree, &d));
}

static void the_file_is_the_parsers_own_grammar(void **state)
{
    (void)state;
    static char   buf[EBNF_MAX];
    struct writer own = WRITER_OF(buf);
    language_ebnf(&own);
    assert_false(own.bad);
    if (!span_equal(writer_span(&own), grammar_text)) {
        print_message("docs/format/agreement-grammar.ebnf is old: write `accord agreement grammar` "
                      "into it\n");
    }
    assert_true(span_equal(writer_span(&own), grammar_text));
}

static void every_production_generates_what_is_parsed(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 4000; round++) {
        assert_true(sentence("text"));
        if (!parses(writer_span(&w))) {
            print_message("%.*s\n%u:%u %s\n", (int)w.len, (const char *)w.ptr, d.item[0].at.line,
                          d.item[0].at.column, d.item[0].sentence);
        }
        assert_int_equal(d.errors, 0);
    }
    for (unsigned i = 0; i < node_count; i++) {
        if (node[i].used == 0) {
            print_message("never generated: %.*s\n", (int)node[i].text.len,
                          (const char *)node[i].text.ptr);
        }
        assert_true(node[i].used > 0);
    }
}

static span changed(span head, const char *put, span tail)
{
    static uint8_t buf[1 << 16];
    struct writer  v = WRITER_OF(buf);
    put_span(&v, head);
    put_text(&v, put);
    put_span(&v, tail);
    assert_false(v.bad);
    return writer_span(&v);
}

/* One word of a form left out, said twice, or put in place of another: no text any more. */
static void a_word_less_or_another_is_refused(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (unsigned round = 0; round < 3000; round++) {
        assert_true(sentence("text"));
        for (unsigned i = 0; i < word_count; i++) {
            bool may_go = word_fixed[i];
            span head = {text, word_start[i]};
            span own = {text + word_start[i], word_len[i]};
            span tail = {own.ptr + own.len, w.len - word_start[i] - own.len};
            if (roll(word_count) > 2 || !may_go) {
                continue;
            }
            const char *other = span_is(own, "the") ? " may " : " the ";
            assert_false(parses(changed(head, other, tail)));
            refused++;
        }
    }
    assert_true(refused > 1000);
}

static void a_word_too_many_is_refused(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        assert_true(sentence("text"));
        span     all = writer_span(&w);
        unsigned line = 1 + roll(20), at = 0;
        for (unsigned k = 0; at < all.len && k < line; at++) {
            k += all.ptr[at] == '\n';
        }
        if (at < 2 || at > all.len || all.ptr[at - 1] != '\n') {
            continue;
        }
        span head = {all.ptr, at - 1}, tail = {all.ptr + at - 1, all.len - at + 1};
        assert_false(parses(changed(head, "the", tail)));
        assert_false(parses(changed(head, "=", tail)));
        assert_false(parses(changed(head, ",", tail)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_the_parsers_own_grammar),
        cmocka_unit_test(every_production_generates_what_is_parsed),
        cmocka_unit_test(a_word_less_or_another_is_refused),
        cmocka_unit_test(a_word_too_many_is_refused),
    };
    return cmocka_run_group_tests(tests, read_grammar, NULL);
}
