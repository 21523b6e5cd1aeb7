/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CONTROL_H
#define WIRE_CONTROL_H

#include "base/text.h"

/* What accordd says to the processes it starts, on descriptor 3 of each, and what they say to it
 * (docs/format/processes.md).  Descriptors travel with the messages.  A message is u8 kind, then
 * its fields. */

#define CONTROL_FD 3

enum control {
    CONTROL_PARTY = 1, /* block8 party, block16 settings: canonical text, one `key value` a line */
    CONTROL_CHANNEL,   /* u8 enum caller, fd: to the guard: a channel of that caller (again when it
                          was started anew); to the others: their channel to the guard */
    CONTROL_LOG,       /* u8 enum log_name, u8 enum log_use, fds: see log_use */
    CONTROL_SEGMENT, /* u8 enum log_name, u8 enum log_use, u64 number, fd: in order, without a gap */
    CONTROL_FILE,    /* u8 enum file_name, fd */
    CONTROL_GO,      /* everything that was there at the start has been handed over */
    CONTROL_STOP,    /* end in good order */
    CONTROL_DROP, /* u8 enum log_name, u64 number: segments before this one are gone: close them */
    CONTROL_PASSING, /* u8 enum log_name, u8 enum log_use, fds: what was passed of a log whose records are looked at
                        before they leave (store/passing.h), and the sums of these (store/looked.h): LOG_WRITES brings
                        both files (read-write) and the bells of those who wait for them, LOG_READS both (read-only);
                        after CONTROL_LOG */

    /* from a process to accordd */
    CONTROL_WANT = 64, /* u8 enum log_name, u64 number: the spare segment of that number */
    CONTROL_READY,     /* this process does its work */
    CONTROL_DONE,      /* u8 enum log_name, u64 position: this reader needs nothing before it */
    CONTROL_ALONE,     /* this process has lost its channel to the guard: give it a new one */
    CONTROL_END,       /* u8 enum caller: from the guard: that process does not answer, kill it */
};

/* process - the programs of a gateway that accordd starts, each once; what each gets is a table in accordd */
enum process {
    PROCESS_GUARD,
    PROCESS_INTAKE,
    PROCESS_CHECK,
    PROCESS_COURIER,
    PROCESS_DESK,
    PROCESS_COUNT
};

/* The logs of a gateway; who writes and who reads each is a table in accordd */
enum log_name { LOG_LEDGER, LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK, LOG_LANES, LOG_INBOX, LOG_COUNT };

/* log_use - with CONTROL_LOG: LOG_WRITES brings the marks page (read-write) and one doorbell to ring
 * for each reader in another process; LOG_READS brings the marks page (read-only) and the bell to
 * listen to, but no bell for a log that this process writes itself.  Files are read-only for
 * LOG_READS. */
enum log_use { LOG_WRITES, LOG_READS, LOG_USE_COUNT };

/* All but the last are open for reading, slots and counter for writing too; the last is a folder */
enum file_name {
    FILE_SLOTS,
    FILE_MASTER,
    FILE_IDENTITY,
    FILE_AUTHORITY,
    FILE_AUTHORITY_KEY,
    FILE_GENESIS,
    FILE_COUNTER, /* how long the ledger is, kept elsewhere (docs/format/counter.md) */
    FILE_DROP,
    FILE_WALL,     /* the folder of the page for displays */
    FILE_PRESENCE, /* the folder of the log of an access control system */
    FILE_COUNT
};

#endif
