/* SPDX-License-Identifier: Apache-2.0 */
/* verify: is everything that a party's store holds as it was written, signed and bound together? */
#include <inttypes.h>

#include "cli/audit.h"
#include "cli/party.h"
#include "cli/pouches.h"
#include "cli/verbs.h"

/* ---- what is trusted ---- */

static err anchor_key(struct call *c, struct audit *a, const char *text)
{
    struct note_key key;
    span            origin;
    call_about(c, "%s", text);
    TRY(note_key_read(span_text(text), &key));
    origin = note_key_name(&key);
    if (!span_starts(origin, SPAN_LIT("accord/"))) {
        return FAIL(MALFORMED, "this is not the key of a ledger of Accord");
    }
    memcpy(a->anchor, key.key, sizeof a->anchor);
    return name_of((span){origin.ptr + 7, origin.len - 7}, &a->party);
}

/* The file is what `party init` wrote: its identity is trusted where no key is given, and the first leaf
 * must hold all of it. */
static err genesis_read(struct call *c, struct audit *a, const char *dir)
{
    static uint8_t buf[64 << 10];
    char           path[FILE_PATH_MAX];
    span           text;
    TRY(file_path(path, dir, "genesis"));
    call_about(c, "%s", path);
    TRY(file_read(path, buf, sizeof buf, &text));
    struct lines l = lines_of(text);
    take_title(&l, "accord genesis 1");
    a->genesis = l.rest;
    take_hex(&l, "identity", a->anchor, sizeof a->anchor);
    return l.bad ? FAIL(MALFORMED, "the genesis is not as it should be") : OK;
}

static err anchor_find(struct call *c, struct audit *a, const char *dir)
{
    const char *key = call_option(c, "key");
    err         e = genesis_read(c, a, dir);
    if (key == NULL || (err_is(e) && e.code != ERR_UNKNOWN)) {
        TRY(e);
    }
    if (key != NULL) {
        TRY(anchor_key(c, a, key));
    }
    a->has_anchor = true;
    c->about[0] = 0;
    return OK;
}

/* ---- what is found ---- */

static err found_at(struct call *c, err e, const char *log, const struct book_end *end)
{
    if (err_is(e)) {
        call_about(c, "%s, position %" PRIu64 ", record %" PRIu64, log, end->position,
                   end->records);
        call_set_text(c, "log", span_text(log));
        call_set_number(c, "position", end->position);
        call_set_number(c, "record", end->records);
    }
    return e;
}

static void ledger_tell(struct call *c, const struct audit *a)
{
    struct verify_summary s = verify_end(&a->verify);
    call_tell(c,
              "%s ledger: %" PRIu64 " leaves, %" PRIu64 " attachments, %" PRIu64
              " checkpoints, %" PRIu64 " signatures of persons",
              a->history->party.text, s.head.size, s.attachments, s.checkpoints, a->signatures);
    call_tell(c, "signed up to leaf %" PRIu64 "; %" PRIu64 " since", s.covered,
              s.head.size - s.covered);
    if (a->letters > 0) {
        call_tell(c, "%" PRIu64 " letters, numbered without gaps, each of a partner's signed by it",
                  a->letters);
    }
    if (s.unnamed > 0) {
        call_tell(c, "%" PRIu64 " attachments that no leaf names: a power cut leaves such",
                  s.unnamed);
    }
    call_set_text(c, "party", name_span(&a->history->party));
    call_set_number(c, "leaves", s.head.size);
    call_set_number(c, "attachments", s.attachments);
    call_set_number(c, "unnamed", s.unnamed);
    call_set_number(c, "checkpoints", s.checkpoints);
    call_set_number(c, "covered", s.covered);
    call_set_number(c, "signatures", a->signatures);
    call_set_number(c, "letters", a->letters);
    call_set_hex(c, "root", SPAN_OF(s.head.root.bytes));
}

static void log_tell(struct call *c, const char *log, const struct pouches *p)
{
    call_tell(c, "%s: %" PRIu64 " batches, %" PRIu64 " items, all signed by their sealers%s", log,
              p->batches, p->items, p->strangers > 0 ? "; and:" : "");
    if (p->grants > 0) {
        call_tell(c, "  %" PRIu64 " grants, as the ledger names them", p->grants);
    }
    if (p->strangers > 0) {
        call_tell(c, "  %" PRIu64 " batches of epochs that were not accepted", p->strangers);
    }
    call_append(c, "pouches",
                json_pack("{s:s, s:I, s:I, s:I, s:I}", "log", log, "batches",
                          (json_int_t)p->batches, "grants", (json_int_t)p->grants, "items",
                          (json_int_t)p->items, "strangers", (json_int_t)p->strangers));
}

/* Before batches are called strangers the ledger is read again: an epoch may have begun meanwhile. */
static err log_verify(struct call *c, struct audit *a, const char *dir, const char *log)
{
    struct pouches  p = {.history = a->history};
    struct book_end end;
    TRY(found_at(c, pouches_read(&p, dir, log, &end), log, &end));
    if (p.strangers > 0) {
        audit_done(a);
        TRY(found_at(c, audit_ledger(a, dir), "ledger", &a->end));
        p = (struct pouches){.history = a->history};
        TRY(found_at(c, pouches_read(&p, dir, log, &end), log, &end));
    }
    log_tell(c, log, &p);
    if (p.strangers > 0 && !p.inbox) {
        call_about(c, "%s", log);
        return FAIL(FORGED, "an outbox holds batches of an epoch that the ledger does not know");
    }
    return OK;
}

err do_verify(struct call *c)
{
    static struct audit a;
    const char         *dir = c->arg[0];
    a = (struct audit){0};
    TRY(call_dir_is_party(c, dir));
    TRY(anchor_find(c, &a, dir));
    TRY(found_at(c, audit_ledger(&a, dir), "ledger", &a.end));
    ledger_tell(c, &a);
    err e = OK;
    for (unsigned i = 0; i < pouch_log_count && !err_is(e); i++) {
        e = log_verify(c, &a, dir, pouch_logs[i]);
    }
    audit_done(&a);
    return e;
}
