/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_SUPERSEDED_H
#define ISM_SUPERSEDED_H

#include "ism/rollup.h"

/* superseded_drop - what the level of the whole says already, or a stronger marking in it
 *
 * By both rule sets RD stands for FRD and TFNI and takes FRD's sigmas, FRD stands for TFNI, SBU
 * NOFORN for SBU, and what is above FOUO for FOUO.  By the register's alone LIMDIS and unclassified
 * nuclear markings fall away in a classified whole (which then stays home, if it was to go
 * anywhere), EXDIS beside NODIS, and SBU beside both; by the closed rules a person decides.
 *
 * from    CAPCO H.6, H.8, H.9 */
void superseded_drop(enum ism_rule_set rules, struct ism *m);

#endif
