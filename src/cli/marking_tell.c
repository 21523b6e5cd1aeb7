/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_tell.h"

#include "base/instant.h"
#include "ism/attributes.h"
#include "ism/authority.h"
#include "label/phrase.h"
#include "marking/banner.h"
#include "value/words.h"

#define DISPLAY_MAX 16384

void tell_field(struct call *c, const char *key, span text)
{
    call_set_text(c, key, text);
    call_tell(c, "%-16s %.*s", key, (int)text.len, text.len > 0 ? (const char *)text.ptr : "");
}

err hold_tell(struct call *c, const struct label_hold *hold)
{
    c->held = true;
    call_set_text(c, "outcome", SPAN_LIT("hold"));
    call_about(c, "hold for a person%s%.*s", hold->value.len > 0 ? ": " : "",
               (int)(hold->value.len < 160 ? hold->value.len : 160),
               hold->value.len > 0 ? (const char *)hold->value.ptr : "");
    return (err){ERR_DENIED, hold->why};
}

static void instant_field(struct call *c, const char *key, bool has, instant at)
{
    uint8_t       buf[64];
    struct writer w = WRITER_OF(buf);
    if (has) {
        put_instant(&w, at);
        tell_field(c, key, writer_span(&w));
    }
}

/* ---- labels ---- */

static json_t *category_json(const struct scheme *s, unsigned i)
{
    const struct scheme_category *k = &s->category[i];
    const struct scheme_tag      *t = &s->tag[k->tag];
    json_t                       *row =
        json_pack("{s:s, s:I}", "type", tag_type_name(t->type), "lacv", (json_int_t)k->lacv);
    (void)json_object_set_new(row, "set", json_span(s->set[t->set].name));
    (void)json_object_set_new(row, "set_id", json_span(s->set[t->set].id));
    (void)json_object_set_new(row, "name", json_span(k->name));
    return row;
}

json_t *label_json(const struct label *l, const char *language)
{
    static uint8_t             buf[DISPLAY_MAX];
    struct writer              w = WRITER_OF(buf);
    const struct scheme       *s = l->scheme;
    const struct scheme_class *k = &s->class[l->class];
    json_t                    *o = json_object(), *list = json_array();
    json_t *class = json_pack("{s:I, s:i, s:b}", "lacv", (json_int_t)k->lacv, "hierarchy",
                              (int)k->hierarchy, "obsolete", (int)k->obsolete);
    (void)json_object_set_new(class, "name", json_span(k->name));
    (void)json_object_set_new(o, "policy", json_span(s->name));
    (void)json_object_set_new(o, "policy_id", json_span(s->id));
    (void)json_object_set_new(o, "classification", class);
    for (unsigned i = category_next(&l->categories, 0); i < CATEGORIES_MAX;
         i = category_next(&l->categories, i + 1)) {
        (void)json_array_append_new(list, category_json(s, i));
    }
    (void)json_object_set_new(o, "categories", list);
    if (l->privacy != SCHEME_NONE) {
        (void)json_object_set_new(o, "privacy_mark", json_span(s->privacy[l->privacy].name));
    }
    label_phrase(l, span_text(language), PLACE_ANY, &w);
    (void)json_object_set_new(o, "display", json_span(writer_span(&w)));
    return o;
}

static void label_lines(struct call *c, const struct label *l)
{
    const struct scheme *s = l->scheme;
    for (unsigned i = category_next(&l->categories, 0); i < CATEGORIES_MAX;
         i = category_next(&l->categories, i + 1)) {
        const struct scheme_category *k = &s->category[i];
        const struct scheme_tag      *t = &s->tag[k->tag];
        call_tell(c, "%-16s %.*s: %.*s (%s)", "category", (int)s->set[t->set].name.len,
                  (const char *)s->set[t->set].name.ptr, (int)k->name.len,
                  (const char *)k->name.ptr, tag_type_name(t->type));
    }
    if (l->privacy != SCHEME_NONE) {
        span mark = s->privacy[l->privacy].name;
        call_tell(c, "%-16s %.*s", "privacy_mark", (int)mark.len, (const char *)mark.ptr);
    }
}

static void reason_heard(void *to, const char *line)
{
    struct call *c = to;
    call_append(c, "reasons", json_span(span_text(line)));
    call_tell(c, "%-16s %s", "reason", line);
}

void faults_tell(struct call *c, const struct scheme *s, const struct label_faults *faults)
{
    call_set(c, "reasons", json_array());
    faults_say(s, faults, (struct hearer){reason_heard, c});
}

const char *const label_kind_name[LABEL_KIND_COUNT] = {"originator", "alternative", "metadata"};
const char *const originator_type_title[ORIGINATOR_TYPE_COUNT] = {
    "",          "rfc822Name",  "dnsName",           "directoryName",   "uniformResourceIdentifier",
    "IPAddress", "x400Address", "userPrincipalName", "jabberIdentifier"};

static void deviations_tell(struct call *c, unsigned deviations)
{
    for (unsigned d = 1; d < 1u << DEVIATION_COUNT; d <<= 1) {
        if ((deviations & d) != 0) {
            const char *why = deviation_sentence((enum form_deviation)d);
            call_append(c, "deviations", json_string(why));
            call_tell(c, "%-16s %s", "deviation", why);
        }
    }
}

static void record_tell(struct call *c, const struct ground *g, const struct label_record *r,
                        const char *language)
{
    static uint8_t       buf[DISPLAY_MAX];
    struct writer        w = WRITER_OF(buf);
    struct label_faults  faults;
    const struct scheme *s = r->label.scheme;
    json_t              *o = label_json(&r->label, language);
    (void)json_object_update(c->answer, o);
    json_decref(o);
    call_tell(c, "%-16s %.*s", "policy", (int)s->name.len, (const char *)s->name.ptr);
    call_tell(c, "%-16s %.*s", "classification", (int)s->class[r->label.class].name.len,
              (const char *)s->class[r->label.class].name.ptr);
    label_lines(c, &r->label);
    tell_field(c, "kind", span_text(label_kind_name[r->kind]));
    if (r->originator[0] != 0) {
        call_set_text(c, "originator_type", span_text(originator_type_title[r->originator_type]));
        tell_field(c, "originator", span_text(r->originator));
    }
    if (r->id[0] != 0) {
        tell_field(c, "id", span_text(r->id));
    }
    instant_field(c, "created", r->has_created, r->created);
    instant_field(c, "review", r->has_review, r->review);
    if (r->has_successor) {
        instant_field(c, "succession", true, r->succession);
        call_set(c, "successor", label_json(&r->successor, language));
        label_phrase(&r->successor, span_text(language), PLACE_ANY, &w);
        call_tell(c, "%-16s %.*s", "successor", (int)w.len, (const char *)w.ptr);
    }
    deviations_tell(c, g->reader.deviations);
    bool valid = label_valid(&r->label, &faults);
    call_set(c, "valid", json_boolean(valid));
    call_tell(c, "%-16s %s", "valid", valid ? "yes" : "no");
    faults_tell(c, s, &faults);
    w = WRITER_OF(buf);
    label_phrase(&r->label, span_text(language), PLACE_ANY, &w);
    tell_field(c, "display", writer_span(&w));
}

/* ---- the register ---- */

static err attribute_tell(void *to, span attribute, span value)
{
    struct call *c = to;
    json_t      *o = json_object_get(c->answer, "attributes");
    char         key[64];
    (void)snprintf(key, sizeof key, "%.*s", (int)attribute.len, (const char *)attribute.ptr);
    (void)json_object_set_new(o, key, json_span(value));
    call_tell(c, "%-16s %.*s", key, (int)value.len, (const char *)value.ptr);
    return OK;
}

static void line_tell(struct call *c, struct ground *g, const struct value *v)
{
    static uint8_t    buf[DISPLAY_MAX];
    struct writer     w = WRITER_OF(buf);
    struct ism_fault  fault = {0};
    const struct ism *m = &v->ism;
    call_set(c, "attributes", json_object());
    err e = ism_attributes_write(&g->groups, m, attribute_tell, c, &fault);
    if (err_is(e)) {
        call_append(c, "reasons", json_string(fault.why));
    }
    bool valid = value_valid(g, v, (struct hearer){0});
    call_set(c, "valid", json_boolean(valid));
    call_tell(c, "%-16s %s", "valid", valid ? "yes" : "no");
    (void)value_valid(g, v, (struct hearer){reason_heard, c});
    ism_portion_show(&g->groups, m, NULL, &w);
    tell_field(c, "portion", writer_span(&w));
    w = WRITER_OF(buf);
    ism_banner_show(&g->groups, m, &w);
    tell_field(c, "display", writer_span(&w));
    w = WRITER_OF(buf);
    ism_authority_write(m, &w);
    if (w.len > 0) {
        tell_field(c, "authority", writer_span(&w));
    }
}

/* ---- markings ---- */

static void set_tell(struct call *c, const char *key, const struct names *names, set64 members)
{
    uint8_t       buf[4096];
    struct writer w = WRITER_OF(buf);
    json_t       *list = json_array();
    for (unsigned i = names_walk(names, members, SET64_MAX); i < SET64_MAX;
         i = names_walk(names, members, i)) {
        (void)json_array_append_new(list, json_span(name_span(&names->name[i])));
    }
    call_set(c, key, list);
    names_format(names, members, &w);
    call_tell(c, "%-16s %.*s", key, (int)w.len, w.len > 0 ? (const char *)w.ptr : "");
}

static void marking_tell(struct call *c, struct ground *g, const struct marking *m,
                         const char *language)
{
    uint8_t                    buf[4096];
    struct writer              w = WRITER_OF(buf);
    const struct policies     *all = &g->policies;
    const struct policy       *p = &all->policy[m->level.policy];
    const struct policy_level *l = &p->level[m->level.rank];
    marking_format(all, m, &w);
    tell_field(c, "marking", writer_span(&w));
    tell_field(c, "policy", name_span(&p->name));
    w = WRITER_OF(buf);
    level_format(all, m->level, &w);
    tell_field(c, "level", writer_span(&w));
    set_tell(c, "originators", &all->parties, m->originators);
    set_tell(c, "release_to", &all->parties, m->release_to);
    set_tell(c, "disclose_to", &all->parties, m->disclose_to);
    set_tell(c, "topics", &all->topics, m->topics);
    set_tell(c, "disciplines", &all->disciplines, m->disciplines);
    for (unsigned i = set_next(m->caveats, 0); i < SET64_MAX; i = set_next(m->caveats, i + 1)) {
        call_append(c, "caveats", json_span(name_span(&p->caveat[i].name)));
        call_tell(c, "%-16s %s", "caveat", p->caveat[i].name.text);
    }
    call_set(c, "valid", json_true());
    call_tell(c, "%-16s yes", "valid");
    tell_field(c, "title", span_text(l->title[title_of(language)]));
    w = WRITER_OF(buf);
    if (!err_is(banner_write(all, m, &w))) {
        tell_field(c, "display", writer_span(&w));
    }
}

void value_tell(struct call *c, struct ground *g, const struct value *v, const char *language)
{
    call_set_text(c, "form", span_text(v->form.name));
    call_set_text(c, "form_title", span_text(v->form.title));
    call_set(c, "guessed", json_boolean(v->guessed));
    call_tell(c, "%-16s %s: %s%s", "form", v->form.name, v->form.title,
              v->guessed ? " (guessed)" : "");
    switch (v->form.family) {
    case FAMILY_LABEL:
        record_tell(c, g, &v->record, language);
        return;
    case FAMILY_REGISTER:
        line_tell(c, g, v);
        return;
    case FAMILY_MARKING:
        break;
    }
    marking_tell(c, g, &v->marking, language);
}

static void part_heard(void *to, const char *line)
{
    struct call *c = to;
    call_append(c, "explanation", json_span(span_text(line)));
    call_tell(c, "%s", line);
}

void value_in_words(struct call *c, struct ground *g, const struct value *v, const char *language)
{
    call_set_text(c, "form", span_text(v->form.name));
    value_explain(g, v, language, (struct hearer){part_heard, c});
}
