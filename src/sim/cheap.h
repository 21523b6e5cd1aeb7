/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_CHEAP_H
#define SIM_CHEAP_H

/* cheap - stand-ins for the two dearest parts of crypt/, which took nine tenths of a seed: multiplying on
 * P-384, and Ed25519.  They keep what the machines rest on (the same secret on both sides, another key
 * or another text is found) and resist nobody; nobody breaks codes here.  All above them is the real
 * thing, and crypt/ has its own tests.
 *
 * Who calls these is linked with sim/cheap_dh.c and sim/cheap_sign.c in the place of crypt/dh.c and
 * crypt/sign.c: the first definition that a linker meets.  Nothing that is installed links sim/. */
void cheap_dh(void);
void cheap_sign(void);

#endif
