/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/proof.h"

#include "base/text.h"

#define TITLE "c2sp.org/tlog-proof@v1"

static err leaves_node(void *ctx, unsigned level, uint64_t at, merkle_hash *out)
{
    const struct proof_leaves *l = ctx;
    struct merkle              m = {0};
    uint64_t                   width = (uint64_t)1 << level;
    if (at >= l->count >> level) {
        return FAIL(UNKNOWN, "the proof needs leaves that are not there");
    }
    for (uint64_t i = 0; i < width; i++) {
        merkle_add(&m, &l->leaf[at * width + i]);
    }
    *out = merkle_root(&m);
    return OK;
}

struct proof_source proof_source_leaves(struct proof_leaves *l)
{
    return (struct proof_source){.node = leaves_node, .ctx = l};
}

/* The root of the leaves from … end - 1.  `from` is a multiple of a power of two that is not less
 * than their number, so every full subtree below is one of the whole tree. */
static err range_root(struct proof_source s, uint64_t from, uint64_t end, merkle_hash *out)
{
    uint64_t    count = end - from;
    uint64_t    left = end;
    bool        begun = false;
    merkle_hash root;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((count >> level & 1) == 0) {
            continue;
        }
        merkle_hash part;
        left -= (uint64_t)1 << level;
        TRY(s.node(s.ctx, level, left >> level, &part));
        root = begun ? merkle_node(&part, &root) : part;
        begun = true;
    }
    MUST(begun);
    *out = root;
    return OK;
}

/* The largest power of two below n; n is at least 2 */
static uint64_t split_of(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

static err path_add(struct merkle_path *path, struct proof_source s, uint64_t from, uint64_t end)
{
    MUST(path->count < MERKLE_LEVELS);
    return range_root(s, from, end, &path->hash[path->count++]);
}

/* We walk from the root down; the proof is told from the leaf up. */
static void path_reverse(struct merkle_path *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        merkle_hash h = path->hash[i];
        path->hash[i] = path->hash[path->count - 1 - i];
        path->hash[path->count - 1 - i] = h;
    }
}

/* The part of the tree still to be walked */
struct range {
    uint64_t from, end;
};

/* One step down: into the half that holds leaf `at`, the other half's root onto the path; true when
 * we went right. */
static err range_step(struct range *r, uint64_t at, struct proof_source s, struct merkle_path *path,
                      bool *right)
{
    uint64_t middle = r->from + split_of(r->end - r->from);
    *right = at >= middle;
    if (*right) {
        TRY(path_add(path, s, r->from, middle));
        r->from = middle;
    } else {
        TRY(path_add(path, s, middle, r->end));
        r->end = middle;
    }
    return OK;
}

static err check_place(uint64_t at, uint64_t size)
{
    if (size > MERKLE_SIZE_MAX) {
        return FAIL(LIMIT, "the tree is larger than any tree may be");
    }
    if (at >= size) {
        return FAIL(UNKNOWN, "the ledger has no such leaf");
    }
    return OK;
}

err proof_inclusion(struct proof_source s, uint64_t index, uint64_t size, struct merkle_path *out)
{
    struct merkle_path path = {0};
    struct range       r = {.from = 0, .end = size};
    bool               right = false;
    TRY(check_place(index, size));
    while (r.end - r.from > 1) {
        TRY(range_step(&r, index, s, &path, &right));
    }
    path_reverse(&path);
    *out = path;
    return OK;
}

err proof_consistency(struct proof_source s, uint64_t older, uint64_t newer,
                      struct merkle_path *out)
{
    struct merkle_path path = {0};
    struct range       r = {.from = 0, .end = newer};
    bool               went_right = false, right = false;
    if (older == 0) {
        return FAIL(UNKNOWN, "an empty ledger begins every other: there is nothing to prove");
    }
    TRY(check_place(older - 1, newer));
    while (r.end != older) {
        TRY(range_step(&r, older - 1, s, &path, &right));
        went_right = went_right || right;
    }
    /* Only when the older tree is not itself a full subtree does its reader need this one. */
    if (went_right) {
        TRY(path_add(&path, s, r.from, r.end));
    }
    path_reverse(&path);
    *out = path;
    return OK;
}

void proof_format(const struct proof *p, struct writer *w)
{
    put_text(w, TITLE "\n");
    if (p->extra.len > 0) {
        put_text(w, "extra ");
        put_span(w, p->extra);
        put_u8(w, '\n');
    }
    put_text(w, "index ");
    put_decimal(w, p->index);
    put_u8(w, '\n');
    for (size_t i = 0; i < p->path.count; i++) {
        put_base64(w, SPAN_OF(p->path.hash[i].bytes));
        put_u8(w, '\n');
    }
    put_u8(w, '\n');
    put_span(w, p->checkpoint);
}

static bool take_prefix(span *line, const char *prefix)
{
    span wanted = span_text(prefix);
    if (!span_starts(*line, wanted)) {
        return false;
    }
    *line = (span){line->ptr + wanted.len, line->len - wanted.len};
    return true;
}

static err read_hash(span line, struct merkle_path *path)
{
    size_t len = 0;
    if (path->count == MERKLE_LEVELS) {
        return FAIL(LIMIT, "the proof has more than 64 hashes");
    }
    merkle_hash *h = &path->hash[path->count++];
    TRY(text_base64(line, h->bytes, sizeof h->bytes, &len));
    if (len != sizeof h->bytes) {
        return FAIL(MALFORMED, "a hash of the proof is not 32 bytes");
    }
    return OK;
}

err proof_read(span text, struct proof *out)
{
    struct proof p = {0};
    span         rest = text;
    if (text.len > PROOF_MAX) {
        return FAIL(LIMIT, "the proof is longer than a proof may be");
    }
    if (!span_is(span_cut(&rest, '\n'), TITLE)) {
        return FAIL(MALFORMED, "the proof does not begin with its title");
    }
    span line = span_cut(&rest, '\n');
    if (take_prefix(&line, "extra ")) {
        if (line.len == 0) {
            return FAIL(MALFORMED, "the proof has a line `extra` with nothing in it");
        }
        p.extra = line;
        line = span_cut(&rest, '\n');
    }
    if (!take_prefix(&line, "index ")) {
        return FAIL(MALFORMED, "the proof does not say which leaf it is for");
    }
    TRY(text_decimal(line, MERKLE_SIZE_MAX, &p.index));
    while ((line = span_cut(&rest, '\n')).len > 0) {
        TRY(read_hash(line, &p.path));
    }
    if (rest.len == 0) {
        return FAIL(MALFORMED, "the proof has no checkpoint");
    }
    p.checkpoint = rest;
    *out = p;
    return OK;
}

err proof_check(const struct proof *p, const struct note_key *key, const merkle_hash *leaf,
                struct checkpoint *out)
{
    struct checkpoint c;
    TRY(checkpoint_open(p->checkpoint, key, &c));
    TRY(merkle_check_inclusion(leaf, p->index, &c.head, &p->path));
    *out = c;
    return OK;
}
