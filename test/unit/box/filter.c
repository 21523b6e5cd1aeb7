/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's code that a table of calls is compiled to, run here as the kernel runs it, beside the table read row by row: for each
 * program, each number and many arguments both say the same.  No call is made, so it also runs where the kernel is not of this
 * machine's kind (`make box-aarch64`). */
#include "box/box.h"

#include "cmocka_all.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#if defined(__x86_64__)
#define ARCH_HERE  AUDIT_ARCH_X86_64
#define ARCH_OTHER AUDIT_ARCH_AARCH64
#else
#define ARCH_HERE  AUDIT_ARCH_AARCH64
#define ARCH_OTHER AUDIT_ARCH_X86_64
#endif

#define NUMBER_MAX 480 /* past the newest call that there is */

static const struct box *const boxes[] = {&box_guard, &box_intake, &box_courier, &box_desk,
                                          &box_check, &box_unwrap, &box_accordd};
#define BOXES (sizeof boxes / sizeof boxes[0])

static struct sock_filter code[FILTER_CODE_MAX];
static size_t             count, rows;

/* The four instructions that a filter is made of */
static uint32_t kernel_says(const struct seccomp_data *d)
{
    uint32_t a = 0;
    for (size_t at = 0; at < count; at++) {
        const struct sock_filter *i = &code[at];
        if (i->code == (BPF_LD | BPF_W | BPF_ABS)) {
            assert_true(i->k + sizeof a <= sizeof *d && i->k % sizeof a == 0);
            memcpy(&a, (const uint8_t *)d + i->k, sizeof a);
        } else if (i->code == (BPF_JMP | BPF_JEQ | BPF_K)) {
            at += a == i->k ? i->jt : i->jf;
        } else if (i->code == (BPF_JMP | BPF_JSET | BPF_K)) {
            at += (a & i->k) != 0 ? i->jt : i->jf;
        } else {
            assert_int_equal(i->code, BPF_RET | BPF_K);
            return i->k;
        }
    }
    fail(); /* past the end */
    return 0;
}

static bool row_fits(const struct filter_row *r, const struct seccomp_data *d)
{
    bool fits = r->call == (uint32_t)d->nr;
    for (size_t t = 0; fits && t < FILTER_TESTS_MAX && r->test[t].ask != FILTER_ANY; t++) {
        uint32_t value = (uint32_t)d->args[r->test[t].argument];
        fits =
            r->test[t].ask == FILTER_IS ? value == r->test[t].bits : (value & r->test[t].bits) == 0;
    }
    return fits;
}

/* The first row that fits says; none does: the end */
static uint32_t table_says(const struct box *b, enum filter_phase phase,
                           const struct seccomp_data *d)
{
    for (size_t t = 0; b->table[t] != NULL; t++) {
        for (size_t i = 0; i < b->table[t]->rows; i++) {
            const struct filter_row *r = &b->table[t]->row[i];
            if (r->phase >= phase && row_fits(r, d)) {
                return r->refused ? SECCOMP_RET_ERRNO | ENOSYS : SECCOMP_RET_ALLOW;
            }
        }
    }
    return SECCOMP_RET_KILL_PROCESS;
}

static void both_say(const struct box *b, enum filter_phase phase, const struct seccomp_data *d)
{
    uint32_t kernel = kernel_says(d), table = table_says(b, phase, d);
    if (kernel != table) {
        print_message("%s, call %d\n", b->program, d->nr);
    }
    assert_int_equal(kernel, table);
}

/* bits that some row asks for, and the same with one more or less, in each argument's place */
static void with_arguments_of(const struct box *b, enum filter_phase phase,
                              const struct filter_row *r)
{
    for (unsigned wrong = 0; wrong <= FILTER_TESTS_MAX; wrong++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            struct seccomp_data d = {.nr = (int)r->call, .arch = ARCH_HERE};
            for (unsigned t = 0; t < FILTER_TESTS_MAX && r->test[t].ask != FILTER_ANY; t++) {
                uint32_t good = r->test[t].ask == FILTER_IS ? r->test[t].bits : 0;
                d.args[r->test[t].argument] = t + 1 == wrong ? good ^ (UINT32_C(1) << bit) : good;
            }
            both_say(b, phase, &d);
        }
    }
}

static void table_and_code_say_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < BOXES; i++) {
        const struct box *b = boxes[i];
        for (enum filter_phase phase = FILTER_START; phase <= FILTER_WORK; phase++) {
            assert_false(err_is(filter_compile(b->table, phase, code, &count, &rows)));
            assert_in_range(count, rows, BPF_MAXINSNS);
            for (int number = 0; number < NUMBER_MAX; number++) {
                struct seccomp_data none = {.nr = number, .arch = ARCH_HERE};
                struct seccomp_data all = {.nr = number, .arch = ARCH_HERE};
                memset(all.args, 0xff, sizeof all.args);
                both_say(b, phase, &none);
                both_say(b, phase, &all);
            }
            for (size_t t = 0; b->table[t] != NULL; t++) {
                for (size_t k = 0; k < b->table[t]->rows; k++) {
                    with_arguments_of(b, phase, &b->table[t]->row[k]);
                }
            }
        }
    }
}

/* Numbers mean other calls there. */
static void a_call_of_another_kind_of_machine_ends_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < BOXES; i++) {
        assert_false(err_is(filter_compile(boxes[i]->table, FILTER_START, code, &count, &rows)));
        for (int number = 0; number < NUMBER_MAX; number++) {
            const struct seccomp_data d = {.nr = number, .arch = ARCH_OTHER};
            assert_int_equal(kernel_says(&d), SECCOMP_RET_KILL_PROCESS);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_and_code_say_the_same),
        cmocka_unit_test(a_call_of_another_kind_of_machine_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
