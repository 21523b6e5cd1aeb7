/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/binding/ground.h"

#include "cmocka_all.h"

#define BORDER_OK(e)                                                                               \
    do {                                                                                           \
        err border_err_ = (e);                                                                     \
        if (err_is(border_err_)) {                                                                 \
            fail_msg("%s (%s, line %u)", border_err_.why, reader.problem.value,                    \
                     reader.problem.line);                                                         \
        }                                                                                          \
    } while (0)

#define CONTENT  SPAN_LIT("a picture of a launcher")
#define DOCUMENT "<report xmlns=\"urn:x\" Id=\"top\"><a Id=\"one\">x &amp; y</a><b>z</b></report>"

static span detached(const struct signer *s)
{
    struct binding b = three_labels(s);
    span           out = {0};
    file_put(&b, "picture 1.png", CONTENT);
    file_put(&b, "note.txt", SPAN_LIT("note"));
    BORDER_OK(write_with(&b, "", s == NULL ? (span){0} : s->key, &out));
    return out;
}

static span embedded(const struct signer *s, const char *uri)
{
    struct binding b = three_labels(s);
    span           out = {0};
    place_put(&b, uri);
    BORDER_OK(write_with(&b, DOCUMENT, s == NULL ? (span){0} : s->key, &out));
    return out;
}

static void labels_come_back(const struct binding *b)
{
    struct binding as = three_labels(NULL);
    assert_int_equal(b->label_count, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(records_equal(&b->label[i].record, &as.label[i].record));
    }
}

static void a_detached_binding_comes_back(void **state)
{
    struct binding b;
    (void)state;
    BORDER_OK(verify_with(detached(signer()), signer(), &b));
    labels_come_back(&b);
    assert_true(b.is_signed && b.signed_at == SIGNED_AT && b.form == BINDING_DETACHED);
    assert_int_equal(b.data_count, 2);
    assert_string_equal(b.data[0].name, "picture 1.png");
    assert_string_equal(b.data[0].uri, "picture%201.png");
    BORDER_OK(binding_data_check(&b.data[0], CONTENT));
    assert_int_equal(binding_data_check(&b.data[1], CONTENT).code, ERR_FORGED);
    BORDER_OK(verify_with(detached(signer_p256()), signer_p256(), &b));
    labels_come_back(&b);
}

static void an_embedded_binding_comes_back(void **state)
{
    struct binding b;
    (void)state;
    BORDER_OK(verify_with(embedded(signer(), ""), signer(), &b));
    labels_come_back(&b);
    assert_true(b.form == BINDING_EMBEDDED && b.data_count == 1 && b.data[0].uri[0] == 0);
    span all = embedded(signer_p256(), "#one");
    BORDER_OK(verify_with(all, signer_p256(), &b));
    assert_string_equal(b.data[0].uri, "#one");
    size_t until = strlen(DOCUMENT) - strlen("</report>");
    assert_memory_equal(all.ptr, DOCUMENT, until);
    assert_memory_equal(all.ptr + all.len - 9, "</report>", 9);
}

static void without_a_signature_it_says_so(void **state)
{
    struct binding b;
    span           text = detached(NULL);
    (void)state;
    BORDER_OK(binding_read(&reader, text, &b));
    labels_come_back(&b);
    assert_false(b.is_signed || b.data[0].digested);
    err e = verify_with(text, signer(), &b);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the binding is not signed");
}

static void only_who_is_trusted_counts(void **state)
{
    static struct signer late;
    struct binding       b;
    (void)state;
    err e = verify_with(detached(signer()), signer_p256(), &b);
    assert_int_equal(e.code, ERR_DENIED);
    signer_of(&late, "KOR", SIGNED_AT + MS_PER_HOUR, SIGNED_AT + MS_PER_DAY);
    struct binding as = three_labels(&late);
    span           text;
    file_put(&as, "a", CONTENT);
    e = write_with(&as, "", late.key, &text);
    assert_string_equal(e.why, "it was signed when the certificate was not valid");
    struct writer        room = WRITER_OF(room_bytes);
    span                 certificate = signer()->certificate;
    struct binding_trust trust = {1, &certificate, SIGNED_AT - MS_PER_HOUR};
    e = binding_verify(&reader, detached(signer()), &trust, &room, &b);
    assert_string_equal(e.why, "it says that it was signed in the future");
    as = three_labels(signer());
    file_put(&as, "a", CONTENT);
    assert_int_equal(write_with(&as, "", signer_p256()->key, &text).code, ERR_CONFLICT);
}

/* ---- tampering ---- */

static char changed[2 * BINDING_MAX];

/* Once, in place of the first */
static span replaced(span in, const char *from, const char *to)
{
    const uint8_t *at = memmem(in.ptr, in.len, from, strlen(from));
    struct writer  w = WRITER_OF(changed);
    assert_non_null(at);
    put_span(&w, (span){in.ptr, (size_t)(at - in.ptr)});
    put_text(&w, to);
    at += strlen(from);
    put_span(&w, (span){at, (size_t)(in.ptr + in.len - at)});
    return writer_span(&w);
}

struct change {
    const char *from, *to, *why;
};

static void each_is_refused(span in, const struct change *c, size_t count)
{
    struct binding b;
    for (size_t i = 0; i < count; i++) {
        err e = verify_with(replaced(in, c[i].from, c[i].to), signer(), &b);
        if (!err_is(e) || strcmp(e.why, c[i].why) != 0) {
            fail_msg("%s -> %s: %s", c[i].from, c[i].to, err_is(e) ? e.why : "taken");
        }
    }
}

#define SIGNED_CHANGED "what was signed has been changed"
#define NOT_THIS_KEY   "the signature is not of this certificate's key"
#define ODD            "an element that is unknown, stands twice or stands before one that must come first"
#define ALGORITHM      "an algorithm that is not used in bindings"

static void what_was_changed_is_refused(void **state)
{
    static const struct change changes[] = {
        {">SECRET<", ">RESTRICTED<", SIGNED_CHANGED},
        {"accord.jpn.example", "accord.usa.example", SIGNED_CHANGED},
        {"2026-11-22T09:29:00Z", "2026-11-22T09:29:01Z", SIGNED_CHANGED},
        {"<wsu:Created>2026-11-22T09:30:00Z", "<wsu:Created>2026-11-22T09:30:01Z", SIGNED_CHANGED},
        {"<mb:DataReference URI=\"note.txt\"/>", "",
         "a Manifest has the digest of what no label is about"},
        {"<mb:DataReference URI=\"note.txt\"/>", "<mb:DataReference URI=\"./note.txt\"/>",
         "a Manifest has the digest of what no label is about"},
        {"<mb:DataReference URI=\"note.txt\"/>",
         "<mb:DataReference URI=\"note.txt\"/><mb:DataReference URI=\"more.txt\"/>",
         "the signature is not over what a label is about"},
        {"<mb:MetadataBinding Id=\"binding-1\">", "<mb:MetadataBinding Id=\"binding-2\">",
         "a signature is over what is not in the document"},
        {"<ds:Reference URI=\"#binding-1\"", "<ds:Reference URI=\"\"", ALGORITHM},
        {"<ds:Reference URI=\"#binding-time\" ", "<ds:Reference URI=\"#binding-1\" ",
         "a signature has one reference twice"},
        {"<ds:Reference URI=\"#binding-1\"", "<ds:Reference URI=\"note.txt\"",
         "a signature is over what is not in the document"},
        {"<ds:Reference URI=\"#binding-1\"", "<ds:Reference URI=\"http://127.0.0.1/\"",
         "a signature is over what is not in the document"},
        {"<ds:Reference URI=\"#binding-1\"", "<ds:Reference URI=\"#binding-signature\"",
         "a signature is over what no label is about"},
        {"xmldsig-more#ecdsa-sha384", "xmldsig-more#hmac-sha384", ALGORITHM},
        {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
         "http://www.w3.org/2000/09/xmldsig#dsa-sha1", ALGORITHM},
        {"http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2000/09/xmldsig#sha1",
         ALGORITHM},
        {"<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
         "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>", ALGORITHM},
        {"<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
         "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/>", ALGORITHM},
        {"<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
         "<ds:CanonicalizationMethod "
         "Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>",
         ALGORITHM},
        {"<ds:X509Data>", "<ds:KeyName>x</ds:KeyName><ds:X509Data>",
         "an element that is unknown, stands twice or stands before one that must come first"},
        {"<ds:KeyInfo>", "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://127.0.0.1/\"/>", ODD},
        {"</ds:Signature>", "<ds:Object/></ds:Signature>", ODD},
        {"<mb:MetadataBindingContainer>",
         "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"
         "<mb:MetadataBindingContainer>",
         "there are two signatures"},
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "<!DOCTYPE x [<!ENTITY e \"x\">]>",
         "there is a DOCTYPE"},
        {">SECRET<", ">&e;<", "an entity that XML itself does not have"},
        {"</mb:BindingInformation>", "<x/></mb:BindingInformation>", ODD},
        {"<mb:Metadata>", "<mb:Metadata>secret", "text stands where only elements may"},
        {"<mb:Metadata>", "<mb:Metadata Id=\"binding-1\">", "two elements have one Id"},
        {"<mb:Metadata>", "<mb:Metadata Id=\"a\" xml:id=\"b\">", "an element has two Ids"},
    };
    (void)state;
    span in = detached(signer());
    each_is_refused(in, changes, sizeof changes / sizeof changes[0]);
}

/* Whitespace that canonical XML does not keep is no change; comments are none either */
static void what_does_not_count_changes_nothing(void **state)
{
    struct binding b;
    (void)state;
    span in = detached(signer());
    BORDER_OK(verify_with(replaced(in, "<mb:DataReference URI=\"note.txt\"/>",
                                   "<mb:DataReference  URI='note.txt'></mb:DataReference>"),
                          signer(), &b));
    BORDER_OK(verify_with(replaced(in, ">SECRET<", "><!-- UNCLASSIFIED -->SECRET<"), signer(), &b));
    assert_int_equal(b.label[0].record.label.class, 3);
}

/* The signed MetadataBinding once more, with `from` in it made `to`, before the end of the container */
static void a_second_binding(span in, const char *const edit[][2], size_t count, const char *why)
{
    static char    text[2][16384];
    const uint8_t *from = memmem(in.ptr, in.len, "<mb:MetadataBinding ", 20);
    const uint8_t *to = memmem(in.ptr, in.len, "</mb:MetadataBindingContainer>", 30);
    assert_true(from != NULL && to != NULL && to - from < 16000);
    span one = {from, (size_t)(to - from)};
    for (size_t i = 0; i < count; i++) {
        one = replaced(one, edit[i][0], edit[i][1]);
        memcpy(text[i % 2], one.ptr, one.len);
        one.ptr = (const uint8_t *)text[i % 2];
    }
    char *all = text[count % 2];
    memcpy(all, one.ptr, one.len);
    memcpy(all + one.len, "</mb:MetadataBindingContainer>", 31);
    const struct change change = {"</mb:MetadataBindingContainer>", all, why};
    each_is_refused(in, &change, 1);
}

/* The signed binding stays where the signature finds it, and another stands where a reader may look */
static void a_wrapped_signature_is_refused(void **state)
{
    static const char *const edit[][2] = {{">SECRET<", ">RESTRICTED<"},
                                          {"\"binding-1\"", "\"binding-9\""},
                                          {"URI=\"note.txt\"", "URI=\"more.txt\""},
                                          {"picture%201.png", "picture%202.png"}};
    (void)state;
    span in = detached(signer());
    a_second_binding(in, edit, 1, "two elements have one Id");
    a_second_binding(in, edit, 2, "one object has two labels of its originator");
    a_second_binding(in, edit, 4, "the signature is not over a label");
    const struct change moved[] = {
        {"<ds:Object>", "<ds:Object><mb:MetadataBinding xmlns:mb=\"urn:x\"/>", ODD},
        {"<mb:MetadataBindingContainer>",
         "<mb:MetadataBindingContainer/><mb:MetadataBindingContainer>",
         "a container has no MetadataBinding"},
    };
    each_is_refused(in, moved, 2);
}

/* A document around the signed one: the reader looks at its top, the signature at an Id */
static void a_document_around_it_is_refused(void **state)
{
    static char    around[BINDING_MAX];
    struct binding b;
    (void)state;
    span in = embedded(signer(), "#one");
    (void)snprintf(around, sizeof around, "<report xmlns=\"urn:x\"><a Id=\"two\">%.*s</a></report>",
                   (int)in.len, (const char *)in.ptr);
    err e = verify_with(span_text(around), signer(), &b);
    assert_string_equal(e.why, "a BindingInformation is not at the top of the document");
    const struct change changes[] = {
        {"x &amp; y", "x &amp; z", SIGNED_CHANGED},
        {"<a Id=\"one\">", "<a Id=\"one\" b=\"\">", SIGNED_CHANGED},
        {"<a Id=\"one\">", "<c Id=\"one\"/><a Id=\"two\">", SIGNED_CHANGED},
        {"<a Id=\"one\">", "<c id=\"one\"/><a Id=\"one\">", "two elements have one Id"},
        {"<a Id=\"one\">", "<a>", "a data reference leads to no element beside the binding"},
    };
    each_is_refused(embedded(signer(), "#one"), changes, sizeof changes / sizeof changes[0]);
    BORDER_OK(
        verify_with(replaced(embedded(signer(), "#one"), "<b>z</b>", "<b>y</b>"), signer(), &b));
    const struct change whole[] = {{"<b>z</b>", "<b>y</b>", SIGNED_CHANGED},
                                   {">SECRET<", ">TOP SECRET<", SIGNED_CHANGED},
                                   {"</a>", "</a> ", SIGNED_CHANGED}};
    each_is_refused(embedded(signer(), ""), whole, sizeof whole / sizeof whole[0]);
}

static void a_changed_signature_is_refused(void **state)
{
    struct binding b;
    (void)state;
    span  in = detached(signer());
    char *value = (char *)memmem(in.ptr, in.len, "<ds:SignatureValue>", 19) + 19;
    *value = *value == 'A' ? 'B' : 'A';
    err e = verify_with(in, signer(), &b);
    assert_string_equal(e.why, NOT_THIS_KEY);
}

/* ---- the shape, without a signature ---- */

static void another_shape_is_refused(void **state)
{
    static const struct change changes[] = {
        {"<mb:Metadata>", "<mb:MetadataReference URI=\"x\"/><mb:Metadata>",
         "an element that is unknown, stands twice or stands before one that must come first"},
        {"<mb:DataReference URI=\"picture%201.png\"/>", "<mb:Data>x</mb:Data>",
         "data or a label in another place is not read"},
        {"<mb:DataReference URI=\"picture%201.png\"/>",
         "<mb:MetadataReference URI=\"picture%201.png\"/>",
         "data or a label in another place is not read"},
        {"<mb:DataReference URI=\"note.txt\"/>",
         "<mb:DataReference URI=\"note.txt\"/><mb:Metadata/>", ODD},
        {"<mb:DataReference URI=\"note.txt\"/>",
         "<mb:DataReference URI=\"note.txt\">x"
         "</mb:DataReference>",
         "text stands where nothing may"},
        {"<mb:DataReference URI=\"note.txt\"/>", "<mb:DataReference/>",
         "a DataReference has no URI"},
        {"URI=\"note.txt\"", "URI=\"note.txt\" role=\"x\"",
         "an attribute that a DataReference does not have"},
        {"URI=\"note.txt\"", "URI=\"../note.txt\"",
         "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"%2e%2e\"", "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"a%2Fb\"", "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"http://x/\"",
         "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"file:note.txt\"",
         "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"a%0\"", "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"a%00b\"", "a data reference is to no file beside the binding"},
        {"URI=\"note.txt\"", "URI=\"\"",
         "a detached binding is about files, an embedded one about its document"},
        {"URI=\"note.txt\"", "URI=\"./picture%201.png\"",
         "a data reference stands twice in one binding"},
        {"<mb:MetadataBindingContainer>", "<mb:MetadataBindingContainer id=\"x\">",
         "an attribute that does not belong there"},
        {"<mb:Metadata>", "<mb:Metadata/><mb:Metadata>",
         "a Metadata element has one label, no more"},
        {"urn:nato:stanag:4778:bindinginformation:1:0",
         "urn:nato:stanag:4778:bindinginformation:1:1",
         "there is no BindingInformation of STANAG 4778"},
        {"urn:nato:stanag:4774:", "urn:nato:stanag:4775:",
         "the namespace is not that of STANAG 4774"},
        {">SECRET<", ">VERY SECRET<", "a classification that the policy does not have"},
    };
    (void)state;
    span in = detached(NULL);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct binding b;
        err            e = binding_read(&reader, replaced(in, changes[i].from, changes[i].to), &b);
        if (!err_is(e) || strcmp(e.why, changes[i].why) != 0) {
            fail_msg("%s -> %s: %s", changes[i].from, changes[i].to, err_is(e) ? e.why : "taken");
        }
    }
}

/* Limits: each is refused at once, whatever stands there */
static void what_is_too_much_is_refused(void **state)
{
    static char    text[2 * BINDING_MAX];
    struct binding b;
    (void)state;
    size_t len = (size_t)snprintf(text, sizeof text, "<a xmlns:p=\"urn:%0300d\" p:x=\"\">", 0);
    (void)snprintf(text + len, sizeof text - len, "</a>");
    form_reader_init(&reader, sample_catalog(), false);
    assert_string_equal(binding_read(&reader, span_text(text), &b).why,
                        "a namespace is longer than 256 bytes");
    memset(text, ' ', BINDING_MAX + 1);
    assert_string_equal(binding_read(&reader, (span){(uint8_t *)text, BINDING_MAX + 1}, &b).why,
                        "a binding is longer than 1 MiB");
    struct binding many = three_labels(NULL);
    many.label_count = 1;
    for (unsigned i = 0; i < BINDING_DATA_MAX; i++) {
        char called[16];
        (void)snprintf(called, sizeof called, "file%u", i);
        file_put(&many, called, CONTENT);
    }
    span in;
    BORDER_OK(write_with(&many, "", (span){0}, &in));
    err e = binding_read(&reader,
                         replaced(in, "<mb:DataReference URI=\"file0\"/>",
                                  "<mb:DataReference URI=\"a\"/><mb:DataReference URI=\"b\"/>"),
                         &b);
    assert_int_equal(e.code, ERR_LIMIT);
}

/* ---- what is not written ---- */

static void nothing_is_written_that_would_be_refused(void **state)
{
    struct binding b = three_labels(NULL);
    span           out;
    (void)state;
    assert_int_equal(binding_data_name(&b.data[0], SPAN_LIT("../a")).code, ERR_MALFORMED);
    assert_int_equal(binding_data_name(&b.data[0], SPAN_LIT("..")).code, ERR_MALFORMED);
    file_put(&b, "a", CONTENT);
    file_put(&b, "a", CONTENT);
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "a data reference stands twice in one binding");
    b.data_count = 1;
    label_put(&b, LABEL_ORIGINATOR, "SAMPLE", 0);
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "one object has two labels of its originator");
    b.label_count = 1;
    label_put(&b, LABEL_ALTERNATIVE, "SAMPLE", 0);
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "an alternative label is of the policy of the originator's");
    b.label_count = 1;
    label_put(&b, LABEL_ALTERNATIVE, "TLP", 0);
    label_put(&b, LABEL_ALTERNATIVE, "TLP", 1);
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "one object has two alternative labels of a policy");
    b.label_count = 2;
    b.label[1].record.originator_type = ORIGINATOR_NONE;
    b.label[1].record.originator[0] = 0;
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "an alternative label does not name whose it is");
    b.label[0] = b.label[1];
    b.label_count = 0;
    label_put(&b, LABEL_ALTERNATIVE, "TLP", 0);
    assert_string_equal(write_with(&b, "", (span){0}, &out).why,
                        "an object has no label of its originator");
    b = three_labels(NULL);
    place_put(&b, "#none");
    assert_string_equal(write_with(&b, DOCUMENT, (span){0}, &out).why,
                        "a data reference leads to no element beside the binding");
    b.data_count = 0;
    place_put(&b, "#top");
    assert_int_equal(write_with(&b, DOCUMENT, (span){0}, &out).code, ERR_MALFORMED);
    b.data_count = 0;
    place_put(&b, "");
    assert_int_equal(write_with(&b, "<a/>", (span){0}, &out).code, ERR_MALFORMED);
    assert_string_equal(write_with(&b, "<a><b Id='binding-1'/></a>", (span){0}, &out).why,
                        "two elements have one Id");
}

/* Each byte of a signed binding, changed: never taken for another than it was */
static void no_byte_can_be_changed(void **state)
{
    static uint8_t copy[BINDING_MAX];
    struct binding b, as;
    (void)state;
    span in = embedded(signer_p256(), "");
    memcpy(copy, in.ptr, in.len);
    BORDER_OK(verify_with((span){copy, in.len}, signer_p256(), &as));
    for (size_t i = 0; i < in.len; i++) {
        copy[i] ^= 1;
        if (!err_is(verify_with((span){copy, in.len}, signer_p256(), &b))) {
            labels_come_back(&b);
            assert_int_equal(b.signed_at, as.signed_at);
            assert_string_equal(b.data[0].uri, as.data[0].uri);
        }
        copy[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detached_binding_comes_back),
        cmocka_unit_test(an_embedded_binding_comes_back),
        cmocka_unit_test(without_a_signature_it_says_so),
        cmocka_unit_test(only_who_is_trusted_counts),
        cmocka_unit_test(what_was_changed_is_refused),
        cmocka_unit_test(what_does_not_count_changes_nothing),
        cmocka_unit_test(a_wrapped_signature_is_refused),
        cmocka_unit_test(a_document_around_it_is_refused),
        cmocka_unit_test(a_changed_signature_is_refused),
        cmocka_unit_test(another_shape_is_refused),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(nothing_is_written_that_would_be_refused),
        cmocka_unit_test(no_byte_can_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
