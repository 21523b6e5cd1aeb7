/* SPDX-License-Identifier: Apache-2.0 */
#include "box/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "the filters are written for x86_64 and aarch64"
#endif

/* What a tracer that makes a call fail puts in its place; the kernel makes none. */
#define NO_CALL UINT32_MAX

#define LOAD(field)  (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(field))
#define GIVE(answer) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (answer))
#define JUMP(how, value, yes, no)                                                                  \
    (struct sock_filter) BPF_JUMP(BPF_JMP | (how) | BPF_K, (value), (uint8_t)(yes), (uint8_t)(no))

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "an argument's lower half comes first");

static uint32_t argument_at(unsigned n)
{
    return (uint32_t)(offsetof(struct seccomp_data, args) + n * sizeof(uint64_t));
}

static unsigned tests_of(const struct filter_row *r)
{
    unsigned n = 0;
    while (n < FILTER_TESTS_MAX && r->test[n].ask != FILTER_ANY) {
        n++;
    }
    return n;
}

/* A row that does not match goes on behind itself, where the number is loaded again.  Numbers of the x32 ABI, other names of
 * the same calls, match none. */
static size_t row_compile(const struct filter_row *r, struct sock_filter *code)
{
    unsigned tests = tests_of(r);
    size_t   n = 0, length = 3 + 2 * (size_t)tests;
    code[n++] = LOAD(offsetof(struct seccomp_data, nr));
    code[n] = JUMP(BPF_JEQ, r->call, 0, length - n - 1);
    n++;
    for (unsigned t = 0; t < tests; t++) {
        const struct filter_test *test = &r->test[t];
        code[n++] = LOAD(argument_at(test->argument));
        code[n] = test->ask == FILTER_IS ? JUMP(BPF_JEQ, test->bits, 0, length - n - 1)
                                         : JUMP(BPF_JSET, test->bits, length - n - 1, 0);
        n++;
    }
    code[n++] = GIVE(r->refused ? SECCOMP_RET_ERRNO | ENOSYS : SECCOMP_RET_ALLOW);
    return n;
}

/* Rows past the room are left out; whoever asked sees that there is none left. */
static size_t table_compile(const struct filter_table *t, enum filter_phase phase, size_t room,
                            struct sock_filter *code, size_t *n)
{
    size_t held = 0;
    for (size_t i = 0; i < t->rows && held < room; i++) {
        if (t->row[i].phase >= phase) {
            *n += row_compile(&t->row[i], code + *n);
            held++;
        }
    }
    return held;
}

err filter_compile(const struct filter_table *const *table, enum filter_phase phase,
                   struct sock_filter code[static FILTER_CODE_MAX], size_t *count, size_t *rows)
{
    size_t n = 0, held = 0;
    code[n++] = LOAD(offsetof(struct seccomp_data, arch));
    code[n++] = JUMP(BPF_JEQ, ARCH, 1, 0);
    code[n++] = GIVE(SECCOMP_RET_KILL_PROCESS);
    code[n++] = LOAD(offsetof(struct seccomp_data, nr));
    code[n++] = JUMP(BPF_JEQ, NO_CALL, 0, 1);
    code[n++] = GIVE(SECCOMP_RET_ALLOW);
    for (; *table != NULL; table++) {
        held += table_compile(*table, phase, FILTER_ROWS_MAX - held, code, &n);
    }
    if (held == FILTER_ROWS_MAX) {
        return FAIL(LIMIT, "a process may make more system calls than a filter has room for");
    }
    code[n++] = GIVE(SECCOMP_RET_KILL_PROCESS);
    *count = n;
    *rows = held;
    return OK;
}

err filter_close(const struct filter_table *const *table, enum filter_phase phase, size_t *rows)
{
    struct sock_filter code[FILTER_CODE_MAX];
    size_t             count = 0;
    TRY(filter_compile(table, phase, code, &count, rows));
    struct sock_fprog program = {(unsigned short)count, code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0
               ? OK
               : FAIL(IO, "the kernel takes no filter of system calls");
}
