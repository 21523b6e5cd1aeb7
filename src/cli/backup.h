/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

#include "base/lines.h"
#include "cli/call.h"
#include "cli/file.h"

/* A copy of a gateway's folder, made while it runs, and a folder made of such a copy
 * (docs/format/backup.md). */

#define BACKUP_TITLE        "accord backup 1"
#define BACKUP_MANIFEST     "backup"
#define BACKUP_MANIFEST_MAX ((size_t)1 << 20) /* 5 logs of 1,000 segments */
#define BACKUP_PIECE        ((size_t)64 << 10)

/* backup_part - what is in one
 *
 * folder     of the segments of a log
 * key        goes to a folder of its own, under its own name, or nowhere
 * optional   it need not be there
 * mode       of the file in a gateway that is restored */
struct backup_part {
    const char *path;
    bool        folder, key, optional;
    mode_t      mode;
};

/* backup_parts - in the order in which they are copied
 * backup_folders - those that are made for it, each before what is in it */
extern const struct backup_part backup_parts[];
extern const unsigned           backup_part_count;
extern const char *const        backup_folders[];
extern const unsigned           backup_folder_count;

/* backup - one under way
 *
 * keys    where these go or come from; NULL = nowhere
 * whole   blocks of zeros are written, too: a gateway's log must not wait for room */
struct backup {
    struct call  *call;
    const char   *from, *to, *keys;
    bool          whole;
    struct writer manifest;
    uint64_t      files, bytes;
    uint8_t       piece[BACKUP_PIECE];
};

/* is_segment_name - 16 hexadecimal digits: a segment's name, and no draft's */
bool is_segment_name(span s);

/* backup_folders_make - a new folder `to` and those in it;   backup_folders_sync - the names in them
 * fails   CONFLICT when it is there, IO */
err backup_folders_make(const struct backup *b);
err backup_folders_sync(const struct backup *b);

/* backup_take - copy one file into a new one, from its end to its begin, durable
 *
 * fails   UNKNOWN when it is not there, CONFLICT when the copy is, FULL, IO */
err backup_take(struct backup *b, const char *from, const char *to, mode_t mode);

#endif
