/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_ACCESS_H
#define ISM_ACCESS_H

#include "ism/ism.h"

/* ism_person - what is known of a reader
 *
 * levels      set of levels he is cleared for, bits 1 << enum ism_level
 * nations     his nationalities
 * employer    of which country or group his administrative organisation is; CODES_MAX: unknown,
 *             which opens nothing
 * agency      that organisation is one of the US Government
 * sci, sap, accm   tokens he is read in to; each of a marking must be among them
 * aea, sigma, nonus  atomic energy and NATO markings he has, as in struct ism
 * nato        read in to NATO information
 * controls, nonic  controls that a decision on his need to know has met: bits of enum ism_dissem and
 *             ism_nonic (ORCON, PROPIN, LES …); SBU is for SBU-NF too, LES for LES-NF, ORCON for
 *             ORCON-USGOV */
struct ism_person {
    uint8_t      levels;
    struct codes nations;
    unsigned     employer;
    bool         agency, nato;
    struct words sci, sap, accm;
    uint16_t     aea, nonic;
    uint64_t     sigma[2][2];
    uint8_t      nonus;
    uint32_t     controls;
};

/* ism_giving - in rising order */
enum ism_giving { ISM_NOTHING, ISM_DISCLOSE, ISM_RELEASE };

/* ism_access - may this person have it, or be shown it?  All conditions hold, or it is nothing.
 *
 * why     receives the first condition that fails, a literal sentence; NULL with ISM_RELEASE
 * returns ISM_NOTHING for a marking that does not meet the rules of attributes
 * cost    no memory
 * from    ISM.ACES 2.2.3, 2.2.4, tables 30 and 36; CAPCO table 5 */
enum ism_giving ism_access(const struct groups *g, const struct ism *m,
                           const struct ism_person *person, const char **why);

#endif
