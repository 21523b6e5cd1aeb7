/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#define SECRET_LEN 32

/* secret - a 256-bit key
 *
 * Never printed, never compared with memcmp, wiped when its owner is done: declare it with SECRET
 * and it wipes itself at the end of its block. */
typedef struct secret {
    uint8_t key[SECRET_LEN];
} secret;

#define SECRET __attribute__((cleanup(secret_wipe))) secret

void secret_wipe(secret *s);

/* bytes_wipe - overwrite, also where the compiler sees no later read */
void bytes_wipe(void *p, size_t len);

/* bytes_equal_secretly - equal, in time that depends on len only */
int bytes_equal_secretly(const void *a, const void *b, size_t len);

#endif
