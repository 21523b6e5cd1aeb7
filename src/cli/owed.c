/* SPDX-License-Identifier: Apache-2.0 */
/* What is owed for what came: losses, what was found again, certificates, contractors. */
#include "cli/act.h"
#include "cli/given.h"
#include "cli/marking_args.h"
#include "cli/party.h"
#include "cli/verbs.h"
#include "cli/word.h"
#include "wire/id.h"

/* ---- losses, what was found, certificates ---- */

err do_loss(struct call *c)
{
    static const struct word word = {"loss", {{"handle", 0, NULL}}, NULL};
    static const struct word rest = {"loss", {{"what", -1, NULL}}, NULL};
    const char              *discovered = call_option(c, "discovered");
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    id                       handle;
    TRY(given_handle(c, c->arg[0], &handle));
    TRY(word_put(c, &word, &w));
    line_text(&w, "certain", call_has(c, "certain") ? SPAN_LIT("yes") : SPAN_LIT("no"));
    if (discovered != NULL) {
        TRY(word_time(c, "discovered", discovered, &w));
    } else {
        line_instant(&w, "discovered", party_now(c));
    }
    TRY(word_put(c, &rest, &w));
    TRY(act_run(c, word.act, &w, (span){NULL, 0}, NULL));
    call_tell(c, "%s opens for nobody any more; its giver is told", c->arg[0]);
    return OK;
}

err do_found(struct call *c)
{
    static const struct word word = {
        "found", {{"handle", 0, NULL}, {"what", -1, NULL}}, "%s opens again once its giver knows"};
    id handle;
    TRY(given_handle(c, c->arg[0], &handle));
    return word_run(c, &word);
}

err do_certify(struct call *c)
{
    static const struct word word = {
        "certify", {{"handle", 0, NULL}, REASON}, "signed that %s is destroyed: accord duties"};
    id handle;
    TRY(given_handle(c, c->arg[0], &handle));
    return word_run(c, &word);
}

/* ---- contractors ---- */

static err topics_put(struct call *c, struct writer *w)
{
    const char *topics = call_option(c, "topics");
    put_text(w, "topics ");
    if (list_is_none(topics)) {
        put_u8(w, '-');
    } else {
        TRY(put_sorted(w, span_text(topics)));
    }
    put_u8(w, '\n');
    return OK;
}

static err scope_check(struct call *c)
{
    id item;
    if (call_has(c, "agreement") == call_has(c, "epoch")) {
        return call_misuse(
            c, FAIL(MALFORMED, "a contractor is approved for one --agreement or one --epoch"));
    }
    if (call_has(c, "firm") != call_has(c, "facility")) {
        return call_misuse(c, FAIL(MALFORMED, "a --firm is named with its --facility"));
    }
    return call_has(c, "epoch") ? given_epoch(c, call_option(c, "epoch"), &item) : OK;
}

err do_contractor_approve(struct call *c)
{
    static const struct word who = {"contractor-approve",
                                    {{"partner", 0, NULL},
                                     {"employer", 1, NULL},
                                     {"firm", -1, "-"},
                                     {"facility", -1, "-"},
                                     {"agreement", -1, "-"}},
                                    NULL};
    static const struct word top = {"contractor-approve", {{"level", -1, NULL}}, NULL};
    static const struct word why = {"contractor-approve", {{"purpose", -1, NULL}}, NULL};
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    TRY(scope_check(c));
    TRY(word_put(c, &who, &w));
    line_text(&w, "item", span_text(call_has(c, "epoch") ? call_option(c, "epoch") : "-"));
    TRY(topics_put(c, &w));
    TRY(word_put(c, &top, &w));
    TRY(word_until(c, &w));
    TRY(word_put(c, &why, &w));
    TRY(act_run(c, who.act, &w, (span){NULL, 0}, NULL));
    call_tell(c, "people of that contractor may open it at %s", c->arg[0]);
    return OK;
}

err do_contractor_revoke(struct call *c)
{
    static const struct word word = {
        "contractor-revoke", {{"approval", 0, NULL}, REASON}, "the approval of leaf %s is revoked"};
    return approval_run(c, &word);
}
