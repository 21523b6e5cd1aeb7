/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/audit.h"

#include <unistd.h>

#include "cli/file.h"

#define ORIGIN "accord/"

static err origin_of(const name *party, uint8_t *buf, size_t max, span *out)
{
    struct writer w = writer_of(buf, max);
    put_text(&w, ORIGIN);
    put_span(&w, name_span(party));
    return writer_end(&w, out);
}

/* Whose ledger it is and which key signs it stands in the first leaf; what is trusted comes from
 * outside. */
static err genesis_verify(struct audit *a, span body)
{
    const struct history *h = a->history;
    uint8_t               buf[64];
    span                  origin;
    if (a->has_anchor && memcmp(a->anchor, h->identity, sizeof a->anchor) != 0) {
        return FAIL(FORGED, "the ledger is of another identity than the one that is expected");
    }
    if (a->party.text[0] != 0 && !name_equal(&a->party, &h->party)) {
        return FAIL(FORGED, "the ledger is of another party than the one that is expected");
    }
    if (a->genesis.len > 0 && !span_equal(a->genesis, body)) {
        return FAIL(FORGED, "the ledger does not begin with the genesis that lies beside it");
    }
    TRY(origin_of(&h->party, buf, sizeof buf, &origin));
    return verify_init(&a->verify, origin, h->identity);
}

static err record_take(void *ctx, const struct log_item *item)
{
    struct audit       *a = ctx;
    struct history_step step;
    bool                first = a->history->leaves == 0;
    TRY(history_take(a->history, item->body, &step));
    if (first) {
        if (!step.leaf) {
            return FAIL(MALFORMED, "a ledger begins with its genesis");
        }
        TRY(genesis_verify(a, step.head.body));
    }
    TRY(verify_record(&a->verify, item->body));
    a->signatures += step.signatures;
    a->letters += step.letter ? 1 : 0;
    return step.leaf && a->take != NULL ? a->take(a->ctx, a->history, &step) : OK;
}

err audit_ledger(struct audit *a, const char *dir)
{
    a->history = history_new();
    a->signatures = a->letters = 0;
    err e = book_read(dir, "ledger", record_take, a, &a->end);
    if (!err_is(e) && a->history->leaves == 0) {
        e = FAIL(UNKNOWN, "there is no ledger here, or nothing in it");
    }
    if (err_is(e)) {
        audit_done(a);
        return e;
    }
    history_index(a->history);
    return OK;
}

void audit_done(struct audit *a)
{
    history_free(a->history);
    a->history = NULL;
}

err call_dir_is_party(struct call *c, const char *dir)
{
    char path[FILE_PATH_MAX];
    TRY(file_path(path, dir, "store/ledger"));
    call_about(c, "%s", path);
    if (access(path, R_OK | X_OK) != 0) {
        return FAIL(UNKNOWN, "there is no ledger here that can be read");
    }
    c->about[0] = 0;
    return OK;
}
