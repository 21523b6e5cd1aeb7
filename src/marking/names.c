/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/names.h"

err names_find(const struct names *n, span text, unsigned *out)
{
    /*@ loop invariant 0 <= i <= n->count;
        loop assigns i;
        loop variant n->count - i; */
    for (unsigned i = 0; i < n->count; i++) {
        if (span_equal(name_span(&n->name[i]), text)) {
            *out = i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "no policy defines this name");
}

err names_add(struct names *n, span text, unsigned *out)
{
    name fresh;
    TRY(name_of(text, &fresh));
    if (!err_is(names_find(n, text, out))) {
        return OK;
    }
    if (n->count == SET64_MAX) {
        return FAIL(FULL, "the policies define more than 64 names of one sort");
    }
    n->name[n->count] = fresh;
    *out = n->count++;
    return OK;
}

/* The member whose name is the least of those past `last` in byte order, or SET64_MAX */
static unsigned names_after(const struct names *n, set64 members, const name *last)
{
    unsigned best = SET64_MAX;
    for (unsigned i = set_next(members, 0); i < n->count; i = set_next(members, i + 1)) {
        span here = name_span(&n->name[i]);
        bool past = last == NULL || span_order(here, name_span(last)) > 0;
        if (past && (best == SET64_MAX || span_order(here, name_span(&n->name[best])) < 0)) {
            best = i;
        }
    }
    return best;
}

unsigned names_walk(const struct names *n, set64 members, unsigned last)
{
    return names_after(n, members, last < n->count ? &n->name[last] : NULL);
}

set64 names_all(const struct names *n)
{
    return n->count >= SET64_MAX ? ~(set64)0 : set_one(n->count) - 1;
}

bool names_cover(const struct names *n, set64 members)
{
    return n->count >= SET64_MAX || members >> n->count == 0;
}

void names_format(const struct names *n, set64 members, struct writer *w)
{
    if (!names_cover(n, members)) {
        w->bad = true;
        return;
    }
    const char *comma = "";
    for (unsigned i = names_walk(n, members, SET64_MAX); i < SET64_MAX;
         i = names_walk(n, members, i)) {
        put_text(w, comma);
        put_span(w, name_span(&n->name[i]));
        comma = ",";
    }
}

err names_read(const struct names *n, span text, set64 *out)
{
    set64 found = 0;
    span  last = {0};
    do {
        bool     more = text.len > 0 && memchr(text.ptr, ',', text.len) != NULL;
        span     one = span_cut(&text, ',');
        unsigned i = 0;
        if (one.len == 0 || (more && text.len == 0)) {
            return FAIL(MALFORMED, "a name is missing in a list");
        }
        if (last.len > 0 && span_order(last, one) >= 0) {
            return FAIL(MALFORMED, "the names of a list are in byte order, each once");
        }
        TRY(names_find(n, one, &i));
        found |= set_one(i);
        last = one;
    } while (text.len > 0);
    *out = found;
    return OK;
}
