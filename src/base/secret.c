/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <string.h>

void bytes_wipe(void *p, size_t len)
{
    memset(p, 0, len);
    __asm__ volatile("" : : "r"(p) : "memory");
}

void secret_wipe(secret *s)
{
    bytes_wipe(s->key, sizeof s->key);
}

int bytes_equal_secretly(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a;
    const uint8_t *y = b;
    unsigned       differ = 0;
    for (size_t i = 0; i < len; i++) {
        differ |= (unsigned)(x[i] ^ y[i]);
    }
    return differ == 0;
}
