/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/leaf.h"

#define TITLE       "accord leaf 1"
#define INSTANT_LEN 24 /* 2016-11-23T00:00:00.000Z */

static const char *const kind_names[] = {
    [LEAF_GENESIS] = "genesis",
    [LEAF_STARTED] = "started",
    [LEAF_POLICY] = "policy",
    [LEAF_PARTY] = "party",
    [LEAF_AGREEMENT] = "agreement",
    [LEAF_RULES] = "rules",
    [LEAF_INSTRUMENT] = "instrument",
    [LEAF_PERSON] = "person",
    [LEAF_SOURCE] = "source",
    [LEAF_ASSURANCE] = "assurance",
    [LEAF_ACT] = "act",
    [LEAF_EPOCH] = "epoch",
    [LEAF_CLOSED] = "closed",
    [LEAF_RELEASED] = "released",
    [LEAF_HELD] = "held",
    [LEAF_REFUSED] = "refused",
    [LEAF_APPROVED] = "approved",
    [LEAF_REJECTED] = "rejected",
    [LEAF_WITHHELD] = "withheld",
    [LEAF_RECEIVED] = "received",
    [LEAF_DESIGNATED] = "designated",
    [LEAF_OPENED] = "opened",
    [LEAF_OPENING_REFUSED] = "opening-refused",
    [LEAF_KEY_DESTROYED] = "key-destroyed",
    [LEAF_RECALLED] = "recalled",
    [LEAF_DESTROYED] = "destroyed",
    [LEAF_CHECKPOINT_PARTNER] = "checkpoint-partner",
    [LEAF_DAY_KEY] = "day-key",
    [LEAF_PARTNER_DAY_KEY] = "partner-day-key",
    [LEAF_RECEIVE_REFUSED] = "receive-refused",
    [LEAF_SUBMIT_REFUSED] = "submit-refused",
    [LEAF_SIGNED] = "signed",
    [LEAF_ALARM] = "alarm",
    [LEAF_LETTER] = "letter",
    [LEAF_LETTER_RECEIVED] = "letter-received",
    [LEAF_LETTER_REFUSED] = "letter-refused",
    [LEAF_FRAUD] = "fraud",
    [LEAF_MUTED] = "muted",
    [LEAF_UNMUTED] = "unmuted",
    [LEAF_FORK] = "fork",
    [LEAF_CLOCK] = "clock",
    [LEAF_OVERDUE] = "overdue",
    [LEAF_OCCUPANCY] = "occupancy",
    [LEAF_CLASS] = "class",
    [LEAF_SHOWN] = "shown",
    [LEAF_MASKED] = "masked",
    [LEAF_DISPLAYS] = "displays",
    [LEAF_FALLS_DUE] = "falls-due",
    [LEAF_EXPIRED] = "expired",
    [LEAF_STOPPED] = "stopped",
};
_Static_assert(ARRAY_LEN(kind_names) == LEAF_KIND_COUNT, "every kind of leaf has a name");

const char *leaf_kind_name(enum leaf_kind k)
{
    MUST((unsigned)k < LEAF_KIND_COUNT);
    return kind_names[k];
}

err leaf_kind_of(span s, enum leaf_kind *out)
{
    for (unsigned k = 0; k < LEAF_KIND_COUNT; k++) {
        if (span_is(s, kind_names[k])) {
            *out = (enum leaf_kind)k;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the ledger has no such kind of leaf");
}

void leaf_begin(struct writer *w, enum leaf_kind kind, instant time, const name *party)
{
    line_title(w, TITLE);
    line_text(w, "kind", span_text(leaf_kind_name(kind)));
    line_instant(w, "time", time);
    line_name(w, "party", party);
}

/* A key of lower-case letters and '-', one blank, a value (which may be empty) */
static bool is_line(span line)
{
    span rest = line;
    span key = span_cut(&rest, ' ');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] != '-' && (key.ptr[i] < 'a' || key.ptr[i] > 'z')) {
            return false;
        }
    }
    return key.len > 0 && key.len < line.len;
}

static err check_body(span body)
{
    utf8 checked;
    TRY(text_utf8(body, &checked));
    if (body.len > 0 && body.ptr[body.len - 1] != '\n') {
        return FAIL(MALFORMED, "a leaf ends with a newline");
    }
    for (span rest = body; rest.len > 0;) {
        if (!is_line(span_cut(&rest, '\n'))) {
            return FAIL(MALFORMED, "a line of a leaf has no key and value");
        }
    }
    return OK;
}

err leaf_head_read(span text, struct leaf_head *out)
{
    if (text.len > LEAF_TEXT_MAX) {
        return FAIL(LIMIT, "the leaf is longer than 16 KiB");
    }
    struct leaf_head head = {0};
    struct lines     l = lines_of(text);
    take_title(&l, TITLE);
    span kind = take_text(&l, "kind");
    span time = take_text(&l, "time");
    head.party = take_name(&l, "party");
    if (l.bad || time.len != INSTANT_LEN) {
        return FAIL(MALFORMED, "a leaf begins with its title, kind, time and party");
    }
    TRY(leaf_kind_of(kind, &head.kind));
    TRY(text_instant(time, &head.time));
    TRY(check_body(l.rest));
    head.body = l.rest;
    *out = head;
    return OK;
}

bool leaf_attachment(span *rest, span *hex)
{
    while (rest->len > 0) {
        span value = span_cut(rest, '\n');
        span key = span_cut(&value, ' ');
        if (span_is(key, "attachment")) {
            *hex = value;
            return true;
        }
    }
    return false;
}

merkle_hash leaf_hash(const uint8_t salt[static LEAF_SALT_LEN], span text)
{
    return merkle_leaf((span){salt, LEAF_SALT_LEN}, text);
}
