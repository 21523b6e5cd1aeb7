/* SPDX-License-Identifier: Apache-2.0 */
/* marking unbind: what a binding says, of what, and who signed it. */
#include "cli/bindings.h"
#include "cli/file.h"
#include "cli/marking_tell.h"
#include "cli/marking_verbs.h"
#include "cli/verbs.h"
#include "label/phrase.h"

/* ---- files ---- */

static const char *file_given(struct call *c, const char *called, unsigned *times)
{
    const char *path, *found = NULL;
    *times = 0;
    for (unsigned i = 0; (path = call_option_each(c, "data", i)) != NULL; i++) {
        if (strcmp(file_base(path), called) == 0) {
            found = path;
            ++*times;
        }
    }
    return found;
}

static err file_agrees(struct call *c, const struct binding_data *d)
{
    unsigned    times;
    const char *path = file_given(c, d->name, &times);
    span        content;
    call_about(c, "%s", d->name);
    if (times == 0) {
        return FAIL(UNKNOWN, "the binding is about a file that is not given: --data");
    }
    if (times > 1) {
        return FAIL(CONFLICT, "two files of this name are given");
    }
    call_about(c, "%s", path);
    TRY(file_map(path, &content));
    err e = d->digested ? binding_data_check(d, content) : OK;
    file_unmap(content);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

static bool is_named(const struct binding *b, const char *called)
{
    for (unsigned i = 0; i < b->data_count; i++) {
        if (strcmp(b->data[i].name, called) == 0) {
            return true;
        }
    }
    return false;
}

static err files_agree(struct call *c, const struct binding *b)
{
    const char *path;
    for (unsigned i = 0; i < b->data_count; i++) {
        TRY(b->data[i].name[0] != 0 ? file_agrees(c, &b->data[i]) : OK);
    }
    for (unsigned i = 0; (path = call_option_each(c, "data", i)) != NULL; i++) {
        if (!is_named(b, file_base(path))) {
            call_about(c, "%s", path);
            return FAIL(UNKNOWN, "the binding says nothing about this file");
        }
    }
    return OK;
}

/* ---- telling ---- */

static void signer_tell(struct call *c, const struct binding *b)
{
    uint8_t       buf[64];
    struct writer w = WRITER_OF(buf);
    struct cert   signer;
    call_set(c, "signed", json_boolean(b->is_signed));
    if (!b->is_signed) {
        call_tell(c, "%-16s no: nothing says who made it, or what the data was", "signed");
        return;
    }
    MUST(!err_is(cert_read((span){b->certificate, b->certificate_len}, &signer)));
    put_instant(&w, b->signed_at);
    call_tell(c, "%-16s yes", "signed");
    tell_field(c, "signer", span_text(signer.common));
    tell_field(c, "signed_at", writer_span(&w));
    w = WRITER_OF(buf);
    put_hex(&w, SPAN_OF(signer.fingerprint));
    tell_field(c, "fingerprint", writer_span(&w));
}

static json_t *record_told(struct call *c, const struct label_record *r, const char *language)
{
    static uint8_t buf[16384];
    struct writer  w = WRITER_OF(buf);
    json_t        *o = label_json(&r->label, language);
    span           policy = r->label.scheme->name;
    label_phrase(&r->label, span_text(language), PLACE_ANY, &w);
    (void)json_object_set_new(o, "kind", json_string(label_kind_name[r->kind]));
    if (r->originator[0] != 0) {
        (void)json_object_set_new(o, "originator", json_string(r->originator));
        (void)json_object_set_new(o, "originator_type",
                                  json_string(originator_type_title[r->originator_type]));
    }
    call_tell(c, "%-16s " SPAN_FMT ": " SPAN_FMT "%s%s", label_kind_name[r->kind], SPAN_ARG(policy),
              SPAN_ARG(writer_span(&w)), r->originator[0] != 0 ? ", of " : "", r->originator);
    return o;
}

static json_t *data_told(struct call *c, const struct binding *b, const struct binding_data *d)
{
    bool        is_file = d->name[0] != 0;
    const char *what = is_file ? d->name : d->uri[0] == 0 ? "the document" : d->uri;
    json_t     *o = json_pack("{s:s, s:b}", "uri", d->uri, "agrees", b->is_signed);
    if (is_file) {
        (void)json_object_set_new(o, "name", json_string(d->name));
    }
    call_tell(c, "%-16s %s: %s", "data", what,
              b->is_signed ? "it is what was signed" : "nobody says what it was");
    return o;
}

static void group_tell(struct call *c, const struct binding *b, unsigned group,
                       const char *language)
{
    json_t *labels = json_array(), *data = json_array();
    call_tell(c, "%-16s %u", "binding", group + 1);
    for (unsigned i = 0; i < b->label_count; i++) {
        if (b->label[i].group == group) {
            (void)json_array_append_new(labels, record_told(c, &b->label[i].record, language));
        }
    }
    for (unsigned i = 0; i < b->data_count; i++) {
        if (b->data[i].group == group) {
            (void)json_array_append_new(data, data_told(c, b, &b->data[i]));
        }
    }
    call_append(c, "bindings", json_pack("{s:o, s:o}", "labels", labels, "data", data));
}

static err unbind_one(struct call *c, struct ground *g)
{
    static struct binding b;
    span                  in;
    TRY(binding_file(c, c->arg[0], &in));
    TRY(binding_verified(c, g, in, &b));
    TRY(files_agree(c, &b));
    tell_field(c, "form", span_text(b.form == BINDING_EMBEDDED ? "embedded" : "detached"));
    signer_tell(c, &b);
    for (unsigned i = 0; i < b.group_count; i++) {
        group_tell(c, &b, i, language_of_call(c));
    }
    return OK;
}

err do_marking_unbind(struct call *c)
{
    return marking_run(c, unbind_one);
}
