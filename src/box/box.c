/* SPDX-License-Identifier: Apache-2.0 */
#include "box/box.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const char unfiltered[] = "none: this build has sanitizers";

/* Past the last capability the kernel says that there is none. */
static void bounding_drop(void)
{
    for (unsigned long c = 0; prctl(PR_CAPBSET_DROP, c, 0, 0, 0) == 0; c++) {
    }
}

static bool capabilities_drop(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct   none[_LINUX_CAPABILITY_U32S_3] = {0};
    bounding_drop(); /* a plain user may not, and has none */
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
           syscall(SYS_capset, &head, none) == 0;
}

/* Keys must reach no file, and no other process of this user. */
static bool memory_shut(void)
{
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 &&
           (BOX_OPEN || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

/* Not one more process or thread of this user from here on; to the kernel root has no such limit. */
static bool numbers_shut(void)
{
    struct rlimit none = {0, 0};
    return BOX_OPEN || setrlimit(RLIMIT_NPROC, &none) == 0;
}

err box_privileges(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && capabilities_drop() && memory_shut()
               ? OK
               : FAIL(IO, "the kernel does not let this process give up its privileges");
}

err box_begin(const struct box *b, struct box_told *out)
{
    struct box_told told = {.filter = unfiltered,
                            .privileges = "none, and none can be gained",
                            .files = "as its user may",
                            .ports = "as its user may"};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !capabilities_drop() || !memory_shut() ||
        !(b->threads || numbers_shut())) {
        return FAIL(IO, "the kernel does not let this process give up its privileges");
    }
    if (!BOX_OPEN) {
        TRY(filter_close(b->table, FILTER_START, &told.start_rows));
        told.filter = "any other call ends the process";
    }
    *out = told;
    return OK;
}

err box_work(const struct box *b, struct box_told *out)
{
    if (b->threads && !numbers_shut()) {
        return FAIL(IO, "the kernel does not let this process give up beginning others");
    }
    return BOX_OPEN ? OK : filter_close(b->table, FILTER_WORK, &out->work_rows);
}
