/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/nitf.h"
#include "ism/cover.h"

const char *const nitf_names[NITF_FIELD_COUNT] = {
    "SCLAS", "SCLSY", "SCODE", "SCTLH", "SREL",  "SDCTP", "SDCDT", "SDCXM",
    "SDG",   "SDGDT", "SCLTX", "SCATP", "SCAUT", "SCRSN", "SSRDT", "SCTLN"};
const uint8_t nitf_widths[NITF_FIELD_COUNT] = {1, 2, 11, 2, 20, 2, 8, 4, 1, 8, 43, 1, 40, 1, 8, 15};

static const struct ism_rule
    rule_format = {"NITF-FORMAT", "MIL-STD-2500C", "",
                   "this is no file of NITF 2.1 or NSIF 1.0; older ones have other fields"},
    rule_number = {"NITF-NUMBER", "MIL-STD-2500C", "", "a length or count is no number"},
    rule_length = {"NITF-LENGTH", "MIL-STD-2500C", "",
                   "the file is not as long as its header says, so a part would have no marking"},
    rule_segment = {"NITF-SEGMENT", "MIL-STD-2500C", "",
                    "a segment is not of the kind that the header says, or too short"},
    rule_uncovered = {"NITF-COVER", "MIL-STD-2500C", "",
                      "the classification of the file is below that of a segment"},
    rule_clas = {"NITF-LEVEL", "MIL-STD-2500C", "", "a classification is T, S, C, R or U"};

/* Where the file's fields stand (MIL-STD-2500C table A-1) */
#define FILE_BLOCK   119
#define FILE_LENGTH  342
#define HEAD_LENGTH  354
#define FILE_COUNTS  360
#define HEAD_MIN     388
#define LENGTH_WIDTH 12

/* kind - one kind of segment, in the order of the header
 *
 * head, body  widths of the two lengths in the file's header; 0: this count must be 0
 * tag, block  how a segment's own header begins, and where its block is */
static const struct kind {
    char        letter;
    uint8_t     head, body;
    const char *tag;
    size_t      block;
} kinds[] = {
    {'I', 6, 10, "IM", 123}, {'S', 4, 6, "SY", 32}, {'X', 0, 0, "", 0},
    {'T', 4, 5, "TE", 106},  {'D', 4, 9, "DE", 29}, {'R', 4, 7, "RE", 29},
};

struct nitf_walk {
    span   file;
    size_t at;   /* in the header: the next field */
    size_t head; /* its length */
    size_t next; /* where the next segment begins */
    err (*each)(void *to, const struct nitf_part *part);
    void                   *to;
    struct ismform_problem *p;
};

void nitf_block_of(span bytes, struct nitf_block *out)
{
    size_t at = 0;
    for (unsigned f = 0; f < NITF_FIELD_COUNT; f++) {
        span one = {bytes.ptr + at, nitf_widths[f]};
        while (one.len > 0 && one.ptr[one.len - 1] == ' ') {
            one.len--;
        }
        out->field[f] = one;
        at += nitf_widths[f];
    }
}

/* Digits with zeros before them, which fill their field */
static err number_at(struct nitf_walk *w, size_t at, size_t width, size_t *out)
{
    size_t n = 0;
    if (at > w->file.len || width > w->file.len - at) {
        return ismform_refuse(w->p, &rule_length, ERR_MALFORMED, "", (span){0}, at);
    }
    for (size_t i = 0; i < width; i++) {
        uint8_t c = w->file.ptr[at + i];
        if (c < '0' || c > '9') {
            return ismform_refuse(w->p, &rule_number, ERR_MALFORMED, "",
                                  (span){w->file.ptr + at, width}, at);
        }
        n = 10 * n + (size_t)(c - '0');
    }
    *out = n;
    return OK;
}

/* The next field of the header */
static err number_next(struct nitf_walk *w, size_t width, size_t *out)
{
    if (w->at + width > w->head) {
        return ismform_refuse(w->p, &rule_length, ERR_MALFORMED, "", (span){0}, w->at);
    }
    TRY(number_at(w, w->at, width, out));
    w->at += width;
    return OK;
}

static err segment_walk(struct nitf_walk *w, const struct kind *k, unsigned index)
{
    size_t head = 0, body = 0;
    TRY(number_next(w, k->head, &head));
    TRY(number_next(w, k->body, &body));
    size_t           left = w->file.len - w->next;
    struct nitf_part part = {.letter = k->letter, .index = index, .at = w->next + k->block};
    if (head > left || body > left - head) {
        return ismform_refuse(w->p, &rule_length, ERR_MALFORMED, "", (span){0}, w->next);
    }
    if (head < k->block + NITF_BLOCK_BYTES ||
        !span_starts((span){w->file.ptr + w->next, head}, span_text(k->tag))) {
        return ismform_refuse(w->p, &rule_segment, ERR_MALFORMED, "", (span){0}, w->next);
    }
    part.block = (span){w->file.ptr + part.at, NITF_BLOCK_BYTES};
    w->next += head + body;
    return w->each(w->to, &part);
}

static err kind_walk(struct nitf_walk *w, const struct kind *k)
{
    size_t count = 0;
    TRY(number_next(w, 3, &count));
    if (count > 0 && k->head == 0) {
        return ismform_refuse(w->p, &rule_segment, ERR_MALFORMED, "NUMX", (span){0}, w->at - 3);
    }
    for (unsigned i = 0; i < count; i++) {
        TRY(segment_walk(w, k, i));
    }
    return OK;
}

static bool format_known(span file)
{
    return span_starts(file, SPAN_LIT("NITF02.10")) || span_starts(file, SPAN_LIT("NSIF01.00"));
}

err nitf_walk(span file, err (*each)(void *to, const struct nitf_part *part), void *to,
              struct ismform_problem *p)
{
    struct nitf_walk w = {.file = file, .at = FILE_COUNTS, .each = each, .to = to, .p = p};
    size_t           length = 0;
    if (!format_known(file)) {
        span start = {file.ptr, file.len < 9 ? file.len : 9};
        return ismform_refuse(p, &rule_format, ERR_UNKNOWN, "FHDR", start, 0);
    }
    TRY(number_at(&w, FILE_LENGTH, LENGTH_WIDTH, &length));
    TRY(number_at(&w, HEAD_LENGTH, 6, &w.head));
    if (length != file.len || w.head < HEAD_MIN || w.head > file.len) {
        return ismform_refuse(p, &rule_length, ERR_MALFORMED, "FL",
                              (span){file.ptr + FILE_LENGTH, LENGTH_WIDTH}, FILE_LENGTH);
    }
    struct nitf_part whole = {
        .letter = 'F', .at = FILE_BLOCK, .block = {file.ptr + FILE_BLOCK, NITF_BLOCK_BYTES}};
    TRY(each(to, &whole));
    w.next = w.head;
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        TRY(kind_walk(&w, &kinds[k]));
    }
    return w.next == file.len
               ? OK
               : ismform_refuse(p, &rule_length, ERR_MALFORMED, "", (span){0}, w.next);
}

/* file_reading - the file's own block comes first */
struct file_reading {
    const struct groups    *g;
    struct ismform_problem *p;
    size_t                  block_at;
    span                    block;
    struct ism              m;
};

static int rank_of(span clas)
{
    static const char levels[] = "URCST";
    const char       *found = clas.len == 1 ? memchr(levels, clas.ptr[0], sizeof levels - 1) : NULL;
    return found != NULL ? (int)(found - levels) : -1;
}

/* A segment that says nothing but U has nothing to protect, whoever made it */
static bool plain(const struct nitf_block *b)
{
    size_t said = 0;
    for (unsigned f = NITF_CLAS + 1; f < NITF_FIELD_COUNT; f++) {
        said += b->field[f].len;
    }
    return said == 0 && span_is(b->field[NITF_CLAS], "U");
}

static err segment_covered(struct file_reading *r, const struct nitf_part *part)
{
    struct nitf_block b, whole;
    struct ism        m;
    size_t            at = 0;
    nitf_block_of(part->block, &b);
    nitf_block_of(r->block, &whole);
    int rank = rank_of(b.field[NITF_CLAS]);
    if (rank < 0 || rank > rank_of(whole.field[NITF_CLAS])) {
        return ismform_refuse(r->p, rank < 0 ? &rule_clas : &rule_uncovered, ERR_MALFORMED,
                              nitf_names[NITF_CLAS], b.field[NITF_CLAS], part->at);
    }
    if (plain(&b) || span_equal(part->block, r->block)) {
        return OK;
    }
    r->p->at = part->at;
    TRY(nitf_block_read(r->g, &b, &m, r->p));
    err covered = ism_covers(r->g, &r->m, &m, 1, &at, &r->p->fault);
    return at == 0 ? covered : OK; /* 1: about a level that this segment does not have */
}

static err part_take(void *to, const struct nitf_part *part)
{
    struct file_reading *r = to;
    struct nitf_block    b;
    if (part->letter != 'F') {
        return segment_covered(r, part);
    }
    r->block = part->block;
    nitf_block_of(part->block, &b);
    r->p->at = part->at;
    return nitf_block_read(r->g, &b, &r->m, r->p);
}

err nitf_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    struct file_reading r = {.g = g, .p = p};
    struct nitf_block   b;
    p->at = 0;
    if (in.len == NITF_BLOCK_BYTES) {
        nitf_block_of(in, &b);
        return nitf_block_read(g, &b, out, p);
    }
    TRY(nitf_walk(in, part_take, &r, p));
    *out = r.m;
    return OK;
}

err nitf_write(const struct groups *g, const struct ism *m, struct writer *w,
               struct ismform_problem *p)
{
    return nitf_block_write(g, m, w, p);
}
