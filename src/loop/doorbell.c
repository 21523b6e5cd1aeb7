/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/doorbell.h"

#include <errno.h>
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
    ssize_t  put;
    do {
        put = write(fd, &one, sizeof one);
    } while (put < 0 && errno == EINTR);
    MUST(put == (ssize_t)sizeof one || errno == EAGAIN);
}

bool doorbell_answer(int fd)
{
    uint64_t rings = 0;
    ssize_t  got;
    do {
        got = read(fd, &rings, sizeof rings);
    } while (got < 0 && errno == EINTR);
    MUST(got == (ssize_t)sizeof rings || errno == EAGAIN);
    return got > 0;
}
