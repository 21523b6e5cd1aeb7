/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile: two parties' ledgers side by side. */
#include "ledger/reconcile.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/audit.h"
#include "cli/reconciling.h"
#include "cli/sides.h"
#include "cli/under_way.h"
#include "cli/verbs.h"

static int passage_order(const void *a, const void *b)
{
    const struct passage *x = a, *y = b;
    int                   order = memcmp(x->epoch.bytes, y->epoch.bytes, ID_LEN);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Those of the list that went straight, or by a hub, between the two; those that the giver passed on for
 * somebody else have papers of their own (reconcile_hub.c). */
static struct passage *passages_with(const struct passage *list, size_t count, const name *other,
                                     size_t *out)
{
    struct passage *some = calloc(count + 1, sizeof *some);
    size_t          n = 0;
    MUST(some != NULL);
    for (size_t i = 0; i < count; i++) {
        if (name_equal(&list[i].partner, other) && list[i].originator.text[0] == 0) {
            some[n++] = list[i];
        }
    }
    qsort(some, n, sizeof *some, passage_order);
    *out = n;
    return some;
}

static const struct passage *taken_find(const struct border *b, const id *epoch)
{
    for (size_t low = 0, high = b->taken_count; low < high;) {
        size_t at = low + (high - low) / 2;
        int    order = memcmp(b->taken[at].epoch.bytes, epoch->bytes, ID_LEN);
        if (order == 0) {
            return &b->taken[at];
        }
        low = order < 0 ? at + 1 : low;
        high = order < 0 ? high : at;
    }
    return NULL;
}

/* An epoch is released afresh when a courier starts anew; the taker holds one of these grants.  Of
 * several the one that he names stays, otherwise the last. */
static void given_unite(struct border *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->given_count; i++) {
        const struct passage *one = &b->given[i], *last = n == 0 ? NULL : &b->given[n - 1];
        const struct passage *taken = taken_find(b, &one->epoch);
        bool                  same = last != NULL && id_equal(&last->epoch, &one->epoch);
        bool keeps = same && taken != NULL && merkle_equal(&taken->leaf, &last->leaf);
        if (!keeps) {
            b->given[same ? n - 1 : n] = *one;
            n += same ? 0 : 1;
        }
    }
    b->given_count = n;
}

/* ---- differences ---- */

void difference_tell(struct border *b, const char *kind, const char *which, const char *what,
                     const char *detail)
{
    b->differ++;
    call_tell(b->call, "%s to %s, %s %s: %s%s", b->giver.text, b->taker.text, kind, which, what,
              detail);
    json_t *row = json_pack("{s:s, s:s, s:s}", "giver", b->giver.text, "taker", b->taker.text,
                            "difference", what);
    (void)json_object_set_new(row, kind, json_string(which));
    call_append(b->call, "differences", row);
}

void id_tell(struct border *b, const char *kind, const uint8_t *bytes, const char *what,
             const char *detail)
{
    uint8_t       hex[2 * ID_LEN + 1];
    struct writer w = WRITER_OF(hex);
    put_hex(&w, (span){bytes, ID_LEN});
    hex[2 * ID_LEN] = 0;
    difference_tell(b, kind, (char *)hex, what, detail);
}

static void transfer_differs(void *ctx, enum difference d, const struct transfer *giver,
                             const struct transfer *taker)
{
    char detail[96] = "";
    if (d == DIFFERENCE_COUNT) {
        (void)snprintf(detail, sizeof detail, " (%" PRIu64 " sent, %" PRIu64 " came)", giver->items,
                       taker->items);
    }
    id_tell(ctx, "epoch", (giver != NULL ? giver : taker)->epoch, difference_name(d), detail);
}

static void matters_compare(struct border *b)
{
    for (size_t i = 0; i < b->given_count; i++) {
        const struct passage *given = &b->given[i], *taken = taken_find(b, &given->epoch);
        if (taken == NULL) {
            continue;
        }
        b->compared++;
        if (given->matter_len != taken->matter_len ||
            memcmp(given->matter, taken->matter, given->matter_len) != 0) {
            id_tell(b, "epoch", given->epoch.bytes, "the verdicts of both ends differ", "");
        }
        if (given->rests_at != taken->rests_at ||
            memcmp(given->rests_on, taken->rests_on, sizeof given->rests_on) != 0) {
            id_tell(b, "epoch", given->epoch.bytes,
                    "the verdicts of both ends rest on different instruments", "");
        }
    }
}

/* What one reading counts between the cut and its own moment, the other may have too. */
static void reading_equalise(struct passage *given, struct passage *taken)
{
    bool sooner = taken->items < given->items && taken->items >= given->then;
    bool later = taken->items > given->items && taken->then <= given->items;
    if (sooner) {
        given->items = taken->items;
    } else if (later) {
        taken->items = given->items;
    }
}

/* Between what must have come and what there is, what came is what there is: the rest is on its way. */
static void under_way_equalise(struct border *b, struct passage *given, const struct passage *taken)
{
    bool told = given->seen && (given->through > 0 || b->lanes_whole);
    if (taken->items < given->items && told && taken->items >= given->through) {
        given->items = taken->items;
        b->waiting++;
    }
}

/* Where one side no longer has the pouches, or they were taken back, nothing is said of their number; what a
 * pause cut off is in neither; how much of it a hub still has stands in the hub's store. */
static void count_equalise(struct border *b, struct passage *given, struct passage *taken)
{
    bool unknown = given->items == PASSAGE_ITEMS_UNKNOWN || taken->items == PASSAGE_ITEMS_UNKNOWN;
    bool hub_has = given->via.text[0] != 0 && taken->items < given->items;
    if (unknown || given->taken_back || hub_has) {
        given->items = 0;
        taken->items = 0;
    }
    given->items = given->items < given->cut ? given->items : given->cut;
    taken->items = taken->items < given->cut ? taken->items : given->cut;
    reading_equalise(given, taken);
    under_way_equalise(b, given, taken);
}

/* What was not received is no difference when its grant is on its way, when it was taken back, or when a hub
 * may still have it: unless the taker gave a receipt for it. */
static void given_settle(struct border *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->given_count; i++) {
        struct passage       *given = &b->given[i];
        const struct passage *found = taken_find(b, &given->epoch);
        if (found != NULL) {
            count_equalise(b, given, &b->taken[found - b->taken]);
        }
        bool open = found == NULL && !given->receipted;
        bool refused = open && given->refused && !given->taken_back;
        bool newer = given->index >= b->from->cut.leaves || given->waits;
        bool waits = open && !refused && (newer || given->taken_back || given->via.text[0] != 0);
        b->waiting += waits ? 1 : 0;
        if (refused) {
            id_tell(b, "epoch", given->epoch.bytes, "given, and refused by its taker", "");
        }
        if (!waits && !refused) {
            b->given[n++] = *given;
        }
    }
    b->given_count = n;
}

static int epoch_order(const void *a, const void *b)
{
    const struct passage *x = a, *y = b;
    return memcmp(x->epoch.bytes, y->epoch.bytes, ID_LEN);
}

/* What the taker has taken since its cut, by a leaf that the giver's reading does not hold. */
static void taken_settle(struct border *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->taken_count; i++) {
        const struct passage *taken = &b->taken[i], *given = NULL;
        if (b->given_count > 0) {
            given = bsearch(taken, b->given, b->given_count, sizeof *b->given, epoch_order);
        }
        bool known = given != NULL && merkle_equal(&given->leaf, &taken->leaf);
        if (known || taken->index < b->to->cut.leaves) {
            b->taken[n++] = *taken;
        } else {
            b->waiting++;
        }
    }
    b->taken_count = n;
}

static struct transfer *transfers_of(const struct passage *list, size_t count)
{
    struct transfer *out = calloc(count + 1, sizeof *out);
    MUST(out != NULL);
    for (size_t i = 0; i < count; i++) {
        memcpy(out[i].epoch, list[i].epoch.bytes, EPOCH_ID_LEN);
        out[i].partner = list[i].partner;
        out[i].leaf = list[i].leaf;
        out[i].items = list[i].items;
    }
    return out;
}

static err border_compare(struct border *b)
{
    given_settle(b);
    struct transfer *given = transfers_of(b->given, b->given_count);
    struct transfer *taken = transfers_of(b->taken, b->taken_count);
    struct side      giver = {b->giver, given, b->given_count};
    struct side      taker = {b->taker, taken, b->taken_count};
    err              e = reconcile(&giver, &taker, transfer_differs, b);
    matters_compare(b);
    free(given);
    free(taken);
    return e;
}

static err direction(struct call *c, const struct passages *from, const struct passages *to,
                     uint64_t *differ)
{
    struct border b = {.call = c, .giver = from->party, .taker = to->party, .from = from, .to = to};
    b.given = passages_with(from->given, from->given_count, &to->party, &b.given_count);
    b.taken = passages_with(to->taken, to->taken_count, &from->party, &b.taken_count);
    given_unite(&b);
    taken_settle(&b);
    size_t given = b.given_count;
    reconcile_word(&b);
    err e = under_way_read(from, to, b.given, b.given_count, &b.lanes_whole);
    e = err_is(e) ? e : border_compare(&b);
    reconcile_hub(&b);
    for (size_t i = 0; i < b.taken_count; i++) {
        b.left += b.taken[i].left;
    }
    call_tell(c,
              "%s to %s: %zu epochs given, %zu received, %" PRIu64
              " reports of tracks left out for newer ones, %" PRIu64 " verdicts compared, %" PRIu64
              " letters, %" PRIu64 " receipts, %" PRIu64 " orders, %" PRIu64
              " instruments, %" PRIu64 " passed on for others; %" PRIu64 " on their way, %" PRIu64
              " differences",
              from->party.text, to->party.text, given, b.taken_count, b.left, b.compared, b.letters,
              b.receipts, b.orders, b.instruments, b.passed, b.waiting, b.differ);
    json_t *row =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "giver", from->party.text, "taker",
                  to->party.text, "given", (json_int_t)given, "received", (json_int_t)b.taken_count,
                  "compared", (json_int_t)b.compared, "differences", (json_int_t)b.differ);
    json_t *more =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "left-out", (json_int_t)b.left,
                  "passed-on", (json_int_t)b.passed, "letters", (json_int_t)b.letters, "receipts",
                  (json_int_t)b.receipts, "orders", (json_int_t)b.orders, "instruments",
                  (json_int_t)b.instruments, "waiting", (json_int_t)b.waiting);
    (void)json_object_update(row, more);
    json_decref(more);
    call_append(c, "directions", row);
    *differ += b.differ;
    free(b.given);
    free(b.taken);
    return e;
}

err reconcile_sides(struct call *c, const struct passages *one, const struct passages *other,
                    uint64_t *differ)
{
    TRY(direction(c, one, other, differ));
    return direction(c, other, one, differ);
}

static err folder_cut(struct call *c, const char *dir, struct cut *out)
{
    TRY(call_dir_is_party(c, dir));
    call_about(c, "%s", dir);
    return cut_read(dir, out);
}

err do_reconcile(struct call *c)
{
    struct passages one = {0}, other = {0};
    struct cut      cut[2];
    uint64_t        differ = 0;
    for (size_t i = 0; i < ARRAY_LEN(cut); i++) {
        TRY(folder_cut(c, c->arg[i], &cut[i]));
    }
    err e = passages_read(c, c->arg[0], &cut[0], &one);
    e = err_is(e) ? e : passages_read(c, c->arg[1], &cut[1], &other);
    if (!err_is(e) && name_equal(&one.party, &other.party)) {
        e = call_misuse(c, FAIL(MALFORMED, "both folders are of one party"));
    }
    if (!err_is(e)) {
        c->about[0] = 0;
        e = reconcile_sides(c, &one, &other, &differ);
    }
    passages_free(&one);
    passages_free(&other);
    TRY(e);
    call_set_number(c, "differ", differ);
    return differ == 0 ? OK : FAIL(CONFLICT, "the two ledgers do not agree");
}
