/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a file of a secret: apart from how it is opened, for who reads it may open nothing. */
#include "vault/secret_file.h"

#include <string.h>
#include <unistd.h>

static err all_read(int fd, uint8_t *buf, size_t max, size_t *len)
{
    ssize_t got = 1;
    *len = 0;
    while (got > 0 && *len < max) {
        got = pread(fd, buf + *len, max - *len, (off_t)*len);
        *len += got > 0 ? (size_t)got : 0;
    }
    return got >= 0 ? OK : FAIL(IO, "cannot be read");
}

err wrap_key_read(int fd, secret *out)
{
    uint8_t bytes[SECRET_LEN + 1];
    size_t  len;
    err     e = all_read(fd, bytes, sizeof bytes, &len);
    if (!err_is(e) && len != SECRET_LEN) {
        e = FAIL(MALFORMED, "does not hold the 32 bytes of a wrap key");
    }
    if (!err_is(e)) {
        memcpy(out->key, bytes, SECRET_LEN);
    }
    bytes_wipe(bytes, sizeof bytes);
    return e;
}

static err pin_check(const uint8_t *bytes, size_t len)
{
    bool good = len > 0 && len <= PIN_LEN_MAX;
    for (size_t i = 0; good && i < len; i++) {
        good = bytes[i] > ' ' && bytes[i] <= '~';
    }
    return good ? OK : FAIL(MALFORMED, "does not hold one line with a PIN");
}

err pin_read(int fd, char out[static PIN_LEN_MAX + 1])
{
    uint8_t bytes[PIN_LEN_MAX + 2];
    size_t  len;
    err     e = all_read(fd, bytes, sizeof bytes, &len);
    if (!err_is(e)) {
        len -= len > 0 && bytes[len - 1] == '\n';
        e = pin_check(bytes, len);
    }
    if (!err_is(e)) {
        memcpy(out, bytes, len);
        out[len] = 0;
    }
    bytes_wipe(bytes, sizeof bytes);
    return e;
}
