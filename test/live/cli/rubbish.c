/* SPDX-License-Identifier: Apache-2.0 */
/* Bad values by the real program: each is refused with a sentence, in bounded time and memory. */
#include "live/cli/program.h"

/* What one run may take; a sanitizer keeps what was freed, half a gigabyte of the long stream */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#define IS_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_SANITIZED 0
#endif
#define CPU_MS_MAX      (IS_SANITIZED ? 60000 : 20000)
#define PEAK_KIB_MAX    (IS_SANITIZED ? 1 << 20 : 64 << 10)
#define STREAM_LINES    1000000
#define CONFIDENTIALITY "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
#define ROOT            "<originatorConfidentialityLabel xmlns=\"" CONFIDENTIALITY "\">"
#define INFORMATION     "<ConfidentialityInformation><PolicyIdentifier>KOR</PolicyIdentifier>"
#define ISM             "xmlns:ism=\"urn:us:gov:ic:ism\" ism:ownerProducer=\"USA\" "

/* bad - how a value is made
 *
 * head, many, times, tail   head, then many so many times, then tail; len: of head, where it has a NUL in it
 * from    NULL: guessed
 * why     a part of what is said */
static const struct bad {
    const char *name, *from, *head;
    size_t      len;
    const char *many;
    size_t      times;
    const char *tail, *why;
} bads[] = {
    {"100 MB of XML", NULL, ROOT, 0, "0123456789", 10000000, "", "longer than 4 MiB"},
    {"a label of 1 MB", NULL, ROOT, 0, " ", 1000000, "</originatorConfidentialityLabel>",
     "longer than 256 KiB"},
    {"1,000,000 elements in each other", "ism-xml", "", 0, "<a>", 1000000, "", "64 deep"},
    {"the same, guessed", NULL, "", 0, "<a>", 1000000, "", "XML of no namespace"},
    {"the same, as a label", NULL, ROOT, 0, "<a>", 1000, "", "32 in each other"},
    {"many elements", NULL, ROOT, 0, "<a/>", 5000, "", "4,096 elements"},
    {"an entity bomb", NULL,
     "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">]>" ROOT, 0,
     "&b;", 1000, "</originatorConfidentialityLabel>", "DOCTYPE"},
    {"the same of ISM", "ism-xml",
     "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><x " ISM "ism:classification=\"&a;\"/>", 0, "", 0,
     "", "DOCTYPE"},
    {"an external entity", "ism-xml",
     "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>", 0, "", 0, "", "DOCTYPE"},
    {"an entity of nobody", NULL, ROOT "&e;</originatorConfidentialityLabel>", 0, "", 0, "",
     "entit"},
    {"UTF-16", "stanag4774", "\xff\xfe<\0o\0/\0>\0", 10, "", 0, "", "UTF-16"},
    {"a NUL", "stanag4774", ROOT "\0</originatorConfidentialityLabel>", sizeof ROOT + 33, "", 0, "",
     " "},
    {"bad UTF-8", "stanag4774", ROOT INFORMATION "\xc0\xaf", 0, "", 0, "", "UTF-8"},
    {"an attribute twice", "ism-xml", "<x " ISM "ism:ownerProducer=\"USA\"/>", 0, "", 0, "", " "},
    {"an attribute twice in a label", NULL,
     "<originatorConfidentialityLabel xmlns=\"" CONFIDENTIALITY "\" Id=\"a\" Id=\"b\"/>", 0, "", 0,
     "", "twice"},
    {"an unknown namespace", NULL, "<x xmlns=\"urn:nobody:knows\"/>", 0, "", 0, "",
     "XML of no namespace"},
    {"an unknown policy", NULL,
     ROOT "<ConfidentialityInformation><PolicyIdentifier>XYZ</PolicyIdentifier><Classification>S"
          "</Classification></ConfidentialityInformation><CreationDateTime>2026-11-22T00:00:00Z"
          "</CreationDateTime></originatorConfidentialityLabel>",
     0, "", 0, "", "XYZ"},
    {"a value outside the policy", NULL,
     ROOT INFORMATION "<Classification>COSMIC</Classification></ConfidentialityInformation>"
                      "<CreationDateTime>2026-11-22T00:00:00Z</CreationDateTime>"
                      "</originatorConfidentialityLabel>",
     0, "", 0, "", "COSMIC"},
    {"JSON in itself", "ztdf", "", 0, "[", 200000, "", "32 in each other"},
    {"JSON with a member twice", "ztdf", "{\"id\": \"a\", \"id\": \"b\"}", 0, "", 0, "",
     "two members of an object have one name"},
    {"JSON of no form", NULL, "{\"a\": 1}", 0, "", 0, "", "JSON without a member"},
    {"a banner of 1 MB", "banner", "SECRET//REL TO USA", 0, ", JPN", 200000, "", " "},
    {"hexadecimal digits of 3 MB", "nitf", "", 0, "4e", 1500000, "", "NITF"},
    {"hexadecimal digits of nothing", "ess", "3106020104", 0, "", 0, "", " "},
    {"nothing", NULL, "", 0, "", 0, "", "nothing to read"},
};

static void within(const char *name, const struct ran *ran)
{
    print_message("# %-34s status %d, %ld ms, %ld KiB: %.120s\n", name, ran->status, ran->cpu_ms,
                  ran->peak_kib, ran->notes);
    assert_true(ran->cpu_ms < CPU_MS_MAX);
    assert_true(ran->peak_kib < PEAK_KIB_MAX);
}

static void each_is_refused_with_a_sentence(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        const struct bad *b = &bads[i];
        FILE             *in = scratch(), *out = scratch();
        (void)fwrite(b->head, 1, b->len > 0 ? b->len : strlen(b->head), in);
        for (size_t k = 0; k < b->times; k++) {
            (void)fputs(b->many, in);
        }
        (void)fputs(b->tail, in);
        const char *words[] = {"marking", "parse", b->from == NULL ? NULL : "--from", b->from,
                               NULL};
        struct ran  ran = program_run(words, in, out);
        bool        good = ran.status == 1 && strstr(ran.notes, b->why) != NULL &&
                    strncmp(ran.notes, "accord: ", 8) == 0 && fgetc(out) == EOF;
        within(b->name, &ran);
        wrong += good ? 0 : 1;
        if (!good) {
            print_message("not as it should be: %s\n", b->name);
        }
        (void)fclose(in);
        (void)fclose(out);
    }
    assert_int_equal(wrong, 0);
}

/* ---- a stream ---- */

/* Of ten lines six are rubbish of different kinds */
static const char *const kinds[] = {
    "{\"value\":\"TLP:RED\"}",
    "rubbish",
    "{\"value\":\"SECRET//REL TO USA, JPN\"}",
    "{\"value\":\"SECRET//REL\"}",
    "{\"value\":\"TLP:GREEN\",\"lang\":\"ko\"}",
    "{\"value\":\"TLP:GREEN\",\"lang\":\"xx\"}",
    "{\"value\":1,\"value\":2}",
    "{\"value\":\"KOR:II of KOR about dprk-missile from radar to JPN,USA\"}",
    "[[[[[[[[",
    "\x01\xff\xfe",
};
#define KINDS      (sizeof kinds / sizeof kinds[0])
#define KINDS_GOOD 4

static void a_stream_goes_on_and_counts(void **state)
{
    FILE  *in = scratch(), *out = scratch();
    size_t lines = 0, good = 0, max = 0;
    char  *text = NULL, count[128];
    (void)state;
    for (size_t i = 0; i < STREAM_LINES; i++) {
        (void)fputs(kinds[i % KINDS], in);
        (void)fputc('\n', in);
    }
    struct ran ran =
        program_run((const char *const[]){"marking", "parse", "--lines", NULL}, in, out);
    while (getline(&text, &max, out) > 0) {
        (void)snprintf(count, sizeof count, "{\"line\":%zu,", ++lines);
        assert_true(strncmp(text, count, strlen(count)) == 0);
        good += strstr(text, "\"error\":") == NULL ? 1 : 0;
    }
    free(text);
    within("a stream of 1,000,000 lines", &ran);
    (void)snprintf(count, sizeof count, "lines were refused (%zu of %d, held 0)",
                   STREAM_LINES / KINDS * (KINDS - KINDS_GOOD), STREAM_LINES);
    assert_int_equal(ran.status, 1);
    assert_non_null(strstr(ran.notes, count));
    assert_int_equal(lines, STREAM_LINES);
    assert_int_equal(good, STREAM_LINES / KINDS * KINDS_GOOD);
    (void)fclose(in);
    (void)fclose(out);
}

/* One that is too long, one with too many parts, one deep: and the one behind them is answered */
static void a_huge_line_ends_no_stream(void **state)
{
    static const struct {
        const char *head, *many;
        size_t      times;
        const char *tail, *why;
    } huge[] = {
        {"{\"value\":\"", "0123456789", 10000000, "\"}", "longer than 8 MiB"},
        {"{\"value\":\"", "0123456789", 600000, "\"}", "longer than 4 MiB"},
        {"{\"values\":[", "1,", 1000000, "1]}", "more than 256 parts"},
        {"", "[", 1000000, "", "more than 256 parts"},
        {"{\"values\":[", "\"TLP:RED\",", 64, "\"TLP:RED\"]}", "more values on a line than 64"},
    };
    FILE  *in = scratch(), *out = scratch();
    char  *text = NULL;
    size_t max = 0;
    (void)state;
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        (void)fputs(huge[i].head, in);
        for (size_t k = 0; k < huge[i].times; k++) {
            (void)fputs(huge[i].many, in);
        }
        (void)fprintf(in, "%s\n{\"value\":\"TLP:RED\"}\n", huge[i].tail);
    }
    struct ran ran =
        program_run((const char *const[]){"marking", "parse", "--lines", NULL}, in, out);
    within("huge lines", &ran);
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        assert_true(getline(&text, &max, out) > 0);
        if (strstr(text, huge[i].why) == NULL) {
            print_message("%s: %.300s\n", huge[i].why, text);
            fail();
        }
        assert_true(getline(&text, &max, out) > 0 && strstr(text, "\"valid\":true") != NULL);
    }
    free(text);
    (void)fclose(in);
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_refused_with_a_sentence),
        cmocka_unit_test(a_stream_goes_on_and_counts),
        cmocka_unit_test(a_huge_line_ends_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
