/* SPDX-License-Identifier: Apache-2.0 */
/* approve, reject, designate: a release officer's acts on one item. */
#include "cli/act.h"
#include "cli/given.h"
#include "cli/verbs.h"

static err held_act(struct call *c, const char *act)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    id            epoch;
    TRY(given_epoch(c, c->arg[0], &epoch));
    line_text(&w, "epoch", span_text(c->arg[0]));
    line_text(&w, "partner", span_text(c->arg[1]));
    TRY(act_run(c, act, &w, (span){NULL, 0}, NULL));
    const char *outcome = json_string_value(json_object_get(c->answer, "outcome"));
    call_tell(c, "%s", outcome == NULL ? "" : outcome);
    return OK;
}

err do_approve(struct call *c)
{
    return held_act(c, "approve");
}

err do_reject(struct call *c)
{
    return held_act(c, "reject");
}

err do_designate(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    id            handle;
    TRY(given_handle(c, c->arg[0], &handle));
    line_text(&w, "handle", span_text(c->arg[0]));
    line_text(&w, "level", span_text(c->arg[1]));
    TRY(act_run(c, "designate", &w, (span){NULL, 0}, NULL));
    call_tell(c, "it is handled as %s", c->arg[1]);
    return OK;
}
