/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_value.h"

#include "marking/banner.h"

/* Forms of a party's own scheme, which no table of forms has */
static const struct value_form own[] = {
    {FAMILY_MARKING, "marking", "the canonical text of a marking", NULL, NULL},
    {FAMILY_MARKING, "national", "a party's own banner line; --of says whose", NULL, NULL},
};

bool value_form_each(unsigned i, struct value_form *out)
{
    unsigned           count, lines = 0;
    const struct form *labels = form_table(&count);
    while (ismforms[lines].name != NULL) {
        lines++;
    }
    if (i < ARRAY_LEN(own)) {
        *out = own[i];
        return true;
    }
    i -= (unsigned)ARRAY_LEN(own);
    if (i < lines) {
        *out = (struct value_form){FAMILY_REGISTER, ismforms[i].name, ismforms[i].title, NULL,
                                   &ismforms[i]};
        return true;
    }
    i -= lines;
    if (i < count) {
        *out = (struct value_form){FAMILY_LABEL, labels[i].name, labels[i].title, &labels[i], NULL};
    }
    return i < count;
}

err value_form_find(struct call *c, const char *wanted, struct value_form *out)
{
    for (unsigned i = 0; value_form_each(i, out); i++) {
        if (strcmp(out->name, wanted) == 0) {
            return OK;
        }
    }
    call_about(c, "%s; accord marking forms lists them", wanted);
    return call_misuse(c, FAIL(UNKNOWN, "there is no such form"));
}

/* ---- what it looks like ---- */

/* guess - what such a form has in it; the first row that fits */
static const struct {
    const char *form, *starts, *has;
} guesses[] = {
    {"ism-xml", "<", "urn:us:gov:ic:ism"},
    {"cot", "<event", ""},
    {"cot", "<?xml", "<event"},
    {"ism-json", "{", "\"ownerProducer\""},
    {"portion", "(", ")"},
    {"nitf", "NITF", ""},
    {"nitf", "NSIF", ""},
    {"st0102", "\x06\x0e\x2b\x34", ""},
    {"marking", "", " of "},
};

static bool text_has(span text, const char *what)
{
    return text.len > 0 && memmem(text.ptr, text.len, what, strlen(what)) != NULL;
}

/* A banner is what opens with a level of the register; the order of these does not matter */
static bool is_banner(const struct ground *g, span text)
{
    struct ism       m;
    struct ism_fault fault;
    return !err_is(ism_banner_read(&g->groups, text, &m, &fault)) || text_has(text, "//");
}

static const char *guess(const struct ground *g, span in)
{
    span               text = span_trim(in);
    const struct form *f = form_guess(in);
    if (f != NULL && strcmp(f->name, "ess-base64") != 0) {
        return f->name;
    }
    for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
        if (span_starts(text, span_text(guesses[i].starts)) &&
            (guesses[i].has[0] == 0 || text_has(text, guesses[i].has))) {
            return guesses[i].form;
        }
    }
    return is_banner(g, text) ? "banner" : f != NULL ? f->name : NULL;
}

/* ---- reading ---- */

err blame_label(struct call *c, err e, const struct form_problem *p)
{
    if (p->line > 0) {
        call_about(c, "line %u, byte %zu%s%s", p->line, p->offset, p->value[0] != 0 ? ": " : "",
                   p->value);
    } else if (p->value[0] != 0) {
        call_about(c, "%s", p->value);
    }
    return p->why != NULL ? (err){e.code, p->why} : e;
}

err blame_register(struct call *c, err e, const struct ism_fault *f, unsigned line, size_t at)
{
    const char *from = f->from == NULL ? "" : f->from;
    const char *field = f->name == NULL || f->name[0] == 0 ? "" : f->name;
    char        place[64] = "";
    if (line > 0) {
        (void)snprintf(place, sizeof place, "line %u, ", line);
    }
    call_about(c, "%sbyte %zu%s%s%s%s; rule %s%s%s", place, at + f->at, field[0] != 0 ? ", " : "",
               field, f->value[0] != 0 ? ": " : "", f->value, f->rule == NULL ? "-" : f->rule,
               from[0] != 0 ? ", " : "", from);
    return f->why != NULL ? (err){e.code, f->why} : e;
}

/* Octets of DER may be given as they are, or in hexadecimal digits: those begin with '3' as no DER
 * of a label does. */
static err octets_of(span in, uint8_t *buf, size_t max, span *out)
{
    span text = span_trim(in);
    *out = in;
    if (text.len == 0 || text.ptr[0] != '3' || text.len / 2 > max || text.len % 2 != 0) {
        return OK;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint8_t b = text.ptr[i];
        buf[i] = b >= 'A' && b <= 'F' ? (uint8_t)(b - 'A' + 'a') : b;
    }
    TRY(text_hex((span){buf, text.len}, buf + max, text.len / 2));
    *out = (span){buf + max, text.len / 2};
    return OK;
}

static err label_read_value(struct call *c, struct ground *g, span in, struct value *out)
{
    static uint8_t buf[3 * FORM_MAX];
    span           bytes = in;
    if (strcmp(out->form.name, "ess") == 0) {
        TRY(octets_of(in, buf, sizeof buf / 3 * 2, &bytes));
    }
    err e = form_read(out->form.label, &g->reader, bytes, &out->record);
    return err_is(e) ? blame_label(c, e, &g->reader.problem) : OK;
}

static err portion_of_page(struct call *c, struct ground *g, span in, const char *banner,
                           struct value *out)
{
    struct ism       page;
    struct ism_fault fault = {0};
    err              e = ism_banner_read(&g->groups, span_text(banner), &page, &fault);
    if (err_is(e)) {
        e = blame_register(c, e, &fault, 0, 0);
        char about[200];
        (void)snprintf(about, sizeof about, "%.199s", c->about);
        call_about(c, "--banner, %s", about);
        return e;
    }
    e = ism_portion_read(&g->groups, in, &page, &out->ism, &fault);
    return err_is(e) ? blame_register(c, e, &fault, 0, 0) : OK;
}

static err register_read(struct call *c, struct ground *g, span in, struct value *out)
{
    struct ismform_problem p = {0};
    const char            *banner = call_option(c, "banner");
    if (banner != NULL && strcmp(out->form.name, "portion") == 0) {
        return portion_of_page(c, g, in, banner, out);
    }
    err e = ismform_read(out->form.line, &g->groups, in, &out->ism, &p);
    return err_is(e) ? blame_register(c, e, &p.fault, p.line, p.at) : OK;
}

static err names_given(struct call *c, const char *option, const struct names *names, set64 *out)
{
    const char *text = call_option(c, option);
    if (text == NULL) {
        call_about(c, "--%s", option);
        return FAIL(UNKNOWN, "no line says this, so it has to be given");
    }
    call_about(c, "--%s %s", option, text);
    TRY(names_read(names, span_text(text), out));
    c->about[0] = 0;
    return OK;
}

static err national_context(struct call *c, struct ground *g, struct banner_context *out)
{
    const char *of;
    TRY(call_need(c, "of", &of));
    const struct policy *p = policy_find(&g->policies, span_text(of));
    if (p == NULL) {
        call_about(c, "--of %s", of);
        return FAIL(UNKNOWN, "there is no policy of this party");
    }
    out->policy = (uint8_t)(p - g->policies.policy);
    TRY(names_given(c, "topics", &g->policies.topics, &out->topics));
    return names_given(c, "disciplines", &g->policies.disciplines, &out->disciplines);
}

static err marking_read_value(struct call *c, struct ground *g, span in, struct value *out)
{
    struct banner_context context = {0};
    span                  text = span_trim(in);
    if (strcmp(out->form.name, "national") == 0) {
        TRY(national_context(c, g, &context));
        call_about(c, "%.*s", (int)(text.len < 160 ? text.len : 160), (const char *)text.ptr);
        TRY(banner_read(&g->policies, &context, text, &out->marking));
    } else {
        call_about(c, "%.*s", (int)(text.len < 160 ? text.len : 160), (const char *)text.ptr);
        TRY(marking_read(&g->policies, text, &out->marking));
    }
    c->about[0] = 0;
    return OK;
}

/* What stands there, as far as it can be shown: printable ASCII, and '?' for the rest */
static void about_text(struct call *c, span text)
{
    char   shown[81];
    size_t len = text.len < sizeof shown - 1 ? text.len : sizeof shown - 1;
    for (size_t i = 0; i < len; i++) {
        shown[i] = text.ptr[i] >= ' ' && text.ptr[i] < 0x7f ? (char)text.ptr[i] : '?';
    }
    shown[len] = 0;
    call_about(c, "%s", shown);
}

err value_read(struct call *c, struct ground *g, const char *from, span in, struct value *out)
{
    memset(out, 0, sizeof *out);
    out->guessed = from == NULL;
    from = from == NULL ? guess(g, in) : from;
    if (from == NULL) {
        about_text(c, span_trim(in));
        return FAIL(UNKNOWN, "it looks like no form that is known; name it with --from");
    }
    TRY(value_form_find(c, from, &out->form));
    switch (out->form.family) {
    case FAMILY_LABEL:
        return label_read_value(c, g, in, out);
    case FAMILY_REGISTER:
        return register_read(
            c, g, out->form.line->binary || in.len > ISM_LINE_MAX ? in : span_trim(in), out);
    case FAMILY_MARKING:
        break;
    }
    return marking_read_value(c, g, in, out);
}

/* ---- writing ---- */

err value_write(struct call *c, struct ground *g, const struct value_form *to,
                const struct value *v, struct writer *w)
{
    if (to->family == FAMILY_LABEL) {
        struct form_problem p = {0};
        err                 e = form_write(to->label, &v->record, w, &p);
        return err_is(e) ? blame_label(c, e, &p) : OK;
    }
    if (to->family == FAMILY_REGISTER) {
        struct ismform_problem p = {0};
        err                    e = ismform_write(to->line, &g->groups, &v->ism, w, &p);
        return err_is(e) ? blame_register(c, e, &p.fault, p.line, p.at) : OK;
    }
    if (strcmp(to->name, "national") == 0) {
        return banner_write(&g->policies, &v->marking, w);
    }
    marking_format(&g->policies, &v->marking, w);
    return w->bad ? FAIL(LIMIT, "there is no room for what is to be written") : OK;
}
