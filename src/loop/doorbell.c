/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/doorbell.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

err doorbell_make(int *fd)
{
    int made = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made < 0) {
        return FAIL(IO, "the system gave no doorbell");
    }
    *fd = made;
    return OK;
}

void doorbell_ring(int fd)
{
    uint64_t one = 1;
    ssize_t  put = write(fd, &one, sizeof one);
    (void)put;
}

bool doorbell_answer(int fd)
{
    uint64_t rings = 0;
    return read(fd, &rings, sizeof rings) == (ssize_t)sizeof rings;
}
