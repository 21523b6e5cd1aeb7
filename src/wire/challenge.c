/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/challenge.h"

#include "wire/id.h"

bool challenge_says(span text, const struct challenge *c)
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
    if (l.bad || !name_equal(&whose, c->party) || !span_is(name_span(&what), c->act) ||
        !span_is(name_span(&who), c->by) || !span_starts(l.rest, c->body)) {
        return false;
    }
    struct lines rest = lines_of((span){l.rest.ptr + c->body.len, l.rest.len - c->body.len});
    while (take_more(&rest, "shown", &shown)) {
    }
    return !err_is(lines_end(&rest));
}
