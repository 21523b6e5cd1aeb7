/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/ntk.h"
#include "ism/rollup.h"
#include "json.h"

/* Official unit tests of need-to-know and notices.  Theirs name an error where ours leaves it to a
 * person; a test that they mark as unusable is left out by name. */
#define PARTS_MAX    4
#define MARKINGS_MAX 64

static struct ntk     parts[PARTS_MAX], whole;
static struct notices noted[PARTS_MAX], all_noted;
static struct ism     markings[MARKINGS_MAX];
static size_t         marking_count;

static const struct ism *marking_of(const json_t *object)
{
    static const char *const names[] = {"classification", "ownerProducer", "SCIcontrols",
                                        "disseminationControls"};
    struct ism_attribute     given[ARRAY_LEN(names)];
    struct ism_fault         fault = {0};
    size_t                   count = 0;
    assert_true(marking_count < MARKINGS_MAX);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (text_at(object, names[i])[0] != 0) {
            given[count++] =
                (struct ism_attribute){span_text(names[i]), span_text(text_at(object, names[i]))};
        }
    }
    assert_false(err_is(
        ism_attributes_read(vectors_groups(), given, count, &markings[marking_count], &fault)));
    return &markings[marking_count++];
}

static struct ntk_value value_of(const json_t *v)
{
    return json_is_string(v) ? (struct ntk_value){.text = span_text(json_string_value(v))}
                             : (struct ntk_value){span_text(text_at(v, "qualifier")),
                                                  span_text(text_at(v, "vocabulary")),
                                                  span_text(text_at(v, "value"))};
}

static void list_read(const json_t *list, bool group, struct ntk_profiles *out)
{
    json_t *one = NULL, *value = NULL;
    size_t  i = 0, k = 0;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
    {
        struct ntk_profile *p = &out->each[out->count++];
        assert_true(out->count <= NTK_PROFILES_MAX);
        *p = (struct ntk_profile){.marking = marking_of(one),
                                  .group = group,
                                  .policy = span_text(text_at(one, "AccessPolicy")),
                                  .des = span_text(text_at(one, "ProfileDes"))};
        json_array_foreach(json_object_get(one, group ? "AccessGroupValue" : "AccessProfileValue"),
                           k, value)
        {
            p->values[p->count++] = value_of(value);
        }
    }
}

static void profiles_read(const json_t *required, struct ntk_profiles *out)
{
    out->count = 0;
    list_read(json_object_get(required, "AccessProfileList"), false, out);
    list_read(json_object_get(required, "AccessGroupList"), true, out);
}

/* Portions that count: not excluded ones, nor what is only referred to */
static size_t parts_read(const json_t *portions)
{
    size_t  i = 0, count = 0;
    json_t *portion = NULL;
    marking_count = 0;
    json_array_foreach((json_t *)(uintptr_t)portions, i, portion)
    {
        const json_t *ntk = json_object_get(portion, "_ntk");
        if (strcmp(text_at(portion, "excludeFromRollup"), "true") == 0 ||
            strcmp(text_at(ntk, "externalReference"), "true") == 0) {
            continue;
        }
        assert_true(count < PARTS_MAX);
        profiles_read(json_object_get(ntk, "RequiresAllOf"), &parts[count].all);
        profiles_read(json_object_get(ntk, "RequiresAnyOf"), &parts[count].any);
        count++;
    }
    return count;
}

static size_t value_times(const struct ntk_profiles *set, const char *value)
{
    size_t times = 0;
    for (size_t i = 0; i < set->count; i++) {
        for (size_t k = 0; k < set->each[i].count; k++) {
            times += span_is(set->each[i].values[k].text, value) ? 1 : 0;
        }
    }
    return times;
}

static bool exactly(const struct ntk_profiles *have, const json_t *want)
{
    struct ntk_profiles theirs;
    bool                same = true;
    profiles_read(want, &theirs);
    same = theirs.count == have->count;
    for (size_t i = 0; same && i < theirs.count; i++) {
        const struct ntk_profile *a = &theirs.each[i], *b = &have->each[i];
        same = a->count == b->count && span_equal(a->policy, b->policy) && a->group == b->group &&
               span_equal(a->des, b->des);
        for (size_t k = 0; same && k < a->count; k++) {
            same = span_equal(a->values[k].text, b->values[k].text) &&
                   span_equal(a->values[k].vocabulary, b->values[k].vocabulary);
        }
    }
    return same;
}

static bool set_fits(const struct ntk_profiles *have, const json_t *want)
{
    json_t *value = NULL, *count = json_object_get(want, "profileCount");
    size_t  i = 0;
    bool    fits = count == NULL || (json_int_t)have->count == json_integer_value(count);
    json_array_foreach(json_object_get(want, "hasValue"), i, value)
    {
        fits &= (json_int_t)value_times(have, text_at(value, "value")) ==
                json_integer_value(json_object_get(value, "times"));
    }
    json_t *all = json_object_get(want, "exactly");
    return fits && (all == NULL || exactly(have, all)) &&
           (json_object_get(want, "absent") == NULL || have->count == 0);
}

static bool ntk_fits(const json_t *v)
{
    const json_t *want = json_object_get(json_object_get(v, "expect"), "ntk");
    err           e = ntk_join(parts, parts_read(json_object_get(v, "portions")), &whole);
    if (json_object_get(want, "error") != NULL) {
        print_message("  %s: theirs %s, ours: %s\n", text_at(v, "id"), text_at(want, "error"),
                      err_is(e) ? e.why : "nothing");
        return err_is(e);
    }
    const char *level = text_at(json_object_get(want, "equals"), "classification");
    struct ism  m;
    bool        fits = !err_is(e) && set_fits(&whole.all, json_object_get(want, "RequiresAllOf")) &&
                set_fits(&whole.any, json_object_get(want, "RequiresAnyOf"));
    if (json_is_true(json_object_get(want, "absent"))) {
        fits &= whole.all.count + whole.any.count == 0;
    }
    if (fits && level[0] != 0) {
        assert_false(
            err_is(ism_rollup(vectors_groups(), ISM_REGISTER, markings, marking_count, &m)));
        fits = m.level == ISM_S && strcmp(level, "S") == 0;
    }
    return fits;
}

static void notice_read(const json_t *notice, struct notices *out)
{
    struct notice *n = &out->each[out->count++];
    json_t        *text = NULL;
    size_t         i = 0;
    assert_true(out->count <= NOTICES_MAX);
    *n = (struct notice){.types = span_text(text_at(notice, "noticeType"))};
    json_array_foreach(json_object_get(notice, "NoticeText"), i, text)
    {
        n->texts[n->count].marking = marking_of(text);
        n->texts[n->count++].text = span_text(text_at(text, "text"));
    }
}

static bool notice_fits(const json_t *v)
{
    const json_t *portions = json_object_get(v, "portions"),
                 *want = json_object_get(json_object_get(v, "expect"), "noticeList");
    json_t *count = json_object_get(want, "noticeCount");
    size_t  parts_here = json_array_size(portions);
    marking_count = 0;
    for (size_t i = 0; i < parts_here; i++) {
        json_t *list = json_object_get(json_object_get(json_array_get(portions, i), "_noticeList"),
                                       "Notice"),
               *notice = NULL;
        size_t k = 0;
        assert_true(i < PARTS_MAX);
        noted[i].count = 0;
        json_array_foreach(list, k, notice)
        {
            notice_read(notice, &noted[i]);
        }
    }
    assert_false(err_is(notices_join(noted, parts_here, &all_noted)));
    const char *sci = text_at(json_object_get(want, "equals"), "SCIcontrols");
    struct ism  m;
    assert_false(err_is(ism_rollup(vectors_groups(), ISM_REGISTER, markings, marking_count, &m)));
    return (count == NULL || (json_int_t)all_noted.count == json_integer_value(count)) &&
           (sci[0] == 0 || span_is(words_span(&m.sci), sci));
}

static const char *const files[] = {"NTK-2013-Rollup", "NTK-AnyOf-Rollup", "OC-NTKRollup",
                                    "NoticeRollup"};

static void requirements_and_notices(void **state)
{
    (void)state;
    unsigned there = 0, same = 0, unusable = 0;
    for (size_t f = 0; f < ARRAY_LEN(files); f++) {
        char path[128];
        (void)snprintf(path, sizeof path, "ism-rollup/rollup/%s.json", files[f]);
        json_t *all = vectors_of(path), *v = NULL;
        size_t  i = 0;
        json_array_foreach(json_object_get(all, "vectors"), i, v)
        {
            bool ntk = strcmp(text_at(v, "kind"), "ntk") == 0;
            if (!ntk && strcmp(text_at(v, "kind"), "notice") != 0) {
                continue;
            }
            there++;
            if (json_is_false(json_object_get(v, "usable"))) {
                print_message("  %s left out: %s\n", text_at(v, "id"), text_at(v, "note"));
                unusable++;
                continue;
            }
            bool fits = ntk ? ntk_fits(v) : notice_fits(v);
            if (!fits) {
                print_message("  %s differs\n", text_at(v, "id"));
            }
            assert_true(fits);
            same++;
        }
        json_decref(all);
    }
    print_message(
        "%u of %u need-to-know and notice vectors as theirs, %u that they mark unusable\n", same,
        there, unusable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(requirements_and_notices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
