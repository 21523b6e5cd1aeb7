/* SPDX-License-Identifier: Apache-2.0 */
/* trace: the keys by which a copy that leaked is told from all others, for whoever looks for its recipient. */
#include "crypt/hpke.h"
#include "guard/act.h"
#include "guard/derived.h"
#include "reduce/reduce.h"

/* CELLS_MAX - sizes of cells that texts name: as many as of reductions there can be in them that differ */
#define CELLS_MAX     64
#define TRACE_PURPOSE "accord trace 1"
#define KEYS_TEXT_MAX 3072

static err trace_decode(const struct act_view *v, uint8_t key[static HPKE_PUBLIC_LEN])
{
    struct lines l = lines_of(v->body);
    take_hex(&l, "key", key, HPKE_PUBLIC_LEN);
    span reason = take_text(&l, "reason");
    TRY(body_end(&l));
    return reason.len > 0 ? OK : FAIL(MALFORMED, "whoever asks for the keys of copies says why");
}

err trace_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    uint8_t     key[HPKE_PUBLIC_LEN];
    uint8_t     enc[HPKE_PUBLIC_LEN];
    struct hpke h;
    TRY(trace_decode(v, key));
    TRY(hpke_send(HPKE_P384, SPAN_OF(key), SPAN_LIT(TRACE_PURPOSE), g->random, enc, &h));
    hpke_wipe(&h);
    line_text(shown, "shown",
              SPAN_LIT("by these keys it can be told whose copy a leaked one is, and a copy can be "
                       "made to look like anybody's"));
    return OK;
}

static void cell_add(uint32_t cell[static CELLS_MAX], unsigned *count, uint32_t metres)
{
    for (unsigned i = 0; i < *count; i++) {
        if (cell[i] == metres) {
            return;
        }
    }
    if (metres > 0 && *count < CELLS_MAX) {
        cell[(*count)++] = metres;
    }
}

static void cells_put(const struct guard *g, struct writer *w)
{
    uint32_t cell[CELLS_MAX];
    unsigned count = 0;
    for (unsigned a = 0; a <= g->tables.agreements.count; a++) {
        const struct terms *t = a < g->tables.agreements.count
                                    ? &g->tables.agreements.agreement[a].terms
                                    : &g->tables.rules.terms;
        for (unsigned i = 0; i < t->reduction_count; i++) {
            cell_add(cell, &count, t->reduction[i].position_m);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        line_number(w, "cell", cell[i]);
    }
}

static void keys_put(const struct guard *g, struct writer *w)
{
    SECRET of;
    derived_key(g, &of);
    line_title(w, TRACE_PURPOSE);
    cells_put(g, w);
    for (unsigned i = 0; i < g->partner_count; i++) {
        struct reduce_keys keys;
        reduce_keys_of(&of, name_span(&g->partner[i].name), &keys);
        line_name(w, "recipient", &g->partner[i].name);
        line_hex(w, "mark", SPAN_OF(keys.mark.key));
        reduce_keys_wipe(&keys);
    }
}

/* Sealed for whoever asked: neither the desk that carries it nor the ledger has it. */
static err keys_seal(struct guard *g, span to, struct writer *result)
{
    uint8_t       text[KEYS_TEXT_MAX], sealed[HPKE_PUBLIC_LEN + KEYS_TEXT_MAX + HPKE_TAG_LEN];
    uint8_t       base64[2 * KEYS_TEXT_MAX];
    struct writer w = WRITER_OF(text), b = WRITER_OF(base64);
    struct hpke   h;
    keys_put(g, &w);
    MUST(!w.bad);
    TRY(hpke_send(HPKE_P384, to, SPAN_LIT(TRACE_PURPOSE), g->random, sealed, &h));
    err e = hpke_seal(&h, SPAN_LIT(""), writer_span(&w), sealed + HPKE_PUBLIC_LEN);
    hpke_wipe(&h);
    put_base64(&b, (span){sealed, HPKE_PUBLIC_LEN + w.len + HPKE_TAG_LEN});
    bytes_wipe(text, sizeof text);
    MUST(!b.bad);
    if (!err_is(e)) {
        line_text(result, "sealed", writer_span(&b));
    }
    return e;
}

void trace_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    uint8_t key[HPKE_PUBLIC_LEN];
    MUST(!err_is(trace_decode(v, key)));
    err e = keys_seal(g, SPAN_OF(key), result);
    if (err_is(e)) {
        line_text(result, "error", span_text(e.why));
    }
}
