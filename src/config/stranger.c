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
        {0x00ad, 0x00ad},   /* soft hyphen */
        {0x034f, 0x034f},   /* grapheme joiner */
        {0x061c, 0x061c},   /* Arabic letter mark, which turns the direction */
        {0x115f, 0x1160},   /* Hangul fillers */
        {0x17b4, 0x17b5},   /* Khmer vowels that are not drawn */
        {0x180b, 0x180f},   /* Mongolian variations and separator */
        {0x200b, 0x200f},   /* zero width, direction marks */
        {0x2028, 0x202e},   /* separators, overrides */
        {0x2060, 0x206f},   /* joiners, isolates */
        {0x3164, 0x3164},   /* Hangul filler */
        {0xfdd0, 0xfdef},   /* no characters */
        {0xfe00, 0xfe0f},   /* variations */
        {0xfeff, 0xfeff},   /* byte order mark */
        {0xffa0, 0xffa0},   /* Hangul filler, half as wide */
        {0xfff0, 0xfffb},   /* annotations, and what is none yet */
        {0x1bca0, 0x1bca3}, /* controls of shorthand */
        {0x1d173, 0x1d17a}, /* controls of music */
        {0xe0000, 0xe0fff}, /* tags: hidden text; more variations */
    };
    bool no_character = (c & 0xfffe) == 0xfffe;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (c >= row[i].first && c <= row[i].last) {
            return true;
        }
    }
    return no_character;
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
