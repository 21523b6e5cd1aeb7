/* SPDX-License-Identifier: Apache-2.0 */
#include "config/stranger.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

enum sort { SORT_BYTE, SORT_RETURN, SORT_CONTROL, SORT_UNSEEN, SORT_NONE };

static const struct {
    const char *why, *hint;
} told[] = {
    [SORT_BYTE] = {"this byte is no UTF-8", "save the text as UTF-8, or take the byte out"},
    [SORT_RETURN] = {"lines end with a newline alone: this one has a carriage return",
                     "save the text with the line ends of Unix"},
    [SORT_CONTROL] = {"a control character stands here", "take it out"},
    [SORT_UNSEEN] = {"an invisible character here changes how the line reads", "take it out"},
};

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

static bool is_unseen(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } row[] = {
        {0x200b, 0x200f}, /* zero width, direction marks */
        {0x2028, 0x202e}, /* separators, overrides */
        {0x2060, 0x206f}, /* joiners, isolates */
        {0xfeff, 0xfeff}, /* byte order mark */
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (c >= row[i].first && c <= row[i].last) {
            return true;
        }
    }
    return false;
}

static enum sort sort_of(uint32_t c)
{
    return c == '\r'       ? SORT_RETURN
           : is_control(c) ? SORT_CONTROL
           : is_unseen(c)  ? SORT_UNSEEN
                           : SORT_NONE;
}

bool stranger_at(span s, struct stranger *out)
{
    uint32_t  c = s.ptr[0];
    size_t    len = text_character(s, &c);
    enum sort sort = len == 0 ? SORT_BYTE : sort_of(c);
    *out = (struct stranger){.len = len == 0 ? 1 : len};
    if (sort == SORT_NONE && c < 0x80) {
        return false;
    }
    (void)snprintf(out->shown, sizeof out->shown,
                   sort == SORT_BYTE ? "\\x%02" PRIx32 : "U+%04" PRIX32, c);
    if (sort == SORT_NONE) {
        return false;
    }
    out->why = told[sort].why;
    out->hint = told[sort].hint;
    return true;
}
