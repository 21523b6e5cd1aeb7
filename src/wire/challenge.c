/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/challenge.h"

#include "wire/id.h"

#define NOT_ASKED FAIL(FORGED, "the text to be signed is not about what was asked for")

err challenge_check(span text, const struct challenge *c)
{
    struct lines l = lines_of(text);
    uint8_t      nonce[ID_LEN];
    span         shown;
    take_title(&l, CHALLENGE_TITLE);
    name whose = take_name(&l, "party");
    name what = take_name(&l, "act");
    name who = take_name(&l, "by");
    take_hex(&l, "nonce", nonce, sizeof nonce);
    (void)take_instant(&l, "time");
    if (!l.bad && !name_equal(&whose, c->party)) {
        return FAIL(FORGED, "this desk is another party's than the one that was named");
    }
    if (l.bad || !span_is(name_span(&what), c->act) || !span_is(name_span(&who), c->by) ||
        !span_starts(l.rest, c->body)) {
        return NOT_ASKED;
    }
    struct lines rest = lines_of((span){l.rest.ptr + c->body.len, l.rest.len - c->body.len});
    while (take_more(&rest, "shown", &shown)) {
    }
    return err_is(lines_end(&rest)) ? NOT_ASKED : OK;
}
