/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

static const char *const title_languages[TITLE_COUNT] = {
    [TITLE_EN] = "en", [TITLE_KO] = "ko", [TITLE_JA] = "ja"};

static err title_read(struct spif *s, const xmlNode *marking, struct policy_level *l)
{
    const xmlNode *code = node_first(marking, "code");
    unsigned       t = 0;
    s->at = marking;
    while (t < TITLE_COUNT && !span_is(node_attribute(marking, "lang"), title_languages[t])) {
        t++;
    }
    if (t == TITLE_COUNT || l->title[t][0] != 0) {
        return FAIL(MALFORMED, "a level has one marking each in en, ko and ja");
    }
    TRY(part_line(node_attribute(marking, "phrase"), l->title[t], sizeof l->title[t]));
    if (code == NULL || node_next(code) != NULL) {
        return FAIL(MALFORMED, "a marking has one code");
    }
    if (span_is(node_text(code), "documentStart")) {
        return OK;
    }
    if (!span_is(node_text(code), "pageTopBottom") || l->banner[0] != 0) {
        return FAIL(MALFORMED, "one marking of a level is pageTopBottom, the others documentStart");
    }
    memcpy(l->banner, l->title[t], sizeof l->banner);
    return OK;
}

static err group_read(struct spif *s, const xmlNode *group, struct policy_level *l)
{
    uint16_t lacv = 0;
    TRY(part_number(s, group, "lacv", &lacv));
    if (!span_is(node_attribute(group, "tagSetRef"), "Caveats") ||
        !part_type(group, "restrictive")) {
        return FAIL(MALFORMED, "a level may require caveats only");
    }
    for (unsigned i = 0; i < s->policy->caveat_count; i++) {
        if (s->policy->caveat[i].lacv == lacv) {
            l->caveats_required |= set_one(i);
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a level requires a caveat that is not defined");
}

static err required_read(struct spif *s, const xmlNode *required, struct policy_level *l)
{
    s->at = required;
    if (!span_is(node_attribute(required, "operation"), "all")) {
        return FAIL(MALFORMED, "of what a level requires, all is required: no other operation");
    }
    for (const xmlNode *g = node_first(required, "categoryGroup"); g != NULL; g = node_next(g)) {
        TRY(group_read(s, g, l));
    }
    return OK;
}

static err color_read(span text, uint32_t *out)
{
    uint8_t rgb[3], digit[6];
    if (text.len != 7 || text.ptr[0] != '#') {
        return FAIL(MALFORMED, "a colour is # and six hexadecimal digits");
    }
    for (size_t i = 0; i < sizeof digit; i++) {
        uint8_t c = text.ptr[1 + i];
        digit[i] = c >= 'A' && c <= 'F' ? (uint8_t)(c - 'A' + 'a') : c;
    }
    TRY(text_hex(SPAN_OF(digit), rgb, sizeof rgb));
    *out = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    return OK;
}

static err obsolete_read(span text, bool *out)
{
    *out = span_is(text, "true");
    return *out || text.len == 0 || span_is(text, "false")
               ? OK
               : FAIL(MALFORMED, "obsolete is true or false");
}

static void level_insert(struct policy *p, const struct policy_level *l)
{
    unsigned at = p->level_count++;
    for (; at > 0; at--) {
        const struct policy_level *before = &p->level[at - 1];
        int order = span_order(name_span(&before->name), name_span(&l->name));
        if (before->hierarchy < l->hierarchy || (before->hierarchy == l->hierarchy && order <= 0)) {
            break;
        }
        p->level[at] = *before;
    }
    p->level[at] = *l;
}

static err level_from(struct spif *s, const xmlNode *n)
{
    struct policy_level l = {0};
    s->at = n;
    if (s->policy->level_count == LEVELS_MAX) {
        return FAIL(LIMIT, "a policy has more than 16 levels");
    }
    TRY(name_of(node_attribute(n, "name"), &l.name));
    TRY(part_number(s, n, "lacv", &l.lacv));
    TRY(part_number(s, n, "hierarchy", &l.hierarchy));
    TRY(color_read(node_attribute(n, "color"), &l.color));
    TRY(obsolete_read(node_attribute(n, "obsolete"), &l.obsolete));
    for (const xmlNode *m = node_first(n, "markingData"); m != NULL; m = node_next(m)) {
        TRY(title_read(s, m, &l));
    }
    for (const xmlNode *r = node_first(n, "requiredCategory"); r != NULL; r = node_next(r)) {
        TRY(required_read(s, r, &l));
    }
    level_insert(s->policy, &l);
    return OK;
}

err levels_read(struct spif *s, const xmlNode *root)
{
    const xmlNode *levels = node_first(root, "securityClassifications");
    s->at = root;
    if (levels == NULL) {
        return FAIL(MALFORMED, "a policy has no level");
    }
    for (const xmlNode *n = node_first(levels, "securityClassification"); n != NULL;
         n = node_next(n)) {
        TRY(level_from(s, n));
    }
    return OK;
}
