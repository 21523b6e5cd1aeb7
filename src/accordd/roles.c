/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/roles.h"

#include "base/span.h"
#include "wire/request.h"

#define BIT(n) ((set64)1 << (n))

const char *const process_words[] = {"guard", "intake", "check", "courier", "desk", NULL};
const char *const log_words[] = {"ledger", "outbox-intake", "outbox-desk", "lanes", "inbox", NULL};

static const struct process_role process_table[PROCESS_COUNT] = {
    [PROCESS_GUARD] = {"guard", "accord-guard", 0,
                       BIT(FILE_SLOTS) | BIT(FILE_MASTER) | BIT(FILE_IDENTITY) |
                           BIT(FILE_AUTHORITY) | BIT(FILE_AUTHORITY_KEY) | BIT(FILE_GENESIS) |
                           BIT(FILE_COUNTER)},
    [PROCESS_INTAKE] = {"intake", "accord-intake", CALLER_INTAKE, 0},
    [PROCESS_CHECK] = {"check", "accord-check", CALLER_CHECK, 0},
    [PROCESS_COURIER] = {"courier", "accord-courier", CALLER_COURIER, BIT(FILE_AUTHORITY)},
    [PROCESS_DESK] = {"desk", "accord-desk", CALLER_DESK,
                      BIT(FILE_AUTHORITY) | BIT(FILE_DROP) | BIT(FILE_WALL) | BIT(FILE_PRESENCE)},
};

#define KIB 1024u
#define MIB (1024u * KIB)

/* The courier and the desk read their own logs again at their start, to know where they are.  Feeds are
 * of no use once they were delivered; products stay where people can open them.  What leaves is looked at before;
 * the own desk shows to own people, and does not wait for that. */
#define OUTBOX_READERS (BIT(PROCESS_CHECK) | BIT(PROCESS_COURIER) | BIT(PROCESS_DESK))

static const struct log_role log_table[LOG_COUNT] = {
    [LOG_LEDGER] = {"ledger", PROCESS_GUARD, BIT(PROCESS_GUARD), 0, 4 * MIB, 128 * KIB,
                    INSTANT_NEVER},
    [LOG_OUTBOX_INTAKE] = {"outbox-intake", PROCESS_INTAKE, OUTBOX_READERS, BIT(PROCESS_COURIER),
                           16 * MIB, 2 * MIB, MS_PER_DAY},
    [LOG_OUTBOX_DESK] = {"outbox-desk", PROCESS_DESK, OUTBOX_READERS, BIT(PROCESS_COURIER),
                         16 * MIB, 2 * MIB, 30 * MS_PER_DAY},
    [LOG_LANES] = {"lanes", PROCESS_COURIER, BIT(PROCESS_COURIER), 0, 4 * MIB, 2 * MIB, MS_PER_DAY},
    [LOG_INBOX] = {"inbox", PROCESS_COURIER, BIT(PROCESS_DESK) | BIT(PROCESS_COURIER), 0, 16 * MIB,
                   2 * MIB, 30 * MS_PER_DAY},
};

static const struct file_role file_table[FILE_COUNT] = {
    [FILE_SLOTS] = {NULL, false, false},
    [FILE_MASTER] = {"keys/master", true, false},
    [FILE_IDENTITY] = {"keys/identity", true, false},
    [FILE_AUTHORITY] = {"authority.crt", false, false},
    [FILE_AUTHORITY_KEY] = {"keys/authority.key", true, false},
    [FILE_GENESIS] = {"genesis", false, true},
    [FILE_COUNTER] = {NULL, true, true},
    [FILE_DROP] = {NULL, false, true},
    [FILE_WALL] = {NULL, false, true},
    [FILE_PRESENCE] = {NULL, false, true},
};

const struct process_role *process_role(enum process p)
{
    return &process_table[p];
}

const struct log_role *log_role(enum log_name log)
{
    return &log_table[log];
}

const struct file_role *file_role(enum file_name file)
{
    return &file_table[file];
}
