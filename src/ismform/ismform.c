/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/ismform.h"
#include "ism/attributes.h"
#include "ismform/cot.h"
#include "ismform/json.h"
#include "ismform/nitf.h"
#include "ismform/st0102.h"
#include "ismform/stanza.h"
#include "ismform/xml.h"

const struct ism_rule rule_form_loss = {"FORM-LOSS", "", "",
                                        "this form cannot say this, so it would be lost"},
                      rule_form_room = {"FORM-ROOM", "", "",
                                        "there is no room for the whole, and it is never cut"};

err ismform_refuse(struct ismform_problem *p, const struct ism_rule *rule, enum err_code code,
                   const char *name, span value, size_t at)
{
    err e = ism_refuse(&p->fault, rule, code, name, value, 0);
    p->line = 0;
    p->at = at;
    return e;
}

static err banner_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    return ism_banner_read(g, in, out, &p->fault);
}

static err banner_write(const struct groups *g, const struct ism *m, struct writer *w,
                        struct ismform_problem *p)
{
    return ism_banner_write(g, m, w, &p->fault);
}

static err portion_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    return ism_portion_read(g, in, NULL, out, &p->fault);
}

static err portion_write(const struct groups *g, const struct ism *m, struct writer *w,
                         struct ismform_problem *p)
{
    return ism_portion_write(g, m, w, &p->fault);
}

const struct ismform ismforms[] = {
    {"banner", "banner line", false, banner_read, banner_write},
    {"portion", "portion mark", false, portion_read, portion_write},
    {"ism-xml", "ISM attributes in XML", false, ism_xml_read, ism_xml_write},
    {"ism-json", "ISM attributes in JSON", false, ism_json_read, ism_json_write},
    {"xep-0258-ism", "icismlabel of an XMPP stanza", false, stanza_read, stanza_write},
    {"cot", "attributes of a Cursor on Target event", false, cot_read_event, cot_write_event},
    {"nitf", "security fields of NITF 2.1 and NSIF 1.0", true, nitf_read, nitf_write},
    {"st0102", "MISB ST 0102 security set", true, st0102_read, st0102_write},
    {0},
};

const struct ismform *ismform_find(span name)
{
    const struct ismform *f = ismforms;
    while (f->name != NULL && !span_is(name, f->name)) {
        f++;
    }
    return f->name != NULL ? f : NULL;
}

err ismform_read(const struct ismform *f, const struct groups *g, span in, struct ism *out,
                 struct ismform_problem *p)
{
    memset(p, 0, sizeof *p);
    return f->read(g, in, out, p);
}

/* said - the attributes of one marking, to find which of another's it lacks */
struct said {
    struct {
        span   name;
        size_t at, len;
    } each[ISM_ATTRIBUTES_MAX];
    size_t  count, used;
    uint8_t bytes[ISMFORM_BYTES_MAX];
};

static err said_keep(void *to, span name, span value)
{
    struct said *s = to;
    if (s->count == ISM_ATTRIBUTES_MAX || value.len > sizeof s->bytes - s->used) {
        return FAIL(LIMIT, "the attributes of a marking are longer than 32 KiB");
    }
    memcpy(s->bytes + s->used, value.ptr, value.len);
    s->each[s->count].name = name;
    s->each[s->count].at = s->used;
    s->each[s->count++].len = value.len;
    s->used += value.len;
    return OK;
}

static span said_value(const struct said *s, size_t i)
{
    return (span){s->bytes + s->each[i].at, s->each[i].len};
}

static bool said_has(const struct said *s, span name, span value)
{
    for (size_t i = 0; i < s->count; i++) {
        if (span_equal(s->each[i].name, name)) {
            return span_equal(said_value(s, i), value);
        }
    }
    return false;
}

/* Names of attributes are literals, so they outlive what they were written to */
static err name_missing(const struct said *had, const struct said *have, struct ismform_problem *p)
{
    for (size_t i = 0; i < had->count; i++) {
        if (!said_has(have, had->each[i].name, said_value(had, i))) {
            return ismform_refuse(p, &rule_form_loss, ERR_UNKNOWN,
                                  (const char *)had->each[i].name.ptr, said_value(had, i), 0);
        }
    }
    return ismform_refuse(p, &rule_form_loss, ERR_UNKNOWN, "", (span){0}, 0);
}

static err lost(const struct groups *g, const struct ism *m, const struct ism *again,
                struct ismform_problem *p)
{
    struct said      had = {.count = 0}, have = {.count = 0};
    struct ism_fault fault;
    err              e = ism_attributes_write(g, m, said_keep, &had, &fault);
    if (!err_is(e)) {
        e = ism_attributes_write(g, again, said_keep, &have, &fault);
    }
    return err_is(e) ? ismform_refuse(p, &rule_form_loss, ERR_UNKNOWN, "", (span){0}, 0)
                     : name_missing(&had, &have, p);
}

err ismform_write(const struct ismform *f, const struct groups *g, const struct ism *m,
                  struct writer *w, struct ismform_problem *p)
{
    uint8_t       buf[ISMFORM_BYTES_MAX];
    struct writer made = WRITER_OF(buf);
    struct ism    again;
    memset(p, 0, sizeof *p);
    TRY(f->write(g, m, &made, p));
    if (made.bad || made.len > w->max - w->len) {
        return ismform_refuse(p, &rule_form_room, ERR_LIMIT, "", (span){0}, 0);
    }
    if (err_is(f->read(g, writer_span(&made), &again, p))) {
        const struct ism_fault there = p->fault; /* what it stumbles over is what would be lost */
        return ismform_refuse(p, &rule_form_loss, ERR_UNKNOWN, there.name, span_text(there.value),
                              0);
    }
    if (!ism_equal(m, &again)) {
        return lost(g, m, &again, p);
    }
    put_span(w, writer_span(&made));
    return OK;
}
