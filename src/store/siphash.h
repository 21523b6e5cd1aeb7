/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SIPHASH_H
#define STORE_SIPHASH_H

#include "base/span.h"

/* siphash - a short keyed hash, so that who does not know the key cannot choose where things fall
 *
 * from    Aumasson and Bernstein, SipHash-2-4 (2012) */
uint64_t siphash(const uint8_t key[static 16], span bytes);

#endif
