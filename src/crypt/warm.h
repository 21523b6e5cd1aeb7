/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_WARM_H
#define CRYPT_WARM_H

/* crypt_warm - everything that libcrypto makes or reads at its first use is made and read now:
 * algorithms, curves, the generator's seed, openssl.cnf
 *
 * Call it once in each process, after crypt_memory_fix and before the sandbox closes; aborts when
 * anything of it fails, for then nothing of ours could be trusted.
 *
 * cost    about 10 ms */
void crypt_warm(void);

#endif
