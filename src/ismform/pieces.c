/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/pieces.h"
#include "ism/attributes.h"

/* LIST_MAX - longest list: every code of a table, and a blank */
#define LIST_MAX (CODES_MAX * 8)

static const struct ism_rule
    rule_list = {"LIST", "", "", "a list has codes with one comma or blanks between, and no more"},
    rule_first = {"FIRST", "", "", "the level and who classified it stand alone in their place"},
    rule_release_twice = {"RELEASE-TWICE", "", "",
                          "to whom it may go stands in the list of its own, and only there"},
    rule_beside = {"RELEASE-BESIDE", "", "",
                   "what else is said does not stand beside a list of those it may go to"};

static bool blank_is(uint8_t c)
{
    return c == ' ' || c == ',';
}

/* Commas become blanks; two with nothing between, or one at an end, are refused */
static err list_plain(span list, const char *name, uint8_t *out, struct ismform_problem *p)
{
    unsigned commas = 1; /* since the last code; the front is like a comma */
    if (list.len > LIST_MAX) {
        return ismform_refuse(p, &rule_form_room, ERR_LIMIT, name, list, 0);
    }
    for (size_t i = 0; i < list.len; i++) {
        commas = list.ptr[i] == ',' ? commas + 1 : blank_is(list.ptr[i]) ? commas : 0;
        if (commas > 1 || list.ptr[i] < ' ' || list.ptr[i] > '~') {
            return ismform_refuse(p, &rule_list, ERR_MALFORMED, name, list, i);
        }
        out[i] = blank_is(list.ptr[i]) ? ' ' : list.ptr[i];
    }
    return commas > 0 ? ismform_refuse(p, &rule_list, ERR_MALFORMED, name, list, list.len) : OK;
}

err release_read(const struct groups *g, span list, const char *name, struct places *out,
                 struct ismform_problem *p)
{
    uint8_t    plain[LIST_MAX];
    struct ism m;
    TRY(list_plain(list, name, plain, p));
    const struct ism_attribute given[] = {
        {SPAN_LIT("classification"), SPAN_LIT("U")},
        {SPAN_LIT("ownerProducer"), SPAN_LIT("USA")},
        {SPAN_LIT("releasableTo"), {plain, list.len}},
    };
    err e = ism_attributes_read(g, given, ARRAY_LEN(given), &m, &p->fault);
    if (err_is(e)) {
        p->fault.name = name;
        return e;
    }
    *out = m.release;
    return OK;
}

static err release_keep(void *to, span name, span value)
{
    if (span_is(name, "releasableTo")) {
        put_span(to, value);
    }
    return OK;
}

err release_write(const struct groups *g, const struct places *list, struct writer *w,
                  struct ismform_problem *p)
{
    struct ism m;
    ism_empty(g, &m);
    m.release = *list;
    return ism_attributes_write(g, &m, release_keep, w, &p->fault);
}

/* A line that opens with "//" has its first part behind that */
static size_t first_len(span line)
{
    size_t at = span_starts(line, SPAN_LIT("//")) ? 2 : 0;
    while (at < line.len && !span_starts((span){line.ptr + at, line.len - at}, SPAN_LIT("//"))) {
        at++;
    }
    return at;
}

/* The entry of a line that has the list of `m`, in the words of its system: "REL TO USA, KOR" */
static err entry_of(const struct groups *g, const struct ism *m, struct writer *w,
                    struct ismform_problem *p)
{
    uint8_t       buf[ISM_LINE_MAX];
    struct writer line = WRITER_OF(buf);
    struct ism    only;
    ism_empty(g, &only);
    only.system = m->system;
    only.level = m->level;
    only.owners = m->owners;
    only.flags = m->system != ISM_US ? m->flags & ISM_BIT(ISM_PROTECTED) : 0;
    only.release = m->release;
    only.dissem = ISM_BIT(ISM_REL);
    TRY(ism_banner_write(g, &only, &line, &p->fault));
    size_t first = first_len(writer_span(&line)) + 2;
    put_span(w, (span){line.ptr + first, line.len - first});
    return OK;
}

/* The line with `entry` at `at` of its middle, and what stands before and behind it there */
static err line_with(const struct groups *g, const struct pieces *said, size_t at,
                     const char *before, span entry, const char *behind, struct ism *out)
{
    uint8_t          buf[2 * ISM_LINE_MAX];
    struct writer    w = WRITER_OF(buf);
    struct ism_fault fault;
    put_span(&w, said->first);
    put_text(&w, "//");
    put_span(&w, (span){said->middle.ptr, at});
    put_text(&w, before);
    put_span(&w, entry);
    put_text(&w, behind);
    put_span(&w, (span){said->middle.ptr + at, said->middle.len - at});
    return ism_banner_read(g, writer_span(&w), out, &fault);
}

/* The order of the register leaves the entry one place, so the first line that can be read is the only
 * one */
static bool place_found(const struct groups *g, const struct pieces *said, span entry,
                        struct ism *out)
{
    if (said->middle.len == 0) {
        const struct pieces alone = {.first = said->first, .middle = {entry.ptr, 0}};
        return !err_is(line_with(g, &alone, 0, "", entry, "", out));
    }
    static const struct {
        const char *before, *behind;
    } seams[] = {{"", "/"}, {"", "//"}, {"/", ""}, {"//", ""}, {"", ""}};
    const span middle = said->middle;
    for (size_t at = 0; at <= middle.len; at++) {
        bool edge =
            at == 0 || at == middle.len || middle.ptr[at] == '/' || middle.ptr[at - 1] == '/';
        for (size_t i = 0; edge && i < ARRAY_LEN(seams); i++) {
            if (!err_is(line_with(g, said, at, seams[i].before, entry, seams[i].behind, out))) {
                return true;
            }
        }
    }
    return false;
}

static err line_plain(const struct groups *g, span first, span middle, struct ism *out,
                      struct ismform_problem *p)
{
    uint8_t       buf[2 * ISM_LINE_MAX];
    struct writer w = WRITER_OF(buf);
    put_span(&w, first);
    put_text(&w, middle.len > 0 ? "//" : "");
    put_span(&w, middle);
    return w.bad ? ismform_refuse(p, &rule_form_room, ERR_LIMIT, "", (span){0}, p->at)
                 : ism_banner_read(g, writer_span(&w), out, &p->fault);
}

static err release_join(const struct groups *g, const struct pieces *said, const char *name,
                        struct ism *out, struct ismform_problem *p)
{
    uint8_t       buf[ISM_LINE_MAX];
    struct writer entry = WRITER_OF(buf);
    struct ism    m;
    struct places list;
    TRY(release_read(g, said->release, name, &list, p));
    TRY(line_plain(g, said->first, (span){0}, &m, p));
    m.release = list;
    TRY(entry_of(g, &m, &entry, p));
    if (!place_found(g, said, writer_span(&entry), &m)) {
        TRY(line_plain(g, said->first, said->middle, &m, p)); /* it says what is wrong there */
        return ismform_refuse(p, &rule_beside, ERR_MALFORMED, name, said->release, p->at);
    }
    *out = m;
    return OK;
}

err pieces_join(const struct groups *g, const struct pieces *said, const char *name,
                struct ism *out, struct ismform_problem *p)
{
    struct ism m;
    if (first_len(said->first) != said->first.len || said->middle.len > ISM_LINE_MAX) {
        return ismform_refuse(p, &rule_first, ERR_MALFORMED, "", said->first, p->at);
    }
    if (said->release.len > 0) {
        return release_join(g, said, name, out, p);
    }
    TRY(line_plain(g, said->first, said->middle, &m, p));
    if (ism_has(&m, ISM_REL)) {
        return ismform_refuse(p, &rule_release_twice, ERR_MALFORMED, name, said->middle, p->at);
    }
    *out = m;
    return OK;
}

static bool slash_at(span text, size_t at)
{
    return at < text.len && text.ptr[at] == '/';
}

/* Where the entry stands between two seams; text.len: nowhere */
static size_t entry_find(span text, span entry)
{
    for (size_t at = 0; at + entry.len <= text.len; at++) {
        size_t end = at + entry.len;
        if ((at == 0 || text.ptr[at - 1] == '/') && (end == text.len || slash_at(text, end)) &&
            span_equal((span){text.ptr + at, entry.len}, entry)) {
            return at;
        }
    }
    return text.len;
}

/* The entry goes with one seam: of its category, or the category's own when it stood alone */
static span entry_cut(uint8_t *text, size_t len, span entry)
{
    span   line = {text, len};
    size_t at = entry_find(line, entry), end = at + entry.len;
    if (at == len) {
        return line;
    }
    bool left_one = at > 0 && !(at > 1 && text[at - 2] == '/');
    bool right_one = slash_at(line, end) && !slash_at(line, end + 1);
    if (left_one) {
        at--;
    } else if (right_one) {
        end++;
    } else if (end < len) {
        end += 2;
    } else {
        at -= at > 0 ? 2 : 0;
    }
    memmove(text + at, text + end, len - end);
    return (span){text, len - (end - at)};
}

err pieces_split(const struct groups *g, const struct ism *m, struct pieces_text *text,
                 struct pieces *out, struct ismform_problem *p)
{
    uint8_t       buf[ISM_LINE_MAX];
    struct writer banner = WRITER_OF(text->banner), release = WRITER_OF(text->release);
    struct writer entry = WRITER_OF(buf);
    TRY(ism_banner_write(g, m, &banner, &p->fault));
    span   line = writer_span(&banner);
    size_t first = first_len(line), next = first < line.len ? first + 2 : first;
    out->first = (span){line.ptr, first};
    out->middle = (span){line.ptr + next, line.len - next};
    if (ism_has(m, ISM_REL)) {
        TRY(release_write(g, &m->release, &release, p));
        TRY(entry_of(g, m, &entry, p));
        out->middle = entry_cut(text->banner + next, line.len - next, writer_span(&entry));
    }
    out->release = writer_span(&release);
    return OK;
}
