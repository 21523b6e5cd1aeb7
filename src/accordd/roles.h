/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_ROLES_H
#define ACCORDD_ROLES_H

#include "base/err.h"
#include "base/instant.h"
#include "base/set64.h"
#include "wire/control.h"

/* Who is who in a gateway, and who gets what: accordd hands over what stands here, and nothing
 * else. */

/* process_role - a program that accordd starts
 *
 * caller   its enum caller at the guard; 0 = it is the guard
 * files    set of enum file_name that it gets */
struct process_role {
    const char *name, *program;
    uint8_t     caller;
    set64       files;
};
const struct process_role *process_role(enum process p);

/* log_role - a log: its one writer, and the set of processes that read it
 *
 * behind  those of them that read only what PROCESS_CHECK has passed, and are rung by it instead of the writer
 * bytes   of a segment, unless accord.conf says another size
 * least   a smaller one could not hold the longest record
 * keep    how long a segment stays that no reader needs any more, milliseconds, unless accord.conf
 *         says another time; INSTANT_NEVER: for ever, whatever it says */
struct log_role {
    const char  *name;
    enum process writer;
    set64        readers, behind;
    uint32_t     bytes, least;
    instant      keep;
};
const struct log_role *log_role(enum log_name log);

/* file_role - a file of the party's directory
 *
 * path       within it; NULL = it is made, or named elsewhere
 * secret     nobody but its owner may have any access to it
 * optional   it may be missing */
struct file_role {
    const char *path;
    bool        secret, optional;
};
const struct file_role *file_role(enum file_name file);

/* The words of accord.conf, NULL after the last */
extern const char *const process_words[];
extern const char *const log_words[];

#endif
