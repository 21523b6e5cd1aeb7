/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_PAGE_H
#define DESKIO_PAGE_H

#include "base/span.h"
#include "http/response.h"

/* The page for displays: its files are read once, at the start, and nothing else is ever served. */

/* PAGE_FILES_MAX - a page, its scripts, styles, symbols and fonts
 * PAGE_FILE_MAX  - below what one client's queue takes
 * PAGE_NAME_MAX  - of a file */
#define PAGE_FILES_MAX 32
#define PAGE_FILE_MAX  ((size_t)3 << 20)
#define PAGE_NAME_MAX  64

struct page_file {
    char       name[PAGE_NAME_MAX + 1];
    enum media media;
    span       body;
};

struct page {
    size_t           count;
    struct page_file file[PAGE_FILES_MAX];
};

/* page_open - what lies in a folder, and has a name of small letters, digits, '-' and '.' and an ending of the table
 * in page.c
 *
 * folder   stays the caller's; -1 = there is no page
 * fails    LIMIT on a file that is larger, or on more files; FULL; IO */
err  page_open(struct page *p, int folder);
void page_close(struct page *p);

/* page_path - is this path the page's?   page_find - its file, or NULL; `/wall/` is index.html */
bool                    page_path(span path);
const struct page_file *page_find(const struct page *p, span path);

#endif
