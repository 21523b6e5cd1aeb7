/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOX_BOX_H
#define BOX_BOX_H

#include "box/filter.h"

/* What a process gives up for good, so that whoever captures it gets no more than this program needs.  In this order,
 * by the shell of each process (accordd, which starts them, closes a wider filter of its own):
 *
 *     box_begin     before a byte of anybody is read: privileges, core files, the filter of the start
 *     box_files     once descriptors are handed over, before there are threads: names of files, ports
 *     box_work      before the process says that it works: the filter of its work
 *
 * A call that is in neither filter ends the process at once with SIGSYS; accordd says so, and the kernel's log has its
 * number. */

/* box - what binds one program
 *
 * table     its calls; the list ends with NULL
 * listens   it may bind TCP ports; calls: it may connect to some (where the kernel has a rule for it)
 * threads   it begins some before box_work; the others begin none after box_begin */
struct box {
    const char                       *program;
    const struct filter_table *const *table;
    bool                              listens, calls, threads;
};

extern const struct box box_guard, box_intake, box_check, box_courier, box_desk, box_unwrap,
    box_accordd;

/* box_told - what is in force, in words for a line in the log; never NULL after box_begin */
struct box_told {
    const char *filter, *privileges, *files, *ports;
    size_t      start_rows, work_rows; /* of the filters */
};

/* BOX_OPEN - a build whose tools (sanitizers) make calls of their own: no filter of system calls, and it is told */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BOX_OPEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define BOX_OPEN 1
#endif
#endif
#ifndef BOX_OPEN
#define BOX_OPEN 0
#endif

/* box_begin
 *
 * fails   IO when the kernel refuses what every kernel that we run on has: then the process must not go on */
err box_begin(const struct box *b, struct box_told *out);

/* box_privileges - of box_begin, all but the filter: for what runs others' code, whose calls no table of ours can know
 *
 * fails   as box_begin */
err box_privileges(void);

/* box_folder - where files may be opened by name: fd of a folder, O_PATH will do */
struct box_folder {
    int  fd;
    bool change; /* also made, written, moved, removed */
};

/* box_files - from now on no file can be opened by name but in these folders, no TCP port bound or called but as b says,
 * and no process outside signalled; by Landlock, as far as this kernel has it
 *
 * fails   IO when the kernel has it, and refuses */
err box_files(const struct box *b, const struct box_folder *folder, size_t count,
              struct box_told *out);

/* box_work - as box_begin, with the calls of the start no longer there */
err box_work(const struct box *b, struct box_told *out);

#endif
