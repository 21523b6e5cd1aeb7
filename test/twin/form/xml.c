/* SPDX-License-Identifier: Apache-2.0 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"
#include "form/xml.h"
#include "law/label/generate.h"

/* Our reader of XML against expat: what ours takes, expat takes, and both say the same; what expat takes and
 * ours does not is one of the things that ours refuses by name. */

#define ROUNDS   200000
#define DUMP_MAX (1 << 18)

static struct xml xml;
static uint8_t    ours[DUMP_MAX], theirs[DUMP_MAX];

/* A document as one text: name, attributes and what an element without elements has in it */
static void dump_start(struct writer *w, span space, span called)
{
    put_text(w, "(");
    put_span(w, space);
    put_text(w, "|");
    put_span(w, called);
}

static void dump_ours(const struct xml_node *n, struct writer *w)
{
    dump_start(w, n->space, n->name);
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        const struct xml_attribute *a = &xml.attribute[i];
        put_text(w, "@");
        put_span(w, a->space);
        put_text(w, "|");
        put_span(w, a->name);
        put_text(w, "=");
        put_span(w, a->value);
    }
    put_text(w, ">");
    put_span(w, n->text);
    for (const struct xml_node *c = xml_first(&xml, n); c != NULL; c = xml_next(&xml, c)) {
        dump_ours(c, w);
    }
    put_text(w, ")");
}

struct expat_dump {
    struct writer w;
    size_t        text_from; /* of the innermost element's text, 0 when it has had an element */
    bool          special;   /* DOCTYPE, processing instruction or CDATA section */
};

/* "space|name", or "name" */
static void put_split(struct writer *w, const char *called)
{
    if (strchr(called, '|') == NULL) {
        put_text(w, "|");
    }
    put_text(w, called);
}

static void start(void *data, const XML_Char *called, const XML_Char **attribute)
{
    struct expat_dump *d = data;
    if (d->text_from > 0) {
        d->w.len = d->text_from;
    }
    put_text(&d->w, "(");
    put_split(&d->w, called);
    for (; *attribute != NULL; attribute += 2) {
        put_text(&d->w, "@");
        put_split(&d->w, attribute[0]);
        put_text(&d->w, "=");
        put_text(&d->w, attribute[1]);
    }
    put_text(&d->w, ">");
    d->text_from = d->w.len;
}

static void end(void *data, const XML_Char *called)
{
    struct expat_dump *d = data;
    (void)called;
    put_text(&d->w, ")");
    d->text_from = 0;
}

static void text(void *data, const XML_Char *s, int len)
{
    struct expat_dump *d = data;
    if (d->text_from > 0) {
        put_span(&d->w, (span){(const uint8_t *)s, (size_t)len});
    }
}

static void on_instruction(void *data, const XML_Char *target, const XML_Char *s)
{
    (void)target, (void)s;
    ((struct expat_dump *)data)->special = true;
}

static void on_cdata(void *data)
{
    ((struct expat_dump *)data)->special = true;
}

static void on_doctype(void *data, const XML_Char *n, const XML_Char *s, const XML_Char *p,
                       int subset)
{
    (void)n, (void)s, (void)p, (void)subset;
    ((struct expat_dump *)data)->special = true;
}

static bool expat_takes(XML_Parser p, span in, struct expat_dump *d)
{
    *d = (struct expat_dump){.w = WRITER_OF(theirs)};
    MUST(XML_ParserReset(p, NULL));
    XML_SetUserData(p, d);
    XML_SetElementHandler(p, start, end);
    XML_SetCharacterDataHandler(p, text);
    XML_SetProcessingInstructionHandler(p, on_instruction);
    XML_SetStartCdataSectionHandler(p, on_cdata);
    XML_SetStartDoctypeDeclHandler(p, on_doctype);
    return XML_Parse(p, (const char *)in.ptr, (int)in.len, XML_TRUE) == XML_STATUS_OK;
}

/* Sentences of what ours refuses although it is XML */
static bool by_design(const char *why)
{
    static const char *const named[] = {
        "ASCII",       "UTF-8", "DOCTYPE", "CDATA", "processing instruction",
        "cannot have", "4,096", "64",      "32"};
    for (size_t i = 0; i < ARRAY_LEN(named); i++) {
        if (strstr(why, named[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static unsigned both, only_expat;

static void compare(XML_Parser p, span in)
{
    struct form_problem problem = {0};
    struct expat_dump   d;
    struct writer       w = WRITER_OF(ours);
    bool                taken = !err_is(xml_read(&xml, in, &problem));
    bool                theirs_too = expat_takes(p, in, &d);
    if (taken) {
        dump_ours(&xml.node[0], &w);
    }
    bool good = taken ? theirs_too && span_equal(writer_span(&w), writer_span(&d.w)) && !d.special
                      : problem.why != NULL && (!theirs_too || d.special || by_design(problem.why));
    if (!good) {
        print_error("'" SPAN_FMT "'\nours: %s '" SPAN_FMT "'\nexpat: %d '" SPAN_FMT "'\n",
                    SPAN_ARG(in), taken ? "takes it" : problem.why, SPAN_ARG(writer_span(&w)),
                    theirs_too, SPAN_ARG(writer_span(&d.w)));
    }
    assert_true(good);
    both += taken && theirs_too;
    only_expat += !taken && theirs_too;
}

static const char *const seeds[] = {
    "<?xml version=\"1.0\" encoding='UTF-8' standalone=\"yes\"?><!-- c --><a:x xmlns:a='u' b=\"1\" "
    "a:b='2'>"
    "<y xmlns='v'>t&amp;&#x41;&#66;\r\n</y> <a:z/></a:x> ",
    "<l xmlns=\"urn:nato\" Id=\"i\"><P URI='urn:oid:1.1'>NATO</P><C Type=\"R\" T=\"a b\"><G>J &lt; "
    "\xed\x95\x9c"
    "</G><!--x--><G>a<!--b-->c</G></C><D>2026</D></l>",
    "<m><b>x]]&gt;y</b><s xmlns='s'><d f='&quot;&#9;\n'/><k xmlns=''/></s></m>",
    "<a xml:lang='en' xmlns:p='q'><p:b p:c='' c=''></p:b>\n</a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "<a><![CDATA[x]]><?pi y?></a>",
};

/* Pieces that change the meaning where they are put in */
static const char *const pieces[] = {
    "<",           ">",     "/",    "&",        "'",    "\"",       "=",
    " ",           "\n",    "]]>",  "xmlns=''", "<!--", "-->",      "&amp;",
    "&#0;",        ":",     "\r",   "<b/>",     "\x01", "\xc3\xa9", "\xed\xa0\x80",
    "xmlns:p='u'", "a='1'", "&lt;", "]"};

static size_t changed(struct dice *d, uint8_t *buf, size_t len, size_t max)
{
    for (unsigned n = 1 + dice_below(d, 3); n > 0; n--) {
        const char *piece = pieces[dice_below(d, ARRAY_LEN(pieces))];
        size_t      at = dice_below(d, (unsigned)len), put = strlen(piece);
        size_t      cut = dice_below(d, 3) == 0 ? dice_below(d, 4) : 0;
        cut = cut > len - at ? len - at : cut;
        put = dice_below(d, 4) == 0 || len - cut + put > max ? 0 : put;
        memmove(buf + at + put, buf + at + cut, len - at - cut);
        memcpy(buf + at, piece, put);
        len = len - cut + put;
        if (len == 0) {
            return 0;
        }
    }
    return len;
}

static void ours_says_what_expat_says(void **state)
{
    (void)state;
    XML_Parser  p = XML_ParserCreateNS(NULL, '|');
    struct dice d = {4774};
    uint8_t     buf[1024];
    assert_non_null(p);
    for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
        compare(p, span_text(seeds[i]));
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        const char *seed = seeds[dice_below(&d, ARRAY_LEN(seeds))];
        size_t      len = strlen(seed);
        memcpy(buf, seed, len);
        len = changed(&d, buf, len, sizeof buf);
        compare(p, (span){buf, len});
    }
    XML_ParserFree(p);
    print_message(
        "%u documents are taken by both and say the same, %u by expat alone and by design\n", both,
        only_expat);
    assert_true(both > 10000);
}

int main(void)
{
    const struct CMUnitTest all[] = {cmocka_unit_test(ours_says_what_expat_says)};
    return cmocka_run_group_tests(all, NULL, NULL);
}
