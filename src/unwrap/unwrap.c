/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/unwrap.h"

#include <unistd.h>

static const char *const key_name[UNWRAP_KEYS] = {"master", "identity", "authority.key"};

/* opened - a key, and how long it is */
struct opened {
    uint8_t bytes[WRAPPED_KEY_MAX];
    size_t  len;
};

const char *unwrap_key_name(size_t n)
{
    return key_name[n];
}

static err file_read_all(int fd, uint8_t buf[static WRAPPED_MAX], span *out)
{
    size_t  len = 0;
    ssize_t got = 1;
    while (got > 0 && len < WRAPPED_MAX) {
        got = pread(fd, buf + len, WRAPPED_MAX - len, (off_t)len);
        len += got > 0 ? (size_t)got : 0;
    }
    *out = (span){buf, len};
    return got == 0 ? OK : FAIL(IO, "a key file cannot be read, or is longer than a wrapped key");
}

static err key_open(const name *party, size_t n, const struct wrap_holder *holder, size_t holders,
                    struct opened *out)
{
    uint8_t buf[WRAPPED_MAX], id[WRAP_ID_LEN];
    span    file;
    TRY(file_read_all(UNWRAP_FD_KEY + (int)n, buf, &file));
    TRY(wrapped_under(file, id));
    for (size_t h = 0; h < holders; h++) {
        if (memcmp(holder[h].id, id, sizeof id) == 0) {
            return wrapped_open(&holder[h], (struct wrapped_name){party, key_name[n]}, file,
                                out->bytes, &out->len);
        }
    }
    return FAIL(UNKNOWN, "a key is wrapped by a wrap key that accord.conf does not name");
}

/* One write: a pipe takes a key in one piece. */
static err key_give(const struct opened *key, size_t n)
{
    ssize_t put = write(UNWRAP_FD_OUT + (int)n, key->bytes, key->len);
    return put >= 0 && (size_t)put == key->len
               ? OK
               : FAIL(IO, "a key could not be handed over: the guard has gone");
}

static err each_open(const name *party, const struct wrap_holder *holder, size_t holders,
                     struct opened key[static UNWRAP_KEYS], const char **failed)
{
    for (size_t n = 0; n < UNWRAP_KEYS; n++) {
        *failed = key_name[n];
        TRY(key_open(party, n, holder, holders, &key[n]));
    }
    for (size_t n = 0; n < UNWRAP_KEYS; n++) {
        *failed = key_name[n];
        TRY(key_give(&key[n], n));
    }
    return OK;
}

err unwrap_keys(const name *party, const struct wrap_holder *holder, size_t holders,
                const char **failed)
{
    struct opened key[UNWRAP_KEYS] = {0};
    err           e = each_open(party, holder, holders, key, failed);
    bytes_wipe(key, sizeof key);
    return e;
}
