/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stated.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bound.h"
#include "cli/file.h"
#include "cli/marking_args.h"
#include "cli/marking_ground.h"
#include "cli/marking_value.h"
#include "marking/names.h"

#define STATED_TEXT_MAX 1024
#define NAMES_TEXT_MAX  4096

err own_marking(const struct policies *all, const name *party, const struct marking *m)
{
    unsigned number;
    bool     known = !err_is(names_find(&all->parties, name_span(party), &number));
    if (!known || !name_equal(&all->policy[m->level.policy].name, party) ||
        m->originators != set_one(number)) {
        return FAIL(DENIED, "it is another party's marking: only what is our own is submitted");
    }
    return OK;
}

/* ---- in which ways it is stated ---- */

struct ways {
    bool        line; /* --marking, or --level and the others */
    const char *file, *form, *inside, *binding;
};

/* Options that say a part of the marking say nothing beside a form that says all of it. */
static err parts_absent(struct call *c)
{
    static const char *const parts[] = {"marking", "level", "to", "show", "caveats"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (call_has(c, parts[i])) {
            call_about(c, "--%s", parts[i]);
            return call_misuse(c, FAIL(MALFORMED, "the marking is stated in one way, not in two"));
        }
    }
    return OK;
}

static err ways_of(struct call *c, struct ways *out)
{
    *out = (struct ways){.line = call_has(c, "marking") || call_has(c, "level"),
                         .file = call_option(c, "marking-file"),
                         .form = call_option(c, "marking-form"),
                         .inside = call_option(c, "inside"),
                         .binding = call_option(c, "binding")};
    if ((out->file == NULL) != (out->form == NULL)) {
        call_about(c, "--marking-file, --marking-form");
        return call_misuse(c, FAIL(MALFORMED, "a file and its form are named together"));
    }
    if (out->binding != NULL && (out->line || out->file != NULL || out->inside != NULL)) {
        call_about(c, "--binding");
        return call_misuse(c, FAIL(MALFORMED, "the marking is stated in one way, not in two"));
    }
    out->line = out->line || (out->file == NULL && out->inside == NULL && out->binding == NULL);
    return out->line && out->file == NULL ? OK : parts_absent(c);
}

/* ---- reading ---- */

/* What a form says, as a marking. */
static err form_marking(struct call *c, struct ground *g, const struct value_given *given,
                        const char *form, span in, struct marking *out)
{
    static struct value  read, made;
    struct value_problem p = {0};
    struct value_form    to;
    TRY(value_form_find(c, form, &to));
    TRY(value_form_find(c, "marking", &to));
    err e = value_parse(g, &g->reader, given, form, in, &read, &p);
    e = err_is(e) ? e : value_convert(g, given, &to, &read, &made, &p);
    TRY(blame(c, e, &p));
    *out = made.marking;
    return OK;
}

/* No line or label has to say whose it is: it is the author's party's. */
static err file_marking(struct call *c, struct ground *g, const name *party, const struct ways *by,
                        struct marking *out)
{
    struct value_given given = given_of_call(c);
    static uint8_t     buf[VALUE_MAX];
    span               in;
    call_about(c, "%s", by->file);
    TRY(file_read(by->file, buf, sizeof buf, &in));
    c->about[0] = 0;
    given.of = party->text;
    return form_marking(c, g, &given, by->form, in, out);
}

/* What stays in the product is not lost. */
#define STAYS (LEAVE_ID | LEAVE_CREATED | LEAVE_REVIEW | LEAVE_AUTHORITY)

/* A product may be longer than any buffer; of most forms that lie inside one only the head is looked at. */
static err product_marking(struct call *c, struct ground *g, const struct value_given *given,
                           const char *path, const char *form, struct marking *out)
{
    struct stat s;
    err         e = FAIL(IO, "the file cannot be read");
    int         fd = open(path, O_RDONLY | O_CLOEXEC);
    bool        found = fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size > 0;
    size_t      len = found ? (size_t)s.st_size : 0;
    void       *bytes = found ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    call_about(c, "%s", path);
    if (bytes != MAP_FAILED) {
        e = form_marking(c, g, given, form, (span){bytes, len}, out);
        (void)munmap(bytes, len);
    }
    if (fd >= 0) {
        close(fd);
    }
    return e;
}

/* stated   NULL: what is inside is what is stated.  Otherwise its topics and disciplines, which no line
 *          has, hold for what is inside, too */
static err inside_marking(struct call *c, struct ground *g, const name *party, const char *path,
                          const char *form, const struct marking *stated, struct marking *out)
{
    char               topics[NAMES_TEXT_MAX] = "", disciplines[NAMES_TEXT_MAX] = "";
    struct value_given given = given_of_call(c);
    struct writer      t = writer_of((uint8_t *)topics, sizeof topics - 1);
    struct writer      d = writer_of((uint8_t *)disciplines, sizeof disciplines - 1);
    given.of = party->text;
    given.leave_out |= STAYS;
    if (stated != NULL) {
        names_format(&g->policies.topics, stated->topics, &t);
        names_format(&g->policies.disciplines, stated->disciplines, &d);
        given.topics = topics;
        given.disciplines = disciplines;
    }
    return product_marking(c, g, &given, path, form, out);
}

static err text_put(const struct ground *g, const struct marking *m, struct writer *w)
{
    marking_format(&g->policies, m, w);
    return w->bad ? FAIL(LIMIT, "the text of the marking is too long") : OK;
}

static err same(struct call *c, const struct ground *g, const struct marking *stated,
                const struct marking *inside)
{
    uint8_t       text[STATED_TEXT_MAX];
    struct writer w = WRITER_OF(text);
    if (marking_equal(stated, inside)) {
        return OK;
    }
    TRY(text_put(g, inside, &w));
    call_about(c, "the product says %.*s", (int)(w.len < 200 ? w.len : 200), (const char *)w.ptr);
    return FAIL(CONFLICT, "the product carries another marking than the one that is stated");
}

/* A label says its topics itself: what is said beside it must be the same. */
static err lists_said(struct call *c, const struct ground *g, const struct marking *m)
{
    const struct {
        const char         *option;
        const struct names *names;
        set64               has;
    } lists[] = {{"topics", &g->policies.topics, m->topics},
                 {"disciplines", &g->policies.disciplines, m->disciplines}};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char   *text = call_option(c, lists[i].option);
        uint8_t       sorted[NAMES_TEXT_MAX], has[NAMES_TEXT_MAX];
        struct writer s = WRITER_OF(sorted), h = WRITER_OF(has);
        if (text == NULL) {
            continue;
        }
        TRY(put_sorted(&s, span_text(text)));
        names_format(lists[i].names, lists[i].has, &h);
        if (s.bad || h.bad || !span_equal(writer_span(&s), writer_span(&h))) {
            call_about(c, "--%s %.80s", lists[i].option, text);
            return FAIL(CONFLICT, "the marking itself says others");
        }
    }
    return OK;
}

/* As in a file, and it is this product's: the binding says so. */
static err binding_marking(struct call *c, struct ground *g, const name *party, const char *path,
                           struct marking *out)
{
    struct value_given given = given_of_call(c);
    given.of = party->text;
    return bound_marking(c, g, &given, path, out);
}

static err ground_marking(struct call *c, struct ground *g, const name *party, const char *path,
                          const struct ways *by, struct marking *out)
{
    struct marking inside;
    if (by->binding != NULL) {
        TRY(binding_marking(c, g, party, path, out));
    } else if (!by->line && by->file == NULL) {
        TRY(inside_marking(c, g, party, path, by->inside, NULL, out));
    } else {
        TRY(by->line ? marking_of_call(c, &g->policies, party, "to", out)
                     : file_marking(c, g, party, by, out));
    }
    TRY(own_marking(&g->policies, party, out));
    TRY(by->line ? OK : lists_said(c, g, out));
    if (by->inside != NULL && (by->line || by->file != NULL)) {
        TRY(inside_marking(c, g, party, path, by->inside, out, &inside));
        return same(c, g, out, &inside);
    }
    return OK;
}

err stated_marking(struct call *c, const name *party, const char *path, struct writer *w)
{
    static struct ground g;
    struct ways          by;
    struct marking       m;
    TRY(ways_of(c, &by));
    if (by.line && by.inside == NULL) {
        return marking_text_of_call(c, party, "to", w);
    }
    TRY(ground_open(c, &g));
    err e = ground_marking(c, &g, party, path, &by, &m);
    e = err_is(e) ? e : text_put(&g, &m, w);
    ground_close(&g);
    TRY(e);
    c->about[0] = 0;
    return OK;
}
