/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/apart.h"

static bool is_same(const struct agreement *a, texts there)
{
    unsigned n;
    return !err_is(texts_find(there, name_span(&a->name), &n)) &&
           memcmp(a->digest, there.agreement[n].digest, sizeof a->digest) == 0;
}

/* Those that changed, and what stands under them: a leg, its cover and its prohibitions are of one of these or
 * of none. */
static struct corpus_set changed_of(const struct corpus *l, texts of, texts there)
{
    struct corpus_set some = {0}, all = {0};
    for (unsigned a = 0; a < of.count; a++) {
        if (!is_same(&of.agreement[a], there)) {
            corpus_set_add(&some, a);
        }
    }
    for (unsigned a = 0; a < of.count; a++) {
        if (corpus_set_meet(&l->agreement[a].up, &some)) {
            corpus_set_add(&all, a);
        }
    }
    return all;
}

static void changed_add(const struct corpus *l, const struct corpus_set *changed, struct apart *out)
{
    for (unsigned a = corpus_set_next(changed, 0); a != CORPUS_NONE;
         a = corpus_set_next(changed, a + 1)) {
        set64 parties = l->agreement[a].parties;
        for (unsigned p = set_next(parties, 0); p < SET64_MAX; p = set_next(parties, p + 1)) {
            out->changed[p] |= parties & ~set_one(p);
        }
    }
}

static void onto_add(const struct corpus *l, struct apart *out)
{
    for (size_t i = 0; i < l->may_count; i++) {
        out->onto[l->may[i].from] |= set_one(l->may[i].to);
    }
}

/* After the k-th turn every way through parties 0 … k is in. */
static void onto_close(struct apart *out)
{
    for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
        out->onto[p] |= set_one(p);
    }
    for (unsigned k = 0; k < CORPUS_PARTIES_MAX; k++) {
        for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
            out->onto[p] |= set_has(out->onto[p], k) ? out->onto[k] : 0;
        }
    }
}

void apart_find(const struct corpus *l, texts of_l, const struct corpus *m, texts of_m,
                struct apart *out)
{
    struct corpus_set in_l = changed_of(l, of_l, of_m), in_m = changed_of(m, of_m, of_l);
    *out = (struct apart){0};
    changed_add(l, &in_l, out);
    changed_add(m, &in_m, out);
    onto_add(l, out);
    onto_add(m, out);
    onto_close(out);
}

bool apart_may(const struct apart *a, uint8_t from, uint8_t to)
{
    bool may = false;
    for (unsigned x = set_next(a->onto[from], 0); x < CORPUS_PARTIES_MAX && !may;
         x = set_next(a->onto[from], x + 1)) {
        for (unsigned y = set_next(a->changed[x], 0); y < CORPUS_PARTIES_MAX && !may;
             y = set_next(a->changed[x], y + 1)) {
            may = set_has(a->onto[y], to);
        }
    }
    return may;
}
