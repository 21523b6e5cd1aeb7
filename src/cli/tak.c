/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of TAK clients, which cannot sign: a person does, for the terminal whose certificate they show. */
#include "cli/act.h"
#include "cli/marking_args.h"
#include "cli/verbs.h"
#include "cli/word.h"

err do_tak_on(struct call *c)
{
    static const struct word word = {"tak-on", {{"terminal", 0, NULL}}, NULL};
    uint8_t                  buf[ACT_BODY_MAX];
    struct writer            w = WRITER_OF(buf);
    const char              *topics = call_option(c, "topics");
    TRY(word_put(c, &word, &w));
    TRY(word_minutes(c, &w));
    TRY(line_list(&w, "topics", topics == NULL ? "" : topics));
    TRY(act_run(c, word.act, &w, (span){NULL, 0}, NULL));
    call_tell(c, "TAK clients of %s see what you may", c->arg[0]);
    return OK;
}

err do_tak_off(struct call *c)
{
    static const struct word word = {
        "tak-off", {{"terminal", 0, NULL}}, "TAK clients of %s see nothing more"};
    return word_run(c, &word);
}
