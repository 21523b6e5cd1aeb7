/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "box/box.h"

#include <errno.h>
#include <unistd.h>

/* Landlock as the kernel numbers it, written out here: the headers of Debian 12 end at what 6.1 had, and the kernel
 * takes a shorter struct for zeros. */
struct ruleset {
    uint64_t files, ports, scopes;
};

struct beneath {
    uint64_t files;
    int32_t  folder;
} __attribute__((packed));

#define RULESET_VERSION 1u
#define RULE_BENEATH    1

#define FILE_WRITE    (UINT64_C(1) << 1)
#define FILE_READ     (UINT64_C(1) << 2)
#define FOLDER_READ   (UINT64_C(1) << 3)
#define FOLDER_REMOVE (UINT64_C(1) << 4)
#define FILE_REMOVE   (UINT64_C(1) << 5)
#define FOLDER_MAKE   (UINT64_C(1) << 7)
#define FILE_MAKE     (UINT64_C(1) << 8)
#define FILE_MOVE     (UINT64_C(1) << 13) /* between folders */
#define FILE_TRUNCATE (UINT64_C(1) << 14)

#define PORT_BIND    UINT64_C(1)
#define PORT_CONNECT UINT64_C(2)

#define READ (FILE_READ | FOLDER_READ)
#define CHANGE                                                                                     \
    (READ | FILE_WRITE | FILE_REMOVE | FOLDER_REMOVE | FOLDER_MAKE | FILE_MAKE | FILE_MOVE |       \
     FILE_TRUNCATE)

/* version - of the kernel's Landlock: what it can forbid, and how long its ruleset is */
static const struct version {
    uint64_t files, ports, scopes;
} versions[] = {
    {(UINT64_C(1) << 13) - 1, 0, 0}, /* 1 */
    {(UINT64_C(1) << 14) - 1, 0, 0}, /* 2: moving between folders */
    {(UINT64_C(1) << 15) - 1, 0, 0}, /* 3: truncating */
    {(UINT64_C(1) << 15) - 1, 3, 0}, /* 4: TCP */
    {(UINT64_C(1) << 16) - 1, 3, 0}, /* 5: ioctl of devices */
    {(UINT64_C(1) << 16) - 1, 3, 3}, /* 6: sockets without a file, signals */
};

static size_t ruleset_len(const struct version *v)
{
    return v->scopes != 0  ? sizeof(struct ruleset)
           : v->ports != 0 ? offsetof(struct ruleset, scopes)
                           : offsetof(struct ruleset, ports);
}

static err folders_allow(int rules, const struct version *v, const struct box_folder *folder,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct beneath b = {(folder[i].change ? CHANGE : READ) & v->files, folder[i].fd};
        if (folder[i].fd >= 0 && syscall(SYS_landlock_add_rule, rules, RULE_BENEATH, &b, 0) != 0) {
            return FAIL(IO, "the kernel does not take a folder's place in Landlock");
        }
    }
    return OK;
}

static void words(const struct box *b, const struct version *v, size_t folders,
                  struct box_told *out)
{
    out->files = folders > 0 ? "in its own folders only, by Landlock" : "none by name, by Landlock";
    if (v->ports != 0) {
        out->ports = b->listens && b->calls ? "TCP as its user may"
                     : b->listens           ? "no TCP connection can be begun, by Landlock"
                                            : "no TCP port can be bound or called, by Landlock";
    }
}

err box_files(const struct box *b, const struct box_folder *folder, size_t count,
              struct box_told *out)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, RULESET_VERSION);
    if (version < 1) {
        out->files = "as its user may: this kernel has no Landlock";
        return OK;
    }
    const size_t          newest = ARRAY_LEN(versions);
    const struct version *v =
        &versions[(size_t)version < newest ? (size_t)version - 1 : newest - 1];
    struct ruleset r = {v->files, v->ports, v->scopes};
    r.ports &= (b->listens ? 0 : PORT_BIND) | (b->calls ? 0 : PORT_CONNECT);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &r, ruleset_len(v), 0);
    if (rules < 0) {
        return FAIL(IO, "the kernel has Landlock, and does not take what this process gives up");
    }
    err e = folders_allow(rules, v, folder, count);
    if (!err_is(e) && syscall(SYS_landlock_restrict_self, rules, 0) != 0) {
        e = FAIL(IO, "the kernel has Landlock, and does not let this process give up files");
    }
    close(rules);
    words(b, v, count, out);
    return e;
}
